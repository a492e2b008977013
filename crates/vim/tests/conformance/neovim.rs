//! What Neovim makes of cases.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::{Case, Outcome, REGISTERS};

/// Neovim runs this many cases in a process before a fresh one takes over.
const BATCH: usize = 4_000;

/// What Neovim makes of the cases; `None` where it is not installed. Two processes run side by side.
pub fn outcomes(cases: &[Case]) -> Option<Vec<Outcome>> {
    let size = cases.len().div_ceil(2).clamp(1, BATCH);
    let batches: Vec<&[Case]> = cases.chunks(size).collect();
    let mut outcomes = Vec::new();
    for pair in batches.chunks(2) {
        let results: Vec<Option<Vec<Outcome>>> = std::thread::scope(|scope| {
            let threads: Vec<_> = pair
                .iter()
                .map(|batch| scope.spawn(|| process(batch)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("a process of Neovim"))
                .collect()
        });
        for result in results {
            outcomes.extend(result?);
        }
    }
    assert_eq!(outcomes.len(), cases.len());
    Some(outcomes)
}

fn process(cases: &[Case]) -> Option<Vec<Outcome>> {
    let folder = tempfile::tempdir().expect("a folder");
    let (input, output) = (
        folder.path().join("cases.json"),
        folder.path().join("results.json"),
    );
    let list: Vec<Value> = cases
        .iter()
        .map(|case| json!({ "text": case.text, "keys": case.keys(), "options": case.options }))
        .collect();
    std::fs::write(&input, serde_json::to_string(&list).expect("JSON")).expect("written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/nvim.lua");
    Command::new("nvim")
        .args(["--headless", "--clean", "--cmd", "let g:loaded_matchit = 1"])
        .arg("-c")
        .arg(format!("luafile {}", script.display()))
        .env("KILN_VIM_CASES", &input)
        .env("KILN_VIM_RESULTS", &output)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    let results = std::fs::read_to_string(&output).expect("results");
    let results: Vec<Value> = serde_json::from_str(&results).expect("JSON");
    Some(results.iter().map(outcome).collect())
}

fn outcome(result: &Value) -> Outcome {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = result["lines"].as_array().expect("lines");
    Outcome {
        lines: lines.iter().map(text).collect(),
        row: result["row"].as_u64().expect("a row"),
        column: result["column"].as_u64().expect("a column"),
        mode: text(&result["mode"]),
        registers: REGISTERS
            .iter()
            .map(|name| text(&result["registers"][name.to_string()]))
            .collect(),
    }
}
