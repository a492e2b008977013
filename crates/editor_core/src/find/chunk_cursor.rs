use std::sync::atomic::{AtomicBool, Ordering};

use regex_cursor::Cursor;

use crate::Text;

/// Walks over the stored pieces of a text, for the engine that searches without a copy. Once the
/// search is cancelled, the text seems to end.
pub(super) struct ChunkCursor<'a> {
    text: &'a Text,
    cancel: &'a AtomicBool,
    chunk: &'a str,
    offset: usize,
}

impl<'a> ChunkCursor<'a> {
    /// A cursor at the piece that holds an offset.
    pub fn new(text: &'a Text, at: usize, cancel: &'a AtomicBool) -> Self {
        let (chunk, offset) = text.chunk_at(at);
        Self {
            text,
            cancel,
            chunk,
            offset,
        }
    }
}

impl Cursor for ChunkCursor<'_> {
    fn chunk(&self) -> &[u8] {
        self.chunk.as_bytes()
    }

    fn utf8_aware(&self) -> bool {
        true
    }

    fn advance(&mut self) -> bool {
        let next = self.offset + self.chunk.len();
        if next >= self.text.len() || self.cancel.load(Ordering::Relaxed) {
            return false;
        }
        (self.chunk, self.offset) = self.text.chunk_at(next);
        true
    }

    fn backtrack(&mut self) -> bool {
        if self.offset == 0 {
            return false;
        }
        (self.chunk, self.offset) = self.text.chunk_at(self.offset - 1);
        true
    }

    fn total_bytes(&self) -> Option<usize> {
        Some(self.text.len())
    }

    fn offset(&self) -> usize {
        self.offset
    }
}
