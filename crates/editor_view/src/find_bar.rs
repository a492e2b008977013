//! Finding and replacing text in one editor: what is looked for, what was found, where to go.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::find::{MAX_MATCHES, Matches, Pattern, PatternError, Query, Scope};
use editor_core::multi_caret::MAX_CARETS;
use editor_core::{ChangeSet, Selection, Selections, Text};
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, Entity, Focusable as _, Pixels, SharedString, Subscription, Task, WeakEntity,
    Window, actions,
};

use crate::caret_bound::tell_left_out;
use crate::find_history::{Direction, Field, FindHistory};
use crate::find_step::nearest;
use crate::last_search::LastSearch;
use crate::view::EditorView;

actions!(
    find_bar,
    [
        /// Goes to the other input of the find bar.
        OtherInput,
        /// Puts what was looked for, or replaced by, before this into the input.
        OlderEntry,
        /// Puts what was looked for, or replaced by, after this into the input.
        NewerEntry,
    ]
);

/// More matches than this are not marked beside the scrollbar.
const MAX_TICKS: usize = 1000;

/// Texts up to this many bytes are searched at once, longer ones in the background.
pub(crate) const SEARCH_AT_ONCE: usize = 256 * 1024;

/// An expression up to this many bytes, and without counts, compiles within a keystroke.
const COMPILED_AT_ONCE: usize = 64;

/// How often a search in the background shows what it found so far.
const SHOW_EVERY: Duration = Duration::from_millis(50);

/// Where to go once something is found.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    /// Nowhere.
    Stay,
    /// To the first match from where typing in the bar began.
    ToFirst,
    /// To the next match (`true`) or the previous one.
    Step(bool),
}

/// How the bar is opened.
pub(crate) struct Opening {
    /// Whether what takes the place of a match is shown.
    pub(crate) replace: bool,
    /// Whether that is what is typed first.
    pub(crate) to_replacement: bool,
    /// What to look for; without it, what was looked for last.
    pub(crate) needle: Option<String>,
    /// Where typing in the bar begins to look.
    pub(crate) origin: usize,
    /// The lines that are selected; without them, everything.
    pub(crate) selected_lines: Scope,
}

/// How far a search is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Done,
    Running,
}

/// What a search in the background sends.
enum Found {
    /// The pattern, compiled.
    Pattern(Arc<Pattern>),
    /// More matches.
    More(Vec<Range<usize>>),
    /// All of them.
    All(Matches),
    /// The pattern cannot be searched for.
    Failed(PatternError),
}

/// The bar over an editor's top right corner, and what it found.
pub(crate) struct FindBar {
    pub(crate) view: WeakEntity<EditorView>,
    pub(crate) needle: Entity<InputState>,
    pub(crate) replacement: Entity<InputState>,
    pub(crate) shows_replace: bool,
    pub(crate) case_sensitive: bool,
    pub(crate) whole_word: bool,
    pub(crate) regex: bool,
    pub(crate) preserve_case: bool,
    /// Where to search; carried along with every edit.
    pub(crate) scope: Scope,
    /// The lines that were selected when the bar was opened; without them, everything.
    selected_lines: Scope,
    /// How high it was when it was drawn last.
    pub(crate) drawn_height: Rc<Cell<Pixels>>,
    pub(crate) pattern: Option<Arc<Pattern>>,
    /// What is wrong with the pattern.
    pub(crate) error: Option<SharedString>,
    /// What is wrong with the replacement.
    pub(crate) replacement_error: Option<SharedString>,
    /// What was found, and the version of the buffer that it was found in.
    found: Arc<Matches>,
    found_version: u64,
    /// What was found, where it is in the text as it is now.
    shown: Arc<Matches>,
    /// The rows of the matches, each once; empty where there are too many to show.
    match_rows: Vec<usize>,
    /// The buffer version that `shown` and `scope` are of.
    version: u64,
    /// Where typing in the bar begins to look.
    pub(crate) origin: usize,
    progress: Progress,
    then: Then,
    cancel: Arc<AtomicBool>,
    search: Option<Task<()>>,
    pub(crate) replacing: Option<Task<()>>,
    /// Since when that works.
    pub(crate) replacing_since: Option<Instant>,
    _subscriptions: Vec<Subscription>,
}

