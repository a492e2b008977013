//! A folder tree in memory, for tests.

use std::collections::{BTreeMap, VecDeque};
use std::io::{Cursor, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::atomic_save::is_temporary;
use crate::file_system::sort_entries;
use crate::ignore_rules::parse_rules;
use crate::{Content, DirEntry, Fs, FsError, Metadata};

/// An operation that can be made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FakeOperation {
    /// [`Fs::read`].
    Read,
    /// [`Fs::metadata`].
    Metadata,
    /// [`Fs::read_dir`].
    ReadDir,
    /// [`Fs::write_atomic`] and [`Fs::create_file`].
    Write,
    /// [`Fs::create_dir`] and [`Fs::create_dir_all`].
    CreateDir,
    /// [`Fs::remove`] and [`Fs::remove_tree`], which ends at what cannot be removed below its path.
    Remove,
    /// [`Fs::rename`], by the path it moves from.
    Rename,
}

/// A file system in memory. Paths are absolute; folders appear with the files in them.
///
/// Its clock stands still but for one second a write, so that times differ when content may.
#[derive(Debug, Default)]
pub struct FakeFs {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<PathBuf, Node>,
    failures: Vec<Failure>,
    writes: u64,
    /// No file can be written, as where the disk is mounted read-only.
    read_only_disk: bool,
}

#[derive(Clone, Debug)]
enum Node {
    Folder,
    File {
        bytes: Vec<u8>,
        modified: SystemTime,
        read_only: bool,
    },
    Link(PathBuf),
}

#[derive(Debug)]
struct Failure {
    operation: FakeOperation,
    path: PathBuf,
    error: std::io::ErrorKind,
    once: bool,
}

impl FakeFs {
    /// An empty file system with a root folder.
    pub fn new() -> Self {
        let fs = Self::default();
        fs.state().nodes.insert(PathBuf::from("/"), Node::Folder);
        fs
    }

