//! Rows that are pasted are moved to where they belong.

use std::borrow::Cow;
use std::ops::Range;

use crate::auto_indent::{AutoIndent, Indenting, columns, indent_after, statement_indent};
use crate::block_words::{MAX_ROWS_UP, first_word, label_indent};
use crate::brackets::unmatched_before;
use crate::indentation::{indent_range, is_blank};
use crate::syntax_view::Literal;
use crate::word::CharClass;
use crate::written_strings::strings_in;
use crate::{Edit, IndentRules, IndentStyle, LanguageRules, Text};

/// A caret behind more bytes of its row is not looked at.
const MAX_ROW: usize = 4096;

/// The end of a here-document is looked for in so many rows.
const MAX_HERE_ROWS: usize = 200;

/// How much of a piece tells how it is indented, in bytes.
const MAX_DETECTED: usize = 64 * 1024;

/// Where a piece is pasted.
pub(super) struct Place<'a> {
    pub(super) text: &'a Text,
    /// What it takes the place of.
    pub(super) range: &'a Range<usize>,
    /// Whether it is whole rows that go above the row of the caret.
    pub(super) above: bool,
    /// Whether it was copied as whole rows.
    pub(super) whole: bool,
    /// Whether there is no other caret.
    pub(super) alone: bool,
    pub(super) indenting: &'a Indenting<'a>,
}

/// A row of a piece.
struct Row<'a> {
    /// Spaces and tabs.
    indent: &'a str,
    /// What follows them.
    code: &'a str,
    /// It begins inside of a string.
    is_string: bool,
}

impl Row<'_> {
    fn is_blank(&self) -> bool {
        self.code.trim().is_empty()
    }

    /// Whether it has code that may be moved.
    fn moves(&self) -> bool {
        !self.is_string && !self.is_blank()
    }

    fn closes(&self) -> Option<char> {
        let first = self.code.chars().next()?;
        matches!(first, ')' | ']' | '}').then_some(first)
    }
}

