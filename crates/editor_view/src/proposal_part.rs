//! The parts of a change that the agent asks for: lines that would be others, each decided on alone.
//! They stay at their lines while the rest of the text is edited.

use std::ops::Range;
use std::rc::Rc;

use editor_core::display_map::{BlockId, BlockPlacement, DisplayRow, DisplaySnapshot};
use editor_core::{Bias, ChangeSet, EditRef, Hunk, Text};
use ui::PartDecision;

use crate::differences::Difference;
use crate::frame::Frame;

/// Lines that would be others.
pub(crate) struct Part {
    difference: Difference,
    /// The rows of those that would come and of its buttons, if any, and on which side of their line
    /// they stand.
    coming: Option<(BlockId, BlockPlacement)>,
    /// Those of its rows that were not in sight yet; `None` before the first frame with it.
    unseen: Option<Range<usize>>,
    pub decision: Option<PartDecision>,
}

impl Part {
    /// Where its lines begin and end, in bytes.
    pub(crate) fn place(&self) -> Range<usize> {
        self.difference.place()
    }

    /// Cells of its longest new line.
    pub(crate) fn cells(&self) -> u32 {
        self.difference.cells()
    }

    /// What would come, and where.
    pub(crate) fn difference(&self) -> &Difference {
        &self.difference
    }

    /// Takes note of the rows that show it, where there are some, with nothing of it seen. Gives those
    /// that did before.
    pub(crate) fn shown_in(
        &mut self,
        rows: Option<(BlockId, BlockPlacement)>,
    ) -> Option<(BlockId, BlockPlacement)> {
        self.unseen = None;
        std::mem::replace(&mut self.coming, rows)
    }

    /// Its rows on the screen; `None` where they are folded away.
    pub(crate) fn rows(&self, display: &DisplaySnapshot) -> Option<Range<usize>> {
        let place = self.place();
        let first = display.row_of(place.start);
        let end = match place.is_empty() {
            true => first,
            false => display.row_of(place.end - 1) + 1,
        };
        let Some((block, placement)) = self.coming else {
            return Some(first..end);
        };
        // Other blocks may stand beside the same line.
        match placement {
            BlockPlacement::Above => {
                let mut row = first;
                loop {
                    row = row.checked_sub(1)?;
                    let DisplayRow::Block(id, line) = display.row(row) else {
                        return None;
                    };
                    row -= line as usize;
                    if id == block {
                        return Some(row..end);
                    }
                }
            }
            BlockPlacement::Below => {
                let is_coming = |row: &usize| match display.row(*row) {
                    DisplayRow::Block(id, _) => Some(id == block),
                    DisplayRow::Text(_) => None,
                };
                let mut below = (first + 1..).map_while(|row| Some((row, is_coming(&row)?)));
                let start = below.find(|(_, is_coming)| *is_coming)?.0;
                let more = below.take_while(|(_, is_coming)| *is_coming).count();
                Some(start..start + 1 + more)
            }
        }
    }

    /// Whether a frame may show something of it.
    pub(crate) fn may_be_in(&self, frame: &Frame) -> bool {
        let block = self.coming.map(|(block, _)| block);
        if frame.blocks.iter().any(|shown| Some(shown.id) == block) {
            return true;
        }
        let (Some(first), Some(last)) = (frame.rows.first(), frame.rows.last()) else {
            return false;
        };
        let place = self.place();
        place.start <= last.text.range.end && first.text.range.start <= place.end
    }

    pub(crate) fn is_seen(&self) -> bool {
        self.unseen.as_ref().is_some_and(Range::is_empty)
    }

    /// The first of its rows on the screen that was not in sight.
    pub(crate) fn first_unseen(&self, display: &DisplaySnapshot) -> usize {
        let first = self.unseen.as_ref().map_or(0, |unseen| unseen.start);
        let start = self.rows(display).map(|rows| rows.start);
        start.unwrap_or_else(|| display.row_of(self.place().start)) + first
    }

    /// Takes note of the rows that a frame shows.
    pub(crate) fn see(&mut self, shown: &Range<usize>, display: &DisplaySnapshot) {
        let Some(rows) = self.rows(display) else {
            return;
        };
        let relative = |row: usize| row.saturating_sub(rows.start).min(rows.len());
        let shown = relative(shown.start)..relative(shown.end);
        let unseen = self.unseen.get_or_insert(0..rows.len());
        if shown.start <= unseen.start {
            unseen.start = unseen.start.max(shown.end);
        }
        if shown.end >= unseen.end {
            unseen.end = unseen.end.min(shown.start).max(unseen.start);
        }
    }

