//! What other programs do to the files that are open.

use super::WorkspaceModel;
use fs::{Fingerprint, Fs, FsChange, FsEvent, LoadError, LoadOptions, SaveProgress};
use futures::channel::oneshot;
use gpui_kit::{AppContext as _, AsyncApp, Context, Task, WeakEntity};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;
use workspace::{BufferId, DiskState, DiskText, DiskUnchanged, HistorySource, ReloadError};

/// Saves that take longer are told of.
const SLOW_SAVE: Duration = Duration::from_secs(1);

/// How often it is looked how far they are.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// A file that is being read because it changed. One buffer's file is read once at a time, so
/// that an older text never replaces a newer one.
pub(super) struct DiskLoad {
    /// The buffer's saves when the file began to be read.
    saves: u64,
    /// The file changed again meanwhile.
    again: bool,
}

/// Saves of a buffer, or what takes it back to its file, run for as long as this is held. Who waits
/// for their end is told by dropping what it holds.
pub(super) type RunningSaves = RefCell<Vec<oneshot::Sender<()>>>;

/// The saves of a buffer that run. What they write is news of the file before they say what it was,
/// and is looked at only then: a large file would be read as a second text.
#[derive(Default)]
pub(super) struct Saving {
    running: Weak<RunningSaves>,
    changed: bool,
    /// The buffer's version when the newest of them began.
    version: Option<u64>,
    /// They run so long that it is to be said.
    slow: bool,
    /// How far the newest is that is being written.
    progress: Option<Arc<SaveProgress>>,
}

impl Saving {
    /// A save began; it runs for as long as what this gives is held.
    fn begin(&mut self) -> Rc<RunningSaves> {
        let running = self.running.upgrade().unwrap_or_default();
        self.running = Rc::downgrade(&running);
        running
    }

    fn is_running(&self) -> bool {
        self.running.strong_count() > 0
    }
}

/// What was found of a file that changed, or was said to.
enum Found {
    Unchanged(DiskUnchanged),
    Read(Box<DiskText>),
}

