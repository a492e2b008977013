//! The providers that are set up, and building a model from one.

use std::sync::Arc;

use url::Url;

use crate::driver::RemoteModel;
use crate::http::Transport;
use crate::{
    KeySource, KeyStore, LanguageModel, Limits, ModelError, ModelId, ModelProfile, RetryPolicy,
    Secret,
};

/// A wire protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `POST /v1/chat/completions`, as OpenAI and most servers speak it.
    OpenAiChat,
    /// `POST /v1/messages`, as Anthropic speaks it.
    AnthropicMessages,
}

/// One model of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelInfo {
    /// The name the server knows.
    pub name: String,
    /// What the user reads.
    pub display_name: String,
    /// What it can do.
    pub profile: ModelProfile,
    /// The most tokens it generates in one answer, where that is known.
    pub max_output_tokens: Option<u32>,
}

impl ModelInfo {
    /// A model of which only the name is known; the rest is derived from it.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            display_name: name.to_owned(),
            profile: ModelProfile {
                context_tokens: if looks_small(name) { 8_192 } else { 128_000 },
                small: looks_small(name),
                tools: true,
            },
            max_output_tokens: None,
        }
    }
}

/// Whether a model's name says that it has at most four billion parameters
/// (`qwen2.5-coder:1.5b`, `smollm2-135m`).
fn looks_small(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .any(|word| match word.as_bytes().split_last() {
            Some((b'b', digits)) => std::str::from_utf8(digits)
                .ok()
                .and_then(|digits| digits.parse::<f32>().ok())
                .is_some_and(|billions| billions <= 4.0),
            Some((b'm', digits)) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
            _ => false,
        })
}

/// A server that has models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderConfig {
    /// Its name: the first half of its models' ids.
    pub name: String,
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it is; with or without the trailing `/v1`.
    pub base_url: Url,
    /// Where its key comes from.
    pub key: KeySource,
    /// Its models, the preferred one first. Others may be asked for by name.
    pub models: Vec<ModelInfo>,
}

impl ProviderConfig {
    /// A server of the user's own. Where it gets its key is decided here for every
    /// program: from the named environment variable or the key store; else from the
    /// key store alone, and a server on this machine needs none.
    pub fn of_user(
        name: &str,
        protocol: Protocol,
        base_url: Url,
        models: &[String],
        key_env: Option<&str>,
    ) -> Self {
        let mut config = Self {
            name: name.to_owned(),
            protocol,
            base_url,
            key: KeySource::NotNeeded,
            models: models.iter().map(|model| ModelInfo::named(model)).collect(),
        };
        let account = config.name.clone();
        config.key = match key_env {
            Some(variable) => KeySource::EnvironmentOrStored {
                variable: variable.to_owned(),
                account,
            },
            None if config.is_loopback() => KeySource::NotNeeded,
            None => KeySource::Stored { account },
        };
        config
    }

    /// Whether the server runs on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base_url)
    }

    /// A danger in the settings that the user should see, if there is one.
    pub fn warning(&self) -> Option<String> {
        (self.base_url.scheme() == "http"
            && !self.is_loopback()
            && self.key != KeySource::NotNeeded)
            .then(|| {
                format!(
                    "The key of {} would travel unencrypted to {}. Use an https address",
                    self.name,
                    self.base_url.host_str().unwrap_or("its server")
                )
            })
    }
}

/// Whether a URL points at this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A model on offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelEntry {
    /// Its full name.
    pub id: ModelId,
    /// What is known about it.
    pub info: ModelInfo,
    /// Whether its provider has a key or needs none, so that it can be used now.
    pub ready: bool,
    /// Whether it runs on this machine.
    pub local: bool,
}

/// Why a model cannot be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CatalogError {
    /// No provider of that name is set up.
    #[error("There is no provider `{provider}`. Known providers: {known}")]
    UnknownProvider {
        /// The name that was asked for.
        provider: String,
        /// The names there are.
        known: String,
    },
    /// The HTTP client could not be made.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// The providers that are set up.
#[derive(Clone)]
pub struct Catalog {
    providers: Vec<ProviderConfig>,
    keys: Arc<KeyStore>,
    limits: Limits,
    retry: RetryPolicy,
}

impl Catalog {
    /// A catalogue of these providers alone. Of two with the same name the
    /// first counts.
    pub fn new(providers: Vec<ProviderConfig>, keys: KeyStore) -> Self {
        let mut catalog = Self {
            providers: Vec::new(),
            keys: Arc::new(keys),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
        };
        for provider in providers {
            catalog.add(provider);
        }
        catalog
    }

