use std::collections::{HashMap, HashSet};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use editor_core::{Selections, Text, Transaction, minimal_change};
use fs::{Content, FsError, LeftBehind, LoadedFile, RecoveryStore, TextFormat};
use serde::{Deserialize, Serialize};

use crate::file_path::absolute;
use crate::{Buffer, BufferId, DiskState, Severity, Workspace, WorkspaceEvent};

/// Texts of up to this many bytes are kept as often as asked; a longer one waits a second for each
/// such portion, since all of it is written each time.
const PORTION: usize = 4 * 1024 * 1024;

/// How much is written at once.
const BLOCK: usize = 256 * 1024;

/// Keeps the unsaved text of a workspace on the disk, outside the project, so that a crash, a kill
/// or a power cut loses none of it.
///
/// Ask for a [`Recovery::job`] shortly after each change (250 ms), run it elsewhere and hand the
/// result to [`Recovery::finished`].
pub struct Recovery {
    store: Arc<RecoveryStore>,
    kept: HashMap<BufferId, Kept>,
    running: bool,
}

struct Kept {
    state: State,
    at: Duration,
    bytes: usize,
}

/// All that an entry depends on.
#[derive(Clone, PartialEq, Eq)]
struct State {
    version: u64,
    path: Option<PathBuf>,
    /// The hash of the file that the edits began from.
    base: Option<u64>,
}

impl State {
    fn of(buffer: &Buffer) -> Self {
        Self {
            version: buffer.version,
            path: buffer.path.clone(),
            base: buffer.saved.fingerprint.map(|saved| saved.hash),
        }
    }
}

/// Unsaved text from a program that ended without saving it; put it back with
/// [`Workspace::restore`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The file that it belongs to; `None` for text that never had one.
    pub path: Option<PathBuf>,
    /// The text, with LF line ends.
    pub text: String,
    /// A hash of the saved text that the edits began from; `None` without a file.
    base: Option<u64>,
}

/// The first line of an entry; the text follows.
#[derive(Serialize, Deserialize)]
struct Header {
    kiln_recovery: u32,
    path: Option<String>,
    base: Option<u64>,
}

const FORMAT: u32 = 1;

/// Texts on their way to the disk.
pub struct RecoveryJob {
    store: Arc<RecoveryStore>,
    keep: Vec<Entry>,
    forget: Vec<BufferId>,
    now: Duration,
}

struct Entry {
    buffer: BufferId,
    state: State,
    text: Text,
    saved: Option<Text>,
}

/// What a job has done.
pub struct RecoveryDone {
    kept: Vec<(BufferId, Kept)>,
    forgotten: Vec<BufferId>,
    error: Option<FsError>,
}

impl Recovery {
    /// Opens the place for a project's unsaved text under Kiln's state folder, and gives what
    /// earlier programs left there. Discard that only when a job has run after it was restored.
    /// Blocks.
    ///
    /// # Errors
    /// As the system reports; the workspace works on without.
    pub fn open(
        state: &Path,
        root: &Path,
    ) -> Result<(Self, Vec<Recovered>, Vec<LeftBehind>), FsError> {
        let project = format!("{:016x}", hash([root.to_string_lossy().as_ref()]));
        let base = state.join("recovery").join(project);
        let (store, left_behind) = RecoveryStore::open(&base)?;
        let recovered = left_behind
            .iter()
            .flat_map(|left| &left.entries)
            .map(|entry| read_entry(entry))
            .collect();
        let recovery = Self {
            store: Arc::new(store),
            kept: HashMap::new(),
            running: false,
        };
        Ok((recovery, recovered, left_behind))
    }

    /// What has to be written or removed now; `None` where nothing has, or where a job is running.
    pub fn job(&mut self, workspace: &Workspace) -> Option<RecoveryJob> {
        if self.running {
            return None;
        }
        let now = workspace.now();
        let keep: Vec<Entry> = workspace
            .buffers()
            .filter(|buffer| is_unsaved(buffer))
            .filter(|buffer| {
                self.kept.get(&buffer.id).is_none_or(|kept| {
                    let portions = u32::try_from(kept.bytes / PORTION).unwrap_or(u32::MAX);
                    let due = kept.at + Duration::from_secs(1).saturating_mul(portions);
                    kept.state != State::of(buffer) && now >= due
                })
            })
            .map(Entry::of)
            .collect();
        let forget: Vec<BufferId> = self
            .kept
            .keys()
            .filter(|id| !workspace.buffer(**id).is_some_and(is_unsaved))
            .copied()
            .collect();
        if keep.is_empty() && forget.is_empty() {
            return None;
        }
        self.running = true;
        Some(RecoveryJob {
            store: self.store.clone(),
            keep,
            forget,
            now,
        })
    }

