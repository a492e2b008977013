//! A shaped stretch of one line, and where its characters are.

use std::cmp::Ordering;
use std::ops::Range;

use gpui_kit::{
    App, Pixels, Point, ShapedLine, SharedString, TextAlign, TextRun, Window, point, px,
};
use smallvec::{SmallVec, smallvec};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::display_text::DisplayText;
use crate::visual_order::{VisualRun, has_right_to_left, is_right_to_left};

/// Text that has been shaped, with a table of caret positions that also holds for ligatures,
/// combining characters and text that runs from right to left.
#[derive(Debug)]
pub(crate) struct ShapedSegment {
    /// From left to right.
    pieces: SmallVec<[Piece; 1]>,
    width: Pixels,
    display: DisplayText,
    /// By position in the display text.
    clusters: Vec<Cluster>,
    /// Where text runs in both directions.
    carets: Option<Carets>,
    has_background: bool,
}

/// A shaped stretch of one direction.
#[derive(Debug)]
struct Piece {
    line: ShapedLine,
    x: Pixels,
}

/// The smallest stretch of display text that the font draws as a unit.
#[derive(Debug)]
struct Cluster {
    start: usize,
    end: usize,
    left: Pixels,
    right: Pixels,
    /// Its embedding level: odd ones run from right to left.
    level: u8,
}

/// Where carets stand in text that runs in both directions.
///
/// Between two characters that are not drawn side by side, a caret could stand beside either. It
/// stands where text that runs as the surroundings do would be inserted (the strong cursor of Pango
/// and of Java's `TextLayout`), so that no two places in the text share one on the screen.
#[derive(Debug)]
struct Carets {
    /// By position in the display text.
    by_index: Vec<(usize, Pixels)>,
    /// By place, the first in the text first.
    by_x: Vec<(Pixels, usize)>,
}

impl ShapedSegment {
    /// `line` is the shaped text of `display`, all of which runs from left to right.
    pub(crate) fn new(line: ShapedLine, display: DisplayText, has_background: bool) -> Self {
        let mut clusters = Vec::with_capacity(display.text.len());
        let width = line.width();
        add_clusters(
            &mut clusters,
            &line,
            px(0.),
            &Stretch::whole(&display.text),
            0,
        );
        Self {
            pieces: smallvec![Piece { line, x: px(0.) }],
            width,
            display,
            clusters,
            carets: None,
            has_background,
        }
    }

    /// Shapes what runs in both directions, in the given order. `styles` are those of the display
    /// text, without gaps; `shape` is given stretches that run from left to right or from right to
    /// left as a whole.
    pub(crate) fn of_both_directions(
        display: DisplayText,
        styles: &[TextRun],
        order: &[VisualRun],
        mut shape: impl FnMut(SharedString, &[TextRun]) -> ShapedLine,
    ) -> Self {
        let mut pieces = SmallVec::new();
        let mut clusters = Vec::with_capacity(display.text.len());
        let mut borders = Vec::new();
        let mut x = px(0.);
        let mut cut = stretches(&display.text, styles, order);
        if cut.len() > MOST_STRETCHES {
            cut = vec![Stretch {
                is_marked: true,
                ..Stretch::whole(&display.text)
            }];
        }
        let starts = starts_of(styles);
        for stretch in cut {
            if stretch.range.is_empty() {
                borders.push((stretch.range.start, stretch.level, x));
                continue;
            }
            let text = &display.text[stretch.range.clone()];
            let mut runs = styles_within(styles, &starts, &stretch.range);
            let (before, after) = stretch.marks();
            if let Some(first) = runs.first_mut() {
                first.len += before.len();
            }
            if let Some(last) = runs.last_mut() {
                last.len += after.len();
            }
            let line = shape(SharedString::from(format!("{before}{text}{after}")), &runs);
            let lead = before.len();
            add_clusters(&mut clusters, &line, x, &stretch, lead);
            let width = line.width();
            pieces.push(Piece { line, x });
            x += width;
        }
        clusters.sort_by_key(|cluster| cluster.start);
        let carets = Carets::new(&clusters, borders, &display.text, x);
        Self {
            pieces,
            width: x,
            clusters,
            carets: Some(carets),
            has_background: styles.iter().any(|run| run.background_color.is_some()),
            display,
        }
    }

