//! Writing another colour in the place of one: where a swatch is pressed or a command asks, a picker
//! opens beside it, and what was picked is written when that is closed.

use std::sync::Arc;

use editor_core::Transaction;
use editor_core::display_map::InlayId;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, AsyncWindowContext, Context, Entity, InteractiveElement, MouseDownEvent,
    WeakEntity, Window, actions, deferred,
};
use lsp::Feature;
use ui::{CommandSpec, Severity};
use workspace::Buffer;

use crate::color_picker::{Closing, ColorPicker};
use crate::color_picker_view::WIDEST;
use crate::commands::Run;
use crate::popover::{Popover, Side};
use crate::view::EditorView;
use crate::written_color::WrittenColor;

crate::commands::commands! {
    PickColor "editor.action.showOrFocusStandaloneColorPicker" "Pick Color" => |v, window, cx| v.pick_color_at_caret(window, cx);
}

/// The command that picks a colour at the caret.
pub(crate) const PICK_COLOR: &str = "editor.action.showOrFocusStandaloneColorPicker";

/// A text that changes more often than this while the server is asked is left as it is.
const TRIES: usize = 3;

/// What came of writing a colour.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    Done,
    /// The server has not said yet how it is written in the text as it is.
    Unknown,
}

impl EditorView {
    /// Opens the picker of the swatch that is pressed; false where there is none.
    pub(crate) fn press_swatch(
        &mut self,
        event: &MouseDownEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        let frame = self.frame.clone();
        let pressed = frame.and_then(|frame| frame.inlay_at(event.position));
        let Some(id) = pressed.filter(|id| self.has_swatch(*id)) else {
            return false;
        };
        if event.modifiers.modified() || event.click_count > 1 {
            return false;
        }
        self.pick_color_of(id, window, cx);
        true
    }

    /// Opens the picker of a swatch.
    pub(crate) fn pick_color_of(
        &mut self,
        id: InlayId,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        // What is picked elsewhere is written first, since it may move this one.
        self.accept_color(window, cx);
        match self.color_of_swatch(id, cx) {
            Some(written) => self.open_color_picker(written, window, cx),
            None => window.focus(&self.focus, cx),
        }
    }

    /// The colour of a swatch where it is now; `None` where another text stands there.
    fn color_of_swatch(&mut self, id: InlayId, cx: &Context<Self>) -> Option<WrittenColor> {
        self.display(cx);
        let mut inlays = self.display.inlays().iter();
        let start = inlays.find(|inlay| inlay.id == id)?.offset;
        let written = self.written_color(id)?.at(start);
        written.stands_in(&self.text(cx)).then_some(written)
    }

    /// Asks what colour is written at the caret, and opens the picker for it; where there is none, for
    /// one that is to be written there.
    fn pick_color_at_caret(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let asked = self
            .model
            .update(cx, |model, cx| model.server_document_colors(buffer, cx));
        self.when_answered(asked, window, cx, move |view, found, window, cx| {
            let message = match found {
                Ok((version, found)) if version == view.version => {
                    let text = view.text(cx);
                    let holds =
                        |range: &std::ops::Range<usize>| range.start <= at && at <= range.end;
                    // Of two that meet at the caret, the one behind it.
                    let mut found = found.into_iter().rev();
                    let color = found.find(|color| holds(&color.range));
                    let written = match color {
                        Some(color) => WrittenColor::new(color, &text),
                        None => view
                            .color_server(cx)
                            .map(|server| WrittenColor::none(at, server)),
                    };
                    match written {
                        Some(written) => return view.open_color_picker(written, window, cx),
                        None => "There is no colour at the caret.".to_owned(),
                    }
                }
                Ok(_) => return,
                Err(error) => format!("No colour can be picked here: {error}."),
            };
            ui::notify(Severity::Info, message, window, cx);
        });
    }

    /// The server that says how a colour is written in the text.
    fn color_server(&self, cx: &Context<Self>) -> Option<Arc<str>> {
        let servers = self.model.read(cx).language_servers()?;
        let mut serving = servers.serving(self.buffer);
        let (server, _) = serving.find(|(server, _)| server.offers(Feature::Colors))?;
        Some(server.name().into())
    }

