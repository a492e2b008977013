//! Keeping an answer while it is being written, so that a crash loses a second of it at most.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::part_writer::PartWriter;
use crate::session_log::{Record, SessionLog};

/// Text that is not in the log for longer than this goes there.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
/// More text than this goes there at once, in bytes.
const PART_BYTES: usize = 8 << 10;

/// The parts of one answer.
pub(crate) struct AnswerJournal {
    writer: PartWriter,
    /// What is not handed to the log yet.
    pending: String,
    /// When `pending` has to go there.
    due: Option<Instant>,
}

impl AnswerJournal {
    /// Nothing yet, of an answer that will be in `log`.
    pub fn new(log: Arc<Mutex<SessionLog>>) -> Self {
        Self {
            writer: PartWriter::new(log),
            pending: String::new(),
            due: None,
        }
    }

    /// Takes more text of the answer.
    pub fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.pending.push_str(text);
        let due = *self
            .due
            .get_or_insert_with(|| Instant::now() + LONGEST_WAIT);
        if self.pending.len() >= PART_BYTES || due <= Instant::now() {
            self.write();
        }
    }

    /// Waits until text has to go to the log; forever where there is none. It may be dropped and
    /// called again.
    pub async fn until_due(&self) {
        match self.due {
            Some(due) => tokio::time::sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Hands what there is to the log. Where it still writes the last part, what there is waits for
    /// the next time.
    pub fn write(&mut self) {
        if self.writer.is_busy() {
            self.due = Some(Instant::now() + LONGEST_WAIT);
            return;
        }
        self.due = None;
        let text = std::mem::take(&mut self.pending);
        self.writer.write(vec![Record::AnswerPart { text }]);
    }

    /// The answer is over and will be written as a whole: after the part that is on its way.
    pub async fn finish(self) {
        self.writer.finish().await;
    }
}
