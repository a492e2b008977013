use unicode_segmentation::{GraphemeCursor, GraphemeIncomplete};

use crate::Text;

/// A cluster is followed through at most this many chunks (about 1 KiB each); a longer one, which
/// only a hostile file has, is cut at a character, so that a caret never costs O(document).
const MAX_CHUNKS: usize = 16;

/// The boundary after `offset`, which must be a character boundary.
pub(crate) fn next(text: &Text, offset: usize) -> usize {
    if offset >= text.len() {
        return text.len();
    }
    let (mut chunk, mut chunk_start) = text.chunk_at(offset);
    // Two ASCII characters in a row are two clusters, CR LF aside (UAX #29, GB3).
    if let [first, second, ..] = chunk.as_bytes()[offset - chunk_start..]
        && first.is_ascii()
        && second.is_ascii()
        && first != b'\r'
    {
        return offset + 1;
    }
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    for _ in 0..MAX_CHUNKS {
        match cursor.next_boundary(chunk, chunk_start) {
            Ok(Some(boundary)) => return boundary,
            Ok(None) => return text.len(),
            Err(GraphemeIncomplete::NextChunk) => {
                (chunk, chunk_start) = text.chunk_at(chunk_start + chunk.len());
            }
            Err(GraphemeIncomplete::PreContext(end)) => provide_context(text, &mut cursor, end),
            Err(_) => break,
        }
    }
    text.ceil_char_boundary(offset + 1)
}

/// The boundary before `offset`, which must be a character boundary.
pub(crate) fn previous(text: &Text, offset: usize) -> usize {
    if offset == 0 {
        return 0;
    }
    let (mut chunk, mut chunk_start) = text.chunk_at(offset - 1);
    let end = offset - chunk_start;
    if end >= 2
        && let [first, second] = chunk.as_bytes()[end - 2..end]
        && first.is_ascii()
        && second.is_ascii()
        && !(first == b'\r' && second == b'\n')
    {
        return offset - 1;
    }
    let mut cursor = GraphemeCursor::new(offset, text.len(), true);
    for _ in 0..MAX_CHUNKS {
        match cursor.prev_boundary(chunk, chunk_start) {
            Ok(Some(boundary)) => return boundary,
            Ok(None) => return 0,
            Err(GraphemeIncomplete::PrevChunk) if chunk_start > 0 => {
                (chunk, chunk_start) = text.chunk_at(chunk_start - 1);
            }
            Err(GraphemeIncomplete::NextChunk) => {
                (chunk, chunk_start) = text.chunk_at(chunk_start + chunk.len());
            }
            Err(GraphemeIncomplete::PreContext(end)) => provide_context(text, &mut cursor, end),
            Err(_) => break,
        }
    }
    text.floor_char_boundary(offset - 1)
}

fn provide_context(text: &Text, cursor: &mut GraphemeCursor, end: usize) {
    let (chunk, start) = text.chunk_at(end.saturating_sub(1));
    cursor.provide_context(&chunk[..end - start], start);
}
