use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use editor_core::{ChangeSet, EditIntent, Selections, Transaction};

use crate::HistoryMove;

/// This many changes are kept for results that come back late and for the journal; what is older
/// is not mapped, and not journaled.
const MAX_RECENT: usize = 256;

/// A change that led to a version of a text, with all that makes it the same step of the same
/// history when it is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub version: u64,
    pub changes: Arc<ChangeSet>,
    pub before: Selections,
    pub after: Selections,
    pub way: Way,
}

/// How a change came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Edit { intent: EditIntent, at: Duration },
    Move(HistoryMove),
}

impl Made {
    /// The change as an edit.
    pub fn transaction(&self) -> Transaction {
        Transaction {
            changes: ChangeSet::clone(&self.changes),
            selections_before: self.before.clone(),
            selections_after: self.after.clone(),
            intent: match self.way {
                Way::Edit { intent, .. } => intent,
                Way::Move(_) => EditIntent::Other,
            },
        }
    }
}

/// The newest changes of one buffer. What is written down of them while the program comes to a bad
/// end is read by whatever thread does that; nobody else waits for the lock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recent(Arc<Mutex<VecDeque<Made>>>);

impl Recent {
    pub fn push(&self, made: Made) {
        let mut recent = self.lock();
        if recent.len() == MAX_RECENT {
            recent.pop_front();
        }
        recent.push_back(made);
    }

    /// The changes after a version up to `now`, oldest first; `None` where some are forgotten.
    pub fn after(&self, version: u64, now: u64) -> Option<Vec<Made>> {
        let missing = usize::try_from(now.checked_sub(version)?).ok()?;
        let recent = self.lock();
        let first = recent.len().checked_sub(missing)?;
        Some(recent.range(first..).cloned().collect())
    }

    /// The changes after a version, as far as they are at hand at this moment, without waiting.
    pub fn after_now(&self, version: u64) -> Vec<Made> {
        let recent = match self.0.try_lock() {
            Ok(recent) => recent,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return Vec::new(),
        };
        let newer = recent.iter().filter(|made| made.version > version);
        newer.cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Made>> {
        // What a thread that panicked left is whole: a change is pushed or not.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
