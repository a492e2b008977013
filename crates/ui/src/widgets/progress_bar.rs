//! A thin bar that says how much of something is done.

use crate::theme::ActiveKilnTheme as _;
use crate::tokens::scaled;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{App, Role, SharedString, Window, div, relative};

/// A bar of 4 px, at zoom level 0, over the whole width. What it says in words, it says to assistive technology alone.
#[derive(IntoElement)]
pub struct ProgressBar {
    label: SharedString,
    fraction: f32,
}

impl ProgressBar {
    /// A bar of which `fraction` is done: 0 nothing, 1 all. More and less count as these.
    pub fn new(label: impl Into<SharedString>, fraction: f32) -> Self {
        Self {
            label: label.into(),
            fraction: fraction.clamp(0., 1.),
        }
    }
}

impl RenderOnce for ProgressBar {
    fn render(self, _: &mut Window, cx: &mut App) -> impl IntoElement {
        let theme = cx.kiln_theme();
        div()
            .id("progress-bar")
            .test_support()
            .role(Role::ProgressIndicator)
            .aria_label(self.label)
            .w_full()
            .h(scaled(4.))
            .rounded(scaled(2.))
            .bg(theme.border)
            .child(
                div()
                    .h_full()
                    .rounded(scaled(2.))
                    .bg(theme.accent)
                    .w(relative(self.fraction)),
            )
    }
}
