//! The conversation as rows, built from the agent's events. No drawing here.
//!
//! Every event changes a bounded number of rows, and more text costs its own length only, so a
//! long answer or a long session never makes the next event slower.

use crate::answer_part;
use crate::local_speed::LocalSpeed;
use agent::{
    AgentEvent, EndReason, FileDiff, Mode, NoticeLevel, PermissionId, PermissionPreview,
    ToolCallView, ToolOutcome, TranscriptItem,
};
use llm::Usage;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

/// Text kept of one tool's output for the panel; the whole of it went to the model.
const LONGEST_KEPT_OUTPUT: usize = 64 * 1024;

/// How a tool call is getting on.
#[derive(Clone, Debug, PartialEq)]
pub enum ToolState {
    /// The model is still writing its arguments.
    Writing,
    /// Written, and waiting for the end of the answer or for the calls before it.
    Waiting,
    /// Waiting for the user's decision.
    Asking(PermissionId),
    /// Running.
    Running,
    /// Finished well.
    Done,
    /// Finished with an error, or was refused.
    Failed,
}

/// One tool call.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolRow {
    /// The provider's id of the call.
    pub call_id: String,
    /// The tool's name, `read_file`.
    pub name: String,
    /// A summary of its arguments, such as the path.
    pub title: String,
    /// How it is getting on.
    pub state: ToolState,
    /// What the user is asked to allow; kept after the decision.
    pub preview: Option<PermissionPreview>,
    /// One line about the result.
    pub summary: String,
    /// What a running command has printed so far, then the result's text; cut to a bound.
    pub output: String,
    /// Whether its output was shown as it came.
    pub live: bool,
    /// What it did to a file.
    pub diff: Option<FileDiff>,
    /// What is known of it where the session does not have it any more.
    pub unkept: Option<UnkeptChange>,
}

/// A change of a file that was too large to be kept with the session.
#[derive(Clone, Debug, PartialEq)]
pub enum UnkeptChange {
    /// Of a file that was written as a whole: the text that the agent gave.
    Written(Arc<str>),
    /// Only a piece of the file is known.
    Piece,
}

impl UnkeptChange {
    /// That of a call.
    fn of(call: &ToolCallView) -> Self {
        match call.written_text() {
            Some(text) => Self::Written(text.into()),
            None => Self::Piece,
        }
    }
}

/// How a turn ended, with what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct FooterRow {
    /// Wall-clock time, without what was waited for answers to questions.
    pub elapsed: Duration,
    /// Tokens of the turn.
    pub usage: Usage,
    /// How fast its last answer was, where a local model gave it while the panel was there.
    pub speed: Option<LocalSpeed>,
    /// Why it ended, where that is worth a word.
    pub note: Option<&'static str>,
}

/// What came of a document that was to be reviewed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReviewOutcome {
    /// It waits for a decision.
    Waiting,
    /// It was approved.
    Approved,
    /// It was handed in again, further down.
    Replaced,
}

/// One row of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// What the user asked.
    Prompt {
        /// Their words.
        text: Arc<str>,
        /// Whether it was to lead to a spec.
        mode: Mode,
    },
    /// What the model answered, in Markdown.
    Answer {
        /// All of it so far.
        text: String,
        /// Where the answer goes on from the row above, being too long for one:
        /// what Markdown needs in front to read it alike, often nothing.
        before: Option<String>,
    },
    /// A tool call.
    Tool(Arc<ToolRow>),
    /// Something the user should know.
    Notice {
        /// How grave it is.
        level: NoticeLevel,
        /// A sentence.
        message: String,
    },
    /// The turn failed.
    Failure {
        /// What happened and what to do, in a sentence or two.
        message: String,
        /// Whether another key would help.
        needs_key: bool,
    },
    /// A spec's document waits, or waited, for a review.
    Review {
        /// The spec's name.
        spec: String,
        /// The phase whose document is ready.
        phase: spec::Phase,
        /// What came of it.
        outcome: ReviewOutcome,
    },
    /// The end of a turn.
    Footer(FooterRow),
}

/// What a change did to the rows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RowChange {
    /// All rows are new.
    Reset,
    /// A row was added at the end.
    Added(usize),
    /// A row's content changed.
    Updated(usize),
    /// An answer grew by `delta`.
    Grew {
        /// The row.
        row: usize,
        /// What was added at its end.
        delta: String,
    },
}

