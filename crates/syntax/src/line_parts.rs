//! Parts of a text in languages that are known line by line, such as a fence of Markdown in an
//! imported language.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use editor_core::Text;

use crate::highlight::HighlightSpan;
use crate::layer::{PositionedEdit, push_span};
use crate::lines::Lines;
use crate::textmate::{LineGrammar, LineTokenizer};

/// A longer part has no highlights of its own, in bytes.
const MAX_PART: usize = 128 * 1024;

/// More parts of one text have none.
const MAX_PARTS: usize = 1_000;

/// Where such a part is, before it is read.
#[derive(Debug)]
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
    /// It knows lines that it has read before.
    tokenizer: LineTokenizer,
}

/// Reads parts, in order. What `previous`, which edits were carried over, says of one that has not
/// changed is kept. `None` soon after `cancel` is set.
pub(crate) fn parse(
    mut places: Vec<LinePlace>,
    text: &Text,
    previous: &[LinePart],
    cancel: &AtomicBool,
) -> Option<Vec<LinePart>> {
    places.sort_by_key(|place| place.range.start);
    let mut parts: Vec<LinePart> = Vec::new();
    for place in places {
        let overlaps = (parts.last()).is_some_and(|last| place.range.start < last.range.end);
        if overlaps || place.range.len() > MAX_PART {
            continue;
        }
        if parts.len() == MAX_PARTS {
            break;
        }
        let old = previous
            .binary_search_by_key(&place.range.start, |part| part.range.start)
            .ok()
            .map(|index| &previous[index])
            .filter(|old| old.grammar == place.grammar);
        parts.extend(LinePart::parse(place, text, old, cancel)?);
    }
    Some(parts)
}

impl LinePart {
    /// The inner `None` is for a language whose grammar is not there.
    fn parse(
        place: LinePlace,
        text: &Text,
        old: Option<&Self>,
        cancel: &AtomicBool,
    ) -> Option<Option<Self>> {
        let start = place.range.start;
        let mut content = String::new();
        for piece in &place.pieces {
            content.push_str(&text.slice(start + piece.start..start + piece.end));
        }
        if let Some(old) = old
            && *old.content == content
            && *old.pieces == *place.pieces
        {
            let range = place.range;
            return Some(Some(Self {
                range,
                ..old.clone()
            }));
        }
        let tokenizer = match old {
            Some(old) => Some(old.tokenizer.clone()),
            None => LineTokenizer::new(place.grammar),
        };
        let Some(tokenizer) = tokenizer else {
            return Some(None);
        };
        let own = Text::from(content.as_str());
        let lines = Lines::anew(tokenizer.clone(), &own, cancel)?;
        let spans = lines.highlights(&own, 0..own.len());
        Some(Some(Self {
            grammar: place.grammar,
            spans: placed(&spans, &place.pieces).into(),
            range: place.range,
            pieces: place.pieces.into(),
            content: content.into(),
            tokenizer,
        }))
    }

    /// Its bytes in the text.
    pub(crate) fn range(&self) -> &Range<usize> {
        &self.range
    }

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
}

/// Carries parts over an edit: those behind it move, those around it keep their highlights beside
/// it, and those that it cuts into are dropped.
pub(crate) fn carry_over(parts: &mut Vec<LinePart>, edit: &PositionedEdit) {
    parts.retain_mut(|part| {
        let Range { start, end } = part.range;
        if end < edit.start || (end == edit.start && edit.old_end > edit.start) {
            return true;
        }
        if start >= edit.old_end {
            part.range = edit.shift(start)..edit.shift(end);
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
        part.pieces = part.pieces.iter().map(moved).collect();
        let spans = part.spans.iter().map(|span| HighlightSpan {
            range: moved(&span.range),
            highlight: span.highlight,
        });
        part.spans = spans.filter(|span| !span.range.is_empty()).collect();
        part.range.end = edit.shift(end);
        true
    });
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
