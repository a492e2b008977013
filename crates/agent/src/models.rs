//! All models there are: the providers', servers on this machine, and the
//! embedded ones.

use std::sync::{Arc, PoisonError, RwLock};

use llm::{Catalog, CatalogError, LanguageModel, ModelEntry, ModelId, ProviderConfig};

/// The name before the slash of the embedded models.
#[cfg(feature = "local-model")]
pub const LOCAL_PROVIDER: &str = "local";

/// The models to choose from, and which is in use. Shared between the agent
/// and the user interface.
pub struct ModelCatalog {
    configured: Option<ModelId>,
    remote: RwLock<Catalog>,
    #[cfg(feature = "local-model")]
    local: Option<crate::local::LocalModels>,
    current: RwLock<Option<ModelId>>,
}

impl ModelCatalog {
    /// A catalogue of the providers' models. `configured` is the model that
    /// the user's settings name.
    pub fn new(remote: Catalog, configured: Option<ModelId>) -> Self {
        Self {
            configured,
            remote: RwLock::new(remote),
            #[cfg(feature = "local-model")]
            local: None,
            current: RwLock::new(None),
        }
    }

    /// Adds the embedded models that are in `store`. `worker` starts the
    /// process that runs them.
    #[cfg(feature = "local-model")]
    pub fn with_local(
        mut self,
        store: local_model::ModelStore,
        worker: local_model::WorkerCommand,
    ) -> Self {
        self.local = Some(crate::local::LocalModels::new(store, worker));
        self
    }

    /// All models, in the order in which a default is chosen. Looks keys and
    /// model files up: not for the UI thread.
    pub fn entries(&self) -> Vec<ModelEntry> {
        let catalog = self.catalog();
        let entries = catalog.models();
        #[cfg(feature = "local-model")]
        let entries = {
            let mut entries = entries;
            if let Some(local) = &self.local {
                entries.extend(local.entries());
            }
            entries
        };
        entries
    }

    /// The providers as they are set up now.
    pub fn catalog(&self) -> Catalog {
        self.remote
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Adds a provider (a key that was just entered, a server that was found),
    /// unless one of that name is there.
    pub fn add_provider(&self, provider: ProviderConfig) {
        self.remote
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .add(provider);
    }

    /// Puts what is set up now in the place of what was: the settings changed. Servers that
    /// were found on this machine are found again by [`discover`](Self::discover).
    pub fn replace_providers(&self, remote: Catalog) {
        *self.remote.write().unwrap_or_else(PoisonError::into_inner) = remote;
    }

    /// Looks for model servers on this machine and adds those that answer.
    /// Takes 0.8 s at most.
    pub async fn discover(&self) {
        for provider in llm::discover_loopback().await {
            self.add_provider(provider);
        }
    }

    /// Asks every provider that is ready, and whose models the settings do not
    /// name, for its list of models. What does not answer keeps its old list.
    pub async fn refresh(&self) {
        let catalog = self.catalog();
        for provider in catalog.providers() {
            if !provider.models.is_empty() {
                continue;
            }
            let Ok(key) = catalog.key(provider) else {
                continue;
            };
            match llm::list_models(provider, key.as_ref()).await {
                Ok(models) => self
                    .remote
                    .write()
                    .unwrap_or_else(PoisonError::into_inner)
                    .set_models(&provider.name, models),
                Err(error) => tracing::info!(%error, "a provider did not list its models"),
            }
        }
    }

    /// The model in use; `None` before one was chosen.
    pub fn current(&self) -> Option<ModelId> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What is known about a model; for one that is not listed, its name.
    /// Looks nothing up on the network, but model files on the disk.
    pub fn entry(&self, id: &ModelId) -> Option<ModelEntry> {
        self.entries().into_iter().find(|entry| entry.id == *id)
    }

    pub(crate) fn set_current(&self, id: Option<ModelId>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = id;
    }

    /// The model to use where none was asked for: the one in the settings,
    /// then one with a key, then a server on this machine, then an installed
    /// embedded model.
    pub fn default_model(&self) -> Option<ModelId> {
        if let Some(configured) = &self.configured {
            return Some(configured.clone());
        }
        let ready: Vec<ModelEntry> = self
            .entries()
            .into_iter()
            .filter(|entry| entry.ready)
            .collect();
        ready
            .iter()
            .find(|entry| !entry.local)
            .or_else(|| ready.first())
            .map(|entry| entry.id.clone())
    }

    /// Builds a model.
    ///
    /// # Errors
    /// Where its provider or its file is not there.
    pub fn build(&self, id: &ModelId) -> Result<Arc<dyn LanguageModel>, CatalogError> {
        #[cfg(feature = "local-model")]
        if id.provider() == LOCAL_PROVIDER
            && let Some(local) = &self.local
        {
            return local.build(id);
        }
        let built = self.catalog().build(id);
        #[cfg(feature = "local-model")]
        if self.local.is_some()
            && let Err(CatalogError::UnknownProvider { provider, known }) = built
        {
            return Err(CatalogError::UnknownProvider {
                provider,
                known: match known.as_str() {
                    "" => LOCAL_PROVIDER.to_owned(),
                    others => format!("{others}, {LOCAL_PROVIDER}"),
                },
            });
        }
        built
    }

    /// What to tell a user who has no model.
    pub fn how_to_get_one(&self) -> String {
        let mut ways = vec![
            "set ANTHROPIC_API_KEY or OPENAI_API_KEY",
            "start a model server on this machine (Ollama, LM Studio, llama.cpp, vLLM)",
        ];
        if cfg!(feature = "local-model") {
            ways.insert(0, "get the embedded model with `kiln-cli model pull`");
        }
        let last = ways.pop().unwrap_or_default();
        format!(
            "There is no model to answer: {}, or {last}.",
            ways.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use llm::{KeyStore, ModelInfo, Protocol};

    fn provider(name: &str, url: &str, key: llm::KeySource) -> ProviderConfig {
        ProviderConfig {
            name: name.into(),
            protocol: Protocol::OpenAiChat,
            base_url: url.parse().unwrap(),
            key,
            models: vec![ModelInfo::named("m")],
        }
    }

    fn missing() -> llm::KeySource {
        llm::KeySource::Stored {
            account: "nobody".into(),
        }
    }

    #[test]
    fn the_default_is_configured_then_keyed_then_loopback_then_none() {
        let keyed = provider(
            "keyed",
            "https://a",
            llm::KeySource::Given(llm::Secret::new("k")),
        );
        let unkeyed = provider("unkeyed", "https://b", missing());
        let loopback = provider("ollama", "http://127.0.0.1:1", llm::KeySource::NotNeeded);
        let chosen = |providers: &[&ProviderConfig], configured: Option<&str>| {
            let providers = providers
                .iter()
                .map(|provider| (*provider).clone())
                .collect();
            ModelCatalog::new(
                Catalog::new(providers, KeyStore::nothing()),
                configured.map(|id| id.parse().unwrap()),
            )
            .default_model()
            .map(|id| id.to_string())
        };
        let all = [&unkeyed, &loopback, &keyed];
        assert_eq!(chosen(&all, Some("x/y")).as_deref(), Some("x/y"));
        assert_eq!(chosen(&all, None).as_deref(), Some("keyed/m"));
        assert_eq!(
            chosen(&[&unkeyed, &loopback], None).as_deref(),
            Some("ollama/m")
        );
        assert_eq!(chosen(&[&unkeyed], None), None);
    }
}
