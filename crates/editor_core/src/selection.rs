use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Bias, ChangeSet, Text};

/// A caret, or a range of selected text with the caret at one of its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Selection {
    /// The end that stays when the selection is extended, in bytes.
    pub anchor: usize,
    /// The end where the caret is, in bytes.
    pub head: usize,
    /// The display column that vertical movement aims for, where the last movement was vertical.
    pub goal_column: Option<u32>,
    /// The display column that the anchor aims for in the rows beside it, where the selection is a
    /// copy of another row's columns ([`add_below`](crate::multi_caret::add_below)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor_goal: Option<u32>,
}

impl Selection {
    /// A selection from `anchor` to `head`, which may be before it.
    pub const fn new(anchor: usize, head: usize) -> Self {
        Self {
            anchor,
            head,
            goal_column: None,
            anchor_goal: None,
        }
    }

    /// An empty selection.
    pub const fn caret(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The lower end.
    pub fn start(&self) -> usize {
        self.anchor.min(self.head)
    }

    /// The upper end.
    pub fn end(&self) -> usize {
        self.anchor.max(self.head)
    }

    /// The selected bytes.
    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.anchor == self.head
    }

    /// Whether the caret is at the lower end of a selection that is not empty.
    pub fn is_reversed(&self) -> bool {
        self.head < self.anchor
    }

    /// The selection over a range, with this one's direction and no goal columns.
    pub fn with_range(&self, range: Range<usize>) -> Self {
        if self.is_reversed() {
            Self::new(range.end, range.start)
        } else {
            Self::new(range.start, range.end)
        }
    }

    fn same_place(&self, other: &Self) -> bool {
        self.anchor == other.anchor && self.head == other.head
    }
}

/// The carets and selections of a view: at least one, in order, none touching another.
///
/// Two that overlap become one, and so do two that touch where either is empty, as in VS Code.
/// The result runs in the primary's direction where the primary is one of them, else in the
/// first's. The primary selection is the one that the view follows, usually the newest.
///
/// Cloning is O(1): one selection is a few words, and several are shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selections(Ranges);

/// What a view has nearly always takes no room for what it could have.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ranges {
    One(Selection),
    Several(Arc<Several>),
}

/// At least two selections.
#[derive(Debug, PartialEq, Eq)]
struct Several {
    ranges: Vec<Selection>,
    primary: usize,
}

impl Default for Selections {
    fn default() -> Self {
        Self::single(Selection::caret(0))
    }
}

impl Selections {
    /// One selection.
    pub fn single(selection: Selection) -> Self {
        Self(Ranges::One(selection))
    }

    /// One caret.
    pub fn caret(offset: usize) -> Self {
        Self::single(Selection::caret(offset))
    }

    /// Selections in any order; `primary` is an index into `selections` (the last one where it is
    /// out of range). No selections at all become one caret at the start.
    pub fn new(selections: Vec<Selection>, primary: usize) -> Self {
        if selections.is_empty() {
            return Self::default();
        }
        let primary = primary.min(selections.len() - 1);
        Self::normalized(selections, primary)
    }

