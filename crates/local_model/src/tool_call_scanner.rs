//! Telling text from tool calls while an answer is being written.
//!
//! Text passes through at once, except for what may turn out to be the beginning of a call: that
//! waits until it is decided. A JSON block that is no call (the answer to "write me a
//! package.json") comes through as the text that it is.

use crate::grammar::Expected;

/// Words that small models put around a call. The fence is what Kiln asks for; the tags are
/// Qwen's own.
const TAGS: &[&str] = &["<tool_call>", "<tools>"];
/// The fence around a call.
const FENCE: &str = "```";

/// What a piece of an answer amounts to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Text to show.
    pub text: String,
    /// A call begins here; the rest of the answer belongs to it.
    pub call: Option<CallOpening>,
    /// A call of a tool that does not exist begins here, which is nothing to show.
    pub unknown_call: bool,
}

/// The beginning of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOpening {
    /// Name of the tool, as soon as it is known.
    pub tool: Option<String>,
    /// The JSON of the call as far as it was written, from its opening brace on.
    pub written: String,
    /// What the grammar has to enforce from here; `None` when the text has gone past the places
    /// that it can take over.
    pub expected: Option<Expected>,
}

/// Reads an answer piece by piece.
#[derive(Debug)]
pub struct ToolCallScanner {
    tools: Vec<String>,
    waiting: String,
    /// Whether `waiting` begins a line.
    at_line_start: bool,
}

enum Match {
    No,
    Maybe,
    Call(CallOpening),
    UnknownCall,
}

/// The longest name that a call of an unknown tool is waited for, in bytes.
const LONGEST_UNKNOWN_NAME: usize = 48;

impl ToolCallScanner {
    /// A scanner that knows the names of the tools.
    pub fn new(tools: impl IntoIterator<Item = String>) -> Self {
        Self {
            tools: tools.into_iter().collect(),
            waiting: String::new(),
            at_line_start: true,
        }
    }

    /// Takes the next piece. After a call has begun the scanner is done.
    pub fn push(&mut self, piece: &str) -> Scanned {
        self.waiting.push_str(piece);
        let mut scanned = Scanned::default();
        if self.tools.is_empty() {
            self.release(self.waiting.len(), &mut scanned.text);
            return scanned;
        }
        let mut from = 0;
        while let Some(start) = self.candidate(from) {
            match self.match_call(&self.waiting[start..]) {
                Match::No => {
                    from = start
                        + self.waiting[start..]
                            .chars()
                            .next()
                            .map_or(1, char::len_utf8)
                }
                Match::Maybe => {
                    self.release(start, &mut scanned.text);
                    return scanned;
                }
                Match::UnknownCall => {
                    self.release(start, &mut scanned.text);
                    self.waiting.clear();
                    scanned.unknown_call = true;
                    return scanned;
                }
                Match::Call(call) => {
                    self.release(start, &mut scanned.text);
                    self.waiting.clear();
                    scanned.call = Some(call);
                    return scanned;
                }
            }
        }
        self.release(self.waiting.len(), &mut scanned.text);
        scanned
    }

    /// The end of the answer: what was waiting is text after all.
    pub fn finish(&mut self) -> String {
        let mut text = String::new();
        self.release(self.waiting.len(), &mut text);
        text
    }

    fn release(&mut self, length: usize, text: &mut String) {
        let released: String = self.waiting.drain(..length).collect();
        if let Some((_, last)) = released.rsplit_once('\n') {
            self.at_line_start = last.trim().is_empty();
        } else if !released.trim().is_empty() {
            self.at_line_start = false;
        }
        text.push_str(&released);
    }

    /// The next place at or after `from` where a call could begin: a tag anywhere, a fence or a
    /// brace at the start of a line.
    fn candidate(&self, from: usize) -> Option<usize> {
        self.waiting[from..]
            .char_indices()
            .map(|(offset, character)| (from + offset, character))
            .find_map(|(offset, character)| {
                let begins = match character {
                    '<' => true,
                    '`' | '{' => {
                        let before = &self.waiting[..offset];
                        match before.rsplit_once('\n') {
                            Some((_, line)) => line.trim().is_empty(),
                            None => self.at_line_start && before.trim().is_empty(),
                        }
                    }
                    _ => false,
                };
                begins.then_some(offset)
            })
    }

