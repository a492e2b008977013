//! Keys: the keymap of settings, bound to commands, and how keys are written.

use crate::commands::Commands;
use gpui_kit::component::kbd::Kbd;
use gpui_kit::{
    Action, App, AsKeystroke as _, Global, KeyBinding, KeyBindingContextPredicate, SharedString,
};
use std::rc::Rc;

/// The bindings that existed before settings added theirs (inputs, menus, dialogs).
struct BaseBindings(Vec<KeyBinding>);

impl Global for BaseBindings {}

pub(crate) fn init(cx: &mut App) {
    let base = cx.key_bindings().borrow().bindings().cloned().collect();
    cx.set_global(BaseBindings(base));
}

/// Adds bindings that settings do not name: keys of a view's own parts, such as the
/// arrows of a list. They stay when the keymap is bound again.
pub fn bind_fixed(bindings: impl IntoIterator<Item = KeyBinding>, cx: &mut App) {
    let bindings: Vec<_> = bindings.into_iter().collect();
    cx.bind_keys(bindings.clone());
    cx.default_global::<FixedBindings>().0.extend(bindings);
}

#[derive(Default)]
struct FixedBindings(Vec<KeyBinding>);

impl Global for FixedBindings {}

/// Replaces the bindings of settings by `keymap`. Returns what could not be bound, each
/// with its reason: unknown command, keys or condition that do not parse.
pub fn bind_keymap(keymap: &[settings::KeyBinding], cx: &mut App) -> Vec<String> {
    let mut problems = Vec::new();
    let mut bindings = Vec::new();
    for binding in keymap {
        let Some(command) = Commands::get(&binding.command, cx) else {
            problems.push(format!(
                "\u{201c}{}\u{201d} is bound to \u{201c}{}\u{201d}, which is no command of Kiln.",
                binding.keys, binding.command
            ));
            continue;
        };
        let condition = match binding
            .when
            .as_deref()
            .map(KeyBindingContextPredicate::parse)
        {
            None => None,
            Some(Ok(condition)) => Some(Rc::new(condition)),
            Some(Err(error)) => {
                problems.push(format!(
                    "The condition of \u{201c}{}\u{201d} is not understood: {error}.",
                    binding.keys
                ));
                continue;
            }
        };
        if let Some(keys) = as_typed(&binding.keys)
            && let Ok(typed) = KeyBinding::load(
                &keys,
                command.action.boxed_clone(),
                condition.clone(),
                false,
                None,
                cx,
            )
        {
            // Before the one that was written, which is the one to show.
            bindings.push(typed);
        }
        match KeyBinding::load(&binding.keys, command.action, condition, false, None, cx) {
            Ok(binding) => bindings.push(binding),
            Err(error) => problems.push(format!(
                "\u{201c}{}\u{201d} is not a key: {error}.",
                binding.keys
            )),
        }
    }
    cx.clear_key_bindings();
    if let Some(base) = cx.try_global::<BaseBindings>().map(|base| base.0.clone()) {
        cx.bind_keys(base);
    }
    if let Some(fixed) = cx
        .try_global::<FixedBindings>()
        .map(|fixed| fixed.0.clone())
    {
        cx.bind_keys(fixed);
    }
    cx.bind_keys(bindings);
    cx.refresh_windows();
    problems
}

/// Keys with Shift as Linux tells of them: X11 and Wayland give the character that Shift makes,
/// without Shift, so that `ctrl-shift-[` arrives as `ctrl-{`. The characters are those of the US
/// layout, for which keymaps are written. Nothing where no key changes.
fn as_typed(keys: &str) -> Option<String> {
    let strokes = keys.split_whitespace();
    let typed: Vec<_> = strokes
        .map(|stroke| stroke_as_typed(stroke).unwrap_or_else(|| stroke.to_owned()))
        .collect();
    let typed = typed.join(" ");
    (typed != keys).then_some(typed)
}

fn stroke_as_typed(stroke: &str) -> Option<String> {
    let (last, key) = stroke.char_indices().next_back()?;
    let modifiers = &stroke[..last];
    let shift = modifiers.starts_with("shift-") || modifiers.contains("-shift-");
    // A key of one character, not the end of a name such as `f1`.
    let at = UNSHIFTED
        .find(key)
        .filter(|_| shift && modifiers.ends_with('-'))?;
    let modifiers = modifiers.replacen("shift-", "", 1);
    Some(format!("{modifiers}{}", &SHIFTED[at..=at]))
}

/// The keys of the US layout that Shift makes another character of, and at the same places these.
const UNSHIFTED: &str = "`1234567890-=[]\\;',./";
const SHIFTED: &str = "~!@#$%^&*()_+{}|:\"<>?";

