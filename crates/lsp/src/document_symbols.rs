//! What a text is made of: `textDocument/documentSymbol` (LSP 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::Text;
use serde_json::Value;

use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::symbols::{MAX_NAME, SymbolKind, kind};
use crate::{PositionEncoding, bounded};

/// The name among the capabilities, and the method.
const SYMBOLS: (&str, &str) = ("documentSymbolProvider", "textDocument/documentSymbol");
/// More symbols of one text are not taken.
const MAX_SYMBOLS: usize = 20_000;
/// What lies deeper in others is not taken.
const MAX_DEPTH: usize = 100;

/// A part of a text that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentSymbol {
    /// Its name, in one line.
    pub name: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it, in bytes of the text.
    pub range: Range<usize>,
    /// Its name, in bytes of the text; inside `range`.
    pub name_range: Range<usize>,
}

/// The symbols of a version of a text, in no particular order.
pub type DocumentSymbols = (u64, Vec<DocumentSymbol>);

impl LanguageServer {
    /// Whether it knows the symbols of texts.
    pub fn knows_symbols(&self) -> bool {
        let inner = self.shared().inner.lock();
        inner.capabilities.offers(SYMBOLS.0, SYMBOLS.1)
    }

    /// Asks for the symbols of an open text.
    pub fn document_symbols(&self, path: &Path) -> Reply<DocumentSymbols> {
        self.ask(
            path,
            SYMBOLS.0,
            SYMBOLS.1,
            |params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let read = move |answer: Value| (version, read(&answer, &text, encoding));
                (params, read)
            },
        )
    }
}

/// `DocumentSymbol[]` or `SymbolInformation[]`; one that cannot be read takes no other with it but
/// those in it.
fn read(answer: &Value, text: &Text, encoding: PositionEncoding) -> Vec<DocumentSymbol> {
    let mut found = Vec::new();
    let list = |value: &'_ Value| value.as_array().map_or(0, Vec::len);
    // Lists that are being gone through, each with the place of its next item.
    let mut open = vec![(answer, 0)];
    while let Some((items, next)) = open.pop() {
        if next >= list(items) {
            continue;
        }
        if found.len() == MAX_SYMBOLS {
            break;
        }
        open.push((items, next + 1));
        let item = &items[next];
        let Some(symbol) = symbol(item, text, encoding) else {
            continue;
        };
        found.push(symbol);
        if open.len() < MAX_DEPTH {
            open.push((&item["children"], 0));
        }
    }
    found
}

fn symbol(item: &Value, text: &Text, encoding: PositionEncoding) -> Option<DocumentSymbol> {
    let bytes = |range: &Value| {
        let range = serde_json::from_value(range.clone()).ok()?;
        Some(encoding.range(text, range))
    };
    let all = match item.get("range") {
        Some(range) => range,
        None => &item["location"]["range"],
    };
    let range = bytes(all)?;
    let name_range = bytes(&item["selectionRange"]);
    let name_range = name_range.filter(|one| range.start <= one.start && one.end <= range.end);
    let name = bounded::line(item["name"].as_str()?, MAX_NAME);
    (!name.is_empty()).then(|| DocumentSymbol {
        name,
        kind: kind(&item["kind"]),
        name_range: name_range.unwrap_or(range.start..range.start),
        range,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn range(from: (u32, u32), to: (u32, u32)) -> Value {
        json!({"start": {"line": from.0, "character": from.1},
            "end": {"line": to.0, "character": to.1}})
    }

    fn names(found: &[DocumentSymbol]) -> Vec<&str> {
        found.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn both_forms_are_read_and_what_is_wrong_is_left_out() {
        let text = Text::new("ä class\n  one\nend\n");
        let inner = json!({"name": "one", "kind": 6, "range": range((1, 2), (1, 5)),
            "selectionRange": range((1, 2), (1, 5))});
        let answer = json!([
            {"name": "a\nb", "kind": 5, "range": range((0, 0), (2, 3)),
                "selectionRange": range((0, 2), (0, 7)), "children": [inner, 7, {"name": "x"}]},
            {"name": "astray", "kind": 99, "range": range((2, 0), (2, 3)),
                "selectionRange": range((0, 0), (0, 1))},
            {"name": "", "range": range((2, 0), (2, 3))},
        ]);
        let found = read(&answer, &text, PositionEncoding::Utf16);
        assert_eq!(names(&found), ["a b", "one", "astray"]);
        assert_eq!((&found[0].range, &found[0].name_range), (&(0..18), &(3..8)));
        assert_eq!(found[1].kind, SymbolKind::METHOD);
        assert_eq!(found[2].name_range, 15..15, "a name outside of it");
        let old = json!([{"name": "f", "kind": 12, "containerName": "c",
            "location": {"uri": "file:///a", "range": range((1, 2), (1, 5))}}]);
        let found = read(&old, &text, PositionEncoding::Utf16);
        assert_eq!((found.len(), &found[0].range), (1, &(11..14)));
        assert_eq!(read(&Value::Null, &text, PositionEncoding::Utf8), []);
    }

    #[test]
    fn a_flood_is_bounded_in_number_and_depth() {
        let text = Text::new("x");
        let one = json!({"name": "x", "kind": 5, "range": range((0, 0), (0, 1)),
            "selectionRange": range((0, 0), (0, 1))});
        let flood = json!(vec![one.clone(); MAX_SYMBOLS + 1]);
        assert_eq!(
            read(&flood, &text, PositionEncoding::Utf8).len(),
            MAX_SYMBOLS
        );
        let deep = (0..120).fold(one.clone(), |inner, _| {
            let mut outer = one.clone();
            outer["children"] = json!([inner]);
            outer
        });
        let found = read(&json!([deep]), &text, PositionEncoding::Utf8);
        assert_eq!(found.len(), MAX_DEPTH);
    }
}
