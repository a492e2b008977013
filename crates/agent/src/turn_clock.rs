//! How long a turn has worked.

use std::time::{Duration, Instant};

/// Measures a turn without the time in which it waited for its user's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TurnClock {
    started: Instant,
    waited: Duration,
    waiting_since: Option<Instant>,
}

impl TurnClock {
    /// A turn that begins at `now`.
    pub fn start(now: Instant) -> Self {
        Self {
            started: now,
            waited: Duration::ZERO,
            waiting_since: None,
        }
    }

    /// From `now` on it waits for an answer.
    pub fn wait(&mut self, now: Instant) {
        self.waiting_since.get_or_insert(now);
    }

    /// It waits no longer.
    pub fn go_on(&mut self, now: Instant) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += now.saturating_duration_since(since);
        }
    }

    /// How long it has worked until `now`.
    pub fn worked(&self, now: Instant) -> Duration {
        self.waiting_since
            .unwrap_or(now)
            .saturating_duration_since(self.started)
            .saturating_sub(self.waited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_waiting_does_not_count() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut clock = TurnClock::start(start);
        let worked = |clock: &TurnClock, seconds| clock.worked(at(seconds)).as_secs();
        assert_eq!(worked(&clock, 5), 5);
        clock.wait(at(5));
        assert_eq!(worked(&clock, 60), 5, "it stands still meanwhile");
        clock.wait(at(60));
        clock.go_on(at(100));
        clock.go_on(at(101));
        assert_eq!(worked(&clock, 103), 8);
        clock.wait(at(110));
        clock.go_on(at(120));
        assert_eq!(worked(&clock, 121), 16);
    }
}
