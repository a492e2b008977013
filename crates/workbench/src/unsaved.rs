//! Saving from the window's side: asking before changes are lost, and for a path where a
//! file has none.

use crate::choose;
use crate::dialog::{Question, ask, ask_while};
use crate::modal::ModalLayer;
use crate::opening_item::OpeningItem;
use fs::TextEncoding;
use futures::future::{join_all, select};
use gpui_kit::{App, AppContext as _, AsyncWindowContext, Entity, Task, Window};
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;
use ui::widgets::ButtonStyle;
use ui::{ItemHandle, WorkspaceModel};
use workspace::{BufferId, SaveError};

/// Saves that take longer are asked about instead of being waited for without a sign. Formatting before
/// a save is given up a little earlier than this.
const PATIENCE: Duration = Duration::from_secs(4);

/// What a person chose about unsaved changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is saved, or may be lost.
    GoOn,
    /// Nothing is to happen.
    Stay,
}

/// Asks about the changed ones among `items`, and saves where that is the answer. Saves that are under
/// way come first: what they write is not to be asked about, unless they take long.
pub fn settle(
    items: Vec<Box<dyn ItemHandle>>,
    model: &Entity<WorkspaceModel>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Outcome>> {
    let saves = saves_of(&items, model, cx);
    if saves.is_empty() {
        return ask_about(items, model, modals, window, cx);
    }
    let (model, modals) = (model.clone(), modals.clone());
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        let late = cx.background_executor().timer(PATIENCE);
        select(pin!(join_all(saves)), pin!(late)).await;
        let asked = cx.update(|window, cx| {
            let question = question_about_saving(&items, &model, cx)?;
            Some(ask(&modals, question, window, cx))
        })?;
        let mut items = items;
        if let Some(asked) = asked {
            match asked.await {
                Ok(0) => {
                    // What was typed since is not even being saved, and is asked about.
                    cx.update(|_, cx| {
                        items.retain(|item| {
                            !is_saving(item.as_ref(), &model, cx)
                                || is_changed_since_save(item.as_ref(), &model, cx)
                        });
                    })?
                }
                Ok(2) => {
                    let waited = cx.update(|window, cx| {
                        let question = question_while_saving(&saving_names(&items, &model, cx))?;
                        let saves = join_all(saves_of(&items, &model, cx));
                        let ended = async move {
                            saves.await;
                        };
                        Some(ask_while(&modals, question, ended, window, cx))
                    })?;
                    if let Some(waited) = waited {
                        // It is closed when the saves end, or by the person before.
                        let given_up = waited.await.is_ok();
                        let is_saving = |cx: &App| !saves_of(&items, &model, cx).is_empty();
                        if given_up || cx.update(|_, cx| is_saving(cx))? {
                            return Ok(Outcome::Stay);
                        }
                    }
                }
                _ => return Ok(Outcome::Stay),
            }
        }
        cx.update(|window, cx| ask_about(items, &model, &modals, window, cx))?
            .await
    })
}

fn is_saving(item: &dyn ItemHandle, model: &Entity<WorkspaceModel>, cx: &App) -> bool {
    let buffer = item.buffer(cx);
    buffer.is_some_and(|id| model.read(cx).is_saving(id))
}

fn is_changed_since_save(item: &dyn ItemHandle, model: &Entity<WorkspaceModel>, cx: &App) -> bool {
    let buffer = item.buffer(cx);
    buffer.is_some_and(|id| model.read(cx).is_changed_since_save(id))
}

/// Each ends with the saves of one of these items.
fn saves_of(
    items: &[Box<dyn ItemHandle>],
    model: &Entity<WorkspaceModel>,
    cx: &App,
) -> Vec<impl Future<Output = ()> + use<>> {
    let buffers = items.iter().filter_map(|item| item.buffer(cx));
    let model = model.read(cx);
    buffers.filter_map(|id| model.saves_ended(id)).collect()
}

/// The names of the files that are being saved among those of these items.
fn saving_names(
    items: &[Box<dyn ItemHandle>],
    model: &Entity<WorkspaceModel>,
    cx: &App,
) -> Vec<String> {
    // Two views of one buffer are one file; two files may have one name.
    let mut seen = Vec::new();
    let saving = items.iter().filter(|item| {
        let buffer = item.buffer(cx);
        let is_new = !seen.contains(&buffer);
        seen.push(buffer);
        is_new && is_saving(item.as_ref(), model, cx)
    });
    saving.map(|item| item.tab_title(cx).to_string()).collect()
}

/// What is shown while the saves of these files are waited for. `None` where there are none.
fn question_while_saving(names: &[String]) -> Option<Question> {
    let (title, body) = match names {
        [] => return None,
        [name] => (
            format!("Waiting until {name} is saved"),
            "It is closed then. Cancel leaves it open.".to_owned(),
        ),
        several => (
            format!("Waiting until {} files are saved", several.len()),
            format!(
                "{}. They are closed then. Cancel leaves them open.",
                names_of(several)
            ),
        ),
    };
    Some(Question::new(title, body).answer("Cancel", ButtonStyle::Secondary))
}

