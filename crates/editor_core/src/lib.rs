//! The pure core of Kiln's editor: text, changes to it, carets and undo.
//!
//! Nothing here reads a file, knows a window or looks at a clock. A [`Text`] is an immutable
//! snapshot that costs nothing to clone; a [`ChangeSet`] says how one text becomes the next; a
//! [`Transaction`] is a change together with the carets before and after it; a [`History`] takes
//! transactions back. Commands ([`editing`], [`auto_pair`]) turn a text and its [`Selections`] into
//! a transaction and change nothing themselves.
//!
//! ```
//! use editor_core::{editing, marked};
//!
//! let (text, carets) = marked::parse("let x = «1ˇ»;").unwrap();
//! let transaction = editing::insert_text(&text, &carets, "42");
//! let after = transaction.changes.apply(&text).unwrap();
//! assert_eq!(marked::format(&after, &transaction.selections_after), "let x = 42ˇ;");
//! ```
//!
//! Offsets are bytes into UTF-8, everywhere. Every cost is logarithmic in the length of the text
//! plus linear in what is edited; no operation copies the document.

mod auto_closed;
pub mod auto_indent;
pub mod auto_pair;
mod auto_whitespace;
mod block_words;
pub mod brackets;
mod caret_history;
mod change_builder;
mod change_bytes;
mod change_set;
mod changed_words;
pub mod clipboard;
mod column;
mod column_selection;
mod common_bytes;
mod compose;
mod diff;
pub mod display_map;
pub mod editing;
pub mod find;
mod first_caret;
pub mod folding;
mod grapheme;
mod growing;
mod history;
mod hunks;
mod indentation;
mod language_rules;
mod large_hunks;
mod line_diff;
mod line_groups;
mod list_items;
pub mod marked;
mod method_chain;
pub mod movement;
pub mod multi_caret;
mod offset_map;
mod ranges;
mod selection;
pub mod snippet;
mod statement_head;
mod stray_byte;
mod syntax_view;
mod tags;
mod text;
mod text_object;
mod transaction;
mod word;
mod word_list;
mod written_strings;

pub use auto_closed::AutoClosed;
pub use auto_whitespace::AutoWhitespace;
pub use caret_history::CaretHistory;
pub use change_set::{Bias, ChangeError, ChangeSet, Edit, EditRef, Operation, Operations, Removed};
pub use changed_words::{ChangedWords, MAX_WORD_BYTES, MAX_WORD_LINE, changed_words};
pub use column::{column_at_offset, offset_at_column};
pub use column_selection::{Cell, CellAnchor, ColumnSelection};
pub use common_bytes::same_text;
pub use diff::{change_between, minimal_change};
pub use first_caret::FirstCaret;
pub use growing::GrowingSelections;
pub use history::{
    GROUP_PAUSE, History, HistoryStates, Joined, LogBatch, LogCursor, LogError, Moment, NodeId,
    Revision, SavedHistory, StateAt, StateSummary, TakenStep, TextHash, time_of_millis,
    time_to_millis,
};
pub use hunks::{Hunk, HunkKind, MAX_COMPARED_BYTES, edits_reverting, hunks};
pub use indentation::IndentStyle;
pub use language_rules::{
    BlockComment, Dedent, EnterAction, EnterIndent, IndentPatterns, IndentRules, LabelPlace,
    LanguageRules, LinePatterns, Short, StringMarks, TagRules,
};
pub use large_hunks::hunks_of_large;
pub use line_groups::{GroupLine, LineGroup, line_groups, lines_with_ends};
pub use offset_map::OffsetMap;
pub use ranges::{Growth, RangeId, RangeSet};
pub use selection::{Selection, Selections};
pub use stray_byte::{char_of_stray_byte, stray_byte_of};
pub use syntax_view::{IndentedPart, Literal, PlainSyntax, SyntaxView};
pub use text::{Point, Text, TextBuilder};
pub use text_object::{Direction, Edge, Extent, ObjectKind, TextObject};
pub use transaction::{EditIntent, EditSession, Transaction};
pub use word::{CharClass, WordChars, word_at};
pub use word_list::WordList;

#[cfg(test)]
mod tests;
