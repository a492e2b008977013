//! What a person sees when they type, move and click.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use common::open;
use gpui_kit::test::{TestEventExt as _, TestInput, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{
    Bounds, ElementInputHandler, Modifiers, MouseButton, Role, ScrollDelta, TestAppContext, point,
    px,
};
use ui::Item as _;

#[gpui_kit::test]
fn typing_goes_in_at_every_caret(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ\ntwoˇ\n");
    editor
        .input(cx, "!")
        .shows(cx, "one!ˇ\ntwo!ˇ\n")
        .press(cx, "backspace backspace")
        .shows(cx, "onˇ\ntwˇ\n")
        .press(cx, "enter")
        .shows(cx, "on\nˇ\ntw\nˇ\n");
}

#[gpui_kit::test]
fn keys_move_and_select(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two\nthree\n");
    editor
        .press(cx, "ctrl-right")
        .shows(cx, "oneˇ two\nthree\n")
        .press(cx, "shift-end")
        .shows(cx, "one« twoˇ»\nthree\n")
        .press(cx, "down")
        .press(cx, "home")
        .shows(cx, "one two\nˇthree\n")
        .press(cx, "ctrl-shift-end")
        .shows(cx, "one two\n«three\nˇ»")
        .press(cx, "escape")
        .shows(cx, "one two\nthree\nˇ");
}

#[gpui_kit::test]
fn words_are_those_of_the_language(cx: &mut TestAppContext) {
    let editor = open(cx, "a.css", "a { ˇmargin-left: 1px }");
    editor
        .press(cx, "ctrl-right")
        .shows(cx, "a { margin-leftˇ: 1px }")
        .press(cx, "ctrl-shift-left")
        .shows(cx, "a { «ˇmargin-left»: 1px }")
        .press(cx, "right ctrl-backspace")
        .shows(cx, "a { ˇ: 1px }");
}

#[gpui_kit::test]
fn carets_are_added_by_key(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "abˇ\nab\nab\n");
    editor
        .press(cx, "ctrl-alt-down ctrl-alt-down")
        .shows(cx, "abˇ\nabˇ\nabˇ\n")
        .input(cx, "c")
        .shows(cx, "abcˇ\nabcˇ\nabcˇ\n")
        .press(cx, "escape")
        .press(cx, "ctrl-z");
    assert!(!editor.marked(cx).contains("abc"));
}

#[gpui_kit::test]
fn next_matches_join_the_selection(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foˇo bar foo\nfoo");
    editor
        .press(cx, "ctrl-d")
        .shows(cx, "«fooˇ» bar foo\nfoo")
        .press(cx, "ctrl-d ctrl-d")
        .shows(cx, "«fooˇ» bar «fooˇ»\n«fooˇ»")
        .input(cx, "x")
        .shows(cx, "xˇ bar xˇ\nxˇ");
}

#[gpui_kit::test]
fn escape_leaves_the_caret_that_others_were_added_to(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foo bar «fooˇ»\nfoo");
    editor
        .press(cx, "ctrl-d ctrl-d")
        .shows(cx, "«fooˇ» bar «fooˇ»\n«fooˇ»")
        .press(cx, "escape")
        .shows(cx, "foo bar «fooˇ»\nfoo")
        .press(cx, "ctrl-d")
        .input(cx, "x")
        .press(cx, "left escape")
        .shows(cx, "foo bar ˇx\nx");
}

#[gpui_kit::test]
fn code_is_typed_with_pairs_and_indented(cx: &mut TestAppContext) {
    let editor = open(cx, "a.rs", "fn main() ˇ");
    editor
        .input(cx, "{")
        .shows(cx, "fn main() {ˇ}")
        .press(cx, "enter")
        .shows(cx, "fn main() {\n    ˇ\n}")
        .input(cx, "a(")
        .shows(cx, "fn main() {\n    a(ˇ)\n}")
        .press(cx, "backspace")
        .shows(cx, "fn main() {\n    aˇ\n}")
        .press(cx, "ctrl-/")
        .shows(cx, "fn main() {\n    // aˇ\n}")
        .press(cx, "alt-up")
        .shows(cx, "    // aˇ\nfn main() {\n}")
        .press(cx, "shift-tab")
        .shows(cx, "// aˇ\nfn main() {\n}")
        .press(cx, "ctrl-shift-k")
        .shows(cx, "fn mˇain() {\n}");
}

#[gpui_kit::test]
fn undo_takes_back_what_redo_does_again(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ");
    editor
        .input(cx, " two")
        .press(cx, "ctrl-z")
        .shows(cx, "oneˇ")
        .press(cx, "ctrl-shift-z")
        .shows(cx, "one twoˇ")
        .press(cx, "ctrl-z ctrl-y")
        .shows(cx, "one twoˇ");
}

