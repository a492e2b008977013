//! Which state of a text that came back is on the disk.

use super::{Search, WorkspaceModel};
use gpui_kit::Context;
use workspace::BufferId;

impl WorkspaceModel {
    /// Finds, off the UI thread, which state of a buffer's history is on the disk.
    pub(super) fn find_saved_state(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(job) = self.workspace.saved_state_job(id) else {
            return;
        };
        let search = Search::start(
            move |cancel| job.run(cancel),
            move |workspace, found| workspace.saved_state_found(id, found),
            cx,
        );
        self.saved_states.insert(id, search);
    }
}
