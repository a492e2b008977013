//! A file's change, prepared off the UI thread and drawn as a unified diff.

use crate::line_diff::{DiffLine, LineChange, LineDiff};
use crate::line_window::{LineWindow, PIECE};
use crate::visible_text::{Reading, reveal};
use editor_core::{MAX_WORD_LINE, Text, changed_words};
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use syntax::{HighlightId, SyntaxTree};
use ui::fonts::beside_the_editor;
use ui::tokens::{SMALL, scaled, space};
use ui::{ActiveKilnTheme as _, Colors};

/// Larger texts are drawn without syntax colours.
const LARGEST_HIGHLIGHTED_BYTES: usize = 512 * 1024;
/// Longer lines, in bytes, are drawn in several pieces, which costs less than to lay out one. What
/// is decided on is shown whole.
const LONGEST_DRAWN_LINE: usize = 2_000;
const TAB: &str = "    ";
const LINE_HEIGHT: Rems = scaled(18.);
/// The room between two hunks.
const GAP: Rems = scaled(9.);

/// One line or a further piece of it, ready to be drawn.
#[derive(Clone, Debug)]
struct PreparedLine {
    change: LineChange,
    number: Option<usize>,
    /// It goes on with the line before.
    goes_on: bool,
    text: SharedString,
    syntax: Vec<(Range<usize>, HighlightId)>,
    /// The words that differ from the lines in their place.
    words: Vec<Range<usize>>,
    suspicious: Vec<Range<usize>>,
}

/// A change of one file, ready to be drawn at any theme.
#[derive(Clone, Debug)]
pub(crate) struct PreparedDiff {
    /// Lines added.
    pub added: usize,
    /// Lines removed.
    pub removed: usize,
    /// Where the change begins in the new text, from 1.
    pub first_line: Option<usize>,
    /// The texts were too large to compare.
    pub too_large: bool,
    /// Whether a line holds something that would not have been seen.
    pub suspicious: bool,
    /// Hunks; a gap is drawn between two.
    hunks: Vec<Vec<PreparedLine>>,
    /// The line that each hunk begins with, from 0, and behind them how many lines there are.
    starts: Vec<usize>,
    /// The highest number of a line.
    highest_number: usize,
}

impl PreparedDiff {
    /// Compares and highlights. Slow: run it off the UI thread.
    pub fn new(path: &Path, before: &str, after: &str) -> Self {
        let diff = LineDiff::between(before, after);
        let old = Highlighted::new(path, before);
        let new = Highlighted::new(path, after);
        let hunks: Vec<Vec<_>> = diff
            .hunks
            .iter()
            .map(|hunk| {
                hunk.lines
                    .iter()
                    .zip(changed_words_of(&hunk.lines))
                    .flat_map(|(line, words)| match line.change {
                        LineChange::Removed => prepare(line, words, &old),
                        _ => prepare(line, words, &new),
                    })
                    .collect()
            })
            .collect();
        let lines = hunks.iter().scan(0, |end, hunk| {
            *end += hunk.len();
            Some(*end)
        });
        let numbers = hunks.iter().flatten().filter_map(|line| line.number);
        Self {
            starts: std::iter::once(0).chain(lines).collect(),
            highest_number: numbers.max().unwrap_or_default(),
            added: diff.added,
            removed: diff.removed,
            first_line: diff.first_changed_line(),
            too_large: diff.too_large,
            suspicious: hunks
                .iter()
                .flatten()
                .any(|line| !line.suspicious.is_empty()),
            hunks,
        }
    }

    /// Lines that [`Self::draw`] would draw without a limit; each piece of a long one counts.
    pub fn line_count(&self) -> usize {
        self.starts.last().copied().unwrap_or_default()
    }

