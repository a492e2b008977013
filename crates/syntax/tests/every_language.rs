//! Matching brackets and growing selections, in every language that has trees.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use editor_core::{GrowingSelections, Selections, SyntaxView, Text};
use syntax::{SyntaxTree, by_name};

fn parse(language: &str, text: &Text) -> SyntaxTree {
    let language = by_name(language).unwrap();
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

/// Every language with trees is among those that were tried.
fn assert_all_tried<'a>(tried: impl Iterator<Item = &'a str>, without: &[&str]) {
    let tried: BTreeSet<&str> = tried.map(|name| by_name(name).unwrap().id_str()).collect();
    for language in syntax::languages() {
        let id = language.id_str;
        let wanted = language.id.has_trees() && !without.contains(&id);
        assert_eq!(tried.contains(id), wanted, "{id}");
    }
}

#[test]
fn a_bracket_finds_its_partner_past_those_in_strings_and_comments() {
    // The two brackets stand behind the marks.
    let cases = [
        ("c", "int a(int b) { f¦('(', \"(\" /* ( */¦); }"),
        ("cpp", "void a() { f¦(u8\"(\", R\"x(()x\" /* ( */, '('¦); }"),
        (
            "csharp",
            "class A { void B() { F¦(@\"(\"\"(\", '(', $\"({1}\" /* ( */¦); } }",
        ),
        ("css", "a[b=\"{\"] ¦{ c: url(\"{\"); /* { */ ¦}"),
        ("dockerfile", "RUN ¦{ echo \"{\"; ¦}"),
        ("go", "func a() { f¦(\"(\", `(`, '(' /* ( */¦) }"),
        ("hcl", "a = f¦(\"(\" /* ( */¦)"),
        ("html", "<script>f¦(\"(\" /* ( */¦)</script>"),
        ("java", "class A { void b() { f¦(\"(\", '(' /* ( */¦); } }"),
        ("javascript", "f¦(\"(\", `(${[1]}`, /[(]/ /* ( */¦)"),
        ("jsx", "a = <b c={f¦(\"(\" /* ( */¦)}>(</b>"),
        ("json", "¦[\"[\", {}¦]"),
        ("jsonc", "¦[\"[\", /* [ */ {}¦]"),
        ("kotlin", "fun a() { f¦(\"(\", '(' /* ( */¦) }"),
        ("markdown", "( `(`\n\n```rust\nf¦(\"(\" /* ( */¦)\n```\n"),
        ("php", "( <?php f¦(\"(\", '(' /* ( */¦);"),
        ("python", "f¦(\"(\", '''(''',  # (\n  1¦)"),
        ("regex", "¦(a[(]\\(¦)"),
        ("ruby", "f¦(\"(\", '(', %q<(>, # (\n  1¦)"),
        ("rust", "fn a() { f¦(\"(\", r#\"(\"#, '(' /* ( */¦) }"),
        ("scala", "def a = f¦(\"(\", '(' /* ( */¦)"),
        ("shellscript", "a() ¦{ echo \"{\" '{' # {\n¦}"),
        ("sql", "SELECT f¦('(', 1 /* ( */¦)"),
        ("terraform", "a = f¦(\"(\" /* ( */¦)"),
        ("toml", "a = ¦[\"[\", '[', # [\n  1¦]"),
        ("tsx", "a = <b c={f¦(\"(\" /* ( */¦)}>(</b>"),
        ("typescript", "f¦(\"(\", `(${[1]}`, /[(]/ /* ( */¦)"),
        ("yaml", "a: ¦[\"[\", '[', # [\n  1¦]"),
    ];
    let mut wrong = Vec::new();
    for (language, marked) in cases {
        let open = marked.find('¦').unwrap();
        let close = marked.rfind('¦').unwrap() - '¦'.len_utf8();
        let text = Text::from(marked.replace('¦', "").as_str());
        let tree = parse(language, &text);
        let pairs = tree.bracket_pairs(0..text.len());
        let found = pairs.iter().find(|pair| pair.open == open);
        if found.and_then(|pair| pair.close) != Some(close) {
            wrong.push(format!(
                "{language}: {:?} {found:?}",
                text.slice(0..text.len())
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A patch has none: what is in it is lines of other files.
    assert_all_tried(cases.iter().map(|(language, _)| *language), &["diff"]);
}

#[test]
fn a_selection_grows_by_what_the_syntax_is_made_of() {
    // What is selected step by step from the caret.
    let cases: [(&str, &str, &[&str]); 29] = [
        (
            "c",
            "int f() { return a + g(b¦c); }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc);"],
        ),
        (
            "cpp",
            "int f() { return a + g(b¦c); }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc);"],
        ),
        (
            "csharp",
            "class A { int F() { return a + G(b¦c); } }",
            &["bc", "(bc)", "G(bc)", "a + G(bc)", "return a + G(bc);"],
        ),
        ("css", "a { margin: 1p¦x 2px }", &["px", "1px"]),
        (
            "diff",
            "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a b¦c\n+d\n",
            &["bc"],
        ),
        (
            "dockerfile",
            "FROM a:b¦c AS d\nRUN e\n",
            &["bc", ":bc", "a:bc"],
        ),
        (
            "go",
            "func f() { return a + g(b¦c) }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc)"],
        ),
        (
            "hcl",
            "a \"b\" {\n  c = f(d¦e)\n}\n",
            &["de", "(de)", "f(de)"],
        ),
        (
            "html",
            "<p class=\"a b¦c\">d</p>",
            &["bc", "a bc", "\"a bc\"", "class=\"a bc\""],
        ),
        (
            "java",
            "class A { int f() { return a + g(b¦c); } }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc);"],
        ),
        (
            "javascript",
            "x = a + g(b¦c);",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "x = a + g(bc)"],
        ),
        ("jsx", "x = <p q={b¦c}>d</p>;", &["bc", "{bc}", "q={bc}"]),
        (
            "json",
            "{\"a\": [\"b¦c\", 1]}",
            &["bc", "\"bc\"", "\"bc\", 1", "[\"bc\", 1]"],
        ),
        (
            "jsonc",
            "{\"a\": [\"b¦c\", 1]}",
            &["bc", "\"bc\"", "\"bc\", 1", "[\"bc\", 1]"],
        ),
        (
            "kotlin",
            "fun f() { return a + g(b¦c) }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc)"],
        ),
        ("markdown", "# T\n\n- a *b¦c* d\n", &["bc", "*bc*"]),
        (
            "php",
            "<?php return $a + g($b¦c);",
            &["bc", "$bc", "($bc)", "g($bc)", "$a + g($bc)"],
        ),
        (
            "python",
            "def f():\n    return a + g(b¦c)\n",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc)"],
        ),
        ("regex", "a(b¦c|d)", &["c"]),
        (
            "ruby",
            "def f\n  a + g(b¦c)\nend\n",
            &["bc", "(bc)", "g(bc)", "a + g(bc)"],
        ),
        (
            "rust",
            "fn f() { return a + g(b¦c); }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "return a + g(bc)"],
        ),
        (
            "scala",
            "def f = { a + g(b¦c) }",
            &["bc", "(bc)", "g(bc)", "a + g(bc)"],
        ),
        (
            "shellscript",
            "echo \"a $b¦c\"\n",
            &["bc", "$bc", "\"a $bc\"", "echo \"a $bc\""],
        ),
        ("sql", "SELECT a + g(b¦c) FROM d;", &["bc", "(bc)", "g(bc)"]),
        (
            "terraform",
            "a \"b\" {\n  c = f(d¦e)\n}\n",
            &["de", "(de)", "f(de)"],
        ),
        (
            "toml",
            "[t]\na = [\"b¦c\", 1]\n",
            &["bc", "\"bc\"", "\"bc\", 1", "[\"bc\", 1]"],
        ),
        ("tsx", "x = <p q={b¦c}>d</p>;", &["bc", "{bc}", "q={bc}"]),
        (
            "typescript",
            "x = a + g(b¦c);",
            &["bc", "(bc)", "g(bc)", "a + g(bc)", "x = a + g(bc)"],
        ),
        ("yaml", "a:\n  b: [c¦d, 1]\n", &["cd", "cd, 1", "[cd, 1]"]),
    ];
    let mut wrong = Vec::new();
    for (language, marked, expected) in cases {
        let at = marked.find('¦').unwrap();
        let text = Text::from(marked.replace('¦', "").as_str());
        let tree = parse(language, &text);
        assert!(tree.has_tree(), "{language}");
        let mut growing = GrowingSelections::default();
        let mut selections = Selections::caret(at);
        let mut steps = Vec::new();
        for _ in expected {
            selections = growing.expand(&text, &selections, &tree);
            steps.push(text.slice(selections.primary().range()).into_owned());
        }
        if steps != expected {
            wrong.push(format!("{language}: {steps:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_all_tried(cases.iter().map(|(language, ..)| *language), &[]);
}
