//! What differs from git's version: marks, going from change to change, changes open in the text, reverting and
//! staging, against a repository made by the real program.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::process::Command;
use std::sync::Arc;

use common::{Editor, open_file};
use fs::FakeFs;
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{TestAppContext, point, px};
use tempfile::TempDir;
use ui::{Commands, Item as _};

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

/// The labels of the buttons' bars, which say which changes they are of.
fn controls(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    labels(editor, cx)
        .into_iter()
        .filter(|label| label.starts_with("Change "))
        .collect()
}

fn labels(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let elements = window.elements().into_iter();
        elements
            .filter_map(|element| element.label().map(|label| label.to_string()))
            .collect()
    })
}

/// The lines of git's that stand in the text, and the row of the screen that they begin in.
fn git_lines(editor: &Editor, cx: &mut TestAppContext) -> Vec<(usize, String)> {
    cx.run_until_parked();
    let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let elements = window.elements().into_iter();
        let mut found: Vec<_> = elements
            .filter(|element| {
                element
                    .label()
                    .is_some_and(|it| it == "Lines in git's index")
            })
            .map(|element| {
                let row = (element.bounds().top() - origin.y) / cell.height;
                (row.round() as usize, element.value().unwrap().to_string())
            })
            .collect();
        found.sort();
        found
    })
}

fn lines(expected: &[(usize, &str)]) -> Vec<(usize, String)> {
    let lines = expected.iter();
    lines
        .map(|(row, lines)| (*row, (*lines).to_owned()))
        .collect()
}

/// Presses in the strip of the gutter where the marks are, beside a row of the screen.
fn press_mark(editor: &Editor, cx: &mut TestAppContext, row: usize) {
    let place = editor.place(cx, row, 0);
    editor.update(cx, |window, cx| {
        let origin = window.find("editor").bounds().origin;
        window.click_at("editor", point(px(4.), place.y - origin.y), cx);
    });
    cx.run_until_parked();
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
fn the_change_at_the_caret_is_opened_and_then_the_next(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nnew\nfour\nfive\n");
    assert_eq!(controls(&editor, cx), [""; 0]);
    editor.press(cx, "alt-f3");
    assert_eq!(controls(&editor, cx), ["Change 1 of 2"]);
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one")]));
    editor.press(cx, "alt-f3");
    assert_eq!(controls(&editor, cx), ["Change 2 of 2"]);
    assert_eq!(git_lines(&editor, cx), [], "the other one is closed");
    editor.press(cx, "shift-alt-f3");
    assert_eq!(controls(&editor, cx), ["Change 1 of 2"]);
    editor.press(cx, "escape");
    assert_eq!(controls(&editor, cx), [""; 0]);
    assert_eq!(git_lines(&editor, cx), []);
}

#[gpui_kit::test]
fn vims_keys_go_from_change_to_change(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "one\ntwo\nthree\nnew\nfour\nfive\n");
    editor.settings(cx, r#"{"vim.enabled": true}"#);
    editor.input(cx, "]c");
    cx.run_until_parked();
    editor.shows(cx, "one\ntwo\nthree\nˇnew\nfour\nfive\n");
}

#[gpui_kit::test]
fn all_changes_stand_open_and_follow_what_is_typed(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nfive\n");
    editor.press(cx, "ctrl-k ctrl-'");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one"), (4, "four")]));
    // A change that is made later stands open too, and the ones below move.
    editor.press(cx, "down down").input(cx, "x");
    assert_eq!(
        git_lines(&editor, cx),
        lines(&[(0, "one"), (3, "three\nfour")]),
        "the change at the line joined its neighbour"
    );
    editor.press(cx, "ctrl-z");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one"), (4, "four")]));
    editor.press(cx, "ctrl-home").input(cx, "\n");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one"), (5, "four")]));
    // It lasts until it is switched off.
    editor.press(cx, "escape");
    assert_eq!(git_lines(&editor, cx).len(), 2);
    editor.press(cx, "ctrl-k ctrl-'");
    assert_eq!(git_lines(&editor, cx), []);
}

#[gpui_kit::test]
fn a_press_on_a_mark_opens_and_closes_that_change_alone(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nfive\n");
    press_mark(&editor, cx, 0);
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one")]));
    press_mark(&editor, cx, 4);
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one"), (4, "four")]));
    // Beside git's lines too.
    press_mark(&editor, cx, 0);
    assert_eq!(git_lines(&editor, cx), lines(&[(3, "four")]));
    editor.press(cx, "ctrl-k ctrl-'");
    press_mark(&editor, cx, 1);
    assert_eq!(
        git_lines(&editor, cx),
        lines(&[(3, "four")]),
        "one is closed while all stand open"
    );
}

#[gpui_kit::test]
fn the_change_at_the_caret_is_toggled_by_its_key(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nfive\n");
    editor.press(cx, "ctrl-'");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one")]));
    editor.press(cx, "ctrl-a ctrl-'");
    assert_eq!(
        git_lines(&editor, cx),
        lines(&[(0, "one"), (4, "four")]),
        "the rest is opened first"
    );
    editor.press(cx, "ctrl-'");
    assert_eq!(git_lines(&editor, cx), []);
}

#[gpui_kit::test]
fn the_buttons_of_the_change_under_the_pointer_are_about_that_one(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, "ONE\ntwo\nthree\nfive\n");
    editor.press(cx, "ctrl-k ctrl-'");
    assert_eq!(controls(&editor, cx), ["Change 1 of 2"]);
    let over = editor.place(cx, 4, 1);
    editor.update(cx, |window, cx| window.pointer_move(over, None, cx));
    assert_eq!(controls(&editor, cx), ["Change 1 of 2", "Change 2 of 2"]);
    editor.update(cx, |window, cx| window.click(("hunk-stage", 1_usize), cx));
    cx.run_until_parked();
    assert_eq!(project.git(&["show", ":a.txt"]), "one\ntwo\nthree\nfive\n");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one")]));
    editor.update(cx, |window, cx| window.click(("hunk-revert", 0_usize), cx));
    cx.run_until_parked();
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).text(cx).to_string()),
        "one\ntwo\nthree\nfive\n"
    );
    assert_eq!(git_lines(&editor, cx), []);
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
    assert_eq!(controls(&editor, cx), ["Change 1 of 1"]);
}

