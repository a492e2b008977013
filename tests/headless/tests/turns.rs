//! Turns that go well: text, tools, permissions, on both protocols.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use agent::{
    AgentEvent, EndReason, Operation, PermissionAnswer, PermissionPolicy, PermissionPreview,
};
use editor_core::Hunk;
use headless_tests::{Harness, KEY, PROTOCOLS, Setup, chat};
use llm::Protocol;
use std::time::{Duration, Instant};
use test_support::Reply;

#[test]
fn an_answer_streams_and_is_counted() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::text("Hello from the model."));
        let turn = harness.prompt("hi").unwrap();
        assert_eq!(turn.text(), "Hello from the model.");
        assert_eq!(turn.reason(), EndReason::Completed);
        let deltas = turn
            .events
            .iter()
            .filter(|event| matches!(event, AgentEvent::Text { .. }))
            .count();
        assert_eq!(deltas, 4, "as it streams, not at once");
        let Some(AgentEvent::TurnEnded { usage, .. }) = turn.events.last() else {
            panic!("{turn:?}");
        };
        assert_eq!((usage.input_tokens, usage.output_tokens), (100, 20));

        let requests = harness.server.requests();
        assert_eq!(requests.len(), 1);
        assert_eq!(requests[0].user_texts(), ["hi"]);
        assert!(requests[0].system().contains("project"));
        assert_eq!(
            requests[0].tool_names(),
            [
                "read_file",
                "list_directory",
                "file_search",
                "grep_search",
                "fs_write",
                "str_replace",
                "execute_bash"
            ]
        );
        let (header, value) = match protocol {
            Protocol::OpenAiChat => ("authorization", format!("Bearer {KEY}")),
            Protocol::AnthropicMessages => ("x-api-key", KEY.to_owned()),
        };
        assert_eq!(requests[0].header(header), Some(value.as_str()));
    }
}

#[test]
fn the_conversation_goes_on_with_what_was_said() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness
            .server
            .script([Reply::text("One."), Reply::text("Two.")]);
        harness.prompt("first").unwrap();
        harness.prompt("second").unwrap();
        let requests = harness.server.requests();
        assert_eq!(requests[1].user_texts(), ["first", "second"]);
        assert_eq!(requests[1].assistant_texts(), ["One."]);
    }
}

#[test]
fn reading_tools_run_without_asking() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness
            .write("src/main.rs", "fn main() {\n    start();\n}\n")
            .unwrap();
        harness
            .write("notes/todo.md", "remember the milk\n")
            .unwrap();
        harness.server.script([
            Reply::tool_calls(&[
                ("c1", "read_file", r#"{"path":"src/main.rs"}"#),
                ("c2", "list_directory", r#"{"path":"."}"#),
                ("c3", "file_search", r#"{"query":"todo"}"#),
                ("c4", "grep_search", r#"{"pattern":"start\\(\\)"}"#),
            ]),
            Reply::text("Done."),
        ]);
        let turn = harness.prompt("look around").unwrap();
        assert!(turn.questions().is_empty());
        assert_eq!(turn.reason(), EndReason::Completed);
        let requests = harness.server.requests();
        let results = requests[1].tool_results();
        assert!(
            results[0].1.contains("fn main() {\n    start();\n}"),
            "{results:?}"
        );
        assert!(results[1].1.contains("src/") && results[1].1.contains("notes/"));
        assert!(results[2].1.contains("notes/todo.md"), "{results:?}");
        assert!(results[3].1.contains("src/main.rs:2:"), "{results:?}");
    }
}

#[test]
fn a_write_is_shown_and_made_when_it_is_allowed() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.write("a.txt", "one\ntwo\n").unwrap();
        harness.server.script([
            Reply::tool_call(
                "c1",
                "str_replace",
                r#"{"path":"a.txt","old_str":"two","new_str":"2"}"#,
            ),
            Reply::tool_call(
                "c2",
                "fs_write",
                r#"{"path":"new/b.txt","content":"hello\n"}"#,
            ),
            Reply::text("Changed."),
        ]);
        let turn = harness.prompt("change it").unwrap();
        let questions = turn.questions();
        let PermissionPreview::Diff { diff, warning } = questions[0] else {
            panic!("{questions:?}");
        };
        assert_eq!(diff.before.as_deref(), Some("one\ntwo\n"));
        assert_eq!(diff.after, "one\n2\n");
        assert_eq!(*warning, None);
        assert_eq!(harness.read("a.txt").unwrap(), "one\n2\n");
        assert_eq!(harness.read("new/b.txt").unwrap(), "hello\n");
        let outcomes = turn.outcomes();
        assert!(outcomes.iter().all(|outcome| outcome.ok), "{outcomes:?}");
        assert_eq!(outcomes[0].summary, "+1 −1");
        assert_eq!(outcomes[1].diff.as_ref().unwrap().before, None);
    }
}

