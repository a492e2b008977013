//! A spec's file as the blocks it is set in. Nothing of the file is left out.

use crate::inline_text::{InlineText, Keywords};
use crate::task_details::TaskDetails;
use spec::{
    BugfixDoc, Criterion, Document, Requirement, RequirementsDoc, TaskId, TaskState, TasksDoc,
};
use std::collections::HashSet;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// The spec's name, its folder and the document that a path of the form
/// `…/.kiro/specs/<name>/<document>` is.
pub(crate) fn document_at(path: &Path) -> Option<(String, PathBuf, Document)> {
    let document = Document::from_file_name(path.file_name()?.to_str()?)?;
    let folder = path.parent()?;
    let name = folder.file_name()?.to_str()?.to_owned();
    let mut above = folder.parent()?.components().rev();
    let is = |part: Option<Component<'_>>, wanted: &str| {
        part.is_some_and(|part| part.as_os_str() == wanted)
    };
    (is(above.next(), "specs") && is(above.next(), ".kiro"))
        .then(|| (name, folder.to_owned(), document))
}

/// One acceptance criterion.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CriterionLine {
    pub id: String,
    pub text: InlineText,
}

/// One requirement.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequirementBlock {
    pub number: String,
    pub title: InlineText,
    pub story: Option<InlineText>,
    pub criteria: Vec<CriterionLine>,
    /// What else stands under its heading, in Markdown.
    pub rest: String,
}

impl RequirementBlock {
    /// What it is called in full; some have a number alone.
    pub fn name(&self) -> String {
        match self.title.text.as_ref() {
            "" => format!("Requirement {}", self.number),
            title => format!("Requirement {}: {title}", self.number),
        }
    }

    /// What it is called in the outline.
    pub fn short_name(&self) -> String {
        match self.title.text.as_ref() {
            "" => self.name(),
            title => format!("{} {title}", self.number),
        }
    }
}

/// One task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TaskBlock {
    pub id: TaskId,
    /// Its title, or what stands for one that has no text.
    pub title: InlineText,
    /// Whether the title has text.
    pub has_text: bool,
    pub state: TaskState,
    pub optional: bool,
    /// How deep it is nested: 0 at the top.
    pub level: u32,
    /// Whether it has tasks of its own; those are what is started.
    pub is_group: bool,
    pub details: TaskDetails,
    pub requirements: Vec<String>,
}

impl TaskBlock {
    /// Its number, if it has one in the document.
    pub fn number(&self) -> Option<&str> {
        self.id.number()
    }

    /// Whether it is the next to start, where none before it is.
    pub fn is_next(&self) -> bool {
        !self.is_group && !self.optional && self.state != TaskState::Done
    }

    /// Number and title; one without a title is called a task, which its number alone does not say.
    pub fn label(&self) -> String {
        match self.number() {
            _ if !self.has_text => format!("Task {} {}", self.id, self.title.text),
            Some(number) => format!("{number} {}", self.title.text),
            None => self.title.text.to_string(),
        }
    }
}

/// A stretch of a document.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    /// Markdown; with the heading that it begins with, if any.
    Prose {
        source: String,
        heading: Option<Heading>,
    },
    Requirement(RequirementBlock),
    /// Clauses of a bug's analysis that follow each other.
    Clauses(Vec<CriterionLine>),
    Task(TaskBlock),
}

impl Block {
    /// The Markdown in it, where there is some.
    pub fn markdown(&self) -> Option<&str> {
        match self {
            Self::Prose { source, .. } => Some(source.as_str()),
            Self::Requirement(requirement) => Some(requirement.rest.as_str()),
            Self::Clauses(_) => None,
            Self::Task(task) => match &task.details {
                TaskDetails::Markdown(source) => Some(source.as_str()),
                TaskDetails::Points(_) => None,
            },
        }
        .filter(|source| !source.is_empty())
    }
}

