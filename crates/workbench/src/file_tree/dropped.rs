//! Files that are dropped on the tree from outside: they are copied into the folder there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use fs::{Fs, FsError};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, AsyncWindowContext, Context, Role, SharedString, Window, div};
use ui::tokens::space;
use ui::widgets::{Button, ButtonStyle, row};
use ui::{ActiveKilnTheme as _, Severity, Typography as _, notify};

use super::FileTree;
use super::rows::Row;
use crate::dialog::{Question, ask};

/// How many files and folders one drop copies at most, so that a slip copies no whole disk.
const MAX_COPIED: usize = 50_000;

/// A copy that takes no longer than this is not shown.
const SHOWN_AFTER: Duration = Duration::from_millis(300);

/// How often the number of the files that are copied is written anew.
const EVERY: Duration = Duration::from_millis(200);

/// What is being copied for one drop.
pub(super) struct Copying {
    /// What was dropped, in words.
    what: SharedString,
    began: Instant,
    progress: Arc<CopyProgress>,
}

/// How far a copy is; the one who watches it can end it.
#[derive(Default)]
struct CopyProgress {
    files: AtomicUsize,
    cancelled: AtomicBool,
}

impl CopyProgress {
    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }
}

/// The answers about a name that is taken, in the order of their buttons.
const KEEP_BOTH: usize = 1;

impl FileTree {
    /// The folder that a row stands for: itself, or the one that it is in.
    pub(super) fn folder_of(&self, row: &Row) -> PathBuf {
        if row.is_dir {
            return row.path.clone();
        }
        let folder = row.path.parent().unwrap_or(self.tree.root());
        folder.to_path_buf()
    }

    /// Copies files and folders into a folder, asking where a name is taken. It can be cancelled.
    pub(super) fn copy_in(
        &mut self,
        sources: &[PathBuf],
        folder: PathBuf,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if !self.has_folder {
            return;
        }
        let fs = self.model.read(cx).workspace().fs().clone();
        let (modals, sources) = (self.modals.clone(), sources.to_vec());
        let progress = self.watch_copy(&sources, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let mut copied = Vec::new();
            for source in sources {
                let Some(name) = source.file_name().map(OsStr::to_os_string) else {
                    continue;
                };
                let wanted = folder.join(&name);
                if wanted == source {
                    continue;
                }
                let looking = fs.clone();
                let (free, target) = cx
                    .background_executor()
                    .spawn(async move { place_for(looking.as_ref(), wanted) })
                    .await;
                if !free {
                    let question = Question::new(
                        format!("{} exists already", name.to_string_lossy()),
                        format!(
                            "It is in the folder {}. Both can be kept, the copy as {}.",
                            folder.display(),
                            target.file_name().unwrap_or_default().to_string_lossy(),
                        ),
                    )
                    .answer("Skip", ButtonStyle::Secondary)
                    .answer("Keep Both", ButtonStyle::Primary);
                    let answer = cx.update(|window, cx| ask(&modals, question, window, cx))?;
                    if answer.await != Ok(KEEP_BOTH) {
                        continue;
                    }
                }
                let (from, to, fs) = (source.clone(), target.clone(), fs.clone());
                let watched = progress.clone();
                let done = cx
                    .background_executor()
                    .spawn(async move { copy_all(fs.as_ref(), &from, &to, &watched) })
                    .await;
                match done {
                    Ok(()) => copied.push(target),
                    Err(end) => {
                        let (severity, words) = match end {
                            CopyEnd::Cancelled(words) => (Severity::Info, words),
                            CopyEnd::Failed(words) => (Severity::Error, words),
                        };
                        cx.update(|window, cx| notify(severity, words, window, cx))?;
                    }
                }
                if progress.is_cancelled() {
                    break;
                }
            }
            this.update(cx, |tree, cx| {
                tree.copying
                    .retain(|copy| !Arc::ptr_eq(&copy.progress, &progress));
                tree.reload(&folder, cx);
                if let Some(first) = copied.first() {
                    tree.select_path(first, cx);
                }
                tree.model
                    .update(cx, |model, cx| model.paths_changed(copied, cx));
                cx.notify();
            })
        })
        .detach_and_log_err(cx);
    }

    /// Shows how far a copy is until it is done.
    fn watch_copy(&mut self, sources: &[PathBuf], cx: &mut Context<Self>) -> Arc<CopyProgress> {
        let progress = Arc::new(CopyProgress::default());
        let what = match sources {
            [one] => one.file_name().unwrap_or_default().to_string_lossy().into(),
            many => format!("{} files and folders", many.len()),
        };
        self.copying.push(Copying {
            what: what.into(),
            began: cx.background_executor().now(),
            progress: progress.clone(),
        });
        let watched = Arc::downgrade(&progress);
        cx.spawn(async move |this, cx| {
            while watched.strong_count() > 0 {
                cx.background_executor().timer(EVERY).await;
                // The window may be closed meanwhile.
                if this.update(cx, |_, cx| cx.notify()).is_err() {
                    break;
                }
            }
        })
        .detach();
        progress
    }

    /// Ends the copy that is shown, or that would be the first one to be; others go on.
    pub(super) fn cancel_copying(&mut self, cx: &mut Context<Self>) {
        if let Some(copy) = self.shown_copy(cx).or(self.copying.first()) {
            copy.progress.cancelled.store(true, Ordering::Relaxed);
        }
        cx.notify();
    }

    /// Of the copies that take a while the one that began first.
    fn shown_copy(&self, cx: &Context<Self>) -> Option<&Copying> {
        let now = cx.background_executor().now();
        let shown = |copy: &&Copying| now.saturating_duration_since(copy.began) > SHOWN_AFTER;
        self.copying.iter().find(shown)
    }

    /// Below the files: what is being copied, how far that is, and the way to end it.
    pub(super) fn render_copying(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let copy = self.shown_copy(cx)?;
        let files = copy.progress.files.load(Ordering::Relaxed);
        let words = if copy.progress.is_cancelled() {
            format!("Cancelling the copy of {}\u{2026}", copy.what)
        } else {
            let files = match files {
                1 => "1 file".to_owned(),
                files => format!("{files} files"),
            };
            format!("Copying {}: {files}", copy.what)
        };
        let theme = **cx.kiln_theme();
        Some(
            row()
                .flex_none()
                .w_full()
                .gap(space::M)
                .px(space::M)
                .py(space::XS)
                .border_t_1()
                .border_color(theme.border)
                .bg(theme.surface)
                .text_small()
                .text_color(theme.text_muted)
                .child(
                    div()
                        .id("files-copying")
                        .test_support()
                        .role(Role::Status)
                        .aria_label(words.clone())
                        .flex_1()
                        .min_w_0()
                        .truncate()
                        .child(words),
                )
                .child(
                    Button::new("files-cancel-copying", "Cancel")
                        .quiet()
                        .command("files.cancelCopying")
                        .tooltip("Stop copying; what was copied already stays")
                        .disabled(copy.progress.is_cancelled())
                        .on_click(cx.listener(|tree, _, _, cx| tree.cancel_copying(cx))),
                )
                .into_any_element(),
        )
    }
}