#[test]
fn a_denied_write_changes_nothing_and_the_model_learns_why() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.write("a.txt", "mine\n").unwrap();
        harness.server.script([
            Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"theirs"}"#),
            Reply::text("I leave it."),
        ]);
        let turn = harness
            .turn_with(chat("overwrite it"), |_| PermissionAnswer::Deny {
                reason: Some("keep that file".into()),
            })
            .unwrap();
        assert_eq!(harness.read("a.txt").unwrap(), "mine\n");
        assert!(!turn.outcomes()[0].ok);
        assert_eq!(turn.reason(), EndReason::Completed);
        let results = harness.server.requests()[1].tool_results();
        assert!(results[0].1.contains("did not allow"), "{results:?}");
        assert!(results[0].1.contains("keep that file"), "{results:?}");
    }
}

/// The rows of the text that go, and those of the change that come.
fn lines(rows: std::ops::Range<usize>, base_rows: std::ops::Range<usize>) -> Hunk {
    Hunk { base_rows, rows }
}

#[test]
fn of_a_change_accepted_in_part_the_model_learns_what_the_file_holds() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.write("a.txt", "one\ntwo\nthree\nfour\n").unwrap();
        harness.server.script([
            Reply::tool_call(
                "c1",
                "fs_write",
                r#"{"path":"a.txt","content":"1\ntwo\n3\nfour\nfive\n"}"#,
            ),
            Reply::tool_call("c2", "fs_write", r#"{"path":"a.txt","content":"mine"}"#),
            Reply::text("Changed in part."),
        ]);
        let mut asked = 0;
        let turn = harness
            .turn_with(chat("change it"), |_| {
                asked += 1;
                match asked {
                    1 => PermissionAnswer::AllowLines {
                        current: "one\ntwo\nthree\nfour\n".to_owned(),
                        hunks: vec![lines(0..1, 0..1), lines(4..4, 4..5)],
                        refused: 1,
                    },
                    _ => PermissionAnswer::Deny { reason: None },
                }
            })
            .unwrap();
        assert_eq!(asked, 2, "nothing is allowed but these lines");
        let made = "1\ntwo\nthree\nfour\nfive\n";
        assert_eq!(harness.read("a.txt").unwrap(), made);
        let outcome = turn.outcomes()[0];
        assert!(outcome.ok);
        assert_eq!(outcome.summary, "+2 −1, in part");
        assert_eq!(outcome.diff.as_ref().unwrap().after, made, "what was made");
        let told = &harness.server.requests()[1].tool_results()[0].1;
        assert!(
            told.contains("accepted 2 of the 3 parts of your change and refused the rest"),
            "{told}"
        );
        assert!(told.ends_with("\n\nLine 3:\nthree"), "{told}");
    }
}

