//! Unsaved text outlives a crash: it is kept outside the project while it is edited, and put back
//! at the next start.

use crate::{Severity, WorkspaceModel, notify};
use fs::{Fs, FsError, LeftBehind, LoadedFile};
use futures::channel::mpsc;
use futures::{FutureExt as _, StreamExt as _};
use gpui_kit::{App, AppContext as _, AsyncWindowContext, Entity, WeakEntity, Window};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;
use workspace::{BufferId, Recovered, Recovery, WorkspaceEvent};

/// From a change to when it is kept, while typing goes on.
const DELAY: Duration = Duration::from_millis(200);

/// From a failure to the next try.
const RETRY: Duration = Duration::from_secs(5);

/// Gone once the window's end has lost nothing.
type Shared = Rc<RefCell<Option<Recovery>>>;

/// Puts back what a program that ended without saving left of this folder's files, and keeps
/// what is unsaved from now on under Kiln's `state` folder. `restored` is told the buffers that
/// came back, to show them; each is dirty, and a notice names it.
///
/// Whatever is unsaved when the application quits in order, or when the model is released, is
/// forgotten: the user was asked by then.
pub fn start(
    model: &Entity<WorkspaceModel>,
    state: PathBuf,
    window: &mut Window,
    cx: &mut App,
    restored: impl FnOnce(Vec<BufferId>, &mut Window, &mut App) + 'static,
) {
    let (changed, mut changes) = mpsc::channel::<()>(1);
    let subscription = cx.subscribe(model, move |_, event: &WorkspaceEvent, _| {
        if matches!(
            event,
            WorkspaceEvent::BufferEdited { .. }
                | WorkspaceEvent::BufferDirtyChanged(_)
                | WorkspaceEvent::BufferPathChanged(_)
                | WorkspaceEvent::BufferClosed(_)
        ) {
            // A channel that is full says the same.
            changed.clone().try_send(()).ok();
        }
    });
    let shared = Shared::default();
    let quit = cx.on_app_quit({
        let shared = shared.clone();
        move |_| forget(&shared)
    });
    let release = cx.observe_release(model, {
        let shared = shared.clone();
        move |_, cx| {
            let forgotten = forget(&shared);
            cx.foreground_executor().spawn(forgotten).detach();
        }
    });
    let root = model.read(cx).root().to_path_buf();
    let fs = model.read(cx).workspace().fs().clone();
    let opening = cx.background_spawn(async move { open(&state, &root, fs.as_ref()) });
    let model = model.downgrade();
    window
        .spawn(cx, async move |cx: &mut AsyncWindowContext| {
            let _alive = (subscription, quit, release);
            let (recovery, found, left_behind) = match opening.await {
                Ok(opened) => opened,
                Err(error) => return warn(&error, cx),
            };
            *shared.borrow_mut() = Some(recovery);
            if !found.is_empty() {
                let buffers = model.update(cx, |model, cx| {
                    model.update(cx, |workspace| {
                        found
                            .into_iter()
                            .map(|(recovered, file)| workspace.restore(recovered, file))
                            .collect::<Vec<_>>()
                    })
                });
                let Ok(buffers) = buffers else { return };
                // A closed window shows nothing.
                cx.update(|window, cx| restored(buffers, window, cx)).ok();
            }
            // What was left behind goes only when it is kept here.
            let mut pending = Some(left_behind);
            let mut warned = false;
            loop {
                match keep(&shared, &model, cx).await {
                    None => return,
                    Some(Ok(true)) => {
                        warned = false;
                        if let Some(left_behind) = pending.take() {
                            cx.background_spawn(async move { discard(left_behind) })
                                .await;
                        }
                        if changes.next().await.is_none() {
                            return;
                        }
                        cx.background_executor().timer(DELAY).await;
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
}

type Found = Vec<(Recovered, Option<LoadedFile>)>;

fn open(
    state: &Path,
    root: &Path,
    fs: &dyn Fs,
) -> Result<(Recovery, Found, Vec<LeftBehind>), FsError> {
    let (recovery, recovered, left_behind) = Recovery::open(state, root)?;
    let found = recovered
        .into_iter()
        .map(|recovered| {
            // A file that cannot be read any more does not keep its text from coming back.
            let file = recovered
                .path
                .as_ref()
                .and_then(|path| fs::load(fs, path).ok());
            (recovered, file)
        })
        .collect();
    Ok((recovery, found, left_behind))
}

/// Keeps what is unsaved now; says whether that is all of it. `None` where there is nothing to
/// keep it for any more.
async fn keep(
    shared: &Shared,
    model: &WeakEntity<WorkspaceModel>,
    cx: &mut AsyncWindowContext,
) -> Option<Result<bool, FsError>> {
    let model = model.upgrade()?;
    let job = model.read_with(cx, |model, _| {
        let mut recovery = shared.borrow_mut();
        Some(recovery.as_mut()?.job(model.workspace()))
    })?;
    if let Some(job) = job {
        let done = cx.background_spawn(async move { job.run() }).await;
        if let Err(error) = shared.borrow_mut().as_mut()?.finished(done) {
            return Some(Err(error));
        }
    }
    let all = model.read_with(cx, |model, _| {
        let recovery = shared.borrow();
        Some(recovery.as_ref()?.is_up_to_date(model.workspace()))
    })?;
    Some(Ok(all))
}

fn forget(shared: &Shared) -> impl Future<Output = ()> + use<> {
    let recovery = shared.borrow_mut().take();
    async move {
        if let Some(Err(error)) = recovery.map(Recovery::discard) {
            tracing::warn!("{error}");
        }
    }
    .boxed_local()
}

fn discard(left_behind: Vec<LeftBehind>) {
    for left in left_behind {
        if let Err(error) = left.discard() {
            tracing::warn!("{error}");
        }
    }
}

fn warn(error: &FsError, cx: &mut AsyncWindowContext) {
    let message = format!("Unsaved text would not outlive a crash: {error}");
    // A closed window shows nothing.
    cx.update(|window, cx| notify(Severity::Warning, message, window, cx))
        .ok();
}
