//! Changing one setting in a file that a person wrote: no other byte moves.

use std::collections::HashMap;
use std::ops::Range;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::{Map, Value};

use crate::jsonc::{JsoncError, bom_len, parse_ast};
use crate::language_blocks::{heading_of, languages_of};

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

/// A value to set in a settings file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NewValue<'a> {
    /// The languages of the block that it stands in, `["python"]` for `"[python]": { … }`; none for
    /// what holds for all.
    pub languages: &'a [String],
    /// The setting.
    pub key: &'a str,
    /// What it becomes.
    pub value: &'a Value,
}

/// The text with one setting set: replaced where it is, added at the end
/// otherwise. Comments, order, spacing and line endings stay as they are.
pub fn set_value(text: &str, key: &str, value: Value) -> Result<String, EditError> {
    let new = NewValue {
        languages: &[],
        key,
        value: &value,
    };
    set_values(text, &[new])
}

/// The text with one setting set for one language, as [`set_value`] does it within the block of that
/// language alone, `"[python]": { … }`, which is added where there is none. What such a block says
/// wins over blocks of several languages.
pub fn set_language_value(
    text: &str,
    language: &str,
    key: &str,
    value: Value,
) -> Result<String, EditError> {
    let new = NewValue {
        languages: &[language.to_owned()],
        key,
        value: &value,
    };
    set_values(text, &[new])
}

/// The text with one entry of a setting that is a table set, such as one pattern of
/// `files.associations`: the other entries stay, with their comments. What is no table is replaced.
pub fn set_entry(text: &str, key: &str, entry: &str, value: Value) -> Result<String, EditError> {
    let table = Map::from_iter([(entry.to_owned(), value)]);
    set_members(text, vec![(key.to_owned(), Member::Block(table))])
}

/// The text with many settings set, as [`set_value`] sets each; of two values of one setting the
/// later one counts. It takes as long as the text and the values are long.
pub fn set_values(text: &str, values: &[NewValue<'_>]) -> Result<String, EditError> {
    set_members(text, members_of(values))
}

fn set_members(text: &str, members: Vec<(String, Member)>) -> Result<String, EditError> {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edits = Edits {
        text,
        start: bom_len(text),
        newline,
        made: Vec::new(),
    };
    match parse_ast(text)? {
        None => return Ok(new_object(text, members, newline)),
        Some(ast::Value::Object(object)) => edits.set(&object, members),
        Some(_) => return Err(EditError::NotAnObject),
    }
    Ok(edits.apply())
}

/// What becomes of a member of an object.
enum Member {
    Value(Value),
    /// The members of a block for some languages, which keeps its others.
    Block(Map<String, Value>),
}

/// The members of the whole object, in the order of the values.
fn members_of(values: &[NewValue<'_>]) -> Vec<(String, Member)> {
    let mut places = HashMap::new();
    let mut members: Vec<(String, Member)> = Vec::new();
    for new in values {
        let (key, value) = (new.key.to_owned(), new.value.clone());
        let is_block = !new.languages.is_empty();
        let name = if is_block {
            heading_of(new.languages)
        } else {
            key.clone()
        };
        let place = *places.entry(name.clone()).or_insert(members.len());
        if place == members.len() {
            members.push((name, Member::Block(Map::new())));
        }
        match &mut members[place].1 {
            Member::Block(block) if is_block => {
                block.insert(key, value);
            }
            member => *member = Member::Value(value),
        }
    }
    members
}

/// What a member is found by: blocks of the same languages are the same, however they are spaced.
fn normal_name(name: &str) -> String {
    languages_of(name).map_or_else(|| name.to_owned(), |languages| heading_of(&languages))
}

/// Changes of one text, each with the bytes that it takes the place of.
struct Edits<'a> {
    text: &'a str,
    /// Where the offsets of the syntax tree begin.
    start: usize,
    newline: &'a str,
    made: Vec<(Range<usize>, String)>,
}

impl Edits<'_> {
    fn replace(&mut self, range: Range<usize>, with: String) {
        self.made.push((range, with));
    }

    fn insert(&mut self, at: usize, what: String) {
        self.replace(at..at, what);
    }

    /// Sets members of an object.
    fn set(&mut self, object: &ast::Object<'_>, members: Vec<(String, Member)>) {
        // Where a key stands twice, readers take the last one.
        let names = object.properties.iter().enumerate();
        let places: HashMap<String, usize> = names
            .map(|(index, property)| (normal_name(property.name.as_str()), index))
            .collect();
        let mut added = Vec::new();
        for (name, member) in members {
            let existing = places.get(&name).map(|index| &object.properties[*index]);
            match (existing, member) {
                (None, Member::Value(value)) => added.push((name, value)),
                (None, Member::Block(block)) => added.push((name, block.into())),
                (Some(property), Member::Value(value)) => self.put(property, &value),
                (Some(property), Member::Block(block)) => match &property.value {
                    ast::Value::Object(inner) => {
                        let block = block.into_iter();
                        let block = block.map(|(key, value)| (key, Member::Value(value)));
                        self.set(inner, block.collect());
                    }
                    _ => self.put(property, &block.into()),
                },
            }
        }
        if added.is_empty() {
            return;
        }
        let open = self.start + object.range.start;
        let close = self.start + object.range.end - 1;
        match object.properties.last() {
            Some(last) => self.add_after(&added, self.start + last.range.end, open..close),
            None => self.add_first(&added, open..close),
        }
    }

    /// Puts a value in the place of a member's.
    fn put(&mut self, property: &ast::ObjectProp<'_>, value: &Value) {
        if Value::from(property.value.clone()) == *value {
            return;
        }
        let range = property.value.range();
        let range = self.start + range.start..self.start + range.end;
        let indent = line_indent(self.text, self.start + property.range.start);
        self.replace(range, json_text(value, &indent, self.newline));
    }

    fn add_first(&mut self, added: &[(String, Value)], braces: Range<usize>) {
        let inside = &self.text[braces.start + 1..braces.end];
        let outer = line_indent(self.text, braces.start);
        let indent = format!("{outer}  ");
        let newline = self.newline;
        let lines = member_lines(added, &indent, newline);
        match inside.rfind('\n') {
            Some(at) if inside[at + 1..].trim().is_empty() => {
                let line_start = braces.start + 1 + at + 1;
                self.insert(line_start, format!("{indent}{lines}{newline}"));
            }
            None if inside.trim().is_empty() => {
                let lines = format!("{newline}{indent}{lines}{newline}{outer}");
                self.insert(braces.start + 1, lines);
            }
            _ => {
                let line = member_line(added, &indent, newline);
                self.insert(braces.end, format!(" {line} "));
            }
        }
    }

    fn add_after(&mut self, added: &[(String, Value)], last_end: usize, braces: Range<usize>) {
        let (text, newline) = (self.text, self.newline);
        let multiline = text[braces.clone()].contains('\n');
        let indent = line_indent(text, last_end);
        let comma = comma_after(text, last_end);
        let after_comma = comma.map_or(last_end, |comma| comma + 1);
        if comma.is_none() {
            self.insert(last_end, ",".to_owned());
        }
        if multiline {
            // A comment behind the last member belongs to it, so the new line goes below.
            let place = same_line_trivia_end(text, after_comma).min(braces.end);
            let trailing = if comma.is_some() { "," } else { "" };
            let lines = member_lines(added, &indent, newline);
            self.insert(place, format!("{newline}{indent}{lines}{trailing}"));
        } else {
            let line = member_line(added, &indent, newline);
            self.insert(after_comma, format!(" {line}"));
        }
    }

    /// The text with all of them made. Those at one place come in the order that they were made in.
    fn apply(mut self) -> String {
        self.made.sort_by_key(|(range, _)| range.start);
        let mut result = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, with) in self.made {
            result.push_str(&self.text[at..range.start]);
            result.push_str(&with);
            at = range.end;
        }
        result.push_str(&self.text[at..]);
        result
    }
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

