//! The mouse: placing and adding carets, selecting by character, word and line, dragging with
//! autoscroll, scrolling, scrollbars.

use std::ops::Range;
use std::time::Duration;

use editor_core::display_map::DisplaySnapshot;
use editor_core::{
    Bias, Cell, CellAnchor, ChangeSet, ColumnSelection, Selection, Selections, WordChars,
    column_at_offset,
};
use gpui_kit::{
    App, AsyncApp, Bounds, Context, DispatchPhase, Entity, Modifiers, MouseButton, MouseDownEvent,
    MouseMoveEvent, MouseUpEvent, Pixels, Point, ScrollDelta, ScrollEvent, WeakEntity, Window, px,
};

use settings::MultiCursorModifier;
use ui::{ActiveSettings as _, EditorZoom};

use crate::commands::carets::rows_in_sight;
use crate::element::Prepared;
use crate::frame::Frame;
use crate::links;
use crate::scroll::Reveal;
use crate::scroll_motion::zoom_levels;
use crate::text_drag;
use crate::view::EditorView;

/// Time between two steps of scrolling while a drag is held outside the view.
const DRAG_SCROLL_STEP: Duration = Duration::from_millis(16);

/// What the pointer does while its button is held.
pub(crate) enum Drag {
    /// Selects text.
    Select {
        unit: Unit,
        /// What the press itself selected: a place, a word, a line.
        origin: Range<usize>,
        /// Selections that stay, where the press added one.
        others: Option<Selections>,
        position: Point<Pixels>,
    },
    /// Selects a box of cells.
    Columns {
        /// The corner that stays.
        anchor: CellAnchor,
        /// Whether the pointer has left the place of the press.
        moved: bool,
        position: Point<Pixels>,
    },
    /// Holds a selection, which is dragged once the pointer moves.
    Text {
        selection: Selection,
        press: Point<Pixels>,
        moved: bool,
        /// The keys that were held at the press.
        held: Modifiers,
    },
    /// Moves the thumb of a scrollbar; the distance is from the thumb's start to the pointer.
    Scrollbar { axis: Axis, grab: Pixels },
    /// Moves the slider of the minimap; the distance, in pixels, is from its top edge to the pointer.
    Minimap { grab: f64 },
}

impl Drag {
    /// Follows an edit that is made while the button is held.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        match self {
            Drag::Select { origin, others, .. } => {
                let end = changes.map_offset(origin.end, Bias::Right);
                *origin = changes.map_offset(origin.start, Bias::Left).min(end)..end;
                if let Some(others) = others {
                    *others = others.map(changes);
                }
            }
            Drag::Text { selection, .. } => {
                let mapped = Selections::single(*selection).map(changes);
                *selection = *mapped.primary();
            }
            Drag::Columns { anchor, .. } => anchor.follow(changes),
            Drag::Scrollbar { .. } | Drag::Minimap { .. } => {}
        }
    }

    /// The scrollbar that is being dragged.
    pub(crate) fn scrollbar(&self) -> Option<Axis> {
        match self {
            Drag::Scrollbar { axis, .. } => Some(*axis),
            Drag::Select { .. }
            | Drag::Columns { .. }
            | Drag::Text { .. }
            | Drag::Minimap { .. } => None,
        }
    }
}

/// A direction of scrolling.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Axis {
    Vertical,
    Horizontal,
}

/// By what a drag selects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unit {
    Character,
    Word,
    Line,
}

impl Unit {
    fn of_clicks(count: usize) -> Self {
        match count {
            0 | 1 => Self::Character,
            2 => Self::Word,
            _ => Self::Line,
        }
    }

    /// The unit of text around an offset.
    fn around(self, display: &DisplaySnapshot, offset: usize, words: WordChars) -> Range<usize> {
        let text = display.text();
        match self {
            Self::Character => offset..offset,
            Self::Word => words.word_at(text, offset),
            // With its line end, and with what is folded into it.
            Self::Line => {
                let row = text.row_at(offset);
                text.line_start(row)..display.past_hidden(text.line_start(row + 1))
            }
        }
    }
}

