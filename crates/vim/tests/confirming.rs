//! `:s` with the flag `c` where something else changes the text while it asks.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use editor_core::{ChangeSet, Selections, Text};
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

/// Something else edits the text.
fn edit(vim: &mut Vim, text: &mut Text, selections: &mut Selections, at: usize, new: &str) {
    let changes = ChangeSet::replacement(text.len(), at..at, new).unwrap();
    *text = changes.apply(text).unwrap();
    *selections = selections.map(&changes);
    vim.follow(&changes, selections);
}

#[test]
fn lines_that_come_meanwhile_move_what_is_asked_about() {
    for (range, at, new, keys, expected) in [
        ("%", 0, "new\n", "yyy", "new\nlong b\nlong\nlong\n"),
        // In the range, behind the match that is asked about.
        ("%", 4, "a new\n", "yyyy", "long b\nlong new\nlong\nlong\n"),
        ("%", 0, "x ", "yyy", "x long b\nlong\nlong\n"),
        // Lines outside of the range stay.
        ("1,2", 0, "a new\n", "yyy", "a new\nlong b\nlong\na\n"),
        ("1,2", 6, "a new\n", "yyy", "long b\nlong\na new\na\n"),
        ("1,2", 5, "\na new", "yyy", "long b\nlong\na new\na\n"),
        ("1,2", 0, "a new\n", "a", "a new\nlong b\nlong\na\n"),
    ] {
        let (mut text, mut selections) = (Text::new("a b\na\na\n"), Selections::caret(0));
        let mut vim = Vim::new(Options::default());
        let command = format!(":{range}s/a/long/c<CR>");
        press(&mut vim, &command, &mut text, &mut selections);
        edit(&mut vim, &mut text, &mut selections, at, new);
        assert!(vim.question().is_some(), "{range} {new:?}");
        press(&mut vim, keys, &mut text, &mut selections);
        assert_eq!(text.to_string(), expected, "{range} {new:?}");
    }
}

#[test]
fn marks_and_what_is_selected_follow_what_something_else_writes() {
    let (mut text, mut selections) = (Text::new("one\ntwo\nthree\n"), Selections::caret(0));
    let mut vim = Vim::new(Options::default());
    press(&mut vim, "jmakVj", &mut text, &mut selections);
    edit(&mut vim, &mut text, &mut selections, 0, "new\n");
    // Whole lines are still selected, and no more.
    press(&mut vim, "d", &mut text, &mut selections);
    assert_eq!(text.to_string(), "new\nthree\n");
    let (mut text, mut selections) = (Text::new("one\ntwo\nthree\n"), Selections::caret(0));
    let mut vim = Vim::new(Options::default());
    press(&mut vim, "jmak", &mut text, &mut selections);
    edit(&mut vim, &mut text, &mut selections, 0, "new\n");
    press(&mut vim, "'adw", &mut text, &mut selections);
    assert_eq!(text.to_string(), "new\none\n\nthree\n");
}
