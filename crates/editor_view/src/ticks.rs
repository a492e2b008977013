//! Ticks in the strip of the vertical scrollbar: where the matches of the find bar are in the text,
//! and else where the word at the caret or what is selected stands.

use std::ops::Range;

use editor_core::Bias;
use editor_core::display_map::{DisplayPoint, DisplaySnapshot};
use gpui_kit::{App, Bounds, Hsla, Pixels, Window, fill, point, px, size};

use crate::frame::Frame;
use crate::view::EditorView;

/// Height of a tick.
const TICK: Pixels = px(2.);

/// Paints the ticks of a view.
pub(crate) fn paint(frame: &Frame, view: &EditorView, window: &mut Window, cx: &App) {
    let Some((track, _)) = frame.vertical_scrollbar() else {
        return;
    };
    let height = track.size.height - TICK;
    let rows = frame.extent.rows.max(1);
    let places = view.occurrences.places(view.focus.is_focused(window));
    let mut tick = |row: usize, inset: Pixels, color: Hsla| {
        let top = track.top() + height * (row as f32 / rows as f32);
        let bounds = Bounds::new(
            point(track.left() + inset, top),
            size(track.size.width - inset * 2., TICK),
        );
        window.paint_quad(fill(bounds, color));
    };
    if let Some(find) = &view.find {
        for line in find.read(cx).match_rows() {
            let row = frame.display.row_of(frame.text().line_start(*line));
            tick(row, px(2.), frame.style.tick);
        }
        return;
    }
    let color = frame.style.colors.text_muted.opacity(0.8);
    let apart = (f32::from(height) / f32::from(TICK)) as usize;
    for row in rows_apart(&frame.display, places, rows, apart) {
        tick(row, px(4.), color);
    }
}

/// The rows of places that are in order, of those that would be drawn over each other the first:
/// as many as `apart` of them have room in `rows`. O(that many · log places), however many there
/// are.
fn rows_apart(
    display: &DisplaySnapshot,
    mut places: &[Range<usize>],
    rows: usize,
    apart: usize,
) -> Vec<usize> {
    let step = (rows / apart.max(1)).max(1);
    let len = display.text().len();
    let mut found = Vec::new();
    while let Some(first) = places.first() {
        let row = display.row_of(first.start.min(len));
        found.push(row);
        let next = row + step;
        if next >= rows {
            break;
        }
        let next = display.to_offset(DisplayPoint::new(next as u32, 0), Bias::Left);
        let passed = places.partition_point(|place| place.start < next);
        places = places.get(passed.max(1)..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Text;

    #[test]
    fn places_that_would_cover_each_other_are_one_tick() {
        let text = Text::new(&"ab\n".repeat(100));
        let display = crate::display::Display::new(text, 0).snapshot().clone();
        let places: Vec<_> = [0, 1, 2, 50, 51, 98]
            .into_iter()
            .flat_map(|row| [row * 3..row * 3 + 1, row * 3 + 1..row * 3 + 2])
            .collect();
        let rows = |apart| rows_apart(&display, &places, 101, apart);
        assert_eq!(rows(200), [0, 1, 2, 50, 51, 98]);
        assert_eq!(rows(50), [0, 2, 50, 98]);
        assert_eq!(rows(3), [0, 50, 98]);
        assert_eq!(rows(0), [0]);
        assert_eq!(rows_apart(&display, &[], 101, 50), [0; 0]);
    }
}
