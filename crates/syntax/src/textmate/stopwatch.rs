//! How long a thread was at work. On a machine with more to do than it has processors a line may wait
//! for a long time in the middle, which says nothing of the grammar.

use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug)]
pub(super) struct Stopwatch {
    started: Instant,
    worked: Duration,
}

impl Stopwatch {
    /// Starts for the thread that calls it, which alone may ask.
    pub(super) fn start() -> Self {
        Self {
            started: Instant::now(),
            worked: worked(),
        }
    }

    /// How long the thread has worked since.
    pub(super) fn worked(&self) -> Duration {
        worked().saturating_sub(self.worked)
    }

    /// Whether it has worked for longer. Costs next to nothing before so much time has passed.
    pub(super) fn is_past(&self, limit: Duration) -> bool {
        self.started.elapsed() > limit && self.worked() > limit
    }
}

/// How long this thread has worked since it began.
#[cfg(unix)]
fn worked() -> Duration {
    asked(rustix::time::ClockId::ThreadCPUTime)
}

/// How long all threads of the program have worked together.
#[cfg(unix)]
pub(super) fn worked_by_all() -> Duration {
    asked(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn asked(clock: rustix::time::ClockId) -> Duration {
    let time = rustix::time::clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::from_secs(seconds)
        + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or_default())
}

/// Where the system is not asked, all time counts.
#[cfg(not(unix))]
fn worked() -> Duration {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    BEGUN.elapsed()
}

#[cfg(not(unix))]
pub(super) fn worked_by_all() -> Duration {
    worked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_which_the_thread_waits_does_not_count() {
        let waiting = Stopwatch::start();
        let (sender, receiver) = std::sync::mpsc::channel::<()>();
        let waited = receiver.recv_timeout(Duration::from_millis(50));
        drop(sender);
        assert!(waited.is_err());
        assert!(waiting.started.elapsed() >= Duration::from_millis(50));
        assert!(!waiting.is_past(Duration::from_millis(40)));
        let working = Stopwatch::start();
        while !working.is_past(Duration::from_millis(5)) {
            std::hint::spin_loop();
        }
        assert!(working.worked() > Duration::from_millis(5));
    }
}
