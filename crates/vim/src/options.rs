use std::ops::RangeInclusive;

use crate::{Effect, ExCommand, Vim, VimContext};

/// The options of Vim that Kiln's Vim mode knows (`:help options`). The defaults are Neovim's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Cells of a tab.
    pub tabstop: u32,
    /// Cells of one level of indentation; 0 means `tabstop`.
    pub shiftwidth: u32,
    /// Cells that `gq` fills lines to; 0 means 79.
    pub textwidth: u32,
    /// Whether indentation is made of spaces.
    pub expandtab: bool,
    /// Whether `<` and `>` round the indentation to a multiple of `shiftwidth`.
    pub shiftround: bool,
    /// Whether a new line takes the indentation of the one before it.
    pub autoindent: bool,
    /// Whether a search ignores case.
    pub ignorecase: bool,
    /// Whether a pattern with an upper case letter minds case even so.
    pub smartcase: bool,
    /// Whether a search goes on at the other end of the text.
    pub wrapscan: bool,
    /// Whether matches of the last search are highlighted.
    pub hlsearch: bool,
    /// Whether matches show while a pattern is typed.
    pub incsearch: bool,
    /// Whether `:s` replaces every match of a line without the flag `g`.
    pub gdefault: bool,
    /// Whether `~` is an operator.
    pub tildeop: bool,
    /// Whether jumps go to the first character of a line that is not blank.
    pub startofline: bool,
    /// Whether the register that commands use without a name is the clipboard.
    pub clipboard_unnamed: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tabstop: 8,
            shiftwidth: 8,
            textwidth: 0,
            expandtab: false,
            shiftround: false,
            autoindent: true,
            ignorecase: false,
            smartcase: false,
            wrapscan: true,
            hlsearch: true,
            incsearch: true,
            gdefault: false,
            tildeop: false,
            startofline: false,
            clipboard_unnamed: false,
        }
    }
}

impl Options {
    /// Cells of one level of indentation.
    pub(crate) fn shift(&self) -> u32 {
        if self.shiftwidth == 0 {
            self.tabstop.max(1)
        } else {
            self.shiftwidth
        }
    }

    /// Does what an argument of `:set` says: sets an option as in `ic`, `noic`, `invic`, `ic!`, `sw=2`
    /// and `ic&`, or tells what it is, as in `ic?` and `sw`, in Vim's words.
    ///
    /// # Errors
    /// A sentence for the user where the option is unknown or the value is none of its values.
    fn set(&mut self, argument: &str, elsewhere: &mut [Elsewhere]) -> Result<Set, String> {
        let invalid = || format!("E474: Invalid argument: {argument}");
        if let Some(name) = argument.strip_suffix('?') {
            return self.tell(name, argument, elsewhere).map(Set::Told);
        }
        if let Some(name) = argument.strip_suffix('&') {
            return self.reset(name, argument);
        }
        if let Some((name, value)) = argument.split_once(['=', ':']) {
            if self.switch(name).is_some() {
                return Err(invalid());
            }
            let Some((name, target, values)) = self.number(name) else {
                return match in_kiln(name) {
                    Some(known) if !known.holds_text => Err(invalid()),
                    Some(known) if known.place.is_none() => {
                        Ok(known.set(OptionValue::Text(value.to_owned()), elsewhere))
                    }
                    _ => Err(not_set_here(name, argument)),
                };
            };
            let number = value
                .parse::<u32>()
                .map_err(|_| format!("E521: Number required after =: {argument}"))?;
            if !values.contains(&number) {
                return Err(invalid());
            }
            *target = number;
            let value = Some(OptionValue::Text(number.to_string()));
            return Ok(shown_by(name, value));
        }
        let holds_text = in_kiln(argument).is_some_and(|known| known.holds_text);
        if holds_text || self.number(argument).is_some() {
            return self.tell(argument, argument, elsewhere).map(Set::Told);
        }
        let (name, change): (&str, fn(bool) -> bool) =
            if let Some(name) = argument.strip_suffix('!').or(argument.strip_prefix("inv")) {
                (name, |on| !on)
            } else if let Some(name) = argument.strip_prefix("no") {
                (name, |_| false)
            } else {
                (argument, |_| true)
            };
        if let Some((name, target)) = self.switch(name) {
            *target = change(*target);
            return Ok(shown_by(name, Some(OptionValue::Switch(*target))));
        }
        if let Some(known) = in_kiln(name).filter(|known| known.place.is_none())
            && !known.holds_text
        {
            let now = elsewhere.iter().find(|(name, _)| *name == known.name);
            let now = matches!(now, Some((_, OptionValue::Switch(true))));
            return Ok(known.set(OptionValue::Switch(change(now)), elsewhere));
        }
        Err(match self.number(name) {
            Some(_) if argument.ends_with('!') => format!("E488: Trailing characters: {argument}"),
            Some(_) => invalid(),
            None => not_set_here(name, argument),
        })
    }

