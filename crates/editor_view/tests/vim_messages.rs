//! What Vim mode says in the status bar of what a command did.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use common::{Editor, ROOT, open, set};
use editor_view::ErrorItem;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{AppContext as _, TestAppContext};
use ui::{Item as _, ItemStatus, OpenTarget};

fn open_vim(cx: &mut TestAppContext, file: &str, text: &str) -> Editor {
    let editor = open(cx, file, text);
    set(cx, "vim.enabled", "true");
    editor
}

fn status(editor: &Editor, cx: &mut TestAppContext) -> ItemStatus {
    cx.update(|cx| editor.view.read(cx).status(cx))
}

/// What is said behind the mode once a line is run.
fn told(editor: &Editor, cx: &mut TestAppContext, line: &str) -> String {
    editor.input(cx, &format!(":{line}")).press(cx, "enter");
    cx.run_until_parked();
    let mode = status(editor, cx).mode.unwrap_or_default();
    mode.strip_prefix("NORMAL").unwrap_or(&mode).to_owned()
}

#[gpui_kit::test]
fn what_a_save_wrote_is_told_once(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\nthree");
    editor.input(cx, "x");
    assert_eq!(told(&editor, cx, "w"), "  \"a.txt\" 3L, 12B written");
    assert_eq!(told(&editor, cx, "w"), "  \"a.txt\" 3L, 12B written");
    assert_eq!(told(&editor, cx, "w a.txt"), "  \"a.txt\" 3L, 12B written");
    assert_eq!(
        told(&editor, cx, "sav other/b.txt"),
        "  \"other/b.txt\" 3L, 12B written"
    );
    editor.input(cx, "x");
    assert_eq!(status(&editor, cx).mode.unwrap(), "NORMAL");
    // One that nobody asked Vim for, also behind one that came to nothing.
    let taken = told(&editor, cx, "sav a.txt");
    assert!(taken.contains("E13"), "{taken}");
    editor.input(cx, "h");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    let saving = cx.update(|cx| model.update(cx, |model, cx| model.save(buffer, cx)));
    cx.run_until_parked();
    drop(saving);
    assert_eq!(status(&editor, cx).mode.unwrap(), "NORMAL");
    cx.update(|cx| assert!(!editor.view.read(cx).is_dirty(cx), "it was saved"));
}

#[gpui_kit::test]
fn set_tells_what_kiln_has_elsewhere(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "ˇone\r\ntwo\r\n");
    for (option, value) in [
        ("ts?", "  tabstop=4"),
        ("ic?", "noignorecase"),
        ("nu?", "  number"),
        ("rnu?", "norelativenumber"),
        ("list?", "nolist"),
        ("nowrap?", "nowrap"),
        ("ft?", "  filetype=rust"),
        ("ff", "  fileformat=dos"),
        ("fenc?", "  fileencoding=utf-8"),
        ("cc?", "  colorcolumn="),
        ("ro?", "noreadonly"),
    ] {
        let words = told(&editor, cx, &format!("set {option}"));
        assert_eq!(words, format!("  {value}"), "{option}");
    }
    for (key, value) in [
        ("editor.lineNumbers", "\"relative\""),
        ("editor.renderWhitespace", "\"all\""),
        ("editor.wordWrap", "\"on\""),
        ("editor.rulers", "[80, 100]"),
    ] {
        set(cx, key, value);
    }
    told(&editor, cx, "set ro");
    assert_eq!(
        told(&editor, cx, "set rnu? list? wrap? cc? ro? ma?"),
        "    relativenumber   list   wrap   colorcolumn=80,100   readonly nomodifiable"
    );
}

fn text(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).text(cx)).to_string()
}

/// The room beside the lines.
fn gutter(editor: &Editor, cx: &mut TestAppContext) -> f32 {
    let left = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.find("editor").bounds().left()
    });
    let (origin, _) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    f32::from(origin.x - left)
}

/// Where a press on a cell of a row puts the caret, in bytes.
fn pressed_at(editor: &Editor, cx: &mut TestAppContext, row: usize, cell: usize) -> usize {
    gutter(editor, cx);
    let place = editor.place(cx, row, cell);
    editor.update(cx, |window, cx| {
        let origin = window.find("editor").bounds().origin;
        window.click_at("editor", place - origin, cx);
    });
    editor.marked(cx).find('ˇ').unwrap()
}

