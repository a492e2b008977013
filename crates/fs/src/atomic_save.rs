//! Saving a file so that it is, at every instant, all old or all new.
//!
//! The new content goes to a temporary file in the same folder, is forced to the disk, and takes
//! the name over by a rename; then the folder is forced to the disk. Mode, owner and extended
//! attributes are copied first. A symbolic link is followed, so the link stays.
//!
//! A rename would cut a file off its other hard links, and cannot keep an owner that this user may
//! not set. Such files are overwritten in place, with their old content beside them on disk until
//! that is done, and put back if it fails.

use std::ffi::OsStr;
use std::fs::{File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::in_place::{backup_of, overwrite};
use crate::save_calls::{BeforeCall, Blocks, SaveCall};
use crate::{Content, FsError};

/// The end of a temporary file's name. Watchers and lists of folders leave such files out, as the
/// crates `search` and `git` do.
pub(crate) const TEMPORARY_SUFFIX: &str = ".kiln-tmp";

/// Whether a file of a name is there for no longer than a save takes.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.as_encoded_bytes()
        .ends_with(TEMPORARY_SUFFIX.as_bytes())
}

/// What is between the file's name and [`TEMPORARY_SUFFIX`]: this many random letters and digits.
pub(crate) const RANDOM_BYTES: usize = 6;

/// Where a file system has no locks, a temporary file of this age belongs to a save that was killed.
const STALE: Duration = Duration::from_secs(60 * 60);

/// How often a temporary file is made where others take it away.
const MOST_TRIES: usize = 8;

/// Abandoned files are looked for among this many entries of a folder.
const MAX_LISTED: usize = 20_000;

/// How many links a chain may have, as in Linux (`path_resolution(7)`).
const MAX_LINKS: usize = 40;

/// Replaces the content of `path`, and clears away what killed saves of it left.
pub(crate) fn save(path: &Path, content: &dyn Content, before: BeforeCall) -> Result<(), FsError> {
    let target = follow_links(path, before)?;
    replace(path, &target, content, before)?;
    remove_abandoned(&target);
    Ok(())
}

/// Replaces the content of `target` and follows no link there; what is said about it names `path`.
/// `target` lies in a folder that the caller holds.
#[cfg(target_os = "linux")]
pub(crate) fn save_here(
    path: &Path,
    target: &Path,
    content: &dyn Content,
    before: BeforeCall,
) -> Result<(), FsError> {
    if std::fs::symlink_metadata(target).is_ok_and(|found| found.is_symlink()) {
        return Err(FsError::ThroughLink { path: path.into() });
    }
    replace(path, target, content, before).map_err(|error| match error {
        // Where the folder lies says more than how it is held.
        FsError::NotFound { path: gone } if gone == parent_of(target) => FsError::NotFound {
            path: parent_of(path).to_path_buf(),
        },
        FsError::FolderRefuses { path, action, .. } => FsError::FolderRefuses {
            folder: parent_of(&path).to_path_buf(),
            path,
            action,
        },
        FsError::OverwriteFailed { backup, source, .. } => FsError::OverwriteFailed {
            path: path.to_path_buf(),
            backup: parent_of(path).join(backup.file_name().unwrap_or_default()),
            source,
        },
        other => other,
    })?;
    remove_abandoned(target);
    Ok(())
}

fn replace(
    path: &Path,
    target: &Path,
    content: &dyn Content,
    before: BeforeCall,
) -> Result<(), FsError> {
    let failed = |error| FsError::from_io("write", path, error);
    before(SaveCall::Look).map_err(failed)?;
    let existing = match std::fs::symlink_metadata(target) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(failed(error)),
    };
    if let Some(metadata) = &existing {
        if metadata.is_dir() {
            return Err(FsError::IsDirectory { path: path.into() });
        }
        if !metadata.is_file() {
            return Err(FsError::NotAFile { path: path.into() });
        }
        // A rename asks only the folder, so the file's own mode has to be asked for here.
        if is_read_only(target, metadata) {
            return Err(match is_on_read_only_file_system(target) {
                true => failed(io::ErrorKind::ReadOnlyFilesystem.into()),
                false => FsError::ReadOnly { path: path.into() },
            });
        }
    }
    let folder = parent_of(target);
    let (temporary, temporary_path) =
        create_temporary(target, folder, before).map_err(|error| match error.kind() {
            // It is the folder that is gone; a missing file would be created.
            io::ErrorKind::NotFound => FsError::NotFound {
                path: folder.to_path_buf(),
            },
            io::ErrorKind::PermissionDenied => FsError::FolderRefuses {
                path: path.to_path_buf(),
                folder: folder.to_path_buf(),
                action: "write",
            },
            _ => failed(error),
        })?;
    content
        .write_to(&mut Blocks {
            file: &temporary,
            call: SaveCall::WriteTemporary,
            before,
        })
        .map_err(failed)?;

    let mut in_place = false;
    if let Some(metadata) = &existing {
        let keeps_owner = copy_attributes(target, metadata, &temporary, before).map_err(failed)?;
        in_place = !keeps_owner || hard_links(metadata) > 1;
    }
    before(SaveCall::SyncContent).map_err(failed)?;
    temporary.sync_all().map_err(failed)?;
    if in_place {
        return overwrite(path, target, &temporary_path, content, before);
    }
    before(SaveCall::Rename).map_err(failed)?;
    temporary_path
        .persist(target)
        .map_err(|error| failed(error.error))?;
    sync_folder(folder, before).map_err(failed)
}

