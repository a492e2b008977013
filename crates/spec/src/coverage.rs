//! Whether the documents of a spec fit each other.

use std::collections::BTreeSet;

use crate::design::DesignDoc;
use crate::diagnostic::SpecDiagnostic;
use crate::requirements::RequirementsDoc;
use crate::tasks::TasksDoc;

/// What is covered by what, with diagnostics for each document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Coverage {
    /// Criteria that a task or a property names, by themselves or with their
    /// whole requirement.
    pub covered: usize,
    /// Criteria in all.
    pub total: usize,
    /// For requirements.md: requirements that nothing names.
    pub requirements: Vec<SpecDiagnostic>,
    /// For design.md: properties that name what does not exist.
    pub design: Vec<SpecDiagnostic>,
    /// For tasks.md: tasks that name nothing, or what does not exist.
    pub tasks: Vec<SpecDiagnostic>,
}

/// Compares requirements with the design's properties and the tasks, where there
/// are any. Ids that the requirements do not number (`NFR-1`) are not judged.
pub fn coverage(
    requirements: &RequirementsDoc,
    design: Option<&DesignDoc>,
    tasks: Option<&TasksDoc>,
) -> Coverage {
    let mut known = BTreeSet::new();
    for requirement in requirements.requirements() {
        known.insert(requirement.number.as_str());
        known.extend(
            requirement
                .criteria
                .iter()
                .map(|criterion| criterion.id.as_str()),
        );
    }
    // That there are none is said once; each name of one would say it again.
    if known.is_empty() {
        return Coverage::default();
    }
    let mut named: BTreeSet<&str> = BTreeSet::new();
    let mut result = Coverage::default();
    let plain = |id: &str| id.starts_with(|c: char| c.is_ascii_digit());
    for property in design.iter().flat_map(|design| design.properties()) {
        named.extend(property.validates.iter().map(String::as_str));
        for id in property
            .validates
            .iter()
            .filter(|id| plain(id) && !known.contains(id.as_str()))
        {
            result.design.push(SpecDiagnostic::error(
                property.range.clone(),
                format!(
                    "Property {} validates {id}, which requirements.md does not have.",
                    property.number
                ),
            ));
        }
    }
    if let Some(document) = tasks {
        for task in document.tasks() {
            named.extend(task.requirements.iter().map(String::as_str));
            for id in task
                .requirements
                .iter()
                .filter(|id| plain(id) && !known.contains(id.as_str()))
            {
                result.tasks.push(SpecDiagnostic::error(
                    task.range.clone(),
                    format!(
                        "Task {} names requirement {id}, which requirements.md does not have.",
                        task.id
                    ),
                ));
            }
        }
        let silent: Vec<_> = document
            .leaves()
            .filter(|task| {
                let checkpoint = task.title.to_lowercase().contains("checkpoint");
                task.requirements.is_empty() && !task.optional && !checkpoint
            })
            .collect();
        let none_names = document
            .tasks()
            .iter()
            .all(|task| task.requirements.is_empty());
        match silent.as_slice() {
            // Whoever wrote the document left them out altogether, which is one thing to say.
            [first, _, ..] if none_names => result.tasks.push(SpecDiagnostic::warning(
                first.range.clone(),
                "No task names a requirement: add `_Requirements: 1.1_` to each.",
            )),
            silent => result.tasks.extend(silent.iter().map(|task| {
                SpecDiagnostic::warning(
                    task.range.clone(),
                    format!(
                        "Task {} names no requirement: add `_Requirements: 1.1_`.",
                        task.id
                    ),
                )
            })),
        }
    }
    // Where nothing names any, that is said at the tasks.
    let judged = tasks.is_some() && !named.is_empty();
    for requirement in requirements.requirements() {
        let whole = named.contains(requirement.number.as_str());
        let criteria = requirement.criteria.len();
        let covered = requirement
            .criteria
            .iter()
            .filter(|criterion| whole || named.contains(criterion.id.as_str()))
            .count();
        result.total += criteria;
        result.covered += covered;
        // Before there are tasks, nothing can cover anything.
        if judged && !whole && covered == 0 {
            result.requirements.push(SpecDiagnostic::warning(
                requirement.heading_range.clone(),
                format!(
                    "No task and no property names requirement {}.",
                    requirement.number
                ),
            ));
        }
    }
    result
}
