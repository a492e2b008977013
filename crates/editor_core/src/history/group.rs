use std::time::SystemTime;

use super::group_changes::GroupChanges;
use super::reversible::Reversible;
use super::{GROUP_PAUSE, Moment};
use crate::{ChangeSet, EditIntent, EditSession, Removed, Selections, Transaction};

/// One undo never takes back more edits than this, however fast they came, unless they are those of
/// a [session](EditIntent::Session).
const MAX_EDITS: u32 = 1000;

/// A group with more bytes of text than this takes no more edits, with the same exception. So what a
/// log writes again while a group goes on stays small.
const MAX_TEXT: usize = 256 * 1024;

/// A session with more bytes of text than this goes on in another group: a step that is larger than
/// what a history may keep would be dropped as soon as it ends, with all that was typed.
const MAX_SESSION_TEXT: usize = 16 * 1024 * 1024;

/// A group of edits that are undone together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub change: Reversible,
    pub selections_before: Selections,
    pub selections_after: Selections,
    /// How many edits it is made of, at least 1.
    pub edits: u32,
    /// When the last of them was made, where that is known.
    pub made_at: Option<SystemTime>,
}

impl Step {
    /// Memory that it takes with its place in the tree, in bytes.
    pub fn bytes(&self) -> usize {
        const NODE: usize = 256;
        let selections = self.selections_before.len() + self.selections_after.len();
        NODE + self.change.bytes() + selections * size_of::<crate::Selection>()
    }
}

/// The group that edits are still being added to.
pub(super) struct OpenGroup {
    changes: GroupChanges,
    /// Of the text that the edits led to.
    len_after: usize,
    text_bytes: usize,
    selections_before: Selections,
    selections_after: Selections,
    intent: EditIntent,
    last_at: Moment,
    edits: u32,
}

impl OpenGroup {
    pub fn new(transaction: &Transaction, removed: &Removed, at: Moment) -> Self {
        Self {
            text_bytes: text_bytes(&transaction.changes),
            changes: GroupChanges::new(&transaction.changes, removed),
            len_after: transaction.changes.len_after(),
            selections_before: transaction.selections_before.clone(),
            selections_after: transaction.selections_after.clone(),
            intent: transaction.intent,
            last_at: at,
            edits: 1,
        }
    }

    /// Whether a transaction continues the group.
    pub fn takes(&self, transaction: &Transaction, at: Moment) -> bool {
        let follows = self.len_after == transaction.changes.len_before();
        let has_room = self.edits < MAX_EDITS && self.text_bytes <= MAX_TEXT;
        let belongs = match transaction.intent {
            EditIntent::Session(_) => {
                self.intent == transaction.intent && self.text_bytes <= MAX_SESSION_TEXT
            }
            EditIntent::Continue => has_room,
            EditIntent::Other => false,
            EditIntent::Typing | EditIntent::Deleting => {
                has_room
                    && self.intent == transaction.intent
                    && at.monotonic.saturating_sub(self.last_at.monotonic) <= GROUP_PAUSE
                    && self
                        .selections_after
                        .same_places(&transaction.selections_before)
            }
        };
        follows && belongs
    }

    /// Adds a transaction that the group [takes](Self::takes).
    pub fn push(&mut self, transaction: &Transaction, removed: &Removed, at: Moment) {
        self.text_bytes += text_bytes(&transaction.changes);
        self.changes.push(&transaction.changes, removed);
        self.len_after = transaction.changes.len_after();
        self.selections_after = transaction.selections_after.clone();
        self.last_at = at;
        self.edits += 1;
    }

    /// The session that the group is of.
    pub fn session(&self) -> Option<EditSession> {
        match self.intent {
            EditIntent::Session(session) => Some(session),
            _ => None,
        }
    }

    pub fn edits(&self) -> u32 {
        self.edits
    }

    /// When the last edit was made, where that is known.
    pub fn made_at(&self) -> Option<SystemTime> {
        self.last_at.time
    }

    /// The group at its end.
    pub fn into_step(self) -> Step {
        Step {
            change: self.changes.into_reversible(),
            selections_before: self.selections_before,
            selections_after: self.selections_after,
            edits: self.edits,
            made_at: self.last_at.time,
        }
    }

    /// The group as it is now.
    pub fn step(&self) -> Step {
        Step {
            change: self.changes.reversible(),
            selections_before: self.selections_before.clone(),
            selections_after: self.selections_after.clone(),
            edits: self.edits,
            made_at: self.last_at.time,
        }
    }
}

fn text_bytes(changes: &ChangeSet) -> usize {
    changes
        .edits()
        .map(|edit| edit.old_range.len() + edit.text.len())
        .sum()
}
