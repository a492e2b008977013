//! Soft wrap, as a user sees it.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Editor, open, set};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{PlatformInput, ScrollDelta, ScrollEvent, TestAppContext, point, px};
use ui::Item as _;

/// Lines of words that are wrapped at 20 cells, after the spaces.
const TEXT: &str =
    "one two three four five six seven\nshort\n    indented words that are wrapped\n";

fn wrapped(cx: &mut TestAppContext, marked: &str) -> Editor {
    let editor = open(cx, "a.txt", marked);
    set(cx, "editor.wordWrap", "\"wordWrapColumn\"");
    set(cx, "editor.wordWrapColumn", "20");
    editor.frame(cx);
    editor
}

/// The rows on the screen that show something of the text.
fn rows(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    editor.frame(cx);
    cx.update(|cx| editor.view.read(cx).shown_rows())
}

#[gpui_kit::test]
fn lines_are_cut_after_words_and_go_on_indented(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &format!("ˇ{TEXT}"));
    let expected = [
        "1 one two three four",
        "  five six seven",
        "2 short",
        "3     indented words",
        "      that are wrapped",
        "4",
    ];
    assert_eq!(rows(&editor, cx), expected);
    set(cx, "editor.wrappingIndent", "\"none\"");
    assert_eq!(rows(&editor, cx)[4], "  that are wrapped");
    set(cx, "editor.wrappingIndent", "\"indent\"");
    assert_eq!(rows(&editor, cx)[4], "          that are");
}

/// The rows on the screen that an element takes, by its id.
fn rows_taken(editor: &Editor, cx: &mut TestAppContext, id: (&'static str, usize)) -> usize {
    cx.run_until_parked();
    editor.frame(cx);
    let (_, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let height = window.find(id).bounds().size.height;
        (height / cell.height).round() as usize
    })
}

#[gpui_kit::test]
fn lines_of_another_text_are_cut_as_those_of_the_text(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &format!("ˇ{TEXT}"));
    let (view, other) = (
        editor.view.clone(),
        editor_core::Text::new(&TEXT.replace("one two", "another number of words and three")),
    );
    editor.update(cx, |window, cx| {
        view.update(cx, |view, cx| {
            ui::Item::compare_with(view, &other, "the disk".into(), window, cx);
        });
    });
    let removed = ("removed-lines", 0);
    // another number of | words and three | three four five six | seven
    assert_eq!(rows_taken(&editor, cx, removed), 4);
    let first = "1 one two three four";
    let top = |cx: &mut TestAppContext| {
        let shown = rows(&editor, cx);
        assert_eq!(shown[0], first, "{shown:?}");
        let (origin, cell) = cx.update(|cx| editor.view.read(cx).text_origin()).unwrap();
        editor.update(cx, |window, _| {
            let bottom = window.find(removed).bounds().bottom();
            ((bottom - origin.y) / cell.height).round() as usize
        })
    };
    assert_eq!(top(cx), 4, "the text's line stands below them");
    set(cx, "editor.wordWrapColumn", "40");
    assert_eq!(rows_taken(&editor, cx, removed), 2);
    set(cx, "editor.wordWrap", "\"off\"");
    assert_eq!(rows_taken(&editor, cx, removed), 1);
    set(cx, "editor.wordWrap", "\"wordWrapColumn\"");
    assert_eq!(rows_taken(&editor, cx, removed), 2);
}

#[gpui_kit::test]
fn lines_of_another_text_far_below_are_cut_once_they_come_into_view(cx: &mut TestAppContext) {
    let (same, mine) = ("same\n".repeat(20), "mine\n");
    let theirs = "theirs and more words than fit in a row\n";
    let text = format!("{same}{mine}").repeat(100);
    let editor = wrapped(cx, &format!("ˇ{text}"));
    let (view, other) = (
        editor.view.clone(),
        editor_core::Text::new(&format!("{same}{theirs}").repeat(100)),
    );
    editor.update(cx, |window, cx| {
        view.update(cx, |view, cx| {
            ui::Item::compare_with(view, &other, "the disk".into(), window, cx);
        });
    });
    assert_eq!(rows_taken(&editor, cx, ("removed-lines", 0)), 3);
    editor.press(cx, "ctrl-end");
    assert_eq!(rows_taken(&editor, cx, ("removed-lines", 99)), 3);
    let shown = rows(&editor, cx);
    assert!(shown.iter().any(|row| row.starts_with("2101")), "{shown:?}");
    set(cx, "editor.wordWrapColumn", "30");
    assert_eq!(rows_taken(&editor, cx, ("removed-lines", 99)), 2);
    editor.press(cx, "ctrl-home");
    assert_eq!(rows_taken(&editor, cx, ("removed-lines", 0)), 2);
}

