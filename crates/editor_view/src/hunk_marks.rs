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
    let staged = view.staged(cx);
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
    // What is staged is hollow: the lines around a bar, open where it goes on.
    let hollow = |top: Pixels, height: Pixels, ends: (bool, bool), color, window: &mut Window| {
        let (width, thin) = (mark + px(1.), px(1.));
        let mut side = |x: Pixels, y: Pixels, width: Pixels, height: Pixels| {
            let bounds = Bounds::new(point(left + x, top + y), size(width, height));
            window.paint_quad(fill(bounds, color));
        };
        side(px(0.), px(0.), thin, height);
        side(width - thin, px(0.), thin, height);
        if ends.0 {
            side(px(0.), px(0.), width, thin);
        }
        if ends.1 {
            side(px(0.), height - thin, width, thin);
        }
    };
    for block in &frame.blocks {
        let top = frame.row_top(block.first);
        if view.shows_committed_lines(block) {
            let height = line * block.rows as f32;
            hollow(top, height, (true, true), colors.removed, window);
        } else if view.shows_git_lines(block) {
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
    for row in &frame.rows {
        let shown = row.text.range.clone();
        let top = frame.row_top(row.row);
        let mut changed = hunks.touching(shown.clone());
        // A line that was changed since has that mark.
        if changed.any(|(_, range, _)| shown.start < range.end) {
            continue;
        }
        for (_, range, hunk) in staged.iter().flat_map(|all| all.touching(shown.clone())) {
            let is_open = view.compare.is_none() && view.inline_hunks.is_staged_open(&range);
            if range.is_empty() {
                // As of what is gone and not staged.
                let top = match range.start {
                    start if start == shown.start && !row.text.continues => top - gone,
                    start if start == frame.text().len() && start == shown.end => {
                        top + line - gone * 2.
                    }
                    _ => continue,
                };
                if !is_open {
                    hollow(top, gone * 2., (true, true), colors.removed, window);
                }
            } else if shown.start < range.end {
                let is_first = shown.start == range.start && !row.text.continues;
                let is_last = range.end <= shown.end + 1;
                let color = match is_open {
                    true => colors.added,
                    false => color(hunk.kind()),
                };
                hollow(top, line, (is_first, is_last), color, window);
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
