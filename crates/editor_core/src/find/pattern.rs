use std::fmt;
use std::ops::Range;

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input};
use regex_cursor::engines::meta as streaming;
use regex_syntax::ParserBuilder;
use regex_syntax::ast::{self, ErrorKind};
use regex_syntax::hir::{self, Class, Hir, HirKind, Look};

use super::chunk_cursor::ChunkCursor;
use crate::Text;

/// The longest pattern, in bytes.
pub const MAX_PATTERN: usize = 64 * 1024;

/// Bytes that a compiled pattern may take; `\w{1000}` is over it.
const MAX_COMPILED: usize = 16 * 1024 * 1024;

/// Bytes of the automaton's cache of states.
const STATE_CACHE: usize = 8 * 1024 * 1024;

/// How deep groups and repetitions may be nested.
const MAX_NESTING: u32 = 100;

/// Matches up to this many bytes are found in windows that overlap by as much.
const MAX_OVERLAP: usize = 16 * 1024;

/// Bytes that an assertion (`^`, `$`, `\b`) looks at on either side: a character.
pub(super) const CONTEXT: usize = 4;

/// What is looked for, as a person says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Query {
    /// The text, or the regular expression.
    pub text: String,
    /// Whether `text` is a regular expression (the syntax of the `regex` crate and of ripgrep).
    pub regex: bool,
    /// Whether upper and lower case differ.
    pub case_sensitive: bool,
    /// Whether a match must not be part of a longer word, as `rg --word-regexp` has it.
    pub whole_word: bool,
}

impl Query {
    /// Literal text in any case.
    pub fn literal(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A regular expression in any case.
    pub fn regex(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            regex: true,
            ..Self::default()
        }
    }

    /// The same, with upper and lower case told apart or not.
    pub fn case_sensitive(mut self, case_sensitive: bool) -> Self {
        self.case_sensitive = case_sensitive;
        self
    }

    /// The same, within words or not.
    pub fn whole_word(mut self, whole_word: bool) -> Self {
        self.whole_word = whole_word;
        self
    }
}

/// A text as the regular expression that matches it alone.
pub fn escape(text: &str) -> String {
    regex_syntax::escape(text)
}

/// Why a pattern cannot be searched for; the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// There is nothing to look for.
    #[error("type what to look for")]
    Empty,
    /// The pattern is longer than [`MAX_PATTERN`].
    #[error("the pattern is {0} bytes long; use at most {MAX_PATTERN}")]
    TooLong(usize),
    /// The pattern would need more memory than a search may have.
    #[error("the pattern is too large; use smaller counts in {{…}}, or fewer alternatives")]
    TooLarge,
    /// `(?=…)`, `(?!…)`, `(?<=…)` or `(?<!…)`.
    #[error(
        "look-ahead and look-behind are not supported; match the text around it too, and put it back with $1 when replacing"
    )]
    LookAround,
    /// `\1` or `\k<name>`.
    #[error(
        "references to a group such as \\1 work in the replacement (as $1), not in the pattern; write out what is to be repeated"
    )]
    Backreference,
    /// The regular expression is not valid.
    #[error("{message} (at character {at})")]
    Syntax {
        /// What is wrong.
        message: String,
        /// Which character of the pattern it is about, from 1.
        at: usize,
    },
}

/// How far from its start a match may reach, and so what an edit can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// At most this many bytes.
    Bytes(usize),
    /// No farther than the end of the line.
    Line,
    /// Anywhere.
    Text,
}

/// What is looked for, ready to search with. Compile it off the UI thread where it comes from a
/// person: a large expression takes some milliseconds.
pub struct Pattern {
    query: Query,
    pub(super) regex: meta::Regex,
    /// Searches without a copy of the text; made where windows are not enough.
    pub(super) streaming: Option<streaming::Regex>,
    pub(super) reach: Reach,
}

impl Pattern {
    /// Compiles a query. `^` and `$` match at line breaks (`\n` and `\r\n`), `.` matches anything
    /// but these, and a class such as `\s` or `[^x]` may match across lines.
    ///
    /// # Errors
    /// [`PatternError`], with a message to show.
    pub fn new(query: &Query) -> Result<Self, PatternError> {
        if query.text.is_empty() {
            return Err(PatternError::Empty);
        }
        if query.text.len() > MAX_PATTERN {
            return Err(PatternError::TooLong(query.text.len()));
        }
        let hir = if query.regex {
            parse(&query.text, query.case_sensitive)?
        } else {
            parse(&regex_syntax::escape(&query.text), query.case_sensitive)?
        };
        let hir = if query.whole_word {
            // The two half boundaries let a match begin or end with something that is no word.
            Hir::concat(vec![
                Hir::look(Look::WordStartHalfUnicode),
                hir,
                Hir::look(Look::WordEndHalfUnicode),
            ])
        } else {
            hir
        };
        let reach = match hir.properties().maximum_len() {
            Some(longest) if longest <= MAX_OVERLAP => Reach::Bytes(longest),
            _ if !may_match_line_feed(&hir) => Reach::Line,
            _ => Reach::Text,
        };
        let regex = build(&hir)?;
        let streaming = match reach {
            Reach::Bytes(_) => None,
            Reach::Line | Reach::Text => Some(
                streaming::Builder::new()
                    .configure(
                        streaming::Config::new()
                            .nfa_size_limit(Some(MAX_COMPILED))
                            .hybrid_cache_capacity(STATE_CACHE),
                    )
                    .build_from_hir::<ChunkCursor>(&hir)
                    .map_err(|_| PatternError::TooLarge)?,
            ),
        };
        Ok(Self {
            query: query.clone(),
            regex,
            streaming,
            reach,
        })
    }

