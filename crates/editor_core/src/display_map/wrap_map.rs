//! The fourth layer: lines too wide for the view become several rows.
//!
//! Finding where to cut a line means measuring its text, so it is done in pieces, and elsewhere than
//! on the thread that draws: [`WrapMap::job`] gives a piece of work, [`WrapJob::run`] does it
//! anywhere, [`WrapMap::apply`] takes the result. Until then rows stand as they were before, or
//! uncut where the text is new, and every conversion holds.

use std::ops::Range;

use super::edit::{LayerEdit, merged, widened};
use super::extent::{Extent, TabPoint, WrapPoint};
use super::line_wrapper::{LineWrapper, Measure, WrapRule};
use super::spans::{Ends, Sides, Span, at_above, at_below, push, replace_below};
use super::sum_tree::{Item, Sum, SumTree};
use super::tab_map::TabSnapshot;
use crate::{Bias, Point};

/// Keeps the wrapped rows of a document.
#[derive(Debug, Clone)]
pub struct WrapMap {
    rule: Option<WrapRule>,
    /// Cuts made by the rule in force carry this number.
    generation: u32,
    /// Changes with everything that could make a piece of work stale.
    version: u64,
    snapshot: WrapSnapshot,
}

/// A document cut into rows, immutable.
#[derive(Clone)]
pub struct WrapSnapshot {
    tabs: TabSnapshot,
    tree: SumTree<WrapSpan>,
}

impl std::fmt::Debug for WrapSnapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("WrapSnapshot")
            .field("tabs", &self.tabs)
            .field("spans", &self.tree.len())
            .finish()
    }
}

#[derive(Clone, Debug, PartialEq)]
enum WrapSpan {
    /// Text, and the generation in which it was last cut; 0 where it never was.
    Text { extent: Extent, generation: u32 },
    /// A cut, and the indentation of the row after it.
    Cut { indent: u32 },
}

#[derive(Clone, Debug)]
struct WrapSum {
    sides: Sides,
    oldest: u32,
}

impl Default for WrapSum {
    fn default() -> Self {
        Self {
            sides: Sides::default(),
            oldest: u32::MAX,
        }
    }
}

impl Sum for WrapSum {
    fn add(&mut self, next: &Self) {
        self.sides.add(&next.sides);
        self.oldest = self.oldest.min(next.oldest);
    }
}

impl Ends for WrapSum {
    fn ends(&self) -> Sides {
        self.sides
    }
}

impl Item for WrapSpan {
    type Sum = WrapSum;

    fn sum(&self) -> WrapSum {
        match self {
            Self::Text { extent, generation } => WrapSum {
                sides: Sides::same(*extent),
                oldest: *generation,
            },
            Self::Cut { indent } => WrapSum {
                sides: Sides {
                    below: Extent::ZERO,
                    above: Extent::new(1, *indent),
                },
                oldest: u32::MAX,
            },
        }
    }
}

impl Span for WrapSpan {
    fn is_same(&self) -> bool {
        matches!(self, Self::Text { .. })
    }

    fn with_extent(&self, extent: Extent) -> Self {
        let generation = match self {
            Self::Text { generation, .. } => *generation,
            Self::Cut { .. } => 0,
        };
        Self::Text { extent, generation }
    }

    fn take_in(&mut self, next: &Self) -> bool {
        match (self, next) {
            (
                Self::Text { extent, generation },
                Self::Text {
                    extent: next,
                    generation: same,
                },
            ) if generation == same => {
                *extent = extent.then(*next);
                true
            }
            _ => false,
        }
    }
}

/// A piece of work: where to cut some lines.
#[derive(Debug, Clone)]
pub struct WrapJob {
    snapshot: WrapSnapshot,
    rule: WrapRule,
    generation: u32,
    version: u64,
    from: TabPoint,
    /// A row is to begin at `from`, in the middle of a line that is not cut up to there.
    begins_row: bool,
    /// Where the text that is not cut yet begins; not before `from`.
    stale: TabPoint,
    bytes: usize,
}

