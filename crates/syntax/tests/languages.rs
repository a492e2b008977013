//! What a reader sees coloured in each language.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::{SyntaxTree, by_name};

/// Every span as its text and its name.
fn spans(language: &str, source: &str) -> Vec<(String, &'static str)> {
    let text = Text::from(source);
    let language = by_name(language).expect("a known language");
    let tree = SyntaxTree::parse(language, &text, None, &AtomicBool::new(false))
        .expect("the language has a grammar");
    let spans = tree.highlights(&text, 0..text.len());
    for pair in spans.windows(2) {
        assert!(pair[0].range.end <= pair[1].range.start, "{pair:?} overlap");
    }
    spans
        .into_iter()
        .map(|span| (text.slice(span.range).into_owned(), span.highlight.name()))
        .collect()
}

/// Checks that the expected spans appear in this order, among others.
#[track_caller]
fn assert_highlights(language: &str, source: &str, expected: &[(&str, &str)]) {
    let found = spans(language, source);
    let mut rest = found.iter();
    for &(text, name) in expected {
        let present =
            rest.any(|(found_text, found_name)| found_text == text && *found_name == name);
        assert!(
            present,
            "{text:?} is not highlighted as {name} (or not in this order) in:\n{found:?}"
        );
    }
}

#[test]
fn rust() {
    assert_highlights(
        "rust",
        r#"//! Crate.
use std::collections::HashMap;
/// Doc.
#[derive(Debug)]
pub struct Store<'a, T> { items: &'a HashMap<String, T>, count: usize }
const LIMIT: usize = 10;
impl<T> Store<'_, T> {
    fn find(&self, key: &str) -> Option<&T> {
        // why
        let name = format!("{key}\n{}", shout(1.5));
        if self.count > LIMIT { return None; }
        match self.items.get(key) { Some(item) => Some(item), None => Err::<(), _>('x').ok() }
    }
}
"#,
        &[
            ("//! Crate.\n", "comment.documentation"),
            ("use", "keyword.import"),
            ("std", "module"),
            ("collections", "module"),
            ("HashMap", "type"),
            ("/// Doc.\n", "comment.documentation"),
            ("derive", "attribute"),
            ("pub struct".split(' ').next().unwrap(), "keyword.storage"),
            ("struct", "keyword.storage"),
            ("Store", "type"),
            ("'a", "label"),
            ("T", "type.parameter"),
            ("items", "property"),
            ("usize", "type.builtin"),
            ("const", "keyword.storage"),
            ("LIMIT", "constant"),
            ("10", "number"),
            ("impl", "keyword.storage"),
            ("fn", "keyword.storage"),
            ("find", "function.method"),
            ("self", "variable.builtin"),
            ("key", "variable.parameter"),
            ("str", "type.builtin"),
            ("->", "operator"),
            ("// why", "comment"),
            ("let", "keyword.storage"),
            ("name", "variable"),
            ("format!", "function.macro"),
            ("\"{key}", "string"),
            ("\\n", "string.escape"),
            ("shout", "function"),
            ("1.5", "number"),
            ("if", "keyword.control"),
            ("count", "property"),
            ("LIMIT", "constant"),
            ("return", "keyword.control"),
            ("match", "keyword.control"),
            ("get", "function.method"),
            ("Some", "constructor"),
            ("=>", "operator"),
            ("'x'", "string"),
            ("ok", "function.method"),
        ],
    );
}