#[test]
fn accepted_lines_are_made_beside_edits_and_never_over_edited_lines() {
    let typed = "zero\none\ntwo\n";
    for (current, rows, made) in [
        // The user typed a line above, and saw the change below it.
        (typed, lines(2..3, 1..2), Some("zero\none\n2\n")),
        // They typed it after they had decided.
        ("one\ntwo\n", lines(1..2, 1..2), Some("zero\none\n2\n")),
        // The line that would go is another by now.
        ("one\nTWO\n", lines(1..2, 1..2), None),
        (typed, lines(2..9, 1..2), None),
        (typed, lines(1..2, 1..9), None),
    ] {
        let harness = Harness::start(Setup::default()).unwrap();
        harness.write("a.txt", "one\ntwo\n").unwrap();
        harness.server.script([
            Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"one\n2\n"}"#),
            Reply::text("So."),
        ]);
        let turn = harness
            .turn_with(chat("change it"), |_| {
                harness.write("a.txt", typed).unwrap();
                PermissionAnswer::AllowLines {
                    current: current.to_owned(),
                    hunks: vec![rows.clone()],
                    refused: 0,
                }
            })
            .unwrap();
        assert_eq!(turn.outcomes()[0].ok, made.is_some(), "{rows:?}");
        assert_eq!(harness.read("a.txt").unwrap(), made.unwrap_or(typed));
    }
}

#[test]
fn what_is_refused_stays_refused_where_the_file_was_edited_meanwhile() {
    let before = "one\ntwo\nthree\n";
    let wanted = r#"{"path":"a.txt","content":"1\ntwo\n3\n"}"#;
    // The user refused the second part, edited the file, and then allowed the rest.
    for (edited, made) in [
        ("one\ntwo\nthree\nfour\n", Some("1\ntwo\nthree\nfour\n")),
        ("zero\none\ntwo\nthree!\n", Some("zero\n1\ntwo\nthree!\n")),
        ("one!\ntwo\nthree\n", None),
    ] {
        let harness = Harness::start(Setup::default()).unwrap();
        harness.write("a.txt", before).unwrap();
        harness.server.script([
            Reply::tool_call("c1", "fs_write", wanted),
            Reply::text("So."),
        ]);
        let turn = harness
            .turn_with(chat("change it"), |_| {
                harness.write("a.txt", edited).unwrap();
                PermissionAnswer::AllowLines {
                    current: before.to_owned(),
                    hunks: vec![lines(0..1, 0..1)],
                    refused: 1,
                }
            })
            .unwrap();
        assert_eq!(harness.read("a.txt").unwrap(), made.unwrap_or(edited));
        let outcome = turn.outcomes()[0];
        assert_eq!(outcome.ok, made.is_some(), "{outcome:?}");
        let told = &harness.server.requests()[1].tool_results()[0].1;
        match made {
            Some(_) => {
                assert!(outcome.summary.ends_with("in part"), "{outcome:?}");
                let words = "accepted 1 of the 2 parts of your change and refused the rest";
                assert!(told.contains(words), "{told}");
            }
            None => {
                let why = "Nothing was written: lines that it would change were edited meanwhile.";
                assert!(outcome.summary.starts_with(why), "{outcome:?}");
                assert!(told.contains("Read the file again"), "{told}");
            }
        }
    }
}

#[test]
fn of_what_was_refused_the_model_learns_what_the_user_saw_and_not_a_count_of_its_own() {
    let before = "one\ntwo\n";
    for (refused, part) in [(0, false), (3, true)] {
        let harness = Harness::start(Setup::default()).unwrap();
        harness.write("a.txt", before).unwrap();
        harness.server.script([
            Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"1\n2\n"}"#),
            Reply::text("So."),
        ]);
        let turn = harness
            .turn_with(chat("change it"), |_| PermissionAnswer::AllowLines {
                current: before.to_owned(),
                // The two lines are one part to whoever compares the texts again.
                hunks: vec![lines(0..1, 0..1)],
                refused,
            })
            .unwrap();
        assert_eq!(harness.read("a.txt").unwrap(), "1\ntwo\n");
        assert_eq!(turn.outcomes()[0].summary.ends_with("in part"), part);
        let told = &harness.server.requests()[1].tool_results()[0].1;
        let words = "accepted 1 of the 4 parts";
        assert_eq!(told.contains(words), part, "{told}");
        assert!(told.ends_with("\n\nLine 2:\ntwo"), "{told}");
    }
}

