//! `cargo xtask conformance GROUP` runs this: prints what works with which program.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use conformance_tests::lsp;

#[derive(Parser)]
#[command(about = "Tries Kiln with the programs of others")]
struct Arguments {
    /// What to try
    #[arg(value_enum)]
    group: Group,
    /// Only this program
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Write the table into this file, between its marks
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Group {
    /// Language servers
    Lsp,
}

/// Between these lines of a document the table stands.
const MARKS: (&str, &str) = ("<!-- conformance lsp -->\n", "<!-- end -->");

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let Group::Lsp = arguments.group;
    lsp::install(arguments.only.as_deref())?;
    let (mut reports, mut missing) = (Vec::new(), Vec::new());
    for case in lsp::CASES {
        let name = &arguments.only;
        if name.as_ref().is_some_and(|only| only != case.server) {
            continue;
        }
        match lsp::run(case).with_context(|| case.server)? {
            Some(report) => {
                eprintln!("{}: {:?}", case.server, report.outcomes);
                reports.push(report);
            }
            None => missing.push(case),
        }
    }
    let table = lsp::table(&reports, &missing);
    print!("{table}");
    if let Some(path) = &arguments.write {
        let text = std::fs::read_to_string(path)?;
        let outside = text
            .split_once(MARKS.0)
            .and_then(|(before, rest)| Some((before, rest.split_once(MARKS.1)?.1)));
        let (before, after) = outside.with_context(|| format!("no marks in {}", path.display()))?;
        let (start, end) = MARKS;
        std::fs::write(path, format!("{before}{start}\n{table}\n{end}{after}"))?;
    }
    let mut failed = false;
    for line in reports.iter().flat_map(lsp::Report::failures) {
        eprintln!("{line}");
        failed = true;
    }
    for case in missing {
        eprintln!("left out: {} is not installed", case.server);
    }
    Ok(ExitCode::from(u8::from(failed)))
}
