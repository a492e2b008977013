//! The settings of the lines that show indentation and pairs of brackets.

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType};

/// The lines that show indentation and pairs of brackets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct GuidesSettings {
    /// The pairs that have a line down their side.
    pub bracket_pairs: PairGuides,
    /// The pairs that have lines from their brackets to that one.
    pub horizontal: PairGuides,
    /// Whether the line of the caret's pair stands out.
    pub highlight_active_pair: bool,
    /// Whether levels of indentation have lines.
    pub indentation: bool,
    /// When the line of the caret's level stands out.
    pub highlight_active_indentation: ActiveIndentation,
}

/// Pairs of brackets that have lines.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum PairGuides {
    /// None.
    #[default]
    None,
    /// The innermost that the caret is in.
    Active,
    /// All.
    All,
}

impl PairGuides {
    /// Whether a pair has lines.
    pub fn shows(self, active: bool) -> bool {
        match self {
            Self::None => false,
            Self::Active => active,
            Self::All => true,
        }
    }

    fn of(value: &Value) -> Self {
        match value {
            Value::Bool(true) => Self::All,
            Value::String(_) => Self::Active,
            _ => Self::None,
        }
    }
}

/// When the line of the caret's level of indentation stands out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ActiveIndentation {
    /// Never.
    Off,
    /// Where the line of a pair of brackets does not.
    #[default]
    On,
    /// Always.
    Always,
}

impl Default for GuidesSettings {
    fn default() -> Self {
        Self {
            bracket_pairs: PairGuides::None,
            horizontal: PairGuides::Active,
            highlight_active_pair: true,
            indentation: true,
            highlight_active_indentation: ActiveIndentation::On,
        }
    }
}

const PAIRS: SettingType = SettingType::BooleanOr(&["active"]);

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.guides.bracketPairs",
        value_type: PAIRS,
        default: "false",
        description: "Which pairs of brackets over several lines have a line down their side: all, none, or the one that the caret is in.",
        vscode_key: Some("editor.guides.bracketPairs"),
        scope: Scope::Folder,
        apply: |settings, value| settings.guides.bracket_pairs = PairGuides::of(value),
    },
    SettingSpec {
        key: "editor.guides.bracketPairsHorizontal",
        value_type: PAIRS,
        default: "\"active\"",
        description: "Where `editor.guides.bracketPairs` draws lines, which pairs have lines from their brackets to them too: all, none, or the one that the caret is in.",
        vscode_key: Some("editor.guides.bracketPairsHorizontal"),
        scope: Scope::Folder,
        apply: |settings, value| settings.guides.horizontal = PairGuides::of(value),
    },
    SettingSpec {
        key: "editor.guides.highlightActiveBracketPair",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the line of the pair of brackets that the caret is in stands out.",
        vscode_key: Some("editor.guides.highlightActiveBracketPair"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.guides.highlight_active_pair = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.guides.indentation",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a line is drawn at every level of indentation.",
        vscode_key: Some("editor.guides.indentation"),
        scope: Scope::Folder,
        apply: |settings, value| settings.guides.indentation = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.guides.highlightActiveIndentation",
        value_type: SettingType::BooleanOr(&["always"]),
        default: "true",
        description: "Whether the line of the level of indentation that the caret is in stands out; with `\"always\"` also where that of a pair of brackets does.",
        vscode_key: Some("editor.guides.highlightActiveIndentation"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.guides.highlight_active_indentation = match value {
                Value::Bool(false) => ActiveIndentation::Off,
                Value::String(_) => ActiveIndentation::Always,
                _ => ActiveIndentation::On,
            };
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, Value)> {
    use serde_json::json;
    vec![
        ("editor.guides.bracketPairs", json!("active")),
        ("editor.guides.bracketPairsHorizontal", json!(true)),
        ("editor.guides.highlightActiveBracketPair", json!(false)),
        ("editor.guides.indentation", json!(false)),
        ("editor.guides.highlightActiveIndentation", json!("always")),
    ]
}
