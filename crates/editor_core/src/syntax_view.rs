use std::ops::Range;

use crate::Text;
use crate::auto_pair::Pair;

/// What commands ask of the syntax of a text. The `syntax` crate answers from its trees;
/// [`PlainSyntax`] is for texts without one.
///
/// Ranges are of the text that the answer was asked for. What is not known yet is left out.
pub trait SyntaxView {
    /// The strings and comments that reach into `range`, in order and not overlapping; code inside
    /// a string (`${…}`) is left out of it.
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>>;

    /// The smallest part of the syntax around `range` that is longer than it.
    fn enclosing(&self, range: Range<usize>) -> Option<Range<usize>>;

    /// The brackets of the language.
    fn brackets(&self) -> &'static [Pair];

    /// Whether [`SyntaxView::enclosing`] knows anything.
    fn has_tree(&self) -> bool;
}

/// A text of which no tree is known, with the brackets of its language.
#[derive(Debug, Clone, Copy)]
pub struct PlainSyntax(pub &'static [Pair]);

impl SyntaxView for PlainSyntax {
    fn literals(&self, _: &Text, _: Range<usize>) -> Vec<Range<usize>> {
        Vec::new()
    }

    fn enclosing(&self, _: Range<usize>) -> Option<Range<usize>> {
        None
    }

    fn brackets(&self) -> &'static [Pair] {
        self.0
    }

    fn has_tree(&self) -> bool {
        false
    }
}
