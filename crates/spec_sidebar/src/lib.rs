//! Crate `spec_sidebar`.
