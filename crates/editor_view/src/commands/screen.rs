//! Commands that change how the text is shown.

use gpui_kit::{Context, InteractiveElement, actions};
use ui::CommandSpec;

use crate::view::EditorView;

actions!(
    editor,
    [
        /// Toggle Word Wrap
        ToggleWordWrap
    ]
);

/// What the palette and the keymap know of these commands.
pub(super) fn table() -> Vec<CommandSpec> {
    vec![CommandSpec::new(
        "editor.action.toggleWordWrap",
        "View",
        "Toggle Word Wrap",
        ToggleWordWrap,
    )]
}

/// Makes an element of the view handle these commands.
pub(super) fn listen<E: InteractiveElement>(element: E, cx: &mut Context<EditorView>) -> E {
    element.on_action(
        cx.listener(|view: &mut EditorView, _: &ToggleWordWrap, _, cx| {
            view.toggle_word_wrap(cx);
        }),
    )
}