    /// The query that this was made of.
    pub fn query(&self) -> &Query {
        &self.query
    }

    /// Number of groups, without the whole match.
    pub fn group_count(&self) -> usize {
        self.regex.captures_len() - 1
    }

    /// The number of a named group.
    pub fn group_named(&self, name: &str) -> Option<usize> {
        self.regex
            .group_info()
            .to_index(regex_automata::PatternID::ZERO, name)
    }

    /// Where the groups of a match are in the text, the whole match first. `found` is a match of
    /// this pattern in this text; for anything else there are no groups.
    ///
    /// Copies the match, and no more.
    pub fn groups(&self, text: &Text, found: &Range<usize>) -> Vec<Option<Range<usize>>> {
        let window = text.floor_char_boundary(found.start.saturating_sub(CONTEXT))
            ..text.ceil_char_boundary(found.end.saturating_add(CONTEXT));
        let haystack = text.slice(window.clone());
        let mut captures = Captures::all(self.regex.group_info().clone());
        // What is preferred over the match found did not match in the whole text, so it does not
        // match in the match either: the same one is found again.
        let input = Input::new(haystack.as_ref())
            .span(found.start - window.start..found.end - window.start)
            .anchored(Anchored::Yes);
        self.regex.search_captures(&input, &mut captures);
        captures
            .iter()
            .map(|group| group.map(|span| span.start + window.start..span.end + window.start))
            .collect()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pattern")
            .field("query", &self.query)
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

/// How the regular expression of a snippet is meant.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flags {
    pub case_insensitive: bool,
    pub multi_line: bool,
    pub dot_matches_line_feed: bool,
}

/// A regular expression by itself, within the bounds of a pattern.
pub(crate) fn compile(pattern: &str, flags: Flags) -> Result<meta::Regex, PatternError> {
    if pattern.len() > MAX_PATTERN {
        return Err(PatternError::TooLong(pattern.len()));
    }
    let hir = ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .case_insensitive(flags.case_insensitive)
        .multi_line(flags.multi_line)
        .dot_matches_new_line(flags.dot_matches_line_feed)
        .build()
        .parse(pattern)
        .map_err(|error| describe(&error))?;
    build(&hir)
}

fn build(hir: &Hir) -> Result<meta::Regex, PatternError> {
    meta::Builder::new()
        .configure(
            meta::Config::new()
                .nfa_size_limit(Some(MAX_COMPILED))
                .hybrid_cache_capacity(STATE_CACHE),
        )
        .build_from_hir(hir)
        .map_err(|_| PatternError::TooLarge)
}

fn parse(pattern: &str, case_sensitive: bool) -> Result<Hir, PatternError> {
    ParserBuilder::new()
        .nest_limit(MAX_NESTING)
        .case_insensitive(!case_sensitive)
        .multi_line(true)
        .crlf(true)
        .build()
        .parse(pattern)
        .map_err(|error| describe(&error))
}

fn describe(error: &regex_syntax::Error) -> PatternError {
    let (message, span) = match error {
        regex_syntax::Error::Parse(error) => match error.kind() {
            ErrorKind::UnsupportedLookAround => return PatternError::LookAround,
            ErrorKind::UnsupportedBackreference => return PatternError::Backreference,
            ErrorKind::EscapeUnrecognized if is_named_reference(error) => {
                return PatternError::Backreference;
            }
            ErrorKind::NestLimitExceeded(_) | ErrorKind::CaptureLimitExceeded => {
                return PatternError::TooLarge;
            }
            kind => (kind.to_string(), error.span()),
        },
        regex_syntax::Error::Translate(error) => match error.kind() {
            hir::ErrorKind::InvalidUtf8 => (
                "the pattern may match half a character; leave out (?-u)".to_owned(),
                error.span(),
            ),
            kind => (kind.to_string(), error.span()),
        },
        // The enum may grow.
        other => {
            return PatternError::Syntax {
                message: other.to_string(),
                at: 1,
            };
        }
    };
    PatternError::Syntax {
        message,
        at: span.start.column,
    }
}

/// Whether an unknown escape is `\k`, as other dialects refer to a named group.
fn is_named_reference(error: &ast::Error) -> bool {
    let span = error.span();
    error
        .pattern()
        .get(span.start.offset..span.end.offset)
        .is_some_and(|escape| escape == r"\k")
}

fn may_match_line_feed(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(Class::Unicode(class)) => class
            .iter()
            .any(|range| range.start() <= '\n' && '\n' <= range.end()),
        HirKind::Class(Class::Bytes(class)) => class
            .iter()
            .any(|range| range.start() <= b'\n' && b'\n' <= range.end()),
        HirKind::Repetition(repetition) => may_match_line_feed(&repetition.sub),
        HirKind::Capture(capture) => may_match_line_feed(&capture.sub),
        HirKind::Concat(subs) | HirKind::Alternation(subs) => subs.iter().any(may_match_line_feed),
    }
}