/// Where a chain of symbolic links ends, be there a file or not.
fn follow_links(path: &Path, before: BeforeCall) -> Result<PathBuf, FsError> {
    let mut current = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        before(SaveCall::FollowLink).map_err(|error| FsError::from_io("write", path, error))?;
        match std::fs::read_link(&current) {
            // A relative link starts at the folder that holds it.
            Ok(next) => current = parent_of(&current).join(next),
            // Not a link, or nothing there.
            Err(_) => return Ok(current),
        }
    }
    Err(FsError::Io {
        path: path.to_path_buf(),
        action: "write",
        source: Arc::new(io::Error::other(
            "too many symbolic links, or links in a circle",
        )),
    })
}

pub(crate) fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Opens a file, and not what a link that was put in its place leads to.
pub(crate) fn open_itself(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    options.open(path)
}

/// The file is locked for as long as it is open, and removed again when the returned path is dropped.
fn create_temporary(
    target: &Path,
    folder: &Path,
    before: BeforeCall,
) -> io::Result<(File, tempfile::TempPath)> {
    before(SaveCall::CreateTemporary)?;
    let prefix = temporary_prefix(target);
    let mut builder = tempfile::Builder::new();
    builder
        .prefix(&prefix)
        .suffix(TEMPORARY_SUFFIX)
        .rand_bytes(RANDOM_BYTES);
    #[cfg(unix)]
    if !target.exists() {
        // A new file gets what the user's umask says, not the private mode of temporary files.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(Permissions::from_mode(0o666));
    }
    for _ in 0..MOST_TRIES {
        let (file, path) = builder.tempfile_in(folder)?.into_parts();
        // Before it was locked it might be taken for one that was left behind.
        let is_held = match file.try_lock() {
            Ok(()) => is_named(&file)?,
            Err(TryLockError::WouldBlock) => false,
            // Without locks nobody takes away what is not old.
            Err(TryLockError::Error(_)) => true,
        };
        if is_held {
            return Ok((file, path));
        }
    }
    Err(io::Error::other(
        "another program takes its temporary files away",
    ))
}

/// Whether a file that is open still has a name.
fn is_named(file: &File) -> io::Result<bool> {
    #[cfg(unix)]
    return Ok(hard_links(&file.metadata()?) > 0);
    // A file that is open cannot be removed elsewhere.
    #[cfg(not(unix))]
    return file.metadata().map(|_| true);
}

/// How the names of the temporary files of a file begin.
pub(crate) fn temporary_prefix(target: &Path) -> String {
    // Names may be 255 bytes at most, so a long one is not repeated in full.
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name: String = name.chars().take(40).collect();
    format!(".{name}.")
}

/// Removes the temporary files that saves of `target` left when they were killed. Old content that
/// is kept beside a file stays, with the new one that it belongs to: it may be the only copy.
pub(crate) fn remove_abandoned(target: &Path) {
    let prefix = temporary_prefix(target);
    let Ok(entries) = std::fs::read_dir(parent_of(target)) else {
        return;
    };
    for entry in entries.take(MAX_LISTED).flatten() {
        let name = entry.file_name();
        let random = name
            .to_str()
            .and_then(|name| name.strip_prefix(&prefix))
            .and_then(|name| name.strip_suffix(TEMPORARY_SUFFIX));
        let is_ours = random.is_some_and(|random| {
            random.len() == RANDOM_BYTES && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        if !is_ours || backup_of(target, &entry.path()).exists() {
            continue;
        }
        match is_abandoned(&entry.path()) {
            Ok(None) => {}
            // Its lock is held until it is gone, so that nobody begins to write to it meanwhile.
            Ok(Some(_held)) => {
                if let Err(error) = std::fs::remove_file(entry.path()) {
                    tracing::debug!("{} stays: {error}", entry.path().display());
                }
            }
            Err(error) => tracing::debug!("{} stays: {error}", entry.path().display()),
        }
    }
}

/// A temporary file that no save holds, held; nothing where one does. A link is none.
fn is_abandoned(path: &Path) -> io::Result<Option<File>> {
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Ok(None);
    }
    let file = open_itself(OpenOptions::new().read(true), path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(_)) => {
            let age = file.metadata()?.modified()?.elapsed();
            Ok(age.is_ok_and(|age| age > STALE).then_some(file))
        }
    }
}

