//! The picker: a line to type in and a list that follows it. The palette, Go to File and
//! the theme chooser are pickers.

use crate::modal::{most_height_of_picker, most_width};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{Input, InputEvent, InputState};
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, DismissEvent, Entity, EventEmitter, FocusHandle, Focusable,
    KeyBinding, Pixels, Rems, Role, ScrollStrategy, SharedString, Subscription, Task,
    UniformListScrollHandle, Window, div, px, uniform_list,
};
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{KeyHint, divider, row};
use ui::{ActiveKilnTheme as _, IconName, Typography as _, icons, zoom};

gpui_kit::actions!(
    picker,
    [
        /// The row below.
        SelectNext,
        /// The row above.
        SelectPrevious,
        /// One page down.
        PageDown,
        /// One page up.
        PageUp,
        /// Takes the selected row.
        Confirm,
        /// Closes the picker.
        Cancel,
    ]
);

/// Rows in sight at most.
const VISIBLE_ROWS: usize = 12;

/// The height of what is typed into.
const INPUT_ROW: Rems = scaled(42.);

/// The lines above, below and within a picker.
const EDGES: Pixels = px(3.);

/// Binds the keys of pickers.
pub(crate) fn bind_keys(cx: &mut App) {
    let inside = Some("Picker > Input");
    ui::keys::bind_fixed(
        [
            KeyBinding::new("down", SelectNext, inside),
            KeyBinding::new("ctrl-n", SelectNext, inside),
            KeyBinding::new("up", SelectPrevious, inside),
            KeyBinding::new("pagedown", PageDown, inside),
            KeyBinding::new("pageup", PageUp, inside),
            KeyBinding::new("enter", Confirm, inside),
            KeyBinding::new("escape", Cancel, inside),
        ],
        cx,
    );
}

/// What a picker offers.
pub trait PickerDelegate: Sized + 'static {
    /// What the picker is, for assistive technology: "Go to file".
    fn name(&self) -> SharedString;

    /// What the line shows while it is empty.
    fn placeholder(&self) -> SharedString;

    /// What is shown when nothing matches.
    fn nothing(&self, query: &str) -> SharedString;

    /// How many rows there are now.
    fn len(&self) -> usize;

    /// Whether there is no row.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds the rows for a query. Slow work calls [`Picker::refresh`] when it is done.
    fn search(&mut self, query: &str, window: &mut Window, cx: &mut Context<Picker<Self>>);

    /// Whether the rows are not those of the query yet. Enter waits for them.
    fn is_searching(&self) -> bool {
        false
    }

    /// One row's accessible name.
    fn row_label(&self, index: usize) -> SharedString;

    /// One row.
    fn row(&self, index: usize, selected: bool, cx: &App) -> AnyElement;

    /// The row that is selected at first.
    fn initial(&self) -> usize {
        0
    }

    /// Another row is selected now.
    fn selected(&mut self, _index: usize, _window: &mut Window, _cx: &mut Context<Picker<Self>>) {}

    /// A row was taken. The picker closes by itself afterwards.
    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>);

    /// The picker closed without a row, whichever way.
    fn cancelled(&mut self, _cx: &mut App) {}
}

/// A line to type in and a list that follows it.
pub struct Picker<D: PickerDelegate> {
    /// What it offers.
    pub delegate: D,
    input: Entity<InputState>,
    selected: usize,
    scroll: UniformListScrollHandle,
    confirmed: bool,
    /// Enter was pressed before the rows of the query were there.
    confirms_found: bool,
    width: Rems,
    _subscription: Subscription,
}

