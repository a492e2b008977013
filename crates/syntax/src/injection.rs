//! Text in another language: code in a Markdown fence, inline markup in a paragraph.

use std::ops::Range;

use editor_core::Text;
use streaming_iterator::StreamingIterator;
use tree_sitter::Node;

use crate::grammar::GrammarId;
use crate::language::LanguageId;
use crate::layer::{Layer, LayerPlace, with_cursor};
use crate::parse_input::ParseInput;

/// The longest paragraph whose inline markup is looked for, in bytes: the time for it grows with
/// the square of its length where nothing in it closes.
const MAX_INLINE_BYTES: usize = 16 * 1024;

/// The parts of `host` that are in another language, in order and without overlaps.
pub(crate) fn injections(host: &Layer, text: &Text, most: usize) -> Vec<LayerPlace> {
    let query = host.place.grammar.compiled();
    let Some(query) = query.and_then(|grammar| grammar.injections.as_ref()) else {
        return Vec::new();
    };
    if !host.can_be_queried() {
        return Vec::new();
    }
    let input = ParseInput::new(text, host.place.range.clone());
    let mut places = Vec::new();
    with_cursor(|cursor| {
        let mut matches = cursor.matches(&query.query, host.tree.root_node(), &input);
        while let Some(found) = matches.next() {
            if places.len() >= most {
                break;
            }
            let settings = &query.settings[found.pattern_index];
            let mut content = None;
            let mut name = settings.language.as_deref().map(str::to_owned);
            for capture in found.captures {
                if capture.index == query.content {
                    content = Some(capture.node);
                } else if Some(capture.index) == query.language {
                    name = input.short_text(&capture.node);
                }
            }
            let grammar = name.and_then(|name| GrammarId::for_name(&name));
            if let (Some(content), Some(grammar)) = (content, grammar) {
                places.extend(place(host, &input, content, grammar, settings.overlay));
            }
        }
    });
    places.sort_by_key(|place| place.range.start);
    let mut end = 0;
    places.retain(|place| {
        let fits = place.range.start >= end;
        if fits {
            end = place.range.end;
        }
        fits
    });
    places
}

/// The language of the part of `host` that an offset of the text is in, where it is not the host's
/// own. Also languages without a grammar are found.
pub(crate) fn language_at(host: &Layer, text: &Text, offset: usize) -> Option<LanguageId> {
    let query = host.place.grammar.compiled()?.injections.as_ref()?;
    if !host.can_be_queried() {
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
            let mut holds = false;
            let mut name = settings.language.as_deref().map(str::to_owned);
            for capture in found.captures {
                if capture.index == query.content {
                    let content = capture.node.byte_range();
                    holds = content.start <= inside
                        && (inside < content.end || (at_end && inside == content.end));
                } else if Some(capture.index) == query.language {
                    name = input.short_text(&capture.node);
                }
            }
            if let (true, Some(name)) = (holds, name) {
                return crate::by_name(&name);
            }
        }
        None
    })
}

/// The place of the layer for `content`, or `None` if nothing of it is to be parsed.
fn place(
    host: &Layer,
    input: &ParseInput,
    content: Node,
    grammar: GrammarId,
    overlay: bool,
) -> Option<LayerPlace> {
    let node = content.byte_range();
    let host_start = host.place.range.start;
    let range = host_start + node.start..(host_start + node.end).min(host.place.range.end);
    let is_too_long = grammar.name() == "markdown_inline" && range.len() > MAX_INLINE_BYTES;
    if range.is_empty() || is_too_long {
        return None;
    }
    // What the host keeps for itself, such as the `>` of a quote at the start of each line.
    let mut parts = Vec::new();
    let mut at = node.start;
    for child in content.named_children(&mut content.walk()) {
        parts.push(at..child.start_byte());
        at = child.end_byte();
    }
    parts.push(at..range.end - host_start);
    let parts = intersect(&parts, &host.place.included);
    let whole = parts.len() == 1 && parts[0].start == node.start && parts[0].end == node.end;
    let included: Vec<tree_sitter::Range> = if whole {
        Vec::new()
    } else {
        let content_input = input.part(range.clone());
        parts
            .iter()
            .map(|part| {
                let (start, end) = (part.start - node.start, part.end - node.start);
                tree_sitter::Range {
                    start_byte: start,
                    end_byte: end,
                    start_point: content_input.point(start),
                    end_point: content_input.point(end),
                }
            })
            .collect()
    };
    if !whole && included.is_empty() {
        return None;
    }
    Some(LayerPlace {
        grammar,
        range,
        included: included.into(),
        overlay,
    })
}

/// What of `parts` lies in the ranges that the host itself covers; both sorted.
fn intersect(parts: &[Range<usize>], included: &[tree_sitter::Range]) -> Vec<Range<usize>> {
    let parts = parts.iter().filter(|part| !part.is_empty());
    if included.is_empty() {
        return parts.cloned().collect();
    }
    let mut common = Vec::new();
    for part in parts {
        let first = included.partition_point(|range| range.end_byte <= part.start);
        for range in &included[first..] {
            if range.start_byte >= part.end {
                break;
            }
            let start = part.start.max(range.start_byte);
            let end = part.end.min(range.end_byte);
            if start < end {
                common.push(start..end);
            }
        }
    }
    common
}
