//! What the server for tests has to show in a text. A word is what it is asked about; of the words
//! `nothing` it knows nothing.

use std::io::Write;
use std::ops::Range;

use serde_json::{Value, json};

use super::Server;

/// What it offers of this.
pub(super) fn capabilities(has: &mut Value, scenario: &str) {
    has["documentHighlightProvider"] = json!(true);
    if scenario.contains("links") {
        has["documentLinkProvider"] = json!({"resolveProvider": true});
        has["linkedEditingRangeProvider"] = json!(true);
    }
    if scenario.contains("colors") {
        has["colorProvider"] = json!(true);
    }
    if scenario.contains("types") {
        has["documentOnTypeFormattingProvider"] = json!({
            "firstTriggerCharacter": ";", "moreTriggerCharacter": ["\n"],
        });
    }
    if scenario.contains("lenses") {
        has["codeLensProvider"] = json!({"resolveProvider": true});
    }
    if scenario.contains("tokens") {
        has["semanticTokensProvider"] = json!({
            "legend": {
                "tokenTypes": ["variable", "function", "parameter"],
                "tokenModifiers": ["declaration", "readonly"],
            },
            "full": if scenario.contains("parts") { json!(false) } else { json!({"delta": true}) },
            "range": true,
        });
    }
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
        self.ask(4, "workspace/codeLens/refresh", Value::Null);
    }

    /// Answers what is asked of this; whether it was.
    pub(super) fn show(&mut self, message: &Value, uri: &str) -> bool {
        let params = &message["params"];
        let answer = match message["method"].as_str().unwrap_or_default() {
            "textDocument/documentHighlight" => self.highlights(uri, &params["position"]),
            "textDocument/inlayHint" => self.hints(uri, &params["range"]),
            "textDocument/documentColor" => self.colors(uri),
            "textDocument/colorPresentation" => self.presentations(params),
            "textDocument/onTypeFormatting" => {
                // What is before the place in its line, with one blank for two.
                let (text, at) = self.place(uri, &params["position"]);
                let at = if params["ch"] == "\n" { at - 1 } else { at };
                let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
                let range = self.counts.range(&text, start..at);
                json!([{"range": range, "newText": text[start..at].replace("  ", " ")}])
            }
            "textDocument/documentLink" => self.links(uri),
            "documentLink/resolve" => {
                let mut link = params.clone();
                link["target"] = link["data"].take();
                link
            }
            "textDocument/linkedEditingRange" => {
                let places = self.occurrences(uri, &params["position"]);
                let word = self.word(uri, &params["position"]).1;
                match places.len() > 1 && !word.is_empty() {
                    true => json!({"ranges": places}),
                    false => Value::Null,
                }
            }
            "textDocument/codeLens" => self.lenses(uri),
            "codeLens/resolve" => {
                let mut lens = params.clone();
                lens["command"] =
                    json!({"title": "uses", "command": "editor.action.showReferences"});
                if self.is("placed") {
                    // It knows the places: some in the first line of the text.
                    let uri = lens["data"].as_str().unwrap_or_default().to_owned();
                    let text = self.texts.get(&uri).cloned().unwrap_or_default();
                    let place =
                        |bytes| json!({"uri": &uri, "range": self.counts.range(&text, bytes)});
                    let places = [place(0..2), place(3..5)];
                    lens["command"]["title"] = json!("2 implementations");
                    lens["command"]["command"] = json!("rust-analyzer.showReferences");
                    lens["command"]["arguments"] = json!([uri, lens["range"]["start"], places]);
                }
                self.log(format!("resolves {}", params["range"]["start"]["line"]));
                lens
            }
            "textDocument/semanticTokens/full" => self.tokens(uri),
            "textDocument/semanticTokens/range" => {
                let row =
                    |place: &str| params["range"][place]["line"].as_u64().unwrap_or(0) as usize;
                self.tokens_of_rows(uri, row("start")..row("end") + 1)
            }
            "textDocument/semanticTokens/full/delta" => {
                let before = self.token_data.clone();
                let mut whole = self.tokens(uri);
                let same = params["previousResultId"]
                    .as_str()
                    .is_some_and(|id| id.parse() == Ok(before.0));
                if !same {
                    return self.answered(message, whole);
                }
                // All that differs, from the first number that does.
                let new = &self.token_data.1;
                let first = before.1.iter().zip(new).take_while(|(a, b)| a == b).count();
                let edit = json!({
                    "start": first, "deleteCount": before.1.len() - first, "data": new[first..],
                });
                json!({"resultId": whole["resultId"].take(), "edits": [edit]})
            }
            "inlayHint/resolve" => {
                let mut hint = params.clone();
                hint["tooltip"] = json!("It is resolved");
                hint
            }
            _ => return false,
        };
        self.answered(message, answer)
    }

    fn answered(&mut self, message: &Value, answer: Value) -> bool {
        self.answer(message, answer);
        true
    }

    /// Above each line that begins with `fn ` a command, and one that is not known at once.
    fn lenses(&self, uri: &str) -> Value {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let title = if self.saved { "Run again" } else { "Run" };
        let lines = text
            .lines()
            .filter(|line| line.trim_start().starts_with("fn "));
        let lenses = lines.flat_map(|line| {
            let name =
                line.as_ptr() as usize - text.as_ptr() as usize + line.find("fn ").unwrap_or(0) + 3;
            let range = self.counts.range(&text, name..name + 1);
            let run = json!({"title": title, "command": "fake.fix", "arguments": [uri]});
            [
                json!({"range": range, "command": run}),
                json!({"range": range, "data": uri}),
            ]
        });
        lenses.collect()
    }

    /// Each `red` and `blue`, and each `#` with six digits.
    fn colors(&self, uri: &str) -> Value {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let colored = |range: Range<usize>, [red, green, blue]: [f64; 3]| {
            let color = json!({"red": red, "green": green, "blue": blue, "alpha": 1});
            json!({"range": self.counts.range(&text, range), "color": color})
        };
        let named = [("red", [1., 0., 0.]), ("blue", [0., 0., 1.])];
        let named = named.into_iter().flat_map(|(name, color)| {
            let places = text.match_indices(name);
            places.map(move |(at, name)| (at..at + name.len(), color))
        });
        let digits = text.match_indices('#').filter_map(|(at, _)| {
            let digits = text.get(at + 1..at + 7)?;
            let value = u32::from_str_radix(digits, 16).ok()?;
            let part = |shift: u32| f64::from(value >> shift & 0xff) / 255.;
            Some((at..at + 7, [part(16), part(8), part(0)]))
        });
        let found = named.chain(digits);
        found.map(|(range, color)| colored(range, color)).collect()
    }

    /// As `rgb()` by its label, as `#` and six digits by an edit, and as `tint()`, which needs a line at
    /// the start of the text. It means harm where nothing is opaque: it would change all of the text.
    fn presentations(&mut self, params: &Value) -> Value {
        let part = |name: &str| params["color"][name].as_f64().unwrap_or_default();
        let [red, green, blue] = ["red", "green", "blue"].map(|name| (part(name) * 255.).round());
        let alpha = part("alpha");
        self.log(format!("presents {red} {green} {blue} {alpha}"));
        let range = &params["range"];
        if alpha == 0. {
            let all =
                json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
            return json!([{"label": "none", "textEdit": {"range": all, "newText": ""}}]);
        }
        let digits = [red, green, blue].map(|part| format!("{:02x}", part as u8));
        let hex = format!("#{}", digits.concat());
        let start = json!({"line": 0, "character": 0});
        let start = json!({"range": {"start": start, "end": start}, "newText": "use tint;\n"});
        json!([
            {"label": format!("rgb({red}, {green}, {blue})")},
            {"label": hex, "textEdit": {"range": range, "newText": hex}},
            {"label": format!("tint({hex})"), "additionalTextEdits": [start]},
        ])
    }

    /// Each `web` leads to the web, each `beside` to a line of a file, and each `refused` nowhere.
    fn links(&self, uri: &str) -> Value {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let beside = uri.replace("main.rs", "beside.rs#L2");
        let named = [
            ("web", "https://example.org/from-server"),
            ("beside", beside.as_str()),
            ("refused", "command:run"),
        ];
        let found = named.iter().flat_map(|(name, target)| {
            let places = text.match_indices(name);
            let places = places.map(|(at, name)| self.counts.range(&text, at..at + name.len()));
            let links = places.map(|range| json!({"range": range, "data": target}));
            links.collect::<Vec<_>>()
        });
        found.collect()
    }

    /// What each word means: behind `let ` a constant, before `(` a function, else a parameter.
    fn tokens(&mut self, uri: &str) -> Value {
        self.tokens_of_rows(uri, 0..usize::MAX)
    }

    fn tokens_of_rows(&mut self, uri: &str, rows: std::ops::Range<usize>) -> Value {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let (mut data, mut last) = (Vec::new(), (0, 0));
        let lines = text.lines().enumerate();
        for (row, line) in lines.filter(|(row, _)| rows.contains(row)) {
            let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            for word in words.filter(|word| word.starts_with(char::is_alphabetic)) {
                let at = word.as_ptr() as usize - line.as_ptr() as usize;
                let units = |text: &str| text.chars().map(|c| self.counts.width(c)).sum::<usize>();
                let (column, len) = (units(&line[..at]), units(word));
                let (kind, modifiers) = match &line[at + word.len()..] {
                    _ if word == "let" => continue,
                    _ if line[..at].ends_with("let ") => (0, 0b10),
                    rest if rest.starts_with('(') => (1, 0),
                    _ => (2, 0),
                };
                let ahead = row - last.0;
                let across = if ahead == 0 { column - last.1 } else { column };
                data.extend([ahead, across, len, kind, modifiers].map(|number| number as u64));
                last = (row, column);
            }
        }
        self.token_data = (self.token_data.0 + 1, data);
        let id = self.token_data.0;
        self.log(format!("tokens {id}"));
        json!({"resultId": id.to_string(), "data": self.token_data.1})
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
            let place = self.counts.range(&text, behind..behind);
            let edits = json!([{"range": place, "newText": label}]);
            found.push((
                behind,
                json!({"kind": 1, "label": label, "textEdits": edits}),
            ));
        }
        for (at, word) in text.match_indices("call(") {
            let first = text.chars().next().map_or(0, char::len_utf8);
            let place = json!({"uri": uri, "range": self.counts.range(&text, 0..first)});
            let name = match self.is("long-hints") {
                true => "the size of what it is called with",
                false => "size",
            };
            let label = json!([{"value": name, "location": place}, {"value": ":"}]);
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
