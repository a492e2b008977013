use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use editor_core::{ChangeSet, Edit};
use lsp::{Catalogue, DiagnosticSeverity, FakeServer, ServerEvent, ServerState};

use crate::{BufferId, LanguageServers, ServerConsent, ServerKey, Workspace, WorkspaceEvent};

const CATALOGUE: &str = r#"
[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
root_markers = ["Cargo.toml"]
interpreter = "fake.python"
install = "it comes with the tests"
"#;

/// A folder with a file, and a program outside it that stands for a server.
struct Session {
    scratch: tempfile::TempDir,
    project: PathBuf,
    fake: FakeServer,
    servers: LanguageServers,
    workspace: Workspace,
    file: BufferId,
    told: Vec<(ServerKey, async_channel::Receiver<ServerEvent>)>,
}

fn program(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let file = folder.join("fake-server");
    std::fs::write(&file, "#!/bin/sh\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn servers(scratch: &Path, project: &Path, path: OsString, fake: &FakeServer) -> LanguageServers {
    servers_of(CATALOGUE, scratch, project, path, fake)
}

fn servers_of(
    catalogue: &str,
    scratch: &Path,
    project: &Path,
    path: OsString,
    fake: &FakeServer,
) -> LanguageServers {
    let consent = ServerConsent::read(&scratch.join("state"), project);
    let fake = fake.clone();
    let launch = Box::new(move |_| Arc::new(fake.clone()) as Arc<dyn lsp::Launch>);
    LanguageServers::with_launcher(Catalogue::parse(catalogue).unwrap(), consent, path, launch)
}

impl Session {
    fn new(scenario: &str, text: &str) -> Self {
        Self::with_catalogue(CATALOGUE, scenario, text)
    }

    fn with_catalogue(catalogue: &str, scenario: &str, text: &str) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        let project = root.join("project");
        std::fs::create_dir_all(project.join("part/src")).unwrap();
        std::fs::write(project.join("part/Cargo.toml"), "").unwrap();
        std::fs::write(project.join("part/src/main.rs"), text).unwrap();
        program(&root.join("bin"));
        let fake = FakeServer::new(scenario);
        let path = root.join("bin").into();
        let servers = servers_of(catalogue, &root, &project, path, &fake);
        let mut workspace = Workspace::new(project.clone(), Arc::new(fs::RealFs::new()));
        let file = workspace
            .open_blocking(&project.join("part/src/main.rs"))
            .unwrap();
        let mut session = Self {
            scratch,
            project,
            fake,
            servers,
            workspace,
            file,
            told: Vec::new(),
        };
        session.pass_on();
        session
    }

    /// Does what the window does with what happened.
    fn pass_on(&mut self) {
        for event in self.workspace.take_events() {
            let look = self.servers.workspace_event(&mut self.workspace, &event);
            if let WorkspaceEvent::BufferOpened(_) = event
                && let Some(id) = look
            {
                let job = self.servers.find_job(&self.workspace, id);
                let found = job.map(|job| job.run()).unwrap_or_default();
                self.servers.found(&mut self.workspace, id, found);
            }
        }
        self.told.extend(self.servers.take_started());
    }

    fn allow(&mut self, allowed: bool) {
        let (workspace, file) = (&mut self.workspace, self.file);
        let kept = self.servers.answer(workspace, file, "fake", allowed);
        kept.unwrap().run().unwrap();
        self.pass_on();
    }

    /// Takes what the newest server tells until something of it holds.
    fn until(&mut self, holds: impl Fn(&Session) -> bool) {
        while !holds(self) {
            let (key, events) = self.told.last().unwrap();
            let (key, event) = (key.clone(), events.recv_blocking().unwrap());
            self.servers.server_event(&mut self.workspace, &key, event);
            // What a server says may start another.
            self.told.extend(self.servers.take_started());
        }
    }

    fn edit(&mut self, at: usize, text: &str) {
        let len = self.workspace.buffer(self.file).unwrap().text().len();
        let changes = ChangeSet::from_edits(len, vec![Edit::new(at..at, text)]).unwrap();
        self.workspace
            .edit_from_elsewhere(self.file, changes)
            .unwrap();
        self.pass_on();
    }

    /// What is marked, as it is in the text now.
    fn marked(&self) -> Vec<String> {
        let buffer = self.workspace.buffer(self.file).unwrap();
        let found = buffer.diagnostics().touching(0..buffer.text().len());
        let texts = found.into_iter();
        texts
            .map(|(range, _)| buffer.text().slice(range).into_owned())
            .collect()
    }
}

#[test]
fn nothing_is_started_until_the_user_says_so_and_then_for_the_folder() {
    let mut session = Session::new("", "an error here\n");
    let question = session.servers.question(session.file).unwrap();
    assert_eq!(question.key.name, "fake");
    assert_eq!(
        question.key.root,
        session.project.join("part"),
        "the folder with the mark"
    );
    assert_eq!(session.fake.launches(), 0);
    session.edit(0, "x");
    assert_eq!((session.fake.launches(), session.told.len()), (0, 0));

    session.allow(true);
    assert_eq!(session.servers.question(session.file), None);
    session.until(|session| session.marked() == ["error"]);
    assert_eq!(session.fake.launches(), 1);

    // The next start of Kiln knows it; another folder is asked about.
    let root = session.scratch.path().canonicalize().unwrap();
    let path: OsString = root.join("bin").into();
    let state = root.join("state");
    let program = root.join("bin/fake-server");
    let kept = ServerConsent::read(&state, &session.project);
    assert_eq!(kept.of("fake", &program, &[]), Some(true));
    assert_eq!(
        ServerConsent::read(&state, &root).of("fake", &program, &[]),
        None
    );
    let inside: Vec<_> = std::fs::read_dir(&session.project).unwrap().collect();
    assert_eq!(inside.len(), 1, "nothing was written to the project");
    let again = servers(&root, &session.project, path, &session.fake);
    assert_eq!(again.question(session.file), None);

    session.allow(false);
    assert_eq!(session.marked(), Vec::<String>::new());
    assert!(session.servers.started_for(session.file).next().is_none());
    session.edit(0, "y");
    let mut found = session.servers.found_for(session.file);
    assert_eq!(found.next().unwrap().1, Some(false));
    drop(found);
    session.allow(true);
    session.until(|session| session.marked() == ["error"]);
    assert_eq!(session.fake.launches(), 2);
}

impl Session {
    /// Opens another file of the project, in a folder that may have a mark.
    fn open(&mut self, name: &str, marked: bool) -> BufferId {
        let path = self.project.join(name);
        let folder = path.parent().unwrap();
        std::fs::create_dir_all(folder).unwrap();
        std::fs::write(&path, "an error\n").unwrap();
        if marked {
            std::fs::write(folder.join("Cargo.toml"), "").unwrap();
        }
        let id = self.workspace.open_blocking(&path).unwrap();
        self.pass_on();
        id
    }

    fn runs(&self, id: BufferId) -> bool {
        let mut status = self.servers.status(id);
        status.any(|(_, state, _)| state == ServerState::Running)
    }
}

#[test]
fn what_one_still_tells_that_was_ended_is_not_taken_for_what_the_next_tells() {
    let mut session = Session::new("", "an error here\n");
    session.allow(true);
    session.until(|session| session.marked() == ["error"]);
    session.allow(false);
    session.allow(true);
    session.until(|session| session.marked() == ["error"]);
    // The first may take longer to end than the second to start.
    let (key, first) = session.told.first().cloned().unwrap();
    while let Ok(event) = first.recv_blocking() {
        session
            .servers
            .server_event(&mut session.workspace, &key, event);
    }
    assert_eq!(session.marked(), ["error"]);
    assert_eq!(session.fake.launches(), 2);
}

#[test]
fn packages_of_one_workspace_have_one_server() {
    let mut session = Session::new("", "fine\n");
    session.allow(true);
    let nested = session.open("part/nested/src.rs", true);
    session.until(|session| session.runs(nested));
    assert_eq!(session.fake.launches(), 1);
    let first = session.servers.of_buffer(session.file).unwrap().0.name();
    assert_eq!(first, "fake");
}

#[test]
fn folders_apart_have_one_server_where_it_takes_several() {
    for (scenario, launches) in [("folders", 1), ("", 2)] {
        let mut session = Session::new(scenario, "fine\n");
        session.allow(true);
        let apart = session.open("apart/src.rs", true);
        session.until(|session| session.runs(session.file));
        session.pass_on();
        session.until(|session| {
            let buffer = session.workspace.buffer(apart).unwrap();
            !buffer.diagnostics().is_empty()
        });
        assert_eq!(session.fake.launches(), launches, "{scenario:?}");
    }
}

#[test]
fn folders_apart_have_servers_of_their_own_where_the_catalogue_says_so() {
    let catalogue = format!("{CATALOGUE}one_folder = true\n");
    let mut session = Session::with_catalogue(&catalogue, "folders", "an error\n");
    session.allow(true);
    session.until(|session| session.marked() == ["error"]);
    let apart = session.open("apart/src.rs", true);
    session.until(|session| {
        let buffer = session.workspace.buffer(apart).unwrap();
        !buffer.diagnostics().is_empty()
    });
    assert_eq!(session.fake.launches(), 2);
    assert_eq!(session.marked(), ["error"], "the first says what it said");
    let folders = session.servers.running().map(|one| one.added_folders());
    assert!(folders.into_iter().all(|added| added.is_empty()));
}

#[test]
fn folders_apart_beyond_a_few_share_a_server() {
    let catalogue = format!("{CATALOGUE}one_folder = true\n");
    let mut session = Session::with_catalogue(&catalogue, "folders", "an error\n");
    session.allow(true);
    session.until(|session| session.marked() == ["error"]);
    for number in 0..7 {
        let apart = session.open(&format!("apart{number}/src.rs"), true);
        session.until(|session| {
            let buffer = session.workspace.buffer(apart).unwrap();
            !buffer.diagnostics().is_empty()
        });
    }
    for number in 7..10 {
        session.open(&format!("apart{number}/src.rs"), true);
    }
    assert_eq!(session.fake.launches(), 8);
    let folders = session
        .servers
        .running()
        .map(|one| one.added_folders().len());
    assert_eq!(
        folders.sum::<usize>(),
        3,
        "the first has the folder that is open"
    );
}

#[test]
fn a_folder_without_open_texts_can_be_left_and_is_told_of_again() {
    let mut session = Session::new("folders", "fine\n");
    session.allow(true);
    let apart = session.open("apart/src.rs", true);
    session.until(|session| session.runs(apart));
    let marks = |id: BufferId| {
        move |session: &Session| {
            let buffer = session.workspace.buffer(id).unwrap();
            !buffer.diagnostics().is_empty()
        }
    };
    session.until(marks(apart));
    let key = session.told[0].0.clone();
    let folder = session.project.join("apart");
    assert_eq!(session.servers.idle_folders(), []);
    session.servers.leave_folder(&key, &folder);
    session.workspace.close(apart);
    session.pass_on();
    let idle = [(key.clone(), folder.clone())];
    assert_eq!(session.servers.idle_folders(), idle);
    session.servers.leave_folder(&key, &folder);
    assert_eq!(session.servers.idle_folders(), []);
    let again = session.open("apart/other.rs", false);
    session.until(marks(again));
    let server = session.servers.by_key(&key).unwrap();
    let told = server.log().into_iter();
    let told: Vec<_> = told.filter(|line| line.contains("folders ")).collect();

    assert_eq!(told.len(), 4, "{told:?}");
    for (line, sign) in told[1..].iter().zip(["+", "-", "+"]) {
        let wanted = format!("folders {sign} {}", folder.display());
        assert!(line.ends_with(&wanted), "{line} is not {wanted}");
    }
    assert_eq!(session.fake.launches(), 1);
}

#[test]
fn a_server_that_no_file_needs_can_be_ended_and_comes_back() {
    let mut session = Session::new("", "an error\n");
    session.allow(true);
    assert_eq!(session.servers.idle().count(), 0);
    let key = session.told[0].0.clone();
    session.servers.end_idle(&mut session.workspace, &key);
    assert!(session.servers.started_for(session.file).next().is_some());
    session.workspace.close(session.file);
    session.pass_on();
    assert_eq!(session.servers.idle().collect::<Vec<_>>(), [&key]);
    session.servers.end_idle(&mut session.workspace, &key);
    assert_eq!(session.servers.idle().count(), 0);
    let again = session.open("part/src/main.rs", false);
    session.until(|session| session.runs(again));
    assert_eq!(session.fake.launches(), 2);
}

#[test]
fn a_yes_is_about_the_program_that_was_named_and_no_other_of_its_name() {
    let mut session = Session::new("", "fine\n");
    let other = session.open("apart/src.rs", true);
    let elsewhere = session.scratch.path().canonicalize().unwrap().join("else");
    program(&elsewhere);
    let mut found = session.servers.question(other).unwrap().clone();
    found.program = elsewhere.join("fake-server");
    session
        .servers
        .found(&mut session.workspace, other, vec![found].into());
    session.allow(true);
    session.until(|session| session.runs(session.file));
    assert!(session.servers.question(other).is_some());
    assert!(session.servers.of_buffer(other).is_none());
    assert_eq!(session.fake.launches(), 1);
}

#[test]
fn marks_move_with_edits_and_late_ones_are_carried_over_them() {
    let mut session = Session::new("late", "an error here\n");
    session.allow(true);
    session.until(|session| {
        let mut status = session.servers.status(session.file);
        status.any(|(_, state, _)| state == ServerState::Running)
    });
    // It tells of version 0 only once it hears of version 1.
    session.edit(0, "some text before ");
    session.until(|session| session.marked() == ["error"]);
    let count = |session: &Session, severity| {
        session
            .workspace
            .buffer(session.file)
            .unwrap()
            .diagnostics()
            .count(severity)
    };
    assert_eq!(count(&session, DiagnosticSeverity::Error), 1);
    session.workspace.take_events();
    let len = session.workspace.buffer(session.file).unwrap().text().len();
    let changes = ChangeSet::from_edits(len, vec![Edit::new(0..5, "")]).unwrap();
    session
        .workspace
        .edit_from_elsewhere(session.file, changes)
        .unwrap();
    assert_eq!(
        session.marked(),
        ["error"],
        "before the server says anything"
    );

    session.workspace.close(session.file);
    session.pass_on();
    assert!(session.servers.started_for(session.file).next().is_none());
}

#[test]
fn the_next_problem_is_around_the_ends_of_the_text() {
    let mut session = Session::new("", "warning error\nerror\n");
    session.allow(true);
    session.until(|session| session.marked().len() == 3);
    let buffer = session.workspace.buffer(session.file).unwrap();
    let step = |from: usize, direction| {
        let next = buffer.diagnostics().next_problem(from, direction);
        next.map(|range| range.start)
    };
    use std::cmp::Ordering::{Greater, Less};
    assert_eq!(step(0, Greater), Some(8));
    assert_eq!(step(8, Greater), Some(14));
    assert_eq!(step(14, Greater), Some(0));
    assert_eq!(step(14, Less), Some(8));
    assert_eq!(step(0, Less), Some(14));
    assert_eq!(
        session.marked(),
        ["error", "error", "warning"],
        "the gravest first"
    );
}

#[test]
fn a_diagnostic_of_a_version_that_is_forgotten_is_dropped() {
    let mut session = Session::new("", "fine\n");
    let diagnostic = lsp::Diagnostic::new(DiagnosticSeverity::Hint, "late");
    let file = session.file;
    let said: lsp::TextDiagnostics = [(0..4, diagnostic)].into_iter().collect();
    let server = ServerKey {
        name: "a".into(),
        root: session.project.clone(),
    };
    session
        .workspace
        .set_diagnostics(file, &server, 7, said.clone());
    assert!(session.marked().is_empty(), "a version that never was");
    session.workspace.take_events();
    session
        .workspace
        .set_diagnostics(file, &server, 0, said.clone());
    assert_eq!(session.marked(), ["fine"]);
    let is_change = |event: &WorkspaceEvent| matches!(event, WorkspaceEvent::BufferDiagnosticsChanged(id) if *id == file);
    assert!(session.workspace.take_events().iter().any(is_change));
    session.workspace.set_diagnostics(file, &server, 0, said);
    assert!(
        session.workspace.take_events().is_empty(),
        "the same again is no news"
    );
    let buffer = session.workspace.buffer(file).unwrap();
    assert_eq!(
        buffer
            .diagnostics()
            .next_problem(0, std::cmp::Ordering::Greater),
        None
    );
}

#[cfg(unix)]
#[test]
fn what_lies_outside_the_folder_has_no_server_and_none_is_taken_from_it() {
    let mut session = Session::new("", "fine\n");
    let root = session.scratch.path().canonicalize().unwrap();
    std::fs::write(root.join("outside.rs"), "x").unwrap();
    std::os::unix::fs::symlink(root.join("outside.rs"), session.project.join("link.rs")).unwrap();
    for name in ["../outside.rs", "link.rs"] {
        let id = session
            .workspace
            .open_blocking(&session.project.join(name))
            .unwrap();
        let job = session.servers.find_job(&session.workspace, id);
        let found = job.map(|job| job.run()).unwrap_or_default();
        assert!(found.servers.is_empty(), "{name}");
    }
    program(&session.project.join("bin"));
    let path = session.project.join("bin").into();
    let servers = servers(&root, &session.project, path, &session.fake);
    let job = servers.find_job(&session.workspace, session.file).unwrap();
    assert!(job.run().servers.is_empty(), "a program of the project's");
}

#[test]
fn a_server_is_told_of_another_python_once_the_one_that_it_knows_is_gone() {
    let mut session = Session::new("", "fine\n");
    session.allow(true);
    session.until(|session| session.runs(session.file));
    let key = session.told[0].0.clone();
    let [first, second] = ["first", "second"].map(|name| {
        let python = session.scratch.path().join(name);
        std::fs::write(&python, "").unwrap();
        python
    });
    // What the server is told after a search that found this one.
    let told = |session: &mut Session, python: &Path| {
        let job = session.servers.find_job(&session.workspace, session.file);
        let mut found = job.unwrap().run();
        // One is looked for where a server is one of Python's.
        found.servers[0].interpreter = Some(python.to_path_buf());
        let (workspace, file) = (&mut session.workspace, session.file);
        session.servers.found(workspace, file, found);
        let settings = session.servers.settings_of(&key).settings;
        PathBuf::from(settings["fake"]["python"].as_str().unwrap_or_default())
    };
    assert_eq!(told(&mut session, &first), first);
    assert_eq!(told(&mut session, &second), first, "it is there");
    std::fs::remove_file(&first).unwrap();
    assert_eq!(told(&mut session, &second), second);
}
