//! Comments put in and taken away.

use super::check;
use super::typing::CODE;
use crate::brackets::BRACKETS;
use crate::editing::{CommentStyle, toggle_block_comment, toggle_line_comment};
use crate::{BlockComment, LanguageRules, PlainSyntax, Selections, Text, Transaction};

static MARKUP_RULES: LanguageRules = LanguageRules {
    block_comment: Some(BlockComment::new("<!--", "-->")),
    ..LanguageRules::PLAIN
};
const MARKUP: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &MARKUP_RULES,
};

fn lines(text: &Text, selections: &Selections) -> Transaction {
    toggle_line_comment(text, selections, &CODE, CommentStyle::default())
}

fn block(text: &Text, selections: &Selections) -> Transaction {
    toggle_block_comment(text, selections, &CODE, CommentStyle::default())
}

#[test]
fn line_comments_are_put_at_the_smallest_indentation_and_taken_away() {
    check("aˇb", lines, "// aˇb");
    check("// aˇb", lines, "aˇb");
    check("//aˇb", lines, "aˇb");
    check("«  a\n    bˇ»", lines, "«  // a\n  //   bˇ»");
    check("«  // a\n  //   bˇ»", lines, "«  a\n    bˇ»");
    check("«// a\nbˇ»", lines, "«// // a\n// bˇ»");
    check("«a\n\nbˇ»", lines, "«// a\n\n// bˇ»");
    check("  ˇ", lines, "  // ˇ");
    check("aˇ\nb\ncˇ", lines, "// aˇ\nb\n// cˇ");
    check("aˇbˇ", lines, "// aˇbˇ");
}

#[test]
fn settings_leave_the_space_out_and_take_blank_rows_in() {
    let tight = |text: &Text, selections: &Selections| {
        let style = CommentStyle {
            insert_space: false,
            ignore_empty_lines: false,
        };
        toggle_line_comment(text, selections, &CODE, style)
    };
    check("aˇ", tight, "//aˇ");
    check("«  a\n\n  bˇ»", tight, "«  //a\n//\n  //bˇ»");
    check("«//a\n//\n//bˇ»", tight, "«a\n\nbˇ»");
    check("// aˇ", tight, " aˇ");
}

#[test]
fn a_language_without_line_comments_gets_marks_around_the_rows() {
    let markup = |text: &Text, selections: &Selections| {
        toggle_line_comment(text, selections, &MARKUP, CommentStyle::default())
    };
    check("  oneˇ", markup, "  <!-- one -->ˇ");
    check("  <!-- oneˇ -->", markup, "  oneˇ");
    check("«one\ntwoˇ»", markup, "«<!-- one\ntwo -->ˇ»");
    let plain = |text: &Text, selections: &Selections| {
        let style = CommentStyle::default();
        toggle_line_comment(text, selections, &PlainSyntax::default(), style)
    };
    check("ab\nˇ", plain, "ab\nˇ");
}

#[test]
fn block_comments_go_around_each_selection_and_away_again() {
    check("a «bˇ» c", block, "a /* «bˇ» */ c");
    check("a /* «bˇ» */ c", block, "a «bˇ» c");
    check("a «/* b */ˇ» c", block, "a «bˇ» c");
    check("a /* bˇ */ c", block, "a bˇ c");
    check("aˇ b", block, "a/* ˇ */ b");
    check("a/* ˇ */ b", block, "aˇ b");
    check("«aˇ» «ˇb»", block, "/* «aˇ» */ /* «ˇb» */");
    check("/* aˇ bˇ */", block, "aˇ bˇ");
    check("/* a */ ˇ /* b */", block, "/* a */ /* ˇ */ /* b */");
    let markup = |text: &Text, selections: &Selections| {
        toggle_block_comment(text, selections, &MARKUP, CommentStyle::default())
    };
    check("ˇ", markup, "<!-- ˇ -->");
}

static RUBY_RULES: LanguageRules = LanguageRules {
    line_comment: Some("#"),
    block_comment: Some(BlockComment::new("=begin", "=end").of_rows()),
    ..LanguageRules::PLAIN
};
const RUBY: PlainSyntax = PlainSyntax {
    brackets: BRACKETS,
    rules: &RUBY_RULES,
};

#[test]
fn where_blocks_go_around_whole_rows_each_row_is_commented_instead() {
    let block = |text: &Text, selections: &Selections| {
        toggle_block_comment(text, selections, &RUBY, CommentStyle::default())
    };
    check("  a = «1ˇ»\nb", block, "  # a = «1ˇ»\nb");
    check("  # a = «1ˇ»\nb", block, "  a = «1ˇ»\nb");
    check("«  a\n    bˇ»\nc", block, "«  # a\n  #   bˇ»\nc");
    check("  aˇ", block, "  # aˇ");
    check("«aˇ» = «b\ncˇ»", block, "# «aˇ» = «b\n# cˇ»");
}
