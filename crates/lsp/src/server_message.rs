//! What a server says to the user: `window/showMessage`, and `window/showMessageRequest` with its
//! answers (LSP 3.17).

use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use serde_json::Value;

use crate::bounded;

/// More of a message to the user is cut off, in bytes.
const MAX_MESSAGE: usize = 2_000;
/// A question with more answers is shown with the first of them.
const MAX_ANSWERS: usize = 5;
/// More of the words of an answer is cut off, in bytes.
const MAX_ANSWER: usize = 60;
/// An answer that is larger cannot be sent back, in bytes.
const MAX_RAW: usize = 16 * 1024;

/// How grave it is what a server says to the user (`MessageType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageType {
    /// Something is wrong.
    Error,
    /// Something may be.
    Warning,
    /// Good to know.
    Info,
}

/// What a server says to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerMessage {
    /// How grave it is.
    pub severity: MessageType,
    /// What it says, bounded and without characters that deceive.
    pub text: String,
}

impl ServerMessage {
    pub(crate) fn read(params: &Value) -> Self {
        let text = params["message"].as_str().unwrap_or_default();
        Self {
            severity: match params["type"].as_u64() {
                Some(1) => MessageType::Error,
                Some(2) => MessageType::Warning,
                _ => MessageType::Info,
            },
            text: bounded::text(text, MAX_MESSAGE),
        }
    }
}

/// What gives a server its answer.
type Answer = Box<dyn FnOnce(Value) + Send>;

/// A question of a server's with the answers that the user may give. The server waits for one; where
/// the last clone is dropped without any, it is told that there is none.
#[derive(Clone)]
pub struct ServerQuestion {
    /// What it asks.
    pub message: ServerMessage,
    /// The words of the answers, one at least.
    pub answers: Vec<String>,
    given: Arc<Unanswered>,
}

struct Unanswered {
    /// The answers as the server wrote them, which is how they are sent back.
    raw: Vec<Value>,
    answer: Mutex<Option<Answer>>,
}

impl ServerQuestion {
    /// Reads a question; gives the way to answer it back where nothing can be answered.
    pub(crate) fn read(params: &Value, answer: Answer) -> Result<Self, Answer> {
        let actions = params["actions"].as_array().map(Vec::as_slice);
        let can_be_given = |action: &&Value| bounded::is_small(action, MAX_RAW);
        let read = actions.unwrap_or_default().iter().filter(can_be_given);
        let (answers, raw): (Vec<_>, Vec<_>) = read
            .filter_map(|action| {
                let words = bounded::line(action["title"].as_str()?, MAX_ANSWER);
                (!words.is_empty()).then(|| (words, action.clone()))
            })
            .take(MAX_ANSWERS)
            .unzip();
        if answers.is_empty() {
            return Err(answer);
        }
        Ok(Self {
            message: ServerMessage::read(params),
            answers,
            given: Arc::new(Unanswered {
                raw,
                answer: Mutex::new(Some(answer)),
            }),
        })
    }

    /// What tells whether it still waits.
    pub fn waiting(&self) -> WaitingQuestion {
        WaitingQuestion(Arc::downgrade(&self.given))
    }

    /// Gives the server one of the answers, by its place among them; the first that is given counts.
    pub fn answer(&self, index: usize) {
        if let Some(answer) = self.given.answer.lock().take() {
            answer(self.given.raw.get(index).cloned().unwrap_or_default());
        }
    }
}

/// Tells whether a question still waits, and does not keep it waiting.
#[derive(Debug, Clone)]
pub struct WaitingQuestion(Weak<Unanswered>);

impl WaitingQuestion {
    /// Whether it has no answer yet, and somebody may still give one.
    pub fn waits(&self) -> bool {
        let question = self.0.upgrade();
        question.is_some_and(|question| question.answer.lock().is_some())
    }
}

impl std::fmt::Debug for Unanswered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Unanswered").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ServerQuestion {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("ServerQuestion")
            .field("message", &self.message)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(answer) = self.answer.get_mut().take() {
            answer(Value::Null);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(params: &Value) -> (Option<ServerQuestion>, Arc<Mutex<Vec<Value>>>) {
        let given = Arc::<Mutex<Vec<Value>>>::default();
        let heard = given.clone();
        let question = ServerQuestion::read(params, Box::new(move |one| heard.lock().push(one)));
        (question.ok(), given)
    }

    #[test]
    fn a_question_is_answered_once_as_the_server_wrote_it_or_with_nothing() {
        let params = json!({"type": 2, "message": "Which?", "actions": [
            {"title": "Left", "id": 7}, {"title": " "}, 3, {"title": "Right\nnow"},
        ]});
        let (question, given) = asked(&params);
        let question = question.unwrap();
        let waiting = question.waiting();
        assert_eq!(question.answers, ["Left", "Right now"]);
        assert!(waiting.waits());
        assert_eq!(question.message.severity, MessageType::Warning);
        question.answer(0);
        assert!(!waiting.waits());
        question.answer(1);
        drop(question);
        assert_eq!(*given.lock(), [json!({"title": "Left", "id": 7})]);

        let (question, given) = asked(&params);
        drop(question.clone());
        assert!(given.lock().is_empty(), "one clone is left");
        drop(question);
        assert_eq!(*given.lock(), [Value::Null]);
    }

    #[test]
    fn no_question_has_many_or_long_answers() {
        let long = json!({"title": "x".repeat(10_000)});
        let huge = json!({"title": "x", "data": "x".repeat(MAX_RAW)});
        let mut actions = vec![long; 100];
        actions.insert(0, huge);
        let (question, _) = asked(&json!({"message": "m", "actions": actions}));
        let question = question.unwrap();
        assert_eq!(question.answers.len(), MAX_ANSWERS);
        assert!(
            question
                .answers
                .iter()
                .all(|one| one.len() < 2 * MAX_ANSWER)
        );
        let (question, _) = asked(&json!({"message": "m", "actions": []}));
        assert!(question.is_none());
    }
}
