//! What a tool call printed, drawn in its card: while a command runs, as it comes.

use crate::panel::AgentPanel;
use crate::rows::{RowView, ToolView};
use crate::tool_card::revealed;
use crate::transcript::{Row, ToolRow, ToolState};
use crate::visible_text::{Reading, RevealedText, reveal};
use crate::wording;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::prelude::*;
use gpui_kit::*;
use std::time::{Duration, Instant};
use ui::fonts::beside_the_editor;
use ui::tokens::{radius, scaled, space};
use ui::widgets::text_tooltip;
use ui::{ActiveKilnTheme as _, Typography as _};

/// Lines of output that are drawn at most: so many of its beginning and of its end.
const FIRST_LINES: usize = 60;
/// The end is where a running command is, and where a failed one says why.
const LAST_LINES: usize = 140;
/// Characters of a line that are drawn.
const LINE_LENGTH: usize = 600;
/// Bytes of the end that are drawn while a command runs. More of them, all changing ten times a
/// second, would hold up the window; the beginning does not change any more.
const RUNNING_BYTES: usize = 6 << 10;
/// Bytes of the output's end in its accessible value.
const VALUE_BYTES: usize = 2_000;
/// A shorter time than this is not worth a word.
const SHORTEST: Duration = Duration::from_secs(1);

/// A call's line, which shows and hides its output where it is `openable`.
pub(crate) fn output_toggle(
    id: &'static str,
    index: usize,
    name: SharedString,
    openable: bool,
    open: bool,
    cx: &Context<AgentPanel>,
) -> Stateful<Div> {
    let colors = **cx.kiln_theme();
    div()
        .id((id, index))
        .role(match openable {
            true => Role::Button,
            false => Role::Group,
        })
        .aria_label(name)
        .aria_expanded(open)
        .when(openable, |this| {
            this.tooltip(text_tooltip(match open {
                true => "Hide the output",
                false => "Show the output",
            }))
            .cursor_pointer()
            .tab_index(0)
            .focus_visible(|this| this.bg(colors.active))
            .hover(|this| this.bg(colors.hover))
            .on_click(cx.listener(move |this, _, _, cx| this.toggle_tool(index, cx)))
        })
}

impl ToolView {
    /// Whether the output is drawn: as the user left it; where they did nothing, that of a command
    /// that runs, or failed before their eyes.
    pub(crate) fn is_open(&self, tool: &ToolRow) -> bool {
        self.expanded
            .unwrap_or(tool.live && tool.state != ToolState::Done)
    }

    /// The call has changed: the end of its output stays in sight, unless the user has scrolled
    /// away from it.
    pub(crate) fn call_changed(&mut self, tool: &ToolRow, now: Instant) {
        self.output = None;
        if tool.state == ToolState::Running {
            self.running_since.get_or_insert(now);
        }
        if !tool.live {
            return;
        }
        if self.is_at_end() {
            self.scroll.scroll_to_bottom();
        } else if self.expanded.is_none() && tool.state == ToolState::Done {
            // It is being read.
            self.expanded = Some(true);
        }
    }

    fn is_at_end(&self) -> bool {
        -self.scroll.offset().y >= self.scroll.max_offset().y - px(1.)
    }

    /// How long it has run until `now`, where that is worth a word.
    pub(crate) fn has_run(&self, tool: &ToolRow, now: Instant) -> Option<Duration> {
        let since = self
            .running_since
            .filter(|_| tool.state == ToolState::Running)?;
        Some(now.saturating_duration_since(since)).filter(|elapsed| *elapsed >= SHORTEST)
    }
}

impl AgentPanel {
    /// How far the output of the call in the row at `index` is scrolled down, and how far it can
    /// be.
    pub fn output_scrolled(&self, index: usize) -> Option<(Pixels, Pixels)> {
        let scroll = &self.view(index)?.scroll;
        Some((-scroll.offset().y, scroll.max_offset().y))
    }

    /// Takes in that the call in the row at `index` has changed.
    pub(crate) fn tool_changed(&mut self, index: usize, cx: &App) {
        if let Some(Row::Tool(tool)) = self.session.read(cx).transcript().rows().get(index)
            && let Some(RowView::Tool(view)) = self.views.get_mut(index)
        {
            view.call_changed(tool, Instant::now());
        }
    }

    pub(crate) fn toggle_tool(&mut self, index: usize, cx: &mut Context<Self>) {
        if let Some(Row::Tool(tool)) = self.session.read(cx).transcript().rows().get(index)
            && let Some(RowView::Tool(view)) = self.views.get_mut(index)
        {
            view.expanded = Some(!view.is_open(tool));
            if tool.state == ToolState::Running {
                view.scroll.scroll_to_bottom();
            }
            self.remeasure(index, cx);
        }
    }

