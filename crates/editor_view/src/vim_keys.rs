//! Which keys are Vim's, while it is on and an editor has the focus.

use gpui_kit::{Context, Keystroke, Subscription};
use vim::{Key, Mode};

use crate::view::EditorView;

/// Takes Vim's keys before they are looked up in the keymap. Characters come as text, through the
/// input method.
pub(crate) fn intercept(cx: &mut Context<EditorView>) -> Subscription {
    let view = cx.weak_entity();
    cx.intercept_keystrokes(move |event, window, cx| {
        let Some(view) = view.upgrade() else { return };
        view.update(cx, |view, cx| {
            // The second key of a chord belongs to the chord.
            if !view.is_vim(cx) || !view.focus.is_focused(window) || window.has_pending_keystrokes()
            {
                return;
            }
            let Some(key) = special(&event.keystroke) else {
                return;
            };
            if view.is_for_vim(key) {
                view.vim_key(key, window, cx);
                cx.stop_propagation();
            }
        });
    })
}

/// A key that types no character.
fn special(keystroke: &Keystroke) -> Option<Key> {
    let held = &keystroke.modifiers;
    if held.alt || held.platform || held.function {
        return None;
    }
    let name = keystroke.key.as_str();
    if held.control {
        let mut letters = name.chars();
        let letter = letters.next()?;
        let alone = letters.next().is_none() && !held.shift;
        return alone.then(|| Key::Ctrl(letter).normalized());
    }
    let key = match name {
        "escape" => Key::Escape,
        "enter" => Key::Enter,
        "tab" => Key::Tab,
        "backspace" => Key::Backspace,
        "delete" => Key::Delete,
        "left" => Key::Left,
        "right" => Key::Right,
        "up" => Key::Up,
        "down" => Key::Down,
        "home" => Key::Home,
        "end" => Key::End,
        "pageup" => Key::PageUp,
        "pagedown" => Key::PageDown,
        _ => return None,
    };
    // With Shift they select, as everywhere in Kiln.
    (!held.shift || key == Key::Backspace).then_some(key)
}

impl EditorView {
    /// Whether Vim has a use for a key in the mode that it is in; the others stay Kiln's.
    fn is_for_vim(&self, key: Key) -> bool {
        let (mode, waits) = self
            .vim
            .as_ref()
            .map(|vim| (vim.mode(), vim.is_waiting_for_keys()))
            .unwrap_or_default();
        match key {
            Key::Escape => {
                let closes = self.snippet.is_some()
                    || self.find.is_some()
                    || self.go_to_line.is_some()
                    || self.choices.is_some()
                    || self.hunk_card.is_some()
                    || self.is_comparing();
                !closes || mode != Mode::Normal || waits
            }
            Key::Tab => self.snippet.is_none(),
            Key::PageUp | Key::PageDown => !mode.is_insert(),
            Key::Ctrl(letter) => {
                let taken = match mode {
                    Mode::Insert | Mode::Replace => "chrwutdeyo",
                    Mode::CommandLine => "chwu",
                    _ => "axrveydufbhw",
                };
                taken.contains(letter)
            }
            _ => true,
        }
    }
}
