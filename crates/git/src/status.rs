//! Which files differ from the last commit.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use git2::{Repository, Status, StatusOptions, StatusShow};

/// The most paths that are listed.
pub const MAX_STATUSES: usize = 50_000;

/// A repository with more files than this is not compared, since that would take too long.
pub const MAX_INDEX_ENTRIES: usize = 500_000;

/// The end of the name of a file that is there for no longer than a save takes; the crate `fs` makes
/// it.
const TEMPORARY_SUFFIX: &[u8] = b".kiln-tmp";

/// How a file differs, index and work tree taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileStatus {
    /// Left out by `.gitignore`.
    Ignored,
    /// Not known to git.
    Untracked,
    /// Known to git, not in the last commit.
    Added,
    /// Other than in the last commit.
    Modified,
    /// In the last commit, gone since.
    Deleted,
    /// A merge left it in conflict.
    Conflicted,
}

impl FileStatus {
    fn new(status: Status) -> Option<Self> {
        let any = |flags: Status| status.intersects(flags);
        if any(Status::CONFLICTED) {
            Some(Self::Conflicted)
        } else if any(Status::WT_DELETED) {
            Some(Self::Deleted)
        } else if any(Status::INDEX_NEW) {
            Some(Self::Added)
        } else if any(Status::WT_NEW) {
            // Also what was taken out of the index and still lies there.
            Some(Self::Untracked)
        } else if any(Status::INDEX_DELETED) {
            Some(Self::Deleted)
        } else if any(Status::INDEX_MODIFIED
            | Status::WT_MODIFIED
            | Status::INDEX_TYPECHANGE
            | Status::WT_TYPECHANGE
            | Status::INDEX_RENAMED
            | Status::WT_RENAMED)
        {
            Some(Self::Modified)
        } else if any(Status::IGNORED) {
            Some(Self::Ignored)
        } else {
            None
        }
    }
}

/// The files that differ. Files without an entry are as committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statuses {
    workdir: PathBuf,
    files: HashMap<PathBuf, FileStatus>,
    /// Untracked and ignored folders, whose content has no entries of its own.
    folders: HashMap<PathBuf, FileStatus>,
    /// What the folders that hold something changed show.
    changed_folders: HashMap<PathBuf, FileStatus>,
    is_complete: bool,
}

impl Statuses {
    pub(crate) fn read(
        repository: &Repository,
        workdir: &Path,
        below: &Path,
    ) -> Result<Self, git2::Error> {
        let mut statuses = Self {
            workdir: workdir.to_path_buf(),
            ..Self::default()
        };
        if repository.index()?.len() > MAX_INDEX_ENTRIES {
            return Ok(statuses);
        }
        let mut options = StatusOptions::new();
        options
            .show(StatusShow::IndexAndWorkdir)
            .include_untracked(true)
            .recurse_untracked_dirs(false)
            .include_ignored(true)
            .recurse_ignored_dirs(false)
            // A submodule is a repository of its own, with settings of its own.
            .exclude_submodules(true)
            .renames_head_to_index(false)
            .renames_index_to_workdir(false)
            .update_index(false);
        if !below.as_os_str().is_empty() {
            options.disable_pathspec_match(true).pathspec(below);
        }
        let found = repository.statuses(Some(&mut options))?;
        statuses.is_complete = found.len() <= MAX_STATUSES;
        for entry in found.iter().take(MAX_STATUSES) {
            if entry.path_bytes().ends_with(TEMPORARY_SUFFIX) {
                continue;
            }
            if let Some(status) = FileStatus::new(entry.status()) {
                statuses.insert(entry.path_bytes(), status);
            }
        }
        Ok(statuses)
    }

    fn insert(&mut self, path: &[u8], status: FileStatus) {
        let is_folder = path.ends_with(b"/");
        let Some(path) = path_from_bytes(path.strip_suffix(b"/").unwrap_or(path)) else {
            return;
        };
        if status != FileStatus::Ignored {
            for folder in path.ancestors().skip(1) {
                let shown = self
                    .changed_folders
                    .entry(folder.to_path_buf())
                    .or_insert(status);
                *shown = summary(*shown, status);
            }
        }
        if is_folder {
            self.folders.insert(path, status);
        } else {
            self.files.insert(path, status);
        }
    }

    /// How a file differs, by its absolute path. Everything in an untracked or ignored folder is
    /// untracked or ignored.
    pub fn get(&self, path: &Path) -> Option<FileStatus> {
        let relative = path.strip_prefix(&self.workdir).ok()?;
        self.files
            .get(relative)
            .or_else(|| {
                relative
                    .ancestors()
                    .find_map(|above| self.folders.get(above))
            })
            .copied()
    }

    /// What a folder shows in a file tree, by its absolute path: the most telling of what it
    /// holds. A deleted or changed file makes it modified; ignored files say nothing.
    pub fn of_folder(&self, path: &Path) -> Option<FileStatus> {
        let relative = path.strip_prefix(&self.workdir).ok()?;
        self.changed_folders
            .get(relative)
            .copied()
            .or_else(|| self.get(path))
    }

    /// Every file that has a status, by its path from the top of the work tree, and untracked and
    /// ignored folders in place of what they hold. In no order.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, FileStatus)> {
        self.files
            .iter()
            .chain(&self.folders)
            .map(|(path, status)| (path.as_path(), *status))
    }

    /// All differences are listed: neither of the limits was reached.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// What a folder shows that holds both.
fn summary(one: FileStatus, other: FileStatus) -> FileStatus {
    if one == other {
        return match one {
            FileStatus::Deleted => FileStatus::Modified,
            same => same,
        };
    }
    match one.max(other) {
        FileStatus::Deleted => FileStatus::Modified,
        // Some new files among others do not make the folder new.
        FileStatus::Added => FileStatus::Added,
        most => most,
    }
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> Option<PathBuf> {
    std::str::from_utf8(bytes).ok().map(PathBuf::from)
}
