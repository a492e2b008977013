//! What is coloured that no grammar knows by itself: dialects, marked strings, code in attributes and
//! comments, what a terminal showed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::Text;
use syntax::{SyntaxTree, by_name};

fn parse(language: &str, text: &Text) -> SyntaxTree {
    let language = by_name(language).expect("a known language");
    SyntaxTree::parse(language, text, None, &AtomicBool::new(false)).unwrap()
}

/// Every span as its text and its name.
fn spans(language: &str, source: &str) -> Vec<(String, &'static str)> {
    let text = Text::from(source);
    let spans = parse(language, &text).highlights(&text, 0..text.len());
    let shown = |range| text.slice(range).into_owned();
    spans
        .into_iter()
        .map(|span| (shown(span.range), span.highlight.name()))
        .collect()
}

/// Checks that the expected spans appear in this order, among others.
#[track_caller]
fn coloured(language: &str, source: &str, expected: &[(&str, &str)]) {
    let found = spans(language, source);
    let mut rest = found.iter();
    for (part, name) in expected {
        assert!(
            rest.any(|found| found.0 == *part && found.1 == *name),
            "{language}: {part:?} is not {name} (or not in this order) in:\n{found:?}"
        );
    }
}

#[test]
fn style_attributes_are_declarations() {
    let expected = [
        ("margin", "property"),
        ("0", "number"),
        ("color", "property"),
        ("red", "constant"),
    ];
    for value in [
        "\"margin: 0; color: red\"",
        "'margin:0;color:red;'",
        "\"margin: 0;\n  color: red\n\"",
    ] {
        let source = format!("<p style={value} class=\"a\">b</p>");
        coloured("html", &source, &expected);
        let text = Text::from(source.as_str());
        assert!(!parse("html", &text).has_errors());
        // What is read behind the last declaration is not of the page.
        let found = spans("html", &source);
        assert!(found.contains(&("\"a\"".to_owned(), "string")), "{found:?}");
    }
    coloured("html", "<p STYLE=color:red>b</p>", &expected[2..]);
    coloured(
        "php",
        "<p style=\"margin: 0; color: red\"><?= $a ?></p>",
        &expected,
    );
    coloured(
        "html",
        "<p ONCLICK=\"go(1)\" onclick='let a'>b</p>",
        &[("go", "function"), ("let", "keyword.storage")],
    );
}

#[test]
fn the_last_declaration_of_an_attribute_ends_with_it() {
    let source = "<p style=\"margin: 0 1px\" class=\"a\">b</p>";
    let text = Text::from(source);
    let tree = parse("html", &text);
    let mut growing = editor_core::GrowingSelections::default();
    let at = source.find("1px").unwrap();
    let mut selections = editor_core::Selections::caret(at + 1);
    let mut steps = Vec::new();
    for _ in 0..4 {
        selections = growing.expand(&text, &selections, &tree);
        steps.push(text.slice(selections.primary().range()).into_owned());
    }
    assert_eq!(steps, ["px", "1px", "margin: 0 1px", "\"margin: 0 1px\""]);
}

#[test]
fn names_and_comments_of_dialects_of_sql() {
    coloured(
        "sql",
        "# a comment\nSELECT [u].[First Name], \"c\" FROM [dbo].[Users] [u]; # one's\nSELECT 1;\n",
        &[
            ("# a comment", "comment"),
            ("[u]", "variable"),
            ("[First Name]", "property"),
            ("\"c\"", "property"),
            ("[dbo]", "module"),
            ("[Users]", "type"),
            ("# one's", "comment"),
            ("SELECT", "keyword.control"),
            ("1", "number"),
        ],
    );
    // Where names stand in backquotes, double quotes are those of strings.
    coloured(
        "sql",
        "SELECT `a`, CONCAT(\"b\", c) FROM d;\n",
        &[
            ("`a`", "property"),
            ("CONCAT", "function"),
            ("\"b\"", "string"),
            ("c", "property"),
        ],
    );
    // An operator and an array are what they were.
    coloured(
        "sql",
        "SELECT a[1], b # c FROM d WHERE e #>> '{f}' = 'g';\n",
        &[
            ("[", "punctuation.bracket"),
            ("#", "operator"),
            ("#>>", "operator"),
            ("'g'", "string"),
        ],
    );
    coloured(
        "sql",
        "GRANT SELECT, INSERT ON TABLE a TO \"some one\" WITH GRANT OPTION;\nREVOKE ALL PRIVILEGES ON a FROM `b`;\n",
        &[
            ("GRANT", "keyword.control"),
            ("SELECT", "keyword.control"),
            ("INSERT", "keyword.control"),
            ("TO", "keyword.control"),
            ("\"some one\"", "variable"),
            ("GRANT", "keyword.control"),
            ("OPTION", "keyword.control"),
            ("REVOKE", "keyword.control"),
            ("PRIVILEGES", "keyword.control"),
            ("FROM", "keyword.control"),
            ("`b`", "variable"),
        ],
    );
}

