//! What is the matter with the folder of the sessions, and what can be done about it.

use std::io;
use std::path::{Path, PathBuf};

/// Why the sessions of a project folder cannot be listed.
#[derive(Debug, thiserror::Error)]
#[error(
    "the folder {folder} that they are kept in cannot be read: {source}. {}",
    remedy(folder, source)
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

/// What a person can do where a file or folder of the sessions could not be used, as a sentence
/// without its full stop.
pub(super) fn remedy(path: &Path, error: &io::Error) -> String {
    // A log may well be a file.
    let is_log = path.extension().is_some();
    let mut folders = path.ancestors().skip(usize::from(is_log));
    let found = folders.find(|path| path.exists());
    if let Some(found) = found.filter(|found| !found.is_dir()) {
        let shown = crate::visible::line(&found.to_string_lossy());
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