#[gpui_kit::test]
fn the_clipboard_keeps_a_piece_for_each_caret(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "«oneˇ»\n«twoˇ»\n");
    editor.press(cx, "ctrl-c");
    assert_eq!(
        cx.read_from_clipboard().and_then(|item| item.text()),
        Some("one\ntwo".into())
    );
    editor
        .press(cx, "end")
        .press(cx, "ctrl-v")
        .shows(cx, "oneoneˇ\ntwotwoˇ\n")
        .press(cx, "escape")
        .press(cx, "ctrl-x");
    // With nothing selected the whole row goes.
    assert!(editor.marked(cx).contains('ˇ'));
    assert_eq!(editor.marked(cx).matches('\n').count(), 1);
}

#[gpui_kit::test]
fn clicks_place_carets_words_and_lines(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇhello brave world\nsecond row\n");
    let click = |cx: &mut TestAppContext, row, column, count, modifiers: Modifiers| {
        let place = editor.place(cx, row, column);
        editor.update(cx, |window, cx| {
            window.change_modifiers(modifiers, cx);
            let bounds = window.find("editor").bounds();
            let options = gpui_kit::test::ClickOptions::new()
                .with_offset(place - bounds.origin)
                .with_count(count);
            window.click_with_options("editor", options.with_modifiers(modifiers), cx);
            window.change_modifiers(Modifiers::default(), cx);
        });
    };
    let none = Modifiers::default();
    click(cx, 0, 3, 1, none);
    editor.shows(cx, "helˇlo brave world\nsecond row\n");
    click(cx, 0, 8, 2, none);
    editor.shows(cx, "hello «braveˇ» world\nsecond row\n");
    click(cx, 1, 1, 3, none);
    editor.shows(cx, "hello brave world\n«second row\nˇ»");
    click(cx, 0, 5, 1, none);
    click(cx, 1, 6, 1, Modifiers { alt: true, ..none });
    editor.shows(cx, "helloˇ brave world\nsecondˇ row\n");
    // A second alt-click takes the caret away again.
    click(cx, 1, 6, 1, Modifiers { alt: true, ..none });
    editor.shows(cx, "helloˇ brave world\nsecond row\n");
    click(
        cx,
        0,
        11,
        1,
        Modifiers {
            shift: true,
            ..none
        },
    );
    editor.shows(cx, "hello« braveˇ» world\nsecond row\n");
}

#[gpui_kit::test]
fn the_middle_button_pastes_what_was_selected(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two\n");
    let (from, to, end) = (
        editor.place(cx, 0, 0),
        editor.place(cx, 0, 3),
        editor.place(cx, 0, 7),
    );
    editor.update(cx, |window, cx| {
        window.drag(from, to, cx);
        window.pointer_down(end, MouseButton::Middle, cx);
        window.pointer_up(end, MouseButton::Middle, cx);
    });
    editor.shows(cx, "one twooneˇ\n");
}

#[gpui_kit::test]
fn the_context_menu_works_on_the_selection(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "«oneˇ» two\n");
    let inside = editor.place(cx, 0, 1);
    editor.update(cx, |window, cx| {
        window.pointer_down(inside, MouseButton::Right, cx);
        window.pointer_up(inside, MouseButton::Right, cx);
        window.render_frame(cx);
    });
    cx.run_until_parked();
    editor.shows(cx, "«oneˇ» two\n");
    // Without a language server there is nothing to ask one.
    for (label, count) in [
        ("Cut", 1),
        ("Format Document", 1),
        ("Find", 1),
        ("Rename Symbol", 0),
        ("Go to Definition", 0),
    ] {
        let offered = editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find_all_by_label(label).len()
        });
        assert_eq!(offered, count, "{label}");
    }
    let outside = editor.place(cx, 0, 5);
    editor.update(cx, |window, cx| {
        window.press("escape", cx);
        window.pointer_down(outside, MouseButton::Right, cx);
        window.pointer_up(outside, MouseButton::Right, cx);
    });
    editor.shows(cx, "one tˇwo\n");
}

#[gpui_kit::test]
fn the_gutter_selects_whole_lines(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone\ntwo\nthree\n");
    let (from, to) = (editor.place(cx, 0, 0), editor.place(cx, 1, 0));
    let gutter = px(20.);
    editor.update(cx, |window, cx| {
        window.drag(point(gutter, from.y), point(gutter, to.y), cx);
    });
    editor.shows(cx, "«one\ntwo\nˇ»three\n");
}

