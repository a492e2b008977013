//! What is pressed with the mouse and leaves the keyboard where it is.

use gpui_kit::InteractiveElement;

/// A bar, or a control of one, that the mouse does not give the keyboard to: after a press on it,
/// what is typed goes on into the text.
pub trait LeavesKeyboard: InteractiveElement + Sized {
    /// Leaves the keyboard where it is when this, or what is in it, is pressed. `Tab` still reaches
    /// it.
    fn leaves_keyboard(self) -> Self {
        // Before what is in it takes the keyboard.
        self.capture_any_mouse_down(|_, window, _| window.prevent_default())
    }
}

impl<E: InteractiveElement> LeavesKeyboard for E {}
