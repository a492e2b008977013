//! From a prompt to requirements, design, tasks and a task that is done.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use agent::{
    AgentEvent, DocumentHash, EndReason, Mode, Operation, PermissionAnswer, PermissionPolicy,
    SessionChoice, TranscriptItem,
};
use headless_tests::{Harness, PROTOCOLS, Setup, Turn};
use spec::{Phase, TaskState};
use test_support::{Gate, Reply, Step};

const REQUIREMENTS: &str = "# Requirements Document

## Introduction

To-dos get due dates.

## Glossary

- **Store**: keeps the to-dos.

## Requirements

### Requirement 1: Due dates

**User Story:** As a user, I want due dates, so that I am on time.

#### Acceptance Criteria

1. WHEN a to-do is added with a date, THE Store SHALL keep the date.
2. IF the date is malformed, THEN THE Store SHALL refuse the to-do.
";

const DESIGN: &str = "# Design Document

## Overview

A field.

## Architecture

One module.

## Components and Interfaces

`src/store.rs`

## Data Models

A date.

## Correctness Properties

### Property 1: Dates survive

*For any* date, what is stored is read.

**Validates: Requirements 1.1, 1.2**

## Error Handling

Errors.

## Testing Strategy

Tests.
";

const TASKS: &str = "# Implementation Plan

## Overview

Two steps.

## Tasks

- [ ] 1. The store
  - [ ] 1.1 Add the field
    - In src/store.rs
    - _Requirements: 1.1_
  - [ ] 1.2 Refuse bad dates
    - _Requirements: 1.2_
- [ ] 2. Show the date
  - _Requirements: 1.1_

## Notes

- None.

## Task Dependency Graph

```json
{\"waves\":[{\"id\":0,\"tasks\":[\"1.1\"]},{\"id\":1,\"tasks\":[\"1.2\",\"2\"]}]}
```
";

fn write(spec: &str, file: &str, content: &str) -> Reply {
    let arguments = serde_json::json!({
        "path": format!(".kiro/specs/{spec}/{file}"),
        "content": content,
    });
    Reply::tool_call("call_w", "fs_write", &arguments.to_string())
}

