//! Where a line begins after Enter, in each language.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;

use editor_core::auto_indent::{AutoIndent, Indenting, insert_newline, settle_typed};
use editor_core::clipboard::{Clip, paste_indented};
use editor_core::{ChangeSet, Edit, IndentStyle, Selections, Text, marked};
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
        ("yaml", "a:\n  run: |ˇ", "a:\n  run: |\n    ˇ"),
        ("yaml", "- >-ˇ\nb: c", "- >-\n  ˇ\nb: c"),
        ("toml", "a = [ˇ]", "a = [\n  ˇ\n]"),
        ("css", "a {ˇ}", "a {\n  ˇ\n}"),
    ];
    let same = [
        ("html", "  aˇ", "  a\n  ˇ"),
        ("markdown", "  aˇ", "  a\n  ˇ"),
        ("dockerfile", "  aˇ", "  a\n  ˇ"),
        ("diff", " aˇ", " a\n ˇ"),
        ("regex", "(aˇ)", "(a\n  ˇ)"),
        ("git-commit", "  aˇ", "  a\n  ˇ"),
        ("git-rebase", "  aˇ", "  a\n  ˇ"),
        ("log", "  aˇ", "  a\n  ˇ"),
    ];
    assert_enter(deeper.iter().chain(&same));
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

