//! Grammars (llama.cpp's GBNF) that make a tool call valid JSON of the right shape.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use crate::request::LocalTool;

/// Deepest nesting of a schema that is followed; below it any JSON value is allowed.
const MAX_DEPTH: usize = 6;

/// Rules that every grammar ends with. A call may be followed by anything (`rest`): models write
/// the last braces and what comes after them as one token, which must not be ruled out. White space is bounded, so that a model cannot lose
/// itself in it; `\u` escapes leave out surrogates, which are no characters by themselves.
const COMMON: &str = r#"rest ::= [^\x00]*
ws ::= [ \t\n]{0,12}
string ::= "\"" char* "\""
char ::= [^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" escape)
escape ::= [0-9a-cA-CefEF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}
integer ::= "-"? ("0" | [1-9] [0-9]{0,15})
number ::= integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?
boolean ::= "true" | "false"
value ::= object | array | string | number | boolean | "null"
object ::= "{" ws (string ws ":" ws value ws ("," ws string ws ":" ws value ws)*)? "}"
array ::= "[" ws (value ws ("," ws value ws)*)? "]"
"#;

/// What of a call is still to come when the grammar takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// All of it: `{"name": …, "arguments": …}` for any of the tools.
    Call,
    /// What follows the name of this tool: `, "arguments": …}`.
    AfterName(String),
    /// What follows the comma after the name of this tool: ` "arguments": …}`.
    AfterComma(String),
}

/// A grammar for the rest of a call to one of `tools`; its root rule is `root`.
pub fn for_call(tools: &[LocalTool], expected: &Expected) -> String {
    let mut grammar = Grammar::default();
    match expected {
        Expected::Call => {
            let mut calls = Vec::new();
            for (index, tool) in tools.iter().enumerate() {
                let arguments = grammar.value(&format!("tool{index}"), &tool.parameters, 0);
                let name = literal(&Value::from(tool.name.as_str()).to_string());
                let call = format!("call{index}");
                grammar.rule(
                    &call,
                    &format!("{name} ws \",\" ws \"\\\"arguments\\\"\" ws \":\" ws {arguments}"),
                );
                calls.push(call);
            }
            let calls = if calls.is_empty() {
                "value".to_owned()
            } else {
                calls.join(" | ")
            };
            grammar.rule(
                "root",
                &format!("ws \"{{\" ws \"\\\"name\\\"\" ws \":\" ws ({calls}) ws \"}}\" rest"),
            );
        }
        Expected::AfterName(name) | Expected::AfterComma(name) => {
            let any = Value::Object(serde_json::Map::new());
            let schema = tools
                .iter()
                .find(|tool| tool.name == *name)
                .map_or(&any, |tool| &tool.parameters);
            let arguments = grammar.value("tool", schema, 0);
            let comma = if matches!(expected, Expected::AfterName(_)) {
                "ws \",\" "
            } else {
                ""
            };
            grammar.rule(
                "root",
                &format!("{comma}ws \"\\\"arguments\\\"\" ws \":\" ws {arguments} ws \"}}\" rest"),
            );
        }
    }
    grammar.text.push_str(COMMON);
    grammar.text
}

#[derive(Default)]
struct Grammar {
    text: String,
}

impl Grammar {
    fn rule(&mut self, name: &str, body: &str) {
        // Writing to a String cannot fail.
        if writeln!(self.text, "{name} ::= {body}").is_err() {
            tracing::error!("a grammar rule was not written");
        }
    }

    /// The rule for a value of `schema`; new rules are called `name` and onwards.
    fn value(&mut self, name: &str, schema: &Value, depth: usize) -> String {
        if depth > MAX_DEPTH {
            return "value".to_owned();
        }
        if let Some(values) = schema
            .get("enum")
            .and_then(Value::as_array)
            .filter(|values| !values.is_empty())
        {
            let choices: Vec<String> = values
                .iter()
                .map(|value| literal(&value.to_string()))
                .collect();
            self.rule(name, &choices.join(" | "));
            return name.to_owned();
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => "string".to_owned(),
            Some("integer") => "integer".to_owned(),
            Some("number") => "number".to_owned(),
            Some("boolean") => "boolean".to_owned(),
            Some("null") => "\"null\"".to_owned(),
            Some("array") => {
                let item = match schema.get("items") {
                    Some(items) => self.value(&format!("{name}-item"), items, depth + 1),
                    None => "value".to_owned(),
                };
                self.rule(
                    name,
                    &format!("\"[\" ws ({item} ws (\",\" ws {item} ws)*)? \"]\""),
                );
                name.to_owned()
            }
            // A schema of a tool's arguments is an object's even where it does not say so.
            Some("object") | None if schema.get("properties").is_some() || depth == 0 => {
                self.object(name, schema, depth)
            }
            Some("object") => "object".to_owned(),
            _ => "value".to_owned(),
        }
    }

