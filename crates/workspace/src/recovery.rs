use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};
use std::time::Duration;

use editor_core::{LogBatch, Text};
use fs::{
    Fs, FsError, LeftBehind, RealFs, RecoveryStore, STREAMED_BYTES, TextEncoding, TextFormat,
};

use crate::large_recovered::{LargeRecovered, sorted};
use crate::made::{Made, Recent};
use crate::recovered::{Newest, Origin, Recovered, hash};
use crate::recovery_entry::{self, Base, Body, FormatRecord, Header};
use crate::{Buffer, BufferId, DiskState, Workspace, journal};

mod base;

use base::KeptBase;
pub use base::{BaseDone, BaseJob};

/// A longer text is not written as a whole again before a second for each such portion of it has
/// passed; meanwhile its journal grows past its bounds. In bytes.
const PORTION: usize = 4 * 1024 * 1024;

/// Of a longer text that has a file, what is kept is how it differs from the file: copying it would
/// take longer than unsaved text may wait. In bytes.
const MAX_COPIED: usize = 16 * 1024 * 1024;

/// The undo history that is kept with a copy of a text, about, in bytes.
const MAX_UNDO: usize = 8 * 1024 * 1024;

/// A journal may be half as long as its text, within these bounds; then the text is written anew.
const JOURNAL_BYTES: (usize, usize) = (1024 * 1024, 256 * 1024 * 1024);

/// Keeps the unsaved text of a workspace on the disk, outside the project, so that a crash, a kill
/// or a power cut loses none of it, nor of its undo history.
///
/// A text is written once, when it becomes unsaved; from then on its changes are appended to a
/// journal. Of a large file not even that: the changes are those from the file.
///
/// Ask for a [`Recovery::job`] shortly after each change (250 ms), run it elsewhere and hand the
/// result to [`Recovery::finished`]. For the case that the program panics, give what panics a
/// [`Recovery::last_words`].
pub struct Recovery {
    store: Arc<RecoveryStore>,
    /// Where the stores of all projects are.
    all_stores: PathBuf,
    kept: HashMap<BufferId, Kept>,
    /// Of which something is on the disk, and it is not known what: an attempt to write it failed.
    /// None of them is in `kept`.
    uncertain: HashSet<BufferId>,
    /// The buffers of the job that is running.
    running: Option<HashSet<BufferId>>,
    ended: Ended,
    last_words: LastWords,
    /// What files held before the edits that are kept, as far as that is kept or was tried to be.
    bases: Vec<KeptBase>,
    /// Whether such a job is running.
    keeping_base: bool,
    /// Whether some were removed since it began.
    lost_bases: bool,
    /// [`MAX_COPIED`], or less in a test.
    pub(crate) max_copied: usize,
}

/// Whether the end has come, after which no job writes or removes anything any more. Locked while
/// one does, so that the end waits for an entry that is under way and is the last to write.
#[derive(Clone, Default)]
struct Ended(Arc<Mutex<bool>>);

impl Ended {
    fn lock(&self) -> MutexGuard<'_, bool> {
        // A panic in a job leaves nothing half said here.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has come. Who writes has not ended: nobody waits for that here.
    fn has_come(&self) -> bool {
        match self.0.try_lock() {
            Ok(ended) => *ended,
            Err(TryLockError::Poisoned(ended)) => *ended.into_inner(),
            Err(TryLockError::WouldBlock) => false,
        }
    }
}

#[derive(Clone)]
struct Kept {
    state: State,
    version: u64,
    at: Duration,
    /// What was written at once, in bytes.
    bytes: usize,
    /// What was appended since, in bytes.
    journal: usize,
    recent: Recent,
    /// The version that its file held, where what is kept is how it differs from that.
    from_file: Option<u64>,
}

impl Kept {
    /// Whether it is too early to write all of the text again.
    fn is_new(&self, now: Option<Duration>) -> bool {
        let portions = u32::try_from(self.bytes / PORTION).unwrap_or(u32::MAX);
        let soon = Duration::from_secs(1).saturating_mul(portions);
        now.is_some_and(|now| now < self.at.saturating_add(soon))
    }
}