#[test]
fn a_line_that_is_broken_goes_on_one_level_deeper_and_what_follows_goes_back() {
    assert_enter(
        [
            (
                "rust",
                "fn a() {\n  let b = ˇc;\n}",
                "fn a() {\n  let b = \n    ˇc;\n}",
            ),
            (
                "rust",
                "fn a() {\n  bˇ.c().d()\n}",
                "fn a() {\n  b\n    ˇ.c().d()\n}",
            ),
            (
                "rust",
                "fn a() {\n  b\n    .c()ˇ.d()\n}",
                "fn a() {\n  b\n    .c()\n    ˇ.d()\n}",
            ),
            (
                "rust",
                "fn a() {\n  let b = c\n    .d();ˇ\n}",
                "fn a() {\n  let b = c\n    .d();\n  ˇ\n}",
            ),
            (
                "rust",
                "fn a() {\n  let b = c();ˇ\n}",
                "fn a() {\n  let b = c();\n  ˇ\n}",
            ),
            (
                "rust",
                "fn a() {\n  match b {\n    c => ˇd,\n  }\n}",
                "fn a() {\n  match b {\n    c => \n      ˇd,\n  }\n}",
            ),
            (
                "c",
                "int f() {\n  int a = ˇb;\n}",
                "int f() {\n  int a = \n    ˇb;\n}",
            ),
            (
                "c",
                "int f() {\n  if (a) ˇb();\n}",
                "int f() {\n  if (a) \n    ˇb();\n}",
            ),
            (
                "c",
                "int f() {\n  if (a)\n    b();ˇ\n}",
                "int f() {\n  if (a)\n    b();\n  ˇ\n}",
            ),
            ("cpp", "int a = b && ˇc;", "int a = b && \n  ˇc;"),
            (
                "csharp",
                "class A { int b = ˇc; }",
                "class A { int b = \n  ˇc; }",
            ),
            ("css", "a {\n  b: ˇc;\n}", "a {\n  b: \n    ˇc;\n}"),
            ("javascript", "const a = ˇb;", "const a = \n  ˇb;"),
            ("javascript", "aˇ.b().c();", "a\n  ˇ.b().c();"),
            ("javascript", "a\n  .b();ˇ", "a\n  .b();\nˇ"),
            ("typescript", "x = a ? ˇb : c;", "x = a ? \n  ˇb : c;"),
            ("jsx", "a = <p>ˇ</p>;", "a = <p>\n  ˇ\n</p>;"),
            ("tsx", "a = <p ˇb=\"c\" />;", "a = <p \n  ˇb=\"c\" />;"),
            (
                "java",
                "class A {\n  void b() {\n    int c = ˇd;\n  }\n}",
                "class A {\n  void b() {\n    int c = \n      ˇd;\n  }\n}",
            ),
            (
                "java",
                "class A {\n  void b() {\n    cˇ.d();\n  }\n}",
                "class A {\n  void b() {\n    c\n      ˇ.d();\n  }\n}",
            ),
            (
                "go",
                "func f() {\n\ta := ˇb\n}",
                "func f() {\n\ta := \n\t  ˇb\n}",
            ),
            ("kotlin", "val a = ˇb", "val a = \n  ˇb"),
            ("scala", "val a = b + ˇc", "val a = b + \n  ˇc"),
            ("php", "<?php $a = ˇb();", "<?php $a = \n  ˇb();"),
            ("php", "<div>ˇ</div>", "<div>\n  ˇ\n</div>"),
            ("ruby", "a = ˇb", "a = \n  ˇb"),
            ("ruby", "a = bˇ.c", "a = b\n  ˇ.c"),
            (
                "bash",
                "case $a in\n  b) ˇc ;;\nesac",
                "case $a in\n  b) \n    ˇc ;;\nesac",
            ),
            ("sql", "SELECT ˇa, b FROM c;", "SELECT \n  ˇa, b FROM c;"),
            ("html", "<div>ˇ</div>", "<div>\n  ˇ\n</div>"),
            ("html", "  <p>aˇ</p>", "  <p>a\n    ˇ\n  </p>"),
            ("html", "<p>a</p>ˇ<p>b</p>", "<p>a</p>\nˇ<p>b</p>"),
            ("html", "<div>ˇ<p>a</p></div>", "<div>\n  ˇ<p>a</p></div>"),
            ("html", "<style>ˇ</style>", "<style>\n  ˇ\n</style>"),
            // No end yet.
            ("html", "<ul class=\"a\">ˇ", "<ul class=\"a\">\n  ˇ"),
            (
                "html",
                "<body>\n  <ul>ˇ\n</body>",
                "<body>\n  <ul>\n    ˇ\n</body>",
            ),
            ("html", "<br>ˇ", "<br>\nˇ"),
            (
                "tsx",
                "a = (\n  <Row b={() => c}>ˇ\n);",
                "a = (\n  <Row b={() => c}>\n    ˇ\n);",
            ),
            ("tsx", "let a: Array<string>ˇ", "let a: Array<string>\nˇ"),
            ("jsx", "a = \"<p>\"ˇ", "a = \"<p>\"\nˇ"),
            // Nothing follows yet.
            ("javascript", "if (a)ˇ", "if (a)\n  ˇ"),
            ("javascript", "} else if (a(b))ˇ", "} else if (a(b))\n  ˇ"),
            ("javascript", "if (a) b()ˇ", "if (a) b()\nˇ"),
            // The row is the end of a string that has more brackets than its end.
            ("javascript", "`\nif (a` )ˇ", "`\nif (a` )\nˇ"),
            (
                "tsx",
                "const f = <T,>(a: T) => a;ˇ",
                "const f = <T,>(a: T) => a;\nˇ",
            ),
            ("javascript", "if (a)\n  b()ˇ", "if (a)\n  b()\nˇ"),
            (
                "java",
                "for (;;)\n  if (\")\" == b)ˇ",
                "for (;;)\n  if (\")\" == b)\n    ˇ",
            ),
            (
                "c",
                "for (;;)\n  if (a)\n    b;ˇ",
                "for (;;)\n  if (a)\n    b;\nˇ",
            ),
            ("c", "do {\n} while (a)ˇ", "do {\n} while (a)\nˇ"),
        ]
        .iter(),
    );
}