    pub(crate) fn width(&self) -> Pixels {
        self.width
    }

    /// Where a caret stands before the source byte `column` of this stretch.
    pub(crate) fn x_for_column(&self, column: usize) -> Pixels {
        self.x_for_display(self.display.to_display(column))
    }

    fn x_for_display(&self, index: usize) -> Pixels {
        if index >= self.display.text.len() {
            return self.width;
        }
        if let Some(carets) = &self.carets {
            return carets.x(index);
        }
        let next = self
            .clusters
            .partition_point(|cluster| cluster.start <= index);
        let Some(cluster) = next.checked_sub(1).map(|last| &self.clusters[last]) else {
            return px(0.);
        };
        cluster.x(cluster.fraction_before(&self.display.text, index.min(cluster.end)))
    }

    /// The source byte of the caret nearest to `x`.
    pub(crate) fn column_for_x(&self, x: Pixels) -> usize {
        self.display.to_source(self.display_for_x(x))
    }

    fn display_for_x(&self, x: Pixels) -> usize {
        if let Some(carets) = &self.carets {
            return carets.nearest(x);
        }
        if x >= self.width {
            return self.display.text.len();
        }
        let next = self.clusters.partition_point(|cluster| cluster.left <= x);
        let Some(cluster) = next.checked_sub(1).map(|last| &self.clusters[last]) else {
            return 0;
        };
        let width = cluster.right - cluster.left;
        if width <= px(0.) {
            return cluster.start;
        }
        cluster.index_at(&self.display.text, (x - cluster.left) / width)
    }

    /// The stretches of pixels that the source range covers, left to right. More than one only where
    /// right-to-left text is partly covered.
    pub(crate) fn spans(&self, range: Range<usize>) -> SmallVec<[(Pixels, Pixels); 1]> {
        let start = self.display.to_display(range.start);
        let end = self.display.to_display(range.end);
        let mut spans = SmallVec::new();
        if self.carets.is_none() || start >= end {
            spans.push((self.x_for_display(start), self.x_for_display(end)));
            return spans;
        }
        let mut covered: Vec<(Pixels, Pixels)> = self
            .clusters
            .iter()
            .filter(|cluster| cluster.start < end && cluster.end > start)
            .map(|cluster| cluster.covered(&self.display.text, start..end))
            .collect();
        covered.sort_by(by_x);
        for (left, right) in covered {
            match spans.last_mut() {
                Some((_, last)) if left <= *last + px(0.5) => *last = right.max(*last),
                _ => spans.push((left, right)),
            }
        }
        spans
    }

    /// Paints the backgrounds of marks, inlays and placeholders, and the text.
    pub(crate) fn paint(
        &self,
        origin: Point<Pixels>,
        line_height: Pixels,
        window: &mut Window,
        cx: &mut App,
    ) {
        let left = TextAlign::Left;
        for piece in self.pieces.iter().filter(|_| self.has_background) {
            let origin = point(origin.x + piece.x, origin.y);
            let line = &piece.line;
            if let Err(error) = line.paint_background(origin, line_height, left, None, window, cx) {
                log_paint_error(&error);
            }
        }
        for piece in &self.pieces {
            let origin = point(origin.x + piece.x, origin.y);
            let line = &piece.line;
            if let Err(error) = line.paint(origin, line_height, left, None, window, cx) {
                log_paint_error(&error);
            }
        }
    }
}

fn log_paint_error(error: &dyn std::fmt::Display) {
    tracing::warn!("a line of text could not be painted: {error}");
}

fn by_x(one: &(Pixels, Pixels), other: &(Pixels, Pixels)) -> Ordering {
    one.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal)
}

