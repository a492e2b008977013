//! Hovers: what is said about a place of the text, when it comes and when it goes; links.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::time::Duration;

use common::{Editor, open, set};
use editor_view::{Hover, HoverProvider, TextPlace, register_hover_provider};
use gpui_kit::test::{TestEventExt as _, TestWindowExt as _};
use gpui_kit::{
    App, Bounds, Modifiers, MouseButton, Pixels, Point, Task, TestAppContext, point, px,
};

/// Lets time pass as it does in the program, with a frame after it.
fn wait(editor: &Editor, cx: &mut TestAppContext, millis: u64) {
    cx.run_until_parked();
    cx.executor().advance_clock(Duration::from_millis(millis));
    cx.run_until_parked();
    editor.frame(cx);
}

fn move_to(editor: &Editor, cx: &mut TestAppContext, place: Point<Pixels>) {
    editor.update(cx, |window, cx| window.pointer_move(place, None, cx));
}

fn point_at(editor: &Editor, cx: &mut TestAppContext, row: usize, column: usize) {
    let place = editor.place(cx, row, column);
    move_to(editor, cx, place);
}

/// What is shown, where it is drawn.
fn shown(editor: &Editor, cx: &mut TestAppContext) -> Option<(String, Bounds<Pixels>)> {
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let card = window.try_find("editor-hover")?;
        Some((card.label()?.to_string(), card.bounds()))
    })
}

fn text(editor: &Editor, cx: &mut TestAppContext) -> Option<String> {
    shown(editor, cx).map(|(text, _)| text)
}

const LINK: &str = "[Follow link](<https://example.org/a>) (ctrl + click)";

#[gpui_kit::test]
fn a_hover_comes_when_the_pointer_rests_and_goes_when_it_leaves(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee https://example.org/a now\n\n\nplain");
    point_at(&editor, cx, 0, 10);
    assert_eq!(text(&editor, cx), None, "not at once");
    wait(&editor, cx, 200);
    assert_eq!(text(&editor, cx), None, "not before the delay");
    wait(&editor, cx, 150);
    let (said, card) = shown(&editor, cx).expect("after the delay");
    assert_eq!(said, LINK);
    // The way from the text to the card does not close it, and on the card it stays.
    move_to(&editor, cx, point(card.center().x, card.top() - px(2.)));
    wait(&editor, cx, 100);
    move_to(&editor, cx, card.center());
    wait(&editor, cx, 2000);
    assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
    point_at(&editor, cx, 3, 1);
    wait(&editor, cx, 350);
    assert_eq!(text(&editor, cx), None, "it goes with the pointer");
}

#[gpui_kit::test]
fn moving_within_the_same_address_keeps_the_hover(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee https://example.org/a now");
    point_at(&editor, cx, 0, 10);
    wait(&editor, cx, 350);
    point_at(&editor, cx, 0, 20);
    wait(&editor, cx, 1000);
    assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
}

#[gpui_kit::test]
fn typing_escape_a_press_and_moving_the_caret_close_a_hover(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ\n\n\nhttps://example.org/a");
    let again = |cx: &mut TestAppContext| {
        point_at(&editor, cx, 1, 0);
        wait(&editor, cx, 400);
        point_at(&editor, cx, 3, 4);
        wait(&editor, cx, 400);
        assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
    };
    again(cx);
    editor.input(cx, "x");
    assert_eq!(text(&editor, cx), None, "typing");
    again(cx);
    editor.press(cx, "escape");
    assert_eq!(text(&editor, cx), None, "escape");
    again(cx);
    editor.press(cx, "down");
    assert_eq!(text(&editor, cx), None, "a caret that moves");
    again(cx);
    // The hover lies over the rows above its text.
    let place = editor.place(cx, 8, 0);
    editor.update(cx, |window, cx| {
        window.pointer_down(place, MouseButton::Left, cx);
        window.pointer_up(place, MouseButton::Left, cx);
    });
    assert_eq!(text(&editor, cx), None, "a press");
}

#[gpui_kit::test]
fn escape_closes_a_hover_in_vims_modes_too(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ\n\n\nhttps://example.org/a");
    set(cx, "vim.enabled", "true");
    point_at(&editor, cx, 3, 4);
    wait(&editor, cx, 400);
    assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
    editor.press(cx, "escape");
    assert_eq!(text(&editor, cx), None);
}

