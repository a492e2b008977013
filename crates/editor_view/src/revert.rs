//! Going back to what the file holds.

use gpui_kit::{Context, InteractiveElement, Task, Window, actions};
use ui::{CommandSpec, Severity};
use workspace::{DiskState, ReloadError};

use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    in "File";
    RevertFile "workbench.action.files.revert" "Revert File" => |v, window, cx| v.revert_file(window, cx);
}

impl EditorView {
    /// Takes over what the disk holds: another text that was found there, or the text that was last
    /// read or saved, without what was edited since. Undo brings the edits back.
    pub(crate) fn revert_file(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.after_saves(window, cx, |view, window, cx| match view.reverting(cx) {
            Ok(reverting) => ui::notify_failure(reverting, window, cx),
            Err(told) => ui::notify(Severity::Info, told, window, cx),
        });
    }

    /// Does something once no save of the file runs: until then the file counts as holding
    /// what it held before the save. At once where none runs.
    pub(crate) fn after_saves(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
        act: impl FnOnce(&mut Self, &mut Window, &mut Context<Self>) + 'static,
    ) {
        if !self.model.read(cx).is_saving(self.buffer) {
            return act(self, window, cx);
        }
        cx.spawn_in(window, async move |this, cx| {
            // Another save may begin while one is waited for.
            while let Some(ended) =
                this.read_with(cx, |view, cx| view.model.read(cx).saves_ended(view.buffer))?
            {
                ended.await;
            }
            this.update_in(cx, act)
        })
        // The one failure is a view that was closed meanwhile.
        .detach();
    }

    /// Begins to take over what the disk holds, or says why there is nothing to take. Not while a
    /// [save runs](Self::after_saves).
    pub(crate) fn reverting(
        &mut self,
        cx: &mut Context<Self>,
    ) -> Result<Task<Result<(), ReloadError>>, String> {
        let id = self.buffer;
        let Some(buffer) = self.buffer_ref(cx) else {
            return Ok(Task::ready(Err(ReloadError::NoSuchBuffer)));
        };
        let name = buffer.display_name();
        match buffer.disk() {
            DiskState::Changed => Ok(self.model.update(cx, |model, cx| model.reload(id, cx))),
            DiskState::Deleted if buffer.knows_saved_text() => Err(format!(
                "{name} is gone from the disk. Its text is kept here."
            )),
            DiskState::Folder => Err(format!(
                "A folder stands where {name} was. Its text is kept here."
            )),
            DiskState::InSync if buffer.path().is_none() => {
                Err(format!("{name} has no file that it could go back to."))
            }
            DiskState::InSync if !buffer.is_dirty() => {
                Err(format!("{name} is as the disk has it."))
            }
            DiskState::InSync | DiskState::Deleted => {
                Ok(self.model.update(cx, |model, cx| model.revert(id, cx)))
            }
        }
    }
}
