//! What language servers would change because a file or folder is made, renamed or deleted: imports of
//! a module that has another name.

use std::sync::Arc;

use super::FileTree;
use gpui_kit::{AsyncWindowContext, Context, Window};
use lsp::{FileEvent, WorkspaceEdit};
use ui::{AskedVersions, Severity, notify};

/// What changes more files than this is looked at before it is made.
const MADE_AT_ONCE: usize = 10;

/// What servers said before something became of a file.
pub(super) struct FollowUp {
    pub(super) event: FileEvent,
    pub(super) edits: Vec<WorkspaceEdit>,
    /// The versions of the open texts when they were asked.
    pub(super) asked: AskedVersions,
}

impl FollowUp {
    /// The edits as they are to be made after what became of the file.
    fn edits(self) -> (Vec<WorkspaceEdit>, AskedVersions) {
        let FileEvent::Renamed { from, to } = &self.event else {
            return (self.edits, self.asked);
        };
        let edits = self.edits.into_iter();
        let edits = edits.map(|edit| edit.after_rename(from, to)).collect();
        let asked = self.asked.into_iter().map(|(path, version)| {
            let moved = path.strip_prefix(from).ok().map(|rest| {
                let below = !rest.as_os_str().is_empty();
                if below { to.join(rest) } else { to.clone() }
            });
            (moved.unwrap_or(path), version)
        });
        (edits, asked.collect())
    }
}

impl FileTree {
    /// Makes what servers want changed: what is little at once, and the rest where the person says so.
    pub(super) fn follow_up(
        &mut self,
        follow_up: FollowUp,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (edits, asked) = follow_up.edits();
        for edit in edits {
            let edit = Arc::new(edit);
            let files = edit.files().filter(|file| !file.is_empty()).count();
            if files > MADE_AT_ONCE || edit.operations().next().is_some() {
                self.model.update(cx, |model, cx| {
                    model.list_edit("Changes that follow", edit, asked.clone(), cx);
                });
                continue;
            }
            let made = self
                .model
                .update(cx, |model, cx| model.apply_server_edit(&edit, &asked, cx));
            cx.spawn_in(window, async move |_, cx: &mut AsyncWindowContext| {
                let made = made.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| match made {
                    Ok(1) => {
                        let message = "The language server changed 1 file for it.";
                        notify(Severity::Info, message, window, cx);
                    }
                    // What is made in several files is told by whoever makes it.
                    Ok(_) => {}
                    Err(message) => notify(Severity::Warning, message, window, cx),
                })
                .ok();
            })
            .detach();
        }
    }
}