/// A model that looks around with a command, which is enough for a task, and says something.
fn works(text: &str) -> [Reply; 2] {
    [
        Reply::tool_call("call_b", "execute_bash", r#"{"command":"true"}"#),
        Reply::text(text),
    ]
}

/// The approval of somebody who has just read the file.
fn approve(harness: &Harness, spec: &str, file: &str) -> Operation {
    let text = harness.read(&format!(".kiro/specs/{spec}/{file}")).unwrap();
    Operation::SpecApprove {
        spec: spec.into(),
        seen: DocumentHash::of(&text),
    }
}

fn spec_prompt(text: &str) -> Operation {
    Operation::Prompt {
        text: text.into(),
        mode: Mode::Spec,
    }
}

fn reviews(turn: &Turn) -> Vec<Phase> {
    turn.events
        .iter()
        .filter_map(|event| match event {
            AgentEvent::SpecReviewReady { phase, .. } => Some(*phase),
            _ => None,
        })
        .collect()
}

fn spec_name(turn: &Turn) -> String {
    turn.events
        .iter()
        .find_map(|event| match event {
            AgentEvent::SpecChanged { spec } => Some(spec.clone()),
            _ => None,
        })
        .unwrap()
}

fn states(turn: &Turn) -> Vec<(String, TaskState)> {
    turn.events
        .iter()
        .filter_map(|event| match event {
            AgentEvent::TaskStateChanged { task, state, .. } => Some((task.0.clone(), *state)),
            _ => None,
        })
        .collect()
}

/// A spec whose three documents are approved.
fn approved_spec(harness: &Harness) -> String {
    let name = "due-dates".to_owned();
    for (file, text) in [
        ("requirements.md", REQUIREMENTS),
        ("design.md", DESIGN),
        ("tasks.md", TASKS),
        (
            ".config.kiro",
            "{\"specId\":\"x\",\"workflowType\":\"requirements-first\",\"specType\":\"feature\",\"approvals\":[\"requirements\",\"design\",\"tasks\"]}\n",
        ),
    ] {
        harness
            .write(&format!(".kiro/specs/{name}/{file}"), text)
            .unwrap();
    }
    name
}

/// Commands run without a question.
fn trusting() -> Setup {
    Setup {
        permissions: PermissionPolicy::trusting(["execute_bash"]),
        ..Setup::default()
    }
}

fn run(spec: &str, task: &str) -> Operation {
    Operation::RunTask {
        spec: spec.into(),
        task: task.into(),
    }
}

#[test]
fn a_prompt_becomes_three_reviewed_documents_and_a_done_task() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        // The name is known once the folder is there: ask the engine's rule.
        let name = spec::spec_name("Add due dates to the to-dos");
        harness.server.script([
            write(&name, "requirements.md", REQUIREMENTS),
            Reply::text("Please look at the limits."),
        ]);
        let turn = harness
            .turn(spec_prompt("Add due dates to the to-dos"))
            .unwrap();
        assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
        assert_eq!(spec_name(&turn), name);
        assert_eq!(reviews(&turn), [Phase::Requirements]);
        assert!(turn.questions().is_empty(), "the document was asked for");
        let folder = format!(".kiro/specs/{name}");
        assert_eq!(
            harness.read(&format!("{folder}/requirements.md")).unwrap(),
            REQUIREMENTS
        );
        assert!(!harness.exists(&format!("{folder}/design.md")));
        let request = &harness.server.requests()[0];
        assert!(request.user_texts()[0].contains("Add due dates to the to-dos"));
        assert!(!request.tool_names().contains(&"execute_bash".to_owned()));

        // Changes are asked for before the approval.
        let changed = REQUIREMENTS.replace("To-dos get due dates.", "To-dos get due times.");
        harness.server.script([
            write(&name, "requirements.md", &changed),
            Reply::text("Changed."),
        ]);
        let turn = harness
            .turn(Operation::SpecRequestChanges {
                spec: name.clone(),
                feedback: "times, not dates".into(),
            })
            .unwrap();
        assert_eq!(reviews(&turn), [Phase::Requirements]);
        let requests = harness.server.requests();
        assert!(
            requests[2]
                .user_texts()
                .last()
                .unwrap()
                .contains("times, not dates"),
            "{:?}",
            requests[2].user_texts()
        );
        assert_eq!(
            harness.read(&format!("{folder}/requirements.md")).unwrap(),
            changed
        );

        harness.server.script([
            write(&name, "design.md", DESIGN),
            Reply::text("The design."),
        ]);
        let turn = harness
            .turn(approve(&harness, &name, "requirements.md"))
            .unwrap();
        assert_eq!(reviews(&turn), [Phase::Design], "{turn:?}");
        let config = harness.read(&format!("{folder}/.config.kiro")).unwrap();
        assert!(config.contains("\"requirements\""), "{config}");
        assert!(!config.contains("\"design\""), "{config}");

        harness
            .server
            .script([write(&name, "tasks.md", TASKS), Reply::text("The tasks.")]);
        let turn = harness.turn(approve(&harness, &name, "design.md")).unwrap();
        assert_eq!(reviews(&turn), [Phase::Tasks], "{turn:?}");

        harness.send(approve(&harness, &name, "tasks.md")).unwrap();
        harness
            .events_until(|event| {
                matches!(event, AgentEvent::Notice { message, .. } if message.contains("complete"))
            })
            .unwrap();

        // A task.
        harness.server.script([
            Reply::tool_call(
                "call_s",
                "fs_write",
                r#"{"path":"src/store.rs","content":"pub due: Date\n"}"#,
            ),
            Reply::text("Added the field."),
        ]);
        let turn = harness.turn(run(&name, "1.1")).unwrap();
        assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
        assert_eq!(harness.read("src/store.rs").unwrap(), "pub due: Date\n");
        let states = states(&turn);
        assert!(
            states.contains(&("1.1".into(), TaskState::Running)),
            "{states:?}"
        );
        assert_eq!(
            states.last().map(|(_, state)| *state),
            Some(TaskState::Done)
        );
        let tasks = harness.read(&format!("{folder}/tasks.md")).unwrap();
        let expected = TASKS
            .replace("[ ] 1. The store", "[-] 1. The store")
            .replace("[ ] 1.1", "[x] 1.1");
        assert_eq!(tasks, expected, "the boxes and nothing else");
        let requests = harness.server.requests();
        let message = &requests[requests.len() - 1].user_texts()[0];
        assert!(message.contains("Add the field"), "{message}");
        assert!(message.contains("THE Store SHALL keep the date"));
    }
}

#[test]
fn errors_in_a_document_are_corrected_once() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = spec::spec_name("Add due dates");
    let broken = REQUIREMENTS.replace("## Introduction\n\nTo-dos get due dates.\n\n", "");
    harness.server.script([
        write(&name, "requirements.md", &broken),
        Reply::text("Written."),
        write(&name, "requirements.md", REQUIREMENTS),
        Reply::text("Corrected."),
    ]);
    let turn = harness.turn(spec_prompt("Add due dates")).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    assert_eq!(harness.server.requests().len(), 4);
    let told = harness.server.requests()[2].user_texts();
    assert!(told.last().unwrap().contains("these errors"), "{told:?}");
    assert_eq!(
        harness
            .read(&format!(".kiro/specs/{name}/requirements.md"))
            .unwrap(),
        REQUIREMENTS
    );
}

