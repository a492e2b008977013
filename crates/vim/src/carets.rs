//! Several carets: what each has for itself, and how a key is given to all of them.
//!
//! Neovim has one cursor, so there is nothing to compare with. The rules are those of VSCodeVim and
//! Zed: each caret obeys the key as if it were the only one, all start from the same state, and what
//! they have in common afterwards (mode, last search, what `.` repeats) is the primary one's.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::mem::{swap, take};
use std::ops::Range;

use editor_core::{Bias, ChangeSet, Edit, EditSession, Selections, Transaction};

use crate::command::Command;
use crate::insert::InsertSession;
use crate::registers::Registers;
use crate::vim::{CommandLine, Dot, PastSelection, Want};
use crate::{Clipboard, Effect, Key, Mode, Vim};

/// What each of several carets has for itself.
#[derive(Debug, Clone)]
pub(crate) struct Caret {
    cursor: usize,
    anchor: usize,
    want: Want,
    insert: Option<InsertSession>,
    pub(crate) past: Option<PastSelection>,
    /// Another caret deleted the text around it, and it is one with that caret now.
    is_swallowed: bool,
}

impl Caret {
    /// Follows an edit that another caret made; `bias` as in [`ChangeSet::map_offset`].
    fn follow(&mut self, changes: &ChangeSet, bias: Bias) {
        let around = |range: Range<usize>| range.start < self.cursor && self.cursor < range.end;
        if bias == Bias::Right && changes.edits().any(|edit| around(edit.old_range)) {
            self.is_swallowed = true;
        }
        self.cursor = changes.map_offset(self.cursor, bias);
        self.anchor = changes.map_offset(self.anchor, bias);
        if let Some(session) = &mut self.insert {
            session.start = changes.map_offset(session.start, bias);
        }
    }

    /// The last byte at which it has something.
    fn last_place(&self) -> usize {
        let start = self.insert.as_ref().map_or(0, |session| session.start);
        self.cursor.max(self.anchor).max(start)
    }
}

/// Several carets in the order of the text. The state of the active one is that of [`Vim`] itself:
/// its place in the list is stale.
#[derive(Debug, Clone, Default)]
pub(crate) struct Carets {
    /// All of them, or none where there is one caret.
    all: Vec<Caret>,
    /// The one that acts.
    active: usize,
    /// The one that the view follows; the active one but while a key is given to each.
    primary: usize,
    /// The steps of undo that the first caret began with the key at hand, for the others to take the
    /// same, and how many of them the caret at hand has taken. `None` between keys.
    steps: Option<(Vec<EditSession>, usize)>,
}

impl Carets {
    pub(crate) fn are_several(&self) -> bool {
        !self.all.is_empty()
    }

    /// Whether a caret acts that is not the primary one.
    pub(crate) fn is_secondary(&self) -> bool {
        self.are_several() && self.active != self.primary
    }

    /// Leaves the active one alone.
    pub(crate) fn keep_active(&mut self) {
        *self = Self {
            steps: self.steps.take(),
            ..Self::default()
        };
    }

