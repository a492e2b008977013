//! What happens, for people: the answer on standard output, the rest on standard error.

use std::io::{self, IsTerminal, Write};

use agent::{AgentEvent, EndReason, ModelChoice, NoticeLevel, PermissionPreview, ToolCallView};

use crate::agent_run::Report;
use crate::terminal::{error_line, visible};
use crate::unified_diff;

/// Lines of a change that are shown when it was made without asking.
const SHORT_DIFF: usize = 40;

/// Lines of a command's output that are shown.
const OUTPUT_LINES: usize = 20;

/// Characters of the line that a running command printed last; a terminal cuts it to its width.
const LAST_LINE: usize = 400;

/// Writes for people.
pub struct TextReport {
    /// Whether answers are what the command is for, and go to standard output.
    answers: bool,
    /// How many line ends the answer's text ends with; 2 where there is none before.
    line_ends: usize,
    /// Whether what comes next is another reply than what was written last in this turn.
    next_reply: bool,
    /// The command that runs, whose output is shown.
    command: Option<String>,
    /// The call that a question showed in full, which need not be shown again.
    asked: Option<String>,
    /// How fast an embedded model answered last, in tokens a second.
    speed: Option<f64>,
    /// What is being waited for, without its numbers; on a terminal it stands on a
    /// line that will be written over.
    waiting: Option<String>,
}

impl TextReport {
    /// A report of a command that is for answers (chat), or for its effects.
    pub fn new(answers: bool) -> Self {
        Self {
            answers,
            line_ends: 2,
            next_reply: false,
            command: None,
            asked: None,
            speed: None,
            waiting: None,
        }
    }

    /// Says what is being waited for: over and over on one line of a terminal, and
    /// once elsewhere.
    fn wait(&mut self, note: &str) -> io::Result<()> {
        let what = note.split(':').next().unwrap_or(note).to_string();
        if io::stderr().is_terminal() {
            self.write_over(&visible(note))?;
        } else if self.waiting.as_ref() != Some(&what) {
            self.end_line()?;
            writeln!(io::stderr(), "{}", visible(&what))?;
        }
        self.waiting = Some(what);
        Ok(())
    }

    /// Shows what a running command printed last, on the line of a terminal that is written over.
    fn running(&mut self, output: &str) -> io::Result<()> {
        let Some(line) = last_line(output).filter(|_| io::stderr().is_terminal()) else {
            return Ok(());
        };
        // Without the terminal's line breaks (DECAWM), since it is one line that is written over.
        self.write_over(&format!("\u{1b}[?7l    {}\u{1b}[?7h", visible(&line)))?;
        self.waiting = Some(String::new());
        Ok(())
    }

    /// Writes the line of a terminal that is written over.
    fn write_over(&mut self, text: &str) -> io::Result<()> {
        self.end_line()?;
        write!(io::stderr(), "\r\u{1b}[2K{text}")?;
        io::stderr().flush()
    }

    fn stop_waiting(&mut self) -> io::Result<()> {
        if self.waiting.take().is_some() && io::stderr().is_terminal() {
            write!(io::stderr(), "\r\u{1b}[2K")?;
        }
        Ok(())
    }

