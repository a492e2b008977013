//! The disk.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
#[cfg(target_os = "linux")]
use std::time::SystemTime;

#[cfg(target_os = "linux")]
use crate::beneath;
use crate::file_system::sort_entries;
#[cfg(feature = "test-support")]
use crate::save_calls::SaveFaults;
use crate::{
    Content, DirEntry, Fs, FsError, IgnoreRules, Metadata, SaveCall, atomic_save, in_place,
};

/// How much memory a read takes before the first byte has come, in bytes.
const MAX_RESERVED_BYTES: u64 = 256 * 1024 * 1024;

/// The file system of this machine.
#[derive(Clone, Debug, Default)]
pub struct RealFs {
    #[cfg(feature = "test-support")]
    faults: Option<std::sync::Arc<SaveFaults>>,
}

impl RealFs {
    /// The file system of this machine.
    pub fn new() -> Self {
        Self::default()
    }

    /// A disk on which some of the system calls of a save fail.
    #[cfg(feature = "test-support")]
    pub fn with_faults(faults: std::sync::Arc<SaveFaults>) -> Self {
        Self {
            faults: Some(faults),
        }
    }

    pub(crate) fn before(&self, _call: SaveCall) -> io::Result<()> {
        #[cfg(feature = "test-support")]
        if let Some(faults) = &self.faults {
            return faults.before(_call);
        }
        Ok(())
    }
}

#[cfg(unix)]
fn id_of(metadata: &std::fs::Metadata) -> Option<u64> {
    Some(std::os::unix::fs::MetadataExt::ino(metadata))
}

#[cfg(not(unix))]
fn id_of(_metadata: &std::fs::Metadata) -> Option<u64> {
    None
}

