//! What settings files said when they could last be read: who is in the middle of a change, or made
//! a mistake in one, keeps what the file said before.

use gpui_kit::{App, Global};
use settings::{Layer, Scope};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A settings file that is there.
pub(crate) struct SettingsText {
    /// What it is called in messages.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// What it says; `None` where it cannot be read, which is told elsewhere.
    pub(crate) text: Option<String>,
}

impl SettingsText {
    /// The file as a layer, with what it said `before` for where it says nothing now.
    pub(crate) fn layer(&self, scope: Scope, before: Option<&str>) -> Layer {
        let text = self.text.as_deref().or(before).unwrap_or_default();
        let layer = match scope {
            Scope::User => Layer::user(self.name, text),
            Scope::Folder => Layer::folder(self.name, text),
        };
        layer.or_before(before.map(str::to_owned))
    }
}

/// The texts of the files in force, by their paths. A file that is gone is forgotten, and so are
/// those of a folder that another one took the place of.
#[derive(Default)]
pub(crate) struct LastGood(BTreeMap<PathBuf, String>);

impl Global for LastGood {}

impl LastGood {
    /// Takes what is known out, to [`put`](Self::put) back what holds from now on.
    pub(crate) fn take(cx: &mut App) -> Self {
        std::mem::take(cx.default_global::<Self>())
    }

    /// What a file said when it could last be read.
    pub(crate) fn of(&self, path: &Path) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// Keeps what holds now of each file: its text, or what it said before where it is
    /// malformed or cannot be read.
    pub(crate) fn put(mut self, files: Vec<(SettingsText, bool)>, cx: &mut App) {
        let mut now = BTreeMap::new();
        for (file, is_malformed) in files {
            let before = self.0.remove(&file.path);
            let text = if is_malformed { None } else { file.text };
            if let Some(text) = text.or(before) {
                now.insert(file.path, text);
            }
        }
        cx.set_global(Self(now));
    }
}
