//! Two editors in one window.

use std::path::Path;

use editor_view::EditorView;
use gpui_kit::test::TestWindowExt as _;
use gpui_kit::{
    AppContext as _, Context, Entity, IntoElement, ParentElement as _, Render, Styled as _,
    TestAppContext, Window, WindowOptions, div,
};
use workspace::BufferId;

use super::{Editor, ROOT};

/// Two views beside each other.
struct Beside([Entity<EditorView>; 2]);

impl Render for Beside {
    fn render(&mut self, _: &mut Window, _: &mut Context<Self>) -> impl IntoElement {
        let views = self.0.iter();
        div()
            .flex()
            .size_full()
            .children(views.map(|view| div().h_full().flex_1().min_w_0().child(view.clone())))
    }
}

/// A second view in a window of both: of the same buffer, or of another file.
pub fn beside(
    editor: Editor,
    cx: &mut TestAppContext,
    other: Option<(&str, &str)>,
) -> (Editor, Entity<EditorView>) {
    let other: Option<BufferId> = other.map(|(name, text)| {
        let path = Path::new(ROOT).join(name);
        editor.fs.insert(&path, text.as_bytes());
        if name == "locked.txt" {
            editor.fs.set_read_only(&path, true);
        }
        cx.update(|cx| {
            editor.model.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.open_blocking(&path).unwrap())
            })
        })
    });
    let (buffer, model) = (editor.buffer, editor.model.clone());
    let mut views = None;
    let options = WindowOptions::default();
    let (window, _) = cx
        .update(|cx| {
            gpui_kit::open_window(options, cx, |window, cx| {
                let both = [buffer, other.unwrap_or(buffer)]
                    .map(|buffer| cx.new(|cx| EditorView::new(buffer, model.clone(), window, cx)));
                views = Some(both.clone());
                cx.new(|_| Beside(both))
            })
        })
        .unwrap();
    let [left, right] = views.unwrap();
    let editor = Editor {
        window,
        view: left,
        ..editor
    };
    editor.update(cx, |window, cx| {
        window.render_frame(cx);
        let focus = gpui_kit::Focusable::focus_handle(&editor.view, cx);
        window.focus(&focus, cx);
        window.render_frame(cx);
    });
    (editor, right)
}