    /// Moves the others with an edit that the active one made.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        let Some(first) = changes.edits().next().map(|edit| edit.old_range.start) else {
            return;
        };
        for (index, caret) in self.all.iter_mut().enumerate() {
            match index.cmp(&self.active) {
                // Those that have acted mostly stand before the edit: nothing to do for thousands.
                Ordering::Less if caret.last_place() < first => {}
                Ordering::Less => caret.follow(changes, Bias::Left),
                Ordering::Equal => {}
                Ordering::Greater => caret.follow(changes, Bias::Right),
            }
        }
    }

    /// Moves the others with an edit that no caret made; `bias` as in [`ChangeSet::map_offset`].
    pub(crate) fn follow_outside(&mut self, changes: &ChangeSet, bias: Bias) {
        for caret in &mut self.all {
            caret.cursor = changes.map_offset(caret.cursor, bias);
            caret.anchor = changes.map_offset(caret.anchor, bias);
            if let Some(session) = &mut caret.insert {
                session.start = changes.map_offset(session.start, Bias::Left);
            }
        }
    }

    /// What the others selected before, to be moved with lines that come and go.
    pub(crate) fn past(&mut self) -> impl Iterator<Item = &mut PastSelection> {
        self.all.iter_mut().filter_map(|caret| caret.past.as_mut())
    }

    /// A new step of undo; for a key that is given to each caret, the same for all.
    pub(crate) fn next_step(&mut self) -> EditSession {
        let Some((steps, taken)) = &mut self.steps else {
            return EditSession::begin();
        };
        *taken += 1;
        match steps.get(*taken - 1) {
            Some(step) => *step,
            None => {
                let step = EditSession::begin();
                steps.push(step);
                step
            }
        }
    }
}

/// What a key finds, and what each caret has to find again.
#[derive(Clone)]
struct Turn {
    mode: Mode,
    line: Option<CommandLine>,
    one_command: bool,
    find: Option<(char, char)>,
    search: Option<(String, bool)>,
    dot: Option<Dot>,
    dot_running: bool,
    record: Vec<Key>,
    queue: VecDeque<Key>,
    undo_step: Option<EditSession>,
}

/// Commands that are for the text or the window and not for a caret: they are done once.
const ONCE: &[&str] = &[
    ":", "/", "?", "q", "@", "m", "ZZ", "ZQ", "gd", "gf", "gb", "\u{1d}", "K", "]c", "[c", "]d",
    "[d", "gt", "gT", "g;", "g,", "\u{f}", "\t", "zz", "z.", "zt", "z\r", "zb", "z-", "zo", "zO",
    "zc", "zC", "za", "zR", "zM", "\u{5}", "\u{19}", "\u{12}", "g-", "g+", "ga", "g\u{7}",
    "\u{1e}",
];

impl Vim {
    /// Whether each caret has to do a command.
    pub(crate) fn is_for_each_caret(&self, command: &Command) -> bool {
        let undoes = matches!(command.name.as_str(), "u" | "U")
            && command.operator.is_none()
            && !self.mode.is_visual();
        let is_for_window = command.name.starts_with('\u{17}');
        !undoes && !is_for_window && !ONCE.contains(&command.name.as_str())
    }

    /// The bytes at which the cursors stand, in the order of the text.
    pub fn cursors(&self) -> Vec<usize> {
        if !self.carets.are_several() {
            return vec![self.cursor];
        }
        let carets = self.carets.all.iter().enumerate();
        carets
            .map(|(index, caret)| match index == self.carets.active {
                true => self.cursor,
                false => caret.cursor,
            })
            .collect()
    }

    /// Exchanges the state of the active caret for that in its place in the list.
    fn swap_active(&mut self) {
        let caret = &mut self.carets.all[self.carets.active];
        swap(&mut self.cursor, &mut caret.cursor);
        swap(&mut self.anchor, &mut caret.anchor);
        swap(&mut self.want, &mut caret.want);
        swap(&mut self.insert, &mut caret.insert);
        swap(&mut self.past, &mut caret.past);
    }

    /// Makes another caret the active one.
    fn activate(&mut self, index: usize) {
        self.swap_active();
        self.carets.active = index;
        self.swap_active();
    }

    fn turn(&self) -> Turn {
        Turn {
            mode: self.mode,
            line: self.line.clone(),
            one_command: self.one_command,
            find: self.find,
            search: self.search.clone(),
            dot: self.dot.clone(),
            dot_running: self.dot_running,
            record: self.record.clone(),
            queue: self.queue.clone(),
            undo_step: self.undo_step,
        }
    }

