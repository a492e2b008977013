//! What follows the pointer while something is dragged.

use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, radius, space};
use gpui_kit::prelude::*;
use gpui_kit::{App, SharedString, Window, div};

/// The name of what is dragged.
#[derive(IntoElement)]
pub struct DragLabel(pub SharedString);

impl RenderOnce for DragLabel {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        div()
            .px(space::L)
            .py(space::XS)
            .rounded(radius::SMALL)
            .bg(theme.elevated)
            .border_1()
            .border_color(theme.border)
            .text_small()
            .text_color(theme.text)
            .child(self.0)
    }
}
