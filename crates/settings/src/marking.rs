//! The settings of what is marked in a text because of where the caret is.

use crate::schema::{Scope, SettingSpec, SettingType, whole_number};

/// What is marked in a text because of where the caret is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MarkingSettings {
    /// Whether the word at the caret is marked wherever it stands.
    pub occurrences: bool,
    /// Milliseconds that the carets rest before anything is marked, at most 2,000.
    pub occurrences_delay: u32,
    /// Whether what is selected is marked where it stands elsewhere.
    pub selection: bool,
}

impl Default for MarkingSettings {
    fn default() -> Self {
        Self {
            occurrences: true,
            occurrences_delay: DELAY,
            selection: true,
        }
    }
}

const DELAY: u32 = 250;

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.occurrencesHighlight",
        value_type: SettingType::OneOf(&["off", "singleFile"]),
        default: "\"singleFile\"",
        description: "Whether the word at the caret is marked wherever it stands in the file.",
        vscode_key: Some("editor.occurrencesHighlight"),
        scope: Scope::Folder,
        apply: |settings, value| settings.marking.occurrences = value.as_str() != Some("off"),
    },
    SettingSpec {
        key: "editor.occurrencesHighlightDelay",
        value_type: SettingType::Integer { min: 0, max: 2000 },
        default: "250",
        description: "Milliseconds that the carets rest before the word at the caret, or what is selected, is marked elsewhere.",
        vscode_key: Some("editor.occurrencesHighlightDelay"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.marking.occurrences_delay = whole_number(value)
                .and_then(|delay| u32::try_from(delay).ok())
                .unwrap_or(DELAY);
        },
    },
    SettingSpec {
        key: "editor.selectionHighlight",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a selected text of one line, at most 200 bytes, is marked where it stands elsewhere in the file.",
        vscode_key: Some("editor.selectionHighlight"),
        scope: Scope::Folder,
        apply: |settings, value| settings.marking.selection = value.as_bool().unwrap_or(true),
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.occurrencesHighlight", json!("off")),
        ("editor.occurrencesHighlightDelay", json!(0)),
        ("editor.selectionHighlight", json!(false)),
    ]
}
