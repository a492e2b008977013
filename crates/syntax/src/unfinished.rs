//! Reading a text without the rows in which something is unfinished.
//!
//! Most parsers find their way back a few words behind an error. For some a bracket without a
//! partner, or a word too many, takes in much of the rest of the text: in HCL rows end nothing, so
//! that all that follows `a = merge(` is an argument. There the rows that are being typed in, or that
//! leave a bracket open, are blank to the parser if less of the rest is wrong so. They are read apart,
//! as a fragment, in a layer of their own ([`crate::tree`]), and what is wrong in them is wrong in them
//! alone.

use std::borrow::Cow;
use std::ops::Range;

use tree_sitter::{InputEdit, Tree};

use crate::broken;
use crate::grammar::GrammarId;
use crate::parse_input::ParseInput;
use crate::touched::Touched;

/// In a longer text nothing is read apart, in bytes.
const MAX_BYTES: usize = 512 * 1024;

/// In a longer one only the rows that are typed in are, in bytes: others are searched for.
const MAX_SEARCHED: usize = 128 * 1024;

/// More parts of one text are not read apart.
const MAX_PARTS: usize = 4;

/// A longer part is not, in bytes.
const MAX_PART: usize = 64 * 1024;

/// How often a text is parsed to find the next part that is to be read apart.
const MAX_PARSES: usize = 6;

/// Rows below a bracket that are gone through for its end.
const MAX_ROWS: usize = 1000;

/// What is read in the place of a row, as far as it reaches.
static BLANKS: [u8; 1024] = [b' '; 1024];

/// A tree of a text without some parts of it.
pub(crate) struct Reading {
    pub(crate) tree: Tree,
    /// The parts, whole rows in order, in bytes.
    pub(crate) aside: Vec<Range<usize>>,
    /// Whether it was made from the tree before, with the same parts.
    pub(crate) goes_on: bool,
}

/// What was known of a text before it was edited, carried over the edits.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) aside: &'a [Range<usize>],
    pub(crate) edits: &'a Touched,
}

/// Whether parts of a text in a grammar are read apart.
pub(crate) fn is_read_so(grammar: GrammarId, len: usize) -> bool {
    matches!(grammar.name(), "hcl" | "kotlin") && len <= MAX_BYTES
}

/// Reads a text. `parse` parses it with parts blank, from a tree if there is one; `left_open` finds
/// the opening brackets without a partner in a tree. `None` where one of them was cancelled.
pub(crate) fn read(
    grammar: GrammarId,
    input: &ParseInput<'_>,
    before: Option<Before<'_>>,
    mut parse: impl FnMut(&[Range<usize>], Option<&Tree>) -> Option<Tree>,
    left_open: impl Fn(&Tree) -> Option<Vec<usize>>,
) -> Option<Reading> {
    // An error of HCL is found again also where it is not there any more.
    let may_go_on = |tree: &Tree| grammar.name() != "hcl" || !tree.root_node().has_error();
    let kept = before.map_or(Vec::new(), |before| whole_rows(before.aside, input));
    let known = before.filter(|before| may_go_on(before.tree));
    let mut apart = None;
    if !kept.is_empty() {
        let from = known.map(|before| read_otherwise(before.tree, &[before.aside, &kept], input));
        let reading = Reading {
            tree: parse(&kept, from.as_ref())?,
            aside: kept.clone(),
            goes_on: from.is_some(),
        };
        let is_well = !reading.tree.root_node().has_error();
        let texts = kept.iter().map(|part| input.text(part.clone()));
        let are_code = kept.iter().all(|part| is_code(&reading.tree, part));
        // What closes it may have been written elsewhere.
        let edits = before.map_or(&[][..], |before| before.edits.ranges());
        let is_inside = |edit: &Range<usize>| {
            let mut parts = kept.iter();
            parts.any(|part| part.start <= edit.start && edit.end <= part.end)
        };
        if is_well && are_code && edits.iter().all(is_inside) && are_unbalanced(texts) {
            return Some(reading);
        }
        apart = Some(reading);
    }
    let from = match &apart {
        Some(apart) => may_go_on(&apart.tree).then(|| read_otherwise(&apart.tree, &[&kept], input)),
        None => known.map(|before| before.tree.clone()),
    };
    let tree = parse(&[], from.as_ref())?;
    let mut best = Reading {
        goes_on: from.is_some() && kept.is_empty(),
        tree,
        aside: Vec::new(),
    };
    if !best.tree.root_node().has_error() {
        return Some(best);
    }
    if let Some(apart) = apart
        && wrong_bytes(&apart.tree, input, &[]) < wrong_bytes(&best.tree, input, &kept)
    {
        best = apart;
    }
    for _ in 0..MAX_PARTS {
        let wrong = wrong_bytes(&best.tree, input, &best.aside);
        if wrong == 0 || best.aside.len() >= MAX_PARTS {
            break;
        }
        let Some(better) = better(input, &best, before, known, &mut parse, &left_open)? else {
            break;
        };
        best = better;
    }
    Some(best)
}

