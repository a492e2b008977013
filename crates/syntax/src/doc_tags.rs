//! The tags in comments that document code: `@param name`, `\return`, `<summary>`.
//!
//! They are found row by row, without a grammar: what a comment says is prose for the rest.

use std::ops::Range;

use editor_core::Text;

use crate::highlight::{HighlightId, HighlightSpan};
use crate::tree::lay_over;

/// How the tags of a language are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocTags {
    /// `@param name`, as in KDoc and Scaladoc.
    At,
    /// The same with types before the names, as in PHPDoc: `@param string $name`.
    Typed,
    /// `@param name` and `\param name`, as in Doxygen.
    Doxygen,
    /// XML, as in C#.
    Xml,
}

impl DocTags {
    /// The ones with this name in a file of `assets/languages`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "at" => Self::At,
            "typed" => Self::Typed,
            "doxygen" => Self::Doxygen,
            "xml" => Self::Xml,
            _ => return None,
        })
    }

    /// `spans` with those of the tags in what of them are comments that document code.
    pub(crate) fn in_comments(self, spans: Vec<HighlightSpan>, text: &Text) -> Vec<HighlightSpan> {
        let comments = spans
            .iter()
            .filter(|span| span.highlight.name() == "comment.documentation");
        let mut found = Vec::new();
        for comment in comments {
            let start = comment.range.start;
            let source = text.slice(comment.range.clone());
            let mut add = |range: Range<usize>, name: &str| {
                if let Some(highlight) = HighlightId::for_name(name).filter(|_| !range.is_empty()) {
                    let range = start + range.start..start + range.end;
                    found.push(HighlightSpan { range, highlight });
                }
            };
            match self {
                Self::Xml => elements(&source, &mut add),
                _ => self.tags(&source, &mut add),
            }
        }
        match found.is_empty() {
            true => spans,
            false => lay_over(spans, found),
        }
    }

    fn tags(self, source: &str, add: &mut impl FnMut(Range<usize>, &str)) {
        let is_mark = |sign: char| sign == '@' || (sign == '\\' && self == Self::Doxygen);
        let mut at = 0;
        while let Some(next) = source[at..].find(is_mark) {
            let start = at + next;
            let name_end = end_of(source, start + 1, |sign| {
                sign.is_ascii_alphanumeric() || sign == '-'
            });
            let name = &source[start + 1..name_end];
            // In `a@b.c` and in a path there is none.
            let before = source[..start].chars().next_back();
            let stands_alone =
                before.is_none_or(|sign| sign.is_whitespace() || "*{(/".contains(sign));
            at = start + 1;
            if !stands_alone || !name.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
                continue;
            }
            add(start..name_end, "attribute");
            at = self.named_by(name, source, name_end, add);
        }
    }

    /// Adds what a tag is about, which stands behind it; where that ends.
    fn named_by(
        self,
        tag: &str,
        source: &str,
        from: usize,
        add: &mut impl FnMut(Range<usize>, &str),
    ) -> usize {
        let names_parameter = matches!(
            tag,
            "param" | "tparam" | "property" | "property-read" | "property-write" | "retval" | "p"
        );
        let names_type = matches!(tag, "exception" | "see" | "throws" | "throw" | "ref" | "sa");
        let is_typed = self == Self::Typed && (names_parameter || matches!(tag, "return" | "var"));
        let mut at = from;
        if self == Self::Doxygen && source[at..].starts_with('[') {
            at = end_of(source, at, |sign| !matches!(sign, ']' | '\n'));
            at += usize::from(source[at..].starts_with(']'));
        }
        let mut word = match is_typed {
            true => typed_word(source, at),
            false => word(source, at),
        };
        let is_name = |word: &Range<usize>| source[word.clone()].contains('$');
        if (is_typed && !is_name(&word)) || names_type {
            add(word.clone(), "type");
            at = word.end;
            word = self::word(source, at);
            if !is_typed || !is_name(&word) {
                return at;
            }
        }
        if names_parameter || is_typed {
            add(word.clone(), "variable.parameter");
            at = word.end;
        }
        at
    }
}

