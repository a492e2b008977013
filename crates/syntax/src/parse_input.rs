//! A part of a rope as tree-sitter reads it: in chunks, counted from the part's start.

use std::borrow::Cow;
use std::ops::Range;

use editor_core::Text;
use tree_sitter::{Node, Point};

/// The bytes `range` of a text. Tree-sitter sees offsets and points that start at zero there, so
/// that a tree stays valid when the part moves.
#[derive(Clone)]
pub(crate) struct ParseInput<'a> {
    text: &'a Text,
    pub(crate) range: Range<usize>,
    start: editor_core::Point,
}

impl<'a> ParseInput<'a> {
    pub(crate) fn new(text: &'a Text, range: Range<usize>) -> Self {
        let range = range.start.min(text.len())..range.end.min(text.len());
        Self {
            text,
            start: text.offset_to_point(range.start),
            range,
        }
    }

    /// The bytes from `offset` to the end of the chunk that holds it; none at the end.
    pub(crate) fn chunk(&self, offset: usize) -> &'a [u8] {
        let at = self.range.start + offset;
        if at >= self.range.end {
            return &[];
        }
        let (chunk, chunk_start) = self.text.chunk_at(at);
        let end = chunk.len().min(self.range.end - chunk_start);
        &chunk.as_bytes()[at - chunk_start..end]
    }

    /// The point of an offset, both counted from the part's start.
    pub(crate) fn point(&self, offset: usize) -> Point {
        relative_point(
            self.start,
            self.text.offset_to_point(self.range.start + offset),
        )
    }

    /// Another part of the same text.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        Self::new(self.text, range)
    }

    /// Some of the text, counted from the part's start.
    pub(crate) fn text(&self, range: Range<usize>) -> Cow<'_, str> {
        self.text
            .slice(self.range.start + range.start..self.range.start + range.end)
    }

    /// The text of a node of a tree of this part, if it is short.
    pub(crate) fn short_text(&self, node: &Node) -> Option<String> {
        let range = node.byte_range();
        (range.len() <= 64).then(|| self.text(range).into_owned())
    }
}

/// `point` as seen from `start`.
pub(crate) fn relative_point(start: editor_core::Point, point: editor_core::Point) -> Point {
    let row = point.row.saturating_sub(start.row);
    let column = if row == 0 {
        point.column.saturating_sub(start.column)
    } else {
        point.column
    };
    Point::new(row as usize, column as usize)
}

impl<'a> tree_sitter::TextProvider<&'a [u8]> for &ParseInput<'a> {
    type I = NodeChunks<'a>;

    fn text(&mut self, node: Node) -> Self::I {
        let range = node.byte_range();
        NodeChunks {
            input: (*self).clone(),
            at: range.start,
            end: range.end,
        }
    }
}

/// The chunks of one node's text.
pub(crate) struct NodeChunks<'a> {
    input: ParseInput<'a>,
    at: usize,
    end: usize,
}

impl<'a> Iterator for NodeChunks<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.at >= self.end {
            return None;
        }
        let chunk = self.input.chunk(self.at);
        let chunk = &chunk[..chunk.len().min(self.end - self.at)];
        self.at += chunk.len();
        (!chunk.is_empty()).then_some(chunk)
    }
}
