//! Thin lines at every level of indentation; blank rows continue the lines around them.

use std::ops::Range;

use gpui_kit::{Bounds, Window, fill, point, px, size};

use crate::frame::Frame;
use crate::row_shaper::Row;

/// Paints the lines of the rows that were laid out.
pub(crate) fn paint(frame: &Frame, window: &mut Window) {
    let style = &frame.style;
    let level = frame.indent_size;
    let mut depths: Vec<Option<u32>> = frame
        .rows
        .iter()
        .map(|row| indent_cells(frame, line_of(frame, row), style.tab_size))
        .collect();
    // A blank row is as deep as the shallower of its neighbours that have text.
    let mut before = 0;
    for index in 0..depths.len() {
        match depths[index] {
            Some(depth) => before = depth,
            None => {
                let after = depths[index..].iter().flatten().next().copied();
                depths[index] = Some(before.min(after.unwrap_or(0)));
            }
        }
    }
    for (row, depth) in frame.rows.iter().zip(depths) {
        let depth = depth.unwrap_or(0);
        let top = frame.row_top(row.row);
        for cell in (0..depth).step_by(level as usize) {
            let x = frame.text_left() + style.cell_width * cell as f32;
            let bounds = Bounds::new(point(x, top), size(px(1.), style.line_height));
            window.paint_quad(fill(bounds, style.indent_guide));
        }
    }
}

/// The bytes of the line that a row begins in.
fn line_of(frame: &Frame, row: &Row) -> Range<usize> {
    let text = frame.text();
    text.line_start(row.text.line)..text.line_end(row.text.line)
}

/// Cells of white space that a line begins with; none where it has nothing else.
fn indent_cells(frame: &Frame, line: Range<usize>, tab_size: u32) -> Option<u32> {
    /// Deeper indentation gets no more guides.
    const DEEPEST: usize = 256;
    let mut cells = 0;
    for character in frame
        .text()
        .chars_from(line.start)
        .take(line.len().min(DEEPEST))
    {
        match character {
            ' ' => cells += 1,
            '\t' => cells += tab_size - cells % tab_size,
            '\n' => return None,
            _ => return Some(cells),
        }
    }
    (line.len() > DEEPEST).then_some(cells)
}
