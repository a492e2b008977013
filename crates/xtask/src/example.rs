//! The tests that the example project brings along: what Kiln ships as an example has to work.

use std::path::Path;
use std::process::Command;

use crate::process;

/// How the Python part went.
pub enum PythonTests {
    /// All of them passed.
    Passed,
    /// Some failed; their output was shown.
    Failed,
    /// They could not run here, and why.
    LeftOut(String),
}

/// Runs the server's tests, which need nothing but Python itself.
pub fn python_tests(root: &Path) -> PythonTests {
    if !process::works("python3", &["--version"]) {
        return PythonTests::LeftOut("the example's server: there is no python3 here".to_owned());
    }
    let tests = process::run(
        Command::new("python3")
            .args(["-m", "unittest"])
            .current_dir(root.join("assets/example"))
            // Nothing is left in the checkout.
            .env("PYTHONDONTWRITEBYTECODE", "1"),
    );
    if tests.is_ok() {
        PythonTests::Passed
    } else {
        PythonTests::Failed
    }
}

/// The tests of the command line client, a cargo project of its own without dependencies.
pub fn rust_tests(root: &Path, target: &Path) -> Command {
    let mut command = process::cargo(root);
    command
        .args([
            "test",
            "--offline",
            "--no-fail-fast",
            "--manifest-path",
            "assets/example/cli/Cargo.toml",
        ])
        .env("CARGO_TARGET_DIR", target.join("example"));
    command
}

/// What of the example is not tested, in words.
pub const LEFT_OUT: &str =
    "the example's web page: its compiler would have to be downloaded from npm";
