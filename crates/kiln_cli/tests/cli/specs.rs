//! `kiln-cli spec`.

use serde_json::json;
use test_support::Reply;

use crate::program::Machine;

const REQUIREMENTS: &str = "# Requirements Document\n\n## Introduction\n\nA counter.\n\n## Glossary\n\n- **Counter**: A number.\n\n## Requirements\n\n### Requirement 1: Count\n\n**User Story:** As a user, I want to count, so that I know.\n\n#### Acceptance Criteria\n\n1. WHEN asked, THE Counter SHALL add one.\n";
const DESIGN: &str = "# Design Document\n\n## Overview\n\nx\n\n## Architecture\n\nx\n\n## Components and Interfaces\n\nx\n\n## Data Models\n\nx\n\n## Correctness Properties\n\n### Property 1: Adds one\n\n*For any* n, n + 1.\n\n**Validates: Requirements 1.1**\n\n## Error Handling\n\nx\n\n## Testing Strategy\n\nx\n";
const TASKS: &str = "# Implementation Plan: Counter\n\n## Overview\n\nx\n\n## Tasks\n\n- [ ] 1. Count\n  - [ ] 1.1 Write count.txt\n    - _Requirements: 1.1_\n  - [ ] 1.2 Check it\n    - _Requirements: 1.1_\n\n## Notes\n\nx\n\n## Task Dependency Graph\n\n```json\n{\"waves\": [{\"id\": 0, \"tasks\": [\"1.1\"]}, {\"id\": 1, \"tasks\": [\"1.2\"]}]}\n```\n";

fn writes(file: &str, text: &str) -> [Reply; 2] {
    let arguments = json!({"path": format!(".kiro/specs/counter/{file}"), "content": text});
    [
        Reply::tool_call("call_1", "fs_write", &arguments.to_string()),
        Reply::text("Written."),
    ]
}

/// What `spec show` says is the hash of a document.
fn hash_of(machine: &Machine, document: &str) -> String {
    let shown = machine
        .run(&["spec", "show", "--json", "counter", document])
        .ends_with(0);
    let object: serde_json::Value = serde_json::from_str(&shown.output).unwrap();
    let hash = object["sha256"].as_str().unwrap().to_owned();
    assert_eq!(
        object["text"],
        machine.read(&format!("project/.kiro/specs/counter/{document}.md"))
    );
    let whole = machine
        .run(&["spec", "show", "--json", "counter"])
        .ends_with(0);
    let whole: serde_json::Value = serde_json::from_str(&whole.output).unwrap();
    let listed = whole["documents"].as_array().unwrap();
    assert!(
        listed
            .iter()
            .any(|listed| listed["document"] == document && listed["sha256"] == hash),
        "{whole}"
    );
    hash
}

fn config(machine: &Machine) -> String {
    machine.read("project/.kiro/specs/counter/.config.kiro")
}

