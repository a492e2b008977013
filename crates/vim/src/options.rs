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

    /// Sets an option as `:set` does: `ic`, `noic`, `invic`, `ic!`, `sw=2`.
    ///
    /// # Errors
    /// A sentence for the user where the option is unknown or the value is none of its values.
    pub(crate) fn set(&mut self, argument: &str) -> Result<(), String> {
        if let Some((name, value)) = argument.split_once('=') {
            if let Some(words) = set_in_kiln(name) {
                return Err(words);
            }
            if !["tabstop", "ts", "shiftwidth", "sw", "textwidth", "tw"].contains(&name) {
                return Err(format!("E518: Unknown option: {name}"));
            }
            let number = value
                .parse::<u32>()
                .map_err(|_| format!("E521: Number required after =: {argument}"))?;
            let target = match name {
                "tabstop" | "ts" if (1..=64).contains(&number) => &mut self.tabstop,
                "shiftwidth" | "sw" if number <= 64 => &mut self.shiftwidth,
                "textwidth" | "tw" if number <= 10_000 => &mut self.textwidth,
                "tabstop" | "ts" | "shiftwidth" | "sw" | "textwidth" | "tw" => {
                    return Err(format!("E474: Invalid argument: {argument}"));
                }
                _ => return Err(format!("E518: Unknown option: {name}")),
            };
            *target = number;
            return Ok(());
        }
        let (name, change): (&str, fn(bool) -> bool) =
            if let Some(name) = argument.strip_suffix('!').or(argument.strip_prefix("inv")) {
                (name, |on| !on)
            } else if let Some(name) = argument.strip_prefix("no") {
                (name, |_| false)
            } else {
                (argument, |_| true)
            };
        let target = match name {
            "expandtab" | "et" => &mut self.expandtab,
            "shiftround" | "sr" => &mut self.shiftround,
            "autoindent" | "ai" => &mut self.autoindent,
            "ignorecase" | "ic" => &mut self.ignorecase,
            "smartcase" | "scs" => &mut self.smartcase,
            "wrapscan" | "ws" => &mut self.wrapscan,
            "hlsearch" | "hls" => &mut self.hlsearch,
            "incsearch" | "is" => &mut self.incsearch,
            "gdefault" | "gd" => &mut self.gdefault,
            "tildeop" | "top" => &mut self.tildeop,
            "startofline" | "sol" => &mut self.startofline,
            _ => {
                let unknown = || format!("E518: Unknown option: {name}");
                return Err(set_in_kiln(name).unwrap_or_else(unknown));
            }
        };
        *target = change(*target);
        Ok(())
    }
}

/// Where Kiln has what an option of Vim's is about, for one that `:set` does not know.
fn set_in_kiln(name: &str) -> Option<String> {
    let place = match name {
        "number" | "nu" | "relativenumber" | "rnu" => "the setting editor.lineNumbers",
        "list" => "the setting editor.renderWhitespace",
        "wrap" => "the setting editor.wordWrap",
        "filetype" | "ft" | "syntax" | "syn" => "the language in the status bar",
        "fileformat" | "ff" => "the line endings in the status bar",
        "fileencoding" | "fenc" | "encoding" | "enc" => "the encoding in the status bar",
        "colorcolumn" | "cc" => "the setting editor.rulers",
        _ => return None,
    };
    Some(format!("E518: {name} is set by {place}"))
}
