//! The list of the states of undo: what it tells, what it shows in the text, and where it leads.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use common::{Editor, open_with_clock};
use editor_core::Moment;
use gpui_kit::TestAppContext;
use gpui_kit::test::{TestQueryExt as _, TestWindowExt as _};

/// An editor with a clock that goes on by three minutes when it is told to.
struct Timed {
    editor: Editor,
    minutes: Arc<AtomicU64>,
}

impl Deref for Timed {
    type Target = Editor;

    fn deref(&self) -> &Editor {
        &self.editor
    }
}

impl Timed {
    fn open(cx: &mut TestAppContext, marked_text: &str) -> Self {
        let minutes = Arc::new(AtomicU64::new(0));
        let now = minutes.clone();
        let clock = move || {
            let since = Duration::from_secs(60 * now.load(Ordering::Relaxed));
            Moment {
                monotonic: since,
                time: Some(SystemTime::UNIX_EPOCH + since),
            }
        };
        let editor = open_with_clock(cx, "a.txt", marked_text, clock);
        Self { editor, minutes }
    }

    fn later(&self) {
        self.minutes.fetch_add(3, Ordering::Relaxed);
    }
}

/// The rows of the list without how old they are, the newest first; `*` before the selected one.
fn listed(editor: &Editor, cx: &mut TestAppContext) -> Vec<String> {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let rows = window.elements().into_iter().filter_map(|element| {
            let label = element.label()?.to_string();
            let selected = element.selected() == Some(true);
            let told = label
                .strip_suffix(" ago")
                .or(label.strip_suffix("just now"));
            let is_root = label.starts_with("The text as it was opened");
            let row = match told {
                Some(told) => told.rsplit_once(", ")?.0.to_owned(),
                None if is_root => label,
                None => return None,
            };
            Some(format!("{}{row}", if selected { "*" } else { "" }))
        });
        rows.collect()
    })
}

/// The rows of lines that going to the selected state would bring.
fn rows_to_come(editor: &Editor, cx: &mut TestAppContext) -> usize {
    cx.run_until_parked();
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let elements = window.elements().into_iter();
        let blocks = elements.filter(|element| {
            element
                .label()
                .is_some_and(|label| label == "Lines that would come")
        });
        blocks.count()
    })
}

fn text(editor: &Editor, cx: &mut TestAppContext) -> String {
    cx.update(|cx| editor.view.read(cx).text(cx).to_string())
}

/// Two branches: "ONE" typed over "one", taken back, and "three" put in below.
fn forked(cx: &mut TestAppContext) -> Timed {
    let editor = Timed::open(cx, "«oneˇ»\ntwo\n");
    editor.input(cx, "ONE").press(cx, "ctrl-z");
    editor.later();
    editor.press(cx, "ctrl-end").input(cx, "three");
    editor.later();
    editor
}

#[gpui_kit::test]
fn every_state_is_listed_with_what_changed_and_how_long_ago(cx: &mut TestAppContext) {
    let editor = forked(cx);
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(
        listed(&editor, cx),
        [
            "*+1 −1, line 3, three, current",
            "+1 −1, line 1, ONE, on another branch",
            "The text as it was opened, saved",
        ]
    );
    let ages = editor.update(cx, |window, _| {
        let elements = window.elements().into_iter();
        let ages = elements.filter_map(|one| {
            let label = one.label()?.strip_suffix(" min ago")?;
            Some(label.rsplit_once(' ')?.1.to_owned())
        });
        ages.collect::<Vec<_>>()
    });
    assert_eq!(ages, ["3", "6"]);
}

