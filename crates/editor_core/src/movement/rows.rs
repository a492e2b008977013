use super::to;
use crate::indentation::{indent_range, is_blank};
use crate::{Selection, Text, column_at_offset};

/// One movement looks through no more rows than this, so that a key press in a file of millions of
/// rows without a blank one stays short.
const MAX_ROWS: usize = 50_000;

/// To the blank row before the paragraph, or the start of the text.
pub fn paragraph_up(text: &Text, selection: &Selection, extend: bool) -> Selection {
    let row = text.row_at(selection.head);
    let mut seen_text = !is_blank(text, row);
    for above in (row.saturating_sub(MAX_ROWS)..row).rev() {
        let blank = is_blank(text, above);
        if blank && seen_text {
            return to(selection, text.line_start(above), extend);
        }
        seen_text |= !blank;
    }
    let reached = row.saturating_sub(MAX_ROWS);
    to(selection, text.line_start(reached), extend)
}

/// To the blank row after the paragraph, or the end of the text.
pub fn paragraph_down(text: &Text, selection: &Selection, extend: bool) -> Selection {
    let row = text.row_at(selection.head);
    let last = text.line_count() - 1;
    let reached = last.min(row.saturating_add(MAX_ROWS));
    let mut seen_text = !is_blank(text, row);
    for below in row + 1..=reached {
        let blank = is_blank(text, below);
        if blank && seen_text {
            return to(selection, text.line_start(below), extend);
        }
        seen_text |= !blank;
    }
    to(selection, text.line_end(reached), extend)
}

/// To the nearest row above that is indented as far as the caret's; stays where there is none.
/// Columns are counted with tabs of `tab_size` cells.
pub fn same_indent_up(
    text: &Text,
    selection: &Selection,
    tab_size: u32,
    extend: bool,
) -> Selection {
    let row = text.row_at(selection.head);
    let rows = (row.saturating_sub(MAX_ROWS)..row).rev();
    same_indent(text, selection, rows, tab_size, extend)
}

/// To the nearest row below that is indented as far as the caret's; stays where there is none.
pub fn same_indent_down(
    text: &Text,
    selection: &Selection,
    tab_size: u32,
    extend: bool,
) -> Selection {
    let row = text.row_at(selection.head);
    let end = text.line_count().min(row.saturating_add(MAX_ROWS));
    same_indent(text, selection, row + 1..end, tab_size, extend)
}

fn same_indent(
    text: &Text,
    selection: &Selection,
    mut rows: impl Iterator<Item = usize>,
    tab_size: u32,
    extend: bool,
) -> Selection {
    let depth = |row: usize| column_at_offset(text, indent_range(text, row).end, tab_size);
    let wanted = depth(text.row_at(selection.head));
    match rows.find(|row| depth(*row) == wanted && !is_blank(text, *row)) {
        Some(row) => to(selection, indent_range(text, row).end, extend),
        None => to(selection, selection.head, extend),
    }
}
