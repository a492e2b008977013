//! Lists of places in the bottom dock, by file: what is wrong in the project, and where something
//! that was asked about is used or would be changed; and the tree of calls and types.
//!
//! [`register`] once; [`ProblemsPanel`] and [`ReferencesPanel`] are panels for the workbench.

mod commands;
mod filter;
mod filter_bar;
mod grouped;
mod hierarchy;
mod place_panel;
mod problems;
mod references;

pub use commands::register;
pub use hierarchy::HierarchyPanel;
pub use problems::ProblemsPanel;
pub use references::ReferencesPanel;