impl FindBar {
    /// A bar that is set as the one before it in this window was left.
    pub(crate) fn new(
        view: &Entity<EditorView>,
        version: u64,
        origin: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let last = LastSearch::of(window, cx);
        let needle = cx.new(|cx| {
            let input = InputState::new(window, cx).placeholder("Find");
            input.default_value(last.query.text)
        });
        let replacement = cx.new(|cx| {
            let input = InputState::new(window, cx).placeholder("Replace with");
            input.default_value(last.replacement)
        });
        let subscriptions = vec![
            cx.subscribe_in(&needle, window, Self::on_needle_event),
            cx.subscribe_in(&replacement, window, Self::on_replacement_event),
            cx.observe_in(view, window, |this, view, window, cx| {
                if view.read(cx).version != this.version {
                    this.follow_edit(Then::Stay, window, cx);
                }
                cx.notify();
            }),
        ];
        Self {
            view: view.downgrade(),
            needle,
            replacement,
            shows_replace: false,
            case_sensitive: last.query.case_sensitive,
            whole_word: last.query.whole_word,
            regex: last.query.regex,
            preserve_case: last.preserve_case,
            scope: Scope::whole(),
            selected_lines: Scope::whole(),
            drawn_height: Rc::default(),
            pattern: None,
            error: None,
            replacement_error: None,
            found: Arc::default(),
            found_version: 0,
            shown: Arc::default(),
            match_rows: Vec::new(),
            version,
            origin,
            progress: Progress::Done,
            then: Then::Stay,
            cancel: Arc::default(),
            search: None,
            replacing: None,
            replacing_since: None,
            _subscriptions: subscriptions,
        }
    }

    /// The matches that touch the given bytes.
    pub(crate) fn matches_in(&self, bytes: Range<usize>) -> &[Range<usize>] {
        self.shown.touching(bytes)
    }

    /// The rows with matches, in order.
    pub(crate) fn match_rows(&self) -> &[usize] {
        &self.match_rows
    }

    /// Whether nothing was found so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// What was found in the text as it is now, where all of it was found.
    pub(crate) fn all_matches(&self) -> Option<Arc<Matches>> {
        let complete = self.progress == Progress::Done
            && self.found_version == self.version
            && !self.found.is_truncated();
        complete.then(|| self.found.clone())
    }

    fn on_needle_event(
        &mut self,
        _: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            InputEvent::Change => {
                self.keep_for_next(window, cx);
                self.search(Then::ToFirst, window, cx);
            }
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
        match event {
            InputEvent::Change => {
                self.keep_for_next(window, cx);
                self.check_replacement(cx);
            }
            InputEvent::PressEnter { secondary, .. } if *secondary => self.replace_all(window, cx),
            InputEvent::PressEnter { .. } => self.replace_one(window, cx),
            _ => {}
        }
    }

    pub(crate) fn query(&self, cx: &Context<Self>) -> Query {
        Query {
            text: self.needle.read(cx).value().to_string(),
            regex: self.regex,
            case_sensitive: self.case_sensitive,
            whole_word: self.whole_word,
        }
    }

    /// Keeps how the bar is set for when it is opened again in this window, and for going from match
    /// to match without it.
    pub(crate) fn keep_for_next(&self, window: &Window, cx: &mut Context<Self>) {
        let last = LastSearch {
            query: self.query(cx),
            replacement: self.replacement.read(cx).value().to_string(),
            preserve_case: self.preserve_case,
        };
        last.keep(window, cx);
    }

    /// Opens the bar again, or for the first time: with another needle, where there is one.
    pub(crate) fn opened(&mut self, opening: Opening, window: &mut Window, cx: &mut Context<Self>) {
        self.shows_replace |= opening.replace;
        self.origin = opening.origin;
        self.selected_lines = opening.selected_lines;
        if let Some(seed) = opening.needle {
            let seed = match self.regex {
                true => editor_core::find::escape(&seed),
                false => seed,
            };
            self.needle
                .update(cx, |input, cx| input.set_value(seed, window, cx));
            self.keep_for_next(window, cx);
        }
        let input = match opening.to_replacement {
            true => &self.replacement,
            false => &self.needle,
        };
        input.update(cx, |input, cx| {
            input.focus(window, cx);
            input.select_all(window, cx);
        });
        self.search(Then::Stay, window, cx);
    }

    /// Whether what is typed goes into one of its inputs.
    pub(crate) fn has_focus(&self, window: &Window, cx: &App) -> bool {
        let inputs = [&self.needle, &self.replacement];
        inputs
            .iter()
            .any(|input| input.read(cx).focus_handle(cx).is_focused(window))
    }