impl Place<'_> {
    /// The edit that puts a piece here; nothing where it stays as it was copied. `source` is the
    /// indentation of the row that its first row was in.
    pub(super) fn take(&self, piece: &str, source: Option<&str>) -> Option<Edit> {
        let Self { text, range, .. } = *self;
        let (style, syntax) = (self.indenting.style, self.indenting.syntax);
        let at = range.start;
        let row = text.row_at(at);
        let start = text.line_start(row);
        if self.indenting.level == AutoIndent::None || at - start > MAX_ROW {
            return None;
        }
        let before = text.slice(start..at);
        let begins_row = before.chars().all(|one| matches!(one, ' ' | '\t'));
        let is_one_row = !piece.contains('\n');
        // A word goes where the caret is.
        let fills_row = || {
            let left = range.end..text.line_end(text.row_at(range.end));
            let rest_is_blank = left.len() <= MAX_ROW && text.slice(left).trim().is_empty();
            begins_row && self.alone && piece.starts_with([' ', '\t']) && rest_is_blank
        };
        let is_part = is_one_row && !fills_row();
        let rules = syntax.rules_at(text, at);
        if is_part || rules.indent.keeps_pasted || syntax.literal_at(text, at).is_some() {
            return None;
        }
        let rows = rows_of(piece, rules);
        let first = rows.iter().position(|row| !row.is_blank())?;
        let measure = measure_of(piece, style);
        let base = match source {
            Some(source) if first == 0 && !self.above => measure(source),
            _ => base_of(&rows, first, self.whole, &measure),
        };
        let target = match (begins_row, first) {
            (true, _) => self.target(&rows[first], piece, rules),
            (false, 0) => columns(&text.slice(indent_range(text, row)), style),
            (false, _) => self.after_row(&rows[first], row, rules),
        };
        let moved = |row: &Row<'_>| {
            let by = i64::from(target) - i64::from(base);
            let to = i64::from(measure(row.indent)) + by;
            style.indentation(u32::try_from(to.max(0)).unwrap_or(0))
        };
        let mut made = String::with_capacity(piece.len() + piece.len() / 4);
        let mut from = at;
        for (index, row) in rows.iter().enumerate() {
            if index > 0 {
                made.push('\n');
            }
            match index {
                0 if first == 0 && begins_row => {
                    let wanted = style.indentation(target);
                    match wanted.strip_prefix(&*before) {
                        Some(rest) => made.push_str(rest),
                        None => {
                            from = start;
                            made.push_str(&wanted);
                        }
                    }
                }
                0 => made.push_str(row.indent),
                _ if row.moves() => made.push_str(&moved(row)),
                _ => made.push_str(row.indent),
            }
            made.push_str(row.code);
        }
        if begins_row && !self.above && piece.ends_with('\n') {
            made.push_str(&self.indent_of_rest());
        }
        let unchanged = from == at && made == piece;
        (!unchanged).then(|| Edit::new(from..range.end, made))
    }

    /// The columns of a row that begins a row of the text.
    fn target(&self, row: &Row<'_>, piece: &str, rules: &LanguageRules) -> u32 {
        let Self { text, range, .. } = *self;
        let style = self.indenting.style;
        let here = text.row_at(range.start);
        let start = text.line_start(here);
        if let Some(indent) = self.by_its_beginning(row, start, rules) {
            return columns(&indent, style);
        }
        if !self.above && range.start > start {
            return columns(&text.slice(start..range.start), style);
        }
        // What it takes the place of, or comes before.
        let stands_before = self.above || !range.is_empty() || piece.ends_with('\n');
        let neighbour = (here..=text.row_at(range.end.max(start)))
            .take(MAX_ROWS_UP)
            .find(|row| !is_blank(text, *row))
            .filter(|row| stands_before && !ends_something(text, *row, &rules.indent));
        if let Some(neighbour) = neighbour {
            return columns(&text.slice(indent_range(text, neighbour)), style);
        }
        // Where the indentation means something, the caret says what is meant.
        if rules.indent.significant && !self.above {
            return 0;
        }
        columns(&self.following(here, rules), style)
    }

    /// Where a row stands that follows what is before an offset, because of what it begins with: a
    /// bracket that closes, or a label.
    fn by_its_beginning(&self, row: &Row<'_>, at: usize, rules: &LanguageRules) -> Option<String> {
        let Self { text, .. } = *self;
        let syntax = self.indenting.syntax;
        if let Some(closer) = row.closes() {
            let mut pairs = syntax.brackets().iter();
            let pair = pairs.find(|pair| pair.close == closer)?;
            let opener = unmatched_before(text, at, *pair, syntax)?;
            return Some(statement_indent(text, text.row_at(opener), opener, syntax));
        }
        let word = leading_word(row.code);
        let is_label = rules.indent.labels.contains(&word);
        let names = is_label && row.code.contains(':');
        let here = text.row_at(at);
        names.then(|| label_indent(text, here, word, &rules.indent, self.indenting))?
    }

    /// The columns of a row in a line of its own below what stands before the caret.
    fn after_row(&self, row: &Row<'_>, here: usize, rules: &LanguageRules) -> u32 {
        let Self { text, range, .. } = *self;
        let indent = match row.closes() {
            Some(_) => self.by_its_beginning(row, range.start, rules),
            None => None,
        };
        let follows = || indent_after(text, here, range.start, rules, self.indenting).indent;
        columns(&indent.unwrap_or_else(follows), self.indenting.style)
    }

    /// The indentation of what follows the last row above with something in it.
    fn following(&self, here: usize, rules: &LanguageRules) -> String {
        let Self { text, .. } = *self;
        let syntax = self.indenting.syntax;
        let mut rows = (here.saturating_sub(MAX_ROWS_UP)..here).rev();
        let Some(above) = rows.find(|row| !is_blank(text, *row)) else {
            return String::new();
        };
        let (begin, end) = (text.line_start(above), text.line_end(above));
        if syntax.literal_at(text, begin) == Some(Literal::String) {
            return String::new();
        }
        // Behind a comment over several rows, where that begins.
        let line = |row| line_of(text, row);
        if let Some(marks) = rules.block_comment
            && line(above).trim_end().ends_with(marks.close)
            && !line(above).contains(marks.open)
            && let Some(first) = rows.find(|row| line(*row).contains(marks.open))
        {
            return text.slice(indent_range(text, first)).into_owned();
        }
        indent_after(text, above, end, rules, self.indenting).indent
    }

    /// What stands before the rest of the row behind the piece, where that is indentation: it goes on
    /// in a row of its own.
    fn indent_of_rest(&self) -> String {
        let Self { text, range, .. } = *self;
        let row = text.row_at(range.end);
        let indent = indent_range(text, row);
        let rest_is_blank = indent.end == text.line_end(row);
        match range.end <= indent.end && !rest_is_blank {
            true => text.slice(indent.start..range.end).into_owned(),
            false => String::new(),
        }
    }
}

/// A row, or its first part where it is long.
fn line_of(text: &Text, row: usize) -> Cow<'_, str> {
    let start = text.line_start(row);
    text.slice(start..text.floor_char_boundary(text.line_end(row).min(start + MAX_ROW)))
}

/// Whether a row ends what rows above it began, so that what comes before it stands elsewhere.
fn ends_something(text: &Text, row: usize, rules: &IndentRules) -> bool {
    let start = indent_range(text, row).end;
    let mut signs = text.chars_from(start);
    let is_closer = match signs.next() {
        Some(')' | ']' | '}') => true,
        Some('<') => signs.next() == Some('/'),
        _ => false,
    };
    let word = first_word(text, row);
    let is_dedent = rules.dedents.iter().any(|dedent| dedent.word == word);
    is_closer || is_dedent || rules.labels.contains(&word.as_str())
}

