use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use editor_core::{ChangeSet, EditIntent, Moment, Selections, Transaction};

use crate::HistoryMove;

/// This many changes are kept for results that come back late; what is older is not mapped.
const MAX_RECENT: usize = 256;

/// All changes that are kept, those too that are on no disk yet, take about so many bytes together,
/// but for the newest.
const MAX_RECENT_BYTES: usize = 64 * 1024 * 1024;

/// A change that led to a version of a text, with all that makes it the same step of the same
/// history when it is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub version: u64,
    pub changes: ChangeSet,
    pub before: Selections,
    pub after: Selections,
    pub way: Way,
}

/// How a change came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Edit { intent: EditIntent, at: Moment },
    Move(HistoryMove),
}

impl Made {
    /// About how long its record in a journal is, and what it takes in memory, in bytes.
    pub fn bytes(&self) -> usize {
        const RECORD: usize = 48;
        /// Where it is, what it keeps and deletes, and the length of what it inserts.
        const EDIT: usize = 40;
        const SELECTION: usize = 16;
        let edits = self.changes.edits();
        let changes: usize = edits.map(|edit| EDIT + edit.text.len()).sum();
        RECORD + changes + (self.before.len() + self.after.len()) * SELECTION
    }

    /// The change as an edit.
    pub fn transaction(&self) -> Transaction {
        Transaction {
            changes: self.changes.clone(),
            selections_before: self.before.clone(),
            selections_after: self.after.clone(),
            intent: match self.way {
                Way::Edit { intent, .. } => intent,
                Way::Move(_) => EditIntent::Other,
            },
        }
    }
}

/// The newest changes of one buffer. The workspace's thread adds to them with each key; the thread
/// that writes the journal, and one that panics, read them. So the lock is held for no longer than
/// it takes to point to them: a change may be as long as the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Recent(Arc<Mutex<Newest>>);

#[derive(Debug, Default)]
struct Newest {
    all: VecDeque<Arc<Made>>,
    /// What they take, in bytes.
    bytes: usize,
    /// The version that is on the disk, in the file or in a journal.
    on_disk: u64,
}

impl Newest {
    fn forget_old(&mut self) {
        while let Some(oldest) = self.all.front() {
            let too_many = self.all.len() > MAX_RECENT && oldest.version <= self.on_disk;
            let too_much = self.bytes > MAX_RECENT_BYTES && self.all.len() > 1;
            if !too_many && !too_much {
                break;
            }
            self.bytes -= oldest.bytes();
            self.all.pop_front();
        }
    }
}

impl Recent {
    pub fn push(&self, made: Made) {
        let mut recent = self.lock();
        recent.bytes += made.bytes();
        recent.all.push_back(Arc::new(made));
        recent.forget_old();
    }

    /// Says that a version is on the disk: the changes up to it need not be kept for a journal.
    pub fn is_on_disk(&self, version: u64) {
        let mut recent = self.lock();
        recent.on_disk = recent.on_disk.max(version);
        recent.forget_old();
    }

    /// The changes after a version up to `now`, oldest first; `None` where some are forgotten.
    pub fn after(&self, version: u64, now: u64) -> Option<Vec<Arc<Made>>> {
        let missing = usize::try_from(now.checked_sub(version)?).ok()?;
        let recent = &self.lock().all;
        let first = recent.len().checked_sub(missing)?;
        Some(recent.range(first..).cloned().collect())
    }

    /// The same as [`Recent::after`], where they are few enough to carry a result over them that
    /// comes late.
    pub fn few_after(&self, version: u64, now: u64) -> Option<Vec<Arc<Made>>> {
        let few = now.checked_sub(version)? <= MAX_RECENT as u64;
        few.then(|| self.after(version, now)).flatten()
    }

    /// All changes after a version, oldest first; `None` where some are forgotten.
    pub fn all_after(&self, version: u64) -> Option<Vec<Arc<Made>>> {
        let recent = self.lock();
        let newer = recent.all.iter().filter(|made| made.version > version);
        let newer: Vec<Arc<Made>> = newer.cloned().collect();
        let follows = |first: &Arc<Made>| first.version == version + 1;
        newer.first().is_none_or(follows).then_some(newer)
    }

    /// The changes after a version, as far as they are at hand at this moment, without waiting.
    pub fn after_now(&self, version: u64) -> Vec<Arc<Made>> {
        let recent = match self.0.try_lock() {
            Ok(recent) => recent,
            Err(std::sync::TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(std::sync::TryLockError::WouldBlock) => return Vec::new(),
        };
        let newer = recent.all.iter().filter(|made| made.version > version);
        newer.cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Newest> {
        // What a thread that panicked left is whole: a change is pushed or not.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
