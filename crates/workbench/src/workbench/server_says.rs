//! What of language servers reaches a person at once: lists to look at, and notices with buttons.

use std::rc::Rc;
use std::time::SystemTime;

use super::Workbench;
use crate::deletion_picker::{Chosen, DeletionPicker};
use crate::modal::Placement;
use crate::picker::Picker;
use gpui_kit::{App, Context, Entity, Subscription, Task, Window};
use lsp::{MessageType, ServerQuestion};
use ui::{
    DeletionId, ListedFor, MadeEdit, NoticeAction, PLACES_PANEL, ServerSays, Severity, TextToRead,
    WorkspaceModel, notify, notify_with_action, notify_with_actions, reveal_panel,
    take_notice_back,
};
use workspace::ServerKey;

impl Workbench {
    /// Shows what the model has to say of servers.
    pub(super) fn hear_servers(
        model: &Entity<WorkspaceModel>,
        window: &Window,
        cx: &mut Context<Self>,
    ) -> Subscription {
        cx.subscribe_in(
            model,
            window,
            |this, _, said: &ServerSays, window, cx| match said {
                ServerSays::EditsListed(ListedFor::Person) => {
                    reveal_panel(PLACES_PANEL, window, cx);
                }
                ServerSays::EditsListed(ListedFor::Server) => {
                    this.present_panel(PLACES_PANEL, window, cx);
                }
                ServerSays::EditMade(edit) => this.tell_made(edit, window, cx),
                ServerSays::EditOver { message } => {
                    take_notice_back(message.clone(), window, cx);
                }
                ServerSays::Deleted(id, files) => {
                    this.tell_deleted(*id, files.clone(), window, cx);
                }
                ServerSays::Question { message, question } => {
                    ask_for(message, question, window, cx);
                }
                ServerSays::QuestionOver { message } => {
                    take_notice_back(message.clone(), window, cx);
                }
                ServerSays::Failed { server, reason } => {
                    this.tell_failed(server, reason, window, cx);
                }
                ServerSays::FailureOver { server, reason } => {
                    take_notice_back(failed_notice(server, reason), window, cx);
                }
            },
        )
    }

    /// Tells of an edit in several files, the newest alone; what cannot be taken back as a whole has no
    /// buttons.
    fn tell_made(&mut self, edit: &MadeEdit, window: &mut Window, cx: &mut Context<Self>) {
        let message = edit.message.clone();
        if let Some(told) = self.told_edit.replace(message.clone()) {
            take_notice_back(told, window, cx);
        }
        let Some(id) = edit.id else {
            return notify(Severity::Info, message, window, cx);
        };
        let model = self.model.downgrade();
        let undo: NoticeAction = Rc::new({
            let model = model.clone();
            move |window: &mut Window, cx: &mut App| {
                let taking = model.update(cx, |model, cx| model.take_edit_back(id, cx));
                // A released model has nothing to take back.
                if let Ok(taking) = taking {
                    tell_failure(taking, window, cx);
                }
            }
        });
        let show: NoticeAction = Rc::new(move |window: &mut Window, cx: &mut App| {
            let listed = model.update(cx, |model, cx| model.list_made_edit(id, cx));
            if let Ok(Err(why)) = listed {
                notify(Severity::Info, why, window, cx);
            }
        });
        let actions = vec![("Undo".into(), undo), ("Show Changes".into(), show)];
        notify_with_actions(Severity::Info, message, actions, window, cx);
    }

    fn tell_deleted(
        &self,
        id: DeletionId,
        files: String,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let (model, told) = (self.model.downgrade(), deleted_notice(&files));
        let bring = move |window: &mut Window, cx: &mut App| {
            // A released model has no folder to bring them back to.
            if let Some(model) = model.upgrade() {
                bring_back(&model, (id, files.clone()), window, cx);
            }
        };
        notify_with_action(Severity::Info, told, "Bring Back", bring, window, cx);
    }

