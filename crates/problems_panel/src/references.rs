//! The "References" panel: places that were asked for, and edits to look at before they are made.

use std::ops::Range;
use std::rc::Rc;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, Entity, FocusHandle, Focusable, FontWeight,
    HighlightStyle, KeyContext, Render, Role, ScrollStrategy, SharedString, StyledText,
    Subscription, UniformListScrollHandle, WeakEntity, Window, div, uniform_list,
};
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};
use ui::tokens::{MONO_FONT, Typography as _, height, radius, scaled, space};
use ui::widgets::{Button, EmptyState, ListRow, Pill};
use ui::{
    ActiveKilnTheme as _, DockSide, IconName, ListedPlace, OpenTarget, Panel, PlaceList,
    READING_CONTEXT, Severity, WorkspaceModel, icons,
};

use crate::grouped::{Group, Grouped, LIST_CONTEXT, Row, name_and_folder};

/// The "References" panel.
pub struct ReferencesPanel {
    model: Entity<WorkspaceModel>,
    shown: Option<Rc<PlaceList>>,
    list: Grouped<ListedPlace>,
    focus: FocusHandle,
    scroll: UniformListScrollHandle,
    _subscription: Subscription,
}

impl ReferencesPanel {
    /// A list of the places that `model` has to show.
    pub fn new(model: Entity<WorkspaceModel>, cx: &mut Context<Self>) -> Self {
        let subscription = cx.observe(&model, |this: &mut Self, _, cx| this.refresh(cx));
        let mut panel = Self {
            model,
            shown: None,
            list: Grouped::default(),
            focus: cx.focus_handle(),
            scroll: UniformListScrollHandle::new(),
            _subscription: subscription,
        };
        panel.refresh(cx);
        panel
    }

    fn refresh(&mut self, cx: &mut Context<Self>) {
        let now = self.model.read(cx).places().cloned();
        let same = match (&now, &self.shown) {
            (Some(now), Some(shown)) => Rc::ptr_eq(now, shown),
            (None, None) => true,
            _ => false,
        };
        if same {
            return;
        }
        let mut groups: Vec<Group<ListedPlace>> = Vec::new();
        for place in now.iter().flat_map(|list| list.places.iter()) {
            match groups.iter_mut().find(|group| group.path == place.path) {
                Some(group) => group.items.push(place.clone()),
                None => groups.push(Group {
                    path: place.path.clone(),
                    items: vec![place.clone()],
                }),
            }
        }
        self.shown = now;
        self.list = Grouped::default();
        self.list.set(groups);
        self.list.step(Step::First);
        cx.notify();
    }

    fn step(&mut self, step: Step, cx: &mut Context<Self>) {
        if let Some(row) = self.list.step(step) {
            self.scroll.scroll_to_item(row, ScrollStrategy::Nearest);
            cx.notify();
        }
    }

    /// What a click on a row does: folds a file, or goes to a place.
    fn choose(&mut self, row: usize, window: &mut Window, cx: &mut Context<Self>) {
        self.list.selected = Some(row);
        let Some(Row { group, item }) = self.list.selected_row() else {
            return;
        };
        match item {
            None => self.list.toggle(group),
            Some(item) => {
                let place = &self.list.groups[group].items[item];
                let (line, column) = (place.line.saturating_add(1), place.column.saturating_add(1));
                ui::open_path(OpenTarget::at(place.path.clone(), line, column), window, cx);
            }
        }
        cx.notify();
    }

