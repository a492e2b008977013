//! What to search for.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use grep_regex::{RegexMatcher, RegexMatcherBuilder};

/// The most memory a compiled pattern may take, in bytes: patterns come from models too.
const MAX_PATTERN_BYTES: usize = 10 * 1024 * 1024;

/// Whether `a` matches `A`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CaseSensitivity {
    /// Only where the pattern has no upper-case letter.
    #[default]
    Smart,
    /// Never.
    Sensitive,
    /// Always.
    Insensitive,
}

/// A search in the content of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextQuery {
    /// The text or regular expression.
    pub pattern: String,
    /// The pattern is a regular expression, in the syntax of
    /// <https://docs.rs/regex/latest/regex/#syntax>. It matches within one line.
    pub is_regex: bool,
    /// How case counts.
    pub case: CaseSensitivity,
    /// Only whole words match.
    pub whole_word: bool,
    /// Globs of which a file must match one, if there are any: `*.rs`, `src/**`. One without a
    /// slash is matched against the file's name.
    pub include: Vec<String>,
    /// Globs of which a file must match none.
    pub exclude: Vec<String>,
}

/// Why a query cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Nothing to search for.
    #[error("type something to search for")]
    Empty,
    /// The regular expression is wrong.
    #[error("the regular expression is not valid: {message}")]
    Pattern {
        /// What is wrong with it, in one line.
        message: String,
    },
    /// A glob is wrong.
    #[error("`{glob}` is not a valid glob: {message}")]
    Glob {
        /// The glob.
        glob: String,
        /// What is wrong with it.
        message: String,
    },
}

impl TextQuery {
    /// A search for this very text.
    pub fn literal(pattern: impl Into<String>) -> Self {
        Self {
            pattern: pattern.into(),
            ..Self::default()
        }
    }

    /// A search for a regular expression.
    pub fn regex(pattern: impl Into<String>) -> Self {
        Self {
            pattern: pattern.into(),
            is_regex: true,
            ..Self::default()
        }
    }

    pub(crate) fn matcher(&self) -> Result<RegexMatcher, QueryError> {
        if self.pattern.is_empty() {
            return Err(QueryError::Empty);
        }
        RegexMatcherBuilder::new()
            .fixed_strings(!self.is_regex)
            .case_smart(self.case == CaseSensitivity::Smart)
            .case_insensitive(self.case == CaseSensitivity::Insensitive)
            .word(self.whole_word)
            .multi_line(true)
            .crlf(true)
            .size_limit(MAX_PATTERN_BYTES)
            .dfa_size_limit(MAX_PATTERN_BYTES)
            .nest_limit(100)
            .build(&self.pattern)
            .map_err(|error| QueryError::Pattern {
                message: one_line(&error.to_string()),
            })
    }

    pub(crate) fn files(&self) -> Result<FileFilter, QueryError> {
        Ok(FileFilter {
            include: (!self.include.is_empty())
                .then(|| glob_set(&self.include))
                .transpose()?,
            exclude: glob_set(&self.exclude)?,
        })
    }
}

/// Which files a query looks into.
#[derive(Clone, Debug)]
pub(crate) struct FileFilter {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl FileFilter {
    pub(crate) fn accepts(&self, path: &str) -> bool {
        let included = self.include.as_ref().is_none_or(|set| set.is_match(path));
        included && !self.exclude.is_match(path)
    }
}

fn glob_set(globs: &[String]) -> Result<GlobSet, QueryError> {
    let mut set = GlobSetBuilder::new();
    for glob in globs {
        let wrong = |error: globset::Error| QueryError::Glob {
            glob: glob.clone(),
            message: error.kind().to_string(),
        };
        let trimmed = glob.trim().trim_start_matches("./");
        // As in .gitignore: a name alone is meant at any depth, a folder means what is in it.
        let mut pattern = match trimmed.strip_prefix('/') {
            Some(from_root) => from_root.to_owned(),
            None if trimmed.trim_end_matches('/').contains('/') => trimmed.to_owned(),
            None => format!("**/{trimmed}"),
        };
        if pattern.ends_with('/') {
            pattern.push_str("**");
        }
        let compiled = GlobBuilder::new(&pattern)
            .literal_separator(true)
            .build()
            .map_err(wrong)?;
        set.add(compiled);
    }
    set.build().map_err(|error| QueryError::Glob {
        glob: globs.join(", "),
        message: error.kind().to_string(),
    })
}

/// The last line of the parser's message is the reason; those before it draw the pattern.
fn one_line(message: &str) -> String {
    let reason = message
        .lines()
        .map(str::trim)
        .rfind(|line| !line.is_empty());
    let reason = reason.unwrap_or(message);
    reason.strip_prefix("error: ").unwrap_or(reason).to_owned()
}
