//! Crate `local_model`.
