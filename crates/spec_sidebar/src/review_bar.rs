//! The bar under a document: the decision on it, or the next step.

use crate::activity::{Readiness, SpecActivity};
use crate::commands::NextDocument;
use crate::page::COLUMN;
use crate::view::SpecView;
use agent::Operation;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::Textarea;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use spec::{Document, Phase, ReviewStatus};
use ui::tokens::{height, radius, scaled, space};
use ui::widgets::{Button, spacer, watch_bounds};
use ui::{ActiveKilnTheme as _, IconName, OpenTarget, Typography as _, zoom};

/// From which width of the bar's inside on it has room for all of the question and its answers, and
/// for short labels beside the question, in pixels at zoom level 0.
const ALL: Pixels = px(652.);
const SHORT_LABELS: Pixels = px(472.);

/// What the bar has room for in one line.
#[derive(Clone, Copy)]
enum Room {
    /// The question, and what follows from each answer.
    All,
    /// The question and the answers alone.
    ShortLabels,
    /// The answers alone.
    Buttons,
}

impl Room {
    /// What a width has room for.
    fn of(width: Pixels, cx: &App) -> Self {
        let width = width / zoom::window_factor(cx);
        if width >= ALL {
            Self::All
        } else if width >= SHORT_LABELS {
            Self::ShortLabels
        } else {
            Self::Buttons
        }
    }
}

impl SpecView {
    /// The bar, where there is something to decide or to start.
    pub(crate) fn render_review_bar(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<AnyElement> {
        let decides = self.review_status(cx) == ReviewStatus::AwaitingReview;
        // It comes back anew where frames were drawn without the view, such as while another tab was in
        // front.
        let frames = window.use_keyed_state("approve-frames", cx, |_, _| ());
        if !self.approve_button.goes_on(frames.entity_id())
            || !decides
            || self.change_request.is_some()
        {
            self.approve_button.is_gone();
        }
        let activity = SpecActivity::global(cx)?;
        let (busy, writing) = {
            let activity = activity.read(cx);
            (activity.is_running(), activity.is_writing(&self.spec))
        };
        if writing {
            self.approve_button.is_gone();
            let words = self.words("The agent is writing", true, cx);
            return Some(self.bar([words], cx));
        }
        if decides {
            return Some(self.render_decision(busy, window, cx));
        }
        let next = self.next_document(cx)?;
        // A document that is there already is waiting to be looked at.
        let is_there = self.status_of(Phase::of(next), cx) == ReviewStatus::AwaitingReview;
        let (words, button) = if is_there {
            let button = Button::new("spec-next-review", "Review")
                .tooltip(format!("Open {}", next.file_name()));
            (format!("{} waits for your review.", next.title()), button)
        } else {
            let label = format!("Write the {}", next.title().to_lowercase());
            let button = Button::new("spec-next", label)
                .tooltip(format!("Have the agent write {}", next.file_name()))
                .disabled(busy);
            (format!("{} approved.", self.file.title()), button)
        };
        let button = button
            .primary()
            .command("specs.nextDocument")
            .on_click(cx.listener(|this, _, window, cx| {
                this.go_on(&NextDocument, window, cx);
            }));
        let words = self.words(words, false, cx);
        Some(self.bar([words, button.into_any_element()], cx))
    }

    /// Why there is nothing to decide on the document; `None` where it waits for a decision.
    pub(crate) fn no_decision(&self, cx: &App) -> Option<&'static str> {
        match self.review_status(cx) {
            ReviewStatus::AwaitingReview => None,
            ReviewStatus::Approved => Some("This document is approved already."),
            ReviewStatus::Missing if self.is_unreadable(self.file, cx) => {
                Some("This document cannot be read. The list of specs says why.")
            }
            ReviewStatus::Missing => {
                Some("There is nothing in this document yet that could be decided on.")
            }
        }
    }

