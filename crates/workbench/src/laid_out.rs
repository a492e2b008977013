//! Where an element is laid out, for what is drawn before it.

use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Bounds, ElementId, GlobalElementId, InspectorElementId, LayoutId, Pixels,
    Window,
};
use std::cell::Cell;
use std::panic::Location;
use std::rc::Rc;

/// The place of an element in the layout of a frame, once that is made: `Window::layout_bounds` tells
/// it from then on.
pub(crate) type LaidOutAt = Rc<Cell<Option<LayoutId>>>;

/// An element that tells its place in the layout before anything is drawn.
pub(crate) struct LaidOut {
    element: AnyElement,
    at: LaidOutAt,
}

impl LaidOut {
    pub(crate) fn new(element: AnyElement, at: LaidOutAt) -> Self {
        Self { element, at }
    }
}

impl IntoElement for LaidOut {
    type Element = Self;

    fn into_element(self) -> Self {
        self
    }
}

impl Element for LaidOut {
    type RequestLayoutState = ();
    type PrepaintState = ();

    fn id(&self) -> Option<ElementId> {
        None
    }

    fn source_location(&self) -> Option<&'static Location<'static>> {
        None
    }

    fn request_layout(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        window: &mut Window,
        cx: &mut App,
    ) -> (LayoutId, ()) {
        let id = self.element.request_layout(window, cx);
        self.at.set(Some(id));
        (id, ())
    }

    fn prepaint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        _: Bounds<Pixels>,
        (): &mut (),
        window: &mut Window,
        cx: &mut App,
    ) {
        self.element.prepaint(window, cx);
    }

    fn paint(
        &mut self,
        _: Option<&GlobalElementId>,
        _: Option<&InspectorElementId>,
        _: Bounds<Pixels>,
        (): &mut (),
        (): &mut (),
        window: &mut Window,
        cx: &mut App,
    ) {
        self.element.paint(window, cx);
    }
}
