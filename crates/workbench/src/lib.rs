//! Crate `workbench`.
