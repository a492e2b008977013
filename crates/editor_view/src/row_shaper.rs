//! Turns rows of text into shaped rows, and remembers the shaped ones.
//!
//! The cost of a frame is that of the rows in view: a row that looks as it did in the last frame is
//! taken from the cache, and a very long line is shaped only around the columns in view.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::{ControlFlow, Range};
use std::rc::Rc;

use editor_core::display_map::{
    self, CellJob, CountedCells, DisplayRow, DisplaySnapshot, FoldPoint, InlayId, TAB_COLUMNS,
    TextRow,
};
use editor_core::{Bias, ChangeSet};
use gpui_kit::{Pixels, SharedString, TextRun, Window, px};
use smallvec::SmallVec;
use syntax::{Bracket, HighlightSpan};

use crate::display_text::{CellRules, DisplayText, LinePlace};
use crate::editor_style::EditorStyle;
use crate::inlays::InlayStyles;
use crate::languages::is_code;
use crate::long_line::{Chunk, LONG_LINE_BYTES, LongLine, Recount};
use crate::row_parts::{around, boundaries, parts, runs};
use crate::scroll::wide;
use crate::semantic_tokens::NameSpans;
use crate::shaped_segment::ShapedSegment;
use crate::visual_order::{Around, has_right_to_left, visual_runs};

/// Segments kept beyond those of the current frame.
const SPARE_SEGMENTS: usize = 512;

/// Maps of long lines kept beyond those of the current frame.
const SPARE_LONG_LINES: usize = 64;

/// A laid out row, ready to paint and to ask for positions. Columns are bytes from the start of the
/// row, with inlays and placeholders. Places are pixels from the left edge of the view, not of the
/// text: millions of columns into a line, 32 bits do not tell the pixels of a letter apart.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Row on the screen, from 0.
    pub row: usize,
    /// What it holds.
    pub text: TextRow,
    /// Pixels of the whole row, with its indentation, as far as it is known.
    pub width: f64,
    /// Where the row starts, behind the indentation that is not in the document.
    left: Pixels,
    segments: SmallVec<[PlacedSegment; 1]>,
    /// Columns of placeholders, and the bytes that they stand for.
    placeholders: Vec<(Range<usize>, Range<usize>)>,
}

#[derive(Clone, Debug)]
struct PlacedSegment {
    /// Columns that the segment covers.
    columns: Range<usize>,
    x: Pixels,
    segment: Rc<ShapedSegment>,
}

/// A part of an inlay that a row shows: all of it, but where the row or what was shaped of it ends
/// within it.
pub(crate) struct InlayPart {
    pub(crate) id: InlayId,
    pub(crate) columns: Range<usize>,
    /// The bytes of the inlay's text there.
    pub(crate) bytes: Range<usize>,
}

impl Row {
    /// Whether only a part of it was shaped.
    pub(crate) fn is_long(&self) -> bool {
        is_long(&self.text)
    }

    /// Where a caret before a column stands. Outside the part of a long row that was shaped, the
    /// nearest place inside it.
    pub(crate) fn x_for_column(&self, column: usize) -> Pixels {
        match self
            .segments
            .iter()
            .rfind(|placed| placed.columns.start <= column)
            .or(self.segments.first())
        {
            Some(placed) => {
                let inside = column
                    .clamp(placed.columns.start, placed.columns.end)
                    .saturating_sub(placed.columns.start);
                placed.x + placed.segment.x_for_column(inside)
            }
            None => self.left,
        }
    }

    /// The column nearest to `x`.
    pub(crate) fn column_for_x(&self, x: Pixels) -> usize {
        match self
            .segments
            .iter()
            .rfind(|placed| placed.x <= x)
            .or(self.segments.first())
        {
            Some(placed) => placed.columns.start + placed.segment.column_for_x(x - placed.x),
            None => 0,
        }
    }

    /// The stretches of pixels that a range of columns covers, left to right.
    pub(crate) fn spans(&self, columns: Range<usize>) -> SmallVec<[(Pixels, Pixels); 1]> {
        let mut spans = SmallVec::<[(Pixels, Pixels); 1]>::new();
        for placed in &self.segments {
            let start = columns.start.max(placed.columns.start);
            let end = columns.end.min(placed.columns.end);
            if start > end || (start == end && columns.start != columns.end) {
                continue;
            }
            let base = placed.columns.start;
            for (left, right) in placed.segment.spans(start - base..end - base) {
                let (left, right) = (placed.x + left, placed.x + right);
                match spans.last_mut() {
                    Some((_, last)) if left <= *last + px(0.5) => *last = right.max(*last),
                    _ => spans.push((left, right)),
                }
            }
        }
        spans
    }

