//! Patterns against the `regex` crate over a plain string.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::sample::select;

use super::generators::{edited, edits, piece, string};
use crate::find::{MAX_MATCHES, MAX_PATTERN, Matches, Pattern, PatternError, Query, Scope};
use crate::{ChangeSet, Edit, Text};

/// One of every reach (bytes, a line, anywhere), with assertions, classes and empty matches.
const EXPRESSIONS: &[&str] = &[
    "a",
    "word",
    "é|è|B",
    r"\w",
    r"\d*",
    r"\b",
    r"\B",
    r"^",
    r"$",
    r"^$",
    r"^\s*$",
    r".",
    r".*",
    r".+?",
    r"\w+",
    r"\w+\b",
    r"\bword\b",
    r"[^a\n]+",
    r"(\w)(\W)",
    r"a|ab|abc|.*\)",
    r"\s+",
    r"a\s+\S",
    r"\n",
    r"\n+",
    r"\n{2}.",
    r"[^w]+w",
    r"(?s)a.*\)",
    r"(?s)a.*?\)",
    r"(?s).*",
    r"\{[^}]*\}",
    r"word$|^//",
    r"\A.",
    r".\z",
    r"(?:a|\n)*",
    r"\p{Han}+",
    r"x{0}",
    r"(?i)WORD[ß-ö]?",
    r"\r?$",
];

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

fn oracle(query: &Query, text: &str) -> Vec<Range<usize>> {
    let pattern = match query.regex {
        true => query.text.clone(),
        false => regex::escape(&query.text),
    };
    let pattern = match query.whole_word {
        true => format!(r"\b{{start-half}}(?:{pattern})\b{{end-half}}"),
        false => pattern,
    };
    regex::RegexBuilder::new(&pattern)
        .multi_line(true)
        .crlf(true)
        .case_insensitive(!query.case_sensitive)
        .build()
        .unwrap()
        .find_iter(text)
        .map(|found| found.range())
        .collect()
}

fn query() -> impl Strategy<Value = Query> {
    let text = prop_oneof![
        3 => select(EXPRESSIONS).prop_map(Query::regex),
        1 => (piece(), piece()).prop_map(|(one, two)| Query::literal(format!("{one}{two}"))),
    ];
    (text, any::<bool>(), any::<bool>())
        .prop_map(|(query, case, word)| query.case_sensitive(case).whole_word(word))
}

