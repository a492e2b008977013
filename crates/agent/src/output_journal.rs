//! Keeping what a command prints while it runs, so that a crash leaves what there was.
//!
//! Parts go to the log the less often the more of them are there, so that a command which prints
//! all the time for the longest time it may take (15 minutes) leaves about 2 MB there, whatever it
//! prints: the log is JSON, in which a control character takes six bytes.

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
    /// Bytes of output that are kept in the end.
    limit: u64,
    /// Bytes in the log.
    written: u64,
    /// How many of them came with the last part.
    last: u64,
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
            limit: (limit as u64).max(1),
            written: 0,
            last: 0,
        }
    }

    /// Takes more of the output.
    pub fn push(&mut self, bytes: &[u8]) {
        self.pending.push(bytes);
        let wait = self.wait();
        self.due.get_or_insert_with(|| Instant::now() + wait);
    }

    fn wait(&self) -> Duration {
        let steps = (self.written / SLOWER_AFTER).saturating_add(1);
        // A part that takes many times the room of plain text is as much rarer.
        let weight = self.last.div_ceil(self.limit).max(1);
        let waits = u32::try_from(steps.saturating_mul(weight)).unwrap_or(u32::MAX);
        WAIT.saturating_mul(waits)
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
        let pieces = self.pending.take();
        if pieces.is_empty() {
            return;
        }
        self.last = pieces.iter().map(|piece| json_bytes(&piece.text)).sum();
        self.written = self.written.saturating_add(self.last);
        let records = pieces.into_iter().map(|piece| Record::OutputPart {
            call_id: self.call_id.clone(),
            left_out: piece.left_out,
            text: piece.text,
        });
        self.writer.write(records.collect());
    }

    /// The command is over and its result will be written: after the part that is on its way.
    pub async fn finish(self) {
        self.writer.finish().await;
    }
}

/// How many bytes a text takes in a JSON string as the log writes it (RFC 8259, section 7).
fn json_bytes(text: &str) -> u64 {
    let escaped = |byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | b'\x08' | b'\x0c' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session_log::folder_for;

    /// What a command leaves in the log that prints a line ten times each tenth of a second, for 15
    /// minutes: how many parts, the bytes on the disk, and what is read from there.
    async fn print_all_the_time(line: &str) -> (usize, u64, Vec<Record>) {
        let temp = tempfile::tempdir().unwrap();
        let folder = folder_for(temp.path(), temp.path());
        let log = Arc::new(Mutex::new(SessionLog::create(&folder, temp.path())));
        let id = log.lock().unwrap().id();
        let mut journal = OutputJournal::new(Arc::clone(&log), "c".to_owned(), 40_000);
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
        drop(log);
        let bytes = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().metadata().unwrap().len())
            .sum();
        let (_, loaded) = SessionLog::open(&folder, temp.path(), id).unwrap();
        (parts, bytes, loaded.records)
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_never_stops_printing_fills_no_disk() {
        let (parts, bytes, records) = print_all_the_time(&("x".repeat(9_999) + "\n")).await;
        assert!((30..200).contains(&parts), "{parts} parts");
        assert!((40_000..2_500_000).contains(&bytes), "{bytes} bytes");
        // The first one has the beginning whole.
        assert!(
            matches!(&records[1], Record::OutputPart { text, left_out: 0, .. }
            if text.len() == 20_000)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_more_room_in_the_log_than_it_has_characters_fills_no_disk_either() {
        for line in ["\0".repeat(10_000), "\"\\".repeat(5_000)] {
            let (parts, bytes, _) = print_all_the_time(&line).await;
            assert!((5..200).contains(&parts), "{parts} parts");
            assert!((80_000..2_500_000).contains(&bytes), "{bytes} bytes");
        }
    }

    #[test]
    fn the_room_that_a_text_takes_is_what_the_log_writes() {
        let text: String = ('\0'..='\u{a0}').chain("é🎉\u{2028}".chars()).collect();
        let written = serde_json::to_string(&text).unwrap();
        assert_eq!(json_bytes(&text), written.len() as u64 - 2);
    }
}