    /// Looks for the needle in the text as it is now.
    fn search(&mut self, then: Then, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let text = view.read(cx).text(cx);
        let query = self.query(cx);
        self.stop();
        self.version = view.read(cx).version;
        self.found_version = self.version;
        self.then = then;
        self.error = None;
        if query.text.is_empty() {
            self.pattern = None;
            self.finished(Matches::default(), cx);
            return;
        }
        if text.len() <= SEARCH_AT_ONCE && compiles_at_once(&query) {
            match Pattern::new(&query) {
                Ok(pattern) => {
                    let found = Matches::collect(pattern.search(&text, &self.scope, &self.cancel));
                    self.pattern = Some(Arc::new(pattern));
                    self.finished(found, cx);
                }
                Err(error) => self.failed(&error, cx),
            }
            self.check_replacement(cx);
            return;
        }
        self.progress = Progress::Running;
        self.found = Arc::default();
        self.shown = Arc::default();
        self.match_rows.clear();
        let scope = self.scope.clone();
        self.run(window, cx, move |cancel, send| {
            let pattern = match Pattern::new(&query) {
                Ok(pattern) => Arc::new(pattern),
                Err(error) => return send(Found::Failed(error)),
            };
            send(Found::Pattern(pattern.clone()));
            let mut part = Vec::new();
            let mut sent = 0;
            let mut shown = Instant::now();
            for found in pattern.search(&text, &scope, cancel) {
                part.push(found);
                // One more than are kept tells that there are more.
                if sent + part.len() > MAX_MATCHES {
                    break;
                }
                if shown.elapsed() >= SHOW_EVERY {
                    sent += part.len();
                    send(Found::More(std::mem::take(&mut part)));
                    shown = Instant::now();
                }
            }
            send(Found::More(part));
        });
    }

    /// Brings what was found up to date after an edit of the text.
    pub(crate) fn refresh(&mut self, go: bool, window: &mut Window, cx: &mut Context<Self>) {
        let then = if go { Then::ToFirst } else { Then::Stay };
        self.follow_edit(then, window, cx);
    }

    fn follow_edit(&mut self, then: Then, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        let (text, version) = (view.read(cx).text(cx), view.read(cx).version);
        let since = |version| view.read(cx).buffer_ref(cx)?.changes_since(version);
        let (seen, searched): (Option<ChangeSet>, Option<ChangeSet>) =
            (since(self.version), since(self.found_version));
        match &seen {
            Some(changes) => {
                self.scope = self.scope.map(changes);
                self.selected_lines = self.selected_lines.map(changes);
            }
            None => {
                self.scope = Scope::whole();
                self.selected_lines = Scope::whole();
            }
        }
        let was_running = self.progress == Progress::Running && self.found_version == self.version;
        let (Some(pattern), Some(changes), false) = (self.pattern.clone(), searched, was_running)
        else {
            self.search(then, window, cx);
            return;
        };
        self.stop();
        self.version = version;
        if then != Then::Stay {
            self.then = then;
        }
        if text.len() <= SEARCH_AT_ONCE {
            let updated = self
                .found
                .update(&pattern, &text, &changes, &self.scope, &self.cancel);
            if let Some(updated) = updated {
                self.finished(updated, cx);
            }
            return;
        }
        self.shown = Arc::new(self.found.map(&changes));
        self.match_rows.clear();
        self.progress = Progress::Running;
        let (found, scope) = (self.found.clone(), self.scope.clone());
        self.run(window, cx, move |cancel, send| {
            if let Some(updated) = found.update(&pattern, &text, &changes, &scope, cancel) {
                send(Found::All(updated));
            }
        });
        cx.notify();
    }