/// A reading with one more part aside, if less is wrong in the rest then: the first in which nothing
/// is, or the best of those that were tried.
fn better(
    input: &ParseInput<'_>,
    best: &Reading,
    before: Option<Before<'_>>,
    known: Option<Before<'_>>,
    parse: &mut impl FnMut(&[Range<usize>], Option<&Tree>) -> Option<Tree>,
    left_open: &impl Fn(&Tree) -> Option<Vec<usize>>,
) -> Option<Option<Reading>> {
    let mut least = wrong_bytes(&best.tree, input, &best.aside);
    let mut better = None;
    let mut tried: Vec<Range<usize>> = Vec::new();
    let mut look = |places: Vec<Range<usize>>, better: &mut Option<Reading>| {
        let parts = places.iter().flat_map(|place| parts_around(input, place));
        for part in parts {
            let overlaps =
                |other: &Range<usize>| part.start <= other.end && other.start <= part.end;
            if tried.contains(&part) || best.aside.iter().any(overlaps) {
                continue;
            }
            if tried.len() >= MAX_PARSES {
                break;
            }
            tried.push(part.clone());
            let has_open = are_unbalanced(std::iter::once(input.text(part.clone())));
            let mut aside = best.aside.clone();
            aside.push(part);
            aside.sort_by_key(|part| part.start);
            if !has_open && wrong_bytes(&best.tree, input, &aside) == 0 {
                // What is wrong is wrong there alone.
                least = 0;
                *better = None;
                break;
            }
            let from = known.map(|known| read_otherwise(known.tree, &[known.aside, &aside], input));
            let tree = parse(&aside, from.as_ref())?;
            let wrong = wrong_bytes(&tree, input, &[]);
            if wrong < least {
                least = wrong;
                let goes_on = false;
                *better = Some(Reading {
                    tree,
                    aside,
                    goes_on,
                });
            }
            if wrong == 0 {
                break;
            }
        }
        Some(least == 0)
    };
    let edited = before.map_or(&[][..], |before| before.edits.ranges());
    let is_done = edited.len() <= MAX_PARTS && look(edited.to_vec(), &mut better)?;
    if !is_done && better.is_none() && input.range.len() <= MAX_SEARCHED {
        let open = left_open(&best.tree)?.into_iter();
        look(open.map(|at| at..at).collect(), &mut better)?;
    }
    if !is_done && better.is_none() && input.range.len() <= MAX_SEARCHED {
        let errors = broken::errors(&best.tree, &(0..input.range.len()));
        if let Some(error) = errors.first() {
            // What is wrong may begin in the row before.
            let start = row_start(input, error.start);
            let row_before = start.saturating_sub(1)..start;
            look(vec![error.start..error.start, row_before], &mut better)?;
        }
    }
    Some(better)
}

/// A chunk of a text from an offset on, with parts of it blank.
pub(crate) fn blanked<'a>(chunk: &'a [u8], offset: usize, aside: &[Range<usize>]) -> &'a [u8] {
    let next = aside.partition_point(|part| part.end <= offset);
    let Some(part) = aside.get(next) else {
        return chunk;
    };
    if offset < part.start {
        return &chunk[..chunk.len().min(part.start - offset)];
    }
    let inside = &chunk[..chunk.len().min(part.end - offset)];
    // Rows end where they did.
    match inside.iter().position(|byte| *byte == b'\n') {
        Some(0) => &inside[..1],
        row_end => &BLANKS[..row_end.unwrap_or(inside.len()).min(BLANKS.len())],
    }
}

