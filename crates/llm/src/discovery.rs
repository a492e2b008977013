//! Finding model servers on this machine, and asking a server what it has.

use std::collections::HashSet;
use std::time::Duration;

use futures::StreamExt;
use futures::future::join_all;
use serde_json::Value;
use url::Url;

use crate::http::{Transport, cause, endpoint, error_message};
use crate::{
    KeySource, Limits, ModelError, ModelInfo, ModelList, Protocol, ProviderConfig, Secret,
    anthropic,
};

/// The servers that are looked for: name and port.
const LOOPBACK_SERVERS: &[(&str, u16)] = &[
    ("ollama", 11434),
    ("lmstudio", 1234),
    ("llamacpp", 8080),
    ("vllm", 8000),
];
/// A server on this machine answers at once or is not there.
const DISCOVERY_TIMEOUT: Duration = Duration::from_millis(800);
/// How long a server may take to list its models. Short, for the choice of a model may wait for it.
const LIST_TIMEOUT: Duration = Duration::from_secs(5);
/// A list of models larger than this is none.
const MAX_LIST_BYTES: usize = 4 << 20;
/// How many models of one server are offered.
pub(crate) const MAX_MODELS: usize = 500;

/// Whether this is a server that is looked for: its name, at its usual port of this machine.
pub(crate) fn is_usual(provider: &ProviderConfig) -> bool {
    let name = provider.name.as_str();
    provider.is_loopback()
        && LOOPBACK_SERVERS
            .iter()
            .any(|(usual, port)| *usual == name && provider.base_url.port() == Some(*port))
}

/// Looks for Ollama, LM Studio, llama.cpp and vLLM on their usual ports of
/// this machine. Takes 0.8 s at most; a server without models is left out.
pub async fn discover_loopback() -> Vec<ProviderConfig> {
    let servers: Vec<(String, Url)> = LOOPBACK_SERVERS
        .iter()
        .filter_map(|(name, port)| {
            let url = Url::parse(&format!("http://127.0.0.1:{port}/v1")).ok()?;
            Some(((*name).to_owned(), url))
        })
        .collect();
    discover_servers(&servers).await
}

/// Asks the given servers, each with the name it should have, for their
/// models, and returns those that answer.
pub async fn discover_servers(servers: &[(String, Url)]) -> Vec<ProviderConfig> {
    join_all(servers.iter().map(|(name, base_url)| async move {
        let mut provider = ProviderConfig {
            name: name.clone(),
            protocol: Protocol::OpenAiChat,
            base_url: base_url.clone(),
            key: KeySource::NotNeeded,
            models: Vec::new(),
            list: ModelList::Listed,
        };
        let listed = tokio::time::timeout(DISCOVERY_TIMEOUT, list_models(&provider, None)).await;
        match listed {
            Ok(Ok(models)) if !models.is_empty() => {
                provider.models = models;
                Some(provider)
            }
            _ => None,
        }
    }))
    .await
    .into_iter()
    .flatten()
    .collect()
}

/// Asks a server for its models (`GET /v1/models`, the same in both
/// protocols), 500 at most, in the server's order.
///
/// # Errors
/// Where it cannot be reached within 5 s or answers with something else.
pub async fn list_models(
    provider: &ProviderConfig,
    key: Option<&Secret>,
) -> Result<Vec<ModelInfo>, ModelError> {
    let limits = Limits {
        connect_timeout: LIST_TIMEOUT,
        ..Limits::default()
    };
    let transport = Transport::new(&provider.display_name(), &provider.base_url, &limits)?;
    let url = endpoint(
        &provider.base_url,
        "models",
        provider.protocol == Protocol::AnthropicMessages,
    );
    let mut request = transport.client.get(url).timeout(LIST_TIMEOUT);
    if provider.protocol == Protocol::AnthropicMessages {
        request = request.header("anthropic-version", anthropic::VERSION);
    }
    if let Some(key) = key {
        request = match provider.protocol {
            Protocol::OpenAiChat => request.bearer_auth(key.expose()),
            Protocol::AnthropicMessages => request.header("x-api-key", key.expose()),
        };
    }
    let name = || provider.display_name();
    let network = |error: reqwest::Error| match error.is_timeout() {
        true => ModelError::TimedOut {
            provider: name(),
            after: LIST_TIMEOUT,
        },
        false => ModelError::Network {
            provider: name(),
            message: cause(error),
        },
    };
    let response = request.send().await.map_err(network)?;
    let status = response.status();
    if !status.is_success() {
        let message = error_message(response, key).await;
        return Err(match status.as_u16() {
            401 | 403 => ModelError::Unauthorized {
                provider: name(),
                message,
            },
            status => ModelError::Rejected {
                provider: name(),
                status,
                message,
            },
        });
    }
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(network)?;
        if body.len() + chunk.len() > MAX_LIST_BYTES {
            return Err(ModelError::ResponseTooLarge {
                provider: name(),
                what: "answer",
                limit_bytes: MAX_LIST_BYTES,
            });
        }
        body.extend_from_slice(&chunk);
    }
    let list: Value = serde_json::from_slice(&body).map_err(|error| ModelError::BadResponse {
        provider: name(),
        message: format!("its list of models is no JSON ({error})"),
    })?;
    Ok(read_list(&list))
}