/// What an entry depends on beside the text.
#[derive(Clone, PartialEq, Eq)]
struct State {
    path: Option<PathBuf>,
    untitled: Option<u32>,
    /// The file that the edits began from. None where another program changed it since and nobody
    /// has decided yet: after a restart that question is asked again, however often.
    base: Option<Base>,
    in_sync: bool,
    format: TextFormat,
    /// The encoding that the file was read in, or written.
    read_in: Option<TextEncoding>,
    /// Somebody chose it.
    chosen: bool,
    /// Somebody chose the encoding of `format`.
    encoding_chosen: bool,
}

impl State {
    fn of(buffer: &Buffer) -> Self {
        Self {
            path: buffer.path.clone(),
            untitled: buffer.untitled_number(),
            base: match buffer.disk {
                DiskState::Changed => None,
                _ => buffer.saved.fingerprint.as_ref().map(Base::of),
            },
            in_sync: buffer.disk == DiskState::InSync && !buffer.replace_unread,
            format: buffer.format.clone(),
            read_in: match buffer.read_as {
                None => buffer
                    .saved
                    .fingerprint
                    .map(|_| buffer.saved.format.encoding),
                chosen => chosen,
            },
            chosen: buffer.read_as.is_some(),
            encoding_chosen: buffer.encoding_chosen,
        }
    }
}

/// Texts and changes on their way to the disk.
pub struct RecoveryJob {
    store: Arc<RecoveryStore>,
    ended: Ended,
    on_disk: OnDisk,
    keep: Vec<Entry>,
    forget: Vec<BufferId>,
    now: Duration,
}

struct Entry {
    buffer: BufferId,
    state: State,
    origin: Origin,
    version: u64,
    recent: Recent,
    what: What,
}

enum What {
    /// All of the text.
    Copy { text: Text, undo: Option<LogBatch> },
    /// How the text differs from its file.
    FromFile { version: u64, made: Vec<Arc<Made>> },
    /// How it differs from what is kept already.
    More { before: Kept, made: Vec<Arc<Made>> },
}

/// What a job has done.
pub struct RecoveryDone {
    kept: Vec<(BufferId, Kept)>,
    forgotten: Vec<BufferId>,
    /// Of these, what is on the disk is not certain any more.
    failed: Vec<BufferId>,
    error: Option<FsError>,
}

/// What is on the disk of each buffer that is kept, and its newest changes: what threads go by that
/// have no workspace.
type OnDisk = Arc<Mutex<HashMap<BufferId, Journaled>>>;

/// What is on the disk of a buffer.
struct Journaled {
    version: u64,
    recent: Recent,
    /// What was appended beside the jobs, in bytes, and no job knows of yet.
    ahead: usize,
    /// An append failed, and may have left a part of a record: what is behind that is never read, so
    /// that nothing is appended any more until the text is written anew.
    is_torn: bool,
    /// See [`Kept`].
    from_file: Option<u64>,
}

impl Journaled {
    fn of(kept: &Kept) -> Self {
        Self {
            version: kept.version,
            recent: kept.recent.clone(),
            ahead: 0,
            is_torn: false,
            from_file: kept.from_file,
        }
    }

    /// What was edited since it was written, oldest first. `None` where that cannot be appended: some
    /// of it is forgotten, or the journal is torn.
    fn newer(&self) -> Option<Vec<Arc<Made>>> {
        let newer = || self.recent.all_after(self.version);
        (!self.is_torn).then(newer).flatten()
    }
}

/// Appends to the journal of a buffer what was edited since it was written. With [`Ended`] locked.
fn append_newer(store: &RecoveryStore, on_disk: &OnDisk, id: BufferId) {
    // Not locked while it is written: the workspace's thread waits for no disk.
    let newer = lock(on_disk).get(&id).and_then(Journaled::newer);
    let Some((newer, last)) = newer.and_then(|newer| {
        let last = newer.last()?.version;
        Some((newer, last))
    }) else {
        return;
    };
    let bytes = journal::records(&newer);
    let is_appended = store.append(id.0, &bytes).is_ok();
    if let Some(journaled) = lock(on_disk).get_mut(&id) {
        if is_appended {
            journaled.version = last;
            journaled.ahead += bytes.len();
        } else {
            journaled.is_torn = true;
        }
    }
}