    /// The inlays in what was laid out, each part with its columns.
    pub(crate) fn inlays(&self, display: &DisplaySnapshot) -> Vec<InlayPart> {
        let mut found = Vec::new();
        for placed in &self.segments {
            let mut column = placed.columns.start;
            let columns = columns_of(&self.text, &placed.columns);
            let whole = display.folds().visit(columns, &mut |piece, from| {
                if let display_map::Source::Inlay { id, bytes, .. } = from {
                    let columns = column..column + piece.len();
                    found.push(InlayPart { columns, id, bytes });
                }
                column += piece.len();
                ControlFlow::Continue(())
            });
            debug_assert!(whole.is_continue());
        }
        found
    }

    /// The columns of placeholders, and the bytes of the document that they stand for.
    pub(crate) fn placeholders(&self) -> &[(Range<usize>, Range<usize>)] {
        &self.placeholders
    }

    /// The shaped parts, each with its distance from the left edge of the view.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (Pixels, &ShapedSegment)> {
        self.segments
            .iter()
            .map(|placed| (placed.x, placed.segment.as_ref()))
    }
}

/// What rows are laid out from.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub display: &'a DisplaySnapshot,
    /// Differs between any two states of the display.
    pub stamp: u64,
    pub style: &'a EditorStyle,
    /// Whether the width of rows wider than the view matters: it does not where lines are wrapped.
    pub whole_width: bool,
    pub inlays: &'a InlayStyles,
    /// The names of which a language server says what they mean.
    pub names: NameSpans<'a>,
    /// The brackets of code in view.
    pub brackets: &'a [Bracket],
    pub window: &'a Window,
}

impl Source<'_> {
    fn rules(&self) -> CellRules {
        let tabs = self.display.tabs();
        CellRules {
            tab_size: tabs.tab_size(),
            marks: tabs.marks(),
        }
    }
}

struct CachedSegment {
    segment: Rc<ShapedSegment>,
    frame: u64,
}

/// Shapes rows with a cache of shaped segments by their content and style.
#[derive(Default)]
pub(crate) struct RowShaper {
    segments: HashMap<u64, CachedSegment>,
    long_lines: Vec<LongLine>,
    /// Names given to long lines.
    next_line: u64,
    /// The long line that stays where it is while counts come in.
    anchor: Option<u64>,
    frame: u64,
    /// Segments asked for and segments really shaped, ever; tests count work with them.
    pub asked: usize,
    pub shaped: usize,
}

impl RowShaper {
    /// Begins a frame: segments not used in the last one may go.
    pub(crate) fn begin_frame(&mut self) {
        if self.segments.len() > SPARE_SEGMENTS {
            let frame = self.frame;
            self.segments.retain(|_, cached| cached.frame == frame);
        }
        if self.long_lines.len() > SPARE_LONG_LINES {
            let (frame, widest) = (self.frame, self.widest_line());
            self.long_lines
                .retain(|line| line.frame == frame || Some(line.id) == widest);
        }
        self.frame += 1;
    }

    /// Takes in a change of the text; none where it is too much to be known.
    pub(crate) fn edited(&mut self, changes: Option<&ChangeSet>) {
        match changes {
            Some(changes) => self.long_lines.retain_mut(|line| line.edited(changes)),
            None => self.long_lines.clear(),
        }
    }

    /// Pixels of the widest of the long rows that are known.
    pub(crate) fn widest(&self, cell: Pixels) -> f64 {
        let widths = self.long_lines.iter().map(|line| width_of(line, cell));
        widths.fold(0., f64::max)
    }

    fn widest_line(&self) -> Option<u64> {
        let widest = self.long_lines.iter().max_by_key(|line| line.cells());
        widest.map(|line| line.id)
    }

