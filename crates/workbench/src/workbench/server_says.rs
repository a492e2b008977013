//! What of language servers reaches a person at once: lists to look at, and notices with buttons.

use std::path::PathBuf;
use std::rc::Rc;

use super::Workbench;
use gpui_kit::{App, Context, Entity, Subscription, Task, Window};
use lsp::{MessageType, ServerQuestion};
use ui::{
    DeletedFiles, NoticeAction, OpenTarget, PLACES_PANEL, ServerSays, Severity, WorkspaceModel,
    notify, notify_with_action, notify_with_actions, reveal_panel, take_notice_back,
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
                ServerSays::EditsListed => reveal_panel(PLACES_PANEL, window, cx),
                ServerSays::Deleted(deleted) => this.tell_deleted(deleted.clone(), window, cx),
                ServerSays::Question { message, question } => {
                    ask_for(message, question, window, cx);
                }
                ServerSays::QuestionOver { message } => {
                    take_notice_back(message.clone(), window, cx);
                }
                ServerSays::Failed { server, reason } => {
                    this.tell_failed(server, reason, window, cx);
                }
            },
        )
    }

    fn tell_deleted(&self, deleted: DeletedFiles, window: &mut Window, cx: &mut Context<Self>) {
        let model = self.model.downgrade();
        let told = deleted.told();
        let bring_back = move |window: &mut Window, cx: &mut App| {
            let bringing = model.update(cx, |model, cx| model.bring_back(&deleted, cx));
            // A released model has no folder to bring them back to.
            let Ok(bringing) = bringing else { return };
            window
                .spawn(cx, async move |cx| {
                    let brought = bringing.await;
                    // The window may be closed meanwhile.
                    cx.update(|window, cx| {
                        if let Err(why) = brought {
                            notify(Severity::Error, why, window, cx);
                        }
                    })
                    .ok();
                })
                .detach();
        };
        notify_with_action(Severity::Info, told, "Bring Back", bring_back, window, cx);
    }

    fn tell_failed(
        &self,
        server: &ServerKey,
        reason: &str,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let message = format!("{} is not running: {reason}.", server.name);
        let (model, key) = (self.model.downgrade(), server.clone());
        let restart: NoticeAction = Rc::new({
            let (model, key) = (model.clone(), key.clone());
            move |_: &mut Window, cx: &mut App| {
                // A released model has no servers.
                model.update(cx, |model, _| model.restart_server(&key)).ok();
            }
        });
        let show_log: NoticeAction = Rc::new(move |window: &mut Window, cx: &mut App| {
            let written = model.update(cx, |model, cx| model.write_log_of(&key, cx));
            if let Ok(written) = written {
                open_written(written, window, cx);
            }
        });
        let actions = vec![("Restart".into(), restart), ("Show Log".into(), show_log)];
        notify_with_actions(Severity::Warning, message, actions, window, cx);
    }
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

/// Opens a file once it is written.
fn open_written(written: Task<Result<PathBuf, String>>, window: &mut Window, cx: &mut App) {
    window
        .spawn(cx, async move |cx| {
            let written = written.await;
            // The window may be closed meanwhile.
            cx.update(|window, cx| match written {
                Ok(path) => ui::open_path(OpenTarget::new(path), window, cx),
                Err(message) => notify(Severity::Info, message, window, cx),
            })
            .ok();
        })
        .detach();
}