    /// Takes the result of a job. What failed is tried again by the next one.
    ///
    /// # Errors
    /// The first error of the job, to be shown: unsaved text is not safe while it lasts.
    pub fn finished(&mut self, done: RecoveryDone) -> Result<(), FsError> {
        self.running = false;
        self.kept.extend(done.kept);
        for id in done.forgotten {
            self.kept.remove(&id);
        }
        done.error.map_or(Ok(()), Err)
    }

    /// Whether a buffer's text, as it is now, is on the disk or needs not be.
    pub fn is_up_to_date(&self, workspace: &Workspace) -> bool {
        workspace
            .buffers()
            .filter(|buffer| is_unsaved(buffer))
            .all(|buffer| {
                self.kept
                    .get(&buffer.id)
                    .is_some_and(|kept| kept.state == State::of(buffer))
            })
    }

    /// The window's end: forgets what is saved, and of the unsaved buffers those that the user gave
    /// up. Where others are unsaved, they are kept as they are now. Says whether nothing is kept
    /// any more. Blocks.
    ///
    /// # Errors
    /// As the system reports.
    pub fn end(self, workspace: &Workspace, given_up: &HashSet<BufferId>) -> Result<bool, FsError> {
        let is_lost = |buffer: &&Buffer| is_unsaved(buffer) && !given_up.contains(&buffer.id);
        if !workspace.buffers().any(|buffer| is_lost(&buffer)) {
            return self.discard().map(|()| true);
        }
        let job = RecoveryJob {
            store: self.store.clone(),
            keep: workspace
                .buffers()
                .filter(is_lost)
                .filter(|buffer| {
                    let kept = self.kept.get(&buffer.id);
                    kept.is_none_or(|kept| kept.state != State::of(buffer))
                })
                .map(Entry::of)
                .collect(),
            forget: self
                .kept
                .keys()
                .filter(|id| {
                    !workspace
                        .buffer(**id)
                        .is_some_and(|buffer| is_lost(&buffer))
                })
                .copied()
                .collect(),
            now: workspace.now(),
        };
        job.run().error.map_or(Ok(false), Err)
    }

    /// Forgets everything. Blocks.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(self) -> Result<(), FsError> {
        self.store.discard()
    }
}

impl RecoveryJob {
    /// Writes and removes entries. Blocks.
    pub fn run(self) -> RecoveryDone {
        let mut done = RecoveryDone {
            kept: Vec::new(),
            forgotten: Vec::new(),
            error: None,
        };
        for entry in self.keep {
            match self.store.put(entry.buffer.0, &entry) {
                Ok(()) => {
                    let kept = Kept {
                        bytes: entry.text.len(),
                        state: entry.state,
                        at: self.now,
                    };
                    done.kept.push((entry.buffer, kept));
                }
                Err(error) => done.error = done.error.or(Some(error)),
            }
        }
        for id in self.forget {
            match self.store.remove(id.0) {
                Ok(()) => done.forgotten.push(id),
                Err(error) => done.error = done.error.or(Some(error)),
            }
        }
        done
    }
}

impl Entry {
    fn of(buffer: &Buffer) -> Self {
        Self {
            buffer: buffer.id,
            state: State::of(buffer),
            text: buffer.text.clone(),
            saved: buffer.path.is_some().then(|| buffer.saved.text.clone()),
        }
    }

    fn header(&self) -> Vec<u8> {
        let path = self
            .state
            .path
            .as_ref()
            .map(|path| path.to_string_lossy().into_owned());
        let base = self
            .saved
            .as_ref()
            .map(|saved| hash(saved.chunks(0..saved.len())));
        let header = Header {
            kiln_recovery: FORMAT,
            path,
            base,
        };
        // A header of a string and two numbers has nothing that JSON lacks.
        let mut content = serde_json::to_vec(&header).unwrap_or_default();
        content.push(b'\n');
        content
    }
}

