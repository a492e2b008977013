//! Completions: the list that comes while one types, and what taking an item of it does. The server
//! is the fake one of `lsp`, which offers a few things of each sort.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use common::served::{Session, open, open_served};
use gpui_kit::TestAppContext;
use gpui_kit::test::TestWindowExt as _;

impl Session {
    fn labels(&self, cx: &mut TestAppContext) -> Vec<String> {
        cx.update(|cx| self.editor.view.read(cx).completion_labels())
    }

    /// Waits until the list is this one.
    #[track_caller]
    fn lists(&self, cx: &mut TestAppContext, labels: &[&str]) {
        self.until(cx, &format!("{labels:?}"), |it, cx| {
            it.editor.view.read(cx).completion_labels() == labels
        });
    }

    /// How often the server was asked so.
    fn asked(&self, cx: &mut TestAppContext, how: &str) -> usize {
        cx.update(|cx| {
            let servers = self.editor.model.read(cx).language_servers();
            let (server, _) = servers.unwrap().of_buffer(self.editor.buffer).unwrap();
            server.log().iter().filter(|line| *line == how).count()
        })
    }
}

#[gpui_kit::test]
fn a_list_comes_with_a_word_is_narrowed_and_taken(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "let aˇ\n");
    editor.input(cx, " ").input(cx, "p");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    assert!(it.has(cx, "completions"));
    editor.input(cx, "r").input(cx, "i").input(cx, "n");
    it.lists(cx, &[">print", "println"]);
    assert_eq!(it.asked(cx, "completion 1 null"), 1, "once a word");
    editor.press(cx, "down");
    it.lists(cx, &["print", ">println"]);
    editor.press(cx, "down up up");
    it.lists(cx, &[">print", "println"]);
    editor.press(cx, "backspace");
    it.lists(cx, &[">private", "print", "println"]);
    editor.press(cx, "down enter");
    editor.shows(cx, "let a printˇ\n");
    assert_eq!(it.labels(cx), Vec::<String>::new());
    editor.press(cx, "ctrl-z");
    editor.shows(cx, "let a priˇ\n");
}

#[gpui_kit::test]
fn keys_that_mean_something_else_close_it(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    for (key, shown) in [
        ("escape", "prˇ\n"),
        ("left", "pˇr\n"),
        ("ctrl-z", "ˇ\n"),
        ("space", "pr ˇ\n"),
        ("ctrl-f", "prˇ\n"),
    ] {
        editor.set(cx, "ˇ\n");
        editor.input(cx, "p").input(cx, "r");
        it.lists(cx, &[">private", "print", "println", "prune"]);
        match key {
            "space" => editor.input(cx, " "),
            _ => editor.press(cx, key),
        };
        cx.run_until_parked();
        // The focus is known to have gone with the next frame.
        editor.frame(cx);
        assert_eq!(it.labels(cx), Vec::<String>::new(), "{key}");
        editor.shows(cx, shown);
        assert!(!it.has(cx, "completions"));
        editor.press(cx, "escape");
    }
}

#[gpui_kit::test]
fn an_edit_of_somebody_else_closes_it_and_deleting_the_word_too(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "p");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    editor.press(cx, "backspace");
    assert_eq!(it.labels(cx), Vec::<String>::new());
    editor.input(cx, "p");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    cx.update(|cx| {
        editor.model.update(cx, |model, cx| {
            model
                .update(cx, |workspace| {
                    workspace.replace_text(editor.buffer, "//\np\n")
                })
                .unwrap();
        });
    });
    assert_eq!(it.labels(cx), Vec::<String>::new());
}

#[gpui_kit::test]
fn it_comes_behind_a_trigger_and_a_commit_character_takes_it(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "aˇ\n");
    editor.input(cx, ".");
    it.lists(cx, &[">left", "len"]);
    assert_eq!(it.asked(cx, "completion 2 \".\""), 1);
    editor.input(cx, "l").input(cx, "e").input(cx, "n");
    it.lists(cx, &[">len"]);
    editor.input(cx, "(");
    editor.shows(cx, "a.len(ˇ)\n");
    assert_eq!(it.labels(cx), Vec::<String>::new());
    editor.set(cx, "aˇ\n");
    editor.settings(
        cx,
        r#"{"editor.suggestOnTriggerCharacters": false, "editor.quickSuggestions": false}"#,
    );
    editor.input(cx, ".").input(cx, "l");
    cx.run_until_parked();
    assert_eq!(it.asked(cx, "completion 2 \".\""), 1);
    editor.press(cx, "ctrl-space");
    it.lists(cx, &[">left", "len"]);
}

