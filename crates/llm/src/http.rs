//! The HTTP client under both protocols.

use std::sync::Once;
use std::time::Duration;

use futures::StreamExt;
use url::Url;

use crate::provider::is_loopback;
use crate::{Limits, ModelError, Secret};

/// How much of an error page is read.
const ERROR_BODY_BYTES: usize = 64 << 10;
/// How long an error page is waited for.
const ERROR_BODY_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of a server's message is shown.
const MESSAGE_CHARACTERS: usize = 400;

/// A client for one server.
#[derive(Clone)]
pub(crate) struct Transport {
    pub client: reqwest::Client,
}

impl Transport {
    /// A client that follows no redirect (a redirect with a key would hand the
    /// key to another host) and asks no proxy for a server on this machine.
    pub fn new(provider: &str, base_url: &Url, limits: &Limits) -> Result<Self, ModelError> {
        install_crypto_provider();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("kiln/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(limits.connect_timeout)
            .tcp_nodelay(true);
        if is_loopback(base_url) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| ModelError::Configuration {
            provider: provider.to_owned(),
            message: format!("no HTTP client can be made ({})", cause(error)),
        })?;
        Ok(Self { client })
    }
}

/// rustls takes its cryptography from the process-wide provider; ours is ring.
/// Another part of the process may have installed one already, which is fine.
fn install_crypto_provider() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        if rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
        {
            tracing::debug!("a TLS crypto provider was installed already");
        }
    });
}

/// Joins a base URL and an endpoint's path. `/v1` is added where the base URL
/// does not end with it and `versioned` says that the protocol wants it.
pub(crate) fn endpoint(base_url: &Url, path: &str, always_versioned: bool) -> Url {
    let mut url = base_url.clone();
    url.set_query(None);
    url.set_fragment(None);
    let base = base_url.path().trim_end_matches('/');
    let needs_version = if always_versioned {
        !base.ends_with("/v1")
    } else {
        base.is_empty()
    };
    url.set_path(&format!(
        "{base}{}/{path}",
        if needs_version { "/v1" } else { "" }
    ));
    url
}

/// An error's innermost cause without the address, which could hold a secret.
pub(crate) fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    clean(&innermost.to_string())
}

/// A server's words made fit to be shown: one line, bounded, no control or
/// invisible direction characters.
pub(crate) fn clean(text: &str) -> String {
    let mut line = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count == MESSAGE_CHARACTERS {
            line.push('…');
            break;
        }
        if c.is_control() || c.is_whitespace() {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if !text_safety::is_invisible(c) {
            line.push(c);
        }
    }
    line.trim_end().to_owned()
}

/// Reads the message out of an error response.
pub(crate) async fn error_message(response: reqwest::Response, key: Option<&Secret>) -> String {
    let mut body = Vec::new();
    let mut stream = response.bytes_stream();
    let read = async {
        while let Some(Ok(chunk)) = stream.next().await {
            body.extend_from_slice(&chunk[..chunk.len().min(ERROR_BODY_BYTES - body.len())]);
            if body.len() >= ERROR_BODY_BYTES {
                break;
            }
        }
    };
    if tokio::time::timeout(ERROR_BODY_TIMEOUT, read)
        .await
        .is_err()
    {
        tracing::debug!("the error page did not arrive in time");
    }
    let text = String::from_utf8_lossy(&body);
    let message = message_in_json(&text).unwrap_or_else(|| {
        if text.trim_start().starts_with('<') {
            "the server sent a web page".to_owned()
        } else {
            text.into_owned()
        }
    });
    told(&message, key)
}

/// A server's words about a failure, as a part of a sentence of ours: without the key that it was
/// sent. The key is taken out before the text is cut, which would leave the beginning of one.
pub(crate) fn told(message: &str, key: Option<&Secret>) -> String {
    let message = match key {
        Some(key) => clean(&key.redact(message)),
        None => clean(message),
    };
    match message.trim_end_matches('.') {
        "" => "no reason given".to_owned(),
        message => message.to_owned(),
    }
}

/// The message in the shapes that the providers use:
/// `{"error":{"message","code"|"type"}}`, `{"error":"…"}`, `{"message":"…"}`,
/// `{"detail":"…"}`.
pub(crate) fn message_in_json(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let value = value.get(0).unwrap_or(&value);
    let error = value.get("error").unwrap_or(value);
    let message = error
        .as_str()
        .or_else(|| error.get("message").and_then(|message| message.as_str()))
        .or_else(|| value.get("message").and_then(|message| message.as_str()))
        .or_else(|| value.get("detail").and_then(|message| message.as_str()))?;
    let code = error
        .get("code")
        .and_then(|code| code.as_str())
        .filter(|code| !message.contains(code));
    Some(match code {
        Some(code) => format!("{message} ({code})"),
        None => message.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_join_with_and_without_the_version() {
        for (base, path, always, expected) in [
            (
                "https://a/v1",
                "chat/completions",
                false,
                "https://a/v1/chat/completions",
            ),
            (
                "https://a/v1/",
                "chat/completions",
                false,
                "https://a/v1/chat/completions",
            ),
            (
                "http://a:1234",
                "chat/completions",
                false,
                "http://a:1234/v1/chat/completions",
            ),
            (
                "https://a/api/openai",
                "models",
                false,
                "https://a/api/openai/models",
            ),
            ("https://a", "messages", true, "https://a/v1/messages"),
            (
                "https://a/proxy",
                "messages",
                true,
                "https://a/proxy/v1/messages",
            ),
            ("https://a/v1", "messages", true, "https://a/v1/messages"),
        ] {
            let url = endpoint(&Url::parse(base).unwrap(), path, always);
            assert_eq!(url.as_str(), expected);
        }
    }

    #[test]
    fn messages_are_found_in_every_shape_and_cleaned() {
        for (body, expected) in [
            (
                r#"{"error":{"message":"no","code":"bad_key"}}"#,
                "no (bad_key)",
            ),
            (r#"{"error":"gone"}"#, "gone"),
            (r#"[{"error":{"message":"list"}}]"#, "list"),
            (r#"{"detail":"d"}"#, "d"),
        ] {
            assert_eq!(message_in_json(body).as_deref(), Some(expected));
        }
        assert_eq!(clean("a\u{1b}[2Jb\n\n\tc\u{202e}d"), "a [2Jb cd");
        assert_eq!(clean(&"x".repeat(1000)).chars().count(), 401);
    }
}
