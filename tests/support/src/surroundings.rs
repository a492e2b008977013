//! What a test finds around it, and what it says where something is missing.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

/// Names the file that `cargo xtask test` collects what was left out in.
const LEFT_OUT: &str = "KILN_TEST_LEFT_OUT";
/// Names the folder of corpus and recordings.
const SHARED: &str = "KILN_SHARED";

/// Says that a test, or a part of one, was left out and why: where the test prints, and to the
/// runner that lists such lines in the end.
///
/// # Panics
/// The runner's list cannot be written: a test that was left out must not look like one that ran.
pub fn left_out(test: &str, why: &str) {
    println!("{test}: left out: {why}");
    if let Some(list) = std::env::var_os(LEFT_OUT) {
        let written = note(Path::new(&list), test, why);
        assert!(written.is_ok(), "the list of what is left out: {written:?}");
    }
}

/// Makes a pipe that a command can wait for.
///
/// # Panics
/// It cannot be made.
pub fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(
        made.as_ref().is_ok_and(ExitStatus::success),
        "no pipe {}: {made:?}",
        path.display()
    );
}

fn note(list: &Path, test: &str, why: &str) -> std::io::Result<()> {
    // One write, so that tests that run at the same time do not mix their lines.
    let line = format!("{test}: {why}\n");
    let mut file = OpenOptions::new().append(true).create(true).open(list)?;
    file.write_all(line.as_bytes())
}

/// The folder of corpus and recordings, which may not be there: the one that `KILN_SHARED` names,
/// else `shared` beside the checkout.
#[must_use]
pub fn shared_folder() -> PathBuf {
    std::env::var_os(SHARED).map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_left_out_is_a_line_of_the_list() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("list");
        note(&list, "one", "no rg").unwrap();
        note(&list, "two", "no python").unwrap();
        let written = std::fs::read_to_string(list).unwrap();
        assert_eq!(written, "one: no rg\ntwo: no python\n");
    }
}
