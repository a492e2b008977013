//! The settings of the window as a whole.

use crate::schema::{Scope, SettingSpec, SettingType};

/// The levels of `window.zoomLevel`, as in VS Code.
pub const ZOOM_LEVELS: std::ops::RangeInclusive<f32> = -8. ..=8.;

/// How the window as a whole is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WindowSettings {
    /// How much larger everything is: each level is a fifth more than the one before, in
    /// [`ZOOM_LEVELS`].
    pub zoom_level: f32,
    /// Whether what need not move stands still.
    pub reduce_motion: bool,
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "window.zoomLevel",
        value_type: SettingType::Number {
            min: *ZOOM_LEVELS.start() as f64,
            max: *ZOOM_LEVELS.end() as f64,
        },
        default: "0",
        description: "How much larger everything in the window is: each level is a fifth more than the one before, and 0 is the usual size.",
        vscode_key: Some("window.zoomLevel"),
        scope: Scope::User,
        apply: |settings, value| {
            settings.window.zoom_level = value.as_f64().unwrap_or(0.0) as f32;
        },
    },
    SettingSpec {
        key: "workbench.reduceMotion",
        value_type: SettingType::OneOf(&["on", "off"]),
        default: "\"off\"",
        description: "Whether what need not move stands still: scrolling jumps, and marks of progress are not animated.",
        vscode_key: Some("workbench.reduceMotion"),
        scope: Scope::User,
        apply: |settings, value| settings.window.reduce_motion = value.as_str() == Some("on"),
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("window.zoomLevel", json!(-1.5)),
        ("workbench.reduceMotion", json!("on")),
    ]
}
