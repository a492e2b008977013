//! The files that the settings make read-only.

use std::path::Path;

use gpui_kit::{App, Context};
use settings::PathGlobs;

use super::WorkspaceModel;
use crate::settings_store::SettingsStore;

/// The patterns that say which files are read-only, and which of those are not.
#[derive(PartialEq, Eq)]
pub(super) struct ReadOnlyFiles {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl ReadOnlyFiles {
    pub fn of_settings(cx: &App) -> Self {
        let files = &SettingsStore::current(cx).files;
        Self {
            include: files.read_only_include.clone(),
            exclude: files.read_only_exclude.clone(),
        }
    }

    /// Tells whether an absolute path is read-only; patterns are of paths from `root` too.
    pub fn rule(&self, root: &Path) -> impl Fn(&Path) -> bool + Send + use<> {
        let (include, exclude) = (PathGlobs::new(&self.include), PathGlobs::new(&self.exclude));
        let root = root.to_path_buf();
        move |path| {
            let with_slashes = |path: &Path| path.to_string_lossy().replace('\\', "/");
            let absolute = with_slashes(path);
            let below = path.strip_prefix(&root).ok().map(with_slashes);
            let is_of = |globs: &PathGlobs| {
                let below = below.as_deref();
                globs.is_match(&absolute) || below.is_some_and(|below| globs.is_match(below))
            };
            is_of(&include) && !is_of(&exclude)
        }
    }
}

impl WorkspaceModel {
    /// Takes other patterns over, for the files that are open too.
    pub(super) fn follow_read_only_files(&mut self, cx: &mut Context<Self>) {
        let read_only = ReadOnlyFiles::of_settings(cx);
        if read_only != self.read_only {
            let rule = read_only.rule(self.workspace.root());
            self.read_only = read_only;
            self.update(cx, |workspace| workspace.set_read_only_rule(rule));
        }
    }
}
