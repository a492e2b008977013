//! Places that are edited as one, such as the two names of an element:
//! `textDocument/linkedEditingRange` (LSP 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::Text;
use serde_json::{Value, json};

use crate::PositionEncoding;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// More places are not edited as one.
const MAX_RANGES: usize = 100;

impl LanguageServer {
    /// Asks for the places that are edited as one with that of a byte of an open text, with the
    /// version that their bytes are of: at least two, in order, apart from each other, and of the
    /// same text. `None` where there are no such.
    pub fn linked_ranges(
        &self,
        path: &Path,
        offset: usize,
    ) -> Reply<Option<(u64, Vec<Range<usize>>)>> {
        self.ask(
            path,
            "linkedEditingRangeProvider",
            "textDocument/linkedEditingRange",
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                params["position"] = json!(encoding.position(&text, offset));
                let read = move |answer: Value| Some((version, ranges(&answer, &text, encoding)?));
                (params, read)
            },
        )
    }
}

fn ranges(answer: &Value, text: &Text, encoding: PositionEncoding) -> Option<Vec<Range<usize>>> {
    let list = answer["ranges"].as_array()?;
    if !(2..=MAX_RANGES).contains(&list.len()) {
        return None;
    }
    let read = list.iter().map(|range| {
        let range = serde_json::from_value(range.clone()).ok()?;
        Some(encoding.range(text, range))
    });
    let mut found: Vec<Range<usize>> = read.collect::<Option<_>>()?;
    found.sort_by_key(|range| range.start);
    let apart = found.windows(2).all(|pair| pair[0].end < pair[1].start);
    let first = text.slice(found.first()?.clone());
    let same = found.iter().all(|range| text.slice(range.clone()) == first);
    (apart && same && !first.contains('\n')).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_apart_with_the_same_text_are_edited_as_one() {
        let text = Text::new("<ä>x</ä>y");
        let range = |from: u32, to: u32| json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}});
        let found = |list: Value| ranges(&json!({"ranges": list}), &text, PositionEncoding::Utf16);
        assert_eq!(
            found(json!([range(6, 7), range(1, 2)])),
            Some(vec![1..3, 7..9])
        );
        assert_eq!(found(json!([range(1, 2)])), None, "one alone");
        assert_eq!(
            found(json!([range(1, 2), range(3, 4)])),
            None,
            "another text"
        );
        assert_eq!(found(json!([range(1, 2), range(1, 2)])), None, "not apart");
        assert_eq!(ranges(&Value::Null, &text, PositionEncoding::Utf8), None);
    }
}
