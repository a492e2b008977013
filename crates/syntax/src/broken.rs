//! The colours of text that does not follow its grammar, which is most of what is being typed.
//!
//! What a parser skips to find its way back has no nodes, a word in it may be taken for a name, and
//! a string that is not closed yet takes in the lines after it. In the rows of such errors, and in
//! those alone, what the tree does not know is read as a row of comments, strings, numbers and
//! words ([`Lexicon`]). It is done for the rows that are asked for, so that it costs as little as
//! they are long.

use std::ops::Range;

use editor_core::{StringMarks, Text};
use tree_sitter::{Node, Tree, TreeCursor};

use crate::highlight::{HighlightId, HighlightSpan};
use crate::layer::push_span;
use crate::lexicon::Lexicon;

/// How far the beginning of a row is looked for, and its end, in bytes.
const MAX_ROW: usize = 4096;

/// More of one text is not read at once, in bytes: a frame waits for it.
const MAX_BYTES: usize = 256 * 1024;

/// How many nodes are looked at for errors, so that no text makes it slow.
const MAX_NODES: usize = 10_000;

/// The highlights of the tree with those of what it does not know. `spans` are its own within
/// `range` of the text, which begins and ends with a row, `swallowed` what [`swallowing`] found, and
/// the tree begins at `start` of the text.
pub(crate) fn with_words(
    spans: Vec<HighlightSpan>,
    swallowed: &[Range<usize>],
    tree: &Tree,
    (text, start): (&Text, usize),
    range: &Range<usize>,
    lexicon: &Lexicon,
) -> Vec<HighlightSpan> {
    let has_error = tree.root_node().has_error();
    if (swallowed.is_empty() && !has_error) || range.len() > MAX_BYTES {
        return spans;
    }
    let errors = match has_error {
        true => {
            let row_before = text.row_at(range.start).saturating_sub(1);
            let from = text.line_start(row_before).max(start);
            errors(tree, &(from - start..range.end - start))
        }
        false => Vec::new(),
    };
    let errors = errors.into_iter().map(|error| {
        // A parser finds its way back a few words later.
        let end = text.line_start(text.row_at(error.end + start) + 1);
        error.start + start..end
    });
    let rows = rows(errors.chain(swallowed.iter().cloned()), text, range);
    let mut made = Vec::with_capacity(spans.len());
    let mut rest = spans.into_iter().peekable();
    for rows in rows {
        while let Some(span) = rest.next_if(|span| span.range.start < rows.start) {
            push_span(&mut made, span.range, span.highlight);
        }
        let mut inside = Vec::new();
        while let Some(span) = rest.next_if(|span| span.range.start < rows.end) {
            inside.push(span);
        }
        // What a span from before the rows covers is read already.
        let from = made.last().map_or(0, |span| span.range.end);
        let source = &text.slice(rows.clone());
        let inside = without_words_in_words(inside, source, rows.start, lexicon);
        let reader = Reader {
            lexicon,
            source,
            start: rows.start,
            spans: &inside,
            swallowed,
        };
        reader.read(from.max(rows.start), &mut made);
    }
    for span in rest {
        let end = made.last().map_or(0, |span| span.range.end);
        push_span(
            &mut made,
            span.range.start.max(end)..span.range.end.max(end),
            span.highlight,
        );
    }
    made
}

/// The strings among `spans` that go on past the end of a row though theirs end with it.
/// They are as long as in the tree: what is cut at its beginning does not show its mark.
pub(crate) fn swallowing(
    spans: &[HighlightSpan],
    text: &Text,
    lexicon: &Lexicon,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut spans = spans.iter().peekable();
    while let Some(span) = spans.next() {
        if !is_string(span.highlight) {
            continue;
        }
        // An escape in a string is a span of its own.
        let mut run = span.range.clone();
        while let Some(next) =
            spans.next_if(|next| next.range.start == run.end && is_string(next.highlight))
        {
            run.end = next.range.end;
        }
        if text.row_at(run.start) == text.row_at(run.end) {
            continue;
        }
        let first = text.slice(
            run.start
                ..text
                    .line_end(text.row_at(run.start))
                    .min(run.start + MAX_ROW),
        );
        let marks = lexicon.string_at(&first);
        let goes_on = first.ends_with('\\');
        if marks.is_some_and(|marks| !marks.spans_rows && !goes_on) {
            found.push(run);
        }
    }
    found
}