#[gpui_kit::test]
fn dragging_selects_and_scrolls_at_the_edge(cx: &mut TestAppContext) {
    let text = format!("ˇ{}", "line of text\n".repeat(200));
    let editor = open(cx, "a.txt", &text);
    let (from, to) = (editor.place(cx, 0, 0), editor.place(cx, 0, 4));
    editor.update(cx, |window, cx| window.drag(from, to, cx));
    assert!(editor.marked(cx).starts_with("«lineˇ» of text\n"));

    // A press on what is selected would drag it.
    editor.press(cx, "right");
    let below = point(from.x, px(640.));
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Left, cx);
        window.pointer_move(below, Some(MouseButton::Left), cx);
    });
    let first = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).visible_rows().start);
    for _ in 0..60 {
        cx.executor()
            .advance_clock(std::time::Duration::from_millis(16));
        editor.frame(cx);
    }
    let scrolled = first(cx);
    assert!(scrolled > 10, "a held drag scrolls: {scrolled}");
    editor.update(cx, |window, cx| {
        window.pointer_up(below, MouseButton::Left, cx)
    });
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(1));
    editor.frame(cx);
    assert_eq!(first(cx), scrolled, "and stops when the button is let go");
}

#[gpui_kit::test]
fn a_drag_goes_on_in_a_text_that_changes_under_it(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two three");
    let (from, to) = (editor.place(cx, 0, 4), editor.place(cx, 0, 12));
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Left, cx);
    });
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| {
                    workspace.replace_text(buffer, "日本 one two three")
                })
                .unwrap();
        });
    });
    editor.update(cx, |window, cx| {
        window.pointer_move(to, Some(MouseButton::Left), cx);
        window.pointer_up(to, MouseButton::Left, cx);
    });
    let selected = cx.update(|cx| {
        let view = editor.view.read(cx);
        view.text(cx)
            .slice(view.selections().primary().range())
            .into_owned()
    });
    assert!("two three".starts_with(&selected), "{selected:?}");
    assert!(selected.len() < "two three".len(), "{selected:?}");
}

#[gpui_kit::test]
fn wheel_and_keys_scroll_and_the_caret_comes_back(cx: &mut TestAppContext) {
    let text = format!("ˇ{}", "line\n".repeat(500));
    let editor = open(cx, "a.txt", &text);
    let first = |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).visible_rows().start);
    editor.update(cx, |window, cx| {
        window.scroll("editor", ScrollDelta::Lines(point(0., -40.)), cx);
    });
    assert_eq!(first(cx), 40);
    editor.press(cx, "right");
    assert_eq!(first(cx), 0);
    editor.press(cx, "ctrl-down ctrl-down");
    assert_eq!(first(cx), 2);
    editor.press(cx, "pagedown");
    assert!(first(cx) > 20);
    editor.press(cx, "ctrl-end");
    let visible = cx.update(|cx| editor.view.read(cx).visible_rows());
    assert_eq!(visible.end, 501);
    // The last line may scroll up to the top edge.
    editor.update(cx, |window, cx| {
        window.scroll("editor", ScrollDelta::Lines(point(0., -5000.)), cx);
    });
    assert_eq!(first(cx), 500);
}

#[gpui_kit::test]
fn an_input_method_composes_in_place(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "日ˇ!");
    editor.update(cx, |window, cx| {
        let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
        let mut input = TestInput::new(handler, window);
        input.compose_text(None, "ni", None, cx);
        assert_eq!(input.marked_text_range(cx), Some(1..3));
        input.compose_text(None, "你", None, cx);
        assert_eq!(input.marked_text_range(cx), Some(1..2));
        input.commit_text("你好", cx);
        assert_eq!(input.marked_text_range(cx), None);
        assert_eq!(
            input
                .selected_text_range(cx)
                .map(|selection| selection.range),
            Some(3..3)
        );
    });
    editor.shows(cx, "日你好ˇ!");
    editor.update(cx, |window, cx| {
        let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
        let mut input = TestInput::new(handler, window);
        input.compose_text(None, "x", None, cx);
        input.compose_text(None, "", None, cx);
        assert_eq!(input.marked_text_range(cx), None);
    });
    editor.shows(cx, "日你好ˇ!");
}

/// What an input method does until a word is chosen, with a second between its steps.
fn compose(editor: &common::Editor, cx: &mut TestAppContext, steps: &[&str], chosen: &str) {
    editor.update(cx, |window, cx| {
        let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
        let mut input = TestInput::new(handler, window);
        for step in steps {
            input.compose_text(None, step, None, cx);
        }
        input.commit_text(chosen, cx);
    });
}