#[test]
fn python() {
    assert_highlights(
        "python",
        r#"#!/usr/bin/env python3
"""Module."""
from dataclasses import dataclass
import os.path as p

MAX_ITEMS = 10

@dataclass(frozen=True)
class Task(Base):
    """A task."""
    title: str
    due: date | None = None

    def label(self, *, width: int = 80) -> str:
        # why
        if not self.title and width >= MAX_ITEMS:
            raise ValueError(f"bad {self.title!r:>10}\n")
        return ", ".join(sorted(x for x in self.tags))
"#,
        &[
            ("#!/usr/bin/env python3", "comment"),
            ("\"\"\"Module.\"\"\"", "comment.documentation"),
            ("from", "keyword.import"),
            ("dataclasses", "module"),
            ("import", "keyword.import"),
            ("os", "module"),
            ("as", "keyword.import"),
            ("MAX_ITEMS", "constant"),
            ("10", "number"),
            ("@dataclass", "attribute"),
            ("frozen", "variable.parameter"),
            ("True", "boolean"),
            ("class", "keyword.storage"),
            ("Task", "type"),
            ("Base", "type"),
            ("\"\"\"A task.\"\"\"", "comment.documentation"),
            ("str", "type.builtin"),
            ("None", "constant.builtin"),
            ("def", "keyword.storage"),
            ("label", "function.method"),
            ("self", "variable.builtin"),
            ("width", "variable.parameter"),
            ("int", "type.builtin"),
            ("# why", "comment"),
            ("if", "keyword.control"),
            ("not", "keyword.operator"),
            ("title", "property"),
            ("and", "keyword.operator"),
            ("raise", "keyword.control"),
            ("ValueError", "type"),
            ("f\"bad ", "string"),
            ("{", "punctuation.special"),
            ("title", "property"),
            ("\\n", "string.escape"),
            ("return", "keyword.control"),
            ("join", "function.method"),
            ("sorted", "function.builtin"),
            ("in", "keyword.control"),
        ],
    );
}

#[test]
fn typescript() {
    assert_highlights(
        "typescript",
        r#"import type { Task } from "./task";
/** Doc. */
export interface Store<T extends object> { readonly items: Map<string, T>; find?(id: number): T | undefined }
enum State { Open, Done = 2 }
@injectable()
export class Client implements Store<Task> {
  #token = "abc";
  private readonly base: string;
  constructor(base: string) { this.base = `${base}/v1`; }
  async get(id: number, ...rest: string[]): Promise<Task> {
    const url = new URL(this.base) as unknown;
    if (id === null || !/^a+$/gi.test("x\n")) { throw new Error("no"); }
    return await fetch(url, { method: "GET", LIMIT }).then((r) => r.json());
  }
}
type Name = `task-${number}`;
"#,
        &[
            ("import type".split(' ').next().unwrap(), "keyword.import"),
            ("type", "keyword.import"),
            ("from", "keyword.import"),
            ("\"./task\"", "string"),
            ("/** Doc. */", "comment.documentation"),
            ("export", "keyword.import"),
            ("interface", "keyword.storage"),
            ("Store", "type"),
            ("T", "type.parameter"),
            ("extends", "keyword.storage"),
            ("object", "type.builtin"),
            ("readonly", "keyword.storage"),
            ("items", "property"),
            ("Map", "type"),
            ("string", "type.builtin"),
            ("find", "function.method"),
            ("id", "variable.parameter"),
            ("enum", "keyword.storage"),
            ("Open", "constant"),
            ("Done", "constant"),
            ("@injectable", "attribute"),
            ("class", "keyword.storage"),
            ("Client", "type"),
            ("implements", "keyword.storage"),
            ("#token", "property"),
            ("private", "keyword.storage"),
            ("constructor", "constructor"),
            ("this", "variable.builtin"),
            ("${", "punctuation.special"),
            ("base", "variable"),
            ("/v1`", "string"),
            ("async", "keyword.storage"),
            ("get", "function.method"),
            ("rest", "variable.parameter"),
            ("const", "keyword.storage"),
            ("new", "keyword.operator"),
            ("URL", "constructor"),
            ("as", "keyword.operator"),
            ("unknown", "type.builtin"),
            ("===", "operator"),
            ("null", "constant.builtin"),
            ("/", "string.regexp"),
            ("^", "keyword.control"),
            ("+", "operator"),
            ("gi", "string.special"),
            ("test", "function.method"),
            ("\\n", "string.escape"),
            ("throw", "keyword.control"),
            ("await", "keyword.control"),
            ("fetch", "function.builtin"),
            ("method", "property"),
            ("LIMIT", "constant"),
            ("=>", "operator"),
            ("json", "function.method"),
            ("type", "keyword.storage"),
            ("number", "type.builtin"),
        ],
    );
}

