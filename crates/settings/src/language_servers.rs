//! The settings of which language servers run.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType, text_map};

/// More languages, or servers of one, are not taken.
const MAX_NAMES: usize = 200;

/// Which language servers run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServerSettings {
    /// The servers of a language, by its identifier.
    pub chosen: BTreeMap<String, Vec<String>>,
    /// Whether it is offered to install servers, and newer versions of those that Kiln installed.
    pub offers: bool,
    /// How much is kept of what a server and Kiln say, by the server's name: `off`, `messages` or
    /// `verbose`.
    pub trace: BTreeMap<String, String>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            chosen: BTreeMap::new(),
            offers: true,
            trace: BTreeMap::new(),
        }
    }
}

/// An object whose values are lists of texts that are not empty.
pub(crate) fn text_lists(value: &Value) -> Option<BTreeMap<String, Vec<String>>> {
    let object = value.as_object().filter(|all| all.len() <= MAX_NAMES)?;
    let list = |value: &Value| -> Option<Vec<String>> {
        let all = value.as_array().filter(|all| all.len() <= MAX_NAMES)?;
        let texts = all
            .iter()
            .map(|one| one.as_str().filter(|text| !text.trim().is_empty()));
        texts.map(|text| text.map(str::to_owned)).collect()
    };
    object
        .iter()
        .map(|(key, value)| Some((key.clone(), list(value)?)))
        .collect()
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.languageServers",
        value_type: SettingType::TextLists,
        default: "{}",
        description: "Which language servers run, by language: `{\"python\": [\"ty\", \"!ruff\", \"...\"]}`. A name starts a server, `!` before it keeps it from that, and `...` stands for what is not named: the first of the language that is found, unless one is named, and those that run beside it, such as linters. The languages are in `docs/languages.md`, the servers in `docs/language-servers.md`.",
        vscode_key: None,
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.servers.chosen = text_lists(value).unwrap_or_default();
        },
    },
    SettingSpec {
        key: "editor.offerLanguageServers",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether Kiln offers to install a language server where a file has none, and a newer version of one that it installed. Without it \"Install Language Server\" in the palette still does it.",
        vscode_key: None,
        scope: Scope::Folder,
        apply: |settings, value| settings.servers.offers = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.languageServerTrace",
        value_type: SettingType::MapOf(&["off", "messages", "verbose"]),
        default: "{}",
        description: "How much Kiln keeps of what it and a language server say to each other, by server: `{\"pyright\": \"verbose\"}`, as VS Code's `python.trace.server` and its like. `messages` keeps when what was said and how long an answer took, `verbose` the messages too. \"Show Trace of Language Server\u{2026}\" in the palette shows it.",
        vscode_key: None,
        scope: Scope::Folder,
        apply: |settings, value| {
            let map = text_map(value).unwrap_or_default();
            settings.servers.trace = map.into_iter().collect();
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, Value)> {
    use serde_json::json;
    vec![
        ("editor.languageServers", json!({"python": ["ty", "..."]})),
        ("editor.offerLanguageServers", json!(false)),
        ("editor.languageServerTrace", json!({"ty": "verbose"})),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_of_names_by_language_are_taken_and_nothing_else() {
        let read = text_lists(&json!({"python": ["ty", "..."], "go": []})).unwrap();
        assert_eq!(read["python"], ["ty", "..."]);
        assert!(read["go"].is_empty());
        for wrong in [
            json!(["ty"]),
            json!({"python": "ty"}),
            json!({"python": [1]}),
            json!({"python": [" "]}),
        ] {
            assert_eq!(text_lists(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_trace_is_one_of_its_levels_by_server() {
        let trace = crate::schema::find_setting("editor.languageServerTrace").unwrap();
        let check = |value: Value| trace.check(&value);
        assert_eq!(check(json!({"ty": "messages", "pyright": "off"})), Ok(()));
        for wrong in [json!("verbose"), json!({"ty": "loud"}), json!({"ty": true})] {
            let error = check(wrong).unwrap_err();
            assert!(
                error.contains("an object of") && error.contains("messages"),
                "{error}"
            );
        }
    }
}
