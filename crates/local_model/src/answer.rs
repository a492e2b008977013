//! Turning what a model writes into events: text, calls, and when to stop.
//!
//! Knows nothing of the engine, so that it is tested without one.

use serde_json::Value;

use crate::grammar::Expected;
use crate::protocol::EngineEvent;
use crate::repetition;
use crate::request::{LocalContent, LocalRequest, LocalRole, LocalStop};
use crate::tool_call_scanner::{ObjectEnd, ToolCallScanner};

/// How many pieces pass between two looks for repetition.
const PIECES_BETWEEN_LOOKS: u32 = 8;

/// What the engine has to do after a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    Continue,
    /// Go on under a grammar.
    Constrain(Expected),
    /// The answer is over.
    Stop(LocalStop),
    /// The model repeats a call whose result it already has, or calls what does not exist. Go back
    /// to the start of the answer and have it written again in words.
    Again,
}

/// An answer that is being written.
pub struct Answer {
    scanner: ToolCallScanner,
    call: Option<OpenCall>,
    earlier_calls: Vec<(String, Value)>,
    words_only: bool,
    text: String,
    /// Whether any of it was shown.
    shown: bool,
    pieces: u32,
}

struct OpenCall {
    tool: Option<String>,
    json: String,
    end: ObjectEnd,
    announced: bool,
}

impl Answer {
    /// The answer to `request`.
    pub fn new(request: &LocalRequest) -> Self {
        Self {
            scanner: ToolCallScanner::new(request.tools.iter().map(|tool| tool.name.clone())),
            call: None,
            earlier_calls: calls_of_this_turn(request),
            words_only: request.words_only,
            text: String::new(),
            shown: false,
            pieces: 0,
        }
    }

    /// The same answer, begun anew in words.
    pub fn in_words(request: &LocalRequest) -> Self {
        Self {
            words_only: true,
            ..Self::new(request)
        }
    }

    /// Takes the next piece that the model wrote.
    pub fn push(&mut self, piece: &str, emit: &mut dyn FnMut(EngineEvent)) -> Next {
        self.pieces += 1;
        self.text.push_str(piece);
        if self.call.is_some() {
            let next = self.push_call(piece, emit);
            return if next == Next::Continue {
                self.look_for_repetition(emit)
            } else {
                next
            };
        }
        let scanned = self.scanner.push(piece);
        if !scanned.text.is_empty() {
            self.shown |= !scanned.text.trim().is_empty();
            emit(EngineEvent::Text(scanned.text));
        }
        if scanned.unknown_call || (self.words_only && scanned.call.is_some()) {
            // What was said before it is the answer.
            return if self.shown || self.words_only {
                Next::Stop(LocalStop::EndOfTurn)
            } else {
                Next::Again
            };
        }
        let Some(opening) = scanned.call else {
            return self.look_for_repetition(emit);
        };
        self.call = Some(OpenCall {
            tool: opening.tool,
            json: String::new(),
            end: ObjectEnd::default(),
            announced: false,
        });
        match (self.push_call(&opening.written, emit), opening.expected) {
            (Next::Continue, Some(expected)) => Next::Constrain(expected),
            (next, _) => next,
        }
    }

    /// The model ended its answer, or its tokens ran out.
    pub fn finish(&mut self, reason: LocalStop, emit: &mut dyn FnMut(EngineEvent)) -> LocalStop {
        if let Some(call) = self.call.take() {
            let error = match serde_json::from_str::<Value>(&call.json) {
                Ok(_) => "the call has no name".to_owned(),
                Err(error) => format!("the call was cut off: {error}"),
            };
            emit(EngineEvent::MalformedToolCall {
                name: call
                    .tool
                    .or_else(|| name_in(&call.json))
                    .unwrap_or_default(),
                arguments: call.json,
                error,
            });
        } else {
            let rest = self.scanner.finish();
            if !rest.is_empty() {
                emit(EngineEvent::Text(rest));
            }
        }
        reason
    }

    fn push_call(&mut self, piece: &str, emit: &mut dyn FnMut(EngineEvent)) -> Next {
        let Some(call) = &mut self.call else {
            return Next::Continue;
        };
        let end = call.end.find(piece);
        call.json.push_str(&piece[..end.unwrap_or(piece.len())]);
        if call.tool.is_none() {
            call.tool = name_in(&call.json);
        }
        if !call.announced
            && let Some(name) = &call.tool
            // A call of a tool that was called before may be a repetition; it is announced when
            // it turns out not to be one.
            && self.earlier_calls.iter().all(|(earlier, _)| earlier != name)
        {
            emit(EngineEvent::ToolCallStarted { name: name.clone() });
            call.announced = true;
        }
        if end.is_none() {
            return Next::Continue;
        }
        let Some(call) = self.call.take() else {
            return Next::Continue;
        };
        let Some((name, arguments)) = complete(&call.json) else {
            self.call = Some(call);
            return Next::Stop(self.finish(LocalStop::EndOfTurn, emit));
        };
        if self
            .earlier_calls
            .iter()
            .any(|(earlier, given)| *earlier == name && *given == arguments)
        {
            return Next::Again;
        }
        if !call.announced {
            emit(EngineEvent::ToolCallStarted { name: name.clone() });
        }
        emit(EngineEvent::ToolCall { name, arguments });
        Next::Stop(LocalStop::ToolUse)
    }