    /// Has what is in view of a row counted, with what is around it, before it is laid out; gives by
    /// how many pixels that moves. The row stays where it is while others are counted.
    pub(crate) fn settle(
        &mut self,
        source: Source<'_>,
        text: &TextRow,
        visible: Range<f64>,
    ) -> f64 {
        let cells = cells_in(visible, left_of(text, source.style), source.style);
        let line = self.long_line(source, text);
        let (id, moved) = (line.id, line.settle(source.display, cells));
        self.anchor = Some(id);
        moved as f64 * wide(source.style.cell_width)
    }

    /// Whether anything of the long rows that were laid out last is not counted.
    pub(crate) fn is_counting_needed(&self) -> bool {
        let mut lines = self.long_lines.iter();
        lines.any(|line| line.frame == self.frame && !line.is_counted())
    }

    /// What is to be counted in the background of the long rows that were laid out last, and of which
    /// of them.
    pub(crate) fn count_job(
        &mut self,
        display: &DisplaySnapshot,
        stamp: u64,
    ) -> Option<(u64, CellJob)> {
        let frame = self.frame;
        let lines = self.long_lines.iter_mut();
        lines
            .filter(|line| line.frame == frame && line.stamp == stamp)
            .find_map(|line| Some((line.id, line.job(display)?)))
    }

    /// Takes what was counted of a long row in the background; gives by how many cells what is in view
    /// moves, or nothing where nothing is drawn otherwise.
    pub(crate) fn take_counts(&mut self, id: u64, counted: CountedCells) -> Option<i64> {
        let line = self.long_lines.iter_mut().find(|line| line.id == id)?;
        let Recount { moved, changed } = line.take(counted);
        let anchored = self.anchor == Some(id);
        changed.then_some(if anchored { moved } else { 0 })
    }

    /// Lays out a row. `visible` bounds, in pixels from the left edge of the text, the part that must
    /// be shaped; `highlights` are sorted and may reach beyond the row.
    pub(crate) fn layout_row(
        &mut self,
        source: Source<'_>,
        row: usize,
        text: TextRow,
        highlights: &[HighlightSpan],
        visible: Range<f64>,
    ) -> Row {
        let cell = wide(source.style.cell_width);
        let left = left_of(&text, source.style);
        // What is reckoned in 64 bits is near the view once what is scrolled away is taken off.
        let in_view = |x: f64| px((x - visible.start) as f32);
        let mut segments = SmallVec::new();
        let width = if is_long(&text) {
            let cells = cells_in(visible.clone(), left, source.style);
            let line = self.long_line(source, &text);
            let chunks = line.chunks_in(source.display, cells);
            let width = match source.whole_width {
                true => line.cells(),
                false => chunks.last().map_or(0, |chunk| chunk.cells.end),
            };
            for chunk in chunks {
                let columns = columns_of(&text, &chunk.columns);
                let around = Around::default();
                let segment = self.segment(source, columns, chunk.start, highlights, around);
                self.shaped_end(source, &text, &chunk, &segment);
                segments.push(PlacedSegment {
                    segment,
                    x: in_view(left + cell * chunk.cells.start as f64),
                    columns: chunk.columns,
                });
            }
            left + cell * width as f64
        } else {
            let segment = self.row_segment(source, &text, highlights);
            let width = left + wide(segment.width());
            segments.push(PlacedSegment {
                columns: 0..columns_len(&text),
                x: in_view(left),
                segment,
            });
            width
        };
        Row {
            row,
            placeholders: placeholders(source.display, &text, &segments),
            text,
            width,
            left: in_view(left),
            segments,
        }
    }

    /// The bytes of the document that a row shows within the given pixels, in order.
    pub(crate) fn shown_bytes(
        &mut self,
        source: Source<'_>,
        text: &TextRow,
        visible: Range<f64>,
        mut show: impl FnMut(Range<usize>),
    ) {
        let columns = if is_long(text) {
            let cells = cells_in(visible, left_of(text, source.style), source.style);
            let chunks = self
                .long_line(source, text)
                .chunks_in(source.display, cells);
            let whole = chunks
                .into_iter()
                .map(|chunk| chunk.columns)
                .reduce(|first, last| first.start..last.end);
            columns_of(text, &whole.unwrap_or(0..0))
        } else if text.range.len() == columns_len(text) {
            // Nothing is hidden or added.
            return show(text.range.clone());
        } else {
            text.columns.clone()
        };
        let folds = source.display.folds();
        let whole = folds.visit(columns, &mut |_, from| {
            if let display_map::Source::Text(bytes) = from {
                show(bytes);
            }
            ControlFlow::Continue(())
        });
        debug_assert!(whole.is_continue());
    }