    fn match_call(&self, text: &str) -> Match {
        for tag in TAGS {
            if let Some(rest) = text.strip_prefix(tag) {
                let rest = rest.trim_start();
                if rest.is_empty() {
                    return Match::Call(CallOpening {
                        tool: None,
                        written: String::new(),
                        expected: Some(Expected::Call),
                    });
                }
                return self.match_object(rest);
            }
            if tag.starts_with(text) {
                return Match::Maybe;
            }
        }
        if let Some(rest) = text.strip_prefix(FENCE) {
            let rest = rest.trim_start_matches(|character: char| {
                character.is_ascii_alphanumeric() || character == '_'
            });
            return self.match_object(rest.trim_start());
        }
        if FENCE.starts_with(text) {
            return Match::Maybe;
        }
        self.match_object(text)
    }

    /// `{"name": "TOOL"` and what follows.
    fn match_object(&self, text: &str) -> Match {
        let mut rest = text;
        for token in ["{", "\"name\"", ":"] {
            rest = rest.trim_start();
            match rest.strip_prefix(token) {
                Some(after) => rest = after,
                None if token.starts_with(rest) => return Match::Maybe,
                None => return Match::No,
            }
        }
        rest = rest.trim_start();
        let Some(name) = rest.strip_prefix('"') else {
            return if rest.is_empty() {
                Match::Maybe
            } else {
                Match::No
            };
        };
        let Some((name, after)) = name.split_once('"') else {
            let possible = self.tools.iter().any(|tool| tool.starts_with(name))
                || (name.len() <= LONGEST_UNKNOWN_NAME && !name.contains('\n'));
            return if possible { Match::Maybe } else { Match::No };
        };
        if !self.tools.iter().any(|tool| tool == name) {
            return begins_arguments(after);
        }
        let expected = match after.trim() {
            "" => Some(Expected::AfterName(name.to_owned())),
            "," => Some(Expected::AfterComma(name.to_owned())),
            _ => None,
        };
        Match::Call(CallOpening {
            tool: Some(name.to_owned()),
            written: text.to_owned(),
            expected,
        })
    }
}

/// Whether `, "arguments"` follows a name, as the prompt asks calls to be written. A schema or a
/// step that somebody asked for has `"parameters"` there and is shown.
fn begins_arguments(text: &str) -> Match {
    let Some(rest) = text.trim_start().strip_prefix(',') else {
        return if text.trim_start().is_empty() {
            Match::Maybe
        } else {
            Match::No
        };
    };
    let rest = rest.trim_start();
    let key = "\"arguments\"";
    if rest.starts_with(key) {
        Match::UnknownCall
    } else if key.starts_with(rest) {
        Match::Maybe
    } else {
        Match::No
    }
}

