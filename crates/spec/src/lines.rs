//! A Markdown text as lines with byte ranges, fences and headings known.

use std::ops::Range;

/// One line of a document.
#[derive(Clone, Debug)]
pub(crate) struct Line<'a> {
    /// The line without its line ending and without a byte order mark before it.
    pub(crate) text: &'a str,
    /// Where `text` stands in the document.
    pub(crate) start: usize,
    /// Whether it is inside a code fence, the fence's own lines included.
    pub(crate) fenced: bool,
    /// For a fence's opening line, the word after the marks (`json`); may be empty.
    pub(crate) fence_opens: Option<&'a str>,
    /// Whether it closes a fence.
    pub(crate) fence_closes: bool,
}

impl<'a> Line<'a> {
    /// Byte range of the line's text.
    pub(crate) fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// The level and text of an ATX heading (`## Tasks`), outside code.
    pub(crate) fn heading(&self) -> Option<(usize, &'a str)> {
        if self.fenced {
            return None;
        }
        let text = self.text.strip_prefix("   ").unwrap_or(self.text);
        let level = text.bytes().take_while(|byte| *byte == b'#').count();
        let rest = &text[level..];
        if !(1..=6).contains(&level) || !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
            return None;
        }
        let trimmed = rest.trim();
        let closed = trimmed.trim_end_matches('#');
        let title = if closed.is_empty() || closed.ends_with([' ', '\t']) {
            closed.trim_end()
        } else {
            trimmed
        };
        Some((level, title))
    }

    /// Columns of white space before the text; a tab counts four.
    pub(crate) fn indent(&self) -> usize {
        self.text
            .chars()
            .map_while(|character| match character {
                ' ' => Some(1),
                '\t' => Some(4),
                _ => None,
            })
            .sum()
    }
}

/// The lines of a text. A final line ending does not begin another line.
pub(crate) fn lines(source: &str) -> Vec<Line<'_>> {
    let mut result = Vec::new();
    let mut start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut fence: Option<(u8, usize)> = None;
    while start < source.len() {
        let end = source[start..]
            .find('\n')
            .map_or(source.len(), |at| start + at);
        let text = &source[start..end];
        let text = text.strip_suffix('\r').unwrap_or(text);
        let mut line = Line {
            text,
            start,
            fenced: fence.is_some(),
            fence_opens: None,
            fence_closes: false,
        };
        if let Some((mark, count, info)) = fence_marks(text) {
            match fence {
                None => {
                    line.fenced = true;
                    line.fence_opens = Some(info);
                    fence = Some((mark, count));
                }
                Some((open, least)) if mark == open && count >= least && info.is_empty() => {
                    line.fence_closes = true;
                    fence = None;
                }
                Some(_) => {}
            }
        }
        result.push(line);
        start = end + 1;
    }
    result
}

/// The mark, how many of it, and the info string of a line that could be a fence.
fn fence_marks(text: &str) -> Option<(u8, usize, &str)> {
    let trimmed = text.trim_start();
    let mark = *trimmed.as_bytes().first()?;
    if mark != b'`' && mark != b'~' {
        return None;
    }
    let count = trimmed.bytes().take_while(|byte| *byte == mark).count();
    let info = trimmed[count..].trim();
    // Backticks behind the marks make it inline code.
    if count < 3 || (mark == b'`' && info.contains('`')) {
        return None;
    }
    Some((mark, count, info))
}

/// A fenced block: the info string and the byte range of what is inside.
pub(crate) struct FencedBlock<'a> {
    pub(crate) info: &'a str,
    pub(crate) content: Range<usize>,
}

/// The fenced blocks among some lines. One that is not closed ends with the lines.
pub(crate) fn fenced_blocks<'a>(lines: &[Line<'a>]) -> Vec<FencedBlock<'a>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&Line<'a>, &'a str)> = None;
    let mut last_end = 0;
    let mut finish = |opened: &mut Option<(&Line<'a>, &'a str)>, end: usize| {
        if let Some((line, info)) = opened.take() {
            let start = (line.range().end + 1).min(end.max(line.range().end));
            blocks.push(FencedBlock {
                info,
                content: start..end.max(start),
            });
        }
    };
    for line in lines {
        if let Some(info) = line.fence_opens {
            open = Some((line, info));
        } else if line.fence_closes {
            finish(&mut open, line.start);
        }
        last_end = line.range().end;
    }
    finish(&mut open, last_end);
    blocks
}