#[test]
fn the_first_error_that_is_left_is_named_with_its_line() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = spec::spec_name("Add due dates");
    let broken = REQUIREMENTS.replace("### Requirement 1: Due dates", "### Due dates");
    let again = broken.replace("I am on time", "I am in time");
    harness.server.script([
        write(&name, "requirements.md", &broken),
        Reply::text("Written."),
        write(&name, "requirements.md", &again),
        Reply::text("Corrected."),
    ]);
    let turn = harness.turn(spec_prompt("Add due dates")).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    let told = turn.events.iter().find_map(|event| match event {
        AgentEvent::Notice { message, .. } => Some(message.as_str()),
        _ => None,
    });
    let told = told.unwrap();
    assert!(told.starts_with("Kiln still points out"), "{told}");
    assert!(told.contains("The first is in line 11: "), "{told}");
}

#[test]
fn a_document_in_the_answer_is_taken_too() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = spec::spec_name("Add due dates");
    harness
        .server
        .push(Reply::text(&format!("Here it is:\n\n{REQUIREMENTS}")));
    let turn = harness.turn(spec_prompt("Add due dates")).unwrap();
    assert_eq!(reviews(&turn), [Phase::Requirements], "{turn:?}");
    assert_eq!(
        harness
            .read(&format!(".kiro/specs/{name}/requirements.md"))
            .unwrap(),
        REQUIREMENTS
    );
}

#[test]
fn a_small_model_writes_the_document_as_plain_text() {
    let harness = Harness::start(Setup {
        small: true,
        ..Setup::default()
    })
    .unwrap();
    let name = spec::spec_name("Add due dates");
    let answer = format!(
        "```markdown\n{}\n```",
        REQUIREMENTS
            .replace("# Requirements Document", "# Due Dates")
            .trim_end()
    );
    harness.server.push(Reply::text(&answer));
    let turn = harness.turn(spec_prompt("Add due dates")).unwrap();
    assert_eq!(reviews(&turn), [Phase::Requirements], "{turn:?}");
    let requests = harness.server.requests();
    assert!(requests[0].tool_names().is_empty());
    let bytes = requests[0].system().len() + requests[0].user_texts()[0].len();
    assert!(bytes / 4 < 600, "about {} tokens", bytes / 4);
    let text = harness
        .read(&format!(".kiro/specs/{name}/requirements.md"))
        .unwrap();
    assert_eq!(text, REQUIREMENTS, "with the right title");
}

