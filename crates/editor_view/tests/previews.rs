//! The beginning of a file that takes a while to read.
#![allow(missing_docs, clippy::expect_used, clippy::unwrap_used)]

mod common;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use common::ROOT;
use editor_view::EditorView;
use fs::FakeFs;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    AnyView, AppContext as _, ClipboardItem, Context, IntoElement, ParentElement as _, Render,
    Styled as _, TestAppContext, Window, WindowOptions, div,
};
use ui::{Item as _, ItemEvent, OpenTarget, WorkspaceModel};
use workspace::Workspace;

/// A window that shows one view after the other.
struct Stage(Option<AnyView>);

impl Render for Stage {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        div().size_full().children(self.0.clone())
    }
}

/// Keys that edit.
const EDITING_KEYS: [&str; 8] = [
    "enter",
    "backspace",
    "delete",
    "ctrl-v",
    "ctrl-x",
    "ctrl-/",
    "alt-down",
    "ctrl-]",
];

#[gpui_kit::test]
async fn it_is_looked_at_and_the_whole_goes_on_from_there(cx: &mut TestAppContext) {
    cx.update(common::init);
    let path = Path::new(ROOT).join("large.rs");
    let line = "let name = \"\u{65e5}\u{672c}\u{8a9e}\"; // of a large file\r\n";
    let lines = fs::STREAMED_BYTES as usize / line.len() + 2;
    let fs = Arc::new(FakeFs::new());
    fs.insert(&path, line.repeat(lines).as_bytes());
    let workspace = Workspace::new(PathBuf::from(ROOT), fs.clone());
    let model = cx.update(|cx| cx.new(|cx| WorkspaceModel::new(workspace, cx)));
    let (window, stage) = cx
        .update(|cx| {
            gpui_kit::open_window(WindowOptions::default(), cx, |_, cx| {
                cx.new(|_| Stage(None))
            })
        })
        .unwrap();
    let target = OpenTarget::new(&path);
    let (preview, whole) = cx
        .update_window(window, |_, window, cx| {
            (
                editor_view::preview(target.clone(), model.clone(), window, cx),
                editor_view::open(target, model.clone(), window, cx),
            )
        })
        .unwrap();
    let preview = preview.await.unwrap();
    let view = preview.item.view().downcast::<EditorView>().unwrap();
    let beyond = Rc::new(RefCell::new(Vec::new()));
    let told = beyond.clone();
    let _hearing = cx.update(|cx| {
        cx.subscribe(&view, move |_, event, _| {
            if matches!(event, ItemEvent::Beyond { .. } | ItemEvent::EditAwaited(_)) {
                told.borrow_mut().push(*event);
            }
        })
    });
    let state = cx
        .update_window(window, |_, window, cx| {
            stage.update(cx, |stage, _| stage.0 = Some(preview.item.view()));
            window.render_frame(cx);
            let focus = preview.item.focus_handle(cx);
            window.focus(&focus, cx);
            window.render_frame(cx);
            let shown = view.read(cx).text(cx);
            assert!(shown.len() > 100_000 && shown.len() < lines * line.len() / 4);
            assert_eq!(shown.line_count(), preview.lines);
            assert_eq!(preview.end, shown.line_start(preview.lines - 1));
            window.press("ctrl-end", cx);
            let caret = view.read(cx).selections().primary().head;
            assert!(caret >= preview.end, "it is told apart from what is there");
            window.press("ctrl-home", cx);
            assert!(window.try_find("editor-banner").is_none());

            // As wide a gutter as the whole will have, so that nothing moves when it comes.
            let left = view.read(cx).text_origin().unwrap().0.x;
            view.update(cx, |view, cx| view.reveal(2000, 5, window, cx));
            window.render_frame(cx);
            // Nothing is typed into it, nor pasted.
            window.input("x", cx);
            cx.write_to_clipboard(ClipboardItem::new_string("pasted".into()));
            for keys in EDITING_KEYS {
                window.press(keys, cx);
            }
            window.render_frame(cx);
            assert_eq!(view.read(cx).text(cx).to_string(), shown.to_string());
            assert!(!view.read(cx).is_dirty(cx));
            let rows = view.read(cx).shown_rows();
            assert!(
                rows.iter().any(|row| row.starts_with("2000let name")),
                "{rows:?}"
            );
            (preview.item.view_state(cx).unwrap(), left, rows)
        })
        .unwrap();
    // A line that is not there yet is asked for.
    for keys in ["ctrl-g", "99999:3", "enter"] {
        cx.update_window(window, |_, window, cx| {
            match keys.starts_with('9') {
                true => window.input(keys, cx),
                false => window.press(keys, cx),
            }
            window.render_frame(cx);
        })
        .unwrap();
    }
    // Each edit is told of by its command; text that is typed goes to what is around the view.
    let edits = [
        None,
        Some("editor.newline"),
        Some("editor.deleteLeft"),
        Some("editor.deleteRight"),
        Some("editor.paste"),
        Some("editor.cut"),
        Some("editor.toggleComment"),
        Some("editor.moveLinesDown"),
        Some("editor.indent"),
    ];
    let edits = edits.map(ItemEvent::EditAwaited);
    let asked = ItemEvent::Beyond {
        line: 99_999,
        column: 3,
    };
    let (last, before) = beyond
        .borrow()
        .split_last()
        .map(|(l, b)| (*l, b.to_vec()))
        .unwrap();
    assert_eq!(before, edits);
    assert_eq!(last, asked);
    let (state, left, rows) = state;
    let whole = whole.await.unwrap();
    cx.update_window(window, |_, window, cx| {
        stage.update(cx, |stage, _| stage.0 = Some(whole.view()));
        whole.restore_view(&state, window, cx);
        window.render_frame(cx);
        let view = whole.view().downcast::<EditorView>().unwrap();
        let view = view.read(cx);
        assert_eq!(view.text(cx).line_count(), lines + 1);
        assert_eq!(view.shown_rows(), rows, "the same rows at the same place");
        assert_eq!(view.text_origin().unwrap().0.x, left);
        let position = view.status(cx).position.unwrap();
        assert_eq!(position.as_ref(), "Ln 2000, Col 5");
    })
    .unwrap();
}

#[gpui_kit::test]
async fn a_small_file_has_none(cx: &mut TestAppContext) {
    let editor = common::open(cx, "a.txt", "ˇtext");
    let target = OpenTarget::new(&editor.path);
    let preview = editor.update(cx, |window, cx| {
        editor_view::preview(target, editor.model.clone(), window, cx)
    });
    assert!(preview.await.is_none());
}
