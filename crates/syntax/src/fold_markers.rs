//! Folds between the lines that a language marks for it: one of Kiln's own with `fold_marks`, an
//! imported one with `folding.markers`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use editor_core::Text;
use editor_core::folding::FoldRegion;
use regex::Regex;
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
    start: Mark,
    end: Mark,
    /// The language, for a person.
    language: String,
}

#[derive(Debug)]
enum Mark {
    Imported(Box<LinePattern>),
    /// Compiled when the first text of the language is looked at.
    Own(&'static str, OnceLock<Option<Regex>>),
}

impl Mark {
    fn is_match(&self, line: &str) -> bool {
        match self {
            Self::Imported(pattern) => pattern.is_match(line),
            Self::Own(pattern, compiled) => {
                let compiled = compiled.get_or_init(|| Regex::new(pattern).ok());
                compiled.as_ref().is_some_and(|regex| regex.is_match(line))
            }
        }
    }
}

impl FoldMarkers {
    /// Those of a language that is part of the program, as regular expressions.
    pub(crate) fn own(start: &'static str, end: &'static str) -> Self {
        Self {
            start: Mark::Own(start, OnceLock::new()),
            end: Mark::Own(end, OnceLock::new()),
            language: String::new(),
        }
    }

    /// Reads `folding.markers`, if it has both patterns. One that is not understood is told.
    pub(crate) fn read(language: &str, value: &Value, problems: &mut Vec<String>) -> Option<Self> {
        let start = pattern(language, value, "start", problems);
        let end = pattern(language, value, "end", problems);
        Some(Self {
            start: Mark::Imported(Box::new(start?)),
            end: Mark::Imported(Box::new(end?)),
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
                    let whose = if self.language.is_empty() {
                        "The marks of folds".to_owned()
                    } else {
                        format!(
                            "The marks of folds of the imported language {}",
                            self.language
                        )
                    };
                    tell_problem(&whose, "take too long on a file; the rest of it has none");
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
