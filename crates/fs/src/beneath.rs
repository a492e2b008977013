//! Reaching a file below a folder without following any link.
//!
//! A path that was checked may lead elsewhere a moment later: another program can put a link in the
//! place of one of its folders. Here the system itself is told to follow none (`openat2(2)`,
//! `RESOLVE_BENEATH` and `RESOLVE_NO_SYMLINKS`; where the kernel lacks that, one `openat(2)` with
//! `O_NOFOLLOW` a folder), and the folder that was reached stays open while a file in it is replaced.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags};
use rustix::io::Errno;

use crate::FsError;

/// How often a call is repeated that met a rename on its way (`EAGAIN` in `openat2(2)`).
const ATTEMPTS: usize = 32;

/// A folder that is held open.
pub(crate) struct HeldFolder {
    folder: OwnedFd,
}

impl HeldFolder {
    /// A path to what has `name` in this folder, wherever the folder is by now.
    pub fn path_of(&self, name: &std::ffi::OsStr) -> PathBuf {
        self.path().join(name)
    }

    /// A path to the folder itself (`proc_pid_fd(5)`).
    pub fn path(&self) -> PathBuf {
        format!("/proc/self/fd/{}", self.folder.as_raw_fd()).into()
    }
}

/// Opens a regular file for reading.
pub(crate) fn open_file(root: &Path, relative: &Path) -> Result<File, FsError> {
    let path = root.join(relative);
    // Opening a pipe must not wait for its other end.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = open(root, relative, flags).map_err(|error| failed("read", &path, error))?;
    Ok(File::from(file))
}

/// Holds a folder, to list it or to replace a file in it.
pub(crate) fn hold_folder(
    root: &Path,
    relative: &Path,
    action: &'static str,
) -> Result<HeldFolder, FsError> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder =
        open(root, relative, flags).map_err(|error| failed(action, &root.join(relative), error))?;
    Ok(HeldFolder { folder })
}

/// Makes the folders of `relative` that are missing, and holds the last one.
pub(crate) fn make_folders(root: &Path, relative: &Path) -> Result<HeldFolder, FsError> {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut path = root.to_path_buf();
    let mut folder =
        open(root, Path::new(""), flags).map_err(|error| failed("write", &path, error))?;
    for part in relative.components() {
        let Component::Normal(name) = part else {
            return Err(failed("write", &root.join(relative), Errno::INVAL));
        };
        path.push(name);
        match rustix::fs::mkdirat(&folder, name, Mode::from_raw_mode(0o777)) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(failed("create", &path, error)),
        }
        folder = open_step(folder.as_fd(), Path::new(name), flags)
            .map_err(|error| failed("write", &path, error))?;
    }
    Ok(HeldFolder { folder })
}

/// The lowest twelve bits of the mode of a file or folder.
pub(crate) fn mode(root: &Path, relative: &Path) -> Result<u32, FsError> {
    let found = open(root, relative, OFlags::PATH | OFlags::CLOEXEC)
        .and_then(|file| rustix::fs::fstat(&file));
    let found = found.map_err(|error| failed("look at", &root.join(relative), error))?;
    Ok(Mode::from_raw_mode(found.st_mode).as_raw_mode())
}

/// Gives a file or folder that can be read other such bits.
pub(crate) fn set_mode(root: &Path, relative: &Path, mode: u32) -> Result<(), FsError> {
    // A mode is not given to what is only held (`O_PATH`), and opening a pipe must not wait.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    open(root, relative, flags)
        .and_then(|file| rustix::fs::fchmod(&file, Mode::from_raw_mode(mode)))
        .map_err(|error| failed("set the permissions of", &root.join(relative), error))
}

