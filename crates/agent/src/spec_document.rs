//! Taking a document of a spec out of a model's words.
//!
//! A small model is asked for the document as plain text, which it manages far
//! better than a tool call that holds one. What it regularly leaves out and
//! what follows from the rest is added here.

use spec::{Document, RequirementsDoc, TasksDoc};

use crate::prompts;

/// The document in an answer, if there is one: without a code fence around it
/// and without words before its first heading. A greeting, a question or a refusal is none, also
/// where it has a heading, and neither is the form that it was to fill in.
pub(crate) fn extract(document: Document, answer: &str) -> Option<String> {
    under_a_heading(answer)
        .filter(|text| has_substance(document, text) && !is_empty_form(document, text))
}

/// Whether half of what a text says, its headings aside, is what the form says that was to be filled
/// in.
fn is_empty_form(document: Document, text: &str) -> bool {
    let says = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                line.trim_matches(|c: char| !c.is_alphabetic())
                    .to_lowercase()
            })
            // Which criteria a task meets is said alike in every plan.
            .filter(|said| !said.is_empty() && !said.starts_with("requirements"))
            .collect()
    };
    let (form, said) = (says(prompts::form(document)), says(text));
    let echoed = said.iter().filter(|line| form.contains(line)).count();
    echoed > 0 && echoed * 2 >= said.len()
}

/// Whether a text has anything of what the document is for.
fn has_substance(document: Document, text: &str) -> bool {
    let upper = || text.to_uppercase();
    match document {
        Document::Requirements => {
            !RequirementsDoc::parse(text).requirements().is_empty()
                || upper().contains(" SHALL ")
                || upper().contains("USER STORY")
        }
        Document::Bugfix => upper().contains(" SHALL ") || has_heading(text, "Current Behavior"),
        Document::Design => {
            DESIGN_SECTIONS.iter().any(|name| has_heading(text, name))
                || text.lines().filter(|line| line.starts_with("## ")).count() > 1
        }
        Document::Tasks => first_task(text).is_some(),
    }
}

/// The sections of a design, by one of which it is known.
const DESIGN_SECTIONS: [&str; 6] = [
    "Overview",
    "Architecture",
    "Components and Interfaces",
    "Data Models",
    "Error Handling",
    "Testing Strategy",
];

/// What an answer holds from its first heading on.
fn under_a_heading(answer: &str) -> Option<String> {
    let mut text = answer.trim().replace("\r\n", "\n");
    if let Some(inner) = unfenced(&text) {
        text = inner;
    }
    let start = text
        .lines()
        .scan(0, |offset, line| {
            let start = *offset;
            *offset += line.len() + 1;
            Some((start, line))
        })
        .find(|(_, line)| {
            let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
            (1..=3).contains(&hashes) && line[hashes..].starts_with(' ')
        })
        .map(|(start, _)| start)?;
    let mut text = text[start..].trim_end().to_owned();
    text.push('\n');
    Some(text)
}

/// The content of a fence that wraps a whole document.
fn unfenced(text: &str) -> Option<String> {
    let fence = text.find("```")?;
    // Fences inside a document come after its first heading.
    let heading = text.find("# ").unwrap_or(usize::MAX);
    if fence > heading {
        return None;
    }
    let inner = &text[fence..];
    let inner = &inner[inner.find('\n')? + 1..];
    let end = inner.rfind("\n```").unwrap_or(inner.len());
    Some(inner[..end].to_owned())
}

/// Adds what a document must have and a small model leaves out.
pub(crate) fn complete(document: Document, text: &str) -> String {
    let title = match document {
        Document::Requirements => "# Requirements Document",
        Document::Bugfix => "# Bugfix Requirements Document",
        Document::Design => "# Design Document",
        Document::Tasks => "# Implementation Plan",
    };
    let mut text = text.to_owned();
    if document != Document::Tasks || !text.starts_with("# Implementation Plan") {
        let first = text.lines().next().unwrap_or_default();
        if first.starts_with("# ") {
            // Its own title becomes the right one.
            if first.trim() != title {
                text = format!("{title}\n{}", &text[first.len()..].trim_start_matches('\n'));
                text = text.replacen('\n', "\n\n", 1);
            }
        } else {
            text = format!("{title}\n\n{text}");
        }
    }
    match document {
        Document::Requirements => {
            if !has_heading(&text, "Introduction") {
                text = after_title(
                    &text,
                    "## Introduction\n\nWhat follows says what is wanted.",
                );
            }
            if !has_heading(&text, "Requirements")
                && let Some(at) = text.find("\n### Requirement")
            {
                text.insert_str(at + 1, "## Requirements\n\n");
            }
        }
        Document::Tasks => {
            if !has_heading(&text, "Tasks")
                && let Some(at) = first_task(&text)
            {
                text.insert_str(at, "## Tasks\n\n");
            }
            if !has_heading(&text, "Task Dependency Graph") {
                text = with_graph(text.trim_end());
            }
        }
        Document::Design | Document::Bugfix => {}
    }
    text
}

fn has_heading(text: &str, name: &str) -> bool {
    text.lines().any(|line| {
        line.trim_start_matches('#')
            .trim()
            .eq_ignore_ascii_case(name)
            && line.starts_with("##")
    })
}

