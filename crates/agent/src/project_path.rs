//! Paths that a model names, resolved inside the project folder.
//!
//! A path is resolved and checked each time it is used, not once: what it
//! leads to may change between a question and its answer.

use std::path::{Component, Path, PathBuf};

/// The longest path a model may name, in bytes.
const MAX_PATH_BYTES: usize = 4096;

/// Why a path cannot be used. The messages are for the model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathError {
    #[error(
        "The path is empty or malformed. Give a path relative to the project folder, such as src/main.rs"
    )]
    Malformed,
    #[error("{0} is outside the project folder, where no tool may go")]
    Outside(String),
    #[error("{0} does not exist. Use list_directory to find the right path")]
    NotFound(String),
    #[error("{0} is a symbolic link that leads nowhere")]
    Dangling(String),
    #[error("{path} cannot be used: {message}")]
    Io { path: String, message: String },
}

/// A path inside the project folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProjectPath {
    /// Absolute, without links and `..`.
    pub absolute: PathBuf,
    /// Relative to the folder; empty for the folder itself.
    pub relative: PathBuf,
}

/// The project folder.
#[derive(Debug, Clone)]
pub(crate) struct ProjectFolder {
    root: PathBuf,
}

impl ProjectFolder {
    /// The folder at `root`, which must exist.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(std::io::Error::from(std::io::ErrorKind::NotADirectory));
        }
        Ok(Self { root })
    }

    /// The folder's absolute path, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Resolves the path of something that exists.
    pub fn existing(&self, path: &str) -> Result<ProjectPath, PathError> {
        let joined = self.join(path)?;
        let absolute = joined.canonicalize().map_err(|error| {
            match error.kind() {
                // What lies outside is not told apart from what is not there.
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                    if self.leads_outside(&joined) =>
                {
                    PathError::Outside(shown(path))
                }
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                    PathError::NotFound(shown(path))
                }
                _ => PathError::Io {
                    path: shown(path),
                    message: error.to_string(),
                },
            }
        })?;
        self.inside(absolute, path)
    }

    /// Resolves the path of a file that is to be written and need not exist,
    /// nor the folders it is in. What exists of it must be inside.
    pub fn writable(&self, path: &str) -> Result<ProjectPath, PathError> {
        let joined = self.join(path)?;
        if joined.symlink_metadata().is_ok() {
            return match joined.canonicalize() {
                Ok(absolute) => self.inside(absolute, path),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    Err(PathError::Dangling(shown(path)))
                }
                Err(error) => Err(PathError::Io {
                    path: shown(path),
                    message: error.to_string(),
                }),
            };
        }
        // The deepest part that exists, and the names below it.
        let mut existing = joined.as_path();
        let mut missing = Vec::new();
        while existing.symlink_metadata().is_err() {
            match (existing.file_name(), existing.parent()) {
                (Some(name), Some(parent)) => {
                    missing.push(name.to_owned());
                    existing = parent;
                }
                // `..` behind something that does not exist.
                _ => return Err(PathError::Malformed),
            }
        }
        let absolute = existing
            .canonicalize()
            .map_err(|_| PathError::Dangling(shown(path)))?;
        let mut resolved = self.inside(absolute, path)?.absolute;
        for name in missing.iter().rev() {
            resolved.push(name);
        }
        self.inside(resolved, path)
    }

    fn join(&self, path: &str) -> Result<PathBuf, PathError> {
        let trimmed = path.trim();
        if trimmed.is_empty()
            || trimmed.len() > MAX_PATH_BYTES
            || trimmed.contains('\0')
            || trimmed.contains('\n')
        {
            return Err(PathError::Malformed);
        }
        // A model that means the home folder does not mean a folder named `~`.
        if trimmed == "~" || trimmed.starts_with("~/") {
            return Err(PathError::Outside(shown(path)));
        }
        Ok(self.root.join(self.without_own_name(trimmed)))
    }

    /// Small models like to begin a path with the name of the project folder.
    /// Where there is nothing of that name inside, they mean the folder.
    fn without_own_name<'a>(&self, path: &'a str) -> &'a str {
        let own = self.root.file_name().and_then(|name| name.to_str());
        match path.trim_start_matches("./").split_once('/') {
            Some((first, rest))
                if Some(first) == own
                    && !rest.is_empty()
                    && self.root.join(first).symlink_metadata().is_err() =>
            {
                rest.trim_start_matches('/')
            }
            _ => path,
        }
    }

    /// Whether a path that cannot be resolved leaves the folder by its words
    /// alone.
    fn leads_outside(&self, joined: &Path) -> bool {
        let mut normal = PathBuf::new();
        for part in joined.components() {
            match part {
                Component::ParentDir => {
                    normal.pop();
                }
                Component::CurDir => {}
                other => normal.push(other),
            }
        }
        !normal.starts_with(&self.root)
    }

    fn inside(&self, absolute: PathBuf, path: &str) -> Result<ProjectPath, PathError> {
        match absolute.strip_prefix(&self.root) {
            Ok(relative) => Ok(ProjectPath {
                relative: relative.to_owned(),
                absolute,
            }),
            Err(_) => Err(PathError::Outside(shown(path))),
        }
    }
}