#[gpui_kit::test]
fn settings_turn_hovers_off_and_change_their_delay(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ\nhttps://example.org/a");
    set(cx, "editor.hover.enabled", "false");
    point_at(&editor, cx, 1, 4);
    wait(&editor, cx, 5000);
    assert_eq!(text(&editor, cx), None);
    set(cx, "editor.hover.enabled", "true");
    set(cx, "editor.hover.delay", "2000");
    point_at(&editor, cx, 1, 5);
    wait(&editor, cx, 1900);
    assert_eq!(text(&editor, cx), None);
    wait(&editor, cx, 200);
    assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
}

#[gpui_kit::test]
fn the_command_shows_what_is_at_the_caret_and_then_focuses_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇa\u{202e}b");
    editor.press(cx, "ctrl-k ctrl-i");
    assert_eq!(
        text(&editor, cx),
        None,
        "there is nothing to say about an a"
    );
    editor.press(cx, "right ctrl-k ctrl-i");
    let said = text(&editor, cx).unwrap();
    assert!(said.contains("U+202E RIGHT-TO-LEFT OVERRIDE"), "{said}");
    editor.press(cx, "ctrl-k ctrl-i");
    let focused = |cx: &mut TestAppContext| {
        editor.update(cx, |window, cx| {
            gpui_kit::Focusable::focus_handle(&editor.view, cx).is_focused(window)
        })
    };
    assert!(!focused(cx), "the hover has the focus");
    editor.press(cx, "down pagedown up pageup");
    editor.press(cx, "escape");
    assert_eq!(text(&editor, cx), None);
    assert!(focused(cx), "the text has it again");
    editor.shows(cx, "aˇ\u{202e}b");
}

#[gpui_kit::test]
fn letters_that_look_like_others_are_explained(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇlet \u{430}dmin = 1;");
    point_at(&editor, cx, 0, 4);
    wait(&editor, cx, 350);
    let said = text(&editor, cx).unwrap();
    assert!(
        said.contains("**U+0430**") && said.contains("**U+0061**"),
        "{said}"
    );
}

/// Says something about every character, at once or late.
struct Talks {
    says: &'static str,
    after: Duration,
}

impl HoverProvider for Talks {
    fn hover(&self, request: TextPlace, cx: &mut App) -> Task<Option<Hover>> {
        let hover = Hover {
            range: Some(request.offset..request.offset + 1),
            markdown: self.says.into(),
            places: Vec::new(),
        };
        if self.after.is_zero() {
            return Task::ready(Some(hover));
        }
        let timer = cx.background_executor().timer(self.after);
        cx.background_executor().spawn(async move {
            timer.await;
            Some(hover)
        })
    }
}

fn talk(cx: &mut TestAppContext, says: &'static str, after: u64) {
    let after = Duration::from_millis(after);
    cx.update(|cx| register_hover_provider(Talks { says, after }, cx));
}

#[gpui_kit::test]
fn a_hover_is_as_high_as_its_text_once_that_is_wrapped(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ\n\n\n\n\n\n\n\n\n\nword");
    let height = |cx: &mut TestAppContext, says: &'static str| {
        cx.update(|cx| cx.set_global(NowSays(says)));
        point_at(&editor, cx, 1, 0);
        wait(&editor, cx, 400);
        point_at(&editor, cx, 10, 1);
        wait(&editor, cx, 350);
        shown(&editor, cx).expect("a hover").1.size.height
    };
    cx.update(|cx| {
        cx.set_global(NowSays(""));
        register_hover_provider(SaysNow, cx);
    });
    let two = height(cx, "one\n\ntwo");
    let three = height(cx, "one\n\ntwo\n\nthree");
    const LONG: &str = "a text of so many words that it goes over several rows of a hover, since none is \
        wider than so many pixels whatever the window has, and each row of it has to have its room";
    let wrapped = height(cx, Box::leak(format!("{LONG}\n\n{LONG}").into_boxed_str()));
    // Each of the two has at least one row more.
    assert!(wrapped >= three, "{two:?} {three:?} {wrapped:?}");
}

