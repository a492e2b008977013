//! The syntax highlights and the brackets of the rows in view, asked for only where they are not known.

use std::ops::Range;
use std::rc::Rc;

use editor_core::{Bias, ChangeSet, Text};
use syntax::{Bracket, HighlightSpan, SyntaxTree};

/// The name of the highlight of a byte, among highlights in order.
pub(crate) fn name_at(highlights: &[HighlightSpan], offset: usize) -> Option<&'static str> {
    let next = highlights.partition_point(|span| span.range.end <= offset);
    let span = highlights.get(next)?;
    (span.range.start <= offset).then(|| span.highlight.name())
}

/// Highlights of the last frame and what they were made of.
///
/// A query of the syntax costs more than all else that a row needs. What was found is therefore kept
/// where it is still in view, and follows what is typed as the syntax itself does, until the text is
/// parsed anew.
#[derive(Default)]
pub(crate) struct VisibleHighlights {
    version: u64,
    ranges: Vec<Range<usize>>,
    spans: Option<Rc<[HighlightSpan]>>,
    /// Where the spans are those of the syntax: in `ranges`, without what was typed at their ends.
    known: Vec<Range<usize>>,
    brackets: Option<Rc<[Bracket]>>,
}

impl VisibleHighlights {
    /// A parse finished: the same text may be highlighted differently now.
    pub(crate) fn invalidate(&mut self) {
        self.spans = None;
        self.known.clear();
        self.brackets = None;
    }

