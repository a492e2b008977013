//! Where a name leads: its definition, declaration, type and implementations (LSP 3.17).

use std::path::Path;

use serde_json::{Value, json};

use crate::answers::{self, Location};
use crate::connection::Reply;
use crate::server::LanguageServer;

/// What a name can lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// Where it is defined.
    Definition,
    /// Where it is declared: a prototype in C.
    Declaration,
    /// Where the type of what it names is defined.
    TypeDefinition,
    /// What implements it: the classes of an interface, the bodies of a method.
    Implementation,
}

impl Destination {
    /// The name among the capabilities, and the method.
    fn protocol(self) -> (&'static str, &'static str) {
        match self {
            Self::Definition => ("definitionProvider", "textDocument/definition"),
            Self::Declaration => ("declarationProvider", "textDocument/declaration"),
            Self::TypeDefinition => ("typeDefinitionProvider", "textDocument/typeDefinition"),
            Self::Implementation => ("implementationProvider", "textDocument/implementation"),
        }
    }
}

impl LanguageServer {
    /// Asks where that leads what stands at a byte of an open text.
    pub fn destinations(
        &self,
        path: &Path,
        offset: usize,
        destination: Destination,
    ) -> Reply<Vec<Location>> {
        let (provider, method) = destination.protocol();
        self.ask(
            path,
            provider,
            method,
            |mut params, document, encoding, _| {
                let text = document.newest().1;
                params["position"] = json!(encoding.position(text, offset));
                let read = move |answer: Value| answers::locations(&answer, encoding);
                (params, read)
            },
        )
    }
}
