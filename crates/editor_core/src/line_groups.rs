//! How two texts differ, as it is shown: changed lines in groups, with lines around them.

use std::ops::Range;

use crate::line_diff::changed_lines;

/// Neighbouring changes with what stands around them. Lines count from 0 and have their line ends,
/// so that a last line without one differs from the same with one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineGroup {
    /// The lines of the text before, with those around the changes.
    pub old: Range<usize>,
    /// The same of the text after.
    pub new: Range<usize>,
    /// The changes in order: which lines are gone, and which stand there instead. Either may be
    /// empty.
    pub changes: Vec<(Range<usize>, Range<usize>)>,
}

/// A line of a [`LineGroup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupLine {
    /// In both texts: its number before and after.
    Same(usize, usize),
    /// Only before.
    Removed(usize),
    /// Only after.
    Added(usize),
}

impl LineGroup {
    /// The lines in the order in which they are shown: of each change what is gone comes first.
    pub fn lines(&self) -> impl Iterator<Item = GroupLine> {
        let mut lines = Vec::new();
        let (mut old, mut new) = (self.old.start, self.new.start);
        for (removed, added) in &self.changes {
            lines.extend(
                (old..removed.start)
                    .zip(new..)
                    .map(|(old, new)| GroupLine::Same(old, new)),
            );
            lines.extend(removed.clone().map(GroupLine::Removed));
            lines.extend(added.clone().map(GroupLine::Added));
            (old, new) = (removed.end, added.end);
        }
        lines.extend(
            (old..self.old.end)
                .zip(new..)
                .map(|(old, new)| GroupLine::Same(old, new)),
        );
        lines.into_iter()
    }
}

/// The lines of a text with their line ends, as [`line_groups`] counts them.
pub fn lines_with_ends(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n')
}

/// The changes from one text to another with up to `context` lines around each. Changes whose lines
/// around them touch are one group. Takes its time for texts of megabytes.
pub fn line_groups(before: &str, after: &str, context: usize) -> Vec<LineGroup> {
    let (old_lines, new_lines) = (
        lines_with_ends(before).count(),
        lines_with_ends(after).count(),
    );
    let mut groups: Vec<LineGroup> = Vec::new();
    for (old, new) in changed_lines(lines_with_ends(before), lines_with_ends(after)) {
        let above = context.min(old.start).min(new.start);
        let below = context.min(old_lines - old.end).min(new_lines - new.end);
        let ends = (old.end + below, new.end + below);
        match groups.last_mut() {
            Some(last) if old.start - above <= last.old.end => {
                (last.old.end, last.new.end) = ends;
                last.changes.push((old, new));
            }
            _ => groups.push(LineGroup {
                old: old.start - above..ends.0,
                new: new.start - above..ends.1,
                changes: vec![(old, new)],
            }),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn changes_near_each_other_are_one_group() {
        let before: String = (0..30).map(|row| format!("{row}\n")).collect();
        let after = before.replace("\n5\n", "\nfive\n").replace("\n12\n", "\n");
        let both = after.replace("\n20\n", "\n20\nnew\n");
        let groups = line_groups(&before, &both, 3);
        let shape: Vec<_> = groups
            .iter()
            .map(|group| (group.old.clone(), group.new.clone(), group.changes.len()))
            .collect();
        assert_eq!(shape, [(2..16, 2..15, 2), (18..24, 17..24, 1)]);
        assert_eq!(line_groups(&before, &before, 3), []);
    }

    #[test]
    fn a_missing_line_end_is_a_change_of_the_last_line() {
        let groups = line_groups("a\nb\n", "a\nb", 3);
        let lines: Vec<_> = groups[0].lines().collect();
        let expected = [
            GroupLine::Same(0, 0),
            GroupLine::Removed(1),
            GroupLine::Added(1),
        ];
        assert_eq!(lines, expected);
    }

    proptest! {
        #[test]
        fn what_groups_show_leads_from_one_text_to_the_other(
            before in "([ab]{0,2}\n){0,12}[ab]{0,1}",
            after in "([ab]{0,2}\n){0,12}[ab]{0,1}",
            context in 0_usize..4,
        ) {
            let old: Vec<&str> = lines_with_ends(&before).collect();
            let new: Vec<&str> = lines_with_ends(&after).collect();
            let (mut made, mut next) = (String::new(), 0);
            for group in line_groups(&before, &after, context) {
                made.push_str(&old[next..group.old.start].concat());
                for line in group.lines() {
                    match line {
                        GroupLine::Same(old_row, new_row) => {
                            prop_assert_eq!(old[old_row], new[new_row]);
                            made.push_str(new[new_row]);
                        }
                        GroupLine::Removed(_) => {}
                        GroupLine::Added(row) => made.push_str(new[row]),
                    }
                }
                next = group.old.end;
            }
            made.push_str(&old[next..].concat());
            prop_assert_eq!(made, after);
        }
    }
}