/// The keys of an action as a person reads them: "Ctrl+K Ctrl+S". Keys that work everywhere
/// go before keys that mean something else in some place, since who reads a tooltip may be
/// there.
pub fn keys_for_action(action: &dyn Action, cx: &App) -> Option<SharedString> {
    let keymap = cx.key_bindings();
    let keymap = keymap.borrow();
    let binding = keymap
        .bindings_for_action(action)
        .rfind(|binding| binding.predicate().is_none())
        .or_else(|| keymap.bindings_for_action(action).next_back())?;
    let keys: Vec<_> = binding
        .keystrokes()
        .iter()
        .map(|keystroke| Kbd::format(keystroke.as_keystroke()))
        .collect();
    Some(keys.join(" ").into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CommandSpec;
    use gpui_kit::{Keystroke, TestAppContext};

    gpui_kit::actions!(keys_test, [Fire]);

    fn binding(keys: &str, command: &str, when: Option<&str>) -> settings::KeyBinding {
        settings::KeyBinding {
            keys: keys.into(),
            command: command.into(),
            when: when.map(Into::into),
        }
    }

    #[gpui_kit::test]
    fn the_keymap_binds_commands_and_says_what_it_could_not(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            Commands::register(cx, [CommandSpec::new("test.fire", "Test", "Fire", Fire)]);
            let problems = bind_keymap(
                &[
                    binding("ctrl-k ctrl-f", "test.fire", None),
                    binding("ctrl-x", "no.such", None),
                    binding("ctrl-y", "test.fire", Some("(((")),
                ],
                cx,
            );
            assert_eq!(
                Commands::keys("test.fire", cx).as_deref(),
                Some("Ctrl+K Ctrl+F")
            );
            assert_eq!(problems.len(), 2, "{problems:?}");
            assert!(problems[0].contains("no.such"));
            assert!(problems[1].contains("condition"));
        });
    }

    #[test]
    fn shift_is_told_by_the_character_that_it_makes() {
        for (written, typed) in [
            ("ctrl-shift-[", Some("ctrl-{")),
            ("ctrl-shift-\\", Some("ctrl-|")),
            ("shift-ctrl-.", Some("ctrl->")),
            ("ctrl-shift-1", Some("ctrl-!")),
            ("ctrl-shift--", Some("ctrl-_")),
            ("ctrl-k ctrl-shift-/", Some("ctrl-k ctrl-?")),
            ("ctrl-[", None),
            ("ctrl-shift-p", None),
            ("ctrl-shift-f1", None),
            ("ctrl-shift-f10", None),
            ("shift-tab", None),
        ] {
            assert_eq!(as_typed(written).as_deref(), typed, "{written}");
        }
    }

    #[gpui_kit::test]
    fn keys_with_shift_run_their_command_as_they_arrive_and_are_shown_as_written(
        cx: &mut TestAppContext,
    ) {
        cx.update(|cx| {
            crate::init(cx);
            Commands::register(cx, [CommandSpec::new("test.fire", "Test", "Fire", Fire)]);
            bind_keymap(&[binding("ctrl-shift-[", "test.fire", None)], cx);
            assert_eq!(
                Commands::keys("test.fire", cx).as_deref(),
                Some("Ctrl+Shift+[")
            );
            let keymap = cx.key_bindings();
            let keymap = keymap.borrow();
            for keys in ["ctrl-{", "ctrl-shift-["] {
                let stroke = [Keystroke::parse(keys).unwrap()];
                let (found, _) = keymap.bindings_for_input(&stroke, &[]);
                assert_eq!(found.len(), 1, "{keys}");
            }
        });
    }

    #[gpui_kit::test]
    fn keys_that_work_everywhere_are_the_ones_shown(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            Commands::register(cx, [CommandSpec::new("test.fire", "Test", "Fire", Fire)]);
            let everywhere = binding("ctrl-alt-i", "test.fire", None);
            let in_places = binding("ctrl-l", "test.fire", Some("!Editor"));
            for order in [[&everywhere, &in_places], [&in_places, &everywhere]] {
                bind_keymap(&order.map(Clone::clone), cx);
                assert_eq!(
                    Commands::keys("test.fire", cx).as_deref(),
                    Some("Ctrl+Alt+I")
                );
            }
            bind_keymap(&[in_places], cx);
            assert_eq!(Commands::keys("test.fire", cx).as_deref(), Some("Ctrl+L"));
        });
    }

    #[gpui_kit::test]
    fn binding_again_replaces_what_was_bound(cx: &mut TestAppContext) {
        cx.update(|cx| {
            crate::init(cx);
            Commands::register(cx, [CommandSpec::new("test.fire", "Test", "Fire", Fire)]);
            let before = cx.key_bindings().borrow().bindings().count();
            bind_keymap(&[binding("ctrl-1", "test.fire", None)], cx);
            bind_keymap(&[binding("ctrl-2", "test.fire", None)], cx);
            assert_eq!(Commands::keys("test.fire", cx).as_deref(), Some("Ctrl+2"));
            assert_eq!(cx.key_bindings().borrow().bindings().count(), before + 1);
        });
    }
}
