//! What floats over the window and has the keyboard: pickers, dialogs, menus.

use crate::actions::Quit;
use gpui_kit::base::FocusTrapElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyView, App, Context, DismissEvent, Div, Entity, FocusHandle, Focusable, ManagedView,
    MouseButton, Pixels, Point, Rems, Stateful, Subscription, Window, anchored, canvas, deferred,
    div, px,
};
use std::collections::VecDeque;
use ui::tokens::{scaled, space};
use ui::widgets::{CoveredArea, cover_window};
use ui::{ActiveKilnTheme as _, Commands, zoom};

/// Where a modal stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Below the title bar, centred: pickers.
    Top,
    /// In the middle, the rest dimmed: dialogs. Until one is answered or dismissed it keeps the
    /// keyboard, no command but to quit runs, and what is to be shown next waits.
    Center,
    /// At a point of the window: menus.
    At(Point<Pixels>),
}

/// Between a modal and the edges of the window, where that is large.
const AROUND: Rems = space::XXL;
/// Above a picker, where the window is large.
const ABOVE_PICKER: Rems = scaled(72.);
/// The most of the window's width or height that is kept free on a side.
const KEPT_FREE: f32 = 0.1;

/// How wide a modal can be in a window.
pub(crate) fn most_width(window: &Window, cx: &App) -> Pixels {
    let room = window.viewport_size().width;
    room - zoom::pixels(AROUND, cx).min(room * KEPT_FREE) * 2.
}

/// How high a dialog can be in a window.
pub(crate) fn most_height(window: &Window, cx: &App) -> Pixels {
    let room = window.viewport_size().height;
    room - zoom::pixels(AROUND, cx).min(room * KEPT_FREE) * 2.
}

/// How high a picker can be in a window.
pub(crate) fn most_height_of_picker(window: &Window, cx: &App) -> Pixels {
    let room = window.viewport_size().height;
    room - above_picker(window, cx) - zoom::pixels(AROUND, cx).min(room * KEPT_FREE)
}

fn above_picker(window: &Window, cx: &App) -> Pixels {
    zoom::pixels(ABOVE_PICKER, cx).min(window.viewport_size().height * KEPT_FREE)
}

struct Shown {
    view: AnyView,
    focus: FocusHandle,
    previous: Option<FocusHandle>,
    placement: Placement,
    /// Where it was drawn.
    area: CoveredArea,
    _dismissed: Subscription,
}

/// The one modal of a window, if any. Showing another replaces it, unless it is a dialog.
pub struct ModalLayer {
    shown: Option<Shown>,
    /// What comes after the dialog that is shown, the first one first.
    waiting: VecDeque<Shown>,
    trap: FocusHandle,
}

impl ModalLayer {
    /// A layer that shows nothing.
    pub fn new(cx: &mut Context<Self>) -> Self {
        Self {
            shown: None,
            waiting: VecDeque::new(),
            trap: cx.focus_handle(),
        }
    }

    /// Whether something is shown.
    pub fn is_open(&self) -> bool {
        self.shown.is_some()
    }

    /// Whether a dialog is shown.
    pub fn shows_dialog(&self) -> bool {
        self.shown
            .as_ref()
            .is_some_and(|shown| shown.placement == Placement::Center)
    }

    /// Shows a view until it emits [`DismissEvent`]; then the keyboard goes back to where
    /// it was. While a dialog is shown, the view waits until that is gone.
    pub fn show<V: ManagedView>(
        &mut self,
        view: Entity<V>,
        placement: Placement,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let dismissed =
            cx.subscribe_in(&view, window, |this, view, _: &DismissEvent, window, cx| {
                let current = this.shown.as_ref().map(|shown| shown.view.entity_id());
                if current == Some(view.entity_id()) {
                    this.hide(window, cx);
                } else {
                    let id = view.entity_id();
                    this.waiting.retain(|next| next.view.entity_id() != id);
                }
            });
        let next = Shown {
            focus: view.read(cx).focus_handle(cx),
            view: view.into(),
            previous: None,
            placement,
            area: CoveredArea::default(),
            _dismissed: dismissed,
        };
        if self.shows_dialog() {
            self.waiting.push_back(next);
            return;
        }
        let previous = match self.shown.take() {
            Some(shown) => shown.previous,
            None => window.focused(cx),
        };
        self.put(next, previous, window, cx);
    }