struct NowSays(&'static str);

impl gpui_kit::Global for NowSays {}

/// Says what the test has it say by then.
struct SaysNow;

impl HoverProvider for SaysNow {
    fn hover(&self, request: TextPlace, cx: &mut App) -> Task<Option<Hover>> {
        Task::ready(Some(Hover {
            range: Some(request.offset..request.offset + 1),
            markdown: cx.global::<NowSays>().0.into(),
            places: Vec::new(),
        }))
    }
}

#[gpui_kit::test]
fn answers_come_in_order_as_they_arrive(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇword");
    talk(cx, "late", 500);
    talk(cx, "early", 0);
    point_at(&editor, cx, 0, 1);
    wait(&editor, cx, 350);
    assert_eq!(text(&editor, cx).as_deref(), Some("early"));
    wait(&editor, cx, 500);
    assert_eq!(text(&editor, cx).as_deref(), Some("late\n\n---\n\nearly"));
}

#[gpui_kit::test]
fn a_hover_that_takes_long_says_that_it_loads(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇword  other\n\n\n\nplain");
    talk(cx, "late", 2_000);
    point_at(&editor, cx, 0, 1);
    wait(&editor, cx, 850);
    assert_eq!(text(&editor, cx), None, "it may come soon");
    wait(&editor, cx, 100);
    assert_eq!(text(&editor, cx).as_deref(), Some("Loading…"));
    // Within the word it stays.
    point_at(&editor, cx, 0, 3);
    wait(&editor, cx, 1_000);
    assert_eq!(text(&editor, cx).as_deref(), Some("Loading…"));
    wait(&editor, cx, 500);
    assert_eq!(text(&editor, cx).as_deref(), Some("late"));
    // One that is left is waited for no longer.
    point_at(&editor, cx, 4, 40);
    wait(&editor, cx, 400);
    assert_eq!(text(&editor, cx), None);
    point_at(&editor, cx, 0, 8);
    wait(&editor, cx, 950);
    assert_eq!(text(&editor, cx).as_deref(), Some("Loading…"));
    point_at(&editor, cx, 4, 40);
    wait(&editor, cx, 400);
    assert_eq!(text(&editor, cx), None);
    wait(&editor, cx, 3_000);
    assert_eq!(text(&editor, cx), None);
    // Neither is one that is left before anything is shown.
    point_at(&editor, cx, 0, 8);
    wait(&editor, cx, 500);
    point_at(&editor, cx, 4, 40);
    wait(&editor, cx, 3_000);
    assert_eq!(text(&editor, cx), None);
    // Where something is known at once, that stands above.
    talk(cx, "early", 0);
    point_at(&editor, cx, 0, 1);
    wait(&editor, cx, 950);
    assert_eq!(
        text(&editor, cx).as_deref(),
        Some("early\n\n---\n\nLoading…")
    );
}

#[gpui_kit::test]
fn a_hover_that_loads_goes_where_there_is_nothing_to_say(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇword");
    talk(cx, "", 2_000);
    point_at(&editor, cx, 0, 1);
    wait(&editor, cx, 950);
    assert_eq!(text(&editor, cx).as_deref(), Some("Loading…"));
    wait(&editor, cx, 2_000);
    assert_eq!(text(&editor, cx), None);
}

#[gpui_kit::test]
fn an_answer_about_a_text_that_changed_is_dropped(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "wordˇ");
    talk(cx, "late", 500);
    point_at(&editor, cx, 0, 1);
    wait(&editor, cx, 350);
    editor.input(cx, "s");
    wait(&editor, cx, 1000);
    assert_eq!(text(&editor, cx), None);
}

#[gpui_kit::test]
fn a_hover_is_above_or_below_and_always_inside_the_window(cx: &mut TestAppContext) {
    let rows = format!("ˇ{}", format!("{}\n", "word ".repeat(30)).repeat(100));
    let editor = open(cx, "a.txt", &rows);
    let long: &'static str = Box::leak("A long answer.\n\n".repeat(200).into_boxed_str());
    talk(cx, long, 0);
    let window = Bounds::new(Point::default(), gpui_kit::size(px(800.), px(600.)));
    for (row, column) in [(0, 1), (1, 60), (8, 3), (15, 70), (24, 2)] {
        point_at(&editor, cx, row, column);
        wait(&editor, cx, 700);
        let place = editor.place(cx, row, column);
        let (_, card) = shown(&editor, cx).expect("a hover");
        assert!(card.size.height > px(100.), "{card:?}");
        assert!(window.contains(&card.origin), "{card:?}");
        assert!(window.contains(&card.bottom_right()), "{card:?}");
        assert!(!card.contains(&place), "it does not hide what it is about");
        editor.press(cx, "escape");
    }
}

