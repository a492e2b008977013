//! Waiting for an answer that moves the view or opens something over it: it is dropped where the user
//! has gone on to something else meanwhile.

use editor_core::Selections;
use gpui_kit::{AsyncWindowContext, Context, Task, WeakEntity, Window};

use crate::view::EditorView;

/// Where the user was when something was asked that moves the view.
#[derive(Clone, Debug)]
struct Standing {
    version: u64,
    selections: Selections,
}

impl EditorView {
    /// Waits for an answer, no longer for one to an earlier question, and takes it where the text, the
    /// carets and the focus are still where they are now.
    pub(crate) fn when_answered<T: 'static>(
        &mut self,
        answer: Task<T>,
        window: &mut Window,
        cx: &mut Context<Self>,
        take: impl FnOnce(&mut Self, T, &mut Window, &mut Context<Self>) + 'static,
    ) {
        let standing = Standing {
            version: self.version,
            selections: self.selections.clone(),
        };
        self.navigating = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let answer = answer.await;
                // A view that is gone takes nothing.
                this.update_in(cx, |view, window, cx| {
                    if view.still_stands(&standing, window) {
                        take(view, answer, window, cx);
                    }
                })
                .ok();
            },
        ));
    }

    fn still_stands(&self, standing: &Standing, window: &Window) -> bool {
        self.version == standing.version
            && self.selections == standing.selections
            && self.focus.is_focused(window)
    }
}
