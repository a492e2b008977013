//! Models and servers that misbehave: each gives a clear message, and nothing
//! is lost.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::time::Duration;

use agent::{AgentEvent, EndReason, Operation};
use headless_tests::{Harness, KEY, PROTOCOLS, Setup, assert_goes_on, chat};
use llm::{Limits, Protocol};
use test_support::{Gate, Reply, Step};

#[test]
fn a_cut_connection_keeps_what_came_and_can_be_retried() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::Stream(vec![
            Step::Text("Half an ans".into()),
            Step::Cut,
        ]));
        let turn = harness.prompt("hi").unwrap();
        assert_eq!(turn.text(), "Half an ans");
        assert!(turn.failure().contains("lost in the middle"), "{turn:?}");

        harness.server.push(Reply::text("wer."));
        let turn = harness.turn(Operation::Retry).unwrap();
        assert_eq!(turn.text(), "wer.");
        let requests = harness.server.requests();
        assert_eq!(requests.len(), 2, "no retry after content came");
        assert_goes_on(&requests[1], "hi", "Half an ans");
    }
}

#[test]
fn what_failed_before_a_word_came_is_asked_once_more_as_it_was() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::error(400, "no"));
        assert!(!harness.prompt("hi").unwrap().failure().is_empty());
        harness.server.push(Reply::text("Here."));
        let turn = harness.turn(Operation::Retry).unwrap();
        let started = turn.events.iter().find_map(|event| match event {
            AgentEvent::TurnStarted {
                prompt, goes_on, ..
            } => Some((prompt.as_str(), *goes_on)),
            _ => None,
        });
        assert_eq!(started, Some(("hi", true)), "the prompt is in sight");
        let request = harness.server.requests().pop().unwrap();
        assert_eq!(request.roles(), ["user"]);
        assert_eq!(request.user_texts(), ["hi"]);
    }
}

#[test]
fn half_a_tool_call_is_never_carried_out() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        let half = Step::HalfToolCall {
            id: "c1".into(),
            name: "execute_bash".into(),
            arguments: r#"{"command":"touch ran"#.into(),
        };
        harness
            .server
            .push(Reply::Stream(vec![half.clone(), Step::Cut]));
        let turn = harness.prompt("go").unwrap();
        assert!(!turn.failure().is_empty());
        assert!(turn.questions().is_empty());

        // The same at the limit of output tokens: the model is told.
        harness.server.script([
            Reply::Stream(vec![half, Step::EndAtLimit]),
            Reply::text("Shorter then."),
        ]);
        let turn = harness.prompt("go").unwrap();
        assert_eq!(turn.reason(), EndReason::Completed);
        assert!(turn.questions().is_empty());
        let requests = harness.server.requests();
        let results = requests[requests.len() - 1].tool_results();
        let told = &results[results.len() - 1].1;
        assert!(told.contains("not carried out"), "{told}");
        assert!(!harness.exists("ran"));
    }
}

#[test]
fn a_model_whose_calls_always_break_off_is_stopped() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        for number in 0..8 {
            let half = Step::HalfToolCall {
                id: format!("c{number}"),
                name: "fs_write".into(),
                arguments: format!(r#"{{"path":"{}"#, "a".repeat(number)),
            };
            harness
                .server
                .push(Reply::Stream(vec![half, Step::EndAtLimit]));
        }
        let turn = harness.prompt("go").unwrap();
        assert!(turn.failure().contains("repeats"), "{turn:?}");
        assert_eq!(harness.server.requests().len(), 5);
    }
}

#[test]
fn a_whole_call_before_a_cut_is_not_carried_out_either() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::Stream(vec![
            Step::ToolCall {
                id: "c1".into(),
                name: "execute_bash".into(),
                arguments: r#"{"command":"touch ran"}"#.into(),
            },
            Step::Cut,
        ]));
        let turn = harness.prompt("go").unwrap();
        assert!(!turn.failure().is_empty(), "{turn:?}");
        assert!(turn.questions().is_empty());
        harness.server.push(Reply::text("Fine."));
        harness.prompt("and now?").unwrap();
        let request = harness.server.requests().pop().unwrap();
        assert!(request.tool_results().is_empty());
    }
}