    /// The row of the screen where a caret before `offset` stands, and how many pixels from the left
    /// edge of the text, without laying out more than needed. `highlights` gives those of some bytes.
    pub(crate) fn place_of(
        &mut self,
        source: Source<'_>,
        offset: usize,
        highlights: impl FnOnce(Range<usize>) -> Vec<HighlightSpan>,
    ) -> (usize, f64) {
        let row = source.display.row_of(offset);
        let DisplayRow::Text(text) = source.display.row(row) else {
            return (row, 0.);
        };
        let column = column_in(source.display, &text, offset, Bias::Left, Bias::Left);
        let left = left_of(&text, source.style);
        if !is_long(&text) {
            let bytes = text.range.clone();
            // They say in which order it is.
            let ordered = bytes.len() <= LONG_LINE_BYTES
                && has_right_to_left(&source.display.text().slice(bytes.clone()));
            let highlights = match ordered {
                true => highlights(bytes),
                false => Vec::new(),
            };
            let segment = self.row_segment(source, &text, &highlights);
            return (row, left + wide(segment.x_for_column(column)));
        }
        let chunk = self
            .long_line(source, &text)
            .chunk_at(source.display, column);
        let columns = columns_of(&text, &chunk.columns);
        let segment = self.segment(source, columns, chunk.start, &[], Around::default());
        self.shaped_end(source, &text, &chunk, &segment);
        let inside = segment.x_for_column(column.saturating_sub(chunk.columns.start));
        let cells = wide(source.style.cell_width) * chunk.cells.start as f64;
        (row, left + cells + wide(inside))
    }

    /// Takes how far the end of a long row reaches, where a chunk is its last one.
    fn shaped_end(
        &mut self,
        source: Source<'_>,
        text: &TextRow,
        chunk: &Chunk,
        segment: &ShapedSegment,
    ) {
        if chunk.columns.end == columns_len(text) {
            let cells = (chunk.cells.end - chunk.cells.start) as f64;
            let beyond = wide(segment.width()) - wide(source.style.cell_width) * cells;
            self.long_line(source, text).beyond = beyond.max(0.);
        }
    }

    fn long_line(&mut self, source: Source<'_>, text: &TextRow) -> &mut LongLine {
        let (stamp, display, frame) = (source.stamp, source.display, self.frame);
        let known = self
            .long_lines
            .iter()
            .position(|line| line.stamp == stamp && line.row == *text);
        let index = known.unwrap_or_else(|| {
            let rules = source.rules();
            let lines = self.long_lines.iter();
            let was = |line: &LongLine| line.stamp != stamp && line.was(display, text, rules);
            let before = lines.clone().position(was);
            if let Some(index) = before {
                self.long_lines[index].go_on(display, text.clone(), stamp);
                return index;
            }
            self.long_lines
                .retain(|line| line.stamp == stamp || line.may_go_on(text, rules));
            self.next_line += 1;
            let line = LongLine::new(self.next_line, display, text.clone(), stamp, rules);
            self.long_lines.push(line);
            self.long_lines.len() - 1
        });
        let line = &mut self.long_lines[index];
        line.frame = frame;
        line
    }

    /// The shaped segment of a row that is shaped as a whole.
    fn row_segment(
        &mut self,
        source: Source<'_>,
        row: &TextRow,
        highlights: &[HighlightSpan],
    ) -> Rc<ShapedSegment> {
        let around = match row.continues || row.is_cut {
            true => {
                let is_code = is_code(source.style.language);
                around(row, source.display.text(), highlights, is_code)
            }
            false => Around::default(),
        };
        let columns = row.columns.clone();
        self.segment(source, columns, start_of(row), highlights, around)
    }

