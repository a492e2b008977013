//! Property lists in XML, in which TextMate keeps its grammars, as JSON.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// How deep lists may stand in one another: as deep as JSON is read.
const MAX_DEPTH: usize = 100;

/// What is open.
enum Open {
    Dict(Map<String, Value>, Option<String>),
    Array(Vec<Value>),
}

/// The value of a property list.
///
/// # Errors
/// What is wrong with it, as the end of a sentence about it.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    if text.starts_with("bplist") {
        return Err("it is a property list in the binary form; XML and JSON are read".into());
    }
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    // The name and text of the element of text that is open.
    let mut leaf: Option<(String, String)> = None;
    loop {
        let at = reader.buffer_position();
        let wrong = |what: &str| format!("it is no property list: {what} (byte {at})");
        let event = reader
            .read_event()
            .map_err(|error| wrong(&error.to_string()))?;
        let mut made = None;
        match event {
            Event::Start(start) => match (start.name().as_ref(), &leaf) {
                (_, Some(_)) => return Err(wrong("an element stands in a text")),
                (b"plist", None) => {}
                (b"dict" | b"array", None) if open.len() == MAX_DEPTH => {
                    return Err(wrong("it is too deep"));
                }
                (b"dict", None) => open.push(Open::Dict(Map::new(), None)),
                (b"array", None) => open.push(Open::Array(Vec::new())),
                (name, None) => {
                    leaf = Some((String::from_utf8_lossy(name).into_owned(), String::new()));
                }
            },
            Event::Empty(empty) => {
                made = Some(leaf_value(empty.name().as_ref(), "").map_err(|error| wrong(&error))?)
            }
            Event::End(end) => match (end.name().as_ref(), leaf.take()) {
                (b"key", Some((_, text))) => match open.last_mut() {
                    Some(Open::Dict(_, key)) => *key = Some(text),
                    _ => return Err(wrong("a key stands outside of a dict")),
                },
                (name, Some((_, text))) => {
                    made = Some(leaf_value(name, &text).map_err(|error| wrong(&error))?);
                }
                (b"plist", None) => {}
                (_, None) => {
                    made = match open.pop() {
                        Some(Open::Dict(fields, _)) => Some(Value::Object(fields)),
                        Some(Open::Array(items)) => Some(Value::Array(items)),
                        None => return Err(wrong("an element ends that did not begin")),
                    };
                }
            },
            Event::Text(text) => {
                if let Some((_, content)) = &mut leaf {
                    content.push_str(&text.decode().map_err(|error| wrong(&error.to_string()))?);
                }
            }
            Event::CData(text) => {
                if let Some((_, content)) = &mut leaf {
                    content.push_str(&text.decode().map_err(|error| wrong(&error.to_string()))?);
                }
            }
            Event::GeneralRef(name) => {
                let by_number = name
                    .resolve_char_ref()
                    .map_err(|error| wrong(&error.to_string()))?;
                let character = match (by_number, &*name) {
                    (Some(character), _) => character,
                    (None, b"lt") => '<',
                    (None, b"gt") => '>',
                    (None, b"amp") => '&',
                    (None, b"apos") => '\'',
                    (None, b"quot") => '"',
                    // Nobody's own entities: they could make much of little.
                    _ => return Err(wrong("an entity is not one of XML's")),
                };
                if let Some((_, content)) = &mut leaf {
                    content.push(character);
                }
            }
            Event::Eof => return Err(wrong("it ends in the middle")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
        let Some(value) = made else { continue };
        match open.last_mut() {
            Some(Open::Array(items)) => items.push(value),
            Some(Open::Dict(fields, key)) => match key.take() {
                Some(key) => {
                    fields.insert(key, value);
                }
                None => return Err(wrong("a value has no key")),
            },
            None => return Ok(value),
        }
    }
}

/// What an element without others in it stands for.
fn leaf_value(name: &[u8], text: &str) -> Result<Value, String> {
    match name {
        b"string" | b"date" | b"data" => Ok(text.into()),
        b"integer" => match text.trim().parse::<i64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err("an integer is no number".into()),
        },
        b"real" => match text.trim().parse::<f64>() {
            Ok(number) => Ok(number.into()),
            Err(_) => Err("a real is no number".into()),
        },
        b"true" => Ok(true.into()),
        b"false" => Ok(false.into()),
        b"dict" => Ok(Value::Object(Map::new())),
        b"array" => Ok(Value::Array(Vec::new())),
        b"key" => Err("a key is empty".into()),
        other => Err(format!(
            "`{}` is not known",
            crate::bounded::shown(&String::from_utf8_lossy(other))
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_grammar_is_read_as_its_json() {
        let list = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- a comment -->
<plist version="1.0"><dict>
  <key>scopeName</key><string>source.a</string>
  <key>patterns</key><array>
    <dict><key>match</key><string>&lt;a &amp;&#x26; <![CDATA[<b>]]></string></dict>
    <array/>
  </array>
  <key>version</key><integer>2</integer><key>on</key><true/>
</dict></plist>"#;
        let expected = json!({
            "scopeName": "source.a",
            "patterns": [{ "match": "<a && <b>" }, []],
            "version": 2, "on": true,
        });
        assert_eq!(read(list), Ok(expected));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let deep = "<array>".repeat(5_000);
        for (text, problem) in [
            ("bplist00abc", "binary"),
            ("{ scopeName = 'x'; }", "ends in the middle"),
            ("<plist><dict><key>a</key>", "ends in the middle"),
            (
                "<plist><dict><string>a</string></dict></plist>",
                "has no key",
            ),
            ("<plist><string>&bomb;</string></plist>", "entity"),
            ("<plist><array></dict></plist>", "no property list"),
            ("<plist><integer>x</integer></plist>", "no number"),
            (deep.as_str(), "too deep"),
        ] {
            let told = read(text).unwrap_err();
            assert!(told.contains(problem), "{text}: {told}");
        }
    }
}
