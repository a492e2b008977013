//! The display map against a model that builds every layer anew from plain strings.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::generators::{boundary, piece, string};
use crate::display_map::*;
use crate::{Bias, ChangeSet, Point, Text};

/// One unit a cell.
struct Cells;

impl Measure for Cells {
    fn advance(&self, grapheme: &str) -> f32 {
        grapheme.width().min(2) as f32
    }

    fn cell(&self) -> f32 {
        1.
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Seeds of an edit; made for the text that there is then.
    Edit(Vec<(usize, usize, Vec<&'static str>)>),
    Fold(usize, usize),
    Unfold(usize),
    AddInlay(usize, Bias, &'static str),
    RemoveInlay(usize),
    AddBlock(usize, BlockPlacement, u32),
    RemoveBlock(usize),
    Wrap(Option<u32>),
    TabSize(u32),
    /// Cut some lines, near a row.
    Work(usize, usize),
    /// Cut lines with a job from before the last change.
    StaleWork,
}

fn step() -> impl Strategy<Value = Step> {
    let edit = (any::<usize>(), any::<usize>(), vec(piece(), 0..4));
    let bias = prop_oneof![Just(Bias::Left), Just(Bias::Right)];
    let placement = prop_oneof![Just(BlockPlacement::Above), Just(BlockPlacement::Below)];
    prop_oneof![
        6 => vec(edit, 1..4).prop_map(Step::Edit),
        3 => (any::<usize>(), any::<usize>()).prop_map(|(from, to)| Step::Fold(from, to)),
        1 => any::<usize>().prop_map(Step::Unfold),
        3 => (any::<usize>(), bias, piece()).prop_map(|(at, bias, text)| Step::AddInlay(at, bias, text)),
        1 => any::<usize>().prop_map(Step::RemoveInlay),
        3 => (any::<usize>(), placement, 1u32..4)
            .prop_map(|(at, placement, height)| Step::AddBlock(at, placement, height)),
        1 => any::<usize>().prop_map(Step::RemoveBlock),
        2 => proptest::option::weighted(0.8, 1u32..20).prop_map(Step::Wrap),
        1 => (1u32..9).prop_map(Step::TabSize),
        3 => (0usize..20, 1usize..60).prop_map(|(near, bytes)| Step::Work(near, bytes)),
        1 => Just(Step::StaleWork),
    ]
}

struct Session {
    text: String,
    map: DisplayMap,
    style: DisplayStyle,
    old_job: Option<WrapJob>,
    ids: u64,
}

impl Session {
    fn new(text: String) -> Self {
        let style = DisplayStyle {
            wrap: rule(10),
            ..DisplayStyle::default()
        };
        Self {
            map: DisplayMap::new(Text::new(&text), style),
            text,
            style,
            old_job: None,
            ids: 0,
        }
    }

    fn take(&mut self, step: Step) {
        self.ids += 1;
        match step {
            Step::Edit(seeds) => {
                let mut ends: Vec<usize> = seeds
                    .iter()
                    .flat_map(|(from, to, _)| {
                        [boundary(&self.text, *from), boundary(&self.text, *to)]
                    })
                    .collect();
                ends.sort_unstable();
                let edits = ends
                    .chunks_exact(2)
                    .zip(&seeds)
                    .map(|(ends, (_, _, pieces))| {
                        crate::Edit::new(ends[0]..ends[1], pieces.concat())
                    })
                    .collect();
                self.edit(edits);
            }
            Step::Fold(from, to) => {
                let (from, to) = (boundary(&self.text, from), boundary(&self.text, to));
                self.map.fold(vec![Fold::new(from.min(to)..from.max(to))]);
            }
            Step::Unfold(seed) => {
                let count = self.map.folds().len();
                if count > 0 {
                    let gone = self.map.folds()[seed % count].clone();
                    self.map.unfold(|fold| *fold == gone);
                    assert_eq!(self.map.folds().len(), count - 1);
                }
            }
            Step::AddInlay(at, bias, text) => {
                let inlay = Inlay {
                    id: InlayId(self.ids),
                    offset: boundary(&self.text, at),
                    bias,
                    text: Arc::from(text),
                };
                self.map.splice_inlays(&[], vec![inlay]);
            }
            Step::RemoveInlay(seed) => {
                let count = self.map.inlays().len();
                if count > 0 {
                    let gone = self.map.inlays()[seed % count].id;
                    self.map.splice_inlays(&[gone, InlayId(0)], Vec::new());
                    assert_eq!(self.map.inlays().len(), count - 1);
                }
            }
            Step::AddBlock(at, placement, height) => {
                let block = Block {
                    id: BlockId(self.ids),
                    offset: boundary(&self.text, at),
                    placement,
                    height,
                };
                self.map.splice_blocks(&[], vec![block]);
            }
            Step::RemoveBlock(seed) => {
                let count = self.map.blocks().len();
                if count > 0 {
                    let gone = self.map.blocks()[seed % count].id;
                    self.map.splice_blocks(&[gone], Vec::new());
                }
            }
            Step::Wrap(width) => {
                self.style.wrap = width.and_then(rule);
                self.map.configure(self.style);
            }
            Step::TabSize(size) => {
                self.style.tab_size = size;
                self.map.configure(self.style);
            }
            Step::Work(near, bytes) => {
                self.old_job = self.map.wrap_job(near, bytes);
                if let Some(job) = &self.old_job {
                    assert!(self.map.apply_wrap(job.run(&Cells)));
                }
            }
            Step::StaleWork => {
                if let Some(job) = self.old_job.take() {
                    self.map.apply_wrap(job.run(&Cells));
                }
            }
        }
    }

    fn edit(&mut self, edits: Vec<crate::Edit>) {
        let changes = ChangeSet::from_edits(self.text.len(), edits).unwrap();
        let text = changes.apply(self.map.snapshot().text()).unwrap();
        self.text = text.to_string();
        self.map.sync(text, &changes);
    }

    fn finish_wrapping(&mut self) {
        let mut pieces = 0;
        let bytes = if self.text.len() > 1000 { 700 } else { 30 };
        while let Some(job) = self.map.wrap_job(pieces % 3, bytes) {
            assert!(self.map.apply_wrap(job.run(&Cells)));
            pieces += 1;
            assert!(pieces < 10_000, "cutting lines comes to no end");
        }
        assert!(!self.map.is_wrapping());
    }

    /// The map of the same document, style, inlays, folds and blocks, made from nothing.
    fn made_from_nothing(&self) -> DisplayMap {
        let mut map = DisplayMap::new(Text::new(&self.text), self.style);
        if let Some(job) = map.wrap_job(0, usize::MAX) {
            assert!(map.apply_wrap(job.run(&Cells)));
        }
        map.splice_inlays(&[], self.map.inlays().to_vec());
        map.fold(self.map.folds().to_vec());
        map.splice_blocks(&[], self.map.blocks().to_vec());
        map.configure(DisplayStyle {
            wrap: None,
            ..self.style
        });
        map.configure(self.style);
        if let Some(job) = map.wrap_job(0, usize::MAX) {
            assert!(map.apply_wrap(job.run(&Cells)));
        }
        assert!(!map.is_wrapping());
        map
    }
}

fn rule(width: u32) -> Option<WrapRule> {
    Some(WrapRule {
        width: width as f32,
        indent: WrapIndent::Same,
    })
}

fn point(text: &str, offset: usize) -> Point {
    Text::new(text).offset_to_point(offset)
}

/// The text with inlays, and where every byte of the document is in it: before and behind the
/// inlays that stand there.
fn with_inlays(text: &str, inlays: &[Inlay]) -> (String, Vec<(usize, usize)>) {
    let mut shown = String::new();
    let mut places = Vec::new();
    let mut inlays = inlays.iter().peekable();
    for offset in 0..=text.len() {
        let before = shown.len();
        while let Some(inlay) = inlays.next_if(|inlay| inlay.offset == offset) {
            shown.push_str(&inlay.text);
        }
        places.push((before, shown.len()));
        if offset < text.len() {
            // Byte by byte; put together again below.
            shown.push(text.as_bytes()[offset] as char);
        }
    }
    assert!(inlays.next().is_none());
    (shown, places)
}

/// The model of the two lower layers: the text shown, and for every byte of the document its place
/// by bias, and whether it is hidden.
struct Lower {
    inlay_text: String,
    inlay_places: Vec<(usize, usize)>,
    fold_text: String,
    fold_places: Vec<(usize, usize)>,
    hidden: Vec<bool>,
}

fn lower(text: &str, inlays: &[Inlay], folds: &[Fold]) -> Lower {
    // Only ASCII can be built byte by byte, so the texts are built from pieces of the document.
    let (_, ascii_places) = with_inlays(&"x".repeat(text.len()), inlays);
    let mut inlay_text = String::new();
    let mut at = 0;
    for inlay in inlays {
        inlay_text.push_str(&text[at..inlay.offset]);
        inlay_text.push_str(&inlay.text);
        at = inlay.offset;
    }
    inlay_text.push_str(&text[at..]);
    let inlay_places = ascii_places;

    let mut groups: Vec<(usize, usize)> = Vec::new();
    for fold in folds {
        match groups.last_mut() {
            Some((_, end)) if fold.range.start < *end => *end = (*end).max(fold.range.end),
            _ => groups.push((fold.range.start, fold.range.end)),
        }
    }
    let mut fold_text = String::new();
    let mut fold_places = vec![(0, 0); text.len() + 1];
    let mut hidden = vec![false; text.len() + 1];
    let mut at = 0;
    let mut done = 0;
    let place = |from: usize, to: usize, base: isize, places: &mut Vec<(usize, usize)>| {
        for offset in from..=to {
            let (left, right) = inlay_places[offset];
            let shift = |place: usize| usize::try_from(place as isize + base).unwrap();
            // The inlays at a fold's ends are outside of it.
            places[offset] = (shift(left), shift(right));
        }
    };
    for (start, end) in &groups {
        let (from, to) = (inlay_places[*start].1, inlay_places[*end].0);
        let base = fold_text.len() as isize - at as isize;
        fold_text.push_str(&inlay_text[at..from]);
        place(done, *start, base, &mut fold_places);
        let before = fold_text.len();
        fold_text.push('…');
        for offset in start + 1..*end {
            hidden[offset] = true;
            fold_places[offset] = (before, fold_text.len());
        }
        at = to;
        done = *end;
    }
    let base = fold_text.len() as isize - at as isize;
    fold_text.push_str(&inlay_text[at..]);
    place(done, text.len(), base, &mut fold_places);
    // A place between two folds that touch has its left side before, and its right side behind.
    for (first, second) in groups.iter().zip(groups.iter().skip(1)) {
        if first.1 == second.0 {
            let (left, right) = inlay_places[first.1];
            let at = fold_places[first.1];
            assert_eq!(at.1 - at.0, right - left);
        }
    }
    Lower {
        inlay_text,
        inlay_places,
        fold_text,
        fold_places,
        hidden,
    }
}

fn expand(row: &str, tab_size: u32) -> String {
    let mut shown = String::new();
    let mut cells = 0;
    let mut previous = None;
    for (at, character) in row.char_indices() {
        if character == '\t' {
            let width = if at < TAB_COLUMNS as usize {
                tab_size - cells % tab_size
            } else {
                1
            };
            shown.push_str(&" ".repeat(width as usize));
            cells += width;
        } else {
            shown.push(character);
            cells += Marks::default().cells(character, previous);
        }
        previous = Some(character);
    }
    shown
}

fn whole_fold_text(folds: &FoldSnapshot) -> String {
    folds.slice(FoldPoint::default()..folds.max_point())
}

/// Everything that must hold at any time, also while lines are still being cut.
fn check(session: &Session) {
    let Session { text, map, .. } = session;
    let snapshot = map.snapshot();
    assert_eq!(snapshot.text().to_string(), *text);
    let model = lower(text, map.inlays(), map.folds());
    let (folds, tabs, wraps) = (snapshot.folds(), snapshot.tabs(), snapshot.wraps());
    let inlays = folds.inlays();

    let mut shown = String::new();
    let end = inlays.max_point();
    assert!(
        inlays
            .visit(InlayPoint::default()..end, &mut |piece, source| {
                shown.push_str(piece);
                if let Source::Text(range) = source {
                    assert_eq!(piece, &text[range]);
                }
                std::ops::ControlFlow::Continue(())
            })
            .is_continue()
    );
    assert_eq!(shown, model.inlay_text);
    assert_eq!(whole_fold_text(folds), model.fold_text);

    // Of a long text, some places, other ones every time.
    let stride = text.len() / 150 + 1;
    let places = (0..=text.len())
        .skip(session.ids as usize % stride)
        .step_by(stride);
    for offset in places.filter(|offset| text.is_char_boundary(*offset)) {
        for (bias, inlay_place, fold_place) in [
            (
                Bias::Left,
                model.inlay_places[offset].0,
                model.fold_places[offset].0,
            ),
            (
                Bias::Right,
                model.inlay_places[offset].1,
                model.fold_places[offset].1,
            ),
        ] {
            let below = inlays.to_inlay_point(offset, bias);
            assert_eq!(below.0, point(&model.inlay_text, inlay_place));
            assert_eq!(inlays.to_offset(below), offset);
            assert_eq!(inlays.clip(below, bias), below);
            let place = folds.to_fold_point(below, bias);
            assert_eq!(
                place.0,
                point(&model.fold_text, fold_place),
                "{offset} {bias:?} in {text:?}"
            );
            assert_eq!(folds.is_folded(offset), model.hidden[offset]);
            let display = snapshot.to_display_point(offset, bias);
            assert_eq!(snapshot.clip(display, bias), display, "{offset} {bias:?}");
            if !model.hidden[offset] {
                assert_eq!(folds.to_inlay_point(place, bias), below);
                assert_eq!(snapshot.to_offset(display, bias), offset);
            }
            let tab = tabs.to_tab_point(place);
            assert_eq!(tabs.to_fold_point(tab, bias), place);
            let wrap = wraps.to_wrap_point(tab);
            assert_eq!(wraps.to_tab_point(wrap), tab);
        }
    }

    // Rows.
    let rows: Vec<String> = model
        .fold_text
        .split('\n')
        .map(|row| expand(row, tabs.tab_size()))
        .collect();
    assert_eq!(tabs.row_count() as usize, rows.len());
    for (row, expected) in (0..).zip(&rows) {
        assert_eq!(tabs.row_len(row) as usize, expected.len());
        assert_eq!(tabs.slice(row, 0..u32::MAX), *expected);
    }
    let mut uncut: Vec<String> = Vec::new();
    let mut expected_row = 0;
    for (row, line) in snapshot.text_rows(0..snapshot.row_count()) {
        let shown = snapshot.row_text(row);
        assert!(shown.starts_with(&" ".repeat(line.indent as usize)));
        let shown = &shown[line.indent as usize..];
        if line.continues {
            uncut.last_mut().unwrap().push_str(shown);
        } else {
            uncut.push(shown.to_owned());
        }
        assert_eq!(line.line, snapshot.text().row_at(line.range.start));
        let mut source = String::new();
        snapshot.visit_row(&line, |piece, _| source.push_str(piece));
        assert!(!source.contains('\n'));
        // Rows of text count without the blocks between them.
        assert_eq!(snapshot.blocks().to_display_row(expected_row) as usize, row);
        expected_row += 1;
    }
    assert_eq!(uncut, rows);
    assert_eq!(expected_row, wraps.row_count());

    // Any place at all is brought to one where a caret can stand.
    let last = snapshot.row_count() as u32 + 2;
    for row in (0..last).step_by(last as usize / 40 + 1) {
        for column in [0, 1, 2, 3, 5, 8, 13, 40] {
            let place = DisplayPoint::new(row, column);
            for bias in [Bias::Left, Bias::Right] {
                let clipped = snapshot.clip(place, bias);
                assert_eq!(snapshot.clip(clipped, bias), clipped, "{place:?} {bias:?}");
                let offset = snapshot.to_offset(clipped, bias);
                assert!(text.is_char_boundary(offset));
                assert!(clipped <= snapshot.max_point());
            }
        }
    }
}

fn rows(map: &DisplayMap) -> Vec<String> {
    let snapshot = map.snapshot();
    (0..snapshot.row_count())
        .map(|row| match snapshot.row(row) {
            DisplayRow::Block(id, line) => format!("[{}:{line}]", id.0),
            DisplayRow::Text(_) => snapshot.row_text(row),
        })
        .collect()
}

#[track_caller]
fn same_rows(session: &Session) {
    let (found, expected) = (rows(&session.map), rows(&session.made_from_nothing()));
    let differs = found
        .iter()
        .zip(&expected)
        .position(|(one, other)| one != other);
    if let Some(row) = differs {
        let around = row.saturating_sub(1)..(row + 3).min(found.len()).min(expected.len());
        panic!(
            "row {row}: {:?}, not {:?}",
            &found[around.clone()],
            &expected[around]
        );
    }
    assert_eq!(found.len(), expected.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_layer_agrees_with_a_model_of_plain_strings(
        text in string(),
        steps in vec(step(), 1..16),
    ) {
        let mut session = Session::new(text);
        check(&session);
        for step in steps {
            session.take(step);
            check(&session);
        }
        session.finish_wrapping();
        check(&session);
        same_rows(&session);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 20, ..ProptestConfig::default() })]

    /// Long lines, where the tabs layer gives up at some column and wrapping goes on in pieces.
    #[test]
    fn long_lines_agree_too(
        parts in vec(piece(), 1..8),
        edits in vec((any::<usize>(), any::<usize>(), vec(piece(), 0..3)), 1..4),
    ) {
        let part = format!("\t{}x\t", parts.concat()).replace('\n', "");
        let line = part.repeat(4500 / part.len());
        let mut session = Session::new(format!("a\n{line}\nb"));
        session.take(Step::Wrap(Some(40)));
        session.finish_wrapping();
        for (from, to, pieces) in edits {
            let from = boundary(&session.text, from);
            let to = boundary(&session.text, (from + to % 50).min(session.text.len()));
            session.edit(vec![crate::Edit::new(from.min(to)..from.max(to), pieces.concat())]);
        }
        session.finish_wrapping();
        same_rows(&session);
    }
}

fn wrapped(text: &str, width: u32) -> Vec<String> {
    let mut session = Session::new(text.to_owned());
    session.take(Step::Wrap(Some(width)));
    session.finish_wrapping();
    rows(&session.map)
}

#[test]
fn lines_are_cut_at_words_and_keep_their_indentation() {
    assert_eq!(
        wrapped("  one two three four\nfive", 10),
        ["  one two ", "  three ", "  four", "five"]
    );
    // The space after the last word that fits hangs over the edge.
    assert_eq!(wrapped("abcde fghij", 5), ["abcde ", "fghij"]);
    // A word that is too long is cut anywhere; one that begins in the row goes down whole first.
    assert_eq!(
        wrapped("ab abcdefghijkl", 5),
        ["ab ", "abcde", "fghij", "kl"]
    );
    assert_eq!(wrapped("foo(bar, baz)", 8), ["foo(bar, ", "baz)"]);
    // Indentation that would leave no room is not kept.
    assert_eq!(wrapped("      ab cd", 8), ["      ab ", "cd"]);
}

#[test]
fn tabs_are_not_torn_apart() {
    let tab = " ".repeat(DisplayStyle::default().tab_size as usize);
    let rows = |width| wrapped("\t\t\t\tab", width);
    let size = DisplayStyle::default().tab_size;
    assert_eq!(rows(size * 5 / 2), [tab.repeat(2), tab.repeat(2) + "ab"]);
    // One that is wider than a row reaches over its edge.
    assert_eq!(
        wrapped("\t\tab", size - 1),
        [tab.clone(), tab, "ab".to_owned()]
    );
}

#[test]
fn wide_characters_and_graphemes_are_not_torn_apart() {
    assert_eq!(wrapped("日本語日本語", 5), ["日本", "語日", "本語"]);
    assert_eq!(wrapped("日本語、日本", 6), ["日本", "語、日", "本"]);
    let family = "👩‍👩‍👧‍👦";
    assert_eq!(
        wrapped(&family.repeat(3), 4),
        [family.repeat(2), family.to_owned()]
    );
    assert_eq!(
        wrapped("e\u{301}e\u{301}e\u{301}", 2),
        ["e\u{301}e\u{301}", "e\u{301}"]
    );
    // A mark is as wide as what is shown: `U+202E`.
    assert_eq!(
        wrapped("ab\u{202e}cd", 6),
        ["ab", "\u{202e}", "cd"].map(str::to_owned)
    );
    assert_eq!(wrapped("a\tb\tc", 8), ["a   b   ", "c"]);
}

#[test]
fn an_empty_document_has_one_row() {
    let map = DisplayMap::new(Text::default(), DisplayStyle::default());
    let snapshot = map.snapshot();
    assert_eq!(snapshot.row_count(), 1);
    assert_eq!(
        snapshot.to_display_point(0, Bias::Right),
        DisplayPoint::default()
    );
    assert_eq!(snapshot.to_offset(DisplayPoint::new(3, 9), Bias::Right), 0);
    assert!(matches!(snapshot.row(0), DisplayRow::Text(row) if row.range == (0..0)));
}

#[test]
fn carriage_returns_stand_in_their_row() {
    let map = DisplayMap::new(Text::new("a\r\nb\r\n"), DisplayStyle::default());
    assert_eq!(rows(&map), ["a\r", "b\r", ""]);
}

#[test]
fn rows_are_numbered_by_the_line_that_they_begin_in() {
    let mut session = Session::new("one two three\n{\nbody\n}\nlast".to_owned());
    session.take(Step::Wrap(Some(8)));
    session.finish_wrapping();
    session.map.fold(vec![Fold::new(15..21)]);
    session.map.splice_blocks(
        &[],
        vec![Block {
            id: BlockId(7),
            offset: 15,
            placement: BlockPlacement::Below,
            height: 2,
        }],
    );
    session.finish_wrapping();
    assert_eq!(
        rows(&session.map),
        ["one two ", "three", "{…}", "[7:0]", "[7:1]", "last"]
    );
    let snapshot = session.map.snapshot();
    let lines: Vec<_> = snapshot
        .text_rows(0..9)
        .map(|(row, line)| (row, line.line, line.continues, line.is_cut))
        .take(4)
        .collect();
    assert_eq!(
        lines,
        [
            (0, 0, false, true),
            (1, 0, true, false),
            (2, 1, false, false),
            (5, 4, false, false)
        ]
    );
    assert_eq!(snapshot.row_of(21), 2);
}

#[test]
fn unfolding_the_outer_fold_leaves_the_inner_one() {
    let mut map = DisplayMap::new(Text::new("a(b(c)d)e"), DisplayStyle::default());
    map.fold(vec![Fold::new(4..5), Fold::new(2..7)]);
    assert_eq!(rows(&map), ["a(…)e"]);
    map.unfold(|fold| fold.range == (2..7));
    assert_eq!(rows(&map), ["a(b(…)d)e"]);
}

#[test]
fn typed_text_goes_beside_an_inlay_as_its_bias_says() {
    for (bias, shown) in [(Bias::Left, "x: i32y = 1"), (Bias::Right, "xy: i32 = 1")] {
        let mut session = Session::new("x = 1".to_owned());
        session.take(Step::Wrap(None));
        session.take(Step::AddInlay(1, bias, ": i32"));
        session.edit(vec![crate::Edit::new(1..1, "y")]);
        assert_eq!(rows(&session.map), [shown]);
        session.edit(vec![crate::Edit::new(0..3, "")]);
        assert_eq!(rows(&session.map), ["= 1"], "an inlay goes with its text");
    }
}

#[test]
fn an_inlay_stays_before_the_text_that_takes_the_place_of_what_it_stood_before() {
    for bias in [Bias::Left, Bias::Right] {
        let mut session = Session::new("a: red;".to_owned());
        session.take(Step::Wrap(None));
        session.take(Step::AddInlay(3, bias, "# "));
        session.edit(vec![crate::Edit::new(3..6, "blue")]);
        assert_eq!(rows(&session.map), ["a: # blue;"], "{bias:?}");
        // What ends where it stands is not what it stands before.
        session.edit(vec![crate::Edit::new(1..3, "=")]);
        assert_eq!(rows(&session.map), ["a=# blue;"], "{bias:?}");
    }
}

/// The cost of an edit does not depend on the length of the document, and neither does that of a new
/// map: a document of 100 MB is taken as fast as an empty one.
#[test]
fn a_large_document_is_not_looked_through() {
    let text = Text::new(&"some text in a line of some length\n".repeat(3_000_000));
    let started = std::time::Instant::now();
    let mut map = DisplayMap::new(
        text.clone(),
        DisplayStyle {
            wrap: rule(20),
            ..Default::default()
        },
    );
    let change = ChangeSet::from_edits(
        text.len(),
        vec![crate::Edit::new(50_000_000..50_000_000, "x")],
    )
    .unwrap();
    map.sync(change.apply(&text).unwrap(), &change);
    let near = text.row_at(50_000_000);
    let job = map.wrap_job(near, 10_000).unwrap();
    assert!(map.apply_wrap(job.run(&Cells)));
    let row = map.snapshot().row_of(50_000_000);
    let (_, line) = map.snapshot().text_rows(row..row + 1).next().unwrap();
    assert!(line.range.contains(&50_000_000) && line.range.len() <= 21);
    // Not a measurement: a pass over the document would take many times as long in a debug build.
    assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
}

#[test]
fn what_is_seen_far_within_a_line_is_cut_before_the_line_is_and_all_is_right_in_the_end() {
    let line: String = (0..60_000).map(|word| format!("word{word} ")).collect();
    let text = format!("first\n{line}\nnext\n");
    let style = DisplayStyle {
        wrap: rule(20),
        ..DisplayStyle::default()
    };
    let mut map = DisplayMap::new(Text::new(&text), style);
    let bytes = 2_000;
    assert!(map.wrap_job_within_line(0..500, bytes).is_none());
    let end = "first\n".len() + line.len();
    let seen = end - 1_000..end;
    while let Some(job) = map.wrap_job_within_line(seen.clone(), bytes) {
        assert!(map.apply_wrap(job.run(&Cells)));
    }
    let snapshot = map.snapshot();
    let (first, last) = (snapshot.row_of(seen.start), snapshot.row_of(seen.end));
    assert!(last - first > 40, "{first}..{last}");
    for (_, row) in snapshot.text_rows(first + 1..last + 1) {
        assert!(row.range.len() <= 21, "{row:?}");
    }
    let shown = rows(&map);
    assert_eq!(shown[shown.len() - 2..], ["next", ""]);
    // So are they by another rule, though there are rows of the first one now.
    for width in [11, 15] {
        map.configure(DisplayStyle {
            wrap: rule(width),
            ..style
        });
        while let Some(job) = map.wrap_job_within_line(seen.clone(), bytes) {
            assert!(map.apply_wrap(job.run(&Cells)));
        }
        let snapshot = map.snapshot();
        let seen = snapshot.row_of(seen.start) + 1..snapshot.row_of(seen.end) + 1;
        let longest = snapshot.text_rows(seen).map(|(_, row)| row.range.len());
        assert_eq!(longest.max(), Some(10));
        map.configure(style);
    }
    // Cut from the start on, it is as if nothing had been seen.
    while let Some(job) = map.wrap_job(0, bytes) {
        assert!(map.apply_wrap(job.run(&Cells)));
    }
    assert!(rows(&map) == wrapped(&text, 20));
}

/// A map whose rows are cut at `width` cells, after an insertion, with all its lines cut.
fn wrapped_after(
    text: &str,
    width: u32,
    block: Option<Block>,
    at: usize,
    typed: &str,
) -> Vec<String> {
    let style = DisplayStyle {
        wrap: rule(width),
        ..DisplayStyle::default()
    };
    let before = Text::new(text);
    let mut map = DisplayMap::new(before.clone(), style);
    map.splice_blocks(&[], block.into_iter().collect());
    let finish = |map: &mut DisplayMap| {
        while let Some(job) = map.wrap_job(0, 1000) {
            assert!(map.apply_wrap(job.run(&Cells)));
        }
    };
    finish(&mut map);
    let edit = crate::Edit::new(at..at, typed);
    let changes = ChangeSet::from_edits(before.len(), vec![edit]).unwrap();
    map.sync(changes.apply(&before).unwrap(), &changes);
    finish(&mut map);
    rows(&map)
}

#[test]
fn what_is_left_of_a_row_begins_a_line_of_its_own() {
    let rows = wrapped_after("  aa bb cc dd", 8, None, 5, "\n");
    assert_eq!(rows, ["  aa ", "bb cc dd"]);
}

#[test]
fn a_block_goes_with_its_part_of_a_line() {
    let block = Block {
        id: BlockId(7),
        offset: 7,
        placement: BlockPlacement::Above,
        height: 1,
    };
    let rows = wrapped_after("aa bb cc", 3, Some(block), 6, "\n");
    assert_eq!(rows, ["aa ", "bb ", "[7:0]", "cc"]);
}
