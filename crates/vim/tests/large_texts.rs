//! Vim's commands over texts of many windows, beside a plain string.
#![allow(clippy::expect_used, clippy::unwrap_used)]

use std::fmt::Write as _;

use editor_core::{History, Selections, Text};
use vim::{Effect, Options, Vim, parse_keys};

/// Lines of some 40 bytes, more than two megabytes, with `needle` in a few of them.
fn lines() -> String {
    let mut text = String::new();
    for row in 0..50_000 {
        let word = if row % 7_919 == 5 {
            "needle"
        } else {
            "straw é"
        };
        writeln!(text, "{row:>8} {word} and more of the line {}", row % 13).unwrap();
    }
    text
}

/// Types keys at an offset: the text, the cursor, and the transactions that were made.
fn typed(content: &str, at: usize, keys: &str) -> (String, usize, Vec<editor_core::Transaction>) {
    let mut text = Text::new(content);
    let mut selections = Selections::caret(at);
    let mut history = History::new();
    let mut vim = Vim::new(Options::default());
    let mut edits = Vec::new();
    for key in parse_keys(keys) {
        let mut effects = vim.key(key, &text, &selections, &());
        loop {
            for effect in effects {
                match effect {
                    Effect::Edit(edit) => {
                        history.push(
                            &edit,
                            &edit.changes.removed(&text),
                            std::time::Duration::ZERO,
                        );
                        text = edit.changes.apply(&text).expect("an edit of this text");
                        selections = edit.selections_after.clone();
                        edits.push(edit);
                    }
                    Effect::Select(new) => selections = new,
                    Effect::Undo(_) => {
                        let step = history.undo().expect("something to undo");
                        text = step.changes.apply(&text).expect("a step of this text");
                        selections = step.selections_after;
                    }
                    _ => {}
                }
            }
            if !vim.is_waiting() {
                break;
            }
            let taken = history.taken_step();
            effects = vim.resume(&text, &selections, taken.as_ref(), &());
        }
    }
    (text.to_string(), vim.cursor(), edits)
}

#[test]
fn a_search_goes_over_all_windows_both_ways_and_around() {
    let text = lines();
    let places: Vec<usize> = text.match_indices("needle").map(|(at, _)| at).collect();
    let middle = text.floor_char_boundary(text.len() / 2);
    let next = places.iter().position(|place| *place > middle).unwrap();
    for count in [1, 2, places.len(), places.len() * 5 + 3] {
        let forward = places[(next + count - 1) % places.len()];
        let (_, cursor, _) = typed(&text, middle, &format!("{count}/needle<CR>"));
        assert_eq!(cursor, forward, "{count}/");
        let back = (next + places.len() * count - count) % places.len();
        let (_, cursor, _) = typed(&text, middle, &format!("{count}?needle<CR>"));
        assert_eq!(cursor, places[back], "{count}?");
    }
}

#[test]
fn a_match_over_two_lines_is_found_at_the_edge_of_a_window() {
    let line = "0123456789abcde\n";
    let mut text = line.repeat(256 * 1024 / line.len());
    text.push_str("after\n");
    let place = text.len() - "e\nafter\n".len();
    let (_, cursor, _) = typed(&text, 0, "/e\\nafter<CR>");
    assert_eq!(cursor, place);
}

#[test]
fn a_substitution_replaces_the_lines_that_match_and_no_others() {
    let text = lines();
    let (after, cursor, edits) = typed(&text, 0, ":%s/needle/N<CR>");
    assert_eq!(after, text.replace("needle", "N"));
    let row = after
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(" N "));
    let row = row.map(|(row, _)| row).last().unwrap();
    assert_eq!(after[..cursor].matches('\n').count(), row);
    let touched: usize = edits
        .iter()
        .flat_map(|edit| edit.changes.edits().map(|edit| edit.old_range.len()))
        .sum();
    assert!(touched < 1_000, "{touched} bytes were replaced");
}

#[test]
fn an_undo_far_down_puts_the_cursor_where_the_change_was() {
    let text = lines();
    let (after, cursor, _) = typed(&text, 0, "Gxggu");
    assert_eq!(after, text);
    let last = text.trim_end().rfind('\n').unwrap() + 1;
    assert_eq!(cursor, last);
}

#[test]
fn a_sentence_is_not_looked_for_without_end() {
    const MIB: usize = 1024 * 1024;
    let near = format!("{} End. Next", "word".repeat(MIB / 2));
    let (_, cursor, _) = typed(&near, 0, ")");
    assert_eq!(cursor, near.find("Next").unwrap());
    let (_, cursor, _) = typed(&near, near.find("End").unwrap(), "(");
    assert_eq!(cursor, 0);
    let far = format!("{} End. Next", "word".repeat(MIB * 3 / 2));
    let (_, cursor, _) = typed(&far, 0, ")");
    assert_eq!(cursor, 0, "it says that there is none");
    let (_, cursor, _) = typed(&far, far.find("End").unwrap(), "(");
    assert_eq!(cursor, far.find("End").unwrap());
    let (text, _, _) = typed(&far, 4 * MIB, "dis");
    assert!(!text.is_empty());
}

#[test]
fn a_word_of_many_pieces_is_passed_whole_and_as_a_short_one() {
    let long = 40_000;
    for (piece, tail) in [("x", ""), ("é", ""), ("x", "e\u{301}"), ("xé", "_")] {
        let word = format!("{}{tail}", piece.repeat(long));
        let text = format!("one.{word} two\n{word}\nend");
        let word_at = 4;
        let two = word_at + word.len() + 1;
        let last = two - 1 - word.chars().next_back().unwrap().len_utf8();
        let last = if tail.len() == 3 { two - 1 - 3 } else { last };
        let (_, cursor, _) = typed(&text, word_at, "w");
        assert_eq!(cursor, two, "w over {piece}{tail}");
        let (_, cursor, _) = typed(&text, word_at, "e");
        assert_eq!(cursor, last, "e over {piece}{tail}");
        let (_, cursor, _) = typed(&text, two, "b");
        assert_eq!(cursor, word_at, "b over {piece}{tail}");
        let (_, cursor, _) = typed(&text, two, "ge");
        assert_eq!(cursor, last, "ge over {piece}{tail}");
        let (_, cursor, _) = typed(&text, two, "B");
        assert_eq!(cursor, 0, "B over {piece}{tail}");
        let (_, cursor, _) = typed(&text, 0, "E");
        assert_eq!(cursor, last, "E over {piece}{tail}");
        let (text, _, _) = typed(&text, word_at + long / 2, "diw");
        assert_eq!(text, format!("one. two\n{word}\nend"));
    }
}
