use std::time::Duration;

use crate::{ChangeSet, EditIntent, Selections, Text, Transaction};

/// Edits of one intent that are no further apart than this are undone together.
pub const GROUP_PAUSE: Duration = Duration::from_millis(300);

/// One undo never takes back more edits than this, however fast they came.
const MAX_GROUP: usize = 1000;

/// A state of a text in its history. Two equal revisions of one history are the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Revision(u64);

struct Step {
    forward: ChangeSet,
    inverse: ChangeSet,
}

struct Group {
    steps: Vec<Step>,
    selections_before: Selections,
    selections_after: Selections,
    intent: EditIntent,
    last_at: Duration,
    revision_before: Revision,
    revision_after: Revision,
}

/// What was done to one text, and the way back.
///
/// Transactions of the same intent ([`EditIntent::Typing`], [`EditIntent::Deleting`]) within
/// [`GROUP_PAUSE`] of each other, with the carets where the last one left them, are one group and
/// are undone at once. The history knows no clock: the caller says when an edit happened.
pub struct History {
    undo: Vec<Group>,
    redo: Vec<Group>,
    open: bool,
    current: Revision,
    last_given: u64,
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}

impl History {
    /// A history in which nothing has happened.
    pub fn new() -> Self {
        Self {
            undo: Vec::new(),
            redo: Vec::new(),
            open: false,
            current: Revision(0),
            last_given: 0,
        }
    }

    /// Records a transaction that is being applied to `before`, at a monotonic time. What could be
    /// redone is forgotten. A transaction that changes nothing is not recorded.
    pub fn push(&mut self, transaction: &Transaction, before: &Text, at: Duration) {
        if transaction.is_empty() {
            return;
        }
        self.redo.clear();
        let revision_before = self.current;
        self.last_given += 1;
        self.current = Revision(self.last_given);
        let step = Step {
            forward: transaction.changes.clone(),
            inverse: transaction.changes.invert(before),
        };
        if self.open
            && let Some(group) = self.undo.last_mut()
            && group.takes(transaction, at)
        {
            group.steps.push(step);
            group.selections_after = transaction.selections_after.clone();
            group.last_at = at;
            group.revision_after = self.current;
            return;
        }
        if let Some(finished) = self.undo.last_mut() {
            finished.compact();
        }
        self.undo.push(Group {
            steps: vec![step],
            selections_before: transaction.selections_before.clone(),
            selections_after: transaction.selections_after.clone(),
            intent: transaction.intent,
            last_at: at,
            revision_before,
            revision_after: self.current,
        });
        self.open = true;
    }

    /// The transaction that takes the last group back, to be applied to the current text; `None`
    /// where there is nothing to undo.
    pub fn undo(&mut self) -> Option<Transaction> {
        self.open = false;
        let mut group = self.undo.pop()?;
        group.compact();
        let transaction = Transaction {
            changes: group.steps.first()?.inverse.clone(),
            selections_before: group.selections_after.clone(),
            selections_after: group.selections_before.clone(),
            intent: EditIntent::Other,
        };
        self.current = group.revision_before;
        self.redo.push(group);
        Some(transaction)
    }

    /// The transaction that does again what was undone last; `None` where there is nothing.
    pub fn redo(&mut self) -> Option<Transaction> {
        self.open = false;
        let group = self.redo.pop()?;
        let transaction = Transaction {
            changes: group.steps.first()?.forward.clone(),
            selections_before: group.selections_before.clone(),
            selections_after: group.selections_after.clone(),
            intent: EditIntent::Other,
        };
        self.current = group.revision_after;
        self.undo.push(group);
        Some(transaction)
    }

    /// Whether there is something to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to redo.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Ends the open group: the next transaction begins a new one.
    pub fn break_group(&mut self) {
        self.open = false;
    }

    /// The state that the text is in. It comes back when edits are undone, so that a saved
    /// revision tells whether the text is as saved; end the group when saving.
    pub fn revision(&self) -> Revision {
        self.current
    }
}

impl Group {
    fn takes(&self, transaction: &Transaction, at: Duration) -> bool {
        let follows = self
            .steps
            .last()
            .is_some_and(|step| step.forward.len_after() == transaction.changes.len_before());
        follows
            && self.intent != EditIntent::Other
            && self.intent == transaction.intent
            && at.saturating_sub(self.last_at) <= GROUP_PAUSE
            && self.steps.len() < MAX_GROUP
            && self
                .selections_after
                .same_places(&transaction.selections_before)
    }

    /// Makes one step of all, to keep less and to have one change to give back.
    fn compact(&mut self) {
        if self.steps.len() < 2 {
            return;
        }
        let forward = self.steps.iter().map(|step| step.forward.clone());
        let inverse = self.steps.iter().rev().map(|step| step.inverse.clone());
        // The steps follow one another (see `takes`), so composing them does not fail.
        if let (Ok(forward), Ok(inverse)) = (
            ChangeSet::compose_all(0, forward.collect()),
            ChangeSet::compose_all(0, inverse.collect()),
        ) {
            self.steps = vec![Step { forward, inverse }];
        }
    }
}
