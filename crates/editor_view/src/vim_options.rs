//! What the options of Vim's are that Kiln has a setting or a place in the status bar for, and setting
//! them: those of a window in one view, those of a text in all of its views.

use editor_core::IndentStyle;
use fs::{LineEnding, TextEncoding};
use gpui_kit::{App, Context};
use settings::{RenderWhitespace, WordWrap};
use syntax::{LanguageId, languages};
use ui::ItemEvent;
use vim::OptionValue;

use crate::options_here::Numbers;
use crate::view::EditorView;

/// What `filetype` may be called besides the names that Kiln's languages have, and which that is.
const FILE_TYPES: &[(&str, &str)] = &[
    ("", "plaintext"),
    ("text", "plaintext"),
    ("sh", "shellscript"),
    ("bash", "shellscript"),
    ("zsh", "shellscript"),
    ("cs", "csharp"),
    ("make", "makefile"),
    ("gitcommit", "git-commit"),
];

/// Rulers of `colorcolumn` at most.
const MAX_RULERS: usize = 16;

impl EditorView {
    /// What an option is here, by its whole name; `None` for one that Kiln has nothing for.
    pub(crate) fn vim_option(&self, name: &str, cx: &App) -> Option<OptionValue> {
        let buffer = self.buffer_ref(cx)?;
        let settings = &self.language_settings(cx).editor;
        let format = buffer.format();
        let text = |text: &str| OptionValue::Text(text.to_owned());
        let here = &self.options_here;
        let numbers = here.numbers.unwrap_or(Numbers::of(settings.line_numbers));
        let whitespace = here.render_whitespace.unwrap_or(settings.render_whitespace);
        Some(match name {
            "number" => OptionValue::Switch(numbers.number),
            "relativenumber" => OptionValue::Switch(numbers.relative),
            // White space that is selected is no more than that.
            "list" => OptionValue::Switch(!matches!(
                whitespace,
                RenderWhitespace::None | RenderWhitespace::Selection
            )),
            "wrap" => OptionValue::Switch(self.word_wrap(cx) != WordWrap::Off),
            "filetype" | "syntax" => text(buffer.language().id_str()),
            "fileformat" => text(match format.line_ending {
                LineEnding::Lf => "unix",
                LineEnding::CrLf => "dos",
                LineEnding::Cr => "mac",
            }),
            "fileencoding" => text(&format.encoding.name().to_lowercase()),
            // That of every text in here.
            "encoding" => text("utf-8"),
            "colorcolumn" => {
                let rulers = here.rulers.as_ref().unwrap_or(&settings.rulers);
                let columns: Vec<_> = rulers.iter().map(u32::to_string).collect();
                text(&columns.join(","))
            }
            "readonly" => OptionValue::Switch(buffer.refuses_edits().is_some()),
            "modifiable" => OptionValue::Switch(buffer.refuses_edits().is_none()),
            _ => return None,
        })
    }

