//! What the find bar looks like.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Context, Div, Entity, Focusable as _, Rems, Render, Role, SharedString, Window, div,
};
use ui::tokens::{Typography as _, radius, scaled, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::find_bar::{FindBar, NewerEntry, OlderEntry, OtherInput};
use crate::find_history::Direction;
use crate::floating::floating;

/// The width of what is typed into where there is room.
const INPUT: Rems = scaled(220.);

/// A part of a row of the bar: where the view is narrow, it goes below the one before, and so do
/// its own controls.
fn part() -> Div {
    div()
        .flex()
        .flex_wrap()
        .items_center()
        .max_w_full()
        .gap(space::XS)
}

impl Render for FindBar {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        let count = self.count(cx);
        let none = self.is_empty();
        let missing = count.as_ref() == "No results";
        let input_row = |state: &Entity<InputState>,
                         id: &'static str,
                         label: &'static str,
                         error: &Option<SharedString>| {
            let focused = state.read(cx).focus_handle(cx).is_focused(window);
            div()
                .w(INPUT)
                .min_w_0()
                .rounded(radius::SMALL)
                .bg(theme.input_background)
                .border_1()
                .border_color(match (error, focused) {
                    (Some(_), _) => theme.error,
                    (None, true) => theme.border_focused,
                    (None, false) => theme.border,
                })
                .child(
                    Input::new(state)
                        .id(id)
                        .aria_label(match error {
                            Some(error) => SharedString::from(format!("{label}. {error}")),
                            None => label.into(),
                        })
                        .appearance(false)
                        .small()
                        .text_small(),
                )
        };
        let message = |id: &'static str, error: SharedString| {
            div()
                .id(id)
                .test_support()
                .role(Role::Alert)
                .aria_label(error.clone())
                .max_w(scaled(420.))
                .pl(ui::tokens::height::TOOL + space::XS)
                .text_color(theme.error)
                .child(error)
        };
        floating(&theme)
            .id("find-bar")
            .test_support()
            .key_context("FindBar")
            .on_action(cx.listener(|bar, _: &OtherInput, window, cx| bar.other_input(window, cx)))
            .on_action(cx.listener(|bar, _: &OlderEntry, window, cx| {
                bar.recall(Direction::Older, window, cx);
            }))
            .on_action(cx.listener(|bar, _: &NewerEntry, window, cx| {
                bar.recall(Direction::Newer, window, cx);
            }))
            .role(Role::Search)
            .aria_label("Find in file")
            .flex_col()
            .min_w_0()
            .gap(space::XS)
            .text_color(theme.text)
            .child(
                part()
                    .child(
                        part()
                            .flex_nowrap()
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
                                .command("editor.replace")
                                .on_click(cx.listener(
                                    |bar, _, _, cx| {
                                        bar.shows_replace = !bar.shows_replace;
                                        cx.notify();
                                    },
                                )),
                            )
                            .child(input_row(&self.needle, "find-input", "Find", &self.error)),
                    )
                    .child(
                        part()
                            .child(
                                IconButton::new("find-case", IconName::CaseSensitive, "Match case")
                                    .command("editor.toggleFindCaseSensitive")
                                    .toggled(self.case_sensitive)
                                    .on_click(cx.listener(|bar, _, window, cx| {
                                        bar.toggle(|bar| &mut bar.case_sensitive, window, cx);
                                    })),
                            )
                            .child(
                                IconButton::new("find-word", IconName::WholeWord, "Whole words")
                                    .command("editor.toggleFindWholeWord")
                                    .toggled(self.whole_word)
                                    .on_click(cx.listener(|bar, _, window, cx| {
                                        bar.toggle(|bar| &mut bar.whole_word, window, cx);
                                    })),
                            )
                            .child(
                                IconButton::new(
                                    "find-regex",
                                    IconName::Regex,
                                    "Regular expression",
                                )
                                .command("editor.toggleFindRegex")
                                .toggled(self.regex)
                                .on_click(cx.listener(
                                    |bar, _, window, cx| {
                                        bar.toggle(|bar| &mut bar.regex, window, cx);
                                    },
                                )),
                            )
                            .child(
                                div()
                                    .id("find-count")
                                    .test_support()
                                    .role(Role::Status)
                                    .aria_label(count.clone())
                                    .w(scaled(84.))
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
                                IconButton::new(
                                    "find-previous",
                                    IconName::ArrowUp,
                                    "Previous match",
                                )
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
                                    .on_click(
                                        cx.listener(|bar, _, window, cx| {
                                            bar.step(true, window, cx)
                                        }),
                                    ),
                            )
                            .child(
                                IconButton::new(
                                    "find-in-selection",
                                    IconName::TextSearch,
                                    "In selection",
                                )
                                .command("editor.toggleFindInSelection")
                                .toggled(!self.scope.is_whole())
                                .on_click(cx.listener(
                                    |bar, _, window, cx| {
                                        bar.toggle_in_selection(window, cx);
                                    },
                                )),
                            )
                            .child(
                                IconButton::new("find-close", IconName::X, "Close find")
                                    .command("editor.cancel")
                                    .on_click(
                                        cx.listener(|bar, _, window, cx| bar.close(window, cx)),
                                    ),
                            ),
                    ),
            )
            .children(self.error.clone().map(|error| message("find-error", error)))
            .when(self.shows_replace, |this| {
                this.child(
                    part()
                        .pl(ui::tokens::height::TOOL + space::XS)
                        .child(input_row(
                            &self.replacement,
                            "replace-input",
                            "Replace with",
                            &self.replacement_error,
                        ))
                        .child(
                            IconButton::new("preserve-case", IconName::CaseUpper, "Preserve case")
                                .command("editor.togglePreserveCase")
                                .toggled(self.preserve_case)
                                .on_click(cx.listener(|bar, _, window, cx| {
                                    bar.toggle_preserve_case(window, cx);
                                })),
                        )
                        .child(
                            IconButton::new("replace-one", IconName::Replace, "Replace")
                                .command("editor.replaceOne")
                                .disabled(none)
                                .on_click(cx.listener(|bar, _, window, cx| {
                                    bar.replace_one(window, cx);
                                })),
                        )
                        .child(
                            IconButton::new("replace-all", IconName::ReplaceAll, "Replace all")
                                .command("editor.replaceAll")
                                .disabled(none)
                                .on_click(cx.listener(|bar, _, window, cx| {
                                    bar.replace_all(window, cx);
                                })),
                        ),
                )
                .children(
                    self.replacement_error
                        .clone()
                        .map(|error| message("replace-error", error)),
                )
            })
    }
}
