//! What is pressed with the mouse and leaves the keyboard where it is.

use gpui_kit::InteractiveElement;

/// What can have the keyboard, and is not given it by the mouse: after a press on it, what is typed
/// goes on into the text.
pub trait LeavesKeyboard: InteractiveElement + Sized {
    /// Leaves the keyboard where it is when this, or what is in it, is pressed. `Tab` still reaches
    /// it.
    fn leaves_keyboard(self) -> Self {
        // Before what is in it takes the keyboard.
        self.capture_any_mouse_down(|_, window, _| window.prevent_default())
    }

    /// Leaves the keyboard where it is when a part of this is pressed that does not take it. What is
    /// in it takes it as before.
    fn leaves_keyboard_to_children(self) -> Self {
        // After what is in it took the keyboard, and before this would.
        self.on_any_mouse_down(|_, window, _| window.prevent_default())
    }
}

impl<E: InteractiveElement> LeavesKeyboard for E {}
