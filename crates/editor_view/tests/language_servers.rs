//! What a language server brings to a text: the question before it starts, problems, hovers and
//! definitions. The server is the fake one of `lsp`, which speaks the real protocol.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use common::init;
use common::served::{Session, open, open_impatient, open_served};
use editor_view::EditorView;
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{
    App, Bounds, Entity, Modifiers, MouseButton, Pixels, TestAppContext, point, px, size,
};
use ui::{Commands, Item as _, OpenTarget};

#[gpui_kit::test]
fn a_server_starts_once_the_user_says_so_and_tells_what_is_wrong(cx: &mut TestAppContext) {
    let it = open(cx, "ä error and warning\nfine\nerror\n");
    it.until(cx, "the question", |it, cx| {
        it.status(cx).language_server.is_some()
    });
    assert!(it.has(cx, "server-banner"));
    assert_eq!(it.fake.launches(), 0);
    it.start(cx);
    assert!(!it.has(cx, "server-banner"));
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((2, 1))
    });

    let editor = &it.editor;
    editor.press(cx, "f8");
    editor.shows(cx, "ä ˇerror and warning\nfine\nerror\n");
    let said = |cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).hover_text())
            .unwrap_or_default()
    };
    assert!(
        said(cx).contains("**Error** from fake \\(E1\\): this says error"),
        "{}",
        said(cx)
    );
    editor.press(cx, "f8");
    editor.shows(cx, "ä error and ˇwarning\nfine\nerror\n");
    editor.press(cx, "f8 f8");
    editor.shows(cx, "ä ˇerror and warning\nfine\nerror\n");
    editor.press(cx, "shift-f8");
    editor.shows(cx, "ä error and warning\nfine\nˇerror\n");
    editor.press(cx, "backspace backspace enter");
    it.until(cx, "it follows", |it, cx| {
        it.status(cx).problems == Some((2, 1))
    });
    editor.press(cx, "delete");
    it.until(cx, "it is mended", |it, cx| {
        it.status(cx).problems == Some((1, 1))
    });

    editor.view.update(cx, |_, _| {});
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.answer_server(editor.buffer, false, cx)
        });
    });
    cx.run_until_parked();
    assert_eq!(cx.update(|cx| it.status(cx).problems), None);
    assert!(!it.has(cx, "server-banner"), "it was answered");
    let kept: Vec<PathBuf> = std::fs::read_dir(it.scratch.path().join("project"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(kept.len(), 1, "nothing of it in the project");
}

#[gpui_kit::test]
fn a_hover_and_a_definition_come_from_the_server(cx: &mut TestAppContext) {
    let it = open(cx, "ä first\nfirst\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ä first\nfirˇst\n");
    editor.press(cx, "ctrl-k ctrl-i");
    it.until(cx, "the hover", |it, cx| {
        it.editor.view.read(cx).hover_text().as_deref() == Some("first")
    });
    let at = |it: &Session, cx: &App| it.editor.view.read(cx).selections().primary().head;
    editor.set(cx, "ä first\nfirˇst\n");
    editor.press(cx, "f12");
    it.until(cx, "the definition", |it, cx| at(it, cx) == 3);
    editor.set(cx, "ä first\nfirstˇ\n");
    let place = editor.place(cx, 1, 2);
    editor.update(cx, |window, cx| {
        window.change_modifiers(Modifiers::secondary_key(cx), cx);
        window.pointer_move(place, None, cx);
        window.pointer_down(place, MouseButton::Left, cx);
        window.pointer_up(place, MouseButton::Left, cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
    it.until(cx, "the definition of what is pressed", |it, cx| {
        at(it, cx) == 3
    });
}

#[gpui_kit::test]
fn a_name_leads_to_its_declaration_its_type_and_what_implements_it(cx: &mut TestAppContext) {
    let it = open(cx, "name\nä name\nname\n");
    it.start(cx);
    let editor = &it.editor;
    let at = |it: &Session, cx: &App| it.editor.view.read(cx).selections().primary().head;
    let run = |cx: &mut TestAppContext, command: &str| {
        editor.set(cx, "name\nä naˇme\nname\n");
        editor.update(cx, |window, cx| {
            assert!(Commands::run(command, window, cx));
        });
    };
    run(cx, "editor.action.revealDeclaration");
    it.until(cx, "the declaration", |it, cx| at(it, cx) == 0);
    run(cx, "editor.action.goToTypeDefinition");
    it.until(cx, "the type", |it, cx| at(it, cx) == 13);
    editor.set(cx, "name\nä naˇme\nname\n");
    editor.press(cx, "ctrl-f12");
    it.until(cx, "the list", |it, cx| {
        let model = it.editor.model.read(cx);
        let lines = |list: &Rc<ui::PlaceList>| {
            let lines: Vec<_> = list.places.iter().map(|place| place.line).collect();
            list.title == "Implementations" && lines == [1, 2]
        };
        model.places().is_some_and(lines)
    });
    editor.shows(cx, "name\nä naˇme\nname\n");
}

#[gpui_kit::test]
fn parameters_of_a_call_that_was_left_meanwhile_are_not_shown(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "answers-late");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "callˇ;\n");
    editor.input(cx, "(");
    let logs = |cx: &mut TestAppContext, word: &str| {
        it.until(cx, word, |it, cx| {
            let servers = it.editor.model.read(cx).language_servers();
            let (server, _) = servers.unwrap().of_buffer(it.editor.buffer).unwrap();
            server.log().iter().any(|line| line == word)
        });
    };
    logs(cx, "asked");
    editor.press(cx, "end enter");
    let hover = |cx: &mut TestAppContext| {
        let model = &it.editor.model;
        let asked = cx
            .update(|cx| model.update(cx, |model, cx| model.server_hover(it.editor.buffer, 0, cx)));
        it.wait(cx, asked).unwrap();
        cx.run_until_parked();
        cx.update(|cx| it.editor.view.read(cx).signature_text())
    };
    // The server answers with the hover, and what is asked for the caret where it is now after that.
    assert_eq!(hover(cx), None);
    logs(cx, "answered");
    assert_eq!(hover(cx), None);
}

#[gpui_kit::test]
fn an_answer_moves_nobody_who_has_gone_on(cx: &mut TestAppContext) {
    let it = open_served(cx, "first\nfirst\n", "answers-late");
    it.start(cx);
    let editor = &it.editor;
    let logs = |it: &Session, cx: &mut TestAppContext, word: &str, count: usize| {
        it.until(cx, word, |it, cx| {
            let servers = it.editor.model.read(cx).language_servers();
            let (server, _) = servers.unwrap().of_buffer(it.editor.buffer).unwrap();
            let log = server.log();
            log.iter().filter(|line| *line == word).count() == count
        });
        cx.run_until_parked();
    };
    // The server answers with the next hover, which is asked for after something else was done.
    let release = |it: &Session, cx: &mut TestAppContext, count: usize| {
        logs(it, cx, "asked", count);
        cx.update(|cx| {
            let asked = it
                .editor
                .model
                .update(cx, |model, cx| model.server_hover(it.editor.buffer, 0, cx));
            asked.detach();
        });
        logs(it, cx, "answered", count);
    };
    editor.set(cx, "first\nfirˇst\n");
    editor.press(cx, "f12");
    release(&it, cx, 1);
    it.until(cx, "the definition", |it, cx| {
        it.editor.view.read(cx).selections().primary().head == 0
    });

    editor.set(cx, "first\nfirˇst\n");
    editor.press(cx, "f12");
    editor.press(cx, "right");
    release(&it, cx, 2);
    editor.shows(cx, "first\nfirsˇt\n");

    editor.press(cx, "f12");
    editor.press(cx, "x");
    release(&it, cx, 3);
    editor.shows(cx, "first\nfirsxˇt\n");

    editor.press(cx, "f12");
    editor.press(cx, "ctrl-f");
    release(&it, cx, 4);
    editor.press(cx, "escape");
    editor.shows(cx, "first\nfirsxˇt\n");

    // Asked with the pointer, which leaves the caret where it is.
    let pressed = |cx: &mut TestAppContext| {
        let place = editor.place(cx, 1, 1);
        editor.update(cx, |window, cx| {
            window.change_modifiers(Modifiers::secondary_key(cx), cx);
            window.pointer_move(place, None, cx);
            window.pointer_down(place, MouseButton::Left, cx);
            window.pointer_up(place, MouseButton::Left, cx);
            window.change_modifiers(Modifiers::default(), cx);
        });
    };
    editor.set(cx, "first\nfirst\n\nˇend\n");
    pressed(cx);
    release(&it, cx, 5);
    it.until(cx, "the definition", |it, cx| {
        it.editor.view.read(cx).selections().primary().head == 0
    });
    editor.set(cx, "first\nfirst\n\nˇend\n");
    pressed(cx);
    editor.press(cx, "ctrl-g");
    editor.input(cx, "4");
    editor.press(cx, "enter");
    release(&it, cx, 6);
    editor.shows(cx, "first\nfirst\n\nˇend\n");
}

#[gpui_kit::test]
fn what_belongs_to_a_problem_is_below_it_and_leads_there(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "related");
    it.start(cx);
    it.editor.set(cx, "first\nˇan error\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    it.editor.press(cx, "f8");
    let said = cx.update(|cx| it.editor.view.read(cx).hover_text());
    let said = said.unwrap_or_default();
    assert!(said.contains("[E1](<https://example.org/E1>)"), "{said}");
    assert!(said.contains("in two lines"), "{said}");
    assert!(said.contains("main.rs:1: because of this"), "{said}");
    it.editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click(("hover-place", 0usize), cx);
    });
    it.until(cx, "the place", |it, cx| {
        it.editor.view.read(cx).selections().primary().head == 0
    });
}

