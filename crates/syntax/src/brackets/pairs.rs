//! Pairs of brackets around and in a part of a text, for the lines that are drawn beside them.

use std::ops::Range;

use super::{Brackets, Mark, Side};

/// Brackets that are looked at before a part of a text, and behind it: a pair that reaches further
/// has an end that is not known.
const FURTHEST: usize = 20_000;

/// Two brackets that belong together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BracketPair {
    /// The byte of the opening one.
    pub open: usize,
    /// The byte of the closing one; `None` where it is more than some 20,000 brackets away.
    pub close: Option<usize>,
    /// How many pairs they stand in.
    pub depth: u32,
}

impl Brackets {
    /// The brackets with a partner that begin at an offset or behind it, with their bytes.
    fn from(&self, offset: usize) -> impl Iterator<Item = (usize, &Mark, u32)> {
        let (chunks, mut at) = self.touching(&(offset..usize::MAX));
        let chunks = self.0[chunks].iter().map(move |chunk| {
            let start = at;
            at += chunk.len;
            (start, chunk)
        });
        chunks.flat_map(move |(start, chunk)| {
            let first = chunk
                .marks
                .partition_point(|mark| start + (mark.at as usize) < offset);
            let marks = chunk.marks[first..].iter();
            marks.filter_map(move |mark| Some((start + mark.at as usize, mark, mark.depth?)))
        })
    }

    /// The brackets with a partner that begin before an offset, the nearest first.
    fn before(&self, offset: usize) -> impl Iterator<Item = (usize, &Mark, u32)> {
        let (chunks, _) = self.touching(&(offset..offset));
        let chunks = &self.0[..chunks.end];
        let mut end: usize = chunks.iter().map(|chunk| chunk.len).sum();
        chunks.iter().rev().flat_map(move |chunk| {
            end -= chunk.len;
            let start = end;
            let last = chunk
                .marks
                .partition_point(|mark| start + (mark.at as usize) < offset);
            let marks = chunk.marks[..last].iter().rev();
            marks.filter_map(move |mark| Some((start + mark.at as usize, mark, mark.depth?)))
        })
    }

    /// The pairs that have a part in a range, in no particular order, with `start` added to where
    /// they are.
    pub(crate) fn pairs(&self, range: &Range<usize>, start: usize, found: &mut Vec<BracketPair>) {
        // What is open where the range begins, from the inside out.
        let mut open = Vec::new();
        let mut closed: Option<u32> = None;
        for (at, mark, depth) in self.before(range.start).take(FURTHEST) {
            match (mark.side, closed) {
                (Side::Close, None) => closed = Some(depth),
                (Side::Open, Some(inner)) if inner == depth => closed = None,
                (Side::Open, None) => {
                    open.push((at, depth));
                    if depth == 0 {
                        break;
                    }
                }
                _ => {}
            }
        }
        open.reverse();
        let mut push = |(open, depth): (usize, u32), close: Option<usize>| {
            found.push(BracketPair {
                open: start + open,
                close: close.map(|close| start + close),
                depth,
            });
        };
        let mut behind = 0;
        for (at, mark, depth) in self.from(range.start) {
            let inside = at < range.end;
            if !inside {
                behind += 1;
                if open.is_empty() || behind > FURTHEST {
                    break;
                }
            }
            match mark.side {
                Side::Open if inside => open.push((at, depth)),
                Side::Open => {}
                Side::Close => {
                    if let Some(pair) = open.pop_if(|(_, waiting)| *waiting == depth) {
                        push(pair, Some(at));
                    }
                }
            }
        }
        for pair in open {
            push(pair, None);
        }
    }
}
