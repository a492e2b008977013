//! The one table of settings.

use std::sync::LazyLock;

use serde_json::Value;

use crate::action_kinds::action_kinds;
use crate::completion;
use crate::drawing;
use crate::files;
use crate::formatting::{self, formatter_command};
use crate::guides;
use crate::language_servers::{self, text_lists};
use crate::marking;
use crate::minimap;
use crate::path_globs;
use crate::pointing;
use crate::scrolling;
use crate::served;
use crate::typing;
use crate::values::{
    HotExit, ProviderSettings, Settings, ThemeMode, WireProtocol, WordWrap, WrappingIndent,
};
use crate::window;

/// Which files may set a setting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Scope {
    /// The user's file alone: a project folder must not choose what is run,
    /// what is trusted or where data is sent.
    User,
    /// The user's file and the folder's.
    Folder,
}

/// What values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SettingType {
    /// `true` or `false`.
    Boolean,
    /// `true`, `false` or one of these texts.
    BooleanOr(&'static [&'static str]),
    /// A whole number within the bounds.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A number within the bounds.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// A text that is not empty.
    Text,
    /// A text, or `null`.
    OptionalText,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of texts.
    TextList,
    /// An object whose values are texts.
    TextMap,
    /// An object whose values are lists of texts.
    TextLists,
    /// An object whose values are one of these texts each.
    MapOf(&'static [&'static str]),
    /// A list of columns, each a whole number from 1 to the bound; VS Code's objects with a
    /// `column` too.
    Columns {
        /// Largest.
        max: u32,
    },
    /// An object whose keys are patterns of paths and whose values say whether they count.
    PathGlobs,
    /// Kinds of code actions, each with when it is taken.
    ActionKinds,
    /// A program with its arguments, or `null`.
    FormatterCommand,
    /// A list of model servers.
    Providers,
}

/// One setting: a row of the table.
#[derive(Clone, Copy, Debug)]
pub struct SettingSpec {
    /// Its name in settings.json.
    pub key: &'static str,
    /// What it takes.
    pub value_type: SettingType,
    /// Its default, as JSON text.
    pub default: &'static str,
    /// What it does, in one or two sentences of Markdown.
    pub description: &'static str,
    /// The setting of VS Code that means the same and takes the same values.
    pub vscode_key: Option<&'static str>,
    /// Which files may set it.
    pub scope: Scope,
    pub(crate) apply: fn(&mut Settings, &Value),
}

impl SettingSpec {
    /// The default as a value.
    pub fn default_value(&self) -> Value {
        serde_json::from_str(self.default).unwrap_or(Value::Null)
    }

    /// Whether the setting takes the value; the error says what it takes instead.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        self.value_type.check(value)
    }

    /// Writes a value that [`SettingSpec::check`] accepts into the typed settings.
    pub(crate) fn apply(&self, settings: &mut Settings, value: &Value) {
        (self.apply)(settings, value);
    }
}

impl SettingType {
    /// What the type takes, in words that fit after "takes".
    pub fn describe(&self) -> String {
        match self {
            Self::Boolean => "`true` or `false`".into(),
            Self::BooleanOr(choices) => format!("`true`, `false`, {}", quoted(choices)),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Text => "a text".into(),
            Self::OptionalText => "a text or `null`".into(),
            Self::OneOf(choices) => quoted(choices),
            Self::TextList => "a list of texts".into(),
            Self::TextMap => "an object of texts".into(),
            Self::TextLists => "an object of lists of texts".into(),
            Self::MapOf(choices) => format!("an object of {}", quoted(choices)),
            Self::Columns { max } => format!("a list of whole numbers from 1 to {max}"),
            Self::PathGlobs => {
                "an object of patterns, such as `\"**/*.lock\"`, each `true` or `false`".into()
            }
            Self::ActionKinds => {
                "an object of kinds of code actions, such as `\"source.organizeImports\"`, each \
                 `\"explicit\"`, `\"always\"`, `\"never\"`, `true` or `false`, or a list of kinds"
                    .into()
            }
            Self::FormatterCommand => {
                "an object with `command` (a text) and optionally `arguments` (a list of texts), or \
                 `null`"
                    .into()
            }
            Self::Providers => {
                "a list of objects with `name`, `protocol` (`\"openai\"` or `\"anthropic\"`), \
                 `baseUrl`, and optionally `models` (a list of texts) and `keyEnv` (a text)"
                    .into()
            }
        }
    }

