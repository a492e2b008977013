//! Going to where a name leads, as the language server knows it: its definition, its declaration, its
//! type, what implements it.

use gpui_kit::{Context, InteractiveElement, Modifiers, Pixels, Point, Window, actions};
use lsp::{Destination, Location};
use ui::{CommandSpec, Severity};

use crate::commands::Run;
use crate::links;
use crate::view::EditorView;

crate::commands::commands! {
    GoToDefinition "editor.action.revealDefinition" "Go to Definition" => |v, window, cx| {
        v.go_to_destination(Destination::Definition, window, cx);
    };
    GoToDeclaration "editor.action.revealDeclaration" "Go to Declaration" => |v, window, cx| {
        v.go_to_destination(Destination::Declaration, window, cx);
    };
    GoToTypeDefinition "editor.action.goToTypeDefinition" "Go to Type Definition" => |v, window, cx| {
        v.go_to_destination(Destination::TypeDefinition, window, cx);
    };
    GoToImplementation "editor.action.goToImplementation" "Go to Implementations" => |v, window, cx| {
        v.go_to_destination(Destination::Implementation, window, cx);
    };
}

/// What a list of several is called.
pub(crate) fn title(destination: Destination) -> &'static str {
    match destination {
        Destination::Definition => "Definitions",
        Destination::Declaration => "Declarations",
        Destination::TypeDefinition => "Type definitions",
        Destination::Implementation => "Implementations",
    }
}

/// What is looked for, in the middle of a sentence.
pub(crate) fn word(destination: Destination) -> &'static str {
    match destination {
        Destination::Definition => "definition",
        Destination::Declaration => "declaration",
        Destination::TypeDefinition => "type definition",
        Destination::Implementation => "implementation",
    }
}

impl EditorView {
    /// Follows an address, or goes to the definition, where the keys that are held ask for it; false
    /// where nothing there leads anywhere.
    pub(crate) fn press_what_leads(
        &mut self,
        position: Point<Pixels>,
        held: &Modifiers,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        self.follow_link(position, held, window, cx)
            || self.press_definition(position, held, window, cx)
    }

    /// Goes to the definition of what is pressed, where the keys that are held ask for it; false where
    /// they do not, or the file has no language server.
    fn press_definition(
        &mut self,
        position: Point<Pixels>,
        modifiers: &Modifiers,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> bool {
        if !links::follows(modifiers, cx) {
            return false;
        }
        let servers = self.model.read(cx).language_servers();
        let served = servers.is_some_and(|servers| servers.of_buffer(self.buffer).is_some());
        let at = self
            .frame
            .as_ref()
            .and_then(|frame| frame.character_at(position));
        match at {
            Some(at) if served => {
                self.lead_from(at, Destination::Definition, window, cx);
                true
            }
            _ => false,
        }
    }

    fn go_to_destination(
        &mut self,
        destination: Destination,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.lead_from(self.selections.primary().head, destination, window, cx);
    }

    /// Goes to where what stands at a byte leads, or lists the places where there are several.
    fn lead_from(
        &mut self,
        at: usize,
        destination: Destination,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        let asked = self.model.update(cx, |model, cx| {
            model.server_destinations(buffer, at, destination, cx)
        });
        let what = format!("the {}", word(destination));
        self.when_server_answers((what, asked), window, cx, move |view, found, window, cx| {
            let message = match found {
                // Of several the user chooses.
                Ok(found) if found.len() > 1 => {
                    return view.list_locations(title(destination), found, window, cx);
                }
                Ok(found) => match found.into_iter().next() {
                    Some(location) => return view.go_to_location(location, window, cx),
                    None => format!("No {} is known of this.", word(destination)),
                },
                Err(error) => format!("No {} is known: {error}.", word(destination)),
            };
            ui::notify(Severity::Info, message, window, cx);
        });
    }

    pub(crate) fn go_to_location(
        &mut self,
        location: Location,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let workspace = self.model.read(cx).workspace();
        let open = workspace.buffer_for_path(&location.path);
        if open == Some(self.buffer) {
            let offset = location.encoding.offset(&self.text(cx), location.position);
            return self.go_to_offset(offset, cx);
        }
        let target = self
            .model
            .update(cx, |model, cx| model.location_target(location, cx));
        self.when_answered(target, window, cx, |_, target, window, cx| {
            ui::open_path(target, window, cx);
        });
    }
}
