//! Movements by the rows of the screen: those that a line is wrapped into, without what is folded.

use crate::Selection;
use crate::display_map::{DisplaySnapshot, VisualRow};
use crate::indentation::indent_range;
use crate::movement::to;

/// A number of rows up (negative) or down, keeping to the column in cells where the movement began.
///
/// Above the first row is the start of the text, below the last its end. Without `extend` a
/// selection is left from its start (up) or its end (down).
pub fn vertical(
    display: &DisplaySnapshot,
    selection: &Selection,
    rows: isize,
    extend: bool,
) -> Selection {
    let from = match (extend || selection.is_empty(), rows < 0) {
        (true, _) => selection.head,
        (false, true) => selection.start(),
        (false, false) => selection.end(),
    };
    let row = display.visual_row_of(from);
    let goal = match selection.goal_column {
        Some(goal) if from == selection.head => goal,
        _ => display.cell_of(from),
    };
    let last = display.last_visual_row();
    let head = match row.moved(rows) {
        None => 0,
        Some(_) if row == last && rows > 0 => display.text().len(),
        Some(target) => display.offset_at_cell(target.min(last), goal),
    };
    Selection {
        goal_column: Some(goal),
        ..to(selection, head, extend)
    }
}

/// What a selection selects, in the rows so far above (negative) or below: both ends go by rows and
/// keep to their columns in cells (as `insertCursorBelow` of VS Code). `None` where one of its rows
/// has none there.
pub fn copied(display: &DisplaySnapshot, selection: &Selection, rows: isize) -> Option<Selection> {
    let last = display.last_visual_row();
    let copy = |end: usize, goal: Option<u32>| {
        let row = display.visual_row_of(end).moved(rows)?;
        let goal = goal.unwrap_or_else(|| display.cell_of(end));
        (row <= last).then(|| (display.offset_at_cell(row, goal), goal))
    };
    let (head, goal) = copy(selection.head, selection.goal_column)?;
    if selection.is_empty() && selection.anchor_goal.is_none() {
        let caret = Selection::caret(head);
        return Some(Selection {
            goal_column: Some(goal),
            ..caret
        });
    }
    let (anchor, anchor_goal) = copy(selection.anchor, selection.anchor_goal)?;
    Some(Selection {
        anchor,
        head,
        goal_column: Some(goal),
        anchor_goal: Some(anchor_goal),
    })
}

/// A page up or down: [`vertical`] by the number of rows that the view shows, to the first or the
/// last row at most.
pub fn page(
    display: &DisplaySnapshot,
    selection: &Selection,
    rows: isize,
    extend: bool,
) -> Selection {
    let row = display.visual_row_of(selection.head);
    let last = display.last_visual_row();
    let reachable = match row.moved(rows) {
        None if row > VisualRow::FIRST => row.distance_to(VisualRow::FIRST),
        Some(target) if target > last && row < last => row.distance_to(last),
        _ => rows,
    };
    vertical(display, selection, reachable, extend)
}

/// One row up; see [`vertical`].
pub fn up(display: &DisplaySnapshot, selection: &Selection, extend: bool) -> Selection {
    vertical(display, selection, -1, extend)
}

/// One row down; see [`vertical`].
pub fn down(display: &DisplaySnapshot, selection: &Selection, extend: bool) -> Selection {
    vertical(display, selection, 1, extend)
}

/// To the start of the row. In the first row of a line, and from the start of any other, to the
/// line's first character that is not white space, or, from there, to the line's start (as
/// `cursorHome` of VS Code).
pub fn row_start(display: &DisplaySnapshot, selection: &Selection, extend: bool) -> Selection {
    let (text, head) = (display.text(), selection.head);
    let row = display.visual_row_of(head);
    let bytes = display.visual_row(row).range;
    if row > VisualRow::FIRST && display.visual_row(row).continues && head != bytes.start {
        return to(selection, bytes.start, extend);
    }
    let indent = indent_range(text, text.row_at(head));
    let target = if head == indent.end {
        indent.start
    } else {
        indent.end
    };
    to(selection, target, extend)
}

/// To the end of the row, and from there to the end of the line (as `cursorEnd` of VS Code).
pub fn row_end(display: &DisplaySnapshot, selection: &Selection, extend: bool) -> Selection {
    let (text, head) = (display.text(), selection.head);
    let end = display.last_caret(display.visual_row_of(head));
    let target = if head < end {
        end
    } else {
        text.line_end(text.row_at(head))
    };
    to(selection, target, extend)
}

/// A movement that ended where text is folded away goes on in its direction to where the text is
/// shown again.
pub fn past_folds(
    display: &DisplaySnapshot,
    before: &Selection,
    after: Selection,
    extend: bool,
) -> Selection {
    let Some(hidden) = display.hidden_around(after.head) else {
        return after;
    };
    let behind = display.past_hidden(after.head);
    let head = if after.head < before.head || display.hidden_around(behind).is_some() {
        hidden.start
    } else {
        behind
    };
    to(&after, head, extend)
}
