//! What the panels of places have in common: a tree of files with their places, gone through by
//! mouse and keyboard.

use std::ops::Range;
use std::path::Path;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, ClickEvent, Context, FocusHandle, KeyContext, Render, Role, ScrollStrategy,
    UniformListScrollHandle, Window, div, uniform_list,
};
use ui::list_keys::{
    Collapse, Expand, Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step,
};
use ui::tokens::space;
use ui::widgets::{EmptyState, ListRow, Pill};
use ui::{ActiveKilnTheme as _, IconName, OpenTarget, READING_CONTEXT, icons};

use crate::grouped::{Group, Grouped, LIST_CONTEXT, Row, name_and_folder};

/// The list of a panel, as it stands on the screen.
pub(crate) struct Places<T> {
    pub(crate) list: Grouped<T>,
    pub(crate) focus: FocusHandle,
    scroll: UniformListScrollHandle,
}

impl<T> Places<T> {
    pub(crate) fn new(cx: &App) -> Self {
        Self {
            list: Grouped::default(),
            focus: cx.focus_handle(),
            scroll: UniformListScrollHandle::new(),
        }
    }
}

/// How a row stands.
#[derive(Clone, Copy)]
pub(crate) struct RowState {
    pub(crate) index: usize,
    pub(crate) selected: bool,
    /// It is the one that the keyboard is on, and the keyboard was used last.
    pub(crate) focused: bool,
}

/// A panel that lists places by file.
pub(crate) trait PlacePanel: Render {
    /// A place.
    type Place: 'static;

    /// The identifiers of the whole, of the list and of a row.
    const IDS: [&'static str; 3];

    fn places(&self) -> &Places<Self::Place>;

    fn places_mut(&mut self) -> &mut Places<Self::Place>;

    /// The folder that paths are shown from.
    fn root<'a>(&self, cx: &'a App) -> &'a Path;

    /// What stands at the right end of the row of a file: how many places it has.
    fn pill(&self, group: &Group<Self::Place>) -> String {
        group.items.len().to_string()
    }

    /// Where a place leads to.
    fn target(path: &Path, place: &Self::Place) -> OpenTarget;

    /// What the keys of the list mean beside the usual, where that is something.
    fn context(&self) -> Option<&'static str> {
        None
    }

    /// What stands before the name of a file in its row, where that is something.
    fn file_box(&self, _row: usize, _cx: &Context<Self>) -> Option<AnyElement>
    where
        Self: Sized,
    {
        None
    }

    /// The row of a place.
    fn render_place(&self, place: &Self::Place, row: RowState, cx: &Context<Self>) -> AnyElement;
}

fn step<P: PlacePanel>(panel: &mut P, step: Step, cx: &mut Context<P>) {
    let places = panel.places_mut();
    if let Some(row) = places.list.step(step) {
        places.scroll.scroll_to_item(row, ScrollStrategy::Nearest);
        cx.notify();
    }
}

/// What a click on a row does: folds a file, or goes to a place.
fn choose<P: PlacePanel>(panel: &mut P, row: usize, window: &mut Window, cx: &mut Context<P>) {
    let list = &mut panel.places_mut().list;
    list.selected = Some(row);
    let Some(Row { group, item }) = list.selected_row() else {
        return;
    };
    match item {
        None => list.toggle(group),
        Some(item) => {
            let Group { path, items } = &list.groups[group];
            ui::open_path(P::target(path, &items[item]), window, cx);
        }
    }
    cx.notify();
}

fn open_selected<P: PlacePanel>(panel: &mut P, window: &mut Window, cx: &mut Context<P>) {
    if let Some(row) = panel.places().list.selected {
        choose(panel, row, window, cx);
    }
}

/// What a press on a row does.
pub(crate) fn pressed<P: PlacePanel>(
    index: usize,
    cx: &Context<P>,
) -> impl Fn(&ClickEvent, &mut Window, &mut App) + 'static {
    cx.listener(move |this: &mut P, _: &ClickEvent, window, cx| {
        this.places().focus.clone().focus(window, cx);
        choose(this, index, window, cx);
    })
}