/// Registers the listeners of one frame.
pub(crate) fn listen(
    view: &Entity<EditorView>,
    prepared: &Prepared,
    window: &mut Window,
    cx: &App,
) {
    let (text, gutter) = (prepared.text.clone(), prepared.gutter.clone());
    let (vertical, horizontal) = (prepared.vertical.clone(), prepared.horizontal.clone());
    let minimap = prepared.minimap.as_ref().map(|map| map.strip.clone());
    let slider = prepared.minimap.as_ref().map(|map| map.slider.clone());
    let map = minimap.clone();
    let target = view.clone();
    window.on_mouse_event(move |event: &MouseDownEvent, phase, window, cx| {
        if phase != DispatchPhase::Bubble {
            return;
        }
        let over = |hitbox: &Option<gpui_kit::Hitbox>| {
            hitbox
                .as_ref()
                .is_some_and(|hitbox| hitbox.is_hovered(window))
        };
        let place = if over(&vertical) {
            Place::Scrollbar(Axis::Vertical)
        } else if over(&horizontal) {
            Place::Scrollbar(Axis::Horizontal)
        } else if over(&map) {
            Place::Minimap
        } else if gutter.is_hovered(window) {
            Place::Gutter
        } else if text.is_hovered(window) {
            Place::Text
        } else {
            return;
        };
        target.update(cx, |view, cx| view.pointer_down(place, event, window, cx));
    });

    let target = view.clone();
    let strips = [
        prepared.vertical.clone(),
        prepared.horizontal.clone(),
        Some(prepared.text.clone()),
        Some(prepared.gutter.clone()),
        minimap.clone(),
        slider,
    ];
    let frame = prepared.frame.clone();
    let mut pointed = view
        .read(cx)
        .pointed_hunk(&frame, window.mouse_position(), cx);
    let mut link = links::followed_at(view.read(cx), &frame, window.mouse_position(), window, cx);
    let mut was_hovered = strips
        .clone()
        .map(|strip| strip.is_some_and(|strip| strip.is_hovered(window)));
    window.on_mouse_event(move |event: &MouseMoveEvent, phase, window, cx| {
        if phase != DispatchPhase::Bubble {
            return;
        }
        let hovered = strips
            .clone()
            .map(|strip| strip.is_some_and(|strip| strip.is_hovered(window)));
        if hovered != was_hovered {
            was_hovered = hovered;
            target.update(cx, |_, cx| cx.notify());
        }
        let points_at = target.read(cx).pointed_hunk(&frame, event.position, cx);
        if points_at != pointed {
            pointed = points_at;
            target.update(cx, |_, cx| cx.notify());
        }
        let leads = links::followed_at(target.read(cx), &frame, event.position, window, cx);
        if leads != link {
            link = leads;
            target.update(cx, |_, cx| cx.notify());
        }
        let over_text = hovered[2];
        target.update(cx, |view, cx| {
            if view.drag.is_none() && event.pressed_button.is_none() {
                view.hover_moved(event.position, over_text, window, cx);
            }
            if view.drag.is_some() {
                if matches!(
                    event.pressed_button,
                    Some(MouseButton::Left | MouseButton::Middle)
                ) {
                    view.pointer_dragged(event.position, cx);
                } else {
                    view.pointer_up(window, cx);
                }
            }
            if text_drag::is_dragging(cx) {
                view.dragged_over(over_text.then_some(event.position), cx);
            }
        });
    });

    let target = view.clone();
    let text = prepared.text.clone();
    window.on_mouse_event(move |event: &MouseUpEvent, phase, window, cx| {
        if phase != DispatchPhase::Bubble {
            return;
        }
        match event.button {
            MouseButton::Left => target.update(cx, |view, cx| {
                if text_drag::is_dragging(cx) && text.is_hovered(window) {
                    view.drop_text(event.position, &event.modifiers, window, cx);
                }
                view.dragged_over(None, cx);
                view.columns_done(window, cx);
                view.pointer_up(window, cx);
            }),
            MouseButton::Middle => {
                target.update(cx, |view, cx| view.middle_up(event.position, window, cx));
            }
            _ => {}
        }
    });

    let target = view.clone();
    let bounds = prepared.frame.bounds;
    let (text, gutter) = (prepared.text.clone(), prepared.gutter.clone());
    let strips = [
        prepared.vertical.clone(),
        prepared.horizontal.clone(),
        minimap,
    ];
    window.on_mouse_event(move |event: &ScrollEvent, phase, window, cx| {
        let over = text.should_handle_scroll(window)
            || gutter.should_handle_scroll(window)
            || strips
                .iter()
                .flatten()
                .any(|strip| strip.should_handle_scroll(window));
        if phase == DispatchPhase::Bubble && over && bounds.contains(&event.position) {
            target.update(cx, |view, cx| view.wheel(event, cx));
            cx.stop_propagation();
        }
    });
}

