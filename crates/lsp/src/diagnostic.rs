use std::sync::Arc;

use editor_core::Text;
use serde::Deserialize as _;
use serde_json::{Value, json};

use crate::answers::Location;
use crate::{PositionEncoding, SeverityCounts, TextDiagnostics, bounded, uri};

/// More diagnostics of one file than this are not taken, only counted.
pub const MAX_DIAGNOSTICS: usize = 10_000;
/// More of a message is cut off, in bytes.
const MAX_MESSAGE: usize = 8 * 1024;
/// What is sent back is no larger than this, in bytes.
const MAX_RAW: usize = 16 * 1024;
/// More of a name is cut off, in bytes.
const MAX_NAME: usize = 200;

/// More places that belong to one diagnostic are not taken.
const MAX_RELATED: usize = 20;
/// The same of all diagnostics of one file.
const MAX_RELATED_OF_FILE: usize = 5_000;
/// More of the words of such a place is cut off, in bytes.
const MAX_RELATED_MESSAGE: usize = 1_000;
/// A longer address is not taken, in bytes.
const MAX_ADDRESS: usize = 2_000;

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

/// A place that belongs to a diagnostic (`DiagnosticRelatedInformation`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RelatedInformation {
    /// The place.
    pub location: Location,
    /// What it has to do with it, in one line.
    pub message: Arc<str>,
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
    /// Where the web explains the code: an address that begins with `https://` or `http://`.
    pub code_address: Option<Arc<str>>,
    /// The places that belong to it.
    pub related: Arc<[RelatedInformation]>,
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
            code_address: None,
            related: Arc::default(),
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
    let Read { taken, left_out } = read(items, encoding);
    let taken = taken.into_iter();
    let taken = taken.map(|(range, one)| (encoding.range(text, range), one));
    taken.collect::<TextDiagnostics>().leaving_out(left_out)
}

/// What a server says of a file.
pub(crate) struct Read {
    /// Diagnostics with their places.
    pub(crate) taken: Vec<(lsp_types::Range, Diagnostic)>,
    /// How many more there are.
    pub(crate) left_out: SeverityCounts,
}

/// Reads diagnostics. One that cannot be read takes no other with it. Where there are more than are
/// taken, the least grave are left out, and of those the last.
pub(crate) fn read(items: &Value, encoding: PositionEncoding) -> Read {
    let mut related_left = MAX_RELATED_OF_FILE;
    let items = items.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut items: Vec<_> = items.iter().collect();
    if items.len() > MAX_DIAGNOSTICS {
        items.sort_by_key(|item| severity(item));
    }
    let mut items = items.into_iter();
    let read = items.by_ref().filter_map(|item| {
        let range = range(item)?;
        let short = |value: &Value| match value {
            Value::String(text) => Some(bounded::line(text, MAX_NAME).into()),
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        };
        let tagged = |tag: u64| {
            let tags = item["tags"].as_array();
            tags.is_some_and(|tags| tags.iter().any(|one| one.as_u64() == Some(tag)))
        };
        let places = item["relatedInformation"].as_array().map(Vec::as_slice);
        let places = places.unwrap_or_default().iter();
        let places = places.filter_map(|one| related(one, encoding));
        let related: Arc<[_]> = places.take(MAX_RELATED.min(related_left)).collect();
        related_left -= related.len();
        let diagnostic = Diagnostic {
            severity: severity(item),
            message: bounded::text(item["message"].as_str()?, MAX_MESSAGE).into(),
            source: short(&item["source"]),
            code: short(&item["code"]),
            code_address: web_address(&item["codeDescription"]["href"]),
            related,
            unnecessary: tagged(1),
            deprecated: tagged(2),
            raw: bounded::is_small(item, MAX_RAW).then(|| item.to_string().into()),
        };
        Some((range, diagnostic))
    });
    let taken = read.take(MAX_DIAGNOSTICS).collect();
    let mut left_out = SeverityCounts::default();
    for item in items {
        if range(item).is_some() && item["message"].is_string() {
            left_out.add(severity(item));
        }
    }
    Read { taken, left_out }
}

