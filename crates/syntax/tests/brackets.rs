//! Brackets pair up as a stack over all of a text says, wherever in it they are asked for and
//! however the text came to be.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

use editor_core::{ChangeSet, Edit, Text};
use proptest::prelude::*;
use syntax::{Bracket, BracketPair, LanguageId, SyntaxTree, by_name};

fn parse(language: LanguageId, text: &Text, previous: Option<&SyntaxTree>) -> SyntaxTree {
    SyntaxTree::parse(language, text, previous, &AtomicBool::new(false)).expect("it has a grammar")
}

fn tree(language: &str, source: &str) -> SyntaxTree {
    parse(by_name(language).unwrap(), &Text::new(source), None)
}

/// The text with the depth in place of each bracket, `!` for one without a partner.
fn shown(language: &str, source: &str) -> String {
    let mut shown = source.to_owned();
    for bracket in tree(language, source)
        .brackets(0..source.len())
        .iter()
        .rev()
    {
        let depth = match bracket.depth {
            Some(depth) => depth.to_string(),
            None => "!".to_owned(),
        };
        shown.replace_range(bracket.offset..bracket.offset + 1, &depth);
    }
    shown
}

/// What a stack says of the brackets of a text that has no strings and no comments.
fn oracle(source: &str) -> Vec<Bracket> {
    let mut found: Vec<Bracket> = Vec::new();
    let mut open: Vec<(char, usize)> = Vec::new();
    for (offset, character) in source.char_indices() {
        let opener = match character {
            '(' | '[' | '{' => {
                open.push((character, found.len()));
                found.push(Bracket {
                    offset,
                    depth: None,
                });
                continue;
            }
            ')' => '(',
            ']' => '[',
            '}' => '{',
            _ => continue,
        };
        let mut depth = None;
        if let Some(place) = open.iter().rposition(|(character, _)| *character == opener) {
            depth = Some(place as u32);
            found[open[place].1].depth = depth;
            open.truncate(place);
        }
        found.push(Bracket { offset, depth });
    }
    found
}

