//! The language server of a file: the question whether it may run, how it is, and what it says of a
//! place.

use gpui_kit::{
    App, AsyncWindowContext, Context, InteractiveElement, SharedString, Task, WeakEntity, Window,
    actions,
};
use lsp::{HighlightKind, ServerState};
use ui::widgets::{Banner, Button};
use ui::{CommandSpec, IconName, Severity, TextToRead};
use workspace::{Buffer, FoundServer, ProgramSource};

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
                places: Vec::new(),
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
    /// What the status bar says of the servers: their names, each with what it does that does not just
    /// run.
    pub(crate) fn server_status(&self, cx: &App) -> Option<SharedString> {
        let servers = self.model.read(cx).language_servers()?;
        let started = servers.status(self.buffer).map(|(name, state, progress)| {
            let state = match (&state, progress) {
                (ServerState::Running, None) => return name.to_owned(),
                (ServerState::Running, Some(progress)) => progress,
                (ServerState::Starting, _) => "starting…",
                (ServerState::Restarting { .. }, _) => "restarting…",
                (ServerState::Failed { .. }, _) => "failed",
                (ServerState::Stopped, _) => "stopped",
            };
            format!("{name}: {state}")
        });
        // Of several that wait for an answer, the one that is asked about.
        let question = servers.question(self.buffer);
        let waiting = question.map(|found| format!("{}: not started", found.key.name));
        let all: Vec<_> = started.chain(waiting).collect();
        let all = (!all.is_empty()).then(|| all.join(", "))?;
        Some(match self.awaited() {
            Some(what) => format!("{all} \u{2013} waiting for {what}\u{2026}").into(),
            None => all.into(),
        })
    }

    /// The question whether a server of the file may run, where nobody answered it.
    pub(crate) fn render_server_question(&self, cx: &mut Context<Self>) -> Option<Banner> {
        let model = self.model.read(cx);
        let Some(question) = model.language_servers()?.question(self.buffer) else {
            return self.render_server_offer(cx);
        };
        let servers = model.language_servers();
        let is_asked = |buffer| {
            let asked = servers.and_then(|servers| servers.question(buffer));
            asked.is_some_and(|asked| asked.program == question.program)
        };
        if !model.asks_first(cx.entity_id(), is_asked) {
            return None;
        }
        let name = SharedString::from(question.key.name.clone());
        let program = &question.program;
        let message = match question.source {
            ProgramSource::Path | ProgramSource::Kiln => format!(
                "Start {name} in this folder? It reads the project, and may run code of it. ({})",
                program.display()
            ),
            ProgramSource::Project => {
                let root = model.workspace().root();
                let inside = program.strip_prefix(root).unwrap_or(program);
                format!(
                    "Start {name}, which this folder brings along? It is the project's own program: {}",
                    inside.display()
                )
            }
        };
        let yes = Button::new("server-yes", "Start")
            .tooltip("Start it for all files of this folder, now and later")
            .on_click(cx.listener({
                let name = name.clone();
                move |view, _, window, cx| view.answer_for_one(&name, true, window, cx)
            }));
        let no = Button::new("server-no", "Not here")
            .quiet()
            .tooltip(
                "Do not start it in this folder; \"Language Server…\" in the palette changes that",
            )
            .on_click(cx.listener(move |view, _, window, cx| {
                view.answer_for_one(&name, false, window, cx);
            }));
        let banner = Banner::new("server-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    fn answer_for_one(
        &self,
        name: &str,
        allowed: bool,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        self.model.update(cx, |model, cx| {
            model.answer_one_server(buffer, name, allowed, cx);
        });
        window.focus(&self.focus, cx);
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
    pub(crate) fn has_server(&self, cx: &App) -> bool {
        let servers = self.model.read(cx).language_servers();
        servers.is_some_and(|servers| servers.has_server(self.buffer))
    }

    /// Says why the file has no server.
    pub(crate) fn no_server(&self, window: &mut Window, cx: &mut Context<Self>) {
        let message = self.why_no_server(cx);
        ui::notify(Severity::Info, message, window, cx);
    }

    fn why_no_server(&self, cx: &App) -> String {
        let model = self.model.read(cx);
        let path = self.buffer_ref(cx).and_then(Buffer::path);
        if path.is_some_and(|path| !path.starts_with(model.root())) {
            return "The file is not in the folder that is open, and language servers are started for what is in it alone.".to_owned();
        }
        let offer = model.server_offer(self.buffer);
        if let Some(offer) = offer.filter(|offer| offer.installing.is_some()) {
            let name = offer.name;
            return format!("The language server {name} is being installed for this file.");
        }
        let install = self.model.read(cx).language_servers().and_then(|servers| {
            let language = self.language(cx);
            servers.how_to_install(language.id_str())
        });
        let language = self.language(cx).name();
        match install {
            Some(install) => format!(
                "No language server for {language} is installed. Install one, then open the file again: {install}"
            ),
            None => format!("Kiln knows no language server for {language}."),
        }
    }

    fn restart_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        // A virtual environment may have been made since.
        self.model
            .update(cx, |model, cx| model.look_for_servers(cx));
        let model = self.model.read(cx);
        let servers = model.language_servers().into_iter();
        let started = servers.flat_map(|servers| servers.started_for(self.buffer));
        let restarted = started.map(lsp::LanguageServer::restart).count();
        if restarted == 0 {
            self.no_server(window, cx);
        }
    }

    /// Ends the run of one server of the file and begins another.
    fn restart_one(&self, name: &str, cx: &Context<Self>) {
        let model = self.model.read(cx);
        let servers = model.language_servers().into_iter();
        let mut started = servers.flat_map(|servers| servers.started_for(self.buffer));
        if let Some(server) = started.find(|server| server.name() == name) {
            server.restart();
        }
    }

    fn show_server_log(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.show_log_of(None, window, cx);
    }

    fn show_log_of(&mut self, name: Option<&str>, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let written = self
            .model
            .update(cx, |model, cx| model.write_server_log(buffer, name, cx));
        Self::read_log(written, window, cx);
    }

    /// Shows a log once it is written, to be read.
    pub(crate) fn read_log(
        written: Task<Result<TextToRead, String>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let written = written.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| match written {
                    Ok(log) => ui::read_text(log, window, cx),
                    Err(message) => ui::notify(Severity::Info, message, window, cx),
                })
                .ok();
            },
        )
        .detach();
    }

    fn choose_for_server(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let model = self.model.read(cx);
        let servers = model.language_servers().into_iter();
        let found = servers.flat_map(|servers| servers.found_for(self.buffer));
        let rows: Vec<_> = found
            .flat_map(|(found, allowed)| {
                let works = model.can_cancel_work_of(self.buffer, &found.key.name);
                let cancel = works.then(|| cancel_row(&found.key.name));
                cancel.into_iter().chain(rows_for(found, allowed))
            })
            .collect();
        if rows.is_empty() {
            return self.no_server(window, cx);
        }
        let rows = rows.into_iter().chain(self.install_rows(cx)).collect();
        let choices = Choices {
            id: "language-server-picker",
            question: "Language server".into(),
            none: "",
            rows,
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }
}

