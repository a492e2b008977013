//! The card of a command: its line, how it is getting on, and what it prints.

use crate::panel::AgentPanel;
use crate::tool_card::{one_line, revealed, state_mark, subject};
use crate::tool_output::output_toggle;
use crate::transcript::{ToolRow, ToolState};
use crate::visible_text::{Reading, RevealedText, reveal};
use crate::wording;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::time::Instant;
use ui::fonts::beside_the_editor;
use ui::tokens::{icon_size, scaled, space};
use ui::widgets::IconButton;
use ui::{ActiveKilnTheme as _, IconName, Typography as _};

/// Lines that a command wraps to in a card that nobody has opened.
const CLOSED_LINES: usize = 3;
/// Height of a line of the command.
const LINE: Rems = scaled(18.);

impl AgentPanel {
    pub(crate) fn render_command(
        &self,
        index: usize,
        tool: &ToolRow,
        card: &str,
        open: bool,
        cx: &mut Context<Self>,
    ) -> AnyElement {
        let colors = **cx.kiln_theme();
        let command = reveal(
            tool.command()
                .filter(|command| !command.is_empty())
                .unwrap_or(subject(tool)),
            Reading::Command,
        );
        let asking = tool.is_asking();
        let running = tool.state == ToolState::Running;
        let view = self.view(index);
        // One that opened by itself keeps to its first line.
        let opened = view.is_some_and(|view| view.expanded == Some(true));
        let text = if asking || opened {
            command
        } else {
            first_line(&command)
        };
        let elapsed = view.and_then(|view| view.has_run(tool, Instant::now()));
        let openable = running || !tool.output.is_empty();
        let name = SharedString::from(format!("Output of {card}"));
        div()
            .child(
                output_toggle("tool-command", index, name, openable, open, cx)
                    .test_support()
                    .px(space::M)
                    .py(space::S)
                    .flex()
                    .items_start()
                    .gap(space::M)
                    .font(beside_the_editor(cx))
                    .text_size(scaled(12.))
                    .line_height(LINE)
                    .child(div().flex_none().text_color(colors.text_faint).child("$"))
                    .child(
                        div()
                            .flex_1()
                            .min_w_0()
                            // A click shows all of it, with the output.
                            .when(openable && !asking && !opened, |this| {
                                this.line_clamp(CLOSED_LINES).text_ellipsis()
                            })
                            .text_color(match tool.state {
                                ToolState::Writing => colors.text_faint,
                                _ => colors.editor_text,
                            })
                            .child(revealed(&text, &colors)),
                    )
                    .child(
                        div()
                            .flex_none()
                            .h(LINE)
                            .flex()
                            .items_center()
                            .gap(space::S)
                            .when_some(elapsed, |this, elapsed| {
                                let elapsed = SharedString::from(wording::running(elapsed));
                                this.child(
                                    div()
                                        .id(("tool-elapsed", index))
                                        .role(Role::Timer)
                                        .aria_label(elapsed.clone())
                                        .test_support()
                                        .text_caption()
                                        .text_color(colors.text_faint)
                                        .child(elapsed),
                                )
                            })
                            .child(state_mark(tool, &colors, false))
                            .when(running, |this| {
                                this.child(
                                    IconButton::new(
                                        ("tool-stop", index),
                                        IconName::Square,
                                        "Stop this command and the turn",
                                    )
                                    .command("agent.stop")
                                    .sizes(LINE, icon_size::SMALL),
                                )
                            })
                            .when(openable, |this| {
                                let chevron = match open {
                                    true => IconName::ChevronDown,
                                    false => IconName::ChevronRight,
                                };
                                this.child(ui::icons::sized_icon(
                                    chevron,
                                    icon_size::SMALL,
                                    colors.text_faint,
                                ))
                            }),
                    ),
            )
            .when(!asking && !open && !tool.summary.is_empty(), |this| {
                let said = div()
                    .px(space::M)
                    .pb(space::S)
                    .text_small()
                    .text_color(colors.text_muted);
                // Why it failed, and what was said instead, is shown whole.
                this.child(if tool.state == ToolState::Failed {
                    said.child(reveal(&tool.summary, Reading::Output).text)
                } else {
                    said.truncate().child(one_line(&tool.summary))
                })
            })
            .when(open, |this| {
                this.child(
                    div()
                        .border_t_1()
                        .border_color(colors.border)
                        .child(self.render_output(index, tool, cx)),
                )
            })
            .into_any_element()
    }
}

fn first_line(text: &RevealedText) -> RevealedText {
    let end = text.text.find('\n').unwrap_or(text.text.len());
    let mut line = RevealedText {
        text: text.text[..end].to_owned(),
        marks: text
            .marks
            .iter()
            .filter(|range| range.end <= end)
            .cloned()
            .collect(),
    };
    if end < text.text.len() {
        line.text.push_str(" …");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn the_first_line_of_a_command_says_that_there_is_more() {
        let text = reveal("one\ntwo\u{200b}", Reading::Command);
        let line = first_line(&text);
        assert_eq!(line.text, "one …");
        assert!(line.marks.is_empty());
    }
}
