//! `CTRL-W`: what it asks of the program.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use editor_core::{Selections, Text};
use vim::{Effect, ExCommand, Options, Vim, parse_keys};

/// The commands of the program that some keys ask for.
fn asked(keys: &str) -> Vec<String> {
    let text = Text::new("one two\nthree\n");
    let mut selections = Selections::caret(0);
    let mut vim = Vim::new(Options::default());
    let mut asked = Vec::new();
    for key in parse_keys(keys) {
        for effect in vim.key(key, &text, &selections, &()) {
            match effect {
                Effect::Command(ExCommand::Other(id)) => asked.push(id),
                Effect::Select(new) => selections = new,
                Effect::Edit(edit) => panic!("{keys} edits: {edit:?}"),
                _ => {}
            }
        }
    }
    asked
}

#[test]
fn keys_after_ctrl_w_are_for_groups_of_tabs() {
    for (keys, command) in [
        ("v", "workbench.splitRight"),
        ("s", "workbench.action.splitEditorDown"),
        ("w", "workbench.action.focusNextGroup"),
        ("W", "workbench.action.focusPreviousGroup"),
        ("p", "workbench.action.focusPreviousGroup"),
        ("h", "workbench.action.focusLeftGroup"),
        ("j", "workbench.action.focusBelowGroup"),
        ("k", "workbench.action.focusAboveGroup"),
        ("l", "workbench.action.focusRightGroup"),
        ("c", "workbench.action.closeGroup"),
        ("q", "workbench.action.closeGroup"),
        ("o", "workbench.action.joinAllGroups"),
    ] {
        assert_eq!(asked(&format!("<C-w>{keys}")), [command], "{keys}");
        // With Control too, as the hand is on it.
        if !"Wpcq".contains(keys) {
            assert_eq!(asked(&format!("<C-w><C-{keys}>")), [command], "{keys}");
        }
        // A selection stays, and several carets ask once.
        assert_eq!(asked(&format!("ve<C-w>{keys}")), [command], "{keys}");
    }
    for (keys, command) in [("<Left>", "Left"), ("<Down>", "Below"), ("<Up>", "Above")] {
        let command = format!("workbench.action.focus{command}Group");
        assert_eq!(asked(&format!("<C-w>{keys}")), [command]);
    }
    for (key, command) in [
        ("+", "increaseViewHeight"),
        ("-", "decreaseViewHeight"),
        (">", "increaseViewWidth"),
        ("<lt>", "decreaseViewWidth"),
    ] {
        let command = format!("workbench.action.{command}");
        assert_eq!(asked(&format!("<C-w>{key}")), [command]);
    }
    assert_eq!(asked(":only<CR>"), ["workbench.action.joinAllGroups"]);
    assert_eq!(asked("<C-w>z"), Vec::<String>::new());
    assert_eq!(asked("<C-w><C-c>l"), Vec::<String>::new(), "given up");
}
