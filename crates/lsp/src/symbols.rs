//! Symbols of a whole project: `workspace/symbol` and its resolve (LSP 3.17).

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

pub use lsp_types::SymbolKind;

use crate::answers::Location;
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, answers, bounded, uri};

/// The name among the capabilities, and the method.
const SYMBOLS: (&str, &str) = ("workspaceSymbolProvider", "workspace/symbol");
/// More symbols of one answer are not taken.
const MAX_SYMBOLS: usize = 2_000;
/// More of a name is cut off, in bytes.
pub(crate) const MAX_NAME: usize = 200;
/// A longer question is cut, in bytes.
const MAX_QUERY: usize = 1_000;
/// What is sent back for the place is no larger than this, in bytes.
const MAX_RAW: usize = 16 * 1024;

/// A symbol somewhere in the project.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectSymbol {
    /// Its name, in one line.
    pub name: String,
    /// What it stands in, in one line; empty where nobody says.
    pub container: String,
    /// What it is.
    pub kind: SymbolKind,
    /// The file, absolute.
    pub path: PathBuf,
    /// Where; `None` where the server has to be [asked](LanguageServer::resolve_symbol).
    pub location: Option<Location>,
    /// As the server said it, to be sent back for the place.
    raw: Option<Arc<Value>>,
}

impl LanguageServer {
    /// Whether it finds symbols in the whole project.
    pub fn finds_symbols(&self) -> bool {
        let inner = self.shared().inner.lock();
        let has = &inner.capabilities;
        has.offers(SYMBOLS.0, SYMBOLS.1)
    }

    /// Asks for the symbols of the project that are called about so; the server decides what that
    /// means.
    pub fn project_symbols(&self, query: &str) -> Reply<Vec<ProjectSymbol>> {
        let query = &query[..query.floor_char_boundary(MAX_QUERY)];
        self.ask_at_large(
            SYMBOLS,
            "workspace/symbol",
            json!({"query": query}),
            |answer, encoding| read(&answer, encoding),
        )
    }

    /// Asks for the place of a symbol that was found without one.
    pub fn resolve_symbol(&self, symbol: &ProjectSymbol) -> Reply<Option<Location>> {
        let Some(raw) = &symbol.raw else {
            return Reply::known(symbol.location.clone());
        };
        self.ask_at_large(
            SYMBOLS,
            "workspaceSymbol/resolve",
            Value::clone(raw),
            |answer, encoding| answers::locations(&answer["location"], encoding).pop(),
        )
    }
}

/// `SymbolInformation[]` or `WorkspaceSymbol[]`; one that cannot be read takes no other with it.
fn read(answer: &Value, encoding: PositionEncoding) -> Vec<ProjectSymbol> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let symbols = list.iter().filter_map(|item| {
        let place = &item["location"];
        let location = answers::locations(place, encoding).pop();
        let raw = match &location {
            Some(_) => None,
            None if bounded::is_small(item, MAX_RAW) => Some(Arc::new(item.clone())),
            None => return None,
        };
        let name = bounded::line(item["name"].as_str()?, MAX_NAME);
        Some(ProjectSymbol {
            path: uri::path(place["uri"].as_str()?)?,
            container: bounded::line(item["containerName"].as_str().unwrap_or_default(), MAX_NAME),
            kind: kind(&item["kind"]),
            name,
            location,
            raw,
        })
    });
    symbols.take(MAX_SYMBOLS).collect()
}

/// The kind of a symbol; a variable where it is none that is known.
pub(crate) fn kind(value: &Value) -> SymbolKind {
    serde_json::from_value(value.clone()).unwrap_or(SymbolKind::VARIABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_come_with_and_without_their_place_and_are_bounded() {
        let range =
            json!({"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 3}});
        let answer = json!([
            {"name": "a\nb", "kind": 12, "containerName": "c",
                "location": {"uri": "file:///a.rs", "range": range}},
            {"name": "later", "kind": 99, "location": {"uri": "file:///b.rs"}, "data": 7},
            {"name": "web", "kind": 12, "location": {"uri": "https://a.b/c", "range": range}},
            {"kind": 12, "location": {"uri": "file:///a.rs", "range": range}},
            7,
        ]);
        let found = read(&answer, PositionEncoding::Utf8);
        assert_eq!(found.len(), 2);
        assert_eq!((&*found[0].name, &*found[0].container), ("a b", "c"));
        assert_eq!(found[0].kind, SymbolKind::FUNCTION);
        assert!(found[0].location.is_some() && found[0].raw.is_none());
        assert_eq!(found[1].path, PathBuf::from("/b.rs"));
        assert!(found[1].location.is_none());
        assert_eq!(found[1].raw.as_ref().unwrap()["data"], 7);
        let one = json!({"name": "x".repeat(1_000), "kind": 5,
            "location": {"uri": "file:///a.rs", "range": range}});
        let flood = read(&json!(vec![one; MAX_SYMBOLS + 1]), PositionEncoding::Utf8);
        assert_eq!(flood.len(), MAX_SYMBOLS);
        assert!(flood[0].name.len() <= MAX_NAME + 3);
        assert_eq!(read(&Value::Null, PositionEncoding::Utf8), []);
    }
}
