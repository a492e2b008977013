//! Random editing with undo, branches and reloads, against a model that keeps every state as a
//! plain string.

use std::collections::BTreeMap;
use std::time::Duration;

use test_support::Random;

use crate::{
    Edit, EditIntent, History, LogCursor, NodeId, SavedHistory, Selection, Selections, Text,
    Transaction,
};

struct State {
    parent: Option<NodeId>,
    children: Vec<NodeId>,
    next: Option<NodeId>,
    text: String,
    before: Selections,
    after: Selections,
}

struct Model {
    states: BTreeMap<NodeId, State>,
    current: NodeId,
    text: String,
}

impl Model {
    fn state(&self) -> &State {
        &self.states[&self.current]
    }

    /// The states from the root to one.
    fn path(&self, to: NodeId) -> Vec<NodeId> {
        let mut path = vec![to];
        while let Some(parent) = self.states[&path[path.len() - 1]].parent {
            path.push(parent);
        }
        path.reverse();
        path
    }

    /// Where the nearest fork leads next.
    fn other_branch(&self) -> Option<NodeId> {
        let path = self.path(self.current);
        let (depth, fork) = path
            .iter()
            .enumerate()
            .rev()
            .find(|(_, id)| self.states[id].children.len() > 1)?;
        let fork = &self.states[fork];
        let taken = path.get(depth + 1).copied().or(fork.next)?;
        let index = fork.children.iter().position(|id| *id == taken)?;
        let last = fork.children.len() - 1;
        let mut end = fork.children[index.checked_sub(1).unwrap_or(last)];
        while let Some(next) = self.states[&end].next {
            end = next;
        }
        Some(end)
    }

    /// Moves to a state; gives the carets to expect.
    fn go_to(&mut self, to: NodeId) -> Selections {
        let from = self.path(self.current);
        let path = self.path(to);
        let common = from.iter().zip(&path).take_while(|(a, b)| a == b).count();
        for pair in path[common - 1..].windows(2) {
            self.states.get_mut(&pair[0]).unwrap().next = Some(pair[1]);
        }
        let carets = match path.len() > common {
            true => self.states[&to].after.clone(),
            false => self.states[&from[common]].before.clone(),
        };
        self.current = to;
        self.text = self.states[&to].text.clone();
        carets
    }
}

struct Session {
    random: Random,
    history: History,
    text: Text,
    selections: Selections,
    now: Duration,
    model: Model,
    log: Vec<u8>,
    cursor: Option<LogCursor>,
}

impl Session {
    fn new(seed: u64) -> Self {
        let start = "one two\nthree é 👩‍👧\n";
        let history = History::new();
        let root = history.revision().node();
        let carets = Selections::caret(0);
        Self {
            random: Random::new(seed),
            text: Text::new(start),
            selections: carets.clone(),
            now: Duration::ZERO,
            model: Model {
                states: BTreeMap::from([(
                    root,
                    State {
                        parent: None,
                        children: Vec::new(),
                        next: None,
                        text: start.to_owned(),
                        before: carets.clone(),
                        after: carets,
                    },
                )]),
                current: root,
                text: start.to_owned(),
            },
            history,
            log: Vec::new(),
            cursor: None,
        }
    }

    fn place(&mut self) -> usize {
        let at = self.random.below(self.text.len() + 1);
        self.text.floor_char_boundary(at)
    }

