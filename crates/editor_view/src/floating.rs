//! The frame of what floats over the text: the find bar, the prompts and lists.

use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{Div, Entity, SharedString, div};
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

/// The field of a prompt or a list that floats over the text, which has the keyboard while that is
/// open.
pub(crate) fn floating_field(
    theme: &KilnTheme,
    input: &Entity<InputState>,
    id: &'static str,
    label: impl Into<SharedString>,
) -> Div {
    div()
        .rounded(radius::SMALL)
        .bg(theme.input_background)
        .border_1()
        .border_color(theme.border_focused)
        .text_color(theme.text)
        .child(
            Input::new(input)
                .id(id)
                .aria_label(label)
                .appearance(false)
                .small()
                .text_small(),
        )
}
