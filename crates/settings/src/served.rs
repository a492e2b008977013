//! The settings of what language servers show in a text.

use crate::schema::{Scope, SettingSpec, SettingType, whole};

/// What language servers show in a text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServedSettings {
    /// When types, names of parameters and the like are shown between the text.
    pub inlay_hints: InlayHintsMode,
    /// Characters that are shown of one of them; 0 for all.
    pub inlay_hint_length: usize,
    /// Whether names are coloured by what they mean.
    pub semantic_highlighting: SemanticHighlighting,
    /// Whether commands are shown above lines.
    pub code_lens: bool,
    /// Whether colours that are written out have a swatch.
    pub color_decorators: bool,
    /// Whether imports are folded when a file is opened.
    pub folding_imports: bool,
    /// When a light bulb says that there is a quick fix.
    pub light_bulb: LightBulbMode,
}

/// When a light bulb beside the line of the caret says that there is a quick fix for it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum LightBulbMode {
    /// Never.
    Off,
    /// Where the caret is in or at code, or its line has a problem.
    #[default]
    OnCode,
    /// Wherever there is one.
    On,
}

/// When hints are shown between the text. The keys are Ctrl and Alt.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum InlayHintsMode {
    /// Always.
    #[default]
    On,
    /// While the keys are not held.
    OnUnlessPressed,
    /// While the keys are held.
    OffUnlessPressed,
    /// Never.
    Off,
}

/// Whether names are coloured by what they mean.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum SemanticHighlighting {
    /// Whatever the theme is made for.
    On,
    /// Not at all.
    Off,
    /// Where the theme is made for it.
    #[default]
    ByTheme,
}

const HINT_LENGTH: u32 = 43;

impl Default for ServedSettings {
    fn default() -> Self {
        Self {
            inlay_hints: InlayHintsMode::default(),
            inlay_hint_length: HINT_LENGTH as usize,
            semantic_highlighting: SemanticHighlighting::default(),
            code_lens: true,
            color_decorators: true,
            folding_imports: false,
            light_bulb: LightBulbMode::default(),
        }
    }
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.inlayHints.enabled",
        value_type: SettingType::OneOf(&["on", "onUnlessPressed", "offUnlessPressed", "off"]),
        default: "\"on\"",
        description: "Whether types, names of parameters and the like, as the language server knows them, are shown between the text: always, while Ctrl+Alt is not held, while it is held, or never.",
        vscode_key: Some("editor.inlayHints.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.inlay_hints = match value.as_str() {
                Some("onUnlessPressed") => InlayHintsMode::OnUnlessPressed,
                Some("offUnlessPressed") => InlayHintsMode::OffUnlessPressed,
                Some("off") => InlayHintsMode::Off,
                _ => InlayHintsMode::On,
            };
        },
    },
    SettingSpec {
        key: "editor.inlayHints.maximumLength",
        value_type: SettingType::Integer { min: 0, max: 400 },
        default: "43",
        description: "Characters that are shown of a hint between the text; 0 for all.",
        vscode_key: Some("editor.inlayHints.maximumLength"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.inlay_hint_length = whole(value).unwrap_or(HINT_LENGTH) as usize;
        },
    },
    SettingSpec {
        key: "editor.semanticHighlighting.enabled",
        value_type: SettingType::BooleanOr(&["configuredByTheme"]),
        default: "\"configuredByTheme\"",
        description: "Whether names are coloured by what the language server says that they are, beside their colours by the syntax: always, never, or where the theme is made for it, as Kiln's own are.",
        vscode_key: Some("editor.semanticHighlighting.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.semantic_highlighting = match value.as_bool() {
                Some(true) => SemanticHighlighting::On,
                Some(false) => SemanticHighlighting::Off,
                None => SemanticHighlighting::ByTheme,
            };
        },
    },
    SettingSpec {
        key: "editor.codeLens",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether commands of the language server, such as running a test, are shown above the lines that they are about.",
        vscode_key: Some("editor.codeLens"),
        scope: Scope::Folder,
        apply: |settings, value| settings.served.code_lens = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.colorDecorators",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a colour that is written out, as the language server knows them, has a small swatch before it.",
        vscode_key: Some("editor.colorDecorators"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.color_decorators = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "editor.foldingImportsByDefault",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether imports, as the language server knows them, are folded when a file is opened.",
        vscode_key: Some("editor.foldingImportsByDefault"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.folding_imports = value.as_bool().unwrap_or(false);
        },
    },
    SettingSpec {
        key: "editor.lightbulb.enabled",
        value_type: SettingType::BooleanOr(&["off", "onCode", "on"]),
        default: "\"onCode\"",
        description: "Whether a light bulb stands beside the line of the caret where the language server has a quick fix for it: never, where the caret is in or at code or its line has a problem, or wherever there is one. True is as onCode, false as off.",
        vscode_key: Some("editor.lightbulb.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.served.light_bulb = match (value.as_bool(), value.as_str()) {
                (Some(false), _) | (_, Some("off")) => LightBulbMode::Off,
                (_, Some("on")) => LightBulbMode::On,
                _ => LightBulbMode::OnCode,
            };
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.inlayHints.enabled", json!("offUnlessPressed")),
        ("editor.inlayHints.maximumLength", json!(10)),
        ("editor.semanticHighlighting.enabled", json!(false)),
        ("editor.codeLens", json!(false)),
        ("editor.colorDecorators", json!(false)),
        ("editor.foldingImportsByDefault", json!(true)),
        ("editor.lightbulb.enabled", json!("on")),
    ]
}
