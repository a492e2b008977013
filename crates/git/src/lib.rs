//! What git knows of a folder: the branch and which files differ.
//!
//! Everything is read by libgit2 in this process. No program is started: not git itself, no hook,
//! no filter, no file system monitor, nothing that a repository's settings name. Nothing is
//! written either but the index, when a person stages a change ([`stage`]).
//!
//! All of it blocks; call it off the UI thread.
//!
//! ```no_run
//! # fn main() -> Result<(), git::GitError> {
//! use std::path::Path;
//! if let Some(git) = git::snapshot(Path::new("/home/ada/todo"))? {
//!     println!("on {}", git.head);
//!     let readme = git.statuses.get(Path::new("/home/ada/todo/README.md"));
//!     println!("README.md: {readme:?}");
//! }
//! # Ok(())
//! # }
//! ```

mod error;
mod head;
mod index_file;
mod repository;
mod status;

pub use error::GitError;
pub use head::Head;
pub use index_file::{
    IndexFile, IndexId, Indexed, MAX_INDEX_FILE_BYTES, StageError, indexed, stage,
};
pub use repository::{Snapshot, head, snapshot};
pub use status::{FileStatus, MAX_INDEX_ENTRIES, MAX_STATUSES, Statuses};
