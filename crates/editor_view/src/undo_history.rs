//! The tree of undo as a list below the text: every state with when it was made and what changed,
//! shown in the text before it is gone to.

mod graph;
mod row;

use std::sync::Arc;

use editor_core::{HistoryStates, NodeId, Selections, StateSummary, Text};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, Entity, FocusHandle, Focusable, Render, Role, ScrollStrategy, SharedString, Task,
    UniformListScrollHandle, WeakEntity, Window, actions, div, relative, uniform_list,
};
use syntax::LanguageId;
use ui::list_keys::{Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step};
use ui::tokens::{Typography as _, height, space};
use ui::widgets::KeyHint;
use ui::{ActiveKilnTheme as _, ActiveSettings as _, WorkspaceModel};
use workspace::{Buffer, BufferId, HistoryMove};

use crate::compare::DiffPurpose;
use crate::differences::{comparable, differences};
use crate::display_text::CellRules;
use crate::scroll::ScrollPosition;
use crate::view::EditorView;
use graph::GraphRow;

actions!(
    undo_history,
    [
        /// A page of older states.
        PageDown,
        /// A page of newer states.
        PageUp,
    ]
);

/// Names the list to the keymap.
pub(crate) const CONTEXT: &str = "UndoHistory";

/// Rows in sight at most.
const ROWS: usize = 12;

/// The share of the view's height that it takes at most: the rest is for the text.
const SHARE: f32 = 0.5;

/// The states of a history below the text that it is of, which none of it is hidden by.
pub(crate) struct UndoHistory {
    view: WeakEntity<EditorView>,
    model: Entity<WorkspaceModel>,
    buffer: BufferId,
    focus: FocusHandle,
    scroll: UniformListScrollHandle,
    /// Where to go back to when no state is chosen.
    before: (Selections, ScrollPosition),
    found: Option<Found>,
    selected: NodeId,
    /// Tells of the states; where the text changes meanwhile, `outdated` says to do it again.
    telling: Option<Task<()>>,
    outdated: bool,
    previewing: Option<Task<()>>,
}

/// What the states are at some version of the text.
struct Found {
    version: u64,
    text: Text,
    states: Arc<HistoryStates>,
    /// The newest first.
    summaries: Vec<StateSummary>,
    graph: Vec<GraphRow>,
}

impl Focusable for UndoHistory {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl UndoHistory {
    fn new(view: &EditorView, this: WeakEntity<EditorView>, cx: &mut Context<Self>) -> Self {
        let mut list = Self {
            view: this,
            model: view.model.clone(),
            buffer: view.buffer,
            focus: cx.focus_handle(),
            scroll: UniformListScrollHandle::new(),
            before: (view.selections.clone(), view.scroll_target()),
            found: None,
            selected: NodeId::of_u64(0),
            telling: None,
            outdated: false,
            previewing: None,
        };
        list.tell(cx);
        list
    }

    /// Reads the states anew, off this thread.
    fn tell(&mut self, cx: &mut Context<Self>) {
        if self.telling.is_some() {
            self.outdated = true;
            return;
        }
        let model = self.model.read(cx);
        let Some(buffer) = model.workspace().buffer(self.buffer) else {
            return;
        };
        let (states, text) = (Arc::new(buffer.history_states()), buffer.text().clone());
        let version = buffer.version();
        let work = cx.background_spawn({
            let (states, text) = (states.clone(), text.clone());
            async move {
                let mut summaries = states.summaries(&text);
                summaries.reverse();
                let tree: Vec<_> = summaries.iter().map(|one| (one.id, one.parent)).collect();
                let graph = graph::rows(&tree, states.current());
                (summaries, graph)
            }
        });
        self.telling = Some(cx.spawn(async move |this, cx| {
            let (summaries, graph) = work.await;
            let found = Found {
                version,
                text,
                states,
                summaries,
                graph,
            };
            // The list may be closed by now.
            this.update(cx, |list, cx| list.told(found, cx)).ok();
        }));
    }

