use std::mem::swap;
use std::ops::Range;

use editor_core::Text;
use regex::Regex;

use crate::Vim;
use crate::line_edit::LineHistory;
use crate::registers::Registers;
use crate::search_offset::SearchOffset;
use crate::vim::Dot;

/// What all views have in common: registers, the last search, the last change and macro.
#[derive(Debug, Default)]
pub struct Shared {
    registers: Registers,
    find: Option<(char, char)>,
    search: Option<(String, bool)>,
    offset: SearchOffset,
    substitute: Option<(String, String, String)>,
    dot: Option<Dot>,
    last_macro: Option<char>,
    last_line: Option<String>,
    lines: LineHistory,
    last_inserted: Option<String>,
}

/// A search whose matches are marked.
#[derive(Debug)]
pub struct SearchPattern {
    source: String,
    regex: Regex,
}

impl Vim {
    /// Exchanges what views have in common for something else: before a key with that of the
    /// program, after it to give it back.
    pub fn swap_shared(&mut self, shared: &mut Shared) {
        swap(&mut self.registers, &mut shared.registers);
        swap(&mut self.find, &mut shared.find);
        swap(&mut self.search, &mut shared.search);
        swap(&mut self.offset, &mut shared.offset);
        swap(&mut self.substitute, &mut shared.substitute);
        swap(&mut self.dot, &mut shared.dot);
        swap(&mut self.last_macro, &mut shared.last_macro);
        swap(&mut self.last_inserted, &mut shared.last_inserted);
        swap(&mut self.last_line, &mut shared.last_line);
        swap(&mut self.lines, &mut shared.lines);
    }

    /// The search that is being typed, else the last one, to mark its matches; `None` where there is
    /// none. `known` is what was given before: it is not made anew.
    pub fn search_pattern(&self, known: Option<SearchPattern>) -> Option<SearchPattern> {
        let last = || self.search.as_ref().map(|(source, _)| source.as_str());
        let source = self.typed_pattern().or_else(last)?;
        if let Some(known) = known.filter(|known| known.source == source) {
            return Some(known);
        }
        let regex = self.regex(source).ok()?;
        Some(SearchPattern {
            source: source.to_owned(),
            regex,
        })
    }
}

impl SearchPattern {
    /// The matches in some bytes of a text, at most `limit`.
    pub fn matches(&self, text: &Text, bytes: Range<usize>, limit: usize) -> Vec<Range<usize>> {
        let start = text.floor_char_boundary(bytes.start.min(text.len()));
        let end = text.floor_char_boundary(bytes.end.min(text.len()));
        let part = text.slice(start..end.max(start));
        self.regex
            .find_iter(&part)
            .filter(|found| !found.is_empty())
            .take(limit)
            .map(|found| start + found.start()..start + found.end())
            .collect()
    }
}
