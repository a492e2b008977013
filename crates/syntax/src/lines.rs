//! The highlights of a text in a language that is known line by line, without a tree.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Text;
use editor_core::auto_pair::Pair;

use crate::brackets::{Brackets, LineBracket};
use crate::highlight::HighlightSpan;
use crate::language::LanguageId;
use crate::layer::{PositionedEdit, push_span};
use crate::textmate::{LineGrammar, LineSpan, LineState, LineTokenizer, Patience, Pulse, Unread};

/// Lines that are kept, copied and skipped together: an edit touches one such part of the text.
const CHUNK: usize = 256;

/// A line: its highlights, and between which states it was found to have them.
#[derive(Clone, Debug)]
struct Line {
    spans: Arc<[LineSpan]>,
    /// The parts in another language, from the start of the line.
    embedded: Arc<[(Range<u32>, LanguageId)]>,
    brackets: Arc<[LineBracket]>,
    /// Nothing for a line that was edited since.
    states: Option<(Arc<LineState>, Arc<LineState>)>,
}

impl Line {
    fn unknown(spans: Vec<LineSpan>) -> Self {
        Self {
            spans: spans.into(),
            embedded: Arc::new([]),
            brackets: Arc::new([]),
            states: None,
        }
    }

    /// The state behind it, if it is known for this state before it.
    fn behind(&self, before: &Arc<LineState>) -> Option<&Arc<LineState>> {
        let (from, to) = self.states.as_ref()?;
        (Arc::ptr_eq(from, before) || from == before).then_some(to)
    }
}

/// Why a text was left for another time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NotRead {
    Cancelled,
    /// Too many readings are stuck for another to begin.
    NotBegun,
}

/// The lines of a text and what they are made with. Clones share all but what is edited.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    tokenizer: LineTokenizer,
    chunks: Vec<Arc<Vec<Line>>>,
    len: usize,
    /// Those of the text; nothing where none are asked for.
    brackets: Option<Arc<Brackets>>,
}

impl Lines {
    /// Reads a text, with these brackets in it. What `previous`, which edits were carried over, says
    /// of a line is kept where the line is the same and begins in the same state.
    pub(crate) fn parse(
        grammar: LineGrammar,
        brackets: &'static [Pair],
        text: &Text,
        previous: Option<&Lines>,
        cancel: &AtomicBool,
    ) -> Option<Self> {
        let rows = text.line_count();
        let previous = previous.filter(|previous| previous.row_count() == rows);
        let tokenizer = match previous {
            Some(previous) => previous.tokenizer.clone(),
            None => LineTokenizer::new(grammar)?.noting(brackets),
        };
        let patience = &mut Patience::default();
        match Self::read(tokenizer.clone(), text, previous, patience, cancel) {
            Ok(lines) => Some(lines),
            Err(NotRead::Cancelled) => None,
            // What is known stays; the rest is read with the text after the next edit.
            Err(NotRead::NotBegun) => {
                Some((previous.cloned()).unwrap_or_else(|| Self::unknown(tokenizer, text)))
            }
        }
    }

    /// Reads a text of which nothing is known, with a grammar that may have been at work on it, and
    /// what is left of a time that it has for this and other texts.
    ///
    /// # Errors
    /// Where it is to be read another time.
    pub(crate) fn anew(
        tokenizer: LineTokenizer,
        text: &Text,
        patience: &mut Patience,
        cancel: &AtomicBool,
    ) -> Result<Self, NotRead> {
        Self::read(tokenizer, text, None, patience, cancel)
    }

    /// Reads on a thread apart, since a line of a bad grammar may take any time.
    fn read(
        tokenizer: LineTokenizer,
        text: &Text,
        previous: Option<&Lines>,
        patience: &mut Patience,
        cancel: &AtomicBool,
    ) -> Result<Self, NotRead> {
        let mut lines = match previous {
            Some(previous) => previous.clone(),
            None => Self::unknown(tokenizer.clone(), text),
        };
        if tokenizer.is_over() {
            lines.forget_unknown();
            return Ok(lines);
        }
        if cancel.load(Ordering::Relaxed) {
            return Err(NotRead::Cancelled);
        }
        let mut spent = *patience;
        let own = text.clone();
        let read = tokenizer.apart(cancel, move |pulse| {
            let is_read = lines.read_unknown(&own, &mut spent, pulse);
            if is_read {
                lines.find_brackets(&own);
            }
            is_read.then_some((lines, spent))
        });
        match read {
            Ok(read) => {
                let (lines, spent) = read.ok_or(NotRead::Cancelled)?;
                *patience = spent;
                Ok(lines)
            }
            Err(Unread::NotBegun) => Err(NotRead::NotBegun),
            Err(Unread::Stuck | Unread::Failed) => Ok(Self::unknown(tokenizer, text)),
        }
    }

