//! What the options of Vim's are that Kiln has a setting or a place in the status bar for.

use fs::LineEnding;
use gpui_kit::App;
use settings::{LineNumbers, RenderWhitespace, WordWrap};
use vim::OptionValue;

use crate::view::EditorView;

impl EditorView {
    /// What an option is here, by its whole name; `None` for one that Kiln has nothing for.
    pub(crate) fn vim_option(&self, name: &str, cx: &App) -> Option<OptionValue> {
        let buffer = self.buffer_ref(cx)?;
        let settings = &self.language_settings(cx).editor;
        let format = buffer.format();
        let text = |text: &str| OptionValue::Text(text.to_owned());
        Some(match name {
            "number" => OptionValue::Switch(settings.line_numbers != LineNumbers::Off),
            "relativenumber" => OptionValue::Switch(settings.line_numbers == LineNumbers::Relative),
            // White space that is selected is no more than that.
            "list" => OptionValue::Switch(!matches!(
                settings.render_whitespace,
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
                let columns: Vec<_> = settings.rulers.iter().map(u32::to_string).collect();
                text(&columns.join(","))
            }
            "readonly" => OptionValue::Switch(buffer.refuses_edits().is_some()),
            "modifiable" => OptionValue::Switch(buffer.refuses_edits().is_none()),
            _ => return None,
        })
    }
}
