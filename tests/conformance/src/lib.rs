//! Whether Kiln works with the programs of others as people use them.

pub mod formatters;
pub mod lsp;
pub mod textmate;
