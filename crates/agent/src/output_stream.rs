//! Showing what a command prints while it runs.
//!
//! However fast a command prints, what there is so far is told at a pace that a window can draw, and
//! not at all while the events of before are unread: a flood costs neither memory nor the window's
//! time.

use std::time::Duration;

use tokio::time::Instant;

use crate::command_output::CommandOutput;
use crate::inbox::Events;
use crate::{AgentEvent, visible};

/// What a command prints sooner than this after its start is told with the rest of it: most
/// commands have ended by then.
const FIRST: Duration = Duration::from_millis(200);
/// How far apart two events of one command are at least.
const PACE: Duration = Duration::from_millis(100);
/// While more events than this are unread, output waits.
const UNREAD: usize = 32;

/// The events of one running command.
pub(crate) struct OutputStream {
    events: Events,
    call_id: String,
    /// When the next one may be sent.
    next: Instant,
    /// Whether something was printed since the last one.
    news: bool,
}

impl OutputStream {
    /// Of a command that is started now.
    pub fn new(events: Events, call_id: String) -> Self {
        Self {
            events,
            call_id,
            next: Instant::now() + FIRST,
            news: false,
        }
    }

    /// The command has printed something.
    pub fn grew(&mut self) {
        self.news = true;
    }

    /// Waits until what was printed is to be told; forever where there is nothing new. It may be
    /// dropped and called again.
    pub async fn until_due(&self) {
        if self.news {
            tokio::time::sleep_until(self.next).await;
        } else {
            std::future::pending().await
        }
    }

    /// Tells what was printed so far. Where the events before are unread, it waits for the next
    /// time.
    pub fn tell(&mut self, printed: &CommandOutput) {
        self.next = Instant::now() + PACE;
        if self.events.unread() > UNREAD {
            return;
        }
        let event = AgentEvent::ToolOutput {
            call_id: self.call_id.clone(),
            output: visible::terminal(&printed.text_so_far()).into(),
        };
        self.news = !self.events.offer(event);
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
        let mut stream = OutputStream::new(Events(sender), "c".to_owned());
        let mut printed = CommandOutput::new(100);
        let started = Instant::now();
        let mut line = 0;
        // A line a millisecond for ten seconds.
        while started.elapsed() < Duration::from_secs(10) {
            tokio::select! {
                biased;
                () = stream.until_due() => stream.tell(&printed),
                () = tokio::time::sleep(Duration::from_millis(1)) => {
                    line += 1;
                    printed.push(format!("{line}\n").as_bytes());
                    stream.grew();
                }
            }
        }
        assert_eq!(told(&events).len(), UNREAD + 1, "nobody read them");
        // Once they are read, what there is now is told.
        stream.until_due().await;
        stream.tell(&printed);
        assert_eq!(told(&events), [printed.text()]);
        let silent = tokio::time::timeout(Duration::from_secs(60), stream.until_due()).await;
        assert!(silent.is_err(), "nothing new");
        printed.push(b"more\x1b[1");
        stream.grew();
        stream.until_due().await;
        stream.tell(&printed);
        let [last] = &told(&events)[..] else {
            panic!();
        };
        assert!(last.ends_with("\nmore"), "{last:?}");
    }
}
