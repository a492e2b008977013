//! Asking the agent where the code stands: a row beside the selected lines, at the end where the
//! caret is, takes what is to be done, and the agent is sent it with them.

use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

use editor_core::display_map::{BlockId, BlockPlacement};
use editor_core::{Bias, ChangeSet, Text};
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, App, Context, Entity, InteractiveElement, Rems, Render, Role, Subscription,
    WeakEntity, Window, actions, deferred, div,
};
use ui::tokens::{Typography as _, scaled, space};
use ui::{ActiveKilnTheme as _, AgentQuestion, CommandSpec, Severity, zoom};

use crate::blocks::BlockElement;
use crate::commands::Run;
use crate::floating::{floating, floating_field};
use crate::popover::{Placed, Popover, Side};
use crate::scroll::Reveal;
use crate::view::EditorView;

crate::commands::commands! {
    AskAgent "inlineChat.start" "Ask the Agent about These Lines…" => |v, window, cx| v.open_inline_prompt(window, cx);
}

/// The command that needs an agent.
pub(crate) const ASK_AGENT: &str = "inlineChat.start";

/// How high the prompt is: it has as many rows in the text as this takes.
const HEIGHT: Rems = scaled(60.);

/// The prompt while it is open, and what it is about.
pub(crate) struct InlinePrompt {
    prompt: Entity<PromptInput>,
    block: BlockId,
    /// The line that it stands beside.
    line: Range<usize>,
    side: Side,
    /// The bytes that are asked about.
    range: Range<usize>,
    placed: Placed,
}

/// Where the question is written.
pub(crate) struct PromptInput {
    view: WeakEntity<EditorView>,
    input: Entity<InputState>,
    _subscription: Subscription,
}

impl InlinePrompt {
    /// Carries its places along with a change.
    pub(crate) fn follow(&mut self, changes: &ChangeSet) {
        for range in [&mut self.line, &mut self.range] {
            *range = changes.map_offset(range.start, Bias::Left)
                ..changes.map_offset(range.end, Bias::Right);
        }
    }
}

impl PromptInput {
    fn on_input(
        &mut self,
        input: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let InputEvent::PressEnter { .. } = event else {
            return;
        };
        let instruction = input.read(cx).value().trim().to_owned();
        let Some(view) = self.view.upgrade().filter(|_| !instruction.is_empty()) else {
            return;
        };
        // The prompt belongs to the view, which closes it.
        window.defer(cx, move |window, cx| {
            let question = view.read(cx).question(instruction, cx);
            let sent = question.is_some_and(|question| ui::ask_agent(question, window, cx));
            match sent {
                true => view.update(cx, |view, cx| view.close_inline_prompt(window, cx)),
                // What was written stays.
                false => ui::notify(
                    Severity::Info,
                    "This window has no agent to ask.",
                    window,
                    cx,
                ),
            }
        });
    }
}

impl Render for PromptInput {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        floating(&theme)
            .id("inline-prompt")
            .test_support()
            .key_context("InlinePrompt")
            .role(Role::Dialog)
            .aria_label("Ask the agent about these lines")
            .flex_col()
            .gap(space::XS)
            .w(scaled(460.))
            .max_w_full()
            .text_color(theme.text_muted)
            .child(floating_field(
                &theme,
                &self.input,
                "inline-prompt-input",
                "What is to be done here",
            ))
            .child(
                div()
                    .px(space::XS)
                    .text_caption()
                    .child("Enter sends it to the agent with the selected lines; Escape closes"),
            )
    }
}

impl EditorView {
    /// Ctrl+I.
    fn open_inline_prompt(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.close_inline_prompt(window, cx);
        let text = self.text(cx);
        let selection = *self.selections.primary();
        let meant = rows_of(&text, &selection.range());
        // Where the caret is, which is in sight.
        let (row, side) = match selection.head > selection.anchor && meant.len() > 1 {
            true => (meant.end - 1, Side::Below),
            false => (meant.start, Side::Above),
        };
        let line = match side {
            Side::Above => text.line_start(row)..text.line_start(row),
            Side::Below => text.line_start(row)..text.line_end(row),
        };
        let line_height = self.frame.as_ref().map(|frame| frame.style.line_height);
        let rows = line_height.map_or(3., |line| (zoom::pixels(HEIGHT, cx) / line).ceil());
        let rows = rows.clamp(1., 20.) as u32;
        let block = BlockElement {
            offset: line.start,
            placement: match side {
                Side::Above => BlockPlacement::Above,
                Side::Below => BlockPlacement::Below,
            },
            rows,
            // The prompt floats over its rows, beside the text, so that keys reach it alone.
            render: Rc::new(|_, _, _| div().into_any_element()),
        };
        let Some(block) = self.insert_blocks(vec![block], cx).first().copied() else {
            return;
        };
        let view = cx.weak_entity();
        let prompt = cx.new(|cx| {
            let input = cx.new(|cx| {
                InputState::new(window, cx)
                    .placeholder("Say what to change, or ask, about these lines")
            });
            let subscription = cx.subscribe_in(&input, window, PromptInput::on_input);
            PromptInput {
                view,
                input,
                _subscription: subscription,
            }
        });
        let input = prompt.read(cx).input.clone();
        input.update(cx, |input, cx| input.focus(window, cx));
        self.inline_prompt = Some(InlinePrompt {
            prompt,
            block,
            line: line.clone(),
            side,
            range: selection.range(),
            placed: Placed::default(),
        });
        // Out of what is folded or scrolled away, with the rows above it.
        self.reveal = Some(Reveal::Nearest);
        if side == Side::Below {
            let end = self.display.snapshot().row_of(line.end) + 1 + rows as usize;
            let hidden = end as f64 - (self.scroll_target().top + self.page_rows() as f64);
            if hidden > 0. {
                self.glide_by(hidden, gpui_kit::px(0.), cx);
            }
        }
        cx.notify();
    }

    /// Closes the prompt and gives the focus back.
    pub(crate) fn close_inline_prompt(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if let Some(prompt) = self.inline_prompt.take() {
            self.remove_blocks(&[prompt.block], cx);
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }

    /// The question about the lines that the prompt is for.
    fn question(&self, instruction: String, cx: &App) -> Option<AgentQuestion> {
        let range = self.inline_prompt.as_ref()?.range.clone();
        let buffer = self.buffer_ref(cx)?;
        let text = buffer.text();
        let rows = rows_of(text, &range);
        let bytes = text.line_start(rows.start)..text.line_end(rows.end - 1);
        let code = (bytes.len() <= AgentQuestion::MAX_CODE).then(|| text.slice(bytes).into_owned());
        Some(AgentQuestion {
            instruction,
            path: buffer.path().map(Path::to_path_buf),
            language: buffer.language().id_str(),
            lines: rows.start + 1..rows.end + 1,
            code,
        })
    }

    pub(crate) fn render_inline_prompt(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let open = self.inline_prompt.as_ref()?;
        let (line, placed, prompt) = (open.line.clone(), open.placed.clone(), open.prompt.clone());
        let popover = Popover::new(
            cx.entity(),
            line,
            open.side,
            scaled(480.),
            placed,
            move |_, _, _| prompt.into_any_element(),
        );
        Some(deferred(popover).into_any_element())
    }
}

/// The rows that a selection means: one that ends before the first letter of a line does not mean
/// that line.
fn rows_of(text: &Text, range: &Range<usize>) -> Range<usize> {
    let first = text.row_at(range.start.min(text.len()));
    let last = text.row_at(range.end.min(text.len()));
    let ends_before = last > first && text.line_start(last) == range.end;
    first..last + usize::from(!ends_before)
}