    /// Whether the type takes the value; the error says what it takes instead.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let fits = match self {
            Self::Boolean => value.is_boolean(),
            Self::BooleanOr(choices) => {
                value.is_boolean() || value.as_str().is_some_and(|text| choices.contains(&text))
            }
            Self::Integer { min, max } => {
                whole_number(value).is_some_and(|number| (*min..=*max).contains(&number))
            }
            Self::Number { min, max } => value
                .as_f64()
                .is_some_and(|number| (*min..=*max).contains(&number)),
            Self::Text => value.as_str().is_some_and(|text| !text.trim().is_empty()),
            Self::OptionalText => {
                value.is_null() || value.as_str().is_some_and(|text| !text.trim().is_empty())
            }
            Self::OneOf(choices) => value.as_str().is_some_and(|text| choices.contains(&text)),
            Self::TextList => texts(value).is_some(),
            Self::TextMap => text_map(value).is_some(),
            Self::TextLists => text_lists(value).is_some(),
            Self::MapOf(choices) => text_map(value)
                .is_some_and(|map| map.iter().all(|(_, one)| choices.contains(&one.as_str()))),
            Self::Columns { max } => columns(value, *max).is_some(),
            Self::PathGlobs => {
                return path_globs::check(value)
                    .map_err(|problem| format!("it takes {}; {problem}", self.describe()));
            }
            Self::ActionKinds => action_kinds(value).is_some(),
            Self::FormatterCommand => formatter_command(value).is_some(),
            Self::Providers => return check_providers(value),
        };
        if fits {
            Ok(())
        } else {
            Err(format!("it takes {}", self.describe()))
        }
    }
}

/// Texts as JSON in code spans, with commas between them.
fn quoted(choices: &[&str]) -> String {
    let quoted = choices
        .iter()
        .map(|choice| format!("`{}`", Value::from(*choice)));
    quoted.collect::<Vec<_>>().join(", ")
}

/// A whole number that fits the type.
pub(crate) fn whole<T: TryFrom<i64>>(value: &Value) -> Option<T> {
    T::try_from(whole_number(value)?).ok()
}

/// A whole number, also where it is written `4.0`.
fn whole_number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 9.0e15)
            .map(|number| number as i64)
    })
}

/// The columns of a list of at most 100, in order.
pub(crate) fn columns(value: &Value, max: u32) -> Option<Vec<u32>> {
    let list = value.as_array().filter(|list| list.len() <= 100)?;
    let mut columns = list
        .iter()
        .map(|item| {
            let column = whole(item.get("column").unwrap_or(item));
            column.filter(|column| (1..=max).contains(column))
        })
        .collect::<Option<Vec<u32>>>()?;
    columns.sort_unstable();
    columns.dedup();
    Some(columns)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    value
        .as_array()?
        .iter()
        .map(|item| item.as_str().map(str::to_string))
        .collect()
}

/// The most entries of an object of texts.
const MAX_ENTRIES: usize = 1000;

/// The entries of an object of texts, in order.
pub(crate) fn text_map(value: &Value) -> Option<Vec<(String, String)>> {
    let object = value.as_object()?;
    if object.len() > MAX_ENTRIES {
        return None;
    }
    let entries = object.iter();
    entries
        .map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn check_providers(value: &Value) -> Result<(), String> {
    let list = value
        .as_array()
        .ok_or_else(|| format!("it takes {}", SettingType::Providers.describe()))?;
    for (index, item) in list.iter().enumerate() {
        provider(item).map_err(|problem| format!("server {}: {problem}", index + 1))?;
    }
    Ok(())
}

fn provider(value: &Value) -> Result<ProviderSettings, String> {
    let text = |key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_string)
    };
    let name = text("name").ok_or("`name` is missing")?;
    if name.contains('/') || name.chars().any(char::is_whitespace) {
        return Err(format!(
            "`name` is \"{name}\": use no spaces and no slashes"
        ));
    }
    let protocol = match text("protocol").as_deref() {
        None | Some("openai") => WireProtocol::OpenAi,
        Some("anthropic") => WireProtocol::Anthropic,
        Some(other) => {
            return Err(format!(
                "`protocol` is \"{other}\": it is \"openai\" or \"anthropic\""
            ));
        }
    };
    let base_url = text("baseUrl").ok_or("`baseUrl` is missing")?;
    if !(base_url.starts_with("http://") || base_url.starts_with("https://")) {
        return Err("`baseUrl` must begin with http:// or https://".into());
    }
    let models = match value.get("models") {
        None | Some(Value::Null) => Vec::new(),
        Some(models) => texts(models).ok_or("`models` is a list of texts")?,
    };
    let key_env = match value.get("keyEnv") {
        None | Some(Value::Null) => None,
        Some(_) => Some(text("keyEnv").ok_or("`keyEnv` names an environment variable")?),
    };
    Ok(ProviderSettings {
        name,
        protocol,
        base_url,
        models,
        key_env,
    })
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_string()
}

