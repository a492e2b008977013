//! What the model and the user read of records.

use super::*;
use crate::{PermissionPreview, ToolCallView};
use llm::ToolCall;
use serde_json::json;

fn started(turn: u64, text: &str, replaces: Option<u64>) -> Record {
    Record::TurnStarted {
        turn: TurnId(turn),
        prompt: text.into(),
        mode: Mode::Chat,
        message: text.into(),
        origin: Origin::Chat,
        replaces: replaces.map(TurnId),
        goes_on: false,
    }
}

fn ended(turn: u64, reason: EndReason) -> Record {
    Record::TurnEnded {
        turn: TurnId(turn),
        reason,
        usage: Usage {
            input_tokens: 10,
            output_tokens: 1,
            cached_tokens: 0,
        },
        elapsed_ms: 5,
        speed: None,
    }
}

fn says(text: &str) -> Record {
    Record::Assistant {
        content: vec![Content::text(text)],
        usage: Usage::default(),
    }
}

fn calls(ids: &[&str]) -> Record {
    Record::Assistant {
        content: ids
            .iter()
            .map(|id| {
                Content::ToolCall(ToolCall {
                    id: (*id).into(),
                    name: "read_file".into(),
                    arguments: json!({}),
                })
            })
            .collect(),
        usage: Usage::default(),
    }
}

fn result(id: &str) -> Record {
    Record::ToolResult {
        call: ToolCallView {
            call_id: id.into(),
            name: "read_file".into(),
            title: "a".into(),
            arguments: json!({}),
        },
        output: "out".into(),
        outcome: ToolOutcome {
            ok: true,
            summary: "read".into(),
            output: "out".into(),
            diff: None,
            diff_left_out: false,
        },
    }
}

#[test]
fn a_call_without_a_result_gets_one() {
    let conversation = Conversation::new(vec![
        started(1, "hi", None),
        calls(&["a", "b"]),
        result("a"),
        started(2, "again", None),
    ]);
    let messages = conversation.messages();
    assert_eq!(messages.len(), 3);
    assert_eq!(
        messages[2].content,
        [
            Content::ToolResult {
                call_id: "a".into(),
                output: "out".into(),
                is_error: false
            },
            Content::ToolResult {
                call_id: "b".into(),
                output: NO_RESULT.into(),
                is_error: true
            },
            Content::text("again"),
        ]
    );
    assert_eq!(conversation.was_interrupted(), Some(TurnId(2)));
}

#[test]
fn a_result_whose_call_was_lost_is_left_out() {
    let conversation = Conversation::new(vec![started(1, "hi", None), result("a")]);
    assert_eq!(conversation.messages(), [Message::user("hi")]);
}

#[test]
fn a_repeated_turn_hides_the_one_it_repeats_from_the_model_alone() {
    let mut conversation = Conversation::new(vec![
        started(1, "hi", None),
        says("hal"),
        ended(1, EndReason::Failed("cut".into())),
    ]);
    let unfinished = conversation.unfinished().unwrap();
    assert_eq!(
        (unfinished.turn, unfinished.reached),
        (TurnId(1), Reached::Answer)
    );
    conversation.push(started(2, "hi", Some(1)));
    conversation.push(says("hello"));
    conversation.push(ended(2, EndReason::Completed));
    assert_eq!(
        conversation.messages(),
        [Message::user("hi"), Message::assistant("hello")]
    );
    assert_eq!(conversation.transcript().len(), 6);
    assert_eq!(conversation.unfinished(), None);
    assert_eq!(conversation.next_turn(), TurnId(3));
    assert_eq!(conversation.usage().input_tokens, 20);
}

#[test]
fn of_a_turn_that_was_cut_off_the_whole_answers_are_counted() {
    let took = |tokens| Usage {
        input_tokens: tokens,
        ..Usage::default()
    };
    let whole = |text: &str, tokens| Record::Assistant {
        content: vec![Content::text(text)],
        usage: took(tokens),
    };
    let cut_off = Record::AnswerPart {
        text: "And".to_owned(),
    };
    let records = [
        started(1, "one", None),
        whole("Done.", 7),
        ended(1, EndReason::Completed),
        started(2, "two", None),
        whole("I read it.", 30),
        whole("I write it.", 400),
        cut_off,
    ];
    // As they come back from a log.
    let log = records
        .iter()
        .map(|record| serde_json::to_string(record).unwrap());
    let records = log
        .map(|line| serde_json::from_str(&line).unwrap())
        .collect();
    let conversation = Conversation::new(records);
    assert_eq!(conversation.usage_since_turn_started(), took(430));
}

