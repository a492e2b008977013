//! What servers answer, in the forms that the protocol allows, as one of ours.

use std::ops::Range;
use std::path::PathBuf;

use editor_core::Text;
use lsp_types::Position;
use serde_json::Value;

use crate::{PositionEncoding, bounded, uri};

/// More places of one answer are not taken.
pub(crate) const MAX_LOCATIONS: usize = 10_000;
/// More parts of a hover are not taken.
const MAX_PARTS: usize = 100;
/// More of a text in Markdown is cut off, in bytes.
pub(crate) const MAX_MARKDOWN: usize = 64 * 1024;

/// What a server says of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HoverAnswer {
    /// The bytes that it is about, where the server says.
    pub range: Option<Range<usize>>,
    /// What it says, as Markdown that is not trusted.
    pub markdown: String,
}

impl HoverAnswer {
    /// Adds what another server says of the same place, below a line.
    pub fn join(&mut self, other: Self) {
        self.markdown.push_str("\n\n---\n\n");
        self.markdown.push_str(&other.markdown);
        self.markdown = bounded::text(&self.markdown, MAX_MARKDOWN);
        self.range = self.range.take().or(other.range);
    }
}

/// A place in a file, which may be open or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Location {
    /// The file, absolute.
    pub path: PathBuf,
    /// The place in it.
    pub position: Position,
    /// Where it ends.
    pub end: Position,
    /// What its column counts.
    pub encoding: PositionEncoding,
}

pub(crate) fn hover(
    answer: &Value,
    text: &Text,
    encoding: PositionEncoding,
) -> Option<HoverAnswer> {
    let markdown = match answer.get("contents")? {
        Value::Array(parts) => {
            let parts = parts.iter().filter_map(marked).take(MAX_PARTS);
            let parts: Vec<_> = parts.collect();
            parts.join("\n\n---\n\n")
        }
        one => marked(one)?,
    };
    let range = serde_json::from_value(answer["range"].clone()).ok();
    (!markdown.trim().is_empty()).then(|| HoverAnswer {
        range: range.map(|range| encoding.range(text, range)),
        markdown: bounded::text(&markdown, MAX_MARKDOWN),
    })
}

/// A documentation: `MarkupContent`, or a string, which is plain text; as Markdown.
pub(crate) fn markup(documentation: &Value) -> Option<String> {
    match documentation {
        Value::String(plain) => Some(paragraphs(plain)),
        other => match other["kind"].as_str() {
            Some("plaintext") => Some(paragraphs(other["value"].as_str()?)),
            _ => Some(other["value"].as_str()?.to_owned()),
        },
    }
}

/// Plain text as Markdown that shows it as it is, each line a paragraph.
fn paragraphs(plain: &str) -> String {
    let mut markdown = String::with_capacity(plain.len());
    for line in plain.lines() {
        let text = line.trim_start();
        markdown.extend(std::iter::repeat_n('\u{a0}', line.len() - text.len()));
        for character in text.chars() {
            if character.is_ascii_punctuation() {
                markdown.push('\\');
            }
            markdown.push(character);
        }
        markdown.push_str("\n\n");
    }
    markdown.truncate(markdown.trim_end().len());
    markdown
}

/// `MarkupContent`, or a `MarkedString` of old.
fn marked(part: &Value) -> Option<String> {
    if let Some(text) = part.as_str() {
        return Some(text.to_owned());
    }
    let value = part["value"].as_str()?;
    Some(match (part["kind"].as_str(), part["language"].as_str()) {
        (Some("plaintext"), _) => fenced("", value),
        (_, Some(language)) => fenced(language, value),
        _ => value.to_owned(),
    })
}

/// A block of code in Markdown, which what is in it cannot end.
pub fn fenced(language: &str, code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let language: String = language.chars().filter(|c| c.is_alphanumeric()).collect();
    format!("{fence}{language}\n{code}\n{fence}")
}

/// `Location`, `Location[]` or `LocationLink[]`; what lies in no file is left out.
pub(crate) fn locations(answer: &Value, encoding: PositionEncoding) -> Vec<Location> {
    let one = std::slice::from_ref(answer);
    let all = answer.as_array().map_or(one, Vec::as_slice);
    let found = all.iter().filter_map(|item| {
        let (uri, range) = match item.get("targetUri") {
            Some(uri) => (uri, &item["targetSelectionRange"]),
            None => (item.get("uri")?, &item["range"]),
        };
        Some(Location {
            path: uri::path(uri.as_str()?)?,
            position: serde_json::from_value(range["start"].clone()).ok()?,
            end: serde_json::from_value(range["end"].clone()).ok()?,
            encoding,
        })
    });
    found.take(MAX_LOCATIONS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_hover_comes_in_any_of_its_forms() {
        let text = Text::new("ab");
        let says = |contents: Value| {
            hover(
                &json!({"contents": contents}),
                &text,
                PositionEncoding::Utf16,
            )
            .map(|hover| hover.markdown)
        };
        assert_eq!(says(json!("**a**")).as_deref(), Some("**a**"));
        let markup = json!({"kind": "markdown", "value": "# b"});
        assert_eq!(says(markup).as_deref(), Some("# b"));
        let plain = json!({"kind": "plaintext", "value": "a ``` b"});
        assert_eq!(says(plain).as_deref(), Some("````\na ``` b\n````"));
        let old = json!([{"language": "rust", "value": "fn a()"}, "docs"]);
        assert_eq!(
            says(old).as_deref(),
            Some("```rust\nfn a()\n```\n\n---\n\ndocs")
        );
        assert_eq!(says(json!([])), None);
        assert_eq!(hover(&Value::Null, &text, PositionEncoding::Utf16), None);
    }

    #[test]
    fn places_come_in_any_of_their_forms_and_from_files_alone() {
        let range =
            json!({"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 3}});
        let one = json!({"uri": "file:///a%20b.rs", "range": range});
        let found = |answer: Value| -> Vec<_> {
            let found = locations(&answer, PositionEncoding::Utf8);
            found
                .into_iter()
                .map(|one| (one.path, one.position.line))
                .collect()
        };
        let wanted = [(PathBuf::from("/a b.rs"), 1)];
        assert_eq!(found(one.clone()), wanted);
        assert_eq!(found(json!([one])), wanted);
        let link = json!([{"targetUri": "file:///a%20b.rs", "targetRange": range, "targetSelectionRange": range}]);
        assert_eq!(found(link), wanted);
        assert_eq!(found(Value::Null), []);
        assert_eq!(
            found(json!([{"uri": "https://a.b/c", "range": range}, 7])),
            []
        );
    }
}
