//! Nothing is lost and nothing else is touched: over generated texts, over our
//! fixtures, and over the real `.kiro` folders beside the checkout.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on has failed"
)]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use spec::{
    BugfixDoc, DesignDoc, RequirementsDoc, SpecConfig, SpecFiles, SpecFolder, TaskState, TasksDoc,
};
use test_support::{left_out, shared_folder};

/// Reads a text as each of the documents and holds the result against it.
fn is_kept(text: &str) -> Result<(), String> {
    let kept = [
        ("requirements", RequirementsDoc::parse(text).to_string()),
        ("bugfix", BugfixDoc::parse(text).to_string()),
        ("design", DesignDoc::parse(text).to_string()),
        ("tasks", TasksDoc::parse(text).to_string()),
        ("config", SpecConfig::parse(text).to_string()),
    ];
    for (name, written) in kept {
        if written != text {
            return Err(format!("as {name} it is not written as it was read"));
        }
    }
    let ranges = RequirementsDoc::parse(text)
        .requirements()
        .iter()
        .flat_map(|requirement| {
            let criteria = requirement
                .criteria
                .iter()
                .map(|criterion| criterion.range.clone());
            criteria.chain([requirement.range.clone(), requirement.heading_range.clone()])
        })
        .chain(
            TasksDoc::parse(text)
                .tasks()
                .iter()
                .map(|task| task.range.clone()),
        )
        .chain(
            DesignDoc::parse(text)
                .properties()
                .iter()
                .map(|property| property.range.clone()),
        )
        .chain(
            TasksDoc::parse(text)
                .diagnostics()
                .into_iter()
                .map(|diagnostic| diagnostic.range),
        )
        .collect::<Vec<_>>();
    for range in ranges {
        if text.get(range.clone()).is_none() {
            return Err(format!("{range:?} is no range of the text"));
        }
    }
    Ok(())
}

/// Sets every box to every state and looks at each byte.
fn boxes_change_alone(text: &str) -> Result<usize, String> {
    let document = TasksDoc::parse(text);
    for task in document.tasks() {
        for state in [
            TaskState::NotStarted,
            TaskState::Queued,
            TaskState::Running,
            TaskState::Done,
        ] {
            let (range, mark) = document
                .set_state(&task.id, state)
                .map_err(|error| error.to_string())?;
            if range.len() != 1 || mark.len() != 1 {
                return Err(format!("task {}: not one byte", task.id));
            }
            let mut changed = text.to_string();
            changed.replace_range(range.clone(), &mark);
            let differing: Vec<usize> = text
                .bytes()
                .zip(changed.bytes())
                .enumerate()
                .filter(|(_, (before, after))| before != after)
                .map(|(at, _)| at)
                .collect();
            if changed.len() != text.len() || differing.iter().any(|at| *at != range.start) {
                return Err(format!("task {}: other bytes changed", task.id));
            }
            let after = TasksDoc::parse(&changed);
            if after.task(&task.id).map(|task| task.state) != Some(state) {
                return Err(format!("task {}: {state:?} is not read back", task.id));
            }
            let others = |document: &TasksDoc| {
                document
                    .tasks()
                    .iter()
                    .filter(|other| other.id != task.id)
                    .cloned()
                    .collect::<Vec<_>>()
            };
            if others(&document) != others(&after) {
                return Err(format!("task {}: other tasks changed", task.id));
            }
        }
    }
    Ok(document.tasks().len())
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn our_fixtures_are_kept() {
    let mut paths = Vec::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"),
        &mut paths,
    );
    assert!(paths.len() >= 5);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        is_kept(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        boxes_change_alone(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
    }
}

#[test]
fn every_file_of_the_corpus_is_kept() {
    let corpus = shared_folder().join("corpus");
    let mut paths = Vec::new();
    files(&corpus, &mut paths);
    if paths.is_empty() {
        left_out(
            "every_file_of_the_corpus_is_kept",
            &format!("no corpus in {} (set KILN_SHARED)", corpus.display()),
        );
        return;
    }
    let (mut texts, mut boxes, mut requirements, mut criteria, mut properties) = (0, 0, 0, 0, 0);
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        texts += 1;
        is_kept(&text).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        let count = boxes_change_alone(&text)
            .unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        match path.file_name().and_then(|name| name.to_str()) {
            Some("tasks.md") => {
                assert!(count > 0, "{} has no tasks", path.display());
                // Counted by an eye that knows nothing of lists and numbers.
                let plain = text
                    .lines()
                    .filter(|line| {
                        let line = line.trim_start();
                        ["- [ ]", "- [x]", "- [-]", "- [~]"]
                            .iter()
                            .any(|mark| line.starts_with(mark))
                    })
                    .count();
                assert_eq!(count, plain, "{}", path.display());
                boxes += count;
            }
            Some("requirements.md") => {
                let document = RequirementsDoc::parse(&text);
                let headings = text
                    .lines()
                    .filter(|line| line.starts_with("### Requirement"))
                    .count();
                assert_eq!(
                    document.requirements().len(),
                    headings,
                    "{}",
                    path.display()
                );
                for requirement in document.requirements() {
                    assert!(
                        !requirement.criteria.is_empty(),
                        "{}: {}",
                        path.display(),
                        requirement.number
                    );
                    assert!(
                        requirement.user_story.is_some(),
                        "{}: {}",
                        path.display(),
                        requirement.number
                    );
                    criteria += requirement.criteria.len();
                }
                requirements += document.requirements().len();
            }
            Some("design.md") => properties += DesignDoc::parse(&text).properties().len(),
            Some("bugfix.md") => {
                let document = BugfixDoc::parse(&text);
                assert!(document.clauses().count() >= 3, "{}", path.display());
            }
            _ => {}
        }
    }
    println!(
        "{texts} files, {boxes} boxes, {requirements} requirements, {criteria} criteria, {properties} properties"
    );
    assert!(texts > 100 && boxes > 300 && requirements > 100 && criteria > 500 && properties > 50);
}

