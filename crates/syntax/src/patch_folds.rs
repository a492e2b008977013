//! The files and the changes of a patch, by how its rows begin (POSIX, `diff -u`; `git diff`).
//!
//! The grammar loses its way at rows that mail and editors took the blank of an empty line of context
//! from, and at short hashes. The head of a change says how many rows it has, so that none is needed.

use std::ops::RangeInclusive;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use editor_core::Text;
use editor_core::folding::FoldRegion;
use regex::Regex;

/// How much of a row is looked at, in bytes: of a head its numbers are read.
const MAX_ROW: usize = 200;

static HEAD: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@").ok());

/// The files and the changes in some rows of a text, from their heads to their last row that is not
/// blank. `None` soon after `cancel` is set.
pub(crate) fn files_and_hunks(
    text: &Text,
    rows: RangeInclusive<usize>,
    cancel: &AtomicBool,
) -> Option<Vec<FoldRegion>> {
    let mut reader = Reader::default();
    let last = *rows.end();
    let source = |row: usize| match row <= last {
        true => source(text, row),
        false => String::new(),
    };
    let first = *rows.start();
    let mut shown = [source(first), source(first + 1), source(first + 2)];
    for row in rows {
        if row.is_multiple_of(1024) && cancel.load(Ordering::Relaxed) {
            return None;
        }
        reader.row(row, &shown);
        shown.rotate_left(1);
        shown[2] = source(row + 3);
    }
    reader.end_file();
    Some(reader.found)
}

/// The beginning of a row.
fn source(text: &Text, row: usize) -> String {
    let (start, end) = (text.line_start(row), text.line_end(row));
    let end = text.floor_char_boundary(end.min(start + MAX_ROW));
    text.slice(start..end.max(start)).into_owned()
}

/// Where a text is between two rows.
#[derive(Default)]
struct Reader {
    /// The head of the file that the rows are of, and whether its names in `---` and `+++` have come.
    file: Option<(usize, Names)>,
    hunk: Option<Hunk>,
    /// The last row that is not blank of what the rows are of.
    last: usize,
    found: Vec<FoldRegion>,
}

/// Whether the rows with the two names of a file have come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    Expected,
    Come,
}

/// A change, with how many rows of the old and of the new file are still to come.
struct Hunk {
    head: usize,
    old: usize,
    new: usize,
}

impl Reader {
    /// Takes a row in, with the two behind it.
    fn row(&mut self, row: usize, shown: &[String; 3]) {
        let source = &*shown[0];
        if self.is_in_hunk(shown) {
            if !source.trim().is_empty() {
                self.last = row;
            }
            return;
        }
        if let Some(hunk) = Hunk::with_head(row, source) {
            self.end_hunk();
            // One without names is of no file.
            self.hunk = Some(hunk);
        } else if source.starts_with("diff ") || source.starts_with("Index: ") {
            self.end_file();
            self.file = Some((row, Names::Expected));
        } else if names_files(shown) {
            self.end_hunk();
            match &mut self.file {
                Some((_, names @ Names::Expected)) => *names = Names::Come,
                _ => {
                    self.end_file();
                    self.file = Some((row, Names::Come));
                }
            }
        } else if self.hunk.is_some() && source.trim().is_empty() {
            return;
        } else if self.hunk.is_some() || ends_patch(source) {
            // Something else behind a change is of no file.
            self.end_file();
        }
        if !source.trim().is_empty() {
            self.last = row;
        }
    }

    /// Takes a row in that is of the change before it.
    fn is_in_hunk(&mut self, shown: &[String; 3]) -> bool {
        let source = &*shown[0];
        let Some(hunk) = &mut self.hunk else {
            return false;
        };
        let is_complete = hunk.old == 0 && hunk.new == 0;
        // The numbers of a patch that somebody edited may be too small or too large.
        let may_end = match is_complete {
            true => source == "-- " || names_files(shown),
            false => names_files(shown) && shown[2].starts_with("@@ -"),
        };
        let (old, new) = match source.as_bytes().first() {
            _ if may_end => return false,
            Some(b' ') => (1, 1),
            Some(b'-') => (1, 0),
            Some(b'+') => (0, 1),
            Some(b'\\') => (0, 0),
            None if !is_complete => (1, 1),
            _ => return false,
        };
        hunk.old = hunk.old.saturating_sub(old);
        hunk.new = hunk.new.saturating_sub(new);
        true
    }

