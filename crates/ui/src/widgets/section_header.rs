//! The line above a group.

use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, height, space};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, FontWeight, SharedString, Window, div};

/// A group's name, with controls at the right.
#[derive(IntoElement)]
pub struct SectionHeader {
    title: SharedString,
    end: Vec<AnyElement>,
}

impl SectionHeader {
    /// A header without controls.
    pub fn new(title: impl Into<SharedString>) -> Self {
        Self {
            title: title.into(),
            end: Vec::new(),
        }
    }

    /// A control at the right end.
    pub fn end(mut self, element: impl IntoElement) -> Self {
        self.end.push(element.into_any_element());
        self
    }
}

impl RenderOnce for SectionHeader {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        div()
            .flex()
            .flex_none()
            .items_center()
            .gap(space::XS)
            .h(height::MENU_ROW)
            .px(space::L)
            .text_caption()
            .font_weight(FontWeight::SEMIBOLD)
            .text_color(theme.text_muted)
            .child(div().flex_1().min_w_0().truncate().child(self.title))
            .children(self.end)
    }
}