    fn text(&mut self, delta: &str) -> io::Result<()> {
        self.stop_waiting()?;
        let text = visible(delta);
        if text.is_empty() {
            return Ok(());
        }
        // Between two replies of a turn a reader sees an empty line.
        if std::mem::take(&mut self.next_reply) {
            while self.line_ends < 2 {
                self.write("\n")?;
            }
        }
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        let ends = text.len() - text.trim_end_matches('\n').len();
        self.line_ends = if ends == text.len() {
            self.line_ends + ends
        } else {
            ends
        };
        if self.answers {
            let mut output = io::stdout();
            output.write_all(text.as_bytes())?;
            output.flush()
        } else {
            let mut errors = io::stderr();
            errors.write_all(text.as_bytes())?;
            errors.flush()
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        if self.line_ends == 0 {
            self.write("\n")?;
        }
        Ok(())
    }

    /// Says why something failed, as the program says it where no agent runs.
    fn error(&mut self, message: &str) -> io::Result<()> {
        self.note(&error_line(message))
    }

    fn note(&mut self, line: &str) -> io::Result<()> {
        self.stop_waiting()?;
        self.end_line()?;
        writeln!(io::stderr(), "{}", visible(line))
    }
}

impl Report for TextReport {
    fn event(&mut self, event: &AgentEvent) -> io::Result<()> {
        match event {
            AgentEvent::Text { delta } => self.text(delta),
            AgentEvent::NoModel { message, .. } => self.error(message),
            AgentEvent::ToolCallRunning { call } => {
                self.command = (call.name == "execute_bash").then(|| call.call_id.clone());
                self.note(format!("• {} {}", call.name, call.title).trim_end())
            }
            AgentEvent::ToolOutput { output, .. } => self.running(output),
            AgentEvent::ToolCallFinished { call_id, outcome } => {
                self.next_reply = true;
                let asked = self.asked.take().is_some_and(|id| id == *call_id);
                if let Some(diff) = outcome.diff.as_ref().filter(|_| outcome.ok && !asked) {
                    self.note(shortened(&unified_diff::of(diff)).trim_end())?;
                }
                if self.command.take().is_some_and(|id| id == *call_id) {
                    let output = last_lines(&outcome.output);
                    if !output.is_empty() {
                        self.note(&output)?;
                    }
                }
                let mark = if outcome.ok { "✓" } else { "✗" };
                self.note(&format!("  {mark} {}", outcome.summary))
            }
            AgentEvent::Retrying {
                attempt,
                delay,
                reason,
            } => self.note(&format!(
                "{reason} (again in {:.0} s, try {})",
                delay.as_secs_f64().ceil().max(1.0),
                attempt.saturating_add(1)
            )),
            AgentEvent::Loading { note } => self.wait(note),
            AgentEvent::Notice { level, message, .. } => match level {
                NoticeLevel::Info => self.note(message),
                NoticeLevel::Warning => self.error(&format!("warning: {message}")),
                NoticeLevel::Error => self.error(message),
            },
            // The model is done with a reply; the turn may go on.
            AgentEvent::Usage { .. } => {
                self.next_reply = true;
                Ok(())
            }
            AgentEvent::TurnStarted { .. } => {
                self.next_reply = false;
                self.line_ends = 2;
                Ok(())
            }
            AgentEvent::TaskStateChanged { spec, task, state } => {
                self.note(&format!("  [{}] {spec} {task}", state.mark()))
            }
            AgentEvent::TurnEnded {
                reason,
                usage,
                elapsed,
                ..
            } => {
                self.end_line()?;
                match reason {
                    EndReason::Completed => {}
                    EndReason::Cancelled => self.note("Stopped.")?,
                    EndReason::Failed(message)
                    | EndReason::NeedsKey(message)
                    | EndReason::NotBegun(message) => {
                        self.error(message)?;
                    },
                    EndReason::StepLimit => self.error(
                        "stopped: the turn reached its limit of model calls (`kiln.agent.stepLimit`)",
                    )?,
                }
                let speed = self
                    .speed
                    .take()
                    .map(|speed| format!(", {speed:.1} tokens/s"))
                    .unwrap_or_default();
                self.note(&format!(
                    "({} tokens in, {} out, {:.1} s{speed})",
                    usage.input_tokens,
                    usage.output_tokens,
                    elapsed.as_secs_f64()
                ))
            }
            AgentEvent::ModelChanged {
                id,
                display_name,
                local,
                choice,
            } => {
                // Another would do for free, or nobody knows that this one is paid.
                let why = match (choice, local) {
                    (ModelChoice::First, false) => {
                        ", since none was chosen and it can be used. \
                         Choose with --model, or for good with kiln.agent.model"
                    }
                    _ => "",
                };
                self.note(&format!("Model: {display_name} ({id}){why}"))
            }
            AgentEvent::Speed {
                tokens_per_second, ..
            } => {
                self.speed = Some(*tokens_per_second);
                Ok(())
            }
            AgentEvent::SessionOpened { .. }
            | AgentEvent::ToolCallStarted { .. }
            | AgentEvent::ToolCallWaiting { .. }
            // What comes of it says so.
            | AgentEvent::ToolCallDenied { .. }
            | AgentEvent::PermissionRequested { .. }
            | AgentEvent::SpecChanged { .. }
            | AgentEvent::SpecReviewReady { .. } => Ok(()),
        }
    }