#[test]
fn an_answer_of_an_earlier_version_has_no_usage() {
    let record: Record = serde_json::from_str(r#"{"type":"assistant","content":[]}"#).unwrap();
    let Record::Assistant { usage, .. } = &record else {
        panic!("{record:?}");
    };
    assert_eq!(*usage, Usage::default());
    let line = serde_json::to_string(&record).unwrap();
    assert!(!line.contains("usage"), "{line}");
}

#[test]
fn a_turn_that_goes_on_shows_its_prompt_once() {
    let mut conversation =
        Conversation::new(vec![started(1, "hi", None), ended(1, EndReason::Cancelled)]);
    assert_eq!(conversation.unfinished().unwrap().reached, Reached::Nothing);
    conversation.push(Record::TurnStarted {
        turn: TurnId(2),
        prompt: "hi".into(),
        mode: Mode::Chat,
        message: "go on".into(),
        origin: Origin::Chat,
        replaces: None,
        goes_on: true,
    });
    conversation.push(calls(&["a"]));
    assert_eq!(conversation.unfinished().unwrap().reached, Reached::Calls);
    let prompts = conversation
        .transcript()
        .into_iter()
        .filter(|item| matches!(item, TranscriptItem::Prompt { .. }));
    assert_eq!(prompts.count(), 1);
}

#[test]
fn the_transcript_joins_calls_and_results() {
    let conversation = Conversation::new(vec![
        started(1, "hi", None),
        calls(&["a", "b", "c"]),
        result("a"),
    ]);
    let items = conversation.transcript();
    let outcomes: Vec<(bool, &str)> = items
        .iter()
        .filter_map(|item| match item {
            TranscriptItem::ToolCall { outcome, .. } => {
                Some((outcome.ok, outcome.summary.as_str()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            (true, "read"),
            (false, "Interrupted"),
            (false, "Not run: the turn ended before")
        ]
    );
}

#[test]
fn the_parts_of_an_answer_count_until_the_whole_is_there() {
    let part = |text: &str| Record::AnswerPart { text: text.into() };
    let mut records = vec![started(1, "hi", None), part("On"), part("ce upon")];
    let cut = Conversation::new(records.clone());
    assert!(cut.ends_in_a_cut_answer());
    assert_eq!(
        cut.messages(),
        [Message::user("hi"), Message::assistant("Once upon")]
    );
    assert!(matches!(&cut.transcript()[1], TranscriptItem::Answer { text } if text == "Once upon"));
    records.push(says("Once upon a time"));
    let whole = Conversation::new(records);
    assert!(!whole.ends_in_a_cut_answer());
    assert_eq!(
        whole.messages(),
        [Message::user("hi"), Message::assistant("Once upon a time")]
    );
    assert_eq!(whole.transcript().len(), 2);
}

#[test]
fn a_call_that_was_asked_about_tells_whether_it_was_begun() {
    let asked = Record::PermissionAsked {
        call: ToolCallView {
            call_id: "a".into(),
            name: "execute_bash".into(),
            title: "make".into(),
            arguments: json!({"command": "make"}),
        },
        preview: Some(PermissionPreview::Command {
            command: "make".into(),
            cwd: "/p".into(),
            warning: None,
        }),
    };
    let mut records = vec![started(1, "hi", None), calls(&["a"]), asked];
    let summary = |records: &[Record]| {
        let items = Conversation::new(records.to_vec()).transcript();
        let Some(TranscriptItem::ToolCall {
            preview: Some(PermissionPreview::Command { command, .. }),
            outcome,
            ..
        }) = items.last()
        else {
            panic!("{items:?}");
        };
        assert_eq!(command, "make");
        outcome.summary.clone()
    };
    let told = |records: &[Record]| {
        let messages = Conversation::new(records.to_vec()).messages();
        match &messages.last().unwrap().content[0] {
            Content::ToolResult { output, .. } => output.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert!(summary(&records).starts_with("Not run"));
    assert_eq!(told(&records), NOT_ALLOWED_YET);
    records.push(Record::CallStarted {
        call_id: "a".into(),
    });
    assert!(summary(&records).starts_with("Cut off"));
    assert_eq!(told(&records), CUT_OFF);
}

#[test]
fn what_a_command_had_printed_counts_until_its_result_is_there() {
    let part = |id: &str, left_out, text: &str| Record::OutputPart {
        call_id: id.into(),
        left_out,
        text: text.into(),
    };
    let begun = |id: &str| Record::CallStarted { call_id: id.into() };
    let shown = |conversation: &Conversation| {
        conversation
            .transcript()
            .into_iter()
            .filter_map(|item| match item {
                TranscriptItem::ToolCall {
                    outcome, cut_off, ..
                } => Some((cut_off, outcome.output)),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let told = |conversation: &Conversation| {
        let results = conversation
            .messages()
            .into_iter()
            .flat_map(|message| message.content);
        results
            .filter_map(|piece| match piece {
                Content::ToolResult { output, .. } => Some(output),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    let mut records = vec![
        started(1, "hi", None),
        // Of no call, and of one that was not begun: they do no harm.
        part("z", 0, "nothing"),
        calls(&["a", "b"]),
        part("a", u64::MAX, "nothing"),
        begun("a"),
        part("a", 0, "\u{1b}[1mone\u{1b}[0m\n5%\r"),
        part("b", 0, "nothing"),
        part("a", 0, "10%"),
        part("a", 7, "the end\n"),
    ];
    let cut = Conversation::new(records.clone());
    let so_far = "one\n10%\n[… 7 bytes left out …]\nthe end\n";
    assert_eq!(
        shown(&cut),
        [
            (true, format!("{so_far}{SHOWN_CUT_OFF}")),
            (false, String::new())
        ]
    );
    assert_eq!(
        told(&cut),
        [format!("{so_far}{CUT_OFF}"), NO_RESULT.to_owned()]
    );
    assert_eq!(cut.unfinished().unwrap().reached, Reached::Calls);
    records.extend([result("a"), part("a", 0, "late")]);
    let whole = Conversation::new(records);
    assert_eq!(shown(&whole)[0], (false, "out".to_owned()));
    assert_eq!(told(&whole)[0], "out");
}
