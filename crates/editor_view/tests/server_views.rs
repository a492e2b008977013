//! What a language server shows in a text. The server is the fake one of `lsp`.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::time::{Duration, Instant};

use common::served::{Session, open, open_served};
use gpui_kit::test::{TestEventExt as _, TestQueryExt as _, TestWindowExt as _};
use gpui_kit::{App, Modifiers, MouseButton, TestAppContext};

impl Session {
    /// Lets the time pass that a text or a view rests before a server is asked.
    fn rest(&self, cx: &mut TestAppContext) {
        self.editor.frame(cx);
        cx.run_until_parked();
        cx.executor().advance_clock(Duration::from_millis(300));
        cx.run_until_parked();
    }

    /// Waits for the server until something holds, while nothing happens in the window.
    #[track_caller]
    fn resting_until(
        &self,
        cx: &mut TestAppContext,
        what: &str,
        holds: impl Fn(&Self, &App) -> bool,
    ) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            self.rest(cx);
            self.editor.frame(cx);
            if cx.update(|cx| holds(self, cx)) {
                return;
            }
            let shown = self.rows_now(cx);
            assert!(Instant::now() < end, "waited for {what} in {shown:#?}");
            std::thread::yield_now();
        }
    }

    /// Waits until the rows in view are these.
    #[track_caller]
    fn rows(&self, cx: &mut TestAppContext, rows: &[&str]) {
        self.resting_until(cx, &format!("{rows:?}"), |it, cx| {
            it.editor.view.read(cx).shown_rows() == rows
        });
    }

    fn rows_now(&self, cx: &mut TestAppContext) -> Vec<String> {
        self.editor.frame(cx);
        cx.update(|cx| self.editor.view.read(cx).shown_rows())
    }
}

