use std::sync::atomic::AtomicBool;

use super::display;
use crate::multi_caret::*;
use crate::{Cell, ColumnSelection, Selection, Selections, Text, marked};

#[track_caller]
fn carets(
    before: &str,
    command: impl Fn(&Text, &Selections) -> Selections,
    after: &str,
) -> Selections {
    let (text, selections) = marked::parse(before).unwrap();
    let result = command(&text, &selections);
    assert_eq!(marked::format(&text, &result), after, "from {before:?}");
    result
}

#[test]
fn carets_are_added_above_and_below_at_the_same_column() {
    let above = |t: &Text, s: &Selections| add_above(&display(t), s);
    let below = |t: &Text, s: &Selections| add_below(&display(t), s);
    let added = carets("abc\nabˇc", above, "abˇc\nabˇc");
    assert_eq!(added.primary_index(), 0);
    let added = carets("abˇc\nabc", below, "abˇc\nabˇc");
    assert_eq!(added.primary_index(), 1);
    carets("abˇc", below, "abˇc");
    carets("abˇc", above, "abˇc");
    carets("aˇ\nbb\ncˇ", below, "aˇ\nbˇb\ncˇ");
}

#[test]
fn the_column_holds_over_short_rows() {
    let twice = |t: &Text, s: &Selections| add_below(&display(t), &add_below(&display(t), s));
    carets("abcˇ\nx\nabcd", twice, "abcˇ\nxˇ\nabcˇd");
}

#[test]
fn what_is_selected_is_selected_in_the_rows_beside_it() {
    let above = &|t: &Text, s: &Selections| add_above(&display(t), s);
    let below = &|t: &Text, s: &Selections| add_below(&display(t), s);
    let twice = |t: &Text, s: &Selections| below(t, &below(t, s));
    let added = carets("«oneˇ»\ntwo\nthree", twice, "«oneˇ»\n«twoˇ»\n«thrˇ»ee");
    assert_eq!(added.primary_index(), 2);
    carets("a«ˇb»c\na«ˇb»c", below, "a«ˇb»c\na«ˇb»c");
    carets("abc\na«ˇb»c", above, "a«ˇb»c\na«ˇb»c");
    carets("a\tb\n    «cˇ»d", above, "a\t«bˇ»\n    «cˇ»d");
    // A row that is too short has a caret at its end, and the one behind it the columns again.
    carets("ab«cdˇ»\nx\nabcde", twice, "ab«cdˇ»\nxˇ\nab«cdˇ»e");
    carets(
        "a«bcdˇ»\nxyz\n\nabcde",
        |t: &Text, s: &Selections| below(t, &twice(t, s)),
        "a«bcdˇ»\nx«yzˇ»\nˇ\na«bcdˇ»e",
    );
    // Several rows grow by one, and not past the text.
    carets("a«b\ncdˇ»\nef", below, "a«b\ncd\nefˇ»");
    carets("a«b\ncˇ»d\nef", below, "a«b\ncˇ»«d\neˇ»f");
    carets("a«b\ncˇ»d", below, "a«b\ncˇ»d");
    carets("a«b\ncˇ»d", above, "a«b\ncˇ»d");
    // A caret between selections stays one.
    carets("«aˇ»bcˇ\nabc", below, "«aˇ»bcˇ\n«aˇ»bcˇ");
}

/// A command that takes occurrences by a rule.
type Take = fn(&Text, &Selections, OccurrenceRule) -> Selections;

fn by(rule: OccurrenceRule, take: Take) -> impl Fn(&Text, &Selections) -> Selections {
    move |text, selections| take(text, selections, rule)
}

fn every_occurrence(text: &Text, selections: &Selections, rule: OccurrenceRule) -> Selections {
    every_one(text, selections, rule).selections
}

fn every_one(text: &Text, selections: &Selections, rule: OccurrenceRule) -> Bounded {
    select_all_occurrences(text, selections, rule, &AtomicBool::new(false)).unwrap()
}

fn rows_split(text: &Text, selections: &Selections) -> Selections {
    split_into_rows(text, selections).selections
}

#[test]
fn the_next_occurrence_is_added() {
    let once = &by(OccurrenceRule::WORD, select_next_occurrence);
    carets("fˇoo bar foo", once, "«fooˇ» bar foo");
    let both = carets("«fooˇ» bar foo", once, "«fooˇ» bar «fooˇ»");
    assert_eq!(both.primary_index(), 1);
    carets("«fooˇ» bar «fooˇ»", once, "«fooˇ» bar «fooˇ»");
    carets("foo bar «fooˇ»", once, "«fooˇ» bar «fooˇ»");
    carets("«fooˇ» Foo foobar foo", once, "«fooˇ» Foo foobar «fooˇ»");
    let any = &by(OccurrenceRule::default(), select_next_occurrence);
    carets("f«oˇ»o", any, "f«oˇ»«oˇ»");
    carets("«fooˇ» Foo foobar", any, "«fooˇ» «Fooˇ» foobar");
    carets("«fooˇ» «Fooˇ» foobar", any, "«fooˇ» «Fooˇ» «fooˇ»bar");
    carets("ˇ\nfoo", once, "ˇ\nfoo");
}

