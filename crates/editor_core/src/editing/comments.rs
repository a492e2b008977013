use std::ops::Range;

use super::ride_along;
use super::rows::{Block, blocks};
use crate::indentation::{indent_range, is_blank};
use crate::syntax_view::Literal;
use crate::transaction::build;
use crate::{
    BlockComment, ChangeSet, Edit, EditIntent, LanguageRules, Selection, Selections, SyntaxView,
    Text, Transaction,
};

/// How far the marks of the comment around a caret are looked for, in bytes each way.
const MAX_SCAN: usize = 64 * 1024;

/// How comments are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommentStyle {
    /// A space goes between the mark and the text (`editor.comments.insertSpace`).
    pub insert_space: bool,
    /// Blank rows are left alone (`editor.comments.ignoreEmptyLines`).
    pub ignore_empty_lines: bool,
}

impl Default for CommentStyle {
    /// As in VS Code.
    fn default() -> Self {
        Self {
            insert_space: true,
            ignore_empty_lines: true,
        }
    }
}

impl CommentStyle {
    fn space(self) -> &'static str {
        if self.insert_space { " " } else { "" }
    }
}

/// Comments the rows that each selection touches, or, where all of them are commented already,
/// takes the comments away. The language is that of the first row; where it has no comments of
/// lines, or the row is markup among code, the rows become one comment between marks. The marks line up at the smallest
/// indentation.
pub fn toggle_line_comment(
    text: &Text,
    selections: &Selections,
    syntax: &dyn SyntaxView,
    style: CommentStyle,
) -> Transaction {
    let mut edits = Vec::new();
    for block in blocks(text, selections, false) {
        let first = indent_range(text, block.first).end;
        let rules = syntax.rules_at(text, first);
        if let Some(marks) = markup_marks(text, first, rules, syntax) {
            toggle_marks(text, rows_content(text, &block), marks, style, &mut edits);
        } else if let Some(prefix) = rules.line_comment {
            toggle_block(text, &block, prefix, style, &mut edits);
        } else if let Some(marks) = rules.block_comment {
            toggle_marks(text, rows_content(text, &block), marks, style, &mut edits);
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        ride_along(text, selections, changes)
    })
}

/// What stands before and behind a line that is commented at a byte, with the blanks that the style
/// wants: the mark of a line comment, or those around a comment where the language has none of lines or
/// the place is markup among code. `None` where there are no comments.
pub fn line_comment_marks(
    text: &Text,
    at: usize,
    syntax: &dyn SyntaxView,
    style: CommentStyle,
) -> Option<(String, String)> {
    let first = indent_range(text, text.row_at(at)).end;
    let rules = syntax.rules_at(text, first);
    let space = style.space();
    let around = |marks: BlockComment| {
        (
            format!("{}{space}", marks.open),
            format!("{space}{}", marks.close),
        )
    };
    match (markup_marks(text, first, rules, syntax), rules.line_comment) {
        (Some(marks), _) => Some(around(marks)),
        (None, Some(prefix)) => Some((format!("{prefix}{space}"), String::new())),
        (None, None) => rules.block_comment.map(around),
    }
}

/// Puts each selection between the marks of a comment, or takes those away that it is in or that it
/// selects. A caret alone gets an empty comment around it. Where such marks go around whole rows alone,
/// as Ruby's do, each of the rows is commented instead, or is not any more.
pub fn toggle_block_comment(
    text: &Text,
    selections: &Selections,
    syntax: &dyn SyntaxView,
    style: CommentStyle,
) -> Transaction {
    let mut edits: Vec<Edit> = Vec::new();
    // How far behind what was put in at a caret the caret goes.
    let mut leads = Vec::with_capacity(selections.len());
    let mut commented: Option<usize> = None;
    for selection in selections.iter() {
        let mut lead = 0;
        let rules = syntax.rules_at(text, selection.start());
        let among_markup = markup_marks(text, selection.start(), rules, syntax);
        let marks = among_markup.or(rules.block_comment);
        if let (Some(marks), Some(prefix)) = (marks, rules.line_comment)
            && marks.of_rows
        {
            let alone = Selections::new(vec![*selection], 0);
            for mut block in blocks(text, &alone, false) {
                // What a selection before it reaches is done already.
                block.first = commented.map_or(block.first, |row| block.first.max(row + 1));
                if block.first <= block.last {
                    commented = Some(block.last);
                    toggle_block(text, &block, prefix, style, &mut edits);
                }
            }
        } else if let Some(marks) = marks {
            let around = comment_around(text, selection, marks, syntax);
            if around.is_none() && selection.is_empty() {
                lead = marks.open.len() + style.space().len();
            }
            let range = around.unwrap_or_else(|| selection.range());
            // Two carets in one comment ask for the same.
            if edits
                .last()
                .is_none_or(|last| last.range.end <= range.start)
            {
                toggle_marks(text, range, marks, style, &mut edits);
            }
        }
        leads.push(lead);
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        between_marks(selections, &leads, changes)
    })
}

/// What encloses a comment at an offset, if markup is there that stands among code.
fn markup_marks(
    text: &Text,
    offset: usize,
    rules: &LanguageRules,
    syntax: &dyn SyntaxView,
) -> Option<BlockComment> {
    rules
        .markup_comment
        .filter(|_| syntax.in_markup(text, offset))
}

