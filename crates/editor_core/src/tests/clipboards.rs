use super::check;
use super::typing::{CODE, Within};
use crate::auto_indent::{AutoIndent, Indenting};
use crate::brackets::BRACKETS;
use crate::clipboard::{Clip, copy, cut, drop_selection, paste, paste_indented};
use crate::{
    BlockComment, IndentRules, IndentStyle, LanguageRules, Literal, PlainSyntax, Selection,
    StringMarks, SyntaxView, marked,
};

#[track_caller]
fn copied(marked: &str) -> Clip {
    let (text, selections) = marked::parse(marked).unwrap();
    copy(&text, &selections)
}

#[test]
fn what_is_selected_is_copied_one_entry_a_caret() {
    let clip = copied("«oneˇ» «twoˇ»ˇ x");
    assert_eq!(clip.entries, ["one", "two"]);
    assert_eq!(clip.text(), "one\ntwo");
}

#[test]
fn with_nothing_selected_the_rows_are_copied() {
    let clip = copied("onˇe\ntwˇoˇ");
    assert!(clip.whole_rows);
    assert_eq!(clip.text(), "one\ntwo\n");
}

#[test]
fn what_is_cut_is_gone() {
    check("a«bˇ»c«dˇ»", |t, s| cut(t, s).0, "aˇcˇ");
    check("one\ntwˇo\nthree", |t, s| cut(t, s).0, "one\nthˇree");
}

#[test]
fn each_caret_gets_its_own_entry_where_the_numbers_match() {
    let clip = copied("«oneˇ» «twoˇ»");
    check("ˇ,ˇ", |t, s| paste(t, s, &clip), "oneˇ,twoˇ");
    check("ˇ", |t, s| paste(t, s, &clip), "one\ntwoˇ");
    check(
        "ˇ,ˇ,ˇ",
        |t, s| paste(t, s, &clip),
        "one\ntwoˇ,one\ntwoˇ,one\ntwoˇ",
    );
}

#[test]
fn rows_from_elsewhere_are_dealt_out_too() {
    let clip = Clip::external("one\r\ntwo\n");
    check("ˇ,«xˇ»", |t, s| paste(t, s, &clip), "oneˇ,twoˇ");
    check("«xˇ»", |t, s| paste(t, s, &clip), "one\ntwo\nˇ");
}

#[test]
fn whole_rows_are_pasted_above_and_the_caret_stays_in_its_row() {
    let clip = copied("oneˇ");
    check("a\nbˇc", |t, s| paste(t, s, &clip), "a\none\nbˇc");
    check("a«bˇ»c", |t, s| paste(t, s, &clip), "aone\nˇc");
    check("a\nˇbc", |t, s| paste(t, s, &clip), "a\none\nˇbc");
    // Two carets in a row, and such beside a selection.
    check("aˇbˇ", |t, s| paste(t, s, &clip), "one\none\naˇbˇ");
    check("a«bˇ»cˇ", |t, s| paste(t, s, &clip), "one\naone\nˇcˇ");
    check(
        "«a\nbˇ»cˇdˇ\nˇ",
        |t, s| paste(t, s, &clip),
        "one\nˇone\none\ncˇdˇ\none\nˇ",
    );
    check(
        "«a\nbˇ»c«dˇ»eˇ",
        |t, s| paste(t, s, &clip),
        "one\nˇone\ncone\nˇeˇ",
    );
}

#[test]
fn nothing_is_replaced_where_whole_rows_are_pasted() {
    let clip = copied("oneˇ");
    let (text, carets) = marked::parse("a\nbcˇ").unwrap();
    let (_, others) = marked::parse("a\nbˇc").unwrap();
    let changes = paste(&text, &carets, &clip).changes;
    let after = changes.apply(&text).unwrap();
    assert_eq!(marked::format(&after, &others.map(&changes)), "a\none\nbˇc");
}

