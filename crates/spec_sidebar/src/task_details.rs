//! What stands below a task's line, as it is set.

use crate::inline_text::{InlineText, Keywords};
use spec::{Task, names_requirements};

/// The details of a task, without the requirements that it names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum TaskDetails {
    /// A plain list, which is what nearly every task has.
    Points(Vec<InlineText>),
    /// Markdown: lists in lists, code, paragraphs, tables.
    Markdown(String),
}

impl TaskDetails {
    /// Of a task that stands in its document as `block`.
    pub fn new(task: &Task, block: &str) -> Self {
        let lines: Vec<&str> = block.lines().skip(1).collect();
        if is_plain_list(&lines) {
            let points = task.details.iter();
            return Self::Points(
                points
                    .map(|point| InlineText::parse(point, Keywords::Plain))
                    .collect(),
            );
        }
        Self::Markdown(markdown(&lines))
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_fence(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with("```") || text.starts_with("~~~")
}

/// Whether the lines are points of one level, which may go on in a next line.
fn is_plain_list(lines: &[&str]) -> bool {
    let mut level = None;
    // Whether the line before is one that a further line would go on with.
    let mut open = false;
    for line in lines {
        let text = line.trim();
        if text.is_empty() || names_requirements(line) {
            open = false;
        } else if text.starts_with(['-', '*', '+']) && text[1..].starts_with(' ') {
            if *level.get_or_insert(indent(line)) != indent(line) {
                return false;
            }
            open = true;
        } else if !open || is_fence(line) || text.starts_with(['|', '>', '#']) {
            return false;
        }
    }
    true
}

/// The lines without the requirements that they name, and without the indent that all share.
fn markdown(lines: &[&str]) -> String {
    let mut in_code = false;
    let kept: Vec<&str> = lines
        .iter()
        .filter(|line| {
            in_code ^= is_fence(line);
            in_code || !names_requirements(line)
        })
        .copied()
        .collect();
    let shared = kept
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| indent(line))
        .min()
        .unwrap_or(0);
    let text: Vec<&str> = kept
        .iter()
        .map(|line| line.get(shared..).unwrap_or_default())
        .collect();
    text.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::TasksDoc;

    fn details(source: &str) -> TaskDetails {
        let document = TasksDoc::parse(source);
        let task = &document.tasks()[0];
        TaskDetails::new(task, document.block(task))
    }

    #[test]
    fn points_of_one_level_stay_a_plain_list() {
        let found = details(
            "- [ ] 1. A\n  - one\n    that goes on\n  - **two**\n\n  - _Requirements: 1.1_\n",
        );
        let TaskDetails::Points(points) = found else {
            panic!("{found:?}");
        };
        let texts: Vec<&str> = points.iter().map(|point| point.text.as_ref()).collect();
        assert_eq!(texts, ["one that goes on", "two"]);
        assert_eq!(details("- [ ] 1. A\n"), TaskDetails::Points(Vec::new()));
    }

    #[test]
    fn what_has_structure_stays_markdown() {
        let found = details(
            "- [ ] 1. A\n  - one\n    - inner\n    ```rust\n    - _Requirements: 9_\n    ```\n  - _Requirements: 1.1_\n",
        );
        let expected = "- one\n  - inner\n  ```rust\n  - _Requirements: 9_\n  ```";
        assert_eq!(found, TaskDetails::Markdown(expected.to_owned()));
        let paragraph = details("- [ ] 1. A\n\n  Words of its own.\n");
        assert_eq!(
            paragraph,
            TaskDetails::Markdown("Words of its own.".to_owned())
        );
        let table = details("- [ ] 1. A\n  - one\n  | a | b |\n  |---|---|\n");
        assert!(matches!(table, TaskDetails::Markdown(_)), "{table:?}");
    }
}
