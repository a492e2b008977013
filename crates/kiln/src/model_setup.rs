//! Choosing a model, over the model crates.

use agent::{LookReason, ModelCatalog, Operation};
use async_channel::Sender;
use fs::KilnPaths;
use gpui_kit::{App, SharedString, Task};
use llm::{Catalog, KeyStore, ModelId, ModelList, Secret};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::runtime::Handle;
use workbench::model_setup::{
    Download, DownloadEvent, EmbeddedModel, FoundServer, KeyProvider, ModelSetup,
};

/// The program's side of choosing a model.
pub struct Models {
    catalog: Arc<ModelCatalog>,
    operations: Option<Sender<Operation>>,
    runtime: Handle,
    #[cfg_attr(
        not(feature = "local-model"),
        expect(dead_code, reason = "for the embedded model")
    )]
    paths: KilnPaths,
    known: Arc<Mutex<KnownKeys>>,
    /// Why the model that was in use last is not there, as of the last look.
    missing: Arc<Mutex<Option<SharedString>>>,
    /// The embedded models as of the last look at their files.
    files: Arc<Mutex<Vec<EmbeddedModel>>>,
}

/// The keys as of the last look. Asking the keyring may take seconds, so it is asked elsewhere.
#[derive(Default)]
struct KnownKeys {
    /// Whether they were looked up.
    looked_up: bool,
    /// The providers that one is saved for.
    saved: HashSet<String>,
    /// Why nothing is known of others.
    unreadable: Option<SharedString>,
}

impl Models {
    /// Over a catalogue; `operations` reach the agent where one runs.
    pub fn new(
        catalog: Arc<ModelCatalog>,
        operations: Option<Sender<Operation>>,
        runtime: Handle,
        paths: KilnPaths,
    ) -> Self {
        Self {
            catalog,
            operations,
            runtime,
            paths,
            known: Arc::default(),
            missing: Arc::default(),
            files: Arc::default(),
        }
    }