    fn look_for_repetition(&mut self, emit: &mut dyn FnMut(EngineEvent)) -> Next {
        if self.pieces.is_multiple_of(PIECES_BETWEEN_LOOKS) && repetition::is_stuck(&self.text) {
            Next::Stop(self.finish(LocalStop::Repetition, emit))
        } else {
            Next::Continue
        }
    }
}

/// Whether the answer should rather begin with a call: the person has just named a file, which
/// the model has not seen. Small models like to guess what is in it.
pub fn should_look(request: &LocalRequest) -> bool {
    !request.tools.is_empty()
        && !request.words_only
        && request.messages.last().is_some_and(|message| {
            message.role == LocalRole::User
                && message.content.iter().any(
                    |content| matches!(content, LocalContent::Text(text) if names_a_file(text)),
                )
        })
}

/// Whether the model reads results of tools before it answers.
pub fn has_results(request: &LocalRequest) -> bool {
    request.messages.last().is_some_and(|message| {
        message
            .content
            .iter()
            .any(|content| matches!(content, LocalContent::ToolResult { .. }))
    })
}

/// Whether a short text has a word such as `README.md` or `src/main.rs:12` in it.
fn names_a_file(text: &str) -> bool {
    const LONGEST_QUESTION: usize = 600;
    // With a fence in it the message shows the file itself.
    text.len() <= LONGEST_QUESTION
        && !text.contains("```")
        && text
            .split(|character: char| character.is_whitespace() || "`'\"(),:;?!".contains(character))
            .map(|word| word.trim_end_matches('.'))
            .any(|word| {
                !word.contains("//")
                    && word.rsplit_once('.').is_some_and(|(name, extension)| {
                        !name.is_empty()
                            && (1..=8).contains(&extension.len())
                            && extension
                                .chars()
                                .all(|character| character.is_ascii_alphanumeric())
                            && extension
                                .chars()
                                .any(|character| character.is_ascii_alphabetic())
                            && !["e.g", "i.e"].contains(&word)
                    })
            })
}

/// The calls since the person last said something, in order.
fn calls_of_this_turn(request: &LocalRequest) -> Vec<(String, Value)> {
    let mut calls = Vec::new();
    for message in &request.messages {
        for content in &message.content {
            match content {
                LocalContent::Text(_) if message.role == LocalRole::User => calls.clear(),
                LocalContent::ToolCall { name, arguments } => {
                    calls.push((name.clone(), arguments.clone()))
                }
                _ => {}
            }
        }
    }
    calls
}

/// Name and arguments of a complete call.
fn complete(json: &str) -> Option<(String, Value)> {
    let call: Value = serde_json::from_str(json).ok()?;
    let name = call.get("name")?.as_str()?.to_owned();
    let arguments = ["arguments", "parameters"]
        .iter()
        .find_map(|key| call.get(*key))
        .cloned();
    Some((
        name,
        arguments.unwrap_or_else(|| Value::Object(serde_json::Map::new())),
    ))
}

