//! What is shown of a file of which the rest is still being read.

use gpui_kit::{Action, App, Keystroke, Subscription, Window};
use ui::Preview;
use workspace::ViewState;

/// What the names of the actions begin with that move carets.
const MOVEMENTS: [&str; 2] = ["editor::Move", "editor::Select"];

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

    /// The keys that have just moved a caret to where the rest of the file would be, or that left one
    /// there which would go on: they mean a place that is not there yet, and what they did is taken
    /// back.
    pub(super) fn take_keys_beyond(
        &mut self,
        action: Option<&dyn Action>,
        window: &mut Window,
        cx: &mut App,
    ) -> Option<Vec<Keystroke>> {
        let before = self.before.take()?;
        let item = &self.preview.item;
        let now = item.view_state(cx)?;
        let stays = now.selections == before.selections;
        if !self.lies_beyond(&now) || (stays && !self.moves_carets(action, cx)) {
            return None;
        }
        let waits = self.waits_for_rest(&before);
        item.restore_view(&before, window, cx);
        if waits {
            self.beyond = item.view_state(cx);
        }
        Some(std::mem::take(&mut self.pressed))
    }

    /// Whether the keys that were pressed, which this came of, are to move carets, whether or not
    /// there was a place to move to.
    fn moves_carets(&self, action: Option<&dyn Action>, cx: &App) -> bool {
        match action {
            Some(action) => MOVEMENTS.iter().any(|name| action.name().starts_with(name)),
            // Vim's keys are no actions.
            None => {
                let escapes = self.pressed.iter().any(|key| key.key == "escape");
                !escapes && self.preview.item.status(cx).mode.is_some()
            }
        }
    }

    /// Whether a caret is where the rest of the file would be.
    fn lies_beyond(&self, state: &ViewState) -> bool {
        let mut carets = state.selections.iter();
        carets.any(|(anchor, head)| *anchor.max(head) >= self.preview.end)
    }

    /// Whether it is as it was when a place that was asked for turned out to lie beyond it: nobody
    /// looked around since. To which side it is scrolled does not count, as that has to follow how
    /// wide the text turns out to be.
    pub(super) fn waits_for_rest(&self, now: &ViewState) -> bool {
        self.beyond.as_ref().is_some_and(|then| {
            then.selections == now.selections && (then.top - now.top).abs() < 1.
        })
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
        let is_in = left.top < *lines as f64;
        if is_in {
            item.restore_view(left, window, cx);
        }
        // A caret that is not in it would come to stand at its end.
        if !is_in || self.lies_beyond(left) {
            self.beyond = item.view_state(cx);
        }
    }
}
