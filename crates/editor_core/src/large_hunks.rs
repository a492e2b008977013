//! Where two texts of any length differ, by whole lines: what is the same is passed over in the pieces
//! that the texts are stored in, and the lines of a window of each are compared where they begin to
//! differ. What takes more windows than are looked at, or fits in none, is one difference.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common_bytes::common_bytes;
use crate::{Hunk, MAX_COMPARED_BYTES, Text, hunks};

/// So many windows are compared at most: each may take as long as two texts of that size.
const MAX_WINDOWS: usize = 64;

/// With more differences than this, the rest is one.
const MAX_HUNKS: usize = 10_000;

/// The changes from `base` to `text`, which may be of any length, in order; `None` where it was
/// cancelled. Far into texts that have little in common the rest is one change. Takes its time: not
/// for the UI thread.
pub fn hunks_of_large(base: &Text, text: &Text, cancel: &AtomicBool) -> Option<Vec<Hunk>> {
    within(MAX_COMPARED_BYTES, base, text, cancel)
}

/// With windows of so many bytes, which are at most [`MAX_COMPARED_BYTES`].
fn within(window: usize, base: &Text, text: &Text, cancel: &AtomicBool) -> Option<Vec<Hunk>> {
    let (mut old, mut new) = (0, 0);
    let mut found = Vec::new();
    for windows in 0.. {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let same = same_rows((base, old), (text, new), cancel)?;
        (old, new) = (old + same, new + same);
        if old == base.line_count() || new == text.line_count() {
            let left = Hunk {
                base_rows: old..base.line_count(),
                rows: new..text.line_count(),
            };
            let differs = !left.base_rows.is_empty() || !left.rows.is_empty();
            found.extend(differs.then_some(left));
            break;
        }
        let ends = (window_end(base, old, window), window_end(text, new, window));
        let (Some((old_end, new_end)), true) = (
            ends.0.zip(ends.1),
            windows < MAX_WINDOWS && found.len() <= MAX_HUNKS,
        ) else {
            found.push(rest(base, old, text, new));
            break;
        };
        let (old_lines, new_lines) = (lines(base, old..old_end), lines(text, new..new_end));
        let mut here = hunks(&old_lines, &new_lines)?;
        for hunk in &mut here {
            hunk.base_rows = hunk.base_rows.start + old..hunk.base_rows.end + old;
            hunk.rows = hunk.rows.start + new..hunk.rows.end + new;
        }
        let is_last = old_end == base.line_count() && new_end == text.line_count();
        let goes_on = |hunk: &mut Hunk| hunk.base_rows.end == old_end || hunk.rows.end == new_end;
        let next = match here.pop_if(|hunk| !is_last && goes_on(hunk)) {
            Some(open) if (open.base_rows.start, open.rows.start) == (old, new) => {
                found.push(rest(base, old, text, new));
                break;
            }
            Some(open) => (open.base_rows.start, open.rows.start),
            None => (old_end, new_end),
        };
        found.append(&mut here);
        (old, new) = next;
    }
    Some(found)
}

/// Whole lines, without the last one's end.
fn lines(text: &Text, rows: Range<usize>) -> Text {
    Text::new(&text.slice(text.line_start(rows.start)..text.line_end(rows.end - 1)))
}

/// The row behind the lines of a window that begins with a row; `None` where that line is longer.
fn window_end(text: &Text, row: usize, window: usize) -> Option<usize> {
    let start = text.line_start(row);
    if text.len() - start <= window {
        return Some(text.line_count());
    }
    let end = text.row_at(text.floor_char_boundary(start + window));
    (end > row).then_some(end)
}

/// How many lines from two rows on are the same; `None` where it was cancelled.
fn same_rows(
    (base, old): (&Text, usize),
    (text, new): (&Text, usize),
    cancel: &AtomicBool,
) -> Option<usize> {
    if old == base.line_count() || new == text.line_count() {
        return Some(0);
    }
    let (at, other) = (base.line_start(old), text.line_start(new));
    let common = common_bytes((base, at), (text, other), cancel)?;
    let (at, other) = (at + common, other + common);
    if at == base.len() && other == text.len() {
        return Some(base.line_count() - old);
    }
    Some(base.row_at(base.floor_char_boundary(at)) - old)
}

