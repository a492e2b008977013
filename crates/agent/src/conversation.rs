//! A session's records, as the model and as the user read them.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use llm::{Content, Message, Role, Usage};
use spec::{Document, Phase};

use crate::command_output::{CommandOutput, OutputPiece};
use crate::session_log::{Origin, Record};
use crate::{EndReason, Mode, ToolCallView, ToolOutcome, TranscriptItem, TurnId, tools, visible};

/// What the model reads in place of a result that a crash or a stop prevented.
const NO_RESULT: &str = "The call was interrupted and has no result.";
/// What the model reads where the user never answered whether the call may be made.
const NOT_ALLOWED_YET: &str =
    "The call was not carried out: the program ended before the user had allowed it.";

/// What the model reads, behind the output so far, where the program ended during a call.
const CUT_OFF: &str = "[cut off: the program ended while this was carried out. How far it came is not known; look at what it has done]";
/// What the user reads there.
const SHOWN_CUT_OFF: &str = "[cut off: Kiln ended while this ran]";
/// How much of the output of a command that was cut off is kept, in bytes.
const CUT_OFF_BYTES: usize = 40_000;

/// The records of one session, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Conversation {
    records: Vec<Record>,
    /// What the commands had printed that never came to their end, by their calls.
    cut_off: HashMap<String, String>,
}

/// A turn that can be done again, or gone on with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PastTurn {
    pub turn: TurnId,
    pub prompt: String,
    pub mode: Mode,
    pub message: String,
    pub origin: Origin,
    /// Whether it ended well.
    pub completed: bool,
    /// How far it came.
    pub reached: Reached,
}

/// How far a turn came: what is there already is gone on with rather than repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Nothing came of it.
    Nothing,
    /// An answer began, and was cut off.
    Answer,
    /// Tools were called, and no further answer began.
    Calls,
}

impl Conversation {
    /// The records of a log. The parts of an answer become one, or none where the whole answer
    /// follows; so do those of a command's output.
    pub fn new(records: Vec<Record>) -> Self {
        let mut joined: Vec<Record> = Vec::with_capacity(records.len());
        let mut outputs: HashMap<String, CommandOutput> = HashMap::new();
        for record in records {
            match &record {
                // A command was begun before it printed.
                Record::CallStarted { call_id } => {
                    let output = CommandOutput::new(CUT_OFF_BYTES);
                    outputs.insert(call_id.clone(), output);
                }
                Record::ToolResult { call, .. } => {
                    outputs.remove(&call.call_id);
                }
                _ => {}
            }
            match (joined.last_mut(), record) {
                (
                    _,
                    Record::OutputPart {
                        call_id,
                        left_out,
                        text,
                    },
                ) => {
                    if let Some(output) = outputs.get_mut(&call_id) {
                        output.push_piece(&OutputPiece { left_out, text });
                    }
                }
                (Some(Record::AnswerPart { text }), Record::AnswerPart { text: more }) => {
                    text.push_str(&more);
                }
                (Some(part @ Record::AnswerPart { .. }), whole @ Record::Assistant { .. }) => {
                    *part = whole;
                }
                (_, record) => joined.push(record),
            }
        }
        let cut_off = outputs
            .into_iter()
            .map(|(call_id, output)| (call_id, visible::terminal(&output.text())))
            .collect();
        Self {
            records: joined,
            cut_off,
        }
    }

    pub fn push(&mut self, record: Record) {
        self.records.push(record);
    }

    /// The number of the next turn.
    pub fn next_turn(&self) -> TurnId {
        let last = self.records.iter().rev().find_map(|record| match record {
            Record::TurnStarted { turn, .. } => Some(turn.0),
            _ => None,
        });
        TurnId(last.unwrap_or(0).saturating_add(1))
    }

    /// Tokens of all turns.
    pub fn usage(&self) -> Usage {
        let mut total = Usage::default();
        for record in &self.records {
            if let Record::TurnEnded { usage, .. } = record {
                total += *usage;
            }
        }
        total
    }

    /// Tokens of the answers that are whole since a turn began last.
    pub fn usage_since_turn_started(&self) -> Usage {
        let mut total = Usage::default();
        for record in self.records.iter().rev() {
            match record {
                Record::TurnStarted { .. } => break,
                Record::Assistant { usage, .. } => total += *usage,
                _ => {}
            }
        }
        total
    }

    /// The last turn, where it failed, was stopped or never ended.
    pub fn unfinished(&self) -> Option<PastTurn> {
        self.last_turn().filter(|turn| !turn.completed)
    }

