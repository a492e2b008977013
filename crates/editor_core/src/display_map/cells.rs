//! How wide characters are, and which ones are shown as something else.
//!
//! Text that hides what it does ("Trojan Source", CVE-2021-42574) is a way to deceive a reviewer, so
//! control, zero-width and bidirectional-override characters are shown as visible marks.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

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
    /// The visible stand-in for a character that has no glyph. Joiners and variation selectors stay
    /// as they are where they do what they are for, after a character outside ASCII.
    pub fn mark_for(self, character: char, previous: Option<char>) -> Option<String> {
        let code = character as u32;
        if (0x20..0x7f).contains(&code) || character == '\t' {
            return None;
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
            // Soft hyphen, Arabic letter mark, Hangul fillers, Mongolian vowel separator.
            0xad | 0x61c | 0x115f | 0x1160 | 0x3164 | 0xffa0 | 0x180e => self.invisible,
            // Zero-width space, line and paragraph separators, invisible operators, byte order mark.
            0x200b | 0x2028 | 0x2029 | 0x2060..=0x2064 | 0x206a..=0x206f | 0xfeff => self.invisible,
            // Bidirectional marks, embeddings, overrides and isolates (UAX #9).
            0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069 => self.invisible,
            // Interlinear annotation and tag characters.
            0xfff9..=0xfffb | 0xe0000..=0xe007f => self.invisible,
            // Joiners and variation selectors: only odd where there is nothing to join.
            0x200c | 0x200d | 0xfe00..=0xfe0e | 0xe0100..=0xe01ef => {
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
            _ => false,
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

    /// Column in cells where `text` ends when it starts at `cell`.
    pub fn advance(self, text: &str, mut cell: u32, tab_size: u32) -> u32 {
        if is_simple(text) {
            return cell.saturating_add(super::extent::to_u32(text.len()));
        }
        let mut previous = None;
        for character in text.chars() {
            cell += match character {
                '\t' => tab_width(cell, tab_size),
                _ => self.cells(character, previous),
            };
            previous = Some(character);
        }
        cell
    }
}

/// Cells that a tab takes when it starts at `cell`.
pub fn tab_width(cell: u32, tab_size: u32) -> u32 {
    let tab_size = tab_size.max(1);
    tab_size - cell % tab_size
}

/// Whether every byte is a printable ASCII character, which takes one cell.
pub(crate) fn is_simple(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}