/// The name in a call that is not complete yet.
fn name_in(json: &str) -> Option<String> {
    let rest = json
        .split_once("\"name\"")?
        .1
        .trim_start()
        .strip_prefix(':')?
        .trim_start();
    Some(rest.strip_prefix('"')?.split_once('"')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::{LocalMessage, LocalTool};

    fn request() -> LocalRequest {
        LocalRequest {
            messages: vec![LocalMessage::user("What is in a.txt?")],
            tools: vec![LocalTool {
                name: "read_file".into(),
                description: String::new(),
                parameters: serde_json::json!({"type": "object"}),
            }],
            max_tokens: 100,
            ..LocalRequest::default()
        }
    }

    /// The request after a call of `read_file` with this path was answered.
    fn after_call(path: &str) -> LocalRequest {
        let mut request = request();
        request.messages.push(LocalMessage {
            role: LocalRole::Assistant,
            content: vec![LocalContent::ToolCall {
                name: "read_file".into(),
                arguments: serde_json::json!({"path": path}),
            }],
        });
        request.messages.push(LocalMessage {
            role: LocalRole::User,
            content: vec![LocalContent::ToolResult {
                name: "read_file".into(),
                output: "hello".into(),
                is_error: false,
            }],
        });
        request
    }

    fn write(request: &LocalRequest, text: &str) -> (Vec<EngineEvent>, Next) {
        let mut answer = Answer::new(request);
        let mut events = Vec::new();
        for character in text.chars() {
            let next = answer.push(&character.to_string(), &mut |event| events.push(event));
            if !matches!(next, Next::Continue | Next::Constrain(_)) {
                return (events, next);
            }
        }
        let reason = answer.finish(LocalStop::EndOfTurn, &mut |event| events.push(event));
        (events, Next::Stop(reason))
    }

    const CALL: &str =
        "```json\n{\"name\": \"read_file\", \"arguments\": {\"path\": \"a.txt\"}}\n```";

    #[test]
    fn a_call_ends_the_answer_and_its_fence_is_not_shown() {
        let (events, next) = write(&request(), CALL);
        assert_eq!(next, Next::Stop(LocalStop::ToolUse));
        assert_eq!(
            events,
            [
                EngineEvent::ToolCallStarted {
                    name: "read_file".into()
                },
                EngineEvent::ToolCall {
                    name: "read_file".into(),
                    arguments: serde_json::json!({"path": "a.txt"})
                }
            ]
        );
    }

    #[test]
    fn the_grammar_takes_over_after_the_name() {
        let mut answer = Answer::new(&request());
        let next = answer.push("```json\n{\"name\": \"read_file\"", &mut |_| {});
        assert_eq!(
            next,
            Next::Constrain(Expected::AfterName("read_file".into()))
        );
        let next = answer.push(", \"arguments\": {}}", &mut |_| {});
        assert_eq!(next, Next::Stop(LocalStop::ToolUse));
    }

    #[test]
    fn a_question_about_a_file_is_one_to_look_at() {
        for named in [
            "What does README.md say?",
            "Fix `src/main.rs:12`.",
            "Write hello.py",
            "See (a/b.txt)",
        ] {
            assert!(names_a_file(named), "{named}");
        }
        for not in [
            "Hi! How are you?",
            "It costs 3.50.",
            "Well... no.",
            "e.g. this",
            "See https://x.org/a.html",
            "Version 1.2.3",
        ] {
            assert!(!names_a_file(not), "{not}");
        }
        // Its result is not a question.
        assert!(should_look(&request()) && !should_look(&after_call("a.txt")));
        assert!(!should_look(&LocalRequest {
            tools: Vec::new(),
            ..request()
        }));
    }

    #[test]
    fn a_repeated_call_is_not_made_again() {
        let (events, next) = write(&after_call("a.txt"), CALL);
        assert_eq!(next, Next::Again);
        assert_eq!(events, []);
        // Other arguments are another call.
        let (events, next) = write(&after_call("b.txt"), CALL);
        assert_eq!(next, Next::Stop(LocalStop::ToolUse));
        assert_eq!(events.len(), 2);
        // And so is the same call after the person asked again.
        let mut request = after_call("a.txt");
        request.messages.push(LocalMessage::user("Read it again."));
        assert_eq!(write(&request, CALL).1, Next::Stop(LocalStop::ToolUse));
    }

    #[test]
    fn a_call_that_cannot_be_made_is_never_shown() {
        let unknown = CALL.replace("read_file", "file_search");
        assert_eq!(write(&request(), &unknown), (vec![], Next::Again));
        let said = |events: &[EngineEvent]| matches!(events, [.., EngineEvent::Text(text)] if text.ends_with('\n'));
        for words_only in [false, true] {
            let request = LocalRequest {
                words_only,
                ..request()
            };
            let (events, next) = write(&request, &format!("Hello!\n{unknown}"));
            assert_eq!(next, Next::Stop(LocalStop::EndOfTurn));
            assert!(said(&events), "{events:?}");
        }
        // Nor is one that may not be made this time.
        let words = LocalRequest {
            words_only: true,
            ..request()
        };
        let (events, next) = write(&words, &format!("Hello!\n{CALL}"));
        assert_eq!(next, Next::Stop(LocalStop::EndOfTurn));
        assert!(said(&events), "{events:?}");
        assert!(!should_look(&words));
    }

    #[test]
    fn a_call_that_is_cut_off_is_reported_with_what_there_is() {
        let (events, next) = write(
            &request(),
            "```json\n{\"name\": \"read_file\", \"arguments\": {\"pa",
        );
        assert_eq!(next, Next::Stop(LocalStop::EndOfTurn));
        assert!(
            matches!(&events[1], EngineEvent::MalformedToolCall { name, arguments, .. }
                if name == "read_file" && arguments.ends_with("{\"pa")),
            "{events:?}"
        );
    }

    #[test]
    fn a_call_that_repeats_itself_is_cut_off() {
        let call = format!(
            "```json\n{{\"name\": \"read_file\", \"arguments\": {{\"path\": \"{}",
            "a/b/c/".repeat(200)
        );
        let (events, next) = write(&request(), &call);
        assert_eq!(next, Next::Stop(LocalStop::Repetition));
        assert!(
            matches!(events.last(), Some(EngineEvent::MalformedToolCall { .. })),
            "{events:?}"
        );
    }

    #[test]
    fn an_answer_that_repeats_itself_is_stopped() {
        let (events, next) = write(
            &request(),
            &"I am a helpful assistant and I can help. ".repeat(100),
        );
        assert_eq!(next, Next::Stop(LocalStop::Repetition));
        let shown: usize = events
            .iter()
            .map(|event| {
                if let EngineEvent::Text(text) = event {
                    text.len()
                } else {
                    0
                }
            })
            .sum();
        assert!(shown < 1_000, "{shown} bytes were shown");
    }
}
