//! A buffer takes over what its file holds, in place of unsaved edits.

use std::rc::Rc;

use fs::LoadOptions;
use futures::channel::oneshot;
use gpui_kit::{AppContext as _, AsyncApp, Context, Task, WeakEntity};
use workspace::{Buffer, BufferId, HistorySource, ReloadError};

use super::WorkspaceModel;
use super::on_disk::RunningSaves;

/// Texts of up to this many bytes go back on the UI thread, in a few milliseconds: what is typed
/// next is typed into what the file holds.
const REVERTED_AT_ONCE: usize = 64 * 1024;

impl WorkspaceModel {
    /// Gives a buffer the text and the format that its file was last read or written with, as one edit
    /// that undo takes back. What differs in a long text is found off the UI thread. Where nothing
    /// [is known](Buffer::knows_saved_text) of what the file holds, it is read.
    pub fn revert(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), ReloadError>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err(ReloadError::NoSuchBuffer));
        };
        if let Some(refused) = buffer.refuses_edits() {
            return Task::ready(Err(refused.into()));
        }
        if !buffer.knows_saved_text() {
            let reloading = self.reload_unread(id, cx);
            return self.revert_within(id, reloading, cx);
        }
        let length = buffer.text().len().max(buffer.saved_text().len());
        self.keep_unsaved(id, HistorySource::BeforeReload, cx);
        if length <= REVERTED_AT_ONCE {
            let found = self.workspace.revert_job(id).map(|job| job.run());
            let reverted = found.and_then(|found| {
                let reverted = self.update(cx, |workspace| workspace.revert_finished(id, found));
                Ok(reverted?)
            });
            // Nothing came in between.
            return Task::ready(reverted.map(|_| ()));
        }
        let reverting = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            loop {
                let job = this.read_with(cx, |model, _| model.workspace.revert_job(id));
                // A released model has no buffers.
                let job = job.map_err(|_| ReloadError::NoSuchBuffer)??;
                let run = cx.background_executor().spawn(async move { job.run() });
                let found = run.await;
                let reverted = this.update(cx, |model, cx| {
                    model.update(cx, |workspace| workspace.revert_finished(id, found))
                });
                if reverted.map_err(|_| ReloadError::NoSuchBuffer)?? {
                    return Ok(());
                }
            }
        });
        self.revert_within(id, reverting, cx)
    }

    /// Counts a buffer as being reverted until the task is over: what it holds was given up.
    pub(super) fn revert_within(
        &mut self,
        id: BufferId,
        reverting: Task<Result<(), ReloadError>>,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), ReloadError>> {
        let running = self.reverting.get(&id).and_then(std::rc::Weak::upgrade);
        let running = running.unwrap_or_default();
        self.reverting.insert(id, Rc::downgrade(&running));
        cx.spawn(async move |_, _| {
            let reverted = reverting.await;
            drop(running);
            reverted
        })
    }

    /// Waits until a buffer is not [being reverted](Self::revert) nor [reloaded](Self::reload) any
    /// more: until then it holds what was given up. `None` where it is not.
    pub fn revert_ended(&self, id: BufferId) -> Option<impl Future<Output = ()> + use<>> {
        let running: Rc<RunningSaves> = self.reverting.get(&id)?.upgrade()?;
        let (awaited, ended) = oneshot::channel();
        running.borrow_mut().push(awaited);
        Some(async move {
            // Nothing is sent: it ended, or was given up.
            ended.await.ok();
        })
    }

    /// Reads a buffer's file, of which nothing is known, and takes it over as
    /// [`WorkspaceModel::reload`] does.
    pub(super) fn reload_unread(
        &mut self,
        id: BufferId,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), ReloadError>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err(ReloadError::NoSuchBuffer));
        };
        let Some(path) = buffer.path().map(ToOwned::to_owned) else {
            return Task::ready(Err(ReloadError::NotRead));
        };
        let (saves, encoding) = (buffer.saves(), self.workspace.encoding_of(buffer));
        let fs = self.workspace.fs().clone();
        let reading = cx.background_spawn({
            let path = path.clone();
            async move {
                let options = LoadOptions {
                    encoding,
                    ..LoadOptions::default()
                };
                fs::load_with(fs.as_ref(), &path, &options)
            }
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let file = reading.await;
            let file = file.map_err(|error| ReloadError::Unreadable(error.to_string()))?;
            let reloading = this.update(cx, |model, cx| {
                let buffer = model.workspace.buffer(id);
                let is_wanted = |buffer: &Buffer| {
                    buffer.saves() == saves
                        && buffer.path() == Some(&*path)
                        && buffer.text_on_disk().is_none()
                };
                // Else it was saved or read meanwhile, and what that gave is taken.
                if buffer.is_some_and(is_wanted) {
                    model.update(cx, |workspace| workspace.disk_read(id, file));
                }
                let reloading = match model.workspace.reload_job(id) {
                    Ok(_) => model.reload(id, cx),
                    Err(ReloadError::NotRead) => Task::ready(Ok(())),
                    Err(error) => Task::ready(Err(error)),
                };
                // An older text that is being read is not the last word.
                if model.loads.contains_key(&id) {
                    model.reload_from_disk(id, cx);
                }
                reloading
            });
            // A released model has no buffers.
            reloading.map_err(|_| ReloadError::NoSuchBuffer)?.await
        })
    }
}
