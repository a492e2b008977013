//! Brackets of texts in languages that are known line by line.

use std::sync::Arc;

use editor_core::auto_pair::Pair;

use super::{Brackets, CHUNK, Chunk, Mark, Shape, Side};

/// A bracket of a line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct LineBracket {
    /// Bytes from the start of the line.
    pub(crate) at: u32,
    shape: Shape,
    side: Side,
}

impl LineBracket {
    /// The bracket that a byte of a line is by the pairs of its language. Those of other signs than
    /// `()`, `[]`, `{}` and `<>` are none.
    pub(crate) fn of(byte: u8, at: u32, pairs: &[Pair]) -> Option<Self> {
        let (shape, side) = match byte {
            b'(' => (Shape::Round, Side::Open),
            b')' => (Shape::Round, Side::Close),
            b'[' => (Shape::Square, Side::Open),
            b']' => (Shape::Square, Side::Close),
            b'{' => (Shape::Curly, Side::Open),
            b'}' => (Shape::Curly, Side::Close),
            b'<' => (Shape::Angle, Side::Open),
            b'>' => (Shape::Angle, Side::Close),
            _ => return None,
        };
        let whole = match shape {
            Shape::Round => Pair::new('(', ')'),
            Shape::Square => Pair::new('[', ']'),
            Shape::Curly => Pair::new('{', '}'),
            Shape::Angle => Pair::new('<', '>'),
        };
        pairs.contains(&whole).then_some(Self { at, shape, side })
    }
}

impl Brackets {
    /// Those of lines: for each in which there are any, its first byte and its brackets. The text is
    /// `len` bytes long.
    pub(crate) fn of_lines<'a>(
        lines: impl Iterator<Item = (usize, &'a [LineBracket])>,
        len: usize,
    ) -> Self {
        let mut chunks = Vec::new();
        let (mut start, mut marks) = (0, Vec::new());
        let mut cut = |start: usize, end: usize, marks: &mut Vec<Mark>| {
            chunks.push(Chunk {
                len: end - start,
                marks: Arc::new(std::mem::take(marks)),
                edited: false,
            });
        };
        for (line_start, line) in lines {
            if line_start - start >= CHUNK {
                cut(start, line_start, &mut marks);
                start = line_start;
            }
            marks.extend(line.iter().map(|bracket| Mark {
                at: (line_start - start) as u32 + bracket.at,
                shape: bracket.shape,
                side: bracket.side,
                depth: None,
            }));
        }
        cut(start, len, &mut marks);
        let mut brackets = Self(chunks);
        brackets.pair_up(None);
        brackets
    }
}
