//! A short list to choose from, with a filter: models, past sessions.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{Enter, Escape, Input, InputEvent, InputState, MoveDown, MoveUp};
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

const WIDTH: Rems = scaled(320.);
const GREATEST_HEIGHT: Rems = scaled(400.);

/// One line of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Choice {
    /// What is reported when it is chosen.
    pub id: SharedString,
    /// What it is called.
    pub title: SharedString,
    /// A quiet word behind the title.
    pub detail: Option<SharedString>,
    /// Written above the first choice of a group.
    pub section: Option<SharedString>,
    /// Drawn before the title.
    pub icon: Option<IconName>,
    /// Whether it is the one in use.
    pub current: bool,
}

/// What a person did with the list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ChoiceEvent {
    /// A choice was taken, by its id.
    Chosen(SharedString),
    /// The list was left without a choice; by a press of the mouse here, or by a key.
    Dismissed(Option<Point<Pixels>>),
}

/// The list as a popover's content.
pub(crate) struct ChoiceList {
    label: SharedString,
    nothing: SharedString,
    filter: Entity<InputState>,
    choices: Vec<Choice>,
    shown: Vec<usize>,
    active: usize,
    scroll: ScrollHandle,
    _filter_events: Subscription,
}

impl EventEmitter<ChoiceEvent> for ChoiceList {}

impl ChoiceList {
    /// A list named `label`; `nothing` is said when no choice matches.
    pub fn new(
        label: impl Into<SharedString>,
        nothing: impl Into<SharedString>,
        choices: Vec<Choice>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let label = label.into();
        let filter = cx.new(|cx| InputState::new(window, cx).placeholder("Filter"));
        let filter_events = cx.subscribe_in(&filter, window, |this, _, event, _, cx| {
            if matches!(event, InputEvent::Change) {
                this.refilter(cx);
            }
        });
        let active = choices
            .iter()
            .position(|choice| choice.current)
            .unwrap_or(0);
        Self {
            label,
            nothing: nothing.into(),
            filter,
            shown: (0..choices.len()).collect(),
            choices,
            active,
            scroll: ScrollHandle::new(),
            _filter_events: filter_events,
        }
    }

    /// Replaces the choices, as when more models were found; keeps the filter.
    pub fn set_choices(&mut self, choices: Vec<Choice>, cx: &mut Context<Self>) {
        self.choices = choices;
        self.refilter(cx);
        let current = |at: &usize| self.choices.get(*at).is_some_and(|choice| choice.current);
        if let Some(position) = self.shown.iter().position(current) {
            self.active = position;
            self.scroll.scroll_to_item(position);
        }
    }

    fn refilter(&mut self, cx: &mut Context<Self>) {
        let wanted = self.filter.read(cx).value().to_lowercase();
        self.shown = self
            .choices
            .iter()
            .enumerate()
            .filter(|(_, choice)| {
                let text = format!(
                    "{} {}",
                    choice.title,
                    choice.detail.as_deref().unwrap_or_default()
                )
                .to_lowercase();
                wanted.split_whitespace().all(|word| text.contains(word))
            })
            .map(|(index, _)| index)
            .collect();
        self.active = 0;
        cx.notify();
    }

    fn step(&mut self, by: isize, cx: &mut Context<Self>) {
        let count = self.shown.len() as isize;
        if count > 0 {
            self.active = (self.active as isize + by).rem_euclid(count) as usize;
            self.scroll.scroll_to_item(self.active);
            cx.notify();
        }
    }

    fn choose(&mut self, position: usize, cx: &mut Context<Self>) {
        if let Some(choice) = self
            .shown
            .get(position)
            .and_then(|&at| self.choices.get(at))
        {
            cx.emit(ChoiceEvent::Chosen(choice.id.clone()));
        }
    }