impl ProjectPath {
    /// The relative path with `/`, made fit to be shown; `.` for the folder.
    pub fn shown(&self) -> String {
        let text = self
            .relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        if text.is_empty() {
            ".".to_owned()
        } else {
            crate::visible::line(&text)
        }
    }
}

fn shown(path: &str) -> String {
    format!(
        "`{}`",
        crate::visible::shorten(&crate::visible::line(path), 200)
    )
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn project() -> (tempfile::TempDir, ProjectFolder) {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("project");
        fs::create_dir_all(root.join("src")).unwrap();
        fs::write(root.join("src/main.rs"), "x").unwrap();
        fs::create_dir(temp.path().join("outside")).unwrap();
        fs::write(temp.path().join("outside/secret"), "canary").unwrap();
        let folder = ProjectFolder::open(&root).unwrap();
        (temp, folder)
    }

    #[test]
    fn paths_inside_are_found_however_they_are_written() {
        let (_temp, folder) = project();
        let absolute = folder.root().join("src/main.rs");
        for path in [
            "src/main.rs",
            "./src/main.rs",
            "src/../src/main.rs",
            " src/main.rs ",
            absolute.to_str().unwrap(),
        ] {
            let found = folder.existing(path).unwrap();
            assert_eq!(found.shown(), "src/main.rs", "{path}");
            assert_eq!(folder.writable(path).unwrap(), found);
        }
        assert_eq!(folder.existing(".").unwrap().shown(), ".");
        assert_eq!(
            folder.writable("new/deep/file.rs").unwrap().shown(),
            "new/deep/file.rs"
        );
    }

    #[test]
    fn nothing_outside_is_reached() {
        let (temp, folder) = project();
        let root = folder.root().to_owned();
        symlink("../../outside", root.join("src/link")).unwrap();
        symlink("link", root.join("src/chain")).unwrap();
        symlink("/proc/self/root", root.join("slash")).unwrap();
        let outside = temp.path().canonicalize().unwrap().join("outside/secret");
        for path in [
            "../outside/secret",
            "src/../../outside/secret",
            "src/link/secret",
            "src/chain/secret",
            "/etc/passwd",
            "/proc/self/environ",
            "/proc/self/root/etc/passwd",
            "slash/etc/passwd",
            "~/.bashrc",
            "../../../../../../../../etc/nothing-here",
            outside.to_str().unwrap(),
        ] {
            assert!(
                matches!(folder.existing(path), Err(PathError::Outside(_))),
                "{path}: {:?}",
                folder.existing(path)
            );
            assert!(folder.writable(path).is_err(), "{path}");
        }
        assert!(folder.writable("src/link/new").is_err());
        assert!(folder.writable("new/../../outside/x").is_err());
    }

    #[test]
    fn a_link_that_leads_nowhere_is_not_written_through() {
        let (temp, folder) = project();
        symlink(
            temp.path().join("outside/created"),
            folder.root().join("dangling"),
        )
        .unwrap();
        assert!(matches!(
            folder.writable("dangling"),
            Err(PathError::Dangling(_))
        ));
        assert!(folder.writable("dangling/x").is_err());
        assert!(!temp.path().join("outside/created").exists());
    }

    #[test]
    fn a_link_swapped_after_a_check_is_noticed_at_the_next() {
        let (_temp, folder) = project();
        assert!(folder.writable("src/new.rs").is_ok());
        fs::remove_file(folder.root().join("src/main.rs")).unwrap();
        fs::remove_dir(folder.root().join("src")).unwrap();
        symlink("../outside", folder.root().join("src")).unwrap();
        assert!(matches!(
            folder.writable("src/new.rs"),
            Err(PathError::Outside(_))
        ));
    }

    #[test]
    fn the_folders_own_name_before_a_path_means_the_folder() {
        let (temp, folder) = project();
        assert_eq!(
            folder.existing("project/src/main.rs").unwrap().shown(),
            "src/main.rs"
        );
        assert_eq!(folder.writable("project/new.rs").unwrap().shown(), "new.rs");
        assert!(folder.existing("project//etc/passwd").is_err());
        assert!(folder.existing("project/../../outside/secret").is_err());
        fs::create_dir(temp.path().join("project/project")).unwrap();
        assert_eq!(
            folder.writable("project/new.rs").unwrap().shown(),
            "project/new.rs",
            "where there is one inside, it is meant"
        );
    }

    #[test]
    fn malformed_paths_are_refused() {
        let (_temp, folder) = project();
        let long = "a/".repeat(4000);
        for path in ["", "  ", "a\0b", "a\nb", long.as_str()] {
            assert_eq!(folder.existing(path), Err(PathError::Malformed), "{path:?}");
        }
        assert!(matches!(
            folder.existing("nope.rs"),
            Err(PathError::NotFound(_))
        ));
    }
}
