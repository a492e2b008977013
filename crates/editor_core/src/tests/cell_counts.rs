use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::display_map::{CellCounts, DisplayMap, DisplayRow, DisplaySnapshot, RowText, TextRow};
use crate::{ChangeSet, Edit, Text};

/// What long lines are made of: letters of one cell and of two, tabs, marks, letters that run from
/// right to left, joined pictures and flags, and what is shown as a mark.
const PIECES: &[&str] = &[
    "word ",
    "日本語",
    "\t",
    "e\u{301}",
    "שלום ",
    "سلام",
    "👩‍👩‍👧‍👦",
    "🇩🇪🇫🇷",
    "👍🏽",
    "\u{200b}",
    "\u{1}",
    "x",
    "क्ष",
    "\u{200d}",
];

fn row(display: &DisplaySnapshot) -> TextRow {
    match display.row(0) {
        DisplayRow::Text(row) => row,
        DisplayRow::Block(..) => panic!("no row of text"),
    }
}

fn shown(line: &str) -> (DisplayMap, DisplaySnapshot) {
    let map = DisplayMap::new(Text::new(line), Default::default());
    let display = map.snapshot();
    (map, display)
}

fn row_text(display: &DisplaySnapshot) -> RowText {
    RowText::new(display, &row(display))
}

/// Cells of a line: the oracle, one character after the other.
fn cells(line: &str) -> u64 {
    let (_, display) = shown(line);
    let tabs = display.tabs();
    tabs.marks().count(line, 0, 0, tabs.tab_size())
}

/// Counts everything, as the background does.
fn count_all(text: &RowText, counts: &mut CellCounts) {
    for _ in 0..10_000 {
        match text.job(counts, 0, 50_000) {
            Some(job) => counts.take(&job.run()),
            None => return,
        }
    }
    panic!("no end of it");
}

/// Everything that is said of a row fits together, and what is counted is right.
fn check(line: &str, counts: &CellCounts) {
    assert_eq!(counts.len(), line.len());
    let (mut column, mut cell) = (0, 0);
    while column < line.len() {
        let part = counts.at_column(column);
        assert_eq!((part.columns.start, part.cells.start), (column, cell));
        assert!(part.columns.end > column && part.cells.end >= cell);
        assert_eq!(counts.cell_at(column), cell);
        if part.is_counted {
            let (_, display) = shown(line);
            let tabs = display.tabs();
            let piece = &line[part.columns.clone()];
            let counted = tabs.marks().count(piece, column, 0, tabs.tab_size());
            assert_eq!(part.cells.end - part.cells.start, counted, "at {column}");
        }
        if part.cells.end > part.cells.start {
            assert_eq!(counts.at_cell(part.cells.start), part);
            assert_eq!(counts.at_cell(part.cells.end - 1), part);
        }
        (column, cell) = (part.columns.end, part.cells.end);
    }
    assert_eq!(counts.cells(), cell);
}