impl<D: PickerDelegate> Picker<D> {
    /// Shows what a search off the UI thread finds. It ends with the task: a newer one takes its
    /// place.
    pub(crate) fn show_found<R: 'static>(
        search: Task<R>,
        take: impl FnOnce(&mut D, R) + 'static,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Task<()> {
        cx.spawn_in(window, async move |picker, cx| {
            let found = search.await;
            // The picker may have been closed meanwhile.
            picker
                .update_in(cx, |picker, window, cx| {
                    take(&mut picker.delegate, found);
                    picker.refresh(window, cx);
                })
                .ok();
        })
    }

    /// A picker whose list is filled for an empty query.
    pub fn new(mut delegate: D, window: &mut Window, cx: &mut Context<Self>) -> Self {
        let input = cx.new(|cx| InputState::new(window, cx).placeholder(delegate.placeholder()));
        let subscription = cx.subscribe_in(
            &input,
            window,
            |this, input, event: &InputEvent, window, cx| {
                if matches!(event, InputEvent::Change) {
                    this.confirms_found = false;
                    let query = input.read(cx).value();
                    this.delegate.search(&query, window, cx);
                    this.select(0, window, cx);
                }
            },
        );
        delegate.search("", window, cx);
        let selected = delegate.initial().min(delegate.len().saturating_sub(1));
        cx.on_release(|this, cx| {
            if !this.confirmed {
                this.delegate.cancelled(cx);
            }
        })
        .detach();
        let scroll = UniformListScrollHandle::new();
        scroll.scroll_to_item(selected, ScrollStrategy::Center);
        Self {
            delegate,
            input,
            selected,
            scroll,
            confirmed: false,
            confirms_found: false,
            width: scaled(600.),
            _subscription: subscription,
        }
    }

    /// The same in another width.
    pub fn with_width(mut self, width: Rems) -> Self {
        self.width = width;
        self
    }

    /// The rows changed without a keystroke.
    pub fn refresh(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.select(self.selected, window, cx);
        if self.confirms_found && !self.delegate.is_searching() {
            self.confirms_found = false;
            self.confirm(self.selected, window, cx);
        }
    }

    /// Takes the selected row of what was typed, once that is found.
    fn confirm_selected(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.delegate.is_searching() {
            self.confirms_found = true;
            return;
        }
        self.confirm(self.selected, window, cx);
    }

    pub(crate) fn select(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        self.selected = index.min(self.delegate.len().saturating_sub(1));
        self.scroll
            .scroll_to_item(self.selected, ScrollStrategy::Nearest);
        if !self.delegate.is_empty() {
            self.delegate.selected(self.selected, window, cx);
        }
        cx.notify();
    }

    fn step(&mut self, by: isize, window: &mut Window, cx: &mut Context<Self>) {
        let rows = self.delegate.len() as isize;
        if rows == 0 {
            return;
        }
        let next = if by.abs() == 1 {
            (self.selected as isize + by).rem_euclid(rows)
        } else {
            (self.selected as isize + by).clamp(0, rows - 1)
        };
        self.select(next as usize, window, cx);
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Self>) {
        if index >= self.delegate.len() {
            return;
        }
        self.confirmed = true;
        // Closing first gives the keyboard back, so that the row acts where it was. The
        // handle keeps the picker alive until the row has acted.
        let this = cx.entity();
        cx.emit(DismissEvent);
        window.defer(cx, move |window, cx| {
            this.update(cx, |this, cx| this.delegate.confirm(index, window, cx));
        });
    }
}

impl<D: PickerDelegate> EventEmitter<DismissEvent> for Picker<D> {}

impl<D: PickerDelegate> Focusable for Picker<D> {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        self.input.read(cx).focus_handle(cx)
    }
}