#[gpui_kit::test]
fn what_the_agent_would_write_is_cut_as_the_text_is(cx: &mut TestAppContext) {
    let editor = wrapped(cx, "ˇone two three four\n");
    let texts = (
        "one two three four\n".into(),
        "one two three four five six seven eight nine ten\n".into(),
    );
    let edit = ui::ProposedEdit::new(1, editor.path.clone(), texts, |_, _, _| {});
    cx.update(|cx| ui::ProposedEdits::set(&editor.model, Some(edit), cx));
    assert_eq!(rows_taken(&editor, cx, ("removed-lines", 0)), 3);
}

/// What is set for a language holds for its files alone, and from the moment that they are in it.
#[gpui_kit::test]
fn a_language_is_wrapped_and_drawn_as_its_settings_say(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{TEXT}"));
    editor.settings(
        cx,
        r#"{"editor.wordWrapColumn": 20, "editor.fontSize": 10,
            "[markdown]": {"editor.wordWrap": "wordWrapColumn", "editor.fontSize": 20}}"#,
    );
    let cell = |cx: &mut TestAppContext| {
        let origin = cx.update(|cx| editor.view.read(cx).text_origin());
        f32::from(origin.unwrap().1.width)
    };
    assert_eq!(rows(&editor, cx)[0], "1 one two three four five six seven");
    let small = cell(cx);
    let buffer = editor.buffer;
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model.update(cx, |workspace| {
                workspace.set_language(buffer, syntax::by_name("markdown").unwrap());
            });
        });
    });
    assert_eq!(
        rows(&editor, cx)[..2],
        ["1 one two three four", "  five six seven"]
    );
    assert!(cell(cx) > 1.5 * small, "the letters are larger");
}

#[gpui_kit::test]
fn alt_z_wraps_at_the_edge_of_the_view_and_back(cx: &mut TestAppContext) {
    let line = "word ".repeat(100);
    let editor = open(cx, "a.txt", &format!("ˇ{line}\nnext\n"));
    assert_eq!(rows(&editor, cx).len(), 3);
    editor.press(cx, "alt-z");
    let shown = rows(&editor, cx);
    assert!(shown.len() > 6, "{shown:?}");
    let view = cx.update(|cx| {
        let view = editor.view.read(cx);
        (view.text_origin().unwrap(), view.scroll_left())
    });
    let cells = (800. - f32::from(view.0.0.x)) / f32::from(view.0.1.width);
    assert!(shown.iter().all(|row| (row.len() as f32) < cells + 3.));
    editor.press(cx, "end end");
    editor.frame(cx);
    let left = cx.update(|cx| editor.view.read(cx).scroll_left());
    assert_eq!(left, 0., "nothing scrolls to the side");
    editor.press(cx, "alt-z");
    assert_eq!(rows(&editor, cx).len(), 3);
}

#[gpui_kit::test]
fn up_and_down_go_by_rows(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &TEXT.replacen("two", "twˇo", 1));
    editor.press(cx, "down");
    editor.shows(cx, &TEXT.replacen("six", "sˇix", 1));
    editor.press(cx, "down");
    editor.shows(cx, &TEXT.replacen("short", "shortˇ", 1));
    editor.press(cx, "up up");
    editor.shows(cx, &TEXT.replacen("two", "twˇo", 1));
    editor.press(cx, "shift-down");
    editor.shows(
        cx,
        &TEXT.replacen("two three four five s", "tw«o three four five sˇ»", 1),
    );
}