/// What a [`WrapJob`] found out.
#[derive(Debug, Clone)]
pub struct WrapPiece {
    version: u64,
    range: Range<TabPoint>,
    /// The indentation of the row that is to begin with the range, though the line is not cut up to
    /// there.
    begins_row: Option<u32>,
    cuts: Vec<(TabPoint, u32)>,
    /// Up to here, the text behind the range was cut by the rule in force, and is not any more:
    /// the cuts before it moved.
    stale_to: TabPoint,
}

impl WrapMap {
    /// The map of a document; without a rule no line is cut.
    pub fn new(tabs: TabSnapshot, rule: Option<WrapRule>) -> Self {
        let mut map = Self {
            rule,
            generation: 1,
            version: 0,
            snapshot: WrapSnapshot {
                tabs,
                tree: SumTree::default(),
            },
        };
        map.snapshot.tree = map.uncut();
        map
    }

    /// The layer as it is.
    pub fn snapshot(&self) -> &WrapSnapshot {
        &self.snapshot
    }

    /// The rule in force.
    pub fn rule(&self) -> Option<WrapRule> {
        self.rule
    }

    /// Whether some lines are still to be cut.
    pub fn is_stale(&self) -> bool {
        self.rule.is_some() && self.snapshot.tree.sum().oldest < self.generation
    }

    /// The whole document as one stretch: cut where there is nothing to cut, stale otherwise.
    fn uncut(&self) -> SumTree<WrapSpan> {
        let mut spans = Vec::new();
        let extent = Extent::between(Point::default(), self.snapshot.tabs.max_point().0);
        push(&mut spans, self.text(extent));
        SumTree::new(spans)
    }

    fn text(&self, extent: Extent) -> WrapSpan {
        WrapSpan::Text {
            extent,
            generation: if self.rule.is_some() {
                0
            } else {
                self.generation
            },
        }
    }

    /// Takes another rule. Rows stay as they are until they are cut anew, or become whole at once
    /// where there is no rule any more.
    pub fn set_rule(&mut self, rule: Option<WrapRule>) -> Vec<LayerEdit<WrapPoint>> {
        if self.rule == rule {
            return Vec::new();
        }
        self.version += 1;
        self.generation += 1;
        self.rule = rule;
        if rule.is_some() {
            return Vec::new();
        }
        let old = WrapPoint::default()..self.snapshot.max_point();
        self.snapshot.tree = self.uncut();
        vec![LayerEdit {
            old,
            new: WrapPoint::default()..self.snapshot.max_point(),
        }]
    }

    /// Follows the layer below. New text stands uncut until a job has cut it.
    pub fn sync(
        &mut self,
        tabs: TabSnapshot,
        edits: Vec<LayerEdit<TabPoint>>,
    ) -> Vec<LayerEdit<WrapPoint>> {
        let before = self.snapshot.clone();
        self.snapshot.tabs = tabs;
        if edits.is_empty() {
            return Vec::new();
        }
        self.version += 1;
        let edits = match self.rule {
            None => merged(edits),
            // A cut depends on the word behind it: the row before may change too. What is left of
            // the last row may now begin a line, or go on in another row.
            Some(_) => widened(edits, |range| {
                before.row_before(range.start)..before.row_end(range.end)
            }),
        };
        for edit in edits.iter().rev() {
            let mut middle = Vec::new();
            if let Some(indent) = before.cut_at(edit.old.start) {
                middle.push(WrapSpan::Cut { indent });
            }
            push(
                &mut middle,
                self.text(Extent::between(edit.new.start.0, edit.new.end.0)),
            );
            self.snapshot.tree = replace_below(
                &self.snapshot.tree,
                edit.old.start.0,
                edit.old.end.0,
                middle,
            );
        }
        edits
            .iter()
            .map(|edit| LayerEdit {
                old: before.to_wrap_point(edit.old.start)..before.to_wrap_point(edit.old.end),
                new: self.snapshot.to_wrap_point(edit.new.start)
                    ..self.snapshot.to_wrap_point(edit.new.end),
            })
            .collect()
    }

    /// The next piece of work, if there is any: about `bytes` of text that is not cut yet, from the
    /// row `near` of the layer below on where that is stale, else the first that is.
    pub fn job(&self, near: u32, bytes: usize) -> Option<WrapJob> {
        let job = self.job_from(near, bytes);
        job.or_else(|| self.job_from(0, bytes))
    }

