//! The versions of open files in git's index, which their buffers are compared with: read, and
//! compared, once a buffer and off the UI thread.

use super::WorkspaceModel;
use git::IndexId;
use gpui_kit::{AppContext as _, AsyncApp, Context, Task, WeakEntity};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use workspace::{Buffer, BufferId, ComparedVersion, Staged};

/// Texts of up to this many bytes together are compared at each edit.
const COMPARED_AT_ONCE: usize = 256 * 1024;

/// How long the comparison of larger texts waits for further edits.
const PAUSE: Duration = Duration::from_millis(200);

/// What is known of a buffer's file in git.
#[derive(Default)]
pub(super) struct IndexVersion {
    /// The files of its repository that tell of another version, once it is known that there is one.
    watch: Vec<PathBuf>,
    /// The version that the buffer is compared with.
    id: Option<IndexId>,
    reading: Option<Task<()>>,
    comparing: Option<Task<()>>,
}

/// What was read of a file in git.
struct Read {
    watch: Vec<PathBuf>,
    version: Option<(IndexId, ComparedVersion)>,
}

impl Read {
    /// `None` outside of a repository, and of one that cannot be read.
    fn of(path: &Path, encoding: fs::TextEncoding) -> Option<Self> {
        let read = || -> Result<Option<Self>, git::GitError> {
            let Some(git::Indexed { watch, file }) = git::indexed(path)? else {
                return Ok(None);
            };
            let decoded = |bytes: &[u8]| {
                let (text, format) = fs::decode_as(bytes, encoding).ok()?;
                Some(ComparedVersion {
                    text: editor_core::Text::new(&text),
                    format,
                    staged: None,
                })
            };
            let version = file.and_then(|file| {
                let mut version = decoded(&file.bytes)?;
                let committed = file.committed.as_deref().and_then(decoded);
                version.staged = committed.and_then(|it| Staged::between(it, &version.text));
                Some((file.id, version))
            });
            Ok(Some(Self { watch, version }))
        };
        read().unwrap_or_else(|error| {
            tracing::debug!("{error}");
            None
        })
    }
}

impl WorkspaceModel {
    /// Compares a buffer with its version in git's index from now on, because somebody shows it.
    pub fn compare_with_index(&mut self, id: BufferId, cx: &mut Context<Self>) {
        if !self.index_versions.contains_key(&id) {
            self.read_index(id, cx);
        }
    }

    /// Names the version in git's index that a buffer is compared with, and gives it.
    pub fn index_version(&self, id: BufferId) -> Option<(IndexId, Arc<ComparedVersion>)> {
        let version = self.workspace.buffer(id)?.compared_version()?.clone();
        Some((self.index_versions.get(&id)?.id?, version))
    }

    /// Reads the version in the index again, and compares.
    pub fn read_index(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        let known = self.index_versions.entry(id).or_default();
        let encoding = buffer.format().encoding;
        let Some(path) = buffer.path().map(Path::to_path_buf) else {
            return;
        };
        let read = cx.background_spawn(async move { Read::of(&path, encoding) });
        known.reading = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let read = read.await;
                // A released model compares nothing.
                this.update(cx, |model, cx| model.index_read(id, read, cx))
                    .ok();
            }),
        );
    }

    /// Reads the version in the index in another encoding, as the buffer was. In the one of before it
    /// differs, and what would be staged of it is written in that.
    pub(super) fn read_index_anew(&mut self, id: BufferId, cx: &mut Context<Self>) {
        if self.index_versions.contains_key(&id) {
            self.update(cx, |workspace| workspace.set_compared_version(id, None));
            self.read_index(id, cx);
        }
    }

    fn index_read(&mut self, id: BufferId, read: Option<Read>, cx: &mut Context<Self>) {
        let Some(known) = self.index_versions.get_mut(&id) else {
            return;
        };
        let (watch, version) = read.map(|read| (read.watch, read.version)).unzip();
        let (version_id, version) = version.flatten().unzip();
        known.watch = watch.unwrap_or_default();
        known.id = version_id;
        self.update(cx, |workspace| workspace.set_compared_version(id, version));
        self.find_hunks(id, cx);
    }

    /// Finds where a buffer differs, again and again while it is edited meanwhile.
    pub(super) fn find_hunks(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(known) = self.index_versions.get_mut(&id) else {
            return;
        };
        if known.comparing.is_some() || self.workspace.compare_job(id).is_none() {
            return;
        }
        known.comparing = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                loop {
                    let job = |model: &Self, _: &gpui_kit::App| model.workspace.compare_job(id);
                    let Ok(Some(mut next)) = this.read_with(cx, job) else {
                        break;
                    };
                    if next.bytes() > COMPARED_AT_ONCE {
                        cx.background_executor().timer(PAUSE).await;
                        match this.read_with(cx, job) {
                            Ok(Some(newer)) => next = newer,
                            _ => break,
                        }
                    }
                    let run = cx.background_executor().spawn(async move { next.run() });
                    let found = run.await;
                    let taken = this.update(cx, |model, cx| {
                        model.update(cx, |workspace| workspace.compared(id, found));
                    });
                    if taken.is_err() {
                        return;
                    }
                }
                // A released model compares nothing.
                this.update(cx, |model, _| {
                    if let Some(known) = model.index_versions.get_mut(&id) {
                        known.comparing = None;
                    }
                })
                .ok();
            }),
        );
    }

    /// Reads the versions again that one of these paths is about: the index of their repository, what is
    /// checked out there, or a repository that was made, or went.
    pub(super) fn indexes_changed(&mut self, paths: &[PathBuf], cx: &mut Context<Self>) {
        let concerned: Vec<BufferId> = self
            .index_versions
            .iter()
            .filter(|(id, known)| {
                let file = self.workspace.buffer(**id).and_then(Buffer::path);
                let tells = |path: &PathBuf| known.watch.contains(path);
                paths
                    .iter()
                    .any(|path| tells(path) || is_repository_of(path, file))
            })
            .map(|(id, _)| *id)
            .collect();
        for id in concerned {
            self.read_index(id, cx);
        }
    }
}

/// Whether a path is the `.git` of a folder above a file.
fn is_repository_of(path: &Path, file: Option<&Path>) -> bool {
    path.file_name().is_some_and(|name| name == ".git")
        && path
            .parent()
            .zip(file)
            .is_some_and(|(folder, file)| file.starts_with(folder))
}
