//! Text in another language: code in a Markdown fence, inline markup in a paragraph.

use std::ops::Range;

use editor_core::Text;
use streaming_iterator::StreamingIterator;
use tree_sitter::{Node, QueryMatch};

use crate::doc_examples;
use crate::grammar::{GrammarId, InjectionQuery, InjectionSettings};
use crate::language::{LanguageId, language};
use crate::layer::{Layer, LayerPlace, with_cursor};
use crate::line_parts::LinePlace;
use crate::parse_input::ParseInput;
use crate::shell_session::Session;
use crate::sql_dialects;
use crate::string_parts::{MAX_STRING, escapes, has_three_quotes, in_regex};
use crate::textmate::LineGrammar;
use crate::touched::Touched;

/// The longest paragraph whose inline markup is looked for, in bytes: the time for it grows with
/// the square of its length where nothing in it closes.
const MAX_INLINE_BYTES: usize = 16 * 1024;

/// Which parts in other languages are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Those that are texts of their own.
    Single,
    /// Those that are one text together, such as the page around the code of a PHP file.
    Combined,
}

/// A part of a host in another language; bytes count from the host's start.
struct Part<'tree> {
    grammar: GrammarId,
    overlay: bool,
    joined: bool,
    fragment: bool,
    declarations: bool,
    /// Its content; of several that are one, the first.
    content: Node<'tree>,
    range: Range<usize>,
    /// What of the range is not the host's own, such as the `>` of a quote at the start of a line.
    pieces: Vec<Range<usize>>,
}

/// The parts of `host` that are in another language, in order and without overlaps. Those in one that
/// is known line by line are added to `by_line`, in any order. After `most` of both together no more
/// are looked for. With `within`, those alone that have something in these ranges of the host or stand
/// right beside them.
pub(crate) fn injections(
    host: &Layer,
    text: &Text,
    most: usize,
    kind: Kind,
    within: Option<&Touched>,
    by_line: &mut Vec<LinePlace>,
) -> Vec<LayerPlace> {
    let query = host.place.grammar.compiled();
    let Some(query) = query.and_then(|grammar| grammar.injections.as_ref()) else {
        return Vec::new();
    };
    let asked = |settings: &InjectionSettings| settings.combined == (kind == Kind::Combined);
    if !host.can_be_queried() || !query.settings.iter().any(asked) {
        return Vec::new();
    }
    let input = ParseInput::new(text, host.place.range.clone());
    let mut parts = Vec::new();
    let known = by_line.len();
    let whole = 0..host.place.range.len();
    let ranges = within.map_or(std::slice::from_ref(&whole), Touched::ranges);
    for (turn, range) in ranges.iter().enumerate() {
        // A match has something in several ranges: it belongs to the first.
        let is_in = |content: Range<usize>| {
            within.is_none_or(|touched| touched.first_touched_by(&content) == Some(turn))
        };
        with_cursor(|cursor| {
            if within.is_some() {
                cursor.set_byte_range(range.start.saturating_sub(1)..range.end + 1);
            }
            let mut matches = cursor.matches(&query.query, host.tree.root_node(), &input);
            while let Some(found) = matches.next() {
                if parts.len() + by_line.len() - known >= most {
                    break;
                }
                let settings = &query.settings[found.pattern_index];
                if !asked(settings) {
                    continue;
                }
                let Some(name) = query.language_name(found, settings, &input) else {
                    continue;
                };
                let contents = found.captures.iter();
                let contents = contents.filter(|capture| {
                    query.is_content(capture.index) && is_in(capture.node.byte_range())
                });
                let form = Form {
                    in_quotes: settings.in_quotes,
                    is_regex: matches!(&*name, "regex" | "regexp"),
                    is_sql: name.eq_ignore_ascii_case("sql"),
                    has_escapes: query.has_escapes(found, &input),
                    has_examples: settings.examples,
                    session: Session::named(&name, host.place.grammar),
                };
                let part_of = |node: Node<'_>, index: u32| match Some(index) == query.escape {
                    true => {
                        let range = node.byte_range();
                        Some((range.clone(), Vec::from([regex_piece(range, &input)])))
                    }
                    false => pieces(host, node, form, &input),
                };
                let Some(grammar) = GrammarId::for_name(&name) else {
                    let line_grammar = crate::by_name(&name).and_then(|id| language(id).textmate);
                    // What a comment or a string is made of is the host's.
                    let is_own =
                        kind == Kind::Single && !settings.overlay && !host.place.in_overlay;
                    if let Some(grammar) = line_grammar.filter(|_| is_own) {
                        by_line.extend(contents.filter_map(|capture| {
                            let (range, pieces) = part_of(capture.node, capture.index)?;
                            Some(line_place(host, grammar, range, pieces))
                        }));
                    }
                    continue;
                };
                parts.extend(contents.filter_map(|capture| {
                    let (range, pieces) = part_of(capture.node, capture.index)?;
                    Some(Part {
                        grammar,
                        overlay: settings.overlay,
                        joined: settings.joined,
                        fragment: settings.fragment,
                        declarations: settings.declarations,
                        content: capture.node,
                        range,
                        pieces,
                    })
                }));
            }
        });
    }
    parts.sort_by_key(|part| part.range.start);
    let parts = match kind {
        Kind::Single => joined(parts, &input),
        Kind::Combined => Vec::from_iter(combined(parts, host.place.range.len())),
    };
    parts
        .into_iter()
        .filter(|part| !is_too_long(part))
        .map(|part| part.place(host, &input))
        .collect()
}

