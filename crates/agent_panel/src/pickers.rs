//! The two lists that open over the panel: models, and the folder's past sessions.

use crate::choice_list::{Choice, ChoiceEvent, ChoiceList};
use crate::panel::AgentPanel;
use agent::{Operation, SessionId, SessionSummary};
use gpui_kit::*;
use llm::{ModelEntry, ModelId};
use std::collections::HashMap;
use std::time::SystemTime;
use ui::IconName;

/// Chosen instead of a model: go and get one.
const MORE_MODELS: &str = "kiln:more-models";

/// The provider's half of the names of models that Kiln runs itself.
const EMBEDDED: &str = "local";

/// Which list is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PickerPurpose {
    Model,
    History,
}

/// An open list.
pub(crate) struct OpenPicker {
    pub purpose: PickerPurpose,
    pub list: Entity<ChoiceList>,
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
        let list = cx.new(|cx| ChoiceList::new(label, nothing, Vec::new(), window, cx));
        let events = cx.subscribe_in(&list, window, move |this, _, event, window, cx| {
            this.close_picker(window, cx);
            match event {
                ChoiceEvent::Chosen(id) => this.chosen(purpose, id, window, cx),
                ChoiceEvent::Dismissed(press) => this.dismissed_by = *press,
            }
        });
        let choices = self.choices(purpose, cx);
        let loading = cx.spawn({
            let list = list.downgrade();
            async move |_, cx| {
                let choices = choices.await;
                // A closed list needs no choices.
                list.update(cx, |list, cx| list.set_choices(choices, cx))
                    .ok();
            }
        });
        list.focus_handle(cx).focus(window, cx);
        self.picker = Some(OpenPicker {
            purpose,
            list,
            _events: events,
            _loading: loading,
        });
        cx.notify();
    }

    fn close_picker(&mut self, window: &mut Window, cx: &mut Context<Self>) {
        let picker = self.picker.take();
        // What was pressed outside of the list may have taken the keyboard.
        if picker.is_some_and(|picker| picker.list.focus_handle(cx).is_focused(window)) {
            self.composer
                .update(cx, |composer, cx| composer.focus(window, cx));
        }
        cx.notify();
    }

    fn choices(&self, purpose: PickerPurpose, cx: &mut Context<Self>) -> Task<Vec<Choice>> {
        let session = self.session.read(cx);
        match purpose {
            PickerPurpose::Model => {
                let models = session.models().clone();
                let current = session.model().map(|model| model.id.clone());
                cx.background_spawn(
                    async move { model_choices(&models.entries(), current.as_ref()) },
                )
            }
            PickerPurpose::History => {
                let folder = session.sessions_dir().to_owned();
                let root = session.workspace().read(cx).root().to_owned();
                let current = session.session();
                cx.background_spawn(async move {
                    let sessions = agent::list_sessions(&folder, &root);
                    session_choices(&sessions, current, SystemTime::now())
                })
            }
        }
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
        self.session.update(cx, |session, cx| match purpose {
            PickerPurpose::Model => {
                if let Ok(id) = id.parse::<ModelId>() {
                    session.choose_model(id, cx);
                }
            }
            PickerPurpose::History => {
                if let Ok(id) = id.parse::<SessionId>() {
                    session.send(Operation::ResumeSession(id), cx);
                }
            }
        });
    }
}

fn model_choices(entries: &[ModelEntry], current: Option<&ModelId>) -> Vec<Choice> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        *names.entry(entry.info.display_name.as_str()).or_default() += 1;
    }
    let mut entries: Vec<_> = entries.iter().filter(|entry| entry.ready).collect();
    // What runs here comes first; the providers keep their order.
    entries.sort_by_key(|entry| !entry.local);
    let mut choices: Vec<_> = entries
        .into_iter()
        .map(|entry| Choice {
            id: entry.id.as_str().to_owned().into(),
            title: entry.info.display_name.clone().into(),
            detail: if names.get(entry.info.display_name.as_str()) > Some(&1) {
                Some(entry.id.as_str().to_owned().into())
            } else {
                // Several servers share the section of this machine.
                (entry.local && entry.id.provider() != EMBEDDED)
                    .then(|| entry.id.provider().to_owned().into())
            },
            section: Some(if entry.local {
                "On this machine".into()
            } else {
                entry.id.provider().to_owned().into()
            }),
            icon: entry.local.then_some(IconName::Cpu),
            current: Some(&entry.id) == current,
        })
        .collect();
    choices.push(Choice {
        id: MORE_MODELS.into(),
        title: "Get a model or add a key…".into(),
        detail: None,
        section: Some("More".into()),
        icon: Some(IconName::Plus),
        current: false,
    });
    choices
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
            detail: Some(ago(session.modified, now).into()),
            section: None,
            icon: None,
            current: Some(session.id) == current,
        })
        .collect()
}

/// How long ago something was, in one unit.
fn ago(then: SystemTime, now: SystemTime) -> String {
    let minutes = now.duration_since(then).unwrap_or_default().as_secs() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..=59 => format!("{minutes} min ago"),
        60..=1439 => format!("{} h ago", minutes / 60),
        1440..=2879 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    // The glob above brings gpui's own `test` along.
    use core::prelude::v1::test;
    use std::time::Duration;

    #[test]
    fn times_are_told_in_one_unit() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(10_000_000);
        let told = [20, 90, 7_300, 100_000, 400_000, 0]
            .map(|seconds| ago(now - Duration::from_secs(seconds), now));
        assert_eq!(
            told,
            [
                "just now",
                "1 min ago",
                "2 h ago",
                "yesterday",
                "4 days ago",
                "just now"
            ]
        );
        assert_eq!(ago(now + Duration::from_secs(99), now), "just now");
    }
}
