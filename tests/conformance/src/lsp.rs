//! The language client beside real servers: each opens a project of two files, is told of a mistake,
//! completes, explains, finds a definition in the other file, renames in both, and formats.

mod case;
mod cases;
mod marked;
mod session;
mod table;

pub use case::{Case, Outcome, Report, Step};
pub use cases::CASES;
pub use session::run;
pub use table::table;
