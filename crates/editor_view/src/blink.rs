//! Whether carets are shown at the moment.

use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use ui::tokens::caret::{BLINKS, INTERVAL};

/// Blinks while its view has the focus, and stands still for a moment after every movement.
#[derive(Default)]
pub(crate) struct Blink {
    shown: bool,
    running: Option<Task<()>>,
}

impl Blink {
    /// Whether carets are shown.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown
    }

    /// The view got the focus.
    pub(crate) fn start(&mut self, cx: &mut Context<Self>) {
        self.shown = true;
        self.running = Some(
            cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                for _ in 0..BLINKS * 2 {
                    cx.background_executor().timer(INTERVAL).await;
                    let alive = this.update(cx, |blink, cx| {
                        blink.shown = !blink.shown;
                        cx.notify();
                    });
                    if alive.is_err() {
                        return;
                    }
                }
            }),
        );
        cx.notify();
    }

    /// A caret moved: show it, and begin to blink again if the view has the focus.
    pub(crate) fn pause(&mut self, cx: &mut Context<Self>) {
        if self.running.is_some() {
            self.start(cx);
        }
    }

    /// The view lost the focus.
    pub(crate) fn stop(&mut self, cx: &mut Context<Self>) {
        self.shown = false;
        self.running = None;
        cx.notify();
    }
}
