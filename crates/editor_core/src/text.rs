use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use ropey::{LineType, Rope, RopeBuilder, RopeSlice};
use serde::{Deserialize, Serialize};

const LINES: LineType = LineType::LF;

/// An immutable snapshot of a document's text.
///
/// Cloning is O(1) and shares the storage, so a clone is the snapshot that slow work takes along.
/// Offsets are bytes. An offset past the end is read as the end, and one inside a character as the
/// character's start, so that no caller can be made to panic by a position from outside.
/// A line ends at `\n`; a text of n line feeds has n + 1 lines.
#[derive(Clone, Default)]
pub struct Text(Rope);

/// A place in a text as a zero-based row and a column in bytes from the row's start.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Point {
    /// Row, from zero.
    pub row: u32,
    /// Bytes from the start of the row.
    pub column: u32,
}

impl Point {
    /// A point at a row and a column in bytes.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }
}

impl Text {
    /// A text holding a copy of `text`.
    pub fn new(text: &str) -> Self {
        Self(Rope::from_str(text))
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether one is a clone of the other that nobody has changed since, as far as that is told without
    /// looking at the texts. O(1).
    pub fn is_clone_of(&self, other: &Self) -> bool {
        ropey::extra::esoterica::ropes_are_instances(&self.0, &other.0)
    }

    /// Whether the text has no bytes.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }

    /// Number of lines, at least 1; `"a\n"` has 2.
    pub fn line_count(&self) -> usize {
        self.0.len_lines(LINES)
    }

    /// Offset of a row's first byte; the end of the text for a row past the last.
    pub fn line_start(&self, row: usize) -> usize {
        if row >= self.line_count() {
            return self.len();
        }
        self.0.line_to_byte_idx(row, LINES)
    }

    /// Offset before a row's line feed, or the end of the text on the last row.
    pub fn line_end(&self, row: usize) -> usize {
        if row + 1 >= self.line_count() {
            return self.len();
        }
        self.0.line_to_byte_idx(row + 1, LINES) - 1
    }

    /// The text of a row without its line feed; borrowed where the row lies in one chunk.
    pub fn line(&self, row: usize) -> Cow<'_, str> {
        self.slice(self.line_start(row)..self.line_end(row))
    }

    /// The row that holds an offset.
    pub fn row_at(&self, offset: usize) -> usize {
        self.0.byte_to_line_idx(offset.min(self.len()), LINES)
    }