    fn row(&self, position: usize, cx: &mut Context<Self>) -> Option<AnyElement> {
        let choice = self.choices.get(*self.shown.get(position)?)?;
        let previous = position
            .checked_sub(1)
            .and_then(|before| self.choices.get(*self.shown.get(before)?))
            .and_then(|choice| choice.section.clone());
        let colors = **cx.kiln_theme();
        let active = position == self.active;
        let heading = choice
            .section
            .clone()
            .filter(|section| previous.as_ref() != Some(section));
        Some(
            div()
                .child(div().when_some(heading, |this, heading| {
                    this.child(
                        div()
                            .px(space::M)
                            .pt(space::S)
                            .pb(space::XXS)
                            .text_caption()
                            .text_color(colors.text_faint)
                            .child(heading),
                    )
                }))
                .child(
                    div()
                        .id(("choice", position))
                        .role(Role::ListBoxOption)
                        .aria_label(choice.title.clone())
                        .aria_selected(choice.current)
                        .test_support()
                        .h(height::MENU_ROW)
                        .px(space::M)
                        .flex()
                        .items_center()
                        .gap(space::S)
                        .rounded(radius::SMALL)
                        .cursor_pointer()
                        .when(active, |this| this.bg(colors.active))
                        .hover(|this| this.bg(colors.hover))
                        .on_click(cx.listener(move |this, _, _, cx| this.choose(position, cx)))
                        .when_some(choice.icon, |this, name| {
                            this.child(ui::icon(name, colors.text_muted))
                        })
                        .child(
                            div()
                                .min_w_0()
                                .truncate()
                                .text_body()
                                .text_color(colors.text)
                                .child(choice.title.clone()),
                        )
                        .when_some(choice.detail.clone(), |this, detail| {
                            this.child(
                                div()
                                    .flex_1()
                                    .min_w_0()
                                    .truncate()
                                    .text_small()
                                    .text_color(colors.text_faint)
                                    .child(detail),
                            )
                        })
                        .when(choice.current, |this| {
                            this.child(div().ml_auto().child(ui::icons::sized_icon(
                                IconName::Check,
                                icon_size::MEDIUM,
                                colors.accent,
                            )))
                        }),
                )
                .into_any_element(),
        )
    }
}

impl Focusable for ChoiceList {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        self.filter.focus_handle(cx)
    }
}

impl Render for ChoiceList {
    fn render(&mut self, _window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let rows: Vec<_> = (0..self.shown.len())
            .filter_map(|position| self.row(position, cx))
            .collect();
        let colors = **cx.kiln_theme();
        let (nothing, border, faint) = (self.nothing.clone(), colors.border, colors.text_faint);
        div()
            .id("choice-list")
            .role(Role::ListBox)
            .aria_label(self.label.clone())
            .test_support()
            .w(WIDTH)
            .max_h(GREATEST_HEIGHT)
            .flex()
            .flex_col()
            .bg(colors.elevated)
            .border_1()
            .border_color(border)
            .rounded(radius::LARGE)
            .shadow_lg()
            .occlude()
            .capture_action(cx.listener(|this, _: &MoveUp, _, cx| {
                this.step(-1, cx);
                cx.stop_propagation();
            }))
            .capture_action(cx.listener(|this, _: &MoveDown, _, cx| {
                this.step(1, cx);
                cx.stop_propagation();
            }))
            .capture_action(cx.listener(|this, _: &Enter, _, cx| {
                this.choose(this.active, cx);
                cx.stop_propagation();
            }))
            .capture_action(cx.listener(|_, _: &Escape, _, cx| {
                cx.emit(ChoiceEvent::Dismissed(None));
                cx.stop_propagation();
            }))
            .on_mouse_down_out(cx.listener(|_, event: &MouseDownEvent, _, cx| {
                cx.emit(ChoiceEvent::Dismissed(Some(event.position)));
            }))
            .child(
                div()
                    .flex_none()
                    .px(space::XXS)
                    .border_b_1()
                    .border_color(border)
                    .child(
                        Input::new(&self.filter)
                            .id("choice-filter")
                            .aria_label(SharedString::from(format!("Filter {}", self.label)))
                            .appearance(false)
                            .h(height::MENU_ROW + space::M),
                    ),
            )
            .child(
                div()
                    .id("choices")
                    .p(space::XS)
                    .flex()
                    .flex_col()
                    .min_h_0()
                    .overflow_y_scroll()
                    .track_scroll(&self.scroll)
                    .when(rows.is_empty(), |this| {
                        this.child(
                            div()
                                .p(space::L)
                                .text_small()
                                .text_color(faint)
                                .child(nothing),
                        )
                    })
                    .children(rows),
            )
            .vertical_scrollbar(&self.scroll)
    }
}
