//! The specs of a folder, read from the disk.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use fs::{DirEntry, Fs, LEADS_NOWHERE, LoadError, RealFs, leads_nowhere};
use spec::{Document, SpecFiles, SpecFolder, is_valid_spec_name, spec_names};

use crate::exit::UsageError;
use crate::terminal::{self, visible};

/// A spec with the texts of its files.
pub struct ReadSpec {
    /// What there is to say about it.
    pub folder: SpecFolder,
    /// The texts.
    pub files: SpecFiles,
    /// Files that could not be read, a line each.
    pub problems: Vec<String>,
    /// The names of the files that are there and could not be read.
    unread: Vec<&'static str>,
}

impl ReadSpec {
    /// Whether a document is there and could not be read.
    pub fn is_unread(&self, document: Document) -> bool {
        self.unread.contains(&document.file_name())
    }

    /// Whether what comes next in the spec is a document that is there and could not be read.
    pub fn waits_for_unread(&self) -> bool {
        let next = self.folder.phase.phase.document(self.folder.spec_type);
        next.is_some_and(|document| self.is_unread(document))
    }

    /// # Errors
    /// Where what comes next is a document that [could not be read](Self::waits_for_unread): why.
    pub fn ensure_next_is_read(&self) -> anyhow::Result<()> {
        let next = self.folder.phase.phase.document(self.folder.spec_type);
        match next.filter(|document| self.is_unread(*document)) {
            Some(document) => bail!("{}", self.why_not(document)),
            None => Ok(()),
        }
    }

    /// Why a document is not there as a text.
    pub fn why_not(&self, document: Document) -> String {
        let name = visible(&self.folder.name);
        let file = document.file_name();
        let mut problems = self.problems.iter();
        match problems.find(|problem| self.is_unread(document) && problem.starts_with(file)) {
            Some(problem) => format!("the spec {name}: {}", visible(problem)),
            None => format!("the spec {name} has no {file}"),
        }
    }
}

fn specs_folder(root: &Path) -> PathBuf {
    root.join(".kiro").join("specs")
}

fn names_of(entries: Vec<DirEntry>) -> Vec<String> {
    let folders = entries.into_iter().filter(|entry| entry.is_dir);
    spec_names(folders.map(|entry| entry.name))
}

/// Every spec of a folder, by name.
pub fn all(root: &Path) -> anyhow::Result<Vec<ReadSpec>> {
    let folder = specs_folder(root);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = RealFs::new()
        .read_dir(&folder)
        .with_context(|| format!("{} cannot be read", visible(&folder.display().to_string())))?;
    names_of(entries)
        .iter()
        .map(|name| one(root, name))
        .collect()
}

/// One spec.
pub fn one(root: &Path, name: &str) -> anyhow::Result<ReadSpec> {
    if !is_valid_spec_name(name) {
        return Err(UsageError(format!(
            "`{}` cannot be a spec's name: give the name of a folder in .kiro/specs",
            visible(name)
        ))
        .into());
    }
    let folder = specs_folder(root).join(name);
    if !folder.is_dir() {
        let names = RealFs::new()
            .read_dir(&specs_folder(root))
            .map(names_of)
            .unwrap_or_default();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let known = if names.is_empty() {
            "this folder has none; begin one with `kiln-cli spec new PROMPT`".to_string()
        } else {
            terminal::did_you_mean(name, &names, terminal::LIKENESS)
                .unwrap_or_else(|| format!("there are: {}", names.join(", ")))
        };
        let message = format!("there is no spec {}; {known}", visible(name));
        return Err(UsageError(message).into());
    }
    let mut problems = Vec::new();
    let mut unread = Vec::new();
    let mut texts = Vec::new();
    for file in SpecFiles::NAMES {
        let path = folder.join(file);
        // A link in a project may lead anywhere: what is read stays in the folder.
        let inside = path
            .canonicalize()
            .map(|real| real.starts_with(root))
            .unwrap_or(true);
        if !inside {
            problems.push(format!("{file} leads out of the folder and is not read"));
            unread.push(file);
            continue;
        }
        match fs::load(&RealFs::new(), &path) {
            Ok(loaded) => texts.push((file, loaded.text.to_string())),
            Err(LoadError::NotFound { .. }) if !leads_nowhere(&RealFs::new(), &path) => {}
            Err(error) => {
                let why = match error {
                    LoadError::NotFound { .. } => LEADS_NOWHERE.to_owned(),
                    error => error.to_string(),
                };
                problems.push(format!("{file} cannot be read: {why}"));
                unread.push(file);
            }
        }
    }
    let files = SpecFiles::from_files(texts);
    if let Some(problem) = files.config_problem() {
        problems.push(format!("{} is malformed: {problem}", SpecFiles::CONFIG));
    }
    Ok(ReadSpec {
        folder: SpecFolder::summarize(name, &files),
        files,
        problems,
        unread,
    })
}
