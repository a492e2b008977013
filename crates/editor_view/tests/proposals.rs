//! Changes that the agent asks for, shown and decided on in the text.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::time::Duration;

use common::{Editor, open};
use editor_core::Hunk;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    InputEvent as _, Pixels, Role, ScrollDelta, ScrollEvent, TestAppContext, point, px, size,
};
use ui::{Commands, EditDecision, ProposedEdit, ProposedEdits};

type Decided = Rc<RefCell<Vec<EditDecision>>>;

/// The agent asks to change the text from `before` to `after`.
fn propose(editor: &Editor, cx: &mut TestAppContext, before: &str, after: &str) -> Decided {
    let decided = Decided::default();
    let told = decided.clone();
    let texts = (before.to_owned().into(), after.to_owned().into());
    let edit = ProposedEdit::new(1, editor.path.clone(), texts, move |decision, _, _| {
        told.borrow_mut().push(decision);
    });
    cx.update(|cx| ProposedEdits::set(&editor.model, Some(edit), cx));
    cx.run_until_parked();
    editor.frame(cx);
    decided
}

/// Lets the moment pass in which nothing is decided.
fn wait(editor: &Editor, cx: &mut TestAppContext) {
    editor.frame(cx);
    cx.executor().advance_clock(Duration::from_millis(500));
    cx.run_until_parked();
    editor.frame(cx);
}

fn is_shown(editor: &Editor, cx: &mut TestAppContext, label: &str) -> bool {
    editor.frame(cx);
    editor.update(cx, |window, _| {
        let found = window.find_all_by_label(label);
        found.into_iter().any(|element| element.visible())
    })
}

fn coming(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    editor.frame(cx);
    editor.update(cx, |window, _| {
        let found = window.find_all_by_label("Lines that would come");
        let values = found.iter().filter_map(|element| element.value());
        values.map(|value| value.to_string()).collect()
    })
}

#[gpui_kit::test]
fn the_keys_that_decide_type_nothing_where_no_change_is_shown(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\ntwˇo\n");
    let keys = [
        "enter",
        "backspace",
        "ctrl-enter",
        "ctrl-backspace",
        "shift-backspace",
    ];
    for keys in keys {
        editor.press(cx, &format!("ctrl-k {keys}"));
        editor.shows(cx, "one\ntwˇo\n");
    }
}

#[gpui_kit::test]
fn a_change_is_shown_in_the_text_and_accepted_there_after_a_moment(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "one\nˇtwo\nthree\n");
    let decided = propose(&editor, cx, "one\ntwo\nthree\n", "one\n2\nthree\n");
    assert!(is_shown(&editor, cx, "The agent would change this text."));
    assert_eq!(coming(&editor, cx), ["2"]);
    editor.press(cx, "ctrl-k ctrl-enter");
    assert!(
        decided.borrow().is_empty(),
        "it was meant for something else"
    );
    wait(&editor, cx);
    editor.press(cx, "ctrl-k ctrl-enter");
    assert_eq!(*decided.borrow(), [EditDecision::Accept]);
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    assert_eq!(coming(&editor, cx), [""; 0]);
    // The text is the agent's to change; what the key does else is back.
    editor.shows(cx, "one\nˇtwo\nthree\n");
    editor.press(cx, "ctrl-enter");
    editor.shows(cx, "one\ntwo\nˇ\nthree\n");
}

#[gpui_kit::test]
fn a_change_is_refused_by_its_key_and_by_its_command(cx: &mut TestAppContext) {
    for by_key in [true, false] {
        let editor = open(cx, "a.txt", "oneˇ\n");
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        match by_key {
            true => _ = editor.press(cx, "ctrl-k ctrl-backspace"),
            false => editor.update(cx, |window, cx| {
                assert!(Commands::run("inlineChat.discard", window, cx));
            }),
        }
        cx.run_until_parked();
        assert_eq!(*decided.borrow(), [EditDecision::Refuse]);
        assert!(!is_shown(&editor, cx, "The agent would change this text."));
        editor.shows(cx, "oneˇ\n");
    }
}

