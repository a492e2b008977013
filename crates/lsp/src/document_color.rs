//! Colours that are written out in a text: `textDocument/documentColor` (LSP 3.17).

use std::ops::Range;
use std::path::Path;

use editor_core::Text;
use serde_json::Value;

use crate::PositionEncoding;
use crate::connection::Reply;
use crate::server::LanguageServer;

/// More colours of one answer are not taken.
const MAX_COLORS: usize = 2_000;

/// A colour that is written out.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentColor {
    /// The bytes of it.
    pub range: Range<usize>,
    /// Red, green, blue and how opaque it is, each from 0 to 1.
    pub rgba: [f32; 4],
}

impl LanguageServer {
    /// Asks for the colours that are written out in an open text, with the version that their bytes
    /// are of; in the order of the text.
    pub fn document_colors(&self, path: &Path) -> Reply<(u64, Vec<DocumentColor>)> {
        self.ask(
            path,
            "colorProvider",
            "textDocument/documentColor",
            |params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let read = move |answer: Value| (version, colors(&answer, &text, encoding));
                (params, read)
            },
        )
    }
}

fn colors(answer: &Value, text: &Text, encoding: PositionEncoding) -> Vec<DocumentColor> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = list.iter().filter_map(|one| {
        let range = serde_json::from_value(one["range"].clone()).ok()?;
        let part = |name: &str| Some(one["color"][name].as_f64()?.clamp(0., 1.) as f32);
        Some(DocumentColor {
            range: encoding.range(text, range),
            rgba: [
                part("red")?,
                part("green")?,
                part("blue")?,
                part("alpha").unwrap_or(1.),
            ],
        })
    });
    let mut found: Vec<_> = read.take(MAX_COLORS).collect();
    found.sort_by_key(|one| one.range.start);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn colours_are_within_their_bounds_and_in_order() {
        let text = Text::new("ä: #f00; b: #00f;");
        let range = |from: u32, to: u32| json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}});
        let answer = json!([
            {"range": range(12, 16), "color": {"red": 0, "green": 0, "blue": 1, "alpha": 0.5}},
            {"range": range(3, 7), "color": {"red": 9, "green": -1, "blue": 0}},
            {"range": range(0, 1), "color": {"red": "much"}},
        ]);
        let found = colors(&answer, &text, PositionEncoding::Utf16);
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.range.clone(), one.rgba))
            .collect();
        assert_eq!(
            shown,
            [(4..8, [1., 0., 0., 1.]), (13..17, [0., 0., 1., 0.5])]
        );
    }
}
