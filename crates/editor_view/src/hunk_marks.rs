//! The marks in the gutter beside lines that differ from git's version.

use editor_core::HunkKind;
use gpui_kit::{App, Bounds, Entity, Pixels, Point, Window, fill, point, px, size};

use crate::frame::Frame;
use crate::view::EditorView;

/// Width of a mark, and of the strip at the gutter's edge in which a press is meant for it.
const MARK: Pixels = px(3.);
const PRESSED: Pixels = px(12.);
/// Height of the mark where lines are gone.
const GONE: Pixels = px(3.);

impl Frame {
    /// The place of the text whose mark is at a place in the window.
    pub(crate) fn mark_at(&self, position: Point<Pixels>) -> Option<usize> {
        if position.x > self.gutter.left() + self.style.scaled(PRESSED) {
            return None;
        }
        let row = self.row_at(position.y);
        let index = self.rows.binary_search_by_key(&row, |row| row.row).ok()?;
        Some(self.rows[index].text.range.start)
    }
}

/// Paints the marks of the rows that were laid out, and their places beside the scrollbar.
pub(crate) fn paint(view: &Entity<EditorView>, frame: &Frame, window: &mut Window, cx: &App) {
    let Some(hunks) = view.read(cx).hunks(cx) else {
        return;
    };
    let colors = &frame.style.colors;
    let color = |kind: HunkKind| match kind {
        HunkKind::Added => colors.added,
        HunkKind::Modified => colors.modified,
        HunkKind::Removed => colors.removed,
    };
    let line = frame.style.line_height;
    let left = frame.gutter.left() + px(2.);
    let (mark, gone) = (frame.style.scaled(MARK), frame.style.scaled(GONE));
    for row in &frame.rows {
        let shown = row.text.range.clone();
        let top = frame.row_top(row.row);
        for (_, range, hunk) in hunks.touching(shown.clone()) {
            if range.is_empty() {
                // What is gone was before the line that begins here, or behind the last line.
                let top = match range.start {
                    start if start == shown.start && !row.text.continues => top - gone / 2.,
                    start if start == frame.text().len() && start == shown.end => top + line - gone,
                    _ => continue,
                };
                let bounds = Bounds::new(point(left, top), size(mark * 3., gone));
                window.paint_quad(fill(bounds, colors.removed).corner_radii(gone / 2.));
            } else if shown.start < range.end {
                let bounds = Bounds::new(point(left, top), size(mark, line));
                window.paint_quad(fill(bounds, color(hunk.kind())));
            }
        }
    }
    let Some((track, _)) = frame.vertical_scrollbar() else {
        return;
    };
    let height = track.size.height - px(2.);
    let rows = frame.extent.rows.max(1) as f32;
    for (_, range, hunk) in hunks.iter() {
        let first = frame.display.row_of(range.start.min(frame.text().len()));
        let last = frame.display.row_of(range.end.min(frame.text().len()));
        let place = |row: usize| track.top() + height * (row as f32 / rows);
        let (top, bottom) = (place(first), place(last.max(first)));
        let bounds = Bounds::new(
            point(track.left() + px(1.), top),
            size(px(2.), (bottom - top).max(px(2.))),
        );
        window.paint_quad(fill(bounds, color(hunk.kind()).opacity(0.8)));
    }
}
