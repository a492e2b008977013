//! The settings of scrolling, and of the wheel.

use serde_json::Value;

use crate::schema::{Scope, SettingSpec, SettingType};
use crate::values::Settings;

/// How editors scroll.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScrollingSettings {
    /// Whether scrolling by keys, by notches of a wheel and to what is shown moves there instead
    /// of jumping.
    pub smooth: bool,
    /// What the distance of the wheel is multiplied by; negative turns it round, never 0.
    pub wheel_sensitivity: f32,
    /// What it is multiplied by as well while Alt is held; more than 0.
    pub fast_sensitivity: f32,
    /// Whether the wheel makes text larger and smaller while Ctrl (Cmd on macOS) is held.
    pub wheel_zooms: bool,
}

impl Default for ScrollingSettings {
    fn default() -> Self {
        Self {
            smooth: false,
            wheel_sensitivity: 1.0,
            fast_sensitivity: 5.0,
            wheel_zooms: false,
        }
    }
}

pub(crate) const ROWS: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.smoothScrolling",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether the editor moves to where it scrolls instead of jumping there. Touchpads always scroll directly.",
        vscode_key: Some("editor.smoothScrolling"),
        scope: Scope::Folder,
        apply: |settings, value| settings.scrolling.smooth = value.as_bool() == Some(true),
    },
    SettingSpec {
        key: "editor.mouseWheelScrollSensitivity",
        value_type: SettingType::Number {
            min: -100.0,
            max: 100.0,
        },
        default: "1",
        description: "How far the wheel scrolls, as a multiple of the usual. 0 is the usual, a negative number scrolls the other way.",
        vscode_key: Some("editor.mouseWheelScrollSensitivity"),
        scope: Scope::Folder,
        apply: |settings: &mut Settings, value: &Value| {
            let number = value.as_f64().unwrap_or(0.0) as f32;
            settings.scrolling.wheel_sensitivity = if number == 0.0 { 1.0 } else { number };
        },
    },
    SettingSpec {
        key: "editor.fastScrollSensitivity",
        value_type: SettingType::Number {
            min: 0.0,
            max: 100.0,
        },
        default: "5",
        description: "How many times as far the wheel scrolls while Alt is held. 0 is the usual 5.",
        vscode_key: Some("editor.fastScrollSensitivity"),
        scope: Scope::Folder,
        apply: |settings: &mut Settings, value: &Value| {
            let number = value.as_f64().unwrap_or(0.0) as f32;
            settings.scrolling.fast_sensitivity = if number <= 0.0 { 5.0 } else { number };
        },
    },
    SettingSpec {
        key: "editor.mouseWheelZoom",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether the wheel makes the text of editors larger and smaller while Ctrl (Cmd on macOS) is held.",
        vscode_key: Some("editor.mouseWheelZoom"),
        scope: Scope::Folder,
        apply: |settings, value| settings.scrolling.wheel_zooms = value.as_bool() == Some(true),
    },
];

/// A value of each that is not its default.
#[cfg(test)]
pub(crate) fn samples() -> Vec<(&'static str, serde_json::Value)> {
    use serde_json::json;
    vec![
        ("editor.smoothScrolling", json!(true)),
        ("editor.mouseWheelScrollSensitivity", json!(-2)),
        ("editor.fastScrollSensitivity", json!(3)),
        ("editor.mouseWheelZoom", json!(true)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::find_setting;
    use serde_json::json;

    #[test]
    fn sensitivities_of_zero_are_the_usual_ones() {
        let mut settings = Settings::default();
        for key in [
            "editor.mouseWheelScrollSensitivity",
            "editor.fastScrollSensitivity",
        ] {
            let setting = find_setting(key).unwrap();
            setting.apply(&mut settings, &json!(0));
        }
        assert_eq!(settings.scrolling, ScrollingSettings::default());
    }
}
