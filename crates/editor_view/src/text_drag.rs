//! Dragging a selection to another place, in its own view or another one of the window: a move, or
//! a copy with Ctrl (Option on macOS).

use editor_core::clipboard::{Clip, drop_selection, paste};
use editor_core::{Edit, Selection, Selections, Transaction};
use gpui_kit::{
    App, BorrowAppContext as _, Context, CursorStyle, Global, Modifiers, MouseDownEvent, Pixels,
    Point, WeakEntity, Window, fill, px,
};
use ui::ItemEvent;
use workspace::{Buffer, BufferId};

use crate::element::Prepared;
use crate::frame::Frame;
use crate::pointer::Drag;
use crate::view::EditorView;

/// A press that moves less than this is a click.
const THRESHOLD: Pixels = px(4.);
/// How near to the edge of the text the pointer scrolls it, in rows.
const EDGE_ROWS: f32 = 1.5;

/// The selection that is being dragged; there is one pointer.
#[derive(Default)]
struct Dragged(Option<Carried>);

impl Global for Dragged {}

#[derive(Clone)]
struct Carried {
    source: WeakEntity<EditorView>,
    buffer: BufferId,
    version: u64,
    selection: Selection,
}

fn carried(cx: &App) -> Option<&Carried> {
    cx.try_global::<Dragged>()?.0.as_ref()
}

/// Whether a selection is being dragged.
pub(crate) fn is_dragging(cx: &App) -> bool {
    carried(cx).is_some()
}

/// Whether the keys that are held ask for a copy.
fn copies(modifiers: &Modifiers) -> bool {
    if cfg!(target_os = "macos") {
        modifiers.alt
    } else {
        modifiers.control
    }
}

/// The cursor over a view that something is dragged over.
pub(crate) fn set_cursor(view: &EditorView, prepared: &Prepared, window: &mut Window, cx: &App) {
    if !is_dragging(cx) {
        return;
    }
    let read_only = view.buffer_ref(cx).is_none_or(Buffer::is_read_only);
    let style = match (read_only, copies(&window.modifiers())) {
        (true, _) => CursorStyle::OperationNotAllowed,
        (false, true) => CursorStyle::DragCopy,
        (false, false) => CursorStyle::Arrow,
    };
    window.set_cursor_style(style, &prepared.text);
}

/// Paints where the text would be dropped.
pub(crate) fn paint_drop_caret(frame: &Frame, view: &EditorView, window: &mut Window, cx: &App) {
    let place = view
        .drop_caret
        .filter(|_| is_dragging(cx))
        .and_then(|offset| frame.caret_bounds(offset.min(frame.text().len())));
    if let Some(place) = place {
        window.paint_quad(fill(place, frame.style.colors.accent));
    }
}

impl EditorView {
    /// A press on what is selected begins a drag, or is a click where the pointer does not move.
    pub(crate) fn press_selection(
        &mut self,
        event: &MouseDownEvent,
        cx: &mut Context<Self>,
    ) -> bool {
        let modifiers = &event.modifiers;
        if !self.language_settings(cx).pointing.drag_and_drop
            || self.is_vim(cx)
            || event.click_count != 1
            || modifiers.shift
            || modifiers.alt && !copies(modifiers)
        {
            return false;
        }
        let under = self
            .frame
            .as_ref()
            .and_then(|frame| frame.character_at(event.position));
        let selected = under.and_then(|offset| {
            self.selections
                .iter()
                .find(|selection| selection.range().contains(&offset))
        });
        let Some(selection) = selected.copied() else {
            return false;
        };
        self.drag = Some(Drag::Text {
            selection,
            press: event.position,
            moved: false,
            held: *modifiers,
        });
        true
    }

    /// The pointer of a press on a selection moved.
    pub(crate) fn carry_selection(&mut self, to: Point<Pixels>, cx: &mut Context<Self>) {
        let Some(Drag::Text {
            selection,
            press,
            moved,
            ..
        }) = &mut self.drag
        else {
            return;
        };
        let way = to - *press;
        if *moved || way.x.abs().max(way.y.abs()) < THRESHOLD {
            return;
        }
        *moved = true;
        let selection = *selection;
        let carried = Carried {
            source: cx.weak_entity(),
            buffer: self.buffer,
            version: self.version,
            selection,
        };
        cx.set_global(Dragged(Some(carried)));
        cx.notify();
    }

