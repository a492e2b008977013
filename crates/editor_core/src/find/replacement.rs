use std::ops::Range;

use super::case::{self, CaseChange};
use super::pattern::Pattern;
use crate::editing::with_line_feeds;
use crate::{ChangeError, Edit, Selections, Text, Transaction};

/// All replacements of one command together are at most this many bytes long.
pub const MAX_REPLACED: usize = 512 * 1024 * 1024;

/// Why a replacement cannot be made; the message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplacementError {
    /// `${name}` of a group that the pattern does not have.
    #[error("the pattern has no group named {0}; write $$ for a dollar sign")]
    UnknownGroup(String),
    /// `${` without its `}`.
    #[error("${{ has no }}; write $$ for a dollar sign")]
    Unclosed,
    /// The replacements would be longer than [`MAX_REPLACED`].
    #[error("the replacements would take more than {} MB; replace in a part of the file first", MAX_REPLACED / 1024 / 1024)]
    TooLong,
    /// The ranges are not those of this text.
    #[error(transparent)]
    Change(#[from] ChangeError),
}

/// What takes the place of matches.
///
/// For literal text it is literal. For a regular expression, `$1` to `$99` and `${1}` are what a
/// group matched, `${name}` what a named one did, `$0` and `$&` the whole match, `$$` a dollar
/// sign; `\n`, `\t` and `\\` are a line break, a tab and a backslash. `\u` and `\l` change the case
/// of one character of the group that follows, `\U` and `\L` that of the rest of it. A group that
/// took no part is empty; a `$7` that the pattern does not have stays as it is written. All of this
/// is as in VS Code, but for the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    pieces: Vec<Piece>,
    preserve_case: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Group(usize, Vec<CaseChange>),
}

impl Replacement {
    /// Reads a replacement for the matches of a pattern.
    ///
    /// # Errors
    /// [`ReplacementError::UnknownGroup`] and [`ReplacementError::Unclosed`].
    pub fn new(text: &str, pattern: &Pattern) -> Result<Self, ReplacementError> {
        let text = with_line_feeds(text);
        let pieces = if pattern.query().regex {
            parse(&text, pattern)?
        } else {
            vec![Piece::Text(text.into_owned())]
        };
        Ok(Self {
            pieces,
            preserve_case: false,
        })
    }

    /// Whether the replacement takes the case of what it replaces; where it has groups, it does
    /// not, as in VS Code.
    pub fn preserve_case(mut self, preserve_case: bool) -> Self {
        self.preserve_case = preserve_case;
        self
    }

    /// Whether it has groups of the pattern in it: then it has no case of its own to
    /// [keep](Self::preserve_case).
    pub fn has_groups(&self) -> bool {
        let is_group = |piece: &Piece| matches!(piece, Piece::Group(..));
        self.pieces.iter().any(is_group)
    }

    /// The new text of one match of the pattern.
    pub fn expand(&self, text: &Text, pattern: &Pattern, found: &Range<usize>) -> String {
        if !self.has_groups() {
            let plain: String = self
                .pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Group(..) => "",
                })
                .collect();
            return match self.preserve_case {
                true => case::preserve(&text.slice(found.clone()), &plain),
                false => plain,
            };
        }
        let groups = pattern.groups(text, found);
        let mut result = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => result.push_str(text),
                Piece::Group(index, changes) => {
                    if let Some(Some(group)) = groups.get(*index) {
                        let group = text.slice(group.clone());
                        match changes.is_empty() {
                            true => result.push_str(&group),
                            false => result.push_str(&case::change(&group, changes)),
                        }
                    }
                }
            }
        }
        result
    }

    /// Replaces matches of the pattern, sorted and not overlapping, as one change; the carets are
    /// carried along.
    ///
    /// # Errors
    /// [`ReplacementError::TooLong`], and [`ReplacementError::Change`] where the matches are not of
    /// this text.
    pub fn replace(
        &self,
        text: &Text,
        selections: &Selections,
        pattern: &Pattern,
        matches: impl IntoIterator<Item = impl std::borrow::Borrow<Range<usize>>>,
    ) -> Result<Transaction, ReplacementError> {
        let mut edits = Vec::new();
        let mut len = 0_usize;
        for found in matches {
            let found = found.borrow();
            let new = self.expand(text, pattern, found);
            len = len.saturating_add(new.len());
            if len > MAX_REPLACED {
                return Err(ReplacementError::TooLong);
            }
            edits.push(Edit::new(found.clone(), new));
        }
        Ok(Transaction::from_edits(text, selections, edits)?)
    }
}

fn parse(text: &str, pattern: &Pattern) -> Result<Vec<Piece>, ReplacementError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut changes = Vec::new();
    let mut rest = text;
    let mut group = |plain: &mut String, changes: &mut Vec<CaseChange>, index| {
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(plain)));
        }
        pieces.push(Piece::Group(index, std::mem::take(changes)));
    };
    while let Some(place) = rest.find(['$', '\\']) {
        plain.push_str(&rest[..place]);
        let sign = &rest[place..place + 1];
        let mut after = rest[place + 1..].chars();
        let next = after.next();
        rest = after.as_str();
        match (sign, next) {
            ("\\", Some('n')) => plain.push('\n'),
            ("\\", Some('t')) => plain.push('\t'),
            ("\\", Some('\\')) => plain.push('\\'),
            ("\\", Some(letter)) => match CaseChange::named(letter) {
                Some(change) => changes.push(change),
                None => plain.extend(['\\', letter]),
            },
            ("$", Some('$')) => plain.push('$'),
            ("$", Some('&' | '0')) => group(&mut plain, &mut changes, 0),
            ("$", Some('{')) => {
                let (name, after) = rest.split_once('}').ok_or(ReplacementError::Unclosed)?;
                rest = after;
                let index = match name.parse() {
                    Ok(index) if index <= pattern.group_count() => Some(index),
                    _ => pattern.group_named(name),
                };
                let index = index.ok_or_else(|| ReplacementError::UnknownGroup(name.to_owned()))?;
                group(&mut plain, &mut changes, index);
            }
            ("$", Some(digit)) if digit.is_ascii_digit() => {
                let second = rest.chars().next().filter(char::is_ascii_digit);
                let value = |digit: char| digit as usize - '0' as usize;
                let one = value(digit);
                match second.map(|second| one * 10 + value(second)) {
                    Some(two) if two <= pattern.group_count() => {
                        rest = &rest[1..];
                        group(&mut plain, &mut changes, two);
                    }
                    _ if one <= pattern.group_count() => group(&mut plain, &mut changes, one),
                    _ => plain.extend(['$', digit]),
                }
            }
            (sign, next) => {
                plain.push_str(sign);
                plain.extend(next);
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}