/// What the running turn is doing, for the line at the end of the conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Activity {
    /// Waiting for the model's first words.
    Waiting,
    /// Text is arriving.
    Answering,
    /// A tool runs or is being written.
    Working,
    /// Waiting for the user's decision.
    Asking,
    /// A local model is being loaded; what it says about that.
    Loading(String),
    /// The request failed and is being repeated.
    Retrying {
        /// 1 for the first repetition.
        attempt: u32,
        /// How long it waits.
        delay: Duration,
        /// What went wrong.
        reason: String,
    },
}

/// The conversation.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    rows: Vec<Row>,
    calls: HashMap<String, usize>,
    /// The answer that grows, if the last row is one.
    open_answer: Option<usize>,
    activity: Option<Activity>,
    turn_usage: Usage,
    turn_speed: Option<LocalSpeed>,
    session_usage: Usage,
}

impl Transcript {
    /// The rows, oldest first.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What the running turn is doing; `None` between turns.
    pub fn activity(&self) -> Option<&Activity> {
        self.activity.as_ref()
    }

    /// Tokens of the running or last turn.
    pub fn turn_usage(&self) -> Usage {
        self.turn_usage
    }

    /// How fast the answers of the running or last turn are, where a local model gives them.
    pub fn turn_speed(&self) -> Option<LocalSpeed> {
        self.turn_speed
    }

    /// Tokens of the session.
    pub fn session_usage(&self) -> Usage {
        self.session_usage
    }

    /// The newest decision that is still open, with its row.
    pub fn open_permission(&self) -> Option<(usize, PermissionId)> {
        self.rows
            .iter()
            .enumerate()
            .rev()
            .find_map(|(index, row)| match row {
                Row::Tool(tool) => match &tool.state {
                    ToolState::Asking(id) => Some((index, *id)),
                    _ => None,
                },
                _ => None,
            })
    }

    /// Whether nothing was said since the row at `index`, which ends a turn: what Kiln tells beside
    /// the conversation, as of a log that could not be read, does not count.
    pub fn is_latest_end(&self, index: usize) -> bool {
        let mut since = self.rows.iter().skip(index + 1).peekable();
        // The footer of the turn that failed.
        if matches!(self.rows.get(index), Some(Row::Failure { .. })) {
            since.next_if(|row| matches!(row, Row::Footer(_)));
        }
        since.all(|row| matches!(row, Row::Notice { .. }))
    }

    /// Whether one of the last calls runs.
    pub fn runs_a_tool(&self) -> bool {
        let mut calls = self.rows.iter().rev().map_while(|row| match row {
            Row::Tool(tool) => Some(tool),
            _ => None,
        });
        calls.any(|tool| tool.state == ToolState::Running)
    }

