use proptest::prelude::*;

use super::check;
use super::generators::string;
use crate::find::{Pattern, Query, Replacement, ReplacementError};
use crate::{Selections, Text};

/// Replaces all matches in a marked text.
#[track_caller]
fn replaces(query: Query, replacement: &str, before: &str, after: &str) {
    let pattern = Pattern::new(&query).unwrap();
    let replacement = Replacement::new(replacement, &pattern).unwrap();
    let replace = |text: &Text, selections: &Selections| {
        let found = pattern.find_all(text);
        replacement
            .replace(text, selections, &pattern, found.ranges())
            .unwrap()
    };
    check(before, replace, after);
}

fn expands(expression: &str, replacement: &str, text: &str) -> String {
    let pattern = Pattern::new(&Query::regex(expression)).unwrap();
    let replacement = Replacement::new(replacement, &pattern).unwrap();
    let text = Text::new(text);
    let found = pattern.find_all(&text).ranges()[0].clone();
    replacement.expand(&text, &pattern, &found)
}

#[test]
fn all_are_replaced_and_the_carets_stay_with_their_text() {
    replaces(
        Query::literal("one"),
        "three",
        "one ˇtwo\none «twoˇ» one",
        "three ˇtwo\nthree «twoˇ» three",
    );
    replaces(Query::literal("a"), "", "aaˇbaa", "ˇb");
    replaces(Query::literal("x\ny"), "z", "x\nyˇ x y", "zˇ x y");
}

#[test]
fn literal_text_is_replaced_by_literal_text() {
    replaces(Query::literal("."), r"$0\n", "a.bˇ", r"a$0\nbˇ");
}

#[test]
fn groups_go_into_the_replacement() {
    replaces(
        Query::regex(r"(\w+) = (\w+)"),
        "$2 = ${1}",
        "a = b;ˇ\nc = d;",
        "b = a;ˇ\nd = c;",
    );
    replaces(
        Query::regex(r"(?<key>\w+):(?<value>\w+)"),
        "${value}:${key}",
        "a:b c:dˇ",
        "b:a d:cˇ",
    );
    assert_eq!(
        expands("(a)(b)?", "<$2|$1|$0|$&|$$|$7>", "a"),
        "<|a|a|a|$|$7>"
    );
    // With ten groups `$10` is the tenth, with fewer the first and a zero.
    assert_eq!(
        expands("(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "$10", "abcdefghij"),
        "j"
    );
    assert_eq!(expands("(a)", "$10", "a"), "a0");
    assert_eq!(expands("(a)", "$x $", "a"), "$x $");
}

#[test]
fn escapes_are_line_breaks_tabs_and_backslashes() {
    replaces(Query::regex(", "), r"\n\t", "a, bˇ", "a\n\tbˇ");
    assert_eq!(expands("a", r"\\n\q\", "a"), r"\n\q\");
    replaces(Query::regex(r"\s*\n\s*"), " ", "a  \n  b\n\ncˇ", "a b cˇ");
    replaces(Query::regex("^"), "> ", "a\n\nbˇ", "> a\n> \n> bˇ");
}

#[test]
fn the_case_of_a_group_changes() {
    assert_eq!(
        expands(r"(\w+)_(\w+)", r"\u$1\u$2", "snake_case"),
        "SnakeCase"
    );
    assert_eq!(expands(r"(\w+)", r"\U$1 $1", "abc"), "ABC abc");
    assert_eq!(expands(r"(\w+)", r"\l$1 \L$1", "ABC"), "aBC abc");
    assert_eq!(expands(r"(\w+)", r"\u\u\L$1", "aBCDE"), "ABcde");
    assert_eq!(expands(r"(\w+)", r"\ux$1", "abc"), "xAbc");
    assert_eq!(expands("(ß)", r"\U$1", "ß"), "SS");
}

#[test]
fn the_case_of_what_is_replaced_is_kept() {
    let cases = [
        ("abc", "DEF", "def"),
        ("ABC", "def", "DEF"),
        ("Abc", "def", "Def"),
        ("aBc", "Def", "def"),
        ("Foo-Bar", "new-name", "New-Name"),
        ("FOO-bar", "new-name", "NEW-name"),
        ("Foo_Bar", "new_name", "New_Name"),
        ("Foo-Bar", "newName", "NewName"),
        ("123", "New", "New"),
        ("É", "à", "À"),
        ("a", "", ""),
    ];
    for (found, replacement, expected) in cases {
        let pattern = Pattern::new(&Query::literal(found)).unwrap();
        let new = Replacement::new(replacement, &pattern)
            .unwrap()
            .preserve_case(true);
        let text = Text::new(found);
        assert_eq!(
            new.expand(&text, &pattern, &(0..found.len())),
            expected,
            "{found}"
        );
    }
}

#[test]
fn what_cannot_be_replaced_by_says_what_to_do() {
    let pattern = Pattern::new(&Query::regex("(?<known>a)")).unwrap();
    let error = |text| Replacement::new(text, &pattern).unwrap_err();
    assert_eq!(
        error("${other}"),
        ReplacementError::UnknownGroup("other".into())
    );
    assert_eq!(error("${2}"), ReplacementError::UnknownGroup("2".into()));
    assert_eq!(error("${known"), ReplacementError::Unclosed);
    assert!(error("${x}").to_string().contains("$$"));
    let new = Replacement::new("b", &pattern).unwrap();
    let outside = new.replace(&Text::new("a"), &Selections::caret(0), &pattern, [5..6]);
    assert!(matches!(outside, Err(ReplacementError::Change(_))));
}

proptest! {
    #[test]
    fn replacing_is_what_the_regex_crate_does(text in string()) {
        // `${1}` means the same to both.
        let (expression, replacement) = (r"(\w+)(\s*)", "${2}<${1}>");
        let pattern = Pattern::new(&Query::regex(expression)).unwrap();
        let new = Replacement::new(replacement, &pattern).unwrap();
        let rope = Text::new(&text);
        let found = pattern.find_all(&rope);
        let transaction = new.replace(&rope, &Selections::caret(0), &pattern, found.ranges()).unwrap();
        let expected = regex::Regex::new(expression).unwrap().replace_all(&text, replacement);
        prop_assert_eq!(transaction.changes.apply(&rope).unwrap().to_string(), expected);
    }
}
