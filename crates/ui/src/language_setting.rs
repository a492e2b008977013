//! Changing the person's settings for one language, and which files are in it, from a view.

use gpui_kit::{App, Global, Task, Window, WindowId};
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;

/// A setting for one language: `"[python]": {"editor.defaultFormatter": "ruff"}`.
#[derive(Clone, Debug, PartialEq)]
pub struct LanguageSetting {
    /// The language, by its identifier.
    pub language: String,
    /// The setting, one that can be set for a language.
    pub key: &'static str,
    /// What it becomes.
    pub value: Value,
}

/// Which files are in a language, as a person says it: `"files.associations": {"*.inc": "php"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAssociation {
    /// The pattern of their names.
    pub pattern: String,
    /// The language, by its identifier.
    pub language: String,
}

/// What a view has written into the person's settings.
#[derive(Clone, Debug, PartialEq)]
pub enum LanguageChange {
    /// A setting for one language.
    Setting(LanguageSetting),
    /// Which files are in one.
    Association(FileAssociation),
}

impl From<LanguageSetting> for LanguageChange {
    fn from(setting: LanguageSetting) -> Self {
        Self::Setting(setting)
    }
}

impl From<FileAssociation> for LanguageChange {
    fn from(association: FileAssociation) -> Self {
        Self::Association(association)
    }
}

type Handler = Rc<dyn Fn(LanguageChange, &mut Window, &mut App) -> Task<anyhow::Result<()>>>;

/// The workbench of each window, as far as such settings go.
#[derive(Default)]
struct Handlers(HashMap<WindowId, Handler>);

impl Global for Handlers {}

/// Makes `handler` the one that [`keep_language_setting`] calls in this window.
pub fn set_language_setting_handler(
    window: &Window,
    cx: &mut App,
    handler: impl Fn(LanguageChange, &mut Window, &mut App) -> Task<anyhow::Result<()>> + 'static,
) {
    let id = window.window_handle().window_id();
    let handlers = cx.default_global::<Handlers>();
    handlers.0.insert(id, Rc::new(handler));
}

/// Has the window's workbench write a setting for a language, or which files are in it, into the
/// person's file and apply it; no other byte of the file changes.
///
/// # Errors
/// Where the file is malformed or cannot be written, or the window has no workbench; nothing is
/// changed then.
pub fn keep_language_setting(
    change: impl Into<LanguageChange>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<()>> {
    let id = window.window_handle().window_id();
    let handlers = cx.try_global::<Handlers>();
    match handlers.and_then(|handlers| handlers.0.get(&id).cloned()) {
        Some(handler) => handler(change.into(), window, cx),
        None => Task::ready(Err(anyhow::anyhow!("no settings can be written here"))),
    }
}
