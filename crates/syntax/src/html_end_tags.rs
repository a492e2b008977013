//! End tags of HTML without a start, as of an element that a Markdown page begins further up: the
//! grammar has no nodes for what they are called.

use std::sync::LazyLock;

use regex::Regex;

use crate::highlight::{HighlightId, HighlightSpan};
use crate::tree::lay_over;

static END_TAG: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(</)([A-Za-z][\w:.-]*)\s*(>?)").ok());

/// `spans` with the names of end tags in rows of a text that begin at `start`, where nothing is known
/// of them.
pub(crate) fn with_names(
    spans: Vec<HighlightSpan>,
    source: &str,
    start: usize,
) -> Vec<HighlightSpan> {
    let (Some(pattern), Some(tag), Some(sign)) = (
        END_TAG.as_ref(),
        HighlightId::for_name("tag"),
        HighlightId::for_name("punctuation.delimiter"),
    ) else {
        return spans;
    };
    let mut found = Vec::new();
    for tags in pattern.captures_iter(source) {
        for (group, highlight) in [(1, sign), (2, tag), (3, sign)] {
            let Some(part) = tags.get(group).filter(|part| !part.is_empty()) else {
                continue;
            };
            let range = start + part.start()..start + part.end();
            let next = spans.partition_point(|span| span.range.end <= range.start);
            let is_known = spans
                .get(next)
                .is_some_and(|span| span.range.start < range.end);
            if !is_known {
                found.push(HighlightSpan { range, highlight });
            }
        }
    }
    match found.is_empty() {
        true => spans,
        false => lay_over(spans, found),
    }
}
