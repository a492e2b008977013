//! Where the files and folders that an edit names lie before its first step.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use fs::Fs;
use lsp::FileOperation;

/// What the steps so far do to whole files and folders.
#[derive(Debug, Default)]
pub(super) struct EditPaths(Vec<Passed>);

#[derive(Debug)]
enum Passed {
    Made(PathBuf),
    Moved { from: PathBuf, to: PathBuf },
    Deleted(PathBuf),
}

/// Where what is below a folder lies once that is called otherwise; `None` for what is neither below it
/// nor it itself.
pub(super) fn moved_to(path: &Path, from: &Path, to: &Path) -> Option<PathBuf> {
    let rest = path.strip_prefix(from).ok()?;
    // Joined to nothing a path gets a slash at its end.
    Some(match rest.as_os_str().is_empty() {
        true => to.to_path_buf(),
        false => to.join(rest),
    })
}

/// Gives what is known of a file or folder, and of what is below it, their paths once that is called
/// otherwise.
pub(super) fn move_below<T>(known: &mut HashMap<PathBuf, T>, from: &Path, to: &Path) {
    let below: Vec<_> = known.extract_if(|path, _| path.starts_with(from)).collect();
    let moved = below.into_iter();
    let moved = moved.filter_map(|(path, of)| Some((moved_to(&path, from, to)?, of)));
    known.extend(moved);
}

impl EditPaths {
    /// Takes one more step, whose paths are read by `path`.
    pub fn pass(&mut self, operation: &FileOperation, path: impl Fn(&Path) -> PathBuf) {
        self.0.push(match operation {
            FileOperation::Create { path: made, .. } => Passed::Made(path(made)),
            FileOperation::Rename { from, to, .. } => Passed::Moved {
                from: path(from),
                to: path(to),
            },
            FileOperation::Delete { path: deleted, .. } => Passed::Deleted(path(deleted)),
        });
    }

    /// Where what has this path after these steps lies before them. `None` where a step makes it, or
    /// takes away what was there.
    pub fn before(&self, path: &Path) -> Option<PathBuf> {
        let mut path = path.to_path_buf();
        for passed in self.0.iter().rev() {
            match passed {
                Passed::Made(made) if path == *made => return None,
                Passed::Deleted(deleted) if path.starts_with(deleted) => return None,
                Passed::Moved { from, to } => {
                    if let Some(before) = moved_to(&path, to, from) {
                        path = before;
                    } else if path.starts_with(from) {
                        return None;
                    }
                }
                Passed::Made(_) | Passed::Deleted(_) => {}
            }
        }
        Some(path)
    }

    /// Whether something has this path after these steps, by what lies on the disk before them. Blocks.
    pub fn exists(&self, fs: &dyn Fs, path: &Path) -> bool {
        let mut path = path.to_path_buf();
        for passed in self.0.iter().rev() {
            match passed {
                // What is made brings the folders that it lies in.
                Passed::Made(made) if made.starts_with(&path) => return true,
                Passed::Deleted(deleted) if path.starts_with(deleted) => return false,
                Passed::Moved { from, to } => {
                    if let Some(before) = moved_to(&path, to, from) {
                        path = before;
                    } else if to.starts_with(&path) {
                        return true;
                    } else if path.starts_with(from) {
                        return false;
                    }
                }
                Passed::Made(_) | Passed::Deleted(_) => {}
            }
        }
        fs.exists(&path)
    }

    /// Whether a step changes what is below a folder.
    pub fn change_below(&self, folder: &Path) -> bool {
        self.0.iter().any(|passed| match passed {
            Passed::Made(path) | Passed::Deleted(path) => path.starts_with(folder),
            Passed::Moved { from, to } => from.starts_with(folder) || to.starts_with(folder),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_step_made_or_moved_was_nowhere_or_elsewhere() {
        let mut paths = EditPaths::default();
        for operation in [
            FileOperation::Rename {
                from: "/p/a".into(),
                to: "/p/b".into(),
                may_exist: false,
            },
            FileOperation::Create {
                path: "/p/a/new".into(),
                may_exist: false,
            },
            FileOperation::Rename {
                from: "/p/b/x".into(),
                to: "/p/y".into(),
                may_exist: false,
            },
            FileOperation::Delete {
                path: "/p/gone".into(),
                recursive: true,
                may_be_gone: false,
            },
        ] {
            paths.pass(&operation, Path::to_path_buf);
        }
        let before = |path: &str| paths.before(Path::new(path));
        let at = |path: &str| Some(PathBuf::from(path));
        assert_eq!(before("/p/other"), at("/p/other"));
        assert_eq!(before("/p/b"), at("/p/a"));
        assert_eq!(before("/p/b/c"), at("/p/a/c"));
        assert_eq!(before("/p/y"), at("/p/a/x"));
        for nowhere in ["/p/a/new", "/p/a/c", "/p/b/x", "/p/gone/c"] {
            assert_eq!(before(nowhere), None, "{nowhere}");
        }
        let fs = fs::FakeFs::with_files([("/p/a/c", ""), ("/p/other", ""), ("/p/gone/c", "")]);
        let exists = |path: &str| paths.exists(&fs, Path::new(path));
        for there in ["/p/b", "/p/b/c", "/p/a/new", "/p/a", "/p/other"] {
            assert!(exists(there), "{there}");
        }
        // Nothing was at the place that the last of these came from.
        for nowhere in [
            "/p/a/c",
            "/p/b/x",
            "/p/gone",
            "/p/gone/c",
            "/p/none",
            "/p/y",
        ] {
            assert!(!exists(nowhere), "{nowhere}");
        }
        assert!(paths.change_below(Path::new("/p/a")));
        assert!(!paths.change_below(Path::new("/p/other")));
    }
}
