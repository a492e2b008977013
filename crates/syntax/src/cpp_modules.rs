//! The words of C++'s modules, which its grammar does not know: `module;`, `export module a.b:c;`,
//! `import x;`, `import <h>;` (\[module.unit\] and \[module.import\] of the standard), and `export`
//! before a declaration. The parser reads blanks in their place, so that the rest is what it is
//! without them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::highlight::{HighlightId, HighlightSpan};
use crate::mend::Patch;
use crate::tree::lay_over;

/// A whole declaration of a module or of what is imported: `export`, the word, the name and the
/// sign that ends it.
static DECLARATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r"[A-Za-z_][\w.]*";
    let named = format!(r"(?::[ \t]*)?{name}(?:[ \t]*:[ \t]*{name})?");
    let whole = format!(
        r#"(?m)^[ \t]*(?:(export)[ \t]+)?(import|module)\b[ \t]*(<[^<>\n]*>|"[^"\n]*"|{named})?[ \t]*(;)"#
    );
    Regex::new(&whole).ok()
});

/// The word before a declaration.
static EXPORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?m)^[ \t]*(export)(?:[ \t]+[\w:\[]|[ \t]*\{|[ \t]*$)").ok());

fn found<'a>(source: &'a str) -> impl Iterator<Item = Captures<'a>> {
    let all = [&DECLARATION, &EXPORT].into_iter();
    let patterns = all.filter_map(|pattern| pattern.as_ref());
    patterns.flat_map(move |pattern| pattern.captures_iter(source))
}

/// What is read in the place of the words in a text: nothing but blanks.
pub(crate) fn patches(source: &str) -> Vec<Patch> {
    let mut blanks: Vec<usize> = Vec::new();
    for found in found(source) {
        let parts = found.iter().skip(1).flatten();
        blanks.extend(parts.flat_map(|part| part.range()));
    }
    blanks.sort_unstable();
    blanks.dedup();
    blanks.into_iter().map(Patch::blank).collect()
}

/// `spans` with those of the words in whole rows of a text that begin at `start`.
pub(crate) fn with_words(
    spans: Vec<HighlightSpan>,
    source: &str,
    start: usize,
) -> Vec<HighlightSpan> {
    let mut words: Vec<HighlightSpan> = Vec::new();
    for found in found(source) {
        let parts = found.iter().skip(1).flatten();
        for part in parts {
            let range = start + part.start()..start + part.end();
            // The patterns meet where a declaration is exported, and nothing is one in a comment.
            let next = spans.partition_point(|span| span.range.end <= range.start);
            let is_known = spans
                .get(next)
                .is_some_and(|span| span.range.start < range.end);
            let is_found = words.iter().any(|word| word.range.start == range.start);
            if !is_known && !is_found {
                push_word(part.as_str(), &range, found.get(2).is_some(), &mut words);
            }
        }
    }
    words.sort_by_key(|word| word.range.start);
    match words.is_empty() {
        true => spans,
        false => lay_over(spans, words),
    }
}

/// Adds what a part of a declaration is: a name has its parts.
fn push_word(part: &str, range: &Range<usize>, is_of_module: bool, words: &mut Vec<HighlightSpan>) {
    let mut push = |range: Range<usize>, name: &str| {
        if let Some(highlight) = HighlightId::for_name(name) {
            words.push(HighlightSpan { range, highlight });
        }
    };
    match part {
        "export" if !is_of_module => push(range.clone(), "keyword.storage"),
        "export" | "import" | "module" => push(range.clone(), "keyword.import"),
        ";" => push(range.clone(), "punctuation.delimiter"),
        _ if part.starts_with(['<', '"']) => push(range.clone(), "string"),
        _ => {
            let mut at = 0;
            for (mark, _) in part.match_indices(['.', ':']).chain([(part.len(), "")]) {
                let piece = &part[at..mark];
                let word = piece.trim();
                let from = range.start + at + (piece.len() - piece.trim_start().len());
                match word {
                    "" => {}
                    "private" => push(from..from + word.len(), "keyword.storage"),
                    _ => push(from..from + word.len(), "module"),
                }
                if mark < part.len() {
                    push(
                        range.start + mark..range.start + mark + 1,
                        "punctuation.delimiter",
                    );
                }
                at = mark + 1;
            }
        }
    }
}
