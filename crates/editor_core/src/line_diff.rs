//! Which lines differ between two texts, found by an amount of work that is bounded.
//!
//! What the comparison of lines costs may grow with the square of their number, also in texts that
//! somebody has: where every second line is another, or where most lines are equal. Short runs are
//! compared as they are. Long ones are cut first at the lines that stand once in each text and in the
//! same order in both, as Bram Cohen's patience diff does; what is too long even then is replaced as a
//! whole, but for what is the same at its ends.

use std::collections::HashSet;
use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput, Token};

/// The most work that one comparison does, in pairs of lines that may be looked at: 16,384 lines that
/// differ, those of both texts together, are compared without being cut.
const MAX_WORK: u64 = 1 << 28;

/// Runs of lines are told to have nothing in common by comparing each with each up to this many pairs.
const FEW_PAIRS: usize = 64;

/// Which lines of the first text stand where which of the second stand.
pub(crate) type ChangedLines = (Range<usize>, Range<usize>);

/// Where one run of lines differs from another, in order.
pub(crate) fn changed_lines<'a>(
    before: impl Iterator<Item = &'a str>,
    after: impl Iterator<Item = &'a str>,
) -> Vec<ChangedLines> {
    within(MAX_WORK, before, after)
}

fn within<'a>(
    work: u64,
    before: impl Iterator<Item = &'a str>,
    after: impl Iterator<Item = &'a str>,
) -> Vec<ChangedLines> {
    let mut input = InternedInput::default();
    input.update_before(before);
    input.update_after(after);
    let whole = Run {
        before: 0..input.before.len(),
        after: 0..input.after.len(),
    };
    let mut comparison = Comparison {
        input: &input,
        left: work,
        found: Vec::new(),
    };
    comparison.compare(whole);
    comparison.found
}

/// Neighbouring lines of both texts.
#[derive(Clone, Debug)]
struct Run {
    before: Range<usize>,
    after: Range<usize>,
}

impl Run {
    fn is_same(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// How many pairs of lines may be looked at to compare it.
    fn work(&self) -> u64 {
        let lines = (self.before.len() + self.after.len()) as u64;
        lines.saturating_mul(lines)
    }
}

struct Comparison<'i, 'a> {
    input: &'i InternedInput<&'a str>,
    /// How much work may still be done.
    left: u64,
    found: Vec<ChangedLines>,
}

impl Comparison<'_, '_> {
    fn compare(&mut self, whole: Run) {
        if self.compare_at_once(&whole) {
            return;
        }
        let mut from = (whole.before.start, whole.after.start);
        for anchor in self.anchors(&whole) {
            self.compare_part(Run {
                before: from.0..anchor.0,
                after: from.1..anchor.1,
            });
            from = (anchor.0 + 1, anchor.1 + 1);
        }
        self.compare_part(Run {
            before: from.0..whole.before.end,
            after: from.1..whole.after.end,
        });
    }

    /// Compares what lies between two lines that are the same.
    fn compare_part(&mut self, part: Run) {
        let alone = part.before.is_empty() || part.after.is_empty();
        if alone || self.have_little_in_common(&part) {
            self.add(part);
        } else if !self.compare_at_once(&part) {
            self.narrow(part);
        }
    }

    /// Compares lines where that takes no more work than is left.
    fn compare_at_once(&mut self, run: &Run) -> bool {
        let mut differing = run.clone();
        self.strip_same(&mut differing);
        let work = differing.work();
        if work > self.left {
            return false;
        }
        self.left -= work;
        if differing.is_same() {
            return true;
        }
        // The lines are numbered anew: the comparison takes memory for each number.
        let mut input = InternedInput::default();
        let line = |token: &Token| self.input.interner[*token];
        input.update_before(self.before(&run.before).iter().map(line));
        input.update_after(self.after(&run.after).iter().map(line));
        let mut diff = Diff::compute(Algorithm::Histogram, &input);
        diff.postprocess_lines(&input);
        let lines =
            |range: Range<u32>, start| start + range.start as usize..start + range.end as usize;
        for hunk in diff.hunks() {
            self.add(Run {
                before: lines(hunk.before, run.before.start),
                after: lines(hunk.after, run.after.start),
            });
        }
        true
    }