    /// Brings back what was deleted for language servers, after a choice where there is one.
    pub(super) fn bring_back_deleted(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let deletions: Vec<_> = self.model.read(cx).deletions().cloned().collect();
        let model = self.model.clone();
        match &*deletions {
            [] => {
                let message = "Nothing that was deleted for a language server is kept.";
                notify(Severity::Info, message, window, cx);
            }
            [one] => bring_back(&model, (one.id(), one.files()), window, cx),
            _ => self.show_modal(Placement::Top, window, cx, |window, cx| {
                let chosen: Chosen = Rc::new(move |one, window, cx| {
                    bring_back(&model, (one.id(), one.files()), window, cx);
                });
                let picker = DeletionPicker::new(deletions, SystemTime::now(), chosen);
                Picker::new(picker, window, cx)
            }),
        }
    }

    fn tell_failed(
        &self,
        server: &ServerKey,
        reason: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let message = failed_notice(server, reason);
        let (model, key) = (self.model.downgrade(), server.clone());
        let restart: NoticeAction = Rc::new({
            let (model, key) = (model.clone(), key.clone());
            move |_: &mut Window, cx: &mut App| {
                // A released model has no servers.
                model
                    .update(cx, |model, cx| model.restart_server(&key, cx))
                    .ok();
            }
        });
        let show_log: NoticeAction = Rc::new(move |window: &mut Window, cx: &mut App| {
            let written = model.update(cx, |model, cx| model.write_log_of(&key, cx));
            if let Ok(written) = written {
                read_log(written, window, cx);
            }
        });
        let actions = vec![("Restart".into(), restart), ("Show Log".into(), show_log)];
        notify_with_actions(Severity::Warning, message, actions, window, cx);
    }
}

/// Says why an edit is not taken back, or not in all of its files.
fn tell_failure(taking: Task<Result<usize, String>>, window: &mut Window, cx: &mut App) {
    window
        .spawn(cx, async move |cx| {
            let Err(why) = taking.await else { return };
            // The window may be closed meanwhile.
            cx.update(|window, cx| notify(Severity::Warning, why, window, cx))
                .ok();
        })
        .detach();
}

/// What the notice says of a server that is not started again by itself.
fn failed_notice(server: &ServerKey, reason: &str) -> String {
    // Its name does not begin the sentence, which would write it in upper case.
    format!(
        "The language server {} is not running: {reason}.",
        server.name
    )
}

/// What the notice says of deleted files.
fn deleted_notice(files: &str) -> String {
    format!("Deleted {files}.")
}

/// Brings deleted files back, and takes the notice away that offers to; says how that went.
fn bring_back(
    model: &Entity<WorkspaceModel>,
    (id, files): (DeletionId, String),
    window: &mut Window,
    cx: &mut App,
) {
    take_notice_back(deleted_notice(&files), window, cx);
    let bringing = model.update(cx, |model, cx| model.bring_back(id, cx));
    window
        .spawn(cx, async move |cx| {
            let brought = bringing.await;
            // The window may be closed meanwhile.
            cx.update(|window, cx| match brought {
                Ok(_) => notify(Severity::Info, format!("Brought back {files}."), window, cx),
                Err(why) => notify(Severity::Error, why, window, cx),
            })
            .ok();
        })
        .detach();
}

/// Shows a question with a button for each of its answers. It is dropped with the notice.
fn ask_for(message: &str, question: &ServerQuestion, window: &mut Window, cx: &mut App) {
    let answers = question.answers.iter().enumerate();
    let actions = answers.map(|(index, words)| {
        let question = question.clone();
        let answer: NoticeAction = Rc::new(move |_: &mut Window, _: &mut App| {
            question.answer(index);
        });
        (words.clone().into(), answer)
    });
    let severity = match question.message.severity {
        MessageType::Error | MessageType::Warning => Severity::Warning,
        MessageType::Info => Severity::Info,
    };
    notify_with_actions(severity, message.to_owned(), actions.collect(), window, cx);
}

/// Shows a log once it is written, to be read.
fn read_log(written: Task<Result<TextToRead, String>>, window: &mut Window, cx: &mut App) {
    window
        .spawn(cx, async move |cx| {
            let written = written.await;
            // The window may be closed meanwhile.
            cx.update(|window, cx| match written {
                Ok(log) => ui::read_text(log, window, cx),
                Err(message) => notify(Severity::Info, message, window, cx),
            })
            .ok();
        })
        .detach();
}
