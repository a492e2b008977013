//! What dialects of SQL write that the grammar does not know, in the form that it does.
//!
//! Names in brackets of SQL Server (`[Order Details]`) and names in double quotes, which the grammar
//! takes for strings in most places, are read as names in backquotes, and comments of MySQL behind
//! `#` as comments behind `--`. All of these signs are others elsewhere: those of an array, of
//! operators of PostgreSQL, of strings of MySQL. Those stay.

use std::ops::Range;

use editor_core::Text;

use crate::highlight::HighlightSpan;
use crate::mend::Patch;
use crate::parse_input::ParseInput;
use crate::string_parts::escapes;

/// The longest name in brackets, in bytes: SQL Server has 128 signs.
const MAX_NAME: usize = 512;

/// Words that only MySQL and what is made after it have.
const OF_MYSQL: [&str; 2] = ["delimiter", "auto_increment"];

/// Behind so many strings and comments without an end no others are looked for.
const MAX_MISSING: usize = 32;

/// What is read in the place of some bytes of a text, in order. In a string of another language line
/// breaks may be escapes.
pub(crate) fn patches(input: &ParseInput<'_>, in_string: bool) -> Vec<Patch> {
    let is_wanted = |byte: &u8| match byte {
        b'#' | b'[' | b'"' => true,
        b'\\' | b'{' => in_string,
        _ => false,
    };
    // Most texts have neither, and are not put together.
    let mut at = 0;
    loop {
        let chunk = input.chunk(at);
        if chunk.is_empty() {
            return Vec::new();
        }
        if chunk.iter().any(is_wanted) {
            let source = input.text(0..input.range.len());
            return match in_string {
                true => in_escapes(&source),
                false => patches_of(&source),
            };
        }
        at += chunk.len();
    }
}

/// Whether an escape stands for white space.
pub(crate) fn is_blank(escape: &str) -> bool {
    matches!(escape, "\\n" | "\\r" | "\\t")
}

/// Whether a text begins with code of the host, which gives a value or a name: `${a}`, `#{a}` or `{a}`.
pub(crate) fn is_code(text: &str) -> bool {
    let code = text.strip_prefix(['$', '#']).unwrap_or(text);
    let code = code.strip_prefix('{');
    code.is_some_and(|code| !code.starts_with('}'))
}

/// `spans` without those of the names that code of the host is read as.
pub(crate) fn without_code(mut spans: Vec<HighlightSpan>, text: &Text) -> Vec<HighlightSpan> {
    spans.retain(|span| !matches!(&*text.slice(span.range.clone()), "$" | "#" | "{"));
    spans
}

/// The same where escapes stand for white space and code for names.
fn in_escapes(source: &str) -> Vec<Patch> {
    let mut read = source.to_owned();
    let mut patches = Vec::new();
    for escape in escapes(source).filter(|escape| is_blank(&source[escape.clone()])) {
        let is_line = source[escape.clone()].ends_with('n');
        let (at, blank) = (escape.start, if is_line { "\n " } else { "  " });
        read.replace_range(escape, blank);
        patches.push(Patch::new(at, if is_line { b"\n" } else { b" " }));
        patches.push(Patch::blank(at + 1));
    }
    let begins_code = |at: usize| is_code(&source[at..]);
    let code: Vec<usize> = (source.match_indices(['$', '#', '{']))
        .filter(|(at, _)| begins_code(*at))
        // The brace behind a sign is part of the same.
        .filter(|(at, sign)| *sign != "{" || !source[..*at].ends_with(['$', '#']))
        .map(|(at, _)| at)
        .collect();
    for at in code {
        // A name may stand wherever a value or a table does.
        read.replace_range(at..at + 1, "x");
        patches.push(Patch::new(at, b"x"));
    }
    patches.extend(patches_of(&read));
    patches.sort_by_key(|patch| patch.at);
    patches
}

