//! Opening and closing the find bar of a view, and going from match to match, also without it.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::find::{Pattern, PatternError, Query, Scope};
use editor_core::{Selection, Selections, Text};
use gpui_kit::prelude::*;
use gpui_kit::{Context, Window};
use ui::Severity;

use crate::find_bar::{FindBar, Opening, SEARCH_AT_ONCE, compiles_at_once};
use crate::last_search::LastSearch;
use crate::scroll::Reveal;
use crate::view::EditorView;

/// A search that is given up together with whoever waits for it.
pub(crate) struct CancelOnDrop(pub Arc<AtomicBool>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The match after what is selected, or before it, round the end. One of no characters is left
/// where it is selected.
pub(crate) fn nearest(
    pattern: &Pattern,
    text: &Text,
    scope: &Scope,
    selected: &Range<usize>,
    forward: bool,
    cancel: &AtomicBool,
) -> Option<Range<usize>> {
    let find = |from| match forward {
        true => pattern.find_next(text, scope, from, cancel),
        false => pattern.find_previous(text, scope, from, cancel),
    };
    let from = if forward {
        selected.end
    } else {
        selected.start
    };
    let found = find(from)?;
    if found != *selected || !found.is_empty() {
        return Some(found);
    }
    let beside = match forward {
        true if from == text.len() => 0,
        true => text.next_grapheme(from),
        false if from == 0 => text.len(),
        false => text.prev_grapheme(from),
    };
    find(beside)
}

impl EditorView {
    /// Opens the find bar, with the selected text as the needle where it is within a line and was not
    /// selected from the bar.
    pub(crate) fn open_find(&mut self, replace: bool, window: &mut Window, cx: &mut Context<Self>) {
        self.close_go_to_line(window, cx);
        self.drop_undo_history(cx);
        let primary = *self.selections.primary();
        let text = self.text(cx);
        let lines = self.selections.iter().filter(|one| {
            let range = one.range();
            text.row_at(range.start) < text.row_at(range.end)
        });
        let lines: Vec<_> = lines.map(Selection::range).collect();
        let selected_lines = match lines.is_empty() {
            true => Scope::whole(),
            false => Scope::ranges(lines),
        };
        let (view, version) = (cx.entity(), self.version);
        let bar = match &self.find {
            Some(bar) => bar.clone(),
            None => {
                let bar = cx.new(|cx| FindBar::new(&view, version, primary.start(), window, cx));
                self.find = Some(bar.clone());
                bar
            }
        };
        let from_bar = bar.read(cx).has_focus(window, cx);
        let opening = Opening {
            replace,
            to_replacement: replace && from_bar,
            needle: one_line(&text, &primary).filter(|_| !from_bar),
            origin: primary.start(),
            selected_lines,
        };
        // The bar reads this view, which is being changed now.
        window.defer(cx, move |window, cx| {
            bar.update(cx, |bar, cx| bar.opened(opening, window, cx));
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

    /// Goes to the next match or the previous one: of the find bar, or while it is closed of what it
    /// looked for last in this window. Where that is nothing, the bar opens and asks.
    pub(crate) fn find_step(&mut self, forward: bool, window: &mut Window, cx: &mut Context<Self>) {
        match self.find.clone() {
            Some(bar) => window.defer(cx, move |window, cx| {
                bar.update(cx, |bar, cx| bar.step(forward, window, cx));
            }),
            None => {
                let query = LastSearch::of(window, cx).query;
                match query.text.is_empty() {
                    true => self.open_find(false, window, cx),
                    false => {
                        self.close_go_to_line(window, cx);
                        self.step_without_bar(query, forward, window, cx);
                    }
                }
            }
        }
    }

    fn step_without_bar(
        &mut self,
        query: Query,
        forward: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let text = self.text(cx);
        let selected = self.selections.primary().range();
        let cancel = Arc::new(AtomicBool::new(false));
        let given_up = CancelOnDrop(cancel.clone());
        let at_once = text.len() <= SEARCH_AT_ONCE && compiles_at_once(&query);
        let sought = query.text.clone();
        let search = move || -> Result<Option<Range<usize>>, PatternError> {
            let pattern = Pattern::new(&query)?;
            let whole = Scope::whole();
            Ok(nearest(
                &pattern, &text, &whole, &selected, forward, &cancel,
            ))
        };
        if at_once {
            return self.stepped(search(), &sought, window, cx);
        }
        let searching = cx.background_spawn(async move { search() });
        let take = move |view: &mut Self, found, window: &mut Window, cx: &mut Context<Self>| {
            drop(given_up);
            view.stepped(found, &sought, window, cx);
        };
        self.when_answered(searching, window, cx, take);
    }

    /// Shows what was found without the bar, or says that nothing was.
    fn stepped(
        &mut self,
        found: Result<Option<Range<usize>>, PatternError>,
        sought: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match found {
            Ok(Some(found)) => self.show_match(found, cx),
            Ok(None) => {
                let message = format!("\u{201c}{sought}\u{201d} is not in this text.");
                ui::notify(Severity::Info, message, window, cx);
            }
            // The bar says what is wrong with it.
            Err(_) => self.open_find(false, window, cx),
        }
    }

    /// Does something with the find bar, where it is open; else the key is someone else's.
    pub(crate) fn with_find(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
        change: impl FnOnce(&mut FindBar, &mut Window, &mut Context<FindBar>) + 'static,
    ) {
        match self.find.clone() {
            // The bar reads this view, which is being changed now.
            Some(bar) => window.defer(cx, move |window, cx| {
                bar.update(cx, |bar, cx| change(bar, window, cx));
            }),
            None => cx.propagate(),
        }
    }

    pub(crate) fn show_match(&mut self, found: Range<usize>, cx: &mut Context<Self>) {
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
