//! What a language server knows of how a text is built: its symbols, what can be folded, and what is
//! around a caret. The server is the fake one of `lsp`.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::time::Duration;

use common::served::{Session, open_served};
use common::set;
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;
use ui::Item as _;

fn run(it: &Session, cx: &mut TestAppContext, command: &str) {
    it.editor.update(cx, |window, cx| {
        assert!(ui::Commands::run(command, window, cx), "{command}");
    });
}

/// The names of the symbols with the bytes that they begin at.
fn symbols(it: &Session, cx: &gpui_kit::App) -> Vec<(String, usize)> {
    let outline = it.editor.view.read(cx).outline(cx);
    let symbols = outline.iter().flat_map(|one| one.outline.symbols());
    let symbols = symbols.map(|one| (one.name.to_string(), one.range.start));
    symbols.collect()
}

fn named(names: &[(&str, usize)]) -> Vec<(String, usize)> {
    let names = names.iter().map(|(name, at)| ((*name).to_owned(), *at));
    names.collect()
}

/// Waits until something holds, while time goes on.
#[track_caller]
fn in_time(
    it: &Session,
    cx: &mut TestAppContext,
    what: &str,
    holds: impl Fn(&Session, &gpui_kit::App) -> bool,
) {
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while !cx.update(|cx| holds(it, cx)) {
        cx.executor().advance_clock(Duration::from_millis(50));
        cx.run_until_parked();
        it.editor.frame(cx);
        assert!(std::time::Instant::now() < end, "waited for {what}");
    }
}

#[gpui_kit::test]
fn symbols_of_the_server_take_the_place_of_the_syntax_ones(cx: &mut TestAppContext) {
    let it = open_served(
        cx,
        "fn own() {}\npart one\n  part two\n  end\nend\n",
        "symbols",
    );
    in_time(&it, cx, "those by the syntax", |it, cx| {
        symbols(it, cx) == named(&[("own", 0)])
    });
    it.start(cx);
    let known = named(&[("one", 12), ("two", 23)]);
    in_time(&it, cx, "the server's", |it, cx| symbols(it, cx) == known);
    // They move with an edit at once.
    it.editor.press(cx, "ctrl-home enter");
    let moved = named(&[("one", 13), ("two", 24)]);
    assert_eq!(cx.update(|cx| symbols(&it, cx)), moved);
    it.editor.set(cx, "part three\nend\nˇ");
    in_time(&it, cx, "the new ones", |it, cx| {
        symbols(it, cx) == named(&[("three", 0)])
    });
    it.editor.set(cx, "fn own() {}\npart one\nend\nˇ");
    in_time(&it, cx, "one of the server's", |it, cx| {
        symbols(it, cx) == named(&[("one", 12)])
    });
    cx.update(|cx| {
        it.editor.model.update(cx, |model, cx| {
            model.answer_server(it.editor.buffer, false, cx)
        });
    });
    in_time(&it, cx, "those by the syntax", |it, cx| {
        symbols(it, cx) == named(&[("own", 0)])
    });
}

const NONE: [usize; 0] = [];
const BUILT: &str = "# a\n# b\nuse x\nuse y\n//# c\n//# d\npart one\n  inner\nend\n";

/// The first rows of what is folded.
fn folded(it: &Session, cx: &mut TestAppContext) -> Vec<usize> {
    it.editor.frame(cx);
    cx.update(|cx| {
        let view = it.editor.view.read(cx);
        let text = view.text(cx);
        let folds = view.folded_ranges().into_iter();
        folds.map(|range| text.row_at(range.start)).collect()
    })
}

#[gpui_kit::test]
fn folds_of_the_server_are_folded_by_their_kinds(cx: &mut TestAppContext) {
    let it = open_served(cx, BUILT, "folds");
    run(&it, cx, "editor.toggleImportFold");
    assert_eq!(folded(&it, cx), NONE, "nothing is known of imports yet");
    it.start(cx);
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while folded(&it, cx) != [2] {
        cx.executor().advance_clock(Duration::from_millis(50));
        cx.run_until_parked();
        run(&it, cx, "editor.toggleImportFold");
        assert!(std::time::Instant::now() < end, "the imports");
    }
    run(&it, cx, "editor.toggleImportFold");
    assert_eq!(folded(&it, cx), NONE);
    it.editor.press(cx, "ctrl-k ctrl-/");
    assert_eq!(folded(&it, cx), [0]);
    run(&it, cx, "editor.unfoldAll");
    it.editor.press(cx, "ctrl-k ctrl-8");
    assert_eq!(folded(&it, cx), [4]);
    it.editor.press(cx, "ctrl-k ctrl-9");
    assert_eq!(folded(&it, cx), NONE);
    run(&it, cx, "editor.foldAll");
    assert_eq!(folded(&it, cx), [0, 2, 4, 6]);
}

#[gpui_kit::test]
fn imports_are_folded_when_a_file_is_opened_where_that_is_wanted(cx: &mut TestAppContext) {
    let it = open_served(cx, BUILT, "folds");
    set(cx, "editor.foldingImportsByDefault", "true");
    it.start(cx);
    in_time(&it, cx, "the imports", |it, cx| {
        it.editor.view.read(cx).folded_ranges().len() == 1
    });
    assert_eq!(folded(&it, cx), [2]);
}

#[gpui_kit::test]
fn a_selection_grows_along_what_the_server_says(cx: &mut TestAppContext) {
    let text = "call(oˇne + two, x)\nlast\n";
    let by_syntax = [
        "call(«oneˇ» + two, x)\nlast\n",
        "call(«one + twoˇ», x)\nlast\n",
    ];
    let by_server = [
        "call(«oneˇ» + two, x)\nlast\n",
        "call(«one + two, xˇ»)\nlast\n",
        "call«(one + two, x)ˇ»\nlast\n",
        "«call(one + two, x)ˇ»\nlast\n",
        "«call(one + two, x)\nlast\nˇ»",
    ];
    for (scenario, steps) in [("", &by_syntax[..]), ("selects", &by_server[..])] {
        let it = open_served(cx, "x\n", scenario);
        it.start(cx);
        it.editor.set(cx, text);
        cx.run_until_parked();
        for step in steps {
            it.editor.press(cx, "shift-alt-right").shows(cx, step);
            it.until(cx, "the answer", |it, cx| {
                it.editor.view.read(cx).knows_what_is_around()
            });
        }
        for step in steps.iter().rev().skip(1) {
            it.editor.press(cx, "shift-alt-left");
            it.editor.shows(cx, step);
        }
    }
}

#[gpui_kit::test]
fn keys_mean_what_is_selected_however_late_the_server_answers(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "selects");
    it.start(cx);
    it.editor.set(cx, "call(oˇne + two, x)\nlast\n");
    cx.run_until_parked();
    // All are pressed before an answer is looked at.
    it.editor.update(cx, |window, cx| {
        window.press("shift-alt-right", cx);
        window.press("shift-alt-right", cx);
        window.input("Z", cx);
    });
    it.editor.shows(cx, "call(Zˇ, x)\nlast\n");
}