#[gpui_kit::test]
fn a_hover_grows_with_the_window(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇword\n");
    let long: &'static str = Box::leak("many words ".repeat(60).into_boxed_str());
    talk(cx, long, 0);
    let width = |cx: &mut TestAppContext, level: &str| {
        set(cx, "window.zoomLevel", level);
        editor.press(cx, "ctrl-k ctrl-i");
        cx.run_until_parked();
        let (_, card) = shown(&editor, cx).expect("a hover");
        editor.press(cx, "escape");
        card.size.width
    };
    let usual = width(cx, "0");
    let large = width(cx, "1");
    assert!(large > usual * 1.15, "{usual:?}, {large:?}");
}

#[gpui_kit::test]
fn a_hover_scrolls_along_with_its_text(cx: &mut TestAppContext) {
    let rows = format!("ˇ{}", "word\n".repeat(300));
    let editor = open(cx, "a.txt", &rows);
    talk(cx, "something", 0);
    point_at(&editor, cx, 12, 1);
    wait(&editor, cx, 350);
    let (_, before) = shown(&editor, cx).unwrap();
    let height = cx.update(|cx| editor.view.read(cx).text_origin().unwrap().1.height);
    editor.update(cx, |window, cx| {
        assert!(ui::Commands::run("editor.scrollLineDown", window, cx));
    });
    let (_, after) = shown(&editor, cx).unwrap();
    assert_eq!(after.top(), before.top() - height);
}

fn click(editor: &Editor, cx: &mut TestAppContext, row: usize, column: usize, held: Modifiers) {
    let place = editor.place(cx, row, column);
    editor.update(cx, |window, cx| {
        window.change_modifiers(held, cx);
        window.pointer_move(place, None, cx);
        window.pointer_down(place, MouseButton::Left, cx);
        window.pointer_up(place, MouseButton::Left, cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
}

#[gpui_kit::test]
fn a_click_with_the_key_follows_an_address_and_moves_no_caret(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee (https://example.org/a) now");
    click(&editor, cx, 0, 10, Modifiers::none());
    assert_eq!(cx.opened_url(), None);
    editor.press(cx, "ctrl-home");
    let held = cx.update(|cx| Modifiers::secondary_key(cx));
    click(&editor, cx, 0, 10, held);
    assert_eq!(cx.opened_url().as_deref(), Some("https://example.org/a"));
    editor.shows(cx, "ˇsee (https://example.org/a) now");
}

#[gpui_kit::test]
fn the_character_behind_an_address_is_not_of_it_but_a_caret_there_is(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee https://example.org/a now");
    let held = cx.update(|cx| Modifiers::secondary_key(cx));
    click(&editor, cx, 0, 25, held);
    assert_eq!(cx.opened_url(), None);
    point_at(&editor, cx, 0, 25);
    wait(&editor, cx, 400);
    assert_eq!(text(&editor, cx), None);
    editor.set(cx, "see https://example.org/aˇ now");
    editor.update(cx, |window, cx| {
        assert!(ui::Commands::run("editor.action.showHover", window, cx));
    });
    wait(&editor, cx, 10);
    assert_eq!(text(&editor, cx).as_deref(), Some(LINK));
    click(&editor, cx, 0, 24, held);
    assert_eq!(cx.opened_url().as_deref(), Some("https://example.org/a"));
}

#[gpui_kit::test]
fn without_the_setting_there_are_no_links(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee https://example.org/a now");
    set(cx, "editor.links", "false");
    let held = cx.update(|cx| Modifiers::secondary_key(cx));
    click(&editor, cx, 0, 10, held);
    assert_eq!(cx.opened_url(), None);
    point_at(&editor, cx, 0, 11);
    wait(&editor, cx, 400);
    assert_eq!(text(&editor, cx), None);
}

#[gpui_kit::test]
fn the_key_is_the_one_that_adds_no_carets(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇsee https://example.org/a now");
    set(cx, "editor.multiCursorModifier", "\"ctrlCmd\"");
    let held = cx.update(|cx| Modifiers::secondary_key(cx));
    click(&editor, cx, 0, 10, held);
    assert_eq!(cx.opened_url(), None);
    click(&editor, cx, 0, 10, Modifiers::alt());
    assert_eq!(cx.opened_url().as_deref(), Some("https://example.org/a"));
}
