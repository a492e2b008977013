//! Strings between marks of several quotes that are open at carets, where no tree tells.

use crate::written_strings::{WrittenString, strings_in};
use crate::{LanguageRules, Selections, Text};

/// A text of so many bytes is looked through for strings.
const MAX_BEFORE: usize = 64 * 1024;

/// The strings of a text before its last caret. They are looked for once, when they are first asked
/// for, however many carets ask.
pub(in crate::auto_pair) struct OpenMarks<'a> {
    text: &'a Text,
    last_caret: usize,
    /// By the rules of the languages at the carets.
    found: Vec<(&'static LanguageRules, Strings)>,
}

/// The strings of a text by the rules of a language.
struct Strings {
    /// In their order.
    all: Vec<WrittenString>,
    /// What encloses those that have no end, each with the first place of it.
    endless: Vec<(&'static str, usize)>,
}

impl<'a> OpenMarks<'a> {
    pub(in crate::auto_pair) fn new(text: &'a Text, carets: &Selections) -> Self {
        let last_caret = carets.iter().map(|caret| caret.head).max();
        Self {
            text,
            last_caret: last_caret.unwrap_or_default(),
            found: Vec::new(),
        }
    }

    /// Whether a string that a mark encloses is open at an offset, that of a caret at most. Far from
    /// the start of the text none is known of.
    pub(super) fn holds(
        &mut self,
        offset: usize,
        mark: &str,
        rules: &'static LanguageRules,
    ) -> bool {
        if offset > MAX_BEFORE {
            return false;
        }
        let known = self.found.iter();
        let place = known.take_while(|(of, _)| !std::ptr::eq(*of, rules));
        let place = place.count();
        if place == self.found.len() {
            let until = self.last_caret.min(MAX_BEFORE);
            let before = self.text.slice(0..self.text.floor_char_boundary(until));
            self.found.push((rules, Strings::of(&before, rules)));
        }
        self.found[place].1.hold(offset, mark)
    }
}

impl Strings {
    fn of(code: &str, rules: &LanguageRules) -> Self {
        let all = strings_in(code, rules);
        let mut endless: Vec<(&str, usize)> = Vec::new();
        for string in all.iter().filter(|string| !string.is_closed) {
            let mark = string.marks.mark;
            if !endless.iter().any(|(known, _)| *known == mark) {
                endless.push((mark, string.range.start));
            }
        }
        Self { all, endless }
    }

    fn hold(&self, offset: usize, mark: &str) -> bool {
        let endless = self.endless.iter();
        let mut endless = endless.filter(|(known, start)| *known == mark && *start < offset);
        if endless.next().is_some() {
            return true;
        }
        let before = self.all.partition_point(|it| it.range.start < offset);
        let last = before.checked_sub(1).and_then(|last| self.all.get(last));
        last.is_some_and(|last| last.range.end > offset && last.marks.mark == mark)
    }
}
