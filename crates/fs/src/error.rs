//! What can go wrong with a file, in words for the person who asked for it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file operation that did not happen. Every message names the path and, where there is one,
/// the way out.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FsError {
    /// Nothing exists at the path.
    #[error("{} does not exist", path.display())]
    NotFound {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The system refused access.
    #[error("no permission to {action} {}; check the owner and mode of {}", path.display(), asked(action))]
    PermissionDenied {
        /// The path that was asked for.
        path: PathBuf,
        /// What was tried, as a verb: "read", "write".
        action: &'static str,
    },
    /// The folder of a file refuses what is put beside it, or takes the place of it.
    #[error("no permission to {action} {}, because nothing can be written in its folder {}; check the folder's owner and mode, or save the file elsewhere", path.display(), folder.display())]
    FolderRefuses {
        /// The path that was asked for.
        path: PathBuf,
        /// The folder that it is in.
        folder: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
    },
    /// The file system takes no writing at all.
    #[error("could not {action} {}: its file system is read-only; choose a place that can be written", path.display())]
    ReadOnlyFileSystem {
        /// The path that was asked for.
        path: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
    },
    /// The file is marked read-only.
    #[error("{} is read-only; make it writable or save it under another name", path.display())]
    ReadOnly {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// A folder stands where a file was expected.
    #[error("{} is a folder", path.display())]
    IsDirectory {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// Something else stands where a folder was expected.
    #[error("{} is not a folder", path.display())]
    NotADirectory {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// A pipe, a socket or a device: reading one could block for ever.
    #[error("{} is not a regular file (a pipe, socket or device)", path.display())]
    NotAFile {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The target of a creation or a rename is taken.
    #[error("{} already exists", path.display())]
    AlreadyExists {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// A folder that should be removed still holds something.
    #[error("{} is not empty", path.display())]
    NotEmpty {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// The file holds more bytes than the caller accepts.
    #[error("{} is {} MB; at most {} MB can be opened", path.display(), size.div_ceil(1_000_000), limit / 1_000_000)]
    TooLarge {
        /// The path that was asked for.
        path: PathBuf,
        /// The file's size in bytes.
        size: u64,
        /// The most bytes that the caller accepts.
        limit: u64,
    },
    /// The disk or the user's quota is full.
    #[error("no space left to {action} {}; free some and try again (nothing was changed)", path.display())]
    NoSpace {
        /// The path that was asked for.
        path: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
    },
    /// An overwrite in place failed half way and could not be undone; the old content is safe in
    /// a copy beside the file.
    #[error("{} could not be written ({source}); its previous content is in {}", path.display(), backup.display())]
    OverwriteFailed {
        /// The file that is now damaged.
        path: PathBuf,
        /// The copy of what it held before.
        backup: PathBuf,
        /// What the system said.
        source: Arc<io::Error>,
    },
    /// A link stands where none is followed: what it leads to may lie anywhere.
    #[error("{} leads elsewhere through a link, which is not followed", path.display())]
    ThroughLink {
        /// The path that was asked for.
        path: PathBuf,
    },
    /// Any other failure that the system reported.
    #[error("could not {action} {}: {source}", path.display())]
    Io {
        /// The path that was asked for.
        path: PathBuf,
        /// What was tried, as a verb.
        action: &'static str,
        /// What the system said.
        source: Arc<io::Error>,
    },
}

/// Whose owner and mode decide whether something may be done: names are the folder's.
fn asked(action: &str) -> &'static str {
    match action {
        "create" | "remove" | "rename" => "the folder that it is in",
        _ => "the file and its folder",
    }
}

impl FsError {
    /// Sorts what the system said into the cases that a caller can act on.
    pub fn from_io(action: &'static str, path: &Path, error: io::Error) -> Self {
        use io::ErrorKind;
        let path = path.to_path_buf();
        match error.kind() {
            ErrorKind::NotFound => Self::NotFound { path },
            ErrorKind::PermissionDenied => Self::PermissionDenied { path, action },
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnlyFileSystem { path, action },
            ErrorKind::IsADirectory => Self::IsDirectory { path },
            ErrorKind::NotADirectory => Self::NotADirectory { path },
            ErrorKind::AlreadyExists => Self::AlreadyExists { path },
            ErrorKind::DirectoryNotEmpty => Self::NotEmpty { path },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::NoSpace { path, action },
            _ => Self::Io {
                path,
                action,
                source: Arc::new(error),
            },
        }
    }

    /// The path that the operation was about.
    pub fn path(&self) -> &Path {
        match self {
            Self::NotFound { path }
            | Self::PermissionDenied { path, .. }
            | Self::FolderRefuses { path, .. }
            | Self::ReadOnlyFileSystem { path, .. }
            | Self::ReadOnly { path }
            | Self::IsDirectory { path }
            | Self::NotADirectory { path }
            | Self::NotAFile { path }
            | Self::AlreadyExists { path }
            | Self::NotEmpty { path }
            | Self::TooLarge { path, .. }
            | Self::NoSpace { path, .. }
            | Self::ThroughLink { path }
            | Self::OverwriteFailed { path, .. }
            | Self::Io { path, .. } => path,
        }
    }
}
