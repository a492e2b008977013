//! Reading and writing files through the open buffers.
//!
//! The text of an open buffer is the truth, not the disk's. The buffers belong
//! to one thread, so the agent sends requests there; [`serve`] answers them.
//! Files that no buffer holds are read and written on the disk, away from that
//! thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{ChangeSet, Text, minimal_change};
use fs::{
    EditorConfig, EncodingChoice, Fs, LineEnding, LoadError, LoadedFile, TextEncoding, TextFormat,
};
use tokio::sync::oneshot;
use workspace::{
    Buffer, BufferId, EditError, HistorySource, SaveError, SaveJob, SavedFile, Workspace,
};

/// The largest file that the agent reads or changes, in bytes: it is held whole.
const MAX_FILE_BYTES: u64 = 128_000_000;
/// How often a change is worked out anew where the buffer moved on meanwhile to a text that it also
/// fits.
const WRITE_TRIES: usize = 3;

/// What the agent asks of the thread that owns the buffers.
pub enum HostRequest {
    /// The text of an open buffer.
    ReadText {
        /// The file, absolute and without links.
        path: PathBuf,
        /// Its text, which costs nothing to hand over, or `None` where no buffer holds the
        /// file; an error where it has unsaved text that is not to be had.
        reply: oneshot::Sender<Result<Option<OpenText>, String>>,
    },
    /// The texts of the open buffers that differ from the disk.
    UnsavedTexts {
        /// Each with its file, absolute and without links.
        reply: oneshot::Sender<Vec<(PathBuf, Text)>>,
    },
    /// What a file is read in that no buffer holds.
    UsualEncoding {
        /// The file.
        path: PathBuf,
        /// Where its `.editorconfig` says nothing.
        reply: oneshot::Sender<EncodingChoice>,
    },
    /// Change the text of an open buffer, as one step that can be undone.
    WriteText {
        /// The file, absolute and without links.
        path: PathBuf,
        /// The buffer that the change was worked out for; it must still hold the file.
        buffer: BufferId,
        /// The version that the change was worked out for; the buffer must still have it.
        version: u64,
        /// The change. Texts are compared by who asks, for long ones take their time.
        changes: ChangeSet,
        /// How it went.
        reply: oneshot::Sender<BufferWrite>,
    },
    /// A save that [`BufferWrite::Changed`] asked for has ended.
    SaveFinished {
        /// The buffer that was saved.
        buffer: BufferId,
        /// How the save went.
        result: Result<SavedFile, SaveError>,
        /// The save's own result, once the buffer knows of it.
        reply: oneshot::Sender<Result<(), SaveError>>,
    },
}

impl HostRequest {
    /// The file that is read or changed. Unsaved text of it that is to come back from an earlier
    /// program has to be back before this is [served](serve): it is the file's text.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::ReadText { path, .. } | Self::WriteText { path, .. } => Some(path),
            _ => None,
        }
    }

    /// Answers that nothing is done with the [file](Self::file), and why: a sentence for the model
    /// and the user.
    pub fn refuse(self, why: String) {
        match self {
            Self::ReadText { reply, .. } => answer(reply, Err(why)),
            Self::WriteText { reply, .. } => answer(reply, BufferWrite::Refused(why)),
            // Dropped, which the agent takes for an end; nobody refuses these.
            _ => {}
        }
    }
}

/// The text of an open buffer.
#[derive(Clone, Debug)]
pub struct OpenText {
    /// All of it.
    pub text: Text,
    /// The buffer. A file that is closed and opened again has another one, whose versions begin
    /// anew.
    pub buffer: BufferId,
    /// The buffer's [version](workspace::Buffer::version) with this text.
    pub version: u64,
}

/// What came of a [`HostRequest::WriteText`].
pub enum BufferWrite {
    /// The buffer was changed; run the job to save it.
    Changed {
        /// The buffer.
        buffer: BufferId,
        /// Saves it; or why it cannot be saved.
        save: Box<Result<SaveJob, SaveError>>,
    },
    /// No buffer holds the file any more, or another one does, or it has another version.
    Stale,
    /// The buffer does not take edits.
    Refused(String),
}

/// Where the agent sends its requests.
pub type HostSender = async_channel::Sender<HostRequest>;

