//! The word at the caret, and what is selected, are marked where they stand elsewhere.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::ops::Range;
use std::time::Duration;

use common::{Editor, open};
use editor_core::{ChangeSet, Edit, Transaction};
use editor_view::{
    DocumentHighlight, DocumentHighlightKind, DocumentHighlightProvider, TextPlace,
    register_document_highlight_provider,
};
use gpui_kit::{App, Task, TestAppContext};
use ui::Commands;

const TEXT: &str = "let width = 2;\nfn area(width: u8) { width * widths }\n";

fn marked(editor: &Editor, cx: &mut TestAppContext) -> Vec<Range<usize>> {
    editor.frame(cx);
    cx.update(|cx| editor.view.read(cx).occurrences())
}

/// Lets so many milliseconds pass.
fn pass(cx: &mut TestAppContext, milliseconds: u64) {
    cx.run_until_parked();
    cx.executor()
        .advance_clock(Duration::from_millis(milliseconds));
    cx.run_until_parked();
}

fn words(text: &str, word: &str) -> Vec<Range<usize>> {
    let found = text.match_indices(word);
    found.map(|(at, _)| at..at + word.len()).collect()
}

#[gpui_kit::test]
fn the_word_at_the_caret_is_marked_once_the_caret_rests(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &format!("ˇ\n{TEXT}"));
    let text = format!("\n{TEXT}");
    let width = &words(&text, "width")[..3];
    editor.press(cx, "down right right right right right");
    pass(cx, 200);
    assert!(marked(&editor, cx).is_empty(), "the caret has not rested");
    pass(cx, 100);
    assert_eq!(marked(&editor, cx), width, "whole words alone");

    editor.press(cx, "right");
    assert_eq!(marked(&editor, cx), width, "in the same word they stay");
    editor.press(cx, "end left left");
    assert!(marked(&editor, cx).is_empty(), "the caret left the word");
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), words(&text, "2"));
    editor.input(cx, "x");
    pass(cx, 300);
    assert!(marked(&editor, cx).is_empty(), "typing marks nothing");
}

#[gpui_kit::test]
fn a_local_variable_is_marked_in_its_scope_alone(cx: &mut TestAppContext) {
    let source = "fn a(n: u8) { n }\nfn b() { let n = n(); }\nstatic n: u8 = 1;\n";
    let all = words(source, "n:");
    let editor = open(cx, "a.rs", &source.replacen("n: u8", "nˇ: u8", 1));
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [5..6, 14..15], "the parameter");
    editor.press(cx, "down down");
    editor.press(cx, "home ctrl-right ctrl-right");
    pass(cx, 300);
    let of_file = all[1].start..all[1].start + 1;
    assert_eq!(
        marked(&editor, cx),
        [of_file],
        "what is no local of a function"
    );
}

#[gpui_kit::test]
fn what_is_selected_is_marked_also_within_words(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &TEXT.replacen("width", "«widthˇ»", 1));
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), words(TEXT, "width"));
    editor.settings(cx, r#"{"editor.selectionHighlight": false}"#);
    pass(cx, 300);
    assert!(marked(&editor, cx).is_empty());
}

#[gpui_kit::test]
fn settings_turn_it_off_and_say_how_long_to_wait(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", &TEXT.replacen("width", "wiˇdth", 1));
    editor.settings(cx, r#"{"editor.occurrencesHighlight": "off"}"#);
    pass(cx, 3000);
    assert!(marked(&editor, cx).is_empty());
    assert!(editor.update(cx, |window, cx| {
        Commands::run("editor.action.wordHighlight.trigger", window, cx)
    }));
    cx.run_until_parked();
    assert_eq!(marked(&editor, cx).len(), 3, "the command shows them");
    editor.settings(cx, r#"{"editor.occurrencesHighlightDelay": 1500}"#);
    editor.press(cx, "home");
    pass(cx, 1400);
    assert!(marked(&editor, cx).is_empty());
    pass(cx, 200);
    assert_eq!(marked(&editor, cx), words(TEXT, "let"));
}

#[gpui_kit::test]
fn keys_go_from_place_to_place_around_the_ends(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "fooˇ bar foo\nfoo");
    let shows = |cx: &mut TestAppContext, expected: &str| {
        cx.run_until_parked();
        editor.shows(cx, expected);
    };
    editor.press(cx, "f7");
    shows(cx, "foo bar ˇfoo\nfoo");
    editor.press(cx, "f7");
    shows(cx, "foo bar foo\nˇfoo");
    editor.press(cx, "f7");
    shows(cx, "ˇfoo bar foo\nfoo");
    editor.press(cx, "shift-f7");
    shows(cx, "foo bar foo\nˇfoo");
    editor.press(cx, "shift-f7");
    shows(cx, "foo bar ˇfoo\nfoo");
}

#[gpui_kit::test]
fn an_edit_from_elsewhere_takes_the_marks_along(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foo foˇo foo");
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [0..3, 4..7, 8..11]);
    let edits = vec![Edit::new(0..0, "a "), Edit::new(9..9, "x")];
    edit_elsewhere(&editor, edits, cx);
    assert_eq!(marked(&editor, cx), [2..5, 6..9], "one is no foo any more");
}