#[gpui_kit::test]
fn the_palette_offers_to_decide_while_there_is_a_change(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    let offered = |cx: &mut TestAppContext| {
        editor.frame(cx);
        editor.update(cx, |window, cx| {
            let about = |id: &str| id.starts_with("chatEditor.") || id.starts_with("inlineChat.");
            let all = Commands::all(cx).into_iter();
            all.filter(|command| about(command.id) && command.is_listed(window, cx))
                .count()
        })
    };
    assert_eq!(offered(cx), 0);
    let _decided = propose(&editor, cx, "one\n", "two\n");
    assert_ne!(offered(cx), 0);
    wait(&editor, cx);
    // A change that is hidden is shown again from there.
    editor.press(cx, "escape");
    assert_ne!(offered(cx), 0);
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    cx.run_until_parked();
    assert_eq!(offered(cx), 0);
}

#[gpui_kit::test]
fn nothing_is_accepted_that_was_not_in_sight(cx: &mut TestAppContext) {
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    let before = lines.join("\n");
    let mut changed = lines.clone();
    changed[2] = "first".into();
    changed[300] = "last".into();
    let editor = open(cx, "a.txt", &format!("ˇ{before}"));
    let decided = propose(&editor, cx, &before, &changed.join("\n"));
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["first"]);
    assert!(is_shown(&editor, cx, "Show the rest"));
    for _ in 0..3 {
        if is_shown(&editor, cx, "Accept") {
            break;
        }
        editor.press(cx, "ctrl-k ctrl-enter");
        wait(&editor, cx);
        wait(&editor, cx);
    }
    assert!(decided.borrow().is_empty());
    assert_eq!(coming(&editor, cx), ["last"], "it was scrolled to");
    editor.press(cx, "ctrl-k ctrl-enter");
    assert_eq!(*decided.borrow(), [EditDecision::Accept]);
}

#[gpui_kit::test]
fn a_change_of_another_text_is_not_shown(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    propose(&editor, cx, "other\n", "two\n");
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    let decided = propose(&editor, cx, "one\n", "two\n");
    assert!(is_shown(&editor, cx, "The agent would change this text."));
    // Typing makes its line another one.
    editor.input(cx, "x");
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    // Nor is one that reaches out of sight accepted.
    let long = format!("{}\n", "w".repeat(600));
    let wide = propose(&editor, cx, "onex\n", &long);
    wait(&editor, cx);
    editor.press(cx, "ctrl-k ctrl-enter");
    assert!(wide.borrow().is_empty() && decided.borrow().is_empty());
    // What was decided elsewhere goes.
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    cx.run_until_parked();
    assert!(!is_shown(&editor, cx, "The agent would change this text."));
}

const STRIP: &str = "The agent would change this text.";

/// Goes on through the change until it can be accepted; how often that took.
fn go_through(editor: &Editor, cx: &mut TestAppContext, decided: &Decided) -> usize {
    for times in 0..20 {
        if is_shown(editor, cx, "Accept") {
            return times;
        }
        assert!(is_shown(editor, cx, "Show the rest"));
        editor.press(cx, "ctrl-k ctrl-enter");
        assert!(decided.borrow().is_empty());
        wait(editor, cx);
        wait(editor, cx);
    }
    panic!("it is never in sight");
}