fn render_row<P: PlacePanel>(
    panel: &P,
    index: usize,
    focused: bool,
    cx: &Context<P>,
) -> Option<AnyElement> {
    let list = &panel.places().list;
    let Row { group, item } = *list.rows().get(index)?;
    let group = list.groups.get(group)?;
    let selected = list.selected == Some(index);
    let row = RowState {
        index,
        selected,
        focused: selected && focused,
    };
    if let Some(item) = item {
        return Some(panel.render_place(group.items.get(item)?, row, cx));
    }
    let colors = **cx.kiln_theme();
    let (name, folder) = name_and_folder(&group.path, panel.root(cx));
    let folded = list.is_folded(&group.path);
    let chevron = match folded {
        true => IconName::ChevronRight,
        false => IconName::ChevronDown,
    };
    let [.., id] = P::IDS;
    let pill = panel.pill(group);
    let described = match folder.is_empty() {
        true => pill.clone(),
        false => format!("{folder}, {pill}"),
    };
    let file = ListRow::new((id, index), name)
        .role(Role::TreeItem)
        .expanded(!folded)
        .detail(folder)
        .description(described)
        .start(icons::icon(chevron, colors.text_faint))
        .when_some(panel.file_box(index, cx), ListRow::start)
        .start(icons::icon(
            icons::file_icon(&group.path),
            colors.text_muted,
        ))
        .end(Pill::new(pill))
        .selected(row.selected)
        .focused(row.focused)
        .on_click(pressed(index, cx));
    Some(file.into_any_element())
}

/// The panel's body: the tree, or what is shown in place of an empty one.
pub(crate) fn tree<P: PlacePanel>(
    panel: &P,
    name: &'static str,
    empty: EmptyState,
    window: &Window,
    cx: &mut Context<P>,
) -> impl IntoElement + use<P> {
    let colors = **cx.kiln_theme();
    let [id, rows_id, _] = P::IDS;
    let mut context = KeyContext::default();
    context.add(LIST_CONTEXT);
    context.add(READING_CONTEXT);
    if let Some(name) = panel.context() {
        context.add(name);
    }
    let places = panel.places();
    let by_keyboard = places.focus.is_focused(window) && window.last_input_was_keyboard();
    let body = match places.list.rows().len() {
        0 => empty.into_any_element(),
        count => uniform_list(
            rows_id,
            count,
            cx.processor(move |this, range: Range<usize>, _, cx| {
                let rows = range.filter_map(|index| render_row(this, index, by_keyboard, cx));
                rows.collect::<Vec<_>>()
            }),
        )
        .track_scroll(&places.scroll)
        .size_full()
        .py(space::XS)
        .into_any_element(),
    };
    div()
        .id(id)
        .test_support()
        .role(Role::Tree)
        .aria_label(name)
        .track_focus(&places.focus)
        .key_context(context)
        .on_action(cx.listener(|this, _: &SelectNext, _, cx| step(this, Step::Next, cx)))
        .on_action(cx.listener(|this, _: &SelectPrevious, _, cx| step(this, Step::Previous, cx)))
        .on_action(cx.listener(|this, _: &SelectFirst, _, cx| step(this, Step::First, cx)))
        .on_action(cx.listener(|this, _: &SelectLast, _, cx| step(this, Step::Last, cx)))
        .on_action(cx.listener(|this, _: &Expand, _, cx| {
            this.places_mut().list.expand();
            cx.notify();
        }))
        .on_action(cx.listener(|this, _: &Collapse, _, cx| {
            this.places_mut().list.collapse();
            cx.notify();
        }))
        .on_action(cx.listener(|this, _: &Open, window, cx| open_selected(this, window, cx)))
        .size_full()
        .bg(colors.surface)
        .text_color(colors.text)
        .child(body)
}
