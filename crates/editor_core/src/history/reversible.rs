use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use crate::change_builder::ChangeBuilder;
use crate::{ChangeSet, Text};

/// One replacement of a [`Reversible`]. The two texts lie one after the other in its pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Splice {
    /// Where it is in the text before, in bytes.
    pub at: usize,
    /// Bytes taken away there.
    pub deleted: usize,
    /// Bytes put in their place.
    pub inserted: usize,
}

/// A change that knows what it took away, so that it can be made and taken back with no text at
/// hand. All its texts share one allocation, since a history keeps very many of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reversible {
    splices: SmallVec<[Splice; 1]>,
    /// For each splice the deleted text, then the inserted one.
    pool: Box<str>,
    len_before: usize,
}

/// Which way a [`Reversible`] is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

impl Reversible {
    /// A change together with the one that takes it back.
    pub fn of_pair(forward: &ChangeSet, backward: &ChangeSet) -> Self {
        // Both keep the same bytes, so that what is between these is the same number of edits.
        let pairs = forward.edits().zip(backward.edits());
        let mut pool = String::new();
        let splices = pairs
            .map(|(made, taken_back)| {
                pool.push_str(taken_back.text);
                pool.push_str(made.text);
                Splice {
                    at: made.old_range.start,
                    deleted: taken_back.text.len(),
                    inserted: made.text.len(),
                }
            })
            .collect();
        Self {
            splices,
            pool: pool.into_boxed_str(),
            len_before: forward.len_before(),
        }
    }

    /// One replacement in a text of `len_before` bytes.
    pub fn of_splice(at: usize, deleted: String, inserted: String, len_before: usize) -> Self {
        let splice = Splice {
            at,
            deleted: deleted.len(),
            inserted: inserted.len(),
        };
        let mut pool = deleted;
        if pool.is_empty() {
            pool = inserted;
        } else {
            pool.push_str(&inserted);
        }
        Self {
            splices: smallvec![splice],
            pool: pool.into_boxed_str(),
            len_before,
        }
    }

    /// A change from outside, for a text that is not at hand yet. `None` where the splices are not
    /// in order, do not fit their texts, or part a character.
    pub fn from_parts(splices: Vec<Splice>, pool: String) -> Option<Self> {
        let (mut at, mut used) = (0usize, 0usize);
        for splice in &splices {
            if splice.at < at {
                return None;
            }
            at = splice.at.checked_add(splice.deleted)?;
            for len in [splice.deleted, splice.inserted] {
                used = used.checked_add(len)?;
                if !pool.is_char_boundary(used) {
                    return None;
                }
            }
        }
        (used == pool.len()).then(|| Self {
            splices: splices.into(),
            pool: pool.into_boxed_str(),
            len_before: 0,
        })
    }

    /// The replacements, in order.
    pub fn splices(&self) -> &[Splice] {
        &self.splices
    }

    /// The deleted and inserted texts of all replacements, one after the other.
    pub fn pool(&self) -> &str {
        &self.pool
    }

    /// For each replacement its place in the text before, what it deletes and what it inserts.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &str, &str)> {
        let mut used = 0;
        self.splices.iter().map(move |splice| {
            let inserted = used + splice.deleted;
            let end = inserted + splice.inserted;
            let texts = (&self.pool[used..inserted], &self.pool[inserted..end]);
            used = end;
            (splice.at, texts.0, texts.1)
        })
    }

    /// Memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        self.pool.len() + self.splices.len() * size_of::<Splice>()
    }

    /// As a change set.
    pub fn changes(&self, direction: Direction) -> ChangeSet {
        let mut changes = ChangeBuilder::default();
        let mut at = 0;
        for (start, deleted, inserted) in self.parts() {
            changes.retain(start - at);
            let (gone, new) = match direction {
                Direction::Forward => (deleted, inserted),
                Direction::Backward => (inserted, deleted),
            };
            changes.insert(new);
            changes.delete(gone.len());
            at = start + deleted.len();
        }
        changes.retain(self.len_before.saturating_sub(at));
        changes.finish()
    }

    /// Makes the change in a text where what is taken away is what it remembers; `None` where it
    /// is not. Learns the length of the text that it belongs to.
    pub fn check_and_apply(&mut self, text: &Text, direction: Direction) -> Option<Text> {
        // From the front, so that places before a splice are as after the change.
        let mut result = text.clone();
        let (mut grown, mut shrunk) = (0usize, 0usize);
        for (start, deleted, inserted) in self.parts() {
            let (at, gone, new) = match direction {
                Direction::Forward => (
                    start.checked_add(grown)?.checked_sub(shrunk)?,
                    deleted,
                    inserted,
                ),
                Direction::Backward => (start, inserted, deleted),
            };
            let range = at..at.checked_add(gone.len())?;
            if !holds(&result, range.clone(), gone) {
                return None;
            }
            let rope = result.rope_mut();
            rope.try_remove(range).ok()?;
            rope.try_insert(at, new).ok()?;
            grown += inserted.len();
            shrunk += deleted.len();
        }
        self.len_before = match direction {
            Direction::Forward => text.len(),
            Direction::Backward => result.len(),
        };
        Some(result)
    }
}

/// Whether a range of a text, between characters, is `expected`.
fn holds(text: &Text, range: Range<usize>, expected: &str) -> bool {
    if !text.is_char_boundary(range.start) || !text.is_char_boundary(range.end) {
        return false;
    }
    let mut rest = expected.as_bytes();
    text.chunks(range).all(|chunk| {
        let same = rest.get(..chunk.len()) == Some(chunk.as_bytes());
        rest = rest.get(chunk.len()..).unwrap_or_default();
        same
    }) && rest.is_empty()
}
