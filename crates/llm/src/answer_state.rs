//! What both protocols keep about an answer while it streams, and how an answer ends.

use crate::driver::WireError;
use crate::tool_calls::ToolCallAssembler;
use crate::{ModelEvent, StopReason, Usage};

/// An answer between two events of its stream.
#[derive(Default)]
pub(crate) struct AnswerState {
    pub calls: ToolCallAssembler,
    /// Told at the end, where the protocol counts as the answer comes.
    pub usage: Option<Usage>,
    stop: Option<StopReason>,
    done: bool,
}

impl AnswerState {
    /// The model said why it stops.
    pub fn stop(&mut self, length_reached: bool) {
        self.stop = Some(if length_reached {
            StopReason::MaxTokens
        } else {
            self.regular_stop()
        });
    }

    fn regular_stop(&self) -> StopReason {
        if self.calls.begun() > 0 {
            StopReason::ToolUse
        } else {
            StopReason::EndOfTurn
        }
    }

    /// The protocol's mark of the end came.
    pub fn finish(&mut self, events: &mut Vec<ModelEvent>) {
        self.done = true;
        self.calls.finish_all(events);
        events.extend(self.usage.map(ModelEvent::Usage));
        let stop = self.stop.unwrap_or_else(|| self.regular_stop());
        events.push(ModelEvent::Stopped(stop));
    }

    /// The connection ended. Some servers leave the mark of the end out; an answer that gave no
    /// reason to stop was cut off.
    pub fn end(&mut self, events: &mut Vec<ModelEvent>) -> Result<(), WireError> {
        if self.done {
            return Ok(());
        }
        if self.stop.is_none() {
            return Err(WireError::Cut);
        }
        self.finish(events);
        Ok(())
    }

    pub fn is_done(&self) -> bool {
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_once_and_only_where_it_gave_a_reason() {
        let mut events = Vec::new();
        assert!(matches!(
            AnswerState::default().end(&mut events),
            Err(WireError::Cut)
        ));
        assert_eq!(events, []);
        let mut answer = AnswerState {
            usage: Some(Usage::default()),
            ..AnswerState::default()
        };
        answer.stop(true);
        answer.end(&mut events).unwrap();
        answer.end(&mut events).unwrap();
        assert_eq!(
            events,
            [
                ModelEvent::Usage(Usage::default()),
                ModelEvent::Stopped(StopReason::MaxTokens)
            ]
        );
        assert!(answer.is_done());
    }
}
