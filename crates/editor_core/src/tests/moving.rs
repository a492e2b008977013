use super::display;
use crate::movement::{self as m, visual};
use crate::{Selection, Text, marked};

#[track_caller]
fn moves(before: &str, movement: impl Fn(&Text, &Selection) -> Selection, after: &str) {
    let (text, selections) = marked::parse(before).unwrap();
    let moved = selections.transform(|selection| movement(&text, selection));
    assert_eq!(marked::format(&text, &moved), after, "from {before:?}");
}

fn go(
    movement: fn(&Text, &Selection, bool) -> Selection,
) -> impl Fn(&Text, &Selection) -> Selection {
    move |text, selection| movement(text, selection, false)
}

fn extend(
    movement: fn(&Text, &Selection, bool) -> Selection,
) -> impl Fn(&Text, &Selection) -> Selection {
    move |text, selection| movement(text, selection, true)
}

fn up(text: &Text, selection: &Selection, extend: bool) -> Selection {
    visual::up(&display(text), selection, extend)
}

fn down(text: &Text, selection: &Selection, extend: bool) -> Selection {
    visual::down(&display(text), selection, extend)
}

#[test]
fn left_and_right_go_by_graphemes_and_over_line_breaks() {
    moves("aˇb", go(m::left), "ˇab");
    moves("ˇab", go(m::left), "ˇab");
    moves("e\u{301}ˇ", go(m::left), "ˇe\u{301}");
    moves("ˇ👩‍👩‍👧‍👦x", go(m::right), "👩‍👩‍👧‍👦ˇx");
    moves("aˇ\nb", go(m::right), "a\nˇb");
    moves("a\nˇb", go(m::left), "aˇ\nb");
    moves("abˇ", go(m::right), "abˇ");
}

#[test]
fn a_selection_collapses_to_its_ends_and_is_extended_by_graphemes() {
    moves("a«bcˇ»d", go(m::left), "aˇbcd");
    moves("a«bcˇ»d", go(m::right), "abcˇd");
    moves("a«ˇbc»d", go(m::right), "abcˇd");
    moves("a«bcˇ»d", extend(m::right), "a«bcdˇ»");
    moves("aˇbcd", extend(m::left), "«ˇa»bcd");
    moves("a«bˇ»cd", extend(m::left), "aˇbcd");
}

#[test]
fn up_and_down_keep_the_column_over_short_lines() {
    moves("abcd\nx\nabcˇd", go(up), "abcd\nxˇ\nabcd");
    let (text, start) = marked::parse("abcd\nx\nabcˇd").unwrap();
    let higher = up(&text, &up(&text, start.primary(), false), false);
    assert_eq!(higher.head, 3);
    let lower = down(&text, &down(&text, &higher, false), false);
    assert_eq!(lower, down(&text, &down(&text, &higher, false), false));
    assert_eq!(lower.head, start.primary().head);
}

#[test]
fn above_the_first_row_is_the_start_and_below_the_last_the_end() {
    moves("abˇc\nd", go(up), "ˇabc\nd");
    moves("a\nbˇcd", go(down), "a\nbcdˇ");
    moves("abˇc", extend(down), "ab«cˇ»");
}

#[test]
fn a_selection_is_left_from_its_upper_or_lower_end() {
    moves(
        "aa\nb«b\nccˇ»\ndd",
        go(up),
        "aaˇ\nbb\ncc\ndd".replace("aaˇ", "aˇa").as_str(),
    );
    moves("aa\nb«ˇb\ncc»\ndd", go(down), "aa\nbb\ncc\nddˇ");
}

#[test]
fn columns_are_those_that_are_seen() {
    moves("\tabˇc\n        xyz", go(down), "\tabc\n      ˇ  xyz");
    moves("日本ˇ\nabcdef", go(down), "日本\nabcdˇef");
}

#[test]
fn a_page_moves_by_rows_and_stops_at_the_ends() {
    let page = |rows| {
        move |text: &Text, selection: &Selection| {
            visual::page(&display(text), selection, rows, false)
        }
    };
    moves("ˇa\nb\nc\nd", page(2), "a\nb\nˇc\nd");
    moves("a\nb\ncˇ\nd", page(-2), "aˇ\nb\nc\nd");
    moves("aˇa\nbb\ncc", page(10), "aa\nbb\ncˇc");
    moves("aa\nbb\ncˇc", page(-10), "aˇa\nbb\ncc");
    moves("aˇa\nbb\ncc", page(-10), "ˇaa\nbb\ncc");
    moves("aa\nbb\ncˇc", page(10), "aa\nbb\nccˇ");
}

#[test]
fn words_are_left_at_their_start_and_right_at_their_end() {
    moves("one twoˇ", go(m::word_left), "one ˇtwo");
    moves("one ˇtwo", go(m::word_left), "ˇone two");
    moves("ˇone two", go(m::word_right), "oneˇ two");
    moves("oneˇ two", go(m::word_right), "one twoˇ");
    moves("snake_case1ˇ", go(m::word_left), "ˇsnake_case1");
    moves("grüße日本ˇ", go(m::word_left), "ˇgrüße日本");
}