fn leading_word(code: &str) -> &str {
    let end = code.find(|one| CharClass::of(one) != CharClass::Word);
    &code[..end.unwrap_or(code.len())]
}

/// The rows of a piece.
fn rows_of<'a>(piece: &'a str, rules: &LanguageRules) -> Vec<Row<'a>> {
    let strings = strings_in(piece, rules);
    let mut strings = strings
        .iter()
        .filter(|string| string.is_closed && !documents(piece, &string.range, rules))
        .peekable();
    let mut at = 0;
    let mut rows: Vec<Row<'_>> = Vec::new();
    for line in piece.split('\n') {
        while strings.peek().is_some_and(|one| one.range.end <= at) {
            strings.next();
        }
        let is_string = strings.peek().is_some_and(|one| one.range.start < at);
        let code = line.trim_start_matches([' ', '\t']);
        rows.push(Row {
            indent: &line[..line.len() - code.len()],
            code,
            is_string,
        });
        at += line.len() + 1;
    }
    keep_here_documents(&mut rows);
    rows
}

/// Takes the rows of here-documents, up to the word that ends each, for parts of strings.
fn keep_here_documents(rows: &mut [Row<'_>]) {
    let mut kept = 0;
    for at in 0..rows.len() {
        let word = rows[at].code.split("<<").nth(1).map(here_word);
        let Some(word) = word.filter(|word| at >= kept && !word.is_empty()) else {
            continue;
        };
        let mut below = rows[at + 1..].iter().take(MAX_HERE_ROWS);
        if let Some(len) = below.position(|row| row.code.trim_end_matches([';', ' ']) == word) {
            kept = at + 2 + len;
            rows[at + 1..kept]
                .iter_mut()
                .for_each(|row| row.is_string = true);
        }
    }
}

/// The word that ends the here-document whose mark stands before some code.
fn here_word(after: &str) -> &str {
    let name = after.trim_start_matches(['<', '-', '~', ' ', '"', '\'']);
    let end = name.find(|one: char| !one.is_ascii_alphanumeric() && one != '_');
    &name[..end.unwrap_or(name.len())]
}

/// Whether a string stands where a comment might, as what documents in Python does, and moves along.
fn documents(piece: &str, string: &Range<usize>, rules: &LanguageRules) -> bool {
    let begins_row = piece[..string.start]
        .trim_end_matches([' ', '\t'])
        .chars()
        .next_back()
        .is_none_or(|one| one == '\n');
    let marks = rules.block_comment.map(|marks| marks.open);
    begins_row && marks.is_some_and(|open| piece[string.start..].starts_with(open))
}

/// How many columns of the text some indentation of a piece is: a level of it where the piece has
/// spaces for the tabs of the text.
fn measure_of(piece: &str, style: IndentStyle) -> impl Fn(&str) -> u32 {
    let mut end = piece.len().min(MAX_DETECTED);
    while !piece.is_char_boundary(end) {
        end -= 1;
    }
    let unit = match style.insert_spaces {
        true => None,
        false => IndentStyle::detect(&Text::new(&piece[..end]), style.tab_size)
            .filter(|detected| detected.insert_spaces)
            .map(|detected| detected.stop()),
    };
    move |indent| {
        let columns = columns(indent, style);
        match unit {
            Some(unit) => columns / unit * style.stop() + columns % unit,
            None => columns,
        }
    }
}

/// The columns of the row that the first row of a piece was in, as far as the piece tells: it may
/// have been copied from behind its indentation on.
fn base_of(rows: &[Row<'_>], first: usize, is_whole: bool, measure: &impl Fn(&str) -> u32) -> u32 {
    let own = measure(rows[first].indent);
    let rest = || rows[first + 1..].iter().filter(|row| row.moves());
    let Some(least) = rest().map(|row| measure(row.indent)).min() else {
        return own;
    };
    if own > 0 || first > 0 || is_whole {
        return own;
    }
    let closes = rest().any(|row| row.closes().is_some() && measure(row.indent) == least);
    let is_over = rows[0].code.trim_end().ends_with([';', ',', '}']) && !opens(rows[0].code);
    let goes_back = rest().next().is_some_and(|row| measure(row.indent) > least);
    match closes || is_over || goes_back {
        true => least,
        false => own,
    }
}

/// Whether some code has more brackets that open than such as close.
fn opens(code: &str) -> bool {
    let depth = code.chars().fold(0_i32, |depth, one| match one {
        '(' | '[' | '{' => depth + 1,
        ')' | ']' | '}' => depth - 1,
        _ => depth,
    });
    depth > 0
}
