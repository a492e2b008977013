use super::check;
use crate::auto_pair::{COMMON_PAIRS, delete_backward, insert_typed};
use crate::{IndentStyle, Selections, Text, Transaction};

fn typed(text: &'static str) -> impl Fn(&Text, &Selections) -> Transaction {
    move |before, selections| insert_typed(before, selections, text, COMMON_PAIRS)
}

fn backspace(text: &Text, selections: &Selections) -> Transaction {
    delete_backward(text, selections, COMMON_PAIRS, &IndentStyle::spaces(4))
}

#[test]
fn an_opener_brings_its_closer_where_nothing_stands_in_the_way() {
    check("ˇ", typed("("), "(ˇ)");
    check("f ˇ;", typed("{"), "f {ˇ};");
    check("ˇabc", typed("("), "(ˇabc");
    check("(ˇ)", typed("["), "([ˇ])");
    check("aˇ bˇ", typed("("), "a(ˇ) b(ˇ)");
}

#[test]
fn an_opener_surrounds_what_is_selected() {
    check("«abˇ»", typed("("), "(«abˇ»)");
    check("«ˇab» «cˇ»", typed("\""), "\"«ˇab»\" \"«cˇ»\"");
}

#[test]
fn a_closer_goes_over_the_one_that_is_there() {
    check("(ˇ)", typed(")"), "()ˇ");
    check("f(g(ˇ)", typed(")"), "f(g()ˇ)");
    check("\"aˇ\"", typed("\""), "\"a\"ˇ");
    check("aˇ", typed(")"), "a)ˇ");
}

#[test]
fn quotes_are_closed_only_where_one_begins() {
    check("x = ˇ", typed("\""), "x = \"ˇ\"");
    check("donˇ", typed("'"), "don'ˇ");
    check("\"abc ˇ", typed("\""), "\"abc \"ˇ");
    check("\"\"ˇ", typed("\""), "\"\"\"ˇ");
}

#[test]
fn other_text_is_inserted_as_it_is() {
    check("«abˇ»", typed("x"), "xˇ");
    check("ˇ", typed("(("), "((ˇ");
}

#[test]
fn backspace_takes_an_empty_pair_together() {
    check("a(ˇ)b", backspace, "aˇb");
    check("\"ˇ\"", backspace, "ˇ");
    check("(ˇ]", backspace, "ˇ]");
    check("(aˇ)", backspace, "(ˇ)");
}

#[test]
fn backspace_goes_back_to_the_tab_stop_in_indentation() {
    check("        ˇx", backspace, "    ˇx");
    check("      ˇx", backspace, "    ˇx");
    check("\tˇx", backspace, "ˇx");
    check("x    ˇ", backspace, "x   ˇ");
    check("a\nˇb", backspace, "aˇb");
}
