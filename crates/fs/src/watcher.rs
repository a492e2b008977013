//! Noticing what other programs do to the files that somebody looks at.
//!
//! Only folders that were asked for are watched, one level each: a project of 250,000 files costs
//! what its open folders and files cost. Bursts are gathered for a moment and reported once.
//!
//! A watch ends with the folder that it is on. One that is deleted or moved away is looked for until
//! it is there again, is then watched again, and a [`FsChange::Rescan`] says so.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, TrySendError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::IgnoreRules;
use crate::atomic_save::is_temporary;

/// Changes are reported once this long has passed without another.
const QUIET: Duration = Duration::from_millis(50);

/// Changes are reported at least this often while they go on.
const MAX_DELAY: Duration = Duration::from_millis(250);

/// Past this many paths in one burst, only a [`FsChange::Rescan`] is reported.
const MAX_PATHS: usize = 1000;

/// How many reports wait for a slow receiver.
const MAX_QUEUED: usize = 64;

/// How many of the system's events wait to be gathered; past that, a rescan is reported.
const MAX_RAW_EVENTS: usize = 8192;

/// How often a watched folder that is gone is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// What happened to paths. Renames appear as one removed and one created path; an atomic save, of
/// ours or of another program, as a modified one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FsChange {
    /// The paths exist now and did not before, as far as is known.
    Created,
    /// The paths' content or attributes changed.
    Modified,
    /// The paths no longer exist.
    Removed,
    /// Changes were lost or too many to list: look again at everything that is shown. The paths
    /// are the watched folders.
    Rescan,
}

/// A report of changes, of one sort each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FsEvent {
    /// The paths, sorted, below folders that are watched.
    pub paths: Vec<PathBuf>,
    /// What happened to them.
    pub kind: FsChange,
}

/// Why watching failed. Kiln goes on without; what it shows may then be out of date.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system's limit on watched folders is reached.
    #[error(
        "the system's limit on watched folders is reached; raise fs.inotify.max_user_watches to notice outside changes in {}",
        path.display()
    )]
    LimitReached {
        /// The folder that is not watched.
        path: PathBuf,
    },
    /// Anything else.
    #[error("changes in {} will not be noticed: {source}", path.display())]
    Failed {
        /// The folder that is not watched.
        path: PathBuf,
        /// What the system said.
        source: notify::Error,
    },
}

/// Watches folders and reports changes on a channel. Dropping it ends the reports.
#[derive(Debug)]
pub struct Watcher {
    /// Locked before `shared` where both are.
    notify: Arc<Mutex<notify::RecommendedWatcher>>,
    shared: Arc<Mutex<Watched>>,
    events: async_channel::Receiver<FsEvent>,
}

/// What the thread that gathers events has to know.
#[derive(Debug)]
struct Watched {
    rules: IgnoreRules,
    /// Shown folders: their entries are reported unless ignored.
    folders: HashSet<PathBuf>,
    /// Open files: reported even when ignored.
    files: HashMap<PathBuf, usize>,
    /// How often each folder is watched, for itself or for files in it.
    held: HashMap<PathBuf, usize>,
}

impl Watched {
    fn new(root: &Path) -> Self {
        Self {
            rules: IgnoreRules::new(root),
            folders: HashSet::new(),
            files: HashMap::new(),
            held: HashMap::new(),
        }
    }
}

impl Watcher {
    /// A watcher for a project. It watches nothing until it is told what.
    ///
    /// # Errors
    /// [`WatchError::Failed`] when the system offers no way of watching.
    pub fn new(root: &Path) -> Result<Self, WatchError> {
        let (raw_sender, raw_events) = mpsc::sync_channel(MAX_RAW_EVENTS);
        let lost = Arc::new(AtomicBool::new(false));
        let lost_by_system = lost.clone();
        let notify = notify::recommended_watcher(move |event| {
            if let Err(TrySendError::Full(_)) = raw_sender.try_send(event) {
                lost_by_system.store(true, Ordering::Release);
            }
        })
        .map_err(|source| watch_error(root, source))?;
        let (sender, events) = async_channel::bounded(MAX_QUEUED);
        let shared = Arc::new(Mutex::new(Watched::new(root)));
        let notify = Arc::new(Mutex::new(notify));
        let gathering = Gathering {
            watched: shared.clone(),
            // What only the thread held would never end.
            notify: Arc::downgrade(&notify),
            gone: HashSet::new(),
        };
        std::thread::Builder::new()
            .name("file watcher".into())
            .spawn(move || gathering.run(&raw_events, &lost, &sender))
            .map_err(|error| watch_error(root, notify::Error::io(error)))?;
        Ok(Self {
            notify,
            shared,
            events,
        })
    }

    /// The reports. Each is received by one of the receivers.
    pub fn events(&self) -> async_channel::Receiver<FsEvent> {
        self.events.clone()
    }

