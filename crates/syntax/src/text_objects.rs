//! Functions, classes, parameters and the like, as they are selected and gone to.

use std::ops::{ControlFlow, Range};
use std::time::{Duration, Instant};

use editor_core::{Direction, Edge, Extent, ObjectKind, Text, TextObject};
use streaming_iterator::StreamingIterator;
use tree_sitter::{Query, QueryCursorOptions};

use crate::SyntaxTree;
use crate::layer::{Layer, with_cursor};
use crate::parse_input::ParseInput;

/// How far from a place the next part is looked for at first, in bytes; then twice as far each time.
const NEAR: usize = 16 * 1024;

/// The furthest that the next part is looked for, in bytes.
const FAR: usize = 4 * 1024 * 1024;

/// When the search for parts gives up, since a command of the window waits for it: the last resort
/// against a text that the other limits let through.
const MAX_TIME: Duration = Duration::from_millis(500);

/// How many lines of comments are one at most, in each direction.
const MAX_COMMENT_LINES: usize = 1000;

/// How much white space beside a part is looked at, in bytes.
const MAX_BLANK: usize = 1000;

const KINDS: [(&str, ObjectKind); 6] = [
    ("function", ObjectKind::Function),
    ("class", ObjectKind::Class),
    ("parameter", ObjectKind::Parameter),
    ("comment", ObjectKind::Comment),
    ("block", ObjectKind::Block),
    ("entry", ObjectKind::Entry),
];

/// The kind that a capture of a query names.
pub(crate) fn kind_named(name: &str) -> Option<ObjectKind> {
    let found = KINDS.iter().find(|(known, _)| *known == name)?;
    Some(found.1)
}

/// A query for the parts of a text.
pub(crate) struct ObjectQuery {
    pub(crate) query: Query,
    /// By capture index: the kind, and how much of a part the capture is.
    captures: Vec<Option<(ObjectKind, Extent)>>,
}

impl ObjectQuery {
    pub(crate) fn new(query: Query) -> Self {
        let captures = query.capture_names().iter().map(|name| {
            let (kind, extent) = match name.strip_suffix(".inside") {
                Some(kind) => (kind, Extent::Inside),
                None => (*name, Extent::Around),
            };
            Some((kind_named(kind)?, extent))
        });
        Self {
            captures: captures.collect(),
            query,
        }
    }

    /// The names of the kinds that it has.
    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        let known = KINDS.iter().filter(|(_, kind)| self.knows(*kind));
        known.map(|(name, _)| *name).collect()
    }

    /// Whether it has parts of a kind.
    pub(crate) fn knows(&self, kind: ObjectKind) -> bool {
        let mut known = self.captures.iter().flatten();
        known.any(|(of, _)| *of == kind)
    }
}

/// A part as its nodes are: all of it, and what it holds. Bytes of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Found {
    whole: Range<usize>,
    inside: Option<Range<usize>>,
}

/// The parts of a kind with something in `range` of the text, in one layer, by their start; of
/// several with the same inside the outermost alone.
fn parts(
    layer: &Layer,
    text: &Text,
    kind: ObjectKind,
    range: &Range<usize>,
    until: Instant,
) -> Vec<Found> {
    let grammar = layer.place.grammar.compiled();
    let Some(objects) = grammar.and_then(|grammar| grammar.objects.as_ref()) else {
        return Vec::new();
    };
    if !objects.knows(kind) || !layer.can_be_queried() {
        return Vec::new();
    }
    let Range { start, end } = layer.place.range;
    let (from, to) = (range.start.clamp(start, end), range.end.clamp(start, end));
    let input = ParseInput::new(text, layer.place.range.clone());
    let mut found: Vec<Found> = Vec::new();
    with_cursor(|cursor| {
        // One more on both sides, so that an empty range touches what stands at it.
        cursor.set_byte_range((from - start).saturating_sub(1)..to - start + 1);
        let mut progress = |_: &tree_sitter::QueryCursorState| match Instant::now() < until {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        };
        let mut matches = cursor.matches_with_options(
            &objects.query,
            layer.tree.root_node(),
            &input,
            QueryCursorOptions::new().progress_callback(&mut progress),
        );
        while let Some(matched) = matches.next() {
            let mut whole: Option<Range<usize>> = None;
            let mut inside: Option<Range<usize>> = None;
            for capture in matched.captures {
                let named = objects.captures.get(capture.index as usize);
                let Some(&Some((of, extent))) = named else {
                    continue;
                };
                if of != kind {
                    continue;
                }
                let node = capture.node.byte_range();
                let node = start + node.start..(start + node.end).min(end);
                let part = match extent {
                    Extent::Around => &mut whole,
                    Extent::Inside => &mut inside,
                };
                *part = Some(match part.take() {
                    Some(part) => part.start.min(node.start)..part.end.max(node.end),
                    None => node,
                });
            }
            if let Some(whole) = whole {
                found.push(Found { whole, inside });
            }
        }
    });
    found.sort_by_key(|part| (part.whole.start, std::cmp::Reverse(part.whole.end)));
    outermost(found)
}

