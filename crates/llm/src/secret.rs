//! Keys, and where they come from.

use std::fmt;

/// A key or token. It is never shown: `Debug` prints a placeholder, there is
/// no `Display`, and it cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a key; surrounding white space is dropped.
    pub fn new(text: impl AsRef<str>) -> Self {
        Self(text.as_ref().trim().to_owned())
    }

    /// The key itself, for the header of a request and nothing else.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` with every occurrence of the key replaced, for messages of a
    /// server that echoes what it was sent.
    pub fn redact(&self, text: &str) -> String {
        if self.0.len() < 4 {
            return text.to_owned();
        }
        text.replace(&self.0, "[key]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret([hidden])")
    }
}

/// Where a provider's key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// The server needs none (a server on loopback).
    NotNeeded,
    /// An environment variable of Kiln's own process.
    Environment {
        /// The variable's name.
        variable: String,
    },
    /// The system's keyring, or the file that stands in for it.
    Stored {
        /// The account under which it is stored; the provider's name.
        account: String,
    },
    /// The environment variable where it is set, else the keyring.
    EnvironmentOrStored {
        /// The variable's name.
        variable: String,
        /// The account in the keyring.
        account: String,
    },
    /// Given directly (tests, a key typed for one session).
    Given(Secret),
}

/// Where a key is added.
const IN_THE_WINDOW: &str = "with “Get a model or add a key” in the list of models";

impl KeySource {
    /// The account of the key store that a key may be under.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Stored { account } | Self::EnvironmentOrStored { account, .. } => Some(account),
            Self::NotNeeded | Self::Environment { .. } | Self::Given(_) => None,
        }
    }

    /// How a user gives Kiln the key, as one or two sentences.
    pub fn how_to_set(&self) -> String {
        match self {
            Self::NotNeeded | Self::Given(_) => {
                "Set a key for the provider in the settings".to_owned()
            }
            Self::Environment { variable } => {
                format!("Set the environment variable {variable} and start Kiln again")
            }
            Self::Stored { .. } => format!("Add it in Kiln's window, {IN_THE_WINDOW}"),
            Self::EnvironmentOrStored { variable, .. } => {
                format!(
                    "Set the environment variable {variable}, or add the key in Kiln's window, {IN_THE_WINDOW}"
                )
            }
        }
    }
}