    /// Watches the entries of one folder, not of those below it. Calls are counted: as many
    /// [`Watcher::unwatch_folder`] calls end it.
    ///
    /// # Errors
    /// When the folder cannot be watched; nothing has changed then.
    pub fn watch_folder(&mut self, folder: &Path) -> Result<(), WatchError> {
        self.add(folder)?;
        locked(&self.shared).folders.insert(folder.to_path_buf());
        Ok(())
    }

    /// Ends one [`Watcher::watch_folder`].
    pub fn unwatch_folder(&mut self, folder: &Path) {
        if self.remove(folder) {
            locked(&self.shared).folders.remove(folder);
        }
    }

    /// Watches one file, be it ignored or not there yet, through its folder: most programs replace
    /// a file rather than write to it. Calls are counted.
    ///
    /// # Errors
    /// When its folder cannot be watched.
    pub fn watch_file(&mut self, path: &Path) -> Result<(), WatchError> {
        self.add(folder_of(path))?;
        *locked(&self.shared)
            .files
            .entry(path.to_path_buf())
            .or_default() += 1;
        Ok(())
    }

    /// Ends one [`Watcher::watch_file`].
    pub fn unwatch_file(&mut self, path: &Path) {
        let mut shared = locked(&self.shared);
        let Some(count) = shared.files.get_mut(path) else {
            return;
        };
        *count -= 1;
        if *count == 0 {
            shared.files.remove(path);
        }
        drop(shared);
        self.remove(folder_of(path));
    }

    fn add(&mut self, folder: &Path) -> Result<(), WatchError> {
        let mut notify = locked(&self.notify);
        if let Some(count) = locked(&self.shared).held.get_mut(folder) {
            *count += 1;
            return Ok(());
        }
        notify
            .watch(folder, RecursiveMode::NonRecursive)
            .map_err(|source| watch_error(folder, source))?;
        locked(&self.shared).held.insert(folder.to_path_buf(), 1);
        Ok(())
    }

    /// Says whether nobody wants the folder any more.
    fn remove(&mut self, folder: &Path) -> bool {
        let mut notify = locked(&self.notify);
        let mut shared = locked(&self.shared);
        let Some(count) = shared.held.get_mut(folder) else {
            return true;
        };
        *count -= 1;
        if *count > 0 {
            return false;
        }
        shared.held.remove(folder);
        drop(shared);
        unwatch(&mut notify, folder);
        true
    }
}

/// Ends the system's watch on a folder. One that was deleted is no longer watched anyway.
fn unwatch(notify: &mut notify::RecommendedWatcher, folder: &Path) {
    if let Err(error) = notify.unwatch(folder) {
        tracing::debug!(folder = %folder.display(), %error, "was not watched any more");
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    // The state is sound after every statement that changes it.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn watch_error(path: &Path, source: notify::Error) -> WatchError {
    let path = path.to_path_buf();
    match source.kind {
        notify::ErrorKind::MaxFilesWatch => WatchError::LimitReached { path },
        _ => WatchError::Failed { path, source },
    }
}

/// The events of one burst.
#[derive(Default)]
struct Burst {
    paths: BTreeMap<PathBuf, Seen>,
    rescan: bool,
    /// The watched folders that were deleted or moved, and their watches with them.
    gone: HashSet<PathBuf>,
}

/// What was reported of a path. Whether it exists is asked at the end.
#[derive(Clone, Copy, Default)]
struct Seen {
    appeared: bool,
    vanished: bool,
}

impl Burst {
    fn add(&mut self, event: notify::Result<notify::Event>, watched: &Mutex<Watched>) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(%error, "the file watcher lost events");
                self.rescan = true;
                return;
            }
        };
        self.rescan |= event.need_rescan();
        let (appeared, vanished) = match event.kind {
            EventKind::Access(_) => return,
            EventKind::Create(_) => (true, false),
            EventKind::Remove(_) => (false, true),
            EventKind::Modify(notify::event::ModifyKind::Name(_)) => (true, true),
            EventKind::Modify(_) | EventKind::Any | EventKind::Other => (false, false),
        };
        for path in event.paths {
            if vanished && locked(watched).held.contains_key(&path) {
                self.gone.insert(path.clone());
            }
            if !is_reported(&path, watched) {
                continue;
            }
            if self.paths.len() >= MAX_PATHS {
                self.rescan = true;
                return;
            }
            let seen = self.paths.entry(path).or_default();
            seen.appeared |= appeared;
            seen.vanished |= vanished;
        }
    }

    /// What the burst amounts to, by what exists now that it is over.
    fn into_events(self, watched_state: &Mutex<Watched>) -> Vec<FsEvent> {
        if self.rescan {
            let mut watched = locked(watched_state);
            watched.rules.forget();
            let mut paths: Vec<PathBuf> = watched.folders.iter().cloned().collect();
            paths.sort();
            return vec![FsEvent {
                paths,
                kind: FsChange::Rescan,
            }];
        }
        let mut removed = Vec::new();
        let mut created = Vec::new();
        let mut modified = Vec::new();
        for (path, seen) in self.paths {
            let exists = std::fs::symlink_metadata(&path).is_ok();
            match (exists, seen) {
                (false, _) => removed.push(path),
                (
                    true,
                    Seen {
                        appeared: true,
                        vanished: false,
                    },
                ) => created.push(path),
                // A rename onto a path: of a new file, or over one that was there. An open file
                // was there.
                (
                    true,
                    Seen {
                        appeared: true,
                        vanished: true,
                    },
                ) if !locked(watched_state).files.contains_key(&path) => created.push(path),
                (true, _) => modified.push(path),
            }
        }
        [
            (FsChange::Removed, removed),
            (FsChange::Modified, modified),
            (FsChange::Created, created),
        ]
        .into_iter()
        .filter(|(_, paths)| !paths.is_empty())
        .map(|(kind, paths)| FsEvent { paths, kind })
        .collect()
    }
}

