//! What a peek shows: the text around a place, in an editor of its own, and the list of the places.

use std::ops::Range;
use std::path::Path;

use editor_core::{Selection, Selections, Text};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncWindowContext, Context, Entity, FocusHandle, Focusable, KeyContext,
    Render, Role, ScrollStrategy, SharedString, Subscription, Task, UniformListScrollHandle,
    WeakEntity, Window, div, relative, uniform_list,
};
use ui::list_keys::{Open, SelectFirst, SelectLast, SelectNext, SelectPrevious, Step};
use ui::tokens::{Typography as _, height, scaled, space};
use ui::widgets::{IconButton, ListRow, row};
use ui::{ActiveKilnTheme as _, IconName, ListedPlace, OpenTarget, WorkspaceModel, icons};
use workspace::{BufferId, WorkspaceEvent};

use crate::commands::Cancel;
use crate::scroll::Reveal;
use crate::view::EditorView;

/// The key context of the list.
pub(crate) const CONTEXT: &str = "Peek";

/// What is shown of the place that is chosen.
enum Shown {
    Reading { _file: Task<()> },
    Text(Entity<EditorView>),
    Failed(SharedString),
}

/// The places, and the text around the chosen one.
pub(crate) struct PeekPanel {
    owner: WeakEntity<EditorView>,
    model: Entity<WorkspaceModel>,
    title: SharedString,
    places: Vec<ListedPlace>,
    selected: usize,
    shown: Shown,
    /// The buffers that were opened to be shown here.
    opened: Vec<BufferId>,
    focus: FocusHandle,
    scroll: UniformListScrollHandle,
    _subscription: Subscription,
}

impl PeekPanel {
    pub(crate) fn new(
        owner: WeakEntity<EditorView>,
        model: Entity<WorkspaceModel>,
        title: &'static str,
        places: Vec<ListedPlace>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let focus = cx.focus_handle();
        focus.focus(window, cx);
        let subscription = cx.subscribe_in(&model, window, |panel, _, event, window, cx| {
            if let WorkspaceEvent::BufferClosed(buffer) = event {
                panel.closed(*buffer, window, cx);
            }
        });
        let mut panel = Self {
            owner,
            model,
            title: title.into(),
            places,
            selected: 0,
            shown: Shown::Reading {
                _file: Task::ready(()),
            },
            opened: Vec::new(),
            focus,
            scroll: UniformListScrollHandle::new(),
            _subscription: subscription,
        };
        panel.choose(0, window, cx);
        panel
    }

    /// A file was closed elsewhere: where it is shown here, it is opened again rather than show
    /// nothing.
    fn closed(&mut self, buffer: BufferId, window: &mut Window, cx: &mut Context<Self>) {
        let shows = self
            .text_shown()
            .is_some_and(|view| view.read(cx).buffer_id() == buffer);
        // A view whose own file is closed goes with it.
        let owner = self.owner.upgrade();
        let stays = owner.is_some_and(|owner| owner.read(cx).buffer_id() != buffer);
        if shows && stays {
            self.opened.retain(|opened| *opened != buffer);
            self.choose(self.selected, window, cx);
        }
    }

    /// The text around the chosen place, once it is read.
    pub(crate) fn text_shown(&self) -> Option<Entity<EditorView>> {
        match &self.shown {
            Shown::Text(view) => Some(view.clone()),
            Shown::Reading { .. } | Shown::Failed(_) => None,
        }
    }

    pub(crate) fn contains_focus(&self, window: &Window, cx: &App) -> bool {
        let in_text = match &self.shown {
            Shown::Text(view) => view.focus_handle(cx).contains_focused(window, cx),
            Shown::Reading { .. } | Shown::Failed(_) => false,
        };
        in_text || self.focus.contains_focused(window, cx)
    }

