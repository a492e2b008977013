use std::collections::HashSet;
use std::time::Duration;

use editor_core::Moment;

/// More messages of a server are not told to the user within [`SPAN`].
const MOST: usize = 5;
/// After so long without one, it may tell as much again.
const SPAN: Duration = Duration::from_secs(10);
/// So many messages are known, and not told a second time.
const MOST_KNOWN: usize = 100;

/// How much a server tells the user: a server that never stops would bury everything else.
#[derive(Debug, Default)]
pub(crate) struct Talk {
    count: usize,
    last: Duration,
    /// What was told once.
    known: HashSet<String>,
}

impl Talk {
    /// Takes a message that is told once only; what to tell of it, if anything.
    pub fn hear_once(&mut self, now: Moment, text: String) -> Option<String> {
        if self.known.contains(&text) {
            return None;
        }
        if self.known.len() < MOST_KNOWN {
            self.known.insert(text.clone());
        }
        self.hear(now, text)
    }

    /// Takes a message; what to tell of it, if anything.
    pub fn hear(&mut self, now: Moment, text: String) -> Option<String> {
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

    #[test]
    fn who_never_stops_is_heard_no_more_until_there_was_a_rest() {
        let mut talk = Talk::default();
        let mut told = 0;
        let at = |millis| Moment {
            monotonic: Duration::from_millis(millis),
            time: None,
        };
        for millis in 1..60_000 {
            told += usize::from(talk.hear(at(millis), "x".into()).is_some());
        }
        assert_eq!(told, MOST);
        let rested = at(60_000 + 10_000);
        assert_eq!(talk.hear(rested, "again".into()).as_deref(), Some("again"));
        let mut warned = || talk.hear_once(rested, "beware".into());
        assert_eq!(warned().as_deref(), Some("beware"));
        assert_eq!(warned(), None);
    }
}