    /// The next piece of work from the row `near` of the layer below on.
    pub fn job_from(&self, near: u32, bytes: usize) -> Option<WrapJob> {
        let rule = self.rule?;
        let tree = &self.snapshot.tree;
        if !self.is_stale() {
            return None;
        }
        let place = Point::new(near, 0);
        let first = at_below(tree, place, Bias::Right).map_or(0, |found| found.index);
        let index = self.stale_from(first)?;
        let item = tree.get(index);
        let start = item.start.sides.below.end();
        let end = item.end().sides.below.end();
        // In a long stretch the rows asked for come first.
        let from = if start < place && place < end {
            TabPoint(place)
        } else if start.column == 0 || self.is_cut_before(index) {
            TabPoint(start)
        } else {
            TabPoint::new(start.row, 0)
        };
        Some(WrapJob {
            snapshot: self.snapshot.clone(),
            rule,
            generation: self.generation,
            version: self.version,
            from,
            begins_row: false,
            stale: from.max(TabPoint(start)),
            bytes,
        })
    }

    /// The next piece of work for what is seen of the layer below, where a line that is not cut for
    /// more than `bytes` before it would have to be cut first: the rows that are seen stand there at
    /// once, as if one of them began at the start of what is seen. They give way to the right ones
    /// once the line is cut up to there.
    pub fn job_within_line(&self, seen: Range<TabPoint>, bytes: usize) -> Option<WrapJob> {
        let rule = self.rule?;
        if !self.is_stale() {
            return None;
        }
        let tree = &self.snapshot.tree;
        let first = at_below(tree, seen.start.0, Bias::Right)?.index;
        let index = self.stale_from(first)?;
        let start = TabPoint(tree.get(index).start.sides.below.end());
        let place = self.snapshot.tabs.clip(seen.start, Bias::Left);
        let (from, begins_row) = if start <= place {
            (place, self.is_far_from_cut(index, place, bytes))
        } else {
            // What was cut before ends within what is seen.
            (start, false)
        };
        let goes_on = start > place && start < seen.end && self.is_cut_before(index);
        (begins_row || goes_on).then(|| WrapJob {
            snapshot: self.snapshot.clone(),
            rule,
            generation: self.generation,
            version: self.version,
            from,
            begins_row,
            stale: from,
            bytes,
        })
    }

    /// Whether there are more than `bytes` in the line before a place, which is in the stretch at
    /// `index`, behind the last one that the rule in force cut. Rows that an earlier rule cut stand
    /// there as they were, and are as much to be cut anew as a line that is in one piece.
    fn is_far_from_cut(&self, index: usize, place: TabPoint, bytes: usize) -> bool {
        let tree = &self.snapshot.tree;
        let mut index = index;
        loop {
            let start = TabPoint(tree.get(index).start.sides.below.end());
            let before = match start.row() < place.row() {
                true => place.column(),
                false => place.column() - start.column(),
            };
            if before as usize > bytes {
                return true;
            }
            let at_line_start = start.row() < place.row() || start.column() == 0;
            let Some(above) = index.checked_sub(1).filter(|_| !at_line_start) else {
                return false;
            };
            if let Some(WrapSpan::Text { generation, .. }) = tree.get(above).item
                && *generation == self.generation
            {
                return false;
            }
            index = above;
        }
    }

    /// Whether all of a part of the layer below is cut by the rule in force, or there is none.
    pub fn is_cut(&self, part: Range<TabPoint>) -> bool {
        let tree = &self.snapshot.tree;
        let first = at_below(tree, part.start.0, Bias::Right).map(|found| found.index);
        let stale = first.and_then(|first| self.stale_from(first));
        stale.is_none_or(|stale| tree.get(stale).start.sides.below.end() >= part.end.0)
    }

    fn stale_from(&self, index: usize) -> Option<usize> {
        let generation = self.generation;
        self.snapshot
            .tree
            .first_from(index, |sum| sum.oldest < generation)
    }

