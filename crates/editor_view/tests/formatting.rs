//! Programs that lay a text out: the question before one runs, what becomes of the text and the
//! carets, and what is said where one fails. They are scripts.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::rc::Rc;

use common::served::{Session, open, open_served, open_with};
use common::set;
use gpui_kit::{Task, TestAppContext};
use lsp::FakeServer;
use ui::{Commands, Item as _, LanguageChange, LanguageSetting};

/// A file whose server nobody has allowed yet, once it is known what may be run for it.
fn ready(cx: &mut TestAppContext) -> Session {
    let it = open(cx, TEXT);
    it.until(cx, "the question", |it, cx| {
        it.status(cx).language_server.is_some()
    });
    it
}

/// Puts a script where programs are found, below the scratch folder.
fn install(it: &Session, path: &str, script: &str) -> PathBuf {
    let root = it.scratch.path().canonicalize().unwrap();
    let file = root.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    // A program that is being written cannot be started.
    let new = file.with_extension("new");
    std::fs::write(&new, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(new, &file).unwrap();
    file
}

fn run(it: &Session, cx: &mut TestAppContext, command: &str) {
    it.editor.update(cx, |window, cx| {
        assert!(Commands::run(command, window, cx), "{command}");
    });
}

fn format(it: &Session, cx: &mut TestAppContext) {
    run(it, cx, "editor.action.formatDocument");
}

#[track_caller]
fn press(it: &Session, cx: &mut TestAppContext, id: &'static str) {
    it.shows(cx, id);
    it.editor.update(cx, |window, cx| {
        use gpui_kit::test::TestWindowExt as _;
        window.click(id, cx);
    });
}

/// Waits until a notice is shown, and takes it away.
#[track_caller]
fn notice(it: &Session, cx: &mut TestAppContext) -> String {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        if let Some(message) = notices(it, cx).first() {
            it.editor.update(cx, ui::dismiss_notices);
            return message.clone();
        }
        assert!(std::time::Instant::now() < end, "waited for a notice");
        std::thread::yield_now();
    }
}

fn notices(it: &Session, cx: &mut TestAppContext) -> Vec<String> {
    cx.run_until_parked();
    it.editor.update(cx, |window, cx| {
        let shown = ui::shown_notices(window, cx).into_iter();
        shown.map(|message| message.to_string()).collect()
    })
}

const TEXT: &str = "let one = 1;\nlet  two = 2;\nlet three = 3;\n";
/// Takes doubled spaces out.
const TIDY: &str = "sed 's/  */ /g'";

#[gpui_kit::test]
fn a_formatter_runs_once_it_may_and_leaves_carets_and_undo_as_they_were(cx: &mut TestAppContext) {
    let it = ready(cx);
    install(
        &it,
        "bin/shout",
        &format!("pwd > \"$0.ran\"; echo \"$1\" >> \"$0.ran\"; {TIDY}"),
    );
    let ran = it.scratch.path().join("bin/shout.ran");
    it.editor
        .set(cx, "let one = 1;\nlet  two = 2;\nlet thˇree = 3;\n");
    format(&it, cx);
    it.shows(cx, "format-banner");
    assert!(!ran.exists(), "nobody allowed it");
    press(&it, cx, "format-yes");
    it.reads(cx, "let one = 1;\nlet two = 2;\nlet three = 3;\n");
    assert!(!it.has(cx, "format-banner"));
    it.editor
        .shows(cx, "let one = 1;\nlet two = 2;\nlet thˇree = 3;\n");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    assert_eq!(
        std::fs::read_to_string(&ran).unwrap(),
        format!(
            "{}\n{}\n",
            project.display(),
            project.join("main.rs").display()
        ),
        "where it ran, and for what"
    );
    it.editor.press(cx, "ctrl-z");
    it.reads(cx, TEXT);
    format(&it, cx);
    it.reads(cx, "let one = 1;\nlet two = 2;\nlet three = 3;\n");
    assert_eq!(notices(&it, cx), Vec::<String>::new());
}