/// Whether a span is code in a string, of which no part is anything by itself.
fn is_code(span: &HighlightSpan) -> bool {
    span.highlight.name() == "embedded"
}

fn is_string(highlight: HighlightId) -> bool {
    highlight.name().starts_with("string")
}

/// The outermost errors with something in a range of the tree, and where something is missing.
pub(crate) fn errors(tree: &Tree, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut cursor = tree.walk();
    for _ in 0..MAX_NODES {
        let node = cursor.node();
        let inside = node.start_byte() <= range.end && range.start <= node.end_byte();
        let wrong = inside && node.has_error();
        if wrong && (node.is_error() || node.is_missing()) {
            found.push(node.byte_range());
        }
        let looked_into = wrong && !node.is_error() && first_child(&mut cursor, range);
        if !looked_into && !next(&mut cursor, range) {
            break;
        }
    }
    found
}

/// Goes to the first child of a node that ends in a range or after it.
fn first_child(cursor: &mut TreeCursor<'_>, range: &Range<usize>) -> bool {
    cursor.goto_first_child_for_byte(range.start).is_some() || cursor.goto_first_child()
}

/// Goes to the node behind one and what is in it, unless that is behind a range.
fn next(cursor: &mut TreeCursor<'_>, range: &Range<usize>) -> bool {
    let behind = |node: Node<'_>| node.start_byte() > range.end;
    loop {
        if cursor.goto_next_sibling() {
            return !behind(cursor.node());
        }
        if !cursor.goto_parent() {
            return false;
        }
    }
}

/// A range with the rest of the rows that it begins and ends in, if they are not very long.
pub(crate) fn whole_rows(text: &Text, range: &Range<usize>) -> Range<usize> {
    let Range { start, end } = *range;
    let first = text
        .line_start(text.row_at(start))
        .max(start.saturating_sub(MAX_ROW));
    let last = text.line_end(text.row_at(end)).min(end + MAX_ROW);
    text.ceil_char_boundary(first)..text.floor_char_boundary(last).max(end)
}

/// The rows that ranges touch within another range, in order.
fn rows(
    ranges: impl Iterator<Item = Range<usize>>,
    text: &Text,
    within: &Range<usize>,
) -> Vec<Range<usize>> {
    let rows = ranges.map(|range| {
        let rows = whole_rows(text, &range);
        rows.start.max(within.start)..rows.end.min(within.end)
    });
    let mut rows: Vec<Range<usize>> = rows.filter(|rows| !rows.is_empty()).collect();
    rows.sort_unstable_by_key(|rows| rows.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(rows.len());
    for rows in rows {
        match joined.last_mut() {
            Some(last) if rows.start <= last.end => last.end = last.end.max(rows.end),
            _ => joined.push(rows),
        }
    }
    joined
}

/// The spans of rows without those in a word of which a parser has taken a part for a keyword, such
/// as the `or` of `color`. The rows begin at `start` of the text.
fn without_words_in_words(
    spans: Vec<HighlightSpan>,
    source: &str,
    start: usize,
    lexicon: &Lexicon,
) -> Vec<HighlightSpan> {
    // What may be part of a word's inside; a sign such as `$` stands before one.
    let is_inside = |sign: char| {
        sign.is_alphabetic() || sign == '_' || lexicon.rules.word_chars.anywhere.contains(&sign)
    };
    let torn = spans.iter().filter_map(|span| {
        let part = span.range.start.checked_sub(start)?..span.range.end - start;
        let (before, after) = (source.get(..part.start)?, source.get(part.end..)?);
        let is_torn = span.highlight.name().starts_with("keyword")
            && source.get(part)?.starts_with(is_inside)
            && (before.ends_with(is_inside) || after.starts_with(is_inside));
        let word_start = before.trim_end_matches(is_inside).len();
        let word_end = source.len() - after.trim_start_matches(is_inside).len();
        is_torn.then_some(start + word_start..start + word_end)
    });
    let torn: Vec<Range<usize>> = torn.collect();
    if torn.is_empty() {
        return spans;
    }
    let is_whole = |span: &HighlightSpan| {
        let next = torn.partition_point(|word| word.end <= span.range.start);
        let word = torn.get(next);
        word.is_none_or(|word| span.range.start < word.start || word.end < span.range.end)
    };
    spans.into_iter().filter(is_whole).collect()
}

/// Reads rows in which the tree is wrong.
struct Reader<'a> {
    lexicon: &'a Lexicon,
    source: &'a str,
    /// Where the source begins in the text.
    start: usize,
    /// What the tree knows of them.
    spans: &'a [HighlightSpan],
    /// What it takes for strings that is more than that.
    swallowed: &'a [Range<usize>],
}

