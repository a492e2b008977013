//! The words of a heading of Markdown without its marks, as a reader sees them (CommonMark, sections
//! 2.4, 2.5 and 6): those of code, emphasis, links, elements and characters. Made for texts of a line.

/// The elements of HTML in a line whose tags are left out. Others may be what is written about:
/// `Vec<T>` or, in capitals, `List<A>`, and `<name>`.
const INLINE_ELEMENTS: [&str; 27] = [
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
];

/// The names of characters that are read.
const CHARACTERS: [(&str, char); 14] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("hellip", '…'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("larr", '←'),
    ("rarr", '→'),
];

/// The words of a heading that is marked with `#` without the marks that may close it (CommonMark,
/// section 4.2). All of it if there is nothing else.
pub(crate) fn without_closing_marks(heading: &str) -> &str {
    let heading = heading.trim_end();
    let words = heading.trim_end_matches('#');
    match words.trim_end() {
        shorter if !shorter.is_empty() && shorter.len() < words.len() => shorter,
        _ => heading,
    }
}

/// The rows of an underlined heading in one line, without the marks of the quote that they may stand
/// in. Its first row begins behind them.
pub(crate) fn without_quote_marks(heading: &str) -> String {
    let mut rows = heading.lines();
    let first = rows.next().into_iter();
    let rows = rows.map(|row| row.trim_start_matches([' ', '\t', '>']));
    let words = first.chain(rows).flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ")
}

/// The text between and without the marks of an inline text.
pub(crate) fn plain(source: &str) -> String {
    let mut plain = String::with_capacity(source.len());
    // Where emphasis that is open ends, past its mark.
    let mut ends: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(sign) = source[at..].chars().next() {
        let rest = &source[at..];
        if let Some(place) = ends.iter().position(|(end, _)| *end == at) {
            at += ends.swap_remove(place).1;
            continue;
        }
        let run = run_of(rest, sign);
        let next = rest[sign.len_utf8()..].chars().next();
        at += match sign {
            '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => {
                plain.extend(next);
                2
            }
            '`' => match code_end(rest, run) {
                Some(end) => {
                    plain.push_str(rest[run..end].trim());
                    end + run
                }
                None => {
                    plain.push_str(&rest[..run]);
                    run
                }
            },
            '!' if next == Some('[') && link(&rest[1..]).is_some() => 1,
            '[' => match link(rest) {
                Some((text, len)) => {
                    plain.push_str(&self::plain(text));
                    len
                }
                None => {
                    plain.push(sign);
                    1
                }
            },
            '*' | '_' | '~' => match emphasis_end(source, at, run) {
                Some(end) => {
                    ends.push((end, run));
                    run
                }
                None => {
                    plain.push_str(&rest[..run]);
                    run
                }
            },
            '&' => match character(rest) {
                Some((character, len)) => {
                    plain.push(character);
                    len
                }
                None => {
                    plain.push(sign);
                    1
                }
            },
            '<' => tag_len(rest).unwrap_or_else(|| {
                plain.push(sign);
                1
            }),
            sign => {
                plain.push(sign);
                sign.len_utf8()
            }
        };
    }
    plain
}

/// The character that a text begins with the name or number of (`&amp;`, `&#35;`, `&#x23;`), and how
/// long that is.
fn character(text: &str) -> Option<(char, usize)> {
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let found = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(number) => u32::from_str_radix(number, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?).filter(|found| !found.is_control())?
        }
        None => CHARACTERS.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((found, name.len() + 2))
}

/// How long the tag of an element in a line is that a text begins with.
fn tag_len(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix('<')?.split_once('>')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let len = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_whole = matches!(name.as_bytes().get(len), None | Some(b' ' | b'/'));
    (is_whole && INLINE_ELEMENTS.contains(&&name[..len])).then_some(inside.len() + 2)
}

/// How many bytes of one sign a text begins with.
fn run_of(text: &str, sign: char) -> usize {
    text.len() - text.trim_start_matches(sign).len()
}

/// Where the mark is that ends the code which a text begins with.
fn code_end(text: &str, run: usize) -> Option<usize> {
    let mut at = run;
    loop {
        at += text[at..].find('`')?;
        let found = run_of(&text[at..], '`');
        if found == run {
            return Some(at);
        }
        at += found;
    }
}

/// The text of the link that a text begins with, and the length of all of it.
fn link(text: &str) -> Option<(&str, usize)> {
    let end = closing(text, '[', ']')?;
    let inside = &text[1..end];
    let behind = &text[end + 1..];
    let target = match behind.chars().next()? {
        '(' => closing(behind, '(', ')')?,
        '[' => closing(behind, '[', ']')?,
        _ => return None,
    };
    Some((inside, end + 1 + target + 1))
}

/// Where the bracket is closed that a text begins with.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, sign) in text.char_indices() {
        if is_escaped {
            is_escaped = false;
        } else if sign == '\\' {
            is_escaped = true;
        } else if sign == open {
            depth += 1;
        } else if sign == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Where the mark is that ends the emphasis which a mark at an offset begins, if it begins any: those
/// of words stand right at these, and `_` in a word is a part of it.
fn emphasis_end(source: &str, at: usize, run: usize) -> Option<usize> {
    let mark = &source[at..at + run];
    let is_word = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
    let is_blank = |sign: Option<char>| sign.is_none_or(char::is_whitespace);
    let begins = |at: usize| {
        let before = source[..at].chars().next_back();
        let goes_on = mark.starts_with('_') && is_word(before);
        !goes_on && !is_blank(source[at + run..].chars().next())
    };
    let ends = |at: usize| {
        let behind = source[at + run..].chars().next();
        let goes_on = mark.starts_with('_') && is_word(behind);
        !goes_on && !is_blank(source[..at].chars().next_back())
    };
    if run > 3 || !begins(at) {
        return None;
    }
    let from = at + run;
    let marks = source[from..].match_indices(mark).map(|(at, _)| from + at);
    let sign = mark.chars().next()?;
    let mut whole = marks
        .filter(|at| run_of(&source[*at..], sign) == run && !source[..*at].ends_with([sign, '\\']));
    whole.find(|at| ends(*at))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn marks_of_words_are_left_out() {
        for (source, shown) in [
            ("**Bold** and *not*, __b__ _c_ ~~d~~", "Bold and not, b c d"),
            ("`code` of ``a ` b``", "code of a ` b"),
            ("[A *link*](http://b.c/d(e)) to [f][g]", "A link to f"),
            ("![Picture](a.png) 1", "Picture 1"),
            ("***all*** of **a *b* c**", "all of a b c"),
            (r"\*not\* `\*`", r"*not* \*"),
            ("a &amp; b&#35; &#x43; `&lt;`", "a & b# C &lt;"),
            ("<b>a</b> <span id=\"x\">b</span><br/>", "a b"),
        ] {
            assert_eq!(plain(source), shown, "{source}");
        }
        for same in [
            "snake_case_name 2 * 3 * 4",
            "a[0] and [x]",
            "*",
            "`",
            "a ** b",
            "é*",
            "[",
            "__init__x",
            "a & b; &what; &#xffffffff; &#0; &",
            "Vec<T> A<B> <name> a < b > c",
        ] {
            assert_eq!(plain(same), same);
        }
    }
}
