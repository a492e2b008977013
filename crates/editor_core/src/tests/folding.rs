use std::sync::atomic::AtomicBool;

use proptest::prelude::*;

use super::generators::{edits, string};
use crate::folding::{FoldRegion, FoldRegions, by_indentation};
use crate::{ChangeSet, Edit, Text};

fn found(text: &str) -> Vec<(usize, usize)> {
    let regions = by_indentation(&Text::new(text), 4, &AtomicBool::new(false)).unwrap();
    pairs(&regions)
}

fn pairs(regions: &FoldRegions) -> Vec<(usize, usize)> {
    let all = regions.as_slice().iter();
    all.map(|region| (region.first, region.last)).collect()
}

fn regions(pairs: &[(usize, usize)]) -> FoldRegions {
    let all = pairs
        .iter()
        .map(|(first, last)| FoldRegion {
            first: *first,
            last: *last,
        })
        .collect();
    FoldRegions::new(all)
}

#[test]
fn deeper_lines_belong_to_the_line_before_them() {
    let text = "def f():\n    if a:\n        b\n\n    c\n\n\nd\n";
    assert_eq!(found(text), [(0, 4), (1, 2)]);
    assert_eq!(found("a\n\tb\n  c\nd"), [(0, 2)]);
    assert_eq!(found("fn f() {\n    a\n}\n"), [(0, 1)]);
    assert_eq!(found(""), []);
    assert_eq!(found("a\nb\n\n    \n"), []);
}

#[test]
fn regions_lie_in_each_other_or_apart() {
    let all = regions(&[(4, 6), (0, 5), (1, 3), (1, 2), (7, 7), (8, 9)]);
    assert_eq!(pairs(&all), [(0, 5), (1, 3), (8, 9)]);
    let with = all.with([FoldRegion { first: 2, last: 4 }]);
    assert_eq!(pairs(&with), [(0, 5), (2, 4), (8, 9)]);
}

#[test]
fn regions_are_found_by_their_rows() {
    let all = regions(&[(0, 9), (1, 5), (2, 3), (7, 8)]);
    let around: Vec<_> = all.around(3).map(|region| region.first).collect();
    assert_eq!(around, [2, 1, 0]);
    assert_eq!(all.starting_at(7), Some(FoldRegion { first: 7, last: 8 }));
    assert_eq!(all.starting_at(3), None);
    let inside: Vec<_> = all
        .inside(FoldRegion { first: 1, last: 5 })
        .map(|region| region.first)
        .collect();
    assert_eq!(inside, [1, 2]);
    let levels: Vec<_> = all.levels().map(|(_, level)| level).collect();
    assert_eq!(levels, [1, 2, 3, 2]);
}

#[track_caller]
fn moves(text: &str, edit: Edit, expected: &[(usize, usize)]) {
    let before = Text::new(text);
    let changes = ChangeSet::from_edits(before.len(), vec![edit]).unwrap();
    let after = changes.apply(&before).unwrap();
    let mapped = regions(&[(1, 3)]).map(&changes, &before, &after);
    assert_eq!(pairs(&mapped), expected);
}

#[test]
fn regions_follow_what_is_typed() {
    let text = "a\nb\n c\n d\ne\n";
    moves(text, Edit::new(0..0, "x\n"), &[(2, 4)]);
    moves(text, Edit::new(0..0, "x"), &[(1, 3)]);
    // One before the text of the first row moves it down.
    moves(text, Edit::new(2..2, "\n"), &[(2, 4)]);
    // A line put in at the end of the first row, and inside, makes it longer.
    moves(text, Edit::new(3..3, "\n"), &[(1, 4)]);
    moves(text, Edit::new(5..5, "\n"), &[(1, 4)]);
    // One after its last row does not.
    moves(text, Edit::new(9..9, "\n"), &[(1, 3)]);
    moves(text, Edit::new(4..7, ""), &[(1, 2)]);
    moves(text, Edit::new(3..9, ""), &[]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn regions_stay_in_the_text(
        (text, edits) in string().prop_flat_map(|text| {
            let edits = edits(&text);
            (Just(text), edits)
        })
    ) {
        let before = Text::new(&text);
        let changes = ChangeSet::from_edits(before.len(), edits).unwrap();
        let regions = by_indentation(&before, 4, &AtomicBool::new(false)).unwrap();
        let after = changes.apply(&before).unwrap();
        let mapped = regions.map(&changes, &before, &after);
        for region in mapped.as_slice() {
            prop_assert!(region.first < region.last);
            prop_assert!(region.last < after.line_count());
        }
        prop_assert_eq!(&FoldRegions::new(mapped.as_slice().to_vec()), &mapped);
    }
}

/// Where a row goes, an edit after the other from the last to the first.
fn moved_by_each(
    changes: &ChangeSet,
    before: &Text,
    after: &Text,
    row: usize,
    last: bool,
) -> usize {
    let edits: Vec<_> = changes.edits().collect();
    edits.iter().rev().fold(row, |at, edit| {
        let (first, end) = (
            before.row_at(edit.old_range.start),
            before.row_at(edit.old_range.end),
        );
        let added = after.row_at(edit.new_range.end) - after.row_at(edit.new_range.start);
        let start = edit.old_range.start;
        let in_row = match last {
            true => start < before.line_end(first),
            false => start == before.line_start(first) && edit.old_range.is_empty(),
        };
        let moves = row > first || (row == first && in_row);
        if added == end - first || !moves {
            at
        } else {
            at.max(end) + added - (end - first)
        }
    })
}

proptest! {
    #[test]
    fn regions_move_as_by_one_edit_after_the_other(
        (text, edits) in string().prop_flat_map(|text| {
            let edits = edits(&text);
            (Just(text), edits)
        })
    ) {
        let before = Text::new(&text);
        let changes = ChangeSet::from_edits(before.len(), edits).unwrap();
        let after = changes.apply(&before).unwrap();
        let regions = by_indentation(&before, 4, &AtomicBool::new(false)).unwrap();
        let place = |row, last| moved_by_each(&changes, &before, &after, row, last);
        let one_by_one = regions.as_slice().iter().map(|region| FoldRegion {
            first: place(region.first, false),
            last: place(region.last, true),
        });
        let one_by_one = FoldRegions::new(one_by_one.collect());
        prop_assert_eq!(regions.map(&changes, &before, &after), one_by_one);
    }
}

#[test]
fn very_many_regions_follow_very_many_edits() {
    const REGIONS: usize = 40_000;
    let before = Text::new(&"a\n b\n".repeat(REGIONS));
    let regions = by_indentation(&before, 4, &AtomicBool::new(false)).unwrap();
    assert_eq!(regions.as_slice().len(), REGIONS);
    // A line before every region.
    let edits = (0..REGIONS).map(|region| Edit::new(region * 5..region * 5, "\n"));
    let changes = ChangeSet::from_edits(before.len(), edits.collect()).unwrap();
    let after = changes.apply(&before).unwrap();
    let mapped = regions.map(&changes, &before, &after);
    let expected = (0..REGIONS).map(|region| (region * 3 + 1, region * 3 + 2));
    assert!(pairs(&mapped).into_iter().eq(expected));
}
