//! What is pressed with the mouse and leaves the keyboard where it is.

use gpui_kit::InteractiveElement;

/// What can have the keyboard, and is not given it by the mouse: after a press on it, what is typed
/// goes on into the text.
pub trait LeavesKeyboard: InteractiveElement + Sized {
    /// Leaves the keyboard where it is when this is pressed, or a part of it that does not take it.
    /// What is in it takes it as before, and `Tab` reaches this.
    fn leaves_keyboard(self) -> Self {
        // After what is in it took the keyboard and this looks pressed, and before this would take it.
        self.on_any_mouse_down(|_, window, _| window.prevent_default())
    }
}

impl<E: InteractiveElement> LeavesKeyboard for E {}
