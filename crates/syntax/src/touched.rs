//! Where a text or its tree is not what it was.

use std::ops::Range;

use tree_sitter::Tree;

/// More ranges than this are kept as one that reaches over all of them: they are asked for one by one,
/// and one key at very many carets touches the text very often.
const MAX_RANGES: usize = 16;

/// Ranges of bytes that edits or a parse have touched: sorted, apart from one another, empty where
/// something was only taken out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Touched(Vec<Range<usize>>);

/// What a parse of a part of the text has changed, counted from the part's start.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Changed {
    /// The part is as it was, wherever it stands now.
    Nothing,
    /// The text, and the nodes around it, differ in these ranges alone.
    In(Touched),
    /// It is not known what is the same.
    Everything,
}

/// Where an offset stands behind an edit that replaced bytes: at its start, if it was in what is gone.
pub(crate) fn moved(at: usize, start: usize, old_end: usize, new_end: usize) -> usize {
    match at {
        _ if at <= start => at,
        _ if at >= old_end => at - old_end + new_end,
        _ => start,
    }
}

impl Touched {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn ranges(&self) -> &[Range<usize>] {
        &self.0
    }

    /// Adds a range.
    pub(crate) fn add(&mut self, range: Range<usize>) {
        let first = self.0.partition_point(|known| known.end < range.start);
        let last = self.0.partition_point(|known| known.start <= range.end);
        let joined = match self.0.get(first..last) {
            Some([one, ..]) => {
                let end = self.0[last - 1].end;
                one.start.min(range.start)..end.max(range.end)
            }
            _ => range,
        };
        self.0.splice(first..last.max(first), [joined]);
        if self.0.len() > MAX_RANGES
            && let (Some(one), Some(other)) = (self.0.first(), self.0.last())
        {
            let all = one.start..other.end;
            self.0 = vec![all];
        }
    }

    /// Carries the ranges over an edit that replaced bytes, and adds what it wrote.
    pub(crate) fn edit(&mut self, start: usize, old_end: usize, new_end: usize) {
        for range in &mut self.0 {
            let moved = |at| moved(at, start, old_end, new_end);
            *range = moved(range.start)..moved(range.end);
        }
        self.add(start..new_end);
    }

    /// These, with where a tree differs from the one that it was parsed from.
    pub(crate) fn with_differences(&self, before: &Tree, after: &Tree) -> Self {
        let mut differences = self.clone();
        for changed in before.changed_ranges(after) {
            differences.add(changed.start_byte..changed.end_byte);
        }
        differences
    }

    /// Whether a range has a byte in common with one of these or stands right beside it.
    pub(crate) fn touches(&self, range: &Range<usize>) -> bool {
        self.first_touched_by(range).is_some()
    }

    /// The first of these that has a byte in common with a range or stands right beside it.
    pub(crate) fn first_touched_by(&self, range: &Range<usize>) -> Option<usize> {
        let first = self.0.partition_point(|known| known.end < range.start);
        let known = self.0.get(first)?;
        (known.start <= range.end).then_some(first)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "one range is meant")]
mod tests {
    use super::*;

    fn touched(ranges: &[Range<usize>]) -> Touched {
        let mut touched = Touched::default();
        for range in ranges {
            touched.add(range.clone());
        }
        touched
    }

    #[test]
    fn ranges_that_meet_are_one() {
        let found = touched(&[10..20, 30..40, 0..5, 20..25, 38..50]);
        assert_eq!(found.ranges(), [0..5, 10..25, 30..50]);
        assert_eq!(touched(&[10..20, 30..40, 5..45]).ranges(), [5..45]);
    }

    #[test]
    fn edits_move_what_stands_behind_them() {
        let mut found = touched(&[10..20, 30..40]);
        found.edit(22, 22, 25);
        assert_eq!(found.ranges(), [10..20, 22..25, 33..43]);
        found.edit(15, 35, 15);
        assert_eq!(found.ranges(), [10..23]);
        found.edit(0, 0, 4);
        assert_eq!(found.ranges(), [0..4, 14..27]);
    }

    #[test]
    fn very_many_ranges_are_one() {
        let many: Vec<_> = (0..100).map(|at| at * 10..at * 10 + 1).collect();
        let found = touched(&many);
        assert!(found.ranges().len() <= MAX_RANGES);
        assert!(many.iter().all(|range| found.touches(range)));
    }

    #[test]
    fn what_stands_beside_a_range_is_touched() {
        let found = touched(&[10..20]);
        assert!(found.touches(&(5..10)) && found.touches(&(20..22)) && found.touches(&(12..13)));
        assert!(!found.touches(&(5..9)) && !found.touches(&(21..22)));
    }
}