#[gpui_kit::test]
fn lines_that_would_come_below_a_last_line_without_a_line_feed_have_to_be_seen(
    cx: &mut TestAppContext,
) {
    let added: String = (0..150).map(|line| format!("\nnew {line}")).collect();
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    for before in ["one".to_owned(), lines.join("\n")] {
        let editor = open(cx, "a.txt", &format!("{before}ˇ"));
        wait(&editor, cx);
        let decided = propose(&editor, cx, &before, &format!("{before}{added}"));
        wait(&editor, cx);
        assert!(go_through(&editor, cx, &decided) > 1, "of {}", before.len());
        editor.press(cx, "ctrl-k ctrl-enter");
        assert_eq!(*decided.borrow(), [EditDecision::Accept]);
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn wide_characters_and_tabs_count_as_the_cells_that_they_take(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    editor.frame(cx);
    let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    let width = editor.update(cx, |window, _| window.find("editor").bounds().right());
    let columns = ((width - origin.x) / cell.width) as usize;
    let half = columns * 2 / 3;
    for (line, fits) in [
        ("x".repeat(half), true),
        ("界".repeat(half), false),
        ("\t".repeat(half), false),
        ("\u{202e}".repeat(half), false),
    ] {
        let decided = propose(&editor, cx, "one\n", &format!("{line}\n"));
        wait(&editor, cx);
        assert_eq!(is_shown(&editor, cx, "Accept"), fits, "{line}");
        editor.press(cx, "ctrl-k ctrl-enter");
        assert_eq!(
            *decided.borrow(),
            vec![EditDecision::Accept; usize::from(fits)],
            "{line}"
        );
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
        cx.run_until_parked();
    }
}

#[gpui_kit::test]
fn another_difference_hides_the_change_until_it_is_closed(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\n");
    editor.input(cx, "!");
    let decided = propose(&editor, cx, "one!\n", "two\n");
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Accept"));
    editor.press(cx, "ctrl-k ctrl-z");
    wait(&editor, cx);
    assert!(!is_shown(&editor, cx, STRIP), "the list is open");
    editor.press(cx, "down");
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["one"], "what the state would bring");
    assert!(!is_shown(&editor, cx, STRIP));
    editor.update(cx, |window, cx| {
        Commands::run("inlineChat.acceptChanges", window, cx);
        Commands::run("inlineChat.discard", window, cx);
    });
    editor.press(cx, "escape");
    assert!(decided.borrow().is_empty());
    assert!(is_shown(&editor, cx, STRIP), "it comes back");
    assert_eq!(coming(&editor, cx), ["two"]);
    editor.press(cx, "ctrl-k ctrl-enter");
    assert!(decided.borrow().is_empty(), "it has only just come");
    // So it does after another text was compared, unless the agent asks no more.
    let compare = |cx: &mut TestAppContext| {
        let view = editor.view.clone();
        editor.update(cx, |window, cx| {
            view.update(cx, |view, cx| {
                let other = editor_core::Text::new("other\n");
                ui::Item::compare_with(view, &other, "the disk".into(), window, cx)
            })
        });
        cx.run_until_parked();
    };
    for asks in [true, false] {
        compare(cx);
        assert!(!is_shown(&editor, cx, STRIP));
        assert_eq!(coming(&editor, cx), [""; 0]);
        if !asks {
            cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
            cx.run_until_parked();
        }
        assert!(cx.update(|cx| editor.view.read(cx).is_comparing()));
        editor.press(cx, "escape");
        assert_eq!(is_shown(&editor, cx, STRIP), asks);
    }
    assert!(decided.borrow().is_empty());
}

#[gpui_kit::test]
fn escape_closes_what_was_opened_and_then_hides_the_change(cx: &mut TestAppContext) {
    for vim in [false, true] {
        let editor = open(cx, "a.txt", "«oneˇ»\n");
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        editor.press(cx, "ctrl-g");
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), ["two"], "the prompt was meant");
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), ["two"], "the selection was meant");
        editor.shows(cx, "oneˇ\n");
        if vim {
            common::set(cx, "vim.enabled", "true");
            cx.run_until_parked();
        }
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), [""; 0], "it is hidden, Vim: {vim}");
        wait(&editor, cx);
        editor.press(cx, "ctrl-k ctrl-enter");
        assert!(decided.borrow().is_empty(), "and not decided on");
        if vim {
            continue;
        }
        editor.press(cx, "ctrl-z");
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
        cx.run_until_parked();
        let decided = propose(&editor, cx, "one\n", "two\n");
        wait(&editor, cx);
        editor.press(cx, "escape");
        assert_eq!(coming(&editor, cx), [""; 0]);
        editor.update(cx, |window, cx| window.click("proposal-show", cx));
        wait(&editor, cx);
        for shown in [false, true] {
            editor.update(cx, |window, cx| {
                assert!(Commands::run("inlineChat.toggleDiff", window, cx));
            });
            wait(&editor, cx);
            assert_eq!(coming(&editor, cx).len(), usize::from(shown));
        }
        assert_eq!(coming(&editor, cx), ["two"]);
        editor.press(cx, "ctrl-k ctrl-enter");
        assert_eq!(*decided.borrow(), [EditDecision::Accept]);
    }
}