    /// The selections in ascending order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Selection> + ExactSizeIterator {
        self.as_slice().iter()
    }

    /// The selections in ascending order.
    pub fn as_slice(&self) -> &[Selection] {
        match &self.0 {
            Ranges::One(only) => std::slice::from_ref(only),
            Ranges::Several(several) => &several.ranges,
        }
    }

    /// The selection that the view follows.
    pub fn primary(&self) -> &Selection {
        match &self.0 {
            Ranges::One(only) => only,
            Ranges::Several(several) => &several.ranges[several.primary],
        }
    }

    /// The index of the primary selection.
    pub fn primary_index(&self) -> usize {
        match &self.0 {
            Ranges::One(_) => 0,
            Ranges::Several(several) => several.primary,
        }
    }

    /// Number of selections, at least 1.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// The selections after a change that someone else made (another view, the agent, a reload).
    /// A caret stays before text inserted at its place, a selection does not grow at its ends.
    pub fn map(&self, changes: &ChangeSet) -> Self {
        if changes.is_empty() {
            return self.clone();
        }
        if let Ranges::One(only) = self.0 {
            let bias = if only.is_empty() {
                Bias::Left
            } else {
                Bias::Right
            };
            let end = changes.map_offset(only.end(), Bias::Left);
            let start = changes.map_offset(only.start(), bias).min(end);
            return Self::single(only.with_range(start..end));
        }
        // Start and end of every selection, ascending: selections may touch but not overlap.
        let ends = self.iter().flat_map(|selection| {
            let start = if selection.is_empty() {
                Bias::Left
            } else {
                Bias::Right
            };
            [(selection.start(), start), (selection.end(), Bias::Left)]
        });
        let mapped = changes.map_sorted(ends);
        let ranges = self
            .iter()
            .zip(mapped.chunks_exact(2))
            .map(|(selection, ends)| selection.with_range(ends[0].min(ends[1])..ends[1]))
            .collect();
        Self::normalized(ranges, self.primary_index())
    }

    /// Every selection replaced by what `change` makes of it, then sorted and merged.
    pub fn transform(&self, mut change: impl FnMut(&Selection) -> Selection) -> Self {
        match &self.0 {
            Ranges::One(only) => Self::single(change(only)),
            Ranges::Several(several) => {
                let changed = several.ranges.iter().map(change).collect();
                Self::normalized(changed, several.primary)
            }
        }
    }

    /// With one more selection, which becomes the primary one.
    pub fn push(&self, selection: Selection) -> Self {
        let mut ranges = self.as_slice().to_vec();
        ranges.push(selection);
        let primary = ranges.len() - 1;
        Self::normalized(ranges, primary)
    }

    /// Whether the carets and ranges are the same, whatever the goal columns.
    pub fn same_places(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other.iter())
                .all(|(first, second)| first.same_place(second))
    }

    /// Cut back to a text of `len` bytes.
    pub fn clamp(&self, len: usize) -> Self {
        self.transform(|selection| Selection {
            anchor: selection.anchor.min(len),
            head: selection.head.min(len),
            ..*selection
        })
    }

    /// With carets that select nothing moved out of what is read as one character, to its end. What
    /// is selected stays: a search may find a part of a grapheme cluster.
    pub fn on_graphemes(self, text: &Text) -> Self {
        let inside = |selection: &Selection| {
            selection.is_empty() && text.ceil_grapheme(selection.head) != selection.head
        };
        if !self.iter().any(inside) {
            return self;
        }
        self.transform(|selection| match inside(selection) {
            true => Selection::caret(text.ceil_grapheme(selection.head)),
            false => *selection,
        })
    }

    /// `ranges` is not empty, and `primary` one of its indices.
    fn normalized(ranges: Vec<Selection>, primary: usize) -> Self {
        if let [only] = ranges[..] {
            return Self::single(only);
        }
        let mut tagged: Vec<(Selection, bool)> = ranges
            .into_iter()
            .enumerate()
            .map(|(index, selection)| (selection, index == primary))
            .collect();
        tagged.sort_by_key(|(selection, _)| (selection.start(), selection.end()));
        let mut merged: Vec<(Selection, bool)> = Vec::with_capacity(tagged.len());
        for (selection, is_primary) in tagged {
            match merged.last_mut() {
                Some((last, last_is_primary)) if touches(last, &selection) => {
                    let range = last.start()..last.end().max(selection.end());
                    let kept = if is_primary { selection } else { *last };
                    let same = kept.range() == range;
                    *last = if same { kept } else { kept.with_range(range) };
                    *last_is_primary |= is_primary;
                }
                _ => merged.push((selection, is_primary)),
            }
        }
        if let [(only, _)] = merged[..] {
            return Self::single(only);
        }
        let primary = merged
            .iter()
            .position(|(_, is_primary)| *is_primary)
            .unwrap_or(0);
        let ranges = merged.into_iter().map(|(selection, _)| selection).collect();
        Self(Ranges::Several(Arc::new(Several { ranges, primary })))
    }
}

/// Whether `next`, which does not start before `last`, has to be merged with it.
fn touches(last: &Selection, next: &Selection) -> bool {
    if last.is_empty() || next.is_empty() {
        next.start() <= last.end()
    } else {
        next.start() < last.end()
    }
}
