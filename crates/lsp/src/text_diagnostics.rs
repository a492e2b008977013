//! All that a server says of a text, made ready where it is read: whoever shows it takes thousands at
//! once without a frame being late.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _, RandomState};
use std::mem;
use std::ops::Range;
use std::sync::LazyLock;
use std::thread;

use editor_core::{ChangeSet, Growth, RangeSet};

use crate::{Diagnostic, DiagnosticSeverity, SeverityCounts};

/// More are freed on a thread of their own: for 10,000 that takes some milliseconds.
const MOST_FREED_AT_ONCE: usize = 500;

/// Its key is of this run of the program, so that no server makes two lists that look the same.
static HASHES: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// All that a server says of a text, in ranges that stay with their text through edits. Two are equal
/// where they say the same of the same bytes.
#[derive(Debug, Clone)]
pub struct TextDiagnostics {
    ranges: RangeSet<Diagnostic>,
    /// How many the server says, with those that are left out.
    counts: SeverityCounts,
    left_out: SeverityCounts,
    /// What is said, in the order of the ranges, in 64 bits: comparing the words themselves takes
    /// longer than the window has.
    hash: u64,
}

impl Default for TextDiagnostics {
    fn default() -> Self {
        std::iter::empty().collect()
    }
}

impl FromIterator<(Range<usize>, Diagnostic)> for TextDiagnostics {
    fn from_iter<I: IntoIterator<Item = (Range<usize>, Diagnostic)>>(said: I) -> Self {
        let (mut ranges, mut counts) = (RangeSet::default(), SeverityCounts::default());
        for (range, one) in said {
            counts.add(one.severity);
            ranges.insert(range, Growth::Inside, one);
        }
        let mut hash = HASHES.build_hasher();
        ranges.iter().for_each(|(_, _, one)| one.hash(&mut hash));
        Self {
            ranges,
            counts,
            left_out: SeverityCounts::default(),
            hash: hash.finish(),
        }
    }
}

impl Drop for TextDiagnostics {
    fn drop(&mut self) {
        if self.len() > MOST_FREED_AT_ONCE {
            let ranges = mem::take(&mut self.ranges);
            let freed = thread::Builder::new().name("free-diagnostics".into());
            // Where there are no more threads, they are freed here.
            freed.spawn(move || drop(ranges)).ok();
        }
    }
}

impl PartialEq for TextDiagnostics {
    fn eq(&self, other: &Self) -> bool {
        let places = |one: &Self| -> Vec<_> { one.iter().map(|(range, _)| range).collect() };
        let sums = |one: &Self| (one.hash, one.len(), one.left_out);
        sums(self) == sums(other) && places(self) == places(other)
    }
}

impl Eq for TextDiagnostics {}

impl TextDiagnostics {
    /// How many there are, without those that are left out.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// How many the server says of a severity, also where that is [more than are
    /// taken](crate::MAX_DIAGNOSTICS).
    pub fn count(&self, severity: DiagnosticSeverity) -> usize {
        self.counts.of(severity)
    }

    /// How many the server says beside those that are here.
    pub fn left_out(&self) -> SeverityCounts {
        self.left_out
    }

    /// Counts others that the server says and that are too many to be taken.
    pub fn leaving_out(mut self, left_out: SeverityCounts) -> Self {
        self.left_out.join(left_out);
        self.counts.join(left_out);
        self
    }

    /// All of them with their bytes, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (Range<usize>, &Diagnostic)> {
        self.ranges.iter().map(|(_, range, one)| (range, one))
    }

    /// Those that overlap or touch some bytes, in the order of the text.
    pub fn touching(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (Range<usize>, &Diagnostic)> {
        let found = self.ranges.touching(range);
        found.map(|(_, range, one)| (range, one))
    }

    /// Carries all of them over a change of the text.
    pub fn follow(&mut self, changes: &ChangeSet) {
        self.ranges.apply(changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Edit;

    fn said(at: usize, message: &str) -> (Range<usize>, Diagnostic) {
        let one = Diagnostic::new(DiagnosticSeverity::Warning, message);
        (at..at + 2, one)
    }

    #[test]
    fn those_are_equal_that_say_the_same_of_the_same_bytes() {
        let all = |said: Vec<_>| -> TextDiagnostics { said.into_iter().collect() };
        let two = all(vec![said(3, "a"), said(7, "b")]);
        assert_eq!(two, all(vec![said(7, "b"), said(3, "a")]), "in any order");
        assert_ne!(two, all(vec![said(3, "a"), said(7, "c")]), "other words");
        assert_ne!(two, all(vec![said(3, "a"), said(8, "b")]), "elsewhere");
        assert_ne!(two, all(vec![said(3, "a")]), "fewer");
        let mut followed = all(vec![said(2, "a"), said(6, "b")]);
        let changes = ChangeSet::from_edits(20, vec![Edit::new(0..0, "x")]).unwrap();
        followed.follow(&changes);
        assert_eq!(two, followed, "carried there");
        assert_eq!(two.count(DiagnosticSeverity::Warning), 2);
        assert_eq!(two.count(DiagnosticSeverity::Error), 0);
        let mut more = SeverityCounts::default();
        more.add(DiagnosticSeverity::Error);
        assert_ne!(two, two.clone().leaving_out(more), "one more is said");
    }
}
