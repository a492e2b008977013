//! Rows of text as the minimap draws them: stretches of cells in one colour, without glyphs.
//!
//! A row is read no further than to the last column that is drawn, however long it is.

use std::fmt::{self, Write as _};
use std::ops::{AddAssign, ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Bias;
use editor_core::display_map::cells::{Marks, tab_width};
use editor_core::display_map::{
    DisplayPoint, DisplayRow, DisplaySnapshot, Source, TAB_COLUMNS, TextRow,
};
use smallvec::SmallVec;
use syntax::{HighlightId, HighlightSpan, SyntaxTree};

/// Stretches of the document closer than this are asked for their highlights together: each
/// question costs more than so many bytes.
const JOINED_BYTES: usize = 256;

/// What a stretch of a row has its colour from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ink {
    /// Text without a highlight.
    Plain,
    /// Text with a syntax highlight.
    Highlighted(HighlightId),
    /// What is not in the document: inlays, and what stands for folded text.
    Added,
}

/// A stretch of a row without white space in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Run {
    /// From the left edge of the row, in cells.
    pub cells: Range<u16>,
    pub ink: Ink,
}

/// A row, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct MapRow {
    /// The bytes of the document from its first to its last, with those folded away inside it; none
    /// in a row that holds no text.
    pub bytes: Range<usize>,
    /// Bytes from the first one, and their cells: from each on, a byte is a cell up to the next.
    places: SmallVec<[(u32, u16); 2]>,
    pub runs: SmallVec<[Run; 6]>,
}

impl MapRow {
    /// A row without text beside a byte of the document.
    fn empty(at: usize) -> Self {
        Self {
            bytes: at..at,
            ..Self::default()
        }
    }

    /// A row whose bytes are its cells, without ink.
    #[cfg(test)]
    pub(crate) fn plain(bytes: Range<usize>) -> Self {
        Self {
            bytes,
            places: SmallVec::from_slice(&[(0, 0)]),
            ..Self::default()
        }
    }

    /// The cell of a byte of the document; where the byte was not read, the cell after the last one
    /// that was, or more.
    pub(crate) fn cell_of(&self, offset: usize) -> u16 {
        cell_in(&self.places, offset.saturating_sub(self.bytes.start))
    }
}

/// The cell of a byte of a row, counted from its first, by its places.
fn cell_in(places: &[(u32, u16)], offset: usize) -> u16 {
    let next = places.partition_point(|(at, _)| *at as usize <= offset);
    let Some((at, cell)) = next.checked_sub(1).map(|index| places[index]) else {
        return places.first().map_or(0, |(_, cell)| *cell);
    };
    let rest = u16::try_from(offset - at as usize).unwrap_or(u16::MAX);
    let cell = cell.saturating_add(rest);
    places.get(next).map_or(cell, |next| cell.min(next.1))
}

impl fmt::Display for MapRow {
    /// As it is drawn, a character a cell: `#` for text, `o` for what is not in the document.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cell = 0;
        for run in &self.runs {
            let mark = if run.ink == Ink::Added { 'o' } else { '#' };
            for at in cell..run.cells.end {
                formatter.write_char(if at < run.cells.start { ' ' } else { mark })?;
            }
            cell = run.cells.end;
        }
        Ok(())
    }
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Work {
    pub rows: usize,
    pub bytes: usize,
}

impl AddAssign for Work {
    fn add_assign(&mut self, more: Self) {
        self.rows += more.rows;
        self.bytes += more.bytes;
    }
}

/// Rows to be read, on any thread.
pub(crate) struct ReadJob {
    pub display: DisplaySnapshot,
    pub syntax: Option<SyntaxTree>,
    pub rows: Range<usize>,
    /// Cells of a row that are drawn at most.
    pub columns: u16,
}