/// Appends to the journals, from another thread than the workspace's: however long that is busy with
/// what it shows, what was edited does not wait for it. Texts that are not kept yet wait for a
/// [job](Recovery::job). Run it on the thread that runs the jobs.
pub struct Journalist {
    store: Weak<RecoveryStore>,
    ended: Ended,
    on_disk: OnDisk,
}

impl Journalist {
    /// Appends what was edited since the last time. Blocks. Where that fails, the next job writes the
    /// text anew, and tells of it if that fails too.
    pub fn write(&self) {
        let Some(store) = self.store.upgrade() else {
            return;
        };
        let all: Vec<BufferId> = lock(&self.on_disk).keys().copied().collect();
        for id in all {
            let ended = self.ended.lock();
            if *ended {
                return;
            }
            append_newer(&store, &self.on_disk, id);
        }
    }
}

fn lock(on_disk: &OnDisk) -> MutexGuard<'_, HashMap<BufferId, Journaled>> {
    // What a thread that panicked left is whole: a buffer's entry is changed in one step.
    on_disk.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes down what has not been written yet, from whatever thread and without asking anybody:
/// while a panic unwinds. What was unsaved for less than a moment may be missing.
#[derive(Clone)]
pub struct LastWords {
    /// Not kept by this: the store is other programs' when its own is done with it.
    store: Weak<RecoveryStore>,
    kept: OnDisk,
}

impl LastWords {
    /// Whether the workspace is still kept that this is about.
    pub fn is_needed(&self) -> bool {
        self.store.strong_count() > 0
    }

    /// Writes it. Blocks, though not for a lock.
    pub fn write(&self) {
        let Some(store) = self.store.upgrade() else {
            return;
        };
        let kept = match self.kept.try_lock() {
            Ok(kept) => kept,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        for (
            id,
            Journaled {
                version, recent, ..
            },
        ) in kept.iter()
        {
            let bytes = journal::records(&recent.after_now(*version));
            if !bytes.is_empty() {
                // Nobody is left to be told where that fails.
                store.append_last(id.0, &bytes).ok();
            }
        }
    }
}

/// What earlier programs left of a project's unsaved texts.
pub struct LeftTexts {
    /// What can come back at once.
    pub recovered: Vec<Recovered>,
    /// What takes long to.
    pub large: Vec<LargeRecovered>,
    /// What the former were read from, and [what could not be read](LeftBehind::unread).
    pub left_behind: Vec<LeftBehind>,
}

impl Recovery {
    /// Opens the place for a project's unsaved text under Kiln's state folder, and gives what
    /// earlier programs left there. Discard that only when a job has run after it was restored;
    /// where some of it [could not be read](LeftBehind::unread), tell the user. Blocks.
    ///
    /// # Errors
    /// As the system reports; the workspace works on without.
    pub fn open(
        state: &Path,
        root: &Path,
    ) -> Result<(Self, Vec<Recovered>, Vec<LeftBehind>), FsError> {
        Self::open_on(RealFs::new(), state, root)
    }

    /// As [`Recovery::open`], where nobody waits for what takes long: texts of more than
    /// [`STREAMED_BYTES`], those of files that are so large, and changes of a file without that are
    /// only found, and stay on the disk until each is [discarded](LargeRecovered::discard). Blocks.
    ///
    /// # Errors
    /// As the system reports; the workspace works on without.
    pub fn open_at_once(
        state: &Path,
        root: &Path,
        fs: &dyn Fs,
    ) -> Result<(Self, LeftTexts), FsError> {
        let (recovery, left_behind) = Self::open_store(RealFs::new(), state, root, STREAMED_BYTES)?;
        Ok((recovery, sorted(left_behind, fs)))
    }

