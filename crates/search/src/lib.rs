//! Finding files by name and text by content, with the rules of a project: what git ignores is
//! left out, links are not followed, and everything stops at a limit or when it is cancelled.
//!
//! All of it blocks; call it off the UI thread.
//!
//! ```no_run
//! use std::{path::Path, sync::atomic::AtomicBool};
//! use search::{FileList, TextLimits, TextQuery, TextSearch, WalkLimits};
//!
//! let cancel = AtomicBool::new(false);
//! let files = FileList::read(Path::new("."), &WalkLimits::default(), &cancel);
//! for found in files.find("edvwmain", 10, &cancel) {
//!     println!("{}", found.path);
//! }
//! let todo = TextSearch::new(&TextQuery::literal("TODO")).unwrap();
//! let found = todo.search_folder(Path::new("."), &TextLimits::default(), &cancel);
//! for file in found.files {
//!     println!("{}: {} lines", file.path, file.lines.len());
//! }
//! ```

mod file_list;
mod fuzzy;
mod text_query;
mod text_search;
mod walk;

pub use file_list::FileList;
pub use fuzzy::FileMatch;
pub use text_query::{CaseSensitivity, QueryError, TextQuery};
pub use text_search::{
    FileMatches, LineMatch, MAX_LINE_BYTES, TextLimits, TextResults, TextSearch,
};
pub use walk::WalkLimits;