#[gpui_kit::test]
fn behind_the_last_problem_of_a_file_comes_the_first_of_the_next(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "project");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    let closed = project.join("closed.rs");
    std::fs::write(&closed, "abcdef\n").unwrap();
    let opened = Rc::new(RefCell::new(Vec::new()));
    let told = opened.clone();
    it.editor.update(cx, |window, cx| {
        ui::open::set_open_handler(window, cx, move |target, _, _| {
            told.borrow_mut().push(target);
        });
    });
    it.start(cx);
    it.editor.set(cx, "first\nˇan error\nand an error\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((2, 0))
    });
    // It is gathered for a moment.
    cx.executor().advance_clock(Duration::from_secs(1));
    it.until(cx, "what is said of the other file", |it, cx| {
        let model = it.editor.model.clone();
        model.read(cx).workspace().closed_diagnostics().len() == 1
    });
    let head = |cx: &mut TestAppContext| {
        cx.update(|cx| it.editor.view.read(cx).selections().primary().head)
    };
    it.editor.press(cx, "f8");
    assert_eq!(head(cx), 9);
    it.editor.press(cx, "f8");
    assert_eq!(head(cx), 22);
    assert_eq!(*opened.borrow(), []);
    it.editor.press(cx, "f8");
    assert_eq!(head(cx), 22, "the other file is opened beside");
    let there = OpenTarget::at(closed, 1, 3).telling_problem();
    assert_eq!(opened.borrow().as_slice(), std::slice::from_ref(&there));
    it.editor.press(cx, "alt-f8");
    assert_eq!(head(cx), 9, "around the ends of the file alone");
    it.editor.press(cx, "alt-shift-f8");
    assert_eq!(head(cx), 22, "and back around them");
    it.editor.press(cx, "alt-f8");
    it.editor.press(cx, "shift-f8");
    assert_eq!(*opened.borrow(), [there.clone(), there.clone()]);

    // What is wrong there is told once it is shown.
    let said = |cx: &mut TestAppContext, view: &Entity<EditorView>| {
        cx.run_until_parked();
        cx.update(|cx| view.read(cx).hover_text())
            .unwrap_or_default()
    };
    let target = OpenTarget::at("main.rs", 2, 4);
    let show = |cx: &mut TestAppContext, target: OpenTarget| {
        it.editor.update(cx, |window, cx| {
            target.reveal_in(&it.editor.view, window, cx)
        });
    };
    it.editor.press(cx, "home");
    show(cx, target.clone());
    assert_eq!((head(cx), said(cx, &it.editor.view)), (9, String::new()));
    show(cx, target.telling_problem());
    let told = said(cx, &it.editor.view);
    assert!(told.contains("Error"), "{told}");

    // In a file that was not open, once its server has said so.
    let unopened = project.join("unopened.rs");
    std::fs::write(&unopened, "fine\nan error\n").unwrap();
    let opening = it.editor.update(cx, |window, cx| {
        let target = OpenTarget::at(unopened, 2, 4).telling_problem();
        editor_view::open(target, it.editor.model.clone(), window, cx)
    });
    let item = it.wait(cx, opening).unwrap();
    let view = item.view().downcast::<EditorView>().unwrap();
    it.until(cx, "what is wrong in it", |_, cx| {
        let said = view.read(cx).hover_text().unwrap_or_default();
        said.contains("Error")
    });
}

