//! The frame of what floats over the text: the find bar, the prompts and lists.

use gpui_kit::prelude::*;
use gpui_kit::{Div, div};
use ui::KilnTheme;
use ui::tokens::{Typography as _, radius, space};

/// A raised box in the window's own type that lets no click through to the text.
pub(crate) fn floating(theme: &KilnTheme) -> Div {
    div()
        .occlude()
        .flex()
        .p(space::S)
        .rounded(radius::MEDIUM)
        .bg(theme.elevated)
        .border_1()
        .border_color(theme.border)
        .shadow_md()
        .font_family(ui::tokens::UI_FONT)
        .text_small()
}
