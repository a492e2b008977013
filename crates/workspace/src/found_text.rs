//! What an unsaved text makes of its file, found before it is put back.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use editor_core::{History, Removed, Selections, Text, Transaction, change_between};

/// How one text becomes another. To find that takes as long as the two are long; to take it over does
/// not.
pub(crate) struct FoundText {
    /// The one.
    from: Text,
    /// The other.
    pub to: Text,
    pub transaction: Transaction,
    /// What the transaction takes out.
    pub removed: Removed,
    /// The undo history of the other, until it is taken.
    history: Mutex<Option<History>>,
    /// There was one: changes are to be made to the other text.
    has_changes: bool,
}

impl FoundText {
    pub fn new(from: Text, to: Text, history: Option<History>) -> Self {
        let changes = change_between(&from, &to);
        Self {
            removed: changes.removed(&from),
            transaction: Transaction::from_changes(changes, &Selections::caret(0)),
            from,
            to,
            has_changes: history.is_some(),
            history: Mutex::new(history),
        }
    }

    /// Whether it is the difference between these two. Tells it at once, and may not know it of texts
    /// that were read apart.
    pub fn is_between(&self, from: &Text, to: &Text) -> bool {
        let same = |one: &Text, other: &Text| {
            one.is_clone_of(other) || (one.is_empty() && other.is_empty())
        };
        same(&self.from, from) && same(&self.to, to)
    }

    /// Whether the other text is what is to come back; else, where it has its undo history, the changes
    /// of the journal are still to be made to it, whether the history is taken or not.
    pub fn is_whole(&self) -> bool {
        !self.has_changes
    }

    /// The undo history, once.
    pub fn take_history(&self) -> Option<History> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<History>> {
        // It is there or not.
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FoundText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths = (self.from.len(), self.to.len());
        f.debug_tuple("FoundText").field(&lengths).finish()
    }
}
