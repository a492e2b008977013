use crate::transaction::build;
use crate::{Edit, EditIntent, Selections, Text, Transaction};

/// What to do about the line feeds at the end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FinalNewline {
    /// A text that does not end with a line feed gets one (`files.insertFinalNewline`); an empty
    /// text does not.
    pub insert: bool,
    /// Of several line feeds at the end one is kept (`files.trimFinalNewlines`).
    pub trim: bool,
}

/// Takes the spaces and tabs at the ends of all rows away. The carets keep their places as far as
/// those are still there.
pub fn trim_trailing_whitespace(text: &Text, selections: &Selections) -> Transaction {
    let mut edits = Vec::new();
    // The white space that may turn out to be at a row's end.
    let mut white = 0;
    let mut at = 0;
    for chunk in text.chunks(0..text.len()) {
        for byte in chunk.bytes() {
            match byte {
                b' ' | b'\t' => white += 1,
                b'\n' if white > 0 => {
                    edits.push(Edit::new(at - white..at, ""));
                    white = 0;
                }
                _ => white = 0,
            }
            at += 1;
        }
    }
    if white > 0 {
        edits.push(Edit::new(at - white..at, ""));
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}

/// Puts the end of a text in order.
pub fn final_newline(text: &Text, selections: &Selections, wanted: FinalNewline) -> Transaction {
    let mut edits = Vec::new();
    let len = text.len();
    let feeds = text
        .chars_before(len)
        .take_while(|character| *character == '\n')
        .count();
    if wanted.insert && feeds == 0 && len > 0 {
        edits.push(Edit::new(len..len, "\n"));
    } else if wanted.trim && feeds > 1 {
        edits.push(Edit::new(len - feeds + 1..len, ""));
    } else if wanted.trim && feeds == 1 && len == 1 {
        edits.push(Edit::new(0..1, ""));
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        selections.map(changes)
    })
}
