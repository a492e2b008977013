//! The settings in force, and what happens in the interface when they change.

use crate::keys;
use crate::theme_store::ThemeStore;
use gpui_kit::{App, Global};
use serde_json::Value;
use settings::{KeyBinding, Layer, Scope, Settings, SettingsProblem};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The settings in force.
pub struct SettingsStore {
    settings: Settings,
    /// As last taken.
    layers: Vec<Layer>,
    /// What a person has changed and their file is yet to say; none where it is taken out of it.
    ahead: BTreeMap<&'static str, Option<Value>>,
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
    pub fn set_ahead(key: &'static str, value: Option<Value>, cx: &mut App) {
        cx.global_mut::<Self>().ahead.insert(key, value);
        Self::apply(cx);
    }

    /// Leaves a value to the person's file again: it was written, or could not be.
    pub fn settle(key: &'static str, cx: &mut App) {
        if cx.global_mut::<Self>().ahead.remove(key).is_some() {
            Self::apply(cx);
        }
    }

    fn apply(cx: &mut App) -> Vec<SettingsProblem> {
        let store = cx.global_mut::<Self>();
        let (settings, problems) = Settings::from_layers(&store.layers_ahead());
        store.settings = settings;
        store.problems = problems.clone();
        let still = store.settings.window.reduce_motion;
        cx.set_reduce_motion(still);
        ThemeStore::sync(cx);
        cx.refresh_windows();
        problems
    }

    /// The layers with what the person's is yet to say.
    fn layers_ahead(&self) -> Vec<Layer> {
        let mut layers = self.layers.clone();
        if self.ahead.is_empty() {
            return layers;
        }
        let own = layers.iter().position(|layer| layer.scope == Scope::User);
        let own = own.unwrap_or_else(|| {
            layers.insert(0, Layer::user("settings.json", ""));
            0
        });
        for (key, value) in &self.ahead {
            // A malformed file is told, and writing to it fails, which is told, too.
            layers[own].edit(|text| match value {
                Some(value) => settings::set_value(text, key, value.clone()),
                None => settings::remove_value(text, key),
            });
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