/// Drops parts that hold the same as one around them, and those found twice.
fn outermost(found: Vec<Found>) -> Vec<Found> {
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for part in found {
        let same = kept.iter_mut().rev().take(16).find(|kept| {
            kept.whole == part.whole || (part.inside.is_some() && kept.inside == part.inside)
        });
        match same {
            Some(same) => {
                if same.inside.is_none() {
                    same.inside = part.inside;
                }
            }
            None => kept.push(part),
        }
    }
    kept
}

impl SyntaxTree {
    /// The parts of a kind around a range, the smallest first, in the innermost language that has
    /// any. In white space before the first character of a line, that character is meant.
    ///
    /// Takes as long as there is in the lines around; call it where a key may wait for it.
    pub fn objects_around(
        &self,
        text: &Text,
        kind: ObjectKind,
        range: Range<usize>,
    ) -> Vec<TextObject> {
        let until = Instant::now() + MAX_TIME;
        let range = if range.is_empty() {
            let at = past_indentation(text, range.start);
            at..at
        } else {
            range
        };
        let covering = self
            .layers()
            .filter(|layer| layer.place.covers(range.start) && layer.place.covers(range.end));
        // Deeper ones come later.
        let layers: Vec<&Layer> = covering.collect();
        for layer in layers.into_iter().rev() {
            let mut found: Vec<TextObject> = parts(layer, text, kind, &range, until)
                .into_iter()
                .map(|part| object(text, kind, part))
                .filter(|part| part.whole.start <= range.start && range.end <= part.whole.end)
                .collect();
            if !found.is_empty() {
                // What begins at a caret is meant before what ends there.
                let begins = found.iter().any(|part| part.whole.start == range.start);
                found.sort_by_key(|part| {
                    let ends = range.is_empty() && begins && part.whole.end == range.end;
                    (ends, part.whole.len())
                });
                return found;
            }
        }
        Vec::new()
    }

    /// The nearest edge of a part of a kind before or behind an offset, in any language of the text.
    /// Up to four megabytes are looked at.
    pub fn nearest_object_edge(
        &self,
        text: &Text,
        kind: ObjectKind,
        from: usize,
        edge: Edge,
        direction: Direction,
    ) -> Option<usize> {
        let until = Instant::now() + MAX_TIME;
        let mut reach = NEAR;
        let mut at = from;
        loop {
            let (range, rest) = match direction {
                Direction::Forward => {
                    let end = at.saturating_add(reach).min(text.len());
                    (at..end, text.len() - end)
                }
                Direction::Backward => (at.saturating_sub(reach)..at, at.saturating_sub(reach)),
            };
            let edges = self
                .layers()
                .filter(|layer| {
                    let place = &layer.place;
                    !place.in_overlay
                        && place.range.start <= range.end
                        && range.start <= place.range.end
                })
                .flat_map(|layer| parts(layer, text, kind, &range, until))
                .map(|part| match edge {
                    Edge::Start => part.whole.start,
                    Edge::End => without_line_end(text, part.whole).end,
                });
            let nearest = match direction {
                Direction::Forward => edges.filter(|at| *at > from && *at <= range.end).min(),
                Direction::Backward => edges.filter(|at| *at < from && *at >= range.start).max(),
            };
            let looked = range.end.max(from) - range.start.min(from);
            if nearest.is_some() || rest == 0 || looked >= FAR || Instant::now() >= until {
                return nearest;
            }
            at = match direction {
                Direction::Forward => range.end,
                Direction::Backward => range.start,
            };
            reach *= 2;
        }
    }
}

/// The first character of a line for a place in the white space before it.
fn past_indentation(text: &Text, offset: usize) -> usize {
    let blank = |character: &char| matches!(character, ' ' | '\t');
    let mut before = text.chars_before(offset).take(MAX_BLANK);
    let in_indentation = before.find(|character| !blank(character));
    if !matches!(in_indentation, None | Some('\n')) {
        return offset;
    }
    let blanks = text.chars_from(offset).take(MAX_BLANK).take_while(blank);
    let first = offset + blanks.count();
    match text.char_at(first) {
        None | Some('\n') => offset,
        Some(_) => first,
    }
}

/// A part with how far it reaches.
fn object(text: &Text, kind: ObjectKind, part: Found) -> TextObject {
    let whole = without_line_end(text, part.whole);
    match kind {
        ObjectKind::Comment => comment(text, whole),
        ObjectKind::Parameter | ObjectKind::Entry => {
            let inside = part.inside.map(|inside| without_line_end(text, inside));
            TextObject {
                around: with_separator(text, &whole),
                inside: inside.unwrap_or_else(|| whole.clone()),
                whole,
            }
        }
        ObjectKind::Function | ObjectKind::Class | ObjectKind::Block => {
            let inside = part.inside.unwrap_or_else(|| whole.clone());
            TextObject {
                inside: without_brackets(text, inside),
                around: whole.clone(),
                whole,
            }
        }
    }
}

/// A range without the line ends and blanks that some grammars let a node end with.
fn without_line_end(text: &Text, range: Range<usize>) -> Range<usize> {
    let end = range.end.min(text.len());
    let start = range.start.min(end);
    let blanks = text.chars_before(end).take(MAX_BLANK);
    let blanks = blanks.take_while(|character| character.is_whitespace());
    let blank: usize = blanks.map(char::len_utf8).sum();
    start..end.saturating_sub(blank).max(start)
}

