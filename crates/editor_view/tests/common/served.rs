//! An editor whose file has a language server: the fake one of `lsp`.

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Editor, open_in};
use fs::FakeFs;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{App, Entity, TestAppContext};
use lsp::{Catalogue, FakeServer, Formatters, InstalledServers, Limits};
use ui::{Item as _, ItemStatus, WorkspaceModel};
use workspace::{LanguageServers, ServerConsent, Workspace};

pub const CATALOGUE: &str = r#"
[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
install = "it comes with the tests"
"#;

/// Programs that lay texts out; a test puts them where they are found.
const FORMATTERS: &str = r#"
[[formatter]]
name = "shout"
languages = ["rust"]
program = "shout"
arguments = ["{buffer_path}"]
extensions = ["loud.shout"]
install = "get shout"

[[formatter]]
name = "hush"
languages = ["rust"]
program = "hush"
install = "get hush"
"#;

pub struct Session {
    pub editor: Editor,
    pub fake: FakeServer,
    pub scratch: tempfile::TempDir,
}

pub fn open(cx: &mut TestAppContext, text: &str) -> Session {
    open_served(cx, text, "")
}

pub fn open_served(cx: &mut TestAppContext, text: &str, scenario: &str) -> Session {
    let fake = FakeServer::new(scenario);
    open_with(cx, text, CATALOGUE, &[("bin/fake-server", fake)])
}

/// A file whose server has so long for an answer.
pub fn open_impatient(
    cx: &mut TestAppContext,
    text: &str,
    scenario: &str,
    request: Duration,
) -> Session {
    let limits = Limits {
        request,
        ..Limits::default()
    };
    let programs = [("bin/fake-server", FakeServer::new(scenario))];
    open_within(cx, text, CATALOGUE, &programs, limits)
}

/// A file with the servers of a catalogue, each by the file of its program: below `project`, where the
/// project brings it along, or below `bin`, which is on `PATH`.
pub fn open_with(
    cx: &mut TestAppContext,
    text: &str,
    catalogue: &'static str,
    programs: &[(&str, FakeServer)],
) -> Session {
    open_within(cx, text, catalogue, programs, Limits::default())
}

/// The same with servers that have so long.
fn open_within(
    cx: &mut TestAppContext,
    text: &str,
    catalogue: &'static str,
    programs: &[(&str, FakeServer)],
    limits: Limits,
) -> Session {
    // The server is no part of what the test runs in order.
    cx.executor().allow_parking();
    let scratch = tempfile::tempdir().unwrap();
    let root = scratch.path().canonicalize().unwrap();
    let project = root.join("project");
    std::fs::create_dir(&project).unwrap();
    let file = project.join("main.rs");
    std::fs::write(&file, text).unwrap();
    let workspace = Workspace::new(project.clone(), Arc::new(fs::RealFs::new()));
    let editor = open_in(cx, workspace, Arc::new(FakeFs::new()), file);
    cx.update(|cx| {
        let folders = (root.as_path(), project.as_path());
        serve(&editor.model, folders, (catalogue, programs), limits, cx);
    });
    Session {
        editor,
        fake: programs[0].1.clone(),
        scratch,
    }
}

/// Serves the files of a project, the second folder, with the servers of a catalogue, each by the file
/// of its program below the first folder, which is there.
pub fn serve(
    model: &Entity<WorkspaceModel>,
    (root, project): (&Path, &Path),
    (catalogue, programs): (&'static str, &[(&str, FakeServer)]),
    limits: Limits,
    cx: &mut App,
) {
    let mut fakes = HashMap::new();
    for (program, fake) in programs {
        let program = root.join(program);
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        std::fs::write(&program, "").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        fakes.insert(program, fake.clone());
    }
    let first = programs[0].1.clone();
    let (root, project) = (root.to_owned(), project.to_owned());
    model.update(cx, |model, cx| {
        let logs = root.join("state/logs");
        let servers = move || {
            let consent = ServerConsent::read(&root.join("state"), &project);
            let servers = LanguageServers::with_launcher(
                Catalogue::parse(catalogue).unwrap(),
                consent,
                root.join("bin").into(),
                Box::new(move |started| {
                    // What is installed later is the first.
                    let fake = fakes.get(&started.program).unwrap_or(&first);
                    Arc::new(fake.clone())
                }),
            );
            let installed = InstalledServers::new(root.join("data"));
            let formatters = Formatters::parse(FORMATTERS).unwrap();
            Some(
                servers
                    .with_limits(limits)
                    .with_installed(installed)
                    .with_formatters(formatters),
            )
        };
        model.serve_languages(logs, servers, cx);
    });
}

impl Session {
    /// Waits for the server, which runs on threads of its own, until something holds.
    #[track_caller]
    pub fn until(&self, cx: &mut TestAppContext, what: &str, holds: impl Fn(&Self, &App) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            self.editor.frame(cx);
            if cx.update(|cx| holds(self, cx)) {
                return;
            }
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    /// Waits for an answer, which comes from threads of the server's.
    #[track_caller]
    pub fn wait<T: 'static>(&self, cx: &mut TestAppContext, task: gpui_kit::Task<T>) -> T {
        use std::future::Future as _;
        use std::task::{Context, Poll, Waker};
        let mut task = std::pin::pin!(task);
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            let mut waiting = Context::from_waker(Waker::noop());
            if let Poll::Ready(answer) = task.as_mut().poll(&mut waiting) {
                return answer;
            }
            assert!(Instant::now() < end, "waited for an answer");
            std::thread::yield_now();
        }
    }

    /// Waits until the text is this.
    #[track_caller]
    pub fn reads(&self, cx: &mut TestAppContext, text: &str) {
        self.until(cx, text, |it, cx| it.editor.view.read(cx).text(cx) == *text);
    }

    /// Waits for an element.
    #[track_caller]
    pub fn shows(&self, cx: &mut TestAppContext, id: &'static str) {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while !self.has(cx, id) {
            cx.run_until_parked();
            assert!(std::time::Instant::now() < end, "waited for {id}");
        }
    }

    pub fn status(&self, cx: &App) -> ItemStatus {
        self.editor.view.read(cx).status(cx)
    }

    pub fn has(&self, cx: &mut TestAppContext, id: &'static str) -> bool {
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.try_find(id).is_some()
        })
    }

    /// Where Kiln installs servers.
    pub fn installed(&self) -> std::path::PathBuf {
        self.scratch.path().join("data")
    }

    pub fn start(&self, cx: &mut TestAppContext) {
        self.allow(cx);
        self.until(cx, "the server", |it, cx| {
            it.status(cx).language_server.as_deref() == Some("fake")
        });
    }

    /// Says yes to the question.
    pub fn allow(&self, cx: &mut TestAppContext) {
        self.until(cx, "the question", |it, cx| {
            it.status(cx).language_server.as_deref() == Some("fake: not started")
        });
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.click("server-yes", cx);
        });
    }
}
