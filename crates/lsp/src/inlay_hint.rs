//! Types, names of parameters and the like between the text: `textDocument/inlayHint` (LSP 3.17).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use serde_json::{Value, json};

use crate::answers::{self, Location, MAX_MARKDOWN, markup};
use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, bounded, text_edit};

/// More hints of one answer are not taken.
const MAX_HINTS: usize = 5_000;
/// More of a label is cut off, in bytes.
const MAX_LABEL: usize = 400;
/// More parts of a label are not taken.
const MAX_PARTS: usize = 100;
/// A larger hint is not sent back to be resolved, in bytes.
const MAX_RAW: usize = 16 * 1024;

/// What a hint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InlayHintKind {
    /// The type of what it stands behind.
    Type,
    /// The parameter that is given what it stands before.
    Parameter,
}

/// A part of a hint's label that leads somewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct HintLink {
    /// Its bytes in the label.
    pub range: Range<usize>,
    /// Where it leads.
    pub location: Location,
}

/// Text between the text, which a server shows.
#[derive(Debug, Clone, PartialEq)]
pub struct InlayHint {
    /// The byte before which it is shown.
    pub offset: usize,
    /// What is shown; one line.
    pub label: Arc<str>,
    /// What it says, where the server says that.
    pub kind: Option<InlayHintKind>,
    /// Whether it stands apart from what is before it.
    pub space_before: bool,
    /// Whether it stands apart from what is behind it.
    pub space_after: bool,
    /// What is said of it, as Markdown that is not trusted.
    pub tooltip: Option<String>,
    /// The parts of the label that lead somewhere, in order.
    pub links: Vec<HintLink>,
    /// What writes it out into the text, in order; nothing where it cannot be.
    pub edits: Vec<(Range<usize>, String)>,
    /// The version of the text that the bytes are of.
    pub version: u64,
    /// The name of the server that shows it.
    pub server: Arc<str>,
    /// What the server sent, where it may know more of it.
    raw: Option<Arc<Value>>,
}

impl LanguageServer {
    /// Asks for the hints in some bytes of an open text, with the version that their bytes are of; in
    /// the order of the text.
    pub fn inlay_hints(&self, path: &Path, range: Range<usize>) -> Reply<(u64, Vec<InlayHint>)> {
        self.ask(
            path,
            "inlayHintProvider",
            "textDocument/inlayHint",
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                params["range"] = json!({
                    "start": encoding.position(&text, range.start),
                    "end": encoding.position(&text, range.end),
                });
                let server: Arc<str> = self.name().into();
                let read = move |answer: Value| {
                    let hints = hints(&answer, (&text, version), encoding, &server);
                    (version, hints)
                };
                (params, read)
            },
        )
    }

    /// Asks what is said of a hint that came without it, as Markdown that is not trusted.
    pub fn resolve_inlay_hint(&self, path: &Path, hint: &InlayHint) -> Reply<Option<String>> {
        let Some(raw) = hint.raw.clone().filter(|_| hint.tooltip.is_none()) else {
            return Reply::known(hint.tooltip.clone());
        };
        self.ask_if(
            path,
            "inlayHint/resolve",
            |has| {
                has.option("inlayHintProvider", "textDocument/inlayHint")["resolveProvider"]
                    == Value::Bool(true)
            },
            |_, _, _, _| ((*raw).clone(), |answer: Value| tooltip(&answer)),
        )
    }
}

fn hints(
    answer: &Value,
    (text, version): (&Text, u64),
    encoding: PositionEncoding,
    server: &Arc<str>,
) -> Vec<InlayHint> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = list.iter().filter_map(|one| {
        let position = serde_json::from_value(one["position"].clone()).ok()?;
        let (label, links) = label(&one["label"], encoding)?;
        let edits = &one["textEdits"];
        let edits = match bounded::is_small(edits, MAX_RAW) {
            true => text_edit::edits(edits, text, encoding).unwrap_or_default(),
            false => Vec::new(),
        };
        let raw = bounded::is_small(one, MAX_RAW).then(|| Arc::new(one.clone()));
        Some(InlayHint {
            offset: encoding.offset(text, position),
            label,
            kind: match one["kind"].as_u64() {
                Some(1) => Some(InlayHintKind::Type),
                Some(2) => Some(InlayHintKind::Parameter),
                _ => None,
            },
            space_before: one["paddingLeft"] == Value::Bool(true),
            space_after: one["paddingRight"] == Value::Bool(true),
            tooltip: tooltip(one),
            links,
            edits,
            version,
            server: server.clone(),
            raw,
        })
    });
    let mut found: Vec<_> = read.take(MAX_HINTS).collect();
    found.sort_by_key(|hint| hint.offset);
    found
}

