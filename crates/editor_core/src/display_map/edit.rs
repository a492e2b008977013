//! What changed in a layer, in the coordinates of that layer.

use std::ops::Range;

use super::extent::{Coordinate, Extent, after};

/// A stretch of a layer's text that was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerEdit<P> {
    /// Where it was, in the layer before.
    pub old: Range<P>,
    /// What took its place, in the layer after.
    pub new: Range<P>,
}

/// Sorted edits that do not touch: overlapping and touching ones become one.
pub(crate) fn merged<P: Coordinate>(edits: Vec<LayerEdit<P>>) -> Vec<LayerEdit<P>> {
    let mut result: Vec<LayerEdit<P>> = Vec::with_capacity(edits.len());
    for edit in edits {
        match result.last_mut() {
            Some(last) if edit.old.start <= last.old.end => {
                last.old.end = last.old.end.max(edit.old.end);
                last.new.end = last.new.end.max(edit.new.end);
            }
            _ => result.push(edit),
        }
    }
    result
}

/// Sorted edits with their old ranges made wider by `wider`, which gets an old range and gives one
/// that holds it. Those that come to touch become one.
pub(crate) fn widened<P: Coordinate>(
    edits: Vec<LayerEdit<P>>,
    wider: impl Fn(&Range<P>) -> Range<P>,
) -> Vec<LayerEdit<P>> {
    /// Old range, with the first and the last edit in it.
    struct Group<P> {
        old: Range<P>,
        first: usize,
        last: usize,
    }
    let mut groups: Vec<Group<P>> = Vec::with_capacity(edits.len());
    for (index, edit) in edits.iter().enumerate() {
        let mut old = wider(&edit.old);
        let mut first = index;
        while let Some(before) = groups.last()
            && old.start <= before.old.end
        {
            old = before.old.start.min(old.start)..before.old.end.max(old.end);
            first = before.first;
            groups.pop();
        }
        groups.push(Group {
            old,
            first,
            last: index,
        });
    }
    groups
        .into_iter()
        .map(|group| {
            let (first, last) = (&edits[group.first], &edits[group.last]);
            let start = if group.old.start < first.old.start {
                // Unchanged text lies between this place and the edit before.
                let before = group.first.checked_sub(1).map(|before| &edits[before]);
                let (old, new) = before.map_or((P::ZERO, P::ZERO), |before| {
                    (before.old.end, before.new.end)
                });
                carried(old, new, group.old.start)
            } else {
                first.new.start
            };
            let end = carried(last.old.end, last.new.end, group.old.end);
            LayerEdit {
                new: start..end,
                old: group.old,
            }
        })
        .collect()
}

/// Where `place` lies after an edit that took `old` to `new`, with only unchanged text between.
fn carried<P: Coordinate>(old: P, new: P, place: P) -> P {
    let rest = Extent::between(old.point(), place.point());
    P::at(after(new.point(), rest))
}
