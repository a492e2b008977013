//! A short list over the text to choose from: snippets, indentations, encodings.

use std::rc::Rc;

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    Anchor, AnyElement, App, Bounds, Context, Entity, EntityId, Focusable as _, Pixels, Rems,
    Render, Role, SharedString, Subscription, WeakEntity, Window, actions, anchored, deferred, div,
    point, px,
};
use ui::icons::Glyph;
use ui::tokens::{Typography as _, radius, scaled, space};
use ui::widgets::{CoveredArea, cover_window, uncover_window, watch_bounds};
use ui::{ActiveKilnTheme as _, icons};

use crate::floating::{floating, floating_field};
use crate::popover::{Placed, Popover, Side};
use crate::view::EditorView;

actions!(
    choice_picker,
    [
        /// The row below.
        NextChoice,
        /// The row above.
        PreviousChoice,
    ]
);

/// Rows in sight; typing narrows them down.
const ROWS: usize = 10;
/// How wide the list is.
const WIDTH: Rems = scaled(420.);
/// Between a list and what was pressed for it, and the edge of the window.
const GAP: Pixels = px(4.);

type Run = Rc<dyn Fn(&mut EditorView, &mut Window, &mut Context<EditorView>)>;

/// One row.
#[derive(Clone)]
pub(crate) struct Choice {
    /// What is chosen.
    pub(crate) name: SharedString,
    /// What else there is to say of it.
    pub(crate) about: SharedString,
    /// What assistive technology reads.
    pub(crate) label: SharedString,
    icon: Option<Glyph>,
    run: Run,
    /// What shows what would be done, in its place.
    look: Option<Run>,
}

impl Choice {
    /// A row that does something when it is taken.
    pub(crate) fn new(
        name: impl Into<SharedString>,
        about: impl Into<SharedString>,
        run: impl Fn(&mut EditorView, &mut Window, &mut Context<EditorView>) + 'static,
    ) -> Self {
        let name = name.into();
        Self {
            label: name.clone(),
            name,
            about: about.into(),
            icon: None,
            run: Rc::new(run),
            look: None,
        }
    }

    /// With something that shows what would be done: `Shift+Enter`, or `Ctrl+Enter` as in VS Code.
    pub(crate) fn with_look(
        self,
        look: impl Fn(&mut EditorView, &mut Window, &mut Context<EditorView>) + 'static,
    ) -> Self {
        Self {
            look: Some(Rc::new(look)),
            ..self
        }
    }

    /// With another text for assistive technology.
    pub(crate) fn labelled(self, label: impl Into<SharedString>) -> Self {
        Self {
            label: label.into(),
            ..self
        }
    }

    /// With an icon before its name.
    pub(crate) fn with_icon(self, icon: impl Into<Glyph>) -> Self {
        Self {
            icon: Some(icon.into()),
            ..self
        }
    }

    /// How well it fits what is typed, the lower the better; `None` where it does not.
    fn rank(&self, query: &str) -> Option<u8> {
        let name = self.name.to_lowercase();
        let said = [&self.about, &self.label];
        if name == query {
            Some(0)
        } else if name.starts_with(query) {
            Some(1)
        } else if name.contains(query) {
            Some(2)
        } else {
            let mut said = said.iter().map(|text| text.to_lowercase());
            said.any(|text| text.contains(query)).then_some(3)
        }
    }
}

/// What a list offers.
pub(crate) struct Choices {
    /// Names the list's element.
    pub(crate) id: &'static str,
    /// What is asked, for the line to type in and assistive technology.
    pub(crate) question: SharedString,
    /// What is shown where there is no row at all.
    pub(crate) none: &'static str,
    /// The rows.
    pub(crate) rows: Vec<Choice>,
    /// The row that is selected at first.
    pub(crate) selected: usize,
}

/// Where a list stands.
#[derive(Clone)]
enum Place {
    /// In the corner of the text.
    Corner,
    /// At the caret; where it was painted.
    Caret(Placed),
    /// Above the part of the window that was pressed for it.
    Above(Bounds<Pixels>),
}

/// Lists choices, narrowed down by what is typed.
pub(crate) struct ChoicePicker {
    view: WeakEntity<EditorView>,
    input: Entity<InputState>,
    choices: Choices,
    /// The indices of the rows that match.
    found: Vec<usize>,
    selected: usize,
    place: Place,
    /// Where it is drawn: what it stands over has no tooltips meanwhile.
    area: CoveredArea,
    _subscriptions: [Subscription; 2],
}

