//! Editing commands: from a text and its carets to a [`Transaction`] that works on every caret.
//!
//! A command changes nothing by itself. One that has nothing to do gives a transaction that
//! [is empty](Transaction::is_empty).

mod case;
mod comments;
mod order;
mod reindent;
mod rows;
mod transpose;
mod trim;

use std::borrow::Cow;
use std::ops::Range;

pub use case::{LetterCase, change_case};
pub use comments::{CommentStyle, line_comment_marks, toggle_block_comment, toggle_line_comment};
pub use order::{reverse_lines, sort_lines_ascending, sort_lines_descending, unique_lines};
pub(crate) use reindent::TO_BE_CONTINUED;
pub use reindent::{convert_indentation, reindent};
pub use rows::{
    delete_line, duplicate_line, duplicate_line_up, indent, insert_tab, join_lines, move_line_down,
    move_line_up, outdent,
};
pub use transpose::transpose;
pub use trim::{CleanUp, FinalNewline, clean_up, trim_trailing_whitespace};

use crate::indentation::indent_range;
use crate::movement::{subword_end_right, subword_start_left, word_end_right, word_start_left};
use crate::transaction::{EditBuilder, Landing};
use crate::word::{CharClass, run_end, run_start};
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction, WordChars};

/// Text with `\r\n` and lone `\r` turned into `\n`, as every text in memory has it.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Puts `inserted` in the place of every selection, with the carets after it.
pub fn insert_text(text: &Text, selections: &Selections, inserted: &str) -> Transaction {
    let inserted = with_line_feeds(inserted);
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let edit = Edit::new(selection.range(), inserted.as_ref());
        builder.push(edit, Landing::Inside(inserted.len()));
    }
    builder.finish(EditIntent::Typing)
}

/// Replaces ranges, sorted and not overlapping, and carries the carets along: what a completion, a
/// formatter or a replace-all does. Edits out of order or outside the text are left out.
pub fn replace_ranges(text: &Text, selections: &Selections, edits: Vec<Edit>) -> Transaction {
    crate::transaction::build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}

/// Opens an empty, indented line above every caret's and goes there.
pub fn insert_line_above(text: &Text, selections: &Selections) -> Transaction {
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let row = text.row_at(selection.head);
        let indent = text.slice(indent_range(text, row));
        let start = text.line_start(row);
        let landing = Landing::Inside(indent.len());
        builder.push(Edit::new(start..start, format!("{indent}\n")), landing);
    }
    builder.finish(EditIntent::Typing)
}

/// Deletes what is selected, or the grapheme before each caret.
pub fn delete_backward(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| text.prev_grapheme(caret)..caret)
}

/// Deletes what is selected, or the grapheme after each caret.
pub fn delete_forward(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| caret..text.next_grapheme(caret))
}

/// Deletes what is selected, or back to the start of the word. Several spaces before the caret go
/// alone, and at the start of a row only the line break does.
pub fn delete_word_backward(text: &Text, selections: &Selections) -> Transaction {
    delete_word_backward_in(text, selections, WordChars::NONE)
}

/// As [`delete_word_backward`], by the words of a language.
pub fn delete_word_backward_in(
    text: &Text,
    selections: &Selections,
    words: WordChars,
) -> Transaction {
    delete(text, selections, |caret| {
        let line_start = text.line_start(text.row_at(caret));
        let spaces = run_start(text, caret, CharClass::Space);
        let start = if caret == line_start {
            caret.saturating_sub(1)
        } else if caret - spaces > 1 || spaces == line_start {
            spaces
        } else {
            word_start_left(text, caret, words).max(line_start)
        };
        start..caret
    })
}

/// Deletes what is selected, or on to the end of the word. Several spaces after the caret go
/// alone, and at the end of a row only the line break does.
pub fn delete_word_forward(text: &Text, selections: &Selections) -> Transaction {
    delete_word_forward_in(text, selections, WordChars::NONE)
}

/// As [`delete_word_forward`], by the words of a language.
pub fn delete_word_forward_in(
    text: &Text,
    selections: &Selections,
    words: WordChars,
) -> Transaction {
    delete(text, selections, |caret| {
        let line_end = text.line_end(text.row_at(caret));
        let spaces = run_end(text, caret, CharClass::Space);
        let end = if caret == line_end {
            (caret + 1).min(text.len())
        } else if spaces - caret > 1 || spaces == line_end {
            spaces
        } else {
            word_end_right(text, caret, words).min(line_end)
        };
        caret..end
    })
}

/// Deletes what is selected, or back to the start of the part of the word, as
/// [`subword_left`](crate::movement::subword_left) goes.
pub fn delete_subword_backward(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| {
        subword_start_left(text, caret)..caret
    })
}

/// Deletes what is selected, or on to the end of the part of the word, as
/// [`subword_right`](crate::movement::subword_right) goes.
pub fn delete_subword_forward(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| {
        caret..subword_end_right(text, caret)
    })
}

/// Deletes what is selected, or back to the start of the row; at its start, the line break.
pub fn delete_to_line_start(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| {
        let start = text.line_start(text.row_at(caret));
        if start == caret {
            caret.saturating_sub(1)..caret
        } else {
            start..caret
        }
    })
}

/// Deletes what is selected, or on to the end of the row; at its end, the line break.
pub fn delete_to_line_end(text: &Text, selections: &Selections) -> Transaction {
    delete(text, selections, |caret| {
        let end = text.line_end(text.row_at(caret));
        caret..if end == caret {
            (caret + 1).min(text.len())
        } else {
            end
        }
    })
}

/// Deletes every selection, and what `around` says for every caret.
pub(crate) fn delete(
    text: &Text,
    selections: &Selections,
    around: impl Fn(usize) -> Range<usize>,
) -> Transaction {
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let range = match selection.is_empty() {
            true => around(selection.head),
            false => selection.range(),
        };
        builder.push(Edit::new(range, ""), Landing::Inside(0));
    }
    builder.finish(EditIntent::Deleting)
}

/// The carets after a change that each selection should ride along with: a caret goes with text
/// inserted at its place, and a selection that begins at a row's start takes in what is put there.
pub(crate) fn ride_along(
    text: &Text,
    selections: &Selections,
    changes: &crate::ChangeSet,
) -> Selections {
    use crate::Bias::{Left, Right};
    let ends = selections.iter().flat_map(|selection| {
        let start = selection.start();
        let at_row_start = text.line_start(text.row_at(start)) == start;
        let bias = if at_row_start && !selection.is_empty() {
            Left
        } else {
            Right
        };
        [(start, bias), (selection.end(), Right)]
    });
    let mapped = changes.map_sorted(ends);
    let moved: Vec<Selection> = selections
        .iter()
        .zip(mapped.chunks_exact(2))
        .map(|(selection, ends)| selection.with_range(ends[0]..ends[1]))
        .collect();
    Selections::new(moved, selections.primary_index())
}