    /// [`Recovery::open`] on a disk that fails where a test says.
    pub(crate) fn open_on(
        fs: RealFs,
        state: &Path,
        root: &Path,
    ) -> Result<(Self, Vec<Recovered>, Vec<LeftBehind>), FsError> {
        let (recovery, left_behind) = Self::open_store(fs, state, root, u64::MAX)?;
        let entries = left_behind.iter().flat_map(|left| &left.entries);
        let mut recovered: Vec<Recovered> = entries.map(recovery_entry::read).collect();
        let newest = Newest::among(recovered.iter().map(|one| &one.origin));
        recovered.retain(|one| newest.is(&one.origin));
        Ok((recovery, recovered, left_behind))
    }

    fn open_store(
        fs: RealFs,
        state: &Path,
        root: &Path,
        large: u64,
    ) -> Result<(Self, Vec<LeftBehind>), FsError> {
        let project = format!("{:016x}", hash(&root.to_string_lossy()));
        let all_stores = state.join("recovery");
        let base = all_stores.join(project);
        let (store, left_behind) = RecoveryStore::open_on(fs, &base, large)?;
        let store = Arc::new(store);
        let recovery = Self {
            last_words: LastWords {
                store: Arc::downgrade(&store),
                kept: Arc::default(),
            },
            store,
            all_stores,
            kept: HashMap::new(),
            uncertain: HashSet::new(),
            running: None,
            ended: Ended::default(),
            bases: Vec::new(),
            keeping_base: false,
            lost_bases: false,
            max_copied: MAX_COPIED,
        };
        Ok((recovery, left_behind))
    }

    /// What a panic can write down.
    pub fn last_words(&self) -> LastWords {
        self.last_words.clone()
    }

    /// What appends to the journals between the jobs.
    pub fn journalist(&self) -> Journalist {
        Journalist {
            store: Arc::downgrade(&self.store),
            ended: self.ended.clone(),
            on_disk: self.last_words.kept.clone(),
        }
    }

    /// Takes note of what was appended beside the jobs, or failed to be.
    fn catch_up(&mut self) {
        for (id, journaled) in lock(&self.last_words.kept).iter_mut() {
            if journaled.is_torn {
                self.kept.remove(id);
                self.uncertain.insert(*id);
            } else if let Some(kept) = self.kept.get_mut(id)
                && journaled.version > kept.version
            {
                kept.version = journaled.version;
                kept.journal += std::mem::take(&mut journaled.ahead);
                kept.recent.is_on_disk(kept.version);
            }
        }
    }

    /// What has to be written or removed now; `None` where nothing has, or where a job is running.
    pub fn job(&mut self, workspace: &Workspace) -> Option<RecoveryJob> {
        if self.running.is_some() {
            return None;
        }
        self.catch_up();
        let now = workspace.now().monotonic;
        let unsaved = workspace.buffers().filter(|buffer| is_unsaved(buffer));
        let keep: Vec<Entry> = unsaved
            .filter_map(|buffer| self.entry(buffer, Some(now)))
            .collect();
        let forget: Vec<BufferId> = self
            .kept
            .keys()
            .chain(&self.uncertain)
            .filter(|id| !workspace.buffer(**id).is_some_and(is_unsaved))
            .copied()
            .collect();
        if keep.is_empty() && forget.is_empty() {
            return None;
        }
        let kept = keep.iter().map(|entry| entry.buffer);
        self.running = Some(kept.chain(forget.iter().copied()).collect());
        Some(RecoveryJob {
            store: self.store.clone(),
            ended: self.ended.clone(),
            on_disk: self.last_words.kept.clone(),
            keep,
            forget,
            now,
        })
    }