#[test]
fn a_rate_limit_is_waited_out() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::rate_limited("1"),
            Reply::error(503, "busy"),
            Reply::text("Here."),
        ]);
        let started = std::time::Instant::now();
        let turn = harness.prompt("hi").unwrap();
        assert!(
            started.elapsed() >= Duration::from_secs(1),
            "Retry-After is kept"
        );
        assert_eq!(turn.text(), "Here.");
        let retries: Vec<(u32, Duration)> = turn
            .events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::Retrying { attempt, delay, .. } => Some((*attempt, *delay)),
                _ => None,
            })
            .collect();
        assert_eq!(retries[0], (1, Duration::from_secs(1)));
        assert_eq!(retries[1].0, 2);
    }
}

#[test]
fn a_rate_limit_that_stays_is_told_with_its_time() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.push(Reply::rate_limited("3600"));
    let turn = harness.prompt("hi").unwrap();
    assert!(turn.failure().contains("in 1 h"), "{}", turn.failure());
    assert_eq!(harness.server.requests().len(), 1);
}

#[test]
fn errors_say_what_to_do_and_hold_no_key() {
    for protocol in PROTOCOLS {
        for (reply, expected) in [
            (
                Reply::error(401, &format!("bad key {KEY}")),
                "refused the API key",
            ),
            (
                Reply::error(404, "no such model"),
                "does not know the model",
            ),
            (
                Reply::error(400, "prompt is too long: 9 > 8"),
                "too long for this model",
            ),
            (
                Reply::error(429, "insufficient_quota: nothing is left."),
                "nothing is left. Look at its plan and billing",
            ),
            (Reply::error(400, "odd"), "refused the request (400): odd"),
            (
                Reply::Response {
                    status: 302,
                    headers: vec![("location".into(), "https://evil.example/v1".into())],
                    body: String::new(),
                },
                "redirects to https://evil.example/v1",
            ),
            (
                Reply::Response {
                    status: 200,
                    headers: vec![("content-type".into(), "text/html".into())],
                    body: "<html>Login</html>".into(),
                },
                "no event stream but text/html",
            ),
        ] {
            let harness = Harness::start(Setup::with(protocol)).unwrap();
            harness.server.push(reply);
            let turn = harness.prompt("hi").unwrap();
            assert!(turn.failure().contains(expected), "{}", turn.failure());
            assert!(!format!("{:?}", turn.events).contains(KEY));
            assert_eq!(harness.server.requests().len(), 1, "not repeated");
        }
    }
}

#[test]
fn an_error_in_the_middle_of_a_stream_holds_no_part_of_the_key() {
    for protocol in PROTOCOLS {
        // Where a message is cut, a key that stands there would be cut too.
        for before in 380..400 {
            let harness = Harness::start(Setup::with(protocol)).unwrap();
            let message = format!("{}{KEY}.", "x".repeat(before));
            let error = serde_json::json!({
                "type": "error",
                "error": {"type": "test_error", "message": message},
            });
            harness
                .server
                .push(Reply::Stream(vec![Step::Event(error.to_string())]));
            let turn = harness.prompt("hi").unwrap();
            assert!(turn.failure().contains("xxx"), "{}", turn.failure());
            assert!(!turn.failure().contains("sk-"), "{}", turn.failure());
        }
    }
}

#[test]
fn a_connection_that_fails_is_tried_again() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::Refuse,
            Reply::Stream(vec![Step::Cut]),
            Reply::text("Here."),
        ]);
        let turn = harness.prompt("hi").unwrap();
        assert_eq!(turn.text(), "Here.");
        assert_eq!(harness.server.requests().len(), 3);
    }
}

#[test]
fn garbage_is_a_clear_error() {
    for protocol in PROTOCOLS {
        for garbage in [
            Step::Event("this is no json".into()),
            Step::Event("[".repeat(200_000)),
            Step::Event("42".into()),
            Step::Bytes(b"data: {\"choices\": \xff\xfe}\n\n".to_vec()),
        ] {
            let harness = Harness::start(Setup::with(protocol)).unwrap();
            harness.server.push(Reply::Stream(vec![
                Step::Text("Before. ".into()),
                garbage,
                Step::Text("After.".into()),
                Step::End {
                    input: 1,
                    output: 1,
                },
            ]));
            let turn = harness.prompt("hi").unwrap();
            assert!(
                turn.failure().contains("cannot read"),
                "{:?}",
                turn.reason()
            );
            assert_eq!(turn.text(), "Before. ");
        }
    }
}

