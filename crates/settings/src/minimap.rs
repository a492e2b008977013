//! The settings of the minimap, the small picture of the file beside its text.

use crate::schema::{Scope, SettingSpec, SettingType, whole};

/// How the minimap is shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MinimapSettings {
    /// Whether editors have one.
    pub enabled: bool,
    /// On which side of the text.
    pub side: MinimapSide,
    /// When the part in view is marked.
    pub show_slider: ShowSlider,
    /// Columns of a row that are drawn at most, 1 to 10,000.
    pub max_column: u16,
}

/// A side of the text.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum MinimapSide {
    /// Before the line numbers.
    Left,
    /// Between the text and the scrollbar.
    #[default]
    Right,
}

/// When the part of the file in view is marked in the minimap.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ShowSlider {
    /// Always.
    Always,
    /// While the pointer is over the minimap.
    #[default]
    MouseOver,
}

/// What `editor.minimap.maxColumn` is without a setting, and its bounds.
const MAX_COLUMN: u16 = 120;
const MAX_COLUMNS: i64 = 10_000;

impl Default for MinimapSettings {
    fn default() -> Self {
        Self {
            enabled: true,
            side: MinimapSide::default(),
            show_slider: ShowSlider::default(),
            max_column: MAX_COLUMN,
        }
    }
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.minimap.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a small picture of the file stands beside its text. It is left out where the text has little room, or all of it is in view.",
        vscode_key: Some("editor.minimap.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| settings.minimap.enabled = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.minimap.side",
        value_type: SettingType::OneOf(&["left", "right"]),
        default: "\"right\"",
        description: "On which side of the text the minimap is: before the line numbers, or beside the scrollbar.",
        vscode_key: Some("editor.minimap.side"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.minimap.side = match value.as_str() {
                Some("left") => MinimapSide::Left,
                _ => MinimapSide::Right,
            };
        },
    },
    SettingSpec {
        key: "editor.minimap.showSlider",
        value_type: SettingType::OneOf(&["always", "mouseover"]),
        default: "\"mouseover\"",
        description: "When the part of the file in view is marked in the minimap: always, or while the pointer is over it.",
        vscode_key: Some("editor.minimap.showSlider"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.minimap.show_slider = match value.as_str() {
                Some("always") => ShowSlider::Always,
                _ => ShowSlider::MouseOver,
            };
        },
    },
    SettingSpec {
        key: "editor.minimap.maxColumn",
        value_type: SettingType::Integer {
            min: 1,
            max: MAX_COLUMNS,
        },
        default: "120",
        description: "How many columns of a line the minimap draws at most; fewer where the text has less room.",
        vscode_key: Some("editor.minimap.maxColumn"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.minimap.max_column = whole(value).unwrap_or(MAX_COLUMN);
        },
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.minimap.enabled", json!(false)),
        ("editor.minimap.side", json!("left")),
        ("editor.minimap.showSlider", json!("always")),
        ("editor.minimap.maxColumn", json!(80)),
    ]
}
