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
                    Err(words) => {
                        let severity = match progress.is_cancelled() {
                            true => Severity::Info,
                            false => Severity::Error,
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

    /// Ends every copy; what it had copied of a folder stays.
    pub(super) fn cancel_copying(&mut self, cx: &mut Context<Self>) {
        for copy in &self.copying {
            copy.progress.cancelled.store(true, Ordering::Relaxed);
        }
        cx.notify();
    }

    /// Below the files: what is being copied, how far that is, and the way to end it.
    pub(super) fn render_copying(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let now = cx.background_executor().now();
        let shown = |copy: &&Copying| now.saturating_duration_since(copy.began) > SHOWN_AFTER;
        let copy = self.copying.iter().find(shown)?;
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

/// Copies a file, or a folder with all it holds but the links in it. Of a folder whose copy is
/// cancelled, what was copied by then stays.
fn copy_all(fs: &dyn Fs, from: &Path, to: &Path, progress: &CopyProgress) -> Result<(), String> {
    if to.starts_with(from) {
        return Err(format!(
            "{} cannot be copied into itself; drop it on another folder",
            from.display()
        ));
    }
    let words = |error: FsError| error.to_string();
    let cancelled = || Err(format!("copying {} was cancelled", from.display()));
    if progress.is_cancelled() {
        return cancelled();
    }
    if !fs.metadata(from).map_err(words)?.is_dir {
        fs.copy(from, to).map_err(words)?;
        progress.files.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    let mut folders = vec![(from.to_path_buf(), to.to_path_buf())];
    let mut count = 0;
    while let Some((source, target)) = folders.pop() {
        fs.create_dir_all(&target).map_err(words)?;
        for entry in fs.read_dir(&source).map_err(words)? {
            if progress.is_cancelled() {
                // Others may have put something there meanwhile, so that nothing is removed.
                return Err(format!(
                    "copying {} was cancelled; what was copied by then is in {}",
                    from.display(),
                    to.display()
                ));
            }
            count += 1;
            if count > MAX_COPIED {
                return Err(format!(
                    "{} holds more than {MAX_COPIED} files; the first of them were copied",
                    from.display()
                ));
            }
            let Some(name) = entry.path.file_name() else {
                continue;
            };
            match (entry.is_symlink, entry.is_dir) {
                (true, _) => {}
                (false, true) => folders.push((entry.path.clone(), target.join(name))),
                (false, false) => {
                    fs.copy(&entry.path, &target.join(name)).map_err(words)?;
                    progress.files.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fs::RealFs;

    #[test]
    fn a_cancelled_copy_ends_and_removes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let from = home.path().join("from");
        std::fs::create_dir(&from).unwrap();
        for number in 0..2_000 {
            std::fs::write(from.join(number.to_string()), "text").unwrap();
        }
        // A copy that is over before it can be cancelled tells nothing.
        let (to, error) = (0..)
            .find_map(|number| {
                let to = home.path().join(format!("to {number}"));
                let progress = Arc::new(CopyProgress::default());
                let copying = std::thread::spawn({
                    let (from, to, progress) = (from.clone(), to.clone(), progress.clone());
                    move || copy_all(&RealFs::new(), &from, &to, &progress)
                });
                while progress.files.load(Ordering::Relaxed) == 0 && !copying.is_finished() {
                    std::thread::yield_now();
                }
                std::fs::write(to.join("of another"), "kept").unwrap();
                progress.cancelled.store(true, Ordering::Relaxed);
                Some((to, copying.join().unwrap().err()?))
            })
            .unwrap();
        assert!(
            error.contains("cancelled") && error.contains("to "),
            "{error}"
        );
        assert_eq!(std::fs::read(to.join("of another")).unwrap(), b"kept");
        assert!(std::fs::read_dir(&to).unwrap().count() < 2_001);
        assert_eq!(std::fs::read_dir(&from).unwrap().count(), 2_000);
    }
}