fn after_title(text: &str, section: &str) -> String {
    match text.split_once('\n') {
        Some((title, rest)) => format!("{title}\n\n{section}\n\n{}", rest.trim_start_matches('\n')),
        None => format!("{text}\n\n{section}\n"),
    }
}

fn first_task(text: &str) -> Option<usize> {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("- [") {
            return Some(offset);
        }
        offset += line.len();
    }
    None
}

/// The graph that says: one task after the other, in the order of the list.
fn with_graph(text: &str) -> String {
    let tasks = TasksDoc::parse(text);
    let waves: Vec<serde_json::Value> = tasks
        .leaves()
        .filter(|task| !task.optional)
        .enumerate()
        .map(|(id, task)| serde_json::json!({"id": id, "tasks": [task.id.0]}))
        .collect();
    if waves.is_empty() {
        return format!("{text}\n");
    }
    let graph = serde_json::json!({ "waves": waves });
    format!("{text}\n\n## Task Dependency Graph\n\n```json\n{graph}\n```\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::Severity;

    #[test]
    fn a_document_is_found_in_chatter_and_fences() {
        let document = "# Title\n\nText\n\n```json\n{}\n```\n";
        for answer in [
            document.to_owned(),
            format!("Sure! Here it is:\n\n{document}"),
            format!("```markdown\n{document}```\n"),
            format!("Here:\n```\n{document}\n```\nAnything else?"),
            document.replace('\n', "\r\n"),
        ] {
            assert_eq!(under_a_heading(&answer).unwrap(), document, "{answer:?}");
        }
        assert_eq!(under_a_heading("I cannot do that."), None);
        assert_eq!(under_a_heading("#hashtag"), None);
    }

    #[test]
    fn what_is_only_said_is_no_document() {
        for chat in [
            "# Hello!\n\nHow can I help you today?\n",
            "## I cannot do that\n\nIt would be against my rules.\n\n- Ask for something else\n",
            "# Questions\n\n1. Which database?\n2. Which users?\n",
        ] {
            for document in [
                Document::Requirements,
                Document::Bugfix,
                Document::Design,
                Document::Tasks,
            ] {
                assert_eq!(extract(document, chat), None, "{document:?}: {chat}");
            }
        }
        for (document, text) in [
            (
                Document::Requirements,
                "# Req\n\n### Requirement 1: Add\n\n1. It is added.\n",
            ),
            (
                Document::Requirements,
                "# Adding\n\n- The system shall add it.\n",
            ),
            (Document::Design, "# Design\n\n## Overview\n\nA list.\n"),
            (Document::Tasks, "# Plan\n\n- [ ] 1. Add it\n"),
        ] {
            assert_eq!(extract(document, text).as_deref(), Some(text));
        }
    }

    #[test]
    fn the_form_that_was_to_be_filled_in_is_no_document() {
        for document in [Document::Requirements, Document::Design, Document::Tasks] {
            let form = prompts::form(document);
            let form = &form[form.find("# ").unwrap()..];
            assert_eq!(extract(document, form), None, "{document:?}");
        }
        // With a word of its own here and there it is the form still.
        let echo = "# Requirements Document\n\n## Introduction\n\nHello, how are you?\n\n\
            ## Requirements\n\n### Requirement 1: Short title\n\n**User Story:** As a user, I want \
            X, so that Y.\n\n#### Acceptance Criteria\n\n1. WHEN X happens, THE system SHALL do \
            Y.\n";
        assert_eq!(extract(Document::Requirements, echo), None);
        let filled = echo
            .replace("X happens", "a user says hello")
            .replace("do Y", "answer");
        let filled = filled.replace("I want X, so that Y", "I want an answer, so that I am glad");
        assert_eq!(extract(Document::Requirements, &filled), Some(filled));
    }

    #[test]
    fn requirements_get_their_frame() {
        let text = complete(
            Document::Requirements,
            "### Requirement 1: Add\n\n**User Story:** As a user, I want to add, so that I have it.\n\n#### Acceptance Criteria\n\n1. WHEN a to-do is added, THE system SHALL store it.\n",
        );
        let document = RequirementsDoc::parse(&text);
        let errors: Vec<_> = document
            .diagnostics()
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .collect();
        assert!(errors.is_empty(), "{errors:?}\n{text}");
    }

    #[test]
    fn tasks_get_a_graph_of_their_leaves() {
        let text = complete(
            Document::Tasks,
            "# Plan\n\n- [ ] 1. Store\n  - [ ] 1.1 Save\n  - [ ]* 1.2 Test\n- [ ] 2. Show\n",
        );
        assert!(
            text.starts_with("# Implementation Plan\n\n## Tasks\n\n- [ ] 1. Store"),
            "{text}"
        );
        let tasks = TasksDoc::parse(&text);
        let graph = tasks.graph().unwrap().as_ref().unwrap();
        assert_eq!(graph.waves.len(), 2, "{text}");
        assert_eq!(
            complete(Document::Tasks, &text),
            text,
            "nothing is added twice"
        );
    }
}
