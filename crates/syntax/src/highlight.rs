//! The names of highlighted things.

use std::fmt::{self, Debug};
use std::ops::Range;

/// What a span of text is, as a dotted name from general to special: "function.method". A theme
/// that does not know the whole name uses what is left of its last dot.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct HighlightId(u16);

impl HighlightId {
    /// The dotted name.
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }

    /// Every name that a query can give, sorted.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..NAMES.len() as u16).map(Self)
    }

    /// The one with this name.
    pub fn for_name(name: &str) -> Option<Self> {
        let place = NAMES.binary_search(&name).ok()?;
        u16::try_from(place).ok().map(Self)
    }
}

impl Debug for HighlightId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A highlighted stretch of text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HighlightSpan {
    /// Bytes in the text.
    pub range: Range<usize>,
    /// What it is.
    pub highlight: HighlightId,
}

/// Sorted, so that a name is found by halving.
const NAMES: [&str; 66] = [
    "attribute",
    "boolean",
    "comment",
    "comment.documentation",
    "constant",
    "constant.builtin",
    "constructor",
    "embedded",
    "function",
    "function.builtin",
    "function.macro",
    "function.method",
    "invalid",
    "invalid.deprecated",
    "keyword.control",
    "keyword.import",
    "keyword.operator",
    "keyword.storage",
    "label",
    "markup.changed",
    "markup.deleted",
    "markup.heading.1",
    "markup.heading.2",
    "markup.heading.3",
    "markup.heading.4",
    "markup.heading.5",
    "markup.heading.6",
    "markup.heading.italic",
    "markup.heading.marker",
    "markup.heading.strikethrough",
    "markup.heading.strong",
    "markup.inserted",
    "markup.italic",
    "markup.link.label",
    "markup.link.url",
    "markup.list",
    "markup.list.checked",
    "markup.list.unchecked",
    "markup.quote",
    "markup.quote.italic",
    "markup.quote.strikethrough",
    "markup.quote.strong",
    "markup.raw",
    "markup.raw.block",
    "markup.strikethrough",
    "markup.strong",
    "markup.strong.italic",
    "module",
    "number",
    "operator",
    "property",
    "punctuation.bracket",
    "punctuation.delimiter",
    "punctuation.special",
    "string",
    "string.escape",
    "string.regexp",
    "string.special",
    "tag",
    "text",
    "type",
    "type.builtin",
    "type.parameter",
    "variable",
    "variable.builtin",
    "variable.parameter",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        assert!(NAMES.is_sorted());
        for id in HighlightId::all() {
            assert_eq!(HighlightId::for_name(id.name()), Some(id));
        }
        assert_eq!(HighlightId::for_name("keyword.nonsense"), None);
    }
}
