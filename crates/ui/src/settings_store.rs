//! The settings in force, and what happens in the interface when they change.

use crate::keys;
use crate::theme_store::ThemeStore;
use gpui_kit::{App, Global};
use settings::{KeyBinding, Layer, Settings, SettingsProblem};
use std::sync::LazyLock;

/// The settings in force.
pub struct SettingsStore {
    settings: Settings,
    problems: Vec<SettingsProblem>,
    keymap: Vec<KeyBinding>,
}

impl Global for SettingsStore {}

pub(crate) fn init(cx: &mut App) {
    let (settings, problems) = Settings::from_layers(&[]);
    cx.set_global(SettingsStore {
        settings,
        problems,
        keymap: Vec::new(),
    });
    ThemeStore::sync(cx);
}

impl SettingsStore {
    /// Takes the layers (user, then folder) over the defaults, applies the theme again
    /// and redraws. Returns what was wrong with them; a bad value keeps its default.
    pub fn set(layers: &[Layer], cx: &mut App) -> Vec<SettingsProblem> {
        let (settings, problems) = Settings::from_layers(layers);
        let store = cx.global_mut::<Self>();
        store.settings = settings;
        store.problems = problems.clone();
        let still = store.settings.window.reduce_motion;
        cx.set_reduce_motion(still);
        ThemeStore::sync(cx);
        cx.refresh_windows();
        problems
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
