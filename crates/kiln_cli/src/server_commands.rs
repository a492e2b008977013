//! `kiln-cli server`.

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;

use fs::KilnPaths;
use lsp::{Catalogue, InstallError, InstalledServers, Package, ServerEntry};
use serde_json::json;

use crate::arguments::ServerCommand;
use crate::exit::{Exit, UsageError};
use crate::terminal::{self, visible};

/// Runs the command.
pub fn run(command: &ServerCommand) -> anyhow::Result<Exit> {
    let paths = KilnPaths::from_env()?;
    let catalogue = Catalogue::bundled()?;
    let installed = InstalledServers::in_data_folder(&paths.data);
    match command {
        ServerCommand::List { json } => list(&catalogue, &installed, *json),
        ServerCommand::Install { server, yes } => {
            install(entry(&catalogue, server)?, &installed, *yes)
        }
        ServerCommand::Remove { server, yes } => {
            remove(entry(&catalogue, server)?, &installed, *yes)
        }
    }
}

fn entry<'a>(catalogue: &'a Catalogue, name: &str) -> anyhow::Result<&'a ServerEntry> {
    let mut servers = catalogue.servers.iter();
    servers.find(|one| one.name == name).ok_or_else(|| {
        let message = format!(
            "there is no language server \"{}\"; `kiln-cli server list` names them",
            visible(name)
        );
        UsageError(message).into()
    })
}

fn list(
    catalogue: &Catalogue,
    installed: &InstalledServers,
    as_json: bool,
) -> anyhow::Result<Exit> {
    let mut output = io::stdout();
    if as_json {
        let rows = catalogue.servers.iter().map(|entry| {
            let found = installed.installed(entry);
            json!({
                "name": entry.name,
                "languages": entry.languages,
                "packages": entry.package.as_ref().map(|package| &package.names),
                "manager": entry.package.as_ref().map(|package| package.manager.name()),
                "installed": found.as_ref().map(|(packages, _)| packages),
                "current": found.as_ref().map(|(_, current)| current),
                "how_to_install": entry.install,
            })
        });
        let rows: Vec<_> = rows.collect();
        writeln!(output, "{}", json!(rows))?;
        return Ok(Exit::Done);
    }
    for entry in &catalogue.servers {
        let state = match (installed.installed(entry), &entry.package) {
            (Some((_, true)), _) => "installed".to_owned(),
            (Some((_, false)), Some(package)) => {
                format!("installed; {} is newer", package.version())
            }
            (_, Some(package)) => format!(
                "{} with {}, about {} MB{}",
                package.version(),
                package.manager.name(),
                package.megabytes,
                needs(package)
            ),
            (_, None) => format!("not by Kiln: {}", entry.install),
        };
        let languages = entry.languages.join(", ");
        writeln!(output, "{:<28} {state} ({languages})", entry.name)?;
    }
    Ok(Exit::Done)
}

/// What else has to be there for a package.
fn needs(package: &Package) -> String {
    let needs = package.needs.as_ref();
    needs.map_or_else(String::new, |needs| format!("; it needs {needs}"))
}

fn install(entry: &ServerEntry, installed: &InstalledServers, yes: bool) -> anyhow::Result<Exit> {
    if let Some(package) = &entry.package {
        let question = format!(
            "Install {} with {}, about {} MB{}?",
            package.names.join(", "),
            package.manager.name(),
            package.megabytes,
            needs(package)
        );
        if !yes && !terminal::agrees(&question, "no server", "installed")? {
            return Ok(Exit::Failed);
        }
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut says = |line: &str| eprintln!("{}", visible(line));
    let never = AtomicBool::new(false);
    match installed.install(entry, &path, &never, &mut says) {
        Ok(()) => {
            println!("{} is installed.", entry.name);
            Ok(Exit::Done)
        }
        Err(error @ InstallError::NoPackage { .. }) => Err(UsageError(error.to_string()).into()),
        Err(error) => Err(error.into()),
    }
}

fn remove(entry: &ServerEntry, installed: &InstalledServers, yes: bool) -> anyhow::Result<Exit> {
    if installed.installed(entry).is_none() {
        anyhow::bail!("{} is not installed by Kiln", entry.name);
    }
    let question = format!("Remove {}?", entry.name);
    if !yes && !terminal::agrees(&question, "no server", "removed")? {
        return Ok(Exit::Failed);
    }
    installed.remove(&entry.name)?;
    println!("{} is removed.", entry.name);
    Ok(Exit::Done)
}
