//! `ga` and `g CTRL-G`: what stands at the cursor, and where that is.

use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::Vim;

/// In a text of more bytes than this no words and characters are counted, as that would be waited for.
const MAX_COUNTED: usize = 16 * 1024 * 1024;

impl Vim {
    /// `ga`: the characters at the cursor by number (`:help ga`).
    pub(crate) fn tell_character(&mut self) {
        let line = self.line_range(self.row(self.cursor));
        let rest = self.text.slice(self.cursor..line.end).into_owned();
        let Some(grapheme) = rest.graphemes(true).next() else {
            return self.say("NUL".to_owned());
        };
        let mut words = Vec::new();
        for (index, character) in grapheme.chars().enumerate() {
            let code = u32::from(character);
            words.push(match character {
                '\0'..='\u{1f}' | '\u{7f}' => {
                    let sign = char::from_u32(code ^ 0x40).unwrap_or('?');
                    format!("<^{sign}>  {code},  Hex {code:02x},  Octal {code:03o}")
                }
                '\u{20}'..='\u{7e}' => {
                    format!("<{character}>  {code},  Hex {code:02x},  Octal {code:03o}")
                }
                // One that goes with the character before it is shown on a blank, as in Vim.
                _ => {
                    let blank = if index > 0 { " " } else { "" };
                    let width = if code > 0xffff { 8 } else { 4 };
                    format!("<{blank}{character}> {code}, Hex {code:0width$x}, Octal {code:o}")
                }
            });
        }
        self.say(words.join(" "));
    }

    /// `g CTRL-G`: column, line, word, character and byte of the cursor (`:help g_CTRL-G`).
    pub(crate) fn tell_position(&mut self) {
        let row = self.row(self.cursor);
        let line = self.line_range(row);
        // Counted up to the end of the character at the cursor.
        let end = match self.cursor < line.end {
            true => self.next(self.cursor),
            false => (self.cursor + 1).min(self.text.len()),
        };
        let column = |bytes: usize, cells: usize| match bytes == cells {
            true => bytes.to_string(),
            false => format!("{bytes}-{cells}"),
        };
        let here = match line.is_empty() {
            true => "1".to_owned(),
            false => {
                // A tab has its cursor at its end.
                let cells = match self.text.char_at(self.cursor) {
                    Some('\t') => self.cell(end),
                    _ => self.cell(self.cursor) + 1,
                };
                column(self.cursor - line.start + 1, cells)
            }
        };
        let all = column(line.len(), self.cell(line.end));
        let mut words = format!("Col {here} of {all}; Line {} of {}", row + 1, self.rows());
        let len = self.text.len();
        if len <= MAX_COUNTED {
            let (before, whole) = (self.text.slice(0..end), self.text.slice(0..len));
            let count = |text: &str| text.split_whitespace().count();
            // Writing to a string does not fail.
            write!(words, "; Word {} of {}", count(&before), count(&whole)).ok();
            let characters = |text: &str| text.chars().count();
            let all = characters(&whole);
            if all != len {
                write!(words, "; Char {} of {all}", characters(&before)).ok();
            }
        }
        write!(words, "; Byte {end} of {len}").ok();
        self.say(words);
    }
}
