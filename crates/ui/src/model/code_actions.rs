//! What a language server can do at a place, and doing it.

use std::cell::Cell;
use std::fmt::Display;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use super::places::ListedAs;
use super::{AskedVersions, ListedFor, WorkspaceModel};
use gpui_kit::{AsyncApp, Context, Task, WeakEntity};
use lsp::{ActionsAsked, CodeAction, Diagnostic, RequestError, ServerCommand};
use workspace::{Buffer, BufferId};

fn not_done(error: impl Display) -> String {
    format!("Not done: {error}.")
}

fn gone<E>(_: E) -> String {
    "Not done: the window was closed.".to_owned()
}

/// What puts imports in order, and what takes those away that nothing uses.
const ORGANIZE_IMPORTS: &str = "source.organizeImports";
const REMOVE_UNUSED_IMPORTS: &str = "source.removeUnusedImports";

/// A command that a server runs once the edits of its action are made.
#[derive(Clone, Debug)]
pub(super) struct AfterEdit {
    /// The buffer that the action was offered for.
    buffer: BufferId,
    server: Arc<str>,
    command: ServerCommand,
}

/// How far the actions are that are done one after the other; clones are the same.
#[derive(Clone, Debug, Default)]
pub struct ActionsTaken(Rc<Cell<(usize, bool)>>);

impl ActionsTaken {
    /// How many were done.
    pub fn count(&self) -> usize {
        self.0.get().0
    }

    /// Whether the edits of one are being made, which nothing stops half way.
    pub fn is_making(&self) -> bool {
        self.0.get().1
    }

    fn making(&self, is_making: bool) {
        self.0.set((self.count(), is_making));
    }

    fn one_more(&self) {
        self.0.set((self.count() + 1, false));
    }
}

/// Whether the edits of an action are made at once, or listed to be looked at before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Edits {
    Made,
    Listed,
}

/// A command of an action whose edits a person wants to see before they are made.
#[derive(Debug)]
pub(super) struct LookedAt {
    server: Arc<str>,
    title: Arc<str>,
    since: SystemTime,
}

impl LookedAt {
    /// The title of the action, where the command that was given then is that of it.
    pub fn title_of(&self, server: &str, given: SystemTime) -> Option<Arc<str>> {
        let is_of_it = *self.server == *server && given >= self.since;
        is_of_it.then(|| self.title.clone())
    }
}

impl WorkspaceModel {
    /// Asks the servers of a buffer what can be done with some bytes of the text, and about what is
    /// said of them.
    pub fn server_code_actions(
        &self,
        id: BufferId,
        range: Range<usize>,
        said: &[(Range<usize>, Diagnostic)],
        asked: &ActionsAsked,
        cx: &Context<Self>,
    ) -> Task<Result<Vec<CodeAction>, RequestError>> {
        let all = self.ask_all_servers(id, cx, |server, path| {
            server.code_actions(path, range.clone(), said, asked)
        });
        cx.background_executor()
            .spawn(async move { Ok(all.await?.into_iter().flatten().collect()) })
    }

    /// Does what an action of the server of a buffer does: its edits, then its command, whose edits
    /// are made too. `asked` are the versions that it was offered for. An error is a sentence that
    /// says why it was not done. Where its edits are listed first, its command waits for them to be
    /// applied.
    pub fn take_code_action(
        &self,
        id: BufferId,
        action: &CodeAction,
        asked: AskedVersions,
        cx: &Context<Self>,
    ) -> Task<Result<(), String>> {
        let asked = (asked, ListedFor::Person, Edits::Made);
        self.take_action_for(id, action, asked, &ActionsTaken::default(), cx)
    }

    /// The same, but lists its edits, and those that its command asks for, to be looked at before they
    /// are made.
    pub fn look_at_code_action(
        &self,
        id: BufferId,
        action: &CodeAction,
        asked: AskedVersions,
        cx: &Context<Self>,
    ) -> Task<Result<(), String>> {
        let asked = (asked, ListedFor::Person, Edits::Listed);
        self.take_action_for(id, action, asked, &ActionsTaken::default(), cx)
    }

