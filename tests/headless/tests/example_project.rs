//! The project that Kiln opens first: its tests pass, and its spec says what is there.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use spec::{RequirementsDoc, SpecFiles, SpecFolder};
use test_support::left_out;

const SPEC: &str = ".kiro/specs/todo-due-dates";

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/example")
}

fn read(path: &str) -> String {
    fs::read_to_string(example().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A copy that its tests may write to.
fn copy() -> tempfile::TempDir {
    fn copy_folder(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let (name, target) = (entry.file_name(), to.join(entry.file_name()));
            if entry.path().is_file() {
                fs::copy(entry.path(), target).unwrap();
            } else if name != "target" && name != "node_modules" && name != "__pycache__" {
                copy_folder(&entry.path(), &target);
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy_folder(&example(), folder.path());
    folder
}

fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").output();
    version.is_ok_and(|output| output.status.success())
}

#[track_caller]
fn assert_passes(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[test]
fn the_service_passes_its_tests() {
    if !has_python() {
        left_out("the_service_passes_its_tests", "python3 is not installed");
        return;
    }
    let project = copy();
    let output = Command::new("python3")
        .current_dir(project.path())
        .args(["-m", "unittest"])
        .output()
        .unwrap();
    let said = assert_passes(&output);
    assert!(
        said.contains("Ran ") && !said.contains("Ran 0 tests"),
        "{said}"
    );
}

#[test]
fn the_command_passes_its_tests_without_a_network() {
    if !has_python() {
        left_out(
            "the_command_passes_its_tests_without_a_network",
            "python3 is not installed, so the command's tests skip the service",
        );
    }
    let project = copy();
    let output = Command::new(env!("CARGO"))
        .current_dir(project.path().join("cli"))
        .args(["test", "--offline"])
        .env("CARGO_TARGET_DIR", project.path().join("target"))
        .output()
        .unwrap();
    let said = assert_passes(&output);
    assert!(said.contains("test result: ok"), "{said}");
}

#[test]
fn the_spec_is_finished_and_nothing_is_wrong_with_it() {
    let names = ["requirements.md", "design.md", "tasks.md", ".config.kiro"];
    let files = SpecFiles::from_files(names.map(|name| (name, read(&format!("{SPEC}/{name}")))));
    let summary = SpecFolder::summarize("todo-due-dates", &files);
    assert!(summary.diagnostics.is_empty(), "{:?}", summary.diagnostics);
    assert!(summary.progress.total > 0, "{summary:?}");
    assert_eq!(summary.progress.done, summary.progress.total);
    let requirements = RequirementsDoc::parse(files.requirements.as_deref().unwrap());
    for requirement in requirements.requirements() {
        assert!(requirement.user_story.is_some(), "{}", requirement.title);
        for criterion in &requirement.criteria {
            assert!(
                criterion.ears.is_some(),
                "{}: {}",
                criterion.id,
                criterion.text
            );
        }
    }
}

/// Paths in backticks, such as `server/due.py`, name files that exist.
#[test]
fn what_the_documents_name_is_there() {
    let documents = [
        "README.md",
        ".kiro/steering/product.md",
        ".kiro/steering/tech.md",
        ".kiro/steering/structure.md",
        &format!("{SPEC}/requirements.md"),
        &format!("{SPEC}/design.md"),
        &format!("{SPEC}/tasks.md"),
    ];
    let mut named = 0;
    for document in documents {
        let text = read(document);
        for quoted in text.split('`').skip(1).step_by(2) {
            let is_path = quoted.contains('/')
                && !quoted.starts_with('/')
                && quoted
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
            if is_path {
                named += 1;
                assert!(example().join(quoted).exists(), "{document} names {quoted}");
            }
        }
    }
    assert!(named > 20, "the documents name {named} paths");
}