impl ChoicePicker {
    fn new(
        view: &Entity<EditorView>,
        choices: Choices,
        place: Place,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Self {
        let input = cx.new(|cx| InputState::new(window, cx).placeholder(choices.question.clone()));
        let area = CoveredArea::default();
        cover_window(Some(area.clone()), window, cx);
        let subscriptions = [
            cx.subscribe_in(&input, window, Self::on_input),
            cx.on_release_in(window, |picker, window, cx| {
                uncover_window(&picker.area, window, cx);
            }),
        ];
        Self {
            view: view.downgrade(),
            area,
            input,
            found: (0..choices.rows.len()).collect(),
            selected: choices.selected,
            choices,
            place,
            _subscriptions: subscriptions,
        }
    }

    fn on_input(
        &mut self,
        _: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        match event {
            InputEvent::Change => {
                self.find(cx);
                self.selected = 0;
                cx.notify();
            }
            InputEvent::PressEnter { secondary, shift } => {
                self.take(self.selected, *secondary || *shift, window, cx);
            }
            _ => {}
        }
    }

    /// Finds the rows that match what is typed.
    fn find(&mut self, cx: &App) {
        let query = self.input.read(cx).value().to_lowercase();
        let rows = self.choices.rows.iter().enumerate();
        let fits = rows.filter_map(|(index, row)| Some((row.rank(&query)?, index)));
        let mut fits: Vec<_> = fits.collect();
        fits.sort_unstable();
        self.found = fits.into_iter().map(|(_, index)| index).collect();
    }

    /// Offers other rows; the one with the name of the selected one stays selected.
    fn offer(&mut self, rows: Vec<Choice>, cx: &mut Context<Self>) {
        let name = |picker: &Self, row: usize| {
            let index = picker.found.get(row)?;
            Some(picker.choices.rows.get(*index)?.name.clone())
        };
        let selected = name(self, self.selected);
        self.choices.rows = rows;
        self.find(cx);
        let mut found = 0..self.found.len();
        let kept = found.find(|row| selected.is_some() && name(self, *row) == selected);
        self.selected = kept.unwrap_or_default();
        cx.notify();
    }

    fn step(&mut self, rows: isize, cx: &mut Context<Self>) {
        let last = self.found.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
        cx.notify();
    }

    /// Does what a row does, or shows it where it can be looked at and is to be.
    fn take(&mut self, row: usize, looks: bool, window: &mut Window, cx: &mut Context<Self>) {
        let choice = self
            .found
            .get(row)
            .and_then(|index| self.choices.rows.get(*index));
        let (Some(choice), Some(view)) = (choice.cloned(), self.view.upgrade()) else {
            return;
        };
        let run = choice.look.filter(|_| looks).unwrap_or(choice.run);
        // Another list that it opens stands where this one stood.
        let pressed = match &self.place {
            Place::Above(pressed) => Some(*pressed),
            Place::Corner | Place::Caret(_) => None,
        };
        // The list belongs to the view, which closes it.
        window.defer(cx, move |window, cx| {
            ui::at_command_place(pressed, cx, |cx| {
                view.update(cx, |view, cx| {
                    view.close_choices(window, cx);
                    run(view, window, cx);
                });
            });
        });
    }
}

impl Render for ChoicePicker {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        // The rows in sight follow the selected one.
        let first = self.selected.saturating_sub(ROWS - 1);
        let rows: Vec<_> = (first..self.found.len().min(first + ROWS))
            .map(|row| {
                let choice = &self.choices.rows[self.found[row]];
                let selected = row == self.selected;
                div()
                    .id(("choice-row", row))
                    .test_support()
                    .role(Role::ListBoxOption)
                    .aria_label(choice.label.clone())
                    .aria_selected(selected)
                    .flex()
                    .items_center()
                    .gap(space::M)
                    .px(space::S)
                    .py(space::XS)
                    .rounded(radius::SMALL)
                    .when(selected, |this| this.bg(theme.active))
                    .hover(|style| style.bg(theme.hover))
                    .on_click(cx.listener(move |picker, _, window, cx| {
                        picker.take(row, false, window, cx);
                    }))
                    .children(choice.icon.map(|icon| icons::icon(icon, theme.text_muted)))
                    .child(
                        div()
                            .max_w_full()
                            .flex_none()
                            .truncate()
                            .text_color(theme.text)
                            .child(choice.name.clone()),
                    )
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .truncate()
                            .child(choice.about.clone()),
                    )
            })
            .collect();
        let can_be_looked_at = self.choices.rows.iter().any(|row| row.look.is_some());
        let nothing = match (self.choices.rows.is_empty(), rows.is_empty()) {
            (true, _) => Some(self.choices.none),
            (false, true) => Some("Nothing matches."),
            (false, false) => None,
        };
        floating(&theme)
            .id(self.choices.id)
            .test_support()
            .key_context("ChoicePicker")
            .on_action(cx.listener(|picker, _: &NextChoice, _, cx| picker.step(1, cx)))
            .on_action(cx.listener(|picker, _: &PreviousChoice, _, cx| picker.step(-1, cx)))
            .role(Role::Dialog)
            .aria_label(self.choices.question.clone())
            .flex_col()
            .gap(space::XS)
            .w(WIDTH)
            .min_w_0()
            .relative()
            .text_color(theme.text_muted)
            .child(watch_bounds({
                let area = self.area.clone();
                move |bounds| {
                    area.set(bounds);
                    false
                }
            }))
            .child(floating_field(
                &theme,
                &self.input,
                "choice-input",
                self.choices.question.clone(),
            ))
            .children(rows)
            .children(nothing.map(|nothing| div().px(space::S).py(space::XS).child(nothing)))
            .when(can_be_looked_at, |this| {
                let keys = "Enter to do it, Shift+Enter to look at it first";
                this.child(div().px(space::S).text_caption().child(keys))
            })
    }
}

