//! The providers that are set up, and building a model from one.

use std::sync::Arc;

use crate::discovery::{is_usual, why_unlisted};
use crate::driver::RemoteModel;
use crate::http::Transport;
use crate::known_models::{ANTHROPIC_MODELS, OPENAI_MODELS};
use crate::provider::{
    ANTHROPIC_URL, OPENAI_URL, is_address, is_loopback, parse_base_url, proper_name,
};
use crate::{
    KeySource, KeyStore, LanguageModel, Limits, ModelError, ModelId, ModelInfo, ModelList,
    Protocol, ProviderConfig, RetryPolicy, Secret,
};

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

/// What there is, after every key was looked up once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Available {
    /// All known models, in the providers' order.
    pub models: Vec<ModelEntry>,
    /// The providers that have their key or need none.
    pub usable: Vec<ProviderConfig>,
    /// The providers that may have a key where nothing can be read.
    pub unreadable: Vec<UnreadableKey>,
}

/// A key in a place that gives nothing away now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableKey {
    /// The provider.
    pub provider: ProviderConfig,
    /// Why, and what to do: a sentence without its full stop.
    pub reason: String,
}

impl Available {
    /// Says which keys cannot be read, and why; `None` where each can.
    pub fn unreadable_keys(&self) -> Option<String> {
        let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
        for key in &self.unreadable {
            let name = key.provider.display_name();
            match reasons.iter_mut().find(|(reason, _)| *reason == key.reason) {
                Some((_, names)) => names.push(name),
                None => reasons.push((&key.reason, vec![name])),
            }
        }
        let told = reasons.into_iter().map(|(reason, mut names)| {
            let last = names.pop().unwrap_or_default();
            match names.as_slice() {
                [] => format!("The key of {last} cannot be read. {reason}."),
                _ => format!(
                    "The keys of {} and {last} cannot be read. {reason}.",
                    names.join(", ")
                ),
            }
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join(" "))
    }
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
    /// first counts. Catalogues that take each other's place share the key store: what is removed
    /// from it is then unknown to the models of the earlier one, too.
    pub fn new(providers: Vec<ProviderConfig>, keys: impl Into<Arc<KeyStore>>) -> Self {
        let mut catalog = Self {
            providers: Vec::new(),
            keys: keys.into(),
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
                ANTHROPIC_URL,
                "ANTHROPIC",
                ANTHROPIC_MODELS,
            ),
            (
                "openai",
                Protocol::OpenAiChat,
                OPENAI_URL,
                "OPENAI",
                OPENAI_MODELS,
            ),
        ] {
            let variable = format!("{prefix}_BASE_URL");
            let text = environment(&variable)
                .filter(|text| !text.trim().is_empty())
                .unwrap_or_else(|| default_url.to_owned());
            let base_url = parse_base_url(proper_name(name), &variable, &text)?;
            let custom = !is_address(&base_url, default_url);
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
                // Another server under this name may have other models than the maker's own.
                list: if custom {
                    ModelList::Unasked
                } else {
                    ModelList::Named
                },
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
        if self.provider(&provider.name).is_none() {
            self.providers.push(provider);
        }
    }

    /// Takes over from the catalogue before this one what servers said of their models that are
    /// set up as they were, and the servers that were found on their usual ports.
    pub fn keep_lists_of(&mut self, before: &Self) {
        for known in &before.providers {
            match self.same(known) {
                Some(now) if now.list == ModelList::Unasked => {
                    now.models.clone_from(&known.models);
                    now.list.clone_from(&known.list);
                }
                Some(_) => {}
                None if known.list == ModelList::Listed && is_usual(known) => {
                    self.add(known.clone());
                }
                None => {}
            }
        }
    }

    /// Takes in what a provider's server said of its models when it was asked. An answer of a
    /// server that is not set up any more comes too late and counts for nothing.
    pub fn listed(&mut self, asked: &ProviderConfig, answer: Result<Vec<ModelInfo>, ModelError>) {
        let Some(known) = self.same(asked) else {
            return;
        };
        match answer {
            Ok(models) if models.is_empty() => {
                known.list = ModelList::Unlisted("lists no models".to_owned());
            }
            Ok(models) => {
                known.models = models;
                known.list = ModelList::Listed;
            }
            Err(error) => known.list = ModelList::Unlisted(why_unlisted(&error)),
        }
    }

    /// Takes in that a provider's server was not asked, because its key would travel
    /// [unencrypted](ProviderConfig::warning).
    pub fn not_asked(&mut self, provider: &ProviderConfig) {
        if let Some(known) = self.same(provider) {
            let why = "is not asked for its models: its key would travel unencrypted";
            known.list = ModelList::Unlisted(why.to_owned());
        }
    }

    fn same(&mut self, wanted: &ProviderConfig) -> Option<&mut ProviderConfig> {
        self.providers.iter_mut().find(|known| {
            known.name == wanted.name
                && known.base_url == wanted.base_url
                && known.protocol == wanted.protocol
                && known.key == wanted.key
        })
    }

    /// The provider of this name.
    pub fn provider(&self, name: &str) -> Option<&ProviderConfig> {
        self.providers.iter().find(|provider| provider.name == name)
    }

    /// The providers, in order.
    pub fn providers(&self) -> &[ProviderConfig] {
        &self.providers
    }

    /// The servers that were asked for their models and named none, by what they are called, each
    /// with the reason: the end of a sentence that begins with the name.
    pub fn unlisted(&self) -> impl Iterator<Item = (String, &str)> {
        self.providers
            .iter()
            .filter_map(|provider| match &provider.list {
                ModelList::Unlisted(reason) => Some((provider.display_name(), reason.as_str())),
                _ => None,
            })
    }

    /// Where keys are kept.
    pub fn keys(&self) -> &Arc<KeyStore> {
        &self.keys
    }

    /// What there is. Looks keys up, so that it may wait for the keyring: not for the UI thread.
    pub fn available(&self) -> Available {
        let mut available = Available::default();
        for provider in &self.providers {
            let key = self.key(provider);
            let ready = key.is_ok();
            available
                .models
                .extend(provider.models.iter().map(|info| ModelEntry {
                    id: ModelId::new(&provider.name, &info.name),
                    info: info.clone(),
                    ready,
                    local: provider.is_loopback(),
                }));
            match key {
                Ok(_) => available.usable.push(provider.clone()),
                Err(ModelError::UnreadableKey { reason, .. }) => {
                    available.unreadable.push(UnreadableKey {
                        provider: provider.clone(),
                        reason,
                    });
                }
                Err(_) => {}
            }
        }
        available
    }

    /// The key of a provider; `None` where it needs none.
    ///
    /// # Errors
    /// As [`KeyStore::resolve`].
    pub fn key(&self, provider: &ProviderConfig) -> Result<Option<Secret>, ModelError> {
        self.keys.resolve(&provider.display_name(), &provider.key)
    }

    /// Builds a model. It need not be listed: any name that the provider's
    /// server knows will do. The key is looked up when the model is first used.
    ///
    /// # Errors
    /// Where the provider is not set up or the HTTP client cannot be made.
    pub fn build(&self, id: &ModelId) -> Result<Arc<dyn LanguageModel>, CatalogError> {
        let Some(provider) = self.provider(id.provider()) else {
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
        let transport = Transport::new(&provider.display_name(), &provider.base_url, &self.limits)?;
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
            assert!(error.to_string().contains("OpenAI"), "{error}");
            assert!(error.to_string().contains("OPENAI_BASE_URL"), "{error}");
            assert!(!error.to_string().contains("pass@"), "{error}");
        }
    }

    #[test]
    fn keys_that_cannot_be_read_are_told_once_with_the_reason() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.json");
        std::fs::write(&file, "{").unwrap();
        let keys = KeyStore::file_only(file).with_environment(|_| None);
        let catalog = Catalog::new(Vec::new(), keys).with_environment().unwrap();
        let available = catalog.available();
        assert!(available.usable.is_empty());
        assert!(available.models.iter().all(|model| !model.ready));
        let told = available.unreadable_keys().unwrap();
        let begins = "The keys of Anthropic and OpenAI cannot be read. The key file ";
        assert!(told.starts_with(begins), "{told}");
        assert_eq!(told.matches("damaged").count(), 1, "{told}");
        // A provider without any key is no trouble.
        assert_eq!(
            self::catalog(&[]).unwrap().available().unreadable_keys(),
            None
        );
    }

