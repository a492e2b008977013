//! Text with its carets drawn in, the notation of Kiln's editing tests.
//!
//! `ˇ` is a caret; `«` and `»` enclose a selection, with `ˇ` at the end where its caret is:
//! `«abcˇ»` runs forward, `«ˇabc»` backward, `«abc»` forward too. The last selection is the
//! primary one. The three characters cannot occur in a marked text otherwise.

use crate::{Selection, Selections, Text};

/// What is wrong with a marked text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarkedTextError {
    /// `»` without `«`, or `«` inside a selection.
    #[error("the selection mark at byte {0} does not match another")]
    Unbalanced(usize),
    /// No caret and no selection.
    #[error("the marked text has no caret; put ˇ or «» into it")]
    NoCaret,
}

/// Reads a marked text.
///
/// # Errors
/// [`MarkedTextError`] where the marks do not match or there are none.
pub fn parse(marked: &str) -> Result<(Text, Selections), MarkedTextError> {
    let mut text = String::with_capacity(marked.len());
    let mut selections = Vec::new();
    let mut opened: Option<(usize, Option<usize>)> = None;
    for (place, character) in marked.char_indices() {
        let at = text.len();
        match (character, &mut opened) {
            ('«', None) => opened = Some((at, None)),
            ('»', Some((start, head))) => {
                let (start, head) = (*start, *head);
                selections.push(match head {
                    Some(head) if head == start => Selection::new(at, start),
                    _ => Selection::new(start, at),
                });
                opened = None;
            }
            ('«' | '»', _) => return Err(MarkedTextError::Unbalanced(place)),
            ('ˇ', Some((_, head))) => *head = Some(at),
            ('ˇ', None) => selections.push(Selection::caret(at)),
            (character, _) => text.push(character),
        }
    }
    if opened.is_some() {
        return Err(MarkedTextError::Unbalanced(marked.len()));
    }
    if selections.is_empty() {
        return Err(MarkedTextError::NoCaret);
    }
    let primary = selections.len() - 1;
    Ok((Text::new(&text), Selections::new(selections, primary)))
}

/// Draws carets into a text.
pub fn format(text: &Text, selections: &Selections) -> String {
    let mut marked = String::with_capacity(text.len() + 8 * selections.len());
    let mut at = 0;
    for selection in selections.iter() {
        marked.push_str(&text.slice(at..selection.start()));
        let selected = text.slice(selection.range());
        if selection.is_empty() {
            marked.push('ˇ');
        } else if selection.is_reversed() {
            marked.push_str("«ˇ");
            marked.push_str(&selected);
            marked.push('»');
        } else {
            marked.push('«');
            marked.push_str(&selected);
            marked.push_str("ˇ»");
        }
        at = selection.end();
    }
    marked.push_str(&text.slice(at..text.len()));
    marked
}
