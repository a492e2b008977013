//! What the text of a row is made of: how each part is drawn, and which parts are apart from their
//! neighbours where text runs from right to left.

use std::ops::{ControlFlow, Range};

use editor_core::Text;
use editor_core::display_map::{self, FoldPoint, TextRow};
use gpui_kit::{StrikethroughStyle, TextRun, UnderlineStyle, px};
use syntax::{HighlightId, HighlightSpan};

use crate::bracket_colors::{BracketColor, lay_over};
use crate::display_text::DisplayText;
use crate::editor_style::{EditorStyle, RunStyle};
use crate::inlays::InlayStyle;
use crate::row_shaper::Source;
use crate::visual_order::{Around, Boundaries, Neighbour, first_from_right};

/// How a part of a row is drawn.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Part {
    /// Text with a syntax highlight.
    Highlighted(HighlightId),
    /// A name, by what it means.
    Name(RunStyle),
    /// A bracket of code.
    Bracket(BracketColor),
    /// Text that is not in the document.
    Inlay(InlayStyle),
    /// What stands for folded text.
    Placeholder,
}

/// The text of some columns, and its parts that are not plain.
pub(crate) fn parts(
    source: Source<'_>,
    columns: Range<FoldPoint>,
    highlights: &[HighlightSpan],
) -> (String, Vec<(Range<usize>, Part)>) {
    let mut text = String::new();
    let mut parts = Vec::new();
    let whole = source.display.folds().visit(columns, &mut |piece, from| {
        let start = text.len();
        text.push_str(piece);
        match from {
            display_map::Source::Text(bytes) => {
                let brackets = source.style.brackets.within(source.brackets, &bytes);
                let brackets = brackets.map(|(range, color)| (range, Part::Bracket(color)));
                let names = source
                    .names
                    .within(source.display.text(), &bytes)
                    .into_iter();
                let names = names.map(|(range, style)| (range, Part::Name(style)));
                let below = lay_over(spans_within(highlights, &bytes), names);
                for (range, part) in lay_over(below, brackets) {
                    parts.push((start + range.start..start + range.end, part));
                }
            }
            display_map::Source::Inlay { id, .. } => {
                let style = source.inlays.get(id);
                parts.push((start..text.len(), Part::Inlay(style)));
            }
            display_map::Source::Fold(_) => parts.push((start..text.len(), Part::Placeholder)),
        }
        ControlFlow::Continue(())
    });
    debug_assert!(whole.is_continue());
    (text, parts)
}

/// The highlights within `range`, relative to its start.
fn spans_within(highlights: &[HighlightSpan], range: &Range<usize>) -> Vec<(Range<usize>, Part)> {
    let first = highlights.partition_point(|span| span.range.end <= range.start);
    highlights[first..]
        .iter()
        .take_while(|span| span.range.start < range.end)
        .map(|span| {
            let start = span.range.start.max(range.start) - range.start;
            let end = span.range.end.min(range.end) - range.start;
            (start..end, Part::Highlighted(span.highlight))
        })
        .filter(|(range, _)| !range.is_empty())
        .collect()
}

/// The style of every stretch of the display text, in order and without gaps.
pub(crate) fn runs(
    display: &DisplayText,
    source_len: usize,
    parts: &[(Range<usize>, Part)],
    style: &EditorStyle,
) -> Vec<TextRun> {
    let mut runs = Vec::with_capacity(parts.len() * 2 + 1);
    let mut position = 0;
    let mut marks = display.marks.iter().peekable();
    let mut push = |until: usize, part: Option<Part>| {
        while position < until {
            let (end, in_mark) = match marks.peek() {
                Some(mark) if mark.start <= position => (mark.end.min(until), true),
                Some(mark) => (mark.start.min(until), false),
                None => (until, false),
            };
            runs.push(if in_mark {
                mark_run(end - position, style)
            } else {
                text_run(end - position, part, style)
            });
            position = end;
            if marks.peek().is_some_and(|mark| mark.end <= position) {
                marks.next();
            }
        }
    };
    for (range, part) in parts {
        push(display.to_display(range.start), None);
        push(display.to_display(range.end), Some(*part));
    }
    push(display.to_display(source_len), None);
    runs
}

