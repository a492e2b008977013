//! Ranking paths by a few letters of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A list shorter than this is not worth a second thread.
const PATHS_A_THREAD: usize = 20_000;

/// How many paths are ranked between two looks at the cancel flag.
const PATHS_A_STEP: usize = 1024;

/// A path that matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMatch {
    /// The path, relative to the folder of the list.
    pub path: String,
    /// Higher is better; comparable within one query.
    pub score: u32,
    /// The bytes of the path that match, in order, to be emphasised.
    pub ranges: Vec<Range<usize>>,
}

/// The order of results: by score, then short before long, then by name.
type Rank<'a> = (u32, Reverse<usize>, Reverse<&'a str>);

pub(crate) fn best_matches(
    paths: &[String],
    query: &str,
    most: usize,
    cancel: &AtomicBool,
) -> Vec<FileMatch> {
    if query.trim().is_empty() {
        let first = paths.iter().take(most);
        return first
            .map(|path| FileMatch {
                path: path.clone(),
                score: 0,
                ranges: Vec::new(),
            })
            .collect();
    }
    let pattern = Pattern::parse(query, CaseMatching::Smart, Normalization::Smart);
    let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(8));
    let part = paths.len().div_ceil(threads).max(PATHS_A_THREAD);
    let mut best: Vec<Rank> = std::thread::scope(|scope| {
        let workers: Vec<_> = paths
            .chunks(part)
            .map(|part| scope.spawn(|| rank(part, &pattern, most, cancel)))
            .collect();
        let results = workers.into_iter().filter_map(|worker| worker.join().ok());
        results.flatten().collect()
    });
    if cancel.load(Ordering::Relaxed) {
        return Vec::new();
    }
    best.sort_unstable_by(|left, right| right.cmp(left));
    best.truncate(most);
    let mut matcher = matcher();
    best.into_iter()
        .map(|(score, _, Reverse(path))| FileMatch {
            path: path.to_owned(),
            score,
            ranges: matched_ranges(path, &pattern, &mut matcher),
        })
        .collect()
}

fn matcher() -> Matcher {
    Matcher::new(Config::DEFAULT.match_paths())
}

/// The best of some paths, in no order.
fn rank<'a>(
    paths: &'a [String],
    pattern: &Pattern,
    most: usize,
    cancel: &AtomicBool,
) -> Vec<Rank<'a>> {
    let mut matcher = matcher();
    let mut characters = Vec::new();
    let mut best: BinaryHeap<Reverse<Rank>> = BinaryHeap::new();
    for step in paths.chunks(PATHS_A_STEP) {
        if cancel.load(Ordering::Relaxed) {
            return Vec::new();
        }
        for path in step {
            let Some(score) = score(path, pattern, &mut matcher, &mut characters) else {
                continue;
            };
            best.push(Reverse((score, Reverse(path.len()), Reverse(path))));
            if best.len() > most {
                best.pop();
            }
        }
    }
    best.into_iter().map(|Reverse(rank)| rank).collect()
}

/// A match in the file's own name counts twice: that is what people remember.
fn score(
    path: &str,
    pattern: &Pattern,
    matcher: &mut Matcher,
    characters: &mut Vec<char>,
) -> Option<u32> {
    let in_path = pattern.score(Utf32Str::new(path, characters), matcher)?;
    let name = &path[name_start(path)..];
    let in_name = pattern.score(Utf32Str::new(name, characters), matcher);
    Some(in_path + in_name.unwrap_or(0))
}

fn name_start(path: &str) -> usize {
    path.rfind('/').map_or(0, |slash| slash + 1)
}

/// Where the letters of the query stand: in the file's name if they are all there.
fn matched_ranges(path: &str, pattern: &Pattern, matcher: &mut Matcher) -> Vec<Range<usize>> {
    let mut characters = Vec::new();
    for start in [name_start(path), 0] {
        let part = &path[start..];
        let mut places = Vec::new();
        let haystack = Utf32Str::new(part, &mut characters);
        if pattern.indices(haystack, matcher, &mut places).is_none() {
            continue;
        }
        places.sort_unstable();
        places.dedup();
        return ranges_of(part, start, haystack, &places);
    }
    Vec::new()
}

/// Joins places, counted in the matcher's characters, to ranges of bytes. The matcher takes a
/// grapheme for one character where the text is not ASCII.
fn ranges_of(part: &str, start: usize, haystack: Utf32Str, places: &[u32]) -> Vec<Range<usize>> {
    let boundaries: Vec<usize> = match haystack {
        Utf32Str::Ascii(_) => (0..=part.len()).collect(),
        Utf32Str::Unicode(_) => {
            let starts = nucleo_matcher::chars::graphemes(part).scan(0, |at, character| {
                // The matcher keeps the first character of each grapheme.
                let found = part[*at..].find(character)? + *at;
                *at = found + character.len_utf8();
                Some(found)
            });
            starts.chain([part.len()]).collect()
        }
    };
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for &place in places {
        let place = place as usize;
        let (Some(&from), Some(&to)) = (boundaries.get(place), boundaries.get(place + 1)) else {
            continue;
        };
        match ranges.last_mut() {
            Some(last) if last.end == start + from => last.end = start + to,
            _ => ranges.push(start + from..start + to),
        }
    }
    ranges
}
