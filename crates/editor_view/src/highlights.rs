//! The syntax highlights of the rows in view, asked for again only when something changed.

use std::ops::Range;
use std::rc::Rc;

use editor_core::Text;
use syntax::{HighlightSpan, SyntaxTree};

/// Highlights of the last frame and what they were made of.
#[derive(Default)]
pub(crate) struct VisibleHighlights {
    version: u64,
    ranges: Vec<Range<usize>>,
    spans: Option<Rc<[HighlightSpan]>>,
}

impl VisibleHighlights {
    /// A parse finished: the same text may be highlighted differently now.
    pub(crate) fn invalidate(&mut self) {
        self.spans = None;
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
            self.spans = None;
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
        spans
    }
}
