//! One file as it stands in the index: what the text of an editor is compared with, and what a
//! staged change is written to.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, IndexEntryExtendedFlag, Oid, Repository};

use crate::repository::open;
use crate::{GitError, Head};

/// A file of more bytes than this is not compared with its version in the index.
pub const MAX_INDEX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// A file's version in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexFile {
    /// The object that the bytes are; another one in the index means that somebody staged
    /// something else meanwhile.
    pub id: IndexId,
    /// The bytes, without any filter of git's (line endings are the repository's).
    pub bytes: Vec<u8>,
    /// The file in the last commit, where it is another one there: something is staged. `None` too for a
    /// file that the commit does not have, and for one of more than [`MAX_INDEX_FILE_BYTES`].
    pub committed: Option<Vec<u8>>,
}

/// Names a version of a file in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IndexId(Oid);

/// Why a change could not be staged.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// The index has another version of the file than the one that the change was made for.
    #[error("{} was staged meanwhile; look at the change once more", path.display())]
    Moved {
        /// The file.
        path: PathBuf,
    },
    /// Git cannot be read or written.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// What git's index has of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// Files of git's own that change when the version in the index or the committed one does, absolute
    /// and with links resolved: the index, what is checked out, and the branch of that, whose file may be
    /// still to come.
    pub watch: Vec<PathBuf>,
    /// The file's version in it. `None` for a file that git does not know or that is in conflict,
    /// for links and submodules, and for one of more than [`MAX_INDEX_FILE_BYTES`].
    pub file: Option<IndexFile>,
}

/// What git's index has of a file; `None` outside of a repository.
///
/// # Errors
/// [`GitError`] when there is a repository that cannot be read.
pub fn indexed(path: &Path) -> Result<Option<Indexed>, GitError> {
    let Some((repository, below)) = locate(path)? else {
        return Ok(None);
    };
    let file = file_in(&repository, &below).map_err(|error| GitError::new(path, &error))?;
    let own = repository.path();
    let mut watch = vec![own.join("index"), own.join("HEAD")];
    watch.extend(Head::branch_file(&repository));
    Ok(Some(Indexed { watch, file }))
}

fn file_in(repository: &Repository, below: &Path) -> Result<Option<IndexFile>, git2::Error> {
    let index = repository.index()?;
    let Some(entry) = index.get_path(below, 0) else {
        return Ok(None);
    };
    if !is_file(entry.mode) {
        return Ok(None);
    }
    let Some(bytes) = bytes_of(repository, entry.id)? else {
        return Ok(None);
    };
    Ok(Some(IndexFile {
        id: IndexId(entry.id),
        bytes,
        // What differs from the index is known without it.
        committed: committed(repository, below, entry.id).unwrap_or_default(),
    }))
}

/// The bytes of an object; `None` where there are too many, or the repository lacks it.
fn bytes_of(repository: &Repository, id: Oid) -> Result<Option<Vec<u8>>, git2::Error> {
    let (size, _) = match repository.odb()?.read_header(id) {
        Ok(header) => header,
        // A shallow or partial clone may lack the object.
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if size > MAX_INDEX_FILE_BYTES {
        return Ok(None);
    }
    let blob = repository.find_blob(id)?;
    Ok(Some(blob.content().to_vec()))
}

/// A file in the last commit, where that is another version than the one in the index.
fn committed(
    repository: &Repository,
    below: &Path,
    indexed: Oid,
) -> Result<Option<Vec<u8>>, git2::Error> {
    let none = |error: &git2::Error| {
        // Before the first commit there is none.
        matches!(error.code(), ErrorCode::NotFound | ErrorCode::UnbornBranch)
    };
    let found = repository
        .head()
        .and_then(|head| head.peel_to_tree())
        .and_then(|tree| tree.get_path(below));
    match found {
        Ok(entry) if is_file(entry.filemode().cast_unsigned()) && entry.id() != indexed => {
            bytes_of(repository, entry.id())
        }
        Ok(_) => Ok(None),
        Err(error) if none(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Puts other bytes for a file into the index, as `git add` would after the file was written;
/// the file itself is not touched, and its mode stays. No filter and no hook runs.
///
/// # Errors
/// [`StageError::Moved`] when the index has no longer the version `from`.
pub fn stage(path: &Path, from: IndexId, bytes: &[u8]) -> Result<(), StageError> {
    let failed = |error| GitError::new(path, &error);
    let moved = || StageError::Moved {
        path: path.to_path_buf(),
    };
    let (repository, below) = locate(path)?.ok_or_else(moved)?;
    let mut index = repository.index().map_err(failed)?;
    index.read(true).map_err(failed)?;
    let mut entry = index
        .get_path(&below, 0)
        .filter(|entry| entry.id == from.0)
        .ok_or_else(moved)?;
    entry.id = repository.blob(bytes).map_err(failed)?;
    entry.file_size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    // Without times git looks at the file again, instead of taking it for unchanged.
    entry.mtime = git2::IndexTime::new(0, 0);
    // What was only announced (`git add --intent-to-add`) is there now.
    entry.flags_extended &= !IndexEntryExtendedFlag::INTENT_TO_ADD.bits();
    index.add(&entry).map_err(failed)?;
    index.write().map_err(failed)?;
    Ok(())
}

/// The repository that a file is in, and the file's path from the top of its work tree.
fn locate(path: &Path) -> Result<Option<(Repository, PathBuf)>, GitError> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(None);
    };
    let opened = open(folder)?;
    Ok(opened.map(|opened| (opened.repository, opened.below.join(name))))
}

/// Whether a mode of the index is that of a file, plain or executable.
fn is_file(mode: u32) -> bool {
    mode & 0o170_000 == 0o100_000
}
