//! Going to where a name is defined, as the language server knows it.

use editor_core::Selections;
use gpui_kit::{
    AppContext as _, AsyncWindowContext, Context, InteractiveElement, Modifiers, Pixels, Point,
    WeakEntity, Window, actions,
};
use lsp::Location;
use ui::{CommandSpec, OpenTarget, Severity};

use crate::commands::Run;
use crate::links;
use crate::view::EditorView;

/// A file that is not open is read up to so many bytes, to find a column in it.
const MAX_READ: u64 = 64 * 1024 * 1024;

/// Where the user was when something was asked that moves the view.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    version: u64,
    selections: Selections,
}

crate::commands::commands! {
    GoToDefinition "editor.action.revealDefinition" "Go to Definition" => |v, window, cx| {
        let at = v.selections.primary().head;
        v.go_to_definition(at, window, cx);
    };
}

impl EditorView {
    /// Goes to the definition of what is pressed, where the keys that are held ask for it; false where
    /// they do not, or the file has no language server.
    pub(crate) fn press_definition(
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
                self.go_to_definition(at, window, cx);
                true
            }
            _ => false,
        }
    }

    fn go_to_definition(&mut self, at: usize, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let asked = self
            .model
            .update(cx, |model, cx| model.server_definition(buffer, at, cx));
        let standing = self.standing();
        // An answer to an earlier question is no longer waited for.
        self.navigating = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let found = asked.await;
                // A view that is gone goes nowhere.
                this.update_in(cx, |view, window, cx| {
                    if !view.still_stands(&standing, window) {
                        return;
                    }
                    let message = match found {
                        // Of several the user chooses.
                        Ok(found) if found.len() > 1 => {
                            return view.list_locations("Definitions", found, window, cx);
                        }
                        Ok(found) => match found.into_iter().next() {
                            Some(location) => return view.go_to_location(location, window, cx),
                            None => "No definition is known of this.".to_owned(),
                        },
                        Err(error) => format!("No definition is known: {error}."),
                    };
                    ui::notify(Severity::Info, message, window, cx);
                })
                .ok();
            },
        ));
    }

    /// What must not change while an answer is waited for that moves the view.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            version: self.version,
            selections: self.selections.clone(),
        }
    }

    /// Whether the user has gone on to nothing else since: the text, the carets and the focus are
    /// where they were.
    pub(crate) fn still_stands(&self, standing: &Standing, window: &Window) -> bool {
        self.version == standing.version
            && self.selections == standing.selections
            && self.focus.is_focused(window)
    }

    fn go_to_location(&mut self, location: Location, window: &mut Window, cx: &mut Context<Self>) {
        let workspace = self.model.read(cx).workspace();
        let open = workspace.buffer_for_path(&location.path);
        if open == Some(self.buffer) {
            let offset = location.encoding.offset(&self.text(cx), location.position);
            return self.go_to_offset(offset, cx);
        }
        let row = location.position.line;
        let text = open
            .and_then(|id| workspace.buffer(id))
            .map(|buffer| buffer.text().clone());
        let fs = workspace.fs().clone();
        let column = cx.background_spawn(async move {
            let line = match text {
                Some(text) => text.line(row as usize).into_owned(),
                None => {
                    // Whoever opens the file says what is wrong with it.
                    let bytes = fs.read(&location.path, MAX_READ).unwrap_or_default();
                    let text = String::from_utf8_lossy(&bytes);
                    text.lines()
                        .nth(row as usize)
                        .unwrap_or_default()
                        .to_owned()
                }
            };
            let column = location.encoding.column_in(&line, location.position);
            OpenTarget::at(
                location.path,
                row.saturating_add(1),
                column.saturating_add(1),
            )
        });
        let standing = self.standing();
        self.navigating = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let target = column.await;
                // The window may be closed meanwhile.
                this.update_in(cx, |view, window, cx| {
                    if view.still_stands(&standing, window) {
                        ui::open_path(target, window, cx);
                    }
                })
                .ok();
            },
        ));
    }
}
