use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use regex_automata::{Input, Span};
use regex_cursor::engines::meta as streaming;

use super::chunk_cursor::ChunkCursor;
use super::matches::Matches;
use super::pattern::{CONTEXT, Pattern, Reach};
use crate::{Bias, ChangeSet, Text};

/// Bytes of a window, without what is around it. The crate's own tests have small ones, to meet
/// their ends often.
const WINDOW: usize = if cfg!(test) { 64 } else { 64 * 1024 };

/// Lines longer than this are not put into a window.
const LONG_LINE: usize = if cfg!(test) { 256 } else { 1024 * 1024 };

/// Bytes of the first step of a search backward.
const FIRST_STEP_BACK: usize = if cfg!(test) { 32 } else { 16 * 1024 };

static NEVER: AtomicBool = AtomicBool::new(false);

/// Where to search: the whole text, or some ranges of it. A match lies in one of them; what is
/// around it still counts for `^`, `$` and `\b`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scope(Option<Vec<Range<usize>>>);

impl Scope {
    /// The whole text.
    pub const fn whole() -> Self {
        Self(None)
    }

    /// Ranges of bytes in any order; those that overlap become one, empty ones are left out.
    pub fn ranges(ranges: impl IntoIterator<Item = Range<usize>>) -> Self {
        let mut ranges: Vec<_> = ranges
            .into_iter()
            .filter(|range| !range.is_empty())
            .collect();
        ranges.sort_by_key(|range| range.start);
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match merged.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => merged.push(range),
            }
        }
        Self(Some(merged))
    }

    /// Whether the whole text is searched.
    pub fn is_whole(&self) -> bool {
        self.0.is_none()
    }

    /// The ranges, where it is not the whole text.
    pub fn as_slice(&self) -> &[Range<usize>] {
        self.0.as_deref().unwrap_or_default()
    }

    /// The scope after a change: what replaces text of a range, also at its ends, belongs to it.
    pub fn map(&self, changes: &ChangeSet) -> Self {
        let Some(ranges) = &self.0 else {
            return Self(None);
        };
        let ends = ranges
            .iter()
            .flat_map(|range| [(range.start, Bias::Left), (range.end, Bias::Left)]);
        let mapped = changes.map_sorted(ends);
        Self::ranges(mapped.chunks_exact(2).map(|ends| ends[0]..ends[1]))
    }

    fn within(&self, text: &Text) -> Vec<Range<usize>> {
        match &self.0 {
            None => std::iter::once(0..text.len()).collect(),
            Some(ranges) => ranges
                .iter()
                .map(|range| {
                    let start = text.ceil_char_boundary(range.start.min(text.len()));
                    start..text.floor_char_boundary(range.end).max(start)
                })
                .collect(),
        }
    }
}

/// A search under way: gives the matches first to last, none overlapping another. An empty match
/// right after another match is left out, as in the `regex` crate.
pub struct Search<'a> {
    pattern: &'a Pattern,
    text: &'a Text,
    cancel: &'a AtomicBool,
    /// What is left to search, the range being searched first.
    ranges: std::iter::Peekable<std::vec::IntoIter<Range<usize>>>,
    /// Where the next match may begin.
    at: usize,
    last_end: Option<usize>,
    segment: Segment,
    window: String,
    cache: Option<streaming::Cache>,
}

/// A part of the text in which the first match can be told.
#[derive(Default)]
struct Segment {
    /// Matches that begin here are found. Empty before the first segment.
    starts: Range<usize>,
    /// Where matches must have ended.
    end: usize,
    /// Nothing of the range is left after this segment, so that a match may begin at its end.
    last: bool,
    /// Where the window begins; `None` where the segment is searched in place.
    window_start: Option<usize>,
}

impl Pattern {
    /// Searches a text, first to last. Once `cancel` is set, no more matches come.
    pub fn search<'a>(
        &'a self,
        text: &'a Text,
        scope: &Scope,
        cancel: &'a AtomicBool,
    ) -> Search<'a> {
        Search::over(self, text, scope.within(text), cancel)
    }

    /// Every match in a text, up to [`super::MAX_MATCHES`].
    pub fn find_all(&self, text: &Text) -> Matches {
        Matches::collect(self.search(text, &Scope::whole(), &NEVER))
    }

    /// The first match that begins at or after an offset, else the first in the scope.
    pub fn find_next(
        &self,
        text: &Text,
        scope: &Scope,
        from: usize,
        cancel: &AtomicBool,
    ) -> Option<Range<usize>> {
        let from = text.ceil_char_boundary(from);
        let ranges = scope.within(text);
        let after = ranges
            .iter()
            .filter(|range| range.end >= from)
            .map(|range| range.start.max(from)..range.end)
            .collect();
        Search::over(self, text, after, cancel)
            .next()
            .or_else(|| Search::over(self, text, ranges, cancel).next())
    }

    /// The last match that ends at or before an offset, else the last in the scope. Matches are
    /// looked for from the starts of lines before it.
    pub fn find_previous(
        &self,
        text: &Text,
        scope: &Scope,
        before: usize,
        cancel: &AtomicBool,
    ) -> Option<Range<usize>> {
        let ranges = scope.within(text);
        self.last_before(text, &ranges, before.min(text.len()), cancel)
            .or_else(|| self.last_before(text, &ranges, text.len(), cancel))
    }

    fn last_before(
        &self,
        text: &Text,
        ranges: &[Range<usize>],
        before: usize,
        cancel: &AtomicBool,
    ) -> Option<Range<usize>> {
        for range in ranges.iter().rev().filter(|range| range.start <= before) {
            let mut step = FIRST_STEP_BACK;
            loop {
                let back = before.min(range.end).saturating_sub(step);
                let start = text.line_start(text.row_at(back)).max(range.start);
                let part = std::iter::once(start..range.end).collect();
                let last = Search::over(self, text, part, cancel)
                    .take_while(|found| found.end <= before)
                    .last();
                if last.is_some() || cancel.load(Ordering::Relaxed) {
                    return last;
                }
                if start == range.start {
                    break;
                }
                step = step.saturating_mul(4);
            }
        }
        None
    }
}

