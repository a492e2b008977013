//! What Vim mode adds to a frame: the block under the cursor, and the matches of the last search.

use gpui_kit::{App, Bounds, Corners, PaintQuad, Pixels, Window, fill, hsla, point, px, size};

use crate::element::span_quad;
use crate::frame::Frame;
use crate::view::EditorView;

/// More matches than this are not marked in one stretch of text.
const MAX_MARKED: usize = 2_000;

/// The blocks that stand in the place of the carets while keys are commands; `None` while they are
/// text.
pub(crate) fn blocks(frame: &Frame, view: &EditorView, cx: &App) -> Option<Vec<PaintQuad>> {
    if !view.vim_has_commands(cx) {
        return None;
    }
    let replacing = view
        .vim
        .as_ref()
        .is_some_and(|vim| vim.vim.pending_keys().starts_with('r'));
    let cursors = view.vim_cursors().into_iter();
    let blocks = cursors.filter_map(|cursor| block(frame, cursor, replacing));
    Some(blocks.collect())
}

fn block(frame: &Frame, cursor: usize, replacing: bool) -> Option<PaintQuad> {
    let cursor = cursor.min(frame.text().len());
    let place = frame.caret_bounds(cursor)?;
    let (left, width) = extent_of(frame, cursor).unwrap_or((place.left(), frame.style.cell_width));
    let height = if replacing { px(3.) } else { place.size.height };
    let bounds = Bounds::new(point(left, place.bottom() - height), size(width, height));
    let color = frame.style.colors.caret.opacity(0.45);
    Some(fill(bounds, color).corner_radii(px(1.)))
}

/// The left edge and the width of the character behind a cursor, on whichever side of it that is.
fn extent_of(frame: &Frame, cursor: usize) -> Option<(Pixels, Pixels)> {
    let text = frame.text();
    let next = text.next_grapheme(cursor);
    if cursor >= text.len() || text.char_at(cursor) == Some('\n') {
        return None;
    }
    let span = frame.range_spans(cursor..next).into_iter().next()?;
    let width = span.right - span.left;
    (width > px(0.)).then_some((span.left, width))
}

/// Marks the matches of the last search or of the one that is being typed, unless the find bar shows
/// its own.
pub(crate) fn paint_matches(frame: &Frame, view: &EditorView, window: &mut Window) {
    let marked = view.vim.as_ref().filter(|mode| mode.shows_matches());
    let Some((mode, pattern)) = marked.and_then(|mode| Some((mode, mode.search.as_ref()?))) else {
        return;
    };
    if view.find.is_some() {
        return;
    }
    let colors = &frame.style.colors;
    let leads_to = mode.marked_match();
    for shown in &frame.shown {
        for found in pattern.matches(frame.text(), shown.clone(), MAX_MARKED) {
            let (color, border) = match leads_to.as_ref() == Some(&found) {
                true => (colors.find_match_active, colors.accent),
                false => (colors.find_match, hsla(0., 0., 0., 0.)),
            };
            for span in frame.range_spans(found) {
                window.paint_quad(span_quad(frame, span, Corners::all(px(2.)), color, border));
            }
        }
    }
}

impl EditorView {
    /// Where Vim's cursors stand: inside a selection, not at its end.
    fn vim_cursors(&self) -> Vec<usize> {
        match &self.vim {
            Some(mode) if mode.selected == self.selections => mode.vim.cursors(),
            _ => self
                .selections
                .iter()
                .map(|selection| selection.head)
                .collect(),
        }
    }
}