#[gpui_kit::test]
fn home_and_end_go_to_the_row_and_then_to_the_line(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &TEXT.replacen("words", "woˇrds", 1));
    editor.press(cx, "end");
    editor.shows(cx, &TEXT.replacen("words ", "wordsˇ ", 1));
    editor.press(cx, "end");
    editor.shows(cx, &TEXT.replacen("wrapped", "wrappedˇ", 1));
    editor.press(cx, "home");
    editor.shows(cx, &TEXT.replacen("that", "ˇthat", 1));
    editor.press(cx, "home");
    editor.shows(cx, &TEXT.replacen("indented", "ˇindented", 1));
    editor.press(cx, "home");
    editor.shows(cx, &TEXT.replacen("    indented", "ˇ    indented", 1));
}

#[gpui_kit::test]
fn a_click_lands_in_the_row_under_it(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &format!("ˇ{TEXT}"));
    let click = |cx: &mut TestAppContext, row, column| {
        let place = editor.place(cx, row, column);
        editor.update(cx, |window, cx| {
            let origin = window.find("editor").bounds().origin;
            window.click_at("editor", place - origin, cx);
        });
    };
    click(cx, 1, 5);
    editor.shows(cx, &TEXT.replacen("six", "ˇsix", 1));
    // Right of a row that goes on below, the caret stays in it.
    click(cx, 0, 40);
    editor.shows(cx, &TEXT.replacen("four ", "fourˇ ", 1));
    click(cx, 4, 5);
    editor.shows(cx, &TEXT.replacen("that", "tˇhat", 1));
}

#[gpui_kit::test]
fn typing_keeps_the_rows_right_at_once(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &TEXT.replacen("one", "oneˇ", 1));
    editor.input(cx, "s and more");
    assert_eq!(
        rows(&editor, cx)[..3],
        ["1 ones and more two", "  three four five six", "  seven"]
    );
    editor.press(cx, "ctrl-z");
    assert_eq!(rows(&editor, cx)[0], "1 one two three four");
}

#[gpui_kit::test]
fn carets_are_added_in_the_row_below(cx: &mut TestAppContext) {
    let editor = wrapped(cx, &TEXT.replacen("one", "ˇone", 1));
    editor.press(cx, "ctrl-alt-down");
    editor.shows(
        cx,
        &TEXT.replacen("one", "ˇone", 1).replacen("five", "ˇfive", 1),
    );
}

#[gpui_kit::test]
async fn a_file_of_long_lines_is_wrapped_in_the_background(cx: &mut TestAppContext) {
    let text = format!("{}\n", "word ".repeat(20)).repeat(20_000);
    let editor = open(cx, "a.txt", &format!("ˇ{text}"));
    set(cx, "editor.wordWrap", "\"wordWrapColumn\"");
    set(cx, "editor.wordWrapColumn", "50");
    assert_eq!(
        rows(&editor, cx)[1].trim_end(),
        format!("  {}", "word ".repeat(10)).trim_end()
    );
    editor.press(cx, "ctrl-end");
    editor.frame(cx);
    let shows_end = |editor: &Editor, cx: &mut TestAppContext| {
        rows(editor, cx).last().is_some_and(|row| row == "20001")
    };
    assert!(shows_end(&editor, cx), "the caret's row is in view at once");
    editor.wait(cx, |view, _| !view.is_wrapping()).await;
    editor.frame(cx);
    assert!(shows_end(&editor, cx), "and stays there");
    let last = cx.update(|cx| editor.view.read(cx).visible_rows().end);
    assert_eq!(last, 40_001);
}

#[gpui_kit::test]
async fn the_caret_far_out_in_a_line_stays_in_view_when_it_is_wrapped(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{}", "word ".repeat(200_000)));
    editor.press(cx, "ctrl-end");
    editor.frame(cx);
    let last_rows = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            let view = editor.view.read(cx);
            (view.visible_rows(), view.scroll_left())
        })
    };
    let (rows, left) = last_rows(cx);
    assert!(rows.end == 1 && left > 1_000_000., "{left}");

    editor.press(cx, "alt-z");
    editor.frame(cx);
    editor.wait(cx, |view, _| !view.is_wrapping()).await;
    editor.frame(cx);
    let (rows, left) = last_rows(cx);
    assert!(rows.start > 5_000, "{rows:?}");
    assert_eq!(left, 0.);

    editor.press(cx, "alt-z");
    editor.frame(cx);
    let (rows, left) = last_rows(cx);
    assert!(rows.end == 1 && left > 1_000_000., "{left}");
}

