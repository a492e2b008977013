//! Words of a heading or a quote of Markdown that stand out in it: they stay of the heading.

use crate::highlight::{HighlightId, HighlightSpan};

/// What is around words, and what they are in it.
const WITHIN: [(&str, &str, &str); 6] = [
    ("markup.heading.", "markup.italic", "markup.heading.italic"),
    (
        "markup.heading.",
        "markup.strikethrough",
        "markup.heading.strikethrough",
    ),
    ("markup.heading.", "markup.strong", "markup.heading.strong"),
    ("markup.quote", "markup.italic", "markup.quote.italic"),
    (
        "markup.quote",
        "markup.strikethrough",
        "markup.quote.strikethrough",
    ),
    ("markup.quote", "markup.strong", "markup.quote.strong"),
];

/// `inner` with what the `outer` spans around them are; both sorted.
pub(crate) fn within(outer: &[HighlightSpan], inner: &mut [HighlightSpan]) {
    for span in inner {
        let around = outer.partition_point(|outer| outer.range.end <= span.range.start);
        let around = outer
            .get(around)
            .filter(|around| around.range.start <= span.range.start);
        let Some(around) = around else {
            continue;
        };
        let (place, name) = (around.highlight.name(), span.highlight.name());
        let both = WITHIN
            .iter()
            .find(|(outer, inner, _)| place.starts_with(outer) && name == *inner);
        let both = both.and_then(|(_, _, both)| HighlightId::for_name(both));
        span.highlight = both.unwrap_or(span.highlight);
    }
}

/// Whether a name is one of words within something.
#[cfg(test)]
pub(crate) fn is_given(id: HighlightId) -> bool {
    WITHIN.iter().any(|(_, _, both)| *both == id.name())
}
