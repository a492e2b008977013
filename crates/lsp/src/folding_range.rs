//! What can be folded in a text: `textDocument/foldingRange` (LSP 3.17).

use std::path::Path;

use serde_json::Value;

use crate::connection::Reply;
use crate::server::LanguageServer;

/// The name among the capabilities, and the method.
const FOLDS: (&str, &str) = ("foldingRangeProvider", "textDocument/foldingRange");
/// More ranges of one text are not taken.
pub(crate) const MAX_FOLDS: usize = 50_000;

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// A comment.
    Comment,
    /// Imports.
    Imports,
    /// What somebody marked.
    Region,
}

/// Lines that can be folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoldingRange {
    /// The row that stays, from zero.
    pub first: usize,
    /// The last row that is hidden; after `first`.
    pub last: usize,
    /// What they are, where the server says.
    pub kind: Option<FoldKind>,
}

/// The ranges of a version of a text.
pub type FoldingRanges = (u64, Vec<FoldingRange>);

impl LanguageServer {
    /// Whether it knows what can be folded.
    pub fn knows_folds(&self) -> bool {
        let inner = self.shared().inner.lock();
        inner.capabilities.offers(FOLDS.0, FOLDS.1)
    }

    /// Asks what can be folded in an open text.
    pub fn folding_ranges(&self, path: &Path) -> Reply<FoldingRanges> {
        self.ask(path, FOLDS.0, FOLDS.1, |params, document, _, _| {
            let (version, text) = document.newest();
            let rows = text.line_count();
            let read = move |answer: Value| (version, read(&answer, rows));
            (params, read)
        })
    }
}

/// `FoldingRange[]`; those that fold nothing, or lie behind the text, are left out.
fn read(answer: &Value, rows: usize) -> Vec<FoldingRange> {
    let list = answer.as_array().map(Vec::as_slice).unwrap_or_default();
    let ranges = list.iter().filter_map(|one| {
        let row = |name: &str| usize::try_from(one[name].as_u64()?).ok();
        let first = row("startLine")?;
        let last = row("endLine")?.min(rows.saturating_sub(1));
        let kind = match one["kind"].as_str() {
            Some("comment") => Some(FoldKind::Comment),
            Some("imports") => Some(FoldKind::Imports),
            Some("region") => Some(FoldKind::Region),
            _ => None,
        };
        (first < last).then_some(FoldingRange { first, last, kind })
    });
    ranges.take(MAX_FOLDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn ranges_are_read_as_far_as_the_text_has_rows() {
        let one = |first: u64, last: u64, kind: &str| json!({"startLine": first, "endLine": last, "kind": kind});
        let answer = json!([
            one(0, 2, "imports"),
            one(3, 900, "x"),
            one(4, 4, "comment"),
            one(700, 900, "region"),
            {"startLine": -1, "endLine": 3},
            7,
        ]);
        let found = read(&answer, 10);
        let expected = [(0, 2, Some(FoldKind::Imports)), (3, 9, None)];
        let expected = expected.map(|(first, last, kind)| FoldingRange { first, last, kind });
        assert_eq!(found, expected);
        assert_eq!(read(&Value::Null, 10), []);
        let flood = json!(vec![one(0, 2, ""); MAX_FOLDS + 1]);
        assert_eq!(read(&flood, 10).len(), MAX_FOLDS);
    }
}
