//! What git says about the folder, as far as the window shows it.

use git::{FileStatus, Statuses};
use std::path::{Path, PathBuf};

/// The branch, and every path that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitState {
    /// The branch, or the short commit where none is checked out. `None` outside of git.
    pub(crate) branch: Option<String>,
    statuses: Statuses,
    /// Files of git's own that change with the branch or the index.
    pub(crate) watch: Vec<PathBuf>,
}

/// Asks git about a folder. Blocking: not for the UI thread.
pub(crate) fn read(root: &Path) -> GitState {
    match git::snapshot(root) {
        Ok(Some(snapshot)) => GitState {
            branch: Some(snapshot.head.to_string()),
            statuses: snapshot.statuses,
            watch: snapshot.watch,
        },
        Ok(None) => GitState::default(),
        Err(error) => {
            tracing::warn!("{error}");
            GitState::default()
        }
    }
}

impl GitState {
    /// How a file or folder differs from the last commit.
    pub(crate) fn change(&self, path: &Path, is_dir: bool) -> Option<FileStatus> {
        let status = if is_dir {
            self.statuses.of_folder(path)
        } else {
            self.statuses.get(path)
        };
        status.filter(|status| *status != FileStatus::Ignored)
    }
}

/// The letter that stands for a change.
pub(crate) fn letter(status: FileStatus) -> &'static str {
    match status {
        FileStatus::Untracked => "U",
        FileStatus::Added => "A",
        FileStatus::Modified => "M",
        FileStatus::Deleted => "D",
        FileStatus::Conflicted => "!",
        FileStatus::Ignored => "",
    }
}
