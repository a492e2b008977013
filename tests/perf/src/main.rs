//! Prints the figures of one group: `cargo xtask bench NAME` runs this in the release profile.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use perf_tests::editor::{self, Row, Size};
use test_support::report;

#[derive(Parser)]
#[command(about = "Measures Kiln beside its peers")]
struct Arguments {
    /// What to measure
    #[arg(value_enum, required_unless_present = "open_only")]
    group: Option<Group>,
    /// As little as shows that the benchmark works
    #[arg(long)]
    small: bool,
    /// Measure only these rows
    #[arg(long, value_enum)]
    only: Option<Row>,
    /// Measure the syntax of this language only, by its identifier
    #[arg(long, value_name = "ID")]
    language: Option<String>,
    /// Append the figures to this file, a JSON object a line
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Open one file, print the peak of memory in MB, and end
    #[arg(long, value_name = "FILE", hide = true)]
    open_only: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Group {
    Editor,
    Syntax,
    Lsp,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(path) = &arguments.open_only {
        return editor::open_only(path);
    }
    let size = if arguments.small {
        Size::Small
    } else {
        Size::Full
    };
    println!("{}", report::heading());
    let mut metrics = Vec::new();
    let mut show = |metric: report::Metric| {
        println!("{}", metric.line());
        metrics.push(metric);
    };
    match arguments.group {
        Some(Group::Editor) => editor::run(size, arguments.only, &mut show)?,
        Some(Group::Syntax) => editor::syntax(size, arguments.language.as_deref(), &mut show)?,
        Some(Group::Lsp) => editor::servers(size, &mut show)?,
        None => {}
    }
    if let Some(path) = &arguments.json {
        report::append_json(path, &metrics)?;
    }
    Ok(())
}
