//! One server with one project.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use editor_core::{ChangeSet, Edit, IndentStyle, Text};
use lsp::{
    Catalogue, CompletionTrigger, Destination, Diagnostic, DiagnosticSeverity, LanguageServer,
    Limits, ServerEntry, ServerEvent, ServerOptions, ServerProgram, ServerState, TraceLevel,
    change_of, find_program,
};

use super::case::{Case, Outcome, Report, Step};
use super::marked::Marked;

/// Names the folders with the programs of language servers, before those of PATH.
const SERVERS: &str = "KILN_TEST_LANGUAGE_SERVERS";
/// A server that takes longer is taken for stuck.
pub(super) const LONGEST: Duration = Duration::from_secs(60);
/// Between questions that a server does not answer yet: it does not tell when it has read the
/// project.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// Tries all of a case; `None` where its server is not installed.
///
/// # Errors
/// The case itself, or the scratch folder.
pub fn run(case: &'static Case) -> Result<Option<Report>> {
    let project = tempfile::tempdir()?;
    let root = project.path().canonicalize()?;
    let Some((entry, program)) = installed(case, &root)? else {
        return Ok(None);
    };
    let mut session = Session::open(case, entry, program, &root)?;
    let ran = session.until_it_runs();
    let start = session.begun.elapsed();
    let outcomes = match ran {
        Ok(()) => Step::ALL
            .iter()
            .map(|step| session.outcome(*step))
            .collect(),
        Err(error) => vec![Outcome::Failed(format!("{error:#}")); Step::ALL.len()],
    };
    session.server.stop();
    Ok(Some(Report {
        case,
        start,
        outcomes,
    }))
}

/// The entry of a server in the catalogue and its program, where that is installed.
pub(super) fn installed(
    case: &Case,
    project: &Path,
) -> Result<Option<(ServerEntry, ServerProgram)>> {
    let entry = Catalogue::bundled()?
        .servers
        .into_iter()
        .find(|one| one.name == case.server)
        .with_context(|| format!("{} is not in the catalogue", case.server))?;
    let kept = super::install::installed().and_then(|installed| installed.find(&entry));
    let (program, variables) = match kept {
        Some(kept) => (Some(kept.program), kept.variables),
        None => {
            let named = std::env::var_os(SERVERS).unwrap_or_default();
            let path = std::env::var_os("PATH").unwrap_or_default();
            let folders = std::env::split_paths(&named).chain(std::env::split_paths(&path));
            let path = std::env::join_paths(folders)?;
            (find_program(&entry.program, &path, project), Vec::new())
        }
    };
    let found = program.map(|program| ServerProgram {
        program,
        arguments: entry.arguments.clone(),
        folder: project.to_owned(),
        project: project.to_owned(),
        variables,
    });
    Ok(found.map(|program| (entry, program)))
}

/// What is said to be wrong, with the bytes.
pub(super) type Said = Vec<(std::ops::Range<usize>, Diagnostic)>;

pub(super) struct Session {
    pub(super) case: &'static Case,
    files: Vec<(PathBuf, Marked)>,
    pub(super) server: LanguageServer,
    events: Receiver<ServerEvent>,
    begun: Instant,
    /// The first file as it is now.
    pub(super) text: Text,
    version: u64,
}

