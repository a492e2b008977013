//! The parameters of the call that is being typed, above it.

use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::text::TextViewState;
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, AsyncApp, Context, Entity, FontWeight, HighlightStyle, InteractiveElement,
    Rems, Role, SharedString, StyledText, Task, WeakEntity, Window, actions, deferred, div, px,
};
use lsp::{RequestError, SignatureHelp};
use ui::tokens::{scaled, space};
use ui::{ActiveKilnTheme as _, CommandSpec, Severity, markdown};

use crate::commands::Run;
use crate::floating::floating;
use crate::hover::follow_web;
use crate::popover::{Placed, Popover, Side};
use crate::view::EditorView;

/// The width of what is shown at most.
const MAX_WIDTH: Rems = scaled(560.);

crate::commands::commands! {
    TriggerParameterHints "editor.action.triggerParameterHints" "Trigger Parameter Hints" => |v, window, cx| v.show_parameters(window, cx);
    CloseParameterHints "editor.closeParameterHints" "Close Parameter Hints" => |v, _, cx| v.close_parameters(cx);
    NextParameterHint "editor.showNextParameterHint" "Show Next Parameter Hint" => |v, _, cx| v.step_signature(true, cx);
    PreviousParameterHint "editor.showPrevParameterHint" "Show Previous Parameter Hint" => |v, _, cx| v.step_signature(false, cx);
}

/// The parameters of a view: what is waited for and what is shown.
#[derive(Default)]
pub(crate) struct Parameters {
    asking: Option<Task<()>>,
    shown: Option<Shown>,
}

struct Shown {
    help: SignatureHelp,
    /// What is said of the signature and the parameter.
    document: Option<Entity<TextViewState>>,
    placed: Placed,
}

impl Parameters {
    /// Whether something is shown.
    pub(crate) fn is_shown(&self) -> bool {
        self.shown.is_some()
    }

    /// Whether there are several signatures to go through.
    pub(crate) fn has_several(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| shown.help.signatures.len() > 1)
    }
}

impl EditorView {
    /// The signature that is shown, with the parameter at the caret in brackets; nothing while there
    /// is none.
    pub fn signature_text(&self) -> Option<String> {
        let help = &self.parameters.shown.as_ref()?.help;
        let signature = help.signatures.get(help.active)?;
        let label = &signature.label;
        Some(match &signature.active {
            Some(range) => format!(
                "{}[{}]{}",
                &label[..range.start],
                &label[range.clone()],
                &label[range.end..]
            ),
            None => label.to_string(),
        })
    }

    /// What asks for parameters when it is typed; `None` where no server tells them.
    fn parameter_triggers(&self, cx: &App) -> Option<Vec<String>> {
        let servers = self.model.read(cx).language_servers()?;
        let mut serving = servers.serving(self.buffer);
        serving.find_map(|(server, _)| server.signature_triggers())
    }

    /// Ctrl+Shift+Space.
    fn show_parameters(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.parameter_triggers(cx).is_none() {
            let silent = self.model.read(cx).why_silent(self.buffer);
            let why = silent.unwrap_or(RequestError::Unsupported);
            let message = format!("Nothing is known of the parameters here: {why}.");
            return ui::notify(Severity::Info, message, window, cx);
        }
        self.ask_for_parameters(None, cx);
    }

    /// A completion was put in that has some.
    pub(crate) fn parameters_wanted(&mut self, cx: &mut Context<Self>) {
        if self.language_settings(cx).completion.parameter_hints {
            self.ask_for_parameters(None, cx);
        }
    }

    /// Something was typed: asks for the parameters where that begins or goes on in a call.
    pub(crate) fn parameters_typed(&mut self, typed: &str, cx: &mut Context<Self>) {
        if !self.language_settings(cx).completion.parameter_hints {
            return;
        }
        let triggers = self.parameter_triggers(cx).unwrap_or_default();
        if triggers.iter().any(|one| one == typed) {
            self.ask_for_parameters(Some(typed), cx);
        }
    }

    /// The text or the carets changed while parameters are shown: asks again.
    pub(crate) fn parameters_follow(&mut self, cx: &mut Context<Self>) {
        if self.parameters.is_shown() {
            self.ask_for_parameters(None, cx);
        }
    }

