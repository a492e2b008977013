//! How much time the lines of a text may take in one reading, of the thread that reads them. The engine bounds the steps of a
//! pattern at one place of a line, but looks at the time between its own steps alone: a pattern that
//! is bad at every place of a line is told by how long the line took.

use std::time::Duration;

/// A line that takes longer is slow; the engine is asked to leave it.
pub(super) const MAX_LINE_TIME: Duration = Duration::from_millis(200);

/// What the slow lines of one reading may take together.
const MAX_SLOW_TIME: Duration = Duration::from_secs(2);

/// What all lines of one reading may take together, slow or not.
const MAX_READING_TIME: Duration = Duration::from_secs(30);

/// The time that one reading has taken so far.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Patience {
    slow: Duration,
    all: Duration,
}

impl Patience {
    /// A line took some time.
    pub(super) fn spend(&mut self, took: Duration) {
        self.all += took;
        if took > MAX_LINE_TIME {
            self.slow += took;
        }
    }

    /// As good as spent: the next line, however quick, is one too many.
    #[cfg(test)]
    pub(crate) fn of_one_line() -> Self {
        Self {
            slow: Duration::ZERO,
            all: MAX_READING_TIME,
        }
    }

    /// Whether the rest of the text is to be left.
    pub(super) fn is_over(&self) -> bool {
        self.slow > MAX_SLOW_TIME || self.all > MAX_READING_TIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many lines that take so long each are read; nothing where none of many is one too many.
    fn lines_read(milliseconds: u64) -> Option<usize> {
        let mut patience = Patience::default();
        (1..=10_000).find(|_| {
            patience.spend(Duration::from_millis(milliseconds));
            patience.is_over()
        })
    }

    #[test]
    fn few_slow_lines_and_many_quick_ones_are_read() {
        assert_eq!(lines_read(60_000), Some(1));
        assert_eq!(lines_read(2_001), Some(1));
        assert_eq!(lines_read(201), Some(10));
        assert_eq!(lines_read(200), Some(151));
        assert_eq!(lines_read(4), Some(7_501));
        assert_eq!(lines_read(3), None);
    }
}
