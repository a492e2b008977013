//! Where two texts differ, as a view shows it: the lines of the one in their form on the screen, with
//! their colours and their words that differ, and where they belong in the other.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use editor_core::{Hunk, MAX_COMPARED_BYTES, Text, hunks, hunks_of_large};
use syntax::{HighlightId, HighlightSpan, LanguageId, SyntaxTree};

use crate::display_text::{CellRules, DisplayText, LinePlace};
use crate::word_marks::WordMarks;

/// Of more lines in a row that are only on the disk, the first ones are shown.
const MAX_LINES: usize = 200;

/// Of a longer line, the beginning is shown, in bytes.
const MAX_LINE: usize = 1000;

/// Of a longer text the lines have no colours of their language: it is parsed before anything of a
/// difference is shown. In bytes.
const MAX_COLORED: usize = 1024 * 1024;

/// The parts of a line on the screen that have a colour, sorted.
pub(crate) type LineColors = Vec<(Range<usize>, HighlightId)>;

/// How lines of another text are drawn, each in bytes of what is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct LineStyles {
    /// The colours of each, where they are known.
    pub(crate) colors: Vec<LineColors>,
    /// The words of each that differ.
    pub(crate) words: Vec<Vec<Range<usize>>>,
}

/// Lines that differ, as they are shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    /// The disk's lines.
    removed: Vec<String>,
    /// Cells of the longest of them.
    cells: u32,
    styles: LineStyles,
    /// The words here that differ, in bytes.
    words_here: Vec<Range<usize>>,
    /// Where the lines here begin and end, in bytes.
    place: Range<usize>,
    /// The rows of the other text ([`Hunk::base_rows`]), and those here.
    hunk: Hunk,
}

impl Difference {
    /// Where the lines here begin and end, in bytes.
    pub(crate) fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// Takes note that the lines here stand elsewhere now.
    pub(crate) fn move_to(&mut self, place: Range<usize>, hunk: Hunk) {
        for word in &mut self.words_here {
            let from = |byte: usize| byte - self.place.start + place.start;
            *word = from(word.start)..from(word.end);
        }
        self.place = place;
        self.hunk = hunk;
    }

    /// The rows of the other text, and those here.
    pub(crate) fn hunk(&self) -> &Hunk {
        &self.hunk
    }

    /// The other text's lines.
    pub(crate) fn other_lines(&self) -> &[String] {
        &self.removed
    }

    /// How each of the other text's lines is drawn.
    pub(crate) fn other_styles(&self) -> &LineStyles {
        &self.styles
    }

    /// The other text's lines, and how each is drawn.
    pub(crate) fn into_other_lines(self) -> (Vec<String>, LineStyles) {
        (self.removed, self.styles)
    }

    /// The words here that differ, in bytes.
    pub(crate) fn words_here(&self) -> &[Range<usize>] {
        &self.words_here
    }

    /// Cells of the longest of the other text's lines.
    pub(crate) fn cells(&self) -> u32 {
        self.cells
    }

    /// Whether all of the other text's lines are shown from end to end.
    pub(crate) fn is_whole(&self) -> bool {
        let is_whole = |line: &String| line.len() + char::MAX.len_utf8() < MAX_LINE;
        self.removed.len() <= MAX_LINES && self.removed.iter().all(is_whole)
    }
}

/// Whether two texts are small enough to be compared.
pub(crate) fn comparable(one: &Text, other: &Text) -> bool {
    one.len().max(other.len()) <= MAX_COMPARED_BYTES
}

/// What differs from the disk's text to the one here, both in a language; nothing where they are too
/// large.
pub(crate) fn differences(
    disk: &Text,
    text: &Text,
    language: LanguageId,
    rules: CellRules,
) -> Vec<Difference> {
    let hunks = hunks(disk, text).unwrap_or_default();
    shown_differences(hunks, disk, text, language, rules)
}

/// The same of texts of any length; `None` where it was cancelled.
pub(crate) fn differences_of_any(
    disk: &Text,
    text: &Text,
    language: LanguageId,
    rules: CellRules,
    cancel: &AtomicBool,
) -> Option<Vec<Difference>> {
    let hunks = match hunks(disk, text) {
        Some(hunks) => hunks,
        None => hunks_of_large(disk, text, cancel)?,
    };
    Some(shown_differences(hunks, disk, text, language, rules))
}