fn open(root: &Path, relative: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let root = rustix::fs::openat(CWD, root, folder, Mode::empty())?;
    let relative = if relative.as_os_str().is_empty() {
        Path::new(".")
    } else {
        relative
    };
    match open_at_once(root.as_fd(), relative, flags) {
        // Kernels before 5.6, and sandboxes that do not know the call.
        Err(Errno::NOSYS | Errno::PERM) => open_step_by_step(root, relative, flags),
        opened => opened,
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn open_at_once(
    root: std::os::fd::BorrowedFd<'_>,
    relative: &Path,
    flags: OFlags,
) -> Result<OwnedFd, Errno> {
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    let mut attempts = 0;
    loop {
        attempts += 1;
        match rustix::fs::openat2(root, relative, flags, Mode::empty(), resolve) {
            Err(Errno::AGAIN) if attempts < ATTEMPTS => {}
            opened => return opened,
        }
    }
}

fn open_step_by_step(root: OwnedFd, relative: &Path, flags: OFlags) -> Result<OwnedFd, Errno> {
    let mut folder = root;
    let mut parts = relative.components().peekable();
    while let Some(part) = parts.next() {
        let name = match part {
            Component::Normal(name) => Path::new(name),
            Component::CurDir => Path::new("."),
            _ => return Err(Errno::XDEV),
        };
        if parts.peek().is_none() {
            return open_step(folder.as_fd(), name, flags);
        }
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        folder = open_step(folder.as_fd(), name, flags)?;
    }
    Err(Errno::INVAL)
}

/// Opens one name in a folder. A link is [`Errno::LOOP`], as from `openat2`.
fn open_step(
    folder: std::os::fd::BorrowedFd<'_>,
    name: &Path,
    flags: OFlags,
) -> Result<OwnedFd, Errno> {
    match rustix::fs::openat(folder, name, flags | OFlags::NOFOLLOW, Mode::empty()) {
        // With `O_DIRECTORY` a link is no folder. What is one now was a link a moment ago.
        Err(Errno::NOTDIR) if is_link_or_folder(folder, name) => Err(Errno::LOOP),
        opened => opened,
    }
}

fn is_link_or_folder(folder: std::os::fd::BorrowedFd<'_>, name: &Path) -> bool {
    rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).is_ok_and(|stat| {
        matches!(
            FileType::from_raw_mode(stat.st_mode),
            FileType::Symlink | FileType::Directory
        )
    })
}

fn failed(action: &'static str, path: &Path, error: Errno) -> FsError {
    match error {
        Errno::LOOP | Errno::XDEV => FsError::ThroughLink {
            path: path.to_path_buf(),
        },
        error => FsError::from_io(action, path, io::Error::from(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::os::unix::fs::symlink;

    /// How the two ways to open answer for a path below a folder.
    fn both(root: &Path, relative: &str) -> [Result<String, Errno>; 2] {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let hold = || {
            let folder = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            rustix::fs::openat(CWD, root, folder, Mode::empty()).unwrap()
        };
        let text = |opened: Result<OwnedFd, Errno>| {
            let mut text = String::new();
            File::from(opened?).read_to_string(&mut text).unwrap();
            Ok(text)
        };
        [
            text(open_at_once(hold().as_fd(), Path::new(relative), flags)),
            text(open_step_by_step(hold(), Path::new(relative), flags)),
        ]
    }

    #[test]
    fn links_are_refused_with_and_without_openat2() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("root");
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/file"), "inside").unwrap();
        std::fs::write(temp.path().join("secret"), "outside").unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink("a/b/file", root.join("in")).unwrap();
        symlink("a", root.join("folder")).unwrap();
        symlink("..", root.join("up")).unwrap();
        assert_eq!(
            both(&root, "a/b/file"),
            [Ok("inside".into()), Ok("inside".into())]
        );
        for path in ["out", "in", "folder/b/file", "up/secret"] {
            assert_eq!(
                both(&root, path),
                [Err(Errno::LOOP), Err(Errno::LOOP)],
                "{path}"
            );
        }
        for path in ["../secret", "a/../../secret"] {
            assert_eq!(
                both(&root, path),
                [Err(Errno::XDEV), Err(Errno::XDEV)],
                "{path}"
            );
        }
        assert_eq!(
            both(&root, "a/none"),
            [Err(Errno::NOENT), Err(Errno::NOENT)]
        );
        assert_eq!(
            both(&root, "a/b/file/x"),
            [Err(Errno::NOTDIR), Err(Errno::NOTDIR)]
        );
    }
}