#[gpui_kit::test]
fn a_formatter_that_fails_says_why_and_changes_nothing(cx: &mut TestAppContext) {
    let it = ready(cx);
    format(&it, cx);
    assert_eq!(
        notice(&it, cx),
        "Not formatted: there is no formatter; Kiln knows shout, hush (to install the first: get shout)."
    );
    install(
        &it,
        "bin/shout",
        "echo \"[error] $1:2: no such thing\" >&2; echo '[error] > 2 | let' >&2; echo half; exit 3",
    );
    format(&it, cx);
    press(&it, cx, "format-yes");
    assert_eq!(
        notice(&it, cx),
        "Not formatted: shout: main.rs:2: no such thing."
    );
    it.editor.shows(cx, &format!("ˇ{TEXT}"));
    // What was typed meanwhile is not written over.
    let go = it.scratch.path().join("go");
    let began = it.scratch.path().join("began");
    let wait = format!(
        "touch '{}'; while [ ! -e '{}' ]; do :; done; {TIDY}",
        began.display(),
        go.display()
    );
    install(&it, "bin/shout", &wait);
    format(&it, cx);
    it.until(cx, "it runs", |_, _| began.exists());
    it.editor.press(cx, "x");
    std::fs::write(go, "").unwrap();
    let said = notice(&it, cx);
    assert!(said.contains("changed"), "{said}");
    it.editor.shows(cx, &format!("xˇ{TEXT}"));
}

#[gpui_kit::test]
fn a_no_is_kept_and_format_document_with_asks_again(cx: &mut TestAppContext) {
    let it = ready(cx);
    install(&it, "bin/shout", TIDY);
    format(&it, cx);
    press(&it, cx, "format-no");
    cx.run_until_parked();
    format(&it, cx);
    assert_eq!(
        notice(&it, cx),
        "Not formatted: shout may not run in this folder; \"Format Document With…\" asks again."
    );
    // The next that there is takes its place.
    install(&it, "project/node_modules/.bin/hush", "tr a-z A-Z");
    run(&it, cx, "editor.action.formatDocument.multiple");
    it.shows(cx, "formatter-picker");
    it.editor.press(cx, "enter");
    press(&it, cx, "format-yes");
    it.reads(cx, "let one = 1;\nlet two = 2;\nlet three = 3;\n");
    run(&it, cx, "editor.action.formatDocument.multiple");
    it.shows(cx, "formatter-picker");
    it.editor.press(cx, "down enter");
    press(&it, cx, "format-yes");
    it.reads(cx, "LET ONE = 1;\nLET TWO = 2;\nLET THREE = 3;\n");
}

