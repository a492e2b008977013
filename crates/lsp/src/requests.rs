//! What is asked of a server about an open text.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::PositionEncoding;
use crate::answers::{self, HoverAnswer, Location};
use crate::capabilities::Capabilities;
use crate::connection::{Reply, RequestError};
use crate::diagnostic::diagnostics;
use crate::document::Document;
use crate::server::LanguageServer;
use crate::text_diagnostics::TextDiagnostics;

/// More files that are told of along with another are not taken.
const MAX_RELATED: usize = 1_000;

impl LanguageServer {
    /// Whether diagnostics have to be [pulled](LanguageServer::pull_diagnostics).
    pub fn pulls_diagnostics(&self) -> bool {
        let inner = self.shared().inner.lock();
        inner
            .capabilities
            .offers("diagnosticProvider", "textDocument/diagnostic")
    }

    /// Asks for the diagnostics of an open text; with the version that their bytes are of. `None`
    /// where they are those of last time. What the server says of other files along with them is
    /// [told](crate::ServerEvent) as what it says by itself.
    pub fn pull_diagnostics(&self, path: &Path) -> Reply<Option<(u64, TextDiagnostics)>> {
        let inner = self.shared().inner.lock();
        let (Some(document), Some(connection)) = (inner.documents.get(path), inner.ready.clone())
        else {
            return Reply::none(RequestError::NotRunning);
        };
        let method = "textDocument/diagnostic";
        if !inner.capabilities.offers("diagnosticProvider", method) {
            return Reply::none(RequestError::Unsupported);
        }
        let options = inner.capabilities.option("diagnosticProvider", method);
        let mut params = json!({"textDocument": {"uri": document.uri}});
        if let Some(name) = options["identifier"].as_str() {
            params["identifier"] = json!(name);
        }
        let encoding = inner.capabilities.encoding();
        let (version, text) = document.newest();
        let text = text.clone();
        // An answer that comes at once must find nobody holding this.
        drop(inner);
        let shared = Arc::downgrade(self.shared());
        let related = move |answer: &Value| {
            let files = answer["relatedDocuments"].as_object();
            for (uri, report) in files.into_iter().flatten().take(MAX_RELATED) {
                if let (Some(shared), true) = (shared.upgrade(), report["items"].is_array()) {
                    shared.published(&json!({"uri": uri, "diagnostics": report["items"]}));
                }
            }
        };
        let read = move |answer: Value| {
            let items = answer.get("items")?;
            Some((version, diagnostics(items, &text, encoding)))
        };
        let within = self.shared().options.limits.request;
        Reply::ask_and_hear(connection, method, params, within, related, read)
    }

    /// Asks what is known of a byte of an open text.
    pub fn hover(&self, path: &Path, offset: usize) -> Reply<Option<HoverAnswer>> {
        let method = "textDocument/hover";
        self.ask(
            path,
            "hoverProvider",
            method,
            |mut params, document, encoding, _| {
                let text = document.newest().1.clone();
                params["position"] = json!(encoding.position(&text, offset));
                let read = move |answer: Value| answers::hover(&answer, &text, encoding);
                (params, read)
            },
        )
    }

    /// Asks where that is used what stands at a byte of an open text, its definition with it.
    pub fn references(&self, path: &Path, offset: usize) -> Reply<Vec<Location>> {
        self.ask(
            path,
            "referencesProvider",
            "textDocument/references",
            |mut params, document, encoding, _| {
                params["position"] = json!(encoding.position(document.newest().1, offset));
                params["context"] = json!({"includeDeclaration": true});
                let read = move |answer: Value| answers::locations(&answer, encoding);
                (params, read)
            },
        )
    }

    /// Asks something about the whole project, where the server offers it: by its name among the
    /// capabilities, and by the method that it may have registered.
    pub(crate) fn ask_at_large<T>(
        &self,
        (provider, offered): (&str, &str),
        method: &'static str,
        params: Value,
        read: impl FnOnce(Value, PositionEncoding) -> T + Send + 'static,
    ) -> Reply<T> {
        let inner = self.shared().inner.lock();
        let Some(connection) = inner.ready.clone() else {
            return Reply::none(RequestError::NotRunning);
        };
        if !inner.capabilities.offers(provider, offered) {
            return Reply::none(RequestError::Unsupported);
        }
        let encoding = inner.capabilities.encoding();
        // An answer that comes at once must find nobody holding this.
        drop(inner);
        let within = self.shared().options.limits.request;
        Reply::ask(connection, method, params, within, move |answer| {
            read(answer, encoding)
        })
    }

    /// Asks something about an open text, where the server offers it.
    pub(crate) fn ask<T, R: FnOnce(Value) -> T + Send + 'static>(
        &self,
        path: &Path,
        provider: &str,
        method: &'static str,
        with: impl FnOnce(Value, &Document, PositionEncoding, &Capabilities) -> (Value, R),
    ) -> Reply<T> {
        self.ask_if(path, method, |has| has.offers(provider, method), with)
    }

    /// Asks something about an open text, where the server offers what is named otherwise.
    pub(crate) fn ask_if<T, R: FnOnce(Value) -> T + Send + 'static>(
        &self,
        path: &Path,
        method: &'static str,
        offered: impl FnOnce(&Capabilities) -> bool,
        with: impl FnOnce(Value, &Document, PositionEncoding, &Capabilities) -> (Value, R),
    ) -> Reply<T> {
        let inner = self.shared().inner.lock();
        let (Some(document), Some(connection)) = (inner.documents.get(path), &inner.ready) else {
            return Reply::none(RequestError::NotRunning);
        };
        if !offered(&inner.capabilities) {
            return Reply::none(RequestError::Unsupported);
        }
        let params = json!({"textDocument": {"uri": document.uri}});
        let encoding = inner.capabilities.encoding();
        let (params, read) = with(params, document, encoding, &inner.capabilities);
        let connection = connection.clone();
        // An answer that comes at once must find nobody holding this.
        drop(inner);
        let within = self.shared().options.limits.request;
        Reply::ask(connection, method, params, within, read)
    }
}
