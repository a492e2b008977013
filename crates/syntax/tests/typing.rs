//! What comes of text that is typed key by key, in each language: with the tree of every text on the
//! way, and without any, as while one types faster than it is parsed.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use editor_core::auto_indent::{AutoIndent, Indenting, insert_newline, settle_typed};
use editor_core::auto_pair::{PairSettings, Typing, insert_typed};
use editor_core::{AutoClosed, IndentStyle, PlainSyntax, SyntaxView, Transaction, marked};
use editor_core::{Selections, Text};
use syntax::{LanguageId, SyntaxTree, by_name};

/// Whether texts are parsed while one types.
#[derive(Clone, Copy, Debug)]
enum Parsed {
    AfterEachKey,
    /// The tree of the text before the first key, carried over each.
    Before,
    /// After so many keys each time, with the tree carried over those between.
    Every(usize),
    Never,
}

/// A text that is typed into. `→` goes over one character, `↓` to the end of the next line.
struct Document {
    language: LanguageId,
    parsed: Parsed,
    /// What was parsed before the first key.
    tree: SyntaxTree,
    text: Text,
    carets: Selections,
    closed: AutoClosed,
}

impl Document {
    fn with_syntax<R>(&self, ask: impl FnOnce(&dyn SyntaxView) -> R) -> R {
        let language = syntax::language(self.language);
        match self.parsed {
            Parsed::AfterEachKey => {
                let cancel = AtomicBool::new(false);
                ask(&SyntaxTree::parse(self.language, &self.text, None, &cancel).unwrap())
            }
            Parsed::Before | Parsed::Every(_) => ask(&self.tree),
            Parsed::Never => ask(&PlainSyntax {
                brackets: language.brackets,
                rules: language.rules,
            }),
        }
    }