#[test]
fn a_spec_goes_from_a_prompt_to_done_tasks() {
    let machine = Machine::new();
    machine
        .server
        .script(writes("requirements.md", REQUIREMENTS));
    let run = machine
        .run(&["spec", "new", "--no-interactive", "a counter"])
        .ends_with(0);
    assert!(
        run.output.contains("Requirements, waiting for review"),
        "{}",
        run.output
    );
    assert!(
        run.output.contains("kiln-cli spec approve counter"),
        "{}",
        run.output
    );
    assert_eq!(
        machine.read("project/.kiro/specs/counter/requirements.md"),
        REQUIREMENTS
    );

    let early = machine
        .run(&["spec", "run", "--no-interactive", "counter"])
        .ends_with(1);
    assert!(
        early.errors.contains("waits for review"),
        "{}",
        early.errors
    );
    let overview = machine.run(&["spec", "show", "counter"]).ends_with(0);
    assert!(
        overview
            .output
            .contains("requirements.md  waits for review  SHA-256 "),
        "{}",
        overview.output
    );
    let shown = machine
        .run(&["spec", "show", "counter", "requirements"])
        .ends_with(0);
    assert_eq!(shown.output, REQUIREMENTS);
    let read = hash_of(&machine, "requirements");
    assert!(
        shown.errors.contains(&format!("SHA-256: {read}")),
        "{}",
        shown.errors
    );

    let more = REQUIREMENTS.replace("add one", "add one at once");
    machine.server.script(writes("requirements.md", &more));
    machine
        .run(&[
            "spec",
            "request-changes",
            "--no-interactive",
            "counter",
            "At once, please",
        ])
        .ends_with(0);
    assert_eq!(
        machine.read("project/.kiro/specs/counter/requirements.md"),
        more
    );

    // It is not what was read any more.
    let approve = |hash: &str| {
        machine.run(&[
            "spec",
            "approve",
            "--no-interactive",
            "--sha256",
            hash,
            "counter",
        ])
    };
    let before = config(&machine);
    let refused = approve(&read).ends_with(1);
    assert!(
        refused.errors.contains("not the one that you read"),
        "{}",
        refused.errors
    );
    assert_eq!(config(&machine), before);
    approve("abc").ends_with(2);
    machine.server.script(writes("design.md", DESIGN));
    let run = approve(&hash_of(&machine, "requirements")).ends_with(0);
    assert!(
        run.output.contains("Design, waiting for review"),
        "{}",
        run.output
    );
    machine.server.script(writes("tasks.md", TASKS));
    machine
        .run(&["spec", "approve", "--no-interactive", "counter"])
        .ends_with(0);
    let run = machine
        .run(&["spec", "approve", "--no-interactive", "counter"])
        .ends_with(0);
    assert!(
        run.output.contains("kiln-cli spec run counter"),
        "{}",
        run.output
    );
    assert_eq!(machine.server.replies_left(), 0);

    let list = machine.run(&["spec", "list"]).ends_with(0);
    assert!(
        list.output.contains("Building  0 of 2 tasks"),
        "named as in the window: {}",
        list.output
    );
    let list = machine.run(&["spec", "list", "--json"]).ends_with(0);
    let rows: serde_json::Value = serde_json::from_str(&list.output).unwrap();
    assert_eq!(rows[0]["name"], "counter");
    assert_eq!(rows[0]["phase"], "Implementation");
    assert_eq!(
        (&rows[0]["done"], &rows[0]["total"]),
        (&json!(0), &json!(2))
    );

    machine.server.script([
        Reply::tool_call(
            "call_1",
            "fs_write",
            r#"{"path": "count.txt", "content": "1\n"}"#,
        ),
        Reply::text("Task 1.1 is done."),
        Reply::tool_call(
            "call_2",
            "fs_write",
            r#"{"path": "count.txt", "content": "2\n"}"#,
        ),
        Reply::text("Task 1.2 is done."),
    ]);
    let run = machine
        .run(&[
            "spec",
            "run",
            "--no-interactive",
            "--trust-tools",
            "fs_write",
            "--all",
            "counter",
        ])
        .ends_with(0);
    assert_eq!(machine.read("project/count.txt"), "2\n");
    let tasks = machine.read("project/.kiro/specs/counter/tasks.md");
    assert_eq!(tasks, TASKS.replace("[ ]", "[x]"), "only the boxes changed");
    assert!(run.output.contains("Done  2 of 2 tasks"), "{}", run.output);
    let again = machine
        .run(&["spec", "run", "--no-interactive", "counter"])
        .ends_with(0);
    assert!(
        again.output.contains("All tasks of counter are done."),
        "{}",
        again.output
    );
}

#[test]
fn a_failed_attempt_leaves_the_spec_to_be_tried_again() {
    let machine = Machine::new();
    machine.server.push(Reply::error(401, "bad key"));
    let run = machine
        .run(&["spec", "new", "--no-interactive", "a counter"])
        .ends_with(1);
    assert!(
        run.output.contains("kiln-cli spec next counter"),
        "{}",
        run.output
    );
    machine
        .server
        .script(writes("requirements.md", REQUIREMENTS));
    machine
        .run(&["spec", "next", "--no-interactive", "counter"])
        .ends_with(0);
    assert_eq!(
        machine.read("project/.kiro/specs/counter/requirements.md"),
        REQUIREMENTS
    );
}

#[test]
fn what_to_do_next_can_be_copied_as_it_stands() {
    let machine = Machine::new();
    machine
        .server
        .script(writes("requirements.md", REQUIREMENTS));
    machine.file("my project/.keep", "");
    let run = machine
        .run(&[
            "spec",
            "new",
            "--no-interactive",
            "--folder",
            "../my project",
            "a counter",
        ])
        .ends_with(0);
    let line = run.output.lines().find(|line| line.starts_with("Read it:"));
    let line = line.unwrap_or_else(|| panic!("{}", run.output));
    let (_, command) = line.split_once("kiln-cli ").unwrap();
    let copied = format!("{} {command}", env!("CARGO_BIN_EXE_kiln-cli"));
    let shell = machine.command_of("sh", &["-c", &copied]).output().unwrap();
    let shown = crate::program::Run::from(shell).ends_with(0);
    assert_eq!(shown.output, REQUIREMENTS);
}

