//! The view around the text: banner, find bar, prompt, and what assistive technology sees.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{Context, Render, Role, Window, div, px};
use ui::{ActiveKilnTheme as _, Item as _};

use crate::commands;
use crate::element::EditorElement;
use crate::view::EditorView;

impl Render for EditorView {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let name = self.tab_title(cx);
        let value = self.accessible_value(cx);
        let banner = self.render_banner(cx);
        let background = cx.kiln_theme().editor_background;
        let over_text = match (&self.find, &self.go_to_line) {
            (Some(find), _) => Some(find.clone().into_any_element()),
            (None, Some(prompt)) => Some(prompt.clone().into_any_element()),
            (None, None) => None,
        };
        let text = div()
            .id("editor")
            .test_support()
            .role(Role::MultilineTextInput)
            .aria_label(name)
            .aria_value(value)
            .track_focus(&self.focus)
            .key_context("Editor")
            .size_full()
            .child(EditorElement::new(cx.entity()));
        commands::handle(div(), cx)
            .size_full()
            .flex()
            .flex_col()
            .bg(background)
            .children(banner)
            .child(
                div()
                    .relative()
                    .flex_1()
                    .min_h_0()
                    .w_full()
                    .child(text)
                    .children(
                        over_text.map(|bar| div().absolute().top(px(8.)).right(px(20.)).child(bar)),
                    ),
            )
    }
}
