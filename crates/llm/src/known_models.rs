//! The models that the makers' own servers are known to have: they are offered without asking.

use crate::{ModelInfo, ModelProfile};

/// A model that is offered before the server was asked for its list.
pub(crate) struct KnownModel {
    name: &'static str,
    display_name: &'static str,
    context_tokens: u32,
    max_output_tokens: u32,
}

impl KnownModel {
    pub fn info(&self) -> ModelInfo {
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

pub(crate) const ANTHROPIC_MODELS: &[KnownModel] = &[
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

pub(crate) const OPENAI_MODELS: &[KnownModel] = &[
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