#[gpui_kit::test]
fn a_line_of_megabytes_is_cut_in_the_background_while_frames_are_drawn(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{}", "word ".repeat(800_000)));
    editor.press(cx, "alt-z");
    let mut frames = 0;
    loop {
        editor.frame(cx);
        if !cx.update(|cx| editor.view.read(cx).is_wrapping()) {
            break;
        }
        frames += 1;
        assert!(frames < 60, "what was cut between frames was for nothing");
        // A piece is cut, and taken.
        for _ in 0..2 {
            cx.executor().tick();
        }
    }
}

#[gpui_kit::test]
fn the_end_of_a_line_of_megabytes_is_shown_before_all_of_it_is_cut(cx: &mut TestAppContext) {
    let line: String = (0..400_000).map(|word| format!("word{word} ")).collect();
    let editor = open(cx, "a.txt", &format!("ˇ{line}\n\n"));
    editor.press(cx, "alt-z");
    editor.press(cx, "ctrl-end up up end end");
    let shown = rows(&editor, cx);
    assert!(cx.update(|cx| editor.view.read(cx).is_wrapping()));
    let at = shown.iter().rposition(|row| row.contains("word399999"));
    let at = at.unwrap_or_else(|| panic!("{shown:?}"));
    assert_eq!(shown.len(), at + 3, "the empty lines follow: {shown:?}");
    let above = &shown[at.saturating_sub(5)..at];
    assert!(above.iter().all(|row| row.contains("word399")), "{above:?}");
}

#[gpui_kit::test]
fn the_wheel_goes_on_from_the_end_of_a_line_of_megabytes_while_it_is_cut(cx: &mut TestAppContext) {
    let line: String = (0..400_000).map(|word| format!("word{word} ")).collect();
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "alt-z ctrl-end");
    assert!(
        rows(&editor, cx)
            .iter()
            .any(|row| row.contains("word399999"))
    );
    assert!(cx.update(|cx| editor.view.read(cx).is_wrapping()));
    let mut first = 399_999;
    for _ in 0..12 {
        // Rows come above before the next frame is drawn.
        for _ in 0..8 {
            cx.executor().tick();
        }
        editor.update(cx, |window, cx| {
            let event = PlatformInput::Scroll(ScrollEvent {
                position: point(px(300.), px(300.)),
                delta: ScrollDelta::Lines(point(0., 3.)),
                ..Default::default()
            });
            window.dispatch_event(event, cx);
        });
        let shown = rows(&editor, cx);
        let words: Vec<u32> = shown
            .iter()
            .flat_map(|row| row.split_whitespace())
            .filter_map(|word| word.strip_prefix("word")?.parse().ok())
            .collect();
        let top = *words.first().unwrap();
        // Seven words a row: as far as the wheel goes, and a part of a row where rows are found anew.
        assert!(
            top < first && (first == 399_999 || first - top < 40),
            "from {first} to {top}"
        );
        assert!(words.is_sorted(), "{shown:?}");
        first = top;
    }
    cx.run_until_parked();
    assert!(!cx.update(|cx| editor.view.read(cx).is_wrapping()));
    let shown = rows(&editor, cx);
    let has_it = |row: &String| {
        row.split_whitespace()
            .any(|word| word == format!("word{first}"))
    };
    let at = shown.iter().position(has_it);
    assert!(
        at.is_some_and(|row| row < 2),
        "{first} at {at:?} of {shown:?}"
    );
}