fn new_object(text: &str, members: Vec<(String, Member)>, newline: &str) -> String {
    let mut result = text.to_string();
    if !result.trim_start_matches('\u{feff}').is_empty() && !result.ends_with('\n') {
        result.push_str(newline);
    }
    let members: Vec<_> = members
        .into_iter()
        .map(|(name, member)| match member {
            Member::Value(value) => (name, value),
            Member::Block(block) => (name, block.into()),
        })
        .collect();
    let lines = member_lines(&members, "  ", newline);
    result.push_str(&format!("{{{newline}  {lines}{newline}}}{newline}"));
    result
}

/// Members below one another; the first stands where it is put.
fn member_lines(members: &[(String, Value)], indent: &str, newline: &str) -> String {
    joined(members, indent, newline, &format!(",{newline}{indent}"))
}

/// Members beside one another.
fn member_line(members: &[(String, Value)], indent: &str, newline: &str) -> String {
    joined(members, indent, newline, ", ")
}

fn joined(members: &[(String, Value)], indent: &str, newline: &str, between: &str) -> String {
    let members = members.iter().map(|(key, value)| {
        let key = Value::from(key.as_str());
        format!("{key}: {}", json_text(value, indent, newline))
    });
    members.collect::<Vec<_>>().join(between)
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
    use crate::{Layer, Settings, jsonc};
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

    #[test]
    fn a_value_for_a_language_goes_into_its_block() {
        let set = |text: &str, size: u32| {
            set_language_value(text, "go", "editor.tabSize", json!(size)).unwrap()
        };
        assert_eq!(
            set("{\n  \"a\": 1 // one\n}\n", 8),
            "{\n  \"a\": 1, // one\n  \"[go]\": {\n    \"editor.tabSize\": 8\n  }\n}\n"
        );
        let text = "{\r\n  \"[ go ]\": { // mine\r\n    \"editor.tabSize\": 8 // wide\r\n  },\r\n  \"[go][c]\": {}\r\n}";
        assert_eq!(set(text, 4), text.replace("8 // wide", "4 // wide"));
        let text = "{\"[go][c]\": {\"editor.tabSize\": 2}, \"[go]\": {}}";
        let after = set(text, 4);
        assert!(
            after.contains("\"[go][c]\": {\"editor.tabSize\": 2}"),
            "{after}"
        );
        let (settings, problems) = Settings::from_layers(&[Layer::user("user", after)]);
        assert_eq!(problems, []);
        assert_eq!(settings.of_language("go").editor.tab_size, 4);
        // What is no block says nothing.
        assert_eq!(
            set("{\"[go]\": 1}", 4),
            "{\"[go]\": {\n  \"editor.tabSize\": 4\n}}"
        );
    }

    #[test]
    fn many_values_are_set_as_one_after_the_other() {
        let text = "{\n  \"a\": 1, // one\n  \"[go]\": {\"x\": 1}\n}\n";
        let (go, c, all) = (["go".to_owned()], ["c".to_owned(), "d".to_owned()], []);
        let (two, three) = (json!(2), json!([3]));
        let new = |languages, key, value| NewValue {
            languages,
            key,
            value,
        };
        let values = [
            new(&all[..], "b", &two),
            new(&go[..], "y", &two),
            new(&c[..], "x", &two),
            new(&all[..], "a", &two),
            new(&c[..], "z", &two),
            new(&all[..], "b", &three),
        ];
        assert_eq!(
            set_values(text, &values).unwrap(),
            "{\n  \"a\": 2, // one\n  \"[go]\": {\"x\": 1, \"y\": 2},\n  \"b\": [3],\n  \"[c][d]\": {\n    \"x\": 2,\n    \"z\": 2\n  }\n}\n"
        );
    }

    #[test]
    fn many_values_take_as_long_as_they_are_long() {
        let text = format!("{{{}\"z\": 1}}", "\"y\": [1, 2, 3],\n".repeat(50_000));
        let keys: Vec<String> = (0..20_000).map(|key| format!("k{key}")).collect();
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let value = json!(1);
            let values: Vec<_> = keys
                .iter()
                .map(|key| NewValue {
                    languages: &[],
                    key,
                    value: &value,
                })
                .collect();
            send.send(set_values(&text, &values).unwrap()).ok();
        });
        let after = receive
            .recv_timeout(std::time::Duration::from_secs(20))
            .expect("it takes as long as both are long, and no longer");
        assert_eq!(after.matches("\"k").count(), 20_000);
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

    #[test]
    fn an_entry_of_a_table_is_set_beside_the_others() {
        let set =
            |text: &str| set_entry(text, "files.associations", "*.inc", json!("php")).unwrap();
        assert_eq!(
            set("{\n  \"files.associations\": {\n    \"*.x\": \"xml\" // mine\n  }\n}\n"),
            "{\n  \"files.associations\": {\n    \"*.x\": \"xml\", // mine\n    \"*.inc\": \"php\"\n  }\n}\n"
        );
        assert_eq!(
            set("{ \"files.associations\": { \"*.inc\": \"c\" } }"),
            "{ \"files.associations\": { \"*.inc\": \"php\" } }"
        );
        let made = "{\n  \"files.associations\": {\n    \"*.inc\": \"php\"\n  }\n}\n";
        assert_eq!(set("{\n}\n"), made);
        assert_eq!(set("{\n  \"files.associations\": null\n}\n"), made);
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
        fn many_values_are_those_that_are_set_one_by_one(
            text in settings_text(),
            values in proptest::collection::vec(("[a-f.]{1,3}", scalar(), 0usize..3), 0..6)
        ) {
            let blocks = [vec![], vec!["go".to_owned()], vec!["c".to_owned(), "d".to_owned()]];
            let values: Vec<_> = values
                .iter()
                .map(|(key, value, block)| NewValue { languages: &blocks[*block], key, value })
                .collect();
            let mut expected = jsonc::parse(&text).unwrap().unwrap();
            for new in &values {
                let mut object = expected.as_object_mut().unwrap();
                if !new.languages.is_empty() {
                    let block = object.entry(heading_of(new.languages)).or_insert_with(|| json!({}));
                    object = block.as_object_mut().unwrap();
                }
                object.insert(new.key.to_owned(), new.value.clone());
            }
            let after = set_values(&text, &values).unwrap();
            prop_assert_eq!(jsonc::parse(&after).unwrap().unwrap(), expected);
            // Again, and nothing changes.
            let last: Vec<_> = values.iter().copied().enumerate()
                .filter(|(at, new)| !values[at + 1..].iter()
                    .any(|later| (later.languages, later.key) == (new.languages, new.key)))
                .map(|(_, new)| new)
                .collect();
            prop_assert_eq!(set_values(&after, &last).unwrap(), after);
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
