//! Crate `workspace`.
