//! Laying the text out, as a language server or a formatter does it: when asked, and before saving.

use std::time::Duration;

use editor_core::Transaction;
use futures::future::{Either, select};
use gpui_kit::{
    AsyncApp, AsyncWindowContext, Context, InteractiveElement, Task, WeakEntity, Window, actions,
};
use lsp::{DiagnosticSeverity, FormatterEntry};
use ui::widgets::{Banner, Button};
use ui::{CommandSpec, FormatFor, Formatted, IconName, Severity};
use workspace::{Buffer, FormatterChoice, FormattersFound, FoundFormatter, ProgramSource};

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::default_formatter;
use crate::view::EditorView;

/// How long a save waits for the text to be laid out.
const LONGEST: Duration = Duration::from_secs(3);

crate::commands::commands! {
    FormatDocument "editor.action.formatDocument" "Format Document" => |v, window, cx| v.format_document(window, cx);
    FormatDocumentWith "editor.action.formatDocument.multiple" "Format Document With…" => |v, window, cx| v.choose_formatter(window, cx);
    ConfigureDefaultFormatter "editor.action.configureDefaultFormatter" "Configure Default Formatter…" => |v, window, cx| v.choose_default_formatter(window, cx);
    FormatSelection "editor.action.formatSelection" "Format Selection" => |v, window, cx| v.format_selection(window, cx);
}

/// How long a text is laid out before the view says so.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// The laying out that runs; it ends with this.
#[derive(Default)]
pub(crate) struct FormatRun {
    task: Option<Task<()>>,
    /// Whether it lasts so long that it is shown.
    shown: bool,
}

