//! Texts that are no files: shown in an editor of their own, beside what they take the place of.

use super::Workbench;
use editor_core::Text;
use gpui_kit::prelude::*;
use gpui_kit::{AsyncWindowContext, Context, Window};
use ui::{Severity, TextToRead, notify};

impl Workbench {
    /// Makes the window the one that `ui::read_text` reaches.
    pub(super) fn take_texts(&self, window: &Window, cx: &mut Context<Self>) {
        let this = cx.weak_entity();
        ui::set_read_text_handler(
            window,
            cx,
            move |TextToRead { text, before }, window, cx| {
                // The window may be closing.
                this.update(cx, |this, cx| this.show_text(text, before, window, cx))
                    .ok();
            },
        );
    }

    /// Shows a text in an editor of its own and, where there is one, how it differs from the text
    /// `before`.
    pub(super) fn show_text(
        &mut self,
        text: Text,
        before: Option<Text>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (host, model) = (self.host.clone(), self.model.clone());
        let id = model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.new_untitled())
        });
        let shown = host.show_buffer(id, model, window, cx);
        let view = shown.as_ref().map(|item| item.boxed_clone());
        if let Some(item) = shown {
            self.show_item(item, window, cx);
        }
        let taken = self.take_text(id, text, cx);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let taken = taken.await;
            this.update_in(cx, |_, window, cx| match (taken, view, before) {
                (Ok(()), Some(view), Some(before)) => {
                    view.compare_with(&before, window, cx);
                }
                (Ok(()), ..) => {}
                (Err(error), ..) => notify(Severity::Error, error.to_string(), window, cx),
            })
        })
        .detach_and_log_err(cx);
    }
}
