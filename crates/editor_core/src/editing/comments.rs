use super::ride_along;
use super::rows::{Block, blocks};
use crate::indentation::{indent_range, is_blank};
use crate::transaction::build;
use crate::{Edit, EditIntent, Selections, Text, Transaction};

/// Comments the rows that each selection touches with `prefix` (`//`, `#`), or, where all of them
/// are commented already, takes the comments away. Blank rows are left alone, unless there is
/// nothing else. The marks line up at the smallest indentation.
pub fn toggle_line_comment(text: &Text, selections: &Selections, prefix: &str) -> Transaction {
    let mut edits = Vec::new();
    if !prefix.is_empty() {
        for block in blocks(text, selections, false) {
            toggle_block(text, &block, prefix, &mut edits);
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        ride_along(text, selections, changes)
    })
}

fn toggle_block(text: &Text, block: &Block, prefix: &str, edits: &mut Vec<Edit>) {
    let mut rows: Vec<usize> = block.rows().filter(|row| !is_blank(text, *row)).collect();
    if rows.is_empty() {
        rows.push(block.first);
    }
    let starts_with = |at: usize, wanted: &str| text.slice(at..at + wanted.len()) == wanted;
    let indents: Vec<_> = rows.iter().map(|row| indent_range(text, *row)).collect();
    if indents.iter().all(|indent| starts_with(indent.end, prefix)) {
        for indent in indents {
            let mut end = indent.end + prefix.len();
            if starts_with(end, " ") {
                end += 1;
            }
            edits.push(Edit::new(indent.end..end, ""));
        }
        return;
    }
    let depth = indents
        .iter()
        .map(|indent| indent.len())
        .min()
        .unwrap_or_default();
    for indent in indents {
        let at = indent.start + depth;
        edits.push(Edit::new(at..at, format!("{prefix} ")));
    }
}
