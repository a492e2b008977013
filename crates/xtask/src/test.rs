//! `cargo xtask test`: every test, and by name what was left out.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::example::{self, PythonTests};
use crate::{
    disk_space, embedded_model, formatters, language_servers, packages, process, stall,
    target_folder,
};

/// Tests write what they leave out to the file that this variable names, a line each.
const LEFT_OUT_VARIABLE: &str = "KILN_TEST_LEFT_OUT";

/// Installs what is missing, offers the small model, runs the tests.
pub fn run(root: &Path, long: bool, yes: bool) -> Result<()> {
    packages::ensure()?;
    let target = target_folder(root);
    disk_space::ensure(&target, disk_space::TESTS)?;
    process::run(process::cargo(root).args(["test", "--workspace", "--no-run"]))?;
    let mut left_out = offer_model(root, &target, yes)?;
    let servers = language_servers::ensure(&target)?;
    let formatters = formatters::ensure(&target)?;

    let notes = target.join(format!("left-out-{}.txt", std::process::id()));
    fs::write(&notes, "").with_context(|| notes.display().to_string())?;
    let mut command = process::cargo(root);
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .env(LEFT_OUT_VARIABLE, &notes)
        .env(language_servers::VARIABLE, servers)
        .env(formatters::VARIABLE, formatters);
    if long {
        command.args(["--", "--include-ignored"]);
    }
    let patience = stall::patience(long);
    let mut totals = run_and_count(&mut command, &target, patience)?;
    if long {
        // The programs have to build and pass without the embedded model too.
        let mut command = process::cargo(root);
        command
            .args([
                "test",
                "--no-fail-fast",
                "--no-default-features",
                "-p",
                "local_model",
                "-p",
                "agent",
                "-p",
                "kiln_cli",
            ])
            .env(LEFT_OUT_VARIABLE, &notes);
        totals.add(run_and_count(&mut command, &target, patience)?);
    }
    totals.add(run_and_count(
        &mut example::rust_tests(root, &target),
        &target,
        patience,
    )?);
    match example::python_tests(root) {
        PythonTests::Passed => totals.passed += 1,
        PythonTests::Failed => {
            totals.failed_count += 1;
            totals.failed.push("the example's server".to_owned());
        }
        PythonTests::LeftOut(why) => left_out.push(why),
    }
    left_out.push(example::LEFT_OUT.to_owned());
    left_out.extend(fs::read_to_string(&notes)?.lines().map(str::to_owned));
    fs::remove_file(&notes)?;
    left_out.extend(
        totals
            .ignored
            .iter()
            .map(|name| format!("{name}: ignored; `cargo xtask test --long` runs it")),
    );
    left_out.sort();
    left_out.dedup();
    println!("\nleft out:");
    for line in &left_out {
        println!("    {line}");
    }
    if !totals.failed.is_empty() {
        println!("\nfailures:");
        for name in &totals.failed {
            println!("    {name}");
        }
    }
    println!("\n{}", totals.closing_line());
    if totals.is_success() {
        Ok(())
    } else {
        bail!("tests failed")
    }
}

/// Downloads the smallest model where that is agreed to; returns what is left out without it.
fn offer_model(root: &Path, target: &Path, yes: bool) -> Result<Vec<String>> {
    let models = embedded_model::catalogue(root)?;
    if models.iter().any(embedded_model::Model::is_installed) {
        return Ok(Vec::new());
    }
    let Some(model) = embedded_model::smallest(&models) else {
        return Ok(Vec::new());
    };
    let in_ci = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    if !embedded_model::ask(model, yes || in_ci, "for the test that runs it")? {
        return Ok(Vec::new());
    }
    let program = target.join("debug/examples/embedded_model");
    match process::run(Command::new(program).args(["pull", &model.id])) {
        Ok(()) => Ok(Vec::new()),
        Err(error) => Ok(vec![format!("the embedded model's download: {error}")]),
    }
}

fn run_and_count(command: &mut Command, target: &Path, patience: Duration) -> Result<Totals> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo does not start")?;
    let mut totals = Totals::default();
    if let Some(output) = child.stdout.take() {
        let (watched, cargo) = (stall::Watched::default(), child.id());
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let stalled = || stall::tell_and_end(cargo, target, patience);
                watched.watch(patience, stalled);
            });
            let read = read_lines(output, &mut totals, &watched);
            watched.end();
            read
        })?;
    }
    totals.cargo_failed = !child.wait()?.success();
    Ok(totals)
}

fn read_lines(output: impl Read, totals: &mut Totals, watched: &stall::Watched) -> Result<()> {
    // Tests may print bytes that are no text.
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        watched.line();
        totals.read(&line);
    }
    Ok(())
}

/// The sums over all test programs.
#[derive(Debug, Default, PartialEq)]
struct Totals {
    passed: u64,
    ignored: Vec<String>,
    failed: Vec<String>,
    failed_count: u64,
    seconds: f64,
    cargo_failed: bool,
}

impl Totals {
    /// Reads a line of a test program's output (the format of Rust's own test harness).
    fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let count = |what: &str| {
                counts
                    .split([';', '.'])
                    .filter_map(|part| part.trim().strip_suffix(what))
                    .find_map(|number| number.trim().parse::<u64>().ok())
                    .unwrap_or(0)
            };
            self.passed += count("passed");
            self.failed_count += count("failed");
            self.seconds += counts
                .rsplit_once("finished in ")
                .and_then(|(_, time)| time.trim().strip_suffix('s')?.parse::<f64>().ok())
                .unwrap_or(0.0);
        } else if let Some((name, outcome)) = line
            .strip_prefix("test ")
            .and_then(|line| line.split_once(" ... "))
        {
            if outcome.starts_with("ignored") {
                self.ignored.push(name.to_owned());
            } else if outcome == "FAILED" {
                self.failed.push(name.to_owned());
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.ignored.extend(other.ignored);
        self.failed.extend(other.failed);
        self.failed_count += other.failed_count;
        self.seconds += other.seconds;
        self.cargo_failed |= other.cargo_failed;
    }

    fn is_success(&self) -> bool {
        !self.cargo_failed && self.failed_count == 0
    }

    fn closing_line(&self) -> String {
        format!(
            "test result: {}. {} passed; {} failed; {} ignored; 0 measured; 0 filtered out; finished in {:.2}s",
            if self.is_success() { "ok" } else { "FAILED" },
            self.passed,
            self.failed_count,
            self.ignored.len(),
            self.seconds
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(output: &str) -> Totals {
        let mut totals = Totals::default();
        output.lines().for_each(|line| totals.read(line));
        totals
    }

    #[test]
    fn results_of_several_programs_are_summed() {
        let totals = totals(
            "running 2 tests\ntest a::b ... ok\ntest a::c ... ignored, slow\n\n\
             test result: ok. 1 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.25s\n\
             test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.50s\n",
        );
        assert_eq!(totals.ignored, ["a::c"]);
        assert_eq!(
            totals.closing_line(),
            "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.75s"
        );
    }

    #[test]
    fn one_failed_test_fails_the_whole() {
        let mut failed = totals(
            "test x ... FAILED\ntest result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n",
        );
        assert_eq!(failed.failed, ["x"]);
        assert!(
            !failed.is_success()
                && failed
                    .closing_line()
                    .starts_with("test result: FAILED. 1 passed; 1 failed")
        );
        failed = totals(
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s\n",
        );
        assert!(failed.is_success());
        // A program that crashed prints no result; cargo's exit status tells.
        failed.cargo_failed = true;
        assert!(!failed.is_success());
    }
}