/// Carries parts over an edit that replaced bytes: one that was edited takes in what was written.
pub(crate) fn carry(aside: &mut [Range<usize>], start: usize, old_end: usize, new_end: usize) {
    for part in aside {
        if part.end < start {
            continue;
        }
        if old_end < part.start {
            *part = part.start - old_end + new_end..part.end - old_end + new_end;
            continue;
        }
        let end = match part.end >= old_end {
            true => part.end - old_end + new_end,
            false => new_end,
        };
        *part = part.start.min(start)..end;
    }
}

/// Parts with the rest of their rows, without those that are too long. Nothing where they are many.
fn whole_rows(aside: &[Range<usize>], input: &ParseInput<'_>) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::with_capacity(aside.len());
    for part in aside {
        let part = row_start(input, part.start)..row_end(input, part.end);
        match parts.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => parts.push(part),
        }
    }
    parts.retain(|part| part.len() <= MAX_PART && !part.is_empty());
    parts
}

/// The rows that a range is in, and if a bracket is left open in them the same with those that are
/// further to the right below them, and with what ends these.
fn parts_around(input: &ParseInput<'_>, range: &Range<usize>) -> Vec<Range<usize>> {
    let len = input.range.len();
    // What ends with a row does not reach into the next.
    let ends_row = range.start < range.end && input.chunk(range.end - 1).starts_with(b"\n");
    let last = range.end - usize::from(ends_row);
    let rows = row_start(input, range.start)..row_end(input, last);
    if rows.len() > MAX_PART {
        return Vec::new();
    }
    let text = input.text(rows.clone());
    if text.trim().is_empty() {
        return Vec::new();
    }
    let mut parts = vec![rows.clone()];
    if !opens(&text) {
        return parts;
    }
    let indent = indent_of(&text);
    let (mut end, mut with_rest) = (rows.end, rows.end);
    for _ in 0..MAX_ROWS {
        if end >= len || end - rows.start > MAX_PART {
            break;
        }
        let next = end + 1;
        end = row_end(input, next);
        let row = input.text(next..end);
        let is_blank = row.trim().is_empty();
        let is_end = indent_of(&row) == indent && row.trim_start().starts_with([')', ']', '}']);
        if !is_blank && indent_of(&row) <= indent && !is_end {
            break;
        }
        if !is_blank {
            with_rest = end;
        }
        if is_end {
            break;
        }
    }
    if with_rest > rows.end {
        parts.push(rows.start..with_rest);
    }
    parts
}

fn row_start(input: &ParseInput<'_>, at: usize) -> usize {
    at - input.point(at).column.min(at)
}

fn row_end(input: &ParseInput<'_>, at: usize) -> usize {
    let mut at = at;
    loop {
        let chunk = input.chunk(at);
        match chunk.iter().position(|byte| *byte == b'\n') {
            Some(end) => return at + end,
            None if chunk.is_empty() => return at,
            None => at += chunk.len(),
        }
    }
}

fn indent_of(row: &str) -> usize {
    row.len() - row.trim_start_matches([' ', '\t']).len()
}

/// The brackets that some text leaves open, in bytes, how many more are opened than closed, and whether
/// that is sure: not where one stands in a string or behind what may begin a comment or a text of
/// several rows.
pub(crate) fn left_open(text: &str) -> (Vec<usize>, isize, bool) {
    let (mut open, mut more, mut is_sure) = (Vec::new(), 0_isize, true);
    let mut quote = None;
    let mut before = ' ';
    for (at, sign) in text.char_indices() {
        match (quote, sign) {
            (None, '"' | '\'' | '`') => quote = Some(sign),
            (Some(mark), _) if sign == mark && before != '\\' => quote = None,
            (_, '(' | '[' | '{' | ')' | ']' | '}') if quote.is_some() => is_sure = false,
            (None, '(' | '[' | '{') => {
                open.push(at);
                more += 1;
            }
            (None, ')' | ']' | '}') => {
                open.pop();
                more -= 1;
            }
            (None, '/' | '*') if before == '/' => is_sure = false,
            (None, '<') if before == '<' => is_sure = false,
            (None, '#') => is_sure = false,
            _ => {}
        }
        before = sign;
    }
    (open, more, is_sure && quote.is_none())
}

/// Whether some text leaves a bracket open, as far as it can be told without a tree.
fn opens(text: &str) -> bool {
    !left_open(text).0.is_empty()
}

