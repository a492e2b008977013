//! What the server for tests is told by the folders that it has: the scenario `asks-by-folder`.

use std::io::Write;

use serde_json::{Value, json};

use super::Server;

impl<W: Write> Server<'_, W> {
    /// Keeps which folders it has, and asks for the settings of each, as pyright does: at the start,
    /// with each change of the folders, and with each of the settings. The answer is in its log.
    pub(super) fn ask_by_folder(&mut self, message: &Value) {
        if !self.is("asks-by-folder") {
            return;
        }
        let params = &message["params"];
        let uris = |list: &Value| -> Vec<Value> {
            let all = list.as_array().into_iter().flatten();
            all.map(|folder| folder["uri"].clone()).collect()
        };
        let method = message["method"].as_str().unwrap_or_default();
        match method {
            "initialize" => self.folders = uris(&params["workspaceFolders"]),
            "workspace/didChangeWorkspaceFolders" => {
                let gone = uris(&params["event"]["removed"]);
                self.folders.retain(|folder| !gone.contains(folder));
                self.folders.extend(uris(&params["event"]["added"]));
            }
            "initialized" | "workspace/didChangeConfiguration" => {}
            _ => return,
        }
        if method != "initialize" {
            let items = self.folders.iter();
            let items = items.map(|uri| json!({"section": "python.pythonPath", "scopeUri": uri}));
            let items: Value = items.collect();
            self.ask(30, "workspace/configuration", json!({"items": items}));
        }
    }
}
