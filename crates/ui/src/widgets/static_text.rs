//! Text that is only read.

use gpui_kit::prelude::*;
use gpui_kit::{Role, SharedString};

/// Tells assistive technology of text that is only read.
pub trait StaticText: StatefulInteractiveElement {
    /// Makes the element a label with these words.
    fn static_text(self, words: impl Into<SharedString>) -> Self {
        let words = words.into();
        // Of a label the systems take the value for its name: with a name alone it is read as empty.
        self.role(Role::Label)
            .aria_label(words.clone())
            .aria_value(words)
    }
}

impl<E: StatefulInteractiveElement> StaticText for E {}
