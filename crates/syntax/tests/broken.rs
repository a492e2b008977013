//! What does not follow its grammar, as text does that is being typed, keeps its colours, and what
//! comes after it does: as the snapshots beside this file have it, and as single rules.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use editor_core::{ChangeSet, Edit, SyntaxView, Text};
use syntax::{HighlightSpan, SyntaxTree, by_name};

fn tree(language: &str, text: &Text) -> SyntaxTree {
    let language = by_name(language).unwrap();
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

fn highlights(language: &str, source: &str) -> Vec<(String, &'static str)> {
    let text = Text::from(source);
    let spans = tree(language, &text).highlights(&text, 0..text.len());
    shown(&text, spans)
}

fn shown(text: &Text, spans: Vec<HighlightSpan>) -> Vec<(String, &'static str)> {
    let spans = spans.into_iter();
    spans
        .map(|span| (text.slice(span.range).into_owned(), span.highlight.name()))
        .collect()
}

/// The highlights of a sample that does not follow its grammar, one a line.
fn described(file: &str, source: &str) -> String {
    let language = syntax::detect(Path::new(file), "").id_str();
    let text = Text::from(source);
    let tree = tree(language, &text);
    assert!(tree.has_errors(), "{file} follows its grammar");
    let whole = tree.highlights(&text, 0..text.len());
    // A window over a few rows shows what all of the text does.
    for first in 0..text.line_count() {
        let last = (first + 3).min(text.line_count() - 1);
        let range = text.line_start(first)..text.line_end(last);
        let mut expected = Vec::new();
        for span in &whole {
            let start = span.range.start.max(range.start);
            let end = span.range.end.min(range.end);
            if start < end {
                expected.push((start..end, span.highlight.name()));
            }
        }
        let found = tree.highlights(&text, range).into_iter();
        let found: Vec<_> = found
            .map(|span| (span.range, span.highlight.name()))
            .collect();
        assert_eq!(found, expected, "{file}, from row {first}");
    }
    let lines = shown(&text, whole).into_iter();
    lines
        .map(|(part, name)| format!("{part:?} {name}\n"))
        .collect()
}

macro_rules! samples {
    ($($name:ident $file:literal)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(described($file, include_str!(concat!("broken/", $file))));
            }
        )*
    };
}

samples! {
    csharp "Store.cs"
    hcl "main.tf"
    java "Store.java"
    python "store.py"
    sql "schema.sql"
}

/// Checks that each of the texts, after the one before it, is a span of this name.
#[track_caller]
fn coloured(language: &str, source: &str, expected: &[(&str, &str)]) {
    let found = highlights(language, source);
    let mut rest = found.iter();
    for (part, name) in expected {
        assert!(
            rest.any(|found| found.0 == *part && found.1 == *name),
            "{language}: {part:?} is not {name} (or not in this order) in:\n{found:?}"
        );
    }
}