#[test]
fn a_dragged_selection_moves_or_is_copied() {
    let dragged = Selection::new(0, 2);
    let drop = |to, copy| {
        move |t: &crate::Text, s: &crate::Selections| drop_selection(t, s, &dragged, to, copy)
    };
    check("«abˇ»cd", drop(4, false), "cd«abˇ»");
    check("«abˇ»cd", drop(3, true), "abc«abˇ»d");
    check("«abˇ»cd", drop(1, false), "«abˇ»cd");
    check("«abˇ»c«dˇ»", drop(3, false), "c«abˇ»d");
}

/// A language with strings over several rows, labels, and here-documents.
static BLOCK_RULES: LanguageRules = LanguageRules {
    strings: &[
        StringMarks {
            mark: "`",
            spans_rows: true,
            escapes: true,
        },
        StringMarks::of_row("'"),
    ],
    line_comment: Some("//"),
    block_comment: Some(BlockComment::new("/*", "*/")),
    indent: IndentRules {
        labels: &["case"],
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

const BLOCKS: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &BLOCK_RULES,
};

/// A language whose indentation means something.
static OFFSIDE_RULES: LanguageRules = LanguageRules {
    strings: &[StringMarks {
        mark: "###",
        spans_rows: true,
        escapes: true,
    }],
    block_comment: Some(BlockComment::new("###", "###")),
    indent: IndentRules {
        significant: true,
        opens_after: &[':'],
        ..IndentRules::PLAIN
    },
    ..LanguageRules::PLAIN
};

const OFFSIDE: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &OFFSIDE_RULES,
};

#[track_caller]
fn pastes_with(
    syntax: &dyn SyntaxView,
    level: AutoIndent,
    style: IndentStyle,
    before: &str,
    clip: &Clip,
    after: &str,
) {
    let indenting = Indenting {
        level,
        style,
        trims: true,
        syntax,
    };
    check(
        before,
        |text, selections| paste_indented(text, selections, clip, &indenting),
        after,
    );
}

#[track_caller]
fn pastes(before: &str, clip: &Clip, after: &str) {
    let style = IndentStyle::spaces(4);
    pastes_with(&BLOCKS, AutoIndent::Full, style, before, clip, after);
}

#[track_caller]
fn stays(syntax: &dyn SyntaxView, level: AutoIndent, before: &str, clip: &Clip) {
    let (text, selections) = marked::parse(before).unwrap();
    let raw = paste(&text, &selections, clip);
    let raw_after = marked::format(&raw.changes.apply(&text).unwrap(), &raw.selections_after);
    let style = IndentStyle::spaces(4);
    pastes_with(syntax, level, style, before, clip, &raw_after);
}

#[test]
fn pasted_rows_are_moved_to_where_they_are_pasted() {
    let block = "if b {\n    c\n}";
    let deeper = "fn d() {\n    if e {\n        ˇ\n    }\n}";
    let moved = "fn d() {\n    if e {\n        if b {\n            c\n        }ˇ\n    }\n}";
    pastes(deeper, &Clip::external(block), moved);
    // Copied from behind its indentation on, and with it.
    pastes(
        deeper,
        &Clip::external("if b {\n  c\n}".replace("\n", "\n      ").as_str()),
        &moved.replace("            c", "          c"),
    );
    pastes(
        deeper,
        &copied("  {\n    «if b {\n        c\n    }ˇ»\n"),
        moved,
    );
    pastes(
        deeper,
        &copied("  {\n«    if b {\n        c\n    }ˇ»\n"),
        moved,
    );
    pastes(
        deeper,
        &copied("  {\n  «  if b {\n        c\n    }ˇ»\n"),
        moved,
    );
    // From deeper to less deep, and in the place of rows.
    pastes(
        "ˇ",
        &copied("    «if b {\n        c\n    }ˇ»"),
        "if b {\n    c\n}ˇ",
    );
    pastes(
        "{\n«    x\n    y\nˇ»}",
        &Clip::external("if b {\n    c\n}\n"),
        "{\n    if b {\n        c\n    }\nˇ}",
    );
}

