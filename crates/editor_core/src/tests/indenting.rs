//! Where lines begin.

use super::check;
use super::typing::{CODE, CODE_RULES};
use crate::auto_indent::{AutoIndent, Indenting, insert_line_below, insert_newline, settle_typed};
use crate::brackets::BRACKETS;
use crate::editing::{convert_indentation, reindent};
use crate::{
    Dedent, EnterAction, IndentPatterns, IndentRules, IndentStyle, LanguageRules, LinePatterns,
    PlainSyntax, Selections, Text, Transaction,
};

const SPACES: IndentStyle = IndentStyle::spaces(4);

static OFFSIDE_RULES: LanguageRules = LanguageRules {
    line_comment: Some("#"),
    indent: IndentRules {
        significant: true,
        opens_after: &[':'],
        ends_after_words: &["return"],
        dedents: &[
            Dedent {
                word: "else",
                belongs_to: &["if", "for"],
                stays_in: &[],
                ends_with: Some(':'),
            },
            Dedent {
                word: "fi",
                belongs_to: &["if"],
                stays_in: &[],
                ends_with: None,
            },
            Dedent {
                word: "end",
                belongs_to: &["def"],
                stays_in: &[],
                ends_with: None,
            },
        ],
        opens_with_words: &["def"],
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

const OFFSIDE: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &OFFSIDE_RULES,
};

static DOCUMENTED_RULES: LanguageRules = LanguageRules {
    line_comment: Some("//"),
    block_comment: CODE_RULES.block_comment,
    indent: IndentRules {
        continued_comments: &["///"],
        splits_comments: true,
        labels: &["case"],
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

const DOCUMENTED: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &DOCUMENTED_RULES,
};

fn enter_with(
    level: AutoIndent,
    style: IndentStyle,
    syntax: &'static PlainSyntax,
) -> impl Fn(&Text, &Selections) -> Transaction {
    move |text, selections| {
        let indenting = Indenting {
            level,
            style,
            trims: true,
            syntax,
        };
        insert_newline(text, selections, &indenting)
    }
}

fn enter(text: &Text, selections: &Selections) -> Transaction {
    enter_with(AutoIndent::Full, SPACES, &CODE)(text, selections)
}

#[test]
fn a_new_line_is_indented_like_the_old_one() {
    check("aˇb", enter, "a\nˇb");
    check("    oneˇ", enter, "    one\n    ˇ");
    check("\toneˇ", enter, "\tone\n\tˇ");
    check("  ˇ  x", enter, "  \n  ˇ  x");
    check("  a«bcˇ»d", enter, "  a\n  ˇd");
    check("aˇ\n  bˇ", enter, "a\nˇ\n  b\n  ˇ");
    check("    ˇ", enter, "\n    ˇ");
    let none = enter_with(AutoIndent::None, SPACES, &CODE);
    check("    {ˇ}", none, "    {\nˇ}");
    let keep = enter_with(AutoIndent::Keep, SPACES, &CODE);
    check("    {ˇ}", keep, "    {\n    ˇ}");
}

#[test]
fn after_an_opening_bracket_the_new_line_is_deeper() {
    check("if x {ˇ", enter, "if x {\n    ˇ");
    let tabs = enter_with(AutoIndent::Full, IndentStyle::tabs(4), &CODE);
    check("  f( ˇx", tabs, "  f( \n  \tˇx");
    check("[ˇ]", enter, "[\n    ˇ\n]");
    check("  {ˇ }", enter, "  {\n      ˇ\n  }");
    check("{ˇ)", enter, "{\n    ˇ)");
    let brackets = enter_with(AutoIndent::Brackets, SPACES, &CODE);
    check("{ˇ}", &brackets, "{\n    ˇ\n}");
    check("f(a,ˇ", &brackets, "f(a,\nˇ");
}

#[test]
fn brackets_anywhere_in_the_line_count() {
    check("f(a,ˇ", enter, "f(a,\n    ˇ");
    check("f(a)ˇ", enter, "f(a)\nˇ");
    check(
        "  f(\n      a,\n      b);ˇ",
        enter,
        "  f(\n      a,\n      b);\n  ˇ",
    );
    check(
        "  f(a, {\n    b\n  });ˇ",
        enter,
        "  f(a, {\n    b\n  });\n  ˇ",
    );
}

#[test]
fn the_language_says_what_opens_and_ends_a_block() {
    let enter = enter_with(AutoIndent::Full, SPACES, &OFFSIDE);
    check("def f():ˇ", &enter, "def f():\n    ˇ");
    check("def f():  ˇ", &enter, "def f():  \n    ˇ");
    check("  x = 1ˇ", &enter, "  x = 1\n  ˇ");
    check("        return xˇ", &enter, "        return x\n    ˇ");
    check("    return f(ˇ", &enter, "    return f(\n        ˇ");
    check("  def a(b)ˇ", &enter, "  def a(b)\n      ˇ");
    check("  def a(b) c endˇ", &enter, "  def a(b) c end\n  ˇ");
    check("  undefˇ", &enter, "  undef\n  ˇ");
    let brackets = enter_with(AutoIndent::Brackets, SPACES, &OFFSIDE);
    check("def f():ˇ", brackets, "def f():\nˇ");
}

#[test]
fn comments_go_on() {
    let enter = enter_with(AutoIndent::Full, SPACES, &DOCUMENTED);
    check("  /// oneˇ", &enter, "  /// one\n  /// ˇ");
    check("//// oneˇ", &enter, "//// one\nˇ");
    check("// oneˇ two", &enter, "// one\n// ˇ two");
    check("// oneˇ", &enter, "// one\nˇ");
    let offside = enter_with(AutoIndent::Full, SPACES, &OFFSIDE);
    check("# oneˇx = 1", &offside, "# one\nˇx = 1");
    check("  /** ˇ*/", &enter, "  /** \n   * ˇ\n   */");
    check("  /** aˇ", &enter, "  /** a\n   * ˇ");
    check("   */ˇ", &enter, "   */\n  ˇ");
    let brackets = enter_with(AutoIndent::Brackets, SPACES, &DOCUMENTED);
    check("/// oneˇ", brackets, "/// one\nˇ");
}

#[test]
fn a_line_is_opened_below() {
    let below = |text: &Text, selections: &Selections| {
        let indenting = Indenting {
            level: AutoIndent::Full,
            style: SPACES,
            trims: true,
            syntax: &CODE,
        };
        insert_line_below(text, selections, &indenting)
    };
    check("  oˇne\ntwo", below, "  one\n  ˇ\ntwo");
    check("iˇf {\n}", below, "if {\n    ˇ\n}");
    check("ˇ", below, "\nˇ");
}

fn settled(
    level: AutoIndent,
    syntax: &'static PlainSyntax,
    typed: &'static str,
) -> impl Fn(&Text, &Selections) -> Transaction {
    move |text, selections| {
        let indenting = Indenting {
            level,
            style: SPACES,
            trims: true,
            syntax,
        };
        settle_typed(text, selections, typed, &indenting)
    }
}

#[test]
fn a_closing_bracket_goes_back_to_the_line_of_its_opener() {
    let close = settled(AutoIndent::Brackets, &CODE, "}");
    check("  f {\n      a\n      }ˇ", &close, "  f {\n      a\n  }ˇ");
    check("{\n    a }ˇ", &close, "{\n    a }ˇ");
    check("    }ˇ", &close, "    }ˇ");
    check("{\n    }ˇ\n{\n    }ˇ", &close, "{\n}ˇ\n{\n}ˇ");
    let keep = settled(AutoIndent::Keep, &CODE, "}");
    check("{\n    }ˇ", keep, "{\n    }ˇ");
}

/// A language from elsewhere, whose patterns know tags.
struct Tagged;

impl LinePatterns for Tagged {
    fn opens(&self, line: &str) -> bool {
        line.trim() == "<b>"
    }

    fn closes(&self, line: &str) -> bool {
        line.trim() == "</b>"
    }

    fn on_enter(&self, _: &str, _: &str, _: &str) -> Option<EnterAction> {
        None
    }
}

static TAGGED_RULES: LanguageRules = LanguageRules {
    indent: IndentRules {
        patterns: Some(IndentPatterns(&Tagged)),
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

const TAGGED: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &TAGGED_RULES,
};

#[test]
fn patterns_close_a_block_with_whatever_is_typed_last() {
    let settles = settled(AutoIndent::Full, &TAGGED, ">");
    check("<b>\n  a\n  </b>ˇ", settles, "<b>\n  a\n</b>ˇ");
}

#[test]
fn words_go_back_to_where_they_belong() {
    let colon = settled(AutoIndent::Full, &OFFSIDE, ":");
    check("if a:\n    x\n    else:ˇ", &colon, "if a:\n    x\nelse:ˇ");
    check(
        "if a:\n    if b:\n        x\n    y\n    else:ˇ",
        &colon,
        "if a:\n    if b:\n        x\n    y\nelse:ˇ",
    );
    check(
        "if a:\n    for b in c:\n        x\n        else:ˇ",
        &colon,
        "if a:\n    for b in c:\n        x\n    else:ˇ",
    );
    check("    else:ˇ", &colon, "    else:ˇ");
    let i = settled(AutoIndent::Full, &OFFSIDE, "i");
    check("if a\n    x\n    fiˇ", &i, "if a\n    x\nfiˇ");
    check("if a\n    x\n    fi xiˇ", &i, "if a\n    x\n    fi xiˇ");
    let advanced = settled(AutoIndent::Advanced, &OFFSIDE, ":");
    check("if a:\n    else:ˇ", advanced, "if a:\n    else:ˇ");
}

#[track_caller]
fn reindents(before: &str, syntax: &'static PlainSyntax, after: &str) {
    let whole =
        |text: &Text, selections: &Selections| reindent(text, selections, true, syntax, &SPACES);
    check(&format!("ˇ{before}"), whole, &format!("ˇ{after}"));
}

#[test]
fn a_document_is_indented_by_its_brackets() {
    reindents(
        "f {\na(\nb,\n  {\n\nc\n}\n);\n}\n  g",
        &CODE,
        "f {\n    a(\n        b,\n        {\n\n            c\n        }\n    );\n}\ng",
    );
    reindents("f(a, {\nb\n})", &CODE, "f(a, {\n    b\n})");
    reindents(
        "{\na\n.b()\n.c();\nx =\ny;\n}",
        &CODE,
        "{\n    a\n        .b()\n        .c();\n    x =\n        y;\n}",
    );
    reindents(
        "{\ncase 1:\na\ncase 2:\nb\n}\nc",
        &DOCUMENTED,
        "{\n    case 1:\n        a\n    case 2:\n        b\n}\nc",
    );
    reindents("  if a:\n      b", &OFFSIDE, "  if a:\n      b");
}

#[test]
fn selected_lines_are_indented_as_what_is_around_them() {
    let selected =
        |text: &Text, selections: &Selections| reindent(text, selections, false, &CODE, &SPACES);
    check(
        "{\n  a {\n«b\n}ˇ»\n}",
        selected,
        "{\n  a {\n«      b\n  }ˇ»\n}",
    );
    check("{\n  aˇ\n  b\n}", selected, "{\n    aˇ\n  b\n}");
    // They may close more than they open.
    check(
        "{\n  a {\n    b {\n«c\n}\n}\nd\n}ˇ»",
        selected,
        "{\n  a {\n    b {\n«        c\n    }\n  }\n    d\n}ˇ»",
    );
    check(
        "f {\n  a(b, {\n«c\n})\nd } e\ngˇ»",
        selected,
        "f {\n  a(b, {\n«      c\n  })\n    d } e\ngˇ»",
    );
}

#[test]
fn indentation_is_converted_column_by_column() {
    let tabs = |text: &Text, selections: &Selections| {
        convert_indentation(text, selections, &IndentStyle::tabs(4))
    };
    let spaces = |text: &Text, selections: &Selections| {
        convert_indentation(text, selections, &IndentStyle::spaces(4))
    };
    check("    a\n      bˇ\n  c  d\n", tabs, "\ta\n\t  bˇ\n  c  d\n");
    check("\ta\n\t  bˇ\n  \tc\td", spaces, "    a\n      bˇ\n    c\td");
}
