//! Settings for one language, as VS Code has them: `"[python]": {"editor.tabSize": 2}`.

use std::collections::BTreeMap;

use crate::schema::SettingSpec;
use crate::values::Settings;

/// More languages have no settings of their own.
const MAX_LANGUAGES: usize = 200;

/// Settings of the editor that are of the window or the program all the same: how its keys and its
/// mouse are meant, and what is kept for each language in another way.
const NOT_PER_LANGUAGE: &[&str] = &[
    "editor.fastScrollSensitivity",
    "editor.languageServerTrace",
    "editor.languageServers",
    "editor.links",
    "editor.mouseWheelScrollSensitivity",
    "editor.mouseWheelZoom",
    "editor.multiCursorModifier",
    "editor.offerLanguageServers",
    "editor.smoothScrolling",
];

/// Settings that are of a text without being of its editor.
const OF_A_TEXT: &[&str] = &[
    "files.autoGuessEncoding",
    "files.encoding",
    "files.eol",
    "files.insertFinalNewline",
    "files.trimFinalNewlines",
    "files.trimTrailingWhitespace",
    "kiln.formatter",
];

/// The languages of a key such as `[javascript][typescript]`; `None` where it is no such key.
pub fn languages_of(key: &str) -> Option<Vec<&str>> {
    let inside = key.strip_prefix('[')?.strip_suffix(']')?;
    let names: Vec<_> = inside.split("][").map(str::trim).collect();
    let is_name = |name: &&str| !name.is_empty() && !name.contains(['[', ']']);
    names.iter().all(is_name).then_some(names)
}

/// The key of the block of some languages: `[javascript][typescript]`.
pub(crate) fn heading_of(languages: &[impl AsRef<str>]) -> String {
    let names = languages.iter().map(|name| format!("[{}]", name.as_ref()));
    names.collect()
}

impl SettingSpec {
    /// Whether it can be set for one language: `"[python]": { … }`. As in VS Code, all that an editor
    /// looks at can.
    pub fn is_per_language(&self) -> bool {
        let of_editor = self.key.starts_with("editor.") && !NOT_PER_LANGUAGE.contains(&self.key);
        of_editor || OF_A_TEXT.contains(&self.key)
    }
}

/// What the settings are for languages that have some of their own. They are applied after those for
/// all languages, and those of one language after those of several, whichever file they stand in, as
/// VS Code does it.
#[derive(Default)]
pub(crate) struct LanguageBlocks {
    /// What Kiln itself says.
    defaults: Vec<Taken>,
    of_several: Vec<Taken>,
    of_one: Vec<Taken>,
}

