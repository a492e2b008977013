//! Changing one setting in a file that a person wrote: no other byte moves.

use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::Value;

use crate::jsonc::{JsoncError, bom_len, parse_ast};

/// Why a settings text was left as it is.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum EditError {
    /// The text is not JSON with comments, so no place in it is certain.
    #[error("the settings file is malformed at {0}; correct it first, nothing was changed")]
    Malformed(JsoncError),
    /// The text holds something other than an object.
    #[error("the settings file must hold one object, `{{ … }}`; nothing was changed")]
    NotAnObject,
}

impl From<JsoncError> for EditError {
    /// The reason is a part of the message, so that it is no source, which would be told once more.
    fn from(error: JsoncError) -> Self {
        Self::Malformed(error)
    }
}

/// The text with one setting set: replaced where it is, added at the end
/// otherwise. Comments, order, spacing and line endings stay as they are.
pub fn set_value(text: &str, key: &str, value: Value) -> Result<String, EditError> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let start = bom_len(text);
    let Some(root) = parse_ast(text)? else {
        return Ok(new_object(text, key, &value, newline));
    };
    let ast::Value::Object(object) = root else {
        return Err(EditError::NotAnObject);
    };
    // Where a key stands twice, readers take the last one.
    let existing = object
        .properties
        .iter()
        .rev()
        .find(|property| property.name.as_str() == key);
    if let Some(property) = existing {
        if Value::from(property.value.clone()) == value {
            return Ok(text.to_string());
        }
        let range = property.value.range();
        let indent = line_indent(text, start + property.range.start);
        let mut result = text.to_string();
        result.replace_range(
            start + range.start..start + range.end,
            &json_text(&value, &indent, newline),
        );
        return Ok(result);
    }
    let open = start + object.range.start;
    let close = start + object.range.end - 1;
    Ok(match object.properties.last() {
        Some(last) => add_after(
            text,
            key,
            &value,
            start + last.range.end,
            open..close,
            newline,
        ),
        None => add_first(text, key, &value, open..close, newline),
    })
}

/// The text without one setting, so that its default holds again. The line that
/// held nothing else goes with it; a text without the setting comes back unchanged.
pub fn remove_value(text: &str, key: &str) -> Result<String, EditError> {
    let start = bom_len(text);
    let Some(root) = parse_ast(text)? else {
        return Ok(text.to_string());
    };
    let ast::Value::Object(object) = root else {
        return Err(EditError::NotAnObject);
    };
    let mut result = text.to_string();
    for (index, property) in object.properties.iter().enumerate().rev() {
        if property.name.as_str() != key {
            continue;
        }
        let mut range = start + property.range.start..start + property.range.end;
        if let Some(comma) = comma_after(&result, range.end) {
            // Comments between the value and its comma stay.
            result.replace_range(comma..comma + 1, "");
        } else if index > 0
            && let Some(comma) =
                comma_after(&result, start + object.properties[index - 1].range.end)
        {
            result.replace_range(comma..comma + 1, "");
            range = range.start - 1..range.end - 1;
        }
        let line_start = result[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = result[range.end..]
            .find('\n')
            .map_or(result.len(), |at| range.end + at + 1);
        let alone = result[line_start..range.start].trim().is_empty()
            && result[range.end..line_end].trim().is_empty();
        if alone && line_end > range.end {
            range = line_start..line_end;
        }
        result.replace_range(range, "");
    }
    Ok(result)
}

fn new_object(text: &str, key: &str, value: &Value, newline: &str) -> String {
    let mut result = text.to_string();
    if !result.trim_start_matches('\u{feff}').is_empty() && !result.ends_with('\n') {
        result.push_str(newline);
    }
    let member = member_text(key, value, "  ", newline);
    result.push_str(&format!("{{{newline}  {member}{newline}}}{newline}"));
    result
}

fn add_first(text: &str, key: &str, value: &Value, braces: Range<usize>, newline: &str) -> String {
    let inside = &text[braces.start + 1..braces.end];
    let outer = line_indent(text, braces.start);
    let indent = format!("{outer}  ");
    let member = member_text(key, value, &indent, newline);
    let mut result = text.to_string();
    match inside.rfind('\n') {
        Some(at) if inside[at + 1..].trim().is_empty() => {
            let line_start = braces.start + 1 + at + 1;
            result.insert_str(line_start, &format!("{indent}{member}{newline}"));
        }
        Some(_) => result.insert_str(braces.end, &format!(" {member} ")),
        None if inside.trim().is_empty() => result.insert_str(
            braces.start + 1,
            &format!("{newline}{indent}{member}{newline}{outer}"),
        ),
        None => result.insert_str(braces.end, &format!(" {member} ")),
    }
    result
}

fn add_after(
    text: &str,
    key: &str,
    value: &Value,
    last_end: usize,
    braces: Range<usize>,
    newline: &str,
) -> String {
    let multiline = text[braces.clone()].contains('\n');
    let indent = line_indent(text, last_end);
    let comma = comma_after(text, last_end);
    let after_comma = comma.map_or(last_end, |comma| comma + 1);
    let member = member_text(key, value, &indent, newline);
    let mut result = text.to_string();
    if multiline {
        // A comment behind the last member belongs to it, so the new line goes below.
        let place = same_line_trivia_end(text, after_comma).min(braces.end);
        let trailing = if comma.is_some() { "," } else { "" };
        result.insert_str(place, &format!("{newline}{indent}{member}{trailing}"));
    } else {
        result.insert_str(after_comma, &format!(" {member}"));
    }
    if comma.is_none() {
        result.insert(last_end, ',');
    }
    result
}

fn member_text(key: &str, value: &Value, indent: &str, newline: &str) -> String {
    format!(
        "{}: {}",
        Value::from(key),
        json_text(value, indent, newline)
    )
}

/// A value as text: short for plain values, one element a line for lists and objects.
fn json_text(value: &Value, indent: &str, newline: &str) -> String {
    let pretty = serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string());
    let short = matches!(value, Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()));
    if short {
        return value.to_string();
    }
    pretty.replace('\n', &format!("{newline}{indent}"))
}

