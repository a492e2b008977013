//! How the program ends.

use std::process::ExitCode;

/// The exit codes that `--help` lists.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exit {
    /// Done.
    Done,
    /// It failed.
    Failed,
    /// The command line is wrong.
    Usage,
    /// There is no model to answer.
    NoModel,
    /// The answer is there, and something that the model wanted to do for it was denied.
    Denied,
    /// Stopped with Ctrl-C.
    Stopped,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::NoModel => 3,
            Exit::Denied => 4,
            Exit::Stopped => 130,
        })
    }
}

/// An error on the command line that clap cannot see.
#[derive(Debug)]
pub struct UsageError(pub String);

impl std::fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// There is no model to answer, for this reason.
#[derive(Debug)]
pub struct NoModelError(pub String);

impl std::fmt::Display for NoModelError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for NoModelError {}