    fn take_action_for(
        &self,
        id: BufferId,
        action: &CodeAction,
        (asked, by, edits): (AskedVersions, ListedFor, Edits),
        taken: &ActionsTaken,
        cx: &Context<Self>,
    ) -> Task<Result<(), String>> {
        let (name, since) = (action.server.clone(), SystemTime::now());
        let (title, taken) = (action.title.clone(), taken.clone());
        let resolved = self.ask_named_server(id, &name, cx, |server, path| {
            server.resolve_action(path, action)
        });
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let effect = resolved.await.map_err(not_done)?.map_err(not_done)?;
            let then = effect.command.map(|command| AfterEdit {
                buffer: id,
                server: name,
                command,
            });
            let changed = !effect.edit.is_empty();
            if changed {
                let edit = Arc::new(effect.edit);
                let listed = ListedAs {
                    by,
                    then: then.clone(),
                    since: Some(since),
                };
                let made = this.update(cx, |model, cx| match edits {
                    Edits::Made => Some(model.make_or_list(&edit, &asked, listed, cx)),
                    Edits::Listed => {
                        model.list_edit_as(title.to_string(), edit, asked, listed, cx);
                        None
                    }
                });
                let Some(made) = made.map_err(gone)? else {
                    return Ok(());
                };
                taken.making(true);
                let made = made.await;
                taken.making(false);
                made?;
            }
            let Some(then) = then else {
                return Ok(());
            };
            let running = this
                .update(cx, |model, cx| {
                    let running = model.run_after(&then, cx);
                    model.looked_at = (edits == Edits::Listed).then(|| LookedAt {
                        server: then.server.clone(),
                        title,
                        since,
                    });
                    running
                })
                .map_err(gone)?;
            running.await.map_err(|error| match changed {
                true => format!("The change is made, but not what was to follow it: {error}."),
                false => not_done(error),
            })
        })
    }

    /// Has a server run what follows the edits of its action.
    pub(super) fn run_after(
        &mut self,
        then: &AfterEdit,
        cx: &Context<Self>,
    ) -> Task<Result<(), RequestError>> {
        self.looked_at = None;
        self.ask_named_server(then.buffer, &then.server, cx, |server, path| {
            server.execute(path, &then.command)
        })
    }

    /// What is done before a kind of actions. Who has imports put in order wants those gone, too, that
    /// nothing uses, as in VS Code; some servers, such as typescript-language-server, do so by a kind
    /// of its own.
    fn before_kind(&self, id: BufferId, asked: &ActionsAsked) -> Option<ActionsAsked> {
        let other = |kind: &str| (kind == ORGANIZE_IMPORTS).then(|| REMOVE_UNUSED_IMPORTS.into());
        let before = match asked {
            ActionsAsked::All => return None,
            ActionsAsked::OfKind(kind) => ActionsAsked::OfKind(other(kind)?),
            ActionsAsked::Unasked(kind) => ActionsAsked::Unasked(other(kind)?),
        };
        let mut serving = self.servers.as_ref()?.serving(id);
        let named = serving.any(|(server, _)| server.names_actions(REMOVE_UNUSED_IMPORTS));
        named.then_some(before)
    }

    /// Does what the server of a buffer offers of one kind for the whole text, one after the other.
    /// Says how much was done; an error is a sentence that says why something was not, also where a
    /// person asked for what the server says cannot be done now.
    pub fn take_actions_of_kind(
        &self,
        id: BufferId,
        asked: ActionsAsked,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        self.take_actions_counted(id, asked, &ActionsTaken::default(), cx)
    }

    /// The same, which says meanwhile how far it is, also where it is given up.
    pub fn take_actions_counted(
        &self,
        id: BufferId,
        asked: ActionsAsked,
        taken: &ActionsTaken,
        cx: &Context<Self>,
    ) -> Task<Result<usize, String>> {
        let taken = taken.clone();
        // After a save a person goes on typing.
        let by = match asked {
            ActionsAsked::Unasked(_) => ListedFor::Server,
            ActionsAsked::All | ActionsAsked::OfKind(_) => ListedFor::Person,
        };
        let before = self.before_kind(id, &asked);
        cx.spawn(async move |this: WeakEntity<Self>, cx: &mut AsyncApp| {
            let mut done: Vec<Arc<str>> = Vec::new();
            let mut kinds = before.into_iter().chain([asked]);
            let Some(mut asked) = kinds.next() else {
                return Ok(0);
            };
            loop {
                // Anew after each: the text is another, and so are the places in what was offered.
                let (offered, versions) = this
                    .update(cx, |model, cx| {
                        let buffer = model.workspace.buffer(id);
                        let whole = 0..buffer.map_or(0, |buffer| buffer.text().len());
                        let said = buffer.map(Buffer::diagnostics);
                        let said = said.map(|said| said.touching(whole.clone()));
                        let said = said.into_iter().flatten();
                        let said: Vec<_> = said.map(|(range, one)| (range, one.clone())).collect();
                        let offered = model.server_code_actions(id, whole, &said, &asked, cx);
                        (offered, model.versions())
                    })
                    .map_err(gone)?;
                let offered = offered.await.map_err(not_done)?;
                let why_none = offered.iter().find_map(CodeAction::why_disabled);
                let next = offered
                    .into_iter()
                    .find(|one| one.disabled.is_none() && !done.contains(&one.title));
                let Some(action) = next else {
                    if let Some(next) = kinds.next() {
                        asked = next;
                        continue;
                    }
                    // Who asked for it hears why there is nothing to do.
                    return match (why_none, by) {
                        (Some(why), ListedFor::Person) if done.is_empty() => Err(format!("{why}.")),
                        _ => Ok(done.len()),
                    };
                };
                let taking = this
                    .update(cx, |model, cx| {
                        let asked = (versions, by, Edits::Made);
                        model.take_action_for(id, &action, asked, &taken, cx)
                    })
                    .map_err(gone)?;
                taking.await?;
                taken.one_more();
                done.push(action.title);
            }
        })
    }
}
