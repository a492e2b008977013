//! A language server for tests. It speaks the real protocol and works its texts out from what it is
//! sent: each `error` in them is a diagnostic, a hover says the word, and a definition leads to the
//! word's first place. Words of its scenario make it do what servers rarely do.

use std::collections::HashMap;
use std::io::{BufRead, Write};
use std::ops::Range;

use serde_json::{Value, json};

use super::{read_frame, write_frame};

#[path = "actions.rs"]
mod actions;
#[path = "project.rs"]
mod project;
#[path = "scopes.rs"]
mod scopes;
#[path = "structure.rs"]
mod structure;
#[path = "views.rs"]
mod views;

#[derive(Clone, Copy, PartialEq)]
enum Counts {
    Bytes,
    Units,
    Characters,
}

impl Counts {
    fn width(self, character: char) -> usize {
        match self {
            Self::Bytes => character.len_utf8(),
            Self::Units => character.len_utf16(),
            Self::Characters => 1,
        }
    }

    fn offset(self, text: &str, place: &Value) -> usize {
        let number = |name: &str| place[name].as_u64().unwrap_or(0) as usize;
        let start = text
            .split_inclusive('\n')
            .take(number("line"))
            .map(str::len)
            .sum();
        let mut column = 0;
        for (at, character) in text[start..].char_indices() {
            if column >= number("character") || character == '\n' {
                return start + at;
            }
            column += self.width(character);
        }
        text.len()
    }

    fn range(self, text: &str, bytes: Range<usize>) -> Value {
        let place = |offset: usize| {
            let before = &text[..offset];
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let column: usize = before[start..].chars().map(|c| self.width(c)).sum();
            json!({"line": before.matches('\n').count(), "character": column})
        };
        json!({"start": place(bytes.start), "end": place(bytes.end)})
    }
}

struct Server<'a, W> {
    scenario: &'a str,
    output: W,
    counts: Counts,
    texts: HashMap<String, String>,
    /// What the words of a text meant when that was asked last, and how often it was.
    token_data: (u64, Vec<u64>),
    /// Whether a text was saved, which the scenario `refreshes` shows.
    saved: bool,
    /// The URI of its root.
    root: String,
    /// The URIs of its folders, which the scenario `asks-by-folder` asks about.
    folders: Vec<Value>,
    /// What the scenario `late` tells with the next change.
    held: Option<Value>,
    unanswered: Option<Value>,
    /// A question and its answer, which the scenario `answers-late` gives with the next hover.
    late_answer: Option<(Value, Value)>,
}

/// Serves until the input ends or the scenario says so; the status to exit with.
pub fn serve(scenario: &str, mut input: impl BufRead, output: impl Write) -> i32 {
    let counts = match scenario {
        _ if scenario.contains("utf-8") => Counts::Bytes,
        _ if scenario.contains("utf-32") => Counts::Characters,
        _ => Counts::Units,
    };
    let mut server = Server {
        scenario,
        output,
        counts,
        texts: HashMap::new(),
        token_data: (0, Vec::new()),
        saved: false,
        root: String::new(),
        folders: Vec::new(),
        held: None,
        unanswered: None,
        late_answer: None,
    };
    if server.is("crash-at-start") {
        eprintln!("fatal: this server cannot start");
        return 7;
    }
    while let Ok(Some(body)) = read_frame(&mut input) {
        let Ok(message) = serde_json::from_slice(&body) else {
            return 8;
        };
        if let Some(status) = server.take(&message) {
            return status;
        }
    }
    0
}

