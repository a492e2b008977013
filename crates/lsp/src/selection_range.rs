//! What is around a place, from the smallest part to the whole: `textDocument/selectionRange` (LSP
//! 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::Text;
use serde_json::{Value, json};

use crate::PositionEncoding;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// The name among the capabilities, and the method.
const SELECTIONS: (&str, &str) = ("selectionRangeProvider", "textDocument/selectionRange");
/// Of more places at a time nothing is asked.
pub(crate) const MAX_PLACES: usize = 1_000;
/// More ranges around one place are not taken.
const MAX_AROUND: usize = 500;

/// The ranges around places of a version of a text, each list from the inner to the outer.
pub type SelectionRanges = (u64, Vec<Vec<Range<usize>>>);

impl LanguageServer {
    /// Whether it knows what is around places.
    pub fn knows_selections(&self) -> bool {
        let inner = self.shared().inner.lock();
        inner.capabilities.offers(SELECTIONS.0, SELECTIONS.1)
    }

    /// Asks what is around bytes of an open text; nothing of more than a thousand.
    pub fn selection_ranges(&self, path: &Path, offsets: &[usize]) -> Reply<SelectionRanges> {
        let offsets = &offsets[..offsets.len().min(MAX_PLACES)];
        self.ask(
            path,
            SELECTIONS.0,
            SELECTIONS.1,
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let places = offsets.iter().map(|at| encoding.position(&text, *at));
                params["positions"] = json!(places.collect::<Vec<_>>());
                let offsets = offsets.to_vec();
                let read = move |answer: Value| (version, read(&answer, &offsets, &text, encoding));
                (params, read)
            },
        )
    }
}

/// `SelectionRange[]`, one for each place. A range that does not hold the place or the range before it
/// ends the list.
fn read(
    answer: &Value,
    offsets: &[usize],
    text: &Text,
    encoding: PositionEncoding,
) -> Vec<Vec<Range<usize>>> {
    let around = |(place, offset): (usize, &usize)| {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut inner = *offset..*offset;
        let mut next = &answer[place];
        while ranges.len() < MAX_AROUND
            && let Ok(range) = serde_json::from_value(next["range"].clone())
        {
            let range = encoding.range(text, range);
            if range.start > inner.start || range.end < inner.end {
                break;
            }
            inner = range.clone();
            if ranges.last() != Some(&range) {
                ranges.push(range);
            }
            next = &next["parent"];
        }
        ranges
    };
    offsets.iter().enumerate().map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_and_what_does_not_is_left_out() {
        let text = Text::new("ä one two\nend\n");
        let range = |from: u32, to: u32| json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}});
        let answer = json!([
            {"range": range(2, 5), "parent": {"range": range(2, 5), "parent": {"range": range(0, 9)}}},
            {"range": range(6, 9), "parent": {"range": range(0, 5)}},
            {"range": range(6, 9)},
        ]);
        let found = read(&answer, &[4, 8, 1, 0], &text, PositionEncoding::Utf16);
        let expected: [Vec<Range<usize>>; 4] = [
            vec![3..6, 0..10],
            std::iter::once(7..10).collect(),
            Vec::new(),
            Vec::new(),
        ];
        assert_eq!(found, expected);
        assert_eq!(
            read(&Value::Null, &[0], &text, PositionEncoding::Utf8),
            [Vec::<Range<usize>>::new()]
        );
    }
}
