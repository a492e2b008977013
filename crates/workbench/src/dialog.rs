//! Dialogs: a question with a few answers, and a question that is answered in one line.

use crate::modal::{ModalLayer, Placement, most_height, most_width};
use futures::channel::oneshot;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{Input, InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    App, Context, DismissEvent, Entity, EventEmitter, FocusHandle, Focusable, KeyBinding, Rems,
    Role, SharedString, Subscription, Window, div,
};
use std::ops::Range;
use ui::tokens::{radius, scaled, space};
use ui::widgets::{Button, ButtonStyle, column, row};
use ui::{ActiveKilnTheme as _, Typography as _, zoom};

gpui_kit::actions!(
    dialog,
    [
        /// Closes the dialog without an answer.
        Cancel,
        /// Takes the main answer.
        Confirm,
    ]
);

/// How wide a dialog is.
const WIDTH: Rems = scaled(420.);
/// How many answers have room beside each other in that.
const FEW_ANSWERS: usize = 3;
/// How wide a dialog of more answers is.
const WIDE: Rems = scaled(560.);

/// Binds the keys of dialogs.
pub(crate) fn bind_keys(cx: &mut App) {
    ui::keys::bind_fixed(
        [
            KeyBinding::new("escape", Cancel, Some("KilnDialog")),
            KeyBinding::new("enter", Confirm, Some("KilnDialog")),
            KeyBinding::new("escape", Cancel, Some("KilnDialog > Input")),
        ],
        cx,
    );
}

/// One answer of a [`Question`].
#[derive(Clone, Debug)]
pub struct Answer {
    /// What its button says.
    pub label: SharedString,
    /// How its button looks; the primary one is what Enter takes.
    pub style: ButtonStyle,
}

/// A question with a few answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// The question itself.
    pub title: SharedString,
    /// What depends on the answer.
    pub body: SharedString,
    /// The answers, left to right.
    pub answers: Vec<Answer>,
}

impl Question {
    /// A question without answers yet.
    pub fn new(title: impl Into<SharedString>, body: impl Into<SharedString>) -> Self {
        Self {
            title: title.into(),
            body: body.into(),
            answers: Vec::new(),
        }
    }

    /// Adds an answer.
    pub fn answer(mut self, label: impl Into<SharedString>, style: ButtonStyle) -> Self {
        self.answers.push(Answer {
            label: label.into(),
            style,
        });
        self
    }
}

struct QuestionDialog {
    question: Question,
    reply: Option<oneshot::Sender<usize>>,
    focus: FocusHandle,
}

impl QuestionDialog {
    fn reply(&mut self, index: usize, cx: &mut Context<Self>) {
        if let Some(reply) = self.reply.take() {
            // Nobody waits for the answer any more: then it does not matter.
            reply.send(index).ok();
        }
        cx.emit(DismissEvent);
    }
}

impl EventEmitter<DismissEvent> for QuestionDialog {}

impl Focusable for QuestionDialog {
    fn focus_handle(&self, _: &App) -> FocusHandle {
        self.focus.clone()
    }
}

impl Render for QuestionDialog {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let many = self.question.answers.len() > FEW_ANSWERS;
        let width = if many { WIDE } else { WIDTH };
        // Where the answers do not fit beside each other, they stand below each other.
        let stacked = many && most_width(window, cx) < zoom::pixels(width, cx);
        let primary = self
            .question
            .answers
            .iter()
            .position(|answer| answer.style == ButtonStyle::Primary);
        surface("dialog", &self.question.title, width, window, cx)
            .track_focus(&self.focus)
            .key_context("KilnDialog")
            .on_action(cx.listener(|_, _: &Cancel, _, cx| cx.emit(DismissEvent)))
            .on_action(cx.listener(move |this, _: &Confirm, _, cx| {
                if let Some(primary) = primary {
                    this.reply(primary, cx);
                }
            }))
            .child(body(&self.question.body, cx))
            .child(
                buttons(stacked).children(self.question.answers.iter().enumerate().map(
                    |(index, answer)| {
                        Button::new(("dialog-answer", index), answer.label.clone())
                            .style(answer.style)
                            .when(stacked, Button::full_width)
                            .tooltip(match (answer.style, answer.label.as_ref()) {
                                (ButtonStyle::Primary, label) => format!("{label} (Enter)"),
                                (_, "Cancel") => "Cancel (Escape)".to_owned(),
                                (_, label) => label.to_owned(),
                            })
                            .on_click(cx.listener(move |this, _, _, cx| this.reply(index, cx)))
                    },
                )),
            )
    }
}

fn surface(
    id: &'static str,
    title: &SharedString,
    width: Rems,
    window: &Window,
    cx: &App,
) -> gpui_kit::base::ObservedElement<gpui_kit::Stateful<gpui_kit::Div>> {
    let theme = cx.kiln_theme();
    div()
        .id(id)
        .test_support()
        .role(Role::Dialog)
        .aria_label(title.clone())
        .w(zoom::pixels(width, cx).min(most_width(window, cx)))
        .max_h(most_height(window, cx))
        .overflow_y_scroll()
        .flex()
        .flex_col()
        .gap(space::M)
        .p(space::XL)
        .rounded(radius::LARGE)
        .bg(theme.elevated)
        .border_1()
        .border_color(theme.border)
        .shadow_lg()
        .text_body()
        .text_color(theme.text)
        .child(div().text_title().child(title.clone()))
}

fn body(text: &SharedString, cx: &App) -> gpui_kit::Div {
    div()
        .text_body()
        .text_color(cx.kiln_theme().text_muted)
        .child(text.clone())
}

