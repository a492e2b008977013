//! `_Thread_local` of C11, which the grammar does not know: it reads a word of the same length in its
//! place that may stand where it does.

use crate::mend::Patch;
use crate::parse_input::ParseInput;

const WORD: &str = "_Thread_local";

/// What the grammar has for compilers.
const READ: [&[u8; 1]; WORD.len()] = [
    b"_", b"_", b"e", b"x", b"t", b"e", b"n", b"s", b"i", b"o", b"n", b"_", b"_",
];

/// What is read in the place of some bytes of a text, in order.
pub(crate) fn patches(input: &ParseInput<'_>) -> Vec<Patch> {
    let source = input.text(0..input.range.len());
    let mut patches = Vec::new();
    for (at, _) in source.match_indices(WORD) {
        let is_of_word = |sign: char| sign.is_alphanumeric() || sign == '_';
        let (before, after) = (&source[..at], &source[at + WORD.len()..]);
        if !before.ends_with(is_of_word) && !after.starts_with(is_of_word) {
            let read = READ.into_iter().enumerate();
            patches.extend(read.map(|(index, byte)| Patch::new(at + index, byte)));
        }
    }
    patches
}
