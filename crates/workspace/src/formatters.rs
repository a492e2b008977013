//! Which programs lay out a file: the ones that Kiln knows for its language, or the one that the user
//! wrote into their settings. None runs that the user did not allow for the folder.

use std::path::Path;

use lsp::{FormatterEntry, ServerProgram};

use crate::language_servers::LanguageServers;
use crate::server_consent::KeepConsentJob;
use crate::server_search::{Places, ProgramSource};
use crate::{BufferId, Workspace, WorkspaceEvent};

/// A formatter whose program was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFormatter {
    /// What the catalogue or the user says of it.
    pub entry: FormatterEntry,
    /// What is run.
    pub program: ServerProgram,
    /// Where the program comes from.
    pub source: ProgramSource,
}

/// What was found for a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormattersFound {
    /// Those that can be run, preferred ones first.
    pub found: Vec<FoundFormatter>,
    /// Those that are not there.
    pub missing: Vec<FormatterEntry>,
}

/// Who is to lay a file out, as the settings say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatterChoice {
    /// Nobody in particular.
    Any,
    /// A language server of this name.
    Server(String),
    /// This program.
    Program(FormatterEntry),
}

/// Looks for formatters; it asks the disk, and is to be run off the UI thread.
#[derive(Clone)]
pub struct FindFormattersJob {
    entries: Vec<FormatterEntry>,
    /// Whether those are left out that the project does not want.
    by_itself: bool,
    places: Places,
    folder: std::path::PathBuf,
    file: std::path::PathBuf,
}

impl FormattersFound {
    /// Takes those along that it does not have yet.
    pub fn join(&mut self, more: Self) {
        for one in more.found {
            if !self.found.contains(&one) {
                self.found.push(one);
            }
        }
        for one in more.missing {
            if !self.missing.contains(&one) {
                self.missing.push(one);
            }
        }
    }
}

impl FindFormattersJob {
    /// Has those found too that the project does not ask for.
    #[must_use]
    pub fn also_unasked(self) -> Self {
        Self {
            by_itself: false,
            ..self
        }
    }

    /// Looks.
    pub fn run(&self) -> FormattersFound {
        let mut all = FormattersFound::default();
        let real = (self.file.canonicalize(), self.folder.canonicalize());
        let (Ok(real), Ok(folder)) = real else {
            return all;
        };
        // A link out of the folder leads to what the user did not open.
        if !real.starts_with(&folder) {
            return all;
        }
        for entry in &self.entries {
            if self.by_itself && entry.needs_marker && !self.is_marked(entry) {
                continue;
            }
            match self.find(entry) {
                Some(found) => all.found.push(found),
                None => all.missing.push(entry.clone()),
            }
        }
        all
    }

    fn is_marked(&self, entry: &FormatterEntry) -> bool {
        let above = self.file.ancestors().skip(1);
        let mut above = above.take_while(|above| above.starts_with(&self.folder));
        above.any(|above| {
            let mut markers = entry.root_markers.iter();
            markers.any(|marker| above.join(marker).symlink_metadata().is_ok())
        })
    }

    /// The project's own before one that all projects have.
    fn find(&self, entry: &FormatterEntry) -> Option<FoundFormatter> {
        let name = &entry.program;
        let own = lsp::find_in_project(name, &self.file, &self.folder);
        let (program, variables, source) = match own {
            Some(own) => (own.program, own.variables, ProgramSource::Project),
            None => {
                let path = &self.places.search_path;
                let program = lsp::find_program_or_file(name, path, &self.folder)?;
                (program, Vec::new(), ProgramSource::Path)
            }
        };
        Some(FoundFormatter {
            program: ServerProgram {
                program,
                arguments: entry.arguments_for(&self.file),
                folder: self.folder.clone(),
                project: self.folder.clone(),
                variables,
            },
            entry: entry.clone(),
            source,
        })
    }
}

