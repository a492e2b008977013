//! Going back to what the file holds.

use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::{CommandSpec, Severity, file_trouble};
use workspace::DiskState;

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
        let Some(buffer) = self.buffer_ref(cx) else {
            return;
        };
        let name = buffer.display_name();
        let message = match buffer.disk() {
            DiskState::Changed => {
                return file_trouble::reload(self.buffer, &self.model, window, cx);
            }
            DiskState::Deleted => format!("{name} is gone from the disk. Its text is kept here."),
            DiskState::Folder => {
                format!("A folder stands where {name} was. Its text is kept here.")
            }
            DiskState::InSync if buffer.path().is_none() => {
                format!("{name} has no file that it could go back to.")
            }
            DiskState::InSync if buffer.is_dirty() => {
                let id = self.buffer;
                let reverting = self.model.update(cx, |model, cx| model.revert(id, cx));
                return ui::notify_failure(reverting, window, cx);
            }
            DiskState::InSync => format!("{name} is as the disk has it."),
        };
        ui::notify(Severity::Info, message, window, cx);
    }
}
