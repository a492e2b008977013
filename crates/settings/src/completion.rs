//! The settings of completions.

use crate::schema::{Scope, SettingSpec, SettingType};

/// Which texts' words may be suggested where no language server suggests anything.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WordSuggestions {
    /// None.
    Off,
    /// The text that is edited.
    CurrentDocument,
    /// All open texts of its language.
    #[default]
    MatchingDocuments,
    /// All open texts.
    AllDocuments,
}

/// When completions come, and how they are taken.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CompletionSettings {
    /// Whether they come by themselves while a word is typed.
    pub quick_suggestions: bool,
    /// Whose words are suggested where no server suggests anything.
    pub words: WordSuggestions,
    /// Whether they come by themselves behind characters that the language server names.
    pub on_trigger_characters: bool,
    /// Whether Enter takes one.
    pub accept_on_enter: bool,
    /// Whether characters that the language server names take one.
    pub accept_on_commit_character: bool,
    /// Whether the parameters of a call come by themselves.
    pub parameter_hints: bool,
    /// Whether how the text may go on is shown by itself while one types.
    pub inline_suggest: bool,
}

impl Default for CompletionSettings {
    fn default() -> Self {
        Self {
            quick_suggestions: true,
            words: WordSuggestions::default(),
            on_trigger_characters: true,
            accept_on_enter: true,
            accept_on_commit_character: true,
            parameter_hints: true,
            inline_suggest: true,
        }
    }
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.quickSuggestions",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether suggestions come by themselves while a word is typed, in code and not in strings and comments.",
        vscode_key: Some("editor.quickSuggestions"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.quick_suggestions = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.wordBasedSuggestions",
        value_type: SettingType::OneOf(&[
            "off",
            "currentDocument",
            "matchingDocuments",
            "allDocuments",
        ]),
        default: "\"matchingDocuments\"",
        description: "Whether words are suggested where no language server suggests anything: those of the text, of all open texts of its language, or of all open texts.",
        vscode_key: Some("editor.wordBasedSuggestions"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.words = match value.as_str() {
                Some("off") => WordSuggestions::Off,
                Some("currentDocument") => WordSuggestions::CurrentDocument,
                Some("allDocuments") => WordSuggestions::AllDocuments,
                _ => WordSuggestions::MatchingDocuments,
            };
        },
    },
    SettingSpec {
        key: "editor.suggestOnTriggerCharacters",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether suggestions come by themselves behind characters that the language server names, such as the dot.",
        vscode_key: Some("editor.suggestOnTriggerCharacters"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.on_trigger_characters = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.acceptSuggestionOnEnter",
        value_type: SettingType::OneOf(&["on", "off"]),
        default: "\"on\"",
        description: "Whether Enter takes the selected suggestion; Tab always does.",
        vscode_key: Some("editor.acceptSuggestionOnEnter"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.accept_on_enter = value.as_str() != Some("off");
        },
    },
    SettingSpec {
        key: "editor.acceptSuggestionOnCommitCharacter",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether characters that the language server names take the selected suggestion when they are typed.",
        vscode_key: Some("editor.acceptSuggestionOnCommitCharacter"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.accept_on_commit_character = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.parameterHints.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the parameters of a call are shown while its arguments are typed.",
        vscode_key: Some("editor.parameterHints.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.parameter_hints = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.inlineSuggest.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a language server that can say how the text may go on is asked while one types.",
        vscode_key: Some("editor.inlineSuggest.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.completion.inline_suggest = value.as_bool().unwrap_or(true);
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.quickSuggestions", json!(false)),
        ("editor.wordBasedSuggestions", json!("off")),
        ("editor.suggestOnTriggerCharacters", json!(false)),
        ("editor.acceptSuggestionOnEnter", json!("off")),
        ("editor.acceptSuggestionOnCommitCharacter", json!(false)),
        ("editor.parameterHints.enabled", json!(false)),
        ("editor.inlineSuggest.enabled", json!(false)),
    ]
}
