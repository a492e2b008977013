//! The first layer: text that is shown and is not in the document, such as type hints.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::edit::LayerEdit;
use super::extent::{Extent, InlayPoint, after};
use super::spans::{Sides, Span, at_above, at_below, is_same_between, push, replace_below};
use super::sum_tree::{Item, Sum as _, SumTree};
use crate::{Bias, ChangeSet, Point, Text};

/// More edits than this in one change are followed as one that reaches over all of them: every layer
/// works for each edit.
const MANY_EDITS: usize = 256;

/// Names an inlay of one display map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InlayId(pub u64);

/// Text that is shown at a place of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inlay {
    /// Its name, not used by another inlay of the map.
    pub id: InlayId,
    /// The byte of the document before which it is shown.
    pub offset: usize,
    /// On which side of text typed at its place it goes.
    pub bias: Bias,
    /// What is shown, in one row: line feeds are shown as spaces.
    pub text: Arc<str>,
}

/// Where a piece of a row comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The document: the bytes of the piece.
    Text(Range<usize>),
    /// An inlay.
    Inlay {
        /// Which.
        id: InlayId,
        /// The byte of the document that it stands before.
        at: usize,
        /// The bytes of its text that the piece is.
        bytes: Range<usize>,
    },
    /// The placeholder of folded bytes.
    Fold(Range<usize>),
}

/// Keeps the inlays of a document.
#[derive(Debug, Clone)]
pub struct InlayMap {
    /// By offset; those at one offset in the order shown.
    inlays: Vec<Inlay>,
    snapshot: InlaySnapshot,
}

/// A document with inlays in it, immutable.
#[derive(Clone)]
pub struct InlaySnapshot {
    text: Text,
    tree: SumTree<InlaySpan>,
}

impl std::fmt::Debug for InlaySnapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("InlaySnapshot")
            .field("text", &self.text)
            .field("spans", &self.tree.len())
            .finish()
    }
}

#[derive(Clone, Debug)]
enum InlaySpan {
    Text(Extent),
    Inlay { id: InlayId, text: Arc<str> },
}

impl Item for InlaySpan {
    type Sum = Sides;

    fn sum(&self) -> Sides {
        match self {
            Self::Text(extent) => Sides::same(*extent),
            Self::Inlay { text, .. } => Sides {
                below: Extent::ZERO,
                above: Extent::of(text),
            },
        }
    }
}

impl Span for InlaySpan {
    fn is_same(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    fn with_extent(&self, extent: Extent) -> Self {
        Self::Text(extent)
    }

    fn take_in(&mut self, next: &Self) -> bool {
        match (self, next) {
            (Self::Text(extent), Self::Text(next)) => {
                *extent = extent.then(*next);
                true
            }
            _ => false,
        }
    }
}

impl InlayMap {
    /// The map of a document without inlays.
    pub fn new(text: Text) -> Self {
        let whole = Extent::between(Default::default(), text.offset_to_point(text.len()));
        let mut spans = Vec::new();
        push(&mut spans, InlaySpan::Text(whole));
        Self {
            inlays: Vec::new(),
            snapshot: InlaySnapshot {
                text,
                tree: SumTree::new(spans),
            },
        }
    }

    /// The layer as it is.
    pub fn snapshot(&self) -> &InlaySnapshot {
        &self.snapshot
    }

    /// The inlays in the order of the document.
    pub fn inlays(&self) -> &[Inlay] {
        &self.inlays
    }

