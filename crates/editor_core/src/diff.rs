use std::ops::Range;

use crate::line_diff::changed_lines;
use crate::{ChangeSet, Edit, Text};

/// A line diff is made of at most this many bytes on either side; a longer middle is replaced as a
/// whole, which is right too.
const MAX_DIFFED_BYTES: usize = 16 * 1024 * 1024;

/// A small change that turns `before` into `after`: what is the same at both ends and the lines
/// that are the same in between are kept, so that carets, folds and undo hold across a reload or
/// a file that was written anew. Linear in both texts, plus a bounded line diff.
pub fn minimal_change(before: &Text, after: &str) -> ChangeSet {
    change_between(before, &Text::new(after))
}

/// What [`minimal_change`] gives, for a text that is not in one piece. Of what is the same at both
/// ends nothing is copied.
pub fn change_between(before: &Text, after: &Text) -> ChangeSet {
    let prefix = common_prefix(before, after);
    let suffix = common_suffix(before, after, prefix);
    let old = prefix..before.len() - suffix;
    let new = prefix..after.len() - suffix;
    // Whole lines for the line diff: back to the start of the first line that differs, and on to
    // the end of the last.
    let old_lines = widen(
        &old,
        |at| before.line_start(before.row_at(at)),
        |at| before.line_end(before.row_at(at)),
    );
    let grown_start = old.start - old_lines.start;
    let grown_end = old_lines.end - old.end;
    let new_lines = new.start - grown_start..new.end + grown_end;
    let edits = if old_lines.len().max(new_lines.len()) > MAX_DIFFED_BYTES {
        vec![Edit::new(old, after.slice(new))]
    } else {
        let old_text = before.slice(old_lines.clone());
        let new_text = after.slice(new_lines);
        ended_apart(&old_text, &new_text, old_lines.start)
    };
    // The ranges come out of one pass over the text, in order and inside it.
    ChangeSet::from_edits(before.len(), edits).unwrap_or_else(|_| {
        let all = Edit::new(0..before.len(), after.to_string());
        ChangeSet::from_edits(before.len(), vec![all]).unwrap_or_default()
    })
}

/// The edits of lines, where a last line that the one ends with a line break and the other does not
/// is the same line: the break alone is put in or taken out.
fn ended_apart(old: &str, new: &str, start: usize) -> Vec<Edit> {
    let (old_body, new_body) = (old.strip_suffix('\n'), new.strip_suffix('\n'));
    let (old_lines, new_lines, end) = match (old_body, new_body) {
        (None, Some(body)) if !old.is_empty() => {
            let end = start + old.len();
            (old, body, Some(Edit::new(end..end, "\n")))
        }
        (Some(body), None) if !new.is_empty() => {
            let end = start + body.len();
            (body, new, Some(Edit::new(end..end + 1, "")))
        }
        _ => (old, new, None),
    };
    let old_rows: Vec<&str> = old_lines.split_inclusive('\n').collect();
    let new_rows: Vec<&str> = new_lines.split_inclusive('\n').collect();
    let mut edits = line_edits(&old_rows, &new_rows, start);
    if let Some(end) = end {
        match edits
            .last_mut()
            .filter(|last| last.range.end == end.range.start)
        {
            Some(last) => {
                last.range.end = end.range.end;
                last.text.push_str(&end.text);
            }
            None => edits.push(end),
        }
    }
    edits
}

fn line_edits(old_rows: &[&str], new_rows: &[&str], start: usize) -> Vec<Edit> {
    let (mut at, mut passed) = (start, 0);
    let length = |rows: &[&str]| rows.iter().map(|row| row.len()).sum::<usize>();
    changed_lines(old_rows.iter().copied(), new_rows.iter().copied())
        .into_iter()
        .map(|(old, new)| {
            at += length(&old_rows[passed..old.start]);
            passed = old.start;
            trimmed(at, &old_rows[old].concat(), &new_rows[new].concat())
        })
        .collect()
}

/// The replacement of `old`, which begins at `at`, by `new`, without what both have at their ends.
fn trimmed(at: usize, old: &str, new: &str) -> Edit {
    let prefix = floor(
        old,
        old.bytes()
            .zip(new.bytes())
            .take_while(|(old, new)| old == new)
            .count(),
    );
    let suffix = old[prefix..]
        .bytes()
        .rev()
        .zip(new[prefix..].bytes().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let suffix = old.len() - ceil(old, old.len() - suffix);
    Edit::new(
        at + prefix..at + old.len() - suffix,
        &new[prefix..new.len() - suffix],
    )
}

fn common_prefix(before: &Text, after: &Text) -> usize {
    let limit = before.len().min(after.len());
    let mut at = 0;
    while at < limit {
        let (old, old_start) = before.chunk_at(at);
        let (new, new_start) = after.chunk_at(at);
        let (old, new) = (
            &old.as_bytes()[at - old_start..],
            &new.as_bytes()[at - new_start..],
        );
        let length = old.len().min(new.len());
        if old[..length] == new[..length] {
            at += length;
            continue;
        }
        at += old
            .iter()
            .zip(new)
            .take_while(|(old, new)| old == new)
            .count();
        break;
    }
    // Both texts agree up to here, so a boundary in one is a boundary in the other; at the end of
    // one of them the other may go on inside a character.
    before
        .floor_char_boundary(at)
        .min(after.floor_char_boundary(at))
}

/// Bytes at the end of both that are the same, not reaching into the first `prefix` of either.
fn common_suffix(before: &Text, after: &Text, prefix: usize) -> usize {
    let limit = before.len().min(after.len()) - prefix;
    let mut same = 0;
    while same < limit {
        let (old_end, new_end) = (before.len() - same, after.len() - same);
        let (old, old_start) = before.chunk_at(old_end - 1);
        let (new, new_start) = after.chunk_at(new_end - 1);
        let old = &old.as_bytes()[..old_end - old_start];
        let new = &new.as_bytes()[..new_end - new_start];
        let length = old.len().min(new.len());
        let equal = if old[old.len() - length..] == new[new.len() - length..] {
            length
        } else {
            old.iter()
                .rev()
                .zip(new.iter().rev())
                .take_while(|(old, new)| old == new)
                .count()
        };
        same = (same + equal).min(limit);
        if equal < length {
            break;
        }
    }
    before.len() - before.ceil_char_boundary(before.len() - same)
}

fn widen(
    range: &Range<usize>,
    start: impl Fn(usize) -> usize,
    end: impl Fn(usize) -> usize,
) -> Range<usize> {
    start(range.start)..end(range.end)
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
