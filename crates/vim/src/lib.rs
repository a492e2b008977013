//! Vim's editing language as a pure state machine: keys go in, edits and effects come out.
//!
//! [`Vim`] is the state of one view: its mode, the keys that wait for more, registers, marks,
//! macros and what `.` repeats. [`Vim::key`] takes a key together with the text and the carets as
//! they are, and says what is to be done ([`Effect`]); it changes nothing by itself, reads no file
//! and knows no window. What Vim asks of its surroundings comes through [`VimContext`].
//!
//! The rules are Neovim's: `tests/conformance` runs the same keys over the same texts through
//! `nvim --headless` and compares text, cursor, mode and registers.
//!
//! A line is what Vim calls one: the line feed at the end of the text ends the last line and
//! begins no further one.

mod arithmetic;
mod awaited;
mod carets;
mod change_list;
mod command;
mod comment;
mod confirm;
mod effect;
mod ex;
mod ex_line;
mod ex_names;
mod format;
mod global;
mod incsearch;
mod insert;
mod join;
mod jumps;
mod key;
mod line_edit;
mod line_undo;
mod listing;
mod match_object;
mod motion;
mod normal;
mod objects;
mod operator;
mod options;
mod outside_edit;
mod pattern;
mod put;
mod registers;
mod reindent;
mod report;
mod retab;
mod search;
mod search_offset;
mod sentence;
mod shared;
mod structure;
mod substitute;
mod syntax_objects;
mod tags;
mod tell;
mod undo;
mod vim;
mod visual;
mod word;

pub use effect::{
    Clipboard, CommentMarks, Effect, ExCommand, ListedRow, Message, Scroll, VimContext,
};
pub use key::{Key, parse_keys};
pub use options::{OptionValue, Options};
pub use registers::{Register, Shape};
pub use shared::{SearchPattern, Shared};
pub use vim::{Mode, Vim};