    /// The text of a range, borrowed where it lies in one chunk. The ends are clamped to the text
    /// and to character starts.
    pub fn slice(&self, range: Range<usize>) -> Cow<'_, str> {
        let slice = self.rope_slice(range);
        match slice.as_str() {
            Some(text) => Cow::Borrowed(text),
            None => Cow::Owned(slice.to_string()),
        }
    }

    /// The pieces of a range in order, without copying.
    pub fn chunks(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        self.rope_slice(range).chunks()
    }

    /// The stored piece that holds an offset, and the offset where that piece begins. The piece is
    /// empty only in an empty text; at the end of the text it is the last piece.
    pub fn chunk_at(&self, offset: usize) -> (&str, usize) {
        self.0.chunk(offset.min(self.len()))
    }

    /// Row and column (in bytes) of an offset.
    pub fn offset_to_point(&self, offset: usize) -> Point {
        let offset = self.floor_char_boundary(offset);
        let row = self.0.byte_to_line_idx(offset, LINES);
        let column = offset - self.0.line_to_byte_idx(row, LINES);
        Point::new(to_u32(row), to_u32(column))
    }

    /// Offset of a point. A column past the row's end means the row's end, a row past the last
    /// means the end of the text, a column inside a character means the character's start.
    pub fn point_to_offset(&self, point: Point) -> usize {
        let row = point.row as usize;
        if row >= self.line_count() {
            return self.len();
        }
        // A frame asks for both ends of each row, which need no look at the characters.
        let start = self.line_start(row);
        if point.column == 0 {
            return start;
        }
        let (offset, end) = (
            start.saturating_add(point.column as usize),
            self.line_end(row),
        );
        if offset >= end {
            return end;
        }
        self.floor_char_boundary(offset)
    }

    /// The last character start at or before an offset.
    pub fn floor_char_boundary(&self, offset: usize) -> usize {
        self.0.floor_char_boundary(offset.min(self.len()))
    }

    /// The first character start at or after an offset.
    pub fn ceil_char_boundary(&self, offset: usize) -> usize {
        self.0.ceil_char_boundary(offset.min(self.len()))
    }

    /// Whether an offset is inside the text and between two characters.
    pub fn is_char_boundary(&self, offset: usize) -> bool {
        offset <= self.len() && self.0.is_char_boundary(offset)
    }

    /// The end of the grapheme cluster (Unicode UAX #29) that begins at or holds `offset`.
    pub fn next_grapheme(&self, offset: usize) -> usize {
        crate::grapheme::next(self, self.floor_char_boundary(offset))
    }

    /// The start of the grapheme cluster (Unicode UAX #29) that ends at or holds `offset`.
    pub fn prev_grapheme(&self, offset: usize) -> usize {
        crate::grapheme::previous(self, self.ceil_char_boundary(offset))
    }

    /// The first boundary between grapheme clusters (Unicode UAX #29) at or after an offset.
    pub fn ceil_grapheme(&self, offset: usize) -> usize {
        let offset = self.ceil_char_boundary(offset);
        if offset == 0 || offset == self.len() {
            return offset;
        }
        let end = self.next_grapheme(offset);
        if self.prev_grapheme(end) == offset {
            offset
        } else {
            end
        }
    }

    /// Number of UTF-16 code units before an offset.
    pub fn offset_to_utf16(&self, offset: usize) -> usize {
        self.0.byte_to_utf16_idx(offset.min(self.len()))
    }

    /// Offset of a position counted in UTF-16 code units; the middle of a surrogate pair means the
    /// character's start.
    pub fn utf16_to_offset(&self, utf16: usize) -> usize {
        self.0.utf16_to_byte_idx(utf16.min(self.0.len_utf16()))
    }

    /// Number of characters in a range. O(log n), however long the range.
    pub fn count_chars(&self, range: Range<usize>) -> usize {
        let before = |offset: usize| self.0.byte_to_char_idx(offset.min(self.len()));
        before(range.end).saturating_sub(before(range.start))
    }

    /// The characters from an offset on.
    pub fn chars_from(&self, offset: usize) -> impl Iterator<Item = char> + '_ {
        self.0.chars_at(self.floor_char_boundary(offset))
    }

    /// The characters before an offset, nearest first.
    pub fn chars_before(&self, offset: usize) -> impl Iterator<Item = char> + '_ {
        self.0.chars_at(self.floor_char_boundary(offset)).reversed()
    }

    /// The character that begins at an offset.
    pub fn char_at(&self, offset: usize) -> Option<char> {
        self.chars_from(offset).next()
    }

    /// The character that ends at an offset.
    pub fn char_before(&self, offset: usize) -> Option<char> {
        self.chars_before(offset).next()
    }

    pub(crate) fn rope_mut(&mut self) -> &mut Rope {
        &mut self.0
    }

    fn rope_slice(&self, range: Range<usize>) -> RopeSlice<'_> {
        let start = self.floor_char_boundary(range.start);
        let end = self.floor_char_boundary(range.end).max(start);
        self.0.slice(start..end)
    }
}

/// Makes a [`Text`] of pieces that come one after the other, as a file does that is read in blocks.
/// Nothing but the text itself is held meanwhile.
#[derive(Debug, Clone)]
pub struct TextBuilder(RopeBuilder);

impl Default for TextBuilder {
    fn default() -> Self {
        Self(RopeBuilder::new())
    }
}

impl TextBuilder {
    /// Adds a piece at the end.
    pub fn append(&mut self, piece: &str) {
        self.0.append(piece);
    }

    /// The text of all pieces.
    pub fn finish(self) -> Text {
        Text(self.0.finish())
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0 == other.0
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.len() == other.len() && self.0 == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .chunks()
            .try_for_each(|chunk| formatter.write_str(chunk))
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 200;
        let shown = self.slice(0..SHOWN);
        let rest = self.len() - shown.len();
        write!(formatter, "Text({shown:?}")?;
        if rest > 0 {
            write!(formatter, " + {rest} bytes")?;
        }
        formatter.write_str(")")
    }
}
