//! The settings of which language servers run.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType};

/// More languages, or servers of one, are not taken.
const MAX_NAMES: usize = 200;

/// Which language servers run.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ServerSettings {
    /// The servers of a language, by its identifier.
    pub chosen: BTreeMap<String, Vec<String>>,
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

pub(crate) const ROWS: &[SettingSpec] = &[SettingSpec {
    key: "editor.languageServers",
    value_type: SettingType::TextLists,
    default: "{}",
    description: "Which language servers run, by language: `{\"python\": [\"ty\", \"!ruff\", \"...\"]}`. A name starts a server, `!` before it keeps it from that, and `...` stands for what is not named: the first of the language that is found, unless one is named, and those that run beside it, such as linters. The languages are in `docs/languages.md`, the servers in `docs/language-servers.md`.",
    vscode_key: None,
    scope: Scope::Folder,
    apply: |settings, value| {
        settings.servers.chosen = text_lists(value).unwrap_or_default();
    },
}];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, Value)> {
    use serde_json::json;
    vec![("editor.languageServers", json!({"python": ["ty", "..."]}))]
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
}
