//! The marks in the gutter beside lines that differ from git's version.

use std::ops::Range;

use editor_core::HunkKind;
use gpui_kit::{App, Bounds, Entity, Pixels, Point, Window, fill, point, px, size};

use crate::frame::Frame;
use crate::view::EditorView;

/// Width of a mark, and of the strip at the gutter's edge in which a press is meant for it.
const MARK: Pixels = px(3.);
const PRESSED: Pixels = px(12.);
/// Height of the mark where lines are gone.
const GONE: Pixels = px(3.);

impl EditorView {
    /// The place of the text whose mark is at a place in the window: beside its lines, or git's.
    pub(crate) fn mark_at(&self, position: Point<Pixels>) -> Option<usize> {
        let frame = self.frame.as_ref()?;
        if position.x > frame.gutter.left() + frame.style.scaled(PRESSED) {
            return None;
        }
        self.hunk_row(frame, position)
    }
}

/// Paints the marks of the rows that were laid out, and their places beside the scrollbar.
pub(crate) fn paint(view: &Entity<EditorView>, frame: &Frame, window: &mut Window, cx: &App) {
    let view = view.read(cx);
    let Some(hunks) = view.hunks(cx) else {
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
    let bar = |top: Pixels, rows: u32, color| {
        let bounds = Bounds::new(point(left, top), size(mark, line * rows as f32));
        fill(bounds, color)
    };
    for block in &frame.blocks {
        if view.shows_git_lines(block) {
            let top = frame.row_top(block.first);
            window.paint_quad(bar(top, block.rows, colors.removed));
        }
    }
    let is_open = |range: &Range<usize>| view.compare.is_none() && view.inline_hunks.is_open(range);
    for row in &frame.rows {
        let shown = row.text.range.clone();
        let top = frame.row_top(row.row);
        for (_, range, hunk) in hunks.touching(shown.clone()) {
            if range.is_empty() && is_open(&range) {
                // Git's lines are there, with a mark of their own.
            } else if range.is_empty() {
                // What is gone was before the line that begins here, or behind the last line.
                let top = match range.start {
                    start if start == shown.start && !row.text.continues => top - gone / 2.,
                    start if start == frame.text().len() && start == shown.end => top + line - gone,
                    _ => continue,
                };
                let bounds = Bounds::new(point(left, top), size(mark * 3., gone));
                window.paint_quad(fill(bounds, colors.removed).corner_radii(gone / 2.));
            } else if shown.start < range.end {
                // Open, it reads as lines that went and lines that came.
                let color = match is_open(&range) {
                    true => colors.added,
                    false => color(hunk.kind()),
                };
                window.paint_quad(bar(top, 1, color));
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
