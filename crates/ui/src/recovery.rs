//! Unsaved text outlives a crash: it is kept outside the project while it is edited, and put back
//! at the next start.

use crate::{ComingText, Severity, WorkspaceModel, notify};
use fs::{Fs, FsError, LeftBehind};
use futures::StreamExt as _;
use futures::channel::{mpsc, oneshot};
use gpui_kit::{
    App, AppContext as _, AsyncWindowContext, BackgroundExecutor, DedicatedExecutor, Entity,
    EntityId, Global, Task, WeakEntity, Window,
};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workspace::{
    BufferId, Journalist, LargeRecovered, LastWords, Loaded, Recovery, RecoveryDone,
    UsualEncodings, Workspace, WorkspaceEvent,
};

/// From a change to when it is in the journal of a text that is kept already, while typing goes on.
const TO_JOURNAL: Duration = Duration::from_millis(100);

/// From one time to the next at which it is looked for what is to be kept, or not any more.
const DELAY: Duration = Duration::from_millis(200);

/// How many of the texts that take long to come back are named.
const MAX_NAMED: usize = 12;

/// How soon is looked again whether a job has ended.
const MOMENT: Duration = Duration::from_millis(20);

/// From a failure to the next try.
const RETRY: Duration = Duration::from_secs(5);

/// What is written down when the program panics: of each window that keeps unsaved text.
static LAST_WORDS: Mutex<Vec<LastWords>> = Mutex::new(Vec::new());

/// Writes down what was edited in the last moment and not kept yet: the first thing that a panic
/// does. Waits for nobody.
pub fn write_last_words() {
    if let Ok(all) = LAST_WORDS.try_lock() {
        all.iter().for_each(LastWords::write);
    }
}

/// Lets every panic write what is unsaved first and report second. Call once, at the program's
/// start.
pub fn write_before_panics() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        write_last_words();
        report(panic);
    }));
}

/// What earlier programs left unsaved of a window's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsaved {
    /// The buffers of what is back.
    pub buffers: Vec<BufferId>,
    /// What takes long to come back: it is there once [somebody opens it](WorkspaceModel::open_path)
    /// or [asks for it](WorkspaceModel::restore_text).
    pub coming: Vec<ComingText>,
}

/// Empty once the window has come to its end.
#[derive(Default)]
struct Kept {
    recovery: Option<Recovery>,
    /// The thread that writes, of its own: what takes long of a large file, such as looking for what
    /// can be folded, may hold all of the shared ones for seconds, and text waits for nothing.
    writer: Option<Rc<DedicatedExecutor>>,
    /// Whether nothing is under way and everything is kept: the next edit is kept at once.
    rests: bool,
    /// What an edit began that came then.
    begun: Option<Task<RecoveryDone>>,
    /// What earlier programs left, which is in the buffers again but not kept anew yet.
    left_behind: Option<Arc<Vec<LeftBehind>>>,
    /// The same of large texts, each since it is back.
    back: Vec<Arc<LargeRecovered>>,
    /// Buffers whose unsaved text the user does not want, and the version of that text: what is
    /// typed later, because the window went on after all, was not meant.
    given_up: HashMap<BufferId, u64>,
}

type Shared = Rc<RefCell<Kept>>;

impl Kept {
    /// Keeps the first edit after a rest. The window draws it next, which may take long, so that
    /// the work is not left for after that.
    fn begin(&mut self, workspace: &Workspace) {
        if !std::mem::take(&mut self.rests) {
            return;
        }
        let job = self.recovery.as_mut().and_then(|it| it.job(workspace));
        if let (Some(job), Some(writer)) = (job, &self.writer) {
            self.begun = Some(writer.spawn(async move { job.run() }));
        }
    }

    fn is_up_to_date(&self, workspace: &Workspace) -> bool {
        let recovery = self.recovery.as_ref();
        recovery.is_some_and(|recovery| recovery.is_up_to_date(workspace))
    }
}

/// What is kept of each model.
#[derive(Default)]
struct OfModels(HashMap<EntityId, Shared>);

impl Global for OfModels {}

/// The user was asked about the unsaved text of these buffers and the window ends now: what of it
/// was not saved is forgotten then.
pub fn give_up(
    model: &Entity<WorkspaceModel>,
    buffers: impl IntoIterator<Item = BufferId>,
    cx: &mut App,
) {
    let workspace = model.read(cx).workspace();
    let versions: Vec<(BufferId, u64)> = buffers
        .into_iter()
        .filter_map(|id| Some((id, workspace.buffer(id)?.version())))
        .collect();
    if let Some(shared) = cx.default_global::<OfModels>().0.get(&model.entity_id()) {
        shared.borrow_mut().given_up.extend(versions);
    }
}

