//! Indentation of new lines, by what the user wants and the language says.

use std::borrow::Cow;
use std::ops::Range;

use crate::auto_pair::Pair;
use crate::block_words::{
    MAX_ROWS_UP, ends_block, first_word, opens_block, opens_with_head, settled_by_words,
};
use crate::brackets::unmatched_before;
use crate::indentation::{indent_before, indent_range, is_blank};
use crate::list_items::{item_beside, keys_of_item};
use crate::method_chain::{
    chain_indent, ended_part, ends_with_row, goes_on_once, statement_above, statement_ended_by_row,
};
use crate::statement_head::{awaits_statement, brace_indent, ends_lambda_head, row_of_statement};
use crate::syntax_view::{Literal, for_many_carets};
use crate::tags;
use crate::transaction::{EditBuilder, Landing, build};
use crate::word::{CharClass, run_end, run_start};
use crate::{
    BlockComment, Edit, EditIntent, EnterIndent, IndentPatterns, IndentRules, IndentStyle,
    IndentedPart, LanguageRules, LinePatterns, PlainSyntax, Selections, SyntaxView, Text,
    Transaction,
};

/// How much is done about the indentation of what is typed (VS Code's `editor.autoIndent`). Each
/// level does what those before it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AutoIndent {
    /// A new line begins at its start.
    None,
    /// A new line begins where the one before does.
    Keep,
    /// One level deeper after an opening bracket; a closing one goes back to its opener's line.
    Brackets,
    /// Comments go on, and the language says what opens and ends blocks.
    Advanced,
    /// Brackets that are open anywhere in the line count, and words such as `else` go back to
    /// where they belong.
    Full,
}

/// What indenting looks at beside the text.
#[derive(Clone, Copy)]
pub struct Indenting<'a> {
    /// How much is done.
    pub level: AutoIndent,
    /// What a level is.
    pub style: IndentStyle,
    /// Whether a line of nothing but white space is left empty
    /// ([`editor.trimAutoWhitespace`](crate::AutoWhitespace)).
    pub trims: bool,
    /// What the text is.
    pub syntax: &'a dyn SyntaxView,
}

impl<'a> Indenting<'a> {
    /// With another view of the syntax, if there is one.
    fn asking(&self, many: Option<&'a PlainSyntax>) -> Self {
        let syntax = match many {
            Some(plain) => plain as &dyn SyntaxView,
            None => self.syntax,
        };
        Self { syntax, ..*self }
    }
}

/// Rows longer than this are looked at by their last part alone.
const MAX_ROW: usize = 4096;

/// Breaks the line at every caret and indents the new one. Between two brackets the closing one
/// goes to a line of its own.
pub fn insert_newline(
    text: &Text,
    selections: &Selections,
    indenting: &Indenting<'_>,
) -> Transaction {
    let many = for_many_carets(indenting.syntax, text, selections);
    let indenting = &indenting.asking(many.as_ref());
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let (edit, caret) = newline(text, selection.range(), indenting);
        builder.push(edit, Landing::Inside(caret));
    }
    builder.finish(EditIntent::Typing)
}

/// Opens an empty, indented line below every caret's and goes there.
pub fn insert_line_below(
    text: &Text,
    selections: &Selections,
    indenting: &Indenting<'_>,
) -> Transaction {
    let many = for_many_carets(indenting.syntax, text, selections);
    let indenting = &indenting.asking(many.as_ref());
    let mut builder = EditBuilder::new(text, selections);
    for selection in selections.iter() {
        let end = text.line_end(text.row_at(selection.head));
        let (edit, caret) = newline(text, end..end, indenting);
        let inserted = edit.text[..caret].to_owned();
        builder.push(Edit::new(end..end, inserted), Landing::Inside(caret));
    }
    builder.finish(EditIntent::Typing)
}

/// Whether the end tag right behind a limit is that of an element that the row opens in code. A tree
/// from when a string of that tag had no end yet takes both for a part of it.
fn in_element(
    text: &Text,
    row: usize,
    limit: usize,
    rules: &LanguageRules,
    indenting: &Indenting<'_>,
) -> bool {
    tags::end_behind(text, row, limit, rules.indent.tags, indenting.syntax).is_some()
}

