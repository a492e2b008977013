//! The documents of a spec, read as people write them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::ops::Range;

use spec::{
    BugfixDoc, DesignDoc, EarsPattern, RequirementsDoc, Severity, SpecFiles, SpecFolder, TaskId,
    TaskState, TasksDoc, coverage,
};

const REQUIREMENTS: &str = include_str!("fixtures/requirements.md");
const DESIGN: &str = include_str!("fixtures/design.md");
const TASKS: &str = include_str!("fixtures/tasks.md");
const WILD: &str = include_str!("fixtures/tasks-wild.md");
const BUGFIX: &str = include_str!("fixtures/bugfix.md");

fn messages(diagnostics: &[spec::SpecDiagnostic], severity: Severity) -> Vec<&str> {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .map(|diagnostic| diagnostic.message.as_str())
        .collect()
}

#[test]
fn requirements_are_read_with_story_criteria_and_glossary() {
    let document = RequirementsDoc::parse(REQUIREMENTS);
    assert_eq!(
        document.introduction(),
        Some("Readers of the bird log want to find a sighting again.")
    );
    let terms: Vec<_> = document
        .glossary()
        .iter()
        .map(|term| (term.term.as_str(), term.definition.as_str()))
        .collect();
    assert_eq!(
        terms[0],
        ("Sighting", "One bird seen at one place and time.")
    );
    let [first, second] = document.requirements() else {
        panic!("two requirements: {:?}", document.requirements());
    };
    assert_eq!(
        (first.number.as_str(), first.title.as_str()),
        ("1", "Find by name")
    );
    assert_eq!(
        first.user_story.as_deref(),
        Some("As a reader, I want to find sightings by a bird's name, so that I need not scroll.")
    );
    let patterns: Vec<_> = first
        .criteria
        .iter()
        .map(|criterion| (criterion.id.as_str(), criterion.ears))
        .collect();
    assert_eq!(
        patterns,
        [
            ("1.1", Some(EarsPattern::EventDriven)),
            ("1.2", Some(EarsPattern::Unwanted)),
            ("1.3", Some(EarsPattern::Complex)),
        ]
    );
    assert!(
        first.criteria[2]
            .text
            .ends_with("show it only where it matches.")
    );
    assert_eq!(
        &REQUIREMENTS[first.heading_range.clone()],
        "### Requirement 1: Find by name"
    );
    assert_eq!((second.number.as_str(), second.title.as_str()), ("2", ""));
    assert_eq!(
        messages(document.diagnostics(), Severity::Error),
        Vec::<&str>::new()
    );
    assert_eq!(
        messages(document.diagnostics(), Severity::Warning),
        ["Criterion 2.2 is not in EARS form: `WHEN …, THE … SHALL …`."]
    );
}

#[test]
fn a_poor_requirements_document_is_told_what_it_lacks() {
    let document = RequirementsDoc::parse(
        "# Wishes\n\n## Requirements\n\n### Wants\n\ntext\n\n### Requirement 1: X\n\nnothing\n\n### Requirement 1: Y\n\n1. THE x SHALL y\n",
    );
    let errors = messages(document.diagnostics(), Severity::Error);
    assert_eq!(
        errors,
        [
            "The first heading should be `# Requirements Document`.",
            "The section `## Introduction` is missing.",
            "A heading here should be `### Requirement N: Title`.",
            "The requirement has no acceptance criteria: add a numbered list under `#### Acceptance Criteria`.",
            "There is a requirement 1 already.",
        ]
    );
}

#[test]
fn designs_are_read_with_sections_and_properties() {
    let document = DesignDoc::parse(DESIGN);
    let sections: Vec<_> = document
        .sections()
        .iter()
        .map(|section| section.title.as_str())
        .collect();
    assert_eq!(sections.len(), 7);
    let properties: Vec<_> = document
        .properties()
        .iter()
        .map(|property| {
            (
                property.number.as_str(),
                property.title.as_str(),
                property.validates.join(" "),
            )
        })
        .collect();
    assert_eq!(
        properties,
        [
            ("1", "What is shown matches", "1.1 1.3".to_string()),
            ("2", "Searching twice is searching once", String::new()),
        ]
    );
    assert!(
        document.properties()[0]
            .statement
            .starts_with("*For any* log")
    );
    assert_eq!(
        messages(document.diagnostics(), Severity::Error),
        Vec::<&str>::new()
    );
    assert_eq!(
        messages(document.diagnostics(), Severity::Warning),
        ["Property 2 validates nothing: add `**Validates: Requirements 1.1**`."]
    );
}

