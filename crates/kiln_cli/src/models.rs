//! The models that there are to choose from.

use std::sync::Arc;

use agent::ModelCatalog;
use anyhow::Context as _;
use fs::KilnPaths;
use llm::{Catalog, KeyStore, ModelId, Protocol, ProviderConfig};
use settings::{ProviderSettings, Settings, WireProtocol};

/// The providers of the settings and the environment, and the embedded models.
pub fn catalog(settings: &Settings, paths: &KilnPaths) -> anyhow::Result<Arc<ModelCatalog>> {
    let providers = settings
        .models
        .iter()
        .map(provider)
        .collect::<anyhow::Result<Vec<_>>>()?;
    for provider in &providers {
        if let Some(warning) = provider.warning() {
            eprintln!("{}", crate::terminal::visible(&warning));
        }
    }
    let keys = KeyStore::system(paths.config.join("keys.json"));
    let remote = Catalog::new(providers, keys).with_environment()?;
    let configured = settings
        .agent
        .model
        .as_deref()
        .map(model_id)
        .transpose()
        .context("the setting `kiln.agent.model`")?;
    let catalog = ModelCatalog::new(remote, configured);
    #[cfg(feature = "local-model")]
    let catalog = catalog.with_local(
        local_model::ModelStore::new(paths.data.join("models")),
        local_model::WorkerCommand::current_executable()
            .context("the program does not find itself")?,
    );
    Ok(Arc::new(catalog))
}

/// Reads `provider/model`.
pub fn model_id(text: &str) -> anyhow::Result<ModelId> {
    text.parse().map_err(|error| anyhow::anyhow!("{error}"))
}

fn provider(settings: &ProviderSettings) -> anyhow::Result<ProviderConfig> {
    let base_url = settings.base_url.parse::<url::Url>().with_context(|| {
        format!(
            "the address of `{}` in `kiln.models` is wrong",
            crate::terminal::visible(&settings.name)
        )
    })?;
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
