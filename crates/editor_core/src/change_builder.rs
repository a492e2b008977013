use smallvec::SmallVec;
use smol_str::SmolStr;

use crate::change_set::{ChangeSet, Replacement};

/// Makes a [`ChangeSet`] of operations from the start of a text to its end, in whatever order and
/// pieces they come between two kept runs. Costs O(operations + inserted bytes).
#[derive(Default)]
pub(crate) struct ChangeBuilder {
    done: SmallVec<[Replacement; 1]>,
    /// Bytes kept and deleted so far, and kept and inserted.
    len_before: usize,
    len_after: usize,
    /// Deleted and inserted since something was kept.
    deleted: usize,
    inserted: Inserted,
}

/// Text that mostly comes in one piece.
enum Inserted {
    One(SmolStr),
    Several(String),
}

impl Default for Inserted {
    fn default() -> Self {
        Self::One(SmolStr::default())
    }
}

impl Inserted {
    fn push(&mut self, text: impl AsRef<str> + Into<SmolStr>) {
        match self {
            Self::One(first) if first.is_empty() => *first = text.into(),
            Self::One(first) => *self = Self::Several([first, text.as_ref()].concat()),
            Self::Several(all) => all.push_str(text.as_ref()),
        }
    }

    fn take(&mut self) -> SmolStr {
        match std::mem::take(self) {
            Self::One(text) => text,
            Self::Several(text) => text.into(),
        }
    }
}

impl ChangeBuilder {
    /// Bytes that were kept or deleted so far.
    pub fn len_before(&self) -> usize {
        self.len_before
    }

    /// Bytes that were kept or inserted so far.
    pub fn len_after(&self) -> usize {
        self.len_after
    }

    pub fn retain(&mut self, len: usize) {
        if len > 0 {
            self.flush();
            self.len_before += len;
            self.len_after += len;
        }
    }

    pub fn insert(&mut self, text: impl AsRef<str> + Into<SmolStr>) {
        let len = text.as_ref().len();
        if len > 0 {
            self.len_after += len;
            self.inserted.push(text);
        }
    }

    pub fn delete(&mut self, len: usize) {
        self.len_before += len;
        self.deleted += len;
    }

    pub fn finish(mut self) -> ChangeSet {
        self.flush();
        ChangeSet::of(self.done, self.len_before, self.len_after)
    }

    fn flush(&mut self) {
        let inserted = self.inserted.take();
        if self.deleted > 0 || !inserted.is_empty() {
            let deleted = std::mem::take(&mut self.deleted);
            self.done.push(Replacement {
                at: self.len_before - deleted,
                deleted,
                inserted,
            });
        }
    }
}