#[gpui_kit::test]
fn the_server_says_where_a_name_is_used(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.settings(cx, r#"{"editor.occurrencesHighlightDelay": 0}"#);
    editor.set(cx, "siˇze resize nothing nothings\n");
    it.until(cx, "what the server says", |it, cx| {
        it.editor.view.read(cx).occurrences() == [0..4, 7..11]
    });
    editor.set(cx, "size resize nothˇing nothings\n");
    it.until(cx, "what stands in the text", |it, cx| {
        it.editor.view.read(cx).occurrences() == [12..19, 20..27]
            || it.editor.view.read(cx).occurrences() == std::slice::from_ref(&(12..19))
    });
    let found = cx.update(|cx| editor.view.read(cx).occurrences());
    assert_eq!(found, std::slice::from_ref(&(12..19)), "whole words alone");
}

#[gpui_kit::test]
fn hints_stand_between_the_text_and_go_along_with_it(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n", "hints");
    it.start(cx);
    let editor = &it.editor;
    it.rows(cx, &["1 let a: i32 = 1;", "2"]);
    editor.set(cx, "let ab = 1;\ncall(abˇ);\n");
    it.rows(cx, &["1 let ab: i32 = 1;", "2 call(size: ab);", "3"]);
    editor.input(cx, "c");
    assert_eq!(
        it.rows_now(cx)[1],
        "2 call(size: abc);",
        "before it is asked"
    );
    // What is typed at a type stands before it, at a parameter behind its name.
    editor.set(cx, "let abˇ = 1;\ncall(abc);\n");
    it.rows(cx, &["1 let ab: i32 = 1;", "2 call(size: abc);", "3"]);
    editor.input(cx, "x");
    assert_eq!(it.rows_now(cx)[0], "1 let abx: i32 = 1;");
    editor.set(cx, "let ab = 1;\ncall(ˇabc);\n");
    it.rows(cx, &["1 let ab: i32 = 1;", "2 call(size: abc);", "3"]);
    editor.input(cx, "x");
    assert_eq!(it.rows_now(cx)[1], "2 call(size: xabc);");
    editor.set(cx, "let ab = 1;\ncall(abcˇ);\n");
    it.rows(cx, &["1 let ab: i32 = 1;", "2 call(size: abc);", "3"]);
    editor.press(cx, "up end enter");
    editor.input(cx, "let d = 2;");
    it.rows(
        cx,
        &[
            "1 let ab: i32 = 1;",
            "2 let d: i32 = 2;",
            "3 call(size: abc);",
            "4",
        ],
    );
}

#[gpui_kit::test]
fn settings_say_whether_and_how_much_of_hints_is_shown(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n", "hints");
    it.start(cx);
    let editor = &it.editor;
    it.rows(cx, &["1 let a: i32 = 1;", "2"]);
    editor.settings(cx, r#"{"editor.inlayHints.enabled": "off"}"#);
    it.rows(cx, &["1 let a = 1;", "2"]);
    editor.settings(cx, r#"{"editor.inlayHints.maximumLength": 3}"#);
    it.rows(cx, &["1 let a: i… = 1;", "2"]);
}

#[gpui_kit::test]
fn hints_are_asked_for_around_what_is_in_view(cx: &mut TestAppContext) {
    let text = "let a = 1;\n".repeat(2_000);
    let it = open_served(cx, &text, "hints");
    it.start(cx);
    it.resting_until(cx, "the first", |it, cx| {
        it.editor.view.read(cx).shown_rows()[0] == "1 let a: i32 = 1;"
    });
    let last = it.rows_now(cx).len();
    it.editor.press(cx, "ctrl-end");
    let shown = it.rows_now(cx);
    assert_eq!(shown[shown.len() - 2], "2000let a = 1;");
    it.resting_until(cx, "the last", |it, cx| {
        let shown = it.editor.view.read(cx).shown_rows();
        shown[shown.len() - 2] == "2000let a: i32 = 1;"
    });
    let log = cx.update(|cx| {
        let servers = it.editor.model.read(cx).language_servers();
        servers.unwrap().server(it.editor.buffer).unwrap().log()
    });
    let asked: Vec<_> = log.iter().filter(|line| line.contains("hints ")).collect();
    assert_eq!(asked.len(), 2, "{asked:?}");
    let first = asked[0].split("..").nth(1).unwrap();
    assert!(first.parse::<usize>().unwrap() < 3 * last, "{asked:?}");
    it.editor.press(cx, "ctrl-home");
    it.rest(cx);
    assert_eq!(it.rows_now(cx)[0], "1 let a: i32 = 1;", "they are kept");
}

#[gpui_kit::test]
fn hints_are_asked_for_anew_when_the_server_says_so(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n", "hints registers refreshes");
    it.start(cx);
    it.rows(cx, &["1 let a: i32 = 1;", "2"]);
    let saving = it.editor.update(cx, |window, cx| {
        it.editor
            .view
            .update(cx, |view, cx| ui::Item::save(view, window, cx))
    });
    it.wait(cx, saving).unwrap();
    it.until(cx, "the refresh", |it, cx| {
        let servers = it.editor.model.read(cx).language_servers();
        let log = servers.unwrap().server(it.editor.buffer).unwrap().log();
        log.iter().any(|line| line.contains("answer 3"))
    });
    it.rows(cx, &["1 let a: i64 = 1;", "2"]);
}

#[gpui_kit::test]
fn commands_are_asked_for_anew_when_the_server_says_so(cx: &mut TestAppContext) {
    let it = open_served(cx, "fn a() {}\n", "lenses refreshes");
    it.start(cx);
    it.lenses_become(cx, &[(0, &["Run", "uses"])]);
    let saving = it.editor.update(cx, |window, cx| {
        it.editor
            .view
            .update(cx, |view, cx| ui::Item::save(view, window, cx))
    });
    it.wait(cx, saving).unwrap();
    it.lenses_become(cx, &[(0, &["Run again", "uses"])]);
}

#[gpui_kit::test]
fn what_a_server_showed_goes_with_it(cx: &mut TestAppContext) {
    let it = open_served(cx, "fn a() {}\nweb let b = 1;\n", "lenses links hints");
    it.start(cx);
    let shown = |it: &Session, cx: &App| {
        let view = it.editor.view.read(cx);
        let hints = view.shown_rows().iter().any(|row| row.contains("b: i32"));
        (view.code_lenses().len(), view.server_links().len(), hints)
    };
    it.resting_until(cx, "all of it", |it, cx| shown(it, cx) == (1, 1, true));
    it.editor.update(cx, |window, cx| {
        ui::Commands::run("editor.forbidLanguageServer", window, cx);
    });
    it.resting_until(cx, "none of it", |it, cx| shown(it, cx) == (0, 0, false));
}

#[gpui_kit::test]
fn the_pointer_on_a_hint_asks_what_it_is(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n\n\n", "hints");
    it.start(cx);
    it.rows(cx, &["1 let a: i32 = 1;", "2", "3", "4"]);
    let said = |cx: &mut TestAppContext| cx.update(|cx| it.editor.view.read(cx).hover_text());
    let on_hint = it.editor.place(cx, 0, 7);
    it.editor
        .update(cx, |window, cx| window.pointer_move(on_hint, None, cx));
    it.resting_until(cx, "what it is", |it, cx| {
        it.editor.view.read(cx).hover_text().as_deref() == Some("It is resolved")
    });
    let beside = it.editor.place(cx, 0, 9);
    it.editor
        .update(cx, |window, cx| window.pointer_move(beside, None, cx));
    it.rest(cx);
    assert!(said(cx).is_some(), "it is on the hint still");
    let elsewhere = it.editor.place(cx, 3, 20);
    it.editor
        .update(cx, |window, cx| window.pointer_move(elsewhere, None, cx));
    it.rest(cx);
    it.rest(cx);
    assert_eq!(said(cx), None);
}

impl Session {
    /// The names of which something is known, with what.
    fn names(&self, cx: &App) -> Vec<String> {
        let view = self.editor.view.read(cx);
        let text = view.text(cx);
        let names = view.semantic_names().into_iter();
        names
            .map(|(range, meaning)| format!("{} {meaning}", text.slice(range)))
            .collect()
    }

    #[track_caller]
    fn names_become(&self, cx: &mut TestAppContext, names: &[&str]) {
        self.resting_until(cx, &format!("{names:?}"), |it, cx| it.names(cx) == names);
    }
}

#[gpui_kit::test]
fn names_are_known_by_what_they_mean_and_followed_by_what_changes(cx: &mut TestAppContext) {
    let it = open_served(cx, "let ä = size;\ncall(size);\n", "tokens");
    it.start(cx);
    let editor = &it.editor;
    let first = [
        "ä variable.readonly",
        "size parameter",
        "call function",
        "size parameter",
    ];
    it.names_become(cx, &first);
    editor.press(cx, "ctrl-home enter");
    editor.input(cx, "x y ");
    editor.frame(cx);
    assert_eq!(cx.update(|cx| it.names(cx)), first, "before it is asked");
    editor.set(cx, "let ä = size;\nlet b = 1;\ncall(size);ˇ\n");
    it.names_become(
        cx,
        &[
            "ä variable.readonly",
            "size parameter",
            "b variable.readonly",
            "call function",
            "size parameter",
        ],
    );
    editor.settings(cx, r#"{"editor.semanticHighlighting.enabled": false}"#);
    it.names_become(cx, &[]);
    editor.settings(cx, r#"{"editor.semanticHighlighting.enabled": true}"#);
    it.resting_until(cx, "them again", |it, cx| it.names(cx).len() == 5);
}

impl Session {
    #[track_caller]
    fn lenses_become(&self, cx: &mut TestAppContext, lenses: &[(usize, &[&str])]) {
        self.resting_until(cx, &format!("{lenses:?}"), |it, cx| {
            let shown = it.editor.view.read(cx).code_lenses();
            shown.len() == lenses.len()
                && shown
                    .iter()
                    .zip(lenses)
                    .all(|(one, wanted)| one.0 == wanted.0 && one.1 == wanted.1)
        });
    }
}

#[gpui_kit::test]
fn commands_stand_above_their_lines_and_run(cx: &mut TestAppContext) {
    let it = open_served(cx, "// error\n    fn a() {}\n", "lenses refreshes");
    it.start(cx);
    let editor = &it.editor;
    it.lenses_become(cx, &[(1, &["Run", "uses"])]);
    let (row, line) = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let (origin, cell) = editor.view.read(cx).text_origin().unwrap();
        let bounds = window.find("code-lens-0-0").bounds();
        (
            (bounds.center().y - origin.y) / cell.height,
            (bounds.left() - origin.x) / cell.width,
        )
    });
    assert!((1.0..2.0).contains(&row), "in its own row: {row}");
    assert!((line - 4.).abs() < 0.1, "as far in as its line: {line}");
    editor.update(cx, |window, cx| window.click("code-lens-0-0", cx));
    it.until(cx, "what it does", |it, cx| {
        it.editor.view.read(cx).text(cx) == *"// commanded\n    fn a() {}\n"
    });
    editor.set(cx, "// error\n    fn a() {}\n\nfn b() {ˇ}\n");
    it.lenses_become(cx, &[(1, &["Run", "uses"]), (3, &["Run", "uses"])]);
    editor.update(cx, |window, cx| {
        ui::Commands::run("editor.action.showLensesInCurrentLine", window, cx)
    });
    editor.press(cx, "enter");
    it.until(cx, "what it does", |it, cx| {
        it.editor.view.read(cx).text(cx) == *"// commanded\n    fn a() {}\n\nfn b() {}\n"
    });
    editor.update(cx, |window, cx| window.click("code-lens-0-1", cx));
    it.until(cx, "the places", |it, cx| {
        it.editor.view.read(cx).is_peeking()
    });
    editor.settings(cx, r#"{"editor.codeLens": false}"#);
    it.lenses_become(cx, &[]);
}

#[gpui_kit::test]
fn places_that_a_command_names_are_peeked_at(cx: &mut TestAppContext) {
    let it = open_served(cx, "// other\nfn a() {}\n", "lenses placed");
    it.start(cx);
    let editor = &it.editor;
    it.lenses_become(cx, &[(1, &["Run", "2 implementations"])]);
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click("code-lens-0-1", cx);
    });
    it.until(cx, "the peek", |it, cx| {
        it.editor.view.read(cx).is_peeking()
    });
    let listed = editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let rows = window.find_all_by_role(gpui_kit::Role::ListItem);
        let labels = rows.iter().map(|row| row.label().unwrap_or_default());
        labels.map(str::to_owned).collect::<Vec<_>>()
    });
    // The name itself is in the second line alone.
    assert_eq!(listed, ["main.rs:1", "main.rs:1"]);
    assert!(it.has(cx, "peek"));
}

