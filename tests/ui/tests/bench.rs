//! The benchmark of frames builds, runs small, and prints what it promises.

use std::process::Command;

#[test]
fn frames_are_measured_and_written_as_json() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let output = Command::new(env!("CARGO_BIN_EXE_bench_window"))
        .args(["--small", "--json"])
        .arg(&json)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let written = std::fs::read_to_string(&json).unwrap();
    let names: Vec<String> = written
        .lines()
        .map(|line| {
            let figure: serde_json::Value = serde_json::from_str(line).unwrap();
            figure["metric"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        names,
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