#[gpui_kit::test]
fn why_nothing_is_known_is_said_alike_by_all_commands(cx: &mut TestAppContext) {
    let it = open_served(cx, "error\n", "deaf");
    let said = |cx: &mut TestAppContext, command: &'static str| {
        it.editor.update(cx, |window, cx| {
            ui::dismiss_notices(window, cx);
            Commands::run(command, window, cx);
        });
        cx.run_until_parked();
        let said = it
            .editor
            .update(cx, |window, cx| ui::shown_notices(window, cx));
        said.first().map(ToString::to_string).unwrap_or_default()
    };
    let all_say = |cx: &mut TestAppContext, why: &str| {
        for command in [
            "editor.action.marker.next",
            "editor.action.marker.nextInFiles",
            "editor.action.revealDefinition",
            "editor.action.goToReferences",
            "editor.action.rename",
            "references-view.showTypeHierarchy",
        ] {
            let said = said(cx, command);
            assert!(said.contains(why), "{command}: {said}");
        }
    };
    it.until(cx, "the question", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake: not started")
    });
    all_say(cx, "waits for your answer");
    it.allow(cx);
    it.until(cx, "its start", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake: starting…")
    });
    all_say(cx, "still starting");
}

#[gpui_kit::test]
fn a_server_that_no_file_needs_ends_after_a_while(cx: &mut TestAppContext) {
    let it = open(cx, "fine\n");
    it.start(cx);
    let runs = |it: &Session, cx: &mut TestAppContext| {
        cx.update(|cx| {
            let servers = it.editor.model.read(cx).language_servers();
            servers.unwrap().idle().count()
        })
    };
    cx.update(|cx| {
        it.editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.close(it.editor.buffer));
        });
    });
    cx.run_until_parked();
    cx.executor().advance_clock(Duration::from_secs(4 * 60));
    assert_eq!(runs(&it, cx), 1);
    cx.executor().advance_clock(Duration::from_secs(2 * 60));
    cx.run_until_parked();
    assert_eq!(runs(&it, cx), 0);
}