    /// Why no document of the spec comes next.
    fn no_next_document(&self, cx: &App) -> &'static str {
        if self.review_status(cx) == ReviewStatus::AwaitingReview {
            return "This document waits for your review. Approve it to go on.";
        }
        match Phase::of(self.file) {
            phase if self.status_of(phase, cx) == ReviewStatus::Missing => {
                "There is nothing in this document yet. It comes first."
            }
            _ if self.status_of(Phase::Tasks, cx) == ReviewStatus::Approved => {
                "All documents of this spec are approved. Start its tasks."
            }
            _ => "Another document of this spec comes first. The header says how each of them is.",
        }
    }

    /// Shows the next document where it is there, and has it written where it is not, or says why
    /// neither can be.
    pub(crate) fn go_on(&mut self, _: &NextDocument, window: &mut Window, cx: &mut Context<Self>) {
        let Some(next) = self.next_document(cx) else {
            let problem = self.no_next_document(cx);
            return ui::notify(ui::Severity::Info, problem, window, cx);
        };
        if self.status_of(Phase::of(next), cx) == ReviewStatus::AwaitingReview {
            let path = self.folder.join(next.file_name());
            ui::open_path(OpenTarget::new(path), window, cx);
        } else if SpecActivity::readiness(cx) != Readiness::Free {
            let message = "The agent is at work. Go on when it is done, or stop it.";
            ui::notify(ui::Severity::Info, message, window, cx);
        } else {
            let spec = self.spec.clone();
            SpecActivity::ask(Operation::SpecNext { spec }, window, cx);
        }
    }

    fn next_document(&self, cx: &App) -> Option<Document> {
        [Document::Design, Document::Tasks]
            .into_iter()
            .find(|file| self.is_next(Phase::of(*file), cx))
            .filter(|_| self.review_status(cx) == ReviewStatus::Approved)
    }

    /// The bar's inside, as wide as the document's column.
    fn bar(
        &self,
        children: impl IntoIterator<Item = AnyElement>,
        cx: &Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let size = self.bar_size.clone();
        div()
            .relative()
            // Notices keep above it, and its words are as long as it has room for.
            .child(watch_bounds(move |bounds| {
                size.replace(bounds.size) != bounds.size
            }))
            .flex_none()
            .min_h(scaled(52.))
            .px(space::XXL)
            .py(space::M)
            .flex()
            .items_center()
            .justify_center()
            .border_t_1()
            .border_color(colors.border)
            .bg(colors.surface)
            .child(
                div()
                    .w_full()
                    .max_w(COLUMN)
                    .flex()
                    // In a narrow editor the buttons stand below the words.
                    .flex_wrap()
                    .items_center()
                    .gap(space::M)
                    .children(children),
            )
            .into_any_element()
    }

    fn words(&self, words: impl Into<SharedString>, working: bool, cx: &App) -> AnyElement {
        let colors = **cx.kiln_theme();
        let words = words.into();
        div()
            .id("spec-bar-words")
            .role(Role::Status)
            .aria_label(words.clone())
            .test_support()
            .flex_1()
            .min_w(scaled(140.))
            .flex()
            .items_center()
            .gap(space::M)
            .text_body()
            .text_color(colors.text_muted)
            .when(working, |this| {
                this.child(Spinner::new().small().color(colors.accent))
            })
            .child(words)
            .into_any_element()
    }

    /// The question and its answers, as its room allows. How much that is, is known once it is laid
    /// out: drawn for another width first, the answers would move to where others were.
    fn answers(&self, busy: bool, cx: &mut Context<Self>) -> AnyElement {
        let view = cx.entity();
        canvas(
            move |bounds, window, cx| {
                let mut row = view.update(cx, |this, cx| {
                    this.render_answers(Room::of(bounds.size.width, cx), busy, cx)
                });
                let space = bounds.size.map(AvailableSpace::Definite);
                row.prepaint_as_root(bounds.origin, space, window, cx);
                row
            },
            |_, mut row, window, cx| row.paint(window, cx),
        )
        .w_full()
        .h(height::CONTROL)
        .into_any_element()
    }

    fn render_answers(&self, room: Room, busy: bool, cx: &mut Context<Self>) -> AnyElement {
        let words = match Phase::of(self.file) {
            Phase::Requirements => "Is this what you want?",
            Phase::Design => "Is this how it should be built?",
            _ => "Is this the right plan?",
        };
        let order = self.order(cx);
        let here = order
            .iter()
            .position(|phase| *phase == Phase::of(self.file));
        let approve = match here.and_then(|here| order.get(here + 1)) {
            Some(next) => format!("Approve and write the {}", next.title().to_lowercase()),
            None => "Approve the plan".to_owned(),
        };
        let words = match room {
            Room::Buttons => spacer().into_any_element(),
            Room::All | Room::ShortLabels => self.words(words, false, cx),
        };
        // Beside one another alone they have no room for more than their words.
        let with_icon = |button: Button, icon| match room {
            Room::All | Room::ShortLabels => button.icon(icon),
            Room::Buttons => button,
        };
        let change = Button::new("request-changes", "Request changes");
        let change = with_icon(change, IconName::MessageSquare)
            .command("specs.requestChanges")
            .disabled(busy)
            .on_click(cx.listener(|this, _, window, cx| {
                this.request_changes(&crate::commands::RequestChanges, window, cx);
            }));
        let label = match room {
            Room::All => approve.clone(),
            Room::ShortLabels | Room::Buttons => "Approve".to_owned(),
        };
        let approve = Button::new("approve", label).tooltip(approve).primary();
        let approve = with_icon(approve, IconName::Check)
            .command("specs.approve")
            .disabled(busy || !self.approve_button.takes_press())
            .on_click(cx.listener(|this, _, window, cx| {
                if this.approve_button.takes_press() {
                    this.approve(&crate::commands::Approve, window, cx);
                }
            }));
        div()
            .size_full()
            .flex()
            .items_center()
            .gap(space::M)
            .child(words)
            // Where even the answers alone are too wide, the words of the first are cut.
            .child(div().min_w_0().child(change))
            .child(
                div()
                    .relative()
                    .flex_none()
                    .child(watch_bounds(self.approve_button.watch()))
                    .child(approve),
            )
            .into_any_element()
    }

    fn render_decision(
        &mut self,
        busy: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let Some(request) = &self.change_request else {
            self.arm_approval(cx);
            let answers = self.answers(busy, cx);
            return self.bar([answers], cx);
        };
        let text = request.text.clone();
        let empty = text.read(cx).value().trim().is_empty();
        let focused = text.focus_handle(cx).is_focused(window);
        let field = div()
            .w_full()
            .flex()
            .flex_col()
            .gap(space::M)
            .child(
                div()
                    .rounded(radius::MEDIUM)
                    .border_1()
                    .border_color(if focused {
                        colors.border_focused
                    } else {
                        colors.border
                    })
                    .bg(colors.input_background)
                    .text_body()
                    .child(
                        Textarea::new(&text)
                            .appearance(false)
                            .bordered(false)
                            .accessibility_id("spec-feedback")
                            .aria_label("What should change"),
                    ),
            )
            .child(
                div()
                    .flex()
                    .justify_end()
                    .gap(space::M)
                    .child(
                        Button::new("cancel-changes", "Cancel")
                            .quiet()
                            .tooltip("Keep the document as it is")
                            .on_click(cx.listener(|this, _, window, cx| {
                                this.drop_change_request(window, cx);
                            })),
                    )
                    .child(
                        Button::new("send-changes", "Send")
                            .primary()
                            .tooltip("Send (Enter; Shift+Enter begins a line)")
                            .disabled(empty || busy)
                            .on_click(cx.listener(|this, _, window, cx| {
                                this.send_changes(window, cx);
                            })),
                    ),
            );
        self.bar([field.into_any_element()], cx)
    }
}
