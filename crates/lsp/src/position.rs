//! Places of a text as the protocol has them. Kiln counts bytes everywhere else.

use std::ops::Range;

use editor_core::{ChangeSet, Text};
use lsp_types::{Position, TextDocumentContentChangeEvent};
use serde_json::Value;

/// What a column counts (LSP 3.17, `PositionEncodingKind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PositionEncoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what a server means that says nothing.
    #[default]
    Utf16,
    /// Characters.
    Utf32,
}

impl PositionEncoding {
    /// The one that a server chose; UTF-16 where it says nothing, or nothing that was offered.
    pub(crate) fn chosen(name: &Value) -> Self {
        match name.as_str() {
            Some("utf-8") => Self::Utf8,
            Some("utf-32") => Self::Utf32,
            _ => Self::Utf16,
        }
    }

    /// The place of a byte of a text.
    pub fn position(self, text: &Text, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset);
        let row = text.row_at(offset);
        let start = text.line_start(row);
        let column: usize = match self {
            Self::Utf8 => offset - start,
            Self::Utf16 => text.offset_to_utf16(offset) - text.offset_to_utf16(start),
            Self::Utf32 => text.count_chars(start..offset),
        };
        Position::new(to_u32(row), to_u32(column))
    }

    /// The byte of a place. What is past the end of a line is its end, what is past the last line
    /// the end of the text, and what is inside a character its start.
    pub fn offset(self, text: &Text, position: Position) -> usize {
        let row = position.line as usize;
        if row >= text.line_count() {
            return text.len();
        }
        let (start, end) = (text.line_start(row), text.line_end(row));
        let column = position.character as usize;
        match self {
            Self::Utf8 => text.floor_char_boundary(start.saturating_add(column).min(end)),
            Self::Utf16 => {
                let place = text.offset_to_utf16(start).saturating_add(column);
                text.utf16_to_offset(place).min(end)
            }
            Self::Utf32 => {
                let line = text.slice(start..end);
                let mut ends = line.char_indices().map(|(at, _)| start + at);
                ends.nth(column).unwrap_or(end)
            }
        }
    }

    /// The bytes of a range; empty where it is reversed.
    pub fn range(self, text: &Text, range: lsp_types::Range) -> Range<usize> {
        let start = self.offset(text, range.start);
        start..self.offset(text, range.end).max(start)
    }

    /// The column in characters of a place in a line, both from zero; its end where it is past it.
    pub fn column_in(self, line: &str, position: Position) -> u32 {
        let line = Text::new(line);
        let offset = self.offset(&line, Position::new(0, position.character));
        to_u32(line.count_chars(0..offset))
    }

    /// A change as the protocol has it, for the text before it: the last first, so that each is in
    /// the places of that text.
    pub(crate) fn changes(
        self,
        before: &Text,
        changes: &ChangeSet,
    ) -> Vec<TextDocumentContentChangeEvent> {
        let mut events: Vec<_> = changes
            .edits()
            .map(|edit| TextDocumentContentChangeEvent {
                range: Some(lsp_types::Range::new(
                    self.position(before, edit.old_range.start),
                    self.position(before, edit.old_range.end),
                )),
                range_length: None,
                text: edit.text.to_owned(),
            })
            .collect();
        events.reverse();
        events
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Edit;
    use proptest::prelude::*;

    const ALL: [PositionEncoding; 3] = [
        PositionEncoding::Utf8,
        PositionEncoding::Utf16,
        PositionEncoding::Utf32,
    ];

    #[test]
    fn columns_count_what_was_agreed_on() {
        let text = Text::new("ab\nä😀x\n");
        let column = |encoding: PositionEncoding| encoding.position(&text, 9);
        assert_eq!(column(PositionEncoding::Utf8), Position::new(1, 6));
        assert_eq!(column(PositionEncoding::Utf16), Position::new(1, 3));
        assert_eq!(column(PositionEncoding::Utf32), Position::new(1, 2));
        for encoding in ALL {
            let line = "ä😀x";
            let place = encoding.position(&text, 9);
            assert_eq!(encoding.column_in(line, place), 2);
            assert_eq!(encoding.column_in(line, Position::new(1, 99)), 3);
        }
    }

    #[test]
    fn impossible_places_are_taken_to_the_nearest_that_is_there() {
        let text = Text::new("ab\nä😀x");
        for encoding in ALL {
            let offset = |line, column| encoding.offset(&text, Position::new(line, column));
            assert_eq!(offset(0, u32::MAX), 2);
            assert_eq!(offset(u32::MAX, u32::MAX), text.len());
            assert_eq!(offset(1, u32::MAX), text.len());
        }
        // The middle of a surrogate pair, and of a character in UTF-8.
        assert_eq!(
            PositionEncoding::Utf16.offset(&text, Position::new(1, 2)),
            5
        );
        assert_eq!(PositionEncoding::Utf8.offset(&text, Position::new(1, 1)), 3);
        let reversed = lsp_types::Range::new(Position::new(1, 0), Position::new(0, 0));
        assert_eq!(PositionEncoding::Utf8.range(&text, reversed), 3..3);
    }

    /// The text after the events, as a server works it out.
    fn applied(encoding: PositionEncoding, before: &Text, changes: &ChangeSet) -> Text {
        let mut text = before.clone();
        for event in encoding.changes(before, changes) {
            let range = encoding.range(&text, event.range.unwrap());
            let change = ChangeSet::from_edits(text.len(), vec![Edit::new(range, event.text)]);
            text = change.unwrap().apply(&text).unwrap();
        }
        text
    }

    proptest! {
        #[test]
        fn every_place_comes_back_and_every_change_arrives(
            source in "[aä😀\n ]{0,40}",
            cuts in prop::collection::vec((0usize..40, 0usize..4, "[bé\n😀]{0,3}"), 0..4),
        ) {
            let text = Text::new(&source);
            let mut edits = Vec::new();
            let mut from = 0;
            for (skip, len, new) in cuts {
                let start = text.ceil_char_boundary(from + skip);
                let end = text.ceil_char_boundary(start + len);
                if start > text.len() { break; }
                edits.push(Edit::new(start..end, new));
                from = end + 1;
                if from > text.len() { break; }
            }
            let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
            let after = changes.apply(&text).unwrap();
            for encoding in ALL {
                for (offset, _) in source.char_indices() {
                    let place = encoding.position(&text, offset);
                    prop_assert_eq!(encoding.offset(&text, place), offset);
                }
                prop_assert_eq!(applied(encoding, &text, &changes), after.clone());
            }
        }
    }
}
