use std::collections::HashSet;

use super::transform::{FormatPart, GroupFormat, Transform};
use super::{Part, Snippet};
use crate::editing::with_line_feeds;
use crate::find::PatternError;

/// The longest snippet, in bytes.
pub const MAX_SNIPPET: usize = 64 * 1024;

/// How deep placeholders may be nested.
pub const MAX_NESTING: usize = 32;

/// Digits of a tab stop's number.
const MAX_DIGITS: usize = 6;

/// Why a snippet cannot be used; the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnippetError {
    /// It is longer than [`MAX_SNIPPET`].
    #[error("the snippet is {0} bytes long; use at most {MAX_SNIPPET}")]
    TooLong(usize),
    /// Placeholders are nested deeper than [`MAX_NESTING`].
    #[error("the snippet nests placeholders more than {MAX_NESTING} deep; take some apart")]
    TooDeep,
    /// Mirrors and variables would make too much text of it.
    #[error(
        "the snippet grows too large where it is put in; use fewer mirrors of long placeholders"
    )]
    TooLarge,
    /// The regular expression of a transform is not valid.
    #[error("the transform /{regex}/ cannot be used: {error}")]
    Transform {
        /// The regular expression.
        regex: String,
        /// What is wrong with it.
        error: PatternError,
    },
}

impl Snippet {
    /// Reads a snippet. What does not follow the grammar is taken as text.
    ///
    /// # Errors
    /// [`SnippetError`], where it is over a bound or has an invalid regular expression.
    pub fn parse(source: &str) -> Result<Self, SnippetError> {
        if source.len() > MAX_SNIPPET {
            return Err(SnippetError::TooLong(source.len()));
        }
        let source = with_line_feeds(source);
        let mut parser = Parser {
            source: &source,
            at: 0,
            depth: 0,
            failed: HashSet::new(),
        };
        let parts = parser.parts(|_| false)?;
        Ok(Self { parts })
    }

    /// A snippet that is this text and nothing else.
    pub fn plain(text: &str) -> Self {
        let text = with_line_feeds(text);
        let parts = match text.is_empty() {
            true => Vec::new(),
            false => vec![Part::Text(text.into_owned())],
        };
        Self { parts }
    }
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    /// Where a `$` is known to begin nothing: an attempt reads ahead to the end of the snippet, so
    /// each is made once.
    failed: HashSet<usize>,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn eat(&mut self, expected: &str) -> bool {
        let there = self.rest().starts_with(expected);
        if there {
            self.at += expected.len();
        }
        there
    }

    /// Parts up to a character that `ends` them, which is left, or to the end.
    fn parts(&mut self, ends: fn(char) -> bool) -> Result<Vec<Part>, SnippetError> {
        let mut parts = Vec::new();
        let mut text = String::new();
        while let Some(next) = self.peek() {
            if ends(next) {
                break;
            }
            if next == '$' {
                let start = self.at;
                if let Some(part) = self.dollar()? {
                    push_text(&mut parts, &mut text);
                    parts.push(part);
                    continue;
                }
                self.at = start;
            }
            self.at += next.len_utf8();
            text.push(match (next, self.peek()) {
                ('\\', Some(escaped @ ('$' | '}' | '\\'))) => {
                    self.at += 1;
                    escaped
                }
                _ => next,
            });
        }
        push_text(&mut parts, &mut text);
        Ok(parts)
    }

    /// What begins with `$`; `None` where nothing does.
    fn dollar(&mut self) -> Result<Option<Part>, SnippetError> {
        let start = self.at;
        if self.failed.contains(&start) {
            return Ok(None);
        }
        self.at += 1;
        let part = if self.eat("{") {
            self.braced()?
        } else if let Some(number) = self.number() {
            Some(Part::TabStop {
                number,
                transform: None,
            })
        } else {
            self.name().map(|name| Part::Variable {
                name,
                default: None,
                transform: None,
            })
        };
        if part.is_none() {
            self.failed.insert(start);
        }
        Ok(part)
    }

    fn braced(&mut self) -> Result<Option<Part>, SnippetError> {
        if let Some(number) = self.number() {
            return self.braced_number(number);
        }
        let Some(name) = self.name() else {
            return Ok(None);
        };
        let (mut default, mut transform) = (None, None);
        if self.eat(":") {
            default = Some(self.content()?);
        } else if self.eat("/") {
            transform = self.transform()?;
            if transform.is_none() {
                return Ok(None);
            }
        }
        Ok(self.eat("}").then_some(Part::Variable {
            name,
            default,
            transform,
        }))
    }

    fn braced_number(&mut self, number: u32) -> Result<Option<Part>, SnippetError> {
        let part = if self.eat(":") {
            let content = self.content()?;
            Part::Placeholder { number, content }
        } else if self.eat("|") {
            match self.choices() {
                Some(choices) => Part::Choice { number, choices },
                None => return Ok(None),
            }
        } else if self.eat("/") {
            let transform = self.transform()?;
            if transform.is_none() {
                return Ok(None);
            }
            Part::TabStop { number, transform }
        } else {
            Part::TabStop {
                number,
                transform: None,
            }
        };
        Ok(self.eat("}").then_some(part))
    }