    /// An edit at one to four carets, sometimes where the last one left them.
    fn edit(&mut self) {
        const PIECES: &[&str] = &["a", "bc", "\n", "é", "日本", " ", "👩‍👧", "\r\n"];
        self.now += Duration::from_millis(self.random.below(400) as u64);
        let typing = self.random.below(2) == 0;
        if self.random.below(3) == 0 {
            let count = 1 + self.random.below(4);
            let carets = (0..count).map(|_| Selection::new(self.place(), self.place()));
            self.selections = Selections::new(carets.collect(), 0);
        }
        let long = self.text.len() > 150;
        let edits: Vec<Edit> = self
            .selections
            .iter()
            .map(|one| {
                let piece = PIECES[self.random.below(PIECES.len())];
                Edit::new(one.range(), if long { "" } else { piece })
            })
            .collect();
        let (mut expected, mut at) = (String::new(), 0);
        for edit in &edits {
            expected.push_str(&self.model.text[at..edit.range.start]);
            expected.push_str(&edit.text);
            at = edit.range.end;
        }
        expected.push_str(&self.model.text[at..]);
        let mut transaction = Transaction::from_edits(&self.text, &self.selections, edits).unwrap();
        if typing {
            transaction.intent = EditIntent::Typing;
        }
        if transaction.is_empty() {
            return;
        }
        let removed = transaction.changes.removed(&self.text);
        self.history.push(&transaction, &removed, self.now);
        let id = self.history.revision().node();
        let after = transaction.selections_after.clone();
        self.model.text = expected.clone();
        if id == self.model.current {
            let state = self.model.states.get_mut(&id).unwrap();
            (state.text, state.after) = (expected, after);
        } else {
            let parent = self.model.current;
            let above = self.model.states.get_mut(&parent).unwrap();
            above.children.push(id);
            above.next = Some(id);
            let state = State {
                parent: Some(parent),
                children: Vec::new(),
                next: None,
                text: expected,
                before: transaction.selections_before.clone(),
                after,
            };
            assert!(self.model.states.insert(id, state).is_none());
            self.model.current = id;
        }
        self.text = transaction.changes.apply(&self.text).unwrap();
        self.selections = transaction.selections_after;
    }

    fn moved(&mut self, transaction: Option<Transaction>, expected: Option<NodeId>) {
        assert_eq!(transaction.is_some(), expected.is_some());
        let (Some(transaction), Some(expected)) = (transaction, expected) else {
            return;
        };
        let carets = self.model.go_to(expected);
        self.text = transaction.changes.apply(&self.text).unwrap();
        self.selections = transaction.selections_after;
        assert!(self.selections.same_places(&carets));
    }

    /// Writes the history, anew or to the end of the log.
    fn write(&mut self) {
        let batch = match &self.cursor {
            Some(cursor) => self.history.log_since(cursor, &self.text),
            None => self.history.log(&self.text),
        };
        if batch.is_whole() {
            self.log.clear();
        }
        self.log.extend(batch.encode(usize::MAX));
        self.cursor = Some(batch.cursor().clone());
    }

    /// As after a restart: the history is what the log has, and a group does not go on.
    fn reload(&mut self) {
        self.write();
        let saved = SavedHistory::read(&self.log).unwrap();
        assert_eq!(saved.bytes_read(), self.log.len());
        self.history = saved.restore(&self.text).unwrap();
    }

    fn step(&mut self) {
        let (current, states) = (self.model.current, &self.model.states);
        match self.random.below(40) {
            0..18 => self.edit(),
            18..25 => {
                let undone = self.history.undo();
                self.moved(undone, self.model.state().parent);
            }
            25..30 => {
                let redone = self.history.redo();
                self.moved(redone, self.model.state().next);
            }
            30..33 => {
                let expected = states.range(..current).next_back().map(|(id, _)| *id);
                let transaction = self.history.earlier();
                self.moved(transaction, expected);
            }
            33..36 => {
                let expected = states.keys().find(|id| **id > current).copied();
                let transaction = self.history.later();
                self.moved(transaction, expected);
            }
            36..38 => {
                let expected = self.model.other_branch();
                let transaction = self.history.other_branch();
                self.moved(transaction, expected);
            }
            38 => self.history.break_group(),
            _ if self.random.below(8) == 0 => self.reload(),
            _ if self.random.below(2) == 0 => self.write(),
            _ => {
                let index = self.random.below(self.model.states.len());
                let to = *self.model.states.keys().nth(index).unwrap();
                let transaction = self.history.go_to(to);
                self.moved(transaction, Some(to).filter(|to| *to != self.model.current));
            }
        }
        assert_eq!(self.text, *self.model.text);
        assert_eq!(self.history.revision().node(), self.model.current);
    }
}

