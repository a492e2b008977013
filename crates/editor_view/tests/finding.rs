//! The find bar, by its keys.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::beside::beside;
use common::{Editor, open};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{TestAppContext, px, size};

/// What assistive technology reads of a part of the bar; nothing where it is not there.
fn label(editor: &Editor, cx: &mut TestAppContext, id: &'static str) -> Option<String> {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let found = window.try_find(id)?;
        Some(found.label().map(ToString::to_string).unwrap_or_default())
    })
}

fn count(editor: &Editor, cx: &mut TestAppContext) -> String {
    label(editor, cx, "find-count").unwrap()
}

fn text(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.run_until_parked();
    cx.update(|cx| editor.view.read(cx).text(cx).to_string())
}

#[gpui_kit::test]
fn the_toggles_have_keys(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇfoo Foo food fo+\n");
    editor.press(cx, "ctrl-f").input(cx, "foo");
    assert_eq!(count(&editor, cx), "1 of 3");
    editor.press(cx, "alt-c");
    assert_eq!(count(&editor, cx), "1 of 2");
    editor.press(cx, "alt-w");
    assert_eq!(count(&editor, cx), "1 of 1");
    editor.press(cx, "alt-c alt-w alt-r");
    editor.press(cx, "ctrl-a").input(cx, "fo+");
    assert_eq!(count(&editor, cx), "1 of 4");
    editor.press(cx, "alt-r");
    assert_eq!(count(&editor, cx), "1 of 1");
}

#[gpui_kit::test]
fn the_bar_fits_into_a_narrow_view(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\n");
    editor.press(cx, "ctrl-h").input(cx, "one");
    for width in [800., 341., 200., 134.] {
        cx.simulate_window_resize(editor.window, size(px(width), px(600.)));
        editor.update(cx, |window, cx| {
            // The bar knows how wide the view was drawn last.
            window.render_frame(cx);
            window.render_frame(cx);
            let view = window.find("editor").bounds();
            let bar = window.find("find-bar").bounds();
            assert!(bar.left() >= view.left() && bar.right() <= view.right());
            let parts = [
                "find-toggle-replace",
                "find-input",
                "find-case",
                "find-word",
                "find-regex",
                "find-count",
                "find-previous",
                "find-next",
                "find-in-selection",
                "find-close",
                "replace-input",
                "preserve-case",
                "replace-one",
                "replace-all",
            ]
            .map(|id| (id, window.find(id).bounds()));
            // Whoever looks for the way out finds it beside what is searched for.
            let (input, close) = (parts[1].1, parts[9].1);
            let apart = (input.center().y - close.center().y).abs();
            assert!(apart < px(1.), "{apart:?} at {width}");
            assert!(close.left() >= input.right(), "at {width}");
            for (at, (id, bounds)) in parts.iter().enumerate() {
                let inside = bar.contains(&bounds.origin) && bar.contains(&bounds.bottom_right());
                assert!(inside, "{id} at {width}: {bounds:?} of {bar:?}");
                assert!(bounds.size.width >= px(20.), "{id} at {width}: {bounds:?}");
                for (other, beside) in &parts[..at] {
                    assert!(!bounds.intersects(beside), "{id} on {other} at {width}");
                }
            }
        });
    }
}

#[gpui_kit::test]
fn the_case_is_not_kept_where_the_replacement_has_groups_and_the_button_says_so(
    cx: &mut TestAppContext,
) {
    let editor = open(cx, "a.txt", "ˇFOO foo Foo\n");
    editor.press(cx, "ctrl-h").input(cx, "(f)oo");
    editor.press(cx, "alt-r alt-p tab").input(cx, "bar");
    let button = |cx: &mut TestAppContext| {
        count(&editor, cx);
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let button = window.find("preserve-case");
            (button.label().unwrap().to_string(), button.checked())
        })
    };
    assert_eq!(button(cx), ("Preserve case".to_owned(), Some(true)));
    editor.input(cx, "$1");
    let (label, on) = button(cx);
    assert!(
        label.contains("not where the replacement has groups"),
        "{label}"
    );
    assert_eq!(on, Some(false));
    editor.update(cx, |window, cx| window.click("preserve-case", cx));
    editor.press(cx, "ctrl-alt-enter");
    cx.run_until_parked();
    editor.update(cx, |window, cx| window.render_frame(cx));
    assert_eq!(editor.marked(cx).replace('ˇ', ""), "barF barf barF\n");
    // A literal dollar sign is none.
    editor.press(cx, "ctrl-z").press(cx, "alt-r");
    assert_eq!(button(cx), ("Preserve case".to_owned(), Some(true)));
}

