use std::ops::Range;

use crate::{Bias, ChangeSet};

/// A change laid out to map many offsets that are in no order.
#[derive(Debug, Clone)]
pub struct OffsetMap {
    /// What is replaced, by the text before and after, first to last.
    edits: Vec<(Range<usize>, Range<usize>)>,
}

impl OffsetMap {
    /// Lays a change out. O(edits).
    pub fn new(changes: &ChangeSet) -> Self {
        let edits = changes.edits().map(|edit| (edit.old_range, edit.new_range));
        Self {
            edits: edits.collect(),
        }
    }

    /// What is replaced, by the text before and after, first to last.
    pub(crate) fn edits(&self) -> &[(Range<usize>, Range<usize>)] {
        &self.edits
    }

    /// Where the first change begins in the text before; offsets up to there stay as they are.
    pub fn first(&self) -> Option<usize> {
        self.edits.first().map(|(before, _)| before.start)
    }

    /// Where an offset of the text before lies in the text after, as [`ChangeSet::map_offset`] says.
    /// O(log edits).
    pub fn map(&self, offset: usize, bias: Bias) -> usize {
        let begun = self
            .edits
            .partition_point(|(before, _)| before.start <= offset);
        let Some((before, after)) = begun.checked_sub(1).and_then(|last| self.edits.get(last))
        else {
            return offset;
        };
        if offset < before.end || offset == before.start {
            return match bias {
                Bias::Left => after.start,
                Bias::Right => after.end,
            };
        }
        after.end + (offset - before.end)
    }
}