/// A label, which may come in parts, with those that lead somewhere; none where nothing of it is seen.
fn label(label: &Value, encoding: PositionEncoding) -> Option<(Arc<str>, Vec<HintLink>)> {
    let mut links = Vec::new();
    let whole = match label {
        Value::String(whole) => bounded::text(whole, MAX_LABEL),
        Value::Array(parts) => {
            let mut whole = String::new();
            for part in parts.iter().take(MAX_PARTS) {
                let start = whole.len();
                if start >= MAX_LABEL {
                    break;
                }
                let Some(value) = part["value"].as_str() else {
                    continue;
                };
                whole.push_str(&bounded::text(value, MAX_LABEL - start));
                let location = answers::locations(&part["location"], encoding);
                links.extend(location.into_iter().next().map(|location| HintLink {
                    range: start..whole.len(),
                    location,
                }));
            }
            whole
        }
        _ => return None,
    };
    // One byte for another, so that the parts stay where they are.
    let shown = whole.replace(['\n', '\t'], " ");
    (!shown.trim().is_empty()).then(|| (shown.into(), links))
}

/// What is said of a hint or of the parts of its label.
fn tooltip(hint: &Value) -> Option<String> {
    let parts = hint["label"].as_array().map(Vec::as_slice);
    let parts = parts.unwrap_or_default().iter().take(MAX_PARTS);
    let all = std::iter::once(hint).chain(parts);
    let said: Vec<_> = all.filter_map(|one| markup(&one["tooltip"])).collect();
    (!said.is_empty()).then(|| bounded::text(&said.join("\n\n"), MAX_MARKDOWN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_come_in_any_of_their_forms_and_in_order() {
        let text = Text::new("let ä = f(1);");
        let at = |character: u32| json!({"line": 0, "character": character});
        let answer = json!([
            {"position": at(10), "kind": 2, "paddingRight": true,
                "label": [{"value": "size", "tooltip": "A `size`",
                    "location": {"uri": "file:///a.rs", "range": {"start": at(2), "end": at(3)}}},
                    {"value": ":\n", "location": {"uri": "https://a.rs"}}]},
            {"position": at(5), "kind": 1, "label": ": i32",
                "textEdits": [{"range": {"start": at(5), "end": at(5)}, "newText": ": i32"}], "tooltip": {"kind": "markdown", "value": "**i32**"}},
            {"position": at(5), "label": ""},
            {"label": "nowhere"},
            3,
        ]);
        let found = hints(&answer, (&text, 7), PositionEncoding::Utf16, &"fake".into());
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.offset, &*one.label, one.kind))
            .collect();
        assert_eq!(
            shown,
            [
                (6, ": i32", Some(InlayHintKind::Type)),
                (11, "size: ", Some(InlayHintKind::Parameter)),
            ]
        );
        assert_eq!(found[0].tooltip.as_deref(), Some("**i32**"));
        assert_eq!(found[1].tooltip.as_deref(), Some("A \\`size\\`"));
        assert!(found[1].space_after && !found[1].space_before);
        assert_eq!(found[0].edits, [(6..6, ": i32".to_owned())]);
        assert!(found[1].edits.is_empty());
        let links = found[1].links.iter();
        let links: Vec<_> = links
            .map(|link| (link.range.clone(), link.location.position.character))
            .collect();
        assert_eq!(links, [(0..4, 2)]);
    }

    #[test]
    fn hints_without_end_are_cut_off() {
        let text = Text::new("x");
        let one =
            json!({"position": {"line": 0, "character": 0}, "label": "l\u{202e}".repeat(9_000)});
        let found = hints(
            &json!(vec![one; 6_000]),
            (&text, 7),
            PositionEncoding::Utf8,
            &"fake".into(),
        );
        assert_eq!(found.len(), MAX_HINTS);
        assert!(found[0].label.len() < 2 * MAX_LABEL);
        assert!(!found[0].label.contains('\u{202e}'));
    }
}
