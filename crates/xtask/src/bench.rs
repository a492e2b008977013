//! `cargo xtask bench`: ours and the peer in one run, in the release profile.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{packages, process, target_folder};

/// What to measure.
#[derive(Args)]
pub struct Options {
    /// The groups of figures
    #[arg(value_enum, required = true)]
    groups: Vec<Group>,
    /// As little as shows that the benchmark works
    #[arg(long)]
    small: bool,
    /// Where the figures go as JSON, an object a line [default: bench-GROUPS.json in the target folder]
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    /// Everything
    All,
    /// Parsing and highlighting, by language
    Syntax,
    /// Completions and problems of a language server that answers at once
    Lsp,
    /// Edits, opening, finding and wrapping; then the window's frames
    Editor,
}

/// A program that measures, and the package that has it.
struct Program {
    package: &'static str,
    binary: &'static str,
    arguments: &'static [&'static str],
}

/// The editor without a window, then with one.
const EDITOR: &[Program] = &[
    Program {
        package: "perf_tests",
        binary: "perf_tests",
        arguments: &["editor"],
    },
    Program {
        package: "ui_tests",
        binary: "bench_window",
        arguments: &[],
    },
];

/// What a language's syntax costs.
const SYNTAX: &[Program] = &[Program {
    package: "perf_tests",
    binary: "perf_tests",
    arguments: &["syntax"],
}];

/// What a language server costs.
const LSP: &[Program] = &[
    Program {
        package: "perf_tests",
        binary: "perf_tests",
        arguments: &["lsp"],
    },
    Program {
        package: "ui_tests",
        binary: "bench_window",
        arguments: &["completions"],
    },
];

/// Installs what is missing, the peers too, builds, and measures. Every program is built before the first one runs, so
/// that no compiler disturbs a figure.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    packages::ensure()?;
    let wants = |group| {
        options
            .groups
            .iter()
            .any(|one| [group, Group::All].contains(one))
    };
    let groups = [
        (Group::Editor, "editor", EDITOR),
        (Group::Syntax, "syntax", SYNTAX),
        (Group::Lsp, "lsp", LSP),
    ];
    let wanted: Vec<_> = groups.iter().filter(|(group, ..)| wants(*group)).collect();
    let name = wanted.iter().map(|(_, name, _)| *name);
    let name = name.collect::<Vec<_>>().join("-");
    let programs: Vec<&Program> = wanted.iter().flat_map(|(.., programs)| *programs).collect();
    let json = match &options.json {
        Some(path) => std::env::current_dir()?.join(path),
        None => target_folder(root).join(format!("bench-{name}.json")),
    };
    if json.exists() {
        std::fs::remove_file(&json)?;
    }
    for program in &programs {
        process::run(process::cargo(root).args([
            "build",
            "--release",
            "-p",
            program.package,
            "--bin",
            program.binary,
        ]))?;
    }
    for program in programs {
        let mut command =
            std::process::Command::new(target_folder(root).join("release").join(program.binary));
        command.args(program.arguments).arg("--json").arg(&json);
        if options.small {
            command.arg("--small");
        }
        process::run(&mut command)?;
    }
    println!("{}", json.display());
    Ok(())
}
