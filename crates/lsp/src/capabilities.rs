//! What both sides can do.

use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::trace::TraceLevel;
use crate::{PositionEncoding, bounded, project_capabilities, shown, uri, watched_files};

/// More registrations of a server are not taken.
const MAX_REGISTERED: usize = 1_000;
/// Larger options of a registration are not taken, in bytes.
const MAX_OPTIONS: usize = 64 * 1024;
/// Longer ids and methods are not taken, in bytes.
const MAX_NAME: usize = 1_000;

/// How a server wants to hear of edits (LSP 3.17, `TextDocumentSyncKind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SyncKind {
    None,
    Full,
    Incremental,
}

/// What a server offers.
#[derive(Debug)]
pub(crate) struct Capabilities {
    offered: Value,
    /// Methods that it registered later with their options, by the id of the registration.
    registered: HashMap<String, (String, Value)>,
}

impl Capabilities {
    pub fn new(offered: Value) -> Self {
        Self {
            offered,
            registered: HashMap::new(),
        }
    }

    pub fn encoding(&self) -> PositionEncoding {
        PositionEncoding::chosen(&self.offered["positionEncoding"])
    }

    pub fn sync(&self) -> SyncKind {
        let sync = &self.offered["textDocumentSync"];
        match sync.as_u64().or(sync["change"].as_u64()) {
            Some(1) => SyncKind::Full,
            Some(2) => SyncKind::Incremental,
            // Registered later, always as incremental or full: the whole text is right for both.
            _ if self.is_registered("textDocument/didChange") => SyncKind::Full,
            _ => SyncKind::None,
        }
    }

    /// Whether it wants to hear of saves, and with the text.
    pub fn save(&self) -> Option<bool> {
        let save = &self.offered["textDocumentSync"]["save"];
        match save {
            Value::Bool(wanted) => wanted.then_some(false),
            Value::Object(options) => Some(options.get("includeText") == Some(&Value::Bool(true))),
            _ => self.is_registered("textDocument/didSave").then_some(false),
        }
    }

    /// Whether it offers something, by the name in its capabilities and by the method.
    pub fn offers(&self, provider: &str, method: &str) -> bool {
        let offered = match &self.offered[provider] {
            Value::Bool(offered) => *offered,
            other => other.is_object(),
        };
        offered || self.is_registered(method)
    }

    /// Whether it wants to hear of folders that come and go.
    pub fn takes_folders(&self) -> bool {
        let method = "workspace/didChangeWorkspaceFolders";
        let folders = &self.offered["workspace"]["workspaceFolders"];
        let wanted = match &folders["changeNotifications"] {
            // The id of a registration that it takes back later.
            Value::String(_) => true,
            other => *other == Value::Bool(true),
        };
        (folders["supported"] == Value::Bool(true) && wanted) || self.is_registered(method)
    }

    /// The options of something that it offers, by the name in its capabilities and by the method;
    /// null where there are none.
    pub fn option(&self, provider: &str, method: &str) -> &Value {
        let offered = &self.offered[provider];
        let registered = self.registered.values().find(|(one, _)| one == method);
        match (offered.is_object(), registered) {
            (false, Some((_, options))) => options,
            _ => offered,
        }
    }

    /// The filters of `workspace/…Files`, by the name among the file operations and by the method.
    pub fn file_operation(&self, feature: &str, method: &str) -> Vec<&Value> {
        let offered = &self.offered["workspace"]["fileOperations"][feature];
        let options = std::iter::once(offered).chain(self.options_of(method));
        let filters = options.flat_map(|options| options["filters"].as_array());
        filters.flatten().collect()
    }

    /// What it watches of the files on the disk.
    pub fn watchers(&self) -> Vec<&Value> {
        let options = self.options_of(watched_files::METHOD);
        let watchers = options.flat_map(|options| options["watchers"].as_array());
        watchers.flatten().collect()
    }

    /// The options of every registration of a method.
    fn options_of(&self, method: &str) -> impl Iterator<Item = &Value> {
        let registered = self.registered.values();
        registered
            .filter(move |(one, _)| one == method)
            .map(|(_, options)| options)
    }

    fn is_registered(&self, method: &str) -> bool {
        self.registered.values().any(|(one, _)| one == method)
    }

    /// Takes `client/registerCapability`.
    pub fn register(&mut self, params: &Value) {
        for one in params["registrations"].as_array().into_iter().flatten() {
            if let (Some(id), Some(method)) = (one["id"].as_str(), one["method"].as_str())
                && self.registered.len() < MAX_REGISTERED
                && id.len().max(method.len()) <= MAX_NAME
                && bounded::is_small(&one["registerOptions"], MAX_OPTIONS)
            {
                let options = one["registerOptions"].clone();
                self.registered
                    .insert(id.to_owned(), (method.to_owned(), options));
            }
        }
    }

    /// Takes `client/unregisterCapability`; the protocol spells its list so.
    pub fn unregister(&mut self, params: &Value) {
        for one in params["unregisterations"].as_array().into_iter().flatten() {
            if let Some(id) = one["id"].as_str() {
                self.registered.remove(id);
            }
        }
    }
}

/// Folders as `WorkspaceFolder[]`.
pub(crate) fn folders<'a>(folders: impl Iterator<Item = &'a Path>) -> Value {
    let named = folders.filter_map(|folder| {
        let name = folder.file_name().map(|name| name.to_string_lossy());
        Some(json!({"uri": uri::of(folder)?, "name": name}))
    });
    named.collect()
}

