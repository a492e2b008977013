use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::pattern::{CONTEXT, Pattern, Reach};
use super::search::{Scope, Search};
use crate::{Bias, ChangeSet, Text};

/// Matches beyond this many are not kept, and so neither counted nor shown.
pub const MAX_MATCHES: usize = 100_000;

/// What a pattern found in a text: ranges of bytes, first to last, none overlapping another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matches {
    ranges: Vec<Range<usize>>,
    truncated: bool,
}

impl Matches {
    /// What is left of a search, up to [`MAX_MATCHES`].
    pub fn collect(mut search: Search<'_>) -> Self {
        let mut matches = Self::default();
        for found in search.by_ref() {
            if !matches.push(found) {
                break;
            }
        }
        matches
    }

    /// Adds the next match of a search; gives `false` where there are [`MAX_MATCHES`] already and
    /// it is left out.
    pub fn push(&mut self, found: Range<usize>) -> bool {
        self.truncated = self.ranges.len() >= MAX_MATCHES;
        if !self.truncated {
            self.ranges.push(found);
        }
        !self.truncated
    }

    /// The matches.
    pub fn ranges(&self) -> &[Range<usize>] {
        &self.ranges
    }

    /// Number of matches.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether there are more than were kept.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }

    /// The matches that touch the given bytes.
    pub fn touching(&self, bytes: Range<usize>) -> &[Range<usize>] {
        let first = self.ranges.partition_point(|found| found.end < bytes.start);
        let rest = &self.ranges[first..];
        &rest[..rest.partition_point(|found| found.start <= bytes.end)]
    }

    /// The index of exactly this match.
    pub fn index_of(&self, found: &Range<usize>) -> Option<usize> {
        let index = self
            .ranges
            .partition_point(|other| (other.start, other.end) < (found.start, found.end));
        (self.ranges.get(index) == Some(found)).then_some(index)
    }

    /// The index of the first match that begins at or after an offset.
    pub fn first_from(&self, offset: usize) -> Option<usize> {
        let index = self.ranges.partition_point(|found| found.start < offset);
        (index < self.ranges.len()).then_some(index)
    }

    /// The index of the last match that begins before an offset.
    pub fn last_before(&self, offset: usize) -> Option<usize> {
        self.ranges
            .partition_point(|found| found.start < offset)
            .checked_sub(1)
    }

    /// Where the matches are after a change, to be shown until they have been searched for again.
    /// Those that were changed are left out.
    pub fn map(&self, changes: &ChangeSet) -> Self {
        let mapped = self.mapped_ends(changes);
        let ranges = self
            .ranges
            .iter()
            .zip(mapped)
            .filter(|(old, new)| old.len() == new.len())
            .map(|(_, new)| new)
            .collect();
        Self {
            ranges,
            truncated: self.truncated,
        }
    }

    fn mapped_ends(&self, changes: &ChangeSet) -> Vec<Range<usize>> {
        let ends = self
            .ranges
            .iter()
            .flat_map(|found| [(found.start, Bias::Right), (found.end, Bias::Right)]);
        changes
            .map_sorted(ends)
            .chunks_exact(2)
            .map(|ends| ends[0]..ends[1])
            .collect()
    }

    /// The matches in the text after a change, where these are the ones before it. Searches around
    /// the edits alone where the pattern cannot match across lines or only so far, and where the
    /// whole text is searched; else anew. `None` where it was cancelled.
    pub fn update(
        &self,
        pattern: &Pattern,
        after: &Text,
        changes: &ChangeSet,
        scope: &Scope,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        let around = !self.truncated && scope.is_whole() && pattern.reach != Reach::Text;
        let matches = if around && changes.len_after() == after.len() {
            self.update_around(pattern, after, changes, cancel)
        } else {
            Self::collect(pattern.search(after, scope, cancel))
        };
        (!cancel.load(Ordering::Relaxed)).then_some(matches)
    }

    fn update_around(
        &self,
        pattern: &Pattern,
        after: &Text,
        changes: &ChangeSet,
        cancel: &AtomicBool,
    ) -> Self {
        let old = self.mapped_ends(changes);
        let mut old = old.into_iter().peekable();
        let whole = std::iter::once(0..after.len()).collect();
        let mut search = Search::over(pattern, after, whole, cancel);
        let mut matches = Self::default();
        for edit in changes.edits() {
            // Up to `first` no match can have looked at the edit.
            let first = match pattern.reach {
                Reach::Bytes(longest) => after
                    .floor_char_boundary(edit.new_range.start.saturating_sub(longest + CONTEXT)),
                // What follows a line's end is looked at too, by `$`.
                _ => {
                    let row = after.row_at(edit.new_range.start.saturating_sub(CONTEXT));
                    after.line_start(row)
                }
            };
            while let Some(found) = old.next_if(|found| found.start < first) {
                // What an earlier edit brought may have taken its place.
                if matches.is_free(&found) && !matches.push(found) {
                    return matches;
                }
            }
            // From `resume` on, what was found before is found again.
            let mut resume = after.ceil_char_boundary(edit.new_range.end.saturating_add(CONTEXT));
            let last_end = matches.ranges.last().map(|found| found.end);
            search.seek(last_end.unwrap_or(0).max(first), last_end);
            loop {
                while let Some(dropped) = old.next_if(|found| found.start <= resume) {
                    resume = resume.max(dropped.end);
                }
                let Some(found) = search.next_until(resume) else {
                    break;
                };
                resume = resume.max(found.end);
                if !matches.push(found) {
                    return matches;
                }
            }
        }
        for found in old {
            if matches.is_free(&found) && !matches.push(found) {
                break;
            }
        }
        matches
    }

    /// Whether a match can follow those that are here.
    fn is_free(&self, found: &Range<usize>) -> bool {
        self.ranges.last().is_none_or(|last| {
            last.end < found.start || (last.end == found.start && !found.is_empty())
        })
    }
}
