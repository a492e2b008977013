//! One formatter with one file.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use editor_core::Text;
use lsp::{
    FormatError, FormatLimits, FormatterEntry, Formatters, ServerProgram, find_program, format_text,
};

use super::case::{Answer, Case, Report};

/// Names the folders with the programs of formatters, before those of PATH.
const FORMATTERS: &str = "KILN_TEST_FORMATTERS";

/// Tries all of a case; `None` where its formatter is not installed.
///
/// # Errors
/// The case itself.
pub fn run(case: &'static Case) -> Result<Option<Report>> {
    let entry = Formatters::bundled()?
        .all
        .into_iter()
        .find(|one| one.name == case.formatter)
        .with_context(|| format!("{} is not in the catalogue", case.formatter))?;
    let Some(program) = installed(&entry.program)? else {
        return Ok(None);
    };
    let tried = Tried {
        case,
        entry,
        program,
    };
    let begun = Instant::now();
    let plain = tried.laid_out(None);
    let took = begun.elapsed();
    let follows_settings = match (&plain, case.settings) {
        (_, None) | (Err(_), _) => Answer::NotAsked,
        (Ok((plain, _)), Some(settings)) => answer(tried.follows(settings, plain)),
    };
    let took = plain.as_ref().map_or(took, |(_, took)| *took);
    Ok(Some(Report {
        case,
        follows_settings,
        refuses: match case.broken {
            Some(broken) => answer(tried.refuses(broken)),
            None => Answer::NotAsked,
        },
        as_by_hand: answer(plain.map(|_| ())),
        took,
    }))
}

fn answer(outcome: Result<()>) -> Answer {
    match outcome {
        Ok(()) => Answer::Yes,
        Err(error) => Answer::No(format!("{error:#}")),
    }
}

/// A program of the folders that are named, or on PATH.
fn installed(name: &str) -> Result<Option<PathBuf>> {
    let named = std::env::var_os(FORMATTERS).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&named).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders)?;
    let project = tempfile::tempdir()?;
    let Some(program) = find_program(name, &path, project.path()) else {
        return Ok(None);
    };
    // Rust's own stand-in for programs is there also where they are not.
    let answers = Command::new(&program).arg("--version").output();
    let stands_in = answers.is_ok_and(|output| {
        !output.status.success()
            && String::from_utf8_lossy(&output.stderr).contains("is not installed")
    });
    Ok((!stands_in).then_some(program))
}

struct Tried {
    case: &'static Case,
    entry: FormatterEntry,
    program: PathBuf,
}

impl Tried {
    /// A project with the file of the case, in which a text stands, and further files.
    fn project(&self, text: &str, settings: Option<(&str, &str)>) -> Result<Project> {
        let folder = tempfile::tempdir()?;
        let root = folder.path().canonicalize()?;
        let file = root.join(self.case.file);
        let files = self.case.needs.iter().copied().chain(settings);
        for (name, text) in files.chain([(self.case.file, text)]) {
            let path = root.join(name);
            std::fs::create_dir_all(path.parent().context("a file in a folder")?)?;
            std::fs::write(path, text)?;
        }
        Ok(Project {
            root,
            file,
            _folder: folder,
        })
    }

    /// What Kiln makes of a text.
    fn by_kiln(&self, project: &Project, text: &str) -> Result<String, FormatError> {
        let launch = ServerProgram {
            program: self.program.clone(),
            arguments: self.entry.arguments_for(&project.file),
            folder: project.root.clone(),
            project: project.root.clone(),
            variables: Vec::new(),
        };
        let never = AtomicBool::new(false);
        let limits = FormatLimits::default();
        format_text(
            &launch,
            &Text::new(text),
            &self.entry.exit_codes,
            limits,
            &never,
        )
    }

    /// What the formatter makes of the file.
    fn by_hand(&self, project: &Project) -> Result<String> {
        let output = Command::new(&self.program)
            .args(self.case.by_hand)
            .arg(&project.file)
            .current_dir(&project.root)
            .output()?;
        let code = output.status.code().context("it was killed")?;
        // Some end so where they changed the file.
        ensure!(
            code == 0 || self.entry.exit_codes.contains(&code) || code == 1,
            "by hand it ends with {code}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(std::fs::read_to_string(&project.file)?)
    }

    /// The file as Kiln has it laid out, and how long that took, where the formatter makes the same of
    /// it by hand.
    fn laid_out(&self, settings: Option<(&str, &str)>) -> Result<(String, Duration)> {
        let text = self.case.text;
        // It is given what was typed, whatever is on the disk.
        let project = self.project("", settings)?;
        let begun = Instant::now();
        let by_kiln = self.by_kiln(&project, text)?;
        let took = begun.elapsed();
        ensure!(
            std::fs::read_to_string(&project.file)?.is_empty(),
            "it wrote the file"
        );
        let by_hand = self.by_hand(&self.project(text, settings)?)?;
        ensure!(by_hand != text, "the text was laid out already");
        ensure!(
            by_kiln == by_hand,
            "Kiln makes {by_kiln:?} of it, and by hand it becomes {by_hand:?}"
        );
        let again = self.by_kiln(&project, &by_kiln)?;
        ensure!(again == by_kiln, "another time it makes {again:?} of it");
        Ok((by_kiln, took))
    }

    fn follows(&self, settings: (&str, &str), plain: &str) -> Result<()> {
        let (with, _) = self.laid_out(Some(settings))?;
        ensure!(with != plain, "{} changes nothing", settings.0);
        Ok(())
    }

    fn refuses(&self, broken: &str) -> Result<()> {
        let project = self.project("", None)?;
        match self.by_kiln(&project, broken) {
            Err(FormatError::Refused { said, .. } | FormatError::Empty { said })
                if !said.trim().is_empty() =>
            {
                Ok(())
            }
            other => bail!("of what it cannot read it says {other:?}"),
        }
    }
}

struct Project {
    root: PathBuf,
    file: PathBuf,
    _folder: tempfile::TempDir,
}
