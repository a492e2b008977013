//! How the editor comes to show files.

use gpui_kit::{App, AppContext as _, Entity, KeyBinding, Task, Window};
use ui::list_keys::{SelectNext, SelectPrevious};
use ui::{Commands, ItemHandle, ItemOpeners, OpenTarget, WorkspaceModel};

use crate::choice_picker::{NextChoice, PreviousChoice};
use crate::color_picker;
use crate::commands::{self, Cancel, FindNext, FindPrevious};
use crate::error_item::{self, ErrorItem};
use crate::find_bar::{NewerEntry, OlderEntry, OtherInput};
use crate::hover;
use crate::language_server::ServerHighlights;
use crate::occurrences::register_document_highlight_provider;
use crate::peek_panel;
use crate::preview::preview;
use crate::undo_history::{self, PageDown, PageUp};
use crate::view::EditorView;

/// Registers the editor's commands, the fixed keys of its bars, and the editor as the opener of every
/// file that no opener registered before takes. Call once, after [`ui::init`].
pub fn register(cx: &mut App) {
    Commands::register(cx, commands::specs());
    Commands::register(cx, error_item::commands());
    ItemOpeners::register_with_preview(|_, _| true, open, preview, cx);
    hover::register(cx);
    color_picker::register(cx);
    register_document_highlight_provider(ServerHighlights, cx);
    let fixed = ["FindBar", "FindBar > Input", "GoToLine", "GoToLine > Input"]
        .into_iter()
        .flat_map(|context| {
            [
                KeyBinding::new("escape", Cancel, Some(context)),
                KeyBinding::new("f3", FindNext, Some(context)),
                KeyBinding::new("shift-f3", FindPrevious, Some(context)),
            ]
        });
    ui::keys::bind_fixed(fixed, cx);
    let prompts = ["RenamePrompt > Input", "InlinePrompt > Input"];
    let closing = prompts.map(|context| KeyBinding::new("escape", Cancel, Some(context)));
    ui::keys::bind_fixed(closing, cx);
    let list = Some("ChoicePicker > Input");
    ui::keys::bind_fixed(
        [
            KeyBinding::new("escape", Cancel, list),
            KeyBinding::new("down", NextChoice, list),
            KeyBinding::new("up", PreviousChoice, list),
        ],
        cx,
    );
    let peek = peek_panel::CONTEXT;
    ui::list_keys::bind(peek, cx);
    ui::keys::bind_fixed([KeyBinding::new("escape", Cancel, Some(peek))], cx);
    let history = undo_history::CONTEXT;
    ui::list_keys::bind(history, cx);
    ui::keys::bind_fixed(
        [
            KeyBinding::new("escape", Cancel, Some(history)),
            KeyBinding::new("j", SelectNext, Some(history)),
            KeyBinding::new("k", SelectPrevious, Some(history)),
            KeyBinding::new("pagedown", PageDown, Some(history)),
            KeyBinding::new("pageup", PageUp, Some(history)),
        ],
        cx,
    );
    let inputs = Some("FindBar > Input");
    ui::keys::bind_fixed(
        [
            KeyBinding::new("tab", OtherInput, inputs),
            KeyBinding::new("shift-tab", OtherInput, inputs),
            KeyBinding::new("up", OlderEntry, inputs),
            KeyBinding::new("down", NewerEntry, inputs),
        ],
        cx,
    );
}

/// Opens a target in an editor, reading the file off the UI thread. A file that cannot be opened
/// gives an [`ErrorItem`] that says why and what to do.
pub fn open(
    target: OpenTarget,
    model: Entity<WorkspaceModel>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Box<dyn ItemHandle>>> {
    let loading = model.update(cx, |model, cx| model.open_path(target.path.clone(), cx));
    window.spawn(cx, async move |cx| {
        let loaded = loading.await;
        cx.update(|window, cx| -> Box<dyn ItemHandle> {
            match loaded {
                Ok(buffer) => {
                    let view = cx.new(|cx| EditorView::new(buffer, model, window, cx));
                    target.reveal_in(&view, window, cx);
                    Box::new(view)
                }
                Err(error) => {
                    Box::new(cx.new(|cx| ErrorItem::new(target, error, model, window, cx)))
                }
            }
        })
    })
}
