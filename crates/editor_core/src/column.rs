use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::Text;

/// Past this many bytes into a line a column is counted in bytes, so that one line of 200 MB does
/// not make every key press walk it.
const LONG_LINE: usize = 64 * 1024;

/// The display column of an offset in its row: cells of a monospaced font, with tabs to the next
/// stop of `tab_size` cells and wide East Asian characters as two (Unicode UAX #11).
pub fn column_at_offset(text: &Text, offset: usize, tab_size: u32) -> u32 {
    let start = text.line_start(text.row_at(offset));
    let measured = offset.min(start + LONG_LINE);
    let prefix = text.slice(start..measured);
    let column = prefix.graphemes(true).fold(0, |column, grapheme| {
        column + width(grapheme, column, tab_size)
    });
    let rest = u32::try_from(offset.saturating_sub(measured)).unwrap_or(u32::MAX);
    column.saturating_add(rest)
}

/// The offset in a row that is nearest to a display column, at a grapheme boundary; the row's end
/// for a column past it.
pub fn offset_at_column(text: &Text, row: usize, column: u32, tab_size: u32) -> usize {
    let start = text.line_start(row);
    let end = text.line_end(row);
    let measured = text.floor_char_boundary(end.min(start + LONG_LINE));
    let line = text.slice(start..measured);
    let mut at = 0;
    for (index, grapheme) in line.grapheme_indices(true) {
        let width = width(grapheme, at, tab_size);
        if column < at + width {
            let past_middle = (column - at) * 2 > width;
            return start + index + if past_middle { grapheme.len() } else { 0 };
        }
        at += width;
    }
    let rest = (column - at) as usize;
    text.floor_char_boundary(measured.saturating_add(rest).min(end))
}

/// Cells of one grapheme that begins at `column`.
pub(crate) fn width(grapheme: &str, column: u32, tab_size: u32) -> u32 {
    if grapheme == "\t" {
        let tab_size = tab_size.max(1);
        return tab_size - column % tab_size;
    }
    u32::try_from(grapheme.width()).unwrap_or(1).clamp(1, 2)
}