#[gpui_kit::test]
fn commands_restart_it_show_its_log_and_change_the_answer(cx: &mut TestAppContext) {
    let it = open(cx, "error\n");
    it.start(cx);
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    let run = |cx: &mut TestAppContext, command: &'static str| {
        it.editor
            .update(cx, |window, cx| Commands::run(command, window, cx));
    };
    run(cx, "editor.restartLanguageServer");
    it.until(cx, "another start", |it, _| it.fake.launches() == 2);
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });

    // It is shown to be read, and nobody edits it.
    let shown: Rc<RefCell<Option<ui::TextToRead>>> = Rc::default();
    it.editor.update(cx, |window, cx| {
        let shown = shown.clone();
        ui::set_read_text_handler(window, cx, move |text, _, _| {
            shown.replace(Some(text));
        });
    });
    run(cx, "editor.showLanguageServerLog");
    it.until(cx, "the log", |_, _| shown.borrow().is_some());
    let log = shown.take().unwrap();
    assert_eq!(log.name, "fake.log");
    let text = log.text.to_string();
    assert!(text.contains(" Kiln: fake running"), "{text}");
    let times = text.lines().map(|line| line.split(' ').next().unwrap());
    let is_time = |time: &str| chrono::NaiveTime::parse_from_str(time, "%H:%M:%S%.3f").is_ok();
    assert!(times.into_iter().all(is_time), "{text}");
    assert!(log.at_end, "the newest is what is looked for");
    assert_eq!(std::fs::read_to_string(log.of).unwrap(), text);

    run(cx, "editor.languageServer");
    assert!(it.has(cx, "language-server-picker"));
    it.editor.press(cx, "escape");
    run(cx, "editor.forbidLanguageServer");
    it.until(cx, "it ended", |it, cx| {
        it.status(cx).language_server.is_none()
    });
    assert_eq!(cx.update(|cx| it.status(cx).problems), None);
    run(cx, "editor.allowLanguageServer");
    it.until(cx, "a third start", |it, _| it.fake.launches() == 3);
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
}

