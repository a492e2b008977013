//! Crate `vscode_import`.