impl<'a> Search<'a> {
    pub(super) fn over(
        pattern: &'a Pattern,
        text: &'a Text,
        ranges: Vec<Range<usize>>,
        cancel: &'a AtomicBool,
    ) -> Self {
        let mut ranges = ranges.into_iter().peekable();
        let at = ranges.peek().map_or(0, |range| range.start);
        Self {
            pattern,
            text,
            cancel,
            ranges,
            at,
            last_end: None,
            segment: Segment::default(),
            window: String::new(),
            cache: None,
        }
    }

    /// Goes on as if the last match had ended at `at`; within the range that is being searched.
    pub(super) fn seek(&mut self, at: usize, last_end: Option<usize>) {
        self.at = self.text.ceil_char_boundary(at);
        self.last_end = last_end;
    }

    /// How far the text was searched, in bytes from its start.
    pub fn position(&self) -> usize {
        self.at.min(self.text.len())
    }

    /// The next match that begins at or before `limit`. Where there is none, nothing more than
    /// around `limit` was searched.
    pub(super) fn next_until(&mut self, limit: usize) -> Option<Range<usize>> {
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                return None;
            }
            let range = self.ranges.peek()?.clone();
            if self.at > range.end {
                self.next_range()?;
                continue;
            }
            if self.at > limit {
                return None;
            }
            let covered = self.segment.starts.contains(&self.at)
                || (self.segment.last && self.segment.starts.end == self.at);
            if !covered {
                self.segment = self.segment_at(&range, limit);
            }
            let found = self
                .first_in_segment()
                .filter(|found| self.segment.last || found.start < self.segment.starts.end);
            match found {
                // Cancelled on the way, so what was found may reach too short.
                _ if self.cancel.load(Ordering::Relaxed) => return None,
                Some(found) if found.is_empty() && Some(found.end) == self.last_end => {
                    self.at = match found.end < range.end {
                        true => self.text.ceil_char_boundary(found.end + 1),
                        false => range.end + 1,
                    };
                    self.last_end = None;
                }
                Some(found) if found.start > limit => return None,
                Some(found) => {
                    self.at = found.end;
                    self.last_end = Some(found.end);
                    return Some(found);
                }
                None if self.segment.last => self.next_range()?,
                None => self.at = self.segment.starts.end,
            }
        }
    }

    fn next_range(&mut self) -> Option<()> {
        let done = self.ranges.next()?;
        self.at = done.end;
        self.segment = Segment::default();
        self.last_end = None;
        self.at = self.ranges.peek()?.start;
        Some(())
    }

    fn segment_at(&mut self, range: &Range<usize>, limit: usize) -> Segment {
        let text = self.text;
        let wanted = self.at.saturating_add(WINDOW).min(limit.saturating_add(1));
        let (starts_end, end) = match self.pattern.reach {
            Reach::Bytes(longest) => {
                let starts_end = text.ceil_char_boundary(wanted).min(range.end);
                let end = text.ceil_char_boundary(starts_end.saturating_add(longest));
                (starts_end, end.min(range.end))
            }
            Reach::Line => {
                let row = text.row_at(wanted);
                let next_line = match row + 1 < text.line_count() {
                    true => text.line_start(row + 1),
                    false => text.len(),
                };
                let end = next_line.min(range.end);
                (end, end)
            }
            Reach::Text => (range.end, range.end),
        };
        let in_place = match self.pattern.reach {
            Reach::Bytes(_) => false,
            Reach::Line => end - self.at > LONG_LINE,
            Reach::Text => true,
        };
        let window_start = (!in_place).then(|| {
            let start = text.floor_char_boundary(self.at.saturating_sub(CONTEXT));
            let window = start..text.ceil_char_boundary(end.saturating_add(CONTEXT));
            self.window.clear();
            self.window.extend(text.chunks(window));
            start
        });
        Segment {
            starts: self.at..starts_end,
            end,
            last: starts_end >= range.end,
            window_start,
        }
    }

    fn first_in_segment(&mut self) -> Option<Range<usize>> {
        let (at, end) = (self.at, self.segment.end);
        if let Some(start) = self.segment.window_start {
            let input = Input::new(self.window.as_str()).span(at - start..end - start);
            let found = self.pattern.regex.find(input)?;
            return Some(found.start() + start..found.end() + start);
        }
        let regex = self.pattern.streaming.as_ref()?;
        let cache = self.cache.get_or_insert_with(|| regex.create_cache());
        let cursor = ChunkCursor::new(self.text, at, self.cancel);
        let mut input = regex_cursor::Input::new(cursor);
        input.set_span(Span { start: at, end });
        let found = regex.search_with(cache, &mut input)?;
        Some(found.range())
    }
}

impl Iterator for Search<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        self.next_until(usize::MAX)
    }
}