    /// The lines of a text, without anything that is known of them.
    fn unknown(tokenizer: LineTokenizer, text: &Text) -> Self {
        let rows = text.line_count();
        let empty = Line::unknown(Vec::new());
        let parts = (0..rows).step_by(CHUNK);
        Self {
            tokenizer,
            chunks: parts
                .map(|first| Arc::new(vec![empty.clone(); CHUNK.min(rows - first)]))
                .collect(),
            len: text.len(),
            brackets: None,
        }
    }

    /// Takes the highlights of lines that will not be read: they are of the lines before an edit.
    fn forget_unknown(&mut self) {
        let is_stale = |line: &Line| line.states.is_none() && !line.spans.is_empty();
        let stale = self.chunks.iter_mut();
        for chunk in stale.filter(|chunk| chunk.iter().any(is_stale)) {
            for line in Arc::make_mut(chunk) {
                if is_stale(line) {
                    *line = Line::unknown(Vec::new());
                }
            }
        }
    }

    /// Reads what is not known. Whether it came to the end.
    fn read_unknown(&mut self, text: &Text, patience: &mut Patience, pulse: &Pulse) -> bool {
        let cancelled = || pulse.is_stopped();
        let mut state = Arc::new(self.tokenizer.initial().clone());
        let mut row = 0;
        for chunk in &mut self.chunks {
            for at in 0..chunk.len() {
                if cancelled() {
                    return false;
                }
                if let Some(behind) = chunk[at].behind(&state) {
                    state = Arc::clone(behind);
                    row += 1;
                    continue;
                }
                let line = text.slice(text.line_start(row)..text.line_end(row));
                let Some(read) = self.tokenizer.line(&line, &state, patience, cancelled) else {
                    return false;
                };
                let behind = match read.behind == *state {
                    true => Arc::clone(&state),
                    false => Arc::new(read.behind),
                };
                Arc::make_mut(chunk)[at] = Line {
                    spans: read.spans.into(),
                    embedded: read.embedded.into(),
                    brackets: read.brackets.into(),
                    states: Some((state, Arc::clone(&behind))),
                };
                state = behind;
                row += 1;
            }
        }
        true
    }

    /// Puts the brackets of all lines together.
    fn find_brackets(&mut self, text: &Text) {
        if !self.tokenizer.notes_brackets() {
            return;
        }
        let lines = self
            .chunks
            .iter()
            .flat_map(|chunk| chunk.iter())
            .enumerate();
        let lines = lines
            .filter(|(_, line)| !line.brackets.is_empty())
            .map(|(row, line)| (text.line_start(row), &*line.brackets));
        self.brackets = Some(Arc::new(Brackets::of_lines(lines, self.len)));
    }

    /// The brackets in code, where they are asked for.
    pub(crate) fn brackets(&self) -> Option<&Brackets> {
        self.brackets.as_deref()
    }

    /// The language at an offset, where it is another than that of the text.
    pub(crate) fn language_at(&self, text: &Text, offset: usize) -> Option<LanguageId> {
        let row = text.row_at(offset);
        let at = u32::try_from(offset - text.line_start(row)).ok()?;
        let embedded = self.line(row)?.embedded.iter();
        let mut holding = embedded.filter(|(range, _)| range.start <= at && at <= range.end);
        // Between two parts the one that begins there.
        holding.next_back().map(|(_, language)| *language)
    }

    /// The length of the text, in bytes.
    pub(crate) fn text_len(&self) -> usize {
        self.len
    }

    fn row_count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    fn line(&self, row: usize) -> Option<&Line> {
        let (chunk, at) = self.place(row)?;
        self.chunks.get(chunk)?.get(at)
    }

    /// The chunk of a row, and its place there.
    fn place(&self, row: usize) -> Option<(usize, usize)> {
        let mut left = row;
        for (at, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.len() {
                return Some((at, left));
            }
            left -= chunk.len();
        }
        None
    }