#[test]
fn at_the_beginning_of_an_empty_row_pasted_rows_stand_where_enter_would_have() {
    let rows = Clip::external("a;\nb;\n");
    pastes("{\nˇ\n}", &rows, "{\n    a;\n    b;\nˇ\n}");
    pastes(
        "  {\n    c;\n\nˇ\n  }",
        &rows,
        "  {\n    c;\n\n    a;\n    b;\nˇ\n  }",
    );
    pastes("/*\n * a\n */\nˇ", &rows, "/*\n * a\n */\na;\nb;\nˇ");
    // A row that was copied with its indentation, but no word.
    pastes("{\nˇ\n}", &Clip::external("  a;"), "{\n    a;ˇ\n}");
    pastes("{\n    ˇ\n}", &Clip::external("    a;"), "{\n    a;ˇ\n}");
    pastes("{\nˇ\n}", &Clip::external("a"), "{\naˇ\n}");
    pastes("{\nˇb\n}", &Clip::external("  a"), "{\n  aˇb\n}");
}

#[test]
fn what_closes_and_what_is_a_label_goes_to_where_it_belongs() {
    pastes(
        "  {\n    aˇ",
        &Clip::external("\n}\n"),
        "  {\n    a\n  }\nˇ",
    );
    pastes(
        "  {\n    a\n    ˇ",
        &Clip::external("}\nb\n"),
        "  {\n    a\n  }\n  b\nˇ",
    );
    pastes(
        "{\n    case a:\n        b;\n        ˇ\n}",
        &Clip::external("case c:\n    d;"),
        "{\n    case a:\n        b;\n    case c:\n        d;ˇ\n}",
    );
}

#[test]
fn rows_behind_the_first_move_along_with_the_row_they_are_pasted_into() {
    pastes(
        "    let a = ˇ;",
        &Clip::external("f(\n    b,\n)"),
        "    let a = f(\n        b,\n    )ˇ;",
    );
    pastes(
        "let a = ˇ;",
        &copied("        let x = «f(\n            b,\n        )ˇ»"),
        "let a = f(\n    b,\n)ˇ;",
    );
    pastes("    {ˇ}", &Clip::external("\na\n"), "    {\n        a\nˇ}");
}

#[test]
fn whole_rows_are_moved_to_the_row_they_are_pasted_above() {
    let row = copied("  aˇ\n");
    pastes("{\n    bˇ\n}", &row, "{\n    a\n    bˇ\n}");
    pastes("{\n    b\nˇ}", &row, "{\n    b\n    a\nˇ}");
    pastes("{\nˇ}", &row, "{\n    a\nˇ}");
    pastes(
        "{\n    bˇ\n        cˇ\n}",
        &row,
        "{\n    a\n    bˇ\n        a\n        cˇ\n}",
    );
    // Several, of which the first is less deep than the others.
    let rows = copied("aˇ\n    bˇ;\n");
    pastes("{\n    ˇc\n}", &rows, "{\n    a\n        b;\n    ˇc\n}");
}

#[test]
fn the_rest_of_the_row_keeps_its_indentation_behind_pasted_rows() {
    pastes(
        "{\n    ˇc\n}",
        &Clip::external("a\nb\n"),
        "{\n    a\n    b\n    ˇc\n}",
    );
    pastes(
        "{\nˇ    c\n}",
        &Clip::external("a\nb\n"),
        "{\n    a\n    b\nˇ    c\n}",
    );
}

#[test]
fn each_caret_has_pasted_rows_where_it_is() {
    pastes(
        "{\n    ˇ\n    {\n        ˇ\n    }\n}",
        &Clip::external("a {\n  b\n}"),
        "{\n    a {\n      b\n    }ˇ\n    {\n        a {\n          b\n        }ˇ\n    }\n}",
    );
    // Its own piece, as deep as that was.
    let pieces = copied("  «a(\n    1)ˇ»\n    «b(\n      2)ˇ»");
    pastes("ˇ\n    ˇ", &pieces, "a(\n  1)ˇ\n    b(\n      2)ˇ");
    // Two in the indentation of one row.
    let three = Clip::external("  a\nb\nc");
    pastes(" ˇ   ˇx", &three, " a\nb\ncˇ   a\n  b\n  cˇx");
    let closes = Clip::external("}\na\nb");
    pastes("{\n  ˇ  ˇ", &closes, "{\n}\na\nbˇ  }\na\nbˇ");
}

