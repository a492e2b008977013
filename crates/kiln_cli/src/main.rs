//! Kiln without its window. Links no gpui.
//!
//! The main task owns the [`workspace::Workspace`] and answers the agent's
//! requests for it; see `agent_run`.

mod agent_run;
mod arguments;
mod chat;
mod exit;
mod import;
mod json_report;
mod key_commands;
mod model_commands;
mod models;
mod project;
mod server_commands;
mod settings_commands;
mod spec_commands;
mod spec_reader;
mod terminal;
mod text_report;
mod unified_diff;

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use clap::error::ErrorKind;

use crate::arguments::{Arguments, Command, ImportSource};
use crate::exit::{Exit, NoModelError, UsageError};

fn main() -> ExitCode {
    if let Some(code) = agent::run_supervisor_if_requested() {
        return code;
    }
    #[cfg(feature = "local-model")]
    if let Some(code) = local_model::worker::run_if_requested() {
        return code;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return answer_of_clap(&error),
    };
    log_to_standard_error();
    let exit = match run(arguments) {
        Ok(exit) => exit,
        Err(error) if is_closed_pipe(&error) => Exit::Failed,
        Err(error) => {
            terminal::report_error(&format!("{error:#}"));
            if error.is::<UsageError>() {
                Exit::Usage
            } else if error.is::<NoModelError>() {
                Exit::NoModel
            } else {
                Exit::Failed
            }
        }
    };
    exit.into()
}

fn run(arguments: Arguments) -> anyhow::Result<Exit> {
    match arguments.command {
        Command::HelpMarkdown => {
            io::stdout().write_all(arguments::reference_markdown().as_bytes())?;
            Ok(Exit::Done)
        }
        Command::Server(server) => server_commands::run(&server.command),
        Command::Settings(settings) => settings_commands::run(settings.command),
        Command::Import(import) => match import.source {
            ImportSource::Vscode { path, dry_run } => import::vscode(path.as_deref(), dry_run),
        },
        Command::Chat(chat) => block_on(chat::run(chat)),
        Command::Spec(spec) => block_on(spec_commands::run(spec.command)),
        Command::Model(model) => block_on(model_commands::run(model.command)),
    }
}

/// Runs a command on this thread, with the runtime's others for the agent.
fn block_on(command: impl Future<Output = anyhow::Result<Exit>>) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the async runtime does not start")?;
    let exit = runtime.block_on(command);
    // A thread that waits for a line of standard input would hold the program.
    runtime.shutdown_background();
    exit
}

fn log_to_standard_error() {
    let filter = std::env::var("KILN_LOG").unwrap_or_else(|_| "off".into());
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .init();
}

/// The reader of our output went away (`kiln-cli … | head`): nobody to tell.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Help and versions as clap writes them; its errors after the program's name as all others.
fn answer_of_clap(error: &clap::Error) -> ExitCode {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if error.use_stderr() && !is_help {
        let message = error.render().to_string();
        let message = message.strip_prefix("error: ").unwrap_or(&message);
        terminal::report_error(message.trim_end());
        return Exit::Usage.into();
    }
    match error.print() {
        Ok(()) if is_help => Exit::Usage.into(),
        Ok(()) => Exit::Done.into(),
        // The reader went away, or the disk is full.
        Err(_) => Exit::Failed.into(),
    }
}
