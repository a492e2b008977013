//! `kiln-cli import`.

use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use fs::KilnPaths;
use vscode_import::{
    Environment, ImportError, Target, apply, find_installations, installation_at, plan,
};

use crate::exit::{Exit, UsageError};
use crate::terminal::visible;

/// A path that leads to no settings is a wrong command line.
fn usage(error: ImportError) -> anyhow::Error {
    match error {
        ImportError::NotFound(_) | ImportError::NoSettings(_) | ImportError::NotSettings(_) => {
            UsageError(error.to_string()).into()
        }
        error => error.into(),
    }
}

/// Imports from VS Code or one of its relatives.
pub fn vscode(path: Option<&Path>, dry_run: bool) -> anyhow::Result<Exit> {
    let paths = KilnPaths::from_env()?;
    let environment = Environment::from_process();
    let installation = match path {
        Some(path) => installation_at(path, environment.as_ref()).map_err(usage)?,
        None => {
            let found = environment
                .as_ref()
                .map(find_installations)
                .unwrap_or_default();
            let Some(first) = found.first().cloned() else {
                bail!(
                    "no user folder of Code, Code - OSS, VSCodium, Cursor or Kiro was found; \
                     give its path: kiln-cli import vscode PATH"
                );
            };
            for other in &found[1..] {
                eprintln!(
                    "Also found: {} (kiln-cli import vscode {:?})",
                    other.title, other.user_folder
                );
            }
            first
        }
    };
    let target = Target::in_folders(&paths.config, &paths.data);
    let report = plan(&installation, &target)?;
    let mut output = io::stdout();
    write!(output, "{}", visible(&report.to_string()))?;
    if dry_run {
        writeln!(output, "\nNothing was changed (--dry-run).")?;
    } else {
        apply(&report, &target)?;
        if !report.is_empty() {
            let written = visible(&paths.config.display().to_string());
            match report.languages.is_empty() {
                true => writeln!(output, "\nWritten to {written}.")?,
                false => writeln!(
                    output,
                    "\nWritten to {written}, languages to {}.",
                    visible(&target.languages_folder.display().to_string())
                )?,
            }
        }
    }
    match report.failures() {
        0 => Ok(Exit::Done),
        1 => bail!("one thing could not be taken over"),
        count => bail!("{count} things could not be taken over"),
    }
}
