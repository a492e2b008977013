//! What a press on a hint between the text does: it goes to where the part leads that is pressed, and
//! writes the hint out into the text.

use std::ops::Range;

use editor_core::Transaction;
use editor_core::display_map::InlayId;
use gpui_kit::{
    App, Bounds, Context, Modifiers, MouseDownEvent, Pixels, Point, Window, fill, point, px, size,
};
use lsp::{HintLink, InlayHint};
use ui::Severity;

use crate::frame::Frame;
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
        let Some(frame) = self.frame.clone() else {
            return false;
        };
        let Some(id) = frame.inlay_at(event.position) else {
            return false;
        };
        if links::follows(&event.modifiers, cx) {
            let link = self.hint_link_at(&frame, event.position);
            let location = link.map(|(_, _, link)| link.location.clone());
            return match location {
                Some(location) => {
                    self.go_to_location(location, window, cx);
                    true
                }
                None => false,
            };
        }
        let Some((hint, _)) = self.hint_at(id) else {
            return false;
        };
        let twice = event.click_count == 2 && !event.modifiers.modified();
        if twice && !hint.edits.is_empty() {
            self.write_hint_out(hint, window, cx);
            return true;
        }
        false
    }

    /// The part of a hint at a place in the window that leads somewhere: of which inlay, its bytes in
    /// what that shows, and where it leads.
    fn hint_link_at(
        &self,
        frame: &Frame,
        position: Point<Pixels>,
    ) -> Option<(InlayId, Range<usize>, &HintLink)> {
        let (id, byte) = frame.inlay_byte_at(position)?;
        let hint = self.served.hints.get(id)?;
        // What is beside the label is no part of it.
        let before = usize::from(hint.space_before);
        let byte = byte.checked_sub(before)?;
        let mut links = hint.links.iter();
        let link = links.find(|link| link.range.contains(&byte))?;
        Some((id, before + link.range.start..before + link.range.end, link))
    }

    /// The place of the part of a hint under the pointer, while a click would follow where it leads.
    pub(crate) fn hint_link_under(
        &self,
        frame: &Frame,
        position: Point<Pixels>,
        modifiers: &Modifiers,
        cx: &App,
    ) -> Vec<Bounds<Pixels>> {
        if !links::follows(modifiers, cx) {
            return Vec::new();
        }
        let link = self.hint_link_at(frame, position);
        link.map(|(id, range, _)| frame.inlay_spans(id, &range))
            .unwrap_or_default()
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

/// Underlines the part of a hint that a click would follow.
pub(crate) fn paint_link(frame: &Frame, spans: &[Bounds<Pixels>], window: &mut Window) {
    let color = frame.style.colors.editor_text;
    for span in spans {
        let top = span.bottom() - px(4.);
        let line = Bounds::new(point(span.left(), top), size(span.size.width, px(1.)));
        window.paint_quad(fill(line, color));
    }
}
