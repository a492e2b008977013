use std::ops::{Range, RangeInclusive};

use super::ride_along;
use crate::indentation::{indent_range, is_blank};
use crate::transaction::{EditBuilder, Landing, build};
use crate::{
    Edit, EditIntent, IndentStyle, Selection, Selections, Text, Transaction, column_at_offset,
    offset_at_column,
};

/// Rows that neighbouring selections touch, taken together.
pub(super) struct Block {
    pub first: usize,
    pub last: usize,
    /// How many selections lie in it.
    pub selections: usize,
}

impl Block {
    pub fn rows(&self) -> RangeInclusive<usize> {
        self.first..=self.last
    }
}

/// The rows of the selections in order. Selections on one row share a block; with `join_neighbours`
/// those on adjacent rows do too. A selection that ends at the start of a row leaves that row out.
pub(super) fn blocks(text: &Text, selections: &Selections, join_neighbours: bool) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for selection in selections.iter() {
        let first = text.row_at(selection.start());
        let mut last = text.row_at(selection.end());
        if last > first && text.line_start(last) == selection.end() {
            last -= 1;
        }
        match blocks.last_mut() {
            Some(block) if first <= block.last + usize::from(join_neighbours) => {
                block.last = block.last.max(last);
                block.selections += 1;
            }
            _ => blocks.push(Block {
                first,
                last,
                selections: 1,
            }),
        }
    }
    blocks
}

/// Deletes the rows that the selections touch; the carets keep their column on the row that comes
/// up.
pub fn delete_line(text: &Text, selections: &Selections) -> Transaction {
    let tab_size = IndentStyle::default().tab_size;
    let mut edits = Vec::new();
    let mut carets = Vec::new();
    let mut deleted = 0;
    let mut columns = selections
        .iter()
        .map(|selection| column_at_offset(text, selection.head, tab_size));
    for block in blocks(text, selections, true) {
        let at_end = block.last + 1 >= text.line_count();
        let start = match block.first.checked_sub(1) {
            Some(previous) if at_end => text.line_end(previous),
            _ => text.line_start(block.first),
        };
        edits.push(Edit::new(start..text.line_start(block.last + 1), ""));
        let row = block.first - deleted - usize::from(at_end && block.first > deleted);
        let column = columns.by_ref().take(block.selections).last().unwrap_or(0);
        carets.push((row, column));
        deleted += block.last + 1 - block.first;
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        let after = changes.apply(text).unwrap_or_default();
        let carets = carets
            .into_iter()
            .map(|(row, column)| Selection::caret(offset_at_column(&after, row, column, tab_size)))
            .collect();
        Selections::new(carets, usize::MAX)
    })
}

/// Copies the rows that the selections touch to below them; the carets go to the copy.
pub fn duplicate_line(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    let mut shifts = Vec::new();
    let mut shift = 0;
    for block in blocks(text, selections, false) {
        let start = text.line_start(block.first);
        let copy = format!("{}\n", text.slice(start..text.line_end(block.last)));
        shift += copy.len();
        edits.push(Edit::new(start..start, copy));
        shifts.extend(std::iter::repeat_n(shift, block.selections));
    }
    build(text, selections, edits, EditIntent::Other, |_| {
        let moved = selections
            .iter()
            .zip(&shifts)
            .map(|(selection, shift)| {
                Selection::new(selection.anchor + shift, selection.head + shift)
            })
            .collect();
        Selections::new(moved, selections.primary_index())
    })
}

/// Copies the rows that the selections touch to below them; the carets stay on the upper ones.
pub fn duplicate_line_up(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    let mut shifts = Vec::new();
    let mut shift = 0;
    for block in blocks(text, selections, false) {
        let end = text.line_end(block.last);
        let copy = format!("\n{}", text.slice(text.line_start(block.first)..end));
        shifts.extend(std::iter::repeat_n(shift, block.selections));
        shift += copy.len();
        edits.push(Edit::new(end..end, copy));
    }
    moved(text, selections, edits, |offset, index| {
        offset + shifts[index]
    })
}

/// Moves the rows that the selections touch up by one, with their carets.
pub fn move_line_up(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    let mut shifts = Vec::new();
    for block in blocks(text, selections, true) {
        let mut shift = 0;
        if let Some(previous) = block.first.checked_sub(1) {
            let (start, end) = (text.line_start(previous), text.line_start(block.first));
            let below = text.line_end(block.last);
            shift = end - start;
            let line = format!("\n{}", text.line(previous));
            edits.push(Edit::new(start..end, ""));
            edits.push(Edit::new(below..below, line));
        }
        shifts.extend(std::iter::repeat_n(shift, block.selections));
    }
    moved(text, selections, edits, |offset, index| {
        offset - shifts[index]
    })
}

