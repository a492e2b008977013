//! A change of a file as `diff -u` prints it.

use std::fmt::Write as _;
use std::ops::Range;

use agent::FileDiff;
use editor_core::{GroupLine, line_groups, lines_with_ends};

/// Lines around each change, as everywhere.
const CONTEXT: usize = 3;

/// The change; nothing where the texts are the same.
pub fn of(diff: &FileDiff) -> String {
    let before = diff.before.as_deref().unwrap_or_default();
    let groups = line_groups(before, &diff.after, CONTEXT);
    if groups.is_empty() {
        return String::new();
    }
    let path = diff.path.display().to_string();
    let old_path = match diff.before {
        Some(_) => path.as_str(),
        None => "/dev/null",
    };
    let mut out = format!("--- {old_path}\n+++ {path}\n");
    let old: Vec<&str> = lines_with_ends(before).collect();
    let new: Vec<&str> = lines_with_ends(&diff.after).collect();
    for group in groups {
        // Writing to a string does not fail.
        writeln!(out, "@@ -{} +{} @@", part(&group.old), part(&group.new)).ok();
        for line in group.lines() {
            let (sign, text) = match line {
                GroupLine::Same(_, row) => (' ', new[row]),
                GroupLine::Removed(row) => ('-', old[row]),
                GroupLine::Added(row) => ('+', new[row]),
            };
            out.push(sign);
            out.push_str(text);
            if !text.ends_with('\n') {
                out.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    out
}

/// Lines as a hunk's head names them: from 1, an empty part by the line before it.
fn part(rows: &Range<usize>) -> String {
    match rows.len() {
        0 => format!("{},0", rows.start),
        1 => format!("{}", rows.start + 1),
        len => format!("{},{len}", rows.start + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(before: Option<&str>, after: &str) -> String {
        of(&FileDiff {
            path: "a.txt".into(),
            before: before.map(str::to_owned),
            after: after.to_owned(),
        })
    }

    #[test]
    fn a_change_reads_as_patch_takes_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten";
        let expected = "--- a.txt\n+++ a.txt\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n\
                        +ten\n\\ No newline at end of file\n";
        assert_eq!(diff(Some(before), after), expected);
        assert_eq!(diff(Some("a\n"), "a\n"), "");
        let new = "--- /dev/null\n+++ a.txt\n@@ -0,0 +1 @@\n+a\n";
        assert_eq!(diff(None, "a\n"), new);
    }

    /// The smallest difference would take minutes to find.
    #[test]
    fn a_change_of_every_line_is_shown_at_once() {
        let lines = |seed: u32| -> String {
            (0..60_000)
                .map(|line: u32| format!("{}\n", line.wrapping_mul(2_654_435_761) % seed))
                .collect()
        };
        let text = diff(Some(&lines(7_919)), &lines(7_907));
        assert!(text.starts_with("--- a.txt\n+++ a.txt\n@@ "), "{text:.80}");
    }
}
