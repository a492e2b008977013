//! `gc`: lines made comments and text again, and the comment around the cursor as a text object, by
//! the rules of Neovim 0.10 (`:help commenting`).

use std::ops::Range;

use editor_core::Edit;

use crate::operator::{Extent, Region};
use crate::{CommentMarks, Vim, VimContext};

/// A line that is a comment: where its marks and its blanks are, in bytes.
struct Commented {
    open: Range<usize>,
    close: Range<usize>,
}

fn is_blank(character: char) -> bool {
    character.is_ascii_whitespace() || character == '\u{b}'
}

/// Bytes of the blanks that a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(is_blank).len()
}

impl Commented {
    /// Of a line with the marks, or of one with nothing but blanks between them, which may then lack
    /// those of the marks.
    fn of(line: &str, marks: &CommentMarks) -> Option<Self> {
        Self::between(line, &marks.open, &marks.close).or_else(|| {
            let found = Self::between(line, marks.open.trim(), marks.close.trim())?;
            found.is_empty(line).then_some(found)
        })
    }

    fn between(line: &str, open: &str, close: &str) -> Option<Self> {
        let start = indent(line);
        let content = line[start..].strip_prefix(open)?;
        let from = start + open.len();
        let to = match close.is_empty() {
            true => line.len(),
            false => {
                let content = content.trim_end_matches(is_blank);
                from + content.strip_suffix(close)?.len()
            }
        };
        Some(Self {
            open: start..from,
            close: to..to + close.len(),
        })
    }

    fn is_empty(&self, line: &str) -> bool {
        line[self.open.end..self.close.start].chars().all(is_blank)
    }

    /// What makes the line text again, in bytes of the line.
    fn uncomment(self, line: &str) -> Vec<Edit> {
        if self.is_empty(line) {
            // Nothing is left but blanks: those before the mark go with it.
            return vec![
                Edit::new(0..self.open.end, ""),
                Edit::new(self.close.start..line.len(), ""),
            ];
        }
        vec![Edit::new(self.open, ""), Edit::new(self.close, "")]
    }
}

/// What makes a line a comment, in bytes of the line; `indent` is that of all lines.
fn comment(line: &str, marks: &CommentMarks, indent: &str) -> Vec<Edit> {
    if line.chars().all(is_blank) {
        let new = format!("{indent}{}{}", marks.open.trim(), marks.close.trim());
        return vec![Edit::new(0..line.len(), new)];
    }
    let open = match line.starts_with(indent) {
        true => Edit::new(indent.len()..indent.len(), marks.open.as_str()),
        // As long, but of other blanks.
        false => Edit::new(0..indent.len(), format!("{indent}{}", marks.open)),
    };
    vec![
        open,
        Edit::new(line.len()..line.len(), marks.close.as_str()),
    ]
}

impl Vim {
    /// Makes the lines of a region comments; text, where all of them are comments but for blank ones.
    pub(crate) fn toggle_comments(&mut self, region: &Region, context: &dyn VimContext) {
        // Neovim takes a step back from the end of nothing, which at the start of the text is none.
        let takes_nothing = region.extent == Extent::Characters && region.range.is_empty();
        if takes_nothing && region.range.start > 0 {
            return;
        }
        let (first, last) = self.rows_of(region);
        let Some(marks) = context.comment_marks(&self.text, self.cursor) else {
            return self.fail("This language has no comments");
        };
        let (mut smallest, mut are_comments) = (None::<String>, true);
        for row in first..=last {
            let line = self.text.line(row);
            let width = indent(&line);
            if width == line.len() {
                continue;
            }
            if smallest.as_ref().is_none_or(|known| width < known.len()) {
                smallest = Some(line[..width].to_owned());
            }
            are_comments = are_comments && Commented::of(&line, &marks).is_some();
        }
        let smallest = smallest.unwrap_or_default();
        let mut edits = Vec::new();
        for row in first..=last {
            let (start, line) = (self.line_start(row), self.text.line(row));
            let own = match (are_comments, Commented::of(&line, &marks)) {
                (true, Some(commented)) => commented.uncomment(&line),
                (true, None) => Vec::new(),
                (false, _) => comment(&line, &marks, &smallest),
            };
            let own = own
                .into_iter()
                .filter(|edit| edit.range.len() + edit.text.len() > 0);
            edits.extend(own.map(|edit| {
                let range = start + edit.range.start..start + edit.range.end;
                Edit::new(range, edit.text)
            }));
        }
        let row = self.row(self.cursor);
        let column = self.cursor - self.line_start(row);
        self.replace_all(edits);
        // Neovim replaces whole lines, and the cursor stays in its column.
        let range = self.line_range(row);
        self.cursor = self
            .text
            .floor_char_boundary((range.start + column).min(range.end));
        self.clamp_cursor();
        self.want_here();
        self.set_yank_marks(self.line_start(first), self.line_end(last));
    }

    /// The rows of comments around the cursor; `None` where it is in none.
    pub(crate) fn comment_rows(&self, context: &dyn VimContext) -> Option<Range<usize>> {
        let marks = context.comment_marks(&self.text, self.cursor)?;
        let is_comment = |row: &usize| Commented::of(&self.text.line(*row), &marks).is_some();
        let row = self.row(self.cursor);
        if !is_comment(&row) {
            return None;
        }
        let first = (0..row).rev().take_while(is_comment).last().unwrap_or(row);
        let after = (row + 1..self.rows()).take_while(is_comment).last();
        Some(first..after.unwrap_or(row) + 1)
    }
}