#[test]
fn pasted_rows_are_indented_as_the_text_is() {
    let with = |style, before: &str, piece: &str, after: &str| {
        let clip = Clip::external(piece);
        pastes_with(&BLOCKS, AutoIndent::Full, style, before, &clip, after);
    };
    let tabs = IndentStyle::tabs(4);
    with(
        tabs,
        "{\n\tˇ\n}",
        "a {\n  b {\n    c\n  }\n}",
        "{\n\ta {\n\t\tb {\n\t\t\tc\n\t\t}\n\t}ˇ\n}",
    );
    with(tabs, "ˇ", "a {\n    b\n}", "a {\n\tb\n}ˇ");
    let spaces = IndentStyle::spaces(2);
    with(
        spaces,
        "{\n  ˇ\n}",
        "a {\n\tb\n}",
        "{\n  a {\n    b\n  }ˇ\n}",
    );
    with(spaces, "ˇ", "\ta {\n\t\tb\n\t}", "a {\n  b\n}ˇ");
}

#[test]
fn blank_rows_and_the_text_of_strings_stay_as_they_were_copied() {
    pastes(
        "{\n    ˇ\n}",
        &Clip::external("a(`\n  x\n`, 'b\nc');\n\n  \nd"),
        "{\n    a(`\n  x\n`, 'b\n    c');\n\n  \n    dˇ\n}",
    );
    // A comment moves along, and what looks like a string in it is none.
    pastes(
        "{\n    ˇ\n}",
        &Clip::external("/*\n * don`t\n */\na // `\nb"),
        "{\n    /*\n     * don`t\n     */\n    a // `\n    bˇ\n}",
    );
    pastes(
        "{\n    ˇ\n}",
        &Clip::external("cat <<-'EOF'\na\n  b\nEOF\nc << d\ne"),
        "{\n    cat <<-'EOF'\na\n  b\nEOF\n    c << d\n    eˇ\n}",
    );
}

#[test]
fn where_indentation_means_something_the_caret_says_where_pasted_rows_go() {
    let with = |before: &str, clip: &Clip, after: &str| {
        let style = IndentStyle::spaces(4);
        pastes_with(&OFFSIDE, AutoIndent::Full, style, before, clip, after);
    };
    let rows = Clip::external("a:\n    b\n");
    with("c:\n    ˇ", &rows, "c:\n    a:\n        b\nˇ");
    with("c:\n    d\nˇ", &rows, "c:\n    d\na:\n    b\nˇ");
    with("c:\n    dˇ\n", &copied("  eˇ\n"), "c:\n    e\n    dˇ\n");
    with("c:\nˇ\n", &copied("  eˇ\n"), "c:\n    e\nˇ\n");
    let part = copied("    «if a:\n        b\n    cˇ»");
    with("ˇ", &part, "if a:\n    b\ncˇ");
    with(
        "ˇ",
        &Clip::external("if a:\n        b\n    c"),
        "if a:\n    b\ncˇ",
    );
    // What documents is moved along, as it is no value.
    with(
        "c:\n    ˇ",
        &Clip::external("###\na\n###\nb = ###\na\n###"),
        "c:\n    ###\n    a\n    ###\n    b = ###\na\n###ˇ",
    );
}

#[test]
fn pasted_text_stays_as_it_was_copied_where_it_is_no_code_or_too_much() {
    let rows = Clip::external("  a {\nb\n}");
    let before = "{\n    ˇ\n}";
    let full = AutoIndent::Full;
    for literal in [Literal::String, Literal::Comment] {
        stays(&Within(literal), full, before, &rows);
    }
    stays(&CODE, AutoIndent::None, before, &rows);
    static KEPT: LanguageRules = LanguageRules {
        indent: IndentRules {
            keeps_pasted: true,
            ..IndentRules::PLAIN
        },
        ..LanguageRules::PLAIN
    };
    let kept = PlainSyntax {
        brackets: BRACKETS,
        rules: &KEPT,
    };
    stays(&kept, full, before, &rows);
    let long = Clip::external(&"a\n".repeat(600 * 1024));
    stays(&BLOCKS, full, before, &long);
    stays(&BLOCKS, full, &"    ˇ\n".repeat(101), &rows);
}