    fn content(&mut self) -> Result<Vec<Part>, SnippetError> {
        if self.depth >= MAX_NESTING {
            return Err(SnippetError::TooDeep);
        }
        self.depth += 1;
        let content = self.parts(|character| character == '}');
        self.depth -= 1;
        content
    }

    fn number(&mut self) -> Option<u32> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > MAX_DIGITS {
            return None;
        }
        let number = self.rest()[..digits].parse().ok();
        self.at += digits;
        number
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        if !rest.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic()) {
            return None;
        }
        let len = rest
            .bytes()
            .take_while(|byte| *byte == b'_' || byte.is_ascii_alphanumeric())
            .count();
        let name = rest[..len].to_owned();
        self.at += len;
        Some(name)
    }

    /// `one,two|`, after the first bar.
    fn choices(&mut self) -> Option<Vec<String>> {
        let mut choices = Vec::new();
        let mut choice = String::new();
        loop {
            match self.next()? {
                '\\' => match self.peek() {
                    Some(escaped @ (',' | '|' | '\\' | '$' | '}')) => {
                        self.at += 1;
                        choice.push(escaped);
                    }
                    _ => choice.push('\\'),
                },
                ',' => choices.push(std::mem::take(&mut choice)),
                '|' => {
                    choices.push(choice);
                    return Some(choices);
                }
                other => choice.push(other),
            }
        }
    }

    /// `regex/format/options`, after the first slash.
    fn transform(&mut self) -> Result<Option<Transform>, SnippetError> {
        let mut regex = String::new();
        loop {
            match self.next() {
                Some('/') => break,
                // The expression sees every escape but the one of the slash.
                Some('\\') if self.peek() == Some('/') => {
                    self.at += 1;
                    regex.push('/');
                }
                Some('\\') => {
                    regex.push('\\');
                    regex.extend(self.next());
                }
                Some(other) => regex.push(other),
                None => return Ok(None),
            }
        }
        let mut format = Vec::new();
        let mut text = String::new();
        loop {
            let start = self.at;
            match self.next() {
                Some('/') => break,
                Some('\\') => match self.peek() {
                    Some(escaped @ ('/' | '\\' | '$' | '}')) => {
                        self.at += 1;
                        text.push(escaped);
                    }
                    Some('n') => {
                        self.at += 1;
                        text.push('\n');
                    }
                    Some('t') => {
                        self.at += 1;
                        text.push('\t');
                    }
                    _ => text.push('\\'),
                },
                Some('$') => match self.format_group() {
                    Some(part) => {
                        if !text.is_empty() {
                            format.push(FormatPart::Text(std::mem::take(&mut text)));
                        }
                        format.push(part);
                    }
                    None => {
                        self.at = start + 1;
                        text.push('$');
                    }
                },
                Some(other) => text.push(other),
                None => return Ok(None),
            }
        }
        if !text.is_empty() {
            format.push(FormatPart::Text(text));
        }
        let rest = self.rest();
        let options = rest.bytes().take_while(u8::is_ascii_lowercase).count();
        let options = rest[..options].to_owned();
        self.at += options.len();
        Transform::new(regex.clone(), format, &options)
            .map(Some)
            .map_err(|error| SnippetError::Transform { regex, error })
    }

    /// `1}`, `{1:/upcase}`, `{1:+if}` and so on, after the dollar sign.
    fn format_group(&mut self) -> Option<FormatPart> {
        if !self.eat("{") {
            let number = self.number()?;
            return Some(FormatPart::Group(number, GroupFormat::AsItIs));
        }
        let number = self.number()?;
        let format = if self.eat("}") {
            return Some(FormatPart::Group(number, GroupFormat::AsItIs));
        } else if self.eat(":/") {
            let name = self.name()?;
            let format = GroupFormat::named(&name)?;
            self.eat("}").then_some(format)?
        } else if self.eat(":+") {
            GroupFormat::If(self.until('}')?)
        } else if self.eat(":?") {
            let then = self.until(':')?;
            GroupFormat::IfElse(then, self.until('}')?)
        } else if self.eat(":-") || self.eat(":") {
            GroupFormat::Else(self.until('}')?)
        } else {
            return None;
        };
        Some(FormatPart::Group(number, format))
    }

    /// Text up to a character, which is taken too.
    fn until(&mut self, end: char) -> Option<String> {
        let mut text = String::new();
        loop {
            match self.next()? {
                '\\' => match self.peek() {
                    Some(escaped @ ('$' | '}' | '\\' | ':' | '/')) => {
                        self.at += 1;
                        text.push(escaped);
                    }
                    _ => text.push('\\'),
                },
                next if next == end => return Some(text),
                next => text.push(next),
            }
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: &mut String) {
    if !text.is_empty() {
        parts.push(Part::Text(std::mem::take(text)));
    }
}
