//! What a view shows while it has nothing to show: why, and what to do next.

use crate::icons::sized_icon;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, icon_size, scaled, space};
use gpui_kit::assets::IconName;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, FontWeight, Role, SharedString, Window, div};

/// An icon, one line that says what is missing, one that says what to do, and buttons.
#[derive(IntoElement)]
pub struct EmptyState {
    icon: IconName,
    title: SharedString,
    body: Option<SharedString>,
    actions: Vec<AnyElement>,
}

impl EmptyState {
    /// An empty state without buttons.
    pub fn new(icon: IconName, title: impl Into<SharedString>) -> Self {
        Self {
            icon,
            title: title.into(),
            body: None,
            actions: Vec::new(),
        }
    }

    /// One sentence on what to do next.
    pub fn body(mut self, body: impl Into<SharedString>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// A button that does it.
    pub fn action(mut self, action: impl IntoElement) -> Self {
        self.actions.push(action.into_any_element());
        self
    }
}

impl RenderOnce for EmptyState {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        div()
            .id("empty-state")
            .test_support()
            .role(Role::Status)
            .aria_label(self.title.clone())
            .size_full()
            .flex()
            .flex_col()
            .items_center()
            .justify_center()
            .p(space::XXL)
            .gap(space::M)
            .child(sized_icon(self.icon, icon_size::HERO, theme.text_faint))
            .child(
                div()
                    .text_body()
                    .font_weight(FontWeight::MEDIUM)
                    .text_center()
                    .text_color(theme.text)
                    .child(self.title),
            )
            .children(self.body.map(|body| {
                div()
                    .max_w(scaled(320.))
                    .text_small()
                    .text_center()
                    .text_color(theme.text_muted)
                    .child(body)
            }))
            .when(!self.actions.is_empty(), |this| {
                this.child(
                    div()
                        .flex()
                        .flex_wrap()
                        .justify_center()
                        .pt(space::M)
                        .gap(space::M)
                        .children(self.actions),
                )
            })
    }
}
