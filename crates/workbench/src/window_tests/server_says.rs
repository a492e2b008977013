//! What language servers say to the person at the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::Scene;
use gpui_kit::prelude::*;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    App, Context, FocusHandle, Focusable, Render, SharedString, TestAppContext, Window, div,
};
use lsp::Limits;
use ui::{DockSide, IconName, ListedFor, Panel, ServerSays};
use workspace::WorkspaceEvent;

/// What the notices say, the newest first.
fn notices(scene: &mut Scene) -> Vec<String> {
    let shown = scene.with(|window, cx| ui::shown_notices(window, cx));
    shown.iter().map(ToString::to_string).collect()
}

/// What the server wrote, and was told, that it logged.
fn log(scene: &mut Scene) -> Vec<String> {
    let model = scene.model.clone();
    model.read_with(scene.cx, |model, _| {
        let servers = model.language_servers().unwrap();
        servers
            .running()
            .flat_map(lsp::LanguageServer::log)
            .collect()
    })
}

fn open(cx: &mut TestAppContext) -> Scene<'_> {
    let mut scene = Scene::new(cx);
    std::fs::write(scene.root.join("src/code.rs"), "an error\n").unwrap();
    scene.open_file("src/code.rs");
    scene
}

#[gpui_kit::test]
fn a_question_of_a_server_has_buttons_and_a_warning_is_told_once(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let warned = Rc::<RefCell<Vec<String>>>::default();
    let model = scene.model.clone();
    let subscription = scene.with(|_, cx| {
        let warned = warned.clone();
        cx.subscribe(&model, move |_, event: &WorkspaceEvent, _| {
            if let WorkspaceEvent::Notice { message, .. } = event {
                warned.borrow_mut().push(message.clone());
            }
        })
    });
    scene.serve("talks-to-user");
    scene.until("the question", |it| it.shows("Left") && it.shows("Right"));
    assert!(scene.shows("fake: Which way?"));
    assert_eq!(*warned.borrow(), ["fake: Beware of it."]);
    scene.click_alone("Right");
    scene.until("the answer", |it| {
        log(it).iter().any(|line| {
            let answered = line.strip_prefix("answer 20: ");
            let given = answered.and_then(|given| serde_json::from_str(given).ok());
            given == Some(serde_json::json!({"title": "Right", "id": 8}))
        })
    });
    assert!(!scene.shows("Left"));
    drop(subscription);
}

#[gpui_kit::test]
fn a_question_that_is_closed_is_answered_with_nothing(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    scene.serve("talks-to-user");
    scene.until("the question", |it| it.shows("Left"));
    scene.with(ui::dismiss_notices);
    scene.until("the answer", |it| {
        log(it).iter().any(|line| line == "answer 20: null")
    });
}

#[gpui_kit::test]
fn a_question_of_a_server_that_ended_is_taken_back(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    scene.serve("talks-to-user");
    scene.until("the question", |it| it.shows("Left"));
    let model = scene.model.clone();
    model.read_with(scene.cx, |model, _| {
        let servers = model.language_servers().unwrap();
        servers.running().for_each(lsp::LanguageServer::stop);
    });
    scene.until("its end", |it| !it.shows("Left"));
}

#[gpui_kit::test]
fn a_question_of_a_server_that_may_run_no_more_is_taken_back(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    scene.serve("talks-to-user");
    scene.until("the question", |it| it.shows("Left"));
    let model = scene.model.clone();
    model.update(scene.cx, |model, cx| {
        let code = model.root().join("src/code.rs");
        let id = model.workspace().buffer_for_path(&code).unwrap();
        model.answer_server(id, false, cx);
    });
    scene.settle();
    assert!(!scene.shows("Left"));
}

#[gpui_kit::test]
fn a_question_of_a_server_that_no_file_needs_is_taken_back(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    scene.serve("talks-to-user");
    scene.until("the question", |it| it.shows("Left"));
    scene.run("workbench.closeTab");
    assert!(scene.shows("Left"), "it may still be needed");
    // Longer than servers are kept for the next file.
    scene
        .cx
        .executor()
        .advance_clock(Duration::from_secs(5 * 60));
    scene.settle();
    assert!(!scene.shows("Left"));
}

