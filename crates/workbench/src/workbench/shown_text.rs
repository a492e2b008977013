//! Texts that are no files: shown in an editor of their own, beside what they take the place of.

use super::Workbench;
use gpui_kit::prelude::*;
use gpui_kit::{AsyncWindowContext, Context, Task, Window};
use ui::{Severity, TextToRead, notify};

impl Workbench {
    /// Makes the window the one that `ui::read_text` reaches.
    pub(super) fn take_texts(&self, window: &Window, cx: &mut Context<Self>) {
        let this = cx.weak_entity();
        ui::set_read_text_handler(window, cx, move |text, window, cx| {
            // The window may be closing.
            this.update(cx, |this, cx| this.show_text(text, window, cx))
                .ok();
        });
    }

    /// Shows a text in an editor of its own, where none can edit it, and, where there is one, how it
    /// differs from the text before.
    pub(super) fn show_text(
        &mut self,
        shown: TextToRead,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let TextToRead {
            of,
            name,
            text,
            before,
            at_end,
        } = shown;
        let (host, model) = (self.host.clone(), self.model.clone());
        let known = model.read(cx).workspace().shown_for(&of, &name);
        let (id, taken) = match known {
            Some(id) => (id, self.take_text(id, text, cx)),
            None => {
                let id = model.update(cx, |model, cx| {
                    model.update(cx, |workspace| workspace.add_shown(&of, &name, text))
                });
                (id, Task::ready(Ok(())))
            }
        };
        let shown = self.area.update(cx, |area, cx| {
            area.show_again(id, window, cx).or_else(|| {
                let item = host.show_buffer(id, model, window, cx)?;
                area.show(item.boxed_clone(), window, cx);
                Some(item)
            })
        });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let taken = taken.await;
            this.update_in(cx, |_, window, cx| match (taken, shown, before) {
                (Ok(()), Some(item), Some(before)) => {
                    item.compare_with(&before, "the file as it is".into(), window, cx);
                }
                (Ok(()), Some(item), None) if at_end => item.reveal(u32::MAX, 0, window, cx),
                (Ok(()), ..) => {}
                (Err(error), ..) => notify(Severity::Error, error.to_string(), window, cx),
            })
        })
        .detach_and_log_err(cx);
    }
}