#[test]
fn only_the_document_may_be_written_while_it_is_written() {
    let harness = Harness::start(Setup {
        permissions: PermissionPolicy::trusting(["fs_write"]),
        ..Setup::default()
    })
    .unwrap();
    let name = spec::spec_name("Add due dates");
    harness.server.script([
        Reply::tool_calls(&[
            ("c1", "fs_write", r#"{"path":"src/evil.rs","content":"x"}"#),
            ("c2", "execute_bash", r#"{"command":"touch ran"}"#),
        ]),
        write(&name, "requirements.md", REQUIREMENTS),
        Reply::text("Written."),
    ]);
    let turn = harness.turn(spec_prompt("Add due dates")).unwrap();
    assert_eq!(reviews(&turn), [Phase::Requirements], "{turn:?}");
    assert!(!harness.exists("src/evil.rs") && !harness.exists("ran"));
}

#[test]
fn a_model_that_writes_no_document_fails_the_turn() {
    for (small, chat) in [
        (false, "I would rather not."),
        (false, "# Hello!\n\nHow can I help you today?"),
        (true, "# Hello!\n\nHow can I help you today?"),
    ] {
        let mut harness = Harness::start(Setup {
            small,
            ..Setup::default()
        })
        .unwrap();
        let asked = "Add due dates, with a limit of 1000 rows";
        harness.server.push(Reply::text(chat));
        let turn = harness.turn(spec_prompt(asked)).unwrap();
        let failure = turn.failure();
        assert!(
            failure.contains("without writing the requirements"),
            "{failure}"
        );
        assert!(reviews(&turn).is_empty());
        let name = spec_name(&turn);
        let file = format!(".kiro/specs/{name}/requirements.md");
        assert!(!harness.exists(&file), "{chat} is no document");
        assert_eq!(turn.text(), chat, "what it said can be read");

        // Also from another session it is asked for in the user's own words.
        harness.restart(SessionChoice::New).unwrap();
        harness.server.push(Reply::text(REQUIREMENTS));
        let turn = harness.turn(Operation::SpecNext { spec: name }).unwrap();
        assert_eq!(reviews(&turn), [Phase::Requirements], "{turn:?}");
        let request = harness.server.requests().pop().unwrap();
        let texts = request.user_texts();
        assert!(texts[0].contains(asked), "{}", texts[0]);
    }
}

#[test]
fn of_a_long_request_the_beginning_is_kept_with_the_spec() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let asked = format!("Add due dates. {}THE END", "Say when. ".repeat(500));
    harness.server.push(Reply::text("I would rather not."));
    let turn = harness.turn(spec_prompt(&asked)).unwrap();
    assert!(
        turn.notices()
            .iter()
            .any(|said| said.contains(".config.kiro"))
    );
    let name = spec_name(&turn);
    let kept = harness
        .read(&format!(".kiro/specs/{name}/.config.kiro"))
        .unwrap();
    assert!(kept.contains("Add due dates. Say when.") && !kept.contains("THE END"));
    assert!(kept.len() < 4_000, "{} bytes", kept.len());

    // The conversation has all of it.
    let told = |harness: &Harness| {
        let requests = harness.server.requests();
        requests.last().unwrap().user_texts().join("")
    };
    harness.server.push(Reply::text("No."));
    harness.turn(Operation::Retry).unwrap();
    assert!(told(&harness).contains("THE END"));

    // So has another conversation, for what it is asked for there.
    harness.restart(SessionChoice::New).unwrap();
    harness.server.push(Reply::text(REQUIREMENTS));
    let next = Operation::SpecNext { spec: name.clone() };
    let turn = harness.turn(next).unwrap();
    assert!(told(&harness).contains("THE END"));
    // It is a part of the turn, so that it can be stopped.
    let place = |wanted: fn(&AgentEvent) -> bool| turn.events.iter().position(wanted);
    let started = place(|event| matches!(event, AgentEvent::TurnStarted { .. })).unwrap();
    let looking = place(
        |event| matches!(event, AgentEvent::Loading { note } if note.contains("other conversations")),
    );
    assert_eq!(looking, Some(started + 1), "{turn:?}");

    // Where that is gone, too, the beginning is what is left.
    std::fs::remove_dir_all(harness.sessions_dir()).unwrap();
    harness.restart(SessionChoice::New).unwrap();
    harness.server.push(Reply::text("No."));
    let change = Operation::SpecRequestChanges {
        spec: name,
        feedback: "Shorter".into(),
    };
    harness.turn(change).unwrap();
    let told = told(&harness);
    assert!(told.contains("Add due dates. Say when.") && !told.contains("THE END"));
}

#[test]
fn a_document_that_comes_back_unchanged_is_told() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = spec::spec_name("Add due dates");
    harness.server.push(Reply::text(REQUIREMENTS));
    harness.turn(spec_prompt("Add due dates")).unwrap();
    let ask = || Operation::SpecRequestChanges {
        spec: name.clone(),
        feedback: "Make it shorter".into(),
    };
    for (replies, told) in [
        (
            vec![
                write(&name, "requirements.md", REQUIREMENTS),
                Reply::text("Done."),
            ],
            "changed nothing in the requirements",
        ),
        (
            vec![Reply::text(REQUIREMENTS)],
            "the same requirements in again",
        ),
    ] {
        harness.server.script(replies);
        let turn = harness.turn(ask()).unwrap();
        assert!(turn.failure().contains(told), "{}", turn.failure());
        let file = format!(".kiro/specs/{name}/requirements.md");
        assert_eq!(harness.read(&file).unwrap(), REQUIREMENTS);
    }
}

#[test]
fn a_document_that_waits_for_review_is_told_of_again_after_a_restart() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let name = spec::spec_name("Add due dates");
    harness.server.push(Reply::text(REQUIREMENTS));
    harness.turn(spec_prompt("Add due dates")).unwrap();
    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    let Some(AgentEvent::SessionOpened { transcript, .. }) = opening.first() else {
        panic!("{opening:?}");
    };
    assert!(
        transcript.iter().any(|item| matches!(item,
            TranscriptItem::Review { spec, phase: Phase::Requirements } if *spec == name)),
        "{transcript:?}"
    );
}