/// A heading and the lines under it, down to the next heading of its level or above.
pub(crate) struct Heading<'a> {
    pub(crate) level: usize,
    pub(crate) title: &'a str,
    /// Index of the heading's line.
    pub(crate) line: usize,
    /// Index after the section's last line.
    pub(crate) end: usize,
}

/// Every heading with its extent.
pub(crate) fn headings<'a>(lines: &[Line<'a>]) -> Vec<Heading<'a>> {
    let found: Vec<(usize, usize, &str)> = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| line.heading().map(|(level, title)| (index, level, title)))
        .collect();
    found
        .iter()
        .enumerate()
        .map(|(position, (line, level, title))| Heading {
            level: *level,
            title,
            line: *line,
            end: found[position + 1..]
                .iter()
                .find(|(_, next, _)| next <= level)
                .map_or(lines.len(), |(next, _, _)| *next),
        })
        .collect()
}

/// Byte range from the start of one line to the end of another (exclusive index).
pub(crate) fn span(lines: &[Line<'_>], from: usize, to: usize) -> Range<usize> {
    let start = lines.get(from).map_or(0, |line| line.start);
    let end = to
        .checked_sub(1)
        .and_then(|last| lines.get(last))
        .map_or(start, |line| line.range().end);
    start..end.max(start)
}

/// Whether a heading's text is one of these, whatever the case.
pub(crate) fn is_title(title: &str, names: &[&str]) -> bool {
    names.iter().any(|name| title.eq_ignore_ascii_case(name))
}

/// The text of a list item (`- text`, `* text`, `1. text`), without its marker.
pub(crate) fn bullet(text: &str) -> Option<&str> {
    let trimmed = text.trim_start();
    let rest = match trimmed.as_bytes().first()? {
        b'-' | b'*' | b'+' => &trimmed[1..],
        byte if byte.is_ascii_digit() => {
            let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
            trimmed[digits..].strip_prefix(['.', ')'])?
        }
        _ => return None,
    };
    rest.starts_with([' ', '\t']).then(|| rest.trim())
}

/// The text without `*`, `_` and `\` around it.
pub(crate) fn without_emphasis(text: &str) -> &str {
    text.trim()
        .trim_matches(|character| matches!(character, '*' | '_' | '\\'))
        .trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_place_with_any_line_ending() {
        let source = "\u{feff}# A\r\nb\n\n```rust\n# no heading\n```\nlast";
        let lines = lines(source);
        let texts: Vec<_> = lines.iter().map(|line| line.text).collect();
        assert_eq!(
            texts,
            ["# A", "b", "", "```rust", "# no heading", "```", "last"]
        );
        for line in &lines {
            assert_eq!(&source[line.range()], line.text);
        }
        assert_eq!(lines[0].heading(), Some((1, "A")));
        assert_eq!(lines[4].heading(), None);
        assert!(lines[5].fenced && !lines[6].fenced);
    }

    #[test]
    fn headings_end_where_the_next_of_their_level_begins() {
        let lines = lines("# A\n## B ##\nx\n### C\n## D#\n");
        let found: Vec<_> = headings(&lines)
            .iter()
            .map(|heading| (heading.level, heading.title, heading.end))
            .collect();
        assert_eq!(found, [(1, "A", 5), (2, "B", 4), (3, "C", 4), (2, "D#", 5)]);
    }

    #[test]
    fn a_fence_that_is_not_closed_ends_with_the_text() {
        let source = "```json\n{}\n";
        let lines = lines(source);
        let blocks = fenced_blocks(&lines);
        assert_eq!(blocks.len(), 1);
        assert_eq!(&source[blocks[0].content.clone()], "{}");
    }
}