    /// Shows the text around a place.
    fn choose(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        let Some(place) = self.places.get(index).cloned() else {
            return;
        };
        self.selected = index;
        self.scroll.scroll_to_item(index, ScrollStrategy::Nearest);
        let was_open = self.model.read(cx).workspace().buffer_for_path(&place.path);
        let opening = self
            .model
            .update(cx, |model, cx| model.open_path(place.path.clone(), cx));
        let reading = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let opened = opening.await;
                // It may be closed meanwhile.
                this.update_in(cx, |panel, window, cx| {
                    panel.shown = match opened {
                        Ok(buffer) => {
                            if was_open.is_none() {
                                panel.opened.push(buffer);
                            }
                            panel.show(buffer, &place, window, cx)
                        }
                        Err(error) => Shown::Failed(error.to_string().into()),
                    };
                    cx.notify();
                })
                .ok();
            },
        );
        self.shown = Shown::Reading { _file: reading };
        cx.notify();
    }

    fn show(
        &self,
        buffer: BufferId,
        place: &ListedPlace,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Shown {
        let model = self.model.clone();
        let of_file = self.places.iter().filter(|one| one.path == place.path);
        let of_file: Vec<_> = of_file.collect();
        let view = cx.new(|cx| {
            let mut view = EditorView::new(buffer, model, window, cx);
            view.go_to(place.line as usize, place.column as usize, cx);
            // What is meant is selected; of what reaches into the next line, the first.
            let start = view.selections.primary().head;
            let end = view
                .text(cx)
                .floor_char_boundary(start + place.marked.len());
            let meant = Selections::single(Selection::new(start, end));
            view.select_revealing(meant, Reveal::Center, cx);
            // The places of the list, and nothing that only reads the same.
            let text = view.text(cx);
            let ranges = of_file.iter().map(|place| range_of(place, &text));
            view.mark_places(ranges.collect(), cx);
            view
        });
        Shown::Text(view)
    }

    fn step(&mut self, step: Step, window: &mut Window, cx: &mut Context<Self>) {
        let Some(last) = self.places.len().checked_sub(1) else {
            return;
        };
        let index = step.to(Some(self.selected), last);
        if index != self.selected {
            self.choose(index, window, cx);
        }
    }

    fn target(&self) -> Option<OpenTarget> {
        let place = self.places.get(self.selected)?;
        let (line, column) = (place.line.saturating_add(1), place.column.saturating_add(1));
        Some(OpenTarget::at(place.path.clone(), line, column))
    }

    /// Goes to the place that is shown.
    fn open(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let target = self.target();
        self.close(window, cx);
        if let Some(target) = target {
            window.defer(cx, move |window, cx| ui::open_path(target, window, cx));
        }
    }

    fn close(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let owner = self.owner.clone();
        // The owner closes this, which is in use now.
        window.defer(cx, move |window, cx| {
            // The view may be closed with it.
            owner
                .update(cx, |owner, cx| owner.close_peek(window, cx))
                .ok();
        });
    }

    /// Lets the files go that nobody else looks at. Those that were edited here and not saved get tabs,
    /// so that nothing is unsaved that nobody sees.
    pub(crate) fn leave(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.shown = Shown::Reading {
            _file: Task::ready(()),
        };
        let (model, opened) = (self.model.clone(), std::mem::take(&mut self.opened));
        // Once the views of them are gone.
        window.defer(cx, move |window, cx| {
            window.defer(cx, move |window, cx| {
                let unsaved: Vec<_> = model.update(cx, |model, cx| {
                    let paths = opened.into_iter().filter_map(|buffer| {
                        model.close_unseen(buffer, cx);
                        let left = model.workspace().buffer(buffer)?;
                        let unsaved = left.is_dirty() && !model.is_seen(buffer);
                        left.path().filter(|_| unsaved).map(Path::to_path_buf)
                    });
                    paths.collect()
                });
                for path in unsaved {
                    ui::open_path(OpenTarget::new(path), window, cx);
                }
            });
        });
    }

    fn render_header(&self, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme().clone();
        let path = self.places.get(self.selected).map(|place| &*place.path);
        let root = self.model.read(cx).root().to_path_buf();
        let shown = path.map(|path| path.strip_prefix(&root).unwrap_or(path).to_path_buf());
        let shown = shown.unwrap_or_default();
        let name = shown.file_name().unwrap_or_default().to_string_lossy();
        let folder = shown
            .parent()
            .unwrap_or(Path::new(""))
            .display()
            .to_string();
        let count = match self.places.len() {
            0 | 1 => self.title.clone(),
            count => format!("{} ({} of {count})", self.title, self.selected + 1).into(),
        };
        row()
            .flex_none()
            .h(height::ROW)
            .px(space::M)
            .gap(space::M)
            .border_b_1()
            .border_color(theme.border)
            .bg(theme.surface)
            .text_small()
            .child(icons::icon(icons::file_icon(&shown), theme.text_muted))
            .child(div().flex_none().child(name.into_owned()))
            .child(
                div()
                    .flex_1()
                    .min_w_0()
                    .truncate()
                    .text_color(theme.text_muted)
                    .child(folder),
            )
            .child(div().flex_none().text_color(theme.text_muted).child(count))
            .child(
                IconButton::new("peek-open", IconName::ExternalLink, "Go there")
                    .on_click(cx.listener(|this, _, window, cx| this.open(window, cx))),
            )
            .child(
                IconButton::new("peek-close", IconName::X, "Close")
                    .on_click(cx.listener(|this, _, window, cx| this.close(window, cx))),
            )
            .into_any_element()
    }

    fn render_row(&self, index: usize, focused: bool, cx: &Context<Self>) -> Option<AnyElement> {
        let place = self.places.get(index)?;
        let name = place.path.file_name().unwrap_or_default().to_string_lossy();
        let selected = index == self.selected;
        let place_row = ListRow::new(("peek-place", index), format!("{name}:{}", place.line + 1))
            .detail(place.text.clone())
            .tooltip(place.text.clone())
            .selected(selected)
            .focused(selected && focused)
            .on_click(cx.listener(move |this: &mut Self, _, window, cx| {
                this.focus.clone().focus(window, cx);
                this.choose(index, window, cx);
            }));
        Some(place_row.into_any_element())
    }
}

