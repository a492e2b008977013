//! Commands that turn on and off what the editor in front shows, and write that into the settings: for
//! its language where a block of that language decides it, else for all.

use super::Workbench;
use crate::write_behind::keep_setting;
use gpui_kit::{App, Context, Global, Window};
use serde_json::Value;
use settings::{LineNumbers, RenderWhitespace, Scope, Settings};
use std::collections::BTreeMap;
use ui::{ActiveSettings as _, SettingPlace, SettingsStore, Severity, notify};

/// More values than this are not remembered.
const MAX_REMEMBERED: usize = 64;

/// A setting that a command sets to one value and back to the one before.
struct Toggle {
    key: &'static str,
    /// What the command sets where the setting has another value.
    to: fn() -> Value,
    /// What it is without anybody's wish, and where nothing else is remembered.
    usual: fn() -> Value,
    /// What it is.
    shown: fn(&Settings) -> Value,
}

const MINIMAP: Toggle = Toggle {
    key: "editor.minimap.enabled",
    to: || false.into(),
    usual: || true.into(),
    shown: |settings| settings.minimap.enabled.into(),
};

const STICKY_SCROLL: Toggle = Toggle {
    key: "editor.stickyScroll.enabled",
    to: || false.into(),
    usual: || true.into(),
    shown: |settings| settings.editor.sticky_scroll.into(),
};

const RENDER_WHITESPACE: Toggle = Toggle {
    key: "editor.renderWhitespace",
    to: || "all".into(),
    usual: || "selection".into(),
    shown: |settings| {
        Value::from(match settings.editor.render_whitespace {
            RenderWhitespace::None => "none",
            RenderWhitespace::Boundary => "boundary",
            RenderWhitespace::Selection => "selection",
            RenderWhitespace::Trailing => "trailing",
            RenderWhitespace::All => "all",
        })
    },
};

const LINE_NUMBERS: Toggle = Toggle {
    key: "editor.lineNumbers",
    to: || "off".into(),
    usual: || "on".into(),
    shown: |settings| {
        Value::from(match settings.editor.line_numbers {
            LineNumbers::On => "on",
            LineNumbers::Off => "off",
            LineNumbers::Relative => "relative",
            LineNumbers::Interval => "interval",
        })
    },
};

const VIM: Toggle = Toggle {
    key: "vim.enabled",
    to: || true.into(),
    usual: || false.into(),
    shown: |settings| settings.editor.vim.into(),
};

/// What settings were before a command set them, by their place: `editor.lineNumbers`, or
/// `[python] editor.lineNumbers`.
#[derive(Default)]
struct Before(BTreeMap<String, Value>);

impl Global for Before {}

/// What the settings that commands turned on or off were before, to be kept for another start.
pub(crate) fn values_before(cx: &App) -> BTreeMap<String, Value> {
    let before = cx.try_global::<Before>();
    before.map(|before| before.0.clone()).unwrap_or_default()
}

/// Takes what an earlier start kept of the settings that commands turned on or off: what they come back
/// to.
pub fn remember_values_before(mut before: BTreeMap<String, Value>, cx: &mut App) {
    before.retain(|_, value| value.is_string());
    while before.len() > MAX_REMEMBERED {
        before.pop_last();
    }
    cx.set_global(Before(before));
}

fn name_of(place: &SettingPlace) -> String {
    match &place.language {
        Some(language) => format!("[{language}] {}", place.key),
        None => place.key.to_owned(),
    }
}

impl Workbench {
    pub(super) fn toggle_minimap(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.toggle_setting(&MINIMAP, window, cx);
    }

    pub(super) fn toggle_sticky_scroll(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.toggle_setting(&STICKY_SCROLL, window, cx);
    }

    /// Shows all white space, or what was shown of it before.
    pub(super) fn toggle_white_space(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.toggle_setting(&RENDER_WHITESPACE, window, cx);
    }

    /// Takes the line numbers away, or shows those again that were shown before.
    pub(super) fn toggle_line_numbers(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.toggle_setting(&LINE_NUMBERS, window, cx);
    }

    /// Makes keys Vim's in all editors, or Kiln's.
    pub(super) fn toggle_vim(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.toggle_setting(&VIM, window, cx);
    }

    /// The language of the text in front.
    fn language_in_front(&self, cx: &App) -> Option<String> {
        let buffer = self.area.read(cx).active_item()?.buffer(cx)?;
        let buffer = self.model.read(cx).workspace().buffer(buffer)?;
        Some(buffer.language().id_str().to_owned())
    }

    fn toggle_setting(&mut self, toggle: &Toggle, window: &mut Window, cx: &mut Context<Self>) {
        let language = self.language_in_front(cx);
        let shown = |settings: &Settings| match &language {
            Some(language) => (toggle.shown)(settings.of_language(language)),
            None => (toggle.shown)(settings),
        };
        let (now, to) = (shown(cx.kiln_settings()), (toggle.to)());
        // The value for a place that has the other one now.
        let value = |place: &SettingPlace, cx: &App| {
            if now != to {
                return Some(to.clone());
            }
            let before = cx.try_global::<Before>();
            let before = before.and_then(|before| before.0.get(&name_of(place)).cloned());
            let value = before.unwrap_or_else(toggle.usual);
            // What is the default needs no setting, but where another one lies below it.
            (place.language.is_some() || value != (toggle.usual)()).then_some(value)
        };
        let everywhere = SettingPlace {
            language: None,
            key: toggle.key,
        };
        let own = language.as_ref().map(|language| SettingPlace {
            language: Some(language.clone()),
            key: toggle.key,
        });
        let shows = |place: &SettingPlace, cx: &App| {
            let value = value(place, cx);
            shown(&SettingsStore::with(place, value, Scope::Folder, cx)) != now
        };
        let place = [Some(everywhere.clone()), own]
            .into_iter()
            .flatten()
            .find(|place| shows(place, cx));
        let alone = value(&everywhere, cx);
        let alone = SettingsStore::with(&everywhere, alone, Scope::User, cx);
        if place.is_none() && shown(&alone) != now {
            let told = format!(
                "What is shown here is set by the settings of this folder ({}): change it there.",
                toggle.key
            );
            return notify(Severity::Info, told, window, cx);
        }
        // Where nothing would change, the file is malformed, which writing it tells.
        let place = place.unwrap_or(everywhere);
        let value = value(&place, cx);
        let kept = &mut cx.default_global::<Before>().0;
        if now == to || now == (toggle.usual)() {
            kept.remove(&name_of(&place));
        } else {
            kept.insert(name_of(&place), now.clone());
        }
        keep_setting(&self.settings, place, value, window, cx);
        self.save_layout_soon(window, cx);
    }
}