#[test]
fn strings_that_name_sql_themselves() {
    let sql = [
        ("SELECT", "keyword.control"),
        ("a", "property"),
        ("FROM", "keyword.control"),
        ("b", "type"),
    ];
    let escaped = "\"-- sql\\nSELECT a\\nFROM b\"";
    let rows = "-- sql\n  SELECT a\n  FROM b";
    for (language, source) in [
        ("python", format!("a = {escaped}\n")),
        ("javascript", format!("const a = {escaped};\n")),
        ("typescript", format!("f({escaped});\n")),
        ("go", format!("var a = {escaped}\n")),
        ("rust", format!("fn f() {{ g({escaped}); }}\n")),
        ("php", format!("<?php $a = {escaped};\n")),
        ("javascript", format!("const a = `{rows}`;\n")),
        ("tsx", format!("const a = `{rows} WHERE ${{c}}`;\n")),
        ("go", format!("var a = `{rows}`\n")),
        ("rust", format!("fn f() {{ g(r#\"{rows}\"#); }}\n")),
        ("php", format!("<?php $a = '{rows}';\n")),
    ] {
        coloured(language, &source, &sql);
    }
    // Code in them stands for a name.
    for (language, source) in [
        (
            "javascript",
            "const q = sql`SELECT a FROM ${b} WHERE c = ${d}`;",
        ),
        (
            "python",
            "q = f'''-- sql\nSELECT a FROM {b} WHERE c = {d}'''\n",
        ),
        (
            "ruby",
            "q = <<~SQL\n  SELECT a FROM #{b} WHERE c = #{d}\nSQL\n",
        ),
    ] {
        coloured(
            language,
            source,
            &[
                ("SELECT", "keyword.control"),
                ("FROM", "keyword.control"),
                ("b", "variable"),
                ("WHERE", "keyword.control"),
                ("c", "property"),
                ("d", "variable"),
            ],
        );
    }
    let plain = spans("javascript", "f(\"-- sql is\\nSELECT a\");");
    assert!(
        plain.contains(&("SELECT a\"".to_owned(), "string")),
        "{plain:?}"
    );
}

#[test]
fn examples_in_documentation_are_code() {
    let source =
        "/**\n * Adds.\n * @example\n * const a = add(1); // one\n * @param {A} b c\n */\nlet d;\n";
    for language in ["javascript", "typescript", "tsx"] {
        coloured(
            language,
            source,
            &[
                ("@example", "attribute"),
                ("const", "keyword.storage"),
                ("add", "function"),
                ("1", "number"),
                ("// one", "comment"),
                ("@param", "attribute"),
                ("A", "type"),
                ("let", "keyword.storage"),
            ],
        );
        let fenced = source.replace("@example\n", "@example\n * Say:\n * ```ts\n");
        let fenced = fenced.replace("// one\n", "\n * ```\n");
        coloured(
            language,
            &fenced,
            &[("const", "keyword.storage"), ("@param", "attribute")],
        );
        // Half a line of code is no error of the file.
        let text = Text::from(source.replace("add(1);", "add(1").as_str());
        assert!(!parse(language, &text).has_errors());
    }
}