fn patches_of(source: &str) -> Vec<Patch> {
    let bytes = source.as_bytes();
    let mut reader = Reader {
        bytes,
        missing: Vec::new(),
    };
    let mut lists = Lists::default();
    let mut patches = Vec::new();
    let name = |patches: &mut Vec<Patch>, open: usize, end: usize| {
        patches.push(Patch::new(open, b"`"));
        patches.push(Patch::new(end - 1, b"`"));
    };
    // What are strings if the text turns out to have them in double quotes.
    let mut guessed = Vec::new();
    let mut quotes_strings = false;
    let mut at = 0;
    // The sign or the word that stands before, blanks aside.
    let mut before: &[u8] = &[];
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at = match byte {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' => match reader.past(at + 1, b"\"") {
                Some(end) if !lists.has_value(before) || is_part(bytes, start..end) => {
                    if !bytes[start..end].contains(&b'`') {
                        let is_part = is_part(bytes, start..end);
                        let names = if is_part { &mut patches } else { &mut guessed };
                        name(names, start, end);
                    }
                    end
                }
                end => end.unwrap_or(at + 1),
            },
            b'\'' | b'`' => {
                let end = reader.past(at + 1, &[*byte]);
                quotes_strings |= *byte == b'`' && end.is_some();
                end.unwrap_or(at + 1)
            }
            b'-' if bytes[at..].starts_with(b"--") => {
                at = reader.row_end(at);
                continue;
            }
            b'/' if bytes[at..].starts_with(b"/*") => {
                at = reader.past(at + 2, b"*/").unwrap_or(at + 2);
                continue;
            }
            b'$' => reader.past_dollar_quote(at),
            b'#' if is_comment(source, at) => {
                patches.push(Patch::new(at, b"-"));
                patches.push(Patch::new(at + 1, b"-"));
                at = reader.row_end(at);
                continue;
            }
            b'[' => match bracketed(source, at) {
                Some(inside) => {
                    name(&mut patches, inside.start - 1, inside.end + 1);
                    inside.end + 1
                }
                None => at + 1,
            },
            b'(' => {
                lists.open(before);
                at + 1
            }
            b')' => {
                lists.close();
                at + 1
            }
            byte if is_of_word(byte) => {
                let word = bytes[at..].iter().take_while(|byte| is_of_word(byte));
                let end = at + word.count();
                let is = |word: &&str| bytes[at..end].eq_ignore_ascii_case(word.as_bytes());
                quotes_strings |= OF_MYSQL.iter().any(is);
                end
            }
            _ => at + 1,
        };
        before = &bytes[start..at];
    }
    if !quotes_strings && !guessed.is_empty() {
        patches.append(&mut guessed);
        patches.sort_unstable_by_key(|patch| patch.at);
    }
    patches
}

fn is_of_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii()
}

/// Whether a name in quotes is a part of a longer one: `"a"."b"`.
fn is_part(bytes: &[u8], name: Range<usize>) -> bool {
    (name.start > 0 && bytes[name.start - 1] == b'.') || bytes.get(name.end) == Some(&b'.')
}

/// The lists that are open, to tell the values of `VALUES ("a", "b")` from names.
#[derive(Default)]
struct Lists {
    /// Whether each is one of values.
    open: Vec<bool>,
    /// Whether the one that was closed last was.
    closed: bool,
}

impl Lists {
    fn open(&mut self, before: &[u8]) {
        let word = before.to_ascii_lowercase();
        let is_list = matches!(&word[..], b"values" | b"in" | b"value");
        let goes_on = matches!(before, b"," | b"(");
        let outer = self.open.last().copied().unwrap_or(self.closed);
        self.open.push(is_list || (goes_on && outer));
    }

    fn close(&mut self) {
        self.closed = self.open.pop().unwrap_or_default();
    }

    /// Whether a string stands behind a sign or a word: for MySQL double quotes are those of strings,
    /// and nobody compares two columns without saying whose they are.
    fn has_value(&self, before: &[u8]) -> bool {
        match before {
            b"=" | b"<" | b">" => true,
            b"," | b"(" => self.open.last().copied().unwrap_or_default(),
            word => matches!(
                &word.to_ascii_lowercase()[..],
                b"like" | b"ilike" | b"rlike" | b"regexp" | b"default" | b"comment" | b"separator"
            ),
        }
    }
}

/// Finds the ends of strings and comments.
struct Reader<'a> {
    bytes: &'a [u8],
    /// Marks that do not come any more, so that no text is searched to its end again and again.
    missing: Vec<Box<[u8]>>,
}

impl Reader<'_> {
    /// The end of a mark at or behind an offset.
    fn past(&mut self, from: usize, mark: &[u8]) -> Option<usize> {
        let is_missing = self.missing.iter().any(|missing| **missing == *mark);
        if is_missing || self.missing.len() >= MAX_MISSING {
            return None;
        }
        let rest = self.bytes.get(from..)?;
        let found = rest.windows(mark.len()).position(|part| part == mark);
        if found.is_none() {
            self.missing.push(mark.into());
        }
        found.map(|found| from + found + mark.len())
    }

    /// Where the row of an offset ends.
    fn row_end(&self, from: usize) -> usize {
        let rest = self.bytes[from..].iter();
        from + rest.take_while(|byte| **byte != b'\n').count()
    }

    /// The end of a text between marks such as `$$` and `$body$`, or of the sign alone.
    fn past_dollar_quote(&mut self, at: usize) -> usize {
        let bytes = self.bytes;
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let name = bytes[at + 1..].iter().take(MAX_NAME);
        let open = at + 1 + name.take_while(|byte| is_of_name(byte)).count();
        // `$1` is a parameter, and a sign in a name begins nothing.
        let begins = bytes.get(open) == Some(&b'$')
            && !bytes[at + 1].is_ascii_digit()
            && !(at > 0 && is_of_name(&bytes[at - 1]));
        match begins {
            true => self.past(open + 1, &bytes[at..=open]).unwrap_or(open + 1),
            false => at + 1,
        }
    }
}

