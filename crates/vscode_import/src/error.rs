//! What can go wrong with an import.

use std::io;
use std::path::PathBuf;

/// Why nothing was imported, or why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The path that was given does not exist.
    #[error("{} does not exist; give VS Code's user folder (it holds settings.json) or the file itself", .0.display())]
    NotFound(PathBuf),
    /// The path that was given holds no settings.
    #[error("there is no settings.json in {} or in its `User` folder; give VS Code's user folder or its settings.json", .0.display())]
    NoSettings(PathBuf),
    /// The file that was given is not a settings.json.
    #[error("{} is no settings.json; give that file, or VS Code's user folder, which holds it", .0.display())]
    NotSettings(PathBuf),
    /// A file could not be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is larger than any such file should be.
    #[error("{} is over {limit} MiB and is not read", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in MiB.
        limit: u64,
    },
    /// A file is not text in UTF-8.
    #[error("{} is not text in UTF-8", .0.display())]
    NotText(PathBuf),
    /// Kiln's own settings cannot be changed safely.
    #[error("{}: {problem}", path.display())]
    OwnSettings {
        /// Kiln's settings file.
        path: PathBuf,
        /// What is wrong with it.
        problem: settings::EditError,
    },
    /// A file could not be written.
    #[error("{} cannot be written: {source}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}