#[gpui_kit::test]
fn a_snippet_is_filled_in(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "p").input(cx, "l");
    it.lists(cx, &[">println"]);
    editor.press(cx, "tab");
    editor.shows(cx, "println(«textˇ», more)\n");
    editor.input(cx, "1").press(cx, "tab");
    editor.shows(cx, "println(1, «moreˇ»)\n");
    editor.press(cx, "tab");
    editor.shows(cx, "println(1, more)ˇ\n");
}

#[gpui_kit::test]
fn what_it_changes_elsewhere_comes_with_it_at_every_caret_and_is_undone_with_it(
    cx: &mut TestAppContext,
) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ;\nˇ;\n");
    editor.input(cx, "p").input(cx, "r").input(cx, "u");
    it.lists(cx, &[">prune"]);
    editor.press(cx, "enter");
    editor.shows(cx, "use prune;\npruneˇ;\npruneˇ;\n");
    editor.press(cx, "ctrl-z");
    editor.shows(cx, "pruˇ;\npruˇ;\n");
}

#[gpui_kit::test]
fn what_is_known_of_an_item_is_asked_for_when_it_rests_or_is_taken(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "l");
    it.lists(cx, &[">lazily"]);
    assert!(!it.has(cx, "completion-documentation"));
    cx.executor()
        .advance_clock(std::time::Duration::from_millis(50));
    it.until(cx, "its documentation", |_, _| true);
    editor.press(cx, "tab");
    it.until(cx, "its import", |it, cx| {
        it.editor.view.read(cx).text(cx) == *"use lazily;\nlazily\n"
    });
    editor.shows(cx, "use lazily;\nlazilyˇ\n");

    editor.set(cx, "ˇ\n");
    editor.input(cx, "l");
    it.lists(cx, &[">lazily"]);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !it.has(cx, "completion-documentation") {
        cx.executor()
            .advance_clock(std::time::Duration::from_millis(50));
        cx.run_until_parked();
        assert!(std::time::Instant::now() < end);
    }
}

#[gpui_kit::test]
fn a_list_that_was_incomplete_is_asked_for_again(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "incomplete");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "p");
    it.lists(cx, &[">print", "println"]);
    editor.input(cx, "r").input(cx, "u");
    it.lists(cx, &[">prune"]);
    editor.press(cx, "backspace");
    it.until(cx, "more", |it, cx| {
        it.editor.view.read(cx).completion_labels().len() == 2
    });
    assert!(it.asked(cx, "completion 3 null") > 0);
}

#[gpui_kit::test]
async fn none_comes_by_itself_in_comments(cx: &mut TestAppContext) {
    let it = open(cx, "// a\nx\n");
    it.start(cx);
    let editor = &it.editor;
    editor.parsed(cx).await;
    editor.set(cx, "// a ˇ\nx\n");
    editor.parsed(cx).await;
    editor.input(cx, "p");
    cx.run_until_parked();
    assert_eq!(it.asked(cx, "completion 1 null"), 0);
    editor.press(cx, "ctrl-space");
    it.lists(cx, &[">private", "print", "println", "prune"]);
}

#[gpui_kit::test]
fn a_row_can_be_pressed(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "p");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        window.click(("completion", 1usize), cx);
    });
    editor.shows(cx, "printˇ\n");
}

#[gpui_kit::test]
fn the_list_widens_for_what_is_told_of_a_suggestion_later(cx: &mut TestAppContext) {
    let it = open_served(cx, "x\n", "details");
    it.start(cx);
    it.editor.set(cx, "ˇ\n");
    it.editor.input(cx, "p").input(cx, "r");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    // Of the label and its detail each character takes more than 8 pixels.
    let wanted = gpui_kit::px(300.);
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        cx.executor()
            .advance_clock(std::time::Duration::from_millis(300));
        cx.run_until_parked();
        let width = it.editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find("completions").bounds().size.width
        });
        if width > wanted {
            break;
        }
        assert!(std::time::Instant::now() < end, "{width:?}");
        std::thread::yield_now();
    }
}

