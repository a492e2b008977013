//! The models that there are to choose from.

use std::sync::Arc;

use agent::ModelCatalog;
use anyhow::Context as _;
use fs::KilnPaths;
use llm::{Catalog, KeyStore, ModelId, ModelIdError, ModelList, Protocol, ProviderConfig};
use settings::{ProviderSettings, Settings, WireProtocol};

use crate::exit::{NoModelError, UsageError};
use crate::terminal::{self, visible};

/// The providers of the settings and the environment, and the embedded models.
pub fn catalog(settings: &Settings, paths: &KilnPaths) -> anyhow::Result<Arc<ModelCatalog>> {
    let providers = settings
        .models
        .iter()
        .map(provider)
        .collect::<anyhow::Result<Vec<_>>>()?;
    for provider in &providers {
        if let Some(warning) = provider.warning() {
            terminal::report_warning(&warning);
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
    let catalog = ModelCatalog::new(remote, configured).remembering_in(&paths.state);
    #[cfg(feature = "local-model")]
    let catalog = catalog.with_local(
        local_model::ModelStore::new(paths.data.join("models")),
        local_model::WorkerCommand::current_executable()
            .context("the program does not find itself")?,
    );
    Ok(Arc::new(catalog))
}

/// Makes sure that a model can be used, as far as that is known without asking it.
///
/// # Errors
/// Why it cannot, with the names that come near.
pub async fn check(models: &ModelCatalog, wanted: &ModelId) -> anyhow::Result<()> {
    let unsettled = |models: &ModelCatalog| match models.catalog().provider(wanted.provider()) {
        Some(provider) => provider.list == ModelList::Unasked,
        None => true,
    };
    if wanted.provider() != agent::LOCAL_PROVIDER && unsettled(models) {
        models.ask_servers().await;
    }
    models
        .build(wanted)
        .map_err(|error| NoModelError(format!("the model {wanted} cannot be used: {error}")))?;
    let remote = models.catalog();
    let Some(provider) = remote.provider(wanted.provider()) else {
        return Ok(());
    };
    if let Err(error) = remote.key(provider) {
        return Err(NoModelError(error.to_string()).into());
    }
    if provider.list == ModelList::Listed && !provider.may_have(wanted.model()) {
        return Err(NoModelError(not_listed(provider, wanted)).into());
    }
    Ok(())
}

/// Says that a server has no such model, and which it has.
fn not_listed(provider: &ProviderConfig, wanted: &ModelId) -> String {
    let names: Vec<&str> = provider
        .models
        .iter()
        .map(|model| model.name.as_str())
        .collect();
    let near = terminal::near(wanted.model(), &names, terminal::LIKENESS);
    let (lead, told) = if near.is_empty() {
        ("It has", &names[..names.len().min(terminal::SUGGESTIONS)])
    } else {
        ("Did you mean", &near[..])
    };
    let told: Vec<String> = told
        .iter()
        .map(|name| ModelId::new(&provider.name, name).to_string())
        .collect();
    let end = if near.is_empty() {
        match names.len().saturating_sub(told.len()) {
            0 => ".".to_owned(),
            more => format!(" and {more} more."),
        }
    } else {
        "?".to_owned()
    };
    format!(
        "the model {wanted} cannot be used: {} does not list it. {lead} {}{end} \
         `kiln-cli model list` names all",
        provider.display_name(),
        told.join(", "),
    )
}

/// Reads `provider/model`.
pub fn model_id(text: &str) -> anyhow::Result<ModelId> {
    text.parse()
        .map_err(|error: ModelIdError| UsageError(error.to_string()).into())
}

fn provider(settings: &ProviderSettings) -> anyhow::Result<ProviderConfig> {
    let base_url = settings.base_url.parse::<url::Url>().with_context(|| {
        format!(
            "the address of `{}` in `kiln.models` is wrong",
            visible(&settings.name)
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