    pub(crate) fn render_output(&self, index: usize, tool: &ToolRow, cx: &App) -> AnyElement {
        let colors = **cx.kiln_theme();
        let card = tool.is_card();
        let view = self.view(index);
        let scroll = view.map(|view| view.scroll.clone()).unwrap_or_default();
        let nothing = RevealedText::default();
        let output = view
            .and_then(|view| view.output.as_ref())
            .unwrap_or(&nothing);
        let silence = output.text.is_empty().then(|| silence(tool));
        let value = match &silence {
            // It is told once there is something.
            Some(_) if tool.state == ToolState::Running => String::new(),
            Some(told) => told.to_string(),
            None => {
                let end = output.text.len().saturating_sub(VALUE_BYTES);
                output.text[output.text.ceil_char_boundary(end)..].to_owned()
            }
        };
        div()
            .id(("tool-output", index))
            .role(Role::Article)
            .aria_label("Output")
            .aria_value(value)
            .test_support()
            .max_h(scaled(280.))
            .overflow_y_scroll()
            .track_scroll(&scroll)
            // The conversation scrolls only where this has no further to go.
            .on_scroll(move |event, window, cx| {
                let delta = event.delta.pixel_delta(window.line_height()).y;
                // It has been scrolled already.
                let before = scroll.offset().y - delta;
                let room = match delta > px(0.) {
                    true => -before,
                    false => scroll.max_offset().y + before,
                };
                if room > px(0.) {
                    cx.stop_propagation();
                }
            })
            .px(space::M)
            .py(space::S)
            .when(!card, |this| {
                this.mt(space::XXS)
                    .rounded(radius::MEDIUM)
                    .border_1()
                    .border_color(colors.border)
                    .bg(colors.editor_background)
            })
            .map(|this| match silence {
                Some(told) => this.text_small().text_color(colors.text_faint).child(told),
                None => this
                    .font(beside_the_editor(cx))
                    .text_size(scaled(11.5))
                    .line_height(scaled(17.))
                    .text_color(colors.text_muted)
                    .child(revealed(output, &colors)),
            })
            .into_any_element()
    }

    /// Prepares the output of an open call.
    pub(crate) fn prepare_output(view: &mut ToolView, tool: &ToolRow) {
        if view.output.is_none() && view.is_open(tool) {
            let end = match tool.state {
                ToolState::Running => RUNNING_BYTES,
                _ => usize::MAX,
            };
            view.output = Some(reveal(&shortened(&tool.output, end), Reading::Output));
        }
    }
}

/// What stands in place of the output of a call that printed nothing: where it is over, such as by
/// the end of the program, what came of it.
fn silence(tool: &ToolRow) -> SharedString {
    match tool.state {
        ToolState::Done | ToolState::Failed if tool.summary.is_empty() => "Nothing printed".into(),
        ToolState::Done | ToolState::Failed => reveal(&tool.summary, Reading::Output).text.into(),
        _ => "Nothing printed yet".into(),
    }
}

/// The output's beginning and at most about `end_bytes` of its end, with a word about what is
/// between, each line of a length that can be drawn.
fn shortened(output: &str, end_bytes: usize) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    let mut room = end_bytes;
    let last = lines
        .iter()
        .rev()
        .take(LAST_LINES)
        .take_while(|line| {
            let drawn = line.len().min(LINE_LENGTH);
            let fits = drawn <= room;
            room = room.saturating_sub(drawn);
            fits
        })
        .count();
    let first = FIRST_LINES.min(lines.len() - last);
    let left_out = lines.len() - first - last;
    let mut shown: Vec<String> = lines[..first].iter().map(|line| cut(line)).collect();
    if left_out > 0 {
        let lines = wording::counted(left_out, "line", "lines");
        shown.push(format!("… {lines} not shown …"));
    }
    shown.extend(lines[first + left_out..].iter().map(|line| cut(line)));
    shown.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE_LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;

    #[test]
    fn long_output_says_what_it_leaves_out() {
        let lines =
            |count: usize| -> String { (1..=count).map(|line| format!("{line}\n")).collect() };
        let most = FIRST_LINES + LAST_LINES;
        let shown = shortened(&lines(most + 1), usize::MAX);
        assert!(shown.starts_with("1\n2\n"), "{shown}");
        assert!(
            shown.contains("\n60\n… 1 line not shown …\n62\n"),
            "{shown}"
        );
        assert!(shown.ends_with("\n201"), "{shown}");
        let whole = shortened(&lines(most), usize::MAX);
        assert_eq!(whole, lines(most).trim_end());
        assert_eq!(shortened("a\nb\n", 0), "a\nb");
        assert_eq!(shortened("", usize::MAX), "");
        let long = shortened(&format!("{}\nend", "é".repeat(9_000)), usize::MAX);
        assert_eq!(long, format!("{}…\nend", "é".repeat(LINE_LENGTH)));
        // Of one that runs fewer lines of its end are drawn, where they are long.
        let flood = format!("{}{}", lines(most), "x".repeat(500) + "\n").repeat(100);
        let shown = shortened(&flood, RUNNING_BYTES);
        assert!(shown.ends_with(&"x".repeat(500)), "{shown}");
        assert!(shown.len() < RUNNING_BYTES + 600, "{}", shown.len());
    }
}
