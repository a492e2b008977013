//! Waiting for an answer that moves the view or opens something over it: it is dropped where the user
//! has gone on to something else meanwhile.

use gpui_kit::{AsyncWindowContext, Context, Task, WeakEntity, Window};

use crate::view::EditorView;

/// Where the user was when something was asked that moves the view.
#[derive(Clone, Debug)]
struct Standing {
    version: u64,
    /// How often the carets had been put somewhere. Where they are would not tell: who asks with the
    /// pointer may then go to the line that the caret is on already.
    placed: u64,
}

impl EditorView {
    /// Waits for an answer, no longer for one to an earlier question, and takes it where the text is
    /// the same, the focus where it is now, and no caret was put anywhere since.
    pub(crate) fn when_answered<T: 'static>(
        &mut self,
        answer: Task<T>,
        window: &mut Window,
        cx: &mut Context<Self>,
        take: impl FnOnce(&mut Self, T, &mut Window, &mut Context<Self>) + 'static,
    ) {
        let standing = Standing {
            version: self.version,
            placed: self.carets_placed,
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
            && self.carets_placed == standing.placed
            && self.focus.is_focused(window)
    }
}
