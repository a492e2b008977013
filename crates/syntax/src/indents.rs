//! Parts of the syntax whose lines, but for the first, are one level deeper.

use std::ops::Range;

use editor_core::{IndentedPart, Text};
use streaming_iterator::StreamingIterator;
use tree_sitter::Query;

use crate::SyntaxTree;
use crate::layer::{Layer, with_cursor};
use crate::parse_input::ParseInput;

/// More parts of one line are not looked at.
const MAX_PARTS: usize = 1_000;

/// A query for such parts.
pub(crate) struct IndentQuery {
    query: Query,
    part: u32,
    /// What ends the part and stands where its first line does.
    end: Option<u32>,
}

impl IndentQuery {
    pub(crate) fn new(query: Query) -> Option<Self> {
        Some(Self {
            part: query.capture_index_for_name("indent")?,
            end: query.capture_index_for_name("end"),
            query,
        })
    }
}

impl SyntaxTree {
    /// The parts that reach into a range of the text, by their start.
    pub(crate) fn indented_parts(&self, text: &Text, range: &Range<usize>) -> Vec<IndentedPart> {
        let mut found = Vec::new();
        for layer in self.layers_in(range) {
            if !layer.place.in_overlay {
                parts(layer, text, range, &mut found);
            }
        }
        found.sort_by_key(|part| (part.whole.start, std::cmp::Reverse(part.whole.end)));
        found
    }
}

fn parts(layer: &Layer, text: &Text, range: &Range<usize>, found: &mut Vec<IndentedPart>) {
    let grammar = layer.place.grammar.compiled();
    let Some(indents) = grammar.and_then(|grammar| grammar.indents.as_ref()) else {
        return;
    };
    if !layer.can_be_queried() {
        return;
    }
    let Range { start, end } = layer.place.range;
    let (from, to) = (range.start.clamp(start, end), range.end.clamp(start, end));
    let input = ParseInput::new(text, layer.place.range.clone());
    with_cursor(|cursor| {
        cursor.set_byte_range(from - start..to - start + 1);
        let mut matches = cursor.matches(&indents.query, layer.tree.root_node(), &input);
        while let Some(matched) = matches.next() {
            if found.len() == MAX_PARTS {
                return;
            }
            let node = |index: u32| {
                let mut captures = matched.captures.iter();
                captures
                    .find(|capture| capture.index == index)
                    .map(|capture| capture.node)
            };
            if let Some(part) = node(indents.part) {
                let end = indents.end.and_then(node);
                found.push(IndentedPart {
                    whole: start + part.start_byte()..start + part.end_byte(),
                    closed_at: end.map(|end| start + end.start_byte()),
                    is_edited: part.has_changes(),
                });
            }
        }
    });
}
