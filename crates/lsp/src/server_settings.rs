//! The settings that a user gives a language server, as they are written in a settings file: by the
//! names that VS Code's extension of it gives them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::catalogue::ServerEntry;

/// A name has no more parts than this.
const MAX_PARTS: usize = 20;

/// What a server is told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServerSettings {
    /// At the start.
    pub initialization_options: Value,
    /// Where it asks for settings, by section.
    pub settings: Value,
    /// The same where it asks for those of a folder beside its root, or of what is in one.
    pub by_folder: BTreeMap<PathBuf, Value>,
}

impl ServerSettings {
    /// What it gets where it asks for settings of a file or a folder, if it names one
    /// (`ConfigurationItem.scopeUri`, LSP 3.17): those of the folder nearest above, of which `root` is
    /// one.
    pub(crate) fn of(&self, scope: Option<&Path>, root: &Path) -> &Value {
        let Some(scope) = scope else {
            return &self.settings;
        };
        let above = |folder: &Path| {
            scope
                .starts_with(folder)
                .then(|| folder.components().count())
        };
        let nearest = self.by_folder.iter();
        let nearest = nearest.filter_map(|(folder, own)| Some((above(folder)?, own)));
        match nearest.max_by_key(|(depth, _)| *depth) {
            Some((depth, own)) if Some(depth) > above(root) => own,
            _ => &self.settings,
        }
    }
}

impl ServerEntry {
    /// What the server is told: what the catalogue says, over that which Python the project has where it
    /// is told that, and over that what the user wrote, by whole names. Objects are joined, everything
    /// else takes the place of what was there.
    pub fn settings_with(
        &self,
        values: &BTreeMap<String, Value>,
        interpreter: Option<&Path>,
    ) -> ServerSettings {
        let mut settings = self.settings.clone();
        if let (Some(name), Some(path)) = (&self.interpreter, interpreter.and_then(Path::to_str)) {
            put(&mut settings, name, &path.into());
        }
        let mut options = self.initialization_options.clone();
        for (key, value) in values {
            match value {
                // What stands in the section itself is called as what names it before each.
                Value::Object(fields) if self.root_section.as_ref() == Some(key) => {
                    for (field, value) in fields {
                        self.take(&mut settings, &format!("{key}.{field}"), value);
                    }
                }
                _ => self.take(&mut settings, key, value),
            }
        }
        if let Some(section) = &self.initialization_section
            && let Some(own) = settings.get(section)
        {
            let at = self.initialization_key.as_deref().unwrap_or_default();
            put(&mut options, at, own);
        }
        ServerSettings {
            initialization_options: options,
            settings,
            by_folder: BTreeMap::new(),
        }
    }

    /// Takes one of the user's settings, where it is one of the server's.
    fn take(&self, settings: &mut Value, key: &str, value: &Value) {
        let key = self.renamed.get(key).map_or(key, String::as_str);
        let (section, rest) = key.split_once('.').unwrap_or((key, ""));
        if !self.sections.iter().any(|one| one == section) {
            return;
        }
        match &self.root_section {
            Some(root) if root == section && rest.is_empty() => {}
            Some(root) if root == section => put(settings, rest, value),
            _ => put(settings, key, value),
        }
    }
}

/// Joins a value in at a dotted name, `a.b`; what is no object on the way to it becomes one. Without a
/// name it is joined with all.
fn put(all: &mut Value, name: &str, value: &Value) {
    let mut at = all;
    for part in name.splitn(MAX_PARTS, '.').filter(|part| !part.is_empty()) {
        if !at.is_object() {
            *at = Value::Object(Map::new());
        }
        at = &mut at[part];
    }
    join(at, value);
}