#[gpui_kit::test]
fn a_word_that_is_composed_slowly_is_undone_as_one(cx: &mut TestAppContext) {
    let editor = common::open_slowly(cx, "a.txt", "日ˇ 本ˇ");
    compose(&editor, cx, &["n", "ni", "你"], "你好");
    editor.shows(cx, "日你好ˇ 本你好ˇ");
    compose(&editor, cx, &["m", "ma"], "吗");
    editor
        .shows(cx, "日你好吗ˇ 本你好吗ˇ")
        .press(cx, "ctrl-z")
        .shows(cx, "日你好ˇ 本你好ˇ")
        .press(cx, "ctrl-z")
        .shows(cx, "日ˇ 本ˇ")
        .press(cx, "ctrl-y ctrl-y")
        .shows(cx, "日你好吗ˇ 本你好吗ˇ");
}

/// What the platform does of a dead key, and with the key behind it where that composes nothing.
fn leave_accent(editor: &common::Editor, cx: &mut TestAppContext) {
    compose(editor, cx, &["´"], "´");
}

#[gpui_kit::test]
fn escape_after_a_dead_key_takes_the_accent_away_and_does_nothing_else(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oneˇ twoˇ");
    editor.press(cx, "ctrl-f escape");
    leave_accent(&editor, cx);
    editor.press(cx, "escape").shows(cx, "oneˇ twoˇ");
    editor.input(cx, "x").press(cx, "ctrl-z ctrl-z");
    editor.shows(cx, "oneˇ twoˇ");
    // Of an accent and a blank the accent is meant.
    editor.update(cx, |window, cx| {
        let handler = ElementInputHandler::new(Bounds::default(), editor.view.clone());
        TestInput::new(handler, window).compose_text(None, "´", None, cx);
    });
    editor.input(cx, "´").press(cx, "escape");
    editor.shows(cx, "one´ two´ˇ");
    // And so is one that was left for another key, or a moment ago.
    editor.set(cx, "ˇ");
    leave_accent(&editor, cx);
    editor.input(cx, "x").press(cx, "escape").shows(cx, "´xˇ");
    leave_accent(&editor, cx);
    cx.executor()
        .advance_clock(std::time::Duration::from_secs(1));
    editor.press(cx, "escape").shows(cx, "´x´ˇ");
    // An input method that gives what it showed is none.
    compose(&editor, cx, &["你好"], "你好");
    editor.press(cx, "escape").shows(cx, "´x´你好ˇ");
    // Nor is one that composes a syllable at a time, and gives it before it hands Escape on.
    compose(&editor, cx, &["한"], "한");
    editor.press(cx, "escape").shows(cx, "´x´你好한ˇ");
}

#[gpui_kit::test]
fn escape_after_a_dead_key_stays_in_vims_insert_mode(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇ two");
    common::set(cx, "vim.enabled", "true");
    editor.input(cx, "ione");
    leave_accent(&editor, cx);
    editor.press(cx, "escape").shows(cx, "oneˇ two");
    editor.input(cx, "s").shows(cx, "onesˇ two");
    editor.press(cx, "escape").shows(cx, "oneˇs two");
    // What is composed in normal mode is no text.
    leave_accent(&editor, cx);
    editor.press(cx, "escape").shows(cx, "oneˇs two");
}

#[gpui_kit::test]
fn assistive_technology_sees_a_named_text_field(cx: &mut TestAppContext) {
    let editor = open(cx, "notes.md", "# Titleˇ\n");
    editor.input(cx, "!");
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let field = window.find("editor");
        assert_eq!(field.role(), Some(Role::MultilineTextInput));
        assert_eq!(field.label(), Some("notes.md"));
        assert_eq!(field.value(), Some("# Title!\n"));
        assert_eq!(field.focused(), Some(true));
    });
}

#[gpui_kit::test]
fn boxes_are_selected_and_movements_taken_back_by_key(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "aˇbc\nabc\nabc\n");
    editor
        .press(cx, "ctrl-alt-shift-right ctrl-alt-shift-down")
        .shows(cx, "a«bˇ»c\na«bˇ»c\nabc\n")
        .press(cx, "ctrl-u ctrl-u")
        .shows(cx, "aˇbc\nabc\nabc\n")
        .press(cx, "ctrl-alt-shift-down")
        .shows(cx, "abc\naˇbc\nabc\nabc\n");
}

