//! Dragging what is selected: moving, copying, between views, and what refuses it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use common::beside::beside;
use common::{Editor, open, set};
use editor_core::{Selection, Selections, marked};
use editor_view::EditorView;
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{
    Entity, ExternalPaths, FileDropEvent, InputEvent as _, Modifiers, MouseButton, Pixels, Point,
    TestAppContext, point, px,
};
use ui::{Item as _, ItemEvent};
use workspace::HistoryMove;

fn press(editor: &Editor, cx: &mut TestAppContext, from: Point<Pixels>, held: Modifiers) {
    editor.update(cx, |window, cx| {
        window.change_modifiers(held, cx);
        window.pointer_move(from, None, cx);
        window.pointer_down(from, MouseButton::Left, cx);
    });
}

fn carry(editor: &Editor, cx: &mut TestAppContext, from: Point<Pixels>, to: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        for part in 1..=4 {
            let place = from + (to - from) * (part as f32 / 4.);
            window.pointer_move(place, Some(MouseButton::Left), cx);
        }
    });
}

fn release(editor: &Editor, cx: &mut TestAppContext, at: Point<Pixels>) {
    editor.update(cx, |window, cx| {
        window.pointer_up(at, MouseButton::Left, cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
}

/// Drags from a row and column to another.
fn drag(
    editor: &Editor,
    cx: &mut TestAppContext,
    from: (usize, usize),
    to: (usize, usize),
    held: Modifiers,
) {
    editor.frame(cx);
    let (from, to) = (
        editor.place(cx, from.0, from.1),
        editor.place(cx, to.0, to.1),
    );
    press(editor, cx, from, held);
    carry(editor, cx, from, to);
    release(editor, cx, to);
}

fn copies() -> Modifiers {
    if cfg!(target_os = "macos") {
        Modifiers::alt()
    } else {
        Modifiers::control()
    }
}

#[gpui_kit::test]
fn what_is_selected_moves_as_one_step_of_undo(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «twoˇ» three\nfour");
    drag(&editor, cx, (0, 5), (1, 4), Modifiers::none());
    editor.shows(cx, "one  three\nfour«twoˇ»");
    editor
        .press(cx, "ctrl-z")
        .shows(cx, "one «twoˇ» three\nfour");
    drag(&editor, cx, (0, 5), (0, 0), Modifiers::none());
    editor.shows(cx, "«twoˇ»one  three\nfour");
}

#[gpui_kit::test]
fn with_the_key_it_is_copied(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «ˇtwo» three\nfour");
    drag(&editor, cx, (0, 5), (1, 4), copies());
    editor.shows(cx, "one two three\nfour«twoˇ»");
    editor
        .press(cx, "ctrl-z")
        .shows(cx, "one «ˇtwo» three\nfour");
}

#[gpui_kit::test]
fn what_leads_somewhere_is_copied_too_and_followed_by_a_click_alone(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "«https://kiln.devˇ» one\n");
    let opened = |cx: &mut TestAppContext| cx.opened_url();
    drag(&editor, cx, (0, 5), (1, 0), copies());
    editor.shows(cx, "https://kiln.dev one\n«https://kiln.devˇ»");
    assert_eq!(opened(cx), None);
    let place = editor.place(cx, 1, 5);
    let held = editor.update(cx, |_, cx| Modifiers::secondary_key(cx));
    press(&editor, cx, place, held);
    assert_eq!(opened(cx), None);
    release(&editor, cx, place);
    assert_eq!(opened(cx).as_deref(), Some("https://kiln.dev"));
    editor.shows(cx, "https://kiln.dev one\n«https://kiln.devˇ»");
}

#[gpui_kit::test]
fn a_click_on_what_is_selected_puts_the_caret_there(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «twoˇ» three");
    let place = editor.place(cx, 0, 5);
    press(&editor, cx, place, Modifiers::none());
    editor.shows(cx, "one «twoˇ» three");
    release(&editor, cx, place);
    editor.shows(cx, "one tˇwo three");
}

#[gpui_kit::test]
fn dropped_onto_itself_it_stays(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «two threeˇ» four");
    drag(&editor, cx, (0, 5), (0, 9), Modifiers::none());
    editor.shows(cx, "one «two threeˇ» four");
}

#[gpui_kit::test]
fn of_several_selections_the_one_that_is_held_is_dragged(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "«oneˇ» two «threeˇ» four");
    drag(&editor, cx, (0, 9), (0, 4), Modifiers::none());
    editor.shows(cx, "one «threeˇ»two  four");
    editor
        .press(cx, "ctrl-z")
        .shows(cx, "«oneˇ» two «threeˇ» four");
}

#[gpui_kit::test]
fn escape_leaves_everything_where_it_is(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «twoˇ» three\nfour");
    let (from, to) = (editor.place(cx, 0, 5), editor.place(cx, 1, 2));
    press(&editor, cx, from, Modifiers::none());
    carry(&editor, cx, from, to);
    editor.press(cx, "escape");
    release(&editor, cx, to);
    editor.shows(cx, "one «twoˇ» three\nfour");
}

#[gpui_kit::test]
fn without_the_setting_a_drag_selects(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one «twoˇ» three");
    set(cx, "editor.dragAndDrop", "false");
    drag(&editor, cx, (0, 5), (0, 9), Modifiers::none());
    editor.shows(cx, "one t«wo tˇ»hree");
}

#[gpui_kit::test]
fn near_the_edge_the_text_scrolls(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("«oneˇ»\n{}", "line\n".repeat(300)));
    let from = editor.place(cx, 0, 1);
    let to = point(from.x, px(594.));
    press(&editor, cx, from, Modifiers::none());
    carry(&editor, cx, from, to);
    let first = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).visible_rows().start);
    for _ in 0..40 {
        cx.executor().advance_clock(Duration::from_millis(16));
        cx.run_until_parked();
        editor.frame(cx);
    }
    let scrolled = first(cx);
    assert!(scrolled > 3, "{scrolled}");
    release(&editor, cx, to);
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    let text = cx.update(|cx| editor.view.read(cx).text(cx).to_string());
    assert!(
        text.starts_with("\nline") && text.contains("one"),
        "it was dropped"
    );
    let after = first(cx);
    cx.executor().advance_clock(Duration::from_secs(1));
    cx.run_until_parked();
    editor.frame(cx);
    assert_eq!(first(cx), after, "it scrolls no more");
}