/// How far from what has changed parts are looked for again at least, in bytes: one that stands so near
/// may go on in another.
const MARGIN: usize = MAX_BETWEEN + 56;

/// The parts of a host that takes up the whole text, where those of the text before are known, carried
/// here: only where it has changed they are looked for again. `None` where that is not to be told.
pub(crate) fn injections_again(
    host: &Layer,
    text: &Text,
    most: usize,
    changed: &Touched,
    old: &[Layer],
    by_line: &mut Vec<LinePlace>,
) -> Option<Vec<LayerPlace>> {
    let query = host.place.grammar.compiled()?.injections.as_ref()?;
    let within = region(host, changed, query.depth, old);
    let kept = old
        .iter()
        .filter(|layer| !within.touches(&layer.place.range));
    let mut places: Vec<LayerPlace> = kept.map(|layer| layer.place.clone()).collect();
    let left = most.checked_sub(places.len()).filter(|left| *left > 0)?;
    places.extend(injections(
        host,
        text,
        left,
        Kind::Single,
        Some(&within),
        by_line,
    ));
    places.sort_by_key(|place| place.range.start);
    Some(places)
}

/// Where matches of a query may be others than before. What a match says is about nodes of which one
/// stands in another up to `depth` times, so that a change which bears on one lies in its parts, or that
/// near above or beside them; and no known part is looked for again in half.
fn region(host: &Layer, changed: &Touched, depth: usize, old: &[Layer]) -> Touched {
    let root = host.tree.root_node();
    let len = host.place.range.len();
    let mut near = Touched::default();
    for range in changed.ranges() {
        let mut around = range.start.saturating_sub(1)..(range.end + 1).min(len);
        let mut node = root.descendant_for_byte_range(around.start, around.end);
        for _ in 0..=depth {
            let Some(found) = node.filter(|found| found.id() != root.id()) else {
                break;
            };
            let found_range = found.byte_range();
            around = around.start.min(found_range.start)..around.end.max(found_range.end);
            node = found.parent();
        }
        near.add(around.start.saturating_sub(MARGIN)..(around.end + MARGIN).min(len));
    }
    let mut within = near.clone();
    for layer in old.iter().filter(|layer| near.touches(&layer.place.range)) {
        within.add(layer.place.range.clone());
    }
    within
}

/// The place in the text of a part of a host, whose bytes count from the host's start.
fn line_place(
    host: &Layer,
    grammar: LineGrammar,
    range: Range<usize>,
    pieces: Vec<Range<usize>>,
) -> LinePlace {
    let start = host.place.range.start;
    let pieces = pieces.into_iter();
    LinePlace {
        grammar,
        pieces: pieces
            .map(|piece| piece.start - range.start..piece.end - range.start)
            .collect(),
        range: start + range.start..start + range.end,
    }
}

