//! Laying out a frame: only the rows in view are ever looked at.

use std::ops::Range;
use std::rc::Rc;

use editor_core::Text;
use gpui_kit::{App, Bounds, Pixels, Window, point, px, size};

use crate::frame::{Frame, SCROLLBAR};
use crate::long_line::LONG_LINE_BYTES;
use crate::scroll::ScrollExtent;
use crate::view::EditorView;

impl EditorView {
    /// Lays out what fits in `bounds`, after scrolling to the caret if that was asked for.
    pub(crate) fn layout(
        &mut self,
        bounds: Bounds<Pixels>,
        window: &Window,
        cx: &App,
    ) -> Rc<Frame> {
        let style = self.style(window, cx);
        let (text, version, syntax) = match self.buffer_ref(cx) {
            Some(buffer) => (
                buffer.text().clone(),
                buffer.version(),
                buffer.syntax().cloned(),
            ),
            None => Default::default(),
        };
        let rows = text.line_count();
        let gutter_width = Frame::gutter_width(rows, &style);
        let gutter = Bounds::new(bounds.origin, size(gutter_width, bounds.size.height));
        let text_area = Bounds::new(
            point(gutter.right(), bounds.top()),
            size(
                (bounds.size.width - gutter_width).max(px(1.)),
                bounds.size.height,
            ),
        );
        let mut extent = ScrollExtent {
            rows,
            width: self.widest,
            view: size(
                (text_area.size.width - SCROLLBAR).max(px(1.)),
                text_area.size.height,
            ),
            line_height: style.line_height,
            cell_width: style.cell_width,
        };
        self.shaper.begin_frame();
        if let Some(reveal) = self.reveal.take() {
            let head = self.selections.primary().head.min(text.len());
            let x = self
                .shaper
                .x_for_offset(&text, version, head, &style, window);
            self.widest = self.widest.max(x);
            extent.width = self.widest;
            self.scroll = self.scroll.revealing(reveal, text.row_at(head), x, &extent);
        }
        self.scroll = self.scroll.clamped(&extent);
        let visible_rows = extent.visible_rows(self.scroll);
        let visible_x = self.scroll.left..self.scroll.left + text_area.size.width;
        let ranges = highlighted_ranges(&text, visible_rows.clone(), |row| {
            self.shaper
                .visible_columns(&text, version, row, visible_x.clone(), &style)
        });
        let highlights = self.highlights.get(syntax.as_ref(), &text, version, ranges);
        let rows: Vec<_> = visible_rows
            .map(|row| {
                self.shaper.layout_row(
                    &text,
                    version,
                    row,
                    &highlights,
                    visible_x.clone(),
                    &style,
                    window,
                )
            })
            .collect();
        self.widest = rows
            .iter()
            .fold(self.widest, |widest, row| widest.max(row.width));
        extent.width = self.widest;
        let frame = Rc::new(Frame {
            bounds,
            gutter,
            text_area,
            extent,
            scroll: self.scroll,
            indent_size: self.indent.tab_size.max(1),
            style,
            text,
            rows,
            highlights,
        });
        self.frame = Some(frame.clone());
        frame
    }

    /// Scrolls by rows and pixels.
    pub(crate) fn scroll_by(&mut self, rows: f64, x: Pixels) {
        let Some(frame) = &self.frame else {
            return;
        };
        self.scroll.top += rows;
        self.scroll.left += x;
        self.scroll = self.scroll.clamped(&frame.extent);
        self.reveal = None;
    }

    /// Whole rows that fit in the view, at least 1.
    pub(crate) fn page_rows(&self) -> usize {
        self.frame
            .as_ref()
            .map_or(1, |frame| frame.extent.view_rows().floor().max(1.) as usize)
    }
}

/// The bytes whose highlights are needed: the rows in view, of a very long one only the columns in
/// view. Neighbouring rows become one range.
fn highlighted_ranges(
    text: &Text,
    rows: Range<usize>,
    mut visible_columns: impl FnMut(usize) -> Range<usize>,
) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for row in rows {
        let mut range = text.line_start(row)..text.line_end(row);
        if range.len() > LONG_LINE_BYTES {
            let columns = visible_columns(row);
            range = range.start + columns.start..range.start + columns.end;
        }
        match ranges.last_mut() {
            Some(last) if last.end + 1 == range.start => last.end = range.end,
            _ => ranges.push(range),
        }
    }
    ranges
}