#[test]
fn ten_megabytes_of_text_are_cut_off_and_do_not_spoil_the_session() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::Stream(vec![
            Step::Flood(10 << 20),
            Step::End {
                input: 1,
                output: 1,
            },
        ]));
        let turn = harness.prompt("write a lot").unwrap();
        assert!(
            turn.failure().contains("more than 4 MB"),
            "{}",
            turn.failure()
        );
        assert!(turn.text().len() > 3 << 20, "what came is kept");
        harness.server.push(Reply::text("Short."));
        let turn = harness.prompt("shorter").unwrap();
        assert_eq!(turn.text(), "Short.");
        let request = harness.server.requests().pop().unwrap();
        assert!(request.body.to_string().len() < 600_000);
    }
}

#[test]
fn an_endless_tool_call_is_cut_off() {
    let piece = |protocol| {
        let text = "x".repeat(40_000);
        match protocol {
            Protocol::OpenAiChat => serde_json::json!({"choices": [{"delta": {"tool_calls": [
                {"index": 0, "id": "c1", "function": {"name": "fs_write", "arguments": text}}
            ]}}]}),
            Protocol::AnthropicMessages => serde_json::json!({
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "input_json_delta", "partial_json": text},
            }),
        }
    };
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup {
            limits: Limits {
                answer_bytes: 100_000,
                ..Limits::default()
            },
            ..Setup::with(protocol)
        })
        .unwrap();
        let mut steps = vec![Step::Event(piece(protocol).to_string()); 3];
        // It never says that the call is over.
        steps.push(Step::Hold(Gate::new()));
        harness.server.push(Reply::Stream(steps));
        let turn = harness.prompt("go").unwrap();
        assert!(
            turn.failure().contains("more than 97 KB"),
            "{}",
            turn.failure()
        );
    }
}

#[test]
fn an_endless_line_is_cut_off() {
    let harness = Harness::start(Setup {
        limits: Limits {
            line_bytes: 64 << 10,
            ..Limits::default()
        },
        ..Setup::default()
    })
    .unwrap();
    harness
        .server
        .push(Reply::Stream(vec![Step::Bytes(vec![b'x'; 1 << 20])]));
    let turn = harness.prompt("hi").unwrap();
    assert!(turn.failure().contains("one line"), "{}", turn.failure());
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup {
            limits: Limits {
                idle_timeout: Duration::from_millis(200),
                ..Limits::default()
            },
            ..Setup::with(protocol)
        })
        .unwrap();
        harness.server.push(Reply::Stream(vec![
            Step::Text("Hm".into()),
            Step::Hold(Gate::new()),
        ]));
        let turn = harness.prompt("hi").unwrap();
        assert!(
            turn.failure().contains("sent nothing for"),
            "{}",
            turn.failure()
        );
        assert!(harness.server.wait_for_disconnects(1));
    }
}

#[test]
fn a_server_that_drips_is_given_up_too() {
    let harness = Harness::start(Setup {
        limits: Limits {
            answer_timeout: Duration::from_millis(300),
            ..Limits::default()
        },
        ..Setup::default()
    })
    .unwrap();
    let mut steps = Vec::new();
    for _ in 0..100 {
        steps.push(Step::Bytes(b": ping\n\n".to_vec()));
        steps.push(Step::Pause(Duration::from_millis(20)));
    }
    harness.server.push(Reply::Stream(steps));
    let turn = harness.prompt("hi").unwrap();
    assert!(
        turn.failure().contains("took longer than"),
        "{}",
        turn.failure()
    );
}

#[test]
fn cancelling_drops_the_connection_and_keeps_what_came() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::Stream(vec![
            Step::Text("So far. ".into()),
            Step::Hold(Gate::new()),
            Step::Text("Never.".into()),
        ]));
        harness.send(chat("hi")).unwrap();
        harness
            .events_until(|event| matches!(event, AgentEvent::Text { .. }))
            .unwrap();
        harness.send(Operation::Cancel).unwrap();
        let events = harness
            .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
            .unwrap();
        let Some(AgentEvent::TurnEnded { reason, .. }) = events.last() else {
            panic!();
        };
        assert_eq!(*reason, EndReason::Cancelled);
        assert!(harness.server.wait_for_disconnects(1));

        harness.server.push(Reply::text("Yes?"));
        harness.prompt("go on").unwrap();
        let request = harness.server.requests().pop().unwrap();
        assert_eq!(request.assistant_texts(), ["So far. "]);
    }
}

