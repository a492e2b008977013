//! The key of a command, written as on a keyboard.

use crate::commands::Commands;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, radius, space};
use gpui_kit::prelude::*;
use gpui_kit::{App, SharedString, Window, div};

/// Shows keys in a quiet frame. Draws nothing for a command without a key.
#[derive(IntoElement)]
pub struct KeyHint {
    source: Source,
}

enum Source {
    Command(&'static str),
    Keys(SharedString),
}

impl KeyHint {
    /// The key of a command.
    pub fn command(id: &'static str) -> Self {
        Self {
            source: Source::Command(id),
        }
    }

    /// Keys as written: "Enter".
    pub fn keys(keys: impl Into<SharedString>) -> Self {
        Self {
            source: Source::Keys(keys.into()),
        }
    }
}

impl RenderOnce for KeyHint {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let keys = match self.source {
            Source::Command(id) => Commands::keys(id, cx),
            Source::Keys(keys) => Some(keys),
        };
        let theme = cx.kiln_theme();
        div().flex_none().children(keys.map(|keys| {
            div()
                .px(space::XS)
                .rounded(radius::SMALL)
                .border_1()
                .border_color(theme.border)
                .text_caption()
                .text_color(theme.text_muted)
                .whitespace_nowrap()
                .child(keys)
        }))
    }
}
