use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::Text;

/// How a document is indented (VS Code's `editor.tabSize` and `editor.insertSpaces`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndentStyle {
    /// Cells from one tab stop to the next, at least 1.
    pub tab_size: u32,
    /// Whether a level is `tab_size` spaces, and not a tab.
    pub insert_spaces: bool,
}

impl Default for IndentStyle {
    /// Four spaces, as in VS Code.
    fn default() -> Self {
        Self::spaces(4)
    }
}

impl IndentStyle {
    /// Levels of `tab_size` spaces.
    pub const fn spaces(tab_size: u32) -> Self {
        Self {
            tab_size,
            insert_spaces: true,
        }
    }

    /// Levels of one tab that is `tab_size` cells wide.
    pub const fn tabs(tab_size: u32) -> Self {
        Self {
            tab_size,
            insert_spaces: false,
        }
    }

    /// One level of indentation.
    pub fn unit(&self) -> String {
        if self.insert_spaces {
            " ".repeat(self.stop() as usize)
        } else {
            "\t".to_owned()
        }
    }

    /// White space of so many columns.
    pub(crate) fn indentation(self, columns: u32) -> String {
        let columns = columns as usize;
        if self.insert_spaces {
            return " ".repeat(columns);
        }
        let stop = self.stop() as usize;
        "\t".repeat(columns / stop) + &" ".repeat(columns % stop)
    }

    /// White space from a display column to the next tab stop.
    pub(crate) fn to_next_stop(self, column: u32) -> String {
        if self.insert_spaces {
            " ".repeat((self.stop() - column % self.stop()) as usize)
        } else {
            "\t".to_owned()
        }
    }

    pub(crate) fn stop(self) -> u32 {
        self.tab_size.clamp(1, 64)
    }

    /// How a text is indented, from its first 1,000 lines; `None` where it does not say. Tabs win
    /// where more lines begin with a tab than with spaces; else the most usual step between the
    /// indentations of neighbouring lines is the size.
    pub fn detect(text: &Text, tab_size: u32) -> Option<Self> {
        const LINES: usize = 1000;
        let (mut tabs, mut spaces) = (0, 0);
        let mut steps = [0usize; 9];
        let mut previous = 0;
        for row in 0..text.line_count().min(LINES) {
            let indent = indent_range(text, row);
            if indent.end == text.line_end(row) {
                continue;
            }
            let white = text.slice(indent);
            if white.starts_with('\t') {
                tabs += 1;
                continue;
            }
            // One space is alignment (` * ` in a comment), not a level.
            let depth = if white.len() == 1 {
                previous
            } else {
                white.len()
            };
            spaces += usize::from(depth > 0);
            let step = depth.abs_diff(previous);
            if (2..steps.len()).contains(&step) {
                steps[step] += 1;
            }
            previous = depth;
        }
        if tabs > spaces {
            return Some(Self::tabs(tab_size));
        }
        let (step, count) = (2..steps.len())
            .map(|step| (step, steps[step]))
            .max_by_key(|(step, count)| (*count, std::cmp::Reverse(*step)))?;
        let tab_size = u32::try_from(step).ok()?;
        (spaces > 0 && count > 0).then_some(Self::spaces(tab_size))
    }
}

/// A row's leading spaces and tabs.
pub(crate) fn indent_range(text: &Text, row: usize) -> Range<usize> {
    let start = text.line_start(row);
    let len = text
        .chars_from(start)
        .take_while(|character| matches!(character, ' ' | '\t'))
        .count();
    start..start + len
}

/// A row's leading spaces and tabs, up to `limit`.
pub(crate) fn indent_before(text: &Text, row: usize, limit: usize) -> Cow<'_, str> {
    let range = indent_range(text, row);
    text.slice(range.start..range.end.min(limit))
}

/// Whether a row has nothing but white space.
pub(crate) fn is_blank(text: &Text, row: usize) -> bool {
    let end = text.line_end(row);
    text.chars_from(text.line_start(row))
        .take(end - text.line_start(row))
        .take_while(|character| *character != '\n')
        .all(char::is_whitespace)
}