fn click(editor: &Editor, cx: &mut TestAppContext, id: (&'static str, usize)) {
    editor.frame(cx);
    editor.update(cx, |window, cx| window.click(id, cx));
    cx.run_until_parked();
    editor.frame(cx);
}

/// Lines of a text, and those of the change that come in their place.
fn hunk(rows: Range<usize>, base_rows: Range<usize>) -> Hunk {
    Hunk { base_rows, rows }
}

const FIVE: &str = "one\ntwo\nthree\nfour\nfive\n";
/// Three parts of it are others.
const ODD: &str = "1\ntwo\n3\nfour\n5\n";

#[gpui_kit::test]
fn parts_are_decided_on_one_after_another_from_the_keyboard(cx: &mut TestAppContext) {
    for vim in [false, true] {
        let editor = open(cx, "a.txt", &format!("one\nˇ{}", &FIVE[4..]));
        if vim {
            common::set(cx, "vim.enabled", "true");
            cx.run_until_parked();
        }
        let decided = propose(&editor, cx, FIVE, ODD);
        wait(&editor, cx);
        assert!(is_shown(&editor, cx, "Part 1 of 3") && is_shown(&editor, cx, "Part 3 of 3"));
        // Where the caret is at none, it goes to the next one first.
        editor.press(cx, "ctrl-k enter");
        assert!(is_shown(&editor, cx, STRIP));
        editor.shows(cx, "one\ntwo\nˇthree\nfour\nfive\n");
        editor.press(cx, "ctrl-k enter");
        assert!(!is_shown(&editor, cx, "Part 2 of 3"), "it has no buttons");
        let one = "The agent would change this text: 1 of 3 parts are decided.";
        assert!(is_shown(&editor, cx, one));
        editor.shows(cx, "one\ntwo\nthree\nfour\nˇfive\n");
        editor.press(cx, "ctrl-k backspace");
        assert!(!is_shown(&editor, cx, "Part 3 of 3"));
        editor.shows(cx, "ˇone\ntwo\nthree\nfour\nfive\n");
        assert!(decided.borrow().is_empty());
        editor.press(cx, "ctrl-k enter");
        let lines = EditDecision::AcceptLines {
            current: FIVE.to_owned(),
            hunks: vec![hunk(0..1, 0..1), hunk(2..3, 2..3)],
            refused: 1,
        };
        assert_eq!(*decided.borrow(), [lines]);
        assert_eq!(coming(&editor, cx), [""; 0]);
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn parts_are_decided_on_with_the_buttons_beside_them_and_the_strip(cx: &mut TestAppContext) {
    let lines = |hunks: Vec<Hunk>| EditDecision::AcceptLines {
        current: FIVE.to_owned(),
        refused: 3 - hunks.len(),
        hunks,
    };
    let (first, last) = (hunk(0..1, 0..1), hunk(4..5, 4..5));
    type Press = (&'static str, usize);
    let cases: [(&[Press], &str, EditDecision); 3] = [
        (
            &[("part-accept", 0)],
            "proposal-refuse",
            lines(vec![first.clone()]),
        ),
        (
            &[("part-refuse", 1)],
            "proposal-accept",
            lines(vec![first, last.clone()]),
        ),
        (
            &[("part-refuse", 0), ("part-refuse", 1), ("part-refuse", 2)],
            "",
            EditDecision::Refuse,
        ),
    ];
    for (pressed, strip, expected) in cases {
        let editor = open(cx, "a.txt", &format!("ˇ{FIVE}"));
        let decided = propose(&editor, cx, FIVE, ODD);
        click(&editor, cx, pressed[0]);
        assert!(is_shown(&editor, cx, "Part 1 of 3"), "it only just came");
        assert!(is_shown(&editor, cx, STRIP));
        wait(&editor, cx);
        for press in pressed {
            click(&editor, cx, *press);
        }
        if !strip.is_empty() {
            assert!(decided.borrow().is_empty());
            assert!(is_shown(&editor, cx, "Refuse the Others"));
            editor.update(cx, |window, cx| window.click(strip, cx));
            cx.run_until_parked();
        }
        assert_eq!(*decided.borrow(), [expected]);
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn a_part_that_is_decided_on_looks_so_and_can_be_taken_back(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{FIVE}"));
    let decided = propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    let will_come = |editor: &Editor, cx: &mut TestAppContext| {
        editor.update(cx, |window, _| {
            let found = window.find_all_by_label("Lines that will come");
            let values = found.iter().filter_map(|element| element.value());
            values.map(|value| value.to_string()).collect::<Vec<_>>()
        })
    };
    click(&editor, cx, ("part-accept", 0));
    assert!(!is_shown(&editor, cx, "Part 1 of 3"));
    assert_eq!(coming(&editor, cx), ["3", "5"]);
    assert_eq!(will_come(&editor, cx), ["1"]);
    click(&editor, cx, ("part-refuse", 1));
    assert!(!is_shown(&editor, cx, "Part 2 of 3"));
    assert_eq!(coming(&editor, cx), ["5"], "nothing is left of it");
    assert_eq!(will_come(&editor, cx), ["1"]);
    // The rows are those of the two that are left, and the text's.
    let rows = cx.update(|cx| {
        editor
            .view
            .update(cx, |view, cx| view.display(cx).row_count())
    });
    assert_eq!(rows, 6 + 1 + 2);
    // One after another, the last one first.
    editor.update(cx, |window, cx| window.click("proposal-take-back", cx));
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Part 2 of 3"));
    assert_eq!(coming(&editor, cx), ["3", "5"]);
    editor.shows(cx, "one\ntwo\nˇthree\nfour\nfive\n");
    editor.press(cx, "ctrl-k shift-backspace");
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, STRIP) && is_shown(&editor, cx, "Part 1 of 3"));
    assert_eq!(coming(&editor, cx), ["1", "3", "5"]);
    assert_eq!(will_come(&editor, cx), [""; 0]);
    editor.press(cx, "ctrl-k shift-backspace");
    let told = "No part of the agent's change is decided on.";
    assert!(
        editor
            .update(cx, |window, cx| ui::shown_notices(window, cx))
            .contains(&told.into())
    );
    // The same decision again takes it back, too, with the caret there.
    editor.press(cx, "up up ctrl-k enter");
    assert_eq!(will_come(&editor, cx), ["1"]);
    editor.press(cx, "up up ctrl-k enter");
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["1", "3", "5"]);
    assert!(decided.borrow().is_empty());
    editor.press(cx, "ctrl-k ctrl-enter");
    assert_eq!(*decided.borrow(), [EditDecision::Accept]);
}

/// The rows from the top of the view at which the buttons of parts begin, and those of the lines that
/// would come begin and end.
fn rows_of_parts(editor: &Editor, cx: &mut TestAppContext) -> (Vec<f32>, Vec<(f32, f32)>) {
    editor.frame(cx);
    let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    // What is drawn lies on whole pixels.
    let row = |y: Pixels| ((y - origin.y) / cell.height * 10.).round() / 10.;
    editor.update(cx, |window, _| {
        let view = window.find("editor").bounds();
        let bars = window.elements().into_iter().filter(|element| {
            let label = element.label().unwrap_or_default();
            label.starts_with("Part ") && element.role() == Some(Role::Toolbar)
        });
        // That of a row above the view is laid out, too.
        let bars = bars.filter(|bar| bar.bounds().top() > view.top() - cell.height / 2.);
        let bars = bars.map(|bar| {
            let bounds = bar.bounds();
            let is_in_row = bounds.size.height < cell.height + px(1.);
            let is_in_view = bounds.left() > origin.x - px(1.) && bounds.right() < view.right();
            assert!(
                is_in_row && is_in_view,
                "{bounds:?} {origin:?} {cell:?} {view:?}"
            );
            row(bounds.top())
        });
        let bars = bars.collect();
        let lines = window.find_all_by_label("Lines that would come");
        let lines = lines.iter().map(|lines| lines.bounds());
        let lines = lines.map(|bounds| (row(bounds.top()), row(bounds.bottom())));
        (bars, lines.collect())
    })
}

#[gpui_kit::test]
fn the_buttons_of_a_part_stand_in_a_row_of_their_own(cx: &mut TestAppContext) {
    let long = "long ".repeat(60);
    let before = format!("{long}\ntwo\n{long}\nfour\n");
    // The last part only goes.
    let after = format!("1{long}\ntwo\n");
    for width in [800., 400., 300.] {
        let editor = open(cx, "a.txt", &format!("ˇ{before}"));
        cx.simulate_window_resize(editor.window, size(px(width), px(600.)));
        propose(&editor, cx, &before, &after);
        wait(&editor, cx);
        let (bars, lines) = rows_of_parts(&editor, cx);
        // Buttons, what would come, the long line, two, buttons, the other long line.
        assert_eq!((bars, lines), (vec![0., 4.], vec![(1., 2.)]), "{width}");
        // They stay in sight where the text is scrolled aside.
        editor.press(cx, "end");
        wait(&editor, cx);
        let (bars, _) = rows_of_parts(&editor, cx);
        assert_eq!(bars, [0., 4.]);
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn below_the_first_row_of_a_part_its_buttons_stand_where_they_cover_nothing(
    cx: &mut TestAppContext,
) {
    for (line, is_covered) in [("new", false), (&*"new ".repeat(30), true)] {
        let before = format!("one\ntwo\nthree\n{}", "more\n".repeat(100));
        let added = format!("{line}\n").repeat(100);
        let after = format!("1\ntwo\n{added}three\n{}", "more\n".repeat(100));
        let editor = open(cx, "a.txt", &format!("ˇ{before}"));
        let decided = propose(&editor, cx, &before, &after);
        wait(&editor, cx);
        let (bars, _) = rows_of_parts(&editor, cx);
        assert_eq!(bars, [0., 4.]);
        let (_, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
        let wheel = ScrollEvent {
            position: editor.place(cx, 10, 4),
            delta: ScrollDelta::Pixels(point(px(0.), cell.height * -20.)),
            ..ScrollEvent::default()
        };
        editor.update(cx, |window, cx| {
            window.dispatch_event(wheel.to_platform_input(), cx);
        });
        wait(&editor, cx);
        let (bars, _) = rows_of_parts(&editor, cx);
        assert_eq!(bars.len(), usize::from(!is_covered), "{bars:?}");
        if !is_covered {
            assert_eq!(bars, [0.]);
            click(&editor, cx, ("pinned-refuse", 1));
            assert!(!is_shown(&editor, cx, "Part 2 of 2"));
            assert_eq!(coming(&editor, cx), [""; 0], "it is gone");
        }
        assert!(decided.borrow().is_empty());
        cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    }
}

#[gpui_kit::test]
fn a_part_is_accepted_only_once_it_was_in_sight(cx: &mut TestAppContext) {
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    let before = lines.join("\n");
    let mut changed = lines.clone();
    changed[2] = "first".into();
    changed[300] = "last".into();
    let start = before.find("line 300").unwrap();
    let text = format!("{}ˇ{}", &before[..start], &before[start..]);
    let editor = open(cx, "a.txt", &text);
    let decided = propose(&editor, cx, &before, &changed.join("\n"));
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["first"], "it is scrolled to");
    editor.press(cx, "ctrl-k enter");
    wait(&editor, cx);
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["last"], "the caret's part is shown");
    assert!(is_shown(&editor, cx, "Part 2 of 2"));
    editor.press(cx, "ctrl-k enter");
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["first"]);
    editor.press(cx, "ctrl-k backspace");
    let last = EditDecision::AcceptLines {
        current: before,
        hunks: vec![hunk(300..301, 300..301)],
        refused: 1,
    };
    assert_eq!(*decided.borrow(), [last]);
}

#[gpui_kit::test]
fn the_keys_of_typing_never_decide(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\ntwo\n");
    let decided = propose(&editor, cx, "one\ntwo\n", "one\n2\n");
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Accept"));
    editor.press(cx, "ctrl-enter");
    editor.shows(cx, "one\nˇ\ntwo\n");
    editor.press(cx, "ctrl-shift-enter");
    editor.press(cx, "enter");
    editor.press(cx, "shift-enter");
    editor.press(cx, "ctrl-shift-backspace");
    editor.press(cx, "ctrl-backspace");
    assert!(decided.borrow().is_empty());
    assert_eq!(coming(&editor, cx), ["2"]);
}

#[gpui_kit::test]
fn a_change_stays_while_other_lines_are_edited(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("one\nˇ{}", &FIVE[4..]));
    let decided = propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    editor.input(cx, "x");
    editor.press(cx, "enter");
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["1", "3", "5"]);
    editor.press(cx, "ctrl-k ctrl-enter");
    let current = "one\nx\ntwo\nthree\nfour\nfive\n".to_owned();
    let hunks = vec![hunk(0..1, 0..1), hunk(3..4, 2..3), hunk(5..6, 4..5)];
    assert_eq!(
        *decided.borrow(),
        [EditDecision::AcceptLines {
            current,
            hunks,
            refused: 0
        }]
    );
}

#[gpui_kit::test]
fn a_view_that_is_opened_after_an_edit_shows_the_change_too(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("one\nˇ{}", &FIVE[4..]));
    propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    editor.input(cx, "x");
    editor.press(cx, "enter");
    let (editor, _right) = common::beside::beside(editor, cx, None);
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), ["1", "1", "3", "3", "5", "5"]);
    // One that is opened after its own lines were edited says so.
    let editor = open(cx, "b.txt", &format!("oneˇ\n{}", &FIVE[4..]));
    propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    editor.input(cx, "x");
    let (editor, _right) = common::beside::beside(editor, cx, None);
    wait(&editor, cx);
    assert_eq!(coming(&editor, cx), [""; 0]);
    let void = editor.update(cx, |window, _| window.find_all_by_label(VOID).len());
    assert_eq!(void, 2);
}