    /// Draws at most `limit` lines: those in sight. Calls `missed` where that turns out not to be
    /// all that is in sight, and it is to be drawn again. Says how many lines were drawn, too.
    pub fn draw(
        &self,
        limit: usize,
        sight: &LineWindow,
        missed: impl Fn(&mut Window, &mut App) + 'static,
        window: &Window,
        cx: &App,
    ) -> (Div, usize) {
        let mut styles = HashMap::new();
        let colors = **cx.kiln_theme();
        let digits = self.highest_number.max(1).ilog10() as usize + 1;
        let gutter = scaled(8. * digits.max(2) as f32 + 16.);
        let rem = window.rem_size();
        let lines = self.line_count().min(limit);
        let pieces: Vec<Range<usize>> = (0..lines.div_ceil(PIECE))
            .map(|piece| piece * PIECE..lines.min((piece + 1) * PIECE))
            .collect();
        let height = |lines: &Range<usize>| {
            let gaps = self.starts.partition_point(|start| *start < lines.end)
                - self
                    .starts
                    .partition_point(|start| *start < lines.start.max(1));
            LINE_HEIGHT.to_pixels(rem) * lines.len() as f32 + GAP.to_pixels(rem) * gaps as f32
        };
        let expected: Vec<Pixels> = pieces.iter().map(height).collect();
        let drawn = sight.pieces(&expected);
        let mut count = 0;
        let mut body = div()
            .relative()
            .w_full()
            .py(space::XS)
            .font(beside_the_editor(cx))
            .text_size(SMALL.size)
            .line_height(LINE_HEIGHT)
            .text_color(colors.editor_text);
        for (piece, lines) in pieces.iter().enumerate() {
            if !drawn.contains(&piece) {
                let height = sight.height(piece, expected[piece]);
                body = body.child(div().flex_none().h(height));
                continue;
            }
            count += lines.len();
            let mut element = div()
                .relative()
                .flex_none()
                .child(sight.measures_piece(piece));
            for (first, line) in self.lines(lines.clone()) {
                if first {
                    element = element.child(
                        div()
                            .h(GAP)
                            .flex()
                            .items_center()
                            .child(div().h(px(1.)).w_full().bg(colors.border)),
                    );
                }
                element = element.child(draw_line(line, gutter, &colors, &mut styles, cx));
            }
            body = body.child(element);
        }
        (body.child(sight.sees(expected, missed)), count)
    }

    /// Some of the lines, each with whether a gap is above it.
    fn lines(&self, range: Range<usize>) -> impl Iterator<Item = (bool, &PreparedLine)> {
        let hunk = self.starts.partition_point(|start| *start <= range.start);
        let hunk = hunk.saturating_sub(1);
        let before = self.starts.get(hunk).copied().unwrap_or_default();
        let hunks = self.hunks.iter().enumerate().skip(hunk);
        let lines = hunks.flat_map(|(index, hunk)| {
            let lines = hunk.iter().enumerate();
            lines.map(move |(line, text)| (index > 0 && line == 0, text))
        });
        lines.skip(range.start - before).take(range.len())
    }
}

fn draw_line(
    line: &PreparedLine,
    gutter: Rems,
    colors: &Colors,
    styles: &mut HashMap<HighlightId, HighlightStyle>,
    cx: &App,
) -> Div {
    let (sign, sign_color, background) = match line.change {
        LineChange::Context => ("", colors.text_faint, None),
        LineChange::Added => ("+", colors.added, Some(colors.diff_added_background)),
        LineChange::Removed => ("−", colors.removed, Some(colors.diff_removed_background)),
    };
    let sign = if line.goes_on { "…" } else { sign };
    let word = match line.change {
        LineChange::Removed => colors.diff_removed_word,
        LineChange::Context | LineChange::Added => colors.diff_added_word,
    };
    let marked = HighlightStyle {
        background_color: Some(word),
        ..HighlightStyle::default()
    };
    let highlights: Vec<_> = if line.suspicious.is_empty() {
        let syntax = line.syntax.iter().map(|(range, id)| {
            let style = *styles
                .entry(*id)
                .or_insert_with(|| cx.kiln_theme().syntax_style(id.name()));
            (range.clone(), style)
        });
        let words = line.words.iter().map(|word| (word.clone(), marked));
        combine_highlights(syntax, words).collect()
    } else {
        line.suspicious
            .iter()
            .map(|range| (range.clone(), suspicious_style(colors)))
            .collect()
    };
    div()
        .flex()
        .w_full()
        .when_some(background, |this, color| this.bg(color))
        .child(
            div()
                .flex_none()
                .w(gutter)
                .pr(space::M)
                .text_right()
                .text_color(colors.line_number)
                .children(line.number.map(|number| number.to_string())),
        )
        .child(
            div()
                .flex_none()
                .w(scaled(14.))
                .text_color(sign_color)
                .child(sign),
        )
        .child(
            div()
                .flex_1()
                .min_w_0()
                .pr(space::M)
                .child(StyledText::new(line.text.clone()).with_highlights(highlights)),
        )
}