/// The edit that breaks a line in the place of a range, and where in it the caret goes.
fn newline(text: &Text, range: Range<usize>, indenting: &Indenting<'_>) -> (Edit, usize) {
    let mut range = range;
    let row = text.row_at(range.start);
    let kept = indent_before(text, row, range.start);
    if indenting.level == AutoIndent::None {
        return (Edit::new(range, "\n"), 1);
    }
    let mut inserted = String::from("\n");
    let mut caret = None;
    let literal = indenting.syntax.literal_at(text, range.start);
    let rules = indenting.syntax.rules_at(text, range.start);
    let entered = (indenting.level >= AutoIndent::Advanced)
        .then(|| entered(text, &range, &rules.indent, indenting.style))
        .flatten();
    let comment = (entered.is_none() && indenting.level >= AutoIndent::Advanced)
        .then(|| continued_comment(text, row, &range, literal, rules, indenting.syntax))
        .flatten();
    if let Some(entered) = entered {
        inserted.push_str(&entered.line);
        caret = Some(inserted.len());
        if let Some(below) = entered.below {
            inserted.push('\n');
            inserted.push_str(&below);
            range.end = run_end(text, range.end, CharClass::Space);
        }
    } else if let Some(comment) = comment {
        // The space before the last mark of a comment is not the next line's.
        let indent = &kept[..kept.len() - comment.less.min(kept.len())];
        inserted.push_str(indent);
        inserted.push_str(comment.mark);
        caret = Some(inserted.len());
        if comment.close_below {
            inserted.push('\n');
            inserted.push_str(indent);
            inserted.push(' ');
            range.end = run_end(text, range.end, CharClass::Space);
        }
    } else if indenting.level == AutoIndent::Keep
        || (literal.is_some() && !in_element(text, row, range.start, rules, indenting))
    {
        inserted.push_str(&kept);
    } else {
        let Following { mut indent, opened } =
            indent_after(text, row, range.start, rules, indenting);
        if opened.is_none() && closes_block(text, &range, rules, indenting) {
            indent = shallower(&indent, indenting.style);
        }
        inserted.push_str(&indent);
        caret = Some(inserted.len());
        let next = run_end(text, range.end, CharClass::Space);
        let closed = opened.filter(|(opened, _)| match opened {
            Opened::Bracket(pair) => text.char_at(next) == Some(pair.close),
            Opened::Part(closed_at) => next == *closed_at,
        });
        if let Some((_, base)) = closed {
            inserted.push('\n');
            inserted.push_str(&base);
            range.end = next;
        }
    }
    let caret = caret.unwrap_or(inserted.len());
    // A line of nothing but indentation is not left behind with trailing spaces.
    let start = text.line_start(row);
    let is_left_blank = || {
        let behind = text.slice(range.end..text.line_end(row).min(range.end + MAX_ROW));
        // The marks that a string of several rows was closed with as it was opened.
        let are_marks = literal.is_some()
            && ["\"\"\"", "'''"]
                .iter()
                .any(|mark| behind.starts_with(mark));
        behind.is_empty() || are_marks
    };
    if indenting.trims && start + kept.len() == range.start && is_left_blank() {
        range.start = start;
    }
    (Edit::new(range, inserted), caret)
}

/// What Enter makes by a rule of the language.
struct Entered {
    /// What the new line begins with.
    line: String,
    /// What another line below it begins with, to which goes what stands behind the caret.
    below: Option<String>,
}