/// Without those that overlap an earlier one, and with those as one that belong together.
fn joined<'tree>(parts: Vec<Part<'tree>>, input: &ParseInput) -> Vec<Part<'tree>> {
    let mut kept: Vec<Part<'tree>> = Vec::with_capacity(parts.len());
    for part in parts {
        match kept.last_mut() {
            Some(last) if part.range.start < last.range.end => {}
            Some(last) if goes_on(last, &part, input) => {
                if part.grammar.name() == "sql" {
                    (last.pieces).extend(sql_between(last.range.end..part.range.start, input));
                }
                last.range.end = part.range.end;
                last.pieces.extend(part.pieces);
            }
            _ => kept.push(part),
        }
    }
    kept
}

/// The longest text between two parts that are one, in bytes.
const MAX_BETWEEN: usize = 200;

/// Whether a part goes on with the text of the one before: the lines of a comment, or what stands
/// between the code in a string.
fn goes_on(before: &Part, part: &Part, input: &ParseInput) -> bool {
    if !part.joined || !before.joined || before.grammar != part.grammar {
        return false;
    }
    // Among many comments in a row a node's parent is found by going through them all.
    is_next_line(before, part, input)
        || (before.content.parent()).is_some_and(|parent| Some(parent) == part.content.parent())
}

/// Whether a part stands in the line after another, behind nothing but marks of a comment.
fn is_next_line(before: &Part, part: &Part, input: &ParseInput) -> bool {
    let between = before.range.end..part.range.start;
    if between.len() > MAX_BETWEEN
        || input.text(before.range.end.saturating_sub(1)..before.range.end) != "\n"
    {
        return false;
    }
    let between = input.text(between);
    !between.contains('\n')
        && between.chars().all(|character| {
            character.is_whitespace() || matches!(character, '/' | '!' | '#' | '*')
        })
}

