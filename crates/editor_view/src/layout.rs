//! Laying out a frame: only the rows in view are ever looked at.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use editor_core::Text;
use editor_core::display_map::{DisplayRow, DisplayStyle, TextRow};
use gpui_kit::{Bounds, Context, Pixels, Size, Window, point, px, size};
use settings::MinimapSide;
use syntax::LanguageId;
use workspace::Buffer;

use crate::editor_style::EditorStyle;
use crate::fold_marks::FoldMark;
use crate::frame::{Frame, SCROLLBAR};
use crate::line_counting;
use crate::minimap::Strip;
use crate::row_shaper::{Row, Source};
use crate::scroll::{ScrollExtent, side_margin, wide};
use crate::scroll_motion;
use crate::sticky_scroll;
use crate::view::EditorView;
use crate::wrapping::{CellMeasure, Wrapping, wrapping};

/// The parts of an editor beside each other.
struct Areas {
    gutter: Bounds<Pixels>,
    text_area: Bounds<Pixels>,
    /// Size of the text area without what is covered of it.
    view: Size<Pixels>,
    /// Width of the scrollbar's strip over the text area's right edge.
    covered: Pixels,
}

impl Areas {
    fn new(
        bounds: Bounds<Pixels>,
        gutter_width: Pixels,
        minimap: Option<Strip>,
        style: &EditorStyle,
    ) -> Self {
        let scrollbar = style.scaled(SCROLLBAR);
        let (left, right, covered) = match minimap {
            None => (px(0.), px(0.), scrollbar),
            Some(strip) => match strip.side {
                MinimapSide::Left => (strip.width, px(0.), scrollbar),
                MinimapSide::Right => (px(0.), strip.width + scrollbar, px(0.)),
            },
        };
        let height = bounds.size.height;
        let gutter = Bounds::new(
            point(bounds.left() + left, bounds.top()),
            size(gutter_width, height),
        );
        let width = (bounds.right() - right - gutter.right()).max(px(1.));
        Self {
            text_area: Bounds::new(point(gutter.right(), bounds.top()), size(width, height)),
            gutter,
            view: size((width - covered).max(px(1.)), height),
            covered,
        }
    }
}

