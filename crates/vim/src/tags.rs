//! `it` and `at`: the element of HTML or XML around the cursor (`:help tag-blocks`), by the rules of
//! `current_tagblock` of Neovim's `textobject.c`.

use std::ops::Range;

use crate::Vim;
use crate::motion::Span;

/// How far around the cursor elements are looked for, in bytes to each side.
const REACH: usize = 1024 * 1024;

/// How many tags that are never closed may stand around the cursor before it is given up.
const MAX_TRIES: usize = 1000;

impl Vim {
    /// The element that is `count` levels around the cursor, or around what is selected. Tags that
    /// are never closed, such as `<br>`, count as levels but hold nothing.
    pub(crate) fn tag_object(&self, count: usize, around: bool) -> Option<(usize, usize, Span)> {
        let visual = self.mode.is_visual();
        let selects = visual && self.anchor != self.cursor;
        let (low, high) = if selects {
            (self.anchor.min(self.cursor), self.anchor.max(self.cursor))
        } else {
            (self.cursor, self.cursor)
        };
        let start = self.text.floor_char_boundary(low.saturating_sub(REACH));
        let end = self
            .text
            .ceil_char_boundary((high + REACH).min(self.text.len()));
        let text = self.text.slice(start..end);
        let tags: Vec<Tag> = all_tags(&text);
        let (low, high) = (low - start, high - start);
        let (mut from, mut reaches) = (low, high);
        if !selects {
            let row = self.row(self.cursor);
            from = from.max(self.first_non_blank_or_end(row).saturating_sub(start));
            if let Some(tag) = tags.iter().find(|tag| tag.range.contains(&from)) {
                from = match tag.closes {
                    true => tag.range.start.saturating_sub(1),
                    false => tag.range.end - 1,
                };
                if tag.closes {
                    reaches = from;
                }
            }
        }
        let (mut around, mut levels, begin) = (around, count, from);
        for _ in 0..MAX_TRIES {
            let mut open = None;
            for _ in 0..levels {
                let found = unclosed_before(&tags, from)?;
                from = tags[found].range.start;
                open = Some(found);
            }
            let open = open?;
            let Some(close) = closing(&tags, open).filter(|close| close.start >= reaches) else {
                levels = 1;
                continue;
            };
            let outer = tags[open].range.start..close.end;
            let inner = tags[open].range.end..close.start;
            if around {
                return Some((start + outer.start, start + outer.end - 1, Span::Inclusive));
            }
            let (first, behind) = (start + inner.start, start + inner.end);
            if !visual {
                return Some((first, behind, Span::Exclusive));
            }
            let last = self
                .text
                .floor_char_boundary(behind.saturating_sub(1))
                .max(first);
            if (first, last) == (start + low, start + high) {
                // The text is selected already: now with its tags.
                (around, levels, from) = (true, count, begin);
                continue;
            }
            return Some((first, last, Span::Inclusive));
        }
        None
    }
}

/// The tag nearest before a place that is not closed before it, whatever its name.
fn unclosed_before(tags: &[Tag], place: usize) -> Option<usize> {
    let mut depth = 0usize;
    let before = tags.iter().enumerate().rev();
    for (index, tag) in before.filter(|(_, tag)| tag.range.start < place) {
        if tag.closes {
            depth += 1;
        } else if depth == 0 {
            return Some(index);
        } else {
            depth -= 1;
        }
    }
    None
}

/// The tag that closes another one.
fn closing(tags: &[Tag], open: usize) -> Option<Range<usize>> {
    let name = tags[open].name;
    let mut depth = 0usize;
    let same = |tag: &&Tag| tag.name.eq_ignore_ascii_case(name);
    for tag in tags[open + 1..].iter().filter(same) {
        if !tag.closes {
            depth += 1;
        } else if depth == 0 {
            return Some(tag.range.clone());
        } else {
            depth -= 1;
        }
    }
    None
}

/// The tags of a text, in order.
fn all_tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags: Vec<Tag> = Vec::new();
    while let Some(tag) = next_tag(text, tags.last().map_or(0, |tag| tag.range.end)) {
        tags.push(tag);
    }
    tags
}

struct Tag<'a> {
    name: &'a str,
    range: Range<usize>,
    closes: bool,
}

/// The next tag that opens or closes an element, which `<a/>`, `<!…>` and `<?…>` do not.
fn next_tag(text: &str, from: usize) -> Option<Tag<'_>> {
    let mut at = from;
    loop {
        let start = at + text[at..].find('<')?;
        let body = start + 1;
        let closes = text[body..].starts_with('/');
        let name_start = body + usize::from(closes);
        let is_name = |c: char| !c.is_whitespace() && !matches!(c, '>' | '/' | '<' | '!' | '?');
        let name_end = text[name_start..]
            .find(|c| !is_name(c))
            .map_or(text.len(), |len| name_start + len);
        at = body;
        if name_end == name_start {
            continue;
        }
        let end = name_end + text[name_end..].find('>')? + 1;
        if !closes && text[..end - 1].ends_with('/') {
            at = end;
            continue;
        }
        return Some(Tag {
            name: &text[name_start..name_end],
            range: start..end,
            closes,
        });
    }
}
