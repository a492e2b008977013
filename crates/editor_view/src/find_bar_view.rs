//! What the find bar looks like.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Bounds, Context, Div, Entity, Focusable as _, Pixels, Rems, Render, Role, SharedString,
    Window, canvas, div,
};
use ui::tokens::{Typography as _, radius, scaled, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName, zoom};

use crate::editor_style::EditorStyle;
use crate::find_bar::{FindBar, NewerEntry, OlderEntry, OtherInput};
use crate::find_history::Direction;
use crate::floating::floating;
use crate::render::BESIDE_BARS;
use crate::scroll::{Reveal, wide};
use crate::view::EditorView;

/// The width of what is typed into where there is room.
const INPUT: Rems = scaled(220.);

/// How much room the bar needs for one row of what it searches with.
const ONE_ROW: Rems = scaled(570.);

/// A row of the bar, or a part of one: where it has no room for its controls, they go below each
/// other.
fn part() -> Div {
    div()
        .flex()
        .flex_wrap()
        .items_center()
        .max_w_full()
        .gap(space::XS)
}

impl EditorView {
    /// How many rows of the text the find bar covers.
    pub(crate) fn rows_under_find(&self, style: &EditorStyle, cx: &App) -> f64 {
        let Some(bar) = &self.find else { return 0. };
        match wide(bar.read(cx).drawn_height.get()) {
            0. => 0.,
            height => {
                let height = height + wide(zoom::pixels(BESIDE_BARS, cx));
                (height / wide(style.line_height)).ceil()
            }
        }
    }

    /// Brings the caret out from under the find bar, which has become higher.
    pub(crate) fn come_out_from_under_find(&mut self, cx: &mut Context<Self>) {
        let Some(frame) = &self.frame else { return };
        let row = frame.display.row_of(self.selections.primary().head) as f64;
        let below_top = row - self.scroll_target().top;
        if (0. ..self.rows_under_find(&frame.style, cx)).contains(&below_top) {
            self.reveal = Some(Reveal::Nearest);
        }
        cx.notify();
    }
}

impl FindBar {
    /// Tells the view how high the bar is, so that it can show the rows below it.
    fn measure(&self) -> impl IntoElement + use<> {
        let (view, known) = (self.view.clone(), self.drawn_height.clone());
        let measure = move |bounds: Bounds<Pixels>, window: &mut Window, cx: &mut App| {
            if known.replace(bounds.size.height) != bounds.size.height {
                window.defer(cx, move |_, cx| {
                    // The view may be closed by now.
                    view.update(cx, EditorView::come_out_from_under_find).ok();
                });
            }
        };
        canvas(measure, |_, (), _, _| {}).absolute().inset_0()
    }
}

impl Render for FindBar {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        let count = self.count(cx);
        let none = self.is_empty();
        let by_groups = self.replaces_by_groups(cx);
        let preserves = match by_groups {
            true => "Preserve case: not where the replacement has groups, such as $1",
            false => "Preserve case",
        };
        let missing = count.as_ref() == "No results";
        let narrow = self
            .view
            .upgrade()
            .and_then(|view| view.read(cx).room_over_text(cx))
            .is_some_and(|room| room < zoom::pixels(ONE_ROW, cx));
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
        let toggle_replace = IconButton::new(
            "find-toggle-replace",
            if self.shows_replace {
                IconName::ChevronDown
            } else {
                IconName::ChevronRight
            },
            "Replace",
        )
        .command("editor.replace")
        .on_click(cx.listener(|bar, _, _, cx| {
            bar.shows_replace = !bar.shows_replace;
            cx.notify();
        }));
        let close = IconButton::new("find-close", IconName::X, "Close find")
            .command("editor.cancel")
            .on_click(cx.listener(|bar, _, window, cx| bar.close(window, cx)));
        let how = part()
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
                IconButton::new("find-regex", IconName::Regex, "Regular expression")
                    .command("editor.toggleFindRegex")
                    .toggled(self.regex)
                    .on_click(cx.listener(|bar, _, window, cx| {
                        bar.toggle(|bar| &mut bar.regex, window, cx);
                    })),
            )
            .child(
                div()
                    .id("find-count")
                    .test_support()
                    .role(Role::Status)
                    .aria_label(count.clone())
                    .px(space::XS)
                    .map(|this| match narrow {
                        // What stands behind it is at the right edge.
                        true => this.flex_1(),
                        false => this.min_w(scaled(84.)),
                    })
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
                    .on_click(cx.listener(|bar, _, window, cx| bar.step(false, window, cx))),
            )
            .child(
                IconButton::new("find-next", IconName::ArrowDown, "Next match")
                    .command("editor.findNext")
                    .disabled(none)
                    .on_click(cx.listener(|bar, _, window, cx| bar.step(true, window, cx))),
            )
            .child(
                IconButton::new("find-in-selection", IconName::TextSearch, "In selection")
                    .command("editor.toggleFindInSelection")
                    .toggled(!self.scope.is_whole())
                    .on_click(cx.listener(|bar, _, window, cx| {
                        bar.toggle_in_selection(window, cx);
                    })),
            );
        let needle = input_row(&self.needle, "find-input", "Find", &self.error);
        let what = part().flex_nowrap().child(toggle_replace);
        let rows = match narrow {
            // The way out stays where it is looked for.
            true => vec![what.w_full().child(needle.flex_1()).child(close), how],
            false => vec![part().child(what.child(needle)).child(how.child(close))],
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
            .relative()
            .child(self.measure())
            .when(narrow, |this| this.w_full().max_w(scaled(360.)))
            .children(rows)
            .children(self.error.clone().map(|error| message("find-error", error)))
            .when(self.shows_replace, |this| {
                this.child(
                    part()
                        .pl(ui::tokens::height::TOOL + space::XS)
                        .child(
                            input_row(
                                &self.replacement,
                                "replace-input",
                                "Replace with",
                                &self.replacement_error,
                            )
                            .when(narrow, |this| this.flex_1().min_w(scaled(56.))),
                        )
                        .child(
                            IconButton::new("preserve-case", IconName::CaseUpper, preserves)
                                .command("editor.togglePreserveCase")
                                .toggled(self.preserve_case && !by_groups)
                                .disabled(by_groups)
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
