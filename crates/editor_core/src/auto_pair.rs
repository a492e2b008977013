//! Typing with brackets and quotes closed, surrounded and deleted in pairs.

use crate::editing::{self, insert_text};
use crate::indentation::indent_range;
use crate::transaction::{EditBuilder, Landing};
use crate::word::CharClass;
use crate::{
    Edit, EditIntent, IndentStyle, Selection, Selections, Text, Transaction, column_at_offset,
};

/// Two characters that go together; a quote is its own closer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The character that begins it.
    pub open: char,
    /// The character that ends it.
    pub close: char,
}

impl Pair {
    /// A pair of an opening and a closing character.
    pub const fn new(open: char, close: char) -> Self {
        Self { open, close }
    }

    fn is_quote(self) -> bool {
        self.open == self.close
    }
}

/// The brackets and quotes of most languages.
pub const COMMON_PAIRS: &[Pair] = &[
    Pair::new('(', ')'),
    Pair::new('[', ']'),
    Pair::new('{', '}'),
    Pair::new('"', '"'),
    Pair::new('\'', '\''),
    Pair::new('`', '`'),
];

/// Characters before which an opened bracket or quote is closed at once, as in VS Code.
const CLOSES_BEFORE: &str = ";:.,=}])> \t\n'\"`";

/// Rows longer than this are not looked through to see whether their brackets match.
const MAX_ROW: usize = 4096;

/// Types text at every caret. A single opening character surrounds what is selected, or brings its
/// closer along where nothing stands in the way; a closing one goes over the closer that is
/// already there where the row's brackets match without it.
pub fn insert_typed(
    text: &Text,
    selections: &Selections,
    typed: &str,
    pairs: &[Pair],
) -> Transaction {
    let mut characters = typed.chars();
    let (Some(character), None) = (characters.next(), characters.next()) else {
        return insert_text(text, selections, typed);
    };
    let opened = pairs.iter().find(|pair| pair.open == character).copied();
    let closed = pairs.iter().find(|pair| pair.close == character).copied();
    if opened.is_none() && closed.is_none() {
        return insert_text(text, selections, typed);
    }
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let at = selection.head;
        let (edit, landing) = match (opened, closed) {
            (Some(pair), _) if !selection.is_empty() => surround(text, selection, pair),
            (_, Some(pair)) if goes_over(text, selection, pair) => {
                let edit = Edit::new(at..at + character.len_utf8(), typed);
                (edit, Landing::Inside(typed.len()))
            }
            (Some(pair), _) if closes(text, at, pair) => {
                let both = format!("{}{}", pair.open, pair.close);
                (Edit::new(at..at, both), Landing::Inside(typed.len()))
            }
            _ => {
                let edit = Edit::new(selection.range(), typed);
                (edit, Landing::Inside(typed.len()))
            }
        };
        builder.push(edit, landing);
    }
    builder.finish(EditIntent::Typing)
}

/// Backspace: deletes what is selected, both of an empty pair around the caret, the spaces back to
/// the last tab stop in a row's indentation, or one grapheme.
pub fn delete_backward(
    text: &Text,
    selections: &Selections,
    pairs: &[Pair],
    style: &IndentStyle,
) -> Transaction {
    editing::delete(text, selections, |caret| {
        let start = text.prev_grapheme(caret);
        let around = (text.char_before(caret), text.char_at(caret));
        let in_pair = pairs
            .iter()
            .any(|pair| around == (Some(pair.open), Some(pair.close)));
        if in_pair {
            return start..text.next_grapheme(caret);
        }
        let indent = indent_range(text, text.row_at(caret));
        if style.insert_spaces && caret > indent.start && caret <= indent.end {
            let column = column_at_offset(text, caret, style.tab_size) as usize;
            let stop = style.stop() as usize;
            let back = column - (column - 1) / stop * stop;
            let spaces = text
                .chars_before(caret)
                .take(back)
                .take_while(|character| *character == ' ')
                .count();
            if spaces == back {
                return caret - back..caret;
            }
        }
        start..caret
    })
}

fn surround(text: &Text, selection: &Selection, pair: Pair) -> (Edit, Landing) {
    let inner = text.slice(selection.range());
    let (start, end) = (
        pair.open.len_utf8(),
        pair.open.len_utf8() + selection.range().len(),
    );
    let edit = Edit::new(
        selection.range(),
        format!("{}{inner}{}", pair.open, pair.close),
    );
    let landing = if selection.is_reversed() {
        Landing::Over(end, start)
    } else {
        Landing::Over(start, end)
    };
    (edit, landing)
}

/// Whether the closer that follows the caret is the one that was meant.
fn goes_over(text: &Text, selection: &Selection, pair: Pair) -> bool {
    if !selection.is_empty() || text.char_at(selection.head) != Some(pair.close) {
        return false;
    }
    let (opens, closes) = count(text, selection.head, pair);
    if pair.is_quote() {
        closes % 2 == 0
    } else {
        opens <= closes
    }
}

/// Whether an opener typed at an offset brings its closer along.
fn closes(text: &Text, at: usize, pair: Pair) -> bool {
    let free = text
        .char_at(at)
        .is_none_or(|next| CLOSES_BEFORE.contains(next));
    if !free || !pair.is_quote() {
        return free;
    }
    let before = text.char_before(at);
    let after_word = before.is_some_and(|before| {
        before == pair.open || before == '\\' || CharClass::of(before) == CharClass::Word
    });
    !after_word && count(text, at, pair).1.is_multiple_of(2)
}

/// How often the two characters stand in the row of an offset.
fn count(text: &Text, at: usize, pair: Pair) -> (usize, usize) {
    let row = text.row_at(at);
    let start = text.line_start(row).max(at.saturating_sub(MAX_ROW));
    let end = text.line_end(row).min(at + MAX_ROW);
    let mut counts = (0, 0);
    for character in text.chunks(start..end).flat_map(str::chars) {
        counts.0 += usize::from(character == pair.open);
        counts.1 += usize::from(character == pair.close);
    }
    counts
}
