//! Quick fixes and refactorings: what the language server can do at the caret.

use std::ops::Range;
use std::time::Duration;

use futures::future::{Either, select};
use gpui_kit::{
    App, AsyncWindowContext, Context, InteractiveElement, Task, WeakEntity, Window, actions,
};
use lsp::{ActionsAsked, CodeAction, RequestError};
use ui::{ActionsTaken, AskedVersions, CommandSpec, Severity};
use workspace::Buffer;

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

/// How long a save waits for actions.
const LONGEST: Duration = Duration::from_secs(3);
/// How often a save looks after that whether edits are still being made.
const MAKING: Duration = Duration::from_millis(50);

crate::commands::commands! {
    QuickFix "editor.action.quickFix" "Quick Fix…" => |v, window, cx| v.find_actions(ActionsAsked::All, window, cx);
    Refactor "editor.action.refactor" "Refactor…" => |v, window, cx| v.find_actions(ActionsAsked::OfKind("refactor".into()), window, cx);
    SourceAction "editor.action.sourceAction" "Source Action…" => |v, window, cx| v.find_actions(ActionsAsked::OfKind("source".into()), window, cx);
    OrganizeImports "editor.action.organizeImports" "Organize Imports" => |v, window, cx| v.take_kind("source.organizeImports", "No language server has imports to put in order in this file.", window, cx);
    FixAll "editor.action.fixAll" "Fix All" => |v, window, cx| v.take_kind("source.fixAll", "No language server has anything to fix by itself in this file.", window, cx);
}

/// What a kind of action is called.
fn kind_word(kind: Option<&str>) -> &'static str {
    match kind.and_then(|kind| kind.split('.').next()) {
        Some("quickfix") => "Quick fix",
        Some("refactor") => "Refactor",
        Some("source") => "Whole file",
        _ => "",
    }
}

/// Says why something was not done, if it was not.
fn tell_not_done(taking: Task<Result<(), String>>, window: &mut Window, cx: &mut App) {
    window
        .spawn(cx, async move |cx| {
            let Err(why) = taking.await else { return };
            // The window may be closed meanwhile.
            cx.update(|window, cx| ui::notify(Severity::Warning, why, window, cx))
                .ok();
        })
        .detach();
}

impl EditorView {
    /// The bytes that a quick fix is looked for: what is selected, else the caret; where nothing is
    /// said of that, the nearest problem of its line.
    pub(crate) fn fixed_range(&self, cx: &App) -> Range<usize> {
        let primary = self.selections.primary();
        let range = primary.range();
        if !range.is_empty() || !self.diagnostics_in(range.clone(), cx).is_empty() {
            return range;
        }
        let (caret, text) = (primary.head, self.text(cx));
        let row = text.row_at(caret.min(text.len()));
        let line = text.line_start(row)..text.line_end(row);
        let on_line = self.diagnostics_in(line, cx).into_iter();
        let problems = on_line.map(|(range, _)| range);
        let distance = |range: &Range<usize>| {
            let after = range.start.saturating_sub(caret);
            after.max(caret.saturating_sub(range.end))
        };
        problems.min_by_key(distance).unwrap_or(range)
    }

    /// Asks what can be done with some bytes, and about what is said of them.
    pub(crate) fn ask_actions(
        &mut self,
        range: Range<usize>,
        wanted: &ActionsAsked,
        cx: &mut Context<Self>,
    ) -> Task<Result<Vec<CodeAction>, RequestError>> {
        let buffer = self.buffer;
        let said: Vec<_> = self
            .diagnostics_in(range.clone(), cx)
            .into_iter()
            .map(|(range, one)| (range, one.clone()))
            .collect();
        self.model.update(cx, |model, cx| {
            model.server_code_actions(buffer, range, &said, wanted, cx)
        })
    }

    /// Lists what can be done at the caret.
    pub(crate) fn find_actions(
        &mut self,
        wanted: ActionsAsked,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let range = match wanted {
            ActionsAsked::All => self.fixed_range(cx),
            _ => self.selections.primary().range(),
        };
        let asked_for = self.model.read(cx).versions();
        let asked = self.ask_actions(range, &wanted, cx);
        self.when_server_answers(
            ("what can be done here", asked),
            window,
            cx,
            move |view, found, window, cx| match found {
                Ok(found) => view.offer_actions(found, (wanted, &asked_for), window, cx),
                Err(error) => {
                    let message = format!("No code actions are known: {error}.");
                    ui::notify(Severity::Info, message, window, cx);
                }
            },
        );
    }

