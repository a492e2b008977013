//! UTF-8 with bytes that belong to no character: they stand in the text as characters of their own
//! (see [`editor_core::stray_byte_of`]) and are written as the bytes that they were.

use editor_core::{Text, char_of_stray_byte, stray_byte_of};

/// The first byte in UTF-8 of every character that stands for a byte.
const LEAD: u8 = 0xF4;

/// The text of bytes of which some are no UTF-8, and how many these are. `None` where the rest holds
/// a character that stands for a byte: it would not come back.
pub(crate) fn decode(bytes: &[u8]) -> Option<(String, usize)> {
    let mut text = String::with_capacity(bytes.len());
    let mut count = 0;
    for chunk in bytes.utf8_chunks() {
        if holds_one(chunk.valid()) {
            return None;
        }
        text.push_str(chunk.valid());
        // What is invalid is never ASCII.
        text.extend(
            chunk
                .invalid()
                .iter()
                .copied()
                .filter_map(char_of_stray_byte),
        );
        count += chunk.invalid().len();
    }
    Some((text, count))
}

/// Adds a text in UTF-8, with the bytes that its characters stand for.
pub(crate) fn encode(text: &str, out: &mut Vec<u8>) {
    if !text.as_bytes().contains(&LEAD) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut written = 0;
    for (at, character) in text.char_indices() {
        if let Some(byte) = stray_byte_of(character) {
            out.extend_from_slice(&text.as_bytes()[written..at]);
            out.push(byte);
            written = at + character.len_utf8();
        }
    }
    out.extend_from_slice(&text.as_bytes()[written..]);
}

/// Whether a text holds a character that stands for a byte.
pub(crate) fn holds_one(text: &str) -> bool {
    first_in(text).is_some()
}

/// Where the first character of a text stands that stands for a byte.
pub(crate) fn first(text: &Text) -> Option<(usize, char)> {
    let mut offset = 0;
    for chunk in text.chunks(0..text.len()) {
        if let Some((at, character)) = first_in(chunk) {
            return Some((offset + at, character));
        }
        offset += chunk.len();
    }
    None
}

fn first_in(text: &str) -> Option<(usize, char)> {
    if !text.as_bytes().contains(&LEAD) {
        return None;
    }
    text.char_indices()
        .find(|(_, character)| stray_byte_of(*character).is_some())
}

/// Whether bytes that are no UTF-8 as a whole are rather that with some broken places than another
/// encoding: more of what is not ASCII forms characters than not. Text in the old encodings hardly
/// ever does so.
pub(crate) fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (characters, broken) = counted(bytes);
    characters > broken
}

/// Whether it is as likely the one as the other.
pub(crate) fn may_be_utf8(bytes: &[u8]) -> bool {
    let (characters, broken) = counted(bytes);
    characters > 0 && characters == broken
}

/// The characters beyond ASCII, and the places between them that are none.
fn counted(bytes: &[u8]) -> (usize, usize) {
    let (mut characters, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        characters += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    (characters, broken)
}
