//! Copying, cutting and pasting with several carets.

mod placing;

use crate::auto_indent::Indenting;
use crate::editing::with_line_feeds;
use crate::indentation::indent_range;
use crate::transaction::build;
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction, editing};
use placing::Place;

/// What was copied: one entry a caret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clip {
    /// The copied pieces, in the order of the carets, with line feeds.
    pub entries: Vec<String>,
    /// Whether they are whole rows, copied from carets with nothing selected; such a piece is
    /// pasted above the caret's row.
    pub whole_rows: bool,
    /// The indentation of the row that each piece begins in, of which it may have but the end, or
    /// nothing; empty where that is not known.
    pub indents: Vec<String>,
}

/// A longer indentation is not taken down, in bytes.
const MAX_INDENT: usize = 256;

/// Pieces of more than this together, in bytes, are pasted as they were copied.
const MAX_PLACED: usize = 1024 * 1024;

/// With more carets than this, pieces are pasted as they were copied.
const MAX_PLACED_CARETS: usize = 100;

impl Clip {
    /// Text that another program copied.
    pub fn external(text: &str) -> Self {
        Self {
            entries: vec![with_line_feeds(text).into_owned()],
            whole_rows: false,
            indents: Vec::new(),
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
        let selected = || selections.iter().filter(|selection| !selection.is_empty());
        let entries = selected().map(|one| text.slice(one.range()).into_owned());
        let indents = selected().map(|one| {
            let indent = indent_range(text, text.row_at(one.start()));
            let known = indent.len() <= MAX_INDENT;
            known.then(|| text.slice(indent).into_owned())
        });
        return Clip {
            entries: entries.collect(),
            whole_rows: false,
            indents: indents.collect::<Option<_>>().unwrap_or_default(),
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
        indents: Vec::new(),
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
/// else each caret all of it. Whole rows go above the row of a caret, which stays where it is.
pub fn paste(text: &Text, selections: &Selections, clip: &Clip) -> Transaction {
    paste_with(text, selections, clip, None)
}

/// As [`paste`], with the rows of what is pasted moved, as they stand to one another, to where they
/// belong, and indented as the text is: where a piece begins a row, the caret says where; at the
/// beginning of an empty row Enter would have. Rows behind the first of a piece that is pasted into
/// a row move along with it.
///
/// What goes into a string or a comment stays as it was copied, and so do blank rows and the text of
/// strings over several rows. As it was copied is all pasted that is longer than 1 MiB, or for more
/// than 100 carets.
pub fn paste_indented(
    text: &Text,
    selections: &Selections,
    clip: &Clip,
    indenting: &Indenting<'_>,
) -> Transaction {
    paste_with(text, selections, clip, Some(indenting))
}

fn paste_with(
    text: &Text,
    selections: &Selections,
    clip: &Clip,
    indenting: Option<&Indenting<'_>>,
) -> Transaction {
    let pieces = clip.distribute(selections.len());
    let all = clip.text();
    let mut edits = Vec::with_capacity(selections.len());
    let bytes: usize = match &pieces {
        Some(pieces) => pieces.iter().map(|piece| piece.len()).sum(),
        None => all.len().saturating_mul(selections.len()),
    };
    let indenting =
        indenting.filter(|_| bytes <= MAX_PLACED && selections.len() <= MAX_PLACED_CARETS);
    let mut replaced = 0..0;
    let mut floor = 0;
    for (index, selection) in selections.iter().enumerate() {
        let range = if goes_above(clip, selection) {
            let start = text.line_start(text.row_at(selection.head));
            // Rows do not go into what is replaced, from the row before up into this one.
            let start = match replaced.start < start && start < replaced.end {
                true => replaced.end,
                false => start,
            };
            start..start
        } else {
            // One within a row has no row's start in it.
            if text.row_at(selection.start()) < text.row_at(selection.end()) {
                replaced = selection.range();
            }
            selection.range()
        };
        let piece = pieces.as_ref().map_or(all.as_str(), |pieces| pieces[index]);
        let own = pieces.is_some() && clip.entries.len() == selections.len();
        let indent = clip.indents.get(if own { index } else { 0 });
        let placed = indenting.and_then(|indenting| {
            let place = Place {
                text,
                range: &range,
                above: goes_above(clip, selection),
                whole: clip.whole_rows,
                alone: selections.len() == 1,
                indenting,
            };
            let placed = place.take(piece, indent.map(String::as_str))?;
            // Another caret has its piece in the indentation of this row.
            (placed.range.start >= floor).then_some(placed)
        });
        let edit = placed.unwrap_or_else(|| Edit::new(range, piece));
        floor = floor.max(edit.range.end);
        edits.push((index, edit));
    }
    // Rows that go above a caret stand before what is replaced in its row.
    edits.sort_by_key(|(_, edit)| (edit.range.start, edit.range.end));
    let carets = carets_after(selections, clip, &edits);
    let edits = edits.into_iter().map(|(_, edit)| edit).collect();
    build(text, selections, edits, EditIntent::Other, |_| {
        Selections::new(carets, selections.primary_index())
    })
}

/// Whether a piece goes above the row of a selection, and does not replace what it holds.
fn goes_above(clip: &Clip, selection: &Selection) -> bool {
    clip.whole_rows && selection.is_empty()
}

/// Where the carets are after the edits of a paste, which are in order, each with the place of its
/// selection: behind what was pasted, or where they were in their rows.
fn carets_after(selections: &Selections, clip: &Clip, edits: &[(usize, Edit)]) -> Vec<Selection> {
    let mut after: Vec<Selection> = selections.iter().copied().collect();
    let (mut grown, mut shrunk) = (0, 0);
    let mut above = selections
        .iter()
        .enumerate()
        .filter(|(_, selection)| goes_above(clip, selection))
        .peekable();
    for (index, edit) in edits {
        while let Some((caret, selection)) =
            above.next_if(|(_, selection)| selection.head < edit.range.end)
        {
            after[caret] = Selection::caret(selection.head + grown - shrunk);
        }
        grown += edit.text.len();
        if !goes_above(clip, &selections.as_slice()[*index]) {
            after[*index] = Selection::caret(edit.range.start + grown - shrunk);
        }
        shrunk += edit.range.len();
    }
    for (caret, selection) in above {
        after[caret] = Selection::caret(selection.head + grown - shrunk);
    }
    after
}

/// Puts text dragged from one of the selections to `to`: a move, which takes it out of where it was,
/// or a copy. What was dropped is selected then. Dropped onto itself, nothing happens.
pub fn drop_selection(
    text: &Text,
    selections: &Selections,
    dragged: &Selection,
    to: usize,
    copy: bool,
) -> Transaction {
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
    build(text, selections, edits, EditIntent::Other, |_| {
        if nothing {
            selections.clone()
        } else {
            Selections::single(Selection::new(start, start + piece.len()))
        }
    })
}