/// Where a button was pressed.
#[derive(Clone, Copy)]
enum Place {
    Text,
    Gutter,
    Scrollbar(Axis),
    Minimap,
}

impl EditorView {
    fn pointer_down(
        &mut self,
        place: Place,
        event: &MouseDownEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.close_hover(window, cx);
        match (place, event.button) {
            (Place::Scrollbar(axis), MouseButton::Left) => {
                self.press_scrollbar(axis, event.position, cx);
            }
            (Place::Minimap, MouseButton::Left) => self.press_minimap(event.position, cx),
            (Place::Text | Place::Gutter, MouseButton::Left)
                if self.press_fold(event.position, cx) =>
            {
                window.focus(&self.focus, cx);
            }
            // The picker that it opens has the focus.
            (Place::Text, MouseButton::Left) if self.press_swatch(event, window, cx) => {}
            (Place::Text, MouseButton::Left) if self.press_hint(event, window, cx) => {
                window.focus(&self.focus, cx);
            }
            // Before what a click with Ctrl leads to, which is a copy once the pointer moves.
            (Place::Text, MouseButton::Left) if self.press_selection(event, cx) => {
                window.focus(&self.focus, cx);
            }
            (Place::Text, MouseButton::Left)
                if self.press_what_leads(event.position, &event.modifiers, window, cx) =>
            {
                window.focus(&self.focus, cx);
            }
            (Place::Text, MouseButton::Left) => {
                window.focus(&self.focus, cx);
                self.press_text(Unit::of_clicks(event.click_count), event, cx);
            }
            (Place::Gutter, MouseButton::Left) => {
                window.focus(&self.focus, cx);
                let marked = self.mark_at(event.position);
                if marked.is_some_and(|offset| self.toggle_mark_at(offset, cx)) {
                    window.prevent_default();
                    return;
                }
                self.press_text(Unit::Line, event, cx);
            }
            (Place::Text, MouseButton::Middle) => {
                window.focus(&self.focus, cx);
                if let Some(cell) = self.cell_under(event.position, cx) {
                    let anchor = CellAnchor::new(cell, &self.text(cx), self.tab_size());
                    self.drag = Some(Drag::Columns {
                        anchor,
                        moved: false,
                        position: event.position,
                    });
                }
            }
            (Place::Text, MouseButton::Right) => {
                window.focus(&self.focus, cx);
                self.press_menu(event.position, cx);
            }
            (Place::Text | Place::Gutter, _) => window.focus(&self.focus, cx),
            _ => return,
        }
        // A container must not take the focus for this press.
        window.prevent_default();
    }

    /// The offset nearest to a place in the window. The text may have changed since the frame there was
    /// laid out, so it is brought to a character boundary.
    pub(crate) fn offset_under(&self, position: Point<Pixels>, cx: &App) -> Option<usize> {
        let offset = self.frame.as_ref()?.offset_at(position);
        Some(self.text(cx).floor_char_boundary(offset))
    }

    /// Folds or unfolds where a chevron or a placeholder is pressed; false elsewhere.
    fn press_fold(&mut self, position: Point<Pixels>, cx: &mut Context<Self>) -> bool {
        let Some(frame) = self.frame.clone() else {
            return false;
        };
        if let Some(line) = frame.fold_mark_at(position) {
            self.toggle_fold_of_row(line, cx);
        } else if let Some(bytes) = frame.placeholder_at(position) {
            self.unfold(
                |fold| bytes.start <= fold.range.start && fold.range.end <= bytes.end,
                cx,
            );
        } else {
            return false;
        }
        true
    }

