//! Turns rows of text into shaped rows, and remembers the shaped ones.
//!
//! The cost of a frame is that of the rows in view: a row that looks as it did in the last frame is
//! taken from the cache, and a very long line is shaped only around the columns in view.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::ops::Range;
use std::rc::Rc;

use editor_core::Text;
use gpui_kit::{Pixels, SharedString, TextRun, UnderlineStyle, Window, px};
use smallvec::SmallVec;
use syntax::{HighlightId, HighlightSpan};

use crate::display_text::DisplayText;
use crate::editor_style::EditorStyle;
use crate::long_line::{LONG_LINE_BYTES, LongLine};
use crate::shaped_segment::{LEFT_TO_RIGHT_MARK, ShapedSegment, needs_mark};

/// Segments kept beyond those of the current frame.
const SPARE_SEGMENTS: usize = 512;

/// Maps of long lines kept.
const LONG_LINES: usize = 16;

/// A laid out row, ready to paint and to ask for positions.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Row in the text, from 0.
    pub row: usize,
    /// The line's bytes in the text, without its line end.
    pub range: Range<usize>,
    /// Width of the whole line.
    pub width: Pixels,
    segments: SmallVec<[PlacedSegment; 1]>,
}

#[derive(Clone, Debug)]
struct PlacedSegment {
    /// Bytes of the line that the segment covers.
    columns: Range<usize>,
    x: Pixels,
    segment: Rc<ShapedSegment>,
}