    fn with_indenting(&self, edit: impl FnOnce(&Indenting<'_>) -> Transaction) -> Transaction {
        self.with_syntax(|syntax| {
            edit(&Indenting {
                level: AutoIndent::Full,
                style: IndentStyle::spaces(2),
                trims: true,
                syntax,
            })
        })
    }

    fn take(&mut self, made: Transaction) {
        let before = self.text.clone();
        self.text = made.changes.apply(&before).unwrap();
        self.tree = self.tree.interpolate(&made.changes, &before, &self.text);
        self.closed.apply(&made.changes);
        self.carets = made.selections_after;
        self.closed.keep_around(&self.carets);
    }

    fn press(&mut self, key: char) {
        let caret = self.carets.primary().head;
        match key {
            '\n' => {
                let made =
                    self.with_indenting(|with| insert_newline(&self.text, &self.carets, with));
                return self.take(made);
            }
            '→' => self.carets = Selections::caret(self.text.next_grapheme(caret)),
            '↓' => {
                let row = self.text.row_at(caret) + 1;
                self.carets = Selections::caret(self.text.line_end(row));
            }
            _ => {
                let made = self.with_syntax(|syntax| {
                    let typing = Typing {
                        settings: PairSettings::default(),
                        syntax,
                        closed: &self.closed,
                    };
                    insert_typed(&self.text, &self.carets, &key.to_string(), &typing)
                });
                self.take(made.transaction);
                self.closed.add(&made.closed);
                let made = self.with_indenting(|with| {
                    settle_typed(&self.text, &self.carets, &key.to_string(), with)
                });
                self.take(made);
            }
        }
        self.closed.keep_around(&self.carets);
    }
}

/// What typing into a marked text makes of it.
fn typed(language: &str, parsed: Parsed, before: &str, keys: &str) -> String {
    let (text, carets) = marked::parse(before).unwrap();
    let id = by_name(language).unwrap();
    let cancel = AtomicBool::new(false);
    let mut document = Document {
        language: id,
        parsed,
        tree: SyntaxTree::parse(id, &text, None, &cancel).unwrap(),
        text,
        carets,
        closed: AutoClosed::default(),
    };
    for (index, key) in keys.chars().enumerate() {
        document.press(key);
        if let Parsed::Every(often) = parsed
            && (index + 1).is_multiple_of(often)
        {
            let parsed = SyntaxTree::parse(id, &document.text, Some(&document.tree), &cancel);
            document.tree = parsed.unwrap();
        }
    }
    marked::format(&document.text, &document.carets)
}

/// A language, a text, what is typed into it, and what comes of that.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[track_caller]
fn assert_typed(cases: &[Case]) {
    assert_typed_while(cases, &[Parsed::AfterEachKey, Parsed::Never]);
}

#[track_caller]
fn assert_typed_while(cases: &[Case], parsed: &[Parsed]) {
    let mut wrong = Vec::new();
    for (language, before, keys, after) in cases {
        for parsed in parsed {
            let found = typed(language, *parsed, before, keys);
            if found != *after {
                wrong.push(format!(
                    "{language}, parsed {parsed:?}:\n{found}\nand not:\n{after}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn ruby_goes_in_and_out_of_blocks_while_they_have_no_end() {
    assert_typed(&[
        (
            "ruby",
            "ˇ",
            "if x\ny\nelsif z\nw\nelse\nq\nend\nz",
            "if x\n  y\nelsif z\n  w\nelse\n  q\nend\nzˇ",
        ),
        (
            "ruby",
            "class A\n  def f\n    aˇ\n  end\nend\n",
            "\nif x\ny\nelse\nq\nend\n[1].each do |i|\np i\nend\nbegin\nt\nensure\nv\nend",
            "class A\n  def f\n    a\n    if x\n      y\n    else\n      q\n    end\n    [1].each do |i|\n      p i\n    end\n    begin\n      t\n    ensure\n      v\n    endˇ\n  end\nend\n",
        ),
        (
            "ruby",
            "ˇ",
            "class A\nprivate def f(a = 1)\nx = if a\n1\nelse\n2\nend\nx\nrescue B => e\np e\nend\nend",
            "class A\n  private def f(a = 1)\n    x = if a\n      1\n    else\n      2\n    end\n    x\n  rescue B => e\n    p e\n  end\nendˇ",
        ),
        (
            "ruby",
            "ˇ",
            "case x\nwhen 1\na\nwhen 2 then b\nelse\nc\nend\ncase y\nin [a]\nb\nin {c:}\nd\nend",
            "case x\nwhen 1\n  a\nwhen 2 then b\nelse\n  c\nend\ncase y\nin [a]\n  b\nin {c:}\n  d\nendˇ",
        ),
        (
            "ruby",
            "ˇ",
            "class A\ndef b = c\nif d then e end\nend",
            "class A\n  def b = c\n  if d then e end\nendˇ",
        ),
        // A word that moves its line, and then turns out to be the beginning of another.
        (
            "ruby",
            "def f\n  if a\n    bˇ\n  end\nend\n",
            "\nendpoint = a.end\ninclude B",
            "def f\n  if a\n    b\n    endpoint = a.end\n    include Bˇ\n  end\nend\n",
        ),
    ]);
}

#[test]
fn the_shell_goes_in_and_out_of_blocks() {
    assert_typed(&[
        (
            "bash",
            "ˇ",
            "while x\ndo\ny\ndone\nfor a in b; do\nc\ndone\nz",
            "while x\ndo\n  y\ndone\nfor a in b; do\n  c\ndone\nzˇ",
        ),
        (
            "bash",
            "ˇ",
            "case $x in\na)\necho e\n;;\nb|c)\nf\n;;\nd) g ;;\nesac\nz",
            "case $x in\n  a)\n    echo e\n    ;;\n  b|c)\n    f\n    ;;\n  d) g ;;\nesac\nzˇ",
        ),
        (
            "bash",
            "ˇ",
            "f() {\nif a; then\nb\nelif c\nthen\nd\nelse\ne\nfi↓\ng",
            "f() {\n  if a; then\n    b\n  elif c\n  then\n    d\n  else\n    e\n  fi\n}\ngˇ",
        ),
        (
            "bash",
            "case $x in\n  a)\n    bˇ\n    ;;\nesac\n",
            "\nl=(\nc\nd↓\ne",
            "case $x in\n  a)\n    b\n    l=(\n      c\n      d\n    )\n    eˇ\n    ;;\nesac\n",
        ),
        ("bash", "l=(\n  a\n  b)ˇ", "\nc", "l=(\n  a\n  b)\ncˇ"),
    ]);
}

#[test]
fn the_next_case_goes_back_to_the_last() {
    let braces = |language| -> [Case; 2] {
        [
            (
                language,
                "ˇ",
                "f() {\nswitch (a) {\ncase 1:\ny();\nbreak;\ncase 2: {\nz();↓\ndefault:\nw();",
                "f() {\n  switch (a) {\n    case 1:\n      y();\n      break;\n    case 2: {\n      z();\n    }\n    default:\n      w();ˇ\n  }\n}",
            ),
            (
                language,
                "f() {\n  switch (a) {\n  case 1:\n    y();ˇ\n  }\n}",
                "\ncase b ? c : d:\nz",
                "f() {\n  switch (a) {\n  case 1:\n    y();\n  case b ? c : d:\n    zˇ\n  }\n}",
            ),
        ]
    };
    for language in ["ts", "js", "tsx", "java", "csharp", "c", "cpp"] {
        assert_typed(&braces(language));
    }
    assert_typed(&[
        (
            "php",
            "<?php\nˇ",
            "switch ($a) {\ncase 1:\ny();\nbreak;\ndefault:\nz();↓\nw",
            "<?php\nswitch ($a) {\n  case 1:\n    y();\n    break;\n  default:\n    z();\n}\nwˇ",
        ),
        (
            "go",
            "func f() {\n  xˇ\n}",
            "\nswitch a {\ncase 1:\nselect {\ncase <-b:\nc()\ncase <-d:↓\ncase 2:\ny()\ndefault:\nz()",
            "func f() {\n  x\n  switch a {\n  case 1:\n    select {\n    case <-b:\n      c()\n    case <-d:\n    }\n  case 2:\n    y()\n  default:\n    z()ˇ\n  }\n}",
        ),
        (
            "python",
            "ˇ",
            "match x:\ncase 1:\ny = 1\ncase 2:\nmatch y:\ncase 3:\nz\ncase _:\npass\ncase _:\nw",
            "match x:\n  case 1:\n    y = 1\n  case 2:\n    match y:\n      case 3:\n        z\n      case _:\n        pass\n      case _:\n        wˇ",
        ),
    ]);
}

#[test]
fn access_specifiers_stand_where_their_class_does() {
    assert_typed(&[(
        "cpp",
        "ˇ",
        "class B {\npublic:\nint c;\nint f() {\nswitch (a) {\ncase 1:\nb();↓↓\nprivate:\nint d;",
        "class B {\npublic:\n  int c;\n  int f() {\n    switch (a) {\n      case 1:\n        b();\n    }\n  }\nprivate:\n  int d;ˇ\n}",
    )]);
}

#[test]
fn blocks_of_php_begin_with_a_colon_too() {
    assert_typed(&[(
        "php",
        "<?php\nfunction f() {\n  x();ˇ\n}\n",
        "\nforeach ($a as $b):\nif ($b):\ny();\nelse:\nz();\nendif;\nendforeach;\nw();",
        "<?php\nfunction f() {\n  x();\n  foreach ($a as $b):\n    if ($b):\n      y();\n    else:\n      z();\n    endif;\n  endforeach;\n  w();ˇ\n}\n",
    )]);
}

#[test]
fn a_body_belongs_to_the_first_line_of_its_parameters() {
    for language in ["java", "ts", "cpp", "c", "csharp", "kotlin", "js", "rust"] {
        assert_typed(&[(
            language,
            "class A {\n  ˇ\n}",
            "void f(int a,\nint b→ {\ng(c,\nd→;\nh();↓\ni",
            "class A {\n  void f(int a,\n    int b) {\n    g(c,\n      d);\n    h();\n  }\n  iˇ\n}",
        )]);
    }
    // Where the closing brace is typed.
    assert_typed(&[(
        "c",
        "void f(int a,\n       int b) {\n  g();ˇ",
        "\n}",
        "void f(int a,\n       int b) {\n  g();\n}ˇ",
    )]);
}

#[test]
fn a_comment_of_documentation_is_closed_and_goes_on() {
    for language in [
        "js", "ts", "tsx", "jsx", "java", "c", "cpp", "csharp", "kotlin", "scala",
    ] {
        assert_typed(&[
            (
                language,
                "f() {}\n  ˇ\ng() {}\n",
                "/**\ndoc\ntwo",
                "f() {}\n  /**\n   * doc\n   * twoˇ\n   */\ng() {}\n",
            ),
            // Without its end.
            (
                language,
                "f() {}\n/**ˇ g() {}\n",
                "\ndoc\ntwo",
                "f() {}\n/**\n * doc\n * twoˇ g() {}\n",
            ),
            // Its own end takes the place of the one that came by itself.
            (language, "ˇ\nf() {}\n", "/** a */", "/** a */ˇ\nf() {}\n"),
            // One that has an end is not closed again.
            (
                language,
                "/*ˇ\n * a\n */\nf() {}\n",
                "*",
                "/**ˇ\n * a\n */\nf() {}\n",
            ),
        ]);
    }
    assert_typed(&[(
        "php",
        "<?php\nˇ\nfunction f() {}\n",
        "/**\ndoc\ntwo",
        "<?php\n/**\n * doc\n * twoˇ\n */\nfunction f() {}\n",
    )]);
    // In a string there is no comment. Only the tree knows.
    assert_typed_while(
        &[("ts", "f(`ˇ`)", "/**", "f(`/**ˇ`)")],
        &[Parsed::AfterEachKey],
    );
    // A product over several rows is none.
    assert_typed(&[("js", "a = b\n* cˇ", "\nd", "a = b\n* c\ndˇ")]);
}

#[test]
fn a_comment_of_markup_is_closed() {
    for language in ["html", "markdown"] {
        assert_typed(&[
            (language, "aˇ\n", "<!-- b", "a<!-- bˇ-->\n"),
            (language, "ˇ\n", "<!-- b -->", "<!-- b -->ˇ\n"),
        ]);
    }
}

#[test]
fn a_call_in_a_row_of_its_own_goes_on_with_the_statement_above() {
    for language in [
        "js", "jsx", "ts", "tsx", "java", "csharp", "kotlin", "rust", "scala",
    ] {
        assert_typed(&[
            (
                language,
                "{\n  ˇ\n}",
                "a = b()\n.c()\n.d()",
                "{\n  a = b()\n    .c()\n    .d()ˇ\n}",
            ),
            // Behind a call over several rows.
            (
                language,
                "{\n  a\n    .b(\n      c\n    )ˇ\n}",
                "\n.d()",
                "{\n  a\n    .b(\n      c\n    )\n    .d()ˇ\n}",
            ),
            // Where a value begins, it is none.
            (language, "a(b,ˇ)", "\n.5", "a(b,\n  .5ˇ)"),
        ]);
    }
    for language in [
        "js", "jsx", "ts", "tsx", "java", "csharp", "kotlin", "scala",
    ] {
        assert_typed(&[(
            language,
            "{\n  a(\n    b\n  )ˇ\n}",
            "\n.c()",
            "{\n  a(\n    b\n  )\n    .c()ˇ\n}",
        )]);
    }
    // As rustfmt has it.
    assert_typed(&[
        (
            "rust",
            "{\n  let a = b(\n    c,\n  )ˇ\n}",
            "\n.d()\n.e()",
            "{\n  let a = b(\n    c,\n  )\n  .d()\n  .e()ˇ\n}",
        ),
        (
            "rust",
            "{\n  match a {\n    b => c,\n  }ˇ\n}",
            "\n.d()",
            "{\n  match a {\n    b => c,\n  }\n  .d()ˇ\n}",
        ),
        (
            "rust",
            "{\n  let a =\n    b(c)ˇ\n}",
            "\n.d()",
            "{\n  let a =\n    b(c)\n      .d()ˇ\n}",
        ),
    ]);
    for language in ["js", "ts", "csharp", "kotlin"] {
        assert_typed(&[(language, "{\n  aˇ\n}", "\n?.b()", "{\n  a\n    ?.b()ˇ\n}")]);
    }
    assert_typed(&[
        ("php", "<?php\n$aˇ\n", "\n->b()", "<?php\n$a\n  ->b()ˇ\n"),
        ("ruby", "aˇ\n", "\n&.b\n.c", "a\n  &.b\n  .cˇ\n"),
    ]);
    // In a string and in a comment a point is one.
    assert_typed_while(
        &[("js", "`aˇ`", "\n.b", "`a\n.bˇ`")],
        &[Parsed::AfterEachKey],
    );
}

#[test]
fn behind_a_statement_of_several_lines_the_next_begins_where_it_did_however_fast_one_types() {
    let parsed = [Parsed::AfterEachKey, Parsed::Before, Parsed::Never];
    for language in ["js", "jsx", "ts", "tsx", "java", "csharp", "rust"] {
        assert_typed_while(
            &[
                (
                    language,
                    "{\n  ˇ\n}",
                    "a\n.b()\n.c();\nd",
                    "{\n  a\n    .b()\n    .c();\n  dˇ\n}",
                ),
                // The last call over several rows.
                (
                    language,
                    "{\n  a\n    .b()\n    .c(\n      d\n    )ˇ\n}",
                    ";\ne",
                    "{\n  a\n    .b()\n    .c(\n      d\n    );\n  eˇ\n}",
                ),
            ],
            &parsed,
        );
    }
    assert_typed_while(
        &[
            (
                "php",
                "<?php\n$aˇ\n",
                "\n->b()\n->c();\n$d",
                "<?php\n$a\n  ->b()\n  ->c();\n$dˇ\n",
            ),
            // A value in the row below.
            (
                "ts",
                "{\n  a =\n    bˇ\n}",
                ";\nc",
                "{\n  a =\n    b;\n  cˇ\n}",
            ),
            (
                "c",
                "{\n  a = b &&\n    cˇ\n}",
                ";\nd",
                "{\n  a = b &&\n    c;\n  dˇ\n}",
            ),
            // One that is over in its row, and parts of a loop.
            (
                "js",
                "{\n  a\n    .b();\n  c();ˇ\n}",
                "\nd",
                "{\n  a\n    .b();\n  c();\n  dˇ\n}",
            ),
            ("js", "for (a;\n  b;ˇ)", "\nc", "for (a;\n  b;\n  cˇ)"),
        ],
        &parsed,
    );
}

#[test]
fn the_end_of_an_element_goes_to_a_line_of_its_own_however_fast_one_types() {
    let parsed = [Parsed::AfterEachKey, Parsed::Before, Parsed::Never];
    assert_typed_while(
        &[
            (
                "html",
                "ˇ\n",
                "<ul>\n<li>\n<p>a\nb",
                "<ul>\n  <li>\n    <p>a\n      bˇ\n    </p>\n  </li>\n</ul>\n",
            ),
            // An element that is over in the row, and the end of another.
            (
                "html",
                "<p><b>a</b>ˇ</p>\n",
                "\nc",
                "<p><b>a</b>\n  cˇ\n</p>\n",
            ),
            ("html", "<p>a</p>ˇ</div>\n", "\nc", "<p>a</p>\ncˇ</div>\n"),
        ],
        &parsed,
    );
    assert_typed_while(
        &[(
            "tsx",
            "const a = (\n  ˇ\n);\n",
            "<ul>\n<li>\nb",
            "const a = (\n  <ul>\n    <li>\n      bˇ\n    </li>\n  </ul>\n);\n",
        )],
        &parsed,
    );
    // Beside another element, where none may stand, whatever the tree made of it meanwhile.
    let often = [1, 2, 3, 4, 5].map(Parsed::Every);
    assert_typed_while(
        &[
            (
                "tsx",
                "const a = b ? (ˇ\n  <li>c</li>\n) : d;\n",
                "\n<p>\ne",
                "const a = b ? (\n  <p>\n    eˇ\n  </p>\n  <li>c</li>\n) : d;\n",
            ),
            (
                "tsx",
                "const a = b ? (ˇ\n  <li>c</li>\n) : d;\n",
                "\n<p className=\"e\">\nf",
                "const a = b ? (\n  <p className=\"e\">\n    fˇ\n  </p>\n  <li>c</li>\n) : d;\n",
            ),
        ],
        &often,
    );
}

#[test]
fn several_quotes_are_closed_at_the_beginning_of_a_string() {
    let parsed = [Parsed::AfterEachKey, Parsed::Before, Parsed::Never];
    for language in ["python", "java", "csharp", "kotlin", "scala", "toml"] {
        assert_typed_while(
            &[
                (language, "a = ˇ\n", "\"\"\"", "a = \"\"\"ˇ\"\"\"\n"),
                (language, "a = ˇ\n", "\"\"\"b\"\"\"", "a = \"\"\"b\"\"\"ˇ\n"),
                (
                    language,
                    "a = ˇ\n",
                    "\"\"\"b \"c\" d",
                    "a = \"\"\"b \"c\" dˇ\"\"\"\n",
                ),
                (
                    language,
                    "a = \"\"\"ˇ\"\"\"\n",
                    "\"",
                    "a = \"\"\"\"ˇ\"\"\"\n",
                ),
            ],
            &parsed,
        );
    }
    assert_typed_while(
        &[
            (
                "python",
                "def f():ˇ\n",
                "\n\"\"\"a\nb\n\"\"\"\nreturn",
                "def f():\n  \"\"\"a\n  b\n  \"\"\"\n  returnˇ\n",
            ),
            ("python", "ˇ\n", "'''a'''", "'''a'''ˇ\n"),
            ("python", "a = ˇ\n", "r\"\"\"\\", "a = r\"\"\"\\ˇ\"\"\"\n"),
            ("python", "a(ˇ)\n", "f\"\"\"", "a(f\"\"\"ˇ\"\"\")\n"),
            ("python", "a = ˇ\n", "offer\"\"\"", "a = offer\"\"\"ˇ\n"),
            ("python", "# ˇ\n", "\"\"\"", "# \"\"\"ˇ\n"),
            // The end of one that has none.
            ("python", "\"\"\"\na\nˇ\n", "\"\"\"", "\"\"\"\na\n\"\"\"ˇ\n"),
        ],
        &[Parsed::AfterEachKey],
    );
}

#[test]
fn several_quotes_at_several_carets_are_closed_where_they_begin_a_string() {
    assert_typed_while(
        &[
            (
                "python",
                "a = ˇ\nb = \"\"\"c\nˇ\nd\"\"\"\ne = ˇ\n",
                "\"\"\"",
                "a = \"\"\"ˇ\"\"\"\nb = \"\"\"c\n\"\"\"ˇ\nd\"\"\"\ne = \"\"\"ˇ\"\"\"\n",
            ),
            (
                "python",
                "a = ˇ\nb = \"\"\"c\nˇ\nˇ\n",
                "\"\"\"",
                "a = \"\"\"ˇ\"\"\"\nb = \"\"\"c\n\"\"\"ˇ\n\"\"\"ˇ\n",
            ),
            (
                "python",
                "'''a'''\nb = ˇ\nc = ˇ\n",
                "'''",
                "'''a'''\nb = '''ˇ'''\nc = '''ˇ'''\n",
            ),
        ],
        &[Parsed::Never],
    );
}

/// How long this thread has worked, whatever else the machine does.
#[cfg(unix)]
fn worked() -> Duration {
    let asked = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(
        asked.tv_sec.unsigned_abs(),
        asked.tv_nsec.unsigned_abs() as u32,
    )
}

/// How long the program runs.
#[cfg(not(unix))]
fn worked() -> Duration {
    static STARTED: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    STARTED.get_or_init(std::time::Instant::now).elapsed()
}

/// The text is looked through once, and not up to each caret: the quote that may open a string costs
/// little more than the one before it.
#[test]
fn several_quotes_at_thousands_of_carets_are_closed_at_once() {
    let lines = 6_000;
    let (text, carets) = marked::parse(&"a = ˇ\n".repeat(lines)).unwrap();
    let language = by_name("python").unwrap();
    let tree = SyntaxTree::parse(language, &text, None, &AtomicBool::new(false)).unwrap();
    let mut document = Document {
        language,
        parsed: Parsed::Never,
        tree,
        text,
        carets,
        closed: AutoClosed::default(),
    };
    let [_, over, third] = [(); 3].map(|()| {
        let before = worked();
        document.press('"');
        worked().saturating_sub(before)
    });
    let shown = marked::format(&document.text, &document.carets);
    assert_eq!(shown, "a = \"\"\"ˇ\"\"\"\n".repeat(lines));
    assert!(third < 10 * over, "{third:?} after {over:?}");
}

#[test]
fn pairs_are_closed_where_vs_code_closes_them() {
    const PARSED: &[Parsed] = &[Parsed::AfterEachKey];
    const ANY: &[Parsed] = &[Parsed::AfterEachKey, Parsed::Before, Parsed::Never];
    assert_typed_while(
        &[
            ("js", "ˇ", "f(a", "f(aˇ)"),
            ("js", "x = ˇ", "'a'", "x = 'a'ˇ"),
            ("js", "x = ˇ;", "\"a\"", "x = \"a\"ˇ;"),
            ("js", "ˇ\"abc\"", "(", "(ˇ\"abc\""),
            ("js", "ˇ`abc`", "(", "(ˇ)`abc`"),
            ("js", "xˇ", "'", "x'ˇ"),
            ("js", "// aˇ", " \"b", "// a \"bˇ\""),
            ("js", "// aˇ", " (b", "// a (bˇ)"),
            ("js", "x = \"a ˇ\"", "(", "x = \"a (ˇ\""),
            ("js", "x = `a $ˇ`", "{", "x = `a ${ˇ}`"),
            ("js", "ˇ", "/**", "/**ˇ */"),
            ("js", "x = \"it's\"; y = ˇ", "'", "x = \"it's\"; y = 'ˇ'"),
            ("js", "ˇ", "\"\\\"", "\"\\\"ˇ\""),
            ("js", "f(«aˇ»)", "\"", "f(\"«aˇ»\")"),
            ("js", "f(« ˇ»)", "[", "f([ˇ)"),
            ("ts", "x: Array<ˇ>", "{", "x: Array<{ˇ}>"),
            ("python", "x = ˇ", "f\"a\"", "x = f\"a\"ˇ"),
            ("python", "x = [ˇ]", "'a'", "x = ['a'ˇ]"),
            ("python", "ˇ", "f(a)[b]", "f(a)[b]ˇ"),
            ("python", "ˇ\"abc\"", "(", "(ˇ)\"abc\""),
            ("rust", "fn f<ˇ>", "'a", "fn f<'aˇ>"),
            ("rust", "fn f(a: &ˇ)", "'a", "fn f(a: &'aˇ)"),
            ("rust", "let c = ˇ;", "'x'", "let c = 'x'ˇ;"),
            ("rust", "let s = ˇ;", "\"a\"", "let s = \"a\"ˇ;"),
            ("rust", "let s = r#ˇ;", "\"", "let s = r#\"ˇ\";"),
            (
                "rust",
                "let c = '\"'; let s = ˇ;",
                "\"",
                "let c = '\"'; let s = \"ˇ\";",
            ),
            ("rust", "ˇ\"abc\"", "[", "[ˇ]\"abc\""),
            ("html", "<a href=ˇ>", "\"b\"", "<a href=\"b\"ˇ>"),
            (
                "html",
                "<a onclick=\"f(ˇ)\">",
                "'b",
                "<a onclick=\"f('bˇ')\">",
            ),
            ("html", "<p>donˇ</p>", "'", "<p>don'ˇ</p>"),
            ("html", "<p>a ˇ</p>", "(", "<p>a (ˇ</p>"),
            ("html", "<!-- a ˇ-->", "(", "<!-- a (ˇ)-->"),
            ("html", "ˇ\n", "<!--", "<!--ˇ-->\n"),
        ],
        ANY,
    );
    // Only the tree tells a string and a comment from code, and a regular expression.
    assert_typed_while(
        &[
            ("js", "// a ˇ", "'", "// a 'ˇ"),
            ("js", "x = /\"/; y = ˇ", "\"", "x = /\"/; y = \"ˇ\""),
            ("js", "/* don't */ x = ˇ", "'", "/* don't */ x = 'ˇ'"),
            ("js", "x = `a ˇ b`", "'", "x = `a 'ˇ b`"),
            ("js", "x = 'a ˇ b'", "\"", "x = 'a \"ˇ b'"),
            ("python", "x = \"a ˇ b\"", "'", "x = \"a 'ˇ b\""),
            ("python", "# a ˇ", "'", "# a 'ˇ"),
            ("rust", "// it's ˇ", "\"", "// it's \"ˇ\""),
        ],
        PARSED,
    );
}

#[test]
fn the_cases_of_scala_stand_below_one_another() {
    assert_typed(&[
        (
            "scala",
            "ˇ",
            "a match\ncase 1 =>\nb\ncase x if x > 2 =>\nc\nd",
            "a match\n  case 1 =>\n    b\n  case x if x > 2 =>\n    c\n    dˇ",
        ),
        (
            "scala",
            "ˇ",
            "a match {\ncase 1 =>\nb\ncase 2 =>\nc",
            "a match {\n  case 1 =>\n    b\n  case 2 =>\n    cˇ\n}",
        ),
        // Of a function in a case.
        (
            "scala",
            "a match {\n  case 1 =>\n    b.map {ˇ}\n}",
            "\ncase 2 =>\nc",
            "a match {\n  case 1 =>\n    b.map {\n      case 2 =>\n        cˇ\n    }\n}",
        ),
        // Behind one in braces.
        (
            "scala",
            "a match {\n  case 1 => {\n    b\n  }ˇ\n}",
            "\ncase 2 =>",
            "a match {\n  case 1 => {\n    b\n  }\n  case 2 =>ˇ\n}",
        ),
    ]);
}

#[test]
fn sql_goes_in_and_out_of_blocks() {
    for upper in [true, false] {
        let cased = |text: &str| match upper {
            true => text.to_uppercase(),
            false => text.to_owned(),
        };
        let cases = [
            (
                "begin\nif a then\nb;\nelsif c then\nd;\nelse\ne;\nend if;\nend;",
                "begin\n  if a then\n    b;\n  elsif c then\n    d;\n  else\n    e;\n  end if;\nend;ˇ",
            ),
            (
                "begin\nloop\na;\nend loop;\nend;",
                "begin\n  loop\n    a;\n  end loop;\nend;ˇ",
            ),
        ];
        for (keys, after) in cases {
            for parsed in [Parsed::AfterEachKey, Parsed::Never] {
                let found = typed("sql", parsed, "ˇ", &cased(keys));
                assert_eq!(found, cased(after), "{parsed:?}");
            }
        }
    }
}

/// While a statement is typed it is parsed without its end, and the line is broken before it is again.
#[test]
fn a_statement_that_was_parsed_half_ends_with_its_semicolon() {
    let statements = [
        ("rust", "fn f() {\n  ˇ\n}\n", "let x = y;"),
        ("rust", "ˇ/// Adds.\nfn f() {}\n", "let x = 1;"),
        ("rust", "fn f() {\n  ˇ\n}\n", "x += a.b(1) + 2;"),
        ("javascript", "ˇ\nlet b;\n", "const x = a + b(1);"),
        ("typescript", "function f() {\n  ˇ\n}\n", "let x: T = y;"),
        (
            "java",
            "class A {\n  void f() {\n    ˇ\n  }\n}\n",
            "int x = a(1);",
        ),
        ("c", "int f() {\n  ˇ\n}\n", "x = a + 1;"),
        ("cpp", "int f() {\n  ˇ\n}\n", "auto x = a->b(1);"),
        (
            "csharp",
            "class A {\n  void F() {\n    ˇ\n  }\n}\n",
            "var x = a.B(1);",
        ),
        ("php", "<?php\nfunction f() {\n  ˇ\n}\n", "$x = $a + 1;"),
    ];
    for (language, before, statement) in statements {
        let keys = format!("{statement}\n").repeat(3);
        let after = typed(language, Parsed::AfterEachKey, before, &keys);
        for often in 2..9 {
            let found = typed(language, Parsed::Every(often), before, &keys);
            assert_eq!(found, after, "{language}, parsed after {often} keys");
        }
    }
}
