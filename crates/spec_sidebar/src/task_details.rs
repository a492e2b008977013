//! What stands below a task's line, as it is set.

use crate::inline_text::{InlineText, Keywords};
use spec::{DetailLine, Task, detail_lines, names_requirements};

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
        let lines = detail_lines(block);
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

/// Whether the lines are points of one level, which may go on in a next line. What is numbered
/// keeps its numbers, and is no plain list.
fn is_plain_list(lines: &[DetailLine<'_>]) -> bool {
    let mut level = None;
    // Whether the line before is one that a further line would go on with.
    let mut open = false;
    for line in lines {
        let text = line.text.trim();
        if line.fenced {
            return false;
        } else if text.is_empty() || names_requirements(text) {
            open = false;
        } else if line.is_item {
            let numbered = text.starts_with(|c: char| c.is_ascii_digit());
            if numbered || *level.get_or_insert(indent(line.text)) != indent(line.text) {
                return false;
            }
            open = true;
        } else if !open || text.starts_with(['|', '>', '#']) {
            return false;
        }
    }
    true
}

/// The lines without the requirements that they name, and without the indent that all share.
fn markdown(lines: &[DetailLine<'_>]) -> String {
    let kept: Vec<&str> = lines
        .iter()
        .filter(|line| line.fenced || !names_requirements(line.text))
        .map(|line| line.text)
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
        let numbered = details("- [ ] 1. A\n  1. one\n  2. two\n");
        assert_eq!(numbered, TaskDetails::Markdown("1. one\n2. two".to_owned()));
        // A shorter fence inside of a longer one ends nothing.
        let code = details(
            "- [ ] 1. A\n  ````md\n  ```\n  - _Requirements: 9_\n  ````\n  - _Requirements: 1.1_\n",
        );
        let expected = "````md\n```\n- _Requirements: 9_\n````";
        assert_eq!(code, TaskDetails::Markdown(expected.to_owned()));
        let table = details("- [ ] 1. A\n  - one\n  | a | b |\n  |---|---|\n");
        assert!(matches!(table, TaskDetails::Markdown(_)), "{table:?}");
    }
}