    /// `:set NAME&`: an option is what it is where nobody sets it.
    fn reset(&mut self, name: &str, argument: &str) -> Result<Set, String> {
        let mut usual = Self::default();
        if let Some((name, target, _)) = self.number(name) {
            if let Some((_, value, _)) = usual.number(name) {
                *target = *value;
            }
            return Ok(shown_by(name, None));
        }
        if let Some((name, target)) = self.switch(name) {
            if let Some((_, value)) = usual.switch(name) {
                *target = *value;
            }
            return Ok(shown_by(name, None));
        }
        match in_kiln(name) {
            Some(known) if known.place.is_none() => Ok(Set::Elsewhere(known.name, None)),
            _ => Err(not_set_here(name, argument)),
        }
    }

    /// What an option is: `  tabstop=4`, `nonumber`. A name may have `no` or `inv` before it.
    fn tell(
        &mut self,
        name: &str,
        argument: &str,
        elsewhere: &[Elsewhere],
    ) -> Result<String, String> {
        let bare = name.strip_prefix("no").or(name.strip_prefix("inv"));
        for name in [Some(name), bare].into_iter().flatten() {
            if let Some((name, value, _)) = self.number(name) {
                return Ok(told(name, &OptionValue::Text(value.to_string())));
            }
            if let Some((name, on)) = self.switch(name) {
                return Ok(told(name, &OptionValue::Switch(*on)));
            }
            if let Some(known) = in_kiln(name) {
                let value = elsewhere.iter().find(|(name, _)| *name == known.name);
                return match value {
                    Some((name, value)) => Ok(told(name, value)),
                    None => Err(not_set_here(name, argument)),
                };
            }
        }
        Err(format!("E518: Unknown option: {argument}"))
    }

    /// What differs from the default, in one line.
    fn changed(&self) -> String {
        let (mut own, mut usual) = (self.clone(), Self::default());
        let mut words = String::new();
        for name in NAMES {
            let value = value_of(&mut own, name);
            if let Some(value) =
                value.filter(|value| value_of(&mut usual, name).as_ref() != Some(value))
            {
                words.push_str(&format!("  {}", told(name, &value).trim_start()));
            }
        }
        match words.is_empty() {
            true => "--- Options ---  all as they are by default".to_owned(),
            false => format!("--- Options ---{words}"),
        }
    }

    /// An option that is a number: its whole name, its value and the values that it may have.
    fn number(&mut self, name: &str) -> Option<(&'static str, &mut u32, RangeInclusive<u32>)> {
        Some(match name {
            "tabstop" | "ts" => ("tabstop", &mut self.tabstop, 1..=64),
            "shiftwidth" | "sw" => ("shiftwidth", &mut self.shiftwidth, 0..=64),
            "textwidth" | "tw" => ("textwidth", &mut self.textwidth, 0..=10_000),
            _ => return None,
        })
    }

    /// An option that is on or off: its whole name and its value.
    fn switch(&mut self, name: &str) -> Option<(&'static str, &mut bool)> {
        Some(match name {
            "expandtab" | "et" => ("expandtab", &mut self.expandtab),
            "shiftround" | "sr" => ("shiftround", &mut self.shiftround),
            "autoindent" | "ai" => ("autoindent", &mut self.autoindent),
            "ignorecase" | "ic" => ("ignorecase", &mut self.ignorecase),
            "smartcase" | "scs" => ("smartcase", &mut self.smartcase),
            "wrapscan" | "ws" => ("wrapscan", &mut self.wrapscan),
            "hlsearch" | "hls" => ("hlsearch", &mut self.hlsearch),
            "incsearch" | "is" => ("incsearch", &mut self.incsearch),
            "gdefault" | "gd" => ("gdefault", &mut self.gdefault),
            "tildeop" | "top" => ("tildeop", &mut self.tildeop),
            "startofline" | "sol" => ("startofline", &mut self.startofline),
            _ => return None,
        })
    }
}

/// The options that `:set` sets, in the order in which it lists them.
const NAMES: &[&str] = &[
    "autoindent",
    "expandtab",
    "gdefault",
    "hlsearch",
    "ignorecase",
    "incsearch",
    "shiftround",
    "shiftwidth",
    "smartcase",
    "startofline",
    "tabstop",
    "textwidth",
    "tildeop",
    "wrapscan",
];

/// What an option is at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// On or off.
    Switch(bool),
    /// What stands behind the `=`.
    Text(String),
}

fn value_of(options: &mut Options, name: &str) -> Option<OptionValue> {
    if let Some((_, value, _)) = options.number(name) {
        return Some(OptionValue::Text(value.to_string()));
    }
    options.switch(name).map(|(_, on)| OptionValue::Switch(*on))
}

/// An option and its value as Vim says them.
fn told(name: &str, value: &OptionValue) -> String {
    match value {
        OptionValue::Switch(true) => format!("  {name}"),
        OptionValue::Switch(false) => format!("no{name}"),
        OptionValue::Text(text) => format!("  {name}={text}"),
    }
}

