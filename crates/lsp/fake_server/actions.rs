//! What the server for tests can do at a place, and its command.

use std::io::Write;

use serde_json::{Value, json};

use super::{Server, at_start};

/// What it offers of this.
pub(super) fn capability(scenario: &str) -> Value {
    let mut has = json!({"resolveProvider": true});
    if scenario.contains("removes-unused") {
        has["codeActionKinds"] =
            json!(["source.organizeImports", "source.removeUnusedImports.fake"]);
    }
    has
}

impl<W: Write> Server<'_, W> {
    /// Takes what is asked of this; whether it was.
    pub(super) fn take_of_actions(&mut self, message: &Value, uri: &str) -> bool {
        match message["method"].as_str().unwrap_or_default() {
            "textDocument/codeAction" => self.code_actions(message, uri),
            "codeAction/resolve" => {
                let mut action = message["params"].clone();
                let data = &action["data"];
                let edit = json!([{"range": data["range"], "newText": "fixed"}]);
                let uri = data["uri"].as_str().unwrap_or_default();
                action["edit"] = json!({"changes": {uri: edit}});
                self.answer(message, action);
            }
            "workspace/executeCommand" => self.execute(message),
            _ => return false,
        }
        true
    }

    /// What can be done about what is wrong. With `disabled` nothing can.
    fn code_actions(&mut self, message: &Value, uri: &str) {
        let context = &message["params"]["context"];
        let said = &context["diagnostics"][0];
        let only = context["only"][0].as_str();
        if let Some(kind) = only.filter(|kind| *kind != "quickfix") {
            let text = self.texts.get(uri).map(String::as_str).unwrap_or_default();
            if self.is("says-actions-once") && text.starts_with("use a;\nuse b;") {
                return;
            }
            return self.source_actions(message, uri, kind);
        }
        let run = json!({"title": "Run it", "command": "fake.fix", "arguments": [uri]});
        let actions = match said["code"] == "E1" {
            true if self.is("removes") => {
                let mut remove = json!({
                    "title": "Remove it", "kind": "quickfix", "edit": removing(uri),
                });
                if self.is("then-fixes") {
                    remove["command"] =
                        json!({"title": "", "command": "fake.fix", "arguments": [uri]});
                }
                json!([run, remove])
            }
            true if self.is("disabled") => json!([
                {"title": "Fix it", "kind": "quickfix", "disabled": {"reason": "it is too late"}},
            ]),
            true => json!([
                {"title": "Not now", "disabled": {"reason": "no"}},
                run,
                {"title": "Fix it", "kind": "quickfix", "isPreferred": true,
                    "data": {"uri": uri, "range": said["range"]}},
            ]),
            false => json!([]),
        };
        self.answer(message, actions);
    }

    /// What is done with a whole file: imports, which are lines that begin with `use`, are put in
    /// order, and those of `unused` go where nothing is said of the text. Of what was not asked for, too.
    /// With `disabled` it can be done to no file without `use`.
    fn source_actions(&mut self, message: &Value, uri: &str, kind: &str) {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let (mut uses, rest): (Vec<_>, Vec<_>) = text
            .split_inclusive('\n')
            .partition(|line| line.starts_with("use "));
        let has_uses = !uses.is_empty();
        // With `removes-unused` that is another kind.
        let apart = self.is("removes-unused");
        if message["params"]["context"]["diagnostics"] == json!([]) && !apart {
            uses.retain(|line| !line.contains("unused"));
        }
        uses.sort_unstable();
        let sorted = uses.concat() + &rest.concat();
        let edit = json!([{"range": self.counts.range(&text, 0..text.len()), "newText": sorted}]);
        let mut actions = vec![
            json!({"title": "Run it", "command": "fake.fix", "arguments": [uri]}),
            json!({"title": "Break it", "kind": "refactor", "edit": {"changes": {uri: [at_start("!")]}}}),
        ];
        if "source.organizeImports".starts_with(kind) && sorted != text {
            let organize = json!({"title": "Organize imports", "kind": "source.organizeImports.fake",
                "edit": {"changes": {uri: edit}}});
            actions.push(organize);
        }
        if apart && kind == "source.removeUnusedImports" {
            let lines = text.split_inclusive('\n');
            let used: String = lines.filter(|line| !line.contains("unused")).collect();
            let edit = json!([{"range": self.counts.range(&text, 0..text.len()), "newText": used}]);
            actions.push(json!({"title": "Remove unused imports",
                "kind": "source.removeUnusedImports.fake", "edit": {"changes": {uri: edit}}}));
        }
        if self.is("disabled") {
            let disabled = |title: &str, kind: &str| {
                json!({"title": title, "kind": kind,
                    "disabled": {"reason": format!("there is nothing to {}", title.to_lowercase())}})
            };
            actions.insert(0, disabled("Extract", "refactor.extract"));
            if !has_uses {
                actions.retain(|one| one["title"] != "Break it");
                actions.push(disabled("Inline", "refactor.inline"));
                actions.push(disabled("Sort", "source.organizeImports"));
            }
        }
        self.answer(message, json!(actions));
    }

    /// Runs `fake.fix`, which asks for an edit.
    fn execute(&mut self, message: &Value) {
        let uri = message["params"]["arguments"][0].as_str();
        let uri = uri.unwrap_or_default();
        if self.is("moves-to-file") {
            return self.move_to_file(message, uri);
        }
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let at = text.find("error").unwrap_or(0);
        let range = self.counts.range(&text, at..at + 5);
        let edit = json!([{"range": range, "newText": "commanded"}]);
        let mut removed = removing(uri);
        if self.is("with-texts")
            && let Some(changes) = removed["documentChanges"].as_array_mut()
        {
            let of = json!({"uri": uri, "version": null});
            changes.push(json!({"textDocument": of, "edits": edit}));
        }
        let edit = match self.is("removes") && !self.is("then-fixes") {
            true => removed,
            false => json!({"changes": {uri: edit}}),
        };
        self.ask(9, "workspace/applyEdit", json!({"edit": edit}));
        self.ran(message, uri);
    }

    /// Moves what is wrong to the file `sub/made.rs`, which it makes before it asks for the edit, where
    /// it is not there, as typescript-language-server does. With `removes` the edit deletes `gone.rs`
    /// too, with `astray` it changes a file that is not there.
    fn move_to_file(&mut self, message: &Value, uri: &str) {
        let text = self.texts.get(uri).cloned().unwrap_or_default();
        let at = text.find("error").unwrap_or(0);
        let range = self.counts.range(&text, at..at + 5);
        let edit = match make_empty_file(uri) {
            Ok(made) => {
                let change = |uri: &str, edit: Value| json!({"textDocument": {"uri": uri, "version": null}, "edits": [edit]});
                let moved = json!({"range": range, "newText": "moved"});
                let mut changes = vec![change(uri, moved), change(&made, at_start("error"))];
                let beside = |name: &str| uri.replace("main.rs", name);
                if self.is("removes") {
                    changes.push(json!({"kind": "delete", "uri": beside("gone.rs")}));
                }
                if self.is("astray") {
                    changes.push(change(&beside("none.rs"), at_start("x")));
                }
                json!({"documentChanges": changes})
            }
            Err(error) => {
                self.log(format!("no file: {error}"));
                json!({})
            }
        };
        self.ask(9, "workspace/applyEdit", json!({"edit": edit}));
        self.ran(message, uri);
    }
}

/// Makes the file `sub/made.rs` beside another, with nothing in it; what it was asked for about.
fn make_empty_file(uri: &str) -> std::io::Result<String> {
    let made = uri.replace("main.rs", "sub/made.rs");
    let path = std::path::PathBuf::from(made.strip_prefix("file://").unwrap_or_default());
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)?;
    Ok(made)
}

/// An edit that makes the file `made.rs` and deletes `gone.rs`, beside a file.
fn removing(uri: &str) -> Value {
    let beside = |name: &str| uri.replace("main.rs", name);
    json!({"documentChanges": [
        {"kind": "create", "uri": beside("made.rs")},
        {"kind": "delete", "uri": beside("gone.rs")},
    ]})
}
