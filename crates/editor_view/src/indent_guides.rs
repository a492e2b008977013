//! Thin lines at every level of indentation; blank rows continue the lines around them, and the line
//! of the block that the caret is in stands out.

use std::ops::Range;

use editor_core::Text;
use gpui_kit::Window;
use settings::ActiveIndentation;

use crate::bracket_guides::{self, paint_down};
use crate::frame::Frame;

/// Lines between the caret and the view that are looked at, for the block that both are in.
const FURTHEST: usize = 1000;

/// Paints the lines of the rows that were laid out; `caret` is where the primary caret stands.
pub(crate) fn paint(frame: &Frame, caret: usize, window: &mut Window) {
    let style = &frame.style;
    if !style.guides.indentation {
        return;
    }
    let size = frame.indent_size.max(1);
    let levels = levels(frame, size);
    let active = match style.guides.highlight_active_indentation {
        ActiveIndentation::Off => None,
        ActiveIndentation::On if bracket_guides::has_active(frame) => None,
        _ => active(frame, caret, &levels, size),
    };
    for (index, (row, levels)) in frame.rows.iter().zip(levels).enumerate() {
        let top = frame.row_top(row.row);
        for level in 0..levels {
            let is_active = active
                .as_ref()
                .is_some_and(|(rows, active)| *active == level && rows.contains(&index));
            let color = match is_active {
                true => style.colors.indent_guide_active,
                false => style.colors.indent_guide,
            };
            paint_down(frame, level * size, top, color, window);
        }
    }
}

/// How many levels each row is indented; a blank one as far as the shallower of its neighbours that
/// have text.
fn levels(frame: &Frame, size: u32) -> Vec<u32> {
    let mut levels: Vec<Option<u32>> = frame
        .rows
        .iter()
        .map(|row| level_of(frame, row.text.line, size))
        .collect();
    let mut after = vec![0; levels.len()];
    let mut next = 0;
    for (after, level) in after.iter_mut().zip(&levels).rev() {
        next = level.unwrap_or(next);
        *after = next;
    }
    let mut before = 0;
    for (level, after) in levels.iter_mut().zip(after) {
        match level {
            Some(level) => before = *level,
            None => *level = Some(before.min(after)),
        }
    }
    levels.into_iter().map(Option::unwrap_or_default).collect()
}

fn level_of(frame: &Frame, line: usize, size: u32) -> Option<u32> {
    let text = frame.text();
    let bytes = text.line_start(line)..text.line_end(line);
    indent_cells(text, bytes, frame.style.tab_size).map(|cells| cells.div_ceil(size))
}

/// The rows, by their places among those laid out, and the level of the block that the caret is in.
fn active(frame: &Frame, caret: usize, levels: &[u32], size: u32) -> Option<(Range<usize>, u32)> {
    let text = frame.text();
    let line = text.row_at(caret.min(text.len()));
    let (first, last) = (frame.rows.first()?.text.line, frame.rows.last()?.text.line);
    let here = around(frame, line, size);
    let next = around(frame, line + 1, size);
    let previous = line
        .checked_sub(1)
        .map_or(0, |line| around(frame, line, size));
    // On the line that a block begins or ends with, the block is meant.
    let (active, start) = if next == here + 1 {
        (here + 1, line + 1)
    } else if previous == here + 1 {
        (here + 1, line - 1)
    } else {
        (here, line)
    };
    // Of a block that begins out of sight, what is in view is the rest of it.
    let (anchor, between) = if start < first {
        (0, start..first)
    } else if start > last {
        (frame.rows.len() - 1, last + 1..start)
    } else {
        let row = frame.rows.partition_point(|row| row.text.line < start);
        (row, 0..0)
    };
    let ends = |line| level_of(frame, line, size).is_some_and(|level| level < active);
    if active == 0
        || levels[anchor] < active
        || between.len() > FURTHEST
        || between.into_iter().any(ends)
    {
        return None;
    }
    let holds = |level: &&u32| **level >= active;
    let up = levels[..anchor].iter().rev().take_while(holds).count();
    let down = levels[anchor..].iter().take_while(holds).count();
    Some((anchor - up..anchor + down, active - 1))
}

/// How many levels a line is indented, a blank one as far as the shallower of the nearest lines that
/// are not.
fn around(frame: &Frame, line: usize, size: u32) -> u32 {
    /// Blank lines that are looked at.
    const FURTHEST: usize = 100;
    let lines = frame.text().line_count();
    if line >= lines {
        return 0;
    }
    if let Some(level) = level_of(frame, line, size) {
        return level;
    }
    let level = |line| level_of(frame, line, size);
    let above = (line.saturating_sub(FURTHEST)..line).rev().find_map(level);
    let below = (line + 1..lines.min(line + FURTHEST)).find_map(level);
    above.unwrap_or(0).min(below.unwrap_or(0))
}

/// Cells of white space that a line begins with; none where it has nothing else.
pub(crate) fn indent_cells(text: &Text, line: Range<usize>, tab_size: u32) -> Option<u32> {
    /// Deeper indentation gets no more guides.
    const DEEPEST: usize = 256;
    let mut cells = 0;
    for character in text.chars_from(line.start).take(line.len().min(DEEPEST)) {
        match character {
            ' ' => cells += 1,
            '\t' => cells += tab_size - cells % tab_size,
            '\n' => return None,
            _ => return Some(cells),
        }
    }
    (line.len() > DEEPEST).then_some(cells)
}
