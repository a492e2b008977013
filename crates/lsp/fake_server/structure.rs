//! What the server for tests knows of how a text is built: a line `part NAME` begins a part, which the
//! next `end` of its depth ends; lines that begin with `use` are imports, those with `#` a
//! comment, and those with `//#` marked.

use std::io::Write;
use std::ops::Range;

use serde_json::{Value, json};

use super::{Server, without_id};

/// What it offers of this.
pub(super) fn capabilities(has: &mut Value, scenario: &str) {
    if scenario.contains("symbols") {
        has["documentSymbolProvider"] = json!(true);
    }
    if scenario.contains("folds") {
        has["foldingRangeProvider"] = json!(true);
    }
    if scenario.contains("selects") {
        has["selectionRangeProvider"] = json!(true);
    }
}

/// The rows of a text, in bytes and without their ends.
fn rows(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let rows = text.split_inclusive('\n').map(|row| {
        let bytes = start..start + row.trim_end_matches('\n').len();
        start += row.len();
        bytes
    });
    rows.collect()
}

impl<W: Write> Server<'_, W> {
    /// Answers at once, or in the scenario `answers-late` with the next hover.
    pub(super) fn answer_or_hold(&mut self, message: &Value, answer: Value) {
        match self.is("answers-late") && self.late_answer.is_none() {
            true => {
                self.late_answer = Some((message.clone(), answer));
                self.log("asked");
            }
            false => self.answer(message, answer),
        }
    }

    /// Says that a command is done. The scenario `renames-after` first asks for another name for what
    /// the command has put in, once that is in.
    pub(super) fn ran(&mut self, command: &Value, uri: &str) {
        match self.is("renames-after") {
            true => self.late_answer = Some((command.clone(), json!(uri))),
            false => self.answer(command, Value::Null),
        }
    }

    /// Takes the answer to one of its questions.
    pub(super) fn take_answer(&mut self, message: &Value) {
        let said = format!("answer {}: {}", message["id"], without_id(message));
        self.log(said);
        if !self.is("renames-after") {
            return;
        }
        let Some((command, uri)) = self.late_answer.take() else {
            return;
        };
        if message["id"] == 9 {
            let text = self
                .texts
                .get(uri.as_str().unwrap_or_default())
                .cloned()
                .unwrap_or_default();
            let at = text.find("commanded").unwrap_or_default();
            let place = self.counts.range(&text, at..at);
            let params = json!({"textDocument": {"uri": uri}, "position": place["start"]});
            self.ask(10, "_typescript.rename", params);
            self.late_answer = Some((command, uri));
        } else if message.get("error").is_none() {
            self.answer(&command, Value::Null);
        } else {
            let error = json!({"code": -32601, "message": "Unhandled method _typescript.rename"});
            self.send(&json!({"jsonrpc": "2.0", "id": command["id"], "error": error}));
        }
    }

    /// Answers what is asked of this; whether it was.
    pub(super) fn take_of_structure(&mut self, message: &Value, uri: &str) -> bool {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let params = &message["params"];
        let answer = match message["method"].as_str().unwrap_or_default() {
            "textDocument/documentSymbol" => {
                let rows = rows(&text);
                let mut next = 0;
                json!(self.parts(&text, &rows, &mut next))
            }
            "textDocument/foldingRange" => folds(&text),
            "textDocument/selectionRange" => {
                let places = params["positions"].as_array().cloned().unwrap_or_default();
                let around = places.iter().map(|place| self.around(&text, place));
                around.collect()
            }
            "workspace/didChangeConfiguration" if self.is("configured") => {
                let said = format!("configured {}", params["settings"]);
                self.log(said);
                return true;
            }
            _ => return false,
        };
        self.answer(message, answer);
        true
    }

    fn parts(&self, text: &str, rows: &[Range<usize>], next: &mut usize) -> Vec<Value> {
        let mut parts = Vec::new();
        while let Some(row) = rows.get(*next) {
            *next += 1;
            let line = &text[row.clone()];
            if line.trim() == "end" {
                break;
            }
            let Some((before, name)) = line.split_once("part ") else {
                continue;
            };
            let children = self.parts(text, rows, next);
            let start = row.start + before.len();
            let end = rows[*next - 1].end;
            let name_start = start + "part ".len();
            parts.push(json!({
                "name": name, "kind": 5, "children": children,
                "range": self.counts.range(text, start..end),
                "selectionRange": self.counts.range(text, name_start..name_start + name.len()),
            }));
        }
        parts
    }

    /// The word, the line and the whole around a place.
    fn around(&self, text: &str, place: &Value) -> Value {
        let at = self.counts.offset(text, place);
        let is_word = |character: char| character.is_alphanumeric();
        let before = text[..at].rfind(|c| !is_word(c));
        let start = before.map_or(0, |before| {
            before + text[before..].chars().next().map_or(0, char::len_utf8)
        });
        let end = text[at..].find(|c| !is_word(c));
        let word = start..end.map_or(text.len(), |end| at + end);
        let line_start = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let range = |bytes: Range<usize>| self.counts.range(text, bytes);
        json!({"range": range(word), "parent": {
            "range": range(line_start..line_end), "parent": {"range": range(0..text.len())},
        }})
    }
}

fn folds(text: &str) -> Value {
    let lines: Vec<_> = text.lines().collect();
    let mut folds = Vec::new();
    let mut fold = |first: usize, last: usize, kind: Value| {
        folds.push(json!({"startLine": first, "endLine": last, "kind": kind}));
    };
    let mut open = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        for (start, kind) in [("use ", "imports"), ("# ", "comment"), ("//#", "region")] {
            let begins = |row: usize| lines.get(row).is_some_and(|line| line.starts_with(start));
            if begins(row) && (row == 0 || !begins(row - 1)) {
                let last = (row..).take_while(|row| begins(*row)).last().unwrap_or(row);
                fold(row, last, json!(kind));
            }
        }
        match line.trim() {
            "end" => {
                if let Some(first) = open.pop() {
                    fold(first, row - 1, Value::Null);
                }
            }
            line if line.starts_with("part ") => open.push(row),
            _ => {}
        }
    }
    json!(folds)
}