#[gpui_kit::test]
fn the_list_hides_no_text_and_is_as_wide_as_the_view(cx: &mut TestAppContext) {
    let editor = forked(cx);
    let bounds = |editor: &Editor, cx: &mut TestAppContext, id: &'static str| {
        editor.update(cx, |window, cx| {
            window.render_frame(cx);
            window.find(id).bounds()
        })
    };
    let whole = bounds(&editor, cx, "editor");
    for _ in 0..40 {
        editor.later();
        editor.input(cx, "x").press(cx, "enter");
    }
    editor.press(cx, "ctrl-k ctrl-z");
    cx.run_until_parked();
    let (text, list) = (
        bounds(&editor, cx, "editor"),
        bounds(&editor, cx, "undo-history"),
    );
    assert_eq!(text.top(), whole.top());
    assert!(text.bottom() <= list.top(), "{text:?} {list:?}");
    assert_eq!((list.left(), list.right()), (whole.left(), whole.right()));
    assert!(list.bottom() <= whole.bottom());
    assert!(
        text.size.height >= whole.size.height * 0.45,
        "{text:?} of {whole:?}"
    );
    // What a state would change is scrolled to where it is seen.
    editor.press(cx, "end up");
    assert!(rows_to_come(&editor, cx) > 0);
    editor.press(cx, "escape");
    assert_eq!(bounds(&editor, cx, "editor"), whole);
}

#[gpui_kit::test]
fn the_text_shows_what_a_state_would_change_and_escape_leaves_it_as_it_is(cx: &mut TestAppContext) {
    let editor = forked(cx);
    let before = editor.marked(cx);
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(
        rows_to_come(&editor, cx),
        0,
        "the current state changes nothing"
    );
    editor.press(cx, "down");
    assert_eq!(rows_to_come(&editor, cx), 2, "ONE, and an empty last line");
    editor.press(cx, "up");
    assert_eq!(rows_to_come(&editor, cx), 0);
    editor.press(cx, "end escape");
    assert_eq!(rows_to_come(&editor, cx), 0);
    assert_eq!(listed(&editor, cx), Vec::<String>::new());
    editor.shows(cx, &before);
    // The keyboard is the text's again, and the history as it was.
    editor.input(cx, "!").shows(cx, "one\ntwo\nthree!ˇ");
    editor.press(cx, "ctrl-z").shows(cx, "one\ntwo\nthreeˇ");
}

#[gpui_kit::test]
fn enter_goes_to_a_state_of_another_branch_with_its_carets_and_back(cx: &mut TestAppContext) {
    let editor = forked(cx);
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(listed(&editor, cx).len(), 3);
    editor.press(cx, "j enter");
    cx.run_until_parked();
    editor.shows(cx, "ONEˇ\ntwo\n");
    // Undo goes up that branch.
    editor.press(cx, "ctrl-z").shows(cx, "«oneˇ»\ntwo\n");
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(
        listed(&editor, cx),
        [
            "+1 −1, line 3, three",
            "+1 −1, line 1, ONE",
            "*The text as it was opened, current, saved",
        ]
    );
    editor.press(cx, "home enter");
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "one\ntwo\nthree");
}

#[gpui_kit::test]
fn edits_made_meanwhile_join_the_list_and_what_is_selected_stays_so(cx: &mut TestAppContext) {
    let editor = forked(cx);
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(listed(&editor, cx).len(), 3);
    editor.press(cx, "down");
    let (model, buffer) = (editor.model.clone(), editor.buffer);
    cx.update(|cx| {
        model.update(cx, |model, cx| {
            let text = "zero\none\ntwo\nthree";
            model
                .update(cx, |workspace| workspace.replace_text(buffer, text))
                .unwrap();
        });
    });
    assert_eq!(
        listed(&editor, cx),
        [
            "+1 −0, line 1, zero, current",
            "+1 −1, line 3, three",
            "*+1 −1, line 1, ONE, on another branch",
            "The text as it was opened, saved",
        ]
    );
    editor.press(cx, "enter");
    cx.run_until_parked();
    assert_eq!(text(&editor, cx), "ONE\ntwo\n");
}

#[gpui_kit::test]
fn another_prompt_takes_the_place_of_the_list(cx: &mut TestAppContext) {
    let editor = forked(cx);
    editor.press(cx, "ctrl-k ctrl-z");
    assert_eq!(listed(&editor, cx).len(), 3);
    editor.press(cx, "end up");
    assert!(rows_to_come(&editor, cx) > 0);
    let view = editor.view.clone();
    editor.update(cx, |window, cx| {
        let focus = gpui_kit::Focusable::focus_handle(&view, cx);
        window.focus(&focus, cx);
    });
    editor.press(cx, "ctrl-f");
    assert_eq!(listed(&editor, cx), Vec::<String>::new());
    assert_eq!(rows_to_come(&editor, cx), 0);
}