impl Session {
    /// Writes the project, and starts the server with its first file.
    pub(super) fn open(
        case: &'static Case,
        entry: ServerEntry,
        program: ServerProgram,
        root: &Path,
    ) -> Result<Self> {
        let mut files = Vec::new();
        for (name, source) in case.files {
            let path = root.join(name);
            let marked = Marked::parse(&source.replace("{root}", &root.to_string_lossy()))?;
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(&path, &marked.text)?;
            files.push((path, marked));
        }
        let options = ServerOptions {
            name: case.server.into(),
            root: root.to_owned(),
            initialization_options: entry.initialization_options,
            settings: entry.settings,
            limits: Limits::default(),
            trace: TraceLevel::Off,
        };
        let begun = Instant::now();
        let (server, told) = LanguageServer::start(options, Arc::new(program));
        // They are waited for with an end, which the server's channel does not have.
        let (sender, events) = channel();
        thread::spawn(move || {
            while let Ok(event) = told.recv_blocking() {
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
        let (path, marked) = files.first().context("a case without files")?;
        let text = Text::new(&marked.text);
        server.open(path, case.language_id, 0, &text);
        Ok(Self {
            case,
            text,
            version: 0,
            files,
            server,
            events,
            begun,
        })
    }

    pub(super) fn until_it_runs(&self) -> Result<()> {
        while !matches!(
            self.next()?,
            ServerEvent::StateChanged(ServerState::Running)
        ) {}
        Ok(())
    }

    fn outcome(&mut self, step: Step) -> Outcome {
        if self.case.lacks.contains(&step) {
            return Outcome::Lacks;
        }
        let done = match step {
            Step::Diagnostic => self.diagnostic(),
            Step::Completion => self.completion(),
            Step::Hover => self.hover(),
            Step::Definition => self.definition(),
            Step::Rename => self.rename(),
            Step::Format => self.format(),
            other => match self.feature(other) {
                Ok(outcome) => return outcome,
                Err(error) => Err(error),
            },
        };
        match done {
            Ok(()) => Outcome::Works,
            Err(error) => Outcome::Failed(format!("{error:#}")),
        }
    }

    /// The file that is open.
    pub(super) fn file(&self) -> &Path {
        &self.files[0].0
    }

    /// Opens the other files of the language too; all that are open.
    pub(super) fn open_others(&self) -> Vec<PathBuf> {
        for (path, marked) in self.others() {
            let text = Text::new(&marked.text);
            self.server.open(path, self.case.language_id, 0, &text);
        }
        let others = self.others().map(|(path, _)| path.as_path());
        let open = std::iter::once(self.file()).chain(others);
        open.map(Path::to_path_buf).collect()
    }

    /// Closes them again.
    pub(super) fn close_others(&self) {
        for (path, _) in self.others() {
            self.server.close(path);
        }
    }

    fn others(&self) -> impl Iterator<Item = &(PathBuf, Marked)> {
        let extension = self.file().extension();
        let others = self.files.iter().skip(1);
        others.filter(move |(path, _)| path.extension() == extension)
    }

    /// The byte of a mark in the file as it was written, which it is again between steps.
    pub(super) fn mark(&self, name: &str) -> Result<usize> {
        let place = self.files[0].1.mark(name);
        place.with_context(|| format!("no mark {name}"))
    }

    /// Replaces bytes, and tells the server.
    pub(super) fn edit(&mut self, edits: Vec<Edit>) -> Result<()> {
        let changes = ChangeSet::from_edits(self.text.len(), edits)?;
        self.text = changes.apply(&self.text)?;
        self.version += 1;
        let file = self.files[0].0.clone();
        self.server
            .edited(&file, &changes, self.version, &self.text);
        Ok(())
    }

    fn insert(&mut self, at: usize, new: &str) -> Result<()> {
        self.edit(vec![Edit::new(at..at, new)])
    }

    /// The file as it was written.
    pub(super) fn reset(&mut self) -> Result<()> {
        let (all, source) = (0..self.text.len(), self.files[0].1.text.clone());
        self.edit(vec![Edit::new(all, source)])
    }

    /// What the server tells next.
    pub(super) fn next(&self) -> Result<ServerEvent> {
        match self.events.recv_timeout(LONGEST) {
            Ok(ServerEvent::StateChanged(
                ServerState::Restarting { reason } | ServerState::Failed { reason },
            )) => bail!("it ended: {reason}; {:#?}", self.server.log()),
            Ok(event) => Ok(event),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                bail!("it tells nothing; {:#?}", self.server.log())
            }
        }
    }

    /// Asks until there is an answer: a server may still be reading the project.
    fn until<T>(&self, mut ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        let deadline = Instant::now() + LONGEST;
        loop {
            match ask() {
                Ok(Some(found)) => return Ok(found),
                Ok(None) if Instant::now() > deadline => bail!("nothing was answered"),
                Err(error) if Instant::now() > deadline => return Err(error),
                Ok(None) | Err(_) => thread::sleep(PAUSE),
            }
        }
    }

    /// Waits for what is said of the text as it is, until that is as wanted.
    pub(super) fn said(&self, wanted: impl Fn(&[usize]) -> bool) -> Result<Said> {
        let deadline = Instant::now() + LONGEST;
        let mut last = Vec::new();
        while Instant::now() < deadline {
            let said = match self.server.pulls_diagnostics() {
                true => {
                    let said = self.server.pull_diagnostics(self.file()).wait_blocking();
                    thread::sleep(PAUSE);
                    said.ok().flatten()
                }
                false => match self.next()? {
                    ServerEvent::Diagnostics {
                        path,
                        version,
                        diagnostics,
                    } if path == self.file() => Some((version, diagnostics)),
                    _ => None,
                },
            };
            let Some((version, diagnostics)) = said else {
                continue;
            };
            if version != self.version {
                continue;
            }
            let mistakes = diagnostics.iter().filter(|(_, one)| is_mistake(one));
            let mistakes: Said = mistakes.map(|(range, one)| (range, one.clone())).collect();
            let rows = mistakes.iter();
            last = rows
                .map(|(range, _)| self.text.row_at(range.start))
                .collect();
            if wanted(&last) {
                return Ok(mistakes);
            }
        }
        bail!(
            "mistakes are marked in rows {last:?} of {:?}",
            self.text.to_string()
        )
    }

    fn diagnostic(&mut self) -> Result<()> {
        let at = self.mark("error")?;
        let row = self.text.row_at(at);
        self.insert(at, self.case.mistake)?;
        // Some mark the line behind, where they miss something.
        let near = |row: usize| move |rows: &[usize]| rows.iter().any(|one| one.abs_diff(row) <= 1);
        self.said(near(row)).context("with the mistake")?;
        self.insert(at, "\n\n\n")?;
        self.said(near(row + 3)).context("with lines above")?;
        self.reset()?;
        self.said(|rows| rows.is_empty()).context("mended")?;
        Ok(())
    }

    fn completion(&mut self) -> Result<()> {
        let (typed, wanted) = self.case.completion;
        let at = self.mark("complete")?;
        self.insert(at, typed)?;
        let at = at + typed.trim_end().len();
        let offered = self.until(|| {
            let asked = CompletionTrigger::Invoked;
            let list = self.server.completion(self.file(), at, &asked);
            let list = list.wait_blocking()?;
            let mut labels = list.items.iter().map(|item| item.label.trim());
            match labels.any(|label| label.starts_with(wanted)) {
                true => Ok(Some(())),
                false => bail!("of {} items none is {wanted}", list.items.len()),
            }
        });
        self.reset()?;
        offered
    }

    pub(super) fn hover(&self) -> Result<()> {
        let at = self.mark("use")?;
        self.until(|| {
            let hover = self.server.hover(self.file(), at).wait_blocking()?;
            match hover {
                Some(hover) if hover.markdown.contains(self.case.says) => Ok(Some(())),
                other => bail!("it says {other:?}"),
            }
        })
    }

    fn definition(&mut self) -> Result<()> {
        let at = self.mark("use")?;
        let defined = self.files.iter().find_map(|(path, marked)| {
            let row = marked
                .text
                .get(..marked.mark("defined")?)?
                .matches('\n')
                .count();
            Some((path.clone(), row))
        });
        let wanted = defined.context("no mark defined")?;
        self.until(|| {
            let definition = Destination::Definition;
            let asked = self.server.destinations(self.file(), at, definition);
            let found = asked.wait_blocking()?;
            let found = found
                .into_iter()
                .map(|one| (one.path, one.position.line as usize));
            let found: Vec<_> = found.collect();
            match found.contains(&wanted) {
                true => Ok(Some(())),
                false => bail!("it finds {found:?}"),
            }
        })
    }

    fn rename(&mut self) -> Result<()> {
        let (name, wanted) = self.case.rename;
        let at = self.mark("use")?;
        self.until(|| {
            let edit = self
                .server
                .rename(self.file(), at, name)
                .wait_blocking()??;
            let mut found = 0;
            for file in edit.files() {
                let source = match file.path == self.file() {
                    true => self.text.clone(),
                    false => Text::new(&std::fs::read_to_string(&file.path)?),
                };
                let changed = file.change(&source)?.apply(&source)?;
                found += changed.to_string().matches(name).count();
            }
            match found == wanted {
                true => Ok(Some(())),
                false => bail!("{name} stands {found} times after {edit:?}"),
            }
        })
    }

    fn format(&mut self) -> Result<()> {
        let at = self.mark("format")?;
        self.insert(at, self.case.spoilt)?;
        let formatted = self.until(|| {
            let indent = IndentStyle {
                tab_size: self.case.tab_size,
                insert_spaces: !self.files[0].1.text.contains('\t'),
            };
            let asked = self.server.formatting(self.file(), None, &indent);
            let (_, edits) = asked.wait_blocking()?.context("no edits")?;
            let after = change_of(&self.text, edits)?.apply(&self.text)?.to_string();
            match after == self.files[0].1.text {
                true => Ok(Some(())),
                false => bail!("it makes {after:?}"),
            }
        });
        self.reset()?;
        formatted
    }
}

pub(super) fn is_mistake(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.severity,
        DiagnosticSeverity::Error | DiagnosticSeverity::Warning
    )
}
