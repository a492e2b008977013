//! Places of a text that lead elsewhere: `textDocument/documentLink` (LSP 3.17).

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::Text;
use serde_json::Value;

use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, bounded, uri};

/// More links of one answer are not taken.
const MAX_LINKS: usize = 5_000;
/// A longer address is none, in bytes.
const MAX_ADDRESS: usize = 4_096;
/// More of what is said of a link is cut off, in bytes.
const MAX_TOOLTIP: usize = 500;
/// A larger link is not sent back to be resolved, in bytes.
const MAX_RAW: usize = 16 * 1024;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// To an address of the web.
    Web(Arc<str>),
    /// To a file, and a line of it, counted from one, where the link says that.
    File(PathBuf, Option<u32>),
    /// Where Kiln does not follow.
    Refused,
}

impl LinkTarget {
    fn read(target: &str) -> Self {
        if target.len() > MAX_ADDRESS {
            return Self::Refused;
        }
        let (address, fragment) = target.split_once('#').unwrap_or((target, ""));
        if let Some(path) = uri::path(address) {
            let line = fragment
                .trim_start_matches('L')
                .split([',', ':', 'C'])
                .next();
            return Self::File(path, line.and_then(|line| line.parse().ok()));
        }
        let scheme = target.split("://").next().unwrap_or_default();
        let web = ["http", "https"]
            .iter()
            .any(|one| scheme.eq_ignore_ascii_case(one));
        // What is shown must be what is opened.
        match web && bounded::line(target, MAX_ADDRESS) == target {
            true => Self::Web(target.into()),
            false => Self::Refused,
        }
    }
}

/// A place of a text that leads elsewhere.
#[derive(Debug, Clone)]
pub struct DocumentLink {
    /// The bytes of it.
    pub range: Range<usize>,
    /// Where it leads; none before it is resolved.
    pub target: Option<LinkTarget>,
    /// What is said of it.
    pub tooltip: Option<Arc<str>>,
    /// The name of the server that says it.
    pub server: Arc<str>,
    raw: Option<Arc<Value>>,
}

impl LanguageServer {
    /// Asks for the links in an open text, with the version that their bytes are of; in the order of
    /// the text and apart from each other.
    pub fn document_links(&self, path: &Path) -> Reply<(u64, Vec<DocumentLink>)> {
        self.ask(
            path,
            "documentLinkProvider",
            "textDocument/documentLink",
            |params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let server: Arc<str> = self.name().into();
                let read = move |answer: Value| (version, links(&answer, &text, encoding, &server));
                (params, read)
            },
        )
    }

    /// Asks where a link leads that came without that.
    pub fn resolve_document_link(
        &self,
        path: &Path,
        link: &DocumentLink,
    ) -> Reply<Option<LinkTarget>> {
        let Some(raw) = link.raw.clone().filter(|_| link.target.is_none()) else {
            return Reply::known(link.target.clone());
        };
        self.ask_if(
            path,
            "documentLink/resolve",
            |has| {
                has.option("documentLinkProvider", "textDocument/documentLink")["resolveProvider"]
                    == Value::Bool(true)
            },
            |_, _, _, _| {
                let read = |answer: Value| answer["target"].as_str().map(LinkTarget::read);
                ((*raw).clone(), read)
            },
        )
    }
}

fn links(
    answer: &Value,
    text: &Text,
    encoding: PositionEncoding,
    server: &Arc<str>,
) -> Vec<DocumentLink> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = list.iter().filter_map(|one| {
        let range = serde_json::from_value(one["range"].clone()).ok()?;
        let raw = bounded::is_small(one, MAX_RAW).then(|| Arc::new(one.clone()));
        let tooltip = one["tooltip"].as_str();
        Some(DocumentLink {
            range: encoding.range(text, range),
            target: one["target"].as_str().map(LinkTarget::read),
            tooltip: tooltip.map(|tooltip| bounded::line(tooltip, MAX_TOOLTIP).into()),
            server: server.clone(),
            raw,
        })
    });
    let mut found: Vec<_> = read.take(MAX_LINKS).collect();
    found.sort_by_key(|link| link.range.start);
    let mut end = 0;
    found.retain(|link| {
        let apart = link.range.start >= end && !link.range.is_empty();
        end = end.max(link.range.end);
        apart
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn links_lead_to_the_web_and_to_files_alone() {
        let web = |address: &str| LinkTarget::Web(address.into());
        let cases = [
            ("https://a.b/c#d", web("https://a.b/c#d")),
            ("HTTP://a.b", web("HTTP://a.b")),
            (
                "file:///a%20b.rs#L12,3",
                LinkTarget::File("/a b.rs".into(), Some(12)),
            ),
            ("file:///a.rs", LinkTarget::File("/a.rs".into(), None)),
            ("javascript:alert(1)", LinkTarget::Refused),
            ("command:workbench.x", LinkTarget::Refused),
            ("https://a.b/\u{202e}c", LinkTarget::Refused),
        ];
        for (target, wanted) in cases {
            assert_eq!(LinkTarget::read(target), wanted, "{target}");
        }
    }

    #[test]
    fn links_are_in_order_and_apart() {
        let text = Text::new("ä link and link");
        let range = |from: u32, to: u32| json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}});
        let answer = json!([
            {"range": range(11, 15), "data": 1},
            {"range": range(2, 6), "target": "https://a.b", "tooltip": "there\nnow"},
            {"range": range(3, 5), "target": "https://c.d"},
            {"range": range(9, 9), "target": "https://e.f"},
        ]);
        let found = links(&answer, &text, PositionEncoding::Utf16, &"fake".into());
        let ranges: Vec<_> = found.iter().map(|one| one.range.clone()).collect();
        assert_eq!(ranges, [3..7, 12..16]);
        assert_eq!(found[0].tooltip.as_deref(), Some("there now"));
        assert!(found[1].target.is_none());
    }
}