#[test]
fn brackets_nest_by_syntax() {
    assert_eq!(
        shown(
            "rust",
            "fn f(a: [u8; 2]) { g(&[')', '\"'], \"}\"); /* ( */ } // ]\n"
        ),
        "fn f0a: 1u8; 210 0 g1&2')', '\"'2, \"}\"1; /* ( */ 0 // ]\n"
    );
    assert_eq!(
        shown("python", "x = {'(': [f(1), f'{y[0]}']}  # )\n"),
        "x = 0'(': 1f212, f'2y3032'10  # )\n"
    );
    assert_eq!(
        shown("json", r#"{"a": [1, {"]": []}]}"#),
        r#"0"a": 11, 2"]": 33210"#
    );
}

#[test]
fn angles_are_brackets_around_types_of_typescript_alone() {
    assert_eq!(
        shown("typescript", "f<Map<A, B>>(a < b, `(${c[0]}`);\n"),
        "f0Map1A, B100a < b, `($1c2021`0;\n"
    );
    assert_eq!(shown("rust", "type A = Vec<u8>;\n"), "type A = Vec<u8>;\n");
}

#[test]
fn a_bracket_without_a_partner_is_told_apart() {
    assert_eq!(shown("json", "[1, 2]]\n"), "01, 20!\n");
    assert_eq!(shown("json", "[[1, 2]\n"), "!11, 21\n");
    assert_eq!(shown("json", "[{1]\n"), "0!10\n");
}

#[test]
fn the_bracket_that_was_left_open_has_no_partner_where_the_rows_are_indented() {
    assert_eq!(
        shown(
            "javascript",
            "class A {\n  f() {\n    if (a &&\n        b) {\n      c = d({\n      e();\n    }\n  }\n}\n"
        ),
        "class A 0\n  f11 1\n    if 2a &&\n        b2 2\n      c = d!!\n      e55;\n    2\n  1\n0\n"
    );
    assert_eq!(
        shown(
            "java",
            "class A {\n  void f() {\n    g(1;\n    h();\n  }\n}\n"
        ),
        "class A 0\n  void f11 1\n    g!1;\n    h33;\n  1\n0\n"
    );
    // Not where the rows say nothing: more would have no partner.
    assert_eq!(
        shown("javascript", "f([\n    a, {\n  b: [c]\n    }\n  ]\n"),
        "f!1\n    a, 2\n  b: 3c3\n    2\n  1\n"
    );
}

#[test]
fn each_language_in_a_text_nests_its_own() {
    assert_eq!(
        shown(
            "markdown",
            "- [ ] (a)\n\n```json\n[[1]]\n```\n\n```rust\nfn a() {}\n```\n"
        ),
        "- [ ] (a)\n\n```json\n01110\n```\n\n```rust\nfn a00 00\n```\n"
    );
}

/// A file of twice as many lines and two more, all in one object.
fn long(entries: usize) -> String {
    let mut source = String::from("{\n");
    for line in 0..entries {
        writeln!(source, "  \"k{line}\": [[{line}],\n    {{\"a\": []}}],").unwrap();
    }
    source.push_str("  \"end\": []\n}\n");
    source
}

#[test]
fn the_middle_of_a_long_file_is_right_before_and_after_an_edit() {
    let source = long(50_000);
    let json = by_name("json").unwrap();
    let mut text = Text::from(source.as_str());
    let mut tree = parse(json, &text, None);
    let all = oracle(&source);
    let part = |all: &[Bracket], range: &Range<usize>| -> Vec<Bracket> {
        let inside = all.iter().filter(|bracket| range.contains(&bracket.offset));
        inside.copied().collect()
    };
    let middle = source.find("\"k25000\"").unwrap();
    let view = middle..middle + 3000;
    assert_eq!(tree.brackets(view.clone()), part(&all, &view));
    assert_eq!(tree.brackets(0..text.len()), all);

    // Far above the view, a level more around everything.
    for (at, typed) in [(0, "["), (source.len() + 1, "]")] {
        let edits = vec![Edit::new(at..at, typed)];
        let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
        let after = changes.apply(&text).unwrap();
        tree = tree.interpolate(&changes, &text, &after);
        text = after;
    }
    let moved = view.start + 1..view.end + 1;
    let shifted = part(&all, &view).into_iter().map(|bracket| Bracket {
        offset: bracket.offset + 1,
        ..bracket
    });
    assert_eq!(
        tree.brackets(moved.clone()),
        shifted.collect::<Vec<_>>(),
        "until the next parse what is known moves along"
    );
    tree = parse(json, &text, Some(&tree));
    assert_eq!(
        tree.brackets(moved.clone()),
        part(&oracle(&text.to_string()), &moved)
    );
}

fn pieces() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "[[",
        "]]",
        "[1, 2]",
        "{\"a\": [",
        "}",
        "()",
        " ",
        "\n",
        "7",
        ", ",
        "",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whether or not the text follows the grammar. Code of Rust's macros may hold any brackets. In
    /// one row no indentation tells more.
    #[test]
    fn brackets_pair_up_as_a_stack_says(pieces in prop::collection::vec(pieces(), 0..60)) {
        let source = pieces.concat().replace('"', "").replace('\n', " ");
        let found = tree("rust", &source).brackets(0..source.len());
        prop_assert_eq!(found, oracle(&source), "in {}", source);
    }

    /// A text that was edited has the brackets that it has when it is parsed anew.
    #[test]
    fn edits_lead_to_what_a_new_parse_finds(
        edits in prop::collection::vec((any::<usize>(), 0_usize..2000, pieces()), 1..12),
        from in any::<usize>(),
        len in 0_usize..3000,
    ) {
        let json = by_name("json").unwrap();
        let mut text = Text::from(long(900).replace('\n', " ").as_str());
        let mut tree = parse(json, &text, None);
        for (index, (at, len, insert)) in edits.into_iter().enumerate() {
            let at = at % (text.len() + 1);
            let edit = Edit::new(at..(at + len).min(text.len()), insert.replace('\n', " "));
            let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
            let after = changes.apply(&text).unwrap();
            tree = tree.interpolate(&changes, &text, &after);
            text = after;
            // Several edits may come before a parse does.
            if index % 3 != 1 {
                tree = parse(json, &text, Some(&tree));
            }
        }
        tree = parse(json, &text, Some(&tree));
        let all = tree.brackets(0..text.len());
        let anew = parse(json, &text, None);
        if !anew.has_errors() {
            prop_assert_eq!(&all, &anew.brackets(0..text.len()));
        }
        // What a stack says of the same tokens.
        let text = text.to_string();
        let tokens: String = text
            .char_indices()
            .map(|(at, character)| {
                let known = all.binary_search_by_key(&at, |bracket| bracket.offset);
                if known.is_ok() { character } else { ' ' }
            })
            .collect();
        prop_assert_eq!(&all, &oracle(&tokens));
        let from = from % (text.len() + 1);
        let range = from..(from + len).min(text.len());
        let inside: Vec<Bracket> = all
            .iter()
            .filter(|bracket| range.contains(&bracket.offset))
            .copied()
            .collect();
        prop_assert_eq!(tree.brackets(range), inside);
    }
}

