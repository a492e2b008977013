//! The words that differ within lines that changed, marked over the colour of their lines.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use editor_core::{Bias, ChangeSet, MAX_WORD_BYTES, Text, changed_words};
use gpui_kit::{App, Corners, HighlightStyle, Hsla, Window, combine_highlights, hsla, px};

use crate::display_text::DisplayText;
use crate::element::span_quad;
use crate::frame::Frame;
use crate::inline_hunks::SameVersion;
use crate::view::EditorView;

/// The words that differ between lines here and those of another text, in bytes of each.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct WordMarks {
    /// Those of the other text, in order.
    pub other: Vec<Range<usize>>,
    /// Those here, in order.
    pub here: Vec<Range<usize>>,
}

impl WordMarks {
    /// What differs between lines of two texts, whose bytes are given; nothing where they are too many.
    pub(crate) fn between(
        (other, other_bytes): (&Text, Range<usize>),
        (text, bytes): (&Text, Range<usize>),
    ) -> Self {
        if other_bytes.len().max(bytes.len()) > MAX_WORD_BYTES {
            return Self::default();
        }
        let found = changed_words(
            &other.slice(other_bytes.clone()),
            &text.slice(bytes.clone()),
        );
        let moved = |words: Vec<Range<usize>>, by: usize| {
            let words = words.into_iter();
            words.map(|word| word.start + by..word.end + by).collect()
        };
        Self {
            other: moved(found.before, other_bytes.start),
            here: moved(found.after, bytes.start),
        }
    }

    /// Those of the other text in one of its lines, in bytes of the line's form on the screen, which
    /// may be that of its beginning.
    pub(crate) fn in_other_line(
        &self,
        line: Range<usize>,
        form: &DisplayText,
    ) -> Vec<Range<usize>> {
        let first = self.other.partition_point(|word| word.end <= line.start);
        let words = self.other[first..].iter();
        let words = words.take_while(|word| word.start < line.end);
        let placed = words.map(|word| {
            let place = |byte: usize| form.to_display(byte.saturating_sub(line.start));
            place(word.start)..place(word.end)
        });
        placed.filter(|place| !place.is_empty()).collect()
    }
}

/// Takes words along with a change: what is typed beside one is not of it.
pub(crate) fn follow(words: &mut Vec<Range<usize>>, changes: &ChangeSet) {
    words.retain_mut(|word| {
        let start = changes.map_offset(word.start, Bias::Right);
        *word = start..changes.map_offset(word.end, Bias::Left).max(start);
        word.start < word.end
    });
}

/// Paints what is behind words of the rows that were laid out.
pub(crate) fn paint(words: &[Range<usize>], color: Hsla, frame: &Frame, window: &mut Window) {
    let (corners, no_border) = (Corners::all(px(2.)), hsla(0., 0., 0., 0.));
    for shown in &frame.shown {
        let first = words.partition_point(|word| word.end <= shown.start);
        let in_view = words[first..].iter();
        for word in in_view.take_while(|word| word.start < shown.end) {
            let part = word.start.max(shown.start)..word.end.min(shown.end);
            for span in frame.range_spans(part) {
                window.paint_quad(span_quad(frame, span, corners, color, no_border));
            }
        }
    }
}

/// A line's colours with words of it marked.
pub(crate) fn with_words(
    colors: Vec<(Range<usize>, HighlightStyle)>,
    words: Vec<Range<usize>>,
    color: Hsla,
) -> Vec<(Range<usize>, HighlightStyle)> {
    if words.is_empty() {
        return colors;
    }
    let mark = HighlightStyle {
        background_color: Some(color),
        ..HighlightStyle::default()
    };
    let words = words.into_iter().map(|word| (word, mark));
    combine_highlights(colors, words).collect()
}

/// The words of changes since git's version, by the rows of git's: what the rows on the screen are
/// drawn by.
pub(crate) type KnownWords = Rc<RefCell<HashMap<Range<usize>, Rc<WordMarks>>>>;

/// The words of the changes that stand open in view.
#[derive(Default)]
pub(crate) struct HunkWords {
    /// Git's version, and that of the text.
    of: Option<(SameVersion, u64)>,
    /// Where the lines of each are, in bytes of the text.
    places: HashMap<Range<usize>, Range<usize>>,
    known: KnownWords,
}

impl HunkWords {
    /// What rows are drawn by that are made now.
    pub(crate) fn known(&self) -> KnownWords {
        self.known.clone()
    }

    /// The words of the change whose lines in git's version are given.
    pub(crate) fn of(&self, base_rows: &Range<usize>) -> Option<Rc<WordMarks>> {
        self.known.borrow().get(base_rows).cloned()
    }
}

impl EditorView {
    /// Compares the words of the changes that stand open in a frame, before it is painted.
    pub(crate) fn find_hunk_words(&mut self, frame: &Frame, cx: &App) {
        if self.compare.is_some() || !self.inline_hunks.has_any() {
            return;
        }
        let version = self.display.version();
        let Some(buffer) = self.model.read(cx).workspace().buffer(self.buffer) else {
            return;
        };
        let base = buffer.found_version().cloned().map(SameVersion);
        let (Some(base), Some(place)) = (base, self.inline_hunks.bytes_in(frame)) else {
            return;
        };
        let open: Vec<_> = buffer
            .hunks()
            .touching(place)
            .filter(|(_, range, hunk)| {
                !hunk.base_rows.is_empty() && !range.is_empty() && self.inline_hunks.is_open(range)
            })
            .map(|(_, range, hunk)| (range, hunk.base_rows.clone()))
            .collect();
        let words = &mut self.inline_hunks.words;
        let mut known = words.known.borrow_mut();
        let of = Some((base.clone(), version));
        if words.of != of {
            words.of = of;
            words.places.clear();
            known.clear();
        }
        let (git, text) = (&base.0.text, frame.text());
        for (range, rows) in open {
            if words.places.get(&rows) == Some(&range) || range.end > text.len() {
                continue;
            }
            let bytes = git.line_start(rows.start)..git.line_start(rows.end);
            let found = WordMarks::between((git, bytes), (text, range.clone()));
            words.places.insert(rows.clone(), range);
            known.insert(rows, Rc::new(found));
        }
    }
}
