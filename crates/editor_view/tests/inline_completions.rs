//! How the text may go on, as a language server has it. The server is the fake one of `lsp`.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]
#![cfg(unix)]

mod common;

use std::time::{Duration, Instant};

use common::served::{Session, open_served};
use gpui_kit::TestAppContext;

impl Session {
    /// Waits until this is offered behind the caret.
    #[track_caller]
    fn offers(&self, cx: &mut TestAppContext, offered: Option<&str>) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            cx.run_until_parked();
            cx.executor().advance_clock(Duration::from_millis(100));
            cx.run_until_parked();
            let now = self.offered(cx);
            if now.as_deref() == offered {
                return;
            }
            assert!(
                Instant::now() < end,
                "waited for {offered:?}, {now:?} is there"
            );
            std::thread::yield_now();
        }
    }

    fn offered(&self, cx: &mut TestAppContext) -> Option<String> {
        cx.update(|cx| {
            self.editor
                .view
                .read(cx)
                .inline_suggestion()
                .map(String::from)
        })
    }

    fn rows(&self, cx: &mut TestAppContext) -> Vec<String> {
        self.editor.frame(cx);
        cx.update(|cx| self.editor.view.read(cx).shown_rows())
    }
}

fn open(cx: &mut TestAppContext) -> Session {
    let it = open_served(cx, "x\n", "inline");
    it.start(cx);
    // The list of completions would hide it.
    it.editor
        .settings(cx, r#"{"editor.quickSuggestions": false}"#);
    it
}

#[gpui_kit::test]
fn what_may_come_next_is_shown_and_taken(cx: &mut TestAppContext) {
    let it = open(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\nlast\n");
    editor.input(cx, "wa");
    it.offers(cx, Some("ing(1);\n    rest"));
    assert_eq!(it.rows(cx)[0], "1 waing(1);", "behind the caret");
    assert!(it.has(cx, "inline-suggestion"), "the other line is below");
    editor.shows(cx, "waˇ\nlast\n");

    // Typing it goes on with it, and deleting goes back.
    editor.input(cx, "i");
    assert_eq!(it.offered(cx).as_deref(), Some("ng(1);\n    rest"));
    editor.press(cx, "backspace");
    assert_eq!(it.offered(cx).as_deref(), Some("ing(1);\n    rest"));

    editor.press(cx, "tab");
    editor.shows(cx, "waing(1);\n    restˇ\nlast\n");
    assert_eq!(it.offered(cx), None);
    editor.press(cx, "ctrl-z");
    editor.shows(cx, "waˇ\nlast\n");
}

#[gpui_kit::test]
fn it_is_taken_word_by_word_changed_and_hidden(cx: &mut TestAppContext) {
    let it = open(cx);
    let editor = &it.editor;
    editor.set(cx, "ˇ\n");
    editor.input(cx, "wa");
    it.offers(cx, Some("ing(1);\n    rest"));
    editor.press(cx, "alt-]");
    assert_eq!(it.offered(cx).as_deref(), Some("ed"));
    editor.press(cx, "alt-[");
    editor.press(cx, "ctrl-right");
    editor.shows(cx, "waingˇ\n");
    assert_eq!(it.offered(cx).as_deref(), Some("(1);\n    rest"));
    editor.press(cx, "escape");
    assert_eq!(it.offered(cx), None);
    assert_eq!(it.rows(cx)[0], "1 waing");

    // Asked for again, it is gone with a movement of the caret, and with another letter.
    editor.press(cx, "alt-\\");
    it.offers(cx, Some("ing(1);\n    rest"));
    editor.press(cx, "left");
    assert_eq!(it.offered(cx), None);
    editor.press(cx, "right alt-\\");
    it.offers(cx, Some("ing(1);\n    rest"));
    editor.input(cx, "x");
    assert_eq!(it.offered(cx), None);
}

#[gpui_kit::test]
fn it_comes_when_asked_alone_where_that_is_set(cx: &mut TestAppContext) {
    let it = open(cx);
    let editor = &it.editor;
    editor.settings(
        cx,
        r#"{"editor.quickSuggestions": false, "editor.inlineSuggest.enabled": false}"#,
    );
    editor.set(cx, "ˇ\n");
    editor.input(cx, "pr");
    it.offers(cx, None);
    editor.press(cx, "alt-\\");
    it.offers(cx, Some("ing(1);\n    rest"));
    // While completions are listed it is out of the way.
    editor.press(cx, "ctrl-space");
    it.until(cx, "the list", |it, cx| {
        !it.editor.view.read(cx).completion_labels().is_empty()
    });
    assert_eq!(it.offered(cx), None);
    editor.press(cx, "escape");
    assert_eq!(it.offered(cx).as_deref(), Some("ing(1);\n    rest"));
}
