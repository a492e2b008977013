use std::collections::VecDeque;
use std::time::SystemTime;

use parking_lot::Mutex;

/// More lines than this are forgotten, oldest first.
const MAX_LINES: usize = 2_000;
/// More of a line is cut off, in bytes.
const MAX_LINE: usize = 4 * 1024;

/// What a server said outside the protocol and what happened to it, the newest lines of it.
#[derive(Debug, Default)]
pub(crate) struct ServerLog(Mutex<VecDeque<(SystemTime, String)>>);

impl ServerLog {
    pub fn push(&self, text: &str) {
        let now = SystemTime::now();
        let mut lines = self.0.lock();
        for line in text.lines() {
            let end = line.floor_char_boundary(MAX_LINE.min(line.len()));
            if lines.len() == MAX_LINES {
                lines.pop_front();
            }
            // Escape sequences and what hides or reorders text are no part of a line.
            let line = line[..end].replace(text_safety::deceives_in_prose, "\u{fffd}");
            lines.push_back((now, line));
        }
    }

    pub fn lines(&self) -> Vec<String> {
        let lines = self.0.lock();
        lines.iter().map(|(_, line)| line.clone()).collect()
    }

    pub fn timed(&self) -> Vec<(SystemTime, String)> {
        self.0.lock().iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_are_kept_without_escape_sequences() {
        let log = ServerLog::default();
        log.push("\u{1b}[31mred\nsecond");
        assert_eq!(log.lines(), ["\u{fffd}[31mred", "second"]);
        log.push("a\u{202e}b\tc");
        assert_eq!(log.lines()[2], "a\u{fffd}b\tc");
        log.push(&"x\n".repeat(MAX_LINES - 2));
        assert_eq!(log.lines().len(), MAX_LINES);
        assert_eq!(log.lines()[0], "second");
        log.push(&"ä".repeat(MAX_LINE));
        assert_eq!(log.lines().last().map(String::len), Some(MAX_LINE));
    }
}
