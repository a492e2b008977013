//! Finding and replacing text.
//!
//! [`Pattern`] is what a person looks for: literal text or a regular expression, compiled from a
//! [`Query`]. It searches a snapshot of the text piece by piece and can be stopped, so it runs in
//! the background on a text of any length. [`Matches`] is what it found, and is brought up to date
//! after an edit by searching around the edit alone where the pattern allows it. [`Replacement`]
//! is what takes the place of a match. [`Needle`] is exact text, for the occurrences of what is
//! selected.
//!
//! ```
//! use editor_core::find::{Pattern, Query, Replacement};
//! use editor_core::{Selections, Text};
//!
//! let text = Text::new("width: 4; height: 3;");
//! let pattern = Pattern::new(&Query::regex(r"(\w+): (\d)")).unwrap();
//! let replacement = Replacement::new(r"$2 \u$1", &pattern).unwrap();
//! let found = pattern.find_all(&text);
//! let transaction = replacement
//!     .replace(&text, &Selections::caret(0), &pattern, found.ranges())
//!     .unwrap();
//! let after = transaction.changes.apply(&text).unwrap();
//! assert_eq!(after, "4 Width; 3 Height;");
//! ```

pub(crate) mod case;
mod chunk_cursor;
mod matches;
mod needle;
pub(crate) mod pattern;
mod replacement;
mod search;

pub use matches::{MAX_MATCHES, Matches};
pub(crate) use needle::find_unless;
pub use needle::{Needle, find_all, find_in_range, find_next, find_previous};
pub use pattern::{MAX_PATTERN, Pattern, PatternError, Query, escape};
pub use replacement::{MAX_REPLACED, Replacement, ReplacementError};
pub use search::{Scope, Search};