    /// The last turn, as it was begun.
    pub fn last_turn(&self) -> Option<PastTurn> {
        let start = self
            .records
            .iter()
            .rposition(|record| matches!(record, Record::TurnStarted { .. }))?;
        let rest = &self.records[start..];
        let completed = rest.iter().any(|record| {
            matches!(
                record,
                Record::TurnEnded {
                    reason: EndReason::Completed,
                    ..
                }
            )
        });
        let Record::TurnStarted {
            turn,
            prompt,
            mode,
            message,
            origin,
            ..
        } = &rest[0]
        else {
            return None;
        };
        Some(PastTurn {
            turn: *turn,
            prompt: prompt.clone(),
            mode: *mode,
            message: message.clone(),
            origin: origin.clone(),
            completed,
            reached: reached(rest),
        })
    }

    /// The prompts of the turns that wrote a document of a spec, the first one first.
    pub fn prompts_of_spec(&self, name: &str) -> impl Iterator<Item = &str> {
        self.records.iter().filter_map(move |record| match record {
            Record::TurnStarted {
                prompt,
                origin: Origin::SpecDocument { spec, .. },
                ..
            } if spec == name => Some(prompt.as_str()),
            _ => None,
        })
    }

    /// Whether the last turn has no end: the program ended in the middle.
    pub fn was_interrupted(&self) -> Option<TurnId> {
        self.records.iter().rev().find_map(|record| match record {
            Record::TurnEnded { .. } => Some(None),
            Record::TurnStarted { turn, .. } => Some(Some(*turn)),
            _ => None,
        })?
    }

    /// Whether the last answer is the beginning of one whose end was never written.
    pub fn ends_in_a_cut_answer(&self) -> bool {
        matches!(self.records.last(), Some(Record::AnswerPart { text }) if !text.trim().is_empty())
    }

    /// The messages for the model. Every tool call has a result right behind
    /// it, whatever happened.
    pub fn messages(&self) -> Vec<Message> {
        let replaced: BTreeSet<TurnId> = self
            .records
            .iter()
            .filter_map(|record| match record {
                Record::TurnStarted { replaces, .. } => *replaces,
                _ => None,
            })
            .collect();
        self.build(|turn| !replaced.contains(&turn))
    }

    /// The messages of one turn alone.
    pub fn messages_of(&self, turn: TurnId) -> Vec<Message> {
        self.build(|other| other == turn)
    }

    fn build(&self, includes: impl Fn(TurnId) -> bool) -> Vec<Message> {
        let mut builder = MessageBuilder::default();
        let mut hidden = false;
        for record in &self.records {
            if let Record::TurnStarted { turn, .. } = record {
                hidden = !includes(*turn);
            }
            if hidden {
                continue;
            }
            match record {
                Record::TurnStarted { message, .. } | Record::Instruction { message } => {
                    builder.settle();
                    builder.user(Content::text(message.clone()));
                }
                Record::Assistant { content, .. } => {
                    builder.settle();
                    builder.assistant(content);
                }
                Record::AnswerPart { text } if !text.trim().is_empty() => {
                    builder.settle();
                    builder.assistant(&[Content::text(text.clone())]);
                }
                Record::PermissionAsked { call, .. } => builder.asked = Some(call.call_id.clone()),
                Record::CallStarted { call_id } => {
                    builder.asked = None;
                    let printed = self.cut_off.get(call_id).map_or("", String::as_str);
                    builder.begun = Some((call_id, printed));
                }
                Record::ToolResult {
                    call,
                    output,
                    outcome,
                } => builder.result(&call.call_id, output, !outcome.ok),
                Record::AnswerPart { .. } | Record::OutputPart { .. } => {}
                Record::Session { .. } | Record::Notice { .. } | Record::TurnEnded { .. } => {}
            }
        }
        builder.settle();
        builder.messages
    }