impl Reader<'_> {
    /// Adds the highlights from an offset of the text on.
    fn read(&self, from: usize, made: &mut Vec<HighlightSpan>) {
        let mut at = from - self.start;
        let mut next = 0;
        while at < self.source.len() {
            while self
                .spans
                .get(next)
                .is_some_and(|span| span.range.end <= self.start + at)
            {
                next += 1;
            }
            let known = self.spans.get(next);
            let until = known.map_or(self.source.len(), |span| {
                span.range
                    .start
                    .saturating_sub(self.start)
                    .min(self.source.len())
            });
            let known =
                known.filter(|span| until <= at && !self.is_swallowed(span) && !is_code(span));
            let (end, highlight) = match known {
                Some(span) => {
                    let end = span.range.end - self.start;
                    let inside = at..end.min(self.source.len());
                    (end, Some(self.known(inside, span.highlight)))
                }
                None => self.unknown(at, until),
            };
            if let Some(highlight) = highlight {
                push_span(made, self.start + at..self.start + end, highlight);
            }
            at = end;
        }
    }

    /// Whether a span is of a string with more in it.
    fn is_swallowed(&self, span: &HighlightSpan) -> bool {
        let next = self
            .swallowed
            .partition_point(|run| run.end <= span.range.start);
        let swallowed = self.swallowed.get(next);
        is_string(span.highlight) && swallowed.is_some_and(|run| run.start <= span.range.start)
    }

    /// What a part is that the tree knows as something: a name that is a word is that.
    fn known(&self, part: Range<usize>, highlight: HighlightId) -> HighlightId {
        let name = highlight.name();
        if is_string(highlight) && self.is_key(&part) {
            return self.lexicon.property;
        }
        let is_name = matches!(
            name,
            "variable"
                | "variable.parameter"
                | "function"
                | "function.method"
                | "property"
                | "type"
                | "module"
                | "constant"
                | "constructor"
                | "label"
        );
        if !is_name {
            return highlight;
        }
        let (before, after) = (&self.source[..part.start], &self.source[part.end..]);
        let word = &self.source[part];
        let meant = self
            .lexicon
            .word(word)
            .filter(|_| !self.lexicon.is_name(word));
        let is_member = before.ends_with(['.', '@', '$', '#'])
            || before.ends_with("::")
            || before.ends_with("->");
        let is_key = name == "property" && after.trim_start().starts_with(':');
        match meant {
            Some(meant) if meant.name().starts_with("keyword") && !is_member && !is_key => meant,
            _ if name == "variable" && after.starts_with('(') => self.lexicon.function,
            _ if name == "variable" && self.lexicon.is_key_before(after) => self.lexicon.property,
            _ => highlight,
        }
    }

    /// Whether a string, or the part of one before or behind an escape, is the name of a property.
    fn is_key(&self, part: &Range<usize>) -> bool {
        let lexical = self.lexicon.lexical;
        let Some(mark) = lexical.key_mark.filter(|_| lexical.quoted_keys) else {
            return false;
        };
        let is_before_mark = |at: usize| {
            let after = self.source.get(at..).unwrap_or_default();
            after.trim_start_matches([' ', '\t']).starts_with(mark)
        };
        let source = &self.source[part.start..];
        match self.lexicon.string_at(source) {
            Some(marks) => is_before_mark(part.start + string_end(source, marks)),
            None => self.source[part.clone()].ends_with('"') && is_before_mark(part.end),
        }
    }

    /// What stands at an offset that the tree knows nothing of, up to where it does: its end, and
    /// what it is, if it is anything.
    fn unknown(&self, at: usize, until: usize) -> (usize, Option<HighlightId>) {
        let lexicon = self.lexicon;
        let rest = &self.source[at..];
        if let Some(end) = comment_end(rest, lexicon) {
            return (at + end, Some(lexicon.comment));
        }
        if let Some(marks) = lexicon.quoted_name_at(rest) {
            return (at + string_end(rest, marks), Some(lexicon.variable));
        }
        if let Some(marks) = lexicon.string_at(rest) {
            let end = at + string_end(rest, marks);
            let is_key = self.is_key(&(at..end));
            let string = if is_key {
                lexicon.property
            } else {
                lexicon.string
            };
            return (end, Some(string));
        }
        let Some(sign) = rest.chars().next() else {
            return (self.source.len(), None);
        };
        if !lexicon.is_of_word(sign) {
            return (at + sign.len_utf8(), lexicon.sign(sign));
        }
        let until = if until > at { until - at } else { rest.len() };
        if sign.is_ascii_digit() {
            return (
                at + number_end(rest).min(until.max(1)),
                Some(lexicon.number),
            );
        }
        let end = rest
            .find(|sign| !lexicon.is_of_word(sign))
            .unwrap_or(rest.len());
        if end > until {
            // The tree has a part of its own in the word.
            return (at + until, None);
        }
        let word = &rest[..end];
        let goes_on = rest[end..].starts_with(' ')
            && rest[end..]
                .trim_start()
                .starts_with(|sign| lexicon.is_of_word(sign));
        let is_word = !lexicon.is_name(word) || goes_on;
        let is_member = self.source[..at].ends_with('.');
        let meant = lexicon.word(word).filter(|_| is_word && !is_member);
        let name = match rest[end..].starts_with('(') {
            true => lexicon.function,
            false if lexicon.is_key_before(&rest[end..]) => lexicon.property,
            false => lexicon.variable,
        };
        (at + end, Some(meant.unwrap_or(name)))
    }
}