fn range(item: &Value) -> Option<lsp_types::Range> {
    lsp_types::Range::deserialize(item.get("range")?).ok()
}

fn severity(item: &Value) -> DiagnosticSeverity {
    match item["severity"].as_u64() {
        Some(2) => DiagnosticSeverity::Warning,
        Some(3) => DiagnosticSeverity::Information,
        Some(4) => DiagnosticSeverity::Hint,
        _ => DiagnosticSeverity::Error,
    }
}

/// A place that belongs to a diagnostic; nothing where it cannot be read.
fn related(one: &Value, encoding: PositionEncoding) -> Option<RelatedInformation> {
    let location = &one["location"];
    let range: lsp_types::Range = serde_json::from_value(location["range"].clone()).ok()?;
    Some(RelatedInformation {
        location: Location {
            path: uri::path(location["uri"].as_str()?)?,
            position: range.start,
            end: range.end,
            encoding,
        },
        message: bounded::line(one["message"].as_str()?, MAX_RELATED_MESSAGE).into(),
    })
}

/// An address of the web that can stand in a link.
fn web_address(href: &Value) -> Option<Arc<str>> {
    let href = href.as_str().filter(|href| href.len() <= MAX_ADDRESS)?;
    let is_web = href.starts_with("https://") || href.starts_with("http://");
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '\\' | '"' | '`');
    (is_web && href.chars().all(is_plain)).then(|| href.into())
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
    fn places_that_belong_to_it_and_the_address_of_its_code_are_read_and_bounded() {
        let text = Text::new("x");
        let range =
            json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}});
        let place = |uri: &str| json!({"location": {"uri": uri, "range": range}, "message": "because\nof this"});
        let read = |href: &str, related: Value| {
            let item = json!({"range": range, "message": "m", "code": "E1",
                "codeDescription": {"href": href}, "relatedInformation": related});
            let found = diagnostics(&json!([item]), &text, PositionEncoding::Utf16);
            found.iter().next().map(|(_, one)| one.clone()).unwrap()
        };
        let one = read(
            "https://a.b/E1#x",
            json!([place("file:///a.h"), 3, place("http://a")]),
        );
        let [related] = &*one.related else {
            panic!("{one:?}");
        };
        assert_eq!(related.location.path, std::path::Path::new("/a.h"));
        assert_eq!(&*related.message, "because of this");
        assert_eq!(one.code_address.as_deref(), Some("https://a.b/E1#x"));
        for refused in [
            "javascript:x",
            "file:///a",
            "https://a.b/ c",
            "https://a>b",
            "https://ä",
        ] {
            assert_eq!(read(refused, Value::Null).code_address, None, "{refused}");
        }
        let many = read("", json!(vec![place("file:///a.h"); 1_000]));
        assert_eq!(many.related.len(), MAX_RELATED);
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
        let errors = |found: &TextDiagnostics| found.count(DiagnosticSeverity::Error);
        assert_eq!(
            errors(&found),
            MAX_DIAGNOSTICS + 5,
            "what is cut is counted"
        );
        assert_eq!(found.left_out().of(DiagnosticSeverity::Error), 5);
    }

    #[test]
    fn of_a_flood_the_gravest_are_taken_and_what_cannot_be_read_counts_for_nothing() {
        let place = json!({"line": 0, "character": 0});
        let range = json!({"start": place, "end": place});
        let said = |severity: u64| json!({"range": range, "severity": severity, "message": "m"});
        let mut items = vec![said(4); MAX_DIAGNOSTICS];
        items.extend([
            said(1),
            said(3),
            json!({"range": 1}),
            json!({"range": range}),
        ]);
        let Read { taken, left_out } = read(&json!(items), PositionEncoding::Utf8);
        assert_eq!(taken.len(), MAX_DIAGNOSTICS);
        let gravest = taken.iter().map(|(_, one)| one.severity).take(3);
        let gravest: Vec<_> = gravest.collect();
        use DiagnosticSeverity::{Error, Hint, Information};
        assert_eq!(gravest, [Error, Information, Hint]);
        assert_eq!((left_out.of(Hint), left_out.problems()), (2, 0));
    }
}
