//! The syntax highlights and the brackets of the rows in view, asked for again only when something changed.

use std::ops::Range;
use std::rc::Rc;

use editor_core::Text;
use syntax::{Bracket, HighlightSpan, SyntaxTree};

/// The name of the highlight of a byte, among highlights in order.
pub(crate) fn name_at(highlights: &[HighlightSpan], offset: usize) -> Option<&'static str> {
    let next = highlights.partition_point(|span| span.range.end <= offset);
    let span = highlights.get(next)?;
    (span.range.start <= offset).then(|| span.highlight.name())
}

/// Highlights of the last frame and what they were made of.
#[derive(Default)]
pub(crate) struct VisibleHighlights {
    version: u64,
    ranges: Vec<Range<usize>>,
    spans: Option<Rc<[HighlightSpan]>>,
    brackets: Option<Rc<[Bracket]>>,
}

impl VisibleHighlights {
    /// A parse finished: the same text may be highlighted differently now.
    pub(crate) fn invalidate(&mut self) {
        self.spans = None;
        self.brackets = None;
    }

    /// The highlights of `ranges` (sorted, apart from each other) of a text.
    pub(crate) fn get(
        &mut self,
        syntax: Option<&SyntaxTree>,
        text: &Text,
        version: u64,
        ranges: Vec<Range<usize>>,
    ) -> Rc<[HighlightSpan]> {
        let Some(syntax) = syntax else {
            self.invalidate();
            return Rc::default();
        };
        if self.version == version
            && self.ranges == ranges
            && let Some(spans) = &self.spans
        {
            return spans.clone();
        }
        let spans: Rc<[HighlightSpan]> = ranges
            .iter()
            .flat_map(|range| syntax.highlights(text, range.clone()))
            .collect();
        self.version = version;
        self.ranges = ranges;
        self.spans = Some(spans.clone());
        self.brackets = None;
        spans
    }

    /// The brackets of code where the highlights were asked for last.
    pub(crate) fn brackets(&mut self, syntax: Option<&SyntaxTree>) -> Rc<[Bracket]> {
        let (Some(syntax), Some(_)) = (syntax, &self.spans) else {
            return Rc::default();
        };
        let ranges = self.ranges.iter();
        let brackets = self.brackets.get_or_insert_with(|| {
            ranges
                .flat_map(|range| syntax.brackets(range.clone()))
                .collect()
        });
        brackets.clone()
    }
}
