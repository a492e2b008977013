//! Keeping what a command prints while it runs, so that a crash leaves what there was.
//!
//! Parts go to the log the less often the more of them are there, so that a command which prints
//! all the time for the longest time it may take (15 minutes) leaves about 2 MB there.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::command_output::CommandOutput;
use crate::part_writer::PartWriter;
use crate::session_log::{Record, SessionLog};

/// How long the first words of a command stay out of the log at most: most commands end sooner.
const WAIT: Duration = Duration::from_secs(1);
/// Each time that so many bytes are in the log, the wait grows by [`WAIT`].
const SLOWER_AFTER: u64 = 64 << 10;

/// The parts of one command's output.
pub(crate) struct OutputJournal {
    writer: PartWriter,
    call_id: String,
    /// What is not handed to the log yet.
    pending: CommandOutput,
    /// When `pending` has to go there.
    due: Option<Instant>,
    /// Bytes in the log.
    written: u64,
}

impl OutputJournal {
    /// Nothing yet, of a command that will be in `log`; about `limit` bytes of its output are kept
    /// in the end.
    pub fn new(log: Arc<Mutex<SessionLog>>, call_id: String, limit: usize) -> Self {
        Self {
            writer: PartWriter::new(log),
            call_id,
            pending: CommandOutput::new(limit),
            due: None,
            written: 0,
        }
    }

    /// Takes more of the output.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.push(bytes);
        let wait = self.wait();
        self.due.get_or_insert_with(|| Instant::now() + wait);
    }

    fn wait(&self) -> Duration {
        let steps = u32::try_from(self.written / SLOWER_AFTER).unwrap_or(u32::MAX);
        WAIT.saturating_mul(steps.saturating_add(1))
    }

    /// When something has to go to the log; `None` where there is nothing.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Hands what there is to the log, where it is time.
    pub fn write_due(&mut self, now: Instant) {
        if self.due.is_none_or(|due| due > now) {
            return;
        }
        if self.writer.is_busy() {
            self.due = Some(now + self.wait());
            return;
        }
        self.due = None;
        let records: Vec<Record> = self
            .pending
            .take()
            .into_iter()
            .map(|piece| {
                self.written = self.written.saturating_add(piece.text.len() as u64);
                Record::OutputPart {
                    call_id: self.call_id.clone(),
                    left_out: piece.left_out,
                    text: piece.text,
                }
            })
            .collect();
        if !records.is_empty() {
            self.writer.write(records);
        }
    }

    /// The command is over and its result will be written: after the part that is on its way.
    pub async fn finish(self) {
        self.writer.finish().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session_log::folder_for;

    #[tokio::test(start_paused = true)]
    async fn a_command_that_never_stops_printing_fills_no_disk() {
        let temp = tempfile::tempdir().unwrap();
        let folder = folder_for(temp.path(), temp.path());
        let log = Arc::new(Mutex::new(SessionLog::create(&folder, temp.path())));
        let id = log.lock().unwrap().id();
        let mut journal = OutputJournal::new(Arc::clone(&log), "c".to_owned(), 40_000);
        let line = "x".repeat(9_999) + "\n";
        let started = Instant::now();
        let mut parts = 0;
        // The paused clock goes on whenever nothing else is to be done.
        while started.elapsed() < Duration::from_secs(900) {
            tokio::time::sleep(Duration::from_millis(100)).await;
            for _ in 0..10 {
                journal.push(line.as_bytes());
            }
            if journal.due().is_some_and(|due| due <= Instant::now()) {
                // A test's disk takes no time of the paused clock.
                while journal.writer.is_busy() {
                    tokio::task::yield_now().await;
                }
                journal.write_due(Instant::now());
                parts += 1;
            }
        }
        journal.finish().await;
        assert!((30..200).contains(&parts), "{parts} parts");
        drop(log);
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        let bytes: usize = loaded
            .records
            .iter()
            .map(|record| match record {
                Record::OutputPart { text, .. } => text.len(),
                _ => 0,
            })
            .sum();
        assert!((40_000..2_500_000).contains(&bytes), "{bytes} bytes");
        // The first one has the beginning whole.
        assert!(
            matches!(&loaded.records[1], Record::OutputPart { text, left_out: 0, .. }
            if text.len() == 20_000)
        );
    }
}
