use std::ops::Range;

use crate::auto_pair::{AutoMarks, Closed, Pair};
use crate::{ChangeSet, Growth, RangeSet, Selections, Text};

/// The brackets and quotes that Kiln has closed by itself, or put around what was selected, and that the
/// carets have not left since: those whose closer may be typed over and is deleted together with its
/// opener.
#[derive(Debug, Clone, Default)]
pub struct AutoClosed {
    /// What lies between the two, growing with what is typed there.
    inside: RangeSet<Closed>,
}

impl AutoClosed {
    /// Takes on what was just closed, by what stands between what opens and what closes.
    pub fn add(&mut self, closed: &[(Range<usize>, Closed)]) {
        for (inside, closed) in closed {
            self.inside.insert(inside.clone(), Growth::Outside, *closed);
        }
    }

    /// Carries the pairs over a change of the text.
    pub fn apply(&mut self, changes: &ChangeSet) {
        if !self.inside.is_empty() {
            self.inside.apply(changes);
        }
    }

    /// Forgets the pairs that no caret is in any more.
    pub fn keep_around(&mut self, selections: &Selections) {
        if self.inside.is_empty() {
            return;
        }
        let carets = selections.as_slice();
        let left: Vec<_> = self
            .inside
            .iter()
            .filter(|(_, range, _)| {
                let first = carets.partition_point(|caret| caret.end() < range.start);
                !carets
                    .get(first)
                    .is_some_and(|caret| range.start <= caret.start() && caret.end() <= range.end)
            })
            .map(|(id, ..)| id)
            .collect();
        for id in left {
            self.inside.remove(id);
        }
    }

    /// Whether no pair is remembered.
    pub fn is_empty(&self) -> bool {
        self.inside.is_empty()
    }

    /// Where the inside of the pair begins whose closer stands at an offset, if Kiln put it there
    /// and both characters are still what they were.
    pub(crate) fn opened_before(&self, text: &Text, closer: usize, pair: Pair) -> Option<usize> {
        if text.char_at(closer) != Some(pair.close) {
            return None;
        }
        self.inside
            .touching(closer..closer)
            .filter(|(_, range, known)| range.end == closer && **known == Closed::Pair(pair))
            .map(|(_, range, _)| range.start)
            .filter(|start| text.char_before(*start) == Some(pair.open))
            .max()
    }

    /// Where that begins which stands between marks of several signs whose last begins at an offset,
    /// if Kiln put it there.
    pub(crate) fn marked_before(&self, closer: usize, marks: AutoMarks) -> Option<usize> {
        self.inside
            .touching(closer..closer)
            .filter(|(_, range, known)| range.end == closer && **known == Closed::Marks(marks))
            .map(|(_, range, _)| range.start)
            .max()
    }
}
