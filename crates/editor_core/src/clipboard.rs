//! Copying, cutting and pasting with several carets.

use crate::editing::with_line_feeds;
use crate::transaction::{EditBuilder, Landing};
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction, editing};

/// What was copied: one entry a caret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clip {
    /// The copied pieces, in the order of the carets, with line feeds.
    pub entries: Vec<String>,
    /// Whether they are whole rows, copied from carets with nothing selected; such a piece is
    /// pasted above the caret's row.
    pub whole_rows: bool,
}

impl Clip {
    /// Text that another program copied.
    pub fn external(text: &str) -> Self {
        Self {
            entries: vec![with_line_feeds(text).into_owned()],
            whole_rows: false,
        }
    }

    /// The pieces as one text, for other programs.
    pub fn text(&self) -> String {
        let separator = if self.whole_rows { "" } else { "\n" };
        self.entries.join(separator)
    }

    /// The piece for each of `carets` carets: its own where there are as many pieces, or as many
    /// rows in the only piece, as carets.
    fn distribute(&self, carets: usize) -> Option<Vec<&str>> {
        if carets < 2 {
            return None;
        }
        if self.entries.len() == carets {
            return Some(self.entries.iter().map(String::as_str).collect());
        }
        let [only] = self.entries.as_slice() else {
            return None;
        };
        let rows: Vec<&str> = only
            .strip_suffix('\n')
            .unwrap_or(only)
            .split('\n')
            .collect();
        (rows.len() == carets && !self.whole_rows).then_some(rows)
    }
}

/// What the selections hold; where nothing is selected anywhere, the carets' rows.
pub fn copy(text: &Text, selections: &Selections) -> Clip {
    if selections.iter().any(|selection| !selection.is_empty()) {
        let entries = selections
            .iter()
            .filter(|selection| !selection.is_empty())
            .map(|selection| text.slice(selection.range()).into_owned())
            .collect();
        return Clip {
            entries,
            whole_rows: false,
        };
    }
    let mut rows: Vec<usize> = selections
        .iter()
        .map(|selection| text.row_at(selection.head))
        .collect();
    rows.dedup();
    Clip {
        entries: rows
            .into_iter()
            .map(|row| format!("{}\n", text.line(row)))
            .collect(),
        whole_rows: true,
    }
}

/// Takes out what [`copy`] copies.
pub fn cut(text: &Text, selections: &Selections) -> (Transaction, Clip) {
    let clip = copy(text, selections);
    let transaction = if clip.whole_rows {
        editing::delete_line(text, selections)
    } else {
        Transaction {
            intent: EditIntent::Other,
            ..editing::delete(text, selections, |caret| caret..caret)
        }
    };
    (transaction, clip)
}

/// Puts a clip in the place of every selection: each caret its own piece where the numbers match,
/// else each caret all of it.
pub fn paste(text: &Text, selections: &Selections, clip: &Clip) -> Transaction {
    let pieces = clip.distribute(selections.len());
    let all = clip.text();
    let mut builder = EditBuilder::new(text, selections);
    for (index, selection) in selections.iter().enumerate() {
        let piece = pieces.as_ref().map_or(all.as_str(), |pieces| pieces[index]);
        if clip.whole_rows && selection.is_empty() {
            // The rows go above, and the caret stays where it is in its own row.
            let start = text.line_start(text.row_at(selection.head));
            let before = text.slice(start..selection.head);
            let landing = Landing::Inside(piece.len() + before.len());
            let edit = Edit::new(start..selection.head, format!("{piece}{before}"));
            builder.push(edit, landing);
        } else {
            let landing = Landing::Inside(piece.len());
            builder.push(Edit::new(selection.range(), piece), landing);
        }
    }
    builder.finish(EditIntent::Other)
}

/// Puts text dragged from one selection to `to`: a move, which takes it out of where it was, or a
/// copy. Dropped onto the selection itself, nothing happens.
pub fn drop_selection(text: &Text, dragged: &Selection, to: usize, copy: bool) -> Transaction {
    let selections = Selections::single(*dragged);
    let piece = text.slice(dragged.range()).into_owned();
    let onto_itself = to >= dragged.start() && to <= dragged.end();
    let mut edits = Vec::new();
    if !piece.is_empty() && (copy || !onto_itself) {
        edits.push(Edit::new(to..to, piece.clone()));
        if !copy {
            edits.push(Edit::new(dragged.range(), ""));
            edits.sort_by_key(|edit| edit.range.start);
        }
    }
    let taken_before = if !copy && to > dragged.end() {
        piece.len()
    } else {
        0
    };
    let start = to - taken_before;
    let nothing = edits.is_empty();
    crate::transaction::build(text, &selections, edits, EditIntent::Other, |_| {
        if nothing {
            selections.clone()
        } else {
            Selections::single(Selection::new(start, start + piece.len()))
        }
    })
}