#[test]
fn cancelling_ends_a_question_and_a_command() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.push(Reply::tool_call(
        "c1",
        "execute_bash",
        r#"{"command":"touch ran"}"#,
    ));
    harness.send(chat("go")).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::PermissionRequested { .. }))
        .unwrap();
    harness.send(Operation::Cancel).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
        .unwrap();
    assert!(!harness.exists("ran"));

    // A command with a child of its own: both are gone when the turn is.
    harness.server.push(Reply::tool_call(
        "c2",
        "execute_bash",
        r#"{"command":"(sleep 60; touch late) & echo $! > child; echo $$ > parent; sleep 60"}"#,
    ));
    harness.send(chat("go")).unwrap();
    let asked = harness
        .events_until(|event| matches!(event, AgentEvent::PermissionRequested { .. }))
        .unwrap();
    let Some(AgentEvent::PermissionRequested { id, .. }) = asked.last() else {
        panic!();
    };
    harness
        .send(Operation::AnswerPermission {
            request: *id,
            answer: agent::PermissionAnswer::AllowOnce,
        })
        .unwrap();
    let deadline = std::time::Instant::now() + Duration::from_secs(20);
    while harness.read("parent").unwrap_or_default().trim().is_empty() {
        assert!(std::time::Instant::now() < deadline);
        std::thread::yield_now();
    }
    harness.send(Operation::Cancel).unwrap();
    harness
        .events_until(|event| matches!(event, AgentEvent::TurnEnded { .. }))
        .unwrap();
    for file in ["child", "parent"] {
        let id = harness.read(file).unwrap();
        let state = std::fs::read_to_string(format!("/proc/{}/stat", id.trim()));
        let gone = match &state {
            Err(_) => true,
            // A child that nobody has reaped yet is a zombie, and as good as gone.
            Ok(state) => state.contains(") Z ") || state.contains(") X "),
        };
        assert!(gone, "{file} still runs: {state:?}");
    }
}

#[test]
fn a_command_that_takes_too_long_is_stopped() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "execute_bash",
            r#"{"command":"echo begun; sleep 60","timeout_seconds":1}"#,
        ),
        Reply::text("Too slow."),
    ]);
    let turn = harness.prompt("go").unwrap();
    let output = &turn.outcomes()[0].output;
    assert!(
        output.contains("begun") && output.contains("stopped after 1 s"),
        "{output}"
    );
}

#[test]
fn unknown_tools_and_bad_arguments_are_answered() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::tool_calls(&[
                ("c1", "launch_missiles", r#"{"target":"moon"}"#),
                ("c2", "read_file", r#"{"wrong":1}"#),
                ("c3", "read_file", "{not json"),
                ("c4", "read_file", r#"["a list"]"#),
            ]),
            Reply::text("Sorry."),
        ]);
        let turn = harness.prompt("go").unwrap();
        assert_eq!(turn.reason(), EndReason::Completed);
        let results = harness.server.requests()[1].tool_results();
        assert_eq!(results.len(), 4, "{results:?}");
        for (result, expected) in results.iter().zip([
            "There is no tool `launch_missiles`. The tools are: read_file",
            "`path` is missing",
            "not valid JSON",
            "not a JSON object",
        ]) {
            assert!(result.1.contains(expected), "{result:?}");
        }
    }
}

#[test]
fn a_model_that_says_nothing_is_noticed() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.push(Reply::Stream(vec![Step::End {
            input: 1,
            output: 0,
        }]));
        let turn = harness.prompt("hi").unwrap();
        assert_eq!(turn.reason(), EndReason::Completed);
        assert_eq!(turn.notices(), ["The model answered nothing."]);
    }
}

#[test]
fn two_calls_of_one_id_are_both_answered() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.write("a", "1").unwrap();
        harness.write("b", "2").unwrap();
        harness.server.script([
            Reply::tool_call("same", "read_file", r#"{"path":"a"}"#),
            Reply::tool_call("same", "read_file", r#"{"path":"b"}"#),
            Reply::text("Done."),
        ]);
        let turn = harness.prompt("go").unwrap();
        assert_eq!(turn.reason(), EndReason::Completed);
        let results = harness.server.requests()[2].tool_results();
        assert_eq!(results.len(), 2);
        assert_ne!(results[0].0, results[1].0, "ids are made unique");
    }
}

#[test]
fn arguments_of_many_brackets_are_refused_and_the_turn_goes_on() {
    let deep = format!("{{\"path\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000));
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::tool_call("c1", "read_file", &deep),
            Reply::text("I see."),
        ]);
        let turn = harness.prompt("go").unwrap();
        assert_eq!(turn.reason(), EndReason::Completed, "{:?}", turn.reason());
        let [outcome] = turn.outcomes()[..] else {
            panic!("{:?}", turn.outcomes());
        };
        assert!(
            !outcome.ok && outcome.output.contains("not valid JSON"),
            "{outcome:?}"
        );
    }
}