    fn end_hunk(&mut self) {
        let found = self.hunk.take().map(|hunk| FoldRegion {
            first: hunk.head,
            last: self.last,
        });
        self.found
            .extend(found.filter(|region| region.first < region.last));
    }

    fn end_file(&mut self) {
        self.end_hunk();
        let found = self.file.take().map(|(first, _)| FoldRegion {
            first,
            last: self.last,
        });
        self.found
            .extend(found.filter(|region| region.first < region.last));
    }
}

impl Hunk {
    /// The one that a row is the head of. That of a merge has a part for each parent, and no numbers
    /// are read of it.
    fn with_head(row: usize, source: &str) -> Option<Self> {
        let count = |group: Option<regex::Match<'_>>| match group {
            Some(digits) => digits.as_str().parse().unwrap_or(usize::MAX),
            None => 1,
        };
        if source.starts_with("@@@ ") {
            return Some(Self {
                head: row,
                old: 0,
                new: 0,
            });
        }
        let groups = HEAD.as_ref()?.captures(source)?;
        Some(Self {
            head: row,
            old: count(groups.get(1)),
            new: count(groups.get(2)),
        })
    }
}

/// Whether rows begin with the names of the old and the new file.
fn names_files(shown: &[String; 3]) -> bool {
    shown[0].starts_with("--- ") && shown[1].starts_with("+++ ")
}

/// Whether a row without a change before it is of no patch: what `git log` and mail begin with, and
/// what mail ends with.
fn ends_patch(source: &str) -> bool {
    source.starts_with("commit ") || source.starts_with("From ") || source == "-- "
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the files and changes, in order.
    fn rows(source: &str) -> Vec<(usize, usize)> {
        let text = Text::from(source);
        let all = 0..=text.line_count() - 1;
        let found = files_and_hunks(&text, all, &AtomicBool::new(false)).unwrap();
        let mut rows: Vec<_> = found.iter().map(|one| (one.first, one.last)).collect();
        rows.sort_unstable();
        rows
    }

    #[test]
    fn a_change_may_begin_and_go_on_with_rows_that_lost_their_blank() {
        let source = "diff --git a/b b/b\nindex 1a2..3b4 100644\n--- a/b\n+++ b/b\n@@ -1,4 +1,4 @@\n\n c\n-d\n+e\n\n@@ -9,2 +9,2 @@\n\n-f\n+g\ndiff --git a/h b/h\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/h\n@@ -0,0 +1 @@\n+i\n";
        assert_eq!(
            rows(source),
            [(0, 13), (4, 8), (10, 13), (14, 20), (19, 20)]
        );
    }

    #[test]
    fn files_need_no_row_of_git_before_their_names() {
        let source = "--- a.c\n+++ b.c\n@@ -1,2 +1,2 @@\n--- a comment\n+++ b;\n c\n--- d.c\n+++ e.c\n@@ -1 +1 @@\n-f\n+g\n\\ No newline at end of file\n";
        assert_eq!(rows(source), [(0, 5), (2, 5), (6, 11), (8, 11)]);
        assert_eq!(
            rows("@@ -1,2 +1 @@\n\n-a\n@@ -4 +3 @@\n-b\n+c\n"),
            [(0, 2), (3, 5)]
        );
    }

    #[test]
    fn numbers_that_do_not_fit_end_a_change_with_its_rows() {
        let source = "--- a\n+++ b\n@@ -1 +1 @@\n-c\n+d\n+e\n@@ -1,9 +1,9 @@\n f\n+g\ndiff a b\n--- a\n+++ b\n@@ -1 +1 @@\n-h\n+i\n";
        assert_eq!(rows(source), [(0, 8), (2, 5), (6, 8), (9, 14), (12, 14)]);
        let source = "--- a\n+++ b\n@@ -1,9 +1,9 @@\n-c\n+d\n--- e\n+++ f\n@@ -1 +1 @@\n-g\n+h\n";
        assert_eq!(rows(source), [(0, 4), (2, 4), (5, 9), (7, 9)]);
    }

    #[test]
    fn mail_and_logs_around_a_patch_are_of_no_file() {
        let source = "commit 1a2b\n\n    One.\n\ndiff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n-c\n+d\n-- \n2.40.1\n\nFrom 1a2b\nSubject: e\n\ndiff --git a/f b/g\nrename from f\nrename to g\n\ncommit 2b3c\n";
        assert_eq!(rows(source), [(4, 9), (7, 9), (16, 18)]);
        assert_eq!(rows("- a\n- b\n\n+ c\n"), []);
    }
}