    fn press_text(&mut self, unit: Unit, event: &MouseDownEvent, cx: &mut Context<Self>) {
        let Some(offset) = self.offset_under(event.position, cx) else {
            return;
        };
        if event.modifiers.shift && event.modifiers.alt && unit == Unit::Character {
            self.press_columns(event.position, cx);
            return;
        }
        let adds = match cx.kiln_settings().typing.multi_cursor_modifier {
            MultiCursorModifier::Alt => event.modifiers.alt,
            MultiCursorModifier::CtrlCmd => event.modifiers.secondary(cx),
        };
        let display = self.display(cx);
        let words = self.word_chars(offset, cx);
        let unit_range = unit.around(&display, offset, words);
        let mut others = None;
        let mut origin = unit_range.clone();
        let selections = if event.modifiers.shift {
            let primary = *self.selections.primary();
            origin = primary.anchor..primary.anchor;
            Selections::single(dragged(unit, &origin, unit_range, offset))
        } else if adds {
            let existing = self.selections.iter().position(|selection| {
                unit == Unit::Character && selection.is_empty() && selection.head == offset
            });
            match existing {
                // A second alt-click takes a caret away again.
                Some(index) if self.selections.len() > 1 => {
                    let rest = self
                        .selections
                        .iter()
                        .enumerate()
                        .filter(|(other, _)| *other != index)
                        .map(|(_, selection)| *selection)
                        .collect();
                    self.drag = None;
                    self.select_in_place(Selections::new(rest, usize::MAX), cx);
                    return;
                }
                _ => {
                    others = Some(self.selections.clone());
                    self.selections
                        .push(Selection::new(unit_range.start, unit_range.end))
                }
            }
        } else {
            Selections::single(Selection::new(unit_range.start, unit_range.end))
        };
        self.drag = Some(Drag::Select {
            unit,
            origin,
            others,
            position: event.position,
        });
        self.select_in_place(selections, cx);
    }

    /// The cell under a place in the window, also past the end of its row.
    fn cell_under(&self, position: Point<Pixels>, cx: &App) -> Option<Cell> {
        let offset = self.offset_under(position, cx)?;
        let frame = self.frame.as_ref()?;
        let text = self.text(cx);
        let row = text.row_at(offset);
        let mut column = column_at_offset(&text, offset, self.tab_size());
        if offset == text.line_end(row) {
            let cells = frame.cells_at(position.x).round();
            column = column.max(cells.max(0.) as u32);
        }
        Some(Cell { row, column })
    }

    /// Selects the box from the primary selection, or from the corner of the box that is selected,
    /// to the pointer.
    fn press_columns(&mut self, position: Point<Pixels>, cx: &mut Context<Self>) {
        let text = self.text(cx);
        let corner = match &self.columns {
            Some((columns, made)) if made.same_places(&self.selections) => columns.anchor,
            _ => {
                let primary = self.selections.primary();
                ColumnSelection::from_selection(&text, primary, self.tab_size()).anchor
            }
        };
        let anchor = CellAnchor::new(corner, &text, self.tab_size());
        self.drag = Some(Drag::Columns {
            anchor,
            moved: true,
            position,
        });
        self.select_columns(anchor, position, cx);
    }

    fn select_columns(&mut self, anchor: CellAnchor, to: Point<Pixels>, cx: &mut Context<Self>) {
        let Some(head) = self.cell_under(to, cx) else {
            return;
        };
        let text = self.text(cx);
        let anchor = anchor.cell(&text, self.tab_size());
        let columns = ColumnSelection { anchor, head };
        let made = columns.selections(&text, self.tab_size());
        let made = rows_in_sight(&self.display(cx), &made);
        self.select_in_place(made.clone(), cx);
        self.columns = Some((columns, made));
    }

    /// The middle button is let go: without a box, what was last selected is pasted.
    fn middle_up(&mut self, position: Point<Pixels>, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(Drag::Columns { moved: false, .. }) = self.drag {
            self.drag = None;
            self.paste_primary(position, window, cx);
        } else {
            self.columns_done(window, cx);
            self.pointer_up(window, cx);
        }
    }

    /// The button that selects a box is let go.
    fn columns_done(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if matches!(self.drag, Some(Drag::Columns { .. })) {
            self.tell_lines_left_out(window, cx);
        }
    }

    /// Before the context menu opens: a press outside every selection moves the caret there.
    fn press_menu(&mut self, position: Point<Pixels>, cx: &mut Context<Self>) {
        let Some(offset) = self.offset_under(position, cx) else {
            return;
        };
        let inside = self.selections.iter().any(|selection| {
            !selection.is_empty() && (selection.start()..=selection.end()).contains(&offset)
        });
        if !inside {
            self.select_in_place(Selections::caret(offset), cx);
        }
    }

