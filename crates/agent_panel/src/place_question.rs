//! Questions about a place of a text, as a view asks them ([`ui::ask_agent`]).

use std::path::Path;

use agent::Mode;
use gpui_kit::{Context, Window};
use ui::{AgentQuestion, Panel as _};

use crate::panel::AgentPanel;

impl AgentPanel {
    /// Shows the panel and sends the question, behind the turn that runs. What the agent changes for
    /// it is asked about as everything that it changes.
    pub(crate) fn ask_about(
        &mut self,
        question: &AgentQuestion,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        ui::reveal_panel(Self::ID, window, cx);
        let root = self.session.read(cx).workspace().read(cx).root().to_owned();
        let message = message(question, &root);
        self.session
            .update(cx, |session, cx| session.prompt(message, Mode::Chat, cx));
        self.scroller
            .update(cx, |scroller, cx| scroller.scroll_to_end(cx));
    }
}

/// The question as a message: what is asked for first, since a session is called by its beginning.
fn message(question: &AgentQuestion, root: &Path) -> String {
    let (first, last) = (question.lines.start, question.lines.end.saturating_sub(1));
    let lines = match last > first {
        true => format!("lines {first}–{last}"),
        false => format!("line {first}"),
    };
    let of = match &question.path {
        Some(path) => format!("`{}`", path.strip_prefix(root).unwrap_or(path).display()),
        None => "a text that has no file yet".to_owned(),
    };
    let mut message = format!("{}\n\nThis is about {lines} of {of}", question.instruction);
    match &question.code {
        Some(code) => {
            // Longer than any fence in the code.
            let fence = "`".repeat(longest_run(code, '`').max(2) + 1);
            let language = question.language;
            let code = code.trim_end_matches('\n');
            message.push_str(&format!(":\n\n{fence}{language}\n{code}\n{fence}"));
        }
        None => message.push('.'),
    }
    message
}

/// How often a character stands in a row, at most.
fn longest_run(text: &str, wanted: char) -> usize {
    let runs = text.split(|character| character != wanted);
    runs.map(|run| run.chars().count()).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(lines: std::ops::Range<usize>, code: Option<&str>) -> AgentQuestion {
        AgentQuestion {
            instruction: "Name it better".to_owned(),
            path: Some("/p/src/a.md".into()),
            language: "markdown",
            lines,
            code: code.map(str::to_owned),
        }
    }

    #[test]
    fn a_question_names_its_place_and_fences_the_code() {
        let root = Path::new("/p");
        assert_eq!(
            message(&question(3..4, Some("let x;\n")), root),
            "Name it better\n\nThis is about line 3 of `src/a.md`:\n\n```markdown\nlet x;\n```"
        );
        let fenced = message(&question(1..4, Some("````\nx\n````\n")), root);
        assert!(fenced.contains("lines 1–3"));
        assert!(
            fenced.ends_with("\n`````markdown\n````\nx\n````\n`````"),
            "{fenced}"
        );
        let unsaved = AgentQuestion {
            path: None,
            ..question(1..9_000, None)
        };
        assert!(message(&unsaved, root).ends_with("lines 1–8999 of a text that has no file yet."));
    }
}