fn place_in(view: &Entity<EditorView>, cx: &mut TestAppContext, offset: usize) -> Point<Pixels> {
    let place = cx.update(|cx| view.read(cx).caret_place(offset).unwrap());
    place + point(px(2.), px(6.))
}

fn shown(view: &Entity<EditorView>, cx: &mut TestAppContext) -> String {
    cx.update(|cx| {
        let view = view.read(cx);
        marked::format(&view.text(cx), view.selections())
    })
}

fn drag_beside(
    editor: &Editor,
    right: &Entity<EditorView>,
    cx: &mut TestAppContext,
    to: usize,
    held: Modifiers,
) {
    let select = Selections::single(Selection::new(4, 7));
    cx.update(|cx| editor.view.update(cx, |view, cx| view.select(select, cx)));
    editor.frame(cx);
    let (from, to) = (place_in(&editor.view, cx, 5), place_in(right, cx, to));
    press(editor, cx, from, held);
    carry(editor, cx, from, to);
    release(editor, cx, to);
}

#[gpui_kit::test]
fn it_moves_to_another_view_of_the_same_text_as_one_step(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one two three\nfourˇ");
    let (editor, right) = beside(editor, cx, None);
    drag_beside(&editor, &right, cx, 18, Modifiers::none());
    assert_eq!(shown(&right, cx), "one  three\nfour«twoˇ»");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            model.move_in_history(buffer, HistoryMove::Undo, cx)
        });
    });
    let text = cx.update(|cx| right.read(cx).text(cx).to_string());
    assert_eq!(text, "one two three\nfour");
}

/// How often a view told that something was dropped in it.
fn drops(view: &Entity<EditorView>, cx: &mut TestAppContext) -> Rc<Cell<usize>> {
    let told = Rc::<Cell<usize>>::default();
    let counted = told.clone();
    cx.update(|cx| {
        let subscription = cx.subscribe(view, move |_, event: &ItemEvent, _| {
            counted.set(counted.get() + usize::from(*event == ItemEvent::Dropped));
        });
        subscription.detach();
    });
    told
}

#[gpui_kit::test]
fn it_moves_and_copies_to_another_file(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one two three\nfourˇ");
    let (editor, right) = beside(editor, cx, Some(("b.txt", "other")));
    let (left_told, told) = (drops(&editor.view, cx), drops(&right, cx));
    drag_beside(&editor, &right, cx, 2, copies());
    assert_eq!((left_told.get(), told.get()), (0, 1));
    assert_eq!(shown(&right, cx), "ot«twoˇ»her");
    assert_eq!(shown(&editor.view, cx), "one «twoˇ» three\nfour");
    drag_beside(&editor, &right, cx, 0, Modifiers::none());
    assert_eq!(shown(&right, cx), "«twoˇ»ottwoher");
    assert_eq!(shown(&editor.view, cx), "one ˇ three\nfour");
}

#[gpui_kit::test]
fn a_read_only_view_refuses_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one two three\nfourˇ");
    let (editor, right) = beside(editor, cx, Some(("locked.txt", "other")));
    let locked = cx.update(|cx| right.read(cx).status(cx).note.is_some());
    assert!(locked, "the file is read-only");
    drag_beside(&editor, &right, cx, 2, Modifiers::none());
    assert_eq!(cx.update(|cx| right.read(cx).text(cx).to_string()), "other");
    assert_eq!(shown(&editor.view, cx), "one «twoˇ» three\nfour");
}

#[gpui_kit::test]
fn files_dropped_with_shift_write_their_paths(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee here\n");
    let told = drops(&editor.view, cx);
    editor.frame(cx);
    let position = editor.place(cx, 0, 4);
    let inside = Path::new(common::ROOT).join("src/main.rs");
    let paths = ExternalPaths([inside, "/other/b.txt".into()].into_iter().collect());
    editor.update(cx, |window, cx| {
        let entered = FileDropEvent::Entered { position, paths };
        window.dispatch_event(entered.to_platform_input(), cx);
        window.change_modifiers(Modifiers::shift(), cx);
        window.render_frame(cx);
        window.dispatch_event(FileDropEvent::Submit { position }.to_platform_input(), cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
    editor.shows(cx, "see «src/main.rs /other/b.txtˇ»here\n");
    assert_eq!(told.get(), 1);
    editor.press(cx, "ctrl-z").shows(cx, "ˇsee here\n");
}
