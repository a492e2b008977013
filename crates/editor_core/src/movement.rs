//! Where carets go. Each function takes a selection and gives the one after the movement; with
//! `extend` the anchor stays and the text between is selected.
//!
//! Apply one to every caret with [`Selections::transform`](crate::Selections::transform):
//!
//! ```
//! use editor_core::{marked, movement};
//! let (text, carets) = marked::parse("ˇone two\nˇone two").unwrap();
//! let moved = carets.transform(|caret| movement::word_right(&text, caret, false));
//! assert_eq!(marked::format(&text, &moved), "oneˇ two\noneˇ two");
//! ```

mod rows;
mod subword;
pub mod visual;

pub use rows::{paragraph_down, paragraph_up, same_indent_down, same_indent_up};
pub(crate) use subword::{is_hump, subword_end_right, subword_start_left};
pub use subword::{subword_at, subword_left, subword_right};

use crate::indentation::indent_range;
use crate::word::{CharClass, run_end, run_start};
use crate::{Selection, Text, WordChars};

/// The selection whose caret is at `head`: extended to it, or just a caret there.
pub fn to(selection: &Selection, head: usize, extend: bool) -> Selection {
    let anchor = if extend { selection.anchor } else { head };
    Selection::new(anchor, head)
}

/// One grapheme to the left; without `extend` a selection collapses to its start.
pub fn left(text: &Text, selection: &Selection, extend: bool) -> Selection {
    if !extend && !selection.is_empty() {
        return Selection::caret(selection.start());
    }
    to(selection, text.prev_grapheme(selection.head), extend)
}

/// One grapheme to the right; without `extend` a selection collapses to its end.
pub fn right(text: &Text, selection: &Selection, extend: bool) -> Selection {
    if !extend && !selection.is_empty() {
        return Selection::caret(selection.end());
    }
    to(selection, text.next_grapheme(selection.head), extend)
}

/// To the start of the word at the left, past spaces and line breaks; a single punctuation mark
/// goes with the word before it.
pub fn word_left(text: &Text, selection: &Selection, extend: bool) -> Selection {
    word_left_in(text, selection, extend, WordChars::NONE)
}

/// As [`word_left`], by the words of a language.
pub fn word_left_in(
    text: &Text,
    selection: &Selection,
    extend: bool,
    words: WordChars,
) -> Selection {
    to(
        selection,
        word_start_left(text, selection.head, words),
        extend,
    )
}

/// To the end of the word at the right, past spaces and line breaks; a single punctuation mark
/// goes with the word after it.
pub fn word_right(text: &Text, selection: &Selection, extend: bool) -> Selection {
    word_right_in(text, selection, extend, WordChars::NONE)
}

/// As [`word_right`], by the words of a language.
pub fn word_right_in(
    text: &Text,
    selection: &Selection,
    extend: bool,
    words: WordChars,
) -> Selection {
    to(
        selection,
        word_end_right(text, selection.head, words),
        extend,
    )
}

/// To the first character of the row that is not white space, or, from there, to the row's start.
pub fn line_start(text: &Text, selection: &Selection, extend: bool) -> Selection {
    let row = text.row_at(selection.head);
    let indent = indent_range(text, row);
    let head = if selection.head == indent.end {
        indent.start
    } else {
        indent.end
    };
    to(selection, head, extend)
}

/// To the end of the row.
pub fn line_end(text: &Text, selection: &Selection, extend: bool) -> Selection {
    let row = text.row_at(selection.head);
    to(selection, text.line_end(row), extend)
}

/// To the start of the text.
pub fn document_start(_: &Text, selection: &Selection, extend: bool) -> Selection {
    to(selection, 0, extend)
}

/// To the end of the text.
pub fn document_end(text: &Text, selection: &Selection, extend: bool) -> Selection {
    to(selection, text.len(), extend)
}

/// The start of the word before an offset.
pub(crate) fn word_start_left(text: &Text, offset: usize, words: WordChars) -> usize {
    let mut at = offset;
    let mut breaks = 0;
    loop {
        at = run_start(text, at, CharClass::Space);
        let class = match words.ends_word(text, at) {
            true => Some(CharClass::Word),
            false => text.char_before(at).map(|character| words.class(character)),
        };
        match class {
            None => return at,
            // One line break is stepped over; an empty row is a stop of its own.
            Some(CharClass::LineBreak) if breaks == 1 => return at,
            Some(CharClass::LineBreak) => {
                breaks += 1;
                at -= 1;
            }
            Some(class) => {
                let start = words.run_start(text, at, class);
                let single_mark = class == CharClass::Punctuation
                    && at == offset
                    && text.prev_grapheme(at) == start
                    && text.char_before(start).map(|before| words.class(before))
                        == Some(CharClass::Word);
                return if single_mark {
                    words.run_start(text, start, CharClass::Word)
                } else {
                    start
                };
            }
        }
    }
}

/// The end of the word after an offset.
pub(crate) fn word_end_right(text: &Text, offset: usize, words: WordChars) -> usize {
    let mut at = offset;
    let mut breaks = 0;
    loop {
        at = run_end(text, at, CharClass::Space);
        match text.char_at(at).map(|character| words.class(character)) {
            None => return at,
            Some(CharClass::LineBreak) if breaks == 1 => return at,
            // At the end of a row the caret goes on to the next row's first word; from within
            // trailing spaces it stops at the row's end first.
            Some(CharClass::LineBreak) if at > offset && breaks == 0 => return at,
            Some(CharClass::LineBreak) => {
                breaks += 1;
                at += 1;
            }
            Some(class) => {
                let end = words.run_end(text, at, class);
                let single_mark = class == CharClass::Punctuation
                    && at == offset
                    && text.next_grapheme(at) == end
                    && text.char_at(end).map(|after| words.class(after)) == Some(CharClass::Word);
                return if single_mark {
                    words.run_end(text, end, CharClass::Word)
                } else {
                    end
                };
            }
        }
    }
}