/// The carets after a change that puts marks around each or takes them away.
fn between_marks(selections: &Selections, leads: &[usize], changes: &ChangeSet) -> Selections {
    use crate::Bias::{Left, Right};
    let ends = selections.iter().flat_map(|selection| {
        let start = if selection.is_empty() { Left } else { Right };
        [(selection.start(), start), (selection.end(), Left)]
    });
    let mapped = changes.map_sorted(ends);
    let moved = selections
        .iter()
        .zip(mapped.chunks_exact(2))
        .zip(leads)
        .map(|((selection, ends), lead)| {
            let start = ends[0] + lead;
            selection.with_range(start..start.max(ends[1]))
        })
        .collect();
    Selections::new(moved, selections.primary_index())
}

fn toggle_block(
    text: &Text,
    block: &Block,
    prefix: &str,
    style: CommentStyle,
    edits: &mut Vec<Edit>,
) {
    let mut rows: Vec<usize> = block
        .rows()
        .filter(|row| !style.ignore_empty_lines || !is_blank(text, *row))
        .collect();
    if rows.is_empty() {
        rows.push(block.first);
    }
    let indents: Vec<_> = rows.iter().map(|row| indent_range(text, *row)).collect();
    if indents
        .iter()
        .all(|indent| stands_at(text, indent.end, prefix))
    {
        for indent in indents {
            let mut end = indent.end + prefix.len();
            if style.insert_space && stands_at(text, end, " ") {
                end += 1;
            }
            edits.push(Edit::new(indent.end..end, ""));
        }
        return;
    }
    let depth = rows
        .iter()
        .zip(&indents)
        .filter(|(row, _)| rows.len() == 1 || !is_blank(text, **row))
        .map(|(_, indent)| indent.len())
        .min()
        .unwrap_or_default();
    for indent in indents {
        let at = (indent.start + depth).min(indent.end);
        edits.push(Edit::new(at..at, format!("{prefix}{}", style.space())));
    }
}

/// What stands in the rows of a block, without the indentation of the first.
fn rows_content(text: &Text, block: &Block) -> Range<usize> {
    indent_range(text, block.first).end..text.line_end(block.last)
}

/// Takes the marks away that stand at the ends of a range, or puts them there.
fn toggle_marks(
    text: &Text,
    range: Range<usize>,
    marks: BlockComment,
    style: CommentStyle,
    edits: &mut Vec<Edit>,
) {
    let (open, close) = (marks.open.len(), marks.close.len());
    let is_comment = range.len() >= open + close
        && stands_at(text, range.start, marks.open)
        && stands_at(text, range.end - close, marks.close);
    if !is_comment {
        let space = style.space();
        edits.push(Edit::new(
            range.start..range.start,
            format!("{}{space}", marks.open),
        ));
        edits.push(Edit::new(
            range.end..range.end,
            format!("{space}{}", marks.close),
        ));
        return;
    }
    let mut inner = range.start + open..range.end - close;
    if style.insert_space {
        if inner.start < inner.end && stands_at(text, inner.start, " ") {
            inner.start += 1;
        }
        if inner.start < inner.end && stands_at(text, inner.end - 1, " ") {
            inner.end -= 1;
        }
    }
    edits.push(Edit::new(range.start..inner.start, ""));
    edits.push(Edit::new(inner.end..range.end, ""));
}

/// The comment that the selection is in, or that it selects but for white space, with its marks.
fn comment_around(
    text: &Text,
    selection: &Selection,
    marks: BlockComment,
    syntax: &dyn SyntaxView,
) -> Option<Range<usize>> {
    let range = selection.range();
    if syntax.literal_at(text, range.start) == Some(Literal::String)
        && syntax.literal_at(text, range.end) == Some(Literal::String)
    {
        return None;
    }
    let white = |characters: &mut dyn Iterator<Item = char>| -> usize {
        characters
            .take_while(|character| character.is_whitespace())
            .take(MAX_SCAN)
            .map(char::len_utf8)
            .sum()
    };
    let start = range.start + white(&mut text.chars_from(range.start));
    let end = range
        .end
        .saturating_sub(white(&mut text.chars_before(range.end)));
    if start < end
        && end - start >= marks.open.len() + marks.close.len()
        && stands_at(text, start, marks.open)
        && stands_at(text, end.saturating_sub(marks.close.len()), marks.close)
    {
        return Some(start..end);
    }
    let floor = text.floor_char_boundary(range.start.saturating_sub(MAX_SCAN));
    let before = text.slice(floor..range.start);
    let open = before.rfind(marks.open)?;
    // In a string they are no marks. (Those of Python are strings themselves.)
    let inside = floor + open + marks.open.len();
    if marks.open != marks.close && syntax.literal_at(text, inside) == Some(Literal::String) {
        return None;
    }
    if marks.open != marks.close && before[open..].contains(marks.close) {
        return None;
    }
    // Marks that are the same on both sides, as Python's, open at every other place.
    if marks.open == marks.close && before.matches(marks.open).count().is_multiple_of(2) {
        return None;
    }
    let ceiling = text.floor_char_boundary(range.end + MAX_SCAN);
    let after = text.slice(range.end..ceiling);
    let close = after.find(marks.close)?;
    if marks.open != marks.close && after[..close].contains(marks.open) {
        return None;
    }
    Some(floor + open..range.end + close + marks.close.len())
}

fn stands_at(text: &Text, at: usize, wanted: &str) -> bool {
    text.slice(at..at + wanted.len()) == wanted
}
