//! Finding out what language a text without a file looks like, off the UI thread.

use gpui_kit::{Context, Task, WeakEntity};
use workspace::BufferId;

use super::WorkspaceModel;

impl WorkspaceModel {
    /// Forgets that a buffer's language was chosen by hand, and finds out anew which it is. The task ends
    /// once it has it: of a text without a path, which is looked at elsewhere, after a moment, unless
    /// somebody chooses one meanwhile.
    pub fn detect_language(&mut self, id: BufferId, cx: &mut Context<Self>) -> Task<()> {
        self.update(cx, |workspace| workspace.detect_language_of(id));
        cx.spawn(async move |this: WeakEntity<Self>, cx| {
            // What was typed meanwhile is looked at again. A released model needs no language.
            let awaited = |model: &Self| model.workspace.awaited_guess(id);
            while let Ok(Some(job)) = this.read_with(cx, |model, _| awaited(model)) {
                let guess = cx.background_executor().spawn(async move { job.run() });
                let guessed = guess.await;
                let taken = this.update(cx, |model, cx| {
                    model.update(cx, |workspace| workspace.language_guessed(id, guessed));
                });
                if taken.is_err() {
                    return;
                }
            }
        })
    }
}