#[test]
fn a_task_that_fails_or_is_stopped_is_open_again() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    let tasks = format!(".kiro/specs/{name}/tasks.md");

    harness.server.push(Reply::error(400, "no"));
    let turn = harness.turn(run(&name, "2")).unwrap();
    assert!(!turn.failure().is_empty());
    assert_eq!(harness.read(&tasks).unwrap(), TASKS);

    harness
        .server
        .push(Reply::text("I cannot.\n\nBLOCKED: there is no store"));
    let turn = harness.turn(run(&name, "2")).unwrap();
    assert!(
        turn.failure().contains("there is no store"),
        "{:?}",
        turn.reason()
    );
    assert_eq!(harness.read(&tasks).unwrap(), TASKS);

    harness.server.push(Reply::Stream(vec![
        Step::Text("Working".into()),
        Step::Hold(Gate::new()),
    ]));
    harness.send(run(&name, "2")).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::Text { .. }))
        .unwrap();
    assert!(
        harness
            .read(&tasks)
            .unwrap()
            .contains("- [-] 2. Show the date")
    );
    harness.send(Operation::Cancel).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
        .unwrap();
    assert_eq!(harness.read(&tasks).unwrap(), TASKS);
}

#[test]
fn a_task_with_parts_runs_them_in_order() {
    let harness = Harness::start(trusting()).unwrap();
    let name = approved_spec(&harness);
    harness
        .server
        .script(works("One.").into_iter().chain(works("Two.")));
    harness.turn(run(&name, "1")).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
        .unwrap();
    let tasks = harness
        .read(&format!(".kiro/specs/{name}/tasks.md"))
        .unwrap();
    let expected = TASKS
        .replace("[ ] 1. ", "[x] 1. ")
        .replace("[ ] 1.1", "[x] 1.1")
        .replace("[ ] 1.2", "[x] 1.2");
    assert_eq!(tasks, expected);
}

#[test]
fn the_box_changes_in_the_open_document_and_the_users_words_stay() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    let path = harness.root.join(format!(".kiro/specs/{name}/tasks.md"));
    let id = harness.workspace().open_blocking(&path).unwrap();
    {
        let mut workspace = harness.workspace();
        let text = workspace.buffer(id).unwrap().text().clone();
        let end = editor_core::Selections::caret(text.len());
        workspace
            .edit(
                id,
                editor_core::editing::insert_text(&text, &end, "My note.\n"),
            )
            .unwrap();
    }
    harness.server.script(works("Done."));
    harness.turn(run(&name, "2")).unwrap();
    let workspace = harness.workspace();
    let text = workspace.buffer(id).unwrap().text().to_string();
    assert_eq!(
        text,
        format!("{}My note.\n", TASKS.replace("[ ] 2.", "[x] 2."))
    );
}

#[test]
fn what_is_not_there_is_said() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    for (operation, expected) in [
        (run("nothing", "1"), "no spec `nothing`"),
        (run("../../etc", "1"), "not the name of a spec"),
        (run(&name, "99"), "no task 99"),
        (approve(&harness, &name, "tasks.md"), "approved already"),
        (
            Operation::SpecNext { spec: name.clone() },
            "written and approved",
        ),
    ] {
        harness.send(operation).unwrap();
        let events = harness
            .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
            .unwrap();
        assert!(format!("{events:?}").contains(expected), "{events:?}");
    }
}

#[test]
fn a_malformed_configuration_is_reported_and_kept() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness
        .write(".kiro/specs/odd/requirements.md", REQUIREMENTS)
        .unwrap();
    harness
        .write(".kiro/specs/odd/.config.kiro", "{ not json")
        .unwrap();
    harness
        .send(approve(&harness, "odd", "requirements.md"))
        .unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    assert!(format!("{events:?}").contains("not kept"), "{events:?}");
    assert_eq!(
        harness.read(".kiro/specs/odd/.config.kiro").unwrap(),
        "{ not json"
    );
}

#[test]
fn a_task_asks_before_it_changes_files_and_a_refusal_is_respected() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    harness.server.script([
        Reply::tool_call("c1", "fs_write", r#"{"path":"src/store.rs","content":"x"}"#),
        Reply::text("BLOCKED: I may not write."),
    ]);
    let turn = harness
        .turn_with(run(&name, "2"), |_| PermissionAnswer::Deny { reason: None })
        .unwrap();
    assert_eq!(turn.questions().len(), 1);
    assert!(!harness.exists("src/store.rs"));

    // Retry after a restart does the same task again.
    harness.restart(SessionChoice::ResumeLast).unwrap();
    harness.server.script([
        Reply::tool_call("c2", "fs_write", r#"{"path":"src/store.rs","content":"x"}"#),
        Reply::text("Done."),
    ]);
    let turn = harness.turn(Operation::Retry).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    assert_eq!(harness.read("src/store.rs").unwrap(), "x");
}

#[test]
fn a_task_that_kill_9_interrupted_does_not_look_as_if_it_ran() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    let tasks = format!(".kiro/specs/{name}/tasks.md");
    harness
        .server
        .push(Reply::Stream(vec![Step::Hold(Gate::new())]));
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_killable_agent"))
        .arg(&harness.root)
        .arg(harness.outside())
        .arg(harness.server.url())
        .arg(format!("run-task {name} 2"))
        .spawn()
        .unwrap();
    assert!(harness.server.wait_for_requests(1));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(harness.read(&tasks).unwrap().contains("- [-] 2."));

    harness.restart(SessionChoice::ResumeLast).unwrap();
    assert_eq!(harness.read(&tasks).unwrap(), TASKS, "open again");
    harness.server.script(works("Done."));
    let turn = harness.turn(Operation::Retry).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed);
    assert!(harness.read(&tasks).unwrap().contains("- [x] 2."));
}

