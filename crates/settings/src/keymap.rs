//! Keys and the commands that they run.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use serde_json::Value;

use crate::jsonc::{self, Places};
use crate::layers::{SettingsProblem, Unapplied, in_place_of_malformed};

/// One key binding.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyBinding {
    /// Keystrokes in gpui's notation, a chord's parted by spaces: `ctrl-k ctrl-s`.
    pub keys: String,
    /// The id of the command that they run, such as `workspace.save`.
    pub command: String,
    /// Where they do (a gpui context predicate such as `Editor`); everywhere if `None`.
    pub when: Option<String>,
}

/// Key bindings in order; later ones win.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Keymap {
    /// The bindings, the ones with the last word last.
    pub bindings: Vec<KeyBinding>,
}

const DEFAULT: &str = include_str!("../../../assets/keymaps/default.json");

const MODIFIERS: &[&str] = &[
    "ctrl",
    "alt",
    "shift",
    "cmd",
    "super",
    "win",
    "fn",
    "secondary",
];

const NAMED_KEYS: &[&str] = &[
    "backspace",
    "delete",
    "down",
    "end",
    "enter",
    "escape",
    "home",
    "insert",
    "left",
    "pagedown",
    "pageup",
    "right",
    "space",
    "tab",
    "up",
];

impl Keymap {
    /// Kiln's own bindings, from `assets/keymaps/default.json`.
    pub fn builtin() -> Self {
        Self::parse("default keymap", DEFAULT).0
    }

    /// Reads a keymap: a list of `{"keys", "command", "when"}`, with comments and
    /// trailing commas. Entries that make no sense are listed and left out.
    pub fn parse(name: &str, text: &str) -> (Self, Vec<SettingsProblem>) {
        Self::parse_or_before(name, text, None)
    }

    /// As [`parse`](Self::parse); where the text is malformed, what the file said before holds.
    pub fn parse_or_before(
        name: &str,
        text: &str,
        before: Option<&str>,
    ) -> (Self, Vec<SettingsProblem>) {
        let mut problems = Vec::new();
        let mut bindings = Vec::new();
        let problem = |line, column, unapplied, message: String| SettingsProblem {
            layer: name.to_string(),
            line,
            column,
            unapplied,
            message,
        };
        let (line, column, wrong) = match jsonc::parse_ast(text) {
            Ok(None) => return (Self { bindings }, problems),
            Ok(Some(ast::Value::Array(entries))) => {
                let mut places = Places::new(&text[jsonc::bom_len(text)..]);
                for entry in entries.elements {
                    let (line, column) = places.of(entry.range().start);
                    match binding(&Value::from(entry)) {
                        Ok(binding) => bindings.push(binding),
                        Err(reason) => {
                            problems.push(problem(line, column, Unapplied::Entry, reason));
                        }
                    }
                }
                return (Self { bindings }, problems);
            }
            Ok(Some(_)) => (1, 1, "A keymap is a list, `[ … ]`".to_owned()),
            Err(error) => (error.line, error.column, error.message),
        };
        let message = format!("{wrong}. {}", in_place_of_malformed(before.is_some()));
        let malformed = problem(line, column, Unapplied::File, message);
        // What is wrong in what was before was told when it was read.
        let kept = before.map(|text| Self::parse(name, text).0);
        (kept.unwrap_or_default(), vec![malformed])
    }

    /// These bindings with a user's over them. A user's command that begins with
    /// `-` takes the binding with the same keys and command away, as in VS Code.
    pub fn with_user(mut self, user: Keymap) -> Self {
        for binding in user.bindings {
            match binding.command.strip_prefix('-') {
                Some(removed) => self
                    .bindings
                    .retain(|old| old.command != removed || old.keys != binding.keys),
                None => self.bindings.push(binding),
            }
        }
        self
    }

    /// The keys that run a command, for tooltips and the palette: the last binding
    /// wins, one that holds everywhere before one that holds in a place.
    pub fn keys_for(&self, command: &str) -> Option<&str> {
        let of_command = || {
            self.bindings
                .iter()
                .rev()
                .filter(move |binding| binding.command == command)
        };
        of_command()
            .find(|binding| binding.when.is_none())
            .or_else(|| of_command().next())
            .map(|binding| binding.keys.as_str())
    }
}

fn binding(entry: &Value) -> Result<KeyBinding, String> {
    let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::trim);
    let keys = text("keys").ok_or("A binding needs `keys`, a text such as \"ctrl-s\"; ignored.")?;
    let command = text("command").ok_or("A binding needs `command`, a command's id; ignored.")?;
    check_keys(keys)?;
    if command.trim_start_matches('-').is_empty() {
        return Err("`command` is empty; ignored.".into());
    }
    let when = match entry.get("when") {
        None | Some(Value::Null) => None,
        Some(Value::String(when)) if !when.trim().is_empty() => Some(when.trim().to_string()),
        Some(_) => return Err("`when` is a text; ignored.".into()),
    };
    Ok(KeyBinding {
        keys: keys.to_string(),
        command: command.to_string(),
        when,
    })
}

