//! Which files of the folder language servers may change.

use std::path::{Component, Path, PathBuf};

use fs::{Fs, FsError};
use lsp::WorkspaceEdit;

/// What is said where an edit is refused before anything was done.
pub(super) fn nothing(why: &str) -> String {
    format!("Nothing was changed: {why}.")
}

fn refused(file: &Path, why: &str) -> String {
    format!("the language server would change {}, {why}", file.display())
}

/// Whether this is git's folder, also as it may be written where case counts for nothing.
fn is_of_git(part: Component<'_>) -> bool {
    part.as_os_str().eq_ignore_ascii_case(".git")
}

/// The folder that is open, as servers may name it.
#[derive(Clone)]
pub(super) struct InFolder {
    /// The folder.
    pub root: PathBuf,
    /// The same without links, which some servers name.
    real_root: PathBuf,
}

impl InFolder {
    /// The folder `root`. Blocks.
    pub fn new(root: &Path) -> Result<Self, String> {
        let real_root = root.canonicalize();
        Ok(Self {
            root: root.to_path_buf(),
            real_root: real_root.map_err(|_| "the folder is not there any more".to_owned())?,
        })
    }

    /// The folder, where all that an edit names lies in it and may be changed. Blocks.
    pub fn of_edit(root: &Path, edit: &WorkspaceEdit) -> Result<Self, String> {
        let folder = Self::new(root)?;
        let texts = edit.files().map(|file| file.path.as_path());
        let operations = edit.operations().flat_map(lsp::FileOperation::paths);
        for path in texts.chain(operations) {
            folder.inside(path)?;
        }
        Ok(folder)
    }

    /// Where a file is in the folder, by its path alone.
    pub fn inside(&self, file: &Path) -> Result<PathBuf, String> {
        let below = file.strip_prefix(&self.root);
        let below = below.or_else(|_| file.strip_prefix(&self.real_root));
        let below = below.ok().filter(|below| {
            let mut parts = below.components();
            let only_names = parts.all(|part| matches!(part, Component::Normal(_)));
            only_names && below.file_name().is_some()
        });
        let Some(below) = below else {
            let is_root = file == self.root || file == self.real_root;
            return Err(refused(
                file,
                match is_root {
                    true => "which is the open folder itself",
                    false => "which lies outside of the folder",
                },
            ));
        };
        match below.components().any(is_of_git) {
            true => Err(refused(file, "which belongs to git")),
            false => Ok(below.to_path_buf()),
        }
    }

    /// A path as the folder is called here; as it is where it does not lie in it.
    pub fn path(&self, file: &Path) -> PathBuf {
        match self.inside(file) {
            Ok(inside) => self.root.join(inside),
            Err(_) => file.to_path_buf(),
        }
    }

    /// The same by the path of the folder without links.
    pub fn real_path(&self, file: &Path) -> PathBuf {
        match self.inside(file) {
            Ok(inside) => self.real_root.join(inside),
            Err(_) => file.to_path_buf(),
        }
    }

    /// Whether a file in the folder is there and may be changed: what is not open is reached without
    /// any link, and what is open, which only its buffer changes, lies in the folder where links lead.
    pub fn is_reached(&self, fs: &dyn Fs, inside: &Path, is_open: bool) -> Result<(), String> {
        let file = self.root.join(inside);
        if is_open {
            // A file that was never saved is nowhere else either.
            let real = fs
                .canonicalize(&file)
                .unwrap_or_else(|_| self.real_root.join(inside));
            return match real.strip_prefix(&self.real_root) {
                Ok(real) if !real.components().any(is_of_git) => Ok(()),
                _ => Err(refused(&file, "which lies outside of the folder")),
            };
        }
        match fs.open_beneath(&self.root, inside) {
            Ok(_) => Ok(()),
            Err(FsError::ThroughLink { .. }) => {
                Err(refused(&file, "which is reached through a link"))
            }
            Err(FsError::NotFound { .. }) => Err(refused(&file, "which is not there")),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn files_outside_of_the_folder_and_those_of_git_are_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().join("project");
        std::fs::create_dir_all(root.join(".git")).unwrap();
        for file in ["project/a.rs", "project/.git/config", "outside.rs"] {
            std::fs::write(scratch.path().join(file), "").unwrap();
        }
        for (to, name) in [("outside.rs", "link.rs"), ("project/a.rs", "near.rs")] {
            std::os::unix::fs::symlink(scratch.path().join(to), root.join(name)).unwrap();
        }
        let folder = InFolder::new(&root).unwrap();
        let says = |name: &str, is_open| {
            let inside = folder.inside(&root.join(name))?;
            folder.is_reached(&fs::RealFs::new(), &inside, is_open)
        };
        assert_eq!((says("a.rs", false), says("a.rs", true)), (Ok(()), Ok(())));
        let refused = |name: &str, is_open, why: &str| {
            let said = says(name, is_open).unwrap_err();
            assert!(said.contains(why), "{name}: {said}");
        };
        refused("../outside.rs", false, "outside of the folder");
        refused("link.rs", false, "through a link");
        refused("near.rs", false, "through a link");
        assert_eq!(says("near.rs", true), Ok(()));
        refused("link.rs", true, "outside of the folder");
        refused(".git/config", false, "git");
        refused(".GIT/hooks/pre-commit", false, "git");
        refused("sub/.git/config", false, "git");
        refused("none.rs", false, "not there");
        refused("", false, "the open folder itself");
        assert!(folder.inside(Path::new("/etc/passwd")).is_err());
    }
}
