//! Where a line begins after Enter, in each language.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::auto_indent::{AutoIndent, Indenting, insert_newline};
use editor_core::{IndentStyle, marked};
use syntax::{SyntaxTree, by_name};

#[test]
fn enter_begins_a_line_where_the_language_wants_it() {
    let deeper = [
        ("rust", "fn a() {ˇ}", "fn a() {\n  ˇ\n}"),
        ("python", "def f():ˇ", "def f():\n  ˇ"),
        ("javascript", "f(() => {ˇ})", "f(() => {\n  ˇ\n})"),
        ("jsx", "x = [ˇ]", "x = [\n  ˇ\n]"),
        ("typescript", "class A {ˇ}", "class A {\n  ˇ\n}"),
        ("tsx", "f({ˇ})", "f({\n  ˇ\n})"),
        ("json", "{ˇ}", "{\n  ˇ\n}"),
        ("jsonc", "{ˇ}", "{\n  ˇ\n}"),
        ("go", "func f() {ˇ}", "func f() {\n  ˇ\n}"),
        ("java", "class A {ˇ}", "class A {\n  ˇ\n}"),
        ("c", "int f() {ˇ}", "int f() {\n  ˇ\n}"),
        ("cpp", "int f() {ˇ}", "int f() {\n  ˇ\n}"),
        ("csharp", "class A {ˇ}", "class A {\n  ˇ\n}"),
        ("kotlin", "fun f() {ˇ}", "fun f() {\n  ˇ\n}"),
        ("scala", "def f =ˇ", "def f =\n  ˇ"),
        (
            "php",
            "<?php function f() {ˇ}",
            "<?php function f() {\n  ˇ\n}",
        ),
        ("ruby", "def fˇ", "def f\n  ˇ"),
        ("bash", "if a; thenˇ", "if a; then\n  ˇ"),
        ("sql", "CREATE TABLE a (ˇ)", "CREATE TABLE a (\n  ˇ\n)"),
        ("hcl", "a \"b\" {ˇ}", "a \"b\" {\n  ˇ\n}"),
        ("terraform", "a = [ˇ]", "a = [\n  ˇ\n]"),
        ("yaml", "a:ˇ", "a:\n  ˇ"),
        ("toml", "a = [ˇ]", "a = [\n  ˇ\n]"),
        ("css", "a {ˇ}", "a {\n  ˇ\n}"),
    ];
    let same = [
        ("html", "  <p>aˇ", "  <p>a\n  ˇ"),
        ("markdown", "  aˇ", "  a\n  ˇ"),
        ("dockerfile", "  aˇ", "  a\n  ˇ"),
        ("diff", " aˇ", " a\n ˇ"),
        ("regex", "(aˇ)", "(a\n  ˇ)"),
        ("git-commit", "  aˇ", "  a\n  ˇ"),
        ("git-rebase", "  aˇ", "  a\n  ˇ"),
    ];
    let mut wrong = Vec::new();
    for (language, before, after) in deeper.iter().chain(&same) {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name(language).unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            syntax: &tree,
        };
        let edit = insert_newline(&text, &carets, &indenting);
        let changed = edit.changes.apply(&text).unwrap();
        let found = marked::format(&changed, &edit.selections_after);
        if found != *after {
            wrong.push(format!("{language}: {found:?}, not {after:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for language in syntax::languages() {
        let tried = deeper.iter().chain(&same);
        let tried = tried.map(|(name, ..)| by_name(name).unwrap());
        let wanted = language.id.has_grammar();
        assert_eq!(
            tried.into_iter().any(|id| id == language.id),
            wanted,
            "{}",
            language.id_str
        );
    }
}
