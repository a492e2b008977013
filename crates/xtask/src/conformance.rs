//! `cargo xtask conformance`: Kiln beside the programs that people use with it.

use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::{language_servers, packages, process, target_folder};

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
}

/// The document with the table.
const DOCUMENT: &str = "docs/language-servers.md";

/// Installs what installs here, builds, and tries all.
pub fn run(root: &Path, options: &Options) -> Result<()> {
    let Group::Lsp = options.group;
    packages::ensure()?;
    if let Err(error) = packages::ensure_servers() {
        eprintln!("some language servers are not installed: {error:#}");
    }
    let servers = language_servers::all(&target_folder(root))?;
    let mut command = process::cargo(root);
    command
        .args(["run", "--quiet", "-p", "conformance_tests", "--", "lsp"])
        .envs(servers);
    if let Some(name) = &options.only {
        command.args(["--only", name]);
    }
    if options.write {
        command.arg("--write").arg(root.join(DOCUMENT));
    }
    process::run(&mut command)
}