    /// What the call in the row at `index` waits for; `None` where it does not wait.
    pub fn waits_for(&self, index: usize) -> Option<&'static str> {
        let Some(Row::Tool(tool)) = self.rows.get(index) else {
            return None;
        };
        if tool.state != ToolState::Waiting {
            return None;
        }
        let before = self.rows[..index].iter().rev();
        // A notice may stand between the calls of an answer.
        let before = before.take_while(|row| matches!(row, Row::Tool(_) | Row::Notice { .. }));
        let states = before.filter_map(|row| match row {
            Row::Tool(tool) => Some(&tool.state),
            _ => None,
        });
        let mut waits = "Waits for the end of the answer";
        for state in states {
            match state {
                ToolState::Asking(_) => return Some("Waits for your decision above"),
                ToolState::Running => return Some("Waits for the call above"),
                ToolState::Writing | ToolState::Waiting => waits = "Waits for the call above",
                ToolState::Done | ToolState::Failed => {}
            }
        }
        Some(waits)
    }

    /// A name for the session: the beginning of its first prompt.
    pub fn title(&self) -> Option<&str> {
        self.rows.iter().find_map(|row| match row {
            Row::Prompt { text, .. } => text.lines().map(str::trim).find(|line| !line.is_empty()),
            _ => None,
        })
    }

    /// The user decided: the row stops asking at once, before the agent confirms.
    pub fn decided(&mut self, permission: PermissionId) -> Option<RowChange> {
        let index = self.rows.iter().rposition(
            |row| matches!(row, Row::Tool(tool) if tool.state == ToolState::Asking(permission)),
        )?;
        if let Some(Row::Tool(tool)) = self.rows.get_mut(index) {
            Arc::make_mut(tool).state = ToolState::Running;
        }
        self.activity = Some(Activity::Working);
        Some(RowChange::Updated(index))
    }

    /// Takes in one event and says what it did to the rows.
    pub fn apply(&mut self, event: &AgentEvent) -> Vec<RowChange> {
        match event {
            AgentEvent::SessionOpened { transcript, .. } => {
                *self = Self::default();
                for item in transcript {
                    self.restore(item);
                }
                self.open_answer = None;
                vec![RowChange::Reset]
            }
            AgentEvent::TurnStarted {
                prompt,
                mode,
                goes_on,
                ..
            } => {
                self.activity = Some(Activity::Waiting);
                self.turn_usage = Usage::default();
                self.turn_speed = None;
                if *goes_on {
                    return Vec::new();
                }
                vec![self.push(Row::Prompt {
                    text: prompt.as_str().into(),
                    mode: *mode,
                })]
            }
            AgentEvent::Text { delta } => self.grow(delta),
            AgentEvent::ToolCallStarted { call_id, name } => {
                self.activity = Some(Activity::Working);
                self.tool(call_id, name, |tool| tool.state = ToolState::Writing)
            }
            AgentEvent::ToolCallWaiting { call } => {
                self.activity = Some(Activity::Working);
                self.tool_view(call, |tool| tool.state = ToolState::Waiting)
            }
            AgentEvent::ToolCallRunning { call } => {
                self.activity = Some(Activity::Working);
                self.tool_view(call, |tool| tool.state = ToolState::Running)
            }
            AgentEvent::PermissionRequested { id, call, preview } => {
                self.activity = Some(Activity::Asking);
                self.tool_view(call, |tool| {
                    tool.state = ToolState::Asking(*id);
                    tool.preview = Some(preview.clone());
                })
            }
            AgentEvent::ToolOutput { call_id, output } => self.printed(call_id, output),
            AgentEvent::ToolCallFinished { call_id, outcome } => {
                self.activity = Some(Activity::Waiting);
                self.tool(call_id, "", |tool| finish(tool, outcome))
            }
            AgentEvent::Usage { turn, session } => {
                self.turn_usage = *turn;
                self.session_usage = *session;
                // One reply of the model is over; what comes now is another.
                self.open_answer = None;
                Vec::new()
            }
            AgentEvent::Speed {
                tokens_per_second,
                memory_bytes,
            } => {
                self.turn_speed = Some(LocalSpeed {
                    tokens_per_second: *tokens_per_second,
                    memory_bytes: *memory_bytes,
                });
                Vec::new()
            }
            AgentEvent::Retrying {
                attempt,
                delay,
                reason,
            } => {
                self.activity = Some(Activity::Retrying {
                    attempt: *attempt,
                    delay: *delay,
                    reason: reason.clone(),
                });
                Vec::new()
            }
            AgentEvent::Loading { note } => {
                self.activity = Some(Activity::Loading(note.clone()));
                Vec::new()
            }
            AgentEvent::Notice { level, message, .. } => {
                vec![self.push(Row::Notice {
                    level: *level,
                    message: message.clone(),
                })]
            }
            AgentEvent::SpecReviewReady { spec, phase } => self.hand_in(spec, *phase),
            AgentEvent::TurnEnded {
                reason,
                usage,
                elapsed,
                ..
            } => self.end_turn(reason, *usage, *elapsed),
            _ => Vec::new(),
        }
    }

    /// A document waits for a review; an earlier form of it does no more.
    fn hand_in(&mut self, spec: &str, phase: spec::Phase) -> Vec<RowChange> {
        let mut changes =
            self.settle_reviews(spec, ReviewOutcome::Replaced, |waiting| waiting == phase);
        changes.push(self.push(Row::Review {
            spec: spec.to_owned(),
            phase,
            outcome: ReviewOutcome::Waiting,
        }));
        changes
    }

    /// The specs of which a document waits for a decision.
    pub fn specs_in_review(&self) -> BTreeSet<String> {
        self.rows
            .iter()
            .filter_map(|row| match row {
                Row::Review {
                    spec,
                    outcome: ReviewOutcome::Waiting,
                    ..
                } => Some(spec.clone()),
                _ => None,
            })
            .collect()
    }

    /// Whether a document of the spec waits for a decision.
    pub fn awaits_review(&self, spec: &str) -> bool {
        self.rows.iter().any(|row| {
            matches!(row, Row::Review { spec: name, outcome: ReviewOutcome::Waiting, .. } if name == spec)
        })
    }

    /// The documents of these phases of a spec are approved: their rows become a record of it.
    pub fn approved(&mut self, spec: &str, phases: &[spec::Phase]) -> Vec<RowChange> {
        self.settle_reviews(spec, ReviewOutcome::Approved, |phase| {
            phases.contains(&phase)
        })
    }

    fn settle_reviews(
        &mut self,
        spec: &str,
        settled: ReviewOutcome,
        concerns: impl Fn(spec::Phase) -> bool,
    ) -> Vec<RowChange> {
        let mut changes = Vec::new();
        for (index, row) in self.rows.iter_mut().enumerate() {
            if let Row::Review {
                spec: name,
                phase,
                outcome,
            } = row
                && name == spec
                && *outcome == ReviewOutcome::Waiting
                && concerns(*phase)
            {
                *outcome = settled;
                changes.push(RowChange::Updated(index));
            }
        }
        changes
    }

    /// Shows a failure that no event told of.
    pub fn fail(&mut self, message: String) -> RowChange {
        self.activity = None;
        self.push(Row::Failure {
            message,
            needs_key: false,
        })
    }

    fn push(&mut self, row: Row) -> RowChange {
        self.open_answer = None;
        self.rows.push(row);
        RowChange::Added(self.rows.len() - 1)
    }

    fn grow(&mut self, delta: &str) -> Vec<RowChange> {
        let mut rest = delta;
        if self.open_answer.is_none() {
            // The row itself keeps its distance; empty lines at its start would be no text.
            rest = rest.trim_start_matches(['\r', '\n']);
        }
        if rest.is_empty() {
            return Vec::new();
        }
        self.activity = Some(Activity::Answering);
        let mut changes = Vec::new();
        let mut before = None;
        while !rest.is_empty() {
            let open = self.open_answer.and_then(|row| {
                let Row::Answer { text, .. } = self.rows.get_mut(row)? else {
                    return None;
                };
                Some((row, text))
            });
            let Some((row, text)) = open else {
                let at = answer_part::fits("", rest);
                let (head, tail) = rest.split_at(at);
                changes.push(self.push(Row::Answer {
                    text: head.to_owned(),
                    before: before.take(),
                }));
                self.open_answer = Some(self.rows.len() - 1);
                rest = tail;
                continue;
            };
            let at = answer_part::fits(text, rest);
            let (head, tail) = rest.split_at(at);
            if !head.is_empty() {
                text.push_str(head);
                changes.push(RowChange::Grew {
                    row,
                    delta: head.to_owned(),
                });
            }
            rest = tail;
            if !rest.is_empty() {
                before = Some(self.fence_left_open(row));
                self.open_answer = None;
            }
        }
        changes
    }

    /// The fence that an answer's row leaves open, which may have been opened rows above.
    fn fence_left_open(&self, row: usize) -> String {
        let Some(Row::Answer { text, before }) = self.rows.get(row) else {
            return String::new();
        };
        let text = before
            .iter()
            .chain([text])
            .map(String::as_str)
            .collect::<String>();
        answer_part::open_fence(&text).unwrap_or_default()
    }

    fn tool_view(
        &mut self,
        view: &ToolCallView,
        change: impl FnOnce(&mut ToolRow),
    ) -> Vec<RowChange> {
        self.tool(&view.call_id, &view.name, |tool| {
            tool.title.clone_from(&view.title);
            change(tool);
        })
    }

    fn tool(
        &mut self,
        call_id: &str,
        name: &str,
        change: impl FnOnce(&mut ToolRow),
    ) -> Vec<RowChange> {
        if let Some(&index) = self.calls.get(call_id)
            && let Some(Row::Tool(tool)) = self.rows.get_mut(index)
        {
            change(Arc::make_mut(tool));
            return vec![RowChange::Updated(index)];
        }
        let mut tool = ToolRow {
            call_id: call_id.to_owned(),
            name: name.to_owned(),
            title: String::new(),
            state: ToolState::Writing,
            preview: None,
            summary: String::new(),
            output: String::new(),
            live: false,
            diff: None,
            unkept: None,
        };
        change(&mut tool);
        let added = self.push(Row::Tool(Arc::new(tool)));
        self.calls.insert(call_id.to_owned(), self.rows.len() - 1);
        vec![added]
    }

    /// A running command has printed this so far.
    fn printed(&mut self, call_id: &str, output: &str) -> Vec<RowChange> {
        if !self.calls.contains_key(call_id) {
            return Vec::new();
        }
        self.tool(call_id, "", |tool| {
            tool.live = true;
            tool.output = bounded(output);
        })
    }

    fn end_turn(&mut self, reason: &EndReason, usage: Usage, elapsed: Duration) -> Vec<RowChange> {
        self.activity = None;
        self.turn_usage = usage;
        let mut changes = Vec::new();
        // A call that never finished must not look as if it were running.
        for (index, row) in self.rows.iter_mut().enumerate().rev() {
            match row {
                Row::Prompt { .. } => break,
                Row::Tool(tool) if !matches!(tool.state, ToolState::Done | ToolState::Failed) => {
                    let tool = Arc::make_mut(tool);
                    let begun = !matches!(tool.state, ToolState::Writing | ToolState::Waiting);
                    tool.summary = if begun {
                        "Stopped"
                    } else {
                        "Not run: the turn ended before"
                    }
                    .to_owned();
                    tool.state = ToolState::Failed;
                    changes.push(RowChange::Updated(index));
                }
                _ => {}
            }
        }
        if let Some(message) = reason.failure() {
            changes.push(self.push(Row::Failure {
                message: message.to_owned(),
                needs_key: matches!(reason, EndReason::NeedsKey(_)),
            }));
        }
        let note = match reason {
            EndReason::Cancelled => Some("Stopped"),
            EndReason::StepLimit => Some("Step limit reached"),
            _ => None,
        };
        let speed = self.turn_speed.take();
        changes.push(self.push(Row::Footer(FooterRow {
            elapsed,
            usage,
            speed,
            note,
        })));
        // Ids are only unique within a turn.
        self.calls.clear();
        changes
    }

    fn restore(&mut self, item: &TranscriptItem) {
        match item {
            TranscriptItem::Prompt { text, mode } => {
                self.push(Row::Prompt {
                    text: text.as_str().into(),
                    mode: *mode,
                });
            }
            TranscriptItem::Answer { text } => {
                self.open_answer = None;
                self.grow(text);
                self.open_answer = None;
                self.activity = None;
            }
            TranscriptItem::ToolCall {
                call,
                preview,
                outcome,
                cut_off,
            } => {
                self.tool_view(call, |tool| {
                    tool.preview.clone_from(preview);
                    // It is what was last seen of it.
                    tool.live = *cut_off;
                    tool.unkept = outcome.diff_left_out.then(|| UnkeptChange::of(call));
                    finish(tool, outcome);
                });
            }
            TranscriptItem::Review { spec, phase } => {
                self.hand_in(spec, *phase);
            }
            TranscriptItem::Notice { level, message } => {
                self.push(Row::Notice {
                    level: *level,
                    message: message.clone(),
                });
            }
            TranscriptItem::TurnEnded {
                reason,
                usage,
                elapsed,
                speed,
            } => {
                self.turn_speed = speed.map(Into::into);
                self.end_turn(reason, *usage, *elapsed);
                self.session_usage += *usage;
            }
        }
    }
}

fn finish(tool: &mut ToolRow, outcome: &ToolOutcome) {
    tool.state = if outcome.ok {
        ToolState::Done
    } else {
        ToolState::Failed
    };
    tool.summary.clone_from(&outcome.summary);
    tool.output = bounded(&outcome.output);
    tool.diff.clone_from(&outcome.diff);
}

fn bounded(output: &str) -> String {
    output[..output.floor_char_boundary(LONGEST_KEPT_OUTPUT)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use agent::{SessionId, TurnId};

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
}