impl<W: Write> Server<'_, W> {
    fn is(&self, word: &str) -> bool {
        self.scenario.split(' ').any(|one| one == word)
    }

    fn raw(&mut self, bytes: &[u8]) {
        // A client that is gone ends this server with its input.
        self.output
            .write_all(bytes)
            .and_then(|()| self.output.flush())
            .ok();
    }

    fn send(&mut self, message: &Value) {
        write_frame(&mut self.output, message.to_string().as_bytes()).ok();
    }

    fn answer(&mut self, question: &Value, result: Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": question["id"], "result": result}));
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn log(&mut self, text: impl Into<String>) {
        self.tell(
            "window/logMessage",
            json!({"type": 3, "message": text.into()}),
        );
    }

    fn take(&mut self, message: &Value) -> Option<i32> {
        self.ask_by_folder(message);
        let params = &message["params"];
        let uri = params["textDocument"]["uri"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        match message["method"].as_str() {
            Some("initialize") if self.is("deaf") => {}
            Some("initialize") => {
                self.root = params["rootUri"].as_str().unwrap_or_default().to_owned();
                let encoding = match self.counts {
                    Counts::Bytes => json!("utf-8"),
                    Counts::Characters => json!("utf-32"),
                    Counts::Units => Value::Null,
                };
                let sync = if self.is("full") { 1 } else { 2 };
                let mut has = json!({
                    "positionEncoding": encoding,
                    "textDocumentSync": {"openClose": true, "change": sync, "save": true},
                    "hoverProvider": true,
                    "definitionProvider": !self.is("registers"),
                    "completionProvider": {"triggerCharacters": ["."], "resolveProvider": true},
                    "declarationProvider": true,
                    "typeDefinitionProvider": true,
                    "implementationProvider": true,
                    "referencesProvider": true,
                    "workspaceSymbolProvider": {"resolveProvider": true},
                    "renameProvider": {"prepareProvider": true},
                    "documentFormattingProvider": !self.is("no-format"),
                    "documentRangeFormattingProvider": true,
                    "codeActionProvider": actions::capability(self.scenario),
                    "inlineCompletionProvider": self.is("inline"),
                    "executeCommandProvider": {"commands": ["fake.fix"]},
                    "signatureHelpProvider": {"triggerCharacters": ["(", ","]},
                });
                views::capabilities(&mut has, self.scenario);
                project::capabilities(&mut has, self.scenario);
                structure::capabilities(&mut has, self.scenario);
                if self.is("pull") {
                    let project = self.is("project");
                    has["diagnosticProvider"] =
                        json!({"interFileDependencies": false, "workspaceDiagnostics": project});
                }
                if self.is("folders") {
                    has["workspace"]["workspaceFolders"] =
                        json!({"supported": true, "changeNotifications": true});
                }
                self.answer(message, json!({"capabilities": has}));
                if self.is("folders") {
                    self.log(format!("folders{}", folders(&params["workspaceFolders"])));
                }
            }
            Some("workspace/didChangeWorkspaceFolders") => {
                for (sign, list) in [("+", "added"), ("-", "removed")] {
                    let named = folders(&params["event"][list]);
                    if !named.is_empty() {
                        self.log(format!("folders {sign}{named}"));
                    }
                }
            }
            Some("initialized") => {
                if self.is("works") {
                    let begin = json!({"kind": "begin", "title": "Indexing", "cancellable": true});
                    self.tell("$/progress", json!({"token": "w", "value": begin}));
                }
                if self.is("watches") {
                    self.register_for_project();
                }
                if self.is("registers") {
                    let one = json!({"id": "d", "method": "textDocument/definition"});
                    self.ask(
                        1,
                        "client/registerCapability",
                        json!({"registrations": [one]}),
                    );
                    self.register_views();
                }
                if self.is("asks") {
                    let items = json!({"items": [{"section": "fake.mode"}, {"section": "none"}]});
                    // The first id is one that the client uses too.
                    self.ask(1, "workspace/configuration", items);
                    self.ask(2, "workspace/applyEdit", json!({"edit": {}}));
                    self.ask(
                        3,
                        "window/showDocument",
                        json!({"uri": "file:///etc/passwd"}),
                    );
                    self.ask(4, "made/up", Value::Null);
                    self.tell(
                        "$/progress",
                        json!({"token": 1, "value": {"kind": "begin", "title": "Indexing"}}),
                    );
                    self.tell("$/progress", json!({"token": 1, "value": {"kind": "end"}}));
                }
            }
            Some("textDocument/didOpen") if self.is("talks") => {
                let long = "very long\n".repeat(100_000);
                let show = |text: &str| json!({"type": 1, "message": text});
                self.tell("window/showMessage", show(&long));
                self.tell("window/showMessage", show("\u{1b}[2Jgone"));
                let begin = json!({"kind": "begin", "title": long});
                self.tell("$/progress", json!({"token": 1, "value": begin}));
            }
            Some("textDocument/hover") if self.is("talks") => {
                self.answer(message, json!({"contents": "very long ".repeat(100_000)}));
            }
            Some("textDocument/definition") if self.is("talks") => {
                let error = json!({"code": 1, "message": "very long ".repeat(100_000)});
                self.send(&json!({"jsonrpc": "2.0", "id": message["id"], "error": error}));
            }
            Some("textDocument/didOpen") => {
                let text = params["textDocument"]["text"].as_str().unwrap_or_default();
                self.texts.insert(uri.clone(), text.to_owned());
                self.publish(&uri, &params["textDocument"]["version"]);
                if self.is("talks-to-user") {
                    self.talk_to_user();
                }
            }
            Some("textDocument/didChange") => {
                for change in params["contentChanges"].as_array().into_iter().flatten() {
                    let new = change["text"].as_str().unwrap_or_default();
                    let text = self.texts.entry(uri.clone()).or_default();
                    match change.get("range") {
                        Some(range) => {
                            let start = self.counts.offset(text, &range["start"]);
                            let end = self.counts.offset(text, &range["end"]);
                            text.replace_range(start..end, new);
                        }
                        None => *text = new.to_owned(),
                    }
                }
                self.publish(&uri, &params["textDocument"]["version"]);
            }
            Some("textDocument/didSave") => {
                self.log(format!("saved {uri}"));
                if self.is("refreshes") {
                    self.refresh_views();
                }
            }
            Some("textDocument/didClose") => {
                self.texts.remove(&uri);
                self.log(format!("closed {uri}"));
            }
            Some("workspace/diagnostic") => {
                let root = self.root.clone();
                let known = &params["previousResultIds"][0]["value"] == "1";
                let items = match known {
                    true => json!([]),
                    false => json!([self.closed(&root)]),
                };
                self.answer(message, json!({"items": items}));
            }
            Some("textDocument/diagnostic") => {
                let items = self.errors(&uri);
                self.answer(message, json!({"kind": "full", "items": items}));
            }
            Some("textDocument/hover") => return self.hover(message, &uri),
            Some("textDocument/completion") => self.complete(message, &uri),
            Some("workspace/symbol") => {
                self.log(format!("symbols {}", params["query"]));
                let found = self.symbols(params["query"].as_str().unwrap_or_default());
                self.answer(message, json!(found));
            }
            Some("workspaceSymbol/resolve") => {
                let uri = params["location"]["uri"].as_str().unwrap_or_default();
                let text = self.texts.get(uri).map_or("", String::as_str);
                let at = params["data"].as_u64().unwrap_or_default() as usize;
                let mut symbol = params.clone();
                symbol["location"]["range"] = self.counts.range(text, at..at + 3);
                self.answer(message, symbol);
            }
            Some("textDocument/declaration") => {
                let first = self.occurrences(&uri, &params["position"]).swap_remove(0);
                self.answer(message, json!({"uri": uri, "range": first}));
            }
            Some("textDocument/typeDefinition") => {
                let last = self.occurrences(&uri, &params["position"]).pop();
                let link =
                    json!({"targetUri": uri, "targetRange": last, "targetSelectionRange": last});
                self.answer(message, json!([link]));
            }
            Some("textDocument/implementation") => {
                let places = self.occurrences(&uri, &params["position"]);
                let places = places.iter().skip(1);
                let places: Vec<_> = places
                    .map(|range| json!({"uri": uri, "range": range}))
                    .collect();
                self.answer(message, json!(places));
            }
            Some("textDocument/references") => {
                let places = self.occurrences(&uri, &params["position"]);
                let places = places
                    .into_iter()
                    .map(|range| json!({"uri": uri, "range": range}));
                let mut places: Vec<_> = places.collect();
                if self.is("elsewhere") {
                    let uri = uri.replace("main.rs", "beside.rs");
                    places.push(json!({"uri": uri, "range": self.counts.range("", 0..0)}));
                }
                self.answer(message, json!(places));
            }
            Some("textDocument/prepareRename") => {
                let (text, word) = self.word(&uri, &params["position"]);
                let at = self.counts.offset(&text, &params["position"]);
                let start = text[..at].rfind(|c: char| !c.is_alphanumeric());
                let start = start.map_or(0, |before| text.ceil_char_boundary(before + 1));
                let range = self.counts.range(&text, start..start + word.len());
                self.answer(message, json!({"range": range, "placeholder": word}));
            }
            Some("textDocument/rename") => {
                let name = &params["newName"];
                let places = self.occurrences(&uri, &params["position"]);
                let edits = places.into_iter();
                let edits: Vec<_> = edits
                    .map(|range| json!({"range": range, "newText": name}))
                    .collect();
                let mut changes = json!({ &uri: edits });
                let elsewhere = json!([{"range": first_characters(4), "newText": name}]);
                if self.is("outside") {
                    changes["file:///etc/passwd"] = elsewhere.clone();
                }
                if self.is("beside") {
                    changes[uri.replace("main.rs", "beside.rs")] = elsewhere;
                }
                let edit = match self.is("files") {
                    true => self.with_files(&uri, &changes[&uri]),
                    false => json!({"changes": changes}),
                };
                self.answer(message, edit);
            }
            Some("textDocument/inlineCompletion") => {
                let (text, at) = self.place(&uri, &params["position"]);
                let start = text[..at].rfind(|c: char| !c.is_alphanumeric());
                let start = start.map_or(0, |before| before + 1);
                let (word, range) = (&text[start..at], self.counts.range(&text, start..at));
                let items = match word {
                    "" => json!([]),
                    _ => json!({"items": [
                        {"insertText": format!("{word}ing(1);\n    rest"), "range": range},
                        {"insertText": "ed"},
                    ]}),
                };
                self.answer(message, items);
            }
            Some("textDocument/formatting") => {
                let text = self.texts.get(&uri).cloned().unwrap_or_default();
                let whole = self.counts.range(&text, 0..text.len());
                let edit = json!([{"range": whole, "newText": text.replace("  ", " ")}]);
                self.answer(message, edit);
            }
            Some("textDocument/rangeFormatting") => {
                let text = self.texts.get(&uri).cloned().unwrap_or_default();
                let range = params["range"].clone();
                // Its texts are ASCII.
                let byte = |place: &Value| {
                    let line = place["line"].as_u64().unwrap_or_default() as usize;
                    let above: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
                    above + place["character"].as_u64().unwrap_or_default() as usize
                };
                let part = &text[byte(&range["start"])..byte(&range["end"])];
                let edit = json!([{"range": range, "newText": part.replace("  ", " ")}]);
                self.answer(message, edit);
            }
            Some("completionItem/resolve") => {
                let mut item = params.clone();
                let label = item["label"].as_str().unwrap_or_default().to_owned();
                item["documentation"] = json!({"kind": "markdown", "value": format!("*{label}*")});
                if self.is("details") {
                    item["detail"] = json!("(method) Cart.add(book: Book): void");
                }
                if label == "lazily" {
                    item["additionalTextEdits"] = json!([at_start("use lazily;\n")]);
                }
                self.answer(message, item);
            }
            Some("textDocument/signatureHelp") => {
                let (text, at) = self.place(&uri, &params["position"]);
                let before = &text[..at];
                let open = before
                    .rfind('(')
                    .filter(|open| !before[*open..].contains(')'));
                let help = open.map(|open| {
                    let commas = before[open..].matches(',').count();
                    let parameters = [json!({"label": "a: int"}), json!({"label": "b: int"})];
                    json!({"activeParameter": commas, "signatures": [{
                        "label": "call(a: int, b: int)", "documentation": "Calls.",
                        "parameters": parameters,
                    }]})
                });
                self.answer_or_hold(message, help.unwrap_or_default());
            }
            Some("textDocument/definition") => {
                let (text, word) = self.word(&uri, &params["position"]);
                let place = text.find(&word).unwrap_or(0);
                let range = self.counts.range(&text, place..place + word.len());
                self.answer_or_hold(message, json!([{"uri": uri, "range": range}]));
            }
            Some("window/workDoneProgress/cancel") => {
                let end = json!({"kind": "end"});
                self.tell(
                    "$/progress",
                    json!({"token": params["token"], "value": end}),
                );
            }
            Some("$/cancelRequest") => {
                if let Some(question) = self.unanswered.take() {
                    self.log("cancelled");
                    self.answer(&question, json!({"contents": "too late"}));
                }
            }
            Some("shutdown") if self.is("stays") => {}
            Some("shutdown") => {
                self.answer(message, Value::Null);
                self.log("shutdown");
            }
            Some("exit") if self.is("stays") => {}
            Some("exit") => return Some(0),
            None => self.take_answer(message),
            _ if self.take_of_actions(message, &uri) => {}
            _ if self.take_of_project(message) => {}
            _ if self.take_of_structure(message, &uri) => {}
            _ => drop(self.show(message, &uri)),
        }
        None
    }

    /// Warns twice of the same, and asks something.
    fn talk_to_user(&mut self) {
        for _ in 0..2 {
            let warning = json!({"type": 2, "message": "Beware of it."});
            self.tell("window/showMessage", warning);
        }
        let actions = json!([{"title": "Left", "id": 7}, {"title": "Right", "id": 8}]);
        let question = json!({"type": 3, "message": "Which way?", "actions": actions});
        self.ask(20, "window/showMessageRequest", question);
    }

    fn ask(&mut self, id: u64, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
    }

    fn hover(&mut self, message: &Value, uri: &str) -> Option<i32> {
        let (_, word) = self.word(uri, &message["params"]["position"]);
        if let Some((question, answer)) = self.late_answer.take() {
            self.answer(&question, answer);
            self.log("answered");
        }
        if word == "error" {
            if self.is("crashes") {
                eprintln!("fatal: hovered over an error");
                return Some(3);
            }
            if self.is("garbage") {
                self.raw(b"Here I am, and no protocol\n");
            }
            if self.is("huge") {
                self.raw(b"Content-Length: 2147483648\r\n\r\n{");
            }
            if self.is("deep") {
                let depth = 1_000_000;
                let body = format!(
                    "{{\"id\":{},\"result\":{}{}}}",
                    message["id"],
                    "[".repeat(depth),
                    "]".repeat(depth)
                );
                write_frame(&mut self.output, body.as_bytes()).ok();
            }
            if self.is("slow") {
                self.unanswered = Some(message.clone());
                return None;
            }
            if self.is("drips") {
                let body = json!({"id": message["id"], "result": {"contents": "drop by drop"}})
                    .to_string();
                for byte in format!("Content-Length: {}\r\n\r\n{body}", body.len()).bytes() {
                    self.raw(&[byte]);
                }
                return None;
            }
        }
        if self.is("twice") {
            self.answer(message, json!({"contents": format!("first {word}")}));
            self.answer(message, json!({"contents": format!("second {word}")}));
            return None;
        }
        self.answer(
            message,
            json!({"contents": {"kind": "markdown", "value": word}}),
        );
        None
    }

    /// What can be put in: a few things of each sort, and members behind a dot.
    fn complete(&mut self, message: &Value, uri: &str) {
        let (text, at) = self.place(uri, &message["params"]["position"]);
        let context = &message["params"]["context"];
        self.log(format!(
            "completion {} {}",
            context["triggerKind"], context["triggerCharacter"]
        ));
        let start = text[..at].rfind(|c: char| !c.is_alphanumeric());
        let start = start.map_or(0, |before| text.ceil_char_boundary(before + 1));
        let members = text[..start].ends_with('.');
        let replaced = self.counts.range(&text, start..at);
        let edit = |text: &str| json!({"range": replaced, "newText": text});
        let mut items = match members {
            true => vec![
                json!({"label": "len", "kind": 2, "commitCharacters": ["("]}),
                json!({"label": "left", "kind": 5}),
            ],
            false => vec![
                json!({"label": "println", "kind": 15, "sortText": "3", "insertTextFormat": 2,
                    "textEdit": edit("println(${1:text}, ${2:more})$0")}),
                json!({"label": "print", "kind": 3, "sortText": "2", "detail": "fn print()",
                    "textEdit": edit("print")}),
                json!({"label": "private", "kind": 14, "sortText": "1", "tags": [1]}),
                json!({"label": "prune", "kind": 3, "sortText": "4", "textEdit": edit("prune"),
                    "additionalTextEdits": [at_start("use prune;\n")]}),
                json!({"label": "lazily", "kind": 3, "textEdit": edit("lazily")}),
            ],
        };
        let incomplete = self.is("incomplete");
        if incomplete {
            let typed = &text[start..at];
            let begins =
                |item: &Value| item["label"].as_str().is_some_and(|l| l.starts_with(typed));
            items.retain(begins);
            items.truncate(2);
        }
        self.answer(message, json!({"isIncomplete": incomplete, "items": items}));
    }

    /// The places of the word at a place of a text.
    fn occurrences(&self, uri: &str, place: &Value) -> Vec<Value> {
        let (text, word) = self.word(uri, place);
        let found = text.match_indices(&word);
        found
            .map(|(at, word)| self.counts.range(&text, at..at + word.len()))
            .collect()
    }

    /// The words after `def`, each without its range.
    fn symbols(&self, query: &str) -> Vec<Value> {
        let texts = self.texts.iter();
        let found = texts.flat_map(|(uri, text)| {
            text.match_indices("def ").filter_map(move |(at, def)| {
                let start = at + def.len();
                let name = text[start..].split(|c: char| !c.is_alphanumeric()).next()?;
                name.contains(query).then(|| {
                    json!({"name": name, "kind": 12, "containerName": "made",
                        "location": {"uri": uri}, "data": start})
                })
            })
        });
        found.collect()
    }

    fn place(&self, uri: &str, place: &Value) -> (String, usize) {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let at = self.counts.offset(&text, place);
        (text, at)
    }

    fn word(&self, uri: &str, place: &Value) -> (String, String) {
        let (text, at) = self.place(uri, place);
        let is_word = |c: char| c.is_alphanumeric();
        let start = text[..at].rfind(|c| !is_word(c));
        let start = start.map_or(0, |before| text.ceil_char_boundary(before + 1));
        let end = text[at..]
            .find(|c| !is_word(c))
            .map_or(text.len(), |end| at + end);
        let word = text[start..end].to_owned();
        (text, word)
    }

    fn errors(&self, uri: &str) -> Vec<Value> {
        let text = self.texts.get(uri).map_or("", String::as_str);
        let found = text.match_indices("error").map(|(at, word)| {
            let mut one = json!({
                "range": self.counts.range(text, at..at + word.len()),
                "message": "this says error", "severity": 1, "source": "fake", "code": "E1",
            });
            if self.is("related") {
                let place = json!({"uri": uri, "range": self.counts.range(text, 0..1)});
                one["message"] = json!("this says error\nin two lines");
                one["codeDescription"] = json!({"href": "https://example.org/E1"});
                one["relatedInformation"] =
                    json!([{"location": place, "message": "because of this"}]);
            }
            one
        });
        let warned = text.match_indices("warning").map(|(at, word)| {
            json!({
                "range": self.counts.range(text, at..at + word.len()),
                "message": "this says warning", "severity": 2, "source": "fake",
            })
        });
        found.chain(warned).collect()
    }

    /// What is wrong in the file `closed.rs`, which nobody opens.
    fn closed(&self, root: &str) -> Value {
        let place = |character: u64| json!({"line": 0, "character": character});
        let range = json!({"start": place(2), "end": place(4)});
        json!({"uri": format!("{root}/closed.rs"), "kind": "full", "resultId": "1",
            "items": [{"range": range, "message": "closed"}],
            "diagnostics": [{"range": range, "message": "closed"}]})
    }

    fn publish(&mut self, uri: &str, version: &Value) {
        if self.is("pull") || self.is("quiet") {
            return;
        }
        if self.is("project") {
            let root = self.root.clone();
            let closed = self.closed(&root);
            self.tell("textDocument/publishDiagnostics", closed);
        }
        let items = self.errors(uri);
        let now = json!({"uri": uri, "version": version, "diagnostics": items});
        match self.is("late") {
            false => self.tell("textDocument/publishDiagnostics", now),
            true => {
                if let Some(before) = self.held.replace(now) {
                    self.tell("textDocument/publishDiagnostics", before);
                }
            }
        }
    }
}

/// So many characters at the start of a text.
fn first_characters(count: usize) -> Value {
    json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": count}})
}

/// An insertion at the start of a text.
fn at_start(text: &str) -> Value {
    let start = json!({"line": 0, "character": 0});
    json!({"range": {"start": start, "end": start}, "newText": text})
}

/// The folders of a list, each with a space before it.
fn folders(list: &Value) -> String {
    let all = list.as_array().into_iter().flatten();
    all.map(|folder| {
        let uri = folder["uri"].as_str().unwrap_or_default();
        format!(" {}", uri.trim_start_matches("file://"))
    })
    .collect()
}

fn without_id(message: &Value) -> Value {
    match message.get("error") {
        Some(error) => error["code"].clone(),
        None => message["result"].clone(),
    }
}
