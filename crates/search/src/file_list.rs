//! The files of a project, to choose from.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::WalkState;

use crate::fuzzy::{self, FileMatch};
use crate::walk::{WalkLimits, project_walk, relative_path};

/// The files of a folder at one moment, relative to it and sorted. What git ignores, `.git`, and
/// names that are not UTF-8 are left out; links to files are in it, folders are not.
#[derive(Clone, Debug, Default)]
pub struct FileList {
    root: PathBuf,
    paths: Vec<String>,
    is_complete: bool,
}

impl FileList {
    /// Walks a folder. A folder that cannot be read gives an empty part of the list.
    pub fn read(root: &Path, limits: &WalkLimits, cancel: &AtomicBool) -> Self {
        let count = AtomicUsize::new(0);
        let found = Mutex::new(Vec::new());
        let is_complete = AtomicBool::new(true);
        project_walk(root, limits.depth).build_parallel().run(|| {
            let mut batch = Batch {
                paths: Vec::new(),
                found: &found,
            };
            let (count, is_complete) = (&count, &is_complete);
            Box::new(move |entry| {
                if cancel.load(Ordering::Relaxed) {
                    is_complete.store(false, Ordering::Relaxed);
                    return WalkState::Quit;
                }
                let Ok(entry) = entry else {
                    return WalkState::Continue;
                };
                let is_file = entry.file_type().is_some_and(|entry_type| {
                    entry_type.is_file() || (entry_type.is_symlink() && entry.path().is_file())
                });
                if !is_file {
                    return WalkState::Continue;
                }
                if count.fetch_add(1, Ordering::Relaxed) >= limits.files {
                    is_complete.store(false, Ordering::Relaxed);
                    return WalkState::Quit;
                }
                batch.paths.extend(relative_path(root, entry.path()));
                WalkState::Continue
            })
        });
        let mut paths = found.into_inner().unwrap_or_else(PoisonError::into_inner);
        paths.sort_unstable();
        Self {
            root: root.to_path_buf(),
            paths,
            is_complete: is_complete.into_inner(),
        }
    }

    /// A list of paths that are known already.
    pub fn from_paths(root: &Path, paths: impl IntoIterator<Item = String>) -> Self {
        let mut paths: Vec<String> = paths.into_iter().collect();
        paths.sort_unstable();
        Self {
            root: root.to_path_buf(),
            paths,
            is_complete: true,
        }
    }

    /// The folder that the paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The relative paths, with `/`.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The folder was walked to its end: neither a limit nor a cancel cut it short.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The `most` best matches for what a person typed, best first. The letters of each word must
    /// appear in order, words in any order; an upper-case letter asks for that case. As in fzf,
    /// `'word` is literal, `^` and `$` anchor, and `!` excludes. An empty query gives the first
    /// paths. Empty when cancelled.
    pub fn find(&self, query: &str, most: usize, cancel: &AtomicBool) -> Vec<FileMatch> {
        fuzzy::best_matches(&self.paths, query, most, cancel)
    }
}

/// What one thread found, handed over when the thread is done.
struct Batch<'a> {
    paths: Vec<String>,
    found: &'a Mutex<Vec<String>>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        found.append(&mut self.paths);
    }
}
