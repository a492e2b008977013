//! Rows of patches that the grammar does not know: those of context and normal diffs (POSIX,
//! `diff`), and the mail that `git format-patch` writes around a diff.
//!
//! In a unified diff every row of a change begins with a blank, `+`, `-` or `\`, so that most of
//! these are told by how they begin alone.

use std::ops::Range;
use std::sync::LazyLock;

use editor_core::Text;
use regex::Regex;

use crate::highlight::{HighlightId, HighlightSpan};
use crate::tree::{cut, lay_over};

/// How much of a row is looked at, in bytes.
const MAX_ROW: usize = 1000;

/// How far the beginning of a head or of a change is looked for, in rows.
const MAX_ROWS: usize = 500;

/// Rows that are told by how they are made, with what the groups of the pattern are.
const PATTERNS: [(&str, &[&str]); 14] = [
    // Where a change is, in a context diff, a normal one and the diff of a merge.
    (
        r"^(\*\*\*\*\*\*\*\*\*\*\*\*\*\*\*)(.*)$",
        &["punctuation.special", "function"],
    ),
    (
        r"^(?:\*\*\*|---) (\d+(?:,\d+)?) (?:\*\*\*\*|----)$",
        &["number"],
    ),
    (
        r"^(\d+(?:,\d+)?)([acd])(\d+(?:,\d+)?)$",
        &["number", "keyword.import", "number"],
    ),
    (
        r"^(@@@+)( .* )(@@@+)(.*)$",
        &["function", "number", "function", "function"],
    ),
    // Files.
    (r"^\*\*\* (\S.*)$", &["markup.deleted"]),
    (
        r"^(Index:|Only in) (.+)$",
        &["keyword.import", "string.special"],
    ),
    (r"^(={20,})$", &["punctuation.special"]),
    (r"^(! .*|!)$", &["markup.changed"]),
    // The mail around it.
    (
        r"^(From) ([0-9a-f]{40,64}) (.*)$",
        &["keyword.control", "constant", "string.special"],
    ),
    (
        r"^([A-Z][\w-]*-by)(:) (.*)$",
        &["property", "punctuation.delimiter", "string"],
    ),
    (
        r"^( .* \| +)(\d+|Bin)( \+*)(-*)$",
        &["text", "number", "markup.inserted", "markup.deleted"],
    ),
    // Hashes may be of any length, which the grammar does not know.
    (
        r"^(index) ([0-9a-f]+(?:,[0-9a-f]+)*)(\.\.)([0-9a-f]+)(?: (\d+))?$",
        &[
            "keyword.import",
            "constant",
            "keyword.import",
            "constant",
            "number",
        ],
    ),
    (r"^(GIT binary patch)$", &["keyword.import"]),
    (r"^(literal|delta) (\d+)$", &["keyword.import", "number"]),
];

/// The places among [`PATTERNS`] of the row before a change of a normal diff, of the old file of a
/// context diff and where it is changed, of the first row of a mail, and of those that sum up what it
/// changes. The last are like others, so that they count behind the message of a mail alone.
const COMMAND: usize = 2;
const PLACE: usize = 1;
const OLD_FILE: usize = 4;
const MAIL: usize = 8;
const SUMMARY: usize = 10;

/// The head of a mail, and its continuation.
const HEADER: (&str, &[&str]) = (
    r"^([A-Za-z][A-Za-z0-9-]*)(:)(.*)$",
    &["property", "punctuation.delimiter", "string"],
);

/// The fields of which one begins a mail without a row of its own for that.
const FIRST_FIELDS: [&str; 4] = ["From: ", "Date: ", "Subject: ", "Message-ID: "];

type Parts = Vec<Option<HighlightId>>;

static KNOWN: LazyLock<Vec<(Regex, Parts)>> = LazyLock::new(|| {
    let all = PATTERNS.iter().chain(std::iter::once(&HEADER));
    let made = all.filter_map(|(pattern, names)| {
        let names = names.iter().map(|name| HighlightId::for_name(name));
        Some((Regex::new(pattern).ok()?, names.collect()))
    });
    made.collect()
});

/// What the rows before one say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    /// The head of a mail.
    Head,
    /// Rows behind the mark that ends a message.
    Summary,
    /// A change of a normal diff.
    Change,
    Nothing,
}

/// `spans` with those of the rows in `rows`, which begins and ends with a row of the text.
pub(crate) fn with_rows(
    spans: Vec<HighlightSpan>,
    text: &Text,
    rows: &Range<usize>,
) -> Vec<HighlightSpan> {
    let (first, last) = (text.row_at(rows.start), text.row_at(rows.end));
    let (mut found, mut hidden) = (Vec::new(), Vec::new());
    let mut within = before(text, first);
    for row in first..=last {
        let source = source(text, row);
        within = next(within, &source, text, row);
        let Some(parts) = parts(&source, within, text, row) else {
            continue;
        };
        let start = text.line_start(row);
        hidden.push(start..text.line_end(row));
        let parts = parts.into_iter();
        found.extend(parts.map(|(part, highlight)| HighlightSpan {
            range: start + part.start..start + part.end,
            highlight,
        }));
    }
    match hidden.is_empty() {
        true => spans,
        false => lay_over(cut(spans, &hidden), found),
    }
}

