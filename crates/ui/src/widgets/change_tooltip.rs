//! The tooltip of a change that has more lines than its row in a list shows.

use super::tooltip::is_covered;
use crate::WholeChange;
use crate::theme::ActiveKilnTheme as _;
use crate::tokens::{Typography as _, radius, scaled, space};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyView, App, Context, Font, Hsla, Role, SharedString, Window, div};

struct ChangeTooltip {
    change: WholeChange,
    font: Font,
}

/// What a change takes out and puts in, line by line, in a font for code.
pub fn change_tooltip(
    change: WholeChange,
    font: Font,
) -> impl Fn(&mut Window, &mut App) -> AnyView + 'static {
    move |_, cx| {
        let (change, font) = (change.clone(), font.clone());
        cx.new(|_| ChangeTooltip { change, font }).into()
    }
}

/// The lines of one side, and how many more there are.
fn lines(
    sign: &'static str,
    side: &crate::ChangedLines,
    background: Hsla,
    cx: &App,
) -> impl Iterator<Item = gpui_kit::Div> {
    let muted = cx.kiln_theme().text_muted;
    let more = side.count - side.shown.len();
    let line = move |text: String| {
        div()
            .flex()
            .gap(space::S)
            .px(space::M)
            .bg(background)
            .whitespace_nowrap()
            .child(div().flex_none().text_color(muted).child(sign))
            .child(div().min_w_0().truncate().child(SharedString::from(text)))
    };
    let shown: Vec<_> = side.shown.iter().cloned().map(line).collect();
    let rest = (more > 0).then(|| line(format!("\u{2026} {more} more")).text_color(muted));
    shown.into_iter().chain(rest)
}

impl Render for ChangeTooltip {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        if is_covered(window, cx) {
            return div();
        }
        let theme = **cx.kiln_theme();
        let WholeChange { old, new } = &self.change;
        let all = old.shown.iter().chain(&new.shown);
        let spoken = all.map(String::as_str).collect::<Vec<_>>().join("\n");
        let (removed, added) = (theme.diff_removed_background, theme.diff_added_background);
        div().pl(space::XS).pt(space::S).child(
            div()
                .id("change-tooltip")
                .test_support()
                .role(Role::Tooltip)
                .aria_label(spoken)
                .flex()
                .flex_col()
                .max_w(scaled(640.))
                .py(space::XS)
                .rounded(radius::MEDIUM)
                .overflow_hidden()
                .bg(theme.elevated)
                .border_1()
                .border_color(theme.border)
                .shadow_md()
                .font(self.font.clone())
                .text_small()
                .text_color(theme.text)
                .children(lines("\u{2212}", old, removed, cx))
                .children(lines("+", new, added, cx)),
        )
    }
}
