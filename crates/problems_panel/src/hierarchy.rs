//! The "Hierarchy" panel: who calls what, and which types are made of which, as a tree that is asked
//! for as it unfolds.

use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncApp, AsyncWindowContext, Context, Entity, FocusHandle, Focusable,
    KeyContext, Render, Role, ScrollStrategy, SharedString, Subscription, Task,
    UniformListScrollHandle, WeakEntity, Window, div, uniform_list,
};
use lsp::{HierarchyItem, HierarchyKind, Location};
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};
use ui::tokens::{scaled, space};
use ui::widgets::{Button, EmptyState, ListRow};
use ui::{
    ActiveKilnTheme as _, DockSide, HIERARCHY_PANEL, HierarchyRoot, IconName, Panel,
    READING_CONTEXT, WorkspaceModel, icons,
};

use crate::grouped::LIST_CONTEXT;

/// More rows are not shown.
const MAX_ROWS: usize = 10_000;

/// What is known of what is next to an item.
enum Next {
    Folded,
    Asking {
        _answer: Task<()>,
    },
    /// It is shown below.
    Shown,
    /// There is nothing, or why that is not known.
    Nothing(Option<SharedString>),
}

/// A row of the tree.
struct Node {
    /// Tells it from others.
    id: u64,
    item: HierarchyItem,
    /// Where the one calls the other.
    calls: Vec<Location>,
    depth: usize,
    next: Next,
}

/// The "Hierarchy" panel.
pub struct HierarchyPanel {
    model: Entity<WorkspaceModel>,
    root: Option<Rc<HierarchyRoot>>,
    /// The rows, each before those in it.
    nodes: Vec<Node>,
    next_id: u64,
    selected: Option<usize>,
    /// What goes to a place.
    opening: Task<()>,
    focus: FocusHandle,
    scroll: UniformListScrollHandle,
    _subscription: Subscription,
}

impl HierarchyPanel {
    /// A tree of the hierarchy that `model` has to show.
    pub fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let subscription = cx.observe(&model, |this: &mut Self, _, cx| this.refresh(cx));
        let mut panel = Self {
            model,
            root: None,
            nodes: Vec::new(),
            next_id: 0,
            selected: None,
            opening: Task::ready(()),
            focus: cx.focus_handle(),
            scroll: UniformListScrollHandle::new(),
            _subscription: subscription,
        };
        panel.refresh(cx);
        panel
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let now = self.model.read(cx).hierarchy().cloned();
        let same = match (&now, &self.root) {
            (Some(now), Some(shown)) => Rc::ptr_eq(now, shown),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        self.nodes.clear();
        self.root = now;
        let items = self.root.as_ref().map(|root| root.items.clone());
        for item in items.unwrap_or_default() {
            let node = self.node(item, Vec::new(), 0);
            self.nodes.push(node);
        }
        self.selected = (!self.nodes.is_empty()).then_some(0);
        // What was asked about is unfolded.
        self.expand(0, cx);
        cx.notify();
    }

    fn node(&mut self, item: HierarchyItem, calls: Vec<Location>, depth: usize) -> Node {
        self.next_id += 1;
        Node {
            id: self.next_id,
            item,
            calls,
            depth,
            next: Next::Folded,
        }
    }

