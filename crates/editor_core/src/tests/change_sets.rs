use proptest::prelude::*;

use super::generators::{edited, edits, string};
use crate::{Bias, ChangeError, ChangeSet, Edit, OffsetMap, Operation, Text};

fn text_and_edits() -> impl Strategy<Value = (String, Vec<Edit>)> {
    string().prop_flat_map(|text| {
        let edits = edits(&text);
        (Just(text), edits)
    })
}

fn text_and_two_edits() -> impl Strategy<Value = (String, Vec<Edit>, Vec<Edit>)> {
    text_and_edits().prop_flat_map(|(text, first)| {
        let second = edits(&edited(&text, &first));
        (Just(text), Just(first), second)
    })
}

fn change(text: &str, edits: &[Edit]) -> ChangeSet {
    ChangeSet::from_edits(text.len(), edits.to_vec()).unwrap()
}

proptest! {
    #[test]
    fn applying_gives_what_a_string_gives((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let after = changes.apply(&Text::new(&before)).unwrap();
        prop_assert_eq!(after.to_string(), edited(&before, &edits));
        prop_assert_eq!(changes.len_before(), before.len());
        prop_assert_eq!(changes.len_after(), after.len());
    }

    #[test]
    fn inverting_takes_a_change_back((before, edits) in text_and_edits()) {
        let before = Text::new(&before);
        let changes = ChangeSet::from_edits(before.len(), edits).unwrap();
        let after = changes.apply(&before).unwrap();
        let inverse = changes.invert(&before);
        prop_assert_eq!(&inverse.apply(&after).unwrap(), &before);
        prop_assert_eq!(inverse.invert(&after), changes);
    }

    #[test]
    fn composing_is_one_after_the_other((before, first, second) in text_and_two_edits()) {
        let middle = edited(&before, &first);
        let (first, second) = (change(&before, &first), change(&middle, &second));
        let before = Text::new(&before);
        let stepwise = second.apply(&first.apply(&before).unwrap()).unwrap();
        let composed = first.compose(second).unwrap();
        prop_assert_eq!(composed.apply(&before).unwrap(), stepwise);
    }

    #[test]
    fn the_inverse_of_two_is_the_inverses_in_reverse(
        (before, first, second) in text_and_two_edits()
    ) {
        let middle = Text::new(&edited(&before, &first));
        let (first, second) = (change(&before, &first), change(&middle.to_string(), &second));
        let before = Text::new(&before);
        let after = second.apply(&middle).unwrap();
        let whole = first.clone().compose(second.clone()).unwrap().invert(&before);
        let parts = second.invert(&middle).compose(first.invert(&before)).unwrap();
        prop_assert_eq!(whole.apply(&after).unwrap(), before.clone());
        prop_assert_eq!(parts.apply(&after).unwrap(), before);
    }

    #[test]
    fn composing_is_associative((before, first, second) in text_and_two_edits()) {
        let middle = edited(&before, &first);
        let (first, second) = (change(&before, &first), change(&middle, &second));
        let third = second.invert(&Text::new(&middle));
        let left = first.clone().compose(second.clone()).unwrap().compose(third.clone()).unwrap();
        let right = first.compose(second.compose(third).unwrap()).unwrap();
        let before = Text::new(&before);
        prop_assert_eq!(left.apply(&before).unwrap(), right.apply(&before).unwrap());
    }

    #[test]
    fn kept_characters_stay_beside_their_offsets((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let after = edited(&before, &edits);
        let deleted = |at: usize| edits.iter().any(|edit| edit.range.contains(&at));
        for (at, character) in before.char_indices() {
            let next = at + character.len_utf8();
            if !deleted(at) {
                let mapped = changes.map_offset(at, Bias::Right);
                prop_assert!(after[mapped..].starts_with(character));
                let mapped = changes.map_offset(next, Bias::Left);
                prop_assert!(after[..mapped].ends_with(character));
            }
        }
    }

    #[test]
    fn mapping_keeps_the_order_and_the_bounds((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let mut last = (0, 0);
        for at in 0..=before.len() {
            let left = changes.map_offset(at, Bias::Left);
            let right = changes.map_offset(at, Bias::Right);
            prop_assert!(left <= right && right <= changes.len_after());
            prop_assert!(last.0 <= left && last.1 <= right);
            last = (left, right);
        }
    }

    #[test]
    fn mapping_many_is_mapping_each((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let offsets: Vec<usize> = (0..=before.len()).collect();
        for bias in [Bias::Left, Bias::Right] {
            let many = changes.map_sorted(offsets.iter().map(|at| (*at, bias)));
            let map = OffsetMap::new(&changes);
            let unordered: Vec<usize> = offsets.iter().map(|at| map.map(*at, bias)).collect();
            prop_assert_eq!(&many, &unordered);
            let each: Vec<usize> = offsets.iter().map(|at| changes.map_offset(*at, bias)).collect();
            prop_assert_eq!(many, each);
        }
    }

    #[test]
    fn the_edits_of_a_change_make_it_again((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let after = edited(&before, &edits);
        let again: Vec<Edit> = changes
            .edits()
            .map(|edit| {
                assert_eq!(&after[edit.new_range.clone()], edit.text);
                Edit::new(edit.old_range, edit.text)
            })
            .collect();
        prop_assert_eq!(change(&before, &again), changes);
    }

    #[test]
    fn the_operations_are_canonical((before, edits) in text_and_edits()) {
        let changes = change(&before, &edits);
        let operations: Vec<_> = changes.operations().collect();
        for pair in operations.windows(2) {
            let fine = match (pair[0], pair[1]) {
                (Operation::Retain(_), Operation::Retain(_)) => false,
                (Operation::Delete(_), other) => matches!(other, Operation::Retain(_)),
                (Operation::Insert(_), Operation::Insert(_)) => false,
                _ => true,
            };
            prop_assert!(fine, "{operations:?}");
        }
    }
}

#[test]
fn an_insertion_goes_before_a_deletion_at_its_place() {
    let changes =
        ChangeSet::from_edits(3, vec![Edit::new(0..1, "x"), Edit::new(1..2, "y")]).unwrap();
    let expected = [
        Operation::Insert("xy"),
        Operation::Delete(2),
        Operation::Retain(1),
    ];
    assert!(changes.operations().eq(expected));
}

#[test]
fn what_does_not_fit_is_refused() {
    let reversed = Edit {
        range: std::ops::Range { start: 3, end: 2 },
        text: String::new(),
    };
    assert!(matches!(
        ChangeSet::from_edits(5, vec![reversed]),
        Err(ChangeError::Range {
            start: 3,
            end: 2,
            len: 5
        })
    ));
    assert!(matches!(
        ChangeSet::from_edits(5, vec![Edit::new(4..6, "")]),
        Err(ChangeError::Range { end: 6, .. })
    ));
    assert_eq!(
        ChangeSet::from_edits(5, vec![Edit::new(0..3, ""), Edit::new(2..4, "")]),
        Err(ChangeError::Overlap(2))
    );
    let changes = ChangeSet::from_edits(4, vec![Edit::new(1..2, "x")]).unwrap();
    assert_eq!(
        changes.apply(&Text::new("abc")),
        Err(ChangeError::Length {
            expected: 4,
            actual: 3
        })
    );
    // "é" is two bytes, so 2 is inside it.
    assert_eq!(
        changes.apply(&Text::new("aéb")),
        Err(ChangeError::CharBoundary(1))
    );
    let inserts = ChangeSet::from_edits(0, vec![Edit::new(0..0, "é")]).unwrap();
    let splits = ChangeSet::from_edits(2, vec![Edit::new(1..2, "")]).unwrap();
    assert!(matches!(
        inserts.clone().compose(splits),
        Err(ChangeError::CharBoundary(_))
    ));
    assert!(matches!(
        inserts.compose(ChangeSet::identity(7)),
        Err(ChangeError::Length { .. })
    ));
}

#[test]
fn an_offset_at_an_insertion_goes_where_its_bias_says() {
    let insertion = ChangeSet::from_edits(4, vec![Edit::new(2..2, "xyz")]).unwrap();
    assert_eq!(insertion.map_offset(2, Bias::Left), 2);
    assert_eq!(insertion.map_offset(2, Bias::Right), 5);
    let replacement = ChangeSet::from_edits(4, vec![Edit::new(1..3, "xyz")]).unwrap();
    assert_eq!(replacement.map_offset(2, Bias::Left), 1);
    assert_eq!(replacement.map_offset(2, Bias::Right), 4);
    assert_eq!(replacement.map_offset(3, Bias::Left), 4);
}
