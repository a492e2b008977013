//! A shaped stretch of one line, and where its characters are.

use std::ops::Range;

use gpui_kit::{App, Pixels, Point, ShapedLine, TextAlign, Window, px};
use smallvec::SmallVec;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::display_text::DisplayText;

/// Text that has been shaped, with a table of caret positions that also holds for ligatures,
/// combining characters and right-to-left runs.
#[derive(Debug)]
pub(crate) struct ShapedSegment {
    line: ShapedLine,
    display: DisplayText,
    /// By position in the display text.
    clusters: Vec<Cluster>,
    has_right_to_left: bool,
    has_background: bool,
}

/// The smallest stretch of display text that the font draws as a unit.
#[derive(Debug)]
struct Cluster {
    start: usize,
    end: usize,
    left: Pixels,
    right: Pixels,
    right_to_left: bool,
}

/// Put before a line that begins with right-to-left text, so that the line as a whole still runs from
/// left to right, as code does (UAX #9, LRM). It takes no space.
pub(crate) const LEFT_TO_RIGHT_MARK: &str = "\u{200e}";

/// Whether a line needs [`LEFT_TO_RIGHT_MARK`]: its first letter runs from right to left.
pub(crate) fn needs_mark(text: &str) -> bool {
    !text.is_ascii()
        && text
            .chars()
            .find(|character| character.is_alphabetic())
            .is_some_and(is_right_to_left)
}

impl ShapedSegment {
    /// `line` is the shaped text of `display`, with [`LEFT_TO_RIGHT_MARK`] before it if `marked`.
    pub(crate) fn new(
        line: ShapedLine,
        display: DisplayText,
        marked: bool,
        has_background: bool,
    ) -> Self {
        let lead = if marked { LEFT_TO_RIGHT_MARK.len() } else { 0 };
        let clusters = clusters(&line, &display.text, lead);
        let has_right_to_left = clusters.iter().any(|cluster| cluster.right_to_left);
        Self {
            line,
            display,
            clusters,
            has_right_to_left,
            has_background,
        }
    }

    pub(crate) fn width(&self) -> Pixels {
        self.line.width()
    }

    /// Where a caret stands before the source byte `column` of this stretch.
    pub(crate) fn x_for_column(&self, column: usize) -> Pixels {
        self.x_for_display(self.display.to_display(column))
    }

    fn x_for_display(&self, index: usize) -> Pixels {
        if index >= self.display.text.len() {
            return self.width();
        }
        let next = self
            .clusters
            .partition_point(|cluster| cluster.start <= index);
        let Some(cluster) = next.checked_sub(1).map(|last| &self.clusters[last]) else {
            return px(0.);
        };
        let fraction = cluster.fraction_before(&self.display.text, index.min(cluster.end));
        let width = cluster.right - cluster.left;
        if cluster.right_to_left {
            cluster.right - width * fraction
        } else {
            cluster.left + width * fraction
        }
    }

    /// The source byte nearest to `x`.
    pub(crate) fn column_for_x(&self, x: Pixels) -> usize {
        self.display.to_source(self.display_for_x(x))
    }

    fn display_for_x(&self, x: Pixels) -> usize {
        if x >= self.width() {
            return self.display.text.len();
        }
        let hit = if self.has_right_to_left {
            self.clusters
                .iter()
                .find(|cluster| cluster.left <= x && x < cluster.right)
        } else {
            let next = self.clusters.partition_point(|cluster| cluster.left <= x);
            next.checked_sub(1).map(|last| &self.clusters[last])
        };
        let Some(cluster) = hit else {
            return 0;
        };
        let width = cluster.right - cluster.left;
        if width <= px(0.) {
            return cluster.start;
        }
        let mut fraction = (x - cluster.left) / width;
        if cluster.right_to_left {
            fraction = 1. - fraction;
        }
        cluster.index_at(&self.display.text, fraction)
    }

    /// The stretches of pixels that the source range covers, left to right. More than one only where
    /// right-to-left text is partly covered.
    pub(crate) fn spans(&self, range: Range<usize>) -> SmallVec<[(Pixels, Pixels); 1]> {
        let start = self.display.to_display(range.start);
        let end = self.display.to_display(range.end);
        let mut spans = SmallVec::new();
        if !self.has_right_to_left {
            spans.push((self.x_for_display(start), self.x_for_display(end)));
            return spans;
        }
        let mut covered: Vec<(Pixels, Pixels)> = self
            .clusters
            .iter()
            .filter(|cluster| cluster.start < end && cluster.end > start)
            .map(|cluster| (cluster.left, cluster.right))
            .collect();
        covered.sort_by(|left, right| {
            left.0
                .partial_cmp(&right.0)
                .unwrap_or(std::cmp::Ordering::Equal)
        });
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
        if self.has_background
            && let Err(error) =
                self.line
                    .paint_background(origin, line_height, TextAlign::Left, None, window, cx)
        {
            log_paint_error(&error);
        }
        if let Err(error) = self
            .line
            .paint(origin, line_height, TextAlign::Left, None, window, cx)
        {
            log_paint_error(&error);
        }
    }
}

fn log_paint_error(error: &dyn std::fmt::Display) {
    tracing::warn!("a line of text could not be painted: {error}");
}

impl Cluster {
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

fn clusters(line: &ShapedLine, text: &str, lead: usize) -> Vec<Cluster> {
    // Glyphs come in visual order; glyphs of one cluster share its index.
    let mut visual: Vec<(usize, Pixels)> = Vec::with_capacity(text.len());
    for glyph in line.runs.iter().flat_map(|run| &run.glyphs) {
        let Some(at) = glyph.index.checked_sub(lead) else {
            continue;
        };
        match visual.last() {
            Some((index, _)) if *index == at => {}
            _ => visual.push((at, glyph.position.x)),
        }
    }
    let mut clusters: Vec<Cluster> = Vec::with_capacity(visual.len());
    for (order, (index, left)) in visual.iter().enumerate() {
        let right = visual
            .get(order + 1)
            .map_or(line.width(), |(_, next)| *next);
        let before = order.checked_sub(1).map(|order| visual[order].0);
        let after = visual.get(order + 1).map(|(next, _)| *next);
        let first = text.get(*index..).and_then(|rest| rest.chars().next());
        clusters.push(Cluster {
            start: *index,
            end: text.len(),
            left: *left,
            right: right.max(*left),
            right_to_left: first.is_some_and(is_right_to_left)
                || before.is_some_and(|before| before > *index)
                || after.is_some_and(|after| after < *index),
        });
    }
    clusters.sort_by_key(|cluster| cluster.start);
    clusters.dedup_by(|later, earlier| {
        let same = later.start == earlier.start;
        if same {
            earlier.left = earlier.left.min(later.left);
            earlier.right = earlier.right.max(later.right);
        }
        same
    });
    for index in 1..clusters.len() {
        clusters[index - 1].end = clusters[index].start;
    }
    clusters
}

/// Letters of the scripts that run from right to left (Hebrew, Arabic, Syriac, Thaana, N'Ko and the
/// presentation forms).
fn is_right_to_left(character: char) -> bool {
    matches!(character as u32, 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefc | 0x10800..=0x10fff | 0x1e800..=0x1efff)
}
