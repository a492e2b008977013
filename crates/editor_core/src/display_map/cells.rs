//! How wide characters are, and which ones are shown as something else.
//!
//! Text that hides what it does ("Trojan Source", CVE-2021-42574) is a way to deceive a reviewer, so
//! control, zero-width and bidirectional-override characters are shown as visible marks.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

use super::tab_map::TAB_COLUMNS;
use crate::stray_byte_of;

/// Which characters without a glyph of their own are shown as marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Marks {
    /// Control characters: `^[` for ASCII, the code point for the others
    /// (`editor.renderControlCharacters`).
    pub control: bool,
    /// Characters that are invisible or change the order of others, as their code point
    /// (`editor.unicodeHighlight.invisibleCharacters`).
    pub invisible: bool,
}

impl Default for Marks {
    fn default() -> Self {
        Self {
            control: true,
            invisible: true,
        }
    }
}

impl Marks {
    /// The visible stand-in for a character that has no glyph; for a byte that is no text, always
    /// that byte. Joiners and variation selectors stay
    /// as they are where they do what they are for, after a character outside ASCII.
    pub fn mark_for(self, character: char, previous: Option<char>) -> Option<String> {
        let code = character as u32;
        if (0x20..0x7f).contains(&code) || character == '\t' {
            return None;
        }
        if let Some(byte) = stray_byte_of(character) {
            return Some(format!("\\x{byte:02X}"));
        }
        if code < 0x20 || code == 0x7f {
            return self.control.then(|| {
                let mut mark = String::from("^");
                mark.push(char::from((code as u8) ^ 0x40));
                mark
            });
        }
        let hidden = match code {
            0x80..=0x9f => self.control,
            // Joiners and variation selectors: only odd where there is nothing to join.
            0x200c | 0x200d | 0x180b..=0x180d | 0x180f | 0xfe00..=0xfe0e | 0xe0100..=0xe01ef => {
                self.invisible && previous.is_none_or(|previous| previous.is_ascii())
            }
            // Also makes a keycap of a digit, `#` or `*`.
            0xfe0f => {
                self.invisible
                    && previous.is_none_or(|previous| {
                        previous.is_ascii()
                            && !previous.is_ascii_digit()
                            && previous != '#'
                            && previous != '*'
                    })
            }
            _ => self.invisible && text_safety::is_invisible(character),
        };
        hidden.then(|| {
            let mut mark = String::new();
            // Writing to a String cannot fail.
            write!(mark, "U+{code:04X}").ok();
            mark
        })
    }

    /// Cells of a character that is no tab, after another.
    pub fn cells(self, character: char, previous: Option<char>) -> u32 {
        match self.mark_for(character, previous) {
            Some(mark) => super::extent::to_u32(mark.len()),
            None => character.width().map_or(0, super::extent::to_u32),
        }
    }

    /// Cells of `text`, which starts at a byte `column` and a `cell` of its line. It is counted as if
    /// nothing stood before it.
    pub fn count(self, text: &str, column: usize, cell: u32, tab_size: u32) -> u64 {
        if is_simple(text) {
            return text.len() as u64;
        }
        let mut cells = 0;
        let mut previous = None;
        for (index, character) in text.char_indices() {
            cells += match character {
                ' '..='~' => 1,
                '\t' if column.saturating_add(index) >= TAB_COLUMNS as usize => 1,
                // Within so few columns the cells fit in 32 bits.
                '\t' => u64::from(tab_width(cell.saturating_add(cells as u32), tab_size)),
                _ => u64::from(self.cells(character, previous)),
            };
            previous = Some(character);
        }
        cells
    }
}

/// Cells that a tab takes when it starts at `cell`.
pub fn tab_width(cell: u32, tab_size: u32) -> u32 {
    let tab_size = tab_size.max(1);
    tab_size - cell % tab_size
}

/// Whether every byte is a printable ASCII character, which takes one cell.
pub(crate) fn is_simple(text: &str) -> bool {
    // In pieces that are looked at as a whole, which is several times as fast as byte by byte.
    let simple = |piece: &[u8]| {
        piece
            .iter()
            .fold(true, |simple, byte| simple & (0x20..0x7f).contains(byte))
    };
    text.as_bytes().chunks(128).all(simple)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_deceives_is_seen_behind_a_letter_of_ascii() {
        for character in ('\u{80}'..='\u{10ffff}').filter(|one| text_safety::deceives(*one)) {
            let mark = Marks::default().mark_for(character, Some('a'));
            assert!(mark.is_some(), "U+{:04X}", u32::from(character));
        }
    }
}
