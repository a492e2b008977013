//! What a stretch of a line looks like: tabs become spaces up to the next tab stop, and characters
//! that would be invisible or would reorder their neighbours become visible marks.
//!
//! Text that hides what it does ("Trojan Source", CVE-2021-42574) is a way to deceive a reviewer, so
//! no control, zero-width or bidirectional-override character is ever drawn as nothing.

use std::fmt::Write as _;
use std::ops::Range;

use unicode_width::UnicodeWidthChar as _;

/// The display form of one stretch of a line, with the way back to its source bytes.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct DisplayText {
    /// What is shaped and painted.
    pub text: String,
    /// Ranges of `text` that stand for a character which has no glyph of its own.
    pub marks: Vec<Range<usize>>,
    /// Column in cells, from the start of the line, where this stretch ends.
    pub end_cell: u32,
    source_len: usize,
    replacements: Vec<Replacement>,
}

/// One source character that is shown as something of another length.
#[derive(Debug, PartialEq)]
struct Replacement {
    source: Range<usize>,
    display: Range<usize>,
}

impl DisplayText {
    /// Builds the display form of `source`, which has no line end in it and starts `start_cell`
    /// cells into its line. `tab_size` is in cells, at least 1.
    pub(crate) fn new(source: &str, start_cell: u32, tab_size: u32) -> Self {
        let mut display = Self {
            text: String::with_capacity(source.len()),
            source_len: source.len(),
            end_cell: start_cell,
            ..Self::default()
        };
        let mut previous = None;
        for (offset, character) in source.char_indices() {
            let source_range = offset..offset + character.len_utf8();
            if character == '\t' {
                let width = tab_width(display.end_cell, tab_size);
                let start = display.text.len();
                display.text.extend((0..width).map(|_| ' '));
                display.replace(source_range, start);
                display.end_cell += width;
            } else if let Some(mark) = mark_for(character, previous) {
                let start = display.text.len();
                display.text.push_str(&mark);
                display.marks.push(start..display.text.len());
                display.replace(source_range, start);
                display.end_cell += mark.len() as u32;
            } else {
                display.text.push(character);
                display.end_cell += cell_width(character);
            }
            previous = Some(character);
        }
        display
    }

    fn replace(&mut self, source: Range<usize>, display_start: usize) {
        self.replacements.push(Replacement {
            source,
            display: display_start..self.text.len(),
        });
    }

    /// The display offset of the source offset; a position inside a replaced character is its start.
    pub(crate) fn to_display(&self, source: usize) -> usize {
        let source = source.min(self.source_len);
        let next = self
            .replacements
            .partition_point(|replacement| replacement.source.start <= source);
        match next.checked_sub(1).map(|index| &self.replacements[index]) {
            None => source,
            Some(last) if source < last.source.end => last.display.start,
            Some(last) => last.display.end + (source - last.source.end),
        }
    }

    /// The source offset nearest to a display offset.
    pub(crate) fn to_source(&self, display: usize) -> usize {
        let next = self
            .replacements
            .partition_point(|replacement| replacement.display.start <= display);
        let source = match next.checked_sub(1).map(|index| &self.replacements[index]) {
            None => display,
            Some(last) if display < last.display.end => {
                if (display - last.display.start) * 2 >= last.display.len() {
                    last.source.end
                } else {
                    last.source.start
                }
            }
            Some(last) => last.source.end + (display - last.display.end),
        };
        source.min(self.source_len)
    }
}

/// Cells that a tab takes when it starts at `cell`.
pub(crate) fn tab_width(cell: u32, tab_size: u32) -> u32 {
    let tab_size = tab_size.max(1);
    tab_size - cell % tab_size
}

/// Cells that `text` takes when it starts at `cell`, with the rules of [`DisplayText`].
pub(crate) fn advance_cells(text: &str, mut cell: u32, tab_size: u32) -> u32 {
    if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return cell + text.len() as u32;
    }
    let mut previous = None;
    for character in text.chars() {
        cell += if character == '\t' {
            tab_width(cell, tab_size)
        } else if let Some(mark) = mark_for(character, previous) {
            mark.len() as u32
        } else {
            cell_width(character)
        };
        previous = Some(character);
    }
    cell
}

fn cell_width(character: char) -> u32 {
    character.width().unwrap_or(0) as u32
}

