//! What several language servers bring to one text. They are the fake one of `lsp`, under two names.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use common::served::{Session, open_with};
use gpui_kit::TestAppContext;
use lsp::FakeServer;
use ui::Commands;

const CATALOGUE: &str = r#"
[[server]]
name = "main"
languages = ["rust"]
program = "main-server"
install = "-"

[[server]]
name = "other"
languages = ["rust"]
program = "other-server"
install = "-"

[[server]]
name = "linter"
languages = ["rust"]
program = "lint-server"
companion = true
install = "-"
"#;

fn open(cx: &mut TestAppContext, text: &str) -> (Session, FakeServer) {
    let linter = FakeServer::new("");
    let programs = [
        ("bin/main-server", FakeServer::new("no-format")),
        ("bin/other-server", FakeServer::new("")),
        ("project/.venv/bin/lint-server", linter.clone()),
    ];
    let it = open_with(cx, text, CATALOGUE, &programs);
    (it, linter)
}

impl Session {
    fn says(&self, cx: &mut TestAppContext, status: &str) {
        self.until(cx, status, |it, cx| {
            it.status(cx).language_server.as_deref() == Some(status)
        });
    }

    fn click(&self, cx: &mut TestAppContext, id: &'static str) {
        use gpui_kit::test::TestWindowExt as _;
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.click(id, cx);
        });
    }
}

#[gpui_kit::test]
fn each_server_is_asked_about_by_its_own_program_and_their_problems_stand_side_by_side(
    cx: &mut TestAppContext,
) {
    let (it, linter) = open(cx, "an error\n");
    it.says(cx, "main: not started");
    it.click(cx, "server-yes");
    it.says(cx, "main, linter: not started");
    it.until(cx, "the problem of one", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    assert_eq!(linter.launches(), 0, "a project's program waits for a yes");
    let question = cx.update(|cx| {
        let servers = it.editor.model.read(cx).language_servers().unwrap();
        let question = servers.question(it.editor.buffer).unwrap();
        (question.key.name.clone(), question.source)
    });
    assert_eq!(
        question,
        ("linter".into(), workspace::ProgramSource::Project)
    );
    it.click(cx, "server-yes");
    it.says(cx, "main, linter");
    it.until(cx, "the problems of both", |it, cx| {
        it.status(cx).problems == Some((2, 0))
    });
    it.editor.press(cx, "end backspace");
    it.until(cx, "both follow the edit", |it, cx| {
        it.status(cx).problems == Some((0, 0))
    });
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.forbidLanguageServer", window, cx);
    });
    it.until(cx, "both ended", |it, cx| {
        it.status(cx).language_server.is_none()
    });
}

#[gpui_kit::test]
fn hovers_completions_and_actions_are_joined_and_one_lays_the_text_out(cx: &mut TestAppContext) {
    let (it, _) = open(cx, "error  word\n");
    it.says(cx, "main: not started");
    it.click(cx, "server-yes");
    it.says(cx, "main, linter: not started");
    it.click(cx, "server-yes");
    it.says(cx, "main, linter");
    it.until(cx, "the problems of both", |it, cx| {
        it.status(cx).problems == Some((2, 0))
    });
    let (model, buffer) = (&it.editor.model, it.editor.buffer);
    let hover = cx.update(|cx| model.update(cx, |model, cx| model.server_hover(buffer, 8, cx)));
    let hover = it.wait(cx, hover).unwrap().unwrap();
    assert_eq!(hover.markdown, "word\n\n---\n\nword");

    let asked = cx.update(|cx| {
        model.update(cx, |model, cx| {
            model.server_completion(buffer, 8, &lsp::CompletionTrigger::Invoked, cx)
        })
    });
    let list = it.wait(cx, asked).unwrap();
    let offered = |server: &str| {
        let items = list.items.iter().filter(|item| &*item.server == server);
        items.count()
    };
    assert!(offered("main") > 0);
    assert_eq!(offered("main"), offered("linter"));

    let asked = cx.update(|cx| {
        model.update(cx, |model, cx| {
            let said = model
                .workspace()
                .buffer(buffer)
                .unwrap()
                .diagnostics()
                .touching(0..5);
            let said: Vec<_> = said
                .into_iter()
                .map(|(at, one)| (at, one.clone()))
                .collect();
            let wanted = lsp::ActionsAsked::All;
            model.server_code_actions(buffer, 0..5, &said, &wanted, cx)
        })
    });
    let actions = it.wait(cx, asked).unwrap();
    let fixes = actions.iter().filter(|one| &*one.title == "Fix it");
    let of: Vec<_> = fixes.map(|one| &*one.server).collect();
    assert_eq!(of, ["main", "linter"]);

    it.editor.press(cx, "shift-alt-f");
    it.until(cx, "the linter's layout", |it, cx| {
        it.editor.view.read(cx).text(cx) == *"error word\n"
    });
}

#[gpui_kit::test]
fn the_settings_choose_servers_and_say_which_there_are(cx: &mut TestAppContext) {
    let (it, _) = open(cx, "fine\n");
    it.says(cx, "main: not started");
    let choose = r#"{"editor.languageServers": {"rust": ["other", "!linter", "..."]}}"#;
    it.editor.settings(cx, choose);
    it.says(cx, "other: not started");
    it.click(cx, "server-yes");
    it.says(cx, "other");
    assert!(!it.has(cx, "server-banner"));

    it.editor
        .settings(cx, r#"{"editor.languageServers": {"rust": []}}"#);
    it.until(cx, "none is left", |it, cx| {
        it.status(cx).language_server.is_none()
    });
}
