//! The interface between Kiln and a disk.

use std::fmt::Debug;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::FsError;
use crate::encoded_text::{Bytes, Content};

/// What is known about a path without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Size in bytes; 0 for folders.
    pub size: u64,
    /// When the content last changed, where the file system knows.
    pub modified: Option<SystemTime>,
    /// When the file or folder came to be, where the file system knows.
    pub created: Option<SystemTime>,
    /// What tells it from the others of its disk (its inode), where the system has that.
    pub id: Option<u64>,
    /// A folder (or a link to one).
    pub is_dir: bool,
    /// A regular file (or a link to one).
    pub is_file: bool,
    /// The path itself is a symbolic link; the other fields describe what it leads to.
    pub is_symlink: bool,
    /// This user may not write to it, or no one may.
    pub read_only: bool,
    /// That is because its file system takes no writing at all.
    pub on_read_only_disk: bool,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// The name alone, with bytes that are not UTF-8 replaced: for showing, never for opening.
    pub name: String,
    /// The folder's path with the exact name appended.
    pub path: PathBuf,
    /// A folder, or a link to one.
    pub is_dir: bool,
    /// A symbolic link.
    pub is_symlink: bool,
    /// `.gitignore` rules leave it out, or it is git's own folder.
    pub is_ignored: bool,
}

/// A file system. Calls block: make them off the UI thread.
pub trait Fs: Send + Sync + Debug {
    /// The whole content of a regular file of at most `limit` bytes.
    ///
    /// # Errors
    /// [`FsError::TooLarge`] past the limit (also when the file grows while it is read),
    /// [`FsError::NotAFile`] for pipes and devices, which are never opened for reading.
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FsError>;

    /// A regular file, to be read from its start. For content that is not to be held whole.
    ///
    /// # Errors
    /// As [`Fs::read`]; the reader reports what the system says later.
    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>, FsError>;

    /// What is known about `path`, links followed. A dangling link is [`FsError::NotFound`].
    ///
    /// # Errors
    /// As the system reports.
    fn metadata(&self, path: &Path) -> Result<Metadata, FsError>;

    /// The entries of one folder: folders first, then by name without regard to case. What a save
    /// has beside its file while it runs is left out.
    ///
    /// # Errors
    /// As the system reports. An entry that vanishes meanwhile is left out.
    fn read_dir(&self, path: &Path) -> Result<Vec<DirEntry>, FsError>;

    /// Replaces the content of a file, all of it or none, creating it if needed. Mode, owner,
    /// extended attributes and links are kept; a symbolic link is followed.
    ///
    /// # Errors
    /// As the system reports; the previous content is then still in place.
    fn write_content(&self, path: &Path, content: &dyn Content) -> Result<(), FsError>;

