//! Waiting for an answer that moves the view or opens something over it: it is dropped where the user
//! has gone on to something else meanwhile.

use std::time::Duration;

use gpui_kit::{AsyncApp, AsyncWindowContext, Context, SharedString, Task, WeakEntity, Window};
use ui::ItemEvent;

use crate::view::EditorView;

/// What is waited for longer is told in the status bar.
const TOLD_AFTER: Duration = Duration::from_secs(1);

/// What a view waits for before it goes somewhere else.
#[derive(Default)]
pub(crate) struct Navigating {
    pub(crate) task: Option<Task<()>>,
    /// What language servers were asked for and have not said for a while.
    awaited: Option<SharedString>,
    telling: Option<Task<()>>,
}

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
        self.nothing_awaited(cx);
        self.navigating.task = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let answer = answer.await;
                // A view that is gone takes nothing.
                this.update_in(cx, |view, window, cx| {
                    view.nothing_awaited(cx);
                    if view.still_stands(&standing, window) {
                        take(view, answer, window, cx);
                    }
                })
                .ok();
            },
        ));
    }

    /// The same of what language servers were asked for, as in "the definition", which the status bar
    /// tells where that lasts.
    pub(crate) fn when_server_answers<T: 'static>(
        &mut self,
        (what, answer): (impl Into<SharedString>, Task<T>),
        window: &mut Window,
        cx: &mut Context<Self>,
        take: impl FnOnce(&mut Self, T, &mut Window, &mut Context<Self>) + 'static,
    ) {
        self.when_answered(answer, window, cx, take);
        self.tell_awaited(what, cx);
    }

    /// Tells what language servers were asked for once that lasts, until [`Self::nothing_awaited`].
    pub(crate) fn tell_awaited(&mut self, what: impl Into<SharedString>, cx: &mut Context<Self>) {
        let what = what.into();
        self.navigating.telling = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                cx.background_executor().timer(TOLD_AFTER).await;
                // A view that is gone tells nothing.
                this.update(cx, |view, cx| {
                    view.navigating.awaited = Some(what);
                    cx.emit(ItemEvent::StatusChanged);
                })
                .ok();
            },
        ));
    }

    /// What was asked for is there, or is not waited for any more.
    pub(crate) fn nothing_awaited(&mut self, cx: &mut Context<Self>) {
        self.navigating.telling = None;
        if self.navigating.awaited.take().is_some() {
            cx.emit(ItemEvent::StatusChanged);
        }
    }

    /// What language servers were asked for and have not said for a while.
    pub(crate) fn awaited(&self) -> Option<&SharedString> {
        self.navigating.awaited.as_ref()
    }

    fn still_stands(&self, standing: &Standing, window: &Window) -> bool {
        self.version == standing.version
            && self.carets_placed == standing.placed
            && self.focus.is_focused(window)
    }
}
