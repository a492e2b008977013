//! Crate `editor_view`.