#[gpui_kit::test]
fn settings_choose_who_formats_a_language_and_a_save_has_it_done(cx: &mut TestAppContext) {
    let it = open_served(cx, TEXT, "");
    it.start(cx);
    install(&it, "bin/shout", TIDY);
    install(&it, "bin/mine", "tr a-z A-Z; echo \"// $*\"");
    // The server formats where nobody else is chosen.
    format(&it, cx);
    it.until(cx, "the server's", |it, cx| {
        !it.editor.view.read(cx).text(cx).to_string().contains("  ")
    });
    assert!(!it.has(cx, "format-banner"));
    it.editor.set(cx, &format!("ˇ{TEXT}"));
    set(
        cx,
        "[rust]",
        r#"{"editor.defaultFormatter": "Loud.Shout", "editor.formatOnSave": true}"#,
    );
    it.editor.press(cx, "x");
    let save = |cx: &mut TestAppContext| {
        let saving = it.editor.update(cx, |window, cx| {
            it.editor.view.update(cx, |view, cx| view.save(window, cx))
        });
        it.wait(cx, saving).unwrap();
    };
    let on_disk =
        |it: &Session| std::fs::read_to_string(it.scratch.path().join("project/main.rs")).unwrap();
    save(cx);
    assert_eq!(on_disk(&it), format!("x{TEXT}"), "nobody allowed it yet");
    press(&it, cx, "format-yes");
    it.reads(cx, "xlet one = 1;\nlet two = 2;\nlet three = 3;\n");
    it.editor.set(cx, &format!("ˇ{TEXT}"));
    save(cx);
    assert_eq!(on_disk(&it), "let one = 1;\nlet two = 2;\nlet three = 3;\n");

    set(
        cx,
        "[rust]",
        r#"{"kiln.formatter": {"command": "mine", "arguments": ["-a", "{buffer_path}"]}}"#,
    );
    format(&it, cx);
    press(&it, cx, "format-yes");
    let file = it
        .scratch
        .path()
        .canonicalize()
        .unwrap()
        .join("project/main.rs");
    it.reads(
        cx,
        &format!(
            "LET ONE = 1;\nLET TWO = 2;\nLET THREE = 3;\n// -a {}\n",
            file.display()
        ),
    );
    set(cx, "[rust]", r#"{"editor.defaultFormatter": "murmur"}"#);
    format(&it, cx);
    assert_eq!(
        notice(&it, cx),
        "Not formatted: `editor.defaultFormatter` is \"murmur\", which lays out no rust; there are shout, hush, fake."
    );
    set(cx, "[rust]", r#"{"editor.defaultFormatter": "hush"}"#);
    format(&it, cx);
    assert_eq!(
        notice(&it, cx),
        "Not formatted: hush is not installed (get hush)."
    );
}

#[gpui_kit::test]
fn a_server_that_changes_nothing_where_there_are_errors_is_told_of(cx: &mut TestAppContext) {
    let it = open_served(cx, "let one = 1;\n", "");
    it.start(cx);
    it.editor.set(cx, "let error = 1;ˇ\n");
    it.until(cx, "what is wrong", |it, cx| {
        it.status(cx).problems == Some((1, 0))
    });
    format(&it, cx);
    assert_eq!(
        notice(&it, cx),
        "The language server changed nothing. There are errors in the file, and a text with wrong syntax is mostly not formatted."
    );
    it.reads(cx, "let error = 1;\n");
}

/// A server of a tool that lays texts out by itself, too.
const BOTH: &str = r#"
[[server]]
name = "hush"
languages = ["rust"]
program = "hush-server"
install = "get hush"
"#;

#[gpui_kit::test]
fn of_a_tool_that_is_both_the_server_formats_where_its_program_is_not_there(
    cx: &mut TestAppContext,
) {
    let programs = [("bin/hush-server", FakeServer::new(""))];
    let it = open_with(cx, TEXT, BOTH, &programs);
    set(cx, "[rust]", r#"{"editor.defaultFormatter": "hush"}"#);
    press(&it, cx, "server-yes");
    it.until(cx, "the server", |it, cx| {
        it.status(cx).language_server.as_deref() == Some("hush")
    });
    format(&it, cx);
    let tidy = "let one = 1;\nlet two = 2;\nlet three = 3;\n";
    it.reads(cx, tidy);
    set(
        cx,
        "[rust]",
        r#"{"editor.defaultFormatter": "hush", "editor.formatOnSave": true}"#,
    );
    it.editor.set(cx, &format!("ˇ{TEXT}"));
    it.editor.press(cx, "x");
    let saving = it.editor.update(cx, |window, cx| {
        it.editor.view.update(cx, |view, cx| view.save(window, cx))
    });
    it.wait(cx, saving).unwrap();
    let saved = std::fs::read_to_string(it.scratch.path().join("project/main.rs"));
    assert_eq!(saved.unwrap(), format!("x{tidy}"));
    assert_eq!(notices(&it, cx), Vec::<String>::new());

    // It stands in both lists once: hush, shout, which is not there, and the last row.
    run(&it, cx, "editor.action.formatDocument.multiple");
    it.shows(cx, "formatter-picker");
    it.editor.press(cx, "down down enter");
    it.shows(cx, "default-formatter-picker");
    let file = Rc::new(RefCell::new("{}\n".to_owned()));
    keep_settings(&it, cx, &file);
    it.editor.press(cx, "enter");
    assert_eq!(notice(&it, cx), "From now on, Rust is formatted with hush.");
    assert!(file.borrow().contains("\"hush\""), "{}", file.borrow());
    // The program comes first where it is there.
    install(&it, "bin/hush", "tr a-z A-Z");
    format(&it, cx);
    press(&it, cx, "format-yes");
    it.reads(cx, &format!("X{}", tidy.to_uppercase()));
}

/// Keeps settings for languages as a workbench does, in a text that stands for the person's file.
fn keep_settings(it: &Session, cx: &mut TestAppContext, file: &Rc<RefCell<String>>) {
    let file = file.clone();
    it.editor.update(cx, |window, cx| {
        ui::set_language_setting_handler(window, cx, move |setting, _, cx| {
            let LanguageChange::Setting(LanguageSetting {
                language,
                key,
                value,
            }) = setting
            else {
                panic!("a setting is kept");
            };
            let after = settings::set_language_value(&file.borrow(), &language, key, value);
            let after = match after {
                Ok(after) => after,
                Err(error) => return Task::ready(Err(error.into())),
            };
            let layer = settings::Layer::user("settings.json", after.clone());
            assert_eq!(ui::SettingsStore::set(&[layer], cx), []);
            *file.borrow_mut() = after;
            Task::ready(Ok(()))
        });
    });
}

#[gpui_kit::test]
fn the_default_formatter_of_a_language_is_chosen_from_who_there_is(cx: &mut TestAppContext) {
    let it = open_served(cx, TEXT, "");
    it.start(cx);
    let file = Rc::new(RefCell::new("{\n  // mine\n}\n".to_owned()));
    keep_settings(&it, cx, &file);
    install(&it, "bin/shout", TIDY);
    let choose = |cx: &mut TestAppContext, keys: &str| {
        run(&it, cx, "editor.action.configureDefaultFormatter");
        it.shows(cx, "default-formatter-picker");
        it.editor.press(cx, keys);
    };
    // The server, shout, hush that is not there, and none, which holds so far.
    choose(cx, "up up enter");
    assert_eq!(
        notice(&it, cx),
        "From now on, Rust is formatted with shout."
    );
    assert_eq!(
        *file.borrow(),
        "{\n  // mine\n  \"[rust]\": {\n    \"editor.defaultFormatter\": \"shout\"\n  }\n}\n"
    );
    format(&it, cx);
    press(&it, cx, "format-yes");
    it.reads(cx, "let one = 1;\nlet two = 2;\nlet three = 3;\n");
    // From the list of who formats now, where it is the last row; what holds is selected.
    run(&it, cx, "editor.action.formatDocument.multiple");
    it.shows(cx, "formatter-picker");
    it.editor.press(cx, "down down enter");
    it.shows(cx, "default-formatter-picker");
    it.editor.press(cx, "up enter");
    assert_eq!(notice(&it, cx), "From now on, Rust is formatted with fake.");
    assert!(
        file.borrow()
            .contains("\"editor.defaultFormatter\": \"fake\"")
    );
    choose(cx, "down down enter");
    assert_eq!(
        notice(&it, cx),
        "There is no hush yet. To install it: get hush."
    );
    choose(cx, "down down down enter");
    assert_eq!(
        notice(&it, cx),
        "No formatter is preferred for Rust any more."
    );
    assert!(file.borrow().contains("\"editor.defaultFormatter\": null"));
}

#[gpui_kit::test]
fn a_default_formatter_that_cannot_be_kept_or_does_not_count_is_told(cx: &mut TestAppContext) {
    let it = ready(cx);
    install(&it, "bin/shout", TIDY);
    let choose = |cx: &mut TestAppContext| {
        run(&it, cx, "editor.action.configureDefaultFormatter");
        it.shows(cx, "default-formatter-picker");
        it.editor.press(cx, "up up enter");
    };
    let file = Rc::new(RefCell::new("{ \"[rust]\": ".to_owned()));
    keep_settings(&it, cx, &file);
    choose(cx);
    let said = notice(&it, cx);
    assert!(said.contains("nothing was changed"), "{said}");
    assert_eq!(*file.borrow(), "{ \"[rust]\": ");
    *file.borrow_mut() = r#"{"kiln.formatter": {"command": "mine"}}"#.into();
    choose(cx);
    assert_eq!(
        notice(&it, cx),
        "It is in your settings, but `kiln.formatter` or the folder's settings choose another formatter for Rust."
    );
}

#[gpui_kit::test]
fn one_that_takes_long_can_be_cancelled(cx: &mut TestAppContext) {
    let it = ready(cx);
    install(&it, "bin/shout", "exec sleep 600");
    format(&it, cx);
    press(&it, cx, "format-yes");
    cx.run_until_parked();
    assert!(!it.has(cx, "format-banner"), "not at once");
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(1));
    it.shows(cx, "format-banner");
    press(&it, cx, "format-cancel");
    assert!(!it.has(cx, "format-banner"));
    it.editor.shows(cx, &format!("ˇ{TEXT}"));
    assert_eq!(notices(&it, cx), Vec::<String>::new());
}