    /// Whether a stretch begins right after a cut that the rule in force made.
    fn is_cut_before(&self, index: usize) -> bool {
        let span = |back: usize| {
            let index = index.checked_sub(back)?;
            self.snapshot.tree.get(index).item
        };
        matches!(span(1), Some(WrapSpan::Cut { .. }))
            && matches!(span(2), Some(WrapSpan::Text { generation, .. }) if *generation == self.generation)
    }

    /// Takes what a job found out; none where the document or the rule has changed since it began,
    /// so that its work has to be done again.
    pub fn apply(&mut self, piece: WrapPiece) -> Option<LayerEdit<WrapPoint>> {
        if piece.version != self.version {
            return None;
        }
        self.version += 1;
        let before = self.snapshot.clone();
        let Range { start, end } = piece.range;
        let stale_to = piece.stale_to;
        let mut middle = Vec::with_capacity(piece.cuts.len() * 2 + 2);
        // A row that is to begin here ends another, which is another then, too.
        let mut from = start;
        if let Some(indent) = before.cut_at(start) {
            middle.push(WrapSpan::Cut { indent });
        } else if let Some(indent) = piece.begins_row {
            middle.push(WrapSpan::Cut { indent });
            from = TabPoint::new(start.row(), 0);
        }
        let mut at = start;
        for (cut, indent) in piece.cuts {
            push(&mut middle, self.fresh(at, cut));
            middle.push(WrapSpan::Cut { indent });
            at = cut;
        }
        push(&mut middle, self.fresh(at, end));
        push(&mut middle, self.text(Extent::between(end.0, stale_to.0)));
        self.snapshot.tree = replace_below(&self.snapshot.tree, start.0, stale_to.0, middle);
        Some(LayerEdit {
            old: before.to_wrap_point(from)..before.to_wrap_point(stale_to),
            new: self.snapshot.to_wrap_point(from)..self.snapshot.to_wrap_point(stale_to),
        })
    }

    fn fresh(&self, from: TabPoint, to: TabPoint) -> WrapSpan {
        WrapSpan::Text {
            extent: Extent::between(from.0, to.0),
            generation: self.generation,
        }
    }
}

impl WrapJob {
    /// Whether this is the work that another job does already.
    pub fn is_same(&self, other: &Self) -> bool {
        self.version == other.version && self.stale == other.stale
    }

    /// Does the work. Pure, and takes about as long as its bytes need to be measured.
    pub fn run(&self, measure: &dyn Measure) -> WrapPiece {
        let tabs = &self.snapshot.tabs;
        let rows = tabs.row_count();
        let mut cuts = Vec::new();
        let mut done = 0;
        let mut at = self.from;
        let mut stale_to = TabPoint::default();
        let begins_row = self
            .begins_row
            .then(|| LineWrapper::new(tabs, self.rule, measure, at.row()).indent());
        let end = 'rows: loop {
            if at.row() >= rows {
                break tabs.max_point();
            }
            let mut line = LineWrapper::new(tabs, self.rule, measure, at.row());
            loop {
                if at > self.stale {
                    if self.is_fresh_start(at, line.indent()) {
                        break 'rows at;
                    }
                    if done >= self.bytes {
                        stale_to = self.end_of_stretch(at);
                        break 'rows at;
                    }
                }
                match line.next_break(at.column()) {
                    Some(cut) => {
                        done += (cut.column() - at.column()) as usize;
                        cuts.push((cut, line.indent()));
                        at = cut;
                    }
                    None => {
                        done += line.len().saturating_sub(at.column()) as usize + 1;
                        at = TabPoint::new(at.row() + 1, 0);
                        break;
                    }
                }
            }
        };
        WrapPiece {
            version: self.version,
            range: self.from..end,
            begins_row,
            cuts,
            stale_to: stale_to.max(end),
        }
    }

    /// Where the line that a place is in is cut next, or ends, as far as is known.
    fn end_of_stretch(&self, place: TabPoint) -> TabPoint {
        let line_end = TabPoint::new(place.row(), self.snapshot.tabs.row_len(place.row()));
        match at_below(&self.snapshot.tree, place.0, Bias::Right) {
            Some(found) => TabPoint(found.end.below.end()).min(line_end).max(place),
            None => place,
        }
    }

    /// Whether a row with this indentation starts here already, and what follows it is cut by the
    /// rule in force.
    fn is_fresh_start(&self, place: TabPoint, indent: u32) -> bool {
        match at_below(&self.snapshot.tree, place.0, Bias::Right) {
            Some(found) => match found.span {
                WrapSpan::Text { generation, .. } => {
                    *generation == self.generation
                        && (place.column() == 0 || self.snapshot.cut_at(place) == Some(indent))
                }
                WrapSpan::Cut { .. } => false,
            },
            None => false,
        }
    }
}