#[gpui_kit::test]
fn rows_of_commands_come_without_moving_the_caret_and_are_resolved_in_view(
    cx: &mut TestAppContext,
) {
    let text = "fn a() {}\n".repeat(300);
    let it = open_served(cx, &text, "lenses");
    let editor = &it.editor;
    editor.settings(cx, r#"{"editor.codeLens": false}"#);
    it.start(cx);
    let caret = 150 * 10;
    editor.view.update(cx, |view, cx| {
        view.select(editor_core::Selections::caret(caret), cx);
    });
    let place = |cx: &mut TestAppContext| {
        editor.frame(cx);
        cx.update(|cx| editor.view.read(cx).caret_place(caret).unwrap())
    };
    let before = place(cx);
    editor.settings(cx, "{}");
    it.resting_until(cx, "the rows", |it, cx| {
        it.editor.view.read(cx).code_lenses().len() == 300
    });
    assert_eq!(place(cx), before);
    it.resting_until(cx, "those in view", |it, cx| {
        it.editor.view.read(cx).code_lenses()[150].1 == ["Run", "uses"]
    });
    let first = cx.update(|cx| editor.view.read(cx).code_lenses()[0].1.clone());
    assert_eq!(first, ["Run"], "it is not in view");
    editor.input(cx, "x");
    it.rest(cx);
    assert_eq!(place(cx), before);
    let shown = cx.update(|cx| editor.view.read(cx).code_lenses()[149].1.clone());
    assert_eq!(shown, ["Run", "uses"], "it stays while it is asked again");
}

#[gpui_kit::test]
fn colours_have_a_swatch_before_them(cx: &mut TestAppContext) {
    let it = open_served(cx, "a: red;\nb: blue;\n", "colors");
    it.start(cx);
    let editor = &it.editor;
    it.rows(cx, &["1 a:   red;", "2 b:   blue;", "3"]);
    let shown = cx.update(|cx| editor.view.read(cx).color_swatches());
    let (places, colors): (Vec<_>, Vec<_>) = shown.into_iter().unzip();
    assert_eq!(places, [3, 11]);
    assert_eq!(colors, [gpui_kit::red(), gpui_kit::blue()]);
    editor.set(cx, "a: redˇ;\nb: black;\n");
    it.rows(cx, &["1 a:   red;", "2 b: black;", "3"]);
    editor.settings(cx, r#"{"editor.colorDecorators": false}"#);
    it.rows(cx, &["1 a: red;", "2 b: black;", "3"]);
}

#[gpui_kit::test]
fn what_is_typed_is_laid_out_where_that_is_wanted(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "types");
    it.start(cx);
    let editor = &it.editor;
    let reads = |cx: &mut TestAppContext, marked: &str| {
        let wanted = editor_core::marked::parse(marked).unwrap().0;
        it.resting_until(cx, marked, |it, cx| {
            it.editor.view.read(cx).text(cx) == wanted
        });
        editor.shows(cx, marked);
    };
    editor.set(cx, "let  a  =  1ˇ\n");
    editor.input(cx, ";");
    it.rest(cx);
    editor.shows(cx, "let  a  =  1;ˇ\n");
    editor.settings(cx, r#"{"editor.formatOnType": true}"#);
    editor.press(cx, "backspace");
    editor.input(cx, ";");
    reads(cx, "let a = 1;ˇ\n");
    editor.press(cx, "ctrl-z");
    reads(cx, "let  a  =  1;ˇ\n");
    editor.press(cx, "enter");
    reads(cx, "let a = 1;\nˇ\n");
    editor.set(cx, "b  =  2ˇ\n");
    editor.input(cx, ";");
    editor.input(cx, "x");
    it.rest(cx);
    editor.shows(cx, "b  =  2;xˇ\n");
}

#[gpui_kit::test]
fn places_that_lead_elsewhere_are_followed(cx: &mut TestAppContext) {
    let it = open_served(cx, "web beside refused\n", "links");
    it.start(cx);
    let editor = &it.editor;
    let click = |cx: &mut TestAppContext, column: usize| {
        let place = editor.place(cx, 0, column);
        let held = cx.update(|cx| Modifiers::secondary_key(cx));
        editor.update(cx, |window, cx| {
            window.change_modifiers(held, cx);
            window.pointer_move(place, None, cx);
            window.pointer_down(place, MouseButton::Left, cx);
            window.pointer_up(place, MouseButton::Left, cx);
            window.change_modifiers(Modifiers::none(), cx);
        });
        cx.run_until_parked();
    };
    it.resting_until(cx, "the links", |it, cx| {
        it.editor.view.read(cx).server_links().len() == 3
    });
    click(cx, 1);
    let end = Instant::now() + Duration::from_secs(20);
    while cx.opened_url().as_deref() != Some("https://example.org/from-server") {
        cx.run_until_parked();
        assert!(Instant::now() < end, "{:?}", cx.opened_url());
    }
}

#[gpui_kit::test]
fn places_that_belong_together_are_edited_as_one(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "links");
    it.start(cx);
    let editor = &it.editor;
    let linked = |cx: &mut TestAppContext, count: usize| {
        it.resting_until(cx, "the places", |it, cx| {
            it.editor.view.read(cx).linked_places().len() == count
        });
    };
    editor.set(cx, "<aä>x</aäˇ>\n");
    it.rest(cx);
    editor.input(cx, "b");
    editor.shows(cx, "<aä>x</aäbˇ>\n");
    editor.settings(cx, r#"{"editor.linkedEditing": true}"#);
    editor.set(cx, "<aä>x</aäˇ>\n");
    linked(cx, 2);
    editor.input(cx, "b");
    editor.input(cx, "c");
    editor.shows(cx, "<aäbc>x</aäbcˇ>\n");
    editor.press(cx, "left left backspace");
    editor.shows(cx, "<abc>x</aˇbc>\n");
    editor.press(cx, "ctrl-z ctrl-z");
    editor.shows(cx, "<aä>x</aäˇ>\n");
    linked(cx, 2);
    editor.input(cx, " ");
    editor.shows(cx, "<aä>x</aä ˇ>\n");
    editor.input(cx, "y");
    editor.shows(cx, "<aä>x</aä yˇ>\n");
}

#[gpui_kit::test]
fn of_a_server_that_knows_parts_alone_what_is_in_view_is_asked_for(cx: &mut TestAppContext) {
    let text = "size\n".repeat(1_000);
    let it = open_served(cx, &text, "tokens parts");
    it.start(cx);
    let last = |it: &Session, cx: &App| {
        let names = it.editor.view.read(cx).semantic_names();
        names.last().map_or(0, |(range, _)| range.start / 5)
    };
    it.resting_until(cx, "the first", |it, cx| (1..200).contains(&last(it, cx)));
    it.editor.press(cx, "ctrl-end");
    it.resting_until(cx, "the last", |it, cx| last(it, cx) == 999);
}

#[gpui_kit::test]
fn hints_are_shown_while_keys_are_held_where_that_is_wanted(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n", "hints");
    it.start(cx);
    let held = Modifiers {
        control: true,
        alt: true,
        ..Modifiers::none()
    };
    let hold = |cx: &mut TestAppContext, keys: Modifiers| {
        it.editor
            .update(cx, |window, cx| window.change_modifiers(keys, cx));
    };
    for (mode, free, pressed) in [
        ("offUnlessPressed", "1 let a = 1;", "1 let a: i32 = 1;"),
        ("onUnlessPressed", "1 let a: i32 = 1;", "1 let a = 1;"),
    ] {
        it.editor
            .settings(cx, &format!(r#"{{"editor.inlayHints.enabled": "{mode}"}}"#));
        it.rows(cx, &[free, "2"]);
        hold(cx, held);
        it.rows(cx, &[pressed, "2"]);
        hold(cx, Modifiers::none());
        it.rows(cx, &[free, "2"]);
    }
}

#[gpui_kit::test]
fn a_hint_leads_to_what_it_names_and_is_written_out(cx: &mut TestAppContext) {
    let it = open_served(cx, "let a = 1;\n", "hints");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "one\nlet ab = 1;\ncall(abˇ);\n");
    it.rows(
        cx,
        &["1 one", "2 let ab: i32 = 1;", "3 call(size: ab);", "4"],
    );
    // In the middle of a character of what is shown.
    let shown = |cx: &mut TestAppContext, row: usize, column: f32| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            let (origin, cell) = editor.view.read(cx).text_origin().unwrap();
            gpui_kit::point(
                origin.x + cell.width * (column + 0.5),
                origin.y + cell.height * (row as f32 + 0.5),
            )
        })
    };
    let press = |cx: &mut TestAppContext, at, click_count, modifiers| {
        editor.update(cx, |window, cx| {
            use gpui_kit::InputEvent as _;
            let down = gpui_kit::MouseDownEvent {
                button: gpui_kit::MouseButton::Left,
                position: at,
                click_count,
                modifiers,
                ..Default::default()
            };
            let up = gpui_kit::MouseUpEvent {
                button: gpui_kit::MouseButton::Left,
                position: at,
                click_count,
                modifiers,
            };
            window.dispatch_event(down.to_platform_input(), cx);
            window.dispatch_event(up.to_platform_input(), cx);
        });
        cx.run_until_parked();
    };
    let control = gpui_kit::Modifiers::control();
    let head =
        |cx: &mut TestAppContext| cx.update(|cx| editor.view.read(cx).selections().primary().head);
    let name = shown(cx, 2, 7.);
    press(cx, name, 1, control);
    assert_eq!(head(cx), 0, "the first byte is where it leads");

    let typed = shown(cx, 1, 8.);
    let none = gpui_kit::Modifiers::default();
    press(cx, typed, 1, none);
    press(cx, typed, 2, none);
    it.reads(cx, "one\nlet ab: i32 = 1;\ncall(ab);\n");
    editor.press(cx, "ctrl-z");
    it.reads(cx, "one\nlet ab = 1;\ncall(ab);\n");
}

