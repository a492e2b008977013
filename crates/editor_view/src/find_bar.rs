//! Finding and replacing text in one editor.

use std::ops::Range;

use editor_core::find::{Needle, find_in_range};
use editor_core::{Edit, Selection, Selections, Text, editing};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::{Input, InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Context, Entity, Focusable as _, Render, Role, SharedString, Subscription, Task, WeakEntity,
    Window, div, px,
};
use ui::tokens::{Typography as _, radius, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName};

use crate::scroll::Reveal;
use crate::view::EditorView;

/// Matches beyond this many are not counted.
const MAX_MATCHES: usize = 20_000;

/// Texts up to this many bytes are searched at once, longer ones in the background.
const SEARCH_AT_ONCE: usize = 256 * 1024;

/// The bar over an editor's top right corner, and what it found.
pub(crate) struct FindBar {
    view: WeakEntity<EditorView>,
    needle: Entity<InputState>,
    replacement: Entity<InputState>,
    shows_replace: bool,
    case_sensitive: bool,
    whole_word: bool,
    matches: Vec<Range<usize>>,
    /// The buffer version that `matches` are of.
    version: u64,
    /// Where typing in the bar begins to look.
    origin: usize,
    search: Option<Task<()>>,
    _subscriptions: Vec<Subscription>,
}

impl FindBar {
    fn new(
        view: &Entity<EditorView>,
        origin: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let needle = cx.new(|cx| InputState::new(window, cx).placeholder("Find"));
        let replacement = cx.new(|cx| InputState::new(window, cx).placeholder("Replace with"));
        let subscriptions = vec![
            cx.subscribe_in(&needle, window, Self::on_needle_event),
            cx.subscribe_in(&replacement, window, Self::on_replacement_event),
            cx.observe_in(view, window, |this, view, window, cx| {
                if view.read(cx).version != this.version {
                    this.search(false, window, cx);
                }
                cx.notify();
            }),
        ];
        Self {
            view: view.downgrade(),
            needle,
            replacement,
            shows_replace: false,
            case_sensitive: false,
            whole_word: false,
            matches: Vec::new(),
            version: 0,
            origin,
            search: None,
            _subscriptions: subscriptions,
        }
    }

    /// The matches that overlap the given bytes.
    pub(crate) fn matches_in(&self, bytes: Range<usize>) -> impl Iterator<Item = &Range<usize>> {
        let first = self
            .matches
            .partition_point(|found| found.end < bytes.start);
        self.matches[first..]
            .iter()
            .take_while(move |found| found.start <= bytes.end)
    }