    /// Follows a change of the document to `text`. Inlays inside deleted text go; the others stay
    /// where they are, before the text that takes the place of what they stood before, and beside
    /// typed text as their bias says.
    pub fn sync(&mut self, text: Text, changes: &ChangeSet) -> Vec<LayerEdit<InlayPoint>> {
        let before = self.snapshot.clone();
        if changes.is_empty() {
            self.snapshot.text = text;
            return Vec::new();
        }
        if !self.inlays.is_empty() {
            let deleted: Vec<Range<usize>> = changes.edits().map(|edit| edit.old_range).collect();
            self.inlays.retain(|inlay| {
                let next = deleted.partition_point(|range| range.end <= inlay.offset);
                deleted
                    .get(next)
                    .is_none_or(|range| inlay.offset <= range.start)
            });
            let is_replaced = |offset: usize| {
                let at = deleted.partition_point(|range| range.end <= offset);
                let range = deleted.get(at);
                range.is_some_and(|range| range.start == offset && !range.is_empty())
            };
            let places = self.inlays.iter().map(|inlay| {
                let bias = match is_replaced(inlay.offset) {
                    true => Bias::Left,
                    false => inlay.bias,
                };
                (inlay.offset, bias)
            });
            let moved = changes.map_sorted(places);
            for (inlay, offset) in self.inlays.iter_mut().zip(moved) {
                inlay.offset = offset;
            }
            // At one place, what stays before typed text goes before what goes after it.
            self.inlays.sort_by_key(|inlay| inlay.offset);
        }
        let mut ranges: Vec<_> = changes
            .edits()
            .map(|edit| (edit.old_range, edit.new_range))
            .collect();
        if ranges.len() > MANY_EDITS
            && let (Some(first), Some(last)) = (ranges.first(), ranges.last())
        {
            ranges = vec![(first.0.start..last.0.end, first.1.start..last.1.end)];
        }
        self.rebuild(before, text, &ranges)
    }

    /// Takes inlays away and puts others in; ids that are not there are passed over.
    pub fn splice(&mut self, remove: &[InlayId], insert: Vec<Inlay>) -> Vec<LayerEdit<InlayPoint>> {
        let before = self.snapshot.clone();
        let text = before.text.clone();
        let mut places: Vec<usize> = Vec::with_capacity(remove.len() + insert.len());
        if !remove.is_empty() {
            let mut gone = remove.to_vec();
            gone.sort_unstable();
            self.inlays.retain(|inlay| {
                let stays = gone.binary_search(&inlay.id).is_err();
                if !stays {
                    places.push(inlay.offset);
                }
                stays
            });
        }
        for mut inlay in insert {
            inlay.offset = text.floor_char_boundary(inlay.offset);
            inlay.text = one_row(&inlay.text);
            places.push(inlay.offset);
            self.inlays.push(inlay);
        }
        self.inlays.sort_by_key(|inlay| inlay.offset);
        places.sort_unstable();
        places.dedup();
        let ranges: Vec<_> = places.into_iter().map(|at| (at..at, at..at)).collect();
        self.rebuild(before, text, &ranges)
    }

    /// Rebuilds the replaced ranges (before and after, in bytes of the document).
    fn rebuild(
        &mut self,
        before: InlaySnapshot,
        text: Text,
        ranges: &[(Range<usize>, Range<usize>)],
    ) -> Vec<LayerEdit<InlayPoint>> {
        // From the last to the first, so that what lies before keeps its coordinates.
        for (old, new) in ranges.iter().rev() {
            let mut middle = Vec::new();
            let first = self
                .inlays
                .partition_point(|inlay| inlay.offset < new.start);
            let mut at = text.offset_to_point(new.start);
            for inlay in self.inlays[first..]
                .iter()
                .take_while(|inlay| inlay.offset <= new.end)
            {
                let place = text.offset_to_point(inlay.offset);
                push(&mut middle, InlaySpan::Text(Extent::between(at, place)));
                middle.push(InlaySpan::Inlay {
                    id: inlay.id,
                    text: inlay.text.clone(),
                });
                at = place;
            }
            let end = text.offset_to_point(new.end);
            push(&mut middle, InlaySpan::Text(Extent::between(at, end)));
            self.snapshot.tree = replace_below(
                &self.snapshot.tree,
                before.text.offset_to_point(old.start),
                before.text.offset_to_point(old.end),
                middle,
            );
        }
        self.snapshot.text = text;
        let now = &self.snapshot;
        ranges
            .iter()
            .map(|(old, new)| LayerEdit {
                old: before.to_inlay_point(old.start, Bias::Left)
                    ..before.to_inlay_point(old.end, Bias::Right),
                new: now.to_inlay_point(new.start, Bias::Left)
                    ..now.to_inlay_point(new.end, Bias::Right),
            })
            .collect()
    }
}

impl InlaySnapshot {
    /// The document below.
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The end of the layer's text.
    pub fn max_point(&self) -> InlayPoint {
        InlayPoint(self.tree.sum().above.end())
    }