    /// Carries the lines over an edit: what stands before and behind it in its lines keeps its
    /// highlights, what was put in has none.
    pub(crate) fn edit(&mut self, edit: &PositionedEdit) {
        self.len = self.len + (edit.new_end - edit.start) - (edit.old_end - edit.start);
        if let Some(brackets) = &mut self.brackets {
            Arc::make_mut(brackets).edit(edit.start, edit.old_end, edit.new_end);
        }
        let (first, last) = (
            edit.start_point.row as usize,
            edit.old_end_point.row as usize,
        );
        let added = edit.new_end_point.row as usize - first;
        let start = edit.start_point.column;
        let (old_end, new_end) = (edit.old_end_point.column, edit.new_end_point.column);
        let before: Vec<LineSpan> = self
            .line(first)
            .into_iter()
            .flat_map(|line| line.spans.iter())
            .take_while(|span| span.start < start)
            .map(|span| LineSpan {
                end: span.end.min(start),
                ..*span
            })
            .collect();
        let behind = self.line(last).into_iter();
        let behind = behind
            .flat_map(|line| line.spans.iter())
            .filter(|span| span.end > old_end)
            .map(|span| LineSpan {
                start: span.start.max(old_end) - old_end + new_end,
                end: span.end - old_end + new_end,
                ..*span
            });
        let behind: Vec<LineSpan> = behind.collect();
        let replacement = if added == 0 {
            let mut spans = before;
            for span in behind {
                // What is typed within a string or comment belongs to it until it is read.
                match spans.last_mut() {
                    Some(last)
                        if last.highlight == span.highlight
                            && last.end == start
                            && span.start == new_end =>
                    {
                        last.end = span.end;
                    }
                    _ => spans.push(span),
                }
            }
            vec![Line::unknown(spans)]
        } else {
            let mut lines = vec![Line::unknown(before)];
            lines.resize(added, Line::unknown(Vec::new()));
            lines.push(Line::unknown(behind));
            lines
        };
        self.replace(first..last + 1, replacement);
    }

    /// Puts other lines in the place of some.
    fn replace(&mut self, rows: Range<usize>, lines: Vec<Line>) {
        let (Some((first, from)), Some((last, to))) =
            (self.place(rows.start), self.place(rows.end - 1))
        else {
            return;
        };
        if first == last {
            let chunk = Arc::make_mut(&mut self.chunks[first]);
            chunk.splice(from..to + 1, lines);
        } else {
            let head = self.chunks[first][..from].iter().cloned();
            let tail = self.chunks[last][to + 1..].iter().cloned();
            let merged = head.chain(lines).chain(tail).collect();
            self.chunks.splice(first..=last, [Arc::new(merged)]);
        }
        let chunk = &self.chunks[first];
        if chunk.len() > 2 * CHUNK {
            let parts = chunk.chunks(CHUNK);
            let parts: Vec<_> = parts.map(|part| Arc::new(part.to_vec())).collect();
            self.chunks.splice(first..=first, parts);
        }
    }

