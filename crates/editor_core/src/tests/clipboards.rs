use super::check;
use crate::clipboard::{Clip, copy, cut, drop_selection, paste};
use crate::{Selection, marked};

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
