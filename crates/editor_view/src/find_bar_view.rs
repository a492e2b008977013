//! What the find bar looks like.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{Context, Entity, Focusable as _, Render, Role, Window, div, px};
use ui::tokens::{Typography as _, radius, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::find_bar::{FindBar, OtherInput, SelectAllMatches};

impl Render for FindBar {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        let count = self.count(cx);
        let none = self.matches.is_empty();
        let missing = none && count.as_ref() == "No results";
        let case =
            cx.listener(|bar, _, window, cx| bar.toggle(|bar| &mut bar.case_sensitive, window, cx));
        let word =
            cx.listener(|bar, _, window, cx| bar.toggle(|bar| &mut bar.whole_word, window, cx));
        let input_row = |state: &Entity<InputState>, id: &'static str, label: &'static str| {
            let focused = state.read(cx).focus_handle(cx).is_focused(window);
            div()
                .w(px(220.))
                .rounded(radius::SMALL)
                .bg(theme.input_background)
                .border_1()
                .border_color(if focused {
                    theme.border_focused
                } else {
                    theme.border
                })
                .child(
                    Input::new(state)
                        .id(id)
                        .aria_label(label)
                        .appearance(false)
                        .small()
                        .text_small(),
                )
        };
        div()
            .id("find-bar")
            .test_support()
            .key_context("FindBar")
            .on_action(cx.listener(|bar, _: &OtherInput, window, cx| bar.other_input(window, cx)))
            .on_action(cx.listener(|bar, _: &SelectAllMatches, window, cx| {
                bar.select_all_matches(window, cx);
            }))
            .role(Role::Search)
            .aria_label("Find in file")
            .occlude()
            .flex()
            .flex_col()
            .gap(space::XS)
            .p(space::S)
            .rounded(radius::MEDIUM)
            .bg(theme.elevated)
            .border_1()
            .border_color(theme.border)
            .shadow_md()
            .font_family(ui::tokens::UI_FONT)
            .text_small()
            .text_color(theme.text)
            .child(
                div()
                    .flex()
                    .items_center()
                    .gap(space::XS)
                    .child(
                        IconButton::new(
                            "find-toggle-replace",
                            if self.shows_replace {
                                IconName::ChevronDown
                            } else {
                                IconName::ChevronRight
                            },
                            "Replace",
                        )
                        .on_click(cx.listener(|bar, _, _, cx| {
                            bar.shows_replace = !bar.shows_replace;
                            cx.notify();
                        })),
                    )
                    .child(input_row(&self.needle, "find-input", "Find"))
                    .child(
                        IconButton::new("find-case", IconName::CaseSensitive, "Match case")
                            .toggled(self.case_sensitive)
                            .on_click(case),
                    )
                    .child(
                        IconButton::new("find-word", IconName::WholeWord, "Whole words")
                            .toggled(self.whole_word)
                            .on_click(word),
                    )
                    .child(
                        div()
                            .id("find-count")
                            .test_support()
                            .role(Role::Status)
                            .aria_label(count.clone())
                            .w(px(84.))
                            .px(space::XS)
                            .text_color(if missing {
                                theme.error
                            } else {
                                theme.text_muted
                            })
                            .whitespace_nowrap()
                            .child(count),
                    )
                    .child(
                        IconButton::new("find-previous", IconName::ArrowUp, "Previous match")
                            .command("editor.findPrevious")
                            .disabled(none)
                            .on_click(
                                cx.listener(|bar, _, window, cx| bar.step(false, window, cx)),
                            ),
                    )
                    .child(
                        IconButton::new("find-next", IconName::ArrowDown, "Next match")
                            .command("editor.findNext")
                            .disabled(none)
                            .on_click(cx.listener(|bar, _, window, cx| bar.step(true, window, cx))),
                    )
                    .child(
                        IconButton::new("find-close", IconName::X, "Close find")
                            .on_click(cx.listener(|bar, _, window, cx| bar.close(window, cx))),
                    ),
            )
            .when(self.shows_replace, |this| {
                this.child(
                    div()
                        .flex()
                        .items_center()
                        .gap(space::XS)
                        .pl(ui::tokens::height::TOOL + space::XS)
                        .child(input_row(
                            &self.replacement,
                            "replace-input",
                            "Replace with",
                        ))
                        .child(
                            IconButton::new("replace-one", IconName::Replace, "Replace")
                                .disabled(none)
                                .on_click(cx.listener(|bar, _, window, cx| {
                                    bar.replace_one(window, cx);
                                })),
                        )
                        .child(
                            IconButton::new("replace-all", IconName::ReplaceAll, "Replace all")
                                .disabled(none)
                                .on_click(cx.listener(|bar, _, window, cx| {
                                    bar.replace_all(window, cx);
                                })),
                        ),
                )
            })
    }
}
