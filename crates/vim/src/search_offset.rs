//! What follows the pattern of a search: where the cursor goes from the match (`:help search-offset`),
//! and the next search.

/// Where a search leads from its match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SearchOffset {
    /// So many lines further down, negative ones up, to the start of the line.
    pub is_lines: bool,
    /// From the last character of the match, else from the first.
    pub from_end: bool,
    /// Lines or characters.
    pub by: isize,
}

/// One of the searches of a line after `/` or `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TypedSearch {
    /// Empty for the last one.
    pub pattern: String,
    /// `None` where the pattern is not ended: that of the last search, if there is no pattern either.
    pub offset: Option<SearchOffset>,
    pub forward: bool,
}

/// The end of a pattern, in bytes: the first `end` that is neither behind a backslash nor between
/// brackets.
pub(crate) fn pattern_len(typed: &str, end: char) -> usize {
    let mut at = 0;
    while let Some(character) = typed[at..].chars().next() {
        if character == end {
            break;
        }
        let rest = &typed[at + character.len_utf8()..];
        at += character.len_utf8();
        if character == '\\' {
            at += rest.chars().next().map_or(0, char::len_utf8);
        } else if character == '[' {
            // The first of what is in them may be a bracket.
            let negated = usize::from(rest.starts_with('^'));
            let first = rest[negated..].chars().next().map_or(0, char::len_utf8);
            let inside = negated + first;
            if let Some(close) = rest[inside..].find(']') {
                at += inside + close + 1;
            }
        }
    }
    at
}

/// The searches of a line, each from where the one before led (`:help //;`).
///
/// # Errors
/// What to tell where something else than a search follows a `;`.
pub(crate) fn typed_searches(line: &str, prompt: char) -> Result<Vec<TypedSearch>, String> {
    let (mut rest, mut end) = (line, prompt);
    let mut searches = Vec::new();
    loop {
        let len = pattern_len(rest, end);
        let pattern = match end {
            '?' => rest[..len].replace("\\?", "?"),
            _ => rest[..len].to_owned(),
        };
        let after = rest[len..].strip_prefix(end);
        let (offset, behind) = read_offset(after.unwrap_or_default());
        searches.push(TypedSearch {
            offset: (after.is_some() || !pattern.is_empty()).then_some(offset),
            pattern,
            forward: end == '/',
        });
        let Some(next) = behind.strip_prefix(';') else {
            return Ok(searches);
        };
        end = match next.chars().next() {
            Some(next @ ('/' | '?')) => next,
            _ => return Err("E386: Expected '?' or '/'  after ';'".to_owned()),
        };
        rest = &next[1..];
    }
}

/// An offset, and what follows it.
fn read_offset(text: &str) -> (SearchOffset, &str) {
    let mut offset = SearchOffset::default();
    let mut rest = text;
    match text.chars().next() {
        Some('+' | '-' | '0'..='9') => offset.is_lines = true,
        Some(letter @ ('e' | 's' | 'b')) => {
            offset.from_end = letter == 'e';
            rest = &text[1..];
        }
        _ => {}
    }
    let sign = rest.starts_with(['+', '-']);
    let unsigned = &rest[usize::from(sign)..];
    let digits = unsigned.len()
        - unsigned
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .len();
    if sign || digits > 0 {
        // No text has more lines or characters.
        let by = match digits {
            0 => 1,
            _ => unsigned[..digits].parse().unwrap_or(isize::MAX / 2),
        };
        offset.by = if rest.starts_with('-') { -by } else { by };
        rest = &unsigned[digits..];
    }
    (offset, rest)
}
