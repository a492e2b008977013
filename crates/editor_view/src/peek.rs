//! Peeking: where a name leads, shown below its line without leaving it.

use editor_core::display_map::{BlockId, BlockPlacement};
use gpui_kit::{
    App, AppContext as _, Context, Entity, InteractiveElement, IntoElement as _, Window, actions,
};
use lsp::{Destination, Location};
use ui::{CommandSpec, Severity};

use crate::blocks::BlockElement;
use crate::commands::Run;
use crate::definition::{title, word};
use crate::peek_panel::PeekPanel;
use crate::view::EditorView;

/// Rows that it takes.
const ROWS: u32 = 15;

/// What is asked for.
#[derive(Clone, Copy)]
enum Peeks {
    At(Destination),
    References,
}

/// What is shown of it.
pub(crate) struct Peek {
    block: BlockId,
    panel: Entity<PeekPanel>,
}

crate::commands::commands! {
    PeekDefinition "editor.action.peekDefinition" "Peek Definition" => |v, window, cx| {
        v.peek(Peeks::At(Destination::Definition), window, cx);
    };
    PeekDeclaration "editor.action.peekDeclaration" "Peek Declaration" => |v, window, cx| {
        v.peek(Peeks::At(Destination::Declaration), window, cx);
    };
    PeekTypeDefinition "editor.action.peekTypeDefinition" "Peek Type Definition" => |v, window, cx| {
        v.peek(Peeks::At(Destination::TypeDefinition), window, cx);
    };
    PeekImplementation "editor.action.peekImplementation" "Peek Implementations" => |v, window, cx| {
        v.peek(Peeks::At(Destination::Implementation), window, cx);
    };
    PeekReferences "editor.action.referenceSearch.trigger" "Peek References" => |v, window, cx| {
        v.peek(Peeks::References, window, cx);
    };
}

impl EditorView {
    fn peek(&mut self, what: Peeks, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let (title, word) = match what {
            Peeks::At(destination) => (title(destination), word(destination)),
            Peeks::References => ("References", "reference"),
        };
        let asked = self.model.update(cx, |model, cx| match what {
            Peeks::At(destination) => model.server_destinations(buffer, at, destination, cx),
            Peeks::References => model.server_references(buffer, at, cx),
        });
        let awaited = format!("the {word}");
        self.when_server_answers(
            (awaited, asked),
            window,
            cx,
            move |view, found, window, cx| {
                let message = match found {
                    Ok(found) if !found.is_empty() => {
                        return view.read_peek(title, found, at, window, cx);
                    }
                    Ok(_) => format!("No {word} is known of this."),
                    Err(error) => format!("No {word} is known: {error}."),
                };
                ui::notify(Severity::Info, message, window, cx);
            },
        );
    }

    /// Peeks at places that are known of what stands at a byte, which the caret is at; where there are
    /// none, at where it is used.
    pub(crate) fn peek_at(
        &mut self,
        title: &'static str,
        places: Vec<Location>,
        at: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match places.is_empty() {
            true => self.peek(Peeks::References, window, cx),
            false => self.read_peek(title, places, at, window, cx),
        }
    }

    fn read_peek(
        &mut self,
        title: &'static str,
        locations: Vec<Location>,
        at: usize,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let reading = self
            .model
            .update(cx, |model, cx| model.read_places(locations, cx));
        self.when_answered(reading, window, cx, move |view, places, window, cx| {
            view.close_peek(window, cx);
            let (owner, model) = (cx.weak_entity(), view.model.clone());
            let panel = cx.new(|cx| PeekPanel::new(owner, model, title, places, window, cx));
            view.show_peek(panel, at, cx);
        });
    }

    fn show_peek(&mut self, panel: Entity<PeekPanel>, at: usize, cx: &mut Context<Self>) {
        let shown = panel.clone();
        let block = BlockElement {
            offset: at,
            placement: BlockPlacement::Below,
            rows: ROWS,
            render: std::rc::Rc::new(move |_, _, _| shown.clone().into_any_element()),
        };
        let Some(block) = self.insert_blocks(vec![block], cx).pop() else {
            return;
        };
        self.peek = Some(Peek { block, panel });
        // All of it comes into view, with its line.
        let row = self.display(cx).row_of(at) as f64;
        let lowest = row + f64::from(ROWS) + 2. - self.page_rows() as f64;
        if self.scroll.top < lowest {
            self.scroll.top = lowest.min(row).max(0.);
        }
    }

    /// Whether something is peeked at.
    pub fn is_peeking(&self) -> bool {
        self.peek.is_some()
    }

    /// The view of what is peeked at, once it is read.
    pub fn peeked(&self, cx: &App) -> Option<Entity<EditorView>> {
        self.peek.as_ref()?.panel.read(cx).text_shown()
    }

    /// Closes what is peeked at, and gives the focus back where it has it; false where there is none.
    pub(crate) fn close_peek(&mut self, window: &mut Window, cx: &mut Context<Self>) -> bool {
        let Some(Peek { block, panel }) = self.peek.take() else {
            return false;
        };
        if panel.read(cx).contains_focus(window, cx) {
            window.focus(&self.focus, cx);
        }
        self.remove_blocks(&[block], cx);
        panel.update(cx, |panel, cx| panel.leave(window, cx));
        true
    }
}
