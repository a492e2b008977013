//! What a language server and Kiln say to each other: which of it is shown, and the file that shows it.

use std::sync::Arc;

use gpui_kit::{Context, InteractiveElement, SharedString, Window, actions};
use lsp::TraceLevel;
use ui::{CommandSpec, ServerTrace, Severity};

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    ShowLanguageServerTrace "editor.showLanguageServerTrace" "Show Trace of Language Server…" => |v, window, cx| v.choose_trace_of(None, window, cx);
    CancelLanguageServerWork "editor.cancelLanguageServerWork" "Cancel What Language Servers Work On" => |v, window, cx| v.cancel_server_work(window, cx);
}

impl EditorView {
    /// Asks which messages of a server are to be shown; without a name, of the one that is asked first.
    pub(crate) fn choose_trace_of(
        &mut self,
        name: Option<&str>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let Some(trace) = self.model.read(cx).server_trace(self.buffer, name) else {
            return self.no_server(window, cx);
        };
        let ServerTrace {
            name,
            level,
            methods,
        } = trace;
        if methods.is_empty() {
            let why = match level {
                TraceLevel::Off => format!(
                    "Nothing is kept of what {name} and Kiln say. Set `editor.languageServerTrace` to {{\"{name}\": \"messages\"}}, or \"verbose\" for whole messages, then show it again."
                ),
                _ => format!("{name} and Kiln have said nothing since it is kept."),
            };
            return ui::notify(Severity::Info, why, window, cx);
        }
        let name = SharedString::from(name);
        let row = |shown: SharedString, count: usize, method: Option<Arc<str>>| {
            let name = name.clone();
            let about = match count {
                1 => "1 message".to_owned(),
                count => format!("{count} messages"),
            };
            Choice::new(shown, about, move |view, window, cx| {
                view.show_trace(&name, method.clone(), window, cx);
            })
        };
        let all = methods.iter().map(|(_, count)| count).sum();
        let mut rows = vec![row(format!("Everything of {name}").into(), all, None)];
        rows.extend(
            methods.into_iter().map(|(method, count)| {
                row(SharedString::from(&*method), count, Some(method.clone()))
            }),
        );
        let choices = Choices {
            id: "server-trace-picker",
            question: "Messages to show".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    fn show_trace(
        &mut self,
        name: &str,
        method: Option<Arc<str>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        let written = self.model.update(cx, |model, cx| {
            model.write_server_trace(buffer, name, method, cx)
        });
        Self::read_log(written, window, cx);
    }

    fn cancel_server_work(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.model.read(cx).cancel_server_work(self.buffer) {
            let message =
                "No language server of this file works on something that can be cancelled.";
            ui::notify(Severity::Info, message, window, cx);
        }
    }
}