    fn stop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        self.cancel = Arc::default();
        self.search = None;
        self.progress = Progress::Done;
    }

    /// Runs a search in the background and takes what it sends.
    fn run(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
        search: impl FnOnce(&AtomicBool, &dyn Fn(Found)) + Send + 'static,
    ) {
        let cancel = self.cancel.clone();
        let (sender, receiver) = async_channel::unbounded();
        let searching = cx.background_spawn(async move {
            // Nobody listens any more once the search is given up.
            search(&cancel, &|found| drop(sender.try_send(found)));
        });
        self.search = Some(cx.spawn_in(window, async move |this, cx| {
            let mut collected = Matches::default();
            let mut result = None;
            while let Ok(found) = receiver.recv().await {
                let taken = this.update(cx, |bar, cx| match found {
                    Found::Pattern(pattern) => {
                        bar.pattern = Some(pattern);
                        bar.check_replacement(cx);
                    }
                    Found::More(part) => {
                        for found in part {
                            collected.push(found);
                        }
                        bar.so_far(&collected, cx);
                    }
                    Found::All(all) => result = Some(Ok(all)),
                    Found::Failed(error) => result = Some(Err(error)),
                });
                // The bar may be closed by now.
                if taken.is_err() {
                    return;
                }
            }
            searching.await;
            this.update_in(cx, |bar, window, cx| match result {
                Some(Err(error)) => bar.failed(&error, cx),
                Some(Ok(all)) => bar.finished_then(all, window, cx),
                None => bar.finished_then(collected, window, cx),
            })
            .ok();
        }));
    }

    fn so_far(&mut self, matches: &Matches, cx: &mut Context<Self>) {
        self.shown = Arc::new(matches.clone());
        if self.then == Then::ToFirst
            && let Some(index) = self.shown.first_from(self.origin)
        {
            self.then = Then::Stay;
            self.show(index, cx);
        }
        cx.notify();
    }

    fn failed(&mut self, error: &PatternError, cx: &mut Context<Self>) {
        self.pattern = None;
        self.error = Some(ui::sentence(error.to_string()));
        self.then = Then::Stay;
        self.finished(Matches::default(), cx);
    }

    fn finished_then(&mut self, matches: Matches, window: &mut Window, cx: &mut Context<Self>) {
        let then = self.then;
        self.finished(matches, cx);
        if let Then::Step(forward) = then {
            self.step(forward, window, cx);
        }
    }

    fn finished(&mut self, matches: Matches, cx: &mut Context<Self>) {
        self.found = Arc::new(matches);
        self.found_version = self.version;
        self.shown = self.found.clone();
        self.progress = Progress::Done;
        self.match_rows.clear();
        if self.found.len() <= MAX_TICKS
            && let Some(view) = self.view.upgrade()
        {
            let text = view.read(cx).text(cx);
            let rows = self.found.ranges().iter();
            self.match_rows
                .extend(rows.map(|found| text.row_at(found.start)));
            self.match_rows.dedup();
        }
        let then = std::mem::replace(&mut self.then, Then::Stay);
        if then == Then::ToFirst && !self.found.is_empty() {
            self.show(self.found.first_from(self.origin).unwrap_or(0), cx);
        }
        cx.notify();
    }

    fn show(&mut self, index: usize, cx: &mut Context<Self>) {
        if let (Some(view), Some(found)) = (self.view.upgrade(), self.shown.ranges().get(index)) {
            let found = found.clone();
            view.update(cx, |view, cx| view.show_match(found, cx));
        }
    }

    fn selected(&self, cx: &Context<Self>) -> Option<Range<usize>> {
        let view = self.view.upgrade()?;
        Some(view.read(cx).selections.primary().range())
    }

    /// The index of the match that is selected.
    pub(crate) fn current(&self, cx: &Context<Self>) -> Option<usize> {
        self.shown.index_of(&self.selected(cx)?)
    }

    /// The match that is selected.
    pub(crate) fn current_match(&self, cx: &Context<Self>) -> Option<Range<usize>> {
        let current = self.current(cx)?;
        self.shown.ranges().get(current).cloned()
    }

    /// Selects the next or previous match, round the end.
    pub(crate) fn step(&mut self, forward: bool, window: &mut Window, cx: &mut Context<Self>) {
        let Some(selected) = self.selected(cx) else {
            return;
        };
        self.remember(cx);
        let found = if forward {
            match self.current(cx) {
                Some(current) => Some(current + 1).filter(|next| *next < self.shown.len()),
                None => self.shown.first_from(selected.start),
            }
        } else {
            self.shown.last_before(selected.start)
        };
        let round = if forward {
            0
        } else {
            self.shown.len().saturating_sub(1)
        };
        match found {
            // What is searched still may have one that is nearer.
            None if self.progress == Progress::Running => self.then = Then::Step(forward),
            None if self.shown.is_truncated() => self.far_step(forward, &selected, window, cx),
            found if !self.shown.is_empty() => {
                let index = found.unwrap_or(round);
                self.origin = self.shown.ranges()[index].start;
                self.show(index, cx);
            }
            _ => {}
        }
        cx.notify();
    }

    /// Looks in the background for a match that is not among those kept.
    fn far_step(
        &mut self,
        forward: bool,
        selected: &Range<usize>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (Some(view), Some(pattern)) = (self.view.upgrade(), self.pattern.clone()) else {
            return;
        };
        let (text, version) = (view.read(cx).text(cx), self.version);
        let (scope, selected) = (self.scope.clone(), selected.clone());
        let cancel = self.cancel.clone();
        let looking = cx.background_spawn(async move {
            nearest(&pattern, &text, &scope, &selected, forward, &cancel)
        });
        self.search = Some(cx.spawn_in(window, async move |this, cx| {
            let found = looking.await;
            // The bar may be closed by now.
            this.update(cx, |bar, cx| {
                if let (Some(found), Some(view)) = (found, bar.view.upgrade())
                    && bar.version == version
                {
                    bar.origin = found.start;
                    view.update(cx, |view, cx| view.show_match(found, cx));
                }
            })
            .ok();
        }));
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

    /// Keeps what is looked for, and replaced by, for the arrow keys.
    pub(crate) fn remember(&self, cx: &mut Context<Self>) {
        let needle = self.needle.read(cx).value().to_string();
        FindHistory::remember(Field::Needle, needle, cx);
    }

    /// Puts an older or a newer entry into the input that has the focus.
    pub(crate) fn recall(
        &mut self,
        direction: Direction,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let on_needle = self.needle.focus_handle(cx).is_focused(window);
        let (input, field) = match on_needle {
            true => (self.needle.clone(), Field::Needle),
            false => (self.replacement.clone(), Field::Replacement),
        };
        let shown = input.read(cx).value().to_string();
        let Some(entry) = FindHistory::recall(field, &shown, direction, cx) else {
            return;
        };
        input.update(cx, |input, cx| {
            input.set_value(entry, window, cx);
            input.select_all(window, cx);
        });
        self.keep_for_next(window, cx);
        match field {
            Field::Needle => self.search(Then::ToFirst, window, cx),
            Field::Replacement => self.check_replacement(cx),
        }
    }

    /// Selects every match in the text, closes the bar, and leaves the carets there.
    pub(crate) fn select_all_matches(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade().filter(|_| !self.shown.is_empty()) else {
            return;
        };
        self.remember(cx);
        let primary = self.current(cx).unwrap_or(0);
        let left_out = self.shown.len().saturating_sub(MAX_CARETS);
        let selections = self
            .shown
            .ranges()
            .iter()
            .take(MAX_CARETS)
            .map(|found| Selection::new(found.start, found.end))
            .collect();
        tell_left_out("matches", left_out, window, cx);
        view.update(cx, |view, cx| {
            view.close_find(window, cx);
            view.select(Selections::new(selections, primary), cx);
        });
    }

    pub(crate) fn count(&self, cx: &Context<Self>) -> SharedString {
        if self.needle.read(cx).value().is_empty() || self.error.is_some() {
            return SharedString::default();
        }
        if self.replaces_long(cx) {
            return "Replacing\u{2026}".into();
        }
        let running = self.progress == Progress::Running;
        let more = if running || self.shown.is_truncated() {
            "+"
        } else {
            ""
        };
        let total = match self.shown.len() {
            0 if running => return "\u{2026}".into(),
            0 => return "No results".into(),
            total => format!("{total}{more}"),
        };
        match self.current(cx) {
            Some(current) => format!("{} of {total}", current + 1).into(),
            None if total == "1" => "1 result".into(),
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
        self.keep_for_next(window, cx);
        self.search(Then::ToFirst, window, cx);
    }

    /// Searches in what is selected now (the whole lines of carets that select nothing), or
    /// everywhere again. A match is selected because it was found: in its place it is in the lines
    /// that were selected before.
    pub(crate) fn toggle_in_selection(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(view) = self.view.upgrade() else {
            return;
        };
        self.scope = match self.scope.is_whole() {
            true => {
                let text = view.read(cx).text(cx);
                let selections = &view.read(cx).selections;
                let all_empty = selections.iter().all(Selection::is_empty);
                let is_match = |one: &Selection| {
                    let range = one.range();
                    self.matches_in(range.clone()).contains(&range)
                };
                if !self.selected_lines.is_whole() && selections.iter().all(is_match) {
                    self.scope = self.selected_lines.clone();
                    return self.search(Then::Stay, window, cx);
                }
                Scope::ranges(selections.iter().map(|selection| match all_empty {
                    true => rows_of(&text, selection),
                    false => selection.range(),
                }))
            }
            false => Scope::whole(),
        };
        self.search(Then::Stay, window, cx);
    }

    pub(crate) fn close(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(view) = self.view.upgrade() {
            view.update(cx, |view, cx| view.close_find(window, cx));
        }
    }
}

impl Drop for FindBar {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

fn rows_of(text: &Text, selection: &Selection) -> Range<usize> {
    let (first, last) = (text.row_at(selection.start()), text.row_at(selection.end()));
    text.line_start(first)..text.line_end(last)
}

/// Whether a query compiles within a keystroke.
pub(crate) fn compiles_at_once(query: &Query) -> bool {
    !query.regex || (query.text.len() <= COMPILED_AT_ONCE && !query.text.contains('{'))
}
