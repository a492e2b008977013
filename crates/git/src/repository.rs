//! Finding and opening a repository.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use crate::{GitError, Head, Statuses};

/// What git says of a folder at one moment.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The top of the work tree: the folder, or one above it. As the folder was named, with links
    /// unresolved.
    pub workdir: PathBuf,
    /// What is checked out.
    pub head: Head,
    /// Which files below the folder differ.
    pub statuses: Statuses,
    /// Files of git's own that change when the branch, its commit or the index does, to be watched.
    pub watch: Vec<PathBuf>,
}

/// Branch and statuses. `None` if the folder is in no repository, or in one without a work tree.
///
/// # Errors
/// [`GitError`] when there is a repository that cannot be read.
pub fn snapshot(folder: &Path) -> Result<Option<Snapshot>, GitError> {
    let Some(opened) = open(folder)? else {
        return Ok(None);
    };
    let failed = |error| GitError::new(folder, &error);
    let head = Head::read(&opened.repository).map_err(failed)?;
    let statuses =
        Statuses::read(&opened.repository, &opened.workdir, &opened.below).map_err(failed)?;
    let own = opened.repository.path();
    let mut watch = vec![own.join("HEAD"), own.join("index")];
    watch.extend(Head::reference(&opened.repository));
    Ok(Some(Snapshot {
        head,
        statuses,
        watch,
        workdir: opened.workdir,
    }))
}

/// The branch alone, which costs next to nothing. `None` as for [`snapshot`].
///
/// # Errors
/// [`GitError`] when there is a repository that cannot be read.
pub fn head(folder: &Path) -> Result<Option<Head>, GitError> {
    let Some(opened) = open(folder)? else {
        return Ok(None);
    };
    Head::read(&opened.repository)
        .map(Some)
        .map_err(|error| GitError::new(folder, &error))
}

/// A repository that was found.
pub(crate) struct Opened {
    pub repository: Repository,
    workdir: PathBuf,
    /// The folder as seen from the work tree.
    pub below: PathBuf,
}

/// The repository that a folder is in the work tree of.
pub(crate) fn open(folder: &Path) -> Result<Option<Opened>, GitError> {
    let no_ceiling: [&Path; 0] = [];
    // Without FROM_ENV: variables such as GIT_DIR speak of another folder.
    let repository = match Repository::open_ext(folder, RepositoryOpenFlags::empty(), no_ceiling) {
        Ok(repository) => repository,
        Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
        Err(error) => return Err(GitError::new(folder, &error)),
    };
    let Some(workdir) = repository.workdir() else {
        return Ok(None);
    };
    let (Ok(workdir), Ok(canonical)) = (workdir.canonicalize(), folder.canonicalize()) else {
        return Ok(None);
    };
    // `core.worktree` may name any folder. One that does not hold this one is not its work tree.
    let Ok(below) = canonical.strip_prefix(&workdir) else {
        return Ok(None);
    };
    let below = below.to_path_buf();
    // The same folder by the name that the caller uses, so that paths can be compared.
    let levels = below.components().count();
    let workdir = match folder.ancestors().nth(levels) {
        Some(named) if named.canonicalize().is_ok_and(|path| path == workdir) => {
            named.to_path_buf()
        }
        _ => workdir,
    };
    Ok(Some(Opened {
        repository,
        workdir,
        below,
    }))
}