/// Gives `to` the mode, owner and extended attributes of `from`. Returns whether the owner could
/// be kept.
#[cfg(unix)]
fn copy_attributes(
    from: &Path,
    metadata: &Metadata,
    to: &File,
    before: BeforeCall,
) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    before(SaveCall::CopyMode)?;
    let created = to.metadata()?;
    if (created.uid(), created.gid()) != (metadata.uid(), metadata.gid())
        && std::os::unix::fs::fchown(to, Some(metadata.uid()), Some(metadata.gid())).is_err()
    {
        return Ok(false);
    }
    // After the owner, since changing that clears the set-user-id bits.
    before(SaveCall::CopyMode)?;
    to.set_permissions(metadata.permissions())?;
    #[cfg(target_os = "linux")]
    copy_extended_attributes(from, to, before)?;
    #[cfg(not(target_os = "linux"))]
    let _from = from;
    Ok(true)
}

#[cfg(not(unix))]
fn copy_attributes(
    _from: &Path,
    metadata: &Metadata,
    to: &File,
    before: BeforeCall,
) -> io::Result<bool> {
    before(SaveCall::CopyMode)?;
    to.set_permissions(metadata.permissions())?;
    Ok(true)
}

/// Access control lists, capabilities and user attributes. A file system without them has none to
/// lose; those that this user may not set belong to the system.
#[cfg(target_os = "linux")]
fn copy_extended_attributes(from: &Path, to: &File, before: BeforeCall) -> io::Result<()> {
    use std::ffi::CStr;

    use rustix::buffer::spare_capacity;
    use rustix::fs::{
        XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fsetxattr,
    };
    use rustix::io::Errno;

    before(SaveCall::CopyAttribute)?;
    let from = open_itself(OpenOptions::new().read(true), from)?;
    let size = match flistxattr_query(&from) {
        Ok(0) | Err(Errno::NOTSUP | Errno::PERM) => return Ok(()),
        Ok(size) => size,
        Err(error) => return Err(error.into()),
    };
    let mut names = Vec::with_capacity(size);
    flistxattr(&from, spare_capacity(&mut names))?;
    for name in names.split_inclusive(|&byte| byte == 0) {
        let Ok(name) = CStr::from_bytes_with_nul(name) else {
            continue;
        };
        let Ok(size) = fgetxattr_query(&from, name) else {
            continue;
        };
        // Room for one byte, so that an empty value is not taken for a question about its size.
        let mut value = Vec::with_capacity(size.max(1));
        if fgetxattr(&from, name, spare_capacity(&mut value)).is_err() {
            continue;
        }
        before(SaveCall::CopyAttribute)?;
        match fsetxattr(to, name, &value, XattrFlags::empty()) {
            Ok(()) | Err(Errno::NOTSUP | Errno::PERM | Errno::ACCESS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(unix)]
pub(crate) fn hard_links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
pub(crate) fn hard_links(_metadata: &Metadata) -> u64 {
    1
}

/// No write bit at all, or none for this user.
pub(crate) fn is_read_only(path: &Path, metadata: &Metadata) -> bool {
    if metadata.permissions().readonly() {
        return true;
    }
    #[cfg(unix)]
    {
        rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err()
    }
    #[cfg(not(unix))]
    {
        let _path = path;
        false
    }
}

/// Whether the file could not be written whatever its own mode was.
pub(crate) fn is_on_read_only_file_system(path: &Path) -> bool {
    #[cfg(unix)]
    {
        let refused = rustix::fs::access(path, rustix::fs::Access::WRITE_OK).err();
        refused == Some(rustix::io::Errno::ROFS)
    }
    #[cfg(not(unix))]
    {
        let _path = path;
        false
    }
}

/// A name is on the disk once its folder is. Not every file system can do that, and one that
/// cannot has nothing to report.
#[cfg(unix)]
pub(crate) fn sync_folder(folder: &Path, before: BeforeCall) -> io::Result<()> {
    before(SaveCall::SyncFolder)?;
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput
                    | io::ErrorKind::Unsupported
                    | io::ErrorKind::PermissionDenied
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

#[cfg(not(unix))]
pub(crate) fn sync_folder(_folder: &Path, before: BeforeCall) -> io::Result<()> {
    before(SaveCall::SyncFolder)
}
