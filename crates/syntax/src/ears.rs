//! The keywords of requirements in Markdown: `WHEN …, THE … SHALL …`.

use std::ops::Range;

use crate::highlight::{HighlightId, HighlightSpan};
use crate::parse_input::ParseInput;
use crate::tree::lay_over;

/// The longest paragraph in which keywords are looked for, in bytes.
const MAX_BYTES: usize = 4096;

/// The highlights of a paragraph, which begins at `start` of the text, with the EARS keywords in
/// `range` where the paragraph is a requirement. Code and links keep theirs.
pub(crate) fn with_keywords(
    spans: Vec<HighlightSpan>,
    paragraph: &ParseInput,
    start: usize,
    range: &Range<usize>,
) -> Vec<HighlightSpan> {
    if paragraph.range.len() > MAX_BYTES {
        return spans;
    }
    let text = paragraph.text(0..paragraph.range.len());
    // In everyday sentences it is no keyword.
    if !text.contains("SHALL") || spec::ears_pattern(&text).is_none() {
        return spans;
    }
    let Some(highlight) = HighlightId::for_name("keyword.control") else {
        return spans;
    };
    let keywords = spec::ears_keywords(&text).into_iter();
    let keywords = keywords
        .map(|word| start + word.start..start + word.end)
        .filter(|word| range.start <= word.start && word.end <= range.end)
        .filter(|word| {
            let next = spans.partition_point(|span| span.range.end <= word.start);
            spans.get(next).is_none_or(|span| {
                let name = span.highlight.name();
                span.range.start >= word.end
                    || matches!(
                        name,
                        "markup.strong" | "markup.italic" | "markup.strong.italic"
                    )
            })
        })
        .map(|range| HighlightSpan { range, highlight })
        .collect();
    lay_over(spans, keywords)
}
