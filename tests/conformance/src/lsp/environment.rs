//! Whether a server of Python finds the packages of the project's virtual environment.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use editor_core::Text;
use lsp::{ServerEvent, find_virtual_environment};

use super::case::Case;
use super::session::{LONGEST, PAUSE, Session, installed, is_mistake};

const PACKAGE: &str = "fancylib";

/// A file that imports what is installed in the environment alone.
static IMPORTS: Case = Case {
    server: "pyright",
    language: "Python",
    language_id: "python",
    files: &[("app/main.py", "import fancylib\n\nfancylib.answer()\n")],
    ..Case::EMPTY
};

/// The first of two projects, whose file imports the packages of both.
static TWO_PROJECTS: Case = Case {
    files: &[("app/main.py", BOTH)],
    ..IMPORTS
};
const BOTH: &str = "import onelib\nimport twolib\n\nprint(onelib, twolib)\n";

/// Opens two projects in one pyright, each with a virtual environment and a package in it that the other
/// lacks, and begins another run. `false` where pyright, or a Python that makes environments, is not
/// there.
///
/// # Errors
/// A file finds the other project's package, or not its own.
pub fn each_project_has_its_own_packages() -> Result<bool> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path().canonicalize()?;
    let [one, two] = ["one", "two"].map(|name| folder.join(name));
    std::fs::create_dir_all(&one)?;
    std::fs::create_dir_all(two.join("app"))?;
    let Some((entry, program)) = installed(&TWO_PROJECTS, &one)? else {
        return Ok(false);
    };
    if !make_environment(&one, "onelib") || !make_environment(&two, "twolib") {
        return Ok(false);
    }
    let second = two.join("app/main.py");
    std::fs::write(&second, BOTH)?;
    let session = Session::open(&TWO_PROJECTS, entry.clone(), program, &one)?;
    session.until_it_runs()?;
    let told = |file: &Path| {
        let python = find_virtual_environment(file, &folder).context("no environment")?;
        anyhow::Ok(entry.settings_with(&BTreeMap::new(), Some(&python.interpreter)))
    };
    ensure!(
        session.server.configure(told(session.file())?),
        "nothing to tell"
    );
    let server = &session.server;
    server.keep_folder_settings(&two, told(&second)?.settings);
    server.add_folder(&two);
    server.open(&second, TWO_PROJECTS.language_id, 0, &Text::new(BOTH));
    let wanted = [(session.file(), 1), (second.as_path(), 0)];
    only_these_are_marked(&session, &wanted).context("in the first run")?;
    server.restart();
    session.until_it_runs()?;
    only_these_are_marked(&session, &wanted).context("in the next run")?;
    server.stop();
    Ok(true)
}

/// Waits until of each file, whose text is [`BOTH`], one row alone is marked.
fn only_these_are_marked(session: &Session, wanted: &[(&Path, usize)]) -> Result<()> {
    let mut marked: HashMap<PathBuf, Vec<usize>> = HashMap::new();
    let deadline = Instant::now() + LONGEST;
    let text = Text::new(BOTH);
    while Instant::now() < deadline {
        let mut said = Vec::new();
        if session.server.pulls_diagnostics() {
            for (file, _) in wanted {
                let pulled = session.server.pull_diagnostics(file).wait_blocking();
                said.extend(
                    pulled
                        .ok()
                        .flatten()
                        .map(|(_, all)| (file.to_path_buf(), all)),
                );
            }
            thread::sleep(PAUSE);
        } else if let ServerEvent::Diagnostics {
            path, diagnostics, ..
        } = session.next()?
        {
            said.push((path, diagnostics));
        }
        for (path, diagnostics) in said {
            let mistakes = diagnostics.iter().filter(|(_, one)| is_mistake(one));
            let rows = mistakes.map(|(range, _)| text.row_at(range.start));
            marked.insert(path, rows.collect());
        }
        let is_so =
            |(file, row): &(&Path, usize)| marked.get(*file).is_some_and(|all| all == &[*row]);
        if wanted.iter().all(is_so) {
            return Ok(());
        }
    }
    bail!("these rows are marked: {marked:?}")
}

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
    if !make_environment(&root, PACKAGE) {
        return Ok(false);
    }
    let session = Session::open(&IMPORTS, entry.clone(), program, &root)?;
    session
        .said(|rows| rows == [0])
        .context("without the environment")?;
    let python = find_virtual_environment(session.file(), &root).context("no environment")?;
    ensure!(python.folder == root.join(".venv"), "{python:?}");
    let told = entry.settings_with(&BTreeMap::new(), Some(&python.interpreter));
    ensure!(session.server.configure(told), "nothing to tell");
    session
        .said(<[usize]>::is_empty)
        .context("with the environment")?;
    session.server.stop();
    Ok(true)
}

/// Makes `.venv` with a package of this name in it; `false` where no Python does.
fn make_environment(root: &Path, name: &str) -> bool {
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
    let package = Path::new(&packages).join(name);
    std::fs::create_dir_all(&package).is_ok()
        && std::fs::write(
            package.join("__init__.py"),
            "def answer() -> int:\n    return 42\n",
        )
        .is_ok()
        && std::fs::write(package.join("py.typed"), "").is_ok()
}
