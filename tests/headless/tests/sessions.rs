//! Sessions survive restarts, `kill -9` and damaged logs.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use agent::{
    AgentEvent, EndReason, Mode, NoticeLevel, Operation, PermissionAnswer, PermissionPreview,
    SessionChoice, ToolOutcome, TranscriptItem, list_sessions,
};
use headless_tests::{Harness, PROTOCOLS, Setup, assert_goes_on, chat};
use test_support::{Gate, Reply, Step, make_pipe};

fn transcript(events: &[AgentEvent]) -> &[TranscriptItem] {
    events
        .iter()
        .find_map(|event| match event {
            AgentEvent::SessionOpened { transcript, .. } => Some(transcript.as_slice()),
            _ => None,
        })
        .unwrap()
}

fn prompts(items: &[TranscriptItem]) -> Vec<&str> {
    items
        .iter()
        .filter_map(|item| match item {
            TranscriptItem::Prompt { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

/// The log of the only session.
fn log_file(harness: &Harness) -> PathBuf {
    let folder = std::fs::read_dir(harness.sessions_dir())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    std::fs::read_dir(folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path()
}

#[test]
fn a_session_is_resumed_with_all_that_was_said() {
    for protocol in PROTOCOLS {
        let mut harness = Harness::start(Setup::with(protocol)).unwrap();
        harness.write("a.txt", "text\n").unwrap();
        harness.server.script([
            Reply::tool_call("c1", "read_file", r#"{"path":"a.txt"}"#),
            Reply::text("It says text."),
        ]);
        harness.prompt("what is in a.txt?").unwrap();

        let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
        let items = transcript(&opening);
        assert!(
            matches!(
                items,
                [
                    TranscriptItem::Prompt { mode: Mode::Chat, .. },
                    TranscriptItem::ToolCall { outcome: ToolOutcome { ok: true, .. }, .. },
                    TranscriptItem::Answer { text },
                    TranscriptItem::TurnEnded { reason: EndReason::Completed, .. },
                ] if text == "It says text."
            ),
            "{items:?}"
        );
        harness.server.push(Reply::text("As I said."));
        harness.prompt("again?").unwrap();
        let request = harness.server.requests().pop().unwrap();
        assert_eq!(request.user_texts(), ["what is in a.txt?", "again?"]);
        assert_eq!(request.tool_results().len(), 1);
        assert_eq!(request.assistant_texts(), ["It says text."]);
    }
}

#[test]
fn a_session_that_was_shown_is_opened_again_whatever_was_said_elsewhere_since() {
    let opened = |events: &[AgentEvent]| {
        let id = events.iter().find_map(|event| match event {
            AgentEvent::SessionOpened { id, .. } => Some(*id),
            _ => None,
        });
        id.unwrap()
    };
    let mut harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([Reply::text("1"), Reply::text("2")]);
    let shown = opened(&harness.restart(SessionChoice::New).unwrap());
    harness.prompt("shown").unwrap();
    harness.restart(SessionChoice::New).unwrap();
    harness.prompt("elsewhere, and later").unwrap();

    let opening = harness.restart(SessionChoice::Reopen(shown)).unwrap();
    assert_eq!(opened(&opening), shown);
    assert!(
        matches!(&transcript(&opening)[0], TranscriptItem::Prompt { text, .. } if text == "shown"),
        "{opening:?}"
    );

    // One in which nothing was said is as empty as before, and that is no news.
    let empty = opened(&harness.restart(SessionChoice::New).unwrap());
    let opening = harness.restart(SessionChoice::Reopen(empty)).unwrap();
    assert!(transcript(&opening).is_empty());
    let told = |event: &AgentEvent| matches!(event, AgentEvent::Notice { .. });
    assert!(!opening.iter().any(told), "{opening:?}");
}

#[test]
fn sessions_are_listed_switched_and_begun_anew() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.script([Reply::text("1"), Reply::text("2")]);
    harness.prompt("first session").unwrap();
    harness.send(Operation::NewSession).unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::SessionOpened { .. }))
        .unwrap();
    assert!(transcript(&events).is_empty());
    harness.prompt("second session").unwrap();
    assert_eq!(
        harness.server.requests()[1].user_texts(),
        ["second session"]
    );
    let sessions = list_sessions(&harness.sessions_dir(), &harness.root).unwrap();
    let titles: Vec<&str> = sessions
        .iter()
        .map(|session| session.title.as_str())
        .collect();
    assert_eq!(titles, ["second session", "first session"]);
    harness
        .send(Operation::ResumeSession(sessions[1].id))
        .unwrap();
    let events = harness
        .events_until(|event| matches!(event, AgentEvent::SessionOpened { .. }))
        .unwrap();
    assert_eq!(prompts(transcript(&events)), ["first session"]);
}

#[test]
fn another_session_stops_the_turn_and_what_waits_and_its_own_log_says_so() {
    for protocol in PROTOCOLS {
        let mut setup = Setup::with(protocol);
        setup.retry.max_retry_after = Duration::from_secs(3600);
        let harness = Harness::start(setup).unwrap();
        // It would be asked again in an hour.
        harness.server.push(Reply::rate_limited("3000"));
        harness.send(chat("first")).unwrap();
        harness
            .events_until(|event| matches!(event, AgentEvent::Retrying { .. }))
            .unwrap();
        harness.send(chat("waits")).unwrap();
        harness.send(Operation::NewSession).unwrap();
        let opened = |event: &AgentEvent| matches!(event, AgentEvent::SessionOpened { .. });
        let events = harness.events_until(opened).unwrap();
        assert!(transcript(&events).is_empty());
        assert_eq!(harness.server.requests().len(), 1, "nothing more was asked");

        harness.server.push(Reply::text("Here."));
        assert_eq!(harness.prompt("second").unwrap().text(), "Here.");
        let sessions = list_sessions(&harness.sessions_dir(), &harness.root).unwrap();
        let first = sessions.iter().find(|session| session.title == "first");
        let first = first.unwrap().id;
        harness.send(Operation::ResumeSession(first)).unwrap();
        let events = harness.events_until(opened).unwrap();
        let items = transcript(&events);
        assert_eq!(prompts(items), ["first", "waits"]);
        let ends: Vec<_> = items
            .iter()
            .filter_map(|item| match item {
                TranscriptItem::TurnEnded { reason, .. } => Some(reason),
                _ => None,
            })
            .collect();
        assert_eq!(ends, [&EndReason::Cancelled, &EndReason::Cancelled]);

        // The session that is open is only told again, after what goes on in it.
        harness.server.push(Reply::text("Done."));
        harness.send(chat("third")).unwrap();
        harness.send(Operation::ResumeSession(first)).unwrap();
        let events = harness.events_until(opened).unwrap();
        assert!(
            events.iter().any(|event| matches!(
                event,
                AgentEvent::TurnEnded {
                    reason: EndReason::Completed,
                    ..
                }
            )),
            "{events:?}"
        );
    }
}

#[test]
fn what_was_told_of_a_turn_belongs_to_its_session_and_comes_back_with_it() {
    let harness = Harness::start(Setup::default()).unwrap();
    harness.server.push(Reply::text(" "));
    let turn = harness.prompt("first session").unwrap();
    let told = "The model answered nothing.";
    assert_eq!(turn.notices(), [told]);
    let opened = |event: &AgentEvent| matches!(event, AgentEvent::SessionOpened { .. });
    let sessions = list_sessions(&harness.sessions_dir(), &harness.root).unwrap();
    let of: Vec<_> = turn
        .events
        .iter()
        .filter_map(|event| match event {
            AgentEvent::Notice { session, .. } => Some(*session),
            _ => None,
        })
        .collect();
    assert_eq!(of, [Some(sessions[0].id)]);
    harness.send(Operation::NewSession).unwrap();
    harness.events_until(opened).unwrap();
    harness
        .send(Operation::ResumeSession(sessions[0].id))
        .unwrap();
    let events = harness.events_until(opened).unwrap();
    let kept = TranscriptItem::Notice {
        level: NoticeLevel::Warning,
        message: told.to_owned(),
    };
    assert!(transcript(&events).contains(&kept), "{events:?}");
}

#[test]
fn a_damaged_log_is_kept_and_read_as_far_as_it_goes() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    harness
        .server
        .script([Reply::text("One."), Reply::text("Two.")]);
    harness.prompt("first").unwrap();
    harness.prompt("second").unwrap();
    let log = log_file(&harness);
    let text = std::fs::read_to_string(&log).unwrap();
    // A line in the middle is overwritten with garbage and the last one torn.
    let mut lines: Vec<&str> = text.lines().collect();
    let garbage = "\u{0}\u{0}garbage";
    let answer = lines.iter().position(|line| line.contains("One.")).unwrap();
    lines[answer] = garbage;
    let torn = &lines.pop().unwrap()[..10];
    let damaged = format!("{}\n{torn}", lines.join("\n"));
    std::fs::write(&log, &damaged).unwrap();

    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    assert_eq!(prompts(transcript(&opening)), ["first", "second"]);
    let notices: Vec<_> = opening
        .iter()
        .filter(|event| matches!(event, AgentEvent::Notice { message, .. } if message.contains("2 lines")))
        .collect();
    assert_eq!(notices.len(), 1, "{opening:?}");
    harness.server.push(Reply::text("Three."));
    assert_eq!(harness.prompt("third").unwrap().text(), "Three.");
    assert!(
        std::fs::read_to_string(&log).unwrap().starts_with(&damaged),
        "nothing of it was removed"
    );
}

#[test]
fn a_session_that_cannot_be_written_sends_nothing() {
    let harness = Harness::start(Setup::default()).unwrap();
    std::fs::write(harness.sessions_dir(), "a file in the way").unwrap();
    harness.server.push(Reply::text("Never."));
    let turn = harness.prompt("hi").unwrap();
    assert!(
        turn.failure().contains("could not be written"),
        "{}",
        turn.failure()
    );
    assert!(matches!(turn.reason(), EndReason::NotBegun(_)), "{turn:?}");
    assert_eq!(turn.notices(), [""; 0], "it is told once");
    assert!(harness.server.requests().is_empty());
    // Out of the way, the same is tried again.
    std::fs::remove_file(harness.sessions_dir()).unwrap();
    harness.send(Operation::Retry).unwrap();
    let ended = |event: &AgentEvent| matches!(event, AgentEvent::TurnEnded { .. });
    harness.events_until(ended).unwrap();
    assert_eq!(harness.server.requests()[0].user_texts(), ["hi"]);
    let sessions = list_sessions(&harness.sessions_dir(), &harness.root).unwrap();
    assert_eq!(sessions[0].title, "hi");
}

fn spawn(harness: &Harness, prompt: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_killable_agent"))
        .arg(&harness.root)
        .arg(harness.outside())
        .arg(harness.server.url())
        .arg(prompt)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn kill_9_loses_no_turn() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let hold = || Step::Hold(Gate::new());
    // Killed at different moments of a turn; each run resumes the last session.
    let moments: Vec<(&str, Vec<Reply>, usize)> = vec![
        ("before the answer", vec![Reply::Stream(vec![hold()])], 1),
        (
            "in the middle of the answer",
            vec![Reply::Stream(vec![Step::Text("Half".into()), hold()])],
            1,
        ),
        (
            "in the middle of a tool call",
            vec![Reply::Stream(vec![
                Step::HalfToolCall {
                    id: "k1".into(),
                    name: "fs_write".into(),
                    arguments: r#"{"path":"x","con"#.into(),
                },
                hold(),
            ])],
            1,
        ),
        (
            "after a tool call",
            vec![
                Reply::tool_call("k2", "fs_write", r#"{"path":"written","content":"1"}"#),
                Reply::Stream(vec![hold()]),
            ],
            2,
        ),
    ];
    let mut requests = 0;
    for (moment, replies, count) in &moments {
        harness.server.script(replies.clone());
        let mut child = spawn(&harness, moment);
        requests += count;
        assert!(harness.server.wait_for_requests(requests), "{moment}");
        child.kill().unwrap();
        child.wait().unwrap();
    }

    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    let items = transcript(&opening);
    let expected: Vec<&str> = moments.iter().map(|(moment, ..)| *moment).collect();
    assert_eq!(prompts(items), expected, "no turn is lost");
    let interrupted = items
        .iter()
        .filter(|item| {
            matches!(item, TranscriptItem::TurnEnded { reason: EndReason::Failed(message), .. }
                if message.contains("ended in the middle"))
        })
        .count();
    assert_eq!(interrupted, moments.len());
    assert_eq!(harness.read("written").unwrap(), "1");

    harness.server.push(Reply::text("Here I am again."));
    let turn = harness.turn(Operation::Retry).unwrap();
    assert_eq!(turn.text(), "Here I am again.");
    let request = harness.server.requests().pop().unwrap();
    assert_eq!(request.tool_results().len(), 1, "what was done is known");
}

/// Waits until the log of the only session holds a text: reads it again whenever it changes.
fn wait_for_log(harness: &Harness, text: &str) {
    let log = log_file(harness);
    let mut watcher = fs::Watcher::new(&harness.sessions_dir()).unwrap();
    watcher.watch_file(&log).unwrap();
    let events = watcher.events();
    let (tell, changed) = std::sync::mpsc::channel();
    std::thread::spawn(move || while events.recv_blocking().is_ok() && tell.send(()).is_ok() {});
    let deadline = Instant::now() + Duration::from_secs(30);
    while !std::fs::read_to_string(&log).is_ok_and(|log| log.contains(text)) {
        let left = deadline.saturating_duration_since(Instant::now());
        assert!(changed.recv_timeout(left).is_ok(), "no {text}");
    }
}

#[test]
fn an_answer_that_kill_9_cut_off_is_kept_and_gone_on_with() {
    for protocol in PROTOCOLS {
        let mut harness = Harness::start(Setup::with(protocol)).unwrap();
        let stalled = vec![
            Step::Text("The first half, ".into()),
            Step::Text("and a word more".into()),
            Step::Hold(Gate::new()),
        ];
        harness.server.push(Reply::Stream(stalled));
        let mut child = spawn(&harness, "tell me");
        assert!(harness.server.wait_for_requests(1));
        // It comes to the disk although nothing more arrives.
        wait_for_log(&harness, "and a word more");
        child.kill().unwrap();
        child.wait().unwrap();

        let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
        let items = transcript(&opening);
        assert!(
            matches!(
                items,
                [
                    TranscriptItem::Prompt { .. },
                    TranscriptItem::Answer { text },
                    TranscriptItem::TurnEnded { reason: EndReason::Failed(message), .. },
                ] if text == "The first half, and a word more"
                    && message.contains("cut off here. Try again goes on with it.")
            ),
            "{items:?}"
        );
        harness.server.push(Reply::text(", and the second."));
        let turn = harness.turn(Operation::Retry).unwrap();
        assert!(
            turn.events
                .iter()
                .any(|event| matches!(event, AgentEvent::TurnStarted { goes_on: true, .. }))
        );
        let request = harness.server.requests().pop().unwrap();
        assert_goes_on(&request, "tell me", "The first half, and a word more");
        // Nothing in the log was changed by that, and the next start reads it alike.
        let again = harness.restart(SessionChoice::ResumeLast).unwrap();
        let items = transcript(&again);
        assert_eq!(prompts(items), ["tell me"], "it was asked once");
        let answers: Vec<&str> = items
            .iter()
            .filter_map(|item| match item {
                TranscriptItem::Answer { text } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(
            answers,
            ["The first half, and a word more", ", and the second."]
        );
    }
}

#[test]
fn what_a_command_had_printed_survives_kill_9_and_the_model_hears_of_it() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    make_pipe(&harness.root.join("never"));
    // In the log, the command's text is not what it prints.
    let command =
        r#"{"command":"printf '\\033[32mtest %s ... ok\\033[0m\\n' one t''wo; read word < never"}"#;
    harness.server.push(Reply::tool_calls(&[
        ("c1", "execute_bash", command),
        ("c2", "execute_bash", r#"{"command":"touch after"}"#),
    ]));
    let mut child = spawn(&harness, "test it");
    assert!(harness.server.wait_for_requests(1));
    wait_for_log(&harness, "test two ... ok");
    child.kill().unwrap();
    child.wait().unwrap();
    let log = std::fs::read(log_file(&harness)).unwrap();

    let check = |opening: &[AgentEvent]| {
        let shown: Vec<(bool, &str)> = transcript(opening)
            .iter()
            .filter_map(|item| match item {
                TranscriptItem::ToolCall {
                    outcome, cut_off, ..
                } => {
                    assert!(!outcome.ok);
                    Some((*cut_off, outcome.output.as_str()))
                }
                _ => None,
            })
            .collect();
        assert_eq!(
            shown,
            [
                (
                    true,
                    "test one ... ok\ntest two ... ok\n[cut off: Kiln ended while this ran]"
                ),
                (false, "")
            ]
        );
    };
    check(&harness.restart(SessionChoice::ResumeLast).unwrap());
    // The model goes on from there, and the command is not run again by itself.
    harness.server.push(Reply::text("I look at it."));
    harness.turn(Operation::Retry).unwrap();
    let request = harness.server.requests().pop().unwrap();
    let results = request.tool_results();
    assert_eq!(results.len(), 2);
    let (id, told) = &results[0];
    assert_eq!(id, "c1");
    assert!(
        told.starts_with("test one ... ok\ntest two ... ok\n[cut off: "),
        "{told}"
    );
    assert!(!harness.exists("after"));
    // What the log held stays as it was, and the next start reads it alike.
    check(&harness.restart(SessionChoice::ResumeLast).unwrap());
    assert!(std::fs::read(log_file(&harness)).unwrap().starts_with(&log));
}

#[test]
fn a_question_that_a_kill_left_open_comes_back_whole_and_was_not_carried_out() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "old\n").unwrap();
    let calls = [
        ("execute_bash", r#"{"command":"touch done"}"#),
        ("fs_write", r#"{"path":"a.txt","content":"new\n"}"#),
    ];
    for (name, arguments) in calls {
        harness.server.push(Reply::tool_call(name, name, arguments));
        let mut child = spawn(&harness, "ask me");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        assert_eq!(line, "asked\n");
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    let items = transcript(&opening);
    let mut shown = items.iter().filter_map(|item| match item {
        TranscriptItem::ToolCall {
            call,
            preview,
            outcome,
            ..
        } => {
            assert!(
                !outcome.ok && outcome.summary.starts_with("Not run"),
                "{outcome:?}"
            );
            Some((call.title.as_str(), preview.as_ref().unwrap()))
        }
        _ => None,
    });
    let (title, preview) = shown.next().unwrap();
    assert_eq!(title, "touch done");
    assert!(
        matches!(preview, PermissionPreview::Command { command, cwd, .. }
            if command == "touch done" && *cwd == harness.root),
        "{preview:?}"
    );
    let (title, preview) = shown.next().unwrap();
    assert_eq!(title, "a.txt");
    assert!(
        matches!(preview, PermissionPreview::Diff { diff, .. }
            if diff.before.as_deref() == Some("old\n") && diff.after == "new\n"),
        "{preview:?}"
    );
    assert!(!harness.exists("done"));
    assert_eq!(harness.read("a.txt").unwrap(), "old\n");
}

#[test]
fn a_huge_change_that_a_kill_left_unanswered_comes_back_with_the_text_that_the_agent_wrote() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    harness.write("a.txt", "old\n").unwrap();
    let text = "a line of some length\n".repeat(60_000);
    let arguments = serde_json::json!({"path": "a.txt", "content": text}).to_string();
    harness
        .server
        .push(Reply::tool_call("c1", "fs_write", &arguments));
    let mut child = spawn(&harness, "ask me");
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    assert_eq!(line, "asked\n");
    child.kill().unwrap();
    child.wait().unwrap();
    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    let items = transcript(&opening);
    let [call] = &items
        .iter()
        .filter_map(|item| match item {
            TranscriptItem::ToolCall { call, outcome, .. } => Some((call, outcome)),
            _ => None,
        })
        .collect::<Vec<_>>()[..]
    else {
        panic!("{} items", items.len());
    };
    let (call, outcome) = call;
    assert_eq!(
        (outcome.ok, outcome.summary.as_str(), outcome.diff_left_out),
        (false, "Not run: Kiln ended before you had answered", true)
    );
    assert!(call.written_text() == Some(text.as_str()), "all of it");
    assert_eq!(harness.read("a.txt").unwrap(), "old\n");
    // It can be asked for again.
    harness
        .server
        .push(Reply::tool_call("c2", "fs_write", &arguments));
    harness.server.push(Reply::text("Done."));
    harness.turn(Operation::Retry).unwrap();
    assert!(harness.read("a.txt").unwrap() == text, "written");
}

#[test]
fn of_a_change_that_is_too_large_to_be_kept_the_text_that_the_agent_wrote_comes_back() {
    let mut harness = Harness::start(Setup::default()).unwrap();
    let text = "a line\n".repeat(100_000);
    let arguments = serde_json::json!({"path": "a.txt", "content": text}).to_string();
    harness.server.script([
        Reply::tool_call("c1", "fs_write", &arguments),
        Reply::text("Done."),
    ]);
    let turn = harness
        .turn_with(chat("write it"), |_| PermissionAnswer::AllowOnce)
        .unwrap();
    assert!(turn.outcomes()[0].diff.is_some() && !turn.outcomes()[0].diff_left_out);
    let opening = harness.restart(SessionChoice::ResumeLast).unwrap();
    let items = transcript(&opening);
    let mut calls = items.iter().filter_map(|item| match item {
        TranscriptItem::ToolCall { call, outcome, .. } => Some((call, outcome)),
        _ => None,
    });
    let (call, outcome) = calls.next().unwrap();
    assert!(outcome.ok && outcome.diff.is_none() && outcome.diff_left_out);
    assert_eq!(call.written_text(), Some(text.as_str()));
}