    fn told(&mut self, found: Found, cx: &mut Context<Self>) {
        self.telling = None;
        let before = self.found.as_ref().map(|before| before.states.current());
        let current = found.states.current();
        let known = found.summaries.iter().any(|one| one.id == self.selected);
        // What is selected stays so, but for the current state, which moves on with the text.
        if before.is_none_or(|before| before == self.selected) || !known {
            self.selected = current;
        }
        self.found = Some(found);
        if std::mem::take(&mut self.outdated) {
            self.tell(cx);
        }
        self.show_selected(cx);
    }

    fn row_of(&self, id: NodeId) -> Option<usize> {
        let found = self.found.as_ref()?;
        found.summaries.iter().position(|one| one.id == id)
    }

    fn step(&mut self, step: Step, cx: &mut Context<Self>) {
        let Some(last) = self.last_row() else {
            return;
        };
        self.select_row(step.to(self.row_of(self.selected), last), cx);
    }

    fn page(&mut self, rows: isize, cx: &mut Context<Self>) {
        let (Some(last), Some(row)) = (self.last_row(), self.row_of(self.selected)) else {
            return;
        };
        self.select_row(row.saturating_add_signed(rows).min(last), cx);
    }

    fn last_row(&self) -> Option<usize> {
        self.found.as_ref()?.summaries.len().checked_sub(1)
    }

    fn select_row(&mut self, row: usize, cx: &mut Context<Self>) {
        let found = self.found.as_ref();
        if let Some(state) = found.and_then(|found| found.summaries.get(row))
            && state.id != self.selected
        {
            self.selected = state.id;
            self.show_selected(cx);
        }
    }

    /// Scrolls to the selected state, and shows in the text what going there would change.
    fn show_selected(&mut self, cx: &mut Context<Self>) {
        if let Some(row) = self.row_of(self.selected) {
            self.scroll.scroll_to_item(row, ScrollStrategy::Nearest);
        }
        cx.notify();
        let Some(found) = &self.found else {
            return;
        };
        let (states, text, version) = (found.states.clone(), found.text.clone(), found.version);
        let selected = self.selected;
        let buffer = self.model.read(cx).workspace().buffer(self.buffer);
        let language = buffer.map_or(LanguageId::PLAIN, Buffer::language);
        let rules = CellRules::of_settings(cx.kiln_settings().of_language(language.id_str()));
        let work = cx.background_spawn(async move {
            // Of a text that is too large nothing is shown; it can be gone to nevertheless.
            let other = states.text_of(selected, &text)?;
            let is_other = selected != states.current();
            (is_other && comparable(&other, &text))
                .then(|| differences(&other, &text, language, rules))
        });
        let view = self.view.clone();
        // The one before is dropped, and with it what it would have shown.
        self.previewing = Some(cx.spawn(async move |_, cx| {
            let found = work.await;
            // The view may be closed by now.
            view.update(cx, |view, cx| match found {
                Some(found) => view.show_differences(found, version, DiffPurpose::History, cx),
                None => view.close_compare(cx),
            })
            .ok();
        }));
    }

