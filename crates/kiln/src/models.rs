//! The models that there are to choose from, for the agent.

use agent::ModelCatalog;
use anyhow::Context as _;
use fs::KilnPaths;
use llm::{Catalog, KeyStore, ModelId, Protocol, ProviderConfig};
use settings::{ProviderSettings, Settings, WireProtocol};
use std::sync::Arc;

/// The providers of settings and the environment, the keys, and the embedded models. What
/// is wrong with one part is told and leaves the others.
pub fn catalog(settings: &Settings, paths: &KilnPaths) -> (Arc<ModelCatalog>, Vec<String>) {
    let keys = Arc::new(KeyStore::system(paths.config.join("keys.json")));
    let (remote, mut problems) = providers(&settings.models, &keys);
    let configured = configured(settings).unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    let catalog = ModelCatalog::new(remote, configured).remembering_in(&paths.state);
    #[cfg(feature = "local-model")]
    let catalog = match local_model::WorkerCommand::current_executable() {
        Ok(worker) => catalog.with_local(model_store(paths), worker),
        Err(error) => {
            problems.push(format!("The embedded model cannot be started: {error}"));
            catalog
        }
    };
    (Arc::new(catalog), problems)
}

/// The model that the settings name, or what is wrong with that.
pub fn configured(settings: &Settings) -> Result<Option<ModelId>, String> {
    let named = settings.agent.model.as_deref();
    let named = named.map(str::parse::<ModelId>).transpose();
    named.map_err(|error| format!("The setting kiln.agent.model: {error}"))
}

/// The providers of settings and the environment, and what is wrong with them.
pub fn providers(settings: &[ProviderSettings], keys: &Arc<KeyStore>) -> (Catalog, Vec<String>) {
    let mut problems = Vec::new();
    let mut providers = Vec::new();
    for setting in settings {
        match provider(setting) {
            Ok(provider) => {
                problems.extend(provider.warning());
                providers.push(provider);
            }
            Err(error) => problems.push(format!("{error:#}")),
        }
    }
    let catalog = match Catalog::new(providers.clone(), keys.clone()).with_environment() {
        Ok(catalog) => catalog,
        Err(error) => {
            problems.push(error.to_string());
            Catalog::new(providers, keys.clone())
        }
    };
    (catalog, problems)
}

/// Where the embedded models are.
#[cfg(feature = "local-model")]
pub fn model_store(paths: &KilnPaths) -> local_model::ModelStore {
    local_model::ModelStore::new(paths.data.join("models"))
}

fn provider(settings: &ProviderSettings) -> anyhow::Result<ProviderConfig> {
    let base_url = settings
        .base_url
        .parse::<url::Url>()
        .with_context(|| format!("The address of {} in kiln.models is wrong", settings.name))?;
    Ok(ProviderConfig::of_user(
        &settings.name,
        match settings.protocol {
            WireProtocol::OpenAi => Protocol::OpenAiChat,
            WireProtocol::Anthropic => Protocol::AnthropicMessages,
        },
        base_url,
        &settings.models,
        settings.key_env.as_deref(),
    ))
}
