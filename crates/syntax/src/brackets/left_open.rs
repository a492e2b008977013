//! Brackets that were left open, as while a call is being typed.
//!
//! By the brackets alone the outermost of an unfinished text has no partner: in a function in which
//! `f({` was begun, the next `}` closes that, and the function stays open. Where the lines are
//! indented, a bracket at the beginning of one closes nothing that was opened further to the right.

use std::sync::Arc;

use super::{Brackets, Mark, Open, Shape, Side};
use crate::parse_input::ParseInput;

/// Among more brackets the rows are not looked at.
pub(super) const MAX_BRACKETS: usize = 20_000;

/// No row is indented deeper, in bytes.
const MAX_INDENT: usize = 200;

/// A row with brackets.
#[derive(Clone, Copy)]
struct Row {
    number: usize,
    /// Where its text begins.
    text_start: usize,
    indent: usize,
    /// The indentation of the row that it goes on from, such as that of `if (a &&` for `b) {`.
    level: usize,
}

impl Row {
    /// That of a bracket.
    fn of(at: usize, input: &ParseInput<'_>) -> Self {
        let point = input.point(at);
        let start = at - point.column.min(at);
        let beginning = input.text(start..at.min(start + MAX_INDENT));
        let indent = beginning.len() - beginning.trim_start_matches([' ', '\t']).len();
        Self {
            number: point.row,
            text_start: start + indent,
            indent,
            level: indent,
        }
    }
}

impl Brackets {
    /// The bytes of the opening ones without a partner, in order.
    pub(crate) fn left_open(&self) -> Vec<usize> {
        let lone = self.marks().filter(|(_, mark)| mark.depth.is_none());
        let lone = lone.filter(|(_, mark)| mark.side == Side::Open);
        lone.map(|(at, _)| at).collect()
    }

    /// How many brackets have no partner, opening and closing ones.
    pub(crate) fn lone_count(&self) -> usize {
        self.marks()
            .filter(|(_, mark)| mark.depth.is_none())
            .count()
    }

    /// Adds an opening bracket without a partner, of which the tree knows nothing.
    pub(crate) fn add_left_open(&mut self, at: usize, bracket: &str) {
        let shape = match bracket {
            "(" => Shape::Round,
            "[" => Shape::Square,
            _ => Shape::Curly,
        };
        let mut start = 0;
        for chunk in &mut self.0 {
            if at < start + chunk.len {
                let at = (at - start) as u32;
                let marks = Arc::make_mut(&mut chunk.marks);
                let place = marks.partition_point(|mark| mark.at < at);
                let side = Side::Open;
                let depth = None;
                marks.insert(
                    place,
                    Mark {
                        at,
                        shape,
                        side,
                        depth,
                    },
                );
                return;
            }
            start += chunk.len;
        }
    }
}

/// How many pairs each bracket stands in, or `None` for one without a partner, if one that its row
/// begins with leaves open what rows further to the right opened.
pub(super) fn by_rows<'a>(
    marks: impl Iterator<Item = (usize, &'a Mark)>,
    input: &ParseInput<'_>,
) -> Vec<Option<u32>> {
    let mut depths: Vec<Option<u32>> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut open = Open::default();
    for (at, mark) in marks {
        let number = input.point(at).row;
        let row = rows.last().filter(|row| row.number == number).copied();
        let mut row = row.unwrap_or_else(|| Row::of(at, input));
        let index = depths.len();
        depths.push(None);
        match mark.side {
            Side::Open => open.push(mark.shape, index),
            Side::Close => {
                if at == row.text_start {
                    while let Some(inner) = open.last()
                        && rows[inner].level > row.indent
                    {
                        open.pop();
                    }
                }
                if let Some((opening, depth)) = open.close(mark.shape) {
                    depths[opening] = Some(depth);
                    depths[index] = Some(depth);
                    row.level = row.level.min(rows[opening].level);
                }
            }
        }
        rows.push(row);
    }
    depths
}
