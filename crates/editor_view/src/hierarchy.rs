//! Asking for the hierarchy of calls or types of what stands at the caret.

use gpui_kit::{Context, InteractiveElement, Window, actions};
use lsp::HierarchyKind;
use ui::{CommandSpec, HIERARCHY_PANEL, Severity};

use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    ShowCallHierarchy "references-view.showCallHierarchy" "Show Call Hierarchy" => |v, window, cx| {
        v.show_hierarchy(HierarchyKind::IncomingCalls, window, cx);
    };
    ShowTypeHierarchy "references-view.showTypeHierarchy" "Show Type Hierarchy" => |v, window, cx| {
        v.show_hierarchy(HierarchyKind::Supertypes, window, cx);
    };
}

impl EditorView {
    fn show_hierarchy(&mut self, kind: HierarchyKind, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let asked = self
            .model
            .update(cx, |model, cx| model.server_hierarchy(buffer, at, kind, cx));
        self.when_server_answers(
            ("the hierarchy", asked),
            window,
            cx,
            move |view, found, window, cx| {
                let message = match found {
                    Ok(root) if !root.items.is_empty() => {
                        view.model
                            .update(cx, |model, cx| model.show_hierarchy(root, cx));
                        return ui::reveal_panel(HIERARCHY_PANEL, window, cx);
                    }
                    Ok(_) => "Nothing at the caret has a hierarchy.".to_owned(),
                    Err(error) => format!("No hierarchy is known: {error}."),
                };
                ui::notify(Severity::Info, message, window, cx);
            },
        );
    }
}
