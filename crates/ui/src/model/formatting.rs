//! Laying texts out: by a language server, or by a program that does nothing else.

use std::ops::Range;
use std::path::Path;

use editor_core::{IndentStyle, Text, change_between};
use gpui_kit::{App, AsyncApp, Context, Task, WeakEntity};
use lsp::{FormatLimits, FormatterEntry, FormatterRun, LanguageServer};
use workspace::{
    Buffer, BufferId, FindFormattersJob, FormatterChoice, FormattersFound, FoundFormatter,
    LanguageServers,
};

use super::WorkspaceModel;
use super::server_edits::GONE;
use crate::settings_store::SettingsStore;

/// Texts of more bytes than this are given to no formatter.
const MAX_FORMATTED: usize = 16 * 1024 * 1024;

/// Why a text is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatFor {
    /// The user said so: they hear why nothing came of it.
    Asking,
    /// It is saved: where nobody does it, nothing is said.
    Saving,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formatted {
    /// It is laid out.
    Done,
    /// A language server had nothing to change in it.
    Unchanged,
    /// The user is asked first whether the formatter may run.
    Question,
    /// Nobody does it.
    Nobody,
}

impl WorkspaceModel {
    /// Whether there is, or may be, somebody who lays a buffer out.
    pub fn may_format(&self, id: BufferId, cx: &App) -> bool {
        let known = |servers: &LanguageServers| servers.knows_formatters(&self.workspace, id);
        self.can_format(id, false)
            || self.servers.as_ref().is_some_and(known)
            || self.formatter_choice(id, cx) != Ok(FormatterChoice::Any)
    }

    /// Who is to lay a buffer out, by the settings; why that is nobody.
    pub fn formatter_choice(&self, id: BufferId, cx: &App) -> Result<FormatterChoice, String> {
        let (Some(servers), Some(buffer)) = (&self.servers, self.workspace.buffer(id)) else {
            return Ok(FormatterChoice::Any);
        };
        let language = buffer.language().id_str();
        let settings = &SettingsStore::current(cx).of_language(language).formatting;
        if let Some(own) = &settings.external {
            let entry = FormatterEntry::of_command(&own.command, &own.arguments);
            return Ok(FormatterChoice::Program(entry));
        }
        match &settings.default_formatter {
            Some(name) => servers.named_formatter(name, language),
            None => Ok(FormatterChoice::Any),
        }
    }

    /// Takes how a buffer is indented in its views, which its servers may ask for.
    pub fn set_shown_indentation(&mut self, id: BufferId, style: IndentStyle) {
        self.workspace.set_shown_indentation(id, style);
        for (server, path) in self.servers.iter().flat_map(|all| all.serving(id)) {
            server.indented(path, style);
        }
    }

    /// Lays a buffer out by whoever the settings choose, as one step of undo. Says why nothing was done
    /// where nothing could be. A formatter ends when the task is dropped.
    pub fn format_document(
        &mut self,
        id: BufferId,
        indent: &IndentStyle,
        why: FormatFor,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        match self.formatter_choice(id, cx) {
            Ok(choice) => self.format_by(id, choice, indent, why, cx),
            Err(message) => Task::ready(Err(message)),
        }
    }

