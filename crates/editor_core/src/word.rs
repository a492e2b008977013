use std::ops::Range;

use crate::Text;

/// What a character counts as when the caret moves by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharClass {
    /// Spaces and tabs.
    Space,
    /// A line feed.
    LineBreak,
    /// Letters, digits and the underscore.
    Word,
    /// Everything else.
    Punctuation,
}

impl CharClass {
    /// The class of a character.
    pub fn of(character: char) -> Self {
        match character {
            '\n' => Self::LineBreak,
            '_' => Self::Word,
            character if character.is_whitespace() => Self::Space,
            character if character.is_alphanumeric() => Self::Word,
            // Combining marks and joiners belong to the word that they stand in.
            '\u{300}'..='\u{36f}' | '\u{200c}' | '\u{200d}' => Self::Word,
            _ => Self::Punctuation,
        }
    }
}

/// The run of one class around an offset, as a double click selects it: a word where one touches
/// the offset, else the spaces or the punctuation there. Empty on an empty line.
pub fn word_at(text: &Text, offset: usize) -> Range<usize> {
    let offset = text.floor_char_boundary(offset);
    let after = text.char_at(offset).map(CharClass::of);
    let before = text.char_before(offset).map(CharClass::of);
    let class = match (before, after) {
        (_, Some(CharClass::Word)) | (Some(CharClass::Word), _) => CharClass::Word,
        (_, Some(class)) if class != CharClass::LineBreak => class,
        (Some(class), _) if class != CharClass::LineBreak => class,
        _ => return offset..offset,
    };
    run_start(text, offset, class)..run_end(text, offset, class)
}

/// Where the run of a class that ends at `offset` begins; `offset` where there is none.
pub(crate) fn run_start(text: &Text, offset: usize, class: CharClass) -> usize {
    let len: usize = text
        .chars_before(offset)
        .take_while(|character| CharClass::of(*character) == class)
        .map(char::len_utf8)
        .sum();
    offset - len
}

/// Where the run of a class that begins at `offset` ends; `offset` where there is none.
pub(crate) fn run_end(text: &Text, offset: usize, class: CharClass) -> usize {
    let len: usize = text
        .chars_from(offset)
        .take_while(|character| CharClass::of(*character) == class)
        .map(char::len_utf8)
        .sum();
    offset + len
}