    /// A file system with these files and the folders they are in.
    pub fn with_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let fs = Self::new();
        for (path, text) in files {
            fs.insert(path, text.as_bytes());
        }
        fs
    }

    /// Puts a file there, as another program would.
    pub fn insert(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        let mut state = self.state();
        let path = normalize(path.as_ref());
        state.create_folders(path.parent());
        state.put_file(path, bytes);
    }

    /// Puts an empty folder there.
    pub fn insert_folder(&self, path: impl AsRef<Path>) {
        self.state().create_folders(Some(&normalize(path.as_ref())));
    }

    /// Puts a symbolic link there.
    pub fn insert_link(&self, path: impl AsRef<Path>, target: impl Into<PathBuf>) {
        let mut state = self.state();
        let path = normalize(path.as_ref());
        state.create_folders(path.parent());
        state.nodes.insert(path, Node::Link(target.into()));
    }

    /// Takes a file's write permission away, or gives it back.
    pub fn set_read_only(&self, path: impl AsRef<Path>, value: bool) {
        let path = normalize(path.as_ref());
        if let Some(Node::File { read_only, .. }) = self.state().nodes.get_mut(&path) {
            *read_only = value;
        }
    }

    /// Mounts the disk read-only, or for writing again, as far as metadata tell.
    pub fn set_read_only_disk(&self, value: bool) {
        self.state().read_only_disk = value;
    }

    /// What a file holds, if it is one.
    pub fn content(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        match self.state().nodes.get(&normalize(path.as_ref())) {
            Some(Node::File { bytes, .. }) => Some(bytes.clone()),
            _ => None,
        }
    }

    /// Every file's path, sorted.
    pub fn files(&self) -> Vec<PathBuf> {
        let state = self.state();
        let files = state.nodes.iter();
        files
            .filter(|(_, node)| matches!(node, Node::File { .. }))
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Makes the next `operation` on `path` fail as if the system had reported `error`.
    pub fn fail_next(
        &self,
        operation: FakeOperation,
        path: impl AsRef<Path>,
        error: std::io::ErrorKind,
    ) {
        self.add_failure(operation, path.as_ref(), error, true);
    }

    /// Makes every `operation` on `path` fail until [`FakeFs::heal`].
    pub fn fail_always(
        &self,
        operation: FakeOperation,
        path: impl AsRef<Path>,
        error: std::io::ErrorKind,
    ) {
        self.add_failure(operation, path.as_ref(), error, false);
    }

    /// Takes all failures back.
    pub fn heal(&self) {
        self.state().failures.clear();
    }

    fn add_failure(
        &self,
        operation: FakeOperation,
        path: &Path,
        error: std::io::ErrorKind,
        once: bool,
    ) {
        self.state().failures.push(Failure {
            operation,
            path: normalize(path),
            error,
            once,
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test that panicked elsewhere has its own message.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn check(&mut self, operation: FakeOperation, path: &Path) -> Result<(), FsError> {
        let path_key = normalize(path);
        let found = self
            .failures
            .iter()
            .position(|failure| failure.operation == operation && failure.path == path_key);
        let Some(index) = found else {
            return Ok(());
        };
        let error = self.failures[index].error;
        if self.failures[index].once {
            self.failures.remove(index);
        }
        let action = match operation {
            FakeOperation::Read => "read",
            FakeOperation::Metadata => "look at",
            FakeOperation::ReadDir => "list",
            FakeOperation::Write => "write",
            FakeOperation::CreateDir => "create",
            FakeOperation::Remove => "remove",
            FakeOperation::Rename => "rename",
        };
        Err(FsError::from_io(action, path, error.into()))
    }

    fn create_folders(&mut self, folder: Option<&Path>) {
        for ancestor in folder.into_iter().flat_map(Path::ancestors) {
            self.nodes
                .entry(ancestor.to_path_buf())
                .or_insert(Node::Folder);
        }
    }

    fn put_file(&mut self, path: PathBuf, bytes: &[u8]) {
        self.writes += 1;
        let read_only = false;
        let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + self.writes);
        self.nodes.insert(
            path,
            Node::File {
                bytes: bytes.to_vec(),
                modified,
                read_only,
            },
        );
    }

    /// The path with every link in it followed, whether something is there or not.
    fn resolve(&self, path: &Path) -> Result<PathBuf, FsError> {
        let mut pending: VecDeque<_> = normalize(path)
            .components()
            .map(|part| part.as_os_str().to_owned())
            .collect();
        let mut resolved = PathBuf::new();
        let mut links = 0;
        while let Some(part) = pending.pop_front() {
            resolved.push(&part);
            let Some(Node::Link(target)) = self.nodes.get(&resolved) else {
                continue;
            };
            links += 1;
            if links > 40 {
                return Err(FsError::Io {
                    path: path.to_path_buf(),
                    action: "find",
                    source: std::io::Error::other("too many symbolic links").into(),
                });
            }
            let target = normalize(&resolved.parent().unwrap_or(Path::new("/")).join(target));
            for part in target.components().rev() {
                pending.push_front(part.as_os_str().to_owned());
            }
            resolved = PathBuf::new();
        }
        Ok(resolved)
    }

    fn node(&self, path: &Path) -> Result<(PathBuf, &Node), FsError> {
        let resolved = self.resolve(path)?;
        match self.nodes.get(&resolved) {
            Some(node) => Ok((resolved, node)),
            None => Err(FsError::NotFound { path: path.into() }),
        }
    }

    /// Where a new entry goes: its folder resolved and there, its own name untouched.
    fn place(&self, path: &Path) -> Result<PathBuf, FsError> {
        let path = normalize(path);
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(FsError::AlreadyExists { path });
        };
        match self.node(parent)? {
            (folder, Node::Folder) => Ok(folder.join(name)),
            _ => Err(FsError::NotADirectory {
                path: parent.to_path_buf(),
            }),
        }
    }

    fn children(&self, folder: &Path) -> impl Iterator<Item = (&PathBuf, &Node)> {
        self.nodes
            .iter()
            .filter(move |(path, _)| path.parent() == Some(folder))
    }

    fn is_ignored(&self, path: &Path, is_dir: bool) -> bool {
        if path.components().any(|part| part.as_os_str() == ".git") {
            return true;
        }
        path.ancestors().skip(1).any(|folder| {
            let rules_path = folder.join(".gitignore");
            let Some(Node::File { bytes, .. }) = self.nodes.get(&rules_path) else {
                return false;
            };
            parse_rules(folder, &rules_path, &String::from_utf8_lossy(bytes))
                .is_some_and(|rules| rules.matched_path_or_any_parents(path, is_dir).is_ignore())
        })
    }
}

impl FakeFs {
    /// The entries of a folder, also the temporary files of saves.
    fn list(&self, path: &Path) -> Result<Vec<DirEntry>, FsError> {
        let mut state = self.state();
        state.check(FakeOperation::ReadDir, path)?;
        let (folder, node) = state.node(path)?;
        if !matches!(node, Node::Folder) {
            return Err(FsError::NotADirectory { path: path.into() });
        }
        let mut entries: Vec<_> = state
            .children(&folder)
            .filter_map(|(child, node)| {
                let name = child.file_name()?;
                let is_dir = match state.node(child) {
                    Ok((_, node)) => matches!(node, Node::Folder),
                    Err(_) => false,
                };
                Some(DirEntry {
                    name: name.to_string_lossy().into_owned(),
                    path: path.join(name),
                    is_dir,
                    is_symlink: matches!(node, Node::Link(_)),
                    is_ignored: state.is_ignored(child, is_dir),
                })
            })
            .collect();
        sort_entries(&mut entries);
        Ok(entries)
    }
}

impl Fs for FakeFs {
    fn read(&self, path: &Path, limit: u64) -> Result<Vec<u8>, FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Read, path)?;
        match state.node(path)?.1 {
            Node::File { bytes, .. } if bytes.len() as u64 > limit => Err(FsError::TooLarge {
                path: path.into(),
                size: bytes.len() as u64,
                limit,
            }),
            Node::File { bytes, .. } => Ok(bytes.clone()),
            _ => Err(FsError::IsDirectory { path: path.into() }),
        }
    }

    fn open(&self, path: &Path) -> Result<Box<dyn Read + Send>, FsError> {
        let bytes = self.read(path, u64::MAX)?;
        Ok(Box::new(Cursor::new(bytes)))
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Metadata, path)?;
        let is_symlink = matches!(state.nodes.get(&normalize(path)), Some(Node::Link(_)));
        let on_read_only_disk = state.read_only_disk;
        Ok(match state.node(path)?.1 {
            Node::File {
                bytes,
                modified,
                read_only,
            } => Metadata {
                size: bytes.len() as u64,
                modified: Some(*modified),
                created: None,
                id: None,
                is_dir: false,
                is_file: true,
                is_symlink,
                read_only: *read_only || on_read_only_disk,
                on_read_only_disk,
            },
            _ => Metadata {
                size: 0,
                modified: None,
                created: None,
                id: None,
                is_dir: true,
                is_file: false,
                is_symlink,
                read_only: on_read_only_disk,
                on_read_only_disk,
            },
        })
    }

    fn read_dir(&self, path: &Path) -> Result<Vec<DirEntry>, FsError> {
        let mut entries = self.list(path)?;
        entries.retain(|entry| !is_temporary(entry.name.as_ref()));
        Ok(entries)
    }

    fn read_whole_dir_beneath(
        &self,
        root: &Path,
        relative: &Path,
    ) -> Result<Vec<DirEntry>, FsError> {
        self.list(&self.without_links(root, relative)?)
    }

    fn write_content(&self, path: &Path, content: &dyn Content) -> Result<(), FsError> {
        let mut bytes = Vec::new();
        content
            .write_to(&mut bytes)
            .map_err(|error| FsError::from_io("write", path, error))?;
        let mut state = self.state();
        state.check(FakeOperation::Write, path)?;
        let target = state.resolve(path)?;
        let target = state.place(&target)?;
        match state.nodes.get(&target) {
            Some(Node::Folder) => return Err(FsError::IsDirectory { path: path.into() }),
            Some(Node::File {
                read_only: true, ..
            }) => return Err(FsError::ReadOnly { path: path.into() }),
            _ => {}
        }
        state.put_file(target, &bytes);
        Ok(())
    }

    fn create_file(&self, path: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Write, path)?;
        let target = state.place(path)?;
        if state.nodes.contains_key(&target) {
            return Err(FsError::AlreadyExists { path: path.into() });
        }
        state.put_file(target, b"");
        Ok(())
    }

    fn create_dir(&self, path: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::CreateDir, path)?;
        let target = state.place(path)?;
        if state.nodes.contains_key(&target) {
            return Err(FsError::AlreadyExists { path: path.into() });
        }
        state.create_folders(Some(&target));
        Ok(())
    }

    fn create_dir_all(&self, path: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::CreateDir, path)?;
        let target = state.resolve(path)?;
        for ancestor in target.ancestors() {
            if matches!(state.nodes.get(ancestor), Some(Node::File { .. })) {
                return Err(FsError::NotADirectory {
                    path: ancestor.to_path_buf(),
                });
            }
        }
        state.create_folders(Some(&target));
        Ok(())
    }

    fn remove(&self, path: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Remove, path)?;
        let target = state.place(path)?;
        if state.children(&target).next().is_some() {
            return Err(FsError::NotEmpty { path: path.into() });
        }
        match state.nodes.remove(&target) {
            Some(_) => Ok(()),
            None => Err(FsError::NotFound { path: path.into() }),
        }
    }

    fn remove_tree(&self, path: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Remove, path)?;
        let target = state.place(path)?;
        if !state.nodes.contains_key(&target) {
            return Err(FsError::NotFound { path: path.into() });
        }
        // What a folder holds goes before it, and what cannot go ends it.
        let below = state.nodes.keys().rev();
        let below: Vec<_> = below
            .filter(|node| node.starts_with(&target) && **node != target)
            .cloned()
            .collect();
        for node in below {
            state.check(FakeOperation::Remove, &node)?;
            state.nodes.remove(&node);
        }
        state.nodes.remove(&target);
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        if self.exists(to) {
            return Err(FsError::AlreadyExists { path: to.into() });
        }
        let content = self.read(from, u64::MAX)?;
        self.write_atomic(to, &content)
    }

    fn rename(&self, from: &Path, to: &Path) -> Result<(), FsError> {
        let mut state = self.state();
        state.check(FakeOperation::Rename, from)?;
        let source = state.place(from)?;
        let target = state.place(to)?;
        if state.nodes.contains_key(&target) {
            return Err(FsError::AlreadyExists { path: to.into() });
        }
        if !state.nodes.contains_key(&source) {
            return Err(FsError::NotFound { path: from.into() });
        }
        let moved: Vec<PathBuf> = state
            .nodes
            .keys()
            .filter(|path| path.starts_with(&source))
            .cloned()
            .collect();
        for path in moved {
            if let (Some(node), Ok(below)) = (state.nodes.remove(&path), path.strip_prefix(&source))
            {
                let new = if below.as_os_str().is_empty() {
                    target.clone()
                } else {
                    target.join(below)
                };
                state.nodes.insert(new, node);
            }
        }
        Ok(())
    }

    fn canonicalize(&self, path: &Path) -> Result<PathBuf, FsError> {
        Ok(self.state().node(path)?.0)
    }

    fn exists(&self, path: &Path) -> bool {
        let state = self.state();
        state
            .place(path)
            .is_ok_and(|place| state.nodes.contains_key(&place))
            || path == Path::new("/")
    }
}

/// The absolute path without `.` and `..`, which are resolved by name.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::Normal(name) => normal.push(name),
            Component::ParentDir => {
                normal.pop();
            }
            Component::Prefix(_) | Component::RootDir | Component::CurDir => {}
        }
    }
    normal
}