    fn expand(&mut self, index: usize, cx: &mut Context<Self>) {
        let (Some(root), Some(node)) = (self.root.clone(), self.nodes.get(index)) else {
            return;
        };
        if !matches!(node.next, Next::Folded) {
            return;
        }
        let (id, item) = (node.id, node.item.clone());
        let asked = self
            .model
            .update(cx, |model, cx| model.related_items(&root, &item, cx));
        let asking = cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let found = asked.await;
            // The panel may be gone.
            this.update(cx, |panel, cx| {
                let Some(index) = panel.nodes.iter().position(|node| node.id == id) else {
                    return;
                };
                let depth = panel.nodes[index].depth + 1;
                panel.nodes[index].next = match found {
                    Ok(found) if found.is_empty() => Next::Nothing(None),
                    Ok(found) => {
                        let room = MAX_ROWS.saturating_sub(panel.nodes.len());
                        let found = found.into_iter().take(room);
                        let below: Vec<_> = found
                            .map(|one| panel.node(one.item, one.calls, depth))
                            .collect();
                        panel.selected = panel.selected.map(|selected| match selected > index {
                            true => selected + below.len(),
                            false => selected,
                        });
                        panel.nodes.splice(index + 1..index + 1, below);
                        Next::Shown
                    }
                    Err(error) => Next::Nothing(Some(error.to_string().into())),
                };
                cx.notify();
            })
            .ok();
        });
        self.nodes[index].next = Next::Asking { _answer: asking };
        cx.notify();
    }

    /// Hides what is below a row; false where nothing is shown.
    fn collapse(&mut self, index: usize, cx: &mut Context<Self>) -> bool {
        let Some(node) = self.nodes.get_mut(index) else {
            return false;
        };
        if !matches!(node.next, Next::Shown | Next::Asking { .. }) {
            return false;
        }
        node.next = Next::Folded;
        let depth = node.depth;
        let below = self.nodes[index + 1..].iter();
        let count = below.take_while(|below| below.depth > depth).count();
        self.nodes.drain(index + 1..index + 1 + count);
        self.selected = self.selected.map(|selected| match selected > index {
            true => index.max(selected.saturating_sub(count)),
            false => selected,
        });
        cx.notify();
        true
    }

    fn collapse_selected(&mut self, cx: &mut Context<Self>) {
        let Some(selected) = self.selected else {
            return;
        };
        if self.collapse(selected, cx) {
            return;
        }
        let depth = self.nodes[selected].depth;
        let mut above = self.nodes[..selected].iter();
        if let Some(parent) = above.rposition(|node| node.depth < depth) {
            self.select(parent, cx);
        }
    }

    fn select(&mut self, index: usize, cx: &mut Context<Self>) {
        self.selected = Some(index);
        self.scroll.scroll_to_item(index, ScrollStrategy::Nearest);
        cx.notify();
    }

    fn step(&mut self, step: Step, cx: &mut Context<Self>) {
        if let Some(last) = self.nodes.len().checked_sub(1) {
            self.select(step.to(self.selected, last), cx);
        }
    }

    /// Goes to where a row's function is called, or to the type.
    fn open(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        let Some(node) = self.nodes.get(index) else {
            return;
        };
        let incoming =
            self.root.as_ref().map(|root| root.kind) == Some(HierarchyKind::IncomingCalls);
        let call = node.calls.first().filter(|_| incoming);
        let location = call.unwrap_or(&node.item.location).clone();
        let target = self
            .model
            .update(cx, |model, cx| model.location_target(location, cx));
        self.opening = cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let target = target.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::open_path(target, window, cx))
                    .ok();
            },
        );
    }

    fn turn(&mut self, kind: HierarchyKind, cx: &mut Context<Self>) {
        if let Some(root) = &self.root {
            let turned = root.turned(kind);
            self.model
                .update(cx, |model, cx| model.show_hierarchy(turned, cx));
        }
    }

    fn render_row(&self, index: usize, focused: bool, cx: &Context<Self>) -> Option<AnyElement> {
        let node = self.nodes.get(index)?;
        let theme = cx.kiln_theme();
        let selected = self.selected == Some(index);
        let chevron = match node.next {
            Next::Shown | Next::Asking { .. } => Some(IconName::ChevronDown),
            Next::Folded => Some(IconName::ChevronRight),
            Next::Nothing(_) => None,
        };
        let kind = workspace::symbol_kind(node.item.kind);
        let root = self.model.read(cx).root();
        let path = &node.item.location.path;
        let path = path.strip_prefix(root).unwrap_or(path);
        let place = format!(
            "{}:{}",
            path.display(),
            node.item.location.position.line + 1
        );
        let told = beside_place(&node.item.detail, path);
        let detail = match (&node.next, told.is_empty()) {
            (Next::Nothing(Some(why)), _) => why.to_string(),
            (Next::Asking { .. }, _) => "asking\u{2026}".to_owned(),
            (_, true) => place,
            (_, false) => format!("{told}  {place}"),
        };
        let start = match chevron {
            Some(chevron) => icons::icon(chevron, theme.text_faint).into_any_element(),
            None => div().size(scaled(14.)).flex_none().into_any_element(),
        };
        let node_row = ListRow::new(("hierarchy", index), node.item.name.clone())
            .role(Role::TreeItem)
            .expanded(matches!(node.next, Next::Shown))
            .detail(detail)
            .indent(scaled(6. + 16. * node.depth.min(30) as f32))
            .start(start)
            .start(icons::icon(icons::symbol_icon(kind), theme.text_muted))
            .selected(selected)
            .focused(selected && focused)
            .on_click(cx.listener(move |this: &mut Self, _, window, cx| {
                this.focus.clone().focus(window, cx);
                this.select(index, cx);
                this.expand(index, cx);
                this.open(index, window, cx);
            }));
        Some(node_row.into_any_element())
    }
}

