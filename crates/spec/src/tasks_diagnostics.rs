//! What is wrong with a tasks.md.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{SpecDiagnostic, shared};
use crate::graph::TaskGraph;
use crate::lines::{headings, lines};
use crate::tasks::{Task, TasksDoc};

pub(crate) fn diagnose(document: &TasksDoc) -> Vec<SpecDiagnostic> {
    let lines = lines(document.source());
    let headings = headings(&lines);
    let mut found = shared::conflicts(&lines);
    found.extend(shared::first_heading(
        &lines,
        &headings,
        &["Implementation", "Tasks", "Plan"],
        "Implementation Plan",
    ));
    found.extend(shared::missing_sections(
        &lines,
        &headings,
        &[],
        &[&["Overview"], &["Tasks"], &["Notes"]],
    ));
    for range in &document.bad_boxes {
        found.push(SpecDiagnostic::error(
            range.clone(),
            "A task's box is `[ ]`, `[~]`, `[-]` or `[x]`, as in `- [ ] 1.1 Title`.",
        ));
    }
    let place = headings
        .first()
        .and_then(|heading| lines.get(heading.line))
        .or(lines.first())
        .map_or(0..0, |line| line.range());
    if document.tasks().is_empty() {
        found.push(SpecDiagnostic::error(
            place.clone(),
            "There are no tasks; write them as `- [ ] 1. Title`.",
        ));
    }
    let is_bare = |task: &Task| task.id.0.starts_with('#');
    // Whoever wrote the document left them out altogether, which is one thing to say.
    let none_numbered = document.tasks().len() > 1 && document.tasks().iter().all(is_bare);
    for (index, task) in document.tasks().iter().enumerate() {
        let line = task.box_range.start.saturating_sub(1)..task.box_range.end + 1;
        if none_numbered {
            if index == 0 {
                found.push(SpecDiagnostic::error(
                    line.clone(),
                    "No task has a number; write `- [ ] 1.1 Title`.",
                ));
            }
        } else if is_bare(task) {
            found.push(SpecDiagnostic::error(
                line.clone(),
                "The task has no number; write `- [ ] 1.1 Title`.",
            ));
        } else if let Some((number, _)) = task.id.0.split_once('#') {
            found.push(SpecDiagnostic::error(
                line.clone(),
                format!("There is a task {number} already."),
            ));
        }
        if !task.has_text() {
            found.push(SpecDiagnostic::error(line, "The task has no title."));
        }
    }
    match document.graph() {
        None => found.push(SpecDiagnostic::error(
            place,
            "The section `## Task Dependency Graph` with its JSON block is missing.",
        )),
        Some(Err(error)) => found.push(SpecDiagnostic::error(
            error.range.clone(),
            error.message.clone(),
        )),
        Some(Ok(graph)) => found.extend(judge_graph(document, graph)),
    }
    found.sort_by_key(|diagnostic| (diagnostic.range.start, diagnostic.severity));
    found
}

fn judge_graph(document: &TasksDoc, graph: &TaskGraph) -> Vec<SpecDiagnostic> {
    let mut found = Vec::new();
    let mut seen: HashMap<&str, u64> = HashMap::new();
    let leaves: HashSet<&str> = document.leaves().map(|task| task.id.0.as_str()).collect();
    let mut waves = HashSet::new();
    for wave in &graph.waves {
        if !waves.insert(wave.id) {
            found.push(SpecDiagnostic::error(
                graph.range.clone(),
                format!("The task graph has two waves {}.", wave.id),
            ));
        }
        for name in &wave.tasks {
            if let Some(first) = seen.insert(name, wave.id) {
                found.push(SpecDiagnostic::error(
                    graph.range.clone(),
                    format!(
                        "The task graph names task {name} twice, in waves {first} and {}.",
                        wave.id
                    ),
                ));
            }
            match document.task(&name.as_str().into()) {
                None => found.push(SpecDiagnostic::error(
                    graph.range.clone(),
                    format!("The task graph names task {name}, which does not exist."),
                )),
                Some(task) if task.optional => found.push(SpecDiagnostic::warning(
                    graph.range.clone(),
                    format!("The task graph names task {name}, which is optional."),
                )),
                Some(_) if !leaves.contains(name.as_str()) => found.push(SpecDiagnostic::warning(
                    graph.range.clone(),
                    format!(
                        "The task graph names task {name}, which has tasks under it: name those."
                    ),
                )),
                Some(_) => {}
            }
        }
    }
    for task in document.leaves() {
        let named = |name: &str| seen.contains_key(name);
        // A graph that names a parent means its leaves.
        let by_parent = task.parent.as_ref().is_some_and(|parent| named(&parent.0));
        if !task.optional && !named(&task.id.0) && !by_parent && task.id.number().is_some() {
            found.push(SpecDiagnostic::warning(
                graph.range.clone(),
                format!("Task {} is in no wave of the task graph.", task.id),
            ));
        }
    }
    found
}