/// The white space that begins the line of an offset.
fn line_indent(text: &str, offset: usize) -> String {
    let line_start = text[..offset].rfind('\n').map_or(0, |at| at + 1);
    text[line_start..offset]
        .chars()
        .take_while(|character| *character == ' ' || *character == '\t')
        .collect()
}

/// The comma that follows an offset, past white space and comments.
fn comma_after(text: &str, offset: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = offset;
    while at < bytes.len() {
        match bytes[at] {
            b',' => return Some(at),
            b'/' => at = comment_end(text, at)?,
            byte if byte.is_ascii_whitespace() => at += 1,
            _ => return None,
        }
    }
    None
}

/// The end of the comment that begins at an offset.
fn comment_end(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    if rest.starts_with("//") {
        Some(at + rest.find('\n').unwrap_or(rest.len()))
    } else if rest.starts_with("/*") {
        rest.find("*/").map(|end| at + end + 2)
    } else {
        None
    }
}

/// Past the spaces and comments that stand behind an offset on the same line.
fn same_line_trivia_end(text: &str, offset: usize) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut end) = (offset, offset);
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' => at += 1,
            b'/' => match comment_end(text, at) {
                Some(after) => {
                    // A line comment's carriage return belongs to the line ending.
                    let trimmed = text[at..after].trim_end_matches('\r').len();
                    at += trimmed;
                    end = at;
                    if trimmed != after - (at - trimmed) {
                        break;
                    }
                }
                None => break,
            },
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jsonc;
    use proptest::prelude::*;
    use serde_json::json;

    #[track_caller]
    fn sets(before: &str, key: &str, value: Value, after: &str) {
        assert_eq!(set_value(before, key, value).unwrap(), after);
    }

    #[test]
    fn a_value_is_replaced_in_place() {
        sets(
            "{\n  // my size\n  \"editor.fontSize\": 12, // small\n  \"x\": [1, 2,],\n}\n",
            "editor.fontSize",
            json!(15),
            "{\n  // my size\n  \"editor.fontSize\": 15, // small\n  \"x\": [1, 2,],\n}\n",
        );
    }

    #[test]
    fn a_new_key_goes_below_the_last_one_and_its_comment() {
        sets(
            "{\n    \"a\": 1 // one\n}\n",
            "b",
            json!(true),
            "{\n    \"a\": 1, // one\n    \"b\": true\n}\n",
        );
        sets(
            "{\n\t\"a\": 1, // one\n}\n",
            "b",
            json!("x"),
            "{\n\t\"a\": 1, // one\n\t\"b\": \"x\",\n}\n",
        );
        sets("{\"a\":1}", "b", json!(2), "{\"a\":1, \"b\": 2}");
        sets(
            "{\r\n  \"a\": 1 // one\r\n}\r\n",
            "b",
            json!(2),
            "{\r\n  \"a\": 1, // one\r\n  \"b\": 2\r\n}\r\n",
        );
    }

    #[test]
    fn an_empty_file_becomes_an_object() {
        sets("", "a", json!(1), "{\n  \"a\": 1\n}\n");
        sets("// mine", "a", json!(1), "// mine\n{\n  \"a\": 1\n}\n");
        sets("{}", "a", json!(1), "{\n  \"a\": 1\n}");
        sets(
            "{\n  // none yet\n}\n",
            "a",
            json!(1),
            "{\n  // none yet\n  \"a\": 1\n}\n",
        );
        sets("{ /* none */ }", "a", json!(1), "{ /* none */  \"a\": 1 }");
    }

    #[test]
    fn a_malformed_file_is_left_alone_with_a_reason() {
        let error = set_value("{\n \"a\": \n", "b", json!(1)).unwrap_err();
        assert!(error.to_string().contains("nothing was changed"), "{error}");
        assert_eq!(set_value("[]", "b", json!(1)), Err(EditError::NotAnObject));
    }

    #[test]
    fn removing_takes_the_line_and_leaves_valid_json() {
        let text = "{\n  \"a\": 1, // one\n  \"b\": 2,\n  \"c\": 3\n}\n";
        assert_eq!(
            remove_value(text, "b").unwrap(),
            "{\n  \"a\": 1, // one\n  \"c\": 3\n}\n"
        );
        assert_eq!(
            remove_value(text, "c").unwrap(),
            "{\n  \"a\": 1, // one\n  \"b\": 2\n}\n"
        );
        assert_eq!(remove_value(text, "z").unwrap(), text);
    }

    /// Trivia that may stand between two tokens of a settings file.
    fn trivia() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            Just(" ".to_string()),
            Just("\n  ".to_string()),
            Just("\r\n\t".to_string()),
            Just(" // note, with \"quotes\" and }\n".to_string()),
            Just(" // windows\r\n".to_string()),
            Just(" /* a, { b */ ".to_string()),
            Just("\n\n  // alone\n  ".to_string()),
        ]
    }

    fn scalar() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            "[a-zé\"\\\\/,{}]{0,8}".prop_map(Value::from),
            proptest::collection::vec(any::<u8>(), 0..3).prop_map(|list| json!(list)),
            Just(json!({"nested": {"x": [1]}})),
        ]
    }

    prop_compose! {
        fn settings_text()(
            bom in any::<bool>(),
            head in trivia(),
            members in proptest::collection::vec(
                ("[a-d.]{1,3}", scalar(), trivia(), trivia(), trivia(), trivia()), 0..6),
            trailing in any::<bool>(),
            inner in trivia(),
            tail in trivia(),
        ) -> String {
            let mut text = String::new();
            if bom { text.push('\u{feff}'); }
            text.push_str(&head);
            text.push('{');
            let count = members.len();
            for (index, (key, value, a, b, c, d)) in members.into_iter().enumerate() {
                text.push_str(&format!("{a}{}{b}:{c}{value}{d}", Value::from(key)));
                if trailing || index + 1 < count { text.push(','); }
            }
            text.push_str(&inner);
            text.push('}');
            text.push_str(&tail);
            text
        }
    }

    /// Whether `kept` is what is left of `text` when bytes are taken out.
    fn is_subsequence(kept: &str, text: &str) -> bool {
        let mut rest = text.bytes();
        kept.bytes()
            .all(|byte| rest.by_ref().any(|other| other == byte))
    }

    proptest! {
        #[test]
        fn set_changes_that_value_and_no_other_byte(
            text in settings_text(), key in "[a-f.]{1,3}", value in scalar()
        ) {
            let before = jsonc::parse(&text).unwrap().unwrap();
            let after_text = set_value(&text, &key, value.clone()).unwrap();
            let mut expected = before.clone();
            expected.as_object_mut().unwrap().insert(key.clone(), value);
            prop_assert_eq!(jsonc::parse(&after_text).unwrap().unwrap(), expected);
            if before.get(&key).is_none() {
                prop_assert!(is_subsequence(&text, &after_text), "{:?} -> {:?}", text, after_text);
            } else {
                // Everything outside the replaced value is there, in place.
                let prefix = text.bytes().zip(after_text.bytes()).take_while(|(a, b)| a == b).count();
                let suffix = text.bytes().rev().zip(after_text.bytes().rev())
                    .take_while(|(a, b)| a == b).count();
                let removed = text.len().saturating_sub(prefix + suffix);
                let longest = before[&key].to_string().len();
                prop_assert!(removed <= longest, "{:?} -> {:?}", text, after_text);
            }
            // Setting the same value again changes nothing.
            let again = jsonc::parse(&after_text).unwrap().unwrap()[&key].clone();
            prop_assert_eq!(set_value(&after_text, &key, again).unwrap(), after_text);
        }

        #[test]
        fn remove_leaves_the_other_values(text in settings_text(), key in "[a-d.]{1,3}") {
            let mut expected = jsonc::parse(&text).unwrap().unwrap();
            expected.as_object_mut().unwrap().shift_remove(&key);
            let after = remove_value(&text, &key).unwrap();
            prop_assert_eq!(jsonc::parse(&after).unwrap().unwrap(), expected);
        }
    }
}