    fn question(&mut self, call: &ToolCallView, preview: &PermissionPreview) -> io::Result<()> {
        self.asked = Some(call.call_id.clone());
        // In full: what is allowed is what was shown.
        let warning = match preview {
            PermissionPreview::Diff { diff, warning } => {
                self.note(&format!("\n{}", unified_diff::of(diff).trim_end()))?;
                warning
            }
            PermissionPreview::Command {
                command,
                cwd,
                warning,
            } => {
                self.note(&format!(
                    "\nRun in {}:\n  {}",
                    cwd.display(),
                    command.replace('\n', "\n  ")
                ))?;
                warning
            }
        };
        if let Some(warning) = warning {
            self.note(&format!("Warning: {warning}"))?;
        }
        Ok(())
    }

    fn unclear(&mut self, answer: &str) -> io::Result<()> {
        self.note(&unclear(answer))
    }

    fn listens(&mut self, call: &ToolCallView) -> io::Result<()> {
        let mut errors = io::stderr();
        write!(
            errors,
            "Allow {}? [y]es, [a]lways this, [N]o, or say what to do instead: ",
            visible(&call.name)
        )?;
        errors.flush()
    }
}

/// The end of what a command printed, set in; how it ended stands in the summary.
fn last_lines(output: &str) -> String {
    let mut lines: Vec<&str> = output.trim_end().lines().collect();
    lines.pop_if(|line| line.starts_with('[') && line.ends_with(']'));
    while lines.pop_if(|line| line.trim().is_empty()).is_some() {}
    let left_out = lines.len().saturating_sub(OUTPUT_LINES);
    // Of a long output only the beginning and the end are here.
    let at_least = match lines[..left_out].iter().any(|line| is_gap(line)) {
        true => "at least ",
        false => "",
    };
    let mut shown = match left_out {
        0 => String::new(),
        1 => format!("    … {at_least}1 line before\n"),
        count => format!("    … {at_least}{count} lines before\n"),
    };
    for line in &lines[left_out..] {
        shown.push_str("    ");
        shown.push_str(line);
        shown.push('\n');
    }
    shown.trim_end().to_owned()
}

/// Whether a line stands for what was left out of an output.
fn is_gap(line: &str) -> bool {
    line.starts_with("[… ") && line.ends_with(" bytes left out …]")
}

/// The last line with something on it.
fn last_line(output: &str) -> Option<String> {
    let line = output.lines().rev().find(|line| !line.trim().is_empty())?;
    Some(line.trim().chars().take(LAST_LINE).collect())
}

/// Why one word is asked about again.
fn unclear(answer: &str) -> String {
    format!(
        "\u{201c}{answer}\u{201d} is neither y, a nor n. Say what to do instead in more than one word."
    )
}

fn shortened(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    // The line that says what is left out takes the place of one.
    if lines.len() <= SHORT_DIFF + 1 {
        return text.to_string();
    }
    format!(
        "{}\n… and {} more lines",
        lines[..SHORT_DIFF].join("\n"),
        lines.len() - SHORT_DIFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn the_end_of_a_commands_output_is_shown() {
        assert_eq!(last_lines("\n[exit code 0]"), "");
        assert_eq!(last_lines("a\nb\n\n[exit code 1]"), "    a\n    b");
        let long: String = (1..=25).map(|line| format!("{line}\n")).collect();
        let shown = last_lines(&format!("{long}\n[exit code 0]"));
        assert!(
            shown.starts_with("    … 5 lines before\n    6\n"),
            "{shown}"
        );
        assert!(shown.ends_with("    25"), "{shown}");
        let cut = last_lines(&format!("1\n[… 90000 bytes left out …]\n{long}"));
        assert!(cut.starts_with("    … at least 7 lines before\n"), "{cut}");
    }

    #[test]
    fn a_change_is_cut_where_more_than_a_line_is_left_out() {
        let lines = |count: usize| "+a\n".repeat(count);
        assert_eq!(shortened(&lines(40)), lines(40));
        assert_eq!(shortened(&lines(41)), lines(41));
        let shown = shortened(&lines(42));
        assert_eq!(shown, format!("{}… and 2 more lines", lines(40)));
    }

    #[test]
    fn a_word_that_is_no_answer_is_asked_about_again_with_the_reason() {
        let told = "\u{201c}hello\u{201d} is neither y, a nor n. Say what to do instead in more than one word.";
        assert_eq!(unclear("hello"), told);
    }

    #[test]
    fn the_last_line_of_a_running_command_is_one_with_words() {
        assert_eq!(last_line("one\n  two\n\n  \n").as_deref(), Some("two"));
        assert_eq!(last_line("\n \n"), None);
        assert_eq!(
            last_line(&"x".repeat(9_000)).map(|line| line.len()),
            Some(LAST_LINE)
        );
    }
}