#[test]
fn behind_a_statement_that_its_row_ends_the_next_begins_where_it_did() {
    assert_enter(
        [
            (
                "kotlin",
                "fun f() {\n  foo\n    .bar()\n    .baz()ˇ\n}",
                "fun f() {\n  foo\n    .bar()\n    .baz()\n  ˇ\n}",
            ),
            (
                "kotlin",
                "val a = foo\n  ?.bar()\n  ?: bazˇ",
                "val a = foo\n  ?.bar()\n  ?: baz\nˇ",
            ),
            ("kotlin", "val a =\n  foo()ˇ", "val a =\n  foo()\nˇ"),
            (
                "kotlin",
                "fun f() {\n  foo\n    .bar { b ->\n      b\n    }ˇ\n}",
                "fun f() {\n  foo\n    .bar { b ->\n      b\n    }\n  ˇ\n}",
            ),
            (
                "kotlin",
                "when (a) {\n  b ->\n    c()ˇ\n}",
                "when (a) {\n  b ->\n    c()\n  ˇ\n}",
            ),
            (
                "scala",
                "val a = foo\n  .bar\n  .bazˇ",
                "val a = foo\n  .bar\n  .baz\nˇ",
            ),
            ("ruby", "foo\n  .bar\n  &.bazˇ", "foo\n  .bar\n  &.baz\nˇ"),
            (
                "ruby",
                "a = foo\n  .bar do |b|\n    b\n  endˇ",
                "a = foo\n  .bar do |b|\n    b\n  end\nˇ",
            ),
            ("ruby", "foo :a,\n    b: 1ˇ", "foo :a,\n    b: 1\nˇ"),
            (
                "go",
                "\tfoo.\n\t\tbar().\n\t\tbaz()ˇ",
                "\tfoo.\n\t\tbar().\n\t\tbaz()\n\tˇ",
            ),
            ("bash", "foo a \\\n  b \\\n  cˇ", "foo a \\\n  b \\\n  c\nˇ"),
            (
                "dockerfile",
                "RUN a \\\n  # why\n  && bˇ\n",
                "RUN a \\\n  # why\n  && b\nˇ\n",
            ),
            // It goes on, or is part of something else.
            (
                "kotlin",
                "foo\n  .bar()ˇ\n  .baz()",
                "foo\n  .bar()\n  ˇ\n  .baz()",
            ),
            ("kotlin", "foo\n  .bar() &&ˇ", "foo\n  .bar() &&\n  ˇ"),
            (
                "kotlin",
                "foo { a ->\n  bar()ˇ\n}",
                "foo { a ->\n  bar()\n  ˇ\n}",
            ),
            ("kotlin", "foo(\n  a,\n  bˇ\n)", "foo(\n  a,\n  b\n  ˇ\n)"),
            (
                "kotlin",
                "val a: Int\n  get() = 1ˇ",
                "val a: Int\n  get() = 1\n  ˇ",
            ),
            ("ruby", "foo\n  .bar do |b|ˇ", "foo\n  .bar do |b|\n    ˇ"),
            ("ruby", "foo\n  .bar,ˇ", "foo\n  .bar,\n  ˇ"),
            ("scala", "def f =\n  barˇ", "def f =\n  bar\n  ˇ"),
            (
                "scala",
                "foo { a =>\n  barˇ\n}",
                "foo { a =>\n  bar\n  ˇ\n}",
            ),
            ("bash", "foo a \\\n  b \\ˇ", "foo a \\\n  b \\\n  ˇ"),
            // A semicolon ends statements here, and there is none yet.
            ("java", "foo\n  .bar()ˇ", "foo\n  .bar()\n  ˇ"),
            ("typescript", "foo\n  .bar()ˇ", "foo\n  .bar()\n  ˇ"),
            (
                "rust",
                "fn f() {\n  foo\n    .bar()ˇ\n}",
                "fn f() {\n  foo\n    .bar()\n    ˇ\n}",
            ),
            (
                "csharp",
                "foo\n  .Bar()\n  .Baz();ˇ",
                "foo\n  .Bar()\n  .Baz();\nˇ",
            ),
        ]
        .iter(),
    );
}

#[test]
fn what_goes_on_in_the_next_row_is_a_level_deeper_once() {
    assert_enter(
        [
            ("bash", "cat a |ˇ", "cat a |\n  ˇ"),
            ("bash", "cat a |\n  b &&ˇ", "cat a |\n  b &&\n  ˇ"),
            ("bash", "cat a |\n  bˇ", "cat a |\n  b\nˇ"),
            ("bash", "foo \\ˇ", "foo \\\n  ˇ"),
            ("dockerfile", "RUN a && \\ˇ", "RUN a && \\\n  ˇ"),
            ("ruby", "puts a \\ˇ", "puts a \\\n  ˇ"),
            (
                "java",
                "class A {\n  String b = c +ˇ\n}",
                "class A {\n  String b = c +\n    ˇ\n}",
            ),
            ("kotlin", "val a = b +ˇ", "val a = b +\n  ˇ"),
            (
                "csharp",
                "class A {\n  int b =ˇ\n}",
                "class A {\n  int b =\n    ˇ\n}",
            ),
        ]
        .iter(),
    );
}