/// The committed lines that stand in the text, and the labels of the buttons' bars of staged changes.
fn staged_shown(editor: &Editor, cx: &mut TestAppContext) -> (Vec<String>, Vec<String>) {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let (mut lines, mut bars) = (Vec::new(), Vec::new());
        for element in window.elements() {
            match element.label().map(ToString::to_string) {
                Some(label) if label == "Lines in git's last commit" => {
                    lines.push(element.value().unwrap().to_string());
                }
                Some(label) if label.starts_with("Staged change ") => bars.push(label),
                _ => {}
            }
        }
        (lines, bars)
    })
}

fn of(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[gpui_kit::test]
fn gits_lines_are_cut_where_the_text_is_wrapped(cx: &mut TestAppContext) {
    let project = Project::new();
    let long = format!("{}\n", "word ".repeat(12));
    std::fs::write(project.folder.path().join("a.txt"), &long).unwrap();
    project.git(&["add", "a.txt"]);
    let editor = project.open(cx, "other\n");
    common::set(cx, "editor.wordWrap", "\"wordWrapColumn\"");
    common::set(cx, "editor.wordWrapColumn", "20");
    press_mark(&editor, cx, 0);
    let rows = |cx: &mut TestAppContext| {
        cx.run_until_parked();
        let (_, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.render_frame(cx);
            let all = window.elements().into_iter();
            let lines = all.filter(|element| {
                let label = element.label().map(ToString::to_string);
                label.as_deref() == Some("Lines in git's index")
            });
            let heights = lines.map(|lines| lines.bounds().size.height / cell.height);
            heights
                .map(|rows| rows.round() as usize)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(rows(cx), [3]);
    common::set(cx, "editor.wordWrap", "\"off\"");
    assert_eq!(rows(cx), [1]);
}

#[gpui_kit::test]
fn a_staged_change_is_unstaged_alone(cx: &mut TestAppContext) {
    let project = Project::new();
    std::fs::write(
        project.folder.path().join("a.txt"),
        "ONE\ntwo\nthree\nnew\nfour\n",
    )
    .unwrap();
    project.git(&["add", "a.txt"]);
    // Another line and a line more, which are not staged.
    let text = "above\nONE\ntwo\nTHREE\nnew\nfour\n";
    let editor = project.open(cx, text);
    let staged = |project: &Project| project.git(&["show", ":a.txt"]);
    editor.press(cx, "down down ctrl-k ctrl-alt-u");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    let nothing = "Nothing that is selected is staged since git's last commit.";
    assert!(said.iter().any(|said| said.contains(nothing)), "{said:?}");
    assert_eq!(staged(&project), "ONE\ntwo\nthree\nnew\nfour\n");

    editor.press(cx, "down down ctrl-k ctrl-alt-u");
    cx.run_until_parked();
    assert_eq!(staged(&project), "ONE\ntwo\nthree\nfour\n");
    // Now it is a change again that is not staged, beside the one above it.
    editor.press(cx, "ctrl-'");
    assert_eq!(controls(&editor, cx), ["Change 2 of 2"]);
    // Where lines are gone, from the line before.
    editor.press(cx, "ctrl-end ctrl-k ctrl-alt-u");
    cx.run_until_parked();
    assert_eq!(staged(&project), "ONE\ntwo\nthree\nfour\nfive\n");
    editor.press(cx, "ctrl-a ctrl-k ctrl-alt-u");
    cx.run_until_parked();
    assert_eq!(staged(&project), COMMITTED);
    assert_eq!(project.git(&["diff", "--cached", "--name-only"]), "");
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).text(cx).to_string()),
        text,
        "the text stays"
    );
}

