//! Giving what stands at the caret another name, wherever it is used.

use std::ops::Range;
use std::sync::Arc;

use editor_core::word_at;
use gpui_kit::base::TestSupportExt as _;
use gpui_kit::component::input::{InputEvent, InputState};
use gpui_kit::prelude::*;
use gpui_kit::{
    AnyElement, AsyncWindowContext, Context, Entity, InteractiveElement, Render, Role,
    Subscription, WeakEntity, Window, actions, deferred, div,
};
use lsp::{RequestError, WorkspaceEdit};
use ui::tokens::{Typography as _, scaled, space};
use ui::{ActiveKilnTheme as _, AskedVersions, CommandSpec, NameWanted, Severity, WorkspaceModel};

use crate::commands::Run;
use crate::floating::{floating, floating_field};
use crate::popover::{Placed, Popover, Side};
use crate::view::EditorView;

crate::commands::commands! {
    Rename "editor.action.rename" "Rename Symbol" => |v, window, cx| v.ask_for_name(window, cx);
}

/// Whether edits are made at once, or looked at before.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Make,
    Preview,
}

/// Asks for the new name, below the old one.
pub(crate) struct RenamePrompt {
    view: WeakEntity<EditorView>,
    input: Entity<InputState>,
    /// Where the old name is, in the version of the text that it was asked in.
    range: Range<usize>,
    version: u64,
    placed: Placed,
    _subscription: Subscription,
}

impl RenamePrompt {
    fn on_input(
        &mut self,
        input: &Entity<InputState>,
        event: &InputEvent,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let InputEvent::PressEnter { shift, .. } = event else {
            return;
        };
        let name = input.read(cx).value().trim().to_owned();
        let then = match shift {
            true => Then::Preview,
            false => Then::Make,
        };
        let (range, version) = (self.range.clone(), self.version);
        let Some(view) = self.view.upgrade() else {
            return;
        };
        // The prompt belongs to the view, which closes it.
        window.defer(cx, move |window, cx| {
            view.update(cx, |view, cx| {
                view.close_rename(window, cx);
                if view.version == version && !name.is_empty() {
                    view.rename_to(range, &name, then, window, cx);
                }
            });
        });
    }
}

impl Render for RenamePrompt {
    fn render(&mut self, _: &mut Window, cx: &mut Context<Self>) -> impl IntoElement {
        let theme = cx.kiln_theme().clone();
        floating(&theme)
            .id("rename")
            .test_support()
            .key_context("RenamePrompt")
            .role(Role::Dialog)
            .aria_label("New name")
            .flex_col()
            .gap(space::XS)
            .w(scaled(280.))
            .text_color(theme.text_muted)
            .child(floating_field(
                &theme,
                &self.input,
                "rename-input",
                "New name",
            ))
            .child(
                div()
                    .px(space::XS)
                    .text_caption()
                    .child("Enter to rename, Shift+Enter to look at it first"),
            )
    }
}

impl EditorView {
    /// A server wants a name for what it has just made: that is asked for at its place, where the user
    /// is still in the text and nothing was typed since.
    pub(crate) fn name_wanted(
        &mut self,
        _: &Entity<WorkspaceModel>,
        wanted: &NameWanted,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let here = wanted.buffer == self.buffer && self.focus.is_focused(window);
        if here && wanted.version == self.version {
            self.go_to_offset(wanted.offset, cx);
            self.ask_for_name(window, cx);
        }
    }

    /// F2.
    fn ask_for_name(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let (buffer, at) = (self.buffer, self.selections.primary().head);
        let servers = self.model.read(cx).language_servers();
        let renames = servers.is_some_and(|servers| {
            let mut serving = servers.serving(buffer);
            serving.any(|(server, _)| server.renames())
        });
        if !renames {
            let silent = self.model.read(cx).why_silent(buffer);
            let why = silent.unwrap_or(RequestError::Unsupported);
            let message = format!("Nothing can be renamed here: {why}.");
            return ui::notify(Severity::Info, message, window, cx);
        }
        let prepared = self
            .model
            .update(cx, |model, cx| model.server_prepare_rename(buffer, at, cx));
        let Some(prepared) = prepared else {
            let word = word_at(&self.text(cx), at);
            return self.open_rename(word, None, window, cx);
        };
        self.when_server_answers(
            ("what can be renamed", prepared),
            window,
            cx,
            move |view, found, window, cx| {
                let message = match found {
                    Ok(Some(found)) if found.version == view.version => {
                        let word = word_at(&view.text(cx), at);
                        let range = found.range.unwrap_or(word);
                        return view.open_rename(range, found.placeholder, window, cx);
                    }
                    Ok(_) => "This cannot be renamed.".to_owned(),
                    Err(error) => format!("This cannot be renamed: {error}."),
                };
                ui::notify(Severity::Info, message, window, cx);
            },
        );
    }