/// How a character that would have been invisible is drawn.
pub(crate) fn suspicious_style(colors: &Colors) -> HighlightStyle {
    HighlightStyle {
        color: Some(colors.warning),
        background_color: Some(colors.warning.opacity(0.18)),
        ..HighlightStyle::default()
    }
}

struct Highlighted {
    text: Text,
    tree: Option<SyntaxTree>,
}

impl Highlighted {
    fn new(path: &Path, source: &str) -> Self {
        let text = Text::new(source);
        let tree = (source.len() <= LARGEST_HIGHLIGHTED_BYTES)
            .then(|| {
                let language = syntax::detect(path, source.lines().next().unwrap_or_default());
                SyntaxTree::parse(language, &text, None, &AtomicBool::new(false))
            })
            .flatten();
        Self { text, tree }
    }

    fn spans(&self, range: Range<usize>) -> Vec<(Range<usize>, HighlightId)> {
        let Some(tree) = &self.tree else {
            return Vec::new();
        };
        tree.highlights(&self.text, range.clone())
            .into_iter()
            .filter_map(|span| {
                let start = span.range.start.max(range.start);
                let end = span.range.end.min(range.end);
                (start < end).then(|| (start - range.start..end - range.start, span.highlight))
            })
            .collect()
    }
}

/// The words of each line of a hunk that differ between lines that went and those that came in their
/// place, in bytes of the line.
fn changed_words_of(lines: &[DiffLine]) -> Vec<Vec<Range<usize>>> {
    let mut words = vec![Vec::new(); lines.len()];
    let run = |from: usize, change: LineChange| {
        let same = lines[from..].iter();
        from..from + same.take_while(|line| line.change == change).count()
    };
    let mut at = 0;
    while at < lines.len() {
        let went = run(at, LineChange::Removed);
        let came = run(went.end, LineChange::Added);
        at = came.end.max(at + 1);
        let text = |run: &Range<usize>| {
            let lines = lines[run.clone()].iter();
            lines.fold(String::new(), |text, line| text + &line.text + "\n")
        };
        let changed = changed_words(&text(&went), &text(&came));
        for (run, changed) in [(went, changed.before), (came, changed.after)] {
            let mut changed = changed.into_iter().peekable();
            let mut start = 0;
            for (line, words) in lines[run.clone()].iter().zip(&mut words[run]) {
                let end = start + line.text.len();
                while let Some(word) = changed.next_if(|word| word.start < end) {
                    words.push(word.start - start..word.end - start);
                }
                start = end + 1;
            }
        }
    }
    words
}

/// The pieces that a line is drawn in: one, unless it is long, and has no words that are marked then.
fn prepare(line: &DiffLine, words: Vec<Range<usize>>, source: &Highlighted) -> Vec<PreparedLine> {
    const { assert!(MAX_WORD_LINE < LONGEST_DRAWN_LINE) }
    let mut pieces = Vec::new();
    let mut start = 0;
    while start < line.text.len() || pieces.is_empty() {
        let mut end = line.text.len().min(start + LONGEST_DRAWN_LINE);
        while !line.text.is_char_boundary(end) {
            end -= 1;
        }
        let shown = &line.text[start..end];
        let revealed = reveal(shown, Reading::Output);
        let (text, syntax, words) = if revealed.is_suspicious() {
            (revealed.text, Vec::new(), Vec::new())
        } else {
            let spans = source.spans(line.range.start + start..line.range.start + end);
            let (text, syntax) = expand_tabs(shown, spans);
            let words = words.iter().map(|word| (word.clone(), ()));
            let (_, words) = expand_tabs(shown, words.collect());
            let words = words.into_iter().map(|(word, ())| word);
            (text, syntax, words.collect())
        };
        let goes_on = start > 0;
        pieces.push(PreparedLine {
            change: line.change,
            number: line.new_number.or(line.old_number).filter(|_| !goes_on),
            goes_on,
            text: text.into(),
            syntax,
            words,
            suspicious: revealed.marks,
        });
        start = end;
    }
    pieces
}

