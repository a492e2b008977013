//! Finding and replacing text in one editor: what is looked for, what was found, where to go.

use std::ops::Range;

use editor_core::find::{Needle, find_in_range};
use editor_core::multi_caret::MAX_CARETS;
use editor_core::{Edit, Selection, Selections, Text, editing};
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Context, Entity, Focusable as _, SharedString, Subscription, Task, WeakEntity, Window, actions,
};

use crate::scroll::Reveal;
use crate::view::EditorView;

actions!(
    find_bar,
    [
        /// Goes to the other input of the find bar.
        OtherInput,
        /// Puts a selection on every match.
        SelectAllMatches,
    ]
);

/// Matches beyond this many are not counted.
const MAX_MATCHES: usize = 20_000;

/// More matches than this are not marked beside the scrollbar.
const MAX_TICKS: usize = 1000;

/// Texts up to this many bytes are searched at once, longer ones in the background.
const SEARCH_AT_ONCE: usize = 256 * 1024;

/// The bar over an editor's top right corner, and what it found.
pub(crate) struct FindBar {
    view: WeakEntity<EditorView>,
    pub(crate) needle: Entity<InputState>,
    pub(crate) replacement: Entity<InputState>,
    pub(crate) shows_replace: bool,
    pub(crate) case_sensitive: bool,
    pub(crate) whole_word: bool,
    pub(crate) matches: Vec<Range<usize>>,
    /// The rows of the matches, each once; empty where there are too many to show.
    match_rows: Vec<usize>,
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
            match_rows: Vec::new(),
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

    /// The rows with matches, in order.
    pub(crate) fn match_rows(&self) -> &[usize] {
        &self.match_rows
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
        self.match_rows.clear();
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
        self.match_rows.clear();
        if self.matches.len() <= MAX_TICKS
            && let Some(view) = self.view.upgrade()
        {
            let text = view.read(cx).text(cx);
            let rows = self.matches.iter().map(|found| text.row_at(found.start));
            self.match_rows.extend(rows);
            self.match_rows.dedup();
        }
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
    pub(crate) fn replace_one(&mut self, window: &mut Window, cx: &mut Context<Self>) {
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
    pub(crate) fn replace_all(&mut self, window: &mut Window, cx: &mut Context<Self>) {
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

    /// Goes from the needle to the replacement, showing it, and back.
    pub(crate) fn other_input(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.shows_replace = true;
        let on_needle = self.needle.focus_handle(cx).is_focused(window);
        let other = if on_needle {
            &self.replacement
        } else {
            &self.needle
        };
        other.update(cx, |input, cx| {
            input.focus(window, cx);
            input.select_all(window, cx);
        });
        cx.notify();
    }

    /// Selects every match in the text, closes the bar, and leaves the carets there.
    pub(crate) fn select_all_matches(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade().filter(|_| !self.matches.is_empty()) else {
            return;
        };
        let primary = self.current(cx).unwrap_or(0);
        let selections = self
            .matches
            .iter()
            .take(MAX_CARETS)
            .map(|found| Selection::new(found.start, found.end))
            .collect();
        view.update(cx, |view, cx| {
            view.close_find(window, cx);
            view.select(Selections::new(selections, primary), cx);
        });
    }

    pub(crate) fn count(&self, cx: &Context<Self>) -> SharedString {
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

    pub(crate) fn toggle(
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

    pub(crate) fn close(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(view) = self.view.upgrade() {
            view.update(cx, |view, cx| view.close_find(window, cx));
        }
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