    /// Carries what is known over a change that led from one version of the text to another.
    pub(crate) fn follow(&mut self, changes: &ChangeSet, from: u64, to: u64) {
        let Some(spans) = self.spans.take().filter(|_| self.version == from) else {
            return self.invalidate();
        };
        self.version = to;
        self.brackets = None;
        let known = self.known.iter();
        // What is typed at an end may belong to what is behind it.
        let ends = known.flat_map(|range| [(range.start, Bias::Right), (range.end, Bias::Left)]);
        let known = changes.map_sorted(ends);
        self.known = known
            .chunks_exact(2)
            .filter(|ends| ends[0] < ends[1])
            .map(|ends| ends[0]..ends[1])
            .collect();
        let mut edits = changes.edits().peekable();
        // As a syntax tree carries its nodes: what is typed before one is not in it, what is typed
        // behind it is, and what takes the place of its beginning is.
        let mut mapped = |offset: usize| {
            while edits.next_if(|edit| edit.old_range.end < offset).is_some() {}
            let replaced = edits
                .peek()
                .is_some_and(|edit| edit.old_range.start == offset && !edit.old_range.is_empty());
            (offset, if replaced { Bias::Left } else { Bias::Right })
        };
        let ends = spans.iter().flat_map(|span| {
            let Range { start, end } = span.range;
            [mapped(start), mapped(end)]
        });
        let mapped = changes.map_sorted(ends);
        let mapped = spans.iter().zip(mapped.chunks_exact(2));
        let mapped = mapped.map(|(span, ends)| HighlightSpan {
            range: ends[0]..ends[1],
            highlight: span.highlight,
        });
        self.spans = Some(mapped.filter(|span| !span.range.is_empty()).collect());
        // They are asked for anew, where the text is another.
        self.ranges.clear();
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
        if self.version != version {
            self.invalidate();
            self.version = version;
        }
        if self.ranges == ranges
            && let Some(spans) = &self.spans
        {
            return spans.clone();
        }
        let before = self.spans.take().unwrap_or_default();
        let mut spans = Vec::with_capacity(before.len());
        for range in &ranges {
            let mut at = range.start;
            let first = self.known.partition_point(|known| known.end <= range.start);
            for known in &self.known[first..] {
                if known.start >= range.end {
                    break;
                }
                if at < known.start {
                    spans.extend(syntax.highlights(text, at..known.start));
                }
                let end = known.end.min(range.end);
                spans.extend(within(&before, at.max(known.start)..end));
                at = end;
            }
            if at < range.end {
                spans.extend(syntax.highlights(text, at..range.end));
            }
        }
        let spans: Rc<[HighlightSpan]> = spans.into();
        self.known.clone_from(&ranges);
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

/// The parts of highlights that are in a range.
fn within(spans: &[HighlightSpan], range: Range<usize>) -> impl Iterator<Item = HighlightSpan> {
    let first = spans.partition_point(|span| span.range.end <= range.start);
    let spans = spans[first..].iter();
    spans
        .take_while(move |span| span.range.start < range.end)
        .map(move |span| HighlightSpan {
            range: span.range.start.max(range.start)..span.range.end.min(range.end),
            highlight: span.highlight,
        })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use editor_core::Edit;

    use super::*;

    const SOURCE: &str =
        "fn tea() {\n    /* a long\n    leaf */ let x = \"hot\";\n    pour(x);\n}\n";

    fn parsed(source: &str) -> (Text, SyntaxTree) {
        let text = Text::new(source);
        let language = syntax::by_name("rust").unwrap();
        let never = AtomicBool::new(false);
        let tree = SyntaxTree::parse(language, &text, None, &never).unwrap();
        (text, tree)
    }

    /// The name of the highlight of each byte of some ranges.
    fn names(spans: &[HighlightSpan], ranges: &[Range<usize>]) -> Vec<Option<&'static str>> {
        let bytes = ranges.iter().flat_map(|range| range.clone());
        bytes.map(|byte| name_at(spans, byte)).collect()
    }

    #[test]
    fn what_scrolls_into_view_joins_what_is_known() {
        let (text, tree) = parsed(SOURCE);
        let mut highlights = VisibleHighlights::default();
        for start in (0..text.len()).chain((0..text.len()).rev()) {
            let view = start..(start + 30).min(text.len());
            let views = std::slice::from_ref(&view);
            let spans = highlights.get(Some(&tree), &text, 1, views.to_vec());
            let whole = tree.highlights(&text, 0..text.len());
            assert_eq!(names(&spans, views), names(&whole, views), "at {start}");
            assert!(spans.is_sorted_by_key(|span| span.range.start));
            let apart = [0..start / 3, start / 2..start];
            let spans = highlights.get(Some(&tree), &text, 1, apart.to_vec());
            assert_eq!(names(&spans, &apart), names(&whole, &apart), "at {start}");
        }
    }

    #[test]
    fn what_is_typed_is_highlighted_as_by_the_syntax_until_it_is_parsed() {
        let (text, tree) = parsed(SOURCE);
        for at in 0..=text.len() {
            for (gone, typed) in [(0, "q"), (0, "\n  "), (1, ""), (3, ""), (4, "lid")] {
                let end = (at + gone).min(text.len());
                let edits = vec![Edit::new(at..end, typed)];
                let changes = ChangeSet::from_edits(text.len(), edits).unwrap();
                let after = changes.apply(&text).unwrap();
                let carried = tree.interpolate(&changes, &text, &after);
                for view in [0..text.len(), 15..50] {
                    let mut highlights = VisibleHighlights::default();
                    highlights.get(Some(&tree), &text, 7, vec![view.clone()]);
                    highlights.follow(&changes, 7, 8);
                    let start = changes.map_offset(view.start, Bias::Left);
                    let end = changes.map_offset(view.end, Bias::Right);
                    let shown = start..end;
                    let views = std::slice::from_ref(&shown);
                    let spans = highlights.get(Some(&carried), &after, 8, views.to_vec());
                    let expected = carried.highlights(&after, 0..after.len());
                    let (found, expected) = (names(&spans, views), names(&expected, views));
                    let what = format!("{gone} bytes at {at} by {typed:?} in {view:?}");
                    assert_eq!(found, expected, "{what}");
                }
            }
        }
    }

    #[test]
    fn what_is_known_of_another_version_is_not_taken() {
        let (text, tree) = parsed("let x = 1;\n");
        let (other, its_tree) = parsed("// no code\n");
        let mut highlights = VisibleHighlights::default();
        let ranges = std::slice::from_ref(&(0..10));
        highlights.get(Some(&tree), &text, 1, ranges.to_vec());
        let spans = highlights.get(Some(&its_tree), &other, 2, ranges.to_vec());
        assert_eq!(names(&spans, ranges), [Some("comment"); 10]);
    }
}
