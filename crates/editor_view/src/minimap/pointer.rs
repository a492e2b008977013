//! What the pointer does over the minimap: a press beside the slider shows that place, and a drag
//! scrolls in proportion.

use gpui_kit::{Context, Pixels, Point};

use crate::pointer::Drag;
use crate::scroll::ScrollPosition;
use crate::view::EditorView;

impl EditorView {
    /// Takes hold of the slider, after bringing the place of the press into the middle of the view
    /// where the slider is elsewhere.
    pub(crate) fn press_minimap(&mut self, position: Point<Pixels>, cx: &mut Context<Self>) {
        let Some(map) = self.frame.as_ref().and_then(|frame| frame.minimap) else {
            return;
        };
        let y = map.y(position.y);
        let mut geometry = map.geometry;
        if !geometry.is_on_slider(y) {
            geometry.top = geometry.centered_on(y);
            let to = ScrollPosition {
                top: geometry.top,
                ..self.scroll
            };
            self.reveal = None;
            self.glide_to(to, cx);
        }
        let grab = y - geometry.slider_top();
        self.drag = Some(Drag::Minimap { grab });
        cx.notify();
    }

    /// Scrolls to where the slider is dragged; `grab` is the distance from its top edge to the
    /// pointer.
    pub(crate) fn drag_minimap(
        &mut self,
        position: Point<Pixels>,
        grab: f64,
        cx: &mut Context<Self>,
    ) {
        let Some(map) = self.frame.as_ref().and_then(|frame| frame.minimap) else {
            return;
        };
        let to = ScrollPosition {
            top: map.geometry.dragged_to(map.y(position.y) - grab),
            ..self.scroll
        };
        self.reveal = None;
        self.jump_to(to);
        cx.notify();
    }
}