impl<D: PickerDelegate> Render for Picker<D> {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let width = zoom::pixels(self.width, cx).min(most_width(window, cx));
        let theme = cx.kiln_theme();
        let (elevated, border, text, muted, faint) = (
            theme.elevated,
            theme.border,
            theme.text,
            theme.text_muted,
            theme.text_faint,
        );
        let rows = self.delegate.len();
        let row_height = zoom::pixels(height::MENU_ROW, cx);
        let beside_rows = zoom::pixels(INPUT_ROW, cx) + zoom::pixels(space::XS, cx) * 2. + EDGES;
        let room = most_height_of_picker(window, cx) - beside_rows;
        let list_height = (row_height * rows.min(VISIBLE_ROWS) as f32).min(room.max(row_height));
        let list = uniform_list(
            "picker-rows",
            rows,
            cx.processor(|this, range: std::ops::Range<usize>, _, cx| {
                range
                    .map(|index| this.render_row(index, cx))
                    .collect::<Vec<_>>()
            }),
        )
        .track_scroll(&self.scroll)
        .h(list_height);
        div()
            .id("picker")
            .test_support()
            .role(Role::Dialog)
            .aria_label(self.delegate.name())
            .key_context("Picker")
            .on_action(cx.listener(|this, _: &SelectNext, window, cx| this.step(1, window, cx)))
            .on_action(
                cx.listener(|this, _: &SelectPrevious, window, cx| this.step(-1, window, cx)),
            )
            .on_action(cx.listener(|this, _: &PageDown, window, cx| {
                this.step(VISIBLE_ROWS as isize, window, cx);
            }))
            .on_action(cx.listener(|this, _: &PageUp, window, cx| {
                this.step(-(VISIBLE_ROWS as isize), window, cx);
            }))
            .on_action(cx.listener(|this, _: &Confirm, window, cx| {
                this.confirm_selected(window, cx);
            }))
            .on_action(cx.listener(|_, _: &Cancel, _, cx| cx.emit(DismissEvent)))
            .w(width)
            .flex()
            .flex_col()
            .overflow_hidden()
            .rounded(radius::LARGE)
            .bg(elevated)
            .border_1()
            .border_color(border)
            .shadow_lg()
            .text_color(text)
            .child(
                row()
                    .h(INPUT_ROW)
                    .px(space::L)
                    .gap(space::M)
                    .child(icons::sized_icon(
                        IconName::Search,
                        icon_size::MEDIUM,
                        faint,
                    ))
                    .child(
                        div().flex_1().text_body().child(
                            Input::new(&self.input)
                                .id("picker-input")
                                .aria_label(self.delegate.name())
                                .appearance(false)
                                .px_0(),
                        ),
                    )
                    .child(KeyHint::keys("Esc")),
            )
            .child(divider(cx))
            .map(|this| {
                if rows == 0 {
                    let nothing = self.delegate.nothing(&self.input.read(cx).value());
                    this.child(
                        div()
                            .id("picker-nothing")
                            .test_support()
                            .role(Role::Status)
                            .aria_label(nothing.clone())
                            .p(space::XL)
                            .text_small()
                            .text_color(muted)
                            .child(nothing),
                    )
                } else {
                    this.child(
                        div()
                            .relative()
                            .p(space::XS)
                            .child(list)
                            .vertical_scrollbar(&self.scroll),
                    )
                }
            })
    }
}

impl<D: PickerDelegate> Picker<D> {
    fn render_row(&self, index: usize, cx: &mut Context<Self>) -> AnyElement {
        let theme = cx.kiln_theme();
        let selected = index == self.selected;
        let (active, hover) = (theme.active, theme.hover);
        div()
            .id(("picker-row", index))
            .test_support()
            .role(Role::ListBoxOption)
            .aria_label(self.delegate.row_label(index))
            .aria_selected(selected)
            .flex()
            .items_center()
            .w_full()
            .h(height::MENU_ROW)
            .px(space::M)
            .rounded(radius::SMALL)
            .text_small()
            .when(selected, |this| this.bg(active))
            .when(!selected, |this| this.hover(move |style| style.bg(hover)))
            .on_click(cx.listener(move |this, _, window, cx| this.confirm(index, window, cx)))
            .child(self.delegate.row(index, selected, cx))
            .into_any_element()
    }
}

/// The label of a row with the matched letters in the accent colour.
pub fn highlighted(label: &str, matched: &[usize], cx: &App) -> AnyElement {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    for (count, (start, character)) in label.char_indices().enumerate() {
        if !matched.contains(&count) {
            continue;
        }
        let end = start + character.len_utf8();
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    emphasised(label, ranges, cx)
}

/// The label of a row with some of its bytes in the accent colour.
pub fn emphasised(label: &str, ranges: Vec<std::ops::Range<usize>>, cx: &App) -> AnyElement {
    let style = gpui_kit::HighlightStyle {
        color: Some(cx.kiln_theme().accent),
        font_weight: Some(gpui_kit::FontWeight::SEMIBOLD),
        ..Default::default()
    };
    gpui_kit::StyledText::new(label.to_owned())
        .with_highlights(ranges.into_iter().map(|range| (range, style)))
        .into_any_element()
}
