//! bugfix.md.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::{SpecDiagnostic, shared};
use crate::ears::ears_pattern;
use crate::lines::{Heading, Line, headings, is_title, lines, span};
use crate::requirements::{Criterion, ordered_item};

/// A parsed bugfix.md, with the text that it came from.
#[derive(Clone, Debug)]
pub struct BugfixDoc {
    source: String,
    introduction: Option<Range<usize>>,
    current: Option<BugClauses>,
    expected: Option<BugClauses>,
    unchanged: Option<BugClauses>,
    diagnostics: Vec<SpecDiagnostic>,
}

/// One of the three lists of a bug's analysis.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BugClauses {
    /// The heading's text.
    pub title: String,
    /// The numbered clauses: 1.n what happens, 2.n what should, 3.n what must stay.
    pub clauses: Vec<Criterion>,
    /// From the heading to the next one.
    pub range: Range<usize>,
}

impl BugfixDoc {
    /// Reads a document. Never fails; see [`BugfixDoc::diagnostics`].
    pub fn parse(source: &str) -> Self {
        let lines = lines(source);
        let headings = headings(&lines);
        let section = |words: &[&str]| {
            headings
                .iter()
                .find(|heading| {
                    let title = heading.title.to_lowercase();
                    heading.level >= 2 && words.iter().any(|word| title.starts_with(word))
                })
                .map(|heading| clauses(&lines, heading))
        };
        let current = section(&["current behavior", "current behaviour"]);
        let expected = section(&["expected behavior", "expected behaviour"]);
        let unchanged = section(&["unchanged behavior", "unchanged behaviour"]);
        let diagnostics = diagnose(&lines, &headings, [&current, &expected, &unchanged]);
        Self {
            introduction: headings
                .iter()
                .find(|heading| is_title(heading.title, &["Introduction", "Overview"]))
                .map(|heading| span(&lines, heading.line + 1, heading.end)),
            current,
            expected,
            unchanged,
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

    /// What happens today: `WHEN … THEN …`.
    pub fn current_behavior(&self) -> Option<&BugClauses> {
        self.current.as_ref()
    }

    /// What should happen: `… SHALL …`.
    pub fn expected_behavior(&self) -> Option<&BugClauses> {
        self.expected.as_ref()
    }

    /// What must stay as it is: `… SHALL CONTINUE TO …`.
    pub fn unchanged_behavior(&self) -> Option<&BugClauses> {
        self.unchanged.as_ref()
    }

    /// Every clause, in the order 1.n, 2.n, 3.n.
    pub fn clauses(&self) -> impl Iterator<Item = &Criterion> {
        [&self.current, &self.expected, &self.unchanged]
            .into_iter()
            .flatten()
            .flat_map(|section| &section.clauses)
    }

    /// What is wrong with the document.
    pub fn diagnostics(&self) -> &[SpecDiagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for BugfixDoc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

fn clauses(lines: &[Line<'_>], heading: &Heading<'_>) -> BugClauses {
    let mut found: Vec<Criterion> = Vec::new();
    let mut open = false;
    for line in &lines[heading.line + 1..heading.end] {
        let text = line.text.trim();
        if !line.fenced
            && let Some((id, rest)) = ordered_item(text)
            && id.contains('.')
        {
            found.push(Criterion {
                id: id.to_string(),
                text: rest.to_string(),
                ears: None,
                range: line.range(),
            });
            open = true;
        } else if text.is_empty() || line.heading().is_some() {
            open = false;
        } else if open && let Some(last) = found.last_mut() {
            last.text.push(' ');
            last.text.push_str(text);
            last.range.end = line.range().end;
        }
    }
    for clause in &mut found {
        clause.ears = ears_pattern(&clause.text);
    }
    BugClauses {
        title: heading.title.to_string(),
        clauses: found,
        range: span(lines, heading.line, heading.end),
    }
}

fn diagnose(
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
    sections: [&Option<BugClauses>; 3],
) -> Vec<SpecDiagnostic> {
    let mut found = shared::conflicts(lines);
    found.extend(shared::first_heading(
        lines,
        headings,
        &["Bugfix", "Bug"],
        "Bugfix Requirements Document",
    ));
    found.extend(shared::missing_sections(
        lines,
        headings,
        &[&["Introduction", "Overview"], &["Bug Analysis"]],
        &[],
    ));
    let names = [
        "Current Behavior (Defect)",
        "Expected Behavior (Correct)",
        "Unchanged Behavior (Regression Prevention)",
    ];
    let place = headings
        .first()
        .map_or(0..0, |heading| lines[heading.line].range());
    for (section, name) in sections.into_iter().zip(names) {
        match section {
            None if shared::other_language(headings) => {}
            None => found.push(SpecDiagnostic::error(
                place.clone(),
                format!("The section `### {name}` is missing."),
            )),
            Some(section) if section.clauses.is_empty() => found.push(SpecDiagnostic::error(
                section.range.clone(),
                format!(
                    "`{}` has no numbered clauses, such as `1.1 WHEN … THEN …`.",
                    section.title
                ),
            )),
            Some(_) => {}
        }
    }
    found
}
