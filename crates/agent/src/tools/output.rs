//! What a tool answers.

use crate::FileDiff;

/// A tool's result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Output {
    pub ok: bool,
    /// For the user, in one line.
    pub summary: String,
    /// For the model.
    pub text: String,
    pub diff: Option<FileDiff>,
}

impl Output {
    /// A result without a change.
    pub fn success(summary: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            ok: true,
            summary: summary.into(),
            text: text.into(),
            diff: None,
        }
    }

    /// A failure that the model reads and can react to.
    pub fn error(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            ok: false,
            summary: message.clone(),
            text: format!("Error: {}.", message.trim_end_matches('.')),
            diff: None,
        }
    }

    /// A failure with more to read than one line.
    pub fn failure(summary: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            ok: false,
            summary: summary.into(),
            text: text.into(),
            diff: None,
        }
    }
}
