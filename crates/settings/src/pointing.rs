//! The settings of what pointing at a text does: hovers, links, dragging.

use crate::schema::{Scope, SettingSpec, SettingType, whole};

/// What pointing at a text does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PointingSettings {
    /// Whether resting the pointer on a text says what is known about it.
    pub hover: bool,
    /// Milliseconds of rest before it is said, at most 10,000.
    pub hover_delay: u32,
    /// Whether web addresses are marked and can be followed.
    pub links: bool,
    /// Whether what is selected can be dragged elsewhere.
    pub drag_and_drop: bool,
}

impl Default for PointingSettings {
    fn default() -> Self {
        Self {
            hover: true,
            hover_delay: DELAY,
            links: true,
            drag_and_drop: true,
        }
    }
}

const DELAY: u32 = 300;

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.hover.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether resting the pointer on a text shows what is known about it.",
        vscode_key: Some("editor.hover.enabled"),
        scope: Scope::Folder,
        apply: |settings, value| settings.pointing.hover = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.hover.delay",
        value_type: SettingType::Integer {
            min: 0,
            max: 10_000,
        },
        default: "300",
        description: "Milliseconds that the pointer rests on a text before something is shown about it.",
        vscode_key: Some("editor.hover.delay"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.pointing.hover_delay = whole(value).unwrap_or(DELAY);
        },
    },
    SettingSpec {
        key: "editor.links",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether web addresses are underlined, and followed by a click with Ctrl (Cmd on macOS); with Alt where `editor.multiCursorModifier` takes that key.",
        vscode_key: Some("editor.links"),
        scope: Scope::Folder,
        apply: |settings, value| settings.pointing.links = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.dragAndDrop",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether a selection can be dragged to another place; with Ctrl (Option on macOS) it is copied there.",
        vscode_key: Some("editor.dragAndDrop"),
        scope: Scope::Folder,
        apply: |settings, value| settings.pointing.drag_and_drop = value.as_bool().unwrap_or(true),
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.hover.enabled", json!(false)),
        ("editor.hover.delay", json!(1000)),
        ("editor.links", json!(false)),
        ("editor.dragAndDrop", json!(false)),
    ]
}