#[test]
fn a_string_without_its_end_ends_with_its_row() {
    // A row with a string that is not closed, and one with two words.
    let cases = [
        (
            "c",
            "int f() { char *a = \"b c;\n return g(\"d\"); }\n",
            "\"b c;",
            "return",
        ),
        (
            "cpp",
            "int f() { auto a = \"b c;\n return g(\"d\"); }\n",
            "\"b c;",
            "return",
        ),
        (
            "csharp",
            "class A { int F() { var a = \"b c;\n return G(\"d\"); } }\n",
            "\"b c;",
            "return",
        ),
        (
            "go",
            "func f() { a := \"b c\n return g(\"d\") }\n",
            "\"b c",
            "return",
        ),
        (
            "java",
            "class A { int f() { var a = \"b c;\n return g(\"d\"); } }\n",
            "\"b c;",
            "return",
        ),
        (
            "javascript",
            "function f() { a = \"b c;\n return g(\"d\"); }\n",
            "\"b c;",
            "return",
        ),
        (
            "tsx",
            "function f() { a = 'b c;\n return g('d'); }\n",
            "'b c;",
            "return",
        ),
        (
            "typescript",
            "function f() { a = \"b c;\n return g(\"d\"); }\n",
            "\"b c;",
            "return",
        ),
        (
            "kotlin",
            "fun f(): Int { val a = \"b c\n return g(\"d\") }\n",
            "\"b c",
            "return",
        ),
        (
            "python",
            "def f():\n  a = \"b c\n  return g(\"d\")\n",
            "\"b c",
            "return",
        ),
        (
            "scala",
            "def f() = { val a = \"b c\n return g(\"d\") }\n",
            "\"b c",
            "return",
        ),
        (
            "terraform",
            "a = \"b c\nresource \"d\" \"e\" {}\n",
            "\"b c",
            "resource",
        ),
    ];
    let mut wrong = Vec::new();
    for (language, source, string, word) in cases {
        let found = highlights(language, source);
        let at = found
            .iter()
            .position(|(part, name)| part == string && *name == "string");
        let rest = at.map_or(&[][..], |at| &found[at..]);
        let is_word = |(part, name): &(String, &str)| part == word && name.starts_with("keyword");
        if !rest.iter().any(is_word) {
            wrong.push(format!("{language}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // In code again, a bracket has its partner.
    let text = Text::from("class A { int f() { var a = \"b c;\n return g(\"d\"); } }\n");
    assert_eq!(tree("java", &text).literal_at(&text, 41), None);
}

#[test]
fn a_string_that_may_span_rows_does() {
    coloured(
        "java",
        "class A { String a = \"\"\"\n  if x\n  \"\"\"; int b( }",
        &[("\"\"\"\n  if x\n  \"\"\"", "string")],
    );
    coloured(
        "rust",
        "fn f( { g(\"a\nif b\"); }",
        &[("\"a\nif b\"", "string")],
    );
    coloured(
        "c",
        "int f( { g(\"a \\\nif b\"); }",
        &[("if b\"", "string")],
    );
}

#[test]
fn words_that_are_names_too_stay_names() {
    coloured(
        "typescript",
        "function f() {\n  const x = \n  y.delete(a.if, { default: 1 }, get(of))\n",
        &[
            ("delete", "function.method"),
            ("if", "property"),
            ("default", "property"),
        ],
    );
    coloured(
        "sql",
        "GRANT SELECT (name) ON a;\nGRANT a;\n",
        &[("GRANT", "keyword.control"), ("name", "property")],
    );
}

#[test]
fn what_follows_its_grammar_is_as_the_tree_has_it() {
    let good = "class A {\n  delete() { return this.if; }\n  default = `a ${b}`;\n}\n";
    let expected = highlights("javascript", good);
    let broken = highlights("javascript", &format!("{good}const x = ;\n"));
    assert_eq!(broken[..expected.len()], expected);
}

#[test]
fn no_word_is_found_inside_a_word() {
    coloured(
        "css",
        "@import url(\"a.css\") layer(b) supports(display: grid);\na { color: red; }\n",
        &[
            ("supports", "function"),
            ("display", "property"),
            ("color", "property"),
        ],
    );
}

#[test]
fn a_bracket_that_was_left_open_takes_in_nothing_behind_its_row() {
    coloured(
        "css",
        "b {\n  color: rgb(\n  margin: 0;\n}\na[href^=x] { text-decoration: none; top: 1px }\n",
        &[
            ("color", "property"),
            ("margin", "property"),
            ("text-decoration", "property"),
            ("top", "property"),
        ],
    );
    let source = "locals {\n  a = merge(\n  b = [1]\n  c = [\n  d = { e = \"f\" }\n}\n\
                  resource \"g\" \"h\" {\n  i = <<EOF\n#!/bin/sh ${self.id}\nEOF\n  j = true\n}\n";
    coloured(
        "terraform",
        source,
        &[
            ("b", "property"),
            ("c", "property"),
            ("d", "property"),
            ("resource", "keyword.storage"),
            ("\"g\"", "string.special"),
            ("\n#!/bin/sh ", "string"),
            ("EOF", "label"),
            ("j", "property"),
        ],
    );
    let text = Text::from(source);
    let tree = tree("terraform", &text);
    assert!(tree.has_errors());
    let brackets = tree.brackets(0..text.len()).into_iter();
    let lone: Vec<usize> = brackets
        .filter(|bracket| bracket.depth.is_none())
        .map(|bracket| bracket.offset)
        .collect();
    let left_open = [
        source.find("merge(").unwrap() + 5,
        source.find("[\n").unwrap(),
    ];
    assert_eq!(lone, left_open);
}

#[test]
fn what_is_behind_an_open_bracket_of_a_long_text_keeps_its_colours_while_one_types() {
    let sample = include_str!("samples/main.tf");
    let (before, behind) = (sample.repeat(10), sample.repeat(10));
    let begun = format!("{before}locals {{\n  a = merge(\n  b = [1]\n}}\n");
    let at = begun.rfind("merge(").unwrap() + 6;
    let mut text = Text::new(&format!("{begun}{behind}"));
    let never = AtomicBool::new(false);
    let id = by_name("terraform").unwrap();
    let colours = |tree: &SyntaxTree, text: &Text| {
        let from = text.len() - behind.len();
        let spans = tree.highlights(text, from..text.len()).into_iter();
        let spans = spans.map(|span| (span.range.start - from..span.range.end - from, span));
        spans
            .map(|(range, span)| (range, span.highlight.name()))
            .collect::<Vec<_>>()
    };
    let alone = Text::new(&behind);
    let known = SyntaxTree::parse(id, &alone, None, &never).unwrap();
    let known = colours(&known, &alone);
    let mut tree = SyntaxTree::parse(id, &text, None, &never).unwrap();
    assert!(colours(&tree, &text) == known);
    // Others are opened and closed meanwhile, and that one at last.
    let typed = " x, { k = 1, l = f(m, [n, 2]) }, g[0], h)";
    for (done, key) in typed.char_indices() {
        let place = at + done..at + done;
        let edit = Edit {
            range: place,
            text: key.to_string(),
        };
        let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
        let after = changes.apply(&text).unwrap();
        let carried = tree.interpolate(&changes, &text, &after);
        text = after;
        tree = SyntaxTree::parse(id, &text, Some(&carried), &never).unwrap();
        let found = colours(&tree, &text);
        let anew = SyntaxTree::parse(id, &text, None, &never).unwrap();
        let anew = colours(&anew, &text);
        assert!(found == anew, "behind {}", &typed[..=done]);
    }
    assert!(!tree.has_errors());
    let anew = SyntaxTree::parse(id, &text, None, &never).unwrap();
    let all = 0..text.len();
    assert_eq!(
        tree.highlights(&text, all.clone()),
        anew.highlights(&text, all.clone())
    );
    assert_eq!(tree.brackets(all.clone()), anew.brackets(all));
}

/// What is behind a row of a sample, with a row above it that a person has just begun.
#[test]
fn what_is_below_an_unfinished_row_keeps_its_colours_in_every_place() {
    let samples = [
        ("terraform", include_str!("samples/main.tf")),
        ("hcl", include_str!("samples/job.hcl")),
        (
            "kotlin",
            "class A {\n    fun b() {\n        c()\n    }\n\n    val d = 1\n}\n\nfun e() {\n    f()\n}\n",
        ),
    ];
    let begun = [
        "a = [",
        "a(",
        "a {",
        "a = {",
        "\"${",
        "a = \"b",
        ")",
        "a = b(c, {",
    ];
    let never = AtomicBool::new(false);
    let mut wrong = Vec::new();
    for (language, source) in samples {
        let id = by_name(language).unwrap();
        let text = Text::new(source);
        let good = SyntaxTree::parse(id, &text, None, &never).unwrap();
        assert!(!good.has_errors(), "{language}");
        let behind = |tree: &SyntaxTree, text: &Text, from: usize| {
            let spans = tree.highlights(text, from..text.len()).into_iter();
            let spans = spans.map(|span| (span.range.start - from..span.range.end - from, span));
            let spans = spans.map(|(range, span)| (range, span.highlight.name()));
            spans.collect::<Vec<_>>()
        };
        for row in 0..text.line_count() {
            let at = text.line_start(row);
            // The whole sample is inside of it otherwise.
            let line = text.slice(at..text.line_end(row)).into_owned();
            let indent = &line[..line.len() - line.trim_start().len()];
            if line.trim().is_empty() || good.literal_at(&text, at).is_some() {
                continue;
            }
            let expected = behind(&good, &text, at);
            for begun in begun {
                let row = format!("{indent}{begun}\n");
                let edit = |at, text: &str| Edit {
                    range: at..at,
                    text: text.to_owned(),
                };
                let changes = ChangeSet::from_edits(text.len(), vec![edit(at, &row)]).unwrap();
                let after = changes.apply(&text).unwrap();
                let carried = good.interpolate(&changes, &text, &after);
                let tree = SyntaxTree::parse(id, &after, Some(&carried), &never).unwrap();
                if behind(&tree, &after, at + row.len()) != expected {
                    wrong.push(format!("{language}: {begun:?} above {line:?}"));
                    continue;
                }
                // Another key.
                let end = at + row.len() - 1;
                let changes = ChangeSet::from_edits(after.len(), vec![edit(end, "x")]).unwrap();
                let next = changes.apply(&after).unwrap();
                let carried = tree.interpolate(&changes, &after, &next);
                let tree = SyntaxTree::parse(id, &next, Some(&carried), &never).unwrap();
                if behind(&tree, &next, at + row.len() + 1) != expected {
                    wrong.push(format!("{language}: \"{begun}x\" above {line:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_unfinished_row_is_coloured_and_goes_on_in_the_rows_below() {
    let source = "locals {\n  a = b\n}\n\nresource \"c\" \"d\" {\n  e = 1\n}\n";
    let id = by_name("terraform").unwrap();
    let never = AtomicBool::new(false);
    let mut text = Text::new(source);
    let mut tree = SyntaxTree::parse(id, &text, None, &never).unwrap();
    let mut at = source.find("\n}").unwrap();
    for key in "\n  f = [\n    \"g${h.i}\",\n    true,\n  j = 2\n  ]\n".chars() {
        let edit = Edit {
            range: at..at,
            text: key.to_string(),
        };
        let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
        let after = changes.apply(&text).unwrap();
        let carried = tree.interpolate(&changes, &text, &after);
        (text, at) = (after, at + key.len_utf8());
        tree = SyntaxTree::parse(id, &text, Some(&carried), &never).unwrap();
        let found = shown(&text, tree.highlights(&text, 0..text.len()));
        let has = |part: &str, name: &str| found.contains(&(part.to_owned(), name));
        assert!(
            has("resource", "keyword.storage") && has("\"c\"", "string.special"),
            "{text}"
        );
        let typed = text.slice(0..at).into_owned();
        if typed.ends_with(',') {
            assert!(has("f", "property") && has("h", "variable"), "{found:?}");
            assert!(has("\"g", "string"), "{found:?}");
        }
        if typed.ends_with("true,") {
            assert!(has("true", "boolean"), "{found:?}");
            let brackets = tree.brackets(0..text.len()).into_iter();
            let lone = brackets.filter(|bracket| bracket.depth.is_none());
            let lone: Vec<usize> = lone.map(|bracket| bracket.offset).collect();
            assert_eq!(lone, [text.slice(0..text.len()).find('[').unwrap()]);
            assert!(tree.has_errors());
        }
    }
}

#[test]
fn an_open_bracket_that_goes_into_a_string_or_a_comment_is_none() {
    let source = "locals {\n  a = merge(\n}\n";
    let id = by_name("terraform").unwrap();
    let never = AtomicBool::new(false);
    let text = Text::new(source);
    let tree = SyntaxTree::parse(id, &text, None, &never).unwrap();
    assert!(tree.has_errors());
    let at = source.find("a =").unwrap();
    let edit = Edit {
        range: at..at,
        text: "# ".to_owned(),
    };
    let changes = ChangeSet::from_edits(text.len(), vec![edit]).unwrap();
    let after = changes.apply(&text).unwrap();
    let carried = tree.interpolate(&changes, &text, &after);
    let tree = SyntaxTree::parse(id, &after, Some(&carried), &never).unwrap();
    assert!(!tree.has_errors(), "{after}");
    assert!(
        tree.brackets(0..after.len())
            .iter()
            .all(|one| one.depth.is_some())
    );
}

#[test]
fn code_behind_a_brace_that_was_left_open_in_a_string_is_code() {
    let source =
        "var s = G($\"abc{\nend: ;\nSpan<byte> t = stackalloc byte[4];\nfor (;;) { break; }\n";
    coloured(
        "csharp",
        source,
        &[
            ("stackalloc", "keyword.operator"),
            ("byte", "type.builtin"),
            ("for", "keyword.control"),
        ],
    );
}