/// Ends what a server works on for long.
fn cancel_row(name: &str) -> Choice {
    let server = name.to_owned();
    let does = format!("Cancel what {name} works on");
    Choice::new(does, "", move |view, _, cx| {
        view.model.read(cx).cancel_work_of(view.buffer, &server);
    })
}

/// What can be done with a server.
fn rows_for(found: &FoundServer, allowed: Option<bool>) -> Vec<Choice> {
    let name = SharedString::from(found.key.name.clone());
    let mut rows = rows_of_consent(&name, allowed);
    if found.source == ProgramSource::Kiln {
        let (updated, removed) = (name.clone(), name.clone());
        rows.push(Choice::new(
            format!("Install {name} anew, in the version that Kiln knows"),
            "",
            move |view, _, cx| {
                view.model
                    .update(cx, |model, cx| model.reinstall_server(&updated, cx));
            },
        ));
        rows.push(Choice::new(
            format!("Remove {name} from this machine"),
            "",
            move |view, _, cx| {
                view.model
                    .update(cx, |model, cx| model.remove_installed_server(&removed, cx));
            },
        ));
    }
    rows
}

/// Whether a server runs, and what can be done with one that does.
fn rows_of_consent(name: &SharedString, allowed: Option<bool>) -> Vec<Choice> {
    let answering = |allowed: bool| {
        let name = name.clone();
        move |view: &mut EditorView, window: &mut Window, cx: &mut Context<EditorView>| {
            view.answer_for_one(&name, allowed, window, cx);
        }
    };
    if allowed != Some(true) {
        return vec![Choice::new(
            format!("Start {name} in this folder"),
            "",
            answering(true),
        )];
    }
    let (restarted, logged, traced) = (name.clone(), name.clone(), name.clone());
    vec![
        Choice::new(format!("Restart {name}"), "", move |view, _, cx| {
            view.restart_one(&restarted, cx);
        }),
        Choice::new(
            format!("Show log of {name}"),
            "",
            move |view, window, cx| {
                view.show_log_of(Some(&logged), window, cx);
            },
        ),
        Choice::new(
            format!("Show trace of {name}…"),
            "",
            move |view, window, cx| {
                view.choose_trace_of(Some(&traced), window, cx);
            },
        ),
        Choice::new(
            format!("Do not run {name} in this folder"),
            "",
            answering(false),
        ),
    ]
}