/// The parts as one, which reaches over all of the host. A host has them in one language; those in
/// another than the first, and those that overlap an earlier one, are left out.
fn combined(parts: Vec<Part<'_>>, host_len: usize) -> Option<Part<'_>> {
    let mut parts = parts.into_iter();
    let mut combined = Part {
        range: 0..host_len,
        ..parts.next()?
    };
    for part in parts.filter(|part| part.grammar == combined.grammar) {
        let end = combined.pieces.last().map_or(0, |piece| piece.end);
        let pieces = part.pieces.into_iter();
        combined
            .pieces
            .extend(pieces.filter(|piece| piece.start >= end));
    }
    Some(combined)
}

fn is_too_long(part: &Part) -> bool {
    part.grammar.name() == "markdown_inline" && part.range.len() > MAX_INLINE_BYTES
}

impl InjectionQuery {
    fn is_content(&self, capture: u32) -> bool {
        capture == self.content || Some(capture) == self.escape
    }

    /// Whether escapes in the content of a match are no nodes: not in one of several rows, which has
    /// none.
    fn has_escapes(&self, found: &QueryMatch, input: &ParseInput) -> bool {
        let mut captures = found.captures.iter();
        let string = captures.find(|capture| Some(capture.index) == self.escaped);
        string.is_some_and(|string| !has_three_quotes(&string.node.byte_range(), input))
    }

    /// The name of the language that a match is about.
    fn language_name(
        &self,
        found: &QueryMatch,
        settings: &InjectionSettings,
        input: &ParseInput,
    ) -> Option<String> {
        let named = self.language.and_then(|language| {
            let mut captures = found.captures.iter();
            let capture = captures.find(|capture| capture.index == language)?;
            // Also a comment may name it.
            let name = input.short_text(&capture.node)?;
            let name = name.trim_matches(|c: char| c.is_whitespace() || "/*#-".contains(c));
            let name = name.strip_prefix("language=").unwrap_or(name);
            Some(name.to_owned())
        });
        named.or_else(|| settings.language.as_deref().map(str::to_owned))
    }
}

/// The language of the part of `host` that an offset of the text is in, where it is not the host's
/// own. Also languages without a grammar are found.
pub(crate) fn language_at(host: &Layer, text: &Text, offset: usize) -> Option<LanguageId> {
    let query = host.place.grammar.compiled()?.injections.as_ref()?;
    // What a comment or a string is made of is the host's.
    if host.place.in_overlay || !host.can_be_queried() {
        return None;
    }
    let start = host.place.range.start;
    let inside = offset.checked_sub(start)?;
    let input = ParseInput::new(text, host.place.range.clone());
    let at_end = offset == text.len();
    with_cursor(|cursor| {
        cursor.set_byte_range(inside.saturating_sub(1)..inside + 1);
        let mut matches = cursor.matches(&query.query, host.tree.root_node(), &input);
        while let Some(found) = matches.next() {
            let settings = &query.settings[found.pattern_index];
            // Markup within a line is the host's.
            if settings.overlay {
                continue;
            }
            let holds = found.captures.iter().any(|capture| {
                let content = capture.node.byte_range();
                capture.index == query.content
                    && content.start <= inside
                    && (inside < content.end || (at_end && inside == content.end))
            });
            if holds && let Some(name) = query.language_name(found, settings, &input) {
                return crate::by_name(&name);
            }
        }
        None
    })
}

/// How contents are written in the host.
#[derive(Clone, Copy)]
struct Form {
    in_quotes: bool,
    /// They are regular expressions, which go on within the escapes of the host.
    is_regex: bool,
    /// They are SQL, in which a line break may be an escape of the host.
    is_sql: bool,
    /// Escapes in them are no nodes.
    has_escapes: bool,
    /// They are comments, of which the code of examples is meant.
    has_examples: bool,
    /// They may be what a terminal showed.
    session: Option<Session>,
}

/// What of an escape of the host is part of the SQL around it: all of a line break, which is read as
/// one ([`sql_dialects`]).
fn sql_piece(escape: Range<usize>, input: &ParseInput) -> Range<usize> {
    match sql_dialects::is_blank(&input.text(escape.clone())) {
        true => escape,
        false => regex_piece(escape, input),
    }
}

/// What of the text between two parts of SQL is part of it: escapes of the host, and the first sign
/// of code of the host, which is read as a name ([`sql_dialects`]).
fn sql_between(between: Range<usize>, input: &ParseInput) -> Vec<Range<usize>> {
    let text = input.text(between.clone());
    if sql_dialects::is_code(&text) {
        return std::iter::once(between.start..between.start + 1).collect();
    }
    if between.len() > MAX_BETWEEN {
        return Vec::new();
    }
    let found: Vec<Range<usize>> = escapes(&text).collect();
    if found.iter().map(Range::len).sum::<usize>() != text.len() {
        return Vec::new();
    }
    let found = found.into_iter();
    let found = found.map(|escape| between.start + escape.start..between.start + escape.end);
    found.map(|escape| sql_piece(escape, input)).collect()
}

/// What of an escape of the host is part of the regular expression around it.
fn regex_piece(escape: Range<usize>, input: &ParseInput) -> Range<usize> {
    let part = in_regex(&input.text(escape.clone()));
    escape.start + part.start..escape.start + part.end
}

/// The bytes of `content` and what of them is to be parsed, or `None` if nothing is.
fn pieces(
    host: &Layer,
    content: Node,
    form: Form,
    input: &ParseInput,
) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let node = content.byte_range();
    let range = node.start..node.end.min(host.place.range.len());
    let range = match form.in_quotes {
        true => without_quotes(range, input),
        false => range,
    };
    if range.is_empty() {
        return None;
    }
    let mut pieces = Vec::new();
    let mut at = range.start;
    // Of a comment the parts are not what divides it in code and prose.
    let mut walk = content.walk();
    let children = content.named_children(&mut walk);
    for child in children.filter(|_| !form.has_examples) {
        pieces.push(at..child.start_byte());
        let part = child.byte_range();
        match child.kind() {
            "escape_sequence" if form.is_regex => pieces.push(regex_piece(part, input)),
            "escape_sequence" if form.is_sql => pieces.push(sql_piece(part, input)),
            "interpolation" if form.is_sql => pieces.push(part.start..part.start + 1),
            _ => {}
        }
        at = child.end_byte();
    }
    if form.is_regex && form.has_escapes && range.end - at <= MAX_STRING {
        let start = at;
        for escape in escapes(&input.text(start..range.end)) {
            let escape = start + escape.start..start + escape.end;
            pieces.push(at..escape.start);
            at = escape.end;
            pieces.push(regex_piece(escape, input));
        }
    }
    pieces.push(at..range.end);
    let mut pieces = intersect(&pieces, &host.place.included);
    let meant = match form.session {
        _ if form.has_examples => Some(doc_examples::code(&input.text(range.clone()))),
        Some(session) => session.commands(&own_text(&range, &pieces, input)),
        None => None,
    };
    if let Some(meant) = meant {
        let meant = meant.into_iter();
        let meant = meant.map(|part| range.start + part.start..range.start + part.end);
        pieces = common(&pieces, &Vec::from_iter(meant));
    }
    // What a parser understood of the beginning of an error may have parts of its own.
    let range = match pieces.first().filter(|_| content.is_error()) {
        Some(first) => first.start..range.end,
        None => range,
    };
    (!pieces.is_empty()).then_some((range, pieces))
}

