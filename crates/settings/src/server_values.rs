//! Settings of language servers, which are theirs and not Kiln's: `python.analysis.typeCheckingMode`.
//! They have the names that VS Code's extensions give them, and are handed on as they are.

use std::collections::BTreeMap;

use serde_json::Value;

/// More settings of servers are not taken.
const MAX_VALUES: usize = 1_000;

/// The sections that language servers have; a setting of one has its name, or begins with it and a
/// dot. The catalogue of servers says whose they are.
pub const SERVER_SECTIONS: &[&str] = &[
    "basedpyright",
    "bashIde",
    "biome",
    "clangd",
    "csharp",
    "css",
    "docker",
    "eslint",
    "gopls",
    "html",
    "intelephense",
    "java",
    "javascript",
    "js/ts",
    "json",
    "kotlin",
    "less",
    "metals",
    "pylsp",
    "python",
    "ruby-lsp",
    "rubyLsp",
    "ruff",
    "rust-analyzer",
    "scss",
    "terraform",
    "ty",
    "typescript",
    "yaml",
];

/// The settings of language servers that the user wrote, by their whole names.
pub type ServerValues = BTreeMap<String, Value>;

/// Whether a key is one of a server's settings, and not one of Kiln's.
pub fn is_of_server(key: &str) -> bool {
    let section = key.split_once('.').map_or(key, |(section, _)| section);
    SERVER_SECTIONS.contains(&section)
}

/// Takes a value; what stood there before goes.
pub(crate) fn take(values: &mut ServerValues, key: &str, value: Value) {
    if values.len() < MAX_VALUES || values.contains_key(key) {
        values.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layer, Settings, schema};
    use serde_json::json;

    #[test]
    fn settings_of_servers_are_taken_as_they_are_and_others_told() {
        let text = r#"{"python.analysis.typeCheckingMode": "strict", "gopls": {"hints": {}},
            "pythonic.x": 1, "golang": {}}"#;
        let (settings, problems) = Settings::from_layers(&[Layer::user("user", text)]);
        assert_eq!(
            settings.server_values,
            ServerValues::from([
                ("gopls".to_owned(), json!({"hints": {}})),
                (
                    "python.analysis.typeCheckingMode".to_owned(),
                    json!("strict")
                ),
            ])
        );
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn a_folder_sets_none_of_them() {
        let text = r#"{"rust-analyzer.check.overrideCommand": ["evil"]}"#;
        let (settings, problems) = Settings::from_layers(&[Layer::folder("folder", text)]);
        assert_eq!(settings, Settings::from_layers(&[]).0);
        assert!(
            problems[0].message.contains("not by a folder"),
            "{problems:?}"
        );
    }

    #[test]
    fn no_setting_of_kiln_is_taken_for_one_of_a_server() {
        for setting in schema() {
            assert!(!is_of_server(setting.key), "{}", setting.key);
        }
    }
}
