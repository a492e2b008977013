//! Files dropped on the text with Shift held: their paths are written there. Without Shift they are
//! opened, by what is around the editor.

use std::path::PathBuf;

use editor_core::{Edit, Selection, Selections, Transaction};
use gpui_kit::{Context, Window};
use ui::{ItemEvent, path_as_text};
use workspace::Buffer;

use crate::view::EditorView;

impl EditorView {
    /// Writes paths where the pointer is, parted by blanks, and selects them.
    pub(crate) fn drop_paths(
        &mut self,
        paths: &[PathBuf],
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.buffer_ref(cx).is_none_or(Buffer::is_read_only) {
            return;
        }
        let Some(at) = self.offset_under(window.mouse_position(), cx) else {
            return;
        };
        let root = self.model.read(cx).workspace().root();
        let paths: Vec<String> = paths.iter().map(|path| path_as_text(path, root)).collect();
        let written = paths.join(" ");
        let end = at + written.len();
        let text = self.text(cx);
        let edits = vec![Edit::new(at..at, written)];
        let Ok(mut transaction) = Transaction::from_edits(&text, &self.selections, edits) else {
            return;
        };
        transaction.selections_after = Selections::single(Selection::new(at, end));
        window.focus(&self.focus, cx);
        cx.emit(ItemEvent::Dropped);
        self.edit(transaction, window, cx);
    }
}
