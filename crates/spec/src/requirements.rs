//! requirements.md.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::{SpecDiagnostic, shared};
use crate::ears::{EarsPattern, ears_pattern};
use crate::lines::{Heading, Line, bullet, headings, is_title, lines, span, without_emphasis};
use crate::reference::dotted_number;

/// A parsed requirements.md, with the text that it came from.
#[derive(Clone, Debug)]
pub struct RequirementsDoc {
    source: String,
    introduction: Option<Range<usize>>,
    glossary: Vec<GlossaryTerm>,
    requirements: Vec<Requirement>,
    diagnostics: Vec<SpecDiagnostic>,
}

/// One `### Requirement N: Title`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Requirement {
    /// `1`; unique only in a well-formed document.
    pub number: String,
    /// What stands behind the number; empty where nothing does.
    pub title: String,
    /// The user story, without its label.
    pub user_story: Option<String>,
    /// The acceptance criteria.
    pub criteria: Vec<Criterion>,
    /// From its heading to the next one's.
    pub range: Range<usize>,
    /// The heading's line.
    pub heading_range: Range<usize>,
}

/// One acceptance criterion, or one clause of a bug's analysis.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Criterion {
    /// `N.M`: the requirement's number and the criterion's.
    pub id: String,
    /// Its text, on one line.
    pub text: String,
    /// The EARS pattern that it follows, if any.
    pub ears: Option<EarsPattern>,
    /// Its lines.
    pub range: Range<usize>,
}

/// One term of the glossary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GlossaryTerm {
    /// The term, without emphasis.
    pub term: String,
    /// What it means.
    pub definition: String,
    /// Its line.
    pub range: Range<usize>,
}

