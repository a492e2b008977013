use std::ops::Range;

use super::{to, word_end_right, word_start_left};
use crate::word::CharClass;
use crate::{Selection, Text, WordChars, word_at};

/// To the start of the part of a word at the left: `HTTPServer`, `get_name` and `getName` have two
/// parts each. Between words it goes as [`word_left`](super::word_left) does.
pub fn subword_left(text: &Text, selection: &Selection, extend: bool) -> Selection {
    to(selection, subword_start_left(text, selection.head), extend)
}

/// To the end of the part of a word at the right; see [`subword_left`].
pub fn subword_right(text: &Text, selection: &Selection, extend: bool) -> Selection {
    to(selection, subword_end_right(text, selection.head), extend)
}

/// The part of a word around an offset, and the word itself where it has only one part.
pub fn subword_at(text: &Text, offset: usize) -> Range<usize> {
    let word = word_at(text, offset);
    let offset = text.floor_char_boundary(offset);
    let part = |character: Option<char>| {
        character.is_some_and(|character| {
            character != '_' && CharClass::of(character) == CharClass::Word
        })
    };
    let at_start = offset == word.start || is_start(text, offset);
    let start = if at_start && part(text.char_at(offset)) {
        offset
    } else {
        subword_start_left(text, offset)
    };
    let at_end = is_end(text, offset) && start < offset;
    let end = if at_end && part(text.char_before(offset)) {
        offset
    } else {
        subword_end_right(text, offset)
    };
    start.max(word.start)..end.min(word.end)
}

/// The start of the part of a word before an offset.
pub(crate) fn subword_start_left(text: &Text, offset: usize) -> usize {
    let floor = word_start_left(text, offset, WordChars::NONE);
    let mut at = offset;
    let mut after: Option<char> = None;
    let mut after_that = None;
    for before in text.chars_before(offset) {
        if at <= floor {
            break;
        }
        if at < offset && begins(before, after, after_that) {
            return at;
        }
        at -= before.len_utf8();
        (after, after_that) = (Some(before), after);
    }
    floor
}

/// The end of the part of a word after an offset.
pub(crate) fn subword_end_right(text: &Text, offset: usize) -> usize {
    let ceiling = word_end_right(text, offset, WordChars::NONE);
    let mut at = offset;
    let mut before: Option<char> = None;
    let mut characters = text.chars_from(offset).peekable();
    while let Some(character) = characters.next() {
        if at >= ceiling {
            break;
        }
        let next = characters.peek().copied();
        if before.is_some_and(|before| ends(before, character, next)) {
            return at;
        }
        at += character.len_utf8();
        before = Some(character);
    }
    ceiling
}

fn is_start(text: &Text, offset: usize) -> bool {
    let mut after = text.chars_from(offset);
    let (first, second) = (after.next(), after.next());
    text.char_before(offset)
        .is_some_and(|before| begins(before, first, second))
}

fn is_end(text: &Text, offset: usize) -> bool {
    let mut after = text.chars_from(offset);
    match (text.char_before(offset), after.next()) {
        (Some(before), Some(character)) => ends(before, character, after.next()),
        _ => false,
    }
}

fn is_word(character: char) -> bool {
    CharClass::of(character) == CharClass::Word
}

/// Whether a part begins between `before` and `after`.
fn begins(before: char, after: Option<char>, after_that: Option<char>) -> bool {
    let Some(after) = after else {
        return false;
    };
    is_word(before)
        && is_word(after)
        && after != '_'
        && (before == '_' || is_hump(before, after, after_that))
}

/// Whether a part ends between `before` and `after`.
fn ends(before: char, after: char, after_that: Option<char>) -> bool {
    is_word(before)
        && is_word(after)
        && before != '_'
        && (after == '_' || is_hump(before, after, after_that))
}

/// `getName` and `HTTPServer` have their humps before `N` and `S`; a digit goes with what is before
/// it.
pub(crate) fn is_hump(before: char, after: char, after_that: Option<char>) -> bool {
    after.is_uppercase()
        && (before.is_lowercase()
            || before.is_numeric()
            || before.is_uppercase() && after_that.is_some_and(char::is_lowercase))
}
