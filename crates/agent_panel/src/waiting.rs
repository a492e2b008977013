//! The messages that wait above the composer, and what is kept of them over a restart.

use crate::commands::TakeBack;
use crate::panel::AgentPanel;
use crate::session::QueuedPrompt;
use agent::Mode;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::icons::sized_icon;
use ui::tokens::{icon_size, radius, scaled, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, Draft, IconName, Typography as _, WaitingMessage};

/// What a draft is for that becomes a spec.
const SPEC_DRAFT: &str = "spec";

impl AgentPanel {
    pub(crate) fn render_queue(&self, cx: &mut Context<Self>) -> Vec<AnyElement> {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let running = session.is_running();
        let queue = session.queue().clone();
        queue
            .into_iter()
            .enumerate()
            .map(|(position, prompt)| {
                let name = SharedString::from(format!("Queued: {}", prompt.text));
                div()
                    .id(("queued", position))
                    .role(Role::ListItem)
                    .aria_label(name)
                    .test_support()
                    .h(scaled(26.))
                    .pl(space::M)
                    .pr(space::XXS)
                    .flex()
                    .items_center()
                    .gap(space::S)
                    .rounded(radius::MEDIUM)
                    .bg(colors.hover)
                    .text_small()
                    .text_color(colors.text_muted)
                    .child(sized_icon(
                        IconName::CornerDownRight,
                        icon_size::SMALL,
                        colors.text_faint,
                    ))
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            .truncate()
                            .child(prompt.text.clone()),
                    )
                    .child(
                        IconButton::new(("unqueue", position), IconName::X, "Take message back")
                            .command("agent.takeBack")
                            .sizes(scaled(20.), icon_size::SMALL)
                            .on_click(cx.listener(move |this, _, window, cx| {
                                let taken = this
                                    .session
                                    .update(cx, |session, cx| session.unqueue(position, cx));
                                if let Some(prompt) = taken {
                                    this.take_back_to_edit(prompt, window, cx);
                                }
                            })),
                    )
                    .when(!running, |this| {
                        this.child(
                            IconButton::new(
                                ("send-queued", position),
                                IconName::ArrowUp,
                                "Send queued message",
                            )
                            .sizes(scaled(20.), icon_size::SMALL)
                            .on_click(
                                cx.listener(move |this, _, _, cx| this.send_queued(position, cx)),
                            ),
                        )
                    })
                    .into_any_element()
            })
            .collect()
    }

    /// Sends a message that waits and that no turn will send.
    pub(crate) fn send_queued(&mut self, position: usize, cx: &mut Context<Self>) {
        self.session
            .update(cx, |session, cx| session.send_queued(position, cx));
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
    }

    /// Puts a message that a person took back into the composer, behind what is written there, to be
    /// written on.
    fn take_back_to_edit(
        &mut self,
        prompt: QueuedPrompt,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let written = self.composer.read(cx).value();
        let text = if written.trim().is_empty() {
            self.set_mode(prompt.mode, window, cx);
            prompt.text
        } else {
            format!("{written}\n\n{}", prompt.text)
        };
        self.fill(text, window, cx);
        self.composer
            .update(cx, |composer, cx| composer.focus(window, cx));
    }

    pub(crate) fn take_last_back(
        &mut self,
        _: &TakeBack,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let last = self.session.read(cx).queue().len().checked_sub(1);
        let taken = last.and_then(|last| {
            self.session
                .update(cx, |session, cx| session.unqueue(last, cx))
        });
        match taken {
            Some(prompt) => self.take_back_to_edit(prompt, window, cx),
            None => ui::notify(ui::Severity::Info, "No message waits.", window, cx),
        }
    }

    /// What is written and not sent: in the composer, and in the messages that wait.
    pub(crate) fn unsent(&self, cx: &App) -> Option<Draft> {
        let text = self.composer.read(cx).value();
        let waiting: Vec<_> = self
            .session
            .read(cx)
            .waiting()
            .map(|(id, prompt)| WaitingMessage {
                place: id.to_string(),
                text: prompt.text.clone(),
                mode: mode_word(prompt.mode),
            })
            .collect();
        let written = !text.trim().is_empty();
        (written || !waiting.is_empty()).then(|| Draft {
            text: text.to_string(),
            mode: mode_word(self.mode).filter(|_| written),
            waiting,
        })
    }

    /// Brings back what was written and not sent when the program ended.
    pub(crate) fn restore_unsent(
        &mut self,
        draft: Draft,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if mode_of(draft.mode.as_deref()) == Mode::Spec {
            self.set_mode(Mode::Spec, window, cx);
        }
        self.fill(draft.text, window, cx);
        self.session.update(cx, |session, cx| {
            for WaitingMessage { place, text, mode } in draft.waiting {
                // Of a session that has no such name nobody could see it.
                if let Ok(id) = place.parse() {
                    let mode = mode_of(mode.as_deref());
                    session.let_wait(id, QueuedPrompt { text, mode }, cx);
                }
            }
        });
    }
}

fn mode_word(mode: Mode) -> Option<String> {
    match mode {
        Mode::Chat => None,
        Mode::Spec => Some(SPEC_DRAFT.to_owned()),
    }
}

fn mode_of(word: Option<&str>) -> Mode {
    match word {
        Some(SPEC_DRAFT) => Mode::Spec,
        _ => Mode::Chat,
    }
}
