//! What Kiln can do with what a server knows of the whole project, as the capabilities of a client.

use serde_json::{Value, json};

/// Adds it to the capabilities.
pub(crate) fn add(capabilities: &mut Value) {
    let kinds: Vec<u8> = (1..=26).collect();
    capabilities["workspace"]["symbol"] = json!({
        "dynamicRegistration": true,
        "symbolKind": {"valueSet": kinds},
        "resolveSupport": {"properties": ["location.range"]},
    });
    capabilities["workspace"]["workspaceEdit"]["resourceOperations"] =
        json!(["create", "rename", "delete"]);
    capabilities["workspace"]["fileOperations"] = json!({
        "dynamicRegistration": true,
        "didCreate": true, "willCreate": true,
        "didRename": true, "willRename": true,
        "didDelete": true, "willDelete": true,
    });
    capabilities["workspace"]["didChangeWatchedFiles"] =
        json!({"dynamicRegistration": true, "relativePatternSupport": true});
    for feature in ["callHierarchy", "typeHierarchy"] {
        capabilities["textDocument"][feature] = json!({"dynamicRegistration": true});
    }
    let text = &mut capabilities["textDocument"];
    for feature in ["declaration", "typeDefinition", "implementation"] {
        text[feature] = json!({"dynamicRegistration": true, "linkSupport": true});
    }
}