#[gpui_kit::test]
fn a_list_opens_above_what_was_pressed_for_it(cx: &mut TestAppContext) {
    let it = open(cx, "text\n");
    it.editor
        .settings(cx, r#"{"editor.languageServerTrace": {"fake": "verbose"}}"#);
    it.start(cx);
    let bounds = |cx: &mut TestAppContext, list: &'static str| {
        it.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.try_find(list).map(|list| list.bounds())
        })
    };
    let pressed = Bounds::new(point(px(150.), px(570.)), size(px(80.), px(20.)));
    it.editor.update(cx, |window, cx| {
        ui::run_command_at("editor.languageServer", pressed, window, cx);
    });
    let is_above = |list: Bounds<Pixels>| {
        let gap = pressed.top() - list.bottom();
        list.left() == pressed.left() && gap >= px(0.) && gap < px(10.)
    };
    let list = bounds(cx, "language-server-picker").expect("the list");
    assert!(is_above(list), "{list:?}");
    // So does what its rows list.
    it.editor.update(cx, |window, cx| window.input("trace", cx));
    it.editor.press(cx, "enter");
    let list = bounds(cx, "server-trace-picker").expect("the methods");
    assert!(is_above(list), "{list:?}");
    it.editor.press(cx, "escape");
    // A key gives no place.
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.languageServer", window, cx);
    });
    let list = bounds(cx, "language-server-picker").expect("the list");
    assert!(list.top() < px(100.), "in the corner: {list:?}");
}

#[gpui_kit::test]
fn what_is_said_is_shown_where_it_is_kept_and_work_is_cancelled(cx: &mut TestAppContext) {
    let it = open_served(cx, "error\n", "works");
    it.allow(cx);
    let shows = |cx: &mut TestAppContext, status: &str| {
        it.until(cx, status, |it, cx| {
            it.status(cx).language_server.as_deref() == Some(status)
        });
    };
    shows(cx, "fake: Indexing");
    let run = |cx: &mut TestAppContext, command: &'static str| {
        it.editor
            .update(cx, |window, cx| Commands::run(command, window, cx));
    };
    run(cx, "editor.cancelLanguageServerWork");
    shows(cx, "fake");
    run(cx, "editor.showLanguageServerTrace");
    assert!(!it.has(cx, "server-trace-picker"), "nothing is kept of it");

    it.editor
        .settings(cx, r#"{"editor.languageServerTrace": {"fake": "verbose"}}"#);
    run(cx, "editor.restartLanguageServer");
    it.until(cx, "another start", |it, _| it.fake.launches() == 2);
    shows(cx, "fake: Indexing");
    run(cx, "editor.languageServer");
    assert!(it.has(cx, "language-server-picker"));
    it.editor.press(cx, "enter");
    shows(cx, "fake");
    let read: Rc<RefCell<Option<ui::TextToRead>>> = Rc::default();
    it.editor.update(cx, |window, cx| {
        let read = read.clone();
        ui::set_read_text_handler(window, cx, move |text, _, _| {
            read.replace(Some(text));
        });
    });
    let mut shown = |keys: &str| {
        run(cx, "editor.showLanguageServerTrace");
        assert!(it.has(cx, "server-trace-picker"));
        it.editor.press(cx, keys);
        it.until(cx, "the trace", |_, _| read.borrow().is_some());
        read.take().unwrap().text.to_string()
    };
    let all = shown("enter");
    let mut lines = all.lines();
    let begins = |line: &str| line.contains(" → request  initialize (");
    assert!(lines.any(begins), "{all}");
    assert!(
        all.contains("← answer   initialize (") && all.contains(" ms, "),
        "{all}"
    );
    assert!(all.contains("\"title\": \"Indexing\""), "{all}");
    let some = shown("p r o g r enter");
    let heads = some.lines().filter(|line| !line.starts_with(' '));
    assert!(
        heads.clone().count() > 0 && heads.clone().all(|line| line.contains("$/progress")),
        "{some}"
    );
}