    /// What the user saw.
    pub fn transcript(&self) -> Vec<TranscriptItem> {
        let mut items: Vec<TranscriptItem> = Vec::new();
        // Where the calls of the last answer are, by their ids; without those that ended.
        let mut open: Vec<(String, usize)> = Vec::new();
        // The document that the turn is about.
        let mut document: Option<(&str, Phase)> = None;
        let open_item = |open: &[(String, usize)], id: &str| {
            open.iter()
                .find(|(known, _)| known == id)
                .map(|(_, at)| *at)
        };
        for record in &self.records {
            match record {
                Record::TurnStarted {
                    prompt,
                    mode,
                    origin,
                    goes_on,
                    ..
                } => {
                    document = match origin {
                        Origin::SpecDocument { spec, phase, .. } => {
                            Document::from_key(phase).map(|known| (spec.as_str(), Phase::of(known)))
                        }
                        _ => None,
                    };
                    if !goes_on {
                        items.push(TranscriptItem::Prompt {
                            text: prompt.clone(),
                            mode: *mode,
                        });
                    }
                }
                Record::AnswerPart { text } if !text.trim().is_empty() => {
                    items.push(TranscriptItem::Answer {
                        text: visible::prose(text),
                    });
                }
                Record::Assistant { content, .. } => {
                    open.clear();
                    for piece in content {
                        match piece {
                            Content::Text { text } if !text.trim().is_empty() => {
                                items.push(TranscriptItem::Answer {
                                    text: visible::prose(text),
                                });
                            }
                            Content::ToolCall(call) => {
                                // Calls are carried out one after the other.
                                let fate = if open.is_empty() {
                                    CallFate::Unknown
                                } else {
                                    CallFate::NotReached
                                };
                                open.push((call.id.clone(), items.len()));
                                items.push(TranscriptItem::ToolCall {
                                    call: tools::view(call, tools::title(call)),
                                    preview: None,
                                    outcome: fate.outcome(),
                                    cut_off: false,
                                });
                            }
                            _ => {}
                        }
                    }
                }
                Record::PermissionAsked {
                    call: asked,
                    preview: shown,
                } => {
                    let at = open_item(&open, &asked.call_id);
                    if let Some(TranscriptItem::ToolCall {
                        call,
                        preview,
                        outcome,
                        ..
                    }) = at.and_then(|at| items.get_mut(at))
                    {
                        replace_call(call, asked);
                        preview.clone_from(shown);
                        *outcome = CallFate::NotAllowedYet.outcome();
                        // The log leaves a question's change out for its size alone.
                        outcome.diff_left_out = shown.is_none() && tools::writes(&asked.name);
                    }
                }
                Record::CallStarted { call_id } => {
                    let at = open_item(&open, call_id);
                    if let Some(TranscriptItem::ToolCall {
                        outcome,
                        cut_off: is_cut_off,
                        ..
                    }) = at.and_then(|at| items.get_mut(at))
                    {
                        let diff_left_out = outcome.diff_left_out;
                        *outcome = CallFate::Begun.outcome();
                        outcome.diff_left_out = diff_left_out;
                        if let Some(printed) = self.cut_off.get(call_id)
                            && !printed.is_empty()
                        {
                            outcome.output = cut_off(printed, SHOWN_CUT_OFF);
                        }
                        *is_cut_off = true;
                    }
                }
                Record::ToolResult {
                    call: ended,
                    outcome: known,
                    ..
                } => {
                    let at = open_item(&open, &ended.call_id);
                    open.retain(|(id, _)| *id != ended.call_id);
                    if let Some(TranscriptItem::ToolCall {
                        call,
                        outcome,
                        cut_off,
                        ..
                    }) = at.and_then(|at| items.get_mut(at))
                    {
                        replace_call(call, ended);
                        // Of one that was refused there is no change but the one asked about.
                        let asked_left_out = outcome.diff_left_out && known.diff.is_none();
                        outcome.clone_from(known);
                        outcome.diff_left_out |= asked_left_out;
                        *cut_off = false;
                    }
                    // The next one's turn came.
                    if let Some(TranscriptItem::ToolCall { outcome, .. }) =
                        open.first().and_then(|(_, at)| items.get_mut(*at))
                    {
                        *outcome = CallFate::Unknown.outcome();
                    }
                }
                Record::Notice { level, message } => items.push(TranscriptItem::Notice {
                    level: *level,
                    message: message.clone(),
                }),
                Record::TurnEnded {
                    reason,
                    usage,
                    elapsed_ms,
                    speed,
                    ..
                } => {
                    if *reason == EndReason::Completed
                        && let Some((spec, phase)) = document.take()
                    {
                        items.push(TranscriptItem::Review {
                            spec: spec.to_owned(),
                            phase,
                        });
                    }
                    items.push(TranscriptItem::TurnEnded {
                        reason: reason.clone(),
                        usage: *usage,
                        elapsed: Duration::from_millis(*elapsed_ms),
                        speed: *speed,
                    });
                }
                Record::Session { .. }
                | Record::Instruction { .. }
                | Record::AnswerPart { .. }
                | Record::OutputPart { .. } => {}
            }
        }
        items
    }
}