    /// The highlights in a range of the text.
    pub(crate) fn highlights(&self, text: &Text, range: Range<usize>) -> Vec<HighlightSpan> {
        let mut spans = Vec::new();
        if range.is_empty() {
            return spans;
        }
        for row in text.row_at(range.start)..=text.row_at(range.end) {
            let Some(line) = self.line(row) else {
                break;
            };
            let (start, end) = (text.line_start(row), text.line_end(row));
            for span in line.spans.iter() {
                let from = (start + span.start as usize).max(range.start);
                let to = (start + span.end as usize).min(end).min(range.end);
                if from < to {
                    push_span(&mut spans, from..to, span.highlight);
                }
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use editor_core::{ChangeSet, Edit};

    use crate::layer::OldPoints;
    use crate::textmate::{GivenUp, take_grammar_problems};

    use super::*;

    fn parse(text: &Text, previous: Option<&Lines>) -> Lines {
        Lines::parse(
            LineGrammar::Catalog("lua"),
            &[],
            text,
            previous,
            &AtomicBool::new(false),
        )
        .unwrap()
    }

    fn edited(lines: &Lines, before: &Text, edits: Vec<Edit>) -> (Text, Lines) {
        let changes = ChangeSet::from_edits(before.len(), edits).unwrap();
        let after = changes.apply(before).unwrap();
        let mut carried = lines.clone();
        for edit in PositionedEdit::all(&changes, &OldPoints::of(&changes, before), &after) {
            carried.edit(&edit);
        }
        assert_eq!(carried.row_count(), after.line_count());
        assert_eq!(carried.text_len(), after.len());
        (after, carried)
    }

    /// A long text, so that edits meet the ends of the parts that lines are kept in.
    #[test]
    fn edits_of_a_long_text_give_what_reading_it_anew_gives() {
        let source = "local a = 'b' -- c\nfunction f() return 1 end\n".repeat(1000);
        let mut text = Text::from(source.as_str());
        let mut lines = parse(&text, None);
        let row = |text: &Text, row: usize| text.line_start(row);
        let many = "x = 2\n".repeat(700);
        for (first, last, insert) in [
            (255, 255, "--[[ open\n"),
            (511, 513, ""),
            (0, 0, many.as_str()),
            (1200, 1900, "]] closed\n"),
            (1, 1, "'"),
            (255, 257, "a\n'\n"),
            (10, 700, ""),
        ] {
            let range = row(&text, first)..row(&text, last);
            let (after, carried) = edited(&lines, &text, vec![Edit::new(range, insert)]);
            lines = parse(&after, Some(&carried));
            let anew = parse(&after, None).highlights(&after, 0..after.len());
            assert_eq!(lines.highlights(&after, 0..after.len()), anew, "{first}");
            text = after;
        }
    }

    #[test]
    fn what_an_edit_leaves_of_its_lines_keeps_its_highlights_until_they_are_read() {
        let text = Text::from("local a = 'bc'\nlocal d = 1\n");
        let lines = parse(&text, None);
        let shown = |lines: &Lines, text: &Text| {
            let spans = lines.highlights(text, 0..text.len()).into_iter();
            spans
                .map(|span| format!("{} {}", text.slice(span.range), span.highlight.name()))
                .collect::<Vec<_>>()
        };
        let (after, carried) = edited(&lines, &text, vec![Edit::new(12..12, "x")]);
        assert!(shown(&carried, &after).contains(&"'bxc' string".to_owned()));
        let (after, carried) = edited(&lines, &text, vec![Edit::new(9..21, "")]);
        assert_eq!(
            shown(&carried, &after),
            [
                "local keyword.control",
                "a variable",
                "= operator",
                "d variable",
                "= operator",
                "1 number"
            ]
        );
    }

    #[test]
    fn a_text_that_may_not_be_read_keeps_its_highlights_and_is_read_after_the_next_edit() {
        static OWN: GivenUp = GivenUp::none();
        let text = Text::from("local a\n");
        let mut lines = parse(&text, None);
        lines.tokenizer = lines.tokenizer.beside(&OWN);
        while !OWN.are_too_many() {
            OWN.add();
        }
        let shown = |lines: &Lines, text: &Text| lines.highlights(text, 0..text.len()).len();
        let (after, carried) = edited(&lines, &text, vec![Edit::new(8..8, "local b\n")]);
        let kept = parse(&after, Some(&carried));
        assert_eq!(shown(&kept, &after), 2);
        OWN.remove();
        let (after, carried) = edited(&kept, &after, vec![Edit::new(16..16, "c")]);
        let read = parse(&after, Some(&carried));
        assert_eq!(shown(&read, &after), shown(&parse(&after, None), &after));
        assert!(shown(&read, &after) > 2);
    }

    /// The time is spent but for one line, so that this holds at any speed.
    #[test]
    fn a_text_that_has_had_its_time_is_left_for_good() {
        let text = Text::from("local a\n".repeat(3).as_str());
        let tokenizer = LineTokenizer::new(LineGrammar::Catalog("lua")).unwrap();
        let (mut little, never) = (Patience::of_one_line(), AtomicBool::new(false));
        let lines = Lines::anew(tokenizer, &text, &mut little, &never).unwrap();
        let shown = |lines: &Lines, text: &Text| lines.highlights(text, 0..text.len()).len();
        assert_eq!(shown(&lines, &text), 2);
        // Nor is it asked about what is written there then; another text is another matter.
        let (after, carried) = edited(&lines, &text, vec![Edit::new(24..24, "local b")]);
        assert_eq!(shown(&parse(&after, Some(&carried)), &after), 2);
        assert_eq!(shown(&parse(&after, None), &after), 8);
        let problems = take_grammar_problems();
        let told = "Kiln's grammar lua takes too long on a file; the rest of it is shown without \
                    colours.";
        assert!(
            problems.iter().any(|problem| problem == told),
            "{problems:?}"
        );
    }

    #[test]
    fn only_what_an_edit_touches_is_read_again() {
        let text = Text::from("local a = 1\n".repeat(1000).as_str());
        let lines = parse(&text, None);
        let (after, carried) = edited(&lines, &text, vec![Edit::new(0..0, "-- x\n")]);
        let again = parse(&after, Some(&carried));
        let same = again.chunks.iter().zip(&carried.chunks);
        let same = same.filter(|(again, carried)| Arc::ptr_eq(again, carried));
        assert_eq!(same.count(), carried.chunks.len() - 1);
    }

    #[test]
    fn a_cancelled_reading_gives_nothing() {
        let text = Text::from("local a = 1\n".repeat(100).as_str());
        assert!(
            Lines::parse(
                LineGrammar::Catalog("lua"),
                &[],
                &text,
                None,
                &AtomicBool::new(true)
            )
            .is_none()
        );
        assert!(
            Lines::parse(
                LineGrammar::Catalog("klingon"),
                &[],
                &text,
                None,
                &AtomicBool::new(false)
            )
            .is_none()
        );
    }
}
