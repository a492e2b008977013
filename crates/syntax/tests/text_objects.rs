//! The parts of a text that are selected and gone to as wholes, in each language.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::ObjectKind::{self, Block, Class, Comment, Entry, Function, Parameter};
use editor_core::{Direction, Edge, Extent, SyntaxView, Text};
use syntax::{SyntaxTree, by_name};

/// The tree of a source, and the places of `¦` in it.
fn parsed(language: &str, marked: &str) -> (Text, SyntaxTree, Vec<usize>) {
    let mark = '¦';
    let mut places = Vec::new();
    for (at, _) in marked.match_indices(mark) {
        places.push(at - places.len() * mark.len_utf8());
    }
    let text = Text::from(marked.replace(mark, "").as_str());
    let language = by_name(language).unwrap();
    let tree = SyntaxTree::parse(language, &text, None, &AtomicBool::new(false)).unwrap();
    (text, tree, places)
}

/// Both extents of the part at `¦`, each as the bytes between its ends.
fn object(language: &str, kind: ObjectKind, marked: &str) -> [Option<String>; 2] {
    let (text, tree, places) = parsed(language, marked);
    [Extent::Around, Extent::Inside].map(|extent| {
        let found = tree.object(&text, kind, places[0]..places[0], extent)?;
        Some(text.slice(found).into_owned())
    })
}