/// An option of Vim's that Kiln has elsewhere.
struct InKiln {
    name: &'static str,
    short: &'static str,
    /// What sets it, where that is not `:set`.
    place: Option<&'static str>,
    holds_text: bool,
}

const IN_KILN: &[InKiln] = &[
    InKiln::switch("number", "nu"),
    InKiln::switch("relativenumber", "rnu"),
    InKiln::switch("list", "list"),
    InKiln::switch("wrap", "wrap"),
    InKiln::text("filetype", "ft"),
    InKiln::text("syntax", "syn"),
    InKiln::text("fileformat", "ff"),
    InKiln::text("fileencoding", "fenc"),
    InKiln::text("encoding", "enc").set_by("the encoding in the status bar"),
    InKiln::text("colorcolumn", "cc"),
    InKiln::switch("readonly", "ro").set_by("the file"),
    InKiln::switch("modifiable", "ma").set_by("the file"),
];

impl InKiln {
    const fn switch(name: &'static str, short: &'static str) -> Self {
        Self {
            name,
            short,
            place: None,
            holds_text: false,
        }
    }

    const fn text(name: &'static str, short: &'static str) -> Self {
        Self {
            holds_text: true,
            ..Self::switch(name, short)
        }
    }

    const fn set_by(self, place: &'static str) -> Self {
        Self {
            place: Some(place),
            ..self
        }
    }

    /// Sets it, also for what asks for it further on in the line.
    fn set(&self, value: OptionValue, elsewhere: &mut [Elsewhere]) -> Set {
        let known = elsewhere.iter_mut().find(|(name, _)| *name == self.name);
        if let Some((_, known)) = known {
            *known = value.clone();
        }
        Set::Elsewhere(self.name, Some(value))
    }
}

/// What came of an argument of `:set`.
enum Set {
    /// An option of Vim's own is set.
    Here,
    /// The editor is to set one, or shows the text by it; `None` for what it is without that.
    Elsewhere(&'static str, Option<OptionValue>),
    /// What an option is.
    Told(String),
}

/// An option of Vim's own was set, by which the editor may show and indent the text too.
fn shown_by(name: &'static str, value: Option<OptionValue>) -> Set {
    match name {
        "tabstop" | "shiftwidth" | "expandtab" => Set::Elsewhere(name, value),
        _ => Set::Here,
    }
}

fn in_kiln(name: &str) -> Option<&'static InKiln> {
    let mut known = IN_KILN.iter();
    known.find(|known| [known.name, known.short].contains(&name))
}

/// An option that Kiln has elsewhere, by its whole name, and what it is.
pub(crate) type Elsewhere = (&'static str, OptionValue);

/// What the options are that Kiln has elsewhere, where that is known.
pub(crate) fn elsewhere(context: &dyn VimContext) -> Vec<Elsewhere> {
    let values = IN_KILN
        .iter()
        .map(|known| Some((known.name, context.option(known.name)?)));
    values.flatten().collect()
}

/// What is said of an option that `:set` does not set: where Kiln has it, or that there is none.
fn not_set_here(name: &str, argument: &str) -> String {
    match in_kiln(name) {
        Some(InKiln {
            place: Some(place), ..
        }) => format!("E518: {name} is set by {place}"),
        _ => format!("E518: Unknown option: {argument}"),
    }
}

/// What an option says of whether the text may be edited; `Some(None)` for the other of the two.
fn read_only_option(option: &str) -> Option<Option<bool>> {
    match option {
        "readonly" | "ro" | "nomodifiable" | "noma" => Some(Some(true)),
        "noreadonly" | "noro" | "modifiable" | "ma" => Some(Some(false)),
        "readonly!" | "ro!" | "invreadonly" | "invro" => Some(None),
        "modifiable!" | "ma!" | "invmodifiable" | "invma" => Some(None),
        _ => None,
    }
}

impl Vim {
    /// `:set`, with what stands behind it: without anything it tells what differs from the default.
    pub(crate) fn set_options(&mut self, arguments: &str) {
        if arguments.trim().is_empty() {
            return self.say(self.options.changed());
        }
        let mut told = Vec::new();
        for argument in arguments.split_whitespace() {
            if let Some(read_only) = read_only_option(argument) {
                let command = ExCommand::SetReadOnly(read_only);
                self.effects.push(Effect::Command(command));
                continue;
            }
            match self.options.set(argument, &mut self.elsewhere) {
                Ok(Set::Here) => {}
                Ok(Set::Told(words)) => told.push(words),
                Ok(Set::Elsewhere(name, value)) => {
                    let command = ExCommand::SetOption { name, value };
                    self.effects.push(Effect::Command(command));
                }
                Err(words) => return self.fail(&words),
            }
        }
        if !told.is_empty() {
            self.say(told.join(" "));
        }
    }
}
