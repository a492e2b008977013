//! The language client beside real servers: each opens a project of two files, is told of a mistake,
//! completes, explains, finds a definition in the other file, renames in both, and formats; what else it
//! offers is tried too.

mod case;
mod cases;
mod colors;
mod environment;
mod features;
mod install;
mod marked;
mod session;
mod settings;
mod table;

pub use case::{Case, Outcome, Report, Step};
pub use cases::CASES;
pub use colors::colors;
pub use environment::{each_project_has_its_own_packages, finds_packages_of_the_environment};
pub use install::install;
pub use session::run;
pub use settings::{Hints, hints};
pub use table::table;
