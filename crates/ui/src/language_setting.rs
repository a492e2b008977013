//! Changing the person's settings for one language, from a view.

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

type Handler = Rc<dyn Fn(LanguageSetting, &mut Window, &mut App) -> Task<anyhow::Result<()>>>;

/// The workbench of each window, as far as such settings go.
#[derive(Default)]
struct Handlers(HashMap<WindowId, Handler>);

impl Global for Handlers {}

/// Makes `handler` the one that [`keep_language_setting`] calls in this window.
pub fn set_language_setting_handler(
    window: &Window,
    cx: &mut App,
    handler: impl Fn(LanguageSetting, &mut Window, &mut App) -> Task<anyhow::Result<()>> + 'static,
) {
    let id = window.window_handle().window_id();
    let handlers = cx.default_global::<Handlers>();
    handlers.0.insert(id, Rc::new(handler));
}

/// Has the window's workbench write a setting into the person's file and apply it; no other byte of
/// the file changes.
///
/// # Errors
/// Where the file is malformed or cannot be written, or the window has no workbench; nothing is
/// changed then.
pub fn keep_language_setting(
    setting: LanguageSetting,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<()>> {
    let id = window.window_handle().window_id();
    let handlers = cx.try_global::<Handlers>();
    match handlers.and_then(|handlers| handlers.0.get(&id).cloned()) {
        Some(handler) => handler(setting, window, cx),
        None => Task::ready(Err(anyhow::anyhow!("no settings can be written here"))),
    }
}
