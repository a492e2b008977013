//! Parts of strings and comments for which grammars have no nodes: escapes, the places of a format,
//! the names of type parameters. What an escape of the host stands for in a regular expression.

use std::ops::Range;

use tree_sitter::Node;

use crate::highlight::HighlightId;
use crate::parse_input::ParseInput;

/// The longest string in which parts are looked for, in bytes.
pub(crate) const MAX_STRING: usize = 16 * 1024;

/// Which parts a query asks for in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StringParts {
    Escapes,
    Formats,
    /// Names of type parameters at the start of what a tag of JSDoc says of them.
    TypeNames,
    /// Parameters of the shell that have no name, as in `$1`.
    Parameters,
}

impl StringParts {
    pub(crate) const ALL: [Self; 4] = [
        Self::Escapes,
        Self::Formats,
        Self::TypeNames,
        Self::Parameters,
    ];

    /// The name of the capture that asks for them.
    pub(crate) fn capture(self) -> &'static str {
        match self {
            Self::Escapes => "_escaped",
            Self::Formats => "_formats",
            Self::TypeNames => "_type_names",
            Self::Parameters => "_parameters",
        }
    }

    pub(crate) fn highlight(self) -> Option<HighlightId> {
        HighlightId::for_name(match self {
            Self::Escapes => "string.escape",
            Self::Formats => "string.special",
            Self::TypeNames => "type.parameter",
            Self::Parameters => "variable.builtin",
        })
    }

    /// Where they are in a string, in bytes of the input. There are no escapes in a string that may
    /// have several rows, in which a backslash means itself.
    pub(crate) fn in_string(self, string: &Node, input: &ParseInput) -> Vec<Range<usize>> {
        let whole = string.byte_range();
        let is_verbatim = self == Self::Escapes && has_three_quotes(&whole, input);
        if whole.len() > MAX_STRING || is_verbatim {
            return Vec::new();
        }
        let mut walk = string.walk();
        let contents = string.children(&mut walk);
        let contents = contents.filter(|part| part.kind() == "string_content");
        let mut contents: Vec<_> = contents.map(|part| part.byte_range()).collect();
        if string.named_child_count() == 0 || self != Self::Escapes {
            contents = vec![whole];
        }
        let mut found = Vec::new();
        for content in contents {
            let source = input.text(content.clone());
            let placed = |part: Range<usize>| content.start + part.start..content.start + part.end;
            match self {
                Self::Escapes => found.extend(escapes(&source).map(placed)),
                Self::Formats => found.extend(formats(&source).map(placed)),
                Self::TypeNames => found.extend(type_names(&source).map(placed)),
                Self::Parameters => found.extend(parameters(&source).map(placed)),
            }
        }
        found
    }
}

/// Whether a string begins with three quotes, not two of which are all of it.
pub(crate) fn has_three_quotes(string: &Range<usize>, input: &ParseInput) -> bool {
    string.len() >= 6 && input.text(string.start..string.start + 3) == "\"\"\""
}

/// The escapes in a text between quotes: `\n`, `\\`, `\x41`, `\u00e9` and `\u{e9}`. What follows the
/// backslash need be nothing that the language knows.
pub(crate) fn escapes(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find('\\')?;
        let rest = &text[start + 1..];
        let sign = rest.chars().next()?;
        let digits = rest.bytes().skip(1);
        let digits = digits.take_while(u8::is_ascii_hexdigit).count();
        let in_braces = || rest.starts_with("u{").then(|| rest.find('}')).flatten();
        let len = match sign {
            'u' if digits >= 4 => 5,
            'x' if digits >= 2 => 3,
            'u' => in_braces().map_or(1, |end| end + 1),
            _ => sign.len_utf8(),
        };
        at = start + 1 + len;
        Some(start..at)
    })
}

/// The places of a format as `printf` of C, `fmt` of Go and `%` of Python have them: `%s`, `%-5.2f`,
/// `%(name)d`. A space behind the sign is taken for the end of "100 %".
fn formats(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('%')?;
            at = start + 1;
            if let Some(len) = format_len(&text[at..]) {
                at += len;
                return Some(start..at);
            }
        }
    })
}

/// The length of what follows the sign of a format, if it is one.
fn format_len(rest: &str) -> Option<usize> {
    let mut at = match rest.strip_prefix('(') {
        Some(name) => {
            let end = name.find(|sign: char| !(sign.is_alphanumeric() || sign == '_'))?;
            name[end..].starts_with(')').then_some(end + 2)?
        }
        None => 0,
    };
    let skip = |at: &mut usize, signs: &str| {
        let behind = rest[*at..].find(|sign: char| !signs.contains(sign));
        *at = behind.map_or(rest.len(), |behind| *at + behind);
    };
    skip(&mut at, "-+#0'");
    skip(&mut at, "0123456789*");
    if rest[at..].starts_with('.') {
        at += 1;
        skip(&mut at, "0123456789*");
    }
    skip(&mut at, "hlLqjzt");
    let verb = rest[at..].chars().next()?;
    // `%t` and `%q` of Go are taken for lengths.
    let is_verb = "aAbcCdeEfFgGiInopqrsStTuUvwxX%".contains(verb);
    match is_verb {
        true => Some(at + 1),
        false => (at > 0 && "tq".contains(&rest[at - 1..at])).then_some(at),
    }
}

