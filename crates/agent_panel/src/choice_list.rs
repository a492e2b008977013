//! A short list to choose from, with a filter: models, past sessions.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{Enter, Escape, Input, InputEvent, InputState, MoveDown, MoveUp};
use gpui_kit::component::scroll::ScrollableElement as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::text_tooltip;
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

const GREATEST_HEIGHT: Rems = scaled(400.);
/// A line with so many characters, or fewer, is seen whole.
const SURE_TO_FIT: usize = 30;
/// How many of the choices that match are shown at most; a few more letters find the others.
const MOST_SHOWN: usize = 100;

/// One line of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Choice {
    /// What is reported when it is chosen.
    pub id: SharedString,
    /// What it is called.
    pub title: SharedString,
    /// A quiet word behind the title.
    pub detail: Option<SharedString>,
    /// What is the matter with it, written whole below the title.
    pub trouble: Option<SharedString>,
    /// What finds it, beside what is seen of it.
    pub also: Option<SharedString>,
    /// Written above the first choice of a group.
    pub section: Option<SharedString>,
    /// Drawn before the title.
    pub icon: Option<IconName>,
    /// Whether it is the one in use.
    pub current: bool,
    /// Whether there is little to be had from it, so that it stands back.
    pub faint: bool,
}

/// What words offer by themselves.
type Typed = Box<dyn Fn(&str) -> Vec<Choice> + Send>;

/// What a list offers.
pub(crate) struct Choices {
    /// What there is to choose, with the choices of a section beside each other.
    pub choices: Vec<Choice>,
    /// Why there may be others that are not known.
    pub failure: Option<SharedString>,
    /// What is said below them.
    pub notes: Vec<SharedString>,
    /// What the filter's words offer by themselves.
    pub typed: Typed,
}

impl Choices {
    /// These alone.
    pub fn of(choices: Vec<Choice>) -> Self {
        Self {
            choices,
            failure: None,
            notes: Vec::new(),
            typed: Box::new(|_| Vec::new()),
        }
    }
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
    offered: Choices,
    /// Whether what there is to choose is known yet.
    known: bool,
    /// Those that match, and what the filter's words offer by themselves.
    shown: Vec<Choice>,
    /// How many more match than are shown.
    left_out: usize,
    active: usize,
    scroll: ScrollHandle,
    _filter_events: [Subscription; 2],
}

impl EventEmitter<ChoiceEvent> for ChoiceList {}

impl ChoiceList {
    /// An empty list named `label`; `nothing` is said when no choice matches.
    pub fn new(
        label: impl Into<SharedString>,
        nothing: impl Into<SharedString>,
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
        // A list without the keyboard could not be left by a key.
        let focus = filter.focus_handle(cx);
        let left = cx.on_blur(&focus, window, |_, _, cx| {
            cx.emit(ChoiceEvent::Dismissed(None));
        });
        Self {
            label,
            nothing: nothing.into(),
            filter,
            offered: Choices::of(Vec::new()),
            known: false,
            shown: Vec::new(),
            left_out: 0,
            active: 0,
            scroll: ScrollHandle::new(),
            _filter_events: [filter_events, left],
        }
    }

    /// Replaces the choices, as when more models were found; keeps the filter, and what was gone
    /// to by keys.
    pub fn set_choices(&mut self, choices: Choices, cx: &mut Context<Self>) {
        let active = self.shown.get(self.active).map(|choice| choice.id.clone());
        self.offered = choices;
        self.known = true;
        self.refilter(cx);
        let position = |wanted: &dyn Fn(&Choice) -> bool| self.shown.iter().position(wanted);
        let gone_to = active.and_then(|id| position(&|choice| choice.id == id));
        if let Some(position) = gone_to.or_else(|| position(&|choice| choice.current)) {
            self.active = position;
            self.scroll.scroll_to_item(position);
        }
    }

    fn refilter(&mut self, cx: &mut Context<Self>) {
        let typed = self.filter.read(cx).value();
        let wanted = typed.to_lowercase();
        let mut matching = self.offered.choices.iter().filter(|choice| {
            let text = format!(
                "{} {} {} {}",
                choice.title,
                choice.detail.as_deref().unwrap_or_default(),
                choice.trouble.as_deref().unwrap_or_default(),
                choice.also.as_deref().unwrap_or_default()
            )
            .to_lowercase();
            wanted.split_whitespace().all(|word| text.contains(word))
        });
        self.shown = matching.by_ref().take(MOST_SHOWN).cloned().collect();
        self.left_out = matching.count();
        if !wanted.trim().is_empty() {
            let known = |id| self.offered.choices.iter().any(|choice| choice.id == id);
            let mut offered = (self.offered.typed)(&typed);
            offered.retain(|choice| !known(choice.id.clone()));
            self.shown.extend(offered);
        }
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
        if let Some(choice) = self.shown.get(position) {
            cx.emit(ChoiceEvent::Chosen(choice.id.clone()));
        }
    }

