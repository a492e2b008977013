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
            let taken = this.update(cx, |this, cx| this.takes_unheard_key(window, cx));
            if taken.unwrap_or(false) {
                cx.stop_propagation();
                // Where the key goes was found before it was known here.
                let key = event.keystroke.clone();
                window.defer(cx, move |window, cx| {
                    window.dispatch_keystroke(key, cx);
                });
            }
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

    /// Gives the keyboard to what is in front where nobody hears a key, and says whether somebody
    /// does now. gpui draws what has changed before it takes a key, so what was focused a moment
    /// ago is known.
    fn takes_unheard_key(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        if self.has_drawn(window.focused(cx).as_ref(), window) {
            return false;
        }
        self.take_keyboard(window, cx);
        self.has_drawn(window.focused(cx).as_ref(), window)
    }

    /// Whether it is part of the window as it was drawn.
    fn has_drawn(&self, focused: Option<&FocusHandle>, window: &Window) -> bool {
        focused.is_some_and(|focused| self.focus.contains(focused, window))
    }
}
