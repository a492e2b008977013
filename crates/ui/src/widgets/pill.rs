//! A small mark with a word or a number.

use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, radius, space};
use gpui_kit::prelude::*;
use gpui_kit::{App, FontWeight, SharedString, Window, div};

/// What a pill says by its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PillTone {
    /// Nothing particular.
    #[default]
    Neutral,
    /// Worth a look.
    Accent,
    /// Done.
    Success,
    /// Needs attention.
    Warning,
    /// Failed.
    Error,
}

/// A small mark with a word or a number.
#[derive(IntoElement)]
pub struct Pill {
    text: SharedString,
    tone: PillTone,
}

impl Pill {
    /// A neutral pill.
    pub fn new(text: impl Into<SharedString>) -> Self {
        Self {
            text: text.into(),
            tone: PillTone::Neutral,
        }
    }

    /// What it says by its colour.
    pub fn tone(mut self, tone: PillTone) -> Self {
        self.tone = tone;
        self
    }
}

impl RenderOnce for Pill {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        let color = match self.tone {
            PillTone::Neutral => theme.text_muted,
            PillTone::Accent => theme.accent,
            PillTone::Success => theme.success,
            PillTone::Warning => theme.warning,
            PillTone::Error => theme.error,
        };
        div()
            .flex_none()
            .px(space::S)
            .rounded(radius::SMALL)
            .bg(color.opacity(0.14))
            .text_caption()
            .font_weight(FontWeight::MEDIUM)
            .text_color(color)
            .whitespace_nowrap()
            .child(self.text)
    }
}