#[gpui_kit::test]
fn replacing_that_takes_long_is_told_until_it_is_done(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("{}ˇ", "a line\n".repeat(50_000)));
    editor.press(cx, "ctrl-h").input(cx, "line");
    editor.press(cx, "tab").input(cx, "row");
    let before = count(&editor, cx);
    assert!(before.ends_with("50000"), "{before}");
    // What works in the background gets no turn here.
    let shown = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find("find-count").label().unwrap().to_string()
        })
    };
    let clock = |cx: &mut TestAppContext, millis| {
        let executor = cx.executor().scheduler_executor();
        let clock = executor.scheduler().as_test().unwrap().clock();
        clock.advance(std::time::Duration::from_millis(millis));
    };
    editor.update(cx, |window, cx| {
        assert!(ui::Commands::run("editor.replaceAll", window, cx));
    });
    clock(cx, 150);
    assert_eq!(shown(cx), before, "not at once");
    clock(cx, 150);
    assert_eq!(shown(cx), "Replacing\u{2026}");
    assert_eq!(count(&editor, cx), "No results");
    assert!(text(&editor, cx).starts_with("a row\na row\n"));
}

#[gpui_kit::test]
fn a_long_count_stands_beside_the_buttons(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("{}ˇ", "a\n".repeat(100_100)));
    editor.press(cx, "ctrl-f").input(cx, "a");
    count(&editor, cx);
    editor.update(cx, |window, cx| window.click("find-previous", cx));
    let said = count(&editor, cx);
    assert_eq!(said, "100000+ results");
    for width in [800., 500., 300.] {
        cx.simulate_window_resize(editor.window, size(px(width), px(600.)));
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.render_frame(cx);
            let words = window.find("find-count").bounds();
            let next = window.find("find-previous").bounds();
            // No letter is narrower than this on the whole.
            let least = px(6.) * said.len() as f32;
            assert!(words.size.width > least, "at {width}: {words:?}");
            assert!(
                !words.intersects(&next),
                "at {width}: {words:?} and {next:?}"
            );
        });
    }
}

#[gpui_kit::test]
fn a_selection_seeds_the_bar_and_bounds_the_search(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one two\n«oneˇ» two\none\n");
    editor.press(cx, "ctrl-f");
    assert_eq!(count(&editor, cx), "2 of 3");
    editor.press(cx, "escape");
    let editor = open(cx, "b.txt", "one two\n«one two\noneˇ»\n");
    editor
        .press(cx, "ctrl-f")
        .press(cx, "alt-l")
        .input(cx, "one");
    assert_eq!(count(&editor, cx), "1 of 2");
    editor
        .press(cx, "tab")
        .input(cx, "three")
        .press(cx, "ctrl-alt-enter");
    assert_eq!(text(&editor, cx), "one two\nthree two\nthree\n");
    editor.press(cx, "shift-tab").press(cx, "alt-l");
    assert_eq!(count(&editor, cx), "1 result");
}

#[gpui_kit::test]
fn what_was_selected_bounds_the_search_though_a_match_is_selected_now(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\n«one two\noneˇ»\n");
    editor.press(cx, "ctrl-f").input(cx, "one");
    cx.run_until_parked();
    editor.press(cx, "alt-l");
    assert_eq!(count(&editor, cx), "1 of 2");
}

#[gpui_kit::test]
fn a_match_is_never_under_the_bar(cx: &mut TestAppContext) {
    let text = format!("ˇone\ntwo\n{}", "three\n".repeat(200));
    let editor = open(cx, "a.txt", &text);
    editor.press(cx, "ctrl-f").input(cx, "two");
    assert_eq!(count(&editor, cx), "1 of 1");
    cx.run_until_parked();
    editor.frame(cx);
    let bottom = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.find("find-bar").bounds().bottom()
    });
    let unscrolled = editor.place(cx, 1, 0).y;
    let height = editor.place(cx, 2, 0).y - unscrolled;
    let top = cx.update(|cx| editor.view.read(cx).scroll_top());
    let row = unscrolled - height * (top as f32);
    assert!(
        row - height * 0.5 >= bottom,
        "{row:?} is not below {bottom:?}"
    );
    // Without the bar, the text begins at the top again.
    editor.press(cx, "escape");
    editor.frame(cx);
    assert_eq!(cx.update(|cx| editor.view.read(cx).scroll_top()), 0.);
}