/// Finds the end of a JSON object that arrives in pieces.
#[derive(Debug, Default)]
pub struct ObjectEnd {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl ObjectEnd {
    /// Reads on; the number of bytes of `text` that belong to the object when it ends here.
    pub fn find(&mut self, text: &str) -> Option<usize> {
        for (offset, byte) in text.bytes().enumerate() {
            if self.in_string {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(offset + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner() -> ToolCallScanner {
        ToolCallScanner::new([
            "read_file".to_owned(),
            "read_files".to_owned(),
            "list".to_owned(),
        ])
    }

    /// Feeds `answer` in pieces of `size` characters up to the first call.
    fn scan(answer: &str, size: usize) -> (String, Option<CallOpening>) {
        let mut scanner = scanner();
        let mut text = String::new();
        let characters: Vec<char> = answer.chars().collect();
        for piece in characters.chunks(size) {
            let scanned = scanner.push(&piece.iter().collect::<String>());
            text.push_str(&scanned.text);
            if scanned.call.is_some() {
                return (text, scanned.call);
            }
        }
        text.push_str(&scanner.finish());
        (text, None)
    }

    #[test]
    fn text_without_a_call_passes_whole_however_it_is_cut() {
        let answers = [
            "Plain text with {braces} and `code` and <tags>.",
            "```json\n{\n  \"name\": \"my-package\",\n  \"version\": \"1.0.0\"\n}\n```\n",
            "```rust\nfn main() { println!(\"{}\", 1); }\n```",
            "{\"name\": \"read_fil",
            "{\"name\": \"app\", \"args\": []}",
            "{\"name\": \"app\"}",
            "{\"name\": \"deploy\", \"parameters\": {\"target\": \"prod\"}}",
            "Here it is:\n```json\n{\n  \"name\": \"get_weather\",\n  \"parameters\": {}\n}\n```\n",
            "{\"names\": 1}",
            "{\"name\": 3}",
            "a < b and c > d <tool",
            "``",
            "{",
            "Use `{\"name\": \"list\"}` inline.",
        ];
        for answer in answers {
            for size in [1, 2, 3, 7, 1_000] {
                assert_eq!(
                    scan(answer, size),
                    (answer.to_owned(), None),
                    "in pieces of {size}"
                );
            }
        }
    }

    #[test]
    fn calls_are_found_in_fences_in_tags_and_bare() {
        let cases = [
            (
                "I look.\n```json\n{\"name\": \"list\"",
                "I look.\n",
                "{\"name\": \"list\"",
            ),
            ("```\n{ \"name\" : \"list\"", "", "{ \"name\" : \"list\""),
            ("{\"name\":\"list\"", "", "{\"name\":\"list\""),
            (
                "Yes:\n  {\"name\":\"list\"",
                "Yes:\n  ",
                "{\"name\":\"list\"",
            ),
        ];
        for (answer, text, written) in cases {
            for size in [1, 4, 1_000] {
                let (before, call) = scan(answer, size);
                assert_eq!(before, text, "{answer}");
                let call = call.expect(answer);
                assert_eq!(call.written, written);
                assert_eq!(call.tool.as_deref(), Some("list"));
                assert_eq!(call.expected, Some(Expected::AfterName("list".into())));
            }
        }
        let (text, call) = scan("Sure. <tool_call>", 1);
        assert_eq!(text, "Sure. ");
        assert_eq!(
            call,
            Some(CallOpening {
                tool: None,
                written: String::new(),
                expected: Some(Expected::Call)
            })
        );
    }

    #[test]
    fn a_call_of_a_tool_that_does_not_exist_is_told_from_json() {
        let answer = "Well:\n```json\n{\"name\": \"file_search\", \"arguments\": {}}\n```";
        for size in [1, 5, 1_000] {
            let mut scanner = scanner();
            let mut text = String::new();
            let characters: Vec<char> = answer.chars().collect();
            let unknown = characters.chunks(size).any(|piece| {
                let scanned = scanner.push(&piece.iter().collect::<String>());
                text.push_str(&scanned.text);
                assert_eq!(scanned.call, None);
                scanned.unknown_call
            });
            assert!(unknown, "in pieces of {size}");
            assert_eq!(text, "Well:\n");
        }
    }

    #[test]
    fn a_piece_that_goes_past_the_name_is_taken_up_where_it_ends() {
        let mut scanner = scanner();
        let call = scanner.push("```json\n{\"name\": \"list\", ").call.unwrap();
        assert_eq!(call.expected, Some(Expected::AfterComma("list".into())));
        let mut scanner = self::scanner();
        let call = scanner
            .push("```json\n{\"name\": \"list\", \"arguments\": {}}")
            .call
            .unwrap();
        assert_eq!(call.expected, None);
        assert_eq!(call.written, "{\"name\": \"list\", \"arguments\": {}}");
    }

    #[test]
    fn a_name_that_goes_on_is_the_longer_tool() {
        let (_, call) = scan("{\"name\": \"read_files\"", 1);
        assert_eq!(call.unwrap().tool.as_deref(), Some("read_files"));
    }

    #[test]
    fn without_tools_everything_is_text() {
        let mut scanner = ToolCallScanner::new([]);
        assert_eq!(
            scanner.push("<tool_call>{\"name\": \"list\"").text,
            "<tool_call>{\"name\": \"list\""
        );
    }

    #[test]
    fn the_end_of_an_object_is_found_through_strings_and_escapes() {
        let object = r#"{"a": "}\"}", "b": [{"c": "\\"}]}"#;
        let text = format!("{object}\n```");
        for size in 1..text.len() {
            let mut end = ObjectEnd::default();
            let mut read = 0;
            let mut found = None;
            for piece in text.as_bytes().chunks(size) {
                if let Some(length) = end.find(std::str::from_utf8(piece).unwrap()) {
                    found = Some(read + length);
                    break;
                }
                read += piece.len();
            }
            assert_eq!(found, Some(object.len()), "in pieces of {size}");
        }
    }
}