impl Focusable for HierarchyPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Panel for HierarchyPanel {
    const ID: &'static str = HIERARCHY_PANEL;
    const TOGGLE_COMMAND: Option<&'static str> = Some("hierarchy.focus");

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        match self.root.as_ref().map(|root| root.kind) {
            Some(HierarchyKind::IncomingCalls) => "Callers".into(),
            Some(HierarchyKind::OutgoingCalls) => "Calls".into(),
            Some(HierarchyKind::Supertypes) => "Supertypes".into(),
            Some(HierarchyKind::Subtypes) => "Subtypes".into(),
            None => "Hierarchy".into(),
        }
    }

    fn icon(&self) -> IconName {
        IconName::CornerDownRight
    }

    fn header_actions(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Option<AnyElement> {
        let (label, other) = match self.root.as_ref()?.kind {
            HierarchyKind::IncomingCalls => ("What it calls", HierarchyKind::OutgoingCalls),
            HierarchyKind::OutgoingCalls => ("What calls it", HierarchyKind::IncomingCalls),
            HierarchyKind::Supertypes => ("Subtypes", HierarchyKind::Subtypes),
            HierarchyKind::Subtypes => ("Supertypes", HierarchyKind::Supertypes),
        };
        let turn = Button::new("hierarchy-turn", label)
            .quiet()
            .on_click(cx.listener(move |this, _, _, cx| this.turn(other, cx)));
        Some(turn.into_any_element())
    }
}

/// What a server tells of an item beside its name, without what its place says already: the folder, or
/// the file (`main.go` of gopls' `main • main.go`).
fn beside_place<'a>(detail: &'a str, path: &Path) -> &'a str {
    let detail = match detail.rsplit_once(" \u{2022} ") {
        Some((before, file)) if path.ends_with(file) => before,
        _ => detail,
    };
    let of_place = path.ancestors().any(|part| part.ends_with(detail));
    if of_place { "" } else { detail }
}

impl Render for HierarchyPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let mut context = KeyContext::default();
        context.add(LIST_CONTEXT);
        context.add(READING_CONTEXT);
        let by_keyboard = self.focus.is_focused(window) && window.last_input_was_keyboard();
        let body = match self.nodes.len() {
            0 => EmptyState::new(IconName::CornerDownRight, "No hierarchy yet")
                .body("Put the caret on a function and press Shift+Alt+H.")
                .into_any_element(),
            count => uniform_list(
                "hierarchy-rows",
                count,
                cx.processor(move |this, range: Range<usize>, _, cx| {
                    let rows = range.filter_map(|index| this.render_row(index, by_keyboard, cx));
                    rows.collect::<Vec<_>>()
                }),
            )
            .track_scroll(&self.scroll)
            .size_full()
            .py(space::XS)
            .into_any_element(),
        };
        div()
            .id("hierarchy")
            .test_support()
            .role(Role::Tree)
            .aria_label(self.title(cx))
            .track_focus(&self.focus)
            .key_context(context)
            .on_action(cx.listener(|this, _: &SelectNext, _, cx| this.step(Step::Next, cx)))
            .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| this.step(Step::Previous, cx)))
            .on_action(cx.listener(|this, _: &SelectFirst, _, cx| this.step(Step::First, cx)))
            .on_action(cx.listener(|this, _: &SelectLast, _, cx| this.step(Step::Last, cx)))
            .on_action(cx.listener(|this, _: &Expand, _, cx| {
                if let Some(selected) = this.selected {
                    this.expand(selected, cx);
                }
            }))
            .on_action(cx.listener(|this, _: &Collapse, _, cx| this.collapse_selected(cx)))
            .on_action(cx.listener(|this, _: &Open, window, cx| {
                if let Some(selected) = this.selected {
                    this.open(selected, window, cx);
                }
            }))
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_place_says_is_not_told_twice() {
        let told = |detail, path| beside_place(detail, Path::new(path));
        assert_eq!(told("src", "src/main.ts"), "");
        assert_eq!(told("main.ts", "src/main.ts"), "");
        assert_eq!(
            told("example.com/size • main.go", "main.go"),
            "example.com/size"
        );
        assert_eq!(told("Cart", "src/cart.ts"), "Cart");
        assert_eq!(told("", "a.rs"), "");
    }
}
