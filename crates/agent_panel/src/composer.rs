//! The foot of the panel: what is going on, what waits, and where the next message is written.

use crate::commands::ToggleMode;
use crate::local_speed::LocalSpeed;
use crate::panel::AgentPanel;
use crate::pickers::{OpenPicker, PickerPurpose, popover};
use crate::transcript::Activity;
use crate::wording;
use agent::Mode;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::Sizable as _;
use gpui_kit::component::input::Textarea;
use gpui_kit::component::spinner::Spinner;
use gpui_kit::prelude::*;
use gpui_kit::*;
use ui::icons::sized_icon;
use ui::tokens::{height, icon_size, radius, scaled, space};
use ui::widgets::{IconButton, command_tooltip};
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

/// The least width of the model's button, in which its name can be told.
const LEAST_MODEL: Rems = scaled(81.);
/// How much of a model's name is seen beside its provider.
const LEAST_NAME: Rems = scaled(24.);

/// The side of the buttons that send and stop.
const SEND: Rems = scaled(26.);

/// The height of the line that says what is going on.
const ACTIVITY: Rems = scaled(20.);
/// What its words need beside its figures: one word, or more.
const LEAST_ACTIVITY: (Rems, Rems) = (scaled(64.), scaled(130.));

/// Tells the panel how wide the composer is.
fn measured(cx: &Context<AgentPanel>) -> impl IntoElement {
    let panel = cx.weak_entity();
    canvas(
        move |bounds, window, cx| {
            let width = bounds.size.width;
            // A closed panel needs no words.
            panel
                .update(cx, |panel, cx| panel.composer_measured(width, window, cx))
                .ok();
        },
        |_, (), _, _| {},
    )
    .absolute()
    .size_full()
}

impl AgentPanel {
    pub(crate) fn render_composer(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let focused = self.composer.focus_handle(cx).is_focused(window);
        let running = self.session.read(cx).is_running();
        let written = !self.composer.read(cx).value().trim().is_empty();
        // Those behind the model.
        let buttons = match running && written {
            true => 2.,
            false => 1.,
        };
        let label = match self.mode {
            Mode::Chat => "Message to the agent",
            Mode::Spec => "What the spec is about",
        };
        div()
            .flex_none()
            .px(space::L)
            .pb(space::L)
            .flex()
            .flex_col()
            .gap(space::S)
            .when(running, |this| this.child(self.render_activity(cx)))
            .children(self.render_queue(cx))
            .child(
                div()
                    .id("agent-composer")
                    .key_context("AgentComposer")
                    .flex()
                    .flex_col()
                    .rounded(radius::LARGE)
                    .border_1()
                    .border_color(if focused {
                        colors.border_focused
                    } else {
                        colors.border
                    })
                    .bg(colors.input_background)
                    .relative()
                    .child(measured(cx))
                    .when_some(self.open_models(), |this, picker| {
                        // Above what is written.
                        let place = div().left(px(0.)).right(px(0.)).bottom(relative(1.));
                        this.child(popover(picker, place.mb(space::XS)))
                    })
                    .child(
                        div().px(space::XXS).pt(space::XXS).text_body().child(
                            Textarea::new(&self.composer)
                                .appearance(false)
                                .bordered(false)
                                .accessibility_id("agent-composer-text")
                                .aria_label(label),
                        ),
                    )
                    .child(
                        // In a narrow panel the model goes to a line of its own, and what sends
                        // along with it.
                        div()
                            .px(space::S)
                            .pb(space::S)
                            .flex()
                            .flex_wrap()
                            .items_center()
                            .gap(space::XS)
                            .child(self.render_mode_switch(cx))
                            .child(
                                div()
                                    .flex_1()
                                    .min_w(LEAST_MODEL + (SEND + space::XS) * buttons)
                                    .flex()
                                    .items_center()
                                    .gap(space::XS)
                                    .child(self.render_model_button(cx))
                                    .when(running, |this| {
                                        this.child(
                                            IconButton::new("agent-stop", IconName::Square, "Stop")
                                                .command("agent.stop")
                                                .color(colors.text)
                                                .sizes(SEND, icon_size::MEDIUM),
                                        )
                                    })
                                    .when(!running || written, |this| {
                                        this.child(self.render_send(running, written, cx))
                                    }),
                            ),
                    ),
            )
            .into_any_element()
    }

    fn render_send(&self, running: bool, written: bool, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let label = if running {
            "Queue message"
        } else {
            "Send message"
        };
        div()
            .id("agent-send")
            .role(Role::Button)
            .aria_label(label)
            .aria_keyshortcuts("Enter")
            .test_support()
            .flex_none()
            .size(SEND)
            .flex()
            .items_center()
            .justify_center()
            .rounded(radius::MEDIUM)
            .bg(if written {
                colors.button_background
            } else {
                colors.hover
            })
            .when(written, |this| {
                this.cursor_pointer()
                    .hover(|this| this.opacity(0.9))
                    .on_click(cx.listener(|this, _, window, cx| this.submit(window, cx)))
            })
            .tooltip(ui::widgets::text_tooltip(format!("{label}  Enter")))
            .child(sized_icon(
                IconName::ArrowUp,
                icon_size::LARGE,
                if written {
                    colors.button_text
                } else {
                    colors.text_faint
                },
            ))
            .into_any_element()
    }

