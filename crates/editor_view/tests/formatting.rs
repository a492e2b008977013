//! Programs that lay a text out: the question before one runs, what becomes of the text and the
//! carets, and what is said where one fails. They are scripts.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use common::served::{Session, open, open_served};
use common::set;
use gpui_kit::TestAppContext;
use ui::{Commands, Item as _};

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
        "echo 'line 2: no such thing' >&2; echo half; exit 3",
    );
    format(&it, cx);
    press(&it, cx, "format-yes");
    assert_eq!(
        notice(&it, cx),
        "Not formatted: shout: exit status: 3: line 2: no such thing."
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
