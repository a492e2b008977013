//! What servers show in a text beside what they say is wrong in it.

use serde_json::{Value, json};

use crate::client_command;
use crate::folding_range::MAX_FOLDS;

/// Adds what Kiln can do with this to `ClientCapabilities`.
pub(crate) fn offer(capabilities: &mut Value) {
    client_command::offer(capabilities);
    let workspace = &mut capabilities["workspace"];
    for refreshed in ["inlayHint", "semanticTokens", "codeLens", "foldingRange"] {
        workspace[refreshed] = json!({"refreshSupport": true});
    }
    let text = &mut capabilities["textDocument"];
    for plain in ["documentHighlight", "inlineCompletion"] {
        text[plain] = json!({"dynamicRegistration": true});
    }
    text["inlayHint"] = json!({
        "dynamicRegistration": true,
        "resolveSupport": {"properties": ["tooltip", "label.tooltip"]},
    });
    text["onTypeFormatting"] = json!({"dynamicRegistration": true});
    text["documentLink"] = json!({"dynamicRegistration": true, "tooltipSupport": true});
    text["linkedEditingRange"] = json!({"dynamicRegistration": true});
    text["colorProvider"] = json!({"dynamicRegistration": true});
    text["codeLens"] = json!({"dynamicRegistration": true});
    text["selectionRange"] = json!({"dynamicRegistration": true});
    text["foldingRange"] = json!({
        "dynamicRegistration": true,
        "rangeLimit": MAX_FOLDS,
        "lineFoldingOnly": true,
        "foldingRangeKind": {"valueSet": ["comment", "imports", "region"]},
    });
    let kinds: Vec<u8> = (1..=26).collect();
    text["documentSymbol"] = json!({
        "dynamicRegistration": true,
        "symbolKind": {"valueSet": kinds},
        "hierarchicalDocumentSymbolSupport": true,
    });
    text["semanticTokens"] = json!({
        "dynamicRegistration": true,
        "requests": {"range": true, "full": {"delta": true}},
        "formats": ["relative"],
        "overlappingTokenSupport": false,
        "multilineTokenSupport": false,
        "serverCancelSupport": true,
        "augmentsSyntaxTokens": true,
        "tokenTypes": [
            "namespace", "type", "class", "enum", "interface", "struct", "typeParameter",
            "parameter", "variable", "property", "enumMember", "event", "function", "method",
            "macro", "keyword", "modifier", "comment", "string", "number", "regexp", "operator",
            "decorator",
        ],
        "tokenModifiers": [
            "declaration", "definition", "readonly", "static", "deprecated", "abstract", "async",
            "modification", "documentation", "defaultLibrary",
        ],
    });
}

/// What a server shows in a text, and may want to be asked for anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shown {
    /// Types and names of parameters between the text.
    InlayHints,
    /// What names mean.
    SemanticTokens,
    /// Commands above lines.
    CodeLenses,
    /// Places that lead elsewhere.
    Links,
    /// Colours that are written out.
    Colors,
    /// What can be folded.
    FoldingRanges,
    /// What the text is made of.
    Symbols,
}

impl Shown {
    /// What `workspace/…/refresh` is about (LSP 3.17; that of folding ranges is of 3.18).
    pub(crate) fn of_refresh(method: &str) -> Option<Self> {
        Some(match method {
            "workspace/inlayHint/refresh" => Self::InlayHints,
            "workspace/semanticTokens/refresh" => Self::SemanticTokens,
            "workspace/codeLens/refresh" => Self::CodeLenses,
            "workspace/foldingRange/refresh" => Self::FoldingRanges,
            _ => return None,
        })
    }

    /// What a server begins or ceases to offer with a registration.
    pub(crate) fn of_registration(method: &str) -> Option<Self> {
        Some(match method {
            "textDocument/inlayHint" => Self::InlayHints,
            "textDocument/semanticTokens" => Self::SemanticTokens,
            "textDocument/codeLens" => Self::CodeLenses,
            "textDocument/documentLink" => Self::Links,
            "textDocument/documentColor" => Self::Colors,
            "textDocument/foldingRange" => Self::FoldingRanges,
            "textDocument/documentSymbol" => Self::Symbols,
            _ => return None,
        })
    }
}