#[gpui_kit::test]
fn a_press_on_a_hollow_mark_opens_what_was_committed_and_its_button_unstages_it(
    cx: &mut TestAppContext,
) {
    let project = Project::new();
    let text = "ONE\ntwo\nthree\nfour\nFIVE\n";
    std::fs::write(project.folder.path().join("a.txt"), text).unwrap();
    project.git(&["add", "a.txt"]);
    let editor = project.open(cx, text);
    assert_eq!(staged_shown(&editor, cx), (of(&[]), of(&[])));
    press_mark(&editor, cx, 4);
    assert_eq!(
        staged_shown(&editor, cx),
        (of(&["five"]), of(&["Staged change 2 of 2"]))
    );
    assert_eq!(git_lines(&editor, cx), []);
    // It moves along with what is typed above it.
    editor.press(cx, "ctrl-home").input(cx, "first\n");
    assert_eq!(
        staged_shown(&editor, cx),
        (of(&["five"]), of(&[])),
        "the caret is elsewhere"
    );
    editor.press(cx, "ctrl-z");
    press_mark(&editor, cx, 4);
    assert_eq!(staged_shown(&editor, cx), (of(&[]), of(&[])));
    editor.press(cx, "ctrl-end up ctrl-'");
    assert_eq!(staged_shown(&editor, cx).0, of(&["five"]));
    let named = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let button = window.find(("hunk-unstage", 1_usize));
        button.label().map(ToString::to_string)
    });
    assert_eq!(named.as_deref(), Some("Unstage change"));
    editor.update(cx, |window, cx| window.click(("hunk-unstage", 1_usize), cx));
    cx.run_until_parked();
    assert_eq!(
        project.git(&["show", ":a.txt"]),
        "ONE\ntwo\nthree\nfour\nfive\n"
    );
    assert_eq!(staged_shown(&editor, cx).0, of(&[]));
    // And staged again.
    editor.press(cx, "ctrl-k ctrl-alt-s");
    cx.run_until_parked();
    assert_eq!(project.git(&["show", ":a.txt"]), text);
    press_mark(&editor, cx, 0);
    assert_eq!(staged_shown(&editor, cx).0, of(&["one"]));
    editor.press(cx, "escape");
    assert_eq!(staged_shown(&editor, cx).0, of(&[]));
}