    /// The account of a provider in the key store, what people call it, and the store.
    fn account(&self, provider: &str) -> anyhow::Result<(String, String, Arc<KeyStore>)> {
        let catalog = self.catalog.catalog();
        let found = catalog.provider(provider);
        found
            .and_then(|provider| {
                Some((provider.key.account()?.to_owned(), provider.display_name()))
            })
            .map(|(account, called)| (account, called, catalog.keys().clone()))
            .ok_or_else(|| anyhow::anyhow!("There is no provider {provider}."))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The embedded models, and what is here of each. Reads from the disk.
#[cfg(feature = "local-model")]
fn embedded(store: &local_model::ModelStore) -> Vec<EmbeddedModel> {
    let best = local_model::catalogue::recommended(local_model::memory::available_bytes());
    local_model::catalogue()
        .iter()
        .map(|spec| (spec, store.state(spec)))
        .map(|(spec, state)| EmbeddedModel {
            id: format!("{}/{}", agent::LOCAL_PROVIDER, spec.id).into(),
            name: spec.name.clone().into(),
            bytes: spec.bytes,
            memory_bytes: spec.min_memory_bytes,
            licence: spec.licence.clone().into(),
            source: spec
                .source
                .parse::<url::Url>()
                .ok()
                .and_then(|url| url.host_str().map(str::to_owned))
                .unwrap_or_else(|| spec.source.clone())
                .into(),
            installed: state.is_usable(),
            damaged: match state {
                local_model::FileState::Damaged(why) => Some(why.into()),
                _ => None,
            },
            recommended: best.is_some_and(|best| best.id == spec.id),
        })
        .collect()
}

/// Why the model that was in use last is not there: a sentence. Reads from the disk.
fn why_missing(models: &ModelCatalog) -> Option<SharedString> {
    let default = models.default_model(&models.available());
    default.missing.map(Into::into)
}

/// The servers that have answered, and those on this machine whose models the settings name: nobody
/// asks these.
fn found_servers(catalog: &Catalog) -> Vec<FoundServer> {
    let servers = catalog
        .providers()
        .iter()
        .filter(|provider| match provider.list {
            ModelList::Listed => true,
            ModelList::Named => provider.is_loopback(),
            _ => false,
        });
    servers
        .map(|provider| FoundServer {
            local: provider.is_loopback(),
            name: provider.proper_name().to_owned().into(),
            url: provider.base_url.to_string().into(),
            models: provider
                .models
                .iter()
                .map(|model| format!("{}/{}", provider.name, model.name).into())
                .collect(),
        })
        .collect()
}

/// Asks the servers, and has the agent use the model that counts where none is chosen: a key that
/// was just entered needs no second choice.
pub(crate) fn find_models(
    models: Arc<ModelCatalog>,
    operations: Option<&Sender<Operation>>,
    reason: LookReason,
    runtime: &Handle,
) {
    match operations {
        Some(operations) => {
            if let Err(error) = operations.try_send(Operation::FindModel(reason)) {
                tracing::warn!("the agent does not look for a model: {error}");
            }
        }
        None => {
            runtime.spawn(async move { models.ask_servers().await });
        }
    }
}

impl ModelSetup for Models {
    fn providers(&self, _: &App) -> Vec<KeyProvider> {
        let known = lock(&self.known);
        let catalog = self.catalog.catalog();
        catalog
            .providers()
            .iter()
            .filter(|provider| provider.key.account().is_some())
            .map(|provider| KeyProvider {
                id: provider.name.clone().into(),
                name: provider.display_name().into(),
                hint: match provider.name.as_str() {
                    "anthropic" => "sk-ant-\u{2026}".into(),
                    "openai" => "sk-\u{2026}".into(),
                    _ => "API key".into(),
                },
                saved: known.saved.contains(&provider.name),
                variable: catalog
                    .keys()
                    .variable(&provider.key)
                    .map(|variable| variable.to_owned().into()),
            })
            .collect()
    }

    fn look_keys_up(&self, cx: &mut App) -> Task<()> {
        let (catalog, known) = (self.catalog.catalog(), self.known.clone());
        let (models, missing) = (self.catalog.clone(), self.missing.clone());
        let look = self.runtime.spawn_blocking(move || {
            let keys = catalog.keys();
            keys.ask_again();
            let mut found = KnownKeys {
                looked_up: true,
                ..KnownKeys::default()
            };
            for provider in catalog.providers() {
                let Some(account) = provider.key.account() else {
                    continue;
                };
                match keys.get(account) {
                    Ok(Some(_)) => {
                        found.saved.insert(provider.name.clone());
                    }
                    Ok(None) => {}
                    // The others are in the same place.
                    Err(error) => found.unreadable = Some(format!("{error}.").into()),
                }
            }
            let readable = found.unreadable.is_none();
            // One that was unreadable at the last look may be all that a model needs.
            let anew = readable && lock(&known).unreadable.is_some();
            *lock(&known) = found;
            *lock(&missing) = why_missing(&models);
            anew
        });
        let (models, operations) = (self.catalog.clone(), self.operations.clone());
        let runtime = self.runtime.clone();
        cx.spawn(async move |_| match look.await {
            Ok(true) => find_models(models, operations.as_ref(), LookReason::Changed, &runtime),
            Ok(false) => {}
            Err(error) => tracing::warn!("looking keys up failed: {error}"),
        })
    }

    fn lacks_key(&self, model: &str, _: &App) -> Option<SharedString> {
        let known = lock(&self.known);
        if !known.looked_up || known.unreadable.is_some() {
            return None;
        }
        let catalog = self.catalog.catalog();
        let (name, _) = model.split_once('/')?;
        let provider = catalog.provider(name)?;
        provider.key.account()?;
        let found = known.saved.contains(name) || catalog.keys().variable(&provider.key).is_some();
        (!found).then(|| provider.display_name().into())
    }

    fn unreadable_keys(&self, _: &App) -> Option<SharedString> {
        lock(&self.known).unreadable.clone()
    }

    fn save_key(
        &self,
        provider: &str,
        key: String,
        cx: &mut App,
    ) -> Task<anyhow::Result<SharedString>> {
        let (account, called, keys) = match self.account(provider) {
            Ok(found) => found,
            Err(error) => return Task::ready(Err(error)),
        };
        let (models, has_agent) = (self.catalog.clone(), self.operations.is_some());
        let store = self.runtime.spawn_blocking(move || {
            let place = keys.set(&account, &Secret::new(key))?;
            // A window without a folder has no agent: what the next one begins with counts.
            let stays = models.current().is_some() || !has_agent && models.has_a_choice();
            anyhow::Ok((place, stays))
        });
        let (models, runtime) = (self.catalog.clone(), self.runtime.clone());
        let (known, name) = (self.known.clone(), provider.to_owned());
        let operations = self.operations.clone();
        cx.spawn(async move |_| {
            let (place, stays) = store.await??;
            lock(&known).saved.insert(name);
            find_models(models, operations.as_ref(), LookReason::Asked, &runtime);
            let place = match place.warning() {
                Some(warning) => format!("{warning}."),
                None => format!("The key of {called} is in the system\u{2019}s keyring."),
            };
            let use_of_it = match stays {
                true => "the agent keeps the one that it has",
                false => "the agent, which had none, uses one of them",
            };
            Ok(format!("{place} Its models are in the list of models now; {use_of_it}.").into())
        })
    }

    fn remove_key(&self, provider: &str, cx: &mut App) -> Task<anyhow::Result<SharedString>> {
        let (account, called, keys) = match self.account(provider) {
            Ok(found) => found,
            Err(error) => return Task::ready(Err(error)),
        };
        let removal = self.runtime.spawn_blocking(move || keys.remove(&account));
        let (known, name) = (self.known.clone(), provider.to_owned());
        cx.spawn(async move |_| {
            let removed = removal.await??;
            lock(&known).saved.remove(&name);
            Ok(match removed {
                true => format!("The saved key of {called} is removed.").into(),
                false => format!("There is no saved key of {called} any more.").into(),
            })
        })
    }

    fn find_servers(&self, cx: &mut App) -> Task<Vec<FoundServer>> {
        let models = self.catalog.clone();
        let runtime = self.runtime.clone();
        let (asked, missing) = (self.catalog.clone(), self.missing.clone());
        let asked = self.runtime.spawn(async move {
            asked.ask_servers().await;
            let look = runtime.spawn_blocking(move || *lock(&missing) = why_missing(&asked));
            look.await
        });
        cx.spawn(async move |_| {
            if let Err(error) = asked.await.and_then(|looked| looked) {
                tracing::warn!("looking for model servers failed: {error}");
            }
            found_servers(&models.catalog())
        })
    }

    #[cfg(feature = "local-model")]
    fn look_at_files(&self, cx: &mut App) -> Task<()> {
        let store = crate::models::model_store(&self.paths);
        let look = self.runtime.spawn_blocking(move || embedded(&store));
        let files = self.files.clone();
        cx.spawn(async move |_| match look.await {
            Ok(found) => *lock(&files) = found,
            Err(error) => tracing::warn!("looking at the models' files failed: {error}"),
        })
    }

    #[cfg(not(feature = "local-model"))]
    fn look_at_files(&self, _: &mut App) -> Task<()> {
        Task::ready(())
    }

    fn embedded(&self, _: &App) -> Vec<EmbeddedModel> {
        lock(&self.files).clone()
    }

    #[cfg(feature = "local-model")]
    fn download(&self, id: &str, _: &mut App) -> Download {
        use local_model::Stage;
        let (sender, events) = async_channel::unbounded();
        let cancel = tokio_util::sync::CancellationToken::new();
        let store = crate::models::model_store(&self.paths);
        let name = id.rsplit_once('/').map_or(id, |(_, name)| name).to_owned();
        let token = cancel.clone();
        self.runtime.spawn(async move {
            // Nobody listens any more: then nobody has to know.
            let tell = |event| {
                sender.try_send(event).ok();
            };
            let Some(spec) = local_model::catalogue::find(&name) else {
                tell(DownloadEvent::Failed(
                    format!("There is no model {name}.").into(),
                ));
                return;
            };
            let pulled = store
                .pull(
                    spec,
                    |progress| {
                        let note = match progress.stage {
                            Stage::Connecting => "Connecting\u{2026}".to_owned(),
                            Stage::Downloading => format!("from {}", progress.source),
                            Stage::Checking => "Checking the file\u{2026}".to_owned(),
                        };
                        tell(DownloadEvent::Progress {
                            done: progress.done,
                            total: progress.total,
                            note: note.into(),
                        });
                    },
                    &token,
                )
                .await;
            tell(match pulled {
                Ok(_) => DownloadEvent::Finished,
                Err(local_model::PullError::Cancelled) => DownloadEvent::Stopped,
                Err(error) => DownloadEvent::Failed(error.to_string().into()),
            });
        });
        Download {
            events,
            cancel: Box::new(move || cancel.cancel()),
        }
    }

    #[cfg(not(feature = "local-model"))]
    fn download(&self, _: &str, _: &mut App) -> Download {
        let (sender, events) = async_channel::unbounded();
        sender
            .try_send(DownloadEvent::Failed(
                "This Kiln was built without the embedded model.".into(),
            ))
            .ok();
        Download {
            events,
            cancel: Box::new(|| {}),
        }
    }

    fn choose(&self, id: &str, _: &mut App) -> anyhow::Result<()> {
        let id: ModelId = id.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
        if let Some(operations) = &self.operations {
            operations.try_send(Operation::SelectModel(id))?;
        }
        Ok(())
    }

    fn current(&self, _: &App) -> Option<SharedString> {
        self.catalog.current().map(|id| id.to_string().into())
    }

    fn missing(&self, _: &App) -> Option<SharedString> {
        lock(&self.missing).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::{Protocol, ProviderConfig};

    #[test]
    fn a_server_here_whose_models_are_named_is_found_as_one_that_lists_them() {
        let server = |name: &str, protocol, url: &str, list| {
            let models = ["claude-x".to_owned()];
            let url = url.parse().unwrap();
            let mut server = ProviderConfig::of_user(name, protocol, url, &models, None);
            server.list = list;
            server
        };
        let (chat, messages) = (Protocol::OpenAiChat, Protocol::AnthropicMessages);
        let (here, there) = ("http://127.0.0.1:18781/", "https://models.example/");
        let servers = vec![
            server("listed", chat, here, ModelList::Listed),
            server("named", messages, here, ModelList::Named),
            server("silent", chat, here, ModelList::Unasked),
            server("far", messages, there, ModelList::Named),
        ];
        let found = found_servers(&Catalog::new(servers, KeyStore::nothing()));
        let models: Vec<_> = found.iter().flat_map(|server| &server.models).collect();
        assert_eq!(models, ["listed/claude-x", "named/claude-x"]);
        assert!(found.iter().all(|server| server.local));
    }
}