/// What the first rule of the language that fits makes of a line that is broken in the place of a
/// range (VS Code's `onEnterRules`). None of a line that is too long to be looked at.
fn entered(
    text: &Text,
    range: &Range<usize>,
    rules: &IndentRules,
    style: IndentStyle,
) -> Option<Entered> {
    let IndentPatterns(patterns) = rules.patterns?;
    let row = text.row_at(range.start);
    let start = text.line_start(row);
    let end = text.line_end(text.row_at(range.end));
    if range.start - start > MAX_ROW || end - range.end > MAX_ROW {
        return None;
    }
    let above = match row.checked_sub(1) {
        Some(above) => line_to(text, above, text.line_end(above)),
        None => Cow::Borrowed(""),
    };
    let before = text.slice(start..range.start);
    let after = text.slice(range.end..end);
    let action = patterns.on_enter(&above, &before, &after)?;
    let mut kept = indent_before(text, row, range.start).into_owned();
    kept.truncate(kept.len().saturating_sub(action.remove));
    let indent = match action.indent {
        EnterIndent::Same => kept.clone(),
        EnterIndent::Deeper => deeper(&kept, style),
        EnterIndent::Shallower => shallower(&kept, style),
        EnterIndent::Split if action.append.is_empty() => deeper(&kept, style),
        EnterIndent::Split => kept.clone(),
    };
    Some(Entered {
        line: indent + action.append,
        below: (action.indent == EnterIndent::Split).then_some(kept),
    })
}

/// How a comment goes on in the next line.
struct Continued {
    /// What the line begins with after its indentation.
    mark: &'static str,
    /// Bytes less of indentation than the line before.
    less: usize,
    /// The end of the comment goes to a line below.
    close_below: bool,
}

fn continued_comment(
    text: &Text,
    row: usize,
    range: &Range<usize>,
    literal: Option<Literal>,
    rules: &LanguageRules,
    syntax: &dyn SyntaxView,
) -> Option<Continued> {
    let start = indent_range(text, row).end;
    let before = text.slice(start..range.start.max(start).min(start + MAX_ROW));
    let goes_on = |mark| Continued {
        mark,
        less: 0,
        close_below: false,
    };
    for mark in rules.indent.continued_comments {
        // Four slashes are no documentation.
        let longer = mark.chars().last();
        if let Some(rest) = before.strip_prefix(mark)
            && rest.chars().next() != longer
        {
            return Some(goes_on(with_space(mark)));
        }
    }
    if let Some(mark) = rules.line_comment
        && rules.indent.splits_comments
        && literal != Some(Literal::String)
        && in_line_comment(text, start, &before, mark, literal, syntax)
    {
        let end = text.line_end(row);
        let rest = text.slice(range.end..end.min(range.end + MAX_ROW));
        return (!rest.trim().is_empty()).then(|| goes_on(with_space(mark)));
    }
    let marks = rules.block_comment.filter(|marks| marks.open == "/*")?;
    if before.starts_with("/**") && !before.contains(marks.close) {
        let rest = run_end(text, range.end, CharClass::Space);
        return Some(Continued {
            mark: " * ",
            less: 0,
            close_below: text.slice(rest..rest + marks.close.len()) == marks.close,
        });
    }
    if before.trim_end() == marks.close && indent_range(text, row).len() % 2 == 1 {
        return Some(Continued {
            mark: "",
            less: 1,
            close_below: false,
        });
    }
    let starred = before == "*" || before.starts_with("* ");
    let goes = starred
        && !before.contains(marks.close)
        && (literal == Some(Literal::Comment) || in_open_comment(text, row, marks));
    goes.then(|| goes_on("* "))
}

/// Whether the rows above one, each with a star, go back to the beginning of a comment without its
/// end: one that has none yet is no comment in the tree.
fn in_open_comment(text: &Text, row: usize, marks: BlockComment) -> bool {
    for above in (row.saturating_sub(MAX_ROWS_UP)..row).rev() {
        let start = indent_range(text, above).end;
        let line = line_to(text, above, text.line_end(above));
        let line = line.trim_start();
        let begins = line.starts_with(marks.open);
        let is_part = begins || text.char_at(start) == Some('*');
        if !is_part || line.contains(marks.close) {
            return false;
        }
        if begins {
            return true;
        }
    }
    false
}

