//! The question whether an edit of several files is taken back, or made again, in all of them.

use gpui_kit::{AsyncWindowContext, Context, WeakEntity, Window};
use ui::{JointWay, Severity};
use workspace::HistoryMove;

use crate::choice_picker::{Choice, Choices};
use crate::view::EditorView;

impl EditorView {
    /// Asks, where going on in the history would take an edit back, or make one again, that was made
    /// in other files too; false where it was not.
    pub(crate) fn asks_about_files(
        &mut self,
        to: HistoryMove,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        let (way, word) = match to {
            HistoryMove::Undo => (JointWay::Undo, "Undo"),
            HistoryMove::Redo => (JointWay::Redo, "Redo"),
            _ => return false,
        };
        let Some(files) = self.model.read(cx).joint_files(self.buffer, way) else {
            return false;
        };
        let rows = vec![
            Choice::new(
                format!("{word} in all {files} files"),
                "",
                move |view, window, cx| view.move_together(way, window, cx),
            ),
            Choice::new(
                format!("{word} in this file alone"),
                "",
                move |view, window, cx| {
                    let buffer = view.buffer;
                    view.model
                        .update(cx, |model, _| model.move_apart(buffer, way));
                    let to = match way {
                        JointWay::Undo => HistoryMove::Undo,
                        JointWay::Redo => HistoryMove::Redo,
                    };
                    view.move_in_history(to, window, cx);
                },
            ),
        ];
        let choices = Choices {
            id: "undo-picker",
            question: "This edit was made in several files".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
        true
    }

    fn move_together(&mut self, way: JointWay, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let moved = self
            .model
            .update(cx, |model, cx| model.move_together(buffer, way, cx));
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(message) = moved.await else { return };
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::notify(Severity::Warning, message, window, cx))
                    .ok();
            },
        )
        .detach();
    }
}
