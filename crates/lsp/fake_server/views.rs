//! What the server for tests has to show in a text. A word is what it is asked about; of the words
//! `nothing` it knows nothing.

use std::io::Write;

use serde_json::{Value, json};

use super::Server;

/// What it offers of this.
pub(super) fn capabilities(has: &mut Value, scenario: &str) {
    has["documentHighlightProvider"] = json!(true);
    if scenario.contains("hints") && !scenario.contains("registers") {
        has["inlayHintProvider"] = json!({"resolveProvider": true});
    }
}

impl<W: Write> Server<'_, W> {
    /// It may begin to show something only now.
    pub(super) fn register_views(&mut self) {
        let hints = json!({
            "id": "h", "method": "textDocument/inlayHint", "registerOptions": {"resolveProvider": true},
        });
        self.ask(
            2,
            "client/registerCapability",
            json!({"registrations": [hints]}),
        );
    }

    /// What it shows is another after a text was saved.
    pub(super) fn refresh_views(&mut self) {
        self.saved = true;
        self.ask(3, "workspace/inlayHint/refresh", Value::Null);
    }

    /// Answers what is asked of this; whether it was.
    pub(super) fn show(&mut self, message: &Value, uri: &str) -> bool {
        let params = &message["params"];
        let answer = match message["method"].as_str().unwrap_or_default() {
            "textDocument/documentHighlight" => self.highlights(uri, &params["position"]),
            "textDocument/inlayHint" => self.hints(uri, &params["range"]),
            "inlayHint/resolve" => {
                let mut hint = params.clone();
                hint["tooltip"] = json!("It is resolved");
                hint
            }
            _ => return false,
        };
        self.answer(message, answer);
        true
    }

    /// The type of each name behind `let `, and the name of each parameter of `call(`.
    fn hints(&mut self, uri: &str, range: &Value) -> Value {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let (start, end) = (&range["start"], &range["end"]);
        let (start, end) = (
            self.counts.offset(&text, start),
            self.counts.offset(&text, end),
        );
        self.log(format!(
            "hints {}..{}",
            range["start"]["line"], range["end"]["line"]
        ));
        let label = if self.saved { ": i64" } else { ": i32" };
        let mut found = Vec::new();
        for (at, word) in text.match_indices("let ") {
            let name = at + word.len();
            let behind = text[name..].find(|c: char| !c.is_alphanumeric());
            let behind = behind.map_or(text.len(), |len| name + len);
            found.push((behind, json!({"kind": 1, "label": label})));
        }
        for (at, word) in text.match_indices("call(") {
            let label = json!([{"value": "size"}, {"value": ":"}]);
            found.push((
                at + word.len(),
                json!({"kind": 2, "label": label, "paddingRight": true}),
            ));
        }
        let found = found
            .into_iter()
            .filter(|(at, _)| start <= *at && *at <= end);
        found
            .map(|(at, mut hint)| {
                hint["position"] = self.counts.range(&text, at..at)["start"].clone();
                hint
            })
            .collect()
    }

    /// The places of a word: it is written at the first and read at the others.
    fn highlights(&self, uri: &str, place: &Value) -> Value {
        if self.word(uri, place).1 == "nothing" {
            return Value::Null;
        }
        let places = self.occurrences(uri, place).into_iter().enumerate();
        places
            .map(|(index, range)| json!({"range": range, "kind": if index == 0 { 3 } else { 2 }}))
            .collect()
    }
}
