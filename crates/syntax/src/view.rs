//! What editing commands ask of a tree.

use std::ops::Range;

use editor_core::auto_pair::Pair;
use editor_core::{
    Direction, Edge, Extent, IndentedPart, LanguageRules, Literal, ObjectKind, SyntaxView, Text,
};

use crate::SyntaxTree;
use crate::language::language;

/// The nodes whose children are markup, by their names in tree-sitter-javascript and -typescript.
const MARKUP: &[&str] = &["jsx_element", "jsx_fragment"];

impl SyntaxView for SyntaxTree {
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>> {
        self.outer_highlights(text, range)
            .into_iter()
            .filter(|span| {
                let name = span.highlight.name();
                name.starts_with("string") || name.starts_with("comment")
            })
            .map(|span| span.range)
            .collect()
    }

    fn literal_at(&self, text: &Text, offset: usize) -> Option<Literal> {
        let spans = self.outer_highlights(text, offset.saturating_sub(1)..offset + 1);
        let name = |at: usize| {
            let span = spans.iter().find(|span| span.range.contains(&at))?;
            Some(span.highlight.name())
        };
        let literal = |name: &str| match name {
            _ if name.starts_with("string") => Some(Literal::String),
            _ if name.starts_with("comment") => Some(Literal::Comment),
            _ => None,
        };
        let before = name(offset.checked_sub(1)?)?;
        let after = name(offset);
        // The marks of code inside a string: text beside them belongs to the string.
        let is_mark = |name: &str| name == "punctuation.special";
        let before_is = literal(before);
        let after_is = after.and_then(literal);
        if before_is.is_some() && before_is == after_is {
            return before_is;
        }
        let beside_code = (before_is == Some(Literal::String) && after.is_some_and(is_mark))
            || (is_mark(before) && after_is == Some(Literal::String));
        if beside_code {
            return Some(Literal::String);
        }
        // A comment that ends with its line goes on with what is typed at its end.
        let at_line_end = matches!(text.char_at(offset), None | Some('\n'));
        let rules = self.rules_at(text, offset);
        let closed = rules.block_comment.is_some_and(|marks| {
            text.slice(offset.saturating_sub(marks.close.len())..offset) == marks.close
        });
        (before_is == Some(Literal::Comment) && at_line_end && !closed).then_some(Literal::Comment)
    }

    fn rules_at(&self, text: &Text, offset: usize) -> &'static LanguageRules {
        language(self.language_at(text, offset)).rules
    }

    fn in_markup(&self, _: &Text, offset: usize) -> bool {
        self.root()
            .is_some_and(|layer| layer.is_child_of(offset, MARKUP))
    }

    fn enclosing(&self, range: Range<usize>) -> Option<Range<usize>> {
        self.node_around(&range)
    }

    fn brackets(&self) -> &'static [Pair] {
        language(self.language()).brackets
    }

    fn indented(&self, text: &Text, range: Range<usize>) -> Vec<IndentedPart> {
        self.indented_parts(text, &range)
    }

    fn object(
        &self,
        text: &Text,
        kind: ObjectKind,
        range: Range<usize>,
        extent: Extent,
    ) -> Option<Range<usize>> {
        let around = self.objects_around(text, kind, range.clone());
        let mut extents = around.iter().map(|object| object.extent(extent));
        let fits = |found: &&Range<usize>| {
            let holds = found.start <= range.start && range.end <= found.end;
            range.is_empty() || (holds && found.len() > range.len())
        };
        extents.find(fits).cloned()
    }

    fn object_edge(
        &self,
        text: &Text,
        kind: ObjectKind,
        from: usize,
        edge: Edge,
        direction: Direction,
    ) -> Option<usize> {
        self.nearest_object_edge(text, kind, from, edge, direction)
    }

    fn has_tree(&self) -> bool {
        self.has_nodes()
    }
}
