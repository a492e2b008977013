use std::time::{Duration, SystemTime};

/// When an edit was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Time since some moment of the program's own, which never goes back: tells how far two edits
    /// are apart.
    pub monotonic: Duration,
    /// The time of day; `None` where nobody knows it any more.
    pub time: Option<SystemTime>,
}

/// A moment of which nothing but the monotonic time is known.
impl From<Duration> for Moment {
    fn from(monotonic: Duration) -> Self {
        Self {
            monotonic,
            time: None,
        }
    }
}

/// A time as it is written down: milliseconds since the Unix epoch; 0 of one before that.
pub fn time_to_millis(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// The time of [`time_to_millis`]; `None` where the system knows no time that late.
pub fn time_of_millis(millis: u64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_millis(millis))
}
