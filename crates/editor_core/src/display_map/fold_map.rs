//! The second layer: ranges of the document that are hidden behind a placeholder.

use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use super::edit::{LayerEdit, widened};
use super::extent::{Extent, FoldPoint, InlayPoint, after};
use super::inlay_map::{InlaySnapshot, Source, one_row, piece_of};
use super::spans::{Sides, Span, at_above, at_below, is_same_between, push, replace_below};
use super::sum_tree::{Item, Sum as _, SumTree};
use crate::{Bias, ChangeSet};

/// A range of the document that is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Bytes of the document.
    pub range: Range<usize>,
    /// What is shown in their place; one row.
    pub placeholder: Arc<str>,
}

impl Fold {
    /// A fold that shows `…`.
    pub fn new(range: Range<usize>) -> Self {
        Self {
            range,
            placeholder: Arc::from("…"),
        }
    }
}

/// Keeps the folds of a document. Folds may lie in each other; of several that overlap, one
/// placeholder is shown for all of them together, and unfolding the outer one leaves the inner.
#[derive(Debug, Clone)]
pub struct FoldMap {
    /// By start, the longer first.
    folds: Vec<Fold>,
    snapshot: FoldSnapshot,
}

/// A document with folds, immutable.
#[derive(Clone)]
pub struct FoldSnapshot {
    inlays: InlaySnapshot,
    tree: SumTree<FoldSpan>,
}

impl std::fmt::Debug for FoldSnapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FoldSnapshot")
            .field("inlays", &self.inlays)
            .field("spans", &self.tree.len())
            .finish()
    }
}

#[derive(Clone, Debug)]
enum FoldSpan {
    Text(Extent),
    Fold {
        hidden: Extent,
        placeholder: Arc<str>,
    },
}

impl Item for FoldSpan {
    type Sum = Sides;

    fn sum(&self) -> Sides {
        match self {
            Self::Text(extent) => Sides::same(*extent),
            Self::Fold {
                hidden,
                placeholder,
            } => Sides {
                below: *hidden,
                above: Extent::of(placeholder),
            },
        }
    }
}

impl Span for FoldSpan {
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

impl FoldMap {
    /// The map of a document without folds.
    pub fn new(inlays: InlaySnapshot) -> Self {
        let mut spans = Vec::new();
        let whole = Extent::between(Default::default(), inlays.max_point().0);
        push(&mut spans, FoldSpan::Text(whole));
        Self {
            folds: Vec::new(),
            snapshot: FoldSnapshot {
                inlays,
                tree: SumTree::new(spans),
            },
        }
    }

    /// The layer as it is.
    pub fn snapshot(&self) -> &FoldSnapshot {
        &self.snapshot
    }

    /// The folds by their start, also those inside others.
    pub fn folds(&self) -> &[Fold] {
        &self.folds
    }

    /// Follows the layer below. `changes` is the change of the document, if it changed. A fold whose
    /// text is deleted goes; text typed at its ends stays outside.
    pub fn sync(
        &mut self,
        inlays: InlaySnapshot,
        changes: Option<&ChangeSet>,
        edits: Vec<LayerEdit<InlayPoint>>,
    ) -> Vec<LayerEdit<FoldPoint>> {
        if let Some(changes) = changes.filter(|changes| !changes.is_empty()) {
            for fold in &mut self.folds {
                let start = changes.map_offset(fold.range.start, Bias::Right);
                let end = changes.map_offset(fold.range.end, Bias::Left);
                fold.range = start..end;
            }
            self.folds.retain(|fold| fold.range.start < fold.range.end);
            self.sort();
        }
        self.rebuild(inlays, edits)
    }

    /// Hides ranges; empty ones are passed over.
    pub fn fold(&mut self, folds: Vec<Fold>) -> Vec<LayerEdit<FoldPoint>> {
        let text = self.snapshot.inlays.text().clone();
        let mut changed = Vec::new();
        for mut fold in folds {
            let start = text.floor_char_boundary(fold.range.start);
            let end = text.floor_char_boundary(fold.range.end);
            fold.range = start..end;
            fold.placeholder = one_row(&fold.placeholder);
            if start < end {
                changed.push(fold.range.clone());
                self.folds.push(fold);
            }
        }
        self.sort();
        self.refresh(changed)
    }

    /// Shows again what is hidden by the folds for which `which` says so.
    pub fn unfold(&mut self, mut which: impl FnMut(&Fold) -> bool) -> Vec<LayerEdit<FoldPoint>> {
        let mut changed = Vec::new();
        self.folds.retain(|fold| {
            let goes = which(fold);
            if goes {
                changed.push(fold.range.clone());
            }
            !goes
        });
        self.refresh(changed)
    }

    fn sort(&mut self) {
        self.folds
            .sort_by_key(|fold| (fold.range.start, std::cmp::Reverse(fold.range.end)));
        self.folds
            .dedup_by(|later, first| later.range == first.range);
    }

