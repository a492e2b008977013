//! Which lines can be folded, and which of them a folding command means.
//!
//! A [`FoldRegion`] is named by its first line, which stays; the lines after it are hidden. What the
//! regions are comes from a syntax tree, or from how the text is indented ([`by_indentation`]).

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::indentation::indent_range;
use crate::{ChangeSet, Text};

/// More regions than this of one document are not kept.
pub const MAX_REGIONS: usize = 50_000;

/// Longer texts are not looked at for what can be folded, in bytes.
pub const MAX_FOLDED_BYTES: usize = 20 * 1024 * 1024;

/// Lines that can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoldRegion {
    /// The row that stays, from zero.
    pub first: usize,
    /// The last row that is hidden; after `first`.
    pub last: usize,
}

impl FoldRegion {
    /// Whether a row is the one that stays or one that is hidden.
    pub fn holds(&self, row: usize) -> bool {
        (self.first..=self.last).contains(&row)
    }

    /// The bytes that are hidden: from the end of the first row to that of the last.
    pub fn hidden(&self, text: &Text) -> Range<usize> {
        text.line_end(self.first)..text.line_end(self.last)
    }
}

/// The regions of a document: in order, one a first row, each either inside another or apart from it.
/// Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoldRegions {
    regions: Arc<[FoldRegion]>,
    /// The place of the region that is next around each.
    outer: Arc<[Option<usize>]>,
}

impl FoldRegions {
    /// Regions in any order. Of several with one first row the longest is taken, and of two that
    /// overlap the one that begins earlier.
    pub fn new(mut regions: Vec<FoldRegion>) -> Self {
        regions.retain(|region| region.first < region.last);
        regions.sort_unstable_by_key(|region| (region.first, std::cmp::Reverse(region.last)));
        regions.dedup_by_key(|region| region.first);
        // The last rows of those that are open, with their places.
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut outer = Vec::new();
        regions.retain(|region| {
            while open.last().is_some_and(|(last, _)| *last < region.first) {
                open.pop();
            }
            let fits = open.last().is_none_or(|(last, _)| region.last <= *last);
            if fits {
                let place = outer.len();
                outer.push(open.last().map(|(_, place)| *place));
                open.push((region.last, place));
            }
            fits
        });
        regions.truncate(MAX_REGIONS);
        outer.truncate(MAX_REGIONS);
        Self {
            regions: regions.into(),
            outer: outer.into(),
        }
    }

    /// These regions and others, which are taken where they overlap these.
    #[must_use]
    pub fn with(&self, others: impl IntoIterator<Item = FoldRegion>) -> Self {
        let others = Self::new(others.into_iter().collect());
        if others.regions.is_empty() {
            return self.clone();
        }
        let kept = self.regions.iter().filter(|region| {
            others.starting_at(region.first).is_none() && !others.is_crossed_by(**region)
        });
        Self::new(kept.chain(others.as_slice()).copied().collect())
    }

    /// Whether a region overlaps one of these that is neither around nor inside it. O(log n + depth).
    pub fn is_crossed_by(&self, region: FoldRegion) -> bool {
        // Of those that hold a row, each is around the one before it.
        let mut before = self.around(region.first);
        let mut behind = self.around(region.last);
        let before = before.find(|other| other.first < region.first);
        let behind = behind.find(|other| other.last > region.last);
        before.is_some_and(|other| other.last < region.last)
            || behind.is_some_and(|other| other.first > region.first)
    }

    /// The regions in order, the outer before the inner.
    pub fn as_slice(&self) -> &[FoldRegion] {
        &self.regions
    }

    /// The region whose first row is `row`.
    pub fn starting_at(&self, row: usize) -> Option<FoldRegion> {
        let index = self
            .regions
            .binary_search_by_key(&row, |region| region.first)
            .ok()?;
        Some(self.regions[index])
    }

