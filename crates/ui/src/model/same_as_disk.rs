//! The question about another text on the disk, which goes away where a long text becomes just that.

use super::{Search, WorkspaceModel};
use gpui_kit::Context;
use workspace::BufferId;

impl WorkspaceModel {
    /// Finds, off the UI thread, whether a buffer has come to hold what another program left on the disk.
    /// The search before it ends: it was of another text.
    pub(super) fn compare_with_disk(&mut self, id: BufferId, cx: &mut Context<Self>) {
        let Some(job) = self.workspace.same_as_disk_job(id) else {
            self.disk_comparisons.remove(&id);
            return;
        };
        let search = Search::start(
            move |cancel| job.run(cancel),
            move |workspace, found| workspace.same_as_disk(id, found),
            cx,
        );
        self.disk_comparisons.insert(id, search);
    }
}
