//! VS Code's settings as Kiln's.

use serde_json::{Map, Value};
use settings::{Appearance, Theme, schema};

use crate::bounded::shown;
use crate::report::{AppliedSetting, ImportedTheme, SettingNotApplied};

/// More keys than this are not listed one by one.
const MAX_LISTED: usize = 1_000;

const MODE: &str = "kiln.theme.mode";
const LIGHT: &str = "workbench.preferredLightColorTheme";
const DARK: &str = "workbench.preferredDarkColorTheme";
const THEME: &str = "workbench.colorTheme";
const DETECT: &str = "window.autoDetectColorScheme";

/// VS Code's own themes, which are no extension of the user's.
const BUILT_IN: &[(&str, Appearance)] = &[
    ("Abyss", Appearance::Dark),
    ("Default Dark Modern", Appearance::Dark),
    ("Default Dark+", Appearance::Dark),
    ("Default High Contrast", Appearance::HighContrastDark),
    ("Default High Contrast Light", Appearance::HighContrastLight),
    ("Default Light Modern", Appearance::Light),
    ("Default Light+", Appearance::Light),
    ("Kimbie Dark", Appearance::Dark),
    ("Monokai", Appearance::Dark),
    ("Monokai Dimmed", Appearance::Dark),
    ("Quiet Light", Appearance::Light),
    ("Red", Appearance::Dark),
    ("Solarized Dark", Appearance::Dark),
    ("Solarized Light", Appearance::Light),
    ("Tomorrow Night Blue", Appearance::Dark),
    ("Visual Studio Dark", Appearance::Dark),
    ("Visual Studio Light", Appearance::Light),
];

/// What becomes of each setting.
#[derive(Default)]
pub(crate) struct Mapped {
    pub(crate) applied: Vec<AppliedSetting>,
    pub(crate) not_applied: Vec<SettingNotApplied>,
}

impl Mapped {
    fn apply(&mut self, vscode_key: &str, key: &'static str, value: Value) {
        self.applied.retain(|setting| setting.key != key);
        self.applied.push(AppliedSetting {
            vscode_key: vscode_key.to_string(),
            key,
            value,
            unchanged: false,
        });
    }

    fn leave(&mut self, key: &str, reason: impl Into<String>) {
        if self.not_applied.len() < MAX_LISTED {
            self.not_applied.push(SettingNotApplied {
                key: shown(key),
                reason: reason.into(),
            });
        }
    }
}

/// Whether a setting of VS Code chooses a theme by its name.
pub(crate) fn chooses_theme(key: &str) -> bool {
    [THEME, LIGHT, DARK].contains(&key)
}

/// Maps a user's settings; `themes` are the ones that are imported along.
pub(crate) fn map_settings(settings: &Map<String, Value>, themes: &[ImportedTheme]) -> Mapped {
    let mut mapped = Mapped::default();
    for (key, value) in settings {
        match key.as_str() {
            THEME | DETECT | LIGHT | DARK => {}
            _ if key.starts_with('[') => {
                mapped.leave(
                    key,
                    "settings for one language are not imported; copy them into Kiln's settings.json",
                );
            }
            _ => match schema()
                .iter()
                .find(|setting| setting.vscode_key == Some(key))
            {
                None => mapped.leave(key, "Kiln has no such setting"),
                Some(setting) => match setting.check(value) {
                    Ok(()) => mapped.apply(key, setting.key, value.clone()),
                    Err(reason) => {
                        mapped.leave(key, format!("Kiln does not take its value: {reason}"))
                    }
                },
            },
        }
    }
    map_theme(settings, themes, &mut mapped);
    mapped
}

/// The four settings that choose VS Code's theme, as Kiln's mode and two themes.
fn map_theme(settings: &Map<String, Value>, themes: &[ImportedTheme], mapped: &mut Mapped) {
    let detects = settings.get(DETECT).and_then(Value::as_bool);
    for (key, slot) in [(LIGHT, LIGHT), (DARK, DARK)] {
        let Some(value) = settings.get(key) else {
            continue;
        };
        match value.as_str().and_then(|name| find_theme(name, themes)) {
            Some((name, _)) => mapped.apply(key, slot, name.into()),
            None => mapped.leave(key, not_found(value)),
        }
    }
    if detects == Some(true) {
        mapped.apply(DETECT, MODE, "system".into());
    } else if detects == Some(false) && !settings.contains_key(THEME) {
        mapped.leave(DETECT, "without a chosen theme it says nothing");
    }
    let Some(value) = settings.get(THEME) else {
        return;
    };
    let Some(name) = value.as_str() else {
        mapped.leave(THEME, "it is no text");
        return;
    };
    let found = find_theme(name, themes);
    let built_in = BUILT_IN
        .iter()
        .find(|(built_in, _)| *built_in == name)
        .map(|(_, appearance)| *appearance);
    let appearance = match (&found, built_in) {
        (Some((theme, appearance)), _) => {
            let slot = if appearance.is_dark() { DARK } else { LIGHT };
            mapped.apply(THEME, slot, theme.clone().into());
            *appearance
        }
        (None, Some(appearance)) => {
            if appearance == Appearance::HighContrastDark {
                mapped.apply(THEME, DARK, "Kiln High Contrast".into());
            } else {
                mapped.leave(
                    THEME,
                    format!("\"{name}\" comes with VS Code; Kiln's own theme takes its place"),
                );
            }
            appearance
        }
        (None, None) => {
            mapped.leave(THEME, not_found(value));
            return;
        }
    };
    if detects != Some(true) {
        let mode = if appearance.is_dark() {
            "dark"
        } else {
            "light"
        };
        mapped.apply(THEME, MODE, mode.into());
    }
}

fn not_found(value: &Value) -> String {
    match value.as_str() {
        Some(name) => format!(
            "the theme \"{}\" is not among the installed extensions",
            shown(name)
        ),
        None => "it is no text".into(),
    }
}

/// The theme that VS Code's settings call so: an imported one, or one of Kiln's.
fn find_theme(name: &str, themes: &[ImportedTheme]) -> Option<(String, Appearance)> {
    let imported = themes
        .iter()
        .find(|theme| theme.settings_id == name || theme.name == name);
    if let Some(theme) = imported {
        return Some((theme.name.clone(), theme.appearance));
    }
    Theme::bundled()
        .iter()
        .find(|theme| theme.name == name)
        .map(|theme| (theme.name.clone(), theme.appearance))
}