/// A text with some line breaks that the loader would have normalized.
fn any_text() -> impl Strategy<Value = String> {
    (string(), any::<bool>()).prop_map(|(text, windows)| match windows {
        true => text.replace('\n', "\r\n"),
        false => text,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_pattern_finds_what_the_regex_crate_finds(text in any_text(), query in query()) {
        let pattern = Pattern::new(&query).unwrap();
        let found = pattern.find_all(&Text::new(&text));
        prop_assert_eq!(found.ranges(), oracle(&query, &text));
    }

    #[test]
    fn the_next_and_the_previous_match_go_round(
        text in any_text(),
        query in query(),
        at in any::<prop::sample::Index>(),
    ) {
        let pattern = Pattern::new(&query).unwrap();
        let rope = Text::new(&text);
        let at = rope.floor_char_boundary(at.index(text.len() + 1));
        let (whole, cancel) = (Scope::whole(), never());
        let next = pattern.find_next(&rope, &whole, at, &cancel);
        prop_assert_eq!(next.is_some(), !oracle(&query, &text).is_empty());
        if let Some(next) = next {
            let begins = |range: &Range<usize>| range.start >= at;
            let all = oracle(&query, &text);
            // Where no match lies across `at`, the next one is the next of all.
            if all.iter().all(|found| found.end <= at || found.start >= at) && text.is_char_boundary(at) {
                let expected = all.iter().find(|found| begins(found)).or(all.first());
                // An empty match beside another one is left out of all, and may be next.
                if !next.is_empty() {
                    prop_assert_eq!(Some(&next), expected);
                }
            }
        }
        let previous = pattern.find_previous(&rope, &whole, at, &cancel);
        prop_assert_eq!(previous.is_some(), !oracle(&query, &text).is_empty());
        let first = oracle(&query, &text).into_iter().next();
        if let (Some(previous), Some(first)) = (previous, first) {
            prop_assert!(previous.end <= at || first.end > at, "{previous:?} is not before {at}");
        }
    }

    #[test]
    fn groups_are_those_of_the_regex_crate(text in any_text()) {
        let expression = r"(\w)(\W|(\n))?|^(\s+)$";
        let query = Query::regex(expression).case_sensitive(true);
        let pattern = Pattern::new(&query).unwrap();
        let rope = Text::new(&text);
        let oracle = regex::RegexBuilder::new(expression).multi_line(true).crlf(true).build().unwrap();
        for captures in oracle.captures_iter(&text) {
            let expected: Vec<_> = captures
                .iter()
                .map(|group| group.map(|group| group.range()))
                .collect();
            let found = captures.get(0).unwrap().range();
            prop_assert_eq!(pattern.groups(&rope, &found), expected);
        }
    }

    #[test]
    fn after_an_edit_the_matches_are_those_of_a_new_search(
        (text, edits) in any_text().prop_flat_map(|text| {
            let edits = edits(&text);
            (Just(text), edits)
        }),
        query in query(),
    ) {
        let pattern = Pattern::new(&query).unwrap();
        let before = Text::new(&text);
        let found = pattern.find_all(&before);
        let changes = ChangeSet::from_edits(before.len(), edits.clone()).unwrap();
        let after = changes.apply(&before).unwrap();
        let updated = found
            .update(&pattern, &after, &changes, &Scope::whole(), &never())
            .unwrap();
        prop_assert_eq!(updated.ranges(), oracle(&query, &edited(&text, &edits)));
    }

    #[test]
    fn in_a_scope_nothing_outside_is_found(
        text in string(),
        query in query(),
        ends in prop::collection::vec(any::<prop::sample::Index>(), 2..7),
    ) {
        let pattern = Pattern::new(&query).unwrap();
        let rope = Text::new(&text);
        let mut ends: Vec<_> = ends
            .iter()
            .map(|end| rope.floor_char_boundary(end.index(text.len() + 1)))
            .collect();
        ends.sort_unstable();
        let scope = Scope::ranges(ends.chunks_exact(2).map(|ends| ends[0]..ends[1]));
        let cancel = never();
        let found = Matches::collect(pattern.search(&rope, &scope, &cancel));
        for range in found.ranges() {
            let inside = |part: &Range<usize>| part.start <= range.start && range.end <= part.end;
            prop_assert!(scope.as_slice().iter().any(inside));
        }
        prop_assert!(found.ranges().is_sorted_by(|one, two| one.end <= two.start));
    }
}

#[test]
fn lines_longer_than_a_window_are_searched_without_a_copy() {
    let line = format!("{}key: value; {}", "x".repeat(5000), "y".repeat(5000));
    let text = format!("{line}\nshort key: v\n{line}");
    for expression in [r"key: \w+", r"\by+$", r"x[^;]*;", r"(?s)key.*key"] {
        let query = Query::regex(expression);
        let found = Pattern::new(&query).unwrap().find_all(&Text::new(&text));
        assert_eq!(found.ranges(), oracle(&query, &text), "{expression}");
        assert!(!found.is_empty(), "{expression}");
    }
}

#[test]
fn a_scope_keeps_what_is_around_it_in_view() {
    let text = Text::new("one two\ntwo one\n");
    let all = |query: Query, ranges: &[Range<usize>]| {
        let pattern = Pattern::new(&query).unwrap();
        let cancel = never();
        let search = pattern.search(&text, &Scope::ranges(ranges.to_vec()), &cancel);
        search.collect::<Vec<_>>()
    };
    assert_eq!(all(Query::literal("two"), &[0..7]), [4..7]);
    assert_eq!(all(Query::literal("two"), &[8..16, 0..7]), [4..7, 8..11]);
    // The start of a scope is no start of a line, and cuts no word.
    assert_eq!(all(Query::regex("^."), &[4..9]), [8..9]);
    assert!(all(Query::literal("wo").whole_word(true), &[5..7]).is_empty());
    assert_eq!(all(Query::regex("[a-z]+"), &[1..5]), [1..3, 4..5]);
    assert!(Scope::whole().is_whole());
    assert!(Scope::ranges([3..3]).as_slice().is_empty());
}

#[test]
fn a_scope_grows_with_what_is_replaced_at_its_ends() {
    let changes = ChangeSet::from_edits(
        20,
        vec![Edit::new(2..4, "longer"), Edit::new(8..10, "longer")],
    )
    .unwrap();
    assert_eq!(Scope::ranges([2..10]).map(&changes).as_slice(), [2..18]);
    assert_eq!(Scope::ranges([4..8]).map(&changes).as_slice(), [8..12]);
}

#[test]
fn what_cannot_be_searched_for_says_what_to_do() {
    let error = |query: &Query| Pattern::new(query).unwrap_err();
    assert_eq!(error(&Query::literal("")), PatternError::Empty);
    let long = Query::literal("a".repeat(MAX_PATTERN + 1));
    assert!(matches!(error(&long), PatternError::TooLong(_)));
    for around in ["(?=a)", "x(?!a)", "(?<=a)x", "(?<!a)x"] {
        let error = error(&Query::regex(around));
        assert_eq!(error, PatternError::LookAround, "{around}");
        assert!(error.to_string().contains("put it back with $1"));
    }
    for back in [r"(a)\1", r"(?<x>a)\k<x>"] {
        assert_eq!(error(&Query::regex(back)), PatternError::Backreference);
    }
    for large in [r"\w{1000}{1000}", r"(((((a{100}){100}){100}){100}){100})"] {
        assert_eq!(
            error(&Query::regex(large)),
            PatternError::TooLarge,
            "{large}"
        );
    }
    let deep = format!("{}a{}", "(".repeat(200), ")".repeat(200));
    assert_eq!(error(&Query::regex(deep)), PatternError::TooLarge);
    assert_eq!(
        error(&Query::regex("ab(c")).to_string(),
        "unclosed group (at character 3)"
    );
    assert_eq!(
        error(&Query::regex("äö[z-a]")).to_string(),
        "invalid character class range, the start must be <= the end (at character 4)"
    );
    // What is special in an expression is not in literal text.
    assert!(Pattern::new(&Query::literal("(?=[*")).is_ok());
}

#[test]
fn only_so_many_matches_are_kept() {
    let text = Text::new(&"a".repeat(MAX_MATCHES + 10));
    let pattern = Pattern::new(&Query::literal("a")).unwrap();
    let found = pattern.find_all(&text);
    assert_eq!(found.len(), MAX_MATCHES);
    assert!(found.is_truncated());
    let text = Text::new(&"a".repeat(MAX_MATCHES));
    assert!(!pattern.find_all(&text).is_truncated());
}

#[test]
fn a_cancelled_search_ends() {
    let text = Text::new(&"a b\n".repeat(1000));
    for expression in ["a", "a.*", r"(?s)a.*"] {
        let pattern = Pattern::new(&Query::regex(expression)).unwrap();
        let cancel = AtomicBool::new(true);
        assert_eq!(pattern.search(&text, &Scope::whole(), &cancel).next(), None);
        let changes = ChangeSet::identity(text.len());
        let found = pattern.find_all(&text);
        let updated = found.update(&pattern, &text, &changes, &Scope::whole(), &cancel);
        assert_eq!(updated, None);
    }
}

#[test]
fn matches_are_found_by_place() {
    let text = Text::new("one two one two one");
    let found = Pattern::new(&Query::literal("one"))
        .unwrap()
        .find_all(&text);
    assert_eq!(found.ranges(), [0..3, 8..11, 16..19]);
    assert_eq!(found.index_of(&(8..11)), Some(1));
    assert_eq!(found.index_of(&(8..10)), None);
    assert_eq!(found.touching(3..8), [0..3, 8..11]);
    assert!(found.touching(4..7).is_empty());
    assert_eq!(found.first_from(9), Some(2));
    assert_eq!(found.first_from(17), None);
    assert_eq!(found.last_before(8), Some(0));
    assert_eq!(found.last_before(0), None);
    // Until the text is searched again, what was not touched moves along.
    let changes = ChangeSet::from_edits(19, vec![Edit::new(9..10, ""), Edit::new(12..12, "xx")]);
    assert_eq!(found.map(&changes.unwrap()).ranges(), [0..3, 17..20]);
}