/// How far the turn of these records came.
fn reached(records: &[Record]) -> Reached {
    let is_call = |piece: &Content| matches!(piece, Content::ToolCall(_));
    let last = records.iter().rev().find_map(|record| match record {
        Record::ToolResult { .. } | Record::CallStarted { .. } => Some(Reached::Calls),
        Record::Assistant { content, .. } if content.iter().any(is_call) => Some(Reached::Calls),
        // Of an answer that was cut off there are no calls.
        Record::Assistant { .. } => Some(Reached::Answer),
        Record::AnswerPart { text } if !text.trim().is_empty() => Some(Reached::Answer),
        _ => None,
    });
    last.unwrap_or(Reached::Nothing)
}

/// How far a call came that has no result in the log.
#[derive(Clone, Copy, Debug)]
enum CallFate {
    /// It was its turn; more is not known.
    Unknown,
    /// A call before it did not end.
    NotReached,
    /// The user was asked and had not answered.
    NotAllowedYet,
    /// It was being carried out.
    Begun,
}

impl CallFate {
    /// What the user reads in place of a result.
    fn outcome(self) -> ToolOutcome {
        let summary = match self {
            Self::Unknown => "Interrupted",
            Self::NotReached => "Not run: the turn ended before",
            Self::NotAllowedYet => "Not run: Kiln ended before you had answered",
            Self::Begun => "Cut off: Kiln ended while it ran. Look at what it has done",
        };
        ToolOutcome {
            ok: false,
            summary: summary.to_owned(),
            output: String::new(),
            diff: None,
            diff_left_out: false,
        }
    }
}

/// What had been printed, and that this is not all of it.
fn cut_off(printed: &str, note: &str) -> String {
    match printed.trim_end() {
        "" => note.to_owned(),
        printed => format!("{printed}\n{note}"),
    }
}

#[derive(Default)]
struct MessageBuilder<'a> {
    messages: Vec<Message>,
    /// Calls of the last assistant message that have no result yet.
    open: Vec<String>,
    /// The call that the user was asked about and had not answered.
    asked: Option<String>,
    /// The call that was begun last, with what it had printed unless its result follows.
    begun: Option<(&'a str, &'a str)>,
}

impl MessageBuilder<'_> {
    fn user(&mut self, piece: Content) {
        match self.messages.last_mut() {
            Some(message) if message.role == Role::User => message.content.push(piece),
            _ => self.messages.push(Message {
                role: Role::User,
                content: vec![piece],
            }),
        }
    }

    fn assistant(&mut self, content: &[Content]) {
        if content.is_empty() {
            return;
        }
        self.open = content
            .iter()
            .filter_map(|piece| match piece {
                Content::ToolCall(call) => Some(call.id.clone()),
                _ => None,
            })
            .collect();
        match self.messages.last_mut() {
            // A stopped answer and the next one, without a word in between.
            Some(message)
                if message.role == Role::Assistant
                    && !content
                        .iter()
                        .any(|piece| matches!(piece, Content::ToolCall(_))) =>
            {
                message.content.extend_from_slice(content);
            }
            _ => self.messages.push(Message {
                role: Role::Assistant,
                content: content.to_vec(),
            }),
        }
    }

    fn result(&mut self, call_id: &str, output: &str, is_error: bool) {
        self.asked.take_if(|asked| asked == call_id);
        // A result without its call (a line of the log was lost) would be
        // refused by every provider.
        let Some(position) = self.open.iter().position(|open| open == call_id) else {
            return;
        };
        self.open.remove(position);
        self.user(Content::ToolResult {
            call_id: call_id.to_owned(),
            output: output.to_owned(),
            is_error,
        });
    }

    /// Gives the calls that have no result one.
    fn settle(&mut self) {
        let asked = self.asked.take();
        let begun = self.begun.take();
        for call_id in std::mem::take(&mut self.open) {
            let output = match begun {
                Some((id, printed)) if id == call_id => cut_off(printed, CUT_OFF),
                _ if asked.as_ref() == Some(&call_id) => NOT_ALLOWED_YET.to_owned(),
                _ => NO_RESULT.to_owned(),
            };
            self.user(Content::ToolResult {
                call_id,
                output,
                is_error: true,
            });
        }
    }
}

/// Puts a call as the log has it in the place of the one that the model wrote. What the log leaves out
/// for its size stays.
fn replace_call(call: &mut ToolCallView, logged: &ToolCallView) {
    let written = std::mem::take(&mut call.arguments);
    call.clone_from(logged);
    if call.arguments.is_null() {
        call.arguments = written;
    }
}

#[cfg(test)]
mod tests;
