//! Colours that are written out in a text, and how another would be: `textDocument/documentColor` and
//! `colorPresentation` (LSP 3.17).

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use editor_core::Text;
use serde_json::{Value, json};

use crate::connection::Reply;
use crate::server::LanguageServer;
use crate::{PositionEncoding, bounded, text_edit};

/// More colours of one answer are not taken.
const MAX_COLORS: usize = 2_000;
/// More ways to write a colour are not taken.
const MAX_PRESENTATIONS: usize = 50;
/// A way with a longer name, or that writes more in the place of the colour, is not taken, in bytes.
const MAX_WRITTEN: usize = 500;
/// A way with more edits elsewhere in the text is not taken.
const MAX_ADDITIONAL: usize = 100;
/// A way whose edits elsewhere put in more than this is not taken, in bytes together.
const MAX_ADDED: usize = 64 * 1024;

/// A colour that is written out.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentColor {
    /// The bytes of it.
    pub range: Range<usize>,
    /// Red, green, blue and how opaque it is, each from 0 to 1.
    pub rgba: [f32; 4],
    /// The name of the server that knows it.
    pub server: Arc<str>,
}

/// A way to write a colour in the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColorPresentation {
    /// What is shown of it; one line.
    pub label: Arc<str>,
    /// What writes it, in order and apart from each other: one edit of the bytes of the colour that it
    /// replaces, and those that it needs elsewhere.
    pub edits: Vec<(Range<usize>, String)>,
}

/// Ways to write a colour, with the version of the text that the bytes of their edits are of.
pub type ColorPresentations = (u64, Vec<ColorPresentation>);

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
                let server: Arc<str> = self.name().into();
                let read =
                    move |answer: Value| (version, colors(&answer, &text, encoding, &server));
                (params, read)
            },
        )
    }

    /// Asks how a colour would be written in some bytes of an open text: red, green, blue and how
    /// opaque it is, each from 0 to 1. What would change anything else there is left out.
    pub fn color_presentations(
        &self,
        path: &Path,
        range: Range<usize>,
        rgba: [f32; 4],
    ) -> Reply<ColorPresentations> {
        self.ask(
            path,
            "colorProvider",
            "textDocument/colorPresentation",
            |mut params, document, encoding, _| {
                let (version, text) = document.newest();
                let text = text.clone();
                let [red, green, blue, alpha] = rgba.map(exact);
                params["color"] = json!({"red": red, "green": green, "blue": blue, "alpha": alpha});
                params["range"] = json!({
                    "start": encoding.position(&text, range.start),
                    "end": encoding.position(&text, range.end),
                });
                let read = move |answer: Value| {
                    let ways = presentations(&answer, &text, &range, encoding);
                    (version, ways)
                };
                (params, read)
            },
        )
    }
}

/// A part of a colour without what is not exact in 32 bits of it: servers write all digits, and so
/// 0.9 as 0.8999999761581421.
fn exact(part: f32) -> f64 {
    const PARTS: f64 = 1e6;
    (f64::from(part) * PARTS).round() / PARTS
}

fn colors(
    answer: &Value,
    text: &Text,
    encoding: PositionEncoding,
    server: &Arc<str>,
) -> Vec<DocumentColor> {
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
            server: server.clone(),
        })
    });
    let mut found: Vec<_> = read.take(MAX_COLORS).collect();
    found.sort_by_key(|one| one.range.start);
    found
}

/// `ColorPresentation[]`, of which each writes all of the colour and nothing else there.
fn presentations(
    answer: &Value,
    text: &Text,
    range: &Range<usize>,
    encoding: PositionEncoding,
) -> Vec<ColorPresentation> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let read = list
        .iter()
        .filter_map(|one| presentation(one, text, range, encoding));
    read.take(MAX_PRESENTATIONS).collect()
}