impl EditorView {
    /// Lists something over the text to choose from: above what was pressed for it, or in the corner.
    pub(crate) fn open_choices(
        &mut self,
        choices: Choices,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let place = ui::command_place(cx).map_or(Place::Corner, Place::Above);
        self.show_choices(choices, place, window, cx);
    }

    /// Lists what can be done at the caret, there.
    pub(crate) fn open_choices_at_caret(
        &mut self,
        choices: Choices,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let place = Place::Caret(Placed::default());
        self.show_choices(choices, place, window, cx);
    }

    fn show_choices(
        &mut self,
        choices: Choices,
        place: Place,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        self.close_go_to_line(window, cx);
        self.drop_undo_history(cx);
        self.find = None;
        let view = cx.entity();
        let picker = cx.new(|cx| ChoicePicker::new(&view, choices, place, window, cx));
        let input = picker.read(cx).input.clone();
        let focus = input.focus_handle(cx);
        window.focus(&focus, cx);
        self.choices = Some(picker);
        cx.notify();
    }

    /// Closes the list and gives the focus back.
    pub(crate) fn close_choices(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.choices.take().is_some() {
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }

    /// The open list, to know it again.
    pub(crate) fn open_list(&self) -> Option<EntityId> {
        self.choices.as_ref().map(Entity::entity_id)
    }

    /// Offers other rows in a list, where that is still open.
    pub(crate) fn offer_instead(&self, list: EntityId, rows: Vec<Choice>, cx: &mut Context<Self>) {
        let open = self.choices.as_ref();
        if let Some(picker) = open.filter(|open| open.entity_id() == list) {
            picker.update(cx, |picker, cx| picker.offer(rows, cx));
        }
    }

    /// The list, where it is open in the corner.
    pub(crate) fn choices_in_corner(&self, cx: &App) -> Option<Entity<ChoicePicker>> {
        let picker = self.choices.clone()?;
        matches!(picker.read(cx).place, Place::Corner).then_some(picker)
    }

    /// The list, where it is open at the caret or above what was pressed for it.
    pub(crate) fn render_placed_choices(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let picker = self.choices.clone()?;
        let placed = match picker.read(cx).place.clone() {
            Place::Corner => return None,
            Place::Caret(placed) => placed,
            Place::Above(pressed) => {
                let list = anchored()
                    .anchor(Anchor::BottomLeft)
                    .position(pressed.origin - point(px(0.), GAP))
                    .snap_to_window_with_margin(GAP)
                    .child(picker);
                return Some(deferred(list).into_any_element());
            }
        };
        let caret = self.selections.primary().head;
        let popover = Popover::new(
            cx.entity(),
            caret..caret,
            Side::Below,
            WIDTH,
            placed,
            move |_, _, _| picker.into_any_element(),
        );
        Some(deferred(popover).into_any_element())
    }
}