/// A heading for the outline.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Heading {
    /// 1 to 6.
    pub level: usize,
    pub text: String,
}

/// Sets a document in blocks.
pub(crate) fn blocks(file: Document, source: &str) -> Vec<Block> {
    match file {
        Document::Requirements => requirement_blocks(source),
        Document::Tasks => task_blocks(source),
        Document::Bugfix => bugfix_blocks(source),
        Document::Design => prose(source),
    }
}

/// The tasks of a document, in order.
pub(crate) fn tasks(source: &str) -> Vec<TaskBlock> {
    let document = TasksDoc::parse(source);
    let all = document.tasks();
    let leaves: HashSet<&TaskId> = document.leaves().map(|task| &task.id).collect();
    all.iter()
        .map(|task| TaskBlock {
            id: task.id.clone(),
            title: InlineText::parse(task.shown_title(), Keywords::Plain),
            has_text: task.has_text(),
            state: task.state,
            optional: task.optional,
            level: task.level,
            is_group: !leaves.contains(&task.id),
            details: TaskDetails::new(task, document.block(task)),
            requirements: task.requirements.clone(),
        })
        .collect()
}

fn requirement_blocks(source: &str) -> Vec<Block> {
    let document = RequirementsDoc::parse(source);
    let mut blocks = Vec::new();
    let mut at = 0;
    for requirement in document.requirements() {
        if requirement.range.start < at {
            continue;
        }
        blocks.extend(prose(&source[at..requirement.range.start]));
        let mut told: Vec<Range<usize>> = requirement
            .criteria
            .iter()
            .map(|criterion| criterion.range.clone())
            .collect();
        told.sort_by_key(|range| range.start);
        blocks.push(Block::Requirement(RequirementBlock {
            number: requirement.number.clone(),
            title: InlineText::parse(&requirement.title, Keywords::Plain),
            story: requirement
                .user_story
                .as_deref()
                .map(|story| InlineText::parse(story, Keywords::Plain)),
            criteria: requirement.criteria.iter().map(criterion_line).collect(),
            rest: untold(source, requirement, &told),
        }));
        at = requirement.range.end;
    }
    blocks.extend(prose(&source[at..]));
    blocks
}

fn criterion_line(criterion: &Criterion) -> CriterionLine {
    CriterionLine {
        id: criterion.id.clone(),
        text: InlineText::parse(&criterion.text, Keywords::Marked),
    }
}

fn bugfix_blocks(source: &str) -> Vec<Block> {
    let document = BugfixDoc::parse(source);
    let mut clauses: Vec<&Criterion> = document.clauses().collect();
    clauses.sort_by_key(|clause| clause.range.start);
    let mut blocks = Vec::new();
    let mut run = Vec::new();
    let mut at = 0;
    for clause in clauses {
        // One section's words may be another's, too.
        if clause.range.start < at {
            continue;
        }
        let between = &source[at..clause.range.start];
        if !between.trim().is_empty() {
            blocks.extend(clause_block(std::mem::take(&mut run)));
            blocks.extend(prose(between));
        }
        run.push(criterion_line(clause));
        at = clause.range.end;
    }
    blocks.extend(clause_block(run));
    blocks.extend(prose(&source[at..]));
    blocks
}

fn clause_block(run: Vec<CriterionLine>) -> Option<Block> {
    (!run.is_empty()).then_some(Block::Clauses(run))
}

/// What a requirement's card would leave out: the lines that are neither its heading, its story,
/// the heading of its criteria, nor a criterion.
fn untold(source: &str, requirement: &Requirement, told: &[Range<usize>]) -> String {
    let mut rest = String::new();
    let mut at = requirement.heading_range.end;
    let mut in_story = false;
    for line in source[at..requirement.range.end].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim();
        let words = text.trim_matches(['#', '*', ':', '_', ' ']).to_lowercase();
        if told.iter().any(|told| told.start < at && start < told.end) {
            in_story = false;
        } else if requirement.user_story.is_some() && words.starts_with("user story") {
            in_story = true;
        } else if in_story && !text.is_empty() && !text.starts_with('#') {
            // The story goes on until an empty line or the next heading.
        } else {
            in_story = false;
            if words != "acceptance criteria" && !is_rule(text) {
                rest.push_str(line);
            }
        }
    }
    rest.trim().to_owned()
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3 && line.chars().all(|character| character == '-')
}

