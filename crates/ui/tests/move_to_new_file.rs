//! *Move to a new file* of the real typescript-language-server, which makes the file itself before it
//! asks for the edit that fills it: looked at and discarded, looked at and made, made at once, and taken
//! back.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gpui_kit::{AppContext as _, Entity, Task, TestAppContext};
use lsp::{ActionsAsked, Catalogue, CodeAction, find_program};
use ui::{JointWay, WorkspaceModel};
use workspace::{BufferId, LanguageServers, ServerConsent, Workspace};

/// Names the folders with the programs of language servers, before those of PATH.
const SERVERS: &str = "KILN_TEST_LANGUAGE_SERVERS";
const SERVER: &str = "typescript-language-server";
const SOURCE: &str = "\
export function title(name: string): string {
    return `<${name}>`;
}

export const heading = title(\"x\");
";
/// What is selected: the function.
const MOVED: std::ops::Range<usize> = 0..71;
const LEFT: &str = "\
import { title } from \"./title\";

export const heading = title(\"x\");
";
const NEW: &str = "\
export function title(name: string): string {
    return `<${name}>`;
}
";

struct Session {
    model: Entity<WorkspaceModel>,
    buffer: BufferId,
    /// The file that the server makes.
    new: PathBuf,
    project: PathBuf,
    _scratch: tempfile::TempDir,
}

impl Session {
    /// A project with a file of TypeScript that the server knows; `None` where that is not installed.
    fn open(cx: &mut TestAppContext) -> Option<Self> {
        // The server is no part of what the test runs in order.
        cx.executor().allow_parking();
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        let project = root.join("project");
        let source = project.join("src/heading.ts");
        std::fs::create_dir_all(project.join("src")).unwrap();
        std::fs::write(project.join("tsconfig.json"), "{}").unwrap();
        std::fs::write(&source, SOURCE).unwrap();
        let named = std::env::var_os(SERVERS).unwrap_or_default();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&named).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(folders).unwrap();
        if find_program(SERVER, &path, &project).is_none() {
            let what = format!("moving to a new file by {SERVER}");
            test_support::left_out(&what, "it is not installed");
            return None;
        }
        let mut workspace = Workspace::new(project.clone(), Arc::new(fs::RealFs::new()));
        let buffer = workspace.open_blocking(&source).unwrap();
        cx.update(ui::init);
        let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
        let it = Self {
            model,
            buffer,
            new: project.join("src/title.ts"),
            project: project.clone(),
            _scratch: scratch,
        };
        it.update(cx, |model, cx| {
            let logs = root.join("state/logs");
            let made = move || {
                let catalogue = Catalogue::bundled().ok()?;
                let consent = ServerConsent::read(&root.join("state"), &project);
                Some(LanguageServers::new(catalogue, consent, path))
            };
            model.serve_languages(logs, made, cx);
        });
        it.until(cx, "the question", |it, cx| {
            it.read(cx, |model| {
                let servers = model.language_servers();
                servers.is_some_and(|servers| servers.question(buffer).is_some())
            })
        });
        it.update(cx, |model, cx| model.answer_server(buffer, true, cx));
        Some(it)
    }

    fn update<R>(
        &self,
        cx: &mut TestAppContext,
        change: impl FnOnce(&mut WorkspaceModel, &mut gpui_kit::Context<WorkspaceModel>) -> R,
    ) -> R {
        cx.update(|cx| self.model.update(cx, change))
    }

    fn read<R>(&self, cx: &mut TestAppContext, look: impl FnOnce(&WorkspaceModel) -> R) -> R {
        cx.update(|cx| look(self.model.read(cx)))
    }

    #[track_caller]
    fn until(
        &self,
        cx: &mut TestAppContext,
        what: &str,
        holds: impl Fn(&Self, &mut TestAppContext) -> bool,
    ) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            cx.executor().advance_clock(Duration::from_millis(300));
            if holds(self, cx) {
                return;
            }
            assert!(Instant::now() < end, "waited for {what}");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    fn wait<R: 'static>(&self, cx: &mut TestAppContext, task: Task<R>) -> R {
        let answer: Rc<RefCell<Option<R>>> = Rc::default();
        let told = answer.clone();
        cx.spawn(move |_| async move { *told.borrow_mut() = Some(task.await) })
            .detach();
        self.until(cx, "an answer", |_, _| answer.borrow().is_some());
        answer.take().unwrap()
    }

    /// The action, once the server has read the project.
    fn action(&self, cx: &mut TestAppContext) -> CodeAction {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let asked = ActionsAsked::OfKind("refactor.move".into());
            let offered = self.update(cx, |model, cx| {
                model.server_code_actions(self.buffer, MOVED, &[], &asked, cx)
            });
            let offered = self.wait(cx, offered);
            let mut offered = offered.iter().flatten();
            if let Some(action) = offered.find(|one| &*one.title == "Move to a new file") {
                return action.clone();
            }
            assert!(Instant::now() < end, "it is not offered");
        }
    }

    /// Has the changes listed.
    #[track_caller]
    fn look(&self, cx: &mut TestAppContext) {
        let action = self.action(cx);
        let looking = self.update(cx, |model, cx| {
            let asked = model.versions();
            model.look_at_code_action(self.buffer, &action, asked, cx)
        });
        // The server is told that its edit is not made, which some say themselves.
        self.wait(cx, looking).ok();
        self.until(cx, "the list", |it, cx| {
            it.read(cx, |model| model.places().is_some())
        });
    }

    #[track_caller]
    fn make(&self, cx: &mut TestAppContext) {
        let action = self.action(cx);
        let making = self.update(cx, |model, cx| {
            let asked = model.versions();
            model.take_code_action(self.buffer, &action, asked, cx)
        });
        assert_eq!(self.wait(cx, making), Ok(()));
        self.is_moved(cx);
    }

    #[track_caller]
    fn take_back(&self, cx: &mut TestAppContext) {
        let back = self.update(cx, |model, cx| {
            model.move_together(self.buffer, JointWay::Undo, cx)
        });
        assert_eq!(self.wait(cx, back), Ok(2));
        self.is_as_it_was(cx);
    }

    fn text(&self, cx: &mut TestAppContext) -> String {
        self.read(cx, |model| {
            let buffer = model.workspace().buffer(self.buffer).unwrap();
            buffer.text().to_string()
        })
    }

    /// The files of the project.
    fn files(&self) -> Vec<String> {
        let folders = [self.project.clone(), self.project.join("src")];
        let entries = folders
            .iter()
            .flat_map(|one| std::fs::read_dir(one).unwrap());
        let names = entries.map(|one| one.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[track_caller]
    fn is_as_it_was(&self, cx: &mut TestAppContext) {
        self.until(cx, "the end of the file", |it, _| !it.new.exists());
        assert_eq!(self.text(cx), SOURCE);
        assert_eq!(self.files(), ["heading.ts", "src", "tsconfig.json"]);
    }

    #[track_caller]
    fn is_moved(&self, cx: &mut TestAppContext) {
        let text = |it: &Self| std::fs::read_to_string(&it.new).unwrap_or_default();
        self.until(cx, "the text in its new file", |it, _| !text(it).is_empty());
        assert_eq!(text(self), NEW);
        assert_eq!(self.text(cx), LEFT);
    }
}

#[gpui_kit::test]
fn moving_to_a_new_file_is_looked_at_made_and_taken_back(cx: &mut TestAppContext) {
    let Some(it) = Session::open(cx) else { return };
    // Looked at and discarded, and once more, since the server may think that its file is there.
    for _ in 0..2 {
        it.look(cx);
        it.is_as_it_was(cx);
        it.update(cx, |model, cx| model.show_places(None, cx));
        cx.run_until_parked();
        it.is_as_it_was(cx);
    }

    it.look(cx);
    let list = it.read(cx, |model| model.places().cloned()).unwrap();
    let new = list.places.iter().find(|place| place.path == it.new);
    assert_eq!(new.map(|place| &*place.text), Some("Create this file"));
    let applied = it.update(cx, |model, cx| {
        model.apply_listed_edit(&list, &Default::default(), cx)
    });
    assert!(it.wait(cx, applied).is_ok());
    it.is_moved(cx);
    it.take_back(cx);
    // And made again.
    let again = it.update(cx, |model, cx| {
        model.move_together(it.buffer, JointWay::Redo, cx)
    });
    assert_eq!(it.wait(cx, again), Ok(2));
    it.is_moved(cx);
    it.take_back(cx);

    it.make(cx);
    it.take_back(cx);
}
