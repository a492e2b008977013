//! A server that has models: where it is, what it speaks, where its key and the list of its models
//! come from.

use url::Url;

use crate::{KeySource, ModelError, ModelProfile, discovery};

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
/// (`qwen2.5-coder:1.5b`, `smollm2-135m`). A few `m` are a million tokens of context each
/// (`qwen2.5-7b-instruct-1m`).
fn looks_small(name: &str) -> bool {
    const FEWEST_MILLIONS: u32 = 14;
    let lower = name.to_ascii_lowercase();
    let words = || lower.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.'));
    let mut billions = words()
        .filter_map(|word| word.strip_suffix('b')?.parse::<f32>().ok())
        .peekable();
    if billions.peek().is_some() {
        return billions.any(|billions| billions <= 4.0);
    }
    words()
        .filter_map(|word| word.strip_suffix('m')?.parse::<u32>().ok())
        .any(|millions| millions >= FEWEST_MILLIONS)
}

/// Where the list of a provider's models comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelList {
    /// The settings or Kiln name them; the server is not asked.
    Named,
    /// The server is to be asked; until then they are a guess, or none.
    Unasked,
    /// The server named them.
    Listed,
    /// The server was asked and named none: why, as the end of a sentence that begins with the
    /// provider. They are what was known before.
    Unlisted(String),
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
    /// Where that list comes from.
    pub list: ModelList,
}

impl ProviderConfig {
    /// A server of the user's own. Where it gets its key is decided here for every
    /// program: from the named environment variable or the key store; else from the
    /// key store alone, and a server on this machine needs none. Where no model is named, the
    /// server is asked for them.
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
            list: if models.is_empty() {
                ModelList::Unasked
            } else {
                ModelList::Named
            },
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

    /// What people call it: the makers and the servers that Kiln looks for by their proper names,
    /// all others as the user named them.
    pub fn proper_name(&self) -> &str {
        proper_name(&self.name)
    }

    /// Its [proper name](Self::proper_name). Where a maker's name stands for another server, as
    /// with `OPENAI_BASE_URL`, that server's address is told, too.
    pub fn display_name(&self) -> String {
        let proper = self.proper_name();
        let own = match self.name.as_str() {
            "anthropic" => ANTHROPIC_URL,
            "openai" => OPENAI_URL,
            _ => return proper.to_owned(),
        };
        if is_address(&self.base_url, own) {
            return proper.to_owned();
        }
        let host = self.base_url.host_str().unwrap_or_default();
        match self.base_url.port() {
            Some(port) => format!("{proper} at {host}:{port}"),
            None => format!("{proper} at {host}"),
        }
    }

    /// Whether the server may have this model, going by what it listed. Ollama answers to a name
    /// without a tag as to the one with the tag `latest`.
    pub fn may_have(&self, model: &str) -> bool {
        // Of a long list only the beginning is kept, and of any list what can chat by its name.
        self.models.len() >= discovery::MAX_MODELS
            || discovery::is_left_out(model)
            || self.models.iter().any(|known| {
                known.name == model || known.name.strip_suffix(":latest") == Some(model)
            })
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
                    self.proper_name(),
                    self.base_url.host_str().unwrap_or("its server")
                )
            })
    }
}

/// See [`ProviderConfig::proper_name`].
pub(crate) fn proper_name(name: &str) -> &str {
    match name {
        "anthropic" => "Anthropic",
        "openai" => "OpenAI",
        "ollama" => "Ollama",
        "lmstudio" => "LM Studio",
        "llamacpp" => "llama.cpp",
        "vllm" => "vLLM",
        other => other,
    }
}

/// Anthropic's own server.
pub(crate) const ANTHROPIC_URL: &str = "https://api.anthropic.com";
/// OpenAI's own server.
pub(crate) const OPENAI_URL: &str = "https://api.openai.com/v1";

/// Whether a base URL is this address, which has no slash at its end.
pub(crate) fn is_address(url: &Url, address: &str) -> bool {
    url.as_str().trim_end_matches('/') == address
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

/// Checks a base URL from a variable of the environment.
///
/// # Errors
/// [`ModelError::Configuration`] where it is no http(s) address or carries a
/// user name or password.
pub(crate) fn parse_base_url(
    provider: &str,
    variable: &str,
    text: &str,
) -> Result<Url, ModelError> {
    let configuration = |message: String| ModelError::Configuration {
        provider: provider.to_owned(),
        message,
    };
    let url = Url::parse(text.trim())
        .map_err(|error| configuration(format!("{variable} is no address ({error})")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(configuration(format!(
            "{variable} must start with https:// or http://"
        )));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(configuration(format!(
            "{variable} must not hold a user name or password"
        )));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(name: &str, address: &str) -> ProviderConfig {
        let address = address.parse().unwrap();
        ProviderConfig::of_user(name, Protocol::OpenAiChat, address, &[], None)
    }

    #[test]
    fn a_provider_is_called_by_its_proper_name_and_another_server_by_its_address() {
        for (name, address, called) in [
            ("openai", "https://api.openai.com/v1/", "OpenAI"),
            (
                "openai",
                "http://127.0.0.1:9999/v1",
                "OpenAI at 127.0.0.1:9999",
            ),
            ("anthropic", "https://api.anthropic.com", "Anthropic"),
            (
                "anthropic",
                "https://proxy.example/a",
                "Anthropic at proxy.example",
            ),
            ("lmstudio", "http://127.0.0.1:1234/v1", "LM Studio"),
            ("work", "https://models.example/v1", "work"),
        ] {
            assert_eq!(at(name, address).display_name(), called);
        }
    }

    #[test]
    fn a_name_without_a_tag_is_the_latest() {
        let mut ollama = at("ollama", "http://127.0.0.1:11434/v1");
        ollama.models = ["llama3:latest", "qwen3:32b"].map(ModelInfo::named).into();
        let asked = ["llama3", "llama3:latest", "qwen3:32b", "qwen3", "llama"];
        assert_eq!(
            asked.map(|model| ollama.may_have(model)),
            [true, true, true, false, false]
        );
    }

    #[test]
    fn what_is_left_out_of_a_list_may_be_there() {
        let mut proxy = at("work", "https://models.example/v1");
        proxy.models = ["one"].map(ModelInfo::named).into();
        assert!(proxy.may_have("text-embedder-chat"));
        assert!(!proxy.may_have("two"));
        proxy.models = (0..discovery::MAX_MODELS)
            .map(|number| ModelInfo::named(&number.to_string()))
            .collect();
        assert!(proxy.may_have("two"), "the list was longer");
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
            "qwen2.5-7b-instruct-1m",
            "claude-sonnet-4-5-1m",
        ] {
            assert!(!ModelInfo::named(name).profile.small, "{name}");
        }
    }

    #[test]
    fn a_key_over_plain_http_is_warned_about() {
        let provider = |url: &str| ProviderConfig {
            name: "lan".into(),
            protocol: Protocol::OpenAiChat,
            base_url: Url::parse(url).unwrap(),
            key: KeySource::Given(crate::Secret::new("k")),
            models: Vec::new(),
            list: ModelList::Unasked,
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
