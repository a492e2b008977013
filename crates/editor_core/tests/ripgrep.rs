//! Patterns against ripgrep itself.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::ops::Range;
use std::path::Path;
use std::process::Command;

use editor_core::Text;
use editor_core::find::{Pattern, Query};
use test_support::left_out;

/// Where ripgrep finds matches in a file; `None` where it is not installed.
fn ripgrep(file: &Path, query: &Query) -> Option<Vec<Range<usize>>> {
    let output = Command::new("rg")
        .args(["--no-config", "--json", "--multiline", "--crlf"])
        .arg(if query.case_sensitive { "-s" } else { "-i" })
        .args((!query.regex).then_some("-F"))
        .args(query.whole_word.then_some("-w"))
        .arg("-e")
        .arg(&query.text)
        .arg(file)
        .output()
        .ok()?;
    let messages = String::from_utf8(output.stdout).unwrap();
    let mut found = Vec::new();
    for line in messages.lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        if message["type"] != "match" {
            continue;
        }
        let start = message["data"]["absolute_offset"].as_u64().unwrap() as usize;
        for part in message["data"]["submatches"].as_array().unwrap() {
            let offset = |key: &str| start + part[key].as_u64().unwrap() as usize;
            found.push(offset("start")..offset("end"));
        }
    }
    Some(found)
}

/// A few hundred kilobytes of source text, so that several windows are searched.
fn source() -> String {
    let mut text = String::new();
    for number in 0..4000 {
        text.push_str(&format!(
            "fn function_{number}(größe: usize) -> Größe {{\n    let Value = größe * {number};\n\n    \
             call(\"日本 {number}\", Value) // TODO: check\n}}\n"
        ));
    }
    // A line longer than a window, and one without an end.
    text.push_str(&format!(
        "{}needle{}\nlast needle",
        "x".repeat(90_000),
        "y".repeat(90_000)
    ));
    text
}

#[test]
fn the_same_places_as_ripgrep() {
    let text = source();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("source.rs");
    std::fs::write(&file, &text).unwrap();
    let rope = Text::new(&text);
    let cases = [
        Query::literal("needle"),
        Query::literal("VALUE"),
        Query::literal("Value").case_sensitive(true),
        Query::literal("function_1").whole_word(true),
        Query::literal("function_12")
            .whole_word(true)
            .case_sensitive(true),
        Query::literal("GRÖSSE"),
        Query::literal("GRÖẞE"),
        Query::literal("(größe"),
        Query::literal("}\nfn"),
        Query::regex(r"\bgröße\b"),
        Query::regex(r"\d+").case_sensitive(true),
        Query::regex(r"[a-z]+_\d*7\b"),
        Query::regex(r"^fn \w+"),
        Query::regex(r"^\s+let.*;$"),
        Query::regex(r"\{\n\s+let"),
        Query::regex(r"check\n\}\n"),
        Query::regex(r"TODO.*"),
        Query::regex(r"\p{Han}+"),
        Query::regex(r"x+needle"),
        Query::regex(r"needle$"),
        Query::regex(r"(call|fn)\s*\S+"),
        Query::regex(r"[^{}]+\{"),
    ];
    for query in cases {
        let ours = Pattern::new(&query).unwrap().find_all(&rope);
        assert!(!ours.is_truncated());
        match ripgrep(&file, &query) {
            Some(theirs) => assert_eq!(ours.ranges(), theirs, "{query:?}"),
            None => left_out("the_same_places_as_ripgrep", "rg is not installed"),
        }
    }
}
