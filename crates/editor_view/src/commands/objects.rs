//! Commands that select functions, classes and other parts of the syntax, and go between them.

use editor_core::{
    Direction, Edge, Extent, ObjectKind, Selection, Selections, SyntaxView as _, Text,
};
use gpui_kit::{Context, InteractiveElement, actions};
use syntax::SyntaxTree;
use ui::CommandSpec;

use super::Run;
use crate::view::EditorView;

commands! {
    SelectFunction "editor.selectFunction" "Select Function" => |v, _, cx| v.select_object(ObjectKind::Function, Extent::Around, cx);
    SelectFunctionBody "editor.selectFunctionBody" "Select Function Body" => |v, _, cx| v.select_object(ObjectKind::Function, Extent::Inside, cx);
    SelectClass "editor.selectClass" "Select Class" => |v, _, cx| v.select_object(ObjectKind::Class, Extent::Around, cx);
    SelectClassBody "editor.selectClassBody" "Select Class Body" => |v, _, cx| v.select_object(ObjectKind::Class, Extent::Inside, cx);
    SelectParameter "editor.selectParameter" "Select Parameter or Argument" => |v, _, cx| v.select_object(ObjectKind::Parameter, Extent::Inside, cx);
    SelectComment "editor.selectComment" "Select Comment" => |v, _, cx| v.select_object(ObjectKind::Comment, Extent::Around, cx);
    SelectBlock "editor.selectBlock" "Select Block" => |v, _, cx| v.select_object(ObjectKind::Block, Extent::Around, cx);
    SelectEntry "editor.selectEntry" "Select Entry of List or Table" => |v, _, cx| v.select_object(ObjectKind::Entry, Extent::Around, cx);
    GoToNextFunction "editor.goToNextFunction" "Go to Next Function" => |v, _, cx| v.go_to_object(ObjectKind::Function, Direction::Forward, cx);
    GoToPreviousFunction "editor.goToPreviousFunction" "Go to Previous Function" => |v, _, cx| v.go_to_object(ObjectKind::Function, Direction::Backward, cx);
    GoToNextClass "editor.goToNextClass" "Go to Next Class" => |v, _, cx| v.go_to_object(ObjectKind::Class, Direction::Forward, cx);
    GoToPreviousClass "editor.goToPreviousClass" "Go to Previous Class" => |v, _, cx| v.go_to_object(ObjectKind::Class, Direction::Backward, cx);
}

/// With more carets than this a tree is asked for the primary one alone.
const MAX_CARETS: usize = 100;

impl EditorView {
    /// Selects the part of a kind around each caret, or the next larger one around what is selected.
    fn select_object(&mut self, kind: ObjectKind, extent: Extent, cx: &mut Context<Self>) {
        let found = self.by_tree(cx, |text, tree, selection| {
            let found = tree.object(text, kind, selection.range(), extent)?;
            Some(Selection::new(found.start, found.end))
        });
        if let Some(found) = found {
            self.select_in_place(found, cx);
        }
    }

    /// Goes to where the next part of a kind begins, or the one before.
    fn go_to_object(&mut self, kind: ObjectKind, direction: Direction, cx: &mut Context<Self>) {
        let found = self.by_tree(cx, |text, tree, selection| {
            let found = tree.object_edge(text, kind, selection.head, Edge::Start, direction)?;
            Some(Selection::caret(found))
        });
        if let Some(found) = found {
            self.select(found, cx);
        }
    }

    /// The selections after a change of each; one for which there is nothing stays, and nothing is
    /// said where there is none for any.
    fn by_tree(
        &self,
        cx: &Context<Self>,
        change: impl Fn(&Text, &SyntaxTree, &Selection) -> Option<Selection>,
    ) -> Option<Selections> {
        let text = self.text(cx);
        let tree = self.buffer_ref(cx)?.syntax()?;
        if self.selections.len() > MAX_CARETS {
            let changed = change(&text, tree, self.selections.primary())?;
            return Some(Selections::single(changed));
        }
        let mut any = false;
        let changed = self.selections.transform(|selection| {
            let found = change(&text, tree, selection);
            any |= found.is_some();
            found.unwrap_or(*selection)
        });
        any.then_some(changed)
    }
}
