//! What can go wrong with a model, in words that say what to do.

use std::time::Duration;

/// A request to a model failed. No message ever holds a key.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// There is no key for a provider that needs one.
    #[error("There is no API key for {provider}. {how_to_set}")]
    MissingKey {
        /// The provider.
        provider: String,
        /// How to give Kiln the key.
        how_to_set: String,
    },
    /// There may be a key for a provider, in a place that gives nothing away now.
    #[error("The key of {provider} cannot be read. {reason}")]
    UnreadableKey {
        /// The provider.
        provider: String,
        /// Why, and what to do: a sentence.
        reason: String,
    },
    /// The key was refused (HTTP 401 or 403).
    #[error(
        "{provider} refused the API key: {message}. Check that the key is valid and may use this model"
    )]
    Unauthorized {
        /// The provider.
        provider: String,
        /// What it said.
        message: String,
    },
    /// Too many requests (HTTP 429), also after waiting.
    #[error(
        "{provider} limits the rate of requests: {message}. {}, or choose another model",
        retry_after.map_or("Try again in a minute".to_owned(), |wait| {
            format!("Try again in {}", readable(wait))
        })
    )]
    RateLimited {
        /// The provider.
        provider: String,
        /// How long it asked to wait.
        retry_after: Option<Duration>,
        /// What it said.
        message: String,
    },
    /// The account has no credit or quota left (HTTP 429 that no waiting helps).
    #[error(
        "The account at {provider} is used up: {message}. Look at its plan and billing, or choose another model"
    )]
    QuotaUsedUp {
        /// The provider.
        provider: String,
        /// What it said.
        message: String,
    },
    /// The server failed (HTTP 5xx), also after waiting.
    #[error("{provider} cannot answer at the moment ({status}): {message}. Try again in a minute")]
    Overloaded {
        /// The provider.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// The conversation does not fit the model.
    #[error(
        "The conversation is too long for this model: {message}. Start a new session or choose a model with a larger context"
    )]
    ContextTooLong {
        /// What the provider said.
        message: String,
    },
    /// The provider has no such model (HTTP 404).
    #[error(
        "{provider} does not know the model `{model}`: {message}. Choose another model, or check the base URL in the settings"
    )]
    UnknownModel {
        /// The provider.
        provider: String,
        /// The model that was asked for.
        model: String,
        /// What it said.
        message: String,
    },
    /// The request was refused for another reason (HTTP 4xx).
    #[error("{provider} refused the request ({status}): {message}")]
    Rejected {
        /// The provider.
        provider: String,
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// The server answered with a redirect, which is never followed with a key.
    #[error(
        "{provider} redirects to {to}. If you trust that address, set it as the provider's base URL"
    )]
    Redirected {
        /// The provider.
        provider: String,
        /// Where it points.
        to: String,
    },
    /// The server could not be reached, also after repeating.
    #[error("{provider} cannot be reached: {message}. Check the connection and the base URL")]
    Network {
        /// The provider.
        provider: String,
        /// The cause.
        message: String,
    },
    /// The connection ended in the middle of an answer.
    #[error(
        "The connection to {provider} was lost in the middle of the answer ({message}). What came until then is kept"
    )]
    Interrupted {
        /// The provider.
        provider: String,
        /// The cause.
        message: String,
    },
    /// Nothing came for too long.
    #[error("{provider} sent nothing for {} s. Try again, or choose another model", after.as_secs())]
    TimedOut {
        /// The provider.
        provider: String,
        /// How long Kiln waited.
        after: Duration,
    },
    /// The answer came too slowly in all, however steadily it dripped.
    #[error("{provider} took longer than {} s for one answer, so Kiln stopped reading. What came until then is kept", after.as_secs())]
    TooSlow {
        /// The provider.
        provider: String,
        /// The bound.
        after: Duration,
    },
    /// The server sent something that is no answer.
    #[error(
        "{provider} sent an answer that Kiln cannot read: {message}. Check that the base URL speaks this provider's protocol"
    )]
    BadResponse {
        /// The provider.
        provider: String,
        /// What is wrong with it.
        message: String,
    },
    /// The answer passed a bound of [`crate::Limits`].
    #[error(
        "{provider} sent more than {} in one {what}, so Kiln stopped reading. What came until then is kept",
        size(*limit_bytes)
    )]
    ResponseTooLarge {
        /// The provider.
        provider: String,
        /// What was too large: `answer`, `event` or `line`.
        what: &'static str,
        /// The bound, in bytes.
        limit_bytes: usize,
    },
    /// The local model failed.
    #[error("The local model failed: {message}")]
    Local {
        /// The cause.
        message: String,
    },
    /// The provider's settings cannot be used.
    #[error("The settings of the provider {provider} cannot be used: {message}")]
    Configuration {
        /// The provider.
        provider: String,
        /// What is wrong with them.
        message: String,
    },
    /// The caller cancelled before the request was sent.
    #[error("Cancelled")]
    Cancelled,
}

impl ModelError {
    /// What went wrong, without what the user could do: for a failure after which the request is
    /// sent again by itself.
    pub fn cause(&self) -> String {
        match self {
            Self::RateLimited {
                provider, message, ..
            } => format!("{provider} limits the rate of requests: {message}"),
            Self::Overloaded {
                provider,
                status,
                message,
            } => format!("{provider} cannot answer at the moment ({status}): {message}"),
            other => other.to_string(),
        }
    }
}

/// A bound as people read it: `4 MB`, `64 KB`.
fn size(bytes: usize) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} bytes"),
        10_000..=999_999 => format!("{} KB", bytes >> 10),
        _ => format!("{} MB", bytes >> 20),
    }
}

/// A time to wait, in whole units and never less than it is: `4 s`, `2 min`, `1 h`.
fn readable(wait: Duration) -> String {
    let seconds = wait.as_millis().div_ceil(1000).max(1);
    match seconds {
        1..=119 => format!("{seconds} s"),
        120..=3_599 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_in_a_unit_that_fits() {
        for (seconds, told) in [
            (0, "1 s"),
            (4, "4 s"),
            (119, "119 s"),
            (121, "3 min"),
            (3_600, "1 h"),
            (3_601, "2 h"),
        ] {
            assert_eq!(readable(Duration::from_secs(seconds)), told);
        }
        assert_eq!(readable(Duration::from_millis(3_100)), "4 s");
    }

    #[test]
    fn a_bound_is_told_in_a_unit_that_fits() {
        let told = [4 << 20, 64 << 10, 500].map(size);
        assert_eq!(told, ["4 MB", "64 KB", "500 bytes"]);
    }

    #[test]
    fn a_failure_that_is_repeated_by_itself_gives_no_advice() {
        let limited = ModelError::RateLimited {
            provider: "acme".into(),
            retry_after: Some(Duration::from_secs(4)),
            message: "slow down".into(),
        };
        assert!(
            limited
                .to_string()
                .ends_with("slow down. Try again in 4 s, or choose another model")
        );
        assert_eq!(
            limited.cause(),
            "acme limits the rate of requests: slow down"
        );
    }
}
