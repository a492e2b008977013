//! Commands that make a text read-only for as long as it is open.

use gpui_kit::{Context, InteractiveElement, Window, actions};
use ui::{CommandSpec, Severity};
use workspace::{Buffer, EditError};

use crate::view::EditorView;

actions!(
    editor,
    [
        /// Toggle Active Editor Read-only in Session
        ToggleReadOnly,
        /// Set Active Editor Read-only in Session
        SetReadOnly,
        /// Set Active Editor Writeable in Session
        SetWritable,
        /// Reset Active Editor Read-only in Session
        ResetReadOnly
    ]
);

/// What the palette and the keymap know of these commands.
pub(super) fn table() -> Vec<CommandSpec> {
    vec![
        CommandSpec::new(
            "workbench.action.files.toggleActiveEditorReadonlyInSession",
            "File",
            "Toggle Active Editor Read-only in Session",
            ToggleReadOnly,
        ),
        CommandSpec::new(
            "workbench.action.files.setActiveEditorReadonlyInSession",
            "File",
            "Set Active Editor Read-only in Session",
            SetReadOnly,
        ),
        CommandSpec::new(
            "workbench.action.files.setActiveEditorWriteableInSession",
            "File",
            "Set Active Editor Writeable in Session",
            SetWritable,
        ),
        CommandSpec::new(
            "workbench.action.files.resetActiveEditorReadonlyInSession",
            "File",
            "Reset Active Editor Read-only in Session",
            ResetReadOnly,
        ),
    ]
}

/// Makes an element of the view handle these commands.
pub(super) fn listen<E: InteractiveElement>(element: E, cx: &mut Context<EditorView>) -> E {
    element
        .on_action(
            cx.listener(|view: &mut EditorView, _: &ToggleReadOnly, _, cx| {
                let locked = view.buffer_ref(cx).is_some_and(Buffer::is_locked);
                view.lock(Some(!locked), cx);
            }),
        )
        .on_action(
            cx.listener(|view: &mut EditorView, _: &SetReadOnly, _, cx| {
                view.lock(Some(true), cx);
            }),
        )
        .on_action(
            cx.listener(|view: &mut EditorView, _: &SetWritable, _, cx| {
                view.lock(Some(false), cx);
            }),
        )
        .on_action(
            cx.listener(|view: &mut EditorView, _: &ResetReadOnly, _, cx| {
                view.lock(None, cx);
            }),
        )
}

impl EditorView {
    /// Makes the text read-only for everyone, or writable; `None` leaves it to the settings.
    pub(crate) fn lock(&mut self, locked: Option<bool>, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        self.dismissed = None;
        self.model.update(cx, |model, cx| {
            model.update(cx, |workspace| workspace.set_locked(buffer, locked));
        });
    }

    /// Says why an edit was refused. One of the beginning of a file waits for the rest.
    pub(crate) fn tell_refused(
        &self,
        error: &EditError,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let message = match error {
            EditError::StillBeingRead => return self.await_whole(cx),
            EditError::Locked { .. } => {
                "Cannot edit in a read-only editor. \u{201c}Set Active Editor Writeable in Session\u{201d} makes it writable."
                    .to_string()
            }
            error => error.to_string(),
        };
        ui::notify(Severity::Warning, message, window, cx);
    }
}