/// The names at the start of what `@template` of JSDoc says: `T`, `K, V`, `{string} T`, `[T=string]`.
fn type_names(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = match (text.starts_with('{'), text.find('}')) {
        (true, Some(end)) => end + 1,
        _ => 0,
    };
    std::iter::from_fn(move || {
        let is_between = |sign: char| sign == ' ' || sign == '[';
        at += text[at..].len() - text[at..].trim_start_matches(is_between).len();
        let is_of_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | '$');
        let rest = &text[at..];
        let len = rest.find(|sign| !is_of_name(sign)).unwrap_or(rest.len());
        let name = at..at + len;
        // Behind the last of them stand words.
        at = match rest[len..].trim_start().strip_prefix(',') {
            Some(behind) => text.len() - behind.len(),
            None => text.len(),
        };
        (!name.is_empty()).then_some(name)
    })
}

/// The parameters of the shell that have no name: `$1`, `$@`, `$?`. Not behind a backslash.
fn parameters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(['$', '\\'])?;
            let mut behind = text[start + 1..].chars();
            let sign = behind.next()?;
            at = start + 1 + sign.len_utf8();
            let is_parameter = sign.is_ascii_digit() || "@*#?$!-".contains(sign);
            if text[start..].starts_with('$') && is_parameter {
                return Some(start..at);
            }
            if sign == '\\' && text[start..].starts_with('$') {
                at = start + 1;
            }
        }
    })
}

/// The part of an escape that a regular expression in the string begins or goes on with: its last
/// sign where that is what it stands for, as in `\\` and `\"`, and else all of it, since regular
/// expressions have the same escapes: `\n` and `\u00e9`.
pub(crate) fn in_regex(escape: &str) -> Range<usize> {
    match escape.chars().next_back() {
        Some(last) if !last.is_ascii_alphanumeric() && last != '}' => {
            escape.len() - last.len_utf8()..escape.len()
        }
        _ => 0..escape.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_found_one_behind_another() {
        let found = |text: &'static str| -> Vec<&str> {
            escapes(text).map(|escape| &text[escape]).collect()
        };
        assert_eq!(
            found(r"a\n\\\u00e9b\u0z\é\x41\u{1F600}\"),
            [r"\n", r"\\", r"\u00e9", r"\u", r"\é", r"\x41", r"\u{1F600}"]
        );
        assert!(found("plain").is_empty());
    }

    #[test]
    fn a_regular_expression_has_what_an_escape_stands_for() {
        let part = |escape: &'static str| &escape[in_regex(escape)];
        assert_eq!(
            [r"\\", r#"\""#, r"\$", r"\é", r"\n", r"\u00e9", r"\12"].map(part),
            [r"\", "\"", "$", "é", r"\n", r"\u00e9", r"\12"]
        );
    }

    #[test]
    fn the_places_of_a_format_are_found() {
        let found =
            |text: &'static str| -> Vec<&str> { formats(text).map(|place| &text[place]).collect() };
        assert_eq!(
            found("%s %-5.2f %(name)d %+v %q %t %lu %% %*d %#x"),
            [
                "%s", "%-5.2f", "%(name)d", "%+v", "%q", "%t", "%lu", "%%", "%*d", "%#x"
            ]
        );
        assert!(found("100% sure, 5 %, %(a b)s, %é, %(, %").is_empty());
    }

    #[test]
    fn parameters_of_the_shell_are_found() {
        let found =
            |text: &'static str| -> Vec<&str> { parameters(text).map(|one| &text[one]).collect() };
        assert_eq!(
            found(r"$1 $@x $? \$2 \\$3 $a ${b} $(c) $$ $\$4 é$#"),
            ["$1", "$@", "$?", "$3", "$$", "$#"]
        );
        assert!(found("a $").is_empty() && found("\\").is_empty());
    }

    #[test]
    fn the_names_of_type_parameters_are_found() {
        let found = |text: &'static str| -> Vec<&str> {
            type_names(text).map(|name| &text[name]).collect()
        };
        assert_eq!(found("T the type, it is"), ["T"]);
        assert_eq!(found("K, Value - both"), ["K", "Value"]);
        assert_eq!(found("{string} K"), ["K"]);
        assert_eq!(found("[T=string] which"), ["T"]);
        assert!(found("- none").is_empty());
        assert!(found("").is_empty());
    }
}
