use std::ops::Range;

use editor_core::{
    Direction, Edge, Edit, Extent, ObjectKind, Selections, StateAt, Text, Transaction,
};

use crate::{Mode, OptionValue};

/// What the editor is to do after a key. Effects are to be carried out in their order; each
/// [`Effect::Edit`] is made for the text that the ones before it left.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Change the text. The intent says which edits are one step of undo
    /// ([`EditIntent::Session`](editor_core::EditIntent::Session)).
    Edit(Transaction),
    /// Put the carets here. In visual mode they are selections that include the character under the
    /// cursor; where the cursor itself stands, [`Vim::cursors`](crate::Vim::cursors) says.
    Select(Selections),
    /// Take back this many steps, then call [`Vim::resume`](crate::Vim::resume).
    Undo(usize),
    /// Do again this many steps, then call [`Vim::resume`](crate::Vim::resume).
    Redo(usize),
    /// Bring another state of the text back, then call [`Vim::resume`](crate::Vim::resume).
    GoToState(StateAt),
    /// Scroll the text.
    Scroll(Scroll),
    /// The mode is another one.
    Mode(Mode),
    /// Something to tell the user.
    Message(Message),
    /// Put text on a clipboard.
    SetClipboard(Clipboard, String),
    /// A command of the program, not of the text.
    Command(ExCommand),
    /// Show the matches of the last search, or no longer (`:noh`).
    Highlight(bool),
}

/// A line for the user, at the bottom of the editor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The words, with Vim's number of the error where it has one.
    pub text: String,
    /// Whether something failed.
    pub is_error: bool,
}

/// How the text is scrolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scroll {
    /// By rows, down where positive.
    Rows(isize),
    /// The cursor's row to the top (`zt`).
    CursorToTop,
    /// The cursor's row to the middle (`zz`).
    CursorToCenter,
    /// The cursor's row to the bottom (`zb`).
    CursorToBottom,
}

/// The two clipboards of X11; elsewhere there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clipboard {
    /// The register `+`.
    Clipboard,
    /// The register `*`: what is selected.
    Primary,
}

/// A command of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExCommand {
    /// `:w`
    Write,
    /// `:w PATH`, `:[range]w PATH`: a copy of the text, or of some of its lines, which is not its file
    /// from then on unless it has none.
    WriteTo {
        /// Where to.
        path: String,
        /// Whether `!` was given, which overwrites a file that is there.
        force: bool,
        /// The first and the last row; `None` for all of the text.
        rows: Option<(usize, usize)>,
    },
    /// `:sav PATH`: to a file that is the text's from then on.
    SaveAs {
        /// Where to.
        path: String,
        /// Whether `!` was given, which overwrites a file that is there.
        force: bool,
    },
    /// `:wa`
    WriteAll,
    /// `:q`; with `!` unsaved changes are given up.
    Quit {
        /// Whether `!` was given.
        force: bool,
    },
    /// `:qa`
    QuitAll {
        /// Whether `!` was given.
        force: bool,
    },
    /// `:wq`, and `:x` and `ZZ`, which write only what was changed.
    WriteQuit,
    /// `:wqa`, `:xa`
    WriteQuitAll,
    /// `:e PATH`; without a path the file is read again, which `!` allows where it was changed.
    Edit {
        /// What to open.
        path: Option<String>,
        /// Whether `!` was given.
        force: bool,
    },
    /// `:r PATH`: put what a file holds below a line; without a path what the own file holds.
    Read {
        /// What to read.
        path: Option<String>,
        /// How many lines stay above it: 0 puts it at the top.
        below: usize,
    },
    /// `:sp`, `:vs`
    Split {
        /// Whether the new view stands beside the old one.
        vertical: bool,
    },
    /// `:b NAME`: to the open file whose path has the name in it; `#` in `:b#` and with `CTRL-^` is the
    /// one that was shown before.
    Buffer(String),
    /// `:bn`, `:tabnext`, `gt`
    NextTab,
    /// `:bp`, `:tabprevious`, `gT`
    PreviousTab,
    /// `:set ro`, `:set noma` and the like: whether the text may be edited; `None` for the other of
    /// the two.
    SetReadOnly(Option<bool>),
    /// `:set` of an option that the editor has as a setting, or shows by; `None` for what it is without
    /// that.
    SetOption {
        /// Its whole name.
        name: &'static str,
        /// What it is to be.
        value: Option<OptionValue>,
    },
    /// `:undolist`: the states that undo leads to.
    UndoList,
    /// `:reg`, `:marks`: a list, the keys of whose rows are typed where one is chosen.
    List {
        /// Names the list.
        id: &'static str,
        /// What choosing a row does.
        question: &'static str,
        /// What is shown where there is no row.
        none: &'static str,
        /// The rows.
        rows: Vec<ListedRow>,
    },
    /// `gd`: to the definition of what is under the cursor.
    GoToDefinition,
    /// `gf`: to the file of this name, as it stands in the text.
    GoToFile(String),
    /// `K`: what is known about what is under the cursor.
    ShowHover,
    /// `:NAME` where Vim has no such command and the editor may, and keys such as `]c`: an id of a
    /// Kiln command.
    Other(String),
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRow {
    /// What it is about.
    pub name: String,
    /// What is known of that.
    pub about: String,
    /// The keys that choosing it stands for, in [notation](crate::parse_keys).
    pub keys: String,
}

/// What stands before and behind the text of a comment, blanks and all (`:help 'commentstring'`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentMarks {
    /// `"// "`, `"/* "`.
    pub open: String,
    /// Empty, `" */"`.
    pub close: String,
}

/// What the editor knows and Vim asks for.
pub trait VimContext {
    /// The rows that are in view, whole ones only.
    fn visible_rows(&self) -> Range<usize> {
        0..24
    }

    /// The text of a clipboard.
    fn clipboard(&self, _: Clipboard) -> Option<String> {
        None
    }

    /// The name of the file, for the register `%`.
    fn file_name(&self) -> Option<String> {
        None
    }

    /// What an option of Vim's is that the editor has and Vim does not, by its whole name, such as
    /// `fileformat`; `None` where that is not known.
    fn option(&self, _name: &str) -> Option<OptionValue> {
        None
    }

    /// How comments are written at a byte of a text, which may be one that is not shown yet; `None`
    /// where there are none.
    fn comment_marks(&self, _text: &Text, _at: usize) -> Option<CommentMarks> {
        None
    }

    /// What indents some rows of a text, which may be one that is not shown yet, by the rules of its
    /// language: edits in order. None where the language has no such rules.
    fn reindent(&self, _text: &Text, _rows: Range<usize>) -> Vec<Edit> {
        Vec::new()
    }

    /// What [`SyntaxView::object`](editor_core::SyntaxView::object) says of a text, which may be one
    /// that is not shown yet.
    fn object(
        &self,
        _text: &Text,
        _kind: ObjectKind,
        _range: Range<usize>,
        _extent: Extent,
    ) -> Option<Range<usize>> {
        None
    }

    /// What [`SyntaxView::object_edge`](editor_core::SyntaxView::object_edge) says of a text, which
    /// may be one that is not shown yet.
    fn object_edge(
        &self,
        _text: &Text,
        _kind: ObjectKind,
        _from: usize,
        _edge: Edge,
        _direction: Direction,
    ) -> Option<usize> {
        None
    }
}

/// A context in which nothing is known.
impl VimContext for () {}