/// The bytes of a stored piece up to an offset behind the start of the text.
fn up_to(text: &Text, offset: usize) -> &[u8] {
    let (piece, start) = text.chunk_at(offset - 1);
    &piece.as_bytes()[..offset - start]
}

/// All from two rows on, but for the lines that are the same at the end, as one difference.
fn rest(base: &Text, old: usize, text: &Text, new: usize) -> Hunk {
    let (first, first_here) = (base.line_start(old), text.line_start(new));
    let (mut end, mut other) = (base.len(), text.len());
    while end > first && other > first_here {
        let (here, there) = (up_to(base, end), up_to(text, other));
        let count = here.len().min(there.len());
        let count = count.min(end - first).min(other - first_here);
        let here = here[here.len() - count..].iter().rev();
        let there = there[there.len() - count..].iter().rev();
        let equal = here.zip(there).take_while(|(one, two)| one == two).count();
        (end, other) = (end - equal, other - equal);
        if equal < count {
            break;
        }
    }
    // A line of which only the end is the same differs.
    let row = base.row_at(base.floor_char_boundary(end));
    let begins = base.line_start(row) == end
        && text.line_start(text.row_at(text.floor_char_boundary(other))) == other;
    let same = base.line_count() - row - usize::from(!begins);
    Hunk {
        base_rows: old..base.line_count() - same,
        rows: new..text.line_count() - same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ChangeSet, edits_reverting};
    use proptest::prelude::*;

    fn found(window: usize, base: &str, text: &str) -> Vec<Hunk> {
        let (base, text) = (Text::new(base), Text::new(text));
        within(window, &base, &text, &AtomicBool::new(false)).unwrap()
    }

    fn numbered(lines: Range<usize>) -> String {
        lines.map(|line| format!("line {line}\n")).collect()
    }

    #[test]
    fn changes_far_apart_are_found_each_and_no_other() {
        let base = numbered(0..1000);
        let text = base.replace("line 0\n", "LINE\n").replace("line 500\n", "");
        let text = text.replace("line 800\n", "line 800\nmore\n") + "end";
        let rows: Vec<_> = found(200, &base, &text)
            .into_iter()
            .map(|hunk| (hunk.base_rows, hunk.rows))
            .collect();
        let expected = [
            (0..1, 0..1),
            (500..501, 500..500),
            (801..801, 800..801),
            (1000..1001, 1000..1001),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn what_fits_in_no_window_is_one_difference_without_the_same_lines_at_the_end() {
        let base = numbered(0..100);
        let text = numbered(0..10) + &"new\n".repeat(200) + &numbered(10..100);
        let one = Hunk {
            base_rows: 10..10,
            rows: 10..210,
        };
        assert_eq!(found(60, &base, &text), [one]);
    }

    #[test]
    fn nothing_is_found_once_it_is_cancelled() {
        let (base, text) = (Text::new("a\n"), Text::new("b\n"));
        assert!(hunks_of_large(&base, &text, &AtomicBool::new(true)).is_none());
    }

    fn document() -> impl Strategy<Value = String> {
        (prop::collection::vec("[aä]{0,2}", 0..24), any::<bool>()).prop_map(|(lines, end)| {
            let end = if end { "\n" } else { "" };
            lines.join("\n") + end
        })
    }

    proptest! {
        #[test]
        fn with_any_window_reverting_gives_the_base(
            base in document(),
            text in document(),
            window in 1_usize..24,
        ) {
            let hunks = found(window, &base, &text);
            let (base, text) = (Text::new(&base), Text::new(&text));
            let edits = edits_reverting(&hunks, &base, &text);
            let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
            prop_assert_eq!(changes.apply(&text).unwrap().to_string(), base.to_string());
        }
    }
}
