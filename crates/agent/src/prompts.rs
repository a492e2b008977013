//! The prompts of `assets/prompts/`, filled in.

use std::path::Path;

use spec::Document;

use crate::plain_question::About;

/// What a model reads when an interrupted turn goes on.
pub(crate) const CONTINUE: &str =
    "Your last turn was interrupted. Look at what has been done already and go on from there.";

/// What a model reads whose answer was cut off before its end.
pub(crate) const CONTINUE_ANSWER: &str = "Your last answer was cut off. Go on exactly where it ends: repeat nothing of it, and say nothing about the interruption.";

const SYSTEM: &str = include_str!("../../../assets/prompts/system.md");
const SYSTEM_SMALL: &str = include_str!("../../../assets/prompts/system-small.md");
const PLAIN_SMALL: &str = include_str!("../../../assets/prompts/plain-small.md");
const PROJECT_SMALL: &str = include_str!("../../../assets/prompts/project-small.md");
const SPEC_SYSTEM: &str = include_str!("../../../assets/prompts/spec-system.md");
const SPEC_SYSTEM_SMALL: &str = include_str!("../../../assets/prompts/spec-system-small.md");
const REQUIREMENTS: &str = include_str!("../../../assets/prompts/spec-requirements.md");
const DESIGN: &str = include_str!("../../../assets/prompts/spec-design.md");
const TASKS: &str = include_str!("../../../assets/prompts/spec-tasks.md");
const REQUIREMENTS_SMALL: &str = include_str!("../../../assets/prompts/spec-requirements-small.md");
const DESIGN_SMALL: &str = include_str!("../../../assets/prompts/spec-design-small.md");
const TASKS_SMALL: &str = include_str!("../../../assets/prompts/spec-tasks-small.md");
const TASK: &str = include_str!("../../../assets/prompts/task.md");
const TASK_SMALL: &str = include_str!("../../../assets/prompts/task-small.md");

/// The system prompt of a chat or a task.
pub(crate) fn system(small: bool, root: &Path) -> String {
    let template = if small { SYSTEM_SMALL } else { SYSTEM };
    let folder = root
        .file_name()
        .map(|name| crate::visible::line(&name.to_string_lossy()))
        .unwrap_or_default();
    fill(
        template,
        &[("folder", &folder), ("system", std::env::consts::OS)],
    )
}

/// The system prompt of a small model that needs no tools for its answer.
pub(crate) fn without_tools(about: About) -> String {
    let prompt = match about {
        About::Nothing => PLAIN_SMALL,
        About::Files | About::Project | About::Work => PROJECT_SMALL,
    };
    prompt.trim_end().to_owned()
}

/// The system prompt while a document of a spec is written.
pub(crate) fn spec_system(small: bool) -> String {
    let template = if small {
        SPEC_SYSTEM_SMALL
    } else {
        SPEC_SYSTEM
    };
    template.trim_end().to_owned()
}

/// What a document is to be made from.
pub(crate) struct DocumentBrief<'a> {
    pub document: Document,
    /// Its path, relative to the folder.
    pub path: &'a str,
    /// The spec's name.
    pub spec: &'a str,
    /// What the user asked for; may be empty for an older spec.
    pub request: &'a str,
    /// The documents there are, each under a heading.
    pub documents: &'a str,
    /// What the user wants changed.
    pub feedback: Option<&'a str>,
}

/// The form of a document that a small model is asked to fill in.
pub(crate) fn form(document: Document) -> &'static str {
    match document {
        Document::Requirements | Document::Bugfix => REQUIREMENTS_SMALL,
        Document::Design => DESIGN_SMALL,
        Document::Tasks => TASKS_SMALL,
    }
}

/// What the model reads to write a document.
pub(crate) fn document(small: bool, brief: &DocumentBrief<'_>) -> String {
    let template = match (brief.document, small) {
        (Document::Requirements | Document::Bugfix, false) => REQUIREMENTS,
        (Document::Design, false) => DESIGN,
        (Document::Tasks, false) => TASKS,
        (document, true) => form(document),
    };
    let mut text = fill(
        template,
        &[
            ("path", brief.path),
            ("spec", brief.spec),
            ("request", brief.request),
            ("documents", brief.documents),
        ],
    );
    if let Some(feedback) = brief.feedback {
        text.push_str(
            "\n\nThe document exists already, and the user has read it and wants it changed:\n\n",
        );
        text.push_str(feedback);
        text.push_str(if small {
            "\n\nWrite the whole document again with these changes and keep the rest."
        } else {
            "\n\nChange the document accordingly and keep the rest as it is."
        });
    }
    text
}

/// What the model reads when a document has errors.
pub(crate) fn repair(small: bool, path: &str, problems: &[String]) -> String {
    let mut text = format!("The document {path} has these errors:\n");
    for problem in problems {
        text.push_str("- ");
        text.push_str(problem);
        text.push('\n');
    }
    text.push_str(if small {
        "Write the whole document again without them."
    } else {
        "Correct them in the file and change nothing else."
    });
    text
}

/// What the model reads to carry a task out.
pub(crate) fn task(small: bool, spec: &str, task: &str, documents: &str) -> String {
    fill(
        if small { TASK_SMALL } else { TASK },
        &[("spec", spec), ("task", task), ("documents", documents)],
    )
}

/// Puts values in the place of `{{name}}`. Values are not filled in again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template.trim_end();
    while let Some(start) = rest.find("{{") {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some(end) = rest.find("}}") else { break };
        let name = &rest[2..end];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[..end + 2]),
        }
        rest = &rest[end + 2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(document: Document) -> DocumentBrief<'static> {
        DocumentBrief {
            document,
            path: "P",
            spec: "S",
            request: "R {{path}}",
            documents: "D",
            feedback: None,
        }
    }

    #[test]
    fn every_place_is_filled_and_values_are_not_templates() {
        for small in [false, true] {
            for kind in [Document::Requirements, Document::Design, Document::Tasks] {
                let text = document(small, &brief(kind)).replace("R {{path}}", "");
                assert!(!text.contains("{{"), "{text}");
            }
            assert!(!system(small, Path::new("/a/b")).contains("{{"));
            assert!(!task(small, "s", "t", "d").contains("{{"));
        }
        assert_eq!(fill("a {{x}} {{y}", &[("x", "{{x}}")]), "a {{x}} {{y}");
    }

    #[test]
    fn a_small_model_reads_little() {
        let tools: usize = crate::tools::ToolSet::working(true)
            .specs(true)
            .iter()
            .map(|spec| spec.description.len() + spec.parameters.to_string().len() + 40)
            .sum();
        let bytes = system(true, Path::new("/a/project")).len() + tools;
        // About four bytes to a token.
        assert!(bytes / 4 < 600, "{} tokens", bytes / 4);
    }

    #[test]
    fn feedback_reaches_the_model() {
        let mut brief = brief(Document::Design);
        brief.feedback = Some("use SQLite");
        assert!(document(false, &brief).contains("use SQLite"));
    }
}