impl EditorView {
    fn format_document(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, indent) = (self.buffer, self.indent);
        let formatting = self.model.update(cx, |model, cx| {
            model.format_document(buffer, &indent, FormatFor::Asking, cx)
        });
        self.await_formatting(formatting, window, cx);
    }

    /// Waits for what was asked, in place of what was asked before.
    fn await_formatting(
        &mut self,
        formatting: Task<Result<Formatted, String>>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let task = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let late = cx.background_executor().timer(SHOWN_AFTER);
                let answer = match select(formatting, late).await {
                    Either::Left((answer, _)) => answer,
                    Either::Right(((), formatting)) => {
                        // A view that is gone shows nothing.
                        this.update(cx, |view, cx| {
                            view.served.format_run.shown = true;
                            cx.notify();
                        })
                        .ok();
                        formatting.await
                    }
                };
                // The window may be closed meanwhile.
                this.update_in(cx, |view, window, cx| {
                    view.end_formatting(cx);
                    match answer {
                        Ok(Formatted::Unchanged) => view.tell_unchanged(window, cx),
                        Ok(_) => {}
                        Err(why) => {
                            let message = ui::sentence(format!("Not formatted: {why}"));
                            ui::notify(Severity::Warning, message, window, cx);
                        }
                    }
                })
                .ok();
            },
        );
        self.served.format_run = FormatRun {
            task: Some(task),
            shown: false,
        };
    }

    /// Says what may be why a server changed nothing: what has errors servers leave alone, and do not
    /// say so.
    fn tell_unchanged(&self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer_ref(cx);
        let errors = buffer.map(|one| one.diagnostics().count(DiagnosticSeverity::Error));
        if errors.is_some_and(|errors| errors > 0) {
            let message = "The language server changed nothing. There are errors in the file, and a text with wrong syntax is mostly not formatted.";
            ui::notify(Severity::Info, message, window, cx);
        }
    }

    /// Ends what lays the text out.
    fn end_formatting(&mut self, cx: &mut Context<Self>) {
        self.served.format_run = FormatRun::default();
        cx.notify();
    }

    fn format_selection(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, indent) = (self.buffer, self.indent);
        if !self.model.read(cx).can_format(buffer, true) {
            let message = "No language server formats a part of this file.";
            return ui::notify(Severity::Info, message, window, cx);
        }
        let range = self.selections.primary().range();
        let formatting = self.model.update(cx, |model, cx| {
            model.format_by_server(buffer, None, Some(range), &indent, cx)
        });
        self.await_formatting(formatting, window, cx);
    }

    /// Lists who lays the text out, to choose from.
    fn choose_formatter(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.list_formatters(formatter_choices, window, cx);
    }

    /// Lists who could lay out all texts of the language, to choose from.
    fn choose_default_formatter(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        self.list_formatters(default_formatter::choices, window, cx);
    }

    /// Looks for who lays the text out, and opens the list of that.
    fn list_formatters(
        &mut self,
        choices: fn(Formatting) -> Choices,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        let model = self.model.read(cx);
        let chosen = model.formatter_choice(buffer, cx);
        let servers = model.formatting_servers(buffer);
        let own = match &chosen {
            Ok(choice @ FormatterChoice::Program(_)) => Some(choice.clone()),
            _ => None,
        };
        let searching = self.model.update(cx, |model, cx| {
            let own = own.map(|own| model.find_formatters(buffer, &own, cx));
            (model.all_formatters(buffer, cx), own)
        });
        let listing = cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let (all, own) = searching;
                let found = all.await;
                let own = match own {
                    Some(own) => own.await,
                    None => FormattersFound::default(),
                };
                // The window may be closed meanwhile.
                this.update_in(cx, |view, window, cx| {
                    let choices = choices(Formatting {
                        servers,
                        found,
                        own,
                        chosen: chosen.unwrap_or(FormatterChoice::Any),
                    });
                    view.open_choices(choices, window, cx);
                })
                .ok();
            },
        );
        self.served.format_run.task = Some(listing);
    }

    fn format_with(
        &mut self,
        choice: FormatterChoice,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (buffer, indent) = (self.buffer, self.indent);
        let formatting = self.model.update(cx, |model, cx| {
            model.format_by(buffer, choice, &indent, FormatFor::Asking, cx)
        });
        self.await_formatting(formatting, window, cx);
    }

    /// The question whether a formatter may run, or what runs for long.
    pub(crate) fn render_format_banner(&self, cx: &mut Context<Self>) -> Option<Banner> {
        if self.served.format_run.shown {
            let cancel = Button::new("format-cancel", "Cancel")
                .quiet()
                .on_click(cx.listener(|view, _, window, cx| {
                    view.end_formatting(cx);
                    window.focus(&view.focus, cx);
                }));
            let banner = Banner::new("format-banner", IconName::Info, "Formatting\u{2026}").quiet();
            return Some(banner.action(cancel));
        }
        let model = self.model.read(cx);
        let question = model.language_servers()?.formatter_question(self.buffer)?;
        let name = &question.entry.name;
        let program = &question.program.program;
        let message = match question.source {
            ProgramSource::Project => {
                let root = model.workspace().root();
                let inside = program.strip_prefix(root).unwrap_or(program);
                format!(
                    "Format with {name}, which this folder brings along? It is the project's own program: {}",
                    inside.display()
                )
            }
            ProgramSource::Path | ProgramSource::Kiln => format!(
                "Format with {name} in this folder? It reads the project, and may run code of it. ({})",
                program.display()
            ),
        };
        let answer = |allowed: bool| {
            cx.listener(move |view: &mut Self, _, window, cx| {
                let buffer = view.buffer;
                let formatting = view
                    .model
                    .update(cx, |model, cx| model.answer_formatter(buffer, allowed, cx));
                view.await_formatting(formatting, window, cx);
                window.focus(&view.focus, cx);
            })
        };
        let yes = Button::new("format-yes", "Format")
            .tooltip("Format with it in this folder, now and later")
            .on_click(answer(true));
        let no = Button::new("format-no", "Not here")
            .quiet()
            .tooltip("Do not run it in this folder; \"Format Document With\u{2026}\" asks again")
            .on_click(answer(false));
        let banner = Banner::new("format-banner", IconName::Info, message).quiet();
        Some(banner.action(yes).action(no))
    }

    /// Has what was typed at the caret laid out, where that is wanted and there is one caret alone. It
    /// is not where something else is typed before the answer.
    pub(crate) fn format_typed(&mut self, typed: &str, cx: &mut Context<Self>) {
        if !self.language_settings(cx).files.format_on_type || self.selections.as_slice().len() > 1
        {
            return;
        }
        let (buffer, indent, version) = (self.buffer, self.indent, self.version);
        let caret = self.selections.primary().head;
        let asked = self.model.update(cx, |model, cx| {
            model.server_format_typed(buffer, caret, typed, &indent, cx)
        });
        let Some(asked) = asked else { return };
        let text = self.text(cx);
        self.served.laying_out = Some(cx.spawn(
            async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
                // What fails leaves what was typed as it is.
                let Ok(Some((of, edits))) = asked.await else {
                    return;
                };
                let Ok(change) = lsp::change_of(&text, edits) else {
                    return;
                };
                this.update(cx, |view, cx| {
                    if of != version || view.version != version || change.is_empty() {
                        return;
                    }
                    let edit = Transaction::from_changes(change, &view.selections);
                    let carets = edit.selections_after.clone();
                    let made = view
                        .model
                        .update(cx, |model, cx| model.edit(buffer, edit, cx));
                    match made {
                        Ok(()) => view.edited(carets, cx),
                        Err(error) => tracing::debug!("what was typed is not laid out: {error}"),
                    }
                })
                .ok();
            },
        ));
    }

    /// The work of laying the text out before it is saved, where that is wanted.
    pub(crate) fn format_before_save(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Task<()>> {
        let (buffer, indent) = (self.buffer, self.indent);
        let wanted = self.language_settings(cx).files.format_on_save
            && self.buffer_ref(cx).is_some_and(Buffer::is_dirty)
            && self.model.read(cx).may_format(buffer, cx);
        if !wanted {
            return None;
        }
        let formatting = self.model.update(cx, |model, cx| {
            model.format_document(buffer, &indent, FormatFor::Saving, cx)
        });
        Some(cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let late = cx.background_executor().timer(LONGEST);
                let why = match select(formatting, late).await {
                    Either::Left((Ok(_), _)) => return,
                    Either::Left((Err(why), _)) => why,
                    Either::Right(_) => "it took too long".to_owned(),
                };
                // The window may be closed meanwhile.
                cx.update(|window, cx| {
                    let message = ui::sentence(format!("Saved without formatting: {why}"));
                    ui::notify(Severity::Warning, message, window, cx);
                })
                .ok();
            },
        ))
    }
}

