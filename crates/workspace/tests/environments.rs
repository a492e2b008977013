//! Which Python the servers of several projects in one folder are told of.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_channel::Receiver;
use lsp::{Catalogue, FakeServer, ServerEvent};
use workspace::{BufferId, LanguageServers, ServerConsent, ServerKey, Workspace};

const CATALOGUE: &str = r#"
[[server]]
name = "asks"
interpreter = "python.pythonPath"
languages = ["python"]
program = "asks"
root_markers = ["pyproject.toml"]
install = "-"

[[server]]
name = "starts"
companion = true
languages = ["python"]
program = "starts"
root_markers = ["pyproject.toml"]
install = "-"
"#;

/// Two projects in one folder, each with a file; servers that take more folders.
struct Projects {
    _scratch: tempfile::TempDir,
    root: PathBuf,
    workspace: Workspace,
    servers: LanguageServers,
    told: HashMap<ServerKey, Receiver<ServerEvent>>,
    files: Vec<BufferId>,
}

fn put(path: &Path, mode: u32) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, "").unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

impl Projects {
    fn open(with_environments: bool, marked: bool) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        for server in ["asks", "starts"] {
            put(&root.join("bin").join(server), 0o755);
        }
        let lab = root.join("lab");
        for name in ["one", "two"] {
            put(&lab.join(name).join("src/app.py"), 0o644);
            if marked {
                put(&lab.join(name).join("pyproject.toml"), 0o644);
            }
        }
        let consent = ServerConsent::read(&root.join("state"), &lab);
        let servers = LanguageServers::with_launcher(
            Catalogue::parse(CATALOGUE).unwrap(),
            consent,
            root.join("bin").into(),
            Box::new(|_| Arc::new(FakeServer::new("folders asks-by-folder"))),
        );
        let mut it = Self {
            workspace: Workspace::new(lab, Arc::new(fs::RealFs::new())),
            _scratch: scratch,
            root,
            servers,
            told: HashMap::new(),
            files: Vec::new(),
        };
        for name in ["one", "two"] {
            if with_environments {
                it.make_environment(name);
            }
            let file = it.root.join("lab").join(name).join("src/app.py");
            let id = it.workspace.open_blocking(&file).unwrap();
            it.files.push(id);
            it.look_for_servers(id);
            for server in ["asks", "starts"] {
                drop(it.servers.answer(&mut it.workspace, id, server, true));
            }
            it.until("both run for it", |it| {
                it.servers.serving(id).count() == 2
                    && it
                        .servers
                        .running()
                        .all(|one| one.takes_folders() == Some(true))
            });
        }
        it
    }

    fn python(&self, name: &str) -> PathBuf {
        self.root.join("lab").join(name).join(".venv/bin/python")
    }

    fn make_environment(&self, name: &str) {
        let python = self.python(name);
        put(&python, 0o755);
        put(
            &python.parent().unwrap().with_file_name("pyvenv.cfg"),
            0o644,
        );
    }

    fn look_for_servers(&mut self, id: BufferId) {
        let found = self.servers.find_job(&self.workspace, id).unwrap().run();
        self.servers.found(&mut self.workspace, id, found);
    }

    /// Takes what the servers tell until something holds.
    #[track_caller]
    fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !holds(self) {
            self.told.extend(self.servers.take_started());
            for (key, told) in &self.told {
                while let Ok(event) = told.try_recv() {
                    self.servers.server_event(&mut self.workspace, key, event);
                }
            }
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    /// Waits until the newest answer to the server that asks for the Python of each folder is this.
    #[track_caller]
    fn asks_are_answered(&mut self, wanted: &serde_json::Value) {
        let wanted = format!("answer 30: {wanted}");
        self.until(&wanted.clone(), |it| {
            let mut running = it.servers.running();
            let log = running.find(|one| one.name() == "asks").unwrap().log();
            let newest = log.iter().rfind(|line| line.starts_with("answer 30: "));
            newest == Some(&wanted)
        });
    }

    fn count(&self, name: &str) -> usize {
        self.servers
            .running()
            .filter(|one| one.name() == name)
            .count()
    }

    /// Whether each file has the server that starts with one Python from its own project.
    fn each_has_its_own_start(&self) -> bool {
        let projects = ["one", "two"].into_iter().zip(&self.files);
        projects.into_iter().all(|(name, id)| {
            let key = ServerKey {
                name: "starts".to_owned(),
                root: self.root.join("lab").join(name),
            };
            self.servers.run_for(*id, "starts") == Some(self.servers.run_of(&key))
        })
    }
}

#[test]
fn each_project_has_its_own_python_in_the_one_server_that_asks_for_it() {
    for marked in [true, false] {
        let mut it = Projects::open(true, marked);
        let own = serde_json::json!([it.python("one"), it.python("two")]);
        it.asks_are_answered(&own);
        assert_eq!(it.count("asks"), 1, "one server for both");
        let mut running = it.servers.running();
        let asks = running.find(|one| one.name() == "asks").unwrap().clone();
        drop(running);
        let runs = asks.log().len();
        asks.restart();
        it.until("another run", |it| {
            asks.log()[runs..]
                .iter()
                .any(|line| line.ends_with("running"))
                && it.servers.serving(it.files[1]).count() == 2
        });
        it.asks_are_answered(&own);
    }
}

#[test]
fn a_server_that_knows_one_python_runs_once_for_each() {
    let it = Projects::open(true, true);
    assert_eq!(it.count("starts"), 2);
    assert!(it.each_has_its_own_start());
}

#[test]
fn an_environment_that_is_made_later_is_that_of_its_project_alone() {
    let mut it = Projects::open(false, true);
    assert_eq!((it.count("asks"), it.count("starts")), (1, 1), "both share");
    it.asks_are_answered(&serde_json::json!([null, null]));
    it.make_environment("two");
    it.look_for_servers(it.files[1]);
    let own = serde_json::json!([null, it.python("two")]);
    it.asks_are_answered(&own);
    let second = it.files[1];
    it.until("a server of its own", |it| {
        it.count("starts") == 2 && it.servers.serving(second).count() == 2
    });
    assert!(it.each_has_its_own_start());
    // And of the folder for which a server was started first.
    it.make_environment("one");
    it.look_for_servers(it.files[0]);
    it.asks_are_answered(&serde_json::json!([it.python("one"), it.python("two")]));
    let first = it.files[0];
    it.until("it runs anew", |it| it.servers.serving(first).count() == 2);
    assert_eq!((it.count("asks"), it.count("starts")), (1, 2));
}