    fn on_needle_event(
        &mut self,
        _: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            InputEvent::Change => self.search(true, window, cx),
            InputEvent::PressEnter { shift, .. } => self.step(!shift, window, cx),
            _ => {}
        }
    }

    fn on_replacement_event(
        &mut self,
        _: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let InputEvent::PressEnter { secondary, .. } = event {
            if *secondary {
                self.replace_all(window, cx);
            } else {
                self.replace_one(window, cx);
            }
        }
    }

    fn wanted(&self, cx: &Context<Self>) -> Needle {
        Needle::new(self.needle.read(cx).value().to_string())
            .case_sensitive(self.case_sensitive)
            .whole_word(self.whole_word)
    }

    /// Looks for the needle in the text as it is now; `go` moves the caret to the first match after
    /// where the search began.
    fn search(&mut self, go: bool, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let text = view.read(cx).text(cx);
        let version = view.read(cx).version;
        let needle = self.wanted(cx);
        self.version = version;
        if text.len() <= SEARCH_AT_ONCE {
            let matches = find_in_range(&text, &needle, 0..text.len(), MAX_MATCHES);
            self.search = None;
            self.found(matches, go, cx);
            return;
        }
        self.matches.clear();
        let found = cx.background_spawn(async move {
            find_in_range(&text, &needle, 0..text.len(), MAX_MATCHES)
        });
        self.search = Some(cx.spawn_in(window, async move |this, cx| {
            let found = found.await;
            // The bar may be closed by now.
            this.update_in(cx, |bar, _, cx| {
                if bar.version == version {
                    bar.found(found, go, cx);
                }
            })
            .ok();
        }));
    }

    fn found(&mut self, matches: Vec<Range<usize>>, go: bool, cx: &mut Context<Self>) {
        self.matches = matches;
        if go && let Some(view) = self.view.upgrade() {
            let next = self
                .matches
                .partition_point(|found| found.start < self.origin);
            if let Some(found) = self.matches.get(next).or(self.matches.first()).cloned() {
                view.update(cx, |view, cx| view.show_match(found, cx));
            }
        }
        cx.notify();
    }

    fn selected(&self, cx: &Context<Self>) -> Option<Range<usize>> {
        let view = self.view.upgrade()?;
        Some(view.read(cx).selections.primary().range())
    }

    /// The index of the match that is selected.
    fn current(&self, cx: &Context<Self>) -> Option<usize> {
        let selected = self.selected(cx)?;
        self.matches
            .binary_search_by_key(&selected.start, |found| found.start)
            .ok()
            .filter(|index| self.matches[*index] == selected)
    }

    /// Selects the next or previous match, round the end.
    pub(crate) fn step(&mut self, forward: bool, _: &mut Window, cx: &mut Context<Self>) {
        let (Some(view), Some(selected)) = (self.view.upgrade(), self.selected(cx)) else {
            return;
        };
        let found = if forward {
            let next = match self.current(cx) {
                Some(current) => current + 1,
                None => self
                    .matches
                    .partition_point(|found| found.start < selected.start),
            };
            self.matches.get(next).or(self.matches.first())
        } else {
            let before = self
                .matches
                .partition_point(|found| found.start < selected.start);
            match before.checked_sub(1) {
                Some(previous) => self.matches.get(previous),
                None => self.matches.last(),
            }
        };
        if let Some(found) = found.cloned() {
            self.origin = found.start;
            view.update(cx, |view, cx| view.show_match(found, cx));
        }
        cx.notify();
    }

    /// Replaces the selected match and goes to the next one.
    fn replace_one(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (Some(view), Some(current)) = (self.view.upgrade(), self.current(cx)) else {
            self.step(true, window, cx);
            return;
        };
        let found = self.matches[current].clone();
        let replacement = self.replacement.read(cx).value().to_string();
        let after = found.start + replacement.len();
        view.update(cx, |view, cx| {
            view.edit_with(window, cx, |text, selections| {
                editing::replace_ranges(text, selections, vec![Edit::new(found, replacement)])
            });
        });
        self.origin = after;
        self.search(true, window, cx);
    }

    /// Replaces every match, as one step of undo.
    fn replace_all(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let needle = self.wanted(cx);
        let replacement = self.replacement.read(cx).value().to_string();
        let mut count = 0;
        view.update(cx, |view, cx| {
            view.edit_with(window, cx, |text, selections| {
                let edits: Vec<_> = find_in_range(text, &needle, 0..text.len(), usize::MAX)
                    .into_iter()
                    .map(|found| Edit::new(found, replacement.as_str()))
                    .collect();
                count = edits.len();
                editing::replace_ranges(text, selections, edits)
            });
        });
        if count > 0 {
            let times = if count == 1 { "match" } else { "matches" };
            ui::notify(
                ui::Severity::Info,
                format!("Replaced {count} {times}. Undo takes all of them back."),
                window,
                cx,
            );
        }
        self.search(false, window, cx);
    }

    fn count(&self, cx: &Context<Self>) -> SharedString {
        if self.needle.read(cx).value().is_empty() {
            return SharedString::default();
        }
        if self.search.is_some() && self.matches.is_empty() {
            return "…".into();
        }
        let total = match self.matches.len() {
            0 => return "No results".into(),
            MAX_MATCHES => format!("{MAX_MATCHES}+"),
            total => total.to_string(),
        };
        match self.current(cx) {
            Some(current) => format!("{} of {total}", current + 1).into(),
            None if self.matches.len() == 1 => "1 result".into(),
            None => format!("{total} results").into(),
        }
    }

    fn toggle(
        &mut self,
        option: fn(&mut Self) -> &mut bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let option = option(self);
        *option = !*option;
        self.needle.update(cx, |input, cx| input.focus(window, cx));
        self.search(true, window, cx);
    }

    fn close(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(view) = self.view.upgrade() {
            view.update(cx, |view, cx| view.close_find(window, cx));
        }
    }
}

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

impl EditorView {
    /// Opens the find bar, with the selected text as the needle where it is within a line.
    pub(crate) fn open_find(&mut self, replace: bool, window: &mut Window, cx: &mut Context<Self>) {
        self.close_go_to_line(window, cx);
        let primary = *self.selections.primary();
        let text = self.text(cx);
        let seed = one_line(&text, &primary);
        let view = cx.entity();
        let bar = match &self.find {
            Some(bar) => bar.clone(),
            None => {
                let bar = cx.new(|cx| FindBar::new(&view, primary.start(), window, cx));
                self.find = Some(bar.clone());
                bar
            }
        };
        // The bar reads this view, which is being changed now.
        window.defer(cx, move |window, cx| {
            bar.update(cx, |bar, cx| {
                bar.shows_replace |= replace;
                bar.origin = primary.start();
                let needle = bar.needle.clone();
                if let Some(seed) = seed {
                    needle.update(cx, |input, cx| input.set_value(seed, window, cx));
                }
                needle.update(cx, |input, cx| {
                    input.focus(window, cx);
                    input.select_all(window, cx);
                });
                bar.search(false, window, cx);
            });
        });
        cx.notify();
    }

    /// Closes the find bar and gives the focus back.
    pub(crate) fn close_find(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.find.take().is_some() {
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }

    pub(crate) fn find_step(&mut self, forward: bool, window: &mut Window, cx: &mut Context<Self>) {
        match self.find.clone() {
            Some(bar) => window.defer(cx, move |window, cx| {
                bar.update(cx, |bar, cx| bar.step(forward, window, cx));
            }),
            None => self.open_find(false, window, cx),
        }
    }

    fn show_match(&mut self, found: Range<usize>, cx: &mut Context<Self>) {
        let selection = Selection::new(found.start, found.end);
        self.select_revealing(Selections::single(selection), Reveal::Center, cx);
    }
}

fn one_line(text: &Text, selection: &Selection) -> Option<String> {
    const LONGEST: usize = 512;
    let range = selection.range();
    let fits = !range.is_empty()
        && range.len() <= LONGEST
        && text.row_at(range.start) == text.row_at(range.end);
    fits.then(|| text.slice(range).into_owned())
}