    /// Sets an option by its whole name; to what the settings say without a value.
    ///
    /// # Errors
    /// In Vim's words, where the value is none of its values.
    pub(crate) fn set_vim_option(
        &mut self,
        name: &str,
        value: Option<OptionValue>,
        cx: &mut Context<Self>,
    ) -> Result<(), String> {
        match (name, value) {
            ("number" | "relativenumber", value) => self.set_numbers(name, value, cx),
            ("list", value) => {
                self.options_here.render_whitespace = switch(value).map(|on| match on {
                    true => RenderWhitespace::All,
                    false => RenderWhitespace::None,
                });
            }
            ("wrap", value) => self.set_word_wrap(switch(value), cx),
            ("colorcolumn", None) => self.options_here.rulers = None,
            ("colorcolumn", Some(OptionValue::Text(columns))) => {
                self.options_here.rulers = Some(rulers_of(&columns)?);
            }
            ("tabstop", value) => self.options_here.tab_size = number(value),
            ("shiftwidth" | "expandtab", None) => self.forget_indentation(cx),
            ("shiftwidth", value) => {
                // A tab is as wide as before.
                self.options_here
                    .tab_size
                    .get_or_insert(self.indent.tab_size);
                let level = match number(value) {
                    Some(level) if level > 0 => level,
                    _ => self.tab_size(),
                };
                self.indent_as_vim(|indent| indent.tab_size = level, cx);
            }
            ("expandtab", value) => {
                let spaces = switch(value).unwrap_or(self.indent.insert_spaces);
                self.indent_as_vim(|indent| indent.insert_spaces = spaces, cx);
            }
            ("filetype" | "syntax", None) => self.detect_language(cx),
            ("filetype" | "syntax", Some(OptionValue::Text(name))) => {
                let language = language_of(&name)
                    .ok_or_else(|| format!("E474: Kiln knows no language {name}"))?;
                self.set_language(language, cx);
            }
            ("fileformat", Some(OptionValue::Text(name))) => {
                let ending = match name.as_str() {
                    "unix" => LineEnding::Lf,
                    "dos" => LineEnding::CrLf,
                    "mac" => LineEnding::Cr,
                    _ => return Err(format!("E474: Invalid argument: ff={name}")),
                };
                if let Some(format) = self.buffer_ref(cx).map(|buffer| buffer.format().clone()) {
                    self.set_format(format.with_line_ending(ending), cx);
                }
            }
            ("fileencoding", Some(OptionValue::Text(name))) => {
                let encoding = TextEncoding::for_label(&name)
                    .ok_or_else(|| format!("E474: Invalid argument: fenc={name}"))?;
                let buffer = self.buffer;
                // A mark is Vim's `bomb`, which stays; UTF-16 without one would not be recognized again.
                let has_mark = self
                    .buffer_ref(cx)
                    .is_some_and(|buffer| buffer.format().bom);
                let is_wide = encoding != TextEncoding::UTF_8;
                let marked = encoding.is_unicode() && (has_mark || is_wide);
                self.model.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        workspace.choose_encoding(buffer, encoding, marked);
                    });
                });
            }
            (name, _) => return Err(format!("E474: Invalid argument: {name}")),
        }
        self.forget_layout();
        cx.emit(ItemEvent::StatusChanged);
        cx.notify();
        Ok(())
    }

    fn set_numbers(&mut self, name: &str, value: Option<OptionValue>, cx: &App) {
        let usual = Numbers::of(self.language_settings(cx).editor.line_numbers);
        let mut numbers = self.options_here.numbers.unwrap_or(usual);
        match name {
            "number" => numbers.number = switch(value).unwrap_or(usual.number),
            _ => numbers.relative = switch(value).unwrap_or(usual.relative),
        }
        // Else a setting that shows every tenth would not be gone back to.
        self.options_here.numbers = (numbers != usual).then_some(numbers);
    }

    /// Indents the text as nobody has chosen: by its file, by what stands in it, or by the settings.
    fn forget_indentation(&mut self, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.forget_indentation(buffer));
        });
        self.update_indentation(cx);
    }

    /// Indents the text so from now on, in all its views.
    fn indent_as_vim(&mut self, change: impl FnOnce(&mut IndentStyle), cx: &mut Context<Self>) {
        let mut indent = self.indent;
        change(&mut indent);
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_indentation(buffer, indent));
        });
        // What is set next in the same line begins from this.
        self.indent = indent;
    }
}

fn switch(value: Option<OptionValue>) -> Option<bool> {
    match value? {
        OptionValue::Switch(on) => Some(on),
        OptionValue::Text(_) => None,
    }
}

fn number(value: Option<OptionValue>) -> Option<u32> {
    match value? {
        OptionValue::Text(text) => text.parse().ok(),
        OptionValue::Switch(_) => None,
    }
}

/// The columns of `colorcolumn`, such as `80,100`.
fn rulers_of(columns: &str) -> Result<Vec<u32>, String> {
    let mut rulers = Vec::new();
    for column in columns.split(',').filter(|column| !column.is_empty()) {
        match column.parse::<u32>() {
            Ok(column @ 1..=10_000) if rulers.len() < MAX_RULERS => rulers.push(column),
            _ => return Err(format!("E474: Invalid argument: cc={columns}")),
        }
    }
    Ok(rulers)
}

/// The language that Vim calls so, or Kiln does.
fn language_of(name: &str) -> Option<LanguageId> {
    let of = |name: &str| {
        let mut all = languages().iter();
        all.find(|language| language.id_str == name)
            .map(|language| language.id)
    };
    let other = || FILE_TYPES.iter().find(|(vims, _)| *vims == name);
    of(name).or_else(|| of(other()?.1))
}