#[gpui_kit::test]
fn groups_and_case_go_into_the_replacement(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa = 1;\nb = 2;\n");
    editor
        .press(cx, "ctrl-h alt-r")
        .input(cx, r"^(\w) = (\d);$")
        .press(cx, "tab")
        .input(cx, r"$2 = \U$1;")
        .press(cx, "ctrl-shift-1");
    assert_eq!(text(&editor, cx), "1 = A;\nb = 2;\n");
    editor.press(cx, "ctrl-alt-enter");
    assert_eq!(text(&editor, cx), "1 = A;\n2 = B;\n");
    let editor = open(cx, "b.txt", "ˇone One ONE");
    editor
        .press(cx, "ctrl-h")
        .input(cx, "one")
        .press(cx, "alt-p")
        .press(cx, "tab")
        .input(cx, "two")
        .press(cx, "ctrl-alt-enter");
    assert_eq!(text(&editor, cx), "two Two TWO");
}

#[gpui_kit::test]
fn what_cannot_be_searched_for_is_said(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇab\n");
    editor.press(cx, "ctrl-f alt-r").input(cx, "a(?=b)");
    let error = label(&editor, cx, "find-error").unwrap();
    assert!(error.starts_with("Look-ahead and look-behind"), "{error}");
    assert_eq!(count(&editor, cx), "");
    editor.press(cx, "ctrl-a").input(cx, "a(");
    let error = label(&editor, cx, "find-error").unwrap();
    assert_eq!(error, "Unclosed group (at character 2).");
    editor.press(cx, "ctrl-a").input(cx, "a(b)");
    assert_eq!(label(&editor, cx, "find-error"), None);
    assert_eq!(count(&editor, cx), "1 of 1");
    editor.press(cx, "tab").input(cx, "${x}").press(cx, "enter");
    let error = label(&editor, cx, "replace-error").unwrap();
    assert!(error.contains("no group named x"), "{error}");
    assert_eq!(text(&editor, cx), "ab\n");
}

#[gpui_kit::test]
fn what_was_looked_for_comes_back(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two three\n");
    editor.press(cx, "ctrl-f");
    for needle in ["one", "two", "three"] {
        editor
            .press(cx, "ctrl-a")
            .input(cx, needle)
            .press(cx, "enter");
    }
    editor
        .press(cx, "up up")
        .press(cx, "enter")
        .press(cx, "escape");
    editor.shows(cx, "«oneˇ» two three\n");
    editor
        .press(cx, "ctrl-f")
        .press(cx, "up")
        .press(cx, "enter")
        .press(cx, "escape");
    editor.shows(cx, "one two «threeˇ»\n");
}

#[gpui_kit::test]
fn matches_follow_edits(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇfoo bar\n");
    editor.press(cx, "ctrl-f").input(cx, "foo");
    assert_eq!(count(&editor, cx), "1 of 1");
    editor.update(cx, |window, cx| window.click("editor", cx));
    editor.press(cx, "ctrl-home").input(cx, "foo ");
    assert_eq!(count(&editor, cx), "2 results");
    editor.press(cx, "backspace backspace");
    assert_eq!(count(&editor, cx), "1 result");
}

#[gpui_kit::test]
fn a_large_file_is_searched_beside_the_window(cx: &mut TestAppContext) {
    let lines = 120_000;
    let editor = open(
        cx,
        "a.txt",
        &format!("ˇ{}", "a needle in hay\n".repeat(lines)),
    );
    editor.press(cx, "ctrl-f").input(cx, "needle");
    assert_eq!(count(&editor, cx), "1 of 100000+");
    // The last of all is beyond those that are counted.
    editor.press(cx, "shift-enter");
    cx.run_until_parked();
    let status = cx.update(|cx| {
        use ui::Item as _;
        editor
            .view
            .read(cx)
            .status(cx)
            .position
            .unwrap()
            .to_string()
    });
    assert!(status.starts_with("Ln 120000, Col 9"), "{status}");
    editor
        .press(cx, "tab")
        .input(cx, "pin")
        .press(cx, "ctrl-alt-enter");
    assert_eq!(text(&editor, cx), "a pin in hay\n".repeat(lines));
    editor.update(cx, |window, cx| window.click("editor", cx));
    editor.press(cx, "ctrl-z");
    assert_eq!(text(&editor, cx), "a needle in hay\n".repeat(lines));
}