impl LanguageServers {
    /// The choice of a setting that names a formatter or a language server.
    ///
    /// # Errors
    /// Why there is none such, with what there is for the language.
    pub fn named_formatter(&self, name: &str, language: &str) -> Result<FormatterChoice, String> {
        let formatters: Vec<_> = self.formatters().of_language(language).collect();
        if let Some(entry) = formatters.iter().find(|one| one.is_called(name)) {
            return Ok(FormatterChoice::Program((*entry).clone()));
        }
        let servers: Vec<_> = self.catalogue().of_language(language).collect();
        let server = servers.iter().find(|one| {
            let extension = |one: &String| one.eq_ignore_ascii_case(name);
            one.name == name || one.extensions.iter().any(extension)
        });
        if let Some(server) = server {
            return Ok(FormatterChoice::Server(server.name.clone()));
        }
        let names = formatters.iter().map(|one| one.name.as_str());
        let mut known: Vec<_> = names.collect();
        for server in servers {
            if !known.contains(&server.name.as_str()) {
                known.push(&server.name);
            }
        }
        Err(match known.is_empty() {
            true => format!(
                "`editor.defaultFormatter` is \"{name}\", but Kiln knows no formatter for {language}; `kiln.formatter` takes a program of yours"
            ),
            false => format!(
                "`editor.defaultFormatter` is \"{name}\", which lays out no {language}; there are {}",
                known.join(", ")
            ),
        })
    }

    /// Whether a program is known that lays the buffer's language out.
    pub fn knows_formatters(&self, workspace: &Workspace, id: BufferId) -> bool {
        let language = workspace
            .buffer(id)
            .map(|buffer| buffer.language().id_str());
        language.is_some_and(|language| self.formatters().of_language(language).next().is_some())
    }

    /// The search for a buffer's formatters: for all of its language, or for one. `None` where it has
    /// no file in the folder.
    pub fn find_formatters_job(
        &self,
        workspace: &Workspace,
        id: BufferId,
        choice: &FormatterChoice,
    ) -> Option<FindFormattersJob> {
        let buffer = workspace.buffer(id)?;
        let file = buffer
            .path()
            .filter(|path| path.starts_with(workspace.root()))?;
        let language = buffer.language().id_str();
        let entries = match choice {
            FormatterChoice::Program(entry) => vec![entry.clone()],
            FormatterChoice::Any => self.formatters().of_language(language).cloned().collect(),
            FormatterChoice::Server(_) => Vec::new(),
        };
        Some(FindFormattersJob {
            entries,
            by_itself: *choice == FormatterChoice::Any,
            places: self.places().clone(),
            folder: workspace.root().to_path_buf(),
            file: file.to_path_buf(),
        })
    }

    /// Whether a formatter may run in the folder; `None` where the user is to be asked.
    pub fn allows_formatter(&self, found: &FoundFormatter) -> Option<bool> {
        let (name, program, arguments) = asked_about(found);
        self.consent().of(&name, program, arguments)
    }

    /// The formatter that the user is asked about for a buffer.
    pub fn formatter_question(&self, id: BufferId) -> Option<&FoundFormatter> {
        self.formatter_questions().get(&id)
    }

    /// Asks the user about a formatter for a buffer.
    pub fn ask_about_formatter(
        &mut self,
        workspace: &mut Workspace,
        id: BufferId,
        found: FoundFormatter,
    ) {
        self.formatter_questions_mut().insert(id, found);
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
    }

    /// Takes what the user says about the formatter that they are asked about for a buffer, for the
    /// whole folder. The formatter, and the job that keeps the answer for the next start.
    pub fn answer_formatter(
        &mut self,
        workspace: &mut Workspace,
        id: BufferId,
        allowed: bool,
    ) -> Option<(FoundFormatter, KeepConsentJob)> {
        let found = self.formatter_questions_mut().remove(&id)?;
        // It is the same question wherever it is asked.
        let same = |one: &FoundFormatter| {
            one.entry == found.entry && one.program.program == found.program.program
        };
        self.formatter_questions_mut().retain(|_, one| !same(one));
        let (name, program, arguments) = asked_about(&found);
        let consent = self.consent_mut();
        let kept = consent.answer(&name, program, arguments, allowed);
        workspace.emit(WorkspaceEvent::LanguageServersChanged);
        Some((found, kept))
    }
}