/// The beginning of a row.
fn source(text: &Text, row: usize) -> String {
    let (start, end) = (text.line_start(row), text.line_end(row));
    let end = text.floor_char_boundary(end.min(start + MAX_ROW));
    text.slice(start..end.max(start)).into_owned()
}

/// What the rows before one say of it.
fn before(text: &Text, row: usize) -> Within {
    let from = row.saturating_sub(MAX_ROWS);
    // Back to where something else begins.
    let mut first = row;
    while first > from && goes_on(&source(text, first - 1)) {
        first -= 1;
    }
    let first = first.saturating_sub(1).max(from);
    (first..row).fold(Within::Nothing, |within, row| {
        next(within, &source(text, row), text, row)
    })
}

/// Whether a row may be one of a head, a summary or a change that goes on behind it.
fn goes_on(row: &str) -> bool {
    let begins = |sign: char| sign.is_alphabetic() || matches!(sign, ' ' | '\t' | '<' | '>' | '\\');
    row == "---" || row.starts_with(begins)
}

/// What a row is within, given what the one before it was.
fn next(within: Within, source: &str, text: &Text, row: usize) -> Within {
    let is_command = || is_match(COMMAND, source);
    match within {
        _ if is_match(MAIL, source) => Within::Head,
        _ if row == 0 && FIRST_FIELDS.iter().any(|field| source.starts_with(field)) => Within::Head,
        _ if is_command() => Within::Change,
        _ if ends_message(source, text, row) => Within::Summary,
        Within::Head if !source.is_empty() => Within::Head,
        Within::Summary if source.starts_with(' ') => Within::Summary,
        Within::Change if source.starts_with(['<', '>', '\\']) || source == "---" => Within::Change,
        _ => Within::Nothing,
    }
}

/// Whether a row is the mark between the message of a mail and what sums its changes up.
fn ends_message(source: &str, text: &Text, row: usize) -> bool {
    source == "---"
        && row + 1 < text.line_count()
        && is_match(SUMMARY, &self::source(text, row + 1))
}

fn is_match(pattern: usize, source: &str) -> bool {
    (KNOWN.get(pattern)).is_some_and(|(pattern, _)| pattern.is_match(source))
}

type Part = (Range<usize>, HighlightId);

/// What the parts of a row are, for one that the grammar does not know.
fn parts(source: &str, within: Within, text: &Text, row: usize) -> Option<Vec<Part>> {
    let whole = |name: &str| {
        let highlight = HighlightId::for_name(name)?;
        Some(vec![(0..source.len(), highlight)])
    };
    match within {
        Within::Head if source.starts_with([' ', '\t']) => return whole("string"),
        Within::Head if !is_match(MAIL, source) => return of_pattern(PATTERNS.len(), source),
        Within::Change if source.starts_with('<') => return whole("markup.deleted"),
        Within::Change if source.starts_with('>') => return whole("markup.inserted"),
        Within::Change | Within::Summary if source == "---" => {
            return whole("punctuation.special");
        }
        _ => {}
    }
    if is_signature(text, row) {
        return whole("comment");
    }
    // The new file of a context diff, which is the old one of others.
    let is_place = is_match(PLACE, source);
    if source.starts_with("--- ") && !is_place && row > 0 {
        let before = self::source(text, row - 1);
        if is_match(OLD_FILE, &before) && !is_match(PLACE, &before) {
            return whole("markup.inserted");
        }
    }
    let known = (0..PATTERNS.len()).filter(|at| *at != SUMMARY || within == Within::Summary);
    let mut known = known.filter_map(|at| of_pattern(at, source));
    known.next()
}

/// The parts of a row that a pattern fits.
fn of_pattern(at: usize, source: &str) -> Option<Vec<Part>> {
    let (pattern, names) = KNOWN.get(at)?;
    let groups = pattern.captures(source)?;
    let groups = groups.iter().skip(1).zip(names);
    let parts = groups.filter_map(|(group, name)| Some((group?.range(), (*name)?)));
    Some(parts.filter(|(part, _)| !part.is_empty()).collect())
}

/// Whether a row is of the end of a mail that `git format-patch` wrote: `-- ` and a version.
fn is_signature(text: &Text, row: usize) -> bool {
    let is_mark = |row: usize| source(text, row) == "-- ";
    let is_version = |row: usize| {
        let row = source(text, row);
        row.contains('.')
            && row.starts_with(|sign: char| sign.is_ascii_digit())
            && row
                .trim_end()
                .chars()
                .all(|sign| sign.is_ascii_alphanumeric() || ".-".contains(sign))
    };
    let is_pair = |row: usize| row + 1 < text.line_count() && is_mark(row) && is_version(row + 1);
    is_pair(row) || (row > 0 && is_pair(row - 1))
}
