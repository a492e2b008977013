//! The agent's part of the status bar: whether it asks something, the model, and what the session has used.

use crate::question_keys::WAITS;
use crate::session::AgentSession;
use crate::wording;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::icons::sized_icon;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::{command_tooltip, text_tooltip};
use ui::{ActiveKilnTheme as _, Commands, IconName, Typography as _};

/// What stands in the status bar while a question waits.
const ASKS: &str = "Agent asks";
/// The command that shows the question that waits.
const GO_TO_QUESTION: &str = "agent.goToQuestion";

/// The question that waits, the model and the tokens of the session, for the status bar.
pub struct AgentStatus {
    session: Entity<AgentSession>,
    _changes: Subscription,
}

impl AgentStatus {
    /// A status item for `session`.
    pub fn new(session: Entity<AgentSession>, cx: &mut Context<Self>) -> Self {
        let changes = cx.observe(&session, |_, _, cx| cx.notify());
        Self {
            session,
            _changes: changes,
        }
    }
}

impl Render for AgentStatus {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let usage = session.transcript().session_usage();
        let total = usage.input_tokens + usage.output_tokens;
        let model = session
            .model()
            .map_or_else(|| "No model".into(), |model| model.name.clone());
        let tooltip = match session.model() {
            Some(model) => format!("Select model: {}", model.id),
            None => "Select model".to_owned(),
        };
        let detail = SharedString::from(format!(
            "This session: {} tokens in ({} from the cache), {} out",
            wording::tokens(usage.input_tokens),
            wording::tokens(usage.cached_tokens),
            wording::tokens(usage.output_tokens)
        ));
        div()
            .flex()
            .items_center()
            .gap(space::XS)
            .text_caption()
            .text_color(colors.text_muted)
            .when(session.transcript().open_permission().is_some(), |this| {
                this.child(
                    div()
                        .id("status-question")
                        .role(Role::Button)
                        .aria_label(ASKS)
                        .test_support()
                        .h(scaled(18.))
                        .px(space::XS)
                        .flex()
                        .items_center()
                        .gap(space::XS)
                        .rounded(radius::SMALL)
                        .cursor_pointer()
                        .text_color(colors.accent)
                        .hover(|this| this.bg(colors.hover))
                        .on_click(|_, window, cx| {
                            Commands::run(GO_TO_QUESTION, window, cx);
                        })
                        .tooltip(command_tooltip(WAITS, Some(GO_TO_QUESTION)))
                        .child(sized_icon(IconName::Hand, icon_size::SMALL, colors.accent))
                        .child(ASKS),
                )
            })
            .child(
                div()
                    .id("status-model")
                    .role(Role::Button)
                    .aria_label(SharedString::from(format!("Model in use: {model}")))
                    .test_support()
                    .h(scaled(18.))
                    .px(space::XS)
                    .flex()
                    .items_center()
                    .gap(space::XS)
                    .rounded(radius::SMALL)
                    .cursor_pointer()
                    .hover(|this| this.bg(colors.hover).text_color(colors.text))
                    .on_click(|_, window, cx| {
                        Commands::run("agent.selectModel", window, cx);
                    })
                    .tooltip(command_tooltip(tooltip, Some("agent.selectModel")))
                    .child(sized_icon(
                        IconName::Sparkles,
                        icon_size::SMALL,
                        colors.text_faint,
                    ))
                    .child(
                        div()
                            .max_w(scaled(180.))
                            .truncate()
                            .text_ellipsis_middle()
                            .child(model),
                    ),
            )
            .when(total > 0, |this| {
                this.child(
                    div()
                        .id("status-usage")
                        .role(Role::Status)
                        .aria_label(detail.clone())
                        .test_support()
                        .px(space::XS)
                        .tooltip(text_tooltip(detail))
                        .child(format!("{} tokens", wording::tokens(total))),
                )
            })
    }
}