/// Replaces tabs, which text layout would draw at zero width, and moves the spans along.
fn expand_tabs<T>(text: &str, spans: Vec<(Range<usize>, T)>) -> (String, Vec<(Range<usize>, T)>) {
    if !text.contains('\t') {
        return (text.to_owned(), spans);
    }
    let grown = TAB.len() - 1;
    let moved = |offset: usize| {
        offset
            + text.as_bytes()[..offset]
                .iter()
                .filter(|&&byte| byte == b'\t')
                .count()
                * grown
    };
    let spans = spans
        .into_iter()
        .map(|(range, id)| (moved(range.start)..moved(range.end), id))
        .collect();
    (text.replace('\t', TAB), spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn lines_carry_their_number_and_language_colours() {
        let diff = PreparedDiff::new(Path::new("a.rs"), "fn a() {}\n", "fn a() {}\nfn b() {}\n");
        assert_eq!((diff.added, diff.removed, diff.line_count()), (1, 0, 2));
        assert_eq!(diff.first_line, Some(2));
        let added = &diff.hunks[0][1];
        assert_eq!((added.number, added.text.as_ref()), (Some(2), "fn b() {}"));
        let keyword = added.syntax.iter().find(|(range, _)| *range == (0..2));
        assert!(keyword.is_some_and(|(_, id)| id.name().starts_with("keyword")));
    }

    #[test]
    fn words_that_differ_are_marked_line_by_line() {
        let (before, after) = (
            "keep\n\tlet a = 1;\nlet b = 2;\nend\n",
            "keep\n\tlet a = 10;\nlet c = 2;\nend\n",
        );
        let diff = PreparedDiff::new(Path::new("a.txt"), before, after);
        let marked: Vec<_> = diff.hunks[0]
            .iter()
            .flat_map(|line| line.words.iter().map(|word| &line.text[word.clone()]))
            .collect();
        assert_eq!(marked, ["1", "b", "10", "c"]);
        let none = PreparedDiff::new(Path::new("a.txt"), "", after);
        assert!(none.hunks[0].iter().all(|line| line.words.is_empty()));
    }

    #[test]
    fn every_line_is_in_one_piece_with_the_gap_above_its_hunk() {
        let before: String = (0..2_000).map(|line| format!("{line}\n")).collect();
        let after: String = (0..2_000)
            .map(|line| match line % 20 {
                10 => format!("changed {line}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let diff = PreparedDiff::new(Path::new("a.txt"), &before, &after);
        assert_eq!((diff.hunks.len(), diff.line_count()), (100, 800));
        let whole: Vec<_> = diff
            .lines(0..800)
            .map(|(gap, line)| (gap, line.text.to_string()))
            .collect();
        assert_eq!(whole.len(), 800);
        assert_eq!(whole.iter().filter(|(gap, _)| *gap).count(), 99);
        assert!(!whole[0].0 && whole[8].0 && whole[11].1 == "30");
        let pieces: Vec<_> = (0..800)
            .step_by(PIECE)
            .flat_map(|start| diff.lines(start..(start + PIECE).min(800)))
            .map(|(gap, line)| (gap, line.text.to_string()))
            .collect();
        assert_eq!(pieces, whole);
    }

    #[test]
    fn what_cannot_be_seen_is_marked() {
        let diff = PreparedDiff::new(Path::new("a.txt"), "", "a\u{202e}b\n");
        assert!(diff.suspicious);
        assert_eq!(diff.hunks[0][0].text.as_ref(), "a⟨U+202E⟩b");
    }

    #[test]
    fn all_of_a_long_line_is_drawn() {
        let long = format!("{}é\u{202e}end", "a".repeat(LONGEST_DRAWN_LINE * 2 - 1));
        let diff = PreparedDiff::new(Path::new("a.txt"), "", &format!("{long}\n"));
        assert_eq!((diff.added, diff.line_count()), (1, 3));
        let pieces = &diff.hunks[0];
        let drawn: String = pieces.iter().map(|piece| piece.text.as_ref()).collect();
        assert_eq!(drawn, long.replace('\u{202e}', "⟨U+202E⟩"));
        assert!(
            diff.suspicious,
            "what the end of a line holds is marked too"
        );
        let numbers: Vec<_> = pieces.iter().map(|piece| piece.number).collect();
        assert_eq!(numbers, [Some(1), None, None]);
    }

    #[test]
    fn tabs_move_the_spans_behind_them() {
        let id = PreparedDiff::new(Path::new("a.rs"), "", "fn a() {}\n").hunks[0][0].syntax[0].1;
        let (text, spans) = expand_tabs("\ta\tb", vec![(1..2, id), (3..4, id)]);
        assert_eq!(text, "    a    b");
        assert_eq!(
            (&text[spans[0].0.clone()], &text[spans[1].0.clone()]),
            ("a", "b")
        );
    }
}
