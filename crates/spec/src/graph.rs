//! The task graph of tasks.md: which tasks may run together, in which order.

use std::fmt;
use std::ops::Range;

use serde::de::IgnoredAny;
use serde_json::Value;

use crate::lines::{Heading, Line, fenced_blocks};
use crate::written_number::numbers_as_text;

/// The waves of a task graph, with the block that they stand in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TaskGraph {
    /// The waves, in the order of the file: each may begin when those before are done.
    pub waves: Vec<Wave>,
    /// The JSON's byte range.
    pub range: Range<usize>,
}

/// Tasks that may run at the same time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wave {
    /// The wave's number.
    pub id: u64,
    /// The tasks' numbers.
    pub tasks: Vec<String>,
}

/// Why a task graph cannot be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GraphError {
    /// Where, in bytes.
    pub range: Range<usize>,
    /// What is wrong and what would be right.
    pub message: String,
}

impl fmt::Display for GraphError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for GraphError {}

/// The graph: the first JSON block of the graph's section, or the first JSON block
/// with `waves` anywhere.
pub(crate) fn find(
    source: &str,
    lines: &[Line<'_>],
    headings: &[Heading<'_>],
) -> Option<Result<TaskGraph, GraphError>> {
    let is_json = |info: &str| info.split_whitespace().next() == Some("json");
    let section = headings
        .iter()
        .find(|heading| heading.level >= 2 && heading.title.to_lowercase().contains("graph"));
    if let Some(section) = section {
        let inside = &lines[section.line..section.end];
        return match fenced_blocks(inside).into_iter().find(|block| is_json(block.info)) {
            Some(block) => Some(read(source, block.content)),
            None => Some(Err(GraphError {
                range: lines[section.line].range(),
                message: "The task graph has no JSON block: ```json {\"waves\": [{\"id\": 0, \"tasks\": [\"1.1\"]}]} ```.".into(),
            })),
        };
    }
    fenced_blocks(lines)
        .into_iter()
        .find(|block| {
            is_json(block.info)
                && source
                    .get(block.content.clone())
                    .is_some_and(|text| text.contains("\"waves\""))
        })
        .map(|block| read(source, block.content))
}

fn read(source: &str, range: Range<usize>) -> Result<TaskGraph, GraphError> {
    let fail = |message: String| GraphError {
        range: range.clone(),
        message,
    };
    let text = source.get(range.clone()).unwrap_or_default();
    // Places in an error are those of the file: it is read as it is written first.
    serde_json::from_str::<IgnoredAny>(text)
        .map_err(|error| fail(format!("The task graph is not JSON: {error}.")))?;
    let value: Value = serde_json::from_str(&numbers_as_text(text))
        .map_err(|error| fail(format!("The task graph is not JSON: {error}.")))?;
    let waves = value
        .get("waves")
        .and_then(Value::as_array)
        .ok_or_else(|| fail("The task graph needs `waves`, a list.".into()))?;
    let waves = waves
        .iter()
        .enumerate()
        .map(|(index, wave)| {
            let id = wave
                .get("id")
                .or_else(|| wave.get("wave"))
                .and_then(number)
                .ok_or_else(|| {
                    fail(format!(
                        "Wave {} of the task graph has no number `id`.",
                        index + 1
                    ))
                })?;
            let tasks = wave
                .get("tasks")
                .and_then(Value::as_array)
                .and_then(|tasks| tasks.iter().map(task_name).collect::<Option<Vec<_>>>())
                .ok_or_else(|| {
                    fail(format!(
                        "Wave {id} of the task graph needs `tasks`, a list of task numbers."
                    ))
                })?;
            Ok(Wave { id, tasks })
        })
        .collect::<Result<Vec<_>, GraphError>>()?;
    if waves.iter().all(|wave| wave.tasks.is_empty()) {
        return Err(fail("The task graph is empty.".into()));
    }
    Ok(TaskGraph { waves, range })
}

/// A number; it was made a text.
fn number(value: &Value) -> Option<u64> {
    value.as_str()?.trim().parse().ok()
}

/// A task's number, which was written as a text or as a plain number: `1.10` is not `1.1`.
fn task_name(value: &Value) -> Option<String> {
    let name = value.as_str()?.trim();
    (!name.is_empty()).then(|| name.to_string())
}