    /// Goes along with an edit that touched it, to `start`; `None` where its lines are others now.
    fn touched(&self, edits: &[EditRef], start: usize, texts: (&Text, &Text)) -> Option<Hunk> {
        let (before, text) = texts;
        let (old, place) = (&self.difference.hunk().rows, self.place());
        let first = if !old.is_empty() {
            text.row_at(start)
        } else if old.start == before.line_count() {
            text.line_count()
        } else {
            // Between two lines, of which one may be edited or go, and not both or what is between.
            let joins = |edit: &EditRef| {
                let range = &edit.old_range;
                let takes_both = range.start < place.start && place.start < range.end;
                let takes_feed = range.start < place.start && place.start == range.end;
                takes_both || (takes_feed && text.line_start(text.row_at(start)) != start)
            };
            if edits.iter().any(joins) {
                return None;
            }
            text.row_at(start)
        };
        let rows = first..first + old.len();
        let same = |(was, is): (usize, usize)| before.line(was) == text.line(is);
        let stands = rows.end <= text.line_count() && old.clone().zip(rows.clone()).all(same);
        stands.then_some(Hunk {
            base_rows: self.difference.hunk().base_rows.clone(),
            rows,
        })
    }
}

/// All parts of a change, of a version of a text.
pub(crate) struct Parts {
    pub all: Vec<Part>,
    text: Text,
    version: u64,
    /// Whether the text was edited since the agent read it.
    is_edited: bool,
    /// What was decided, as far as this is known here; the last decision last.
    decided: Vec<(usize, PartDecision)>,
    /// All of them as they were in the text that the agent read.
    asked: Rc<[Hunk]>,
}

