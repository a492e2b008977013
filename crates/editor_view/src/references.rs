//! Listing where what stands at the caret is used.

use gpui_kit::{AsyncWindowContext, Context, InteractiveElement, WeakEntity, Window, actions};
use lsp::Location;
use ui::{CommandSpec, PLACES_PANEL, PlaceList, Severity};

use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    FindReferences "editor.action.goToReferences" "Go to References" => |v, window, cx| v.find_references(window, cx);
}

impl EditorView {
    pub(crate) fn find_references(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let asked = self
            .model
            .update(cx, |model, cx| model.server_references(buffer, at, cx));
        self.when_server_answers(
            ("the references", asked),
            window,
            cx,
            move |view, found, window, cx| {
                let message = match found {
                    Ok(found) if !found.is_empty() => {
                        return view.list_locations("References", found, window, cx);
                    }
                    Ok(_) => "No references are known of this.".to_owned(),
                    Err(error) => format!("No references are known: {error}."),
                };
                ui::notify(Severity::Info, message, window, cx);
            },
        );
    }

    /// Lists places in the panel for them.
    pub(crate) fn list_locations(
        &mut self,
        title: &'static str,
        locations: Vec<Location>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let reading = self
            .model
            .update(cx, |model, cx| model.read_places(locations, cx));
        self.nothing_awaited(cx);
        self.navigating.task = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let places = reading.await;
                // A view that is gone lists nothing.
                this.update_in(cx, |view, window, cx| {
                    let list = PlaceList {
                        title: title.into(),
                        places,
                        edit: None,
                    };
                    view.list_places(list, window, cx);
                })
                .ok();
            },
        ));
    }

    /// Shows a list in the panel for it.
    pub(crate) fn list_places(&self, list: PlaceList, window: &mut Window, cx: &mut Context<Self>) {
        self.model
            .update(cx, |model, cx| model.show_places(Some(list), cx));
        ui::reveal_panel(PLACES_PANEL, window, cx);
    }
}