    /// An object whose members come in the schema's order, the optional ones or not.
    fn object(&mut self, name: &str, schema: &Value, depth: usize) -> String {
        let required: BTreeSet<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let members: Vec<(&String, &Value)> = schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .collect();
        // From the last member to the first; two rules for each place: nothing came before, or
        // something did and a comma is due.
        let mut first = String::new();
        let mut later = String::new();
        for (index, (key, member)) in members.iter().enumerate().rev() {
            let value = self.value(&format!("{name}-{index}"), member, depth + 1);
            let pair = format!(
                "{} ws \":\" ws {value} ws",
                literal(&Value::from(key.as_str()).to_string())
            );
            let with = format!("{pair} {later}");
            let with_comma = format!("\",\" ws {pair} {later}");
            let (first_rule, later_rule) = (
                format!("{name}-{index}-first"),
                format!("{name}-{index}-later"),
            );
            if required.contains(key.as_str()) {
                self.rule(&first_rule, &with);
                self.rule(&later_rule, &with_comma);
            } else {
                self.rule(&first_rule, &format!("{with} | {}", or_nothing(&first)));
                self.rule(
                    &later_rule,
                    &format!("{with_comma} | {}", or_nothing(&later)),
                );
            }
            first = first_rule;
            later = later_rule;
        }
        self.rule(name, &format!("\"{{\" ws {first} \"}}\""));
        name.to_owned()
    }
}

fn or_nothing(rule: &str) -> &str {
    if rule.is_empty() { "\"\"" } else { rule }
}

/// A GBNF literal that matches `text`.
fn literal(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> Vec<LocalTool> {
        vec![
            LocalTool {
                name: "read_file".into(),
                description: String::new(),
                parameters: serde_json::json!({
                    "type": "object",
                    "properties": {"path": {"type": "string"}, "start_line": {"type": "integer"}},
                    "required": ["path"]
                }),
            },
            LocalTool {
                name: "list".into(),
                description: String::new(),
                parameters: serde_json::json!({
                    "type": "object",
                    "properties": {"deep": {"type": "boolean"}, "order": {"enum": ["name", "size"]}}
                }),
            },
        ]
    }

    #[test]
    fn the_grammar_of_a_call_names_every_tool_and_its_arguments() {
        let text = for_call(&tools(), &Expected::Call);
        assert!(
            text.contains(r#"root ::= ws "{" ws "\"name\"" ws ":" ws (call0 | call1) ws "}" rest"#),
            "{text}"
        );
        assert!(
            text.contains(r#"call0 ::= "\"read_file\"" ws "," ws "\"arguments\"" ws ":" ws tool0"#),
            "{text}"
        );
        assert!(
            text.contains(r#"tool0-0-first ::= "\"path\"" ws ":" ws string ws tool0-1-later"#),
            "{text}"
        );
        assert!(
            text.contains(
                r#"tool0-1-later ::= "," ws "\"start_line\"" ws ":" ws integer ws  | """#
            ),
            "{text}"
        );
        assert!(
            text.contains(r#"tool1-1 ::= "\"name\"" | "\"size\"""#),
            "{text}"
        );
    }

    #[test]
    fn the_rest_of_a_call_begins_after_the_name_or_after_the_comma() {
        let text = for_call(&tools(), &Expected::AfterName("read_file".into()));
        assert!(
            text.contains(r#"root ::= ws "," ws "\"arguments\"" ws ":" ws tool ws "}" rest"#),
            "{text}"
        );
        let text = for_call(&tools(), &Expected::AfterComma("list".into()));
        assert!(
            text.contains(r#"root ::= ws "\"arguments\"" ws ":" ws tool ws "}" rest"#),
            "{text}"
        );
    }

    #[test]
    fn every_rule_that_is_used_is_defined_once() {
        let deep = (0..20).fold(
            serde_json::json!({"type": "string"}),
            |inner, _| serde_json::json!({"type": "object", "properties": {"x": inner}}),
        );
        let mut tools = tools();
        tools.push(LocalTool {
            name: "quo\"te".into(),
            description: String::new(),
            parameters: deep,
        });
        tools.push(LocalTool {
            name: "none".into(),
            description: String::new(),
            parameters: serde_json::json!({}),
        });
        let text = for_call(&tools, &Expected::Call);
        let mut defined = BTreeSet::new();
        for line in text.lines() {
            let name = line.split_once(" ::= ").unwrap().0;
            assert!(defined.insert(name.to_owned()), "{name} is defined twice");
            assert!(
                name.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
                "{name}"
            );
        }
        for line in text.lines() {
            // Literals and character classes hold no rule names.
            let body = line.split_once(" ::= ").unwrap().1;
            let mut plain = String::new();
            let mut closing = None;
            let mut characters = body.chars();
            while let Some(character) = characters.next() {
                match (closing, character) {
                    (Some(_), '\\') => {
                        characters.next();
                    }
                    (Some(end), _) if character == end => closing = None,
                    (Some(_), _) => {}
                    (None, '"') => closing = Some('"'),
                    (None, '[') => closing = Some(']'),
                    (None, '{') => closing = Some('}'),
                    (None, _) => plain.push(character),
                }
            }
            for word in plain
                .split(|character: char| !(character.is_ascii_alphanumeric() || character == '-'))
            {
                assert!(
                    word.is_empty() || word == "-" || defined.contains(word),
                    "{word} in {line}"
                );
            }
        }
    }
}
