//! `:s` with the flag `c` where something else changes the text while it asks.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use editor_core::{Selections, Text};
use vim::{Effect, Options, Vim, parse_keys};

/// Presses keys; gives what is told.
fn press(vim: &mut Vim, keys: &str, text: &mut Text, selections: &mut Selections) -> Vec<String> {
    let mut told = Vec::new();
    for key in parse_keys(keys) {
        for effect in vim.key(key, text, selections, &()) {
            match effect {
                Effect::Edit(edit) => {
                    *text = edit.changes.apply(text).unwrap();
                    *selections = edit.selections_after;
                }
                Effect::Select(new) => *selections = new,
                Effect::Message(message) => told.push(message.text),
                _ => {}
            }
        }
    }
    told
}

#[test]
fn an_answer_for_all_changes_nothing_that_is_no_match_any_more() {
    let (mut text, mut selections) = (Text::new("a b a b\na\n"), Selections::caret(0));
    let mut vim = Vim::new(Options::default());
    press(&mut vim, ":%s/a/long/gc<CR>", &mut text, &mut selections);
    // Another view or the agent writes behind the caret, which stays where it is.
    text = Text::new("a new b a b\na\n");
    let told = press(&mut vim, "a", &mut text, &mut selections);
    assert_eq!(text.to_string(), "a new b a b\na\n");
    let why = "The text was changed meanwhile: give the command again";
    assert!(told.iter().any(|one| one.contains(why)), "{told:?}");
    // Given again, it does all of them.
    press(&mut vim, ":%s/a/long/gc<CR>a", &mut text, &mut selections);
    assert_eq!(text.to_string(), "long new b long b\nlong\n");
}