    #[test]
    fn the_lists_of_servers_that_stay_are_kept() {
        let own = |name: &str, address: &str| {
            let address = address.parse().unwrap();
            ProviderConfig::of_user(name, Protocol::OpenAiChat, address, &[], None)
        };
        let of = |providers: Vec<ProviderConfig>| Catalog::new(providers, KeyStore::nothing());
        let listed = |name: &str, address: &str, model: &str| {
            let mut provider = own(name, address);
            provider.models = vec![ModelInfo::named(model)];
            provider.list = ModelList::Listed;
            provider
        };
        let before = of(vec![
            listed("stays", "https://a.example", "one"),
            listed("moves", "https://b.example", "two"),
            listed("goes", "https://c.example", "three"),
            listed("ollama", "http://127.0.0.1:11434/v1", "four"),
        ]);
        let mut named = own("named", "https://d.example");
        (named.list, named.models) = (ModelList::Named, vec![ModelInfo::named("five")]);
        let mut now = of(vec![
            own("stays", "https://a.example"),
            own("moves", "https://elsewhere.example"),
            named.clone(),
        ]);
        now.keep_lists_of(&before);
        let lists: Vec<(&str, &ModelList, usize)> = now
            .providers()
            .iter()
            .map(|provider| {
                (
                    provider.name.as_str(),
                    &provider.list,
                    provider.models.len(),
                )
            })
            .collect();
        assert_eq!(
            lists,
            [
                ("stays", &ModelList::Listed, 1),
                ("moves", &ModelList::Unasked, 0),
                ("named", &ModelList::Named, 1),
                ("ollama", &ModelList::Listed, 1),
            ]
        );
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
}