/// The parameters of `initialize`.
pub(crate) fn initialize(root: &Path, folders: Value, options: &Value, trace: TraceLevel) -> Value {
    let mut params = json!({
        "processId": std::process::id(),
        "clientInfo": {"name": "Kiln", "version": env!("CARGO_PKG_VERSION")},
        "rootUri": uri::of(root),
        "rootPath": root.to_string_lossy(),
        "workspaceFolders": folders,
        "initializationOptions": options,
        "trace": trace.name(),
        "capabilities": {
            "general": {"positionEncodings": ["utf-8", "utf-16", "utf-32"]},
            "window": {
                "workDoneProgress": true,
                "showMessage": {"messageActionItem": {"additionalPropertiesSupport": true}},
            },
            "workspace": {
                "configuration": true,
                "workspaceFolders": true,
                "didChangeConfiguration": {"dynamicRegistration": true},
                "diagnostics": {"refreshSupport": true},
                "applyEdit": true,
                "workspaceEdit": {"documentChanges": true, "failureHandling": "textOnlyTransactional"},
                "executeCommand": {"dynamicRegistration": true},
            },
            "textDocument": {
                "synchronization": {"dynamicRegistration": true, "didSave": true},
                "publishDiagnostics": {
                    "versionSupport": true,
                    "dataSupport": true,
                    "relatedInformation": true,
                    "codeDescriptionSupport": true,
                    "tagSupport": {"valueSet": [1, 2]},
                },
                "diagnostic": {"dynamicRegistration": true, "relatedDocumentSupport": true},
                "hover": {"dynamicRegistration": true, "contentFormat": ["markdown", "plaintext"]},
                "definition": {"dynamicRegistration": true, "linkSupport": true},
                "references": {"dynamicRegistration": true},
                "formatting": {"dynamicRegistration": true},
                "rangeFormatting": {"dynamicRegistration": true},
                "rename": {
                    "dynamicRegistration": true,
                    "prepareSupport": true,
                    "prepareSupportDefaultBehavior": 1,
                },
                "codeAction": {
                    "dynamicRegistration": true,
                    "isPreferredSupport": true,
                    "disabledSupport": true,
                    "dataSupport": true,
                    "resolveSupport": {"properties": ["edit"]},
                    "codeActionLiteralSupport": {"codeActionKind": {"valueSet": [
                        "", "quickfix", "refactor", "refactor.extract", "refactor.inline",
                        "refactor.rewrite", "source", "source.organizeImports", "source.fixAll",
                    ]}},
                },
                "signatureHelp": {
                    "dynamicRegistration": true,
                    "contextSupport": true,
                    "signatureInformation": {
                        "documentationFormat": ["markdown", "plaintext"],
                        "parameterInformation": {"labelOffsetSupport": true},
                        "activeParameterSupport": true,
                    },
                },
                "completion": {
                    "dynamicRegistration": true,
                    "contextSupport": true,
                    "completionItem": {
                        "snippetSupport": true,
                        "commitCharactersSupport": true,
                        "documentationFormat": ["markdown", "plaintext"],
                        "deprecatedSupport": true,
                        "preselectSupport": true,
                        "tagSupport": {"valueSet": [1]},
                        "insertReplaceSupport": true,
                        "labelDetailsSupport": true,
                        "resolveSupport": {
                            "properties": ["documentation", "detail", "additionalTextEdits"],
                        },
                    },
                    "completionItemKind": {"valueSet": (1..=25).collect::<Vec<_>>()},
                    "completionList": {"itemDefaults": [
                        "commitCharacters", "editRange", "insertTextFormat", "data",
                    ]},
                },
            },
        },
    });
    project_capabilities::add(&mut params["capabilities"]);
    shown::offer(&mut params["capabilities"]);
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_may_come_later_and_go() {
        let mut has = Capabilities::new(json!({
            "textDocumentSync": {"change": 2, "save": {"includeText": true}},
            "hoverProvider": {}, "definitionProvider": false,
        }));
        assert_eq!(
            (has.sync(), has.save()),
            (SyncKind::Incremental, Some(true))
        );
        assert!(has.offers("hoverProvider", "textDocument/hover"));
        let definition =
            |has: &Capabilities| has.offers("definitionProvider", "textDocument/definition");
        assert!(!definition(&has));
        let one = json!({
            "id": "1", "method": "textDocument/definition", "registerOptions": {"a": 1},
        });
        has.register(&json!({"registrations": [one, 3]}));
        assert!(definition(&has));
        let options = |has: &Capabilities| {
            has.option("definitionProvider", "textDocument/definition")["a"].clone()
        };
        assert_eq!(options(&has), json!(1));
        has.unregister(
            &json!({"unregisterations": [{"id": "1", "method": "textDocument/definition"}]}),
        );
        assert!(!definition(&has));
        for folders in [
            json!({"supported": true}),
            json!({"supported": false, "changeNotifications": true}),
        ] {
            let has = Capabilities::new(json!({"workspace": {"workspaceFolders": folders}}));
            assert!(!has.takes_folders());
        }
        for notifications in [json!(true), json!("id")] {
            let folders = json!({"supported": true, "changeNotifications": notifications});
            let has = Capabilities::new(json!({"workspace": {"workspaceFolders": folders}}));
            assert!(has.takes_folders());
        }
        let bare = Capabilities::new(json!({"textDocumentSync": 1}));
        assert_eq!((bare.sync(), bare.save()), (SyncKind::Full, None));
        assert_eq!(Capabilities::new(Value::Null).sync(), SyncKind::None);
    }
}
