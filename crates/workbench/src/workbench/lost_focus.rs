//! A keyboard that nobody has: what had the focus is drawn no more, so that no key is heard.

use super::Workbench;
use gpui_kit::{Context, FocusHandle, Subscription, Window};

/// Watches for what had the keyboard and is drawn no more.
///
/// gpui tells of it only where what is drawn had the focus in the frame before. Where the focus
/// went from one thing that is not drawn to another, the next key finds it out.
pub(super) fn watch(window: &mut Window, cx: &mut Context<Workbench>) -> [Subscription; 2] {
    let this = cx.weak_entity();
    let handle = window.window_handle();
    [
        cx.on_focus_lost(window, |this, window, cx| this.take_keyboard(window, cx)),
        cx.intercept_keystrokes(move |event, window, cx| {
            if window.window_handle() != handle {
                return;
            }
            // The window may be closing.
            let heard = this.update(cx, |this, cx| {
                this.has_drawn(window.focused(cx).as_ref(), window)
            });
            if heard.unwrap_or(true) {
                return;
            }
            cx.stop_propagation();
            // Where the key goes was found before this is known, and who else looks at keys before
            // they go there is still to be asked.
            let (this, key) = (this.clone(), event.keystroke.clone());
            window.defer(cx, move |window, cx| {
                let heard = this.update(cx, |this, cx| {
                    this.take_keyboard(window, cx);
                    this.has_drawn(window.focused(cx).as_ref(), window)
                });
                if heard.unwrap_or(false) {
                    window.dispatch_keystroke(key, cx);
                }
            });
        }),
    ]
}

impl Workbench {
    /// Gives the keyboard to what is in front: what stands over the window, or the editor.
    fn take_keyboard(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.modals.read(cx).is_open() {
            self.modals
                .update(cx, |modals, cx| modals.take_keyboard(window, cx));
        } else {
            self.focus_editor(window, cx);
        }
        // What takes text from the keyboard is known to the platform once it is drawn with the
        // focus, and gpui draws nothing for a focus that is moved while it draws.
        cx.defer_in(window, |_, window, _| window.refresh());
    }

    /// Whether it is part of the window as it was drawn. gpui draws what has changed before it takes a
    /// key, so what was focused a moment ago is known.
    fn has_drawn(&self, focused: Option<&FocusHandle>, window: &Window) -> bool {
        focused.is_some_and(|focused| self.focus.contains(focused, window))
    }
}