/// Whether a line comment begins in what stands before a caret, which begins at a byte of the text.
fn in_line_comment(
    text: &Text,
    start: usize,
    before: &str,
    mark: &str,
    literal: Option<Literal>,
    syntax: &dyn SyntaxView,
) -> bool {
    if before.starts_with(mark) {
        return true;
    }
    // Behind code, only the parse tells a comment from what looks like one in a string or another
    // comment.
    literal == Some(Literal::Comment)
        && before
            .match_indices(mark)
            .any(|(at, _)| syntax.literal_at(text, start + at).is_none())
}

/// The mark of a comment and a space.
fn with_space(mark: &'static str) -> &'static str {
    match mark {
        "///" => "/// ",
        "//!" => "//! ",
        "//" => "// ",
        other => other,
    }
}

/// What goes on behind a limit, and whose end goes to a line of its own.
#[derive(Clone, Copy)]
enum Opened {
    /// A bracket right before the limit.
    Bracket(Pair),
    /// A part of the syntax; where its end begins.
    Part(usize),
}

/// Where a line stands.
pub(crate) struct Following {
    pub(crate) indent: String,
    /// What is opened right before it, and the indentation of the line with the end of that.
    opened: Option<(Opened, String)>,
}

impl Following {
    fn at(indent: String) -> Self {
        Self {
            indent,
            opened: None,
        }
    }
}

/// Where a line stands after what is in a row up to a limit.
pub(crate) fn indent_after(
    text: &Text,
    row: usize,
    limit: usize,
    rules: &LanguageRules,
    indenting: &Indenting<'_>,
) -> Following {
    let style = indenting.style;
    let kept = indent_before(text, row, limit).into_owned();
    let last = last_code(text, row, limit, indenting.syntax);
    let before = last.and_then(|end| text.char_before(end));
    let opened = indenting
        .syntax
        .brackets()
        .iter()
        .find(|pair| Some(pair.open) == before)
        .copied();
    if let (Some(pair), Some(end)) = (opened, last) {
        let base = match indenting.level {
            AutoIndent::Full => statement_indent(text, row, end, indenting.syntax),
            _ => kept,
        };
        return Following {
            indent: deeper(&base, style),
            opened: Some((Opened::Bracket(pair), base)),
        };
    }
    if indenting.level < AutoIndent::Advanced {
        return Following::at(kept);
    }
    let open = match (indenting.level, last) {
        (AutoIndent::Full, Some(end)) => open_brackets(text, row, end, indenting.syntax),
        _ => Open::default(),
    };
    let parts = match indenting.level {
        AutoIndent::Full => parts_of_row(text, row, limit, indenting.syntax),
        _ => Vec::new(),
    };
    let ends_block_here = last.is_some_and(|end| ends_block(text, row, end, &rules.indent));
    // Behind the end of a statement of several lines the next begins where that did. Where one types
    // faster than the text is parsed, the tree does not have that statement yet, and its lines tell.
    let ends_statement = before == Some(';') && !ends_block_here;
    let ended = (ends_statement && indenting.level == AutoIndent::Full)
        .then(|| {
            ended_part(text, row, last, &parts, indenting.syntax)
                .or_else(|| statement_above(text, row, last?, &rules.indent, indenting))
        })
        .flatten();
    let base = match (ended, open.closed_above) {
        (Some(indent), _) => indent,
        (None, Some((closer, pair))) => unmatched_before(text, closer, pair, indenting.syntax)
            .map(|opener| statement_indent(text, text.row_at(opener), opener, indenting.syntax))
            .unwrap_or(kept),
        (None, None) => last
            .and_then(|end| keys_of_item(text, row, end, &rules.indent))
            .unwrap_or(kept),
    };
    let row_start = text.line_start(row);
    let ends_row = last.is_some_and(|end| ends_with_row(text, row, end, &rules.indent, indenting));
    let broken: Vec<&IndentedPart> = parts
        .iter()
        .filter(|part| {
            let inner_end = part.closed_at.unwrap_or(part.whole.end - 1);
            // A part that was edited since it was parsed may have its end by now.
            let may_have_ended = ends_statement || ends_row;
            let has_ended = may_have_ended && part.is_edited && part.closed_at.is_none();
            (row_start..limit).contains(&part.whole.start) && limit <= inner_end && !has_ended
        })
        .collect();
    let follows = rules.indent.statement_follows;
    let opens = open.unclosed
        || last.is_some_and(|end| awaits_statement(text, row, end, follows, indenting.syntax))
        || last.is_some_and(|end| goes_on_once(text, row, end, &rules.indent, indenting))
        || tags::opens_element(text, row, limit, rules.indent.tags, indenting.syntax)
        || opens_block(text, row, last, &rules.indent, indenting)
        || open
            .closed_above
            .zip(last)
            .is_some_and(|((closer, _), end)| {
                let first = statement_row(text, row, end, indenting.syntax);
                closer + 1 == end && opens_with_head(text, first, &rules.indent, indenting.syntax)
            })
        || (rules.indent.patterns)
            .is_some_and(|IndentPatterns(of)| of.opens(&line_to(text, row, limit)));
    if opens || !broken.is_empty() {
        // The innermost comes last. A tag that has just been typed is in no tree yet, or in one of a
        // text that did not follow the grammar: where its end stands right there, that is the end.
        let of_parts = || broken.iter().rev().find_map(|part| part.closed_at);
        let of_tags = || tags::end_behind(text, row, limit, rules.indent.tags, indenting.syntax);
        let closed_at = match open.unclosed {
            true => of_parts().or_else(of_tags),
            false => of_tags().or_else(of_parts),
        };
        let opened = match closed_at {
            Some(end) => Some(Opened::Part(end)),
            None => last
                .filter(|end| ends_lambda_head(text, *end))
                .and(open.innermost.filter(|pair| pair.open == '{'))
                .map(Opened::Bracket),
        };
        return Following {
            indent: deeper(&base, style),
            opened: opened.map(|opened| (opened, base)),
        };
    }
    let word = first_word(text, row);
    let ends = !open.in_bracket && rules.indent.ends_after_words.contains(&word.as_str());
    if ends || ends_block_here {
        return Following::at(shallower(&base, style));
    }
    let statement = last.filter(|_| !open.in_bracket);
    if statement.is_some()
        && let Some(above) = row_of_statement(text, row, follows, indenting.syntax)
    {
        return Following::at(text.slice(indent_range(text, above)).into_owned());
    }
    let ended = last
        .filter(|_| indenting.level == AutoIndent::Full)
        .and_then(|end| statement_ended_by_row(text, row, end, &rules.indent, indenting));
    Following::at(ended.unwrap_or(base))
}

/// The indentation of the row in which that begins, by its brackets, which stands in a row up to a
/// limit: of the first row of the parameters, for the last.
pub(crate) fn statement_indent(
    text: &Text,
    row: usize,
    limit: usize,
    syntax: &dyn SyntaxView,
) -> String {
    let row = statement_row(text, row, limit, syntax);
    text.slice(indent_range(text, row)).into_owned()
}

/// The row in which that begins, by its brackets, which stands in a row up to a limit.
pub(crate) fn statement_row(
    text: &Text,
    row: usize,
    limit: usize,
    syntax: &dyn SyntaxView,
) -> usize {
    /// Brackets behind brackets that are gone back over.
    const MAX_STEPS: usize = 8;
    let (mut row, mut limit) = (row, limit);
    for _ in 0..MAX_STEPS {
        let open = open_brackets(text, row, limit, syntax);
        let above = open
            .closed_above
            .and_then(|(closer, pair)| unmatched_before(text, closer, pair, syntax));
        let Some(opener) = above else { break };
        (row, limit) = (text.row_at(opener), opener);
    }
    row
}

/// Whether the code of a row up to a limit leaves a bracket open.
pub(crate) fn leaves_open(text: &Text, row: usize, limit: usize, syntax: &dyn SyntaxView) -> bool {
    open_brackets(text, row, limit, syntax).unclosed
}

/// Whether the patterns of the language say that what stands behind a range in its row closes a
/// block.
fn closes_block(
    text: &Text,
    range: &Range<usize>,
    rules: &LanguageRules,
    indenting: &Indenting<'_>,
) -> bool {
    let Some(IndentPatterns(patterns)) = rules.indent.patterns else {
        return false;
    };
    let end = text.line_end(text.row_at(range.end));
    let rest = text.slice(range.end..end.min(range.end + MAX_ROW));
    indenting.level >= AutoIndent::Advanced && !rest.trim().is_empty() && patterns.closes(&rest)
}

/// What stands in a row up to a limit; nothing of a row that is too long to be looked at.
fn line_to(text: &Text, row: usize, limit: usize) -> Cow<'_, str> {
    let start = text.line_start(row);
    if limit.saturating_sub(start) > MAX_ROW {
        return Cow::Borrowed("");
    }
    text.slice(start..limit)
}