impl RequirementsDoc {
    /// Reads a document. Never fails; see [`RequirementsDoc::diagnostics`].
    pub fn parse(source: &str) -> Self {
        let lines = lines(source);
        let headings = headings(&lines);
        let requirements = requirements(&lines, &headings);
        let introduction = headings
            .iter()
            .find(|heading| is_title(heading.title, &["Introduction", "Overview"]))
            .map(|heading| span(&lines, heading.line + 1, heading.end));
        let glossary = glossary(&lines, &headings);
        let diagnostics = diagnose(&lines, &headings, &requirements);
        Self {
            introduction,
            glossary,
            requirements,
            diagnostics,
            source: source.to_string(),
        }
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The introduction's text.
    pub fn introduction(&self) -> Option<&str> {
        self.introduction
            .clone()
            .and_then(|range| self.source.get(range))
            .map(str::trim)
    }

    /// The glossary's terms.
    pub fn glossary(&self) -> &[GlossaryTerm] {
        &self.glossary
    }

    /// The requirements, in the document's order.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// What is wrong with the document by itself; see [`crate::coverage`] for how
    /// it fits the others.
    pub fn diagnostics(&self) -> &[SpecDiagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for RequirementsDoc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

/// The number and title of a requirement's heading: `Requirement 1: Title`,
/// `Requirement 1`, `1. Title`, `要件 1：…`, `FR-1 Title`.
pub(crate) fn numbered_title<'a>(title: &'a str, word: &str) -> Option<(String, &'a str, bool)> {
    let lower = title.to_lowercase();
    let canonical = lower.starts_with(&word.to_lowercase());
    let rest = if canonical {
        title.get(word.len()..)?
    } else {
        // One word in any language, or a short code, before the number.
        let digits = title.find(|c: char| c.is_ascii_digit())?;
        let front = title[..digits].trim_end_matches([' ', '-', '#']);
        if front.chars().count() > 12 || front.chars().any(|c| !c.is_alphabetic()) {
            return None;
        }
        &title[digits..]
    };
    let (number, rest) = dotted_number(rest.trim_start_matches([' ', '#', '-']))?;
    let title = rest
        .trim_start()
        .trim_start_matches([':', '：', '.', ')', '-', '–', '—', '、'])
        .trim();
    if !rest.is_empty() && !canonical && rest.starts_with(char::is_alphanumeric) {
        return None;
    }
    Some((number.to_string(), title, canonical))
}

fn requirements(lines: &[Line<'_>], headings: &[Heading<'_>]) -> Vec<Requirement> {
    let section = headings
        .iter()
        .find(|heading| heading.level == 2 && is_title(heading.title, &["Requirements"]));
    let inside = |heading: &Heading<'_>| {
        section.is_none_or(|section| (section.line..section.end).contains(&heading.line))
    };
    let mut found = Vec::new();
    let mut covered = 0;
    for heading in headings.iter().filter(|heading| heading.level >= 2) {
        let Some((number, title, canonical)) = numbered_title(heading.title, "Requirement") else {
            continue;
        };
        // `#### 1.1 Note` under a requirement is part of it.
        if heading.line < covered || !(canonical || (inside(heading) && section.is_some())) {
            continue;
        }
        covered = heading.end;
        found.push(Requirement {
            user_story: user_story(&lines[heading.line + 1..heading.end]),
            criteria: criteria(lines, headings, heading, &number),
            number,
            title: title.to_string(),
            range: span(lines, heading.line, heading.end),
            heading_range: lines[heading.line].range(),
        });
    }
    found
}

fn user_story(lines: &[Line<'_>]) -> Option<String> {
    let start = lines.iter().position(|line| {
        !line.fenced && {
            let text = without_emphasis(line.text).to_lowercase();
            ["user story", "ユーザーストーリー", "用户故事"]
                .iter()
                .any(|label| text.starts_with(label))
        }
    })?;
    let mut story = String::new();
    for line in &lines[start..] {
        if line.text.trim().is_empty() || line.heading().is_some() {
            break;
        }
        if !story.is_empty() {
            story.push(' ');
        }
        story.push_str(line.text.trim());
    }
    let story = story.trim_start_matches('*');
    let text = story.split_once([':', '：']).map_or("", |(_, text)| text);
    let text = text.trim_start_matches('*').trim();
    (!text.is_empty()).then(|| text.to_string())
}

/// The ordered list of a requirement: under its Acceptance Criteria where there is
/// such a heading, anywhere in it otherwise.
fn criteria(
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
    requirement: &Heading<'_>,
    number: &str,
) -> Vec<Criterion> {
    // Headings stand in the order of their lines.
    let first = headings.partition_point(|heading| heading.line <= requirement.line);
    let list = headings[first..]
        .iter()
        .take_while(|heading| heading.line < requirement.end)
        .find(|heading| heading.title.to_lowercase().contains("criteria"))
        .map_or(requirement.line + 1..requirement.end, |heading| {
            heading.line + 1..heading.end
        });
    let mut found: Vec<Criterion> = Vec::new();
    let mut open = false;
    for line in &lines[list] {
        let text = line.text.trim();
        if line.heading().is_some() {
            open = false;
        } else if !line.fenced
            && line.indent() < 4
            && let Some((item, rest)) = ordered_item(text)
        {
            let id = if item.contains('.') {
                item.to_string()
            } else {
                format!("{number}.{item}")
            };
            found.push(Criterion {
                id,
                text: rest.to_string(),
                ears: None,
                range: line.range(),
            });
            open = true;
        } else if text.is_empty() {
            open = false;
        } else if open && let Some(last) = found.last_mut() {
            last.text.push(' ');
            last.text.push_str(text);
            last.range.end = line.range().end;
        }
    }
    for criterion in &mut found {
        criterion.ears = ears_pattern(&criterion.text);
    }
    found
}

/// The number and text of `1. text`, `1) text` or `1.2 text`, also emphasised.
pub(crate) fn ordered_item(text: &str) -> Option<(&str, &str)> {
    let text = text
        .strip_prefix("- ")
        .or_else(|| text.strip_prefix("* "))
        .unwrap_or(text)
        .trim_start_matches('*');
    let (number, rest) = dotted_number(text)?;
    let after = rest.trim_start_matches(['.', ')', ':', '*']);
    let marked = after.len() < rest.len() || number.contains('.');
    (marked && after.starts_with([' ', '\t'])).then(|| (number, after.trim()))
}

fn glossary(lines: &[Line<'_>], headings: &[Heading<'_>]) -> Vec<GlossaryTerm> {
    let Some(section) = headings
        .iter()
        .find(|heading| is_title(heading.title, &["Glossary", "用語集", "术语表", "用語"]))
    else {
        return Vec::new();
    };
    lines[section.line + 1..section.end]
        .iter()
        .filter(|line| !line.fenced)
        .filter_map(|line| {
            let (term, definition) = bullet(line.text)?.split_once([':', '：'])?;
            Some(GlossaryTerm {
                term: without_emphasis(term).to_string(),
                definition: definition.trim_start_matches('*').trim().to_string(),
                range: line.range(),
            })
        })
        .filter(|term| !term.term.is_empty())
        .collect()
}

fn diagnose(
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
    requirements: &[Requirement],
) -> Vec<SpecDiagnostic> {
    let mut found = shared::conflicts(lines);
    found.extend(shared::first_heading(
        lines,
        headings,
        &["Requirements"],
        "Requirements Document",
    ));
    found.extend(shared::missing_sections(
        lines,
        headings,
        &[&["Introduction", "Overview"], &["Requirements"]],
        &[&["Glossary"]],
    ));
    if let Some(section) = headings
        .iter()
        .find(|heading| heading.level == 2 && is_title(heading.title, &["Requirements"]))
    {
        for heading in headings {
            let inside = (section.line + 1..section.end).contains(&heading.line);
            let known = numbered_title(heading.title, "Requirement").is_some();
            if inside && heading.level == 3 && !known {
                found.push(SpecDiagnostic::error(
                    lines[heading.line].range(),
                    "A heading here should be `### Requirement N: Title`.",
                ));
            }
        }
        if requirements.is_empty() {
            found.push(SpecDiagnostic::error(
                lines[section.line].range(),
                "There are no requirements; begin with `### Requirement 1: Title`.",
            ));
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    for requirement in requirements {
        let place = requirement.heading_range.clone();
        if !seen.insert(requirement.number.as_str()) {
            found.push(SpecDiagnostic::error(
                place.clone(),
                format!("There is a requirement {} already.", requirement.number),
            ));
        }
        if requirement.criteria.is_empty() {
            found.push(SpecDiagnostic::error(
                place.clone(),
                "The requirement has no acceptance criteria: add a numbered list under `#### Acceptance Criteria`.",
            ));
        }
        if requirement.user_story.is_none() {
            found.push(SpecDiagnostic::warning(
                place,
                "The requirement has no user story: `**User Story:** As a …, I want …, so that …`.",
            ));
        }
        for criterion in &requirement.criteria {
            if criterion.ears.is_none() {
                found.push(SpecDiagnostic::warning(
                    criterion.range.clone(),
                    format!(
                        "Criterion {} is not in EARS form: `WHEN …, THE … SHALL …`.",
                        criterion.id
                    ),
                ));
            }
        }
    }
    found
}