fn buttons(stacked: bool) -> gpui_kit::Div {
    match stacked {
        true => column(),
        false => row().flex_wrap().justify_end(),
    }
    .gap(space::M)
    .pt(space::M)
}

/// Asks a question. The answer is the index of its button; a dialog closed without one
/// ends the receiver.
pub fn ask(
    modals: &Entity<ModalLayer>,
    question: Question,
    window: &mut Window,
    cx: &mut App,
) -> oneshot::Receiver<usize> {
    show_question(modals, question, window, cx).0
}

/// Asks a question that is settled by itself when something ends: the dialog goes then, without an
/// answer.
pub fn ask_while(
    modals: &Entity<ModalLayer>,
    question: Question,
    runs: impl Future<Output = ()> + 'static,
    window: &mut Window,
    cx: &mut App,
) -> oneshot::Receiver<usize> {
    let (receiver, dialog) = show_question(modals, question, window, cx);
    let dialog = dialog.downgrade();
    cx.spawn(async move |cx| {
        runs.await;
        // It may be answered.
        dialog.update(cx, |_, cx| cx.emit(DismissEvent)).ok();
    })
    .detach();
    receiver
}

fn show_question(
    modals: &Entity<ModalLayer>,
    question: Question,
    window: &mut Window,
    cx: &mut App,
) -> (oneshot::Receiver<usize>, Entity<QuestionDialog>) {
    let (sender, receiver) = oneshot::channel();
    let dialog = cx.new(|cx| QuestionDialog {
        question,
        reply: Some(sender),
        focus: cx.focus_handle(),
    });
    let shown = dialog.clone();
    modals.update(cx, |modals, cx| {
        modals.show(shown, Placement::Center, window, cx)
    });
    (receiver, dialog)
}

/// A question that is answered in one line.
#[derive(Clone, Debug)]
pub struct LineQuestion {
    /// What is asked for.
    pub title: SharedString,
    /// What to write, in one sentence.
    pub body: SharedString,
    /// What the line holds at first.
    pub value: SharedString,
    /// The bytes of it that are selected, so that what is typed takes their place. The caret
    /// is at their end.
    pub selected: Range<usize>,
    /// What the line shows while it is empty.
    pub placeholder: SharedString,
    /// What the main button says.
    pub confirm: SharedString,
}

/// Says what is wrong with a line, or nothing.
pub type CheckLine = Box<dyn Fn(&str) -> Option<SharedString>>;

struct LineDialog {
    question: LineQuestion,
    input: Entity<InputState>,
    check: CheckLine,
    problem: Option<SharedString>,
    reply: Option<oneshot::Sender<String>>,
    _subscription: Subscription,
}

impl LineDialog {
    fn confirm(&mut self, cx: &mut Context<Self>) {
        let value = self.input.read(cx).value().to_string();
        self.problem = (self.check)(&value);
        if self.problem.is_some() {
            cx.notify();
            return;
        }
        if let Some(reply) = self.reply.take() {
            // Nobody waits for the answer any more: then it does not matter.
            reply.send(value).ok();
        }
        cx.emit(DismissEvent);
    }
}

impl EventEmitter<DismissEvent> for LineDialog {}

impl Focusable for LineDialog {
    fn focus_handle(&self, cx: &App) -> FocusHandle {
        self.input.read(cx).focus_handle(cx)
    }
}

impl Render for LineDialog {
    fn render(&mut self, window: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let error = cx.kiln_theme().error;
        surface("line-dialog", &self.question.title, WIDTH, window, cx)
            .key_context("KilnDialog")
            .on_action(cx.listener(|_, _: &Cancel, _, cx| cx.emit(DismissEvent)))
            .when(!self.question.body.is_empty(), |this| {
                this.child(body(&self.question.body, cx))
            })
            .child(
                Input::new(&self.input)
                    .id("line-dialog-input")
                    .aria_label(self.question.title.clone())
                    .h(ui::tokens::height::CONTROL),
            )
            .children(
                self.problem
                    .clone()
                    .map(|problem| div().text_small().text_color(error).child(problem)),
            )
            .child(
                buttons(false)
                    .child(
                        Button::new("line-dialog-cancel", "Cancel")
                            .tooltip("Cancel (Escape)")
                            .on_click(cx.listener(|_, _, _, cx| cx.emit(DismissEvent))),
                    )
                    .child(
                        Button::new("line-dialog-confirm", self.question.confirm.clone())
                            .primary()
                            .tooltip(format!("{} (Enter)", self.question.confirm))
                            .on_click(cx.listener(|this, _, _, cx| this.confirm(cx))),
                    ),
            )
    }
}

/// Asks for one line; a dialog closed without one ends the receiver.
pub fn ask_line(
    modals: &Entity<ModalLayer>,
    question: LineQuestion,
    check: CheckLine,
    window: &mut Window,
    cx: &mut App,
) -> oneshot::Receiver<String> {
    let (sender, receiver) = oneshot::channel();
    let input = cx.new(|cx| {
        let mut input = InputState::new(window, cx)
            .placeholder(question.placeholder.clone())
            .default_value(question.value.clone());
        input.set_selected_range(question.selected.clone(), cx);
        input
    });
    let dialog = cx.new(|cx| {
        let subscription =
            cx.subscribe(&input, |this: &mut LineDialog, _, event, cx| match event {
                InputEvent::PressEnter { .. } => this.confirm(cx),
                InputEvent::Change if this.problem.is_some() => {
                    this.problem = None;
                    cx.notify();
                }
                _ => {}
            });
        LineDialog {
            question,
            input,
            check,
            problem: None,
            reply: Some(sender),
            _subscription: subscription,
        }
    });
    modals.update(cx, |modals, cx| {
        modals.show(dialog, Placement::Center, window, cx)
    });
    receiver
}