#[gpui_kit::test]
fn every_match_gets_a_caret(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇx1 y x2\n");
    editor
        .press(cx, "ctrl-f alt-r")
        .input(cx, r"x\d")
        .press(cx, "alt-enter")
        .shows(cx, "«x1ˇ» y «x2ˇ»\n");
}

#[gpui_kit::test]
fn matches_are_gone_through_with_the_bar_closed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇkey=7 key=8 key=7 key=9\n");
    editor
        .press(cx, "ctrl-f")
        .input(cx, "key=7")
        .press(cx, "enter escape right f3");
    editor.shows(cx, "«key=7ˇ» key=8 key=7 key=9\n");
    assert_eq!(label(&editor, cx, "find-bar"), None, "it stays closed");
    editor.press(cx, "f3");
    editor.shows(cx, "key=7 key=8 «key=7ˇ» key=9\n");
    editor.press(cx, "right shift-f3");
    editor.shows(cx, "key=7 key=8 «key=7ˇ» key=9\n");
    editor.press(cx, "shift-f3");
    editor.shows(cx, "«key=7ˇ» key=8 key=7 key=9\n");
    editor.press(cx, "shift-f3");
    editor.shows(cx, "key=7 key=8 «key=7ˇ» key=9\n");
    assert_eq!(label(&editor, cx, "find-bar"), None);
}

#[gpui_kit::test]
fn what_is_not_there_is_said_with_the_bar_closed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\n");
    editor.press(cx, "f3");
    assert!(label(&editor, cx, "find-bar").is_some(), "it asks for what");
    editor.input(cx, "two").press(cx, "escape f3");
    editor.shows(cx, "ˇone\n");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    assert_eq!(said, ["\u{201c}two\u{201d} is not in this text."]);
}

#[gpui_kit::test]
fn matches_of_no_characters_are_gone_through(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\ntwo\nend");
    editor
        .press(cx, "ctrl-f alt-r")
        .input(cx, "$")
        .press(cx, "escape ctrl-home f3")
        .shows(cx, "oneˇ\ntwo\nend");
    editor.press(cx, "f3").shows(cx, "one\ntwoˇ\nend");
    editor.press(cx, "f3").shows(cx, "one\ntwo\nendˇ");
    editor.press(cx, "f3").shows(cx, "oneˇ\ntwo\nend");
    editor.press(cx, "shift-f3").shows(cx, "one\ntwo\nendˇ");
    editor.press(cx, "shift-f3").shows(cx, "one\ntwoˇ\nend");
}

#[gpui_kit::test]
fn a_large_file_is_gone_through_with_the_bar_closed(cx: &mut TestAppContext) {
    let lines = "a needle in hay\n".repeat(30_000);
    let editor = open(cx, "a.txt", &format!("ˇ{lines}"));
    editor.press(cx, "ctrl-f").input(cx, "needle");
    assert_eq!(count(&editor, cx), "1 of 30000");
    editor.press(cx, "escape shift-f3");
    cx.run_until_parked();
    let at = cx.update(|cx| editor.view.read(cx).selections().primary().start());
    assert_eq!(at, 16 * 29_999 + 2);
}

#[gpui_kit::test]
fn a_slow_step_is_given_up_where_the_caret_is_moved_meanwhile(cx: &mut TestAppContext) {
    let lines = "a needle in hay\n".repeat(30_000);
    let editor = open(cx, "a.txt", &format!("ˇ{lines}"));
    editor.press(cx, "ctrl-f").input(cx, "needle");
    assert_eq!(count(&editor, cx), "1 of 30000");
    editor.press(cx, "escape shift-f3 down");
    let at = |cx: &mut TestAppContext| {
        cx.update(|cx| editor.view.read(cx).selections().primary().range())
    };
    let moved = at(cx);
    cx.run_until_parked();
    assert_eq!(at(cx), moved);
    assert!(moved.start < 40, "{moved:?}");
}

#[gpui_kit::test]
fn the_bar_opens_as_it_was_left(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa1 A2 b.c bxc\n");
    editor
        .press(cx, "ctrl-h alt-r alt-c alt-p")
        .input(cx, r"a\d")
        .press(cx, "tab")
        .input(cx, "x")
        .press(cx, "escape ctrl-end ctrl-f");
    assert_eq!(count(&editor, cx), "1 result");
    editor.press(cx, "enter").shows(cx, "«a1ˇ» A2 b.c bxc\n");
    editor.press(cx, "alt-c");
    assert_eq!(count(&editor, cx), "1 of 2", "it was an expression still");
    editor.press(cx, "ctrl-alt-enter");
    assert_eq!(text(&editor, cx), "x X b.c bxc\n", "the replacement too");
    // What is selected is looked for as it stands, also where it would mean something else.
    editor
        .press(cx, "escape")
        .set(cx, "a1 «b.cˇ» bxc\n")
        .press(cx, "ctrl-f");
    assert_eq!(count(&editor, cx), "1 of 1");
}