/// A piece of a spec as it could stand in a file, sound or not.
fn piece() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        Just(String::new()),
        (1u8..12).prop_map(|n| format!("{n}. ")),
        (1u8..9, 1u8..9).prop_map(|(a, b)| format!("{a}.{b} ")),
        (1u8..9, 1u8..9, 1u8..9).prop_map(|(a, b, c)| format!("{a}.{b}.{c} ")),
        (1u8..30).prop_map(|n| format!("{n}A.3 ")),
    ];
    let mark = prop_oneof![
        Just("[ ]"),
        Just("[x]"),
        Just("[-]"),
        Just("[~]"),
        Just("[]"),
        Just("[q]"),
        Just("[X]")
    ];
    let star = prop_oneof![4 => Just(""), 1 => Just("*"), 1 => Just("\\*")];
    prop_oneof![
        6 => (0usize..4, mark, star, number, "[a-zé*`: ]{0,12}")
            .prop_map(|(indent, mark, star, number, title)| format!("{}- {mark}{star} {number}{title}", "  ".repeat(indent))),
        2 => "[#]{1,4} (Requirement|Property|Task|Tasks|要件)? ?[0-9]{0,2}:? ?[a-z]{0,8}",
        1 => Just("```json".to_string()),
        1 => Just("```".to_string()),
        1 => Just("{\"waves\": [{\"id\": 0, \"tasks\": [\"1.1\", \"2\"]}]}".to_string()),
        1 => Just("<<<<<<< HEAD".to_string()),
        1 => "  - _Requirements: [0-9., ]{0,9}_",
        1 => "[0-9]{1,2}[.)] (WHEN|IF|THE) [a-z ]{0,10} SHALL [a-z]{0,5}",
        1 => Just("**User Story:** As a x, I want y".to_string()),
        2 => "\\PC{0,30}",
        2 => Just(String::new()),
    ]
}

prop_compose! {
    fn document()(
        bom in any::<bool>(),
        crlf in any::<bool>(),
        final_newline in any::<bool>(),
        pieces in proptest::collection::vec(piece(), 0..40),
    ) -> String {
        let newline = if crlf { "\r\n" } else { "\n" };
        let mut text = if bom { "\u{feff}".to_string() } else { String::new() };
        text.push_str(&pieces.join(newline));
        if final_newline { text.push_str(newline); }
        text
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn generated_documents_are_kept_and_boxes_change_alone(text in document()) {
        prop_assert_eq!(is_kept(&text), Ok(()));
        prop_assert!(boxes_change_alone(&text).is_ok(), "{:?}", boxes_change_alone(&text));
        let files = SpecFiles {
            requirements: Some(text.clone()),
            bugfix: Some(text.clone()),
            design: Some(text.clone()),
            tasks: Some(text.clone()),
            config: Some(text),
        };
        SpecFolder::summarize("any", &files);
    }

    #[test]
    fn any_text_is_kept(text in "(\\PC|\\n|\\r|\\t){0,300}") {
        prop_assert_eq!(is_kept(&text), Ok(()));
        prop_assert!(boxes_change_alone(&text).is_ok());
    }
}
