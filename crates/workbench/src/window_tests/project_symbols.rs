//! Going to symbols of the whole project: from the fake language server of `lsp`, and from open files.

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt as _;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Scene;
use gpui_kit::TestAppContext;
use lsp::{Catalogue, FakeServer};
use ui::OpenTarget;
use workspace::{LanguageServers, ServerConsent};

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
    fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
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
    fn serve(&mut self, scenario: &'static str) {
        // The server is no part of what the test runs in order.
        self.cx.executor().allow_parking();
        let bin = self.home.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        std::fs::write(bin.join("fake-server"), "").unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(bin.join("fake-server"), mode).unwrap();
        let (home, root, model) = (self.home.clone(), self.root.clone(), self.model.clone());
        let made = move || {
            Some(LanguageServers::with_launcher(
                Catalogue::parse(CATALOGUE).unwrap(),
                ServerConsent::read(&home.join("state"), &root),
                bin.into(),
                Box::new(|_| Arc::new(FakeServer::new(scenario))),
            ))
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
}

#[gpui_kit::test]
fn symbols_of_the_project_come_from_the_servers_and_from_open_files(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(
        scene.root.join("src/code.rs"),
        "fine\nä def parse and def parts\n",
    )
    .unwrap();
    std::fs::write(scene.root.join("tool.py"), "def partition():\n    pass\n").unwrap();
    scene.open_file("tool.py");
    scene.open_file("src/code.rs");
    scene.serve("");
    scene.run("workbench.action.showAllSymbols");
    scene.write("part");
    scene.until("the rows", |it| {
        it.listed() == ["parts, function, code.rs*", "partition, function, tool.py"]
    });
    let opened: Rc<RefCell<Option<OpenTarget>>> = Rc::default();
    let seen = opened.clone();
    scene.with(|window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            seen.replace(Some(target));
        });
    });
    scene.press("enter");
    scene.until("the symbol", |_| opened.borrow().is_some());
    let wanted = OpenTarget::at(scene.root.join("src/code.rs"), 2, 21);
    assert_eq!(
        opened.take(),
        Some(wanted),
        "the server told the place when asked"
    );
    scene.run("workbench.action.showAllSymbols");
    scene.write("nowhere");
    scene.until("the end", |it| {
        it.shows("No symbol matches \u{201c}nowhere\u{201d}.")
    });
}

#[gpui_kit::test]
fn without_a_server_the_open_files_are_searched(cx: &mut TestAppContext) {
    let mut scene = Scene::new(cx);
    std::fs::write(
        scene.root.join("src/code.rs"),
        "\nstruct Store;\nfn stir() {}\n",
    )
    .unwrap();
    scene.open_file("src/code.rs");
    scene.press("ctrl-t");
    assert_eq!(
        scene.listed(),
        ["Store, struct, code.rs*", "stir, function, code.rs"]
    );
    scene.write("stir");
    assert_eq!(scene.listed(), ["stir, function, code.rs*"]);
}
