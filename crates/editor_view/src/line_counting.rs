//! Counting the cells of very long lines without holding up a frame, and without moving what is in
//! view.

use std::ops::Range;

use editor_core::display_map::TextRow;
use gpui_kit::{AppContext as _, AsyncApp, Context, WeakEntity};

use crate::row_shaper::{RowShaper, Source, is_long};
use crate::scroll::wide;
use crate::view::EditorView;

/// Has what is in view of a long row counted, `visible` being pixels from the left edge of the text;
/// gives by how many pixels that moves. Of several such rows the one with the primary caret, which is
/// at `head`, stays where it is, or else the first.
pub(crate) fn settle(
    shaper: &mut RowShaper,
    source: Source<'_>,
    rows: &[(usize, TextRow)],
    head: usize,
    visible: Range<f64>,
) -> f64 {
    let mut long = rows
        .iter()
        .map(|(_, text)| text)
        .filter(|text| is_long(text));
    let first = long.clone().next();
    let with_caret = long.find(|text| text.range.start <= head && head <= text.range.end);
    let row = with_caret.or(first);
    row.map_or(0., |row| shaper.settle(source, row, visible))
}

impl EditorView {
    /// Has the cells of the long rows that were laid out last counted, where some are not.
    pub(crate) fn count_lines(&mut self, cx: &mut Context<Self>) {
        if self.counting.is_none() && self.shaper.is_counting_needed() {
            self.counting = Some(cx.spawn(
                async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                    // Ends when all is counted, or the view is gone.
                    while let Ok(true) = Self::count_piece(&this, cx).await {}
                },
            ));
        }
    }

    /// Has one piece counted; false where nothing is left.
    async fn count_piece(this: &WeakEntity<Self>, cx: &mut AsyncApp) -> anyhow::Result<bool> {
        let job = this.update(cx, |view, cx| {
            let display = view.display(cx);
            let job = view.shaper.count_job(&display, view.display.stamp());
            if job.is_none() {
                view.counting = None;
            }
            job
        })?;
        let Some((line, job)) = job else {
            return Ok(false);
        };
        let counted = cx.background_spawn(async move { job.run() }).await;
        this.update(cx, |view, cx| {
            view.display(cx);
            if let Some(cells) = view.shaper.take_counts(line, counted) {
                let cell = view.style.as_ref().map(|style| wide(style.cell_width));
                view.scroll.left += cells as f64 * cell.unwrap_or_default();
                cx.notify();
            }
        })?;
        Ok(true)
    }
}
