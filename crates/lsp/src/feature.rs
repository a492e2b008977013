//! What a menu offers of a server: which questions about a place it answers at all.

use crate::server::LanguageServer;

/// Something that a person asks a server about a place of a text, or has it do there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// Where a name is defined.
    Definition,
    /// Where it is used.
    References,
    /// What can be done at the place.
    CodeActions,
    /// Giving a name another one everywhere.
    Rename,
    /// Colours that are written out, and how others would be.
    Colors,
}

impl Feature {
    /// The name among the capabilities, and the method.
    fn protocol(self) -> (&'static str, &'static str) {
        match self {
            Self::Definition => ("definitionProvider", "textDocument/definition"),
            Self::References => ("referencesProvider", "textDocument/references"),
            Self::CodeActions => ("codeActionProvider", "textDocument/codeAction"),
            Self::Rename => ("renameProvider", "textDocument/rename"),
            Self::Colors => ("colorProvider", "textDocument/documentColor"),
        }
    }
}

impl LanguageServer {
    /// Whether it answers such questions, where it runs.
    pub fn offers(&self, feature: Feature) -> bool {
        let (provider, method) = feature.protocol();
        let inner = self.shared().inner.lock();
        inner.ready.is_some() && inner.capabilities.offers(provider, method)
    }
}