    /// What is to be written of an unsaved buffer at a time; `None` is the end.
    fn entry(&self, buffer: &Buffer, now: Option<Duration>) -> Option<Entry> {
        let state = State::of(buffer);
        let running = self.running.as_ref();
        // What a job that is under way at the end leaves is not known.
        let known = !running.is_some_and(|running| running.contains(&buffer.id));
        let kept = self.kept.get(&buffer.id).filter(|_| known);
        if kept.is_some_and(|kept| kept.state == state && kept.version == buffer.version) {
            return None;
        }
        let entry = |what| Entry {
            buffer: buffer.id,
            state: state.clone(),
            origin: buffer
                .origin
                .clone()
                .unwrap_or_else(|| Origin::new(self.store.name(buffer.id.0))),
            version: buffer.version,
            recent: buffer.recent.clone(),
            what,
        };
        let (least, most) = JOURNAL_BYTES;
        let room = (buffer.text.len() / 2).clamp(least, most);
        let fits = |journal: usize, made: &[Arc<Made>]| {
            let mut bytes = journal;
            made.iter().all(|made| {
                bytes += made.bytes();
                bytes <= room
            })
        };
        if let Some(kept) = kept
            && kept.state == state
            && let Some(made) = buffer.recorded_after(kept.version)
            && (fits(kept.journal, &made) || kept.is_new(now))
        {
            let before = kept.clone();
            return Some(entry(What::More { before, made }));
        }
        let large = buffer.text.len() > self.max_copied;
        if large
            && state.in_sync
            && state.base.is_some()
            && buffer.saved.revision.is_some()
            && let Some(made) = buffer.recorded_after(buffer.saved.version)
            && fits(0, &made)
        {
            let version = buffer.saved.version;
            return Some(entry(What::FromFile { version, made }));
        }
        let undo = (!large).then(|| buffer.history.log(&buffer.text));
        let text = buffer.text.clone();
        Some(entry(What::Copy { text, undo }))
    }

    /// Takes the result of a job. What failed is tried again by the next one.
    ///
    /// # Errors
    /// The first error of the job, to be shown: unsaved text is not safe while it lasts.
    pub fn finished(&mut self, done: RecoveryDone) -> Result<(), FsError> {
        self.running = None;
        for (id, kept) in &done.kept {
            kept.recent.is_on_disk(kept.version);
            self.uncertain.remove(id);
            if kept.from_file.is_none() {
                self.base_removed(*id);
            }
        }
        self.kept.extend(done.kept);
        for id in &done.forgotten {
            self.kept.remove(id);
            self.uncertain.remove(id);
            self.base_removed(*id);
        }
        for id in done.failed {
            self.kept.remove(&id);
            self.uncertain.insert(id);
        }
        // Those that were kept are there since they were, and may have got more.
        lock(&self.last_words.kept).retain(|id, _| self.kept.contains_key(id));
        done.error.map_or(Ok(()), Err)
    }

    /// Whether a buffer's text, as it is now, is on the disk or needs not be.
    pub fn is_up_to_date(&self, workspace: &Workspace) -> bool {
        workspace
            .buffers()
            .filter(|buffer| is_unsaved(buffer))
            .all(|buffer| {
                self.kept.get(&buffer.id).is_some_and(|kept| {
                    kept.version == buffer.version && kept.state == State::of(buffer)
                })
            })
    }

    /// The window's end: forgets what is saved, and of the unsaved buffers those that the user gave
    /// up. Where others are unsaved, they are kept as they are now. Says whether nothing is kept
    /// any more. A job that is still running does nothing from now on. Blocks.
    ///
    /// # Errors
    /// As the system reports.
    pub fn end(
        mut self,
        workspace: &Workspace,
        given_up: &HashSet<BufferId>,
    ) -> Result<bool, FsError> {
        *self.ended.lock() = true;
        self.catch_up();
        let is_lost = |buffer: &&Buffer| is_unsaved(buffer) && !given_up.contains(&buffer.id);
        if !workspace.buffers().any(|buffer| is_lost(&buffer)) {
            return self.discard().map(|()| true);
        }
        let lost = workspace.buffers().filter(is_lost);
        let job = RecoveryJob {
            store: self.store.clone(),
            // This one is not held up.
            ended: Ended::default(),
            on_disk: OnDisk::default(),
            keep: lost.filter_map(|buffer| self.entry(buffer, None)).collect(),
            forget: self
                .kept
                .keys()
                .chain(&self.uncertain)
                .chain(self.running.iter().flatten())
                .filter(|id| {
                    !workspace
                        .buffer(**id)
                        .is_some_and(|buffer| is_lost(&buffer))
                })
                .copied()
                .collect(),
            now: workspace.now().monotonic,
        };
        let done = job.run();
        // The edits first: they are nowhere else.
        let up_to_date = std::mem::take(&mut self.kept).into_iter();
        let kept: Vec<_> = done.kept.into_iter().chain(up_to_date).collect();
        self.keep_last_bases(workspace, is_lost, &kept);
        done.error.map_or(Ok(false), Err)
    }

