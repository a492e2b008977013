//! design.md.

use std::fmt;
use std::ops::Range;

use crate::diagnostic::{SpecDiagnostic, shared};
use crate::lines::{Heading, Line, headings, lines, span};
use crate::reference::{dotted_number, requirement_reference};

/// A parsed design.md, with the text that it came from.
#[derive(Clone, Debug)]
pub struct DesignDoc {
    source: String,
    sections: Vec<Section>,
    properties: Vec<Property>,
    diagnostics: Vec<SpecDiagnostic>,
}

/// One `## Section`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Section {
    /// The heading's text.
    pub title: String,
    /// From the heading to the next of its level.
    pub range: Range<usize>,
}

/// One `### Property N: Title` of the correctness properties.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Property {
    /// `1`.
    pub number: String,
    /// What stands behind the number.
    pub title: String,
    /// What holds, without heading and reference.
    pub statement: String,
    /// The ids of requirements and criteria that it validates.
    pub validates: Vec<String>,
    /// From the heading to the next one.
    pub range: Range<usize>,
}

impl DesignDoc {
    /// Reads a document. Never fails; see [`DesignDoc::diagnostics`].
    pub fn parse(source: &str) -> Self {
        let lines = lines(source);
        let headings = headings(&lines);
        let sections = headings
            .iter()
            .filter(|heading| heading.level == 2)
            .map(|heading| Section {
                title: heading.title.to_string(),
                range: span(&lines, heading.line, heading.end),
            })
            .collect();
        let (properties, malformed) = properties(&lines, &headings);
        let diagnostics = diagnose(&lines, &headings, &properties, malformed);
        Self {
            sections,
            properties,
            diagnostics,
            source: source.to_string(),
        }
    }

    /// The text that the document was read from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The second-level sections, in order.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// The correctness properties, in order.
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// What is wrong with the document.
    pub fn diagnostics(&self) -> &[SpecDiagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for DesignDoc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source)
    }
}

fn properties(lines: &[Line<'_>], headings: &[Heading<'_>]) -> (Vec<Property>, Vec<Range<usize>>) {
    let section = headings.iter().find(|heading| {
        heading.level == 2
            && heading
                .title
                .to_lowercase()
                .starts_with("correctness propert")
    });
    let mut found = Vec::new();
    let mut malformed = Vec::new();
    for heading in headings.iter().filter(|heading| heading.level >= 3) {
        let Some(rest) = heading
            .title
            .get(.."property".len())
            .filter(|word| word.eq_ignore_ascii_case("property"))
            .and_then(|word| heading.title.get(word.len()..))
        else {
            continue;
        };
        let inside =
            section.is_some_and(|section| (section.line..section.end).contains(&heading.line));
        let Some((number, title)) = dotted_number(rest.trim_start()) else {
            // `### Property: Title` is a slip; `### Property-Based Tests` another thing.
            if inside && rest.starts_with([' ', ':']) {
                malformed.push(lines[heading.line].range());
            }
            continue;
        };
        let body = &lines[heading.line + 1..heading.end];
        let mut validates = Vec::new();
        let mut statement = String::new();
        for line in body {
            match requirement_reference(line.text.trim_start_matches(['-', ' '])) {
                Some(ids) => validates.extend(ids),
                None => {
                    statement.push_str(line.text);
                    statement.push('\n');
                }
            }
        }
        let title = title.trim_start();
        if !title.is_empty() && !title.starts_with([':', '：', '-', '–', '—', '.', '(']) {
            malformed.push(lines[heading.line].range());
        }
        found.push(Property {
            number: number.to_string(),
            title: title
                .trim_start_matches([':', '：', '-', '–', '—', '.'])
                .trim()
                .to_string(),
            statement: statement.trim().to_string(),
            validates,
            range: span(lines, heading.line, heading.end),
        });
    }
    (found, malformed)
}

fn diagnose(
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
    properties: &[Property],
    malformed: Vec<Range<usize>>,
) -> Vec<SpecDiagnostic> {
    let mut found = shared::conflicts(lines);
    found.extend(shared::first_heading(
        lines,
        headings,
        &["Design"],
        "Design Document",
    ));
    let testing: &[&str] = &["Testing Strategy"];
    let correctness: &[&str] = &["Correctness Properties"];
    // A bug's design has sections of its own.
    if shared::has_section(headings, &["Bug Details", "Bug Condition"]) {
        found.extend(shared::missing_sections(
            lines,
            headings,
            &[
                &["Overview"],
                &["Hypothesized Root Cause"],
                &["Fix Implementation"],
            ],
            &[correctness, testing],
        ));
    } else {
        found.extend(shared::missing_sections(
            lines,
            headings,
            &[
                &["Overview"],
                &["Architecture"],
                &["Components and Interfaces", "Components"],
                &["Data Models", "Data Model"],
            ],
            &[correctness, &["Error Handling"], testing],
        ));
    }
    for range in malformed {
        found.push(SpecDiagnostic::error(
            range,
            "A property's heading should be `### Property N: Title`.",
        ));
    }
    for property in properties {
        if property.validates.is_empty() {
            found.push(SpecDiagnostic::warning(
                property.range.start..property.range.start,
                format!(
                    "Property {} validates nothing: add `**Validates: Requirements 1.1**`.",
                    property.number
                ),
            ));
        }
    }
    found
}
