//! The gpui entity that owns the workspace.

mod chosen_encodings;
mod closed_files;
mod code_actions;
mod coming_back;
mod deleted_files;
mod edit_checks;
mod edit_paths;
mod edit_versions;
mod file_operations;
mod formatting;
mod hierarchy;
mod in_folder;
mod in_front;
mod index_version;
mod inline_completions;
mod joint_edit;
mod joint_undo;
mod language_guess;
mod language_servers;
mod left_out;
mod made_edit;
mod new_files;
mod on_disk;
mod places;
mod previewed_files;
mod problem_marks;
mod project_symbols;
mod read_only_files;
mod reading_turns;
mod reverting;
mod same_as_disk;
mod saved_state;
mod server_edits;
mod server_installs;
mod server_outlines;
mod server_questions;
mod server_says;
mod server_trace;
mod server_views;
mod shown_texts;
mod step_texts;
mod taking_away;
mod watched_files;
mod whole_change;
mod writing;

pub use code_actions::ActionsTaken;
pub use coming_back::{ComingBack, ComingText};
pub use deleted_files::{Deletion, DeletionId};
pub use formatting::{FormatFor, Formatted};
pub use hierarchy::{HIERARCHY_PANEL, HierarchyRoot};
pub use in_front::FileInFrontChanged;
pub use joint_edit::JointEditId;
pub use joint_undo::JointWay;
pub use left_out::LeftOut;
pub use made_edit::MadeEdit;
pub use places::{
    AskedVersions, ListedChange, ListedFor, ListedPlace, PLACES_PANEL, PlaceList, ShownEdit,
};
pub use problem_marks::ProblemMarks;
pub use project_symbols::FoundSymbol;
pub use server_installs::{ServerOffer, ServerUpdate};
pub use server_says::{NameWanted, ServerSays};
pub use server_trace::ServerTrace;
pub use whole_change::{ChangedLines, WholeChange};

use crate::icons;
use crate::settings_store::SettingsStore;
use closed_files::ClosedFiles;
use editor_core::{Selections, Text, Transaction};
use fs::{
    Beginning, EditorConfig, EncodingChoice, LoadError, LoadOptions, LoadProgress, WatchError,
    Watcher,
};
use gpui_kit::{App, AsyncApp, Context, EntityId, EventEmitter, Task, WeakEntity};
use index_version::IndexVersion;
use joint_undo::JointEdits;
use on_disk::{DiskLoad, RunningSaves, Saving};
use read_only_files::ReadOnlyFiles;
use server_questions::ServerQuestions;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use watched_files::ServerWatch;
use workspace::{
    BufferId, EditError, HistoryMove, HistorySource, LanguageServers, SaveError, SaveJob,
    ServerKey, Workspace, WorkspaceEvent,
};

/// What servers wrote and said takes no more than this on the disk, in bytes.
const MAX_LOGS: u64 = 64 * 1024 * 1024;

