//! Literal text, for the places of a selection: cheap to make, so that a frame can make one.
//!
//! The text is searched in windows of some tens of kilobytes, so a search of a large file copies
//! no more than that at a time.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::Text;
use crate::word::CharClass;

/// Bytes of a window, without the overlap that finds a match across two windows.
const WINDOW: usize = 64 * 1024;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    text: String,
    folded: Vec<char>,
    case_sensitive: bool,
    whole_word: bool,
}

impl Needle {
    /// Literal text, found in any case unless [`Needle::case_sensitive`] says otherwise.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let folded = text.chars().flat_map(char::to_lowercase).collect();
        Self {
            text,
            folded,
            case_sensitive: false,
            whole_word: false,
        }
    }

    /// Whether upper and lower case differ.
    pub fn case_sensitive(mut self, case_sensitive: bool) -> Self {
        self.case_sensitive = case_sensitive;
        self
    }

    /// Whether a match must not be part of a longer word.
    pub fn whole_word(mut self, whole_word: bool) -> Self {
        self.whole_word = whole_word;
        self
    }

    /// Whether there is nothing to look for; an empty needle is found nowhere.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text to look for.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Matches in `window` that begin before `limit`, first to last, overlapping ones included.
    fn matches_in(&self, window: &str, limit: usize, found: &mut dyn FnMut(Range<usize>) -> bool) {
        if self.case_sensitive {
            let mut at = 0;
            while let Some(place) = window.get(at..).and_then(|rest| rest.find(&self.text)) {
                let start = at + place;
                if start >= limit || !found(start..start + self.text.len()) {
                    return;
                }
                at = start + first_len(&window[start..]);
            }
            return;
        }
        if self.text.is_ascii() && window.is_ascii() {
            let (needle, window) = (self.text.as_bytes(), window.as_bytes());
            for start in 0..window.len().min(limit) {
                if let Some(part) = window.get(start..start + needle.len())
                    && part.eq_ignore_ascii_case(needle)
                    && !found(start..start + needle.len())
                {
                    return;
                }
            }
            return;
        }
        for (start, _) in window.char_indices() {
            if start >= limit {
                return;
            }
            if let Some(len) = self.folded_match(&window[start..])
                && !found(start..start + len)
            {
                return;
            }
        }
    }

    /// The length of the start of `window` that is the needle but for its case.
    fn folded_match(&self, window: &str) -> Option<usize> {
        let mut wanted = self.folded.iter().peekable();
        let mut len = 0;
        for character in window.chars() {
            if wanted.peek().is_none() {
                break;
            }
            for folded in character.to_lowercase() {
                if wanted.next() != Some(&folded) {
                    return None;
                }
            }
            len += character.len_utf8();
        }
        wanted.peek().is_none().then_some(len)
    }

    fn fits(&self, text: &Text, range: &Range<usize>) -> bool {
        if !self.whole_word {
            return true;
        }
        let is_word = |character: Option<char>| {
            character.is_some_and(|character| CharClass::of(character) == CharClass::Word)
        };
        let open_start =
            !is_word(text.char_at(range.start)) || !is_word(text.char_before(range.start));
        let open_end = !is_word(text.char_before(range.end)) || !is_word(text.char_at(range.end));
        open_start && open_end
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// The matches that lie in a range, first to last, none overlapping another; at most `limit`.
pub fn find_in_range(
    text: &Text,
    needle: &Needle,
    range: Range<usize>,
    limit: usize,
) -> Vec<Range<usize>> {
    find_unless(text, needle, range, limit, &AtomicBool::new(false)).unwrap_or_default()
}

/// [`find_in_range`], given up once `cancel` is true; `None` then. It is looked at every some tens of
/// kilobytes.
pub(crate) fn find_unless(
    text: &Text,
    needle: &Needle,
    range: Range<usize>,
    limit: usize,
    cancel: &AtomicBool,
) -> Option<Vec<Range<usize>>> {
    let mut matches: Vec<Range<usize>> = Vec::new();
    let end = range.end.min(text.len());
    if needle.is_empty() || limit == 0 {
        return Some(matches);
    }
    // Lower case may be shorter in bytes than upper case: room for the longest form of the needle.
    let overlap = needle.folded.len() * 4 + needle.text.len();
    let mut start = text.ceil_char_boundary(range.start);
    while start < end {
        if cancel.load(Ordering::Relaxed) {
            return None;
        }
        let step = text.ceil_char_boundary((start + WINDOW).min(end)) - start;
        let window = text.slice(start..text.ceil_char_boundary((start + step + overlap).min(end)));
        needle.matches_in(&window, step, &mut |found| {
            let found = start + found.start..start + found.end;
            let free = matches.last().is_none_or(|last| last.end <= found.start);
            if free && needle.fits(text, &found) {
                matches.push(found);
            }
            matches.len() < limit
        });
        if matches.len() >= limit {
            break;
        }
        start += step;
    }
    Some(matches)
}

/// Every match, first to last, none overlapping another.
pub fn find_all(text: &Text, needle: &Needle) -> Vec<Range<usize>> {
    find_in_range(text, needle, 0..text.len(), usize::MAX)
}

/// The first match that begins at or after an offset, else the first of the text.
pub fn find_next(text: &Text, needle: &Needle, from: usize) -> Option<Range<usize>> {
    let first = |range| find_in_range(text, needle, range, 1).pop();
    // The part before `from` is searched a little past it, for a match across it.
    let wrapped = from.saturating_add(needle.text.len() * 4).min(text.len());
    first(from..text.len()).or_else(|| first(0..wrapped))
}

/// The last match that ends at or before an offset, else the last of the text.
pub fn find_previous(text: &Text, needle: &Needle, before: usize) -> Option<Range<usize>> {
    last_in_range(text, needle, 0..before.min(text.len()))
        .or_else(|| last_in_range(text, needle, 0..text.len()))
}

/// The last match in a range, searched in windows from its end.
fn last_in_range(text: &Text, needle: &Needle, range: Range<usize>) -> Option<Range<usize>> {
    if needle.is_empty() {
        return None;
    }
    let overlap = needle.folded.len() * 4 + needle.text.len();
    let mut end = range.end;
    while end > range.start {
        let start = text.floor_char_boundary(end.saturating_sub(WINDOW).max(range.start));
        let reach = end.saturating_add(overlap).min(range.end);
        let window = text.slice(start..reach);
        let mut last = None;
        needle.matches_in(&window, end - start, &mut |found| {
            let found = start + found.start..start + found.end;
            if needle.fits(text, &found) {
                last = Some(found);
            }
            true
        });
        if last.is_some() {
            return last;
        }
        end = start;
    }
    None
}
