//! What differs from git's version: marks, going from change to change, the card, reverting and
//! staging, against a repository made by the real program.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::process::Command;
use std::sync::Arc;

use common::{Editor, open_file};
use fs::FakeFs;
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use tempfile::TempDir;

const COMMITTED: &str = "one\ntwo\nthree\nfour\nfive\n";

struct Project {
    folder: TempDir,
}

impl Project {
    /// A repository that `a.txt` was committed to.
    fn new() -> Self {
        let project = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(project.folder.path().join("a.txt"), COMMITTED).unwrap();
        project.git(&["init", "--quiet"]);
        project.git(&["add", "."]);
        project.git(&["commit", "--quiet", "-m", "first"]);
        project
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.folder.path())
            .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .expect("git is installed");
        assert!(output.status.success(), "git {arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The editor over the file with another text than the committed one.
    fn open(&self, cx: &mut TestAppContext, text: &str) -> Editor {
        let path = self.folder.path().join("a.txt");
        let fs = Arc::new(FakeFs::new());
        fs.insert(&path, text.as_bytes());
        let editor = open_file(cx, fs, path);
        cx.run_until_parked();
        editor
    }
}

fn card(editor: &Editor, cx: &mut TestAppContext) -> Option<String> {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window
            .elements()
            .into_iter()
            .filter_map(|element| element.label().map(|label| label.to_string()))
            .find(|label| label.starts_with("Change "))
    })
}

#[gpui_kit::test]
fn the_keys_go_from_change_to_change_and_around(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nnew\nfour\n");
    editor.press(cx, "alt-f5");
    assert_eq!(editor.marked(cx), "ONE\ntwo\nthree\nˇnew\nfour\n");
    editor.press(cx, "alt-f5");
    assert_eq!(editor.marked(cx), "ONE\ntwo\nthree\nnew\nfour\nˇ");
    editor.press(cx, "alt-f5");
    assert_eq!(editor.marked(cx), "ˇONE\ntwo\nthree\nnew\nfour\n");
    editor.press(cx, "shift-alt-f5");
    assert_eq!(editor.marked(cx), "ONE\ntwo\nthree\nnew\nfour\nˇ");
}

#[gpui_kit::test]
fn the_card_shows_the_change_at_the_caret_and_then_the_next(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nnew\nfour\nfive\n");
    assert_eq!(card(&editor, cx), None);
    editor.press(cx, "alt-f3");
    assert_eq!(card(&editor, cx).as_deref(), Some("Change 1 of 2"));
    editor.press(cx, "alt-f3");
    assert_eq!(card(&editor, cx).as_deref(), Some("Change 2 of 2"));
    editor.press(cx, "shift-alt-f3");
    assert_eq!(card(&editor, cx).as_deref(), Some("Change 1 of 2"));
    editor.press(cx, "escape");
    assert_eq!(card(&editor, cx), None);
}

#[gpui_kit::test]
fn a_change_is_reverted_and_the_others_stay(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nnew\nfour\nfive\n");
    editor.press(cx, "ctrl-k ctrl-r");
    cx.run_until_parked();
    assert_eq!(
        editor.marked(cx).replace('ˇ', ""),
        "one\ntwo\nthree\nnew\nfour\nfive\n"
    );
    editor.press(cx, "ctrl-z");
    assert_eq!(editor.marked(cx), "ˇONE\ntwo\nthree\nnew\nfour\nfive\n");
    editor.press(cx, "ctrl-a ctrl-k ctrl-r");
    cx.run_until_parked();
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).text(cx).to_string()),
        COMMITTED
    );
}

#[gpui_kit::test]
fn a_change_is_staged_alone(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nnew\nfour\nfive\n");
    editor.press(cx, "alt-f5 ctrl-k ctrl-alt-s");
    cx.run_until_parked();
    assert_eq!(
        project.git(&["show", ":a.txt"]),
        "one\ntwo\nthree\nnew\nfour\nfive\n"
    );
    // What is staged is no change any more.
    editor.press(cx, "alt-f3");
    assert_eq!(card(&editor, cx).as_deref(), Some("Change 1 of 1"));
}

#[gpui_kit::test]
fn what_is_typed_is_a_change_at_once(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, COMMITTED);
    editor.press(cx, "alt-f3");
    assert_eq!(card(&editor, cx), None);
    editor.press(cx, "down down").input(cx, "x");
    cx.run_until_parked();
    editor.press(cx, "alt-f3");
    assert_eq!(card(&editor, cx).as_deref(), Some("Change 1 of 1"));
    editor.press(cx, "escape ctrl-k ctrl-r");
    cx.run_until_parked();
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).text(cx).to_string()),
        COMMITTED
    );
}
