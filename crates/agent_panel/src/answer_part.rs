//! Where a long answer is parted into rows.
//!
//! A row is laid out as a whole, so that a paragraph of megabytes would hold up
//! the window. An answer that grows past a bound therefore goes on in the next
//! row: at the end of a paragraph where there is one, else at a line, a word or
//! a character.

/// From this many bytes on, a row ends with the paragraph.
const LONG: usize = 4 * 1024;
/// No row is longer than this many bytes.
const LONGEST: usize = 8 * 1024;

/// How many bytes of `delta` still belong to the row that holds `text`; what is
/// left goes on in the next row. Zero where the row is full.
pub(crate) fn fits(text: &str, delta: &str) -> usize {
    if text.len() >= LONG && text.ends_with("\n\n") && open_fence(text).is_none() {
        return 0;
    }
    let room = LONGEST.saturating_sub(text.len());
    if delta.len() <= room {
        return delta.len();
    }
    let head = &delta[..delta.floor_char_boundary(room)];
    ["\n\n", "\n", " "]
        .iter()
        .find_map(|end| head.rfind(end).map(|start| start + end.len()))
        .or((!head.is_empty()).then_some(head.len()))
        // A row takes at least one character, so that the parting always gets on.
        .or(text.is_empty().then(|| delta.ceil_char_boundary(1)))
        .unwrap_or(0)
}

/// The text in pieces that are each laid out at once; together they are all of it.
pub(crate) fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, tail) = rest.split_at(fits("", rest));
        parts.push(part);
        rest = tail;
    }
    parts
}

/// The opening line of the code fence that the text leaves open, with its line
/// end: what the next row has to begin with to be read alike (CommonMark 0.31,
/// section 4.5).
pub(crate) fn open_fence(text: &str) -> Option<String> {
    let mut open: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim_start();
        let Some(mark) = ["```", "~~~"].iter().find(|mark| line.starts_with(**mark)) else {
            continue;
        };
        open = match open {
            None => Some(line),
            // Only the same mark, alone on its line, closes.
            Some(first)
                if first.starts_with(mark)
                    && line.trim_end().trim_matches(['`', '~']).is_empty() =>
            {
                None
            }
            still => still,
        };
    }
    open.map(|line| format!("{line}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_bounded_and_lose_nothing() {
        for piece in ["word ", "é", "x", "line\n", "paragraph.\n\n"] {
            let whole = piece.repeat(300_000 / piece.len());
            let (mut rows, mut rest) = (vec![String::new()], whole.as_str());
            while !rest.is_empty() {
                let row = rows.last_mut().unwrap();
                let at = fits(row, rest);
                row.push_str(&rest[..at]);
                rest = &rest[at..];
                if !rest.is_empty() {
                    rows.push(String::new());
                }
            }
            assert!(rows.iter().all(|row| row.len() <= LONGEST), "{piece:?}");
            assert!(rows.len() < 110, "{piece:?}: {} rows", rows.len());
            assert_eq!(rows.concat(), whole);
            assert_eq!(parts(&whole).concat(), whole);
        }
    }

    #[test]
    fn a_fence_goes_on_in_the_next_row() {
        assert_eq!(
            open_fence("a\n```rust\nlet x;\n").as_deref(),
            Some("```rust\n")
        );
        assert_eq!(open_fence("```rust\nlet x;\n```\nb"), None);
        assert_eq!(open_fence("~~~\n```\n").as_deref(), Some("~~~\n"));
        assert_eq!(open_fence("plain"), None);
    }
}