#[test]
fn all_occurrences_are_selected() {
    let words = &by(OccurrenceRule::WORD, every_occurrence);
    let all = carets("foo fˇoo foobar foo", words, "«fooˇ» «fooˇ» foobar «fooˇ»");
    assert_eq!(all.primary_index(), 1);
    let any = &by(OccurrenceRule::default(), every_occurrence);
    carets("a«bˇ»aB", any, "a«bˇ»a«Bˇ»");
    carets("ˇ", words, "ˇ");
}

#[test]
fn where_no_word_is_none_is_selected() {
    let rule = OccurrenceRule::WORD;
    for command in [
        &by(rule, select_next_occurrence) as &dyn Fn(&Text, &Selections) -> Selections,
        &by(rule, select_previous_occurrence),
        &by(rule, every_occurrence),
    ] {
        carets("a = ˇ= b", command, "a = ˇ= b");
        carets("a  ˇ  b", command, "a  ˇ  b");
    }
    let next = &by(rule, select_next_occurrence);
    carets("fooˇ(ˇ)", next, "«fooˇ»(ˇ)");
}

#[test]
fn what_is_left_out_is_counted() {
    let rows = MAX_CARETS + 5;
    let text = Text::new(&"foo\n".repeat(rows));
    let caret = Selections::caret(0);
    let all = every_one(&text, &caret, OccurrenceRule::WORD);
    assert_eq!((all.selections.len(), all.left_out), (MAX_CARETS, 5));
    let given_up = AtomicBool::new(true);
    let none = select_all_occurrences(&text, &caret, OccurrenceRule::WORD, &given_up);
    assert_eq!(none, None);
    let two = [Selection::new(0, 8), Selection::new(8, text.len())];
    let split = split_into_rows(&text, &Selections::new(two.to_vec(), 0));
    assert_eq!((split.selections.len(), split.left_out), (MAX_CARETS, 5));
    let cell = |row| Cell { row, column: 0 };
    let columns = ColumnSelection {
        anchor: cell(3),
        head: cell(rows - 1),
    };
    assert_eq!(columns.rows_left_out(&text), 2);
    assert_eq!(columns.selections(&text, 4).len(), MAX_CARETS);
}

#[test]
fn words_and_rows_are_selected_by_clicks() {
    let text = Text::new("let foo_bar = 1;\n\n  x");
    let word = |at| text.slice(select_word(&text, at).range()).into_owned();
    assert_eq!(word(6), "foo_bar");
    assert_eq!(word(11), "foo_bar");
    assert_eq!(word(12), "=");
    assert_eq!(word(17), "");
    assert_eq!(word(18), "  ");
    assert_eq!(select_row(&text, 3).range(), 0..17);
    assert_eq!(select_row(&text, 20).range(), 18..21);
}

#[test]
fn rows_are_selected_one_after_the_other() {
    carets("aˇb\ncd\nef", select_rows, "«ab\nˇ»cd\nef");
    carets("«ab\nˇ»cd\nef", select_rows, "«ab\ncd\nˇ»ef");
    carets("ab\ncˇd", select_rows, "ab\n«cdˇ»");
}

#[test]
fn everything_is_selected() {
    carets("aˇb\nc", |t, _| select_all(t), "«ab\ncˇ»");
}

#[test]
fn a_selection_is_split_into_carets_at_its_rows_ends() {
    carets("a«b\ncd\neˇ»f", rows_split, "abˇ\ncdˇ\neˇf");
    // Of the last row nothing is selected.
    carets("«ab\ncd\nˇ»ef", rows_split, "abˇ\ncdˇ\nef");
    carets("ab\nˇcd", rows_split, "ab\nˇcd");
}

#[test]
fn an_occurrence_before_is_added_and_one_is_skipped() {
    let rule = OccurrenceRule::WORD;
    let previous = &by(rule, select_previous_occurrence);
    let skip = &by(rule, skip_to_next_occurrence);
    let skip_back = &by(rule, skip_to_previous_occurrence);
    let twice = |text: &Text, selections: &Selections| {
        skip(text, &select_next_occurrence(text, selections, rule))
    };
    carets("foo «fooˇ»", previous, "«fooˇ» «fooˇ»");
    let skipped = carets("«fooˇ» foo foo", twice, "«fooˇ» foo «fooˇ»");
    assert_eq!(skipped.primary_index(), 1);
    carets("«fooˇ» foo", skip, "foo «fooˇ»");
    carets("foo «fooˇ»", skip_back, "«fooˇ» foo");
    carets("«fooˇ»", skip, "«fooˇ»");
    carets("fˇoo foo", skip, "«fooˇ» foo");
}
