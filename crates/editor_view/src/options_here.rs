//! How one view shows its text other than the settings have it, as Vim's `:set` says of a window.

use settings::{LineNumbers, RenderWhitespace};

use crate::editor_style::EditorStyle;

/// What was set in a view; none of what is as the settings have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct OptionsHere {
    /// Which numbers stand beside the lines.
    pub numbers: Option<Numbers>,
    /// Which white space is shown.
    pub render_whitespace: Option<RenderWhitespace>,
    /// The columns that a line is drawn after.
    pub rulers: Option<Vec<u32>>,
    /// Cells of a tab.
    pub tab_size: Option<u32>,
}

/// Vim's `number` and `relativenumber`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub number: bool,
    pub relative: bool,
}

impl Numbers {
    /// What a setting is.
    pub(crate) fn of(setting: LineNumbers) -> Self {
        Self {
            number: setting != LineNumbers::Off,
            relative: setting == LineNumbers::Relative,
        }
    }

    /// What is shown. The caret's line has its number beside relative ones in any case.
    fn shown(self) -> LineNumbers {
        match self {
            Self { relative: true, .. } => LineNumbers::Relative,
            Self { number: true, .. } => LineNumbers::On,
            _ => LineNumbers::Off,
        }
    }
}

impl OptionsHere {
    /// Gives a style that was made by the settings what was set here.
    pub(crate) fn apply(&self, style: &mut EditorStyle) {
        if let Some(numbers) = self.numbers {
            style.line_numbers = numbers.shown();
        }
        if let Some(shown) = self.render_whitespace {
            style.render_whitespace = shown;
        }
        if let Some(rulers) = &self.rulers {
            style.rulers.clone_from(rulers);
        }
    }
}