fn text_run(len: usize, part: Option<Part>, style: &EditorStyle) -> TextRun {
    let run = match part {
        None => style.plain,
        Some(Part::Highlighted(highlight)) => style.syntax(highlight),
        Some(Part::Name(style)) => style,
        Some(Part::Bracket(color)) => RunStyle {
            color: style.brackets.get(color),
            ..style.plain
        },
        Some(Part::Inlay(inlay)) => RunStyle {
            color: inlay.color.unwrap_or(style.added.color),
            ..style.added
        },
        Some(Part::Placeholder) => style.added,
    };
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
        background_color: match part {
            Some(Part::Inlay(inlay)) => inlay.background.or(Some(style.added_background)),
            Some(Part::Placeholder) => Some(style.added_background),
            _ => None,
        },
        underline: run.underline.then_some(UnderlineStyle {
            thickness: px(1.),
            color: Some(run.color),
            wavy: false,
        }),
        strikethrough: run.strikethrough.then_some(StrikethroughStyle {
            thickness: px(1.),
            color: Some(run.color),
        }),
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

/// What keeps its place where text runs from right to left, in bytes of the display text.
///
/// Code is a sequence of tokens, and reads from left to right whatever they say: each of them is an
/// isolate. In prose nothing is, but for what is not in the document and marks.
pub(crate) fn boundaries(
    display: &DisplayText,
    source: &str,
    parts: &[(Range<usize>, Part)],
    is_code: bool,
    around: Around,
) -> Boundaries {
    let tokens = tokens(source, parts, is_code).into_iter();
    let tokens = tokens.map(|token| display.to_display(token.start)..display.to_display(token.end));
    let marks = display.marks.iter().cloned();
    let isolates = tokens.chain(marks).filter(|isolate| !isolate.is_empty());
    Boundaries {
        isolates: isolates.collect(),
        tabs: display.tabs().collect(),
        around,
    }
}

/// Letters farther than this many bytes from a row of a wrapped line do not order what is in it.
const AROUND_BYTES: usize = 256;

/// What a row of a line that is wrapped is between. In code only what goes on there orders it: a
/// string or a comment.
pub(crate) fn around(
    row: &TextRow,
    text: &Text,
    highlights: &[HighlightSpan],
    is_code: bool,
) -> Around {
    let highlight = |at: usize| {
        let next = highlights.partition_point(|span| span.range.end <= at);
        let span = highlights.get(next).filter(|span| span.range.start <= at);
        span.map(|span| span.highlight)
    };
    let goes_on = |at: usize| {
        let after = highlight(at);
        !is_code || (after.is_some() && at > 0 && highlight(at - 1) == after)
    };
    let neighbour = |letter: Option<char>| {
        letter.map(|letter| Neighbour {
            letter,
            in_isolate: is_code,
        })
    };
    let mut around = Around::default();
    let Range { start, end } = row.range;
    if row.continues && goes_on(start) {
        let first = text.ceil_char_boundary(start.saturating_sub(AROUND_BYTES));
        let before = text.slice(first..start);
        let line = before.chars().rev().take_while(|one| *one != '\n');
        around.before = neighbour(first_from_right(line));
    }
    if row.is_cut && goes_on(end) {
        let last = text.floor_char_boundary(end.saturating_add(AROUND_BYTES));
        let after = text.slice(end..last);
        let line = after.chars().take_while(|one| *one != '\n');
        around.after = neighbour(first_from_right(line));
    }
    around
}

/// The parts of a text that are apart from their neighbours, in its bytes. In code these are what is
/// highlighted, comments as a whole, and the words of the rest. What is all ASCII orders nothing.
fn tokens(source: &str, parts: &[(Range<usize>, Part)], is_code: bool) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut comment: Option<Range<usize>> = None;
    let mut position = 0;
    for (range, part) in parts {
        let highlight = match part {
            Part::Highlighted(highlight) => highlight.name(),
            _ => "",
        };
        if is_code {
            words(source, position..range.start, &mut tokens);
        }
        position = range.end;
        // A comment may have parts with a highlight of their own.
        let is_comment = highlight.starts_with("comment") || highlight.starts_with("markup");
        let before = comment.take().filter(|before| before.end == range.start);
        match part {
            Part::Inlay(_) | Part::Placeholder => tokens.push(range.clone()),
            _ if !is_code || matches!(part, Part::Bracket(_)) => {}
            _ if is_comment => {
                let whole = before.map_or(range.start, |before| before.start)..range.end;
                if tokens.last().is_some_and(|last| last.start == whole.start) {
                    tokens.pop();
                }
                if !source[whole.clone()].is_ascii() {
                    tokens.push(whole.clone());
                }
                comment = Some(whole);
            }
            // These have tokens inside them.
            _ if matches!(highlight, "attribute" | "embedded") => {
                words(source, range.clone(), &mut tokens);
            }
            _ if source[range.clone()].is_ascii() => {}
            _ => tokens.push(range.clone()),
        }
    }
    if is_code {
        words(source, position..source.len(), &mut tokens);
    }
    tokens
}

