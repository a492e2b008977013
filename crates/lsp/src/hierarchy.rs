//! Who calls what, and which types are made of which: `textDocument/prepareCallHierarchy`,
//! `prepareTypeHierarchy` and what follows from them (LSP 3.17).

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::answers::{self, Location};
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::symbols::{self, MAX_NAME};
use crate::{PositionEncoding, SymbolKind, bounded};

/// More of one answer is not taken.
const MAX_ITEMS: usize = 1_000;
/// What is sent back to ask further is no larger than this, in bytes.
const MAX_RAW: usize = 64 * 1024;

/// A way through a hierarchy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HierarchyKind {
    /// From a function to those that call it.
    IncomingCalls,
    /// From a function to those that it calls.
    OutgoingCalls,
    /// From a type to those that it is made of.
    Supertypes,
    /// From a type to those that are made of it.
    Subtypes,
}

impl HierarchyKind {
    /// The name among the capabilities, the method that begins and the one that goes on.
    fn protocol(self) -> (&'static str, &'static str, &'static str) {
        let calls = ("callHierarchyProvider", "textDocument/prepareCallHierarchy");
        let types = ("typeHierarchyProvider", "textDocument/prepareTypeHierarchy");
        match self {
            Self::IncomingCalls => (calls.0, calls.1, "callHierarchy/incomingCalls"),
            Self::OutgoingCalls => (calls.0, calls.1, "callHierarchy/outgoingCalls"),
            Self::Supertypes => (types.0, types.1, "typeHierarchy/supertypes"),
            Self::Subtypes => (types.0, types.1, "typeHierarchy/subtypes"),
        }
    }
}

/// A function or a type in a hierarchy.
#[derive(Debug, Clone, PartialEq)]
pub struct HierarchyItem {
    /// Its name, in one line.
    pub name: String,
    /// What else the server says of it, in one line; empty where it says nothing.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// Where its name is.
    pub location: Location,
    /// As the server said it, to be sent back.
    raw: Arc<Value>,
}

impl HierarchyItem {
    fn read(item: &Value, encoding: PositionEncoding) -> Option<Self> {
        if !bounded::is_small(item, MAX_RAW) {
            return None;
        }
        let place = json!({"uri": item["uri"], "range": item["selectionRange"]});
        Some(Self {
            name: bounded::line(item["name"].as_str()?, MAX_NAME),
            detail: bounded::line(item["detail"].as_str().unwrap_or_default(), MAX_NAME),
            kind: symbols::kind(&item["kind"]),
            location: answers::locations(&place, encoding).pop()?,
            raw: Arc::new(item.clone()),
        })
    }
}

/// What is next to an item in a hierarchy.
#[derive(Debug, Clone, PartialEq)]
pub struct RelatedItem {
    /// It.
    pub item: HierarchyItem,
    /// Where the one calls the other; none of types.
    pub calls: Vec<Location>,
}

impl LanguageServer {
    /// Asks what at a byte of an open text has a hierarchy.
    pub fn prepare_hierarchy(
        &self,
        path: &Path,
        offset: usize,
        kind: HierarchyKind,
    ) -> Reply<Vec<HierarchyItem>> {
        let (provider, method, _) = kind.protocol();
        self.ask(
            path,
            provider,
            method,
            |mut params, document, encoding, _| {
                params["position"] = json!(encoding.position(document.newest().1, offset));
                let read = move |answer: Value| {
                    let items = answer.as_array().map(Vec::as_slice).unwrap_or_default();
                    let read = items
                        .iter()
                        .filter_map(|item| HierarchyItem::read(item, encoding));
                    read.take(MAX_ITEMS).collect()
                };
                (params, read)
            },
        )
    }

    /// Asks what is next to an item.
    pub fn related_items(
        &self,
        item: &HierarchyItem,
        kind: HierarchyKind,
    ) -> Reply<Vec<RelatedItem>> {
        let (provider, prepare, method) = kind.protocol();
        let asked = item.raw.clone();
        self.ask_at_large(
            (provider, prepare),
            method,
            json!({"item": *item.raw}),
            move |answer, encoding| related(&answer, &asked, kind, encoding),
        )
    }
}

fn related(
    answer: &Value,
    asked: &Value,
    kind: HierarchyKind,
    encoding: PositionEncoding,
) -> Vec<RelatedItem> {
    let items = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = items.iter().filter_map(|one| {
        let (item, calls_in) = match kind {
            HierarchyKind::IncomingCalls => (&one["from"], &one["from"]["uri"]),
            HierarchyKind::OutgoingCalls => (&one["to"], &asked["uri"]),
            HierarchyKind::Supertypes | HierarchyKind::Subtypes => (one, &Value::Null),
        };
        let ranges = one["fromRanges"].as_array().map(Vec::as_slice);
        let calls = ranges.unwrap_or_default().iter().take(MAX_ITEMS);
        let calls = calls.map(|range| json!({"uri": calls_in, "range": range}));
        Some(RelatedItem {
            item: HierarchyItem::read(item, encoding)?,
            calls: answers::locations(&calls.collect(), encoding),
        })
    });
    read.take(MAX_ITEMS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_in_the_caller_whichever_way_is_asked() {
        let range = |line: u64| {
            json!({"start": {"line": line, "character": 0},
            "end": {"line": line, "character": 1}})
        };
        let item = |name: &str| {
            json!({"name": name, "kind": 12, "uri": format!("file:///{name}.rs"),
            "range": range(1), "selectionRange": range(2), "data": name})
        };
        let encoding = PositionEncoding::Utf8;
        let asked = item("asked");
        let read = |answer: Value, kind| related(&answer, &asked, kind, encoding);
        let incoming = json!([{"from": item("a"), "fromRanges": [range(7)]}, {"from": 3}]);
        let found = read(incoming, HierarchyKind::IncomingCalls);
        assert_eq!((found.len(), &*found[0].item.name), (1, "a"));
        assert_eq!(found[0].item.location.position.line, 2);
        assert_eq!(found[0].item.raw["data"], "a");
        assert_eq!(found[0].calls[0].path, Path::new("/a.rs"));
        let outgoing = json!([{"to": item("b"), "fromRanges": [range(7)]}]);
        let found = read(outgoing, HierarchyKind::OutgoingCalls);
        assert_eq!(found[0].calls[0].path, Path::new("/asked.rs"));
        let types = read(json!([item("c")]), HierarchyKind::Subtypes);
        assert_eq!((types.len(), types[0].calls.len()), (1, 0));
        let flood = json!(vec![item("c"); MAX_ITEMS + 1]);
        assert_eq!(read(flood, HierarchyKind::Subtypes).len(), MAX_ITEMS);
        assert_eq!(read(Value::Null, HierarchyKind::Subtypes), []);
    }
}