/// Who lays a text out.
pub(crate) struct Formatting {
    /// The language servers that do.
    pub(crate) servers: Vec<String>,
    /// The formatters of its language.
    pub(crate) found: FormattersFound,
    /// The one that the settings choose.
    pub(crate) own: FormattersFound,
    /// Who does it where nobody is named.
    pub(crate) chosen: FormatterChoice,
}

/// What is told of one that was found.
pub(crate) fn about(found: &FoundFormatter) -> String {
    match found.source {
        ProgramSource::Project => "The project's own".to_owned(),
        ProgramSource::Path | ProgramSource::Kiln => found.program.program.display().to_string(),
    }
}

/// The row of one that is not there: it says how it is installed.
pub(crate) fn missing_choice(entry: FormatterEntry) -> Choice {
    let (how, message) = match entry.install.is_empty() {
        true => {
            let how = format!("{} is not on PATH", entry.program);
            (how, format!("There is no {} on PATH.", entry.program))
        }
        false => (
            format!("Not installed: {}", entry.install),
            format!(
                "There is no {} yet. To install it: {}",
                entry.name, entry.install
            ),
        ),
    };
    Choice::new(entry.name, how, move |_, window, cx| {
        ui::notify(Severity::Info, message.clone(), window, cx);
    })
}

/// The rows of who lays a text out: servers, programs, and those that are not there.
fn formatter_choices(formatting: Formatting) -> Choices {
    let Formatting {
        servers,
        mut found,
        own,
        chosen,
    } = formatting;
    found.join(own);
    let mut rows = Vec::new();
    let mut selected = 0;
    for name in &servers {
        let choice = FormatterChoice::Server(name.clone());
        if choice == chosen {
            selected = rows.len();
        }
        rows.push(Choice::new(
            name.clone(),
            "Language server",
            move |view, window, cx| view.format_with(choice.clone(), window, cx),
        ));
    }
    for one in found.found {
        let choice = FormatterChoice::Program(one.entry.clone());
        if choice == chosen {
            selected = rows.len();
        }
        rows.push(Choice::new(
            one.entry.name.clone(),
            about(&one),
            // Who was not allowed to run is asked about again.
            move |view, window, cx| {
                let buffer = view.buffer;
                let allowed = view.model.read(cx).language_servers();
                if allowed.is_some_and(|all| all.allows_formatter(&one) == Some(false)) {
                    let asked = one.clone();
                    view.model.update(cx, |model, cx| {
                        model.ask_about_formatter(buffer, asked, cx);
                    });
                    return;
                }
                view.format_with(choice.clone(), window, cx);
            },
        ));
    }
    let missing = found.missing.into_iter();
    let missing = missing.filter(|entry| !servers.contains(&entry.name));
    rows.extend(missing.map(missing_choice));
    if !rows.is_empty() {
        rows.push(Choice::new(
            "Configure Default Formatter\u{2026}",
            "For all files of this language",
            |view, window, cx| view.choose_default_formatter(window, cx),
        ));
    }
    Choices {
        id: "formatter-picker",
        question: "Format document with".into(),
        none: "No language server or formatter is known for this language.",
        rows,
        selected,
    }
}