/// What is asked where items are still being saved.
fn question_about_saving(
    items: &[Box<dyn ItemHandle>],
    model: &Entity<WorkspaceModel>,
    cx: &App,
) -> Option<Question> {
    let names = saving_names(items, model, cx);
    let (title, body) = match names.as_slice() {
        [] => return None,
        [name] => (
            format!("Wait until {name} is saved?"),
            "It is still being saved. If you close it now, the file may not hold your changes."
                .to_owned(),
        ),
        several => (
            format!("Wait until {} files are saved?", several.len()),
            format!(
                "{}. They are still being saved. If you close them now, the files may not hold \
                 your changes.",
                names_of(several)
            ),
        ),
    };
    let question = Question::new(title, body)
        .answer("Close Now", ButtonStyle::Danger)
        .answer("Cancel", ButtonStyle::Secondary)
        .answer("Wait", ButtonStyle::Primary);
    Some(question)
}

fn ask_about(
    items: Vec<Box<dyn ItemHandle>>,
    model: &Entity<WorkspaceModel>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Outcome>> {
    let (opening, items): (Vec<_>, Vec<_>) = items
        .into_iter()
        .partition(|item| item.view().downcast::<OpeningItem>().is_ok());
    if let Some(question) = question_about_opening(&opening, cx) {
        let answer = ask(modals, question, window, cx);
        let (model, modals) = (model.clone(), modals.clone());
        return window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
            if answer.await != Ok(0) {
                return Ok(Outcome::Stay);
            }
            cx.update(|window, cx| ask_about(items, &model, &modals, window, cx))?
                .await
        });
    }
    // What is being written may be another text than the one that is shown.
    let unsaved = |item: &dyn ItemHandle| item.is_dirty(cx) || is_saving(item, model, cx);
    let mut dirty: Vec<_> = items
        .into_iter()
        .filter(|item| unsaved(item.as_ref()))
        .collect();
    // Two views of one buffer are one file.
    let mut seen = Vec::new();
    dirty.retain(|item| match item.buffer(cx) {
        Some(buffer) if seen.contains(&buffer) => false,
        Some(buffer) => {
            seen.push(buffer);
            true
        }
        None => true,
    });
    let question = match dirty.as_slice() {
        [] => return Task::ready(Ok(Outcome::GoOn)),
        [item] => Question::new(
            format!("Save changes to {}?", item.tab_title(cx)),
            "Your changes are lost if you don\u{2019}t save them.",
        )
        .answer("Don\u{2019}t Save", ButtonStyle::Danger)
        .answer("Cancel", ButtonStyle::Secondary)
        .answer("Save", ButtonStyle::Primary),
        several => {
            let titles = several.iter().map(|item| item.tab_title(cx).to_string());
            let names: Vec<_> = titles.collect();
            Question::new(
                format!("Save changes to {} files?", several.len()),
                format!(
                    "{}. Changes are lost if you don\u{2019}t save them.",
                    names_of(&names)
                ),
            )
            .answer("Don\u{2019}t Save", ButtonStyle::Danger)
            .answer("Cancel", ButtonStyle::Secondary)
            .answer("Save All", ButtonStyle::Primary)
        }
    };
    let answer = ask(modals, question, window, cx);
    let (model, modals) = (model.clone(), modals.clone());
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        match answer.await {
            Ok(0) => Ok(Outcome::GoOn),
            Ok(2) => {
                for item in dirty {
                    let saved =
                        cx.update(|window, cx| save(item.as_ref(), &model, &modals, window, cx))?;
                    if saved.await? == Outcome::Stay {
                        return Ok(Outcome::Stay);
                    }
                }
                Ok(Outcome::GoOn)
            }
            _ => Ok(Outcome::Stay),
        }
    })
}

/// What is asked where something was typed into files before they were there: it is in no text yet,
/// so that there is nothing to save.
fn question_about_opening(opening: &[Box<dyn ItemHandle>], cx: &App) -> Option<Question> {
    let typed: Vec<_> = opening.iter().filter(|item| item.is_dirty(cx)).collect();
    let is_there = typed.iter().all(|item| {
        let tab = item.view().downcast::<OpeningItem>();
        tab.is_ok_and(|tab| tab.read(cx).is_held_back())
    });
    let titles = typed.iter().map(|item| item.tab_title(cx).to_string());
    let names: Vec<_> = titles.collect();
    let (title, body) = match names.as_slice() {
        [] => return None,
        [name] => (
            format!("Close {name} before what you typed is in it?"),
            match is_there {
                true => {
                    "The file is there. What you typed goes in once you go to its tab, and is lost \
                     if you close it before."
                }
                false => {
                    "The file is still being read. What you typed goes in once it is there, and is \
                     lost if you close it before."
                }
            }
            .to_owned(),
        ),
        several => (
            format!(
                "Close {} files before what you typed is in them?",
                several.len()
            ),
            format!(
                "{}. What you typed goes in once they are read and you go to their tabs, and is \
                 lost if you close them before.",
                names_of(several)
            ),
        ),
    };
    let question = Question::new(title, body)
        .answer("Close and Lose It", ButtonStyle::Danger)
        .answer("Cancel", ButtonStyle::Primary);
    Some(question)
}

