//! What is shown of a file of which the rest is still being read.

use gpui_kit::{App, Focusable as _, Keystroke, Subscription, Window};
use ui::Preview;
use workspace::ViewState;

/// What is shown of a file of which the rest is still being read.
pub(super) struct Beginning {
    pub(super) preview: Preview,
    /// How it was when the place that was asked for turned out to lie beyond it.
    pub(super) beyond: Option<ViewState>,
    /// The keys of the chord that is being pressed in it, and how it was before them.
    pub(super) pressed: Vec<Keystroke>,
    pub(super) before: Option<ViewState>,
    pub(super) _subscriptions: [Subscription; 3],
}

impl Beginning {
    /// Notes how it is before a key that it has the keyboard for.
    pub(super) fn note_key(&mut self, key: &Keystroke, window: &Window, cx: &App) {
        let item = &self.preview.item;
        if !item.focus_handle(cx).is_focused(window) {
            self.forget_keys();
        } else if !window.has_pending_keystrokes() || self.before.is_none() {
            self.pressed = vec![key.clone()];
            self.before = item.view_state(cx);
        } else {
            self.pressed.push(key.clone());
        }
    }

    /// What is done next is done by no key.
    pub(super) fn forget_keys(&mut self) {
        self.pressed.clear();
        self.before = None;
    }

    /// The keys that have just moved a caret to where the rest of the file would be: they mean a
    /// place that is not there yet, and what they did is taken back.
    pub(super) fn take_keys_beyond(
        &mut self,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Vec<Keystroke>> {
        let before = self.before.take()?;
        let Preview { item, end, .. } = &self.preview;
        let now = item.view_state(cx)?;
        let mut carets = now.selections.iter();
        let is_beyond = carets.any(|(anchor, head)| *anchor.max(head) >= *end);
        if !is_beyond || now.selections == before.selections {
            return None;
        }
        item.restore_view(&before, window, cx);
        Some(std::mem::take(&mut self.pressed))
    }

    /// Shows a line that was asked for, where it has it.
    pub(super) fn reveal(&mut self, line: u32, column: u32, window: &mut Window, cx: &mut App) {
        let Preview { item, lines, .. } = &self.preview;
        if line as usize <= *lines {
            item.reveal(line, column, window, cx);
            self.beyond = None;
        } else {
            self.beyond = item.view_state(cx);
        }
    }

    /// Shows the text as it was left, where that is in it.
    pub(super) fn restore(&mut self, left: &ViewState, window: &mut Window, cx: &mut App) {
        let Preview { item, lines, .. } = &self.preview;
        if left.top < *lines as f64 {
            item.restore_view(left, window, cx);
        } else {
            self.beyond = item.view_state(cx);
        }
    }
}
