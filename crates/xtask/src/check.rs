//! `cargo xtask check`: what a change has to pass before it is tested.

use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace_graph::WorkspaceGraph;
use crate::{file_size, generated_docs, layers, licences, packages, process};

/// Runs every check. The quick rules come first, and all of their findings are shown together.
pub fn run(root: &Path) -> Result<()> {
    let graph = WorkspaceGraph::load(root)?;
    let rules = [
        ("layers", layers::violations(&graph)),
        ("800 lines a file", file_size::violations(root)?),
        ("licences", licences::violations(&graph)),
        ("generated docs", generated_docs::violations(root)),
    ];
    let mut failed = 0;
    for (name, violations) in &rules {
        println!(
            "{name}: {}",
            if violations.is_empty() {
                "ok"
            } else {
                "FAILED"
            }
        );
        for violation in violations {
            println!("  {violation}");
        }
        failed += violations.len();
    }
    if let Err(error) = process::run(process::cargo(root).args(["fmt", "--all", "--check"])) {
        println!("formatting: FAILED\n  {error}; run `cargo fmt --all`");
        failed += 1;
    } else {
        println!("formatting: ok");
    }
    if failed > 0 {
        bail!("{failed} findings");
    }
    deny(root)?;
    packages::ensure()?;
    process::run(process::cargo(root).args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    println!("clippy: ok");
    Ok(())
}

/// cargo-deny reads `deny.toml`; the licence rule above stands in where it is not installed.
fn deny(root: &Path) -> Result<()> {
    if !process::works("cargo-deny", &["--version"]) {
        println!("cargo-deny: left out, it is not installed (`cargo install cargo-deny`)");
        return Ok(());
    }
    // Advisories need a download of their own; CI runs without.
    process::run(process::cargo(root).args([
        "deny",
        "--offline",
        "check",
        "bans",
        "licenses",
        "sources",
    ]))
}
