//! Servers as Kiln installs them on demand, in the versions of its catalogue.

use std::env;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use lsp::{Catalogue, InstalledServers};

use super::cases::CASES;

/// Names the folder that they are installed in.
const INSTALLED: &str = "KILN_TEST_INSTALLED_SERVERS";

/// The servers that are installed, where a folder is named.
pub(super) fn installed() -> Option<InstalledServers> {
    let folder = env::var_os(INSTALLED)?;
    Some(InstalledServers::new(PathBuf::from(folder)))
}

/// Installs the servers of the cases, or one of them, that Kiln installs and that are not there in the
/// version of its catalogue; what cannot be installed is told.
///
/// # Errors
/// The catalogue.
pub fn install(only: Option<&str>) -> Result<()> {
    let Some(installed) = installed() else {
        return Ok(());
    };
    let path = env::var_os("PATH").unwrap_or_default();
    for entry in Catalogue::bundled()?.servers {
        let wanted = only.is_none_or(|only| only == entry.name);
        let tried = CASES.iter().any(|case| case.server == entry.name);
        let is_there = installed
            .installed(&entry)
            .is_some_and(|(_, newest)| newest);
        // What needs more than its package finds that here by its starter, or not at all.
        let installs = entry.package.as_ref();
        let alone = installs.is_some_and(|package| package.needs.is_none());
        if !wanted || !tried || is_there || !alone {
            continue;
        }
        eprintln!("installing {}", entry.name);
        let never = AtomicBool::new(false);
        if let Err(error) = installed.install(&entry, &path, &never, &mut |_| {}) {
            eprintln!("{error}");
        }
    }
    Ok(())
}