/// Whether parts of a text together open more brackets than they close, or fewer, for sure: a text that
/// follows its grammar without them does not with them.
fn are_unbalanced<'a>(parts: impl Iterator<Item = Cow<'a, str>>) -> bool {
    let mut all = 0;
    for part in parts {
        let (_, more, is_sure) = left_open(&part);
        if !is_sure {
            return false;
        }
        all += more;
    }
    all != 0
}

/// Whether a blank part of a tree's text stands among its code, and not in a comment or a string.
fn is_code(tree: &Tree, part: &Range<usize>) -> bool {
    let node = (tree.root_node()).descendant_for_byte_range(part.start, part.end);
    node.is_some_and(|node| node.child_count() > 0)
}

/// A tree as if parts had been edited, so that another can be made from it in which they are read
/// otherwise.
fn read_otherwise(tree: &Tree, parts: &[&[Range<usize>]], input: &ParseInput<'_>) -> Tree {
    let mut tree = tree.clone();
    for part in parts.iter().copied().flatten() {
        let (start, end) = (input.point(part.start), input.point(part.end));
        tree.edit(&InputEdit {
            start_byte: part.start,
            old_end_byte: part.end,
            new_end_byte: part.end,
            start_position: start,
            old_end_position: end,
            new_end_position: end,
        });
    }
    tree
}

/// How much of a text outside of parts a tree does not understand, in bytes.
fn wrong_bytes(tree: &Tree, input: &ParseInput<'_>, aside: &[Range<usize>]) -> usize {
    if !tree.root_node().has_error() {
        return 0;
    }
    let errors = broken::errors(tree, &(0..input.range.len()));
    let outside = errors.into_iter().map(|error| {
        let all = error.len().max(1);
        let inside = aside.iter().map(|part| {
            let (start, end) = (error.start.max(part.start), error.end.min(part.end));
            match error.is_empty() {
                true => usize::from(part.start <= error.start && error.start <= part.end),
                false => end.saturating_sub(start),
            }
        });
        all.saturating_sub(inside.sum())
    });
    outside.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_blank_and_their_rows_end_where_they_did() {
        let text = b"ab\ncde\nf\ngh";
        let read = |aside: &[Range<usize>]| {
            let mut read = Vec::new();
            while read.len() < text.len() {
                let at = read.len();
                read.extend(blanked(&text[at..], at, aside));
            }
            String::from_utf8(read).unwrap_or_default()
        };
        assert_eq!(read(&[]), "ab\ncde\nf\ngh");
        assert_eq!(read(&[3..8, 9..11]), "ab\n   \n \n  ");
        let long = [b'x'; 3000];
        assert_eq!(blanked(&long, 0, &[0..2000, 2500..2600]), BLANKS);
        assert_eq!(blanked(&long, 1999, &[0..2000, 2500..2600]), b" ");
        assert_eq!(blanked(&long, 2000, &[0..2000, 2500..2600]).len(), 500);
    }

    #[test]
    fn a_part_takes_in_what_is_written_at_it() {
        let carried = |start, old_end, new_end| {
            let mut aside = [10..20, 30..40];
            carry(&mut aside, start, old_end, new_end);
            aside
        };
        assert_eq!(carried(0, 0, 5), [15..25, 35..45]);
        assert_eq!(carried(10, 10, 15), [10..25, 35..45]);
        assert_eq!(carried(20, 20, 22), [10..22, 32..42]);
        assert_eq!(carried(9, 10, 9), [9..19, 29..39]);
        assert_eq!(carried(15, 35, 16), [10..16, 15..21]);
        assert_eq!(carried(41, 50, 41), [10..20, 30..40]);
    }

    #[test]
    fn a_bracket_in_a_string_or_a_comment_says_nothing_for_sure() {
        assert_eq!(left_open("a = [b(1), {"), (vec![4, 11], 2, true));
        assert_eq!(left_open("a = [\"b\", 'c'"), (vec![4], 1, true));
        assert_eq!(left_open("} a {"), (vec![4], 0, true));
        for unsure in [
            "a = [\"b",
            "a = [ # b",
            "a(b // c",
            "a(b /* c",
            "a([ <<B",
            "f(\"${a",
        ] {
            assert!(!left_open(unsure).2, "{unsure}");
        }
    }
}