    /// Rebuilds the given ranges of the document, whose text did not change.
    fn refresh(&mut self, mut ranges: Vec<Range<usize>>) -> Vec<LayerEdit<FoldPoint>> {
        ranges.sort_by_key(|range| range.start);
        let inlays = self.snapshot.inlays.clone();
        let mut edits: Vec<LayerEdit<InlayPoint>> = Vec::new();
        for range in ranges {
            let range = hidden(&inlays, &range);
            match edits.last_mut() {
                Some(last) if range.start <= last.old.end => {
                    last.old.end = last.old.end.max(range.end);
                    last.new.end = last.old.end;
                }
                _ => edits.push(LayerEdit {
                    old: range.clone(),
                    new: range,
                }),
            }
        }
        self.rebuild(inlays, edits)
    }

    fn rebuild(
        &mut self,
        inlays: InlaySnapshot,
        edits: Vec<LayerEdit<InlayPoint>>,
    ) -> Vec<LayerEdit<FoldPoint>> {
        let before = self.snapshot.clone();
        self.snapshot.inlays = inlays;
        let edits = widened(edits, |range| {
            let start = before.fold_around(range.start);
            let end = before.fold_around(range.end);
            start.map_or(range.start, |fold| fold.start)..end.map_or(range.end, |fold| fold.end)
        });
        let edits = self.widened_by_folds(edits);
        for edit in edits.iter().rev() {
            let middle = self.spans_between(edit.new.clone());
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
                old: before.to_fold_point(edit.old.start, Bias::Left)
                    ..before.to_fold_point(edit.old.end, Bias::Right),
                new: self.snapshot.to_fold_point(edit.new.start, Bias::Left)
                    ..self.snapshot.to_fold_point(edit.new.end, Bias::Right),
            })
            .collect()
    }

    /// Widens edits to the whole of the folds that there are now.
    fn widened_by_folds(&self, edits: Vec<LayerEdit<InlayPoint>>) -> Vec<LayerEdit<InlayPoint>> {
        if self.folds.is_empty() {
            return edits;
        }
        // The way back from a new place to the old one, by the same edits seen from behind.
        let turned: Vec<LayerEdit<InlayPoint>> = edits
            .iter()
            .map(|edit| LayerEdit {
                old: edit.new.clone(),
                new: edit.old.clone(),
            })
            .collect();
        let groups = self.groups();
        let around = |place| {
            let offset = self.snapshot.inlays.to_offset(place);
            let index = groups.partition_point(|group| group.end < offset);
            let group = groups.get(index).filter(|group| group.start <= offset)?;
            let group = hidden(&self.snapshot.inlays, group);
            (group.start < place && place < group.end).then_some(group)
        };
        let wide = widened(turned, |range| {
            let (start, end) = (around(range.start), around(range.end));
            start.map_or(range.start, |fold| fold.start)..end.map_or(range.end, |fold| fold.end)
        });
        wide.into_iter()
            .map(|edit| LayerEdit {
                old: edit.new,
                new: edit.old,
            })
            .collect()
    }

    /// The unions of the folds that overlap, in order.
    fn groups(&self) -> Vec<Range<usize>> {
        let mut groups: Vec<Range<usize>> = Vec::new();
        for fold in &self.folds {
            match groups.last_mut() {
                Some(group) if fold.range.start < group.end => {
                    group.end = group.end.max(fold.range.end);
                }
                _ => groups.push(fold.range.clone()),
            }
        }
        groups
    }

    /// The stretches of a range whose ends no fold crosses.
    fn spans_between(&self, range: Range<InlayPoint>) -> Vec<FoldSpan> {
        let inlays = &self.snapshot.inlays;
        let mut spans = Vec::new();
        let mut at = range.start;
        let start = inlays.to_offset(range.start);
        let first = self.folds.partition_point(|fold| fold.range.start < start);
        let mut folds = self.folds[first..].iter().peekable();
        while let Some(fold) = folds.next() {
            let mut group = fold.range.clone();
            while let Some(next) = folds.next_if(|next| next.range.start < group.end) {
                group.end = group.end.max(next.range.end);
            }
            let group = hidden(inlays, &group);
            if group.start < at {
                continue;
            }
            if group.end > range.end {
                break;
            }
            push(
                &mut spans,
                FoldSpan::Text(Extent::between(at.0, group.start.0)),
            );
            spans.push(FoldSpan::Fold {
                hidden: Extent::between(group.start.0, group.end.0),
                placeholder: fold.placeholder.clone(),
            });
            at = group.end;
        }
        push(
            &mut spans,
            FoldSpan::Text(Extent::between(at.0, range.end.0)),
        );
        spans
    }
}

/// What a fold hides: inlays at its start and its end stay visible.
fn hidden(inlays: &InlaySnapshot, range: &Range<usize>) -> Range<InlayPoint> {
    inlays.to_inlay_point(range.start, Bias::Right)..inlays.to_inlay_point(range.end, Bias::Left)
}

impl FoldSnapshot {
    /// The layer below.
    pub fn inlays(&self) -> &InlaySnapshot {
        &self.inlays
    }

    /// The end of the layer's text.
    pub fn max_point(&self) -> FoldPoint {
        FoldPoint(self.tree.sum().above.end())
    }