/// The visible stand-in for a character that has no glyph: caret notation for ASCII controls
/// (`^[`), the code point for the rest (`U+202E`). Joiners and variation selectors stay as they are
/// where they do what they are for, after a character outside ASCII.
fn mark_for(character: char, previous: Option<char>) -> Option<String> {
    let code = character as u32;
    if (0x20..0x7f).contains(&code) {
        return None;
    }
    if code < 0x20 || code == 0x7f {
        let mut mark = String::from("^");
        mark.push(char::from((code as u8) ^ 0x40));
        return Some(mark);
    }
    let hidden = match code {
        0x80..=0x9f => true,
        // Soft hyphen, Arabic letter mark, Hangul fillers, Mongolian vowel separator.
        0xad | 0x61c | 0x115f | 0x1160 | 0x3164 | 0xffa0 | 0x180e => true,
        // Zero-width space, line and paragraph separators, invisible operators, byte order mark.
        0x200b | 0x2028 | 0x2029 | 0x2060..=0x2064 | 0x206a..=0x206f | 0xfeff => true,
        // Bidirectional marks, embeddings, overrides and isolates (UAX #9).
        0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069 => true,
        // Interlinear annotation and tag characters.
        0xfff9..=0xfffb | 0xe0000..=0xe007f => true,
        // Joiners and variation selectors: only odd where there is nothing to join.
        0x200c | 0x200d | 0xfe00..=0xfe0e | 0xe0100..=0xe01ef => {
            previous.is_none_or(|previous| previous.is_ascii())
        }
        // Also makes a keycap of a digit, `#` or `*`.
        0xfe0f => previous.is_none_or(|previous| {
            previous.is_ascii() && !previous.is_ascii_digit() && previous != '#' && previous != '*'
        }),
        _ => false,
    };
    hidden.then(|| {
        let mut mark = String::new();
        // Writing to a String cannot fail.
        write!(mark, "U+{code:04X}").ok();
        mark
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tabs_reach_the_next_stop() {
        let display = DisplayText::new("\ta\tb", 0, 4);
        assert_eq!(display.text, "    a   b");
        assert_eq!(display.end_cell, 9);
        assert_eq!(display.to_display(1), 4);
        assert_eq!(display.to_display(2), 5);
        assert_eq!(display.to_display(3), 8);
        assert_eq!(display.to_source(4), 1);
        // The left half of a tab belongs to its start, the right half to its end.
        assert_eq!(display.to_source(1), 0);
        assert_eq!(display.to_source(3), 1);
    }

    #[test]
    fn a_stretch_that_starts_inside_a_line_keeps_its_tab_stops() {
        assert_eq!(DisplayText::new("\tx", 3, 4).text, " x");
    }

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(DisplayText::new("日本\tx", 0, 8).text, "日本    x");
    }

    #[test]
    fn deceiving_characters_are_shown() {
        for (source, shown) in [
            ("a\u{202e}b", "aU+202Eb"),
            ("\u{1b}[2J", "^[[2J"),
            ("x\ry", "x^My"),
            ("user\u{200b}name", "userU+200Bname"),
            ("\u{feff}fn", "U+FEFFfn"),
            ("a\u{200d}b", "aU+200Db"),
            ("\u{e0041}", "U+E0041"),
            ("\u{7f}", "^?"),
        ] {
            let display = DisplayText::new(source, 0, 4);
            assert_eq!(display.text, shown);
            assert_eq!(display.marks.len(), 1, "{shown}");
        }
    }

    #[test]
    fn joiners_that_join_stay() {
        for source in [
            "👩\u{200d}💻",
            "क\u{94d}\u{200d}ष",
            "❤\u{fe0f}",
            "1\u{fe0f}\u{20e3}",
        ] {
            let display = DisplayText::new(source, 0, 4);
            assert_eq!(display.text, source);
            assert!(display.marks.is_empty());
        }
    }

    #[test]
    fn every_source_boundary_comes_back() {
        let source = "\tλ\u{202e}日\t\u{1b}e\u{301}🦀\t";
        let display = DisplayText::new(source, 0, 4);
        for (offset, _) in source.char_indices().chain([(source.len(), ' ')]) {
            assert_eq!(display.to_source(display.to_display(offset)), offset);
        }
        assert_eq!(advance_cells(source, 0, 4), display.end_cell);
    }
}
