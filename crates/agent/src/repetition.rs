//! A guard against a model that makes the same call again and again.
//!
//! Small models repeat a call whose result they have just read. Telling them
//! so usually helps; taking the tools away for one answer always does.

use llm::ToolCall;

/// What to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepetitionVerdict {
    /// Run it.
    Run,
    /// Do not run it; tell the model that it has the result already.
    Remind,
    /// Do not run it, and let the model answer without tools next.
    TakeToolsAway,
}

/// The calls of one turn.
#[derive(Debug)]
pub(crate) struct RepetitionGuard {
    last: Option<(String, String)>,
    times: u32,
    reminders: u32,
    allowed: u32,
}

impl RepetitionGuard {
    /// A guard that lets the same call run twice in a row, or once for a small
    /// model.
    pub fn new(small: bool) -> Self {
        Self {
            last: None,
            times: 0,
            reminders: 0,
            allowed: if small { 1 } else { 2 },
        }
    }

    /// Judges the next call. A different call in between starts the count
    /// anew: after an edit, reading a file again is not a repetition.
    pub fn judge(&mut self, call: &ToolCall) -> RepetitionVerdict {
        self.judge_as((call.name.clone(), call.arguments.to_string()))
    }

    /// Judges a call whose arguments could not be read, which is not run: such calls of one tool
    /// count as the same, wherever each broke off.
    pub fn judge_malformed(&mut self, call: &ToolCall) -> RepetitionVerdict {
        // No arguments are written in this way.
        self.judge_as((call.name.clone(), String::new()))
    }

    fn judge_as(&mut self, key: (String, String)) -> RepetitionVerdict {
        if self.last.as_ref() == Some(&key) {
            self.times += 1;
        } else {
            self.last = Some(key);
            self.times = 1;
        }
        if self.times <= self.allowed {
            return RepetitionVerdict::Run;
        }
        self.reminders += 1;
        if self.reminders >= 2 {
            RepetitionVerdict::TakeToolsAway
        } else {
            RepetitionVerdict::Remind
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn call(path: &str) -> ToolCall {
        ToolCall {
            id: "x".into(),
            name: "read_file".into(),
            arguments: json!({"path": path}),
        }
    }

    #[test]
    fn a_small_model_is_reminded_at_once_and_then_loses_its_tools() {
        use RepetitionVerdict::{Remind, Run, TakeToolsAway};
        let mut guard = RepetitionGuard::new(true);
        let verdicts: Vec<_> = ["a", "a", "b", "a", "a"]
            .iter()
            .map(|path| guard.judge(&call(path)))
            .collect();
        assert_eq!(verdicts, [Run, Remind, Run, Run, TakeToolsAway]);
    }

    #[test]
    fn calls_that_cannot_be_read_take_the_tools_away_too() {
        use RepetitionVerdict::{Remind, Run, TakeToolsAway};
        let mut guard = RepetitionGuard::new(false);
        let verdicts: Vec<_> = ["a", "b", "c", "d"]
            .iter()
            .map(|path| guard.judge_malformed(&call(path)))
            .collect();
        assert_eq!(verdicts, [Run, Run, Remind, TakeToolsAway]);
        let mut guard = RepetitionGuard::new(false);
        guard.judge_malformed(&call("a"));
        guard.judge_malformed(&call("a"));
        assert_eq!(guard.judge(&call("a")), Run, "a whole call is another one");
    }

    #[test]
    fn another_model_may_look_twice() {
        use RepetitionVerdict::{Remind, Run, TakeToolsAway};
        let mut guard = RepetitionGuard::new(false);
        let verdicts: Vec<_> = (0..4).map(|_| guard.judge(&call("a"))).collect();
        assert_eq!(verdicts, [Run, Run, Remind, TakeToolsAway]);
    }
}
