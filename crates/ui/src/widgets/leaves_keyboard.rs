//! What is pressed with the mouse and leaves the keyboard where it is.

use gpui_kit::{InteractiveElement, MouseButton};

/// An element that can have the keyboard, and that the mouse does not give it to: after a press on
/// a control of a bar, what is typed goes on into the text.
pub trait LeavesKeyboard: InteractiveElement + Sized {
    /// Leaves the keyboard where it is when this is pressed. `Tab` still reaches it.
    fn leaves_keyboard(self) -> Self {
        self.on_mouse_down(MouseButton::Left, |_, window, _| window.prevent_default())
    }
}

impl<E: InteractiveElement> LeavesKeyboard for E {}
