use super::check;
use crate::editing::*;
use crate::{Edit, IndentStyle, Text};

const SPACES: IndentStyle = IndentStyle::spaces(4);
const TABS: IndentStyle = IndentStyle::tabs(4);

#[test]
fn text_is_inserted_at_every_caret_in_place_of_what_is_selected() {
    check("ˇ", |t, s| insert_text(t, s, "x"), "xˇ");
    check("aˇb«cdˇ»e", |t, s| insert_text(t, s, "xy"), "axyˇbxyˇe");
    check("«aˇ»«bˇ»", |t, s| insert_text(t, s, "x"), "xˇxˇ");
    check("«aˇ»b", |t, s| insert_text(t, s, ""), "ˇb");
}

#[test]
fn inserted_text_has_line_feeds_only() {
    check("ˇ", |t, s| insert_text(t, s, "a\r\nb\rc"), "a\nb\ncˇ");
}

#[test]
fn a_line_is_opened_above() {
    check("  oˇne\ntwo", insert_line_above, "  ˇ\n  one\ntwo");
}

#[test]
fn backspace_and_delete_take_one_grapheme() {
    check("abˇ", delete_backward, "aˇ");
    check("ˇab", delete_backward, "ˇab");
    check("a\nˇb", delete_backward, "aˇb");
    check("e\u{301}ˇ", delete_backward, "ˇ");
    check("🇩🇪🇫🇷ˇ", delete_backward, "🇩🇪ˇ");
    check("ˇ👩‍👩‍👧‍👦b", delete_forward, "ˇb");
    check("aˇ\nb", delete_forward, "aˇb");
    check("abˇ", delete_forward, "abˇ");
    check("a«bcˇ»d", delete_forward, "aˇd");
    check("aˇbˇ", delete_backward, "ˇ");
    check("ˇaˇb", delete_forward, "ˇ");
}

#[test]
fn words_are_deleted_backward() {
    check("one twoˇ", delete_word_backward, "one ˇ");
    check("one ˇ", delete_word_backward, "ˇ");
    check("one   ˇ", delete_word_backward, "oneˇ");
    check("    ˇx", delete_word_backward, "ˇx");
    check(" ˇx", delete_word_backward, "ˇx");
    check("a\nˇb", delete_word_backward, "aˇb");
    check("foo.barˇ", delete_word_backward, "foo.ˇ");
    check("one «twoˇ» three", delete_word_backward, "one ˇ three");
    check("ˇ", delete_word_backward, "ˇ");
}

#[test]
fn words_are_deleted_forward() {
    check("ˇone two", delete_word_forward, "ˇ two");
    check("ˇ two", delete_word_forward, "ˇ");
    check("oneˇ   two", delete_word_forward, "oneˇtwo");
    check("aˇ\n  b", delete_word_forward, "aˇ  b");
    check("aˇ  \nb", delete_word_forward, "aˇ\nb");
    check("aˇ", delete_word_forward, "aˇ");
}

#[test]
fn the_rest_of_a_row_is_deleted() {
    check("ab\ncdˇef", delete_to_line_start, "ab\nˇef");
    check("ab\nˇef", delete_to_line_start, "abˇef");
    check("aˇb\nc", delete_to_line_end, "aˇ\nc");
    check("aˇ\nc", delete_to_line_end, "aˇc");
}

#[test]
fn rows_are_deleted_and_the_carets_keep_their_column() {
    check("one\ntwˇo\nthree", delete_line, "one\nthˇree");
    check("one\ntwˇo", delete_line, "onˇe");
    check("onˇe", delete_line, "ˇ");
    check("ˇ", delete_line, "ˇ");
    check("a«b\ncˇ»d\nef", delete_line, "eˇf");
    check("aˇ\nb\ncˇ\nd", delete_line, "bˇ\ndˇ");
    check("a«b\nˇ»cd", delete_line, "ˇcd");
    check("one\nˇ", delete_line, "ˇone");
}

#[test]
fn rows_are_duplicated_below() {
    check("oˇne", duplicate_line, "one\noˇne");
    check("aˇ\nb", duplicate_line, "a\naˇ\nb");
    check("«a\nbˇ»\nc", duplicate_line, "a\nb\n«a\nbˇ»\nc");
    check("aˇ\nbˇ", duplicate_line, "a\naˇ\nb\nbˇ");
    check("aˇbˇ", duplicate_line, "ab\naˇbˇ");
}

#[test]
fn rows_move_up() {
    check("one\ntˇwo", move_line_up, "tˇwo\none");
    check("oˇne\ntwo", move_line_up, "oˇne\ntwo");
    check("a\nb«c\ndˇ»e\nf", move_line_up, "b«c\ndˇ»e\na\nf");
    check("a\nbˇ\nc\ndˇ", move_line_up, "bˇ\na\ndˇ\nc");
    check("a\n«b\nˇ»c", move_line_up, "«b\nˇ»a\nc");
    check("a\nbˇ\ncˇ", move_line_up, "bˇ\ncˇ\na");
}

