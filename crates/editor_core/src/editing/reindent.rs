use std::ops::RangeInclusive;

use super::ride_along;
use super::rows::blocks;
use crate::auto_indent::columns;
use crate::block_words::first_word;
use crate::brackets::unmatched_before;
use crate::indentation::{indent_range, is_blank};
use crate::syntax_view::Literal;
use crate::transaction::build;
use crate::{
    Edit, EditIntent, IndentStyle, LabelPlace, LanguageRules, Selections, SyntaxView, Text,
    Transaction,
};

/// What a line begins with that goes on with the one before.
const GOES_ON: &[&str] = &[".", "?.", "&&", "||", "? ", ": ", "+ "];

/// What a line ends with that goes on in the next.
pub(crate) const TO_BE_CONTINUED: &[&str] = &["=", "&&", "||", " +", "=>", "->", " ?"];

/// Rows longer than this are taken to open and close nothing.
const MAX_ROW: usize = 64 * 1024;

/// Indents the rows that the selections touch, or all rows with `whole`, by their brackets.
///
/// Strings keep what is theirs, comments move with their first row, and text whose indentation
/// means something, such as Python, stays as it is. Costs O(rows); call it off the UI thread for a
/// whole document.
pub fn reindent(
    text: &Text,
    selections: &Selections,
    whole: bool,
    syntax: &dyn SyntaxView,
    style: &IndentStyle,
) -> Transaction {
    let mut edits = Vec::new();
    if whole {
        reindent_rows(text, 0..=text.line_count() - 1, syntax, *style, &mut edits);
    } else {
        for block in blocks(text, selections, true) {
            reindent_rows(text, block.rows(), syntax, *style, &mut edits);
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        ride_along(text, selections, changes)
    })
}

/// Writes the indentation of all rows in one style, tabs standing for as many columns as before.
/// Costs O(rows).
pub fn convert_indentation(
    text: &Text,
    selections: &Selections,
    style: &IndentStyle,
) -> Transaction {
    let mut edits = Vec::new();
    for row in 0..text.line_count() {
        let range = indent_range(text, row);
        if range.is_empty() {
            continue;
        }
        let white = text.slice(range.clone());
        let wanted = style.indentation(columns(&white, *style));
        if white != wanted {
            edits.push(Edit::new(range, wanted));
        }
    }
    build(text, selections, edits, EditIntent::Other, |changes| {
        ride_along(text, selections, changes)
    })
}

/// Something in brackets that is open.
#[derive(Clone, Copy)]
struct Frame {
    /// Columns of the row that its bracket is in.
    base: u32,
    /// Columns of what is in it.
    inner: u32,
    /// A label was seen in it.
    labelled: bool,
    /// How far the element between tags was moved that began in it.
    markup: Option<i64>,
}

/// What the rows so far have left.
struct Walk {
    frames: Vec<Frame>,
    /// The bracket of the outermost of them that was open before the rows. What is open around that is
    /// looked for once it is closed.
    outermost: Option<usize>,
    /// How far the last row was moved.
    moved: i64,
    /// The end of the last row of code.
    last: String,
}

fn reindent_rows(
    text: &Text,
    rows: RangeInclusive<usize>,
    syntax: &dyn SyntaxView,
    style: IndentStyle,
    edits: &mut Vec<Edit>,
) {
    let first = text.line_start(*rows.start());
    let span = first..text.line_end(*rows.end());
    let rules = syntax.rules_at(text, indent_range(text, *rows.start()).end);
    if rules.indent.significant {
        return;
    }
    let literals = syntax.literals(text, span);
    let around = frame_around(text, first, syntax, style);
    let mut walk = Walk {
        frames: around.iter().map(|(_, frame)| *frame).collect(),
        outermost: around.map(|(opener, _)| opener),
        moved: 0,
        last: String::new(),
    };
    let mut literal = 0;
    for row in rows {
        let indent = indent_range(text, row);
        let (start, end) = (indent.end, text.line_end(row));
        let white = text.slice(indent.clone());
        let before = columns(&white, style);
        while literals
            .get(literal)
            .is_some_and(|one| one.end <= indent.start)
        {
            literal += 1;
        }
        let inside = literals
            .get(literal)
            .is_some_and(|one| one.start < indent.start && indent.start < one.end);
        let wanted = if inside {
            match syntax.literal_at(text, indent.start.max(1)) {
                Some(Literal::Comment) => Some(moved_by(before, walk.moved)),
                _ => None,
            }
        } else if is_blank(text, row) {
            Some(0)
        } else {
            let line = text.slice(start..end.min(start + MAX_ROW));
            let closers = line.chars().take_while(|c| matches!(c, ')' | ']' | '}'));
            walk.surround(closers.count().max(1), text, syntax, style);
            Some(walk.indentation(&line, text, row, before, rules, style))
        };
        if let Some(wanted) = wanted {
            if !inside && start < end {
                walk.moved = i64::from(wanted) - i64::from(before);
            }
            let wanted = style.indentation(wanted);
            if white != wanted {
                edits.push(Edit::new(indent.clone(), wanted));
            }
        }
        if end - start <= MAX_ROW {
            let here = wanted.unwrap_or(before);
            walk.take_row(text, start, end, here, &literals[literal..], syntax, style);
        }
    }
}

fn moved_by(columns: u32, by: i64) -> u32 {
    u32::try_from((i64::from(columns) + by).max(0)).unwrap_or(columns)
}

