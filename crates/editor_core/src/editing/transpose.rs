use std::ops::Range;

use crate::transaction::build;
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction};

/// Swaps the graphemes on both sides of each caret and goes past them; at the end of a row, the two
/// before it. Nothing happens at the start of a row and where something is selected.
pub fn transpose(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    let mut reached = 0;
    let all = selections.as_slice();
    let mut after = Vec::with_capacity(all.len());
    for (index, selection) in all.iter().enumerate() {
        let next = all.get(index + 1).map_or(text.len(), |next| next.start());
        match pair_around(text, selection) {
            Some((range, middle)) if range.start >= reached && range.end <= next => {
                let swapped = format!(
                    "{}{}",
                    text.slice(middle..range.end),
                    text.slice(range.start..middle)
                );
                reached = range.end;
                after.push(Selection::caret(range.end));
                edits.push(Edit::new(range, swapped));
            }
            _ => {
                reached = reached.max(selection.end());
                after.push(*selection);
            }
        }
    }
    let primary = selections.primary_index();
    build(text, selections, edits, EditIntent::Other, |_| {
        Selections::new(after, primary)
    })
}

/// The two graphemes to swap, and the place between them.
fn pair_around(text: &Text, selection: &Selection) -> Option<(Range<usize>, usize)> {
    let head = selection.head;
    let row = text.row_at(head);
    let (line_start, line_end) = (text.line_start(row), text.line_end(row));
    let middle = match head == line_end && head > line_start {
        true => text.prev_grapheme(head),
        false => head,
    };
    if !selection.is_empty() || middle == line_start || middle == line_end {
        return None;
    }
    Some((
        text.prev_grapheme(middle)..text.next_grapheme(middle),
        middle,
    ))
}
