//! Vim's patterns in terms of the `regex` crate.
//!
//! What is offered of `:help pattern`: the magic characters `. * ^ $ [] ~`-less, `\+ \= \? \{n,m}`,
//! `\(\) \%(\) \|`, `\< \>`, `\s \S \d \D \w \W \a \l \u \x \n \t`, `\c \C`, `\v` (very magic) and
//! `\V` (very nomagic). Back references and look-around are not, and are refused with a message.

use regex::{Regex, RegexBuilder};

use crate::Vim;

#[derive(Clone, Copy, PartialEq)]
enum Magic {
    Very,
    Usual,
    Nothing,
}

/// A pattern of Vim as one of `regex`, and whether it minds case.
pub(crate) fn compile(pattern: &str, ignore_case: bool, smart_case: bool) -> Result<Regex, String> {
    let mut magic = Magic::Usual;
    let mut out = String::new();
    let mut case = None;
    let mut characters = pattern.chars().peekable();
    let mut at_start = true;
    while let Some(character) = characters.next() {
        let (special, name) = if character == '\\' {
            let Some(next) = characters.next() else {
                out.push_str(r"\\");
                break;
            };
            let special = match magic {
                Magic::Very => next.is_ascii_alphanumeric(),
                Magic::Usual => {
                    !matches!(next, '.' | '*' | '[' | ']' | '^' | '$' | '~' | '/' | '\\')
                }
                Magic::Nothing => !matches!(next, '\\' | '/'),
            };
            (special, next)
        } else {
            let special = match magic {
                Magic::Very => {
                    !character.is_alphanumeric()
                        && !matches!(
                            character,
                            ' ' | '_'
                                | '/'
                                | '"'
                                | '\''
                                | ','
                                | ';'
                                | ':'
                                | '-'
                                | '!'
                                | '`'
                                | '#'
                                | ']'
                        )
                        && character.is_ascii()
                }
                Magic::Usual => matches!(character, '.' | '*' | '[' | '$' | '^' | '~'),
                Magic::Nothing => matches!(character, '$' | '^'),
            };
            (special, character)
        };
        let first = std::mem::take(&mut at_start);
        if !special {
            out.push_str(&regex::escape(name.encode_utf8(&mut [0; 4])));
            continue;
        }
        match name {
            'v' => {
                magic = Magic::Very;
                at_start = first;
            }
            'm' => magic = Magic::Usual,
            'V' => {
                magic = Magic::Nothing;
                at_start = first;
            }
            'c' => {
                case = Some(true);
                at_start = first;
            }
            'C' => {
                case = Some(false);
                at_start = first;
            }
            '.' => out.push_str("[^\\n]"),
            '*' if first => out.push_str(r"\*"),
            '*' => out.push('*'),
            '+' => out.push('+'),
            '=' | '?' => out.push('?'),
            '(' => {
                out.push('(');
                at_start = true;
            }
            ')' => out.push(')'),
            '|' => {
                out.push('|');
                at_start = true;
            }
            '%' => match characters.next() {
                Some('(') => out.push_str("(?:"),
                _ => return Err(format!("E71: Invalid character after %: {pattern}")),
            },
            '{' => {
                let mut inside = String::new();
                for next in characters.by_ref() {
                    if next == '}' {
                        break;
                    }
                    if next != '\\' {
                        inside.push(next);
                    }
                }
                let (lazy, bounds) = match inside.strip_prefix('-') {
                    Some(rest) => ("?", rest),
                    None => ("", inside.as_str()),
                };
                match bounds {
                    "" | "," => out.push('*'),
                    bounds if bounds.starts_with(',') => out.push_str(&format!("{{0{bounds}}}")),
                    bounds => out.push_str(&format!("{{{bounds}}}")),
                }
                out.push_str(lazy);
            }
            '^' if first => {
                out.push_str("(?m:^)");
                at_start = true;
            }
            '^' => out.push_str(r"\^"),
            '$' => {
                let rest: String = characters.clone().take(2).collect();
                if rest.is_empty()
                    || rest.starts_with("\\|")
                    || rest.starts_with("\\)")
                    || rest.starts_with("\\n")
                    || (magic == Magic::Very && (rest.starts_with('|') || rest.starts_with(')')))
                {
                    out.push_str("(?m:$)");
                } else {
                    out.push_str(r"\$");
                }
            }
            '<' => out.push_str(r"\b{start}"),
            '>' => out.push_str(r"\b{end}"),
            's' => out.push_str(r"[ \t]"),
            'S' => out.push_str(r"[^ \t\n]"),
            'd' => out.push_str("[0-9]"),
            'D' => out.push_str("[^0-9\\n]"),
            'w' => out.push_str("[0-9A-Za-z_]"),
            'W' => out.push_str("[^0-9A-Za-z_\\n]"),
            'a' => out.push_str("[A-Za-z]"),
            'l' => out.push_str("[a-z]"),
            'u' => out.push_str("[A-Z]"),
            'x' => out.push_str("[0-9A-Fa-f]"),
            'n' => out.push_str(r"\n"),
            't' => out.push_str(r"\t"),
            '[' => bracket(&mut characters, &mut out),
            other if !other.is_ascii_alphanumeric() => {
                out.push_str(&regex::escape(other.encode_utf8(&mut [0; 4])))
            }
            other => {
                return Err(format!(
                    "E486: \\{other} is not offered in patterns: {pattern}"
                ));
            }
        }
    }
    let ignore =
        case.unwrap_or(ignore_case && !(smart_case && pattern.chars().any(char::is_uppercase)));
    RegexBuilder::new(&out)
        .case_insensitive(ignore)
        .multi_line(false)
        .size_limit(1 << 24)
        .build()
        .map_err(|_| format!("E486: Invalid pattern: {pattern}"))
}

fn bracket(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    let rest: String = characters.clone().collect();
    let skip = usize::from(rest.starts_with('^')) + 1;
    let closes = rest.char_indices().skip(skip).any(|(_, c)| c == ']');
    if !closes {
        out.push_str(r"\[");
        return;
    }
    out.push('[');
    let mut first = true;
    if characters.peek() == Some(&'^') {
        characters.next();
        out.push_str("^\\n");
    }
    while let Some(character) = characters.next() {
        match character {
            ']' if !first => break,
            '\\' => match characters.next() {
                Some(next) if matches!(next, 'n' | 't' | 'r') => {
                    out.push('\\');
                    out.push(next);
                }
                Some(next) => out.push_str(&regex::escape(next.encode_utf8(&mut [0; 4]))),
                None => {}
            },
            '-' => out.push('-'),
            '[' if characters.peek() == Some(&':') => {
                out.push('[');
                for next in characters.by_ref() {
                    out.push(next);
                    if next == ']' {
                        break;
                    }
                }
            }
            other => {
                if "[]&~^\\".contains(other) {
                    out.push('\\');
                }
                out.push(other);
            }
        }
        first = false;
    }
    out.push(']');
}

impl Vim {
    pub(crate) fn regex(&self, pattern: &str) -> Result<Regex, String> {
        compile(pattern, self.options.ignorecase, self.options.smartcase)
    }
}
