//! The line that ends the code of a Ruby file, of which its grammar makes no node.

use std::ops::Range;

use tree_sitter::Tree;

use crate::highlight::{HighlightId, HighlightSpan};
use crate::parse_input::ParseInput;
use crate::tree::lay_over;

const MARK: &str = "__END__";

/// `spans` with that of the line, where it lies within `range` of the text. The tree begins at
/// `start` of the text.
pub(crate) fn with_mark(
    spans: Vec<HighlightSpan>,
    tree: &Tree,
    input: &ParseInput,
    start: usize,
    range: &Range<usize>,
) -> Vec<HighlightSpan> {
    let (Some(mark), Some(highlight)) =
        (mark(tree, input), HighlightId::for_name("keyword.control"))
    else {
        return spans;
    };
    let mark = (start + mark.start).max(range.start)..(start + mark.end).min(range.end);
    match mark.is_empty() {
        true => spans,
        false => lay_over(
            spans,
            vec![HighlightSpan {
                range: mark,
                highlight,
            }],
        ),
    }
}

fn mark(tree: &Tree, input: &ParseInput) -> Option<Range<usize>> {
    let mut cursor = tree.walk();
    if !cursor.goto_last_child() || cursor.node().kind() != "uninterpreted" {
        return None;
    }
    let data = cursor.node().start_byte();
    // White space behind it may be before the data.
    let before = input.text(data.saturating_sub(MARK.len() + 2)..data);
    let end = data - (before.len() - before.trim_end().len());
    (before.trim_end().ends_with(MARK)).then(|| end - MARK.len()..end)
}
