//! `cargo xtask conformance GROUP` runs this: prints what works with which program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use conformance_tests::{formatters, lsp};

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
    /// Programs that lay texts out
    Formatters,
}

impl Group {
    /// Between these lines of a document the table stands.
    fn marks(self) -> (&'static str, &'static str) {
        let start = match self {
            Self::Lsp => "<!-- conformance lsp -->\n",
            Self::Formatters => "<!-- conformance formatters -->\n",
        };
        (start, "<!-- end -->")
    }
}

/// What came of a group.
struct Tried {
    table: String,
    failures: Vec<String>,
    missing: Vec<&'static str>,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let tried = match arguments.group {
        Group::Lsp => servers(arguments.only.as_deref())?,
        Group::Formatters => all_formatters(arguments.only.as_deref())?,
    };
    print!("{}", tried.table);
    if let Some(path) = &arguments.write {
        write(path, &tried.table, arguments.group.marks())?;
    }
    for line in &tried.failures {
        eprintln!("{line}");
    }
    for name in tried.missing {
        eprintln!("left out: {name} is not installed");
    }
    Ok(ExitCode::from(u8::from(!tried.failures.is_empty())))
}

fn servers(only: Option<&str>) -> Result<Tried> {
    lsp::install(only)?;
    let (mut reports, mut missing) = (Vec::new(), Vec::new());
    let wanted = |case: &&lsp::Case| only.is_none_or(|only| only == case.server);
    for case in lsp::CASES.iter().filter(wanted) {
        match lsp::run(case).with_context(|| case.server)? {
            Some(report) => {
                eprintln!("{}: {:?}", case.server, report.outcomes);
                reports.push(report);
            }
            None => missing.push(case),
        }
    }
    Ok(Tried {
        table: lsp::table(&reports, &missing),
        failures: reports.iter().flat_map(lsp::Report::failures).collect(),
        missing: missing.iter().map(|case| case.server).collect(),
    })
}

fn all_formatters(only: Option<&str>) -> Result<Tried> {
    let (mut reports, mut missing) = (Vec::new(), Vec::new());
    let wanted = |case: &&formatters::Case| only.is_none_or(|only| only == case.formatter);
    for case in formatters::CASES.iter().filter(wanted) {
        match formatters::run(case).with_context(|| case.formatter)? {
            Some(report) => {
                eprintln!(
                    "{}, {}: {:?}",
                    case.formatter,
                    case.language,
                    report.failures()
                );
                reports.push(report);
            }
            None => missing.push(case),
        }
    }
    Ok(Tried {
        table: formatters::table(&reports, &missing),
        failures: reports
            .iter()
            .flat_map(formatters::Report::failures)
            .collect(),
        missing: missing.iter().map(|case| case.formatter).collect(),
    })
}

/// Writes a table into a document, between its marks.
fn write(path: &Path, table: &str, (start, end): (&str, &str)) -> Result<()> {
    let text = std::fs::read_to_string(path)?;
    let outside = text
        .split_once(start)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = outside.with_context(|| format!("no marks in {}", path.display()))?;
    std::fs::write(path, format!("{before}{start}\n{table}\n{end}{after}"))?;
    Ok(())
}