    /// Something that is dragged is over this view, or no longer.
    pub(crate) fn dragged_over(&mut self, position: Option<Point<Pixels>>, cx: &mut Context<Self>) {
        let refuses = self.buffer_ref(cx).is_none_or(Buffer::is_read_only);
        let position = position.filter(|_| !refuses);
        let caret = position.and_then(|position| self.offset_under(position, cx));
        self.drop_position = position.filter(|_| caret.is_some());
        if self.drop_caret != caret {
            self.drop_caret = caret;
            cx.notify();
        }
        if self.drop_overshoot() != Point::default() {
            self.start_drag_scroll(cx);
        }
    }

    /// How far into the edge of the text the pointer is, with what it drags.
    pub(crate) fn drop_overshoot(&self) -> Point<Pixels> {
        let (Some(position), Some(frame)) = (self.drop_position, &self.frame) else {
            return Point::default();
        };
        let edge = frame.style.line_height * EDGE_ROWS;
        let area = frame.text_area;
        let vertical = if position.y < area.top() + edge {
            position.y - area.top() - edge
        } else if position.y > area.bottom() - edge {
            position.y - area.bottom() + edge
        } else {
            px(0.)
        };
        Point::new(px(0.), vertical)
    }

    /// The button is let go over the text of this view: what is dragged goes there.
    pub(crate) fn drop_text(
        &mut self,
        position: Point<Pixels>,
        modifiers: &Modifiers,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(carried) = carried(cx).cloned() else {
            return;
        };
        end(cx);
        self.dragged_over(None, cx);
        let Some(to) = self.offset_under(position, cx) else {
            return;
        };
        let copy = copies(modifiers);
        let model = self.model.read(cx).workspace();
        let unchanged = model
            .buffer(carried.buffer)
            .filter(|buffer| buffer.version() == carried.version)
            .map(|buffer| (buffer.text().clone(), buffer.is_read_only()));
        let Some((text, locked)) = unchanged else {
            return;
        };
        if self.buffer_ref(cx).is_none_or(Buffer::is_read_only) {
            return;
        }
        window.focus(&self.focus, cx);
        cx.emit(ItemEvent::Dropped);
        if carried.buffer == self.buffer {
            let dropped = drop_selection(&text, &self.selections, &carried.selection, to, copy);
            if !dropped.is_empty() {
                self.edit(dropped, window, cx);
            }
            return;
        }
        let clip = Clip::external(&text.slice(carried.selection.range()));
        let here = Selections::caret(to);
        let mut dropped = paste(&self.text(cx), &here, &clip);
        dropped.selections_before = self.selections.clone();
        dropped.selections_after = Selections::single(Selection::new(to, to + clip.text().len()));
        self.edit(dropped, window, cx);
        if copy || locked {
            return;
        }
        // A view that is gone has left its text behind: what it was dragged from is copied.
        carried
            .source
            .update(cx, |view, cx| {
                let gone = Edit::new(carried.selection.range(), "");
                let taken = Transaction::from_edits(&text, &view.selections, vec![gone]);
                if let Ok(taken) = taken {
                    view.edit(taken, window, cx);
                }
            })
            .ok();
    }

    /// Leaves what is dragged where it is; whether there was anything.
    pub(crate) fn cancel_text_drag(&mut self, cx: &mut Context<Self>) -> bool {
        let dragging = is_dragging(cx);
        if dragging {
            end(cx);
            self.drag = None;
            self.drag_scroll = None;
            self.dragged_over(None, cx);
        }
        dragging
    }

    /// The button of a press on a selection is let go where it was pressed: it was a click.
    pub(crate) fn click_selection(
        &mut self,
        press: Point<Pixels>,
        held: &Modifiers,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self.press_what_leads(press, held, window, cx) {
            return;
        }
        if let Some(offset) = self.offset_under(press, cx) {
            self.select_in_place(Selections::caret(offset), cx);
        }
    }
}

/// The button of a press on a selection is let go. Other views hear of the same button after this
/// one, so that what is dragged is let go at last.
pub(crate) fn end_later(cx: &mut App) {
    cx.defer(end);
}

fn end(cx: &mut App) {
    if is_dragging(cx) {
        cx.update_global::<Dragged, _>(|dragged, _| dragged.0 = None);
        cx.refresh_windows();
    }
}