/// Whether the sign at an offset begins a comment: in a row of its own or behind what ends a
/// statement or a part of it, and with something that no operator and no name goes on with.
pub(crate) fn is_comment(source: &str, at: usize) -> bool {
    let before = source[..at].trim_end_matches([' ', '\t']);
    let stands_alone = before.is_empty() || before.ends_with(['\n', ';', ',', '(']);
    let next = source[at + 1..].chars().next();
    stands_alone && next.is_some_and(|next| matches!(next, ' ' | '\t' | '#' | '!' | '=' | '*'))
}

/// The name in the bracket at an offset. An array comes right behind a name or another bracket, or
/// behind the word for it, and its parts are no name.
fn bracketed(source: &str, at: usize) -> Option<Range<usize>> {
    let before = &source[..at];
    let is_of_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let is_value = |sign: char| is_of_word(sign) || matches!(sign, ']' | ')' | '"' | '\'');
    let word = before.trim_end().as_bytes();
    let word = &word[word.len().saturating_sub(5)..];
    if before.ends_with(is_value) || word.eq_ignore_ascii_case(b"array") {
        return None;
    }
    let rest = &source[at + 1..];
    let end = rest.bytes().take(MAX_NAME).position(|byte| byte == b']')?;
    let name = &rest[..end];
    let begins = name.starts_with(|sign: char| sign.is_alphabetic() || sign == '_');
    let is_name = |sign: char| {
        is_of_word(sign) || matches!(sign, ' ' | '-' | '.' | '/' | '&' | '$' | '#' | '@')
    };
    (begins && name.chars().all(is_name)).then_some(at + 1..at + 1 + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text as the grammar reads it.
    fn read(source: &str) -> String {
        read_in(source, false)
    }

    fn read_in(source: &str, in_string: bool) -> String {
        let text = Text::from(source);
        let input = ParseInput::new(&text, 0..text.len());
        let patches = patches(&input, in_string);
        let mut read = Vec::new();
        loop {
            let chunk = crate::mend::patched_chunk(&input, read.len(), &patches);
            if chunk.is_empty() {
                return String::from_utf8(read).unwrap();
            }
            read.extend_from_slice(chunk);
        }
    }

    #[test]
    fn names_are_names_in_backquotes() {
        assert_eq!(
            read("SELECT [a b], t.[c] FROM [dbo].[T]"),
            "SELECT `a b`, t.`c` FROM `dbo`.`T`"
        );
        assert_eq!(
            read("INSERT INTO \"a\" (\"b\", c) VALUES (\"d\", f(\"e\")), (\"g\", \"h\")"),
            "INSERT INTO `a` (`b`, c) VALUES (\"d\", f(`e`)), (\"g\", \"h\")"
        );
        assert_eq!(
            read(
                "SELECT \"a\" WHERE \"b\" = \"c\" AND \"d\".e = \"f\".\"g\" OR h LIKE \"i\" OR \"j\" IN (\"k\")"
            ),
            "SELECT `a` WHERE `b` = \"c\" AND `d`.e = `f`.`g` OR h LIKE \"i\" OR `j` IN (\"k\")"
        );
        for same in [
            "SELECT CONCAT(\"a\", b), \"c\" FROM `d`",
            "DELIMITER //\nSELECT IFNULL(a, \"b\")",
            "SELECT a[1], b[i], (c)[d], '[e]', `[f]`, '{}'::int[], e[1:2]",
            "SELECT ARRAY[a], array [b], [1, 2], ['a'] -- [b]\n/* [c] */ $$ [d] $$, $x$ [e] $x$",
            "SELECT [a",
        ] {
            assert_eq!(read(same), same);
        }
    }

    #[test]
    fn a_backquote_without_an_end_or_in_a_comment_says_nothing_of_other_quotes() {
        assert_eq!(read("SELECT \"a\" -- `b`"), "SELECT `a` -- `b`");
        assert_eq!(read("SELECT \"a\", `b"), "SELECT `a`, `b");
    }

    #[test]
    fn in_a_string_line_breaks_may_be_escapes() {
        let source = r"-- sql\nSELECT\t[a] FROM b\n# c\nWHERE d = 'e'";
        assert_eq!(
            read_in(source, true),
            "-- sql\n SELECT  `a` FROM b\n --c\n WHERE d = 'e'"
        );
        assert_eq!(read(r"\t a\n"), r"\t a\n");
    }

    #[test]
    fn a_sign_in_a_row_of_its_own_begins_a_comment() {
        assert_eq!(
            read("# one's\nSELECT 1; # two\n  ## three\n"),
            "--one's\nSELECT 1; --two\n  -- three\n"
        );
        for same in [
            "SELECT a # b, c #> d, e #>> '{f}', g #- h FROM #temp",
            "SELECT '# a', `# b` -- # c",
            "a\n#>> b",
        ] {
            assert_eq!(read(same), same);
        }
    }
}
