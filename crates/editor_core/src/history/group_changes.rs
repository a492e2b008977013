use super::reversible::Reversible;
use crate::change_set::Replacement;
use crate::{ChangeSet, Removed};

/// What the edits of a group did in all, without the text that they were made in: a text that
/// somebody else holds as well would be copied, a part at a time, by every edit.
pub(super) enum GroupChanges {
    /// One place that grows and shrinks, as when somebody types. An edit costs O(edit).
    Place(Place),
    /// Several places. An edit is composed O(log edits) times.
    Places(Runs),
}

/// A replacement: in a text of `len_before` bytes, `deleted` at a place by `inserted`.
#[derive(Clone)]
pub(super) struct Place {
    at: usize,
    deleted: String,
    inserted: String,
    len_before: usize,
}

/// The edits so far, each with what takes it back, composed in runs whose numbers of edits are
/// powers of two and fall.
pub(super) struct Runs(Vec<Run>);

struct Run {
    edits: u32,
    forward: ChangeSet,
    backward: ChangeSet,
}

impl GroupChanges {
    /// What a change does that takes `removed` away.
    pub fn new(changes: &ChangeSet, removed: &Removed) -> Self {
        let mut edits = changes.edits().zip(removed.iter());
        if let (Some((edit, deleted)), None) = (edits.next(), edits.next()) {
            return Self::Place(Place {
                at: edit.old_range.start,
                deleted: deleted.to_owned(),
                inserted: edit.text.to_owned(),
                len_before: changes.len_before(),
            });
        }
        Self::Places(Runs(vec![Run::of(changes, removed)]))
    }

    /// Adds a change of the text that the edits so far led to.
    pub fn push(&mut self, changes: &ChangeSet, removed: &Removed) {
        match self {
            Self::Place(place) => {
                if !place.takes(changes, removed) {
                    let mut runs = Runs(vec![place.run()]);
                    runs.push(Run::of(changes, removed));
                    *self = Self::Places(runs);
                }
            }
            Self::Places(runs) => runs.push(Run::of(changes, removed)),
        }
    }

    /// All of it as one change.
    pub fn reversible(&self) -> Reversible {
        match self {
            Self::Place(place) => place.clone().into_reversible(),
            Self::Places(runs) => runs.reversible(),
        }
    }

    /// All of it as one change, at its end.
    pub fn into_reversible(self) -> Reversible {
        match self {
            Self::Place(place) => place.into_reversible(),
            Self::Places(runs) => runs.reversible(),
        }
    }
}

impl Place {
    /// Takes a change that is one edit and touches the place; says whether it was.
    fn takes(&mut self, changes: &ChangeSet, removed: &Removed) -> bool {
        let mut edits = changes.edits().zip(removed.iter());
        let (Some((edit, removed)), None) = (edits.next(), edits.next()) else {
            return false;
        };
        let (start, end) = (edit.old_range.start, edit.old_range.end);
        let (from, to) = (self.at, self.at + self.inserted.len());
        if start > to || end < from {
            return false;
        }
        if start < from {
            self.deleted.insert_str(0, &removed[..from - start]);
            self.at = start;
        }
        if end > to {
            self.deleted.push_str(&removed[to - start..]);
        }
        let inside = start.saturating_sub(from)..end.min(to) - from;
        if inside.end == self.inserted.len() {
            self.inserted.truncate(inside.start);
            self.inserted.push_str(edit.text);
        } else {
            self.inserted.replace_range(inside, edit.text);
        }
        true
    }

    fn into_reversible(self) -> Reversible {
        Reversible::of_splice(self.at, self.deleted, self.inserted, self.len_before)
    }

    fn run(&self) -> Run {
        let replacement = |gone: &str, new: &str, len_before| {
            let replacement = Replacement {
                at: self.at,
                deleted: gone.len(),
                inserted: new.into(),
            };
            ChangeSet::of_one(replacement, len_before)
        };
        let forward = replacement(&self.deleted, &self.inserted, self.len_before);
        Run {
            edits: 1,
            backward: replacement(&self.inserted, &self.deleted, forward.len_after()),
            forward,
        }
    }
}

impl Run {
    fn of(changes: &ChangeSet, removed: &Removed) -> Self {
        Self {
            edits: 1,
            forward: changes.clone(),
            backward: changes.invert_of(removed),
        }
    }

    /// This one and then `later`; nothing where they do not follow one another.
    fn then(self, later: Run) -> Option<Run> {
        Some(Run {
            edits: self.edits + later.edits,
            forward: self.forward.compose(later.forward).ok()?,
            backward: later.backward.compose(self.backward).ok()?,
        })
    }
}

impl Runs {
    fn push(&mut self, run: Run) {
        self.0.push(run);
        while let [.., first, second] = &self.0[..]
            && first.edits == second.edits
        {
            let later = self.0.pop();
            let earlier = self.0.pop();
            // They follow one another and were applied, so that composing them does not fail.
            self.0.extend(
                earlier
                    .zip(later)
                    .and_then(|(earlier, later)| earlier.then(later)),
            );
        }
    }

    fn reversible(&self) -> Reversible {
        let len = self.0.first().map_or(0, |run| run.forward.len_before());
        let forward = self.0.iter().map(|run| run.forward.clone()).collect();
        let backward = self.0.iter().rev().map(|run| run.backward.clone());
        let forward = ChangeSet::compose_all(len, forward);
        let backward = ChangeSet::compose_all(len, backward.collect());
        match (forward, backward) {
            (Ok(forward), Ok(backward)) => Reversible::of_pair(&forward, &backward),
            _ => {
                let nothing = ChangeSet::identity(len);
                Reversible::of_pair(&nothing, &nothing)
            }
        }
    }
}