    /// Goes to the selected state and closes the list.
    fn open(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (view, state) = (self.view.clone(), self.selected);
        // The list belongs to the view, which closes it.
        window.defer(cx, move |window, cx| {
            // The view may be closed by now.
            view.update(cx, |view, cx| view.go_to_state(state, window, cx))
                .ok();
        });
    }
}

impl Render for UndoHistory {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        let count = self.found.as_ref().map_or(0, |found| found.summaries.len());
        let title = match (&self.found, count) {
            (None, _) => "Reading…".into(),
            (_, 0 | 1) => SharedString::from("Nothing has been edited yet"),
            (_, count) => format!("{count} states").into(),
        };
        let hint = |keys: &'static str, does: &'static str| {
            div()
                .flex()
                .items_center()
                .gap(space::XS)
                .child(KeyHint::keys(keys))
                .child(does)
        };
        let list = uniform_list(
            "undo-history-rows",
            count,
            cx.processor(|list, range: std::ops::Range<usize>, _, cx| {
                range
                    .filter_map(|row| list.render_row(row, cx))
                    .collect::<Vec<_>>()
            }),
        )
        .track_scroll(&self.scroll)
        .min_h_0()
        .h(height::ROW * count.min(ROWS) as f32);
        div()
            .occlude()
            .id("undo-history")
            .test_support()
            .track_focus(&self.focus)
            .key_context(CONTEXT)
            .role(Role::Dialog)
            .aria_label("Undo history")
            .on_action(cx.listener(|list, _: &SelectNext, _, cx| list.step(Step::Next, cx)))
            .on_action(cx.listener(|list, _: &SelectPrevious, _, cx| {
                list.step(Step::Previous, cx);
            }))
            .on_action(cx.listener(|list, _: &SelectFirst, _, cx| list.step(Step::First, cx)))
            .on_action(cx.listener(|list, _: &SelectLast, _, cx| list.step(Step::Last, cx)))
            .on_action(cx.listener(|list, _: &PageDown, _, cx| list.page(ROWS as isize, cx)))
            .on_action(cx.listener(|list, _: &PageUp, _, cx| list.page(-(ROWS as isize), cx)))
            .on_action(cx.listener(|list, _: &Open, window, cx| list.open(window, cx)))
            .flex()
            .flex_col()
            .flex_none()
            .w_full()
            .max_h(relative(SHARE))
            .overflow_hidden()
            .gap(space::XS)
            .p(space::S)
            .bg(theme.elevated)
            .border_t_1()
            .border_color(theme.border)
            .font_family(ui::tokens::UI_FONT)
            .text_small()
            .text_color(theme.text_muted)
            .child(
                div()
                    .flex()
                    .items_center()
                    .flex_none()
                    .gap(space::M)
                    .px(space::S)
                    .whitespace_nowrap()
                    .child(div().text_color(theme.text).child("Undo History"))
                    .child(div().flex_1().min_w_0().truncate().child(title))
                    .text_caption()
                    .child(hint("Enter", "go there"))
                    .child(hint("Esc", "stay")),
            )
            .when(count > 0, |this| {
                this.child(
                    div()
                        .relative()
                        .flex()
                        .flex_col()
                        .min_h_0()
                        .child(list)
                        .vertical_scrollbar(&self.scroll),
                )
            })
    }
}

impl EditorView {
    /// Lists the states of the text's history, or closes the list.
    pub(crate) fn toggle_undo_history(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.undo_history.is_some() {
            self.close_undo_history(window, cx);
            return;
        }
        self.close_go_to_line(window, cx);
        self.close_choices(window, cx);
        self.close_compare(cx);
        self.find = None;
        let this = cx.weak_entity();
        let list = cx.new(|cx| UndoHistory::new(self, this, cx));
        let focus = list.read(cx).focus.clone();
        window.focus(&focus, cx);
        self.undo_history = Some(list);
        cx.notify();
    }

    /// Closes the list and shows the text where it was.
    pub(crate) fn close_undo_history(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let Some(list) = self.undo_history.take() else {
            return;
        };
        self.close_compare(cx);
        let before = list.read(cx).before.clone();
        self.return_to(before, window, cx);
        cx.notify();
    }

    /// Closes the list for another prompt that takes its place.
    pub(crate) fn drop_undo_history(&mut self, cx: &mut Context<Self>) {
        if self.undo_history.take().is_some() {
            self.close_compare(cx);
        }
    }

    /// Closes the list and brings a state back.
    fn go_to_state(&mut self, state: NodeId, window: &mut Window, cx: &mut Context<Self>) {
        if self.undo_history.take().is_none() {
            return;
        }
        self.close_compare(cx);
        window.focus(&self.focus, cx);
        self.move_in_history(HistoryMove::State(state), window, cx);
        cx.notify();
    }

    /// Reads the list anew after an edit, and keeps the place to go back to where it was.
    pub(crate) fn undo_history_follows(
        &self,
        changes: &editor_core::ChangeSet,
        cx: &mut Context<Self>,
    ) {
        if let Some(list) = &self.undo_history {
            list.update(cx, |list, cx| {
                list.before.0 = list.before.0.map(changes);
                list.tell(cx);
            });
        }
    }

    /// Marks another state as the saved one.
    pub(crate) fn undo_history_saved(&self, cx: &mut Context<Self>) {
        if let Some(list) = &self.undo_history {
            list.update(cx, |_, cx| cx.notify());
        }
    }
}