    /// The regions that hold a row, the innermost first.
    pub fn around(&self, row: usize) -> impl Iterator<Item = FoldRegion> + '_ {
        // Whatever holds the row is around the last region that begins up to it, or is that one.
        let begun = self.regions.partition_point(|region| region.first <= row);
        let places = std::iter::successors(begun.checked_sub(1), |place| self.outer[*place]);
        places
            .map(|place| self.regions[place])
            .filter(move |region| region.holds(row))
    }

    /// A region and those inside it.
    pub fn inside(&self, region: FoldRegion) -> impl Iterator<Item = FoldRegion> + '_ {
        let from = self
            .regions
            .partition_point(|other| other.first < region.first);
        self.regions[from..]
            .iter()
            .take_while(move |other| other.first <= region.last)
            .copied()
    }

    /// The regions with their depth, from 1.
    pub fn levels(&self) -> impl Iterator<Item = (FoldRegion, usize)> + '_ {
        let mut open: Vec<usize> = Vec::new();
        self.regions.iter().map(move |region| {
            while open.last().is_some_and(|last| *last < region.first) {
                open.pop();
            }
            open.push(region.last);
            (*region, open.len())
        })
    }

    /// The regions after a change, before anything is looked at anew: those behind it move, those
    /// around it grow and shrink with it. O(edits + regions), but for finding them in the text and
    /// in one another.
    #[must_use]
    pub fn map(&self, changes: &ChangeSet, before: &Text, after: &Text) -> Self {
        if self.regions.is_empty() {
            return self.clone();
        }
        let edits = row_edits(changes, before, after);
        if edits.is_empty() {
            return self.clone();
        }
        let moved = |row: usize, side: Side| {
            // What a row is moved by is what the edits up to the last one before it come to.
            let passed = edits.partition_point(|edit| edit.moves(row, side));
            match passed.checked_sub(1).and_then(|last| edits.get(last)) {
                Some(edit) => edit.last_after + row.saturating_sub(edit.last),
                None => row,
            }
        };
        let regions = self.regions.iter().map(|region| FoldRegion {
            first: moved(region.first, Side::First),
            last: moved(region.last, Side::Last),
        });
        Self::new(regions.collect())
    }
}

/// Which end of a region a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    First,
    Last,
}

/// An edit that changes how many rows there are.
struct RowEdit {
    /// The rows where it begins and ends in the text before.
    first: usize,
    last: usize,
    /// The row where it ends in the text after.
    last_after: usize,
    /// Whether it only inserts, before all text of its row.
    at_line_start: bool,
    /// Whether it begins behind all text of its first row.
    at_line_end: bool,
}

impl RowEdit {
    /// Whether a row moves with the edit. Of the edits in their order, those that a row moves with
    /// come before all others.
    fn moves(&self, row: usize, side: Side) -> bool {
        let moves_its_row = match side {
            Side::First => self.at_line_start,
            Side::Last => !self.at_line_end,
        };
        self.first < row || (self.first == row && moves_its_row)
    }
}

/// The edits that change how many rows there are, in order.
fn row_edits(changes: &ChangeSet, before: &Text, after: &Text) -> Vec<RowEdit> {
    let rows =
        |text: &Text, range: &Range<usize>| (text.row_at(range.start), text.row_at(range.end));
    changes
        .edits()
        // One that only inserts within a row changes none: most keys do.
        .filter(|edit| !edit.old_range.is_empty() || edit.text.contains('\n'))
        .filter_map(|edit| {
            let (first, last) = rows(before, &edit.old_range);
            let (first_after, last_after) = rows(after, &edit.new_range);
            (last - first != last_after - first_after).then(|| RowEdit {
                first,
                last,
                last_after,
                at_line_start: edit.old_range.is_empty()
                    && edit.old_range.start == before.line_start(first),
                at_line_end: edit.old_range.start == before.line_end(first),
            })
        })
        .collect()
}

/// The regions of a text whose lines belong to the less indented line before them. Blank lines at the
/// end of a region stay visible. `None` soon after `cancel` is set, and for texts over
/// [`MAX_FOLDED_BYTES`].
pub fn by_indentation(text: &Text, tab_size: u32, cancel: &AtomicBool) -> Option<FoldRegions> {
    if text.len() > MAX_FOLDED_BYTES {
        return None;
    }
    /// Rows of one depth that follow each other.
    struct Open {
        cells: u32,
        first: usize,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut regions = Vec::new();
    let mut last_text = 0;
    for row in 0..text.line_count() {
        if row % 1024 == 0 && cancel.load(Ordering::Relaxed) {
            return None;
        }
        let Some(cells) = indentation(text, row, tab_size) else {
            continue;
        };
        while let Some(before) = open.pop_if(|before| cells <= before.cells) {
            if before.first < last_text {
                regions.push(FoldRegion {
                    first: before.first,
                    last: last_text,
                });
            }
        }
        open.push(Open { cells, first: row });
        last_text = row;
    }
    regions.extend(open.into_iter().map(|before| FoldRegion {
        first: before.first,
        last: last_text,
    }));
    Some(FoldRegions::new(regions))
}

/// Cells of white space before the text of a row; none where it has no text.
fn indentation(text: &Text, row: usize, tab_size: u32) -> Option<u32> {
    let indent = indent_range(text, row);
    if indent.end == text.line_end(row) {
        return None;
    }
    let stop = tab_size.max(1);
    let cells = text.slice(indent).chars().fold(0, |cells, character| {
        if character == '\t' {
            cells + stop - cells % stop
        } else {
            cells + 1
        }
    });
    Some(cells)
}
