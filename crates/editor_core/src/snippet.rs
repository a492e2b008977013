//! Snippets: text with places to fill in.
//!
//! The grammar is that of the Language Server Protocol 3.17 ("Snippet Syntax"), which is that of
//! VS Code and, for the most part, of TextMate: tab stops, placeholders that may be nested,
//! choices, variables, and transforms of both. As in VS Code, what does not parse is text.
//!
//! [`Snippet::parse`] reads one; [`SnippetSession::start`] puts it in at every caret and then keeps
//! its places while text is typed: all places of one tab stop are selected together, in all carets,
//! so that what is typed goes into each of them.
//!
//! ```
//! use editor_core::snippet::{Environment, Snippet, SnippetSession};
//! use editor_core::{IndentStyle, marked};
//!
//! let snippet = Snippet::parse("for ${1:item} in ${2:items} {\n\t$0\n}").unwrap();
//! let (text, carets) = marked::parse("    ˇ").unwrap();
//! let style = IndentStyle::spaces(4);
//! let (transaction, session) =
//!     SnippetSession::start(&text, &carets, &snippet, &mut Environment::default(), &style).unwrap();
//! let text = transaction.changes.apply(&text).unwrap();
//! assert_eq!(
//!     marked::format(&text, &transaction.selections_after),
//!     "    for «itemˇ» in items {\n        \n    }"
//! );
//! assert!(session.is_some());
//! ```

mod expansion;
mod parser;
mod print;
mod session;
mod transform;
mod variables;

pub use parser::{MAX_NESTING, MAX_SNIPPET, SnippetError};
pub use session::SnippetSession;
pub use transform::{FormatPart, GroupFormat, Transform};
pub use variables::{Environment, LocalTime};

/// A snippet, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// What it is made of, in order.
    pub parts: Vec<Part>,
}

/// A part of a snippet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it is.
    Text(String),
    /// `$1`, `${1}` or `${1/…/…/}`: a place to go to, with what another place of the same number
    /// holds.
    TabStop {
        /// Its number; 0 is where the caret is left.
        number: u32,
        /// What is made of the text of the other place.
        transform: Option<Transform>,
    },
    /// `${1:…}`: a tab stop with something in it.
    Placeholder {
        /// Its number.
        number: u32,
        /// What is in it at first.
        content: Vec<Part>,
    },
    /// `${1|one,two|}`: a tab stop with one of several texts in it.
    Choice {
        /// Its number.
        number: u32,
        /// The texts, at least one; the first is in it at first.
        choices: Vec<String>,
    },
    /// `$NAME`, `${NAME}`, `${NAME:…}` or `${NAME/…/…/}`.
    Variable {
        /// Its name.
        name: String,
        /// What stands in for it where it has no value.
        default: Option<Vec<Part>>,
        /// What is made of its value.
        transform: Option<Transform>,
    },
}