/// Adds the words of a stretch of code without a highlight.
fn words(source: &str, stretch: Range<usize>, tokens: &mut Vec<Range<usize>>) {
    let text = &source[stretch.clone()];
    if text.is_ascii() {
        return;
    }
    // The joiners are within words of Persian and of Indian languages.
    let is_in_word =
        |one: char| one.is_alphanumeric() || matches!(one, '_' | '\u{200c}' | '\u{200d}');
    let mut start = stretch.start;
    for piece in text.split_inclusive(|one| !is_in_word(one)) {
        let word = piece.trim_end_matches(|one| !is_in_word(one));
        if !word.is_ascii() {
            tokens.push(start..start + word.len());
        }
        start += piece.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::display_text::{CellRules, LinePlace};
    use crate::visual_order::visual_runs;
    use editor_core::display_map::cells::Marks;

    fn language(name: &str) -> syntax::LanguageId {
        syntax::by_name(name).unwrap_or(syntax::LanguageId::PLAIN)
    }

    fn highlights(language: syntax::LanguageId, text: &Text) -> Vec<HighlightSpan> {
        let never = std::sync::atomic::AtomicBool::new(false);
        let tree = syntax::SyntaxTree::parse(language, text, None, &never);
        tree.map_or_else(Vec::new, |tree| tree.highlights(text, 0..text.len()))
    }

    /// A line of a language as it is seen from left to right.
    fn seen(name: &str, line: &str) -> String {
        let text = Text::new(line);
        let language = language(name);
        let highlights = highlights(language, &text);
        let parts = spans_within(&highlights, &(0..line.len()));
        let rules = CellRules {
            tab_size: 4,
            marks: Marks::default(),
        };
        let display = DisplayText::new(line, LinePlace::default(), rules);
        let is_code = crate::languages::is_code(language);
        let boundaries = boundaries(&display, line, &parts, is_code, Around::default());
        let runs = visual_runs(&display.text, &boundaries);
        let runs = runs.into_iter().map(|run| {
            let text = &display.text[run.range];
            match run.level % 2 {
                0 => text.to_owned(),
                _ => text.chars().rev().collect(),
            }
        });
        runs.collect()
    }

    #[test]
    fn tokens_of_code_keep_their_order() {
        for (language, line, wanted) in [
            (
                "rust",
                "let x = \"אבג\"; // דהו here",
                "let x = \"גבא\"; // והד here",
            ),
            ("rust", "[\"א\", \"ב\", \"ג\"]", "[\"א\", \"ב\", \"ג\"]"),
            ("rust", "let אב = גד + הו;", "let בא = דג + וה;"),
            ("rust", "// אב, גד!", "// דג ,בא!"),
            ("rust", "f(\"אב\\nגד\", 1)", "f(\"בא\\nדג\", 1)"),
            ("python", "אב = [גד, הו]  # זח טי", "בא = [דג, וה]  # יט חז"),
            (
                "json",
                "{\"אב גד\": \"הו\", \"ז\": 1}",
                "{\"דג בא\": \"וה\", \"ז\": 1}",
            ),
            ("html", "<p>אב, גד</p>", "<p>דג ,בא</p>"),
            // A mark stands between what it is between.
            ("rust", "\"אב\u{202e}גד\"", "\"דגU+202Eבא\""),
        ] {
            assert_eq!(seen(language, line), wanted, "{language}: {line}");
        }
    }

    #[test]
    fn prose_keeps_the_order_of_its_sentences() {
        let line = "let x = \"אבג\"; // דהו here";
        assert_eq!(seen("plaintext", line), "let x = \"והד // ;\"גבא here");
        assert_eq!(seen("markdown", "אב **גד** הו"), "וה **דג** בא");
        assert_eq!(seen("plaintext", "אב\tגד"), "בא  דג");
    }

    /// What the two rows are between that a line of a language is cut into.
    fn between(name: &str, line: &str, cut: &str) -> [Option<char>; 2] {
        let text = Text::new(line);
        let language = language(name);
        let highlights = highlights(language, &text);
        let cut = line.find(cut).unwrap();
        let whole = FoldPoint::new(0, 0)..FoldPoint::new(0, line.len() as u32);
        let row = |range: Range<usize>| TextRow {
            line: 0,
            columns: whole.clone(),
            indent: 0,
            start_cell: 0,
            continues: range.start > 0,
            is_cut: range.end < line.len(),
            range,
        };
        let is_code = crate::languages::is_code(language);
        let around = |range| around(&row(range), &text, &highlights, is_code);
        let (first, second) = (around(0..cut), around(cut..line.len()));
        assert_eq!((first.before, second.after), (None, None));
        [first.after, second.before].map(|neighbour| {
            let neighbour = neighbour?;
            assert_eq!(neighbour.in_isolate, is_code);
            Some(neighbour.letter)
        })
    }

    #[test]
    fn the_rows_of_a_wrapped_line_know_what_they_are_between() {
        let cut = |name, line| between(name, line, "12");
        assert_eq!(cut("plaintext", "אב, 12 גד"), [Some('ג'), Some('ב')]);
        assert_eq!(cut("plaintext", "אב ab, 12 cd גד"), [None, None]);
        // In code only within a token.
        assert_eq!(cut("rust", "// אב, 12 גד"), [Some('ג'), Some('ב')]);
        assert_eq!(cut("rust", "f(\"אב\", 12, \"גד\")"), [None, None]);
    }
}