    /// Forgets everything. Blocks.
    ///
    /// # Errors
    /// As the system reports.
    pub fn discard(self) -> Result<(), FsError> {
        *self.ended.lock() = true;
        self.store.discard()
    }
}

impl RecoveryJob {
    /// Writes and removes entries. Blocks.
    pub fn run(self) -> RecoveryDone {
        let mut done = RecoveryDone {
            kept: Vec::new(),
            forgotten: Vec::new(),
            failed: Vec::new(),
            error: None,
        };
        for entry in self.keep {
            let ended = self.ended.lock();
            if *ended {
                return done;
            }
            let appends = matches!(entry.what, What::More { .. });
            let is_torn = |journaled: &Journaled| journaled.is_torn;
            if appends && lock(&self.on_disk).get(&entry.buffer).is_some_and(is_torn) {
                // Since this job was made; the next one writes the text anew.
                done.failed.push(entry.buffer);
                continue;
            }
            match entry.write(&self.store, self.now) {
                Ok(kept) => {
                    lock(&self.on_disk).insert(entry.buffer, Journaled::of(&kept));
                    if !appends {
                        // The journal that is gone may have held newer changes than this entry.
                        append_newer(&self.store, &self.on_disk, entry.buffer);
                    }
                    done.kept.push((entry.buffer, kept));
                }
                Err(error) => {
                    lock(&self.on_disk).remove(&entry.buffer);
                    done.failed.push(entry.buffer);
                    done.error = done.error.or(Some(error));
                }
            }
        }
        for id in self.forget {
            let ended = self.ended.lock();
            if *ended {
                return done;
            }
            lock(&self.on_disk).remove(&id);
            match self.store.remove(id.0) {
                Ok(()) => done.forgotten.push(id),
                Err(error) => done.error = done.error.or(Some(error)),
            }
        }
        done
    }
}

impl Entry {
    fn write(&self, store: &RecoveryStore, now: Duration) -> Result<Kept, FsError> {
        let number = self.buffer.0;
        let mut kept = Kept {
            state: self.state.clone(),
            version: self.version,
            at: now,
            bytes: 0,
            journal: 0,
            recent: self.recent.clone(),
            from_file: None,
        };
        match &self.what {
            What::Copy { text, undo } => {
                kept.bytes = text.len();
                let body = Body::Text {
                    text,
                    undo: undo.as_ref().map(|undo| undo.encode(MAX_UNDO)),
                    line_ends: self.state.format.mixed_line_endings(),
                };
                store.put(number, &self.header(self.version).with(body))?;
                store.remove_base(number)?;
            }
            What::FromFile { version, made } => {
                // With the changes in it, so that it stands for the one before in one step.
                let records = journal::records(made);
                kept.journal = records.len();
                kept.from_file = Some(*version);
                let header = self.header(*version);
                store.put(number, &header.with(Body::OfFile(records)))?;
            }
            What::More { before, made } => {
                let records = journal::records(made);
                kept.at = before.at;
                kept.bytes = before.bytes;
                kept.journal = before.journal + records.len();
                kept.from_file = before.from_file;
                store.append(number, &records)?;
            }
        }
        Ok(kept)
    }

    fn header(&self, version: u64) -> Header {
        let state = &self.state;
        let mut header = Header::new(version);
        if let Some(path) = &state.path {
            header.set_path(path);
        }
        header.base = state.base;
        header.untitled = state.untitled;
        header.format = Some(FormatRecord::of(&state.format));
        header.read_in = state.read_in.map(|encoding| encoding.name().to_owned());
        header.chosen = state.chosen;
        header.encoding_chosen = state.encoding_chosen;
        header.origin = Some(self.origin.clone());
        header
    }
}

/// Whether a buffer holds text that is nowhere else.
fn is_unsaved(buffer: &Buffer) -> bool {
    buffer.dirty && !(buffer.path.is_none() && buffer.text.is_empty())
}
