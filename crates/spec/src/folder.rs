//! A spec as a whole, from its files' texts.

use crate::bugfix::BugfixDoc;
use crate::config::SpecConfig;
use crate::coverage::coverage;
use crate::design::DesignDoc;
use crate::diagnostic::{ProblemCount, SpecDiagnostic};
use crate::document::{Document, SpecType};
use crate::phase::{DocumentState, PhaseStatus, SpecState, phase};
use crate::requirements::RequirementsDoc;
use crate::tasks::{Progress, TasksDoc};

/// The texts of a spec's files; `None` where a file is missing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SpecFiles {
    /// requirements.md.
    pub requirements: Option<String>,
    /// bugfix.md.
    pub bugfix: Option<String>,
    /// design.md.
    pub design: Option<String>,
    /// tasks.md.
    pub tasks: Option<String>,
    /// `.config.kiro`.
    pub config: Option<String>,
}

impl SpecFiles {
    /// The name of the configuration's file.
    pub const CONFIG: &'static str = ".config.kiro";

    /// The names of all of them, the configuration's last.
    pub const NAMES: [&'static str; 5] = [
        Document::Requirements.file_name(),
        Document::Bugfix.file_name(),
        Document::Design.file_name(),
        Document::Tasks.file_name(),
        Self::CONFIG,
    ];

    /// The texts from file names and contents; other files are left alone.
    pub fn from_files<N: AsRef<str>, T: Into<String>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let mut found = Self::default();
        for (name, text) in files {
            let slot = match Document::from_file_name(name.as_ref()) {
                Some(Document::Requirements) => &mut found.requirements,
                Some(Document::Bugfix) => &mut found.bugfix,
                Some(Document::Design) => &mut found.design,
                Some(Document::Tasks) => &mut found.tasks,
                None if name.as_ref() == Self::CONFIG => &mut found.config,
                None => continue,
            };
            *slot = Some(text.into());
        }
        found
    }

    /// A document's text.
    pub fn text(&self, document: Document) -> Option<&str> {
        match document {
            Document::Requirements => self.requirements.as_deref(),
            Document::Bugfix => self.bugfix.as_deref(),
            Document::Design => self.design.as_deref(),
            Document::Tasks => self.tasks.as_deref(),
        }
    }

    /// Why the configuration cannot be read, where there is one that is malformed.
    pub fn config_problem(&self) -> Option<String> {
        let config = SpecConfig::parse(self.config.as_deref()?);
        config.problem().map(str::to_owned)
    }
}

/// What there is to say about a spec: for lists, and for what may be done next.
#[derive(Clone, Debug)]
pub struct SpecFolder {
    /// The folder's name, which identifies the spec.
    pub name: String,
    /// Feature, bug or quick spec.
    pub spec_type: SpecType,
    /// Which documents exist and are approved.
    pub state: SpecState,
    /// Where it stands.
    pub phase: PhaseStatus,
    /// How far its tasks are.
    pub progress: Progress,
    /// The documents that exist, in the workflow's order.
    pub documents: Vec<Document>,
    /// Everything that is wrong with its documents, by themselves and together: by document in
    /// the workflow's order, errors first, then by their place.
    pub diagnostics: Vec<(Document, SpecDiagnostic)>,
}

impl SpecFolder {
    /// Judges a spec by its files' texts.
    pub fn summarize(name: &str, files: &SpecFiles) -> Self {
        let config = SpecConfig::parse(files.config.as_deref().unwrap_or_default());
        let spec_type = match config.spec_type() {
            // Older folders say nothing, and hold a bugfix.md.
            SpecType::Feature if files.bugfix.is_some() && files.requirements.is_none() => {
                SpecType::Bugfix
            }
            other => other,
        };
        let first = spec_type.first_document();
        let document = |document: Document| DocumentState {
            exists: files
                .text(document)
                .is_some_and(|text| !text.trim().is_empty()),
            // Nothing counts as approved where what says so cannot be read.
            approved: match config.problem() {
                Some(_) => Some(false),
                None => config.is_approved(document),
            },
        };
        let state = SpecState {
            requirements: document(first),
            design: document(Document::Design),
            tasks: document(Document::Tasks),
            workflow: config.workflow(),
        };
        let order = crate::phase::Phase::order(state.workflow);
        let documents: Vec<_> = order
            .iter()
            .filter_map(|phase| phase.document(spec_type))
            .filter(|document| files.text(*document).is_some())
            .collect();
        let tasks = files.tasks.as_deref().map(TasksDoc::parse);
        let mut diagnostics = diagnostics(files, tasks.as_ref());
        diagnostics.sort_by_key(|(document, found)| {
            let place = documents.iter().position(|listed| listed == document);
            (
                place.unwrap_or(documents.len()),
                found.severity,
                found.range.start,
            )
        });
        Self {
            name: name.to_string(),
            spec_type,
            state,
            phase: phase(&state),
            progress: tasks.as_ref().map(TasksDoc::progress).unwrap_or_default(),
            documents,
            diagnostics,
        }
    }

    /// What is wrong with one document.
    pub fn problems_of(&self, document: Document) -> impl Iterator<Item = &SpecDiagnostic> {
        self.diagnostics
            .iter()
            .filter(move |(of, _)| *of == document)
            .map(|(_, found)| found)
    }

    /// How much is wrong with all documents.
    pub fn problem_count(&self) -> ProblemCount {
        ProblemCount::of(self.diagnostics.iter().map(|(_, found)| found))
    }
}

fn diagnostics(files: &SpecFiles, tasks: Option<&TasksDoc>) -> Vec<(Document, SpecDiagnostic)> {
    let mut found = Vec::new();
    let mut add = |document: Document, list: Vec<SpecDiagnostic>| {
        found.extend(list.into_iter().map(|diagnostic| (document, diagnostic)));
    };
    let requirements = files.requirements.as_deref().map(RequirementsDoc::parse);
    let design = files.design.as_deref().map(DesignDoc::parse);
    if let Some(document) = &requirements {
        add(Document::Requirements, document.diagnostics().to_vec());
    }
    if let Some(text) = &files.bugfix {
        add(
            Document::Bugfix,
            BugfixDoc::parse(text).diagnostics().to_vec(),
        );
    }
    if let Some(document) = &design {
        add(Document::Design, document.diagnostics().to_vec());
    }
    if let Some(document) = tasks {
        add(Document::Tasks, document.diagnostics());
    }
    if let Some(requirements) = &requirements {
        let coverage = coverage(requirements, design.as_ref(), tasks);
        add(Document::Requirements, coverage.requirements);
        add(Document::Design, coverage.design);
        add(Document::Tasks, coverage.tasks);
    }
    found
}