    /// Takes away from both ends what is the same, and lines that the other text has nowhere in the
    /// run, then compares what is left where that can be, and else replaces it.
    fn narrow(&mut self, mut run: Run) {
        let in_before: HashSet<Token> = self.before(&run.before).iter().copied().collect();
        let in_after: HashSet<Token> = self.after(&run.after).iter().copied().collect();
        let mut at_end = Vec::new();
        loop {
            self.strip_same(&mut run);
            let (before, after) = (self.before(&run.before), self.after(&run.after));
            let lacking = |of: &[Token], other: &HashSet<Token>| {
                of.iter().take_while(|line| !other.contains(line)).count()
            };
            let first = (lacking(before, &in_after), lacking(after, &in_before));
            let (before, after) = (&before[first.0..], &after[first.1..]);
            let lacking = |of: &[Token], other: &HashSet<Token>| {
                let lines = of.iter().rev();
                lines.take_while(|line| !other.contains(line)).count()
            };
            let last = (lacking(before, &in_after), lacking(after, &in_before));
            if (first, last) == ((0, 0), (0, 0)) {
                break;
            }
            let inner = Run {
                before: run.before.start + first.0..run.before.end - last.0,
                after: run.after.start + first.1..run.after.end - last.1,
            };
            self.add(Run {
                before: run.before.start..inner.before.start,
                after: run.after.start..inner.after.start,
            });
            at_end.push(Run {
                before: inner.before.end..run.before.end,
                after: inner.after.end..run.after.end,
            });
            run = inner;
        }
        if !self.compare_at_once(&run) {
            self.add(run);
        }
        while let Some(run) = at_end.pop() {
            self.add(run);
        }
    }

    /// Adds lines that are replaced, as one with those that they follow.
    fn add(&mut self, run: Run) {
        if run.is_same() {
            return;
        }
        match self.found.last_mut() {
            Some((before, after))
                if before.end == run.before.start && after.end == run.after.start =>
            {
                before.end = run.before.end;
                after.end = run.after.end;
            }
            _ => self.found.push((run.before, run.after)),
        }
    }

    fn strip_same(&self, run: &mut Run) {
        let (before, after) = (self.before(&run.before), self.after(&run.after));
        let same = before.iter().zip(after).take_while(|(old, new)| old == new);
        let first = same.count();
        let (before, after) = (before[first..].iter().rev(), after[first..].iter().rev());
        let last = before
            .zip(after)
            .take_while(|(old, new)| old == new)
            .count();
        run.before = run.before.start + first..run.before.end - last;
        run.after = run.after.start + first..run.after.end - last;
    }

    /// Whether there are few lines in a run, and none of them in both texts.
    fn have_little_in_common(&self, run: &Run) -> bool {
        let (before, after) = (self.before(&run.before), self.after(&run.after));
        before.len() * after.len() <= FEW_PAIRS && before.iter().all(|line| !after.contains(line))
    }

    /// The lines that stand once in each text, as many as stand in the same order in both.
    fn anchors(&self, run: &Run) -> Vec<(usize, usize)> {
        const NEVER: u32 = u32::MAX;
        const OFTEN: u32 = u32::MAX - 1;
        let places = |lines: &[Token]| {
            let mut places = vec![NEVER; self.input.interner.num_tokens() as usize];
            for (row, line) in lines.iter().enumerate() {
                let place = &mut places[line.0 as usize];
                *place = if *place == NEVER { row as u32 } else { OFTEN };
            }
            places
        };
        let once = places(self.before(&run.before));
        let once_after = places(self.after(&run.after));
        let pairs: Vec<(usize, usize)> = self
            .before(&run.before)
            .iter()
            .enumerate()
            .filter_map(|(row, line)| {
                let after = once_after[line.0 as usize];
                let is_anchor = once[line.0 as usize] != OFTEN && after < OFTEN;
                is_anchor.then_some((run.before.start + row, run.after.start + after as usize))
            })
            .collect();
        longest_rising(&pairs)
    }

    fn before(&self, rows: &Range<usize>) -> &[Token] {
        &self.input.before[rows.clone()]
    }