/// The pairs that a stack finds in a text that has no strings and no comments, outer before inner.
fn pairs_of(source: &str) -> Vec<BracketPair> {
    let brackets = oracle(source);
    let mut found: Vec<BracketPair> = Vec::new();
    for bracket in brackets {
        let Some(depth) = bracket.depth else {
            continue;
        };
        let opener = matches!(&source[bracket.offset..=bracket.offset], "(" | "[" | "{");
        if opener {
            found.push(BracketPair {
                open: bracket.offset,
                close: None,
                depth,
            });
        } else {
            let open = found
                .iter_mut()
                .rfind(|pair| pair.depth == depth && pair.close.is_none());
            open.unwrap().close = Some(bracket.offset);
        }
    }
    found
}

fn with_part_in(pairs: &[BracketPair], range: &Range<usize>) -> Vec<BracketPair> {
    pairs
        .iter()
        .filter(|pair| pair.open < range.end && pair.close.is_none_or(|at| at >= range.start))
        .copied()
        .collect()
}

#[test]
fn the_pairs_around_a_part_of_a_text_are_found_with_those_in_it() {
    let source = "fn f() { g(1); if x { y[2] } h() }";
    let tree = tree("rust", source);
    let shown = |range: Range<usize>| -> Vec<&str> {
        let pairs = tree.bracket_pairs(range);
        pairs
            .iter()
            .map(|pair| &source[pair.open..=pair.close.unwrap()])
            .collect()
    };
    let at = source.find("y[").unwrap();
    assert_eq!(
        shown(at..at + 1),
        ["{ g(1); if x { y[2] } h() }", "{ y[2] }"]
    );
    assert_eq!(
        shown(at..at + 2),
        ["{ g(1); if x { y[2] } h() }", "{ y[2] }", "[2]"]
    );
    assert_eq!(shown(0..3), Vec::<&str>::new());
}

#[test]
fn an_end_that_is_very_far_away_is_not_looked_for() {
    let source = format!("fn f() {{ {} }}", "(); ".repeat(30_000));
    let tree = tree("rust", &source);
    let pairs = tree.bracket_pairs(8..9);
    assert_eq!(
        pairs,
        [BracketPair {
            open: 7,
            close: None,
            depth: 0
        }]
    );
    let end = source.len();
    assert_eq!(tree.bracket_pairs(end - 3..end - 2), []);
}

proptest! {
    #[test]
    fn pairs_are_those_of_a_stack(
        source in "[(){}\\[\\]a;\n]{0,60}",
        from in 0..60_usize,
        len in 1..20_usize,
    ) {
        let tree = tree("rust", &source);
        // Brackets count as they stand only where the text parsed into tokens of their own.
        prop_assume!(tree.brackets(0..source.len()) == oracle(&source));
        let range = from.min(source.len())..(from + len).min(source.len());
        prop_assume!(!range.is_empty());
        let all = pairs_of(&source);
        prop_assert_eq!(tree.bracket_pairs(range.clone()), with_part_in(&all, &range));
    }
}