/// The one owner of the [`Workspace`] in the window: views edit through it and hear of
/// every change as a [`WorkspaceEvent`].
///
/// Slow work leaves the UI thread here: loading, saving, parsing. A parse that an edit
/// overtakes is cancelled and started again.
pub struct WorkspaceModel {
    workspace: Workspace,
    parses: HashMap<BufferId, Search>,
    /// What finds whether buffers hold what is on the disk.
    disk_comparisons: HashMap<BufferId, Search>,
    /// What looks for the states of buffers' histories that are on the disk.
    saved_states: HashMap<BufferId, Search>,
    /// What looks for the symbols of buffers.
    outlines: HashMap<BufferId, Search>,
    watcher: Option<Watcher>,
    watched: HashMap<BufferId, Vec<PathBuf>>,
    loads: HashMap<BufferId, DiskLoad>,
    /// The saves that run, and whether the disk changed meanwhile.
    saving: HashMap<BufferId, Saving>,
    /// The buffers that take over what is on the disk.
    reloading: HashSet<BufferId>,
    /// The buffers that go back to what their files held.
    reverting: HashMap<BufferId, rc::Weak<RunningSaves>>,
    index_versions: HashMap<BufferId, IndexVersion>,
    /// Which files the settings make read-only.
    read_only: ReadOnlyFiles,
    /// Where the carets are in the views of buffers.
    carets: HashMap<BufferId, Vec<rc::Weak<RefCell<Selections>>>>,
    /// The views in front, the one with the keyboard first.
    in_front: Vec<(EntityId, BufferId)>,
    /// The encodings that somebody chose to read files in that are to be opened.
    chosen_encodings: HashMap<PathBuf, EncodingChoice>,
    /// The files that are being opened.
    opening: HashMap<PathBuf, Weak<LoadProgress>>,
    /// The unsaved texts of earlier programs that are not back yet.
    coming_texts: coming_back::ComingTexts,
    /// The language servers of the folder, once it has some.
    servers: Option<LanguageServers>,
    /// Where their logs are shown from.
    server_logs: Option<PathBuf>,
    /// What they ask the person at the window.
    server_questions: ServerQuestions,
    /// The language servers that are being installed.
    installs: server_installs::ServerInstalls,
    /// The places that somebody asked for.
    places: Option<rc::Rc<PlaceList>>,
    /// What was deleted for servers.
    deletions: deleted_files::Deletions,
    /// What reads edits that are about to be listed.
    listing: Option<Task<()>>,
    /// The searches for the servers of buffers.
    server_searches: HashMap<BufferId, Task<()>>,
    /// What ends the servers that no file needs.
    idle_servers: HashMap<ServerKey, Task<()>>,
    /// What takes folders from servers of which no file is open.
    idle_folders: HashMap<(ServerKey, PathBuf), Task<()>>,
    /// The hierarchy that somebody asked for.
    hierarchy: Option<rc::Rc<HierarchyRoot>>,
    /// The edits of several files that can be taken back together.
    joint_edits: JointEdits,
    /// The command whose edits a person wants to see before they are made.
    looked_at: Option<code_actions::LookedAt>,
    /// The folders that are watched for servers.
    server_watch: ServerWatch,
    /// What servers say of files that are not open.
    closed_files: ClosedFiles,
    /// What waits to ask servers for diagnostics, or waits for the answer.
    pulls: HashMap<BufferId, Task<()>>,
    /// The same for symbols.
    outline_pulls: HashMap<BufferId, Task<()>>,
    /// How much is wrong in each file and folder, where it is counted.
    problem_marks: RefCell<Option<rc::Rc<ProblemMarks>>>,
}

/// The carets of a view, which it writes at each change and others read.
pub type SharedCarets = rc::Rc<RefCell<Selections>>;

/// Ends the reading of a file that nobody waits for any more.
struct Awaited(Arc<LoadProgress>);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Work on a text in the background, which ends with this.
struct Search {
    cancel: Arc<AtomicBool>,
    done: rc::Rc<Cell<bool>>,
    _task: Task<()>,
}