const VOID: &str = "The lines that the agent would change were edited. Undo that, or refuse its change in its panel: it is told, and can read them again.";

#[gpui_kit::test]
fn a_change_whose_lines_are_edited_says_so_and_comes_back_when_that_is_undone(
    cx: &mut TestAppContext,
) {
    let editor = open(cx, "a.txt", &format!("oneˇ\n{}", &FIVE[4..]));
    let decided = propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    editor.input(cx, "x");
    assert!(is_shown(&editor, cx, VOID));
    assert_eq!(coming(&editor, cx), [""; 0]);
    for keys in ["ctrl-k ctrl-enter", "ctrl-k enter"] {
        editor.press(cx, keys);
    }
    assert!(decided.borrow().is_empty());
    editor.press(cx, "ctrl-z");
    editor.shows(cx, &format!("oneˇ\n{}", &FIVE[4..]));
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, STRIP) && !is_shown(&editor, cx, VOID));
    assert_eq!(coming(&editor, cx), ["1", "3", "5"]);
    editor.input(cx, "y");
    assert!(is_shown(&editor, cx, VOID));
    editor.update(cx, |window, cx| window.click("proposal-close", cx));
    assert!(!is_shown(&editor, cx, VOID));
    cx.update(|cx| ProposedEdits::set(&editor.model, None, cx));
    cx.run_until_parked();
    assert!(!is_shown(&editor, cx, VOID));
}