impl Row {
    /// Where a caret before the byte `column` of the line stands. Outside the part of a long line
    /// that was shaped, the nearest place inside it.
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
            None => px(0.),
        }
    }

    /// The byte of the line nearest to `x`.
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

    /// The stretches of pixels that a range of bytes of the line covers, left to right.
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

    /// The shaped parts, each with its distance from the start of the line.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (Pixels, &ShapedSegment)> {
        self.segments
            .iter()
            .map(|placed| (placed.x, placed.segment.as_ref()))
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
        self.frame += 1;
    }

    /// Lays out a row. `visible` bounds, in pixels from the start of the line, the part that must be
    /// shaped; `highlights` are sorted and may reach beyond the row.
    #[expect(clippy::too_many_arguments)]
    pub(crate) fn layout_row(
        &mut self,
        text: &Text,
        version: u64,
        row: usize,
        highlights: &[HighlightSpan],
        visible: Range<Pixels>,
        style: &EditorStyle,
        window: &Window,
    ) -> Row {
        let range = text.line_start(row)..text.line_end(row);
        if range.len() > LONG_LINE_BYTES {
            let cell = style.cell_width;
            let cells = cells_in(visible, style);
            let (chunks, width) = {
                let map = self.long_line(text, version, row, style.tab_size);
                let chunks: SmallVec<[_; 4]> = map.chunks_in(cells).collect();
                (chunks, cell * map.cells as f32)
            };
            let segments = chunks
                .into_iter()
                .map(|(chunk, columns)| {
                    let bytes = range.start + columns.start..range.start + columns.end;
                    let segment = self.segment(
                        &text.slice(bytes.clone()),
                        chunk.cell,
                        bytes.start,
                        highlights,
                        style,
                        window,
                    );
                    PlacedSegment {
                        columns,
                        x: cell * chunk.cell as f32,
                        segment,
                    }
                })
                .collect();
            return Row {
                row,
                range,
                width,
                segments,
            };
        }
        let segment = self.segment(&text.line(row), 0, range.start, highlights, style, window);
        let width = segment.width();
        Row {
            row,
            width,
            segments: SmallVec::from_iter([PlacedSegment {
                columns: 0..range.len(),
                x: px(0.),
                segment,
            }]),
            range,
        }
    }

    /// The bytes of a very long row that are shaped for the given pixels of it.
    pub(crate) fn visible_columns(
        &mut self,
        text: &Text,
        version: u64,
        row: usize,
        visible: Range<Pixels>,
        style: &EditorStyle,
    ) -> Range<usize> {
        let cells = cells_in(visible, style);
        self.long_line(text, version, row, style.tab_size)
            .chunks_in(cells)
            .map(|(_, columns)| columns)
            .reduce(|first, last| first.start..last.end)
            .unwrap_or(0..0)
    }

    /// Where a caret before `offset` stands in its line, without laying out more than needed.
    pub(crate) fn x_for_offset(
        &mut self,
        text: &Text,
        version: u64,
        offset: usize,
        style: &EditorStyle,
        window: &Window,
    ) -> Pixels {
        let row = text.row_at(offset);
        let range = text.line_start(row)..text.line_end(row);
        let column = offset - range.start;
        if range.len() <= LONG_LINE_BYTES {
            let segment = self.segment(&text.line(row), 0, range.start, &[], style, window);
            return segment.x_for_column(column);
        }
        let (chunk, columns) = self
            .long_line(text, version, row, style.tab_size)
            .chunk_at(column);
        let bytes = range.start + columns.start..range.start + columns.end;
        let segment = self.segment(
            &text.slice(bytes.clone()),
            chunk.cell,
            bytes.start,
            &[],
            style,
            window,
        );
        style.cell_width * chunk.cell as f32 + segment.x_for_column(column - columns.start)
    }

    fn long_line(&mut self, text: &Text, version: u64, row: usize, tab_size: u32) -> &LongLine {
        let known = self
            .long_lines
            .iter()
            .position(|line| (line.row, line.version, line.tab_size) == (row, version, tab_size));
        let index = match known {
            Some(index) => index,
            None => {
                self.long_lines.retain(|line| line.version == version);
                if self.long_lines.len() >= LONG_LINES {
                    self.long_lines.remove(0);
                }
                self.long_lines
                    .push(LongLine::new(text, row, version, tab_size));
                self.long_lines.len() - 1
            }
        };
        &self.long_lines[index]
    }

    /// A shaped segment of `source`, which starts at the byte `offset` of the text.
    fn segment(
        &mut self,
        source: &str,
        start_cell: u32,
        offset: usize,
        highlights: &[HighlightSpan],
        style: &EditorStyle,
        window: &Window,
    ) -> Rc<ShapedSegment> {
        self.asked += 1;
        let spans = spans_within(highlights, offset..offset + source.len());
        let mut hasher = DefaultHasher::new();
        source.hash(&mut hasher);
        (start_cell, style.generation).hash(&mut hasher);
        spans.hash(&mut hasher);
        let key = hasher.finish();
        if let Some(cached) = self.segments.get_mut(&key) {
            cached.frame = self.frame;
            return cached.segment.clone();
        }
        self.shaped += 1;
        let display = DisplayText::new(source, start_cell, style.tab_size);
        let mut runs = runs(&display, source.len(), &spans, style);
        let marked = needs_mark(&display.text);
        let shown = if marked {
            runs.insert(0, text_run(LEFT_TO_RIGHT_MARK.len(), None, style));
            format!("{LEFT_TO_RIGHT_MARK}{}", display.text)
        } else {
            display.text.clone()
        };
        let line = window.text_system().shape_line(
            SharedString::from(shown),
            style.font_size,
            &runs,
            None,
        );
        let segment = Rc::new(ShapedSegment::new(line, display, marked));
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

fn cells_in(pixels: Range<Pixels>, style: &EditorStyle) -> Range<u32> {
    let cell = style.cell_width;
    (pixels.start.max(px(0.)) / cell) as u32..(pixels.end.max(px(0.)) / cell).ceil() as u32 + 1
}

/// The highlights within `range`, relative to its start.
fn spans_within(
    highlights: &[HighlightSpan],
    range: Range<usize>,
) -> Vec<(Range<usize>, HighlightId)> {
    let first = highlights.partition_point(|span| span.range.end <= range.start);
    highlights[first..]
        .iter()
        .take_while(|span| span.range.start < range.end)
        .map(|span| {
            let start = span.range.start.max(range.start) - range.start;
            let end = span.range.end.min(range.end) - range.start;
            (start..end, span.highlight)
        })
        .filter(|(range, _)| !range.is_empty())
        .collect()
}

/// The style of every stretch of the display text, in order and without gaps.
fn runs(
    display: &DisplayText,
    source_len: usize,
    spans: &[(Range<usize>, HighlightId)],
    style: &EditorStyle,
) -> Vec<TextRun> {
    let mut runs = Vec::with_capacity(spans.len() * 2 + 1);
    let mut position = 0;
    let mut marks = display.marks.iter().peekable();
    let mut push = |until: usize, highlight: Option<HighlightId>| {
        while position < until {
            let (end, in_mark) = match marks.peek() {
                Some(mark) if mark.start <= position => (mark.end.min(until), true),
                Some(mark) => (mark.start.min(until), false),
                None => (until, false),
            };
            runs.push(if in_mark {
                mark_run(end - position, style)
            } else {
                text_run(end - position, highlight, style)
            });
            position = end;
            if marks.peek().is_some_and(|mark| mark.end <= position) {
                marks.next();
            }
        }
    };
    for (range, highlight) in spans {
        push(display.to_display(range.start), None);
        push(display.to_display(range.end), Some(*highlight));
    }
    push(display.to_display(source_len), None);
    runs
}

fn text_run(len: usize, highlight: Option<HighlightId>, style: &EditorStyle) -> TextRun {
    let run = highlight
        .map(|highlight| style.syntax(highlight))
        .unwrap_or(style.plain);
    let mut font = style.font.clone();
    if run.bold {
        font = font.bold();
    }
    if run.italic {
        font = font.italic();
    }
    TextRun {
        len,
        font,
        color: run.color,
        background_color: None,
        underline: run.underline.then_some(UnderlineStyle {
            thickness: px(1.),
            color: Some(run.color),
            wavy: false,
        }),
        strikethrough: None,
    }
}

fn mark_run(len: usize, style: &EditorStyle) -> TextRun {
    TextRun {
        len,
        font: style.font.clone(),
        color: style.mark,
        background_color: Some(style.mark_background),
        underline: None,
        strikethrough: None,
    }
}
