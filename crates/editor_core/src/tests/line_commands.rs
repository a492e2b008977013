use super::check;
use crate::editing::*;
use crate::{Selections, Text, Transaction};

#[test]
fn rows_are_sorted_without_regard_to_case() {
    check("«b\nC\naˇ»\nz", sort_lines_ascending, "«a\nb\nCˇ»\nz");
    check("«ˇb\nC\na»", sort_lines_descending, "«ˇC\nb\na»");
    check("«b\na\nˇ»0", sort_lines_ascending, "«a\nbˇ»\n0");
    check("b\naˇ\n", sort_lines_ascending, "a\nbˇ\n");
    check("b«bˇ»", sort_lines_ascending, "b«bˇ»");
    check(
        "«b\naˇ»\n-\n«d\ncˇ»",
        sort_lines_ascending,
        "«a\nbˇ»\n-\n«c\ndˇ»",
    );
}

#[test]
fn rows_that_stood_before_are_taken_away() {
    check("«a\nb\na\nbˇ»\na", unique_lines, "«a\nbˇ»\na");
    check("a\na\nbˇ\n", unique_lines, "a\nb\nˇ");
}

#[test]
fn rows_are_turned_round() {
    check("«a\nb\ncˇ»", reverse_lines, "«c\nb\naˇ»");
    check("«a\nˇ»b", reverse_lines, "«a\nˇ»b");
}

#[test]
fn rows_are_copied_up() {
    check("oˇne", duplicate_line_up, "oˇne\none");
    check("aˇ\nbˇ", duplicate_line_up, "aˇ\na\nbˇ\nb");
    check("«a\nbˇ»\nc", duplicate_line_up, "«a\nbˇ»\na\nb\nc");
}

fn case(case: LetterCase) -> impl Fn(&Text, &Selections) -> Transaction {
    move |text, selections| change_case(text, selections, case)
}

#[test]
fn names_are_written_in_another_case() {
    check("one «twoˇ»", case(LetterCase::Upper), "one «TWOˇ»");
    check("«ˇStraße»", case(LetterCase::Upper), "«ˇSTRASSE»");
    check("ONE TWˇO", case(LetterCase::Lower), "ONE twˇo");
    check(
        "«it's a BIG-endˇ»",
        case(LetterCase::Title),
        "«It's A Big-Endˇ»",
    );
    check("getHTTPName2ˇ", case(LetterCase::Snake), "get_http_name2ˇ");
    check(
        "«_fooBar- bazˇ»",
        case(LetterCase::Snake),
        "«_foo_bar- bazˇ»",
    );
    check("«foo-bar bazˇ»", case(LetterCase::Camel), "«fooBarBazˇ»");
    check("«FOO_BAR(a_b)ˇ»", case(LetterCase::Pascal), "«FooBar(AB)ˇ»");
    check("fooBarˇ", case(LetterCase::Kebab), "foo-barˇ");
    check("ˇ", case(LetterCase::Kebab), "ˇ");
}

#[test]
fn two_carets_in_a_word_change_it_once() {
    check("fˇoˇo bˇar", case(LetterCase::Upper), "FˇOˇO BˇAR");
    check("fˇo«o bˇ»ar", case(LetterCase::Upper), "FˇO«O Bˇ»ar");
}

#[test]
fn graphemes_are_swapped_around_the_caret() {
    check("abˇcd", transpose, "acbˇd");
    check("abˇ\nc", transpose, "baˇ\nc");
    check("ˇab", transpose, "ˇab");
    check("a\nˇ", transpose, "a\nˇ");
    check("a👩‍👩‍👧‍👦ˇb", transpose, "ab👩‍👩‍👧‍👦ˇ");
    check("abˇcdˇ\n«xˇ»", transpose, "acbˇdˇ\n«xˇ»");
}

#[test]
fn white_space_at_the_ends_of_rows_is_taken_away() {
    check(
        "a \t\n  ˇ\nb  c  ˇ",
        trim_trailing_whitespace,
        "a\nˇ\nb  cˇ",
    );
    check("  aˇ\n", trim_trailing_whitespace, "  aˇ\n");
}

#[test]
fn the_end_of_the_text_is_put_in_order() {
    let end = |insert, trim| {
        move |text: &Text, selections: &Selections| {
            let wanted = CleanUp {
                final_newline: FinalNewline { insert, trim },
                ..CleanUp::default()
            };
            clean_up(text, selections, &[], wanted)
        }
    };
    check("aˇ", end(true, true), "aˇ\n");
    check("aˇ\n\n\n", end(true, true), "aˇ\n");
    check("a\n\n\nˇ", end(true, true), "a\n\n\nˇ");
    check("aˇ\n\n", end(true, false), "aˇ\n\n");
    check("aˇ", end(false, true), "aˇ");
    check("ˇ", end(true, true), "ˇ");
}

#[test]
fn parts_of_words_are_deleted() {
    check("getHttpNameˇ", delete_subword_backward, "getHttpˇ");
    check("ˇget_name", delete_subword_forward, "ˇ_name");
}

#[test]
fn a_text_is_put_in_order_around_the_carets() {
    let clean = |trim, insert, trim_end| {
        move |text: &Text, selections: &Selections| {
            let wanted = CleanUp {
                trim_trailing_whitespace: trim,
                final_newline: FinalNewline {
                    insert,
                    trim: trim_end,
                },
            };
            clean_up(text, selections, &[], wanted)
        }
    };
    check("aˇ  \nb\t\n  ", clean(true, true, false), "aˇ\nb\n");
    check("a  ˇ  \n b ", clean(true, false, false), "a  ˇ\n b");
    check("a  ˇ  ˇ  \n", clean(true, false, false), "a  ˇ  ˇ\n");
    check("ˇa\n  \n\n", clean(true, false, true), "ˇa\n");
    check("a\n  \nˇ\n\n", clean(true, false, true), "a\n\nˇ");
    check("ˇa", clean(true, true, true), "ˇa\n");
    check("ˇa  ", clean(false, false, false), "ˇa  ");
}

#[test]
fn a_text_is_put_in_order_around_the_carets_of_other_views() {
    let wanted = CleanUp {
        trim_trailing_whitespace: true,
        final_newline: FinalNewline {
            insert: false,
            trim: true,
        },
    };
    let others = [Selections::caret(4), Selections::caret(10)];
    check(
        "aˇ  \nb  \n\n\n\n\n",
        |text, carets| clean_up(text, carets, &others, wanted),
        "aˇ\nb\n\n\n",
    );
    let others = [Selections::caret(2)];
    check(
        "a  \nb  ˇ\n",
        |text, carets| clean_up(text, carets, &others, wanted),
        "a \nb  ˇ\n",
    );
}