/// Answers one request. Called on the thread that owns `workspace`; quick.
pub fn serve(workspace: &mut Workspace, request: HostRequest) {
    match request {
        HostRequest::ReadText { path, reply } => {
            let text = open_buffer(workspace, &path).map(|buffer| OpenText {
                text: buffer.text().clone(),
                buffer: buffer.id(),
                version: buffer.version(),
            });
            answer(reply, Ok(text));
        }
        HostRequest::UnsavedTexts { reply } => {
            let texts = workspace
                .buffers()
                .filter(|buffer| buffer.is_dirty())
                .filter_map(|buffer| {
                    let path = buffer.real_path().or_else(|| buffer.path())?;
                    Some((path.to_owned(), buffer.text().clone()))
                })
                .collect();
            answer(reply, texts);
        }
        HostRequest::UsualEncoding { path, reply } => {
            answer(reply, workspace.usual_encodings().of(&path));
        }
        HostRequest::WriteText {
            path,
            buffer,
            version,
            changes,
            reply,
        } => {
            let written = write_buffer(workspace, &path, (buffer, version), changes);
            answer(reply, written);
        }
        HostRequest::SaveFinished {
            buffer,
            result,
            reply,
        } => {
            let saved = workspace.save_finished(buffer, result);
            answer(reply, saved);
        }
    }
}

/// The agent may have been cancelled meanwhile and not wait any more.
fn answer<T>(reply: oneshot::Sender<T>, value: T) {
    if reply.send(value).is_err() {
        tracing::debug!("the agent no longer waits for an answer");
    }
}

/// The buffer that holds a file.
fn open_buffer<'a>(workspace: &'a Workspace, path: &Path) -> Option<&'a Buffer> {
    workspace.buffer(workspace.buffer_for_path(path)?)
}

fn write_buffer(
    workspace: &mut Workspace,
    path: &Path,
    made_for: (BufferId, u64),
    changes: ChangeSet,
) -> BufferWrite {
    let now = open_buffer(workspace, path).map(|buffer| (buffer.id(), buffer.version()));
    if now != Some(made_for) {
        return BufferWrite::Stale;
    }
    let (id, _) = made_for;
    match workspace.edit_from_elsewhere(id, changes) {
        Ok(()) => {}
        Err(EditError::Stale(_)) => return BufferWrite::Stale,
        Err(error) => return BufferWrite::Refused(error.to_string()),
    }
    BufferWrite::Changed {
        buffer: id,
        save: Box::new(workspace.save_job(id)),
    }
}

/// A file's text as the agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProjectText {
    /// The text, with LF line ends.
    pub text: String,
    /// Whether it comes from an open buffer.
    pub open: bool,
}

/// Why a file cannot be read or written, for the model and the user.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TextError {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("{0} changed while the edit was being made. Read it again and repeat the edit")]
    Conflict(String),
    #[error("{0} was changed in the editor but not saved: another program changed it on disk")]
    ChangedOnDisk(String),
    #[error("{0}")]
    Refused(String),
    #[error("The editor is closing")]
    Closed,
}

/// Why what the editor holds is not in its file.
fn not_saved(path: &Path, error: &SaveError) -> TextError {
    let name = file_name(path);
    match error {
        SaveError::ChangedOnDisk { .. } => TextError::ChangedOnDisk(name),
        error => TextError::Refused(format!(
            "{name} was changed in the editor but not saved: {error}"
        )),
    }
}

/// The agent's side of the requests.
#[derive(Clone)]
pub(crate) struct HostClient {
    sender: HostSender,
    fs: Arc<dyn Fs>,
    /// The project folder: what lies elsewhere is not reached.
    root: PathBuf,
}

impl HostClient {
    pub fn new(sender: HostSender, fs: Arc<dyn Fs>, root: PathBuf) -> Self {
        Self { sender, fs, root }
    }

    /// A path in the project, relative to its folder.
    fn relative(&self, path: &Path) -> Result<PathBuf, TextError> {
        path.strip_prefix(&self.root)
            .map(Path::to_owned)
            .map_err(|_| TextError::Refused(format!("{} is outside the project", file_name(path))))
    }

    pub fn fs(&self) -> &Arc<dyn Fs> {
        &self.fs
    }

    async fn ask<T>(
        &self,
        request: impl FnOnce(oneshot::Sender<T>) -> HostRequest,
    ) -> Result<T, TextError> {
        let (reply, answer) = oneshot::channel();
        self.sender
            .send(request(reply))
            .await
            .map_err(|_| TextError::Closed)?;
        answer.await.map_err(|_| TextError::Closed)
    }