#[test]
fn commands_of_a_terminal_are_shell() {
    let source = "```console\n$ echo \"$HOME\" | wc\nlet it be | 3\n```\n";
    coloured(
        "markdown",
        source,
        &[
            ("echo", "function.builtin"),
            ("|", "operator"),
            ("wc", "function"),
        ],
    );
    let found = spans("markdown", source);
    assert!(
        found
            .iter()
            .any(|(part, name)| part.contains("let it be | 3") && *name == "markup.raw.block"),
        "{found:?}"
    );
    let quoted = "> ```sh\n> $ echo \"a\"\n> b\n> ```\n";
    coloured(
        "markdown",
        quoted,
        &[("echo", "function.builtin"), ("\"a\"", "string")],
    );
    coloured(
        "markdown",
        "```sh\nls | wc\n```\n",
        &[("ls", "function"), ("|", "operator")],
    );
}

#[test]
fn html_among_the_words_of_markdown() {
    coloured(
        "markdown",
        "# A *b* **c** `d`\n\nText <!-- why --> and <b>c</b>.\n\n<details>\n<summary>a</summary>\n\nb\n\n</details>\n",
        &[
            ("b", "markup.heading.italic"),
            ("c", "markup.heading.strong"),
            ("d", "markup.raw"),
            ("<!-- why -->", "comment"),
            ("details", "tag"),
            ("summary", "tag"),
            ("details", "tag"),
        ],
    );
}

#[test]
fn a_key_of_json_behind_an_error_is_one() {
    for (source, key) in [
        ("{\n  \"a\":\n  \"b\": 1\n}\n", "\"b\""),
        ("{\n  \"a\": 'c',\n  \"b\": 1\n}\n", "\"b\""),
        ("{\n  \"a\": tru,\n  \"b\": 1\n}\n", "\"a\""),
        ("{\n  \"a\": c\n  \"d\": 1,\n  \"b\": true\n", "\"b\""),
        ("\"a\": 1,\n\"b\": \"c\"\n", "\"b\""),
        ("\"a\": 1,\n\"b\\n\": \"c\"\n", "\"b"),
    ] {
        coloured("json", source, &[(key, "property")]);
    }
    coloured(
        "json",
        "\"a\": \"b\"\n",
        &[("\"a\"", "property"), ("\"b\"", "string")],
    );
    coloured(
        "json",
        "{\n  \"a\": ,\n  \"b\": true,\n  \"c\" 1,\n  \"d\\n\": \"e\",\n  \"f\": [1\n}\n",
        &[
            ("\"a\"", "property"),
            ("\"b\"", "property"),
            ("true", "boolean"),
            ("\"d", "property"),
            ("\"e\"", "string"),
            ("\"f\"", "property"),
        ],
    );
}

#[test]
fn normal_and_context_diffs() {
    coloured(
        "diff",
        "2,3c2\n< old\n---\n> new\n5a6\n> more\n",
        &[
            ("2,3", "number"),
            ("c", "keyword.import"),
            ("2", "number"),
            ("< old", "markup.deleted"),
            ("---", "punctuation.special"),
            ("> new", "markup.inserted"),
            ("> more", "markup.inserted"),
        ],
    );
    coloured(
        "diff",
        "*** a.c\tx\n--- b.c\ty\n***************\n*** 1,4 ****\n  same\n! changed\n- gone\n--- 1,4 ----\n! change\n+ new\n",
        &[
            ("a.c\tx", "markup.deleted"),
            ("--- b.c\ty", "markup.inserted"),
            ("***************", "punctuation.special"),
            ("1,4", "number"),
            ("! changed", "markup.changed"),
            ("- gone", "markup.deleted"),
            ("1,4", "number"),
            ("! change", "markup.changed"),
            ("+ new", "markup.inserted"),
        ],
    );
}