    fn pointer_dragged(&mut self, to: Point<Pixels>, cx: &mut Context<Self>) {
        let (Some(offset), Some(frame)) = (self.offset_under(to, cx), self.frame.clone()) else {
            return;
        };
        let display = self.display(cx);
        let words = self.word_chars(offset, cx);
        match &mut self.drag {
            None => {}
            Some(Drag::Text { .. }) => self.carry_selection(to, cx),
            Some(Drag::Scrollbar { axis, grab }) => {
                let (axis, grab) = (*axis, *grab);
                self.drag_thumb(axis, to, grab, cx);
            }
            Some(Drag::Minimap { grab }) => {
                let grab = *grab;
                self.drag_minimap(to, grab, cx);
            }
            Some(Drag::Columns {
                anchor,
                moved,
                position,
            }) => {
                *moved |= *position != to;
                *position = to;
                let (anchor, moved) = (*anchor, *moved);
                if moved {
                    self.select_columns(anchor, to, cx);
                }
                self.scroll_towards(to, &frame, cx);
            }
            Some(Drag::Select {
                unit,
                origin,
                others,
                position,
            }) => {
                *position = to;
                let selection =
                    dragged(*unit, origin, unit.around(&display, offset, words), offset);
                let selections = match others {
                    Some(others) => others.push(selection),
                    None => Selections::single(selection),
                };
                self.select_in_place(selections, cx);
                self.scroll_towards(to, &frame, cx);
            }
        }
    }

    /// Begins to scroll where a drag is held outside the view.
    fn scroll_towards(&mut self, to: Point<Pixels>, frame: &Frame, cx: &mut Context<Self>) {
        if overshoot(frame.text_area, to) != Point::default() {
            self.start_drag_scroll(cx);
        }
    }