    fn open_color_picker(
        &mut self,
        written: WrittenColor,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if let Some(error) = self.buffer_ref(cx).and_then(Buffer::refuses_edits) {
            window.focus(&self.focus, cx);
            return self.tell_refused(&error, window, cx);
        }
        let (view, of) = (cx.weak_entity(), (self.model.clone(), self.buffer));
        let picker = cx.new(|cx| ColorPicker::new(view, of, written, window, cx));
        self.served.colors.picker = Some(picker);
        cx.notify();
    }

    /// Closes the picker that is open, and writes what was picked.
    fn accept_color(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(picker) = self.served.colors.picker.clone() {
            self.close_color_picker(&picker, Closing::Accept, window, cx);
        }
    }

    /// Closes a picker, where it is open still.
    pub(crate) fn close_color_picker(
        &mut self,
        picker: &Entity<ColorPicker>,
        closing: Closing,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let open = &mut self.served.colors.picker;
        let Some(picker) = open.take_if(|open| open == picker) else {
            return;
        };
        if picker.read(cx).focus.contains_focused(window, cx) {
            window.focus(&self.focus, cx);
        }
        let is_written = match closing {
            // One that is to be written where there is none may be the first that was shown.
            Closing::Confirm => picker.read(cx).is_changed() || picker.read(cx).is_new(),
            Closing::Accept => picker.read(cx).is_changed(),
            Closing::Dismiss => false,
        };
        if is_written {
            self.write_color(picker, window, cx);
        }
        cx.notify();
    }

    /// Writes what was picked, once the server has said how that is done in the text as it is then.
    fn write_color(
        &mut self,
        picker: Entity<ColorPicker>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.write_known_color(&picker, window, cx) == Writing::Done {
            return;
        }
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                for _ in 0..TRIES {
                    let answered = picker.update(cx, ColorPicker::ask_anew);
                    answered.await;
                    let written = this.update_in(cx, |view, window, cx| {
                        view.write_known_color(&picker, window, cx)
                    });
                    // A view that is gone writes nothing.
                    if !matches!(written, Ok(Writing::Unknown)) {
                        return;
                    }
                }
                let why = "the text kept changing";
                this.update_in(cx, |_, window, cx| tell_not_written(why, window, cx))
                    .ok();
            },
        )
        .detach();
    }

    fn write_known_color(
        &mut self,
        picker: &Entity<ColorPicker>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Writing {
        let text = self.text(cx);
        let known = picker.read(cx);
        if !known.written().stands_in(&text) {
            tell_not_written("another text stands there now", window, cx);
            return Writing::Done;
        }
        let Some(answer) = known.answer() else {
            return Writing::Unknown;
        };
        if let Some(why) = answer.why_none().cloned() {
            tell_not_written(&why, window, cx);
            return Writing::Done;
        }
        let version = self.buffer_ref(cx).map(Buffer::version);
        let chosen = answer.chosen().filter(|(of, _)| Some(*of) == version);
        let Some((_, way)) = chosen else {
            return Writing::Unknown;
        };
        match lsp::change_of(&text, way.edits.clone()) {
            Ok(changes) if changes.is_empty() => {}
            Ok(changes) => {
                let color = known.picked_color(&changes);
                let swatch = self.swatch_before(known.written().color.range.start, cx);
                let edit = Transaction::from_changes(changes, &self.selections);
                // The carets may be out of sight, and the colour is not.
                let reveal = self.reveal;
                self.edit(edit, window, cx);
                self.reveal = reveal;
                if let Some(swatch) = swatch {
                    let written = WrittenColor::new(color, &self.text(cx));
                    self.recolor_swatch(swatch, written);
                }
            }
            Err(error) => tell_not_written(&error.to_string(), window, cx),
        }
        Writing::Done
    }

    pub(crate) fn render_color_picker(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let picker = self.served.colors.picker.clone()?;
        let (range, placed) = {
            let picker = picker.read(cx);
            (picker.written().color.range.clone(), picker.placed.clone())
        };
        let popover = Popover::new(
            cx.entity(),
            range,
            Side::Below,
            WIDEST,
            placed,
            move |_, _, _| picker.into_any_element(),
        );
        Some(deferred(popover).into_any_element())
    }
}

fn tell_not_written(why: &str, window: &mut Window, cx: &mut Context<EditorView>) {
    let message = format!("The colour was not changed: {why}.");
    ui::notify(Severity::Warning, message, window, cx);
}
