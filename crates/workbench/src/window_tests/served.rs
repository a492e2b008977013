//! A window whose files have a language server: the fake one of `lsp`.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Scene;
use lsp::{Catalogue, FakeServer, Limits};
use workspace::{BufferId, LanguageServers, ServerConsent};

const CATALOGUE: &str = r#"
[[server]]
name = "fake"
languages = ["rust"]
program = "fake-server"
install = "it comes with the tests"
"#;

impl Scene<'_> {
    /// Waits for what comes from threads that the test does not run.
    #[track_caller]
    pub(super) fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            self.settle();
            if holds(self) {
                return;
            }
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    /// Has the fake server for the files in Rust.
    pub(super) fn serve(&mut self, scenario: &'static str) {
        let id = self.start_serving(scenario, Limits::default());
        let model = self.model.clone();
        self.until("the server", move |it| {
            model.read_with(it.cx, |model, _| {
                let servers = model.language_servers().unwrap();
                servers
                    .server(id)
                    .is_some_and(lsp::LanguageServer::finds_symbols)
            })
        });
    }

    /// Starts the fake server, which may not get far, for the buffer that is given back.
    pub(super) fn start_serving(&mut self, scenario: &'static str, limits: Limits) -> BufferId {
        // The server is no part of what the test runs in order.
        self.cx.executor().allow_parking();
        let bin = self.home.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::write(bin.join("fake-server"), "").unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(bin.join("fake-server"), mode).unwrap();
        let (home, root, model) = (self.home.clone(), self.root.clone(), self.model.clone());
        let made = move || {
            let servers = LanguageServers::with_launcher(
                Catalogue::parse(CATALOGUE).unwrap(),
                ServerConsent::read(&home.join("state"), &root),
                bin.into(),
                Box::new(|_| Arc::new(FakeServer::new(scenario))),
            );
            Some(servers.with_limits(limits))
        };
        let logs = self.home.join("logs");
        self.with(|_, cx| {
            model.update(cx, |model, cx| model.serve_languages(logs, made, cx));
        });
        let model = self.model.clone();
        let asked = move |it: &mut Self| {
            model.read_with(it.cx, |model, _| {
                let servers = model.language_servers();
                let mut buffers = model.workspace().buffers();
                let served = |id| servers.is_some_and(|servers| servers.question(id).is_some());
                buffers.find(|one| served(one.id())).map(|one| one.id())
            })
        };
        self.until("the question", |it| asked(it).is_some());
        let id = asked(self).unwrap();
        let model = self.model.clone();
        self.with(|_, cx| model.update(cx, |model, cx| model.answer_server(id, true, cx)));
        id
    }
}