    fn take_turn(&mut self, turn: Turn) {
        self.mode = turn.mode;
        self.line = turn.line;
        self.one_command = turn.one_command;
        self.find = turn.find;
        self.search = turn.search;
        self.dot = turn.dot;
        self.dot_running = turn.dot_running;
        self.record = turn.record;
        self.queue = turn.queue;
        self.undo_step = turn.undo_step;
    }

    /// Does something with each caret, from the first in the text to the last, as one change.
    ///
    /// Where it leads to another mode for some of them alone (`ci(` where not all stand in
    /// parentheses), the others are left: what is typed next would go to places that nobody meant.
    /// With the name of a register in upper case they add to that register one after the other; else
    /// each has registers of its own for as long as it acts ([`Registers::of_caret`]).
    pub(crate) fn each_caret(&mut self, register: Option<char>, mut act: impl FnMut(&mut Self)) {
        if !self.carets.are_several() {
            return act(self);
        }
        self.flush();
        let before = self.all_selections();
        let effects = take(&mut self.effects);
        let start = self.turn();
        let adds = register.is_some_and(|name| name.is_ascii_uppercase());
        let registers = self.registers.clone();
        let count = self.carets.all.len();
        self.carets.steps = Some((Vec::new(), 0));
        let mut ended: Vec<Option<Ended>> = Vec::with_capacity(count);
        for index in 0..count {
            self.activate(index);
            if self.carets.all[index].is_swallowed {
                ended.push(None);
                continue;
            }
            self.take_turn(start.clone());
            if !adds {
                self.registers = registers.of_caret(index, count);
            }
            if let Some((_, taken)) = &mut self.carets.steps {
                *taken = 0;
            }
            act(self);
            self.flush();
            ended.push(Some(Ended {
                turn: self.turn(),
                registers: self.registers.clone(),
                effects: take(&mut self.effects),
            }));
        }
        self.carets.steps = None;
        self.effects = effects;
        let leader = leader(&ended, self.carets.primary, start.mode);
        let modes: Vec<Option<Mode>> = ended
            .iter()
            .map(|ended| ended.as_ref().map(|ended| ended.turn.mode))
            .collect();
        let (mut edits, mut clipboards, mut others) = (Vec::new(), Vec::new(), Vec::new());
        let mut results = Vec::with_capacity(count);
        for (index, ended) in ended.into_iter().enumerate() {
            let Some(ended) = ended else { continue };
            for effect in ended.effects {
                match effect {
                    Effect::Edit(edit) => edits.push(edit),
                    Effect::SetClipboard(clipboard, _) => clipboards.push(clipboard),
                    other if index == leader => others.push(other),
                    _ => {}
                }
            }
            results.push((index, ended.registers));
            if index == leader {
                self.take_turn(ended.turn);
            }
        }
        self.activate(leader);
        self.carets.primary = leader;
        let mode = Some(self.mode);
        self.keep_carets(|index| modes[index] == mode);
        if !adds {
            self.registers = registers.with_results(&results, count);
        }
        let after = self.all_selections();
        let edits = joined(edits, before, after).into_iter().map(Effect::Edit);
        self.effects.extend(edits);
        self.effects.extend(others);
        if let Some(clipboard) = clipboards.first().copied() {
            let name = match clipboard {
                Clipboard::Clipboard => '+',
                Clipboard::Primary => '*',
            };
            let text = self
                .registers
                .get(name)
                .map(|register| register.text.clone());
            let text = text.unwrap_or_default();
            self.effects.push(Effect::SetClipboard(clipboard, text));
        }
    }

    /// The selections of all carets as the editor shows them.
    pub(crate) fn all_selections(&mut self) -> Selections {
        if !self.carets.are_several() {
            return self.selections();
        }
        let active = self.carets.active;
        let (mut all, mut primary) = (Vec::new(), 0);
        for index in 0..self.carets.all.len() {
            self.activate(index);
            let own = self.selections();
            if index == self.carets.primary {
                primary = all.len() + own.primary_index();
            }
            all.extend(own.iter().copied());
        }
        self.activate(active);
        Selections::new(all, primary)
    }