    /// [`Fs::write_content`] of bytes.
    ///
    /// # Errors
    /// As [`Fs::write_content`].
    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), FsError> {
        self.write_content(path, &Bytes(bytes))
    }

    /// Removes what saves of a file that were killed have left beside it; nothing that a running one
    /// holds, and no old content.
    fn remove_abandoned(&self, _path: &Path) {}

    /// Puts the old content back into a file whose saving was cut off half way, as can happen to one
    /// that has several names. Says whether it did.
    ///
    /// # Errors
    /// As the system reports; the old content then stays beside the file.
    fn settle(&self, _path: &Path) -> Result<bool, FsError> {
        Ok(false)
    }

    /// [`Fs::read`] of a file below `root` that is reached without following any link, also where one
    /// is put in the way meanwhile. `relative` holds names alone. Says when the file last changed,
    /// too.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as [`Fs::read`].
    fn read_beneath(
        &self,
        root: &Path,
        relative: &Path,
        limit: u64,
    ) -> Result<(Vec<u8>, Option<SystemTime>), FsError> {
        let path = self.without_links(root, relative)?;
        let modified = self.metadata(&path)?.modified;
        Ok((self.read(&path, limit)?, modified))
    }

    /// [`Fs::open`] of a file below `root`, as in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as [`Fs::open`].
    fn open_beneath(&self, root: &Path, relative: &Path) -> Result<Box<dyn Read + Send>, FsError> {
        self.open(&self.without_links(root, relative)?)
    }

    /// [`Fs::read_dir`] of a folder below `root` (or of `root` itself, for an empty `relative`), as
    /// in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as [`Fs::read_dir`].
    fn read_dir_beneath(&self, root: &Path, relative: &Path) -> Result<Vec<DirEntry>, FsError> {
        self.read_dir(&self.without_links(root, relative)?)
    }

    /// The same with the temporary files of saves, which [`Fs::read_dir`] leaves out: for who removes a
    /// folder, whose old content of a file may be the only copy.
    ///
    /// # Errors
    /// As [`Fs::read_dir_beneath`].
    fn read_whole_dir_beneath(
        &self,
        root: &Path,
        relative: &Path,
    ) -> Result<Vec<DirEntry>, FsError>;

    /// [`Fs::write_content`] of a file below `root`, as in [`Fs::read_beneath`]: a link is not
    /// followed but refused. Folders that are missing are created.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as [`Fs::write_content`].
    fn write_beneath(
        &self,
        root: &Path,
        relative: &Path,
        content: &dyn Content,
    ) -> Result<(), FsError> {
        if let Some(folder) = root.join(relative).parent() {
            self.create_dir_all(folder)?;
        }
        self.write_content(&self.without_links(root, relative)?, content)
    }

    /// Makes an empty file below `root`, and the folders above it that are missing; no link is followed,
    /// as in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link on the way; as [`Fs::create_file`].
    fn create_file_beneath(&self, root: &Path, relative: &Path) -> Result<(), FsError> {
        let path = self.beside_links(root, relative)?;
        if let Some(folder) = path.parent() {
            self.create_dir_all(folder)?;
        }
        self.create_file(&path)
    }

    /// Makes a folder below `root` that must not exist yet, and those above it that are missing; no link
    /// is followed, as in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link on the way; as [`Fs::create_dir`].
    fn create_dir_beneath(&self, root: &Path, relative: &Path) -> Result<(), FsError> {
        let path = self.beside_links(root, relative)?;
        if let Some(folder) = path.parent() {
            self.create_dir_all(folder)?;
        }
        self.create_dir(&path)
    }

    /// What its owner, its group and others may do with a file or folder below `root`: the lowest
    /// twelve bits of its mode (`inode(7)`), or `None` where the system has nothing like it. No link is
    /// followed, as in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as [`Fs::metadata`].
    fn mode_beneath(&self, root: &Path, relative: &Path) -> Result<Option<u32>, FsError> {
        self.metadata(&self.without_links(root, relative)?)?;
        Ok(None)
    }

    /// Gives a file or folder below `root` such a mode, where the system has modes. No link is followed,
    /// as in [`Fs::read_beneath`].
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link; as the system reports.
    fn set_mode_beneath(&self, root: &Path, relative: &Path, _mode: u32) -> Result<(), FsError> {
        self.metadata(&self.without_links(root, relative)?)
            .map(drop)
    }

    /// [`Fs::rename`] of what lies below `root` to another place below it, whose missing folders are
    /// made; no link is followed on either way, and one at the end is moved itself.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link on the way; as [`Fs::rename`].
    fn rename_beneath(&self, root: &Path, from: &Path, to: &Path) -> Result<(), FsError> {
        let from = self.beside_links(root, from)?;
        let to = self.beside_links(root, to)?;
        if let Some(folder) = to.parent() {
            self.create_dir_all(folder)?;
        }
        self.rename(&from, &to)
    }

    /// [`Fs::remove`] of what lies below `root`; with `all` as [`Fs::remove_tree`] where it is a folder.
    /// No link is followed on the way, and one at the end is removed itself.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where there is a link on the way; as these.
    fn remove_beneath(&self, root: &Path, relative: &Path, all: bool) -> Result<(), FsError> {
        let path = self.beside_links(root, relative)?;
        let found = self.metadata(&path).ok();
        match found.is_some_and(|found| found.is_dir && !found.is_symlink) && all {
            true => self.remove_tree(&path),
            false => self.remove(&path),
        }
    }

    /// A path below `root`, whose folders are no links.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`] where one is, and for what is no path below.
    fn beside_links(&self, root: &Path, relative: &Path) -> Result<PathBuf, FsError> {
        match (relative.parent(), relative.file_name()) {
            (Some(folder), Some(name)) => Ok(self.without_links(root, folder)?.join(name)),
            _ => Err(FsError::ThroughLink {
                path: root.join(relative),
            }),
        }
    }

    /// The path of something below `root`, where there is no link on it now. A file system that can
    /// hold on to what was checked does better than to ask this.
    ///
    /// # Errors
    /// [`FsError::ThroughLink`].
    fn without_links(&self, root: &Path, relative: &Path) -> Result<PathBuf, FsError> {
        let path = root.join(relative);
        let mut way = root.to_path_buf();
        for part in relative.components() {
            way.push(part);
            let is_name = matches!(part, std::path::Component::Normal(_));
            if !is_name || self.metadata(&way).is_ok_and(|found| found.is_symlink) {
                return Err(FsError::ThroughLink { path });
            }
        }
        Ok(path)
    }

    /// Creates an empty file that must not exist yet.
    ///
    /// # Errors
    /// [`FsError::AlreadyExists`], or as the system reports.
    fn create_file(&self, path: &Path) -> Result<(), FsError>;

    /// Creates a folder that must not exist yet, in one that does.
    ///
    /// # Errors
    /// [`FsError::AlreadyExists`] where anything is there, a link included, or as the system reports.
    fn create_dir(&self, path: &Path) -> Result<(), FsError>;

    /// Creates a folder and the ones above it; an existing one is fine.
    ///
    /// # Errors
    /// As the system reports.
    fn create_dir_all(&self, path: &Path) -> Result<(), FsError>;

    /// Removes a file, a link (never what it leads to) or an empty folder.
    ///
    /// # Errors
    /// [`FsError::NotEmpty`] for a folder with content, or as the system reports.
    fn remove(&self, path: &Path) -> Result<(), FsError>;

    /// Removes a folder and all it holds, following no link.
    ///
    /// # Errors
    /// As the system reports; part of the content may then be gone.
    fn remove_tree(&self, path: &Path) -> Result<(), FsError>;

    /// Moves a file or folder to a path that must not exist yet.
    ///
    /// # Errors
    /// [`FsError::AlreadyExists`] when the target is taken, or as the system reports.
    fn rename(&self, from: &Path, to: &Path) -> Result<(), FsError>;

    /// Copies a regular file, links followed, with its permissions to a path that must not exist yet.
    ///
    /// # Errors
    /// [`FsError::AlreadyExists`] where the target is taken, [`FsError::NotAFile`] for folders, pipes
    /// and devices, or as the system reports; nothing is then left at the target.
    fn copy(&self, from: &Path, to: &Path) -> Result<(), FsError>;

    /// The absolute path with every link resolved.
    ///
    /// # Errors
    /// As the system reports.
    fn canonicalize(&self, path: &Path) -> Result<PathBuf, FsError>;

    /// Whether anything is there, dangling links included.
    fn exists(&self, path: &Path) -> bool {
        self.metadata(path).is_ok()
    }
}

/// The order in which a file tree shows a folder's entries.
pub(crate) fn sort_entries(entries: &mut [DirEntry]) {
    entries
        .sort_by_cached_key(|entry| (!entry.is_dir, entry.name.to_lowercase(), entry.name.clone()));
}
