//! The map that inlays, folds and wraps have in common: stretches that are the same on both sides,
//! and others that are not.

use super::extent::{Extent, after};
use super::sum_tree::{Item, Sum, SumTree};
use crate::{Bias, Point};

/// A stretch of a layer: some text below, some text above.
pub(crate) trait Span: Item<Sum: Ends> {
    /// Whether the text above is the text below.
    fn is_same(&self) -> bool;
    /// A stretch like this one, which is the same on both sides, of another extent.
    fn with_extent(&self, extent: Extent) -> Self;
    /// Takes the next stretch in, where both can be one.
    fn take_in(&mut self, next: &Self) -> bool;
}

/// A sum that says where a stretch ends on both sides.
pub(crate) trait Ends: Sum {
    fn ends(&self) -> Sides;
}

/// Extents of the text below and the text above.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sides {
    pub below: Extent,
    pub above: Extent,
}

impl Sides {
    pub(crate) const fn same(extent: Extent) -> Self {
        Self {
            below: extent,
            above: extent,
        }
    }
}

impl Sum for Sides {
    fn add(&mut self, next: &Self) {
        self.below = self.below.then(next.below);
        self.above = self.above.then(next.above);
    }
}

impl Ends for Sides {
    fn ends(&self) -> Sides {
        *self
    }
}

/// A stretch that a place belongs to.
pub(crate) struct Stretch<'a, S: Span> {
    pub index: usize,
    pub span: &'a S,
    pub start: Sides,
    pub end: Sides,
}

impl<S: Span> Stretch<'_, S> {
    /// The place above of a place below that is in this stretch.
    pub(crate) fn rise(&self, below: Point) -> Point {
        let rest = Extent::between(self.start.below.end(), below);
        after(self.start.above.end(), rest)
    }

    /// The place below of a place above that is in this stretch.
    pub(crate) fn sink(&self, above: Point) -> Point {
        let rest = Extent::between(self.start.above.end(), above);
        after(self.start.below.end(), rest)
    }
}

/// The first stretch whose end below is at `below` ([`Bias::Left`]) or after it ([`Bias::Right`]).
pub(crate) fn at_below<S: Span>(
    tree: &SumTree<S>,
    below: Point,
    bias: Bias,
) -> Option<Stretch<'_, S>> {
    stretch(tree, |sum| {
        let end = sum.ends().below.end();
        end < below || (bias == Bias::Right && end == below)
    })
}

/// The first stretch whose end above is at `above` ([`Bias::Left`]) or after it ([`Bias::Right`]).
pub(crate) fn at_above<S: Span>(
    tree: &SumTree<S>,
    above: Point,
    bias: Bias,
) -> Option<Stretch<'_, S>> {
    stretch(tree, |sum| {
        let end = sum.ends().above.end();
        end < above || (bias == Bias::Right && end == above)
    })
}

/// Whether a range above lies in one stretch that is the same below.
pub(crate) fn is_same_between<S: Span>(tree: &SumTree<S>, from: Point, to: Point) -> bool {
    let (first, last) = (
        at_above(tree, from, Bias::Right),
        at_above(tree, to, Bias::Left),
    );
    first
        .zip(last)
        .is_some_and(|(first, last)| first.index == last.index && first.span.is_same())
}

fn stretch<S: Span>(
    tree: &SumTree<S>,
    past: impl FnMut(&S::Sum) -> bool,
) -> Option<Stretch<'_, S>> {
    let found = tree.find(past);
    Some(Stretch {
        index: found.index,
        span: found.item?,
        start: found.start.ends(),
        end: found.end().ends(),
    })
}

/// The tree with the text below from `from` to `to` replaced by `middle`. What has no extent below
/// goes with the text that it touches; what has one must not be cut.
pub(crate) fn replace_below<S: Span>(
    tree: &SumTree<S>,
    from: Point,
    to: Point,
    middle: Vec<S>,
) -> SumTree<S> {
    let mut spans: Vec<S> = Vec::with_capacity(middle.len() + 2);
    let mut first = tree.len();
    if let Some(found) = at_below(tree, from, Bias::Left) {
        let whole_before = !found.span.is_same()
            && found.end.below.end() == from
            && found.start.below != found.end.below;
        first = found.index + usize::from(whole_before);
        if found.span.is_same() {
            let extent = Extent::between(found.start.below.end(), from);
            push(&mut spans, found.span.with_extent(extent));
        }
    }
    for span in middle {
        push(&mut spans, span);
    }
    let mut last = tree.len();
    if let Some(found) = at_below(tree, to, Bias::Right) {
        last = found.index;
        if found.span.is_same() {
            last += 1;
            let extent = Extent::between(to, found.end.below.end());
            push(&mut spans, found.span.with_extent(extent));
        }
    }
    tree.replace(first..last.max(first), spans)
}

/// Adds a stretch to a list, as one with the last where that goes; none without extent.
pub(crate) fn push<S: Span>(spans: &mut Vec<S>, span: S) {
    if span.is_same() && span.sum().ends().below.is_zero() {
        return;
    }
    if let Some(last) = spans.last_mut()
        && last.take_in(&span)
    {
        return;
    }
    spans.push(span);
}