    /// Leaves the carets that are not wanted, by their index, and makes one of those that have come
    /// together. The primary one stays, and is the active one.
    fn keep_carets(&mut self, is_wanted: impl Fn(usize) -> bool) {
        if !self.carets.are_several() {
            return;
        }
        self.activate(self.carets.primary);
        self.swap_active();
        let primary = self.carets.primary;
        let all = take(&mut self.carets.all).into_iter().enumerate();
        let mut kept: Vec<(Caret, bool)> = all
            .filter(|(index, caret)| {
                *index == primary || (is_wanted(*index) && !caret.is_swallowed)
            })
            .map(|(index, caret)| (caret, index == primary))
            .collect();
        kept.sort_by_key(|(caret, _)| self.extent(caret).start);
        let mut apart: Vec<(Caret, bool)> = Vec::with_capacity(kept.len());
        for (caret, is_primary) in kept {
            let own = self.extent(&caret);
            let meets = |last: &(Caret, bool)| self.extent(&last.0).end > own.start;
            match apart.pop_if(|last| meets(last)) {
                Some((last, was_primary)) => {
                    let both = self.extent(&last);
                    let both = both.start..both.end.max(own.end);
                    let mut one = if is_primary { caret } else { last };
                    if self.mode.is_visual() {
                        one.span(both.start, both.end - 1);
                    }
                    apart.push((one, is_primary || was_primary));
                }
                None => apart.push((caret, is_primary)),
            }
        }
        let primary = apart.iter().position(|(_, is_primary)| *is_primary);
        let primary = primary.unwrap_or(0);
        self.carets.all = apart.into_iter().map(|(caret, _)| caret).collect();
        (self.carets.active, self.carets.primary) = (primary, primary);
        self.swap_active();
        if self.carets.all.len() == 1 {
            self.carets.all.clear();
        }
    }

    /// What a caret must have for itself: the bytes from the first that it selects to behind the
    /// last, or its place.
    fn extent(&self, caret: &Caret) -> Range<usize> {
        let (low, high) = (
            caret.cursor.min(caret.anchor),
            caret.cursor.max(caret.anchor),
        );
        match self.mode {
            Mode::Visual => low..high + 1,
            Mode::VisualLine => self.line_start(self.row(low))..self.line_end(self.row(high)) + 1,
            // Blocks beside each other hold parts of the same lines.
            _ => caret.cursor..caret.cursor + 1,
        }
    }

    /// After a command of one caret: the others may have come together.
    pub(crate) fn settle_carets(&mut self) {
        self.keep_carets(|_| true);
    }

    /// Takes the carets that something other than a key left. The primary one has been taken, and
    /// the mode is that of all.
    pub(crate) fn adopt_carets(&mut self, selections: &Selections) {
        let sessions = self.sessions(selections.len());
        self.carets.keep_active();
        if selections.len() == 1 {
            return;
        }
        let primary = Caret::of(self);
        let mut all = Vec::with_capacity(selections.len());
        for (index, selection) in selections.iter().enumerate() {
            if index == selections.primary_index() {
                all.push(primary.clone());
                continue;
            }
            self.take_selection(selection);
            let insert = sessions.get(index).or(primary.insert.as_ref());
            all.push(Caret {
                insert: insert.map(|session| session.at(self.cursor)),
                past: None,
                ..Caret::of(self)
            });
        }
        primary.put_into(self);
        self.carets.all = all;
        let primary = selections.primary_index();
        (self.carets.active, self.carets.primary) = (primary, primary);
        self.settle_carets();
    }

    /// What each caret has typed since insert mode began, where there are so many.
    fn sessions(&mut self, count: usize) -> Vec<InsertSession> {
        if self.carets.all.len() != count {
            return Vec::new();
        }
        self.swap_active();
        let carets = self.carets.all.iter();
        let sessions = carets.filter_map(|caret| caret.insert.clone()).collect();
        self.swap_active();
        sessions
    }
}