#[test]
fn neither_a_new_file_nor_a_command_is_allowed_in_part() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([
        Reply::tool_calls(&[
            ("c1", "fs_write", r#"{"path":"new.txt","content":"one\n"}"#),
            ("c2", "execute_bash", r#"{"command":"touch made"}"#),
        ]),
        Reply::text("So."),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::AllowLines {
            current: String::new(),
            hunks: vec![lines(0..1, 0..1)],
            refused: 0,
        })
        .unwrap();
    assert!(turn.outcomes().iter().all(|outcome| !outcome.ok));
    assert!(!harness.root.join("new.txt").exists() && !harness.root.join("made").exists());
}

#[test]
fn what_is_said_instead_of_a_call_is_kept_and_stands_for_the_rest_of_the_answer() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::tool_calls(&[
                ("c1", "execute_bash", r#"{"command":"touch one"}"#),
                ("c2", "execute_bash", r#"{"command":"touch two"}"#),
            ]),
            Reply::tool_call("c3", "execute_bash", r#"{"command":"touch three"}"#),
            Reply::text("Done."),
        ]);
        let mut asked = 0;
        let turn = harness
            .turn_with(chat("go"), |_| {
                asked += 1;
                match asked {
                    1 => PermissionAnswer::Deny {
                        reason: Some("make three instead".into()),
                    },
                    _ => PermissionAnswer::AllowOnce,
                }
            })
            .unwrap();
        assert_eq!(turn.questions().len(), 2, "not about the second call");
        let outcomes = turn.outcomes();
        assert_eq!(outcomes[0].summary, "Denied. You said: make three instead");
        assert!(outcomes[1].summary.contains("what to do instead"));
        let made = |name: &str| harness.root.join(name).exists();
        assert!(!made("one") && !made("two") && made("three"));
    }
}

#[test]
fn a_completed_turn_is_run_again_as_it_was_asked_for() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness
        .server
        .script([Reply::text("One."), Reply::text("Two.")]);
    harness.prompt("Say a number").unwrap();
    let turn = harness.turn(Operation::Retry).unwrap();
    assert_eq!(turn.text(), "Two.");
    assert_eq!(turn.reason(), EndReason::Completed);
}

#[test]
fn a_command_runs_in_the_folder_when_it_is_allowed() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::tool_call(
                "c1",
                "execute_bash",
                r#"{"command":"pwd; echo out; echo err >&2; exit 3"}"#,
            ),
            Reply::text("It failed."),
        ]);
        let turn = harness.prompt("run it").unwrap();
        let PermissionPreview::Command { command, cwd, .. } = turn.questions()[0] else {
            panic!();
        };
        assert_eq!(command, "pwd; echo out; echo err >&2; exit 3");
        assert_eq!(*cwd, harness.root);
        let result = &harness.server.requests()[1].tool_results()[0].1;
        let expected = format!("{}\nout\nerr\n[exit code 3]", harness.root.display());
        assert_eq!(*result, expected);
        assert!(!turn.outcomes()[0].ok);
    }
}

#[test]
fn always_means_exactly_this_and_nothing_else() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"echo a"}"#),
        Reply::tool_call("c2", "fs_write", r#"{"path":"x","content":"1"}"#),
        Reply::tool_call("c3", "execute_bash", r#"{"command":"echo a"}"#),
        Reply::tool_call("c4", "fs_write", r#"{"path":"x","content":"2"}"#),
        Reply::tool_call("c5", "execute_bash", r#"{"command":"echo a; echo b"}"#),
        Reply::tool_call("c6", "fs_write", r#"{"path":"y","content":"1"}"#),
        Reply::text("Done."),
    ]);
    let turn = harness
        .turn_with(chat("go"), |_| PermissionAnswer::AlwaysAllow)
        .unwrap();
    assert_eq!(turn.outcomes().len(), 6);
    assert_eq!(turn.questions().len(), 4, "{:?}", turn.questions());
}

#[test]
fn trusted_tools_do_not_ask() {
    let harness = Harness::start(Setup {
        permissions: PermissionPolicy::trusting(["fs_write"]),
        ..Setup::default()
    })
    .unwrap();
    harness.server.script([
        Reply::tool_call("c1", "fs_write", r#"{"path":"x","content":"1"}"#),
        Reply::text("Done."),
    ]);
    let turn = harness.prompt("go").unwrap();
    assert!(turn.questions().is_empty());
    assert_eq!(harness.read("x").unwrap(), "1");
}

#[test]
fn without_a_user_what_would_ask_is_denied() {
    let harness = Harness::start(Setup {
        permissions: PermissionPolicy::default().without_a_user(),
        ..Setup::default()
    })
    .unwrap();
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"touch ran"}"#),
        Reply::text("I could not."),
    ]);
    let turn = harness.prompt("go").unwrap();
    assert!(turn.questions().is_empty());
    assert_eq!(turn.reason(), EndReason::Completed);
    assert!(!harness.exists("ran"));
    let result = &harness.server.requests()[1].tool_results()[0].1;
    assert!(result.contains("not allowed"), "{result}");
}

