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

/// What belongs to the words of a language, such as `-` in CSS, besides what always does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WordChars {
    /// Those that do anywhere.
    pub anywhere: &'static [char],
    /// Those that do at the end of a word, as in Ruby's `empty?`; not where `=` follows.
    pub at_end: &'static [char],
}

impl WordChars {
    /// No others.
    pub const NONE: Self = Self {
        anywhere: &[],
        at_end: &[],
    };

    /// The class of a character by itself.
    pub fn class(self, character: char) -> CharClass {
        match CharClass::of(character) {
            CharClass::Punctuation if self.anywhere.contains(&character) => CharClass::Word,
            class => class,
        }
    }

    /// The run of one class around an offset, as a double click selects it: a word where one touches
    /// the offset, else the spaces or the punctuation there. Empty on an empty line.
    pub fn word_at(self, text: &Text, offset: usize) -> Range<usize> {
        let offset = text.floor_char_boundary(offset);
        let after = text.char_at(offset).map(|character| self.class(character));
        let before = match self.ends_word(text, offset) {
            true => Some(CharClass::Word),
            false => text
                .char_before(offset)
                .map(|character| self.class(character)),
        };
        let class = match (before, after) {
            (_, Some(CharClass::Word)) | (Some(CharClass::Word), _) => CharClass::Word,
            (_, Some(class)) if class != CharClass::LineBreak => class,
            (Some(class), _) if class != CharClass::LineBreak => class,
            _ => return offset..offset,
        };
        self.run_start(text, offset, class)..self.run_end(text, offset, class)
    }

    /// Where the run of a class that ends at `offset` begins; `offset` where there is none.
    pub(crate) fn run_start(self, text: &Text, offset: usize, class: CharClass) -> usize {
        let offset = match class == CharClass::Word && self.ends_word(text, offset) {
            true => text.prev_grapheme(offset),
            false => offset,
        };
        let len: usize = text
            .chars_before(offset)
            .take_while(|character| self.class(*character) == class)
            .map(char::len_utf8)
            .sum();
        offset - len
    }

    /// Where the run of a class that begins at `offset` ends; `offset` where there is none.
    pub(crate) fn run_end(self, text: &Text, offset: usize, class: CharClass) -> usize {
        let len: usize = text
            .chars_from(offset)
            .take_while(|character| self.class(*character) == class)
            .map(char::len_utf8)
            .sum();
        let end = offset + len;
        match text.char_at(end) {
            Some(last)
                if class == CharClass::Word && self.ends_word(text, end + last.len_utf8()) =>
            {
                end + last.len_utf8()
            }
            _ => end,
        }
    }

    /// Whether what stands before an offset is the last character of a word that only ends words.
    pub fn ends_word(self, text: &Text, offset: usize) -> bool {
        let mut before = text.chars_before(offset);
        let (Some(last), Some(letter)) = (before.next(), before.next()) else {
            return false;
        };
        self.at_end.contains(&last)
            && self.class(letter) == CharClass::Word
            && text.char_at(offset) != Some('=')
    }
}

/// As [`WordChars::word_at`], with the words of no language in particular.
pub fn word_at(text: &Text, offset: usize) -> Range<usize> {
    WordChars::NONE.word_at(text, offset)
}

/// Where the run of a class that ends at `offset` begins; `offset` where there is none.
pub(crate) fn run_start(text: &Text, offset: usize, class: CharClass) -> usize {
    WordChars::NONE.run_start(text, offset, class)
}

/// Where the run of a class that begins at `offset` ends; `offset` where there is none.
pub(crate) fn run_end(text: &Text, offset: usize, class: CharClass) -> usize {
    WordChars::NONE.run_end(text, offset, class)
}