impl Parts {
    pub(crate) fn new(found: Vec<Difference>, text: Text, version: u64) -> Self {
        let part = |difference| Part {
            difference,
            coming: None,
            unseen: None,
            decision: None,
        };
        Self {
            asked: found.iter().map(|found| found.hunk().clone()).collect(),
            all: found.into_iter().map(part).collect(),
            text,
            version,
            is_edited: false,
            decided: Vec::new(),
        }
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The text that they are of.
    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    /// Where the lines are, in order, of the parts that were decided on so, or not yet; none of parts
    /// that have none.
    pub(crate) fn places(&self, decision: Option<PartDecision>) -> Vec<Range<usize>> {
        let parts = self
            .all
            .iter()
            .filter(|part| part.decision == decision && !part.difference.hunk().rows.is_empty());
        parts.map(Part::place).collect()
    }

    /// The words, in order, that would go with the parts that are not decided on.
    pub(crate) fn words_that_go(&self) -> Vec<Range<usize>> {
        let parts = self.all.iter().filter(|part| part.decision.is_none());
        parts
            .flat_map(|part| part.difference.words_here().to_vec())
            .collect()
    }

    /// All of them as they were in the text that the agent read.
    pub(crate) fn asked(&self) -> &Rc<[Hunk]> {
        &self.asked
    }

    /// Takes over what was decided on them, by their numbers. Gives those that are decided on
    /// otherwise now.
    pub(crate) fn take_over(&mut self, decided: &[(usize, PartDecision)]) -> Vec<usize> {
        self.decided = decided.to_vec();
        let mut changed = Vec::new();
        for (number, part) in self.all.iter_mut().enumerate() {
            let decision = decided.iter().find(|(decided, _)| *decided == number);
            let decision = decision.map(|(_, decision)| *decision);
            if part.decision != decision {
                part.decision = decision;
                changed.push(number);
            }
        }
        changed
    }

    /// The part that was decided on last.
    pub(crate) fn last_decided(&self) -> Option<usize> {
        self.decided.last().map(|(number, _)| *number)
    }

    /// Goes along with a change of the text to another version; false where lines of a part are
    /// others now, and so all of it is void.
    #[must_use]
    pub(crate) fn follow(&mut self, changes: &ChangeSet, text: &Text, version: u64) -> bool {
        let starts = self
            .all
            .iter()
            .map(|part| (part.place().start, Bias::Right));
        let starts = changes.map_sorted(starts);
        let edits: Vec<_> = changes.edits().collect();
        let before = std::mem::replace(&mut self.text, text.clone());
        self.version = version;
        self.is_edited |= !changes.is_empty();
        let mut first = 0;
        for (part, start) in self.all.iter_mut().zip(starts) {
            let place = part.place();
            while edits
                .get(first)
                .is_some_and(|edit| edit.old_range.end < place.start)
            {
                first += 1;
            }
            let touching = edits[first..].iter();
            let touching = touching.take_while(|edit| edit.old_range.start <= place.end);
            let touching = touching.count();
            let hunk = part.difference.hunk();
            let moved = match touching {
                0 => {
                    let row = match hunk.rows.start == before.line_count() {
                        true => text.line_count(),
                        false => text.row_at(start),
                    };
                    Some(Hunk {
                        base_rows: hunk.base_rows.clone(),
                        rows: row..row + hunk.rows.len(),
                    })
                }
                _ => part.touched(&edits[first..first + touching], start, (&before, text)),
            };
            let Some(hunk) = moved else {
                return false;
            };
            let place = text.line_start(hunk.rows.start)..text.line_start(hunk.rows.end);
            part.difference.move_to(place, hunk);
        }
        true
    }

    /// How many are.
    pub(crate) fn count_of_decided(&self) -> usize {
        self.decided.len()
    }

    /// The part at the line of an offset.
    pub(crate) fn at_line_of(&self, offset: usize) -> Option<usize> {
        let row = self.text.row_at(offset);
        let (start, end) = (self.text.line_start(row), self.text.line_end(row));
        self.all.iter().position(|part| {
            let place = part.place();
            place.start <= end && (start < place.end || start == place.start)
        })
    }

    /// The next part that is not decided on, from a number on and then from the first one.
    pub(crate) fn next_undecided(&self, from: usize) -> Option<usize> {
        let is_open = |number: &usize| self.all[*number].decision.is_none();
        let count = self.all.len();
        (from..count).chain(0..from.min(count)).find(is_open)
    }

    /// The first part below an offset, else the number of parts.
    pub(crate) fn below(&self, offset: usize) -> usize {
        self.all
            .partition_point(|part| part.place().start <= offset)
    }

    /// What was decided, once that is known of each part.
    pub(crate) fn decision(&self) -> ui::EditDecision {
        let is_accepted = |part: &&Part| part.decision == Some(PartDecision::Accepted);
        let accepted = self.all.iter().filter(is_accepted);
        let hunks: Vec<_> = accepted
            .map(|part| part.difference.hunk().clone())
            .collect();
        if hunks.is_empty() {
            ui::EditDecision::Refuse
        } else if hunks.len() == self.all.len() && !self.is_edited {
            ui::EditDecision::Accept
        } else {
            ui::EditDecision::AcceptLines {
                current: self.text.to_string(),
                refused: self.all.len() - hunks.len(),
                hunks,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use editor_core::display_map::Marks;
    use editor_core::{edits_reverting, hunks};
    use proptest::prelude::*;
    use syntax::LanguageId;

    use super::*;
    use crate::differences::differences;
    use crate::display_text::CellRules;

    /// The change from one text to another.
    fn parts(before: &str, after: &str) -> Parts {
        let rules = CellRules {
            tab_size: 4,
            marks: Marks::default(),
        };
        let text = Text::new(before);
        let found = differences(&Text::new(after), &text, LanguageId::PLAIN, rules);
        Parts::new(found, text, 0)
    }

    /// Where it is made once a range of the text was replaced; `None` where it is void.
    fn edited(before: &str, after: &str, range: Range<usize>, new: &str) -> Option<String> {
        let mut parts = parts(before, after);
        let old = Text::new(before);
        let changes = ChangeSet::replacement(old.len(), range, new).unwrap();
        let text = changes.apply(&old).unwrap();
        if !parts.follow(&changes, &text, 1) {
            return None;
        }
        let wanted = Text::new(after);
        Some(made(&parts, &wanted, &text).to_string())
    }

    /// The text with all of the change made.
    fn made(parts: &Parts, wanted: &Text, text: &Text) -> Text {
        let hunks = parts.all.iter().map(|part| part.difference.hunk().clone());
        let edits = edits_reverting(&hunks.collect::<Vec<_>>(), wanted, text);
        let made = ChangeSet::from_edits(text.len(), edits).unwrap();
        made.apply(text).unwrap()
    }

    #[test]
    fn a_change_stays_at_its_lines_while_others_are_edited() {
        let with = |range, new| edited("a\nb\nc\n", "a\nB\nc\n", range, new);
        assert_eq!(with(0..0, "x\n").unwrap(), "x\na\nB\nc\n");
        assert_eq!(with(1..1, "!").unwrap(), "a!\nB\nc\n");
        assert_eq!(with(1..1, "\nx").unwrap(), "a\nx\nB\nc\n");
        assert_eq!(with(2..2, "x\n").unwrap(), "a\nx\nB\nc\n");
        assert_eq!(with(0..2, "").unwrap(), "B\nc\n");
        assert_eq!(with(4..4, "x").unwrap(), "a\nB\nxc\n");
        assert_eq!(with(4..6, "").unwrap(), "a\nB\n");
        // Its own line is another one.
        assert_eq!(with(2..2, "x"), None);
        assert_eq!(with(3..3, "x"), None);
        assert_eq!(with(2..4, ""), None);
        assert_eq!(with(1..2, ""), None, "it was joined with the line above");
        assert_eq!(with(3..4, ""), None, "and with the one below");
    }

    #[test]
    fn lines_that_would_come_stay_between_their_neighbours() {
        let with = |range, new| edited("a\nb\n", "a\nnew\nb\n", range, new);
        assert_eq!(with(2..2, "x").unwrap(), "a\nnew\nxb\n");
        assert_eq!(with(1..1, "x").unwrap(), "ax\nnew\nb\n");
        assert_eq!(with(2..4, "").unwrap(), "a\nnew\n");
        assert_eq!(with(0..2, "").unwrap(), "new\nb\n");
        assert_eq!(with(1..2, ""), None);
        assert_eq!(with(0..4, ""), None);
        let at_end = |range, new| edited("a\nb", "a\nb\nnew", range, new);
        assert_eq!(at_end(3..3, "!").unwrap(), "a\nb!\nnew");
        assert_eq!(at_end(0..0, "x\n").unwrap(), "x\na\nb\nnew");
    }

    #[test]
    fn changes_that_became_neighbours_are_made_together() {
        let with = |range| edited("a\nb\nx\nd", "a\nB\nx\nD", range, "");
        assert_eq!(with(4..6).unwrap(), "a\nB\nD");
        let with = |range| edited("a\nb\nx\nd", "a\nB\nx\nd\nnew", range, "");
        assert_eq!(with(3..7).unwrap(), "a\nB\nnew");
        let with = |range| edited("b\nx\nd", "x", range, "");
        assert_eq!(with(2..4).unwrap(), "");
    }

    proptest! {
        /// Lines that are all different, so that each is known again.
        #[test]
        fn a_change_that_stays_takes_the_place_of_its_own_lines(
            count in 1_usize..10,
            changed in prop::collection::vec(0_u8..4, 10),
            ends in any::<bool>(),
            from in 0_usize..40,
            len in 0_usize..6,
            new in "[xy\n]{0,3}",
        ) {
            let lines: Vec<String> = (0..count).map(|line| format!("l{line}")).collect();
            let end = if ends { "\n" } else { "" };
            let before = lines.join("\n") + end;
            let after: Vec<String> = lines
                .iter()
                .zip(&changed)
                .flat_map(|(line, change)| match change {
                    0 => vec![line.to_uppercase()],
                    1 => vec![line.clone(), format!("new {line}")],
                    2 => Vec::new(),
                    _ => vec![line.clone()],
                })
                .collect();
            let after = after.join("\n") + end;
            let start = from.min(before.len());
            let range = start..(start + len).min(before.len());
            let mut parts = parts(&before, &after);
            let old = Text::new(&before);
            let wanted: Vec<Hunk> = hunks(&Text::new(&after), &old).unwrap();
            let changes = ChangeSet::replacement(old.len(), range.clone(), new.as_str()).unwrap();
            let text = changes.apply(&old).unwrap();
            let stays = parts.follow(&changes, &text, 1);
            // The lines that the edit is in.
            let rows = old.row_at(range.start)..old.row_at(range.end) + 1;
            let is_beside = |hunk: &Hunk| {
                hunk.rows.start <= rows.end && rows.start <= hunk.rows.end
            };
            if !wanted.iter().any(is_beside) {
                prop_assert!(stays);
            }
            if !stays {
                return Ok(());
            }
            let now = text.to_string();
            let mut lines: Vec<&str> = now.split('\n').collect();
            let other: Vec<&str> = after.split('\n').collect();
            for part in parts.all.iter().rev() {
                let hunk = part.difference.hunk();
                let come = &other[hunk.base_rows.clone()];
                lines.splice(hunk.rows.clone(), come.iter().copied());
            }
            let made = made(&parts, &Text::new(&after), &text);
            prop_assert_eq!(made.to_string(), lines.join("\n"));
            for (part, was) in parts.all.iter().zip(&wanted) {
                let hunk = part.difference.hunk();
                prop_assert_eq!(&hunk.base_rows, &was.base_rows);
                let is: Vec<_> = hunk.rows.clone().map(|row| text.line(row)).collect();
                let line: Vec<_> = was.rows.clone().map(|row| old.line(row)).collect();
                prop_assert_eq!(is, line);
                let row_of = |row: usize| (0..text.line_count()).find(|at| text.line(*at) == old.line(row) && !old.line(row).is_empty());
                if let Some(above) = was.rows.start.checked_sub(1).and_then(row_of) {
                    prop_assert!(above < hunk.rows.start);
                }
                if was.rows.end < old.line_count() && let Some(below) = row_of(was.rows.end) {
                    prop_assert!(hunk.rows.end <= below);
                }
            }
        }
    }
}