#[test]
fn a_small_model_gets_few_tools_and_few_words() {
    let harness = Harness::start(Setup {
        small: true,
        ..Setup::default()
    })
    .unwrap();
    harness.server.push(Reply::text("Hi."));
    harness.prompt("Fix it.").unwrap();
    let request = &harness.server.requests()[0];
    assert_eq!(
        request.tool_names(),
        [
            "read_file",
            "list_directory",
            "fs_write",
            "str_replace",
            "execute_bash"
        ]
    );
    let bytes = request.system().len() + request.body["tools"].to_string().len();
    assert!(bytes / 4 < 700, "about {} tokens", bytes / 4);
}

#[test]
fn a_small_model_is_given_the_files_that_a_prompt_names() {
    for small in [true, false] {
        let harness = Harness::start(Setup {
            small,
            ..Setup::default()
        })
        .unwrap();
        harness
            .write("src/calc.py", "def add(a, b):\n    return a - b\n")
            .unwrap();
        harness.server.push(Reply::text("It subtracts."));
        let turn = harness
            .prompt("Is `src/calc.py` right? Not ../x.py.")
            .unwrap();
        let shown = turn.events.iter().find_map(|event| match event {
            AgentEvent::TurnStarted { prompt, .. } => Some(prompt.clone()),
            _ => None,
        });
        assert_eq!(
            shown.as_deref(),
            Some("Is `src/calc.py` right? Not ../x.py.")
        );
        let sent = &harness.server.requests()[0].user_texts()[0];
        assert_eq!(sent.contains("return a - b"), small, "{sent}");
    }
}

#[test]
fn a_model_that_repeats_itself_is_stopped() {
    let harness = Harness::start(Setup {
        small: true,
        ..Setup::default()
    })
    .unwrap();
    harness.write("a.txt", "text\n").unwrap();
    let call = |id: &str| Reply::tool_call(id, "read_file", r#"{"path":"a.txt"}"#);
    harness.server.script([
        call("c1"),
        call("c2"),
        call("c3"),
        Reply::text("It says text."),
    ]);
    let turn = harness.prompt("what is in a.txt?").unwrap();
    assert_eq!(turn.reason(), EndReason::Completed);
    assert_eq!(turn.text(), "It says text.");
    let requests = harness.server.requests();
    assert!(requests[2].tool_results()[1].1.contains("already"));
    assert!(requests[3].tool_names().is_empty(), "the tools are gone");
}

#[test]
fn the_step_limit_ends_a_turn() {
    let harness = Harness::start(Setup {
        steps: 3,
        ..Setup::default()
    })
    .unwrap();
    for step in 0..5 {
        harness.write(&format!("f{step}"), "x").unwrap();
        harness.server.push(Reply::tool_call(
            &format!("c{step}"),
            "read_file",
            &format!(r#"{{"path":"f{step}"}}"#),
        ));
    }
    let turn = harness.prompt("go").unwrap();
    assert_eq!(turn.reason(), EndReason::StepLimit);
    assert_eq!(harness.server.requests().len(), 3);
}

#[test]
fn another_model_can_be_chosen_and_a_wrong_one_is_reported() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness
        .send(agent::Operation::SelectModel("nobody/x".parse().unwrap()))
        .unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::Notice { .. }))
        .unwrap();
    assert!(format!("{events:?}").contains("no provider"), "{events:?}");
    harness
        .send(agent::Operation::SelectModel("test/other".parse().unwrap()))
        .unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::ModelChanged { .. }))
        .unwrap();
    harness.server.push(Reply::text("Hi."));
    harness.prompt("hi").unwrap();
    assert_eq!(harness.server.requests()[0].body["model"], "other");
}