/// What is between the brackets that a range begins and ends with, without the white space at both
/// ends.
fn without_brackets(text: &Text, range: Range<usize>) -> Range<usize> {
    let range = without_line_end(text, range);
    let open = text.char_at(range.start);
    let close = match open {
        Some('{') => '}',
        Some('(') => ')',
        Some('[') => ']',
        _ => return range,
    };
    if range.len() < 2 || text.char_before(range.end) != Some(close) {
        return range;
    }
    let (start, end) = (range.start + 1, range.end - 1);
    let blank = |character: &char| character.is_whitespace();
    let before = text.chars_from(start).take(MAX_BLANK).take_while(blank);
    let before: usize = before.map(char::len_utf8).sum();
    if start + before >= end {
        return start..end;
    }
    without_line_end(text, start + before..end)
}

/// A member of a list with the comma behind it and the blanks after that, or, for the last one, with
/// the comma before it.
fn with_separator(text: &Text, whole: &Range<usize>) -> Range<usize> {
    let blank = |character: &char| character.is_whitespace();
    let blanks_at = |at: usize| -> usize {
        let blanks = text.chars_from(at).take(MAX_BLANK).take_while(blank);
        blanks.map(char::len_utf8).sum()
    };
    let comma = whole.end + blanks_at(whole.end);
    if text.char_at(comma) == Some(',') {
        let after = comma + 1;
        let next = after + blanks_at(after);
        // Up to the next member; the last line end before a closing bracket stays.
        let ends = matches!(text.char_at(next), None | Some(')' | ']' | '}' | '>'));
        return whole.start..if ends { after } else { next };
    }
    let blanks = text.chars_before(whole.start).take(MAX_BLANK);
    let blanks: usize = blanks.take_while(blank).map(char::len_utf8).sum();
    let before = whole.start - blanks;
    match text.char_before(before) {
        Some(',') => before - 1..whole.end,
        _ => whole.clone(),
    }
}

/// What begins a comment that ends with its line, the longest first.
const LINE_MARKS: [&str; 8] = ["///", "//!", "//", "--", "##", "#", ";", "%"];

/// What comments begin and end with that have an end of their own.
const BLOCK_MARKS: [(&str, &str); 6] = [
    ("<!--", "-->"),
    ("/**", "*/"),
    ("/*!", "*/"),
    ("/*", "*/"),
    ("=begin", "=end"),
    ("{-", "-}"),
];

/// A comment with those in the lines before and behind it that begin their line with the same mark.
fn comment(text: &Text, whole: Range<usize>) -> TextObject {
    for (open, close) in BLOCK_MARKS {
        let end = whole.end.saturating_sub(close.len());
        if whole.start + open.len() <= end
            && starts_with(text, whole.start, open)
            && starts_with(text, end, close)
        {
            let inside = without_line_end(text, whole.start + open.len()..end);
            let blanks = text.chars_from(inside.start).take(MAX_BLANK);
            let blanks = blanks.take_while(|character| character.is_whitespace());
            let blanks: usize = blanks.map(char::len_utf8).sum();
            return TextObject {
                inside: (inside.start + blanks).min(inside.end)..inside.end,
                around: whole.clone(),
                whole,
            };
        }
    }
    let mark = LINE_MARKS
        .iter()
        .find(|mark| starts_with(text, whole.start, mark));
    let Some(mark) = mark else {
        return TextObject {
            inside: whole.clone(),
            around: whole.clone(),
            whole,
        };
    };
    let marked = |row: usize| -> Option<usize> {
        let start = text.line_start(row);
        let blanks = text.chars_from(start).take(MAX_BLANK);
        let blanks = blanks.take_while(|character| matches!(character, ' ' | '\t'));
        let first = start + blanks.count();
        starts_with(text, first, mark).then_some(first)
    };
    let row = text.row_at(whole.start);
    let (mut first, mut last) = (whole.start, whole.end);
    if marked(row) == Some(whole.start) {
        let rows_before = (0..row).rev().take(MAX_COMMENT_LINES);
        if let Some(start) = rows_before.map_while(marked).last() {
            first = start;
        }
        let rows_behind = (row + 1..text.line_count()).take(MAX_COMMENT_LINES);
        let behind = rows_behind.take_while(|row| marked(*row).is_some()).last();
        if let Some(row) = behind {
            last = text.line_end(row);
        }
    }
    let whole = first..last;
    let inside = first + mark.len();
    let blanks = text.chars_from(inside).take(MAX_BLANK);
    let blanks = blanks.take_while(|character| matches!(character, ' ' | '\t'));
    TextObject {
        inside: (inside + blanks.count()).min(last)..last,
        around: whole.clone(),
        whole,
    }
}

fn starts_with(text: &Text, at: usize, wanted: &str) -> bool {
    let mut found = text.chars_from(at.min(text.len()));
    wanted
        .chars()
        .all(|character| found.next() == Some(character))
}
