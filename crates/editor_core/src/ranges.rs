use std::collections::HashMap;
use std::ops::Range;

use crate::{Bias, ChangeSet, OffsetMap};

/// A chunk that grows past this many ranges is parted.
const MAX_CHUNK: usize = 256;

/// Names a range of a [`RangeSet`] for as long as that lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RangeId(u64);

/// What a range does with text that is inserted at its ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Growth {
    /// Stays around what it was around: a diagnostic, a match.
    Inside,
    /// Takes in what is inserted at either end: a placeholder, a changed hunk.
    Outside,
    /// Takes in what is inserted at its end only.
    AtEnd,
}

impl Growth {
    fn biases(self) -> (Bias, Bias) {
        match self {
            Growth::Inside => (Bias::Right, Bias::Left),
            Growth::Outside => (Bias::Left, Bias::Right),
            Growth::AtEnd => (Bias::Right, Bias::Right),
        }
    }
}

/// Ranges of a text, each with a value, that stay with their text through every edit: diagnostics,
/// folds, comments, hunks. They may overlap, and one whose text is deleted becomes empty.
///
/// Ranges lie in chunks in the order of their starts, and a chunk knows where it begins. An edit
/// moves the chunks behind it, and goes through those alone that hold a range which it touches:
/// O(ranges / 256 + 256 a chunk touched), where a scan costs O(ranges).
#[derive(Debug, Clone)]
pub struct RangeSet<T> {
    /// In the order of their starts, none empty.
    chunks: Vec<Chunk<T>>,
    /// The key of the chunk that holds a range.
    places: HashMap<RangeId, u32>,
    last_id: u64,
    last_key: u32,
}

#[derive(Debug, Clone)]
struct Chunk<T> {
    key: u32,
    /// Offset that the places of its ranges count from.
    base: usize,
    /// The greatest end, from `base`.
    reach: usize,
    ranges: Vec<Entry<T>>,
}

#[derive(Debug, Clone)]
struct Entry<T> {
    id: RangeId,
    start: usize,
    end: usize,
    biases: (Bias, Bias),
    value: T,
}

impl<T> Default for RangeSet<T> {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            places: HashMap::new(),
            last_id: 0,
            last_key: 0,
        }
    }
}

impl<T> RangeSet<T> {
    /// No ranges.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of ranges.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Adds a range. A reversed one is empty, at its start.
    pub fn insert(&mut self, range: Range<usize>, growth: Growth, value: T) -> RangeId {
        self.last_id += 1;
        let id = RangeId(self.last_id);
        let mut entry = Entry {
            id,
            start: range.start,
            end: range.end.max(range.start),
            biases: growth.biases(),
            value,
        };
        // The last chunk that begins at or before it, else the first.
        let index = self.chunks.partition_point(|one| one.base <= entry.start);
        let index = index.saturating_sub(1);
        let Some(chunk) = self.chunks.get_mut(index) else {
            self.chunks = self.chunked(vec![entry]);
            return id;
        };
        if entry.start < chunk.base {
            let by = chunk.base - entry.start;
            chunk.ranges.iter_mut().for_each(|one| one.shift(by));
            chunk.reach += by;
            chunk.base = entry.start;
        }
        entry.start -= chunk.base;
        entry.end -= chunk.base;
        chunk.reach = chunk.reach.max(entry.end);
        let at = chunk.ranges.partition_point(|one| one.start <= entry.start);
        chunk.ranges.insert(at, entry);
        self.places.insert(id, chunk.key);
        if chunk.ranges.len() > MAX_CHUNK {
            let chunk = self.chunks.remove(index);
            let parts = self.chunked(chunk.absolute());
            self.chunks.splice(index..index, parts);
        }
        id
    }

    /// Removes a range; gives its value back.
    pub fn remove(&mut self, id: RangeId) -> Option<T> {
        let index = self.chunk_of(id)?;
        self.places.remove(&id);
        let chunk = self.chunks.get_mut(index)?;
        let at = chunk.ranges.iter().position(|one| one.id == id)?;
        let removed = chunk.ranges.remove(at);
        if chunk.ranges.is_empty() {
            self.chunks.remove(index);
        } else {
            chunk.reach = chunk.ranges.iter().map(|one| one.end).max().unwrap_or(0);
        }
        Some(removed.value)
    }

    /// Where a range is now, with its value.
    pub fn get(&self, id: RangeId) -> Option<(Range<usize>, &T)> {
        let chunk = self.chunks.get(self.chunk_of(id)?)?;
        let entry = chunk.ranges.iter().find(|one| one.id == id)?;
        Some((chunk.range(entry), &entry.value))
    }

