//! Where what stands at a place is used in the same text: `textDocument/documentHighlight` (LSP
//! 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::Text;
use serde_json::{Value, json};

use crate::PositionEncoding;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// More places of one answer are not taken.
const MAX_HIGHLIGHTS: usize = 20_000;

/// What is done at a place where something is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HighlightKind {
    /// It is named, or the server does not say.
    Text,
    /// It is read.
    Read,
    /// It is written to.
    Write,
}

/// The places where something is used, in the bytes of the text that was asked about.
pub type Highlights = Vec<(Range<usize>, HighlightKind)>;

impl LanguageServer {
    /// Asks where that is used in an open text what stands at a byte of it; `None` where it does not
    /// know.
    pub fn document_highlights(&self, path: &Path, offset: usize) -> Reply<Option<Highlights>> {
        self.ask(
            path,
            "documentHighlightProvider",
            "textDocument/documentHighlight",
            |mut params, document, encoding, _| {
                let text = document.newest().1.clone();
                params["position"] = json!(encoding.position(&text, offset));
                let read = move |answer: Value| highlights(&answer, &text, encoding);
                (params, read)
            },
        )
    }
}

fn highlights(answer: &Value, text: &Text, encoding: PositionEncoding) -> Option<Highlights> {
    let places = answer.as_array()?.iter().take(MAX_HIGHLIGHTS);
    let read = places.filter_map(|one| {
        let range = serde_json::from_value(one["range"].clone()).ok()?;
        let kind = match one["kind"].as_u64() {
            Some(2) => HighlightKind::Read,
            Some(3) => HighlightKind::Write,
            _ => HighlightKind::Text,
        };
        Some((encoding.range(text, range), kind))
    });
    let found: Highlights = read.collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_without_a_kind_or_outside_of_the_text_are_taken_as_they_can_be() {
        let text = Text::new("ä b\nb");
        let place = |line: u32, from: u32, to: u32| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
        let answer = json!([
            {"range": place(0, 2, 3), "kind": 3},
            {"range": place(1, 0, 900), "kind": 2},
            {"range": place(1, 0, 1), "kind": 77},
            {"kind": 1},
            5,
        ]);
        assert_eq!(
            highlights(&answer, &text, PositionEncoding::Utf16),
            Some(vec![
                (3..4, HighlightKind::Write),
                (5..6, HighlightKind::Read),
                (5..6, HighlightKind::Text),
            ])
        );
        assert_eq!(
            highlights(&Value::Null, &text, PositionEncoding::Utf8),
            None
        );
        assert_eq!(highlights(&json!([]), &text, PositionEncoding::Utf8), None);
    }
}