    /// The text of a file: its buffer's where it is open, else the disk's.
    pub async fn read(&self, path: &Path) -> Result<ProjectText, TextError> {
        if let Some(open) = self.open_text(path).await? {
            // The copy is made here, not on the thread that owns the workspace.
            let text = open.text.to_string();
            return Ok(ProjectText { text, open: true });
        }
        let relative = self.relative(path)?;
        let usual = self.usual_encoding(path).await?;
        let (fs, root) = (Arc::clone(&self.fs), self.root.clone());
        let loaded = blocking(move || load(fs.as_ref(), &root, &relative, usual)).await??;
        Ok(ProjectText {
            text: loaded.text.to_string(),
            open: false,
        })
    }

    async fn open_text(&self, path: &Path) -> Result<Option<OpenText>, TextError> {
        let path = path.to_owned();
        self.ask(|reply| HostRequest::ReadText { path, reply })
            .await?
            .map_err(TextError::Refused)
    }

    async fn usual_encoding(&self, path: &Path) -> Result<EncodingChoice, TextError> {
        let path = path.to_owned();
        self.ask(|reply| HostRequest::UsualEncoding { path, reply })
            .await
    }

    /// The texts of the open buffers that differ from the disk, with their files.
    pub async fn unsaved(&self) -> Result<Vec<(PathBuf, Text)>, TextError> {
        self.ask(|reply| HostRequest::UnsavedTexts { reply }).await
    }