#[test]
fn bug_analyses_are_read_with_their_three_lists() {
    let document = BugfixDoc::parse(BUGFIX);
    let clauses: Vec<_> = document
        .clauses()
        .map(|clause| clause.id.as_str())
        .collect();
    assert_eq!(clauses, ["1.1", "2.1", "3.1"]);
    let expected = document.expected_behavior().unwrap();
    assert_eq!(
        expected.clauses[0].text,
        "WHEN the text holds an umlaut THEN the log SHALL show the sightings that hold it"
    );
    assert_eq!(document.diagnostics(), []);
    let poor = BugfixDoc::parse(
        "# Bugfix\n\n## Introduction\n\n## Bug Analysis\n\n### Current Behavior\n\nIt breaks.\n",
    );
    assert_eq!(messages(poor.diagnostics(), Severity::Error).len(), 3);
}

#[test]
fn tasks_are_read_with_box_number_nesting_and_references() {
    let document = TasksDoc::parse(TASKS);
    let tasks: Vec<_> = document
        .tasks()
        .iter()
        .map(|task| {
            (
                task.id.0.as_str(),
                task.state,
                task.optional,
                task.level,
                task.parent.as_ref().map(|parent| parent.0.as_str()),
                task.requirements.join(" "),
            )
        })
        .collect();
    use TaskState::*;
    assert_eq!(
        tasks,
        [
            ("1", Done, false, 0, None, String::new()),
            ("1.1", Done, false, 1, Some("1"), "1.1 1.2".into()),
            ("1.2", Running, false, 1, Some("1"), "1.3".into()),
            ("1.3", NotStarted, true, 1, Some("1"), "1.1 1.3".into()),
            ("2", Queued, false, 0, None, "2.1 2.2".into()),
            ("3", NotStarted, false, 0, None, String::new()),
        ]
    );
    let first = document.task(&"1.1".into()).unwrap();
    assert_eq!(first.title, "Write `find`");
    assert_eq!(first.details, ["Compare without case and without accents"]);
    assert!(document.block(first).ends_with("_Requirements: 1.1, 1.2_"));
    let progress = document.progress();
    assert_eq!((progress.done, progress.total), (1, 4));
    assert_eq!(document.next_task().unwrap().id, "1.2".into());
    let graph = document.graph().unwrap().as_ref().unwrap();
    assert_eq!(graph.waves[1].tasks, ["1.2", "2"]);
    assert_eq!(document.diagnostics(), []);
}

#[test]
fn tasks_of_the_wild_are_read() {
    let document = TasksDoc::parse(WILD);
    let tasks: Vec<_> = document
        .tasks()
        .iter()
        .map(|task| {
            (
                task.id.0.as_str(),
                task.title.as_str(),
                task.state.mark(),
                task.optional,
                task.level,
            )
        })
        .collect();
    assert_eq!(
        tasks,
        [
            ("#1", "Ouvrir le fichier", ' ', false, 0),
            ("#2", "Fermer le fichier", 'x', false, 0),
            ("27A.3", "Trois", ' ', false, 0),
            ("1", "Un", 'x', false, 0),
            ("1.1", "Sous", ' ', true, 1),
            ("1.1.1", "Plus profond", ' ', false, 2),
            ("2.1", "Sans espace", '-', true, 0),
            ("4", "Ici", ' ', false, 0),
            ("4#2", "Là", 'x', false, 0),
            ("#3", "3 pommes", ' ', false, 0),
        ]
    );
    assert_eq!(document.groups()[0].number().as_deref(), Some("1"));
    assert_eq!(document.tasks()[9].requirements, ["1.1", "1.2"]);
    let diagnostics = document.diagnostics();
    let errors = messages(&diagnostics, Severity::Error);
    assert_eq!(
        errors
            .iter()
            .filter(|message| message.contains("merge conflict"))
            .count(),
        2
    );
    assert_eq!(
        errors
            .iter()
            .filter(|message| message.contains("A task's box is"))
            .count(),
        2
    );
    assert!(errors.contains(&"There is a task 4 already."));
}