    fn ask_for_parameters(&mut self, typed: Option<&str>, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let place = (self.version, at);
        let shown = self.parameters.is_shown();
        let asked = self.model.update(cx, |model, cx| {
            model.server_signature_help(buffer, at, typed, shown, cx)
        });
        self.parameters.asking = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                let answer = asked.await.ok().flatten();
                // A view that is gone shows nothing.
                this.update(cx, |view, cx| {
                    view.parameters.asking = None;
                    // Whoever typed on may have left the call.
                    match place == (view.version, view.selections.primary().head) {
                        true => view.take_parameters(answer, cx),
                        false => view.ask_for_parameters(None, cx),
                    }
                })
                .ok();
            },
        ));
    }

    fn take_parameters(&mut self, answer: Option<SignatureHelp>, cx: &mut Context<Self>) {
        let Some(help) = answer else {
            return self.close_parameters(cx);
        };
        let placed = self.parameters.shown.take().map(|shown| shown.placed);
        self.parameters.shown = Some(Shown {
            document: document(&help, cx),
            help,
            placed: placed.unwrap_or_default(),
        });
        cx.notify();
    }

    /// Takes the parameters away, with what is waited for.
    pub(crate) fn close_parameters(&mut self, cx: &mut Context<Self>) {
        self.parameters.asking = None;
        if self.parameters.shown.take().is_some() {
            cx.notify();
        }
    }

    fn step_signature(&mut self, forward: bool, cx: &mut Context<Self>) {
        let Some(shown) = &mut self.parameters.shown else {
            return;
        };
        let count = shown.help.signatures.len();
        let step = if forward { 1 } else { count - 1 };
        shown.help.active = (shown.help.active + step) % count;
        shown.document = document(&shown.help, cx);
        cx.notify();
    }

    pub(crate) fn render_parameters(
        &mut self,
        window: &Window,
        cx: &Context<Self>,
    ) -> Option<AnyElement> {
        // Whoever types elsewhere has no use for them.
        if !self.focus.is_focused(window) {
            self.parameters = Parameters::default();
        }
        let shown = self.parameters.shown.as_ref()?;
        let help = &shown.help;
        let signature = help.signatures.get(help.active)?.clone();
        let several = (help.signatures.len() > 1)
            .then(|| format!("{}/{}", help.active + 1, help.signatures.len()));
        let spoken = SharedString::from(self.signature_text()?);
        let document = shown.document.clone();
        let at = self.selections.primary().head;
        // The list of suggestions is what is chosen from.
        let list = self.completing.placed();
        let popover = Popover::new(
            cx.entity(),
            at..at,
            Side::Above,
            MAX_WIDTH,
            shown.placed.clone(),
            move |max, _, cx| {
                let theme = cx.kiln_theme().clone();
                let strong = HighlightStyle {
                    color: Some(theme.accent),
                    font_weight: Some(FontWeight::BOLD),
                    ..HighlightStyle::default()
                };
                let highlights = signature.active.clone().map(|range| (range, strong));
                let label = StyledText::new(SharedString::from(signature.label.to_string()))
                    .with_highlights(highlights);
                floating(&theme)
                    .id("parameter-hints")
                    .test_support()
                    .role(Role::Tooltip)
                    .aria_label(spoken)
                    .flex_col()
                    .gap(space::XS)
                    .px(space::M)
                    .py(space::S)
                    .max_w(max.width)
                    .max_h(max.height.min(px(240.)))
                    .overflow_y_scroll()
                    .text_color(theme.text)
                    .child(
                        div()
                            .flex()
                            .gap(space::M)
                            .children(several.map(|several| {
                                div()
                                    .flex_none()
                                    .text_color(theme.text_muted)
                                    .child(several)
                            }))
                            .child(
                                div()
                                    .min_w_0()
                                    .font(ui::fonts::beside_the_editor(cx))
                                    .child(label),
                            ),
                    )
                    .children(document.map(|document| {
                        div()
                            .pt(space::XS)
                            .border_t_1()
                            .border_color(theme.border)
                            .child(markdown::documentation(&document, follow_web, cx))
                    }))
                    .into_any_element()
            },
        );
        Some(deferred(popover.apart_from(list)).into_any_element())
    }
}

/// What is said of the signature that is shown.
fn document(help: &SignatureHelp, cx: &mut Context<EditorView>) -> Option<Entity<TextViewState>> {
    let signature = help.signatures.get(help.active)?;
    let parts = [&signature.parameter_documentation, &signature.documentation];
    let parts: Vec<_> = parts.into_iter().flatten().map(|part| &**part).collect();
    let text = parts.join("\n\n");
    (!text.is_empty()).then(|| cx.new(|cx| TextViewState::markdown(&text, cx)))
}