fn join(into: &mut Value, value: &Value) {
    match (into, value) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                join(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, value) => *into = value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use serde_json::json;

    fn told(server: &str, values: &Value) -> ServerSettings {
        let catalogue = Catalogue::bundled().unwrap();
        let mut servers = catalogue.servers.iter();
        let entry = servers.find(|one| one.name == server).unwrap();
        let values = values.as_object().unwrap().clone().into_iter().collect();
        entry.settings_with(&values, None)
    }

    #[test]
    fn a_server_gets_what_is_written_in_its_sections_over_what_it_has() {
        let values = json!({
            "json.validate.enable": false,
            "json.schemas": [{"url": "a"}],
            "gopls": {"hints": {"parameterNames": true}, "ui": 3},
            "gopls.ui.semanticTokens": true,
            "python.analysis.typeCheckingMode": "strict",
        });
        assert_eq!(
            told("vscode-json-language-server", &values).settings,
            json!({"json": {"validate": {"enable": false}, "schemas": [{"url": "a"}]}})
        );
        let go = told("gopls", &values);
        assert_eq!(
            go.settings,
            json!({"gopls": {"hints": {"parameterNames": true}, "ui": {"semanticTokens": true}}})
        );
        assert_eq!(go.initialization_options, go.settings["gopls"]);
        assert_eq!(
            told("pyright", &values).settings,
            json!({"python": {"analysis": {"typeCheckingMode": "strict"}}})
        );
        assert_eq!(told("typeprof", &values).settings, Value::Null);
    }

    #[test]
    fn a_server_of_python_is_told_of_the_projects_python_unless_the_user_chose_one() {
        let catalogue = Catalogue::bundled().unwrap();
        let told = |server: &str, values: &[(&str, &str)]| {
            let mut servers = catalogue.servers.iter();
            let entry = servers.find(|one| one.name == server).unwrap();
            let values = values
                .iter()
                .map(|(key, value)| ((*key).to_owned(), json!(value)));
            let python = Path::new("/work/.venv/bin/python");
            entry
                .settings_with(&values.collect(), Some(python))
                .settings
        };
        let own = json!({"python": {"pythonPath": "/work/.venv/bin/python"}});
        assert_eq!(told("pyright", &[]), own);
        assert_eq!(told("basedpyright", &[]), own);
        assert_eq!(
            told("pyright", &[("python.pythonPath", "/usr/bin/python3")]),
            json!({"python": {"pythonPath": "/usr/bin/python3"}})
        );
        assert_eq!(told("gopls", &[])["python"], Value::Null);
    }

    #[test]
    fn eslint_gets_its_settings_without_their_section_and_by_its_own_names() {
        let told = |values: Value| told("eslint", &values).settings;
        let usual = told(json!({}));
        let mut expected = usual.clone();
        expected["run"] = json!("onSave");
        expected["quiet"] = json!(true);
        expected["format"] = json!(true);
        expected["options"] = json!({"overrideConfigFile": "a.js"});
        expected["rulesCustomizations"] = json!([{"rule": "no-*", "severity": "off"}]);
        expected["codeActionOnSave"]["mode"] = json!("problems");
        expected["codeAction"]["showDocumentation"]["enable"] = json!(false);
        assert_eq!(
            told(json!({
                "eslint": {"quiet": true, "validate": ["html"]},
                "eslint.codeAction.showDocumentation": {"enable": false},
                "eslint.codeActionsOnSave.mode": "problems",
                "eslint.enable": false,
                "eslint.format.enable": true,
                "eslint.options": {"overrideConfigFile": "a.js"},
                "eslint.rules.customizations": [{"rule": "no-*", "severity": "off"}],
                "eslint.run": "onSave",
                "eslint.validate": ["javascript", "html"],
                "eslint.workingDirectories": [{"mode": "auto"}],
            })),
            expected
        );
        assert_eq!(told(json!({"eslint": 1, "eslinted.run": "onSave"})), usual);
    }

    #[test]
    fn settings_that_a_server_calls_otherwise_or_takes_at_the_start_reach_it() {
        let values = json!({
            "typescript.inlayHints.parameterNames.enabled": "all",
            "ruff.lineLength": 88,
            "rust-analyzer.check.command": "clippy",
        });
        assert_eq!(
            told("typescript-language-server", &values).settings,
            json!({"typescript": {"inlayHints": {"includeInlayParameterNameHints": "all"}}})
        );
        assert_eq!(
            told("vtsls", &values).settings,
            json!({"typescript": {"inlayHints": {"parameterNames": {"enabled": "all"}}}})
        );
        assert_eq!(
            told("ruff", &values).initialization_options,
            json!({"settings": {"lineLength": 88}})
        );
        assert_eq!(
            told("rust-analyzer", &values).initialization_options,
            json!({"check": {"command": "clippy"}})
        );
    }
}