impl Content for Entry {
    fn write_to(&self, sink: &mut dyn Write) -> io::Result<()> {
        // Gathered, since the pieces of a text are small.
        let mut sink = BufWriter::with_capacity(BLOCK, sink);
        sink.write_all(&self.header())?;
        for chunk in self.text.chunks(0..self.text.len()) {
            sink.write_all(chunk.as_bytes())?;
        }
        sink.flush()
    }
}

impl Workspace {
    /// Puts recovered text back, as an unsaved edit of its file, which undo takes away again.
    /// `file` is what the file holds now; `None` where it is gone or cannot be read, or for text
    /// without one. A file that another program changed meanwhile is marked so. Where the buffer of
    /// the file has other unsaved edits already, such as those of a second window, the text comes
    /// back without a file.
    pub fn restore(&mut self, recovered: Recovered, file: Option<LoadedFile>) -> BufferId {
        let mut id = match (&recovered.path, &file) {
            (None, _) => self.new_untitled(),
            (Some(_), Some(file)) => self.add_loaded(file.clone()),
            (Some(path), None) => self.add_lost(path),
        };
        let Some(buffer) = self.buffers.get(&id) else {
            return id;
        };
        let name = buffer.display_name();
        if buffer.text_differs_from_saved() && buffer.text != recovered.text.as_str() {
            id = self.new_untitled();
            if let Err(error) = self.replace_text(id, &recovered.text) {
                self.notice(Severity::Error, error.to_string());
                return id;
            }
            self.notice(
                Severity::Info,
                format!("Other unsaved edits to {name} are back as a new document."),
            );
            return id;
        }
        let changes = minimal_change(&buffer.text, &recovered.text);
        let restored = Transaction::from_changes(changes, &Selections::caret(0));
        if let Err(error) = self.apply(id, restored) {
            self.notice(Severity::Error, error.to_string());
            return id;
        }
        if let (Some(file), Some(base)) = (file, recovered.base)
            && hash(file.text.chunks(0..file.text.len())) != base
            && let Some(buffer) = self.buffers.get_mut(&id)
            && buffer.dirty
        {
            buffer.disk = DiskState::Changed;
            buffer.on_disk = Some(file);
            self.emit(WorkspaceEvent::BufferDiskChanged(id));
        }
        self.notice(
            Severity::Info,
            format!("Your unsaved edits to {name} are back."),
        );
        id
    }

    /// A buffer for a file that is not there any more.
    fn add_lost(&mut self, path: &Path) -> BufferId {
        let path = absolute(self.root(), path);
        if let Some(id) = self.buffer_for_path(&path) {
            return id;
        }
        self.add_with(Text::default(), TextFormat::default(), |buffer| {
            buffer.path = Some(path);
            buffer.disk = DiskState::Deleted;
            buffer.update_dirty();
            buffer.detect_language();
        })
    }
}

/// Whether a buffer holds text that is nowhere else.
fn is_unsaved(buffer: &Buffer) -> bool {
    buffer.dirty && !(buffer.path.is_none() && buffer.text.is_empty())
}

/// What an entry holds. One that is damaged is given as it is, without its file: nothing that may
/// be somebody's text is thrown away.
fn read_entry(entry: &[u8]) -> Recovered {
    read_sound_entry(entry).unwrap_or_else(|| Recovered {
        path: None,
        text: String::from_utf8_lossy(entry).into_owned(),
        base: None,
    })
}

fn read_sound_entry(entry: &[u8]) -> Option<Recovered> {
    let end = entry.iter().position(|byte| *byte == b'\n')?;
    let header: Header = serde_json::from_slice(&entry[..end]).ok()?;
    let text = std::str::from_utf8(&entry[end + 1..]).ok()?;
    (header.kiln_recovery == FORMAT).then(|| Recovered {
        path: header.path.map(PathBuf::from),
        text: text.to_owned(),
        base: header.base,
    })
}

/// FNV-1a of 64 bits, which unlike the standard hasher stays the same from one version of the
/// program to the next.
fn hash<'a>(pieces: impl IntoIterator<Item = &'a str>) -> u64 {
    pieces
        .into_iter()
        .flat_map(str::bytes)
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}