/// Why a server did not list its models, as the end of a sentence that begins with its name.
pub(crate) fn why_unlisted(error: &ModelError) -> String {
    match error {
        ModelError::TimedOut { after, .. } => {
            format!("did not list its models within {} s", after.as_secs())
        }
        ModelError::Network { message, .. } => format!("cannot be reached: {message}"),
        ModelError::Unauthorized { .. } => "refused the API key".to_owned(),
        ModelError::Rejected {
            status: status @ (404 | 405 | 501),
            ..
        } => format!("does not list its models ({status})"),
        ModelError::Rejected {
            status, message, ..
        } => format!("did not list its models ({status}: {message})"),
        ModelError::BadResponse { .. } => "sent something else than a list of models".to_owned(),
        ModelError::ResponseTooLarge { .. } => "sent too long a list of models".to_owned(),
        other => other.to_string(),
    }
}

/// Whether a model of a server's list is not offered because its name is one of a model that
/// embeds texts.
pub(crate) fn is_left_out(id: &str) -> bool {
    id.contains("embed")
}

/// Reads `{"data":[{"id",…}]}`. Context sizes are given under several names;
/// embedding models cannot chat and are left out.
fn read_list(list: &Value) -> Vec<ModelInfo> {
    let entries = list.get("data").and_then(Value::as_array);
    let mut known = HashSet::new();
    entries
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let id = entry.get("id").and_then(Value::as_str)?;
            let usable = !id.is_empty()
                && id.len() <= 200
                && !id.chars().any(|c| c.is_control() || c.is_whitespace())
                && !is_left_out(id);
            if !usable || !known.insert(id) {
                return None;
            }
            let mut info = ModelInfo::named(id);
            if let Some(name) = entry.get("display_name").and_then(Value::as_str) {
                info.display_name = crate::http::clean(name);
            }
            let context = [
                "/max_model_len",
                "/context_length",
                "/max_context_length",
                "/meta/n_ctx",
                "/meta/n_ctx_train",
            ]
            .iter()
            .find_map(|pointer| entry.pointer(pointer).and_then(Value::as_u64));
            if let Some(tokens) = context.and_then(|tokens| u32::try_from(tokens).ok())
                && tokens > 0
            {
                info.profile.context_tokens = tokens;
            }
            Some(info)
        })
        .take(MAX_MODELS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_is_read_with_what_the_server_tells() {
        let models = read_list(&json!({"data": [
            {"id": "qwen2.5-coder:1.5b"},
            {"id": "big", "max_model_len": 32768, "display_name": "Big\u{1b}[31m"},
            {"id": "nomic-embed-text"}, {"id": "big"},
            {"id": ""}, {"id": "a b"}, {"no": 1}, 7
        ]}));
        let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
        assert_eq!(names, ["qwen2.5-coder:1.5b", "big"]);
        assert!(models[0].profile.small);
        assert_eq!(models[1].profile.context_tokens, 32768);
        assert_eq!(models[1].display_name, "Big [31m");
        assert!(read_list(&json!([])).is_empty());
    }
}