impl WrapSnapshot {
    /// The layer below.
    pub fn tabs(&self) -> &TabSnapshot {
        &self.tabs
    }

    /// The end of the layer's text.
    pub fn max_point(&self) -> WrapPoint {
        WrapPoint(self.tree.sum().sides.above.end())
    }

    /// The rows of the layer, at least 1.
    pub fn row_count(&self) -> u32 {
        self.max_point().row() + 1
    }

    /// Where a place below is; at a cut, the start of the row after it.
    pub fn to_wrap_point(&self, place: TabPoint) -> WrapPoint {
        match at_below(&self.tree, place.0, Bias::Right) {
            Some(found) => WrapPoint(found.rise(place.0)),
            None => self.max_point(),
        }
    }

    /// The place below. The indentation of a row that continues a line, and what lies behind the end
    /// of the row before it, is the cut between them.
    pub fn to_tab_point(&self, place: WrapPoint) -> TabPoint {
        match at_above(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() => TabPoint(found.sink(place.0)),
            Some(found) => TabPoint(found.start.below.end()),
            None => self.tabs.max_point(),
        }
    }

    /// The nearest place where a caret can stand.
    pub fn clip(&self, place: WrapPoint, bias: Bias) -> WrapPoint {
        self.to_wrap_point(self.tabs.clip(self.to_tab_point(place), bias))
    }

    /// The part of the layer below that a row shows.
    pub fn row_range(&self, row: u32) -> Range<TabPoint> {
        let start = self.to_tab_point(WrapPoint::new(row, 0));
        let next = self.to_tab_point(WrapPoint::new(row + 1, 0));
        if row + 1 < self.row_count() && next.row() == start.row() {
            start..next
        } else {
            start..TabPoint::new(start.row(), self.tabs.row_len(start.row()))
        }
    }

    /// Whether a row goes on with the line of the row before it.
    pub fn is_continuation(&self, row: u32) -> bool {
        self.to_tab_point(WrapPoint::new(row, 0)).column() > 0
    }

    /// Cells of the indentation that a continuation row begins with; 0 for a line's first row.
    pub fn indent(&self, row: u32) -> u32 {
        let start = self.to_tab_point(WrapPoint::new(row, 0));
        self.to_wrap_point(start).column()
    }

    /// The indentation after the cut at a place, if there is one.
    fn cut_at(&self, place: TabPoint) -> Option<u32> {
        let found = at_below(&self.tree, place.0, Bias::Right);
        let index = match found {
            Some(found) if found.start.below.end() == place.0 => found.index,
            Some(_) => return None,
            None => self.tree.len(),
        };
        match self.tree.get(index.checked_sub(1)?).item {
            Some(WrapSpan::Cut { indent }) => Some(*indent),
            _ => None,
        }
    }

    /// The end of the row that shows a place.
    fn row_end(&self, place: TabPoint) -> TabPoint {
        self.row_range(self.to_wrap_point(place).row())
            .end
            .max(place)
    }

    /// The start of the row before the one that shows a place, in the same line.
    fn row_before(&self, place: TabPoint) -> TabPoint {
        let row = self.to_wrap_point(place).row();
        let start = |row| self.to_tab_point(WrapPoint::new(row, 0));
        match row.checked_sub(1).map(start) {
            Some(before) if before.row() == place.row() => match row.checked_sub(2).map(start) {
                Some(earlier) if earlier.row() == place.row() => earlier,
                _ => TabPoint::new(place.row(), 0),
            },
            _ => TabPoint::new(place.row(), 0),
        }
    }
}
