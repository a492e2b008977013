//! Formatters beside themselves: each lays out a file through Kiln, which gives it a text, and the same
//! file run by hand, which writes the file. Both have to agree, also where the project has settings for
//! it, and it has to say what it cannot read.

mod case;
mod cases;
mod run;
mod table;

pub use case::{Answer, Case, Report};
pub use cases::CASES;
pub use run::run;
pub use table::table;