#[test]
fn a_block_opens_behind_parameters_in_several_rows() {
    assert_enter(
        [
            ("ruby", "def a(b,\n      c)ˇ", "def a(b,\n      c)\n  ˇ"),
            ("ruby", "  if a(\n    b\n  )ˇ", "  if a(\n    b\n  )\n    ˇ"),
            (
                "ruby",
                "def a(b,\n      c) = dˇ",
                "def a(b,\n      c) = d\nˇ",
            ),
            ("ruby", "a(b,\n  c)ˇ", "a(b,\n  c)\nˇ"),
            ("ruby", "a(b do |c|\n  d\nend)ˇ", "a(b do |c|\n  d\nend)\nˇ"),
        ]
        .iter(),
    );
}

#[test]
fn the_end_of_a_function_with_parameters_goes_to_a_line_of_its_own() {
    assert_enter(
        [
            ("kotlin", "a.map { b ->ˇ}", "a.map { b ->\n  ˇ\n}"),
            (
                "kotlin",
                "a\n  .map { b ->ˇ }",
                "a\n  .map { b ->\n    ˇ\n  }",
            ),
            ("scala", "a.map { b =>ˇ}", "a.map { b =>\n  ˇ\n}"),
            ("ruby", "a.map { |b|ˇ}", "a.map { |b|\n  ˇ\n}"),
            (
                "rust",
                "fn a() {\n  b(|c| {ˇ});\n}",
                "fn a() {\n  b(|c| {\n    ˇ\n  });\n}",
            ),
            ("javascript", "f({ a: b,ˇ})", "f({ a: b,\n  ˇ})"),
        ]
        .iter(),
    );
}

#[test]
fn further_keys_of_an_item_stand_below_its_first() {
    assert_enter(
        [
            ("yaml", "a:\n  - b: cˇ", "a:\n  - b: c\n    ˇ"),
            ("yaml", "- b:ˇ", "- b:\n    ˇ"),
            ("yaml", "- b: |ˇ", "- b: |\n    ˇ"),
            ("yaml", "- - b: cˇ", "- - b: c\n    ˇ"),
            ("yaml", "- \"b c\": dˇ", "- \"b c\": d\n  ˇ"),
            ("yaml", "- bˇ", "- b\nˇ"),
            ("yaml", "- \"b: c\"ˇ", "- \"b: c\"\nˇ"),
            ("yaml", "- {b: c}ˇ", "- {b: c}\nˇ"),
            ("yaml", "- a:8080ˇ", "- a:8080\nˇ"),
        ]
        .iter(),
    );
    for (before, after) in [
        ("a:\n  - b: c\n    - ˇ", "a:\n  - b: c\n  - ˇ"),
        (
            "- b: c\n  d:\n    e: f\n  - ˇ",
            "- b: c\n  d:\n    e: f\n- ˇ",
        ),
        ("- b: c\n  d:\n  - ˇ", "- b: c\n  d:\n  - ˇ"),
        ("- b: c\n      - ˇ", "- b: c\n      - ˇ"),
    ] {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name("yaml").unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let edit = settle_typed(&text, &carets, " ", &indenting);
        let changed = edit.changes.apply(&text).unwrap();
        assert_eq!(marked::format(&changed, &edit.selections_after), after);
    }
}

