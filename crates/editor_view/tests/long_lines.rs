//! A line of megabytes that is not wrapped: what is far out is shown at once, and stays where it is
//! while the cells before it are counted.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::{Editor, open};
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{Pixels, Point, ScrollDelta, TestAppContext, point, px};

/// A line whose wide letters stand where no sample of it sees them, so that all that is behind them
/// is believed to be elsewhere than it is.
fn deceiving() -> String {
    format!(
        "{}{}{}the end",
        "plain ".repeat(20_000),
        "日本語".repeat(30_000),
        "words ".repeat(500_000)
    )
}

fn caret(editor: &Editor, cx: &mut TestAppContext) -> Option<Point<Pixels>> {
    cx.update(|cx| {
        let view = editor.view.read(cx);
        view.caret_place(view.selections().primary().head)
    })
}

fn left(editor: &Editor, cx: &mut TestAppContext) -> f64 {
    cx.update(|cx| editor.view.read(cx).scroll_left())
}

async fn counted(editor: &Editor, cx: &mut TestAppContext) {
    editor.wait(cx, |view, _| !view.is_counting()).await;
    editor.frame(cx);
}

/// Where letters stand, in cells from the caret.
fn apart(editor: &Editor, cx: &mut TestAppContext, offsets: &[usize]) -> Vec<f32> {
    cx.update(|cx| {
        let view = editor.view.read(cx);
        let caret = view.caret_place(view.selections().primary().head).unwrap();
        let (_, cell) = view.text_origin().unwrap();
        let places = offsets.iter().map(|offset| view.caret_place(*offset));
        places
            .map(|place| ((place.unwrap().x - caret.x) / cell.width).round())
            .collect()
    })
}

#[gpui_kit::test]
async fn the_end_is_shown_at_once_and_does_not_jump_when_all_is_counted(cx: &mut TestAppContext) {
    let line = deceiving();
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "ctrl-end");
    editor.frame(cx);
    let (place, before) = (caret(&editor, cx).unwrap(), left(&editor, cx));
    assert!((px(0.)..px(800.)).contains(&place.x), "{place:?}");
    assert!(cx.update(|cx| editor.view.read(cx).is_counting()));
    counted(&editor, cx).await;
    let (now, after) = (caret(&editor, cx).unwrap(), left(&editor, cx));
    assert!((now.x - place.x).abs() < px(0.01), "{place:?} {now:?}");
    assert!(after < before - 100_000., "{before} {after}");
    let ends = [line.len() - 7, line.len() - 3, line.len()];
    assert_eq!(apart(&editor, cx, &ends), [-7., -3., 0.]);

    editor.press(cx, "ctrl-home");
    editor.frame(cx);
    assert_eq!(left(&editor, cx), 0.);
    editor.press(cx, "ctrl-end");
    editor.frame(cx);
    assert_eq!(left(&editor, cx), after, "the end is where it was");
}

#[gpui_kit::test]
async fn what_is_typed_far_out_stays_under_the_eyes(cx: &mut TestAppContext) {
    let line = deceiving();
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "end left left left");
    editor.frame(cx);
    let before = (caret(&editor, cx).unwrap(), left(&editor, cx));
    editor.input(cx, "xy");
    editor.frame(cx);
    let after = (caret(&editor, cx).unwrap(), left(&editor, cx));
    let moved = f64::from(f32::from(after.0.x - before.0.x)) + after.1 - before.1;
    let cell = cx.update(|cx| editor.view.read(cx).text_origin().unwrap().1.width);
    assert!(
        (moved - f64::from(f32::from(cell)) * 2.).abs() < 0.5,
        "{moved}"
    );
    editor.press(cx, "backspace backspace");
    editor.frame(cx);
    counted(&editor, cx).await;
    let place = caret(&editor, cx).unwrap();
    // Typing and taking it back leaves the count as it was.
    editor.input(cx, "x");
    editor.press(cx, "backspace");
    editor.frame(cx);
    assert!(!cx.update(|cx| editor.view.read(cx).is_counting()));
    assert_eq!(caret(&editor, cx), Some(place));
}

#[gpui_kit::test]
async fn steps_to_the_left_through_what_is_not_counted_are_as_wide_as_they_are(
    cx: &mut TestAppContext,
) {
    let editor = open(cx, "a.txt", &format!("ˇ{}", deceiving()));
    // Right behind the wide letters, and then back over them.
    let behind = "plain ".len() * 20_000 + "日本語".len() * 30_000;
    let at = editor_core::Selections::caret(behind);
    editor.view.update(cx, |view, cx| view.select(at, cx));
    editor.frame(cx);
    let place = |offset: usize, cx: &mut TestAppContext| {
        f32::from(
            cx.update(|cx| editor.view.read(cx).caret_place(offset))
                .unwrap()
                .x,
        )
    };
    let mut seen = behind - 9;
    for step in 0..200 {
        while place(seen, cx) > 350. {
            seen -= 9;
        }
        let before = place(seen, cx);
        editor.update(cx, |window, cx| {
            window.scroll("editor", ScrollDelta::Pixels(point(px(400.), px(0.))), cx);
        });
        editor.frame(cx);
        let moved = place(seen, cx) - before;
        assert!((moved - 400.).abs() < 0.5, "step {step}: {moved}");
    }
    assert!(seen < behind - 12_000, "{seen} {behind}");
}

#[gpui_kit::test]
async fn a_press_on_the_scrollbar_shows_text_at_once(cx: &mut TestAppContext) {
    let line = deceiving();
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.frame(cx);
    editor.update(cx, |window, cx| {
        window.click_at("editor", point(px(500.), px(595.)), cx);
    });
    editor.frame(cx);
    let before = left(&editor, cx);
    assert!(before > 1_000_000., "{before}");
    // The letter at the left edge is where it was once all is counted.
    let shown = |cx: &mut TestAppContext| {
        cx.update(|cx| {
            let view = editor.view.read(cx);
            let mut offsets = (0..line.len()).step_by(64);
            offsets.find_map(|offset| {
                let place = view.caret_place(line.floor_char_boundary(offset))?;
                (place.x > px(150.) && place.x < px(790.)).then_some((offset, place.x))
            })
        })
    };
    let seen = shown(cx).unwrap();
    counted(&editor, cx).await;
    assert_ne!(left(&editor, cx), before);
    let place = cx.update(|cx| {
        let view = editor.view.read(cx);
        view.caret_place(line.floor_char_boundary(seen.0)).unwrap()
    });
    assert!((place.x - seen.1).abs() < px(0.01), "{seen:?} {place:?}");
}

#[gpui_kit::test]
async fn the_widths_of_all_kinds_of_letters_are_counted(cx: &mut TestAppContext) {
    for unit in ["日本語", "e\u{301}", "שלום ", "a\tb", "👩‍👩‍👧‍👦 ", "\u{200b}x"]
    {
        let line = unit.repeat(40_000);
        let editor = open(cx, "a.txt", &format!("ˇ{line}"));
        editor.press(cx, "end");
        editor.frame(cx);
        let place = caret(&editor, cx).unwrap();
        assert!((px(0.)..px(800.)).contains(&place.x), "{unit:?} {place:?}");
        counted(&editor, cx).await;
        let now = caret(&editor, cx).unwrap();
        assert!(
            (now.x - place.x).abs() < px(0.01),
            "{unit:?} {place:?} {now:?}"
        );
    }
}