/// What is open before an offset, with the indentation that is there.
fn frame_around(
    text: &Text,
    offset: usize,
    syntax: &dyn SyntaxView,
    style: IndentStyle,
) -> Option<(usize, Frame)> {
    let openers = syntax
        .brackets()
        .iter()
        .filter_map(|pair| unmatched_before(text, offset, *pair, syntax));
    let opener = openers.max()?;
    let base = columns(&text.slice(indent_range(text, text.row_at(opener))), style);
    let mut frame = Frame::opened(base, style);
    // A selection that begins after a label is in it.
    let mut row = text.row_at(offset);
    while row > text.row_at(opener) + 1 {
        row -= 1;
        let at = columns(&text.slice(indent_range(text, row)), style);
        if !is_blank(text, row) && at <= frame.inner {
            let rules = syntax.rules_at(text, indent_range(text, row).end);
            frame.labelled = rules
                .indent
                .labels
                .contains(&first_word(text, row).as_str());
            break;
        }
    }
    Some((opener, frame))
}

impl Frame {
    fn opened(base: u32, style: IndentStyle) -> Self {
        Self {
            base,
            inner: base + style.stop(),
            labelled: false,
            markup: None,
        }
    }
}

impl Walk {
    /// Finds what is open around the rows until so many brackets are known, or all.
    fn surround(&mut self, count: usize, text: &Text, syntax: &dyn SyntaxView, style: IndentStyle) {
        while self.frames.len() < count
            && let Some(opener) = self.outermost
        {
            let around = frame_around(text, opener, syntax, style);
            self.outermost = around.map(|(opener, _)| opener);
            if let Some((_, frame)) = around {
                self.frames.insert(0, frame);
            }
        }
    }

    /// The columns that a row of code should have.
    fn indentation(
        &mut self,
        line: &str,
        text: &Text,
        row: usize,
        before: u32,
        rules: &LanguageRules,
        style: IndentStyle,
    ) -> u32 {
        let closers = line
            .chars()
            .take_while(|character| matches!(character, ')' | ']' | '}'))
            .count();
        if let Some(closed) = closers.checked_sub(1)
            && let Some(index) = self.frames.len().checked_sub(1 + closed)
        {
            return self.frames[index].base;
        }
        let is_markup = rules.indent.markup && (line.starts_with('<') || self.after_tag());
        let goes_on = GOES_ON.iter().any(|start| line.starts_with(start))
            || TO_BE_CONTINUED.iter().any(|end| self.last.ends_with(end));
        let word = first_word(text, row);
        let ends = line.trim_end().ends_with([':', '{']);
        let label = ends && rules.indent.labels.contains(&word.as_str());
        let outside = ends && rules.indent.outside_labels.contains(&word.as_str());
        let Some(frame) = self.frames.last_mut() else {
            return if goes_on { style.stop() } else { 0 };
        };
        if let Some(by) = frame.markup {
            return moved_by(before, by);
        }
        let inner = match (frame.labelled, rules.indent.label_place) {
            _ if outside => frame.base,
            _ if label && rules.indent.label_place == LabelPlace::Outside => frame.base,
            (true, LabelPlace::Inside) if !label => frame.inner + style.stop(),
            _ => frame.inner,
        };
        frame.labelled |= label;
        let wanted = if goes_on { inner + style.stop() } else { inner };
        if is_markup {
            frame.markup = Some(i64::from(wanted) - i64::from(before));
        }
        wanted
    }

    /// Whether the last row ended with a tag.
    fn after_tag(&self) -> bool {
        self.last.ends_with('>') && !self.last.ends_with("=>")
    }

    /// Follows the brackets of a row that is indented by so many columns now.
    #[expect(
        clippy::too_many_arguments,
        reason = "one row, as it is and as it will be"
    )]
    fn take_row(
        &mut self,
        text: &Text,
        start: usize,
        end: usize,
        columns: u32,
        literals: &[std::ops::Range<usize>],
        syntax: &dyn SyntaxView,
        style: IndentStyle,
    ) {
        let pairs = syntax.brackets();
        let mut literals = literals.iter().peekable();
        let mut at = start;
        let mut last_code = None;
        // What is opened behind the end of something from above belongs to where that began.
        let mut base = columns;
        let mut opened_here = 0_usize;
        for character in text.slice(start..end).chars() {
            let here = at;
            at += character.len_utf8();
            while literals.peek().is_some_and(|literal| literal.end <= here) {
                literals.next();
            }
            if literals
                .peek()
                .is_some_and(|literal| literal.contains(&here))
            {
                continue;
            }
            if !character.is_whitespace() {
                last_code = Some(at);
            }
            if pairs.iter().any(|pair| pair.open == character) {
                self.frames.push(Frame::opened(base, style));
                opened_here += 1;
            } else if pairs.iter().any(|pair| pair.close == character) {
                self.surround(1, text, syntax, style);
                let closed = self.frames.pop();
                match opened_here.checked_sub(1) {
                    Some(fewer) => opened_here = fewer,
                    None => base = closed.map_or(base, |frame| frame.base),
                }
            }
        }
        if let Some(last) = last_code {
            const SEEN: usize = 4;
            let from = text
                .floor_char_boundary(last.saturating_sub(SEEN))
                .max(start);
            self.last = text.slice(from..last).into_owned();
        }
    }
}