/// The next word in the row, without what ends a sentence.
fn word(source: &str, from: usize) -> Range<usize> {
    let start = end_of(source, from, |sign| matches!(sign, ' ' | '\t'));
    let end = end_of(source, start, |sign| !sign.is_whitespace() && sign != '}');
    let word = source[start..end].trim_end_matches([',', '.', ';', ':']);
    // The end of the comment is no word.
    let word = word.strip_suffix("*/").unwrap_or(word);
    start..start + word.len()
}

/// The next type in the row, which may have blanks in brackets, behind the colon of a result and
/// around the signs of unions and intersections: `array<string, int>`, `callable(int): bool`, `A | B`.
fn typed_word(source: &str, from: usize) -> Range<usize> {
    let start = end_of(source, from, |sign| matches!(sign, ' ' | '\t'));
    let mut depth = 0_usize;
    let mut before = ' ';
    // Whether the sign before is the colon of what a call gives.
    let mut is_result = false;
    let mut end = start;
    for (at, sign) in source[start..].char_indices() {
        let at = start + at;
        match sign {
            '<' | '(' | '[' | '{' => depth += 1,
            '>' | ')' | ']' | '}' if depth > 0 => depth -= 1,
            '\n' | '}' => break,
            ' ' | '\t' if depth > 0 || is_result => {}
            ' ' | '\t' => {
                let next = source[at..].trim_start_matches([' ', '\t']);
                // What is handed over by reference is no intersection.
                let by_reference = next.starts_with("&$") || next.starts_with("&...");
                let joins = next.starts_with(['|', '&']) && !by_reference;
                if !joins && !matches!(before, '|' | '&') {
                    break;
                }
            }
            _ => {}
        }
        if !matches!(sign, ' ' | '\t') {
            is_result = sign == ':' && before == ')';
            before = sign;
        }
        end = at + sign.len_utf8();
    }
    if depth > 0 {
        return word(source, from);
    }
    let found = source[start..end].trim_end_matches([',', '.', ';', ':', ' ', '\t']);
    let found = found.strip_suffix("*/").unwrap_or(found);
    start..start + found.len()
}

/// Where signs of a kind end that begin at an offset.
fn end_of(source: &str, from: usize, is: impl Fn(char) -> bool) -> usize {
    let rest = source.get(from..).unwrap_or_default();
    from + rest.find(|sign| !is(sign)).unwrap_or(rest.len())
}

/// Adds the tags of XML.
fn elements(source: &str, add: &mut impl FnMut(Range<usize>, &str)) {
    let is_of_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.' | ':');
    let mut at = 0;
    while let Some(next) = source[at..].find('<') {
        let open = at + next;
        let name_start = open + 1 + usize::from(source[open + 1..].starts_with('/'));
        let name_end = end_of(source, name_start, is_of_name);
        at = name_end;
        if name_end == name_start {
            continue;
        }
        add(open..name_start, "punctuation.bracket");
        add(name_start..name_end, "tag");
        while let Some(sign) = source[at..].chars().next() {
            let end = match sign {
                // What is cut at a row shows what the whole does.
                '<' | '\n' => break,
                '>' | '/' => {
                    add(at..at + 1, "punctuation.bracket");
                    at + 1
                }
                '=' => {
                    add(at..at + 1, "operator");
                    at + 1
                }
                '"' | '\'' => {
                    let end = end_of(source, at + 1, |inside| inside != sign && inside != '\n');
                    let end = end + usize::from(source[end..].starts_with(sign));
                    add(at..end, "string");
                    end
                }
                _ if is_of_name(sign) => {
                    let end = end_of(source, at, is_of_name);
                    add(at..end, "attribute");
                    end
                }
                _ => at + sign.len_utf8(),
            };
            at = end;
            if sign == '>' {
                break;
            }
        }
    }
}
