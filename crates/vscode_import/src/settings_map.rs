//! VS Code's settings as Kiln's.

use std::collections::HashSet;

use serde_json::{Map, Value};
use settings::{Appearance, SettingSpec, Theme, is_of_server, languages_of, schema};

use crate::bounded::shown;
use crate::report::{AddedFiles, AppliedSetting, ImportedTheme, SettingNotApplied, shown_key};

/// More keys than this are not listed one by one.
const MAX_LISTED: usize = 1_000;
/// More blocks for languages are left out.
const MAX_BLOCKS: usize = 200;
/// The longest heading of a block, in bytes.
const MAX_HEADING: usize = 1_000;
/// More settings of language servers are left out.
const MAX_OF_SERVERS: usize = 1_000;
/// What is taken over of language servers' settings together, as JSON, in KiB: Kiln reads no larger
/// settings.json of its own than a few MiB.
const MAX_KEPT_OF_SERVERS: usize = 512;

const FILES: &str = "files.associations";
const NO_LANGUAGE: &str = "Kiln has no such language, and no extension with it is installed";
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
    fn apply(&mut self, vscode_key: &str, key: &str, value: Value) {
        self.apply_for(&[], vscode_key, key, value);
    }

    fn apply_for(&mut self, languages: &[String], vscode_key: &str, key: &str, value: Value) {
        self.applied
            .retain(|setting| setting.key != key || setting.languages != languages);
        self.applied.push(AppliedSetting {
            vscode_key: vscode_key.to_string(),
            languages: languages.to_vec(),
            key: key.to_owned(),
            value,
            is_of_server: false,
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

    /// A setting that Kiln has or not, for some languages or, without them, for all.
    fn take(&mut self, languages: &[String], key: &str, value: &Value) {
        let name = || shown_key(languages, key);
        let Some(setting) = counterpart(key) else {
            return self.leave(&name(), "Kiln has no such setting");
        };
        if !languages.is_empty() && !setting.is_per_language() {
            return self.leave(&name(), "Kiln has it for all languages alone");
        }
        match setting.check(value) {
            Ok(()) => self.apply_for(languages, key, setting.key, value.clone()),
            Err(reason) => self.leave(&name(), format!("Kiln does not take its value: {reason}")),
        }
    }

    /// Files and the languages that they are in, without those whose language Kiln will not have.
    fn take_files(&mut self, value: &Value, imported: &HashSet<&str>) {
        let Some(all) = value.as_object() else {
            return self.take(&[], FILES, value);
        };
        let mut known = all.clone();
        known.retain(|pattern, language| {
            // What is no name of a language is told by the check of the setting.
            let name = language.as_str();
            let is_known =
                name.is_none_or(|name| syntax::is_built_in(name) || imported.contains(name));
            if !is_known {
                self.leave(&format!("{FILES}: {pattern}"), NO_LANGUAGE);
            }
            is_known
        });
        if !known.is_empty() || all.is_empty() {
            self.take(&[], FILES, &known.into());
        }
    }

    /// The settings of a block such as `[javascript][typescript]`.
    fn take_block(&mut self, heading: &str, value: &Value, imported: &HashSet<&str>) {
        let Some(languages) = languages_of(heading) else {
            return self.leave(heading, "it names no language");
        };
        let Some(settings) = value.as_object() else {
            return self.leave(heading, "it holds no settings");
        };
        if heading.len() > MAX_HEADING {
            return self.leave(heading, "it names too many languages");
        }
        let is_known =
            |language: &&str| syntax::is_built_in(language) || imported.contains(language);
        for language in languages.iter().filter(|language| !is_known(language)) {
            self.leave(&format!("[{language}]"), NO_LANGUAGE);
        }
        if !languages.iter().any(is_known) {
            return;
        }
        // With those that Kiln has not, so that the block means what it does in VS Code.
        let languages: Vec<String> = languages.into_iter().map(str::to_owned).collect();
        for (key, value) in settings {
            self.take(&languages, key, value);
        }
    }

    /// A setting of a language server, as it is.
    fn take_of_server(&mut self, key: &str, value: &Value, left: &mut ServerAllowance) {
        if !left.takes(key, value) {
            return self.leave(key, "the settings of language servers are too large");
        }
        self.applied.push(AppliedSetting {
            vscode_key: key.to_owned(),
            languages: Vec::new(),
            key: key.to_owned(),
            value: value.clone(),
            is_of_server: true,
            unchanged: false,
        });
    }
}

/// How many settings of servers may still be taken, and how many bytes of them.
struct ServerAllowance {
    settings: usize,
    bytes: usize,
}

impl ServerAllowance {
    fn takes(&mut self, key: &str, value: &Value) -> bool {
        let bytes = key.len() + value.to_string().len();
        let fits = self.settings > 0 && bytes <= self.bytes;
        if fits {
            self.settings -= 1;
            self.bytes -= bytes;
        }
        fits
    }
}

/// Kiln's setting that means the same.
fn counterpart(key: &str) -> Option<&'static SettingSpec> {
    let mut settings = schema().iter();
    settings.find(|setting| setting.vscode_key == Some(key))
}

/// Whether a setting of VS Code chooses a theme by its name.
pub(crate) fn chooses_theme(key: &str) -> bool {
    [THEME, LIGHT, DARK].contains(&key)
}

/// Maps a user's settings; `themes` and `languages`, by their identifiers, are the ones that are
/// imported along.
pub(crate) fn map_settings(
    settings: &Map<String, Value>,
    themes: &[ImportedTheme],
    languages: &HashSet<&str>,
) -> Mapped {
    let mut mapped = Mapped::default();
    let mut of_servers = ServerAllowance {
        settings: MAX_OF_SERVERS,
        bytes: MAX_KEPT_OF_SERVERS * 1024,
    };
    let mut blocks = 0;
    for (key, value) in settings {
        match key.as_str() {
            THEME | DETECT | LIGHT | DARK => {}
            _ if key.starts_with('[') && blocks < MAX_BLOCKS => {
                blocks += 1;
                mapped.take_block(key, value, languages);
            }
            _ if key.starts_with('[') => {
                mapped.leave(key, "there are too many blocks for languages");
            }
            _ if counterpart(key).is_none() && is_of_server(key) => {
                mapped.take_of_server(key, value, &mut of_servers);
            }
            FILES => mapped.take_files(value, languages),
            _ => mapped.take(&[], key, value),
        }
    }
    map_theme(settings, themes, &mut mapped);
    mapped
}

/// Has files that extensions add to languages of Kiln's open as these, beside what `files.associations`
/// says in VS Code or, where it says nothing there, in Kiln's settings as they are. What is said there
/// of the same files stays.
pub(crate) fn add_associations(
    applied: &mut Vec<AppliedSetting>,
    added: &[AddedFiles],
    current: &Value,
) {
    if added.is_empty() {
        return;
    }
    let is_it = |setting: &AppliedSetting| setting.key == FILES && setting.languages.is_empty();
    let before = match applied.iter().find(|setting| is_it(setting)) {
        Some(setting) => Some(&setting.value),
        None => current.get(FILES),
    };
    let mut value = before.and_then(Value::as_object).cloned();
    let all = value.get_or_insert_default();
    for files in added {
        let language = || files.language.as_str().into();
        all.entry(files.pattern.clone()).or_insert_with(language);
    }
    let value = Value::from(value.unwrap_or_default());
    match applied.iter_mut().find(|setting| is_it(setting)) {
        Some(setting) => setting.value = value,
        None => applied.push(AppliedSetting {
            vscode_key: FILES.to_owned(),
            languages: Vec::new(),
            key: FILES.to_owned(),
            value,
            is_of_server: false,
            unchanged: false,
        }),
    }
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
