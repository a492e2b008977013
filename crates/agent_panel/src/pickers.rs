//! The two lists that open over the panel: models, and the folder's past sessions.

use crate::choice_list::{Choice, ChoiceEvent, ChoiceList, Choices};
use crate::model_choices::{CurrentModel, KEYS_AGAIN, MORE_MODELS, model_choices};
use crate::panel::AgentPanel;
use agent::{Operation, SessionId, SessionSummary};
use gpui_kit::*;
use llm::ModelId;
use std::time::SystemTime;
use ui::tokens::scaled;

/// Which list is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PickerPurpose {
    Model,
    History,
}

/// The least width of a list, in which models can be told apart.
const LEAST_WIDTH: Rems = scaled(240.);
/// The greatest, from which on a line is only emptier.
const GREATEST_WIDTH: Rems = scaled(320.);

/// Draws an open list in the part of the panel that `place` is, at its right. In a very narrow panel
/// it grows over the editors.
pub(crate) fn popover(picker: &OpenPicker, place: Div) -> impl IntoElement {
    let list = div()
        .flex_none()
        .w_full()
        .min_w(LEAST_WIDTH)
        .max_w(GREATEST_WIDTH)
        .child(picker.list.clone());
    deferred(place.absolute().flex().justify_end().child(list)).with_priority(1)
}

/// An open list.
pub(crate) struct OpenPicker {
    pub purpose: PickerPurpose,
    pub list: Entity<ChoiceList>,
    /// What had the keyboard before it; nothing where that was the composer.
    came_from: Option<FocusHandle>,
    _events: Subscription,
    _loading: Task<()>,
}

impl AgentPanel {
    /// Opens a list, or closes it where it is open.
    pub(crate) fn open_picker(
        &mut self,
        purpose: PickerPurpose,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if self
            .picker
            .as_ref()
            .is_some_and(|picker| picker.purpose == purpose)
        {
            self.close_picker(window, cx);
            return;
        }
        let (label, nothing) = match purpose {
            PickerPurpose::Model => ("Models", "No model matches."),
            PickerPurpose::History => ("Sessions", "No other sessions in this folder yet."),
        };
        let list = cx.new(|cx| ChoiceList::new(label, nothing, window, cx));
        let events = cx.subscribe_in(&list, window, move |this, _, event, window, cx| {
            this.close_picker(window, cx);
            match event {
                ChoiceEvent::Chosen(id) => this.chosen(purpose, id, window, cx),
                ChoiceEvent::Dismissed(press) => this.dismissed_by = *press,
            }
        });
        let loading = match purpose {
            PickerPurpose::Model => self.load_models(list.downgrade(), cx),
            PickerPurpose::History => self.load_sessions(list.downgrade(), cx),
        };
        let came_from = match self.picker.take() {
            Some(other) if other.list.focus_handle(cx).is_focused(window) => other.came_from,
            _ => self.has_keyboard(window, cx),
        };
        list.focus_handle(cx).focus(window, cx);
        self.picker = Some(OpenPicker {
            purpose,
            list,
            came_from,
            _events: events,
            _loading: loading,
        });
        cx.notify();
    }

    fn close_picker(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let picker = self.picker.take();
        // What was pressed outside of the list may have taken the keyboard.
        if let Some(picker) = picker
            && picker.list.focus_handle(cx).is_focused(window)
        {
            self.give_back_to(picker.came_from, window, cx);
        }
        cx.notify();
    }

    /// Shows the models that are known, and each that turns up while the list is open: the
    /// servers are asked anew.
    fn load_models(&self, list: WeakEntity<ChoiceList>, cx: &mut Context<Self>) -> Task<()> {
        self.session
            .update(cx, |session, cx| session.send(Operation::AskForModels, cx));
        let session = self.session.read(cx);
        let models = session.models().clone();
        models.catalog().keys().ask_again();
        let current = session.model().map(|model| CurrentModel {
            id: model.id.clone(),
            speed: session.speed().filter(|_| model.local),
        });
        cx.spawn(async move |_, cx| {
            let mut changes = models.changes();
            loop {
                let known = models.clone();
                let current = current.clone();
                let choices = cx
                    .background_spawn(async move { model_choices(&known, current.as_ref()) })
                    .await;
                let shown = list.update(cx, |list, cx| list.set_choices(choices, cx));
                // A closed list needs no choices.
                if shown.is_err() || changes.changed().await.is_err() {
                    return;
                }
            }
        })
    }

    fn load_sessions(&self, list: WeakEntity<ChoiceList>, cx: &mut Context<Self>) -> Task<()> {
        let session = self.session.read(cx);
        let folder = session.sessions_dir().to_owned();
        let root = session.workspace().read(cx).root().to_owned();
        let current = session.session();
        let look = cx.background_spawn(async move {
            match agent::list_sessions(&folder, &root) {
                Ok(sessions) => Choices::of(session_choices(&sessions, current, SystemTime::now())),
                Err(error) => Choices {
                    failure: Some(format!("Past sessions cannot be listed: {error}.").into()),
                    ..Choices::of(Vec::new())
                },
            }
        });
        cx.spawn(async move |_, cx| {
            let choices = look.await;
            // A closed list needs no choices.
            list.update(cx, |list, cx| list.set_choices(choices, cx))
                .ok();
        })
    }

    fn chosen(
        &mut self,
        purpose: PickerPurpose,
        id: &SharedString,
        window: &mut Window,
        cx: &mut Context<Self>,
    ) {
        if id.as_ref() == MORE_MODELS {
            ui::Commands::run("onboarding.model", window, cx);
            return;
        }
        if id.as_ref() == KEYS_AGAIN {
            // The list reads them each time it opens.
            self.open_picker(PickerPurpose::Model, window, cx);
            return;
        }
        match purpose {
            PickerPurpose::Model => {
                if let Ok(id) = id.parse::<ModelId>() {
                    self.session
                        .update(cx, |session, cx| session.choose_model(id, cx));
                }
            }
            PickerPurpose::History => {
                if let Ok(id) = id.parse::<SessionId>() {
                    self.go_back_to(id, window, cx);
                    self.composer
                        .update(cx, |composer, cx| composer.focus(window, cx));
                }
            }
        }
    }
}

fn session_choices(
    sessions: &[SessionSummary],
    current: Option<SessionId>,
    now: SystemTime,
) -> Vec<Choice> {
    sessions
        .iter()
        .map(|session| Choice {
            id: session.id.to_string().into(),
            title: match session.title.trim() {
                "" => "Untitled session".into(),
                title => title.to_owned().into(),
            },
            // Nothing is known of the time of a file that the system does not give away.
            detail: (session.trouble.is_none()).then(|| ui::ago(session.modified, now).into()),
            trouble: match &session.trouble {
                Some(trouble) => Some(format!("{trouble}.").into()),
                None if !session.readable => {
                    Some("Its file is damaged, so that nothing in it can be read.".into())
                }
                None => None,
            },
            // Its title holds a part of its file's name.
            also: (!session.readable).then(|| session.id.to_string().into()),
            section: None,
            icon: None,
            current: Some(session.id) == current,
            faint: !session.readable,
        })
        .collect()
}