#[gpui_kit::test]
fn a_server_that_failed_can_be_started_again_and_its_log_be_seen(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let limits = Limits {
        crashes: 0,
        ..Limits::default()
    };
    scene.start_serving("crash-at-start", limits);
    scene.until("the failure", |it| it.shows("Restart"));
    let said = notices(&mut scene).swap_remove(0);
    assert!(
        said.starts_with("The language server fake is not running: ")
            && said.contains("exit status: 7"),
        "{said}"
    );
    scene.click_alone("Restart");
    scene.until("the next failure", |it| it.shows("Restart"));
    let starts = log(&mut scene).into_iter();
    let starts = starts.filter(|line| line.contains("fake starting")).count();
    assert_eq!(starts, 2);
    scene.click_alone("Show Log");
    scene.until("the log", |it| {
        it.tabs().iter().any(|tab| tab == "fake.log*")
    });
    let is_read_only = scene.model.read_with(scene.cx, |model, _| {
        let mut buffers = model.workspace().buffers();
        buffers.any(|buffer| buffer.display_name() == "fake.log" && buffer.is_read_only())
    });
    assert!(is_read_only, "nobody writes into a log");
}

#[gpui_kit::test]
fn that_a_server_failed_is_taken_back_once_it_runs_again(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let limits = Limits {
        crashes: 0,
        ..Limits::default()
    };
    let id = scene.start_serving("crashes", limits);
    let model = scene.model.clone();
    let runs = |it: &mut Scene| {
        let model = it.model.clone();
        model.read_with(it.cx, |model, _| {
            let servers = model.language_servers().unwrap();
            let server = servers.server(id);
            server.is_some_and(|server| server.state() == lsp::ServerState::Running)
        })
    };
    scene.until("the server", runs);
    let hover = model.update(scene.cx, |model, cx| model.server_hover(id, 4, cx));
    scene.until("the failure", |it| it.shows("Restart"));
    drop(hover);
    model.read_with(scene.cx, |model, _| {
        let servers = model.language_servers().unwrap();
        servers.running().for_each(lsp::LanguageServer::restart);
    });
    scene.until("another run", runs);
    scene.settle();
    assert!(!scene.shows("Restart"), "{:?}", notices(&mut scene));
}

#[gpui_kit::test]
fn an_edit_of_several_files_is_told_with_what_takes_it_back(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let (code, other) = (
        scene.root.join("src/code.rs"),
        scene.root.join("src/other.rs"),
    );
    std::fs::write(&other, "an error\n").unwrap();
    let model = scene.model.clone();
    let make = |scene: &mut Scene, word: &str| {
        let range = serde_json::json!({
            "start": {"line": 0, "character": 0},
            "end": {"line": 0, "character": 2},
        });
        let edit = serde_json::json!([{"range": range, "newText": word}]);
        let uri = |path: &std::path::Path| format!("file://{}", path.display());
        let edit = serde_json::json!({"changes": {uri(&code): edit, uri(&other): edit}});
        let edit = lsp::WorkspaceEdit::read(&edit, lsp::PositionEncoding::Utf16).unwrap();
        model
            .update(scene.cx, |model, cx| {
                let asked = model.versions();
                model.apply_server_edit(&std::sync::Arc::new(edit), &asked, cx)
            })
            .detach();
        scene.settle();
    };
    make(&mut scene, "no");
    assert!(scene.shows("Undo") && scene.shows("Show Changes"));
    let told = notices(&mut scene);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("code.rs and other.rs"), "{told:?}");
    make(&mut scene, "my");
    assert_eq!(notices(&mut scene).len(), 1, "the newest alone");
    scene.click_alone("Undo");
    scene.until("the other file as it was", |_| {
        std::fs::read_to_string(&other).unwrap() == "no error\n"
    });
    scene.settle();
    assert!(!scene.shows("Undo"));
}

/// A panel at the bottom that shows nothing: the one that lists places, or another.
struct PlainPanel<const LISTS: bool>(FocusHandle);

impl<const LISTS: bool> Focusable for PlainPanel<LISTS> {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.0.clone()
    }
}

impl<const LISTS: bool> Render for PlainPanel<LISTS> {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().size_full().track_focus(&self.0)
    }
}