/// The parts of the syntax that reach into a row up to a limit; none of a row that is too long to be
/// looked at.
fn parts_of_row(
    text: &Text,
    row: usize,
    limit: usize,
    syntax: &dyn SyntaxView,
) -> Vec<IndentedPart> {
    let start = text.line_start(row);
    match limit - start <= MAX_ROW {
        true => syntax.indented(text, start..limit),
        false => Vec::new(),
    }
}

/// The end of the last code of a row up to a limit: before white space and a comment.
pub(crate) fn last_code(
    text: &Text,
    row: usize,
    limit: usize,
    syntax: &dyn SyntaxView,
) -> Option<usize> {
    let start = text.line_start(row).max(limit.saturating_sub(MAX_ROW));
    let mut end = run_start(text, limit, CharClass::Space).max(start);
    while syntax.literal_at(text, end) == Some(Literal::Comment) {
        let comment = syntax
            .literals(text, start..end)
            .into_iter()
            .rfind(|literal| literal.end >= end)?;
        if comment.start < start {
            return None;
        }
        end = run_start(text, comment.start, CharClass::Space).max(start);
    }
    (end > start).then_some(end)
}

/// The brackets of a row that have no partner in it.
#[derive(Default)]
struct Open {
    /// One is open at the end.
    unclosed: bool,
    /// The last of those.
    innermost: Option<Pair>,
    /// The last that closes one of a row above.
    closed_above: Option<(usize, Pair)>,
    /// The row is part of something in brackets.
    in_bracket: bool,
}