#[test]
fn a_patch_in_a_mail() {
    let source = "From 3d6f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b Mon Sep 17 00:00:00 2001\n\
                  From: A Person <a@example.org>\n\
                  Subject: [PATCH] Keep\n order\n\n\
                  Body: no field.\n> quoted\n\n\
                  Signed-off-by: A Person <a@example.org>\n---\n \
                  a.rs | 4 +++-\n\n\
                  diff --git a/a.rs b/a.rs\n--- a/a.rs\n+++ b/a.rs\n@@ -1,3 +1,2 @@\n a: b\n-- list\n--\n+c\n-- \n2.39.2\n";
    coloured(
        "diff",
        source,
        &[
            ("From", "keyword.control"),
            ("3d6f1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b", "constant"),
            ("From", "property"),
            ("Subject", "property"),
            (" order", "string"),
            ("Signed-off-by", "property"),
            ("---", "punctuation.special"),
            ("4", "number"),
            (" +++", "markup.inserted"),
            ("-", "markup.deleted"),
            ("-- list", "markup.deleted"),
            ("+c", "markup.inserted"),
            ("-- ", "comment"),
            ("2.39.2", "comment"),
        ],
    );
    let found = spans("diff", source);
    let is_plain = |part: &str| {
        found
            .iter()
            .all(|(text, name)| !text.contains(part) || *name == "text")
    };
    assert!(
        is_plain("Body") && is_plain("quoted") && is_plain("a: b"),
        "{found:?}"
    );
}

#[test]
fn a_long_subject_and_a_second_line_of_a_commit_are_marked() {
    let fifty = "a".repeat(50);
    let source = format!(
        "{fifty}{}cd\nsecond\nthird\n\nFixes: #1\n# On branch main\n#\tmodified:   a\n",
        "b".repeat(22)
    );
    let deprecated = "b".repeat(22);
    coloured(
        "git-commit",
        &source,
        &[
            (&deprecated, "invalid.deprecated"),
            ("cd", "invalid"),
            ("second", "invalid"),
            ("Fixes", "property"),
            ("main", "label"),
            ("modified:   a", "markup.changed"),
        ],
    );
    let fine = spans("git-commit", &format!("{fifty}\n\n{fifty}{fifty}\n"));
    assert!(fine.is_empty(), "{fine:?}");
    let found = spans(
        "git-commit",
        "a\n# b\ndiff --git a/a b/a\n@@ -1 +1 @@ x\n-a\n+b\n",
    );
    assert!(
        found.contains(&("-a".to_owned(), "markup.deleted")),
        "{found:?}"
    );
}

#[test]
fn a_tag_whose_types_are_one_of_several_names_the_language_of_its_template() {
    let select = [("SELECT", "keyword.control"), ("1", "number")];
    for types in ["<A | B>", "<A & B>", "<A | null | B>", "<A | B | C | D>"] {
        for tag in ["sql", "await sql", "this.sql"] {
            let source = format!("const a = {tag}{types}`SELECT 1 FROM b`;");
            coloured("typescript", &source, &select);
            coloured("tsx", &source, &select);
        }
    }
    coloured(
        "typescript",
        "const a = sql<A | B>`SELECT 1`;",
        &[
            ("sql", "function"),
            ("<", "punctuation.bracket"),
            ("A", "type"),
            ("B", "type"),
            (">", "punctuation.bracket"),
        ],
    );
}

#[test]
fn words_that_grammars_do_not_know() {
    coloured(
        "c",
        "_Thread_local int a;\nstatic _Thread_local int b;\n",
        &[
            ("_Thread_local", "keyword.storage"),
            ("int", "type.builtin"),
            ("static", "keyword.storage"),
            ("_Thread_local", "keyword.storage"),
            ("int", "type.builtin"),
        ],
    );
    coloured(
        "css",
        "@page :first { margin: 1cm }\n@page a:blank { margin: 2cm }\n",
        &[
            ("@page", "keyword.control"),
            ("first", "attribute"),
            ("margin", "property"),
            ("1cm", "number"),
            ("blank", "attribute"),
            ("2cm", "number"),
        ],
    );
}

#[test]
fn brackets_around_a_table_of_toml_are_two_pairs() {
    let text = Text::from("[[bin]]\na = [[1]]\n");
    let tree = parse("toml", &text);
    let found = tree.brackets(0..text.len()).into_iter();
    let found: Vec<_> = found.map(|one| (one.offset, one.depth)).collect();
    let pair = |open: usize, close: usize| {
        [
            (open, Some(0)),
            (open + 1, Some(1)),
            (close, Some(1)),
            (close + 1, Some(0)),
        ]
    };
    assert_eq!(found, [pair(0, 5), pair(12, 15)].concat());
}