    /// All ranges in the order of their starts.
    pub fn iter(&self) -> impl Iterator<Item = (RangeId, Range<usize>, &T)> {
        self.chunks.iter().flat_map(|chunk| {
            let ranges = chunk.ranges.iter();
            ranges.map(|one| (one.id, chunk.range(one), &one.value))
        })
    }

    /// The ranges that overlap or touch `range`, in the order of their starts.
    pub fn touching(
        &self,
        range: Range<usize>,
    ) -> impl Iterator<Item = (RangeId, Range<usize>, &T)> {
        let Range { start, end } = range;
        let behind = self.chunks.partition_point(|one| one.base <= end);
        self.chunks[..behind]
            .iter()
            .filter(move |chunk| chunk.base + chunk.reach >= start)
            .flat_map(move |chunk| {
                let ranges = chunk.ranges.iter();
                ranges
                    .map(|one| (one.id, chunk.range(one), &one.value))
                    .filter(move |(_, one, _)| one.start <= end && one.end >= start)
            })
    }

    /// Carries all ranges over a change of the text.
    pub fn apply(&mut self, changes: &ChangeSet) {
        let map = OffsetMap::new(changes);
        let edits = map.edits();
        if edits.is_empty() {
            return;
        }
        let old = std::mem::take(&mut self.chunks);
        self.chunks.reserve(old.len());
        // Neighbouring chunks that are touched are put in order together: the places in a deleted
        // text may change sides.
        let mut touched: Vec<Chunk<T>> = Vec::new();
        for mut chunk in old {
            let after = edits.partition_point(|(old, _)| old.end < chunk.base);
            let reached = edits
                .get(after)
                .is_some_and(|(old, _)| old.start <= chunk.base + chunk.reach);
            if reached {
                touched.push(chunk);
                continue;
            }
            self.put_back(std::mem::take(&mut touched), &map);
            if let Some((old, new)) = after.checked_sub(1).and_then(|last| edits.get(last)) {
                chunk.base = new.end + (chunk.base - old.end);
            }
            self.chunks.push(chunk);
        }
        self.put_back(touched, &map);
    }

    /// Maps the ranges of neighbouring chunks and adds the chunks again.
    fn put_back(&mut self, touched: Vec<Chunk<T>>, map: &OffsetMap) {
        let [_, ..] = &touched[..] else { return };
        let key = match &touched[..] {
            [only] => Some(only.key),
            _ => None,
        };
        let mut ranges: Vec<Entry<T>> = touched.into_iter().flat_map(Chunk::absolute).collect();
        for one in &mut ranges {
            one.start = map.map(one.start, one.biases.0);
            one.end = map.map(one.end, one.biases.1).max(one.start);
        }
        ranges.sort_by_key(|one| (one.start, one.id));
        match key {
            Some(key) => self.chunks.push(Chunk::new(key, ranges)),
            None => {
                let chunks = self.chunked(ranges);
                self.chunks.extend(chunks);
            }
        }
    }

    /// Chunks of ranges that are in order.
    fn chunked(&mut self, ranges: Vec<Entry<T>>) -> Vec<Chunk<T>> {
        let count = ranges.len().div_ceil(MAX_CHUNK * 3 / 4).max(1);
        let size = ranges.len().div_ceil(count).max(1);
        let mut ranges = ranges.into_iter();
        let mut chunks = Vec::with_capacity(count);
        loop {
            let part: Vec<_> = ranges.by_ref().take(size).collect();
            if part.is_empty() {
                return chunks;
            }
            self.last_key = self.last_key.wrapping_add(1);
            for one in &part {
                self.places.insert(one.id, self.last_key);
            }
            chunks.push(Chunk::new(self.last_key, part));
        }
    }

    fn chunk_of(&self, id: RangeId) -> Option<usize> {
        let key = self.places.get(&id)?;
        self.chunks.iter().position(|chunk| chunk.key == *key)
    }
}

impl<T> Chunk<T> {
    /// A chunk of ranges that are in order and count from the start of the text.
    fn new(key: u32, mut ranges: Vec<Entry<T>>) -> Self {
        let base = ranges.first().map_or(0, |one| one.start);
        let mut reach = 0;
        for one in &mut ranges {
            one.start -= base;
            one.end -= base;
            reach = reach.max(one.end);
        }
        Self {
            key,
            base,
            reach,
            ranges,
        }
    }

    fn absolute(mut self) -> Vec<Entry<T>> {
        let base = self.base;
        self.ranges.iter_mut().for_each(|one| one.shift(base));
        self.ranges
    }

    fn range(&self, entry: &Entry<T>) -> Range<usize> {
        self.base + entry.start..self.base + entry.end
    }
}

impl<T> Entry<T> {
    fn shift(&mut self, by: usize) {
        self.start += by;
        self.end += by;
    }
}