/// What an answer is about: not the file, which differs each time. A server may have the same name.
fn asked_about(found: &FoundFormatter) -> (String, &Path, &[String]) {
    let name = format!("formatter:{}", found.entry.name);
    (name, &found.program.program, &found.entry.arguments)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::ServerConsent;
    use lsp::{Catalogue, Formatters};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    fn formatters() -> Formatters {
        let one = |name: &str, more: &str| {
            format!(
                "[[formatter]]\nname = \"{name}\"\nlanguages = [\"python\"]\nprogram = \"{name}\"\narguments = [\"{{buffer_path}}\"]\n{more}\n"
            )
        };
        let ruled = "needs_marker = true\nroot_markers = [\"ruled.toml\"]";
        let all = [
            one("ruled", ruled),
            one("first", ""),
            one("second", "extensions = [\"a.second\"]"),
        ];
        Formatters::parse(&all.concat()).unwrap()
    }

    fn install(folder: &Path, name: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let file = folder.join(name);
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    }

    #[test]
    fn the_projects_own_comes_first_and_nothing_runs_that_nobody_allowed() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        let (project, bin) = (root.join("project"), root.join("bin"));
        std::fs::create_dir_all(project.join("src")).unwrap();
        std::fs::write(project.join("src/a.py"), "x\n").unwrap();
        for name in ["ruled", "first", "second"] {
            install(&bin, name);
        }
        let fs = std::sync::Arc::new(fs::RealFs::new());
        let mut workspace = Workspace::new(project.clone(), fs);
        let id = workspace.open_blocking(&project.join("src/a.py")).unwrap();
        let consent = ServerConsent::read(&root.join("state"), &project);
        let catalogue = Catalogue::parse("server = []").unwrap();
        let servers = LanguageServers::new(catalogue, consent, bin.clone().into());
        let mut servers = servers.with_formatters(formatters());
        let look = |workspace: &Workspace, servers: &LanguageServers, choice: &FormatterChoice| {
            let job = servers.find_formatters_job(workspace, id, choice);
            job.unwrap().run()
        };
        let names = |found: &FormattersFound| -> Vec<String> {
            found
                .found
                .iter()
                .map(|one| one.entry.name.clone())
                .collect()
        };
        let any = FormatterChoice::Any;
        assert_eq!(
            names(&look(&workspace, &servers, &any)),
            ["first", "second"]
        );
        std::fs::write(project.join("ruled.toml"), "").unwrap();
        assert_eq!(
            names(&look(&workspace, &servers, &any)),
            ["ruled", "first", "second"]
        );

        let own = install(&project.join(".venv/bin"), "second");
        let chosen = servers.named_formatter("A.Second", "python").unwrap();
        let second = look(&workspace, &servers, &chosen).found.remove(0);
        assert_eq!(
            (&second.program.program, second.source),
            (&own, ProgramSource::Project)
        );
        assert_eq!(
            second.program.arguments,
            [project.join("src/a.py").to_str().unwrap()]
        );
        assert_eq!(second.program.folder, project);

        assert_eq!(servers.allows_formatter(&second), None);
        servers.ask_about_formatter(&mut workspace, id, second.clone());
        assert_eq!(servers.formatter_question(id), Some(&second));
        let (answered, kept) = servers.answer_formatter(&mut workspace, id, true).unwrap();
        kept.run().unwrap();
        assert_eq!(
            (answered, servers.formatter_question(id)),
            (second.clone(), None)
        );
        assert_eq!(servers.allows_formatter(&second), Some(true));
        let on_path = look(&workspace, &servers, &any).found.remove(1);
        assert_eq!(
            servers.allows_formatter(&on_path),
            None,
            "of another nobody was asked"
        );
        let mut other = second.clone();
        other.entry.arguments.push("--more".into());
        assert_eq!(servers.allows_formatter(&other), None);

        let file = FormatterEntry::of_command(bin.join("first").to_str().unwrap(), &[]);
        let found = look(&workspace, &servers, &FormatterChoice::Program(file));
        assert_eq!(names(&found), ["first"]);
        let inside = FormatterEntry::of_command(own.to_str().unwrap(), &[]);
        let found = look(
            &workspace,
            &servers,
            &FormatterChoice::Program(inside.clone()),
        );
        assert_eq!(
            found.missing,
            [inside],
            "a file of the project is not run by its path"
        );
    }

    #[test]
    fn a_name_that_nothing_has_is_told() {
        let servers = "[[server]]\nname = \"srv\"\nprogram = \"srv\"\nlanguages = [\"python\"]\nextensions = [\"x.srv\"]\ninstall = \"-\"";
        let servers = Catalogue::parse(servers).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let consent = ServerConsent::read(scratch.path(), scratch.path());
        let servers = LanguageServers::new(servers, consent, "".into());
        let servers = servers.with_formatters(formatters());
        let named = |name: &str, language: &str| servers.named_formatter(name, language);
        assert_eq!(
            named("x.srv", "python"),
            Ok(FormatterChoice::Server("srv".into()))
        );
        assert_eq!(
            named("blue", "python").unwrap_err(),
            "`editor.defaultFormatter` is \"blue\", which lays out no python; there are ruled, first, second, srv"
        );
        assert!(
            named("first", "lua")
                .unwrap_err()
                .contains("`kiln.formatter`")
        );
    }
}
