//! The question whether an edit of several files is taken back in all of them.

use gpui_kit::{AsyncWindowContext, Context, WeakEntity, Window};
use ui::Severity;
use workspace::HistoryMove;

use crate::choice_picker::{Choice, Choices};
use crate::view::EditorView;

impl EditorView {
    /// Asks, where an undo would take an edit back that was made in other files too; false where it
    /// was not.
    pub(crate) fn asks_about_undo(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        let Some(files) = self.model.read(cx).undo_in_files(self.buffer) else {
            return false;
        };
        let rows = vec![
            Choice::new(
                format!("Undo in all {files} files"),
                "",
                Self::undo_together,
            ),
            Choice::new("Undo in this file alone", "", |view, window, cx| {
                let buffer = view.buffer;
                view.model.update(cx, |model, _| model.undo_apart(buffer));
                view.move_in_history(HistoryMove::Undo, window, cx);
            }),
        ];
        let choices = Choices {
            id: "undo-picker",
            question: "This edit was made in several files",
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
        true
    }

    fn undo_together(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let undone = self
            .model
            .update(cx, |model, cx| model.undo_together(buffer, cx));
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(message) = undone.await else { return };
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::notify(Severity::Warning, message, window, cx))
                    .ok();
            },
        )
        .detach();
    }
}