impl ReadJob {
    /// Reads the rows; none where `cancel` became true.
    pub(crate) fn run(&self, cancel: &AtomicBool) -> Option<(Vec<MapRow>, Work)> {
        let mut work = Work::default();
        let mut shown = Vec::new();
        let mut read = Vec::with_capacity(self.rows.len());
        for row in self.rows.clone() {
            if cancel.load(Ordering::Relaxed) {
                return None;
            }
            read.push(match self.display.row(row) {
                DisplayRow::Text(text) => self.words_of(&text, &mut shown, &mut work),
                // Between what stands around it, so that rows stay in the order of their bytes.
                DisplayRow::Block(..) => {
                    let place = DisplayPoint::new(u32::try_from(row).unwrap_or(u32::MAX), 0);
                    let end = read.last().map(|(row, _): &(MapRow, _)| row.bytes.end);
                    let at = end.unwrap_or_else(|| self.display.to_offset(place, Bias::Left));
                    (MapRow::empty(at), Vec::new())
                }
            });
            work.rows += 1;
        }
        let mut highlights = Vec::new();
        if let Some(syntax) = &self.syntax {
            for bytes in shown {
                if cancel.load(Ordering::Relaxed) {
                    return None;
                }
                highlights.extend(syntax.highlights(self.display.text(), bytes));
            }
        }
        let rows = read.into_iter().map(|(mut row, words)| {
            for word in words {
                word.color(&highlights, &mut row);
            }
            row
        });
        Some((rows.collect(), work))
    }

    /// A row without its runs, and what will be them. Adds the bytes that it shows to `shown`.
    fn words_of(
        &self,
        text: &TextRow,
        shown: &mut Vec<Range<usize>>,
        work: &mut Work,
    ) -> (MapRow, Vec<Word>) {
        let tabs = self.display.tabs();
        let mut reader = Reader {
            marks: tabs.marks(),
            tab_size: tabs.tab_size(),
            columns: u32::from(self.columns),
            column: text.columns.start.column(),
            indent: text.indent,
            start_cell: text.start_cell,
            cell: text.indent,
            previous: None,
            row: MapRow {
                bytes: text.range.clone(),
                ..MapRow::default()
            },
            words: Vec::new(),
        };
        let columns = text.columns.clone();
        let read = self.display.folds().visit(columns, &mut |piece, source| {
            let (at, added) = match &source {
                Source::Text(bytes) => (bytes.start, None),
                Source::Inlay { at, .. } => (*at, Some(*at)),
                Source::Fold(hidden) => (hidden.start, Some(hidden.end)),
            };
            reader.place(at);
            let len = reader.read(piece, at, added.is_some());
            if let Some(behind) = added {
                reader.place(behind);
            } else {
                join(shown, at..at + len);
            }
            work.bytes += len;
            match reader.is_full() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        });
        debug_assert!(read.is_continue() || reader.is_full());
        (reader.row, reader.words)
    }
}

/// A stretch without white space, before it is known what it is.
struct Word {
    bytes: Range<usize>,
    cells: Range<u16>,
    added: bool,
}

impl Word {
    /// Adds the word to its row, in the colours of the highlights (sorted) that it is in.
    fn color(&self, highlights: &[HighlightSpan], row: &mut MapRow) {
        let MapRow {
            bytes,
            places,
            runs,
        } = row;
        let mut at = self.cells.start;
        let mut push = |until: u16, ink: Ink| {
            let until = until.clamp(at, self.cells.end);
            match runs.last_mut() {
                _ if until == at => {}
                Some(last) if last.ink == ink && last.cells.end == at => last.cells.end = until,
                _ => runs.push(Run {
                    cells: at..until,
                    ink,
                }),
            }
            at = until;
        };
        if self.added {
            return push(self.cells.end, Ink::Added);
        }
        let cell = |offset: usize| cell_in(places, offset.saturating_sub(bytes.start));
        let first = highlights.partition_point(|span| span.range.end <= self.bytes.start);
        for span in &highlights[first..] {
            if span.range.start >= self.bytes.end {
                break;
            }
            push(cell(span.range.start.max(self.bytes.start)), Ink::Plain);
            let end = match span.range.end < self.bytes.end {
                true => cell(span.range.end),
                false => self.cells.end,
            };
            push(end, Ink::Highlighted(span.highlight));
        }
        push(self.cells.end, Ink::Plain);
    }
}