#[test]
fn a_task_that_is_done_is_not_done_again() {
    let machine = Machine::new();
    machine.file("project/.kiro/specs/counter/requirements.md", REQUIREMENTS);
    machine.file("project/.kiro/specs/counter/design.md", DESIGN);
    let tasks = TASKS.replace("[ ] 1.1", "[x] 1.1");
    machine.file("project/.kiro/specs/counter/tasks.md", &tasks);
    machine.file(
        "project/.kiro/specs/counter/.config.kiro",
        "{\"approvals\": [\"requirements\", \"design\", \"tasks\"]}",
    );
    let run = machine
        .run(&["spec", "run", "--no-interactive", "counter", "1.1"])
        .ends_with(0);
    assert!(
        run.errors.contains("Task 1.1 of counter is done already"),
        "{}",
        run.errors
    );
    assert!(machine.server.requests().is_empty(), "no model is asked");
    assert_eq!(machine.read("project/.kiro/specs/counter/tasks.md"), tasks);
}

#[test]
fn specs_are_listed_and_shown_with_what_is_wrong_in_them() {
    let machine = Machine::without_model();
    let none = machine.run(&["spec", "list"]).ends_with(0);
    assert!(none.output.contains("kiln-cli spec new"));
    machine.file("project/.kiro/specs/counter/requirements.md", REQUIREMENTS);
    machine.file("project/.kiro/specs/counter/design.md", DESIGN);
    machine.file(
        "project/.kiro/specs/counter/tasks.md",
        &TASKS.replace("[ ] 1.1", "[x] 1.1"),
    );
    machine.file(
        "project/.kiro/specs/sick/tasks.md",
        "- [q] 1. What\n\u{1b}]0;gone\u{7}",
    );
    let list = machine.run(&["spec", "list"]).ends_with(0);
    assert!(
        list.output.contains("counter") && list.output.contains("1 of 2 tasks"),
        "{}",
        list.output
    );
    let shown = machine.run(&["spec", "show", "counter"]).ends_with(0);
    assert!(
        shown
            .output
            .contains("  [ ] 1 Count\n    [x] 1.1 Write count.txt\n"),
        "{}",
        shown.output
    );
    let sick = machine.run(&["spec", "show", "sick"]).ends_with(0);
    assert!(
        sick.output.contains("tasks.md:1: error: A task's box"),
        "{}",
        sick.output
    );
    assert!(!sick.output.contains('\u{1b}'));
    machine.file("project/.kiro/specs/mute/tasks.md", "- [ ] 1.\n- [ ]\n");
    let mute = machine.run(&["spec", "show", "mute"]).ends_with(0);
    assert!(
        mute.output
            .contains("  [ ] 1 (no text)\n  [ ] #1 (no text)\n"),
        "{}",
        mute.output
    );
    // Counted as its document's page counts it.
    let count = "4 errors, 3 warnings";
    let line = |output: &str, start: &str| {
        let mut lines = output.lines().map(str::trim_start);
        lines
            .find(|line| line.starts_with(start))
            .map(str::to_owned)
    };
    for (output, start) in [
        (&list.output, "sick "),
        (&sick.output, "sick "),
        (&sick.output, "tasks.md "),
    ] {
        let found = line(output, start).unwrap();
        assert!(found.ends_with(count), "{found}");
    }
    let told = |severity: &str| sick.output.matches(&format!(": {severity}: ")).count();
    assert_eq!((told("error"), told("warning")), (4, 3), "{}", sick.output);
    machine.file("project/.kiro/specs/sick/.config.kiro", "{nope");
    let sick = machine.run(&["spec", "show", "sick"]).ends_with(0);
    assert!(
        sick.errors.contains(".config.kiro is malformed"),
        "{}",
        sick.errors
    );
}

