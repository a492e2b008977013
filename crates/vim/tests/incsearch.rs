//! The match that shows while its pattern is typed.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use editor_core::{Selections, Text};
use vim::{Effect, Options, Vim, parse_keys};

const TEXT: &str = "foo bar\n  food\nbar foo\na/b\nend\n";

/// The match after some keys, and the cursor.
fn typed(vim: &mut Vim, at: usize, keys: &str) -> (Option<String>, usize) {
    let text = Text::new(TEXT);
    let mut selections = Selections::caret(at);
    for key in parse_keys(keys) {
        for effect in vim.key(key, &text, &selections, &()) {
            if let Effect::Select(new) = effect {
                selections = new;
            }
        }
    }
    let found = vim.typed_match();
    let line = |at: usize| text.row_at(at) + 1;
    let told = |found: std::ops::Range<usize>| {
        format!("{}:{}", line(found.start), text.slice(found.clone()))
    };
    (found.map(told), selections.primary().head)
}

fn found(keys: &str) -> Option<String> {
    typed(&mut Vim::new(Options::default()), 0, keys).0
}

#[test]
fn the_match_follows_what_is_typed() {
    let shows = |keys: &str, expected: &str| {
        assert_eq!(
            found(keys).as_deref().unwrap_or("nothing"),
            expected,
            "{keys}"
        );
    };
    shows("/", "nothing");
    shows("/f", "2:f");
    shows("/food", "2:food");
    shows("/foods", "nothing");
    shows("/foods<BS>", "2:food");
    shows("?foo", "3:foo");
    shows("2/foo", "3:foo");
    shows("d/bar", "1:bar");
    shows("/^bar", "3:bar");
    shows("/\\<foo\\>", "3:foo");
    // What ends the pattern is none of it, unless a backslash takes it in.
    shows("/food/e", "2:food");
    shows("/a\\/b", "4:a/b");
    // A pattern that is not whole yet.
    shows("/\\(fo", "nothing");
    shows("/\\(fo\\)", "2:fo");
    shows(":s/foo", "nothing");
    shows(":set nois<CR>/foo", "nothing");
    shows(":set nows<CR>?foo", "nothing");
}

#[test]
fn the_cursor_stays_until_enter_leads_to_what_was_shown() {
    for pattern in ["/f", "/foo", "?foo", "?bar", "/o\\+$", "3/o", "/d$", "/x"] {
        for at in [0, 2, 9, 13, 20, TEXT.len() - 2] {
            let mut vim = Vim::new(Options::default());
            let (shown, cursor) = typed(&mut vim, at, pattern);
            assert_eq!(cursor, at, "{pattern}");
            let start = vim.typed_match().map(|found| found.start);
            let (none, cursor) = typed(&mut vim, at, "<CR>");
            assert_eq!(none, None);
            assert_eq!(cursor, start.unwrap_or(at), "{pattern} at {at}: {shown:?}");
        }
    }
}

#[test]
fn nothing_is_shown_after_escape() {
    assert_eq!(found("/foo<Esc>"), None);
    assert_eq!(found("/foo<CR>"), None);
}

#[test]
fn a_text_that_is_too_large_to_look_at_between_keys_is_left_to_enter() {
    let text = Text::new(&format!("{}needle\n", "hay\n".repeat(5_000_000)));
    let mut vim = Vim::new(Options::default());
    let caret = Selections::caret(0);
    for key in parse_keys("/needle") {
        vim.key(key, &text, &caret, &());
        assert_eq!(vim.typed_match(), None);
    }
    vim.key(vim::Key::Enter, &text, &caret, &());
    assert_eq!(vim.cursor(), 20_000_000);
}