impl Search {
    /// Runs `job`, and tells the workspace what it found. It finds nothing where it was cancelled.
    fn start<R: Send + 'static>(
        job: impl FnOnce(&AtomicBool) -> Option<R> + Send + 'static,
        tell: impl FnOnce(&mut Workspace, R) + 'static,
        cx: &mut Context<WorkspaceModel>,
    ) -> Self {
        let cancel = Arc::new(AtomicBool::new(false));
        let done = rc::Rc::<Cell<bool>>::default();
        let run = cx.background_executor().spawn({
            let cancel = cancel.clone();
            async move { job(&cancel) }
        });
        let is_done = done.clone();
        let task = cx.spawn(async move |this: WeakEntity<WorkspaceModel>, cx| {
            let found = run.await;
            is_done.set(true);
            let Some(found) = found else {
                return;
            };
            // A released model needs no result.
            this.update(cx, |model, cx| {
                model.update(cx, |workspace| tell(workspace, found));
            })
            .ok();
        });
        Self {
            cancel,
            done,
            _task: task,
        }
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

impl EventEmitter<WorkspaceEvent> for WorkspaceModel {}

impl WorkspaceModel {
    /// Takes a workspace over.
    pub fn new(mut workspace: Workspace, cx: &mut Context<Self>) -> Self {
        workspace.set_usual_encodings(writing::usual_encodings(cx));
        let mut associations = SettingsStore::current(cx).files.associations.clone();
        workspace.set_associations(&associations);
        icons::set_associations(workspace.associations());
        let mut languages = syntax::languages();
        cx.observe_global::<SettingsStore>(move |model, cx| {
            model
                .workspace
                .set_usual_encodings(writing::usual_encodings(cx));
            let wanted = &SettingsStore::current(cx).files.associations;
            if *wanted != associations {
                associations.clone_from(wanted);
                model.update(cx, |workspace| workspace.set_associations(&associations));
                icons::set_associations(model.workspace.associations());
            }
            // An import brings them with its settings.
            if !std::ptr::eq(languages, syntax::languages()) {
                languages = syntax::languages();
                model.update(cx, Workspace::detect_languages);
            }
            model.follow_read_only_files(cx);
        })
        .detach();
        let read_only = ReadOnlyFiles::of_settings(cx);
        workspace.set_read_only_rule(read_only.rule(workspace.root()));
        Self {
            workspace,
            parses: HashMap::new(),
            outlines: HashMap::new(),
            disk_comparisons: HashMap::new(),
            saved_states: HashMap::new(),
            watcher: None,
            watched: HashMap::new(),
            loads: HashMap::new(),
            saving: HashMap::new(),
            reloading: HashSet::new(),
            reverting: HashMap::new(),
            index_versions: HashMap::new(),
            read_only,
            carets: HashMap::new(),
            in_front: Vec::new(),
            chosen_encodings: HashMap::new(),
            opening: HashMap::new(),
            coming_texts: coming_back::ComingTexts::default(),
            installs: server_installs::ServerInstalls::default(),
            servers: None,
            server_logs: None,
            server_questions: ServerQuestions::default(),
            places: None,
            deletions: deleted_files::Deletions::default(),
            listing: None,
            server_searches: HashMap::new(),
            idle_servers: HashMap::new(),
            idle_folders: HashMap::new(),
            hierarchy: None,
            joint_edits: JointEdits::default(),
            looked_at: None,
            server_watch: ServerWatch::default(),
            closed_files: ClosedFiles::default(),
            pulls: HashMap::new(),
            outline_pulls: HashMap::new(),
            problem_marks: RefCell::default(),
        }
    }

    /// The workspace, to read.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Changes the workspace, then tells everybody what happened.
    pub fn update<R>(
        &mut self,
        cx: &mut Context<Self>,
        change: impl FnOnce(&mut Workspace) -> R,
    ) -> R {
        let result = change(&mut self.workspace);
        self.drain(cx);
        result
    }

    fn drain(&mut self, cx: &mut Context<Self>) {
        let mut events = VecDeque::from(self.workspace.take_events());
        while let Some(event) = events.pop_front() {
            match &event {
                WorkspaceEvent::BufferOpened(id) => {
                    self.find_undo(*id, cx);
                    self.watch_buffer(*id, cx);
                    self.read_editor_config(*id, cx);
                    self.parse(*id, cx);
                }
                WorkspaceEvent::BufferEdited { buffer, .. } => {
                    self.parse(*buffer, cx);
                    self.find_hunks(*buffer, cx);
                    self.compare_with_disk(*buffer, cx);
                }
                WorkspaceEvent::BufferDiskChanged(id) => self.compare_with_disk(*id, cx),
                WorkspaceEvent::BufferRecovered(id) => self.find_saved_state(*id, cx),
                WorkspaceEvent::BufferPathChanged(id) => {
                    self.watch_buffer(*id, cx);
                    self.read_editor_config(*id, cx);
                    self.parse(*id, cx);
                    if self.index_versions.contains_key(id) {
                        self.read_index(*id, cx);
                    }
                }
                // A tree that was lost is made anew, and parts that were left are read; else one
                // that is there is the newest.
                WorkspaceEvent::BufferReparsed(id) => {
                    let buffer = self.workspace.buffer(*id);
                    let is_done = |tree: &syntax::SyntaxTree| tree.is_whole();
                    if buffer.is_some_and(|buffer| !buffer.syntax().is_some_and(is_done)) {
                        self.parse(*id, cx);
                    }
                    self.find_outline(*id, cx);
                }
                WorkspaceEvent::BufferClosed(id) => {
                    self.parses.remove(id);
                    self.outlines.remove(id);
                    self.disk_comparisons.remove(id);
                    self.saved_states.remove(id);
                    self.reverting.remove(id);
                    self.loads.remove(id);
                    self.index_versions.remove(id);
                    self.carets.remove(id);
                    self.pulls.remove(id);
                    self.unwatch_buffer(*id);
                }
                _ => {}
            }
            if event.changes_problems() {
                self.problem_marks.take();
            }
            self.tell_servers(&event, cx);
            // What its server no longer says is told after what happened.
            events.extend(self.workspace.take_events());
            cx.emit(event);
        }
        cx.notify();
    }

    /// Applies an edit.
    pub fn edit(
        &mut self,
        id: BufferId,
        transaction: Transaction,
        cx: &mut Context<Self>,
    ) -> Result<(), EditError> {
        self.update(cx, |workspace| workspace.edit(id, transaction))
    }

    /// Brings another state of a buffer's history back; returns where the carets were.
    pub fn move_in_history(
        &mut self,
        id: BufferId,
        to: HistoryMove,
        cx: &mut Context<Self>,
    ) -> Option<Selections> {
        self.update(cx, |workspace| workspace.move_in_history(id, to))
    }

    /// Gives a buffer another text, as one edit that undo takes back. What differs is found off the
    /// UI thread; what is edited meanwhile is taken back too, by the same step.
    pub fn take_text(
        &mut self,
        id: BufferId,
        text: Text,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), EditError>> {
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            loop {
                let job = this.read_with(cx, |model, _| {
                    model.workspace.take_text_job(id, text.clone())
                });
                // A released model has no buffers.
                let job = job.map_err(|_| EditError::NoSuchBuffer)??;
                let found = cx
                    .background_executor()
                    .spawn(async move { job.run() })
                    .await;
                let taken = this.update(cx, |model, cx| {
                    model.update(cx, |workspace| workspace.text_taken(id, found))
                });
                if taken.map_err(|_| EditError::NoSuchBuffer)?? {
                    return Ok(());
                }
            }
        })
    }

    /// Keeps the text of a buffer in the local history, where it was not saved, since something else
    /// is about to take its place.
    pub fn keep_unsaved(&mut self, id: BufferId, source: HistorySource, cx: &mut Context<Self>) {
        let Some(keep) = self.workspace.keep_unsaved_job(id, source) else {
            return;
        };
        let kept = cx.background_executor().spawn(async move { keep() });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            if let Err(error) = kept.await {
                // A released model tells nobody.
                this.update(cx, |model, cx| {
                    model.update(cx, |workspace| workspace.history_not_kept(&error));
                })
                .ok();
            }
        })
        .detach();
    }

    /// Looks for the history that a file had when it was last saved.
    fn find_undo(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(job) = self.workspace.undo_job(id) else {
            return;
        };
        let run = cx.background_executor().spawn(async move { job.run() });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let Some(found) = run.await else {
                return;
            };
            // A released model needs no history.
            this.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.undo_found(id, found));
            })
            .ok();
        })
        .detach();
    }

    /// Opens a file, loading it off the UI thread. A file that is open already is not
    /// read again; one whose unsaved text is to come back comes with that. [`Self::opening`] tells
    /// how far it is; dropping the task ends the reading.
    pub fn open_path(
        &mut self,
        path: PathBuf,
        cx: &mut Context<Self>,
    ) -> Task<Result<BufferId, LoadError>> {
        if let Some(id) = self.workspace.buffer_for_path(&path) {
            return Task::ready(Ok(id));
        }
        match self.coming_text_of(&path).cloned() {
            Some(text) => self.open_with_text(path, &text, cx),
            None => self.load_path(path, cx),
        }
    }

    fn load_path(
        &mut self,
        path: PathBuf,
        cx: &mut Context<Self>,
    ) -> Task<Result<BufferId, LoadError>> {
        let awaited = Awaited(Arc::default());
        self.opening
            .retain(|_, progress| progress.strong_count() > 0);
        self.opening
            .insert(path.clone(), Arc::downgrade(&awaited.0));
        let chosen = self.chosen_encodings.get(&path).copied();
        let fs = self.workspace.fs().clone();
        let configured = cx.background_executor().spawn({
            let (fs, path) = (fs.clone(), path.clone());
            async move { EditorConfig::of(fs.as_ref(), &path) }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let config = configured.await;
            let encoding = this.read_with(cx, |model, _| model.workspace.usual_encodings());
            // Without the model nobody waits for the file.
            let encoding = encoding.map_err(|_| LoadError::NotFound { path: path.clone() })?;
            let encoding = match chosen {
                Some(chosen) => chosen,
                None => encoding.of(&path).configured(&config),
            };
            let load = cx.background_executor().spawn({
                let (path, progress) = (path.clone(), awaited.0.clone());
                async move {
                    let options = LoadOptions {
                        encoding,
                        progress: Some(&progress),
                        ..LoadOptions::default()
                    };
                    fs::load_with(fs.as_ref(), &path, &options)
                }
            });
            let mut loaded = load.await?;
            if awaited.0.is_cancelled() {
                return Err(LoadError::Cancelled { path });
            }
            let opened = this.update(cx, |model, cx| {
                model.chosen_encodings.remove(&path);
                // Somebody else may have opened it while it was read.
                if let Some(id) = model.workspace.buffer_for_path(&path) {
                    return id;
                }
                model.begin_lines(&mut loaded, cx);
                let read_in = loaded.format.encoding;
                model.update(cx, |workspace| {
                    let id = workspace.add_loaded(loaded);
                    workspace.set_editor_config(id, config);
                    if chosen.is_some() {
                        workspace.was_read_in(id, read_in);
                    }
                    id
                })
            });
            // Without the model nobody waits for the file.
            opened.map_err(|_| LoadError::NotFound { path })
        })
    }

    /// What a large file begins with, to be looked at while [`Self::open_path`] reads it all, and what
    /// its `.editorconfig` says; read off the UI thread. `None` where all of it is there as soon, and where it cannot be opened.
    pub fn read_beginning(
        &self,
        path: PathBuf,
        cx: &App,
    ) -> Task<Option<(Beginning, EditorConfig)>> {
        let fs = self.workspace.fs().clone();
        let encodings = self.workspace.usual_encodings();
        cx.background_executor().spawn(async move {
            let config = EditorConfig::of(fs.as_ref(), &path);
            let encoding = encodings.of(&path).configured(&config);
            // Whoever opens the file says what is wrong with it.
            let beginning = fs::read_beginning(fs.as_ref(), &path, encoding).ok()??;
            Some((beginning, config))
        })
    }

    /// How far a file is read that is being opened.
    pub fn opening(&self, path: &Path) -> Option<Arc<LoadProgress>> {
        self.opening.get(path)?.upgrade()
    }

    /// Saves a buffer off the UI thread.
    pub fn save(&mut self, id: BufferId, cx: &mut Context<Self>) -> Task<Result<(), SaveError>> {
        self.run_save(id, self.workspace.save_job(id), cx)
    }

    /// Saves a buffer although another program changed the file; the person was asked.
    pub fn overwrite(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        self.run_save(id, self.workspace.overwrite_job(id), cx)
    }

    /// Saves a buffer under another path, which is its path from then on. A file that is
    /// there already is replaced only where `overwrite` says so.
    pub fn save_as(
        &mut self,
        id: BufferId,
        path: PathBuf,
        overwrite: bool,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        self.run_save(id, self.workspace.save_as_job(id, &path, overwrite), cx)
    }

    fn run_save(
        &mut self,
        id: BufferId,
        job: Result<SaveJob, SaveError>,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), SaveError>> {
        let job = match job {
            Ok(job) => job,
            Err(error) => return Task::ready(Err(error)),
        };
        let progress = job.progress();
        let run = cx.background_executor().spawn(async move { job.run() });
        let running = self.begin_save(id, cx);
        self.tells_progress(id, progress);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let saved = run.await;
            match this.update(cx, |model, cx| {
                let saved = model.update(cx, |workspace| workspace.save_finished(id, saved));
                drop(running);
                model.saved(id, cx);
                saved
            }) {
                Ok(result) => result,
                // The window is gone; the file is written all the same.
                Err(_) => Ok(()),
            }
        })
    }

    fn parse(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(job) = self.workspace.parse_job(id) else {
            return;
        };
        let search = Search::start(
            move |cancel| job.run(cancel),
            move |workspace, parsed| workspace.parse_finished(id, parsed),
            cx,
        );
        self.parses.insert(id, search);
    }

    /// Whether a parse of a buffer is on its way; it ends with
    /// [`BufferReparsed`](WorkspaceEvent::BufferReparsed), unless it finds nothing.
    pub fn is_parsing(&self, id: BufferId) -> bool {
        self.parses.get(&id).is_some_and(|parse| !parse.done.get())
    }

    fn find_outline(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(job) = self.workspace.outline_job(id) else {
            self.outlines.remove(&id);
            return;
        };
        let search = Search::start(
            move |cancel| job.run(cancel),
            move |workspace, found| workspace.outline_found(id, found),
            cx,
        );
        self.outlines.insert(id, search);
    }

    /// Starts noticing what other programs do to open files and to the folders that
    /// [`watch_folder`](Self::watch_folder) names.
    ///
    /// # Errors
    /// Where the system cannot watch; everything else works on.
    pub fn start_watching(&mut self, cx: &mut Context<Self>) -> Result<(), WatchError> {
        let watcher = Watcher::new(self.workspace.root())?;
        let events = watcher.events();
        self.watcher = Some(watcher);
        let open: Vec<_> = self.workspace.buffers().map(|buffer| buffer.id()).collect();
        for id in open {
            self.watch_buffer(id, cx);
            self.read_editor_config(id, cx);
        }
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            while let Ok(event) = events.recv().await {
                let known = this.update(cx, |model, cx| model.disk_event(event, cx));
                if known.is_err() {
                    return;
                }
            }
        })
        .detach();
        Ok(())
    }

    /// Watches one level of a folder, because somebody shows it.
    ///
    /// # Errors
    /// Where the system cannot watch the folder.
    pub fn watch_folder(&mut self, folder: &Path) -> Result<(), WatchError> {
        match &mut self.watcher {
            Some(watcher) => watcher.watch_folder(folder),
            None => Ok(()),
        }
    }

    /// Takes one [`watch_folder`](Self::watch_folder) back.
    pub fn unwatch_folder(&mut self, folder: &Path) {
        if let Some(watcher) = &mut self.watcher {
            watcher.unwatch_folder(folder);
        }
    }

    /// Watches exactly the folders of `wanted` for somebody who had those of `watched` watched
    /// until now. Says whether one is new: what happened in it before was not reported.
    pub fn watch_folders(
        &mut self,
        watched: &mut HashSet<PathBuf>,
        wanted: HashSet<PathBuf>,
    ) -> bool {
        watched.retain(|folder| {
            let wanted = wanted.contains(folder);
            if !wanted {
                self.unwatch_folder(folder);
            }
            wanted
        });
        let mut any = false;
        for folder in wanted {
            if watched.contains(&folder) {
                continue;
            }
            match self.watch_folder(&folder) {
                Ok(()) => any |= watched.insert(folder),
                // It is tried again the next time.
                Err(error) => tracing::warn!("{error}"),
            }
        }
        any
    }

    /// Watches one file, because what somebody shows depends on it.
    ///
    /// # Errors
    /// Where the system cannot watch the file's folder.
    pub fn watch_file(&mut self, path: &Path) -> Result<(), WatchError> {
        match &mut self.watcher {
            Some(watcher) => watcher.watch_file(path),
            None => Ok(()),
        }
    }

    /// Takes one [`watch_file`](Self::watch_file) back.
    pub fn unwatch_file(&mut self, path: &Path) {
        if let Some(watcher) = &mut self.watcher {
            watcher.unwatch_file(path);
        }
    }

    /// The folder that is open.
    pub fn root(&self) -> &Path {
        self.workspace.root()
    }
}