/// Another view edits the text.
fn edit_elsewhere(editor: &Editor, edits: Vec<Edit>, cx: &mut TestAppContext) {
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            let len = model.workspace().buffer(buffer).unwrap().text().len();
            let changes = ChangeSet::from_edits(len, edits).unwrap();
            let carets = editor.view.read(cx).selections().clone();
            let edit = Transaction::from_changes(changes, &carets);
            model.edit(buffer, edit, cx).unwrap();
        });
    });
    cx.run_until_parked();
}

#[gpui_kit::test]
fn marks_go_with_what_was_selected_and_come_where_it_is_put_in(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "«fooˇ» bar foo");
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [0..3, 8..11]);
    edit_elsewhere(&editor, vec![Edit::new(11..11, " foo")], cx);
    assert_eq!(marked(&editor, cx), [0..3, 8..11]);
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [0..3, 8..11, 12..15]);
    // It is another text now.
    edit_elsewhere(&editor, vec![Edit::new(1..2, "")], cx);
    assert!(marked(&editor, cx).is_empty());
    edit_elsewhere(&editor, vec![Edit::new(0..2, "")], cx);
    pass(cx, 300);
    assert!(marked(&editor, cx).is_empty(), "nothing is selected");
}

struct Known;

impl DocumentHighlightProvider for Known {
    fn document_highlights(
        &self,
        place: TextPlace,
        _: &mut App,
    ) -> Task<Option<Vec<DocumentHighlight>>> {
        // It knows the second word alone.
        Task::ready((place.offset == 4).then(|| {
            let at = |range, kind| DocumentHighlight { range, kind };
            vec![
                at(8..900, DocumentHighlightKind::Read),
                at(4..7, DocumentHighlightKind::Write),
            ]
        }))
    }
}

#[gpui_kit::test]
fn who_knows_more_than_the_text_goes_first(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foo foˇo foo bar");
    cx.update(|cx| register_document_highlight_provider(Known, cx));
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [4..7, 8..15]);
    editor.press(cx, "home");
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [0..3, 4..7, 8..11]);
}

#[gpui_kit::test]
fn a_line_of_megabytes_is_marked_around_the_caret(cx: &mut TestAppContext) {
    let line = "ab cd ".repeat(300_000);
    let editor = open(cx, "a.txt", &format!("ˇ{line}"));
    editor.press(cx, "right");
    pass(cx, 300);
    let found = marked(&editor, cx);
    assert_eq!(found.first(), Some(&(0..2)));
    assert!(found.len() <= 20_000, "{}", found.len());
}

/// Answers when it is told to.
struct Slow(async_channel::Receiver<Vec<DocumentHighlight>>);

impl DocumentHighlightProvider for Slow {
    fn document_highlights(
        &self,
        _: TextPlace,
        cx: &mut App,
    ) -> Task<Option<Vec<DocumentHighlight>>> {
        let told = self.0.clone();
        cx.background_executor()
            .spawn(async move { told.recv().await.ok() })
    }
}

#[gpui_kit::test]
fn an_answer_that_comes_late_takes_the_place_of_what_was_searched_for(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "foo foˇo foo bar");
    let (tell, told) = async_channel::unbounded();
    cx.update(|cx| register_document_highlight_provider(Slow(told), cx));
    let answer = |range| DocumentHighlight {
        range,
        kind: DocumentHighlightKind::Read,
    };
    pass(cx, 260);
    assert!(marked(&editor, cx).is_empty(), "it is waited for");
    pass(cx, 300);
    assert_eq!(marked(&editor, cx), [0..3, 4..7, 8..11]);
    editor.press(cx, "left");
    tell.try_send(vec![answer(4..7), answer(12..15)]).unwrap();
    pass(cx, 0);
    assert_eq!(marked(&editor, cx), [4..7, 12..15]);

    editor.press(cx, "end");
    pass(cx, 600);
    editor.input(cx, "x");
    tell.try_send(vec![answer(0..3)]).unwrap();
    pass(cx, 0);
    assert!(marked(&editor, cx).is_empty(), "it is of another text");
}

#[gpui_kit::test]
fn the_commands_take_what_is_marked(cx: &mut TestAppContext) {
    let editor = open(cx, "a.txt", "fˇoo Foo foobar foo");
    editor.press(cx, "ctrl-d");
    pass(cx, 300);
    let whole = [0..3, 15..18];
    assert_eq!(marked(&editor, cx), whole, "from a caret it is the word");
    editor.press(cx, "ctrl-d ctrl-d");
    editor.shows(cx, "«fooˇ» Foo foobar «fooˇ»");

    editor.press(cx, "ctrl-home shift-right shift-right shift-right");
    pass(cx, 300);
    let anywhere = [0..3, 4..7, 8..11, 15..18];
    assert_eq!(marked(&editor, cx), anywhere, "selected by hand");
    editor.press(cx, "ctrl-d ctrl-d");
    editor.shows(cx, "«fooˇ» «Fooˇ» «fooˇ»bar foo");
    editor.press(
        cx,
        "ctrl-home shift-right shift-right shift-right ctrl-shift-l",
    );
    editor.shows(cx, "«fooˇ» «Fooˇ» «fooˇ»bar «fooˇ»");
}