#[gpui_kit::test]
fn the_part_of_a_hint_that_leads_somewhere_is_underlined_where_a_click_follows_it(
    cx: &mut TestAppContext,
) {
    let it = open_served(cx, "let a = 1;\n", "hints long-hints");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "one\nlet ab = 1;\ncall(ab);ˇ\n");
    let hint = "3 call(the size of what it is called with: ab);";
    it.rows(cx, &["1 one", "2 let ab: i32 = 1;", hint, "4"]);
    let lines_at = |cx: &mut TestAppContext, row: usize, column: f32, keys| {
        editor.update(cx, |window, cx| {
            window.change_modifiers(keys, cx);
            window.render_frame(cx);
            let (origin, cell) = editor.view.read(cx).text_origin().unwrap();
            let at = gpui_kit::point(
                origin.x + cell.width * (column + 0.5),
                origin.y + cell.height * (row as f32 + 0.5),
            );
            window.pointer_move(at, None, cx);
            window.render_frame(cx);
            // The lines as rows, with the columns from and to which they reach.
            let scale = window.scale_factor();
            let quads = window.painted_quads().into_iter();
            let found = quads.filter(|quad| quad.bounds.size.height.as_f32() <= scale * 1.1);
            let found = found.filter_map(|quad| {
                let pixels = |scaled: gpui_kit::ScaledPixels| gpui_kit::px(scaled.as_f32() / scale);
                let column = |x| ((pixels(x) - origin.x) / cell.width).round() as i32;
                let top = (pixels(quad.bounds.origin.y) - origin.y) / cell.height;
                let (left, right) = (quad.bounds.left(), quad.bounds.right());
                (quad.background != gpui_kit::transparent_black().into())
                    .then(|| (top.floor() as i32, column(left)..column(right)))
            });
            found.collect::<Vec<_>>()
        })
    };
    let (none, control) = (Modifiers::none(), Modifiers::control());
    assert_eq!(lines_at(cx, 2, 8., none), []);
    assert_eq!(lines_at(cx, 2, 8., control), [(2, 5..39)]);
    assert_eq!(lines_at(cx, 2, 39., control), [], "the colon leads nowhere");
    assert_eq!(lines_at(cx, 1, 8., control), [], "nor does a type");
    assert_eq!(lines_at(cx, 2, 38., control), [(2, 5..39)]);
    assert_eq!(lines_at(cx, 2, 38., none), []);

    // Wrapped, the hint is in two rows, and leads somewhere in both.
    let settings = r#"{"editor.wordWrap": "wordWrapColumn", "editor.wordWrapColumn": 24}"#;
    editor.settings(cx, settings);
    it.rows(
        cx,
        &[
            "1 one",
            "2 let ab: i32 = 1;",
            "3 call(the size of what it",
            "  is called with: ab);",
            "4",
        ],
    );
    let both = [(2, 5..25), (3, 0..14)];
    for (row, column) in [(2, 5.), (2, 22.), (3, 0.), (3, 13.)] {
        assert_eq!(lines_at(cx, row, column, control), both, "{row}:{column}");
    }
    assert_eq!(lines_at(cx, 3, 14., control), [], "the colon leads nowhere");
}
