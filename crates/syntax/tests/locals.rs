//! What a name means by the scopes of its language.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::{Text, word_at};
use syntax::{LocalName, SyntaxTree, by_name};

/// The source with the places of what is meant at `¦` in `[…]`, those of definitions in `[=…]`, or,
/// where that is nothing local, the places of locals of that name in `(…)`.
fn meant(language: &str, marked: &str) -> String {
    let at = marked.find('¦').unwrap();
    let source = marked.replace('¦', "");
    let text = Text::from(source.as_str());
    let language = by_name(language).unwrap();
    let never = AtomicBool::new(false);
    let tree = SyntaxTree::parse(language, &text, None, &never).unwrap();
    let mut name = word_at(&text, at);
    if marked.starts_with("<?php") && source[..name.start].ends_with('$') {
        name.start -= 1;
    }
    let Some(found) = tree.local_name(&text, name, &never) else {
        return "nothing".to_owned();
    };
    let mut shown = source;
    let (open, close, places) = match found {
        LocalName::Local(places) => {
            let places = places.into_iter();
            let places = places.map(|place| (place.range, place.is_definition));
            ("[", "]", places.collect::<Vec<_>>())
        }
        LocalName::Elsewhere(places) => {
            let places = places.into_iter().map(|range| (range, false));
            ("(", ")", places.collect())
        }
    };
    for (range, is_definition) in places.into_iter().rev() {
        shown.insert_str(range.end, close);
        shown.insert_str(range.start, if is_definition { "[=" } else { open });
    }
    shown
}

#[test]
fn a_local_is_meant_in_its_scope_alone() {
    let cases = [
        (
            "sql",
            "SELECT t.id FROM tasks AS t¦ JOIN t2 ON t.x = y.t; SELECT t FROM t;",
            "SELECT [t].id FROM tasks AS [=t] JOIN t2 ON [t].x = y.t; SELECT t FROM t;",
        ),
        (
            "sql",
            "WITH a AS (SELECT 1) SELECT * FROM a¦; SELECT a FROM a;",
            "WITH [=a] AS (SELECT 1) SELECT * FROM [a]; SELECT a FROM a;",
        ),
        (
            "yaml",
            "a: &b 1\nb: *b¦\n---\nc: &b 2\nd: *b\n",
            "a: &[=b] 1\nb: *[b]\n---\nc: &b 2\nd: *b\n",
        ),
        (
            "dockerfile",
            "ARG v=1\nFROM a:$v\nENV v=2 w=v\nWORKDIR ${v¦}\n",
            "ARG [=v]=1\nFROM a:$[v]\nENV [=v]=2 w=v\nWORKDIR ${[v]}\n",
        ),
        (
            "rust",
            "fn a(x: u8) { x¦; |x| x; } fn b(x: u8) { x }",
            "fn a([=x]: u8) { [x]; |x| x; } fn b(x: u8) { x }",
        ),
        (
            "rust",
            "fn a() { let (b, Some(c)) = d; for b¦ in b { b } c }",
            "fn a() { let (b, Some(c)) = d; for [=b] in [b] { [b] } c }",
        ),
        (
            "rust",
            "fn a() { if let Some(b) = c { ¦b } b }",
            "fn a() { if let Some([=b]) = c { [b] } b }",
        ),
        (
            "python",
            "def f(a, b=1):\n    c = a¦ + [a for a in b]\n    return a.a\na = 2\n",
            "def f([=a], b=1):\n    c = [a] + [a for a in b]\n    return [a].a\na = 2\n",
        ),
        (
            "python",
            "def f():\n    x = 1\n    x¦ += 1\n    g(x=x)\n",
            "def f():\n    [=x] = 1\n    [=x] += 1\n    g(x=[x])\n",
        ),
        (
            "javascript",
            "const a = 1; function f({ a¦, b: [c] }, d = a) { return a + c; }",
            "const a = 1; function f({ [=a], b: [c] }, d = [a]) { return [a] + c; }",
        ),
        ("javascript", "f((a) => a¦); a;", "f(([=a]) => [a]); a;"),
        (
            "typescript",
            "function f(a: number, b = a) { const c = a¦; return { a, c: a }; }",
            "function f([=a]: number, b = [a]) { const c = [a]; return { [a], c: [a] }; }",
        ),
        (
            "go",
            "package p\n\nfunc f(a int) { for a, b := range c { a¦(b) }; a() }",
            "package p\n\nfunc f(a int) { for [=a], b := range c { [a](b) }; a() }",
        ),
        (
            "java",
            "class A { int a; void b(int a) { c(a¦, this.a); } }",
            "class A { int a; void b(int [=a]) { c([a], this.a); } }",
        ),
        (
            "c",
            "int f(int a) { int *b = &a; return a¦ + b[a]; }\nint a;",
            "int f(int [=a]) { int *b = &[a]; return [a] + b[[a]]; }\nint a;",
        ),
        (
            "cpp",
            "int f(const T& a) { auto b = [](int a) { return a¦; }; return b(a); }",
            "int f(const T& a) { auto b = [](int [=a]) { return [a]; }; return b(a); }",
        ),
        (
            "csharp",
            "class A { int B(int c) { var d = c¦; foreach (var e in d) { F(c, x.c); } } }",
            "class A { int B(int [=c]) { var d = [c]; foreach (var e in d) { F([c], x.c); } } }",
        ),
        (
            "kotlin",
            "fun f(a: Int) { val b = a¦; c.map { a -> a }; d.a }",
            "fun f([=a]: Int) { val b = [a]; c.map { a -> a }; d.a }",
        ),
        (
            "scala",
            "object O { def f(a: Int) = { val b = a¦; c.map(a => a); d.a } }",
            "object O { def f([=a]: Int) = { val b = [a]; c.map(a => a); d.a } }",
        ),
        (
            "php",
            "<?php function f($a) { $b = $¦a; return fn($a) => $a; } $a;",
            "<?php function f([=$a]) { $b = [$a]; return fn($a) => $a; } $a;",
        ),
        (
            "ruby",
            "def f(a)\n  b = a¦\n  c.each { |a| a }\n  d.a\nend\n",
            "def f([=a])\n  b = [a]\n  c.each { |a| a }\n  d.a\nend\n",
        ),
        (
            "bash",
            "f() {\n  local a=1\n  echo $a¦\n}\necho $a\n",
            "f() {\n  local [=a]=1\n  echo $[a]\n}\necho $a\n",
        ),
        (
            "terraform",
            "a = [for b in c : b¦]\nd = b\n",
            "a = [for [=b] in c : [b]]\nd = b\n",
        ),
    ];
    let mut wrong = Vec::new();
    for (language, marked, expected) in cases {
        let found = meant(language, marked);
        if found != expected {
            wrong.push(format!("{language}:\n  {found:?}\n  {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn where_a_name_is_not_local_the_locals_of_that_name_are_told() {
    assert_eq!(
        meant(
            "rust",
            "static a: u8 = 1; fn b() { a¦; c.a } fn d(a: u8) { a }"
        ),
        "static a: u8 = 1; fn b() { a; c.a } fn d((a): u8) { (a) }"
    );
    assert_eq!(
        meant("rust", "fn d(a: u8) { c.a¦; a }"),
        "fn d((a): u8) { c.a; (a) }"
    );
    assert_eq!(meant("json", "{\"a¦\": 1}"), "nothing");
}

#[test]
fn code_in_a_page_has_its_own_scopes() {
    assert_eq!(
        meant("html", "<script>function f(a) { a¦ }</script><p>a</p>"),
        "<script>function f([=a]) { [a] }</script><p>a</p>"
    );
}