#[test]
fn punctuation_is_a_word_of_its_own_and_a_single_mark_goes_with_its_neighbour() {
    moves("ˇfoo.bar", go(m::word_right), "fooˇ.bar");
    moves("fooˇ.bar", go(m::word_right), "foo.barˇ");
    moves("foo.ˇbar", go(m::word_left), "ˇfoo.bar");
    moves("fooˇ::bar", go(m::word_right), "foo::ˇbar");
    moves("a += ˇb", go(m::word_left), "a ˇ+= b");
}

#[test]
fn words_are_found_over_line_breaks_and_empty_rows_are_stops() {
    moves("oneˇ\n  two", go(m::word_right), "one\n  twoˇ");
    moves("one\n  ˇtwo", go(m::word_left), "ˇone\n  two");
    moves("oneˇ\n\ntwo", go(m::word_right), "one\nˇ\ntwo");
    moves("one\n\nˇtwo", go(m::word_left), "one\nˇ\ntwo");
    moves("oneˇ  \ntwo", go(m::word_right), "one  ˇ\ntwo");
    moves("twoˇ", go(m::word_right), "twoˇ");
}

#[test]
fn words_are_selected_from_the_anchor() {
    moves("ˇone two", extend(m::word_right), "«oneˇ» two");
    moves("«oneˇ» two", extend(m::word_right), "«one twoˇ»");
    moves("one two ˇ", extend(m::word_left), "one «ˇtwo »");
}

#[test]
fn home_goes_to_the_text_and_then_to_the_start() {
    moves("x\n    aˇb", go(m::line_start), "x\n    ˇab");
    moves("x\n    ˇab", go(m::line_start), "x\nˇ    ab");
    moves("x\nˇ    ab", go(m::line_start), "x\n    ˇab");
    moves("x\n  ˇ  ab", go(m::line_start), "x\n    ˇab");
    moves("aˇb", extend(m::line_start), "«ˇa»b");
}

#[test]
fn end_goes_before_the_line_break() {
    moves("aˇb\nc", go(m::line_end), "abˇ\nc");
    moves("aˇb", extend(m::line_end), "a«bˇ»");
}

#[test]
fn the_document_has_a_start_and_an_end() {
    moves("a\nbˇc", go(m::document_start), "ˇa\nbc");
    moves("aˇ\nbc", go(m::document_end), "a\nbcˇ");
    moves("a\nbˇc", extend(m::document_start), "«ˇa\nb»c");
}

#[test]
fn carets_that_meet_become_one() {
    moves("ˇaˇb", go(m::line_start), "ˇab");
    moves("aˇbˇc", extend(m::line_end), "a«bcˇ»");
}

#[test]
fn parts_of_words_have_their_own_starts_and_ends() {
    moves("getHTTPNameˇ", go(m::subword_left), "getHTTPˇName");
    moves("getHTTPˇName", go(m::subword_left), "getˇHTTPName");
    moves("getˇHTTPName", go(m::subword_left), "ˇgetHTTPName");
    moves("ˇgetHTTPName", go(m::subword_right), "getˇHTTPName");
    moves("getˇHTTPName", go(m::subword_right), "getHTTPˇName");
    moves("one snake_caseˇ", go(m::subword_left), "one snake_ˇcase");
    moves("one snake_ˇcase", go(m::subword_left), "one ˇsnake_case");
    moves("oneˇ snake_case", go(m::subword_right), "one snakeˇ_case");
    moves("snakeˇ__case", go(m::subword_right), "snake__caseˇ");
    moves("ˇa2Bc", go(m::subword_right), "a2ˇBc");
    moves("ˇgetName", extend(m::subword_right), "«getˇ»Name");
}

#[test]
fn the_part_of_a_word_at_an_offset_is_found() {
    let text = Text::new("getHTTPName snake_case");
    let part = |at| text.slice(m::subword_at(&text, at)).into_owned();
    assert_eq!(part(1), "get");
    assert_eq!(part(3), "HTTP");
    assert_eq!(part(11), "Name");
    assert_eq!(part(14), "snake");
    assert_eq!(part(18), "case");
    assert_eq!(part(22), "case");
}

#[test]
fn paragraphs_are_parted_by_blank_rows() {
    moves("a\n\nb\ncˇ", go(m::paragraph_up), "a\nˇ\nb\nc");
    moves("a\n\nbˇ\n", go(m::paragraph_up), "a\nˇ\nb\n");
    moves("a\nˇ\nb", go(m::paragraph_up), "ˇa\n\nb");
    moves("aˇ\nb\n  \n\nc", go(m::paragraph_down), "a\nb\nˇ  \n\nc");
    moves("a\nˇ\n\nc", go(m::paragraph_down), "a\n\n\ncˇ");
    moves("aˇ\n\nb", extend(m::paragraph_down), "a«\nˇ»\nb");
}

#[test]
fn rows_of_the_same_indentation_are_found() {
    let up = |t: &Text, s: &Selection| m::same_indent_up(t, s, 4, false);
    let down = |t: &Text, s: &Selection| m::same_indent_down(t, s, 4, false);
    moves("ifˇ {\n    a\n\n}\n", down, "if {\n    a\n\nˇ}\n");
    moves("\ta\n  b\n    cˇ", up, "\tˇa\n  b\n    c");
    moves("a\n bˇ\nc", down, "a\n bˇ\nc");
}