fn clip(cell: u32) -> u16 {
    u16::try_from(cell).unwrap_or(u16::MAX)
}

/// Goes along a row.
struct Reader {
    marks: Marks,
    tab_size: u32,
    /// Cells after which nothing is read.
    columns: u32,
    /// Bytes of the line before what is read, and cells of the row.
    column: u32,
    cell: u32,
    indent: u32,
    start_cell: u32,
    previous: Option<char>,
    row: MapRow,
    words: Vec<Word>,
}

impl Reader {
    fn is_full(&self) -> bool {
        self.cell >= self.columns
    }

    /// Notes that a byte is at the cell that was reached, where that does not follow.
    fn place(&mut self, offset: usize) {
        let cell = clip(self.cell);
        let byte = offset.saturating_sub(self.row.bytes.start);
        let byte = u32::try_from(byte).unwrap_or(u32::MAX);
        let follows = self.row.places.last().is_some_and(|(at, before)| {
            u32::from(cell) == u32::from(*before).saturating_add(byte.saturating_sub(*at))
        });
        if !follows {
            self.row.places.push((byte, cell));
        }
    }

    /// Reads a piece that begins at a byte of the document, or stands there. Gives how many bytes of
    /// it were read.
    fn read(&mut self, piece: &str, at: usize, added: bool) -> usize {
        let mut word: Option<(usize, u32)> = None;
        let mut read = piece.len();
        for (index, character) in piece.char_indices() {
            if self.is_full() {
                read = index;
                break;
            }
            let is_blank = character.is_whitespace();
            if is_blank {
                self.end_word(word.take(), at, index, added);
            } else {
                word.get_or_insert((index, self.cell));
            }
            let (cells, len) = (self.cells(character), character.len_utf8());
            self.cell += cells;
            self.column += len as u32;
            self.previous = Some(character);
            if cells as usize != len && !added {
                self.place(at + index + len);
            }
        }
        self.end_word(word, at, read, added);
        read
    }

    fn cells(&self, character: char) -> u32 {
        match character {
            ' '..='~' => 1,
            '\t' if self.column >= TAB_COLUMNS => 1,
            '\t' => tab_width(self.start_cell + self.cell - self.indent, self.tab_size),
            _ => self.marks.cells(character, self.previous),
        }
    }

    fn end_word(&mut self, word: Option<(usize, u32)>, at: usize, end: usize, added: bool) {
        if let Some((start, cell)) = word {
            self.words.push(Word {
                bytes: at + start..at + end,
                cells: clip(cell)..clip(self.cell.min(self.columns)),
                added,
            });
        }
    }
}