    fn put(
        &mut self,
        shown: Shown,
        previous: Option<FocusHandle>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        shown.focus.focus(window, cx);
        cover_window(Some(shown.area.clone()), window, cx);
        self.shown = Some(Shown { previous, ..shown });
        cx.notify();
    }

    /// Gives the keyboard back to the dialog that is shown where something else took it, such as
    /// a file that was being opened; that has it once the dialog is gone.
    fn hold_focus(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.shows_dialog() {
            return;
        }
        let Some(shown) = &mut self.shown else {
            return;
        };
        if shown.focus.contains_focused(window, cx) {
            return;
        }
        let focused = window.focused(cx);
        match focused {
            // The surface itself hears none of the dialog's keys.
            Some(focused) if focused == self.trap => {}
            Some(focused) if self.trap.contains(&focused, window) => return,
            Some(focused) => shown.previous = Some(focused),
            None => {}
        }
        shown.focus.focus(window, cx);
    }

    /// Gives the keyboard to what is shown, where nothing that is drawn has it.
    pub fn take_keyboard(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(shown) = &self.shown {
            shown.focus.focus(window, cx);
        }
    }

    /// Tells that a view took the place of another, or of nothing any more: the keyboard goes back
    /// to the new one where it would have gone to the old one, which nobody hears in.
    pub fn replace_previous(&mut self, old: &FocusHandle, new: &FocusHandle, window: &Window) {
        if let Some(shown) = &mut self.shown
            && let Some(previous) = &mut shown.previous
            && (*previous == *old || old.contains(previous, window))
        {
            *previous = new.clone();
        }
    }

    /// Hides what is shown. What waited for it comes next.
    pub fn hide(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(shown) = self.shown.take() else {
            return;
        };
        if let Some(next) = self.waiting.pop_front() {
            self.put(next, shown.previous, window, cx);
            return;
        }
        cover_window(None, window, cx);
        let inside = shown.focus.contains_focused(window, cx)
            || self.trap.contains_focused(window, cx)
            || window.focused(cx).is_none();
        if let (true, Some(previous)) = (inside, shown.previous) {
            previous.focus(window, cx);
        }
        cx.notify();
    }
}

impl Focusable for ModalLayer {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.trap.clone()
    }
}

/// Keeps the window's commands from what lies outside of an element that has the keyboard.
fn stop_commands(element: Stateful<Div>, cx: &App) -> Stateful<Div> {
    Commands::all(cx)
        .iter()
        .filter(|command| !command.action.partial_eq(&Quit))
        .fold(element, |element, command| {
            element.on_boxed_action(command.action.as_ref(), |_, _, _| {})
        })
}

impl Render for ModalLayer {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let Some(shown) = &self.shown else {
            return div();
        };
        let is_dialog = self.shows_dialog();
        if is_dialog {
            // Whatever moves the keyboard has the window drawn, and is known once it was.
            cx.defer_in(window, Self::hold_focus);
        }
        let theme = cx.kiln_theme();
        let placement = shown.placement;
        let surface = div()
            .id("modal")
            .relative()
            .occlude()
            .on_mouse_down_out(cx.listener(|this, _, window, cx| this.hide(window, cx)))
            .child(
                canvas(
                    {
                        let area = shown.area.clone();
                        move |bounds, _, _| area.set(bounds)
                    },
                    |_, (), _, _| {},
                )
                .absolute()
                .inset_0(),
            )
            .child(shown.view.clone());
        let surface = match is_dialog {
            true => stop_commands(surface, cx),
            false => surface,
        }
        .focus_trap("modal-trap", &self.trap);
        let layer = div()
            .id("modal-layer")
            .absolute()
            .inset_0()
            .occlude()
            .on_mouse_down(
                MouseButton::Right,
                cx.listener(|this, _, window, cx| this.hide(window, cx)),
            );
        let layer = match placement {
            Placement::Top => layer
                .flex()
                .justify_center()
                .items_start()
                .pt(above_picker(window, cx))
                .child(surface),
            Placement::Center => layer
                .flex()
                .justify_center()
                .items_center()
                .bg(theme.scrim)
                .child(surface),
            Placement::At(point) => layer.child(
                anchored()
                    .position(point)
                    .snap_to_window_with_margin(px(8.))
                    .child(surface),
            ),
        };
        div()
            .absolute()
            .inset_0()
            .child(deferred(layer).with_priority(1))
    }
}