/// Checks that keys are in gpui's notation: modifiers and one key, joined by `-`.
fn check_keys(keys: &str) -> Result<(), String> {
    if keys.is_empty() {
        return Err("`keys` is empty; ignored.".into());
    }
    for stroke in keys.split(' ') {
        // The key itself may be `-`, as in `ctrl--`.
        let (modifiers, key) = match stroke.strip_suffix("--") {
            Some(modifiers) => (modifiers, "-"),
            None => stroke.rsplit_once('-').unwrap_or(("", stroke)),
        };
        let (modifiers, key) = if stroke == "-" {
            ("", "-")
        } else {
            (modifiers, key)
        };
        let known_modifiers = modifiers.is_empty()
            || modifiers
                .split('-')
                .all(|modifier| MODIFIERS.contains(&modifier));
        let function_key = key
            .strip_prefix('f')
            .and_then(|number| number.parse::<u8>().ok())
            .is_some_and(|number| (1..=24).contains(&number));
        let known_key = key.chars().count() == 1 || function_key || NAMED_KEYS.contains(&key);
        let lower = key.chars().all(|character| !character.is_uppercase());
        if !known_modifiers || !known_key || !lower {
            return Err(format!(
                "`{stroke}` is no keystroke: write modifiers (ctrl, alt, shift, cmd) and one key, \
                 joined by `-`, such as \"ctrl-shift-p\"; ignored."
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_default_keymap_has_no_problems_and_no_two_meanings_for_a_key() {
        let (keymap, problems) = Keymap::parse("default", DEFAULT);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(keymap.keys_for("workspace.save"), Some("ctrl-s"));
        let mut seen = BTreeSet::new();
        for binding in &keymap.bindings {
            assert!(
                seen.insert((binding.keys.clone(), binding.when.clone())),
                "{} is bound twice in the same place",
                binding.keys
            );
        }
    }

    #[test]
    fn no_key_of_the_default_keymap_means_the_same_again_further_in() {
        let (keymap, _) = Keymap::parse("default", DEFAULT);
        let of = |binding: &KeyBinding| (binding.keys.clone(), binding.command.clone());
        for binding in &keymap.bindings {
            let outer = binding
                .when
                .as_ref()
                .and_then(|when| when.split_once(" > "));
            let Some((outer, _)) = outer else { continue };
            let again = keymap
                .bindings
                .iter()
                .find(|other| of(other) == of(binding) && other.when.as_deref() == Some(outer));
            assert_eq!(
                again, None,
                "{} holds in {:?} already",
                binding.keys, binding.when
            );
        }
    }

    #[test]
    fn problems_name_the_entry_and_the_rest_applies() {
        let (keymap, problems) = Keymap::parse(
            "keymap.json",
            "[\n  {\"keys\": \"ctrl+s\", \"command\": \"workspace.save\"},\n  {\"keys\": \"f2\", \"command\": \"a.b\"}, // fine\n]",
        );
        assert_eq!(keymap.bindings.len(), 1);
        assert_eq!((problems[0].line, problems[0].column), (2, 3));
        assert!(problems[0].message.contains("ctrl-shift-p"));
    }

    #[test]
    fn a_keymap_that_became_malformed_holds_as_it_was() {
        let before = "[{\"keys\": \"f2\", \"command\": \"a.b\"}]";
        let (keymap, problems) = Keymap::parse_or_before("keymap.json", "[ oops", Some(before));
        assert_eq!(keymap.keys_for("a.b"), Some("f2"));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].unapplied, Unapplied::File);
        assert_eq!(Keymap::parse("keymap.json", "[ oops").0, Keymap::default());
    }

    #[test]
    fn a_user_rebinds_and_unbinds() {
        let (user, problems) = Keymap::parse(
            "user",
            r#"[{"keys": "ctrl-s", "command": "-workspace.save"},
                {"keys": "ctrl-k w", "command": "workspace.save"}]"#,
        );
        assert!(problems.is_empty());
        let keymap = Keymap::builtin().with_user(user);
        assert_eq!(keymap.keys_for("workspace.save"), Some("ctrl-k w"));
    }

    #[test]
    fn the_keys_of_gpui_are_understood() {
        for keys in [
            "ctrl--",
            "-",
            "ctrl-k ctrl-s",
            "shift-f12",
            "alt-pageup",
            "ctrl-,",
            "ctrl-\\",
            "é",
        ] {
            assert_eq!(check_keys(keys), Ok(()), "{keys}");
        }
        for keys in [
            "",
            "ctrl-",
            "hyper-x",
            "ctrl-S",
            "f99",
            "ctrl-k  s",
            "ctrl+s",
        ] {
            assert!(check_keys(keys).is_err(), "{keys}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            Keymap::parse("any", &text);
        }
    }
}