/// Adds bytes to stretches of the document, to the last one where they follow it closely.
fn join(stretches: &mut Vec<Range<usize>>, bytes: Range<usize>) {
    match stretches.last_mut() {
        Some(last) if (last.start..last.end + JOINED_BYTES).contains(&bytes.start) => {
            last.end = last.end.max(bytes.end);
        }
        _ => stretches.push(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::Text;
    use editor_core::display_map::{DisplayMap, DisplayStyle, Fold, Measure, WrapIndent, WrapRule};

    struct Cells;

    impl Measure for Cells {
        fn advance(&self, grapheme: &str) -> f32 {
            unicode_width::UnicodeWidthStr::width(grapheme) as f32
        }

        fn cell(&self) -> f32 {
            1.
        }
    }

    fn read(display: DisplaySnapshot, rows: Range<usize>, columns: u16) -> (Vec<MapRow>, Work) {
        let job = ReadJob {
            display,
            syntax: None,
            rows,
            columns,
        };
        job.run(&AtomicBool::new(false)).unwrap()
    }

    fn map(text: &str) -> DisplayMap {
        DisplayMap::new(Text::new(text), DisplayStyle::default())
    }

    fn drawn(rows: &[MapRow]) -> Vec<String> {
        rows.iter().map(MapRow::to_string).collect()
    }

    #[test]
    fn words_are_stretches_of_cells() {
        let text = "fn main() {\n\tlet x = 1;\n\n}\n";
        let (rows, work) = read(map(text).snapshot(), 0..5, 120);
        assert_eq!(drawn(&rows), ["## ###### #", "    ### # # ##", "", "#", ""]);
        assert_eq!(
            work,
            Work {
                rows: 5,
                bytes: text.len() - 4
            }
        );
    }

    #[test]
    fn what_is_past_the_last_column_is_not_read() {
        let long = "word ".repeat(1_000_000);
        let text = format!("{long}\nshort\n");
        let (rows, work) = read(map(&text).snapshot(), 0..3, 12);
        assert_eq!(drawn(&rows), ["#### #### ##", "#####", ""]);
        assert_eq!(work.bytes, 17);
    }

    #[test]
    fn wide_characters_take_two_cells_and_marks_their_own() {
        let (rows, _) = read(map("日本 e\u{301}x\n").snapshot(), 0..1, 120);
        assert_eq!(drawn(&rows), ["#### ##"]);
        let cells = [0, 3, 6, 7, 10].map(|offset| rows[0].cell_of(offset));
        assert_eq!(cells, [0, 2, 4, 5, 6]);
    }

    #[test]
    fn what_is_folded_is_one_mark() {
        let text = "fn a() {\n    body();\n}\nfn b()\n";
        let mut map = map(text);
        let hidden = 8..text.find("}\nfn").unwrap();
        map.fold(vec![Fold::new(hidden.clone())]);
        let (rows, work) = read(map.snapshot(), 0..3, 120);
        assert_eq!(drawn(&rows), ["## ### #o#", "## ###", ""]);
        assert_eq!(work.rows, 3);
        assert_eq!(rows[0].bytes, 0..hidden.end + 1);
        let cells = [7, 8, 12, hidden.end].map(|offset| rows[0].cell_of(offset));
        assert_eq!(cells, [7, 8, 9, 9], "what is hidden is at the mark");
    }

    #[test]
    fn the_rows_of_a_wrapped_line_are_rows_of_the_map() {
        let rule = WrapRule {
            width: 10.,
            indent: WrapIndent::Same,
        };
        let style = DisplayStyle {
            wrap: Some(rule),
            ..DisplayStyle::default()
        };
        let mut map = DisplayMap::new(Text::new("  one two three four\nx\n"), style);
        while let Some(job) = map.wrap_job(0, 1024) {
            map.apply_wrap(job.run(&Cells));
        }
        let snapshot = map.snapshot();
        let (rows, _) = read(snapshot.clone(), 0..snapshot.row_count(), 120);
        assert_eq!(drawn(&rows), ["  ### ###", "  #####", "  ####", "#", ""]);
    }

    #[test]
    fn highlights_part_words() {
        let text = Text::new("let a=\"s t\";\n");
        let rust = syntax::by_name("rust").unwrap();
        let syntax = SyntaxTree::parse(rust, &text, None, &AtomicBool::new(false));
        let job = ReadJob {
            display: DisplayMap::new(text, DisplayStyle::default()).snapshot(),
            syntax,
            rows: 0..1,
            columns: 9,
        };
        let (rows, _) = job.run(&AtomicBool::new(false)).unwrap();
        let runs: Vec<_> = rows[0]
            .runs
            .iter()
            .map(|run| (run.cells.clone(), run.ink))
            .collect();
        let ink = |name: &str| Ink::Highlighted(HighlightId::for_name(name).unwrap());
        assert_eq!(
            runs,
            [
                (0..3, ink("keyword.storage")),
                (4..5, ink("variable")),
                (5..6, ink("operator")),
                (6..8, ink("string")),
            ]
        );
    }

    #[test]
    fn a_cancelled_job_gives_nothing() {
        let job = ReadJob {
            display: map("x\n").snapshot(),
            syntax: None,
            rows: 0..1,
            columns: 9,
        };
        assert_eq!(job.run(&AtomicBool::new(true)), None);
    }
}