impl EditorView {
    /// Lays out what fits in `bounds`, after scrolling to the caret if that was asked for.
    pub(crate) fn layout(
        &mut self,
        bounds: Bounds<Pixels>,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> Rc<Frame> {
        let style = self.style(window, cx);
        let syntax = self
            .buffer_ref(cx)
            .and_then(|buffer| buffer.syntax().cloned());
        let version = self.display.version();
        let lines = self.display(cx).text().line_count();
        let gutter_width = Frame::gutter_width(lines.max(self.lines_to_come), &style);
        let room = Areas::new(bounds, gutter_width, None, &style).view.width;
        let mut strip = self.minimap_strip(room, bounds.size.height, &style, window, cx);
        let mut areas = Areas::new(bounds, gutter_width, strip, &style);
        let mut wrapping = self.arrange_rows(areas.view, &style, cx);
        // Rows may have come or gone, so that the file fits in the view now, or does not any more.
        let arranged = self.minimap_strip(room, bounds.size.height, &style, window, cx);
        if arranged != strip {
            strip = arranged;
            areas = Areas::new(bounds, gutter_width, strip, &style);
            wrapping = self.arrange_rows(areas.view, &style, cx);
        }
        let Areas {
            gutter,
            text_area,
            view,
            covered,
        } = areas;
        let display = self.display.snapshot().clone();
        let fits_view = wrapping.is_some_and(|wrapping| wrapping.fits_view);
        if let Some(came_back) = self.came_back_at.take() {
            if let Some(left) = came_back.left {
                self.widest = self
                    .widest
                    .max(left + wide(view.width) - side_margin(style.cell_width));
            }
            // Its rows were cut for this frame.
            let (offset, part) = came_back.top;
            let offset = offset.min(display.text().len());
            self.scroll.top = self.top_where_left((offset, part));
        }
        if fits_view {
            self.widest = 0.;
        }
        let mut extent = ScrollExtent {
            rows: display.row_count(),
            width: self.width(wrapping.is_none(), &style),
            view,
            line_height: style.line_height,
            cell_width: style.cell_width,
            covered: 0,
            above: self.rows_under_find(&style, cx),
        };
        let moving = self.moving_since(cx);
        let language = self
            .buffer_ref(cx)
            .map_or(LanguageId::PLAIN, Buffer::language);
        self.served.tokens.prepare(&style, language.id_str());
        let source = Source {
            display: &display,
            stamp: self.display.stamp(),
            style: &style,
            whole_width: wrapping.is_none(),
            inlays: &self.inlays,
            names: self.served.tokens.spans(),
            brackets: &[],
            window,
        };
        self.shaper.begin_frame();
        let revealed = self.reveal.take();
        if let Some(reveal) = revealed {
            let head = self.revealed_byte().min(display.text().len());
            let (row, x) = match fits_view {
                // Not asked for the side: in a line that is not cut yet that counts all its cells.
                true => (display.row_of(head), 0.),
                false => self.shaper.place_of(source, head, |bytes| {
                    let syntax = syntax.as_ref();
                    syntax.map_or_else(Vec::new, |tree| tree.highlights(display.text(), bytes))
                }),
            };
            extent.width = self.width(wrapping.is_none(), &style).max(x);
            let pinned = self.covered_rows(head, &display, &extent, cx);
            extent.covered = pinned.max(extent.above as usize);
            let resting = scroll_motion::target(self.scroll, self.scroll_motion);
            let revealing = resting.revealing(reveal, row, x, &extent);
            if revealing != resting {
                let (scroll, motion) = (&mut self.scroll, &mut self.scroll_motion);
                scroll_motion::glide(scroll, motion, revealing, extent.view_rows(), moving);
            }
            if fits_view && self.display.is_wrapping() {
                // Its row is known when its line has been cut; whoever scrolls meanwhile ends this.
                self.reveal = Some(reveal);
            }
        }
        let now = cx.background_executor().now();
        let (scroll, motion) = (&mut self.scroll, &mut self.scroll_motion);
        if scroll_motion::advance(scroll, motion, &extent, now) {
            window.request_animation_frame();
        }
        let row_range = extent.visible_rows(self.scroll);
        let (mut texts, mut blocks) = (Vec::new(), Vec::new());
        for row in row_range.clone() {
            match display.row(row) {
                DisplayRow::Text(text) => texts.push((row, text)),
                DisplayRow::Block(id, line) => self.blocks.collect(row, id, line, &mut blocks),
            }
        }
        if blocks.iter().any(|block| block.is_uncut) {
            // The view came to lines that were not near it: what was to be in view may be elsewhere.
            self.reveal = self.reveal.or(revealed);
            window.request_animation_frame();
        }
        let visible_from = |left: f64| left..left + wide(text_area.size.width);
        if source.whole_width {
            let head = self.selections.primary().head;
            let visible = visible_from(self.scroll.left);
            let moved = line_counting::settle(&mut self.shaper, source, &texts, head, visible);
            self.scroll.left += moved;
        }
        let visible_x = visible_from(self.scroll.left);
        let mut shown = Vec::new();
        for (_, text) in &texts {
            self.shaper
                .shown_bytes(source, text, visible_x.clone(), |bytes| {
                    join(&mut shown, bytes);
                });
        }
        let text = display.text();
        let highlights = self.highlights.get(
            syntax.as_ref(),
            text,
            version,
            reaching(&shown, &texts, text),
        );
        let brackets = match style.brackets.is_empty() {
            true => Rc::default(),
            false => self.highlights.brackets(syntax.as_ref()),
        };
        let source = Source {
            brackets: &brackets,
            ..source
        };
        let wanted = style.unicode_highlight;
        let unusual = self
            .unusual
            .get(text, version, &shown, &highlights, wanted, language);
        let caret = self.selections.primary().head.min(text.len());
        let bracket_guides =
            self.bracket_guides
                .get(syntax.as_ref(), text, version, &shown, caret, &style);
        let rows: Vec<_> = texts
            .into_iter()
            .map(|(row, text)| {
                self.shaper
                    .layout_row(source, row, text, &highlights, visible_x.clone())
            })
            .collect();
        if !fits_view {
            // Those of long rows are known to the shaper, and may become less.
            let rows = rows.iter();
            let kept = rows.filter(|row| !source.whole_width || !row.is_long());
            self.widest = kept.fold(self.widest, |widest, row| widest.max(row.width));
        }
        extent.width = self.width(wrapping.is_none(), &style);
        let fold_marks = self.fold_marks(&rows);
        let pins = self.pins(&display, &extent, cx);
        let sticky = sticky_scroll::lay_out(
            &pins,
            source,
            &visible_x,
            (syntax.as_ref(), version),
            &mut self.shaper,
            &mut self.sticky_highlights,
        );
        let minimap = strip.map(|strip| strip.frame(bounds, &extent, self.scroll, &style));
        self.prepare_minimap(minimap.as_ref(), cx);
        let frame = Rc::new(Frame {
            bounds,
            gutter,
            text_area,
            covered,
            minimap,
            extent,
            scroll: self.scroll,
            indent_size: self.indent.tab_size.max(1),
            style,
            display,
            row_range,
            rows,
            blocks,
            fold_marks,
            links: self.served.links.within(&shown),
            shown,
            highlights,
            bracket_guides,
            unusual,
            sticky,
        });
        if wrapping.is_none() {
            self.count_lines(cx);
        }
        self.server_views_follow(&frame, window, cx);
        self.frame = Some(frame.clone());
        frame
    }

    /// Brings the rows up to date with the settings and the width of the view.
    fn arrange_rows(
        &mut self,
        view: Size<Pixels>,
        style: &EditorStyle,
        cx: &mut Context<Self>,
    ) -> Option<Wrapping> {
        let settings = &self.language_settings(cx).editor;
        let mode = self.word_wrap(cx);
        let config = self.buffer_ref(cx).map(Buffer::editor_config);
        let column = config.and_then(|config| config.max_line_length);
        let wrapping = wrapping(mode, settings, column, view.width, style.cell_width);
        let wanted = DisplayStyle {
            tab_size: style.tab_size,
            wrap: wrapping.map(|wrapping| wrapping.rule),
            ..DisplayStyle::default()
        };
        if wrapping.is_some() && self.measure.is_none() {
            self.measure = Some(Arc::new(CellMeasure::new(style, cx)));
        }
        self.unfold_carets();
        let near = match self.reveal {
            // The rows above a caret that is brought into view decide how far to scroll.
            Some(_) => {
                let text = self.display.snapshot().text();
                let row = text.row_at(self.revealed_byte().min(text.len()));
                let rows = f64::from(view.height / style.line_height).ceil();
                row.saturating_sub(rows as usize)
            }
            None => self.top_line(),
        };
        if self.display.style() == wanted {
            self.wrap_lines(near, cx);
        } else {
            self.keeping_top(|this| {
                this.display.configure(wanted);
                this.wrap_lines(near, cx);
            });
        }
        self.cut_other_lines(wrapping.map(|wrapping| wrapping.rule));
        wrapping
    }

    /// Pixels of the widest row that is known; `whole_lines` where none is cut.
    fn width(&self, whole_lines: bool, style: &EditorStyle) -> f64 {
        match whole_lines {
            true => self.widest.max(self.shaper.widest(style.cell_width)),
            false => self.widest,
        }
    }

    /// The rows that can be folded, or are.
    fn fold_marks(&self, rows: &[Row]) -> Vec<FoldMark> {
        let regions = self.folding.regions();
        rows.iter()
            .filter(|row| !row.text.continues)
            .filter_map(|row| {
                let line = row.text.line;
                let folded = self.is_folded(line);
                (folded || regions.starting_at(line).is_some()).then_some(FoldMark {
                    row: row.row,
                    line,
                    folded,
                })
            })
            .collect()
    }

    /// Whole rows that fit in the view, at least 1.
    pub(crate) fn page_rows(&self) -> usize {
        self.frame
            .as_ref()
            .map_or(1, |frame| frame.extent.view_rows().floor().max(1.) as usize)
    }
}

/// What is shown of the document, with a character of what its first and last line go on in: whether
/// a token does tells in which order the ends of wrapped rows are.
fn reaching(shown: &[Range<usize>], rows: &[(usize, TextRow)], text: &Text) -> Vec<Range<usize>> {
    let mut reaching = shown.to_vec();
    if let (Some(first), Some((_, row))) = (reaching.first_mut(), rows.first())
        && row.continues
    {
        first.start = text.floor_char_boundary(first.start.saturating_sub(1));
    }
    if let (Some(last), Some((_, row))) = (reaching.last_mut(), rows.last())
        && row.is_cut
    {
        last.end = text.ceil_char_boundary(last.end + 1);
    }
    reaching
}

/// Adds bytes to stretches of the document, to the last one where they go on from it or from the line
/// end behind it.
fn join(stretches: &mut Vec<Range<usize>>, bytes: Range<usize>) {
    match stretches.last_mut() {
        Some(last) if last.end == bytes.start || last.end + 1 == bytes.start => {
            last.end = bytes.end;
        }
        _ => stretches.push(bytes),
    }
}
