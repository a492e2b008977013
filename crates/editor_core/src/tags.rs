//! Tags of markup, as far as single rows tell, for what is typed faster than it is parsed and for
//! elements that have no end yet.

use std::ops::Range;

use crate::{SyntaxView, TagRules, Text};

/// How many rows up an element is looked for whose end is typed.
const MAX_ROWS_UP: usize = 1000;

/// Rows longer than this are looked at up to here.
const MAX_ROW: usize = 4096;

/// A tag in a row.
#[derive(Debug, PartialEq, Eq)]
enum Tag<'a> {
    Open(&'a str),
    Close(&'a str),
}

/// Whether a row opens an element, up to a limit, that does not end in it.
pub(crate) fn opens_element(
    text: &Text,
    row: usize,
    limit: usize,
    rules: TagRules,
    syntax: &dyn SyntaxView,
) -> bool {
    let start = text.line_start(row);
    if rules == TagRules::None || limit.saturating_sub(start) > MAX_ROW {
        return false;
    }
    let mut open = Vec::new();
    let line = text.slice(start..limit);
    for tag in tags(&line, rules, &literals(text, start..limit, syntax)) {
        match tag {
            Tag::Open(name) => open.push(name),
            Tag::Close(name) => {
                if let Some(at) = open.iter().rposition(|one| same(one, name)) {
                    open.truncate(at);
                }
            }
        }
    }
    !open.is_empty()
}

/// The row that opens the element whose end is all that stands in a row before `limit`.
pub(crate) fn row_of_element(
    text: &Text,
    row: usize,
    limit: usize,
    rules: TagRules,
    syntax: &dyn SyntaxView,
) -> Option<usize> {
    let start = text.line_start(row);
    if rules == TagRules::None || limit.saturating_sub(start) > MAX_ROW {
        return None;
    }
    let line = text.slice(start..limit);
    let name = line.trim_start().strip_prefix("</")?.strip_suffix('>')?;
    if name.trim() != name || name.contains(['<', '>']) {
        return None;
    }
    let mut inside = 0_usize;
    for above in (row.saturating_sub(MAX_ROWS_UP)..row).rev() {
        let start = text.line_start(above);
        let end = text.line_end(above).min(start + MAX_ROW);
        let end = text.floor_char_boundary(end);
        let line = text.slice(start..end);
        let tags = tags(&line, rules, &literals(text, start..end, syntax));
        for tag in tags.into_iter().rev() {
            match tag {
                Tag::Close(other) if same(other, name) => inside += 1,
                Tag::Open(other) if same(other, name) => match inside.checked_sub(1) {
                    Some(fewer) => inside = fewer,
                    None => return Some(above),
                },
                Tag::Open(_) | Tag::Close(_) => {}
            }
        }
    }
    None
}

/// The strings and comments of a part of a row, as bytes from its start.
fn literals(text: &Text, range: Range<usize>, syntax: &dyn SyntaxView) -> Vec<Range<usize>> {
    let start = range.start;
    let found = syntax.literals(text, range).into_iter();
    found
        .map(|one| one.start.saturating_sub(start)..one.end.saturating_sub(start))
        .collect()
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The tags that begin in a line, outside of strings and comments of the code around them. One that
/// goes on in the next line counts as one that opens an element; elements that end themselves count
/// as none.
fn tags<'a>(line: &'a str, rules: TagRules, literals: &[Range<usize>]) -> Vec<Tag<'a>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = line[from..].find('<').map(|at| from + at) {
        from = at + 1;
        if literals.iter().any(|literal| literal.contains(&at)) {
            continue;
        }
        let rest = &line[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            from = comment.find("-->").map_or(line.len(), |end| at + 4 + end);
            continue;
        }
        if let Some(rest) = rest.strip_prefix('/') {
            let name = &rest[..name_len(rest)];
            found.push(Tag::Close(name));
            from += 1 + name.len();
            continue;
        }
        let name = &rest[..name_len(rest)];
        let is_code = rules == TagRules::InCode;
        // What compares, or names a type's parameters, is no tag.
        let before = line[..at].chars().next_back();
        let follows_word = before.is_some_and(|one| one.is_alphanumeric() || "_)]".contains(one));
        let is_fragment = is_code && rest.starts_with('>');
        if (name.is_empty() && !is_fragment) || (is_code && follows_word) {
            continue;
        }
        let follows = &rest[name.len()..];
        let names_types = follows.starts_with([',', '=']) || follows.starts_with(" extends ");
        if is_code && names_types {
            continue;
        }
        let end = tag_end(follows, is_code).map(|end| name.len() + end);
        let inside = &rest[name.len()..end.unwrap_or(rest.len())];
        // The parameters of a type or a function: `<T>(a: T) => a`.
        if is_code && end.is_some_and(|end| rest[end + 1..].starts_with('(')) {
            continue;
        }
        from = at + 1 + end.unwrap_or(rest.len());
        let is_void = rules == TagRules::Html && VOID.iter().any(|void| same(void, name));
        if !inside.ends_with('/') && !is_void {
            found.push(Tag::Open(name));
        }
    }
    found
}

/// Elements that have no end (HTML Living Standard, section 13.1.2).
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

fn name_len(rest: &str) -> usize {
    if !rest.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        return 0;
    }
    rest.find(|one: char| !one.is_alphanumeric() && !"_-.:".contains(one))
        .unwrap_or(rest.len())
}

/// Where the `>` of a tag is, in what follows its name: outside of quotes, and of braces in code.
fn tag_end(attributes: &str, is_code: bool) -> Option<usize> {
    let mut quote = None;
    let mut braces = 0_usize;
    for (at, character) in attributes.char_indices() {
        match (character, quote) {
            (one, Some(open)) if one == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(character),
            ('{', None) if is_code => braces += 1,
            ('}', None) => braces = braces.saturating_sub(1),
            ('>', None) if braces == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str, rules: TagRules) -> String {
        let found = tags(line, rules, &[]).into_iter().map(|tag| match tag {
            Tag::Open(name) => format!("+{name}"),
            Tag::Close(name) => format!("-{name}"),
        });
        found.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tags_are_told_from_what_looks_like_them() {
        let html = |line| found(line, TagRules::Html);
        assert_eq!(html("<p class=\"a>b\">x<b>y</b>"), "+p +b -b");
        assert_eq!(html("<br><img src=x><hr/><!-- <p> --><li>"), "+li");
        assert_eq!(html("<!doctype html> 1 < 2 <p"), "+p");
        let code = |line| found(line, TagRules::InCode);
        assert_eq!(code("return <Row onClick={() => a > b}>"), "+Row");
        assert_eq!(code("const a: Array<string> = b < c && d > e;"), "");
        assert_eq!(code("(<><Icon /></>"), "+ -");
        assert_eq!(code("const f = <T,>(a: T) => a;"), "");
        assert_eq!(code("const f = <T extends A>(a: T) => a;"), "");
        assert_eq!(code("type F = <T>(a: T) => T;"), "");
    }
}