#[test]
fn rows_move_down() {
    check("oˇne\ntwo", move_line_down, "two\noˇne");
    check("one\ntˇwo", move_line_down, "one\ntˇwo");
    check("aˇ\nb\ncˇ\nd", move_line_down, "b\naˇ\nd\ncˇ");
    check("«a\nbˇ»\nc\n", move_line_down, "c\n«a\nbˇ»\n");
    check("aˇ\n", move_line_down, "\naˇ");
}

#[test]
fn rows_are_joined_with_one_space() {
    check("oneˇ\n    two", join_lines, "oneˇ two");
    check("oneˇ  \ntwo", join_lines, "oneˇ two");
    check("ˇone\n  two\nthree", join_lines, "oneˇ two\nthree");
    check("oˇne\ntˇwo\nthree", join_lines, "oneˇ twoˇ three");
    check("one\ntˇwo", join_lines, "one\ntˇwo");
    check("«oˇ»ne\ntwo", join_lines, "«oˇ»ne two");
    check("«a\nb\ncˇ»", join_lines, "«a b cˇ»");
    check("oneˇ\n\ntwo", join_lines, "oneˇ\ntwo");
    check("ˇ\ntwo", join_lines, "ˇtwo");
    check("«one\n\ntwoˇ»", join_lines, "«one twoˇ»");
    check("oneˇ\nˇ\ntwo", join_lines, "oneˇ two");
    check("«one\n  \n\n  twoˇ»", join_lines, "«one twoˇ»");
    check("«one \n\nˇ»two", join_lines, "«one\nˇ»two");
    check("«\n\ntwoˇ»", join_lines, "«twoˇ»");
    check("oneˇ\ntwoˇ\nthree", join_lines, "oneˇ twoˇ three");
    check(
        "oneˇ\ntwo\nthreeˇ\nfour",
        join_lines,
        "oneˇ two\nthreeˇ four",
    );
    check("oneˇ", join_lines, "oneˇ");
}

#[test]
fn tab_goes_to_the_next_stop() {
    check("ˇ", |t, s| insert_tab(t, s, &SPACES), "    ˇ");
    check("abˇ", |t, s| insert_tab(t, s, &SPACES), "ab  ˇ");
    check("a«bˇ»", |t, s| insert_tab(t, s, &TABS), "a\tˇ");
    check(
        "«a\nbˇ»",
        |t, s| insert_tab(t, s, &SPACES),
        "«    a\n    bˇ»",
    );
}

#[test]
fn rows_are_indented_to_the_next_stop() {
    check("aˇb", |t, s| indent(t, s, &SPACES), "    aˇb");
    check("  aˇb", |t, s| indent(t, s, &SPACES), "    aˇb");
    check("aˇb", |t, s| indent(t, s, &TABS), "\taˇb");
    check(
        "«a\n\nbˇ»",
        |t, s| indent(t, s, &SPACES),
        "«    a\n\n    bˇ»",
    );
    check("«a\nˇ»b", |t, s| indent(t, s, &SPACES), "«    a\nˇ»b");
    check("aˇ\nbˇ", |t, s| indent(t, s, &SPACES), "    aˇ\n    bˇ");
}

#[test]
fn rows_are_outdented_by_one_level() {
    check("        aˇ", |t, s| outdent(t, s, &SPACES), "    aˇ");
    check("      aˇ", |t, s| outdent(t, s, &SPACES), "    aˇ");
    check("  aˇ", |t, s| outdent(t, s, &SPACES), "aˇ");
    check("\t\taˇ", |t, s| outdent(t, s, &SPACES), "\taˇ");
    check("aˇ", |t, s| outdent(t, s, &SPACES), "aˇ");
    check("«    a\n  bˇ»", |t, s| outdent(t, s, &SPACES), "«a\nbˇ»");
    check("  ˇ  a", |t, s| outdent(t, s, &SPACES), "ˇa");
}

#[test]
fn ranges_are_replaced_and_carets_ride_along() {
    let edits = || vec![Edit::new(0..1, "AA"), Edit::new(2..3, "CC")];
    check("abˇc", |t, s| replace_ranges(t, s, edits()), "AAbˇCC");
}

#[test]
fn indentation_is_recognised() {
    let detect = |text: &str| IndentStyle::detect(&Text::new(text), 4);
    assert_eq!(detect("a\n  b\n    c\n  d\n"), Some(IndentStyle::spaces(2)));
    assert_eq!(
        detect("a\n    b\n        c\n"),
        Some(IndentStyle::spaces(4))
    );
    assert_eq!(detect("a\n\tb\n\t\tc\n"), Some(IndentStyle::tabs(4)));
    assert_eq!(detect("/**\n * a\n */\nb\n"), None);
    assert_eq!(detect(""), None);
}