    /// The same by somebody in particular.
    pub fn format_by(
        &mut self,
        id: BufferId,
        choice: FormatterChoice,
        indent: &IndentStyle,
        why: FormatFor,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        let server = match &choice {
            FormatterChoice::Server(name) => Some(Some(name.clone())),
            FormatterChoice::Any if self.can_format(id, false) => Some(None),
            _ => None,
        };
        if let Some(name) = server {
            return self.format_whole_by_server(id, name, indent, cx);
        }
        let searching = self.find_formatters(id, &choice, cx);
        let chosen = choice != FormatterChoice::Any;
        let indent = *indent;
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let found = searching.await;
            let formatting = this.update(cx, |model, cx| {
                let servers = model.servers.as_ref();
                let allowed = |one: &FoundFormatter| servers?.allows_formatter(one);
                // Of several the first is taken that was not forbidden.
                let usable = |one: &&FoundFormatter| chosen || allowed(one) != Some(false);
                let Some(formatter) = found.found.iter().find(usable) else {
                    // Of a tool that is both, the one that is there: the server.
                    if let FormatterChoice::Program(entry) = &choice
                        && model.formatting_servers(id).contains(&entry.name)
                    {
                        let name = Some(entry.name.clone());
                        return Ok(Some(model.format_whole_by_server(id, name, &indent, cx)));
                    }
                    return match why {
                        FormatFor::Saving if !chosen => Ok(None),
                        _ => Err(nobody(&found)),
                    };
                };
                match allowed(formatter) {
                    Some(true) => Ok(Some(model.run_formatter(id, formatter.clone(), cx))),
                    Some(false) if why == FormatFor::Saving => Ok(None),
                    Some(false) => Err(format!(
                        "{} may not run in this folder; \"Format Document With…\" asks again",
                        formatter.entry.name
                    )),
                    None => {
                        model.ask_about_formatter(id, formatter.clone(), cx);
                        Ok(Some(Task::ready(Ok(Formatted::Question))))
                    }
                }
            });
            match formatting.map_err(|_| GONE.to_owned())?? {
                Some(formatting) => formatting.await,
                None => Ok(Formatted::Nobody),
            }
        })
    }

    /// Has the server of a buffer lay all of it out: the first that does that, or the one of a name.
    fn format_whole_by_server(
        &mut self,
        id: BufferId,
        name: Option<String>,
        indent: &IndentStyle,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        let formatting = self.format_by_server(id, name.as_deref(), None, indent, cx);
        cx.spawn(async move |_, _| {
            let named = |why| match name {
                Some(name) => format!("{name}: {why}"),
                None => why,
            };
            formatting.await.map_err(named)
        })
    }

    /// The servers of a buffer that lay texts out.
    pub fn formatting_servers(&self, id: BufferId) -> Vec<String> {
        let servers = self.servers.iter();
        let serving = servers.flat_map(|servers| servers.serving(id));
        let formats = serving.filter(|(server, _)| server.formats(false));
        formats
            .map(|(server, _)| server.name().to_owned())
            .collect()
    }

    /// All formatters of a buffer's language, also those that its project does not ask for.
    pub fn all_formatters(&self, id: BufferId, cx: &Context<Self>) -> Task<FormattersFound> {
        let servers = self.servers.as_ref();
        let any = FormatterChoice::Any;
        let job = servers.and_then(|all| all.find_formatters_job(&self.workspace, id, &any));
        cx.background_executor().spawn(async move {
            let job = job.map(FindFormattersJob::also_unasked);
            job.map(|job| job.run()).unwrap_or_default()
        })
    }

    /// The formatters that there are for a buffer: those of its language, or one.
    pub fn find_formatters(
        &self,
        id: BufferId,
        choice: &FormatterChoice,
        cx: &Context<Self>,
    ) -> Task<FormattersFound> {
        let servers = self.servers.as_ref();
        let job = servers.and_then(|all| all.find_formatters_job(&self.workspace, id, choice));
        cx.background_executor()
            .spawn(async move { job.map(|job| job.run()).unwrap_or_default() })
    }

    /// Asks the user about a formatter for a buffer.
    pub fn ask_about_formatter(
        &mut self,
        id: BufferId,
        found: FoundFormatter,
        cx: &mut Context<Self>,
    ) {
        if let Some(servers) = &mut self.servers {
            servers.ask_about_formatter(&mut self.workspace, id, found);
            self.drain(cx);
        }
    }

    /// Takes what the user says about the formatter that they are asked about, for the whole folder;
    /// lays the buffer out where that is a yes.
    pub fn answer_formatter(
        &mut self,
        id: BufferId,
        allowed: bool,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        let servers = self.servers.as_mut();
        let answered =
            servers.and_then(|all| all.answer_formatter(&mut self.workspace, id, allowed));
        let Some((found, kept)) = answered else {
            return Task::ready(Ok(Formatted::Nobody));
        };
        self.keep_consent(kept, cx);
        self.drain(cx);
        match allowed {
            true => self.run_formatter(id, found, cx),
            false => Task::ready(Ok(Formatted::Nobody)),
        }
    }

    /// Has a formatter lay a buffer out that may run.
    fn run_formatter(
        &mut self,
        id: BufferId,
        formatter: FoundFormatter,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err("The file is no longer open".into()));
        };
        if let Some(error) = buffer.refuses_edits() {
            return Task::ready(Err(error.to_string()));
        }
        if buffer.text().len() > MAX_FORMATTED {
            return Task::ready(Err(
                "files of more than 16 MB are given to no formatter".into()
            ));
        }
        let (version, text) = (buffer.version(), buffer.text().clone());
        let FoundFormatter { entry, program, .. } = formatter;
        let limits = FormatLimits::default();
        let run = FormatterRun::start(program, text.clone(), entry.exit_codes, limits);
        let name = entry.name;
        // The person knows where the file is.
        let folder = format!("{}/", self.workspace.root().display());
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let after = run.wait().await;
            let after = after.map_err(|error| format!("{name}: {error}").replace(&folder, ""))?;
            let differing = cx
                .background_executor()
                .spawn(async move { change_between(&text, &Text::new(&after)) });
            let change = differing.await;
            let made = this.update(cx, |model, cx| {
                let now = model.workspace.buffer(id).map(Buffer::version);
                if now != Some(version) {
                    return Err(lsp::EditsError::Stale.to_string());
                }
                if change.is_empty() {
                    return Ok(());
                }
                model
                    .update(cx, |workspace| workspace.edit_from_elsewhere(id, change))
                    .map_err(|error| error.to_string())
            });
            made.map_err(|_| GONE.to_owned())??;
            Ok(Formatted::Done)
        })
    }

    /// Whether the server of a buffer lays texts out, or parts of them.
    pub fn can_format(&self, id: BufferId, part: bool) -> bool {
        let servers = self.language_servers();
        let mut serving = servers.into_iter().flat_map(|servers| servers.serving(id));
        serving.any(|(server, _)| server.formats(part))
    }

    /// Has the server of a buffer lay its text out, or some bytes of it, as one step of undo: the first
    /// that does that, or the one of a name. Says why nothing was done where nothing could be.
    pub fn format_by_server(
        &mut self,
        id: BufferId,
        server: Option<&str>,
        range: Option<Range<usize>>,
        indent: &IndentStyle,
        cx: &mut Context<Self>,
    ) -> Task<Result<Formatted, String>> {
        let Some(buffer) = self.workspace.buffer(id) else {
            return Task::ready(Err("The file is no longer open.".into()));
        };
        if let Some(error) = buffer.refuses_edits() {
            return Task::ready(Err(error.to_string()));
        }
        let ask =
            |server: &LanguageServer, path: &Path| server.formatting(path, range.clone(), indent);
        let asked = match server {
            Some(name) => self.ask_named_server(id, name, cx, ask),
            None => self.ask_server(id, cx, ask),
        };
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let answer = asked.await.map_err(|error| error.to_string())?;
            let Some((version, edits)) = answer else {
                return Ok(Formatted::Unchanged);
            };
            let gone = |_| "The window was closed.".to_owned();
            let text = this
                .read_with(cx, |model, _| {
                    let buffer = model.workspace.buffer(id)?;
                    (buffer.version() == version).then(|| buffer.text().clone())
                })
                .map_err(gone)?;
            let stale = || lsp::EditsError::Stale.to_string();
            let text = text.ok_or_else(stale)?;
            let (change, after, is_same) = cx
                .background_executor()
                .spawn(async move {
                    let change = lsp::change_of(&text, edits)?;
                    let replaced: usize = change.edits().map(|edit| edit.old_range.len()).sum();
                    // Of a text that comes whole, what is the same stays.
                    let whole = (replaced > text.len() / 2).then(|| change.apply(&text));
                    let after = whole.transpose().map_err(lsp::EditsError::from)?;
                    let is_same = after
                        .as_ref()
                        .map_or(change.is_empty(), |after| *after == text);
                    Ok::<_, lsp::EditsError>((change, after, is_same))
                })
                .await
                .map_err(|error| error.to_string())?;
            if is_same {
                return Ok(Formatted::Unchanged);
            }
            if let Some(after) = after {
                let taken = this
                    .update(cx, |model, cx| {
                        let now = model.workspace.buffer(id).map(Buffer::version);
                        (now == Some(version)).then(|| model.take_text(id, after, cx))
                    })
                    .map_err(gone)?;
                let taken = taken.ok_or_else(stale)?;
                let taken = taken.await.map_err(|error| error.to_string());
                return taken.map(|_| Formatted::Done);
            }
            let made = this.update(cx, |model, cx| {
                model.update(cx, |workspace| workspace.edit_from_elsewhere(id, change))
            });
            let made = made.map_err(gone)?;
            made.map_err(|error| error.to_string())?;
            Ok(Formatted::Done)
        })
    }
}

/// Why nobody lays a file out.
fn nobody(found: &FormattersFound) -> String {
    let forbidden = found.found.iter().map(|one| one.entry.name.as_str());
    let forbidden: Vec<_> = forbidden.collect();
    if !forbidden.is_empty() {
        let names = forbidden.join(", ");
        return format!("{names} may not run in this folder; \"Format Document With…\" asks again");
    }
    let Some(first) = found.missing.first() else {
        return "no language server or formatter does it for this file".into();
    };
    match (found.missing.len(), first.install.is_empty()) {
        (1, true) => format!("there is no program {} on PATH", first.program),
        (1, false) => format!("{} is not installed ({})", first.name, first.install),
        _ => {
            let names = found.missing.iter().map(|one| one.name.as_str());
            let names: Vec<_> = names.collect();
            format!(
                "there is no formatter; Kiln knows {} (to install the first: {})",
                names.join(", "),
                first.install
            )
        }
    }
}