#[derive(Debug, Clone)]
enum Step {
    /// Somebody looks at some bytes.
    Look(usize, usize),
    /// The background counts a part.
    Count,
    /// Bytes are replaced by pieces.
    Edit(usize, usize, Vec<&'static str>),
}

fn pieces(count: Range<usize>) -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(PIECES), count)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<usize>(), 1usize..30_000).prop_map(|(at, len)| Step::Look(at, len)),
        Just(Step::Count),
        (any::<usize>(), 0usize..20, pieces(0..4)).prop_map(|(a, b, c)| Step::Edit(a, b, c)),
        // Near the start, where tabs are aligned, and long.
        (0usize..5000, 0usize..9000, pieces(0..600)).prop_map(|(a, b, c)| Step::Edit(a, b, c)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 2 } else { 64 }))]

    #[test]
    fn a_sparse_count_is_that_of_the_whole_line(
        start in pieces(1..60),
        times in 1usize..700,
        steps in vec(step(), 1..14),
    ) {
        let mut line = start.concat().repeat(times);
        let (mut map, mut display) = shown(&line);
        let mut counts = row_text(&display).uncounted();
        for step in steps {
            match step {
                Step::Look(at, len) => {
                    let at = at % (line.len() + 1);
                    let wanted = at..(at + len).min(line.len());
                    row_text(&display).count_within(&mut counts, wanted.clone());
                    let gap = counts.uncounted_from(wanted.start);
                    prop_assert!(gap.is_none_or(|gap| gap.columns.start >= wanted.end));
                }
                Step::Count => {
                    if let Some(job) = row_text(&display).job(&counts, 0, 20_000) {
                        counts.take(&job.run());
                    }
                }
                Step::Edit(at, len, new) => {
                    let start = super::generators::boundary(&line, at);
                    let mut end = (start + len).min(line.len());
                    while !line.is_char_boundary(end) {
                        end += 1;
                    }
                    let new = new.concat();
                    let edit = Edit::new(start..end, new.clone());
                    let changes = ChangeSet::from_edits(line.len(), vec![edit]).unwrap();
                    line.replace_range(start..end, &new);
                    map.sync(Text::new(&line), &changes);
                    display = map.snapshot();
                    counts.edit(start..end, new.len());
                    row_text(&display).count_edited(&mut counts);
                }
            }
            check(&line, &counts);
        }
        let text = row_text(&display);
        count_all(&text, &mut counts);
        prop_assert!(counts.is_counted());
        check(&line, &counts);
        prop_assert_eq!(counts.cells(), cells(&line));
        let mut anew = text.uncounted();
        count_all(&text, &mut anew);
        prop_assert_eq!(counts.cells(), anew.cells());
    }
}

#[test]
fn what_nobody_looks_at_is_not_counted() {
    let line = "日本 ".repeat(3_000_000);
    let (_, display) = shown(&line);
    let text = row_text(&display);
    let mut counts = text.uncounted();
    assert_eq!(counts.cells(), 15_000_000, "from a sample");
    let far = line.len() - 1000;
    text.count_within(&mut counts, far..far + 100);
    assert!(counts.at_column(far).is_counted);
    assert!(!counts.at_column(far - 100_000).is_counted);
    assert!(counts.at_column(far).columns.len() < 20_000);
}

#[test]
fn an_estimate_gives_way_to_a_count() {
    // The sample sees but the letters.
    let line = format!("{}{}", "a".repeat(700_000), "日".repeat(100_000));
    let line = format!("{line}{}", "a".repeat(2_000_000));
    let (_, display) = shown(&line);
    let text = row_text(&display);
    let mut counts = text.uncounted();
    let estimated = counts.cells();
    count_all(&text, &mut counts);
    assert_eq!(counts.cells(), 2_900_000);
    assert_ne!(estimated, counts.cells());
}

#[test]
fn an_edit_leaves_the_rest_counted() {
    let line = "日本 ".repeat(100_000);
    let (_, display) = shown(&line);
    let mut counts = row_text(&display).uncounted();
    count_all(&row_text(&display), &mut counts);
    counts.edit(350_000..350_007, 1);
    let stale = counts.stale().unwrap().columns;
    assert!(stale.contains(&350_000) && stale.len() < 20_000);
    let mut line = line;
    line.replace_range(350_000..350_007, "x");
    let (_, display) = shown(&line);
    row_text(&display).count_edited(&mut counts);
    assert!(counts.is_counted());
    assert_eq!(counts.cells(), 500_000 - 4);
}

#[test]
fn a_line_that_is_cut_or_joined_keeps_what_is_counted() {
    let line = "ab日".repeat(40_000);
    let (_, display) = shown(&line);
    let mut counts = row_text(&display).uncounted();
    count_all(&row_text(&display), &mut counts);
    counts.resize(100_000);
    let (_, display) = shown(&line[..100_000]);
    row_text(&display).count_edited(&mut counts);
    assert!(counts.is_counted());
    assert_eq!(counts.cells(), 80_000);
    counts.resize(200_000);
    assert_eq!(counts.uncounted_from(0).unwrap().columns, 100_000..200_000);
}
