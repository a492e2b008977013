use std::ops::Range;

use crate::auto_pair::Pair;
use crate::brackets::BRACKETS;
use crate::{Direction, Edge, Extent, LanguageRules, ObjectKind, Selections, Text};

/// What is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Literal {
    /// Text of a string.
    String,
    /// A comment.
    Comment,
}

/// A part of the syntax whose lines, but for the first, are one level deeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndentedPart {
    /// All of it.
    pub whole: Range<usize>,
    /// Where that begins which ends it and stands where its first line does, such as the closing tag
    /// of an element.
    pub closed_at: Option<usize>,
    /// Whether the text in it was edited since it was found, so that it may end elsewhere.
    pub is_edited: bool,
}

/// What commands ask of the syntax of a text. The `syntax` crate answers from its trees;
/// [`PlainSyntax`] is for texts without one.
///
/// Ranges are of the text that the answer was asked for. What is not known yet is left out.
pub trait SyntaxView {
    /// The strings and comments that reach into `range`, in order and not overlapping; code inside
    /// a string (`${…}`) is left out of it.
    fn literals(&self, text: &Text, range: Range<usize>) -> Vec<Range<usize>>;

    /// The string or comment that a character typed at an offset would belong to.
    fn literal_at(&self, text: &Text, offset: usize) -> Option<Literal>;

    /// The smallest part of the syntax around `range` that is longer than it.
    fn enclosing(&self, range: Range<usize>) -> Option<Range<usize>>;

    /// The brackets of the language.
    fn brackets(&self) -> &'static [Pair];

    /// How the language at an offset is typed: in a Markdown fence, the fence's.
    fn rules_at(&self, text: &Text, offset: usize) -> &'static LanguageRules;

    /// Whether what begins at an offset is markup among code, such as a child of an element in JSX,
    /// where the comments of the code are text.
    fn in_markup(&self, _text: &Text, _offset: usize) -> bool {
        false
    }

    /// The parts that reach into `range` whose lines, but for the first, are one level deeper.
    fn indented(&self, _text: &Text, _range: Range<usize>) -> Vec<IndentedPart> {
        Vec::new()
    }

    /// The smallest part of a kind around `range` of which this much is longer than the range; where
    /// the range is empty, of any length.
    fn object(
        &self,
        _text: &Text,
        _kind: ObjectKind,
        _range: Range<usize>,
        _extent: Extent,
    ) -> Option<Range<usize>> {
        None
    }

    /// The nearest edge of a part of a kind that lies before or behind an offset.
    fn object_edge(
        &self,
        _text: &Text,
        _kind: ObjectKind,
        _from: usize,
        _edge: Edge,
        _direction: Direction,
    ) -> Option<usize> {
        None
    }

    /// Whether [`SyntaxView::enclosing`] knows anything.
    fn has_tree(&self) -> bool;
}

/// A text of which no tree is known, with what is known of its language.
#[derive(Debug, Clone, Copy)]
pub struct PlainSyntax {
    /// Its brackets.
    pub brackets: &'static [Pair],
    /// How it is typed.
    pub rules: &'static LanguageRules,
}

impl Default for PlainSyntax {
    /// A text in no language.
    fn default() -> Self {
        Self {
            brackets: BRACKETS,
            rules: &LanguageRules::PLAIN,
        }
    }
}

impl SyntaxView for PlainSyntax {
    fn literals(&self, _: &Text, _: Range<usize>) -> Vec<Range<usize>> {
        Vec::new()
    }

    fn literal_at(&self, _: &Text, _: usize) -> Option<Literal> {
        None
    }

    fn enclosing(&self, _: Range<usize>) -> Option<Range<usize>> {
        None
    }

    fn brackets(&self) -> &'static [Pair] {
        self.brackets
    }

    fn rules_at(&self, _: &Text, _: usize) -> &'static LanguageRules {
        self.rules
    }

    fn has_tree(&self) -> bool {
        false
    }
}

/// With more carets than this, each is not asked about by itself.
const MAX_CARETS_ASKED: usize = 1000;

/// What is asked where there are very many carets: the language of the primary one, no tree.
pub(crate) fn for_many_carets(
    syntax: &dyn SyntaxView,
    text: &Text,
    selections: &Selections,
) -> Option<PlainSyntax> {
    (selections.len() > MAX_CARETS_ASKED).then(|| PlainSyntax {
        brackets: syntax.brackets(),
        rules: syntax.rules_at(text, selections.primary().head),
    })
}
