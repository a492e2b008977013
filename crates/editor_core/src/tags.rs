//! Tags of markup, as far as single rows tell, for what is typed faster than it is parsed and for
//! elements that have no end yet.

use std::ops::Range;

use crate::word::{CharClass, run_end};
use crate::{SyntaxView, TagRules, Text};

/// How many rows up an element is looked for whose end is typed.
const MAX_ROWS_UP: usize = 1000;

/// Rows longer than this are looked at up to here.
const MAX_ROW: usize = 4096;

/// How much of a text around the caret is looked at for the tags that match there, in bytes either way.
const AROUND: usize = 16 * 1024;

/// How far behind the caret an end of the element is looked for, in bytes: strings and comments are not
/// told from the rest in what lies behind [`AROUND`].
const FAR: usize = 1024 * 1024;

/// A tag in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag<'a> {
    Open(&'a str),
    Close(&'a str),
}

/// A tag with where it begins, and where it ends if it does in the row.
type Placed<'a> = (Tag<'a>, (usize, Option<usize>));

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
    let line = text.slice(start..limit);
    let tags = tags(&line, rules, &literals(text, start..limit, syntax));
    !open(&tags).is_empty()
}

/// Where the end tag begins, right behind a limit but for white space, of the innermost element that
/// a row opens up to there.
pub(crate) fn end_behind(
    text: &Text,
    row: usize,
    limit: usize,
    rules: TagRules,
    syntax: &dyn SyntaxView,
) -> Option<usize> {
    let start = text.line_start(row);
    let at = run_end(text, limit, CharClass::Space);
    if rules == TagRules::None || limit - start > MAX_ROW || text.char_at(at) != Some('<') {
        return None;
    }
    let line = text.slice(start..limit);
    let tags = tags(&line, rules, &literals(text, start..limit, syntax));
    let (name, _) = *open(&tags).last()?;
    let end = text.floor_char_boundary((at + name.len() + "</>".len()).min(text.len()));
    let tag = text.slice(at..end);
    let closed = tag.strip_prefix("</")?.strip_suffix('>')?;
    same(closed, name).then_some(at)
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
        for (tag, _) in tags.into_iter().rev() {
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

/// What a character that is typed at an offset brings behind it, so that an element has an end: behind
/// the `>` of its tag the tag that closes it, where nothing does so far, and behind `</` the name of the
/// element that is open there.
pub(crate) fn closing(
    text: &Text,
    at: usize,
    typed: char,
    rules: TagRules,
    syntax: &dyn SyntaxView,
) -> Option<String> {
    if rules == TagRules::None || !matches!(typed, '>' | '/') {
        return None;
    }
    let start = text.ceil_char_boundary(at.saturating_sub(AROUND));
    let end = text.floor_char_boundary((at + AROUND).min(text.len()));
    let before = text.slice(start..at);
    if typed == '/' && (rules != TagRules::Html || !before.ends_with('<')) {
        return None;
    }
    if syntax.literal_at(text, at).is_some() {
        return None;
    }
    let literal = literals(text, start..at, syntax);
    let mut line = before.into_owned();
    if typed == '>' {
        line.push('>');
    } else {
        line.pop();
    }
    let mut above = tags(&line, rules, &literal);
    let behind = text.slice(at..end);
    // Taken out of the text where a tag is there to be closed alone: it may be long.
    let ends_behind = |name: &str| {
        let far = text.slice(end..text.floor_char_boundary((at + FAR).min(text.len())));
        let follow = tags(&behind, rules, &literals(text, at..end, syntax));
        let near = follow.iter().map(|(tag, _)| *tag);
        unopened(near.chain(tags_of(&far, name)), name)
    };
    if typed == '/' {
        // It is put into a tag that is there.
        let goes_on = |one: char| one.is_alphanumeric() || "_-.:>".contains(one);
        if behind.starts_with(goes_on) {
            return None;
        }
        let around = open(&above);
        let (name, _) = *around.last()?;
        let same_name = around.iter().filter(|(other, _)| same(other, name));
        return (ends_behind(name) < same_name.count()).then(|| format!("{name}>"));
    }
    let (tag, (begin, end_of_tag)) = above.pop()?;
    let Tag::Open(name) = tag else { return None };
    // An arrow, or the end of code, ends no tag.
    let is_arrow = line[..at - start].ends_with(['-', '=', '?']);
    if end_of_tag != Some(line.len()) || is_arrow {
        return None;
    }
    let around = open(&above);
    // The text of an element, of which no tree is known while its tag is typed.
    let in_text = around.last().is_some_and(|(_, end)| {
        let behind = line.get(*end..begin).unwrap_or_default();
        !behind.contains(';') && behind.matches('{').count() == behind.matches('}').count()
    });
    let in_markup = || in_text || syntax.in_markup(text, start + begin);
    if rules == TagRules::InCode && !may_be_markup(&line[..begin], name, in_markup) {
        return None;
    }
    // Those around it that are open need the ends that follow, and what is left of them is its own.
    let around = around.iter().filter(|(other, _)| same(other, name));
    let around = around.count();
    match ends_behind(name) > around {
        true => None,
        false => Some(format!("</{name}>")),
    }
}

/// The elements that tags leave open, the innermost last: the name of each, and where its tag ends.
fn open<'a>(tags: &[Placed<'a>]) -> Vec<(&'a str, usize)> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (tag, (begin, end)) in tags {
        match tag {
            Tag::Open(name) => open.push((name, end.unwrap_or(*begin))),
            Tag::Close(name) => {
                if let Some(at) = open.iter().rposition(|(one, _)| same(one, name)) {
                    open.truncate(at);
                }
            }
        }
    }
    open
}

