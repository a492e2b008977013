//! What is looked at before the first step of an edit of a server: where one of its steps would be
//! refused, none is made.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::coming_back::ComingText;
use super::deleted_files::{DeletedFiles, Room};
use super::edit_paths::EditPaths;
use super::in_folder::InFolder;
use super::server_edits::MAX_EDITED;
use fs::{Fs, FsError};
use lsp::{EditStep, FileOperation, WorkspaceEdit};

/// An edit that is looked at, as far as its steps were passed.
struct Checked<'a> {
    fs: &'a dyn Fs,
    folder: &'a InFolder,
    /// The files that are open.
    open: &'a HashSet<PathBuf>,
    /// The unsaved texts that are still to come back.
    coming: &'a [ComingText],
    passed: EditPaths,
    /// How much more can be deleted.
    room: Room,
}

/// Looks whether all steps of an edit can be made, by what lies on the disk; `open` are the files
/// that are open, `coming` the unsaved texts that are still to come back. Blocks.
///
/// # Errors
/// A sentence without its end that says what stands in the way.
pub(super) fn check(
    fs: &dyn Fs,
    folder: &InFolder,
    edit: &WorkspaceEdit,
    (open, coming): (&HashSet<PathBuf>, &[ComingText]),
) -> Result<(), String> {
    let mut checked = Checked {
        fs,
        folder,
        open,
        coming,
        passed: EditPaths::default(),
        room: Room::default(),
    };
    for step in &edit.steps {
        match step {
            EditStep::Texts(files) => {
                for file in files.iter().filter(|file| !file.is_empty()) {
                    checked.text(&file.path)?;
                }
            }
            EditStep::File(operation) => {
                if checked.operation(operation)? {
                    let path = |path: &Path| folder.path(path);
                    checked.passed.pass(operation, path);
                }
            }
        }
    }
    Ok(())
}

/// What will come of something that is to be done to a whole file or folder.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Foreseen {
    /// It is done, as far as this was looked at.
    Done,
    /// Nothing: it may meet what is there, or may find nothing, and does.
    Nothing,
    /// It is refused: something is where it would put something, and nothing is written over.
    InTheWay,
}

/// What will come of something that is to be done to a whole file or folder, by what lies on the disk
/// before the first step and what the steps `passed` before it do; `path` reads its paths. Blocks.
pub(super) fn foresee(
    fs: &dyn Fs,
    passed: &EditPaths,
    operation: &FileOperation,
    path: impl Fn(&Path) -> PathBuf,
) -> Foreseen {
    let is_there = |named: &Path| passed.exists(fs, &path(named));
    match operation {
        FileOperation::Create { path, may_exist }
        | FileOperation::Rename {
            to: path,
            may_exist,
            ..
        } if is_there(path) => match may_exist {
            true => Foreseen::Nothing,
            false => Foreseen::InTheWay,
        },
        FileOperation::Delete {
            path,
            may_be_gone: true,
            ..
        } if !is_there(path) => Foreseen::Nothing,
        _ => Foreseen::Done,
    }
}

impl Checked<'_> {
    /// Where a path lies before the first step, below the folder; `None` where that is nowhere.
    fn before(&self, path: &Path) -> Result<Option<(PathBuf, PathBuf)>, String> {
        let Some(before) = self.passed.before(&self.folder.path(path)) else {
            return Ok(None);
        };
        let inside = self.folder.inside(&before)?;
        Ok(Some((before, inside)))
    }

    /// A text that is to be changed.
    fn text(&self, path: &Path) -> Result<(), String> {
        let Some((path, inside)) = self.before(path)? else {
            return Ok(());
        };
        let is_open = self.open.contains(&path);
        // It may be known by another name, such as that of a folder without the links on the way.
        let real = self.fs.canonicalize(&path).ok();
        let mut coming = self.coming.iter();
        let is_of_it = |text: &&ComingText| {
            text.is_of(&path) || real.as_ref().is_some_and(|real| text.is_of(real))
        };
        let coming = coming.find(is_of_it);
        if let Some(text) = coming.filter(|_| !is_open) {
            return Err(text.not_edited());
        }
        self.folder.is_reached(self.fs, &inside, is_open)?;
        if is_open {
            return Ok(());
        }
        let size = self.fs.metadata(&path).map_err(said)?.size;
        match size > MAX_EDITED {
            true => Err(said(FsError::TooLarge {
                path,
                size,
                limit: MAX_EDITED,
            })),
            false => Ok(()),
        }
    }

    /// Something that is to be done to a file or folder; whether it will be done.
    fn operation(&mut self, operation: &FileOperation) -> Result<bool, String> {
        match operation {
            FileOperation::Create { path, may_exist } => self.place(path, *may_exist),
            FileOperation::Rename {
                from,
                to,
                may_exist,
            } => {
                if !self.place(to, *may_exist)? {
                    return Ok(false);
                }
                if let Some((_, inside)) = self.before(from)? {
                    self.on_the_way(&inside)?;
                }
                match self.exists(from) {
                    true => Ok(true),
                    false => Err(self.not_found(from)),
                }
            }
            FileOperation::Delete {
                path,
                recursive,
                may_be_gone,
            } => {
                let before = self.before(path)?;
                if let Some((_, inside)) = &before {
                    self.on_the_way(inside)?;
                }
                if !self.exists(path) {
                    return match may_be_gone {
                        true => Ok(false),
                        false => Err(self.not_found(path)),
                    };
                }
                // What the edit makes itself is not kept.
                let Some((path, inside)) = before.filter(|(path, _)| self.fs.exists(path)) else {
                    return Ok(true);
                };
                self.room = DeletedFiles::measure(self.fs, self.folder, &inside, self.room)?;
                let found = self.fs.metadata(&path).map_err(said)?;
                if found.is_dir && !recursive && !self.passed.change_below(&path) {
                    let held = self.fs.read_whole_dir_beneath(&self.folder.root, &inside);
                    if !held.map_err(said)?.is_empty() {
                        return Err(said(FsError::NotEmpty { path }));
                    }
                }
                Ok(true)
            }
        }
    }

    /// A place that is to be taken; whether it will be.
    fn place(&self, path: &Path, may_exist: bool) -> Result<bool, String> {
        if let Some((_, inside)) = self.before(path)? {
            self.on_the_way(&inside)?;
        }
        let path = self.folder.path(path);
        match (self.passed.exists(self.fs, &path), may_exist) {
            (true, true) => Ok(false),
            (true, false) => Err(said(FsError::AlreadyExists { path })),
            (false, _) => Ok(true),
        }
    }

    /// Whether something has a path once the steps before are made.
    fn exists(&self, path: &Path) -> bool {
        self.passed.exists(self.fs, &self.folder.path(path))
    }

    fn not_found(&self, path: &Path) -> String {
        let path = self.folder.path(path);
        said(FsError::NotFound { path })
    }

    /// No link is on the way to a place.
    fn on_the_way(&self, inside: &Path) -> Result<(), String> {
        let reached = self.fs.beside_links(&self.folder.root, inside);
        reached.map(drop).map_err(said)
    }
}

fn said(error: FsError) -> String {
    error.to_string()
}