#[test]
fn the_time_of_a_turn_leaves_out_the_users_thinking() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", r#"{"command":"true"}"#),
        Reply::text("Done."),
    ]);
    let begun = Instant::now();
    let mut thought = Duration::ZERO;
    let turn = harness
        .turn_with(chat("go"), |_| {
            let asked = Instant::now();
            // Somebody reads the command.
            let reads = std::process::Command::new("sleep").arg("0.2").status();
            assert!(reads.unwrap().success());
            thought = asked.elapsed();
            PermissionAnswer::AllowOnce
        })
        .unwrap();
    let all = begun.elapsed();
    let worked = turn.events.iter().find_map(|event| match event {
        AgentEvent::TurnEnded { elapsed, .. } => Some(*elapsed),
        _ => None,
    });
    assert!(worked.unwrap() + thought <= all, "{worked:?} of {all:?}");
    assert!(worked.unwrap() > Duration::ZERO);
}

fn small() -> Harness {
    Harness::start(Setup {
        small: true,
        permissions: PermissionPolicy::trusting(["fs_write"]),
        ..Setup::default()
    })
    .unwrap()
}

#[test]
fn a_small_model_that_is_greeted_is_offered_no_tools() {
    let harness = small();
    harness
        .server
        .script([Reply::text("Hello!"), Reply::text("There is a file.")]);
    harness.prompt("Hello, how are you?").unwrap();
    harness.prompt("fix the tests").unwrap();
    let requests = harness.server.requests();
    assert!(requests[0].tool_names().is_empty());
    assert!(
        requests[1]
            .tool_names()
            .contains(&"list_directory".to_owned())
    );
}