    fn offer_actions(
        &mut self,
        mut found: Vec<CodeAction>,
        (wanted, asked): (ActionsAsked, &AskedVersions),
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let disabled = found.iter().find_map(CodeAction::why_disabled);
        found.retain(|action| action.disabled.is_none());
        if found.is_empty() {
            // Who asks for a kind hears what keeps it from being done (`disabledSupport` in LSP 3.17);
            // who asks for anything meant none of these.
            let message = match disabled {
                Some(why) if wanted != ActionsAsked::All => why,
                _ => "No code actions are available here.".to_owned(),
            };
            return ui::notify(Severity::Info, message, window, cx);
        }
        // What is most likely wanted comes first, and fixes before the rest.
        found.sort_by_key(|action| {
            let fixes = kind_word(action.kind.as_deref()) == "Quick fix";
            (!action.is_preferred, !fixes)
        });
        let rows = found.into_iter().map(|action| {
            let (title, about) = (action.title.to_string(), kind_word(action.kind.as_deref()));
            let (look, asked) = ((action.clone(), asked.clone()), asked.clone());
            let choice = Choice::new(title, about, move |view, window, cx| {
                let buffer = view.buffer;
                let taking = view.model.update(cx, |model, cx| {
                    model.take_code_action(buffer, &action, asked.clone(), cx)
                });
                tell_not_done(taking, window, cx);
            });
            choice.with_look(move |view, window, cx| {
                let (buffer, (action, asked)) = (view.buffer, &look);
                let looking = view.model.update(cx, |model, cx| {
                    model.look_at_code_action(buffer, action, asked.clone(), cx)
                });
                tell_not_done(looking, window, cx);
            })
        });
        let choices = Choices {
            id: "code-actions",
            question: "Code action".into(),
            none: "",
            rows: rows.collect(),
            selected: 0,
        };
        self.open_choices_at_caret(choices, window, cx);
    }

    /// Does for the whole file what the server offers of a kind; `none` is said where that is
    /// nothing.
    fn take_kind(
        &mut self,
        kind: &str,
        none: &'static str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let asked = ActionsAsked::OfKind(kind.into());
        let taking = self.model.update(cx, |model, cx| {
            model.take_actions_of_kind(self.buffer, asked, cx)
        });
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let taken = taking.await;
                // The window may be closed meanwhile.
                cx.update(|window, cx| match taken {
                    Ok(0) => ui::notify(Severity::Info, none, window, cx),
                    Ok(_) => {}
                    Err(why) => ui::notify(Severity::Warning, why, window, cx),
                })
                .ok();
            },
        )
        .detach();
    }

    /// What is to be done before a save by `editor.codeActionsOnSave`, where that is something.
    pub(crate) fn actions_before_save(
        &mut self,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) -> Option<Task<()>> {
        let kinds = self
            .language_settings(cx)
            .files
            .code_actions_on_save
            .clone();
        let model = self.model.read(cx);
        let served = model
            .language_servers()
            .is_some_and(|servers| servers.of_buffer(self.buffer).is_some());
        let dirty = self.buffer_ref(cx).is_some_and(Buffer::is_dirty);
        if kinds.is_empty() || !served || !dirty {
            return None;
        }
        let (model, buffer) = (self.model.downgrade(), self.buffer);
        let taken = ActionsTaken::default();
        let counted = taken.clone();
        let taking = cx.spawn(async move |_, cx| {
            for kind in kinds {
                let asked = ActionsAsked::Unasked(kind.into());
                let taking = model.update(cx, |model, cx| {
                    model.take_actions_counted(buffer, asked, &counted, cx)
                });
                // A window that is closed has nothing to do.
                let Ok(taking) = taking else { return Ok(()) };
                taking.await?;
            }
            Ok::<(), String>(())
        });
        Some(cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let mut taking = taking;
                let mut late = cx.background_executor().timer(LONGEST);
                let why = loop {
                    match select(taking, late).await {
                        Either::Left((Ok(()), _)) => return,
                        Either::Left((Err(why), _)) => break why,
                        // What is being made is no business of the server any more, and is waited for.
                        Either::Right(((), rest)) if taken.is_making() => {
                            taking = rest;
                            late = cx.background_executor().timer(MAKING);
                        }
                        Either::Right(_) => break "The language server took too long.".to_owned(),
                    }
                };
                let what = match taken.count() {
                    0 => "Saved without code actions.".to_owned(),
                    1 => "Saved after one code action; there may be more.".to_owned(),
                    count => format!("Saved after {count} code actions; there may be more."),
                };
                // The window may be closed meanwhile.
                cx.update(|window, cx| {
                    let message = format!("{what} {why}");
                    ui::notify(Severity::Warning, message, window, cx);
                })
                .ok();
            },
        ))
    }
}
