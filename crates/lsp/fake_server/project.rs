//! What the server for tests knows of the whole project.

use std::io::Write;

use serde_json::{Value, json};

use super::{Server, at_start};

/// What it offers of this.
pub(super) fn capabilities(has: &mut Value, scenario: &str) {
    let filters = json!({"filters": [{"scheme": "file", "pattern": {"glob": "**/*.rs"}}]});
    has["callHierarchyProvider"] = json!(true);
    has["typeHierarchyProvider"] = json!(true);
    if scenario.contains("follows-files") {
        has["workspace"]["fileOperations"] = json!({
            "willRename": filters, "didRename": filters, "didCreate": filters, "didDelete": filters,
        });
    }
}

/// The name of a file without what is behind its dot.
fn stem(uri: &str) -> &str {
    let name = uri.rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

impl<W: Write> Server<'_, W> {
    /// It may want to hear of files only now.
    pub(super) fn register_for_project(&mut self) {
        let watch = json!({
            "id": "w", "method": "workspace/didChangeWatchedFiles", "registerOptions": {
                "watchers": [{"globPattern": "**/*.rs"}, {"globPattern": "*.toml", "kind": 2}],
            },
        });
        self.ask(
            4,
            "client/registerCapability",
            json!({"registrations": [watch]}),
        );
    }

    /// Takes what is asked or told of this; whether it was.
    pub(super) fn take_of_project(&mut self, message: &Value) -> bool {
        let params = &message["params"];
        let file = &params["files"][0];
        let uri = |name: &str| file[name].as_str().unwrap_or_default().to_owned();
        let method = message["method"].as_str().unwrap_or_default();
        match method {
            "workspace/willRenameFiles" => {
                let answer = self.mentions(stem(&uri("oldUri")), stem(&uri("newUri")));
                self.answer(message, answer);
            }
            "textDocument/prepareCallHierarchy" | "textDocument/prepareTypeHierarchy" => {
                let uri = params["textDocument"]["uri"].as_str().unwrap_or_default();
                let (_, word) = self.word(uri, &params["position"]);
                let item = self.function(uri, &word);
                self.answer(message, json!([item]));
            }
            "callHierarchy/incomingCalls" => {
                let answer = self.calls(&params["item"], true);
                self.answer(message, answer);
            }
            "callHierarchy/outgoingCalls" => {
                let answer = self.calls(&params["item"], false);
                self.answer(message, answer);
            }
            // What a type stands on is what a function calls.
            "typeHierarchy/supertypes" => {
                let answer = self.calls(&params["item"], false);
                self.answer(message, items(&answer, "to"));
            }
            "typeHierarchy/subtypes" => {
                let answer = self.calls(&params["item"], true);
                self.answer(message, items(&answer, "from"));
            }
            "workspace/didRenameFiles" => {
                let (old, new) = (uri("oldUri"), uri("newUri"));
                self.log(format!("renamed {} {}", stem(&old), stem(&new)));
            }
            "workspace/didCreateFiles" => self.log(format!("created {}", stem(&uri("uri")))),
            "workspace/didDeleteFiles" => self.log(format!("deleted {}", stem(&uri("uri")))),
            "workspace/didChangeWatchedFiles" => {
                for change in params["changes"].as_array().into_iter().flatten() {
                    let uri = change["uri"].as_str().unwrap_or_default();
                    self.log(format!("watched {} {}", stem(uri), change["type"]));
                }
            }
            _ => return false,
        }
        true
    }

    /// The function of a line: `name: called called`.
    fn function(&self, uri: &str, name: &str) -> Value {
        let text = self.texts.get(uri).map_or("", String::as_str);
        let at = text.find(&format!("{name}:")).unwrap_or_default();
        let range = self.counts.range(text, at..at + name.len());
        json!({"name": name, "kind": 12, "uri": uri, "range": range, "selectionRange": range})
    }

    /// What calls a function, or what it calls.
    fn calls(&self, item: &Value, incoming: bool) -> Value {
        let uri = item["uri"].as_str().unwrap_or_default();
        let name = item["name"].as_str().unwrap_or_default();
        let text = self.texts.get(uri).map_or("", String::as_str);
        let mut calls = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let (caller, called) = line.split_once(':').unwrap_or_default();
            for (at, word) in called.match_indices(char::is_alphanumeric) {
                let is_first = !called[..at].ends_with(char::is_alphanumeric);
                let called_here = called[at..].split(|c: char| !c.is_alphanumeric()).next();
                let called_here = called_here.filter(|_| is_first && !word.is_empty());
                let Some(function) = called_here else {
                    continue;
                };
                let place = start + caller.len() + 1 + at;
                let range = self.counts.range(text, place..place + function.len());
                match incoming {
                    true if function == name => calls
                        .push(json!({"from": self.function(uri, caller), "fromRanges": [range]})),
                    false if caller == name => calls
                        .push(json!({"to": self.function(uri, function), "fromRanges": [range]})),
                    _ => {}
                }
            }
            start += line.len();
        }
        json!(calls)
    }

    /// What the open texts say of a module, with another name for it.
    fn mentions(&self, old: &str, new: &str) -> Value {
        let mut changes = serde_json::Map::new();
        for (uri, text) in &self.texts {
            let found = text.match_indices(old);
            let edits: Vec<_> = found
                .map(|(at, word)| {
                    let range = self.counts.range(text, at..at + word.len());
                    json!({"range": range, "newText": new})
                })
                .collect();
            if !edits.is_empty() {
                changes.insert(uri.clone(), json!(edits));
            }
        }
        json!({"changes": changes})
    }

    /// The edits of a text with what they need of whole files: one is made and written, another moved
    /// and changed, and with `deletes` one goes.
    pub(super) fn with_files(&self, uri: &str, edits: &Value) -> Value {
        let beside = |name: &str| uri.replace("main.rs", name);
        let text = |uri: String, edits: Value| json!({"textDocument": {"uri": uri, "version": null}, "edits": edits});
        let mut changes = vec![
            text(uri.to_owned(), edits.clone()),
            json!({"kind": "create", "uri": beside("made/new.rs")}),
            text(beside("made/new.rs"), json!([at_start("made\n")])),
            json!({"kind": "rename", "oldUri": beside("old.rs"), "newUri": beside("made/moved.rs")}),
            text(beside("made/moved.rs"), json!([at_start("moved\n")])),
        ];
        if self.is("deletes") {
            changes.push(json!({"kind": "delete", "uri": beside("gone.rs")}));
        }
        json!({"documentChanges": changes})
    }
}

/// The items of calls, by themselves.
fn items(calls: &Value, name: &str) -> Value {
    let calls = calls.as_array().into_iter().flatten();
    calls.map(|call| call[name].clone()).collect()
}
