//! What a stretch of a line looks like: tabs become spaces up to the next tab stop, and characters
//! that would be invisible or would reorder their neighbours become visible marks.
//!
//! The rules are those of [`editor_core::display_map`], which counts the cells.

use std::ops::Range;

use editor_core::display_map::TAB_COLUMNS;
use editor_core::display_map::cells::{Marks, tab_width};
use settings::Settings;

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

/// Where in its line a stretch of text starts.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub(crate) struct LinePlace {
    /// In bytes, with inlays and placeholders.
    pub column: usize,
    /// In cells.
    pub cell: u32,
}

/// What decides how many cells a character takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CellRules {
    /// Cells from one tab stop to the next, at least 1.
    pub tab_size: u32,
    pub marks: Marks,
}

impl CellRules {
    /// The rules of the settings, with nothing marked.
    pub(crate) fn of_settings(settings: &Settings) -> Self {
        Self {
            tab_size: settings.editor.tab_size,
            marks: Marks::default(),
        }
    }

    /// Cells of a tab; those far into a line are not aligned any more.
    fn tab(self, column: usize, cell: u32) -> u32 {
        if column >= TAB_COLUMNS as usize {
            1
        } else {
            tab_width(cell, self.tab_size)
        }
    }
}

/// One source character that is shown as something of another length.
#[derive(Debug, PartialEq)]
struct Replacement {
    source: Range<usize>,
    display: Range<usize>,
}

impl DisplayText {
    /// Builds the display form of `source`, which has no line end in it and starts at `start` of its
    /// line.
    pub(crate) fn new(source: &str, start: LinePlace, rules: CellRules) -> Self {
        let mut display = Self {
            text: String::with_capacity(source.len()),
            source_len: source.len(),
            end_cell: start.cell,
            ..Self::default()
        };
        let mut previous = None;
        for (offset, character) in source.char_indices() {
            let source_range = offset..offset + character.len_utf8();
            if character == '\t' {
                let width = rules.tab(start.column + offset, display.end_cell);
                let start = display.text.len();
                display.text.extend((0..width).map(|_| ' '));
                display.replace(source_range, start);
                display.end_cell += width;
            } else if let Some(mark) = rules.marks.mark_for(character, previous) {
                let start = display.text.len();
                display.text.push_str(&mark);
                display.marks.push(start..display.text.len());
                display.replace(source_range, start);
                display.end_cell += mark.len() as u32;
            } else {
                display.text.push(character);
                display.end_cell += rules.marks.cells(character, previous);
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

    /// The spaces that stand for tabs.
    pub(crate) fn tabs(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let replacements = self.replacements.iter().map(|one| one.display.clone());
        replacements.filter(|range| self.text[range.clone()].starts_with(' '))
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

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: CellRules = CellRules {
        tab_size: 4,
        marks: Marks {
            control: true,
            invisible: true,
        },
    };

    fn display(source: &str) -> DisplayText {
        DisplayText::new(source, LinePlace::default(), RULES)
    }

    #[test]
    fn tabs_reach_the_next_stop() {
        let shown = display("\ta\tb");
        assert_eq!(shown.text, "    a   b");
        assert_eq!(shown.end_cell, 9);
        assert_eq!(shown.to_display(1), 4);
        assert_eq!(shown.to_display(2), 5);
        assert_eq!(shown.to_display(3), 8);
        assert_eq!(shown.to_source(4), 1);
        // The left half of a tab belongs to its start, the right half to its end.
        assert_eq!(shown.to_source(1), 0);
        assert_eq!(shown.to_source(3), 1);
    }

    #[test]
    fn a_stretch_that_starts_inside_a_line_keeps_its_tab_stops() {
        assert_eq!(
            DisplayText::new("\tx", LinePlace { column: 3, cell: 3 }, RULES).text,
            " x"
        );
    }

    #[test]
    fn wide_characters_take_two_cells() {
        assert_eq!(display("日本\tx").text, "日本    x");
    }

    #[test]
    fn deceiving_characters_are_shown() {
        for (source, expected) in [
            ("a\u{202e}b", "aU+202Eb"),
            ("\u{1b}[2J", "^[[2J"),
            ("x\ry", "x^My"),
            ("user\u{200b}name", "userU+200Bname"),
            ("\u{feff}fn", "U+FEFFfn"),
            ("a\u{200d}b", "aU+200Db"),
            ("\u{e0041}", "U+E0041"),
            ("\u{7f}", "^?"),
        ] {
            let shown = display(source);
            assert_eq!(shown.text, expected);
            assert_eq!(shown.marks.len(), 1, "{expected}");
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
            let shown = display(source);
            assert_eq!(shown.text, source);
            assert!(shown.marks.is_empty());
        }
    }

    #[test]
    fn every_source_boundary_comes_back() {
        let source = "\tλ\u{202e}日\t\u{1b}e\u{301}🦀\t";
        let shown = display(source);
        for (offset, _) in source.char_indices().chain([(source.len(), ' ')]) {
            assert_eq!(shown.to_source(shown.to_display(offset)), offset);
        }
        let cells = RULES.marks.count(source, 0, 0, RULES.tab_size);
        assert_eq!(cells, u64::from(shown.end_cell));
    }
}