    pub(crate) fn start_drag_scroll(&mut self, cx: &mut Context<Self>) {
        if self.drag_scroll.is_some() {
            return;
        }
        self.drag_scroll = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                loop {
                    cx.background_executor().timer(DRAG_SCROLL_STEP).await;
                    let goes_on = this.update(cx, |view, cx| view.drag_scroll_step(cx));
                    if !matches!(goes_on, Ok(true)) {
                        return;
                    }
                }
            },
        ));
    }

    /// Scrolls one step towards a drag held outside the view; false where there is none.
    fn drag_scroll_step(&mut self, cx: &mut Context<Self>) -> bool {
        let Some(frame) = self.frame.clone() else {
            self.drag_scroll = None;
            return false;
        };
        let (position, over) = match (&self.drag, self.drop_position) {
            (Some(Drag::Select { position, .. } | Drag::Columns { position, .. }), _) => {
                (*position, overshoot(frame.text_area, *position))
            }
            (_, Some(position)) if text_drag::is_dragging(cx) => (position, self.drop_overshoot()),
            _ => (Point::default(), Point::default()),
        };
        if over == Point::default() {
            self.drag_scroll = None;
            return false;
        }
        // Faster the further out: a tenth of a row a step at the edge, two rows far outside.
        let rows = f64::from(over.y / frame.style.line_height);
        let rows = (rows * 0.25).clamp(-2., 2.) + rows.signum() * 0.1 * f64::from(rows != 0.);
        let x = over.x * 0.25;
        self.scroll_by(rows, x);
        self.pointer_dragged(position, cx);
        if self.drop_position.is_some() {
            self.dragged_over(Some(position), cx);
        }
        cx.notify();
        true
    }

    fn pointer_up(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.drag_scroll = None;
        match self.drag.take() {
            Some(Drag::Select { .. } | Drag::Columns { .. }) => {
                self.offer_primary(cx);
                cx.notify();
            }
            Some(Drag::Text { moved: true, .. }) => text_drag::end_later(cx),
            Some(Drag::Text { press, held, .. }) => {
                self.click_selection(press, &held, window, cx);
            }
            Some(Drag::Minimap { .. }) => cx.notify(),
            Some(Drag::Scrollbar { .. }) | None => {}
        }
    }

    fn press_scrollbar(&mut self, axis: Axis, position: Point<Pixels>, cx: &mut Context<Self>) {
        let Some(frame) = self.frame.clone() else {
            return;
        };
        let bar = match axis {
            Axis::Vertical => frame.vertical_scrollbar(),
            Axis::Horizontal => frame.horizontal_scrollbar(),
        };
        let Some((_, thumb)) = bar else {
            return;
        };
        let grab = match (axis, thumb.contains(&position)) {
            (Axis::Vertical, true) => position.y - thumb.top(),
            (Axis::Horizontal, true) => position.x - thumb.left(),
            // A press beside the thumb brings its middle to the pointer.
            (Axis::Vertical, false) => thumb.size.height / 2.,
            (Axis::Horizontal, false) => thumb.size.width / 2.,
        };
        self.drag = Some(Drag::Scrollbar { axis, grab });
        self.drag_thumb(axis, position, grab, cx);
    }

    fn drag_thumb(
        &mut self,
        axis: Axis,
        position: Point<Pixels>,
        grab: Pixels,
        cx: &mut Context<Self>,
    ) {
        let Some(frame) = self.frame.clone() else {
            return;
        };
        let mut to = self.scroll;
        match axis {
            Axis::Vertical => {
                if let Some((track, thumb)) = frame.vertical_scrollbar() {
                    let travel = (track.size.height - thumb.size.height).max(px(1.));
                    let fraction = (position.y - grab - track.top()) / travel;
                    to.top = f64::from(fraction) * frame.extent.max_top();
                }
            }
            Axis::Horizontal => {
                if let Some((track, thumb)) = frame.horizontal_scrollbar() {
                    let travel = (track.size.width - thumb.size.width).max(px(1.));
                    let fraction = (position.x - grab - track.left()) / travel;
                    to.left = f64::from(fraction) * frame.extent.max_left();
                }
            }
        }
        self.jump_to(to.clamped(&frame.extent));
        self.reveal = None;
        cx.notify();
    }

    fn wheel(&mut self, event: &ScrollEvent, cx: &mut Context<Self>) {
        let Some(frame) = self.frame.clone() else {
            return;
        };
        let settings = cx.kiln_settings().scrolling;
        if settings.wheel_zooms && event.modifiers.secondary(cx) {
            EditorZoom::step(zoom_levels(&mut self.zoom_rest, event.delta), cx);
            return;
        }
        let line_height = frame.style.line_height;
        let mut times = settings.wheel_sensitivity;
        if event.modifiers.alt {
            times *= settings.fast_sensitivity;
        }
        let mut delta = event.delta.pixel_delta(line_height) * times;
        if event.modifiers.shift && delta.x == px(0.) {
            delta = Point::new(delta.y, px(0.));
        }
        let rows = f64::from(delta.y / line_height);
        match event.delta {
            // A touchpad moves smoothly itself.
            ScrollDelta::Pixels(_) => self.scroll_by(-rows, -delta.x),
            ScrollDelta::Lines(_) => self.glide_by(-rows, -delta.x, cx),
        }
        cx.notify();
    }

    /// Puts the caret where the middle button was pressed and inserts what was last selected, as is
    /// usual on X11 and Wayland.
    fn paste_primary(
        &mut self,
        position: Point<Pixels>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        #[cfg(any(target_os = "linux", target_os = "freebsd"))]
        if let Some(offset) = self.offset_under(position, cx)
            && let Some(item) = cx.read_from_primary()
            && let Some(pasted) = item.text()
        {
            self.select_in_place(Selections::caret(offset), cx);
            self.insert_pasted(&pasted, window, cx);
            self.reveal = Some(Reveal::Nearest);
        }
        #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
        let _: (Point<Pixels>, &mut Window, &mut Context<Self>) = (position, window, cx);
    }

    /// Offers the selected text to the middle button.
    fn offer_primary(&mut self, cx: &mut Context<Self>) {
        #[cfg(any(target_os = "linux", target_os = "freebsd"))]
        {
            let primary = *self.selections.primary();
            if !primary.is_empty() {
                let selected = self.text(cx).slice(primary.range()).into_owned();
                cx.write_to_primary(gpui_kit::ClipboardItem::new_string(selected));
            }
        }
        #[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
        let _: &mut Context<Self> = cx;
    }
}

/// The selection from what the press selected to what is under the pointer.
fn dragged(unit: Unit, origin: &Range<usize>, under: Range<usize>, offset: usize) -> Selection {
    match unit {
        Unit::Character => Selection::new(origin.start, offset),
        _ if under.start < origin.start => Selection::new(origin.end, under.start),
        _ => Selection::new(origin.start, under.end.max(origin.end)),
    }
}

/// How far a place is outside the view, each way.
fn overshoot(area: Bounds<Pixels>, position: Point<Pixels>) -> Point<Pixels> {
    let beyond = |at: Pixels, low: Pixels, high: Pixels| {
        if at < low {
            at - low
        } else if at > high {
            at - high
        } else {
            px(0.)
        }
    };
    Point::new(
        beyond(position.x, area.left(), area.right()),
        beyond(position.y, area.top(), area.bottom()),
    )
}
