//! Parts of a text in languages that are known line by line, such as a fence of Markdown in an
//! imported language. They are read after the tree of the text is there, some at a time.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::Text;

use crate::highlight::HighlightSpan;
use crate::layer::{PositionedEdit, push_span};
use crate::lines::{Lines, NotRead};
use crate::textmate::{LineGrammar, LineTokenizer, Patience};

/// A longer part has no highlights of its own, in bytes.
const MAX_PART: usize = 128 * 1024;

/// More parts of one text have none.
const MAX_PARTS: usize = 1_000;

/// Parts have none behind so many bytes of all together.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// Where such a part is, before it is read.
#[derive(Clone, Debug)]
pub(crate) struct LinePlace {
    pub(crate) grammar: LineGrammar,
    /// Bytes in the text.
    pub(crate) range: Range<usize>,
    /// What of it is not its host's, such as the `>` of a quote, counted from its start.
    pub(crate) pieces: Vec<Range<usize>>,
}

/// A part that was read.
#[derive(Clone, Debug)]
pub(crate) struct LinePart {
    grammar: LineGrammar,
    range: Range<usize>,
    pieces: Arc<[Range<usize>]>,
    /// What it is made of, its pieces behind one another.
    content: Arc<str>,
    /// Counted from the start of the part.
    spans: Arc<[HighlightSpan]>,
}

/// What reads all parts of a text in one grammar.
#[derive(Clone, Debug)]
struct Reader {
    grammar: LineGrammar,
    /// It knows lines that it has read before. Nothing for a grammar that is not there.
    tokenizer: Option<LineTokenizer>,
    /// The time that they have taken together.
    patience: Patience,
}

/// The parts of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct LineParts {
    /// By position. One that has changed stays here until it is read again.
    parts: Vec<LinePart>,
    readers: Vec<Reader>,
    /// Those that are still to be read, by position, with what they are made of.
    unread: Vec<(LinePlace, Arc<str>)>,
}

impl LineParts {
    /// Finds out what is to be read. What `previous`, which edits were carried over, says of a part
    /// that has not changed is kept.
    pub(crate) fn found(mut places: Vec<LinePlace>, text: &Text, previous: Option<&Self>) -> Self {
        places.sort_by_key(|place| place.range.start);
        let mut found = Self::default();
        let old_parts = previous.map_or(&[][..], |previous| &previous.parts);
        if let Some(previous) = previous {
            let readers = previous.readers.iter().cloned();
            // The time is that of one reading of the text.
            found.readers.extend(readers.map(|reader| Reader {
                patience: Patience::default(),
                ..reader
            }));
        }
        let (mut end, mut count, mut bytes) = (0, 0, 0);
        for place in places {
            if place.range.start < end || place.range.len() > MAX_PART {
                continue;
            }
            bytes += place.range.len();
            if count == MAX_PARTS || bytes > MAX_BYTES {
                break;
            }
            end = place.range.end;
            count += 1;
            let content: Arc<str> = content(&place, text).into();
            let old = position(old_parts, place.range.start).ok();
            let old = old.map(|at| &old_parts[at]);
            let old = old.filter(|old| old.grammar == place.grammar);
            let is_same = |old: &&LinePart| old.content == content && *old.pieces == *place.pieces;
            match old {
                Some(same) if is_same(&same) => {
                    let range = place.range;
                    found.parts.push(LinePart {
                        range,
                        ..same.clone()
                    });
                    continue;
                }
                // Another of the same extent is good for painting until it is read.
                Some(changed) if changed.range == place.range => found.parts.push(changed.clone()),
                _ => {}
            }
            found.unread.push((place, content));
        }
        found
    }

    /// Whether all of them were read, but for those that are left for the next parse.
    pub(crate) fn are_read(&self) -> bool {
        self.unread.is_empty()
    }

    /// Reads some more of them, at least one, and none after so much time. Soon after `cancel` is
    /// set the one that is being read is left for another time. One whose reading may not begin is
    /// left for the next parse of the text, which finds it unread: to ask again at once is in vain.
    pub(crate) fn read_more(&mut self, most: Duration, cancel: &AtomicBool) {
        let started = Instant::now();
        let mut unread = std::mem::take(&mut self.unread).into_iter();
        for (place, content) in unread.by_ref() {
            let read = match self.read(&place, Arc::clone(&content), cancel) {
                Ok(read) => read,
                Err(NotRead::Cancelled) => {
                    self.unread.push((place, content));
                    break;
                }
                Err(NotRead::NotBegun) => continue,
            };
            match (position(&self.parts, place.range.start), read) {
                (Ok(at), Some(read)) => self.parts[at] = read,
                (Ok(at), None) => {
                    self.parts.remove(at);
                }
                (Err(at), Some(read)) => self.parts.insert(at, read),
                (Err(_), None) => {}
            }
            if started.elapsed() >= most || cancel.load(Ordering::Relaxed) {
                break;
            }
        }
        self.unread.extend(unread);
    }