    /// Like [`Self::read`], but `None` for a file that does not exist.
    pub async fn read_if_exists(&self, path: &Path) -> Result<Option<ProjectText>, TextError> {
        match self.read(path).await {
            Ok(text) => Ok(Some(text)),
            Err(TextError::Load(LoadError::NotFound { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Replaces a file's text, in its buffer where it is open (which is then
    /// saved), else on the disk with its encoding and line endings kept.
    /// `base` is the text that the change was made against; `None` creates the
    /// file, which must not exist.
    pub async fn write(
        &self,
        path: &Path,
        base: Option<&str>,
        text: &str,
    ) -> Result<(), TextError> {
        for _ in 0..WRITE_TRIES {
            let Some(open) = self.open_text(path).await? else {
                return self.write_disk(path, base, text).await;
            };
            let (expected, wanted) = (base.unwrap_or_default().to_owned(), text.to_owned());
            let changes = blocking(move || {
                (open.text == *expected.as_str()).then(|| minimal_change(&open.text, &wanted))
            });
            let Some(changes) = changes.await? else {
                break;
            };
            let request = |reply| HostRequest::WriteText {
                path: path.to_owned(),
                buffer: open.buffer,
                version: open.version,
                changes,
                reply,
            };
            match self.ask(request).await? {
                // It was edited, closed or opened again meanwhile.
                BufferWrite::Stale => {}
                BufferWrite::Refused(message) => return Err(TextError::Refused(message)),
                BufferWrite::Changed { buffer, save } => {
                    let job = (*save).map_err(|error| not_saved(path, &error))?;
                    return self.save(path, buffer, job).await;
                }
            }
        }
        Err(TextError::Conflict(file_name(path)))
    }

    /// Makes sure that a file holds `text`, which somebody has read: saves its buffer where that has
    /// unsaved changes, and leaves the file alone otherwise.
    ///
    /// # Errors
    /// [`TextError::Conflict`] where the text is another one by now: nothing is saved then.
    pub async fn save_read(&self, path: &Path, text: &str) -> Result<(), TextError> {
        let unsaved = self.unsaved().await?;
        if unsaved.iter().any(|(open, _)| open == path) {
            return self.write(path, Some(text), text).await;
        }
        match self.read(path).await?.text == text {
            true => Ok(()),
            false => Err(TextError::Conflict(file_name(path))),
        }
    }

    /// Saves the buffer of a file.
    async fn save(&self, path: &Path, buffer: BufferId, job: SaveJob) -> Result<(), TextError> {
        let (root, relative) = (self.root.clone(), self.relative(path)?);
        let source = HistorySource::Agent;
        let result = blocking(move || job.beneath(root, relative, source).run()).await?;
        let saved = self
            .ask(|reply| HostRequest::SaveFinished {
                buffer,
                result,
                reply,
            })
            .await?;
        saved.map_err(|error| not_saved(path, &error))
    }

    async fn write_disk(
        &self,
        path: &Path,
        base: Option<&str>,
        text: &str,
    ) -> Result<(), TextError> {
        let fs = Arc::clone(&self.fs);
        let (root, relative) = (self.root.clone(), self.relative(path)?);
        let usual = self.usual_encoding(path).await?;
        let path = path.to_owned();
        let base = base.map(str::to_owned);
        let text = text.to_owned();
        blocking(move || {
            let format = match load(fs.as_ref(), &root, &relative, usual) {
                Ok(loaded) => {
                    if base.as_deref().is_none_or(|base| loaded.text != base) {
                        return Err(TextError::Conflict(file_name(&path)));
                    }
                    if loaded.read_only {
                        return Err(TextError::Refused(format!(
                            "{} is read-only",
                            file_name(&path)
                        )));
                    }
                    loaded.format
                }
                Err(LoadError::NotFound { .. }) if base.is_none() => {
                    TextFormat::new(TextEncoding::UTF_8, false, LineEnding::Lf)
                }
                Err(LoadError::NotFound { .. }) => {
                    return Err(TextError::Conflict(file_name(&path)));
                }
                Err(error) => return Err(error.into()),
            };
            let text = text.as_str().into();
            fs::save_beneath(fs.as_ref(), &root, &relative, &text, &format)
                .map_err(|error| TextError::Refused(error.to_string()))?;
            Ok(())
        })
        .await?
    }
}

/// Reads a file of the project. What was resolved has no links, and one that was put in the way
/// since is not followed.
fn load(
    fs: &dyn Fs,
    root: &Path,
    relative: &Path,
    usual: EncodingChoice,
) -> Result<LoadedFile, LoadError> {
    let config = EditorConfig::of(fs, &root.join(relative));
    let encoding = usual.configured(&config);
    fs::load_beneath(fs, root, relative, MAX_FILE_BYTES, encoding)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| crate::visible::line(&name.to_string_lossy()))
        .unwrap_or_default()
}

/// Runs what may wait for the disk on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, TextError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| TextError::Closed)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::{Duration, Instant};

    /// A project beside a folder that nothing may touch, and nobody who has a file open.
    struct Fixture {
        base: PathBuf,
        host: HostClient,
        workspace: Arc<Mutex<Workspace>>,
        _temporary: tempfile::TempDir,
    }

    impl Fixture {
        fn new() -> Self {
            let temporary = tempfile::tempdir().unwrap();
            let base = temporary.path().canonicalize().unwrap();
            std::fs::create_dir_all(base.join("outside")).unwrap();
            std::fs::create_dir_all(base.join("project")).unwrap();
            std::fs::write(base.join("outside/secret"), "canary").unwrap();
            let (sender, requests) = async_channel::unbounded();
            let mut workspace = Workspace::new("/".into(), Arc::new(fs::RealFs::new()));
            let western = fs::EncodingChoice::Detect {
                usual: TextEncoding::WINDOWS_1252,
                guess: false,
            };
            workspace
                .set_usual_encodings(workspace::UsualEncodings::new(western, Default::default()));
            let workspace = Arc::new(Mutex::new(workspace));
            let served = Arc::clone(&workspace);
            std::thread::spawn(move || {
                while let Ok(request) = requests.recv_blocking() {
                    serve(&mut served.lock().unwrap(), request);
                }
            });
            let host = HostClient::new(sender, Arc::new(fs::RealFs::new()), base.join("project"));
            Self {
                base,
                host,
                workspace,
                _temporary: temporary,
            }
        }

        fn is_untouched_outside(&self) {
            let outside = self.base.join("outside");
            let names: Vec<_> = std::fs::read_dir(&outside)
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            assert_eq!(names, ["secret"]);
            let secret = std::fs::read_to_string(outside.join("secret")).unwrap();
            assert_eq!(secret, "canary");
        }
    }

    fn is_through_link(error: &TextError) -> bool {
        match error {
            TextError::Load(LoadError::Other(fs::FsError::ThroughLink { .. })) => true,
            TextError::Refused(message) => message.contains("through a link"),
            _ => false,
        }
    }

    #[tokio::test]
    async fn a_link_that_is_put_in_the_way_is_not_written_through() {
        let fixture = Fixture::new();
        let (base, host) = (&fixture.base, &fixture.host);
        symlink(base.join("outside"), base.join("project/src")).unwrap();
        symlink(base.join("outside/secret"), base.join("project/a.txt")).unwrap();
        for (path, before) in [
            ("project/src/new", None),
            ("project/src/secret", Some("canary")),
            ("project/a.txt", Some("canary")),
        ] {
            let written = host.write_disk(&base.join(path), before, "x").await;
            assert!(is_through_link(&written.unwrap_err()), "{path}");
        }
        let elsewhere = host.write_disk(&base.join("outside/new"), None, "x").await;
        assert!(matches!(elsewhere, Err(TextError::Refused(_))));
        fixture.is_untouched_outside();
        let plain = base.join("project/new/folder/b.txt");
        host.write_disk(&plain, None, "x").await.unwrap();
        assert_eq!(std::fs::read_to_string(plain).unwrap(), "x");
    }

    #[tokio::test]
    async fn nothing_is_saved_but_the_text_that_was_read() {
        let fixture = Fixture::new();
        let (base, host) = (&fixture.base, &fixture.host);
        let path = base.join("project/a.md");
        std::fs::write(&path, "on disk\n").unwrap();
        let on_disk = || std::fs::read_to_string(&path).unwrap();
        host.save_read(&path, "on disk\n").await.unwrap();
        let id = {
            let mut workspace = fixture.workspace.lock().unwrap();
            let id = workspace.open_blocking(&path).unwrap();
            workspace.replace_text(id, "typed since\n").unwrap();
            id
        };
        let refused = host.save_read(&path, "read\n").await;
        assert!(
            matches!(refused, Err(TextError::Conflict(_))),
            "{refused:?}"
        );
        assert_eq!(on_disk(), "on disk\n");
        host.save_read(&path, "typed since\n").await.unwrap();
        assert_eq!(on_disk(), "typed since\n");

        // Saved by somebody else before it could be.
        let refused = host.save_read(&path, "on disk\n").await;
        assert!(
            matches!(refused, Err(TextError::Conflict(_))),
            "{refused:?}"
        );
        fixture.workspace.lock().unwrap().close(id);
        let refused = host.save_read(&path, "on disk\n").await;
        assert!(
            matches!(refused, Err(TextError::Conflict(_))),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn a_file_is_read_and_written_in_the_encoding_that_is_set_for_it() {
        let fixture = Fixture::new();
        let (base, host) = (&fixture.base, &fixture.host);
        let folder = base.join("project");
        let config = "[*.u]\ncharset = utf-16be\n";
        std::fs::write(folder.join(".editorconfig"), config).unwrap();
        // What looks like another encoding: the settings say which it is.
        let (western, wide) = (b"\xC8\xE5\xEB\xEB\xEE", b"\0a\0\xE9\0\n");
        for (name, bytes, text) in [
            ("a.txt", &western[..], "\u{c8}\u{e5}\u{eb}\u{eb}\u{ee}"),
            ("a.u", &wide[..], "a\u{e9}\n"),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, bytes).unwrap();
            assert_eq!(host.read(&path).await.unwrap().text, text, "{name}");
            let longer = format!("{text}\u{e9}");
            host.write_disk(&path, Some(text), &longer).await.unwrap();
            let mut expected = bytes.to_vec();
            expected.extend(if name == "a.u" {
                &b"\0\xE9"[..]
            } else {
                b"\xE9"
            });
            assert_eq!(std::fs::read(&path).unwrap(), expected, "{name}");
        }
    }

    #[tokio::test]
    async fn what_is_typed_while_a_change_is_worked_out_is_not_lost() {
        use editor_core::{Selections, editing};
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap();
        let path = root.join("a.txt");
        for (undone, ends_as) in [(false, "typed one\n"), (true, "two\n")] {
            std::fs::write(&path, "one\n").unwrap();
            let (sender, requests) = async_channel::unbounded();
            let (root, file) = (root.clone(), path.clone());
            let owner = std::thread::spawn(move || {
                let mut workspace = Workspace::new(root, Arc::new(fs::RealFs::new()));
                let id = workspace.open_blocking(&file).unwrap();
                let mut typed = false;
                while let Ok(request) = requests.recv_blocking() {
                    // The change is on its way.
                    if matches!(request, HostRequest::WriteText { .. }) && !typed {
                        typed = true;
                        let text = workspace.buffer(id).unwrap().text().clone();
                        let edit = editing::insert_text(&text, &Selections::caret(0), "typed ");
                        workspace.edit(id, edit).unwrap();
                        if undone {
                            workspace.undo(id).unwrap();
                        }
                    }
                    serve(&mut workspace, request);
                }
                workspace.buffer(id).unwrap().text().to_string()
            });
            let folder = path.parent().unwrap().to_owned();
            let host = HostClient::new(sender, Arc::new(fs::RealFs::new()), folder);
            let written = host.write(&path, Some("one\n"), "two\n").await;
            assert_eq!(written.is_ok(), undone, "{written:?}");
            drop(host);
            assert_eq!(owner.join().unwrap(), ends_as);
        }
    }

    #[tokio::test]
    async fn a_change_worked_out_for_a_closed_buffer_is_not_made_in_the_one_opened_since() {
        let temporary = tempfile::tempdir().unwrap();
        let root = temporary.path().canonicalize().unwrap();
        let path = root.join("a.txt");
        // What another program wrote: a text of the same length, one of another, the same text.
        for (since, ends_as) in [("six\n", None), ("seven\n", None), ("one\n", Some("two\n"))] {
            std::fs::write(&path, "one\n").unwrap();
            let (sender, requests) = async_channel::unbounded();
            let (folder, file) = (root.clone(), path.clone());
            let owner = std::thread::spawn(move || {
                let mut workspace = Workspace::new(folder, Arc::new(fs::RealFs::new()));
                let first = workspace.open_blocking(&file).unwrap();
                let mut id = first;
                while let Ok(request) = requests.recv_blocking() {
                    // The change is on its way.
                    if matches!(request, HostRequest::WriteText { .. }) && id == first {
                        workspace.close(id);
                        std::fs::write(&file, since).unwrap();
                        id = workspace.open_blocking(&file).unwrap();
                        assert_eq!(workspace.buffer(id).unwrap().version(), 0);
                    }
                    serve(&mut workspace, request);
                }
                assert_ne!(id, first);
                workspace.buffer(id).unwrap().text().to_string()
            });
            let host = HostClient::new(sender, Arc::new(fs::RealFs::new()), root.clone());
            let written = host.write(&path, Some("one\n"), "two\n").await;
            match ends_as {
                Some(_) => assert!(written.is_ok(), "{written:?}"),
                None => assert!(
                    matches!(written, Err(TextError::Conflict(_))),
                    "{written:?}"
                ),
            }
            drop(host);
            let ends_as = ends_as.unwrap_or(since);
            assert_eq!(owner.join().unwrap(), ends_as);
            assert_eq!(std::fs::read_to_string(&path).unwrap(), ends_as);
        }
    }

    #[tokio::test]
    async fn a_folder_that_turns_into_a_link_at_any_moment_is_never_followed() {
        let fixture = Fixture::new();
        let (base, host) = (&fixture.base, &fixture.host);
        let (folder, other) = (base.join("project/dir"), base.join("project/other"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("secret"), "inside").unwrap();
        symlink(base.join("outside"), &other).unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let swapping = std::thread::spawn({
            let (stop, folder) = (Arc::clone(&stop), folder.clone());
            move || {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                while !stop.load(Ordering::Relaxed) {
                    renameat_with(CWD, &folder, CWD, &other, RenameFlags::EXCHANGE).unwrap();
                }
            }
        });
        // Until each has met both: the folder and the link.
        let (mut done, mut refused) = ([0, 0], [0, 0]);
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut round = 0;
        while done.iter().chain(&refused).any(|count| *count < 100) {
            assert!(Instant::now() < deadline, "{done:?} {refused:?}");
            round += 1;
            let new = folder.join(format!("{round}.txt"));
            let written = host.write_disk(&new, None, "owned").await;
            let read = host.read(&folder.join("secret")).await;
            for (what, ended) in [written, read.map(|text| assert_eq!(text.text, "inside"))]
                .into_iter()
                .enumerate()
            {
                match ended {
                    Ok(()) => done[what] += 1,
                    Err(error) if is_through_link(&error) => refused[what] += 1,
                    Err(error) => panic!("{error}"),
                }
            }
        }
        stop.store(true, Ordering::Relaxed);
        swapping.join().unwrap();
        fixture.is_untouched_outside();
    }
}
