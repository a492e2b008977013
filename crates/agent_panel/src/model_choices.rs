//! The models to choose from, as the lines of a list.

use crate::choice_list::{Choice, Choices};
use crate::local_speed::LocalSpeed;
use agent::{LOCAL_PROVIDER, ModelCatalog};
use gpui_kit::SharedString;
use llm::{ModelEntry, ModelId, ModelList, ProviderConfig};
use std::collections::HashMap;
use ui::IconName;

/// Chosen instead of a model: read the keys again that could not be read.
pub(crate) const KEYS_AGAIN: &str = "kiln:keys-again";
/// Chosen instead of a model: go and get one.
pub(crate) const MORE_MODELS: &str = "kiln:more-models";

/// The model in use.
#[derive(Clone)]
pub(crate) struct CurrentModel {
    /// Its full name.
    pub id: ModelId,
    /// How it is doing, where it runs on this machine and has answered.
    pub speed: Option<LocalSpeed>,
}

/// A server whose models can be named by typing.
struct Nameable {
    provider: ProviderConfig,
    /// Whether what it has is not known, so that a name without the server's is taken as one of
    /// its models.
    unlisted: bool,
}

/// The models that can be used, the servers that have not said what they have, and what a typed
/// name stands for. Looks keys and model files up: not for the UI thread.
pub(crate) fn model_choices(models: &ModelCatalog, current: Option<&CurrentModel>) -> Choices {
    let available = models.available();
    let unreadable_keys = available.unreadable_keys();
    let mut choices = known_models(&available.models, &available.usable, current);
    if unreadable_keys.is_some() {
        choices.push(Choice {
            id: KEYS_AGAIN.into(),
            title: "Read the keys again".into(),
            detail: None,
            trouble: None,
            also: Some("Try again".into()),
            section: Some("More".into()),
            icon: Some(IconName::RotateCw),
            current: false,
            faint: false,
        });
    }
    choices.push(Choice {
        id: MORE_MODELS.into(),
        title: "Get a model or add a key…".into(),
        detail: None,
        trouble: None,
        also: None,
        section: Some("More".into()),
        icon: Some(IconName::Plus),
        current: false,
        faint: false,
    });
    let notes = available
        .usable
        .iter()
        .filter_map(note)
        .chain(unreadable_keys.map(Into::into))
        .collect();
    let nameable: Vec<_> = available
        .usable
        .into_iter()
        .map(|provider| Nameable {
            unlisted: matches!(provider.list, ModelList::Unasked | ModelList::Unlisted(_)),
            provider,
        })
        .collect();
    Choices {
        failure: None,
        choices,
        notes,
        typed: Box::new(move |text| typed_models(text, &nameable)),
    }
}

fn known_models(
    entries: &[ModelEntry],
    providers: &[ProviderConfig],
    current: Option<&CurrentModel>,
) -> Vec<Choice> {
    let mut names: HashMap<&str, usize> = HashMap::new();
    for entry in entries {
        *names.entry(entry.info.display_name.as_str()).or_default() += 1;
    }
    let called: HashMap<&str, SharedString> = providers
        .iter()
        .map(|provider| (provider.name.as_str(), provider.display_name().into()))
        .collect();
    let provider = |entry: &ModelEntry| {
        let name = entry.id.provider();
        let called = called.get(name).cloned();
        called.unwrap_or_else(|| name.to_owned().into())
    };
    let mut entries: Vec<_> = entries.iter().filter(|entry| entry.ready).collect();
    // What runs here comes first; the providers keep their order.
    entries.sort_by_key(|entry| !entry.local);
    entries
        .into_iter()
        .map(|entry| {
            let current = current.filter(|current| current.id == entry.id);
            let name = if names.get(entry.info.display_name.as_str()) > Some(&1) {
                Some(entry.id.as_str().to_owned())
            } else {
                // Several servers share the section of this machine.
                (entry.local && entry.id.provider() != LOCAL_PROVIDER)
                    .then(|| provider(entry).to_string())
            };
            let speed = current.and_then(|current| current.speed);
            let detail: Vec<String> = name
                .into_iter()
                .chain(speed.into_iter().flat_map(LocalSpeed::parts))
                .collect();
            Choice {
                id: entry.id.as_str().to_owned().into(),
                title: entry.info.display_name.clone().into(),
                detail: (!detail.is_empty()).then(|| detail.join(" · ").into()),
                trouble: None,
                also: Some(entry.id.as_str().to_owned().into()),
                section: Some(if entry.local {
                    "On this machine".into()
                } else {
                    provider(entry)
                }),
                icon: entry.local.then_some(IconName::Cpu),
                current: current.is_some(),
                faint: false,
            }
        })
        .collect()
}

/// What is said of a server that has not named its models.
fn note(provider: &ProviderConfig) -> Option<SharedString> {
    let name = provider.display_name();
    match &provider.list {
        ModelList::Named | ModelList::Listed => None,
        ModelList::Unasked => Some(format!("Asking {name} for its models…").into()),
        ModelList::Unlisted(reason) => Some(format!("{name} {reason}.").into()),
    }
}

/// The models that a typed name may stand for: one of the server that it names, or one of each
/// server whose models are not known.
fn typed_models(text: &str, servers: &[Nameable]) -> Vec<Choice> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return Vec::new();
    }
    let whole = text.parse::<ModelId>().ok();
    let named = |name: &str| servers.iter().find(|server| server.provider.name == name);
    let ids: Vec<(ModelId, &Nameable)> = match &whole {
        Some(id) if let Some(server) = named(id.provider()) => vec![(id.clone(), server)],
        _ => servers
            .iter()
            .filter(|server| server.unlisted)
            .filter_map(|server| {
                let id = format!("{}/{text}", server.provider.name).parse().ok()?;
                Some((id, server))
            })
            .collect(),
    };
    ids.into_iter()
        .map(|(id, server)| Choice {
            title: id.model().to_owned().into(),
            detail: Some(format!("at {}", server.provider.proper_name()).into()),
            id: id.to_string().into(),
            trouble: None,
            also: None,
            section: Some("As typed".into()),
            icon: None,
            current: false,
            faint: false,
        })
        .collect()
}
