//! Which keys are Vim's, while it is on and an editor has the focus.

use gpui_kit::{App, Context, Keystroke, Subscription};
use vim::{Key, Mode};

use crate::view::EditorView;

/// Takes Vim's keys before they are looked up in the keymap. Characters come as text, through the
/// input method.
pub(crate) fn intercept(cx: &mut Context<EditorView>) -> Subscription {
    let view = cx.weak_entity();
    cx.intercept_keystrokes(move |event, window, cx| {
        let Some(view) = view.upgrade() else { return };
        view.update(cx, |view, cx| {
            if view.focus.is_focused(window) && view.takes_dead_key(&event.keystroke, window, cx) {
                cx.stop_propagation();
                return;
            }
            // The second key of a chord belongs to the chord.
            if !view.is_vim(cx) || !view.focus.is_focused(window) || window.has_pending_keystrokes()
            {
                return;
            }
            let Some(key) = special(&event.keystroke) else {
                return;
            };
            if view.is_for_vim(key, cx) {
                if key == Key::Backspace && view.vim_inserts() {
                    view.typing(|view| view.vim_key(key, window, cx));
                    view.complete_deleted(window, cx);
                    view.inline_typed(window, cx);
                } else {
                    view.vim_key(key, window, cx);
                }
                cx.stop_propagation();
            }
        });
    })
}

/// A key that types no character.
pub(crate) fn special(keystroke: &Keystroke) -> Option<Key> {
    let held = &keystroke.modifiers;
    if held.alt || held.platform || held.function {
        return None;
    }
    let name = keystroke.key.as_str();
    if held.control {
        let mut letters = name.chars();
        let letter = letters.next()?;
        let is_one = letters.next().is_none();
        // `CTRL-^` is typed on the key of 6, with Shift or without it.
        if is_one && matches!(letter, '6' | '^') {
            return Some(Key::Ctrl('^'));
        }
        let alone = is_one && !held.shift;
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
    fn is_for_vim(&self, key: Key, cx: &App) -> bool {
        let (mode, waits) = self
            .vim
            .as_ref()
            .map(|vim| (vim.mode(), vim.is_waiting_for_keys()))
            .unwrap_or_default();
        let in_list = matches!(
            key,
            Key::Up | Key::Down | Key::PageUp | Key::PageDown | Key::Enter | Key::Tab
        );
        if in_list && self.completing.is_shown() {
            return false;
        }
        match key {
            Key::Escape => {
                let closes = self.snippet.is_some()
                    || self.find.is_some()
                    || self.go_to_line.is_some()
                    || self.choices.is_some()
                    || self.inline_hunks.has_opened()
                    || self.peek.is_some()
                    || self.has_hover()
                    || self.parameters.is_shown()
                    || self.rename.is_some()
                    || self.inline_prompt.is_some()
                    || self.shows_proposal()
                    || crate::text_drag::is_dragging(cx)
                    || self.is_comparing();
                !closes || mode != Mode::Normal || waits
            }
            Key::Tab => self.snippet.is_none(),
            Key::PageUp | Key::PageDown => !mode.is_insert(),
            Key::Ctrl(letter) => takes_control(mode, letter) || self.vim_awaits_control(letter),
            _ => true,
        }
    }
}

impl EditorView {
    /// Whether a letter with Control is for the key before it: `CTRL-W`, `g` with `CTRL-G`, `r` and its
    /// like, or `CTRL-V` in insert mode and in a line.
    fn vim_awaits_control(&self, letter: char) -> bool {
        let vim = self.vim.as_ref().map(|mode| &mode.vim);
        vim.is_some_and(|vim| {
            (vim.pending_keys().ends_with('g') && letter == 'g')
                || vim.awaits_window_key()
                || vim.awaits_insert_key()
                || vim.awaits_character()
        })
    }
}

/// Whether a letter with Control is Vim's in a mode.
fn takes_control(mode: Mode, letter: char) -> bool {
    let taken = match mode {
        Mode::Insert | Mode::Replace => "chrwutdeyovk",
        Mode::CommandLine => "bcehknprvuw",
        Mode::Confirm => "cey",
        _ => "axrveydufbhwo^",
    };
    taken.contains(letter)
}

#[cfg(test)]
mod tests {
    use editor_core::{Selections, Text};
    use vim::{Options, Vim, parse_keys};

    use super::*;

    /// Where some keys lead, and what is to be done for the last of them.
    fn after(keys: &str, last: &str) -> String {
        let mut text = Text::new(&"one 1 two\n\tthree\n".repeat(80));
        let mut selections = Selections::caret(0);
        let mut vim = Vim::new(Options::default());
        let mut told = Vec::new();
        let keys = parse_keys(keys).into_iter().map(|key| (key, false));
        let last = parse_keys(last).into_iter().map(|key| (key, true));
        for (key, is_last) in keys.chain(last) {
            for effect in vim.key(key, &text, &selections, &()) {
                match effect {
                    vim::Effect::Edit(edit) => {
                        text = edit.changes.apply(&text).unwrap();
                        selections = edit.selections_after;
                    }
                    vim::Effect::Select(new) => selections = new,
                    other if is_last => told.push(other),
                    _ => {}
                }
            }
        }
        let (mode, pending) = (vim.mode(), vim.pending_keys());
        let (cursor, line) = (vim.cursor(), vim.command_line());
        format!("{mode:?} {pending} {cursor} {line:?} {told:?} {selections:?}\n{text}")
    }

    /// Every letter with Control that changes something in Vim is Vim's, but for those that stay
    /// Kiln's, which the guide lists.
    #[test]
    fn every_key_with_control_that_vim_knows_reaches_it() {
        for (mode, before, kilns) in [
            // A jump to go back from, a change to do again, and room all around.
            (Mode::Normal, "A<Esc>40G9j3wx", "cjnp"),
            (Mode::Visual, "40Gwv", "cjnp"),
            (Mode::Insert, "40Gwia b", "j"),
            (Mode::CommandLine, ":ab cd", ""),
            (Mode::Confirm, ":s/o/0/c<CR>", ""),
        ] {
            let unchanged = after(before, "");
            for letter in ('a'..='z').filter(|letter| !"im".contains(*letter)) {
                // Neither is a command in any mode; CTRL-V types what it types without it.
                let is_text = mode != Mode::Normal && letter == 'v';
                let does = after(before, &format!("<C-{letter}>")) != unchanged;
                let expected = takes_control(mode, letter) || kilns.contains(letter) || is_text;
                assert!(!does || expected, "CTRL-{letter} in {mode:?}");
            }
        }
    }
}