    /// Where a byte of the document is. Where inlays stand there, [`Bias::Left`] is before them and
    /// [`Bias::Right`] after them.
    pub fn to_inlay_point(&self, offset: usize, bias: Bias) -> InlayPoint {
        let point = self.text.offset_to_point(offset);
        match at_below(&self.tree, point, bias) {
            Some(found) if found.span.is_same() => InlayPoint(found.rise(point)),
            Some(found) => InlayPoint(found.start.above.end()),
            None => self.max_point(),
        }
    }

    /// The byte of the document at a place; a place in an inlay is where the inlay stands. A column
    /// past the row's end means its end.
    pub fn to_offset(&self, place: InlayPoint) -> usize {
        match at_above(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() => self.text.point_to_offset(found.sink(place.0)),
            Some(found) => self.text.point_to_offset(found.start.below.end()),
            None => self.text.len(),
        }
    }

    /// The nearest place where a caret can stand: not inside an inlay or a character, not past a
    /// row's end.
    pub fn clip(&self, place: InlayPoint, bias: Bias) -> InlayPoint {
        match at_above(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() => {
                let below = found.sink(place.0);
                let offset = self.text.point_to_offset(below);
                let point = self.text.offset_to_point(offset);
                let offset = match bias {
                    // The start of the character, or the end of the row, is before the place.
                    Bias::Left => offset,
                    Bias::Right
                        if point.row == below.row
                            && offset < self.text.line_end(point.row as usize)
                            && point < below =>
                    {
                        self.text.ceil_char_boundary(offset + 1)
                    }
                    Bias::Right => offset,
                };
                InlayPoint(found.rise(self.text.offset_to_point(offset)))
            }
            Some(found) if place.0 == found.start.above.end() => place,
            Some(found) => InlayPoint(match bias {
                Bias::Left => found.start.above.end(),
                Bias::Right => found.end.above.end(),
            }),
            None => self.max_point(),
        }
    }

    /// The rows of the layer, at least 1.
    pub fn row_count(&self) -> u32 {
        self.max_point().row() + 1
    }

    /// Whether a range lies in one stretch of the document.
    pub(super) fn is_text(&self, range: &Range<InlayPoint>) -> bool {
        is_same_between(&self.tree, range.start.0, range.end.0)
    }

    /// Visits the pieces of a range in order, until `visit` breaks off. No piece holds bytes of two
    /// sources.
    pub fn visit(
        &self,
        range: Range<InlayPoint>,
        visit: &mut dyn FnMut(&str, Source) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let Some(first) = at_above(&self.tree, range.start.0, Bias::Right) else {
            return ControlFlow::Continue(());
        };
        let mut start = first.start;
        for span in self.tree.iter_from(first.index) {
            if start.above.end() >= range.end.0 {
                break;
            }
            let mut end = start;
            end.add(&span.sum());
            let from = range.start.0.max(start.above.end());
            let to = range.end.0.min(end.above.end());
            match span {
                InlaySpan::Text(_) => {
                    let below = |place| {
                        let rest = Extent::between(start.above.end(), place);
                        let point = after(start.below.end(), rest);
                        self.text.point_to_offset(point)
                    };
                    let mut offset = below(from);
                    for chunk in self.text.chunks(offset..below(to)) {
                        let bytes = offset..offset + chunk.len();
                        offset = bytes.end;
                        visit(chunk, Source::Text(bytes))?;
                    }
                }
                InlaySpan::Inlay { id, text } => {
                    let at = self.text.point_to_offset(start.below.end());
                    let piece = piece_of(text, start.above.end(), from..to);
                    let first = piece.as_ptr() as usize - text.as_ptr() as usize;
                    let bytes = first..first + piece.len();
                    visit(piece, Source::Inlay { id: *id, at, bytes })?;
                }
            }
            start = end;
        }
        ControlFlow::Continue(())
    }
}

/// A text without line feeds.
pub(crate) fn one_row(text: &Arc<str>) -> Arc<str> {
    if text.contains('\n') {
        Arc::from(text.replace('\n', " "))
    } else {
        text.clone()
    }
}

/// The part of a text in one row that starts at `start`, within a range of places.
pub(crate) fn piece_of(text: &str, start: Point, range: Range<Point>) -> &str {
    let index = |place: Point| {
        let mut index = (place.column.saturating_sub(start.column) as usize).min(text.len());
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let from = index(range.start);
    &text[from..index(range.end).max(from)]
}
