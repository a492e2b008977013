use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{Edit, Selection, Selections};

/// Pieces that are awkward somewhere: several bytes, several characters a grapheme, white space,
/// brackets, line breaks.
const PIECES: &[&str] = &[
    "a",
    "B",
    "_",
    "word",
    " ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "(",
    ")",
    "{",
    "}",
    "\"",
    "'",
    "//",
    "// ",
    ".",
    ":",
    "é",
    "è",
    "©",
    "e\u{301}",
    "ß",
    "İ",
    "日本",
    "🇩🇪🇫🇷",
    "👩‍👩‍👧‍👦",
    "\u{200d}",
    "\u{feff}",
];

pub fn piece() -> impl Strategy<Value = &'static str> {
    select(PIECES)
}

/// A text, sometimes longer than one chunk of the rope.
pub fn string() -> impl Strategy<Value = String> {
    (
        vec(piece(), 0..40),
        prop_oneof![9 => Just(1usize), 1 => Just(60)],
    )
        .prop_map(|(pieces, times)| pieces.concat().repeat(times))
}

pub fn boundary(text: &str, seed: usize) -> usize {
    let mut at = seed % (text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Edits of a text: sorted, not overlapping, at character boundaries.
pub fn edits(text: &str) -> impl Strategy<Value = Vec<Edit>> + use<> {
    let text = text.to_owned();
    vec((any::<usize>(), any::<usize>(), vec(piece(), 0..3)), 0..6).prop_map(move |parts| {
        let mut ends: Vec<usize> = parts
            .iter()
            .flat_map(|(start, end, _)| [boundary(&text, *start), boundary(&text, *end)])
            .collect();
        ends.sort_unstable();
        ends.chunks_exact(2)
            .zip(parts)
            .map(|(ends, (_, _, inserted))| Edit::new(ends[0]..ends[1], inserted.concat()))
            .collect()
    })
}

/// Selections of a text, in any number and direction.
pub fn selections(text: &str) -> impl Strategy<Value = Selections> + use<> {
    let text = text.to_owned();
    let caret = (any::<usize>(), any::<usize>(), any::<bool>());
    (vec(caret, 1..5), any::<usize>()).prop_map(move |(parts, primary)| {
        let selections: Vec<Selection> = parts
            .into_iter()
            .map(|(anchor, head, caret)| {
                let anchor = boundary(&text, anchor);
                let head = if caret { anchor } else { boundary(&text, head) };
                Selection::new(anchor, head)
            })
            .collect();
        let primary = primary % selections.len();
        Selections::new(selections, primary)
    })
}

/// The text that edits make of a plain string: the oracle.
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut result = String::new();
    let mut at = 0;
    for edit in edits {
        result.push_str(&text[at..edit.range.start]);
        result.push_str(&edit.text);
        at = edit.range.end;
    }
    result + &text[at..]
}