    fn render_mode_switch(&self, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let segment = |mode: Mode, label: &'static str| {
            let on = self.mode == mode;
            div()
                .id(label)
                .role(Role::RadioButton)
                .aria_label(label)
                .aria_toggled(if on { Toggled::True } else { Toggled::False })
                .test_support()
                .h(scaled(20.))
                .px(space::S)
                .flex()
                .items_center()
                .rounded(radius::SMALL)
                .text_small()
                .cursor_pointer()
                .map(|this| {
                    if on {
                        this.bg(colors.active).text_color(colors.text)
                    } else {
                        this.text_color(colors.text_muted)
                            .hover(|this| this.text_color(colors.text))
                    }
                })
                .on_click(cx.listener(move |this, _, window, cx| {
                    this.set_mode(mode, window, cx);
                    this.composer
                        .update(cx, |composer, cx| composer.focus(window, cx));
                }))
                .tooltip(command_tooltip(
                    match mode {
                        Mode::Chat => "Talk, and change files",
                        Mode::Spec => "Write requirements, design and tasks first",
                    },
                    Some("agent.toggleMode"),
                ))
                .child(label)
        };
        div()
            .id("agent-mode")
            .role(Role::RadioGroup)
            .aria_label("Mode")
            .flex_none()
            .flex()
            .p(px(1.))
            .gap(px(1.))
            .rounded(radius::MEDIUM)
            .border_1()
            .border_color(colors.border)
            .on_action(cx.listener(|this, action: &ToggleMode, window, cx| {
                this.toggle_mode(action, window, cx);
            }))
            .child(segment(Mode::Chat, "Chat"))
            .child(segment(Mode::Spec, "Spec"))
            .into_any_element()
    }

    fn open_models(&self) -> Option<&OpenPicker> {
        let picker = self.picker.as_ref();
        picker.filter(|picker| picker.purpose == PickerPurpose::Model)
    }

    fn render_model_button(&self, cx: &mut Context<Self>) -> AnyElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let (name, id, local) = match session.model() {
            Some(model) => (model.name.clone(), model.id.to_string(), model.local),
            None => ("Choose a model".into(), "none yet".to_owned(), false),
        };
        // Of a whole name the provider stays, however long the rest is.
        let (provider, shown) = match session.model() {
            Some(model) if model.name.as_ref() == model.id.as_str() => (
                Some(model.id.provider().to_owned()),
                model.id.model().to_owned().into(),
            ),
            _ => (None, name.clone()),
        };
        let tooltip = match session.speed().filter(|_| local).map(LocalSpeed::words) {
            Some(speed) => format!("Select model: {id}, {speed}"),
            None => format!("Select model: {id}"),
        };
        let open = self.open_models().is_some();
        div()
            .flex_1()
            .min_w(LEAST_MODEL)
            .flex()
            .child(
                div()
                    .id("agent-model")
                    .role(Role::Button)
                    .aria_label(SharedString::from(format!("Model: {name}")))
                    .aria_expanded(open)
                    .test_support()
                    .h(height::TOOL)
                    .min_w_0()
                    .px(space::S)
                    .flex()
                    .items_center()
                    .gap(space::XS)
                    .rounded(radius::SMALL)
                    .text_small()
                    .text_color(colors.text_muted)
                    .cursor_pointer()
                    .hover(|this| this.bg(colors.hover).text_color(colors.text))
                    .on_click(cx.listener(|this, event: &ClickEvent, window, cx| {
                        // Pressed while the list was open, it has closed the list.
                        let press = match event {
                            ClickEvent::Mouse(mouse) => Some(mouse.down.position),
                            _ => None,
                        };
                        if press.is_none() || this.dismissed_by.take() != press {
                            this.select_model(&crate::commands::SelectModel, window, cx);
                        }
                    }))
                    .when(!open, |this| {
                        this.tooltip(command_tooltip(tooltip, Some("agent.selectModel")))
                    })
                    .when(local, |this| {
                        this.child(sized_icon(
                            IconName::Cpu,
                            icon_size::SMALL,
                            colors.text_faint,
                        ))
                    })
                    .child(model_name(provider, shown))
                    .child(sized_icon(
                        IconName::ChevronDown,
                        icon_size::SMALL,
                        colors.text_faint,
                    )),
            )
            .into_any_element()
    }

    fn render_activity(&self, cx: &App) -> AnyElement {
        let colors = **cx.kiln_theme();
        let session = self.session.read(cx);
        let usage = session.transcript().turn_usage();
        let asking = session.transcript().activity() == Some(&Activity::Asking);
        let words: SharedString = match session.transcript().activity() {
            Some(Activity::Loading(note)) => note.clone().into(),
            Some(Activity::Retrying { attempt, delay, .. }) => format!(
                "Asking again in {} (try {})",
                wording::wait(*delay),
                attempt + 1
            )
            .into(),
            Some(Activity::Asking) => "Waiting for your decision".into(),
            Some(Activity::Working) => "Working".into(),
            Some(Activity::Answering) => "Answering".into(),
            Some(Activity::Waiting) | None => "Thinking".into(),
        };
        let reason = match session.transcript().activity() {
            Some(Activity::Retrying { reason, .. }) => Some(SharedString::from(reason.clone())),
            _ => None,
        };
        let mut parts = Vec::new();
        if let Some(worked) = session.turn_worked() {
            parts.push(wording::running(worked));
        }
        if let Some(rate) = session.transcript().turn_speed().and_then(LocalSpeed::rate) {
            // Its tokens cost nothing but time.
            parts.push(rate);
        } else if usage.input_tokens + usage.output_tokens > 0 {
            parts.push(format!("{} in", wording::tokens(usage.input_tokens)));
            parts.push(format!("{} out", wording::tokens(usage.output_tokens)));
        }
        let least = match words.contains(' ') {
            false => LEAST_ACTIVITY.0,
            true => LEAST_ACTIVITY.1,
        };
        let figures = SharedString::from(parts.join(" · "));
        let line = div()
            .id("agent-activity")
            .role(Role::Status)
            .aria_label(words.clone())
            .test_support()
            .h(ACTIVITY)
            .flex()
            // Where both do not fit, the figures wrap to a line that is not seen.
            .flex_wrap()
            .overflow_hidden()
            .gap_x(space::S)
            .text_caption()
            .text_color(colors.text_muted)
            .map(|this| {
                let mark = div().flex_none().h(ACTIVITY).flex().items_center();
                this.child(if asking {
                    mark.child(sized_icon(IconName::Hand, icon_size::SMALL, colors.accent))
                } else {
                    mark.child(Spinner::new().xsmall().color(colors.accent))
                })
            })
            .child(
                div()
                    .flex_1()
                    .min_w(least)
                    .h(ACTIVITY)
                    .flex()
                    .items_center()
                    .child(div().min_w_0().truncate().child(words)),
            )
            .child(
                div()
                    .flex_none()
                    .h(ACTIVITY)
                    .flex()
                    .items_center()
                    .text_color(colors.text_faint)
                    .id("agent-figures")
                    .role(Role::Status)
                    .aria_label(figures.clone())
                    .test_support()
                    .child(figures),
            );
        div()
            .flex()
            .flex_col()
            .child(line)
            .when_some(reason, |this, reason| {
                this.child(
                    div()
                        .id("agent-retry-reason")
                        .role(Role::Status)
                        .aria_label(reason.clone())
                        .test_support()
                        .text_caption()
                        .text_color(colors.text_muted)
                        .child(reason),
                )
            })
            .into_any_element()
    }
}