    fn after(&self, rows: &Range<usize>) -> &[Token] {
        &self.input.after[rows.clone()]
    }
}

/// As many of the pairs, which rise in their first numbers, as rise in their second ones too.
/// O(n log n): patience sorting.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Of each length, the pair that a rising row of it ends with at the lowest number.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < pair.1);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut rising: Vec<_> = std::iter::successors(ends.last().copied(), |index| before[*index])
        .map(|index| pairs[index])
        .collect();
    rising.reverse();
    rising
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What the lines of the one become where the changes are made.
    fn made<'a>(before: &[&'a str], after: &[&'a str], changes: &[ChangedLines]) -> Vec<&'a str> {
        let (mut lines, mut at) = (Vec::new(), 0);
        for (old, new) in changes {
            lines.extend(&before[at..old.start]);
            lines.extend(&after[new.clone()]);
            at = old.end;
        }
        lines.extend(&before[at..]);
        lines
    }

    fn changed(before: &[String], after: &[String]) -> Vec<ChangedLines> {
        let changes = changed_lines(lines(before), lines(after));
        let (before, after): (Vec<_>, Vec<_>) = (lines(before).collect(), lines(after).collect());
        assert!(made(&before, &after, &changes) == after);
        changes
    }

    fn lines(lines: &[String]) -> impl Iterator<Item = &str> {
        lines.iter().map(String::as_str)
    }

    fn equal(count: usize, first: &str, last: &str) -> Vec<String> {
        let mut lines = vec!["same".to_owned(); count];
        lines.insert(0, first.to_owned());
        lines.push(last.to_owned());
        lines
    }

    #[test]
    fn an_edit_at_each_end_of_many_equal_lines_leaves_those_between() {
        let (before, after) = (equal(300_000, "a", "b"), equal(300_000, "c", "d"));
        assert_eq!(
            changed(&before, &after),
            [(0..1, 0..1), (300_001..300_002, 300_001..300_002)]
        );
        // One line of them more, and one less.
        let after = &after[..300_000];
        let changes = changed(&before, after);
        assert_eq!(
            changes,
            [(0..1, 0..1), (300_000..300_002, 300_000..300_000)]
        );
    }

    #[test]
    fn every_second_line_of_many_is_changed_and_no_other() {
        let every_second = |changed: &str| -> Vec<String> {
            let pair = |row| [format!("kept {row}"), format!("{changed} {row}")];
            (0..100_000).flat_map(pair).collect()
        };
        let changes = changed(&every_second("old"), &every_second("new"));
        let expected: Vec<_> = (0..100_000)
            .map(|pair| (2 * pair + 1..2 * pair + 2, 2 * pair + 1..2 * pair + 2))
            .collect();
        assert!(changes == expected);
    }

    #[test]
    fn what_takes_too_much_work_is_replaced_as_a_whole() {
        // No line stands once, and nothing is the same at the ends.
        let shuffled = |factor: usize, end: &str| -> Vec<String> {
            let row = |row: usize| format!("{}", row * factor % 50_021 % 500);
            let mut lines: Vec<String> = (1..50_021).map(row).collect();
            lines.insert(0, "begin".to_owned());
            lines.push(end.to_owned());
            lines
        };
        let changes = changed(&shuffled(7919, "end"), &shuffled(104_729, "end"));
        assert_eq!(changes, [(1..50_021, 1..50_021)]);
    }

    proptest! {
        #[test]
        fn with_any_amount_of_work_the_changes_lead_to_the_other_text(
            before in prop::collection::vec("[a-d]{1,2}", 0..24),
            after in prop::collection::vec("[a-d]{1,2}", 0..24),
            work in 0_u64..600,
        ) {
            let changes = within(work, lines(&before), lines(&after));
            let (before, after): (Vec<_>, Vec<_>) =
                (lines(&before).collect(), lines(&after).collect());
            prop_assert_eq!(made(&before, &after, &changes), after);
            for pair in changes.windows(2) {
                let apart = pair[0].0.end < pair[1].0.start || pair[0].1.end < pair[1].1.start;
                prop_assert!(apart, "{:?}", changes);
            }
        }

        #[test]
        fn the_longest_rising_row_is_found(numbers in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let pairs: Vec<_> = numbers.iter().copied().enumerate().collect();
            let found = longest_rising(&pairs);
            prop_assert!(found.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            let longest = (0_u32..256)
                .filter(|chosen| {
                    let of = |index: &usize| chosen >> index & 1 == 1;
                    let row: Vec<_> = (0..8).filter(of).map(|index| numbers[index]).collect();
                    row.is_sorted()
                })
                .map(u32::count_ones)
                .max();
            prop_assert_eq!(Some(found.len() as u32), longest);
        }
    }
}
