//! Looking at where a name leads below its line.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::cell::RefCell;
use std::rc::Rc;

use common::served::{Session, open, open_served};
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use ui::OpenTarget;

impl Session {
    /// The texts of the places that a peek lists, the chosen one with a star.
    fn listed(&self, cx: &mut TestAppContext) -> Vec<String> {
        self.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let rows = window.find_all_by_role(gpui_kit::Role::ListItem);
            let shown = rows.iter().map(|row| {
                let mark = if row.selected() == Some(true) {
                    "*"
                } else {
                    ""
                };
                format!("{}{mark}", row.label().unwrap_or_default())
            });
            shown.collect()
        })
    }

    fn opened(&self, cx: &mut TestAppContext) -> Rc<RefCell<Vec<OpenTarget>>> {
        let opened: Rc<RefCell<Vec<OpenTarget>>> = Rc::default();
        let seen = opened.clone();
        self.editor.update(cx, |window, cx| {
            ui::open::set_open_handler(window, cx, move |target, _, _| {
                seen.borrow_mut().push(target);
            });
        });
        opened
    }
}

#[gpui_kit::test]
fn the_places_are_shown_below_the_line_and_gone_through(cx: &mut TestAppContext) {
    let it = open(cx, "one\n  two one\none\nlast\n");
    it.start(cx);
    let editor = &it.editor;
    let opened = it.opened(cx);
    editor.set(cx, "oˇne\n  two one\none\nlast\n");
    editor.press(cx, "shift-alt-f12");
    it.until(cx, "the peek", |it, cx| {
        it.editor.view.read(cx).is_peeking()
    });
    assert!(it.has(cx, "peek"));
    assert_eq!(it.listed(cx).len(), 3);
    assert!(it.listed(cx)[0].ends_with('*'), "{:?}", it.listed(cx));
    editor.press(cx, "down");
    assert!(it.listed(cx)[1].ends_with('*'), "{:?}", it.listed(cx));
    editor.shows(cx, "oˇne\n  two one\none\nlast\n");
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert!(!it.has(cx, "peek"), "it closes with it");
    let wanted = OpenTarget::at(opened.borrow()[0].path.clone(), 2, 7);
    assert_eq!(*opened.borrow(), [wanted]);
}

#[gpui_kit::test]
fn escape_closes_it_and_the_keys_are_the_texts_again(cx: &mut TestAppContext) {
    let it = open(cx, "one\none\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "one\noneˇ\n");
    editor.press(cx, "alt-f12");
    it.until(cx, "the peek", |it, cx| {
        it.editor.view.read(cx).is_peeking()
    });
    assert!(it.has(cx, "peek"));
    editor.press(cx, "escape");
    cx.run_until_parked();
    assert!(!it.has(cx, "peek"));
    editor.input(cx, "s");
    editor.shows(cx, "one\nonesˇ\n");
    let buffers = cx.update(|cx| editor.model.read(cx).workspace().buffers().count());
    assert_eq!(buffers, 1);
}

#[gpui_kit::test]
fn what_was_edited_in_it_and_not_saved_gets_a_tab(cx: &mut TestAppContext) {
    for saved in [true, false] {
        let it = open_served(cx, "x\n", "elsewhere");
        let beside = it.scratch.path().canonicalize().unwrap();
        let beside = beside.join("project/beside.rs");
        std::fs::write(&beside, "size\n").unwrap();
        it.start(cx);
        let editor = &it.editor;
        let opened = it.opened(cx);
        editor.set(cx, "siˇze\n");
        editor.update(cx, |window, cx| {
            ui::Commands::run("editor.action.referenceSearch.trigger", window, cx)
        });
        it.until(cx, "the peek", |it, cx| {
            it.editor.view.read(cx).is_peeking()
        });
        let of_path = |cx: &gpui_kit::App| {
            let model = it.editor.model.read(cx);
            let workspace = model.workspace();
            workspace.buffer_for_path(&beside)
        };
        editor.press(cx, "end");
        it.until(cx, "the other file", |_, cx| of_path(cx).is_some());
        cx.update(|cx| {
            let buffer = of_path(cx).unwrap();
            editor.model.update(cx, |model, cx| {
                model
                    .update(cx, |workspace| workspace.replace_text(buffer, "edited\n"))
                    .unwrap();
            });
        });
        if saved {
            let saving = cx.update(|cx| {
                let buffer = of_path(cx).unwrap();
                editor.model.update(cx, |model, cx| model.save(buffer, cx))
            });
            it.wait(cx, saving).unwrap();
        }
        editor.press(cx, "escape");
        cx.run_until_parked();
        assert!(!it.has(cx, "peek"));
        let open = cx.update(|cx| of_path(cx).is_some());
        let tabs: Vec<_> = opened.borrow().clone();
        match saved {
            true => assert_eq!((open, tabs), (false, vec![])),
            false => assert_eq!((open, tabs), (true, vec![OpenTarget::new(beside.clone())])),
        }
    }
}

#[gpui_kit::test]
fn each_command_peeks_at_what_it_names(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    let opened = it.opened(cx);
    for (command, listed, line) in [
        ("editor.action.peekDeclaration", 0, 1),
        ("editor.action.peekTypeDefinition", 0, 3),
        ("editor.action.peekImplementation", 2, 2),
    ] {
        editor.set(cx, "oˇne\none\none\n");
        editor.update(cx, |window, cx| ui::Commands::run(command, window, cx));
        it.until(cx, command, |it, cx| it.editor.view.read(cx).is_peeking());
        // One place is not listed.
        assert_eq!(it.listed(cx).len(), listed, "{command}");
        editor.press(cx, "enter");
        cx.run_until_parked();
        let target = opened.borrow_mut().pop().expect(command);
        assert_eq!(
            target,
            OpenTarget::at(target.path.clone(), line, 1),
            "{command}"
        );
    }
}

#[gpui_kit::test]
fn what_is_used_is_marked_and_nothing_that_only_reads_alike(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "siˇze Size\nSIZE size\n");
    editor.press(cx, "shift-alt-f12");
    let peeked = |cx: &gpui_kit::App| it.editor.view.read(cx).peeked(cx);
    it.until(cx, "the peek", |_, cx| peeked(cx).is_some());
    // What is looked for once the carets rest would be there.
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(1));
    cx.run_until_parked();
    let (marked, places) = cx.update(|cx| {
        let view = peeked(cx).unwrap();
        let marked = view.read(cx).occurrences();
        (marked, it.editor.view.read(cx).text(cx).to_string())
    });
    let marked: Vec<_> = marked
        .into_iter()
        .map(|one| (one.start, &places[one]))
        .collect();
    assert_eq!(marked, [(0, "size"), (15, "size")]);
}

#[gpui_kit::test]
fn a_file_that_is_closed_elsewhere_is_still_shown(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "elsewhere");
    let project = it.scratch.path().canonicalize().unwrap().join("project");
    std::fs::write(project.join("beside.rs"), "size\n").unwrap();
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "siˇze\n");
    editor.press(cx, "shift-alt-f12");
    let shows = |it: &Session, cx: &gpui_kit::App| {
        let view = it.editor.view.read(cx).peeked(cx);
        view.is_some_and(|view| view.read(cx).text(cx) == *"size\n")
    };
    it.until(cx, "the other file", shows);
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            let workspace = model.workspace();
            let shown = workspace.buffer_for_path(&project.join("beside.rs"));
            model.update(cx, |workspace| workspace.close(shown.unwrap()));
        });
        assert!(!shows(&it, cx), "its text is gone");
    });
    it.until(cx, "the file again", shows);
}