#[gpui_kit::test]
fn without_a_server_the_keys_say_so(cx: &mut TestAppContext) {
    cx.update(init);
    let editor = common::open(cx, "a.rs", "ˇerror");
    editor.press(cx, "f8 f12");
    editor.shows(cx, "ˇerror");
    cx.run_until_parked();
    let status = cx.update(|cx| editor.view.read(cx).status(cx));
    assert_eq!((status.problems, status.language_server), (None, None));
}

#[gpui_kit::test]
fn what_is_waited_for_is_told_and_so_is_that_it_did_not_come(cx: &mut TestAppContext) {
    let told = |it: &Session, cx: &mut TestAppContext| {
        let end = std::time::Instant::now() + Duration::from_secs(60);
        loop {
            cx.run_until_parked();
            let notices = it
                .editor
                .update(cx, |window, cx| ui::shown_notices(window, cx));
            if let Some(newest) = notices.first() {
                return newest.to_string();
            }
            assert!(std::time::Instant::now() < end, "waited for a notice");
            std::thread::yield_now();
        }
    };
    let status = |it: &Session, cx: &mut TestAppContext| {
        let said = cx.update(|cx| it.status(cx).language_server);
        said.unwrap_or_default().to_string()
    };
    let it = open_served(cx, "first\nfirst\n", "answers-late");
    it.start(cx);
    it.editor.press(cx, "f12");
    assert_eq!(status(&it, cx), "fake", "it may come at once");
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    let waiting = "fake \u{2013} waiting for the definition\u{2026}";
    assert_eq!(status(&it, cx), waiting);
    // The answer comes with the next that is asked.
    let (model, buffer) = (it.editor.model.clone(), it.editor.buffer);
    let hover = cx.update(|cx| model.update(cx, |model, cx| model.server_hover(buffer, 0, cx)));
    it.wait(cx, hover).unwrap();
    it.until(cx, "the definition", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("fake")
    });

    let it = open_impatient(cx, "first\n", "answers-late", Duration::from_millis(50));
    it.start(cx);
    it.editor.press(cx, "f12");
    let why = "No definition is known: the language server did not answer in time; restart it if that goes on.";
    assert_eq!(told(&it, cx), why);
    assert_eq!(status(&it, cx), "fake");
}

#[gpui_kit::test]
fn what_a_server_said_goes_when_it_is_started_anew(cx: &mut TestAppContext) {
    // Of the new run nothing is known until it says so itself.
    let it = open_served(cx, "an error\n", " then quiet");
    it.start(cx);
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    it.editor.update(cx, |window, cx| {
        Commands::run("editor.restartLanguageServer", window, cx);
    });
    it.until(cx, "the new run", |it, cx| {
        let running = it.status(cx).language_server.as_deref() == Some("fake");
        running && it.fake.launches() == 2
    });
    it.until(cx, "nothing of the ended run", |it, cx| {
        it.status(cx).problems == Some((0, 0))
    });
}