/// Keeps all unsaved text as it is now, for the next start. True when it is on the disk; false
/// where it cannot be kept.
pub fn keep_all(model: &Entity<WorkspaceModel>, window: &Window, cx: &mut App) -> Task<bool> {
    let shared = cx.default_global::<OfModels>().0.get(&model.entity_id());
    let Some(shared) = shared.cloned() else {
        return Task::ready(false);
    };
    let model = model.downgrade();
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        loop {
            match keep(&shared, &model, cx).await {
                Some(Ok(true)) => return true,
                // Another job is under way, or more was typed.
                Some(Ok(false)) => cx.background_executor().timer(MOMENT).await,
                Some(Err(error)) => {
                    tracing::warn!("{error}");
                    return false;
                }
                None => return false,
            }
        }
    })
}

/// Puts back what a program that ended without saving left of this folder's files, and keeps
/// what is unsaved from now on under Kiln's `state` folder. Gives what came back, to show it; each
/// buffer is dirty, and one notice names them. A large text comes back when it is opened: until then
/// it stays on the disk where that program kept it, whenever this one ends.
///
/// What is unsaved when the application quits or the model is released stays kept, for that happens
/// too when the display is lost; but not what the user [gave up](give_up).
pub fn start(
    model: &Entity<WorkspaceModel>,
    state: PathBuf,
    window: &mut Window,
    cx: &mut App,
) -> Task<Unsaved> {
    let (restored, is_restored) = oneshot::channel();
    let (changed, mut changes) = mpsc::channel::<()>(1);
    let came_back = changed.clone();
    let (edited, edits) = mpsc::channel::<()>(1);
    let shared = Shared::default();
    let keeps = shared.clone();
    let subscription = cx.subscribe(model, move |model, event: &WorkspaceEvent, cx| {
        if matches!(
            event,
            WorkspaceEvent::BufferEdited { .. }
                | WorkspaceEvent::BufferDirtyChanged(_)
                | WorkspaceEvent::BufferSaved(_)
                | WorkspaceEvent::BufferDiskChanged(_)
                | WorkspaceEvent::BufferPathChanged(_)
                | WorkspaceEvent::BufferClosed(_)
        ) {
            // A channel that is full says the same.
            changed.clone().try_send(()).ok();
        }
        if matches!(event, WorkspaceEvent::BufferEdited { .. }) {
            keeps.borrow_mut().begin(model.read(cx).workspace());
            edited.clone().try_send(()).ok();
        }
    });
    let quit = cx.on_app_quit({
        let (shared, model) = (shared.clone(), model.downgrade());
        move |cx| {
            if let Some(model) = model.upgrade() {
                end(&shared, model.read(cx).workspace());
            }
            std::future::ready(())
        }
    });
    let release = cx.observe_release(model, {
        let (shared, id) = (shared.clone(), model.entity_id());
        move |model, cx| {
            cx.default_global::<OfModels>().0.remove(&id);
            end(&shared, model.workspace());
        }
    });
    let of_models = cx.default_global::<OfModels>();
    of_models.0.insert(model.entity_id(), shared.clone());
    let root = model.read(cx).root().to_path_buf();
    let fs = model.read(cx).workspace().fs().clone();
    let encodings = model.read(cx).workspace().usual_encodings();
    let opening = cx.background_spawn(async move { open(&state, &root, fs.as_ref(), &encodings) });
    let model = model.downgrade();
    window
        .spawn(cx, async move |cx: &mut AsyncWindowContext| {
            let _alive = (subscription, quit, release);
            let (recovery, left) = match opening.await {
                Ok(opened) => opened,
                Err(error) => return warn(&error, cx),
            };
            if let Ok(mut all) = LAST_WORDS.lock() {
                all.retain(LastWords::is_needed);
                all.push(recovery.last_words());
            }
            {
                let background = cx.background_executor().clone();
                let writer = DedicatedExecutor::new(&background.scheduler_executor());
                let journal = recovery.journalist();
                writer
                    .spawn(write_journal(edits, journal, background))
                    .detach();
                let mut kept = shared.borrow_mut();
                kept.writer = Some(Rc::new(writer));
                kept.recovery = Some(recovery);
            }
            let on_back = Rc::new({
                let shared = shared.clone();
                move |back| {
                    shared.borrow_mut().back.push(back);
                    // A channel that is full says the same.
                    came_back.clone().try_send(()).ok();
                }
            });
            let unsaved = model.update(cx, |model, cx| {
                // At once: what it is about may take long to come back.
                let warnings = left.large.iter().filter_map(LargeRecovered::warning);
                let warnings: Vec<String> = warnings.collect();
                if !warnings.is_empty() {
                    let message = warnings.join("\n");
                    let severity = workspace::Severity::Warning;
                    model.update(cx, |workspace| workspace.notice(severity, message));
                }
                // Those that were just named are left out.
                let coming = left.large.iter().filter(|text| text.warning().is_none());
                let coming = come_later(coming.map(LargeRecovered::title).collect());
                // First: what comes back at once takes no name of these.
                model.await_texts(left.large, on_back);
                let buffers = model.update(cx, |workspace| {
                    let buffers = workspace.restore(left.loaded);
                    if let Some(message) = coming {
                        workspace.notice(workspace::Severity::Info, message);
                    }
                    buffers
                });
                Unsaved {
                    buffers,
                    coming: model.coming_texts().cloned().collect(),
                }
            });
            let Ok(unsaved) = unsaved else { return };
            tell_what_stays(&left.left_behind, cx);
            shared.borrow_mut().left_behind = Some(Arc::new(left.left_behind));
            // Nobody may care.
            restored.send(unsaved).ok();
            let mut warned = false;
            loop {
                match keep(&shared, &model, cx).await {
                    None => return,
                    Some(Ok(true)) => {
                        warned = false;
                        keep_bases(&shared, &model, cx);
                        // What was left behind goes only when it is kept here: not what comes back
                        // while it goes.
                        let left_behind = shared.borrow().left_behind.clone();
                        let back = shared.borrow().back.clone();
                        if let Some(left_behind) = left_behind {
                            cx.background_spawn(async move { discard(&left_behind) })
                                .await;
                            shared.borrow_mut().left_behind = None;
                        }
                        if !back.is_empty() {
                            let gone = back.clone();
                            cx.background_spawn(async move { discard_large(&gone) })
                                .await;
                            let is_gone = |one: &_| back.iter().any(|gone| Arc::ptr_eq(gone, one));
                            shared.borrow_mut().back.retain(|one| !is_gone(one));
                        }
                        cx.background_executor().timer(DELAY).await;
                        // What comes after a while is kept at once.
                        shared.borrow_mut().rests = true;
                        if changes.next().await.is_none() {
                            return;
                        }
                        shared.borrow_mut().rests = false;
                    }
                    Some(Ok(false)) => cx.background_executor().timer(DELAY).await,
                    Some(Err(error)) => {
                        if !std::mem::replace(&mut warned, true) {
                            warn(&error, cx);
                        }
                        cx.background_executor().timer(RETRY).await;
                    }
                }
            }
        })
        .detach();
    // Where nothing can be kept, nothing comes back.
    cx.spawn(async move |_| is_restored.await.unwrap_or_default())
}

