use proptest::prelude::*;

use super::generators::{piece, string};
use crate::Text;
use crate::find::{Needle, find_all, find_in_range, find_next, find_previous};

/// The oracle: matches of a plain string, none overlapping.
fn plain(text: &str, needle: &str) -> Vec<std::ops::Range<usize>> {
    text.match_indices(needle)
        .map(|(at, found)| at..at + found.len())
        .collect()
}

proptest! {
    #[test]
    fn all_are_found_as_a_string_finds_them(text in string(), needle in piece()) {
        let rope = Text::new(&text);
        let needle_ = Needle::new(needle).case_sensitive(true);
        let expected = plain(&text, needle);
        prop_assert_eq!(find_all(&rope, &needle_), expected.clone());
        for from in [0, text.len() / 2, text.len()] {
            let from = rope.floor_char_boundary(from);
            // Overlapping occurrences count from `from` on, as a string's do.
            let next = plain(&text[from..], needle).first().map(|r| r.start + from..r.end + from);
            let wrapped = next.or_else(|| expected.first().cloned());
            prop_assert_eq!(find_next(&rope, &needle_, from), wrapped);
            let last = text[..from].rfind(needle).or_else(|| text.rfind(needle));
            let last = last.map(|at| at..at + needle.len());
            prop_assert_eq!(find_previous(&rope, &needle_, from), last);
        }
    }

    #[test]
    fn in_any_case_ascii_is_found_as_in_lower_case(text in "[abAB \n]{0,400}", needle in "[abAB]{1,3}") {
        let rope = Text::new(&text);
        let expected = plain(&text.to_lowercase(), &needle.to_lowercase());
        prop_assert_eq!(find_all(&rope, &Needle::new(needle)), expected);
    }
}

#[test]
fn case_is_folded_beyond_ascii() {
    let text = Text::new("ÄPFEL äpfel Äpfel");
    assert_eq!(find_all(&text, &Needle::new("äpfel")).len(), 3);
    assert_eq!(
        find_all(&text, &Needle::new("äpfel").case_sensitive(true)).len(),
        1
    );
    // The Turkish capital I with a dot is two characters in lower case.
    let text = Text::new("xİx");
    assert_eq!(find_all(&text, &Needle::new("i\u{307}")), vec![1..3]);
}

#[test]
fn whole_words_are_told_from_parts() {
    let text = Text::new("foo foobar barfoo foo.foo");
    let found = find_all(&text, &Needle::new("foo").whole_word(true));
    assert_eq!(found, [0..3, 18..21, 22..25]);
    let found = find_all(&text, &Needle::new(".").whole_word(true));
    assert_eq!(found, vec![21..22]);
}

#[test]
fn matches_across_windows_are_found_once() {
    let mut source = "x".repeat(65_533);
    source.push_str("needle in a haystack, needle");
    source.push_str(&"y".repeat(200_000));
    source.push_str("needle");
    let text = Text::new(&source);
    let needle = Needle::new("NEEDLE");
    assert_eq!(find_all(&text, &needle), plain(&source, "needle"));
    assert_eq!(
        find_previous(&text, &needle, text.len() - 1),
        Some(65_555..65_561)
    );
    assert_eq!(find_next(&text, &needle, 65_534), Some(65_555..65_561));
}

#[test]
fn a_search_has_bounds() {
    let text = Text::new("aaaa");
    let needle = Needle::new("a");
    assert_eq!(find_in_range(&text, &needle, 1..3, 10), [1..2, 2..3]);
    assert_eq!(find_in_range(&text, &needle, 0..4, 2).len(), 2);
    assert!(find_all(&text, &Needle::new("")).is_empty());
    assert_eq!(find_next(&text, &Needle::new("b"), 0), None);
    assert_eq!(find_previous(&text, &Needle::new("aaaaa"), 4), None);
}
