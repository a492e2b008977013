//! The conversation as rows, built from the agent's events. No drawing here.
//!
//! Every event changes a bounded number of rows, and more text costs its own length only, so a
//! long answer or a long session never makes the next event slower.

use crate::answer_part;
use crate::local_speed::LocalSpeed;
use agent::{AgentEvent, EndReason, PermissionId, ToolCallView, ToolOutcome, TranscriptItem};
use llm::Usage;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

mod row;

pub use row::{
    Activity, FooterRow, ReviewOutcome, Row, RowChange, ToolRow, ToolState, UnkeptChange,
};

/// Text kept of one tool's output for the panel; the whole of it went to the model.
const LONGEST_KEPT_OUTPUT: usize = 64 * 1024;

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
mod tests;
