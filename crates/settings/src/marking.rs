//! The settings of what is marked in a text: because of where the caret is, or because it is not what
//! it looks like.

use crate::schema::{Scope, SettingSpec, SettingType, whole};

/// What is marked in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MarkingSettings {
    /// Whether the word at the caret is marked wherever it stands.
    pub occurrences: bool,
    /// Milliseconds that the carets rest before anything is marked, at most 2,000.
    pub occurrences_delay: u32,
    /// Whether what is selected is marked where it stands elsewhere.
    pub selection: bool,
    /// Which characters are boxed.
    pub unicode: UnicodeHighlight,
}

/// Which characters are boxed because they are not what they look like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct UnicodeHighlight {
    /// Blanks that are no plain spaces.
    pub invisible: bool,
    /// Letters and marks that look like others of ASCII.
    pub ambiguous: bool,
}

impl Default for MarkingSettings {
    fn default() -> Self {
        Self {
            occurrences: true,
            occurrences_delay: DELAY,
            selection: true,
            unicode: UnicodeHighlight {
                invisible: true,
                ambiguous: true,
            },
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
            settings.marking.occurrences_delay = whole(value).unwrap_or(DELAY);
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
    SettingSpec {
        key: "editor.unicodeHighlight.invisibleCharacters",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether blanks that are no plain spaces, such as no-break spaces, have a box around them. What has no width is drawn as a mark in any case.",
        vscode_key: Some("editor.unicodeHighlight.invisibleCharacters"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.marking.unicode.invisible = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.unicodeHighlight.ambiguousCharacters",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether letters and marks that look like others of ASCII have a box around them. In comments they have none, nor have marks in prose.",
        vscode_key: Some("editor.unicodeHighlight.ambiguousCharacters"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.marking.unicode.ambiguous = value.as_bool().unwrap_or(true);
        },
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
        ("editor.unicodeHighlight.invisibleCharacters", json!(false)),
        ("editor.unicodeHighlight.ambiguousCharacters", json!(false)),
    ]
}
