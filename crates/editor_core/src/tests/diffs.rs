use proptest::prelude::*;

use super::generators::{edited, edits, string};
use crate::{Selections, Text, TextBuilder, change_between, marked, minimal_change};

proptest! {
    #[test]
    fn the_change_leads_to_the_other_text(before in string(), after in string()) {
        let before = Text::new(&before);
        let changes = minimal_change(&before, &after);
        prop_assert_eq!(changes.apply(&before).unwrap().to_string(), after);
    }

    #[test]
    fn however_the_other_text_came_to_be(before in string(), pieces in prop::collection::vec(string(), 0..5)) {
        let mut builder = TextBuilder::default();
        for piece in &pieces {
            builder.append(piece);
        }
        let (before, after) = (Text::new(&before), builder.finish());
        prop_assert_eq!(&after.to_string(), &pieces.concat());
        let changes = change_between(&before, &after);
        prop_assert_eq!(changes.apply(&before).unwrap(), after);
    }

    #[test]
    fn the_change_of_a_few_edits_leads_there_too(
        (before, edits) in string().prop_flat_map(|text| {
            let edits = edits(&text);
            (Just(text), edits)
        })
    ) {
        let after = edited(&before, &edits);
        let before = Text::new(&before);
        let changes = minimal_change(&before, &after);
        prop_assert_eq!(changes.is_empty(), before == after.as_str());
        prop_assert_eq!(changes.apply(&before).unwrap().to_string(), after);
    }
}

#[test]
fn lines_in_between_are_kept_so_that_carets_hold() {
    let (before, carets) = marked::parse("one\ntwo\nthrˇee\nfour\n").unwrap();
    let changes = minimal_change(&before, "ONE\ntwo\nthree\nand\nfour\n");
    let after = changes.apply(&before).unwrap();
    let held: Selections = carets.map(&changes);
    assert_eq!(
        marked::format(&after, &held),
        "ONE\ntwo\nthrˇee\nand\nfour\n"
    );
}

#[test]
fn so_they_are_between_changes_that_are_thousands_of_lines_apart() {
    let rows = |first: &str, last: &str| {
        let between: String = (0..5000).map(|row| format!("row {row}\n")).collect();
        format!("{first}\n{between}{last}\n")
    };
    let before = rows("use a;", "end");
    let after = rows("use b;\nuse c;", "the end");
    let changes = minimal_change(&Text::new(&before), &after);
    let caret = Selections::caret(before.find("row 2500").unwrap() + 3);
    let held = caret.map(&changes).primary().head;
    assert_eq!(held, after.find("row 2500").unwrap() + 3);
}

#[test]
fn characters_that_share_bytes_are_replaced_whole() {
    // The second byte of each pair is the same, and then the first.
    for (before, after) in [("xé", "x©"), ("xéy", "x©y"), ("éx", "èx"), ("日", "旦")] {
        let before = Text::new(before);
        let changes = minimal_change(&before, after);
        assert_eq!(changes.apply(&before).unwrap(), after);
    }
}

#[test]
fn within_a_line_only_what_differs_is_replaced() {
    let before = Text::new("let value = 1;\n");
    let changes = minimal_change(&before, "let value = 23;\n");
    let edits: Vec<_> = changes.edits().collect();
    assert_eq!(edits.len(), 1);
    assert_eq!((edits[0].old_range.clone(), edits[0].text), (12..13, "23"));
}

#[test]
fn two_large_texts_that_have_nothing_in_common_are_replaced_at_once() {
    let mut before: String = (0..20_000).map(|row| format!("a{row}\n")).collect();
    let mut after: String = (0..20_000).map(|row| format!("b{row}\n")).collect();
    // The last byte of both is the same, but not the character.
    before.push('é');
    after.push('©');
    let before = Text::new(&before);
    let changes = minimal_change(&before, &after);
    assert_eq!(changes.edits().count(), 1);
    assert_eq!(changes.apply(&before).unwrap(), after.as_str());
}

#[test]
fn an_edit_at_each_end_of_many_equal_lines_leaves_the_lines_between_where_they_are() {
    let text = |first: &str, last: &str| format!("{first}\n{}{last}\n", "same\n".repeat(300_000));
    let (before, after) = (text("on", "end"), text("two\nthree", "at the end"));
    let before = Text::new(&before);
    let changes = minimal_change(&before, &after);
    let edits: Vec<_> = changes.edits().map(|edit| edit.old_range).collect();
    assert_eq!(edits, [0..2, 1_500_003..1_500_003]);
    assert_eq!(changes.apply(&before).unwrap(), after.as_str());
}

#[test]
fn a_change_in_a_text_of_many_pieces_is_found_without_the_rest() {
    let mut long: String = (0..200_000).map(|row| format!("row {row}\n")).collect();
    let before = Text::new(&long);
    let at = long.find("row 123456").unwrap() + 4;
    long.replace_range(at..at + 6, "xé");
    let changes = minimal_change(&before, &long);
    let edits: Vec<_> = changes.edits().collect();
    assert_eq!(edits.len(), 1);
    assert_eq!(
        (edits[0].old_range.clone(), edits[0].text),
        (at..at + 6, "xé")
    );
}

#[test]
fn a_line_break_at_the_end_that_comes_or_goes_leaves_the_last_line_as_it_is() {
    for (before, after, caret) in [
        ("a\nx = (ˇ)", "a\n\n\nx = ()\n", "a\n\n\nx = (ˇ)\n"),
        ("a\nx = (ˇ)\n", "a\n\nx = ()", "a\n\nx = (ˇ)"),
        ("x = ( ˇ)", "x = ()\n", "x = (ˇ)\n"),
    ] {
        let (text, selections) = marked::parse(before).unwrap();
        let changes = minimal_change(&text, after);
        let text = changes.apply(&text).unwrap();
        assert_eq!(text, *after);
        let selections = selections.map(&changes);
        assert_eq!(marked::format(&text, &selections), caret);
    }
}
