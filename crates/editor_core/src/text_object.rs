//! The parts of a text that are selected and gone to as wholes.

use std::ops::Range;

/// What a part of a text is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ObjectKind {
    /// A function, a method or a closure.
    Function,
    /// A class, or what stands in its place: a type with members, a module, a section.
    Class,
    /// A parameter or an argument.
    Parameter,
    /// A comment; those in lines that follow one another are one.
    Comment,
    /// Statements that belong together, or what else stands between brackets.
    Block,
    /// A member of a list or a table.
    Entry,
}

/// How much of a part is meant.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Extent {
    /// All of it, with what separates it from the next one.
    Around,
    /// What it holds: a body without its brackets, a comment without its marks.
    Inside,
}

/// One of the ends of a part.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Edge {
    /// Where it begins.
    Start,
    /// Right behind its last character.
    End,
}

/// Which way to look from a place.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Direction {
    /// Towards the end of the text.
    Forward,
    /// Towards its start.
    Backward,
}

/// A part of a text, in bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TextObject {
    /// All of it, without what separates it from the next one.
    pub whole: Range<usize>,
    /// [`Extent::Around`] of it.
    pub around: Range<usize>,
    /// [`Extent::Inside`] of it.
    pub inside: Range<usize>,
}

impl TextObject {
    /// The bytes of an extent of it.
    pub fn extent(&self, extent: Extent) -> &Range<usize> {
        match extent {
            Extent::Around => &self.around,
            Extent::Inside => &self.inside,
        }
    }
}
