use crate::transaction::build;
use crate::{Edit, EditIntent, Selection, Selections, Text, Transaction};

/// What to do about the line feeds at the end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FinalNewline {
    /// A text that does not end with a line feed gets one (`files.insertFinalNewline`); an empty
    /// text does not.
    pub insert: bool,
    /// Of several line feeds at the end one is kept (`files.trimFinalNewlines`).
    pub trim: bool,
}

/// What is put in order before a text is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CleanUp {
    /// White space at the ends of rows goes (`files.trimTrailingWhitespace`).
    pub trim_trailing_whitespace: bool,
    /// What happens at the end of the text.
    pub final_newline: FinalNewline,
}

impl CleanUp {
    /// Whether nothing is to be done, whatever the text.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// Takes the spaces and tabs at the ends of all rows away. The carets keep their places as far as
/// those are still there.
pub fn trim_trailing_whitespace(text: &Text, selections: &Selections) -> Transaction {
    let edits = trailing_whitespace(text, Vec::new());
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}

/// Puts a text in order without moving a caret from its place, nor one of `others`, those of other
/// views: white space and empty rows before a caret stay. Costs O(text); call it off the UI thread
/// for a large one.
pub fn clean_up(
    text: &Text,
    carets: &Selections,
    others: &[Selections],
    wanted: CleanUp,
) -> Transaction {
    let mut edits = Vec::new();
    if wanted.trim_trailing_whitespace {
        let all = others.iter().chain([carets]);
        let mut heads: Vec<usize> = all
            .flat_map(Selections::iter)
            .map(|caret| caret.head)
            .collect();
        heads.sort_unstable();
        edits = trailing_whitespace(text, heads);
    }
    let trimmed = build(text, carets, edits, EditIntent::Other, |changes| {
        carets.map(changes)
    });
    if wanted.final_newline == FinalNewline::default() {
        return trimmed;
    }
    let after = trimmed.changes.apply(text).unwrap_or_default();
    let last = others
        .iter()
        .map(|carets| last_of(&carets.map(&trimmed.changes)))
        .max();
    let end = end_in_order(
        &after,
        &trimmed.selections_after,
        last.unwrap_or(0),
        wanted.final_newline,
    );
    match trimmed.changes.clone().compose(end.changes) {
        Ok(changes) => Transaction {
            changes,
            selections_after: end.selections_after,
            ..trimmed
        },
        // Each starts from what the other leads to.
        Err(_) => trimmed,
    }
}

/// The white space at the ends of rows, behind the carets that are in it, which are in order.
fn trailing_whitespace(text: &Text, carets: Vec<usize>) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut carets = carets.into_iter().peekable();
    let mut trim = |start: usize, end: usize| {
        while carets.next_if(|caret| *caret < start).is_some() {}
        let mut start = start;
        while let Some(caret) = carets.next_if(|caret| *caret <= end) {
            start = caret;
        }
        if start < end {
            edits.push(Edit::new(start..end, ""));
        }
    };
    // The white space that may turn out to be at a row's end.
    let mut white = 0;
    let mut at = 0;
    for chunk in text.chunks(0..text.len()) {
        for byte in chunk.bytes() {
            match byte {
                b' ' | b'\t' => white += 1,
                b'\n' if white > 0 => {
                    trim(at - white, at);
                    white = 0;
                }
                _ => white = 0,
            }
            at += 1;
        }
    }
    if white > 0 {
        trim(at - white, at);
    }
    edits
}

fn last_of(carets: &Selections) -> usize {
    carets.iter().map(Selection::end).max().unwrap_or(0)
}

/// Puts the end of a text in order. Empty rows before a caret stay, and so does what is before
/// `kept`.
fn end_in_order(
    text: &Text,
    selections: &Selections,
    kept: usize,
    wanted: FinalNewline,
) -> Transaction {
    let mut edits = Vec::new();
    let len = text.len();
    let feeds = text
        .chars_before(len)
        .take_while(|character| *character == '\n')
        .count();
    if wanted.insert && feeds == 0 && len > 0 {
        edits.push(Edit::new(len..len, "\n"));
    } else if wanted.trim {
        let one = usize::from(feeds < len);
        let last = last_of(selections).max(kept);
        let start = (len - feeds + one).max(last).min(len);
        if start < len {
            edits.push(Edit::new(start..len, ""));
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}