fn task_blocks(source: &str) -> Vec<Block> {
    let document = TasksDoc::parse(source);
    let ranges: Vec<Range<usize>> = document
        .tasks()
        .iter()
        .map(|task| task.range.clone())
        .collect();
    let mut blocks = Vec::new();
    let mut at = 0;
    for (task, range) in tasks(source).into_iter().zip(ranges) {
        if range.start > at {
            blocks.extend(prose(&source[at..range.start]));
        }
        blocks.push(Block::Task(task));
        at = at.max(range.end);
    }
    blocks.extend(prose(&source[at.min(source.len())..]));
    blocks
}

/// Markdown, cut before each heading, so that a long document is drawn only where it is looked at.
fn prose(source: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heading = None;
    let mut start = 0;
    let mut push = |range: Range<usize>, heading: Option<Heading>| {
        let text = source[range].trim_matches('\n');
        if !text.trim().is_empty() && !is_rule(text.trim()) {
            blocks.push(Block::Prose {
                source: text.to_owned(),
                heading,
            });
        }
    };
    for (at, found) in headings(source) {
        push(start..at, heading.take());
        heading = Some(found);
        start = at;
    }
    push(start..source.len(), heading);
    blocks
}

/// The headings outside of code, with where their lines start.
fn headings(source: &str) -> Vec<(usize, Heading)> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in source.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let text = line.trim_end();
        let inner = text.trim_start();
        if let Some(open) = fence {
            if inner.starts_with(open) && inner.trim_start_matches(&open[..1]).trim().is_empty() {
                fence = None;
            }
            continue;
        }
        fence = ["```", "~~~"]
            .into_iter()
            .find(|sign| inner.starts_with(sign));
        let level = text.len() - text.trim_start_matches('#').len();
        if (1..=6).contains(&level) && text[level..].starts_with(' ') {
            let text =
                InlineText::parse(text[level..].trim().trim_end_matches('#'), Keywords::Plain);
            found.push((
                start,
                Heading {
                    level,
                    text: text.text.to_string(),
                },
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spec_document_is_known_by_its_path() {
        let found = document_at(Path::new("/p/.kiro/specs/todo/design.md"));
        assert_eq!(
            found,
            Some((
                "todo".to_owned(),
                PathBuf::from("/p/.kiro/specs/todo"),
                Document::Design
            ))
        );
        for other in [
            "/p/design.md",
            "/p/specs/todo/design.md",
            "/p/.kiro/specs/todo/notes.md",
        ] {
            assert_eq!(document_at(Path::new(other)), None, "{other}");
        }
    }

    #[test]
    fn headings_in_code_are_not_headings() {
        let source = "# A\n```sh\n# not\n```\n## B `c`\n~~~\n## no\n~~~\n";
        let found: Vec<_> = headings(source)
            .into_iter()
            .map(|(_, heading)| heading.text)
            .collect();
        assert_eq!(found, ["A", "B c"]);
    }

    #[test]
    fn requirements_become_cards_and_the_rest_stays_prose() {
        let source = "# Requirements Document\n\n## Introduction\n\nA list.\n\n## Requirements\n\n\
            ### Requirement 1: Add\n\n**User Story:** As a user, I want to add.\n\n\
            #### Acceptance Criteria\n\n1. WHEN x, THE system SHALL y\n2. THE system SHALL z\n\n\
            A note that belongs here.\n\n### Requirement 2: Remove\n\n**User Story:** As b.\n\n\
            #### Acceptance Criteria\n\n1. THE system SHALL w\n";
        let blocks = blocks(Document::Requirements, source);
        let cards: Vec<_> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Requirement(requirement) => Some(requirement),
                _ => None,
            })
            .collect();
        assert_eq!(cards.len(), 2);
        assert_eq!(cards[0].title.text, "Add");
        assert_eq!(cards[0].criteria.len(), 2);
        assert_eq!(cards[0].criteria[1].id, "1.2");
        assert_eq!(cards[0].rest, "A note that belongs here.");
        assert_eq!(cards[1].rest, "");
        assert!(
            matches!(&blocks[0], Block::Prose { heading: Some(heading), .. }
            if heading.text == "Requirements Document")
        );
    }

    #[test]
    fn a_requirement_with_a_number_alone_has_a_name() {
        let source = "# Requirements Document\n\n### Requirement 1\n\n### Requirement 2: Two\n";
        let names: Vec<_> = blocks(Document::Requirements, source)
            .iter()
            .filter_map(|block| match block {
                Block::Requirement(requirement) => {
                    Some((requirement.name(), requirement.short_name()))
                }
                _ => None,
            })
            .collect();
        let expected = [
            ("Requirement 1", "Requirement 1"),
            ("Requirement 2: Two", "2 Two"),
        ];
        let expected = expected.map(|(name, short)| (name.to_owned(), short.to_owned()));
        assert_eq!(names, expected);
    }

    #[test]
    fn the_clauses_of_a_bug_are_set_as_criteria_and_nothing_is_lost() {
        let source = "# Bugfix Requirements Document\n\n## Bug Analysis\n\n### Current Behavior (Defect)\n\n\
            1.1 WHEN a THEN the system fails\n1.2 WHEN b THEN it\n  fails, too\n\nA word between.\n\n\
            ### Expected Behavior (Correct)\n\n2.1 WHEN a THE system SHALL work\n\nThe end.\n";
        let blocks = blocks(Document::Bugfix, source);
        let told: Vec<String> = blocks
            .iter()
            .map(|block| match block {
                Block::Clauses(clauses) => clauses
                    .iter()
                    .map(|clause| format!("{} {}", clause.id, clause.text.text))
                    .collect::<Vec<_>>()
                    .join("; "),
                Block::Prose { source, .. } => source.clone(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            told,
            [
                "# Bugfix Requirements Document",
                "## Bug Analysis",
                "### Current Behavior (Defect)",
                "1.1 WHEN a THEN the system fails; 1.2 WHEN b THEN it fails, too",
                "A word between.",
                "### Expected Behavior (Correct)",
                "2.1 WHEN a THE system SHALL work",
                "The end.",
            ]
        );
    }

    #[test]
    fn tasks_keep_their_order_and_what_they_name() {
        let source = "# Implementation Plan\n\n## Tasks\n\n- [ ] 1. Store\n  - [x] 1.1 Write it\n    \
            - with care\n    - _Requirements: 1.1, 1.2_\n  - [ ]* 1.2 Test it\n- [-] 2. Wire\n\n\
            ## Notes\n\nLast.\n";
        let blocks = blocks(Document::Tasks, source);
        let tasks: Vec<_> = blocks
            .iter()
            .filter_map(|block| match block {
                Block::Task(task) => Some(task),
                _ => None,
            })
            .collect();
        assert_eq!(tasks.len(), 4);
        assert!(tasks[0].is_group && !tasks[1].is_group);
        assert_eq!(tasks[1].level, 1);
        assert_eq!(tasks[1].requirements, ["1.1", "1.2"]);
        assert!(matches!(&tasks[1].details, TaskDetails::Points(points) if points.len() == 1));
        assert!(
            matches!(blocks.last(), Some(Block::Prose { source, .. }) if source.ends_with("Last."))
        );
    }
}
