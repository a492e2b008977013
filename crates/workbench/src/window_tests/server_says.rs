//! What language servers say to the person at the window.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::Scene;
use gpui_kit::TestAppContext;
use lsp::Limits;
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
        said.starts_with("Fake is not running: ") && said.contains("exit status: 7"),
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
}