#[gpui_kit::test]
fn the_buttons_of_a_staged_change_that_was_edited_since_stand_beside_the_others(
    cx: &mut TestAppContext,
) {
    let project = Project::new();
    let text = "ONE\ntwo\nthree\nfour\nfive\n";
    std::fs::write(project.folder.path().join("a.txt"), text).unwrap();
    project.git(&["add", "a.txt"]);
    let editor = project.open(cx, text);
    press_mark(&editor, cx, 0);
    editor.press(cx, "ctrl-home").input(cx, "!");
    cx.run_until_parked();
    editor.press(cx, "ctrl-'");
    assert_eq!(git_lines(&editor, cx).len(), 1);
    assert_eq!(
        staged_shown(&editor, cx),
        (of(&["one"]), of(&["Staged change 1 of 1"]))
    );
    let (mine, staged) = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let bounds = |id| window.find(id).bounds();
        (
            bounds(("hunk-controls", 0_usize)),
            bounds(("staged-controls", 0_usize)),
        )
    });
    assert!(!mine.intersects(&staged), "{mine:?} {staged:?}");
}

#[gpui_kit::test]
fn what_is_committed_meanwhile_is_not_staged_any_more(cx: &mut TestAppContext) {
    let project = Project::new();
    let text = "ONE\ntwo\nthree\nfour\nfive\n";
    std::fs::write(project.folder.path().join("a.txt"), text).unwrap();
    project.git(&["add", "a.txt"]);
    let editor = project.open(cx, text);
    press_mark(&editor, cx, 0);
    assert_eq!(staged_shown(&editor, cx).0, of(&["one"]));
    project.git(&["commit", "--quiet", "-m", "second"]);
    tell_of_branch(&project, &editor, cx);
    assert_eq!(staged_shown(&editor, cx), (of(&[]), of(&[])));
}

/// A commit is told by its branch alone.
fn tell_of_branch(project: &Project, editor: &Editor, cx: &mut TestAppContext) {
    let branch = project.git(&["symbolic-ref", "HEAD"]);
    let git = project.folder.path().canonicalize().unwrap().join(".git");
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![git.join(branch.trim())], cx);
        });
    });
}

#[gpui_kit::test]
fn what_is_committed_in_a_linked_work_tree_is_not_staged_any_more(cx: &mut TestAppContext) {
    let project = Project::new();
    project.git(&["worktree", "add", "--quiet", "-b", "other", "linked"]);
    let text = "ONE\ntwo\nthree\nfour\nfive\n";
    let path = project.folder.path().join("linked/a.txt");
    std::fs::write(&path, text).unwrap();
    project.git(&["-C", "linked", "add", "a.txt"]);
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, text.as_bytes());
    let editor = open_file(cx, fs, path);
    cx.run_until_parked();
    press_mark(&editor, cx, 0);
    assert_eq!(staged_shown(&editor, cx).0, of(&["one"]));
    project.git(&["-C", "linked", "commit", "--quiet", "-m", "second"]);
    let git = project.folder.path().canonicalize().unwrap().join(".git");
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.paths_changed(vec![git.join("refs/heads/other")], cx);
        });
    });
    assert_eq!(staged_shown(&editor, cx), (of(&[]), of(&[])));
}

#[gpui_kit::test]
fn what_is_typed_is_a_change_at_once(cx: &mut TestAppContext) {
    let project = Project::new();
    let editor = project.open(cx, COMMITTED);
    editor.press(cx, "alt-f3");
    assert_eq!(controls(&editor, cx), [""; 0]);
    editor.press(cx, "down down").input(cx, "x");
    cx.run_until_parked();
    editor.press(cx, "alt-f3");
    assert_eq!(controls(&editor, cx), ["Change 1 of 1"]);
    editor.press(cx, "escape ctrl-k ctrl-r");
    cx.run_until_parked();
    assert_eq!(
        cx.update(|cx| editor.view.read(cx).text(cx).to_string()),
        COMMITTED
    );
}