    fn row(&self, position: usize, cx: &mut Context<Self>) -> Option<AnyElement> {
        let choice = self.shown.get(position)?;
        let previous = position
            .checked_sub(1)
            .and_then(|before| self.shown.get(before))
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
                        .px(space::M)
                        .flex()
                        .flex_col()
                        .rounded(radius::SMALL)
                        .cursor_pointer()
                        .when(active, |this| this.bg(colors.active))
                        .hover(|this| this.bg(colors.hover))
                        .on_click(cx.listener(move |this, _, _, cx| this.choose(position, cx)))
                        .when_some(whole(choice), |this, whole| {
                            this.tooltip(text_tooltip(whole))
                        })
                        .child(
                            div()
                                .h(height::MENU_ROW)
                                .flex()
                                .items_center()
                                .gap(space::S)
                                .when_some(choice.icon, |this, name| {
                                    this.child(ui::icon(name, colors.text_muted))
                                })
                                .child(
                                    div()
                                        .min_w_0()
                                        .truncate()
                                        // The ends of two long names tell them apart.
                                        .text_ellipsis_middle()
                                        .text_body()
                                        .text_color(match choice.faint {
                                            true => colors.text_faint,
                                            false => colors.text,
                                        })
                                        .child(choice.title.clone()),
                                )
                                .when_some(choice.detail.clone(), |this, detail| {
                                    this.child(
                                        // A long title leaves it its place.
                                        div()
                                            .id(("choice-detail", position))
                                            .test_support()
                                            .flex_none()
                                            .max_w(relative(0.5))
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
                        .when_some(choice.trouble.clone(), |this, trouble| {
                            // All of it: what to do stands at its end.
                            this.child(
                                div()
                                    .id(("choice-trouble", position))
                                    .role(Role::Label)
                                    .aria_label(trouble.clone())
                                    .test_support()
                                    .w_full()
                                    .pb(space::S)
                                    .text_small()
                                    .text_color(colors.text_muted)
                                    .child(trouble),
                            )
                        }),
                )
                .into_any_element(),
        )
    }
}

/// What a line may not show whole: its words at full length.
fn whole(choice: &Choice) -> Option<String> {
    let detail = choice.detail.as_deref().unwrap_or_default();
    let length = choice.title.chars().count() + detail.chars().count();
    (length > SURE_TO_FIT).then(|| match detail {
        "" => choice.title.to_string(),
        detail => format!("{} · {detail}", choice.title),
    })
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
        let (border, faint) = (colors.border, colors.text_faint);
        let nothing = match self.known {
            true => self.nothing.clone(),
            false => "Looking…".into(),
        };
        let left_out = (self.left_out > 0).then(|| {
            SharedString::from(format!("{} more: type some letters of one.", self.left_out))
        });
        let notes: Vec<_> = left_out
            .into_iter()
            .chain(self.offered.notes.iter().cloned())
            .collect();
        div()
            .id("choice-list")
            .role(Role::ListBox)
            .aria_label(self.label.clone())
            .test_support()
            .w_full()
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
                    .when_some(self.offered.failure.clone(), |this, failure| {
                        this.child(
                            div()
                                .id("choices-failure")
                                .role(Role::Alert)
                                .aria_label(failure.clone())
                                .test_support()
                                .p(space::L)
                                .text_small()
                                .text_color(colors.error)
                                .child(failure),
                        )
                    })
                    .when(rows.is_empty() && self.offered.failure.is_none(), |this| {
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
            .when(!notes.is_empty(), |this| {
                this.child(
                    div()
                        .flex_none()
                        .px(space::M + space::XS)
                        .py(space::S)
                        .flex()
                        .flex_col()
                        .gap(space::XS)
                        .border_t_1()
                        .border_color(border)
                        .text_small()
                        .text_color(faint)
                        .children(notes.into_iter().enumerate().map(|(index, note)| {
                            div()
                                .id(("choice-note", index))
                                .role(Role::Status)
                                .aria_label(note.clone())
                                .test_support()
                                .child(note)
                        })),
                )
            })
    }
}
