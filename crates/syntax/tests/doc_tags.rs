//! The tags of comments that document code.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::{Literal, SyntaxView, Text};
use syntax::{SyntaxTree, by_name};

fn tree(language: &str, text: &Text) -> SyntaxTree {
    let language = by_name(language).unwrap();
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

/// What has colours of its own in the comments of a text.
fn tags(language: &str, comment: &str) -> Vec<(String, &'static str)> {
    let text = Text::from(comment);
    let spans = tree(language, &text).highlights(&text, 0..text.len());
    let spans = spans.into_iter();
    let named = spans.map(|span| (text.slice(span.range).into_owned(), span.highlight.name()));
    named
        .filter(|(_, name)| *name != "comment.documentation")
        .collect()
}

#[track_caller]
fn assert_tags(language: &str, comment: &str, expected: &[(&str, &str)]) {
    let found = tags(language, comment);
    let found: Vec<_> = found
        .iter()
        .map(|(text, name)| (text.as_str(), *name))
        .collect();
    assert_eq!(found, expected, "{language}");
}

#[test]
fn tags_with_names_are_found_where_they_begin_a_part() {
    let comment = "/**\n * Mails a@b.c, as @author says.\n * @param one what, two\n * @throws Wrong {@sample d}\n */\n";
    for language in ["kotlin", "scala"] {
        assert_tags(
            language,
            comment,
            &[
                ("@author", "attribute"),
                ("@param", "attribute"),
                ("one", "variable.parameter"),
                ("@throws", "attribute"),
                ("Wrong", "type"),
                ("@sample", "attribute"),
            ],
        );
    }
    assert_tags(
        "kotlin",
        "/* @param a */\n",
        &[("/* @param a */", "comment")],
    );
}

#[test]
fn types_come_before_the_names_in_php() {
    let source = "<?php\n/**\n * @param string|null $one what\n * @param $two\n * @return Foo[]\n * @throws \\A\\B, C\n */\n";
    assert_tags(
        "php",
        source,
        &[
            ("<?php", "punctuation.special"),
            ("@param", "attribute"),
            ("string|null", "type"),
            ("$one", "variable.parameter"),
            ("@param", "attribute"),
            ("$two", "variable.parameter"),
            ("@return", "attribute"),
            ("Foo[]", "type"),
            ("@throws", "attribute"),
            ("\\A\\B", "type"),
        ],
    );
}

#[test]
fn doxygen_has_two_marks() {
    let comment = "/**\n * @brief Does C:\\it.\n * \\param[in,out] one what\n */\n/// \\return two\n//! @ref three*/\n";
    for language in ["c", "cpp"] {
        assert_tags(
            language,
            comment,
            &[
                ("@brief", "attribute"),
                ("\\param", "attribute"),
                ("one", "variable.parameter"),
                ("\\return", "attribute"),
                ("@ref", "attribute"),
                ("three", "type"),
            ],
        );
    }
}

#[test]
fn documentation_in_csharp_is_xml() {
    assert_tags(
        "csharp",
        "/// <summary>If a < b, see <see cref=\"C\"/>.</summary>\n// <b>\n",
        &[
            ("<", "punctuation.bracket"),
            ("summary", "tag"),
            (">", "punctuation.bracket"),
            ("<", "punctuation.bracket"),
            ("see", "tag"),
            ("cref", "attribute"),
            ("=", "operator"),
            ("\"C\"", "string"),
            ("/>", "punctuation.bracket"),
            ("</", "punctuation.bracket"),
            ("summary", "tag"),
            (">", "punctuation.bracket"),
            ("// <b>", "comment"),
        ],
    );
}

#[test]
fn a_tag_is_a_part_of_its_comment() {
    let text = Text::from("/** @param one */\nfun f() {}\n");
    let literal = tree("kotlin", &text).literal_at(&text, 7);
    assert_eq!(literal, Some(Literal::Comment));
}

#[test]
fn a_type_goes_on_behind_the_blanks_in_its_brackets() {
    assert_tags(
        "php",
        "<?php\n/**\n * @param array<string, int> $a The a.\n * @param callable(int, A): bool $b\n \
         * @param A $c\n * @return array{id: int} x\n */\n",
        &[
            ("<?php", "punctuation.special"),
            ("@param", "attribute"),
            ("array<string, int>", "type"),
            ("$a", "variable.parameter"),
            ("@param", "attribute"),
            ("callable(int, A): bool", "type"),
            ("$b", "variable.parameter"),
            ("@param", "attribute"),
            ("A", "type"),
            ("$c", "variable.parameter"),
            ("@return", "attribute"),
            ("array{id: int}", "type"),
        ],
    );
}

#[test]
fn unions_and_intersections_may_have_blanks_around_their_signs() {
    assert_tags(
        "php",
        "<?php\n/**\n * @param A & B $a\n * @param A &$c by reference\n \
         * @return A | array<B> | null what & why\n * @var (A&B)|null */\n\
         /** @return bool: whether\n * @param int &...$d */\n",
        &[
            ("<?php", "punctuation.special"),
            ("@param", "attribute"),
            ("A & B", "type"),
            ("$a", "variable.parameter"),
            ("@param", "attribute"),
            ("A", "type"),
            ("&$c", "variable.parameter"),
            ("@return", "attribute"),
            ("A | array<B> | null", "type"),
            ("@var", "attribute"),
            ("(A&B)|null", "type"),
            ("@return", "attribute"),
            ("bool", "type"),
            ("@param", "attribute"),
            ("int", "type"),
            ("&...$d", "variable.parameter"),
        ],
    );
}
