//! As much JSON as the service speaks (RFC 8259).

use std::collections::BTreeMap;
use std::fmt::Write;

/// How deep values may stand in one another.
const MAX_DEPTH: usize = 32;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

impl Value {
    pub fn parse(text: &str) -> Option<Self> {
        let mut parser = Parser {
            rest: text.trim_start(),
        };
        let value = parser.value(MAX_DEPTH)?;
        parser.rest.is_empty().then_some(value)
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Self::Object(fields) => fields.get(key),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self) -> &[Value] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }
}

/// A text as it stands in JSON, with its quotation marks.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            control if control < ' ' => {
                // Writing to a string cannot fail.
                write!(quoted, "\\u{:04x}", u32::from(control)).unwrap_or_default();
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

struct Parser<'a> {
    /// What is left, with no space in front.
    rest: &'a str,
}

impl Parser<'_> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        match self.rest.chars().next()? {
            '{' => self.object(depth),
            '[' => self.list(depth),
            '"' => self.text().map(Value::Text),
            't' => self.take("true").map(|()| Value::Bool(true)),
            'f' => self.take("false").map(|()| Value::Bool(false)),
            'n' => self.take("null").map(|()| Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        self.take("{")?;
        let mut fields = BTreeMap::new();
        if self.take("}").is_some() {
            return Some(Value::Object(fields));
        }
        loop {
            let key = self.text()?;
            self.take(":")?;
            fields.insert(key, self.value(depth)?);
            if self.take(",").is_none() {
                self.take("}")?;
                return Some(Value::Object(fields));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        self.take("[")?;
        let mut values = Vec::new();
        if self.take("]").is_some() {
            return Some(Value::List(values));
        }
        loop {
            values.push(self.value(depth)?);
            if self.take(",").is_none() {
                self.take("]")?;
                return Some(Value::List(values));
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        let mut characters = self.rest.strip_prefix('"')?.chars();
        let mut text = String::new();
        loop {
            match characters.next()? {
                '"' => break,
                '\\' => match characters.next()? {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    'b' => text.push('\u{8}'),
                    'f' => text.push('\u{C}'),
                    'u' => {
                        let (digits, rest) = characters.as_str().split_at_checked(4)?;
                        let code = u32::from_str_radix(digits, 16).ok()?;
                        // Half of a surrogate pair is no character; the service sends UTF-8.
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                        characters = rest.chars();
                    }
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        self.rest = characters.as_str().trim_start();
        Some(text)
    }

    fn number(&mut self) -> Option<Value> {
        let end = self
            .rest
            .find(|character: char| !character.is_ascii_digit() && !"+-.eE".contains(character))
            .unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok()?;
        self.rest = self.rest[end..].trim_start();
        Some(Value::Number(number))
    }

    fn take(&mut self, expected: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(expected)?.trim_start();
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_service_sends_is_read() {
        let answer = Value::parse(
            r#"{"today": "2026-03-14", "tasks": [{"id": 1, "title": "Caf\u00e9 \"x\"", "done": false, "due": null}]}"#,
        )
        .unwrap();
        assert_eq!(
            answer.get("today").and_then(Value::text),
            Some("2026-03-14")
        );
        let task = &answer.get("tasks").unwrap().list()[0];
        assert_eq!(task.get("title").and_then(Value::text), Some("Café \"x\""));
        assert_eq!(task.get("id"), Some(&Value::Number(1.0)));
        assert_eq!(task.get("due"), Some(&Value::Null));
    }

    #[test]
    fn any_text_is_read_as_it_was_written() {
        let texts = [
            "",
            "plain",
            "quote \" and \\",
            "line\nend\ttab\u{1}",
            "Zoë 日本 🌱",
        ];
        for text in texts {
            assert_eq!(
                Value::parse(&quoted(text)),
                Some(Value::Text(text.to_owned()))
            );
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\" 1}",
            "\"open",
            "1 2",
            "tru",
            "\"\\u00\"",
            &deep,
        ] {
            assert_eq!(Value::parse(text), None);
        }
    }
}