#[test]
fn what_does_not_exist_or_leads_out_is_refused() {
    let machine = Machine::new();
    machine.file("project/.kiro/specs/counter/requirements.md", REQUIREMENTS);
    for (name, told) in [
        ("counte", "did you mean counter?"),
        ("else", "there are: counter"),
    ] {
        let run = machine.run(&["spec", "show", name]).ends_with(2);
        assert!(run.errors.contains(told), "{}", run.errors);
    }
    for name in ["../..", "a/b", "..", "-x"] {
        let run = machine.run(&["spec", "show", "--", name]).ends_with(2);
        assert!(
            run.errors.contains("cannot be a spec's name"),
            "{}",
            run.errors
        );
    }
    let run = machine
        .run(&["spec", "show", "counter", "design"])
        .ends_with(1);
    assert!(run.errors.contains("has no design.md"), "{}", run.errors);
    let run = machine
        .run(&["spec", "run", "--no-interactive", "counter"])
        .ends_with(1);
    assert!(run.errors.contains("is not ready"), "{}", run.errors);
    #[cfg(unix)]
    {
        let secret = machine.file("secret.md", "TOP SECRET");
        std::os::unix::fs::symlink(
            secret,
            machine.path("project/.kiro/specs/counter/design.md"),
        )
        .unwrap();
        let run = machine
            .run(&["spec", "show", "counter", "design"])
            .ends_with(1);
        assert!(
            !run.output.contains("SECRET") && run.errors.contains("leads out"),
            "{}",
            run.errors
        );
    }
}

#[test]
fn the_columns_of_the_list_stand_below_each_other_whatever_the_names() {
    let machine = Machine::without_model();
    let long = "a-name-".repeat(9) + "that-is-very-long";
    for name in ["counter", &long] {
        machine.file(
            &format!("project/.kiro/specs/{name}/requirements.md"),
            REQUIREMENTS,
        );
    }
    let list = machine.run(&["spec", "list"]).ends_with(0).output;
    let columns: Vec<_> = list
        .lines()
        .filter_map(|line| line.find("Requirements, waiting"))
        .collect();
    assert_eq!(columns, [50, 50], "{list}");
    let whole = list.lines().any(|line| line.trim_end() == long);
    assert!(whole, "it can be copied: {list}");
}

#[test]
fn a_document_that_is_no_text_is_not_said_to_be_missing() {
    let machine = Machine::new();
    let path = machine.file("project/.kiro/specs/counter/requirements.md", "");
    std::fs::write(path, b"\x00\x9f\x92\x96").unwrap();
    let run = machine
        .run(&["spec", "next", "--no-interactive", "counter"])
        .ends_with(1);
    assert!(run.errors.contains("requirements.md"), "{}", run.errors);
    assert_eq!(run.output, "");
    let why = "requirements.md cannot be read: ";
    let run = machine.run(&["spec", "list"]).ends_with(0);
    assert_eq!(run.output, "counter  Requirements, cannot be read\n");
    assert!(run.errors.contains(why), "{}", run.errors);
    let run = machine.run(&["spec", "list", "--json"]).ends_with(0);
    let listed = &run.events()[0][0];
    assert_eq!(listed["status"], "unreadable");
    assert!(listed["unreadable"][0].as_str().unwrap().starts_with(why));
    let run = machine
        .run(&["spec", "show", "counter", "requirements"])
        .ends_with(1);
    assert!(!run.errors.contains("has no"), "{}", run.errors);
    let run = machine
        .run(&["spec", "run", "--no-interactive", "counter"])
        .ends_with(1);
    assert!(run.errors.contains("cannot be read"), "{}", run.errors);
}

#[test]
fn a_document_that_cannot_be_read_is_not_said_to_be_unwritten_when_it_is_decided_on() {
    let machine = Machine::without_model();
    machine.file("project/.kiro/specs/counter/requirements.md/note", "");
    for command in [
        &["spec", "approve", "--no-interactive", "counter"][..],
        &["spec", "request-changes", "counter", "Shorter"],
    ] {
        let run = machine.run(command).ends_with(1);
        let why = "the spec counter: requirements.md cannot be read: ";
        assert!(run.errors.contains(why), "{command:?}: {}", run.errors);
        assert!(!run.errors.contains("not written"), "{}", run.errors);
    }
}

#[test]
fn a_document_that_is_a_link_to_nowhere_is_told_with_the_reason() {
    let machine = Machine::without_model();
    let note = machine.file("project/.kiro/specs/counter/note.md", "Mine.\n");
    let requirements = note.with_file_name("requirements.md");
    std::os::unix::fs::symlink("gone.md", requirements).unwrap();
    let run = machine.run(&["spec", "list"]).ends_with(0);
    assert_eq!(run.output, "counter  Requirements, cannot be read\n");
    let why = "requirements.md cannot be read: it is a link that leads nowhere";
    assert!(run.errors.contains(why), "{}", run.errors);
}
