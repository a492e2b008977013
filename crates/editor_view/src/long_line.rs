//! A coarse map of a very long line, so that only the part in view is shaped.
//!
//! A minified file can be one line of megabytes. Its columns are placed by counting cells, which
//! needs one pass over the line after each change of it and no shaping.

use std::ops::Range;

use editor_core::Text;

use crate::display_text::advance_cells;

/// Lines of more bytes than this are shaped in chunks.
pub(crate) const LONG_LINE_BYTES: usize = 4096;

/// Bytes of a chunk, within a few.
const CHUNK_BYTES: usize = 512;

/// Where the chunks of one long line begin.
#[derive(Debug)]
pub(crate) struct LongLine {
    /// Line and buffer version that the map was made from.
    pub row: usize,
    pub version: u64,
    pub tab_size: u32,
    chunks: Vec<Chunk>,
    len: usize,
    /// Width of the whole line.
    pub cells: u32,
}

/// One stretch of a long line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chunk {
    /// Bytes from the start of the line.
    pub start: usize,
    /// Column where it starts, in cells.
    pub cell: u32,
}

impl LongLine {
    /// Maps the line `row` of `text`.
    pub(crate) fn new(text: &Text, row: usize, version: u64, tab_size: u32) -> Self {
        let line = text.line_start(row)..text.line_end(row);
        let mut chunks = vec![Chunk { start: 0, cell: 0 }];
        let (mut offset, mut cell) = (0, 0);
        let mut pending = String::new();
        for mut piece in text.chunks(line.clone()) {
            while pending.len() + piece.len() >= CHUNK_BYTES {
                let split = split_point(piece, CHUNK_BYTES.saturating_sub(pending.len()));
                pending.push_str(&piece[..split]);
                cell = advance_cells(&pending, cell, tab_size);
                offset += pending.len();
                chunks.push(Chunk {
                    start: offset,
                    cell,
                });
                pending.clear();
                piece = &piece[split..];
            }
            pending.push_str(piece);
        }
        cell = advance_cells(&pending, cell, tab_size);
        let len = line.len();
        if chunks.len() > 1 && chunks.last().is_some_and(|chunk| chunk.start == len) {
            chunks.pop();
        }
        Self {
            row,
            version,
            tab_size,
            chunks,
            len,
            cells: cell,
        }
    }

    /// The chunks that overlap the given cells, with their byte ranges.
    pub(crate) fn chunks_in(
        &self,
        cells: Range<u32>,
    ) -> impl Iterator<Item = (Chunk, Range<usize>)> {
        let first = self
            .chunks
            .partition_point(|chunk| chunk.cell <= cells.start)
            .saturating_sub(1);
        (first..self.chunks.len())
            .take_while(move |index| *index == first || self.chunks[*index].cell <= cells.end)
            .map(|index| self.chunk(index))
    }

    /// The chunk that holds the byte `column` of the line.
    pub(crate) fn chunk_at(&self, column: usize) -> (Chunk, Range<usize>) {
        let index = self
            .chunks
            .partition_point(|chunk| chunk.start <= column)
            .saturating_sub(1);
        self.chunk(index)
    }

    fn chunk(&self, index: usize) -> (Chunk, Range<usize>) {
        let chunk = self.chunks[index].clone();
        let end = self
            .chunks
            .get(index + 1)
            .map_or(self.len, |next| next.start);
        (chunk.clone(), chunk.start..end)
    }
}

/// A place at or after `wanted` where `text` may be cut: between two ASCII characters, so that no
/// joined sequence is split; any character boundary after 64 bytes of search.
fn split_point(text: &str, wanted: usize) -> usize {
    let bytes = text.as_bytes();
    let mut index = wanted.min(text.len());
    let limit = (index + 64).min(text.len());
    while index < limit {
        if bytes[index].is_ascii() && (index == 0 || bytes[index - 1].is_ascii()) {
            return index;
        }
        index += 1;
    }
    while !text.is_char_boundary(index) {
        index += 1;
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_text::DisplayText;

    #[test]
    fn chunks_cover_the_line_and_agree_with_the_display_text() {
        let line = "ab\tλ日本🦀e\u{301} ".repeat(2000);
        let text = Text::new(&format!("x\n{line}\ny"));
        let map = LongLine::new(&text, 1, 1, 4);
        let mut end = 0;
        for (chunk, range) in map.chunks_in(0..u32::MAX) {
            assert_eq!(range.start, end);
            end = range.end;
            let display = DisplayText::new(&line[..chunk.start], 0, 4);
            assert_eq!(display.end_cell, chunk.cell);
            assert!(range.len() <= CHUNK_BYTES + 128);
            assert_eq!(map.chunk_at(range.start).1, range);
        }
        assert_eq!(end, line.len());
        assert_eq!(DisplayText::new(&line, 0, 4).end_cell, map.cells);
    }

    #[test]
    fn only_chunks_in_view_are_named() {
        let text = Text::new(&"x".repeat(1_000_000));
        let map = LongLine::new(&text, 0, 1, 4);
        let chunks: Vec<_> = map.chunks_in(500_000..500_100).collect();
        assert!(chunks.len() <= 2);
        assert!(chunks[0].1.contains(&500_000));
    }
}