impl Fs for RealFs {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FsError> {
        let (file, size) = open_regular(path)?;
        read_bounded(file, size, path, limit)
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>, FsError> {
        Ok(Box::new(open_regular(path)?.0))
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, FsError> {
        let failed = |error| FsError::from_io("look at", path, error);
        let itself = std::fs::symlink_metadata(path).map_err(failed)?;
        let is_symlink = itself.is_symlink();
        let metadata = if is_symlink {
            std::fs::metadata(path).map_err(failed)?
        } else {
            itself
        };
        Ok(Metadata {
            size: if metadata.is_dir() { 0 } else { metadata.len() },
            modified: metadata.modified().ok(),
            created: metadata.created().ok(),
            id: id_of(&metadata),
            is_dir: metadata.is_dir(),
            is_file: metadata.is_file(),
            is_symlink,
            read_only: atomic_save::is_read_only(path, &metadata),
            on_read_only_disk: atomic_save::is_on_read_only_file_system(path),
        })
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<DirEntry>, FsError> {
        list(path, path, Temporaries::LeftOut)
    }

    #[cfg(target_os = "linux")]
    fn read_beneath(
        &self,
        root: &Path,
        relative: &Path,
        limit: u64,
    ) -> Result<(Vec<u8>, Option<SystemTime>), FsError> {
        let path = root.join(relative);
        let file = beneath::open_file(root, relative)?;
        let modified = file.metadata().ok().and_then(|found| found.modified().ok());
        let size = regular_size(&file, &path)?;
        Ok((read_bounded(file, size, &path, limit)?, modified))
    }

    #[cfg(target_os = "linux")]
    fn open_beneath(&self, root: &Path, relative: &Path) -> Result<Box<dyn Read + Send>, FsError> {
        let file = beneath::open_file(root, relative)?;
        regular_size(&file, &root.join(relative))?;
        Ok(Box::new(file))
    }

    fn read_whole_dir_beneath(
        &self,
        root: &Path,
        relative: &Path,
    ) -> Result<Vec<DirEntry>, FsError> {
        #[cfg(target_os = "linux")]
        {
            let folder = beneath::hold_folder(root, relative, "list")?;
            list(&folder.path(), &root.join(relative), Temporaries::Listed)
        }
        #[cfg(not(target_os = "linux"))]
        {
            let folder = self.without_links(root, relative)?;
            list(&folder, &folder, Temporaries::Listed)
        }
    }

    #[cfg(target_os = "linux")]
    fn read_dir_beneath(&self, root: &Path, relative: &Path) -> Result<Vec<DirEntry>, FsError> {
        let folder = beneath::hold_folder(root, relative, "list")?;
        list(&folder.path(), &root.join(relative), Temporaries::LeftOut)
    }

    #[cfg(target_os = "linux")]
    fn write_beneath(
        &self,
        root: &Path,
        relative: &Path,
        content: &dyn Content,
    ) -> Result<(), FsError> {
        let path = root.join(relative);
        let (Some(folder), Some(name)) = (relative.parent(), relative.file_name()) else {
            return Err(FsError::IsDirectory { path });
        };
        let folder = beneath::make_folders(root, folder)?;
        atomic_save::save_here(&path, &folder.path_of(name), content, &|call| {
            self.before(call)
        })
    }

    #[cfg(target_os = "linux")]
    fn create_file_beneath(&self, root: &Path, relative: &Path) -> Result<(), FsError> {
        let (path, folder, name) = split(root, relative)?;
        let folder = beneath::make_folders(root, folder)?;
        File::create_new(folder.path_of(name))
            .map(drop)
            .map_err(|error| FsError::from_io("create", &path, error))
    }

    #[cfg(target_os = "linux")]
    fn create_dir_beneath(&self, root: &Path, relative: &Path) -> Result<(), FsError> {
        let (path, folder, name) = split(root, relative)?;
        let folder = beneath::make_folders(root, folder)?;
        std::fs::create_dir(folder.path_of(name))
            .map_err(|error| FsError::from_io("create", &path, error))
    }

    #[cfg(target_os = "linux")]
    fn mode_beneath(&self, root: &Path, relative: &Path) -> Result<Option<u32>, FsError> {
        beneath::mode(root, relative).map(Some)
    }

    #[cfg(target_os = "linux")]
    fn set_mode_beneath(&self, root: &Path, relative: &Path, mode: u32) -> Result<(), FsError> {
        beneath::set_mode(root, relative, mode)
    }

    #[cfg(target_os = "linux")]
    fn rename_beneath(&self, root: &Path, from: &Path, to: &Path) -> Result<(), FsError> {
        let (from_path, from_folder, from_name) = split(root, from)?;
        let (to_path, to_folder, to_name) = split(root, to)?;
        let from_folder = beneath::hold_folder(root, from_folder, "rename")?;
        let to_folder = beneath::make_folders(root, to_folder)?;
        let (from, to) = (from_folder.path_of(from_name), to_folder.path_of(to_name));
        rename((&from, &from_path), (&to, &to_path))
    }

    #[cfg(target_os = "linux")]
    fn remove_beneath(&self, root: &Path, relative: &Path, all: bool) -> Result<(), FsError> {
        let (path, folder, name) = split(root, relative)?;
        let folder = beneath::hold_folder(root, folder, "remove")?;
        let here = folder.path_of(name);
        let failed = |error| FsError::from_io("remove", &path, error);
        let is_dir = std::fs::symlink_metadata(&here).map_err(failed)?.is_dir();
        let removed = match (is_dir, all) {
            (true, true) => std::fs::remove_dir_all(&here),
            (true, false) => std::fs::remove_dir(&here),
            (false, _) => std::fs::remove_file(&here),
        };
        removed.map_err(failed)
    }

    fn write_content(&self, path: &Path, content: &dyn Content) -> Result<(), FsError> {
        atomic_save::save(path, content, &|call| self.before(call))
    }

    fn remove_abandoned(&self, path: &Path) {
        // Of a file that is gone, what is beside its name.
        let target = path.canonicalize();
        atomic_save::remove_abandoned(target.as_deref().unwrap_or(path));
    }

    fn settle(&self, path: &Path) -> Result<bool, FsError> {
        let failed = |error| FsError::from_io("repair", path, error);
        in_place::repair(&path.canonicalize().map_err(failed)?).map_err(failed)
    }

    fn create_file(&self, path: &Path) -> Result<(), FsError> {
        File::create_new(path)
            .map(drop)
            .map_err(|error| FsError::from_io("create", path, error))
    }

    fn create_dir(&self, path: &Path) -> Result<(), FsError> {
        std::fs::create_dir(path).map_err(|error| FsError::from_io("create", path, error))
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), FsError> {
        std::fs::create_dir_all(path).map_err(|error| FsError::from_io("create", path, error))
    }

    fn remove(&self, path: &Path) -> Result<(), FsError> {
        let failed = |error| FsError::from_io("remove", path, error);
        if std::fs::symlink_metadata(path).map_err(failed)?.is_dir() {
            std::fs::remove_dir(path).map_err(failed)
        } else {
            std::fs::remove_file(path).map_err(failed)
        }
    }

    fn remove_tree(&self, path: &Path) -> Result<(), FsError> {
        std::fs::remove_dir_all(path).map_err(|error| FsError::from_io("remove", path, error))
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        rename((from, from), (to, to))
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        let reading = |error| FsError::from_io("read", from, error);
        let writing = |error| FsError::from_io("write", to, error);
        let permissions = {
            let metadata = std::fs::metadata(from).map_err(reading)?;
            if !metadata.is_file() {
                return Err(FsError::NotAFile { path: from.into() });
            }
            metadata.permissions()
        };
        let mut source = File::open(from).map_err(reading)?;
        let mut target = File::create_new(to).map_err(writing)?;
        let copied = std::io::copy(&mut source, &mut target)
            .and_then(|_| target.set_permissions(permissions))
            .and_then(|()| target.sync_all());
        copied.map_err(|error| {
            if let Err(left) = std::fs::remove_file(to) {
                tracing::warn!("{} is left half written: {left}", to.display());
            }
            writing(error)
        })
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, FsError> {
        path.canonicalize()
            .map_err(|error| FsError::from_io("find", path, error))
    }

    fn exists(&self, path: &Path) -> bool {
        std::fs::symlink_metadata(path).is_ok()
    }
}

/// Whether the temporary files of saves are listed.
#[derive(Clone, Copy, PartialEq)]
enum Temporaries {
    Listed,
    LeftOut,
}

/// The entries of the folder that is read at `place`, with their paths below `folder`: the same
/// folder, or where it was when it was held.
fn list(place: &Path, folder: &Path, temporaries: Temporaries) -> Result<Vec<DirEntry>, FsError> {
    let failed = |error| FsError::from_io("list", folder, error);
    let mut rules = IgnoreRules::new(folder);
    let folder_is_ignored = rules.is_ignored(folder, true);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(place).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_temporary = atomic_save::is_temporary(&entry.file_name());
        if is_temporary && temporaries == Temporaries::LeftOut {
            continue;
        }
        let path = folder.join(entry.file_name());
        // An entry that vanished since the folder was read is no entry.
        let Ok(file_type) = entry.file_type() else {
            continue;
        };
        let is_symlink = file_type.is_symlink();
        let is_dir = if is_symlink {
            std::fs::metadata(entry.path()).is_ok_and(|target| target.is_dir())
        } else {
            file_type.is_dir()
        };
        entries.push(DirEntry {
            name: entry.file_name().to_string_lossy().into_owned(),
            // Git looks at a link itself, which is never a folder to it.
            is_ignored: folder_is_ignored
                || rules.is_ignored_in_its_folder(&path, file_type.is_dir()),
            path,
            is_dir,
            is_symlink,
        });
    }
    sort_entries(&mut entries);
    Ok(entries)
}

/// A regular file and its size. Nothing else is waited for.
fn open_regular(path: &Path) -> Result<(File, u64), FsError> {
    let failed = |error| FsError::from_io("read", path, error);
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        // Without this, opening a pipe waits until somebody writes to it.
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    }
    let file = options.open(path).map_err(failed)?;
    let size = regular_size(&file, path)?;
    Ok((file, size))
}

/// The size of a file that is a regular one.
fn regular_size(file: &File, path: &Path) -> Result<u64, FsError> {
    let metadata = file
        .metadata()
        .map_err(|error| FsError::from_io("read", path, error))?;
    if metadata.is_dir() {
        return Err(FsError::IsDirectory { path: path.into() });
    }
    if !metadata.is_file() {
        return Err(FsError::NotAFile { path: path.into() });
    }
    Ok(metadata.len())
}

/// All bytes of a file of at most `limit`.
fn read_bounded(file: File, size: u64, path: &Path, limit: u64) -> Result<Vec<u8>, FsError> {
    let too_large = |size| FsError::TooLarge {
        path: path.into(),
        size,
        limit,
    };
    if size > limit {
        return Err(too_large(size));
    }
    read_up_to(file, size, limit)
        .map_err(|error| FsError::from_io("read", path, error))?
        .map_err(too_large)
}

/// All bytes of `file`, or as the inner error how many there are at least: a file can grow while
/// it is read, and some (in `/proc`) do not say how large they are.
fn read_up_to(file: File, expected: u64, limit: u64) -> io::Result<Result<Vec<u8>, u64>> {
    let reserved = usize::try_from(expected.min(MAX_RESERVED_BYTES)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(reserved.saturating_add(1));
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Ok(Err(bytes.len() as u64));
    }
    Ok(Ok(bytes))
}

/// Moves a file or folder to a path that must not exist yet; each path with how it is told.
fn rename((from, told_from): (&Path, &Path), (to, told_to): (&Path, &Path)) -> Result<(), FsError> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Ok(()) => return Ok(()),
            Err(Errno::EXIST) => {
                return Err(FsError::AlreadyExists {
                    path: told_to.into(),
                });
            }
            // Some network file systems cannot do it in one step.
            Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
            Err(error) => return Err(FsError::from_io("rename", told_from, error.into())),
        }
    }
    if std::fs::symlink_metadata(to).is_ok() {
        return Err(FsError::AlreadyExists {
            path: told_to.into(),
        });
    }
    std::fs::rename(from, to).map_err(|error| FsError::from_io("rename", told_from, error))
}

/// The whole path of what lies below a folder, the folder that it is in, and its name there.
#[cfg(target_os = "linux")]
fn split<'a>(
    root: &Path,
    relative: &'a Path,
) -> Result<(PathBuf, &'a Path, &'a std::ffi::OsStr), FsError> {
    let path = root.join(relative);
    match (relative.parent(), relative.file_name()) {
        (Some(folder), Some(name)) => Ok((path, folder, name)),
        _ => Err(FsError::IsDirectory { path }),
    }
}