    /// The shaped segment of some columns, which start at `start` of their line.
    fn segment(
        &mut self,
        source: Source<'_>,
        columns: Range<FoldPoint>,
        start: LinePlace,
        highlights: &[HighlightSpan],
        around: Around,
    ) -> Rc<ShapedSegment> {
        self.asked += 1;
        let style = source.style;
        let (text, parts) = parts(source, columns, highlights);
        // Tabs are aligned by cells, and far into a line not at all.
        let tabs = text.contains('\t').then_some((
            start.cell % source.rules().tab_size,
            start.column.min(TAB_COLUMNS as usize),
        ));
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        (tabs, style.generation, around).hash(&mut hasher);
        parts.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(cached) = self.segments.get_mut(&key) {
            cached.frame = self.frame;
            return cached.segment.clone();
        }
        self.shaped += 1;
        let display = DisplayText::new(&text, start, source.rules());
        let runs = runs(&display, text.len(), &parts, style);
        let shape = |text: SharedString, runs: &[TextRun]| {
            let system = source.window.text_system();
            system.shape_line(text, style.font_size, runs, None)
        };
        let segment = Rc::new(if has_right_to_left(&display.text) {
            let boundaries = boundaries(&display, &text, &parts, is_code(style.language), around);
            let order = visual_runs(&display.text, &boundaries);
            ShapedSegment::of_both_directions(display, &runs, &order, shape)
        } else {
            let line = shape(SharedString::from(display.text.clone()), &runs);
            let has_background = runs.iter().any(|run| run.background_color.is_some());
            ShapedSegment::new(line, display, has_background)
        });
        self.segments.insert(
            key,
            CachedSegment {
                segment: segment.clone(),
                frame: self.frame,
            },
        );
        segment
    }
}

/// Pixels from the left edge of the text to a row, behind the indentation that is not in the document.
fn left_of(text: &TextRow, style: &EditorStyle) -> f64 {
    wide(style.cell_width) * f64::from(text.indent)
}

/// Pixels of a long row, as far as they are known.
fn width_of(line: &LongLine, cell: Pixels) -> f64 {
    wide(cell) * (f64::from(line.row.indent) + line.cells() as f64) + line.beyond
}

/// Whether a row is shaped in chunks.
pub(crate) fn is_long(text: &TextRow) -> bool {
    columns_len(text) > LONG_LINE_BYTES
}

fn columns_len(text: &TextRow) -> usize {
    (text.columns.end.column() - text.columns.start.column()) as usize
}

fn start_of(text: &TextRow) -> LinePlace {
    LinePlace {
        column: text.columns.start.column() as usize,
        cell: text.start_cell,
    }
}

/// The columns of the placeholders in what was laid out of a row, and the bytes that they stand for.
fn placeholders(
    display: &DisplaySnapshot,
    text: &TextRow,
    segments: &[PlacedSegment],
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut found = Vec::new();
    if display.folds().is_plain() {
        return found;
    }
    for placed in segments {
        let mut column = placed.columns.start;
        let columns = columns_of(text, &placed.columns);
        let whole = display.folds().visit(columns, &mut |piece, from| {
            if let display_map::Source::Fold(bytes) = from {
                found.push((column..column + piece.len(), bytes));
            }
            column += piece.len();
            ControlFlow::Continue(())
        });
        debug_assert!(whole.is_continue());
    }
    found
}

/// Columns from the start of a row as places of the layer of folds.
fn columns_of(text: &TextRow, columns: &Range<usize>) -> Range<FoldPoint> {
    let start = text.columns.start;
    let place = |column: usize| FoldPoint::new(start.row(), start.column() + column as u32);
    place(columns.start)..place(columns.end)
}

/// The column in a row of a byte of the document, beside inlays and in folds by the two biases; the
/// row's start or end where the byte is not in it.
pub(crate) fn column_in(
    display: &DisplaySnapshot,
    text: &TextRow,
    offset: usize,
    beside_inlays: Bias,
    in_fold: Bias,
) -> usize {
    let folds = display.folds();
    let place = folds.inlays().to_inlay_point(offset, beside_inlays);
    let place = folds.to_fold_point(place, in_fold);
    let place = place.clamp(text.columns.start, text.columns.end);
    (place.column() - text.columns.start.column()) as usize
}

/// The byte of the document nearest to a column of a row.
pub(crate) fn offset_in(display: &DisplaySnapshot, text: &TextRow, column: usize) -> usize {
    let place = columns_of(text, &(column..column)).start;
    display.folds().to_offset(place, Bias::Left)
}

/// The cells of a row, after its indentation, within some pixels.
fn cells_in(pixels: Range<f64>, left: f64, style: &EditorStyle) -> Range<u64> {
    let cells = |x: f64| (x - left).max(0.) / wide(style.cell_width);
    cells(pixels.start) as u64..(cells(pixels.end).ceil() as u64).saturating_add(1)
}