/// A value for a language.
type Taken = (String, &'static SettingSpec, serde_json::Value);

impl LanguageBlocks {
    /// Takes a value that fits.
    pub fn take(
        &mut self,
        languages: &[&str],
        setting: &'static SettingSpec,
        value: &serde_json::Value,
    ) {
        let taken = match languages {
            [_] => &mut self.of_one,
            _ => &mut self.of_several,
        };
        for language in languages {
            taken.push(((*language).to_owned(), setting, value.clone()));
        }
    }

    /// Has whatever is taken from here on go over what was.
    pub fn become_defaults(&mut self) {
        self.defaults.append(&mut self.of_several);
        self.defaults.append(&mut self.of_one);
    }

    /// Puts them over the settings for all languages.
    pub fn apply(self, settings: &mut Settings) {
        let mut languages = BTreeMap::<String, Settings>::new();
        let taken = (self.defaults.into_iter())
            .chain(self.of_several)
            .chain(self.of_one);
        for (language, setting, value) in taken {
            if languages.len() == MAX_LANGUAGES && !languages.contains_key(&language) {
                continue;
            }
            let own = languages
                .entry(language)
                .or_insert_with(|| settings.clone());
            setting.apply(own, &value);
        }
        settings.languages = languages;
    }
}

impl Settings {
    /// The settings for texts in a language, by its identifier.
    pub fn of_language(&self, language: &str) -> &Settings {
        self.languages.get(language).unwrap_or(self)
    }

    /// The languages that have settings of their own, by their identifiers, and those.
    pub fn languages(&self) -> impl Iterator<Item = (&str, &Settings)> {
        let languages = self.languages.iter();
        languages.map(|(language, own)| (language.as_str(), own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Layer, find_setting};

    #[test]
    fn go_has_tabs_and_yaml_two_spaces_until_the_user_says_otherwise() {
        let (settings, problems) = Settings::from_layers(&[]);
        assert_eq!(problems, []);
        assert!(!settings.of_language("go").editor.insert_spaces);
        assert!(settings.of_language("rust").editor.insert_spaces);
        assert_eq!(settings.of_language("yaml").editor.tab_size, 2);
        assert_eq!(settings.of_language("rust").editor.tab_size, 4);
        let (settings, _) = Settings::from_layers(&[Layer::user(
            "user",
            r#"{"[yaml][json]": {"editor.tabSize": 3}, "[go]": {"editor.insertSpaces": true}}"#,
        )]);
        assert_eq!(settings.of_language("yaml").editor.tab_size, 3);
        assert!(settings.of_language("go").editor.insert_spaces);
    }

    #[test]
    fn what_is_set_for_a_language_wins_over_what_is_for_all() {
        let (settings, problems) = Settings::from_layers(&[
            Layer::user(
                "user",
                r#"{"[go][python]": {"editor.tabSize": 8, "editor.formatOnSave": true},
                    "editor.tabSize": 3}"#,
            ),
            Layer::folder(
                "folder",
                r#"{"editor.tabSize": 2, "[python]": {"editor.defaultFormatter": "ruff"}}"#,
            ),
        ]);
        assert_eq!(problems, []);
        let size = |language: &str| settings.of_language(language).editor.tab_size;
        assert_eq!([size("go"), size("python"), size("rust")], [8, 8, 2]);
        let python = settings.of_language("python");
        assert!(python.files.format_on_save && !settings.files.format_on_save);
        let formatter = python.formatting.default_formatter.as_deref();
        assert_eq!(formatter, Some("ruff"));
        assert_eq!(
            settings.of_language("go").formatting.default_formatter,
            None
        );
    }

    #[test]
    fn what_is_set_for_a_language_alone_wins_over_what_is_for_several() {
        let (settings, _) = Settings::from_layers(&[
            Layer::user("user", r#"{"[go]": {"editor.tabSize": 8}}"#),
            Layer::folder("folder", r#"{"[go][python]": {"editor.tabSize": 2}}"#),
        ]);
        let size = |language: &str| settings.of_language(language).editor.tab_size;
        assert_eq!([size("go"), size("python")], [8, 2]);
    }

    #[test]
    fn what_cannot_be_set_for_a_language_is_told_with_its_place() {
        let (settings, problems) = Settings::from_layers(&[
            Layer::user(
                "user",
                "{\n  \"[go]\": {\"window.zoomLevel\": 2, \"editor.tabSize\": 0,\n    \"x\": 1},\n  \"[rust]\": 1,\n  \"[]\": {}\n}",
            ),
            Layer::folder(
                "folder",
                r#"{"[go]": {"kiln.formatter": {"command": "evil"}}}"#,
            ),
        ]);
        let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            [
                "user:2:12: `window.zoomLevel` cannot be set for one language; ignored.",
                "user:2:53: `editor.tabSize` is not applied: it takes a whole number from 1 to 16.",
                "user:3:5: Kiln has no setting `x`; ignored.",
                "user:4:13: `[rust]` takes an object of settings; ignored.",
                "user:5:3: Kiln has no setting `[]`; ignored.",
                "folder:1:11: `kiln.formatter` can only be set in your own settings, not by a folder; ignored.",
            ]
        );
        let (defaults, _) = Settings::from_layers(&[]);
        assert_eq!(settings.of_language("go"), defaults.of_language("go"));
    }

    #[test]
    fn what_can_be_set_for_a_language_exists() {
        for key in NOT_PER_LANGUAGE.iter().chain(OF_A_TEXT) {
            assert!(find_setting(key).is_some(), "{key}");
        }
        let is_per_language = |key: &str| find_setting(key).unwrap().is_per_language();
        assert!(is_per_language("editor.wordWrap") && is_per_language("editor.fontSize"));
        assert!(!is_per_language("editor.mouseWheelZoom") && !is_per_language("files.hotExit"));
    }
}