    fn open_rename(
        &mut self,
        range: Range<usize>,
        name: Option<String>,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if range.is_empty() {
            let message = "There is no name at the caret.";
            return ui::notify(Severity::Info, message, window, cx);
        }
        let name = name.unwrap_or_else(|| self.text(cx).slice(range.clone()).into_owned());
        let (view, version) = (cx.weak_entity(), self.version);
        let prompt = cx.new(|cx| {
            let input = cx.new(|cx| InputState::new(window, cx).default_value(name));
            let subscription = cx.subscribe_in(&input, window, RenamePrompt::on_input);
            RenamePrompt {
                view,
                input,
                range,
                version,
                placed: Placed::default(),
                _subscription: subscription,
            }
        });
        let input = prompt.read(cx).input.clone();
        input.update(cx, |input, cx| {
            input.focus(window, cx);
            input.select_all(window, cx);
        });
        self.rename = Some(prompt);
        cx.notify();
    }

    /// Closes the prompt and gives the focus back.
    pub(crate) fn close_rename(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        if self.rename.take().is_some() {
            window.focus(&self.focus, cx);
            cx.notify();
        }
    }

    fn rename_to(
        &mut self,
        range: Range<usize>,
        name: &str,
        then: Then,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let buffer = self.buffer;
        let old = self.text(cx).slice(range.clone()).into_owned();
        if old == name {
            return;
        }
        let asked_for = self.model.read(cx).versions();
        let asked = self.model.update(cx, |model, cx| {
            model.server_rename(buffer, range.start, name, cx)
        });
        let title = format!("Rename {old} to {name}");
        self.tell_awaited("what is to be renamed", cx);
        cx.spawn_in(
            window,
            async move |this: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let answer = match asked.await {
                    Ok(Ok(edit)) if edit.is_empty() => Err("nothing is to be changed".to_owned()),
                    Ok(Ok(edit)) => Ok(Arc::new(edit)),
                    Ok(Err(error)) => Err(error.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                // A view that is gone renames nothing.
                this.update_in(cx, |view, window, cx| {
                    view.nothing_awaited(cx);
                    match (answer, then) {
                        (Ok(edit), Then::Make) => view.make_edit(edit, asked_for, window, cx),
                        (Ok(edit), Then::Preview) => view.model.update(cx, |model, cx| {
                            model.list_edit(title, edit, asked_for, cx);
                        }),
                        (Err(why), _) => {
                            let message = format!("Not renamed: {why}.");
                            ui::notify(Severity::Warning, message, window, cx);
                        }
                    }
                })
                .ok();
            },
        )
        .detach();
    }

    /// Makes the edits of a server, all of them or none.
    pub(crate) fn make_edit(
        &mut self,
        edit: Arc<WorkspaceEdit>,
        asked: AskedVersions,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        let made = self
            .model
            .update(cx, |model, cx| model.apply_server_edit(&edit, &asked, cx));
        cx.spawn_in(
            window,
            async move |_: WeakEntity<Self>, cx: &mut AsyncWindowContext| {
                let made = made.await;
                let Err(message) = made else { return };
                // The window may be closed meanwhile.
                cx.update(|window, cx| ui::notify(Severity::Warning, message, window, cx))
                    .ok();
            },
        )
        .detach();
    }

    pub(crate) fn render_rename(&self, cx: &Context<Self>) -> Option<AnyElement> {
        let prompt = self.rename.clone()?;
        let (range, placed) = {
            let prompt = prompt.read(cx);
            (prompt.range.clone(), prompt.placed.clone())
        };
        let popover = Popover::new(
            cx.entity(),
            range,
            Side::Below,
            scaled(300.),
            placed,
            move |_, _, _| prompt.into_any_element(),
        );
        Some(deferred(popover).into_any_element())
    }
}