/// What is said of texts that take long to come back, by their names; nothing where there are none.
fn come_later(names: Vec<String>) -> Option<String> {
    let count = names.len();
    let mut listed = names[..count.min(MAX_NAMED)].join(", ");
    if count > MAX_NAMED {
        listed.push_str(&format!(" and {} more", count - MAX_NAMED));
    }
    match count {
        0 => None,
        1 => Some(format!(
            "Your unsaved edits to {listed} come back as soon as it is read."
        )),
        _ => Some(format!(
            "Your unsaved edits to {count} files come back as soon as they are read: {listed}."
        )),
    }
}

/// Appends what is edited to the journals, for as long as somebody may edit. On the thread that
/// writes, and with no help of the one that shows the text: that may be busy, and is in use for each
/// frame.
async fn write_journal(
    mut edits: mpsc::Receiver<()>,
    journal: Journalist,
    background: BackgroundExecutor,
) {
    while edits.next().await.is_some() {
        background.timer(TO_JOURNAL).await;
        journal.write();
    }
}

/// What was left behind, with what comes back at once.
struct Left {
    loaded: Vec<Loaded>,
    large: Vec<LargeRecovered>,
    left_behind: Vec<LeftBehind>,
}

fn open(
    state: &Path,
    root: &Path,
    fs: &dyn Fs,
    encodings: &UsualEncodings,
) -> Result<(Recovery, Left), FsError> {
    let (recovery, left) = Recovery::open_at_once(state, root, fs)?;
    let loaded = left.recovered.into_iter().map(|recovered| {
        // A file that cannot be read any more does not keep its text from coming back.
        let file = recovered.load_as_usual(fs, encodings, None);
        (recovered, file)
    });
    let left = Left {
        loaded: loaded.collect(),
        large: left.large,
        left_behind: left.left_behind,
    };
    Ok((recovery, left))
}

