//! When a press on *Approve* is taken.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use gpui_kit::*;

use crate::view::SpecView;

/// A button that has just appeared, or moved, takes no press for this long, as a question of the
/// agent takes no key: the press was aimed at what was there before.
const ARMING_DELAY: Duration = Duration::from_millis(500);

/// Where *Approve* is drawn, and since when it has been there.
#[derive(Default)]
pub(crate) struct ApproveButton {
    /// Where it was drawn last; `None` where it is not drawn.
    place: Rc<Cell<Option<Bounds<Pixels>>>>,
    /// Where it was when its time began to run.
    armed_at: Option<Bounds<Pixels>>,
    armed: bool,
    arming: Option<Task<()>>,
    /// What lives as long as each frame draws the view.
    frames: Option<EntityId>,
}

impl ApproveButton {
    /// Tells where it is drawn. Says whether that is another place than in the frame before.
    pub fn watch(&self) -> impl FnOnce(Bounds<Pixels>) -> bool + use<> {
        let place = Rc::clone(&self.place);
        move |bounds| place.replace(Some(bounds)) != Some(bounds)
    }

    /// Takes what lives as long as each frame draws the view. Says whether the frame before did.
    pub fn goes_on(&mut self, frames: EntityId) -> bool {
        self.frames.replace(frames) == Some(frames)
    }

    /// It is not drawn: when it is drawn next, it will have just appeared.
    pub fn is_gone(&mut self) {
        self.place.set(None);
        self.armed_at = None;
        self.armed = false;
        self.arming = None;
    }

    /// Whether a press is taken where it is drawn now.
    pub fn takes_press(&self) -> bool {
        self.armed && self.armed_at == self.place.get()
    }
}

impl SpecView {
    /// Begins the time of a button that has appeared or moved since the frame before.
    pub(crate) fn arm_approval(&mut self, cx: &mut Context<Self>) {
        let button = &mut self.approve_button;
        let place = button.place.get();
        if place.is_none() || place == button.armed_at {
            return;
        }
        button.armed_at = place;
        button.armed = false;
        button.arming = Some(cx.spawn(async move |this, cx| {
            cx.background_executor().timer(ARMING_DELAY).await;
            // A closed document approves nothing.
            this.update(cx, |this: &mut Self, cx| {
                this.approve_button.armed = true;
                cx.notify();
            })
            .ok();
        }));
    }
}