#[gpui_kit::test]
fn the_views_of_a_window_look_for_the_same(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two\n");
    let (editor, right) = beside(editor, cx, Some(("b.txt", "zwei\ntwo")));
    editor
        .press(cx, "ctrl-f")
        .input(cx, "two")
        .press(cx, "escape");
    let other = Editor {
        view: right,
        ..editor
    };
    other.update(cx, |window, cx| {
        let focus = gpui_kit::Focusable::focus_handle(&other.view, cx);
        window.focus(&focus, cx);
        window.render_frame(cx);
    });
    other.press(cx, "f3").shows(cx, "zwei\n«twoˇ»");
    other.press(cx, "ctrl-home ctrl-f enter");
    other.shows(cx, "zwei\n«twoˇ»");
}

#[gpui_kit::test]
fn the_keys_of_finding_work_in_the_bar(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa1 a2 a3\n");
    editor.press(cx, "ctrl-f alt-r").input(cx, r"a\d");
    assert_eq!(label(&editor, cx, "replace-input"), None);
    editor.press(cx, "ctrl-h");
    assert!(label(&editor, cx, "replace-input").is_some());
    // What is typed now is the replacement.
    editor.input(cx, "b").press(cx, "enter");
    assert_eq!(text(&editor, cx), "b a2 a3\n");
    // The needle stays what it is, though a match is selected.
    editor.press(cx, "ctrl-f");
    assert_eq!(count(&editor, cx), "1 of 2");
    editor.press(cx, "ctrl-a").input(cx, "a");
    assert_eq!(count(&editor, cx), "1 of 2");
    editor.press(cx, "f3");
    editor.shows(cx, "b a2 «aˇ»3\n");
    editor.press(cx, "shift-f3 ctrl-d");
    editor.shows(cx, "b «aˇ»2 «aˇ»3\n");
    editor.press(cx, "ctrl-g");
    assert_eq!(label(&editor, cx, "find-bar"), None);
    assert!(label(&editor, cx, "go-to-line").is_some());
}

#[gpui_kit::test]
fn the_occurrences_in_a_large_file_are_selected_where_nothing_was_done_meanwhile(
    cx: &mut TestAppContext,
) {
    let lines = "a needle in hay\n".repeat(30_000);
    let editor = open(cx, "a.txt", &format!("a needˇle in hay\n{lines}"));
    let selected =
        |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).selections().clone());
    editor.press(cx, "ctrl-shift-l");
    assert_eq!(selected(cx).len(), 1, "the window does not wait for it");
    editor.press(cx, "down");
    cx.run_until_parked();
    assert_eq!(selected(cx).len(), 1, "it is given up");
    editor.press(cx, "ctrl-shift-l");
    cx.run_until_parked();
    assert_eq!(selected(cx).len(), 10_000);
    let primary = selected(cx).primary().range();
    assert_eq!(primary, 18..24, "where the caret was");
    let said = editor.update(cx, |window, cx| ui::shown_notices(window, cx));
    assert_eq!(
        said,
        ["The first 10000 occurrences are selected, 20001 are not."]
    );
}

#[gpui_kit::test]
fn what_is_left_unselected_is_said(cx: &mut TestAppContext) {
    let lines = "foo\n".repeat(12_000);
    let said = |keys: &str, cx: &mut TestAppContext| {
        let editor = open(cx, "a.txt", &format!("ˇ{lines}"));
        editor.press(cx, keys);
        let carets = cx.update(|cx| editor.view.read(cx).selections().len());
        assert_eq!(carets, 10_000, "{keys}");
        editor.update(cx, |window, cx| ui::shown_notices(window, cx))
    };
    let left_out = |places: &str| {
        [format!(
            "The first 10000 {places} are selected, 2000 are not."
        )]
    };
    assert_eq!(said("ctrl-shift-l", cx), left_out("occurrences"));
    assert_eq!(said("ctrl-a shift-alt-i", cx), left_out("lines"));
    assert_eq!(said("ctrl-f f o o alt-enter", cx), left_out("matches"));
}
