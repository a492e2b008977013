//! What is wrong with a document.

use std::fmt;
use std::ops::Range;

/// How much it matters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// The document may not be understood.
    Error,
    /// The document is understood, and poorer than it could be.
    Warning,
}

impl Severity {
    /// Its name, for people and programs alike.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How many problems there are, of each severity.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ProblemCount {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
}

impl ProblemCount {
    /// Counts diagnostics.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a SpecDiagnostic>) -> Self {
        let mut count = Self::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => count.errors += 1,
                Severity::Warning => count.warnings += 1,
            }
        }
        count
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }
}

/// In words: `2 errors, 1 warning`; nothing where there is none.
impl fmt::Display for ProblemCount {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (count, severity) in [
            (self.errors, Severity::Error),
            (self.warnings, Severity::Warning),
        ] {
            let plural = match count {
                0 => continue,
                1 => "",
                _ => "s",
            };
            write!(formatter, "{separator}{count} {severity}{plural}")?;
            separator = ", ";
        }
        Ok(())
    }
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpecDiagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Where, in bytes of the document's text.
    pub range: Range<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl SpecDiagnostic {
    /// The line that it begins in, from 1, in the text that was judged.
    pub fn line(&self, text: &str) -> usize {
        let before = text.get(..self.range.start).unwrap_or_default();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    pub(crate) fn error(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            range,
            message: message.into(),
        }
    }

    pub(crate) fn warning(range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            range,
            message: message.into(),
        }
    }
}

/// What every document is asked: its first heading, its sections, merge conflicts.
pub(crate) mod shared {
    use super::SpecDiagnostic;
    use crate::lines::{Heading, Line, is_title};

    /// Lines that a merge left behind.
    pub(crate) fn conflicts(lines: &[Line<'_>]) -> Vec<SpecDiagnostic> {
        lines
            .iter()
            .filter(|line| line.text.starts_with("<<<<<<< ") || line.text.starts_with(">>>>>>> "))
            .map(|line| {
                SpecDiagnostic::error(
                    line.range(),
                    "A merge conflict was committed here: keep one side and remove the marks.",
                )
            })
            .collect()
    }

    /// Whether headings are in a language whose words are not known here.
    pub(crate) fn other_language(headings: &[Heading<'_>]) -> bool {
        headings.iter().any(|heading| {
            heading.level <= 2
                && heading
                    .title
                    .chars()
                    .any(|c| c.is_alphabetic() && !c.is_ascii())
        })
    }

    /// The document must begin with a first-level heading that says what it is.
    pub(crate) fn first_heading(
        lines: &[Line<'_>],
        headings: &[Heading<'_>],
        words: &[&str],
        example: &str,
    ) -> Option<SpecDiagnostic> {
        let Some(first) = headings.first() else {
            let range = lines.first().map_or(0..0, Line::range);
            return Some(SpecDiagnostic::error(
                range,
                format!("There is no heading; begin with `# {example}`."),
            ));
        };
        let title = first.title.to_lowercase();
        let fits = words
            .iter()
            .any(|word| title.contains(&word.to_lowercase()))
            || title.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
        (first.level != 1 || !fits).then(|| {
            SpecDiagnostic::error(
                lines[first.line].range(),
                format!("The first heading should be `# {example}`."),
            )
        })
    }

    /// A section that one of these names gives, at any level below the first.
    pub(crate) fn has_section(headings: &[Heading<'_>], names: &[&str]) -> bool {
        headings
            .iter()
            .any(|heading| heading.level >= 2 && is_title(heading.title, names))
    }

    /// Diagnostics for sections that are missing; they stand at the first heading.
    pub(crate) fn missing_sections(
        lines: &[Line<'_>],
        headings: &[Heading<'_>],
        errors: &[&[&str]],
        warnings: &[&[&str]],
    ) -> Vec<SpecDiagnostic> {
        if other_language(headings) {
            return Vec::new();
        }
        let range = headings
            .first()
            .and_then(|heading| lines.get(heading.line))
            .or(lines.first())
            .map_or(0..0, Line::range);
        let missing = |names: &[&str]| {
            (!has_section(headings, names))
                .then(|| format!("The section `## {}` is missing.", names[0]))
        };
        let mut found: Vec<_> = errors
            .iter()
            .filter_map(|names| missing(names))
            .map(|message| SpecDiagnostic::error(range.clone(), message))
            .collect();
        found.extend(
            warnings
                .iter()
                .filter_map(|names| missing(names))
                .map(|message| SpecDiagnostic::warning(range.clone(), message)),
        );
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_counted_by_severity() {
        let words = |errors, warnings| ProblemCount { errors, warnings }.to_string();
        assert_eq!(words(2, 1), "2 errors, 1 warning");
        assert_eq!(words(1, 0), "1 error");
        assert_eq!(words(0, 3), "3 warnings");
        assert_eq!(words(0, 0), "");
    }

    #[test]
    fn a_problem_knows_its_line() {
        let found = SpecDiagnostic::error(4..5, "x");
        assert_eq!(found.line("a\nb\nc\n"), 3);
        // Another text than the one that was judged may be shorter.
        assert_eq!(found.line(""), 1);
    }
}
