//! What a command prints is seen while it runs, within bounds.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use agent::{AgentEvent, PermissionPolicy};
use headless_tests::{Harness, PROTOCOLS, Setup, chat};
use test_support::{Reply, make_pipe};

fn trusting() -> Harness {
    Harness::start(Setup {
        permissions: PermissionPolicy::trusting(["execute_bash"]),
        ..Setup::default()
    })
    .unwrap()
}

fn is_end(event: &AgentEvent) -> bool {
    matches!(event, AgentEvent::TurnEnded { .. })
}

#[test]
fn what_a_command_prints_is_told_while_it_runs_as_its_result_will_tell_it() {
    let harness = trusting();
    make_pipe(&harness.root.join("go"));
    let command = r#"{"command":"printf '\\033[32mone\\033[0m\\n10%%\\r50%%'; read word < go; echo \" $word\""}"#;
    harness.server.script([
        Reply::tool_call("c1", "execute_bash", command),
        Reply::text("Done."),
    ]);
    harness.send(chat("go")).unwrap();
    let before = harness
        .events_until(|event| {
            matches!(event, AgentEvent::ToolOutput { call_id, output }
                if call_id == "c1" && &**output == "one\n50%")
        })
        .unwrap();
    assert!(
        !before
            .iter()
            .any(|event| matches!(event, AgentEvent::ToolCallFinished { .. })),
        "it is told while the command runs"
    );
    std::fs::write(harness.root.join("go"), "after\n").unwrap();
    let after = harness.events_until(is_end).unwrap();
    let output = after.iter().find_map(|event| match event {
        AgentEvent::ToolCallFinished { outcome, .. } => Some(outcome.output.as_str()),
        _ => None,
    });
    assert_eq!(output, Some("one\n50% after\n[exit code 0]"));
}

#[test]
fn a_flood_that_nobody_reads_leaves_few_and_bounded_events() {
    let harness = trusting();
    harness.server.script([
        Reply::tool_call(
            "c1",
            "execute_bash",
            r#"{"command":"echo first; head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo last"}"#,
        ),
        Reply::text("Done."),
    ]);
    harness.send(chat("go")).unwrap();
    // Nothing is read until the command is over.
    assert!(harness.server.wait_for_requests(2));
    let events = harness.events_until(is_end).unwrap();
    let told: Vec<usize> = events
        .iter()
        .filter_map(|event| match event {
            AgentEvent::ToolOutput { output, .. } => Some(output.len()),
            _ => None,
        })
        .collect();
    assert!((1..=40).contains(&told.len()), "{told:?}");
    assert!(told.iter().all(|length| *length < 41_000), "{told:?}");
    let result = &harness.server.requests()[1].tool_results()[0];
    let output = &result.1;
    assert!(output.starts_with("first\nxxx"), "{:.20}", output);
    assert!(output.ends_with("xxx\nlast\n[exit code 0]"));
    assert!(output.contains("bytes left out") && output.len() < 41_000);
}

#[test]
fn a_call_is_told_in_full_while_it_waits_for_the_one_before() {
    for protocol in PROTOCOLS {
        let harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.server.script([
            Reply::tool_calls(&[
                ("c1", "execute_bash", r#"{"command":"true"}"#),
                ("c2", "execute_bash", r#"{"command":"echo second"}"#),
            ]),
            Reply::text("Done."),
        ]);
        harness.send(chat("go")).unwrap();
        let events = harness
            .events_until(|event| matches!(event, AgentEvent::PermissionRequested { .. }))
            .unwrap();
        let waiting: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                AgentEvent::ToolCallWaiting { call } => Some(call.title.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(waiting, ["true", "echo second"]);
    }
}