#[gpui_kit::test]
fn brackets_are_jumped_between_and_selected_by_key(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "f(ˇa, [b])");
    editor
        .press(cx, "ctrl-shift-\\")
        .shows(cx, "f(a, [b]ˇ)")
        .press(cx, "ctrl-shift-\\")
        .shows(cx, "fˇ(a, [b])")
        .press(cx, "right right shift-alt-right shift-alt-right")
        .shows(cx, "f(«a, [b]ˇ»)")
        .press(cx, "shift-alt-left")
        .shows(cx, "f(«aˇ», [b])");
}

#[gpui_kit::test]
fn a_box_is_selected_with_the_mouse(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "oˇne two\na\nthree four\n");
    let (corner, from) = (editor.place(cx, 2, 4), editor.place(cx, 0, 2));
    let both = Modifiers {
        shift: true,
        alt: true,
        ..Modifiers::default()
    };
    editor.update(cx, |window, cx| {
        window.change_modifiers(both, cx);
        let origin = window.find("editor").bounds().origin;
        let options = gpui_kit::test::ClickOptions::new()
            .with_offset(corner - origin)
            .with_modifiers(both);
        window.click_with_options("editor", options, cx);
        window.change_modifiers(Modifiers::default(), cx);
    });
    editor.shows(cx, "o«ne ˇ»two\naˇ\nt«hreˇ»e four\n");
    // The middle button draws a box too, past the ends of rows.
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Middle, cx);
        window.pointer_move(corner, Some(MouseButton::Middle), cx);
        window.pointer_up(corner, MouseButton::Middle, cx);
    });
    editor.shows(cx, "on«e ˇ»two\na\nth«reˇ»e four\n");
}

#[gpui_kit::test]
fn a_box_keeps_its_corner_where_it_is_in_the_text_while_others_edit(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two\na\nthree four\n");
    let (from, to) = (editor.place(cx, 0, 2), editor.place(cx, 1, 1));
    editor.update(cx, |window, cx| {
        window.pointer_down(from, MouseButton::Middle, cx);
        window.pointer_move(to, Some(MouseButton::Middle), cx);
    });
    editor.shows(cx, "o«ˇn»e two\naˇ\nthree four\n");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            let text = "new\n- one two\na\nthree four\n";
            model
                .update(cx, |workspace| workspace.replace_text(buffer, text))
                .unwrap();
        });
    });
    editor.frame(cx);
    let corner = editor.place(cx, 3, 6);
    editor.update(cx, |window, cx| {
        window.pointer_move(corner, Some(MouseButton::Middle), cx);
        window.pointer_up(corner, MouseButton::Middle, cx);
    });
    editor.shows(cx, "new\n- on«e ˇ»two\na\nthre«e ˇ»four\n");
}

#[gpui_kit::test]
fn the_setting_says_which_key_adds_a_caret(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "ˇone two\n");
    editor.settings(cx, r#"{"editor.multiCursorModifier": "ctrlCmd"}"#);
    let place = editor.place(cx, 0, 4);
    let click = |cx: &mut TestAppContext, modifiers: Modifiers| {
        editor.update(cx, |window, cx| {
            let origin = window.find("editor").bounds().origin;
            let options = gpui_kit::test::ClickOptions::new()
                .with_offset(place - origin)
                .with_modifiers(modifiers);
            window.click_with_options("editor", options, cx);
        });
    };
    let secondary = cx.update(|cx| Modifiers::secondary_key(cx));
    click(cx, secondary);
    editor.shows(cx, "ˇone ˇtwo\n");
    click(cx, Modifiers::alt());
    editor.shows(cx, "one ˇtwo\n");
}

#[gpui_kit::test]
async fn marks_of_comments_inside_strings_are_left_alone(cx: &mut TestAppContext) {
    let source = "const a = [\"**/*.ts\"],ˇ b = [\"**/*.test.ts\"];\n";
    let editor = open(cx, "a.ts", source);
    editor.parsed(cx).await;
    editor.press(cx, "shift-alt-a");
    let text = editor.marked(cx).replace('ˇ', "");
    assert!(
        text.contains("\"**/*.ts\"") && text.contains("\"**/*.test.ts\""),
        "{text}"
    );
}

#[gpui_kit::test]
fn all_carets_come_back_in_a_view_that_was_left(cx: &mut TestAppContext) {
    let marked = "aˇ\n".repeat(150);
    let editor = open(cx, "a.txt", &marked);
    let left = cx.update(|cx| editor.view.read(cx).view_state(cx).unwrap());
    let again = open(cx, "a.txt", &format!("ˇ{}", "a\n".repeat(150)));
    again.update(cx, |window, cx| {
        let view = again.view.clone();
        view.update(cx, |view, cx| view.restore_view(&left, window, cx));
    });
    again.shows(cx, &marked);
}