#[gpui_kit::test]
fn set_changes_how_this_view_shows_the_text(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.rs", "ˇone\n\ttwo\n");
    let room = gutter(&editor, cx);
    assert_eq!(told(&editor, cx, "set nonu nu?"), "  nonumber");
    assert!(
        gutter(&editor, cx) < room,
        "no numbers are beside the lines"
    );
    for (set, asked, told_of) in [
        ("rnu", "nu? rnu?", "nonumber   relativenumber"),
        ("nu nornu", "nu? rnu?", "  number norelativenumber"),
        ("wrap!", "wrap?", "  wrap"),
        ("nowrap", "wrap?", "nowrap"),
        ("list", "list?", "  list"),
        ("invlist", "list?", "nolist"),
        ("cc=80,100", "cc?", "  colorcolumn=80,100"),
        ("cc&", "cc?", "  colorcolumn="),
        ("ft=python", "ft?", "  filetype=python"),
        ("ft=sh", "ft?", "  filetype=shellscript"),
        ("ff=dos", "ff?", "  fileformat=dos"),
        ("fenc=latin1", "fenc?", "  fileencoding=windows-1252"),
        (
            "ts=2 sw=3 et",
            "ts? sw? et?",
            "  tabstop=2   shiftwidth=3   expandtab",
        ),
        (
            "ts& sw& et&",
            "ts? sw? et?",
            "  tabstop=4   shiftwidth=4 noexpandtab",
        ),
    ] {
        assert_eq!(told(&editor, cx, &format!("set {set}")), "", "{set}");
        let words = told(&editor, cx, &format!("set {asked}"));
        assert_eq!(words, format!("  {told_of}"), "{set}");
    }
    assert!((gutter(&editor, cx) - room).abs() < 1., "as it was");
    for (set, words) in [
        ("ft=nosuch", "E474: Kiln knows no language nosuch"),
        ("ff=amiga", "E474: Invalid argument: ff=amiga"),
        ("cc=x", "E474: Invalid argument: cc=x"),
        ("fenc=nosuch", "E474: Invalid argument: fenc=nosuch"),
    ] {
        let told = told(&editor, cx, &format!("set {set}"));
        assert!(told.contains(words), "{told}");
        assert!(status(&editor, cx).mode_tells_error);
    }
    // What was chosen of the text is written with it, and a byte order mark stays.
    told(&editor, cx, "set fenc=utf-16le");
    told(&editor, cx, "set fenc=utf-8");
    let shown = |cx: &mut TestAppContext| status(&editor, cx).encoding.unwrap();
    assert_eq!(shown(cx), "UTF-8 with BOM");
    told(&editor, cx, "set fenc=latin1");
    assert_eq!(shown(cx), "windows-1252");
    told(&editor, cx, "w");
    cx.run_until_parked();
    assert_eq!(
        editor.fs.content(&editor.path).unwrap(),
        b"one\r\n\ttwo\r\n"
    );
}

#[gpui_kit::test]
fn tabs_are_as_wide_as_set_has_them_and_a_level_is_another_number(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇ\tone\n\ttwo\n");
    assert_eq!(pressed_at(&editor, cx, 0, 4), 1);
    told(&editor, cx, "set ts=8 sw=2 et");
    assert_eq!(pressed_at(&editor, cx, 0, 8), 1);
    assert_eq!(status(&editor, cx).indentation.unwrap(), "Spaces: 2");
    editor.input(cx, ">>");
    assert_eq!(text(&editor, cx), "          one\n\ttwo\n");
    told(&editor, cx, "retab 2");
    assert_eq!(text(&editor, cx), "          one\n        two\n");
    assert_eq!(told(&editor, cx, "set ts?"), "    tabstop=2");
    editor.input(cx, "u");
    assert_eq!(text(&editor, cx), "          one\n\ttwo\n");
}

#[gpui_kit::test]
fn what_failed_is_told_as_an_error_until_the_next_key(cx: &mut TestAppContext) {
    let editor = open_vim(cx, "a.txt", "ˇone\ntwo\n");
    assert!(!status(&editor, cx).mode_tells_error);
    let words = told(&editor, cx, "nosuchthing x");
    assert!(words.contains("E492"), "{words}");
    assert!(status(&editor, cx).mode_tells_error);
    // Not what is begun meanwhile.
    editor.input(cx, "d");
    assert!(!status(&editor, cx).mode_tells_error);
    editor.press(cx, "escape");
    told(&editor, cx, "set nosuch");
    assert!(status(&editor, cx).mode_tells_error);
    set(cx, "vim.enabled", "false");
    assert!(!status(&editor, cx).mode_tells_error);
    set(cx, "vim.enabled", "true");
    told(&editor, cx, "set ts?");
    assert!(!status(&editor, cx).mode_tells_error);
}

#[gpui_kit::test]
async fn q_closes_the_page_of_a_file_that_could_not_be_opened(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ");
    let target = OpenTarget::new(Path::new(ROOT).join("missing.txt"));
    let opening = editor.update(cx, |window, cx| {
        editor_view::open(target, editor.model.clone(), window, cx)
    });
    let item = opening.await.unwrap();
    let page = item.view().downcast::<ErrorItem>().ok().unwrap();
    let (window, _) = cx
        .update(|cx| gpui_kit::open_window(Default::default(), cx, |_, _| page.clone()))
        .unwrap();
    let seen: Rc<RefCell<Vec<String>>> = Rc::default();
    cx.update_window(window, |_, window, cx| {
        let events = seen.clone();
        item.subscribe(
            window,
            cx,
            Box::new(move |event, _, _| {
                events.borrow_mut().push(format!("{event:?}"));
            }),
        )
        .detach();
        item.focus_handle(cx).focus(window, cx);
        window.render_frame(cx);
    })
    .unwrap();
    let press = |keys: &str, cx: &mut TestAppContext| {
        for key in keys.split(' ') {
            cx.update_window(window, |_, window, cx| window.press(key, cx))
                .unwrap();
        }
        cx.run_until_parked();
        let closed = seen.borrow().iter().any(|event| event == "Close");
        let status = cx.update(|cx| page.read(cx).status(cx));
        (status.mode, status.mode_tells_error, closed)
    };
    assert_eq!(press(": q enter", cx), (None, false, false), "without Vim");
    set(cx, "vim.enabled", "true");
    assert_eq!(press("q", cx), (Some("NORMAL".into()), false, false));
    assert_eq!(press(": d x", cx), (Some(":dx▁".into()), false, false));
    assert_eq!(press("escape", cx), (Some("NORMAL".into()), false, false));
    let (mode, is_error, closed) = press(": n o s u c h enter", cx);
    assert!(mode.unwrap().contains("E492") && is_error && !closed);
    assert_eq!(press(": q enter", cx), (Some("NORMAL".into()), false, true));
}
