//! Laying the text out as the language server does it, when asked and before saving.

use std::time::Duration;

use editor_core::Transaction;
use futures::future::{Either, select};
use gpui_kit::{
    AsyncApp, AsyncWindowContext, Context, InteractiveElement, Task, WeakEntity, Window, actions,
};
use ui::{ActiveSettings as _, CommandSpec, Severity};
use workspace::Buffer;

use crate::commands::Run;
use crate::view::EditorView;

/// How long a save waits for the text to be laid out.
const LONGEST: Duration = Duration::from_secs(3);

crate::commands::commands! {
    FormatDocument "editor.action.formatDocument" "Format Document" => |v, window, cx| v.format(false, window, cx);
    FormatSelection "editor.action.formatSelection" "Format Selection" => |v, window, cx| v.format(true, window, cx);
}

impl EditorView {
    fn format(&mut self, selection: bool, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, indent) = (self.buffer, self.indent);
        if !self.model.read(cx).can_format(buffer, selection) {
            let message = match selection {
                true => "No language server formats a part of this file.",
                false => "No language server formats this file.",
            };
            return ui::notify(Severity::Info, message, window, cx);
        }
        let range = selection.then(|| self.selections.primary().range());
        let formatting = self.model.update(cx, |model, cx| {
            model.format_buffer(buffer, range, &indent, cx)
        });
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(why) = formatting.await else { return };
                // The window may be closed meanwhile.
                cx.update(|window, cx| {
                    ui::notify(
                        Severity::Warning,
                        format!("Not formatted: {why}."),
                        window,
                        cx,
                    );
                })
                .ok();
            },
        )
        .detach();
    }

    /// Has what was typed at the caret laid out, where that is wanted and there is one caret alone. It
    /// is not where something else is typed before the answer.
    pub(crate) fn format_typed(&mut self, typed: &str, cx: &mut Context<Self>) {
        if !cx.kiln_settings().files.format_on_type || self.selections.as_slice().len() > 1 {
            return;
        }
        let (buffer, indent, version) = (self.buffer, self.indent, self.version);
        let caret = self.selections.primary().head;
        let asked = self.model.update(cx, |model, cx| {
            model.server_format_typed(buffer, caret, typed, &indent, cx)
        });
        let Some(asked) = asked else { return };
        let text = self.text(cx);
        self.served.laying_out = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                // What fails leaves what was typed as it is.
                let Ok(Some((of, edits))) = asked.await else {
                    return;
                };
                let Ok(change) = lsp::change_of(&text, edits) else {
                    return;
                };
                this.update(cx, |view, cx| {
                    if of != version || view.version != version || change.is_empty() {
                        return;
                    }
                    let edit = Transaction::from_changes(change, &view.selections);
                    let carets = edit.selections_after.clone();
                    let made = view
                        .model
                        .update(cx, |model, cx| model.edit(buffer, edit, cx));
                    match made {
                        Ok(()) => view.edited(carets, cx),
                        Err(error) => tracing::debug!("what was typed is not laid out: {error}"),
                    }
                })
                .ok();
            },
        ));
    }

    /// The work of laying the text out before it is saved, where that is wanted.
    pub(crate) fn format_before_save(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Task<()>> {
        let (buffer, indent) = (self.buffer, self.indent);
        let wanted = cx.kiln_settings().files.format_on_save
            && self.buffer_ref(cx).is_some_and(Buffer::is_dirty)
            && self.model.read(cx).can_format(buffer, false);
        if !wanted {
            return None;
        }
        let formatting = self.model.update(cx, |model, cx| {
            model.format_buffer(buffer, None, &indent, cx)
        });
        Some(cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let late = cx.background_executor().timer(LONGEST);
                let why = match select(formatting, late).await {
                    Either::Left((Ok(()), _)) => return,
                    Either::Left((Err(why), _)) => why,
                    Either::Right(_) => "the language server took too long".to_owned(),
                };
                // The window may be closed meanwhile.
                cx.update(|window, cx| {
                    let message = format!("Saved without formatting: {why}.");
                    ui::notify(Severity::Warning, message, window, cx);
                })
                .ok();
            },
        ))
    }
}
