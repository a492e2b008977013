//! The settings of a window: reading them again where they were changed outside.

use super::Workbench;
use crate::settings_files::{WatchedSettings, soon};
use gpui_kit::{App, AsyncWindowContext, Context, Window};

impl Workbench {
    pub(super) fn take_settings_notices_back(&mut self, window: &mut Window, cx: &mut App) {
        for told in std::mem::take(&mut self.told) {
            told.take_back(window, cx);
        }
    }

    /// Reads the settings again, off the UI thread, and says what is wrong with them, each
    /// thing once.
    pub(super) fn apply_settings(&mut self, window: &Window, cx: &mut Context<Self>) {
        let files = self.settings.clone();
        let read = soon(cx, async move { files.read_all() });
        // A reading that is still to come is dropped with its task: this one sees more.
        self.settings_task = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let read = read.await;
            // The window may be closed meanwhile.
            this.update_in(cx, |this, window, cx| {
                let problems = read.apply(cx);
                for mended in this.told.iter().filter(|told| !problems.contains(told)) {
                    mended.take_back(window, cx);
                }
                for problem in &problems {
                    if !this.told.contains(problem) {
                        problem.show(window, cx);
                    }
                }
                this.told = problems;
            })
            .ok();
        });
    }

    /// Notices when settings change outside. Where a file can be watched that could not be before,
    /// the settings are read again.
    pub(super) fn watch_settings(&mut self, window: &Window, cx: &mut Context<Self>) {
        let files = self.settings.clone();
        let first = !self.settings_looked_at;
        let read = self.settings_read;
        let look = soon(cx, async move {
            if first && let Err(error) = files.create_folder() {
                tracing::warn!("{error}");
            }
            files.watchable()
        });
        let files = self.settings.clone();
        // A look that is still to come is dropped with its task: this one sees more.
        self.watch_task = cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let there = look.await;
            // The window may be closed meanwhile.
            let watched = this.update(cx, |this, cx| {
                let grown = this.watch_settings_at(there.clone(), cx);
                // What the window opened with was read a moment ago. Whether it was written to since
                // is looked at now that it is watched: what is written from here on is reported.
                let written =
                    first.then(|| soon(cx, async move { files.written_since(read, &there) }));
                (grown, written)
            });
            let Ok((grown, written)) = watched else {
                return;
            };
            let news = match written {
                Some(written) => written.await,
                None => grown,
            };
            this.update_in(cx, |this, window, cx| {
                this.settings_looked_at = true;
                if news {
                    this.apply_settings(window, cx);
                }
            })
            .ok();
        });
    }

    /// Watches these files and folders and no longer those that were watched, and says whether there
    /// are more.
    fn watch_settings_at(&mut self, there: WatchedSettings, cx: &mut Context<Self>) -> bool {
        if self.watched_settings == there {
            return false;
        }
        let before = std::mem::replace(&mut self.watched_settings, there);
        let there = &self.watched_settings;
        let grown = (there.files.iter()).any(|file| !before.files.contains(file))
            || (there.folders.iter()).any(|folder| !before.folders.contains(folder));
        self.model.update(cx, |model, _| {
            for file in &before.files {
                model.unwatch_file(file);
            }
            for folder in &before.folders {
                model.unwatch_folder(folder);
            }
            let files = there.files.iter().map(|file| model.watch_file(file));
            let mut watched: Vec<_> = files.collect();
            let folders = there.folders.iter();
            watched.extend(folders.map(|folder| model.watch_folder(folder)));
            for error in watched.into_iter().filter_map(Result::err) {
                tracing::warn!("{error}");
            }
        });
        grown
    }
}