/// The name of the model in use, shortened where there is little room. Its provider, where that is
/// told, stays whole as long as anything of the name is seen.
fn model_name(provider: Option<String>, name: SharedString) -> impl IntoElement {
    let told = provider.is_some();
    div()
        .min_w_0()
        .flex()
        .children(provider.map(|provider| {
            let mut provider = div()
                .id("agent-model-provider")
                .min_w_0()
                .truncate()
                .child(format!("{provider}/"));
            provider.style().flex_shrink = Some(0.01);
            provider.test_support()
        }))
        .child(
            div()
                .id("agent-model-name")
                .min_w_0()
                .when(told, |this| this.min_w(LEAST_NAME))
                .truncate()
                .text_ellipsis_middle()
                .child(name)
                .test_support(),
        )
}

/// What an empty composer of this width at zoom level 0 says: the longest that fits, for it does
/// not wrap.
pub(crate) fn placeholder(mode: Mode, asking: bool, width: Pixels) -> &'static str {
    /// About what a letter of the composer's text takes.
    const LETTER: Pixels = px(7.);
    /// What the text keeps free at both sides.
    const MARGINS: Pixels = px(24.);
    let texts: &[&'static str] = match (asking, mode) {
        (true, _) => &["Or say what to do instead", "Or say what instead"],
        (false, Mode::Chat) => &[
            "Ask about this project, or say what to change",
            "Ask, or say what to change",
            "Ask the agent",
        ],
        (false, Mode::Spec) => &[
            "Describe what to build; it becomes a spec you review",
            "Describe what to build",
            "What to build",
        ],
    };
    texts
        .iter()
        .find(|text| LETTER * text.len() as f32 + MARGINS <= width)
        .or(texts.last())
        .copied()
        .unwrap_or_default()
}