#[test]
fn a_graph_that_is_wrong_says_how() {
    let graph = |json: &str| {
        let text = format!(
            "# Tasks\n\n- [ ] 1. A\n  - [ ] 1.1 B\n- [ ]* 2. C\n\n## Task Dependency Graph\n\n```json\n{json}\n```\n"
        );
        let document = TasksDoc::parse(&text);
        document
            .diagnostics()
            .into_iter()
            .map(|diagnostic| diagnostic.message)
            .filter(|message| message.contains("graph"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        graph("{\"waves\": [{\"wave\": \"1\", \"tasks\": [1.1]}]}"),
        ""
    );
    // Without quotes it is still the tenth part, not the first.
    assert!(
        graph("{\"waves\": [{\"id\": 0, \"tasks\": [1.10]}]}")
            .contains("task 1.10, which does not exist")
    );
    assert!(graph("{\"waves\": [").contains("is not JSON"));
    assert!(graph("{}").contains("needs `waves`"));
    assert!(graph("{\"waves\": []}").contains("is empty"));
    assert!(graph("{\"waves\": [{\"tasks\": [\"1.1\"]}]}").contains("no number `id`"));
    assert!(
        graph("{\"waves\": [{\"id\": 0, \"tasks\": [\"9\"]}]}")
            .contains("task 9, which does not exist")
    );
    assert!(
        graph("{\"waves\": [{\"id\": 0, \"tasks\": [\"1.1\", \"2\"]}]}")
            .contains("which is optional")
    );
    assert!(graph("{\"waves\": [{\"id\": 0, \"tasks\": [\"1.1\", \"1.1\"]}]}").contains("twice"));
}

#[test]
fn a_task_number_without_quotes_is_read_as_it_is_written() {
    let parts: String = (1..=10).map(|n| format!("  - [ ] 1.{n} Part\n")).collect();
    let text = format!(
        "# Tasks\n\n- [ ] 1. A\n{parts}\n## Task Dependency Graph\n\n```json\n{}\n```\n",
        r#"{"waves": [{"id": 0, "tasks": [1.1, 1.2]}, {"id": 2, "tasks": [1.10, "1.3"]}]}"#
    );
    let graph = TasksDoc::parse(&text).graph().cloned().unwrap().unwrap();
    let waves: Vec<_> = graph.waves.into_iter().map(|wave| wave.tasks).collect();
    assert_eq!(waves, [vec!["1.1", "1.2"], vec!["1.10", "1.3"]]);
}

fn apply(text: &str, edits: &[(Range<usize>, String)]) -> String {
    let mut result = text.to_string();
    for (range, mark) in edits.iter().rev() {
        result.replace_range(range.clone(), mark);
    }
    result
}

#[test]
fn a_parent_begins_with_its_first_part_and_ends_with_its_last() {
    let text = "- [ ] 1. A\n  - [ ] 1.1 B\n  - [ ] 1.2 C\n  - [ ]* 1.3 D\n";
    let step = |text: &str, id: &str, state: TaskState| {
        let document = TasksDoc::parse(text);
        apply(
            text,
            &document.set_state_with_parents(&id.into(), state).unwrap(),
        )
    };
    let running = step(text, "1.1", TaskState::Running);
    assert_eq!(
        running,
        "- [-] 1. A\n  - [-] 1.1 B\n  - [ ] 1.2 C\n  - [ ]* 1.3 D\n"
    );
    let half = step(&running, "1.1", TaskState::Done);
    assert_eq!(
        half,
        "- [-] 1. A\n  - [x] 1.1 B\n  - [ ] 1.2 C\n  - [ ]* 1.3 D\n"
    );
    let done = step(&half, "1.2", TaskState::Done);
    assert_eq!(
        done,
        "- [x] 1. A\n  - [x] 1.1 B\n  - [x] 1.2 C\n  - [ ]* 1.3 D\n"
    );
    let back = step(&done, "1.2", TaskState::NotStarted);
    assert_eq!(back, half);
}

#[test]
fn a_task_with_nothing_but_optional_parts_is_work_of_its_own() {
    let text = "- [ ] 1. A\n  - [ ]* 1.1 Test A\n- [ ] 2. B\n";
    let document = TasksDoc::parse(text);
    assert_eq!(document.progress().total, 2);
    assert_eq!(document.next_task().unwrap().id, "1".into());
    assert!(document.is_leaf(&"1".into()));
    let tested = apply(
        text,
        &document
            .set_state_with_parents(&"1.1".into(), TaskState::Done)
            .unwrap(),
    );
    assert_eq!(
        tested,
        text.replace("[ ]* 1.1", "[x]* 1.1"),
        "A itself is still to be done"
    );
}

#[test]
fn an_unknown_task_is_refused_with_what_there_is() {
    let error = TasksDoc::parse(TASKS)
        .set_state(&TaskId("9.9".into()), TaskState::Done)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no task 9.9 in tasks.md; it has 1, 1.1, 1.2, 1.3, 2, 3"
    );
}

#[test]
fn documents_are_held_against_each_other() {
    let requirements = RequirementsDoc::parse(REQUIREMENTS);
    let design = DesignDoc::parse(DESIGN);
    let tasks = TasksDoc::parse(TASKS);
    let all = coverage(&requirements, Some(&design), Some(&tasks));
    assert_eq!((all.covered, all.total), (5, 5));
    assert!(
        all.requirements.is_empty() && all.tasks.is_empty(),
        "{all:?}"
    );
    let poor = TasksDoc::parse("# Tasks\n\n- [ ] 1. A\n  _Requirements: 1.1, 7.1_\n- [ ] 2. B\n");
    let found = coverage(&requirements, None, Some(&poor));
    assert_eq!(
        messages(&found.requirements, Severity::Warning),
        ["No task and no property names requirement 2."]
    );
    assert_eq!(
        messages(&found.tasks, Severity::Error),
        ["Task 1 names requirement 7.1, which requirements.md does not have."]
    );
    assert_eq!(
        messages(&found.tasks, Severity::Warning),
        ["Task 2 names no requirement: add `_Requirements: 1.1_`."]
    );
}

#[test]
fn what_is_left_out_altogether_is_said_once() {
    let requirements = RequirementsDoc::parse(REQUIREMENTS);
    let bare = TasksDoc::parse("# Tasks\n\n- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. Checkpoint\n");
    let found = coverage(&requirements, None, Some(&bare));
    assert_eq!(
        messages(&found.tasks, Severity::Warning),
        ["No task names a requirement: add `_Requirements: 1.1_` to each."]
    );
    assert!(found.requirements.is_empty(), "{:?}", found.requirements);
    assert_eq!((found.covered, found.total), (0, 5));
    let unnumbered = |text: &str| {
        let found = TasksDoc::parse(text).diagnostics();
        let numbers = messages(&found, Severity::Error).into_iter();
        numbers
            .filter(|message| message.contains("number"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        unnumbered("- [ ] A\n- [ ] B\n- [ ] C\n"),
        ["No task has a number; write `- [ ] 1.1 Title`."]
    );
    assert_eq!(
        unnumbered("- [ ] 1. A\n- [ ] B\n- [ ] C\n"),
        ["The task has no number; write `- [ ] 1.1 Title`."; 2]
    );
    // A requirements.md without requirements has one error, not one for each name.
    let none = RequirementsDoc::parse("# Requirements Document\n\n1. It works.\n");
    let found = coverage(
        &none,
        Some(&DesignDoc::parse(DESIGN)),
        Some(&TasksDoc::parse(TASKS)),
    );
    assert_eq!(found, spec::Coverage::default());
}

#[test]
fn a_title_that_nobody_can_read_is_said_to_have_no_text() {
    let lines = "- [ ] 1. Read\n- [ ] 2.\n- [ ] 3. ** **\n- [ ] 4. \u{200b}\n- [ ] 5. `x`\n";
    let document = TasksDoc::parse(lines);
    let shown: Vec<_> = document
        .tasks()
        .iter()
        .map(spec::Task::shown_title)
        .collect();
    assert_eq!(
        shown,
        ["Read", "(no text)", "(no text)", "(no text)", "`x`"]
    );
    let told = document.diagnostics();
    let told = messages(&told, Severity::Error);
    let count = told
        .iter()
        .filter(|told| **told == "The task has no title.");
    assert_eq!(count.count(), 3, "{told:?}");
}

#[test]
fn a_folder_is_summed_up() {
    let files = SpecFiles::from_files([
        ("requirements.md", REQUIREMENTS),
        ("design.md", DESIGN),
        ("tasks.md", TASKS),
        (
            ".config.kiro",
            "{\"specType\": \"feature\", \"approvals\": [\"requirements\"]}",
        ),
        ("spec.json", "left alone"),
    ]);
    let folder = SpecFolder::summarize("bird-search", &files);
    assert_eq!(folder.phase.phase, spec::Phase::Design);
    assert_eq!(folder.phase.status, spec::ReviewStatus::AwaitingReview);
    assert_eq!((folder.progress.done, folder.progress.total), (1, 4));
    assert_eq!(folder.documents.len(), 3);
    assert_eq!(folder.problem_count().to_string(), "2 warnings");
    let bug = SpecFolder::summarize("umlauts", &SpecFiles::from_files([("bugfix.md", BUGFIX)]));
    assert_eq!(bug.spec_type, spec::SpecType::Bugfix);
    assert_eq!(bug.documents, [spec::Document::Bugfix]);
    let empty = SpecFolder::summarize("empty", &SpecFiles::default());
    assert_eq!(empty.phase.status, spec::ReviewStatus::Missing);
}

#[test]
fn long_documents_are_read_in_one_pass() {
    const MANY: usize = 100_000;
    let numbered: String = (0..MANY)
        .map(|part| format!("- [ ] 1.{part} Part\n"))
        .collect();
    let document = TasksDoc::parse(&format!("- [ ] 1. Whole\n{numbered}"));
    assert_eq!(document.tasks().len(), MANY + 1);
    assert!(
        document.tasks()[1..]
            .iter()
            .all(|task| task.parent == Some("1".into()))
    );
    let flat = "  - [ ] Part\n".repeat(MANY);
    let document = TasksDoc::parse(&format!("- [ ] Whole\n{flat}"));
    let parents = document.tasks()[1..]
        .iter()
        .map(|task| task.parent.as_ref());
    assert_eq!(
        parents
            .flatten()
            .filter(|parent| **parent == "#1".into())
            .count(),
        MANY
    );
    let requirement = "### Requirement 1: A\n\n#### Acceptance Criteria\n\n1. THE a SHALL b\n\n";
    let document = RequirementsDoc::parse(&requirement.repeat(MANY / 4));
    assert!(
        document
            .requirements()
            .iter()
            .all(|one| one.criteria.len() == 1)
    );
    assert_eq!(document.requirements().len(), MANY / 4);
}

#[test]
fn a_task_without_a_number_is_part_of_the_nearest_one_that_is_indented_less() {
    let document = TasksDoc::parse(
        "- [ ] A\n    - [ ] B\n  - [ ] C\n      - [ ] D\n  - [ ] E\n- [ ] F\n  - [ ] G\n## Next\n  - [ ] H\n",
    );
    let parents: Vec<_> = document
        .tasks()
        .iter()
        .map(|task| {
            let parent = task
                .parent
                .as_ref()
                .and_then(|parent| document.task(parent));
            (
                task.title.as_str(),
                parent.map_or("", |parent| parent.title.as_str()),
            )
        })
        .collect();
    assert_eq!(
        parents,
        [
            ("A", ""),
            ("B", "A"),
            ("C", "A"),
            ("D", "C"),
            ("E", "A"),
            ("F", ""),
            ("G", "F"),
            ("H", "")
        ]
    );
}

#[test]
fn nothing_counts_as_approved_where_what_says_so_cannot_be_read() {
    let documents = [("requirements.md", REQUIREMENTS), ("tasks.md", TASKS)];
    let standing = |config: Option<&'static str>| {
        let config = config.map(|text| (".config.kiro", text));
        let files = SpecFiles::from_files(documents.into_iter().chain(config));
        SpecFolder::summarize("any", &files)
            .state
            .status(spec::Phase::Requirements)
    };
    assert_eq!(
        standing(None),
        spec::ReviewStatus::Approved,
        "as Kiro leaves it"
    );
    assert_eq!(standing(Some("{oops")), spec::ReviewStatus::AwaitingReview);
}
