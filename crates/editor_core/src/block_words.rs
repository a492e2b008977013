//! Rows that open blocks, and rows that go on with them or end them, by their words.
//!
//! Rows alone are looked at, and not the tree: text is written from above, and while a block has no
//! end yet, its tree is one of something else.

use std::borrow::Cow;
use std::ops::Range;

use crate::auto_indent::{Indenting, indent_after, last_code, statement_indent};
use crate::auto_pair::Pair;
use crate::brackets::unmatched_before;
use crate::indentation::{indent_range, is_blank};
use crate::word::{CharClass, run_end};
use crate::{Dedent, IndentRules, LabelPlace, LanguageRules, SyntaxView, Text, column_at_offset};

/// Rows longer than this are looked at by their first part alone.
const MAX_ROW: usize = 4096;

/// How many rows up what a word belongs to is looked for.
pub(crate) const MAX_ROWS_UP: usize = 1000;

/// Letters of the longest word that a language has a rule for, and one.
const MAX_WORD: usize = 16;

/// What a row says about blocks.
struct Row<'a> {
    /// Its code up to where it is looked at, without indentation and comment.
    code: &'a str,
    /// The word that says what it is: the first, or what a value begins with, as in `a = if b`.
    head: &'a str,
    /// The word that its code ends with.
    tail: &'a str,
}

impl<'a> Row<'a> {
    /// Of the code that begins at a byte of the text.
    fn read(
        code: &'a str,
        start: usize,
        text: &Text,
        rules: &IndentRules,
        syntax: &dyn SyntaxView,
    ) -> Self {
        let code = code.trim_end();
        let mut head = leading_word(code);
        let mut rest = code;
        while rules.prefix_words.contains(&head) && !head.is_empty() {
            rest = rest[head.len()..].trim_start();
            head = leading_word(rest);
        }
        if !rules.opens_with_words.contains(&head) {
            head = value_word(code, start, text, rules, syntax).unwrap_or(head);
        }
        Self {
            code,
            head,
            tail: trailing_word(code, rules),
        }
    }

    /// Whether what it opens ends in it by a word, as in `if a then b end`.
    fn is_ended(&self, rules: &IndentRules) -> bool {
        self.tail.len() < self.code.len() && rules.is_end(self.tail)
    }

    /// Whether what it opens ends with it, as in `def a = b`.
    fn is_short(&self, rules: &IndentRules) -> bool {
        let mut marks = rules.short.iter().filter(|short| short.word == self.head);
        marks.any(|short| stands_outside(self.code, short.mark))
    }
}

impl IndentRules {
    /// Whether a word ends a block and opens none.
    fn is_end(&self, word: &str) -> bool {
        !self.opens_with_words.contains(&word)
            && self.dedents.iter().any(|dedent| dedent.word == word)
    }

    fn is_label(&self, word: &str) -> bool {
        self.labels.contains(&word) || self.outside_labels.contains(&word)
    }
}

/// The word at the start of some code; empty where it begins with something else.
fn leading_word(code: &str) -> &str {
    let end = code.find(|one| CharClass::of(one) != CharClass::Word);
    &code[..end.unwrap_or(code.len())]
}

/// The word at the end of some code, before the parameters between bars that a block begins with.
/// Empty where that is a name, such as the `end` in `a.end`.
fn trailing_word<'a>(code: &'a str, rules: &IndentRules) -> &'a str {
    let mut code = code;
    if rules.opens_after.contains(&'|')
        && let Some(inner) = code.strip_suffix('|')
        && let Some(open) = inner.rfind('|')
    {
        code = inner[..open].trim_end();
    }
    let start = code
        .char_indices()
        .rev()
        .take_while(|(_, one)| CharClass::of(*one) == CharClass::Word)
        .last()
        .map_or(code.len(), |(at, _)| at);
    let is_name = code[..start].ends_with(['.', ':', '@', '$', '-']);
    if is_name { "" } else { &code[start..] }
}

/// The word that begins a value and opens a block, as in `a = if b`.
fn value_word<'a>(
    code: &'a str,
    start: usize,
    text: &Text,
    rules: &IndentRules,
    syntax: &dyn SyntaxView,
) -> Option<&'a str> {
    if rules.opens_as_value.is_empty() {
        return None;
    }
    code.match_indices("= ").find_map(|(at, mark)| {
        let value = code[at + mark.len()..].trim_start();
        let word = leading_word(value);
        let compares = code[..at].ends_with(['=', '!', '<', '>']);
        let opens = !compares && rules.opens_as_value.contains(&word);
        (opens && syntax.literal_at(text, start + at).is_none()).then_some(word)
    })
}