/// The first few of these names in words.
fn names_of(names: &[String]) -> String {
    match names.len().checked_sub(5) {
        Some(more @ 1..) => format!("{}, and {more} more", names[..5].join(", ")),
        _ => names.join(", "),
    }
}

/// Saves one item, asking for a path where it has none. `Stay` where no path was given.
fn save(
    item: &dyn ItemHandle,
    model: &Entity<WorkspaceModel>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Outcome>> {
    if item.path(cx).is_none() {
        return save_as(item, model, modals, window, cx);
    }
    let saved = item.save(window, cx);
    let attempt = Attempt {
        item: item.boxed_clone(),
        model: model.clone(),
        modals: modals.clone(),
        chosen: None,
    };
    attempt.or_in_utf8(saved, window, cx)
}

/// Saves one item under a path that is asked for. `Stay` where none was given.
fn save_as(
    item: &dyn ItemHandle,
    model: &Entity<WorkspaceModel>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) -> Task<anyhow::Result<Outcome>> {
    let name = item.tab_title(cx).to_string();
    let folder = model.read(cx).root().to_path_buf();
    let chosen = choose::new_path(modals, folder, name, window, cx);
    let item = item.boxed_clone();
    let (model, modals) = (model.clone(), modals.clone());
    window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
        let Some(path) = chosen.await else {
            return Ok(Outcome::Stay);
        };
        cx.update(|window, cx| {
            let saved = item.save_as(path.clone(), window, cx);
            let attempt = Attempt {
                item,
                model,
                modals,
                chosen: Some(path),
            };
            attempt.or_in_utf8(saved, window, cx)
        })?
        .await
    })
}

/// What saves a text in the encoding that has all characters.
pub(crate) const IN_UTF8: &str = "Save as UTF-8";

/// Whether a save failed for a character that the file's encoding lacks.
pub(crate) fn lacks_character(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref();
    matches!(error, Some(SaveError::Write(fs::SaveError::Encode(_))))
}

/// Has the next save of a buffer write UTF-8.
pub(crate) fn choose_utf8(model: &Entity<WorkspaceModel>, id: BufferId, cx: &mut App) {
    model.update(cx, |model, cx| {
        model.update(cx, |workspace| {
            workspace.choose_encoding(id, TextEncoding::UTF_8, false);
        });
    });
}

/// The save of an item that is to be closed, to `chosen` where a path was asked for.
struct Attempt {
    item: Box<dyn ItemHandle>,
    model: Entity<WorkspaceModel>,
    modals: Entity<ModalLayer>,
    chosen: Option<PathBuf>,
}

impl Attempt {
    /// Waits for it; where the encoding lacks a character of the text, it is saved in UTF-8 if that
    /// is the answer.
    fn or_in_utf8(
        self,
        saved: Task<anyhow::Result<()>>,
        window: &mut Window,
        cx: &mut App,
    ) -> Task<anyhow::Result<Outcome>> {
        window.spawn(cx, async move |cx: &mut AsyncWindowContext| {
            let Err(error) = saved.await else {
                return Ok(Outcome::GoOn);
            };
            let buffer = cx.update(|_, cx| self.item.buffer(cx))?;
            let Some(buffer) = buffer.filter(|_| lacks_character(&error)) else {
                return Err(error);
            };
            let answer = cx.update(|window, cx| {
                let question = question_about_utf8(self.item.as_ref(), &error, cx);
                ask(&self.modals, question, window, cx)
            })?;
            if answer.await != Ok(1) {
                return Ok(Outcome::Stay);
            }
            // What came to be there meanwhile nobody agreed to overwrite.
            let free = match self.chosen.clone() {
                Some(path) => {
                    let fs = cx.update(|_, cx| self.model.read(cx).workspace().fs().clone())?;
                    let looked_for = path.clone();
                    let found = cx.background_spawn(async move { fs.exists(&looked_for) });
                    (!found.await).then_some(path)
                }
                None => None,
            };
            let saved = cx.update(|window, cx| {
                choose_utf8(&self.model, buffer, cx);
                match free {
                    Some(path) => {
                        let saved = self.item.save_as(path, window, cx);
                        window.spawn(cx, async move |_: &mut AsyncWindowContext| {
                            saved.await.map(|()| Outcome::GoOn)
                        })
                    }
                    None => save(self.item.as_ref(), &self.model, &self.modals, window, cx),
                }
            })?;
            saved.await
        })
    }
}

fn question_about_utf8(item: &dyn ItemHandle, error: &anyhow::Error, cx: &App) -> Question {
    Question::new(
        format!("Save {} as UTF-8?", item.tab_title(cx)),
        ui::sentence(ui::error_with_causes(error)),
    )
    .answer("Cancel", ButtonStyle::Secondary)
    .answer(IN_UTF8, ButtonStyle::Primary)
}
