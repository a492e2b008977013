//! The benchmark builds, runs small, and prints what it promises.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

/// The names of the figures of a group, in order, each of which was printed and written as JSON.
fn figures(group: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let output = Command::new(env!("CARGO_BIN_EXE_perf_tests"))
        .args([group, "--small", "--json"])
        .arg(&json)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let written = std::fs::read_to_string(&json).unwrap();
    let mut names = Vec::new();
    for line in written.lines() {
        let figure: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = figure["metric"].as_str().unwrap().to_owned();
        assert!(figure["ours"].as_f64().unwrap() > 0.0, "{line}");
        assert!(said.contains(&name), "{name} is not printed: {said}");
        names.push(name);
    }
    names
}

#[test]
fn every_language_has_a_parse_and_a_key() {
    let names = figures("syntax");
    for language in ["rust", "markdown", "sql", "git-commit", "typescriptreact"] {
        for row in ["parse", "key-p50", "key-p99"] {
            let wanted = format!("{language}-{row}");
            assert!(names.contains(&wanted), "{wanted} is not in {names:?}");
        }
    }
}

#[test]
fn the_editors_rows_are_printed_and_written_as_json() {
    assert_eq!(
        figures("editor"),
        [
            "edit-generated",
            "select-all-occurrences-100",
            "type-at-100-carets",
            "type-at-100-carets-in-rust",
            "parse-and-highlight-p50",
            "parse-and-highlight-p99",
            "parse-wait-of-the-window-p99",
            "find-literal-1-mb",
            "find-regex-1-mb",
            "wrap-1000-lines",
            "wrap-1000-lines-longest-wait",
            "line-of-1-mb-open",
            "line-of-1-mb-first-rows",
            "line-of-1-mb-key",
            "line-of-1-mb-key-longest",
            "line-of-1-mb-whole-jump-longest",
            "line-of-1-mb-whole-key-longest",
            "line-of-1-mb-whole-count",
            "open-5-mb",
            "open-5-mb-memory",
            "open-5-mb-first-lines",
        ]
    );
}

#[test]
fn a_server_that_answers_at_once_has_its_rows() {
    assert_eq!(
        figures("lsp"),
        [
            "key-to-100-completions-p50",
            "key-to-100-completions-p99",
            "key-to-200-completions-p50",
            "key-to-200-completions-p99",
            "filter-200-completions-p50",
            "filter-200-completions-p99",
            "diagnostics-1-mb-longest-wait",
            "diagnostics-1-mb",
        ]
    );
}
