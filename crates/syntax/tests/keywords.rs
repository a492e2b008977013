//! What is rarer in a language has its colours, too.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::{SyntaxTree, by_name};

fn tree(language: &str, text: &Text) -> SyntaxTree {
    let language = by_name(language).unwrap();
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

/// Checks that each of the texts, after the one before it, is a span of this name.
#[track_caller]
fn coloured(language: &str, source: &str, expected: &[(&str, &str)]) {
    let text = Text::from(source);
    let spans = tree(language, &text).highlights(&text, 0..text.len());
    let found: Vec<_> = spans
        .into_iter()
        .map(|span| (text.slice(span.range).into_owned(), span.highlight.name()))
        .collect();
    let mut rest = found.iter();
    for (part, name) in expected {
        assert!(
            rest.any(|found| found.0 == *part && found.1 == *name),
            "{part:?} is not {name} (or not in this order) in:\n{found:?}"
        );
    }
}

fn outline(language: &str, source: &str) -> Vec<String> {
    let text = Text::from(source);
    let never = AtomicBool::new(false);
    let outline = tree(language, &text).outline(&text, &never).unwrap();
    let symbols = outline.symbols().iter();
    symbols
        .map(|symbol| format!("{} {}", symbol.kind.word(), symbol.name))
        .collect()
}

const MACROS: &str = "#define LOOP(n, body) do { \\\n    for (int i = 0; i < n; i++) { \\\n      \
                      printf(\"x\"); /* hi */ body; \\\n    } } while (0)\n#define FLAG (1 << 3)\n";

#[test]
fn what_macros_stand_for_is_code() {
    for language in ["c", "cpp"] {
        coloured(
            language,
            MACROS,
            &[
                ("LOOP", "function.macro"),
                ("do", "keyword.control"),
                ("for", "keyword.control"),
                ("int", "type.builtin"),
                ("printf", "function"),
                ("\"x\"", "string"),
                ("/* hi */", "comment"),
                ("body", "variable"),
                ("while", "keyword.control"),
                ("1", "number"),
                ("<<", "operator"),
            ],
        );
        assert_eq!(outline(language, MACROS), ["macro LOOP", "constant FLAG"]);
        let text = Text::from(format!("{MACROS}#define BEGIN {{\n").as_str());
        let brackets = tree(language, &text).brackets(0..text.len());
        assert!(brackets.iter().all(|bracket| bracket.depth.is_some()));
    }
}

#[test]
fn code_in_the_documentation_of_rust_is_rust() {
    for fence in ["", "no_run", "ignore", "should_panic", "edition2021"] {
        let source = format!("/// ```{fence}\n/// let x = 1;\n/// ```\nfn f() {{}}\n");
        coloured(
            "rust",
            &source,
            &[("let", "keyword.storage"), ("1", "number")],
        );
    }
    let text = Text::from("/// ```text\n/// let x\n/// ```\nfn f() {}\n");
    let spans = tree("rust", &text).highlights(&text, 0..text.len());
    assert!(
        spans
            .iter()
            .all(|span| text.slice(span.range.clone()) != "let")
    );
    coloured(
        "rust",
        "fn f() { None; Some(1); }",
        &[("None", "constructor")],
    );
}

#[test]
fn rarer_keywords_are_coloured() {
    coloured(
        "java",
        "import java.util.*;\nclass A { void f(Object o) { switch (o) { case null, default -> {} } } }",
        &[("util", "module"), ("default", "keyword.control")],
    );
    coloured(
        "javascript",
        "export * as ns from 'a';",
        &[("as", "keyword.import")],
    );
    coloured(
        "typescript",
        "{ using res = open(); }\ndeclare global { }",
        &[("using", "keyword.storage"), ("global", "keyword.storage")],
    );
    coloured(
        "cpp",
        "import std;\nstruct A { operator bool(); };",
        &[
            ("import", "keyword.import"),
            ("std", "module"),
            ("operator", "keyword.storage"),
        ],
    );
    coloured(
        "c",
        "typeof(x) y;\n__attribute__((noreturn)) void f(void);",
        &[
            ("typeof", "keyword.operator"),
            ("__attribute__", "keyword.storage"),
            ("noreturn", "attribute"),
        ],
    );
    coloured(
        "ruby",
        "x = __method__\n",
        &[("__method__", "constant.builtin")],
    );
    coloured(
        "terraform",
        "variable \"x\" {\n  type = object({ a = string, b = optional(number), c = map(string) })\n}\n",
        &[
            ("object", "type.builtin"),
            ("string", "type.builtin"),
            ("optional", "type.builtin"),
            ("map", "type.builtin"),
        ],
    );
    coloured(
        "shellscript",
        "x=$((0x1F + 2))\ndeclare -A names\n",
        &[("0x1F", "number"), ("+", "operator"), ("-A", "attribute")],
    );
    coloured("json", "[-1.5e+3]", &[("-1.5e+3", "number")]);
}

#[test]
fn the_outline_of_a_class_in_cpp_has_its_operators_and_destructor() {
    let source = "struct Vec {\n  virtual ~Vec();\n  operator bool() const;\n  Vec& operator+=(int);\n  \
                  friend std::ostream& operator<<(std::ostream& o, const Vec& v);\n};\n";
    assert_eq!(
        outline("cpp", source),
        [
            "struct Vec",
            "method ~Vec",
            "method operator bool",
            "method operator+=",
            "method operator<<",
        ]
    );
}