    /// The rows of the layer, at least 1.
    pub fn row_count(&self) -> u32 {
        self.max_point().row() + 1
    }

    /// Where a place below is; a folded one is the placeholder's start or end.
    pub fn to_fold_point(&self, place: InlayPoint, bias: Bias) -> FoldPoint {
        match at_below(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() || found.start.below.end() == place.0 => {
                FoldPoint(found.rise(place.0))
            }
            Some(found) => FoldPoint(match bias {
                Bias::Left => found.start.above.end(),
                Bias::Right => found.end.above.end(),
            }),
            None => self.max_point(),
        }
    }

    /// The place below; inside a placeholder, the start or the end of what it hides.
    pub fn to_inlay_point(&self, place: FoldPoint, bias: Bias) -> InlayPoint {
        match at_above(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() || found.start.above.end() == place.0 => {
                InlayPoint(found.sink(place.0))
            }
            Some(found) => InlayPoint(match bias {
                Bias::Left => found.start.below.end(),
                Bias::Right => found.end.below.end(),
            }),
            None => self.inlays.max_point(),
        }
    }

    /// What a byte of the document is folded into: the range that is hidden with it.
    pub fn fold_around(&self, place: InlayPoint) -> Option<Range<InlayPoint>> {
        let found = at_below(&self.tree, place.0, Bias::Right)?;
        let (start, end) = (found.start.below.end(), found.end.below.end());
        (!found.span.is_same() && start < place.0).then_some(InlayPoint(start)..InlayPoint(end))
    }

    /// The bytes of the document behind the placeholder that a place is in, or at the start of.
    pub fn fold_at(&self, place: FoldPoint) -> Option<Range<usize>> {
        let found = at_above(&self.tree, place.0, Bias::Right)?;
        (!found.span.is_same()).then(|| {
            let end = |sides: Sides| self.inlays.to_offset(InlayPoint(sides.below.end()));
            end(found.start)..end(found.end)
        })
    }

    /// Whether a byte of the document is hidden. The ends of a fold are not.
    pub fn is_folded(&self, offset: usize) -> bool {
        let place = self.inlays.to_inlay_point(offset, Bias::Right);
        self.fold_around(place).is_some()
    }

    /// The nearest place where a caret can stand: not inside a placeholder, an inlay or a character,
    /// not past a row's end.
    pub fn clip(&self, place: FoldPoint, bias: Bias) -> FoldPoint {
        match at_above(&self.tree, place.0, Bias::Right) {
            Some(found) if found.span.is_same() => {
                let below = InlayPoint(found.sink(place.0));
                let clipped = self.inlays.clip(below, bias);
                self.to_fold_point(clipped, bias)
            }
            Some(found) if found.start.above.end() == place.0 => place,
            Some(found) => FoldPoint(match bias {
                Bias::Left => found.start.above.end(),
                Bias::Right => found.end.above.end(),
            }),
            None => self.max_point(),
        }
    }

    /// Bytes of a row.
    pub fn row_len(&self, row: u32) -> u32 {
        self.clip(FoldPoint::new(row, u32::MAX), Bias::Left)
            .column()
    }

    /// Visits the pieces of a range in order, until `visit` breaks off.
    pub fn visit(
        &self,
        range: Range<FoldPoint>,
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
                FoldSpan::Text(_) => {
                    let below = |place| {
                        let rest = Extent::between(start.above.end(), place);
                        InlayPoint(after(start.below.end(), rest))
                    };
                    self.inlays.visit(below(from)..below(to), visit)?;
                }
                FoldSpan::Fold { placeholder, .. } => {
                    let bytes = self.inlays.to_offset(InlayPoint(start.below.end()))
                        ..self.inlays.to_offset(InlayPoint(end.below.end()));
                    let piece = piece_of(placeholder, start.above.end(), from..to);
                    visit(piece, Source::Fold(bytes))?;
                }
            }
            start = end;
        }
        ControlFlow::Continue(())
    }

    /// The text of a range.
    pub fn slice(&self, range: Range<FoldPoint>) -> String {
        let mut text = String::new();
        let whole = self.visit(range, &mut |piece, _| {
            text.push_str(piece);
            ControlFlow::Continue(())
        });
        debug_assert!(whole.is_continue());
        text
    }

    /// Whether a range lies in one stretch that is not folded.
    pub(super) fn is_text(&self, range: &Range<FoldPoint>) -> bool {
        is_same_between(&self.tree, range.start.0, range.end.0)
    }

    /// Whether nothing is hidden and nothing is shown that is not in the document.
    pub fn is_plain(&self) -> bool {
        self.tree.len() <= 1 && self.max_point().0 == self.inlays.max_point().0
    }

    /// The byte of the document at a place.
    pub fn to_offset(&self, place: FoldPoint, bias: Bias) -> usize {
        self.inlays.to_offset(self.to_inlay_point(place, bias))
    }

    /// Where a byte of the document is; beside inlays, and in a fold, by `bias`.
    pub fn from_offset(&self, offset: usize, bias: Bias) -> FoldPoint {
        self.to_fold_point(self.inlays.to_inlay_point(offset, bias), bias)
    }
}