#[test]
fn a_brace_on_a_row_of_its_own_stands_where_what_it_belongs_to_begins() {
    for (language, before, after) in [
        ("csharp", "if (a)\n  {ˇ}", "if (a)\n{ˇ}"),
        ("csharp", "else\n  {ˇ}", "else\n{ˇ}"),
        (
            "csharp",
            "  else if (a &&\n    b)\n    {ˇ",
            "  else if (a &&\n    b)\n  {ˇ",
        ),
        ("csharp", "int[] a = new()\n  {ˇ}", "int[] a = new()\n{ˇ}"),
        (
            "csharp",
            "class A<T> : B\n  where T : C\n  {ˇ",
            "class A<T> : B\n  where T : C\n{ˇ",
        ),
        (
            "cpp",
            "A::A(int b)\n  : b(b)\n  , c{1}\n  {ˇ",
            "A::A(int b)\n  : b(b)\n  , c{1}\n{ˇ",
        ),
        ("c", "for (;;)\n  {ˇ", "for (;;)\n{ˇ"),
        (
            "php",
            "<?php\nforeach ($a as $b)\n  {ˇ",
            "<?php\nforeach ($a as $b)\n{ˇ",
        ),
        ("tsx", "if (a)\n  {ˇ}", "if (a)\n{ˇ}"),
        // It belongs to nothing above, or is a value.
        ("tsx", "a = <p>\n  {ˇ}\n</p>;", "a = <p>\n  {ˇ}\n</p>;"),
        ("jsx", "a = <p\n  {ˇ}\n/>;", "a = <p\n  {ˇ}\n/>;"),
        ("csharp", "a();\n  {ˇ", "a();\n  {ˇ"),
        ("javascript", "const a =\n  {ˇ", "const a =\n  {ˇ"),
        ("javascript", "f(\n  {ˇ", "f(\n  {ˇ"),
        ("javascript", "f(a,\n  {ˇ", "f(a,\n  {ˇ"),
        ("java", "a = b ->\n  {ˇ", "a = b ->\n  {ˇ"),
        (
            "c",
            "switch (a) {\n  case 1:\n    {ˇ",
            "switch (a) {\n  case 1:\n    {ˇ",
        ),
    ] {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name(language).unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let edit = settle_typed(&text, &carets, "{", &indenting);
        let changed = edit.changes.apply(&text).unwrap();
        let found = marked::format(&changed, &edit.selections_after);
        assert_eq!(found, after, "{language}");
    }
}

/// `item.` and `end` in the row below are a call while no more of it is parsed.
#[test]
fn a_call_that_was_parsed_before_it_was_whole_is_not_broken_in_its_row() {
    let begun = "a.each do |b|\n  next if b.\nend\n";
    let text = Text::new(begun);
    let id = by_name("ruby").unwrap();
    let stale = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
    let at = begun.find("b.\n").unwrap() + 2;
    let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(at..at, "nil?")]).unwrap();
    let after = changes.apply(&text).unwrap();
    let tree = stale.interpolate(&changes, &text, &after);
    let indenting = Indenting {
        level: AutoIndent::Full,
        style: IndentStyle::spaces(2),
        trims: true,
        syntax: &tree,
    };
    let edit = insert_newline(&after, &Selections::caret(at + 4), &indenting);
    let changed = edit.changes.apply(&after).unwrap();
    assert_eq!(
        marked::format(&changed, &edit.selections_after),
        "a.each do |b|\n  next if b.nil?\n  ˇ\nend\n"
    );
}

#[test]
fn an_empty_line_of_a_doc_string_keeps_no_blanks() {
    assert_enter(
        [
            (
                "python",
                "def f():\n  \"\"\"A.\n  ˇ\"\"\"\n",
                "def f():\n  \"\"\"A.\n\n  ˇ\"\"\"\n",
            ),
            (
                "python",
                "def f():\n  \"\"\"A.\n  ˇb\n  \"\"\"\n",
                "def f():\n  \"\"\"A.\n  \n  ˇb\n  \"\"\"\n",
            ),
        ]
        .iter(),
    );
}

/// What is in a bracket that is still open begins no statement above it.
#[test]
fn a_row_in_brackets_stays_where_it_is() {
    assert_enter(
        [
            (
                "java",
                "int a = switch (b) {\n  case int c -> c;ˇ",
                "int a = switch (b) {\n  case int c -> c;\n  ˇ",
            ),
            (
                "typescript",
                "const a = b(() => {\n  c();ˇ",
                "const a = b(() => {\n  c();\n  ˇ",
            ),
        ]
        .iter(),
    );
}

#[test]
fn a_call_that_is_typed_on_a_new_row_goes_on_with_the_chain() {
    for (language, before, typed, after) in [
        ("kotlin", "foo\n  .bar()\n.ˇ", ".", "foo\n  .bar()\n  .ˇ"),
        ("kotlin", "val a = foo\n?:ˇ", ":", "val a = foo\n  ?:ˇ"),
        (
            "ruby",
            "a = foo\n  .bar do |b|\n    b\n  end\n.ˇ",
            ".",
            "a = foo\n  .bar do |b|\n    b\n  end\n  .ˇ",
        ),
    ] {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name(language).unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let edit = settle_typed(&text, &carets, typed, &indenting);
        let changed = edit.changes.apply(&text).unwrap();
        assert_eq!(marked::format(&changed, &edit.selections_after), after);
    }
}