impl Carets {
    /// `borders` are those of isolates: place in the display text, level, and place on the screen.
    fn new(
        clusters: &[Cluster],
        borders: Vec<(usize, u8, Pixels)>,
        text: &str,
        width: Pixels,
    ) -> Self {
        let mut places = borders;
        // The line itself runs from left to right.
        places.extend([(0, 0, px(0.)), (text.len(), 0, width)]);
        for cluster in clusters {
            let graphemes = text[cluster.start..cluster.end].grapheme_indices(true);
            for index in graphemes
                .map(|(offset, _)| cluster.start + offset)
                .chain([cluster.end])
            {
                let x = cluster.x(cluster.fraction_before(text, index));
                places.push((index, cluster.level, x));
            }
        }
        // Of the two sides of a place, what is less embedded is the surroundings of the other.
        places.sort_by_key(|(index, level, _)| (*index, *level));
        places.dedup_by_key(|(index, ..)| *index);
        let by_index: Vec<_> = places.into_iter().map(|(index, _, x)| (index, x)).collect();
        let mut by_x: Vec<_> = by_index.iter().map(|(index, x)| (*x, *index)).collect();
        by_x.sort_by(|one, other| one.0.partial_cmp(&other.0).unwrap_or(Ordering::Equal));
        Self { by_index, by_x }
    }

    /// Where a caret stands; inside a grapheme, where it does before that.
    fn x(&self, index: usize) -> Pixels {
        let next = self.by_index.partition_point(|(at, _)| *at <= index);
        let before = next.checked_sub(1).map(|last| self.by_index[last]);
        before.map_or(px(0.), |(_, x)| x)
    }

    /// The place in the text of the caret that is nearest to a place on the screen.
    fn nearest(&self, x: Pixels) -> usize {
        let next = self.by_x.partition_point(|(at, _)| *at < x);
        let after = self.by_x.get(next);
        // The first in the text of those that stand there.
        let before = next.checked_sub(1).map(|last| {
            let (at, _) = self.by_x[last];
            self.by_x[self.by_x.partition_point(|(other, _)| *other < at)]
        });
        match (before, after) {
            (Some((left, index)), Some((right, _))) if x - left < *right - x => index,
            (_, Some((_, index))) => *index,
            (Some((_, index)), None) => index,
            (None, None) => 0,
        }
    }
}

/// Put before a stretch that runs from right to left (UAX #9, LRM): in a line that runs from left to
/// right glyphs come in the order in which they are drawn. It takes no space.
const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";

/// Put around what does not run from right to left by itself (RLM).
const RIGHT_TO_LEFT_MARK: &str = "\u{200f}";

/// Put before what is not to be ordered (LRO).
const LEFT_TO_RIGHT_OVERRIDE: &str = "\u{202d}";

/// A row of more stretches is drawn in the order of its text: each costs a call of the text system.
const MOST_STRETCHES: usize = 512;

/// The one and the other.
const MARKS: &str = "\u{200e}\u{200f}";

/// What is shaped at a time: it has one direction, and from right to left one style and one script.
///
/// What shapes and paints a line takes it that its styles come in the order in which they are drawn,
/// and puts what it takes from several fonts in the order of the text.
#[derive(Debug, PartialEq)]
struct Stretch {
    /// Bytes of the display text; none at the borders of an isolate.
    range: Range<usize>,
    level: u8,
    /// Whether it does not run from right to left by itself.
    is_marked: bool,
}

impl Stretch {
    /// What is put before and after it to be shaped.
    fn marks(&self) -> (&'static str, &'static str) {
        match (self.level % 2, self.is_marked) {
            (0, false) => ("", ""),
            (0, true) => (LEFT_TO_RIGHT_OVERRIDE, ""),
            (_, false) => (LEFT_TO_RIGHT_MARK, ""),
            (_, true) => (MARKS, RIGHT_TO_LEFT_MARK),
        }
    }

    fn whole(text: &str) -> Self {
        Self {
            range: 0..text.len(),
            level: 0,
            is_marked: false,
        }
    }
}