/// Keeps what is unsaved now; says whether that is all of it. `None` where there is nothing to
/// keep it for any more.
async fn keep(
    shared: &Shared,
    model: &WeakEntity<WorkspaceModel>,
    cx: &mut AsyncWindowContext,
) -> Option<Result<bool, FsError>> {
    let model = model.upgrade()?;
    let begun = shared.borrow_mut().begun.take();
    let running = match begun {
        Some(begun) => Some(begun),
        None => model.read_with(cx, |model, _| {
            let mut kept = shared.borrow_mut();
            let job = kept.recovery.as_mut()?.job(model.workspace());
            let writer = kept.writer.clone()?;
            Some(job.map(|job| writer.spawn(async move { job.run() })))
        })?,
    };
    if let Some(running) = running {
        let done = running.await;
        if let Err(error) = shared.borrow_mut().recovery.as_mut()?.finished(done) {
            return Some(Err(error));
        }
    }
    let ended = shared.borrow().recovery.is_none();
    (!ended).then(|| {
        Ok(model.read_with(cx, |model, _| {
            shared.borrow().is_up_to_date(model.workspace())
        }))
    })
}

/// Keeps what large files held before their unsaved edits, one after the other. Nothing waits for
/// that.
fn keep_bases(shared: &Shared, model: &WeakEntity<WorkspaceModel>, cx: &mut AsyncWindowContext) {
    let next = |cx: &mut AsyncWindowContext| {
        let model = model.upgrade()?;
        model.read_with(cx, |model, _| {
            let mut kept = shared.borrow_mut();
            kept.recovery.as_mut()?.base_job(model.workspace())
        })
    };
    let Some(first) = next(cx) else {
        return;
    };
    let (shared, model) = (shared.clone(), model.clone());
    cx.spawn(async move |cx: &mut AsyncWindowContext| {
        let done = cx.background_spawn(async move { first.run() }).await;
        let mut kept = shared.borrow_mut();
        let finished = kept.recovery.as_mut().map(|it| it.base_finished(done));
        drop(kept);
        if let Some(Err(error)) = finished {
            tracing::warn!("what a file held before its unsaved edits is not kept: {error}");
        }
        keep_bases(&shared, &model, cx);
    })
    .detach();
}

/// At once, since a program that ends waits for nothing. What was left behind goes too, once it is
/// in the buffers.
fn end(shared: &Shared, workspace: &Workspace) {
    let kept = std::mem::take(&mut *shared.borrow_mut());
    let Some(recovery) = kept.recovery else {
        return;
    };
    let given_up: HashSet<BufferId> = kept
        .given_up
        .into_iter()
        .filter(|(id, version)| {
            let now = workspace.buffer(*id);
            now.is_none_or(|buffer| buffer.version() == *version)
        })
        .map(|(id, _)| id)
        .collect();
    match recovery.end(workspace, &given_up) {
        // What was left is in the buffers, and of those what is to be kept is kept here. Large texts
        // that are not back yet stay.
        Ok(_) => {
            discard(kept.left_behind.as_deref().map_or(&[], Vec::as_slice));
            discard_large(&kept.back);
        }
        Err(error) => tracing::warn!("{error}"),
    }
}

fn discard(left_behind: &[LeftBehind]) {
    for left in left_behind {
        if let Err(error) = left.discard() {
            tracing::warn!("{error}");
        }
    }
}

fn discard_large(kept_anew: &[Arc<LargeRecovered>]) {
    for large in kept_anew {
        if let Err(error) = large.discard() {
            tracing::warn!("{error}");
        }
    }
}

/// Names what earlier programs left and does not come back now. Nothing of that is removed.
fn tell_what_stays(left_behind: &[LeftBehind], cx: &mut AsyncWindowContext) {
    for left in left_behind {
        for error in &left.unread {
            let message = format!(
                "Unsaved text of an earlier run could not be read and stays on the disk: {error}"
            );
            tell(message, cx);
        }
        if left.more > 0 {
            let message = format!(
                "{} more unsaved texts of an earlier run come back at the next start.",
                left.more
            );
            tell(message, cx);
        }
    }
}

fn warn(error: &FsError, cx: &mut AsyncWindowContext) {
    let message = format!("Unsaved text would not outlive a crash: {error}");
    tell(message, cx);
}

fn tell(message: String, cx: &mut AsyncWindowContext) {
    // A closed window shows nothing.
    cx.update(|window, cx| notify(Severity::Warning, message, window, cx))
        .ok();
}
