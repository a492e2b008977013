//! Files that are dropped on the tree from outside: they are copied into the folder there.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use fs::{Fs, FsError};
use gpui_kit::prelude::*;
use gpui_kit::{AsyncWindowContext, Context, Window};
use ui::widgets::ButtonStyle;
use ui::{Severity, notify};

use super::FileTree;
use super::rows::Row;
use crate::dialog::{Question, ask};

/// How many files and folders one drop copies at most, so that a slip copies no whole disk.
const MAX_COPIED: usize = 50_000;

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

    /// Copies files and folders into a folder, asking where a name is taken.
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
                let done = cx
                    .background_executor()
                    .spawn(async move { copy_all(fs.as_ref(), &from, &to) })
                    .await;
                match done {
                    Ok(()) => copied.push(target),
                    Err(words) => {
                        cx.update(|window, cx| notify(Severity::Error, words, window, cx))?;
                    }
                }
            }
            this.update(cx, |tree, cx| {
                tree.reload(&folder, cx);
                if let Some(first) = copied.first() {
                    tree.select_path(first, cx);
                }
                tree.model
                    .update(cx, |model, cx| model.paths_changed(copied, cx));
            })
        })
        .detach_and_log_err(cx);
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

/// Copies a file, or a folder with all it holds but the links in it.
fn copy_all(fs: &dyn Fs, from: &Path, to: &Path) -> Result<(), String> {
    if to.starts_with(from) {
        return Err(format!(
            "{} cannot be copied into itself; drop it on another folder",
            from.display()
        ));
    }
    let words = |error: FsError| error.to_string();
    if !fs.metadata(from).map_err(words)?.is_dir {
        return fs.copy(from, to).map_err(words);
    }
    let mut folders = vec![(from.to_path_buf(), to.to_path_buf())];
    let mut count = 0;
    while let Some((source, target)) = folders.pop() {
        fs.create_dir_all(&target).map_err(words)?;
        for entry in fs.read_dir(&source).map_err(words)? {
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
                (false, false) => fs.copy(&entry.path, &target.join(name)).map_err(words)?,
            }
        }
    }
    Ok(())
}
