//! What a press on a hint between the text does: it goes to where the part leads that is pressed, and
//! writes the hint out into the text.

use editor_core::Transaction;
use gpui_kit::{Context, MouseDownEvent, Window};
use lsp::InlayHint;
use ui::Severity;

use crate::links;
use crate::view::EditorView;

impl EditorView {
    /// Goes to where the pressed part of a hint leads, where the keys that are held ask for it, or
    /// writes the hint out with a double click; false where there is nothing of that.
    pub(crate) fn press_hint(
        &mut self,
        event: &MouseDownEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        let frame = self.frame.clone();
        let pressed = frame.and_then(|frame| frame.inlay_byte_at(event.position));
        let Some((id, byte)) = pressed else {
            return false;
        };
        let Some((hint, _)) = self.hint_at(id) else {
            return false;
        };
        if links::follows(&event.modifiers, cx) {
            // What is beside the label is no part of it.
            let byte = byte.checked_sub(usize::from(hint.space_before));
            let mut links = hint.links.iter();
            let link = byte.and_then(|byte| links.find(|link| link.range.contains(&byte)));
            if let Some(link) = link {
                self.go_to_location(link.location.clone(), window, cx);
            }
            return link.is_some();
        }
        let twice = event.click_count == 2 && !event.modifiers.modified();
        if twice && !hint.edits.is_empty() {
            self.write_hint_out(hint, window, cx);
            return true;
        }
        false
    }

    fn write_hint_out(&mut self, hint: InlayHint, window: &mut Window, cx: &mut Context<Self>) {
        // The next answer of the server is of the text as it is now.
        if hint.version != self.version {
            return;
        }
        match lsp::change_of(&self.text(cx), hint.edits) {
            Ok(changes) => {
                let edit = Transaction::from_changes(changes, &self.selections);
                self.edit(edit, window, cx);
            }
            Err(error) => {
                let message = format!("The hint cannot be written out: {error}.");
                ui::notify(Severity::Warning, message, window, cx);
            }
        }
    }
}