/// How many tags close an element of a name that none of them opens.
fn unopened<'a>(tags: impl Iterator<Item = Tag<'a>>, name: &str) -> usize {
    let (mut inside, mut unopened) = (0_usize, 0);
    for tag in tags {
        match tag {
            Tag::Open(other) if same(other, name) => inside += 1,
            Tag::Close(other) if same(other, name) => match inside.checked_sub(1) {
                Some(fewer) => inside = fewer,
                None => unopened += 1,
            },
            Tag::Open(_) | Tag::Close(_) => {}
        }
    }
    unopened
}

/// The tags of an element of a name in a text, comments and strings or not.
fn tags_of<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = Tag<'a>> {
    text.match_indices('<').filter_map(move |(at, _)| {
        let rest = &text[at + 1..];
        let (rest, closes) = match rest.strip_prefix('/') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let found = &rest[..name_len(rest)];
        same(found, name).then_some(match closes {
            true => Tag::Close(name),
            false => Tag::Open(name),
        })
    })
}

/// Whether a tag that stands behind some code can be that of an element, and not what compares or names
/// a type: where an expression begins, or among the text of an element.
fn may_be_markup(before: &str, name: &str, in_markup: impl FnOnce() -> bool) -> bool {
    let before = before.trim_end();
    let last = before.chars().next_back();
    let word = before
        .rsplit(|one: char| !one.is_alphanumeric() && one != '_' && one != '$')
        .next();
    let begins = match last {
        None => true,
        Some(one) if one.is_alphanumeric() || matches!(one, '_' | '$') => {
            matches!(
                word,
                Some("return" | "yield" | "await" | "default" | "case")
            )
        }
        Some(one) => !matches!(one, ')' | ']' | '"' | '\'' | '`'),
    };
    // `<T>` in front of the parameters of a function.
    let is_parameter = name.len() == 1 && name.starts_with(|one: char| one.is_ascii_uppercase());
    (begins && !is_parameter) || in_markup()
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
/// as none. With each comes where it begins, and where it ends if it does in the line.
fn tags<'a>(line: &'a str, rules: TagRules, literals: &[Range<usize>]) -> Vec<Placed<'a>> {
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
            from += 1 + name.len();
            found.push((Tag::Close(name), (at, None)));
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
            let end = end.map(|end| at + 1 + end + 1);
            found.push((Tag::Open(name), (at, end)));
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
    use crate::{LanguageRules, PlainSyntax};

    fn found(line: &str, rules: TagRules) -> String {
        let found = tags(line, rules, &[])
            .into_iter()
            .map(|(tag, _)| match tag {
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

    /// What a character that is typed at the mark brings.
    fn brings(marked: &str, typed: char, rules: TagRules) -> Option<String> {
        let at = marked.find('ˇ').unwrap();
        let text = Text::new(&marked.replace('ˇ', ""));
        let plain = PlainSyntax {
            brackets: &[],
            rules: &LanguageRules::PLAIN,
        };
        closing(&text, at, typed, rules, &plain)
    }

    #[test]
    fn the_end_of_a_tag_brings_that_of_its_element_where_there_is_none() {
        let html = |marked: &str| brings(marked, '>', TagRules::Html);
        let brought = |name: &str| Some(format!("</{name}>"));
        assert_eq!(html("<searchˇ"), brought("search"));
        assert_eq!(html("<p>a</p><a\n  href='a>b'\nˇ</p>"), brought("a"));
        assert_eq!(html("<x-row a=\"1\"ˇ\n"), brought("x-row"));
        for alone in [
            "<brˇ",
            "<img src=x /ˇ",
            "</divˇ",
            "a ˇ",
            "<!-- <b --ˇ",
            "<!doctype htmlˇ",
            "<a title='xˇ'>",
        ] {
            assert_eq!(html(alone), None, "{alone}");
        }
        // What is closed already is not closed again; what closes another element closes that.
        assert_eq!(html("<divˇ x </div>"), None);
        assert_eq!(html("<div><divˇ x </div>"), brought("div"));
        assert_eq!(html("<div><divˇ x </div></div>"), None);
        assert_eq!(html("<divˇ <div></div>"), brought("div"));
        // Also far behind it.
        let long = "<p>x</p>\n".repeat(8_000);
        assert_eq!(html(&format!("<bodyˇ\n{long}</body>")), None);
        assert_eq!(html(&format!("<divˇ\n{long}<div></div>")), brought("div"));

        let code = |marked| brings(marked, '>', TagRules::InCode);
        assert_eq!(code("return <Rowˇ;"), brought("Row"));
        assert_eq!(code("(<ˇ)"), brought(""));
        assert_eq!(code("a && <ui.Item on={() => a > b}ˇ"), brought("ui.Item"));
        assert_eq!(code("<p>word <bˇ</p>"), brought("b"));
        assert_eq!(code("<p>{a <bˇ}</p>"), None, "it compares");
        for alone in [
            "a <bˇ",
            "f(a) <bˇ",
            "let a: Array<stringˇ",
            "const f = <Tˇ",
            "<Row on={() =ˇ",
            "<Row on={a ˇ}",
        ] {
            assert_eq!(code(alone), None, "{alone}");
        }
        assert_eq!(brings("<pˇ", '>', TagRules::None), None);
    }

    #[test]
    fn a_slash_brings_the_name_of_the_element_that_is_open() {
        let html = |marked| brings(marked, '/', TagRules::Html);
        assert_eq!(html("<ul><li>a</li><ˇ").as_deref(), Some("ul>"));
        assert_eq!(html("<p>a<br><b>c<ˇ").as_deref(), Some("b>"));
        assert_eq!(html("<p>a</p><ˇ"), None);
        assert_eq!(html("<p>aˇ"), None);
        // What is closed behind it already needs no end, and what is put into a tag brings none.
        assert_eq!(html("<div>text<ˇ</div>"), None);
        assert_eq!(html("<div><div>text<ˇ</div>").as_deref(), Some("div>"));
        assert_eq!(html("<div><ˇspan>"), None);
        assert_eq!(html("<div><ˇ>"), None);
        assert_eq!(
            brings("<b><ˇ", '/', TagRules::InCode),
            None,
            "it may divide"
        );
    }
}
