//! The benchmark of frames builds, runs small, and prints what it promises.
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// The names of the figures of a group.
fn figures(group: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let output = Command::new(env!("CARGO_BIN_EXE_bench_window"))
        .args([group, "--small", "--json"])
        .arg(&json)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let written = std::fs::read_to_string(&json).unwrap();
    written
        .lines()
        .map(|line| {
            let figure: serde_json::Value = serde_json::from_str(line).unwrap();
            figure["metric"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_key_is_measured_until_the_list_of_a_language_server_is_painted() {
    assert_eq!(
        figures("completions"),
        [
            "key-to-10-painted-completions-p50",
            "key-to-10-painted-completions-p99",
            "frame-with-10-completions-p50",
            "key-to-20-painted-completions-p50",
            "key-to-20-painted-completions-p99",
            "frame-with-20-completions-p50",
        ]
    );
}

#[test]
fn frames_are_measured_and_written_as_json() {
    assert_eq!(
        figures("frames"),
        [
            "keystroke-to-scene-p50",
            "keystroke-to-scene-p99",
            "keystroke-to-scene-max",
            "keystrokes-over-8.3-ms",
            "highlighted-frame-p99",
            "keystroke-beside-conversation-p50",
            "keystroke-beside-conversation-p99",
            "keystroke-beside-conversation-max",
            "scroll-frame-p50",
            "scroll-frame-p99",
            "scroll-frame-max",
            "still-frame-p50",
            "still-frame-without-minimap-p50",
            "scrolled-frame-p50",
            "scrolled-frame-without-minimap-p50",
            "still-frame-with-bracket-guides-p50",
            "still-frame-without-bracket-guides-p50",
            "scrolled-frame-with-bracket-guides-p50",
            "scrolled-frame-without-bracket-guides-p50",
        ]
    );
}