/// Cuts a text in visual order into what can be shaped, in that order.
fn stretches(text: &str, styles: &[TextRun], order: &[VisualRun]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::with_capacity(order.len());
    let starts = starts_of(styles);
    for run in order {
        if run.level.is_multiple_of(2) || run.range.is_empty() {
            let borders = stretches.iter().rev();
            let borders = borders.take_while(|one| one.range.is_empty()).count();
            let last = stretches.len().checked_sub(borders + 1);
            let goes_on = |last: &Stretch| {
                last.level.is_multiple_of(2)
                    && last.range.end == run.range.start
                    && !has_right_to_left(&text[last.range.start..run.range.end])
            };
            match last {
                // Ligatures are not torn apart at the borders of tokens.
                Some(last) if !run.range.is_empty() && goes_on(&stretches[last]) => {
                    stretches.truncate(last + 1);
                    stretches[last].range.end = run.range.end;
                    stretches[last].level = stretches[last].level.min(run.level);
                }
                _ => stretches.push(Stretch {
                    range: run.range.clone(),
                    level: run.level,
                    is_marked: false,
                }),
            }
            continue;
        }
        let from = stretches.len();
        let mut start = run.range.start;
        for style in styles_within(styles, &starts, &run.range) {
            let end = start + style.len;
            add_right_to_left(&mut stretches, text, start..end, run.level);
            start = end;
        }
        stretches[from..].reverse();
    }
    stretches
}

/// Adds what can be shaped of a stretch of one style from right to left, in the order of the text:
/// words of each script, and everything else by itself.
fn add_right_to_left(stretches: &mut Vec<Stretch>, text: &str, range: Range<usize>, level: u8) {
    let from = stretches.len();
    let (mut last, mut before_blank) = (None, None);
    for (offset, grapheme) in text[range.clone()].grapheme_indices(true) {
        let start = range.start + offset;
        let end = start + grapheme.len();
        let first = grapheme.chars().next();
        let script = first.filter(|one| is_right_to_left(*one) && one.is_alphabetic());
        let script = script.map(|one| matches!(one as u32, 0x590..=0x5ff | 0xfb1d..=0xfb4f));
        let count = stretches.len() - from;
        if script.is_some() && count > 1 && before_blank == script {
            // A blank between two words.
            stretches.pop();
            last = script;
        }
        before_blank = last.filter(|_| grapheme == " ");
        match stretches[from..].last_mut() {
            Some(stretch) if script.is_some() && script == last => stretch.range.end = end,
            _ => stretches.push(Stretch {
                range: start..end,
                level,
                is_marked: script.is_none(),
            }),
        }
        last = script;
    }
}

/// Where each of the styles of a text begins.
fn starts_of(styles: &[TextRun]) -> Vec<usize> {
    let starts = styles.iter().scan(0, |end, style| {
        let start = *end;
        *end += style.len;
        Some(start)
    });
    starts.collect()
}

/// The styles of a part of a text, cut to it.
fn styles_within(
    styles: &[TextRun],
    starts: &[usize],
    range: &Range<usize>,
) -> SmallVec<[TextRun; 4]> {
    let first = starts.partition_point(|start| *start <= range.start);
    let first = first.saturating_sub(1);
    let within = styles[first..].iter().zip(&starts[first..]);
    within
        .take_while(|(_, start)| **start < range.end)
        .filter_map(|(style, start)| {
            let end = (start + style.len).min(range.end);
            let len = end.saturating_sub((*start).max(range.start));
            (len > 0).then(|| TextRun {
                len,
                ..style.clone()
            })
        })
        .collect()
}

impl Cluster {
    /// Where the given fraction of its text ends.
    fn x(&self, fraction: f32) -> Pixels {
        let width = (self.right - self.left) * fraction;
        match self.level % 2 {
            0 => self.left + width,
            _ => self.right - width,
        }
    }

    /// The pixels of what of it is in a range of the text.
    fn covered(&self, text: &str, range: Range<usize>) -> (Pixels, Pixels) {
        let [one, other] =
            [range.start, range.end].map(|index| self.x(self.fraction_before(text, index)));
        (one.min(other), one.max(other))
    }