    /// Adds OpenAI and Anthropic, with their keys from `OPENAI_API_KEY` and
    /// `ANTHROPIC_API_KEY` or the keyring and their addresses from
    /// `OPENAI_BASE_URL` and `ANTHROPIC_BASE_URL` where set (in the
    /// environment that the key store sees).
    ///
    /// # Errors
    /// A base URL that is no http(s) address.
    pub fn with_environment(mut self) -> Result<Self, CatalogError> {
        let keys = Arc::clone(&self.keys);
        let environment = |name: &str| keys.environment(name);
        for (name, protocol, default_url, prefix, models) in [
            (
                "anthropic",
                Protocol::AnthropicMessages,
                "https://api.anthropic.com",
                "ANTHROPIC",
                ANTHROPIC_MODELS,
            ),
            (
                "openai",
                Protocol::OpenAiChat,
                "https://api.openai.com/v1",
                "OPENAI",
                OPENAI_MODELS,
            ),
        ] {
            let text = environment(&format!("{prefix}_BASE_URL"))
                .filter(|text| !text.trim().is_empty())
                .unwrap_or_else(|| default_url.to_owned());
            let base_url = parse_base_url(name, &text)?;
            let custom = base_url.as_str().trim_end_matches('/') != default_url;
            let key_variable = format!("{prefix}_API_KEY");
            let key = if custom
                && is_loopback(&base_url)
                && environment(&key_variable).is_none_or(|key| key.trim().is_empty())
            {
                KeySource::NotNeeded
            } else {
                KeySource::EnvironmentOrStored {
                    variable: key_variable,
                    account: name.to_owned(),
                }
            };
            self.add(ProviderConfig {
                name: name.to_owned(),
                protocol,
                base_url,
                key,
                models: models.iter().map(|known| known.info()).collect(),
            });
        }
        Ok(self)
    }

    /// Uses other bounds than the default ones.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Repeats failed requests differently.
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Adds a provider, unless there is one of that name already.
    pub fn add(&mut self, provider: ProviderConfig) {
        if !self
            .providers
            .iter()
            .any(|known| known.name == provider.name)
        {
            self.providers.push(provider);
        }
    }

    /// Replaces the list of a provider's models with what its server says.
    pub fn set_models(&mut self, provider: &str, models: Vec<ModelInfo>) {
        if let Some(known) = self
            .providers
            .iter_mut()
            .find(|known| known.name == provider)
        {
            known.models = models;
        }
    }

    /// The providers, in order.
    pub fn providers(&self) -> &[ProviderConfig] {
        &self.providers
    }

    /// Where keys are kept.
    pub fn keys(&self) -> &Arc<KeyStore> {
        &self.keys
    }

    /// All known models, in the providers' order. Looks keys up, so that it
    /// may wait for the keyring: not for the UI thread.
    pub fn models(&self) -> Vec<ModelEntry> {
        self.providers
            .iter()
            .flat_map(|provider| {
                let ready = self.key(provider).is_ok();
                provider.models.iter().map(move |info| ModelEntry {
                    id: ModelId::new(&provider.name, &info.name),
                    info: info.clone(),
                    ready,
                    local: provider.is_loopback(),
                })
            })
            .collect()
    }

    /// The key of a provider; `None` where it needs none.
    ///
    /// # Errors
    /// As [`KeyStore::resolve`].
    pub fn key(&self, provider: &ProviderConfig) -> Result<Option<Secret>, ModelError> {
        self.keys.resolve(&provider.name, &provider.key)
    }

