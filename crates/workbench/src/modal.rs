//! What floats over the window and has the keyboard: pickers, dialogs, menus.

use gpui_kit::base::FocusTrapElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyView, App, Context, DismissEvent, Entity, FocusHandle, Focusable, ManagedView, MouseButton,
    Pixels, Point, Subscription, Window, anchored, canvas, deferred, div, px,
};
use ui::ActiveKilnTheme as _;
use ui::tokens::scaled;
use ui::widgets::{CoveredArea, cover_window};

/// Where a modal stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Below the title bar, centred: pickers.
    Top,
    /// In the middle, the rest dimmed: dialogs.
    Center,
    /// At a point of the window: menus.
    At(Point<Pixels>),
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

/// The one modal of a window, if any. Showing another replaces it.
pub struct ModalLayer {
    shown: Option<Shown>,
    trap: FocusHandle,
}

impl ModalLayer {
    /// A layer that shows nothing.
    pub fn new(cx: &mut Context<Self>) -> Self {
        Self {
            shown: None,
            trap: cx.focus_handle(),
        }
    }

    /// Whether something is shown.
    pub fn is_open(&self) -> bool {
        self.shown.is_some()
    }

    /// Shows a view until it emits [`DismissEvent`]; then the keyboard goes back to where
    /// it was.
    pub fn show<V: ManagedView>(
        &mut self,
        view: Entity<V>,
        placement: Placement,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let previous = match self.shown.take() {
            Some(shown) => shown.previous,
            None => window.focused(cx),
        };
        let dismissed =
            cx.subscribe_in(&view, window, |this, view, _: &DismissEvent, window, cx| {
                let current = this.shown.as_ref().map(|shown| shown.view.entity_id());
                if current == Some(view.entity_id()) {
                    this.hide(window, cx);
                }
            });
        let focus = view.read(cx).focus_handle(cx);
        focus.focus(window, cx);
        let area = CoveredArea::default();
        cover_window(Some(area.clone()), window, cx);
        self.shown = Some(Shown {
            view: view.into(),
            focus,
            previous,
            placement,
            area,
            _dismissed: dismissed,
        });
        cx.notify();
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

    /// Hides what is shown.
    pub fn hide(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(shown) = self.shown.take() else {
            return;
        };
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

impl Render for ModalLayer {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let Some(shown) = &self.shown else {
            return div();
        };
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
            .child(shown.view.clone())
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
                .pt(scaled(72.))
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