impl Lexicon {
    /// The marks of the string that a text begins with.
    fn string_at(&self, text: &str) -> Option<StringMarks> {
        let mut strings = self.lexical.strings.iter();
        strings.find(|marks| text.starts_with(marks.mark)).copied()
    }

    /// The marks of the name that a text begins with, where names may have any.
    fn quoted_name_at(&self, text: &str) -> Option<StringMarks> {
        let mut names = self.lexical.quoted_names.iter();
        let mark = names.find(|mark| text.starts_with(**mark))?;
        Some(StringMarks {
            mark,
            spans_rows: false,
            escapes: false,
        })
    }
}

/// Where a comment ends that a text begins with.
fn comment_end(text: &str, lexicon: &Lexicon) -> Option<usize> {
    let row_end = || text.find('\n').unwrap_or(text.len());
    if let Some(marks) = lexicon.rules.block_comment
        && text.starts_with(marks.open)
        // What documents in Python is a string.
        && lexicon.string_at(text).is_none()
    {
        let inside = &text[marks.open.len()..];
        let end = inside.find(marks.close);
        let end = end.map(|end| marks.open.len() + end + marks.close.len());
        return Some(end.unwrap_or_else(row_end));
    }
    let line = lexicon.rules.line_comment?;
    text.starts_with(line).then(row_end)
}

/// Where a string ends that a text begins with: at its mark, or with its row where there is none.
fn string_end(text: &str, marks: StringMarks) -> usize {
    let mut row_end = None;
    let mut at = marks.mark.len();
    while let Some(sign) = text[at..].chars().next() {
        if text[at..].starts_with(marks.mark) {
            return at + marks.mark.len();
        }
        let mut len = sign.len_utf8();
        if sign == '\\' && marks.escapes {
            len += text[at + len..].chars().next().map_or(0, char::len_utf8);
        } else if sign == '\n' {
            row_end = row_end.or(Some(at));
            if !marks.spans_rows || at > MAX_ROW {
                break;
            }
        }
        at += len;
    }
    row_end.unwrap_or(text.len())
}

/// Where a number ends that a text begins with.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        let parts = matches!(byte, b'.' | b'\'') && next_is_digit;
        let goes_on = byte.is_ascii_alphanumeric() || byte == b'_' || parts;
        if !goes_on {
            break;
        }
        end += 1;
    }
    end
}