impl WorkspaceModel {
    pub(super) fn watch_buffer(&mut self, id: BufferId, cx: &mut Context<Self>) {
        self.unwatch_buffer(id);
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        let Some(path) = buffer.path().map(Path::to_path_buf) else {
            return;
        };
        let target = buffer.real_path().map(Path::to_path_buf);
        if !self.watch_for(id, &path) {
            return;
        }
        let fs = self.workspace.fs().clone();
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let is_this = |model: &Self| {
                let buffer = model.workspace.buffer(id);
                buffer.and_then(|buffer| buffer.path()) == Some(&*path)
            };
            // A link's target lies in another folder, where it is written to.
            if let Some(target) = target.filter(|target| *target != path) {
                let (fs, path) = (fs.clone(), path.clone());
                let elsewhere = cx.background_spawn(async move {
                    let folder = fs.canonicalize(path.parent()?).ok()?;
                    (target.parent() != Some(&*folder)).then_some(target)
                });
                if let Some(target) = elsewhere.await {
                    this.update(cx, |model, _| {
                        if is_this(model) {
                            model.watch_for(id, &target);
                        }
                    })?;
                }
            }
            // It may have changed between being read and being watched.
            let known = this.update(cx, |model, _| {
                let buffer = model.workspace.buffer(id).filter(|_| is_this(model));
                buffer.and_then(|buffer| buffer.fingerprint())
            })?;
            let Some(known) = known else {
                return anyhow::Ok(());
            };
            let read = path.clone();
            let changed = cx.background_spawn(async move { is_other(fs.as_ref(), &read, known) });
            if changed.await {
                this.update(cx, |model, cx| {
                    if is_this(model) {
                        model.reload_from_disk(id, cx);
                    }
                })?;
            }
            Ok(())
        })
        // The one failure is a released model, which has no buffers.
        .detach();
    }

    pub(super) fn watch_for(&mut self, id: BufferId, path: &Path) -> bool {
        let Some(watcher) = &mut self.watcher else {
            return false;
        };
        match watcher.watch_file(path) {
            Ok(()) => {
                self.watched.entry(id).or_default().push(path.to_path_buf());
                true
            }
            Err(error) => {
                tracing::warn!("{error}");
                false
            }
        }
    }

    pub(super) fn unwatch_buffer(&mut self, id: BufferId) {
        for path in self.watched.remove(&id).unwrap_or_default() {
            if let Some(watcher) = &mut self.watcher {
                watcher.unwatch_file(&path);
            }
        }
    }

    pub(super) fn disk_event(&mut self, event: FsEvent, cx: &mut Context<Self>) {
        if event.kind == FsChange::Rescan {
            let open: Vec<_> = self.workspace.buffers().map(|buffer| buffer.id()).collect();
            for id in open {
                self.reload_from_disk(id, cx);
                if self.index_versions.contains_key(&id) {
                    self.read_index(id, cx);
                }
            }
        }
        self.tell_servers_of_disk(&event, cx);
        self.paths_changed(event.paths, cx);
    }

    /// Tells open buffers of what changed on disk. The files are read off the UI thread.
    pub fn paths_changed(&mut self, paths: Vec<PathBuf>, cx: &mut Context<Self>) {
        for path in &paths {
            if let Some(id) = self.workspace.buffer_for_path(path) {
                self.reload_from_disk(id, cx);
            }
        }
        self.editor_configs_changed(&paths, cx);
        self.indexes_changed(&paths, cx);
        self.update(cx, |workspace| workspace.folder_changed(paths));
    }

    /// Whether a save of a buffer runs.
    pub fn is_saving(&self, id: BufferId) -> bool {
        self.saving.get(&id).is_some_and(Saving::is_running)
    }

    /// Whether a buffer holds another text than when the newest of its saves that run began: one
    /// that is written by none of them. Nothing is where none runs.
    pub fn is_changed_since_save(&self, id: BufferId) -> bool {
        let saving = self.saving.get(&id).filter(|one| one.is_running());
        saving.is_some_and(|saving| {
            let buffer = self.workspace.buffer(id);
            buffer.is_some_and(|buffer| Some(buffer.version()) != saving.version)
        })
    }

    /// The buffers whose saves run so long that it is to be said. The model notifies when they are
    /// others than before.
    pub fn slow_saves(&self) -> impl Iterator<Item = BufferId> {
        let saves = self.saving.iter();
        let slow = saves.filter(|(_, saving)| saving.slow && saving.is_running());
        slow.map(|(id, _)| *id)
    }

    /// How far a save of a buffer that runs is written, in bytes, and of how many; nothing where that
    /// is not known. While it is [slow](Self::slow_saves), the model notifies as it goes on.
    pub fn save_progress(&self, id: BufferId) -> Option<(u64, u64)> {
        let saving = self.saving.get(&id).filter(|one| one.is_running())?;
        let progress = saving.progress.as_ref()?;
        let (written, total) = (progress.written(), progress.total());
        (total > 0).then_some((written.min(total), total))
    }

    /// A save of a buffer that [runs](Self::begin_save) tells how far it is.
    pub(super) fn tells_progress(&mut self, id: BufferId, progress: Arc<SaveProgress>) {
        if let Some(saving) = self.saving.get_mut(&id) {
            saving.progress = Some(progress);
        }
    }

    /// A save of a buffer began; it runs for as long as what this gives is held.
    pub(super) fn begin_save(&mut self, id: BufferId, cx: &mut Context<Self>) -> Rc<RunningSaves> {
        let saving = self.saving.entry(id).or_default();
        let is_first = !saving.is_running();
        let running = saving.begin();
        saving.version = self.workspace.buffer(id).map(|buffer| buffer.version());
        if is_first {
            // One before may have been given up without ending.
            saving.slow = false;
            saving.progress = None;
            let this_one = Rc::downgrade(&running);
            cx.spawn(async move |model: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(SLOW_SAVE).await;
                let mut told = None;
                loop {
                    let goes_on = model.update(cx, |model, cx| {
                        let saving = model.saving.get_mut(&id);
                        let saving = saving.filter(|one| one.running.ptr_eq(&this_one));
                        let Some(saving) = saving.filter(|one| one.is_running()) else {
                            return false;
                        };
                        let began = !std::mem::replace(&mut saving.slow, true);
                        let now = model.save_progress(id);
                        if began || now != told {
                            told = now;
                            cx.notify();
                        }
                        true
                    });
                    // A released model shows nothing.
                    if !goes_on.unwrap_or(false) {
                        return;
                    }
                    cx.background_executor().timer(TOLD_EVERY).await;
                }
            })
            .detach();
        }
        running
    }

    /// Waits until no save of a buffer runs any more: what it holds is dirty until then, though it
    /// may be what is being written. `None` where none runs.
    pub fn saves_ended(&self, id: BufferId) -> Option<impl Future<Output = ()> + use<>> {
        let running = self.saving.get(&id)?.running.upgrade()?;
        let (awaited, ended) = oneshot::channel();
        running.borrow_mut().push(awaited);
        Some(async move {
            // Nothing is sent: they ended, or were given up.
            ended.await.ok();
        })
    }

    /// Counts what is done before a buffer is saved, and its save, as one save, which runs until the
    /// task is over.
    pub fn save_within<T: 'static>(
        &mut self,
        id: BufferId,
        save: Task<T>,
        cx: &mut Context<Self>,
    ) -> Task<T> {
        let running = self.begin_save(id, cx);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let done = save.await;
            drop(running);
            // A released model waits for no save.
            this.update(cx, |model, cx| model.saved(id, cx)).ok();
            done
        })
    }

    /// A save ended, well or not.
    pub(super) fn saved(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let ended = self.saving.get(&id).is_some_and(|one| !one.is_running());
        let Some(saving) = ended.then(|| self.saving.remove(&id)).flatten() else {
            return;
        };
        if saving.slow {
            cx.notify();
        }
        if saving.changed {
            self.reload_from_disk(id, cx);
        }
    }

    pub(super) fn reload_from_disk(&mut self, id: BufferId, cx: &mut Context<Self>) {
        if let Some(saving) = self.saving.get_mut(&id).filter(|one| one.is_running()) {
            saving.changed = true;
            return;
        }
        if let Some(load) = self.loads.get_mut(&id) {
            load.again = true;
            return;
        }
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        let Some(path) = buffer.path().map(Path::to_path_buf) else {
            return;
        };
        let Some(job) = self.workspace.disk_job(id) else {
            return;
        };
        let saves = buffer.saves();
        let encoding = self.workspace.encoding_of(buffer);
        self.loads.insert(
            id,
            DiskLoad {
                saves,
                again: false,
            },
        );
        let fs = self.workspace.fs().clone();
        let load = cx.background_executor().spawn({
            let path = path.clone();
            async move {
                // Saving a large file is news of it too, and must not read it as a second text.
                if let Some(unchanged) = job.unchanged(fs.as_ref(), &path) {
                    return Ok(Found::Unchanged(unchanged));
                }
                let options = LoadOptions {
                    encoding,
                    ..LoadOptions::default()
                };
                let file = fs::load_with(fs.as_ref(), &path, &options)?;
                Ok(Found::Read(Box::new(job.run(file))))
            }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let loaded = load.await;
            // A released model has no buffer to change.
            this.update(cx, |model, cx| model.disk_loaded(id, &path, loaded, cx))
                .ok();
        })
        .detach();
    }

    fn disk_loaded(
        &mut self,
        id: BufferId,
        path: &Path,
        loaded: Result<Found, LoadError>,
        cx: &mut Context<Self>,
    ) {
        let Some(load) = self.loads.remove(&id) else {
            return;
        };
        let Some(buffer) = self.workspace.buffer(id) else {
            return;
        };
        // What a save has replaced since, or another file's text, says nothing.
        let current = buffer.saves() == load.saves && buffer.path() == Some(path);
        let taken = current
            && self.update(cx, |workspace| match loaded {
                Ok(Found::Read(read)) => workspace.disk_changed(path, Some(*read)),
                Ok(Found::Unchanged(found)) => workspace.disk_unchanged(path, found),
                Err(LoadError::NotFound { .. }) => workspace.disk_changed(path, None),
                Err(error) => {
                    workspace.disk_unreadable(path, &error);
                    true
                }
            });
        if load.again || !taken {
            self.reload_from_disk(id, cx);
        }
    }

    /// Takes over what is on the disk, unsaved edits or not, as one edit that undo takes back and
    /// that carets follow. What differs is found off the UI thread, again where the file changes
    /// meanwhile; a file that could not be read is read again. Nothing is done where something else settled the question.
    pub fn reload(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), ReloadError>> {
        let job = match self.workspace.reload_job(id) {
            Ok(job) => job,
            Err(ReloadError::NotRead) => {
                let reloading = self.reload_unread(id, cx);
                return self.revert_within(id, reloading, cx);
            }
            Err(error) => return Task::ready(Err(error)),
        };
        if !self.reloading.insert(id) {
            return Task::ready(Ok(()));
        }
        self.keep_unsaved(id, HistorySource::BeforeReload, cx);
        let reloading = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let mut job = job;
            loop {
                let run = cx.background_executor().spawn(async move { job.run() });
                let read = run.await;
                let next = this.update(cx, |model, cx| {
                    let decided = model
                        .workspace
                        .buffer(id)
                        .is_some_and(|buffer| buffer.disk() != DiskState::Changed);
                    if decided
                        || model.update(cx, |workspace| workspace.reload_finished(id, read))?
                    {
                        return Ok(None);
                    }
                    model.workspace.reload_job(id).map(Some)
                });
                // A released model has no buffers.
                match next.map_err(|_| ReloadError::NoSuchBuffer)?? {
                    Some(next) => job = next,
                    None => return Ok(()),
                }
            }
        });
        let reloading = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let reloaded = reloading.await;
            this.update(cx, |model, cx| {
                model.reloading.remove(&id);
                cx.notify();
            })
            // A released model reloads nothing.
            .ok();
            reloaded
        });
        self.revert_within(id, reloading, cx)
    }

    /// Whether a buffer is taking over what is on the disk.
    pub fn is_reloading(&self, id: BufferId) -> bool {
        self.reloading.contains(&id)
    }
}