/// Whether somebody asked for this path: an open file, or what a shown folder shows.
fn is_reported(path: &Path, shared: &Mutex<Watched>) -> bool {
    let mut watched = locked(shared);
    if IgnoreRules::is_rules_file(path) {
        watched.rules.forget();
    }
    if watched.files.contains_key(path) {
        return true;
    }
    if path.file_name().is_some_and(is_temporary) {
        return false;
    }
    let folder = folder_of(path);
    if !watched.folders.contains(folder) && !watched.folders.contains(path) {
        return false;
    }
    // A person who looks into an ignored folder wants to see it change.
    let shown_while_ignored = watched.rules.is_ignored(folder, true);
    shown_while_ignored || !watched.rules.is_ignored(path, path.is_dir())
}

/// What the thread that gathers events works with.
struct Gathering {
    watched: Arc<Mutex<Watched>>,
    notify: Weak<Mutex<notify::RecommendedWatcher>>,
    /// The watched folders that are not there.
    gone: HashSet<PathBuf>,
}

impl Gathering {
    /// Runs on its own thread until the watcher is dropped.
    fn run(
        mut self,
        raw: &mpsc::Receiver<notify::Result<notify::Event>>,
        lost: &AtomicBool,
        sender: &async_channel::Sender<FsEvent>,
    ) {
        let mut looked = Instant::now();
        loop {
            let first = match self.gone.is_empty() {
                true => raw.recv().map_err(|_| RecvTimeoutError::Disconnected),
                false => raw.recv_timeout(LOOK_AGAIN.saturating_sub(looked.elapsed())),
            };
            let mut burst = Burst::default();
            match first {
                Ok(first) => {
                    let started = Instant::now();
                    burst.add(first, &self.watched);
                    while started.elapsed() < MAX_DELAY {
                        match raw.recv_timeout(QUIET) {
                            Ok(event) => burst.add(event, &self.watched),
                            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                                break;
                            }
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            burst.rescan |= lost.swap(false, Ordering::AcqRel);
            let news = !burst.gone.is_empty();
            self.gone.extend(std::mem::take(&mut burst.gone));
            if news || (!self.gone.is_empty() && looked.elapsed() >= LOOK_AGAIN) {
                looked = Instant::now();
                burst.rescan |= self.watch_what_is_back();
            }
            for event in burst.into_events(&self.watched) {
                // Waits for a slow receiver; what does not fit meanwhile is counted as lost.
                if sender.send_blocking(event).is_err() {
                    return;
                }
            }
        }
    }

    /// Watches the folders again that were gone and are there now; says whether there are any.
    fn watch_what_is_back(&mut self) -> bool {
        let Some(notify) = self.notify.upgrade() else {
            return false;
        };
        let mut back = false;
        self.gone.retain(|folder| {
            let mut notify = locked(&notify);
            if !locked(&self.watched).held.contains_key(folder) {
                return false;
            }
            // The watch of a folder that was moved goes on where that is now.
            unwatch(&mut notify, folder);
            let watched =
                folder.is_dir() && notify.watch(folder, RecursiveMode::NonRecursive).is_ok();
            back |= watched;
            !watched
        });
        back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn past_the_limit_a_burst_asks_to_look_again_at_what_is_shown() {
        let shown = PathBuf::from("/project/src");
        let watched = Mutex::new(Watched::new(Path::new("/project")));
        locked(&watched).folders.insert(shown.clone());
        let created = EventKind::Create(notify::event::CreateKind::File);
        let mut burst = Burst::default();
        for number in 0..=MAX_PATHS {
            let path = shown.join(number.to_string());
            burst.add(Ok(notify::Event::new(created).add_path(path)), &watched);
        }
        assert_eq!(
            burst.into_events(&watched),
            [FsEvent {
                paths: vec![shown],
                kind: FsChange::Rescan
            }]
        );
    }

    #[test]
    fn an_overflow_of_the_system_asks_to_look_again() {
        let watched = Mutex::new(Watched::new(Path::new("/project")));
        let overflow = notify::Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        let mut burst = Burst::default();
        burst.add(Ok(overflow), &watched);
        let events = burst.into_events(&watched);
        assert_eq!(events[0].kind, FsChange::Rescan);
    }
}
