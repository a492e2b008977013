//! The project's own commands: `cargo xtask run`, `test`, `check`, `bench`, `docs`,
//! `screenshot`.
//!
//! Builds in seconds on a bare machine: it uses pure crates alone, because the first thing that
//! it does is to install what the others need.

mod bench;
mod check;
mod conformance;
mod disk_space;
mod display;
mod embedded_model;
mod example;
mod file_size;
mod formatters;
mod generated_docs;
mod language_servers;
mod layers;
mod licences;
mod packages;
mod process;
mod run;
mod screenshot;
mod stall;
mod test;
mod workspace_graph;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Kiln's project commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what is missing, build Kiln, and open it on a folder (default: the example project)
    Run {
        /// The folder to open
        folder: Option<PathBuf>,
        /// Download the embedded model without asking
        #[arg(long)]
        yes: bool,
        /// Build with optimisations
        #[arg(long)]
        release: bool,
        /// Where the picture of the window goes on a machine without a display
        #[arg(long, value_name = "FILE")]
        screenshot: Option<PathBuf>,
    },
    /// Install what is missing and run every test
    Test {
        /// Run the long tests too
        #[arg(long)]
        long: bool,
        /// Download the small embedded model without asking (in CI: always)
        #[arg(long)]
        yes: bool,
    },
    /// Check formatting, lints, layers, file sizes, licences and generated docs
    Check,
    /// Measure Kiln beside its peers, in the release profile
    Bench(bench::Options),
    /// Try Kiln with the programs of others, all of them, and print what works
    Conformance(conformance::Options),
    /// Write the pages of docs/ that are generated from the code
    Docs,
    /// Draw the real workbench offscreen
    Screenshot(screenshot::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let root = root();
    let result = match arguments.command {
        Command::Run {
            folder,
            yes,
            release,
            screenshot,
        } => run::run(
            &root,
            &run::Options {
                folder,
                yes,
                release,
                screenshot,
            },
        ),
        Command::Test { long, yes } => test::run(&root, long, yes),
        Command::Check => check::run(&root),
        Command::Bench(options) => bench::run(&root, &options),
        Command::Conformance(options) => conformance::run(&root, &options),
        Command::Docs => generated_docs::write(&root),
        Command::Screenshot(options) => screenshot::run(&root, &options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root, two folders above this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Where cargo puts what it builds.
fn target_folder(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |folder| root.join(folder))
}
