//! Whether a server of Python finds the packages of the project's virtual environment.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use lsp::find_virtual_environment;

use super::case::Case;
use super::session::{Session, installed};

const PACKAGE: &str = "fancylib";

/// A file that imports what is installed in the environment alone.
static IMPORTS: Case = Case {
    server: "pyright",
    language: "Python",
    language_id: "python",
    files: &[("app/main.py", "import fancylib\n\nfancylib.answer()\n")],
    ..Case::EMPTY
};

/// Opens a project with a virtual environment in pyright, without being told of it and then told while it
/// runs. `false` where pyright, or a Python that makes environments, is not there.
///
/// # Errors
/// The import is not marked before, or is after.
pub fn finds_packages_of_the_environment() -> Result<bool> {
    let project = tempfile::tempdir()?;
    let root = project.path().canonicalize()?;
    let Some((entry, program)) = installed(&IMPORTS, &root)? else {
        return Ok(false);
    };
    if !make_environment(&root) {
        return Ok(false);
    }
    let session = Session::open(&IMPORTS, entry.clone(), program, &root)?;
    session
        .said(|rows| rows == [0])
        .context("without the environment")?;
    let python = find_virtual_environment(session.file(), &root).context("no environment")?;
    ensure!(python.folder == root.join(".venv"), "{python:?}");
    let told = entry.settings_with(
        &std::collections::BTreeMap::new(),
        Some(&python.interpreter),
    );
    ensure!(session.server.configure(told), "nothing to tell");
    session
        .said(<[usize]>::is_empty)
        .context("with the environment")?;
    session.server.stop();
    Ok(true)
}

/// Makes `.venv` with a package in it; `false` where no Python does.
fn make_environment(root: &Path) -> bool {
    let made = Command::new("python3")
        .args(["-m", "venv", "--without-pip", ".venv"])
        .current_dir(root)
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return false;
    }
    let asked = Command::new(root.join(".venv/bin/python"))
        .args([
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'))",
        ])
        .output();
    let Ok(asked) = asked else { return false };
    let packages = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
    let package = Path::new(&packages).join(PACKAGE);
    std::fs::create_dir_all(&package).is_ok()
        && std::fs::write(
            package.join("__init__.py"),
            "def answer() -> int:\n    return 42\n",
        )
        .is_ok()
        && std::fs::write(package.join("py.typed"), "").is_ok()
}