    fn open_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(row) = self.list.selected {
            self.choose(row, window, cx);
        }
    }

    /// Makes the edits that are shown.
    fn apply(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(edit) = self.shown.as_ref().and_then(|shown| shown.edit.clone()) else {
            return;
        };
        let applied = self.model.update(cx, |model, cx| {
            model.show_places(None, cx);
            model.apply_server_edit(&edit.edit, &edit.asked, cx)
        });
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let Err(message) = applied.await else { return };
                // The window may be closed meanwhile.
                this.update_in(cx, |_, window, cx| {
                    ui::notify(Severity::Warning, message, window, cx);
                })
                .ok();
            },
        )
        .detach();
    }

    fn discard(&mut self, cx: &mut Context<Self>) {
        self.model
            .update(cx, |model, cx| model.show_places(None, cx));
    }

    fn render_row(&self, index: usize, focused: bool, cx: &Context<Self>) -> Option<AnyElement> {
        let theme = cx.kiln_theme().clone();
        let Row { group, item } = *self.list.rows().get(index)?;
        let group = self.list.groups.get(group)?;
        let selected = self.list.selected == Some(index);
        let pressed = cx.listener(
            move |this: &mut Self, _: &gpui_kit::ClickEvent, window, cx| {
                this.focus.focus(window, cx);
                this.choose(index, window, cx);
            },
        );
        let Some(item) = item else {
            let (name, folder) = name_and_folder(&group.path, self.model.read(cx).root());
            let folded = self.list.is_folded(&group.path);
            let chevron = match folded {
                true => IconName::ChevronRight,
                false => IconName::ChevronDown,
            };
            let row = ListRow::new(("reference", index), name)
                .role(Role::TreeItem)
                .expanded(!folded)
                .detail(folder)
                .start(icons::icon(chevron, theme.text_faint))
                .start(icons::icon(icons::file_icon(&group.path), theme.text_muted))
                .end(Pill::new(group.items.len().to_string()))
                .selected(selected)
                .focused(selected && focused)
                .on_click(pressed);
            return Some(row.into_any_element());
        };
        let place = group.items.get(item)?;
        let marked = place.marked.clone();
        let (mut text, mut highlights) = (place.text.clone(), Vec::new());
        let strong = HighlightStyle {
            color: Some(theme.accent),
            font_weight: Some(FontWeight::BOLD),
            ..HighlightStyle::default()
        };
        match &place.new_text {
            None => highlights.push((marked, strong)),
            Some(new_text) => {
                let struck = HighlightStyle {
                    color: Some(theme.text_muted),
                    strikethrough: Some(gpui_kit::StrikethroughStyle {
                        thickness: gpui_kit::px(1.),
                        color: Some(theme.text_muted),
                    }),
                    ..HighlightStyle::default()
                };
                text.insert_str(marked.end, new_text);
                highlights.push((marked.clone(), struck));
                highlights.push((marked.end..marked.end + new_text.len(), strong));
            }
        }
        highlights.retain(|(range, _)| !range.is_empty());
        let spoken = SharedString::from(format!("Line {}: {text}", place.line + 1));
        let ring = match selected && focused {
            true => theme.border_focused,
            false => gpui_kit::Hsla::transparent_black(),
        };
        let (hover, active) = (theme.hover, theme.active);
        let row =
            div()
                .id(("reference", index))
                .test_support()
                .role(Role::TreeItem)
                .aria_label(spoken)
                .aria_selected(selected)
                .flex()
                .items_center()
                .gap(space::M)
                .h(height::ROW)
                .pl(scaled(30.))
                .pr(space::M)
                .rounded(radius::SMALL)
                .border_1()
                .border_color(ring)
                .when(selected, |this| this.bg(active))
                .when(!selected, |this| this.hover(move |style| style.bg(hover)))
                .on_click(pressed)
                .text_small()
                .child(
                    div()
                        .flex_none()
                        .min_w(scaled(32.))
                        .text_color(theme.text_faint)
                        .child((place.line + 1).to_string()),
                )
                .child(
                    div().min_w_0().truncate().font_family(MONO_FONT).child(
                        StyledText::new(SharedString::from(text)).with_highlights(highlights),
                    ),
                );
        Some(row.into_any_element())
    }
}

impl Focusable for ReferencesPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Panel for ReferencesPanel {
    const ID: &'static str = "references";
    const TOGGLE_COMMAND: Option<&'static str> = Some("references.focus");

    fn side() -> DockSide {
        DockSide::Bottom
    }

    fn title(&self, _: &App) -> SharedString {
        let title = self.shown.as_ref().map(|shown| shown.title.clone());
        title.unwrap_or_else(|| "References".into())
    }

    fn icon(&self) -> IconName {
        IconName::ListTree
    }

    fn badge(&self, _: &App) -> Option<SharedString> {
        let count = self.shown.as_ref()?.places.len();
        Some(count.to_string().into())
    }

    fn header_actions(&mut self, _: &mut Window, cx: &mut Context<Self>) -> Option<AnyElement> {
        self.shown.as_ref()?.edit.as_ref()?;
        let actions = div()
            .flex()
            .gap(space::S)
            .child(
                Button::new("discard-edits", "Discard")
                    .quiet()
                    .on_click(cx.listener(|this, _, _, cx| this.discard(cx))),
            )
            .child(
                Button::new("apply-edits", "Apply")
                    .primary()
                    .on_click(cx.listener(|this, _, window, cx| this.apply(window, cx))),
            );
        Some(actions.into_any_element())
    }
}

impl Render for ReferencesPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let mut context = KeyContext::default();
        context.add(LIST_CONTEXT);
        context.add(READING_CONTEXT);
        let by_keyboard = self.focus.is_focused(window) && window.last_input_was_keyboard();
        let body = match self.list.rows().len() {
            0 => EmptyState::new(IconName::ListTree, "No references yet")
                .body("Put the caret on a name and press Shift+F12.")
                .into_any_element(),
            count => uniform_list(
                "reference-rows",
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
            .id("references")
            .test_support()
            .role(Role::Tree)
            .aria_label("References")
            .track_focus(&self.focus)
            .key_context(context)
            .on_action(cx.listener(|this, _: &SelectNext, _, cx| this.step(Step::Next, cx)))
            .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| this.step(Step::Previous, cx)))
            .on_action(cx.listener(|this, _: &SelectFirst, _, cx| this.step(Step::First, cx)))
            .on_action(cx.listener(|this, _: &SelectLast, _, cx| this.step(Step::Last, cx)))
            .on_action(cx.listener(|this, _: &Expand, _, cx| {
                this.list.expand();
                cx.notify();
            }))
            .on_action(cx.listener(|this, _: &Collapse, _, cx| {
                this.list.collapse();
                cx.notify();
            }))
            .on_action(cx.listener(|this, _: &Open, window, cx| this.open_selected(window, cx)))
            .size_full()
            .bg(colors.surface)
            .text_color(colors.text)
            .child(body)
    }
}