impl Caret {
    /// The active one.
    fn of(vim: &Vim) -> Self {
        Self {
            cursor: vim.cursor,
            anchor: vim.anchor,
            want: vim.want,
            insert: vim.insert.clone(),
            past: vim.past,
            is_swallowed: false,
        }
    }

    fn put_into(self, vim: &mut Vim) {
        vim.cursor = self.cursor;
        vim.anchor = self.anchor;
        vim.want = self.want;
        vim.insert = self.insert;
        vim.past = self.past;
    }

    /// Selects from one byte to another, in the direction that it has.
    fn span(&mut self, first: usize, last: usize) {
        (self.anchor, self.cursor) = match self.cursor < self.anchor {
            true => (last, first),
            false => (first, last),
        };
    }
}

/// What a caret came to.
struct Ended {
    turn: Turn,
    registers: Registers,
    effects: Vec<Effect>,
}

/// The caret whose state is that of all: the primary one, unless it alone is still in the mode that
/// it was in, or it is one with the caret before it.
fn leader(ended: &[Option<Ended>], primary: usize, mode: Mode) -> usize {
    let acted = |index: &usize| ended[*index].is_some();
    let is_new = |index: &usize| {
        let ended = ended[*index].as_ref();
        ended.is_some_and(|ended| ended.turn.mode != mode)
    };
    let all = 0..ended.len();
    [primary]
        .into_iter()
        .chain(all)
        .find(is_new)
        .or_else(|| (0..=primary).rev().find(acted))
        .unwrap_or(0)
}

/// The changes of the carets, each made to the text that the one before left, as one change a step
/// of undo.
fn joined(edits: Vec<Transaction>, before: Selections, after: Selections) -> Vec<Transaction> {
    let mut steps: Vec<Vec<Transaction>> = Vec::new();
    for edit in edits {
        match steps.last_mut() {
            Some(step) if step[0].intent == edit.intent => step.push(edit),
            _ => steps.push(vec![edit]),
        }
    }
    let mut all: Vec<Transaction> = steps.into_iter().flat_map(in_one).collect();
    if let Some(first) = all.first_mut() {
        first.selections_before = before;
    }
    if let Some(last) = all.last_mut() {
        last.selections_after = after;
    }
    all
}

/// Changes of one step of undo as one, where that can be; else as they are.
fn in_one(step: Vec<Transaction>) -> Vec<Transaction> {
    if step.len() == 1 {
        return step;
    }
    let whole = in_order(&step).or_else(|| {
        let mut changes = step.iter().map(|edit| edit.changes.clone());
        let first = changes.next()?;
        changes.try_fold(first, |whole, next| whole.compose(next).ok())
    });
    let Some(changes) = whole else {
        return step;
    };
    let mut step = step.into_iter();
    let first = step.next().map(|first| Transaction { changes, ..first });
    first.into_iter().collect()
}

/// The same in one pass where each change lies behind those before it, as with carets that change
/// the text around them alone; composing a thousand changes one by one takes the square of that.
fn in_order(step: &[Transaction]) -> Option<ChangeSet> {
    let len = step.first()?.changes.len_before();
    // Bytes that were added and taken away so far, and where the last change ends.
    let (mut added, mut removed, mut end) = (0, 0, 0);
    let mut edits = Vec::new();
    for transaction in step {
        let (more, less) = (added, removed);
        let mut new_end = end;
        for edit in transaction.changes.edits() {
            if edit.old_range.start < end {
                return None;
            }
            let old = |at: usize| at + less - more;
            edits.push(Edit::new(
                old(edit.old_range.start)..old(edit.old_range.end),
                edit.text,
            ));
            added += edit.text.len();
            removed += edit.old_range.len();
            new_end = edit.new_range.end;
        }
        end = new_end;
    }
    ChangeSet::from_edits(len, edits).ok()
}
