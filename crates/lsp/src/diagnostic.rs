use std::sync::Arc;

use editor_core::Text;
use serde_json::{Value, json};

use crate::{PositionEncoding, TextDiagnostics, bounded};

/// More diagnostics of one file than this are not taken.
pub const MAX_DIAGNOSTICS: usize = 10_000;
/// More of a message is cut off, in bytes.
const MAX_MESSAGE: usize = 8 * 1024;
/// What is sent back is no larger than this, in bytes.
const MAX_RAW: usize = 16 * 1024;
/// More of a name is cut off, in bytes.
const MAX_NAME: usize = 200;

/// How serious a diagnostic is, the most serious first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DiagnosticSeverity {
    /// The code is wrong.
    Error,
    /// The code is likely wrong.
    Warning,
    /// Good to know.
    Information,
    /// Something could be better.
    Hint,
}

/// What a server says of a range of a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// How serious it is; an error where the server does not say.
    pub severity: DiagnosticSeverity,
    /// What is wrong, as plain text.
    pub message: Arc<str>,
    /// Who says so: `rustc`, `Pyright`.
    pub source: Option<Arc<str>>,
    /// The code of it: `E0308`.
    pub code: Option<Arc<str>>,
    /// The text is not needed, and is to be faded rather than underlined.
    pub unnecessary: bool,
    /// The text is deprecated.
    pub deprecated: bool,
    /// As the server said it, to be sent back with a question about it; none where it is too large.
    /// As JSON, since thousands of trees are slow to compare and to free.
    raw: Option<Arc<str>>,
}

impl Diagnostic {
    /// As the protocol has it, with the place where it is now.
    pub(crate) fn to_protocol(&self, range: Value) -> Value {
        let raw = self.raw.as_deref().map(serde_json::from_str);
        if let Some(Ok(Value::Object(mut raw))) = raw {
            raw.insert("range".into(), range);
            return Value::Object(raw);
        }
        let severity = match self.severity {
            DiagnosticSeverity::Error => 1,
            DiagnosticSeverity::Warning => 2,
            DiagnosticSeverity::Information => 3,
            DiagnosticSeverity::Hint => 4,
        };
        json!({
            "range": range, "severity": severity, "message": &*self.message,
            "source": self.source.as_deref(), "code": self.code.as_deref(),
        })
    }

    /// A diagnostic that no server said.
    pub fn new(severity: DiagnosticSeverity, message: &str) -> Self {
        Self {
            severity,
            message: message.into(),
            source: None,
            code: None,
            unnecessary: false,
            deprecated: false,
            raw: None,
        }
    }
}

/// The diagnostics of a text with their bytes.
pub(crate) fn diagnostics(
    items: &Value,
    text: &Text,
    encoding: PositionEncoding,
) -> TextDiagnostics {
    let read = read(items);
    read.map(|(range, one)| (encoding.range(text, range), one))
        .collect()
}

/// Diagnostics with their places. One that cannot be read takes no other with it.
pub(crate) fn read(items: &Value) -> impl Iterator<Item = (lsp_types::Range, Diagnostic)> {
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = items.iter().filter_map(|item| {
        let range = serde_json::from_value(item.get("range")?.clone()).ok()?;
        let short = |value: &Value| match value {
            Value::String(text) => Some(bounded::line(text, MAX_NAME).into()),
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        };
        let tagged = |tag: u64| {
            let tags = item["tags"].as_array();
            tags.is_some_and(|tags| tags.iter().any(|one| one.as_u64() == Some(tag)))
        };
        let diagnostic = Diagnostic {
            severity: match item["severity"].as_u64() {
                Some(2) => DiagnosticSeverity::Warning,
                Some(3) => DiagnosticSeverity::Information,
                Some(4) => DiagnosticSeverity::Hint,
                _ => DiagnosticSeverity::Error,
            },
            message: bounded::text(item["message"].as_str()?, MAX_MESSAGE).into(),
            source: short(&item["source"]),
            code: short(&item["code"]),
            unnecessary: tagged(1),
            deprecated: tagged(2),
            raw: bounded::is_small(item, MAX_RAW).then(|| item.to_string().into()),
        };
        Some((range, diagnostic))
    });
    read.take(MAX_DIAGNOSTICS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_cannot_be_read_takes_no_other_with_it() {
        let text = Text::new("let ä = 1;\n");
        let range = |from: u64, to: u64| json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}});
        let items = json!([
            {"range": range(4, 5), "message": "unused", "severity": 2, "code": 7, "tags": [1]},
            {"range": {"start": 1}, "message": "x"},
            {"range": range(0, 3), "message": 3},
            7,
            {"range": range(0, 4_000_000_000), "message": "far", "code": "E1", "source": "s"},
        ]);
        let found = diagnostics(&items, &text, PositionEncoding::Utf16);
        let found: Vec<_> = found.iter().collect();
        let [(far, second), (near, first)] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!((near, far), (&(4..6), &(0..11)));
        assert_eq!(
            (first.severity, first.unnecessary),
            (DiagnosticSeverity::Warning, true)
        );
        assert_eq!(first.code.as_deref(), Some("7"));
        assert_eq!(second.severity, DiagnosticSeverity::Error);
        assert!(diagnostics(&Value::Null, &text, PositionEncoding::Utf16).is_empty());
    }

    #[test]
    fn a_flood_is_cut() {
        let text = Text::new("x");
        let place = json!({"line": 0, "character": 0});
        let one =
            json!({"range": {"start": place, "end": place}, "message": "ä".repeat(MAX_MESSAGE)});
        let found = diagnostics(
            &json!(vec![one; MAX_DIAGNOSTICS + 5]),
            &text,
            PositionEncoding::Utf8,
        );
        assert_eq!(found.len(), MAX_DIAGNOSTICS);
        let (_, first) = found.iter().next().unwrap();
        assert!(first.message.len() <= MAX_MESSAGE + 3);
    }
}