#[gpui_kit::test]
fn the_agents_change_gives_way_to_opened_changes(cx: &mut TestAppContext) {
    let project = Project::new();
    let text = "ONE\ntwo\nthree\nfour\nfive\n";
    let editor = project.open(cx, text);
    let texts = (text.into(), "1\ntwo\nthree\nfour\nfive\n".into());
    let edit = ui::ProposedEdit::new(1, editor.path.clone(), texts, |_, _, _| {});
    cx.update(|cx| ui::ProposedEdits::set(&editor.model, Some(edit), cx));
    let strip = |cx: &mut TestAppContext| {
        let labels = labels(&editor, cx);
        let is_strip = |label: &String| label == "The agent would change this text.";
        labels.iter().any(is_strip)
    };
    assert!(strip(cx));
    editor.press(cx, "alt-f3");
    assert_eq!(git_lines(&editor, cx), lines(&[(0, "one")]));
    assert!(!strip(cx));
    editor.press(cx, "escape");
    assert_eq!(git_lines(&editor, cx), []);
    assert!(strip(cx), "they are closed");
}

#[gpui_kit::test]
fn changes_that_stood_open_come_back(cx: &mut TestAppContext) {
    let changed = "ONE\ntwo\nthree\nfive\n";
    let project = Project::new();
    for commands in [
        &["editor.toggleInlineChanges"][..],
        // The one that the caret is at is closed again, or opened alone.
        &["editor.toggleInlineChanges", "editor.toggleInlineChange"],
        &["editor.toggleInlineChange"],
    ] {
        let editor = project.open(cx, changed);
        editor.press(cx, "down down down");
        for command in commands {
            assert!(editor.update(cx, |window, cx| Commands::run(command, window, cx)));
            cx.run_until_parked();
        }
        let open = git_lines(&editor, cx);
        assert!(!open.is_empty(), "{commands:?}");
        let left = cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap());
        // Before it is known what differs, and after.
        for known in [false, true] {
            let path = project.folder.path().join("a.txt");
            let again = open_file(cx, editor.fs.clone(), path);
            if known {
                cx.run_until_parked();
            }
            again.update(cx, |window, cx| {
                let view = again.view.clone();
                view.update(cx, |view, cx| view.restore_view(&left, window, cx));
            });
            assert_eq!(git_lines(&again, cx), open, "{commands:?} {known}");
        }
    }
}

#[gpui_kit::test]
fn a_file_that_is_read_in_another_encoding_is_compared_and_staged_in_that(cx: &mut TestAppContext) {
    let project = Project::new();
    let (path, bytes) = (project.folder.path().join("a.txt"), b"caf\xe9\nplain\n");
    std::fs::write(&path, bytes).unwrap();
    project.git(&["commit", "--quiet", "-am", "second"]);
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, bytes);
    let editor = open_file(cx, fs, path);
    cx.run_until_parked();
    let text = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).text(cx).to_string());
    assert_eq!(text(cx), "café\nplain\n");
    let cyrillic = fs::TextEncoding::for_label("iso-8859-5").unwrap();
    let id = cx.update(|cx| editor.view.read(cx).buffer(cx)).unwrap();
    cx.update(|cx| {
        let model = editor.model.clone();
        model.update(cx, |model, cx| model.reread_as(id, cyrillic, cx).detach());
    });
    cx.run_until_parked();
    assert_eq!(text(cx), "cafщ\nplain\n");
    cx.update(|cx| {
        let model = editor.model.read(cx);
        let buffer = model.workspace().buffer(id).unwrap();
        assert!(buffer.knows_hunks() && buffer.hunks().is_empty());
    });
    // What is staged of it is written in that encoding.
    editor.input(cx, "x").press(cx, "ctrl-k ctrl-alt-s");
    cx.run_until_parked();
    let staged = Command::new("git")
        .current_dir(project.folder.path())
        .args(["show", ":a.txt"])
        .output()
        .unwrap();
    assert_eq!(staged.stdout, b"xcaf\xe9\nplain\n");
}
