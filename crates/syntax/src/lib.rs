//! Crate `syntax`.