    /// Builds a model. It need not be listed: any name that the provider's
    /// server knows will do. The key is looked up when the model is first used.
    ///
    /// # Errors
    /// Where the provider is not set up or the HTTP client cannot be made.
    pub fn build(&self, id: &ModelId) -> Result<Arc<dyn LanguageModel>, CatalogError> {
        let Some(provider) = self
            .providers
            .iter()
            .find(|provider| provider.name == id.provider())
        else {
            let known = self
                .providers
                .iter()
                .map(|provider| provider.name.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            return Err(CatalogError::UnknownProvider {
                provider: id.provider().to_owned(),
                known: if known.is_empty() {
                    "none".to_owned()
                } else {
                    known
                },
            });
        };
        let info = provider
            .models
            .iter()
            .find(|info| info.name == id.model())
            .cloned()
            .unwrap_or_else(|| ModelInfo::named(id.model()));
        let transport = Transport::new(&provider.name, &provider.base_url, &self.limits)?;
        Ok(Arc::new(RemoteModel {
            id: id.clone(),
            info,
            provider: provider.clone(),
            keys: Arc::clone(&self.keys),
            transport,
            limits: self.limits,
            retry: self.retry.clone(),
        }))
    }
}

/// Checks a base URL from the settings or the environment.
///
/// # Errors
/// [`ModelError::Configuration`] where it is no http(s) address or carries a
/// user name or password.
pub(crate) fn parse_base_url(provider: &str, text: &str) -> Result<Url, ModelError> {
    let configuration = |message: String| ModelError::Configuration {
        provider: provider.to_owned(),
        message,
    };
    let url = Url::parse(text.trim())
        .map_err(|error| configuration(format!("its base URL is no address ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(configuration(
            "its base URL must start with https:// or http://".to_owned(),
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(configuration(
            "its base URL must not hold a user name or password".to_owned(),
        ));
    }
    Ok(url)
}

/// A model that is offered before the server was asked for its list.
struct KnownModel {
    name: &'static str,
    display_name: &'static str,
    context_tokens: u32,
    max_output_tokens: u32,
}

impl KnownModel {
    fn info(&self) -> ModelInfo {
        ModelInfo {
            name: self.name.to_owned(),
            display_name: self.display_name.to_owned(),
            profile: ModelProfile {
                context_tokens: self.context_tokens,
                small: false,
                tools: true,
            },
            max_output_tokens: Some(self.max_output_tokens),
        }
    }
}

const ANTHROPIC_MODELS: &[KnownModel] = &[
    KnownModel {
        name: "claude-sonnet-4-5",
        display_name: "Claude Sonnet 4.5",
        context_tokens: 200_000,
        max_output_tokens: 32_000,
    },
    KnownModel {
        name: "claude-opus-4-5",
        display_name: "Claude Opus 4.5",
        context_tokens: 200_000,
        max_output_tokens: 32_000,
    },
    KnownModel {
        name: "claude-haiku-4-5",
        display_name: "Claude Haiku 4.5",
        context_tokens: 200_000,
        max_output_tokens: 32_000,
    },
];

const OPENAI_MODELS: &[KnownModel] = &[
    KnownModel {
        name: "gpt-5",
        display_name: "GPT-5",
        context_tokens: 272_000,
        max_output_tokens: 64_000,
    },
    KnownModel {
        name: "gpt-5-mini",
        display_name: "GPT-5 mini",
        context_tokens: 272_000,
        max_output_tokens: 64_000,
    },
    KnownModel {
        name: "gpt-4.1",
        display_name: "GPT-4.1",
        context_tokens: 1_000_000,
        max_output_tokens: 32_000,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(variables: &[(&str, &str)]) -> Result<Catalog, CatalogError> {
        let variables: Vec<(String, String)> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let keys = KeyStore::nothing().with_environment(move |name| {
            variables
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        });
        Catalog::new(Vec::new(), keys).with_environment()
    }

    #[test]
    fn a_name_tells_a_small_model() {
        for name in ["qwen2.5-coder:1.5b", "smollm2-135m", "llama3.2:3b-instruct"] {
            assert!(ModelInfo::named(name).profile.small, "{name}");
        }
        for name in [
            "gpt-5",
            "qwen3:32b",
            "claude-sonnet-4-5",
            "mixtral-8x7b",
            "gemma",
        ] {
            assert!(!ModelInfo::named(name).profile.small, "{name}");
        }
    }

    #[test]
    fn base_urls_come_from_the_environment() {
        let catalog = catalog(&[
            ("OPENAI_BASE_URL", "http://127.0.0.1:9999/v1"),
            ("ANTHROPIC_BASE_URL", "https://proxy.example"),
        ])
        .unwrap();
        let openai = &catalog.providers()[1];
        assert_eq!(openai.base_url.as_str(), "http://127.0.0.1:9999/v1");
        assert_eq!(openai.key, KeySource::NotNeeded, "loopback needs no key");
        assert_eq!(
            catalog.providers()[0].base_url.host_str(),
            Some("proxy.example")
        );
    }

    #[test]
    fn a_base_url_that_is_none_is_reported() {
        for bad in ["nonsense", "ftp://host", "https://user:pass@host"] {
            let error = catalog(&[("OPENAI_BASE_URL", bad)]).err().unwrap();
            assert!(error.to_string().contains("openai"), "{error}");
            assert!(!error.to_string().contains("pass@"), "{error}");
        }
    }

    #[test]
    fn an_unknown_provider_names_the_known_ones() {
        let error = catalog(&[])
            .unwrap()
            .build(&ModelId::new("nobody", "x"))
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "There is no provider `nobody`. Known providers: anthropic, openai"
        );
    }

    #[test]
    fn a_key_over_plain_http_is_warned_about() {
        let provider = |url: &str| ProviderConfig {
            name: "lan".into(),
            protocol: Protocol::OpenAiChat,
            base_url: Url::parse(url).unwrap(),
            key: KeySource::Given(Secret::new("k")),
            models: Vec::new(),
        };
        assert!(provider("http://10.0.0.7:8000").warning().is_some());
        assert!(provider("https://10.0.0.7:8000").warning().is_none());
        assert!(provider("http://localhost:8000").warning().is_none());
    }

    #[test]
    fn a_server_of_the_user_gets_its_key_from_where_it_says() {
        let of = |address: &str, key_env: Option<&str>| {
            let address = address.parse().unwrap();
            ProviderConfig::of_user("work", Protocol::OpenAiChat, address, &[], key_env).key
        };
        let account = "work".to_owned();
        assert_eq!(of("http://127.0.0.1:8080", None), KeySource::NotNeeded);
        assert_eq!(
            of("https://models.example", None),
            KeySource::Stored {
                account: account.clone()
            }
        );
        assert_eq!(
            of("http://127.0.0.1:8080", Some("WORK_KEY")),
            KeySource::EnvironmentOrStored {
                variable: "WORK_KEY".to_owned(),
                account
            }
        );
    }
}