    /// Nothing for a language whose grammar is not there.
    fn read(
        &mut self,
        place: &LinePlace,
        content: Arc<str>,
        cancel: &AtomicBool,
    ) -> Result<Option<LinePart>, NotRead> {
        let reader = self.reader(place.grammar);
        let Some(tokenizer) = &reader.tokenizer else {
            return Ok(None);
        };
        let own = Text::from(&*content);
        let lines = Lines::anew(tokenizer.clone(), &own, &mut reader.patience, cancel)?;
        let spans = lines.highlights(&own, 0..own.len());
        Ok(Some(LinePart {
            grammar: place.grammar,
            spans: placed(&spans, &place.pieces).into(),
            range: place.range.clone(),
            pieces: place.pieces.clone().into(),
            content,
        }))
    }

    fn reader(&mut self, grammar: LineGrammar) -> &mut Reader {
        let known = (self.readers.iter()).position(|reader| reader.grammar == grammar);
        let at = known.unwrap_or_else(|| {
            self.readers.push(Reader {
                grammar,
                tokenizer: LineTokenizer::new(grammar),
                patience: Patience::default(),
            });
            self.readers.len() - 1
        });
        &mut self.readers[at]
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty() && self.unread.is_empty()
    }

    /// Those with something in a range of the text, in order.
    pub(crate) fn within(&self, range: &Range<usize>) -> impl Iterator<Item = &LinePart> {
        let first = (self.parts).partition_point(|part| part.range.end <= range.start);
        let end = range.end;
        let parts = self.parts[first..].iter();
        parts.take_while(move |part| part.range.start < end)
    }

    /// Carries parts over an edit: those behind it move, those around it keep their highlights
    /// beside it, and those that it cuts into are dropped, as are those that were not read.
    pub(crate) fn carry_over(&mut self, edit: &PositionedEdit) {
        self.unread.clear();
        self.parts.retain_mut(|part| part.carry_over(edit));
    }
}

/// Where the part is that begins at an offset, or would be.
fn position(parts: &[LinePart], start: usize) -> Result<usize, usize> {
    parts.binary_search_by_key(&start, |part| part.range.start)
}

/// What a part is made of, its pieces behind one another.
fn content(place: &LinePlace, text: &Text) -> String {
    let start = place.range.start;
    let mut content = String::new();
    for piece in &place.pieces {
        content.push_str(&text.slice(start + piece.start..start + piece.end));
    }
    content
}

impl LinePart {
    /// The bytes of the text that it speaks for.
    pub(crate) fn covered(&self) -> impl Iterator<Item = Range<usize>> {
        let start = self.range.start;
        self.pieces
            .iter()
            .map(move |piece| start + piece.start..start + piece.end)
    }

    /// Its highlights within a range of the text.
    pub(crate) fn highlights(&self, range: &Range<usize>) -> Vec<HighlightSpan> {
        let start = self.range.start;
        let first = (self.spans).partition_point(|span| start + span.range.end <= range.start);
        let mut found = Vec::new();
        for span in &self.spans[first..] {
            let (from, to) = (start + span.range.start, start + span.range.end);
            if from >= range.end {
                break;
            }
            let inside = from.max(range.start)..to.min(range.end);
            push_span(&mut found, inside, span.highlight);
        }
        found
    }

    /// Whether it is still there after an edit.
    fn carry_over(&mut self, edit: &PositionedEdit) -> bool {
        let Range { start, end } = self.range;
        if end < edit.start || (end == edit.start && edit.old_end > edit.start) {
            return true;
        }
        if start >= edit.old_end {
            self.range = edit.shift(start)..edit.shift(end);
            return true;
        }
        if start > edit.start || edit.old_end > end {
            return false;
        }
        let moved = |range: &Range<usize>| {
            let (from, to) = (start + range.start, start + range.end);
            let from = match from {
                _ if from < edit.start || (from == edit.start && to <= edit.start) => from,
                _ if from >= edit.old_end => edit.shift(from),
                _ => edit.new_end,
            };
            let to = match to {
                _ if to <= edit.start => to,
                _ if to >= edit.old_end => edit.shift(to),
                _ => edit.start,
            };
            from - start..to.max(from) - start
        };
        self.pieces = self.pieces.iter().map(moved).collect();
        let spans = self.spans.iter().map(|span| HighlightSpan {
            range: moved(&span.range),
            highlight: span.highlight,
        });
        self.spans = spans.filter(|span| !span.range.is_empty()).collect();
        self.range.end = edit.shift(end);
        true
    }
}