fn sessions(first: u64, count: u64, steps: usize) {
    for seed in first..first + count {
        let result = std::panic::catch_unwind(|| {
            let mut session = Session::new(seed);
            for _ in 0..steps {
                session.step();
            }
        });
        assert!(result.is_ok(), "the session with seed {seed} failed");
    }
}

#[test]
fn a_hundred_thousand_operations_are_as_in_plain_strings() {
    sessions(0, 100, 1000);
}

#[test]
#[ignore = "long; cargo xtask test --long"]
fn ten_million_operations_are_as_in_plain_strings() {
    sessions(1_000_000, 10_000, 1000);
}

#[test]
fn a_log_that_was_cut_or_damaged_gives_back_what_was_whole() {
    for seed in 0..20 {
        let mut session = Session::new(seed);
        let mut batches: Vec<(usize, String)> = Vec::new();
        for _ in 0..30 {
            for _ in 0..5 {
                session.edit();
            }
            session.write();
            batches.push((session.log.len(), session.text.to_string()));
        }
        for _ in 0..40 {
            let at = session.random.below(session.log.len());
            let mut damaged = session.log.clone();
            if session.random.below(2) == 0 {
                damaged.truncate(at);
            } else {
                damaged[at] ^= 1 << session.random.below(8);
            }
            let whole = batches.iter().rev().find(|(end, _)| *end <= at);
            match (SavedHistory::read(&damaged), whole) {
                (Err(_), None) => {}
                (Ok(saved), Some((end, text))) => {
                    assert_eq!(saved.bytes_read(), *end);
                    let mut text = Text::new(text);
                    let mut history = saved.restore(&text).unwrap();
                    while let Some(undone) = history.undo() {
                        text = undone.changes.apply(&text).unwrap();
                    }
                    let first = &session.model.states.values().next().unwrap().text;
                    assert_eq!(text, **first);
                }
                (read, whole) => panic!("{read:?} though {whole:?} was whole"),
            }
        }
    }
}

#[test]
fn a_history_is_given_back_in_any_state_that_was_written_and_to_no_other_text() {
    let mut session = Session::new(7);
    let mut written = Vec::new();
    for _ in 0..10 {
        session.edit();
        session.history.break_group();
        session.write();
        written.push(session.text.clone());
    }
    let read = || SavedHistory::read(&session.log).unwrap();
    for text in &written {
        let mut history = read().restore(text).unwrap();
        let mut at = text.clone();
        while let Some(redone) = history.redo() {
            at = redone.changes.apply(&at).unwrap();
        }
        assert_eq!(at, session.text);
    }
    assert!(read().restore(&Text::new("something else")).is_none());
    assert!(SavedHistory::read(b"something else").is_err());
}

#[test]
fn memory_and_bytes_stay_within_their_budgets_and_the_newest_is_kept() {
    let mut session = Session::new(3);
    session.history.set_budget(20_000);
    let mut texts = vec![session.text.clone()];
    for _ in 0..500 {
        session.edit();
        session.history.break_group();
        if texts.last() != Some(&session.text) {
            texts.push(session.text.clone());
        }
    }
    let bytes = session.history.log(&session.text).encode(5_000);
    assert!(bytes.len() < 6_000, "{} bytes", bytes.len());
    let saved = SavedHistory::read(&bytes).unwrap();
    let histories = [saved.restore(&session.text).unwrap(), session.history];
    for (mut history, least) in histories.into_iter().zip([5, 20]) {
        let mut text = session.text.clone();
        let mut undone = 0;
        while let Some(transaction) = history.undo() {
            text = transaction.changes.apply(&text).unwrap();
            undone += 1;
            assert_eq!(text, texts[texts.len() - 1 - undone]);
        }
        assert!((least..100).contains(&undone), "{undone} states were kept");
    }
}