fn open_brackets(text: &Text, row: usize, end: usize, syntax: &dyn SyntaxView) -> Open {
    let start = text.line_start(row).max(end.saturating_sub(MAX_ROW));
    let literals = syntax.literals(text, start..end);
    let pairs = syntax.brackets();
    let mut open: Vec<Pair> = Vec::new();
    let mut closed_above = None;
    let mut at = start;
    for character in text.slice(start..end).chars() {
        let here = at;
        at += character.len_utf8();
        let Some(pair) = pairs
            .iter()
            .find(|pair| pair.open == character || pair.close == character)
        else {
            continue;
        };
        if literals.iter().any(|literal| literal.contains(&here)) {
            continue;
        }
        if character == pair.open {
            open.push(*pair);
        } else if open.pop().is_none() {
            closed_above = Some((here, *pair));
        }
    }
    Open {
        unclosed: !open.is_empty(),
        innermost: open.last().copied(),
        in_bracket: !open.is_empty() || closed_above.is_some(),
        closed_above,
    }
}

pub(crate) fn deeper(indent: &str, style: IndentStyle) -> String {
    format!("{indent}{}", style.unit())
}

fn shallower(indent: &str, style: IndentStyle) -> String {
    let columns = columns(indent, style).saturating_sub(style.stop());
    style.indentation(columns)
}

pub(crate) fn columns(indent: &str, style: IndentStyle) -> u32 {
    indent.chars().fold(0, |column, character| match character {
        '\t' => column + style.stop() - column % style.stop(),
        _ => column + 1,
    })
}