/// Moves the rows that the selections touch down by one, with their carets.
pub fn move_line_down(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    let mut shifts = Vec::new();
    for block in blocks(text, selections, true) {
        let mut shift = 0;
        let next = block.last + 1;
        if next < text.line_count() {
            let (start, end) = (text.line_end(block.last), text.line_end(next));
            let above = text.line_start(block.first);
            shift = end - start;
            let line = format!("{}\n", text.line(next));
            edits.push(Edit::new(above..above, line));
            edits.push(Edit::new(start..end, ""));
        }
        shifts.extend(std::iter::repeat_n(shift, block.selections));
    }
    moved(text, selections, edits, |offset, index| {
        (offset + shifts[index]).min(text.len())
    })
}

fn moved(
    text: &Text,
    selections: &Selections,
    edits: Vec<Edit>,
    shifted: impl Fn(usize, usize) -> usize,
) -> Transaction {
    build(text, selections, edits, EditIntent::Other, |_| {
        let moved = selections
            .iter()
            .enumerate()
            .map(|(index, selection)| {
                Selection::new(
                    shifted(selection.anchor, index),
                    shifted(selection.head, index),
                )
            })
            .collect();
        Selections::new(moved, selections.primary_index())
    })
}

/// Joins the rows that each selection touches, or a caret's row and the next, with one space. Blank
/// rows leave nothing behind, however many of them stand between two words.
pub fn join_lines(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    for (first, last) in joined_rows(text, selections) {
        let mut kept = trimmed_end(text, first);
        let mut is_empty = kept == text.line_start(first);
        for row in first + 1..=last {
            if is_blank(text, row) && row < last {
                continue;
            }
            let indent = indent_range(text, row);
            let space = !is_empty && !is_blank(text, row);
            edits.push(Edit::new(kept..indent.end, if space { " " } else { "" }));
            kept = trimmed_end(text, row).max(indent.end);
            is_empty &= is_blank(text, row);
        }
    }
    let seams: Vec<Range<usize>> = edits.iter().map(|edit| edit.range.clone()).collect();
    let seam_after = |caret: usize| {
        let end = text.line_end(text.row_at(caret));
        let next = seams.partition_point(|seam| seam.end <= end);
        let seam = seams.get(next).filter(|seam| seam.start <= end);
        seam.map(|seam| seam.start)
    };
    build(text, selections, edits, EditIntent::Other, |changes| {
        let at_seams = selections.transform(|selection| {
            let seam = seam_after(selection.head).filter(|_| selection.is_empty());
            seam.map_or(*selection, Selection::caret)
        });
        at_seams.map(changes)
    })
}

/// The first and the last row of each run of rows that [`join_lines`] makes one row of. Runs share no
/// row.
fn joined_rows(text: &Text, selections: &Selections) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for block in blocks(text, selections, false) {
        let end = block.last.max(block.first + 1).min(text.line_count() - 1);
        match runs.last_mut() {
            Some((_, last)) if block.first <= *last => *last = end.max(*last),
            _ if block.first < end => runs.push((block.first, end)),
            _ => {}
        }
    }
    runs
}

/// Where what a row says ends: before the blanks at its end.
fn trimmed_end(text: &Text, row: usize) -> usize {
    crate::word::run_start(text, text.line_end(row), crate::CharClass::Space)
        .max(text.line_start(row))
}

/// Tab: to the next tab stop at every caret, or, where a selection spans rows, [`indent`].
pub fn insert_tab(text: &Text, selections: &Selections, style: &IndentStyle) -> Transaction {
    let spans_rows =
        |selection: &Selection| text.row_at(selection.start()) != text.row_at(selection.end());
    if selections.iter().any(spans_rows) {
        return indent(text, selections, style);
    }
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let column = column_at_offset(text, selection.start(), style.tab_size);
        let inserted = style.to_next_stop(column);
        let landing = Landing::Inside(inserted.len());
        builder.push(Edit::new(selection.range(), inserted), landing);
    }
    builder.finish(EditIntent::Typing)
}

/// Indents the rows that the selections touch to the next tab stop. Blank rows stay, unless there
/// is only one row.
pub fn indent(text: &Text, selections: &Selections, style: &IndentStyle) -> Transaction {
    let mut edits = Vec::new();
    for block in blocks(text, selections, false) {
        for row in block.rows() {
            if is_blank(text, row) && block.first != block.last {
                continue;
            }
            let range = indent_range(text, row);
            let column = column_at_offset(text, range.end, style.tab_size);
            let inserted = style.to_next_stop(column);
            edits.push(Edit::new(range.start..range.start, inserted));
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        ride_along(text, selections, changes)
    })
}

/// Takes one level of indentation from the rows that the selections touch.
pub fn outdent(text: &Text, selections: &Selections, style: &IndentStyle) -> Transaction {
    let mut edits = Vec::new();
    for block in blocks(text, selections, false) {
        for row in block.rows() {
            let range = indent_range(text, row);
            let white = text.slice(range.clone());
            let stop = style.stop();
            let excess = match column_at_offset(text, range.end, style.tab_size) % stop {
                0 => stop,
                excess => excess,
            };
            let len = if white.starts_with('\t') {
                1
            } else {
                let spaces = white.bytes().take_while(|byte| *byte == b' ').count();
                spaces.min(excess as usize)
            };
            if len > 0 {
                edits.push(Edit::new(range.start..range.start + len, ""));
            }
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}