/// Whether a file is no longer what it was when it was read, as far as its size and time tell.
fn is_other(fs: &dyn Fs, path: &Path, known: Fingerprint) -> bool {
    match fs.metadata(path) {
        Ok(now) => now.size != known.size || now.modified != known.modified,
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::{Selections, editing};
    use fs::FakeFs;
    use gpui_kit::{Entity, TestAppContext};
    use workspace::Workspace;

    fn open(
        fs: &Arc<FakeFs>,
        root: &Path,
        file: &Path,
        cx: &mut TestAppContext,
    ) -> (Entity<WorkspaceModel>, BufferId) {
        let workspace = Workspace::new(root.to_path_buf(), fs.clone());
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let id = model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| workspace.open_blocking(file))
                .unwrap()
        });
        (model, id)
    }

    fn text(model: &Entity<WorkspaceModel>, id: BufferId, cx: &mut TestAppContext) -> String {
        model.read_with(cx, |model, _| {
            model.workspace().buffer(id).unwrap().text().to_string()
        })
    }

    /// What is read of the file now.
    fn read(
        fs: &Arc<FakeFs>,
        file: &Path,
        model: &Entity<WorkspaceModel>,
        id: BufferId,
        cx: &mut TestAppContext,
    ) -> Result<DiskText, LoadError> {
        let job = model.read_with(cx, |model, _| model.workspace().disk_job(id).unwrap());
        fs::load(fs.as_ref(), file).map(|file| job.run(file))
    }

    fn found(read: Result<DiskText, LoadError>) -> Result<Found, LoadError> {
        read.map(|read| Found::Read(Box::new(read)))
    }

    fn type_at_start(
        model: &Entity<WorkspaceModel>,
        id: BufferId,
        typed: &str,
        cx: &mut TestAppContext,
    ) {
        model.update(cx, |model, cx| {
            let text = model.workspace().buffer(id).unwrap().text().clone();
            let edit = editing::insert_text(&text, &Selections::caret(0), typed);
            model.edit(id, edit, cx).unwrap();
        });
    }

    #[gpui_kit::test]
    fn a_reload_finds_what_differs_elsewhere_and_takes_the_newest_text(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        type_at_start(&model, id, "mine ", cx);
        let told = |content: &str, cx: &mut TestAppContext| {
            fs.insert(file, content.as_bytes());
            let read = read(&fs, file, &model, id, cx).unwrap();
            model.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.disk_changed(file, Some(read)));
            });
        };
        told("theirs\n", cx);
        let reloading = model.update(cx, |model, cx| model.reload(id, cx));
        assert_eq!(
            text(&model, id, cx),
            "mine one\n",
            "nothing is done at once"
        );
        // Typing and another change come in between.
        type_at_start(&model, id, "more ", cx);
        told("theirs, later\n", cx);
        cx.foreground_executor().block_test(reloading).unwrap();
        assert_eq!(text(&model, id, cx), "theirs, later\n");
        model.update(cx, |model, cx| {
            model.move_in_history(id, workspace::HistoryMove::Undo, cx);
        });
        assert_eq!(text(&model, id, cx), "more mine one\n");
    }

    #[gpui_kit::test]
    fn a_file_that_changes_while_its_buffer_is_edited_and_undone_is_read_again(
        cx: &mut TestAppContext,
    ) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        fs.insert(file, b"two\n");
        model.update(cx, |model, cx| {
            model.paths_changed(vec![file.to_path_buf()], cx);
        });
        type_at_start(&model, id, "x", cx);
        model.update(cx, |model, cx| {
            model.move_in_history(id, workspace::HistoryMove::Undo, cx);
        });
        cx.run_until_parked();
        assert_eq!(text(&model, id, cx), "two\n");
    }

    #[gpui_kit::test]
    fn what_was_read_before_a_save_does_not_undo_it(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        let save = |typed: &str, cx: &mut TestAppContext| {
            model.update(cx, |model, cx| {
                let text = model.workspace().buffer(id).unwrap().text().clone();
                let edit = editing::insert_text(&text, &Selections::caret(0), typed);
                model.edit(id, edit, cx).unwrap();
                model
                    .update(cx, |workspace| workspace.save_blocking(id))
                    .unwrap();
            });
        };
        save("x", cx);
        let early = read(&fs, file, &model, id, cx);
        model.update(cx, |model, cx| model.reload_from_disk(id, cx));
        save("y", cx);
        model.update(cx, |model, cx| {
            model.disk_loaded(id, file, found(early), cx)
        });
        assert_eq!(text(&model, id, cx), "yxone\n");
        cx.run_until_parked();
        assert_eq!(text(&model, id, cx), "yxone\n");
    }

    #[gpui_kit::test]
    fn news_of_a_large_file_that_was_saved_here_does_not_have_it_read(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let content = "line\n".repeat(900_000);
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", &*content)]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        type_at_start(&model, id, "x", cx);
        model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| workspace.save_blocking(id))
                .unwrap();
            let refused = std::io::ErrorKind::PermissionDenied;
            fs.fail_always(fs::FakeOperation::Read, file, refused);
            model.paths_changed(vec![file.to_path_buf()], cx);
        });
        cx.run_until_parked();
        type_at_start(&model, id, "y", cx);
        model.update(cx, |model, cx| {
            model.save(id, cx).detach();
            // The watcher may tell before the save does.
            model.paths_changed(vec![file.to_path_buf()], cx);
            assert!(model.loads.is_empty());
        });
        cx.run_until_parked();
        model.read_with(cx, |model, _| {
            let buffer = model.workspace().buffer(id).unwrap();
            assert_eq!(buffer.disk(), DiskState::InSync);
            assert!(!buffer.is_dirty());
            assert!(model.saving.is_empty());
        });
        assert!(model.read_with(cx, |model, _| model.loads.is_empty()));
    }

    #[gpui_kit::test]
    fn a_slow_save_that_is_given_up_is_told_of_no_more(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        let save = |cx: &mut TestAppContext| {
            model.update(cx, |model, cx| {
                let never = cx.spawn(async |_, _| std::future::pending::<()>().await);
                model.save_within(id, never, cx)
            })
        };
        let slow = |cx: &mut TestAppContext| {
            cx.run_until_parked();
            model.read_with(cx, |model, _| model.slow_saves().collect::<Vec<_>>())
        };
        let saving = save(cx);
        cx.run_until_parked();
        cx.executor().advance_clock(SLOW_SAVE);
        assert_eq!(slow(cx), [id]);
        drop(saving);
        assert!(slow(cx).is_empty());
        let _saving = save(cx);
        assert!(slow(cx).is_empty(), "the next has just begun");
    }

    #[gpui_kit::test]
    fn a_slow_save_tells_how_far_it_is_as_it_goes_on(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        let told = Rc::new(RefCell::new(Vec::new()));
        let seen = told.clone();
        let watch = cx.update(|cx| {
            cx.observe(&model, move |model, cx| {
                let model = model.read(cx);
                if model.slow_saves().next().is_some() {
                    seen.borrow_mut().push(model.save_progress(id));
                }
            })
        });
        let far = |written, cx: &mut TestAppContext| {
            model.update(cx, |model, _| {
                model.tells_progress(id, Arc::new(SaveProgress::at(written, 100)));
            });
            cx.executor().advance_clock(TOLD_EVERY);
            cx.run_until_parked();
        };
        let saving = model.update(cx, |model, cx| {
            let never = cx.spawn(async |_, _| std::future::pending::<()>().await);
            model.save_within(id, never, cx)
        });
        cx.run_until_parked();
        cx.executor().advance_clock(SLOW_SAVE);
        cx.run_until_parked();
        far(40, cx);
        far(40, cx);
        // More than was reckoned with is all.
        far(120, cx);
        assert_eq!(*told.borrow(), [None, Some((40, 100)), Some((100, 100))]);
        drop(saving);
        cx.run_until_parked();
        let ended = model.read_with(cx, |model, _| model.save_progress(id));
        assert_eq!(ended, None);
        drop(watch);
    }

    #[gpui_kit::test]
    fn a_save_counts_the_bytes_that_its_file_gets(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\ntwo\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.replace_text(id, "one\ntwo\nthree\n").unwrap();
            });
        });
        let progress = model.update(cx, |model, _| {
            let job = model.workspace.save_job(id).unwrap();
            let progress = job.progress();
            assert_eq!((progress.written(), progress.total()), (0, 0));
            job.run().unwrap();
            progress
        });
        assert_eq!((progress.written(), progress.total()), (14, 14));
    }

    #[gpui_kit::test]
    fn of_two_changes_the_later_stays(cx: &mut TestAppContext) {
        let file = Path::new("/project/a.txt");
        let fs = Arc::new(FakeFs::with_files([("/project/a.txt", "one\n")]));
        let (model, id) = open(&fs, Path::new("/project"), file, cx);
        fs.insert(file, b"two\n");
        let early = read(&fs, file, &model, id, cx);
        model.update(cx, |model, cx| {
            model.paths_changed(vec![file.to_path_buf()], cx);
        });
        fs.insert(file, b"three\n");
        model.update(cx, |model, cx| {
            model.paths_changed(vec![file.to_path_buf()], cx);
            assert_eq!(model.loads.len(), 1);
            model.disk_loaded(id, file, found(early), cx);
        });
        cx.run_until_parked();
        assert_eq!(text(&model, id, cx), "three\n");
    }

    #[gpui_kit::test]
    fn a_change_before_the_file_is_watched_is_seen_and_a_link_is_watched_at_both_ends(
        cx: &mut TestAppContext,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        let (link, target) = (root.join("link.txt"), root.join("real/a.txt"));
        let fs = Arc::new(FakeFs::new());
        fs.insert(&target, b"one\n");
        fs.insert_link(&link, target.clone());
        let (model, id) = open(&fs, &root, &link, cx);
        fs.insert(&target, b"changed\n");
        cx.executor().allow_parking();
        model.update(cx, |model, cx| model.start_watching(cx).unwrap());
        cx.run_until_parked();
        assert_eq!(text(&model, id, cx), "changed\n");
        model.read_with(cx, |model, _| {
            let config = root.join(".editorconfig");
            assert_eq!(model.watched[&id], [link.clone(), config, target.clone()]);
        });
    }
}
