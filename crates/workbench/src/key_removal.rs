//! Removing a saved key: which one, then a yes.

use crate::dialog::{Question, ask};
use crate::fuzzy::{self, Match};
use crate::modal::{ModalLayer, Placement};
use crate::model_setup::{KeyProvider, ModelSetup};
use crate::picker::{Picker, PickerDelegate, highlighted};
use gpui_kit::prelude::*;
use gpui_kit::{AnyElement, App, Context, Entity, SharedString, WeakEntity, Window, div};
use std::rc::Rc;
use ui::tokens::space;
use ui::widgets::{ButtonStyle, row};
use ui::{ActiveKilnTheme as _, IconName, Severity, icons, notify};

/// Lets a person choose one of the saved keys, and asks whether it is to be removed.
pub(crate) fn choose_key(
    models: Rc<dyn ModelSetup>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) {
    let looked_up = models.look_keys_up(cx);
    let modals = modals.clone();
    window
        .spawn(cx, async move |cx| {
            looked_up.await;
            // The window may be closed meanwhile.
            cx.update(|window, cx| {
                if let Some(told) = models.unreadable_keys(cx) {
                    let again = move |window: &mut Window, cx: &mut App| {
                        choose_key(models.clone(), &modals, window, cx);
                    };
                    return ui::notify_with_action(
                        Severity::Warning,
                        told,
                        "Try again",
                        again,
                        window,
                        cx,
                    );
                }
                let mut saved = models.providers(cx);
                saved.retain(|provider| provider.saved);
                if saved.is_empty() {
                    let message = "No key is saved. What the environment gives is removed there.";
                    return notify(Severity::Info, message, window, cx);
                }
                if let [only] = saved.as_slice() {
                    return ask_to_remove(only, models, &modals, window, cx);
                }
                let picker = KeyPicker {
                    saved,
                    matches: Vec::new(),
                    query: String::new(),
                    models,
                    modals: modals.downgrade(),
                };
                let picker = cx.new(|cx| Picker::new(picker, window, cx));
                modals.update(cx, |modals, cx| {
                    modals.show(picker, Placement::Top, window, cx);
                });
            })
            .ok();
        })
        .detach();
}

/// Asks, and only then removes.
pub(crate) fn ask_to_remove(
    provider: &KeyProvider,
    models: Rc<dyn ModelSetup>,
    modals: &Entity<ModalLayer>,
    window: &mut Window,
    cx: &mut App,
) {
    let name = &provider.name;
    let after = match &provider.variable {
        Some(variable) => format!("The key of the variable {variable} is used on."),
        None => format!("Models of {name} cannot be used until you add a key again."),
    };
    let question = Question::new(
        format!("Remove the key of {name}?"),
        format!(
            "Kiln forgets the key. At {name} it stays valid until you revoke it there. {after}"
        ),
    )
    .answer("Cancel", ButtonStyle::Secondary)
    .answer("Remove Key", ButtonStyle::Danger);
    let answer = ask(modals, question, window, cx);
    let id = provider.id.clone();
    window
        .spawn(cx, async move |cx| {
            if answer.await != Ok(1) {
                return Ok(());
            }
            let removed = cx.update(|_, cx| models.remove_key(&id, cx))?.await;
            cx.update(|window, cx| {
                match removed {
                    Ok(told) => notify(Severity::Success, told, window, cx),
                    Err(error) => ui::notify_error(&error, window, cx),
                }
                // What shows the keys asks for them while it is drawn.
                window.refresh();
            })
        })
        .detach();
}

/// The saved keys, by their providers.
struct KeyPicker {
    saved: Vec<KeyProvider>,
    matches: Vec<Match>,
    query: String,
    models: Rc<dyn ModelSetup>,
    modals: WeakEntity<ModalLayer>,
}

impl KeyPicker {
    fn provider(&self, index: usize) -> Option<&KeyProvider> {
        self.saved.get(self.matches.get(index)?.index)
    }
}

impl PickerDelegate for KeyPicker {
    fn name(&self) -> SharedString {
        "Saved keys".into()
    }

    fn placeholder(&self) -> SharedString {
        "Remove the key of\u{2026}".into()
    }

    fn nothing(&self, query: &str) -> SharedString {
        format!("No provider with a saved key is called \u{201c}{query}\u{201d}.").into()
    }

    fn len(&self) -> usize {
        self.matches.len()
    }

    fn search(&mut self, query: &str, _: &mut Window, cx: &mut Context<Picker<Self>>) {
        query.clone_into(&mut self.query);
        let names = self.saved.iter().map(|provider| provider.name.as_ref());
        self.matches = fuzzy::find(query, names, self.saved.len());
        cx.notify();
    }

    fn row_label(&self, index: usize) -> SharedString {
        let provider = self.provider(index);
        provider
            .map(|provider| provider.name.clone())
            .unwrap_or_default()
    }

    fn row(&self, index: usize, _: bool, cx: &App) -> AnyElement {
        let Some(provider) = self.provider(index) else {
            return div().into_any_element();
        };
        let positions = fuzzy::positions(&self.query, &provider.name);
        row()
            .w_full()
            .gap(space::M)
            .child(icons::icon(IconName::KeyRound, cx.kiln_theme().text_muted))
            .child(div().flex_1().min_w_0().truncate().child(highlighted(
                &provider.name,
                &positions,
                cx,
            )))
            .into_any_element()
    }

    fn confirm(&mut self, index: usize, window: &mut Window, cx: &mut Context<Picker<Self>>) {
        let Some(provider) = self.provider(index).cloned() else {
            return;
        };
        let (models, modals) = (self.models.clone(), self.modals.clone());
        window.defer(cx, move |window, cx| {
            // The window may be closing.
            if let Some(modals) = modals.upgrade() {
                ask_to_remove(&provider, models, &modals, window, cx);
            }
        });
    }
}
