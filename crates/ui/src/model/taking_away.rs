//! Taking a file away again that was made for an edit: by the edit, or by the server before it asked
//! for it.

use super::WorkspaceModel;
use super::deleted_files::{DeletionId, Room};
use super::file_operations::Operated;
use super::in_folder::InFolder;
use super::joint_edit::FilePath;
use super::server_edits::GONE;
use editor_core::Text;
use fs::LoadError;
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::FileOperation;

/// What became of a file that was to be taken away.
pub(super) enum TakenAway {
    /// It is gone, and can be brought back by this.
    Now(DeletionId),
    /// It was not there.
    Before,
    /// It stays: a sentence that says why.
    Stays(String),
}

impl WorkspaceModel {
    /// Takes a file away that was made, where it still holds what it was made with, in its buffer and on
    /// the disk. It can be brought back.
    ///
    /// # Errors
    /// The window was closed.
    pub(super) async fn take_made_away(
        this: &WeakEntity<Self>,
        folder: &InFolder,
        (file, held): (&FilePath, &Text),
        cx: &mut AsyncApp,
    ) -> Result<TakenAway, String> {
        let gone = |_| GONE.to_owned();
        let name = file.name();
        let holds = this
            .update(cx, |model, cx| model.holds(folder, (file, held), cx))
            .map_err(gone)?;
        match holds.await {
            Some(true) => {}
            Some(false) => {
                let why = format!("{name} was changed since it was made, so it stays.");
                return Ok(TakenAway::Stays(why));
            }
            None => return Ok(TakenAway::Before),
        }
        let delete = FileOperation::Delete {
            path: file.path.clone(),
            recursive: false,
            may_be_gone: false,
        };
        let operating = this
            .update(cx, |model, cx| {
                model.operate(folder, (&delete, Room::default()), cx)
            })
            .map_err(gone)?;
        let Operated {
            deleted, failed, ..
        } = operating.await;
        if let Some(why) = failed {
            let why = format!("{name} was made and stays: {why}.");
            return Ok(TakenAway::Stays(why));
        }
        this.update(cx, |model, _| TakenAway::Now(model.keep_untold(deleted)))
            .map_err(gone)
    }

    /// Whether a file that was made holds what it held then, in its buffer and on the disk; `None` where
    /// it is not there.
    fn holds(
        &self,
        folder: &InFolder,
        (file, held): (&FilePath, &Text),
        cx: &Context<Self>,
    ) -> Task<Option<bool>> {
        let open = self.workspace.buffer_for_path(&file.path);
        let open = open.and_then(|id| self.workspace.buffer(id));
        if open.is_some_and(|buffer| buffer.is_dirty() || buffer.text() != held) {
            return Task::ready(Some(false));
        }
        let loading = self.load_beneath(folder, &file.inside, cx);
        let held = held.clone();
        cx.background_executor().spawn(async move {
            match loading.await {
                Ok((loaded, _)) => Some(loaded.text == held),
                Err(LoadError::NotFound { .. }) => None,
                Err(_) => Some(false),
            }
        })
    }
}