/// Asserts what `Enter` makes of marked texts, with levels of two spaces.
fn assert_enter<'a>(cases: impl Iterator<Item = &'a (&'static str, &'static str, &'static str)>) {
    let mut wrong = Vec::new();
    for (language, before, after) in cases {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name(language).unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
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
}

#[test]
fn the_end_of_an_element_goes_back_to_where_it_begins() {
    for (language, before, after) in [
        (
            "html",
            "  <ul>\n    <li>\n    </ul>ˇ",
            "  <ul>\n    <li>\n  </ul>ˇ",
        ),
        (
            "html",
            "<p>\n  <p>a</p>\n  <p>\n  </p>\n  </p>ˇ",
            "<p>\n  <p>a</p>\n  <p>\n  </p>\n</p>ˇ",
        ),
        (
            "tsx",
            "(\n  <>\n    a\n    </>ˇ\n)",
            "(\n  <>\n    a\n  </>ˇ\n)",
        ),
        ("tsx", "a\n  x</p>ˇ", "a\n  x</p>ˇ"),
    ] {
        let (text, carets) = marked::parse(before).unwrap();
        let id = by_name(language).unwrap();
        let tree = SyntaxTree::parse(id, &text, None, &AtomicBool::new(false)).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let edit = settle_typed(&text, &carets, ">", &indenting);
        let changed = edit.changes.apply(&text).unwrap();
        assert_eq!(marked::format(&changed, &edit.selections_after), after);
    }
}

#[test]
fn pasted_rows_stand_where_the_language_wants_them() {
    for (language, before, piece, after) in [
        (
            "rust",
            "impl A {\n  fn a() {}\n\nˇ}\n",
            "fn b() {\n    c();\n}\n",
            "impl A {\n  fn a() {}\n\n  fn b() {\n      c();\n  }\nˇ}\n",
        ),
        (
            "js",
            "f(() => {\n  ˇ\n});\n",
            "    if (a) {\n      b(`\nc`);\n    }",
            "f(() => {\n  if (a) {\n    b(`\nc`);\n  }ˇ\n});\n",
        ),
        (
            "js",
            "a\n  .b()\n  .c();\nˇ\n",
            "  d();\n",
            "a\n  .b()\n  .c();\nd();\nˇ\n",
        ),
        (
            "python",
            "class A:\n  ˇ\n",
            "def f(self):\n    \"\"\"A.\n\n    B.\n    \"\"\"\n    return 1",
            "class A:\n  def f(self):\n      \"\"\"A.\n\n      B.\n      \"\"\"\n      return 1ˇ\n",
        ),
        (
            "html",
            "<ul>\n  <li>a</li>\n  ˇ\n</ul>\n",
            "<li>\n  b\n</li>",
            "<ul>\n  <li>a</li>\n  <li>\n    b\n  </li>ˇ\n</ul>\n",
        ),
        (
            "yaml",
            "a:\n  b:\n    ˇ\n",
            "c: 1\nd:\n  - e",
            "a:\n  b:\n    c: 1\n    d:\n      - eˇ\n",
        ),
        (
            "css",
            "@media print {\nˇ\n}\n",
            "a {\n  b: c;\n}\n",
            "@media print {\n  a {\n    b: c;\n  }\nˇ\n}\n",
        ),
        // In a string, in a comment, and in prose.
        ("js", "  a = `ˇ`;\n", "b\nc", "  a = `b\ncˇ`;\n"),
        ("rust", "  /* ˇ */\n", "b\nc", "  /* b\ncˇ */\n"),
        ("rust", "  // ˇ\n", "b\nc", "  // b\ncˇ\n"),
        (
            "python",
            "  \"\"\"ˇ\"\"\"\n",
            "b\nc",
            "  \"\"\"b\ncˇ\"\"\"\n",
        ),
        ("markdown", "  - ˇ\n", "b\nc", "  - b\ncˇ\n"),
    ] {
        let (text, carets) = marked::parse(before).unwrap();
        let cancel = AtomicBool::new(false);
        let tree = SyntaxTree::parse(by_name(language).unwrap(), &text, None, &cancel).unwrap();
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: IndentStyle::spaces(2),
            trims: true,
            syntax: &tree,
        };
        let pasted = paste_indented(&text, &carets, &Clip::external(piece), &indenting);
        let found = pasted.changes.apply(&text).unwrap();
        let found = marked::format(&found, &pasted.selections_after);
        assert_eq!(found, after, "{language}");
    }
}