#[gpui_kit::test]
fn what_is_under_the_find_bar_is_not_in_sight(cx: &mut TestAppContext) {
    let lines: Vec<String> = (0..400).map(|line| format!("line {line}")).collect();
    let before = lines.join("\n");
    let after = before.replacen("line 0", "first", 1);
    let text = before.replacen("line 20\n", "line 20ˇ\n", 1);
    let editor = open(cx, "a.txt", &text);
    editor.press(cx, "ctrl-f");
    wait(&editor, cx);
    let decided = propose(&editor, cx, &before, &after);
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Show the rest"));
    editor.update(cx, |window, cx| window.click("proposal-accept", cx));
    assert!(decided.borrow().is_empty());
    wait(&editor, cx);
    wait(&editor, cx);
    assert!(is_shown(&editor, cx, "Accept"), "it came out from under it");
    editor.update(cx, |window, cx| window.click("proposal-accept", cx));
    cx.run_until_parked();
    assert_eq!(*decided.borrow(), [EditDecision::Accept]);
}

#[gpui_kit::test]
fn what_is_decided_in_one_view_is_decided_in_every_view(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{FIVE}"));
    let (editor, right) = common::beside::beside(editor, cx, None);
    let decided = propose(&editor, cx, FIVE, ODD);
    wait(&editor, cx);
    let focus = |view: &gpui_kit::Entity<editor_view::EditorView>, cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            let focus = gpui_kit::Focusable::focus_handle(view, cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
        });
    };
    focus(&right, cx);
    editor.press(cx, "down down ctrl-k enter ctrl-k backspace");
    cx.run_until_parked();
    editor.frame(cx);
    let two = "The agent would change this text: 2 of 3 parts are decided.";
    let strips = editor.update(cx, |window, _| window.find_all_by_label(two).len());
    assert_eq!(strips, 2, "each view says so");
    assert_eq!(coming(&editor, cx), ["1", "1"]);
    focus(&editor.view, cx);
    editor.press(cx, "ctrl-k shift-backspace");
    cx.run_until_parked();
    wait(&editor, cx);
    assert_eq!(
        coming(&editor, cx),
        ["1", "1", "5", "5"],
        "taken back in both"
    );
    editor.press(cx, "ctrl-k backspace");
    assert!(decided.borrow().is_empty());
    editor.press(cx, "ctrl-k ctrl-enter");
    cx.run_until_parked();
    let lines = EditDecision::AcceptLines {
        current: FIVE.to_owned(),
        hunks: vec![hunk(0..1, 0..1), hunk(2..3, 2..3)],
        refused: 1,
    };
    assert_eq!(*decided.borrow(), [lines]);
}