/// The bytes of a place in its text, as far as its line reaches.
fn range_of(place: &ListedPlace, text: &Text) -> Range<usize> {
    let row = (place.line as usize).min(text.line_count() - 1);
    let (start, end) = (text.line_start(row), text.line_end(row));
    let before = text.chars_from(start).take(place.column as usize);
    let start = (start + before.map(char::len_utf8).sum::<usize>()).min(end);
    start..(start + place.marked.len()).min(end)
}

impl Focusable for PeekPanel {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for PeekPanel {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        // The text has keys of its own, and letters.
        let mut context = KeyContext::default();
        if self.focus.is_focused(window) {
            context.add(CONTEXT);
        }
        let by_keyboard = self.focus.is_focused(window) && window.last_input_was_keyboard();
        let count = self.places.len();
        let text = match &self.shown {
            Shown::Text(view) => view.clone().into_any_element(),
            Shown::Reading { .. } => div().into_any_element(),
            Shown::Failed(why) => div()
                .p(space::L)
                .text_small()
                .text_color(theme.text_muted)
                .child(why.clone())
                .into_any_element(),
        };
        let list = (count > 1).then(|| {
            let rows = uniform_list(
                "peek-rows",
                count,
                cx.processor(move |this, range: std::ops::Range<usize>, _, cx| {
                    let rows = range.filter_map(|index| this.render_row(index, by_keyboard, cx));
                    rows.collect::<Vec<_>>()
                }),
            );
            div()
                .w(relative(0.32))
                .min_w(scaled(160.))
                .flex_none()
                .h_full()
                .border_l_1()
                .border_color(theme.border)
                .bg(theme.surface)
                .child(rows.track_scroll(&self.scroll).size_full().py(space::XS))
        });
        div()
            .id("peek")
            .test_support()
            .role(Role::Group)
            .aria_label(self.title.clone())
            .track_focus(&self.focus)
            .key_context(context)
            .on_action(cx.listener(|this, _: &Cancel, window, cx| this.close(window, cx)))
            .on_action(cx.listener(|this, _: &SelectNext, window, cx| {
                this.step(Step::Next, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectPrevious, window, cx| {
                this.step(Step::Previous, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectFirst, window, cx| {
                this.step(Step::First, window, cx);
            }))
            .on_action(cx.listener(|this, _: &SelectLast, window, cx| {
                this.step(Step::Last, window, cx);
            }))
            .on_action(cx.listener(|this, _: &Open, window, cx| this.open(window, cx)))
            .occlude()
            .size_full()
            .flex()
            .flex_col()
            .border_y_1()
            .border_color(theme.accent)
            .bg(theme.surface)
            .text_color(theme.text)
            .child(self.render_header(cx))
            .child(
                div()
                    .flex_1()
                    .min_h_0()
                    .w_full()
                    .flex()
                    .child(div().flex_1().min_w_0().h_full().child(text))
                    .children(list),
            )
    }
}