#[test]
fn tsx_and_javascript() {
    let page = r#"export function App({ name }) {
  return <List title="a&amp;b" onPick={(x) => pick(x)}><li>Hello {name}</li></List>;
}
"#;
    for language in ["tsx", "javascript"] {
        assert_highlights(
            language,
            page,
            &[
                ("function", "keyword.storage"),
                ("App", "function"),
                ("name", "variable.parameter"),
                ("List", "constructor"),
                ("title", "attribute"),
                ("&amp;", "string.escape"),
                ("x", "variable.parameter"),
                ("=>", "operator"),
                ("li", "tag"),
                ("Hello ", "text"),
                ("name", "variable"),
                ("List", "constructor"),
            ],
        );
    }
    assert_highlights(
        "javascript",
        "#!/usr/bin/env node\nclass A extends B { static x = 1; run(a, b = 2, { c }, ...d) { for (const e of a) delete e; } }",
        &[
            ("#!/usr/bin/env node", "comment"),
            ("A", "type"),
            ("B", "type"),
            ("static", "keyword.storage"),
            ("x", "property"),
            ("run", "function.method"),
            ("a", "variable.parameter"),
            ("b", "variable.parameter"),
            ("c", "variable.parameter"),
            ("d", "variable.parameter"),
            ("of", "keyword.operator"),
            ("delete", "keyword.operator"),
        ],
    );
}

#[test]
fn json_with_and_without_comments() {
    assert_highlights(
        "jsonc",
        "{ // why\n  \"a\\n\": [1.5e3, true, null, \"x\"], }",
        &[
            ("{", "punctuation.bracket"),
            ("// why", "comment"),
            ("\"a", "property"),
            ("\\n", "string.escape"),
            (":", "punctuation.delimiter"),
            ("1.5e3", "number"),
            ("true", "boolean"),
            ("null", "constant.builtin"),
            ("\"x\"", "string"),
        ],
    );
}

