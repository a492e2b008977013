//! Quick fixes and refactorings: what the language server can do at the caret.

use std::sync::Arc;

use gpui_kit::{AsyncWindowContext, Context, InteractiveElement, WeakEntity, Window, actions};
use lsp::CodeAction;
use ui::{AskedVersions, CommandSpec, Severity};

use crate::choice_picker::{Choice, Choices};
use crate::commands::Run;
use crate::view::EditorView;

crate::commands::commands! {
    QuickFix "editor.action.quickFix" "Quick Fix…" => |v, window, cx| v.find_actions(window, cx);
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

impl EditorView {
    /// Ctrl+.
    fn find_actions(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let buffer = self.buffer;
        let range = self.selections.primary().range();
        let said: Vec<_> = self
            .diagnostics_in(range.clone(), cx)
            .into_iter()
            .map(|(range, one)| (range, one.clone()))
            .collect();
        let asked_for = self.model.read(cx).versions();
        let asked = self.model.update(cx, |model, cx| {
            model.server_code_actions(buffer, range, &said, cx)
        });
        let standing = self.standing();
        self.navigating = Some(cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let found = asked.await;
                // A view that is gone offers nothing.
                this.update_in(cx, |view, window, cx| {
                    if !view.still_stands(&standing, window) {
                        return;
                    }
                    match found {
                        Ok(found) => view.offer_actions(found, &asked_for, window, cx),
                        Err(error) => {
                            let message = format!("No code actions are known: {error}.");
                            ui::notify(Severity::Info, message, window, cx);
                        }
                    }
                })
                .ok();
            },
        ));
    }

    fn offer_actions(
        &mut self,
        mut found: Vec<CodeAction>,
        asked: &AskedVersions,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        found.retain(|action| action.disabled.is_none());
        // What is most likely wanted comes first, fixes before the rest.
        found.sort_by_key(|action| {
            let fixes = kind_word(action.kind.as_deref()) == "Quick fix";
            (!action.is_preferred, !fixes)
        });
        if found.is_empty() {
            let message = "No code actions are available here.";
            return ui::notify(Severity::Info, message, window, cx);
        }
        let rows = found.into_iter().map(|action| {
            let (title, about) = (action.title.to_string(), kind_word(action.kind.as_deref()));
            let asked = asked.clone();
            Choice::new(title, about, move |view, window, cx| {
                view.take_action(action.clone(), asked.clone(), window, cx);
            })
        });
        let choices = Choices {
            id: "code-actions",
            question: "Code action",
            none: "",
            rows: rows.collect(),
            selected: 0,
        };
        self.open_choices(choices, window, cx);
    }

    fn take_action(
        &mut self,
        action: CodeAction,
        asked_for: AskedVersions,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        let resolved = self.model.update(cx, |model, cx| {
            model.server_resolve_action(buffer, &action, cx)
        });
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let effect = match resolved.await {
                    Ok(Ok(effect)) => Ok(effect),
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                let done = match effect {
                    Err(why) => Err(format!("Not done: {why}.")),
                    Ok(effect) => {
                        let edit = Arc::new(effect.edit);
                        let made = match edit.is_empty() {
                            true => None,
                            false => this
                                .update(cx, |view, cx| {
                                    view.model.update(cx, |model, cx| {
                                        model.apply_server_edit(&edit, &asked_for, cx)
                                    })
                                })
                                .ok(),
                        };
                        let made = match made {
                            Some(made) => made.await.map(|_| ()),
                            None => Ok(()),
                        };
                        match (made, effect.command) {
                            (Ok(()), Some(command)) => {
                                let running = this.update(cx, |view, cx| {
                                    view.model.update(cx, |model, cx| {
                                        model.server_execute(buffer, &command, cx)
                                    })
                                });
                                match running {
                                    Ok(running) => {
                                        running.await.map_err(|error| format!("Not done: {error}."))
                                    }
                                    // A view that is gone does nothing more.
                                    Err(_) => Ok(()),
                                }
                            }
                            (made, _) => made,
                        }
                    }
                };
                let Err(message) = done else { return };
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::notify(Severity::Warning, message, window, cx))
                    .ok();
            },
        )
        .detach();
    }
}