/// Whether a mark stands in some code outside of brackets, with something behind it.
fn stands_outside(code: &str, mark: &str) -> bool {
    let mut depth = 0_usize;
    code.char_indices().any(|(at, one)| {
        match one {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let found = depth == 0 && code[at..].starts_with(mark);
        found && !code[at + mark.len()..].trim_start().is_empty()
    })
}

/// The code of a row up to a byte, from its indentation on, and where it begins.
fn code_to(text: &Text, row: usize, end: usize) -> (usize, Cow<'_, str>) {
    let start = indent_range(text, row).end;
    let end = text.floor_char_boundary(end.clamp(start, start + MAX_ROW));
    (start, text.slice(start..end))
}

/// Whether what follows the code of a row up to a byte is one level deeper, by the words of the row.
pub(crate) fn opens_block(
    text: &Text,
    row: usize,
    end: Option<usize>,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> bool {
    let Some(end) = end else { return false };
    let last = text.char_before(end);
    if last.is_some_and(|last| rules.opens_after.contains(&last)) {
        return true;
    }
    let (start, code) = code_to(text, row, end);
    let row_words = Row::read(&code, start, text, rules, indenting.syntax);
    let ends_with = |mark: &&str| code.ends_with(mark);
    if rules.opens_after_words.contains(&row_words.tail)
        || rules.opens_after_marks.iter().any(ends_with)
    {
        return true;
    }
    if rules.opens_with_words.contains(&row_words.head) {
        return !row_words.is_ended(rules) && !row_words.is_short(rules);
    }
    match last {
        Some(':') => {
            let head = row_words.head;
            rules.is_label(head) || rules.opens_with_colon.contains(&head)
        }
        Some(')') => names_case(text, row, end, rules, indenting),
        _ => false,
    }
}

/// Whether a row opens a block by its first word whose head goes on in rows below, as that of
/// `def a(b,`.
pub(crate) fn opens_with_head(
    text: &Text,
    row: usize,
    rules: &IndentRules,
    syntax: &dyn SyntaxView,
) -> bool {
    let Some(end) = last_code(text, row, text.line_end(row), syntax) else {
        return false;
    };
    let (start, code) = code_to(text, row, end);
    let words = Row::read(&code, start, text, rules, syntax);
    rules.opens_with_words.contains(&words.head)
        && !rules.opens_after_words.contains(&words.tail)
        && !words.is_ended(rules)
        && !words.is_short(rules)
}

/// Whether a row ends with the bracket that closes the pattern of a `case` of the shell: it has no
/// partner, and the block that the row is in begins with `case`.
fn names_case(
    text: &Text,
    row: usize,
    end: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> bool {
    if rules.pattern_of.is_empty() {
        return false;
    }
    let (_, code) = code_to(text, row, end);
    let inner = code.strip_suffix(')').unwrap_or(&code);
    let inner = inner.strip_prefix('(').unwrap_or(inner);
    if inner.is_empty() || inner.contains(['(', ')']) {
        return false;
    }
    let at = row_column(text, row, indenting);
    let around = (row.saturating_sub(MAX_ROWS_UP)..row).rev().find(|above| {
        let (_, code) = code_to(text, *above, text.line_end(*above));
        let code = code.trim_end();
        // Patterns may stand where `case` does.
        let is_pattern = code.ends_with(')') && !code.contains('(');
        let is_end = rules.ends_after.iter().any(|end| code.ends_with(end));
        let is_other = code.is_empty() || is_pattern || is_end;
        !is_other && row_column(text, *above, indenting) <= at
    });
    around.is_some_and(|above| rules.pattern_of.contains(&first_word(text, above).as_str()))
}

/// Whether a row ends a block with its last signs, such as `;;` in the shell, and what follows is
/// one level out: not where it begins with a pattern of its own.
pub(crate) fn ends_block(text: &Text, row: usize, end: usize, rules: &IndentRules) -> bool {
    let (_, code) = code_to(text, row, end);
    let closes_more = || {
        let mut depth = 0_i32;
        code.chars().any(|one| {
            depth += match one {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            depth < 0
        })
    };
    rules.ends_after.iter().any(|mark| code.ends_with(mark)) && !closes_more()
}

/// The word that a row begins with; empty where it begins with something else.
pub(crate) fn first_word(text: &Text, row: usize) -> String {
    text.chars_from(indent_range(text, row).end)
        .take(MAX_WORD)
        .take_while(|character| CharClass::of(*character) == CharClass::Word)
        .collect()
}

/// The indentation that a row should have now whose first words tell where it belongs, after a
/// character was typed before the caret.
pub(crate) fn settled_by_words(
    text: &Text,
    row: usize,
    caret: usize,
    typed: char,
    rules: &LanguageRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let start = indent_range(text, row).end;
    let at_end = run_end(text, caret, CharClass::Space) == text.line_end(row);
    let word = first_word(text, row);
    let in_literal = || indenting.syntax.literal_at(text, caret).is_some();
    if typed == ':' && at_end && rules.indent.is_label(&word) {
        return (!in_literal())
            .then(|| label_indent(text, row, &word, &rules.indent, indenting))?;
    }
    let dedents = rules.indent.dedents;
    let Some(dedent) = dedents.iter().find(|dedent| dedent.word == word) else {
        return grown_out(text, row, caret, typed, &word, rules, indenting);
    };
    let complete = match dedent.ends_with {
        Some(' ') => typed == ' ' && start + word.len() + 1 == caret && at_end,
        Some(end) => typed == end && at_end,
        None => start + word.len() == caret,
    };
    if !complete || in_literal() {
        return None;
    }
    let ceiling = row_column(text, row, indenting);
    let above = owner(text, row, ceiling, dedent, &rules.indent, indenting)?;
    Some(text.slice(indent_range(text, above)).into_owned())
}

/// The indentation of a row whose first word has just become longer than one that moved it, as
/// `end` does in `endpoint`.
fn grown_out(
    text: &Text,
    row: usize,
    caret: usize,
    typed: char,
    word: &str,
    rules: &LanguageRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    let indent = indent_range(text, row);
    let shorter = word.strip_suffix(typed)?;
    let dedent = (rules.indent.dedents.iter())
        .find(|dedent| dedent.word == shorter && dedent.ends_with.is_none())?;
    if indent.end + word.len() != caret {
        return None;
    }
    let above = (row.saturating_sub(MAX_ROWS_UP)..row)
        .rev()
        .find(|above| !is_blank(text, *above))?;
    let end = text.line_end(above);
    let free = indent_after(text, above, end, rules, indenting).indent;
    let columns = crate::auto_indent::columns(&free, indenting.style);
    let owner = owner(text, row, columns, dedent, &rules.indent, indenting)?;
    let moved = text.slice(indent_range(text, owner)) == text.slice(indent);
    moved.then_some(free)
}

/// Where a label stands: where those before it between the same braces do, else where the language
/// has it.
pub(crate) fn label_indent(
    text: &Text,
    row: usize,
    word: &str,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<String> {
    /// Labels of other braces, within these, that are passed over.
    const MAX_ASKED: usize = 8;
    let outside = rules.outside_labels.contains(&word);
    let alike = match outside {
        true => rules.outside_labels,
        false => rules.labels,
    };
    let syntax = indenting.syntax;
    let braces = Pair::new('{', '}');
    let start = indent_range(text, row).start;
    let opener = unmatched_before(text, start, braces, syntax)?;
    let first = text.row_at(opener);
    let known = (first + 1..row)
        .rev()
        .take(MAX_ROWS_UP)
        .filter(|above| alike.contains(&first_word(text, *above).as_str()))
        .filter(|above| text.line(*above).contains(':'))
        .take(MAX_ASKED)
        .find(|above| {
            unmatched_before(text, text.line_start(*above), braces, syntax) == Some(opener)
        });
    if let Some(known) = known {
        return Some(text.slice(indent_range(text, known)).into_owned());
    }
    let base = statement_indent(text, first, opener, syntax);
    let inside = !outside && rules.label_place == LabelPlace::Inside;
    Some(match inside {
        true => format!("{base}{}", indenting.style.unit()),
        false => base,
    })
}

fn row_column(text: &Text, row: usize, indenting: &Indenting<'_>) -> u32 {
    column_at_offset(text, indent_range(text, row).end, indenting.style.tab_size)
}

/// The row that begins the block which a row ends with its first word, such as `end`.
pub(crate) fn row_of_block(
    text: &Text,
    row: usize,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<usize> {
    let word = first_word(text, row);
    let mut dedents = rules.dedents.iter();
    let dedent = dedents.find(|dedent| dedent.word == word && rules.is_end(&word))?;
    let column = row_column(text, row, indenting);
    owner(text, row, column, dedent, rules, indenting)
}

/// The row above that a word goes on with or ends: the nearest one of the right words, at a column
/// or before it, that is not closed by a row between.
fn owner(
    text: &Text,
    row: usize,
    column: u32,
    dedent: &Dedent,
    rules: &IndentRules,
    indenting: &Indenting<'_>,
) -> Option<usize> {
    // The deepest column at which it may stand.
    let mut ceiling = i64::from(column);
    for above in (row.saturating_sub(MAX_ROWS_UP)..row).rev() {
        if is_blank(text, above) {
            continue;
        }
        let at = i64::from(row_column(text, above, indenting));
        if at > ceiling {
            continue;
        }
        let end = last_code(text, above, text.line_end(above), indenting.syntax);
        let range: Range<usize> = indent_range(text, above);
        let (start, code) = code_to(text, above, end.unwrap_or(range.end));
        let words = Row::read(&code, start, text, rules, indenting.syntax);
        // What begins and ends in its row has no end elsewhere.
        let over = words.is_ended(rules) || (rules.is_end(dedent.word) && words.is_short(rules));
        let is = |of: &[&str]| of.contains(&words.head) || of.contains(&words.tail);
        if !over && is(dedent.belongs_to) {
            return Some(above);
        }
        // What begins in a bracket does not belong to anything around it.
        let opens_bracket = words.code.ends_with(['{', '(', '[']);
        if is(dedent.stays_in) || opens_bracket {
            return None;
        }
        // The end of something in brackets stands where that begins, which comes next.
        if words.code.starts_with(['}', ')', ']']) {
            continue;
        }
        ceiling = at - 1;
    }
    None
}