/// Brings rows to where they belong in which a closing bracket, or a word that ends a block, was
/// just typed. Undone together with the typing.
pub fn settle_typed(
    text: &Text,
    selections: &Selections,
    typed: &str,
    indenting: &Indenting<'_>,
) -> Transaction {
    let many = for_many_carets(indenting.syntax, text, selections);
    let indenting = &indenting.asking(many.as_ref());
    let mut edits: Vec<Edit> = Vec::new();
    let mut typed = typed.chars();
    if let (Some(typed), None, true) = (
        typed.next(),
        typed.next(),
        indenting.level >= AutoIndent::Brackets,
    ) {
        for selection in selections.iter().filter(|selection| selection.is_empty()) {
            let row = text.row_at(selection.head);
            let indent = indent_range(text, row);
            // Another caret has moved this row already.
            if edits
                .last()
                .is_some_and(|edit| edit.range.end >= indent.start)
            {
                continue;
            }
            let wanted = settled(text, row, selection.head, typed, indenting);
            if let Some(wanted) = wanted
                && text.slice(indent.clone()) != wanted
            {
                edits.push(Edit::new(indent, wanted));
            }
        }
    }
    build(text, selections, edits, EditIntent::Continue, |changes| {
        selections.map(changes)
    })
}

/// The indentation that a row should have now.
fn settled(
    text: &Text,
    row: usize,
    caret: usize,
    typed: char,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let start = indent_range(text, row).end;
    let syntax = indenting.syntax;
    let closed = syntax.brackets().iter().find(|pair| pair.close == typed);
    if let Some(pair) = closed {
        if start + typed.len_utf8() != caret {
            return None;
        }
        let opener = unmatched_before(text, start, *pair, syntax)?;
        let row = text.row_at(opener);
        return Some(match indenting.level {
            AutoIndent::Full => statement_indent(text, row, opener, syntax),
            _ => text.slice(indent_range(text, row)).into_owned(),
        });
    }
    if indenting.level < AutoIndent::Full || !(start..=start + MAX_ROW).contains(&caret) {
        return None;
    }
    let language = syntax.rules_at(text, caret);
    let rules = &language.indent;
    if let Some(indent) = chain_indent(text, row, caret, rules, indenting) {
        return Some(indent);
    }
    if typed == '{'
        && let Some(indent) = brace_indent(text, row, caret, rules, indenting)
    {
        return Some(indent);
    }
    if let Some(indent) = item_beside(text, row, caret, rules, indenting) {
        return Some(indent);
    }
    if typed == '>'
        && let Some(above) = tags::row_of_element(text, row, caret, rules.tags, syntax)
    {
        return Some(text.slice(indent_range(text, above)).into_owned());
    }
    if let Some(IndentPatterns(patterns)) = rules.patterns
        && let Some(indent) = settled_by_patterns(text, row, caret, typed, patterns, indenting)
    {
        return Some(indent);
    }
    settled_by_words(text, row, caret, typed, language, indenting)
}

/// The indentation of a row that closes a block by the patterns of its language since the last
/// character was typed: one level out of what follows the row above.
fn settled_by_patterns(
    text: &Text,
    row: usize,
    caret: usize,
    typed: char,
    patterns: &dyn LinePatterns,
    indenting: &Indenting<'_>,
) -> Option<String> {
    if run_end(text, caret, CharClass::Space) != text.line_end(row) {
        return None;
    }
    let before = line_to(text, row, caret - typed.len_utf8());
    let closes_now = patterns.closes(&line_to(text, row, caret)) && !patterns.closes(&before);
    if !closes_now || indenting.syntax.literal_at(text, caret).is_some() {
        return None;
    }
    let above = (row.saturating_sub(MAX_ROWS_UP)..row)
        .rev()
        .find(|above| !is_blank(text, *above))?;
    let indent = text.slice(indent_range(text, above));
    match patterns.opens(&line_to(text, above, text.line_end(above))) {
        true => Some(indent.into_owned()),
        false => Some(shallower(&indent, indenting.style)),
    }
}
