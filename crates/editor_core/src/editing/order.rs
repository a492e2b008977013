use std::collections::HashSet;

use super::rows::{Block, blocks};
use crate::transaction::build;
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction};

/// Sorts the rows that each selection touches, `A` after `a` and before `b`. With one caret and
/// nothing selected, all rows, as in VS Code.
pub fn sort_lines_ascending(text: &Text, selections: &Selections) -> Transaction {
    reorder(text, selections, |rows| {
        rows.sort_by_cached_key(|row| (row.to_lowercase(), row.clone()));
    })
}

/// [`sort_lines_ascending`], the other way round.
pub fn sort_lines_descending(text: &Text, selections: &Selections) -> Transaction {
    reorder(text, selections, |rows| {
        rows.sort_by_cached_key(|row| std::cmp::Reverse((row.to_lowercase(), row.clone())));
    })
}

/// Takes away every row that has stood before among the rows that a selection touches. With one
/// caret and nothing selected, among all rows.
pub fn unique_lines(text: &Text, selections: &Selections) -> Transaction {
    reorder(text, selections, |rows| {
        let mut seen = HashSet::new();
        rows.retain(|row| seen.insert(row.clone()));
    })
}

/// Turns the order of the rows round that each selection touches. With one caret and nothing
/// selected, of all rows.
pub fn reverse_lines(text: &Text, selections: &Selections) -> Transaction {
    reorder(text, selections, |rows| rows.reverse())
}

fn reorder(text: &Text, selections: &Selections, change: impl Fn(&mut Vec<String>)) -> Transaction {
    let caret = (selections.len() == 1 && selections.primary().is_empty()).then(|| {
        let head = selections.primary().head;
        (text.row_at(head), head)
    });
    let ranges = match caret {
        Some(_) => {
            let all = Selections::single(Selection::new(0, text.len()));
            blocks(text, &all, true)
        }
        None => blocks(text, selections, false),
    };
    let mut edits = Vec::new();
    let mut placed = Vec::new();
    let (mut grown, mut shrunk) = (0, 0);
    for block in &ranges {
        let range = text.line_start(block.first)..text.line_end(block.last);
        let before = text.slice(range.clone()).into_owned();
        let after = if reorders(block) {
            let mut rows: Vec<String> = before.split('\n').map(str::to_owned).collect();
            change(&mut rows);
            rows.join("\n")
        } else {
            before.clone()
        };
        let start = range.start + grown - shrunk;
        placed.extend(std::iter::repeat_n(
            start..start + after.len(),
            block.selections,
        ));
        grown += after.len();
        shrunk += range.len();
        if after != before {
            edits.push(Edit::new(range, after));
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        if changes.is_empty() {
            return selections.clone();
        }
        if let Some((row, head)) = caret {
            // The caret stays at its row and column, whatever row is there now.
            let after = changes.apply(text).unwrap_or_default();
            let row = row.min(after.line_count() - 1);
            let at = after.line_start(row) + head - text.line_start(text.row_at(head));
            let at = after.floor_char_boundary(at.min(after.line_end(row)));
            return Selections::caret(at);
        }
        let whole = selections
            .iter()
            .zip(placed)
            .map(|(selection, range)| selection.with_range(range))
            .collect();
        Selections::new(whole, selections.primary_index())
    })
}

fn reorders(block: &Block) -> bool {
    block.first < block.last
}