fn presentation(
    one: &Value,
    text: &Text,
    range: &Range<usize>,
    encoding: PositionEncoding,
) -> Option<ColorPresentation> {
    let label = one["label"].as_str()?;
    // It is what is written where there is no edit, and so what is shown.
    let is_shown = !label.is_empty() && bounded::line(label, MAX_WRITTEN) == label;
    let new_text = match &one["textEdit"] {
        Value::Null => label.to_owned(),
        edit => {
            let edits = text_edit::edits(&json!([edit]), text, encoding)?;
            let (edited, new_text) = edits.into_iter().next()?;
            (edited == *range).then_some(new_text)?
        }
    };
    let mut edits = match &one["additionalTextEdits"] {
        Value::Null => Vec::new(),
        list => text_edit::edits(list, text, encoding)?,
    };
    let added: usize = edits.iter().map(|(_, new_text)| new_text.len()).sum();
    if !is_shown
        || new_text.len() > MAX_WRITTEN
        || edits.len() > MAX_ADDITIONAL
        || added > MAX_ADDED
    {
        return None;
    }
    let place =
        edits.partition_point(|(edit, _)| (edit.start, edit.end) < (range.start, range.end));
    edits.insert(place, (range.clone(), new_text));
    text_edit::change_of(text, edits.clone()).ok()?;
    Some(ColorPresentation {
        label: label.into(),
        edits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF16: PositionEncoding = PositionEncoding::Utf16;

    fn range(from: u32, to: u32) -> Value {
        json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}})
    }

    #[test]
    fn a_part_of_a_colour_is_asked_about_without_noise() {
        for (part, written) in [
            (0.9_f32, "0.9"),
            (0.3, "0.3"),
            (1., "1.0"),
            (1. / 3., "0.333333"),
        ] {
            assert_eq!(json!(exact(part)).to_string(), written);
        }
    }

    #[test]
    fn colours_are_within_their_bounds_and_in_order() {
        let text = Text::new("ä: #f00; b: #00f;");
        let answer = json!([
            {"range": range(12, 16), "color": {"red": 0, "green": 0, "blue": 1, "alpha": 0.5}},
            {"range": range(3, 7), "color": {"red": 9, "green": -1, "blue": 0}},
            {"range": range(0, 1), "color": {"red": "much"}},
        ]);
        let found = colors(&answer, &text, UTF16, &"fake".into());
        let shown: Vec<_> = found
            .iter()
            .map(|one| (one.range.clone(), one.rgba))
            .collect();
        assert_eq!(
            shown,
            [(4..8, [1., 0., 0., 1.]), (13..17, [0., 0., 1., 0.5])]
        );
    }

    #[test]
    fn another_colour_is_written_where_the_first_stands_and_nowhere_else() {
        let text = Text::new("ä: #f00; b: #00f;");
        let read = |answer: Value| presentations(&answer, &text, &(4..8), UTF16);
        let plain = |label: &str| ColorPresentation {
            label: label.into(),
            edits: vec![(4..8, label.to_owned())],
        };
        let edit = |from, to, new: &str| json!({"range": range(from, to), "newText": new});
        let ways = read(json!([
            {"label": "rgb(0, 1, 2)"},
            {"label": "green", "textEdit": edit(3, 7, "Color.green"),
                "additionalTextEdits": [edit(16, 16, "/* c */"), edit(0, 0, "use Color;\r\n")]},
            {"label": "#010203", "textEdit": null, "additionalTextEdits": null},
        ]));
        let green = ColorPresentation {
            label: "green".into(),
            edits: vec![
                (0..0, "use Color;\n".into()),
                (4..8, "Color.green".into()),
                (17..17, "/* c */".into()),
            ],
        };
        assert_eq!(ways, [plain("rgb(0, 1, 2)"), green, plain("#010203")]);
        let long = "x".repeat(MAX_WRITTEN + 1);
        for bad in [
            json!({"label": 3}),
            json!({"label": ""}),
            json!({"label": " red"}),
            json!({"label": "re\nd"}),
            json!({"label": "re\u{202e}d"}),
            json!({"label": long}),
            json!({"label": "red", "textEdit": edit(3, 7, &long)}),
            json!({"label": "red", "textEdit": edit(3, 6, "red")}),
            json!({"label": "red", "textEdit": edit(0, 17, "red")}),
            json!({"label": "red", "textEdit": edit(12, 16, "red")}),
            json!({"label": "red", "textEdit": {"newText": "red"}}),
            json!({"label": "red", "textEdit": 3}),
            json!({"label": "red", "additionalTextEdits": [edit(2, 5, "")]}),
            json!({"label": "red", "additionalTextEdits": [edit(3, 7, "blue")]}),
            json!({"label": "red", "additionalTextEdits": [edit(0, 0, &"x".repeat(MAX_ADDED + 1))]}),
            json!({"label": "red", "additionalTextEdits": vec![edit(0, 0, ""); MAX_ADDITIONAL + 1]}),
            json!({"label": "red", "additionalTextEdits": 3}),
        ] {
            assert_eq!(read(json!([bad])), [], "{bad}");
        }
        let many = vec![json!({"label": "red"}); MAX_PRESENTATIONS + 1];
        assert_eq!(read(many.into()).len(), MAX_PRESENTATIONS);
        for nothing in [json!(null), json!({}), json!("x"), json!([null, 3])] {
            assert_eq!(read(nothing), []);
        }
    }
}
