use regex_automata::meta::Regex;

use crate::find::PatternError;
use crate::find::case::map_first;
use crate::find::pattern::{Flags, compile};

/// What is made of the text of a variable or a tab stop: `/regex/format/options`.
#[derive(Clone)]
pub struct Transform {
    regex: Regex,
    source: String,
    format: Vec<FormatPart>,
    /// The known ones of `g`, `i`, `m` and `s`, in this order.
    options: String,
}

/// A part of what a match is replaced by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatPart {
    /// Text as it is.
    Text(String),
    /// A group of the match, 0 for all of it.
    Group(u32, GroupFormat),
}

/// What is made of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupFormat {
    /// `$1`: its text.
    AsItIs,
    /// `${1:/upcase}`: in upper case.
    Upcase,
    /// `${1:/downcase}`: in lower case.
    Downcase,
    /// `${1:/capitalize}`: with its first character in upper case.
    Capitalize,
    /// `${1:/camelcase}`: its words joined, each but the first with a capital.
    CamelCase,
    /// `${1:/pascalcase}`: its words joined, each with a capital.
    PascalCase,
    /// `${1:/snakecase}`: its words in lower case, joined by underscores.
    SnakeCase,
    /// `${1:/kebabcase}`: its words in lower case, joined by hyphens.
    KebabCase,
    /// `${1:+text}`: the text, where the group is not empty.
    If(String),
    /// `${1:?text:other}`: the first where the group is not empty, else the second.
    IfElse(String, String),
    /// `${1:-text}` or `${1:text}`: the group, or the text where it is empty.
    Else(String),
}

const NAMED: [(&str, GroupFormat); 7] = [
    ("upcase", GroupFormat::Upcase),
    ("downcase", GroupFormat::Downcase),
    ("capitalize", GroupFormat::Capitalize),
    ("camelcase", GroupFormat::CamelCase),
    ("pascalcase", GroupFormat::PascalCase),
    ("snakecase", GroupFormat::SnakeCase),
    ("kebabcase", GroupFormat::KebabCase),
];

impl GroupFormat {
    pub(super) fn named(name: &str) -> Option<Self> {
        let (_, format) = NAMED.into_iter().find(|(known, _)| *known == name)?;
        Some(format)
    }

    pub(super) fn name(&self) -> Option<&'static str> {
        let (name, _) = NAMED.into_iter().find(|(_, format)| format == self)?;
        Some(name)
    }

    fn apply(&self, group: &str) -> String {
        let empty = group.is_empty();
        match self {
            Self::AsItIs => group.to_owned(),
            Self::Upcase => group.to_uppercase(),
            Self::Downcase => group.to_lowercase(),
            Self::Capitalize => capitalize(group),
            Self::PascalCase => words(group).map(capitalize).collect(),
            Self::CamelCase => {
                let pascal: String = words(group).map(capitalize).collect();
                map_first(&pascal, |first| first.to_lowercase().collect())
            }
            Self::SnakeCase => joined(group, "_"),
            Self::KebabCase => joined(group, "-"),
            Self::If(then) if !empty => then.clone(),
            Self::If(_) => String::new(),
            Self::IfElse(then, other) => if empty { other } else { then }.clone(),
            Self::Else(other) => if empty { other } else { group }.to_owned(),
        }
    }
}

fn capitalize(text: &str) -> String {
    map_first(text, |first| first.to_uppercase().collect())
}

/// Letters and digits that stand together.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Words in lower case; a capital after a small letter begins a word too.
fn joined(text: &str, separator: &str) -> String {
    let mut result = String::new();
    for word in words(text) {
        if !result.is_empty() {
            result.push_str(separator);
        }
        let mut small_before = false;
        for character in word.chars() {
            if character.is_uppercase() && small_before {
                result.push_str(separator);
            }
            small_before = character.is_lowercase() || character.is_numeric();
            result.extend(character.to_lowercase());
        }
    }
    result
}

impl Transform {
    /// A transform; options that are not `g` (every match), `i` (any case), `m` (`^` and `$` at
    /// lines) or `s` (`.` matches line breaks) are left out.
    ///
    /// # Errors
    /// [`PatternError`], where the regular expression cannot be used.
    pub fn new(
        regex: String,
        format: Vec<FormatPart>,
        options: &str,
    ) -> Result<Self, PatternError> {
        let flags = Flags {
            case_insensitive: options.contains('i'),
            multi_line: options.contains('m'),
            dot_matches_line_feed: options.contains('s'),
        };
        let options = ["g", "i", "m", "s"]
            .into_iter()
            .filter(|option| options.contains(option))
            .collect();
        Ok(Self {
            regex: compile(&regex, flags)?,
            source: regex,
            format,
            options,
        })
    }

    /// The regular expression.
    pub fn regex(&self) -> &str {
        &self.source
    }

    /// What a match is replaced by.
    pub fn format(&self) -> &[FormatPart] {
        &self.format
    }

    /// The options.
    pub fn options(&self) -> &str {
        &self.options
    }

    /// The text with its first match replaced, or every one. Where nothing matches and a part of
    /// the format says what to put in for an empty group, the format is all there is, as in VS Code.
    pub fn apply(&self, text: &str) -> String {
        let limit = if self.options.contains('g') {
            usize::MAX
        } else {
            1
        };
        let mut result = String::new();
        let mut at = 0;
        for captures in self.regex.captures_iter(text).take(limit) {
            let Some(whole) = captures.get_match() else {
                continue;
            };
            result.push_str(&text[at..whole.start()]);
            self.format_into(&mut result, |number| {
                let group = captures.get_group(number as usize)?;
                text.get(group.range())
            });
            at = whole.end();
        }
        let has_else = self.format.iter().any(|part| {
            matches!(
                part,
                FormatPart::Group(_, GroupFormat::Else(_) | GroupFormat::IfElse(..))
            )
        });
        if at == 0 && has_else && self.regex.find(text).is_none() {
            self.format_into(&mut result, |_| None);
            return result;
        }
        result + &text[at..]
    }

    fn format_into<'t>(&self, result: &mut String, group: impl Fn(u32) -> Option<&'t str>) {
        for part in &self.format {
            match part {
                FormatPart::Text(text) => result.push_str(text),
                FormatPart::Group(number, format) => {
                    result.push_str(&format.apply(group(*number).unwrap_or_default()));
                }
            }
        }
    }
}

impl PartialEq for Transform {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, &self.format, &self.options)
            == (&other.source, &other.format, &other.options)
    }
}

impl Eq for Transform {}

impl std::fmt::Debug for Transform {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Transform({self})")
    }
}