/// Spans of the content of a part at their places in it: its pieces stand apart there.
fn placed(spans: &[HighlightSpan], pieces: &[Range<usize>]) -> Vec<HighlightSpan> {
    let mut made = Vec::with_capacity(spans.len());
    let mut spans = spans.iter().peekable();
    // Where the piece begins in the content.
    let mut at = 0;
    for piece in pieces {
        let end = at + piece.len();
        while let Some(span) = spans.peek() {
            let (from, to) = (span.range.start.max(at), span.range.end.min(end));
            if from < to {
                let range = piece.start + from - at..piece.start + to - at;
                push_span(&mut made, range, span.highlight);
            }
            if span.range.end > end {
                break;
            }
            spans.next();
        }
        at = end;
    }
    made
}

#[cfg(test)]
mod tests {
    use editor_core::{ChangeSet, Edit};

    use crate::layer::OldPoints;
    use crate::textmate::GivenUp;

    use super::*;

    const LUA: LineGrammar = LineGrammar::Catalog("lua");

    /// A text of lines that are a part each.
    fn places(text: &Text) -> Vec<LinePlace> {
        let rows = 0..text.line_count();
        let ranges = rows.map(|row| text.line_start(row)..text.line_end(row));
        let places = ranges.map(|range| LinePlace {
            grammar: LUA,
            pieces: std::iter::once(0..range.len()).collect(),
            range,
        });
        places.collect()
    }

    /// Those of a text of which nothing was read, with this tokenizer and this time for all.
    fn unread(text: &Text, tokenizer: LineTokenizer, patience: Patience) -> LineParts {
        let mut parts = LineParts::found(places(text), text, None);
        parts.readers.push(Reader {
            grammar: LUA,
            tokenizer: Some(tokenizer),
            patience,
        });
        parts
    }

    fn shown(parts: &LineParts, text: &Text) -> Vec<String> {
        let all = 0..text.len();
        let spans = parts.within(&all).flat_map(|part| part.highlights(&all));
        spans
            .map(|span| text.slice(span.range).into_owned())
            .collect()
    }

    fn read(parts: &mut LineParts) {
        parts.read_more(Duration::MAX, &AtomicBool::new(false));
        assert!(parts.are_read());
    }

    /// The time is spent but for one line, so that this holds at any speed.
    #[test]
    fn all_parts_in_one_grammar_have_one_time_together() {
        let text = Text::from("local\nreturn\nbreak");
        let tokenizer = LineTokenizer::new(LUA).unwrap();
        let mut parts = unread(&text, tokenizer.clone(), Patience::of_one_line());
        read(&mut parts);
        assert_eq!(shown(&parts, &text), ["local"]);
        // What a part takes is not there for the next.
        let tokenizer = LineTokenizer::new(LUA).unwrap();
        let mut parts = unread(&text, tokenizer, Patience::default());
        let mut left = Vec::new();
        while !parts.are_read() {
            parts.read_more(Duration::ZERO, &AtomicBool::new(false));
            left.push(parts.readers[0].patience);
        }
        assert_eq!(left.len(), 3);
        left.insert(0, Patience::default());
        assert!(left.windows(2).all(|pair| pair[0] != pair[1]), "{left:?}");
        assert_eq!(shown(&parts, &text), ["local", "return", "break"]);
    }

    #[test]
    fn a_part_that_may_not_be_read_is_read_at_the_next_parse_and_shows_what_it_did_until_then() {
        static OWN: GivenUp = GivenUp::none();
        let text = Text::from("local\nreturn");
        let tokenizer = LineTokenizer::new(LUA).unwrap().beside(&OWN);
        let mut parts = unread(&text, tokenizer, Patience::default());
        while !OWN.are_too_many() {
            OWN.add();
        }
        // To go on asking would never end, so that it counts as read until the text is parsed.
        read(&mut parts);
        assert_eq!(shown(&parts, &text), Vec::<String>::new());
        let mut parts = LineParts::found(places(&text), &text, Some(&parts));
        assert!(!parts.are_read());
        OWN.remove();
        read(&mut parts);
        assert_eq!(shown(&parts, &text), ["local", "return"]);
        OWN.add();
        let changes = ChangeSet::from_edits(text.len(), vec![Edit::new(5..5, " a")]).unwrap();
        let after = changes.apply(&text).unwrap();
        for edit in PositionedEdit::all(&changes, &OldPoints::of(&changes, &text), &after) {
            parts.carry_over(&edit);
        }
        let mut parts = LineParts::found(places(&after), &after, Some(&parts));
        read(&mut parts);
        assert_eq!(shown(&parts, &after), ["local", "return"]);
        OWN.remove();
        let mut parts = LineParts::found(places(&after), &after, Some(&parts));
        read(&mut parts);
        assert_eq!(shown(&parts, &after), ["local", "a", "return"]);
    }
}