#[gpui_kit::test]
fn what_is_told_beside_the_list_stays_in_the_window_as_a_whole(cx: &mut TestAppContext) {
    let editor = common::open(cx, "a.rs", "ˇ\n");
    let body = (0..9).map(|number| format!("\"row {number}\""));
    let body = body.collect::<Vec<_>>().join(",");
    let file = format!(r#"{{"Loop": {{"prefix": "forever", "body": [{body}]}}}}"#);
    let (entries, problems) = settings::parse_snippet_file("rust.json", &file);
    assert_eq!(problems, []);
    cx.update(|cx| ui::SnippetStore::set(entries, cx));
    let listed = |cx: &mut TestAppContext, text: &str| {
        editor.set(cx, text).input(cx, "f").input(cx, "o");
        cx.run_until_parked();
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.render_frame(cx);
            let list = window.find("completions").bounds();
            (list, window.find("completion-documentation").bounds())
        })
    };
    let (list, whole) = listed(cx, "ˇ\n");
    assert_eq!(list.top(), whole.top());
    let bottom = gpui_kit::px(600.);
    let row_height = cx.update(|cx| editor.view.read(cx).text_origin().unwrap().1.height);
    let rows = ((bottom - list.size.height - gpui_kit::px(20.)) / row_height) as usize - 1;
    let (list, beside) = listed(cx, &format!("{}ˇ\n", "\n".repeat(rows)));
    assert!(
        list.bottom() < bottom && list.top() + whole.size.height > bottom,
        "{list:?}"
    );
    assert_eq!(beside.size, whole.size);
    assert!(
        beside.bottom() <= bottom && beside.bottom() >= list.bottom(),
        "{beside:?}"
    );
    assert!(beside.left() >= list.right());
}

#[gpui_kit::test]
fn snippets_of_ones_own_are_offered_without_a_server(cx: &mut TestAppContext) {
    let editor = common::open(cx, "a.rs", "ˇ\n");
    let file = r#"{"Loop": {"prefix": "forever", "body": "loop {\n\t$1\n}"}}"#;
    let (entries, problems) = settings::parse_snippet_file("rust.json", file);
    assert_eq!(problems, []);
    cx.update(|cx| ui::SnippetStore::set(entries, cx));
    editor.input(cx, "f").input(cx, "o");
    cx.run_until_parked();
    let labels = cx.update(|cx| editor.view.read(cx).completion_labels());
    assert_eq!(labels, [">forever"]);
    editor.press(cx, "enter");
    editor.shows(cx, "loop {\n    ˇ\n}\n");
}

/// The labels once an editor without a server rests.
fn listed(editor: &common::Editor, cx: &mut TestAppContext) -> Vec<String> {
    cx.run_until_parked();
    cx.update(|cx| editor.view.read(cx).completion_labels())
}