static SCHEMA: &[SettingSpec] = &[
    SettingSpec {
        key: "editor.fontFamily",
        value_type: SettingType::Text,
        default: "\"JetBrains Mono, DejaVu Sans Mono, Menlo, Consolas, monospace\"",
        description: "The editor's font families, comma-separated, in order of preference. The first one that is installed is used.",
        vscode_key: Some("editor.fontFamily"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.font_family = text_of(value),
    },
    SettingSpec {
        key: "editor.fontSize",
        value_type: SettingType::Number {
            min: 6.0,
            max: 100.0,
        },
        default: "14",
        description: "The editor's font size in pixels.",
        vscode_key: Some("editor.fontSize"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.font_size = value.as_f64().unwrap_or(14.0) as f32,
    },
    SettingSpec {
        key: "editor.lineHeight",
        value_type: SettingType::Number {
            min: 0.0,
            max: 150.0,
        },
        default: "0",
        description: "The height of a line. 0 chooses it from the font size, a number below 8 multiplies the font size, and 8 or more is a height in pixels.",
        vscode_key: Some("editor.lineHeight"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.line_height = value.as_f64().unwrap_or(0.0) as f32,
    },
    SettingSpec {
        key: "editor.tabSize",
        value_type: SettingType::Integer { min: 1, max: 16 },
        default: "4",
        description: "How many columns a tab takes, and how many spaces Tab inserts.",
        vscode_key: Some("editor.tabSize"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.tab_size = whole(value).unwrap_or(4);
        },
    },
    SettingSpec {
        key: "editor.insertSpaces",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether Tab inserts spaces instead of a tab character.",
        vscode_key: Some("editor.insertSpaces"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.insert_spaces = value.as_bool().unwrap_or(true),
    },
    SettingSpec {
        key: "editor.tabCompletion",
        value_type: SettingType::OneOf(&["on", "off", "onlySnippets"]),
        default: "\"onlySnippets\"",
        description: "Whether Tab after the prefix of a snippet puts the snippet in.",
        vscode_key: Some("editor.tabCompletion"),
        scope: Scope::Folder,
        apply: |settings, value| settings.editor.tab_completion = value.as_str() != Some("off"),
    },
    SettingSpec {
        key: "editor.wordWrap",
        value_type: SettingType::OneOf(&["off", "on", "wordWrapColumn", "bounded"]),
        default: "\"off\"",
        description: "Where lines are wrapped: nowhere, at the edge of the view, at `editor.wordWrapColumn`, or at whichever of the two comes first.",
        vscode_key: Some("editor.wordWrap"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.word_wrap = match value.as_str() {
                Some("on") => WordWrap::On,
                Some("wordWrapColumn") => WordWrap::Column,
                Some("bounded") => WordWrap::Bounded,
                _ => WordWrap::Off,
            };
        },
    },
    SettingSpec {
        key: "editor.wordWrapColumn",
        value_type: SettingType::Integer {
            min: 1,
            max: 100_000,
        },
        default: "80",
        description: "The column at which lines are wrapped, where `editor.wordWrap` is `wordWrapColumn` or `bounded`.",
        vscode_key: Some("editor.wordWrapColumn"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.word_wrap_column = whole(value).unwrap_or(80);
        },
    },
    SettingSpec {
        key: "editor.wrappingIndent",
        value_type: SettingType::OneOf(&["none", "same", "indent", "deepIndent"]),
        default: "\"same\"",
        description: "How far the rows that a wrapped line goes on in are indented: not at all, as the line, or one or two levels more.",
        vscode_key: Some("editor.wrappingIndent"),
        scope: Scope::Folder,
        apply: |settings, value| {
            settings.editor.wrapping_indent = match value.as_str() {
                Some("none") => WrappingIndent::None,
                Some("indent") => WrappingIndent::Indent,
                Some("deepIndent") => WrappingIndent::DeepIndent,
                _ => WrappingIndent::Same,
            };
        },
    },
    SettingSpec {
        key: "files.hotExit",
        value_type: SettingType::OneOf(&["off", "onExit", "onExitAndWindowClose"]),
        default: "\"onExit\"",
        description: "Whether unsaved text is kept for the next start instead of being asked about: never, when Kiln ends, or also when a window goes on with another folder.",
        vscode_key: Some("files.hotExit"),
        scope: Scope::User,
        apply: |settings, value| {
            settings.kept.hot_exit = match value.as_str() {
                Some("off") => HotExit::Off,
                Some("onExitAndWindowClose") => HotExit::OnExitAndWindowClose,
                _ => HotExit::OnExit,
            };
        },
    },
    SettingSpec {
        key: "workbench.localHistory.enabled",
        value_type: SettingType::Boolean,
        default: "true",
        description: "Whether the text of each save is kept in a local history, in Kiln's own folder.",
        vscode_key: Some("workbench.localHistory.enabled"),
        scope: Scope::User,
        apply: |settings, value| {
            settings.kept.local_history = value.as_bool().unwrap_or(true);
        },
    },
    SettingSpec {
        key: "workbench.localHistory.maxFileSize",
        value_type: SettingType::Integer {
            min: 1,
            max: 65_536,
        },
        default: "256",
        description: "Files of more than this many kilobytes have no local history.",
        vscode_key: Some("workbench.localHistory.maxFileSize"),
        scope: Scope::User,
        apply: |settings, value| {
            settings.kept.local_history_kilobytes = whole(value).unwrap_or(256);
        },
    },
    SettingSpec {
        key: "workbench.localHistory.maxFileEntries",
        value_type: SettingType::Integer { min: 1, max: 1000 },
        default: "50",
        description: "How many saves of a file its local history keeps; the oldest go first.",
        vscode_key: Some("workbench.localHistory.maxFileEntries"),
        scope: Scope::User,
        apply: |settings, value| {
            settings.kept.local_history_entries = whole(value).unwrap_or(50);
        },
    },
    SettingSpec {
        key: "kiln.theme.mode",
        value_type: SettingType::OneOf(&["system", "light", "dark"]),
        default: "\"system\"",
        description: "Which of the two chosen themes is shown: the one that fits the system's appearance, or always the light or the dark one.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| {
            settings.theme.mode = match value.as_str() {
                Some("light") => ThemeMode::Light,
                Some("dark") => ThemeMode::Dark,
                _ => ThemeMode::System,
            };
        },
    },
    SettingSpec {
        key: "workbench.preferredLightColorTheme",
        value_type: SettingType::Text,
        default: "\"Kiln Light\"",
        description: "The theme for a light appearance, by its name.",
        vscode_key: Some("workbench.preferredLightColorTheme"),
        scope: Scope::User,
        apply: |settings, value| settings.theme.light = text_of(value),
    },
    SettingSpec {
        key: "workbench.preferredDarkColorTheme",
        value_type: SettingType::Text,
        default: "\"Kiln Dark\"",
        description: "The theme for a dark appearance, by its name.",
        vscode_key: Some("workbench.preferredDarkColorTheme"),
        scope: Scope::User,
        apply: |settings, value| settings.theme.dark = text_of(value),
    },
    SettingSpec {
        key: "vim.enabled",
        value_type: SettingType::Boolean,
        default: "false",
        description: "Whether the editor takes keys as Vim does: normal, insert, visual and command-line mode.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| settings.editor.vim = value.as_bool() == Some(true),
    },
    SettingSpec {
        key: "kiln.agent.model",
        value_type: SettingType::OptionalText,
        default: "null",
        description: "The model that new sessions use, as `provider/model`. `null` goes on with the one that was in use last; before there was one, with a model that has a key, then a server on this computer, then the embedded one.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| settings.agent.model = value.as_str().map(str::to_string),
    },
    SettingSpec {
        key: "kiln.agent.trustedTools",
        value_type: SettingType::TextList,
        default: "[]",
        description: "Tools that run without asking, besides those that only read: `fs_write`, `str_replace`, `execute_bash`.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| settings.agent.trusted_tools = texts(value).unwrap_or_default(),
    },
    SettingSpec {
        key: "kiln.agent.stepLimit",
        value_type: SettingType::Integer { min: 1, max: 500 },
        default: "50",
        description: "How many times one turn may call the model before it stops and asks.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| {
            settings.agent.step_limit = whole(value).unwrap_or(50);
        },
    },
    SettingSpec {
        key: "kiln.models",
        value_type: SettingType::Providers,
        default: "[]",
        description: "Model servers of your own. A server is asked for its models where `models` names none. A key is never written here: `keyEnv` names the environment variable that holds it.",
        vscode_key: None,
        scope: Scope::User,
        apply: |settings, value| {
            settings.models = value
                .as_array()
                .map(|list| list.iter().filter_map(|item| provider(item).ok()).collect())
                .unwrap_or_default();
        },
    },
];

/// Every setting, in the order of the reference page.
pub fn schema() -> &'static [SettingSpec] {
    static ALL: LazyLock<Vec<SettingSpec>> = LazyLock::new(|| {
        [
            SCHEMA,
            drawing::ROWS,
            guides::ROWS,
            marking::ROWS,
            minimap::ROWS,
            scrolling::ROWS,
            language_servers::ROWS,
            served::ROWS,
            typing::ROWS,
            completion::ROWS,
            pointing::ROWS,
            files::ROWS,
            formatting::ROWS,
            window::ROWS,
        ]
        .concat()
    });
    &ALL
}

/// The setting with this key.
pub fn find_setting(key: &str) -> Option<&'static SettingSpec> {
    schema().iter().find(|setting| setting.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn every_default_is_json_and_accepted_by_its_own_type() {
        for setting in schema() {
            let default: Value = serde_json::from_str(setting.default).unwrap();
            setting.check(&default).unwrap();
        }
    }

    #[test]
    fn keys_are_unique_and_described() {
        let keys: BTreeSet<_> = schema().iter().map(|setting| setting.key).collect();
        assert_eq!(keys.len(), schema().len());
        assert!(
            schema()
                .iter()
                .all(|setting| setting.description.ends_with('.'))
        );
    }

    #[test]
    fn every_setting_reaches_the_typed_settings() {
        let samples = vec![
            ("editor.fontFamily", json!("Iosevka")),
            ("editor.fontSize", json!(17)),
            ("editor.lineHeight", json!(1.7)),
            ("editor.tabSize", json!(2)),
            ("editor.insertSpaces", json!(false)),
            ("editor.tabCompletion", json!("off")),
            ("editor.wordWrap", json!("bounded")),
            ("editor.wordWrapColumn", json!(100)),
            ("editor.wrappingIndent", json!("deepIndent")),
            ("files.hotExit", json!("off")),
            ("workbench.localHistory.enabled", json!(false)),
            ("workbench.localHistory.maxFileSize", json!(1024)),
            ("workbench.localHistory.maxFileEntries", json!(5)),
            ("kiln.theme.mode", json!("dark")),
            ("workbench.preferredLightColorTheme", json!("Day")),
            ("workbench.preferredDarkColorTheme", json!("Night")),
            ("vim.enabled", json!(true)),
            ("kiln.agent.model", json!("openai/gpt")),
            ("kiln.agent.trustedTools", json!(["fs_write"])),
            ("kiln.agent.stepLimit", json!(7)),
            (
                "kiln.models",
                json!([{"name": "box", "baseUrl": "http://127.0.0.1:1/v1"}]),
            ),
        ];
        let samples = [
            samples,
            drawing::samples(),
            guides::samples(),
            marking::samples(),
            minimap::samples(),
            scrolling::samples(),
            served::samples(),
            language_servers::samples(),
            typing::samples(),
            completion::samples(),
            pointing::samples(),
            files::samples(),
            formatting::samples(),
            window::samples(),
        ]
        .concat();
        assert_eq!(samples.len(), schema().len());
        for (key, value) in samples {
            let setting = find_setting(key).unwrap();
            setting.check(&value).unwrap();
            let mut changed = Settings::default();
            setting.apply(&mut changed, &value);
            assert_ne!(changed, Settings::default(), "{key} changes nothing");
        }
    }

    #[test]
    fn a_refusal_says_what_is_taken() {
        let cases = [
            ("editor.fontSize", json!("big"), "a number from 6 to 100"),
            ("editor.tabSize", json!(2.5), "a whole number"),
            ("kiln.theme.mode", json!("dim"), "`\"system\"`"),
            (
                "kiln.models",
                json!([{"name": "a b", "baseUrl": "http://x"}]),
                "no spaces",
            ),
            (
                "kiln.models",
                json!([{"name": "a", "baseUrl": "ftp://x"}]),
                "http://",
            ),
            (
                "kiln.models",
                json!([{"name": "a", "protocol": "smtp", "baseUrl": "http://x"}]),
                "\"anthropic\"",
            ),
        ];
        for (key, value, expected) in cases {
            let message = find_setting(key).unwrap().check(&value).unwrap_err();
            assert!(message.contains(expected), "{key}: {message}");
        }
    }
}
