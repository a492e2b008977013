use proptest::prelude::*;

use super::generators::{edits, selections, string};
use crate::marked::MarkedTextError;
use crate::{ChangeSet, Edit, Selection, Selections, Text, marked};

#[track_caller]
fn merged(selections: &[(usize, usize)], primary: usize, expected: &[(usize, usize)]) -> usize {
    let all = selections
        .iter()
        .map(|(anchor, head)| Selection::new(*anchor, *head))
        .collect();
    let merged = Selections::new(all, primary);
    let places: Vec<_> = merged.iter().map(|one| (one.anchor, one.head)).collect();
    assert_eq!(places, expected);
    merged.primary_index()
}

#[test]
fn selections_are_sorted() {
    assert_eq!(merged(&[(5, 6), (1, 2)], 0, &[(1, 2), (5, 6)]), 1);
}

#[test]
fn overlapping_selections_become_one() {
    merged(&[(0, 4), (2, 6)], 1, &[(0, 6)]);
    merged(&[(0, 9), (2, 6)], 0, &[(0, 9)]);
    merged(&[(0, 4), (2, 6), (5, 8)], 0, &[(0, 8)]);
}

#[test]
fn touching_selections_stay_apart_unless_one_is_a_caret() {
    merged(&[(0, 3), (3, 6)], 0, &[(0, 3), (3, 6)]);
    merged(&[(0, 3), (3, 3)], 0, &[(0, 3)]);
    merged(&[(3, 3), (3, 6)], 0, &[(3, 6)]);
    merged(&[(2, 2), (2, 2)], 0, &[(2, 2)]);
}

#[test]
fn a_merged_selection_runs_as_the_primary_did() {
    merged(&[(4, 0), (2, 6)], 0, &[(6, 0)]);
    merged(&[(4, 0), (2, 6)], 1, &[(0, 6)]);
}

#[test]
fn there_is_always_a_selection() {
    assert_eq!(Selections::new(Vec::new(), 3), Selections::caret(0));
}

#[test]
fn carets_stay_before_what_another_inserts_and_selections_do_not_grow() {
    let (text, before) = marked::parse("aˇb«cdˇ»e").unwrap();
    let edits = vec![
        Edit::new(1..1, "X"),
        Edit::new(2..2, "Y"),
        Edit::new(4..4, "Z"),
    ];
    let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
    let after = changes.apply(&text).unwrap();
    assert_eq!(
        marked::format(&after, &before.map(&changes)),
        "aˇXbY«cdˇ»Ze"
    );
}

#[test]
fn a_selection_whose_text_goes_becomes_a_caret() {
    let (text, before) = marked::parse("a«bcˇ»d").unwrap();
    let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(0..4, "new")]).unwrap();
    let after = before.map(&changes);
    assert!(after.primary().is_empty());
    assert!(after.primary().head <= 3);
}

#[test]
fn marked_text_that_does_not_match_is_refused() {
    for wrong in ["«a", "a»", "««a»»"] {
        assert!(
            matches!(marked::parse(wrong), Err(MarkedTextError::Unbalanced(_))),
            "{wrong}"
        );
    }
    assert_eq!(marked::parse("a").unwrap_err(), MarkedTextError::NoCaret);
}

proptest! {
    #[test]
    fn marked_text_is_read_as_it_is_written(
        (text, selections) in string().prop_flat_map(|text| {
            let selections = selections(&text);
            (Just(text), selections)
        })
    ) {
        let drawn = marked::format(&crate::Text::new(&text), &selections);
        let (read, places) = marked::parse(&drawn).unwrap();
        prop_assert_eq!(read, text.as_str());
        prop_assert!(places.same_places(&selections));
    }

    #[test]
    fn mapped_selections_are_in_order_and_in_the_text(
        (text, selections, edits) in string().prop_flat_map(|text| {
            let (selections, edits) = (selections(&text), edits(&text));
            (Just(text), selections, edits)
        })
    ) {
        let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
        let after = changes.apply(&crate::Text::new(&text)).unwrap();
        let mapped = selections.map(&changes);
        for selection in mapped.iter() {
            prop_assert!(after.is_char_boundary(selection.anchor));
            prop_assert!(after.is_char_boundary(selection.head));
        }
        for pair in mapped.as_slice().windows(2) {
            prop_assert!(pair[0].end() <= pair[1].start());
        }
        prop_assert!(mapped.primary_index() < mapped.len());
    }
}

#[test]
fn carets_leave_graphemes_and_what_is_selected_stays() {
    let text = Text::new("e\u{301}x");
    assert_eq!(
        Selections::caret(1).on_graphemes(&text),
        Selections::caret(3)
    );
    assert_eq!(
        Selections::caret(3).on_graphemes(&text),
        Selections::caret(3)
    );
    let part = Selections::single(Selection::new(0, 1));
    assert_eq!(part.clone().on_graphemes(&text), part);
}
