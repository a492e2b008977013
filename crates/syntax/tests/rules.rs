//! What commands are told of a place in a text.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::{Literal, SyntaxView, Text, editing, marked};
use syntax::{SyntaxTree, by_name};

/// The tree of a source, and the places of `|` in it.
fn parsed(language: &str, marked: &str) -> (Text, SyntaxTree, Vec<usize>) {
    let mut places = Vec::new();
    for (at, _) in marked.match_indices('|') {
        places.push(at - places.len());
    }
    let text = Text::from(marked.replace('|', "").as_str());
    let language = by_name(language).unwrap();
    let tree = SyntaxTree::parse(language, &text, None, &AtomicBool::new(false)).unwrap();
    (text, tree, places)
}

#[track_caller]
fn literals(language: &str, marked: &str, expected: &[Option<Literal>]) {
    let (text, tree, places) = parsed(language, marked);
    let found: Vec<_> = places
        .iter()
        .map(|at| tree.literal_at(&text, *at))
        .collect();
    assert_eq!(found, expected, "in {marked:?}");
}

#[test]
fn strings_and_comments_are_known_by_what_is_typed_in_them() {
    let (string, comment) = (Some(Literal::String), Some(Literal::Comment));
    literals(
        "rust",
        "|let a = |\"|b\\n|\"|; // c|\n|/* d| */|",
        &[
            None, None, string, string, None, comment, None, comment, None,
        ],
    );
    literals(
        "python",
        "x = '''a|\n|'''| # b|",
        &[string, string, None, comment],
    );
    literals("ts", "`a|${|b|}|`", &[string, None, None, string]);
}

#[test]
fn what_a_string_or_comment_is_made_of_is_no_code() {
    let (string, comment) = (Some(Literal::String), Some(Literal::Comment));
    literals(
        "rust",
        "/// A `c|ode`.\n/// ```python\n/// x| = 1\n/// ```\nfn f() { Regex::new(r\"[a|]+(\\d|)\"); }|",
        &[comment, comment, string, string, None],
    );
    let (text, tree, places) = parsed("rust", "/// ```python\n/// x| = (\n/// ```\nfn f() {}\n");
    assert_eq!(tree.language_at(&text, places[0]).id_str(), "rust");
    let brackets = tree.brackets(0..text.len());
    assert!(brackets.iter().all(|bracket| bracket.depth.is_some()));
}

#[test]
fn each_fence_has_its_language() {
    let (text, tree, places) = parsed(
        "markdown",
        "a|\n\n```rust\n|fn f() {}|\n|```\n\n> ```sh\n> l|s\n> ```\n\n```nothing\n|\n```\n\n```py\nx|",
    );
    let names: Vec<_> = places
        .iter()
        .map(|at| tree.language_at(&text, *at).id_str())
        .collect();
    assert_eq!(
        names,
        [
            "markdown",
            "rust",
            "rust",
            "markdown",
            "shellscript",
            "markdown",
            "python"
        ]
    );
}

#[test]
fn a_line_of_markup_among_code_becomes_a_comment_of_markup() {
    let style = editing::CommentStyle::default();
    let cases = [
        (
            "let a = <div>\n  <p>ˇa</p>\n</div>;\n",
            "let a = <div>\n  {/* <p>ˇa</p> */}\n</div>;\n",
        ),
        ("a = <>\n  ˇtext\n</>\n", "a = <>\n  {/* ˇtext */}\n</>\n"),
        ("a = <b>\n  {ˇx}\n</b>\n", "a = <b>\n  {/* {ˇx} */}\n</b>\n"),
        // Code within markup, attributes, and markup that is a value.
        (
            "a = <b>\n  {c.map(() => {\n    ˇd();\n  })}\n</b>\n",
            "a = <b>\n  {c.map(() => {\n    // ˇd();\n  })}\n</b>\n",
        ),
        ("a = <b\n  ˇc=\"d\"\n/>\n", "a = <b\n  // ˇc=\"d\"\n/>\n"),
        ("a = (\n  ˇ<b />\n)\n", "a = (\n  // ˇ<b />\n)\n"),
    ];
    for language in ["tsx", "jsx", "js"] {
        for (off, on) in cases {
            for (before, after) in [(off, on), (on, off)] {
                let (text, carets) = marked::parse(before).unwrap();
                let id = by_name(language).unwrap();
                let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
                let made = editing::toggle_line_comment(&text, &carets, &tree, style);
                let changed = made.changes.apply(&text).unwrap();
                assert_eq!(marked::format(&changed, &made.selections_after), after);
            }
        }
    }
}