/// A range of the text with blanks in the place of what is in none of its pieces.
fn own_text(range: &Range<usize>, pieces: &[Range<usize>], input: &ParseInput) -> String {
    let mut own = String::with_capacity(range.len());
    for piece in pieces {
        let before = (piece.start - range.start).saturating_sub(own.len());
        own.extend(std::iter::repeat_n(' ', before));
        own.push_str(&input.text(piece.clone()));
    }
    own
}

/// What stands between the quotes of a string, of which there are one or three.
fn without_quotes(string: Range<usize>, input: &ParseInput) -> Range<usize> {
    let marks = match has_three_quotes(&string, input) {
        true => 3,
        false => 1,
    };
    let Range { start, end } = string;
    let start = (start + marks).min(end);
    start..end.saturating_sub(marks).max(start)
}

impl Part<'_> {
    /// Where the layer of the part is.
    fn place(self, host: &Layer, input: &ParseInput) -> LayerPlace {
        let start = host.place.range.start;
        let range = start + self.range.start..start + self.range.end;
        let whole = self.pieces.len() == 1 && self.pieces[0] == self.range;
        let included: Vec<tree_sitter::Range> = if whole {
            Vec::new()
        } else {
            let content = input.part(range.clone());
            let from = self.range.start;
            let pieces = self.pieces.iter();
            pieces
                .map(|piece| {
                    let (start, end) = (piece.start - from, piece.end - from);
                    tree_sitter::Range {
                        start_byte: start,
                        end_byte: end,
                        start_point: content.point(start),
                        end_point: content.point(end),
                    }
                })
                .collect()
        };
        LayerPlace {
            grammar: self.grammar,
            range,
            included: included.into(),
            overlay: self.overlay,
            in_overlay: self.overlay || host.place.in_overlay,
            fragment: self.fragment || host.place.fragment,
            declarations: self.declarations && whole,
            unfinished: false,
        }
    }
}

/// What of `parts` lies in the ranges that the host itself covers; both sorted.
fn intersect(parts: &[Range<usize>], included: &[tree_sitter::Range]) -> Vec<Range<usize>> {
    let parts = parts.iter().filter(|part| !part.is_empty());
    let parts: Vec<Range<usize>> = parts.cloned().collect();
    if included.is_empty() {
        return parts;
    }
    let included = included.iter();
    let included = included.map(|range| range.start_byte..range.end_byte);
    common(&parts, &Vec::from_iter(included))
}

/// What of some ranges lies in others; both sorted.
fn common(parts: &[Range<usize>], others: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut common = Vec::new();
    for part in parts {
        let first = others.partition_point(|range| range.end <= part.start);
        for range in &others[first..] {
            if range.start >= part.end {
                break;
            }
            let start = part.start.max(range.start);
            let end = part.end.min(range.end);
            if start < end {
                common.push(start..end);
            }
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    use crate::SyntaxTree;

    use super::*;

    #[test]
    fn parts_that_are_known_line_by_line_count_as_others_do() {
        let text = Text::from(
            "```git-commit\na\n```\n\n```json\n1\n```\n\n"
                .repeat(10)
                .as_str(),
        );
        let markdown = crate::detect(Path::new("a.md"), "");
        let never = AtomicBool::new(false);
        let tree = SyntaxTree::parse(markdown, &text, None, &never).unwrap();
        let found = |most: usize| {
            let mut by_line = Vec::new();
            let root = tree.root().unwrap();
            let others = injections(root, &text, most, Kind::Single, None, &mut by_line);
            (by_line.len(), others.len())
        };
        assert_eq!(found(100), (10, 10));
        assert_eq!(found(5), (3, 2));
    }
}
