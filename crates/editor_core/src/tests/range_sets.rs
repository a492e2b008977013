use std::ops::Range;
use std::time::Instant;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{Bias, ChangeSet, Edit, Growth, RangeId, RangeSet};

/// Ranges kept in a plain list: the oracle.
type Listed = Vec<(RangeId, Range<usize>, Growth)>;

fn mapped(listed: &mut Listed, changes: &ChangeSet) {
    for (_, range, growth) in listed {
        let (start, end) = match growth {
            Growth::Inside => (Bias::Right, Bias::Left),
            Growth::Outside => (Bias::Left, Bias::Right),
            Growth::AtEnd => (Bias::Right, Bias::Right),
        };
        range.start = changes.map_offset(range.start, start);
        range.end = changes.map_offset(range.end, end).max(range.start);
    }
}

/// Edits of a text of `len` bytes, from numbers.
fn edits(len: usize, parts: Vec<(usize, usize, usize)>) -> ChangeSet {
    let mut ends: Vec<usize> = parts
        .iter()
        .flat_map(|(at, deleted, _)| {
            let at = at % (len + 1);
            [at, (at + deleted % 40).min(len)]
        })
        .collect();
    ends.sort_unstable();
    let edits = ends.chunks_exact(2).zip(parts);
    let edits = edits
        .map(|(ends, (_, _, inserted))| Edit::new(ends[0]..ends[1], "x".repeat(inserted % 20)));
    ChangeSet::from_edits(len, edits.collect()).unwrap()
}

fn growth() -> impl Strategy<Value = Growth> {
    prop_oneof![
        Just(Growth::Inside),
        Just(Growth::Outside),
        Just(Growth::AtEnd)
    ]
}

fn listed(set: &RangeSet<usize>) -> Vec<(RangeId, Range<usize>)> {
    let mut all: Vec<_> = set.iter().map(|(id, range, _)| (id, range)).collect();
    assert!(all.is_sorted_by_key(|(_, range)| range.start));
    all.sort_by_key(|(id, _)| *id);
    all
}

proptest! {
    #[test]
    fn ranges_move_as_in_a_plain_list(
        ranges in vec((any::<usize>(), 0usize..60, growth()), 1..900),
        rounds in vec((vec((any::<usize>(), any::<usize>(), any::<usize>()), 1..5), any::<usize>()), 1..12),
    ) {
        let mut len = 2000;
        let mut set = RangeSet::new();
        let mut list = Listed::new();
        for (index, (start, long, growth)) in ranges.into_iter().enumerate() {
            let start = start % (len + 1);
            let range = start..(start + long).min(len);
            list.push((set.insert(range.clone(), growth, index), range, growth));
        }
        for (parts, seed) in rounds {
            let changes = edits(len, parts);
            len = changes.len_after();
            set.apply(&changes);
            mapped(&mut list, &changes);
            if !list.is_empty() {
                let (gone, ..) = list.remove(seed % list.len());
                prop_assert!(set.remove(gone).is_some());
                prop_assert!(set.get(gone).is_none());
            }
            let expected: Vec<_> = list.iter().map(|(id, range, _)| (*id, range.clone())).collect();
            prop_assert_eq!(listed(&set), expected);
            let start = seed % (len + 1);
            let looked_at = start..start + 50;
            let mut seen: Vec<_> = set.touching(looked_at.clone()).map(|(id, ..)| id).collect();
            seen.sort();
            let touching = list.iter().filter(|(_, range, _)| {
                range.start <= looked_at.end && range.end >= looked_at.start
            });
            prop_assert_eq!(seen, touching.map(|(id, ..)| *id).collect::<Vec<_>>());
            if let Some((id, range, _)) = list.first() {
                prop_assert_eq!(set.get(*id).map(|(range, _)| range), Some(range.clone()));
            }
        }
    }
}

/// Prints what a keystroke costs among 100,000 ranges: `--ignored --nocapture`, with optimisation.
#[test]
#[ignore = "a measurement; run it by hand"]
fn cost_of_a_keystroke_among_a_hundred_thousand_ranges() {
    const RANGES: usize = 100_000;
    const KEYS: usize = 1000;
    let mut set = RangeSet::new();
    for index in 0..RANGES {
        set.insert(index * 40..index * 40 + 10, Growth::Inside, index);
    }
    let mut list: Listed = set
        .iter()
        .map(|(id, range, _)| (id, range, Growth::Inside))
        .collect();
    let len = RANGES * 40;
    let changes: Vec<_> = (0..KEYS)
        .map(|key| {
            let at = key * 7919 % len;
            ChangeSet::from_edits(len + key, vec![Edit::new(at..at, "x")]).unwrap()
        })
        .collect();
    let start = Instant::now();
    changes.iter().for_each(|changes| set.apply(changes));
    let chunked = start.elapsed() / KEYS as u32;
    let start = Instant::now();
    for changes in &changes[..20] {
        mapped(&mut list, changes);
    }
    let scanned = start.elapsed() / 20;
    println!("{RANGES} ranges, a keystroke: {chunked:?} in chunks, {scanned:?} one by one");
    assert_eq!(set.len(), RANGES);
}
