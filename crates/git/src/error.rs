//! Why git could not be read.

use std::path::PathBuf;

/// A repository that is there and cannot be read. Kiln works on without git.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The folder belongs to another user, whose settings are not to be trusted.
    #[error(
        "git leaves {} alone, since it belongs to another user; run `git config --global --add safe.directory {}` if you trust it",
        path.display(), path.display()
    )]
    OtherOwner {
        /// The folder.
        path: PathBuf,
    },
    /// The repository is damaged, or of a kind that libgit2 does not know.
    #[error("git could not read {}: {message}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What libgit2 said.
        message: String,
    },
}

impl GitError {
    pub(crate) fn new(path: &std::path::Path, error: &git2::Error) -> Self {
        let path = path.to_path_buf();
        if error.code() == git2::ErrorCode::Owner {
            Self::OtherOwner { path }
        } else {
            let message = error.message().to_owned();
            Self::Unreadable { path, message }
        }
    }
}