    /// How much of the cluster's advance lies before `index`, from 0 to 1.
    fn fraction_before(&self, text: &str, index: usize) -> f32 {
        if index <= self.start {
            return 0.;
        }
        if index >= self.end {
            return 1.;
        }
        let graphemes = text[self.start..self.end].grapheme_indices(true);
        let (mut before, mut total) = (0_u32, 0_u32);
        for (offset, _) in graphemes {
            total += 1;
            if self.start + offset < index {
                before += 1;
            }
        }
        before as f32 / total.max(1) as f32
    }

    /// The grapheme boundary nearest to the given fraction of the cluster's advance.
    fn index_at(&self, text: &str, fraction: f32) -> usize {
        let starts: SmallVec<[usize; 4]> = text[self.start..self.end]
            .grapheme_indices(true)
            .map(|(offset, _)| self.start + offset)
            .chain([self.end])
            .collect();
        let nearest = (fraction * (starts.len() - 1) as f32).round() as usize;
        starts[nearest.min(starts.len() - 1)]
    }
}

/// Adds the clusters of a shaped stretch, which begins at `x`, by position in the display text. The
/// first `lead` bytes of what was shaped are not of it.
fn add_clusters(
    clusters: &mut Vec<Cluster>,
    line: &ShapedLine,
    x: Pixels,
    stretch: &Stretch,
    lead: usize,
) {
    // Glyphs come in visual order; glyphs of one cluster share its index.
    let len = stretch.range.len();
    let mut visual: Vec<(usize, Pixels)> = Vec::with_capacity(len);
    for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
        let Some(at) = glyph.index.checked_sub(lead).filter(|at| *at < len) else {
            continue;
        };
        match visual.last() {
            Some((index, _)) if *index == at => {}
            _ => visual.push((at, glyph.position.x)),
        }
    }
    let from = clusters.len();
    for (order, (index, left)) in visual.iter().enumerate() {
        let next = visual.get(order + 1);
        let right = next.map_or(line.width(), |(_, next)| *next);
        clusters.push(Cluster {
            start: stretch.range.start + index,
            end: stretch.range.end,
            left: x + *left,
            right: x + right.max(*left),
            level: stretch.level,
        });
    }
    clusters[from..].sort_by_key(|cluster| cluster.start);
    clusters.dedup_by(|later, earlier| {
        let same = later.start == earlier.start;
        if same {
            earlier.left = earlier.left.min(later.left);
            earlier.right = earlier.right.max(later.right);
        }
        same
    });
    let added = &mut clusters[from..];
    // What is not drawn belongs to what is drawn before it.
    for index in 1..added.len() {
        added[index - 1].end = added[index].start;
    }
    if let Some(first) = added.first_mut() {
        first.start = stretch.range.start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_text::{CellRules, LinePlace};
    use crate::visual_order::{Boundaries, visual_runs};
    use editor_core::display_map::cells::Marks;
    use gpui_kit::{FontId, GlyphId, Hsla, LineLayout, ShapedGlyph, ShapedRun, hsla};
    use proptest::prelude::*;
    use std::sync::Arc;
    use unicode_bidi::{BidiInfo, Level};

    const CELL: f32 = 8.;

    /// Shapes with one glyph of one cell for each grapheme, as a text system does that knows one
    /// direction a line.
    fn shape(text: &SharedString) -> ShapedLine {
        let order = BidiInfo::new(text, None);
        let from_right = text.starts_with(LEFT_TO_RIGHT_MARK);
        assert!(!text.is_empty() && order.paragraphs[0].level == Level::ltr());
        for (at, level) in order.levels.iter().enumerate() {
            let is_marked = from_right && at >= LEFT_TO_RIGHT_MARK.len();
            assert_eq!(level.is_rtl(), is_marked, "one direction: {text:?}");
        }
        let mut indices: Vec<usize> = text
            .grapheme_indices(true)
            .filter(|(_, one)| ![LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK].contains(one))
            .map(|(index, _)| index)
            .collect();
        if from_right {
            indices.reverse();
        }
        let glyphs = indices
            .iter()
            .enumerate()
            .map(|(order, index)| ShapedGlyph {
                id: GlyphId(0),
                position: point(px(CELL * order as f32), px(0.)),
                index: *index,
                is_emoji: false,
            });
        let mut line = ShapedLine::default();
        *line = Arc::new(LineLayout {
            width: px(CELL * indices.len() as f32),
            len: text.len(),
            runs: vec![ShapedRun {
                font_id: FontId(0),
                glyphs: glyphs.collect(),
            }],
            ..LineLayout::default()
        });
        line
    }

    fn style(len: usize, number: usize) -> TextRun {
        TextRun {
            len,
            color: color(number),
            ..TextRun::default()
        }
    }

    fn color(number: usize) -> Hsla {
        hsla(number as f32 / 100., 1., 0.5, 1.)
    }

    fn display(text: &str) -> DisplayText {
        let rules = CellRules {
            tab_size: 4,
            marks: Marks::default(),
        };
        DisplayText::new(text, LinePlace::default(), rules)
    }

    /// A line of tokens, each in a style of its own and the chosen ones apart from the others, with
    /// the glyphs that are painted: where, of which byte and in which colour.
    fn segment(tokens: &[(&str, bool)]) -> (ShapedSegment, Vec<(Pixels, usize, Hsla)>) {
        let mut text = String::new();
        let mut styles = Vec::new();
        let mut boundaries = Boundaries::default();
        for (number, (token, apart)) in tokens.iter().enumerate() {
            let start = text.len();
            text.push_str(token);
            styles.push(style(token.len(), number));
            if *apart {
                boundaries.isolates.push(start..text.len());
            }
        }
        let order = visual_runs(&text, &boundaries);
        let mut painted = Vec::new();
        let segment =
            ShapedSegment::of_both_directions(display(&text), &styles, &order, |text, runs| {
                assert_eq!(runs.iter().map(|run| run.len).sum::<usize>(), text.len());
                let line = shape(&text);
                // As gpui paints: the styles are gone through once, from left to right.
                let (mut run, mut end) = (0, runs[0].len);
                for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
                    while glyph.index >= end {
                        run += 1;
                        end += runs[run].len;
                    }
                    painted.push((glyph.position.x, glyph.index, runs[run].color));
                }
                line
            });
        let mut painted = painted.into_iter();
        let mut glyphs = Vec::new();
        let drawn = stretches(&text, &styles, &order).into_iter();
        let drawn = drawn.filter(|stretch| !stretch.range.is_empty());
        for (piece, stretch) in segment.pieces.iter().zip(drawn) {
            let lead = stretch.marks().0.len();
            for _ in piece.line.runs.iter().flat_map(|run| &run.glyphs) {
                let (x, index, color) = painted.next().unwrap();
                glyphs.push((piece.x + x, stretch.range.start + index - lead, color));
            }
        }
        (segment, glyphs)
    }

    #[test]
    fn a_string_and_a_comment_keep_their_places_and_colours() {
        let (segment, glyphs) = segment(&[
            ("let x = ", false),
            ("\"אבג\"", true),
            ("; ", false),
            ("// דהו here", true),
        ]);
        let text = segment.display.text.clone();
        let seen: String = glyphs
            .iter()
            .filter_map(|(_, index, _)| text[*index..].chars().next())
            .collect();
        assert_eq!(seen, "let x = \"גבא\"; // והד here");
        let colors: Vec<_> = glyphs.iter().map(|(.., color)| *color).collect();
        let wanted = [(8, 0), (5, 1), (2, 2), (11, 3)];
        let wanted: Vec<_> = wanted
            .iter()
            .flat_map(|(len, number)| std::iter::repeat_n(color(*number), *len))
            .collect();
        assert_eq!(colors, wanted);
        // The caret goes to the left through the string, and is at its two ends in between.
        let x = |column: usize| f32::from(segment.x_for_column(column)) / CELL;
        assert_eq!([8, 9, 11, 13, 15, 16].map(x), [8., 9., 11., 10., 12., 13.]);
    }

    #[test]
    fn letters_that_join_are_shaped_together_and_marks_by_themselves() {
        let text = "سلام, עם (a)";
        let order = visual_runs(text, &Boundaries::default());
        let cut = stretches(text, &[style(text.len(), 0)], &order);
        let cut: Vec<_> = cut.iter().map(|one| &text[one.range.clone()]).collect();
        assert_eq!(cut, ["עם", " ", ",", "سلام", " (a)"]);
    }

    #[test]
    fn a_row_that_is_made_to_be_costly_is_shaped_in_few_calls() {
        for (part, is_ordered) in [("א", true), ("אב גד ", true), ("aא", false), ("א;", false)]
        {
            let text = part.repeat(4096 / part.len());
            let order = visual_runs(&text, &Boundaries::default());
            let mut calls = 0;
            let styles = [style(text.len(), 0)];
            let segment =
                ShapedSegment::of_both_directions(display(&text), &styles, &order, |text, _| {
                    calls += 1;
                    match is_ordered {
                        true => shape(&text),
                        false => ShapedLine::default(),
                    }
                });
            assert_eq!(segment.pieces.len(), calls);
            assert!(calls <= 2, "{calls} of {part}");
        }
    }

    #[test]
    fn what_is_selected_of_both_directions_is_in_two_parts() {
        let (segment, _) = segment(&[("ab אבג cd", false)]);
        let spans = segment.spans(1..5);
        let cells = spans
            .iter()
            .map(|(left, right)| (f32::from(*left) / CELL, f32::from(*right) / CELL));
        assert_eq!(cells.collect::<Vec<_>>(), [(1., 3.), (5., 6.)]);
    }

    proptest! {
        #[test]
        fn glyphs_carets_and_order_agree(
            tokens in prop::collection::vec(("[abאבגשלعل٣1. ,()\"]{1,6}", any::<bool>()), 1..8),
        ) {
            let tokens: Vec<_> = tokens.iter().map(|(token, apart)| (token.as_str(), *apart)).collect();
            let (segment, mut glyphs) = segment(&tokens);
            let text = segment.display.text.clone();

            // Each glyph has the colour of its byte.
            let mut ends = Vec::new();
            for (token, _) in &tokens {
                ends.push(ends.last().copied().unwrap_or(0) + token.len());
            }
            for (_, index, painted) in &glyphs {
                let token = ends.partition_point(|end| end <= index);
                prop_assert_eq!(*painted, color(token), "byte {} of {:?}", index, text);
            }

            // The order is that of the standard with the tokens isolated.
            let isolated: String = tokens
                .iter()
                .map(|(token, apart)| match apart {
                    true => format!("\u{2066}{token}\u{2069}"),
                    false => (*token).to_owned(),
                })
                .collect();
            let order = BidiInfo::new(&isolated, Some(Level::ltr()));
            let wanted = order.reorder_line(&order.paragraphs[0], 0..isolated.len());
            let wanted = wanted.replace(['\u{2066}', '\u{2069}'], "");
            glyphs.sort_by(|one, other| one.0.partial_cmp(&other.0).unwrap());
            let seen: String = glyphs.iter().filter_map(|(_, index, _)| text[*index..].chars().next()).collect();
            prop_assert_eq!(seen, wanted);
            for (place, (x, ..)) in glyphs.iter().enumerate() {
                prop_assert_eq!(*x, px(CELL * place as f32));
            }

            // Every place in the text has one on the screen, and the other way round.
            let mut places = Vec::new();
            for (index, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let x = segment.x_for_column(index);
                prop_assert_eq!(segment.column_for_x(x), index, "{:?}", text);
                prop_assert_eq!(segment.column_for_x(x + px(3.)), index);
                prop_assert_eq!(segment.column_for_x(x - px(3.)), index);
                places.push(x);
            }
            places.sort_by(|one, other| one.partial_cmp(other).unwrap());
            for (place, x) in places.iter().enumerate() {
                prop_assert_eq!(*x, px(CELL * place as f32));
            }

            // What a range covers is where its glyphs are.
            for (start, _) in text.char_indices() {
                let spans = segment.spans(start..text.len());
                for (x, index, _) in &glyphs {
                    let middle = *x + px(CELL / 2.);
                    let covered = spans.iter().any(|(left, right)| *left < middle && middle < *right);
                    prop_assert_eq!(covered, *index >= start);
                }
            }
        }
    }
}