#[test]
fn a_small_model_that_only_talks_has_not_done_a_task() {
    let harness = Harness::start(Setup {
        small: true,
        permissions: PermissionPolicy::trusting(["fs_write"]),
        ..Setup::default()
    })
    .unwrap();
    let name = approved_spec(&harness);
    let tasks = format!(".kiro/specs/{name}/tasks.md");
    harness.write("src/store.rs", "struct Todo;\n").unwrap();
    harness.server.push(Reply::text("I will add the field."));
    let turn = harness.turn(run(&name, "1.1")).unwrap();
    assert_eq!(harness.read(&tasks).unwrap(), TASKS);
    assert!(turn.failure().contains("stays open"), "{turn:?}");
    let sent = &harness.server.requests()[0].user_texts()[0];
    assert!(
        sent.contains("THE Store SHALL keep the date"),
        "its criterion: {sent}"
    );
    assert!(!sent.contains("refuse the to-do"), "and no other: {sent}");
    assert!(sent.contains("struct Todo;"), "the file it names: {sent}");

    harness.server.script([
        Reply::tool_call(
            "c1",
            "fs_write",
            r#"{"path":"src/store.rs","content":"struct Todo { due: Date }\n"}"#,
        ),
        Reply::text("Added."),
    ]);
    harness.turn(run(&name, "1.1")).unwrap();
    assert!(harness.read(&tasks).unwrap().contains("- [x] 1.1"));
}