fn shown_differences(
    hunks: Vec<Hunk>,
    disk: &Text,
    text: &Text,
    language: LanguageId,
    rules: CellRules,
) -> Vec<Difference> {
    let is_colored = !hunks.is_empty() && disk.len() <= MAX_COLORED;
    let tree = is_colored
        .then(|| SyntaxTree::parse(language, disk, None, &AtomicBool::new(false)))
        .flatten();
    hunks
        .into_iter()
        .map(|hunk| {
            let forms = shown_rows(disk, hunk.base_rows.clone(), rules);
            let shown = rows_in_view(&hunk.base_rows);
            let bytes = |text: &Text, rows: &Range<usize>| {
                text.line_start(rows.start)..text.line_start(rows.end)
            };
            let place = bytes(text, &hunk.rows);
            let other = bytes(disk, &hunk.base_rows);
            let words = WordMarks::between((disk, other), (text, place.clone()));
            let words_of = |(row, form): (usize, &DisplayText)| {
                words.in_other_line(disk.line_start(row)..disk.line_end(row), form)
            };
            let colors = tree.as_ref().filter(|_| !shown.is_empty()).map(|tree| {
                let shown = shown.clone();
                let bytes = disk.line_start(shown.start)..disk.line_end(shown.end - 1);
                let spans = tree.highlights(disk, bytes);
                let lines = shown.map(|row| disk.line_start(row)..disk.line_end(row));
                let lines = lines.zip(&forms);
                lines
                    .map(|(line, form)| colors_in(&spans, line, form))
                    .collect()
            });
            Difference {
                cells: forms.iter().map(|form| form.end_cell).max().unwrap_or(0),
                styles: LineStyles {
                    colors: colors.unwrap_or_default(),
                    words: shown.zip(&forms).map(words_of).collect(),
                },
                words_here: words.here.clone(),
                removed: forms.into_iter().map(|form| form.text).collect(),
                place,
                hunk,
            }
        })
        .collect()
}

/// How many rows [`shown_rows`] gives for so many lines.
pub(crate) fn count_of_rows(lines: usize) -> usize {
    lines.min(MAX_LINES + 1)
}

/// Those of some lines that are shown: the first ones.
pub(crate) fn rows_in_view(rows: &Range<usize>) -> Range<usize> {
    rows.start..rows.end.min(rows.start + MAX_LINES)
}

/// Lines of a text as the editor shows them: the first ones, and how many more there are.
pub(crate) fn shown_rows(text: &Text, rows: Range<usize>, rules: CellRules) -> Vec<DisplayText> {
    let shown_rows = rows_in_view(&rows);
    let more = rows.len() - shown_rows.len();
    let mut lines: Vec<_> = shown_rows
        .map(|row| shown(&text.line(row), rules))
        .collect();
    if more > 0 {
        let words = format!("… and {more} lines more");
        lines.push(DisplayText::new(&words, LinePlace::default(), rules));
    }
    lines
}

/// The highlights of a line of a text, in bytes of its form on the screen, which may be that of its
/// beginning.
pub(crate) fn colors_in(
    spans: &[HighlightSpan],
    line: Range<usize>,
    form: &DisplayText,
) -> LineColors {
    let first = spans.partition_point(|span| span.range.end <= line.start);
    let spans = spans[first..].iter();
    let in_line = spans.take_while(|span| span.range.start < line.end);
    let placed = in_line.map(|span| {
        let start = span.range.start.max(line.start) - line.start;
        let end = span.range.end.min(line.end) - line.start;
        (form.to_display(start)..form.to_display(end), span.highlight)
    });
    placed.filter(|(place, _)| !place.is_empty()).collect()
}

/// A line as the editor shows it.
fn shown(line: &str, rules: CellRules) -> DisplayText {
    let line = line.trim_end_matches('\r');
    let end = (0..=line.len().min(MAX_LINE))
        .rev()
        .find(|end| line.is_char_boundary(*end))
        .unwrap_or(0);
    DisplayText::new(&line[..end], LinePlace::default(), rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use editor_core::display_map::Marks;

    fn found(disk: &str, mine: &str) -> Vec<(Vec<String>, String)> {
        let rules = CellRules {
            tab_size: 4,
            marks: Marks::default(),
        };
        let text = Text::new(mine);
        differences(&Text::new(disk), &text, LanguageId::PLAIN, rules)
            .into_iter()
            .map(|one| (one.removed, text.slice(one.place).into_owned()))
            .collect()
    }

    fn lines(removed: &[&str], added: &str) -> (Vec<String>, String) {
        let removed = removed.iter().map(|line| (*line).to_owned()).collect();
        (removed, added.to_owned())
    }

    #[test]
    fn the_difference_reads_from_the_disk_to_the_editor() {
        assert_eq!(
            found("one\ntwo\nthree\n", "one\n2\nthree\nfour\n"),
            [lines(&["two"], "2\n"), lines(&[], "four\n")]
        );
        assert_eq!(found("one\n\ttwo\n", "one\n"), [lines(&["    two"], "")]);
        assert_eq!(found("same\n", "same\n"), []);
    }

    #[test]
    fn a_missing_last_line_end_is_a_difference() {
        // With one there is an empty row more, which is the end of the text.
        assert_eq!(found("one\n", "one"), [lines(&[""], "")]);
        let rules = CellRules {
            tab_size: 4,
            marks: Marks::default(),
        };
        let added = differences(
            &Text::new("one"),
            &Text::new("one\n"),
            LanguageId::PLAIN,
            rules,
        );
        let expected = Difference {
            removed: Vec::new(),
            cells: 0,
            styles: LineStyles::default(),
            words_here: Vec::new(),
            place: 4..4,
            hunk: Hunk {
                base_rows: 1..1,
                rows: 1..2,
            },
        };
        assert_eq!(added, [expected]);
    }

    #[test]
    fn what_is_shown_is_bounded() {
        let disk = format!("{}\n", "x".repeat(5000)).repeat(1000);
        let [(removed, _)] = &found(&disk, "")[..] else {
            panic!("one hunk");
        };
        assert_eq!(removed.len(), MAX_LINES + 1);
        assert_eq!(removed[0].len(), MAX_LINE);
        assert_eq!(removed[MAX_LINES], "… and 800 lines more");
    }
}