#[gpui_kit::test]
fn a_view_comes_back_wrapped_as_it_was_left(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ{}\n", "word ".repeat(100)));
    editor.press(cx, "alt-z");
    let wrapped = rows(&editor, cx);
    assert!(wrapped.len() > 6, "{wrapped:?}");
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx)).unwrap();
    editor.press(cx, "alt-z");
    assert_eq!(rows(&editor, cx).len(), 2);
    editor.update(cx, |window, cx| {
        editor
            .view
            .update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    assert_eq!(rows(&editor, cx), wrapped);
}

#[gpui_kit::test]
fn a_frame_cuts_nothing_of_a_line_of_megabytes_but_what_it_shows(cx: &mut TestAppContext) {
    let line: String = (0..400_000).map(|word| format!("word{word} ")).collect();
    let editor = open(cx, "a.txt", &format!("ˇ{line}\nend"));
    editor.press(cx, "alt-z ctrl-end up up");
    rows(&editor, cx);
    let first = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).visible_rows().start);
    let before = first(cx);
    for _ in 0..5 {
        let shown = rows(&editor, cx);
        assert!(shown.iter().any(|row| row.contains("word399999")));
        assert_eq!(first(cx), before, "no rows came above");
    }
    assert!(cx.update(|cx| editor.view.read(cx).is_wrapping()));
    // In the background they come.
    cx.run_until_parked();
    rows(&editor, cx);
    assert!(first(cx) > before);
}

#[gpui_kit::test]
fn a_view_comes_back_to_where_it_was_in_a_line_of_megabytes(cx: &mut TestAppContext) {
    let line: String = (0..400_000).map(|word| format!("word{word} ")).collect();
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "alt-z ctrl-end pageup pageup");
    editor.frame(cx);
    cx.run_until_parked();
    let top_word = |editor: &Editor, cx: &mut TestAppContext| {
        let shown = rows(editor, cx);
        let mut words = shown.iter().flat_map(|row| row.split_whitespace());
        words
            .find(|word| word.starts_with("word"))
            .unwrap()
            .to_owned()
    };
    let word = top_word(&editor, cx);
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx)).unwrap();
    let number = |word: &str| word.trim_start_matches("word").parse::<i64>().unwrap();
    assert!((399_000..399_990).contains(&number(&word)), "{word}");
    // As after a restart, in a view that knows no rows yet.
    let again = open(cx, "a.txt", &format!("ˇ{line}"));
    again.update(cx, |window, cx| {
        again
            .view
            .update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    let at_once = top_word(&again, cx);
    assert!(cx.update(|cx| again.view.read(cx).is_wrapping()));
    // A row holds eight words at most, and rows may begin elsewhere before all of them are found.
    assert!((number(&word) - number(&at_once)).abs() <= 8, "{at_once}");
    cx.run_until_parked();
    let in_the_end = top_word(&again, cx);
    assert!(
        (number(&word) - number(&in_the_end)).abs() <= 8,
        "{in_the_end}"
    );
}

#[gpui_kit::test]
fn a_movement_to_the_end_of_a_line_of_megabytes_arrives_there(cx: &mut TestAppContext) {
    for line in [
        format!("{}LOST", "a".repeat(4_000_000)),
        format!("{}LOST", "word ".repeat(800_000)),
    ] {
        let editor = open(cx, "a.txt", &format!("ˇ{line}"));
        set(cx, "editor.smoothScrolling", "true");
        editor.press(cx, "alt-z");
        editor.frame(cx);
        editor.press(cx, "ctrl-end");
        let widest = |editor: &Editor, cx: &mut TestAppContext| {
            let rows = rows(editor, cx).into_iter();
            rows.map(|row| row.trim_end().len()).max()
        };
        // A minimap has come with the rows, so that less of the width is left for the text.
        let at_once = widest(&editor, cx);
        let mut frames = 0;
        while cx.update(|cx| editor.view.read(cx).is_wrapping()) {
            editor.frame(cx);
            cx.executor().advance_clock(Duration::from_millis(16));
            cx.executor().tick();
            frames += 1;
        }
        for _ in 0..30 {
            editor.frame(cx);
            cx.executor().advance_clock(Duration::from_millis(16));
        }
        let shown = rows(&editor, cx);
        assert_eq!(at_once, widest(&editor, cx));
        let end = shown.last().unwrap();
        assert!(end.ends_with("LOST"), "after {frames}: {shown:?}");
        assert!(
            cx.update(|cx| editor.view.read(cx).caret_place(line.len()).is_some()),
            "{shown:?}"
        );
    }
}
