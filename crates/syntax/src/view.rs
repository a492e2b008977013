//! What editing commands ask of a tree.

use std::ops::Range;

use editor_core::auto_pair::Pair;
use editor_core::{SyntaxView, Text};

use crate::SyntaxTree;
use crate::language::language;

impl SyntaxView for SyntaxTree {
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>> {
        self.highlights(text, range)
            .into_iter()
            .filter(|span| {
                let name = span.highlight.name();
                name.starts_with("string") || name.starts_with("comment")
            })
            .map(|span| span.range)
            .collect()
    }

    fn enclosing(&self, range: Range<usize>) -> Option<Range<usize>> {
        self.node_around(&range)
    }

    fn brackets(&self) -> &'static [Pair] {
        language(self.language()).brackets
    }

    fn has_tree(&self) -> bool {
        true
    }
}
