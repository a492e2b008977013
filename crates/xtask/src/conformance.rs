//! `cargo xtask conformance`: Kiln beside the programs that people use with it.

use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{formatters, language_servers, packages, process, target_folder};

/// What to try.
#[derive(Args)]
pub struct Options {
    /// The group of programs
    #[arg(value_enum)]
    group: Group,
    /// Only this program
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Write the table into the documents
    #[arg(long, conflicts_with = "only")]
    write: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Group {
    /// Language servers
    Lsp,
    /// Programs that lay texts out
    Formatters,
}

impl Group {
    /// Its name for the program that tries them, and the document with the table.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Lsp => ("lsp", "docs/language-servers.md"),
            Self::Formatters => ("formatters", "docs/formatter-conformance.md"),
        }
    }
}

/// Installs what installs here, builds, and tries all.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    packages::ensure()?;
    let target = target_folder(root);
    let (group, document) = options.group.names();
    let mut command = process::cargo(root);
    command.args(["run", "--quiet", "-p", "conformance_tests", "--", group]);
    match options.group {
        Group::Lsp => {
            if let Err(error) = packages::ensure_servers() {
                eprintln!("some language servers are not installed: {error:#}");
            }
            command.envs(language_servers::all(&target)?);
        }
        Group::Formatters => {
            if let Err(error) = packages::ensure_formatters() {
                eprintln!("some formatters are not installed: {error:#}");
            }
            command.env(formatters::VARIABLE, formatters::all(&target)?);
        }
    }
    if let Some(name) = &options.only {
        command.args(["--only", name]);
    }
    if options.write {
        command.arg("--write").arg(root.join(document));
    }
    process::run(&mut command)
}
