//! Folds between the lines that an imported language marks for it (`folding.markers`).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::Text;
use editor_core::folding::FoldRegion;
use serde_json::Value;

use crate::configuration::pattern;
use crate::textmate::{LinePattern, tell_problem};

/// More folds of one text are not looked for.
const MAX_FOLDS: usize = 1_000;

/// More that are open at once are not kept.
const MAX_OPEN: usize = 10_000;

/// Lines between two looks at the time and at whether the answer is still wanted.
const LINES_AT_ONCE: usize = 64;

/// How long one text is looked at.
const MAX_TIME: Duration = Duration::from_secs(2);

/// The lines that begin and end a fold.
#[derive(Debug)]
pub(crate) struct FoldMarkers {
    start: LinePattern,
    end: LinePattern,
    /// The language, for a person.
    language: String,
}

impl FoldMarkers {
    /// Reads `folding.markers`, if it has both patterns. One that is not understood is told.
    pub(crate) fn read(language: &str, value: &Value, problems: &mut Vec<String>) -> Option<Self> {
        let start = pattern(language, value, "start", problems);
        let end = pattern(language, value, "end", problems);
        Some(Self {
            start: start?,
            end: end?,
            language: language.to_owned(),
        })
    }

    /// The folds of a text; the line of the end mark is hidden, too, as in VS Code. A mark without
    /// its partner stands for nothing. `None` soon after `cancel` is set.
    pub(crate) fn regions(&self, text: &Text, cancel: &AtomicBool) -> Option<Vec<FoldRegion>> {
        let started = Instant::now();
        let mut open = Vec::new();
        let mut found = Vec::new();
        for row in 0..text.line_count() {
            if row.is_multiple_of(LINES_AT_ONCE) {
                if cancel.load(Ordering::Relaxed) {
                    return None;
                }
                if started.elapsed() > MAX_TIME {
                    tell_problem(
                        &format!(
                            "The marks of folds of the imported language {}",
                            self.language
                        ),
                        "take too long on a file; the rest of it has none",
                    );
                    break;
                }
            }
            let range = text.line_start(row)..text.line_end(row);
            if range.len() > LinePattern::MAX_LINE {
                continue;
            }
            let line = text.slice(range);
            if self.start.is_match(&line) {
                open.push(row);
            } else if !open.is_empty()
                && self.end.is_match(&line)
                && let Some(first) = open.pop()
            {
                found.push(FoldRegion { first, last: row });
            }
            if found.len() == MAX_FOLDS || open.len() == MAX_OPEN {
                break;
            }
        }
        Some(found)
    }
}
