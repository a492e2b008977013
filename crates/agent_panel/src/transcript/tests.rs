//! The rows that events make.

use super::*;
use agent::{Mode, PermissionPreview, SessionId, TurnId};

fn view(id: &str) -> ToolCallView {
    ToolCallView {
        call_id: id.to_owned(),
        name: "read_file".to_owned(),
        title: "a.rs".to_owned(),
        arguments: Default::default(),
    }
}

fn started() -> Transcript {
    let mut transcript = Transcript::default();
    transcript.apply(&AgentEvent::TurnStarted {
        turn: TurnId(1),
        prompt: "\n Fix it\nplease".to_owned(),
        mode: Mode::Chat,
        goes_on: false,
    });
    transcript
}

fn text(delta: &str) -> AgentEvent {
    AgentEvent::Text {
        delta: delta.to_owned(),
    }
}

fn ended(reason: EndReason) -> AgentEvent {
    AgentEvent::TurnEnded {
        turn: TurnId(1),
        reason,
        usage: Usage::default(),
        elapsed: Duration::from_secs(1),
    }
}

#[test]
fn replies_that_follow_each_other_are_rows_of_their_own() {
    let mut it = started();
    it.apply(&text("The design "));
    it.apply(&text("is there."));
    it.apply(&AgentEvent::Usage {
        turn: Usage::default(),
        session: Usage::default(),
    });
    // Empty lines in front are distance, not text.
    assert!(it.apply(&text("\n\n")).is_empty());
    it.apply(&text("Now it "));
    it.apply(&text("is right."));
    let answers: Vec<_> = it
        .rows()
        .iter()
        .filter_map(|row| match row {
            Row::Answer { text, before: None } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(answers, ["The design is there.", "Now it is right."]);
}

#[test]
fn a_review_becomes_a_record_of_what_came_of_it() {
    let mut it = started();
    let ready = |phase| AgentEvent::SpecReviewReady {
        spec: "tea".to_owned(),
        phase,
    };
    let outcomes = |it: &Transcript| -> Vec<_> {
        it.rows()
            .iter()
            .filter_map(|row| match row {
                Row::Review { outcome, .. } => Some(*outcome),
                _ => None,
            })
            .collect()
    };
    it.apply(&ready(spec::Phase::Requirements));
    assert!(it.awaits_review("tea") && !it.awaits_review("coffee"));
    // Changes were requested, and made.
    it.apply(&ready(spec::Phase::Requirements));
    assert_eq!(
        outcomes(&it),
        [ReviewOutcome::Replaced, ReviewOutcome::Waiting]
    );
    assert_eq!(it.approved("tea", &[spec::Phase::Requirements]).len(), 1);
    it.apply(&ready(spec::Phase::Design));
    assert_eq!(
        outcomes(&it),
        [
            ReviewOutcome::Replaced,
            ReviewOutcome::Approved,
            ReviewOutcome::Waiting
        ]
    );
    assert!(it.approved("tea", &[spec::Phase::Requirements]).is_empty());
}

#[test]
fn text_grows_the_same_row_until_something_else_happens() {
    let mut it = started();
    assert_eq!(it.apply(&text("a")), [RowChange::Added(1)]);
    let delta = "b".to_owned();
    assert_eq!(it.apply(&text("b")), [RowChange::Grew { row: 1, delta }]);
    it.apply(&AgentEvent::ToolCallRunning { call: view("1") });
    assert_eq!(it.apply(&text("c")), [RowChange::Added(3)]);
    assert_eq!(
        it.rows()[1],
        Row::Answer {
            text: "ab".to_owned(),
            before: None
        }
    );
    assert_eq!(it.title(), Some("Fix it"));
}

#[test]
fn a_long_answer_goes_on_in_further_rows_that_together_hold_all_of_it() {
    let mut it = started();
    let whole = format!(
        "```python\n{}```\nDone.",
        "total += price * 3\n".repeat(5_000)
    );
    for word in whole.split_inclusive(' ') {
        it.apply(&text(word));
    }
    let parts: Vec<_> = it
        .rows()
        .iter()
        .filter_map(|row| match row {
            Row::Answer { text, before } => Some((text.as_str(), before.as_deref())),
            _ => None,
        })
        .collect();
    assert!(parts.len() > 4, "{} rows", parts.len());
    assert!(parts.iter().all(|(text, _)| text.len() <= 8 * 1024));
    assert_eq!(
        parts.iter().map(|(text, _)| *text).collect::<String>(),
        whole
    );
    assert_eq!(parts[0].1, None);
    assert!(
        parts[1..]
            .iter()
            .all(|(_, before)| *before == Some("```python\n"))
    );
}

#[test]
fn a_call_keeps_its_row_from_the_first_word_to_the_result() {
    let mut it = started();
    let id = PermissionId(3);
    it.apply(&AgentEvent::ToolCallStarted {
        call_id: "1".into(),
        name: "read_file".into(),
    });
    let preview = PermissionPreview::Command {
        command: "ls".into(),
        cwd: "/".into(),
        warning: None,
    };
    let asked = AgentEvent::PermissionRequested {
        id,
        call: view("1"),
        preview,
    };
    assert_eq!(it.apply(&asked), [RowChange::Updated(1)]);
    assert_eq!(it.open_permission(), Some((1, id)));
    assert_eq!(it.decided(id), Some(RowChange::Updated(1)));
    assert_eq!(it.open_permission(), None);
    assert_eq!(it.decided(id), None, "a question is answered once");
}

#[test]
fn a_call_that_waits_says_for_what() {
    let mut it = started();
    let waiting = |id| AgentEvent::ToolCallWaiting { call: view(id) };
    it.apply(&waiting("1"));
    assert_eq!(it.waits_for(1), Some("Waits for the end of the answer"));
    it.apply(&waiting("2"));
    assert_eq!(it.waits_for(2), Some("Waits for the call above"));
    it.apply(&AgentEvent::PermissionRequested {
        id: PermissionId(3),
        call: view("1"),
        preview: PermissionPreview::Command {
            command: "ls".into(),
            cwd: "/".into(),
            warning: None,
        },
    });
    assert_eq!(it.waits_for(1), None);
    assert_eq!(it.waits_for(2), Some("Waits for your decision above"));
    it.decided(PermissionId(3));
    assert_eq!(it.waits_for(2), Some("Waits for the call above"));
    it.apply(&ended(EndReason::Cancelled));
    assert_eq!(it.waits_for(2), None);
    let summaries: Vec<_> = it
        .rows()
        .iter()
        .filter_map(|row| match row {
            Row::Tool(tool) => Some(tool.summary.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(summaries, ["Stopped", "Not run: the turn ended before"]);
}

#[test]
fn nothing_looks_as_if_it_ran_after_the_turn() {
    for reason in [
        EndReason::Cancelled,
        EndReason::Failed("No".into()),
        EndReason::StepLimit,
    ] {
        let mut it = started();
        it.apply(&AgentEvent::ToolCallRunning { call: view("1") });
        it.apply(&ended(reason));
        assert!(matches!(&it.rows()[1], Row::Tool(tool) if tool.state == ToolState::Failed));
        assert!(matches!(it.rows().last(), Some(Row::Footer(_))));
        assert_eq!(it.activity(), None);
    }
}

#[test]
fn ids_of_calls_may_come_again_in_the_next_turn() {
    let mut it = started();
    it.apply(&AgentEvent::ToolCallRunning { call: view("1") });
    it.apply(&ended(EndReason::Completed));
    let before = it.rows().len();
    it.apply(&AgentEvent::ToolCallRunning { call: view("1") });
    assert_eq!(it.rows().len(), before + 1);
}

#[test]
fn a_session_opened_again_shows_what_was_there() {
    let mut it = started();
    let outcome = ToolOutcome {
        ok: true,
        summary: "1 line".to_owned(),
        output: "é".repeat(LONGEST_KEPT_OUTPUT),
        diff: None,
        diff_left_out: false,
    };
    let change = it.apply(&AgentEvent::SessionOpened {
        id: SessionId::generate(),
        transcript: vec![
            TranscriptItem::Prompt {
                text: "Read".to_owned(),
                mode: Mode::Spec,
            },
            TranscriptItem::ToolCall {
                call: view("1"),
                preview: None,
                outcome,
                cut_off: false,
            },
            TranscriptItem::ToolCall {
                call: view("2"),
                preview: Some(PermissionPreview::Command {
                    command: "make install".to_owned(),
                    cwd: "/p".into(),
                    warning: None,
                }),
                outcome: ToolOutcome {
                    ok: false,
                    summary: "Not run".to_owned(),
                    output: String::new(),
                    diff: None,
                    diff_left_out: false,
                },
                cut_off: false,
            },
            TranscriptItem::Answer {
                text: "Done".to_owned(),
            },
        ],
    });
    assert_eq!(change, [RowChange::Reset]);
    assert_eq!(it.rows().len(), 4);
    assert!(matches!(&it.rows()[1], Row::Tool(tool)
        if tool.state == ToolState::Done && tool.output.len() <= LONGEST_KEPT_OUTPUT));
    assert!(matches!(&it.rows()[2], Row::Tool(tool)
        if tool.state == ToolState::Failed
            && tool.summary == "Not run"
            && tool.preview.is_some()));
    assert_eq!(
        it.apply(&text("more")),
        [RowChange::Added(4)],
        "an old answer stays as it was"
    );
}