#[test]
fn a_small_model_makes_as_many_changes_as_files_were_named() {
    let harness = small();
    let write = |id: &str, path: &str| {
        let arguments = format!(r#"{{"path":"{path}","content":"hi"}}"#);
        Reply::tool_call(id, "fs_write", &arguments)
    };
    harness
        .server
        .script([write("c1", "hello.txt"), Reply::text("Created.")]);
    harness.prompt("create a file hello.txt with hi").unwrap();
    harness.server.script([
        write("c2", "a.txt"),
        write("c3", "b.txt"),
        Reply::text("Both."),
    ]);
    harness.prompt("create a.txt and b.txt").unwrap();
    let offered: Vec<bool> = harness
        .server
        .requests()
        .iter()
        .map(|request| !request.tool_names().is_empty())
        .collect();
    assert_eq!(offered, [true, false, true, true, false]);
}

#[test]
fn a_small_model_makes_every_change_of_the_file_that_was_named() {
    let harness = Harness::start(Setup {
        small: true,
        permissions: PermissionPolicy::trusting(["fs_write", "str_replace", "execute_bash"]),
        ..Setup::default()
    })
    .unwrap();
    let page = "<title>Old</title>\n<footer>Old foot</footer>\n";
    harness.write("index.html", page).unwrap();
    harness.write("other.html", "Old\n").unwrap();
    let replace = |id: &str, path: &str, old: &str, new: &str| {
        let arguments = serde_json::json!({"path": path, "old_str": old, "new_str": new});
        Reply::tool_call(id, "str_replace", &arguments.to_string())
    };
    harness.server.script([
        replace("c1", "index.html", "<title>Old", "<title>New"),
        replace("c2", "index.html", "Old foot", "New foot"),
        replace("c3", "other.html", "Old", "New"),
        Reply::text("Done."),
    ]);
    let turn = harness
        .prompt("Change the title and the footer in index.html")
        .unwrap();
    assert_eq!(turn.reason(), EndReason::Completed);
    assert_eq!(
        harness.read("index.html").unwrap(),
        page.replace("Old", "New")
    );
    assert_eq!(harness.read("other.html").unwrap(), "Old\n");
    let notices = turn.notices();
    assert!(
        notices.iter().any(|said| said.contains("other.html too")),
        "what was not done is told: {notices:?}"
    );
    let requests = harness.server.requests();
    assert_eq!(requests[2].tool_names(), ["str_replace"]);
    assert!(requests[3].tool_names().is_empty(), "then it answers");

    // What is to be run comes after the change.
    let arguments = r#"{"path":"hi.sh","content":"echo hi > said\n"}"#;
    harness.server.script([
        Reply::tool_call("c4", "fs_write", arguments),
        Reply::tool_call("c5", "execute_bash", r#"{"command":"sh hi.sh"}"#),
        Reply::text("It ran."),
    ]);
    harness.prompt("create hi.sh and run it").unwrap();
    assert_eq!(harness.read("said").unwrap(), "hi\n");
}

#[test]
fn a_small_model_has_its_tools_where_the_answer_does_not_go_along() {
    for (readme, files, prompt, tools) in [
        (true, 1, "Show a spinner when the app loads", true),
        (
            true,
            1,
            "Which function in this project parses dates?",
            true,
        ),
        (true, 1, "What does this project do?", false),
        (false, 1, "What does this project do?", true),
        (true, 1, "List the files", false),
        (true, 60, "List the files", true),
    ] {
        let harness = small();
        if readme {
            harness.write("README.md", "# Tea timer\n").unwrap();
        }
        for file in 0..files {
            harness.write(&format!("f{file}"), "").unwrap();
        }
        harness.server.push(Reply::text("Well."));
        harness.prompt(prompt).unwrap();
        let offered = harness.server.requests()[0].tool_names();
        assert_eq!(!offered.is_empty(), tools, "{prompt} {readme} {files}");
    }
}

#[test]
fn a_small_model_that_is_asked_about_the_project_reads_what_there_is() {
    let harness = small();
    harness
        .write("README.md", "# Tea timer\n\nTimes tea.\n")
        .unwrap();
    harness.write("src/brew.rs", "").unwrap();
    harness.write(".hidden", "secret").unwrap();
    harness
        .server
        .script([Reply::text("It times tea."), Reply::text("Two.")]);
    harness.prompt("what does this project do?").unwrap();
    harness.prompt("list the files").unwrap();
    let requests = harness.server.requests();
    let about = requests[0].user_texts().pop().unwrap();
    assert!(
        about.contains("src/brew.rs") && about.contains("Times tea."),
        "{about}"
    );
    let listed = requests[1].user_texts().pop().unwrap();
    assert!(
        listed.contains("README.md") && !listed.contains("Times tea."),
        "{listed}"
    );
    assert!(!about.contains(".hidden"), "{about}");
}

#[test]
fn writing_what_a_file_has_already_asks_nobody_and_is_no_error() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "same\n").unwrap();
    harness.server.script([
        Reply::tool_call("c1", "fs_write", r#"{"path":"a.txt","content":"same\n"}"#),
        Reply::text("It was so."),
    ]);
    let turn = harness.prompt("write a.txt").unwrap();
    assert_eq!(turn.reason(), EndReason::Completed);
    let outcomes = turn.outcomes();
    let [outcome] = outcomes.as_slice() else {
        panic!("{outcomes:?}");
    };
    assert!(outcome.ok && outcome.diff.is_none(), "{outcome:?}");
    assert_eq!(outcome.summary, "Nothing to change");
    let request = harness.server.requests().pop().unwrap();
    let (_, told) = request.tool_results().pop().unwrap();
    assert!(told.contains("exactly this text already"), "{told}");
    assert!(!told.contains("Error"), "{told}");
}
