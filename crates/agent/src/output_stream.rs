//! Showing and keeping what a command prints while it runs.
//!
//! However fast a command prints, what there is so far is told at a pace that a window can draw, and
//! not at all while the events of before are unread: a flood costs neither memory nor the window's
//! time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::command_output::CommandOutput;
use crate::inbox::Events;
use crate::output_journal::OutputJournal;
use crate::session_log::SessionLog;
use crate::{AgentEvent, visible};

/// What a command prints sooner than this after its start is told with the rest of it: most
/// commands have ended by then.
const FIRST: Duration = Duration::from_millis(200);
/// How far apart two events of one command are at least.
const PACE: Duration = Duration::from_millis(100);
/// While more events than this are unread, output waits.
const UNREAD: usize = 32;

/// What becomes of the output of one running command.
pub(crate) struct OutputStream {
    events: Events,
    call_id: String,
    /// When the next event may be sent.
    next: Instant,
    /// Whether something was printed since the last one.
    news: bool,
    printed: CommandOutput,
    journal: OutputJournal,
}

impl OutputStream {
    /// Of a command that is started now, of whose output about `limit` bytes are kept.
    pub fn new(events: Events, log: Arc<Mutex<SessionLog>>, call_id: String, limit: usize) -> Self {
        Self {
            events,
            next: Instant::now() + FIRST,
            news: false,
            printed: CommandOutput::new(limit),
            journal: OutputJournal::new(log, call_id.clone(), limit),
            call_id,
        }
    }

    /// Takes what the command has printed.
    pub fn push(&mut self, bytes: &[u8]) {
        self.printed.push(bytes);
        self.journal.push(bytes);
        self.news = true;
    }

    /// Waits until what was printed is to be told or kept; forever where there is nothing new. It
    /// may be dropped and called again.
    pub async fn until_due(&self) {
        let telling = self.news.then_some(self.next);
        match telling.into_iter().chain(self.journal.due()).min() {
            Some(due) => tokio::time::sleep_until(due).await,
            None => std::future::pending().await,
        }
    }

    /// Tells and keeps what is due. What cannot be told, because the events before are unread, waits
    /// for the next time.
    pub fn hand_on(&mut self) {
        let now = Instant::now();
        self.journal.write_due(now);
        if !self.news || self.next > now {
            return;
        }
        self.next = now + PACE;
        if self.events.unread() > UNREAD {
            return;
        }
        let event = AgentEvent::ToolOutput {
            call_id: self.call_id.clone(),
            output: visible::terminal(&self.printed.text_so_far()).into(),
        };
        self.news = !self.events.offer(event);
    }

    /// The command is over: all that is kept of what it printed.
    pub async fn finish(self) -> String {
        self.journal.finish().await;
        self.printed.text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(events: &async_channel::Receiver<AgentEvent>) -> Vec<String> {
        std::iter::from_fn(|| events.try_recv().ok())
            .map(|event| match event {
                AgentEvent::ToolOutput { call_id, output } if call_id == "c" => output.to_string(),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn output_is_told_at_a_pace_and_not_while_nothing_is_read() {
        let (sender, events) = async_channel::bounded(4_096);
        let temp = tempfile::tempdir().unwrap();
        let log = SessionLog::create(temp.path(), temp.path());
        let log = Arc::new(Mutex::new(log));
        let mut stream = OutputStream::new(Events(sender), log, "c".to_owned(), 100);
        let started = Instant::now();
        let mut line = 0;
        // A line a millisecond for ten seconds.
        while started.elapsed() < Duration::from_secs(10) {
            tokio::select! {
                biased;
                () = stream.until_due() => stream.hand_on(),
                () = tokio::time::sleep(Duration::from_millis(1)) => {
                    line += 1;
                    stream.push(format!("{line}\n").as_bytes());
                }
            }
        }
        assert_eq!(told(&events).len(), UNREAD + 1, "nobody read them");
        // Once they are read, what there is now is told.
        let mut next = async || {
            loop {
                stream.until_due().await;
                stream.hand_on();
                let told = told(&events);
                if !told.is_empty() {
                    return told;
                }
            }
        };
        let [last] = &next().await[..] else {
            panic!();
        };
        assert!(last.ends_with(&format!("\n{line}\n")), "{last:?}");
        let silent = tokio::time::timeout(Duration::from_secs(60), next()).await;
        assert!(silent.is_err(), "nothing new");
        stream.push(b"more\x1b[1");
        stream.until_due().await;
        stream.hand_on();
        let [last] = &told(&events)[..] else {
            panic!();
        };
        assert!(last.ends_with("\nmore"), "{last:?}");
        assert!(stream.finish().await.ends_with("\nmore\u{1b}[1"));
    }
}