/// Whether a path is free, and the next one that is: `name copy.txt`, `name copy 2.txt`.
fn place_for(fs: &dyn Fs, wanted: PathBuf) -> (bool, PathBuf) {
    if !fs.exists(&wanted) {
        return (true, wanted);
    }
    let stem = wanted.file_stem().unwrap_or_default().to_string_lossy();
    let ending = wanted.extension().map_or(String::new(), |ending| {
        format!(".{}", ending.to_string_lossy())
    });
    let mut number = 1;
    loop {
        let name = match number {
            1 => format!("{stem} copy{ending}"),
            number => format!("{stem} copy {number}{ending}"),
        };
        let path = wanted.with_file_name(name);
        if !fs.exists(&path) {
            return (false, path);
        }
        number += 1;
    }
}

/// Why a copy is not there, in words.
#[derive(Debug, PartialEq, Eq)]
enum CopyEnd {
    /// The one who watched it ended it.
    Cancelled(String),
    Failed(String),
}

impl From<FsError> for CopyEnd {
    fn from(error: FsError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// What a copy has made so far. Others may work in its folders meanwhile: what they put there is theirs.
#[derive(Default)]
struct Made {
    files: Vec<PathBuf>,
    /// Each after the one that it is in.
    folders: Vec<PathBuf>,
}

impl Made {
    /// Takes away what was made, and says whether all of it is gone; a folder that others put
    /// something in stays.
    ///
    /// # Errors
    /// The first of what could not be removed; the others are removed nonetheless.
    fn remove(self, fs: &dyn Fs) -> Result<bool, FsError> {
        let (mut gone, mut failed) = (true, None);
        for path in self.files.iter().chain(self.folders.iter().rev()) {
            match fs.remove(path) {
                Ok(()) | Err(FsError::NotFound { .. }) => {}
                Err(FsError::NotEmpty { .. }) => gone = false,
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        match failed {
            None => Ok(gone),
            Some(error) => Err(error),
        }
    }
}

/// Copies a file, or a folder with all it holds but the links in it, to a path that is free. A folder
/// whose copy is cancelled is not left half copied.
fn copy_all(fs: &dyn Fs, from: &Path, to: &Path, progress: &CopyProgress) -> Result<(), CopyEnd> {
    if to.starts_with(from) {
        return Err(CopyEnd::Failed(format!(
            "{} cannot be copied into itself; drop it on another folder",
            from.display()
        )));
    }
    let cancelled = format!("copying {} was cancelled", from.display());
    if progress.is_cancelled() {
        return Err(CopyEnd::Cancelled(cancelled));
    }
    if !fs.metadata(from)?.is_dir {
        fs.copy(from, to)?;
        progress.files.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    let mut folders = vec![(from.to_path_buf(), to.to_path_buf())];
    let mut made = Made::default();
    let mut count = 0;
    while let Some((source, target)) = folders.pop() {
        // Another may have taken the name since it was free: nothing is mixed into what is theirs.
        fs.create_dir(&target)?;
        made.folders.push(target.clone());
        for entry in fs.read_dir(&source)? {
            if progress.is_cancelled() {
                return Err(match made.remove(fs) {
                    Ok(true) => CopyEnd::Cancelled(cancelled),
                    Ok(false) => CopyEnd::Cancelled(format!(
                        "{cancelled}; {} stays with what others put there",
                        to.display()
                    )),
                    Err(error) => CopyEnd::Failed(format!(
                        "{cancelled}, but a part of it is left in {}; remove it by hand: {error}",
                        to.display()
                    )),
                });
            }
            count += 1;
            if count > MAX_COPIED {
                return Err(CopyEnd::Failed(format!(
                    "{} holds more than {MAX_COPIED} files; the first of them were copied",
                    from.display()
                )));
            }
            let Some(name) = entry.path.file_name() else {
                continue;
            };
            let place = target.join(name);
            match (entry.is_symlink, entry.is_dir) {
                (true, _) => {}
                (false, true) => folders.push((entry.path.clone(), place)),
                (false, false) => {
                    fs.copy(&entry.path, &place)?;
                    made.files.push(place);
                    progress.files.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
