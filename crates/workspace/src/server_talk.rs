use std::collections::HashSet;
use std::time::Duration;

use editor_core::Moment;

/// More messages of a server are not told to the user within [`SPAN`].
const MOST: usize = 5;
/// After so long without one, it may tell as much again.
const SPAN: Duration = Duration::from_secs(10);
/// So many messages are known, and not told a second time.
const MOST_KNOWN: usize = 100;

/// How much a server tells the user: a server that never stops would bury everything else. What it
/// warns of and what it fails at are counted apart, so that no warning silences an error.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    errors: Count,
    warnings: Count,
    /// What was told once.
    known: HashSet<String>,
}

/// How many messages there were since there was a rest.
#[derive(Debug, Default)]
struct Count {
    count: usize,
    last: Duration,
}

impl Talk {
    /// Takes an error; what to tell of it, if anything.
    pub fn hear_error(&mut self, now: Moment, text: String) -> Option<String> {
        self.errors.hear(now, text)
    }

    /// Takes a warning, which is told once only; what to tell of it, if anything.
    pub fn hear_warning(&mut self, now: Moment, text: String) -> Option<String> {
        if self.known.contains(&text) {
            return None;
        }
        let told = self.warnings.hear(now, text.clone())?;
        if self.known.len() < MOST_KNOWN {
            self.known.insert(text);
        }
        Some(told)
    }
}

impl Count {
    /// Counts a message; what to tell of it, if anything.
    fn hear(&mut self, now: Moment, text: String) -> Option<String> {
        if now.monotonic.saturating_sub(self.last) >= SPAN {
            self.count = 0;
        }
        self.last = now.monotonic;
        self.count = self.count.saturating_add(1);
        if self.count < MOST {
            return Some(text);
        }
        (self.count == MOST).then(|| format!("{text}\n(It says more; that is in its log alone.)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Moment {
        Moment {
            monotonic: Duration::from_millis(millis),
            time: None,
        }
    }

    #[test]
    fn who_never_stops_is_heard_no_more_until_there_was_a_rest() {
        let mut talk = Talk::default();
        let mut told = 0;
        for millis in 1..60_000 {
            told += usize::from(talk.hear_error(at(millis), "x".into()).is_some());
        }
        assert_eq!(told, MOST);
        let rested = at(60_000 + 10_000);
        let again = talk.hear_error(rested, "again".into());
        assert_eq!(again.as_deref(), Some("again"));
        let mut warned = || talk.hear_warning(rested, "beware".into());
        assert_eq!(warned().as_deref(), Some("beware"));
        assert_eq!(warned(), None);
    }

    #[test]
    fn who_never_stops_warning_is_heard_when_it_fails_and_warns_of_the_rest_later() {
        let mut talk = Talk::default();
        for number in 0..MOST_KNOWN as u64 {
            talk.hear_warning(at(number), format!("warning {number}"));
        }
        let failed = talk.hear_error(at(1_000), "failed".into());
        assert_eq!(failed.as_deref(), Some("failed"));
        // One that was not told is no old news.
        let rested = at(20_000);
        let late = talk.hear_warning(rested, "warning 50".into());
        assert_eq!(late.as_deref(), Some("warning 50"));
        assert_eq!(talk.hear_warning(rested, "warning 1".into()), None);
    }
}