impl<const LISTS: bool> Panel for PlainPanel<LISTS> {
    const ID: &'static str = if LISTS { ui::PLACES_PANEL } else { "other" };

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        Self::ID.into()
    }

    fn icon(&self) -> IconName {
        IconName::ListTree
    }

    fn waits_for(&self, _: &App) -> Option<SharedString> {
        LISTS.then(|| "Something waits".into())
    }
}

impl Scene<'_> {
    /// Which panel is in front at the bottom, where one is shown.
    fn at_the_bottom(&self) -> Option<&'static str> {
        self.workbench.read_with(self.cx, |workbench, _| {
            let dock = workbench.dock(DockSide::Bottom);
            let front = dock.active_panel().map(ui::PanelHandle::id);
            front.filter(|_| dock.open)
        })
    }

    fn list_edits_for(&mut self, whom: ListedFor) {
        let model = self.model.clone();
        model.update(self.cx, |_, cx| cx.emit(ServerSays::EditsListed(whom)));
        self.settle();
    }
}

#[gpui_kit::test]
fn what_a_server_lists_by_itself_is_shown_and_leaves_the_keyboard(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let workbench = scene.workbench.clone();
    let (other, lists) = scene.with(|_, cx| {
        let other = cx.new(|cx| PlainPanel::<false>(cx.focus_handle()));
        let lists = cx.new(|cx| PlainPanel::<true>(cx.focus_handle()));
        workbench.update(cx, |workbench, cx| {
            let dock = workbench.dock_mut(DockSide::Bottom);
            dock.panels = vec![Box::new(other.clone()), Box::new(lists.clone())];
            dock.open = false;
            cx.notify();
        });
        (other.read(cx).0.clone(), lists.read(cx).0.clone())
    });
    let editor = scene
        .view()
        .read_with(scene.cx, |item, _| item.focus.clone());
    scene.with(|window, cx| window.focus(&editor, cx));
    scene.settle();

    scene.list_edits_for(ListedFor::Server);
    assert_eq!(scene.at_the_bottom(), Some(ui::PLACES_PANEL));
    assert!(scene.with(|window, _| editor.is_focused(window)));

    scene.list_edits_for(ListedFor::Person);
    assert!(scene.with(|window, _| lists.is_focused(window)));

    // What is typed into stays in sight.
    scene.with(|window, cx| {
        workbench.update(cx, |workbench, cx| {
            workbench.reveal_panel("other", window, cx);
        });
    });
    scene.settle();
    scene.list_edits_for(ListedFor::Server);
    assert_eq!(scene.at_the_bottom(), Some("other"));
    assert!(scene.with(|window, _| other.is_focused(window)));
}

#[gpui_kit::test]
fn notices_do_not_lie_over_a_list_that_waits_for_a_person(cx: &mut TestAppContext) {
    let mut scene = open(cx);
    let workbench = scene.workbench.clone();
    scene.with(|_, cx| {
        let other = cx.new(|cx| PlainPanel::<false>(cx.focus_handle()));
        let lists = cx.new(|cx| PlainPanel::<true>(cx.focus_handle()));
        workbench.update(cx, |workbench, cx| {
            let dock = workbench.dock_mut(DockSide::Bottom);
            dock.panels = vec![Box::new(other), Box::new(lists)];
            dock.open = true;
            cx.notify();
        });
    });
    for number in 0..20 {
        let message = format!("{number}: a `thing` failed");
        scene.with(|window, cx| ui::notify(ui::Severity::Error, message, window, cx));
    }
    scene.settle();
    let edges = |scene: &mut Scene| {
        scene.with(|window, cx| {
            let bounds = |id: &str| window.find(id.to_owned()).bounds();
            let title = ui::zoom::pixels(ui::tokens::height::TITLE_BAR, cx);
            (bounds("notices"), bounds("bottom-dock"), title)
        })
    };
    let (notices, dock, _) = edges(&mut scene);
    assert!(notices.bottom() > dock.top(), "{notices:?} over {dock:?}");
    scene.list_edits_for(ListedFor::Person);
    let (notices, dock, title) = edges(&mut scene);
    assert!(notices.bottom() <= dock.top(), "{notices:?} above {dock:?}");
    assert!(notices.top() >= title, "{notices:?} below {title:?}");
    assert!(scene.shows("19: a thing failed."), "without its backticks");
}
