//! What is the matter with the folder of the sessions, and what can be done about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the sessions of a project folder cannot be listed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the folder {folder} that they are kept in cannot be read: {source}. {}",
    remedy(Place::Folder(folder), source)
)]
pub struct SessionsError {
    folder: PathBuf,
    #[source]
    source: io::Error,
}

impl SessionsError {
    pub(super) fn of(folder: &Path, source: io::Error) -> Self {
        Self {
            folder: folder.to_owned(),
            source,
        }
    }
}

/// What could not be used.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// The folder of a project's sessions.
    Folder(&'a Path),
    /// A session's log in it.
    Log(&'a Path),
}

/// What a person can do where a file or folder of the sessions could not be used, as a sentence
/// without its full stop.
pub(super) fn remedy(place: Place, error: &io::Error) -> String {
    let shown = |path: &Path| crate::visible::line(&path.to_string_lossy());
    let folder = match place {
        Place::Folder(folder) => Some(folder),
        Place::Log(path) if path.is_dir() => {
            return format!(
                "{} is a folder in the place of a file: move it elsewhere",
                shown(path)
            );
        }
        Place::Log(path) if path.is_symlink() && !path.exists() => {
            return format!(
                "{} is a link that leads nowhere: put back what it leads to, or remove it",
                shown(path)
            );
        }
        Place::Log(path) => path.parent(),
    };
    let mut folders = folder.into_iter().flat_map(Path::ancestors);
    let found = folders.find(|path| path.exists());
    if let Some(found) = found.filter(|found| !found.is_dir()) {
        let shown = shown(found);
        return format!("{shown} is a file in the place of a folder: move it elsewhere");
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "See to it that you may read and write it, and the folders that it is in".to_owned()
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Make room on the disk".to_owned()
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "Its disk takes no writing: mount it to be written".to_owned()
        }
        _ => "Look at its disk".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_one_whatever_it_is_called() {
        let temp = tempfile::tempdir().unwrap();
        let named_as_a_file = temp.path().join("my.app");
        std::fs::write(&named_as_a_file, "").unwrap();
        let error = io::Error::from(io::ErrorKind::NotADirectory);
        let told = remedy(Place::Folder(&named_as_a_file), &error);
        assert!(
            told.contains("my.app is a file in the place of a folder"),
            "{told}"
        );
    }
}