#[test]
fn markdown() {
    assert_highlights(
        "markdown",
        r#"# Title with `code`

Some *emphasis*, **strong text**, ~~gone~~ and `a.b()`.
A [link](https://example.org "tip") and <https://example.net>.

- one
- [x] done
- [ ] open
1. first

> quoted *words*
> go on

| Name | Size |
|------|------|
| `a`  | 1    |

## Second
"#,
        &[
            ("#", "markup.heading.marker"),
            (" Title with ", "markup.heading.1"),
            ("code", "markup.raw"),
            ("emphasis", "markup.italic"),
            ("strong text", "markup.strong"),
            ("gone", "markup.strikethrough"),
            ("a.b()", "markup.raw"),
            ("link", "markup.link.label"),
            ("https://example.org", "markup.link.url"),
            ("\"tip\"", "string"),
            ("<https://example.net>", "markup.link.url"),
            ("- ", "markup.list"),
            ("[x]", "markup.list.checked"),
            ("[ ]", "markup.list.unchecked"),
            ("1. ", "markup.list"),
            ("quoted ", "markup.quote"),
            ("words", "markup.quote.italic"),
            ("|", "punctuation.delimiter"),
            ("a", "markup.raw"),
            ("##", "markup.heading.marker"),
        ],
    );
}

#[test]
fn the_boxes_of_a_spec_are_no_links() {
    let source = "- [-] 1. Under way\n- [ ]* 2. May be left out\n  - [x]* 2.1 *Done*\n- see [x]\n";
    assert_highlights(
        "markdown",
        source,
        &[
            ("[-]", "markup.list.unchecked"),
            ("[ ]", "markup.list.unchecked"),
            ("[x]", "markup.list.checked"),
            ("Done", "markup.italic"),
            ("x", "markup.link.label"),
        ],
    );
}

#[test]
fn code_in_markdown_has_its_own_language() {
    let source = "Text.\n\n```rust\nlet x = plain;\n```\n\n```nonsense\nlet y\n```\n";
    let found = spans("markdown", source);
    assert_highlights(
        "markdown",
        source,
        &[
            ("```", "punctuation.delimiter"),
            ("rust", "label"),
            ("let", "keyword.storage"),
            ("x", "variable"),
            ("\nlet y\n", "markup.raw.block"),
        ],
    );
    let inside_rust = found
        .iter()
        .filter(|(text, name)| *name == "markup.raw.block" && text.contains('='));
    assert_eq!(inside_rust.count(), 0, "{found:?}");
}

#[test]
fn languages_nest_three_deep() {
    let source = "> - quoted\n>\n>   ````markdown\n>   # Inner *title*\n>\n>   ```python\n>   def f():\n>       return 1\n>   ```\n>   ````\n";
    assert_highlights(
        "markdown",
        source,
        &[
            ("#", "markup.heading.marker"),
            ("title", "markup.heading.italic"),
            ("def", "keyword.storage"),
            ("f", "function"),
            ("return", "keyword.control"),
            ("1", "number"),
        ],
    );
    let found = spans("markdown", source);
    let quote_marks = found
        .iter()
        .filter(|(text, name)| text.starts_with('>') && *name == "punctuation.special")
        .count();
    assert!(
        quote_marks >= 9,
        "the marks of the quote stay the quote's: {found:?}"
    );
}

#[test]
fn doc_comments_are_markdown_and_stay_comments() {
    let source = "/// # Title\n///\n/// Some `code` and\n/// *more* of\n/// it.\n///\n/// ```rust\n/// let x = 1;\n/// ```\nfn f() {}\n";
    assert_highlights(
        "rust",
        source,
        &[
            ("///", "comment.documentation"),
            (" #", "markup.heading.marker"),
            ("code", "markup.raw"),
            ("more", "markup.italic"),
            ("let", "keyword.storage"),
            ("1", "number"),
            ("fn", "keyword.storage"),
        ],
    );
    let source = "/**\n * Finds one.\n * @param {string} key what\n */\nfunction f(key) {}\n";
    assert_highlights(
        "javascript",
        source,
        &[
            ("@param", "attribute"),
            ("string", "type"),
            ("key", "variable.parameter"),
        ],
    );
}

#[test]
fn regular_expressions_and_marked_strings_have_their_language() {
    let regex = [("[", "punctuation.bracket"), ("+", "operator")];
    assert_highlights("javascript", "const a = /[a-z]+/;", &regex);
    assert_highlights("python", "a = re.compile(r'[a-z]+')", &regex);
    assert_highlights("rust", "fn f() { Regex::new(r\"[a-z]+\"); }", &regex);
    assert_highlights("go", "var a = regexp.MustCompile(`[a-z]+`)", &regex);
    assert_highlights("php", "<?php preg_match('/[a-z]+/', $a);", &regex);
    assert_highlights("ruby", "a = /[a-z]+/i", &regex);
    assert_highlights("ruby", "a = %r{#{b}c[a-z]+}", &regex);
    for call in ["Pattern.compile(\"[a-z]+\")", "b.replaceAll(\"[a-z]+\", c)"] {
        let source = format!("class A {{ Object a = {call}; }}");
        assert_highlights("java", &source, &regex);
    }
    for call in [
        "Regex(\"[a-z]+\")",
        "\"[a-z]+\".toRegex()",
        "\"\"\"[a-z]+\"\"\".toRegex()",
        "Pattern.compile(\"[a-z]+\")",
    ] {
        assert_highlights("kotlin", &format!("val a = {call}\n"), &regex);
    }
    assert_highlights("scala", "val a = \"[a-z]+\".r\n", &regex);
    assert_highlights("scala", "val a = \"\"\"[a-z]+\"\"\".r\n", &regex);
    // Of an escape of the host, the regular expression has what it stands for.
    let escaped = r#""\\d\\(\u00e9(b)[\u00e0-\u00ff]\n""#;
    for (language, source) in [
        (
            "java",
            format!("class A {{ Object a = Pattern.compile({escaped}); }}"),
        ),
        ("kotlin", format!("val a = Regex({escaped})\n")),
        ("scala", format!("val a = {escaped}.r\n")),
        ("python", format!("a = re.compile({escaped})\n")),
        ("javascript", format!("a = new RegExp({escaped});\n")),
    ] {
        let expected = [
            ("\\", "string.escape"),
            (r"\d", "constant.builtin"),
            (r"\\(\u00e9", "string.escape"),
            ("(", "punctuation.bracket"),
            ("b", "string.regexp"),
            (")[", "punctuation.bracket"),
            (r"\u00e0", "string.escape"),
            ("-", "operator"),
            (r"\u00ff", "string.escape"),
            ("]", "punctuation.bracket"),
            (r"\n", "string.escape"),
        ];
        assert_highlights(language, &source, &expected);
    }
    // In several rows a backslash means itself.
    assert_highlights(
        "kotlin",
        r#"val a = Regex("""\d(""") + "$b\"\\(c")"#,
        &[
            (r"\d", "constant.builtin"),
            ("(", "punctuation.bracket"),
            (r#"\"\\"#, "string.escape"),
            ("(c\"", "string"),
        ],
    );
    let sql = [("SELECT", "keyword.control"), ("1", "number")];
    for (language, source) in [
        ("javascript", "const a = sql`SELECT 1, ${c}, d FROM e`;"),
        (
            "typescript",
            "const a = /* sql */ `SELECT 1, ${c}, d FROM e`;",
        ),
        ("typescript", "f(/* SQL */ 'SELECT 1');"),
        ("python", "# language=sql\na = 'SELECT 1'\n"),
        ("python", "a = \"\"\"--sql\nSELECT 1\"\"\"\n"),
        ("rust", "fn f() { sqlx::query(/* sql */ \"SELECT 1\"); }"),
        ("rust", "fn f() { sqlx::query!(\"SELECT 1\"); }"),
        ("php", "<?php return /* sql */ \"SELECT 1\";"),
        ("php", "<?php $a = f(/* sql */ 'SELECT 1');"),
        ("go", "var a = f(/* sql */ `SELECT 1`)"),
        ("go", "var a = /* sql */ `SELECT 1`"),
        ("go", "func f() { a := /* sql */ `SELECT 1` }"),
        ("php", "<?php $a = <<<SQL\nSELECT 1\nSQL;\n"),
        ("ruby", "a = <<~SQL\n  SELECT 1\nSQL\n"),
        ("java", "class A { String a = /* sql */ \"SELECT 1\"; }"),
        (
            "java",
            "class A {\n// language=SQL\nString a = \"SELECT 1\"; }",
        ),
        (
            "java",
            "class A { String a = \"\"\"\n -- sql\n SELECT 1\"\"\"; }",
        ),
        ("kotlin", "val a = /* sql */ \"SELECT 1\"\n"),
        ("kotlin", "// language=sql\nval a = \"SELECT 1\"\n"),
        ("kotlin", "val a = \"\"\"\n -- sql\n SELECT 1\"\"\"\n"),
        ("scala", "val a = sql\"SELECT 1 FROM $b\"\n"),
        ("scala", "val a = sql\"\"\"SELECT 1\"\"\"\n"),
        ("scala", "val a = /* sql */ \"SELECT 1\"\n"),
        ("scala", "// language=sql\nval a = \"SELECT 1\"\n"),
        ("scala", "val a = \"\"\"\n -- sql\n SELECT 1\"\"\"\n"),
    ] {
        assert_highlights(language, source, &sql);
    }
    let plain = spans("javascript", "f(/* why */ 'SELECT 1');");
    assert!(
        plain.contains(&("'SELECT 1'".into(), "string")),
        "{plain:?}"
    );
}

#[test]
fn a_tag_with_types_names_the_language_of_its_template() {
    let sql = [
        ("sql", "function"),
        ("<", "punctuation.bracket"),
        ("User", "type"),
    ];
    let select = [("SELECT", "keyword.control"), ("1", "number")];
    for types in ["<User>", "<User[]>", "<Array<User>>", "<{ id: User }>"] {
        for before in ["", "await "] {
            let source = format!("const a = {before}sql{types}`SELECT 1 FROM b`;");
            assert_highlights("typescript", &source, &select);
            assert_highlights("tsx", &source, &select);
        }
    }
    assert_highlights("typescript", "const a = sql<User>`SELECT 1`;", &sql);
    let member = [("sql", "function.method"), ("SELECT", "keyword.control")];
    assert_highlights("typescript", "const a = this.sql<User>`SELECT 1`;", &member);
    let compared = spans("typescript", "const a = b < c > `SELECT 1`;");
    assert!(compared.contains(&("`SELECT 1`".into(), "string")));
}

#[test]
fn names_are_what_their_place_says() {
    for (language, source, expected) in [
        (
            "typescript",
            "import { type FC, URL } from \"a\"; import type { ID } from \"b\";",
            &[("FC", "type"), ("URL", "type"), ("ID", "type")][..],
        ),
        (
            "javascript",
            "JSON.parse(MAX);",
            &[("JSON", "type"), ("MAX", "constant")],
        ),
        (
            "javascript",
            "/**\n * @template K, V of both\n * @template {string} T\n */\nlet a;",
            &[
                ("K", "type.parameter"),
                ("V", "type.parameter"),
                ("T", "type.parameter"),
            ],
        ),
        (
            "typescript",
            "namespace Geometry.Shapes {}",
            &[("Geometry", "module"), ("Shapes", "module")],
        ),
        (
            "tsx",
            "const a = <Ctx.Provider><svg:rect xlink:href=\"b\" /></Ctx.Provider>;",
            &[
                ("Ctx", "constructor"),
                ("Provider", "constructor"),
                ("rect", "tag"),
                ("href", "attribute"),
                ("Provider", "constructor"),
            ],
        ),
        (
            "go",
            "const A, Bb = 1, 2\nfunc f(a any) { switch a.(type) { case nil: } }",
            &[
                ("A", "constant"),
                ("Bb", "constant"),
                ("nil", "constant.builtin"),
            ],
        ),
        (
            "python",
            "from __future__ import a\nraise ValueError(\"b\")\n",
            &[("__future__", "module"), ("ValueError", "type")],
        ),
        (
            "java",
            "class A { List<? super B> b; char c = '\\u0041', d = '\\n'; }",
            &[
                ("?", "operator"),
                ("super", "keyword.storage"),
                ("\\u0041", "string.escape"),
                ("\\n", "string.escape"),
            ],
        ),
        (
            "csharp",
            "#if DEBUG && !TRACE\n#endif\n[assembly: A]\n",
            &[
                ("DEBUG", "constant"),
                ("TRACE", "constant"),
                ("assembly", "keyword.storage"),
            ],
        ),
        (
            "rust",
            "#![cfg_attr(docs, feature(cfg))] use self::inner::*; \
             fn f() { let Shape::Circle { a } = Shape::Circle { a: '\\u{1F600}' }; }",
            &[
                ("docs", "attribute"),
                (" feature", "attribute"),
                ("self", "keyword.import"),
                ("inner", "module"),
                ("Circle", "constructor"),
                ("Circle", "constructor"),
                ("\\u{1F600}", "string.escape"),
            ],
        ),
    ] {
        assert_highlights(language, source, expected);
    }
}

#[test]
fn the_places_of_a_format_stand_out() {
    let places = [("%-5.2f", "string.special"), ("%s", "string.special")];
    assert_highlights("python", "a = 'b %-5.2f %s' % (c, d)\n", &places);
    assert_highlights("python", "log.info('b %-5.2f %s', c, d)\n", &places);
    assert_highlights("go", "var a = fmt.Sprintf(\"b %-5.2f %s\", c, d)", &places);
    let plain = spans("python", "a = 'b %s'\n");
    assert!(plain.contains(&("'b %s'".into(), "string")), "{plain:?}");
}

#[test]
fn the_page_around_php_is_one_text() {
    assert_highlights(
        "php",
        "<ul class=\"a\">\n<?php foreach ($a as $b): ?>\n  <li style='c'><?= $b ?></li>\n<?php endforeach ?>\n</ul>\n<script>let x = 1;</script>\n",
        &[
            ("ul", "tag"),
            ("class", "attribute"),
            ("foreach", "keyword.control"),
            ("li", "tag"),
            ("$b", "variable"),
            ("li", "tag"),
            ("endforeach", "keyword.control"),
            ("ul", "tag"),
            ("let", "keyword.storage"),
            ("1", "number"),
        ],
    );
}

#[test]
fn what_is_inside_of_other_files_has_its_language() {
    assert_highlights(
        "markdown",
        "---\ntitle: One\ntags: [a, 2]\n---\n\n# Two\n\n<p class=\"a\">b</p>\n",
        &[
            ("title", "property"),
            ("2", "number"),
            ("#", "markup.heading.marker"),
            ("class", "attribute"),
        ],
    );
    assert_highlights(
        "dockerfile",
        "FROM a\nRUN if true; then \\\n  echo \"$B\"; fi\n",
        &[
            ("RUN", "keyword.control"),
            ("if", "keyword.control"),
            ("\\\n", "operator"),
            ("fi", "keyword.control"),
        ],
    );
    assert_highlights(
        "html",
        "<script type=\"application/json\">{\"a\": 1}</script><b onclick=\"f(1)\">",
        &[("\"a\"", "property"), ("1", "number"), ("f", "function")],
    );
}

#[test]
fn broken_code_still_has_colours() {
    assert_highlights(
        "rust",
        "fn main( { let x = \"unfinished\n}\nfn other() {}",
        &[("fn", "keyword.storage"), ("let", "keyword.storage")],
    );
    for language in [
        "rust",
        "python",
        "typescript",
        "tsx",
        "javascript",
        "json",
        "markdown",
        "go",
        "java",
        "c",
        "cpp",
        "shellscript",
        "toml",
        "html",
        "css",
    ] {
        spans(language, "");
        spans(language, "\n\n");
        spans(language, "é\u{0}ÿ´`\u{202E} {{{ ((( \"'`");
    }
}

/// Each of these once took minutes, on the thread that paints.
#[test]
fn hostile_nesting_is_given_up_soon() {
    for (language, unit, count) in [
        ("json", "[", 200_000),
        ("json", "{\"a\":", 50_000),
        ("rust", "(", 50_000),
        ("python", "(", 50_000),
        ("typescript", "<", 50_000),
        ("markdown", ">", 10_000),
        ("markdown", "*a ", 30_000),
        ("javascript", "`${", 20_000),
        ("go", "(", 50_000),
        ("java", "{", 50_000),
        ("c", "(", 50_000),
        ("cpp", "a<", 20_000),
        ("shellscript", "$(", 20_000),
        ("shellscript", "if ", 20_000),
        ("toml", "a = [", 50_000),
        ("html", "<a>", 10_000),
        ("css", "a {", 50_000),
        ("css", ":not(", 4_000),
    ] {
        spans(language, &unit.repeat(count));
    }
    // What is long but whole is coloured to its end.
    let long = format!("[{}0]", "1, ".repeat(50_000));
    assert_eq!(spans("json", &long).len(), 100_003);
}

#[test]
fn brackets_in_strings_and_comments_have_no_partner() {
    let source = "fn f() { g(\")\"); /* } */ let x = ')'; }";
    let text = Text::from(source);
    let rust = syntax::by_name("rust").unwrap();
    let tree = SyntaxTree::parse(rust, &text, None, &AtomicBool::new(false)).unwrap();
    let open = source.find('{').unwrap();
    let pair = editor_core::brackets::bracket_at(&text, open, &tree).unwrap();
    assert_eq!(pair.outer(), open..source.len());
    let call = source.find("(\"").unwrap();
    let pair = editor_core::brackets::bracket_at(&text, call, &tree).unwrap();
    assert_eq!(text.slice(pair.outer()), "(\")\")");
}

#[test]
fn a_selection_grows_along_the_syntax() {
    let text = Text::from("fn f() {\n    let total = one + two * three;\n}\n");
    let rust = syntax::by_name("rust").unwrap();
    let tree = SyntaxTree::parse(rust, &text, None, &AtomicBool::new(false)).unwrap();
    let mut growing = editor_core::GrowingSelections::default();
    let mut now = editor_core::Selections::caret(text.to_string().find("two").unwrap());
    let seen: Vec<String> = (0..5)
        .map(|_| {
            now = growing.expand(&text, &now, &tree);
            text.slice(now.primary().range()).trim().to_owned()
        })
        .collect();
    assert_eq!(
        seen,
        [
            "two",
            "two * three",
            "one + two * three",
            "let total = one + two * three;",
            "let total = one + two * three;"
        ]
    );
}

#[test]
fn the_keywords_of_requirements_stand_out_in_markdown() {
    let keywords = |source: &str| -> Vec<String> {
        let found = spans("markdown", source).into_iter();
        let found = found.filter(|(_, name)| *name == "keyword.control");
        found.map(|(word, _)| word).collect()
    };
    let criteria = "# R\n\n1. WHEN a task is done\n   AND saved, THE store SHALL keep it\n2. **IF** it \
                    fails, **THEN** the `IF` SHALL NOT be lost\n";
    assert_eq!(
        keywords(criteria),
        ["WHEN", "AND", "THE", "SHALL", "IF", "THEN", "SHALL", "NOT"]
    );
    assert_eq!(keywords("> WHILE a, the b SHALL c\n"), ["WHILE", "SHALL"]);
    for other in [
        "WHEN all is done AND said.\n",
        "We shall see WHEN it is done.\n",
        "```\nWHEN a THE b SHALL c\n```\n",
        "Anybody who reads this text then SHALL be IF.\n",
    ] {
        assert_eq!(keywords(other), Vec::<String>::new(), "{other}");
    }
}

#[test]
fn html_in_items_and_quotes_of_markdown() {
    assert_highlights(
        "markdown",
        "- a *b*\n\n  <details>\n  <summary class=\"c\">d</summary>\n\n  e `f`\n\n  </details>\n\n1. <p>\n\n   \
         g\n\n> <div>\n>\n> h\n",
        &[
            ("b", "markup.italic"),
            ("details", "tag"),
            ("summary", "tag"),
            ("class", "attribute"),
            ("\"c\"", "string"),
            ("f", "markup.raw"),
            ("details", "tag"),
            ("p", "tag"),
            ("div", "tag"),
        ],
    );
}

#[test]
fn what_the_shell_puts_into_its_texts() {
    for (source, expected) in [
        (
            "cat <<EOF\n  $(date) is ${b} $1 \\$2\nEOF\necho $c\n",
            &[
                ("date", "function"),
                ("b", "variable"),
                ("$1", "variable.builtin"),
                (" \\$2\n", "string"),
                ("EOF", "label"),
                ("echo", "function.builtin"),
                ("c", "variable"),
            ][..],
        ),
        (
            "cat > a <<-EOF\n\t\\$(no) it's $(date)\n\tEOF\necho $c\n",
            &[
                ("\\$(no) it's ", "string"),
                ("date", "function"),
                ("EOF", "label"),
                ("echo", "function.builtin"),
            ],
        ),
        (
            "cat <<'EOF'\n  $(date) $1\nEOF\necho $c\n",
            &[
                ("$(date) $1\n", "string"),
                ("EOF", "label"),
                ("echo", "function.builtin"),
            ],
        ),
        // No text of several rows.
        ("((a = 1 << b))\n  $(c)\n", &[("c", "function")]),
        ("cat <<< a\n  $(c)\n", &[("c", "function")]),
    ] {
        assert_highlights("bash", source, expected);
    }
}