#[test]
fn a_task_is_done_only_where_something_changed_or_ran_with_success() {
    let harness = Harness::start(Setup {
        permissions: PermissionPolicy::trusting(["execute_bash", "fs_write"]),
        ..Setup::default()
    })
    .unwrap();
    let name = approved_spec(&harness);
    let file = format!(".kiro/specs/{name}/tasks.md");
    // Queued by Kiro: that is the box it gets back.
    let tasks = TASKS.replace("- [ ] 2.", "- [~] 2.");
    harness.write(&file, &tasks).unwrap();
    harness.write("src/store.rs", "same\n").unwrap();
    let call = |name: &str, arguments: &str| Reply::tool_call("c", name, arguments);
    for step in [
        None,
        Some(call("read_file", r#"{"path":"src/store.rs"}"#)),
        Some(call("execute_bash", r#"{"command":"false"}"#)),
        Some(call("fs_write", r#"{"path":"../out","content":"x"}"#)),
        Some(call(
            "fs_write",
            r#"{"path":"src/store.rs","content":"same\n"}"#,
        )),
    ] {
        let shown = format!("{step:?}");
        harness
            .server
            .script(step.into_iter().chain([Reply::text("All done!")]));
        let turn = harness.turn(run(&name, "2")).unwrap();
        let failure = turn.failure();
        assert!(failure.contains("Task 2 stays open"), "{shown}: {turn:?}");
        assert!(failure.contains("start the task again"), "{failure}");
        assert_eq!(harness.read(&file).unwrap(), tasks, "{shown}");
    }
    harness.server.script(works("It was there already."));
    let turn = harness.turn(Operation::Retry).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    assert!(harness.read(&file).unwrap().contains("- [x] 2."));
}

#[test]
fn a_task_that_runs_or_waits_is_not_started_a_second_time() {
    let harness = Harness::start(trusting()).unwrap();
    let name = approved_spec(&harness);
    let gate = Gate::new();
    let refused = |task: &str, why: &str| {
        harness.send(run(&name, task)).unwrap();
        let events = harness
            .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
            .unwrap();
        let expected = format!("Task {task} of {name} {why} already and was not started");
        assert!(format!("{events:?}").contains(&expected), "{events:?}");
    };
    harness.server.push(Reply::Stream(vec![
        Step::Text("Working".into()),
        Step::Hold(gate.clone()),
    ]));
    harness.send(run(&name, "1")).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::Text { .. }))
        .unwrap();
    refused("1", "runs");
    refused("1.2", "runs");
    harness.send(run(&name, "2")).unwrap();
    refused("2", "waits for its turn");

    // The first is stopped, and can be started again then. The second runs once, and is done.
    harness.server.script(works("Done."));
    harness.send(Operation::Cancel).unwrap();
    let ended = |event: &AgentEvent| matches!(event, AgentEvent::TurnEnded { .. });
    harness.events_until(ended).unwrap();
    harness.events_until(ended).unwrap();
    gate.open();
    assert_eq!(harness.server.requests().len(), 3);
    harness.server.script(works("Again."));
    let turn = harness.turn(run(&name, "1.1")).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    assert_eq!(harness.server.requests().len(), 5);
    harness.send(run(&name, "2")).unwrap();
    let told = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    let told = format!("{told:?}");
    assert!(
        told.contains("Task 2 of due-dates is done already"),
        "{told}"
    );
    assert_eq!(harness.server.requests().len(), 5);
}

#[test]
fn a_task_that_another_program_runs_is_not_started_and_its_box_is_left_alone() {
    let harness = Harness::start(trusting()).unwrap();
    let name = approved_spec(&harness);
    let file = format!(".kiro/specs/{name}/tasks.md");
    harness.server.push(Reply::Stream(vec![
        Step::Text("Working".into()),
        Step::Hold(Gate::new()),
    ]));
    let mut other = std::process::Command::new(env!("CARGO_BIN_EXE_killable_agent"))
        .arg(&harness.root)
        .arg(harness.outside())
        .arg(harness.server.url())
        .arg(format!("run-task {name} 1.1"))
        .spawn()
        .unwrap();
    assert!(harness.server.wait_for_requests(1));
    let running = harness.read(&file).unwrap();
    assert!(running.contains("- [-] 1.1"), "{running}");
    // By itself, and as a part of its task.
    for task in ["1.1", "1"] {
        harness.send(run(&name, task)).unwrap();
        let told = harness
            .events_until(|event| {
                matches!(
                    event,
                    AgentEvent::Notice { .. } | AgentEvent::TurnEnded { .. }
                )
            })
            .unwrap();
        let expected = format!(
            "Task 1.1 of {name} runs already in killable_agent (process {}) and was not started a second time.",
            other.id()
        );
        let told = format!("{told:?}");
        assert!(told.contains(&expected), "{told}");
        assert_eq!(harness.read(&file).unwrap(), running);
    }
    assert_eq!(harness.server.requests().len(), 1, "no model was asked");

    // What that program left behind when it died keeps nobody out.
    other.kill().unwrap();
    other.wait().unwrap();
    harness.server.script(works("Done."));
    let turn = harness.turn(run(&name, "1.1")).unwrap();
    assert_eq!(turn.reason(), EndReason::Completed, "{turn:?}");
    assert!(harness.read(&file).unwrap().contains("- [x] 1.1"));
}

#[test]
fn a_box_that_was_changed_while_a_task_ran_is_not_put_back() {
    let harness = Harness::start(Setup::default()).unwrap();
    let name = approved_spec(&harness);
    let file = format!(".kiro/specs/{name}/tasks.md");
    harness.server.push(Reply::Stream(vec![
        Step::Text("Working".into()),
        Step::Hold(Gate::new()),
    ]));
    harness.send(run(&name, "2")).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::Text { .. }))
        .unwrap();
    let done = TASKS.replace("- [ ] 2.", "- [x] 2.");
    harness.write(&file, &done).unwrap();
    harness.send(Operation::Cancel).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
        .unwrap();
    assert_eq!(harness.read(&file).unwrap(), done);
}

#[test]
fn a_second_click_does_not_approve_the_next_document() {
    let harness = Harness::start(Setup::default()).unwrap();
    let folder = ".kiro/specs/due-dates";
    harness
        .write(&format!("{folder}/requirements.md"), REQUIREMENTS)
        .unwrap();
    harness.server.script([
        write("due-dates", "design.md", DESIGN),
        Reply::text("The design."),
    ]);
    let approve = approve(&harness, "due-dates", "requirements.md");
    harness.send(approve.clone()).unwrap();
    let turn = harness.turn(approve).unwrap();
    assert_eq!(reviews(&turn), [Phase::Design], "{turn:?}");
    // What was sent before this has been carried out when it is answered.
    harness.send(run("nothing", "1")).unwrap();
    let events = harness
        .events_until(|event| {
            matches!(event, AgentEvent::Notice { message, .. } if message.contains("no spec"))
        })
        .unwrap();
    let again = |event: &AgentEvent| matches!(event, AgentEvent::TurnStarted { .. });
    assert!(!events.iter().any(again), "{events:?}");
    let config = harness.read(&format!("{folder}/.config.kiro")).unwrap();
    assert!(config.contains("\"requirements\""), "{config}");
    assert!(!config.contains("\"design\""), "{config}");
}

#[test]
fn only_the_text_that_was_read_is_approved() {
    let harness = Harness::start(Setup::default()).unwrap();
    let folder = ".kiro/specs/due-dates";
    harness
        .write(&format!("{folder}/requirements.md"), REQUIREMENTS)
        .unwrap();
    let read = approve(&harness, "due-dates", "requirements.md");
    // Somebody writes to the file after it was read.
    let changed = REQUIREMENTS.replace("keep the date", "send the date to everybody");
    assert_ne!(changed, REQUIREMENTS);
    harness
        .write(&format!("{folder}/requirements.md"), &changed)
        .unwrap();
    harness.send(read.clone()).unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    assert!(
        format!("{events:?}").contains("requirements.md is not the text that you read"),
        "{events:?}"
    );
    let told = |event: &AgentEvent| matches!(event, AgentEvent::SpecChanged { .. });
    assert!(events.iter().any(told), "{events:?}");
    assert!(!harness.exists(&format!("{folder}/.config.kiro")));

    // What the user sees in an open buffer counts, not what the disk has.
    let path = harness.root.join(format!("{folder}/requirements.md"));
    let shown = {
        let mut workspace = harness.workspace();
        let id = workspace.open_blocking(&path).unwrap();
        workspace.replace_text(id, REQUIREMENTS).unwrap();
        workspace.buffer(id).unwrap().text().clone()
    };
    harness.server.script([
        write("due-dates", "design.md", DESIGN),
        Reply::text("The design."),
    ]);
    let turn = harness
        .turn(Operation::SpecApprove {
            spec: "due-dates".into(),
            seen: DocumentHash::of_text(&shown),
        })
        .unwrap();
    assert_eq!(reviews(&turn), [Phase::Design], "{turn:?}");
    assert_eq!(
        harness.read(&format!("{folder}/requirements.md")).unwrap(),
        REQUIREMENTS,
        "what was approved is saved"
    );
}

#[test]
fn nothing_is_approved_that_cannot_be_saved() {
    let harness = Harness::start(Setup::default()).unwrap();
    let folder = ".kiro/specs/due-dates";
    let file = format!("{folder}/requirements.md");
    harness.write(&file, REQUIREMENTS).unwrap();
    let shown = {
        let mut workspace = harness.workspace();
        let id = workspace.open_blocking(&harness.root.join(&file)).unwrap();
        let mine = REQUIREMENTS.replace("on time", "on time, always");
        workspace.replace_text(id, &mine).unwrap();
        workspace.buffer(id).unwrap().text().clone()
    };
    let theirs = format!("{REQUIREMENTS}\nAdded by another program.\n");
    harness.write(&file, &theirs).unwrap();
    harness
        .send(Operation::SpecApprove {
            spec: "due-dates".into(),
            seen: DocumentHash::of_text(&shown),
        })
        .unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    let told = format!("{events:?}");
    assert!(
        told.contains("Nothing was approved: requirements.md changed on disk. Choose Reload"),
        "{told}"
    );
    assert!(!harness.exists(&format!("{folder}/.config.kiro")));
    assert_eq!(harness.read(&file).unwrap(), theirs, "nothing is lost");
    let workspace = harness.workspace();
    let id = workspace
        .buffer_for_path(&harness.root.join(&file))
        .unwrap();
    let kept = workspace.buffer(id).unwrap().text().to_string();
    assert_eq!(kept, shown.to_string());
}

#[cfg(unix)]
#[test]
fn a_document_that_is_a_link_to_another_file_is_not_written() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write(".vscode/tasks.json", "{}\n").unwrap();
    harness.write(".kiro/specs/odd/notes.md", "x").unwrap();
    let link = harness.root.join(".kiro/specs/odd/requirements.md");
    std::os::unix::fs::symlink("../../../.vscode/tasks.json", link).unwrap();
    harness
        .send(Operation::SpecRequestChanges {
            spec: "odd".into(),
            feedback: "more".into(),
        })
        .unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    assert!(
        format!("{events:?}").contains("through a link"),
        "{events:?}"
    );
    assert_eq!(harness.read(".vscode/tasks.json").unwrap(), "{}\n");
}
