//! The language server of a file: the question whether it may run, how it is, and what it says of a
//! place.

use gpui_kit::{
    App, AsyncWindowContext, Context, InteractiveElement, SharedString, Task, WeakEntity, Window,
    actions,
};
use lsp::{HighlightKind, ServerState};
use ui::widgets::{Banner, Button};
use ui::{CommandSpec, IconName, OpenTarget, Severity};

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::hover::{Hover, HoverProvider};
use crate::occurrences::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightProvider};
use crate::text_place::TextPlace;
use crate::view::EditorView;

crate::commands::commands! {
    LanguageServer "editor.languageServer" "Language Server…" => |v, window, cx| v.choose_for_server(window, cx);
    RestartLanguageServer "editor.restartLanguageServer" "Restart Language Server" => |v, window, cx| v.restart_server(window, cx);
    ShowLanguageServerLog "editor.showLanguageServerLog" "Show Log of Language Server" => |v, window, cx| v.show_server_log(window, cx);
    AllowLanguageServer "editor.allowLanguageServer" "Start Language Server in This Folder" => |v, window, cx| v.answer_for_server(true, window, cx);
    ForbidLanguageServer "editor.forbidLanguageServer" "Do Not Run Language Server in This Folder" => |v, window, cx| v.answer_for_server(false, window, cx);
}

/// What the server of a text says of places of it.
pub(crate) struct ServerHover;

impl HoverProvider for ServerHover {
    fn hover(&self, request: TextPlace, cx: &mut App) -> Task<Option<Hover>> {
        let asked = request.model.update(cx, |model, cx| {
            let servers = model.language_servers()?;
            servers.of_buffer(request.buffer)?;
            Some(model.server_hover(request.buffer, request.offset, cx))
        });
        let Some(asked) = asked else {
            return Task::ready(None);
        };
        cx.background_executor().spawn(async move {
            let answer = asked.await.ok()??;
            Some(Hover {
                range: answer.range,
                markdown: answer.markdown.into(),
            })
        })
    }
}

/// Where the server of a text says that things are used in it.
pub(crate) struct ServerHighlights;

impl DocumentHighlightProvider for ServerHighlights {
    fn document_highlights(
        &self,
        place: TextPlace,
        cx: &mut App,
    ) -> Task<Option<Vec<DocumentHighlight>>> {
        let asked = place.model.update(cx, |model, cx| {
            model.language_servers()?.of_buffer(place.buffer)?;
            Some(model.server_highlights(place.buffer, place.offset, cx))
        });
        let Some(asked) = asked else {
            return Task::ready(None);
        };
        cx.background_executor().spawn(async move {
            // Where the server does not answer, the text is searched.
            let found = asked.await.ok()??.into_iter();
            let found = found.map(|(range, kind)| DocumentHighlight {
                range,
                kind: match kind {
                    HighlightKind::Text => DocumentHighlightKind::Text,
                    HighlightKind::Read => DocumentHighlightKind::Read,
                    HighlightKind::Write => DocumentHighlightKind::Write,
                },
            });
            Some(found.collect())
        })
    }
}

impl EditorView {
    /// What the status bar says of the server: its name, and what it does where it does not just run.
    pub(crate) fn server_status(&self, cx: &App) -> Option<SharedString> {
        let servers = self.model.read(cx).language_servers()?;
        if let Some(question) = servers.question(self.buffer) {
            return Some(format!("{}: not started", question.key.name).into());
        }
        let (name, state, progress) = servers.status(self.buffer)?;
        let state = match (state, progress) {
            (ServerState::Running, None) => return Some(name.into()),
            (ServerState::Running, Some(progress)) => progress,
            (ServerState::Starting, _) => "starting…".into(),
            (ServerState::Restarting { .. }, _) => "restarting…".into(),
            (ServerState::Failed { .. }, _) => "failed".into(),
            (ServerState::Stopped, _) => "stopped".into(),
        };
        Some(format!("{name}: {state}").into())
    }

    /// The question whether the server of the file may run, where nobody answered it.
    pub(crate) fn render_server_question(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let servers = self.model.read(cx).language_servers()?;
        let question = servers.question(self.buffer)?;
        let (name, program) = (&question.key.name, question.program.display());
        let message = format!(
            "Start {name} in this folder? It reads the project, and may run code of it. ({program})"
        );
        let yes = Button::new("server-yes", "Start")
            .tooltip("Start it for all files of this folder, now and later")
            .on_click(cx.listener(|view, _, window, cx| view.answer_for_server(true, window, cx)));
        let no = Button::new("server-no", "Not here")
            .quiet()
            .tooltip(
                "Do not start it in this folder; \"Language Server…\" in the palette changes that",
            )
            .on_click(cx.listener(|view, _, window, cx| view.answer_for_server(false, window, cx)));
        let banner = Banner::new("server-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    fn answer_for_server(&mut self, allowed: bool, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        if !self.has_server(cx) {
            return self.no_server(window, cx);
        }
        self.model
            .update(cx, |model, cx| model.answer_server(buffer, allowed, cx));
        window.focus(&self.focus, cx);
    }

    /// Whether a server was found for the file, whether it runs or not.
    fn has_server(&self, cx: &App) -> bool {
        let servers = self.model.read(cx).language_servers();
        servers.is_some_and(|servers| servers.has_server(self.buffer))
    }

    fn no_server(&self, window: &mut Window, cx: &mut Context<Self>) {
        let install = self.model.read(cx).language_servers().and_then(|servers| {
            let language = self.language(cx);
            servers.how_to_install(language.id_str())
        });
        let language = self.language(cx).name();
        let message = match install {
            Some(install) => format!(
                "No language server for {language} is on PATH. Install one, then open the file again: {install}"
            ),
            None => format!("Kiln knows no language server for {language}."),
        };
        ui::notify(Severity::Info, message, window, cx);
    }

    fn restart_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let servers = self.model.read(cx).language_servers();
        match servers.and_then(|servers| servers.server(self.buffer)) {
            Some(server) => server.restart(),
            None => self.no_server(window, cx),
        }
    }

    fn show_server_log(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let written = self
            .model
            .update(cx, |model, cx| model.write_server_log(buffer, cx));
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let written = written.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| match written {
                    Ok(path) => ui::open_path(OpenTarget::new(path), window, cx),
                    Err(message) => ui::notify(Severity::Info, message, window, cx),
                })
                .ok();
            },
        )
        .detach();
    }

    fn choose_for_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if !self.has_server(cx) {
            return self.no_server(window, cx);
        }
        let servers = self.model.read(cx).language_servers();
        let allowed = servers.and_then(|servers| servers.is_allowed(self.buffer)) == Some(true);
        let rows = match allowed {
            true => vec![
                Choice::new("Restart", "", EditorView::restart_server),
                Choice::new("Show log", "", EditorView::show_server_log),
                Choice::new("Do not run in this folder", "", |view, window, cx| {
                    view.answer_for_server(false, window, cx);
                }),
            ],
            false => vec![Choice::new(
                "Start in this folder",
                "",
                |view, window, cx| {
                    view.answer_for_server(true, window, cx);
                },
            )],
        };
        let choices = Choices {
            id: "language-server-picker",
            question: "Language server",
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }
}