#[gpui_kit::test]
fn words_of_the_text_are_suggested_without_a_server(cx: &mut TestAppContext) {
    let text = "fn account_balance() {}\nfn account() {}\nfn main() {\n    ˇ\n}\n";
    let editor = common::open(cx, "a.rs", text);
    editor.input(cx, "a").input(cx, "c");
    assert_eq!(listed(&editor, cx), Vec::<String>::new(), "two letters");
    editor.input(cx, "c");
    assert_eq!(listed(&editor, cx), [">account", "account_balance"]);
    editor.press(cx, "down enter");
    editor.shows(cx, &text.replace('ˇ', "account_balanceˇ"));
    editor.press(cx, "enter").input(cx, "acc").input(cx, "ount");
    let both = ["account_balance", ">account"];
    assert_eq!(listed(&editor, cx), both, "it stands there");
    // Nothing is taken from the text: Enter begins a line.
    editor.press(cx, "enter");
    assert_eq!(listed(&editor, cx), Vec::<String>::new());
    editor.shows(
        cx,
        &text.replace('ˇ', "account_balance\n    account\n    ˇ"),
    );
    editor.press(cx, "ctrl-space");
    let all = [">account", "account_balance", "main"];
    assert_eq!(listed(&editor, cx), all, "the nearest first");
    editor.press(cx, "escape");
    editor.input(cx, "mai").input(cx, "n");
    assert_eq!(listed(&editor, cx), Vec::<String>::new(), "nothing else");
    editor.settings(cx, r#"{"editor.wordBasedSuggestions": "off"}"#);
    editor
        .press(cx, "enter")
        .input(cx, "m")
        .input(cx, "a")
        .input(cx, "i");
    assert_eq!(listed(&editor, cx), Vec::<String>::new());
}

#[gpui_kit::test]
fn words_are_suggested_also_where_one_types_faster_than_they_are_found(cx: &mut TestAppContext) {
    let editor = common::open(cx, "a.rs", "fn account() {}\nˇ\n");
    editor.update(cx, |window, cx| {
        for letter in ["a", "c", "c"] {
            window.input(letter, cx);
        }
    });
    assert_eq!(listed(&editor, cx), [">account"]);
}

#[gpui_kit::test]
fn words_come_in_prose_when_asked_for_and_from_other_texts_of_the_language(
    cx: &mut TestAppContext,
) {
    let editor = common::open(cx, "a.md", "remarkable\n\nˇ\n");
    editor.input(cx, "r").input(cx, "e").input(cx, "m");
    assert_eq!(listed(&editor, cx), Vec::<String>::new());
    editor.press(cx, "ctrl-space");
    assert_eq!(listed(&editor, cx), [">remarkable"]);
    editor.press(cx, "escape");
    for (text, language) in [
        ("remote_things\n", "markdown"),
        ("removed_things\n", "rust"),
    ] {
        cx.update(|cx| {
            editor.model.update(cx, |model, cx| {
                model.update(cx, |workspace| {
                    let other = workspace.new_untitled();
                    workspace.replace_text(other, text).unwrap();
                    workspace.set_language(other, syntax::by_name(language).unwrap());
                })
            });
        });
    }
    editor.press(cx, "ctrl-space");
    assert_eq!(listed(&editor, cx), [">remarkable", "remote_things"]);
    editor.press(cx, "escape");
    editor.settings(cx, r#"{"editor.wordBasedSuggestions": "allDocuments"}"#);
    editor.press(cx, "ctrl-space");
    assert_eq!(
        listed(&editor, cx),
        [">remarkable", "remote_things", "removed_things"]
    );
}

#[gpui_kit::test]
fn what_a_suggested_snippet_completes_is_no_selected_text(cx: &mut TestAppContext) {
    let editor = common::open(cx, "a.rs", "ˇ\n");
    let file = r#"{"Try": {"prefix": "tryc", "body": "try(${TM_SELECTED_TEXT:body})$0"}}"#;
    let (entries, problems) = settings::parse_snippet_file("rust.json", file);
    assert_eq!(problems, []);
    cx.update(|cx| ui::SnippetStore::set(entries, cx));
    for key in ["t", "r", "y", "c"] {
        editor.input(cx, key);
    }
    cx.run_until_parked();
    let labels = cx.update(|cx| editor.view.read(cx).completion_labels());
    assert_eq!(labels, [">tryc"]);
    editor.press(cx, "enter");
    editor.shows(cx, "try(body)ˇ\n");
}

#[gpui_kit::test]
fn the_parameters_of_a_call_are_shown_while_it_is_typed(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    let shows = |cx: &mut TestAppContext, text: Option<&str>| {
        it.until(cx, &format!("{text:?}"), |it, cx| {
            it.editor.view.read(cx).signature_text().as_deref() == text
        });
    };
    editor.set(cx, "callˇ;\n");
    editor.input(cx, "(");
    shows(cx, Some("call([a: int], b: int)"));
    assert!(it.has(cx, "parameter-hints"));
    editor.input(cx, "1").input(cx, ",");
    shows(cx, Some("call(a: int, [b: int])"));
    editor.press(cx, "left left");
    shows(cx, Some("call([a: int], b: int)"));
    editor.press(cx, "escape");
    shows(cx, None);
    editor.press(cx, "ctrl-shift-space");
    shows(cx, Some("call([a: int], b: int)"));
    editor.press(cx, "end");
    shows(cx, None);
    editor.settings(cx, r#"{"editor.parameterHints.enabled": false}"#);
    editor.set(cx, "callˇ;\n");
    editor.input(cx, "(");
    cx.run_until_parked();
    shows(cx, None);

    editor.settings(cx, "{}");
    editor.set(cx, "ˇ\n");
    editor.input(cx, "p").input(cx, "l");
    it.lists(cx, &[">println"]);
    editor.press(cx, "enter");
    shows(cx, Some("call([a: int], b: int)"));
}

#[gpui_kit::test]
fn it_comes_in_vims_insert_mode_alone(cx: &mut TestAppContext) {
    let it = open(cx, "x\n");
    it.start(cx);
    let editor = &it.editor;
    editor.settings(cx, r#"{"vim.enabled": true}"#);
    editor.set(cx, "ˇ\n");
    editor.input(cx, "i").input(cx, "p").input(cx, "r");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    editor.input(cx, "i").press(cx, "backspace");
    it.lists(cx, &[">private", "print", "println", "prune"]);
    editor.press(cx, "down enter");
    editor.shows(cx, "printˇ\n");
    editor.press(cx, "escape").input(cx, "x");
    cx.run_until_parked();
    assert_eq!(it.asked(cx, "completion 1 null"), 1);
    assert_eq!(it.labels(cx), Vec::<String>::new());
}
