//! The local history of the active file.

use super::Workbench;
use crate::dialog::{Question, ask};
use crate::local_history::{Chosen, HistoryPicker, clock_time, source_name};
use crate::modal::Placement;
use crate::picker::Picker;
use chrono::Local;
use editor_core::Text;
use fs::KilnPaths;
use gpui_kit::prelude::*;
use gpui_kit::{App, AsyncWindowContext, Context, Entity, Subscription, Task, Window};
use std::rc::Rc;
use std::sync::Arc;
use ui::settings_store::ActiveSettings as _;
use ui::widgets::ButtonStyle;
use ui::{ItemHandle, SettingsStore, Severity, TextToRead, WorkspaceModel, notify};
use workspace::{BufferId, EditError, HistoryEntry, HistoryLimits, HistorySource, LocalHistory};

/// Keeps the text of every save, within the settings in force.
pub(super) fn keep(
    model: &Entity<WorkspaceModel>,
    paths: &KilnPaths,
    cx: &mut Context<Workbench>,
) -> Subscription {
    let history = Arc::new(LocalHistory::new(&paths.state, limits(cx)));
    model.update(cx, |model, cx| {
        model.update(cx, |workspace| workspace.keep_history_in(history.clone()));
    });
    cx.observe_global::<SettingsStore>(move |_, cx| history.set_limits(limits(cx)))
}

fn limits(cx: &App) -> HistoryLimits {
    let kept = &cx.kiln_settings().kept;
    HistoryLimits {
        file_bytes: u64::from(kept.local_history_kilobytes) * 1024,
        entries: if kept.local_history {
            kept.local_history_entries as usize
        } else {
            0
        },
    }
}

impl Workbench {
    /// Lists the saves of the active file that are kept.
    pub(super) fn show_local_history(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let item = self
            .area
            .read(cx)
            .active_item()
            .map(ItemHandle::boxed_clone);
        let history = self.model.read(cx).workspace().local_history().cloned();
        let (Some(item), Some(history)) = (item, history) else {
            return;
        };
        let Some(path) = item.path(cx).filter(|_| item.buffer(cx).is_some()) else {
            let message = "Text that was never saved to a file has no local history.";
            notify(Severity::Info, message, window, cx);
            return;
        };
        let read = {
            let history = history.clone();
            cx.background_spawn(async move { history.entries(&path) })
        };
        let item: Rc<dyn ItemHandle> = Rc::from(item);
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let entries = read.await;
            let workbench = this.clone();
            this.update_in(cx, |this, window, cx| match entries {
                Ok(entries) => {
                    let shown = history.clone();
                    let chosen: Chosen = Rc::new(move |entry, window, cx| {
                        let (item, history) = (item.clone(), shown.clone());
                        // The window may be closing.
                        workbench
                            .update(cx, |this, cx| {
                                this.ask_about_entry(entry, item, history, window, cx);
                            })
                            .ok();
                    });
                    this.show_modal(Placement::Top, window, cx, |window, cx| {
                        let delegate = HistoryPicker::new(history, entries, Local::now(), chosen);
                        Picker::new(delegate, window, cx)
                    });
                }
                Err(error) => notify(Severity::Error, error.to_string(), window, cx),
            })
        })
        .detach_and_log_err(cx);
    }

    fn ask_about_entry(
        &mut self,
        entry: HistoryEntry,
        item: Rc<dyn ItemHandle>,
        history: Arc<LocalHistory>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let title = item.tab_title(cx);
        let kept_at = clock_time(&entry.kept.into(), &Local::now());
        let question = Question::new(
            format!(
                "{title}: {}, {kept_at}",
                source_name(entry.source).to_lowercase(),
            ),
            "Restoring puts that text into the editor, where it can be undone; what was not saved \
             there is kept in the local history. Nothing is written before you save.",
        )
        .answer("Open", ButtonStyle::Secondary)
        .answer("Compare", ButtonStyle::Secondary)
        .answer("Cancel", ButtonStyle::Secondary)
        .answer("Restore", ButtonStyle::Primary);
        let answer = ask(&self.modals, question, window, cx);
        let read = cx.background_spawn(async move { history.text(&entry) });
        cx.spawn_in(window, async move |this, cx: &mut AsyncWindowContext| {
            let (answer, text) = (answer.await, read.await);
            let taken = this.update_in(cx, |this, window, cx| {
                let text = match text {
                    Ok(text) => text,
                    Err(error) => {
                        notify(Severity::Error, error.to_string(), window, cx);
                        return None;
                    }
                };
                let buffer = item.buffer(cx)?;
                match answer {
                    Ok(0) => {
                        let shown = TextToRead {
                            of: item.path(cx)?,
                            name: format!("{title} ({kept_at})"),
                            text,
                            before: None,
                            at_end: false,
                        };
                        this.show_text(shown, window, cx);
                        None
                    }
                    Ok(1) => {
                        let name = format!("the version of {kept_at}").into();
                        item.compare_with(&text, name, window, cx);
                        None
                    }
                    Ok(3) => {
                        this.model.update(cx, |model, cx| {
                            model.keep_unsaved(buffer, HistorySource::BeforeRestore, cx);
                        });
                        Some(this.take_text(buffer, text, cx))
                    }
                    _ => None,
                }
            })?;
            if let Some(taken) = taken
                && let Err(error) = taken.await
            {
                this.update_in(cx, |_, window, cx| {
                    notify(Severity::Error, error.to_string(), window, cx);
                })?;
            }
            anyhow::Ok(())
        })
        .detach_and_log_err(cx);
    }

    pub(super) fn take_text(
        &self,
        buffer: BufferId,
        text: Text,
        cx: &mut Context<Self>,
    ) -> Task<Result<(), EditError>> {
        self.model
            .update(cx, |model, cx| model.take_text(buffer, text, cx))
    }
}
