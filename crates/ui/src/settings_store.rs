//! The settings in force, and what happens in the interface when they change.

use crate::keys;
use crate::theme_store::ThemeStore;
use gpui_kit::{App, Global};
use serde_json::Value;
use settings::{EditError, KeyBinding, Layer, Scope, Settings, SettingsProblem};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where in a person's file a setting stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SettingPlace {
    /// The language whose block it stands in, by its identifier; none for all languages.
    pub language: Option<String>,
    /// The setting.
    pub key: &'static str,
}

impl SettingPlace {
    /// For all languages.
    pub fn everywhere(key: &'static str) -> Self {
        Self {
            language: None,
            key,
        }
    }

    /// A text of settings with a value in this place. Nothing is taken out of the block of a language.
    fn changed(&self, text: &str, value: Option<&Value>) -> Result<String, EditError> {
        match (&self.language, value) {
            (None, Some(value)) => settings::set_value(text, self.key, value.clone()),
            (None, None) => settings::remove_value(text, self.key),
            (Some(language), Some(value)) => {
                settings::set_language_value(text, language, self.key, value.clone())
            }
            (Some(_), None) => Ok(text.to_owned()),
        }
    }
}

/// The settings in force.
pub struct SettingsStore {
    settings: Settings,
    /// As last taken.
    layers: Vec<Layer>,
    /// What a person has changed and their file is yet to say; none where it is taken out of it.
    ahead: BTreeMap<SettingPlace, Option<Value>>,
    problems: Vec<SettingsProblem>,
    keymap: Vec<KeyBinding>,
}

impl Global for SettingsStore {}

pub(crate) fn init(cx: &mut App) {
    let (settings, problems) = Settings::from_layers(&[]);
    cx.set_global(SettingsStore {
        settings,
        layers: Vec::new(),
        ahead: BTreeMap::new(),
        problems,
        keymap: Vec::new(),
    });
    ThemeStore::sync(cx);
}

impl SettingsStore {
    /// Takes the layers (user, then folder) over the defaults, applies the theme again
    /// and redraws. Returns what was wrong with them; a bad value keeps what is below it, and of a
    /// malformed file holds what it [said before](Layer::or_before).
    pub fn set(layers: &[Layer], cx: &mut App) -> Vec<SettingsProblem> {
        cx.global_mut::<Self>().layers = layers.to_vec();
        Self::apply(cx)
    }

    /// Applies a value of the person's own before it is written to their file, or as if it were
    /// taken out of it. It stays whatever the file says, until [`settle`](Self::settle).
    pub fn set_ahead(place: SettingPlace, value: Option<Value>, cx: &mut App) {
        cx.global_mut::<Self>().ahead.insert(place, value);
        Self::apply(cx);
    }

    /// Leaves a value to the person's file again: it was written, or could not be.
    pub fn settle(place: &SettingPlace, cx: &mut App) {
        if cx.global_mut::<Self>().ahead.remove(place).is_some() {
            Self::apply(cx);
        }
    }

    fn apply(cx: &mut App) -> Vec<SettingsProblem> {
        let store = cx.global_mut::<Self>();
        let (settings, problems) = Settings::from_layers(&store.layers_with(&store.ahead));
        store.settings = settings;
        store.problems = problems.clone();
        let still = store.settings.window.reduce_motion;
        cx.set_reduce_motion(still);
        ThemeStore::sync(cx);
        cx.refresh_windows();
        problems
    }

    /// What the settings would be with another value in the person's file; without the folder's where
    /// `upto` is [`Scope::User`].
    pub fn with(place: &SettingPlace, value: Option<Value>, upto: Scope, cx: &App) -> Settings {
        let store = cx.global::<Self>();
        let mut ahead = store.ahead.clone();
        ahead.insert(place.clone(), value);
        let mut layers = store.layers_with(&ahead);
        layers.retain(|layer| upto == Scope::Folder || layer.scope == Scope::User);
        Settings::from_layers(&layers).0
    }

    /// The layers with what the person's is yet to say.
    fn layers_with(&self, ahead: &BTreeMap<SettingPlace, Option<Value>>) -> Vec<Layer> {
        let mut layers = self.layers.clone();
        if ahead.is_empty() {
            return layers;
        }
        let own = layers.iter().position(|layer| layer.scope == Scope::User);
        let own = own.unwrap_or_else(|| {
            layers.insert(0, Layer::user("settings.json", ""));
            0
        });
        for (place, value) in ahead {
            // A malformed file is told, and writing to it fails, which is told, too.
            layers[own].edit(|text| place.changed(text, value.as_ref()));
        }
        layers
    }

    /// Binds the keymap. Call after the commands are registered. Returns what could not
    /// be bound, each with its reason.
    pub fn set_keymap(keymap: Vec<KeyBinding>, cx: &mut App) -> Vec<String> {
        let problems = keys::bind_keymap(&keymap, cx);
        cx.global_mut::<Self>().keymap = keymap;
        problems
    }

    /// The settings in force; the defaults before the interface is [initialized](crate::init).
    pub(crate) fn current(cx: &App) -> &Settings {
        static DEFAULTS: LazyLock<Settings> = LazyLock::new(Settings::default);
        cx.try_global::<Self>()
            .map_or(&DEFAULTS, |store| &store.settings)
    }

    /// What was wrong with the layers last taken.
    pub fn problems(cx: &App) -> &[SettingsProblem] {
        &cx.global::<Self>().problems
    }

    /// The keymap in force.
    pub fn keymap(cx: &App) -> &[KeyBinding] {
        &cx.global::<Self>().keymap
    }
}

/// Reaches the settings in force from any context.
pub trait ActiveSettings {
    /// The settings in force.
    fn kiln_settings(&self) -> &Settings;
}

impl ActiveSettings for App {
    fn kiln_settings(&self) -> &Settings {
        &self.global::<SettingsStore>().settings
    }
}