#[test]
fn each_language_has_its_parts() {
    let cases: &[(&str, ObjectKind, &str, &str, &str)] = &[
        (
            "rust",
            Function,
            "fn a() {}\nfn b(x: u8) {\n    ¦x;\n    1\n}",
            "fn b(x: u8) {\n    x;\n    1\n}",
            "x;\n    1",
        ),
        ("rust", Function, "f(|x| ¦x + 1);", "|x| x + 1", "x + 1"),
        (
            "rust",
            Class,
            "impl A {\n    fn a() {¦}\n}",
            "impl A {\n    fn a() {}\n}",
            "fn a() {}",
        ),
        (
            "rust",
            Parameter,
            "fn a(b: u8, c¦: u8, d: u8) {}",
            "c: u8, ",
            "c: u8",
        ),
        (
            "rust",
            Parameter,
            "fn a(b: u8, c¦: u8) {}",
            ", c: u8",
            "c: u8",
        ),
        ("rust", Parameter, "a(b¦, c)", "b, ", "b"),
        (
            "rust",
            Comment,
            "x;\n// a\n// b¦\ny; // c",
            "// a\n// b",
            "a\n// b",
        ),
        ("rust", Block, "if a { b¦; }", "{ b; }", "b;"),
        ("rust", Entry, "let a = [1, ¦2, 3];", "2, ", "2"),
        (
            "python",
            Function,
            "@a\n@b\ndef f(x):\n    y¦\n    z\n",
            "@a\n@b\ndef f(x):\n    y\n    z",
            "y\n    z",
        ),
        (
            "python",
            Class,
            "class A:\n    x¦ = 1\n",
            "class A:\n    x = 1",
            "x = 1",
        ),
        (
            "python",
            Parameter,
            "def f(a, *, ¦b=1): pass",
            ", b=1",
            "b=1",
        ),
        ("python", Comment, "# a¦\nx", "# a", "a"),
        (
            "python",
            Block,
            "if a:\n    b¦\n    c\n",
            "b\n    c",
            "b\n    c",
        ),
        ("python", Entry, "x = {'a': ¦1, 'b': 2}", "'a': 1, ", "1"),
        (
            "javascript",
            Function,
            "const f = (a) => { ¦b; };",
            "(a) => { b; }",
            "b;",
        ),
        (
            "javascript",
            Class,
            "export class A { b() {¦} }",
            "export class A { b() {} }",
            "b() {}",
        ),
        ("javascript", Parameter, "f(a, ¦b)", ", b", "b"),
        (
            "javascript",
            Comment,
            "/** a\n * b¦ */ x",
            "/** a\n * b */",
            "a\n * b",
        ),
        ("javascript", Entry, "x = { a: 1, ¦b: 2 }", ", b: 2", "2"),
        (
            "typescript",
            Class,
            "interface A { b¦: C }",
            "interface A { b: C }",
            "b: C",
        ),
        (
            "typescript",
            Function,
            "class A { private async b(c: D) { return ¦1; } }",
            "private async b(c: D) { return 1; }",
            "return 1;",
        ),
        (
            "typescript",
            Parameter,
            "function f<T, U¦>() {}",
            ", U",
            "U",
        ),
        ("tsx", Block, "x = <a><b>¦</b></a>;", "<b></b>", "<b></b>"),
        ("jsx", Entry, "x = <a b={¦c} d />;", "b={c}", "{c}"),
        (
            "go",
            Function,
            "package a\n\nfunc (s *S) F(x int) int {\n\treturn ¦x\n}",
            "func (s *S) F(x int) int {\n\treturn x\n}",
            "return x",
        ),
        (
            "go",
            Class,
            "package a\n\ntype S struct {\n\ta¦ int\n}",
            "type S struct {\n\ta int\n}",
            "a int",
        ),
        (
            "go",
            Parameter,
            "package a\n\nfunc F(a int, ¦b int) {}",
            ", b int",
            "b int",
        ),
        ("go", Comment, "package a // b¦", "// b", "b"),
        (
            "java",
            Function,
            "class A { @B int c(int d) { return ¦d; } }",
            "@B int c(int d) { return d; }",
            "return d;",
        ),
        (
            "java",
            Class,
            "record A(int b) { ¦int c; }",
            "record A(int b) { int c; }",
            "int c;",
        ),
        (
            "java",
            Parameter,
            "class A { void b(int c, ¦int d) {} }",
            ", int d",
            "int d",
        ),
        (
            "c",
            Function,
            "int f(int a) { return ¦a; }",
            "int f(int a) { return a; }",
            "return a;",
        ),
        (
            "c",
            Class,
            "struct a { int ¦b; };",
            "struct a { int b; }",
            "int b;",
        ),
        ("c", Entry, "int a[] = { 1, ¦2 };", ", 2", "2"),
        (
            "cpp",
            Function,
            "template <class T> T f(T a) { return ¦a; }",
            "template <class T> T f(T a) { return a; }",
            "return a;",
        ),
        (
            "cpp",
            Class,
            "namespace a { class b { int ¦c; }; }",
            "class b { int c; }",
            "int c;",
        ),
        (
            "csharp",
            Function,
            "class A { int B(int c) { return ¦c; } }",
            "int B(int c) { return c; }",
            "return c;",
        ),
        (
            "csharp",
            Class,
            "namespace A { class B { int ¦c; } }",
            "class B { int c; }",
            "int c;",
        ),
        (
            "csharp",
            Parameter,
            "class A { void B(int c, ¦int d) {} }",
            ", int d",
            "int d",
        ),
        (
            "kotlin",
            Function,
            "fun f(a: Int): Int {\n    return ¦a\n}",
            "fun f(a: Int): Int {\n    return a\n}",
            "return a",
        ),
        (
            "kotlin",
            Class,
            "class A { val ¦b = 1 }",
            "class A { val b = 1 }",
            "val b = 1",
        ),
        (
            "kotlin",
            Parameter,
            "fun f(a: Int, ¦b: Int) {}",
            ", b: Int",
            "b: Int",
        ),
        (
            "scala",
            Function,
            "object A { def f(a: Int) = { ¦a } }",
            "def f(a: Int) = { a }",
            "a",
        ),
        (
            "scala",
            Class,
            "object A { val ¦b = 1 }",
            "object A { val b = 1 }",
            "val b = 1",
        ),
        (
            "php",
            Function,
            "<?php function f($a) { return ¦$a; }",
            "function f($a) { return $a; }",
            "return $a;",
        ),
        (
            "php",
            Class,
            "<?php class A { public $¦b; }",
            "class A { public $b; }",
            "public $b;",
        ),
        (
            "php",
            Entry,
            "<?php $a = ['b' => ¦1, 'c' => 2];",
            "'b' => 1, ",
            "'b' => 1",
        ),
        (
            "ruby",
            Function,
            "def f(a)\n  b¦\n  c\nend",
            "def f(a)\n  b\n  c\nend",
            "b\n  c",
        ),
        (
            "ruby",
            Class,
            "class A\n  b¦\nend",
            "class A\n  b\nend",
            "b",
        ),
        (
            "ruby",
            Block,
            "a.each do |b|\n  c¦\nend",
            "do |b|\n  c\nend",
            "c",
        ),
        (
            "bash",
            Function,
            "f() {\n  echo ¦a\n}",
            "f() {\n  echo a\n}",
            "echo a",
        ),
        ("bash", Comment, "a\n# b¦", "# b", "b"),
        (
            "hcl",
            Class,
            "a \"b\" {\n  c = ¦1\n}",
            "a \"b\" {\n  c = 1\n}",
            "c = 1",
        ),
        ("hcl", Entry, "a = [1, ¦2]", ", 2", "2"),
        ("terraform", Entry, "a = {\n  b = ¦1\n}", "b = 1", "1"),
        ("json", Entry, "{\"a\": ¦1, \"b\": 2}", "\"a\": 1, ", "1"),
        ("json", Block, "{\"a\": [¦1, 2]}", "[1, 2]", "1, 2"),
        ("jsonc", Comment, "{\n  // a¦\n}", "// a", "a"),
        ("yaml", Entry, "a:\n  b: ¦1\nc: 2\n", "b: 1", "1"),
        (
            "yaml",
            Block,
            "a:\n  b: ¦1\n  c: 2\n",
            "b: 1\n  c: 2",
            "b: 1\n  c: 2",
        ),
        (
            "toml",
            Class,
            "[a]\nb = ¦1\nc = 2\n\n[d]\n",
            "[a]\nb = 1\nc = 2",
            "b = 1\nc = 2",
        ),
        ("toml", Entry, "[a]\nb = ¦1\n", "b = 1", "1"),
        (
            "css",
            Class,
            "a { b: ¦c; d: e; }",
            "a { b: c; d: e; }",
            "b: c; d: e;",
        ),
        ("css", Entry, "a { b: ¦c; d: e; }", "b: c;", "b: c;"),
        (
            "html",
            Class,
            "<a><b>c¦ <i>d</i></b></a>",
            "<b>c <i>d</i></b>",
            "c <i>d</i>",
        ),
        ("html", Entry, "<a b=\"¦c\" d>", "b=\"c\"", "\"c\""),
        (
            "markdown",
            Class,
            "# A\n\na\n\n## B\n\nb¦\n\nc\n\n# D\n",
            "## B\n\nb\n\nc",
            "b\n\nc",
        ),
        ("markdown", Block, "a\n\n```\nb¦\n```\n", "```\nb\n```", "b"),
        (
            "markdown",
            Entry,
            "- a\n- b¦\n  c\n- d\n",
            "- b\n  c",
            "b\n  c",
        ),
        (
            "sql",
            Class,
            "CREATE TABLE a (b ¦INT, c TEXT);",
            "CREATE TABLE a (b INT, c TEXT)",
            "b INT, c TEXT",
        ),
        (
            "sql",
            Entry,
            "CREATE TABLE a (b ¦INT, c TEXT);",
            "b INT, ",
            "b INT",
        ),
        ("sql", Block, "SELECT 1; SELECT ¦2;", "SELECT 2", "SELECT 2"),
        (
            "dockerfile",
            Block,
            "FROM a\nRUN b \\\n  && c¦\nCMD d\n",
            "RUN b \\\n  && c",
            "RUN b \\\n  && c",
        ),
        (
            "diff",
            Block,
            "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-c\n+d¦\n",
            "@@ -1 +1 @@\n-c\n+d",
            "-c\n+d",
        ),
        ("regex", Block, "a(b¦|c)d", "(b|c)", "b|c"),
    ];
    let mut wrong = Vec::new();
    for (language, kind, marked, around, inside) in cases {
        let found = object(language, *kind, marked);
        let expected = [Some((*around).to_owned()), Some((*inside).to_owned())];
        if found != expected {
            wrong.push(format!(
                "{language} {kind:?} in {marked:?}:\n  {found:?}\n  {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for language in syntax::languages() {
        let tried = cases
            .iter()
            .any(|(id, ..)| by_name(id) == Some(language.id));
        assert_eq!(tried, language.id.has_trees(), "{}", language.id_str);
    }
}

#[test]
fn a_selection_grows_to_the_next_part_around_it() {
    let (text, tree, places) = parsed("rust", "fn a() { let b = |c| { ¦d }; }");
    let mut range = places[0]..places[0];
    let mut steps = Vec::new();
    while let Some(next) = tree.object(&text, Function, range.clone(), Extent::Around) {
        steps.push(text.slice(next.clone()).into_owned());
        range = next;
    }
    assert_eq!(steps, ["|c| { d }", "fn a() { let b = |c| { d }; }"]);
    let inside = tree.object(&text, Function, places[0]..places[0], Extent::Inside);
    let outer = tree.object(&text, Function, inside.clone().unwrap(), Extent::Inside);
    assert_eq!(text.slice(outer.unwrap()), "let b = |c| { d };");
}

#[test]
fn in_the_indentation_what_begins_the_line_is_meant() {
    let found = object("rust", Function, "impl A {\n ¦   fn a() {}\n}");
    assert_eq!(found[0].as_deref(), Some("fn a() {}"));
    let found = object("rust", Function, "fn a() {\n ¦ \n}");
    assert_eq!(found[0].as_deref(), Some("fn a() {\n  \n}"));
    assert_eq!(object("rust", Function, "¦\nfn a() {}"), [None, None]);
}

#[test]
fn code_in_a_page_has_its_own_parts() {
    let found = object("markdown", Function, "# A\n\n```rust\nfn a() { ¦b }\n```\n");
    assert_eq!(found[0].as_deref(), Some("fn a() { b }"));
    let found = object("html", Function, "<script>function a() { ¦b }</script>");
    assert_eq!(found[1].as_deref(), Some("b"));
}

#[test]
fn the_nearest_edges_are_found_in_both_directions() {
    let source = "fn a() {\n    1\n}\n¦\nimpl B {\n    fn c() {}\n    fn d() {}\n}\n";
    let (text, tree, places) = parsed("rust", source);
    let edge = |kind, edge, direction| {
        let found = tree.object_edge(&text, kind, places[0], edge, direction)?;
        Some(
            text.slice(found..text.len())
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    let (forward, backward) = (Direction::Forward, Direction::Backward);
    assert_eq!(
        edge(Function, Edge::Start, forward).as_deref(),
        Some("fn c() {}")
    );
    assert_eq!(
        edge(Function, Edge::Start, backward).as_deref(),
        Some("fn a() {")
    );
    assert_eq!(
        edge(Class, Edge::Start, forward).as_deref(),
        Some("impl B {")
    );
    assert_eq!(edge(Class, Edge::Start, backward), None);
    let behind = tree
        .object_edge(&text, Function, places[0], Edge::End, backward)
        .unwrap();
    assert_eq!(behind, source.find("}\n").unwrap() + 1);
}

#[test]
fn a_part_far_away_is_found() {
    let filler = "// nothing\n".repeat(5_000);
    let source = format!("¦x;\n{filler}fn far() {{}}\n");
    let (text, tree, places) = parsed("rust", &source);
    let found = tree.object_edge(&text, Function, places[0], Edge::Start, Direction::Forward);
    assert_eq!(found, Some(text.len() - "fn far() {}\n".len()));
}
